//! `kompeten show KIND ID`: one record with everything that hangs on it; for a person
//! the unit, the gaps, the JP and the trainings as well.

use std::io::Write;

use serde_json::{Map, Value as Json, json};

use super::Context;
use super::args::ShowArgs;
use super::client::Client;
use super::fault::{Exit, Failure};
use super::history::{self, detailed_json};
use super::percent::percent;
use super::table::{LINE, PlainTable, wrap};
use super::values::TextFormat;
use crate::domain::column::Align;
use crate::domain::field::{Shape, numbers};
use crate::domain::gap::Cell;
use crate::domain::kinds::competency::Competency;
use crate::domain::kinds::unit::path_text;
use crate::domain::record::{CompetencyId, EmployeeId, Kind, Record, RecordId};
use crate::domain::value::Value;
use crate::i18n::{self, t};
use crate::protocol::{
    Answer, HistoryLine, HistoryQuery, ListQuery, Person, Problem, Request, Stored,
};

/// Texts of a field are broken here.
const TEXT_WIDTH: usize = 56;

pub fn run(args: &ShowArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let stored = client.find(args.kind, &args.id)?;
    let done = match args.format {
        TextFormat::Text => text(&mut client, &stored, args.history, out),
        TextFormat::Json => as_json(&mut client, &stored, args.history, out),
    };
    done.map(|()| Exit::Done)
}

fn person_of(client: &mut Client, stored: &Stored) -> Result<Option<Person>, Problem> {
    if stored.id.kind != Kind::Employees {
        return Ok(None);
    }
    match client.ask(Request::Person(EmployeeId(stored.id.number)))? {
        Answer::Person(person) => Ok(Some(*person)),
        _ => Err(Problem::Closed),
    }
}

/// The codes of the competencies by record number.
fn codes(client: &mut Client) -> Result<Vec<(CompetencyId, String, String)>, Problem> {
    let query = ListQuery {
        columns: ["code", "name"].map(String::from).to_vec(),
        ..ListQuery::all(Kind::Competencies)
    };
    let Answer::Page(page) = client.ask(Request::List(query))? else { return Err(Problem::Closed) };
    let text = |cell: Option<&Value>| cell.map(i18n::value).unwrap_or_default();
    let rows = page.rows.iter();
    let one = |row: &crate::protocol::Row| {
        (CompetencyId(row.number), text(row.cells.first()), text(row.cells.get(1)))
    };
    Ok(rows.map(one).collect())
}

/// Each entry that touched a record, latest first.
fn each_entry(
    client: &mut Client,
    id: RecordId,
    each: &mut dyn FnMut(&mut Client, &HistoryLine) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let query = HistoryQuery { record: Some(id), ..HistoryQuery::default() };
    history::each_line(client, query, usize::MAX, each)
}

fn as_json(
    client: &mut Client,
    stored: &Stored,
    with_history: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut object = Map::new();
    object.insert("id".into(), json!(stored.id));
    object.insert("rev".into(), json!(stored.rev));
    object.insert("label".into(), json!(stored.record.label()));
    object.insert("record".into(), Json::Object(stored.record.fields()));
    if let Some(person) = person_of(client, stored)? {
        let codes = codes(client)?;
        person_json(&person, &codes, &mut object);
    }
    if with_history {
        let mut lines = Vec::new();
        each_entry(client, stored.id, &mut |client, line| {
            lines.push(detailed_json(client, line, Some(stored.id))?);
            Ok(())
        })?;
        object.insert("history".into(), Json::Array(lines));
    }
    serde_json::to_writer_pretty(&mut *out, &object)?;
    writeln!(out)?;
    Ok(())
}

fn person_json(
    person: &Person,
    codes: &[(CompetencyId, String, String)],
    object: &mut Map<String, Json>,
) {
    let code = |cell: &Cell| {
        let found = codes.iter().find(|(id, _, _)| *id == cell.competency);
        found.map_or(String::new(), |(_, code, _)| code.clone())
    };
    let cells = person.cells.iter().map(|cell| {
        json!({"code": code(cell), "required": cell.required, "actual": cell.actual, "gap": cell.gap()})
    });
    let trainings = person.trainings.iter().map(|training| {
        json!({"session": RecordId::from(training.session), "programme": training.programme,
               "start": training.start, "end": training.end, "jp": training.jp})
    });
    let decimal = |number| {
        let raw = percent(number)?;
        serde_json::from_str::<Json>(raw.get()).ok()
    };
    object.insert("unit_path".into(), json!(path_text(&person.unit_path)));
    object.insert("position".into(), json!(person.position.as_ref().map(|p| &p.title)));
    let level = person.position.as_ref().and_then(crate::domain::kinds::position::Position::level);
    object.insert("job_level".into(), json!(level));
    object.insert("cells".into(), cells.collect());
    object.insert("jpm".into(), json!(decimal(person.figures.jpm())));
    object.insert("jpm_capped".into(), json!(decimal(person.figures.jpm_capped())));
    object.insert("below".into(), json!(person.figures.below));
    object.insert("jp".into(), json!(person.jp));
    object.insert("trainings".into(), trainings.collect());
}

fn text(
    client: &mut Client,
    stored: &Stored,
    with_history: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    writeln!(out, "{}  ({})", title(client, &stored.record)?, stored.id)?;
    let mut table = PlainTable::plain(&[Align::Left, Align::Left], 2);
    let fields = stored.record.fields();
    for field in stored.id.kind.fields() {
        let Some(value) = fields.get(field.name) else { continue };
        let Some(words) = field_text(client, field.shape, value)? else { continue };
        for (place, line) in wrap(&words, TEXT_WIDTH).into_iter().enumerate() {
            let name = || i18n::field_of(stored.id.kind, field.name);
            let label = if place == 0 { name() } else { String::new() };
            table.row(vec![label, line]);
        }
    }
    table.print(out)?;
    if let Record::Competency(competency) = &stored.record {
        levels_text(competency, out)?;
    }
    if let Some(person) = person_of(client, stored)? {
        let codes = codes(client)?;
        person_text(&person, &codes, out)?;
    }
    if with_history {
        writeln!(out, "\n{}", t!("show.history"))?;
        each_entry(client, stored.id, &mut |client, line| {
            history::print_entry(client, line, Some(stored.id), out)
        })?;
    }
    Ok(())
}

/// What a record is called: for those that only point at others, what they point at.
fn title(client: &mut Client, record: &Record) -> Result<String, Problem> {
    let parts = match record {
        Record::Rating(_) | Record::Session(_) | Record::Enrolment(_) | Record::Standard(_) => {
            record.references()
        }
        _ => return Ok(record.label()),
    };
    let mut labels = Vec::new();
    for id in parts {
        labels.push(label_of(client, id)?);
    }
    Ok(labels.join(", "))
}

fn label_of(client: &mut Client, id: RecordId) -> Result<String, Problem> {
    let Some(stored) = client.get(id)? else { return Ok(id.to_string()) };
    match &stored.record {
        Record::Session(session) => {
            let start = session.start.map(i18n::date).unwrap_or_default();
            let programme = client.get(session.programme.into())?;
            let programme = programme.map(|stored| stored.record.label()).unwrap_or_default();
            Ok(format!("{programme} {start}"))
        }
        record => Ok(record.label()),
    }
}

/// A field's value in words; `None` for lists that are shown elsewhere.
fn field_text(client: &mut Client, shape: Shape, value: &Json) -> Result<Option<String>, Problem> {
    let plain = || value.as_str().map_or_else(|| value.to_string(), str::to_string);
    Ok(Some(match shape {
        Shape::List => return Ok(None),
        Shape::Reference(kind) => {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
            match number {
                Some(number) => label_of(client, RecordId::new(kind, number))?,
                None => plain(),
            }
        }
        Shape::References(kind) => {
            let mut labels = Vec::new();
            for number in numbers(value) {
                labels.push(label_of(client, RecordId::new(kind, number))?);
            }
            labels.join("; ")
        }
        Shape::Date => plain().parse().map_or_else(|_| plain(), i18n::date),
        Shape::Moment => plain().parse().map_or_else(|_| plain(), i18n::moment),
        Shape::Choice(_) => i18n::choice(&plain()),
        Shape::Flag => i18n::value(&Value::Flag(value.as_bool().unwrap_or_default())),
        Shape::Number => {
            let text = plain();
            let number = crate::domain::number::EmployeeNumber::parse(&text);
            number.map_or(text, |number| format!("{number:#}"))
        }
        _ => plain(),
    }))
}

/// What each level means and how it is recognised.
fn levels_text(competency: &Competency, out: &mut dyn Write) -> Result<(), Failure> {
    for (number, level) in (1..).zip(&competency.levels) {
        writeln!(out, "\n{}", t!("show.level", level = number))?;
        for line in wrap(&format!("  {}", level.description), LINE) {
            writeln!(out, "{line}")?;
        }
        for indicator in &level.indicators {
            for line in wrap(&format!("  - {indicator}"), LINE) {
                writeln!(out, "{line}")?;
            }
        }
    }
    Ok(())
}

fn person_text(
    person: &Person,
    codes: &[(CompetencyId, String, String)],
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut table = PlainTable::plain(&[Align::Left, Align::Left], 2);
    let place = path_text(&person.unit_path);
    table.row(vec![i18n::field_of(Kind::Employees, "unit_path"), place]);
    let level = person.position.as_ref().and_then(crate::domain::kinds::position::Position::level);
    let level = level.map(|level| i18n::choice(level.code())).unwrap_or_default();
    table.row(vec![i18n::field_of(Kind::Employees, "job_level"), level]);
    for (year, jp) in &person.jp {
        table.row(vec![t!("show.jp", year = year).into_owned(), i18n::whole(*jp)]);
    }
    table.print(out)?;
    writeln!(out, "\n{}", t!("show.competencies"))?;
    let heads = ["show.code", "show.competency", "show.required", "show.actual", "show.gap"];
    let aligns = [Align::Left, Align::Left, Align::Right, Align::Right, Align::Right];
    let mut table = PlainTable::new(heads.map(|key| t!(key).into_owned()).into_iter().zip(aligns));
    let number = |number: Option<u8>| number.map_or_else(|| ".".into(), |n| n.to_string());
    for cell in &person.cells {
        let found = codes.iter().find(|(id, _, _)| *id == cell.competency);
        let (code, name) =
            found.map_or_else(Default::default, |(_, code, name)| (code.clone(), name.clone()));
        let gap = cell.gap().map_or_else(|| ".".into(), |gap| format!("{gap:+}"));
        table.row(vec![code, name, number(cell.required), number(cell.actual), gap]);
    }
    table.print(out)?;
    let figures = person.figures;
    if let (Some(jpm), Some(capped)) = (figures.jpm(), figures.jpm_capped()) {
        let (jpm, capped) = (i18n::hundredths(jpm), i18n::hundredths(capped));
        writeln!(out, "{}", t!("show.jpm", jpm = jpm, capped = capped, below = figures.below))?;
    }
    if !person.trainings.is_empty() {
        writeln!(out, "\n{}", t!("show.trainings"))?;
        let mut table = PlainTable::plain(&[Align::Left, Align::Left, Align::Right], 2);
        for training in &person.trainings {
            let date = training.end.or(training.start).map(i18n::date).unwrap_or_default();
            table.row(vec![date, training.programme.clone(), format!("{} JP", training.jp)]);
        }
        table.print(out)?;
    }
    Ok(())
}
