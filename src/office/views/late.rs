//! The roster as it stands in the store's lists, read as it is asked for: of one person or
//! session only the chunk they are packed in, so that a lookup from the shell does not read
//! everybody; all of it with the first question about more. What cannot be read is not there,
//! and [`is_wrong`](LateRoster::is_wrong) says so: the office makes the roster anew then and
//! answers again.

use std::cell::{Cell, OnceCell};
use std::ops::{Deref, DerefMut};

use chrono::NaiveDate;

use crate::codec::CodecError;
use crate::domain::change::Head;
use crate::domain::kinds::enrolment::Turnout;
use crate::domain::record::{Kind, SessionId};
use crate::office::views::roster::{self, Roll, Roster, STAMP};
use crate::office::views::row::RosterRow;
use crate::store::{Store, StoreError};

/// Whoever looks for more people than this looks for many: reading everybody costs as much as
/// looking some thousand of them up in the store.
const SOUGHT_MAX: u32 = 32;

/// A roster, or where it is packed.
#[derive(Default)]
pub(in crate::office) struct LateRoster {
    whole: OnceCell<Roster>,
    packed: Option<Packed>,
    /// Something that was packed could not be read.
    wrong: Cell<bool>,
    /// Numbers of people looked for while it was not read.
    sought: Cell<u32>,
    /// The day the gaps were computed for.
    pub day: NaiveDate,
    /// The stamp in the store: where it stood then, and the day.
    stamped: Option<(Head, NaiveDate)>,
    /// Never looked at: what is written to has been read before.
    spare: Roster,
}

/// Chunks by their number, read when they are first asked for.
type Parts<T> = Box<[OnceCell<Vec<T>>]>;

/// What is read so far of a packed roster. Entries are applied to a whole one alone, so that
/// what is packed stays what the store shows.
struct Packed {
    store: Store,
    rows: Parts<RosterRow>,
    rolls: Parts<(u32, Roll)>,
}

impl Packed {
    fn of(store: &Store) -> Self {
        let chunks = |kind, chunk: fn(u32) -> u32| chunk(store.next_number(kind)) as usize + 1;
        let rows = chunks(Kind::Employees, roster::chunk_of);
        let rolls = chunks(Kind::Sessions, roster::chunk_of);
        Self {
            store: store.view(),
            rows: std::iter::repeat_with(OnceCell::new).take(rows).collect(),
            rolls: std::iter::repeat_with(OnceCell::new).take(rolls).collect(),
        }
    }

    /// What a chunk holds; one that is not there holds nothing.
    fn read<T>(
        &self,
        chunk: u32,
        decode: fn(&[u8]) -> Result<Vec<T>, CodecError>,
    ) -> Result<Vec<T>, StoreError> {
        match self.store.list_chunk(chunk)? {
            Some(bytes) => Ok(decode(&bytes)?),
            None => Ok(Vec::new()),
        }
    }

    fn whole(&self) -> Result<Option<Roster>, StoreError> {
        let people = self.store.count(Kind::Employees) as usize;
        let (roster, readable) = unpacked(&self.store, people)?;
        Ok(readable.then_some(roster))
    }
}

/// What stands packed in the store's lists, for about so many people, and whether it is a
/// roster.
fn unpacked(store: &Store, people: usize) -> Result<(Roster, bool), StoreError> {
    let mut roster = Roster::default();
    let mut unpacking = roster.unpack(people);
    store.list(&mut |chunk, bytes| {
        if roster::is_part(chunk) {
            unpacking.chunk(chunk, bytes);
        }
    })?;
    let readable = unpacking.finish();
    Ok((roster, readable))
}

impl LateRoster {
    /// What was packed when the store stood where it stands, if that is what it has.
    pub fn packed(store: &Store) -> Result<Option<Self>, StoreError> {
        let stamped = Self::packed_at(store)?.filter(|(head, _)| *head == store.applied());
        Ok(stamped.map(|(head, day)| Self {
            packed: Some(Packed::of(store)),
            day,
            stamped: Some((head, day)),
            ..Self::default()
        }))
    }

    /// Where the store stood when a roster was packed in it last, and the day of that roster.
    pub fn packed_at(store: &Store) -> Result<Option<(Head, NaiveDate)>, StoreError> {
        Ok(store.list_chunk(STAMP)?.and_then(|stamp| roster::packed_at(&stamp)))
    }

    /// That roster, to be brought up to where the store stands now; `None` where it cannot be
    /// read.
    pub fn packed_then(
        store: &Store,
        stamped: (Head, NaiveDate),
    ) -> Result<Option<Self>, StoreError> {
        let (roster, readable) = unpacked(store, store.count(Kind::Employees) as usize)?;
        let (whole, day, stamped) = (roster.into(), stamped.1, Some(stamped));
        Ok(readable.then(|| Self { whole, day, stamped, ..Self::default() }))
    }

    /// One to be filled, which knows what is packed of another: that goes when it is packed.
    pub fn instead(store: &Store) -> Result<Self, StoreError> {
        let (roster, _) = unpacked(store, 0)?;
        Ok(Self { whole: roster.into(), ..Self::default() })
    }

    pub fn is_whole(&self) -> bool {
        self.whole.get().is_some()
    }

    /// Whether one who looks for a person by their number finds them here; where so many were
    /// looked for already, everybody is read now.
    pub fn knows_numbers(&self) -> bool {
        self.sought.set(self.sought.get().saturating_add(1));
        if self.sought.get() > SOUGHT_MAX {
            self.read_whole();
        }
        self.is_whole()
    }

    /// Whether something was asked for that could not be read.
    pub fn is_wrong(&self) -> bool {
        self.wrong.get()
    }

    /// Reads all of it.
    pub fn read_whole(&self) -> &Roster {
        self.whole.get_or_init(|| {
            let read = self.packed.as_ref().map(Packed::whole);
            let read = read.unwrap_or_else(|| Ok(Some(Roster::default())));
            read.ok().flatten().unwrap_or_else(|| {
                self.wrong.set(true);
                Roster::default()
            })
        })
    }

    /// What this chunk holds, or nothing, if it cannot be read.
    fn part<'a, T>(
        &self,
        parts: &'a [OnceCell<Vec<T>>],
        at: u32,
        read: impl FnOnce() -> Result<Vec<T>, StoreError>,
    ) -> &'a [T] {
        let Some(part) = parts.get(at as usize) else { return &[] };
        part.get_or_init(|| {
            read().unwrap_or_else(|_| {
                self.wrong.set(true);
                Vec::new()
            })
        })
    }

    /// Whether the columns packed of a chunk of people are what their records say.
    pub fn has_columns_of(&self, chunk: u32) -> bool {
        let read = self.whole.get();
        self.stamped.is_some() && read.is_none_or(|whole| !whole.changed().contains(&chunk))
    }

    /// The chunks of people whose columns are to be packed, before the rest is.
    pub fn columns_to_pack(&self) -> impl Iterator<Item = u32> + '_ {
        self.whole.get().into_iter().flat_map(Roster::changed).copied()
    }

    /// How many people there are.
    pub fn people(&self) -> u32 {
        let people = match (&self.packed, self.whole.get()) {
            (Some(packed), None) => packed.store.count(Kind::Employees) as usize,
            _ => self.read_whole().rows().len(),
        };
        u32::try_from(people).unwrap_or(u32::MAX)
    }

    pub fn get(&self, number: u32) -> Option<&RosterRow> {
        match (&self.packed, self.whole.get()) {
            (Some(packed), None) => {
                let chunk = roster::chunk_of(number);
                let rows = self.part(&packed.rows, chunk, || packed.read(chunk, roster::rows));
                let at = rows.binary_search_by_key(&number, |row| row.number).ok()?;
                rows.get(at)
            }
            _ => self.read_whole().get(number),
        }
    }

    /// Who is enrolled in a session.
    pub fn roll(&self, session: SessionId) -> impl Iterator<Item = u32> + '_ {
        self.turnout(session).iter().map(|(person, _)| *person)
    }

    /// The same, with whether they came.
    pub fn turnout(&self, session: SessionId) -> &[(u32, Turnout)] {
        match (&self.packed, self.whole.get()) {
            (Some(packed), None) => {
                let chunk = roster::roll_chunk_of(session);
                let rolls = self.part(&packed.rolls, roster::chunk_of(session.0), || {
                    packed.read(chunk, roster::rolls)
                });
                let at = rolls.binary_search_by_key(&session.0, |(number, _)| *number);
                at.map_or(&[], |at| rolls[at].1.as_slice())
            }
            _ => self.read_whole().turnout(session),
        }
    }

    /// Writes what the store's lists have not, so that [`packed`](Self::packed) finds this
    /// while the store stands at `head`. Meanwhile there is no stamp: what is left half
    /// written is no roster, neither of then nor of now.
    pub fn pack(
        &mut self,
        head: Head,
        put: &mut dyn FnMut(u32, Vec<u8>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        if let Some(whole) = self.whole.get_mut().filter(|_| !self.wrong.get()) {
            if whole.is_to_be_packed() {
                put(STAMP, Vec::new())?;
                self.stamped = None;
            }
            whole.pack(put)?;
        }
        let stamp = (head, self.day);
        if !self.wrong.get()
            && self.stamped != Some(stamp)
            && let Some(bytes) = roster::stamp(head, self.day)
        {
            put(STAMP, bytes)?;
            self.stamped = Some(stamp);
        }
        Ok(())
    }

    #[cfg(test)]
    pub fn same(&self, other: &Self) -> bool {
        self.day == other.day && self.read_whole().same(other)
    }
}

impl Deref for LateRoster {
    type Target = Roster;

    fn deref(&self) -> &Roster {
        self.read_whole()
    }
}

impl DerefMut for LateRoster {
    fn deref_mut(&mut self) -> &mut Roster {
        self.read_whole();
        // From here on it is not what the store has packed any more.
        self.packed = None;
        self.whole.get_mut().unwrap_or(&mut self.spare)
    }
}
