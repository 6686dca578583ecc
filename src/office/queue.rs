//! Queue: the one way in which anything is written. Requests that wait together are
//! planned one after the other against what stands plus nothing that is pending: a
//! request that touches what an earlier one of the group touches closes the group. A
//! group is one write and one sync; then it is applied and everybody is answered.

use std::collections::HashSet;

use super::Office;
use super::asker::{Ask, Asker};
use super::label::Tally;
use super::plan::{Plan, Planner};
use super::trouble::Trouble;
use crate::domain::change::{CHANGES_MAX, Head, Place, RequestId};
use crate::domain::record::{NaturalKey, RecordId};
use crate::journal::{JournalError, NewEntry, Staged};
use crate::link::protocol::{Answer, Problem, Request, Saved, Ticket};
use crate::store::Applied;

/// What a group of entries touches or relies on.
#[derive(Default)]
struct Touched {
    ids: HashSet<RecordId>,
    keys: HashSet<NaturalKey>,
    /// The same request may come twice over two connections, and must find itself done.
    requests: HashSet<RequestId>,
}

impl Touched {
    fn of(plan: &Plan) -> Self {
        let mut touched = Self::default();
        if !plan.step.req.0.is_empty() {
            touched.requests.insert(plan.step.req.clone());
        }
        for change in &plan.changes {
            touched.ids.insert(change.id);
            if let Some(record) = &change.after {
                touched.ids.extend(record.references());
                touched.keys.extend(record.keys());
            }
        }
        touched
    }

    fn meets(&self, other: &Self) -> bool {
        !self.ids.is_disjoint(&other.ids)
            || !self.keys.is_disjoint(&other.keys)
            || !self.requests.is_disjoint(&other.requests)
    }

    fn join(&mut self, other: Self) {
        self.ids.extend(other.ids);
        self.keys.extend(other.keys);
        self.requests.extend(other.requests);
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
    pub(super) fn write(&mut self, asks: Vec<Ask>) -> Vec<(Ticket, Answer)> {
        let mut answers = Vec::with_capacity(asks.len());
        let mut group: Vec<Pending> = Vec::new();
        let mut touched = Touched::default();
        for Ask { asker, ticket, request } in asks {
            let mut planned = self.plan(&asker, &request);
            let alone = match &planned {
                Ok(plan) => {
                    plan.undoes.is_some()
                        || plan.changes.len() > CHANGES_MAX
                        || Touched::of(plan).meets(&touched)
                }
                // What was refused might stand once the group is committed.
                Err(_) => true,
            };
            if alone && !group.is_empty() {
                answers.extend(self.commit_group(std::mem::take(&mut group)));
                touched = Touched::default();
                planned = self.plan(&asker, &request);
            }
            let plan = match planned {
                Ok(plan) => plan,
                Err(trouble) => {
                    answers.push((ticket, self.answer_of(trouble)));
                    continue;
                }
            };
            if plan.changes.is_empty() || plan.changes.len() > CHANGES_MAX {
                let saved = self.commit(plan).map(Answer::Saved);
                answers.push((ticket, saved.unwrap_or_else(|trouble| self.answer_of(trouble))));
                continue;
            }
            touched.join(Touched::of(&plan));
            match self.stage(&plan) {
                Ok(staged) => group.push(Pending { ticket, staged, plan }),
                Err(trouble) => answers.push((ticket, self.answer_of(trouble))),
            }
        }
        if !group.is_empty() {
            answers.extend(self.commit_group(group));
        }
        answers
    }

    /// What a request would change.
    fn plan(&mut self, asker: &Asker, request: &Request) -> Result<Plan, Trouble> {
        let step = request.step().ok_or(Problem::NotFound)?;
        if let Some(seq) = self.state.store.request(&step.req)? {
            return Err(Trouble::Answer(self.repeated(seq)?));
        }
        self.may_write(asker)?;
        if self.import.is_some() {
            return Err(Problem::ImportRunning.into());
        }
        let step = step.clone();
        match request {
            Request::Undo { seq, .. } => return self.plan_undo(asker, step, *seq),
            Request::Redo { .. } => return self.plan_redo(asker, step),
            _ => {}
        }
        let mut planner = Planner { state: &self.state, numbers: &mut self.numbers };
        let changes = match request {
            Request::Save(save) => planner.save(save.drafts.clone()),
            Request::SetField { kind, ids, field, value, .. } => {
                planner.set_field(*kind, ids, field, value)
            }
            Request::Rate { ratings, .. } => planner.rate(ratings.clone()),
            Request::Enrol { session, employees, .. } => planner.enrol(*session, employees),
            Request::Unenrol { session, employees, .. } => planner.unenrol(*session, employees),
            Request::Attend { session, marks, .. } => planner.attend(*session, marks),
            Request::Delete { ids, .. } => planner.delete(ids),
            _ => Ok(Vec::new()),
        }?;
        Ok(Plan { by: asker.officer.clone(), step, changes, undoes: None })
    }

    /// The answer to a request that was carried out before.
    fn repeated(&mut self, seq: u64) -> Result<Answer, Trouble> {
        let places = self.journal.find(seq)?.unwrap_or_default();
        let Some(place) = places.last() else { return Err(Problem::NotFound.into()) };
        let line = self.journal.read(*place)?;
        let mut tally = Tally::default();
        self.each_part(&line, &mut |changes| {
            tally.add(changes);
            Ok(())
        })?;
        let summary = self.summary_of(&line)?;
        Ok(Answer::Saved(Saved { seq: Some(seq), ids: tally.ids, count: tally.count, summary }))
    }

    fn entry(&self, plan: &Plan) -> NewEntry {
        NewEntry {
            at: (self.clock)(),
            by: plan.by.to_string(),
            via: plan.step.via,
            req: plan.step.req.clone(),
            undoes: plan.undoes,
            why: plan.step.why.clone(),
            changes: Vec::new(),
        }
    }

    fn stage(&mut self, plan: &Plan) -> Result<Staged, Trouble> {
        let entry = NewEntry { changes: plan.changes.clone(), ..self.entry(plan) };
        Ok(self.journal.stage(&entry)?)
    }

    fn commit_group(&mut self, group: Vec<Pending>) -> Vec<(Ticket, Answer)> {
        let head = match self.journal.commit() {
            Ok(head) => head,
            Err(error) => {
                let answer = self.answer_of(error.into());
                return group.into_iter().map(|one| (one.ticket, answer.clone())).collect();
            }
        };
        let last = group.len();
        let mut answers = Vec::with_capacity(last);
        for (index, Pending { ticket, staged, plan }) in group.into_iter().enumerate() {
            // Only the group's last line stands at the head; the others are applied as far
            // as their own line, which the next one proves.
            let at = if index + 1 == last { head } else { self.head_at(staged) };
            let saved = self.apply(plan, staged.place, at);
            answers.push((ticket, saved.map_or_else(|t| self.answer_of(t), Answer::Saved)));
        }
        answers
    }

    /// The head with this line, read back from the journal.
    fn head_at(&self, staged: Staged) -> Head {
        self.journal.read(staged.place).map(|line| line.head()).unwrap_or_default()
    }

    /// Commits one plan of any size by itself.
    pub(super) fn commit(&mut self, plan: Plan) -> Result<Saved, Trouble> {
        if plan.changes.is_empty() {
            let summary = Tally::default().summary(plan.undoes, String::new());
            return Ok(Saved { seq: None, ids: Vec::new(), count: 0, summary });
        }
        if plan.changes.len() <= CHANGES_MAX {
            let staged = self.stage(&plan)?;
            let head = self.journal.commit()?;
            return self.apply(plan, staged.place, head);
        }
        let before = self.journal.head();
        self.journal.begin_batch(self.entry(&plan))?;
        for part in plan.changes.chunks(CHANGES_MAX) {
            if let Err(error) = self.journal.part(part) {
                self.journal.cancel_batch()?;
                return Err(error.into());
            }
        }
        self.journal.commit_batch()?;
        self.apply_large(before)
    }

    /// Shows a committed entry to everybody.
    fn apply(&mut self, plan: Plan, place: Place, head: Head) -> Result<Saved, Trouble> {
        let Plan { step, changes, undoes, .. } = plan;
        let seq = head.seq;
        let mut tally = Tally::default();
        tally.add(&changes);
        let only = (tally.count == 1).then(|| changes[0].clone());
        let deleted = match &only {
            Some(change) if change.after.is_none() => self.state.get(change.id)?,
            _ => None,
        };
        let applied = Applied { head, place, seq, req: &step.req, changes: &changes, lists: &[] };
        if let Err(error) = self.state.apply(applied) {
            // The entry is on the disk; the store is made anew from it.
            tracing::warn!(%error, "the store failed on a committed entry");
            self.rebuild_store()?;
        }
        let named = only.and_then(|change| change.after).or(deleted.map(|stored| stored.record));
        let label = named.map_or_else(String::new, |record| self.state.label(&record));
        let mut summary = tally.summary(undoes, label);
        summary.via = Some(step.via);
        if let Some(target) = undoes {
            summary.redo = self.is_undo(target)?;
        }
        self.noted(seq, &tally.ids, tally.count);
        self.unflushed += 1;
        if self.unflushed >= super::FLUSH_EVERY {
            self.unflushed = 0;
            self.state.store.flush()?;
        }
        Ok(Saved { seq: Some(seq), ids: tally.ids, count: tally.count, summary })
    }

    /// Shows a large entry, committed after `before`, to everybody.
    pub(super) fn apply_large(&mut self, before: Head) -> Result<Saved, Trouble> {
        let loaded = super::open::load(
            &mut self.state.store,
            &self.journal,
            Some(before),
            &mut |_, _, _| {},
        );
        if let Err(error) = loaded {
            tracing::warn!(%error, "the store failed on a committed large entry");
            self.rebuild_store()?;
        } else {
            self.state.load_catalog()?;
            self.state.load_roster()?;
        }
        let seq = self.journal.head().seq;
        let Answer::Saved(saved) = self.repeated(seq)? else {
            return Err(Trouble::Journal(JournalError::NotHere));
        };
        self.noted(seq, &saved.ids, saved.count);
        Ok(saved)
    }
}
