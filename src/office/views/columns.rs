//! Columns: what lists know of people that rows do not carry, one column of everybody at a
//! time. They are packed with the rows, so that a first question need not read everybody's
//! record; the few asked for last are kept, by difference, until nobody has asked for them for
//! a while. A search looks at each value of a column once, however many people have it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::codec;
use crate::domain::kinds::employee::Employee;
use crate::domain::number::Sex;
use crate::domain::record::{Kind, Record, RecordId};
use crate::domain::value::Value;
use crate::office::views::kept::{Source, View};
use crate::office::views::{number_set, roster};
use crate::store::{Store, StoreError};

/// Columns kept at most: of 20,000 people one is 0.2 to 1.6 MB.
const KEPT_MAX: usize = 3;
/// How long after they were last asked for.
const KEPT_FOR: TimeDelta = TimeDelta::minutes(10);
/// Values nobody has any more, beyond one a person, before a column is read anew.
const LEFT_OVER_MAX: usize = 1000;

type Read = fn(&Employee) -> Value;

/// Columns that only the full record has, and what stands in them.
const READ: &[(&str, Read)] = &[
    ("birth_date", |person| Value::date(person.birth_date)),
    ("sex", |person| Value::code(person.sex.map(Sex::code))),
    ("education", |person| Value::text(&person.education)),
    ("education_field", |person| Value::text(&person.education_field)),
    ("graduation_year", |person| Value::whole(person.graduation_year)),
    ("pns_id", |person| Value::text(&person.pns_id)),
    ("legal_status", |person| Value::text(&person.legal_status)),
    ("position_since", |person| Value::date(person.position_since)),
    ("grade_since", |person| Value::date(person.grade_since)),
    ("service_years", |person| Value::whole(person.service_years)),
    ("service_months", |person| Value::whole(person.service_months)),
    ("cpns_since", |person| Value::date(person.cpns_since)),
    ("email", |person| Value::text(&person.email)),
];

fn read(column: &str) -> Option<Read> {
    READ.iter().find(|(name, _)| *name == column).map(|(_, read)| *read)
}

/// Whether a column of people is one that only the full record has.
pub(in crate::office) fn is_read(column: &str) -> bool {
    read(column).is_some()
}

/// What stands in a column of a person's record.
pub(in crate::office) fn cell(person: &Employee, column: &str) -> Value {
    read(column).map_or(Value::Empty, |read| read(person))
}

/// One column of everybody.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::office) struct Column {
    values: Vec<Value>,
    /// Numbers of people in their order, each with the place of their value.
    people: Vec<(u32, u32)>,
}

/// A column while people are taken in, in their order.
#[derive(Default)]
struct Filling {
    column: Column,
    places: HashMap<Value, u32>,
}

impl Filling {
    fn person(&mut self, number: u32, value: Value) {
        let place = self.place(value);
        self.column.people.push((number, place));
    }

    fn place(&mut self, value: Value) -> u32 {
        if let Some(place) = self.places.get(&value) {
            return *place;
        }
        let place = self.column.keep(value.clone());
        self.places.insert(value, place);
        place
    }

    /// The people of a chunk as it was packed.
    fn join(&mut self, part: Column) {
        let places: Vec<u32> = part.values.into_iter().map(|value| self.place(value)).collect();
        let people = part.people.into_iter();
        let theirs = people.filter_map(|(number, at)| Some((number, *places.get(at as usize)?)));
        self.column.people.extend(theirs);
    }

    fn done(mut self) -> Column {
        self.column.values.shrink_to_fit();
        self.column.people.shrink_to_fit();
        self.column
    }
}

/// The number a column is packed under: the place of its field.
fn field(name: &str) -> Option<u8> {
    let at = Kind::Employees.fields().iter().position(|field| field.name == name)?;
    u8::try_from(at).ok()
}

/// Packs the columns of a chunk of people for the next first question about one of them.
pub(in crate::office) fn pack(store: &mut Store, chunk: u32) -> Result<(), StoreError> {
    let mut parts: Vec<_> = READ.iter().map(|_| Filling::default()).collect();
    store.scan_between(Kind::Employees, roster::people_of(chunk), &mut |number, stored| {
        if let Record::Employee(person) = &stored.record {
            for (part, (_, read)) in parts.iter_mut().zip(READ) {
                part.person(number, read(person));
            }
        }
        Ok(())
    })?;
    for (part, (name, _)) in parts.into_iter().zip(READ) {
        let Some(field) = field(name) else { continue };
        let column = part.done();
        let bytes = if column.people.is_empty() { Vec::new() } else { codec::encode(&column)? };
        store.put_column(field, chunk, bytes)?;
    }
    Ok(())
}

impl Column {
    /// What is packed is read from there; of those who have changed since, their records.
    fn of(source: &Source, name: &str, read: Read) -> Result<Self, StoreError> {
        let mut packed = HashMap::new();
        if let Some(field) = field(name) {
            source.store.column(field, &mut |chunk, bytes| {
                let part = codec::decode::<Self>(bytes).ok();
                packed.extend(part.map(|part| (chunk, part)));
            })?;
        }
        let mut filling = Filling::default();
        for chunk in 0..=roster::chunk_of(source.store.next_number(Kind::Employees)) {
            let part = packed.remove(&chunk).filter(|_| source.roster.has_columns_of(chunk));
            if let Some(part) = part {
                filling.join(part);
                continue;
            }
            let people = roster::people_of(chunk);
            source.store.scan_between(Kind::Employees, people, &mut |number, stored| {
                if let Record::Employee(person) = &stored.record {
                    filling.person(number, read(person));
                }
                Ok(())
            })?;
        }
        Ok(filling.done())
    }

    /// What stands in it, most of it once.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The place of a person's value.
    pub fn place(&self, person: u32) -> Option<usize> {
        let at = self.place_of_number(person).ok()?;
        Some(self.people[at].1 as usize)
    }

    fn place_of_number(&self, person: u32) -> Result<usize, usize> {
        number_set::find(&self.people, person, |(number, _)| *number)
    }

    pub fn value(&self, person: u32) -> Option<&Value> {
        self.values.get(self.place(person)?)
    }

    fn keep(&mut self, value: Value) -> u32 {
        self.values.push(value);
        self.values.len() as u32 - 1
    }

    fn set(&mut self, person: u32, value: Option<Value>) {
        match (self.place_of_number(person), value) {
            (Ok(at), Some(value)) => {
                let place = self.people[at].1 as usize;
                if self.values.get(place) != Some(&value) {
                    self.people[at].1 = self.keep(value);
                }
            }
            (Err(at), Some(value)) => {
                let place = self.keep(value);
                self.people.insert(at, (person, place));
            }
            (Ok(at), None) => drop(self.people.remove(at)),
            (Err(_), None) => {}
        }
    }

    fn is_worn(&self) -> bool {
        self.values.len() > self.people.len() + LEFT_OVER_MAX
    }

    fn cells(&self) -> impl Iterator<Item = (u32, Option<&Value>)> {
        self.people.iter().map(|(number, place)| (*number, self.values.get(*place as usize)))
    }
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.cells().eq(other.cells())
    }
}

#[derive(Debug, PartialEq)]
struct Kept {
    name: String,
    asked: DateTime<Utc>,
    column: Arc<Column>,
}

/// The columns asked for last, the latest last.
#[derive(Debug, Default, PartialEq)]
pub(in crate::office) struct Columns(RefCell<Vec<Kept>>);

impl Columns {
    /// A column that rows do not carry; `None` where there is no such column.
    pub fn get(
        &self,
        source: &Source,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Column>>, StoreError> {
        let mut kept = self.0.borrow_mut();
        if let Some(one) = kept.iter_mut().find(|one| one.name == name) {
            one.asked = now;
            return Ok(Some(Arc::clone(&one.column)));
        }
        let Some(read) = read(name) else { return Ok(None) };
        if kept.len() == KEPT_MAX {
            let longest_ago = kept.iter().zip(0..).min_by_key(|(one, _)| one.asked);
            let at = longest_ago.map_or(0, |(_, at)| at);
            kept.remove(at);
        }
        let column = Arc::new(Column::of(source, name, read)?);
        let name = name.to_string();
        kept.push(Kept { name, asked: now, column: Arc::clone(&column) });
        Ok(Some(column))
    }

    /// Lets go of what nobody has asked for lately; how long until there is more of that.
    pub fn forget_unused(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        let mut kept = self.0.borrow_mut();
        // A clock that was set back keeps nothing for longer.
        kept.retain(|one| (TimeDelta::zero()..KEPT_FOR).contains(&(now - one.asked)));
        kept.iter().map(|one| KEPT_FOR - (now - one.asked)).min()
    }
}

impl View for Columns {
    fn rebuild(_: &Source) -> Result<Self, StoreError> {
        Ok(Self::default())
    }

    #[cfg(test)]
    fn anew(&self, source: &Source) -> Result<Self, StoreError> {
        let mut all = Vec::new();
        for Kept { name, asked, .. } in &*self.0.borrow() {
            let mut filling = Filling::default();
            source.store.scan(Kind::Employees, &mut |number, stored| {
                if let Record::Employee(person) = &stored.record {
                    filling.person(number, cell(person, name));
                }
                Ok(true)
            })?;
            let column = Arc::new(filling.done());
            all.push(Kept { name: name.clone(), asked: *asked, column });
        }
        Ok(Self(RefCell::new(all)))
    }

    fn record(&mut self, id: RecordId, _before: Option<&Record>, after: Option<&Record>) {
        if id.kind != Kind::Employees {
            return;
        }
        let person = match after {
            Some(Record::Employee(person)) => Some(person),
            _ => None,
        };
        let kept = self.0.get_mut();
        for Kept { name, column, .. } in &mut *kept {
            Arc::make_mut(column).set(id.number, person.map(|person| cell(person, name)));
        }
        kept.retain(|one| !one.column.is_worn());
    }
}
