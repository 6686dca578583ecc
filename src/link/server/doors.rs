//! Doors: who has a seat at the office, and who gets one. Whoever is no officer has none:
//! they are told so and gone. Nobody has many, and some are only for those who look after
//! the office, so that they can always come in and see to it. A seat is free in the moment
//! its conversation ends.

use std::collections::HashMap;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::connection::Connection;
use super::outbox::Outbox;
use crate::domain::kinds::officer::Role;
use crate::link::frame::Welcome;
use crate::link::identity;

/// For so long a user is known not to be an officer without being looked up again. Whoever
/// becomes one is let in at once.
const STRANGER_FOR: Duration = Duration::from_secs(60);
/// Strangers who are remembered.
const STRANGERS_MAX: usize = 10_000;

/// How many may be connected.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub connections: usize,
    /// Of these, for the owner of the data folder and admins alone.
    pub kept: usize,
    /// Of one user, so that nobody keeps all others out.
    pub of_one_user: usize,
    /// Of the owner and root, who have more than this in their hands.
    pub of_owner: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 256, kept: 16, of_one_user: 16, of_owner: 64 }
    }
}

/// What somebody is, as far as it decides about a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rank {
    /// Has only just come.
    Unknown,
    Officer,
    /// Owns the office, or is an admin.
    Overseer,
}

#[derive(Default)]
pub(super) struct Doors {
    limits: Limits,
    state: Mutex<DoorsState>,
    emptied: Condvar,
}

#[derive(Default)]
struct DoorsState {
    sittings: u64,
    seats: HashMap<u64, (Rank, Arc<Connection>)>,
    officers: HashMap<String, Role>,
    strangers: HashMap<u32, Instant>,
}

impl Doors {
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    fn lock(&self) -> MutexGuard<'_, DoorsState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody comes: a seat, or what they are told instead.
    pub fn come(
        &self,
        uid: u32,
        stream: UnixStream,
    ) -> Result<Arc<Connection>, (Welcome, UnixStream)> {
        let owner = identity::owns_office(uid);
        let mut state = self.lock();
        state.strangers.retain(|_, since| since.elapsed() < STRANGER_FOR);
        if state.strangers.contains_key(&uid) && !owner {
            return Err((Welcome::NotAnOfficer, stream));
        }
        let theirs = || state.seats.values().filter(|(_, seat)| seat.uid == uid);
        let most = if owner { self.limits.of_owner } else { self.limits.of_one_user };
        if state.seats.len() >= self.limits.connections || theirs().count() >= most {
            return Err((Welcome::Full, stream));
        }
        let room = theirs().next().map(|(_, seat)| Arc::clone(&seat.room)).unwrap_or_default();
        state.sittings += 1;
        let sitting = state.sittings;
        let outbox = Arc::new(Outbox::default());
        let connection = Arc::new(Connection { stream, sitting, uid, outbox, room });
        let rank = if owner { Rank::Overseer } else { Rank::Unknown };
        state.seats.insert(sitting, (rank, Arc::clone(&connection)));
        Ok(connection)
    }

    /// Who they are is known: whether they may keep their seat.
    pub fn stay(&self, sitting: u64, uid: u32, user: &str) -> Welcome {
        if identity::owns_office(uid) {
            return Welcome::Come;
        }
        let mut state = self.lock();
        let Some(role) = state.officers.get(user).copied() else {
            if state.strangers.len() < STRANGERS_MAX {
                state.strangers.insert(uid, Instant::now());
            }
            return Welcome::NotAnOfficer;
        };
        let rank = if role == Role::Admin { Rank::Overseer } else { Rank::Officer };
        let others = state.seats.values().filter(|(rank, _)| *rank != Rank::Overseer).count();
        // They themselves are among the others by now.
        if rank == Rank::Officer && others > self.limits.connections - self.limits.kept {
            return Welcome::Full;
        }
        if let Some(seat) = state.seats.get_mut(&sitting) {
            seat.0 = rank;
        }
        Welcome::Come
    }

    /// Who the officers are now.
    pub fn officers(&self, officers: HashMap<String, Role>) {
        let mut state = self.lock();
        state.officers = officers;
        state.strangers.clear();
    }

    /// A conversation has ended.
    pub fn leave(&self, sitting: u64) {
        self.lock().seats.remove(&sitting);
        self.emptied.notify_all();
    }

    /// Bytes of answers the user of this sitting has not read.
    pub fn unread(&self, sitting: u64) -> u64 {
        self.lock().seats.get(&sitting).map_or(0, |(_, seat)| seat.room.unread() as u64)
    }

    /// Ends a conversation, whatever its client does.
    pub fn end(&self, sitting: u64) {
        let seat = self.lock().seats.get(&sitting).map(|(_, seat)| Arc::clone(seat));
        if let Some(seat) = seat {
            seat.end();
        }
    }

    pub fn all(&self) -> Vec<Arc<Connection>> {
        self.lock().seats.values().map(|(_, seat)| Arc::clone(seat)).collect()
    }

    /// Waits until everybody has gone.
    pub fn wait(&self, at_most: Duration) {
        let state = self.lock();
        let waited = self.emptied.wait_timeout_while(state, at_most, |s| !s.seats.is_empty());
        drop(waited);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// Far from the users of this machine, and not the one who runs this.
    const FIRST: u32 = 50_000;

    fn stream() -> UnixStream {
        UnixStream::pair().unwrap().0
    }

    fn doors(connections: usize) -> Doors {
        let doors = Doors::new(Limits { connections, kept: 3, of_one_user: 4, of_owner: 8 });
        let officers = (0..40).map(|number| (format!("user-{number}"), Role::Officer));
        doors.officers(officers.chain([("rina".into(), Role::Admin)]).collect());
        doors
    }

    /// How many of so many get a seat, one after the other.
    fn seated(doors: &Doors, uid: u32, user: &str, tries: usize) -> usize {
        let seated = (0..tries).filter(|_| {
            let Ok(seat) = doors.come(uid, stream()) else { return false };
            let stays = doors.stay(seat.sitting, uid, user) == Welcome::Come;
            if !stays {
                doors.leave(seat.sitting);
            }
            stays
        });
        seated.count()
    }

    #[test]
    fn strangers_take_no_seat_however_often_they_come() {
        let doors = doors(20);
        let (mut seats, mut looked_up) = (0, 0);
        for uid in FIRST..FIRST + 50 {
            for _ in 0..20 {
                match doors.come(uid, stream()) {
                    Ok(seat) => {
                        looked_up += 1;
                        assert_eq!(doors.stay(seat.sitting, uid, "?"), Welcome::NotAnOfficer);
                        doors.leave(seat.sitting);
                    }
                    Err((told, _)) => assert_eq!(told, Welcome::NotAnOfficer),
                }
                seats = seats.max(doors.all().len());
            }
        }
        println!("1000 times 50 strangers: {looked_up} looked up, {seats} seats taken");
        assert_eq!((looked_up, seats), (50, 0));
        // One who becomes an officer need not wait.
        doors.officers(HashMap::from([("ani".into(), Role::Viewer)]));
        assert_eq!(seated(&doors, FIRST, "ani", 1), 1);
    }

    #[test]
    fn however_many_officers_sit_down_there_is_a_seat_for_an_admin() {
        let doors = doors(20);
        let each: Vec<usize> =
            (0..40).map(|n| seated(&doors, FIRST + n, &format!("user-{n}"), 10)).collect();
        let officers: usize = each.iter().sum();
        let admins = seated(&doors, FIRST + 100, "rina", 10);
        println!(
            "{officers} seats of officers, at most {:?} of one; then {admins} of an admin",
            each[0]
        );
        assert_eq!((officers, each[0], admins), (17, 4, 3));
        let first = doors.all().remove(0);
        doors.leave(first.sitting);
        assert_eq!(seated(&doors, FIRST + 100, "rina", 10), 1);
    }

    #[test]
    fn the_descriptor_of_a_seat_is_closed_when_its_conversation_ends() {
        let doors = doors(20);
        let (ours, theirs) = UnixStream::pair().unwrap();
        let seat = doors.come(FIRST, ours).unwrap();
        let sitting = seat.sitting;
        drop(seat);
        theirs.set_nonblocking(true).unwrap();
        let mut byte = [0];
        assert!((&theirs).read(&mut byte).is_err(), "still open");
        doors.leave(sitting);
        assert_eq!((&theirs).read(&mut byte).unwrap(), 0);
    }
}
