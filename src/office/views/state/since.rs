//! Since: the roster of a store that was left without being closed, as after a kill. It is
//! read as it was packed last, and of the people only those are worked out anew whom the
//! entries since then touch. What makes the rows of others wrong too, or cannot be told from
//! those entries, has everybody read instead.

use std::collections::BTreeMap;

use super::{
    BTreeSet, Change, EmployeeId, Enrolment, Home, JournalReader, Kind, LateRoster, NaiveDate,
    Record, RecordId, RosterRow, SessionId, State, StoreError, Turnout, setting,
};
use crate::domain::change::{Head, Place};
use crate::journal::Line;

/// The most that is looked through: changes, and lines of the journal for what stood before.
const CHANGES_MAX: usize = 4_000;
const LINES_MAX: usize = 32;

/// Whose rows are no longer as they were packed.
pub(super) struct Since {
    packed_at: (Head, NaiveDate),
    people: BTreeSet<u32>,
    posts: BTreeSet<u32>,
    sessions: BTreeSet<u32>,
    programmes: BTreeSet<u32>,
}

impl State {
    /// What has become of the people since the roster was packed; `None` where that cannot be
    /// told, or takes longer than reading everybody.
    pub(super) fn since(
        &self,
        journal: Option<&JournalReader>,
    ) -> Result<Option<Since>, StoreError> {
        let applied = self.store.applied();
        let Some(journal) = journal.filter(|journal| journal.head() == applied) else {
            return Ok(None);
        };
        let Some(packed_at) = LateRoster::packed_at(&self.store)? else { return Ok(None) };
        let mut earlier = Earlier { journal, seq: packed_at.0.seq, lines: BTreeMap::new() };
        let Some(changes) = changes_since(journal, packed_at.0) else { return Ok(None) };
        let (people, posts) = (BTreeSet::new(), BTreeSet::new());
        let (sessions, programmes) = (BTreeSet::new(), BTreeSet::new());
        let mut since = Since { packed_at, people, posts, sessions, programmes };
        for change in &changes {
            let told = self.tell(&mut since, change, &mut earlier)?;
            if !told {
                return Ok(None);
            }
        }
        Ok(Some(since))
    }

    /// Whom a change touches, as [`touch`](Self::touch) has it; `false` where it cannot be told.
    fn tell(
        &self,
        since: &mut Since,
        change: &Change,
        earlier: &mut Earlier,
    ) -> Result<bool, StoreError> {
        let Change { id, after, .. } = change;
        match id.kind {
            Kind::Standards | Kind::Competencies | Kind::Rules => return Ok(false),
            Kind::Settings if setting::decides_jp(id.number) => return Ok(false),
            Kind::Employees => drop(since.people.insert(id.number)),
            Kind::Positions => drop(since.posts.insert(id.number)),
            Kind::Sessions => drop(since.sessions.insert(id.number)),
            Kind::Programmes => drop(since.programmes.insert(id.number)),
            kind if kind.home() == Home::WithPerson => {
                let now = [after.as_ref().and_then(Record::person), self.store.owner(*id)?];
                since.people.extend(now.into_iter().flatten().map(|person| person.0));
                // It may have been another's then.
                let trail = self.store.trail(*id)?;
                let then = trail.iter().rev().find(|version| version.seq <= earlier.seq);
                if let Some(version) = then {
                    let Some(before) = earlier.at(version.place, *id) else { return Ok(false) };
                    let whose = before.after.as_ref().and_then(Record::person);
                    since.people.extend(whose.map(|person| person.0));
                }
            }
            _ => {}
        }
        Ok(true)
    }

    /// Takes the roster as it was packed and works those rows out anew.
    pub(super) fn catch_up(&mut self, since: &Since) -> Result<(), StoreError> {
        let Some(roster) = LateRoster::packed_then(&self.store, since.packed_at)? else {
            self.roster = LateRoster::instead(&self.store)?;
            return self.load_roster();
        };
        self.roster = roster;
        let mut enrolled = BTreeMap::new();
        for number in &since.people {
            enrolled.insert(*number, self.read_row(*number)?);
        }
        self.roster.enrol_anew(&enrolled);
        let held = self.catalog.sessions.iter();
        let held = held.filter(|(_, (_, row))| since.programmes.contains(&row.programme.0));
        let sessions = held.map(|(number, _)| number).chain(&since.sessions);
        let came = sessions.flat_map(|number| self.roster.roll(SessionId(*number)));
        let came: BTreeSet<u32> = came.filter(|number| !since.people.contains(number)).collect();
        for number in &came {
            self.refresh_pack(*number)?;
        }
        let rows = self.roster.rows().iter();
        let here =
            rows.filter(|row| row.position.is_some_and(|post| since.posts.contains(&post.0)));
        let here = here.map(|row| row.number).collect();
        self.recount(&here);
        Ok(())
    }

    /// Reads the row of a person, who may be gone, and what they are enrolled in.
    fn read_row(&mut self, number: u32) -> Result<Vec<(SessionId, Turnout)>, StoreError> {
        let person = EmployeeId(number);
        let Some((rev, employee)) = self.employee(person)? else {
            self.roster.remove(number);
            return Ok(Vec::new());
        };
        let pack = self.pack(person)?;
        let row = RosterRow::of(number, rev, &employee);
        self.roster.put(row.with_pack(&self.catalog, &pack, self.today));
        let theirs = pack.of::<Enrolment>();
        Ok(theirs.map(|(.., row)| (row.session, Turnout::of(row))).collect())
    }
}

/// What was written after `from`, if it is not too much and nothing was taken out of it.
fn changes_since(journal: &JournalReader, from: Head) -> Option<Vec<Change>> {
    let (mut changes, mut whole) = (Vec::new(), true);
    let read = journal.replay(Some(from), &mut |line| {
        whole = line.erased == 0
            && line.header.erases.is_empty()
            && changes.len() + line.changes.len() <= CHANGES_MAX;
        changes.extend(line.changes);
        Ok(whole)
    });
    (read.is_ok() && whole).then_some(changes)
}

/// What records were before those entries.
struct Earlier<'a> {
    journal: &'a JournalReader,
    seq: u64,
    /// Read so far.
    lines: BTreeMap<Place, Line>,
}

impl Earlier<'_> {
    /// What a line said of a record; `None` where it cannot be read any more.
    fn at(&mut self, place: Place, id: RecordId) -> Option<&Change> {
        if !self.lines.contains_key(&place) {
            if self.lines.len() >= LINES_MAX {
                return None;
            }
            self.lines.insert(place, self.journal.read(place).ok()?);
        }
        let line = self.lines.get(&place)?;
        line.changes.iter().rev().find(|change| change.id == id)
    }
}
