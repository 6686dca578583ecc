//! HTML tables in, as many local programs export them under the name `.xls`. Every table that
//! may be a list is a sheet; a table that is only a frame, or stands inside a cell, is what
//! stands in that cell. A tokenizer reads the page: no tree of it is built, and tags that are
//! no table's cost nothing however deep they are. Excel's XML goes to its own reader.

use html5gum::{DefaultEmitter, Readable, StartTag, Token, Tokenizer};

use super::decode::Text;
use super::error::FileError;
use super::grid::{Grid, Grids, Room};
use super::merged::{COLUMNS_MAX, Range};
use super::sheet::{Book, SheetCell};
use super::spreadsheetml;

/// The largest page or XML on disk: it is read whole.
const SIZE_MAX: u64 = 50_000_000;
/// What documents of other kinds begin with: PDF, RTF, a mail.
const DOCUMENTS: [&str; 3] = ["%PDF-", "{\\rtf", "MIME-Version:"];
/// Tables in tables.
const DEPTH_MAX: usize = 32;
/// The most a spreadsheet lets a cell hold.
const TEXT_MAX: usize = 32_767;
/// What HTML lets a cell reach over.
const SPAN_MAX: u32 = 65_534;

/// Whether a text is a page or XML: it begins with a tag, or a table stands near its beginning.
pub(super) fn begins(text: &str) -> bool {
    let mut start = text.trim_start().chars();
    let tag = start.next() == Some('<')
        && start.next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '!' | '?'));
    tag || is_document(text) || text.to_ascii_lowercase().contains("<table")
}

/// A document of another kind whose beginning is text.
fn is_document(text: &str) -> bool {
    DOCUMENTS.iter().any(|mark| text.trim_start().starts_with(mark))
}

pub(super) fn open(text: Text, size: u64) -> Result<Box<dyn Book>, FileError> {
    if is_document(text.ahead()) {
        return Err(FileError::UnknownFormat);
    }
    if size > SIZE_MAX {
        return Err(FileError::TooLarge { limit: SIZE_MAX });
    }
    let text = text.rest()?;
    let grids = if spreadsheetml::is(&text) { spreadsheetml::read(&text)? } else { page(&text)? };
    if grids.is_empty() {
        return Err(FileError::UnknownFormat);
    }
    Ok(Box::new(Grids::new(grids)))
}

/// The tables of a page that may be lists; where none may be, whatever tables there are.
fn page(text: &str) -> Result<Vec<Grid>, FileError> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut page = Page::default();
    for token in Tokenizer::new_with_emitter(text.to_reader(), emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => page.start(&tag)?,
            Token::EndTag(tag) => page.end(&tag.name)?,
            Token::String(text) => page.text(&String::from_utf8_lossy(&text.value)),
            _ => {}
        }
    }
    // Cut off in the middle of a table: what follows is missing.
    if !page.open.is_empty() {
        return Err(FileError::Broken);
    }
    let mut grids = page.done;
    if grids.iter().any(Grid::is_list) {
        grids.retain(Grid::is_list);
    }
    for grid in &mut grids {
        grid.name = grid.name.trim().to_string();
    }
    if grids.len() > 1 {
        for (at, grid) in grids.iter_mut().enumerate().filter(|(_, grid)| grid.name.is_empty()) {
            grid.name = format!("#{}", at + 1);
        }
    }
    Ok(grids)
}

#[derive(Default)]
struct Page {
    done: Vec<Grid>,
    /// Tables that are open, the innermost last.
    open: Vec<Table>,
    room: Room,
    /// The row last begun, counted over all tables as a spreadsheet shows them.
    line: u32,
    /// Inside what no reader of the page sees, such as `<style>`.
    unseen: Option<Vec<u8>>,
}

#[derive(Default)]
struct Table {
    grid: Grid,
    /// Whether a row is open, and its line.
    row: Option<u32>,
    cell: Option<TableCell>,
    /// The last row a cell reaches down to, one figure a column.
    taken: Vec<u32>,
    /// Inside the caption.
    caption: bool,
}

/// A cell being read.
struct TableCell {
    column: usize,
    columns: usize,
    rows: u32,
    text: String,
}

impl Page {
    fn start(&mut self, tag: &StartTag<()>) -> Result<(), FileError> {
        match tag.name.as_slice() {
            b"style" | b"script" | b"title" | b"noscript" | b"template" if !tag.self_closing => {
                self.unseen = Some(tag.name.to_vec());
            }
            b"table" if self.open.len() >= DEPTH_MAX => return Err(FileError::Broken),
            b"table" => self.open.push(Table::default()),
            b"tr" => {
                self.end_row()?;
                self.begin_row();
            }
            b"td" | b"th" => {
                self.end_cell()?;
                self.begin_cell(tag);
            }
            b"thead" | b"tbody" | b"tfoot" => self.end_row()?,
            b"caption" => {
                if let Some(table) = self.open.last_mut() {
                    table.caption = true;
                }
            }
            b"br" | b"p" | b"div" | b"li" | b"hr" => self.new_line(),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &[u8]) -> Result<(), FileError> {
        if self.unseen.as_deref() == Some(name) {
            self.unseen = None;
        }
        match name {
            b"table" => self.end_table()?,
            b"tr" | b"thead" | b"tbody" | b"tfoot" => self.end_row()?,
            b"td" | b"th" => self.end_cell()?,
            b"caption" => {
                if let Some(table) = self.open.last_mut() {
                    table.caption = false;
                }
            }
            b"p" | b"div" | b"li" => self.new_line(),
            _ => {}
        }
        Ok(())
    }

    fn begin_row(&mut self) {
        if let Some(table) = self.open.last_mut() {
            self.line = self.line.saturating_add(1);
            table.row = Some(self.line);
        }
    }

    fn begin_cell(&mut self, tag: &StartTag<()>) {
        // Rows are sometimes closed and not begun.
        if self.open.last().is_some_and(|table| table.row.is_none()) {
            self.begin_row();
        }
        let Some(table) = self.open.last_mut() else { return };
        let Some(line) = table.row else { return };
        let span = |name: &[u8]| {
            let value = tag.attributes.get(name)?;
            std::str::from_utf8(&value.value).ok()?.trim().parse::<u32>().ok()
        };
        let columns = (span(b"colspan").unwrap_or(1).max(1) as usize).min(COLUMNS_MAX);
        // 0 reaches to the end of the table.
        let rows = match span(b"rowspan").unwrap_or(1) {
            0 => SPAN_MAX,
            rows => rows.min(SPAN_MAX),
        };
        let after = table.cell.take().map_or(0, |cell| cell.column + cell.columns);
        let free = |column: &usize| table.taken.get(*column).is_none_or(|until| *until < line);
        let column = (after..COLUMNS_MAX).find(free).unwrap_or(COLUMNS_MAX);
        let until = line.saturating_add(rows - 1);
        let reach = (column + columns).min(COLUMNS_MAX);
        if table.taken.len() < reach {
            table.taken.resize(reach, 0);
        }
        if let Some(taken) = table.taken.get_mut(column..reach) {
            taken.fill(until);
        }
        table.cell = Some(TableCell { column, columns, rows, text: String::new() });
    }

    fn end_cell(&mut self) -> Result<(), FileError> {
        let Some(table) = self.open.last_mut() else { return Ok(()) };
        let (Some(cell), Some(line)) = (table.cell.take(), table.row) else { return Ok(()) };
        let text = cell.text.trim();
        let value =
            if text.is_empty() { SheetCell::Empty } else { SheetCell::Text(text.to_string()) };
        let top = line - 1;
        let range = Range {
            rows: (top, top.saturating_add(cell.rows - 1)),
            columns: (cell.column, (cell.column + cell.columns).saturating_sub(1)),
        };
        table.grid.put(line, value, range, &mut self.room)
    }

    fn end_row(&mut self) -> Result<(), FileError> {
        self.end_cell()?;
        if let Some(table) = self.open.last_mut() {
            table.row = None;
        }
        Ok(())
    }

    fn end_table(&mut self) -> Result<(), FileError> {
        self.end_row()?;
        let Some(Table { grid, .. }) = self.open.pop() else { return Ok(()) };
        let around = self.open.last_mut().and_then(|table| table.cell.as_mut());
        match around {
            Some(cell) if !grid.is_list() => append(&mut cell.text, &grid.into_text()),
            _ => self.done.push(grid),
        }
        Ok(())
    }

    fn new_line(&mut self) {
        if let Some(cell) = self.open.last_mut().and_then(|table| table.cell.as_mut())
            && !cell.text.is_empty()
        {
            cell.text.truncate(cell.text.trim_end_matches(' ').len());
            append(&mut cell.text, "\n");
        }
    }

    /// Blanks and line ends of the page are one blank each time.
    fn text(&mut self, text: &str) {
        let Some(table) = self.open.last_mut().filter(|_| self.unseen.is_none()) else { return };
        let into = match &mut table.cell {
            Some(cell) => &mut cell.text,
            None if table.caption => &mut table.grid.name,
            None => return,
        };
        let mut squeezed = String::with_capacity(text.len());
        let mut blank = into.ends_with(['\n', ' ']);
        for c in text.chars() {
            let is_blank = c.is_whitespace();
            if !(is_blank && blank) {
                squeezed.push(if is_blank { ' ' } else { c });
            }
            blank = is_blank;
        }
        append(into, &squeezed);
    }
}

/// The beginning of a text, no longer than so many bytes.
pub(super) fn beginning(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

/// As much of a text as a cell holds.
pub(super) fn append(into: &mut String, text: &str) {
    let room = TEXT_MAX.saturating_sub(into.len());
    into.push_str(beginning(text, room));
}

#[cfg(test)]
#[path = "markup_tests.rs"]
mod tests;
