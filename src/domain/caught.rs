//! Panics of libraries that fail so where a disk is full or a file is damaged. Whoever calls
//! such a library catches it here, and it ends as an error with a message of our own. The
//! panic's own words are not passed on, because they may carry a key or a value.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread now is one that is caught: a panic hook should then leave
/// the terminal and the log alone.
pub fn panic_is_caught() -> bool {
    CAUGHT.with(Cell::get)
}

/// Runs `work`; `None` when it panicked.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    keep_caught_panics_quiet();
    let before = CAUGHT.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(before);
    result.ok()
}

/// A panic that is caught is not printed over the officer's screen. Hooks set later
/// should ask [`panic_is_caught`] themselves.
fn keep_caught_panics_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !panic_is_caught() {
                before(panic);
            }
        }));
    });
}
