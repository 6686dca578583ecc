//! Columns: what a file's headings are, and which of them every import knows. An officer who
//! says the rest sees them all; by the headings a file is known again. Reads no further than
//! where headings stand.

use std::path::Path;

use chrono::NaiveDate;

use super::error::FileError;
use super::header::{filled, fold, is_data};
use super::heads::{self, Beginning, Fit, fit_to};
use super::reader::reader;
use super::sheet::{self, SheetRow};
use super::source::{ReadOptions, open};
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

/// The import a file is made for, by its headings; none where they tell of none.
pub fn recognised(path: &Path, today: NaiveDate) -> Result<Option<Intake>, FileError> {
    let options = ReadOptions { map: Vec::new(), sheet: None, today };
    for intake in Intake::ALL {
        match open(intake, path, &options) {
            Ok(_) => return Ok(Some(intake)),
            Err(FileError::OtherKind { kind }) => return Ok(Some(kind)),
            Err(FileError::SpreadOut) => return Ok(Some(Intake::Ratings)),
            Err(FileError::NoHeader | FileError::ColumnsMissing { .. }) => {}
            Err(error) => return Err(error),
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
pub fn columns(path: &Path, today: NaiveDate) -> Result<Vec<Columns>, FileError> {
    let beginnings = beginnings(path)?;
    let first = first(&beginnings);
    let unnamed = first.as_ref().is_some_and(is_data);
    let of = |intake: Intake| {
        let reader = reader(&intake.def(), today);
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
        let groups = reader.needed();
        needed.extend(groups.iter().map(|group| group.iter().filter_map(field).collect()));
        let named = named.into_iter().filter(|(_, name)| !name.trim().is_empty());
        Columns {
            intake,
            headings: named.take(HEADINGS_MAX).map(heading).collect(),
            fields: table.iter().map(|known| known.field.to_string()).collect(),
            needed,
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
            assert_eq!(recognised(&path, options().today), Ok(intake), "{text}");
        }
        let (_folder, path) = file(STRANGE);
        assert_eq!(recognised(&path, options().today), Ok(None));
    }

    #[test]
    fn headings_nobody_knows_are_told_and_can_be_said() {
        let (_folder, path) = file(STRANGE);
        let columns = columns(&path, options().today).unwrap();
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
