//! Furniture: the rows and texts that stand in a sheet and are of nobody in it: sums, titles of
//! sections, the numbers of the columns, zeros of empty references, the signature. Knows one
//! row or one text at a time; which of them is dropped where is for `rows`.

use super::dates;
use super::header::filled;
use super::sheet::{SheetCell, SheetRow};

pub(super) fn is_zero(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '0' | ',' | '.' | '%' | '-' | ' '))
}

/// `1 2 3 …` below the headings, in whatever marks.
pub(super) fn is_numbering(row: &SheetRow) -> bool {
    let ordinal = |text: String| {
        let text = text.trim_matches(['(', ')', ' ', '.']);
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        (text.len() - digits <= 4).then(|| text[..digits].parse::<u32>().ok()).flatten()
    };
    let numbers: Option<Vec<u32>> = filled(row).map(|(_, text)| ordinal(text)).collect();
    numbers.is_some_and(|numbers| {
        numbers.len() >= 3
            && numbers[0] <= 2
            && numbers.windows(2).all(|w| w[0] == w[1] || w[0] + 1 == w[1])
            && numbers.last() > numbers.first()
    })
}

fn first_word(text: &str) -> String {
    text.chars()
        .skip_while(|c| !c.is_alphanumeric())
        .take_while(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

pub(super) fn is_total(row: &SheetRow) -> bool {
    filled(row).take(2).any(|(_, text)| is_total_text(&text))
}

pub(super) fn is_total_text(text: &str) -> bool {
    let word = first_word(text);
    let words = text.to_lowercase();
    matches!(word.as_str(), "jumlah" | "total" | "subtotal" | "jml" | "rekapitulasi")
        || words.starts_with("sub total")
        || words.starts_with("sub jumlah")
        || words.starts_with("grand total")
}

/// Words a title of a section, or a note below the list, begins with.
const SECTIONS: &[&str] = &[
    "bidang",
    "seksi",
    "sub",
    "subbag",
    "subbagian",
    "subbidang",
    "subbid",
    "subkoordinator",
    "bagian",
    "kelurahan",
    "desa",
    "kecamatan",
    "dinas",
    "badan",
    "sekretariat",
    "upt",
    "uptd",
    "puskesmas",
    "pustu",
    "rsud",
    "inspektorat",
    "kantor",
    "unit",
    "instalasi",
    "ruang",
    "golongan",
    "gol",
    "eselon",
    "pns",
    "pppk",
    "p3k",
    "cpns",
    "asn",
    "honorer",
    "non",
    "tenaga",
    "pejabat",
    "jabatan",
    "pelaksana",
    "fungsional",
    "struktural",
    "kelompok",
    "satuan",
    "wilayah",
    "keterangan",
    "catatan",
    "sumber",
    "dicetak",
    "halaman",
    "daftar",
    "lampiran",
];

pub(super) fn is_section(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    // `A. PNS`, `II. BIDANG MUTASI`, `3) Seksi Umum`
    let behind = text.split_once(['.', ')']).filter(|(mark, _)| {
        mark.len() <= 4
            && (mark.chars().all(|c| c.is_ascii_digit())
                || mark.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
                || mark.len() == 1)
    });
    let text = behind.map_or(text, |(_, text)| text);
    SECTIONS.contains(&first_word(text).as_str())
}

/// Words a signature begins with, whoever signs.
const SIGNERS: &[&str] = &[
    "mengetahui",
    "menyetujui",
    "mengesahkan",
    "disetujui",
    "disahkan",
    "ditetapkan",
    "dibuat",
    "an",
    "plt",
    "plh",
    "pj",
    "pjs",
    "kepala",
    "camat",
    "lurah",
    "sekretaris",
    "bupati",
    "walikota",
    "wali",
    "gubernur",
    "direktur",
    "inspektur",
    "ketua",
    "pembuat",
    "petugas",
    "penyusun",
    "ttd",
    "hormat",
    "asisten",
    "kasubbag",
    "kabid",
    "kasi",
];

/// `Palembang, 2 Januari 2026`, `Mengetahui,`, `a.n. Bupati`, `Kepala Badan`.
pub(super) fn begins_signature(text: &str) -> bool {
    let lower = text.to_lowercase();
    if SIGNERS.contains(&first_word(text).as_str())
        || lower.starts_with("a.n")
        || lower.starts_with("yang membuat")
    {
        return true;
    }
    let Some((place, day)) = text.split_once(',') else { return false };
    let is_place = !place.contains(|c: char| c.is_ascii_digit());
    // The day is often left open, for the pen.
    let open = |text: &str| {
        let words = text.trim_matches(|c: char| !c.is_alphanumeric());
        matches!(dates::date(&SheetCell::Text(format!("1 {words}"))), Ok(Some(_)))
    };
    is_place && (matches!(dates::date(&SheetCell::Text(day.into())), Ok(Some(_))) || open(day))
}

pub(super) fn is_labelled(text: &str) -> bool {
    matches!(first_word(text).as_str(), "nip" | "nipppk" | "ni")
}
