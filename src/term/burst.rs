//! Text that arrives faster than anybody types is text, not commands.
//!
//! Terminals without bracketed paste send a pasted list as if it were typed; in a list its
//! letters would run as commands. What came in one read and is too long for fingers is
//! handed on as a paste: a field takes it all the same, a list leaves it alone.

use super::input::Input;
use super::key::KeyCode;

/// A held key repeats about 30 times a second; a packet seldom collects a second of it.
const AT_LEAST: usize = 32;
/// A held key, or quick ratings of 1 to 5 over a stalled line, have few different letters.
const DIFFERENT: usize = 6;

/// Turns runs of typed characters in one read into pastes when the read is a burst.
pub(super) fn soften(inputs: Vec<Input>) -> Vec<Input> {
    if !is_burst(&inputs) {
        return inputs;
    }
    let mut softened = Vec::new();
    for input in inputs {
        match (text(&input), softened.last_mut()) {
            (Some(c), Some(Input::Paste(run))) => run.push(c),
            (Some(c), _) => softened.push(Input::Paste(c.into())),
            (None, _) => softened.push(input),
        }
    }
    softened
}

fn is_burst(inputs: &[Input]) -> bool {
    if inputs.len() < AT_LEAST {
        return false;
    }
    let mut letters: Vec<char> = inputs.iter().filter_map(text).collect();
    let only_text = inputs.iter().all(|input| text(input).is_some() || ends_a_field(input));
    let long = letters.len() >= AT_LEAST;
    letters.sort_unstable();
    letters.dedup();
    only_text && long && letters.len() >= DIFFERENT
}

fn text(input: &Input) -> Option<char> {
    match input {
        Input::Key(key) => key.text(),
        _ => None,
    }
}

fn ends_a_field(input: &Input) -> bool {
    match input {
        Input::Key(key) => {
            matches!(key.code, KeyCode::Enter | KeyCode::Tab)
                || (key.ctrl && key.code == KeyCode::Char('j'))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::key::Key;
    use crate::term::parse::Parser;

    fn read(text: &str) -> Vec<Input> {
        soften(Parser::default().feed(text.as_bytes()))
    }

    #[test]
    fn names_pasted_without_brackets_do_not_run_as_commands() {
        let inputs = read("Siti Aminah binti Abdullah\rBudi Santoso\r");
        assert_eq!(
            inputs,
            [
                Input::Paste("Siti Aminah binti Abdullah".into()),
                Input::Key(Key::plain(KeyCode::Enter)),
                Input::Paste("Budi Santoso".into()),
                Input::Key(Key::plain(KeyCode::Enter)),
            ]
        );
    }

    #[test]
    fn what_fingers_type_stays_typed() {
        let keys = |s: &str| s.chars().map(|c| Input::Key(Key::char(c))).collect::<Vec<_>>();
        assert_eq!(read("199001012015031001"), keys("199001012015031001"));
        assert_eq!(read(&"j".repeat(80)), keys(&"j".repeat(80)));
        assert_eq!(read(&"34523".repeat(12)), keys(&"34523".repeat(12)));
    }

    #[test]
    fn a_read_with_arrows_in_it_was_typed() {
        let inputs = read("abcdefghijklmnop\x1b[Bqrstuvwxyzabcdefghijklmnop");
        assert!(inputs.iter().all(|input| matches!(input, Input::Key(_))));
    }
}
