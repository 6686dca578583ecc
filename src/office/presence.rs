//! Presence: which record each sitting has open in a form, so that two officers at one
//! record know of each other. Nothing is locked: who saves second settles it in the
//! three-way view. Kept in memory only, forgotten with the sitting; [`Office::editors`] is
//! the one place that says who may know of whom.

use std::collections::BTreeMap;

use crate::domain::record::RecordId;
use crate::office::Office;
use crate::office::asker::Asker;
use crate::protocol::Editor;

/// Who has what open, by sitting.
#[derive(Default)]
pub(in crate::office) struct Presence {
    open: BTreeMap<u64, (Asker, RecordId)>,
    /// Changed since it was last told.
    news: bool,
}

impl Presence {
    pub(in crate::office) fn set(&mut self, asker: &Asker, id: Option<RecordId>) {
        let before = match id {
            Some(id) => self.open.insert(asker.sitting, (asker.clone(), id)),
            None => self.open.remove(&asker.sitting),
        };
        self.news |= before.map(|(_, id)| id) != id;
    }

    pub(in crate::office) fn left(&mut self, sitting: u64) {
        self.news |= self.open.remove(&sitting).is_some();
    }
}

impl Office {
    /// Everybody else who has a record open that is within this asker's reach.
    pub fn editors(&self, asker: &Asker) -> Vec<Editor> {
        let Some(rights) = self.state.rights(asker) else { return Vec::new() };
        let open = self.presence.open.values();
        let others = open.filter(|(other, id)| {
            other.sitting != asker.sitting && self.state.covers_now(&rights, *id)
        });
        others.map(|(other, id)| Editor { id: *id, officer: other.officer.to_string() }).collect()
    }

    /// Whether anybody has to be told of [`editors`](Self::editors) again.
    pub fn take_presence_news(&mut self) -> bool {
        std::mem::take(&mut self.presence.news)
    }
}
