//! The matrix: the active people of a unit, by name, against the competencies. Who is in it
//! and what they add up to is found once and kept until something changes; a page then looks
//! at no more people than it shows.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::gap::{Cell, Figures};
use crate::domain::kinds::competency::Competency;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{CompetencyId, Kind, PositionId, UnitId};
use crate::office::read::filter::Matcher;
use crate::office::read::grouped::{Groups, Sums};
use crate::office::rights::Rights;
use crate::office::views::row::{self, RosterRow};
use crate::office::views::state::State;
use crate::protocol::{Matrix, MatrixCompetency, MatrixQuery, MatrixRow, PAGE_MAX};
use crate::store::StoreError;

/// What was asked last, of which version of the office, on which day and by somebody of which
/// reach and role.
pub(in crate::office) struct LastMatrix {
    query: MatrixQuery,
    version: u64,
    today: NaiveDate,
    top: Option<UnitId>,
    role: Role,
    whole: Arc<Whole>,
}

/// All of a matrix but its rows.
struct Whole {
    /// Active people in scope, before the search.
    total: u32,
    /// Places in the roster, in the order asked for.
    found: Vec<u32>,
    column_figures: Vec<Figures>,
    groups: Groups,
}

impl Whole {
    fn lines(&self) -> u32 {
        (self.found.len() + self.groups.len()) as u32
    }
}

impl State {
    /// The matrix of a unit: active people, by name, against the competencies.
    pub fn matrix(&mut self, query: &MatrixQuery, rights: &Rights) -> Result<Matrix, StoreError> {
        let at = query.at.unwrap_or(self.today);
        let whole = self.whole(query, rights)?;
        let (anchor, shown) = self.window(query, &whole);
        let people = whole.groups.people(&shown);
        let columns = self.catalog.columns_on(at);
        let ids: Vec<CompetencyId> = columns.iter().map(|(competency, _)| *competency).collect();
        let known = query.since.filter(|_| at == self.today);
        let changed = known.and_then(|since| self.recent.since(since));
        let page =
            || whole.found[people.clone()].iter().map(|at| &self.roster.rows()[*at as usize]);
        let mut rows = Vec::new();
        for row in page() {
            if changed.as_ref().is_none_or(|changed| changed.contains(&row.number)) {
                rows.push(self.matrix_row(row, self.cells_on(row, &ids, at)?));
            }
        }
        let competency = |(id, row): &(CompetencyId, &Competency)| MatrixCompetency {
            id: *id,
            code: row.code.clone(),
            name: row.name.clone(),
        };
        Ok(Matrix {
            at,
            unit: query
                .unit
                .filter(|unit| rights.reach.shows(*unit))
                .and_then(|unit| self.catalog.unit(Some(unit)))
                .map(|unit| unit.name.clone()),
            total: whole.total,
            matched: whole.found.len() as u32,
            lines: whole.lines(),
            offset: shown.start as u32,
            anchor: anchor.map(|anchor| anchor as u32),
            competencies: columns.iter().map(competency).collect(),
            rows,
            groups: whole.groups.shown(&shown),
            seq: query.since.map_or(0, |_| self.store.applied().seq),
            window: changed.map(|_| page().map(RosterRow::id).collect()),
            column_figures: whole.column_figures.clone(),
            figures: Figures::sum(&whole.column_figures),
            standards_verified: self.catalog.standards.values().all(|(_, row)| row.verified),
        })
    }

    fn whole(&mut self, query: &MatrixQuery, rights: &Rights) -> Result<Arc<Whole>, StoreError> {
        let asked = MatrixQuery { offset: 0, limit: 0, anchor: None, since: None, ..query.clone() };
        let (top, role) = (rights.reach.top(), rights.role);
        if let Some(last) = &self.last_matrix
            && (last.version, last.today) == (self.version, self.today)
            && (last.top, last.role) == (top, role)
            && last.query == asked
        {
            return Ok(Arc::clone(&last.whole));
        }
        let whole = Arc::new(self.make_whole(&asked, rights)?);
        let (version, today) = (self.version, self.today);
        let kept = Arc::clone(&whole);
        self.last_matrix =
            Some(LastMatrix { query: asked, version, today, top, role, whole: kept });
        Ok(whole)
    }

    fn make_whole(&mut self, query: &MatrixQuery, rights: &Rights) -> Result<Whole, StoreError> {
        let at = query.at.unwrap_or(self.today);
        let search = self.query(Kind::Employees, &query.search, rights);
        self.roster.by_name();
        let sort = self.carried_sort(Kind::Employees, query.sort.as_slice(), rights);
        let order = self.order(&sort)?;
        let matcher = Matcher::new(self, &search, query.unit, &rights.reach)?;
        let (total, mut found) = self.active(&matcher, &order);
        let columns = self.catalog.columns_on(at);
        let ids: Vec<CompetencyId> = columns.iter().map(|(competency, _)| *competency).collect();
        let sorted = sort.first().and_then(|key| {
            let same = |code: &str| code.eq_ignore_ascii_case(&key.column);
            let (id, _) = columns.iter().find(|(_, competency)| same(&competency.code))?;
            Some((*id, key.descending))
        });
        if let Some((competency, descending)) = sorted {
            self.by_gap(&mut found, competency, descending, at)?;
        }
        let group = |unit: Option<UnitId>| unit.filter(|_| query.grouped);
        // Of everybody in scope the sums are kept; of anybody else they are made here.
        let sums = if search.is_empty() && at == self.today {
            let meant = |unit: Option<_>| matcher.in_scope(unit).then_some(group(unit));
            self.level_figures()?.by(&ids, meant)
        } else {
            let mut sums: Sums = HashMap::new();
            for place in &found {
                let row = &self.roster.rows()[*place as usize];
                let columns = sums.entry(group(row.unit));
                let columns = columns.or_insert_with(|| vec![Figures::default(); ids.len()]);
                for (column, cell) in columns.iter_mut().zip(self.cells_on(row, &ids, at)?) {
                    *column += Figures::of([cell]);
                }
            }
            sums
        };
        let mut column_figures = vec![Figures::default(); ids.len()];
        for columns in sums.values() {
            for (all, column) in column_figures.iter_mut().zip(columns) {
                *all += *column;
            }
        }
        let groups = if query.grouped {
            self.group(&mut found, &sums, ids.len())
        } else {
            Groups::default()
        };
        Ok(Whole { total, found, column_figures, groups })
    }

    /// Who lacks most of a competency first, then who has least of it; who is not rated last,
    /// also the other way round.
    fn by_gap(
        &self,
        found: &mut [u32],
        competency: CompetencyId,
        descending: bool,
        at: NaiveDate,
    ) -> Result<(), StoreError> {
        // What a post requires is looked up once for all who hold it.
        let mut required: HashMap<Option<PositionId>, Option<u8>> = HashMap::new();
        let mut keys: HashMap<u32, (bool, i16, i16)> = HashMap::with_capacity(found.len());
        for place in &*found {
            let row = &self.roster.rows()[*place as usize];
            let actual = if at == self.today {
                row.level(competency)
            } else {
                self.cells_on(row, &[competency], at)?.first().and_then(|cell| cell.actual)
            };
            let nobody = |_| None;
            let needs = *required.entry(row.position).or_insert_with(|| {
                let cells = row::cells(&self.catalog, &[competency], row.position, at, &nobody);
                cells.first().and_then(|cell| cell.required)
            });
            let level = actual.map_or(0, i16::from);
            // Without a standard nothing is lacking.
            let gap = needs.map_or(0, |needs| level - i16::from(needs));
            let sign = if descending { -1 } else { 1 };
            keys.insert(*place, (actual.is_none(), sign * gap, sign * level));
        }
        found.sort_by_key(|place| keys.get(place).copied());
        Ok(())
    }

    /// How many active people are in scope, and the places of those that match, in this order.
    fn active(&self, matcher: &Matcher, order: &[u32]) -> (u32, Vec<u32>) {
        let rows = self.roster.rows();
        let mut total = 0;
        // Along the rows as they lie in memory, then along the order.
        let hits: Vec<bool> = rows
            .iter()
            .map(|row| {
                let counted = row.is_active() && matcher.in_scope(row.unit);
                total += u32::from(counted);
                counted && matcher.matches(self, row)
            })
            .collect();
        (total, order.iter().copied().filter(|at| hits[*at as usize]).collect())
    }

    /// In which line the anchor stands, and which lines are shown.
    fn window(&self, query: &MatrixQuery, whole: &Whole) -> (Option<usize>, Range<usize>) {
        let (rows, found) = (self.roster.rows(), &whole.found);
        let anchor = query
            .anchor
            .and_then(|anchor| found.iter().position(|at| rows[*at as usize].number == anchor))
            .map(|person| whole.groups.line_of(person));
        let (limit, lines) = (query.limit.min(PAGE_MAX) as usize, whole.lines() as usize);
        let mut offset = (query.offset as usize).min(lines);
        if let Some(anchor) = anchor
            && !(offset..offset + limit).contains(&anchor)
        {
            offset = anchor.saturating_sub(limit / 2);
        }
        (anchor, offset..(offset + limit).min(lines))
    }

    fn matrix_row(&self, row: &RosterRow, cells: Vec<Cell>) -> MatrixRow {
        let position = self.catalog.position(row.position);
        MatrixRow {
            employee: row.id(),
            nip: row.nip.to_string(),
            name: row.name().to_string(),
            position: position.map_or_else(String::new, |position| position.title.clone()),
            job_level: self.catalog.level(row.position),
            figures: Figures::of(cells.iter().copied()),
            cells,
        }
    }

    /// A person's cells as of that day; of another day than today read from the ratings
    /// themselves.
    pub fn cells_on(
        &self,
        row: &RosterRow,
        columns: &[CompetencyId],
        at: NaiveDate,
    ) -> Result<Vec<Cell>, StoreError> {
        self.cells_as(row, columns, row.position, at)
    }

    /// The same as if they held another post.
    pub fn cells_as(
        &self,
        row: &RosterRow,
        columns: &[CompetencyId],
        position: Option<PositionId>,
        at: NaiveDate,
    ) -> Result<Vec<Cell>, StoreError> {
        if at == self.today {
            let actual = |competency| row.level(competency);
            return Ok(row::cells(&self.catalog, columns, position, at, &actual));
        }
        let pack = self.pack(row.id())?;
        Ok(row::cells_by(&self.catalog, &pack, Some(at), columns, position, at))
    }
}
