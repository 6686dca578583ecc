//! Import: rows in, one entry out. Good rows wait in memory while they are few; beyond
//! that they go to the journal as parts that mean nothing until the commit line stands,
//! so memory stays bounded and a crash leaves no half import. One step to undo.

use std::time::{Duration, Instant};

use crate::domain::belongs::Writers;
use crate::domain::change::{CHANGES_MAX, Change, Via};
use crate::domain::intake::{CHUNK_ROWS, IntakeRow};
use crate::domain::record::Kind;
use crate::journal::JournalError;
use crate::office::Office;
use crate::office::asker::Asker;
use crate::office::rights::Rights;
use crate::office::rights::permit::Wanted;
use crate::office::trouble::Trouble;
use crate::office::write::intake::Matching;
use crate::office::write::large::Large;
use crate::office::write::plan::{Plan, Planner};
use crate::office::write::queue::seen_reason;
use crate::protocol::{
    Answer, ImportStart, Imported, Needs, Problem, RowVerdict, Saved, Step, Verdict,
};

/// Others cannot save during an import: one that nobody goes on with for this long, since
/// its program hangs or means harm, gives way to whoever wants to.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// An import under way.
pub(in crate::office) struct Import {
    /// Whose it is: only they go on with it.
    asker: Asker,
    /// When they last did.
    pub(in crate::office) heard: Instant,
    /// Theirs as long as it goes on: nothing else is saved meanwhile.
    rights: Rights,
    start: ImportStart,
    matching: Matching,
    counts: Imported,
    waiting: Vec<Change>,
    /// Once parts are being written.
    large: Option<Large>,
}

impl Import {
    fn plan(&self, changes: Vec<Change>) -> Plan {
        let step = Step { via: Via::Import, ..self.start.step.clone() };
        Plan { rights: self.rights.clone(), step, changes, undoes: None, erases: Vec::new() }
    }
}

impl Office {
    /// Begins; or says where it is saved if this very request was carried out before.
    pub(in crate::office) fn import_start(
        &mut self,
        asker: &Asker,
        rights: Rights,
        start: ImportStart,
    ) -> Result<Answer, Trouble> {
        if start.intake.def().kind.writers() == Writers::OfficeAdmins && !rights.is_whole() {
            return Err(rights.not_allowed(Needs::OfficeAdmin).into());
        }
        seen_reason(&start.step)?;
        if let Some(seq) = self.state.store.request(&asker.officer, &start.step.req)? {
            return Ok(Answer::Imported(Imported { seq: Some(seq), ..Imported::default() }));
        }
        self.no_import()?;
        if !start.dry_run {
            self.may_write(asker)?;
        }
        self.keep_up()?;
        let matching = Matching::new(start.intake.def(), &start.columns);
        self.import = Some(Import {
            asker: asker.clone(),
            heard: Instant::now(),
            rights,
            start,
            matching,
            counts: Imported::default(),
            waiting: Vec::new(),
            large: None,
        });
        Ok(Answer::Done)
    }

    pub(in crate::office) fn import_rows(
        &mut self,
        asker: &Asker,
        rows: Vec<IntakeRow>,
    ) -> Result<Vec<RowVerdict>, Trouble> {
        let mut import = self.import_of(asker)?;
        if rows.len() > CHUNK_ROWS {
            self.import = Some(import);
            return Err(Problem::TooMany { limit: CHUNK_ROWS as u32 }.into());
        }
        let taken = self.take_rows(&mut import, rows);
        import.heard = Instant::now();
        match taken {
            Ok(verdicts) => {
                self.import = Some(import);
                Ok(verdicts)
            }
            Err(trouble) => {
                // A part that cannot be written ends the import; nothing of it remains.
                self.drop_parts(&import);
                Err(trouble)
            }
        }
    }

    fn take_rows(
        &mut self,
        import: &mut Import,
        rows: Vec<IntakeRow>,
    ) -> Result<Vec<RowVerdict>, Trouble> {
        let mut verdicts = Vec::new();
        for IntakeRow { line, data } in rows {
            let rows_in_it = data.rows();
            let Self { state, numbers, .. } = &mut *self;
            let mut planner = Planner { state, rights: &import.rights, numbers };
            let taken = import.matching.take(&mut planner, line, data)?;
            let counts = &mut import.counts;
            let told = match &taken.verdict {
                Verdict::Refused(_) => {
                    counts.refused = counts.refused.saturating_add(rows_in_it);
                    true
                }
                Verdict::Added { .. } => {
                    counts.added = counts.added.saturating_add(rows_in_it);
                    true
                }
                Verdict::Changed { .. } => {
                    counts.changed = counts.changed.saturating_add(rows_in_it);
                    true
                }
                Verdict::Unchanged => {
                    counts.unchanged = counts.unchanged.saturating_add(rows_in_it);
                    false
                }
            };
            if !matches!(taken.verdict, Verdict::Refused(_)) {
                counts.accepted = counts.accepted.saturating_add(rows_in_it);
            }
            if told {
                let verdict = taken.verdict;
                verdicts.push(RowVerdict { line, verdict, warnings: Vec::new() });
            }
            if !import.start.dry_run {
                let Import { rights, matching, .. } = &*import;
                let wanted =
                    Wanted { changes: &taken.changes, made: matching.made(), taken_back: false };
                if let Err(stop) = self.state.permit(rights, &wanted) {
                    let rights = rights.clone();
                    return Err(self.stopped(&rights, stop));
                }
                import.waiting.extend(taken.changes);
                // A row makes a handful of changes at most: a full part never overflows.
                if import.waiting.len() > CHANGES_MAX - 50 {
                    self.write_part(import)?;
                }
            }
        }
        Ok(verdicts)
    }

    fn write_part(&mut self, import: &mut Import) -> Result<(), Trouble> {
        self.may_write(&import.asker)?;
        if import.large.is_none() {
            let entry = self.entry(&import.plan(Vec::new()));
            import.large = Some(Large::new(self.journal.head(), entry.at));
            self.journal.begin_batch(entry)?;
        }
        let large = import.large.as_mut().ok_or(JournalError::NoBatch)?;
        let place = self.journal.part(&import.waiting)?;
        large.note(&self.state, place, &import.waiting)?;
        import.waiting.clear();
        Ok(())
    }

    pub(in crate::office) fn import_finish(
        &mut self,
        asker: &Asker,
    ) -> Result<(Imported, Option<Saved>), Trouble> {
        let mut import = self.import_of(asker)?;
        let mut counts = std::mem::take(&mut import.counts);
        counts.warnings = import.matching.remarks(&self.state);
        if import.start.dry_run {
            return Ok((counts, None));
        }
        let saved = if import.large.is_some() {
            let finished = self.finish_parts(&mut import);
            if finished.is_err() {
                self.drop_parts(&import);
            }
            finished?
        } else {
            let changes = std::mem::take(&mut import.waiting);
            self.commit(import.plan(changes))?
        };
        counts.seq = saved.seq;
        Ok((counts, Some(saved)))
    }

    fn finish_parts(&mut self, import: &mut Import) -> Result<Saved, Trouble> {
        if !import.waiting.is_empty() {
            self.write_part(import)?;
        }
        self.journal.commit_batch()?;
        let large = import.large.take().ok_or(JournalError::NoBatch)?;
        Ok(self.apply_large(&import.plan(Vec::new()), large))
    }

    /// Refuses while an import goes on.
    pub(in crate::office) fn no_import(&mut self) -> Result<(), Problem> {
        let silent = |import: &Import| import.heard.elapsed() >= SILENCE_MAX;
        if self.import.as_ref().is_some_and(silent) {
            tracing::warn!("an import that nobody went on with is forgotten");
            self.import_cancel();
        }
        if self.import.is_some() { Err(Problem::ImportRunning) } else { Ok(()) }
    }

    /// The kind an import under way brings.
    pub(in crate::office) fn importing(&self) -> Option<Kind> {
        self.import.as_ref().map(|import| import.start.intake.def().kind)
    }

    /// Takes the import up that this asker began.
    fn import_of(&mut self, asker: &Asker) -> Result<Import, Trouble> {
        self.import.take_if(|import| import.asker == *asker).ok_or(Problem::NoImport.into())
    }

    /// Forgets the import this sitting began, if any.
    pub(in crate::office) fn import_cancel_of(&mut self, sitting: u64) {
        if self.import.as_ref().is_some_and(|import| import.asker.sitting == sitting) {
            self.import_cancel();
        }
    }

    pub(in crate::office) fn import_cancel(&mut self) {
        if let Some(import) = self.import.take() {
            self.drop_parts(&import);
        }
    }

    fn drop_parts(&mut self, import: &Import) {
        if import.large.is_some() {
            self.drop_batch();
        }
    }
}
