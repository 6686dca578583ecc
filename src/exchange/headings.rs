//! Headings: how well what a file calls a column fits a field. A heading is a stack of
//! labels, the group above and the sub-heading below, read as one. It fits by its letters,
//! by its words in any order, by its words with others that tell nothing (`Nama Unit
//! Kerja`), or by one of its alternatives (`NIP/NI PPPK`); a word that makes it another
//! person's or another time's (`NIP ATASAN`, `UNIT KERJA LAMA`) forbids all but the first.

use std::collections::BTreeSet;

/// Words that tell nothing of which field it is.
const WEAK: &[&str] = &[
    "nama",
    "lengkap",
    "pegawai",
    "kepegawaian",
    "pokok",
    "rincian",
    "peg",
    "karyawan",
    "personel",
    "personil",
    "asn",
    "pns",
    "pppk",
    "p3k",
    "gelar",
    "dan",
    "dengan",
    "beserta",
    "serta",
    "yang",
    "yg",
    "ybs",
    "bersangkutan",
    "terakhir",
    "akhir",
    "sekarang",
    "saat",
    "ini",
    "kini",
    "baru",
    "data",
    "identitas",
    "pribadi",
    "personal",
    "diri",
    "informasi",
    "profil",
    "biodata",
    "umum",
    "formal",
    "negeri",
    "sipil",
    "aparatur",
    "negara",
    "wajib",
    "diisi",
    "digit",
    "angka",
    "definitif",
    "peserta",
    "dinilai",
    "dd",
    "mm",
    "yyyy",
    "format",
    "sesuai",
    "sk",
];

/// Words that make it somebody else's, or of another time.
const FOREIGN: &[&str] = &[
    "lama",
    "riwayat",
    "pengalaman",
    "mutasi",
    "promosi",
    "rencana",
    "calon",
    "atasan",
    "penilai",
    "pejabat",
    "sekolah",
    "ibu",
    "bapak",
    "ayah",
    "suami",
    "istri",
    "isteri",
    "pasangan",
    "anak",
    "orangtua",
    "tua",
    "keluarga",
    "wali",
    "diklat",
    "pelatihan",
    "latihan",
    "kursus",
    "kepala",
    "pimpinan",
    "bank",
    "rekening",
    "tempat",
    "asal",
    "awal",
    "pertama",
    "sebelum",
    "sebelumnya",
    "terdahulu",
    "tujuan",
    "mendatang",
    "berikutnya",
    "depan",
    "kedepan",
    "yad",
    "usul",
    "usulan",
    "pensiun",
    "kelas",
    "sertifikat",
    "mentor",
    "pengganti",
    "bendahara",
    "verifikator",
    "penandatangan",
    "universitas",
    "perguruan",
    "kampus",
    "darurat",
    "plt",
    "plh",
    "cpns",
    "kgb",
    "induk",
];

/// What offices shorten.
const SHORT: &[(&str, &[&str])] = &[
    ("tgl", &["tanggal"]),
    ("gol", &["golongan"]),
    ("golru", &["golongan", "ruang"]),
    ("thn", &["tahun"]),
    ("th", &["tahun"]),
    ("bln", &["bulan"]),
    ("no", &["nomor"]),
    ("nomer", &["nomor"]),
    ("tk", &["tingkat"]),
    ("pend", &["pendidikan"]),
    ("pddk", &["pendidikan"]),
    ("jab", &["jabatan"]),
    ("mk", &["masa", "kerja"]),
    ("unker", &["unit", "kerja"]),
    ("prodi", &["program", "studi"]),
];

/// A name without what offices write differently: case, blanks, `_ . / '` and the like.
pub(super) fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a name: `nip_pegawai`, `nipBaru` and `Nip. Pegawai` have two.
fn words(name: &str) -> BTreeSet<String> {
    let mut spaced = String::with_capacity(name.len() + 8);
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || lower && c.is_uppercase() {
            spaced.push(' ');
        }
        lower = c.is_lowercase();
        if c.is_alphanumeric() {
            spaced.extend(c.to_lowercase());
        }
    }
    spaced.split_whitespace().map(str::to_string).collect()
}

fn spelled_out(words: &BTreeSet<String>) -> BTreeSet<String> {
    let long = |word: &String| {
        let short = SHORT.iter().find(|(short, _)| short == word);
        short.map_or_else(
            || vec![word.clone()],
            |(_, long)| long.iter().map(ToString::to_string).collect(),
        )
    };
    words.iter().flat_map(long).collect()
}

fn is_weak(word: &str) -> bool {
    WEAK.contains(&word) || word.bytes().all(|b| b.is_ascii_digit())
}

/// One way to read a name.
#[derive(Clone, Debug)]
struct Form {
    folded: String,
    words: BTreeSet<String>,
    spelled: BTreeSet<String>,
}

impl Form {
    fn of(name: &str) -> Self {
        let words = words(name);
        Self { folded: fold(name), spelled: spelled_out(&words), words }
    }

    /// How it fits: by letters, by words, or by its words and so many that tell nothing.
    fn fits(&self, alias: &Alias) -> Option<Rank> {
        if self.folded.is_empty() {
            return None;
        }
        if self.folded == alias.form.folded {
            return Some(Rank(0, 0));
        }
        if alias.letters_only {
            return None;
        }
        // A single short word is too little to be spelled out: `THN` may be any year.
        let pairs = [(&self.words, &alias.form.words), (&self.spelled, &alias.form.spelled)];
        let pairs = &pairs[..if alias.form.words.len() > 1 { 2 } else { 1 }];
        pairs.iter().find_map(|(own, asked)| {
            let rest = || own.difference(asked);
            let all = asked.is_subset(own) && (alias.open || rest().all(|word| is_weak(word)));
            let rest = rest().count();
            match rest {
                _ if !all => None,
                0 => Some(Rank(1, 0)),
                _ if alias.open => Some(Rank(OPEN, rest)),
                _ => Some(Rank(2, rest)),
            }
        })
    }
}

/// How well a heading fits, the best first: the kind of fit, then how much else it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank(u8, usize);

/// Added where only one of its alternatives fits, or what stands in parentheses.
const ALTERNATIVE: u8 = 3;
const INNER: u8 = 6;
/// It has the words, and any others.
const OPEN: u8 = 9;

impl Rank {
    /// A fit that what stands in the column has to confirm.
    pub const fn is_guess(self) -> bool {
        self.0 >= OPEN
    }

    /// After all the others.
    pub const fn last(self) -> Self {
        Self(self.0 + 20, self.1)
    }
}

/// A heading that is known for a field. With `*` behind it, any other words may stand
/// beside its own; with `=` before it, it counts by its letters alone.
#[derive(Debug)]
pub(super) struct Alias {
    form: Form,
    open: bool,
    letters_only: bool,
}

impl Alias {
    pub fn of(text: &str) -> Self {
        let (open, letters_only) = (text.ends_with('*'), text.starts_with('='));
        Self { form: Form::of(text.trim_matches(['*', '='])), open, letters_only }
    }

    /// The words a table of aliases is made of.
    pub fn words(&self) -> impl Iterator<Item = &String> {
        self.form.words.iter().chain(&self.form.spelled)
    }

    /// It without what offices write differently.
    pub const fn letters(&self) -> &String {
        &self.form.folded
    }
}

/// What a file calls a column, in all the ways to read it.
#[derive(Debug)]
pub(super) struct Heading {
    whole: Form,
    bare: Form,
    alternatives: Vec<Form>,
    inner: Vec<Form>,
    foreign: Vec<String>,
}

/// More alternatives than this are a sentence.
const ALTERNATIVES_MAX: usize = 12;

impl Heading {
    /// The labels from the group down to the sub-heading.
    pub fn of(labels: &[String]) -> Self {
        let whole = labels.join(" ");
        let parts: Vec<(String, String)> = labels.iter().map(|label| parted(label)).collect();
        let bare: Vec<&str> = parts.iter().map(|(bare, _)| bare.as_str()).collect();
        let mut alternatives = vec![String::new()];
        for label in &bare {
            let ways = ways(label);
            alternatives = alternatives
                .iter()
                .flat_map(|before| ways.iter().map(move |way| format!("{before} {way}")))
                .take(ALTERNATIVES_MAX)
                .collect();
        }
        if alternatives.len() == 1 {
            alternatives.clear();
        }
        let inner = parts.iter().flat_map(|(_, inner)| ways(inner));
        let words = words(&whole);
        Self {
            bare: Form::of(&bare.join(" ")),
            alternatives: alternatives.iter().map(|text| Form::of(text)).collect(),
            inner: inner.map(|text| Form::of(&text)).collect(),
            foreign: words.into_iter().filter(|word| FOREIGN.contains(&word.as_str())).collect(),
            whole: Form::of(&whole),
        }
    }

    /// Its words as they are.
    pub fn own_words(&self) -> impl Iterator<Item = &String> {
        self.whole.words.iter()
    }

    /// Its words and letters, in all the ways to read it.
    pub fn words(&self) -> impl Iterator<Item = &String> {
        let forms = [&self.whole, &self.bare].into_iter();
        let forms = forms.chain(&self.alternatives).chain(&self.inner);
        forms.flat_map(|form| form.words.iter().chain(&form.spelled).chain([&form.folded]))
    }

    /// Whether it is somebody else's, or of another time.
    pub fn is_foreign(&self) -> bool {
        !self.foreign.is_empty()
    }

    /// How it fits one of these, which are one field's, of those that are near; the second
    /// figure says which.
    pub fn fits(
        &self,
        aliases: &[Alias],
        near: impl IntoIterator<Item = usize>,
    ) -> Option<(Rank, usize)> {
        let own = |word: &String| aliases.iter().any(|alias| alias.form.words.contains(word));
        let strange = !self.foreign.iter().all(own);
        let fit = |place: usize| {
            let alias = aliases.get(place)?;
            let whole = self.whole.fits(alias).filter(|rank| rank.0 < 2);
            if strange || whole.is_some() {
                return whole.map(|rank| (rank, place));
            }
            let others = |forms: &[Form], more: u8| {
                let closed = forms.iter().filter_map(|form| form.fits(alias));
                closed.filter(|r| !r.is_guess()).min().map(|r| Rank(r.0 + more, r.1))
            };
            let rank = self.bare.fits(alias).filter(|rank| !rank.is_guess());
            let rank = rank.or_else(|| others(&self.alternatives, ALTERNATIVE));
            let rank = rank.or_else(|| others(&self.inner, INNER));
            rank.or_else(|| self.whole.fits(alias)).map(|rank| (rank, place))
        };
        near.into_iter().filter_map(fit).min()
    }

    /// Whether a rank came of one alternative among several: two fields that share a column
    /// so are both nobody's.
    pub const fn is_alternative(rank: Rank) -> bool {
        rank.0 >= ALTERNATIVE && rank.0 < INNER
    }

    /// Whether these are words of a table, as far as they tell anything, and whether they do.
    pub fn speaks(labels: &[String], vocabulary: &BTreeSet<String>) -> bool {
        let words: Vec<String> = labels.iter().flat_map(|label| words(label)).collect();
        let known = |word: &String| {
            !is_weak(word) && vocabulary.contains(word) || FOREIGN.contains(&word.as_str())
        };
        words.iter().any(known) && words.iter().all(|word| is_weak(word) || known(word))
    }
}

/// A label without what stands in parentheses, and that.
fn parted(label: &str) -> (String, String) {
    let (mut bare, mut inner, mut depth) = (String::new(), String::new(), 0_u32);
    for c in label.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => inner.push(c),
            _ => bare.push(c),
        }
        if matches!(c, '(' | '[' | ')' | ']') {
            bare.push(' ');
            inner.push('/');
        }
    }
    if fold(&bare).is_empty() { (label.to_string(), String::new()) } else { (bare, inner) }
}

/// The alternatives of a label: what stands between strokes.
fn ways(label: &str) -> Vec<String> {
    let label = label.replace(" atau ", "/").replace(" ATAU ", "/").replace(" or ", "/");
    let ways: Vec<String> = label
        .split(['/', '|', '\\', ';'])
        .map(|way| way.trim().to_string())
        .filter(|way| !fold(way).is_empty())
        .collect();
    if ways.is_empty() && !label.trim().is_empty() { vec![String::new()] } else { ways }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(labels: &[&str], aliases: &[&str]) -> Option<Rank> {
        let labels: Vec<String> = labels.iter().map(ToString::to_string).collect();
        let aliases: Vec<Alias> = aliases.iter().map(|alias| Alias::of(alias)).collect();
        Heading::of(&labels).fits(&aliases, 0..aliases.len()).map(|(rank, _)| rank)
    }

    #[test]
    fn a_heading_fits_by_letters_by_words_or_by_one_of_its_alternatives() {
        for heading in [
            "N.I.P.",
            "nip_pegawai",
            "nipPegawai",
            "NIP (18 digit)",
            "NIP *)",
            "NIP/NRK",
            "Nomor Identitas (NIP)",
            "NIP 18 angka",
            "nip atau nrk",
            "[NIP]",
        ] {
            assert!(rank(&[heading], &["nip"]).is_some_and(|r| !r.is_guess()), "{heading}");
        }
        for heading in ["NIP LAMA", "NIP (Atasan)", "NIPPER", "NIP Sementara", "", "*"] {
            assert_eq!(rank(&[heading], &["nip"]), None, "{heading}");
        }
        assert!(rank(&["NIP Sementara"], &["nip *"]).is_some_and(Rank::is_guess));
        assert_eq!(rank(&["NIP/Nama Atasan"], &["nip *"]), None);
        assert_eq!(rank(&["TAHUN"], &["thn", "=bln"]), None);
        assert!(rank(&["Tgl. Lahir"], &["tanggal lahir"]).is_some());
    }

    #[test]
    fn a_group_and_its_sub_heading_are_one_heading() {
        assert!(rank(&["JABATAN", "NAMA"], &["jabatan"]).is_some());
        assert!(rank(&["PANGKAT / GOLONGAN", "TMT"], &["tmt pangkat"]).is_some());
        assert!(rank(&["MASA KERJA", "THN"], &["mk tahun"]).is_some());
        assert_eq!(rank(&["JABATAN", "NAMA"], &["nama"]), None);
        assert_eq!(rank(&["JABATAN", "TMT"], &["=tmt"]), None);
        assert_eq!(rank(&["LATIHAN JABATAN", "NAMA"], &["jabatan"]), None);
    }

    #[test]
    fn what_says_less_besides_fits_better() {
        let heading = "Nama Pendidikan Terakhir";
        assert!(rank(&[heading], &["nama pendidikan"]) < rank(&[heading], &["pendidikan"]));
    }
}
