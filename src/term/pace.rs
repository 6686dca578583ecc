//! Pace: how many bytes a held key may send. Nobody tells how fast the line is, and what has
//! been sent cannot be called back: at 9,600 baud a key held for four seconds would leave
//! twenty seconds of frames on their way. Keys pressed one by one are drawn at once; of one
//! that comes again only as many frames as a slow line takes, each once there is room for all
//! of it; and of one that is held none that is long, each once the one before has nearly
//! arrived: what is on its way when the key is let go is in front of the page that is right.

use std::time::{Duration, Instant};

/// Sent at once after a rest: four moves in a list, what a slow line takes in a second.
const AT_ONCE: f64 = 960.0;
/// What a slow line takes in a second, and a little less.
const A_SECOND: f64 = 800.0;
/// While a key is held a frame is sent once no more than so much is on its way,
const NEARLY_THERE: f64 = 80.0;
/// and no more than so much then is, if it can be helped: a move in a list.
const HELD: f64 = 330.0;

#[derive(Debug)]
pub struct Pace {
    left: f64,
    /// What the last frame took; the next is mostly much like it.
    last: f64,
    at: Instant,
}

impl Pace {
    pub fn new(now: Instant) -> Self {
        Self { left: AT_ONCE, last: 0.0, at: now }
    }

    /// A frame of so many bytes was sent.
    pub fn sent(&mut self, bytes: u64, now: Instant) {
        self.refill(now);
        self.last = bytes as f64;
        // A large frame that had to be delays what follows by seconds, not by minutes.
        self.left = (self.left - self.last).max(-AT_ONCE);
    }

    /// How long the next frame of a key that comes again waits; `None` if it need not.
    pub fn waits(&mut self, now: Instant) -> Option<Duration> {
        self.refill(now);
        self.waits_for(self.last.min(AT_ONCE))
    }

    /// How long the next frame of a key that is held waits.
    pub fn waits_held(&mut self, now: Instant) -> Option<Duration> {
        self.refill(now);
        self.waits_for(AT_ONCE - NEARLY_THERE)
    }

    /// How many bytes such a frame may have.
    pub fn room(&mut self, now: Instant) -> usize {
        self.refill(now);
        (self.left - AT_ONCE + HELD).max(0.0) as usize
    }

    fn waits_for(&self, room: f64) -> Option<Duration> {
        let missing = room - self.left;
        (missing > 0.0).then(|| Duration::from_secs_f64(missing / A_SECOND))
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
        assert!((3_200..=4_160).contains(&sent), "{sent} bytes in four seconds");
    }

    #[test]
    fn while_a_key_is_held_nothing_is_sent_that_the_line_could_not_take_at_once() {
        let start = Instant::now();
        for bytes in [240.0, 700.0, 960.0] {
            let (mut pace, mut on_its_way, mut at) = (Pace::new(start), 0.0, start);
            for press in 0..300 {
                let now = start + Duration::from_millis(33) * press;
                on_its_way = f64::max(on_its_way - 960.0 * (now - at).as_secs_f64(), 0.0);
                at = now;
                if pace.waits(now).is_none() {
                    pace.sent(bytes as u64, now);
                    on_its_way += bytes;
                    assert!(on_its_way <= 1_000.0, "{on_its_way} of {bytes} after {press}");
                }
            }
        }
    }

    /// Bytes that are on their way, wherever they wait, when the key is let go.
    #[test]
    fn of_a_key_that_is_held_a_third_of_a_second_is_on_its_way() {
        let start = Instant::now();
        for bytes in [110, 222, 330, 1_400] {
            let (mut pace, mut on_its_way, mut at) = (Pace::new(start), 0.0, start);
            pace.sent(bytes, start);
            on_its_way += bytes as f64;
            let mut frames = 0;
            for press in 15..300 {
                let now = start + Duration::from_millis(33) * press;
                on_its_way = f64::max(on_its_way - 960.0 * (now - at).as_secs_f64(), 0.0);
                at = now;
                if pace.waits_held(now).is_none() {
                    let room = pace.room(now);
                    assert!((250..=330).contains(&room), "{room}");
                    pace.sent(bytes.min(room as u64), now);
                    on_its_way += bytes.min(room as u64) as f64;
                    frames += 1;
                    assert!(on_its_way <= HELD, "{on_its_way} of {bytes} after {press}");
                }
            }
            assert!(frames >= 20, "{frames} frames of {bytes} bytes in nine seconds");
        }
    }

    #[test]
    fn a_few_keys_are_drawn_at_once_and_a_rest_makes_up_for_all() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        for _ in 0..4 {
            assert_eq!(pace.waits(start), None);
            pace.sent(240, start);
        }
        pace.sent(20_000, start);
        let wait = pace.waits(start).expect("a wait");
        assert!(wait <= Duration::from_millis(2_400), "{wait:?}");
        assert_eq!(pace.waits(start + wait + Duration::from_millis(1)), None);
        assert_eq!(pace.waits(start + Duration::from_secs(60)), None);
    }
}
