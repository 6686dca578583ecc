//! Room: how much of the server's memory one user's requests may take at once, over all of
//! their connections: from the first byte of a request until its answer is written. Who
//! finds no room waits for their own requests; nobody else notices.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// What one user's requests take together. One that is larger by itself is let in alone.
const ROOM: usize = 4 * 1024 * 1024;
/// What a request is counted as: its answer takes about this, and read it takes more than
/// its bytes did.
const LEAST: usize = 64 * 1024;
const TIMES: usize = 4;

/// One user's.
#[derive(Default)]
pub(super) struct Room {
    state: Mutex<RoomState>,
    changed: Condvar,
}

#[derive(Default)]
struct RoomState {
    taken: usize,
    /// Whoever came first goes in first: a large request is not passed by for ever.
    came: u64,
    turn: u64,
}

/// A request's place, until dropped.
pub(super) struct Taken {
    room: Arc<Room>,
    amount: usize,
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
        Taken { room: Arc::clone(this), amount }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.room.lock().taken -= self.amount;
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
}
