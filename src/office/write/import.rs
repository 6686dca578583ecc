//! Import: rows in, one entry out. Rows and what they would change wait outside the journal
//! (`scratch`), and nobody waits for them: an import holds nothing while its program talks.
//! When it is to be saved it is written in one go, and planned anew first if anything has
//! been saved meanwhile. One step to undo; a crash leaves nothing. One that only counts saves
//! nothing, and holds what it would change only where it is told whom that moves.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::domain::belongs::Writers;
use crate::domain::change::{CHANGES_MAX, Change, Via};
use crate::domain::intake::{CHUNK_ROWS, IntakeRow};
use crate::domain::record::Kind;
use crate::journal::{Elements, Journal, JournalError, room};
use crate::office::Office;
use crate::office::asker::Asker;
use crate::office::care::moves::Meant;
use crate::office::rights::Rights;
use crate::office::rights::permit::Wanted;
use crate::office::trouble::Trouble;
use crate::office::views::state::State;
use crate::office::write::intake::Matching;
use crate::office::write::plan::{Numbers, Plan, Planner, Stop};
use crate::office::write::scratch::Scratch;
use crate::protocol::{
    Answer, ImportStart, Imported, Needs, Problem, RowVerdict, Saved, Step, Verdict,
};
use crate::store::beside_or_here;

/// One that nobody goes on with for so long is forgotten, since its program hangs.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// One that has not come to its end after so long is forgotten, however busy it is.
const TIME_MAX: Duration = Duration::from_secs(30 * 60);
/// Under way at once: of one officer, and in all.
const OF_ONE_MAX: usize = 2;
const ALL_MAX: usize = 16;
/// The most one may hand over before it is saved: rows, what they only name, and bytes with
/// what they change.
const ROWS_MAX: u64 = 500_000;
const NAMED_MAX: usize = 50_000;
const BYTES_MAX: u64 = 256 << 20;
/// The most of what is made ready for the journal meanwhile, which holds the same in words with
/// digests: a thousand bytes for each row.
const LINES_MAX: u64 = 512 << 20;
/// Remarks an answer carries.
const REMARKS_MAX: usize = 10_000;

/// Imports under way, by sitting: only they go on with theirs.
#[derive(Default)]
pub(in crate::office) struct Imports(HashMap<u64, Import>);

/// An import under way.
struct Import {
    asker: Asker,
    began: Instant,
    /// When they last went on with it.
    heard: Instant,
    start: ImportStart,
    /// What the office was when it was planned; another one it was planned against in part.
    version: u64,
    overtaken: bool,
    handed: Scratch,
    rows_count: u64,
    planned: Planned,
}

/// How many bytes an import has waiting.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::office) struct Waiting {
    /// As it was handed over.
    pub handed: u64,
    /// What that changes.
    pub parts: u64,
    /// The same as the journal is to hold it.
    pub lines: u64,
}

impl Waiting {
    pub fn is_too_much(self) -> bool {
        self.handed + self.parts > BYTES_MAX || self.lines > LINES_MAX
    }

    /// What is still to be written of it: roughly, until its lines are made.
    pub fn to_be_written(self) -> u64 {
        self.lines.max(self.handed + self.parts)
    }
}

/// What its program hands over; written from rows that are still needed, and read as one's own.
#[derive(Serialize, Deserialize)]
enum Handed<Rows = Vec<IntakeRow>> {
    Columns(Vec<String>),
    Rows(Rows),
}

/// What the rows come to.
struct Planned {
    matching: Matching,
    counts: Imported,
    waiting: Vec<Change>,
    /// Full lines of the journal before those.
    parts: Scratch,
    /// The same as the journal will hold them, but for the last of them.
    lines: Scratch,
    last: Vec<Vec<Change>>,
    /// Whom it would move is told before it is saved.
    tells_moves: bool,
}

impl Planned {
    fn new(start: &ImportStart) -> Self {
        Self {
            matching: Matching::new(start.intake.def(), &start.columns),
            counts: Imported::default(),
            waiting: Vec::new(),
            parts: Scratch::default(),
            lines: Scratch::default(),
            last: Vec::new(),
            tells_moves: start.intake.def().kind.moves_people(),
        }
    }

    #[allow(clippy::too_many_arguments, reason = "what an office plans with, and the rows")]
    fn take(
        &mut self,
        state: &State,
        numbers: &mut Numbers,
        rights: &Rights,
        folder: &Path,
        dry_run: bool,
        rows: Vec<IntakeRow>,
        told: &mut dyn FnMut(RowVerdict),
    ) -> Result<Result<(), Stop>, Trouble> {
        for IntakeRow { line, data } in rows {
            let rows_in_it = data.rows();
            let mut planner = Planner { state, rights, numbers };
            let taken = self.matching.take(&mut planner, line, data)?;
            self.count(&taken.verdict, rows_in_it);
            if taken.verdict != Verdict::Unchanged {
                told(RowVerdict { line, verdict: taken.verdict, warnings: Vec::new() });
            }
            if dry_run && !self.tells_moves {
                continue;
            }
            let (made, changes) = (self.matching.made(), &taken.changes);
            if let Err(stop) = state.permit(rights, &Wanted { changes, made, taken_back: false }) {
                return Ok(Err(stop));
            }
            self.waiting.extend(taken.changes);
            // A row makes a handful of changes at most: a full line never overflows.
            if self.waiting.len() > CHANGES_MAX - 50 {
                self.parts.push(folder, &self.waiting)?;
                let full = std::mem::take(&mut self.waiting);
                if !dry_run {
                    self.last.push(full);
                }
            }
        }
        Ok(Ok(()))
    }

    fn count(&mut self, verdict: &Verdict, rows: u32) {
        let counts = &mut self.counts;
        let count = match verdict {
            Verdict::Refused(_) => &mut counts.refused,
            Verdict::Added { .. } => &mut counts.added,
            Verdict::Changed { .. } => &mut counts.changed,
            Verdict::Unchanged => &mut counts.unchanged,
        };
        *count = count.saturating_add(rows);
        if !matches!(verdict, Verdict::Refused(_)) {
            counts.accepted = counts.accepted.saturating_add(rows);
        }
    }
}

impl Import {
    fn waiting(&self) -> Waiting {
        let Planned { parts, lines, .. } = &self.planned;
        let handed = self.handed.length();
        Waiting { handed, parts: parts.length(), lines: lines.length() }
    }
}

impl Imports {
    pub fn forget_old(&mut self) {
        self.0.retain(|_, import| {
            let old = import.heard.elapsed() >= SILENCE_MAX || import.began.elapsed() >= TIME_MAX;
            if old {
                tracing::warn!("an import that did not come to its end is forgotten");
            }
            !old
        });
    }

    pub fn left(&mut self, sitting: u64) {
        self.0.remove(&sitting);
    }

    /// As if the disk had a byte wrong of what waits of an import: as handed over, as it is to be
    /// shown, or as the journal is to hold it; that far from the end of what the disk has.
    #[cfg(test)]
    pub fn flip(&self, which: usize, from_end: u64) -> std::io::Result<()> {
        let mut imports = self.0.values();
        imports.try_for_each(|Import { handed, planned, .. }| {
            let waiting = [handed, &planned.parts, &planned.lines][which];
            waiting.flip(waiting.in_file().saturating_sub(from_end))
        })
    }

    /// Of each.
    #[cfg(test)]
    pub fn waiting(&self) -> Vec<Waiting> {
        self.0.values().map(Import::waiting).collect()
    }

    /// As if its last word had come so much earlier, and its first.
    #[cfg(test)]
    pub fn age(&mut self, silence: Duration, time: Duration) {
        for import in self.0.values_mut() {
            import.heard = import.heard.checked_sub(silence).unwrap_or(import.heard);
            import.began = import.began.checked_sub(time).unwrap_or(import.began);
        }
    }
}

impl Office {
    /// Begins; or says where it is saved if this very request was carried out before.
    pub(in crate::office) fn import_start(
        &mut self,
        asker: &Asker,
        rights: &Rights,
        start: ImportStart,
    ) -> Result<Answer, Trouble> {
        start.step.check()?;
        if start.intake.def().kind.writers() == Writers::OfficeAdmins && !rights.is_whole() {
            return Err(rights.not_allowed(Needs::OfficeAdmin).into());
        }
        if let Some(seq) = self.state.store.request(&asker.officer, &start.step.req)? {
            return Ok(Answer::Imported(Imported { seq: Some(seq), ..Imported::default() }));
        }
        self.imports.forget_old();
        let all = &self.imports.0;
        let theirs = || all.values().filter(|import| import.asker.officer == asker.officer);
        // Asked again over another line, this very one may be about to be saved.
        let same = theirs().any(|import| import.start.step.req == start.step.req);
        if same
            || all.contains_key(&asker.sitting)
            || theirs().count() >= OF_ONE_MAX
            || all.len() >= ALL_MAX
        {
            return Err(Problem::ImportRunning.into());
        }
        if !start.dry_run {
            self.may_write(asker)?;
        }
        self.keep_up()?;
        let (now, planned) = (Instant::now(), Planned::new(&start));
        let import = Import {
            asker: asker.clone(),
            began: now,
            heard: now,
            start,
            version: self.state.version,
            overtaken: false,
            handed: Scratch::default(),
            rows_count: 0,
            planned,
        };
        self.imports.0.insert(asker.sitting, import);
        Ok(Answer::Done)
    }

    /// What columns the rows from here on have: each sheet of a workbook has its own.
    pub(in crate::office) fn import_columns(
        &mut self,
        asker: &Asker,
        columns: Vec<String>,
    ) -> Result<Answer, Trouble> {
        let mut import = self.import_of(asker)?;
        import.planned.matching.has_columns(&columns);
        if !import.start.dry_run {
            import.handed.push(&self.folder, &<Handed>::Columns(columns))?;
        }
        import.heard = Instant::now();
        self.imports.0.insert(asker.sitting, import);
        Ok(Answer::Done)
    }

    /// The next rows. What goes wrong ends the import; nothing of it remains.
    pub(in crate::office) fn import_rows(
        &mut self,
        asker: &Asker,
        rights: &Rights,
        rows: Vec<IntakeRow>,
    ) -> Result<Vec<RowVerdict>, Trouble> {
        let mut import = self.import_of(asker)?;
        if rows.len() > CHUNK_ROWS {
            self.imports.0.insert(asker.sitting, import);
            return Err(Problem::TooMany { limit: CHUNK_ROWS as u32 }.into());
        }
        import.rows_count += rows.len() as u64;
        if import.rows_count > ROWS_MAX {
            return Err(Problem::TooMany { limit: ROWS_MAX as u32 }.into());
        }
        if import.version != self.state.version {
            import.version = self.state.version;
            import.overtaken = true;
            import.planned.matching.refresh(&self.state);
        }
        if !import.start.dry_run {
            self.has_quota(&rights.user, import.waiting().to_be_written())?;
            import.handed.push(&self.folder, &Handed::Rows(&rows))?;
        }
        let mut verdicts = Vec::new();
        let dry = import.start.dry_run;
        self.plan_rows(rights, &mut import.planned, dry, rows, &mut |verdict| {
            verdicts.push(verdict);
        })?;
        let waiting = import.waiting();
        if import.planned.matching.named() > NAMED_MAX {
            return Err(Problem::TooMany { limit: NAMED_MAX as u32 }.into());
        }
        if waiting.is_too_much() {
            return Err(Problem::TooMany { limit: ROWS_MAX as u32 }.into());
        }
        if !room::is_there(&self.folder, waiting.to_be_written()) {
            return Err(JournalError::Full.into());
        }
        import.heard = Instant::now();
        self.imports.0.insert(asker.sitting, import);
        Ok(verdicts)
    }

    /// Plans rows; full lines of those before them are made ready for the journal beside.
    fn plan_rows(
        &mut self,
        rights: &Rights,
        so_far: &mut Planned,
        dry_run: bool,
        rows: Vec<IntakeRow>,
        told: &mut dyn FnMut(RowVerdict),
    ) -> Result<(), Trouble> {
        let Self { state, numbers, folder, journal, .. } = &mut *self;
        let full = std::mem::take(&mut so_far.last);
        let mut lines = std::mem::take(&mut so_far.lines);
        let ready = || {
            let mut parts = full.iter();
            parts.try_for_each(|part| lines.push(folder, &journal.elements(part)?))
        };
        let plan = || so_far.take(state, numbers, rights, folder, dry_run, rows, told);
        let (ready, planned) =
            if full.is_empty() { (Ok(()), plan()) } else { beside_or_here(ready, plan) };
        so_far.lines = lines;
        ready?;
        planned?.map_err(|stop| self.stopped(rights, stop))
    }

    pub(in crate::office) fn import_finish(
        &mut self,
        asker: &Asker,
        rights: &Rights,
    ) -> Result<Imported, Trouble> {
        let mut import = self.import_of(asker)?;
        let dry_run = import.start.dry_run;
        if !dry_run {
            if let Some(seq) = self.state.store.request(&asker.officer, &import.start.step.req)? {
                return Ok(Imported { seq: Some(seq), ..Imported::default() });
            }
            self.may_write(asker)?;
            self.keep_up()?;
            if import.overtaken || import.version != self.state.version {
                self.plan_anew(rights, &mut import)?;
            }
        }
        let planned = &mut import.planned;
        let mut counts = std::mem::take(&mut planned.counts);
        counts.warnings = planned.matching.remarks(&self.state);
        counts.warnings.truncate(REMARKS_MAX);
        counts.gathered = planned.matching.gathered();
        if !dry_run {
            let waiting = Waiting { handed: 0, ..import.waiting() };
            self.has_quota(&rights.user, waiting.to_be_written())?;
            let step = Step { via: Via::Import, ..import.start.step };
            counts.seq = self.save_planned(rights, step, &mut import.planned)?.seq;
        }
        Ok(counts)
    }

    /// What the rows handed over so far would change, to be read beside the office.
    pub(in crate::office) fn imported_so_far(&mut self, asker: &Asker) -> Result<Meant, Trouble> {
        let mut import = self.import_of(asker)?;
        let parts = import.planned.parts.freeze()?;
        let meant = Meant { parts, rest: import.planned.waiting.clone() };
        import.heard = Instant::now();
        self.imports.0.insert(asker.sitting, import);
        Ok(meant)
    }

    /// The kind their import under way brings.
    pub(in crate::office) fn importing(&self, asker: &Asker) -> Option<Kind> {
        self.imports.0.get(&asker.sitting).map(|import| import.start.intake.def().kind)
    }

    /// Something was saved since the rows came: what they come to now.
    fn plan_anew(&mut self, rights: &Rights, import: &mut Import) -> Result<(), Trouble> {
        let mut planned = Planned::new(&import.start);
        import.handed.each::<Handed>(&mut |handed| match handed {
            Handed::Columns(columns) => {
                planned.matching.has_columns(&columns);
                Ok(())
            }
            Handed::Rows(rows) => self.plan_rows(rights, &mut planned, false, rows, &mut |_| {}),
        })?;
        import.planned = planned;
        Ok(())
    }

    fn save_planned(
        &mut self,
        rights: &Rights,
        step: Step,
        planned: &mut Planned,
    ) -> Result<Saved, Trouble> {
        let changes = std::mem::take(&mut planned.waiting);
        let rights = rights.clone();
        if planned.parts.length() == 0 {
            return self.commit(Plan { rights, step, changes, undoes: None, erases: Vec::new() });
        }
        let none = Vec::new();
        let plan = Plan { rights, step, changes: none, undoes: None, erases: Vec::new() };
        let Planned { parts, lines, last, .. } = planned;
        let write = |journal: &mut Journal| {
            let mut places = Vec::new();
            lines.each::<Elements>(&mut |line| {
                places.push(journal.part_of(&line)?);
                Ok(())
            })?;
            for part in last.iter().chain([&changes]).filter(|part| !part.is_empty()) {
                places.push(journal.part(part)?);
            }
            Ok(places)
        };
        let large = self.write_large(self.entry(&plan), write, |note| {
            parts.each::<Vec<Change>>(&mut |part| note(&part))?;
            if changes.is_empty() { Ok(()) } else { note(&changes) }
        })?;
        Ok(self.apply_large(&plan, large))
    }

    /// Takes the import up that this sitting began.
    fn import_of(&mut self, asker: &Asker) -> Result<Import, Trouble> {
        self.imports.forget_old();
        let import = self.imports.0.remove(&asker.sitting);
        Ok(import.filter(|import| import.asker == *asker).ok_or(Problem::NoImport)?)
    }
}
