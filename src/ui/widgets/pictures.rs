//! Pictures made of characters: bars, a line of months, shades. The figure always stands
//! beside them, so nothing hangs on a colour or a length alone, and where a terminal has no
//! blocks they are of plain characters.

use ratatui::style::Style;

use crate::ui::theme::{Glyphs, Theme};

/// A part of a whole as a bar of `width` cells.
pub fn bar(part: u32, whole: u32, width: usize, glyphs: &Glyphs) -> String {
    let share = if whole == 0 { 0.0 } else { f64::from(part.min(whole)) / f64::from(whole) };
    let halves = (share * width as f64 * 2.0).round() as usize;
    let [full, empty] = glyphs.bar;
    let half = if halves % 2 == 1 && !glyphs.half.is_empty() { glyphs.half } else { "" };
    let filled = full.repeat(halves / 2);
    let used = halves / 2 + usize::from(!half.is_empty());
    filled + half + &empty.repeat(width.saturating_sub(used))
}

/// A row of heights, each `wide` cells, the highest as high as there is room: `rows` lines from
/// the top down.
pub fn columns(values: &[u32], wide: usize, rows: usize, glyphs: &Glyphs) -> Vec<String> {
    let highest = values.iter().copied().max().unwrap_or(0).max(1);
    let steps = glyphs.heights.len();
    let height = |value: u32| {
        let full = u64::from(value) * (rows * steps) as u64;
        // Something is never drawn as nothing.
        full.div_ceil(highest.into()) as usize
    };
    let cell = |value: u32, row: usize| {
        let below = (rows - 1 - row) * steps;
        let here = height(value).saturating_sub(below).min(steps);
        let nothing = if row + 1 == rows { glyphs.nothing } else { " " };
        here.checked_sub(1).map_or(nothing, |step| glyphs.heights[step])
    };
    let thick = (wide / 3).max(1);
    let line = |row: usize| {
        let cells =
            values.iter().map(|value| format!("{:<wide$}", cell(*value, row).repeat(thick)));
        cells.collect::<String>()
    };
    (0..rows).map(line).collect()
}

/// How a count of so many among so many looks: none, a few, many, most.
pub fn shade(theme: &Theme, part: u32, whole: u32) -> Style {
    let step = match (part, whole) {
        (0, _) | (_, 0) => return theme.dim,
        (part, whole) if part * 4 <= whole => 0,
        (part, whole) if part * 2 <= whole => 1,
        _ => 2,
    };
    theme.heat[step]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::profile::GlyphSet;

    #[test]
    fn a_bar_is_as_long_as_its_share_in_blocks_and_in_plain_characters() {
        let unicode = Glyphs::of(GlyphSet::Unicode);
        assert_eq!(bar(26, 52, 8, &unicode), "████░░░░");
        assert_eq!(bar(1, 16, 8, &unicode), "▌░░░░░░░");
        assert_eq!(bar(0, 0, 4, &unicode), "░░░░");
        assert_eq!(bar(9, 3, 4, &unicode), "████");
        let ascii = Glyphs::of(GlyphSet::Ascii);
        assert_eq!(bar(26, 52, 8, &ascii), "####....");
        assert_eq!(bar(1, 16, 8, &ascii), "........");
    }

    #[test]
    fn months_stand_as_high_as_they_are_and_none_is_a_dot() {
        let unicode = Glyphs::of(GlyphSet::Unicode);
        assert_eq!(columns(&[0, 1, 8, 4], 2, 1, &unicode), [". ▁ █ ▄ "]);
        assert_eq!(columns(&[0, 16, 8], 1, 2, &unicode), [" █ ", ".██"]);
        let ascii = Glyphs::of(GlyphSet::Ascii);
        assert_eq!(columns(&[0, 7, 1], 2, 1, &ascii), ["  # . "]);
    }
}
