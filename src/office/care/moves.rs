//! Moves: whom a change of standards, of the bands a JPM is judged by, or of which competencies
//! there are would move between categories, counted beside the writer on a view of the store. The
//! change is planned as if it were to be saved; what is required before and after is compared post
//! by post, and only people in posts that differ are read, or everybody where the bands do.

use std::collections::{BTreeMap, HashSet};

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
use crate::store::{Pack, Store};

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

    /// Whether what is to be saved may move anybody: whoever names a competency or writes what
    /// its levels mean moves nobody, and stops no work of others to hear so.
    pub(in crate::office) fn may_move(&self, tried: &Tried) -> bool {
        let Tried::Save(drafts) = tried else { return true };
        drafts.iter().any(|draft| {
            let stood = draft.id.and_then(|id| self.state.catalog.get(id)).map(|(_, stood)| stood);
            let deciding = draft.record.kind().fields().iter().filter(|field| field.moves_people);
            let mut deciding = deciding.map(|field| field.name);
            deciding.any(|name| {
                draft.record.field(name) != stood.as_ref().and_then(|it| it.field(name))
            })
        })
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
    let both = Both::of(store, meant, today)?;
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
            let row = RosterRow::of(number, stored.rev, employee);
            both.look_at(row, &store.pack(EmployeeId(number))?, &mut moves, &mut ways);
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

/// What is required, what a competency counts as and by which bands a JPM is judged, as it stands
/// and as it would.
struct Both {
    stands: Catalog,
    would: Catalog,
    at: NaiveDate,
    /// Posts in which somebody may be judged otherwise.
    posts: HashSet<PositionId>,
    bands: (Categories, Categories),
}

impl Both {
    fn of(store: &Store, meant: &Meant, today: NaiveDate) -> Result<Self, Trouble> {
        let (stands, mut would) = (Catalog::read(store)?, Catalog::read(store)?);
        let mut at = today;
        let mut kinds: HashSet<Kind> = HashSet::new();
        let mut competencies: HashSet<CompetencyId> = HashSet::new();
        meant.each(&mut |change| {
            let stood = stands.get(change.id).map(|(_, record)| record);
            at = stood.iter().chain(&change.after).filter_map(since).fold(at, NaiveDate::max);
            // What else was changed with it says nothing of what is required.
            if change.id.kind.moves_people() {
                kinds.insert(change.id.kind);
                if change.id.kind == Kind::Competencies {
                    competencies.insert(CompetencyId(change.id.number));
                }
                // A record of the office's own stands over the one that ships.
                would.take(change.id, Revision(change.base.0.max(1)), change.after.clone());
            }
        })?;
        for kind in kinds {
            would.index(kind);
        }
        // Those that go or come, and what they count as.
        let counts = |catalog: &Catalog, id| {
            (catalog.current(id, None), catalog.competency(id).map(|one| one.archived))
        };
        competencies.retain(|id| counts(&stands, *id) != counts(&would, *id));
        let counted =
            competencies.iter().flat_map(|id| [counts(&stands, *id), counts(&would, *id)]);
        let counted: Vec<_> = counted.map(|(id, _)| id).collect();
        competencies.extend(counted);
        let differs = |post: &PositionId| {
            let (stood, now) = (stands.required(Some(*post), at), would.required(Some(*post), at));
            let mut all = stood.iter().chain(now.iter());
            levels(&stood) != levels(&now) || all.any(|row| competencies.contains(&row.competency))
        };
        let posts = stands.positions.keys().copied().map(PositionId).filter(differs).collect();
        let bands = (stands.rules(at).categories.clone(), would.rules(at).categories.clone());
        Ok(Self { stands, would, at, posts, bands })
    }

    /// Whether anything may be otherwise for whoever is in this post.
    fn may_move(&self, post: Option<PositionId>) -> bool {
        let Some(post) = post else { return false };
        self.bands.0 != self.bands.1 || self.posts.contains(&post)
    }

    fn look_at(
        &self,
        mut row: RosterRow,
        pack: &Pack,
        moves: &mut Moves,
        ways: &mut BTreeMap<Way, Vec<MovedPerson>>,
    ) {
        let mut judged = |catalog: &Catalog| {
            row.take_levels(catalog, pack);
            let required = catalog.required(row.position, self.at);
            (below(catalog, &row, &required), figures_against(catalog, &row, &required))
        };
        let (stood, before) = judged(&self.stands);
        let (now, after) = judged(&self.would);
        // Whoever was below in what is merged, or comes apart, is below in nothing new.
        let one = |id| self.stands.current(self.would.current(id, None), None);
        let [stood, now] = [stood, now].map(|ids| ids.into_iter().map(one).collect::<HashSet<_>>());
        moves.falls += u32::from(!now.is_subset(&stood));
        moves.rises += u32::from(!stood.is_subset(&now));
        let figures = (before, after);
        for purpose in Purpose::ALL {
            let from = self.bands.0.of(*purpose, figures.0);
            let to = self.bands.1.of(*purpose, figures.1);
            if from != to {
                let unit = self.stands.unit(row.unit).map_or("", |unit| unit.name.as_str());
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

/// In what somebody is below.
fn below(catalog: &Catalog, row: &RosterRow, required: &[Required]) -> HashSet<CompetencyId> {
    let shown = |id: CompetencyId| catalog.competency(id).is_some_and(|one| !one.archived);
    let rated = row.levels.iter().filter(|rated| shown(rated.competency()));
    let short = rated.filter(|rated| {
        let row = required.iter().find(|row| row.competency == rated.competency());
        row.is_some_and(|row| rated.level() < row.level)
    });
    short.map(|rated| rated.competency()).collect()
}

/// What is required, however it comes to be.
fn levels(required: &[Required]) -> Vec<(CompetencyId, u8)> {
    let mut levels: Vec<_> = required.iter().map(|row| (row.competency, row.level)).collect();
    levels.sort_unstable();
    levels
}
