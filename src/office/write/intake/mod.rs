//! Intake: rows of an officer's file matched to what the office knows. Each row becomes
//! an addition, a change, nothing, or a refusal with its reason. `plain` does so for any
//! kind by its fields and natural key; formats with a shape of their own have a file each,
//! and what those only name is made on the way by `named`. Writes nothing itself: `import`
//! hands the changes to the journal.

mod competencies;
mod employees;
mod plain;
mod references;
mod trainings;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use references::References;
use trainings::AddedJp;

use crate::domain::change::Change;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::Field;
use crate::domain::intake::{IntakeDef, RowData, RowFault, RowShape};
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{EmployeeId, Fields, Kind, Record, RecordId, Revision, SessionId};
use crate::office::views::state::State;
use crate::office::write::named::Named;
use crate::office::write::plan::Planner;
use crate::protocol::Verdict;
use crate::store::StoreError;

/// What one row comes to.
pub(in crate::office) struct Taken {
    pub verdict: Verdict,
    pub changes: Vec<Change>,
}

impl Taken {
    fn refused(field: &str, reason: Reason) -> Self {
        Self::fault(Fault::new(field, reason))
    }

    fn fault(fault: Fault) -> Self {
        Self { verdict: Verdict::Refused(fault), changes: Vec::new() }
    }

    fn unchanged(changes: Vec<Change>) -> Self {
        Self { verdict: Verdict::Unchanged, changes }
    }

    /// A record where another of its key may stand; `changes` were made for it on the way.
    fn put(
        planner: &mut Planner,
        before: Option<Standing>,
        after: Record,
        label: String,
        mut changes: Vec<Change>,
    ) -> Self {
        let kind = after.kind();
        let (number, base, verdict) = match before {
            Some((_, _, known)) if known == after => return Self::unchanged(changes),
            Some((number, rev, known)) => {
                let (old, new) = (known.fields(), after.fields());
                let fields = planner.state.differences(planner.rights, kind, &old, &new);
                (number, rev, Verdict::Changed { label, fields })
            }
            None => {
                let number = planner.numbers.next(planner.state, kind);
                (number, Revision(0), Verdict::Added { label })
            }
        };
        changes.push(Change { id: RecordId::new(kind, number), base, after: Some(after) });
        Self { verdict, changes }
    }
}

/// The first thing that is wrong with a record, as files are told of it.
fn first_fault(record: &Record) -> Option<Fault> {
    let mut fault = record.check().into_iter().next()?;
    if let (Reason::Required, Some(field)) = (fault.reason, record.kind().field(&fault.field)) {
        fault.reason = field.missing();
    }
    Some(fault)
}

/// A record as it stands: number, revision, and itself.
type Standing = (u32, Revision, Record);

/// What has been planned so far in this import, not yet in the state.
pub(in crate::office) struct Matching {
    def: IntakeDef,
    /// The fields of a plain row in the order in which they are read, and the one that names
    /// the person.
    fields: Arc<[&'static Field]>,
    person: Option<&'static Field>,
    /// Fields of the record that the file has a column for.
    columns: HashSet<String>,
    named: Named,
    references: References,
    /// Natural keys of what this import brought already: the first of a file stands.
    seen: Seen,
    held: Option<Held>,
    /// Whom the last plain row was about, by the number it named.
    last: Option<(String, Subject)>,
    /// What is called by what name of the units and positions this import brings.
    brought: HashMap<RecordId, String>,
    jp: AddedJp,
    /// How many rows came into which session.
    gathered: HashMap<SessionId, u32>,
}

impl Matching {
    pub fn new(def: IntakeDef, columns: &[String]) -> Self {
        Self {
            fields: def.fields().into(),
            person: def.person(),
            def,
            columns: columns.iter().cloned().collect(),
            named: Named::default(),
            references: References::default(),
            seen: Seen::default(),
            held: None,
            last: None,
            brought: HashMap::new(),
            jp: AddedJp::default(),
            gathered: HashMap::new(),
        }
    }

    /// The rows that follow have these columns.
    pub fn has_columns(&mut self, columns: &[String]) {
        self.columns = columns.iter().cloned().collect();
    }

    /// Matches the row that begins in this line of the file.
    pub fn take(
        &mut self,
        planner: &mut Planner,
        line: u32,
        data: RowData,
    ) -> Result<Taken, StoreError> {
        let mut taken = match (self.def.format, data) {
            (RowShape::Plain, RowData::Plain(row)) => self.plain(planner, &row)?,
            (RowShape::Staff, RowData::Employee(row)) => self.employee(planner, *row)?,
            (RowShape::Dictionary, RowData::Competency(row)) => competencies::take(planner, *row),
            (RowShape::Ledger, RowData::Training(row)) => self.training(planner, line, &row)?,
            // Not of the import that was begun: no reader makes such a row.
            _ => Taken::refused(self.def.kind.name(), Reason::NotAChoice),
        };
        self.spell_out(&mut taken);
        Ok(taken)
    }

    /// Calls by its name what this import itself brings and the office does not know yet.
    fn spell_out(&mut self, taken: &mut Taken) {
        let new = taken.changes.iter().filter(|change| change.base == Revision(0));
        let named = new.filter(|change| matches!(change.id.kind, Kind::Units | Kind::Positions));
        let label = |change: &Change| change.after.as_ref().map(Record::label);
        self.brought.extend(named.filter_map(|change| Some((change.id, label(change)?))));
        let Verdict::Changed { fields, .. } = &mut taken.verdict else { return };
        for change in fields {
            let id = serde_json::from_str::<RecordId>(&change.after).ok();
            if let Some(name) = id.and_then(|id| self.brought.get(&id)) {
                change.after = serde_json::Value::from(name.as_str()).to_string();
            }
        }
    }

    /// Something was saved meanwhile: what was looked up of the office is looked up again.
    pub fn refresh(&mut self, state: &State) {
        self.held = None;
        self.last = None;
        self.named.refresh(state);
    }

    /// How many things the rows have named.
    pub fn named(&self) -> usize {
        self.named.len()
    }

    /// Units made so far.
    pub fn made(&self) -> &HashSet<u32> {
        &self.named.made
    }

    /// What there is to say of rows that were taken, once all of them have been.
    pub fn remarks(&self, state: &State) -> Vec<RowFault> {
        self.jp.over_ceiling(state)
    }

    /// The person a row is about, or why it is refused. One out of reach is not there.
    fn subject(planner: &Planner, number: &EmployeeNumber) -> Result<Subject, StoreError> {
        let Planner { state, rights, .. } = planner;
        let found = person(state, number)?;
        Ok(match found.filter(|person| state.reaches(rights, person.0)) {
            None => Err(Reason::EmployeeUnknown),
            Some(person) if state.is_restricted(person.0) => Err(Reason::Restricted),
            Some(person) => Ok(person),
        })
    }

    /// What this person has of the import's kind under a natural key. Files mostly keep a
    /// person's rows together, so theirs are kept until the next person comes.
    fn held(
        &mut self,
        state: &State,
        person: EmployeeId,
        key: &str,
    ) -> Result<Option<Standing>, StoreError> {
        let held = match self.held.take() {
            Some(held) if held.person == person => held,
            _ => Held::of(state, person, self.def.kind)?,
        };
        let found = held.by_key.get(key).cloned();
        self.held = Some(held);
        Ok(found)
    }
}

type Subject = Result<EmployeeId, Reason>;

/// One person's records of one kind by natural key.
struct Held {
    person: EmployeeId,
    by_key: HashMap<String, Standing>,
}

impl Held {
    fn of(state: &State, person: EmployeeId, kind: Kind) -> Result<Self, StoreError> {
        let mut by_key = HashMap::new();
        // Their row knows whether they have any.
        if state.roster.get(person.0).is_some_and(|row| !row.holds(kind)) {
            return Ok(Self { person, by_key });
        }
        let pack = state.pack(person)?;
        for (id, rev, record) in pack.rows.iter().filter(|(id, ..)| id.kind == kind) {
            for key in record.keys() {
                by_key.insert(key.text, (id.number, *rev, record.clone()));
            }
        }
        Ok(Self { person, by_key })
    }
}

/// Keys seen in this import, with what was said of each. A file may have half a million: only
/// hashes are kept, of keys long enough that no two share one.
#[derive(Default)]
struct Seen {
    hashers: [RandomState; 2],
    keys: HashMap<u128, u64>,
}

impl Seen {
    /// By which a key is known again.
    fn mark(&self, key: &str) -> u128 {
        let [high, low] = self.hashers.each_ref().map(|hasher| u128::from(hasher.hash_one(key)));
        high << 64 | low
    }

    /// By which it is known again whether the same is said.
    fn print(&self, said: &Fields) -> u64 {
        self.hashers[0].hash_one(said)
    }

    fn said(&self, mark: u128) -> Option<u64> {
        self.keys.get(&mark).copied()
    }

    fn has(&self, key: &str) -> bool {
        self.said(self.mark(key)).is_some()
    }

    fn add(&mut self, mark: u128, said: u64) {
        self.keys.insert(mark, said);
    }
}

/// The person who has this number.
fn person(state: &State, number: &EmployeeNumber) -> Result<Option<EmployeeId>, StoreError> {
    Ok(state.numbered(number)?.map(EmployeeId))
}
