//! ratatui's output in as few and as plain bytes as the line and the terminal deserve.
//!
//! One write a frame. The sixteen named colours go out as 30-37 and 90-97, never as
//! `38;5;n`, which old terminals show as blinking; mono terminals get no colour at all,
//! decided by the profile and not by `NO_COLOR` behind the theme's back. Nothing here ever
//! asks the terminal a question: size and cursor are what we know.

use std::fmt::Write as _;
use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color as Rgb, Modifier};
use unicode_width::UnicodeWidthStr;

use super::profile::{Color, GlyphSet, Profile};

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
}

/// How the terminal draws the next character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pen {
    fg: Rgb,
    bg: Rgb,
    modifier: Modifier,
}

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
        }
    }

    /// The terminal is now this large, and blank with a hidden cursor.
    pub fn begin_anew(&mut self, size: Size) {
        self.size = size;
        self.pen = PLAIN;
        self.cursor_shown = false;
        self.frame.clear();
    }

    pub fn size_drawn(&self) -> Size {
        self.size
    }

    pub fn set_size(&mut self, size: Size) {
        self.size = size;
    }

    /// Bytes that are no cells, with the next flush.
    pub fn push(&mut self, sequence: &str) {
        self.frame.push_str(sequence);
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
        let mut next = None;
        for (x, y, cell) in content {
            let here = Position { x, y };
            if next != Some(here) {
                self.go(here);
            }
            self.take(self.pen_for(cell));
            self.print(cell.symbol());
            // After anything but plain ASCII the terminal may see another width than we do.
            next = cell.symbol().is_ascii().then(|| Position { x: x.saturating_add(1), y });
        }
        // A stray message of another program must not come out in the colours of a row.
        self.take(PLAIN);
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
        self.frame.clear();
        written?;
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn profile(term: &str, no_color: bool) -> Profile {
        Profile::detect(&|name| match name {
            "TERM" => Some(term.into()),
            "LANG" => Some("id_ID.UTF-8".into()),
            "NO_COLOR" if no_color => Some("1".into()),
            _ => None,
        })
    }

    fn terminal(profile: Profile) -> Terminal<Painter<Vec<u8>>> {
        let painter = Painter::new(Vec::new(), profile, Size::new(80, 24));
        Terminal::new(painter).expect("a terminal")
    }

    fn draws(terminal: &mut Terminal<Painter<Vec<u8>>>, text: &str, style: Style) -> String {
        terminal.draw(|frame| frame.buffer_mut().set_string(0, 0, text, style)).expect("drawn");
        String::from_utf8(std::mem::take(&mut terminal.backend_mut().writer)).expect("text")
    }

    /// 22 rows of a list, one of them selected.
    fn list(terminal: &mut Terminal<Painter<Vec<u8>>>, selected: u16) -> usize {
        terminal
            .draw(|frame| {
                for row in 0..22 {
                    let style = if row == selected {
                        Style::new().add_modifier(Modifier::REVERSED)
                    } else {
                        Style::new()
                    };
                    let mark = if row == selected { '>' } else { ' ' };
                    let text = format!("{mark} 19900101201503100{row:02}  Siti Aminah  Dinas");
                    frame.buffer_mut().set_string(0, row + 1, format!("{text:<80}"), style);
                }
            })
            .expect("drawn");
        std::mem::take(&mut terminal.backend_mut().writer).len()
    }

    #[test]
    fn moving_by_a_row_costs_less_than_a_packet() {
        let mut terminal = terminal(profile("xterm-256color", false));
        list(&mut terminal, 3);
        let cost = list(&mut terminal, 4);
        assert!(cost <= 240, "{cost} bytes");
        assert_eq!(list(&mut terminal, 4), 0);
    }

    #[test]
    fn the_sixteen_colours_are_the_old_codes() {
        let mut terminal = terminal(profile("linux", false));
        let style = Style::new().fg(Rgb::Red).bg(Rgb::LightBlue).add_modifier(Modifier::BOLD);
        assert_eq!(draws(&mut terminal, "a", style), "\x1b[1;1H\x1b[1;31;104ma\x1b[m");
        let out = draws(&mut terminal, "b", Style::new().fg(Rgb::Indexed(9)).bg(Rgb::Indexed(200)));
        assert!(!out.contains("38;5") && !out.contains("48;5"), "{out:?}");
    }

    #[test]
    fn the_256_colours_go_only_where_they_are_known() {
        let style = Style::new().fg(Rgb::Indexed(203)).bg(Rgb::Green);
        let out = draws(&mut terminal(profile("xterm-256color", false)), "a", style);
        assert_eq!(out, "\x1b[1;1H\x1b[38;5;203;42ma\x1b[m");
    }

    #[test]
    fn without_colours_the_selected_row_is_still_reversed() {
        let style = Style::new().fg(Rgb::Red).add_modifier(Modifier::REVERSED);
        for profile in [profile("xterm-256color", true), profile("vt100", false)] {
            let out = draws(&mut terminal(profile), "a", style);
            assert_eq!(out, "\x1b[1;1H\x1b[7ma\x1b[m");
        }
    }

    #[test]
    fn what_a_style_drops_is_dropped() {
        let mut terminal = terminal(profile("xterm", false));
        terminal
            .draw(|frame| {
                let bold = Style::new().fg(Rgb::Red).add_modifier(Modifier::BOLD);
                frame.buffer_mut().set_string(0, 0, "a", bold);
                frame.buffer_mut().set_string(1, 0, "b", Style::new().fg(Rgb::Red));
                frame.buffer_mut().set_string(2, 0, "c", Style::new().fg(Rgb::Blue));
                frame.buffer_mut().set_string(3, 0, "d", Style::new());
            })
            .expect("drawn");
        let out = std::mem::take(&mut terminal.backend_mut().writer);
        assert_eq!(
            String::from_utf8(out).as_deref(),
            Ok("\x1b[1;1H\x1b[1;31ma\x1b[;31mb\x1b[34mc\x1b[md")
        );
    }

    #[test]
    fn a_terminal_without_unicode_gets_none() {
        let out = draws(&mut terminal(profile("vt100", false)), "é张a", Style::new());
        assert_eq!(out, "\x1b[1;1H?\x1b[1;2H??\x1b[1;4Ha");
        let out = draws(&mut terminal(profile("vt100", false)), "1\u{2013}5", Style::new());
        assert_eq!(out.replace("\x1b[1;3H", ""), "\x1b[1;1H1-5");
    }

    #[test]
    fn a_record_cannot_steer_the_terminal() {
        let mut terminal = terminal(profile("xterm", false));
        terminal
            .draw(|frame| {
                frame.buffer_mut()[(0, 0)].set_symbol("\x1b]0;x\x07");
            })
            .expect("drawn");
        let out = std::mem::take(&mut terminal.backend_mut().writer);
        assert_eq!(out, b"\x1b[1;1H ");
    }

    #[test]
    fn a_resize_repaints_and_asks_nothing() {
        let mut terminal = terminal(profile("xterm", false));
        draws(&mut terminal, "a", Style::new());
        terminal.backend_mut().set_size(Size::new(100, 30));
        terminal.resize(Rect::new(0, 0, 100, 30)).expect("resized");
        let out = draws(&mut terminal, "a", Style::new());
        assert!(out.starts_with("\x1b[2J"), "{out:?}");
        assert!(out.contains('a') && !out.contains("\x1b[6n"), "{out:?}");
    }

    #[test]
    fn the_cursor_of_a_field_is_placed_after_what_was_drawn() {
        let mut terminal = terminal(profile("xterm", false));
        let mut frame_with_cursor = |text: &str| {
            terminal
                .draw(|frame| {
                    frame.buffer_mut().set_string(0, 0, text, Style::new());
                    frame.set_cursor_position((5, 0));
                })
                .expect("drawn");
            String::from_utf8(std::mem::take(&mut terminal.backend_mut().writer)).expect("text")
        };
        assert_eq!(frame_with_cursor("ab"), "\x1b[1;1Hab\x1b[?25h\x1b[1;6H");
        assert_eq!(frame_with_cursor("ab"), "");
        assert_eq!(frame_with_cursor("ac"), "\x1b[1;2Hc\x1b[1;6H");
    }
}
