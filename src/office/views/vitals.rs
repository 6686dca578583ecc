//! Vitals: birth date, sex and education of each person, which rows do not carry and head
//! counts ask of everybody: once read, a question decodes nobody's record.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::domain::kinds::employee::Employee;
use crate::domain::number::Sex;
use crate::domain::record::{Kind, Record, RecordId};
use crate::domain::value::Value;
use crate::office::views::kept::{Source, View};
use crate::store::StoreError;

#[derive(Debug, PartialEq)]
struct Vital {
    born: Option<NaiveDate>,
    sex: Option<Sex>,
    education: Box<str>,
}

#[derive(Debug, Default, PartialEq)]
pub(in crate::office) struct Vitals(HashMap<u32, Vital>);

impl Vitals {
    /// The cell a list of people would show in one of these columns.
    pub fn cell(&self, person: u32, column: &str) -> Value {
        let Some(vital) = self.0.get(&person) else { return Value::Empty };
        match column {
            "birth_date" => Value::date(vital.born),
            "sex" => vital.sex.map_or(Value::Empty, |sex| Value::choice(sex.code())),
            "education" => Value::text(&*vital.education),
            _ => Value::Empty,
        }
    }

    fn take(&mut self, person: u32, employee: &Employee) {
        let education = employee.education.as_str().into();
        let vital = Vital { born: employee.birth_date, sex: employee.sex, education };
        self.0.insert(person, vital);
    }
}

impl View for Vitals {
    fn rebuild(source: &Source) -> Result<Self, StoreError> {
        let mut vitals = Self::default();
        source.store.scan(Kind::Employees, &mut |person, stored| {
            if let Record::Employee(employee) = &stored.record {
                vitals.take(person, employee);
            }
            Ok(true)
        })?;
        Ok(vitals)
    }

    fn record(&mut self, id: RecordId, _before: Option<&Record>, after: Option<&Record>) {
        if id.kind != Kind::Employees {
            return;
        }
        self.0.remove(&id.number);
        if let Some(Record::Employee(employee)) = after {
            self.take(id.number, employee);
        }
    }
}
