//! What was meant by a word that is slightly wrong: a command, a key's section, a name of a
//! search.

/// The candidate most like `text`, if any is like enough to be what was meant.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let text = text.to_ascii_lowercase();
    let likeness = |candidate: &str| {
        // "down" for "list.down": the right word without its place.
        if candidate.rsplit('.').next() == Some(text.as_str()) {
            return 0.9;
        }
        // Of two that are as like, a slip of the finger rather than a letter too many.
        let same = if candidate.len() == text.len() { 0.01 } else { 0.0 };
        strsim::normalized_damerau_levenshtein(&text, candidate) + same
    };
    candidates
        .into_iter()
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, _)| *likeness >= 0.5)
        // The first of equals, so that the answer does not depend on the order of the last.
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_put_right_and_nonsense_is_not_guessed_at() {
        let names = ["list.down", "list.delete", "app.quit"];
        assert_eq!(nearest("lst.down", names), Some("list.down"));
        assert_eq!(nearest("list.dwon", names), Some("list.down"));
        assert_eq!(nearest("quit", names), Some("app.quit"));
        assert_eq!(nearest("jmp", ["jp", "jpm", "unit"]), Some("jpm"));
        assert_eq!(nearest("zzz", names), None);
        assert_eq!(nearest("", names), None);
    }
}
