//! What is sent for a frame, byte by byte, and what a terminal shows that was sent it.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::{Frame, Terminal};

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

/// What stands in each cell, and whether it is in reverse video.
type Looks = Vec<(String, bool)>;

/// A terminal that is sent what is drawn.
fn seen() -> vt100::Parser {
    let size = |cells| std::num::NonZeroU16::new(cells).expect("cells");
    let mut seen = vt100::Parser::new(size(24), size(80), 0);
    seen.process(b"\x1b[2J");
    seen
}

/// What a terminal shows that was sent these bytes, and how it is drawn.
fn shown(terminal: &vt100::Parser) -> Looks {
    let screen = terminal.screen();
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let cell = |(row, column)| {
        let cell = screen.cell(row, column).expect("a cell");
        let text = if cell.has_contents() { cell.contents().to_string() } else { " ".into() };
        (text, cell.inverse())
    };
    places.map(cell).collect()
}

/// A page of 24 rows: which one it begins with, where it has gaps, which is selected, and
/// whether it has a frame.
type Page = (usize, usize, u16, bool);

fn rows(frame: &mut Frame, (first, gap, selected, framed): Page) {
    for row in 0..24_u16 {
        let number = first + usize::from(row);
        let blank = number % 9 < gap % 3;
        let text = if blank {
            String::new()
        } else {
            format!("{number:02} Siti Aminah {}", "Dinas ".repeat(number % 11))
        };
        let style = if row == selected {
            Style::new().add_modifier(Modifier::REVERSED)
        } else {
            Style::new()
        };
        let end = if framed { "|" } else { "" };
        let text = format!("{text:<79.79}{end:<1}");
        frame.buffer_mut().set_string(0, row, text, style);
    }
}

/// Draws the page within so many bytes; how it is to look.
fn draws_page(terminal: &mut Terminal<Painter<Vec<u8>>>, page: Page, room: usize) -> Looks {
    let mut wanted = Vec::new();
    terminal.backend_mut().set_room(room);
    terminal
        .draw(|frame| {
            rows(frame, page);
            let cells = frame.buffer_mut().content.iter();
            let looks = cells.map(|cell| {
                (cell.symbol().to_string(), cell.modifier.contains(Modifier::REVERSED))
            });
            wanted = looks.collect();
        })
        .expect("drawn");
    wanted
}

fn pages() -> impl proptest::strategy::Strategy<Value = Vec<Page>> {
    proptest::collection::vec((0_usize..12, 0_usize..9, 0_u16..24, proptest::bool::ANY), 1..12)
}

proptest::proptest! {
    /// Whatever moves, comes and goes between two frames, the terminal shows the last.
    #[test]
    fn whatever_is_drawn_after_whatever_the_terminal_shows_it(pages in pages()) {
        let mut terminal = terminal(profile("xterm", false));
        let mut seen = seen();
        for page in pages {
            let wanted = draws_page(&mut terminal, page, usize::MAX);
            seen.process(&std::mem::take(&mut terminal.backend_mut().writer));
            proptest::prop_assert_eq!(shown(&seen), wanted);
        }
    }

    /// Of a page for which there is no room the row with the cursor is right, and whatever was
    /// left out of however many of them is made up for by the next that has room.
    #[test]
    fn what_there_was_no_room_for_comes_with_the_frame_that_has_it(
        pages in pages(), rooms in proptest::collection::vec(0_usize..1_500, 12),
    ) {
        let mut terminal = terminal(profile("xterm", false));
        let mut seen = seen();
        let mut last = None;
        for (page, room) in pages.into_iter().zip(rooms) {
            let wanted = draws_page(&mut terminal, page, room);
            seen.process(&std::mem::take(&mut terminal.backend_mut().writer));
            let row = usize::from(page.2) * 80..usize::from(page.2 + 1) * 80;
            proptest::prop_assert_eq!(&shown(&seen)[row.clone()], &wanted[row]);
            proptest::prop_assert_eq!(shown(&seen) != wanted, terminal.backend().owes());
            last = Some(page);
        }
        let wanted = draws_page(&mut terminal, last.expect("a page"), usize::MAX);
        seen.process(&std::mem::take(&mut terminal.backend_mut().writer));
        proptest::prop_assert_eq!(shown(&seen), wanted);
        proptest::prop_assert!(!terminal.backend().owes());
    }
}

#[test]
fn a_blank_is_drawn_with_the_pen_at_hand_and_the_next_row_is_a_line_further() {
    let mut terminal = terminal(profile("xterm", false));
    let draw = |terminal: &mut Terminal<Painter<Vec<u8>>>, blanks: Style| {
        terminal
            .draw(|frame| {
                for row in 0..2 {
                    for (at, text) in ["3+2", "2+1"].into_iter().enumerate() {
                        let x = 1 + 5 * at as u16;
                        frame.buffer_mut().set_string(x, row, text, Style::new().fg(Rgb::Green));
                        frame.buffer_mut().set_string(x + 3, row, "  ", blanks);
                    }
                }
            })
            .expect("drawn");
        String::from_utf8(std::mem::take(&mut terminal.backend_mut().writer)).expect("text")
    };
    let out = draw(&mut terminal, Style::new());
    assert_eq!(out, "\x1b[1;2H\x1b[32m3+2  2+1\r\n 3+2  2+1\x1b[m");
    assert_eq!(draw(&mut terminal, Style::new().fg(Rgb::Red)), "");
    let out = draw(&mut terminal, Style::new().bg(Rgb::Red));
    assert_eq!((out.matches("  ").count(), out.matches("\x1b[41m").count()), (4, 1), "{out:?}");
}

#[test]
fn the_pieces_of_a_bar_are_sent_together_and_other_signs_by_their_places() {
    let out = draws(&mut terminal(profile("xterm", false)), "████ 24", Style::new());
    assert_eq!(out, "\x1b[1;1H████\x1b[1;6H24");
    let out = draws(&mut terminal(profile("xterm", false)), "éé", Style::new());
    assert_eq!(out, "\x1b[1;1Hé\x1b[1;2Hé");
    let out = draws(&mut terminal(profile("vt100", false)), "██ 1", Style::new());
    assert_eq!(out, "\x1b[1;1H??\x1b[1;4H1");
}

/// A page of a list from row `first` on with the cursor at its end, beside a scroll bar.
fn page(terminal: &mut Terminal<Painter<Vec<u8>>>, first: usize) -> usize {
    let (width, height) = (terminal.backend().size.width, terminal.backend().size.height);
    terminal
        .draw(|frame| {
            for row in 1..height - 1 {
                let number = first + usize::from(row);
                let style = if row == height - 2 {
                    Style::new().add_modifier(Modifier::REVERSED)
                } else {
                    Style::new()
                };
                let width = usize::from(width) - 1;
                let name = ["Siti Aminah", "Budi Santoso", "Dewi Lestari"][number % 3];
                let text =
                    format!("  19900101201503{number:04}  {name}  III/a  Kelurahan {number}");
                frame.buffer_mut().set_string(0, row, format!("{text:<width$}"), style);
                let bar = if usize::from(row) == first / 4 + 2 { "#" } else { "|" };
                frame.buffer_mut().set_string(width as u16, row, bar, Style::new());
            }
        })
        .expect("drawn");
    std::mem::take(&mut terminal.backend_mut().writer).len()
}

#[test]
fn a_page_that_scrolls_by_a_row_costs_the_rows_that_came() {
    for (size, most) in [(Size::new(80, 24), 300), (Size::new(120, 40), 400)] {
        let painter = Painter::new(Vec::new(), profile("vt100", false), size);
        let mut terminal = Terminal::new(painter).expect("a terminal");
        page(&mut terminal, 0);
        for first in (1..30).chain((1..29).rev()) {
            let cost = page(&mut terminal, first);
            assert!(cost <= most, "{cost} bytes at {size:?}");
        }
    }
}

#[test]
fn of_a_page_for_which_there_is_no_room_the_row_of_the_cursor_is_sent() {
    let mut terminal = terminal(profile("xterm", false));
    page(&mut terminal, 0);
    terminal.backend_mut().set_room(250);
    let mark = page(&mut terminal, 50);
    assert!(mark <= 200, "{mark} bytes");
    assert!(terminal.backend().owes());
    let mark = page(&mut terminal, 100);
    assert!(mark <= 200, "{mark} bytes");
    terminal.backend_mut().set_room(usize::MAX);
    let whole = page(&mut terminal, 100);
    assert!((300..=1_500).contains(&whole), "{whole} bytes");
    assert_eq!(page(&mut terminal, 100), 0);
}

#[test]
fn the_blank_rest_of_a_row_is_cleared_and_not_written() {
    let mut terminal = terminal(profile("xterm", false));
    draws(&mut terminal, &"a".repeat(80), Style::new());
    assert_eq!(draws(&mut terminal, &format!("b{:79}", ""), Style::new()), "\x1b[1;1Hb\x1b[K");
    let reversed = Style::new().add_modifier(Modifier::REVERSED);
    let out = draws(&mut terminal, &format!("b{:79}", ""), reversed);
    assert!(!out.contains("\x1b[K"), "{out:?}");
}
