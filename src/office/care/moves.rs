//! Moves: whom a change of standards would move between categories, counted beside the writer
//! on a view of the store. The change is planned as if it were to be saved; what is required
//! before and after is compared post by post, and only people in posts that differ are read.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use crate::domain::category::{Category, Purpose};
use crate::domain::change::Change;
use crate::domain::kinds::employee::{Employee, Status};
use crate::domain::kinds::standard::Standard;
use crate::domain::record::{CompetencyId, EmployeeId, Kept, Kind, PositionId};
use crate::journal::JournalError;
use crate::office::Office;
use crate::office::asker::Asker;
use crate::office::care::errand::HearsErrand;
use crate::office::rights::Rights;
use crate::office::trouble::Trouble;
use crate::office::views::catalog::{Catalog, Required};
use crate::office::views::row::{RosterRow, figures};
use crate::office::write::plan::Planner;
use crate::protocol::{CategoryMove, MovedPerson, Moves, NAMED_MAX, Problem, Tried, Work};
use crate::store::Store;

/// People between two words of how far it is.
const TOLD_EVERY: u64 = 500;

/// From where to where, within one purpose.
type Way = (Purpose, Option<Category>, Option<Category>);

impl Office {
    /// What a change would be if it were saved now; nothing is.
    pub(in crate::office) fn tried(
        &mut self,
        asker: &Asker,
        rights: &Rights,
        tried: &Tried,
    ) -> Result<Vec<Change>, Trouble> {
        let kinds: HashSet<Kind> = match tried {
            Tried::Save(drafts) => drafts.iter().map(|draft| draft.record.kind()).collect(),
            Tried::Delete(ids) => ids.iter().map(|(id, _)| id.kind).collect(),
            Tried::Import => self.importing(asker).into_iter().collect(),
        };
        if kinds.is_empty() || !kinds.iter().all(|kind| kind.moves_people()) {
            return Err(Problem::NotFound.into());
        }
        let mut planner = Planner { state: &self.state, rights, numbers: &mut self.numbers };
        let changes = match tried {
            Tried::Save(drafts) => planner.save(drafts.clone()),
            Tried::Delete(ids) => planner.delete(ids),
            Tried::Import => return self.imported_so_far(asker),
        };
        changes.map_err(|stop| self.stopped(rights, stop))
    }
}

/// Whom these changes move, of those who work here.
pub(in crate::office) fn count(
    store: &Store,
    changes: &[Change],
    today: NaiveDate,
    told: HearsErrand,
) -> Result<Moves, Trouble> {
    let before = Catalog::read(store)?;
    let mut after = Catalog::read(store)?;
    let mut at = today;
    for change in changes {
        let stood = before.get(change.id).map(|(_, record)| record);
        let both = stood.iter().chain(&change.after).filter_map(Standard::of);
        at = both.filter_map(|row| row.effective_from).fold(at, NaiveDate::max);
    }
    let put = changes
        .iter()
        .filter_map(|change| Some((change.id.number, change.base, change.after.clone()?)));
    after.load(put);
    for gone in changes.iter().filter(|change| change.after.is_none()) {
        after.put(gone.id, gone.base, None);
    }
    let both = Both { before, after, at };
    let posts = both.posts();
    let mut moves = Moves { at: Some(at).filter(|at| *at > today), ..Moves::default() };
    let mut ways: BTreeMap<Way, Vec<MovedPerson>> = BTreeMap::new();
    let (mut looked, mut stopped, total) = (0, false, store.count(Kind::Employees));
    store.scan(Kind::Employees, &mut |number, stored| {
        looked += 1;
        if looked % TOLD_EVERY == 0 && !told(Work::Counting, looked, total) {
            stopped = true;
            return Ok(false);
        }
        let Some(employee) = Employee::of(&stored.record) else { return Ok(true) };
        let there = employee.position.is_some_and(|post| posts.contains(&post));
        if there && employee.status == Status::Active {
            let mut row = RosterRow::of(number, stored.rev, employee);
            row.take_levels(&both.before, &store.pack(EmployeeId(number))?);
            both.look_at(&row, &mut moves, &mut ways);
        }
        Ok(true)
    })?;
    if stopped {
        return Err(JournalError::Cancelled.into());
    }
    let mut room = NAMED_MAX;
    moves.categories.extend(ways.into_iter().map(|((purpose, from, to), mut people)| {
        let count = people.len() as u32;
        people.sort_by(|a, b| (&a.name, a.employee).cmp(&(&b.name, b.employee)));
        people.truncate(room);
        room -= people.len();
        CategoryMove { purpose, from, to, count, people }
    }));
    Ok(moves)
}

/// The tables as they stand, and as they would.
struct Both {
    before: Catalog,
    after: Catalog,
    at: NaiveDate,
}

impl Both {
    /// The posts that would require something else.
    fn posts(&self) -> HashSet<PositionId> {
        let required = |catalog: &Catalog, post: PositionId| {
            let rows = catalog.required(Some(post), self.at);
            let mut rows: Vec<_> = rows.iter().map(|row| (row.competency, row.level)).collect();
            rows.sort_unstable();
            rows
        };
        let posts = self.before.positions.keys().map(|number| PositionId(*number));
        posts.filter(|post| required(&self.before, *post) != required(&self.after, *post)).collect()
    }

    fn look_at(
        &self,
        row: &RosterRow,
        moves: &mut Moves,
        ways: &mut BTreeMap<Way, Vec<MovedPerson>>,
    ) {
        let before = self.before.required(row.position, self.at);
        let after = self.after.required(row.position, self.at);
        let shown = |id: CompetencyId| self.before.competency(id).is_some_and(|one| !one.archived);
        let (mut falls, mut rises) = (false, false);
        for rated in row.levels.iter().filter(|rated| shown(rated.competency())) {
            let below = |required: &[Required]| {
                let row = required.iter().find(|row| row.competency == rated.competency());
                row.is_some_and(|row| rated.level() < row.level)
            };
            falls |= !below(&before) && below(&after);
            rises |= below(&before) && !below(&after);
        }
        moves.falls += u32::from(falls);
        moves.rises += u32::from(rises);
        let figures = (figures(&self.before, row, self.at), figures(&self.after, row, self.at));
        let bands = &self.before.rules(self.at).categories;
        for purpose in Purpose::ALL {
            let (from, to) = (bands.of(*purpose, figures.0), bands.of(*purpose, figures.1));
            if from != to {
                let unit = self.before.unit(row.unit).map_or("", |unit| unit.name.as_str());
                ways.entry((*purpose, from, to)).or_default().push(MovedPerson {
                    employee: row.id(),
                    name: row.name().into(),
                    unit: unit.into(),
                    jpm: (figures.0.jpm(), figures.1.jpm()),
                });
            }
        }
    }
}
