//! How a person has moved over the years: the mean of their levels, JPM as it is and without
//! surplus, JP; a line a year, with bars where there is room for ones that say something.

use super::detail::{Lines, keys};
use crate::domain::gap::Figures;
use crate::i18n::{hundredths, t};
use crate::protocol::{Person, PersonYear};
use crate::ui::command::Command;
use crate::ui::pane::View;
use crate::ui::widgets::frame::padded;
use crate::ui::widgets::pictures;

/// Year, level, JPM, JPM without surplus and JP, each with a blank before it.
const YEAR: usize = 5;
const LEVEL: usize = 7;
const JPM: usize = 8;
const CAPPED: usize = 8;
const JP: usize = 6;
/// Bars get so many cells at most and at least.
const BAR: usize = 12;
const BAR_MIN: usize = 4;
/// Whole, in hundredths of a percent.
const ALL: u32 = 10_000;

/// Of a single year there is nothing to compare.
pub fn draw(lines: &mut Lines, person: &Person, view: &View) {
    if person.years.len() < 2 {
        return;
    }
    lines.heading(t!("employees.years"));
    let figures = YEAR + LEVEL + JPM + CAPPED + JP;
    // One beside JPM first, with a blank before and behind it; then one beside JP.
    let room = lines.width.saturating_sub(figures);
    let bars = [room.saturating_sub(2), room.saturating_sub(4) / 2];
    let bar = bars.into_iter().rfind(|bar| *bar >= BAR_MIN).map_or(0, |bar| bar.min(BAR));
    let both = bars[1] >= BAR_MIN;
    let behind = if bar == 0 { 0 } else { bar + 2 };
    let capped_at = YEAR + LEVEL + JPM;
    let jp_at = capped_at + CAPPED + behind;
    let theme = view.theme;
    let (cut, capped) = (view.glyphs.ellipsis, CAPPED - 1 + behind);
    let right = |text: &str, width| padded(text, width, true, view.glyphs.ellipsis);
    lines.parts([
        (0, right(&t!("employees.years_level"), YEAR + LEVEL), theme.dim),
        (YEAR + LEVEL, right("JPM", JPM), theme.dim),
        (capped_at + 1, padded(&t!("employees.years_capped"), capped, false, cut), theme.dim),
        (jp_at, right("JP", JP), theme.dim),
    ]);
    let most = person.years.iter().map(|one| one.jp).max().unwrap_or(0);
    for one in &person.years {
        let figures = one.figures;
        let share = |figure: Option<u32>| figure.map_or_else(|| "?".to_string(), hundredths);
        let mut parts = vec![
            (0, right(&one.year.to_string(), YEAR), theme.text),
            (YEAR, right(&level(one), LEVEL), theme.text),
            (YEAR + LEVEL, right(&share(figures.jpm()), JPM), theme.text),
            (capped_at, right(&share(figures.jpm_capped()), CAPPED), style(figures, view)),
            (jp_at, right(&one.jp.to_string(), JP), theme.text),
        ];
        if bar > 0 {
            let drawn = |part: u32, whole: u32| pictures::bar(part, whole, bar, view.glyphs);
            let capped = figures.jpm_capped().unwrap_or(0);
            parts.push((capped_at + CAPPED + 1, drawn(capped, ALL), theme.accent));
            if both {
                parts.push((jp_at + JP + 1, drawn(one.jp, most), theme.accent));
            }
        }
        lines.parts(parts);
    }
    if let Some(keys) = keys(Command::RecordTrend, view) {
        lines.push(t!("employees.years_hint", keys = keys), theme.dim);
    }
}

/// The mean of the levels, `2,11`.
fn level(one: &PersonYear) -> String {
    one.figures.mean_level().map_or_else(|| "?".to_string(), hundredths)
}

fn style(figures: Figures, view: &View) -> ratatui::style::Style {
    if figures.below > 0 { view.theme.gap_below } else { view.theme.text }
}
