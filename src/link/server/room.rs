//! Room: how much of the server's memory one user may take at once, over all of their
//! connections: their requests from the first byte until the answer is written, and answers
//! from when they are made until they are read. Who finds no room for a request waits for
//! their own; whose answers are not read gets no more of them until they are.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// What one user's requests take together. One that is larger by itself is let in alone.
const ROOM: usize = 4 * 1024 * 1024;
/// What a request is counted as at least, and how much more it takes read than its bytes.
const LEAST: usize = 64 * 1024;
const TIMES: usize = 4;
/// With so many bytes of answers unread no further one is made.
const UNREAD_MAX: usize = 4 * 1024 * 1024;

/// One user's.
#[derive(Default)]
pub(super) struct Room {
    state: Mutex<RoomState>,
    changed: Condvar,
}

#[derive(Default)]
struct RoomState {
    taken: usize,
    unread: usize,
    /// Something was held back for the sake of `unread`.
    held: bool,
    /// Whoever came first goes in first: a large request is not passed by for ever.
    came: u64,
    turn: u64,
}

/// A request's place, then its answer's, until dropped.
pub(super) struct Taken {
    room: Arc<Room>,
    amount: usize,
    answer: usize,
}

impl Room {
    fn lock(&self) -> MutexGuard<'_, RoomState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a request of this length has room.
    pub fn take(this: &Arc<Self>, length: usize) -> Taken {
        let amount = (length * TIMES).max(LEAST);
        let mut state = this.lock();
        let place = state.came;
        state.came += 1;
        while state.turn != place || (state.taken > 0 && state.taken + amount > ROOM) {
            state = this.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.turn += 1;
        state.taken += amount;
        drop(state);
        this.changed.notify_all();
        Taken { room: Arc::clone(this), amount, answer: 0 }
    }

    pub fn unread(&self) -> usize {
        self.lock().unread
    }

    /// Whether what was held back may be asked for again; once.
    pub fn opens(&self) -> bool {
        let mut state = self.lock();
        state.unread < UNREAD_MAX && std::mem::take(&mut state.held)
    }
}

impl Taken {
    /// Whether its user reads what they have asked for. If not, it is held back.
    pub fn may_be_answered(&self) -> bool {
        let mut state = self.room.lock();
        let full = state.unread >= UNREAD_MAX;
        state.held |= full;
        !full
    }

    /// The answer has been made, and has this length.
    pub fn answered(&mut self, length: usize) {
        self.room.lock().unread += length;
        self.answer += length;
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut state = self.room.lock();
        state.taken -= self.amount;
        state.unread -= self.answer;
        drop(state);
        self.room.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, TryRecvError, channel};
    use std::thread;

    use super::*;

    /// Takes room on another thread.
    fn taking(room: &Arc<Room>, length: usize) -> Receiver<Taken> {
        let (sender, taken) = channel();
        let came = room.lock().came;
        let theirs = Arc::clone(room);
        thread::spawn(move || drop(sender.send(Room::take(&theirs, length))));
        while room.lock().came == came {
            thread::yield_now();
        }
        taken
    }

    #[test]
    fn small_requests_are_many_and_a_large_one_is_alone_and_not_passed_by() {
        let room = Arc::new(Room::default());
        let mut small: Vec<Taken> = (0..ROOM / LEAST).map(|_| Room::take(&room, 100)).collect();
        let large = taking(&room, 8 * ROOM);
        let late = taking(&room, 1);
        small.pop();
        assert_eq!(large.try_recv().err(), Some(TryRecvError::Empty));
        assert_eq!(late.try_recv().err(), Some(TryRecvError::Empty));
        drop(small);
        let large = large.recv().unwrap();
        assert_eq!(late.try_recv().err(), Some(TryRecvError::Empty));
        drop(large);
        drop(late.recv().unwrap());
        assert_eq!(room.lock().taken, 0);
    }

    #[test]
    fn whoever_reads_no_answers_gets_no_more_until_they_do() {
        let room = Arc::new(Room::default());
        let (mut first, second) = (Room::take(&room, 1), Room::take(&room, 1));
        first.answered(UNREAD_MAX - 1);
        assert!(second.may_be_answered());
        assert!(!room.opens(), "nothing was held back");
        first.answered(1);
        assert!(!second.may_be_answered());
        assert!(!room.opens());
        drop(first);
        assert!(room.opens());
        assert!(!room.opens(), "said once");
        assert!(second.may_be_answered());
    }
}
