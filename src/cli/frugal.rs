//! Frugal: a server stays for months, and the C library's allocator would keep for each
//! of its threads what the largest request once took. Only the environment of a process
//! can tell it otherwise, so the server starts itself once more with it: same process,
//! same arguments. Whoever has set any of it themselves is left alone.

use std::os::unix::process::CommandExt;
use std::process::Command;

/// Few pools of memory for all threads, and what is freed in one piece of a megabyte or
/// more goes back to the system.
const ALLOCATOR: [(&str, &str); 3] = [
    ("MALLOC_ARENA_MAX", "2"),
    ("MALLOC_MMAP_THRESHOLD_", "1048576"),
    ("MALLOC_TRIM_THRESHOLD_", "1048576"),
];

/// Becomes a process with a frugal allocator; goes on as it is where that cannot be.
pub fn become_frugal() {
    if ALLOCATOR.iter().any(|(name, _)| std::env::var_os(name).is_some()) {
        return;
    }
    let mut args = std::env::args_os();
    let (Ok(program), Some(name)) = (std::env::current_exe(), args.next()) else { return };
    let error = Command::new(program).arg0(name).args(args).envs(ALLOCATOR).exec();
    tracing::debug!(%error, "the server stays as it was started");
}
