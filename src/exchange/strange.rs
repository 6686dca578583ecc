//! Whether a file is what it would be read as. Lists that are not about people need little,
//! a date and a name or a code and a name, which many a list of something else has, too: what
//! tells of them stands in the import's definition, and headings of what no import takes
//! (complaints, answers of citizens, agendas, goods) tell against them. A list of people is
//! known by their numbers.

use std::collections::BTreeSet;

use super::clean;
use super::header::NIP;
use super::headings::Heading;
use super::heads::{Beginning, Fit, Part};
use super::reader::{Read, Reader, reader};
use super::row::holds_number;
use super::source::Lexicon;
use crate::domain::intake::{IntakeDef, RowData, RowShape};

/// Words of columns that stand beside any list and tell nothing.
const HARMLESS: &[&str] = &[
    "no",
    "nomor",
    "urut",
    "id",
    "hari",
    "bulan",
    "tahun",
    "keterangan",
    "ket",
    "catatan",
    "sumber",
    "dasar",
    "hukum",
    "peraturan",
    "sk",
    "skb",
    "galat",
    "day",
    "year",
    "note",
    "notes",
    "source",
];

/// Words of lists of what no import takes but one of people.
const OTHERWISE: &[&str] = &[
    // Of citizens and their letters.
    "pelapor",
    "pengadu",
    "aduan",
    "pengaduan",
    "keluhan",
    "lapor",
    "laporan",
    "isi",
    "kanal",
    "tiket",
    "register",
    "registrasi",
    "tracking",
    "telepon",
    "telp",
    "hp",
    "wa",
    "whatsapp",
    "email",
    "alamat",
    "warga",
    "responden",
    "pemohon",
    "pengirim",
    "penerima",
    "perihal",
    "surat",
    "disposisi",
    "usia",
    "umur",
    "kelamin",
    "pekerjaan",
    "tanggapan",
    "jawab",
    "jawaban",
    "saran",
    "masukan",
    "kritik",
    "layanan",
    "pelayanan",
    "petugas",
    "status",
    "klasifikasi",
    "nik",
    "nip",
    // Of trainings, meetings and who attends them.
    "judul",
    "jp",
    "jalur",
    "biaya",
    "penyelenggara",
    "peserta",
    "kuota",
    "angkatan",
    "narasumber",
    "tempat",
    "lokasi",
    "jam",
    "waktu",
    "masuk",
    "pulang",
    "agenda",
    "kegiatan",
    "acara",
    "rapat",
    // Of goods and money.
    "barang",
    "harga",
    "jumlah",
    "stok",
    "merek",
    "merk",
    "anggaran",
    "pagu",
    "realisasi",
    "rekening",
    "gaji",
    "tunjangan",
];

/// So many rows that tell are enough where they are half of those that are looked at.
const HALF: usize = 2;

/// The headings that are none of this import's, where they tell that the file is something
/// else; none where it may be one.
pub(super) fn strange(
    fit: &Fit,
    beginnings: &[Beginning],
    def: &IntakeDef,
    own: &mut dyn Reader,
) -> Vec<String> {
    if is_of_people(own) || fit.is_placed {
        return Vec::new();
    }
    let Some(part) = fit.fullest() else { return Vec::new() };
    let unknown = unknown(part, beginnings);
    let otherwise = unknown.iter().filter(|name| speaks(name, OTHERWISE)).count();
    let (known, strangers) = (part.header.fields().len(), unknown.len());
    // What tells of something else counts twice; without anything that tells of this import
    // it is enough.
    let is_strange = if is_told(fit, beginnings, def, own) {
        strangers + otherwise > known
    } else {
        otherwise > 0 || strangers >= known
    };
    if is_strange { unknown } else { Vec::new() }
}

/// Whether anything tells that the file is for this import and for no other.
pub(super) fn is_told(
    fit: &Fit,
    beginnings: &[Beginning],
    def: &IntakeDef,
    own: &mut dyn Reader,
) -> bool {
    let Some(part) = fit.fullest() else { return false };
    if fit.is_placed {
        return true;
    }
    if is_of_people(own) {
        return def.format != RowShape::Staff || !is_register(part, beginnings);
    }
    let Some((marks, tells)) = def.told_by else { return true };
    part.header.names.iter().any(|name| speaks(name, marks))
        || tells.is_some_and(|tells| {
            let read = part.rows(beginnings).filter_map(|row| match own.read(&part.header, row) {
                Ok(Read::Row(RowData::Plain(plain), _)) => Some(tells(&plain)),
                _ => None,
            });
            let told: Vec<bool> = read.collect();
            let so = told.iter().filter(|so| **so).count();
            so > 0 && so * HALF >= told.len()
        })
}

/// Whether one person stands in several rows, and more is said of each than a list of staff
/// knows: who came when, or what somebody has been given.
fn is_register(part: &Part, beginnings: &[Beginning]) -> bool {
    let Some(number) = part.header.place_of(NIP) else { return false };
    let mut seen = BTreeSet::new();
    let mut numbers = part
        .rows(beginnings)
        .filter(|row| holds_number(row.cell(number)))
        .filter_map(|row| clean::line(row.cell(number)));
    let again = numbers.any(|text| !seen.insert(text));
    again && unknown(part, beginnings).len() >= part.header.fields().len()
}

/// Headings of columns that hold something, are no field of the import and tell of something.
fn unknown(part: &Part, beginnings: &[Beginning]) -> Vec<String> {
    let header = &part.header;
    let holds = |column: usize| {
        let mut rows = part.rows(beginnings).peekable();
        rows.peek().is_none() || rows.any(|row| clean::line(row.cell(column)).is_some())
    };
    let names = header.names.iter().enumerate().filter(|(column, name)| {
        !name.trim().is_empty() && !header.keeps(*column) && !header.is_running(*column)
    });
    let told = names.filter(|(column, name)| !is_harmless(name) && holds(*column));
    told.map(|(_, name)| name.clone()).collect()
}

fn is_of_people(reader: &dyn Reader) -> bool {
    reader.table().iter().any(|known| known.field == NIP)
}

fn is_harmless(name: &str) -> bool {
    let heading = Heading::of(&[name.to_string()]);
    heading
        .own_words()
        .all(|word| HARMLESS.contains(&word.as_str()) || word.bytes().all(|b| b.is_ascii_digit()))
}

fn speaks(name: &str, of: &[&str]) -> bool {
    let heading = Heading::of(&[name.to_string()]);
    heading.words().any(|word| of.contains(&word.as_str()))
}

/// What an import makes of the sheets of another's file: nothing strange.
pub(super) fn fits(
    fit: &Fit,
    beginnings: &[Beginning],
    def: &IntakeDef,
    lexicon: &Lexicon,
) -> bool {
    strange(fit, beginnings, def, &mut *reader(def, lexicon)).is_empty()
}
