//! CSV in: `;`, `,` or tab, quoted cells over several lines, any line end. Keeps the
//! line in which each record begins, as an editor counts it, and a bound on how large
//! a record may be, so that one stray quotation mark cannot swallow the file unnoticed.

use std::fs::File;

use super::decode::Text;
use super::error::FileError;
use super::sheet::{Cell, Sheet, SheetRow};

/// The largest file read as text.
const FILE_MAX: u64 = 500_000_000;
/// The largest record, in bytes; a full SIASN row has about one thousand.
const RECORD_MAX: usize = 1_000_000;
const COLUMNS_MAX: usize = 16_384;
const DELIMITERS: [u8; 3] = [b';', b',', b'\t'];
/// How many lines decide on the delimiter.
const SNIFF_LINES: usize = 40;

pub(super) struct CsvSheet {
    text: Text,
    size: u64,
    delimiter: u8,
    /// The line the next byte stands in.
    line: u32,
    ended: bool,
}

impl CsvSheet {
    pub(super) fn open(file: File, size: u64) -> Result<Self, FileError> {
        if size > FILE_MAX {
            return Err(FileError::TooLarge { limit: FILE_MAX });
        }
        let text = Text::open(file)?;
        let delimiter = delimiter(text.ahead());
        Ok(Self { text, size, delimiter, line: 1, ended: false })
    }

    fn record(&mut self) -> Result<Option<SheetRow>, FileError> {
        if self.text.peek()?.is_none() {
            return Ok(None);
        }
        let line = self.line;
        let mut cells = Vec::new();
        let mut field = Vec::new();
        let mut bytes = 0;
        loop {
            let ended = self.field(&mut field, &mut bytes, line)?;
            cells.push(cell(&field));
            field.clear();
            if ended {
                return Ok(Some(SheetRow::new(line, cells)));
            }
            if cells.len() >= COLUMNS_MAX {
                return Err(FileError::LineTooLong { line });
            }
        }
    }

    /// Reads one field; true when it was the record's last.
    fn field(
        &mut self,
        field: &mut Vec<u8>,
        bytes: &mut usize,
        line: u32,
    ) -> Result<bool, FileError> {
        let mut quoted = self.text.peek()? == Some(b'"');
        if quoted {
            self.text.next()?;
        }
        loop {
            *bytes += 1;
            if *bytes > RECORD_MAX {
                return Err(FileError::LineTooLong { line });
            }
            let Some(byte) = self.text.next()? else {
                return if quoted { Err(FileError::QuoteOpen { line }) } else { Ok(true) };
            };
            let line_end = byte == b'\n' || byte == b'\r';
            if line_end {
                self.line += 1;
                if byte == b'\r' && self.text.peek()? == Some(b'\n') {
                    self.text.next()?;
                }
            }
            if quoted {
                match byte {
                    b'"' if self.text.peek()? == Some(b'"') => {
                        self.text.next()?;
                        field.push(b'"');
                    }
                    b'"' => quoted = false,
                    _ if line_end => field.push(b'\n'),
                    _ => field.push(byte),
                }
            } else if line_end {
                return Ok(true);
            } else if byte == self.delimiter {
                return Ok(false);
            } else {
                field.push(byte);
            }
        }
    }
}

fn cell(field: &[u8]) -> Cell {
    if field.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(String::from_utf8_lossy(field).into_owned())
    }
}

impl Iterator for CsvSheet {
    type Item = Result<SheetRow, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let record = self.record().transpose();
        self.ended = !matches!(record, Some(Ok(_)));
        record
    }
}

impl Sheet for CsvSheet {
    fn progress(&self) -> (u64, u64) {
        (self.text.read.min(self.size), self.size)
    }
}

/// The delimiter that cuts the most lines into the same number of cells.
fn delimiter(text: &str) -> u8 {
    let lines = delimiters_by_line(text);
    let weight = |which: usize| {
        let counts: Vec<usize> = lines.iter().map(|line| line[which]).collect();
        let same = |count: usize| counts.iter().filter(|other| **other == count).count() * count;
        counts.iter().map(|count| same(*count)).max().unwrap_or(0)
    };
    // `max_by_key` takes the last of equals: turned round, `;` comes before `,` before tab.
    (0..DELIMITERS.len()).rev().max_by_key(|which| weight(*which)).map_or(b';', |w| DELIMITERS[w])
}

/// How often each delimiter stands in each of the first records, outside quotation marks.
fn delimiters_by_line(text: &str) -> Vec<[usize; 3]> {
    let mut lines = vec![[0; 3]];
    let mut quoted = false;
    let mut field_start = true;
    for byte in text.bytes() {
        let which = DELIMITERS.iter().position(|d| *d == byte);
        match byte {
            b'"' if quoted => quoted = false,
            b'"' if field_start => quoted = true,
            _ if quoted => {}
            b'\n' => {
                if lines.len() == SNIFF_LINES {
                    break;
                }
                lines.push([0; 3]);
            }
            _ => {
                if let (Some(which), Some(line)) = (which, lines.last_mut()) {
                    line[which] += 1;
                }
            }
        }
        field_start = which.is_some() || byte == b'\n' || byte == b'\r';
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use super::*;

    fn sheet(bytes: &[u8]) -> Result<CsvSheet, FileError> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        CsvSheet::open(file, bytes.len() as u64)
    }

    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let text = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            _ => String::new(),
        };
        sheet(bytes)
            .unwrap()
            .map(|row| row.unwrap())
            .map(|row| (row.line, row.cells.iter().map(text).collect()))
            .collect()
    }

    fn row(line: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (line, cells.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_line_is_counted_as_the_editor_counts_it() {
        let found = rows(b"a;b\r\n\r\n\"two\r\nlines \"\"x\"\"\";c\r\nd;e");
        assert_eq!(
            found,
            [
                row(1, &["a", "b"]),
                row(2, &[""]),
                row(3, &["two\nlines \"x\"", "c"]),
                row(5, &["d", "e"])
            ]
        );
    }

    #[test]
    fn the_delimiter_is_found_among_names_with_commas() {
        assert_eq!(
            rows(b"nip;nama\n1;Budi, S.Kom., M.M., Ph.D.\n2;Ani, S.E.\n3;Tri\n")[1],
            row(2, &["1", "Budi, S.Kom., M.M., Ph.D."])
        );
        assert_eq!(rows(b"nip,nama\n1,\"Budi; S.Kom.; M.M.\"\n")[1].1[1], "Budi; S.Kom.; M.M.");
        assert_eq!(rows(b"nip\tnama\n1\tA, B\n")[1], row(2, &["1", "A, B"]));
        assert_eq!(rows(b"nip\n1\n").len(), 2);
    }

    #[test]
    fn every_encoding_an_office_saves_in_reads_the_same() {
        let want = [row(1, &["nip", "nama"]), row(2, &["1", "Renée"])];
        let text = "nip;nama\n1;Renée\n";
        assert_eq!(rows(text.as_bytes()), want);
        assert_eq!(rows(format!("\u{feff}{text}").as_bytes()), want);
        let (cp1252, _, _) = encoding_rs::WINDOWS_1252.encode(text);
        assert_eq!(rows(&cp1252), want);
        let utf16 = |swap: fn(u16) -> [u8; 2]| -> Vec<u8> {
            format!("\u{feff}{text}").encode_utf16().flat_map(swap).collect()
        };
        assert_eq!(rows(&utf16(u16::to_le_bytes)), want);
        assert_eq!(rows(&utf16(u16::to_be_bytes)), want);
    }

    #[test]
    fn a_character_across_two_blocks_is_not_torn() {
        for pad in 65_530..65_540 {
            let text = format!("a;{}é\n", "x".repeat(pad));
            assert!(rows(text.as_bytes())[0].1[1].ends_with("xé"), "{pad}");
        }
    }

    #[test]
    fn a_quotation_mark_never_closed_is_named_with_its_line() {
        let last = |bytes: &[u8]| sheet(bytes).unwrap().last();
        assert_eq!(last(b"a;b\n1;2\n3;\"x\n4;5\n"), Some(Err(FileError::QuoteOpen { line: 3 })));
        let mut long = b"a;b\n1;\"".to_vec();
        long.extend(b"x;y\n".repeat(400_000));
        assert_eq!(last(&long), Some(Err(FileError::LineTooLong { line: 2 })));
    }

    #[test]
    fn what_is_not_text_is_said_to_be_so() {
        let nothing = vec![0; 70_000];
        for bytes in [&b"\x7fELF\x02\x01\x01\0\0"[..], b"<html><table>", b"%PDF-1.7 x", &nothing] {
            assert_eq!(sheet(bytes).err(), Some(FileError::UnknownFormat));
        }
    }
}
