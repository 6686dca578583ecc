//! Lists: which records a query finds, in which order, and a window of them as cells.
//! People are filtered and sorted on the roster alone; the other kinds are small and
//! are filtered on their cells. The last result is kept, so that scrolling is free.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::belongs::{Home, Owner};
use crate::domain::field::Privacy;
use crate::domain::kinds::correction::CorrectionStatus;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, Revision, SessionId, UnitId};
use crate::domain::search::Clause;
use crate::domain::value::Value;
use crate::office::read::filter::{Rank, holds, places};
use crate::office::read::narrow::Among;
use crate::office::rights::{Reach, Rights};
use crate::office::views::row::RosterRow;
use crate::office::views::state::State;
use crate::protocol::{ListQuery, PAGE_MAX, Page, Row, SortKey};
use crate::store::StoreError;

/// No record has this number.
const NOBODY: u32 = 0;

/// What a query found.
#[derive(Clone, Debug)]
pub(in crate::office) struct Found {
    /// Records before the search.
    pub total: u32,
    /// People a file leaves out, for they are restricted.
    pub restricted: u32,
    pub keys: Arc<[Key]>,
}

/// What was asked last, of which version of the office, on which day and by somebody of which
/// reach and role.
pub(in crate::office) struct LastList {
    query: ListQuery,
    version: u64,
    today: NaiveDate,
    top: Option<UnitId>,
    role: Role,
    pub(in crate::office) found: Found,
}

/// One found record; ratings and enrolments are read through the person they belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::office) struct Key {
    pub number: u32,
    pub owner: u32,
}

/// People in an order other than by name.
pub(in crate::office) struct Order {
    sort: Vec<SortKey>,
    version: u64,
    indexes: Vec<u32>,
}

impl State {
    /// A window of the list, of what the asker sees; what they may not carry stays empty.
    pub fn list(&mut self, query: &ListQuery, rights: &Rights) -> Result<Page, StoreError> {
        let Found { total, restricted, keys } = self.find(query, rights)?;
        let matched = keys.len() as u32;
        let anchor = query.anchor.and_then(|anchor| {
            keys.iter().position(|key| key.number == anchor).map(|at| at as u32)
        });
        let limit = query.limit.min(PAGE_MAX);
        let mut offset = query.offset.min(matched);
        if let Some(anchor) = anchor
            && !(offset..offset.saturating_add(limit)).contains(&anchor)
        {
            offset = anchor.saturating_sub(limit / 2);
        }
        let columns: Vec<String> = if query.columns.is_empty() {
            query.kind.usual_columns().map(|column| column.name.to_string()).collect()
        } else {
            let known = |name: &&String| self.has_column(query.kind, name);
            query.columns.iter().filter(known).cloned().collect()
        };
        let carried: Vec<bool> =
            columns.iter().map(|column| rights.carries(query.kind, column)).collect();
        let window = offset as usize..offset.saturating_add(limit).min(matched) as usize;
        let people = query.kind.belongs() == Owner::Somebody;
        // Whoever asks for as much as there may be wants all of it, as a file does.
        let all = query.export || query.limit >= PAGE_MAX;
        let ready = people && all && self.read_ahead(&keys, &window, &columns)?;
        let mut rows = Vec::with_capacity(window.len());
        for at in window {
            let key = &keys[at];
            let mut cells = if ready {
                self.employee_cells(key.number, &columns, self.made_ready(at)?)?
            } else {
                self.cells(query.kind, *key, &columns, &rights.reach)?
            };
            for (cell, _) in cells.iter_mut().zip(&carried).filter(|(_, carried)| !**carried) {
                *cell = Value::Empty;
            }
            rows.push(Row { number: key.number, rev: self.revision(query.kind, *key)?, cells });
        }
        self.let_go_of_ahead();
        Ok(Page { total, matched, restricted, offset, anchor, columns, rows })
    }

    /// The numbers of everything the query finds, in its order.
    pub fn ids(&mut self, query: &ListQuery, rights: &Rights) -> Result<Vec<u32>, StoreError> {
        Ok(self.find(query, rights)?.keys.iter().map(|key| key.number).collect())
    }

    fn find(&mut self, query: &ListQuery, rights: &Rights) -> Result<Found, StoreError> {
        let asked = ListQuery {
            columns: Vec::new(),
            offset: 0,
            limit: 0,
            anchor: None,
            // An order tells what is in a column as well as its cells do.
            sort: self.carried_sort(query.kind, &query.sort, rights),
            ..query.clone()
        };
        // Of officers and what they read everybody sees others; of all else those of one reach
        // and role see the same.
        let shared = query.kind.belongs() != Owner::Officer;
        let (top, role) = (rights.reach.top(), rights.role);
        let (version, today) = (self.version, self.today);
        if let Some(last) = &self.last_lists[usize::from(query.export)]
            && shared
            && (last.version, last.today, last.top, last.role) == (version, today, top, role)
            && last.query == asked
        {
            return Ok(last.found.clone());
        }
        let mut found = if query.kind.belongs() == Owner::Somebody {
            self.find_people(&asked, rights)?
        } else {
            self.find_others(&asked, rights)?
        };
        if query.export {
            (found.keys, found.restricted) = self.without_restricted(query.kind, &found.keys);
        }
        if shared {
            self.last_lists[usize::from(query.export)] =
                Some(LastList { query: asked, version, today, top, role, found: found.clone() });
        }
        Ok(found)
    }

    fn find_people(&mut self, query: &ListQuery, rights: &Rights) -> Result<Found, StoreError> {
        let search = self.query(query.kind, &query.search, rights);
        let order = self.order(&query.sort)?;
        let among = Among {
            version: self.version,
            today: self.today,
            top: rights.reach.top(),
            role: rights.role,
            unit: query.unit,
            of: query.of,
        };
        // First along the rows as they lie in memory, then along the order: jumping from row
        // to row costs more than all the comparing.
        let searched = self.searched(among, search, &rights.reach)?;
        let rows = self.roster.rows();
        let (mut found, mut matched) = (vec![NOBODY; rows.len()], 0);
        for place in searched.places.each() {
            found[place] = rows[place].number;
            matched += 1;
        }
        let ordered = order.iter().map(|index| found[*index as usize]);
        let listed = ordered.filter(|number| *number != NOBODY).take(matched);
        let mut keys = Vec::with_capacity(matched);
        keys.extend(listed.map(|number| Key { number, owner: 0 }));
        let total = searched.total;
        self.narrowing.keep(among, searched);
        Ok(Found { total, restricted: 0, keys: keys.into() })
    }

    /// Indexes of the roster in this order.
    pub fn order(&mut self, sort: &[SortKey]) -> Result<Arc<[u32]>, StoreError> {
        let by_name = |key: &SortKey| key.column == "name" && !key.descending;
        if sort.first().is_none_or(by_name) {
            return Ok(self.roster.by_name().into());
        }
        if let Some(order) = &self.last_order
            && order.version == self.version
            && order.sort == sort
        {
            return Ok(order.indexes.as_slice().into());
        }
        let mut indexes: Vec<u32> = self.roster.by_name().to_vec();
        for key in sort.iter().rev() {
            let places = self.places_of_people(key)?;
            indexes.sort_by_key(|index| places[*index as usize]);
        }
        self.last_order =
            Some(Order { sort: sort.to_vec(), version: self.version, indexes: indexes.clone() });
        Ok(indexes.into())
    }

    /// Each person's place by one column. What only the unit or the position says is looked
    /// at once for each of those.
    fn places_of_people(&self, key: &SortKey) -> Result<Vec<u32>, StoreError> {
        let year = crate::domain::jp::year_of(self.today);
        // Whoever is born last is the youngest.
        let (named, descending) = match key.column.as_str() {
            "age" => ("birth_date", !key.descending),
            name => (name, key.descending),
        };
        if let Some(column) = self.column(named)? {
            let rank = |value: &Value| Rank::of(named, value, year);
            let ranks: Vec<Rank> = column.values().iter().map(rank).collect();
            let places = places(&ranks, descending);
            let place =
                |row: &RosterRow| column.place(row.number).map_or(u32::MAX, |at| places[at]);
            return Ok(self.roster.rows().iter().map(place).collect());
        }
        if Kind::Employees.column(&key.column).is_none()
            && let Some(competency) = self.catalog.competency_by_code(&key.column)
        {
            let competency = self.catalog.current(competency, None);
            let level = |row: &RosterRow| Value::whole(row.level(competency));
            let rows = self.roster.rows().iter();
            let ranks: Vec<Rank> =
                rows.map(|row| Rank::of(&key.column, &level(row), year)).collect();
            return Ok(places(&ranks, descending));
        }
        let shared: Option<fn(&RosterRow) -> u32> = match key.column.as_str() {
            "unit" | "unit_path" => Some(|row| row.unit.map_or(0, |unit| unit.0)),
            "position" | "position_kind" | "eselon" | "job_level" => {
                Some(|row| row.position.map_or(0, |position| position.0))
            }
            "grade" => Some(|row| row.grade.into()),
            _ => None,
        };
        let mut ranks: Vec<Rank> = Vec::new();
        let mut known: HashMap<u32, usize> = HashMap::new();
        let mut rank_of = Vec::with_capacity(self.roster.rows().len());
        for row in self.roster.rows() {
            let at = if let Some(at) = shared.and_then(|shared| known.get(&shared(row))) {
                *at
            } else {
                let person = Key { number: row.number, owner: 0 };
                // No column of people depends on who asks.
                let everywhere = &Reach::Everywhere;
                let cell = self.cell(Kind::Employees, person, &key.column, everywhere)?;
                ranks.push(Rank::of(&key.column, &cell, year));
                known.extend(shared.map(|shared| (shared(row), ranks.len() - 1)));
                ranks.len() - 1
            };
            rank_of.push(at);
        }
        let places = places(&ranks, key.descending);
        Ok(rank_of.into_iter().map(|at| places[at]).collect())
    }

    fn find_others(&self, query: &ListQuery, rights: &Rights) -> Result<Found, StoreError> {
        let search = self.query(query.kind, &query.search, rights);
        let scope = query.unit.map(|unit| self.catalog.below(unit));
        let columns = self.columns_looked_at(query, &search, rights);
        let year = crate::domain::jp::year_of(self.today);
        let mut total = 0;
        let mut hits: Vec<(Vec<Value>, Key)> = Vec::new();
        for key in self.keys_of(query, rights)? {
            let tree = query.kind.belongs() == Owner::Unit;
            let unit = if tree {
                Some(key.number)
            } else {
                self.roster.get(key.owner).and_then(|row| row.unit).map(|unit| unit.0)
            };
            let scoped = tree || key.owner != 0;
            if let (Some(scope), true) = (&scope, scoped)
                && !unit.is_some_and(|unit| scope.contains(&unit))
            {
                continue;
            }
            total += 1;
            if search.is_empty() && query.sort.is_empty() {
                hits.push((Vec::new(), key));
                continue;
            }
            let cells = self.cells(query.kind, key, &columns, &rights.reach)?;
            let met = |clause: &Clause| {
                Clause::is_met(clause.not, &clause.any, |term| holds(term, &columns, &cells, year))
            };
            if search.clauses.iter().all(met) {
                hits.push((cells, key));
            }
        }
        for sort in query.sort.iter().rev() {
            if let Some(at) = columns.iter().position(|name| *name == sort.column) {
                let rank = |(cells, key): &(Vec<Value>, Key)| {
                    let turn = self.turn(query.kind, *key, &sort.column);
                    turn.unwrap_or_else(|| Rank::of(&sort.column, &cells[at], year))
                };
                let ranks: Vec<Rank> = hits.iter().map(rank).collect();
                let places = places(&ranks, sort.descending);
                let mut by_place: Vec<_> = places.into_iter().zip(hits).collect();
                by_place.sort_by_key(|(place, _)| *place);
                hits = by_place.into_iter().map(|(_, hit)| hit).collect();
            }
        }
        Ok(Found { total, restricted: 0, keys: hits.into_iter().map(|(_, key)| key).collect() })
    }

    /// By its state a session stands where an agenda has it, not where the word does.
    fn turn(&self, kind: Kind, key: Key, column: &str) -> Option<Rank> {
        let session = self.catalog.session(SessionId(key.number));
        let session = session.filter(|_| kind == Kind::Sessions && column == "state")?;
        let (state, days) = session.turn(self.today);
        // More than there are days between any two sessions.
        Some(Rank::Number(f64::from(state) * 1e9 + days as f64))
    }

    /// All records of the kind that the asker sees, in the kind's own order; with `of` those
    /// that refer to that record.
    fn keys_of(&self, query: &ListQuery, rights: &Rights) -> Result<Vec<Key>, StoreError> {
        let (kind, of) = (query.kind, query.of);
        if kind == Kind::Readings {
            // Of one person those who read them, as theirs.
            return self.reading_keys(of, rights);
        }
        if kind.belongs() == Owner::Person {
            return self.owned_keys(kind, of, rights);
        }
        let mut numbers = self.in_order(kind);
        let all_see = kind.belongs() == Owner::Office;
        if !all_see || of.is_some() {
            numbers.retain(|number| {
                let id = RecordId::new(kind, *number);
                let record = self.catalog.get(id).map(|(_, record)| record);
                record.is_some_and(|record| {
                    of.is_none_or(|of| record.references().contains(&of))
                        && (all_see || self.sees(rights, id, &record))
                })
            });
        }
        Ok(numbers.into_iter().map(|number| Key { number, owner: 0 }).collect())
    }

    /// The numbers of a kind kept in the catalogue, as people look for them.
    fn in_order(&self, kind: Kind) -> Vec<u32> {
        let catalog = &self.catalog;
        let mut numbers = catalog.numbers(kind);
        match kind {
            Kind::Competencies => {
                let columns = catalog.columns();
                let archived =
                    |n: &u32| catalog.competencies.get(n).is_some_and(|(_, row)| row.archived);
                let shown = columns.iter().map(|(id, _)| id.0);
                return shown.chain(numbers.into_iter().filter(archived)).collect();
            }
            Kind::Units => {
                numbers.sort_by_cached_key(|number| catalog.unit_path_text(Some(UnitId(*number))));
            }
            Kind::Positions => {
                numbers
                    .sort_by_cached_key(|n| catalog.positions.get(n).map(|(_, p)| p.title.clone()));
            }
            Kind::Programmes => {
                numbers
                    .sort_by_cached_key(|n| catalog.programmes.get(n).map(|(_, p)| p.name.clone()));
            }
            Kind::Sessions => {
                numbers.sort_by_cached_key(|n| {
                    catalog.sessions.get(n).map(|(_, session)| (session.start, session.end))
                });
            }
            _ => {}
        }
        numbers
    }

    /// The latest day first; of one person those who read them, as theirs: it is told to
    /// whoever may read that person.
    fn reading_keys(&self, of: Option<RecordId>, rights: &Rights) -> Result<Vec<Key>, StoreError> {
        let owner = of.filter(|of| of.kind == Kind::Employees).map_or(0, |of| of.number);
        let theirs = owner != 0 && self.reaches(rights, owner);
        let mut rows = Vec::new();
        self.store.scan(Kind::Readings, &mut |number, stored| {
            let id = RecordId::new(Kind::Readings, number);
            let seen = theirs || (owner == 0 && self.sees(rights, id, &stored.record));
            if let Record::Reading(row) = stored.record
                && (owner == 0 || row.people.contains_key(&owner))
                && seen
            {
                rows.push((std::cmp::Reverse(row.day), row.officer, number));
            }
            Ok(true)
        })?;
        rows.sort();
        Ok(rows.into_iter().map(|(_, _, number)| Key { number, owner }).collect())
    }

    /// What is kept with people: of one person, of what it refers to, or of everybody within
    /// reach by name.
    fn owned_keys(
        &self,
        kind: Kind,
        of: Option<RecordId>,
        rights: &Rights,
    ) -> Result<Vec<Key>, StoreError> {
        if kind.is_discreet() && !rights.role.carries(Privacy::Personal) {
            return Ok(Vec::new());
        }
        let mut people: Vec<u32> = match of {
            Some(of) => self.people_with(kind, std::iter::once(&of)),
            None => self.roster.holding(kind).map(|row| row.number).collect(),
        };
        people.retain(|person| self.reaches(rights, *person));
        people.sort_by_cached_key(|number| {
            self.roster.get(*number).map(|row| row.folded().into_owned())
        });
        let mut rows = Vec::new();
        for owner in people {
            let pack = self.pack(EmployeeId(owner))?;
            let theirs = pack.rows.iter().filter(|(id, ..)| id.kind == kind);
            for (id, _, record) in theirs {
                if of.is_none_or(|of| record.references().contains(&of)) {
                    rows.push((self.urgency(record), Key { number: id.number, owner }));
                }
            }
        }
        rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(rows.into_iter().map(|(_, key)| key).collect())
    }

    /// People with whom a record of this kind may be kept that refers to one of these, each once.
    /// Costs a look at everybody at most, however many are asked about.
    pub fn people_with<'a>(
        &self,
        kind: Kind,
        of: impl Iterator<Item = &'a RecordId> + Clone,
    ) -> Vec<u32> {
        let of = of.filter(|id| kind.refers_to().any(|to| to == id.kind));
        let own = |to: Kind| to.belongs() == Owner::Somebody && !kind.names_others();
        let rolled = |to: Kind| (kind, to) == (Kind::Enrolments, Kind::Sessions);
        if of.clone().any(|id| !own(id.kind) && !rolled(id.kind)) {
            return self.roster.holding(kind).map(|row| row.number).collect();
        }
        let mut people = Vec::new();
        for id in of {
            match id.kind {
                Kind::Sessions => people.extend(self.roster.roll(SessionId(id.number))),
                _ => people.push(id.number),
            }
        }
        people.sort_unstable();
        people.dedup();
        people
    }

    fn revision(&self, kind: Kind, key: Key) -> Result<Revision, StoreError> {
        let id = RecordId::new(kind, key.number);
        Ok(match kind.home() {
            Home::Table => self.catalog.get(id).map(|(rev, _)| rev),
            Home::WithPerson => self.pack(EmployeeId(key.owner))?.get(id).map(|(rev, _)| rev),
            Home::Alone => match self.roster.get(key.number) {
                Some(row) if kind.belongs() == Owner::Somebody => Some(row.rev),
                _ => self.store.get(id)?.map(|stored| stored.rev),
            },
        }
        .unwrap_or_default())
    }

    /// What is open first, the most urgent of it at the top; then what was closed last. All else
    /// is alike.
    fn urgency(&self, record: &Record) -> impl Ord + use<> {
        let Record::Correction(request) = record else { return (false, None, None) };
        let open = request.status == CorrectionStatus::Open;
        let closed = request.closed.filter(|_| !open);
        let due = request.waits_since().and_then(|since| self.answered_by(since));
        (!open, due, Some(std::cmp::Reverse(closed)))
    }
}
