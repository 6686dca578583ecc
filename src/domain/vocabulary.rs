//! The words of a search besides what is sought: what officers call columns and codes, in
//! either language. A search understands all of them; which are offered, and in which a wrong
//! one is told, is the officer's [`Tongue`].

use serde::{Deserialize, Serialize};

use super::search::{split_at_sign, taken_apart, typed};

/// In which words a search is completed. It is understood in either.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tongue {
    #[default]
    Indonesian,
    English,
}

/// Terms that say all with one word: in Indonesian, and as the column is called.
const FLAGS: &[(&str, &str)] =
    &[("belum-dinilai", "unrated"), ("bentrok", "clashes"), ("dibatasi", "restricted")];

/// Names an officer may use for a column, in either language.
const ALIASES: &[(&str, &str)] = &[
    ("nama", "name"),
    ("gol", "grade"),
    ("golongan", "grade"),
    ("jabatan", "position"),
    ("jenjang", "job_level"),
    ("level", "job_level"),
    ("jenis", "kind"),
    // Of training.
    ("jenis", "type"),
    ("kurang", "below"),
    ("gap", "below"),
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
    ("keadaan", "state"),
    ("petugas", "by"),
    ("oleh", "by"),
    ("officer", "by"),
    ("pegawai", "person"),
    ("employee", "person"),
    ("sejak", "since"),
    ("sampai", "until"),
    ("lewat", "via"),
];

/// Words for codes, and the code.
const VALUES: &[(&str, &str)] = &[
    ("aktif", "active"),
    ("pindah", "moved"),
    ("pensiun", "retired"),
    ("berhenti", "ended"),
    ("terbuka", "open"),
    ("selesai", "done"),
    ("ditolak", "refused"),
    ("berjalan", "running"),
    ("akan-datang", "coming"),
    ("lewat", "past"),
    ("dibatalkan", "cancelled"),
    ("hadir", "present"),
    ("tidak-hadir", "absent"),
    ("izin", "excused"),
    ("ya", "true"),
    ("tidak", "false"),
];

/// The column whose word says all by itself, if `known` has it.
pub fn flag(word: &str, known: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    let word = word.to_lowercase();
    let found = FLAGS.iter().find(|(flag, name)| word == *flag || word == *name);
    found.map(|(_, name)| *name).filter(|name| known(name))
}

/// The code that a word for it means; another word as it is.
pub fn code_of(value: &str) -> &str {
    match value {
        "yes" => "true",
        "no" => "false",
        value => VALUES.iter().find(|(word, _)| *word == value).map_or(value, |(_, code)| code),
    }
}

impl Tongue {
    /// What a code is called in a search.
    pub fn value(self, code: &str) -> String {
        let word = VALUES.iter().find(|(_, known)| *known == code).map(|(word, _)| *word);
        match (self, code, word) {
            (Self::English, "true", _) => "yes".into(),
            (Self::English, "false", _) => "no".into(),
            (Self::Indonesian, _, Some(word)) => word.into(),
            _ => code.to_lowercase(),
        }
    }

    /// What a column is called in a search.
    pub fn column(self, name: &str) -> &str {
        let alias = ALIASES.iter().find(|(_, known)| *known == name).map(|(alias, _)| *alias);
        alias.filter(|_| self == Self::Indonesian).unwrap_or(name)
    }

    /// Every word for these columns, those of this language first; with it, whether it says all
    /// by itself.
    pub fn names<'a>(self, columns: &'a [&'a str]) -> impl Iterator<Item = (&'a str, bool)> + 'a {
        let known = |name: &str| columns.contains(&name);
        let flags = FLAGS.iter().filter(move |(_, name)| known(name));
        let aliases = ALIASES.iter().filter(move |(_, name)| known(name));
        let own = aliases.map(|(word, _)| (*word, false));
        let own = own.chain(flags.clone().map(|(word, _)| (*word, true)));
        let whole = flags.map(|(_, name)| (*name, true));
        let plain = whole.chain(columns.iter().map(|name| (*name, false)));
        let mut all: Vec<(&str, bool)> = own.collect();
        match self {
            Self::Indonesian => all.extend(plain),
            Self::English => all = plain.chain(all).collect(),
        }
        all.into_iter()
    }
}

/// A search as it is said in this language, in whichever it was written: names, codes, and
/// words that say all by themselves. What is none of these stays as it stands.
pub fn spoken(search: &str, tongue: Tongue) -> String {
    let part = |part: &str| {
        let Some((name, sign, value)) = split_at_sign(part) else {
            let flag = FLAGS.iter().find(|(flag, name)| part == *flag || part == *name);
            let said = flag.map(|(flag, name)| if tongue == Tongue::English { name } else { flag });
            return said.map_or_else(|| part.to_string(), |said| (*said).to_string());
        };
        let known = ALIASES.iter().find(|(alias, known)| name == *alias || name == *known);
        let name = known.map_or(name, |(_, known)| tongue.column(known));
        let code = VALUES.iter().find(|(word, code)| value == *word || value == *code);
        let value = code.map_or_else(|| value.to_string(), |(_, code)| tongue.value(code));
        format!("{name}{sign}{value}")
    };
    let word = |word: &str| {
        let (not, parts) = taken_apart(word);
        let said = parts.into_iter().map(part).collect::<Vec<_>>().join(",");
        if not { format!("!{said}") } else { said }
    };
    typed(search).map(word).collect::<Vec<_>>().join(" ")
}

/// The name of a column as `known` has it, from any word for it.
pub fn column_of(name: &str, known: &dyn Fn(&str) -> bool) -> Option<String> {
    let name = name.to_lowercase();
    if known(&name) {
        return Some(name);
    }
    let mut aliases = ALIASES.iter().filter(|(alias, _)| *alias == name).map(|(_, name)| *name);
    aliases.find(|name| known(name)).map(str::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_said_in_the_language_of_whoever_reads_it() {
        for (id, en) in [
            ("kurang>0 status:aktif", "below>0 status:active"),
            ("jp<20 jenis=pns", "jp<20 kind=pns"),
            ("belum-dinilai,!dinilai:2026", "unrated,!dinilai:2026"),
            ("!dinilai:2026 mila", "!rated_on:2026 mila"),
            ("m.5<std unit:\"a, b / c\"", "m.5<std unit:\"a, b / c\""),
        ] {
            assert_eq!(spoken(id, Tongue::English), en);
            assert_eq!(spoken(en, Tongue::Indonesian), id);
        }
        assert_eq!(spoken("gap>0", Tongue::Indonesian), "kurang>0");
    }

    #[test]
    fn words_are_offered_in_one_language_and_understood_in_both() {
        let columns = ["age", "unrated", "status"];
        let first = |tongue: Tongue| tongue.names(&columns).next();
        assert_eq!(first(Tongue::Indonesian), Some(("umur", false)));
        assert_eq!(first(Tongue::English), Some(("unrated", true)));
        assert_eq!(Tongue::Indonesian.value("active"), "aktif");
        assert_eq!(Tongue::English.value("active"), "active");
        for word in ["umur", "usia", "age"] {
            assert_eq!(column_of(word, &|name| columns.contains(&name)).as_deref(), Some("age"));
        }
        for word in ["belum-dinilai", "UNRATED"] {
            assert_eq!(flag(word, &|name| columns.contains(&name)), Some("unrated"));
        }
        assert_eq!((code_of("aktif"), code_of("active"), code_of("x")), ("active", "active", "x"));
    }
}
