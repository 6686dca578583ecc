//! Boxes, texts cut to their place, and wrapped paragraphs.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::widgets::Clear;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::i18n::shortened;
use crate::ui::theme::{Glyphs, Theme};

/// Clears `area`, draws a box with a title, and returns the inside.
pub fn boxed(frame: &mut Frame, area: Rect, title: &str, theme: &Theme, glyphs: &Glyphs) -> Rect {
    frame.render_widget(Clear, area);
    if area.width < 2 || area.height < 2 {
        return Rect { width: 0, height: 0, ..area };
    }
    let buffer = frame.buffer_mut();
    let line = glyphs.horizontal.repeat(usize::from(area.width - 2));
    let [top_left, top_right, bottom_left, bottom_right] = glyphs.corners;
    let (right, bottom) = (area.right() - 1, area.bottom() - 1);
    buffer.set_string(area.x + 1, area.y, &line, theme.dim);
    buffer.set_string(area.x + 1, bottom, &line, theme.dim);
    for y in area.y + 1..bottom {
        buffer.set_string(area.x, y, glyphs.vertical, theme.dim);
        buffer.set_string(right, y, glyphs.vertical, theme.dim);
    }
    for (x, y, corner) in [
        (area.x, area.y, top_left),
        (right, area.y, top_right),
        (area.x, bottom, bottom_left),
        (right, bottom, bottom_right),
    ] {
        buffer.set_string(x, y, corner, theme.dim);
    }
    if !title.is_empty() && area.width > 6 {
        let title = format!(" {} ", fit(title, usize::from(area.width - 6), glyphs.ellipsis));
        buffer.set_string(area.x + 2, area.y, title, theme.accent);
    }
    area.inner(Margin::new(1, 1))
}

/// Writes `text` at the start of row `row` of `area`, cut to its width; rows outside are
/// left out.
pub fn put(frame: &mut Frame, area: Rect, row: u16, text: &str, style: Style, glyphs: &Glyphs) {
    if row < area.height && area.width > 0 {
        let text = fit(text, usize::from(area.width), glyphs.ellipsis);
        frame.buffer_mut().set_string(area.x, area.y + row, text, style);
    }
}

/// `text` in at most `width` cells; what is cut off shows as `ellipsis` (one cell).
pub fn fit(text: &str, width: usize, ellipsis: &str) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    if width == 0 {
        return String::new();
    }
    let mut cut = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        if used + grapheme.width() > width - 1 {
            break;
        }
        used += grapheme.width();
        cut.push_str(grapheme);
    }
    cut.push_str(ellipsis);
    cut
}

/// `text` in at most `width` cells, what stands in its middle left out: both ends tell.
pub fn fit_middle(text: &str, width: usize, ellipsis: &str) -> String {
    if text.width() <= width || width < 3 {
        return fit(text, width, ellipsis);
    }
    let room = width - 1;
    let mut end = String::new();
    for grapheme in text.graphemes(true).rev() {
        if end.width() + grapheme.width() > room / 2 {
            break;
        }
        end.insert_str(0, grapheme);
    }
    fit(text, width - end.width(), ellipsis) + &end
}

/// `text` in at most `width` cells: its usual words shortened before its middle is left out.
pub fn squeezed(text: &str, width: usize, ellipsis: &str) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    fit_middle(&shortened(text), width, ellipsis)
}

/// `text` filled with blanks to exactly `width` cells, or cut to it.
pub fn padded(text: &str, width: usize, right: bool, ellipsis: &str) -> String {
    let text = fit(text, width, ellipsis);
    let blanks = " ".repeat(width.saturating_sub(text.width()));
    if right { blanks + &text } else { text + &blanks }
}

/// Breaks `text` into lines of at most `width` cells, at blanks where there are some.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    if width == 0 {
        return Vec::new();
    }
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            let mut word = word;
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            // A word wider than the line is broken where the line ends.
            while line.width() + word.width() > width {
                let room = width - line.width();
                let mut at = 0;
                let mut used = 0;
                for grapheme in word.graphemes(true) {
                    if used + grapheme.width() > room && !(at == 0 && line.is_empty()) {
                        break;
                    }
                    used += grapheme.width();
                    at += grapheme.len();
                }
                line.push_str(&word[..at]);
                word = &word[at..];
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_shows_that_it_goes_on() {
        assert_eq!(fit("Kelurahan Plaju Ulu", 10, "~"), "Kelurahan~");
        assert_eq!(fit("Plaju", 5, "~"), "Plaju");
        assert_eq!(fit("Plaju", 0, "~"), "");
        assert_eq!(padded("20", 4, true, "~"), "  20");
    }

    #[test]
    fn words_are_shortened_before_the_middle_is_left_out() {
        let unit = "Kelurahan Plaju Ulu, Kecamatan Plaju";
        assert_eq!(squeezed(unit, 40, "~"), unit);
        assert_eq!(squeezed(unit, 30, "~"), "Kel. Plaju Ulu, Kec. Plaju");
        assert_eq!(squeezed(unit, 20, "~"), "Kel. Plaju~ec. Plaju");
    }

    #[test]
    fn a_paragraph_is_broken_at_blanks_and_a_long_word_anywhere() {
        assert_eq!(wrap("satu dua tiga", 8), ["satu dua", "tiga"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("a\n\nb", 5), ["a", "", "b"]);
        assert!(wrap("a", 0).is_empty());
    }
}
