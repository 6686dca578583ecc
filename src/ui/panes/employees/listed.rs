//! How people stand in a list: what tells them apart comes first, a number only where it is
//! chosen. JP are those of this year, with a bar by the rule of the kind of staff; `?` is
//! nobody's rating, `0` is no gap, and `-` is a post that nothing is required of.

use chrono::Datelike;
use ratatui::style::Style;

use crate::domain::column::{Column, figure, text};
use crate::domain::jp::{JpStanding, year_of};
use crate::domain::kinds::employee::EmploymentKind;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::i18n::{self, t};
use crate::protocol::{Page, Row};
use crate::ui::command::Command;
use crate::ui::listing::ListPane;
use crate::ui::pane::View;
use crate::ui::widgets::list::RecordList;
use crate::ui::widgets::pictures;
use crate::ui::words;

/// Cells of the bar of JP, and of the column with the figure behind it.
const BAR: usize = 3;
const JP: u16 = BAR as u16 + 5;

pub const LIST: ListPane = ListPane {
    columns: &[
        text("name", 0),
        text("position", 22),
        text("unit", 18),
        text("grade", 6),
        figure("jp", JP),
        figure("below", 4),
    ],
    known: &["nip", "kind", "status", "restricted", "unrated"],
    ways: &[Command::Import, Command::ListAdd, Command::Guide],
    cell,
    look,
    headed: |column, view| {
        let year = view.today.year();
        (column.name == "jp").then(|| t!("column.jp_of", year = year).into_owned())
    },
    ..ListPane::of(Kind::Employees)
};

/// Whoever is restricted is marked, at the post: names need their room more than posts do.
fn cell(list: &RecordList, _at: u32, row: &Row, column: &Column) -> Option<String> {
    let shown = list.columns().iter().any(|column| column.name == "position");
    let marked = if shown { "position" } else { "name" };
    let restricted = list.cell_of(row, "restricted") == Some(&Value::Flag(true));
    let value = list.cell_of(row, column.name)?;
    (restricted && column.name == marked)
        .then(|| format!("{} {}", t!("employees.restricted_mark"), words::cell(marked, value)))
}

fn look(list: &RecordList, row: &Row, column: &Column, view: &View) -> Option<(String, Style)> {
    match column.name {
        "jp" => Some(jp(list, row, view)),
        "below" => Some(gap(list, row, view)),
        name if Kind::Employees.column(name).is_none() => Some(level(list, row, name, view)),
        _ => None,
    }
}

/// Those that are offered as columns, by code and name.
pub fn competencies(page: &Page) -> impl Iterator<Item = (String, String)> {
    let offered = page.rows.iter().filter(|row| row.cells.get(2) != Some(&Value::Flag(true)));
    offered.map(|row| {
        let text = |at: usize| row.cells.get(at).map(i18n::value).unwrap_or_default();
        (text(0), text(1))
    })
}

/// A level of a competency that was chosen as a column.
fn level(list: &RecordList, row: &Row, code: &str, view: &View) -> (String, Style) {
    match list.cell_of(row, code) {
        Some(Value::Whole(level)) => (level.to_string(), view.theme.text),
        _ => ("?".into(), view.theme.dim),
    }
}

/// `▌░░   4`
fn jp(list: &RecordList, row: &Row, view: &View) -> (String, Style) {
    let year = year_of(view.today);
    let jp = list.cell_of(row, "jp").and_then(|cell| cell.in_year(year)).unwrap_or(0);
    let kind = match list.cell_of(row, "kind") {
        Some(Value::Choice(code)) => EmploymentKind::from_code(code),
        _ => None,
    };
    let quota = &view.info.rules.jp_quota;
    let standing = quota.standing(kind.unwrap_or(EmploymentKind::Other), jp);
    let (aim, style) = by_rule(standing, view);
    let bar = aim.map_or_else(String::new, |aim| pictures::bar(jp, aim, BAR, view.glyphs));
    // Too many is told by its sign: a full bar is also what is enough.
    let over = if matches!(standing, JpStanding::Over { .. }) { "!" } else { " " };
    (format!("{bar}{over}{jp:>4}"), style)
}

/// What a bar aims at, and how it looks; no bar where there is no rule.
pub fn by_rule(standing: JpStanding, view: &View) -> (Option<u32>, Style) {
    let (quota, theme) = (&view.info.rules.jp_quota, view.theme);
    match standing {
        JpStanding::Below { .. } => (Some(quota.pns_floor), theme.warning),
        JpStanding::Reached => (Some(quota.pns_floor), theme.ok),
        JpStanding::Within { .. } => (Some(quota.pppk_ceiling), theme.text),
        JpStanding::Over { .. } => (Some(quota.pppk_ceiling), theme.error),
        JpStanding::NoRule => (None, theme.text),
    }
}

fn gap(list: &RecordList, row: &Row, view: &View) -> (String, Style) {
    match list.cell_of(row, "below") {
        Some(Value::Whole(0)) => ("0".into(), view.theme.ok),
        Some(Value::Whole(below)) => (below.to_string(), view.theme.gap_below),
        _ if list.cell_of(row, "unrated") == Some(&Value::Flag(false)) => {
            ("-".into(), view.theme.dim)
        }
        _ => ("?".into(), view.theme.dim),
    }
}
