//! Frugal: a server stays for months, and the C library's allocator would keep for each
//! of its threads what the largest request once took; a screen after a kill has the whole store
//! read beside it. Only the environment of a process can tell the allocator otherwise, so such a
//! process starts itself once more with it: same process, same arguments. Whoever has set any of
//! it themselves is left alone.

use std::os::unix::process::CommandExt;
use std::process::Command;

type Settings = [(&'static str, &'static str)];

/// Of a server: few pools of memory for all threads, and what is freed in one piece of a
/// megabyte or more goes back to the system.
pub const SERVER: &Settings = &[
    ("MALLOC_ARENA_MAX", "2"),
    ("MALLOC_MMAP_THRESHOLD_", "1048576"),
    ("MALLOC_TRIM_THRESHOLD_", "1048576"),
];

/// Of a screen after a kill: one pool, so that what the proof takes anew lies where what it gives
/// back was, and nothing is kept free at its end.
pub const SCREEN: &Settings =
    &[("MALLOC_ARENA_MAX", "1"), ("MALLOC_TRIM_THRESHOLD_", "65536"), ("MALLOC_TOP_PAD_", "0")];

/// Becomes a process with a frugal allocator; goes on as it is where that cannot be.
pub fn become_frugal(settings: &Settings) {
    let is_set = |(name, _): &(&str, &str)| std::env::var_os(name).is_some();
    if SERVER.iter().chain(SCREEN).any(is_set) {
        return;
    }
    let mut args = std::env::args_os();
    let (Ok(program), Some(name)) = (std::env::current_exe(), args.next()) else { return };
    let error = Command::new(program).arg0(name).args(args).envs(settings.iter().copied()).exec();
    tracing::debug!(%error, "it stays as it was started");
}
