//! Search: the words an officer types behind `/`, taken apart. `mila unit:plaju,gayungan
//! jp<20 m.5<std !status:pindah` is one free word and four terms; all must hold. A comma is
//! "or", `!` is "not". What a term means for a kind of record is the office's business; here
//! is only the language.

use super::shorten::meant;
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

impl Term {
    /// The same with what its short words stand for: `kasi` finds every Kepala Seksi.
    fn meant(&self) -> Vec<Self> {
        match self {
            Self::Word(word) => meant(word, true).into_iter().map(Self::Word).collect(),
            Self::Field { name, op: op @ (Op::Has | Op::Equals), value } => {
                let field = |value| Self::Field { name: name.clone(), op: *op, value };
                meant(value, *op == Op::Has).into_iter().map(field).collect()
            }
            Self::Field { .. } => Vec::new(),
        }
    }
}

/// One of the terms holds; with `not`, none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    pub not: bool,
    pub any: Vec<Term>,
}

impl Clause {
    /// Whether it holds where the terms are as `holds` says.
    pub fn is_met<T>(not: bool, any: &[T], holds: impl FnMut(&T) -> bool) -> bool {
        any.iter().any(holds) != not
    }
}

/// A query taken apart; every clause must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub clauses: Vec<Clause>,
    /// What stands before a sign and is no name: it is searched for as it stands, and whoever
    /// typed it is told.
    pub unknown: Vec<String>,
}

/// Terms that say all with one word.
const FLAGS: &[(&str, &str)] = &[
    ("belum-dinilai", "unrated"),
    ("unrated", "unrated"),
    ("dibatasi", "restricted"),
    ("restricted", "restricted"),
];

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
    ("jpm-tanpa-kelebihan", "jpm_capped"),
    ("kategori", "category"),
    ("umur", "age"),
    ("usia", "age"),
    ("pensiun", "retires"),
    ("dinilai", "rated_on"),
    ("tahun-pelatihan", "trained"),
    ("tahun-kinerja", "judged"),
    ("terlambat", "overdue"),
    ("tahun", "year"),
    ("jadwal", "sessions"),
    ("sertifikat", "expires"),
    ("tmt-jabatan", "position_since"),
    ("tmt-golongan", "grade_since"),
    ("tanggal-lahir", "birth_date"),
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
    ("predikat", "predicate"),
    ("hasil", "result"),
    ("perilaku", "conduct"),
    ("nilai", "score"),
    ("tingkat", "severity"),
    ("bulan", "month"),
    ("biaya", "cost"),
    ("dana", "fund"),
    ("sumber-dana", "fund"),
    ("kegiatan", "activity"),
    ("dasar", "ground"),
    ("ditutup", "closed"),
    ("topik", "topic"),
    ("bentuk", "form"),
    ("bobot", "weights"),
    ("tahap", "stage"),
    ("hubungan", "group"),
    ("kembali", "returned"),
    ("tabel", "table"),
    ("berlaku", "effective_from"),
    ("dasar-hukum", "legal_basis"),
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
    /// Reads any text; quotes keep blanks and commas together (`unit:"plaju ulu"`). A name
    /// that is no column of `known` is an ordinary word, so that typing never shows an error.
    pub fn parse(text: &str, known: &dyn Fn(&str) -> bool) -> Self {
        let mut query = Self::default();
        for word in words(text) {
            let mut any: Vec<Term> = Vec::new();
            for part in &word.parts {
                let term = match (term(part, known), any.last()) {
                    // `unit:plaju,gayungan`: what follows is of the same name.
                    (Term::Word(value), Some(Term::Field { name, op, .. })) => {
                        Term::Field { name: name.clone(), op: *op, value }
                    }
                    (term, _) => term,
                };
                query.unknown.extend(unknown_name(part, &term));
                let also = term.meant();
                any.push(term);
                any.extend(also);
            }
            // What is still being typed hides nobody.
            let unfinished =
                |term: &Term| matches!(term, Term::Field { value, .. } if value.is_empty());
            if !any.iter().any(unfinished) {
                query.clauses.push(Clause { not: word.not, any });
            }
        }
        query
    }

    /// The same of a list that knows neither "or" nor "not": one term a word.
    pub fn plain(text: &str, known: &dyn Fn(&str) -> bool) -> Vec<Term> {
        let whole = |word: Word| {
            let bang = if word.not { "!" } else { "" };
            term(&format!("{bang}{}", word.parts.join(",")), known)
        };
        words(text).into_iter().map(whole).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// All its terms, whatever becomes of them.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.clauses.iter().flat_map(|clause| &clause.any)
    }
}

/// The words of a search as they were typed, quotes and all: a blank within these parts nothing.
pub fn typed(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let words = text.split(move |c: char| {
        quoted ^= c == '"';
        c.is_whitespace() && !quoted
    });
    words.filter(|word| !word.is_empty())
}

/// What one of these words asks for: whether it is not wanted, and any of what its commas part,
/// quotes and all. The comma of a figure (`jpm<77,5`) parts nothing.
pub fn taken_apart(word: &str) -> (bool, Vec<&str>) {
    let unwanted = word.strip_prefix('!').filter(|rest| !rest.is_empty());
    let rest = unwanted.unwrap_or(word);
    let (mut parts, mut from, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in rest.char_indices() {
        quoted ^= c == '"';
        let parted = c == ',' && !quoted;
        if parted && !is_decimal(&rest[from..at], rest[at + 1..].chars().next()) {
            parts.push(&rest[from..at]);
            from = at + 1;
        }
    }
    parts.push(&rest[from..]);
    (unwanted.is_some(), parts)
}

/// A search with this term as well, or without it where it was there already. Its other words
/// stay as they were typed.
pub fn turned(search: &str, term: &str) -> String {
    let bare = |word: &str| word.replace('"', "").to_lowercase();
    let mut words: Vec<&str> = typed(search).collect();
    let before = words.len();
    words.retain(|word| bare(word) != bare(term));
    let mut rest = words.join(" ");
    if words.len() < before {
        return rest;
    }
    // What was begun with a quote does not take the term in.
    if search.matches('"').count() % 2 == 1 {
        rest.push('"');
    }
    if !rest.is_empty() {
        rest.push(' ');
    }
    let parts = term.contains(|c: char| c.is_whitespace() || c == ',');
    rest + &if parts { format!("\"{term}\"") } else { term.to_string() }
}

/// Where the piece begins that is being typed at the end of a search: behind the last blank,
/// comma or `!`.
pub fn piece(text: &str) -> usize {
    let mut start = 0;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' | '!' if !quoted => start = at + c.len_utf8(),
            c if c.is_whitespace() && !quoted => start = at + c.len_utf8(),
            _ => {}
        }
    }
    start
}

/// A piece taken apart at its sign, if it has one: the name as typed, the sign, the value.
pub fn split_at_sign(piece: &str) -> Option<(&str, &str, &str)> {
    let at = piece.find([':', '=', '<', '>'])?;
    let (sign, _) = OPS.iter().find(|(sign, _)| piece[at..].starts_with(sign))?;
    Some((&piece[..at], sign, &piece[at + sign.len()..]))
}

/// The name of a column as `known` has it, from any word for it.
pub fn column_of(name: &str, known: &dyn Fn(&str) -> bool) -> Option<String> {
    let name = name.to_lowercase();
    if known(&name) {
        return Some(name);
    }
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, name)| *name);
    alias.filter(|name| known(name)).map(str::to_string)
}

/// Every word for these columns: the officer's own before the columns' names, and those that
/// say all by themselves.
pub fn names_of<'a>(columns: &'a [&'a str]) -> impl Iterator<Item = (&'a str, bool)> + 'a {
    let known = |name: &str| columns.contains(&name);
    let flags = FLAGS.iter().filter(move |(_, name)| known(name)).map(|(word, _)| (*word, true));
    let aliases = ALIASES.iter().filter(move |(_, name)| known(name));
    aliases
        .map(|(word, _)| (*word, false))
        .chain(flags)
        .chain(columns.iter().map(|name| (*name, false)))
}

fn term(word: &str, known: &dyn Fn(&str) -> bool) -> Term {
    if let Some((name, sign, value)) = split_at_sign(word)
        && let Some(name) = column_of(name, known)
        && let Some((_, op)) = OPS.iter().find(|(known, _)| *known == sign)
    {
        return Term::Field { name, op: *op, value: sound(value) };
    }
    let flag = FLAGS.iter().find(|(flag, name)| *flag == word.to_lowercase() && known(name));
    if let Some((_, name)) = flag {
        return Term::Field { name: (*name).into(), op: Op::Equals, value: "true".into() };
    }
    Term::Word(sound(word))
}

/// The name before a sign, of a word that was meant as a term and is none.
fn unknown_name(part: &str, term: &Term) -> Option<String> {
    let (name, ..) = split_at_sign(part).filter(|_| matches!(term, Term::Word(_)))?;
    let like_name = name.starts_with(char::is_alphabetic) && !name.contains(char::is_whitespace);
    like_name.then(|| name.to_lowercase())
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

/// A word of a search: the parts between its commas, never none.
#[derive(Default)]
struct Word {
    not: bool,
    parts: Vec<String>,
}

fn words(text: &str) -> Vec<Word> {
    typed(text).map(word).filter(|word| !word.parts.is_empty()).collect()
}

fn word(typed: &str) -> Word {
    let (not, parts) = taken_apart(typed);
    let parts = parts.into_iter().map(|part| part.replace('"', ""));
    Word { not, parts: parts.filter(|part| !part.is_empty()).collect() }
}

/// Whether a comma behind `part` is that of a figure (`jpm<77,5`) and not "or".
fn is_decimal(part: &str, next: Option<char>) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    let part = part.trim_end_matches('"');
    part.contains(['<', '>']) && part.ends_with(digit) && next.is_some_and(digit)
}

/// A figure as it is typed, with a comma or a point.
pub fn figure(value: &str) -> Option<f64> {
    value.replace(',', ".").parse().ok().filter(|figure: &f64| figure.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Vec<Term> {
        let known = |name: &str| ["unit", "jp", "below", "grade"].contains(&name);
        let query = Query::parse(text, &known);
        assert!(query.clauses.iter().all(|clause| !clause.not && clause.any.len() == 1));
        query.terms().cloned().collect()
    }

    fn field(name: &str, op: Op, value: &str) -> Term {
        Term::Field { name: name.into(), op, value: value.into() }
    }

    #[test]
    fn what_a_list_shows_in_short_words_is_found_by_them() {
        let any = |text: &str| {
            let query = Query::parse(text, &|name| name == "unit");
            query.clauses.into_iter().map(|clause| clause.any).collect::<Vec<_>>()
        };
        let word = |text: &str| Term::Word(text.into());
        assert_eq!(any("kasi"), [vec![word("kasi"), word("kepala seksi")]]);
        let unit =
            |value: &str| Term::Field { name: "unit".into(), op: Op::Has, value: value.into() };
        assert_eq!(any("unit:\"kec. plaju\""), [vec![unit("kec. plaju"), unit("kecamatan plaju")]]);
        assert_eq!(any("siti plaju"), [vec![word("siti")], vec![word("plaju")]]);
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
    fn a_comma_is_or_and_a_bang_is_not_but_a_figure_keeps_its_comma() {
        let known = |name: &str| ["unit", "jp", "jpm", "m.5", "unrated"].contains(&name);
        let query = Query::parse("!unit:plaju,ulu m.5<2,belum-dinilai jpm<77,5 Ayu, !", &known);
        let clause = |not, any: &[Term]| Clause { not, any: any.to_vec() };
        assert_eq!(
            query.clauses,
            [
                clause(true, &[field("unit", Op::Has, "plaju"), field("unit", Op::Has, "ulu")]),
                clause(false, &[field("m.5", Op::Less, "2"), field("unrated", Op::Equals, "true")]),
                clause(false, &[field("jpm", Op::Less, "77,5")]),
                clause(false, &[Term::Word("ayu".into())]),
                clause(false, &[Term::Word("!".into())]),
            ]
        );
        assert_eq!(figure("77,5"), Some(77.5));
    }

    #[test]
    fn a_word_before_a_sign_that_is_no_name_is_told() {
        let known = |name: &str| ["jpm", "unit"].contains(&name);
        assert_eq!(Query::parse("jmp<80 unti:plaju 12:30", &known).unknown, ["jmp", "unti"]);
    }

    #[test]
    fn the_piece_that_is_being_typed_begins_behind_the_last_blank_comma_or_bang() {
        for (text, typed) in [
            ("mila jp", "jp"),
            ("unit:a,b", "b"),
            ("!m.5", "m.5"),
            ("unit:\"plaju u", "unit:\"plaju u"),
        ] {
            assert_eq!(&text[piece(text)..], typed);
        }
    }

    #[test]
    fn a_term_is_put_in_and_taken_out_and_blanks_within_quotes_part_nothing() {
        for (search, with) in [
            ("", "m.5<std"),
            ("unit:\"plaju  ulu\" mila", "unit:\"plaju  ulu\" mila m.5<std"),
            ("\"a m.5<std b\"", "\"a m.5<std b\" m.5<std"),
            ("unit:\"plaju u", "unit:\"plaju u\" m.5<std"),
        ] {
            assert_eq!(turned(search, "m.5<std"), with);
            assert_eq!(typed(&turned(with, "m.5<std")).count(), typed(search).count(), "{search}");
        }
        assert_eq!(turned("mila  M.5<STD jp<20", "m.5<std"), "mila jp<20");
        assert_eq!(turned("mila", "kode a<std"), "mila \"kode a<std\"");
        assert_eq!(turned("mila \"kode a<std\"", "kode a<std"), "mila");
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
            let query = Query::parse(&text, &|name| name == "jp");
            assert!(query.clauses.iter().all(|clause| !clause.any.is_empty()));
            assert!(text.is_char_boundary(piece(&text)));
        }
    }
}
