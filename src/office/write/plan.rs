//! Plan: what a write request would change, checked field by field and against what
//! stands now. Nothing is written here: a plan is either the changes to commit, or the
//! answer that says why not. Every base revision comes from what the officer saw.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::belongs::{Belonging, Owner};
use crate::domain::change::Change;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, SetBy, Shape, Time};
use crate::domain::jp::year_of;
use crate::domain::kinds::competency::Competency;
use crate::domain::kinds::cycle::{Cycle, Stage};
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::kinds::rater::Rater;
use crate::domain::kinds::rating::Rating;
use crate::domain::record::{
    CompetencyId, EmployeeId, FIRST_OWN_NUMBER, Kept, Kind, NaturalKey, Record, RecordId, Revision,
    UnitId,
};
use crate::domain::said::Said;
use crate::office::rights::Rights;
use crate::office::rights::permit::Wanted;
use crate::office::views::planned;
use crate::office::views::state::State;
use crate::protocol::{Answer, Conflict, DraftRecord, Problem, Step, Stored};
use crate::store::StoreError;

/// Changes ready to be committed, with the step they came in.
pub(in crate::office) struct Plan {
    /// Of the officer who asked for it.
    pub rights: Rights,
    pub step: Step,
    pub changes: Vec<Change>,
    pub undoes: Option<u64>,
    /// Whose values it pseudonymises.
    pub erases: Vec<EmployeeId>,
}

/// Why planning stopped.
pub(in crate::office) enum Stop {
    Answer(Box<Answer>),
    /// A stale write, and the revision it was based on.
    Conflict(Box<Conflict>, Revision),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Answer(Box::new(Answer::Refused(problem)))
    }
}

/// Hands out record numbers; never the same twice, also while entries wait to be committed.
#[derive(Default)]
pub(in crate::office) struct Numbers(HashMap<Kind, u32>);

impl Numbers {
    pub fn next(&mut self, state: &State, kind: Kind) -> u32 {
        let next = self.0.entry(kind).or_insert(FIRST_OWN_NUMBER);
        *next = (*next).max(state.store.next_number(kind));
        let number = *next;
        *next += 1;
        number
    }
}

/// Plans against the state as it stands for the asker: what is out of their reach is not
/// there. Whether they may make the changes is asked of `permit` afterwards.
pub(in crate::office) struct Planner<'a> {
    pub state: &'a State,
    pub rights: &'a Rights,
    pub numbers: &'a mut Numbers,
}

impl Planner<'_> {
    /// Whole records, all or none.
    pub fn save(&mut self, drafts: Vec<DraftRecord>) -> Result<Vec<Change>, Stop> {
        for draft in &drafts {
            self.rights.may_change_kind(draft.record.kind())?;
        }
        let mut changes = Vec::new();
        let mut stood: Vec<(u32, Option<Record>)> = Vec::new();
        let mut written: HashSet<RecordId> = HashSet::new();
        for (index, mut draft) in drafts.into_iter().enumerate() {
            draft.record.stamp(self.state.now_here());
            let kind = draft.record.kind();
            let mut before = None;
            let id = match draft.id {
                Some(id) if id.kind != kind => return Err(Problem::NotFound.into()),
                Some(id) => {
                    let now = self.state.seen(self.rights, id)?;
                    if now.as_ref().map_or(Revision(0), |stored| stored.rev) != draft.base
                        || now.is_none()
                        || !written.insert(id)
                    {
                        return Err(Self::conflict(id, now, draft));
                    }
                    before = now.map(|stored| stored.record);
                    self.close(&mut draft.record, before.as_ref())?;
                    if before.as_ref() == Some(&draft.record) {
                        continue;
                    }
                    id
                }
                None => {
                    self.close(&mut draft.record, None)?;
                    RecordId::new(kind, self.numbers.next(self.state, kind))
                }
            };
            stood.push((index as u32, before));
            changes.push(Change { id, base: draft.base, after: Some(draft.record) });
        }
        self.permit(&changes)?;
        let mut faults = Vec::new();
        let mut taken: HashMap<(Kind, NaturalKey), RecordId> = HashMap::new();
        for (Change { id, after, .. }, (index, before)) in changes.iter().zip(&stood) {
            let Some(record) = after else { continue };
            let wrong = self.faults(*id, record, before.as_ref())?;
            faults.extend(wrong.into_iter().map(|fault| (*index, fault)));
            for key in record.keys() {
                let field = key.field;
                if taken.insert((id.kind, key), *id).is_some() {
                    faults.push((*index, Fault::new(field, taken_reason(id.kind, field))));
                }
            }
        }
        if faults.is_empty() { Ok(changes) } else { Err(Problem::Invalid(faults).into()) }
    }

    /// Writes down what an assessment cycle does not say of how many sheets it wants; the gap a
    /// new plan line of a person is for, where nobody said it; and what had come of one when it
    /// is closed: that stays as long as it is closed, and goes when it is opened again.
    pub fn close(&self, record: &mut Record, before: Option<&Record>) -> Result<(), StoreError> {
        if let Record::Cycle(cycle) = record {
            cycle.fill(&self.state.rules().assessment, before.and_then(Cycle::of));
        }
        let Record::IdpLine(line) = record else { return Ok(()) };
        let stood = before.and_then(IdpLine::of).filter(|before| before.closed);
        (line.jp_done, line.level_done) = match (line.closed, stood) {
            (true, Some(stood)) => (stood.jp_done, stood.level_done),
            _ => (None, None),
        };
        if before.is_none() && line.gap.is_none() && !line.closed {
            let pack = self.state.pack(line.employee)?;
            let held = self.state.roster.get(line.employee.0).and_then(|row| row.position);
            let post = line.position.or(held);
            line.gap = planned::gap(&self.state.catalog, &pack, line, post, self.state.today);
        }
        if line.closed && stood.is_none() {
            let pack = self.state.pack(line.employee)?;
            planned::freeze(&self.state.catalog, &pack, line);
        }
        Ok(())
    }

    /// A line that is closed is as it is; it is opened again first.
    pub fn is_closed(record: &Record, before: Option<&Record>) -> bool {
        let (Some(line), Some(before)) = (IdpLine::of(record), before.and_then(IdpLine::of)) else {
            return false;
        };
        before.closed && line.closed && line != before
    }

    /// Whether the asker may make these changes: before anything is said of them that tells
    /// what there is elsewhere.
    pub(super) fn permit(&self, changes: &[Change]) -> Result<(), Stop> {
        let made = HashSet::new();
        self.state.permit(self.rights, &Wanted { changes, made: &made, taken_back: false })
    }

    /// The office fills in base and author from the journal.
    pub(super) fn conflict(id: RecordId, theirs: Option<Stored>, draft: DraftRecord) -> Stop {
        let conflict = Conflict { id, theirs, base: None, mine: draft.record, by: String::new() };
        Stop::Conflict(Box::new(conflict), draft.base)
    }

    /// Everything wrong with this record where it is about to stand. What it says of others
    /// no differently than `before` holds already.
    fn faults(
        &self,
        id: RecordId,
        record: &Record,
        before: Option<&Record>,
    ) -> Result<Vec<Fault>, StoreError> {
        let mut faults = record.check();
        if Self::is_closed(record, before) {
            faults.push(Fault::new("closed", Reason::PlanClosed));
        }
        let said = before.map(Record::references).unwrap_or_default();
        for reference in record.references() {
            if reference.number != 0
                && !said.contains(&reference)
                && !self.state.stands(self.rights, reference)?
            {
                let field = reference_field(record, reference);
                faults.push(Fault::new(field, Reason::UnknownReference));
            }
        }
        let held = before.map(Record::keys).unwrap_or_default();
        for key in record.keys().into_iter().filter(|key| !held.contains(key)) {
            let holder = self.holder(record, &key)?;
            if holder.is_some_and(|number| number != id.number) {
                faults.push(Fault::new(key.field, taken_reason(id.kind, key.field)));
            }
        }
        if let Belonging::Unit(above) = record.belonging()
            && self.loops(id, above)
        {
            faults.push(Fault::new("parent", Reason::UnitLoop));
        }
        if let Record::Competency(Competency { merged_into: Some(into), .. }) = record
            && self.state.catalog.leads_to(*into, CompetencyId(id.number))
        {
            faults.push(Fault::new("merged_into", Reason::MergeLoop));
        }
        faults.extend(self.unknown_code(record, before));
        faults.extend(self.ahead_of_days(id, record, before)?);
        let by_acts = id.kind.fields().iter().filter(|field| field.set_by == SetBy::Acts);
        let stood = |field: &&Field| before.and_then(|before| before.field(field.name));
        let by_hand = by_acts.filter(|field| record.field(field.name) != stood(field));
        faults.extend(by_hand.map(|field| Fault::new(field.name, Reason::SetByActs)));
        let past = id.kind.fields().iter().filter(|field| field.time == Time::Past);
        let ahead = past.filter(|field| self.is_ahead(field, record));
        faults.extend(ahead.map(|field| Fault::new(field.name, Reason::DateFuture)));
        faults.extend(self.before_birth(record, before));
        faults.extend(self.archived_by_then(record, before));
        faults.extend(self.over_by_now(record, before));
        faults.extend(self.told_already(record, before));
        Ok(faults)
    }

    /// The first competency a cycle names that is in no dictionary; what stood before stays.
    fn unknown_code(&self, record: &Record, before: Option<&Record>) -> Option<Fault> {
        let Record::Cycle(cycle) = record else { return None };
        let stood = before.and_then(|before| before.field("competencies"));
        if stood == record.field("competencies") {
            return None;
        }
        let code = self.state.codes_of(cycle).err()?;
        Some(Fault::with("competencies", Reason::CodeUnknown, code))
    }

    /// A day in the life of somebody on which they were not born yet, as their NIP has it;
    /// what stood before stays.
    pub fn before_birth(&self, record: &Record, before: Option<&Record>) -> Option<Fault> {
        let person = self.state.roster.get(record.person()?.0)?;
        let born = person.nip.birth_date()?;
        let early = |field: &&Field| {
            let day = record.said(field.name, day_of).flatten();
            day.is_some_and(|day| day < born)
                && before.is_none_or(|before| before.said(field.name, day_of).flatten() != day)
        };
        let days = record.kind().fields().iter();
        let mut days = days.filter(|field| field.time == Time::Past && field.shape == Shape::Date);
        days.find(early).map(|field| Fault::new(field.name, Reason::BeforeBirth))
    }

    /// Who rates whom in a cycle whose results stand, and in which relation somebody rates who
    /// has returned a sheet: sheets bear no name, only the relation.
    pub fn told_already(&self, record: &Record, before: Option<&Record>) -> Option<Fault> {
        let (rater, before) = (Rater::of(record)?, before.and_then(Rater::of));
        let said = |rater: &Rater| (rater.cycle, rater.group, rater.rater, rater.returned);
        let cycle = self.state.catalog.get(rater.cycle.into()).map(|(_, cycle)| cycle);
        let stage = cycle.as_ref().and_then(Cycle::of).map(Cycle::stage);
        if stage == Some(Stage::Closed) && before.is_none_or(|before| said(before) != said(rater)) {
            return Some(Fault::new("cycle", Reason::NotOpen));
        }
        let keyed = before.filter(|before| before.returned.is_some());
        keyed.filter(|before| before.group != rater.group)?;
        Some(Fault::new("group", Reason::SheetKeyed))
    }

    /// A year that is over, in what is planned anew; a plan that stood in its year may still be
    /// brought to its end.
    pub fn over_by_now(&self, record: &Record, before: Option<&Record>) -> Option<Fault> {
        let this_year = i64::from(year_of(self.state.today));
        let is_over = |field: &&Field| {
            let over = |said: Said| said.whole().is_some_and(|year| year < this_year);
            record.said(field.name, over).unwrap_or_default()
        };
        let years = record.kind().fields().iter().filter(|field| field.time == Time::ThisYearOn);
        let over = years.filter(|_| before.is_none()).find(is_over)?;
        Some(Fault::new(over.name, Reason::YearPast))
    }

    /// A rating of a competency that was archived by its day; what stood before stays, and so
    /// does what is written down late of a day before that.
    pub fn archived_by_then(&self, record: &Record, before: Option<&Record>) -> Option<Fault> {
        let of = |rating: &Rating| (rating.competency, rating.date);
        let rating = Rating::of(record)?;
        if before.and_then(Rating::of).is_some_and(|before| of(before) == of(rating)) {
            return None;
        }
        let catalog = &self.state.catalog;
        let day = rating.date.unwrap_or(self.state.today);
        let archived = catalog.competency(rating.competency)?;
        if !archived.is_archived(Some(day)) {
            return None;
        }
        let counts_as = catalog.current(rating.competency, Some(day));
        let into = catalog.competency(counts_as).filter(|_| counts_as != rating.competency);
        Some(match (into, archived.archived_on) {
            (Some(into), _) => Fault::with("competency", Reason::CompetencyMerged, &into.code),
            (None, Some(since)) => Fault::with("competency", Reason::CompetencyArchived, since),
            (None, None) => Fault::with("competency", Reason::CompetencyArchived, day),
        })
    }

    /// Whether a day or moment is still to come where the office is.
    fn is_ahead(&self, field: &Field, record: &Record) -> bool {
        let ahead = record.said(field.name, |said| match field.shape {
            Shape::Date => day_of(said).is_some_and(|day| day > self.state.today),
            Shape::Moment => {
                let moment = said.text().and_then(|text| text.parse().ok());
                moment.is_some_and(|at: DateTime<Utc>| at > self.state.now)
            }
            _ => false,
        });
        ahead.unwrap_or_default()
    }

    /// Who stands under this key now.
    pub fn holder(&self, record: &Record, key: &NaturalKey) -> Result<Option<u32>, StoreError> {
        let kind = record.kind();
        if let Some(owner) = record.person() {
            if !self.state.reaches(self.rights, owner.0) {
                return Ok(None);
            }
            let pack = self.state.pack(owner)?;
            let mut theirs = pack.rows.iter().filter(|(id, ..)| id.kind == kind);
            let holder = theirs.find(|(_, _, record)| record.keys().contains(key));
            return Ok(holder.map(|(id, ..)| id.number));
        }
        if let Some(number) = self.state.store.by_key(kind, key.field, &key.text)? {
            // Whoever is told that a number is taken is told of its bearer.
            if kind.belongs() == Owner::Somebody && !self.state.reaches(self.rights, number) {
                self.state.met.borrow_mut().insert(EmployeeId(number));
            }
            return Ok(Some(number));
        }
        let built_in = self.state.catalog.numbers(kind).into_iter().find(|number| {
            *number < FIRST_OWN_NUMBER
                && self
                    .state
                    .catalog
                    .get(RecordId::new(kind, *number))
                    .is_some_and(|(_, record)| record.keys().contains(key))
        });
        Ok(built_in)
    }

    /// Whether `unit` would stand under itself.
    fn loops(&self, unit: RecordId, parent: Option<UnitId>) -> bool {
        let mut at = parent;
        for _ in 0..=self.state.catalog.units.len() {
            match at {
                Some(above) if above.0 == unit.number => return true,
                Some(above) => at = self.state.catalog.unit(Some(above)).and_then(|u| u.parent),
                None => return false,
            }
        }
        true
    }

    /// One field of many records.
    pub fn set_field(
        &mut self,
        kind: Kind,
        ids: &[u32],
        field: &str,
        value: &str,
    ) -> Result<Vec<Change>, Stop> {
        let invalid = |reason| Stop::from(Problem::Invalid(vec![(0, Fault::new(field, reason))]));
        self.rights.may_change_kind(kind)?;
        if kind.field(field).is_none() {
            return Err(Problem::NotFound.into());
        }
        let value: serde_json::Value = match value {
            "" => serde_json::Value::Null,
            text => serde_json::from_str(text).map_err(|_| invalid(Reason::NotAChoice))?,
        };
        let mut drafts = Vec::new();
        let mut seen = HashSet::new();
        for number in ids.iter().filter(|number| seen.insert(**number)) {
            let id = RecordId::new(kind, *number);
            let Some(now) = self.state.seen(self.rights, id)? else { continue };
            let mut fields = now.record.fields();
            if value.is_null() {
                fields.remove(field);
            } else {
                fields.insert(field.to_string(), value.clone());
            }
            let record =
                Record::from_fields(kind, &fields).map_err(|_| invalid(Reason::NotAChoice))?;
            drafts.push(DraftRecord { id: Some(id), base: now.rev, record });
        }
        self.save(drafts)
    }

    /// Ratings; one that stands under the same key is superseded.
    pub fn rate(&mut self, ratings: Vec<Rating>) -> Result<Vec<Change>, Stop> {
        let mut changes: Vec<Change> = Vec::new();
        let mut places: Vec<u32> = Vec::new();
        let mut planned: HashMap<NaturalKey, usize> = HashMap::new();
        for (index, rating) in ratings.into_iter().enumerate() {
            let record = Record::Rating(rating);
            let Some(key) = record.keys().into_iter().next() else { continue };
            if let Some(at) = planned.get(&key) {
                changes[*at].after = Some(record);
                continue;
            }
            let (id, base) = if let Some(number) = self.holder(&record, &key)? {
                let id = RecordId::new(Kind::Ratings, number);
                let now = self.state.get(id)?;
                if now.as_ref().is_some_and(|stored| stored.record == record) {
                    continue;
                }
                (id, now.map_or(Revision(0), |stored| stored.rev))
            } else {
                let number = self.numbers.next(self.state, Kind::Ratings);
                (RecordId::new(Kind::Ratings, number), Revision(0))
            };
            planned.insert(key, changes.len());
            places.push(index as u32);
            changes.push(Change { id, base, after: Some(record) });
        }
        let mut faults = Vec::new();
        for (Change { id, after, .. }, index) in changes.iter().zip(&places) {
            let Some(record) = after else { continue };
            faults.extend(self.faults(*id, record, None)?.into_iter().map(|f| (*index, f)));
        }
        if !faults.is_empty() {
            return Err(Problem::Invalid(faults).into());
        }
        self.permit(&changes)?;
        Ok(changes)
    }
}

/// The day a field says.
fn day_of(said: Said) -> Option<NaiveDate> {
    said.text()?.parse().ok()
}

fn taken_reason(kind: Kind, field: &str) -> Reason {
    if kind == Kind::Employees && field == "number" {
        Reason::DuplicateNip
    } else {
        Reason::AlreadyTaken
    }
}

/// The field through which a record refers to another.
fn reference_field(record: &Record, reference: RecordId) -> &'static str {
    let fields = record.fields();
    let points = |field: &&Field| {
        fields.get(field.name).is_some_and(|value| field.shape.names(value, reference))
    };
    record.kind().fields().iter().find(points).map_or("", |field| field.name)
}
