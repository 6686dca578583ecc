//! Slack: how late the system may wake a thread whose time has come. sled keeps threads
//! that look once a second whether there is work, although work wakes them at once; an
//! idle office would never sleep. A thread hands its slack on to those it starts, so they
//! are started by one that has plenty.

use std::fs;

/// Longer than any office is open.
const PLENTY: &str = "31536000000000000";

/// This thread has plenty of slack; until dropped, then as much as before. Where the
/// system does not let it, sled's threads go on looking.
pub(super) struct Slack(Option<(String, String)>);

impl Slack {
    pub(super) fn plenty() -> Self {
        Self(take())
    }
}

/// Where this thread's slack stands, and what it was.
fn take() -> Option<(String, String)> {
    let link = fs::read_link("/proc/thread-self").ok()?;
    let path = format!("/proc/{}/timerslack_ns", link.file_name()?.to_str()?);
    let before = fs::read_to_string(&path).ok()?;
    fs::write(&path, PLENTY).ok()?;
    Some((path, before))
}

impl Drop for Slack {
    fn drop(&mut self) {
        if let Some((path, before)) = &self.0
            && let Err(error) = fs::write(path, before.trim())
        {
            tracing::warn!(%error, "this thread's timers may be late");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slack() -> Option<String> {
        let link = fs::read_link("/proc/thread-self").ok()?;
        let text =
            fs::read_to_string(format!("/proc/{}/timerslack_ns", link.file_name()?.to_str()?));
        Some(text.ok()?.trim().into())
    }

    #[test]
    fn threads_started_meanwhile_keep_it_and_the_starter_does_not() {
        let before = slack();
        let plenty = Slack::plenty();
        let inherited = std::thread::spawn(slack).join().unwrap();
        // Where the system keeps no slack there is none to give.
        assert_eq!(
            inherited.as_deref(),
            plenty.0.as_ref().map(|_| PLENTY).or(inherited.as_deref())
        );
        drop(plenty);
        assert_eq!(slack(), before);
    }
}
