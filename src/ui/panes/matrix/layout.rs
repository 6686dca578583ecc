//! Where the parts of the matrix stand: which lines there is room for, how wide names
//! are and how many competencies fit. The same in `update` (what to ask for, how far a
//! page goes) and in `draw`. Parts without room are zero high.

use ratatui::layout::Rect;

/// A cell: a blank, a level, the sign and size of its gap, a mark.
pub const CELL: u16 = 5;
/// JPM and JPM capped, each with the blank before it.
pub const JPM: u16 = 7;
/// The count below standard, with the blank before it.
pub const BELOW: u16 = 4;
/// The marker of the row before the name.
pub const GUTTER: u16 = 1;
const SCROLLBAR: u16 = 1;
const NAME_MIN: u16 = 14;
const NAME_MAX: u16 = 30;
/// From so many columns on, and so many lines, the person and the cell are told beside.
const SIDE_FROM: u16 = 120;
const SIDE_LINES: u16 = 16;
const SIDE: u16 = 32;
/// From so many lines on the head takes three of them.
const ROOMY: u16 = 30;
const POST_MIN: u16 = 12;
const POST_MAX: u16 = 54;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Unit, day and figures of everybody shown.
    pub unit: Rect,
    /// What is written beside a keyed level.
    pub sitting: Rect,
    /// The competency under the cursor in words.
    pub focus: Rect,
    pub header: Rect,
    pub body: Rect,
    /// Figures by competency.
    pub totals: Rect,
    /// The person under the cursor.
    pub person: Rect,
    /// What the level under the cursor means.
    pub text: Rect,
    pub filter: Rect,
    /// Beside all of it: who and what the cursor is on.
    pub side: Rect,
    pub name: u16,
    /// Width of the post beside the name; 0 for none.
    pub post: u16,
    /// How many competencies fit.
    pub columns: usize,
    pub show_jpm: bool,
    pub show_below: bool,
}

impl Layout {
    /// `competencies` is how many there are, `names` how wide those of the people are;
    /// `filtering` whether a filter line is needed.
    pub fn of(area: Rect, competencies: usize, names: u16, filtering: bool) -> Self {
        let beside = area.width >= SIDE_FROM && area.height >= SIDE_LINES;
        let side = Rect {
            x: if beside { area.right() - SIDE } else { area.right() },
            width: if beside { SIDE } else { 0 },
            ..area
        };
        let area = if beside { Rect { width: area.width - SIDE - 2, ..area } } else { area };
        let filter = u16::from(filtering && area.height >= 3);
        let room = area.height - filter;
        let line = |least: u16| u16::from(room >= least);
        // People before all else: what the head says stands in one line until there is room.
        let totals = if room >= ROOMY { 3 } else { line(10) };
        // Beside, there is more of it.
        let text = if beside {
            0
        } else if room >= ROOMY {
            2
        } else {
            line(16)
        };
        let heights = [
            line(ROOMY),
            line(ROOMY),
            line(5),
            line(2),
            0, // the body takes the rest
            totals,
            line(8),
            text,
            filter,
        ];
        let rest = area.height.saturating_sub(heights.iter().sum());
        let mut y = area.y;
        let mut parts = heights.iter().enumerate().map(|(at, height)| {
            let height = if at == 4 { rest } else { *height };
            let part = Rect { y, height, ..area };
            y += height;
            part
        });
        let mut next = || parts.next().unwrap_or_default();
        let (unit, sitting, focus, header, body) = (next(), next(), next(), next(), next());
        let (totals, person, text, filter) = (next(), next(), next(), next());

        let (show_jpm, show_below) = (area.width >= 60, area.width >= 36);
        let figures =
            if show_jpm { 2 * JPM } else { 0 } + if show_below { BELOW } else { 0 } + SCROLLBAR;
        let free = area.width.saturating_sub(GUTTER + figures);
        let columns = usize::from(free.saturating_sub(NAME_MIN) / CELL).max(1).min(competencies);
        let free = free.saturating_sub(columns as u16 * CELL);
        // What names do not need posts get.
        let names = names.clamp(NAME_MIN, NAME_MAX);
        let spare = free.saturating_sub(names + 1);
        let post = if free > NAME_MAX + POST_MIN { spare.min(POST_MAX) } else { 0 };
        let name = if post > 0 { names } else { free.min(NAME_MAX) };
        Self {
            unit,
            sitting,
            focus,
            header,
            body,
            totals,
            person,
            text,
            filter,
            side,
            name,
            post,
            columns,
            show_jpm,
            show_below,
        }
    }

    /// Where the first cell begins, from the left edge.
    pub const fn cells(&self) -> u16 {
        let post = if self.post > 0 { self.post + 1 } else { 0 };
        GUTTER + self.name + post
    }

    pub const fn rows(&self) -> u32 {
        self.body.height as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nine_of_the_regulation_fit_into_eighty_columns() {
        let layout = Layout::of(Rect::new(0, 1, 80, 22), 9, 20, false);
        assert_eq!(layout.columns, 9);
        assert!(layout.show_jpm && layout.show_below && layout.name >= NAME_MIN);
        assert_eq!(layout.rows(), 17);
    }

    #[test]
    fn no_size_puts_a_part_outside_its_place() {
        for width in 0..130 {
            for height in 0..40 {
                for filtering in [false, true] {
                    let area = Rect::new(0, 2, width, height);
                    let layout = Layout::of(area, 30, 20, filtering);
                    let parts = [
                        layout.unit,
                        layout.sitting,
                        layout.focus,
                        layout.header,
                        layout.body,
                        layout.totals,
                        layout.person,
                        layout.text,
                        layout.filter,
                    ];
                    let used: u16 = parts.iter().map(|part| part.height).sum();
                    assert_eq!(used, height, "{width}x{height}");
                    assert!(parts.iter().all(|part| part.bottom() <= area.bottom()));
                    assert!(height == 0 || layout.body.height > 0, "{width}x{height}");
                }
            }
        }
    }
}
