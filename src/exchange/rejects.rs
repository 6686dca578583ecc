//! Rejects: the rows that were refused, as a file the officer corrects and imports
//! again. It has the file's own columns that are kept, and one more that says what is
//! wrong; personal columns that are ignored do not come along.

use super::clean;
use super::csv_out::CsvOut;
use super::header::Header;
use super::sheet::SheetCell;
use super::source::{Chunk, Kept, SourceFile};
use super::target::{Destination, Target, WriteError};
use super::write::defused;

/// The column that says what is wrong; import does not know it.
pub const ERROR_COLUMN: &str = "galat";

/// A rejects file being written. Dropped without [`Rejects::finish`], it leaves no file.
pub struct Rejects {
    out: CsvOut,
    /// Of each sheet that is read, where what belongs into each column of this file stands.
    places: Vec<Vec<Option<usize>>>,
    rows: u64,
}

impl Rejects {
    pub fn create(destination: &Destination, source: &SourceFile) -> Result<Self, WriteError> {
        // A column a meaning, under the heading of the first sheet that has it.
        let mut fields: Vec<Meaning> = Vec::new();
        let mut headings: Vec<&str> = Vec::new();
        for header in source.headers() {
            for (column, meaning) in meanings(header) {
                if !fields.contains(&meaning) {
                    fields.push(meaning);
                    headings.push(&header.names[column]);
                }
            }
        }
        let places = source.headers().map(|header| {
            let found = meanings(header);
            let place = |field| found.iter().find(|(_, meaning)| meaning == field);
            fields.iter().map(|field| place(field).map(|(column, _)| *column)).collect()
        });
        let places = places.collect();
        headings.push(ERROR_COLUMN);
        let out = CsvOut::begin(Target::create(destination)?, &headings)?;
        Ok(Self { out, places, rows: 0 })
    }

    /// Writes what stood in `line`, whoever refused it, with the words of what is wrong.
    /// The line must be one of the chunk.
    pub fn add(&mut self, chunk: &Chunk, line: u32, error: &str) -> Result<(), WriteError> {
        for Kept { part, row, .. } in chunk.kept.iter().filter(|kept| kept.line == line) {
            let Some(places) = self.places.get(*part) else { continue };
            let found = |place: &Option<usize>| place.map_or(&SheetCell::Empty, |at| row.cell(at));
            let mut cells: Vec<String> = places.iter().map(|at| as_found(found(at))).collect();
            cells.push(defused(error).into_owned());
            self.out.cells(&cells)?;
            self.rows += 1;
        }
        Ok(())
    }

    /// Puts the file in its place, one without rows only if it is wanted; the answer is the
    /// number of rows.
    pub fn finish(self, even_empty: bool) -> Result<u64, WriteError> {
        if even_empty || self.rows > 0 {
            self.out.finish()?;
        }
        Ok(self.rows)
    }
}

/// What a column is, and the how manieth that is so.
type Meaning<'a> = (&'a str, usize);

fn meanings(header: &Header) -> Vec<(usize, Meaning<'_>)> {
    let mut found: Vec<(usize, Meaning)> = Vec::new();
    for column in header.kept() {
        let meaning = header.meaning_of(column);
        let before = found.iter().filter(|(_, (other, _))| *other == meaning).count();
        found.push((column, (meaning, before)));
    }
    found
}

/// The cell as the file had it. An apostrophe stays, so that a NIP stays text.
fn as_found(cell: &SheetCell) -> String {
    let text = clean::as_written(cell);
    if text.starts_with('\'') { text } else { defused(&text).into_owned() }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::testing::{file, options, refused};
    use super::super::{ReadOptions, open};
    use super::*;
    use crate::domain::intake::Intake;

    #[test]
    fn refused_rows_are_corrected_and_imported_again() {
        let (folder, path) = file(
            "Judul\nNO;NIP BARU;NIK;NAMA;ALAMAT;NILAI\n\
             1;'199001012015012001;9999000001100001;Ani;Jalan;1\n\
             2;'19900101201501200;9999000001100002;=Budi;Jalan;2\n\
             3;'199001012015012003;9999000001100003;Tri;Jalan;3\n"
                .as_bytes(),
        );
        let mut source = open(Intake::Employees, &path, &options()).unwrap();
        let rejects_path = folder.path().join("tolak.csv");
        let destination = Destination::File(rejects_path.clone());
        let mut rejects = Rejects::create(&destination, &source).unwrap();
        let chunk = source.next_chunk().unwrap().unwrap();
        for (line, reason) in refused(&chunk) {
            rejects.add(&chunk, line, reason).unwrap();
        }
        // The office refuses too.
        rejects.add(&chunk, 5, "duplicate_nip").unwrap();
        assert_eq!(rejects.finish(true).unwrap(), 2);
        let text = fs::read_to_string(&rejects_path).unwrap();
        assert_eq!(
            text,
            "NIP BARU,NAMA,galat\n\
             '19900101201501200,'=Budi,nip_length\n\
             '199001012015012003,Tri,duplicate_nip\n"
        );
        fs::write(&rejects_path, text.replace("01501200,", "015012002,")).unwrap();
        let again = ReadOptions { ..options() };
        let mut source = open(Intake::Employees, &rejects_path, &again).unwrap();
        assert_eq!(source.ignored_columns(), ["galat"]);
        let chunk = source.next_chunk().unwrap().unwrap();
        assert_eq!((chunk.rows.len(), chunk.refused.len()), (2, 0));
    }

    #[test]
    fn where_nothing_was_refused_no_file_is_left_behind_unless_it_is_wanted() {
        let (folder, path) = file(b"NIP;NAMA\n199001012015012001;Ani\n");
        let mut source = open(Intake::Employees, &path, &options()).unwrap();
        let out = folder.path().join("tolak.csv");
        let rejects = Rejects::create(&Destination::File(out.clone()), &source).unwrap();
        source.next_chunk().unwrap();
        assert_eq!(rejects.finish(false), Ok(0));
        assert!(!out.exists());
        let rejects = Rejects::create(&Destination::File(out.clone()), &source).unwrap();
        assert_eq!(rejects.finish(true), Ok(0));
        assert!(out.exists(), "where a script asks for it");
    }

    #[test]
    fn a_competency_refused_by_the_office_comes_back_with_all_its_rows() {
        let (folder, path) =
            file(b"kode,kompetensi,level,indikator\nT.1,A,1,a\nT.2,B,1,b\nT.1,A,2,c\n");
        let mut source = open(Intake::Competencies, &path, &options()).unwrap();
        let out = folder.path().join("tolak.csv");
        let mut rejects = Rejects::create(&Destination::File(out.clone()), &source).unwrap();
        let chunk = source.next_chunk().unwrap().unwrap();
        rejects.add(&chunk, 2, "x").unwrap();
        rejects.finish(true).unwrap();
        assert_eq!(
            fs::read_to_string(out).unwrap(),
            "kode,kompetensi,level,indikator,galat\nT.1,A,1,a,x\nT.1,A,2,c,x\n"
        );
    }
}
