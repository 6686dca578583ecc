//! Beside: two pieces of one work at the same time, one of them on a thread of its own that ends
//! with it. What is there already must not fail because there can be no thread: those that need
//! not wait for each other are then done one after the other on this one.

use std::io;
use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::thread::{self, Scope, ScopedJoinHandle};

/// Takes what is handed over; `false` where nobody waits for it any more.
pub type Hand<'a, T> = &'a mut dyn FnMut(T) -> bool;

/// Does `there` on a thread beside and `here` on this one, and waits for both; they may wait for
/// each other. Where there can be no thread nothing is done.
pub fn beside<A: Send, B>(
    there: impl FnOnce() -> A + Send,
    here: impl FnOnce() -> B,
) -> io::Result<(A, B)> {
    thread::scope(|scope| {
        let there = thread::Builder::new().name("beside".into()).spawn_scoped(scope, there)?;
        let here = here();
        Ok((ended(there), here))
    })
}

/// The same of two that do not wait for each other: where there can be no thread both are done
/// on this one.
pub fn beside_or_here<A: Send, B>(
    mut there: impl FnMut() -> A + Send,
    here: impl FnOnce() -> B,
) -> (A, B) {
    let (done, here) = thread::scope(|scope| {
        let started = spare(scope, &mut there);
        let here = here();
        (started.map(ended), here)
    });
    (done.unwrap_or_else(|_| there()), here)
}

/// `read` hands over, on a thread beside, what `take` takes in its order on this one; as many as
/// `waiting` wait. Where there can be no thread each is taken as it is read.
pub fn relay<T: Send, A: Send>(
    waiting: usize,
    mut read: impl FnMut(Hand<T>) -> A + Send,
    mut take: impl FnMut(T) -> bool,
) -> A {
    let (hand, handed) = sync_channel(waiting);
    let reads = &mut read;
    let done = thread::scope(|scope| {
        let there = spare(scope, move || reads(&mut |one| hand.send(one).is_ok()))?;
        for one in handed {
            if !take(one) {
                break;
            }
        }
        Ok::<_, io::Error>(ended(there))
    });
    done.unwrap_or_else(|_| read(&mut take))
}

fn ended<A>(there: ScopedJoinHandle<A>) -> A {
    there.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// A thread for work that can do without.
fn spare<'scope, A: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> A + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, A>> {
    #[cfg(test)]
    if NONE_TO_SPARE.get() {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    thread::Builder::new().name("beside".into()).spawn_scoped(scope, work)
}

#[cfg(test)]
thread_local! {
    static NONE_TO_SPARE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Does something as if no thread were to be had for what can do without.
#[cfg(test)]
pub fn without_threads<R>(work: impl FnOnce() -> R) -> R {
    NONE_TO_SPARE.set(true);
    let done = work();
    NONE_TO_SPARE.set(false);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers up to `wanted` of those that are read, and how many could be handed over.
    fn relayed(wanted: usize) -> (Vec<u32>, usize) {
        let mut taken = Vec::new();
        let read = |hand: Hand<u32>| (0..100).take_while(|number| hand(*number)).count();
        let handed = relay(1, read, |number| {
            taken.push(number);
            taken.len() < wanted
        });
        (taken, handed)
    }

    #[test]
    fn where_no_thread_can_be_had_the_same_work_is_done_on_this_one() {
        let both = || {
            let mut count = 0;
            let there = || {
                count += 1;
                (count, thread::current().id())
            };
            beside_or_here(there, || "here")
        };
        let ((count, thread), here) = both();
        assert_eq!((count, here), (1, "here"));
        assert_ne!(thread, thread::current().id());
        let ((count, thread), here) = without_threads(both);
        assert_eq!((count, here), (1, "here"));
        assert_eq!(thread, thread::current().id());
        assert_eq!(relayed(1000), ((0..100).collect(), 100));
        assert_eq!(without_threads(|| relayed(1000)), ((0..100).collect(), 100));
        assert_eq!(relayed(3).0, [0, 1, 2]);
        assert_eq!(without_threads(|| relayed(3)), (vec![0, 1, 2], 2));
    }
}
