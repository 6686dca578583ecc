//! Readings: who is given whose personal details is counted for each officer and day, and
//! written as one line at most every ten minutes, only when there is something to write.
//! What still waits when the office closes is kept in a file of its own and taken up by the
//! next opening; a kill loses what was counted since the last line, ten minutes at most.
//!
//! The line is the office's own, on behalf of the officer who read: no step of theirs to
//! take back, and nothing a screen has to be told of.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::change::{Change, RequestId, Via};
use crate::domain::kinds::reading::Reading;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, Revision, Schema};
use crate::journal::room;
use crate::office::Office;
use crate::office::asker::Asker;
use crate::office::rights::Rights;
use crate::office::rights::leaving::Given;
use crate::office::trouble::Trouble;
use crate::office::write::plan::Plan;
use crate::protocol::Step;
use crate::store::{Store, StoreError};

/// No officer's readings are written more often.
const EVERY: TimeDelta = TimeDelta::minutes(10);
/// What an earlier sitting left is not written before so long after the office was opened:
/// whoever comes in is shown home first, as it was packed.
const SETTLES: TimeDelta = TimeDelta::seconds(5);
/// Where in the data folder they wait while the office is closed.
const FILE: &str = "drafts/readings.json";
/// Far above what forty officers leave in ten minutes.
const BYTES_MAX: u64 = 16 << 20;

/// What one officer has read and the journal does not know yet.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Waiting {
    /// The request its line will bear: a line that stands already is not written again.
    req: RequestId,
    /// When the first of it was read; after a line that failed, when that was tried.
    since: DateTime<Utc>,
    days: BTreeMap<NaiveDate, Reading>,
    /// Whose record came last: given again at once, it is the same reading.
    #[serde(skip)]
    last: Option<(u64, NaiveDate, EmployeeId)>,
}

impl Waiting {
    fn new(officer: &str, now: DateTime<Utc>) -> Self {
        let req = RequestId(format!("readings-{officer}-{}", now.timestamp_micros()));
        Self { req, since: now, days: BTreeMap::new(), last: None }
    }

    /// How long its line still waits. A clock that was set back makes nobody wait longer.
    fn left(&self, now: DateTime<Utc>) -> TimeDelta {
        let left = EVERY - (now - self.since);
        if left > EVERY { TimeDelta::zero() } else { left.max(TimeDelta::zero()) }
    }
}

/// What waits to be written, by officer.
pub(in crate::office) struct Readings {
    /// `None` where nothing may be written, and so nothing is counted.
    file: Option<PathBuf>,
    waiting: BTreeMap<String, Waiting>,
}

impl Readings {
    /// Takes up what the last one to close the office left behind.
    pub fn open(folder: &Path, read_only: bool, store: &Store) -> Result<Self, StoreError> {
        if read_only {
            return Ok(Self { file: None, waiting: BTreeMap::new() });
        }
        let file = folder.join(FILE);
        // What a kill left of the last close.
        let _ = fs::remove_file(file.with_extension("tmp"));
        let mut waiting = match load(&file) {
            Ok(waiting) => waiting,
            Err(error) => {
                tracing::warn!(kind = %error.kind(), "readings left waiting cannot be read");
                BTreeMap::new()
            }
        };
        let mut done = Vec::new();
        for (officer, one) in &waiting {
            if store.request(officer, &one.req)?.is_some() {
                done.push(officer.clone());
            }
        }
        for officer in &done {
            waiting.remove(officer);
        }
        Ok(Self { file: Some(file), waiting })
    }

    fn count(&mut self, asker: &Asker, day: NaiveDate, now: DateTime<Utc>, given: &Given) {
        if self.file.is_none() {
            return;
        }
        let officer = asker.officer.to_string();
        let waiting = match self.waiting.get_mut(&officer) {
            Some(waiting) => waiting,
            None => {
                self.waiting.entry(officer).or_insert_with(|| Waiting::new(&asker.officer, now))
            }
        };
        let reading = waiting.days.entry(day).or_insert_with(|| Reading::of(&asker.officer, day));
        reading.listed = reading.listed.saturating_add(given.rows);
        let mut people = given.people.iter().copied();
        match (people.next(), people.next()) {
            (None, _) => {}
            (Some(only), None) => {
                let this = Some((asker.sitting, day, only));
                if waiting.last != this {
                    waiting.last = this;
                    reading.read(only);
                }
            }
            (Some(_), Some(_)) => {
                waiting.last = None;
                given.people.iter().for_each(|person| reading.read(*person));
            }
        }
    }

    /// Leaves what waits for the next opening; no file where nothing does.
    fn keep(&self) {
        let Some(file) = &self.file else { return };
        if let Err(error) = put(file, &self.waiting) {
            tracing::warn!(kind = %error.kind(), "readings could not be left for the next opening");
        }
    }
}

fn load(file: &Path) -> io::Result<BTreeMap<String, Waiting>> {
    let mut text = String::new();
    match File::open(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        opened => opened?.take(BYTES_MAX).read_to_string(&mut text)?,
    };
    let mut waiting: BTreeMap<String, Waiting> = serde_json::from_str(&text)?;
    // As nothing else is taken from a file unchecked.
    for (officer, one) in &mut waiting {
        one.days.retain(|day, reading| {
            let sound = Record::from(reading.clone()).check().is_empty();
            sound && reading.officer == *officer && reading.day == Some(*day)
        });
    }
    waiting.retain(|_, one| !one.days.is_empty());
    Ok(waiting)
}

fn put(file: &Path, waiting: &BTreeMap<String, Waiting>) -> io::Result<()> {
    if waiting.is_empty() {
        return match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    if let Some(folder) = file.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let beside = file.with_extension("tmp");
    let mut out =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
    out.write_all(&serde_json::to_vec(waiting)?)?;
    out.sync_data()?;
    fs::rename(beside, file)
}

impl Office {
    /// Counts what an answer gives its asker.
    pub(in crate::office) fn count_reading(&mut self, asker: &Asker, given: &Given) {
        self.readings.count(asker, self.state.today, self.state.now, given);
    }

    /// How long until an officer's readings are to be written; `None` while none wait.
    pub(in crate::office) fn readings_due_in(&self) -> Option<Duration> {
        if self.readings.waiting.is_empty() || !self.may_write_readings() {
            return None;
        }
        let now = (self.clock)();
        let left = self.readings.waiting.values().map(|waiting| waiting.left(now)).min()?;
        left.max(self.settles_in(now)).to_std().ok()
    }

    /// How long the office is still just opened. A clock that was set back makes nobody wait.
    fn settles_in(&self, now: DateTime<Utc>) -> TimeDelta {
        let since = now - self.opened;
        if since < TimeDelta::zero() { since } else { SETTLES - since }.max(TimeDelta::zero())
    }

    fn may_write_readings(&self) -> bool {
        self.read_only.is_none() && self.may_tend()
    }

    /// Writes the readings of every officer who has waited long enough, with one sync.
    pub(in crate::office) fn write_readings(&mut self) {
        if self.settles_in(self.state.now).is_zero() {
            self.write_due_readings();
        }
    }

    fn write_due_readings(&mut self) {
        let now = self.state.now;
        let due = |waiting: &Waiting| waiting.left(now).is_zero();
        if !self.readings.waiting.values().any(due) || !self.may_write_readings() {
            return;
        }
        let officers: Vec<String> = self
            .readings
            .waiting
            .iter()
            .filter(|(_, waiting)| due(waiting))
            .map(|(officer, _)| officer.clone())
            .collect();
        let written = self.write_readings_of(&officers);
        for officer in &officers {
            // Tried again in ten minutes, not at once and again and again.
            if let Some(waiting) = self.readings.waiting.get_mut(officer) {
                waiting.since = now;
            }
        }
        if let Err(trouble) = written {
            // Nobody has asked; what closes the office is told to everybody all the same.
            let _ = self.answer_of(trouble);
        }
    }

    fn write_readings_of(&mut self, officers: &[String]) -> Result<(), Trouble> {
        if !room::is_there(&self.folder, 0) {
            return Err(crate::journal::JournalError::Full.into());
        }
        let mut plans = Vec::with_capacity(officers.len());
        for officer in officers {
            plans.push(self.plan_readings(officer)?);
        }
        // What is staged is committed and shown, whatever becomes of those after it.
        let mut staged = Vec::with_capacity(plans.len());
        let mut failed = None;
        for mut plan in plans {
            match self.stage(&mut plan) {
                Ok(line) => staged.push((plan, line)),
                Err(trouble) => {
                    failed = Some(trouble);
                    break;
                }
            }
        }
        self.journal.commit()?;
        for (plan, line) in staged {
            self.readings.waiting.remove(&*plan.rights.user);
            self.apply(plan, line);
        }
        failed.map_or(Ok(()), Err)
    }

    /// What an officer has read since, to be added to what stands of the same days.
    fn plan_readings(&mut self, officer: &str) -> Result<Plan, Trouble> {
        let waiting = self.readings.waiting.get(officer);
        let req = waiting.map(|waiting| waiting.req.clone()).unwrap_or_default();
        let mut changes = Vec::new();
        for reading in waiting.into_iter().flat_map(|waiting| waiting.days.values()) {
            let mut known = None;
            for key in reading.keys() {
                known = self.state.store.by_key(Kind::Readings, key.field, &key.text)?;
            }
            let number = known.unwrap_or_else(|| self.numbers.next(&self.state, Kind::Readings));
            let id = RecordId::new(Kind::Readings, number);
            let base = self.state.get(id)?.map_or(Revision(0), |stored| stored.rev);
            let after = Reading { adds: base.0 > 0, ..reading.clone() };
            changes.push(Change { id, base, after: Some(after.into()) });
        }
        let step = Step { req, via: Via::Office, why: String::new() };
        Ok(Plan {
            rights: Rights::whole(officer.into()),
            step,
            changes,
            undoes: None,
            erases: Vec::new(),
        })
    }

    /// At the close: what is due is written, the rest waits for the next opening.
    pub(in crate::office) fn leave_readings(&mut self) {
        self.state.set_now((self.clock)());
        self.write_due_readings();
        self.readings.keep();
    }
}
