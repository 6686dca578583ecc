//! What a person has against what a post requires, the answer before the figures: each
//! competency below standard with the next step that would raise it, then how many fit, how
//! many nobody has rated, and the figures. Further down each competency has its line.

use std::collections::HashMap;

use unicode_width::UnicodeWidthStr;

use super::detail::{Lines, keys};
use crate::domain::gap::Cell;
use crate::i18n::{date, hundredths, t};
use crate::protocol::{Course, Person};
use crate::ui::command::Command;
use crate::ui::pane::View;
use crate::ui::widgets::frame::padded;

/// The widest the name of a competency gets, and what is left for what stands behind it.
const NAMES: usize = 34;
const LEVEL_MIN: usize = 26;
/// Has and needs, with a blank before each.
const HAS: usize = 5;
const NEEDS: usize = 6;
/// A step takes a line of its own where less than this is left for it.
const STEP_MIN: usize = 34;

type Names = HashMap<u32, (String, String)>;

fn name(cell: Cell, names: &Names) -> String {
    let (code, name) = names.get(&cell.competency.0).cloned().unwrap_or_default();
    format!(" {code} {name}")
}

/// As wide as the longest name, where what stands behind it has room.
fn widest(cells: &[Cell], names: &Names, room: usize, behind: usize) -> usize {
    let widest = cells.iter().map(|cell| name(*cell, names).width()).max().unwrap_or(0);
    widest.min(NAMES).min(room.saturating_sub(behind)).max(12)
}

/// What is below standard, the furthest first.
pub fn below(person: &Person) -> Vec<Cell> {
    let mut below: Vec<Cell> =
        person.cells.iter().copied().filter(|cell| cell.gap().is_some_and(|g| g < 0)).collect();
    below.sort_by_key(|cell| cell.gap());
    below
}

/// What is to be done next about one that is below standard.
pub fn course(person: &Person, cell: Cell) -> Option<&Course> {
    person.courses.iter().find(|course| course.competency == cell.competency)
}

/// What is below standard and what to do about it; then what fits, counted.
pub fn answer(lines: &mut Lines, person: &Person, names: &Names, view: &View) {
    let theme = view.theme;
    let required = |cell: &&Cell| cell.required.is_some();
    if person.cells.iter().filter(required).count() == 0 {
        lines.push(t!("employees.no_standard"), theme.dim);
        other_post(lines, view);
        return;
    }
    let below = below(person);
    if below.is_empty() {
        let text = match person.figures.rated {
            0 => t!("employees.nobody_rated"),
            _ => t!("employees.none_below"),
        };
        let style = if person.figures.rated == 0 { theme.warning } else { theme.ok };
        lines.push(text, style);
    } else {
        table(lines, person, &below, names, view);
    }
    let fits = person.cells.iter().filter(|cell| cell.gap() == Some(0)).count();
    let above = person.cells.iter().filter(|cell| cell.gap().is_some_and(|g| g > 0)).count();
    let unrated = person.cells.iter().filter(required).filter(|c| c.actual.is_none()).count();
    lines.push(t!("employees.fits", fits = fits, above = above, unrated = unrated), theme.text);
    let figures = person.figures;
    if let (Some(jpm), Some(capped)) = (figures.jpm(), figures.jpm_capped()) {
        let (jpm, capped) = (hundredths(jpm), hundredths(capped));
        lines.push(t!("employees.jpm", jpm = jpm, capped = capped), theme.text);
    }
    other_post(lines, view);
}

/// How one asks what if they had another post.
fn other_post(lines: &mut Lines, view: &View) {
    if let Some(keys) = keys(Command::PersonSuppose, view) {
        lines.push(t!("employees.suppose_hint", keys = keys), lines.theme.dim);
    }
}

fn table(lines: &mut Lines, person: &Person, below: &[Cell], names: &Names, view: &View) {
    let theme = view.theme;
    let title = t!("employees.below");
    let left = widest(below, names, lines.width, HAS + NEEDS + 2).max(title.width() + 1);
    let step_at = left + HAS + NEEDS + 2;
    let beside = lines.width >= step_at + STEP_MIN;
    let ellipsis = view.glyphs.ellipsis;
    let right = |text: &str, width| padded(text, width, true, ellipsis);
    let head = padded(&title, left, false, ellipsis);
    let mut heading = vec![
        (0, head, theme.heading),
        (left, right(&t!("employees.has"), HAS), theme.heading),
        (left + HAS, right(&t!("employees.needs"), NEEDS), theme.heading),
    ];
    if beside {
        heading.push((step_at, t!("employees.step").into_owned(), theme.heading));
    }
    lines.parts(heading);
    for cell in below {
        let level = |level: Option<u8>| level.map(|level| level.to_string()).unwrap_or_default();
        let step = step(course(person, *cell), view);
        let mut row = vec![
            (0, padded(&name(*cell, names), left, false, ellipsis), theme.gap_below),
            (left, right(&level(cell.actual), HAS), theme.gap_below),
            (left + HAS, right(&level(cell.required), NEEDS), theme.gap_below),
        ];
        if beside {
            row.push((step_at, step, theme.text));
            lines.parts(row);
        } else {
            lines.parts(row);
            lines.parts([(3, step, theme.text)]);
        }
    }
}

/// What can be done next, with the key that does it where the officer may.
fn step(course: Option<&Course>, view: &View) -> String {
    let key = |command: Command| {
        let may = !view.read_only && view.info.role.writes();
        keys(command, view).filter(|_| may).map(|keys| format!("{keys} ")).unwrap_or_default()
    };
    let Some(course) = course else {
        return t!("employees.step_none", keys = key(Command::ListAdd)).into_owned();
    };
    let programme = &course.programme;
    let Some(next) = &course.next else {
        let keys = key(Command::ListAdd);
        return t!("employees.step_plan", keys = keys, programme = programme).into_owned();
    };
    let day = date(next.start);
    if next.enrolled {
        return t!("employees.step_enrolled", day = day, programme = programme).into_owned();
    }
    let keys = key(Command::Enrol);
    match next.free {
        Some(0) => t!("employees.step_full", day = day, programme = programme),
        Some(free) => {
            t!("employees.step_seats", keys = keys, day = day, free = free, programme = programme)
        }
        None => t!("employees.step_enrol", keys = keys, day = day, programme = programme),
    }
    .into_owned()
}

/// Each competency with its level and standard.
pub fn each(lines: &mut Lines, person: &Person, names: &Names) {
    let told: Vec<Cell> = person
        .cells
        .iter()
        .copied()
        .filter(|cell| cell.required.is_some() || cell.actual.is_some())
        .collect();
    if told.is_empty() {
        return;
    }
    lines.heading(t!("employees.competencies"));
    let left = widest(&told, names, lines.width, LEVEL_MIN);
    for cell in told {
        let style = match cell.gap() {
            Some(gap) if gap < 0 => lines.theme.gap_below,
            Some(gap) if gap > 0 => lines.theme.gap_above,
            _ => lines.theme.text,
        };
        let name = padded(&name(cell, names), left, false, lines.glyphs.ellipsis);
        let dim = lines.theme.dim;
        lines.parts([(0, name, dim), (left + 1, cell_text(cell), style)]);
    }
}

/// `2 dari 3  -1`, readable without any colour.
fn cell_text(cell: Cell) -> String {
    match (cell.actual, cell.required, cell.gap()) {
        (Some(actual), Some(required), Some(gap)) => {
            let sign = if gap == 0 { "=".to_string() } else { format!("{gap:+}") };
            t!("employees.cell", actual = actual, required = required, gap = sign).into_owned()
        }
        (Some(actual), ..) => t!("employees.cell_no_standard", actual = actual).into_owned(),
        (None, Some(required), _) => t!("employees.cell_unrated", required = required).into_owned(),
        (None, None, _) => "-".to_string(),
    }
}
