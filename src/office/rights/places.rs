//! Places: which part of the office a record belongs to, so that everybody is told of what
//! is within their reach and of nothing else. An entry's footprint is every place its
//! records had before it and have after it: somebody moved is seen leaving and coming.

use std::collections::HashSet;

use crate::domain::belongs::{Belonging, Owner};
use crate::domain::change::Change;
use crate::domain::field::Privacy;
use crate::domain::record::{Kind, Record, RecordId, UnitId};
use crate::office::Office;
use crate::office::asker::Asker;
use crate::office::rights::Rights;
use crate::office::views::state::State;
use crate::protocol::Notice;
use crate::store::StoreError;

/// Records a notice names; of more it is only said that there are many.
const NAMED_MAX: usize = 100;

/// Where a record belongs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::office) enum Place {
    /// What everybody may know: reference data.
    Office,
    /// A unit below another: known to those it is within reach of, and to those below it.
    Unit { unit: UnitId, above: Option<UnitId> },
    /// An officer's rights.
    Officer { user: Box<str>, unit: Option<UnitId> },
    /// A person of this unit, and what is theirs.
    People(Option<UnitId>),
    /// What is a detail of a person of this unit.
    Detail(Option<UnitId>),
}

impl Place {
    /// Where something of a kind stands that belongs to whoever stands here.
    pub fn of_theirs(self, kind: Kind) -> Self {
        match self {
            Self::People(unit) if kind.is_discreet() => Self::Detail(unit),
            place => place,
        }
    }
}

impl Rights {
    /// Whether what belongs there is within reach.
    pub fn covers(&self, place: &Place) -> bool {
        match place {
            Place::Office => true,
            Place::Unit { unit, above } => self.reach.shows(*unit) || self.reach.has(*above),
            Place::Officer { user, unit } => self.oversees(*unit) || **user == *self.user,
            Place::People(unit) => self.reach.has(*unit),
            Place::Detail(unit) => self.reach.has(*unit) && self.role.carries(Privacy::Personal),
        }
    }
}

impl State {
    /// Where a record belongs as it is given here; what is a person's, where they are now.
    pub fn place(&self, id: RecordId, record: &Record) -> Option<Place> {
        Some(match record.belonging() {
            Belonging::Office => Place::Office,
            Belonging::Unit(above) => Place::Unit { unit: UnitId(id.number), above },
            Belonging::Somebody(unit) => Place::People(unit),
            Belonging::Person(who) => {
                Place::People(self.roster.get(who.0)?.unit).of_theirs(id.kind)
            }
            Belonging::Officer { user, unit } => Place::Officer { user: user.into(), unit },
        })
    }

    /// Whether a record that stands now belongs to what is within reach.
    pub fn covers_now(&self, rights: &Rights, id: RecordId) -> bool {
        let place = self.place_now(id).ok().flatten();
        place.is_some_and(|place| rights.covers(&place))
    }

    /// Where a record belongs that stands now.
    fn place_now(&self, id: RecordId) -> Result<Option<Place>, StoreError> {
        Ok(match id.kind.belongs() {
            Owner::Office => Some(Place::Office),
            Owner::Somebody => self.roster.get(id.number).map(|row| Place::People(row.unit)),
            Owner::Unit | Owner::Person | Owner::Officer => {
                self.get(id)?.and_then(|stored| self.place(id, &stored.record))
            }
        })
    }
}

/// Everything an entry touches, by place.
#[derive(Debug, Default)]
pub(in crate::office) struct Footprint {
    named: Vec<(RecordId, Vec<Place>)>,
    count: u32,
    places: HashSet<Place>,
    /// Officers whose rights are otherwise by it.
    users: HashSet<Box<str>>,
    /// Units stand elsewhere by it, and so do the people in them.
    tree: bool,
}

impl Footprint {
    /// Adds changes that are about to be applied.
    pub fn add(&mut self, state: &State, changes: &[Change]) -> Result<(), StoreError> {
        for change in changes {
            let id = change.id;
            let mut places: Vec<Place> = Vec::new();
            // What is new has been nowhere.
            if change.base.0 > 0 {
                places.extend(state.place_now(id)?);
            }
            places.extend(change.after.as_ref().and_then(|record| state.place(id, record)));
            for place in &places {
                if let Place::Officer { user, .. } = place {
                    self.users.insert(user.clone());
                }
            }
            if id.kind.belongs() == Owner::Unit && change.base.0 > 0 {
                let before = state.get(id)?.map(|stored| stored.record);
                let above = |record: &Option<Record>| match record.as_ref().map(Record::belonging) {
                    Some(Belonging::Unit(above)) => Some(above),
                    _ => None,
                };
                self.tree |= above(&before) != above(&change.after);
            }
            self.count = self.count.saturating_add(1);
            if self.named.len() < NAMED_MAX && !id.kind.is_sealed() {
                self.named.push((id, places.clone()));
            }
            self.places.extend(places);
        }
        Ok(())
    }
}

/// Something that everybody it concerns has to be told.
#[derive(Debug)]
pub struct News {
    pub(in crate::office) notice: Notice,
    /// Of an entry; anything else concerns every officer.
    footprint: Option<Footprint>,
}

impl News {
    pub(in crate::office) fn to_all(notice: Notice) -> Self {
        Self { notice, footprint: None }
    }

    pub(in crate::office) fn of_entry(seq: u64, footprint: Footprint) -> Self {
        let ids: Vec<RecordId> = footprint.named.iter().map(|(id, _)| *id).collect();
        let many = footprint.count as usize > ids.len();
        Self { notice: Notice::Changed { seq, ids, many }, footprint: Some(footprint) }
    }
}

impl Office {
    /// What somebody is told of all the news; of entries saved together once.
    pub fn told(&self, news: &[News], asker: &Asker) -> Vec<Notice> {
        let mut told: Vec<Notice> = Vec::new();
        for notice in news.iter().filter_map(|news| self.heard(news, asker)) {
            match (told.last_mut(), notice) {
                (
                    Some(Notice::Changed { seq, ids, many }),
                    Notice::Changed { seq: latest, ids: more, many: all },
                ) => {
                    *seq = latest;
                    ids.extend(more);
                    *many |= all;
                }
                (_, notice) => told.push(notice),
            }
        }
        told
    }

    /// What somebody is told of one piece of it; `None` when it does not concern them. Nothing
    /// beyond their reach is named in it.
    fn heard(&self, news: &News, asker: &Asker) -> Option<Notice> {
        let rights = self.state.rights(asker);
        let (Some(footprint), Notice::Changed { seq, many, .. }) = (&news.footprint, &news.notice)
        else {
            return rights.map(|_| news.notice.clone());
        };
        let again = || Some(Notice::Changed { seq: *seq, ids: Vec::new(), many: true });
        // Also to whoever is no officer any more: their next question says so.
        if !asker.owner && footprint.users.contains(&*asker.officer) {
            return again();
        }
        let rights = rights?;
        if rights.is_whole() {
            return Some(news.notice.clone());
        }
        if footprint.tree && !rights.reach.is_everywhere() {
            return again();
        }
        let covered = |places: &[Place]| places.iter().any(|place| rights.covers(place));
        let named = footprint.named.iter().filter(|(_, places)| covered(places));
        let ids: Vec<RecordId> = named.map(|(id, _)| *id).collect();
        let many = *many && footprint.places.iter().any(|place| rights.covers(place));
        (many || !ids.is_empty()).then_some(Notice::Changed { seq: *seq, ids, many })
    }
}
