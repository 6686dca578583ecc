//! How a list looks: a heading line, rows with a marker and a mark, a filter line while
//! there is a filter, a scrollbar. The first column stays; the others scroll sideways. Words
//! are shortened before a column of them is cut.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::frame::{fit_middle, padded, put};
use super::list::RecordList;
use super::scrollbar;
use super::ways;
use super::widths::{Gives, Want, ends_tell, share};
use crate::domain::column::{Align, Column};
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::i18n::{self, t};
use crate::protocol::Row;
use crate::ui::pane::View;
use crate::ui::words;

/// Marker, mark and a blank before the first column.
const GUTTER: u16 = 3;
/// A blank and the scrollbar behind the last column.
const SCROLLBAR: u16 = 2;
/// How many lines there are for records and the heads of their groups.
fn lines_in(area: Rect, list: &RecordList) -> u16 {
    let filter = u16::from(list.filter.is_shown());
    area.height.saturating_sub(1 + filter)
}

/// How many rows of records fit into `area`, whichever of the groups are in sight.
pub fn rows_in(area: Rect, list: &RecordList) -> u16 {
    let lines = lines_in(area, list);
    lines.saturating_sub(list.groups()).max(lines.min(1))
}

/// A column in its place.
struct Placed {
    /// Its place among those chosen.
    at: usize,
    column: &'static Column,
    width: u16,
    heading: String,
    /// Its words do not all fit as they are.
    short: bool,
    /// What does not fit differs at its end: the middle is left out.
    middle: bool,
}

/// The columns that fit, left to right; made for the rows that are here.
fn layout(list: &RecordList, width: u16, cell: &Cell, headed: Headed, sign: &str) -> Vec<Placed> {
    let all = list.columns().iter().enumerate().map(|(at, column)| (at, *column));
    let columns: Vec<_> = all.filter(|(at, _)| *at == 0 || *at > list.left).collect();
    let want = |(at, column): &(usize, &'static Column)| {
        let heading = heading(list, column, headed, sign);
        let heading_width = heading.width() as u16;
        let rows = list.page.iter().flat_map(|page| (page.offset..).zip(&page.rows));
        let figure = column.align == Align::Right;
        let mut content = heading_width;
        let mut full = if figure { heading_width } else { 0 };
        let (mut words, mut texts) = (false, Vec::new());
        for (row_at, row) in rows {
            let (text, _) = cell(row_at, row, *at, column);
            full = full.max(text.width() as u16);
            let is_words = !figure && text.chars().any(char::is_alphabetic);
            let short = if is_words { i18n::shortened(&text) } else { text };
            content = content.max(short.width() as u16);
            words |= is_words;
            texts.push(short);
        }
        let fixed = figure || *at == 0 || !words;
        let gives = match column.width {
            0 => Gives::Rest,
            _ if fixed => Gives::Nothing,
            _ => Gives::Words,
        };
        let most = full.max(heading_width).max(column.width);
        let want = Want { content, heading: heading_width, most, gives };
        ((heading, full, texts), want)
    };
    let (told, wants): (Vec<_>, Vec<Want>) = columns.iter().map(want).unzip();
    let widths = share(width.saturating_sub(GUTTER + SCROLLBAR), &wants);
    let placed = columns.into_iter().zip(told).zip(widths);
    let placed = placed.filter_map(|(((at, column), (heading, full, texts)), width)| {
        let width = width?;
        let middle = ends_tell(&texts, width.into());
        Some(Placed { at, column, width, heading, short: width < full, middle })
    });
    placed.collect()
}

/// What a column is called, and by which sign it is sorted if it is.
fn heading(list: &RecordList, column: &Column, headed: Headed, sorted: &str) -> String {
    let text = headed(column).unwrap_or_else(|| words::column(list.kind(), column.name));
    let first = list.sort_keys().first().filter(|key| key.column == column.name);
    if first.is_some() { text + sorted } else { text }
}

/// What stands in a cell, and how where that means something: of the row at this place of the
/// whole list, and this column, which is at this place of those chosen.
type Cell<'a> = dyn Fn(u32, &Row, usize, &Column) -> (String, Option<Style>) + 'a;

/// What a pane writes into a cell instead of its value: for the row at this place of the
/// whole list and this column; `None` leaves it to the list.
pub type WrittenCell<'a> = &'a dyn Fn(u32, &Row, &Column) -> Option<String>;

/// The same of a cell that means something: its words, and how they look.
pub type LookOfCell<'a> = &'a dyn Fn(&Row, &Column) -> Option<(String, Style)>;

/// What a column is headed instead of its name.
pub type Headed<'a> = &'a dyn Fn(&Column) -> Option<String>;

/// Draws the list within `area`; `focused` is whether its cursor is the officer's.
pub fn draw(frame: &mut Frame, area: Rect, list: &RecordList, focused: bool, view: &View) {
    draw_written(frame, area, list, focused, view, &|_, _, _| None);
}

/// Draws the list with some cells written by the pane.
pub fn draw_written(
    frame: &mut Frame,
    area: Rect,
    list: &RecordList,
    focused: bool,
    view: &View,
    written: WrittenCell,
) {
    draw_looking(frame, area, list, focused, view, (written, &|_, _| None, &|_| None));
}

/// Draws the list with some cells written by the pane, and some that look as they mean.
pub fn draw_looking(
    frame: &mut Frame,
    area: Rect,
    list: &RecordList,
    focused: bool,
    view: &View,
    (written, look, headed): (WrittenCell, LookOfCell, Headed),
) {
    if area.is_empty() {
        return;
    }
    let cell = |at: u32, row: &Row, column_at: usize, column: &Column| {
        if let Some((text, style)) = look(row, column) {
            return (text, Some(style));
        }
        let written = written(at, row, column);
        (written.unwrap_or_else(|| usual_cell(list, row, column_at, column)), None)
    };
    let descending = list.sort_keys().first().is_some_and(|key| key.descending);
    let sign = if descending { view.glyphs.down } else { view.glyphs.up };
    let columns = layout(list, area.width, &cell, headed, sign);
    list.fits.set(columns.len() + list.left >= list.columns().len());
    draw_heading(frame, area, list, &columns, view);
    let rows = lines_in(area, list);
    let body = Rect { y: area.y + 1, height: rows, ..area };
    let lines = Rows { list, columns: &columns, focused, cell: &cell };
    let mut free = (body.y..body.bottom()).map(|y| Rect { y, height: 1, ..body });
    let mut above = None;
    for at in list.top()..list.matched() {
        let group = list.row_at(at).and_then(|row| list.group_of(row));
        if let Some(group) = group.filter(|group| above != Some(*group) && rows > 1) {
            let Some(line) = free.next() else { break };
            let head = words::capitalised(&i18n::value(group));
            put(frame, line, 0, &head, view.theme.heading, view.glyphs);
        }
        above = group;
        let Some(line) = free.next() else { break };
        lines.draw_row(frame, line, at, view);
    }
    if let Some(page) = list.page.as_ref().filter(|page| page.matched == 0 && rows > 0) {
        let inset = GUTTER.min(body.width);
        let inner = Rect { x: body.x + inset, width: body.width - inset, ..body };
        if page.total == 0 && list.search().is_empty() && view.unit.is_none() {
            let nothing = t!("shell.list_empty", kind = i18n::kind(list.kind()));
            ways::draw(frame, inner, &nothing, list.ways, view);
        } else {
            let nothing = list.filter.unknown();
            let nothing = nothing.unwrap_or_else(|| t!("shell.list_none_found").into_owned());
            put(frame, inner, 0, &nothing, view.theme.dim, view.glyphs);
        }
    }
    scrollbar::draw(frame.buffer_mut(), body, list.top(), list.matched(), view.theme, view.glyphs);
    if list.filter.is_shown() && area.height > 1 {
        list.filter.draw(frame, Rect { y: area.bottom() - 1, height: 1, ..area }, view);
    }
}

fn draw_heading(frame: &mut Frame, area: Rect, list: &RecordList, columns: &[Placed], view: &View) {
    let mut x = area.x + GUTTER;
    let end = area.right();
    if list.left > 0 && area.width > 1 {
        frame.buffer_mut().set_string(area.x, area.y, view.glyphs.left, view.theme.dim);
    }
    for Placed { column, width, heading, .. } in columns {
        if x >= end {
            break;
        }
        let text = padded(
            heading,
            usize::from(*width),
            column.align == Align::Right,
            view.glyphs.ellipsis,
        );
        frame.buffer_mut().set_stringn(x, area.y, text, usize::from(end - x), view.theme.heading);
        x += width + 1;
    }
    let hidden = columns.len() + list.left < list.columns().len();
    if hidden && area.width > 1 {
        frame.buffer_mut().set_string(end - 1, area.y, view.glyphs.right, view.theme.dim);
    }
}

/// Rows of a list, each drawn the same way.
struct Rows<'a> {
    list: &'a RecordList,
    columns: &'a [Placed],
    focused: bool,
    cell: &'a Cell<'a>,
}

impl Rows<'_> {
    fn draw_row(&self, frame: &mut Frame, area: Rect, at: u32, view: &View) {
        let list = self.list;
        let row = list.row_at(at);
        let here = at == list.cursor.row();
        let marked = list.is_marked(at);
        let style = match (here, marked) {
            (true, _) if self.focused => view.theme.selected,
            (_, true) => view.theme.marked,
            _ => view.theme.text,
        };
        let width = usize::from(area.width);
        let mut text = String::with_capacity(width);
        text.push_str(if here { view.glyphs.cursor } else { " " });
        text.push_str(if marked { view.glyphs.mark } else { " " });
        text.push(' ');
        let mut looks = Vec::new();
        let mut x = area.x + GUTTER;
        for (place, column) in self.columns.iter().enumerate() {
            if place > 0 {
                text.push(' ');
            }
            let (cell, look) = row.map_or_else(
                || (view.glyphs.ellipsis.to_string(), None),
                |row| (self.cell)(at, row, column.at, column.column),
            );
            let cell = if column.short { i18n::shortened(&cell) } else { cell };
            let cell = if column.middle {
                fit_middle(&cell, column.width.into(), view.glyphs.ellipsis)
            } else {
                cell
            };
            let right = column.column.align == Align::Right;
            text.push_str(&padded(&cell, usize::from(column.width), right, view.glyphs.ellipsis));
            let place = Rect { x, width: column.width, ..area };
            looks.extend(look.map(|look| (place.intersection(area), look)));
            x += column.width + 1;
        }
        // The whole row is reversed, up to the scrollbar's column.
        let blanks = (width.saturating_sub(1)).saturating_sub(text.width());
        text.push_str(&" ".repeat(blanks));
        frame.buffer_mut().set_stringn(area.x, area.y, text, width, style);
        // Under the cursor the row itself is what is to be seen.
        for (place, look) in looks.into_iter().filter(|_| style != view.theme.selected) {
            frame.buffer_mut().set_style(place, look);
        }
    }
}

fn usual_cell(list: &RecordList, row: &Row, at: usize, column: &Column) -> String {
    // The office fills in what was asked for when the columns were others.
    let page_columns = list.page.as_ref().map(|page| page.columns.as_slice()).unwrap_or_default();
    let at = match page_columns.get(at) {
        Some(name) if name == column.name => Some(at),
        _ => page_columns.iter().position(|name| name == column.name),
    };
    match at.and_then(|at| row.cells.get(at)) {
        Some(Value::Text(name)) if list.kind() == Kind::Settings && column.name == "name" => {
            words::setting(name)
        }
        // Of a text of several lines, too, it is one.
        Some(value) => words::cell(column.name, value).replace('\n', "; "),
        None => String::new(),
    }
}
