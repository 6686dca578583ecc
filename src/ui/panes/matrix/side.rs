//! Beside the matrix, where the screen is wide: whose cell the cursor is on, their unit, JP and
//! category, the date of the last rating, and what every level of the competency means.
//! It is asked for once the cursor rests; until then what was asked for last stays.

use chrono::NaiveDate;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::MatrixPane;
use super::keyed::KeyedPlace;
use crate::domain::category::Purpose;
use crate::domain::gap::Figures;
use crate::domain::jp::year_of;
use crate::domain::record::Record;
use crate::i18n::{choice, date, hundredths, t};
use crate::protocol::{Explanation, Request};
use crate::ui::effect::{Effect, Tag};
use crate::ui::pane::View;
use crate::ui::widgets::frame::{fit, put, wrap};

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
pub fn categories(figures: Figures, view: &View) -> Option<(String, String)> {
    let rules = &view.info.rules.categories;
    let honest = rules.of_capped(Purpose::Mapping, figures)?;
    let official = rules.of(Purpose::Mapping, figures)?;
    Some((choice(honest.code()), choice(official.code())))
}

pub fn draw(frame: &mut Frame, area: Rect, pane: &MatrixPane, view: &View) {
    let Some((name, told)) = &pane.side.shown else { return };
    let width = usize::from(area.width);
    let head = lines(name, told, view).into_iter();
    let mut drawn: Vec<(String, Style)> = head
        .flat_map(|(text, style)| wrap(&text, width).into_iter().map(move |line| (line, style)))
        .collect();
    let room = usize::from(area.height).saturating_sub(drawn.len());
    drawn.extend(levels(told, width, room, view));
    for (y, (line, style)) in (0..area.height).zip(drawn) {
        put(frame, area, y, &line, style, view.glyphs);
    }
}

/// What each level of the competency means, the one reached and the one required told apart.
/// Where not all of it fits, these two are whole and of the others only the beginning is there.
fn levels(told: &Explanation, width: usize, room: usize, view: &View) -> Vec<(String, Style)> {
    let (actual, required) = (told.cell.actual, told.cell.required);
    let mut texts: Vec<Vec<String>> = Vec::new();
    let mut first = Vec::new();
    for (level, text) in (1_u8..).zip(&told.competency.levels) {
        let mark = match (actual == Some(level), required == Some(level)) {
            (true, true) => t!("matrix.side_both"),
            (true, false) => t!("matrix.side_actual"),
            (false, true) => t!("matrix.side_required"),
            (false, false) => "".into(),
        };
        let text = text.description.trim();
        let text = t!("matrix.side_level", level = level, mark = mark, text = text);
        texts.push(wrap(&text, width));
        first.push(!mark.is_empty());
    }
    // A line each; then these two, from above; then the others.
    let mut left = room.saturating_sub(texts.len());
    let mut lines = vec![1; texts.len()];
    for wanted in [true, false] {
        for at in (0..texts.len()).filter(|at| first[*at] == wanted) {
            let more = texts[at].len().saturating_sub(1).min(left);
            left -= more;
            lines[at] += more;
        }
    }
    let mut drawn = Vec::new();
    for ((mut text, lines), first) in texts.into_iter().zip(lines).zip(first) {
        if text.len() > lines {
            text.truncate(lines);
            let end = text.last_mut().map(|end| std::mem::take(end) + view.glyphs.ellipsis);
            let end = end.map(|end| fit(&end, width, view.glyphs.ellipsis));
            text.splice(lines - 1.., end);
        }
        let style = if first { view.theme.text } else { view.theme.dim };
        drawn.extend(text.into_iter().map(|line| (line, style)));
    }
    drawn
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
    let both = figures.jpm_capped().zip(figures.jpm()).zip(categories(figures, view));
    if let Some(((capped, jpm), (honest, official))) = both {
        let capped = t!("matrix.side_capped", jpm = hundredths(capped), category = honest);
        lines.push((capped.into_owned(), theme.text));
        let jpm = t!("matrix.side_jpm", jpm = hundredths(jpm), category = official);
        lines.push((jpm.into_owned(), theme.text));
        if !view.info.rules.categories.source.verified {
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
    if told.cell.actual.is_none() {
        lines.push((t!("matrix.unrated").into_owned(), theme.dim));
    }
    lines
}

fn last_rated(told: &Explanation) -> Option<NaiveDate> {
    match &told.ratings.first()?.record {
        Record::Rating(rating) => rating.date,
        _ => None,
    }
}
