//! Intake: rows of an officer's file matched to what the office knows. Each row becomes
//! an addition, a change, nothing, or a refusal with its reason; what the file only names
//! is made on the way by `named`. Writes nothing itself: `import` hands the changes to
//! the journal.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::domain::change::Change;
use crate::domain::fault::{Fault, Reason};
use crate::domain::intake::{CompetencyRow, EmployeeRow, RatingRow, RowData, TrainingRow};
use crate::domain::kinds::competency::LevelText;
use crate::domain::kinds::employee::{Employee, number_key};
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::rating::Rating;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, Revision, Schema, fold};
use crate::office::rights::Rights;
use crate::office::views::state::State;
use crate::office::write::named::{Named, OutOfReach, UnitPlace};
use crate::office::write::plan::Numbers;
use crate::protocol::Verdict;
use crate::store::{Pack, StoreError};

static EMPTY: Pack = Pack { rows: Vec::new() };

/// What one row comes to.
pub(in crate::office) struct Taken {
    pub verdict: Verdict,
    pub changes: Vec<Change>,
}

impl Taken {
    fn refused(field: &str, reason: Reason) -> Self {
        Self::fault(Fault::new(field, reason))
    }

    fn fault(fault: Fault) -> Self {
        Self { verdict: Verdict::Refused(fault), changes: Vec::new() }
    }

    fn unchanged(changes: Vec<Change>) -> Self {
        Self { verdict: Verdict::Unchanged, changes }
    }
}

/// What has been planned so far in this import, not yet in the state.
#[derive(Default)]
pub(in crate::office) struct Matching {
    columns: HashSet<String>,
    named: Named,
    numbers_seen: HashSet<String>,
    pns_ids_seen: HashSet<String>,
    /// Natural keys of ratings and enrolments planned here: the first of a file stands.
    owned: HashSet<String>,
    pack: Option<(EmployeeId, Arc<Pack>)>,
    /// JP by person and year that this import adds to what stood before.
    pub added_jp: HashMap<(u32, u16), i64>,
}

impl Matching {
    pub fn new(columns: &[String]) -> Self {
        Self { columns: columns.iter().cloned().collect(), ..Self::default() }
    }

    /// Matches one row.
    pub fn take(
        &mut self,
        state: &State,
        rights: &Rights,
        numbers: &mut Numbers,
        data: RowData,
    ) -> Result<Taken, StoreError> {
        match data {
            RowData::Employee(row) => self.employee(state, rights, numbers, *row),
            RowData::Competency(row) => Ok(Self::competency(state, rights, numbers, *row)),
            RowData::Rating(row) => self.rating(state, rights, numbers, *row),
            RowData::Training(row) => self.training(state, rights, numbers, &row),
        }
    }

    fn employee(
        &mut self,
        state: &State,
        rights: &Rights,
        numbers: &mut Numbers,
        row: EmployeeRow,
    ) -> Result<Taken, StoreError> {
        let number = number_key(&row.employee.number);
        let pns_id = fold(&row.employee.pns_id);
        if self.numbers_seen.contains(&number)
            || (!pns_id.is_empty() && self.pns_ids_seen.contains(&pns_id))
        {
            return Ok(Taken::refused("number", Reason::DuplicateNip));
        }
        let by_number = state.store.by_key(Kind::Employees, "number", &fold(&number))?;
        let by_pns_id = match pns_id.as_str() {
            "" => None,
            id => state.store.by_key(Kind::Employees, "pns_id", id)?,
        };
        let existing = match (by_pns_id, by_number) {
            (Some(person), Some(holder)) if person != holder => {
                return Ok(Taken::refused("number", Reason::DuplicateNip));
            }
            (Some(person), _) => Some(person),
            (None, Some(holder)) => {
                let other = state.employee(EmployeeId(holder))?;
                let held_by_another =
                    other.is_some_and(|(_, e)| !e.pns_id.is_empty() && !pns_id.is_empty());
                if held_by_another {
                    return Ok(Taken::refused("number", Reason::DuplicateNip));
                }
                Some(holder)
            }
            (None, None) => None,
        };
        if existing.is_some_and(|person| !state.reaches(rights, person)) {
            return Ok(Taken::refused("number", Reason::OutOfReach));
        }
        self.numbers_seen.insert(number);
        if !pns_id.is_empty() {
            self.pns_ids_seen.insert(pns_id);
        }

        let before = match existing {
            Some(number) => state.employee(EmployeeId(number))?,
            None => None,
        };
        if before.as_ref().is_some_and(|(_, known)| known.restricted) {
            return Ok(Taken::refused("number", Reason::Restricted));
        }
        // Checked before anything is made for it: a refused row leaves nothing behind.
        let whole = match &before {
            Some((_, known)) => self.merged(known, row.employee.clone()),
            None => row.employee.clone(),
        };
        if let Some(fault) = Record::from(whole).check().into_iter().next() {
            return Ok(Taken::fault(fault));
        }
        let mut changes = Vec::new();
        let mut employee = row.employee;
        let current = before.as_ref().map(|(_, employee)| employee);
        let place = UnitPlace { path: &row.unit_path, code: &row.unit_code, current };
        employee.unit = match self.named.unit(state, rights, numbers, &place, &mut changes) {
            Ok(unit) => unit,
            Err(OutOfReach) => return Ok(Taken::refused("unit", Reason::OutOfReach)),
        };
        let unit = match current {
            Some(known) if !self.columns.contains("unit") => known.unit,
            _ => employee.unit,
        };
        if !self.named.within(rights, unit) {
            return Ok(Taken::refused("unit", Reason::OutOfReach));
        }
        if let Some(position) = row.position {
            employee.position =
                self.named.position(state, numbers, position, current, &mut changes);
        }
        let (id, base, after) = if let (Some((rev, known)), Some(number)) = (&before, existing) {
            (RecordId::new(Kind::Employees, number), *rev, self.merged(known, employee))
        } else {
            let number = numbers.next(state, Kind::Employees);
            (RecordId::new(Kind::Employees, number), Revision(0), employee)
        };
        let label = after.full_name();
        let verdict = match before {
            None => Verdict::Added { label },
            Some((_, known)) if known == after => {
                return Ok(Taken::unchanged(changes));
            }
            Some((_, known)) => {
                let (old, new) =
                    (Record::from(known).fields(), Record::from(after.clone()).fields());
                Verdict::Changed {
                    label,
                    fields: state.differences(rights, Kind::Employees, &old, &new),
                }
            }
        };
        changes.push(Change { id, base, after: Some(Record::from(after)) });
        Ok(Taken { verdict, changes })
    }

    /// Units made so far.
    pub fn made(&self) -> &HashSet<u32> {
        &self.named.made
    }

    /// What is known, with the fields the file has a column for replaced.
    fn merged(&self, known: &Employee, row: Employee) -> Employee {
        let has = |name: &str| self.columns.contains(name);
        macro_rules! take {
            ($($field:ident),+) => {
                Employee { $($field: if has(stringify!($field)) { row.$field } else { known.$field.clone() }),+, restricted: known.restricted }
            };
        }
        let mut merged = take!(
            number,
            name,
            front_title,
            back_title,
            kind,
            status,
            legal_status,
            unit,
            position,
            position_since,
            grade,
            grade_since,
            service_years,
            service_months,
            cpns_since,
            education,
            education_field,
            graduation_year,
            birth_date,
            sex,
            email,
            pns_id
        );
        if merged.pns_id.is_empty() {
            merged.pns_id.clone_from(&known.pns_id);
        }
        merged
    }

    fn competency(
        state: &State,
        rights: &Rights,
        numbers: &mut Numbers,
        row: CompetencyRow,
    ) -> Taken {
        let known = state.catalog.competency_by_code(&row.competency.code);
        let (id, before) = if let Some(id) = known {
            (RecordId::from(id), state.catalog.get(id.into()))
        } else {
            let number = numbers.next(state, Kind::Competencies);
            (RecordId::new(Kind::Competencies, number), None)
        };
        let mut after = row.competency;
        if let Some((_, Record::Competency(known))) = &before {
            // What the file does not say stays: code as the office writes it, group, definition.
            after.code.clone_from(&known.code);
            after.group = after.group.or(known.group);
            for (new, old) in [
                (&mut after.definition, &known.definition),
                (&mut after.legal_basis, &known.legal_basis),
                (&mut after.name, &known.name),
            ] {
                if new.is_empty() {
                    new.clone_from(old);
                }
            }
            // A list without level texts is no dictionary that empties them.
            let said =
                |level: &LevelText| !level.description.is_empty() || !level.indicators.is_empty();
            if !after.levels.iter().any(said) {
                after.levels.clone_from(&known.levels);
            }
            after.archived = known.archived;
        }
        let after = Record::from(after);
        if let Some(fault) = after.check().into_iter().next() {
            return Taken::fault(fault);
        }
        let label = after.label();
        let (base, verdict) = match before {
            None => (Revision(0), Verdict::Added { label }),
            Some((_, known)) if known == after => {
                return Taken::unchanged(Vec::new());
            }
            Some((rev, known)) => {
                let fields =
                    state.differences(rights, Kind::Competencies, &known.fields(), &after.fields());
                (rev, Verdict::Changed { label, fields })
            }
        };
        let changes = vec![Change { id, base, after: Some(after) }];
        Taken { verdict, changes }
    }

    /// The person's pack; files mostly keep a person's rows together.
    fn pack_of(&mut self, state: &State, id: EmployeeId) -> Result<&Pack, StoreError> {
        if self.pack.as_ref().is_none_or(|(held, _)| *held != id) {
            self.pack = Some((id, state.pack(id)?));
        }
        Ok(self.pack.as_ref().map_or(&EMPTY, |(_, pack)| pack))
    }

    fn rating(
        &mut self,
        state: &State,
        rights: &Rights,
        numbers: &mut Numbers,
        row: RatingRow,
    ) -> Result<Taken, StoreError> {
        let Some(employee) = person(state, &row.number)? else {
            return Ok(Taken::refused("nip", Reason::EmployeeUnknown));
        };
        if !state.reaches(rights, employee.0) {
            return Ok(Taken::refused("nip", Reason::OutOfReach));
        }
        if state.is_restricted(employee.0) {
            return Ok(Taken::refused("nip", Reason::Restricted));
        }
        let Some(competency) = state.catalog.competency_by_code(&row.competency_code) else {
            return Ok(Taken::refused("competency", Reason::CompetencyUnknown));
        };
        let mut rating = row.rating;
        rating.employee = employee;
        rating.competency = competency;
        if rating.date.is_some_and(|date| date > state.today) {
            return Ok(Taken::refused("date", Reason::DateFuture));
        }
        let key = rating.keys().into_iter().next().map_or_else(String::new, |key| key.text);
        if self.owned.contains(&key) {
            return Ok(Taken::unchanged(Vec::new()));
        }
        let pack = self.pack_of(state, employee)?;
        let known = pack.of::<Rating>().find(|(_, _, r)| r.keys().iter().any(|k| k.text == key));
        let (number, base, verdict) = match known {
            Some((_, _, same)) if *same == rating => return Ok(Taken::unchanged(Vec::new())),
            Some((number, rev, other)) => {
                let (old, new) =
                    (Record::from(other.clone()).fields(), Record::from(rating.clone()).fields());
                let fields = state.differences(rights, Kind::Ratings, &old, &new);
                let label = state.label(rights, &Record::from(rating.clone()));
                (number, rev, Verdict::Changed { label, fields })
            }
            None => {
                let label = state.label(rights, &Record::from(rating.clone()));
                (numbers.next(state, Kind::Ratings), Revision(0), Verdict::Added { label })
            }
        };
        self.owned.insert(key);
        let id = RecordId::new(Kind::Ratings, number);
        let changes = vec![Change { id, base, after: Some(rating.into()) }];
        Ok(Taken { verdict, changes })
    }

    fn training(
        &mut self,
        state: &State,
        rights: &Rights,
        numbers: &mut Numbers,
        row: &TrainingRow,
    ) -> Result<Taken, StoreError> {
        let Some(employee) = person(state, &row.number)? else {
            return Ok(Taken::refused("nip", Reason::EmployeeUnknown));
        };
        if !state.reaches(rights, employee.0) {
            return Ok(Taken::refused("nip", Reason::OutOfReach));
        }
        if state.is_restricted(employee.0) {
            return Ok(Taken::refused("nip", Reason::Restricted));
        }
        let mut changes = Vec::new();
        let programme = self.named.programme(state, numbers, row, &mut changes)?;
        let session = self.named.session(state, numbers, programme, row, &mut changes);
        let key = format!("{}|{}", session.0, employee.0);
        let stated = Enrolment {
            session,
            employee,
            attendance: Vec::new(),
            jp: Some(row.jp),
            note: String::new(),
        };
        let year = u16::try_from(chrono::Datelike::year(&row.end)).unwrap_or(0);
        if self.owned.contains(&key) {
            return Ok(Taken::unchanged(changes));
        }
        let pack = self.pack_of(state, employee)?;
        let known = pack.of::<Enrolment>().find(|(_, _, e)| e.session == session);
        let known = known.map(|(number, rev, row)| (number, rev, row.clone()));
        let label = || {
            let name = state
                .roster
                .get(employee.0)
                .map_or_else(String::new, crate::office::views::row::RosterRow::full_name);
            format!("{name} · {}", row.name)
        };
        let (verdict, before_jp) = match known {
            Some((_, _, enrolment)) if enrolment.jp == stated.jp => {
                return Ok(Taken::unchanged(changes));
            }
            Some((number, rev, enrolment)) => {
                let before =
                    state.catalog.session(session).map_or(0, |held| state.earned(&enrolment, held));
                let after = Enrolment { jp: stated.jp, ..enrolment.clone() };
                let (old, new) =
                    (Record::from(enrolment).fields(), Record::from(after.clone()).fields());
                let fields = state.differences(rights, Kind::Enrolments, &old, &new);
                changes.push(Change {
                    id: RecordId::new(Kind::Enrolments, number),
                    base: rev,
                    after: Some(after.into()),
                });
                (Verdict::Changed { label: label(), fields }, i64::from(before))
            }
            None => {
                let number = numbers.next(state, Kind::Enrolments);
                changes.push(Change {
                    id: RecordId::new(Kind::Enrolments, number),
                    base: Revision(0),
                    after: Some(stated.into()),
                });
                (Verdict::Added { label: label() }, 0)
            }
        };
        self.owned.insert(key);
        *self.added_jp.entry((employee.0, year)).or_default() += i64::from(row.jp) - before_jp;
        Ok(Taken { verdict, changes })
    }
}

/// The person who has this number.
pub(in crate::office) fn person(
    state: &State,
    number: &EmployeeNumber,
) -> Result<Option<EmployeeId>, StoreError> {
    let key = fold(&number_key(number));
    Ok(state.store.by_key(Kind::Employees, "number", &key)?.map(EmployeeId))
}
