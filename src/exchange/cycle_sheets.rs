//! The sheets of an assessment cycle in a workbook, and back: a row a sheet whose cells take
//! 1 to 5 alone. What comes back is told by the code of each sheet and by the codes of
//! competencies in the heading, wherever their columns stand.

use std::io::Write;
use std::path::Path;

use rust_xlsxwriter::{DataValidation, Format, Workbook};

use super::error::FileError;
use super::sheet::{self, SheetCell, SheetRow};
use super::target::{Destination, Target, WriteError};
use super::write::defused;
use super::xlsx_out::failed;
use crate::domain::fault::{Fault, Reason};
use crate::domain::kinds::competency::fold_code;
use crate::domain::record::fold;

/// The heading stands within these first rows.
const HEAD_MAX: usize = 30;
/// The most rows that are read.
const ROWS_MAX: usize = 100_000;

/// Writes a row a sheet: what is known of it under these heads, then a cell for each
/// competency.
pub fn write_blanks(
    destination: &Destination,
    heads: &[String],
    competencies: &[String],
    rows: &[Vec<String>],
) -> Result<(), WriteError> {
    let mut target = Target::create(destination)?;
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_freeze_panes(1, 2).map_err(failed)?;
    let bold = Format::new().set_bold();
    for (column, head) in (0..).zip(heads.iter().chain(competencies)) {
        let width = if column == 1 || column == 2 { 28 } else { 12 };
        page.set_column_width(column, width).map_err(failed)?;
        page.write_string_with_format(0, column, &*defused(head), &bold).map_err(failed)?;
    }
    for (row, cells) in (1..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            page.write_string(row, column, &*defused(text)).map_err(failed)?;
        }
    }
    let (columns, rows) = (competencies.len() as u16, rows.len() as u32);
    if columns > 0 && rows > 0 {
        let levels = DataValidation::new().allow_list_strings(&["1", "2", "3", "4", "5"]);
        let levels = levels.map_err(failed)?;
        let first = heads.len() as u16;
        page.add_data_validation(1, first, rows, first + columns - 1, &levels).map_err(failed)?;
    }
    let bytes = book.save_to_buffer().map_err(failed)?;
    target.write_all(&bytes)?;
    target.finish()
}

/// A filled row of a file: its line, the code of the sheet, and its levels or what is wrong.
pub type FilledRow = (u32, String, Result<Vec<u8>, Fault>);

/// Reads filled sheets: of every sheet of the file with a heading that names a code and the
/// competencies, each by code and name. Rows with nothing filled in are passed over.
pub fn read_sheets(
    path: &Path,
    competencies: &[(String, String)],
) -> Result<Option<Vec<FilledRow>>, FileError> {
    let mut book = sheet::open(path)?;
    let mut found = None;
    for at in 0..book.sheets().len() {
        for reading in 0..book.readings() {
            let rows = book.open(at, reading)?.take(ROWS_MAX).collect::<Result<Vec<_>, _>>()?;
            if let Some(filled) = filled(&rows, competencies) {
                found.get_or_insert_with(Vec::new).extend(filled);
                break;
            }
        }
    }
    Ok(found)
}

/// The rows below the heading, if there is one.
fn filled(rows: &[SheetRow], competencies: &[(String, String)]) -> Option<Vec<FilledRow>> {
    let heading = |row: &SheetRow| -> Option<(usize, Vec<usize>)> {
        let texts: Vec<String> = row.cells.iter().map(text).collect();
        let is_code = |text: &String| {
            matches!(fold(text).as_str(), "kode" | "code" | "kode lembar" | "lembar" | "sheet")
        };
        let code = texts.iter().position(is_code)?;
        let column = |(code, name): &(String, String)| {
            let wanted = fold_code(code);
            let first = |text: &String| fold_code(text.split_whitespace().next().unwrap_or(""));
            texts.iter().position(|text| {
                first(text) == wanted || fold_code(text) == wanted || fold(text) == fold(name)
            })
        };
        Some((code, competencies.iter().map(column).collect::<Option<Vec<_>>>()?))
    };
    let (head, (code, columns)) =
        rows.iter().take(HEAD_MAX).enumerate().find_map(|(at, row)| Some((at, heading(row)?)))?;
    let mut filled = Vec::new();
    for row in &rows[head + 1..] {
        let of = text(row.cell(code));
        if columns.iter().all(|column| text(row.cell(*column)).is_empty()) {
            continue;
        }
        let levels = columns.iter().zip(competencies).map(|(column, (code, _))| {
            level(row.cell(*column)).ok_or_else(|| Fault::new(code, Reason::LevelRange))
        });
        filled.push((row.line, of, levels.collect()));
    }
    Some(filled)
}

fn text(cell: &SheetCell) -> String {
    match cell {
        SheetCell::Text(text) => text.trim().to_string(),
        SheetCell::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn level(cell: &SheetCell) -> Option<u8> {
    match cell {
        SheetCell::Number(number) => {
            (1..=5).find(|level| (f64::from(*level) - number).abs() < f64::EPSILON)
        }
        SheetCell::Text(text) => text.trim().parse().ok().filter(|level| (1..=5).contains(level)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Vec<(String, String)> {
        vec![("M.1".into(), "Integritas".into()), ("M.2".into(), "Kerja Sama".into())]
    }

    #[test]
    fn a_filled_file_is_read_by_its_codes_wherever_they_stand() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lembar.xlsx");
        let heads = ["Kode", "Nama"].map(String::from);
        let columns = ["M.1 Integritas", "M.2 Kerja Sama"].map(String::from);
        let row = vec!["ABC234".to_string(), "Ani".to_string()];
        write_blanks(&Destination::File(path.clone()), &heads, &columns, &[row]).expect("written");
        let read = |path: &Path| read_sheets(path, &asked()).expect("read");
        assert_eq!(read(&path), Some(Vec::new()), "nothing is filled in yet");
        let path = folder.path().join("isi.csv");
        std::fs::write(&path, "M.2 Kerja Sama;Kode;M.1\n4;ABC234;5\n;DEF567;\n6;GHJ234;3\n")
            .expect("written");
        let filled = read(&path).expect("a heading");
        assert_eq!(filled[0], (2, "ABC234".into(), Ok(vec![5, 4])));
        let wrong = Fault::new("M.2", Reason::LevelRange);
        assert_eq!(filled[1], (4, "GHJ234".into(), Err(wrong)));
        assert_eq!(filled.len(), 2);
        std::fs::write(&path, "Kode;Nama\nABC234;Ani\n").expect("written");
        assert_eq!(read(&path), None);
    }
}
