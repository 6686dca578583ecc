//! Labels: what to call a record in a list, a toast or a history line, with the names
//! of those it refers to. May name a person: never for logs.

use std::collections::BTreeMap;

use crate::domain::belongs::Owner;
use crate::domain::change::Change;
use crate::domain::field::numbers;
use crate::domain::kinds::correction::Correction;
use crate::domain::kinds::sanction::Sanction;
use crate::domain::record::{
    FIRST_OWN_NUMBER, FieldChange, Fields, Kind, Record, RecordId, Revision, diff,
};
use crate::office::rights::Rights;
use crate::office::views::state::State;
use crate::protocol::{Act, Summary};

impl State {
    /// A record's name with its references spelt out, as far as the asker sees them.
    pub fn label(&self, rights: &Rights, record: &Record) -> String {
        let person = |number: u32| {
            let row = self.roster.get(number).filter(|row| rights.reach.has(row.unit));
            row.map_or_else(
                || format!("employees/{number}"),
                crate::office::views::row::RosterRow::full_name,
            )
        };
        let competency = |id| {
            let row = self.catalog.competency(id);
            row.map_or_else(|| RecordId::from(id).to_string(), |row| row.code.clone())
        };
        let programme = |id| {
            let row = self.catalog.programme(id);
            row.map_or_else(|| RecordId::from(id).to_string(), |row| row.name.clone())
        };
        if let Some(owner) = record.person().filter(|_| !rights.reads_people()) {
            return person(owner.0);
        }
        match record {
            Record::Rating(row) => {
                format!(
                    "{} · {} = {}",
                    person(row.employee.0),
                    competency(row.competency),
                    row.level
                )
            }
            Record::Standard(row) => {
                let subject = match (row.job_level, self.catalog.position(row.position)) {
                    (Some(level), _) => level.code().to_string(),
                    (None, position) => position.map_or_else(String::new, |p| p.title.clone()),
                };
                format!("{subject} · {} = {}", competency(row.competency), row.level)
            }
            Record::Session(row) => {
                let start = row.start.map_or_else(String::new, |start| start.to_string());
                format!("{} · {start}", programme(row.programme))
            }
            Record::Enrolment(row) => {
                let session = self.catalog.session(row.session);
                let name = session.map_or_else(String::new, |session| programme(session.programme));
                format!("{} · {name}", person(row.employee.0))
            }
            Record::Rater(row) => {
                let cycle = self.catalog.cycles.get(&row.cycle.0);
                let name = cycle.map_or("", |(_, cycle)| cycle.name.as_str());
                format!("{} · {name}", person(row.employee.0))
            }
            Record::CycleResult(row) => {
                let of = competency(row.competency);
                format!("{} · {of} = {}", person(row.employee.0), row.level)
            }
            Record::PlanLine(row) => {
                format!("{} · {} = {}", row.year, competency(row.competency), row.level)
            }
            Record::IdpLine(row) => {
                let of = competency(row.competency);
                format!("{} · {} · {of}", person(row.employee.0), row.year)
            }
            Record::Mentoring(row) => {
                format!("{} · {}", person(row.employee.0), competency(row.competency))
            }
            // What is wrong with somebody's data is not for everybody who may read the history.
            Record::Correction(Correction { employee, .. })
            | Record::Sanction(Sanction { employee, .. }) => person(employee.0),
            // What it is called in itself, and whose it is.
            record => match record.person() {
                Some(owner) if record.kind().belongs() == Owner::Person => {
                    format!("{} · {}", person(owner.0), record.label())
                }
                _ => record.label(),
            },
        }
    }

    /// The label of a record by its id, as it stands now; its id where the asker sees none.
    pub fn label_of(&self, rights: &Rights, id: RecordId) -> String {
        let stored = self.seen(rights, id).ok().flatten().filter(|_| !id.kind.is_sealed());
        stored.map_or_else(|| id.to_string(), |stored| self.label(rights, &stored.record))
    }

    /// What differs, with references as names instead of numbers. Which of it the asker may
    /// have is seen to where the answer leaves.
    pub fn differences(
        &self,
        rights: &Rights,
        kind: Kind,
        before: &Fields,
        after: &Fields,
    ) -> Vec<FieldChange> {
        let mut changes = diff(kind, before, after);
        for change in &mut changes {
            let to = kind.field(&change.field).and_then(|field| field.shape.refers_to());
            for value in [&mut change.before, &mut change.after] {
                let (Some(to), Ok(json)) = (to, serde_json::from_str(value)) else { continue };
                let label = |number| self.label_of(rights, RecordId::new(to, number));
                let labels: Vec<String> = numbers(&json).map(label).collect();
                *value = serde_json::Value::String(labels.join("; ")).to_string();
            }
        }
        changes
    }
}

/// What a change does to its record.
pub(in crate::office) fn act(change: &Change) -> Act {
    match &change.after {
        None => Act::Deleted,
        Some(_) if change.base == Revision(0) && change.id.number >= FIRST_OWN_NUMBER => Act::Added,
        Some(_) => Act::Changed,
    }
}

/// Counts changes by kind and act, across the parts of an entry.
#[derive(Default)]
pub(in crate::office) struct ActTally {
    counts: BTreeMap<(Kind, Act), u32>,
    pub ids: Vec<RecordId>,
    pub count: u32,
    /// Values that have been taken out.
    pub erased: u32,
}

impl ActTally {
    pub fn add(&mut self, changes: &[Change]) {
        for change in changes {
            self.count_one(change.id, act(change));
        }
    }

    pub fn count_one(&mut self, id: RecordId, act: Act) {
        *self.counts.entry((id.kind, act)).or_default() += 1;
        self.count += 1;
        if self.ids.len() < 100 && !id.kind.is_sealed() {
            self.ids.push(id);
        }
    }

    pub fn parts(&self) -> Vec<(Kind, Act, u32)> {
        self.counts.iter().map(|((kind, act), count)| (*kind, *act, *count)).collect()
    }

    pub fn summary(&self, undoes: Option<u64>, label: String) -> Summary {
        Summary { parts: self.parts(), label, undoes, erased: self.erased, ..Summary::default() }
    }
}
