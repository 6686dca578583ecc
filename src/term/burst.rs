//! Text that arrives faster than anybody types is text, not commands.
//!
//! Terminals without bracketed paste send a pasted list as if it were typed, and a network may
//! tear it into pieces a few milliseconds apart; in a list its letters would run as commands.
//! So keys are kept for a moment to see whether more follows: what is too much for fingers is
//! handed on as one [`Input::Burst`], and what trails it is still of it. A key held down is no
//! burst. Where a field has the cursor its letters need no wait, for they are text either way;
//! they still count towards the burst that Enter and Tab behind them would be of. A state
//! machine without a clock of its own, as the parser is.

use std::time::{Duration, Instant};

use super::input::{Heard, Input};
use super::key::{Key, KeyCode};

/// So many keys in one go are a burst …
const AT_LEAST: usize = 6;
/// … if so many of them are different: a held key, or one level keyed again and again, is not.
const DIFFERENT: usize = 4;
/// Keys this close together came in one go. Fingers are seldom faster, and nobody sees the wait.
const GAP: Duration = Duration::from_millis(30);
/// The same once two different keys have come together, which fingers seldom do: the rest of
/// a torn paste may be late.
const DOUBT: Duration = Duration::from_millis(150);
/// What comes this soon after a burst was torn off it.
const TAIL: Duration = Duration::from_millis(200);
/// A key held down comes again this soon.
const REPEAT: Duration = Duration::from_millis(120);
/// More than this is not kept waiting for a fourth different key.
const KEPT_MAX: usize = 64;

/// How far a burst has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lines {
    /// No line of it has ended.
    Open,
    /// It was one line with its end: a key alone behind it may be a finger's.
    One,
    Several,
}

/// Keys on their way, until it is known what they are.
#[derive(Debug, Default)]
pub(super) struct Gather {
    kept: Vec<(Key, Instant)>,
    /// When the keys kept are let go, or the burst has ended.
    until: Option<Instant>,
    burst: Option<Lines>,
    /// What is kept came behind a line: together with one more key it is of the burst.
    behind: bool,
    /// The key let go last, and when it was read.
    last: Option<(Key, Instant)>,
    /// Letters handed on to a field one close behind the other, the last of them at `last`.
    run: Vec<Key>,
}

impl Gather {
    /// Takes what one read brought; hands on what is known to be what it is. `field` says
    /// that text goes into a field now.
    pub fn read(&mut self, inputs: Vec<Input>, at: Instant, field: bool) -> Vec<Heard> {
        let tail = self.burst.is_some() && self.until.is_some_and(|until| at <= until);
        let keys: Vec<Key> = inputs.iter().map_while(of_text).collect();
        if keys.len() < inputs.len() {
            return self.ended(inputs, &keys, tail, at);
        }
        if keys.is_empty() {
            return Vec::new();
        }
        let lone = keys.len() == 1 && self.burst == Some(Lines::One) && !self.behind;
        if tail && !lone {
            return vec![self.trails(keys, at)];
        }
        if tail {
            self.behind = true;
            self.kept.extend(keys.into_iter().map(|key| (key, at)));
            self.until = at.checked_add(DOUBT);
            return Vec::new();
        }
        self.burst = None;
        let patience = if self.run.len() > 1 { DOUBT } else { GAP };
        let close = |before: Instant| at.saturating_duration_since(before) <= patience;
        if self.kept.is_empty() && !self.last.is_some_and(|(_, before)| close(before)) {
            self.run.clear();
        }
        let letters = keys.len() < AT_LEAST && keys.iter().all(|key| key.text().is_some());
        if field && letters && self.kept.is_empty() {
            self.run.extend(&keys);
            let surplus = self.run.len().saturating_sub(KEPT_MAX);
            self.run.drain(..surplus);
            self.kept.extend(keys.into_iter().map(|key| (key, at)));
            return self.let_go();
        }
        let held_down = keys.iter().all(|key| self.repeats(*key, at));
        self.kept.extend(keys.into_iter().map(|key| (key, at)));
        if self.is_burst_with(&[]) {
            let keys = self.kept.drain(..).map(|(key, _)| key).collect();
            return vec![self.begins(keys, at)];
        }
        if held_down || self.kept.len() >= KEPT_MAX {
            return self.let_go();
        }
        let first = self.kept.first().map(|(key, _)| *key);
        let mixed = self.kept.iter().any(|(key, _)| Some(*key) != first) || self.run.len() > 1;
        self.until = at.checked_add(if mixed { DOUBT } else { GAP });
        Vec::new()
    }

    /// A piece that trails a burst, with what was kept behind its line.
    fn trails(&mut self, keys: Vec<Key>, at: Instant) -> Heard {
        // One key, and not quite near: of the burst, but it does not keep that alive.
        // Behind a line it has only just turned out to be of the burst.
        let lone = keys.len() == 1 && !self.behind;
        let before = self
            .until
            .filter(|until| lone && until.saturating_duration_since(at) < TAIL.saturating_sub(GAP));
        let all = self.kept.drain(..).map(|(key, _)| key).chain(keys).collect();
        let piece = self.begins(all, at);
        if !self.behind {
            self.until = before.or(self.until);
        }
        piece
    }

    /// A piece of a burst, and more of it may come. One key behind the end of its only line
    /// is kept: a finger may have been quick.
    fn begins(&mut self, mut keys: Vec<Key>, at: Instant) -> Heard {
        let enter = Key::plain(KeyCode::Enter);
        let ends = |keys: &[Key]| keys.iter().filter(|key| **key == enter).count();
        let first = matches!(self.burst, None | Some(Lines::Open));
        let behind = match keys.as_slice() {
            [line @ .., last] if first && line.last() == Some(&enter) && ends(line) == 1 => {
                Some(*last)
            }
            _ => None,
        };
        keys.truncate(keys.len() - usize::from(behind.is_some()));
        self.burst = Some(match ends(&keys) {
            0 if first => Lines::Open,
            1 if first && keys.last() == Some(&enter) => Lines::One,
            _ => Lines::Several,
        });
        self.behind = behind.is_some();
        self.kept.extend(behind.map(|key| (key, at)));
        self.until = at.checked_add(if self.behind { DOUBT } else { TAIL });
        Heard { input: Input::Burst(text_of(keys.iter())), at }
    }

    /// When to call [`Self::timeout`].
    pub fn deadline(&self) -> Option<Instant> {
        self.until.filter(|_| !self.kept.is_empty())
    }

    /// Nothing followed in time: what is kept was typed.
    pub fn timeout(&mut self) -> Vec<Heard> {
        self.let_go()
    }

    /// What was read with keys that no paste has was typed, unless it begins with the rest of
    /// one: whoever waits for the processor may read that and the next key together.
    fn ended(
        &mut self,
        mut inputs: Vec<Input>,
        keys: &[Key],
        tail: bool,
        at: Instant,
    ) -> Vec<Heard> {
        let goes_on = tail || !self.kept.is_empty() && self.is_burst_with(keys);
        if keys.is_empty() || !goes_on {
            return self.typed(inputs, at);
        }
        let rest = inputs.split_off(keys.len());
        // It goes to what came before, whether a field has the cursor or not.
        let mut heard = self.read(inputs, at, false);
        heard.extend(self.typed(rest, at));
        heard
    }

    /// Whether what has come, with these keys, is too much for fingers.
    fn is_burst_with(&self, more: &[Key]) -> bool {
        let kept = self.kept.iter().map(|(key, _)| key);
        let mut different: Vec<Key> = self.run.iter().chain(kept).chain(more).copied().collect();
        let all = different.len();
        different.sort_unstable();
        different.dedup();
        all >= AT_LEAST && different.len() >= DIFFERENT
    }

    /// It was typed, all of it.
    fn typed(&mut self, inputs: Vec<Input>, at: Instant) -> Vec<Heard> {
        let mut heard = self.let_go();
        self.burst = None;
        self.last = None;
        heard.extend(inputs.into_iter().map(|input| Heard { input, at }));
        heard
    }

    fn let_go(&mut self) -> Vec<Heard> {
        (self.until, self.behind) = (None, false);
        self.last = self.kept.last().copied().or(self.last);
        self.kept.drain(..).map(|(key, at)| Heard { input: Input::Key(key), at }).collect()
    }

    /// Whether it is the same key as all that is kept, or as the one let go just now.
    fn repeats(&self, key: Key, at: Instant) -> bool {
        let soon = |(last, before): &(Key, Instant)| {
            *last == key && at.saturating_duration_since(*before) <= REPEAT
        };
        match self.kept.as_slice() {
            [] => self.last.as_ref().is_some_and(soon),
            kept => kept.iter().all(soon),
        }
    }
}

/// The key, if a paste can hold it: a character, or what ends a field or a line.
fn of_text(input: &Input) -> Option<Key> {
    let Input::Key(key) = input else { return None };
    (key.text().is_some() || is_break(*key)).then_some(*key)
}

/// Ends of lines as terminals send them, also the soft ones of word processors.
const fn is_break(key: Key) -> bool {
    match key.code {
        KeyCode::Enter | KeyCode::Tab => !key.alt,
        KeyCode::Char('j' | 'k' | 'l') => key.ctrl && !key.alt,
        _ => false,
    }
}

fn text_of<'a>(keys: impl Iterator<Item = &'a Key>) -> String {
    keys.map(|key| match (key.text(), key.code) {
        (Some(c), _) => c,
        (None, KeyCode::Tab) => '\t',
        (None, _) => '\n',
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::parse::Parser;

    /// Reads pieces so many milliseconds apart, then waits.
    fn torn(pieces: &[&str], apart: u64) -> Vec<Input> {
        torn_into(pieces, apart, false)
    }

    fn torn_into(pieces: &[&str], apart: u64, field: bool) -> Vec<Input> {
        let begun = Instant::now();
        let (mut gather, mut parser) = (Gather::default(), Parser::default());
        let mut heard = Vec::new();
        for (nth, piece) in (0..).zip(pieces) {
            let at = begun + Duration::from_millis(apart * nth);
            if gather.deadline().is_some_and(|deadline| deadline < at) {
                heard.extend(gather.timeout());
            }
            heard.extend(gather.read(parser.feed(piece.as_bytes()), at, field));
        }
        heard.extend(gather.timeout());
        heard.into_iter().map(|heard| heard.input).collect()
    }

    fn read(text: &str) -> Vec<Input> {
        torn(&[text], 0)
    }

    fn letters(text: &str) -> Vec<String> {
        text.chars().map(String::from).collect()
    }

    fn keys(text: &str) -> Vec<Input> {
        Parser::default().feed(text.as_bytes())
    }

    const PASTES: [&str; 7] = [
        "Widyastuti, S.E.",
        "198502022010022901",
        "budi.santoso@example.go.id",
        "Siti Aminah\rBudi Santoso\r",
        "1\t2\t3\t4\r5\t4\t3\t2\r",
        "Rahma\x0bNingsih\x0cDewi",
        "R\u{e9}n\u{e9}e R\u{e9}my",
    ];

    #[test]
    fn what_is_pasted_without_brackets_is_one_text() {
        for paste in PASTES {
            let [Input::Burst(text)] = &read(paste)[..] else { panic!("{paste:?} was typed") };
            assert_eq!(text.chars().count(), paste.chars().count(), "{paste:?}");
        }
        assert_eq!(read("Siti Aminah\rBudi"), [Input::Burst("Siti Aminah\nBudi".into())]);
    }

    #[test]
    fn a_paste_torn_into_letters_a_few_milliseconds_apart_is_still_no_command() {
        for paste in PASTES {
            for apart in [1, 5, 20] {
                let pieces = letters(paste);
                let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
                let heard = torn(&pieces, apart);
                let all = heard.iter().all(|input| matches!(input, Input::Burst(_)));
                assert!(all, "{paste:?} {apart} ms apart: {heard:?}");
            }
        }
        let late = torn(&["Widyastuti", ", S", ".E."], 100);
        assert!(late.iter().all(|input| matches!(input, Input::Burst(_))), "{late:?}");
    }

    #[test]
    fn what_fingers_type_stays_typed() {
        for typed in ["gm", "jvjjv", "34523", &"j".repeat(80), &"3434".repeat(12), "/budi"] {
            assert_eq!(read(typed), keys(typed));
        }
        let quick = letters("Widyastuti, S.E.");
        let quick: Vec<&str> = quick.iter().map(String::as_str).collect();
        assert_eq!(torn(&quick, 120), keys("Widyastuti, S.E."));
    }

    #[test]
    fn a_key_held_down_is_handed_on_as_it_comes() {
        let begun = Instant::now();
        let mut gather = Gather::default();
        let mut handed = 0;
        for nth in 0..100 {
            let at = begun + Duration::from_millis(10 * nth);
            handed += gather.read(keys("j"), at, false).len();
            assert!(nth == 0 || handed as u64 == nth + 1, "{handed} of {nth}");
        }
    }

    #[test]
    fn a_letter_for_a_field_is_handed_on_at_once() {
        let (begun, mut gather) = (Instant::now(), Gather::default());
        for (nth, letter) in (0..).zip(["b", "u", "di", "m"]) {
            let at = begun + Duration::from_millis(40 * nth);
            let heard = gather.read(keys(letter), at, true);
            assert_eq!(heard.len(), letter.len(), "{letter}");
            assert_eq!(gather.deadline(), None);
        }
        // What ends the field waits as anywhere.
        let at = begun + Duration::from_millis(500);
        assert!(gather.read(keys("\r"), at, true).is_empty());
        assert_eq!(gather.timeout().len(), 1);
    }

    #[test]
    fn what_follows_the_end_of_a_line_torn_into_a_field_is_no_command() {
        // However it is torn: nothing behind the Enter that closes the field comes as a key.
        for paste in ["Siti Aminah\rBudi Dwi\r", "198502022010022901\rdyux"] {
            for size in 1..7 {
                for apart in [1, 5, 20, 25] {
                    let letters: Vec<char> = paste.chars().collect();
                    let pieces: Vec<String> =
                        letters.chunks(size).map(|piece| piece.iter().collect()).collect();
                    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
                    let heard = torn_into(&pieces, apart, true);
                    let end = Input::Key(Key::plain(KeyCode::Enter));
                    assert!(!heard.contains(&end), "{size} {apart}: {heard:?}");
                    let ended = heard.iter().position(
                        |input| matches!(input, Input::Burst(text) if text.contains('\n')),
                    );
                    let rest = &heard[ended.expect("its Enter is of the burst")..];
                    let all = rest.iter().all(|input| matches!(input, Input::Burst(_)));
                    assert!(all, "{size} {apart}: {heard:?}");
                }
            }
        }
    }

    #[test]
    fn a_read_with_arrows_in_it_was_typed_and_what_was_kept_goes_before_it() {
        let inputs = read("abcdefghijklmnop\x1b[Bqrstuvwxyzabcdefghijklmnop");
        assert!(inputs.iter().all(|input| matches!(input, Input::Key(_))));
        assert_eq!(torn(&["g", "\x1b[B"], 5), keys("g\x1b[B"));
    }

    #[test]
    fn the_rest_of_a_paste_is_of_it_though_an_arrow_is_read_with_it() {
        let arrow = keys("\x1b[B").remove(0);
        for pieces in [["Widyastuti", ", S.E.\x1b[B"], ["Wid", "yastuti, S.E.\x1b[B"]] {
            let mut heard = torn(&pieces, 2);
            assert_eq!(heard.pop(), Some(arrow.clone()));
            assert!(heard.iter().all(|input| matches!(input, Input::Burst(_))), "{heard:?}");
        }
    }

    #[test]
    fn one_key_behind_a_line_that_was_typed_ahead_is_a_key_and_two_are_of_the_paste() {
        let typed = torn(&["/budi\r", "V"], 20);
        assert_eq!(typed, [Input::Burst("/budi\n".into()), keys("V")[0].clone()]);
        let quick = torn(&["/budi", "\rV"], 20);
        assert_eq!(quick.last(), keys("V").first());
        let twice = read("/lewat:layar\r\r");
        assert_eq!(twice, [Input::Burst("/lewat:layar\n".into()), keys("\r")[0].clone()]);
        let rows = torn(&["1\t2", "\t3\t", "4\r5", "\t4\t", "3\t2", "\r"], 40);
        assert!(rows.iter().all(|input| matches!(input, Input::Burst(_))), "{rows:?}");
        let pasted = torn(&["Siti Aminah\r", "B", "u", "di"], 10);
        assert!(pasted.iter().all(|input| matches!(input, Input::Burst(_))), "{pasted:?}");
        let late = torn(&["198", "502", "022"], 80);
        assert!(late.iter().all(|input| matches!(input, Input::Burst(_))), "{late:?}");
    }

    #[test]
    fn after_a_burst_and_a_pause_keys_are_keys_again() {
        let begun = Instant::now();
        let mut gather = Gather::default();
        assert_eq!(gather.read(keys("Widyastuti"), begun, false).len(), 1);
        let later = begun + TAIL + Duration::from_millis(1);
        assert!(gather.read(keys("u"), later, false).is_empty());
        let heard = gather.timeout();
        assert_eq!(heard, [Heard { input: Input::Key(Key::char('u')), at: later }]);
    }
}
