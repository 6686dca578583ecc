//! Ratings: one row a person, competency, source and date. Whether the person and the
//! competency are known is for the office to say; a number that is no number at all is
//! an unknown person here already.

use chrono::NaiveDate;

use super::clean;
use super::employees;
use super::header::{Header, Wanted, fields};
use super::sheet::SheetRow;
use super::words;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{LONG_TEXT_MAX, TEXT_MAX};
use crate::domain::intake::RatingRow;
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::rating::Rating;
use crate::domain::number::EmployeeNumber;

fields! {
    pub(super) enum Col {
        Number "nip" ["nip", "nipbaru", "nippegawai", "nippeserta"],
        LocalNumber "local_number" ["localnumber", "nomorlokal"],
        Competency "competency" ["competency", "kodekompetensi", "kode"],
        Level "level" ["level", "levelkompetensi", "nilai"],
        Source "source" ["source", "sumber", "sumberpenilaian"],
        Rater "rater" ["rater", "penilai", "namapenilai"],
        Date "date" ["date", "tanggal", "tanggalpenilaian", "tglpenilaian"],
        Method "method" ["method", "metode"],
        Evidence "evidence" ["evidence", "bukti", "keterangan"],
    }
}

pub(super) const WANTED: Wanted = Wanted {
    table: Col::TABLE,
    anchors: &[Col::Number as usize, Col::LocalNumber as usize],
    needed: &[
        &[Col::Competency as usize],
        &[Col::Level as usize],
        &[Col::Source as usize],
        &[Col::Date as usize],
    ],
};

/// The fields of the record that the file has a column for.
pub(super) fn columns(header: &Header) -> Vec<String> {
    let number = header.has_any(&[Col::Number, Col::LocalNumber]).then(|| "employee".to_string());
    let others = header.fields().into_iter().filter(|f| f != "nip" && f != "local_number");
    number.into_iter().chain(others).collect()
}

pub(super) fn read(header: &Header, row: &SheetRow, today: NaiveDate) -> Result<RatingRow, Fault> {
    let refuse = |column: Col, reason: Reason| Fault::new(header.name(column), reason);
    let text = |column: Col| clean::line(header.cell(row, column)).unwrap_or_default();
    let number = person(header, row, Col::Number, Col::LocalNumber)?;
    let competency_code = text(Col::Competency);
    if competency_code.is_empty() {
        return Err(refuse(Col::Competency, Reason::CompetencyUnknown));
    }
    let level = level(header, row, Col::Level)?;
    let date = match clean::date(header.cell(row, Col::Date)) {
        Ok(Some(date)) if date > today => return Err(refuse(Col::Date, Reason::DateFuture)),
        Ok(Some(date)) => date,
        _ => return Err(refuse(Col::Date, Reason::DateUnreadable)),
    };
    let source = words::rating_source(&text(Col::Source))
        .ok_or_else(|| refuse(Col::Source, Reason::SourceUnknown))?;
    let evidence = clean::lines(header.cell(row, Col::Evidence)).unwrap_or_default();
    if evidence.chars().count() > LONG_TEXT_MAX {
        return Err(Fault::with(header.name(Col::Evidence), Reason::TooLong, LONG_TEXT_MAX));
    }
    employees::too_long(header, row, TEXT_MAX, &[Col::Evidence as usize])?;
    let rating = Rating {
        level,
        source: Some(source),
        rater: text(Col::Rater),
        date: Some(date),
        method: text(Col::Method),
        evidence,
        ..Rating::default()
    };
    Ok(RatingRow { number, competency_code, rating })
}

/// Whom a row means: a NIP, else a local number from its own column.
pub(super) fn person<F: Into<usize> + Copy>(
    header: &Header,
    row: &SheetRow,
    number: F,
    local: F,
) -> Result<EmployeeNumber, Fault> {
    let read = match employees::number(header.cell(row, number)) {
        Err(Reason::NipMissing) => {
            EmployeeNumber::local(&clean::line(header.cell(row, local)).unwrap_or_default())
        }
        read => read,
    };
    let column = if header.has(number) { number } else { local };
    read.map_err(|_| Fault::new(header.name(column), Reason::EmployeeUnknown))
}

/// A whole number from 1 to 5.
pub(super) fn level(
    header: &Header,
    row: &SheetRow,
    column: impl Into<usize> + Copy,
) -> Result<Level, Fault> {
    let figure = clean::whole(header.cell(row, column)).ok().flatten();
    figure
        .and_then(|level| u8::try_from(level).ok())
        .and_then(Level::new)
        .ok_or_else(|| Fault::with(header.name(column), Reason::LevelRange, "1–5"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{all, expected, options, read as import, refused, sample};
    use super::super::{FileError, open};
    use crate::domain::intake::{Intake, RowData};
    use crate::domain::kinds::rating::RatingSource;

    const NIP: &str = "199001012015012001";

    #[test]
    fn the_sample_ratings_are_read_but_for_people_whose_number_is_none() {
        let Some(path) = sample("penilaian_plaju.csv") else { return };
        let want = expected(&path);
        let mut source = open(Intake::Ratings, &path, &options()).unwrap();
        let chunk = all(&mut source).unwrap();
        assert_eq!(u64::from(chunk.lines_read), want["rows"].as_u64().unwrap());
        let rejected = want["rejected"].as_object().unwrap();
        // The rest of these people are unknown to the office only.
        for (line, reason) in refused(&chunk) {
            assert_eq!(rejected[&line.to_string()], reason, "{line}");
        }
        assert!(source.ignored_columns().is_empty());
        assert_eq!(
            source.columns(),
            ["employee", "competency", "level", "source", "rater", "date", "method", "evidence"]
        );
    }

    #[test]
    fn the_first_reason_in_order_is_the_one_given() {
        let (_, chunk) = import(
            Intake::Ratings,
            format!(
                "nip;kode_kompetensi;level;sumber;penilai;tanggal;metode;bukti\n\
                 x;;9;x;;x;;\n\
                 {NIP};;9;x;;x;;\n\
                 {NIP};M.1;6;x;;x;;\n\
                 {NIP};M.1;2,5;x;;x;;\n\
                 {NIP};M.1;3;x;;31-02-2026;;\n\
                 {NIP};M.1;3;x;;22-11-2026;;\n\
                 {NIP};M.1;3;x;;21-11-2026;;\n\
                 {NIP};M.1;3;asesor;{long};21-11-2026;;\n\
                 {NIP};M.01;3,0;Rekan Kerja;Budi;2026-11-21;sederhana;\"satu\ndua\"\n",
                long = "x".repeat(501)
            )
            .as_bytes(),
        );
        assert_eq!(
            refused(&chunk),
            [
                (2, "employee_unknown"),
                (3, "competency_unknown"),
                (4, "level_range"),
                (5, "level_range"),
                (6, "date_unreadable"),
                (7, "date_future"),
                (8, "source_unknown"),
                (9, "too_long"),
            ]
        );
        let RowData::Rating(row) = &chunk.rows[0].data else { panic!("a rating") };
        assert_eq!((row.competency_code.as_str(), row.rating.level.get()), ("M.01", 3));
        assert_eq!(row.rating.source.map(RatingSource::code), Some("rekan"));
        assert_eq!(row.rating.evidence, "satu\ndua");
    }

    #[test]
    fn a_file_without_levels_is_no_file_of_ratings() {
        let (_folder, path) = super::super::testing::file(b"nip;kode;tanggal;sumber\n1;2;3;4\n");
        assert_eq!(
            open(Intake::Ratings, &path, &options()).err(),
            Some(FileError::ColumnsMissing { fields: vec!["level".into()] })
        );
    }
}
