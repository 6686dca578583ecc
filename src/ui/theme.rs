//! Theme: what each role looks like. Panes name roles, never colours; what a role means
//! is never told by its colour alone. `NO_COLOR` and old terminals arrive here as a
//! profile without colours.

use ratatui::style::{Color, Modifier, Style};

use crate::term::profile;

/// The styles of one profile, by role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    pub text: Style,
    /// Less important: borders, labels beside their values, what cannot be chosen now.
    pub dim: Style,
    /// Titles and keys.
    pub accent: Style,
    pub heading: Style,
    /// The row or field under the cursor, beside its marker.
    pub selected: Style,
    /// A marked row, beside its `*`.
    pub marked: Style,
    pub error: Style,
    pub warning: Style,
    pub ok: Style,
    /// A level below the standard, beside its minus sign.
    pub gap_below: Style,
    /// A level above the standard, beside its plus sign.
    pub gap_above: Style,
    /// Of a count among many: a few, some, many, most.
    pub heat: [Style; 4],
    /// What says so beside the figure, where no colour does.
    pub twins: Option<[&'static str; 4]>,
    /// The tab at the front.
    pub tab: Style,
    /// Hint and status line.
    pub bar: Style,
}

impl Theme {
    pub fn of(color: profile::Color) -> Self {
        let plain = Style::new();
        let reverse = plain.add_modifier(Modifier::REVERSED);
        let bold = plain.add_modifier(Modifier::BOLD);
        let mono = Self {
            text: plain,
            dim: plain,
            accent: bold,
            heading: plain.add_modifier(Modifier::UNDERLINED),
            selected: reverse,
            marked: bold,
            error: bold,
            warning: bold,
            ok: plain,
            gap_below: bold,
            gap_above: plain,
            heat: [plain, plain, bold, bold.add_modifier(Modifier::UNDERLINED)],
            twins: Some([":", "=", "*", "#"]),
            tab: reverse,
            bar: plain,
        };
        match color {
            profile::Color::Mono => mono,
            profile::Color::Ansi16 => Self {
                dim: plain.fg(Color::DarkGray),
                accent: bold.fg(Color::Cyan),
                heading: bold,
                marked: bold.fg(Color::Yellow),
                error: bold.fg(Color::Red),
                warning: plain.fg(Color::Yellow),
                ok: plain.fg(Color::Green),
                gap_below: bold.fg(Color::Red),
                gap_above: plain.fg(Color::Green),
                heat: [
                    plain,
                    plain.fg(Color::Yellow),
                    plain.fg(Color::Red),
                    bold.fg(Color::Red).add_modifier(Modifier::UNDERLINED),
                ],
                twins: None,
                ..mono
            },
            profile::Color::Indexed => Self {
                dim: plain.fg(Color::Indexed(245)),
                accent: bold.fg(Color::Indexed(38)),
                heading: bold,
                marked: bold.fg(Color::Indexed(179)),
                error: bold.fg(Color::Indexed(203)),
                warning: plain.fg(Color::Indexed(179)),
                ok: plain.fg(Color::Indexed(71)),
                gap_below: bold.fg(Color::Indexed(203)),
                gap_above: plain.fg(Color::Indexed(71)),
                heat: [
                    plain.bg(Color::Indexed(236)),
                    plain.fg(Color::Indexed(223)).bg(Color::Indexed(58)),
                    plain.fg(Color::Indexed(224)).bg(Color::Indexed(94)),
                    bold.fg(Color::Indexed(224)).bg(Color::Indexed(88)),
                ],
                twins: None,
                ..mono
            },
        }
    }
}

/// The characters that are not text. None of ambiguous width, no emoji.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Before the row under the cursor.
    pub cursor: &'static str,
    /// Before a marked row.
    pub mark: &'static str,
    pub ellipsis: &'static str,
    pub vertical: &'static str,
    pub horizontal: &'static str,
    /// Top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    pub scroll_track: &'static str,
    pub scroll_thumb: &'static str,
    pub up: &'static str,
    pub down: &'static str,
    pub left: &'static str,
    pub right: &'static str,
    /// Between two things on one line.
    pub dot: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    /// Was there, in a grid of ticks.
    pub present: &'static str,
    pub minus: &'static str,
    /// The last cell of a bar, from the least of it to less than all.
    pub parts: &'static [&'static str],
    /// A cell filled from below, from the least to all of it; and nothing.
    pub heights: &'static [&'static str],
    pub nothing: &'static str,
    /// Filled and empty part of a bar.
    pub bar: [&'static str; 2],
    pub arrow: &'static str,
}

impl Glyphs {
    pub const fn of(glyphs: profile::GlyphSet) -> Self {
        match glyphs {
            profile::GlyphSet::Unicode => Self {
                cursor: "›",
                mark: "*",
                ellipsis: "~",
                vertical: "│",
                horizontal: "─",
                corners: ["┌", "┐", "└", "┘"],
                scroll_track: "│",
                scroll_thumb: "█",
                up: "^",
                down: "v",
                left: "‹",
                right: "›",
                dot: "|",
                yes: "x",
                no: "-",
                present: "✓",
                minus: "-",
                parts: &["▌"],
                heights: &["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
                nothing: ".",
                bar: ["█", "░"],
                arrow: "->",
            },
            profile::GlyphSet::Ascii => Self {
                cursor: ">",
                mark: "*",
                ellipsis: "~",
                vertical: "|",
                horizontal: "-",
                corners: ["+", "+", "+", "+"],
                scroll_track: "|",
                scroll_thumb: "#",
                up: "^",
                down: "v",
                left: "<",
                right: ">",
                dot: "|",
                yes: "x",
                no: "-",
                present: "v",
                minus: "-",
                parts: &[":", "-", "=", "+", "*"],
                heights: &[".", ":", "-", "=", "+", "*", "#"],
                nothing: " ",
                bar: ["#", "."],
                arrow: "->",
            },
        }
    }
}
