//! Person: everything the office holds about one person, put together from its answers for
//! handing to them (UU 27/2022 Pasal 32), as JSON or as readable text.
//!
//! Others are not in it (Pasal 33). Who rated is told only of a rating of one's own and of
//! an assessor's, who rates in office; of everybody else the source (`rekan`), the level
//! and the day, not the name and not their words. A step that touched others too is told
//! without its reason.

mod write;

use serde_json::{Value as Json, json};

use super::{Ask, Progress, unexpected};
use crate::domain::field::Shape;
use crate::domain::kinds::rating::RatingSource;
use crate::domain::kinds::unit::PATH_SEPARATOR;
use crate::domain::record::{EmployeeId, FieldChange, Kind, Record, RecordId};
use crate::domain::value::Value;
use crate::exchange;
use crate::i18n::{self, t};
use crate::protocol::{
    Act, Answer, ChangeDetail, HistoryLine, HistoryQuery, ListQuery, OfficeInfo, PAGE_MAX, Person,
    Problem, Request, Row,
};

use super::export::{ExportError, each_page};
pub use write::{Form, write};

/// What in a rating is another person's.
const RATERS_OWN: [&str; 2] = ["rater", "evidence"];

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
    ask: &mut Ask,
    id: EmployeeId,
    progress: &Progress,
) -> Result<PersonCopy, ExportError> {
    let Answer::Welcome(info) = ask(Request::Welcome)? else { return Err(unexpected().into()) };
    let Answer::Person(person) = ask(Request::Person(id))? else { return Err(unexpected().into()) };
    let record = record(ask, &person)?;
    let mut parts = vec![head(&info, &person), record];
    parts.push(competencies(ask, &person)?);
    let of = RecordId::from(id);
    let columns = ["competency", "level", "source", "rater", "date", "method", "evidence"];
    let ratings = rows(ask, Kind::Ratings, of, &columns)?;
    parts.push(Part::new("ratings", ratings.iter().map(|row| rating(row, &columns)).collect()));
    let columns = ["programme", "type", "start", "end", "provider", "days_present", "jp", "note"];
    let trainings = rows(ask, Kind::Enrolments, of, &columns)?;
    let mut trained = Vec::with_capacity(trainings.len());
    for row in &trainings {
        let mut items = cells(Kind::Enrolments, row, &columns);
        items.extend(attendance(ask, RecordId::new(Kind::Enrolments, row.number))?);
        trained.push(items);
    }
    parts.push(Part::new("trainings", trained));
    let columns = ["received", "subject", "wanted", "deadline", "status", "answer", "closed"];
    let requests = rows(ask, Kind::Corrections, of, &columns)?;
    let requests = requests.iter().map(|row| cells(Kind::Corrections, row, &columns));
    parts.push(Part::new("corrections", requests.collect()));
    parts.push(Part::new("history", history(ask, id, progress)?));
    let columns = ["day", "officer", "total"];
    let readings = rows(ask, Kind::Readings, of, &columns)?;
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
fn record(ask: &mut Ask, person: &Person) -> Result<Part, Problem> {
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
        let known = references.iter().zip(&labels).find(|(id, _)| {
            field.shape == Shape::Reference(id.kind) && value.as_u64() == Some(id.number.into())
        });
        items.push(if let Some((_, label)) = known {
            Item::new(kind, field.name, Json::from(label.as_str()), i18n::label(label))
        } else {
            let text = i18n::stored(kind, field.name, &value.to_string());
            Item::new(kind, field.name, value.clone(), text)
        });
    }
    let path = Value::text(person.unit_path.join(PATH_SEPARATOR));
    items.push(Item::of(kind, "unit_path", &path));
    let level = person.position.as_ref().and_then(crate::domain::kinds::position::Position::level);
    let level = level.map_or(Value::Empty, |level| Value::choice(level.code()));
    items.push(Item::of(kind, "job_level", &level));
    let years = person.jp.iter().map(|(year, jp)| (*year, *jp)).collect();
    items.push(Item::of(kind, "jp", &Value::Years(years)));
    Ok(Part::single("record", items))
}

fn competencies(ask: &mut Ask, person: &Person) -> Result<Part, Problem> {
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

/// All rows of a kind that are this person's.
fn rows(
    ask: &mut Ask,
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

/// Whether who rated may be told to the person rated.
fn is_told(source: &Value) -> bool {
    let told = [RatingSource::SelfRating, RatingSource::Assessor];
    told.iter().any(|known| *source == Value::choice(known.code()))
}

fn rating(row: &Row, columns: &[&str]) -> Vec<Item> {
    let source = columns.iter().position(|name| *name == "source");
    let told = source.and_then(|at| row.cells.get(at)).is_some_and(is_told);
    let mut items = cells(Kind::Ratings, row, columns);
    items.retain(|item| told || !RATERS_OWN.contains(&item.name.as_str()));
    items
}

/// Day by day, as it stands in the record.
fn attendance(ask: &mut Ask, id: RecordId) -> Result<Option<Item>, Problem> {
    let Answer::Record(Some(stored)) = ask(Request::Get(id))? else { return Ok(None) };
    let fields = stored.record.fields();
    let Some(marks) = fields.get("attendance") else { return Ok(None) };
    let text = i18n::stored(id.kind, "attendance", &marks.to_string());
    Ok(Some(Item::new(id.kind, "attendance", marks.clone(), text)))
}

/// Who changed what and when, the latest first.
fn history(
    ask: &mut Ask,
    id: EmployeeId,
    progress: &Progress,
) -> Result<Vec<Vec<Item>>, ExportError> {
    let mut query = HistoryQuery { person: Some(id), limit: PAGE_MAX, ..HistoryQuery::default() };
    let mut steps = Vec::new();
    loop {
        let Answer::History(page) = ask(Request::History(query.clone()))? else {
            return Err(unexpected().into());
        };
        for line in &page.lines {
            let details = Request::Details { seq: line.seq, limit: PAGE_MAX, of: Some(id) };
            let Answer::Details(details) = ask(details)? else { return Err(unexpected().into()) };
            steps.push(step(line, &details));
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

fn step(line: &HistoryLine, details: &[ChangeDetail]) -> Vec<Item> {
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
    if !line.why.is_empty() && touched as usize == details.len() {
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
    let hidden = |field: &str| kind == Kind::Ratings && RATERS_OWN.contains(&field);
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
            text if matches!(shape, Some(Shape::Reference(_))) => i18n::label(&text),
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
