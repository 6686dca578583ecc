//! Search: the words an officer types behind `/`, taken apart. `mila unit:plaju jp<20
//! gap>0` is one free word and three terms; all must hold. What a term means for a
//! kind of record is the office's business; here is only the language.

use serde::{Deserialize, Serialize};

use super::record::fold;

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
    /// Stands somewhere in the record's text, ignoring case.
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
            return Term::Field { name, op: *op, value: fold(&word[at + sign.len()..]) };
        }
    }
    Term::Word(fold(word))
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

    proptest! {
        #[test]
        fn any_typing_is_a_query(text in "\\PC*") {
            parse(&text);
        }
    }
}
