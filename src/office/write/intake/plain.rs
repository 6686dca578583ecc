//! Plain rows: any kind by its own fields. References are found by what people call them,
//! the natural key says whether the record is new, and what the file has no column for
//! stays as it is.

use std::sync::Arc;

use serde_json::Value as Json;

use super::{Matching, Standing, Subject, Taken, first_fault};
use crate::domain::change::Change;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape, Time};
use crate::domain::intake::PlainRow;
use crate::domain::kinds::position::Position;
use crate::domain::points::Points;
use crate::domain::record::{Fields, Kind, NaturalKey, Record, RecordId};
use crate::domain::several::{named, too_many};
use crate::domain::value::Value;
use crate::office::rights::permit::Wanted;
use crate::office::write::plan::{Planner, Stop};
use crate::store::StoreError;

/// As much of a name that means nothing here as a message needs.
const NAMED_MAX: usize = 40;

impl Matching {
    pub(super) fn plain(
        &mut self,
        planner: &mut Planner,
        row: &PlainRow,
    ) -> Result<Taken, StoreError> {
        let mut stated = Fields::new();
        let mut made = Vec::new();
        for field in Arc::clone(&self.fields).iter() {
            let Some(value) = row.value(field.name) else { continue };
            if let Some(number) = self.makes(planner, field, value, &mut made)? {
                stated.insert(field.name.to_string(), number.into());
                continue;
            }
            match self.stated(planner, field, value)? {
                Ok(value) => stated.insert(field.name.to_string(), value),
                Err(fault) => return Ok(Taken::fault(fault)),
            };
        }
        let Ok(mut record) = Record::from_fields(self.def.kind, &stated) else {
            return Ok(Taken::refused(self.def.kind.name(), Reason::NotAChoice));
        };
        record.stamp(planner.state.now_here());
        let key = record.keys().into_iter().next();
        let said = self.seen.print(&stated);
        let mark = key.as_ref().map(|key| self.seen.mark(&key.text));
        if let (Some(key), Some(before)) = (&key, mark.and_then(|mark| self.seen.said(mark))) {
            return Ok(match self.def.twice {
                Some(reason) => Taken::refused(key.field, reason),
                None if before == said => Taken::unchanged(Vec::new()),
                None => Taken::refused(key.field, Reason::SaysOtherwise),
            });
        }
        let before = match &key {
            Some(key) => self.standing(planner, &record, key)?,
            None => None,
        };
        let after = match &before {
            Some((_, _, known)) => self.merged_plain(known, &stated).unwrap_or(record),
            None => record,
        };
        let mut after = after;
        after.stamp(planner.state.now_here());
        let stood = before.as_ref().map(|(_, _, known)| known);
        planner.close(&mut after, stood)?;
        if Planner::is_closed(&after, stood) {
            return Ok(Taken::refused("closed", Reason::PlanClosed));
        }
        let fault = first_fault(&after)
            .or_else(|| planner.before_birth(&after, stood))
            .or_else(|| planner.archived_by_then(&after, stood))
            .or_else(|| planner.over_by_now(&after, stood))
            .or_else(|| planner.told_already(&after, stood));
        if let Some(fault) = fault {
            return Ok(Taken::fault(fault));
        }
        let label = planner.state.label(planner.rights, &after);
        let taken = Taken::put(planner, before, after, label, made);
        if !self.permitted(planner, &taken)? {
            let field = key.map_or("", |key| key.field);
            return Ok(Taken::refused(field, Reason::OutOfReach));
        }
        if let Some(mark) = mark {
            self.seen.add(mark, said);
        }
        Ok(taken)
    }

    /// A post that a row names and that is not there yet, where the import may make one.
    fn makes(
        &mut self,
        planner: &mut Planner,
        field: &Field,
        value: &Value,
        made: &mut Vec<Change>,
    ) -> Result<Option<u32>, StoreError> {
        let (Shape::Reference(Kind::Positions), Value::Text(title)) = (field.shape, value) else {
            return Ok(None);
        };
        let known = self.references.find(planner, Kind::Positions, title)?;
        if known.is_some() || !self.def.may_make.contains(&Kind::Positions) {
            return Ok(known);
        }
        let post = Position { title: title.clone(), ..Position::default() };
        let numbers = &mut *planner.numbers;
        let found = self.named.position(planner.state, numbers, post, None, made);
        Ok(found.map(|position| position.0))
    }

    /// A value as the record keeps it, or what is wrong with it.
    fn stated(
        &mut self,
        planner: &Planner,
        field: &Field,
        value: &Value,
    ) -> Result<Result<Json, Fault>, StoreError> {
        let refused = |reason| Ok(Err(Fault::new(field.name, reason)));
        let is_person = self.person.is_some_and(|person| person.name == field.name);
        Ok(Ok(match (field.shape, value) {
            (Shape::Reference(_), Value::Text(number)) if is_person => {
                // Under the heading that names people in every file.
                match self.subject_called(planner, number)? {
                    Ok(person) => person.0.into(),
                    Err(reason) => return Ok(Err(Fault::new("nip", reason))),
                }
            }
            (Shape::Reference(kind), Value::Text(name)) => {
                let Some(number) = self.references.find(planner, kind, name)? else {
                    let name: String = name.chars().take(NAMED_MAX).collect();
                    return Ok(Err(Fault::with(field.name, field.unknown(), name)));
                };
                number.into()
            }
            (Shape::References(kind), Value::Text(names)) => {
                let mut all = Vec::new();
                for name in named(names) {
                    match self.references.find(planner, kind, name)? {
                        Some(number) if !all.contains(&number) => all.push(number),
                        Some(_) => {}
                        None => return refused(field.unknown()),
                    }
                }
                if let Some(fault) = too_many(field.name, all.len()) {
                    return Ok(Err(fault));
                }
                all.into()
            }
            (Shape::Date, Value::Date(date)) => {
                if field.time == Time::Past && *date > planner.state.today {
                    return refused(Reason::DateFuture);
                }
                date.to_string().into()
            }
            (Shape::Text | Shape::LongText | Shape::Number | Shape::Grade, Value::Text(text))
            | (Shape::Choice(_), Value::Choice(text)) => text.as_str().into(),
            (Shape::Points { .. }, Value::Text(text)) => match Points::parse(text) {
                Some(points) => points.json(),
                None => return refused(field.unknown()),
            },
            (Shape::Whole { .. } | Shape::Points { .. } | Shape::Level, Value::Whole(figure)) => {
                (*figure).into()
            }
            (Shape::Flag, Value::Flag(flag)) => (*flag).into(),
            _ => return refused(field.unknown()),
        }))
    }

    /// The person a row names by this number. Files mostly keep a person's rows together, so
    /// the last of them is remembered.
    fn subject_called(&mut self, planner: &Planner, number: &str) -> Result<Subject, StoreError> {
        if let Some((_, subject)) = self.last.as_ref().filter(|(last, _)| last == number) {
            return Ok(*subject);
        }
        let subject = match serde_json::from_value(number.into()) {
            Ok(number) => Self::subject(planner, &number)?,
            Err(_) => Err(Reason::EmployeeUnknown),
        };
        self.last = Some((number.to_string(), subject));
        Ok(subject)
    }

    /// What stands under this key.
    fn standing(
        &mut self,
        planner: &Planner,
        record: &Record,
        key: &NaturalKey,
    ) -> Result<Option<Standing>, StoreError> {
        if let Some(person) = record.person() {
            return self.held(planner.state, person, &key.text);
        }
        let Some(number) = planner.holder(record, key)? else { return Ok(None) };
        let stored = planner.state.get(RecordId::new(record.kind(), number))?;
        Ok(stored.map(|stored| (number, stored.rev, stored.record)))
    }

    /// What is known, with the fields the file has a column for replaced.
    fn merged_plain(&self, known: &Record, stated: &Fields) -> Option<Record> {
        let mut fields = known.fields();
        for column in &self.columns {
            match stated.get(column) {
                Some(value) => fields.insert(column.clone(), value.clone()),
                None if self.def.leaves.contains(&column.as_str()) => None,
                None => fields.remove(column),
            };
        }
        Record::from_fields(self.def.kind, &fields).ok()
    }

    /// Whether the asker may make the change a row comes to.
    fn permitted(&self, planner: &Planner, taken: &Taken) -> Result<bool, StoreError> {
        let wanted = Wanted { changes: &taken.changes, made: self.made(), taken_back: false };
        match planner.state.permit(planner.rights, &wanted) {
            Ok(()) => Ok(true),
            Err(Stop::Store(error)) => Err(error),
            Err(Stop::Answer(_) | Stop::Conflict(..)) => Ok(false),
        }
    }
}
