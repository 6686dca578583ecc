//! Lists of records that are shown in a way of their own: the tree of units, the settings,
//! which are there from the beginning and go by words longer than their names, the tables of
//! rules, and what posts ask.

use crate::domain::column::{Column, figure, text};
use crate::domain::kinds::unit::PATH_SEPARATOR;
use crate::domain::record::{Kind, RecordId, UnitId};
use crate::domain::value::Value;
use crate::i18n::{self, t};
use crate::protocol::{ReportQuery, Row};
use crate::ui::command::Command;
use crate::ui::effect::Effect;
use crate::ui::listing::{ListPane, Listing};
use crate::ui::widgets::list::RecordList;
use crate::ui::words;

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
    cell: in_words,
    why_not: fixed,
    ..ListPane::of(Kind::Settings)
};

/// What a table is called, since when it holds and by which law; its figures go by names that
/// stand in its form.
pub const RULES: ListPane = ListPane {
    columns: &[
        text("table", 24),
        text("effective_from", 11),
        text("legal_basis", 0),
        text("verified", 10),
    ],
    cell: checked,
    ..ListPane::of(Kind::Rules)
};

/// What a job level asks of its holders, or one post where it is that post's own.
pub const QUALIFICATIONS: ListPane = ListPane {
    columns: &[
        text("job_level", 15),
        text("aspect", 20),
        text("requirement", 0),
        text("importance", 10),
    ],
    known: &["position"],
    cell: of_post,
    headed: |column, _| {
        (column.name == "job_level").then(|| t!("standards.whom_short").into_owned())
    },
    ..ListPane::of(Kind::Qualifications)
};

/// A table nobody has read in the law says so.
fn checked(list: &RecordList, _at: u32, row: &Row, column: &Column) -> Option<String> {
    let verified = matches!(list.cell_of(row, "verified"), Some(Value::Flag(true)));
    (column.name == "verified" && !verified).then(|| t!("rules.unchecked").into_owned())
}

/// The post, of what is asked of one alone.
fn of_post(list: &RecordList, _at: u32, row: &Row, column: &Column) -> Option<String> {
    let post = list.cell_of(row, "position").filter(|post| !post.is_empty())?;
    (column.name == "job_level").then(|| i18n::value(post))
}

/// The JP of the year of all who work there and below.
fn recap(_: &RecordList, unit: RecordId) -> ReportQuery {
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

/// The value of a setting in words.
fn in_words(list: &RecordList, _at: u32, row: &Row, column: &Column) -> Option<String> {
    if column.name != "value" {
        return None;
    }
    let (name, value) = (list.cell_of(row, "name")?, list.cell_of(row, "value")?);
    Some(words::setting_value(&i18n::value(name), &i18n::value(value)))
}

/// Settings are changed, never added or deleted.
fn fixed(_listing: &Listing, command: Command) -> Option<String> {
    let fixed = matches!(command, Command::ListAdd | Command::ListDelete);
    fixed.then(|| t!("records.fixed").into_owned())
}
