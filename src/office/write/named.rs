//! Named: what a file only names — units, positions, programmes, sessions — found among
//! what the office has, or made on the way. Remembers what it has made, which is not yet
//! in the state, so that the next row finds it.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::domain::change::Change;
use crate::domain::intake::TrainingRow;
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::position::Position;
use crate::domain::kinds::programme::Programme;
use crate::domain::kinds::session::Session;
use crate::domain::kinds::unit::Unit;
use crate::domain::record::{
    Kind, PositionId, ProgrammeId, RecordId, Revision, Schema, SessionId, UnitId, fold,
};
use crate::office::rights::Rights;
use crate::office::views::state::State;
use crate::office::write::known::{HeldKey, Known, title_words};
use crate::office::write::plan::Numbers;

/// Where a row says somebody works, and who they are if they are known.
pub(in crate::office) struct UnitPlace<'a> {
    pub path: &'a [String],
    pub code: &'a str,
    pub current: Option<&'a Employee>,
    /// Whether what is missing is made.
    pub make: bool,
}

/// A unit would have to be made where the asker may make none.
pub(in crate::office) struct OutOfReach;

#[derive(Default)]
pub(in crate::office) struct Named {
    /// Units made here, all of them below one that is within the asker's reach.
    pub made: HashSet<u32>,
    /// The catalogue as it stood when the first row came, or when it was last refreshed.
    known: OnceCell<Known>,
    units: HashMap<(u32, String), UnitId>,
    unit_codes: HashMap<String, UnitId>,
    positions: HashMap<String, PositionId>,
    programmes: HashMap<(String, String), ProgrammeId>,
    /// Those made here.
    sessions: HashMap<HeldKey, SessionId>,
}

impl Named {
    pub fn len(&self) -> usize {
        self.units.len() + self.positions.len() + self.programmes.len() + self.sessions.len()
    }

    /// Forgets what was found in the office; what is only planned stays.
    pub fn refresh(&mut self, state: &State) {
        let catalog = &state.catalog;
        let is_here = |id: RecordId| catalog.get(id).is_some();
        self.known = OnceCell::new();
        self.units.retain(|_, id| !is_here((*id).into()));
        self.unit_codes.retain(|_, id| !is_here((*id).into()));
        self.positions.retain(|_, id| !is_here((*id).into()));
        self.programmes.retain(|_, id| !is_here((*id).into()));
        self.sessions.retain(|_, id| !is_here((*id).into()));
    }

    /// The unit a path of names means: by code, by where the person already is, by the
    /// whole path, by its only bearer of that name below the satuan kerja; else made, below
    /// what is within reach. Units nobody showed the asker are not there. With nothing to be
    /// made it is the unit above.
    pub fn unit(
        &mut self,
        state: &State,
        rights: &Rights,
        numbers: &mut Numbers,
        place: &UnitPlace,
        changes: &mut Vec<Change>,
    ) -> Result<Option<UnitId>, OutOfReach> {
        let UnitPlace { path, code, current, make } = *place;
        let shown = |unit: &UnitId| rights.reach.shows(*unit);
        let Some(name) = path.last().map(|name| fold(name)) else { return Ok(None) };
        let catalog = &state.catalog;
        let known = self.known.get_or_init(|| Known::of(catalog));
        if !code.is_empty() {
            let planned = self.unit_codes.get(code).copied();
            let known = || known.unit_by_code(code).map(UnitId).filter(shown);
            if let Some(found) = planned.or_else(known) {
                self.unit_codes.insert(code.to_string(), found);
                return Ok(Some(found));
            }
        }
        let mut parent = 0;
        let mut missing = path.len();
        for (depth, step) in path.iter().enumerate() {
            let key = (parent, fold(step));
            let planned = self.units.get(&key).copied();
            let known = || known.unit_at(&key).map(UnitId).filter(shown);
            let Some(unit) = planned.or_else(known) else {
                missing = depth;
                break;
            };
            self.units.insert(key, unit);
            parent = unit.0;
        }
        if missing < path.len() {
            // The tree may have been corrected by hand: the name may stand elsewhere.
            let open_to = |unit: &Unit| unit.code.is_empty() || code.is_empty();
            let named = known.units_named(&name).iter().copied().filter(|n| shown(&UnitId(*n)));
            let same: Vec<u32> =
                named.filter(|n| catalog.unit(Some(UnitId(*n))).is_some_and(open_to)).collect();
            let here = current.and_then(|employee| employee.unit).map(|unit| unit.0);
            let under = |unit: &u32| {
                path.len() < 2
                    || catalog
                        .unit_path(Some(UnitId(*unit)))
                        .iter()
                        .any(|above| path[..path.len() - 1].iter().any(|s| fold(s) == fold(above)))
            };
            if let Some(unit) = same.iter().find(|unit| Some(**unit) == here) {
                return Ok(Some(UnitId(*unit)));
            }
            let below: Vec<&u32> = same.iter().filter(|unit| under(unit)).collect();
            if let [only] = below.as_slice() {
                return Ok(Some(UnitId(**only)));
            }
        }
        let above = (parent != 0).then_some(UnitId(parent));
        if missing < path.len() && !self.within(rights, above) {
            return Err(OutOfReach);
        }
        if !make {
            return Ok(above);
        }
        for step in &path[missing..] {
            let last = fold(step) == name;
            let unit = Unit {
                name: step.clone(),
                code: if last { code.to_string() } else { String::new() },
                parent: (parent != 0).then_some(UnitId(parent)),
                closed: false,
            };
            let number = numbers.next(state, Kind::Units);
            self.units.insert((parent, fold(step)), UnitId(number));
            self.made.insert(number);
            changes.push(Change {
                id: RecordId::new(Kind::Units, number),
                base: Revision(0),
                after: Some(unit.into()),
            });
            parent = number;
        }
        if !code.is_empty() {
            self.unit_codes.insert(code.to_string(), UnitId(parent));
        }
        Ok((parent != 0).then_some(UnitId(parent)))
    }

    /// Whether a unit, of the office or made here, is within reach.
    pub fn within(&self, rights: &Rights, unit: Option<UnitId>) -> bool {
        rights.reach.has(unit) || unit.is_some_and(|unit| self.made.contains(&unit.0))
    }

    /// The position a title means. A file without kind and eselon keeps the person's own
    /// position of that title, or takes the only one there is.
    pub fn position(
        &mut self,
        state: &State,
        numbers: &mut Numbers,
        position: Position,
        current: Option<&Employee>,
        changes: &mut Vec<Change>,
    ) -> Option<PositionId> {
        let key = position.keys().into_iter().next()?.text;
        if let Some(id) = self.positions.get(&key) {
            return Some(*id);
        }
        let catalog = &state.catalog;
        let title = fold(&position.title);
        let bare = position.kind.is_none() && position.eselon.is_empty();
        let same = self.known.get_or_init(|| Known::of(catalog)).positions_titled(&title);
        let exact = same.iter().find(|number| {
            catalog.positions[*number].1.keys().iter().any(|known| known.text == key)
        });
        let own = current.and_then(|employee| employee.position).map(|id| id.0);
        let loose = same.iter().find(|number| Some(**number) == own).or(match same {
            [only] => Some(only),
            _ => None,
        });
        if let Some(number) = exact.or(if bare { loose } else { None }) {
            // A bare title may mean another post for the next person: only exact ones are kept.
            if exact.is_some() {
                self.positions.insert(key, PositionId(*number));
            }
            return Some(PositionId(*number));
        }
        let number = numbers.next(state, Kind::Positions);
        self.positions.insert(key, PositionId(number));
        changes.push(Change {
            id: RecordId::new(Kind::Positions, number),
            base: Revision(0),
            after: Some(Position { job_level: None, ..position }.into()),
        });
        Some(PositionId(number))
    }

    /// The programme a row names.
    fn programme(
        &mut self,
        state: &State,
        numbers: &mut Numbers,
        row: &TrainingRow,
        changes: &mut Vec<Change>,
    ) -> ProgrammeId {
        let key = (title_words(&row.name), row.r#type.clone());
        if let Some(id) = self.programmes.get(&key) {
            return *id;
        }
        let known = self.known.get_or_init(|| Known::of(&state.catalog)).programme(&key);
        let number = known.unwrap_or_else(|| {
            let programme = Programme {
                name: row.name.clone(),
                r#type: row.r#type.clone(),
                jp: Some(row.jp),
                provider: row.provider.clone(),
                ..Programme::default()
            };
            let number = numbers.next(state, Kind::Programmes);
            let id = RecordId::new(Kind::Programmes, number);
            changes.push(Change { id, base: Revision(0), after: Some(programme.into()) });
            number
        });
        self.programmes.insert(key, ProgrammeId(number));
        ProgrammeId(number)
    }

    /// The sessions a row may be of, made if there is none: the first is the one for whoever is
    /// in none of them. One held at a named place is the same in a ledger that names no place.
    pub fn sessions(
        &mut self,
        state: &State,
        numbers: &mut Numbers,
        row: &TrainingRow,
        changes: &mut Vec<Change>,
    ) -> Vec<SessionId> {
        let key = HeldKey {
            name: title_words(&row.name),
            r#type: row.r#type.clone(),
            days: (Some(row.start), Some(row.end)),
            provider: title_words(&row.provider),
        };
        if let Some(id) = self.sessions.get(&key) {
            return vec![*id];
        }
        let known = self.known.get_or_init(|| Known::of(&state.catalog)).sessions_held(&key);
        if !known.is_empty() {
            return known.iter().copied().map(SessionId).collect();
        }
        let programme = self.programme(state, numbers, row, changes);
        let session = Session {
            programme,
            start: Some(row.start),
            end: Some(row.end),
            provider: row.provider.clone(),
            jp: Some(row.jp),
            ..Session::default()
        };
        let number = numbers.next(state, Kind::Sessions);
        let id = RecordId::new(Kind::Sessions, number);
        changes.push(Change { id, base: Revision(0), after: Some(session.into()) });
        self.sessions.insert(key, SessionId(number));
        vec![SessionId(number)]
    }
}
