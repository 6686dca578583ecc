//! Moves: whom a change of standards, or of the bands a JPM is judged by, would move between
//! categories, counted beside the writer on a view of the store. The change is planned as if it
//! were to be saved; what is required before and after is compared post by post, and only people
//! in posts that differ are read, or everybody where the bands do.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::category::{Categories, Category, Purpose};
use crate::domain::change::{Change, RequestId, Via};
use crate::domain::kinds::employee::{Employee, Status};
use crate::domain::kinds::rule::ReferenceTable;
use crate::domain::kinds::standard::Standard;
use crate::domain::record::{CompetencyId, EmployeeId, Kept, Kind, PositionId, Record, Revision};
use crate::journal::JournalError;
use crate::office::Office;
use crate::office::asker::Asker;
use crate::office::care::errand::HearsErrand;
use crate::office::rights::Rights;
use crate::office::trouble::Trouble;
use crate::office::views::catalog::{Catalog, Required};
use crate::office::views::row::{RosterRow, figures_against};
use crate::office::write::plan::Planner;
use crate::office::write::scratch::Frozen;
use crate::protocol::{CategoryMove, MovedPerson, Moves, NAMED_MAX, Problem, Step, Tried, Work};
use crate::store::Store;

/// People between two words of how far it is.
const TOLD_EVERY: u64 = 500;

/// From where to where, within one purpose.
type Way = (Purpose, Option<Category>, Option<Category>);

/// What a change would be if it were saved now: as many changes as it may be of are read part
/// by part.
pub(in crate::office) struct Meant {
    pub parts: Frozen,
    pub rest: Vec<Change>,
}

impl Meant {
    fn of(rest: Vec<Change>) -> Self {
        Self { parts: Frozen::default(), rest }
    }

    fn each(&self, see: &mut dyn FnMut(&Change)) -> Result<(), Trouble> {
        self.parts.each::<Vec<Change>>(&mut |part| {
            part.iter().for_each(&mut *see);
            Ok(())
        })?;
        self.rest.iter().for_each(see);
        Ok(())
    }
}

impl Office {
    /// What a change would be if it were saved now; nothing is.
    pub(in crate::office) fn tried(
        &mut self,
        asker: &Asker,
        rights: &Rights,
        tried: &Tried,
    ) -> Result<Meant, Trouble> {
        let kinds: HashSet<Kind> = match tried {
            Tried::Save(drafts) => drafts.iter().map(|draft| draft.record.kind()).collect(),
            Tried::Delete(ids) => ids.iter().map(|(id, _)| id.kind).collect(),
            Tried::SetField { kind, .. } => HashSet::from([*kind]),
            Tried::Undo(seq) => self.first_kinds(*seq)?,
            Tried::Import => self.importing(asker).into_iter().collect(),
        };
        let moves = |kind: &Kind| kind.moves_people();
        // A step may have changed other things beside; all that is to be saved may not.
        let fits = match tried {
            Tried::Undo(_) => kinds.iter().any(moves),
            _ => !kinds.is_empty() && kinds.iter().all(moves),
        };
        if !fits {
            return Err(Problem::NotFound.into());
        }
        if matches!(tried, Tried::Import) {
            return self.imported_so_far(asker);
        }
        if let Tried::Undo(seq) = tried {
            let step = Step { req: RequestId::default(), via: Via::Tui, why: String::new() };
            return Ok(Meant::of(self.plan_undo(rights.clone(), step, Some(*seq))?.changes));
        }
        let mut planner = Planner { state: &self.state, rights, numbers: &mut self.numbers };
        let changes = match tried {
            Tried::Save(drafts) => planner.save(drafts.clone()),
            Tried::Delete(ids) => planner.delete(ids),
            Tried::SetField { kind, ids, field, value } => {
                planner.set_field(*kind, ids, field, value)
            }
            Tried::Undo(_) | Tried::Import => Ok(Vec::new()),
        };
        changes.map(Meant::of).map_err(|stop| self.stopped(rights, stop))
    }

    /// What the first line of an entry changed: what is too large for one line is of a kind.
    fn first_kinds(&mut self, seq: u64) -> Result<HashSet<Kind>, Trouble> {
        let first = self.journal.first_of(seq)?;
        let changes = first.map_or_else(Vec::new, |line| line.changes);
        Ok(changes.iter().map(|change| change.id.kind).collect())
    }
}

/// From when on it holds.
fn since(record: &Record) -> Option<NaiveDate> {
    let standard = Standard::of(record).map(|row| row.effective_from);
    standard.or_else(|| ReferenceTable::of(record).map(|rule| rule.effective_from)).flatten()
}

/// Whom these changes move, of those who work here.
pub(in crate::office) fn count(
    store: &Store,
    meant: &Meant,
    today: NaiveDate,
    told: HearsErrand,
) -> Result<Moves, Trouble> {
    let both = Both::of(Catalog::read(store)?, meant, today)?;
    let at = both.at;
    let mut moves = Moves { at: Some(at).filter(|at| *at > today), ..Moves::default() };
    if both.posts.is_empty() && both.bands.0 == both.bands.1 {
        return Ok(moves);
    }
    let mut ways: BTreeMap<Way, Vec<MovedPerson>> = BTreeMap::new();
    let (mut looked, mut stopped, total) = (0, false, store.count(Kind::Employees));
    store.scan(Kind::Employees, &mut |number, stored| {
        looked += 1;
        if looked % TOLD_EVERY == 0 && !told(Work::Counting, looked, total) {
            stopped = true;
            return Ok(false);
        }
        let Some(employee) = Employee::of(&stored.record) else { return Ok(true) };
        if employee.status == Status::Active && both.may_move(employee.position) {
            let mut row = RosterRow::of(number, stored.rev, employee);
            row.take_levels(&both.catalog, &store.pack(EmployeeId(number))?);
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

/// What is required, and by which bands a JPM is judged, as it stands and as it would.
struct Both {
    /// As it would.
    catalog: Catalog,
    at: NaiveDate,
    /// Posts that would require something else, with what they require now.
    posts: HashMap<PositionId, Arc<[Required]>>,
    bands: (Categories, Categories),
}

impl Both {
    fn of(mut catalog: Catalog, meant: &Meant, today: NaiveDate) -> Result<Self, Trouble> {
        let mut at = today;
        meant.each(&mut |change| {
            let stood = catalog.get(change.id).map(|(_, record)| record);
            at = stood.iter().chain(&change.after).filter_map(since).fold(at, NaiveDate::max);
        })?;
        let before = catalog.rules(at).categories.clone();
        let numbers: Vec<PositionId> = catalog.positions.keys().copied().map(PositionId).collect();
        let required = |catalog: &Catalog| -> Vec<Arc<[Required]>> {
            numbers.iter().map(|post| catalog.required(Some(*post), at)).collect()
        };
        let stood = required(&catalog);
        let mut kinds: HashSet<Kind> = HashSet::new();
        meant.each(&mut |change| {
            // What else was changed with it says nothing of what is required.
            if change.id.kind.moves_people() {
                kinds.insert(change.id.kind);
                // A record of the office's own stands over the one that ships.
                catalog.take(change.id, Revision(change.base.0.max(1)), change.after.clone());
            }
        })?;
        for kind in kinds {
            catalog.index(kind);
        }
        let posts = numbers.iter().copied().zip(stood).zip(required(&catalog));
        let differ = posts.filter(|((_, stood), now)| levels(stood) != levels(now));
        let posts = differ.map(|(stood, _)| stood).collect();
        let bands = (before, catalog.rules(at).categories.clone());
        Ok(Self { catalog, at, posts, bands })
    }

    /// Whether anything may be otherwise for whoever is in this post.
    fn may_move(&self, post: Option<PositionId>) -> bool {
        let Some(post) = post else { return false };
        self.bands.0 != self.bands.1 || self.posts.contains_key(&post)
    }

    fn look_at(
        &self,
        row: &RosterRow,
        moves: &mut Moves,
        ways: &mut BTreeMap<Way, Vec<MovedPerson>>,
    ) {
        let after = self.catalog.required(row.position, self.at);
        let stood = row.position.and_then(|post| self.posts.get(&post));
        let before = stood.unwrap_or(&after);
        let shown = |id: CompetencyId| self.catalog.competency(id).is_some_and(|one| !one.archived);
        let (mut falls, mut rises) = (false, false);
        for rated in row.levels.iter().filter(|rated| shown(rated.competency())) {
            let below = |required: &[Required]| {
                let row = required.iter().find(|row| row.competency == rated.competency());
                row.is_some_and(|row| rated.level() < row.level)
            };
            falls |= !below(before) && below(&after);
            rises |= below(before) && !below(&after);
        }
        moves.falls += u32::from(falls);
        moves.rises += u32::from(rises);
        let of = |required: &[Required]| figures_against(&self.catalog, row, required);
        let figures = (of(before), of(&after));
        for purpose in Purpose::ALL {
            let from = self.bands.0.of(*purpose, figures.0);
            let to = self.bands.1.of(*purpose, figures.1);
            if from != to {
                let unit = self.catalog.unit(row.unit).map_or("", |unit| unit.name.as_str());
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

/// What is required, however it comes to be.
fn levels(required: &[Required]) -> Vec<(CompetencyId, u8)> {
    let mut levels: Vec<_> = required.iter().map(|row| (row.competency, row.level)).collect();
    levels.sort_unstable();
    levels
}
