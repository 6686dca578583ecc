//! The merged cells of an ODS, which calamine does not tell of: where each table of its
//! content says that a cell reaches over others.

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::error::FileError;
use super::merged::{RANGES_MAX, Range};
use super::spreadsheetml::attribute;

/// The merged ranges of each sheet. The file has been weighed.
pub(super) fn ranges(file: &File) -> Result<HashMap<String, Vec<Range>>, FileError> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| FileError::Broken)?;
    let content = archive.by_name("content.xml").map_err(|_| FileError::Broken)?;
    let mut reader = Reader::from_reader(BufReader::new(content));
    let (mut buffer, mut tables) = (Vec::new(), Tables::default());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| FileError::Broken)? {
            Event::Start(tag) => tables.start(&tag, false),
            Event::Empty(tag) => tables.start(&tag, true),
            Event::End(tag) => tables.end(tag.local_name().as_ref()),
            Event::Eof => return Ok(tables.found),
            _ => {}
        }
        if tables.count > RANGES_MAX {
            return Err(FileError::TooManyCells);
        }
    }
}

#[derive(Default)]
struct Tables {
    found: HashMap<String, Vec<Range>>,
    count: usize,
    /// Tables that are open: one inside a cell is no sheet.
    depth: usize,
    name: String,
    row: u32,
    /// How many rows the open one stands for.
    repeated: u32,
    column: u32,
}

impl Tables {
    fn start(&mut self, tag: &BytesStart, empty: bool) {
        let figure = |name: &str| attribute(tag, name).and_then(|text| text.parse::<u32>().ok());
        match tag.local_name().as_ref() {
            "table" if !empty => {
                self.depth += 1;
                if self.depth == 1 {
                    self.name = attribute(tag, "name").unwrap_or_default();
                    self.row = 0;
                }
            }
            "table-row" if self.depth == 1 => {
                self.column = 0;
                self.repeated = figure("number-rows-repeated").unwrap_or(1).max(1);
                if empty {
                    self.row = self.row.saturating_add(self.repeated);
                }
            }
            "table-cell" | "covered-table-cell" if self.depth == 1 => {
                let rows = figure("number-rows-spanned").unwrap_or(1).max(1);
                let columns = figure("number-columns-spanned").unwrap_or(1).max(1);
                if rows > 1 || columns > 1 {
                    self.count += 1;
                    let range = Range {
                        rows: (self.row, self.row.saturating_add(rows - 1)),
                        columns: (
                            self.column as usize,
                            self.column.saturating_add(columns - 1) as usize,
                        ),
                    };
                    self.found.entry(self.name.clone()).or_default().push(range);
                }
                let repeated = figure("number-columns-repeated").unwrap_or(1).max(1);
                self.column = self.column.saturating_add(repeated);
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "table" => self.depth = self.depth.saturating_sub(1),
            "table-row" if self.depth == 1 => self.row = self.row.saturating_add(self.repeated),
            _ => {}
        }
    }
}
