//! Columns: what a file's headings are, and which of them every import knows. An officer who
//! says the rest sees them all; by the headings a file is known again. Reads no further than
//! where headings stand.

use std::path::Path;

use super::error::FileError;
use super::header::{filled, fold, is_data};
use super::heads::{self, Beginning, Fit, fit_to};
use super::other::is_spread_out;
use super::reader::{Reader, reader};
use super::sheet::{self, SheetRow};
use super::source::{Lexicon, ReadOptions, open};
use super::spread::Spread;
use super::strange::strange;
use crate::domain::intake::Intake;

/// The most headings an officer is shown.
const HEADINGS_MAX: usize = 200;

/// The headings of a file as one import knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    pub intake: Intake,
    pub headings: Vec<ColumnHeading>,
    /// Every field the import may have a column for.
    pub fields: Vec<String>,
    /// Of each group one must have a column.
    pub needed: Vec<Vec<String>>,
    /// What a record that is not there yet needs besides, in the same way.
    pub for_new: Vec<Vec<String>>,
    /// Headings that tell that the file is something else than this import takes.
    pub strange: Vec<String>,
}

/// One column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnHeading {
    /// As the file writes it; of a list without headings what stands there first.
    pub text: String,
    /// What the officer's word for the column is: its heading, or its place.
    pub column: String,
    /// The field it is, as far as its heading says it.
    pub field: Option<String>,
}

impl Columns {
    /// How many headings are known.
    pub fn known(&self) -> usize {
        self.headings.iter().filter(|heading| heading.field.is_some()).count()
    }
}

/// The import a file is made for, by what tells of it; none where nothing does.
pub fn recognised(path: &Path, lexicon: &Lexicon) -> Result<Option<Intake>, FileError> {
    let options = ReadOptions { map: Vec::new(), sheet: None, lexicon: lexicon.clone() };
    let mut tried: Vec<Intake> = Vec::new();
    for intake in Intake::ALL {
        let mut next = Some(intake).filter(|intake| !tried.contains(intake));
        // What is another's sooner is tried as that, and taken only where that will do.
        while let Some(intake) = next.take() {
            tried.push(intake);
            match open(intake, path, &options) {
                Ok(source) if source.is_told() => return Ok(Some(intake)),
                Err(FileError::OtherKind { kind }) => {
                    next = Some(kind).filter(|kind| !tried.contains(kind));
                }
                // All that is missing is when or by whom.
                Err(FileError::ColumnsMissing { .. })
                    if intake == Intake::Ratings && is_spread_out(&beginnings(path)?, &options) =>
                {
                    return Ok(Some(intake));
                }
                Ok(_)
                | Err(
                    FileError::NoHeader
                    | FileError::NotOfKind { .. }
                    | FileError::ColumnsMissing { .. },
                ) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(None)
}

/// The headings by which a file is known again: folded, in an order of their own; none of a
/// list without headings.
pub fn headings(path: &Path) -> Result<Vec<String>, FileError> {
    let first = first(&beginnings(path)?).filter(|row| !is_data(row));
    let mut headings: Vec<String> =
        first.iter().flat_map(filled).map(|(_, name)| fold(&name)).collect();
    headings.sort_unstable();
    headings.dedup();
    Ok(headings)
}

/// What each import makes of a file's headings, in the order of the imports.
pub fn columns(path: &Path, lexicon: &Lexicon) -> Result<Vec<Columns>, FileError> {
    let beginnings = beginnings(path)?;
    let first = first(&beginnings);
    let unnamed = first.as_ref().is_some_and(is_data);
    let options = ReadOptions { map: Vec::new(), sheet: None, lexicon: lexicon.clone() };
    let spread = is_spread_out(&beginnings, &options);
    let of = |intake: Intake| {
        let reader: Box<dyn Reader> = if intake == Intake::Ratings && spread {
            Box::new(Spread::new(&intake.def(), lexicon))
        } else {
            reader(&intake.def(), lexicon)
        };
        let table = reader.table();
        let fit = fit_to(&beginnings, &*reader, &[], (&[], &[])).ok();
        let header = fit.as_ref().and_then(Fit::fullest).map(|part| &part.header);
        // Headings of several rows are those the import reads.
        let header = header.filter(|header| !unnamed && header.kept().len() > 1);
        let first = || first.iter().flat_map(filled);
        let named: Vec<(usize, String)> = match header {
            Some(header) => header.names.iter().cloned().enumerate().collect(),
            None => first().collect(),
        };
        let heading = |(at, text): (usize, String)| {
            let field = header.and_then(|header| header.field_of(at)).map(ToString::to_string);
            let place = (at + 1).to_string();
            if unnamed {
                ColumnHeading { text: format!("{place}: {text}"), column: place, field }
            } else {
                ColumnHeading { column: text.clone(), text, field }
            }
        };
        let field = |at: &usize| table.get(*at).map(|known| known.field.to_string());
        let mut needed: Vec<Vec<String>> =
            vec![reader.anchors().iter().filter_map(field).collect()];
        let named_fields = |groups: &[&[usize]]| -> Vec<Vec<String>> {
            groups.iter().map(|group| group.iter().filter_map(field).collect()).collect()
        };
        needed.extend(named_fields(&reader.needed()));
        let named = named.into_iter().filter(|(_, name)| !name.trim().is_empty());
        Columns {
            intake,
            headings: named.take(HEADINGS_MAX).map(heading).collect(),
            fields: table.iter().map(|known| known.field.to_string()).collect(),
            needed,
            for_new: named_fields(&reader.for_new()),
            strange: fit.map_or_else(Vec::new, |fit| {
                strange(
                    &fit,
                    &beginnings,
                    &intake.def(),
                    &mut *self::reader(&intake.def(), lexicon),
                )
            }),
        }
    };
    Ok(Intake::ALL.into_iter().map(of).collect())
}

fn beginnings(path: &Path) -> Result<Vec<Beginning>, FileError> {
    let mut book = sheet::open(path)?;
    let (beginnings, _) = heads::look(&mut *book, None)?;
    Ok(beginnings)
}

/// The likeliest row of headings of a file nobody knows: the first of the fullest rows of the
/// sheet and the reading that have the most columns.
fn first(beginnings: &[Beginning]) -> Option<SheetRow> {
    let cuts = beginnings.iter().flat_map(Beginning::cuts);
    let rows = cuts.filter_map(fullest);
    let row = rows.reduce(|one, other| if other.0 > one.0 { other } else { one })?.1;
    Some(row.clone())
}

/// How many cells the fullest of these rows has, and the first that has nearly as many: a
/// column may be without a heading.
fn fullest(rows: &[SheetRow]) -> Option<(usize, &SheetRow)> {
    let count = |row: &SheetRow| filled(row).count();
    let most = rows.iter().map(count).max().filter(|most| *most > 0)?;
    Some((most, rows.iter().find(|row| count(row) * 3 >= most * 2)?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{file, options};
    use super::*;

    const STRANGE: &[u8] =
        b"Daftar Orang\n\nOrang Ke;Sebutan;Induk\n198001012005012901;Ayu;Kelurahan\n";

    #[test]
    fn a_file_is_recognised_by_its_headings() {
        for (text, intake) in [
            ("NIP;Nama;Jabatan\n198001012005012901;Ayu;Lurah\n", Some(Intake::Employees)),
            ("tanggal,jenis,nama\n2026-12-25,public,Natal\n", Some(Intake::Holidays)),
            (
                "nip,kode_kompetensi,level,sumber,tanggal\n198001012005012901,M.1,3,atasan,2026-01-01\n",
                Some(Intake::Ratings),
            ),
            (
                "NIP;Nama Kegiatan;Kode Pengembangan;Tanggal Mulai;Tanggal Selesai;JP\n198001012005012901;A;KL10;2026-01-01;2026-01-01;3\n",
                Some(Intake::Trainings),
            ),
            (
                "NIP;Nama;Tanggal;Jenis;Jabatan\n198001012005012901;Ayu;2026-01-01;x;Lurah\n",
                Some(Intake::Employees),
            ),
        ] {
            let (_folder, path) = file(text.as_bytes());
            assert_eq!(recognised(&path, &options().lexicon), Ok(intake), "{text}");
        }
        let (_folder, path) = file(STRANGE);
        assert_eq!(recognised(&path, &options().lexicon), Ok(None));
    }

    #[test]
    fn each_kind_of_file_is_known_by_what_only_it_has() {
        const NIP: &str = "198001012005012901";
        let staff = format!(
            "NIP;NAMA;PANGKAT/GOL;JABATAN;UNIT KERJA;NO HP\n{NIP};Ayu;III/a;Lurah;Kelurahan;08\n"
        );
        let scores = format!("NIP;Nama;Skor;Tanggal Tes\n{NIP};Ayu;80;2026-01-05\n");
        let clocked = format!(
            "NIP;Nama;Tanggal;Jam Masuk;Jam Pulang;Lokasi\n{NIP};Ayu;2026-01-05;07.30;16.00;A\n{NIP};Ayu;2026-01-06;07.30;16.00;A\n"
        );
        for (text, intake) in [
            (&*staff, Some(Intake::Employees)),
            (&scores, Some(Intake::Employees)),
            (
                "tanggal;hari;keterangan\n2026-01-01;Kamis;Tahun Baru\n2026-12-25;Jumat;Natal\n",
                Some(Intake::Holidays),
            ),
            ("Tanggal;Hari Libur\n2031-01-01;Tahun Baru\n", Some(Intake::Holidays)),
            (
                "kode;kompetensi;level;deskripsi_level\nM.1;Integritas;1;x\n",
                Some(Intake::Competencies),
            ),
            ("kode;nama kompetensi\nT.1;Loket\n", Some(Intake::Competencies)),
            ("jabatan;kode_kompetensi;level;dasar_hukum\nCamat;M.1;4;x\n", Some(Intake::Standards)),
            // Complaints and letters.
            ("Tanggal;Uraian;Nama Pelapor;Status\n18/01/2026;Antre lama;A;Selesai\n", None),
            ("tgl;nama;isi aduan\n2026-01-18;A;Antre lama\n", None),
            ("Tanggal;Keterangan\n2026-01-18;Antre lama\n2026-01-19;Petugas ramah\n", None),
            ("Tanggal;Jenis;Uraian;Kanal\n2026-01-01;Pengaduan;Antre;WA\n", None),
            ("No Surat;Tanggal;Perihal;Nama\n1;2026-02-03;Undangan;Camat\n", None),
            // Meetings, programmes, goods, survey answers, who came when.
            ("Tanggal;Keterangan;Tempat;Jam\n2026-02-03;Rapat;Aula;09.00\n", None),
            (
                "kode;judul;jenis;jalur;jp;kompetensi;biaya\nP01;Pim;KL01;klasikal;891;M.1|M.2;1\nP02;X;KL01;klasikal;8;M.3;1\n",
                None,
            ),
            ("kode;judul;kompetensi\nP01;Pim;M.1|M.2\nP02;Adm;M.3\n", None),
            ("kode;nama;jenis;jp;penyelenggara\nP01;Pim;KL01;8;BPSDM\n", None),
            ("Kode;Nama Barang;Jumlah;Harga\n1;Meja;3;100\n", None),
            ("Kode;Nama\nA1;Meja\nA2;Kursi\n", None),
            (
                "No;Tanggal;Nama;Jenis Kelamin;Usia;Pendidikan;U1;U2;U3\n1;04/08/2026;A;P;31;S1;3;3;4\n",
                None,
            ),
            (&clocked, None),
        ] {
            let (_folder, path) = file(text.as_bytes());
            assert_eq!(recognised(&path, &options().lexicon), Ok(intake), "{text}");
        }
    }

    #[test]
    fn complaints_are_not_taken_for_holidays_even_when_they_are_said_to_be() {
        for text in [
            "Tanggal;Uraian;Nama Pelapor;Status\n18/01/2026;Antre lama;A;Selesai\n",
            "tgl;nama;keluhan\n2026-01-18;A;Antre lama\n",
            "Tanggal;Kanal;Unit;Layanan;Kategori;Uraian\n2026-01-01;WA;A;KK;B;Antre\n",
        ] {
            let (_folder, path) = file(text.as_bytes());
            let read = open(Intake::Holidays, &path, &options()).err();
            assert!(matches!(read, Some(FileError::NotOfKind { .. })), "{text}: {read:?}");
        }
        let plain = "Tanggal;Keterangan\n2031-03-05;Hari Jadi Kota\n";
        let (_folder, path) = file(plain.as_bytes());
        assert!(open(Intake::Holidays, &path, &options()).is_ok());
        // Whoever says which column is which knows what the file is.
        let said = "Tanggal;Acara;Status\n2031-03-05;Hari Jadi Kota;x\n";
        let (_folder, path) = file(said.as_bytes());
        let map = vec![("name".into(), "Acara".into())];
        assert!(open(Intake::Holidays, &path, &ReadOptions { map, ..options() }).is_ok());
    }

    #[test]
    fn headings_nobody_knows_are_told_and_can_be_said() {
        let (_folder, path) = file(STRANGE);
        let columns = columns(&path, &options().lexicon).unwrap();
        let staff = columns.iter().find(|one| one.intake == Intake::Employees).unwrap();
        let names: Vec<&str> = staff.headings.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(names, ["Orang Ke", "Sebutan", "Induk"]);
        assert!(staff.fields.contains(&"nip".to_string()));
        let map = vec![("nip".into(), "Orang Ke".into()), ("name".into(), "Sebutan".into())];
        let options = ReadOptions { map, ..options() };
        let chunk = open(Intake::Employees, &path, &options).unwrap().next_chunk().unwrap();
        assert_eq!(chunk.map(|chunk| chunk.rows.len()), Some(1));
        assert_eq!(headings(&path).unwrap(), ["induk", "orangke", "sebutan"]);
    }
}
