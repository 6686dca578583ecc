//! Letters typed where a choice stands: together they begin the word that is wanted, `bim` for
//! Bimtek and not the last letter's Mentoring. What begins nothing begins anew with its last
//! letter, so that one letter again and again walks through all it begins.

use crate::domain::record::fold;

#[derive(Clone, Debug, Default)]
pub struct TypeAhead {
    typed: String,
}

impl TypeAhead {
    /// One letter more; the option it leads to from the one at `at`.
    pub fn letter(&mut self, c: char, options: &[Vec<String>], at: Option<usize>) -> Option<usize> {
        // What is folded has no blank at its end, which is one between two words.
        let next = if c.is_whitespace() { " ".to_string() } else { fold(&c.to_string()) };
        let longer = format!("{}{next}", self.typed);
        if !self.typed.is_empty()
            && let Some(found) = find(&longer, options, at.unwrap_or(0))
        {
            self.typed = longer;
            return Some(found);
        }
        // A blank begins no word: it is not for turning what is chosen.
        if c.is_whitespace() {
            return None;
        }
        self.typed = next;
        find(&self.typed, options, at.map_or(0, |at| at + 1))
    }

    /// All of a text at once, as it is pasted.
    pub fn text(&mut self, text: &str, options: &[Vec<String>]) -> Option<usize> {
        self.typed = fold(text.trim());
        if self.typed.is_empty() { None } else { find(&self.typed, options, 0) }
    }

    /// The next letter begins anew.
    pub fn forget(&mut self) {
        self.typed.clear();
    }
}

/// The first option that begins with the text, from `from` on and round; else the first with
/// a word that does; else the first that is called so besides. An option's first word is the one
/// that is shown.
fn find(text: &str, options: &[Vec<String>], from: usize) -> Option<usize> {
    let from = from.min(options.len());
    let order = || (from..options.len()).chain(0..from);
    let words = |option: &str| {
        let folded = fold(option);
        folded.split([' ', '(', '/', '-']).any(|word| word.starts_with(text))
    };
    let shown = |at: &usize| options[*at].first().map_or("", String::as_str);
    let others = |at: &usize| options[*at].iter().skip(1);
    order()
        .find(|at| fold(shown(at)).starts_with(text))
        .or_else(|| order().find(|at| words(shown(at))))
        .or_else(|| order().find(|at| others(at).any(|other| fold(other).starts_with(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> Vec<Vec<String>> {
        let shown = ["Bimbingan Teknis (Bimtek)", "Belajar Mandiri", "Magang", "Mentoring"];
        let options = shown.map(|one| vec![one.to_string()]).into_iter();
        let seminar = ["Seminar", "KL06", "Sarasehan kantor"].map(String::from).to_vec();
        options.chain([seminar]).collect()
    }

    fn typed(letters: &str) -> Option<usize> {
        let (options, mut ahead) = (options(), TypeAhead::default());
        let mut at = None;
        for c in letters.chars() {
            at = ahead.letter(c, &options, at).or(at);
        }
        at
    }

    #[test]
    fn letters_typed_one_after_the_other_begin_one_word() {
        for (letters, found) in [
            ("bim", 0),
            ("be", 1),
            ("BIMT", 0),
            ("me", 3),
            ("mandiri", 1),
            ("s", 4),
            ("bs", 4),
            ("sarasehan k", 4),
            ("kl06", 4),
        ] {
            assert_eq!(typed(letters), Some(found), "{letters}");
        }
    }

    #[test]
    fn one_letter_again_and_again_walks_through_all_it_begins() {
        assert_eq!((typed("m"), typed("mm"), typed("mmm")), (Some(2), Some(3), Some(2)));
        assert_eq!(typed("x"), None);
        assert_eq!((typed(" "), typed("m ")), (None, Some(2)), "Space turns nothing");
        assert_eq!(typed("belajar m"), Some(1));
    }

    #[test]
    fn a_text_pasted_finds_its_option_or_none() {
        let mut ahead = TypeAhead::default();
        assert_eq!(ahead.text(" mentoring\n", &options()), Some(3));
        assert_eq!(ahead.text("Widyastuti, S.E.", &options()), None);
    }
}
