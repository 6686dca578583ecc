//! ratatui's output in as few and as plain bytes as the line and the terminal deserve.
//!
//! One write a frame. What stands on the terminal is remembered, so that rows which only move
//! are moved by the terminal, and what is blank to the end of a row is cleared in three
//! bytes. The sixteen named colours go out as 30-37 and 90-97, never as
//! `38;5;n`, which old terminals show as blinking; mono terminals get no colour at all,
//! decided by the profile and not by `NO_COLOR` behind the theme's back. Nothing here ever
//! asks the terminal a question: size and cursor are what we know.

use std::fmt::Write as _;
use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color as Rgb, Modifier};
use unicode_width::UnicodeWidthStr;

#[cfg(test)]
mod tests;

use super::profile::{Color, GlyphSet, Profile};
use super::scroll::{self, Scroll};

/// A ratatui backend for terminals at the far end of a slow line.
#[derive(Debug)]
pub struct Painter<W> {
    writer: W,
    profile: Profile,
    size: Size,
    cursor: Position,
    cursor_shown: bool,
    pen: Pen,
    frame: String,
    /// Bytes written so far.
    sent: u64,
    /// What the terminal shows once `frame` has reached it.
    shown: Buffer,
    /// What it is to show, where that would not go into one frame.
    owed: Option<Buffer>,
    /// As many bytes a frame may have.
    room: usize,
}

/// Fewer blanks than these cost less than clearing the rest of the row.
const BLANKS_MIN: usize = 4;
/// So near to the margin a column is reached from there sooner than by its number.
const NEAR_MARGIN: u16 = 9;
/// Pieces of a bar that go together.
const BAR_MAX: usize = 8;
/// So few cells of a row go with any frame where no others of it are otherwise, and so many of
/// all: a figure, the pieces of a scroll bar.
const FEW: usize = 4;
const FEW_IN_ALL: usize = 16;

/// How the terminal draws the next character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pen {
    fg: Rgb,
    bg: Rgb,
    modifier: Modifier,
}

impl Pen {
    /// Nothing of a blank's letter would be seen, only its ground.
    fn is_flat(self) -> bool {
        !self.modifier.intersects(ON_BLANKS)
    }

    fn is_as_blank_as(self, other: Self) -> bool {
        self.is_flat() && other.is_flat() && self.bg == other.bg
    }

    /// A blank is as if nothing had ever stood there.
    fn leaves_blank(self) -> bool {
        self.is_flat() && self.bg == Rgb::Reset
    }
}

/// What is seen of a blank too.
const ON_BLANKS: Modifier = Modifier::UNDERLINED
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT);

const PLAIN: Pen = Pen { fg: Rgb::Reset, bg: Rgb::Reset, modifier: Modifier::empty() };

/// Set codes only: what a VT100 knows, resetting everything clears.
const MODIFIERS: [(Modifier, u8); 8] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

impl<W: Write> Painter<W> {
    pub fn new(writer: W, profile: Profile, size: Size) -> Self {
        Self {
            writer,
            profile,
            size,
            cursor: Position::ORIGIN,
            cursor_shown: false,
            pen: PLAIN,
            frame: String::new(),
            sent: 0,
            shown: blank(size),
            owed: None,
            room: usize::MAX,
        }
    }

    /// The terminal is now this large, and blank with a hidden cursor.
    pub fn begin_anew(&mut self, size: Size) {
        self.set_size(size);
        self.pen = PLAIN;
        self.cursor_shown = false;
        self.frame.clear();
    }

    pub fn sent(&self) -> u64 {
        self.sent
    }

    pub fn size_drawn(&self) -> Size {
        self.size
    }

    pub fn set_size(&mut self, size: Size) {
        self.size = size;
        self.shown = blank(size);
        self.owed = None;
    }

    /// From here on a frame of more bytes than these is not sent: only what tells where one
    /// is goes out of it, and all else is owed.
    pub fn set_room(&mut self, room: usize) {
        self.room = room;
    }

    /// Whether the terminal does not show all that was drawn.
    pub const fn owes(&self) -> bool {
        self.owed.is_some()
    }

    /// Bytes that are no cells, with the next flush.
    pub fn push(&mut self, sequence: &str) {
        self.frame.push_str(sequence);
    }

    /// Draws `wanted` over what is shown, or as much of it as there is room for.
    fn show(&mut self, wanted: Buffer) {
        let before = self.frame.len();
        let shown = std::mem::take(&mut self.shown);
        self.draw_whole(&shown, &wanted);
        if self.frame.len() - before <= self.room {
            self.shown = wanted;
            return;
        }
        self.frame.truncate(before);
        let marks = self.marks(&shown, &wanted);
        self.draw_over(&shown, &marks);
        self.owed = (marks != wanted).then_some(wanted);
        self.shown = marks;
    }

    /// As it is, or after moving rows where that is shorter.
    fn draw_whole(&mut self, shown: &Buffer, wanted: &Buffer) {
        let before = self.frame.len();
        self.draw_over(shown, wanted);
        if let Some(scroll) = scroll::find(shown, wanted) {
            let drawn = self.frame.split_off(before);
            self.scroll(scroll);
            let mut moved = shown.clone();
            scroll.apply(&mut moved);
            self.draw_over(&moved, wanted);
            if self.frame.len() - before > drawn.len() {
                self.frame.truncate(before);
                self.frame.push_str(&drawn);
            }
        }
    }

    /// What is shown with those rows of `wanted` that tell where one is: the one in reverse
    /// video, that of the cursor, and those of which next to nothing is otherwise.
    fn marks(&self, shown: &Buffer, wanted: &Buffer) -> Buffer {
        let mut marks = shown.clone();
        let width = usize::from(wanted.area.width).max(1);
        let typed = self.cursor_shown.then_some(usize::from(self.cursor.y));
        let marked =
            |row: &[Cell]| row.iter().any(|cell| cell.modifier.contains(Modifier::REVERSED));
        let rows = marks.content.chunks_mut(width).zip(wanted.content.chunks(width));
        let mut few = FEW_IN_ALL;
        for (at, (row, wanted)) in rows.enumerate() {
            let others = row.iter().zip(wanted).filter(|(cell, wanted)| cell != wanted).count();
            if typed == Some(at) || marked(row) || marked(wanted) {
                row.clone_from_slice(wanted);
            } else if others <= few.min(FEW) {
                row.clone_from_slice(wanted);
                few -= others;
            }
        }
        marks
    }

    fn draw_over(&mut self, shown: &Buffer, wanted: &Buffer) {
        let (mut next, mut cleared, mut bar) = (None, None, None);
        for (x, y, cell) in shown.diff(wanted) {
            let here = Position { x, y };
            let before = shown.cell(here);
            if cleared == Some(y) || before.is_some_and(|before| self.is_same_blank(before, cell)) {
                continue;
            }
            let goes_on = bar.filter(|(at, symbol, _)| (*at, *symbol) == (here, cell.symbol()));
            if goes_on.is_none() {
                self.step(next, here, wanted);
            }
            if !self.shows_as_is(cell) {
                self.take(self.pen_for(cell));
            }
            if self.pen.leaves_blank() && self.is_blank_from(here, wanted) {
                self.push("\x1b[K");
                (next, cleared) = (Some(here), Some(here.y));
                continue;
            }
            self.print(cell.symbol());
            // After anything but plain ASCII the terminal may see another width than we do.
            let behind = Position { x: x.saturating_add(1), y };
            // And behind the last column not all of them stand where they were.
            next = Some(behind).filter(|at| cell.symbol().is_ascii() && at.x < self.size.width);
            // The pieces of a bar go together, so many that one that is wider than we think
            // does not run far.
            let together = goes_on.map_or(1, |(_, _, together)| together + 1);
            let more = is_piece(cell.symbol()) && together < BAR_MAX;
            bar = more.then_some((behind, cell.symbol(), together));
        }
        // A stray message of another program must not come out in the colours of a row.
        self.take(PLAIN);
    }

    /// Goes on to `here`, by the way that is shortest.
    fn step(&mut self, mut from: Option<Position>, here: Position, wanted: &Buffer) {
        if let Some(above) = from.filter(|from| from.y + 1 == here.y) {
            if above.x == here.x {
                return self.push("\x1b[B");
            }
            if here.x <= NEAR_MARGIN {
                self.push("\r\n");
                from = Some(Position { x: 0, y: here.y });
            }
        }
        let ahead =
            from.filter(|from| from.y == here.y).and_then(|from| here.x.checked_sub(from.x));
        let Some(ahead) = ahead else { return self.go(here) };
        let between = (here.x - ahead..here.x).filter_map(|x| wanted.cell((x, here.y)));
        let as_is =
            |cell: &Cell| cell.symbol().is_ascii() && cell.symbol() != "" && self.shows_as_is(cell);
        if ahead <= 4 && between.clone().all(as_is) {
            for cell in between {
                self.print(cell.symbol());
            }
        } else if ahead == 1 {
            self.push("\x1b[C");
        } else {
            let _ = write!(self.frame, "\x1b[{ahead}C");
        }
    }

    /// Whether the cell comes out right with the pen at hand: a blank does in whatever colour
    /// its letter would have had.
    fn shows_as_is(&self, cell: &Cell) -> bool {
        let pen = self.pen_for(cell);
        pen == self.pen || cell.symbol() == " " && pen.is_as_blank_as(self.pen)
    }

    fn is_same_blank(&self, before: &Cell, cell: &Cell) -> bool {
        let blank = before.symbol() == " " && cell.symbol() == " ";
        blank && self.pen_for(before).is_as_blank_as(self.pen_for(cell))
    }

    fn is_blank_from(&self, here: Position, wanted: &Buffer) -> bool {
        let width = usize::from(wanted.area.width);
        let start = usize::from(here.y) * width;
        let rest = wanted.content.get(start + usize::from(here.x)..start + width);
        rest.is_some_and(|rest| {
            rest.len() >= BLANKS_MIN
                && rest.iter().all(|cell| cell.symbol() == " " && self.pen_for(cell).leaves_blank())
        })
    }

    /// Moves rows by what every VT100 knows: a region, and a step over its end.
    fn scroll(&mut self, Scroll { top, bottom, by }: Scroll) {
        self.take(PLAIN);
        let _ = write!(self.frame, "\x1b[{};{}r", top + 1, bottom + 1);
        self.go(Position { x: 0, y: if by > 0 { bottom } else { top } });
        for _ in 0..by.unsigned_abs() {
            self.push(if by > 0 { "\n" } else { "\x1bM" });
        }
        self.push("\x1b[r");
    }

    fn go(&mut self, to: Position) {
        // Writing to a String cannot fail.
        let _ = write!(self.frame, "\x1b[{};{}H", to.y + 1, to.x + 1);
    }

    fn take(&mut self, pen: Pen) {
        if pen == self.pen {
            return;
        }
        let old = self.pen;
        let removed = !(old.modifier - pen.modifier).is_empty()
            || (old.fg != pen.fg && pen.fg == Rgb::Reset)
            || (old.bg != pen.bg && pen.bg == Rgb::Reset);
        let from = if removed { PLAIN } else { old };
        let mut codes = String::new();
        for (modifier, code) in MODIFIERS {
            if pen.modifier.contains(modifier) && !from.modifier.contains(modifier) {
                let _ = write!(codes, ";{code}");
            }
        }
        if pen.fg != from.fg {
            color_code(&mut codes, pen.fg, 30);
        }
        if pen.bg != from.bg {
            color_code(&mut codes, pen.bg, 40);
        }
        // An empty parameter is 0: `ESC [ ; 7 m` clears, then reverses.
        let codes = if removed { &codes } else { codes.trim_start_matches(';') };
        let _ = write!(self.frame, "\x1b[{codes}m");
        self.pen = pen;
    }

    fn pen_for(&self, cell: &Cell) -> Pen {
        let known = |color| match (self.profile.color, color) {
            (Color::Indexed, Rgb::Indexed(_)) => color,
            (Color::Mono, _) | (_, Rgb::Rgb(..) | Rgb::Indexed(_)) => Rgb::Reset,
            _ => color,
        };
        Pen { fg: known(cell.fg), bg: known(cell.bg), modifier: cell.modifier & shown() }
    }

    fn print(&mut self, symbol: &str) {
        if symbol.chars().any(char::is_control) {
            // What stands in a record must not steer the terminal.
            self.frame.push(' ');
        } else if self.profile.glyphs == GlyphSet::Ascii && !symbol.is_ascii() {
            match ascii(symbol) {
                Some(like) => self.frame.push(like),
                None => (0..symbol.width()).for_each(|_| self.frame.push('?')),
            }
        } else {
            self.frame.push_str(symbol);
        }
    }
}

fn blank(size: Size) -> Buffer {
    Buffer::empty(Rect::from((Position::ORIGIN, size)))
}

/// A line or a block of those that bars and frames are made of.
fn is_piece(symbol: &str) -> bool {
    symbol.chars().all(|sign| ('\u{2500}'..='\u{259f}').contains(&sign))
}

/// The sign of ASCII that reads the same, for punctuation of texts.
fn ascii(symbol: &str) -> Option<char> {
    Some(match symbol {
        "\u{2013}" | "\u{2014}" | "\u{b7}" => '-',
        "\u{2018}" | "\u{2019}" => '\'',
        "\u{201c}" | "\u{201d}" => '"',
        _ => return None,
    })
}

fn shown() -> Modifier {
    MODIFIERS.iter().fold(Modifier::empty(), |all, (modifier, _)| all | *modifier)
}

/// `base` is 30 for letters and 40 for the ground.
fn color_code(codes: &mut String, color: Rgb, base: u8) {
    let code = match color {
        Rgb::Reset | Rgb::Rgb(..) => return,
        Rgb::Black => base,
        Rgb::Red => base + 1,
        Rgb::Green => base + 2,
        Rgb::Yellow => base + 3,
        Rgb::Blue => base + 4,
        Rgb::Magenta => base + 5,
        Rgb::Cyan => base + 6,
        Rgb::Gray => base + 7,
        Rgb::DarkGray => base + 60,
        Rgb::LightRed => base + 61,
        Rgb::LightGreen => base + 62,
        Rgb::LightYellow => base + 63,
        Rgb::LightBlue => base + 64,
        Rgb::LightMagenta => base + 65,
        Rgb::LightCyan => base + 66,
        Rgb::White => base + 67,
        Rgb::Indexed(n @ 0..=7) => base + n,
        Rgb::Indexed(n @ 8..=15) => base + 52 + n,
        Rgb::Indexed(n) => {
            let _ = write!(codes, ";{};5;{n}", base + 8);
            return;
        }
    };
    let _ = write!(codes, ";{code}");
}

impl<W: Write> Backend for Painter<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut wanted = self.owed.take().unwrap_or_else(|| self.shown.clone());
        for (x, y, cell) in content {
            if let Some(place) = wanted.cell_mut((x, y)) {
                place.clone_from(cell);
            }
        }
        self.show(wanted);
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor_shown {
            self.push("\x1b[?25l");
            self.cursor_shown = false;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if !self.cursor_shown {
            self.push("\x1b[?25h");
            self.cursor_shown = true;
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        // Where it already stands and nothing was drawn since, it stays.
        if position != self.cursor || !self.frame.is_empty() {
            self.go(position);
        }
        self.cursor = position;
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        if clear_type == ClearType::All {
            self.shown.reset();
            self.owed = None;
        }
        self.push(match clear_type {
            ClearType::All => "\x1b[2J",
            ClearType::AfterCursor => "\x1b[J",
            ClearType::BeforeCursor => "\x1b[1J",
            ClearType::CurrentLine => "\x1b[2K",
            ClearType::UntilNewLine => "\x1b[K",
        });
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let written = self.writer.write_all(self.frame.as_bytes());
        self.sent += self.frame.len() as u64;
        self.frame.clear();
        written?;
        self.writer.flush()
    }
}
