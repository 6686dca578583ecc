//! The office: the only door to an office's records. Every write goes authorise,
//! validate, journal, store, answer; every read comes from what the store has applied.
//!
//! Its rooms: `rights` (who may ask and change what, whom a record belongs to, who is told),
//! `write` (from a request to committed changes), `read` (answers), `reports` (calculated
//! tables), `views` (what is kept
//! ready to be read), `care` (opening, proving, backing up, erasing). `presence` knows who is
//! at which record. Knows nothing of screens, terminals, languages or files of officers.

mod asker;
mod care;
mod home;
mod presence;
mod read;
mod reports;
mod rights;
mod trouble;
mod views;
mod write;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::change::Head;
use crate::domain::kinds::setting;
use crate::domain::rulebook::Rulebook;
use crate::journal::{Journal, JournalError, Line, Staged, room};
use crate::protocol::{
    Answer, Mended, Notice, OfficeInfo, PAGE_MAX, Problem, Request, Sitting, Summary, Ticket,
};
use crate::store::StoreError;
use presence::Presence;
use rights::Rights;
use rights::leaving::AskedFor;
use rights::places::Footprint;
use trouble::Trouble;
use views::state::State;
use write::plan::{Numbers, Plan};

pub use crate::journal::Means;
pub use asker::{Ask, Asker};
pub use care::errand::{Errand, Leash, Returned};
pub use care::lock::{holder, shared_at};
pub use care::open::{HearsOpening, OpenError, OpenOptions, is_left, system_clock};
pub use care::quarantine::{QuarantineError, Quarantined, quarantine};
pub use care::restore::{RestoreError, restore};
pub use reports::all_reports;
pub use rights::places::News;

/// Entries between two flushes of the store.
const FLUSH_EVERY: u64 = 1000;
/// Nobody has asked for so long: time to do what could wait.
const QUIET: Duration = Duration::from_millis(250);

/// Tells the time.
pub type Clock = Box<dyn Fn() -> DateTime<Utc> + Send>;

/// An open office.
pub struct Office {
    /// The proof of the store that is to come or under way; lets go of it before the store does.
    proving: Option<care::proving::Proving>,
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
    opened: DateTime<Utc>,
    imports: write::import::Imports,
    mended: Vec<Mended>,
    numbers: Numbers,
    quota: write::quota::Quota,
    presence: Presence,
    /// What large entries did, by number.
    summaries: HashMap<u64, Summary>,
    /// What entries take back, by number; asked once for every record of a large one.
    undoes: RefCell<HashMap<u64, Option<u64>>>,
    /// The journal line read last, for looking up versions.
    last_line: Option<Line>,
    unflushed: u64,
    /// Entries that are on the disk and answered, and not shown yet.
    unshown: Vec<(Plan, Staged)>,
    /// How far what was kept of the journal as proven goes.
    sealed: Option<Head>,
    readings: care::readings::Readings,
    /// What the reports asked for last have found.
    reports: reports::KeptAnswers,
    surveys: read::survey::Surveys,
    trails: read::trails::Trails,
    stretches: read::stretches::Stretches,
    /// Where deleted people were last.
    gone: HashMap<u32, Option<rights::places::Place>>,
    /// The last entry of this sitting that took values out of those before it.
    erased: u64,
    /// What has not been told yet.
    news: Vec<News>,
    /// The errand that is out.
    out: Option<care::errand::Out>,
    _lock: care::lock::Lock,
}

impl Office {
    /// Carries out requests that waited together; answers come in the order of requests.
    /// Hears of progress through `progress`.
    pub fn handle(&mut self, asks: Vec<Ask>, progress: HearsOpening) -> Vec<(Ticket, Answer)> {
        let answers = self.answer(asks, progress);
        self.show();
        answers
    }

    /// The same for whoever asks for [`news`](Self::news) next: what is saved is shown with
    /// them, so that it can be answered before.
    pub fn answer(&mut self, asks: Vec<Ask>, progress: HearsOpening) -> Vec<(Ticket, Answer)> {
        self.show();
        let now = (self.clock)();
        self.state.set_now(now);
        if now - self.opened > care::proving::PUT_OFF_MAX {
            self.begin_proof();
        }
        self.heed_proof();
        // Where it cannot be yet, what there is can still be read.
        let _ = self.keep_up();
        self.imports.forget_old();
        self.write_readings();
        let mut answers = Vec::with_capacity(asks.len());
        let mut writes: Vec<Ask> = Vec::new();
        for ask in asks {
            if !ask.request.only_shows() {
                self.await_proof();
            }
            if ask.request.step().is_some()
                && let Err(error) = self.state.whole_roster()
            {
                self.store_failed(&error.into());
            }
            // Takes lines out from under whatever else is under way.
            let alone = ask.request.erases();
            if ask.request.step().is_some() && !alone {
                writes.push(ask);
                continue;
            }
            if !writes.is_empty() {
                answers.extend(self.write(std::mem::take(&mut writes)));
                self.show();
            }
            let Ask { asker, ticket, request } = ask;
            let asked = AskedFor::of(&request);
            let answer = if alone {
                self.erase(&asker, request, progress)
            } else {
                // Whoever keeps the office alone has nobody who would wait for it.
                match self.errand(&asker, &request) {
                    Some(errand) => {
                        let answer = errand.map(|errand| {
                            let told = &mut |work, done, total| {
                                progress(work, done, total);
                                true
                            };
                            self.take_up(errand.run(told))
                        });
                        answers.push((ticket, answer.unwrap_or_else(|refused| refused)));
                        continue;
                    }
                    None => self.read_mended(&asker, request),
                }
            };
            let answer = answer.unwrap_or_else(|trouble| self.answer_of(trouble));
            answers.push((ticket, self.leave(&asker, &asked, answer)));
        }
        if !writes.is_empty() {
            answers.extend(self.write(writes));
        }
        answers
    }

    /// How long until there is something to do without anybody asking; `None` while nothing
    /// waits.
    pub fn wakes_in(&self) -> Option<Duration> {
        let store = &self.state.store;
        let late = store.owes() || self.is_to_be_ready() || self.journal.sealed() != self.sealed;
        let settles = ((late || self.state.owes_rows() && self.out.is_none()) && self.may_tend())
            .then_some(QUIET);
        let looks = self.proving.as_ref().map(care::proving::Proving::wakes_in);
        // What a store that fails would have to let go of is read anew with it.
        let forgets = self.state.forgets_in().ok().flatten().and_then(|left| left.to_std().ok());
        settles.into_iter().chain(looks).chain(self.readings_due_in()).chain(forgets).min()
    }

    /// Nobody has asked for a while: opens what the next save would have to wait for.
    pub fn get_ready(&mut self) {
        if self.may_tend()
            && self.is_to_be_ready()
            && let Err(error) = self.state.store.wake()
        {
            tracing::warn!(%error, "the store can be read only");
        }
    }

    /// Whether somebody may save whose save would have to wait for the store to be opened.
    fn is_to_be_ready(&self) -> bool {
        self.read_only.is_none() && self.state.store.is_still()
    }

    /// Does what could wait, and writes the readings that have waited long enough.
    pub fn wake(&mut self) {
        self.show();
        self.state.set_now((self.clock)());
        self.heed_proof();
        if self.proving.is_some() {
            self.begin_proof();
            return;
        }
        self.write_readings();
        if self.out.is_none()
            && let Err(error) = self.state.count_rows_on()
        {
            self.store_failed(&error.into());
        }
        if let Err(error) = self.state.store.settle() {
            self.store_failed(&error.into());
        }
        self.leave_proven(false);
    }

    /// Whether the store may be written to without anybody asking.
    fn may_tend(&self) -> bool {
        !self.behind && self.proving.is_none()
    }

    /// What there is to tell since the last call; [`told`](Self::told) says what of it to
    /// whom.
    pub fn news(&mut self) -> Vec<News> {
        self.show();
        std::mem::take(&mut self.news)
    }

    /// A sitting has ended; what it left half done is forgotten.
    pub fn left(&mut self, sitting: u64) {
        self.imports.left(sitting);
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
    fn read_mended(&mut self, asker: &Asker, request: Request) -> Result<Answer, Trouble> {
        // An import goes on from where it is, and fails as a whole.
        let again = (!is_import(&request)).then(|| request.clone());
        if care::rows::waits_for(&request)
            && let Err(error) = self.state.count_rows()
        {
            self.mend_store(&error)?;
        }
        match (self.read(asker, request), again) {
            (_, Some(again)) if self.state.roster.is_wrong() => {
                self.state.whole_roster()?;
                self.read(asker, again)
            }
            (Err(Trouble::Store(error)), again) => {
                self.mend_store(&error)?;
                again.map_or(Err(error.into()), |again| self.read(asker, again))
            }
            (answer, _) => answer,
        }
    }

    /// The store has failed and answers no more: another takes its place.
    fn mend_store(&mut self, error: &StoreError) -> Result<(), Trouble> {
        tracing::warn!(%error, "the store failed and is built anew");
        self.rebuild_store()
    }

    fn read(&mut self, asker: &Asker, request: Request) -> Result<Answer, Trouble> {
        let rights = self.rights(asker, &request)?;
        self.ready(&rights, &request)?;
        Ok(match request {
            Request::Welcome => Answer::Welcome(Box::new(self.info(asker, &rights)?)),
            Request::List(query) => Answer::Page(self.state.list(&query, &rights)?),
            Request::Ids(query) => Answer::Ids(self.state.ids(&query, &rights)?),
            Request::Get(id) => Answer::Record(self.state.seen(&rights, id)?.map(Box::new)),
            Request::Find(kind, text) => Answer::Record(self.state.find_one(kind, &text, &rights)?),
            Request::Labels(ids) if ids.len() > PAGE_MAX as usize => {
                Answer::Refused(Problem::TooMany { limit: PAGE_MAX })
            }
            Request::Labels(ids) => {
                let label = |id| self.state.label_of(&rights, id);
                Answer::Labels(ids.into_iter().map(label).collect())
            }
            Request::Lookup { kind, text, limit } => {
                Answer::Hits(self.state.lookup(kind, &text, limit, &rights)?)
            }
            Request::Openings { text, employees, limit } => {
                Answer::Openings(self.state.openings(&text, &employees, limit, &rights)?)
            }
            Request::Complete { kind, tongue, text } => {
                Answer::Completed(self.state.complete(kind, tongue, &text, &rights))
            }
            Request::FindUnit(text) => {
                Answer::Record(self.state.find_unit(&text, &rights)?.map(Box::new))
            }
            Request::Person(id) => {
                let person = self.state.person(id, None, &rights)?;
                if_any(person, |person| Answer::Person(Box::new(person)))
            }
            Request::PersonAs { employee, position } => {
                let person = self.state.person(employee, Some(position), &rights)?;
                if_any(person, |person| Answer::Person(Box::new(person)))
            }
            Request::Home { unit } => {
                let home = self.state.home(unit, &rights)?;
                Answer::Home(Box::new((*home).clone()))
            }
            Request::Matrix(query) => Answer::Matrix(Box::new(self.state.matrix(&query, &rights)?)),
            Request::Explain { employee, competency, at } => {
                match self.state.explain(employee, competency, at, &rights)? {
                    Some(explanation) => Answer::Explained(Box::new(explanation)),
                    None => Answer::Refused(Problem::NotFound),
                }
            }
            Request::Attendance(session) => match self.state.attendance(session, &rights)? {
                Some(attendance) => Answer::Attendance(Box::new(attendance)),
                None => Answer::Refused(Problem::NotFound),
            },
            Request::Cycle(id) => {
                let page = self.state.cycle_page(id, &rights)?;
                if_any(page, |page| Answer::Cycle(Box::new(page)))
            }
            Request::Sheets { cycle, unit, offset } => {
                if_any(self.state.sheets_page(cycle, unit, offset, &rights)?, Answer::Sheets)
            }
            Request::Reports => Answer::Reports(self.reports(&rights)),
            Request::Report(query) => Answer::Table(Box::new(self.report(&query, &rights)?)),
            Request::ExplainCell { query, row, column } => {
                let told = self.explain_cell(&query, row, &column, &rights)?;
                if_any(told, |told| Answer::CellExplained(Box::new(told)))
            }
            Request::Begin { query, row } => Answer::Begun(self.begin(&query, row, &rights)?),
            Request::History(query) => Answer::History(self.history(&query, &rights)?),
            Request::Details { seq, limit, of } => {
                Answer::Details(self.details(seq, limit, &rights, of)?)
            }
            Request::ImportStart(start) => self.import_start(asker, &rights, start)?,
            Request::ImportColumns(columns) => self.import_columns(asker, columns)?,
            Request::ImportRows(rows) => {
                Answer::ImportRows(self.import_rows(asker, &rights, rows)?)
            }
            Request::ImportFinish => Answer::Imported(self.import_finish(asker, &rights)?),
            Request::ImportCancel => {
                self.imports.left(asker.sitting);
                Answer::Done
            }
            Request::Backup { from, head } => Answer::Journal(Box::new(self.backup(from, head)?)),
            Request::Editing(id) => {
                // Nobody is told of somebody at what that one may not see or change.
                let edits = |id: &_| rights.may_write() && self.state.covers_now(&rights, *id);
                let seen = id.filter(edits);
                self.presence.set(asker, seen);
                Answer::Done
            }
            Request::FindHead { seq: Some(seq), hash } => {
                Answer::Found(self.find_head(seq, &hash)?)
            }
            // Whoever keeps the office knows of more, and stops what it has sent out.
            Request::Sittings => Answer::Sittings(vec![Sitting {
                number: asker.sitting,
                officer: asker.officer.to_string(),
                since: self.opened,
                heard: self.state.now,
                waiting: 1,
                unread: 0,
                own: true,
            }]),
            Request::Stop => Answer::Done,
            // Writes and errands never come here, and no other sitting is known here.
            _ => Answer::Refused(Problem::NotFound),
        })
    }

    /// Reads the whole roster where chunks of it will not do. Out of reach has to take as long
    /// as absent, whatever is read of it already.
    fn ready(&mut self, rights: &Rights, request: &Request) -> Result<(), StoreError> {
        let needs = !rights.reach.is_everywhere() || is_import(request);
        if needs { self.state.whole_roster() } else { Ok(()) }
    }

    /// What the asker may do, if they may ask this at all.
    fn rights(&self, asker: &Asker, request: &Request) -> Result<Rights, Problem> {
        let user = || asker.officer.to_string();
        let rights =
            self.state.rights(asker).ok_or_else(|| Problem::NotAnOfficer { user: user() })?;
        rights.may_ask(request)?;
        Ok(rights)
    }

    fn info(&self, asker: &Asker, rights: &Rights) -> Result<OfficeInfo, StoreError> {
        let zone = setting::time_zone(self.state.catalog.time_zone());
        Ok(OfficeInfo {
            name: self.state.catalog.office_name().to_string(),
            officer: asker.officer.to_string(),
            today: self.state.today,
            utc_offset_hours: zone.map_or(0, |zone| (zone.local_minus_utc() / 3600) as i8),
            employees: self.state.people_within(&rights.reach)?,
            last_seq: self.journal.head().seq,
            read_only: self.closed_to(asker),
            mended: self.mended.clone(),
            attendance_min: self.state.catalog.attendance_min(),
            requests: self.state.open_requests(rights)?,
            role: rights.role,
            unit: rights.reach.top().map(|top| (top, self.state.label_of(rights, top.into()))),
            rules: Box::new(Rulebook::clone(&self.state.rules())),
            holidays: self.state.catalog.holidays_about(self.state.today),
        })
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

    /// Remembers to tell whoever it concerns what an entry touched.
    fn noted(&mut self, seq: u64, footprint: Footprint) {
        self.state.version += 1;
        // Where somebody was last may be elsewhere once they are deleted again.
        self.gone.clear();
        self.news.push(News::of_entry(seq, footprint));
    }

    /// What the asker is told of trouble.
    fn answer_of(&mut self, trouble: Trouble) -> Answer {
        match trouble {
            Trouble::Answer(answer) => *answer,
            Trouble::Journal(error) => {
                tracing::error!(%error, "journal");
                let problem = trouble::problem(&error);
                if matches!(error, JournalError::Unsure | JournalError::Damaged(_)) {
                    self.read_only = Some(problem.clone());
                    self.news.push(News::to_all(Notice::ReadOnly(problem.clone())));
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

/// What there is not, or is not for the asker, is not found.
fn if_any<T>(found: Option<T>, answer: impl FnOnce(T) -> Answer) -> Answer {
    found.map_or(Answer::Refused(Problem::NotFound), answer)
}

fn is_import(request: &Request) -> bool {
    matches!(
        request,
        Request::ImportStart(_)
            | Request::ImportColumns(_)
            | Request::ImportRows(_)
            | Request::ImportFinish
            | Request::ImportCancel
    )
}
