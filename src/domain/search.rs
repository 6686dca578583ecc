//! Search: the words an officer types behind `/`, taken apart. `mila unit:plaju jp<20
//! gap>0` is one free word and three terms; all must hold. What a term means for a
//! kind of record is the office's business; here is only the language.

use nucleo_matcher::chars::normalize;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Op {
    /// `:` holds what is written, anywhere in the text.
    Has,
    Equals,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Term {
    /// Stands somewhere in the record's text, as [`sound`] compares.
    Word(String),
    /// `field op value`; the field under its column name.
    Field { name: String, op: Op, value: String },
}

/// A query taken apart; every term must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    pub terms: Vec<Term>,
}

/// Names an officer may use for a column, in either language.
const ALIASES: &[(&str, &str)] = &[
    ("nama", "name"),
    ("gol", "grade"),
    ("golongan", "grade"),
    ("jabatan", "position"),
    ("jenjang", "job_level"),
    ("level", "job_level"),
    ("jenis", "kind"),
    ("gap", "below"),
    ("kurang", "below"),
    ("jk", "sex"),
    ("pendidikan", "education"),
    ("mulai", "start"),
    ("selesai", "end"),
    ("program", "programme"),
    ("penyelenggara", "provider"),
    ("kompetensi", "competency"),
    ("sumber", "source"),
    ("penilai", "rater"),
    ("tanggal", "date"),
    ("kode", "code"),
    ("induk", "parent"),
    ("petugas", "by"),
    ("oleh", "by"),
    ("officer", "by"),
    ("pegawai", "person"),
    ("employee", "person"),
    ("sejak", "since"),
    ("sampai", "until"),
    ("lewat", "via"),
];

/// Two characters first, so that `<=` is not read as `<` and `=…`.
const OPS: &[(&str, Op)] = &[
    ("<=", Op::LessOrEqual),
    (">=", Op::GreaterOrEqual),
    (":", Op::Has),
    ("=", Op::Equals),
    ("<", Op::Less),
    (">", Op::Greater),
];

impl Query {
    /// Reads any text; quotes keep blanks together (`unit:"plaju ulu"`). A name that is
    /// no column of `known` is an ordinary word, so that typing never shows an error.
    pub fn parse(text: &str, known: &dyn Fn(&str) -> bool) -> Self {
        Self { terms: words(text).iter().map(|word| term(word, known)).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

fn term(word: &str, known: &dyn Fn(&str) -> bool) -> Term {
    let split = word.find([':', '=', '<', '>']);
    if let Some(at) = split {
        let name = word[..at].to_lowercase();
        let name = if known(&name) {
            Some(name)
        } else {
            let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, name)| *name);
            alias.filter(|name| known(name)).map(str::to_string)
        };
        let op = OPS.iter().find(|(sign, _)| word[at..].starts_with(sign));
        if let (Some(name), Some((sign, op))) = (name, op) {
            return Term::Field { name, op: *op, value: sound(&word[at + sign.len()..]) };
        }
    }
    Term::Word(sound(word))
}

/// Everything that stands for an apostrophe, as keyboards, phones and Word write it.
const APOSTROPHES: [char; 11] = ['\'', '’', '‘', 'ʼ', 'ʻ', '`', '´', '′', 'ʾ', 'ʿ', '＇'];

/// Its letters in lower case: a word, whatever stands between and around them.
pub fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// A text as search compares it: whatever its case, blanks, accents and apostrophes, so that
/// `maruf` finds Ma’ruf and `renee` Renée. Only for finding: two records are never one because
/// they sound alike.
pub fn sound(text: &str) -> String {
    if sounds_as_written(text) {
        return text.to_ascii_lowercase();
    }
    heard(text)
}

/// [`sound`] of any text.
fn heard(text: &str) -> String {
    let silent = |c: &char| APOSTROPHES.contains(c) || ('\u{300}'..='\u{36f}').contains(c);
    let mut sound = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let before = sound.len();
        if before > 0 {
            sound.push(' ');
        }
        let heard = sound.len();
        let letters = word.chars().filter(|c| !silent(c)).flat_map(char::to_lowercase);
        sound.extend(letters.map(normalize).flat_map(char::to_lowercase).filter(|c| !silent(c)));
        if sound.len() == heard {
            sound.truncate(before);
        }
    }
    sound
}

/// Whether the text as search compares it is no more than the text in lower case, as nearly
/// every name is.
pub fn sounds_as_written(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = bytes.first() != Some(&b' ') && bytes.last() != Some(&b' ');
    ends && bytes.iter().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'\'' | b'`'))
        && !bytes.windows(2).any(|pair| pair == b"  ")
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            c => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Vec<Term> {
        let known = |name: &str| ["unit", "jp", "below", "grade"].contains(&name);
        Query::parse(text, &known).terms
    }

    fn field(name: &str, op: Op, value: &str) -> Term {
        Term::Field { name: name.into(), op, value: value.into() }
    }

    #[test]
    fn an_officer_mixes_words_and_terms() {
        assert_eq!(
            parse("Mila unit:Plaju jp<20 gap>0 gol>=III/a"),
            [
                Term::Word("mila".into()),
                field("unit", Op::Has, "plaju"),
                field("jp", Op::Less, "20"),
                field("below", Op::Greater, "0"),
                field("grade", Op::GreaterOrEqual, "iii/a"),
            ]
        );
    }

    #[test]
    fn quotes_keep_blanks_and_unknown_names_are_words() {
        assert_eq!(parse("unit:\"plaju  ulu\""), [field("unit", Op::Has, "plaju ulu")]);
        assert_eq!(parse("catatan:x"), [Term::Word("catatan:x".into())]);
        assert_eq!(parse("  "), []);
    }

    #[test]
    fn names_are_found_however_apostrophes_and_accents_are_written() {
        for (text, typed) in [
            ("Ma'ruf", "ma’ruf"),
            ("Ma’ruf", "maruf"),
            ("Nur‘Aini", "NUR`AINI"),
            ("Jum´at", "jumʼat"),
            ("Renée", "renee"),
            ("Rene\u{301}e", "renée"),
            ("İlknur Çağ", "ilknur cag"),
        ] {
            assert_eq!(sound(text), sound(typed), "{text}");
        }
        assert_eq!(sound(" ' A  ' b "), "a b");
    }

    proptest! {
        #[test]
        fn a_sound_sounds_like_itself(text in "\\PC*") {
            assert_eq!(sound(&sound(&text)), sound(&text));
        }

        #[test]
        fn the_short_way_for_plain_letters_hears_the_same(text in "[ -~é]{0,12}") {
            assert_eq!(sound(&text), heard(&text));
        }

        #[test]
        fn any_typing_is_a_query(text in "\\PC*") {
            parse(&text);
        }
    }
}
