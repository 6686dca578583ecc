//! Lists of records that are shown in a way of their own: the tree of units, and the
//! settings, which are there from the beginning and go by words longer than their names.

use crate::domain::column::{Column, figure, text};
use crate::domain::kinds::unit::PATH_SEPARATOR;
use crate::domain::record::{Kind, RecordId, UnitId};
use crate::i18n::{self, t};
use crate::protocol::{ReportQuery, Row};
use crate::ui::command::Command;
use crate::ui::effect::Effect;
use crate::ui::listing::{ListPane, Listing};
use crate::ui::widgets::list::RecordList;

/// Deeper units are not set in further: their names need the room.
const DEPTH_MAX: usize = 6;

/// The tree says what stands below what, so the parent's column leaves its room to the names.
pub const UNITS: ListPane = ListPane {
    columns: &[text("name", 0), text("code", 16), figure("people", 8)],
    known: &["path"],
    cell: set_in,
    prints: Some(recap),
    trends: Some(|_, unit| Effect::trend(|query| query.unit = Some(UnitId(unit.number)))),
    ..ListPane::of(Kind::Units)
};

pub const SETTINGS: ListPane = ListPane {
    columns: &[text("name", 36), text("value", 0)],
    why_not: fixed,
    ..ListPane::of(Kind::Settings)
};

/// The JP of the year of all who work there and below.
fn recap(unit: RecordId) -> ReportQuery {
    ReportQuery { unit: Some(UnitId(unit.number)), ..ReportQuery::of("jp") }
}

/// A unit's name set in by how deep it stands, while the list is in the tree's order.
fn set_in(list: &RecordList, _at: u32, row: &Row, column: &Column) -> Option<String> {
    if column.name != "name" || !list.sort_keys().is_empty() {
        return None;
    }
    let path = i18n::value(list.cell_of(row, "path")?);
    let depth = path.matches(PATH_SEPARATOR).count().min(DEPTH_MAX);
    let name = i18n::value(list.cell_of(row, "name")?);
    Some(format!("{}{name}", "  ".repeat(depth)))
}

/// Settings are changed, never added or deleted.
fn fixed(_listing: &Listing, command: Command) -> Option<String> {
    let fixed = matches!(command, Command::ListAdd | Command::ListDelete);
    fixed.then(|| t!("records.fixed").into_owned())
}
