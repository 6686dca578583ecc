//! Signals of the host, and stopping for the shell.
//!
//! Registered are SIGHUP, SIGTERM, SIGINT, SIGWINCH and SIGCONT; each sets a flag and wakes
//! one pipe, which the reader polls. SIGTSTP is never registered: an emulated stop raises
//! SIGSTOP, and in a session without job control nobody is there to continue it. Knows
//! nothing of screens.

use std::fs;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{
    Pid, Signal, getpgid, getpgrp, getpid, getppid, getsid, kill_current_process_group,
};
use rustix::stdio::stdin;
use rustix::termios::tcgetpgrp;
use signal_hook::SigId;
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use signal_hook::low_level::unregister;

/// The host has no shell that could continue us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no shell here could continue a stopped program")]
pub struct NotAvailable;

/// A stop that was asked for and did not happen within this time was refused by the host.
const STOPS_WITHIN: Duration = Duration::from_secs(1);

/// A signal that came, however often, since signals were last taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrived {
    Continued,
    Resized,
    Hangup,
    Terminate,
}

/// What each registered signal means, in the order they are told.
const MEANINGS: [(i32, Arrived); 5] = [
    (SIGCONT, Arrived::Continued),
    (SIGWINCH, Arrived::Resized),
    (SIGHUP, Arrived::Hangup),
    (SIGTERM, Arrived::Terminate),
    (SIGINT, Arrived::Terminate),
];

/// The registered signals and the pipe they wake; registered until dropped.
#[derive(Debug)]
pub struct Signals {
    woken: UnixStream,
    waker: UnixStream,
    flags: [Arc<AtomicBool>; MEANINGS.len()],
    ids: Vec<SigId>,
}

/// Wakes whoever polls the signals, for other reasons than a signal.
#[derive(Debug)]
pub struct Waker(UnixStream);

impl Waker {
    #[cfg(test)]
    pub(super) fn try_clone(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    pub fn wake(&self) {
        // A full pipe wakes just as well.
        let _ = (&self.0).write(&[0]);
    }
}

impl Signals {
    pub fn register() -> io::Result<Self> {
        let mut signals = Self::unregistered()?;
        for ((signal, _), flag) in MEANINGS.iter().zip(&signals.flags) {
            // The flag before the pipe: whoever is woken finds it set.
            signals.ids.push(signal_hook::flag::register(*signal, Arc::clone(flag))?);
            let waker = signals.waker.try_clone()?;
            signals.ids.push(signal_hook::low_level::pipe::register(*signal, waker)?);
        }
        Ok(signals)
    }

    pub(super) fn unregistered() -> io::Result<Self> {
        let (woken, waker) = UnixStream::pair()?;
        woken.set_nonblocking(true)?;
        waker.set_nonblocking(true)?;
        let flags = MEANINGS.map(|_| Arc::new(AtomicBool::new(false)));
        Ok(Self { woken, waker, flags, ids: Vec::new() })
    }

    pub fn waker(&self) -> io::Result<Waker> {
        self.waker.try_clone().map(Waker)
    }

    /// Empties the pipe and the flags.
    pub fn take(&self) -> Vec<Arrived> {
        let mut sink = [0; 64];
        while matches!((&self.woken).read(&mut sink), Ok(n) if n > 0) {}
        let arrived = MEANINGS.iter().zip(&self.flags);
        arrived
            .filter(|(_, flag)| flag.swap(false, Ordering::SeqCst))
            .map(|((_, meaning), _)| *meaning)
            .collect()
    }

    /// Forgets what only concerned the program that had the terminal meanwhile: its ctrl-c
    /// reaches us too.
    pub fn forget_interrupts(&self) {
        for ((signal, _), flag) in MEANINGS.iter().zip(&self.flags) {
            if matches!(*signal, SIGINT | SIGCONT) {
                flag.store(false, Ordering::SeqCst);
            }
        }
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.woken.as_fd()
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for id in self.ids.drain(..) {
            unregister(id);
        }
    }
}

/// Whether a shell with job control stands behind us and we have the terminal.
pub fn has_job_control() -> bool {
    tcgetpgrp(stdin()).is_ok_and(|group| group == getpgrp()) && !is_orphaned()
}

/// Stops the whole job as ctrl-z in any other program does, and returns when it continues.
/// The terminal must have been restored before.
pub fn stop() -> Result<(), NotAvailable> {
    if !has_job_control() {
        return Err(NotAvailable);
    }
    let continued = Continued::watch().map_err(|_| NotAvailable)?;
    // The job and not only ourselves: a wrapper script that kept running would keep the
    // shell waiting for a program that sleeps.
    kill_current_process_group(Signal::TSTP).map_err(|_| NotAvailable)?;
    if continued.within(STOPS_WITHIN) { Ok(()) } else { Err(NotAvailable) }
}

/// The signal may reach another thread first, so that `kill` returns before the stop; only
/// SIGCONT tells that it is over.
struct Continued {
    woken: UnixStream,
    id: SigId,
}

impl Continued {
    fn watch() -> io::Result<Self> {
        let (woken, waker) = UnixStream::pair()?;
        let id = signal_hook::low_level::pipe::register(SIGCONT, waker)?;
        // Registering may itself have written an empty message; it reads as nothing.
        Ok(Self { woken, id })
    }

    fn within(&self, time: Duration) -> bool {
        let timeout = Timespec::try_from(time).ok();
        loop {
            let mut fds = [PollFd::new(&self.woken, PollFlags::IN)];
            match poll(&mut fds, timeout.as_ref()) {
                Err(rustix::io::Errno::INTR) => {}
                Ok(ready) => return ready > 0,
                Err(_) => return false,
            }
        }
    }
}

impl Drop for Continued {
    fn drop(&mut self) {
        unregister(self.id);
    }
}

/// A process group is orphaned when nobody outside it, but in its session, has a member of
/// it for a child; the kernel then ignores SIGTSTP, and nobody would send SIGCONT.
fn is_orphaned() -> bool {
    let (Ok(session), group) = (getsid(None), getpgrp()) else { return true };
    if session == getpid() {
        return true;
    }
    let mut ancestor = getppid();
    while let Some(pid) = ancestor {
        match getpgid(Some(pid)) {
            Ok(its) if its == group && pid != session => ancestor = parent(pid),
            Ok(its) => return its == group || getsid(Some(pid)) != Ok(session),
            Err(_) => return true,
        }
    }
    true
}

/// The parent of another process; its line in /proc is `pid (name) state parent …`, and the
/// name may itself hold spaces and parentheses.
fn parent(pid: Pid) -> Option<Pid> {
    let line = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    let (_, rest) = line.rsplit_once(')')?;
    Pid::from_raw(rest.split_whitespace().nth(1)?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_parent_is_found_the_way_any_ancestor_is() {
        assert_eq!(parent(getpid()), getppid());
    }

    #[test]
    fn a_wake_that_is_no_signal_brings_nothing_and_empties_the_pipe() {
        let signals = Signals::unregistered().expect("a pipe");
        signals.waker().expect("a waker").wake();
        assert_eq!(signals.take(), []);
        let mut fds = [PollFd::new(&signals, PollFlags::IN)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        assert_eq!(poll(&mut fds, Some(&now)), Ok(0));
    }

    #[test]
    fn a_window_change_is_told_once_however_often_it_came() {
        let signals = Signals::register().expect("registered");
        for _ in 0..3 {
            signal_hook::low_level::raise(SIGWINCH).expect("raised");
        }
        assert_eq!(signals.take(), [Arrived::Resized]);
        assert_eq!(signals.take(), []);
    }
}
