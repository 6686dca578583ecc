//! Lists: which records a query finds, in which order, and a window of them as cells.
//! People are filtered and sorted on the roster alone; the other kinds are small and
//! are filtered on their cells. The last result is kept, so that scrolling is free.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::kinds::correction::CorrectionStatus;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId, Revision, UnitId};
use crate::domain::search::{Query, Term};
use crate::domain::value::Value;
use crate::office::read::filter::{Matcher, Rank, holds, places};
use crate::office::rights::{Reach, Rights};
use crate::office::views::catalog::Catalog;
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
    pub keys: Arc<[Key]>,
}

/// What was asked last, of which version of the office and by somebody of which reach and role.
pub(in crate::office) struct LastList {
    query: ListQuery,
    version: u64,
    top: Option<UnitId>,
    role: Role,
    found: Found,
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
        let mut found = self.find(query, rights)?;
        let mut restricted = 0;
        if query.export {
            (found.keys, restricted) = self.without_restricted(query.kind, &found.keys);
        }
        let matched = found.keys.len() as u32;
        let anchor = query.anchor.and_then(|anchor| {
            found.keys.iter().position(|key| key.number == anchor).map(|at| at as u32)
        });
        let limit = query.limit.min(PAGE_MAX);
        let mut offset = query.offset.min(matched);
        if let Some(anchor) = anchor
            && !(offset..offset.saturating_add(limit)).contains(&anchor)
        {
            offset = anchor.saturating_sub(limit / 2);
        }
        let columns: Vec<String> = if query.columns.is_empty() {
            query.kind.columns().iter().map(|column| column.name.to_string()).collect()
        } else {
            query.columns.iter().filter(|name| query.kind.column(name).is_some()).cloned().collect()
        };
        let window = found.keys.iter().skip(offset as usize).take(limit as usize);
        let mut rows = Vec::with_capacity(limit.min(matched) as usize);
        for key in window {
            let mut cells = self.cells(query.kind, *key, &columns, &rights.reach)?;
            for (cell, column) in cells.iter_mut().zip(&columns) {
                if !rights.carries(query.kind, column) {
                    *cell = Value::Empty;
                }
            }
            rows.push(Row { number: key.number, rev: self.revision(query.kind, *key)?, cells });
        }
        Ok(Page { total: found.total, matched, restricted, offset, anchor, columns, rows })
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
            export: false,
            // An order tells what is in a column as well as its cells do.
            sort: query
                .sort
                .iter()
                .filter(|key| carried(query, rights, &key.column))
                .cloned()
                .collect(),
            ..query.clone()
        };
        // Of officers and what they read everybody sees others; of all else those of one reach
        // and role see the same.
        let shared = !matches!(query.kind, Kind::Officers | Kind::Readings);
        let (top, role) = (rights.reach.top(), rights.role);
        if let Some(last) = &self.last_list
            && shared
            && (last.version, last.top, last.role) == (self.version, top, role)
            && last.query == asked
        {
            return Ok(last.found.clone());
        }
        let found = if query.kind == Kind::Employees {
            self.find_people(&asked, rights)
        } else {
            self.find_others(&asked, rights)?
        };
        if shared {
            let version = self.version;
            self.last_list =
                Some(LastList { query: asked, version, top, role, found: found.clone() });
        }
        Ok(found)
    }

    fn find_people(&mut self, query: &ListQuery, rights: &Rights) -> Found {
        let reach = &rights.reach;
        let search = parse(query, rights);
        let order = self.order(&query.sort);
        let matcher = Matcher::new(self, &search, query.unit, reach);
        let enrolled = query.of.filter(|of| of.kind == Kind::Sessions);
        let roll: Option<std::collections::BTreeSet<u32>> = enrolled
            .map(|of| self.roster.roll(crate::domain::record::SessionId(of.number)).collect());
        // First along the rows as they lie in memory, then along the order: jumping from row
        // to row costs more than all the comparing.
        let mut total = 0;
        let found: Vec<u32> = self
            .roster
            .rows()
            .iter()
            .map(|row| {
                let listed = matcher.in_scope(row.unit)
                    && roll.as_ref().is_none_or(|roll| roll.contains(&row.number));
                total += u32::from(listed);
                if listed && matcher.matches(self, row) { row.number } else { NOBODY }
            })
            .collect();
        let ordered = order.iter().map(|index| found[*index as usize]);
        let keys = ordered
            .filter(|number| *number != NOBODY)
            .map(|number| Key { number, owner: 0 })
            .collect();
        Found { total, keys }
    }

    /// Indexes of the roster in this order.
    fn order(&mut self, sort: &[SortKey]) -> Arc<[u32]> {
        let by_name = |key: &SortKey| key.column == "name" && !key.descending;
        if sort.first().is_none_or(by_name) {
            return self.roster.by_name().into();
        }
        if let Some(order) = &self.last_order
            && order.version == self.version
            && order.sort == sort
        {
            return order.indexes.as_slice().into();
        }
        let mut indexes: Vec<u32> = self.roster.by_name().to_vec();
        for key in sort.iter().rev() {
            let places = self.places_of_people(key);
            indexes.sort_by_key(|index| places[*index as usize]);
        }
        self.last_order =
            Some(Order { sort: sort.to_vec(), version: self.version, indexes: indexes.clone() });
        indexes.into()
    }

    /// Each person's place by one column. What only the unit or the position says is looked
    /// at once for each of those.
    fn places_of_people(&self, key: &SortKey) -> Vec<u32> {
        let year = crate::office::views::row::year_of(self.today);
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
                let cell = self.cell(Kind::Employees, person, &key.column, everywhere);
                let cell = cell.unwrap_or_default();
                ranks.push(Rank::of(&key.column, &cell, year));
                known.extend(shared.map(|shared| (shared(row), ranks.len() - 1)));
                ranks.len() - 1
            };
            rank_of.push(at);
        }
        let places = places(&ranks, key.descending);
        rank_of.into_iter().map(|at| places[at]).collect()
    }

    fn find_others(&self, query: &ListQuery, rights: &Rights) -> Result<Found, StoreError> {
        let search = parse(query, rights);
        let scope = query.unit.map(|unit| self.catalog.below(unit));
        let columns = columns_looked_at(query, &search, rights);
        let year = crate::office::views::row::year_of(self.today);
        let mut total = 0;
        let mut hits: Vec<(Vec<Value>, Key)> = Vec::new();
        for key in self.keys_of(query, rights)? {
            let unit = match query.kind {
                Kind::Units => Some(key.number),
                _ => self.roster.get(key.owner).and_then(|row| row.unit).map(|unit| unit.0),
            };
            let scoped = query.kind == Kind::Units || key.owner != 0;
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
            if search.terms.iter().all(|term| holds(term, &columns, &cells, year)) {
                hits.push((cells, key));
            }
        }
        for sort in query.sort.iter().rev() {
            if let Some(at) = columns.iter().position(|name| *name == sort.column) {
                let ranks: Vec<Rank> = hits
                    .iter()
                    .map(|(cells, _)| Rank::of(&sort.column, &cells[at], year))
                    .collect();
                let places = places(&ranks, sort.descending);
                let mut by_place: Vec<_> = places.into_iter().zip(hits).collect();
                by_place.sort_by_key(|(place, _)| *place);
                hits = by_place.into_iter().map(|(_, hit)| hit).collect();
            }
        }
        Ok(Found { total, keys: hits.into_iter().map(|(_, key)| key).collect() })
    }

    /// All records of the kind that the asker sees, in the kind's own order.
    fn keys_of(&self, query: &ListQuery, rights: &Rights) -> Result<Vec<Key>, StoreError> {
        let of = query.of;
        let catalog = &self.catalog;
        let plain = |numbers: Vec<u32>| {
            numbers.into_iter().map(|number| Key { number, owner: 0 }).collect::<Vec<_>>()
        };
        let mut keys = match query.kind {
            Kind::Competencies => {
                let columns = catalog.columns();
                let mut numbers: Vec<u32> = columns.iter().map(|(id, _)| id.0).collect();
                let archived = catalog.numbers(Kind::Competencies);
                numbers.extend(
                    archived.into_iter().filter(|n| {
                        catalog.competencies.get(n).is_some_and(|(_, row)| row.archived)
                    }),
                );
                plain(numbers)
            }
            Kind::Units => {
                let mut numbers = catalog.numbers(Kind::Units);
                numbers.sort_by_cached_key(|number| {
                    catalog.unit_path_text(Some(crate::domain::record::UnitId(*number)))
                });
                plain(numbers)
            }
            Kind::Positions => {
                let mut numbers = catalog.numbers(Kind::Positions);
                numbers
                    .sort_by_cached_key(|n| catalog.positions.get(n).map(|(_, p)| p.title.clone()));
                plain(numbers)
            }
            Kind::Programmes => {
                let mut numbers = catalog.numbers(Kind::Programmes);
                numbers
                    .sort_by_cached_key(|n| catalog.programmes.get(n).map(|(_, p)| p.name.clone()));
                plain(numbers)
            }
            Kind::Sessions => {
                let mut numbers = catalog.numbers(Kind::Sessions);
                numbers.sort_by_cached_key(|n| {
                    catalog.sessions.get(n).map(|(_, session)| (session.start, session.end))
                });
                plain(numbers)
            }
            Kind::Ratings | Kind::Enrolments => self.owned_keys(query.kind, of, rights)?,
            Kind::Corrections => self.correction_keys(of, rights),
            Kind::Readings => self.reading_keys(of, rights)?,
            Kind::Officers => {
                let rows = catalog.officers.iter();
                let seen = rows.filter(|(_, (_, officer))| rights.sees_officer(officer));
                plain(seen.map(|(number, _)| *number).collect())
            }
            kind => plain(catalog.numbers(kind)),
        };
        if let (Some(of), Kind::Sessions) = (of, query.kind) {
            keys.retain(|key| {
                catalog.sessions.get(&key.number).is_some_and(|(_, s)| s.programme.0 == of.number)
            });
        }
        Ok(keys)
    }

    /// What is open first, the most urgent of it at the top; then what was closed last.
    fn correction_keys(&self, of: Option<RecordId>, rights: &Rights) -> Vec<Key> {
        let person = of.filter(|of| of.kind == Kind::Employees).map(|of| of.number);
        let rows = self.catalog.corrections.iter();
        let rows = rows.filter(|(_, (_, row))| self.reaches(rights, row.employee.0));
        let here = rows.filter(|(_, (_, row))| person.is_none_or(|who| row.employee.0 == who));
        let mut rows: Vec<_> = here.map(|(number, (_, row))| (*number, row)).collect();
        rows.sort_by_key(|(number, row)| {
            let open = row.status == CorrectionStatus::Open;
            let closed = row.closed.filter(|_| !open);
            (!open, row.deadline().filter(|_| open), std::cmp::Reverse(closed), *number)
        });
        rows.into_iter().map(|(number, row)| Key { number, owner: row.employee.0 }).collect()
    }

    /// The latest day first; of one person those who read them, as theirs: it is told to
    /// whoever may read that person.
    fn reading_keys(&self, of: Option<RecordId>, rights: &Rights) -> Result<Vec<Key>, StoreError> {
        let owner = of.filter(|of| of.kind == Kind::Employees).map_or(0, |of| of.number);
        let theirs = owner != 0 && self.reaches(rights, owner);
        let mut rows = Vec::new();
        self.store.scan(Kind::Readings, &mut |number, stored| {
            if let Record::Reading(row) = stored.record
                && (owner == 0 || row.people.contains_key(&owner))
                && (theirs || (owner == 0 && rights.sees_reading(&row)))
            {
                rows.push((std::cmp::Reverse(row.day), row.officer, number));
            }
            Ok(true)
        })?;
        rows.sort();
        Ok(rows.into_iter().map(|(_, _, number)| Key { number, owner }).collect())
    }

    /// Ratings or enrolments: of one person, of one session, or of everybody by name.
    fn owned_keys(
        &self,
        kind: Kind,
        of: Option<RecordId>,
        rights: &Rights,
    ) -> Result<Vec<Key>, StoreError> {
        let mut people: Vec<u32> = match of {
            Some(of) if of.kind == Kind::Employees => vec![of.number],
            Some(of) if of.kind == Kind::Sessions => {
                self.roster.roll(crate::domain::record::SessionId(of.number)).collect()
            }
            _ => self.roster.rows().iter().map(|row| row.number).collect(),
        };
        people.retain(|person| self.reaches(rights, *person));
        people.sort_by_cached_key(|number| {
            self.roster.get(*number).map(|row| row.folded().into_owned())
        });
        let session = of.filter(|of| of.kind == Kind::Sessions).map(|of| of.number);
        let mut keys = Vec::new();
        for owner in people {
            let pack = self.pack(EmployeeId(owner))?;
            if kind == Kind::Ratings {
                keys.extend(
                    pack.ratings.iter().map(|(number, _, _)| Key { number: *number, owner }),
                );
            } else {
                let enrolments = pack.enrolments.iter();
                let here = enrolments.filter(|(_, _, e)| session.is_none_or(|s| e.session.0 == s));
                keys.extend(here.map(|(number, _, _)| Key { number: *number, owner }));
            }
        }
        Ok(keys)
    }

    fn revision(&self, kind: Kind, key: Key) -> Result<Revision, StoreError> {
        if kind == Kind::Employees {
            return Ok(self.roster.get(key.number).map_or(Revision(0), |row| row.rev));
        }
        if Catalog::holds(kind) {
            let row = self.catalog.get(RecordId::new(kind, key.number));
            return Ok(row.map_or(Revision(0), |(rev, _)| rev));
        }
        if kind == Kind::Readings {
            let stored = self.store.get(RecordId::new(kind, key.number))?;
            return Ok(stored.map(|stored| stored.rev).unwrap_or_default());
        }
        let pack = self.pack(EmployeeId(key.owner))?;
        let rating =
            pack.ratings.iter().find(|(n, _, _)| kind == Kind::Ratings && *n == key.number);
        let enrolment =
            pack.enrolments.iter().find(|(n, _, _)| kind == Kind::Enrolments && *n == key.number);
        Ok(rating.map(|r| r.1).or(enrolment.map(|e| e.1)).unwrap_or_default())
    }
}

/// Columns a search or an order looks at. A word is sought in all of them but in counts of
/// other records, which nobody means by a word and which cost the most.
fn columns_looked_at(query: &ListQuery, search: &Query, rights: &Rights) -> Vec<String> {
    const COUNTS: [&str; 4] = ["people", "sessions", "enrolled", "present"];
    let words = search.terms.iter().any(|term| matches!(term, Term::Word(_)));
    let named = |name: &str| {
        query.sort.iter().any(|key| key.column == name)
            || search
                .terms
                .iter()
                .any(|term| matches!(term, Term::Field { name: n, .. } if n == name))
    };
    let looked_at = |name: &&str| {
        carried(query, rights, name) && (named(name) || (words && !COUNTS.contains(name)))
    };
    let columns = query.kind.columns().iter().map(|column| column.name);
    columns.filter(looked_at).map(str::to_string).collect()
}

/// Columns that may be asked about: those whose cells are not kept from the asker.
fn carried(query: &ListQuery, rights: &Rights, column: &str) -> bool {
    query.kind.column(column).is_some() && rights.carries(query.kind, column)
}

fn parse(query: &ListQuery, rights: &Rights) -> Query {
    Query::parse(&query.search, &|name| carried(query, rights, name))
}
