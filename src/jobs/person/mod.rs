//! Person: everything the office holds about one person, put together from its answers for
//! handing to them (UU 27/2022 Pasal 32), as JSON or as readable text.
//!
//! Others are not in it (Pasal 33). Who rated is told only of a rating of one's own and of
//! an assessor's, who rates in office; of everybody else the source (`rekan`), the level
//! and the day, not the name and not their words. A step that touched others too, or whose
//! reason has a word of somebody's name in it, is told without its reason.

mod write;

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::{Asking, Progress, unexpected};
use crate::domain::field::{Field, Shape};
use crate::domain::kinds::rating::RatingSource;
use crate::domain::kinds::unit::path_text;
use crate::domain::record::{EmployeeId, FieldChange, Kind, Record, RecordId, fold};
use crate::domain::value::Value;
use crate::exchange;
use crate::i18n::{self, t};
use crate::protocol::{
    Act, Answer, ChangeDetail, HistoryLine, HistoryQuery, ListQuery, OfficeInfo, PAGE_MAX, Person,
    Problem, Request, Row,
};

use super::export::{ExportError, each_page};
pub use write::{CopyForm, write};

/// What in a rating, or of somebody who is to rate, is another person's.
const RATERS_OWN: [&str; 3] = ["rater", "evidence", "note"];

/// One fact: its name for scripts, its label, its value and the words for it.
struct Item {
    name: String,
    label: String,
    value: Json,
    text: String,
}

impl Item {
    fn new(kind: Kind, name: &str, value: Json, text: String) -> Self {
        Self { name: name.to_string(), label: i18n::field_of(kind, name), value, text }
    }

    fn of(kind: Kind, name: &str, value: &Value) -> Self {
        let json = serde_json::from_str(&exchange::json(value)).unwrap_or(Json::Null);
        Self::new(kind, name, json, i18n::value(value))
    }
}

/// One heading with what stands under it: one set of facts, or one a row.
struct Part {
    name: &'static str,
    heading: String,
    /// Facts of one thing rather than a list of things.
    single: bool,
    rows: Vec<Vec<Item>>,
}

impl Part {
    fn new(name: &'static str, rows: Vec<Vec<Item>>) -> Self {
        let heading = i18n::find(&format!("copy.{name}")).unwrap_or_else(|| name.to_string());
        Self { name, heading, single: false, rows }
    }

    fn single(name: &'static str, items: Vec<Item>) -> Self {
        Self { single: true, ..Self::new(name, vec![items]) }
    }
}

/// Everything about one person.
pub struct PersonCopy {
    parts: Vec<Part>,
}

/// Asks the office for all of it.
pub fn gather(
    ask: &mut Asking,
    id: EmployeeId,
    progress: &Progress,
) -> Result<PersonCopy, ExportError> {
    let Answer::Welcome(info) = ask(Request::Welcome)? else { return Err(unexpected().into()) };
    let Answer::Person(person) = ask(Request::Person(id))? else { return Err(unexpected().into()) };
    let record = record(ask, &person)?;
    let mut parts = vec![head(&info, &person), record];
    parts.push(competencies(ask, &person)?);
    for kind in Kind::of_people() {
        parts.push(owned(ask, kind, id)?);
    }
    parts.push(Part::new("history", history(ask, id, progress)?));
    let columns = ["day", "officer", "total"];
    let readings = rows(ask, Kind::Readings, id.into(), &columns)?;
    let readings = readings.iter().map(|row| cells(Kind::Readings, row, &columns));
    parts.push(Part::new("readings", readings.collect()));
    Ok(PersonCopy { parts })
}

fn head(info: &OfficeInfo, person: &Person) -> Part {
    let item = |name: &str, text: String| {
        let label = i18n::find(&format!("copy.item.{name}")).unwrap_or_else(|| name.into());
        Item { name: name.into(), label, value: Json::from(text.as_str()), text }
    };
    let restricted = match &person.stored.record {
        Record::Employee(employee) if employee.restricted => t!("employees.restricted"),
        _ => t!("copy.not_restricted"),
    };
    Part::single(
        "about",
        vec![
            item("office", info.name.clone()),
            Item {
                value: Json::from(info.today.to_string()),
                ..item("day", i18n::date(info.today))
            },
            item("officer", info.officer.clone()),
            item("restriction", restricted.into_owned()),
            item("hidden", t!("copy.hidden").into_owned()),
        ],
    )
}

/// The record's fields with what they refer to by name, and what follows from them.
fn record(ask: &mut Asking, person: &Person) -> Result<Part, Problem> {
    let kind = Kind::Employees;
    let record = &person.stored.record;
    let fields = record.fields();
    let references = record.references();
    let Answer::Labels(labels) = ask(Request::Labels(references.clone()))? else {
        return Err(unexpected());
    };
    let mut items = Vec::new();
    for field in kind.fields() {
        let Some(value) = fields.get(field.name) else { continue };
        let known = references.iter().zip(&labels);
        let known = known.filter(|(id, _)| field.shape.names(value, **id));
        let known: Vec<&str> = known.map(|(_, label)| label.as_str()).collect();
        items.push(if field.shape.refers_to().is_some() && !known.is_empty() {
            let labels: Vec<String> = known.iter().map(|label| i18n::label(label)).collect();
            Item::new(kind, field.name, Json::from(known.join("; ")), labels.join("; "))
        } else {
            let text = i18n::stored(kind, field.name, &value.to_string());
            Item::new(kind, field.name, value.clone(), text)
        });
    }
    let path = Value::text(path_text(&person.unit_path));
    items.push(Item::of(kind, "unit_path", &path));
    let level = person.position.as_ref().and_then(crate::domain::kinds::position::Position::level);
    let level = level.map_or(Value::Empty, |level| Value::choice(level.code()));
    items.push(Item::of(kind, "job_level", &level));
    let years = person.jp.iter().map(|(year, jp)| (*year, *jp)).collect();
    items.push(Item::of(kind, "jp", &Value::Years(years)));
    Ok(Part::single("record", items))
}

fn competencies(ask: &mut Asking, person: &Person) -> Result<Part, Problem> {
    let query = ListQuery {
        columns: vec!["code".into(), "name".into()],
        ..ListQuery::all(Kind::Competencies)
    };
    let Answer::Page(page) = ask(Request::List(query))? else { return Err(unexpected()) };
    let whole = |name: &str, label: &str, number: Option<i64>| {
        let words = number.map_or_else(|| "-".to_string(), |number| number.to_string());
        Item { name: name.into(), label: label.into(), value: json!(number), text: words }
    };
    let mut rows: Vec<Vec<Item>> = Vec::new();
    for cell in &person.cells {
        let row = page.rows.iter().find(|row| row.number == cell.competency.0);
        let mut items = row.map_or_else(Vec::new, |row| {
            let names = ["code", "name"];
            let cells = names.iter().zip(&row.cells);
            cells.map(|(name, value)| Item::of(Kind::Competencies, name, value)).collect()
        });
        items.push(whole("required", &t!("show.required"), cell.required.map(i64::from)));
        items.push(whole("actual", &t!("show.actual"), cell.actual.map(i64::from)));
        items.push(whole("gap", &t!("show.gap"), cell.gap().map(i64::from)));
        rows.push(items);
    }
    let figure = |name: &str, label: &str, figure: Option<u32>| {
        let value = figure.map_or(Value::Empty, |figure| Value::Hundredths(figure.into()));
        Item { label: label.into(), ..Item::of(Kind::Employees, name, &value) }
    };
    let figures = person.figures;
    if let (Some(_), Some(_)) = (figures.jpm(), figures.jpm_capped()) {
        rows.push(vec![
            figure("jpm", "JPM (%)", figures.jpm()),
            figure("jpm_capped", &t!("copy.jpm_capped"), figures.jpm_capped()),
            whole("below", &i18n::field("below"), Some(figures.below.into())),
        ]);
    }
    Ok(Part::new("competencies", rows))
}

/// All records of a kind that are this person's: what a list of it shows, and what stands
/// in a record without being in a list.
fn owned(ask: &mut Asking, kind: Kind, id: EmployeeId) -> Result<Part, ExportError> {
    let columns = columns(kind);
    let mut told = Vec::new();
    for row in rows(ask, kind, id.into(), &columns)? {
        let mut items = cells(kind, &row, &columns);
        if of_raters(kind) && !is_told(&items) {
            items.retain(|item| !RATERS_OWN.contains(&item.name.as_str()));
        }
        items.extend(unlisted(ask, RecordId::new(kind, row.number))?);
        told.push(items);
    }
    let name = if kind == Kind::Enrolments { "trainings" } else { kind.name() };
    Ok(Part::new(name, told))
}

/// The columns of a kind's list without those that say whose a row is, and without a time
/// that is running; when something was received comes first.
fn columns(kind: Kind) -> Vec<&'static str> {
    let of_owner = |name: &str| match kind.field(name) {
        Some(field) => field.shape == Shape::Reference(Kind::Employees),
        None => Kind::Employees.column(name).is_some(),
    };
    let names = kind.columns().iter().map(|column| column.name);
    let mut names: Vec<_> = names.filter(|name| !of_owner(name) && *name != "left").collect();
    names.sort_by_key(|name| *name != "received");
    names
}

/// All rows of a kind that are this person's.
fn rows(
    ask: &mut Asking,
    kind: Kind,
    of: RecordId,
    columns: &[&str],
) -> Result<Vec<Row>, ExportError> {
    let columns = columns.iter().map(ToString::to_string).collect();
    let query = ListQuery { of: Some(of), columns, ..ListQuery::all(kind) };
    let mut all = Vec::new();
    each_page::<ExportError>(ask, &query, u32::MAX, &mut |page| {
        all.extend(page.rows.iter().cloned());
        Ok(())
    })?;
    Ok(all)
}

fn cells(kind: Kind, row: &Row, columns: &[&str]) -> Vec<Item> {
    let cells = columns.iter().zip(&row.cells);
    cells.map(|(name, value)| Item::of(kind, name, value)).collect()
}

/// Whether records of a kind say who rates somebody.
const fn of_raters(kind: Kind) -> bool {
    matches!(kind, Kind::Ratings | Kind::Raters)
}

/// Whether who rated may be told to the person rated.
fn is_told(rating: &[Item]) -> bool {
    let told = [RatingSource::SelfRating, RatingSource::Assessor, RatingSource::Cycle];
    let told = told.map(RatingSource::code);
    let source = rating.iter().find(|item| matches!(item.name.as_str(), "source" | "group"));
    source.and_then(|item| item.value.as_str()).is_some_and(|code| told.contains(&code))
}

/// The fields of a record that no column shows, as they stand in it.
fn unlisted(ask: &mut Asking, id: RecordId) -> Result<Vec<Item>, Problem> {
    let kind = id.kind;
    let unseen =
        |field: &&Field| kind.column(field.name).is_none() && field.shape.refers_to().is_none();
    let mut wanted = kind.fields().iter().filter(unseen).peekable();
    if wanted.peek().is_none() {
        return Ok(Vec::new());
    }
    let Answer::Record(Some(stored)) = ask(Request::Get(id))? else { return Ok(Vec::new()) };
    let fields = stored.record.fields();
    let item = |field: &Field| {
        let value = fields.get(field.name)?;
        let text = i18n::stored(kind, field.name, &value.to_string());
        Some(Item::new(kind, field.name, value.clone(), text))
    };
    Ok(wanted.filter_map(item).collect())
}

/// Who changed what and when, the latest first.
fn history(
    ask: &mut Asking,
    id: EmployeeId,
    progress: &Progress,
) -> Result<Vec<Vec<Item>>, ExportError> {
    let mut query = HistoryQuery { person: Some(id), limit: PAGE_MAX, ..HistoryQuery::default() };
    let mut steps = Vec::new();
    let mut others = None;
    loop {
        let Answer::History(page) = ask(Request::History(query.clone()))? else {
            return Err(unexpected().into());
        };
        for line in &page.lines {
            let details = Request::Details { seq: line.seq, limit: PAGE_MAX, of: Some(id) };
            let Answer::Details(details) = ask(details)? else { return Err(unexpected().into()) };
            let named = !line.why.is_empty() && {
                let others = match &mut others {
                    Some(others) => others,
                    none => none.insert(other_names(ask, id)?),
                };
                words_of(&line.why).iter().any(|word| others.contains(word))
            };
            steps.push(step(line, &details, named));
            progress.at(steps.len() as u64, 0);
            if progress.cancelled() {
                return Err(ExportError::Cancelled);
            }
        }
        match page.next {
            Some(next) => query.before = Some(next),
            None => return Ok(steps),
        }
    }
}

/// The words by which everybody else within reach is called, without those of the person's
/// own name.
fn other_names(ask: &mut Asking, id: EmployeeId) -> Result<BTreeSet<String>, Problem> {
    let (mut names, mut own) = (BTreeSet::new(), BTreeSet::new());
    let columns = vec!["name".to_string()];
    let mut query = ListQuery { columns, ..ListQuery::all(Kind::Employees) };
    loop {
        let Answer::Page(page) = ask(Request::List(query.clone()))? else {
            return Err(unexpected());
        };
        query.offset += page.rows.len() as u32;
        let last = page.rows.is_empty() || query.offset >= page.matched;
        for row in page.rows {
            if let Some(Value::Text(name)) = row.cells.first() {
                let of = if row.number == id.0 { &mut own } else { &mut names };
                of.extend(words_of(name));
            }
        }
        if last {
            return Ok(&names - &own);
        }
    }
}

/// Words long enough to be a name.
fn words_of(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().count() > 2).map(str::to_string).collect()
}

/// A reason is repeated only of a step about this person alone, and where it names nobody else.
fn step(line: &HistoryLine, details: &[ChangeDetail], names_others: bool) -> Vec<Item> {
    let item = |name: &str, key: &str, value: Json, text: String| {
        let label = i18n::find(key).unwrap_or_else(|| name.to_string());
        Item { name: name.into(), label, value, text }
    };
    let at = line.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let mut items = vec![
        item("seq", "history_table.seq", json!(line.seq), line.seq.to_string()),
        item("at", "history_table.at", json!(at), i18n::moment(line.at)),
        item("by", "history_table.by", json!(line.by), line.by.clone()),
    ];
    let touched: u32 = line.summary.parts.iter().map(|(_, _, count)| count).sum();
    let alone = touched as usize == details.len() && !line.summary.others;
    if !line.why.is_empty() && alone && !names_others {
        items.push(item("why", "copy.item.why", json!(line.why), line.why.clone()));
    }
    let changes: Vec<(Json, String)> = details.iter().map(change).collect();
    let text = changes.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n");
    let value = changes.into_iter().map(|(value, _)| value).collect();
    items.push(item("records", "history_table.what", value, text));
    items
}

/// One record of theirs that a step changed, in JSON and in words.
fn change(detail: &ChangeDetail) -> (Json, String) {
    let kind = detail.id.kind;
    let hidden = |field: &str| of_raters(kind) && RATERS_OWN.contains(&field);
    let shown = || detail.fields.iter().filter(|change| !hidden(&change.field));
    let value = |text: &str| serde_json::from_str::<Json>(text).unwrap_or(Json::Null);
    let fields = shown().map(|change| {
        json!({"field": change.field, "before": value(&change.before), "after": value(&change.after)})
    });
    let json = json!({"id": detail.id, "act": detail.act, "fields": fields.collect::<Json>()});
    let said = |change: &FieldChange| {
        let shape = kind.field(&change.field).map(|field| field.shape);
        let words = |json: &str| match i18n::stored(kind, &change.field, json) {
            text if text.is_empty() => "-".to_string(),
            text if shape.and_then(Shape::refers_to).is_some() => i18n::label(&text),
            text => text,
        };
        let label = i18n::field_of(kind, &change.field);
        match detail.act {
            Act::Changed => {
                format!("{label}: {} -> {}", words(&change.before), words(&change.after))
            }
            Act::Added => format!("{label}: {}", words(&change.after)),
            Act::Deleted => format!("{label}: {}", words(&change.before)),
        }
    };
    let act = match detail.act {
        Act::Added => t!("summary.added", what = i18n::one(kind)),
        Act::Changed => t!("summary.changed", what = i18n::one(kind)),
        Act::Deleted => t!("summary.deleted", what = i18n::one(kind)),
    };
    let fields: Vec<String> = shown().map(said).collect();
    (json, format!("{act}: {}", fields.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_shows_what_its_list_does_without_whose_it_is() {
        for (kind, expected) in [
            (Kind::Ratings, "competency level source rater date method evidence"),
            (Kind::Enrolments, "programme type start end provider days_present jp note"),
            (Kind::Corrections, "received subject wanted deadline status answer closed"),
            (Kind::Certificates, "name number issuer issued valid_until programme"),
        ] {
            assert_eq!(columns(kind).join(" "), expected, "{kind}");
        }
    }

    #[test]
    fn every_table_has_its_heading() {
        for kind in Kind::of_people().filter(|kind| *kind != Kind::Enrolments) {
            assert!(i18n::find(&format!("copy.{kind}")).is_some(), "{kind}");
        }
    }
}
