//! Giving the terminal to somebody else for a while: to the shell on ctrl-z, to an editor.
//!
//! The order is the whole idea: the reader lets go first, so that no key of theirs is read
//! as ours; the modes come back before anybody runs, and are taken before we read again.

use super::reader::KeyReader;
use super::screen::{Screen, ScreenError};
use super::signal::{self, NotAvailable};

/// Stops the program until the shell continues it; the reader then sends `Input::Resumed`.
/// `captive` is an account that has only this program: it must never find a shell behind it.
/// Where the host has no job control, nothing happens and the screen can say so.
pub fn suspend(screen: &mut Screen, reader: &KeyReader, captive: bool) -> Result<(), NotAvailable> {
    if captive || !signal::has_job_control() {
        return Err(NotAvailable);
    }
    lend(screen, reader, signal::stop).unwrap_or(Err(NotAvailable))
}

/// Runs `work` while the terminal is as the officer left it; the reader then sends
/// `Input::Resumed`. An error means that the terminal did not come back.
pub fn lend<R>(
    screen: &mut Screen,
    reader: &KeyReader,
    work: impl FnOnce() -> R,
) -> Result<R, ScreenError> {
    reader.pause();
    screen.restore();
    let done = work();
    let back = screen.resume();
    reader.resume();
    back.map(|()| done)
}
