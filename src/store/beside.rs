//! Beside: two pieces of one work at the same time, one of them on a thread of its own that ends
//! with it.

use std::io;
use std::panic::resume_unwind;
use std::thread;

/// Does `there` on a thread beside and `here` on this one, and waits for both. Where there can be
/// no thread nothing is done.
pub fn beside<A: Send, B>(
    there: impl FnOnce() -> A + Send,
    here: impl FnOnce() -> B,
) -> io::Result<(A, B)> {
    thread::scope(|scope| {
        let there = thread::Builder::new().name("beside".into()).spawn_scoped(scope, there)?;
        let here = here();
        Ok((there.join().unwrap_or_else(|panic| resume_unwind(panic)), here))
    })
}
