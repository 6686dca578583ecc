//! Erasing (UU 27/2022): a person becomes a pseudonym by one ordinary entry, and then all
//! that earlier entries say of them is taken out of the journal, the store, and the drafts in
//! the data folder. Cut short anywhere, it is finished by the next opening: the entry itself
//! says whose values go. Who may ask for it is decided elsewhere.

use std::collections::HashSet;
use std::path::Path;

use crate::domain::belongs::Owner;
use crate::domain::change::Change;
use crate::domain::fault::{Fault, Reason};
use crate::domain::pseudonym::{may_be_erased, pseudonymised};
use crate::domain::record::{EmployeeId, Record, RecordId, Revision};
use crate::journal::{Journal, JournalError, NewEntry, room};
use crate::office::Office;
use crate::office::asker::Asker;
use crate::office::care::open::HearsOpening;
use crate::office::care::traces;
use crate::office::rights::Rights;
use crate::office::rights::places::News;
use crate::office::trouble::Trouble;
use crate::office::write::plan::{Plan, Planner};
use crate::protocol::{Answer, ERASE_MAX, Notice, Problem, Request, Saved, Work};
use crate::store;

impl Office {
    /// Carries out an erasure by itself: nothing else is written or read meanwhile.
    pub(in crate::office) fn erase(
        &mut self,
        asker: &Asker,
        request: Request,
        progress: HearsOpening,
    ) -> Result<Answer, Trouble> {
        let rights = self.rights(asker, &request)?;
        let step = request.step().cloned().ok_or(Problem::NotFound)?;
        step.check()?;
        if let Some(seq) = self.state.store.request(&asker.officer, &step.req)? {
            return self.repeated(&rights, seq);
        }
        self.may_write(asker)?;
        self.keep_up()?;
        let (people, reason) = match request {
            Request::Erase { people, .. } => (people, None),
            Request::EraseReason { seq, .. } => (Vec::new(), Some(seq)),
            _ => return Err(Problem::NotFound.into()),
        };
        if people.len() > ERASE_MAX {
            return Err(Problem::TooMany { limit: ERASE_MAX as u32 }.into());
        }
        let (changes, erases) = self.plan_erasure(&rights, &people)?;
        match reason {
            Some(seq) => self.has_reason(seq)?,
            None if erases.is_empty() => return Err(Problem::NotFound.into()),
            None => {}
        }
        if !room::is_there(&self.folder, room_for(&self.journal)) {
            return Err(JournalError::Full.into());
        }
        self.call_off();
        let before = self.journal.head().seq;
        self.journal.begin_erasure()?;
        let plan = Plan { rights, step, changes, undoes: None, erases };
        let saved = match reason {
            Some(seq) => self.commit_without_reason(plan, seq),
            None => self.commit(plan),
        };
        if self.journal.head().seq == before {
            // Where the entry may be there after all, the mark is for the next opening.
            if !matches!(saved, Err(Trouble::Journal(JournalError::Unsure))) {
                end(&mut self.journal);
            }
            return saved.map(Answer::Saved);
        }
        self.erased = self.journal.head().seq;
        match self.finish_erasure(progress) {
            Ok(()) => {
                // A screen may still show what earlier entries said.
                let (seq, ids) = (self.erased, Vec::new());
                self.news.push(News::to_all(Notice::Changed { seq, ids, many: true }));
                saved.map(Answer::Saved)
            }
            Err(trouble) => {
                let why = match self.answer_of(trouble) {
                    Answer::Refused(problem) => problem,
                    _ => Problem::NotFound,
                };
                Err(Problem::ErasureUnfinished(Box::new(why)).into())
            }
        }
    }

    /// Whether a step gives a reason that can be taken out.
    fn has_reason(&self, seq: u64) -> Result<(), Trouble> {
        let line = self.journal.last_of(seq)?.ok_or(Problem::NoSuchStep { seq })?;
        if line.why.is_empty() { Err(Problem::NoReason { seq }.into()) } else { Ok(()) }
    }

    fn commit_without_reason(&mut self, plan: Plan, seq: u64) -> Result<Saved, Trouble> {
        let entry = NewEntry { reasons: vec![seq], ..self.entry(&plan) };
        let staged = self.journal.stage(&entry)?;
        self.journal.commit()?;
        let mut saved = self.apply(plan, staged);
        saved.summary.reason_of = Some(seq);
        Ok(saved)
    }

    /// Everything of these people as it stands from now on. All of it is written again, also
    /// what stays as it is: what earlier entries say of it goes.
    fn plan_erasure(
        &mut self,
        rights: &Rights,
        people: &[EmployeeId],
    ) -> Result<(Vec<Change>, Vec<EmployeeId>), Trouble> {
        let mut changes = Vec::new();
        let mut seen = HashSet::new();
        let mut erases = Vec::new();
        for person in people.iter().copied().filter(|person| seen.insert(*person)) {
            let record = RecordId::from(person);
            let Some((rev, employee)) = self.state.employee(person)? else {
                // One who was deleted has a history all the same.
                if self.state.store.trail(record)?.is_empty() {
                    return Err(Problem::NotFound.into());
                }
                erases.push(person);
                continue;
            };
            if !may_be_erased(&employee) {
                let label = self.state.label_of(rights, record);
                return Err(Problem::StillActive { label }.into());
            }
            let mut put = |id: RecordId, base: Revision, now: Record| {
                let after = pseudonymised(person, &now).ok_or(Problem::NotFound)?;
                changes.push(Change { id, base, after: Some(after) });
                Ok::<(), Problem>(())
            };
            put(record, rev, employee.into())?;
            let pack = self.state.pack(person)?;
            for (id, rev, record) in &pack.rows {
                put(*id, *rev, record.clone())?;
            }
            erases.push(person);
        }
        self.check_numbers(rights, &changes)?;
        Ok((changes, erases))
    }

    /// The number of a pseudonym says nothing; somebody may have given it to a person.
    fn check_numbers(&mut self, rights: &Rights, changes: &[Change]) -> Result<(), Trouble> {
        let planner = Planner { state: &self.state, rights, numbers: &mut self.numbers };
        for change in changes.iter().filter(|change| change.id.kind.belongs() == Owner::Somebody) {
            for (record, key) in
                change.after.iter().flat_map(|r| r.keys().into_iter().map(move |key| (r, key)))
            {
                let holder = planner.holder(record, &key)?;
                if holder.is_some_and(|number| number != change.id.number) {
                    let fault = Fault::new(key.field, Reason::DuplicateNip);
                    return Err(Problem::Invalid(vec![(0, fault)]).into());
                }
            }
        }
        Ok(())
    }

    /// Takes out what goes and makes everything anew that was made of it.
    fn finish_erasure(&mut self, progress: HearsOpening) -> Result<(), Trouble> {
        let taken = take_out(&mut self.journal, &self.folder, progress);
        // Lines stand elsewhere now, and what was read of them earlier is not to be shown.
        self.last_line = None;
        self.summaries.clear();
        self.surveys.forget();
        self.stretches.forget();
        self.gone.clear();
        if let Err(trouble) = self.rebuild_store() {
            self.behind = true;
            return Err(trouble);
        }
        self.state.version += 1;
        taken?;
        store::remove_aside(&self.folder.join("store"))?;
        end(&mut self.journal);
        Ok(())
    }
}

/// Everything is gone. A mark that stays only has the next opening look through it again.
pub(in crate::office) fn end(journal: &mut Journal) {
    if let Err(error) = journal.end_erasure() {
        tracing::warn!(%error, "the mark of an erasure that is done could not be removed");
    }
}

/// Takes out of journal and drafts what the entries say must go. The journal's lines may
/// stand elsewhere afterwards, whatever the end.
pub(in crate::office) fn take_out(
    journal: &mut Journal,
    folder: &Path,
    progress: HearsOpening,
) -> Result<(), JournalError> {
    let mut traces = traces::Traces::default();
    let told = &mut |done, total| progress(Work::Erasing, done, total);
    let wanted = journal.erasable(&mut |change| traces.note(change), told)?;
    if !room::is_there(folder, room_for(journal)) {
        return Err(JournalError::Full);
    }
    // While the names to look for still stand in the journal.
    traces.remove_drafts(&folder.join("drafts"))?;
    journal.erase(wanted, &mut |done, total| progress(Work::Erasing, done, total))
}

/// What the disk has to hold besides: one segment twice, and a store that is about as large
/// as the journal.
fn room_for(journal: &Journal) -> u64 {
    let stamps = journal.stamps();
    let longest = stamps.iter().map(|stamp| stamp.len).max().unwrap_or(0);
    stamps.iter().map(|stamp| stamp.len).sum::<u64>().saturating_add(longest)
}
