//! The office: the only door to an office's records. Every write goes authorise,
//! validate, journal, store, answer; every read comes from what the store has applied.
//!
//! `open` makes a folder trustworthy, `queue` is the one writer, `plan` what a request
//! would change, `state` what can be read (`catalog`, `roster`, `list`, `cells`,
//! `person`), `undo` and `history` look back, `import` brings files in, `presence` who is at
//! which record. Knows nothing of screens, terminals, languages or files of officers.

mod asker;
mod catalog;
mod cells;
mod check;
mod filter;
mod find;
mod headcount;
mod history;
mod import;
mod intake;
mod known;
mod label;
mod list;
mod lock;
mod open;
mod person;
mod plan;
mod presence;
mod queue;
mod roster;
mod state;
mod trouble;
mod undo;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::domain::record::RecordId;
use crate::domain::setting;
use crate::journal::{Journal, JournalError, Line, room};
use crate::link::protocol::{
    Answer, Mended, Notice, OfficeInfo, PAGE_MAX, Problem, Request, Summary, Ticket,
};
use crate::store::StoreError;
use plan::Numbers;
use presence::Presence;
use state::State;
use trouble::Trouble;

pub use crate::journal::Means;
pub use asker::{Ask, Asker};
pub use lock::{holder, shared_at};
pub use open::{OpenError, OpenOptions, Progress, system_clock};

/// Entries between two flushes of the store.
const FLUSH_EVERY: u64 = 1000;

/// Tells the time.
pub type Clock = Box<dyn Fn() -> DateTime<Utc> + Send>;

/// An open office.
pub struct Office {
    state: State,
    journal: Journal,
    folder: PathBuf,
    boot: String,
    /// Why nothing can be written, if so.
    read_only: Option<Problem>,
    /// The store has applied entries that the journal has lost: all there is of them.
    ahead: bool,
    /// An entry is on the disk that the store could not take.
    behind: bool,
    clock: Clock,
    import: Option<import::Import>,
    mended: Vec<Mended>,
    numbers: Numbers,
    presence: Presence,
    /// What large entries did, by number.
    summaries: HashMap<u64, Summary>,
    /// What entries take back, by number; asked once for every record of a large one.
    undoes: RefCell<HashMap<u64, Option<u64>>>,
    /// The journal line read last, for looking up versions.
    last_line: Option<Line>,
    unflushed: u64,
    /// Notices not yet told.
    changed: Vec<Notice>,
    _lock: lock::Lock,
}

impl Office {
    /// Carries out requests that waited together; answers come in the order of requests.
    /// Hears of progress through `progress`.
    pub fn handle(&mut self, asks: Vec<Ask>, progress: Progress) -> Vec<(Ticket, Answer)> {
        let now = (self.clock)();
        self.state.set_now(now);
        // Where it cannot be yet, what there is can still be read.
        let _ = self.keep_up();
        let mut answers = Vec::with_capacity(asks.len());
        let mut writes: Vec<Ask> = Vec::new();
        for ask in asks {
            if ask.request.step().is_some() {
                writes.push(ask);
                continue;
            }
            if !writes.is_empty() {
                answers.extend(self.write(std::mem::take(&mut writes)));
            }
            let Ask { asker, ticket, request } = ask;
            let answer = self.read_mended(&asker, request, progress);
            answers.push((ticket, answer.unwrap_or_else(|trouble| self.answer_of(trouble))));
        }
        if !writes.is_empty() {
            answers.extend(self.write(writes));
        }
        answers
    }

    /// What everybody has to be told since the last call; of entries saved together once.
    pub fn notices(&mut self) -> Vec<Notice> {
        let mut told: Vec<Notice> = Vec::new();
        for notice in std::mem::take(&mut self.changed) {
            match (told.last_mut(), notice) {
                (
                    Some(Notice::Changed { seq, ids, many }),
                    Notice::Changed { seq: latest, ids: more, many: all },
                ) => {
                    *seq = latest;
                    ids.extend(more);
                    *many |= all;
                }
                (_, notice) => told.push(notice),
            }
        }
        told
    }

    /// A sitting has ended; what it left half done is forgotten.
    pub fn left(&mut self, sitting: u64) {
        self.import_cancel_of(sitting);
        self.presence.left(sitting);
    }

    /// An entry that is on the disk but could not be shown, because the store failed, is
    /// shown before anything else is answered.
    fn keep_up(&mut self) -> Result<(), Trouble> {
        if self.behind {
            // Another store is about as large as the journal; half of one helps nobody.
            let journal = self.journal.stamps().iter().map(|stamp| stamp.len).sum();
            if !room::is_there(&self.folder, journal) {
                return Err(StoreError::Full.into());
            }
            tracing::warn!("the store is behind the journal and is built anew");
            self.rebuild_store()?;
            self.behind = false;
        }
        Ok(())
    }

    /// Reads; from a store made anew if the one at hand fails.
    fn read_mended(
        &mut self,
        asker: &Asker,
        request: Request,
        progress: Progress,
    ) -> Result<Answer, Trouble> {
        // An import goes on from where it is, and fails as a whole.
        let again = (!is_import(&request)).then(|| request.clone());
        match (self.read(asker, request, progress), again) {
            (Err(Trouble::Store(error)), again) => {
                self.mend_store(&error)?;
                again.map_or(Err(error.into()), |again| self.read(asker, again, progress))
            }
            (answer, _) => answer,
        }
    }

    /// The store has failed and answers no more: another takes its place.
    fn mend_store(&mut self, error: &StoreError) -> Result<(), Trouble> {
        tracing::warn!(%error, "the store failed and is built anew");
        self.rebuild_store()
    }

    fn read(
        &mut self,
        asker: &Asker,
        request: Request,
        progress: Progress,
    ) -> Result<Answer, Trouble> {
        Ok(match request {
            Request::Welcome => Answer::Welcome(Box::new(self.info(asker))),
            Request::List(query) => Answer::Page(self.state.list(&query)?),
            Request::Ids(query) => Answer::Ids(self.state.ids(&query)?),
            Request::Get(id) => Answer::Record(self.state.get(id)?.map(Box::new)),
            Request::Find(kind, text) => Answer::Record(self.state.find_one(kind, &text)?),
            Request::Labels(ids) if ids.len() > PAGE_MAX as usize => {
                Answer::Refused(Problem::TooMany { limit: PAGE_MAX })
            }
            Request::Labels(ids) => {
                Answer::Labels(ids.into_iter().map(|id| self.state.label_of(id)).collect())
            }
            Request::Lookup { kind, text, limit } => {
                Answer::Hits(self.state.lookup(kind, &text, limit)?)
            }
            Request::FindUnit(text) => Answer::Record(self.state.find_unit(&text)?),
            Request::Person(id) => match self.state.person(id)? {
                Some(person) => Answer::Person(Box::new(person)),
                None => Answer::Refused(Problem::NotFound),
            },
            Request::Matrix(query) => Answer::Matrix(Box::new(self.state.matrix(&query)?)),
            Request::Explain { employee, competency, at } => {
                match self.state.explain(employee, competency, at)? {
                    Some(explanation) => Answer::Explained(Box::new(explanation)),
                    None => Answer::Refused(Problem::NotFound),
                }
            }
            Request::Attendance(session) => match self.state.attendance(session)? {
                Some(attendance) => Answer::Attendance(Box::new(attendance)),
                None => Answer::Refused(Problem::NotFound),
            },
            Request::History(query) => Answer::History(self.history(&query)?),
            Request::Details { seq, limit } => Answer::Details(self.details(seq, limit)?),
            Request::ImportStart(start) => self.import_start(asker, start)?,
            Request::ImportRows(rows) => Answer::ImportRows(self.import_rows(asker, rows)?),
            Request::ImportFinish => Answer::Imported(self.import_finish(asker)?.0),
            Request::ImportCancel => {
                self.import_cancel_of(asker.sitting);
                Answer::Done
            }
            Request::Editing(id) => {
                self.presence.set(asker, id);
                Answer::Done
            }
            Request::Verify => Answer::Verified(self.verify(progress)?),
            Request::Rebuild => {
                self.rebuild_store()?;
                Answer::Done
            }
            // Writes never come here.
            _ => Answer::Refused(Problem::NotFound),
        })
    }

    fn info(&self, asker: &Asker) -> OfficeInfo {
        let zone = setting::time_zone(self.state.catalog.time_zone());
        OfficeInfo {
            name: self.state.catalog.office_name().to_string(),
            officer: asker.officer.to_string(),
            today: self.state.today,
            utc_offset_hours: zone.map_or(0, |zone| (zone.local_minus_utc() / 3600) as i8),
            employees: self.state.roster.rows().len() as u32,
            last_seq: self.journal.head().seq,
            read_only: self.closed_to(asker),
            mended: self.mended.clone(),
            attendance_min: self.state.catalog.attendance_min(),
        }
    }

    fn closed_to(&self, asker: &Asker) -> Option<Problem> {
        self.read_only.clone().or_else(|| asker.read_only.then_some(Problem::ReadOnly))
    }

    fn may_write(&self, asker: &Asker) -> Result<(), Trouble> {
        match self.closed_to(asker) {
            Some(problem) => Err(problem.into()),
            None if !room::is_there(&self.folder, 0) => Err(JournalError::Full.into()),
            None => Ok(()),
        }
    }

    /// Remembers to tell everybody what an entry touched.
    fn noted(&mut self, seq: u64, ids: &[RecordId], count: u32) {
        self.state.version += 1;
        let many = count as usize > ids.len();
        self.changed.push(Notice::Changed { seq, ids: ids.to_vec(), many });
    }

    /// What the asker is told of trouble; a conflict gets its base and author here.
    fn answer_of(&mut self, trouble: Trouble) -> Answer {
        match trouble {
            Trouble::Conflict(mut conflict, base) => {
                if let Some(theirs) = &conflict.theirs {
                    conflict.by = self.author(theirs.rev.0).unwrap_or_default();
                }
                conflict.base = self.as_of(conflict.id, base).ok().flatten();
                Answer::Conflict(conflict)
            }
            Trouble::Answer(answer) => answer,
            Trouble::Journal(error) => {
                tracing::error!(%error, "journal");
                let problem = trouble::problem(&error);
                if matches!(error, JournalError::Unsure | JournalError::Damaged(_)) {
                    self.read_only = Some(problem.clone());
                    self.changed.push(Notice::ReadOnly(problem.clone()));
                }
                Answer::Refused(problem)
            }
            Trouble::Store(error) => {
                tracing::warn!(%error, "store");
                Answer::Refused(match error {
                    StoreError::Full => Problem::DiskFull,
                    error => Problem::Io(error.to_string()),
                })
            }
        }
    }
}

fn is_import(request: &Request) -> bool {
    matches!(
        request,
        Request::ImportStart(_)
            | Request::ImportRows(_)
            | Request::ImportFinish
            | Request::ImportCancel
    )
}
