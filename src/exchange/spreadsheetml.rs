//! Excel's XML of 2003 in (`SpreadsheetML`), which local programs write because it needs no
//! library. Cells say where they stand (`ss:Index`) only where something was left out, and
//! how far they reach (`MergeAcross`, `MergeDown`).

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::error::FileError;
use super::grid::{Grid, LINE_MAX, Room};
use super::markup::{append, beginning};
use super::merged::Range;
use super::sheet::SheetCell;
use super::workbook::{iso_cell, text_cell};

/// The name of the format itself; it stands in the first tag.
const NAME: &str = "urn:schemas-microsoft-com:office:spreadsheet";
/// How far into the file the first tag ends.
const BEGINNING: usize = 4096;

pub(super) fn is(text: &str) -> bool {
    let start = beginning(text, BEGINNING);
    start.contains(NAME)
        && start.contains("Workbook")
        && !start.to_ascii_lowercase().contains("<html")
}

pub(super) fn read(text: &str) -> Result<Vec<Grid>, FileError> {
    let mut reader = Reader::from_str(text);
    let mut book = Workbook::default();
    loop {
        match reader.read_event().map_err(|_| FileError::Broken)? {
            Event::Start(tag) => book.start(&tag, false)?,
            Event::Empty(tag) => book.start(&tag, true)?,
            Event::End(tag) => book.end(tag.local_name().as_ref())?,
            Event::Text(text) => book.text(&text.xml10_content()),
            Event::CData(text) => book.text(&text.xml10_content()),
            Event::GeneralRef(name) => {
                let sign = name.resolve_char_ref().ok().flatten().map(String::from);
                let known = || resolve_predefined_entity(name.as_ref()).unwrap_or(" ");
                book.text(&sign.unwrap_or_else(|| known().to_string()));
            }
            Event::Eof if book.inside => return Err(FileError::Broken),
            Event::Eof => return Ok(book.grids),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Workbook {
    grids: Vec<Grid>,
    room: Room,
    /// Inside the workbook: a file that ends there is cut off.
    inside: bool,
    /// The row being read, and the one that comes unless it says otherwise.
    line: u32,
    next_line: u32,
    /// Where the next cell stands, counted from 0.
    column: usize,
    cell: Option<Range>,
    /// The kind of data of the cell, and its text, while they are being read.
    kind: String,
    data: Option<String>,
    value: SheetCell,
    /// Inside a remark on a cell, which has data of its own.
    remark: bool,
    visible: bool,
}

impl Workbook {
    fn start(&mut self, tag: &BytesStart, empty: bool) -> Result<(), FileError> {
        match tag.local_name().as_ref() {
            "Workbook" => self.inside = !empty,
            "Worksheet" => {
                let name = attribute(tag, "Name").unwrap_or_default();
                self.grids.push(Grid::called(name));
                (self.line, self.next_line) = (0, 1);
            }
            "Row" => {
                let index = figure(tag, "Index").unwrap_or(self.next_line);
                self.line = index.max(self.next_line);
                if self.line > LINE_MAX {
                    return Err(FileError::Broken);
                }
                // The format of one row may stand for several.
                let more = figure(tag, "Span").unwrap_or(0);
                self.next_line = self.line.saturating_add(1).saturating_add(more);
                self.column = 0;
            }
            "Cell" => {
                let index = figure(tag, "Index").map_or(self.column, |at| at.max(1) as usize - 1);
                let column = index.max(self.column);
                let across = figure(tag, "MergeAcross").unwrap_or(0) as usize;
                let down = figure(tag, "MergeDown").unwrap_or(0);
                let top = self.line.saturating_sub(1);
                let columns = (column, column.saturating_add(across));
                self.cell = Some(Range { rows: (top, top.saturating_add(down)), columns });
                self.column = columns.1.saturating_add(1);
                self.value = SheetCell::Empty;
                if empty {
                    self.end_cell()?;
                }
            }
            "Comment" => self.remark = !empty,
            "Data" if !self.remark && self.cell.is_some() && !empty => {
                self.kind = attribute(tag, "Type").unwrap_or_default();
                self.data = Some(String::new());
            }
            "Visible" => self.visible = !empty,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), FileError> {
        match name {
            "Workbook" => self.inside = false,
            "Comment" => self.remark = false,
            "Visible" => self.visible = false,
            "Data" => {
                if let Some(text) = self.data.take() {
                    self.value = value(&self.kind, &text);
                }
            }
            "Cell" => self.end_cell()?,
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), FileError> {
        let value = std::mem::take(&mut self.value);
        match (self.cell.take(), self.grids.last_mut()) {
            (Some(range), Some(grid)) if self.line > 0 => {
                grid.put(self.line, value, range, &mut self.room)
            }
            _ => Ok(()),
        }
    }

    fn text(&mut self, text: &str) {
        if self.visible
            && text.trim().starts_with("Sheet")
            && let Some(grid) = self.grids.last_mut()
        {
            // `SheetHidden`, `SheetVeryHidden`.
            grid.hidden = text.contains("Hidden");
        }
        if let Some(data) = &mut self.data {
            append(data, text);
        }
    }
}

/// Whatever prefix the attribute has.
pub(super) fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

fn figure(tag: &BytesStart, name: &str) -> Option<u32> {
    attribute(tag, name)?.trim().parse().ok()
}

fn value(kind: &str, text: &str) -> SheetCell {
    match kind {
        "Number" => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => SheetCell::Number(number),
            _ => text_cell(text),
        },
        "DateTime" => iso_cell(text.trim()),
        "Boolean" => SheetCell::Flag(matches!(text.trim(), "1" | "true")),
        _ => text_cell(text),
    }
}

#[cfg(test)]
#[path = "spreadsheetml_tests.rs"]
mod tests;
