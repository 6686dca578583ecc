//! Queue: the one way in which anything is written. Requests that wait together are
//! planned one after the other against what stands plus nothing that is pending: a
//! request that writes what an earlier one of the group relies on, or the other way round,
//! closes the group. A group is one write and one sync; then everybody is answered. It is
//! shown before anything else is planned or read: whoever saves need not wait for that.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use crate::domain::belongs::Owner;
use crate::domain::change::{CHANGES_MAX, Change, RequestId, Via};
use crate::domain::record::{NaturalKey, RecordId};
use crate::journal::{Journal, JournalError, NewEntry, Staged};
use crate::office::asker::{Ask, Asker};
use crate::office::read::label::ActTally;
use crate::office::read::survey::Seen;
use crate::office::rights::Rights;
use crate::office::rights::leaving::AskedFor;
use crate::office::rights::places::Footprint;
use crate::office::trouble::Trouble;
use crate::office::views::state::tells_rights;
use crate::office::write::plan::{Plan, Planner, Stop};
use crate::office::{Office, OpenError};
use crate::protocol::{Answer, Problem, Request, Saved, Step, Summary, Ticket};
use crate::store::Applied;

/// Parts of a large entry that wait to be written: one more is being noted.
const WAITING_MAX: usize = 1;

/// What a group of entries writes and relies on.
#[derive(Default)]
struct GroupTouches {
    writes: HashSet<RecordId>,
    /// Referred to: any number may rely on a record that nobody writes.
    relies_on: HashSet<RecordId>,
    keys: HashSet<NaturalKey>,
    requests: HashSet<(Arc<str>, RequestId)>,
    /// Whether units are moved: two moves may make a loop together.
    units: bool,
    /// Whether who may do what may be otherwise afterwards.
    rights: bool,
}

impl GroupTouches {
    fn of(plan: &Plan) -> Self {
        let mut touched = Self::default();
        touched.requests.insert((Arc::clone(&plan.rights.user), plan.step.req.clone()));
        for change in &plan.changes {
            touched.writes.insert(change.id);
            touched.units |= change.id.kind.belongs() == Owner::Unit;
            touched.rights |= tells_rights(change.id.kind);
            if let Some(record) = &change.after {
                touched.relies_on.extend(record.references());
                touched.keys.extend(record.keys());
            }
        }
        touched
    }

    /// Whether this cannot be planned before what is pending stands.
    fn meets(&self, other: &Self) -> bool {
        other.rights
            || !self.writes.is_disjoint(&other.writes)
            || !self.writes.is_disjoint(&other.relies_on)
            || !self.relies_on.is_disjoint(&other.writes)
            || !self.keys.is_disjoint(&other.keys)
            || !self.requests.is_disjoint(&other.requests)
            || (self.units && other.units)
    }

    fn join(&mut self, other: Self) {
        self.writes.extend(other.writes);
        self.relies_on.extend(other.relies_on);
        self.keys.extend(other.keys);
        self.requests.extend(other.requests);
        self.units |= other.units;
        self.rights |= other.rights;
    }
}

/// An entry staged for the next commit.
struct Pending {
    ticket: Ticket,
    staged: Staged,
    plan: Plan,
}

impl Office {
    /// Carries out writes that waited together, in their order.
    pub(in crate::office) fn write(&mut self, asks: Vec<Ask>) -> Vec<(Ticket, Answer)> {
        let mut answers = Vec::with_capacity(asks.len());
        let mut group: Vec<Pending> = Vec::new();
        let mut touched = GroupTouches::default();
        let mut asks = asks.into_iter();
        while let Some(Ask { asker, ticket, request }) = asks.next() {
            let asked = AskedFor::of(&request);
            let mut planned = self.plan_mended(&asker, &request);
            // Whoever writes by themselves touches nobody.
            let shares = !group.is_empty() || asks.len() > 0;
            let reached = |planned: &Result<Plan, Trouble>| {
                planned.as_ref().ok().filter(|_| shares).map(GroupTouches::of)
            };
            let mut reach = reached(&planned);
            let alone = match &planned {
                Ok(plan) => {
                    plan.undoes.is_some()
                        // What changes nothing now may well change what is pending.
                        || plan.changes.is_empty()
                        || plan.changes.len() > CHANGES_MAX
                        || reach.as_ref().is_some_and(|reach| reach.meets(&touched))
                }
                // What was refused might stand once the group is committed.
                Err(_) => true,
            };
            if alone && !group.is_empty() {
                answers.extend(self.commit_group(std::mem::take(&mut group)));
                touched = GroupTouches::default();
                planned = self.plan_mended(&asker, &request);
                reach = reached(&planned);
            }
            let mut plan = match planned {
                Ok(plan) => plan,
                Err(trouble) => {
                    let answer = self.answer_of(trouble);
                    answers.push((ticket, self.leave(&asker, &asked, answer)));
                    continue;
                }
            };
            if plan.changes.is_empty() || plan.changes.len() > CHANGES_MAX {
                let saved = self.commit(plan).map(Answer::Saved);
                answers.push((ticket, saved.unwrap_or_else(|trouble| self.answer_of(trouble))));
                continue;
            }
            if let Some(reach) = reach {
                touched.join(reach);
            }
            match self.stage(&mut plan) {
                Ok(staged) => group.push(Pending { ticket, staged, plan }),
                Err(trouble) => answers.push((ticket, self.answer_of(trouble))),
            }
        }
        if !group.is_empty() {
            answers.extend(self.commit_group(group));
        }
        answers
    }

    /// Plans; on a store made anew if the one at hand fails.
    fn plan_mended(&mut self, asker: &Asker, request: &Request) -> Result<Plan, Trouble> {
        self.show();
        match self.plan(asker, request) {
            Err(Trouble::Store(error)) => {
                self.mend_store(&error)?;
                self.plan(asker, request)
            }
            planned => planned,
        }
    }

    /// What a request would change, if it may.
    fn plan(&mut self, asker: &Asker, request: &Request) -> Result<Plan, Trouble> {
        let plan = self.plan_of(asker, request)?;
        self.state.may_change(&plan.changes)?;
        self.sheets_may_change(&plan.changes)?;
        self.has_quota_for(&plan.rights.user, &plan.changes)?;
        Ok(plan)
    }

    fn plan_of(&mut self, asker: &Asker, request: &Request) -> Result<Plan, Trouble> {
        let step = request.step().ok_or(Problem::NotFound)?;
        step.check()?;
        let rights = self.rights(asker, request)?;
        if let Some(seq) = self.state.store.request(&asker.officer, &step.req)? {
            return Err(Trouble::Answer(Box::new(self.repeated(&rights, seq)?)));
        }
        self.may_write(asker)?;
        self.keep_up()?;
        let step = Step { via: step.via.of_person(), ..step.clone() };
        match request {
            Request::Undo { seq, .. } => return self.plan_undo(rights, step, *seq),
            Request::Redo { .. } => return self.plan_redo(rights, step),
            _ => {}
        }
        let mut planner =
            Planner { state: &self.state, rights: &rights, numbers: &mut self.numbers };
        let changes = match request {
            Request::Save(save) | Request::SaveAnyway(save) => planner.save(save.drafts.clone()),
            Request::SetField { kind, ids, field, value, .. } => {
                planner.set_field(*kind, ids, field, value)
            }
            Request::Rate { ratings, .. } => planner.rate(ratings.clone()),
            Request::Enrol { session, employees, .. }
            | Request::EnrolAnyway { session, employees, .. } => planner.enrol(*session, employees),
            Request::Unenrol { session, employees, .. } => planner.unenrol(*session, employees),
            Request::Attend { session, marks, .. } => planner.attend(*session, marks),
            Request::Assess { cycle, act, .. } => planner.assess(*cycle, act),
            Request::Delete { ids, .. } => planner.delete(ids),
            _ => Ok(Vec::new()),
        };
        let asks = matches!(request, Request::Save(_) | Request::Enrol { .. });
        let changes = changes.and_then(|changes| {
            if asks {
                planner.ask_for_seats(&changes)?;
            }
            Ok(changes)
        });
        match changes {
            Ok(changes) => Ok(Plan { rights, step, changes, undoes: None, erases: Vec::new() }),
            Err(why) => Err(self.stopped(&rights, why)),
        }
    }

    /// Why planning stopped, with what only the journal knows of a conflict: what the officer
    /// began from, and who wrote what stands. Of a record they never saw there is none.
    pub(in crate::office) fn stopped(&mut self, rights: &Rights, stop: Stop) -> Trouble {
        let (mut conflict, base) = match stop {
            Stop::Answer(answer) => return Trouble::Answer(answer),
            Stop::Store(error) => return Trouble::Store(error),
            Stop::Conflict(conflict, base) => (conflict, base),
        };
        if let Some(theirs) = &conflict.theirs {
            conflict.by = self.author(theirs.rev.0).unwrap_or_default();
        } else {
            match self.witnesses(rights, conflict.id) {
                Ok(true) => {}
                Ok(false) => return Problem::NotFound.into(),
                Err(trouble) => return trouble,
            }
        }
        conflict.base = self.as_of(conflict.id, base).ok().flatten();
        Trouble::Answer(Box::new(Answer::Conflict(conflict)))
    }

    /// The answer to a request that was carried out before; only to whoever asked it.
    pub(in crate::office) fn repeated(
        &mut self,
        rights: &Rights,
        seq: u64,
    ) -> Result<Answer, Trouble> {
        let line = self.journal.last_of(seq)?.ok_or(Problem::NotFound)?;
        if *line.header.by != *rights.user {
            return Err(Problem::NotFound.into());
        }
        // Counted once: then it is remembered.
        self.surveys.begin_whole();
        let whole = self.summary_of(rights, &line)?.unwrap_or_default();
        let summary = match self.summary_seen(rights, &line)? {
            Seen::Some(summary) => summary,
            Seen::Nothing | Seen::NotYet => Summary::default(),
        };
        let mut first = ActTally::default();
        first.add(&self.journal.first_of(seq)?.map_or_else(Vec::new, |part| part.changes));
        let count = whole.parts.iter().map(|(.., count)| count).sum();
        Ok(Answer::Saved(Saved { seq: Some(seq), ids: first.ids, count, summary }))
    }

    pub(in crate::office) fn entry(&self, plan: &Plan) -> NewEntry {
        NewEntry {
            at: (self.clock)(),
            by: plan.rights.user.to_string(),
            via: plan.step.via,
            req: plan.step.req.clone(),
            undoes: plan.undoes,
            why: plan.step.why.clone(),
            changes: Vec::new(),
            erases: plan.erases.clone(),
            reasons: Vec::new(),
        }
    }

    pub(in crate::office) fn stage(&mut self, plan: &mut Plan) -> Result<Staged, Trouble> {
        let changes = std::mem::take(&mut plan.changes);
        let entry = NewEntry { changes, ..self.entry(plan) };
        let staged = self.journal.stage(&entry);
        plan.changes = entry.changes;
        Ok(staged?)
    }

    fn commit_group(&mut self, group: Vec<Pending>) -> Vec<(Ticket, Answer)> {
        if let Err(error) = self.journal.commit() {
            let answer = self.answer_of(error.into());
            return group.into_iter().map(|one| (one.ticket, answer.clone())).collect();
        }
        let mut answers = Vec::with_capacity(group.len());
        for Pending { ticket, staged, plan } in group {
            answers.push((ticket, Answer::Saved(self.saved(&plan, staged.seq))));
            self.unshown.push((plan, staged));
        }
        answers
    }

    /// Commits one plan of any size by itself.
    pub(in crate::office) fn commit(&mut self, mut plan: Plan) -> Result<Saved, Trouble> {
        if plan.changes.is_empty() && plan.erases.is_empty() {
            let summary = ActTally::default().summary(plan.undoes, String::new());
            return Ok(Saved { seq: None, ids: Vec::new(), count: 0, summary });
        }
        if plan.changes.len() <= CHANGES_MAX {
            let staged = self.stage(&mut plan)?;
            self.journal.commit()?;
            return Ok(self.apply(plan, staged));
        }
        let mut changes = std::mem::take(&mut plan.changes).into_iter();
        let (hand, handed) = sync_channel::<Arc<Vec<Change>>>(WAITING_MAX);
        let write = move |journal: &mut Journal| {
            handed.into_iter().map(|part| Ok(journal.part(&part)?)).collect()
        };
        let large = self.write_large(self.entry(&plan), write, move |note| {
            while changes.len() > 0 {
                let part = Arc::new(changes.by_ref().take(CHANGES_MAX).collect::<Vec<_>>());
                // Nobody takes it who has failed.
                hand.send(Arc::clone(&part)).map_err(|_| JournalError::NoBatch)?;
                note(&part)?;
            }
            Ok(())
        })?;
        Ok(self.apply_large(&plan, large))
    }

    /// Shows a committed entry at once, and what is answered of it.
    pub(in crate::office) fn apply(&mut self, plan: Plan, staged: Staged) -> Saved {
        let saved = self.saved(&plan, staged.seq);
        self.show_entry(plan, staged);
        saved
    }

    /// What is answered of an entry that is about to be shown.
    fn saved(&self, plan: &Plan, seq: u64) -> Saved {
        let Plan { rights, step, changes, undoes, erases } = plan;
        let mut tally = ActTally::default();
        tally.add(changes);
        let label = match &**changes {
            [Change { after: Some(record), .. }] => self.state.label(rights, record),
            [Change { id, after: None, .. }] => {
                let deleted = self.state.get(*id).ok().flatten();
                deleted.map_or_else(String::new, |stored| self.state.label(rights, &stored.record))
            }
            _ => String::new(),
        };
        let mut summary = tally.summary(*undoes, label);
        summary.via = Some(step.via);
        summary.erases = erases.len() as u32;
        if let Some(target) = undoes {
            summary.redo = self.is_undo(*target).unwrap_or_default();
        }
        Saved { seq: Some(seq), ids: tally.ids, count: tally.count, summary }
    }

    /// Shows what has been answered and is not shown yet.
    pub fn show(&mut self) {
        for (plan, staged) in std::mem::take(&mut self.unshown) {
            self.show_entry(plan, staged);
        }
    }

    /// Whether there is any of that.
    pub fn has_to_show(&self) -> bool {
        !self.unshown.is_empty()
    }

    /// Shows a committed entry to everybody. It is saved whatever becomes of the store: one
    /// that fails on it is made anew, now or before the next request.
    fn show_entry(&mut self, plan: Plan, staged: Staged) {
        let Plan { rights, step, changes, erases, .. } = plan;
        let Staged { seq, at, place, head } = staged;
        if step.via != Via::Office {
            self.has_written(&rights.user, head.end.offset.saturating_sub(place.offset));
        }
        let mut footprint = Footprint::default();
        if let Err(error) = footprint.add(&self.state, &changes) {
            self.store_failed(&error.into());
        }
        let (by, req, lists) = (&*rights.user, &step.req, &[][..]);
        let applied = Applied { head, place, seq, by, req, changes: &changes, lists };
        if let Some(left) = &mut self.state.left {
            left.line(at, &changes, &erases);
        }
        if let Err(error) = self.state.apply(applied) {
            // The entry is on the disk; the store is made anew from it.
            self.store_failed(&error.into());
        }
        // What the office counts by itself is news to nobody.
        if step.via != Via::Office {
            self.noted(seq, footprint);
        }
        self.unflushed += 1;
        if self.unflushed >= crate::office::FLUSH_EVERY {
            self.unflushed = 0;
            if let Err(error) = self.state.store.flush() {
                self.store_failed(&error.into());
            }
            self.leave_proven(false);
        }
    }

    pub(in crate::office) fn store_failed(&mut self, error: &OpenError) {
        tracing::warn!(%error, "the store failed on a committed entry");
        self.behind = true;
        if self.keep_up().is_err() {
            tracing::error!("the store could not be made anew yet");
        }
    }
}
