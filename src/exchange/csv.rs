//! CSV in: `;`, `,`, tab or `|`, quoted cells over several lines, any line end, also lines that
//! were quoted as a whole when they were opened in the wrong locale and saved again. Which of
//! these a file is, whoever knows its headings decides: each is one reading of it. Keeps the
//! line in which each record begins, as an editor counts it, and a bound on how large a
//! record may be, so that one stray quotation mark cannot swallow the file unnoticed.

use std::fs::File;

use encoding_rs::Encoding;

use super::decode::Text;
use super::error::FileError;
use super::sheet::{Book, OpenSheet, SheetCell, SheetName, SheetRow};

/// The largest file read as text.
pub(super) const FILE_MAX: u64 = 500_000_000;
/// The largest record, in bytes; a full SIASN row has about one thousand.
const RECORD_MAX: usize = 1_000_000;
const COLUMNS_MAX: usize = 16_384;
const DELIMITERS: [u8; 4] = [b';', b',', b'\t', b'|'];
/// How many lines decide on the likeliest delimiter.
const SNIFF_LINES: usize = 40;

/// A way to cut the text into cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reading {
    delimiter: u8,
    /// A line that is one quoted cell holds the line that was meant.
    whole: bool,
}

pub(super) struct CsvBook {
    file: File,
    size: u64,
    encoding: &'static Encoding,
    names: [SheetName; 1],
    readings: Vec<Reading>,
}

impl CsvBook {
    /// `beginning` is the text of the file, as much of it as is at hand.
    pub(super) fn new(file: File, size: u64, encoding: &'static Encoding, beginning: &str) -> Self {
        let plain = likeliest(beginning);
        let readings = [false, true].into_iter().flat_map(|whole| {
            plain.iter().map(move |delimiter| Reading { delimiter: *delimiter, whole })
        });
        let readings = readings.collect();
        let names = [SheetName { name: String::new(), hidden: false }];
        Self { file, size, encoding, names, readings }
    }
}

impl Book for CsvBook {
    fn sheets(&self) -> &[SheetName] {
        &self.names
    }

    fn readings(&self) -> usize {
        self.readings.len()
    }

    fn open(&mut self, _sheet: usize, reading: usize) -> Result<Box<dyn OpenSheet>, FileError> {
        let Some(reading) = self.readings.get(reading) else { return Err(FileError::Broken) };
        let bytes = Text::open(self.file.try_clone()?, self.encoding)?;
        let records = Records { bytes, delimiter: reading.delimiter, line: 1 };
        Ok(Box::new(CsvSheet { records, size: self.size, whole: reading.whole, ended: false }))
    }
}

struct CsvSheet {
    records: Records<Text>,
    size: u64,
    whole: bool,
    ended: bool,
}

impl CsvSheet {
    fn row(&mut self) -> Result<Option<SheetRow>, FileError> {
        let Some(record) = self.records.record()? else { return Ok(None) };
        let row = SheetRow::new(record.line, record.cells);
        if !self.whole
            || !record.quoted
            || row.cells[1..].iter().any(|cell| *cell != SheetCell::Empty)
        {
            return Ok(Some(row));
        }
        let SheetCell::Text(text) = row.cell(0) else { return Ok(Some(row)) };
        // Empty cells of the wrong locale may follow the line that was meant.
        let bytes = Slice(text.trim_end_matches(DELIMITERS.map(char::from)).as_bytes());
        let delimiter = self.records.delimiter;
        let inner = Records { bytes, delimiter, line: row.line }.record()?;
        Ok(inner.map(|inner| SheetRow::new(inner.line, inner.cells)))
    }
}

/// Bytes of UTF-8, one after the other.
trait Bytes {
    fn peek(&mut self) -> Result<Option<u8>, FileError>;
    fn next(&mut self) -> Result<Option<u8>, FileError>;
}

impl Bytes for Text {
    fn peek(&mut self) -> Result<Option<u8>, FileError> {
        Self::peek(self)
    }

    fn next(&mut self) -> Result<Option<u8>, FileError> {
        Self::next(self)
    }
}

struct Slice<'a>(&'a [u8]);

impl Bytes for Slice<'_> {
    fn peek(&mut self) -> Result<Option<u8>, FileError> {
        Ok(self.0.first().copied())
    }

    fn next(&mut self) -> Result<Option<u8>, FileError> {
        Ok(self.0.split_off_first().copied())
    }
}

struct Records<B> {
    bytes: B,
    delimiter: u8,
    /// The line the next byte stands in.
    line: u32,
}

struct Record {
    line: u32,
    /// One at least.
    cells: Vec<SheetCell>,
    /// Whether the first cell was quoted.
    quoted: bool,
}

impl<B: Bytes> Records<B> {
    fn record(&mut self) -> Result<Option<Record>, FileError> {
        if self.bytes.peek()?.is_none() {
            return Ok(None);
        }
        let line = self.line;
        let (mut cells, mut quoted) = (Vec::new(), false);
        let mut field = Vec::new();
        let mut bytes = 0;
        loop {
            let was_quoted = self.quotation(&mut field, &mut bytes)?;
            quoted |= was_quoted && cells.is_empty();
            let ended = self.field(&mut field, &mut bytes, was_quoted, line)?;
            cells.push(cell(&field));
            field.clear();
            if ended {
                return Ok(Some(Record { line, cells, quoted }));
            }
            if cells.len() >= COLUMNS_MAX {
                return Err(FileError::LineTooLong { line });
            }
        }
    }

    /// Whether a field begins with a quotation mark, which is taken, and blanks before it too.
    fn quotation(&mut self, field: &mut Vec<u8>, bytes: &mut usize) -> Result<bool, FileError> {
        while *bytes < RECORD_MAX && self.bytes.peek()? == Some(b' ') {
            self.bytes.next()?;
            field.push(b' ');
            *bytes += 1;
        }
        let quoted = self.bytes.peek()? == Some(b'"');
        if quoted {
            self.bytes.next()?;
            field.clear();
        }
        Ok(quoted)
    }

    /// Reads one field; true when it was the record's last.
    fn field(
        &mut self,
        field: &mut Vec<u8>,
        bytes: &mut usize,
        mut quoted: bool,
        line: u32,
    ) -> Result<bool, FileError> {
        loop {
            *bytes += 1;
            if *bytes > RECORD_MAX {
                return Err(FileError::LineTooLong { line });
            }
            let Some(byte) = self.bytes.next()? else {
                return if quoted { Err(FileError::QuoteOpen { line }) } else { Ok(true) };
            };
            let line_end = byte == b'\n' || byte == b'\r';
            if line_end {
                self.line += 1;
                if byte == b'\r' && self.bytes.peek()? == Some(b'\n') {
                    self.bytes.next()?;
                }
            }
            if quoted {
                match byte {
                    b'"' if self.bytes.peek()? == Some(b'"') => {
                        self.bytes.next()?;
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

fn cell(field: &[u8]) -> SheetCell {
    if field.is_empty() {
        SheetCell::Empty
    } else {
        SheetCell::Text(String::from_utf8_lossy(field).into_owned())
    }
}

impl Iterator for CsvSheet {
    type Item = Result<SheetRow, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.row().transpose();
        self.ended = !matches!(row, Some(Ok(_)));
        row
    }
}

impl OpenSheet for CsvSheet {
    fn progress(&self) -> (u64, u64) {
        (self.records.bytes.read.min(self.size), self.size)
    }
}

/// The delimiters, first the one that cuts the most lines into the same number of cells.
fn likeliest(text: &str) -> [u8; 4] {
    let lines = delimiters_by_line(text);
    let weight = |which: usize| {
        let counts: Vec<usize> = lines.iter().map(|line| line[which]).collect();
        let same = |count: usize| counts.iter().filter(|other| **other == count).count() * count;
        counts.iter().map(|count| same(*count)).max().unwrap_or(0)
    };
    let mut order = [0, 1, 2, 3];
    order.sort_by_key(|which| std::cmp::Reverse(weight(*which)));
    order.map(|which| DELIMITERS[which])
}

/// How often each delimiter stands in each of the first records, outside quotation marks.
fn delimiters_by_line(text: &str) -> Vec<[usize; 4]> {
    let mut lines = vec![[0; 4]];
    let mut quoted = false;
    let mut field_start = true;
    for byte in text.bytes() {
        let which = DELIMITERS.iter().position(|d| *d == byte);
        match byte {
            b'"' if quoted => quoted = false,
            b'"' if field_start => quoted = true,
            _ if quoted => {}
            b'\n' | b'\r' => {
                if lines.len() == SNIFF_LINES {
                    break;
                }
                lines.push([0; 4]);
            }
            _ => {
                if let (Some(which), Some(line)) = (which, lines.last_mut()) {
                    line[which] += 1;
                }
            }
        }
        let blank = field_start && byte == b' ';
        field_start = which.is_some() || byte == b'\n' || byte == b'\r' || blank;
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use super::super::decode::encoding_of;
    use super::*;

    /// In its likeliest reading.
    fn sheet(bytes: &[u8]) -> Result<Box<dyn OpenSheet>, FileError> {
        reading(bytes, 0)
    }

    fn reading(bytes: &[u8], reading: usize) -> Result<Box<dyn OpenSheet>, FileError> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file.rewind().unwrap();
        let encoding = encoding_of(&mut file)?;
        let text = Text::open(file.try_clone()?, encoding)?;
        CsvBook::new(file, bytes.len() as u64, encoding, text.ahead()).open(0, reading)
    }

    fn rows(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
        let text = |cell: &SheetCell| match cell {
            SheetCell::Text(text) => text.clone(),
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
    fn a_blank_before_a_quotation_mark_belongs_to_no_name() {
        assert_eq!(
            rows(b"1, \"Siti, S.E.\", Camat\n2,   \"Budi \"\"X\"\"\" ,  Ahli\n"),
            [row(1, &["1", "Siti, S.E.", " Camat"]), row(2, &["2", "Budi \"X\" ", "  Ahli"])]
        );
    }

    #[test]
    fn the_lines_of_an_old_macintosh_are_lines() {
        assert_eq!(rows(b"nip;nama\r1;A, B\r2;C, D")[2], row(3, &["2", "C, D"]));
    }

    #[test]
    fn lines_quoted_as_a_whole_hold_the_lines_that_were_meant() {
        let text =
            b"DAFTAR\r\n\"NIP,\"\"NAMA\"\",UNIT\";;\r\n\"1,\"\"Siti, S.E.\"\",\"\"A\nB\"\"\";;\r\n";
        let text_of = |cell: &SheetCell| match cell {
            SheetCell::Text(text) => text.clone(),
            _ => String::new(),
        };
        let readings: Vec<Vec<Vec<String>>> = (0..8)
            .map(|at| reading(text, at).unwrap().map(Result::unwrap))
            .map(|rows| rows.map(|row| row.cells.iter().map(text_of).collect()).collect())
            .collect();
        let want =
            vec![vec!["DAFTAR"], vec!["NIP", "NAMA", "UNIT"], vec!["1", "Siti, S.E.", "A\nB"]];
        assert!(readings.iter().any(|rows| *rows == want), "{readings:?}");
    }

    #[test]
    fn what_is_not_text_is_said_to_be_so() {
        let nothing = vec![0; 70_000];
        for bytes in [&b"\x7fELF\x02\x01\x01\0\0"[..], &nothing] {
            assert_eq!(sheet(bytes).err(), Some(FileError::UnknownFormat));
        }
    }
}
