//! The text of a table of rules as a record writes it: figures, lists of words and names, each by
//! what it is called.

use super::fault::{Fault, Reason};

/// The end of the name of a list, and of what gives something a name.
pub(super) const LIST: &str = ".words";
pub(super) const NAME: &str = ".name";
/// What parts the words of a list, and a name from its figure.
pub(super) const WORDS: &str = " | ";
pub(super) const IS: &str = " = ";

/// Whether a line of a record is a list of words or a name: no figure.
pub fn is_words(line: &str) -> bool {
    let name = line.split(['=', ':']).next().unwrap_or_default().trim();
    name.ends_with(LIST) || name.ends_with(NAME)
}

/// The line that gives a name to something.
pub(super) fn naming(of: &str, name: &str) -> String {
    format!("{of}{NAME}{IS}{name}")
}

/// What a line gives a name to, by the line's name.
pub fn named(name: &str) -> Option<&str> {
    name.strip_suffix(NAME)
}

/// What a record's text says.
#[derive(Default)]
pub(super) struct Written {
    pub lists: Vec<(String, Vec<String>)>,
    pub names: Vec<(String, String)>,
    pub figures: Vec<(String, u32)>,
}

impl Written {
    /// `qualification.s1.words = s 1 | sarjana` and `KL10.name = Bimtek`, each on a line of its
    /// own; all else is figures.
    pub fn read(text: &str) -> Result<Self, Fault> {
        let mut read = Self::default();
        let mut left = Vec::new();
        for line in text.split(['\n', ';']) {
            let (name, said) = line.split_once(['=', ':']).unwrap_or_default();
            if let Some(list) = name.trim().strip_suffix(LIST) {
                let words = said.split(['|', ',']).map(|word| {
                    // As educations are read: `S-1` is `s 1`.
                    let parts = word.split(|c: char| !c.is_alphanumeric());
                    let parts = parts.filter(|part| !part.is_empty());
                    parts.collect::<Vec<_>>().join(" ").to_lowercase()
                });
                let words = words.filter(|word| !word.is_empty()).collect();
                read.lists.push((list.to_string(), words));
            } else if let Some(of) = name.trim().strip_suffix(NAME) {
                let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
                read.names.push((of.to_string(), said));
            } else {
                left.push(line);
            }
        }
        read.figures = read_figures(&left.join("\n"))?;
        Ok(read)
    }
}

/// `mapping.O = 90`, one after the other, parted by blanks, lines, commas or semicolons.
fn read_figures(text: &str) -> Result<Vec<(String, u32)>, Fault> {
    let spaced = text.replace(['=', ':'], " = ");
    let mut words = spaced.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    let mut words = std::iter::from_fn(|| words.find(|word| !word.is_empty()));
    let mut found: Vec<(String, u32)> = Vec::new();
    while let Some(name) = words.next() {
        let figure = words.next().filter(|sign| *sign == "=").and_then(|_| words.next());
        let Some(figure) = figure.and_then(|figure| figure.parse().ok()) else {
            return Err(Fault::with("figures", Reason::FigureUnreadable, shortened(name)));
        };
        if found.iter().any(|(known, _)| known == name) {
            return Err(Fault::with("figures", Reason::FigureTwice, shortened(name)));
        }
        found.push((name.to_string(), figure));
    }
    Ok(found)
}

/// As much of a word as a message needs.
pub(super) fn shortened(word: &str) -> String {
    word.chars().take(40).collect()
}
