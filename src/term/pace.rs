//! Pace: how many bytes a held key may send. Nobody tells how fast the line is, and what has
//! been sent cannot be called back: at 9,600 baud a key held for four seconds would leave
//! twenty seconds of frames on their way. Keys pressed one by one are drawn at once; of one
//! that repeats by itself only as many frames as a slow line takes.

use std::time::{Duration, Instant};

/// Sent at once after a rest: eight moves in a list.
const AT_ONCE: f64 = 1_600.0;
/// What a slow line takes in a second, and a little less.
const A_SECOND: f64 = 800.0;

#[derive(Debug)]
pub struct Pace {
    left: f64,
    at: Instant,
}

impl Pace {
    pub fn new(now: Instant) -> Self {
        Self { left: AT_ONCE, at: now }
    }

    /// A frame of so many bytes was sent.
    pub fn sent(&mut self, bytes: u64, now: Instant) {
        self.refill(now);
        // A large frame that had to be delays what follows by seconds, not by minutes.
        self.left = (self.left - bytes as f64).max(-AT_ONCE);
    }

    /// How long the next frame of a held key waits; `None` if it need not.
    pub fn waits(&mut self, now: Instant) -> Option<Duration> {
        self.refill(now);
        (self.left < 0.0).then(|| Duration::from_secs_f64(-self.left / A_SECOND))
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        (self.left, self.at) = ((self.left + passed * A_SECOND).min(AT_ONCE), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_held_for_long_sends_what_a_slow_line_takes() {
        let start = Instant::now();
        let (mut pace, mut sent) = (Pace::new(start), 0);
        for press in 0..120 {
            let now = start + Duration::from_millis(33) * press;
            if pace.waits(now).is_none() {
                pace.sent(240, now);
                sent += 240;
            }
        }
        assert!((4_500..=5_700).contains(&sent), "{sent} bytes in four seconds");
    }

    #[test]
    fn a_few_keys_are_drawn_at_once_and_a_rest_makes_up_for_all() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        for _ in 0..6 {
            assert_eq!(pace.waits(start), None);
            pace.sent(240, start);
        }
        pace.sent(20_000, start);
        let wait = pace.waits(start).expect("a wait");
        assert!(wait <= Duration::from_secs(3), "{wait:?}");
        assert_eq!(pace.waits(start + wait + Duration::from_millis(1)), None);
        assert_eq!(pace.waits(start + Duration::from_secs(60)), None);
    }
}
