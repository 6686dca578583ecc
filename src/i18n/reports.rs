//! Reports in words: what a report, its columns and parameters are called, and how its cells
//! and remarks read. The keys are those of `reports.yml`.

use chrono::{DateTime, Utc};

use super::{choice, date, date_time, field, filled, find, grouped, t, value, whole};
use crate::domain::column::is_year;
use crate::domain::table::{ColumnKind, Legal, TableColumn};
use crate::domain::value::Value;
use crate::protocol::{OfficeInfo, Remark, Table};

/// What a report is called; its id where it has no words here.
pub fn report(id: &str) -> String {
    find(&format!("report.{id}.name")).unwrap_or_else(|| id.to_string())
}

/// What stands above a report on paper: the title of its sheet, else its name.
pub fn report_title(id: &str) -> String {
    find(&format!("report.{id}.sheet")).unwrap_or_else(|| report(id))
}

/// What a report is for, in a line.
pub fn report_about(id: &str) -> String {
    find(&format!("report.{id}.about")).unwrap_or_default()
}

/// The heading of a column.
pub fn report_column(id: &str, column: &TableColumn) -> String {
    if !column.label.is_empty() {
        return column.label.clone();
    }
    let key = &column.key;
    find(&format!("report.{id}.column.{key}"))
        .or_else(|| find(&format!("report.column.{key}")))
        .unwrap_or_else(|| field(key))
}

/// What a report's parameter is called.
pub fn report_param(name: &str) -> String {
    find(&format!("report.param.{name}")).unwrap_or_else(|| name.to_string())
}

/// A code of a report's column or parameter in words.
pub fn report_choice(id: &str, key: &str, code: &str) -> String {
    find(&format!("report.{id}.{key}.{code}")).unwrap_or_else(|| choice(code))
}

/// A cell as a person reads it.
pub fn report_cell(id: &str, column: &TableColumn, cell: &Value) -> String {
    match (column.kind, cell) {
        (_, Value::Choice(code)) => report_choice(id, &column.key, code),
        (ColumnKind::Number, Value::Text(text)) => grouped(text),
        (_, Value::Whole(year)) if is_year(&column.key) => year.to_string(),
        (_, cell) => value(cell),
    }
}

/// Something a report says besides its cells.
pub fn report_remark(id: &str, remark: &Remark) -> String {
    let args = remark.args.iter().map(|(name, arg)| match arg {
        Value::Text(lines) if name == "figures" => (name.as_str(), figures(remark, lines)),
        arg => (name.as_str(), value(arg)),
    });
    let args: Vec<(&str, String)> = args.collect();
    let own = format!("report.{id}.{}", remark.code);
    let key = if find(&own).is_some() { own } else { format!("report.{}", remark.code) };
    filled(&key, &args)
}

/// The figures of a table of rules in words, those of one group together:
/// `pemetaan: Optimal 90, Cukup optimal 78; …`.
fn figures(remark: &Remark, lines: &str) -> String {
    let table = remark.args.iter().find_map(|(_, arg)| match arg {
        Value::Choice(table) => Some(table.as_str()),
        _ => None,
    });
    let mut said = String::new();
    let mut group = None;
    for (name, figure) in lines.split("; ").filter_map(|line| line.split_once(" = ")) {
        let (of, last) = name.rsplit_once('.').unwrap_or(("", name));
        let words = |name: &str| super::figure(table.unwrap_or_default(), name);
        if group == Some(of) {
            said.push_str(", ");
        } else {
            said.push_str(if said.is_empty() { "" } else { "; " });
            said.push_str(&if of.is_empty() { String::new() } else { words(of) + ": " });
            group = Some(of);
        }
        said.push_str(&(words(last) + " " + figure));
    }
    said
}

/// What a report rests on, in a line; it is said where nobody has read it in the law.
pub fn report_legal(legal: &Legal) -> String {
    let mut text = legal.basis.clone();
    if let Some(from) = legal.effective_from {
        text.push_str(&t!("report.in_force", date = date(from)));
    }
    if !legal.verified {
        text.push_str(&t!("report.unverified"));
    }
    text
}

/// A parameter as it stands above a report that was asked with it.
pub fn report_asked(name: &str) -> String {
    find(&format!("report.asked.{name}")).unwrap_or_else(|| report_param(name))
}

/// The choice that leaves nothing out.
const ANY: &str = "any";

/// What a report was asked with; nothing where that goes without saying.
pub fn report_asked_value(id: &str, name: &str, asked: &Value) -> String {
    match asked {
        Value::Choice(code) if code == ANY => String::new(),
        Value::Choice(code) => in_words(name, report_choice(id, name, code)),
        Value::Date(day) if name == "at" => t!("report.on", date = date(*day)).into_owned(),
        // A year is not written with a point for its thousands.
        Value::Whole(year) if name == "year" => year.to_string(),
        // No cost, no level of its own.
        Value::Whole(0) => String::new(),
        asked => in_words(name, value(asked)),
    }
}

/// What does not say by itself what it is of.
fn in_words(name: &str, text: String) -> String {
    let words = format!("report.value.{name}");
    if find(&words).is_some() { filled(&words, &[("value", text)]) } else { text }
}

/// What stands before the names of the columns that a sheet has no room for.
pub fn report_no_room() -> String {
    t!("report.no_room").into_owned()
}

/// What the sums behind a report's chart are called in its workbook.
pub fn totals_word(part: &str) -> String {
    find(&format!("report.totals.{part}")).unwrap_or_default()
}

/// The day a report holds for, in a line.
pub fn report_as_of(day: chrono::NaiveDate) -> String {
    t!("report.as_of", date = date(day)).into_owned()
}

/// What the foot's words begin with.
pub fn report_total() -> String {
    t!("report.total").into_owned()
}

/// When a sheet was printed and by whom.
pub fn report_printed(info: &OfficeInfo, now: DateTime<Utc>) -> String {
    let at = date_time(now, info.utc_offset_hours);
    t!("reports.printed", at = at, by = info.officer).into_owned()
}

/// What a report says besides its cells: whether there are more rows than the `limit` that
/// was asked for, its own notes, and who is left out.
pub fn report_notes(table: &Table, limit: u32) -> Vec<String> {
    let mut notes = Vec::new();
    if limit < table.matched {
        let (rows, all) = (whole(limit), whole(table.matched));
        notes.push(match table.foot {
            Some(_) => t!("report.some_rows_of_all", rows = rows, all = all).into_owned(),
            None => t!("report.some_rows", rows = rows, all = all).into_owned(),
        });
    }
    notes.extend(table.notes.iter().map(|remark| report_remark(&table.report, remark)));
    if table.restricted > 0 {
        notes.push(t!("reports.restricted", count = table.restricted).into_owned());
    }
    notes
}
