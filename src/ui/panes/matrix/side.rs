//! Beside the matrix, where the screen is wide: whose cell the cursor is on, their unit, JP and
//! category, the date of the last rating, and what the level reached and the one required mean.
//! It is asked for once the cursor rests; until then what was asked for last stays.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::MatrixPane;
use super::keyed::KeyedPlace;
use crate::domain::category::{self, Category, Purpose};
use crate::domain::gap::Figures;
use crate::domain::jp::year_of;
use crate::domain::record::Record;
use crate::i18n::{choice, date, hundredths, t};
use crate::protocol::{Explanation, Request};
use crate::ui::effect::{Effect, Tag};
use crate::ui::pane::View;
use crate::ui::widgets::frame::{put, wrap};

pub const TAG: &str = "matrix.side";

#[derive(Default)]
pub struct Side {
    /// Whose, by name, and what the office says of the cell.
    shown: Option<(String, Box<Explanation>)>,
    asked: Option<(u32, KeyedPlace)>,
    number: u32,
    /// The cursor has not come to rest on the cell that was asked for.
    pub moving: bool,
}

impl Side {
    /// Something changed in the office: what is shown is asked for anew.
    pub const fn forget(&mut self) {
        self.asked = None;
    }

    /// Asks for the cell under the cursor once it rests.
    fn follow(&mut self, place: Option<KeyedPlace>, rests: bool) -> Option<Effect> {
        let place = place.filter(|place| self.asked.is_none_or(|(_, asked)| asked != *place));
        self.moving = place.is_some() && !rests;
        let place = place.filter(|_| rests)?;
        self.number += 1;
        self.asked = Some((self.number, place));
        let KeyedPlace { employee, competency } = place;
        let request = Request::Explain { employee, competency, at: None };
        Some(Effect::ask(Tag::new(TAG, self.number), request))
    }
}

impl MatrixPane {
    pub(super) fn follow(&mut self, view: &View, rests: bool) -> Option<Effect> {
        let seen = self.layout(view.area).side.width > 0;
        let place = self.place().filter(|_| seen);
        self.side.follow(place, rests)
    }

    pub(super) fn beside(&mut self, number: u32, explanation: Box<Explanation>) {
        let Some((_, place)) = self.side.asked.filter(|(asked, _)| *asked == number) else {
            return;
        };
        // The cursor may have gone on meanwhile; then what comes is asked for again.
        match self.window.row().filter(|row| row.employee == place.employee) {
            Some(row) => self.side.shown = Some((row.name.clone(), explanation)),
            None => self.side.forget(),
        }
    }
}

/// The categories of both figures, the honest one first; nothing of who is not rated.
pub fn categories(figures: Figures) -> Option<(String, String)> {
    let honest = Category::of_capped(Purpose::Mapping, figures)?;
    let official = Category::of(Purpose::Mapping, figures)?;
    Some((choice(honest.code()), choice(official.code())))
}

/// Whether the bands were read in the regulation itself.
pub fn bands_verified() -> bool {
    category::source().is_some_and(|source| source.verified)
}

pub fn draw(frame: &mut Frame, area: Rect, pane: &MatrixPane, view: &View) {
    let Some((name, told)) = &pane.side.shown else { return };
    let mut y = 0;
    for (text, style) in lines(name, told, view) {
        for line in wrap(&text, usize::from(area.width)) {
            if y >= area.height {
                return;
            }
            put(frame, area, y, &line, style, view.glyphs);
            y += 1;
        }
    }
}

fn lines(name: &str, told: &Explanation, view: &View) -> Vec<(String, Style)> {
    let theme = view.theme;
    let blank = || (" ".to_string(), theme.text);
    let mut lines = vec![(name.to_string(), theme.accent)];
    let of_person = [&told.position, &told.unit];
    lines.extend(
        of_person.into_iter().filter(|text| !text.is_empty()).map(|text| (text.clone(), theme.dim)),
    );
    let jp = t!("matrix.side_jp", year = year_of(view.today), jp = told.jp);
    lines.push((jp.into_owned(), theme.text));
    lines.push(blank());
    let figures = told.figures;
    let both = figures.jpm_capped().zip(figures.jpm()).zip(categories(figures));
    if let Some(((capped, jpm), (honest, official))) = both {
        let capped = t!("matrix.side_capped", jpm = hundredths(capped), category = honest);
        lines.push((capped.into_owned(), theme.text));
        let jpm = t!("matrix.side_jpm", jpm = hundredths(jpm), category = official);
        lines.push((jpm.into_owned(), theme.text));
        if !bands_verified() {
            lines.push((t!("matrix.bands_unverified").into_owned(), theme.warning));
        }
    } else {
        lines.push((t!("matrix.person_unrated").into_owned(), theme.dim));
    }
    lines.push(blank());
    let competency = &told.competency;
    lines.push((format!("{} {}", competency.code, competency.name), theme.accent));
    if let Some(day) = last_rated(told) {
        lines.push((t!("matrix.side_rated", date = date(day)).into_owned(), theme.text));
    }
    let meaning = |level: u8| {
        let text = usize::from(level).checked_sub(1).and_then(|at| competency.levels.get(at));
        text.map(|text| text.description.trim().to_string()).unwrap_or_default()
    };
    match told.cell.actual {
        Some(level) => {
            let text = t!("matrix.level_text", level = level, text = meaning(level));
            lines.push((text.into_owned(), theme.text));
        }
        None => lines.push((t!("matrix.unrated").into_owned(), theme.dim)),
    }
    if let Some(level) = told.cell.required.filter(|level| told.cell.actual != Some(*level)) {
        lines.push(blank());
        let text = t!("matrix.side_required", level = level, text = meaning(level));
        lines.push((text.into_owned(), theme.dim));
    }
    lines
}

fn last_rated(told: &Explanation) -> Option<NaiveDate> {
    match &told.ratings.first()?.record {
        Record::Rating(rating) => rating.date,
        _ => None,
    }
}
