//! Pictures made of characters: bars, a line of months, shades. The figure always stands
//! beside them, so nothing hangs on a colour or a length alone, and where a terminal has no
//! blocks they are of plain characters.

use ratatui::style::Style;

use crate::ui::theme::{Glyphs, Theme};

/// A part of a whole as a bar of `width` cells.
pub fn bar(part: impl Into<u64>, whole: impl Into<u64>, width: usize, glyphs: &Glyphs) -> String {
    let filled = stroke(part.into(), whole.into(), width, glyphs);
    let used = filled.chars().count();
    filled + &glyphs.bar[1].repeat(width.saturating_sub(used))
}

/// Its filled part: the last cell of it in as many steps as the terminal has, halves or plain
/// characters that grow thicker. What is there shows, however little, and the last step is for
/// the last of the whole only.
pub fn stroke(part: u64, whole: u64, width: usize, glyphs: &Glyphs) -> String {
    let steps = glyphs.parts.len() + 1;
    let most = width * steps;
    let share = (u128::from(part) * most as u128).checked_div(whole.into()).unwrap_or(0);
    let there = usize::from(part > 0 && whole > 0);
    let filled = usize::try_from(share).unwrap_or(most).max(there).min(most);
    let last = (filled % steps).checked_sub(1).map_or("", |step| glyphs.parts[step]);
    glyphs.bar[0].repeat(filled / steps) + last
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

/// How a count of so many among so many looks: none, a few, some, many, most.
pub fn shade(theme: &Theme, part: u32, whole: u32) -> Style {
    step(part, whole).map_or(theme.dim, |step| theme.heat[step])
}

/// What says the same beside the figure where no colour does; nothing where one does.
pub fn twin(theme: &Theme, part: u32, whole: u32) -> &'static str {
    let twins = theme.twins.filter(|_| whole > 0);
    step(part, whole).zip(twins).map_or("", |(step, twins)| twins[step])
}

/// One in ten is a few, a quarter some, half of them many.
fn step(part: u32, whole: u32) -> Option<usize> {
    let (part, whole) = (u64::from(part), u64::from(whole));
    (part > 0 && whole > 0).then(|| match part {
        part if part * 10 <= whole => 0,
        part if part * 4 <= whole => 1,
        part if part * 2 <= whole => 2,
        _ => 3,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::profile::{Color, GlyphSet};

    #[test]
    fn a_bar_is_as_long_as_its_share_in_blocks_and_in_plain_characters() {
        let unicode = Glyphs::of(GlyphSet::Unicode);
        assert_eq!(bar(26_u32, 52_u32, 8, &unicode), "████░░░░");
        assert_eq!(bar(1_u32, 16_u32, 8, &unicode), "▌░░░░░░░");
        assert_eq!(bar(0_u32, 0_u32, 4, &unicode), "░░░░");
        assert_eq!(bar(9_u32, 3_u32, 4, &unicode), "████");
        let ascii = Glyphs::of(GlyphSet::Ascii);
        assert_eq!(bar(26_u32, 52_u32, 8, &ascii), "####....");
        assert_eq!(bar(1_u32, 16_u32, 8, &ascii), "=.......", "what is there shows");
        assert_eq!(bar(1_u32, 1000_u32, 8, &ascii), ":.......", "however little");
        assert_eq!(bar(19_u32, 20_u32, 8, &ascii), "#######=", "and what is missing, too");
        let little = [3_u32, 12, 25].map(|part| bar(part, 100_u32, 7, &ascii));
        assert_eq!(little, [":......", "*......", "#+....."], "a little is told from more");
        assert_eq!(stroke(55, 100, 10, &unicode), "█████▌");
        assert_eq!(stroke(u64::MAX, 1, 10, &ascii), "##########");
    }

    #[test]
    fn months_stand_as_high_as_they_are_and_none_is_a_dot() {
        let unicode = Glyphs::of(GlyphSet::Unicode);
        assert_eq!(columns(&[0, 1, 8, 4], 2, 1, &unicode), [". ▁ █ ▄ "]);
        assert_eq!(columns(&[0, 16, 8], 1, 2, &unicode), [" █ ", ".██"]);
        let ascii = Glyphs::of(GlyphSet::Ascii);
        assert_eq!(columns(&[0, 7, 1], 2, 1, &ascii), ["  # . "]);
    }

    #[test]
    fn every_picture_in_colour_in_sixteen_without_and_in_plain_characters() {
        let mut drawn = String::new();
        for (name, color, glyphs) in [
            ("colour", Color::Indexed, GlyphSet::Unicode),
            ("16 colours", Color::Ansi16, GlyphSet::Unicode),
            ("mono", Color::Mono, GlyphSet::Unicode),
            ("ASCII", Color::Mono, GlyphSet::Ascii),
        ] {
            let (theme, glyphs) = (Theme::of(color), Glyphs::of(glyphs));
            let bars = [0_u32, 1, 10, 19, 20].map(|part| bar(part, 20_u32, 10, &glyphs));
            let months = columns(&[0, 1, 4, 2, 8], 2, 2, &glyphs);
            let heat = [0, 1, 4, 10, 16].map(|part| {
                let style = shade(&theme, part, 16);
                let twin = twin(&theme, part, 16);
                format!("{part}{twin}: {:?} {:?} {:?}", style.fg, style.bg, style.add_modifier)
            });
            let lines = [&bars[..], &months[..], &heat[..]].concat();
            drawn.extend([name, "\n", &lines.join("\n"), "\n"]);
        }
        insta::assert_snapshot!(drawn);
    }
}
