//! What the office tells of its history: the steps that are sought, what each was in a few words,
//! and field by field.

use serde::{Deserialize, Serialize};

use crate::domain::change::Via;
use crate::domain::field::Field;
use crate::domain::record::{EmployeeId, FieldChange, Kind, RecordId};

/// A part of the history, newest first. One answer looks at a bounded number of entries,
/// so that nobody waits for another's search: few lines do not mean that there are no more.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HistoryPage {
    pub lines: Vec<HistoryLine>,
    /// Ask again `before` (or `after`) this entry; `None` when there is nothing beyond.
    pub next: Option<u64>,
    /// A word of the search means too many records and was left out.
    pub vague: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryLine {
    pub seq: u64,
    pub at: chrono::DateTime<chrono::Utc>,
    pub by: String,
    pub via: Via,
    /// Empty also where part of the entry is beyond the asker's reach.
    pub why: String,
    pub summary: Summary,
    /// The entry that took this one back, if any.
    pub undone_by: Option<u64>,
    /// Where one person's entries are asked for, the first of what it was for them; of what is
    /// personal only that it changed.
    pub own: Vec<ChangeDetail>,
}

/// What a step of one's own is to an undo or a redo that names none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latest {
    ThisOne,
    /// It is passed over.
    NotThis,
    /// There is none beyond it.
    NoneBeyond,
}

impl HistoryLine {
    /// Read from the latest backwards, the first [`Latest::ThisOne`] is what is taken back.
    pub fn latest_for(&self, redo: bool) -> Latest {
        let (back, again) = (self.summary.undoes.is_some(), self.summary.redo);
        if self.undone_by.is_some() || self.via == Via::Office {
            return Latest::NotThis;
        }
        match (redo, back && !again) {
            (true, true) | (false, false) => Latest::ThisOne,
            (true, false) if !back => Latest::NoneBeyond,
            _ => Latest::NotThis,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeDetail {
    pub id: RecordId,
    /// The person it is, or belongs to.
    pub person: Option<EmployeeId>,
    pub label: String,
    pub act: Act,
    pub fields: Vec<FieldChange>,
    /// What stood before has been taken out as the law requires.
    pub erased: bool,
}

impl ChangeDetail {
    /// Says of all but these fields only that they changed.
    pub fn hide(&mut self, may: impl Fn(&Field) -> bool) {
        for change in &mut self.fields {
            if self.id.kind.field(&change.field).is_none_or(|field| !may(field)) {
                let field = std::mem::take(&mut change.field);
                *change = FieldChange { field, hidden: true, ..FieldChange::default() };
            }
        }
    }
}

/// What an entry did, for toasts and history: counts by kind and act.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub parts: Vec<(Kind, Act, u32)>,
    /// The label when exactly one record was touched, and nothing is hidden.
    pub label: String,
    /// It touched records beyond the asker's reach; they are in no count.
    pub others: bool,
    /// It takes back this entry; `redo` when that was itself an undo.
    pub undoes: Option<u64>,
    pub redo: bool,
    pub via: Option<Via>,
    /// People whose personal data it took out of what went before.
    pub erases: u32,
    /// The step whose reason it took out.
    pub reason_of: Option<u64>,
    /// Values it said itself that have been taken out since, a reason among them.
    pub erased: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    Added,
    Changed,
    Deleted,
}
