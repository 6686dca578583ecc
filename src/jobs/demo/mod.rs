//! A filled example: three kecamatan with their kelurahan, people, two years of ratings,
//! trainings past and coming, plans, mentoring, certificates and what is asked of the office. Everybody in it is invented; the numbers are valid and
//! plainly made up. The same on every run but for the dates, which follow today.
//!
//! Written through the ordinary requests, so that history, undo and search work on it.

mod assess;
mod before;
mod chance;
mod cycles;
mod growth;
mod papers;
mod people;
mod talent;
mod technical;
mod trainings;

use chrono::NaiveDate;

use super::{Asking, unexpected};
use crate::domain::change::{RequestId, Via};
use crate::domain::field::Field;
use crate::domain::intake::{CHUNK_ROWS, Intake, IntakeRow, RowData};
use crate::domain::kinds::employee::Employee;
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::kinds::performance::Performance;
use crate::domain::kinds::potential::Potential;
use crate::domain::kinds::rating::Rating;
use crate::domain::kinds::sanction::Sanction;
use crate::domain::kinds::setting::{OFFICE_NAME, SETTINGS, Setting};
use crate::domain::record::{EmployeeId, Kind, RecordId};
use crate::domain::record::{Record, Revision, Schema};
use crate::domain::value::Value;
use crate::protocol::{
    Answer, DraftRecord, ImportStart, ListQuery, PAGE_MAX, Problem, Request, Save, Saved, Step,
};

pub use before::Behind;

/// What the example office is called.
const NAME: &str = "Contoh: Plaju, Gayungan, Senapelan";

/// Fills an empty office whose clock is put back by `behind`.
pub fn fill(ask: &mut Asking, behind: &Behind, today: NaiveDate) -> Result<(), Problem> {
    let people = people::people(today);
    behind.stand_at(before::first_day(today), today);
    name_the_office(ask)?;
    let rows: Vec<_> = people.iter().map(|person| RowData::Employee(person.row())).collect();
    import(ask, "employees", Intake::Employees, fields_of(Employee::FIELDS), rows)?;
    let numbers = numbers(ask)?;
    let ids = growth::ids(&people, &numbers);
    before::plan(ask, &people, &ids, today)?;
    behind.stand_at(today, today);
    let ratings = assess::ratings(&people, today);
    let rows = ratings.into_iter().map(RowData::Plain).collect();
    import(ask, "ratings", Intake::Ratings, fields_of(Rating::FIELDS), rows)?;
    for (intake, columns, rows) in [
        (Intake::Performance, fields_of(Performance::FIELDS), talent::performances(&people, today)),
        (Intake::Potential, fields_of(Potential::FIELDS), talent::potentials(&people, today)),
        (Intake::Discipline, fields_of(Sanction::FIELDS), talent::sanctions(&people, today)),
        (Intake::Idp, fields_of(IdpLine::FIELDS), talent::plans(&people, today)),
    ] {
        import(
            ask,
            intake.name(),
            intake,
            columns,
            rows.into_iter().map(RowData::Plain).collect(),
        )?;
    }
    trainings::hold(ask, &people, &numbers, today)?;
    growth::write(ask, &ids, today)?;
    before::close(ask, &people, today)?;
    technical::write(ask, &people, &numbers, today)?;
    papers::write(ask, &people, &numbers, today)?;
    cycles::hold(ask, today)
}

fn name_the_office(ask: &mut Asking) -> Result<(), Problem> {
    let Some(def) = SETTINGS.iter().find(|def| def.name == OFFICE_NAME) else { return Ok(()) };
    let setting = Setting { name: def.name.into(), value: NAME.into() };
    let draft = DraftRecord {
        id: Some(RecordId::new(Kind::Settings, def.number)),
        base: Revision(0),
        record: setting.into(),
    };
    saved(ask(Request::Save(Save { step: step("office"), drafts: vec![draft] }))?).map(|_| ())
}

fn fields_of(fields: &[Field]) -> Vec<String> {
    fields.iter().map(|field| field.name.to_string()).collect()
}

fn import(
    ask: &mut Asking,
    name: &str,
    intake: Intake,
    columns: Vec<String>,
    rows: Vec<RowData>,
) -> Result<(), Problem> {
    let step = Step { via: Via::Import, ..step(name) };
    ask(Request::ImportStart(ImportStart { step, intake, columns, dry_run: false }))?;
    let mut rows = rows.into_iter().zip(1..).map(|(data, line)| IntakeRow { line, data });
    loop {
        let chunk: Vec<_> = rows.by_ref().take(CHUNK_ROWS).collect();
        if chunk.is_empty() {
            break;
        }
        ask(Request::ImportRows(chunk))?;
    }
    ask(Request::ImportFinish).map(|_| ())
}

/// Everybody's record number by NIP.
fn numbers(ask: &mut Asking) -> Result<Vec<(String, EmployeeId)>, Problem> {
    let mut query = ListQuery {
        columns: vec!["nip".into()],
        limit: PAGE_MAX,
        ..ListQuery::all(Kind::Employees)
    };
    let mut numbers = Vec::new();
    loop {
        let Answer::Page(page) = ask(Request::List(query.clone()))? else {
            return Err(unexpected());
        };
        for row in &page.rows {
            if let Some(Value::Text(nip)) = row.cells.first() {
                numbers.push((nip.clone(), EmployeeId(row.number)));
            }
        }
        query.offset = page.offset + page.rows.len() as u32;
        if page.rows.is_empty() || query.offset >= page.matched {
            return Ok(numbers);
        }
    }
}

fn save(ask: &mut Asking, name: &str, record: Record) -> Result<u32, Problem> {
    let draft = DraftRecord { id: None, base: Revision(0), record };
    let saved = saved(ask(Request::Save(Save { step: step(name), drafts: vec![draft] }))?)?;
    saved.ids.first().map(|id| id.number).ok_or_else(unexpected)
}

/// Many at once, as one step.
fn save_all(ask: &mut Asking, name: &str, records: Vec<Record>) -> Result<(), Problem> {
    let draft = |record| DraftRecord { id: None, base: Revision(0), record };
    let drafts = records.into_iter().map(draft).collect();
    saved(ask(Request::Save(Save { step: step(name), drafts }))?).map(|_| ())
}

fn saved(answer: Answer) -> Result<Saved, Problem> {
    match answer {
        Answer::Saved(saved) => Ok(saved),
        _ => Err(unexpected()),
    }
}

/// The office is fresh: a name that is unique within the example is unique in it.
fn step(name: &str) -> Step {
    Step { req: RequestId(format!("demo-{name}")), via: Via::Cli, why: String::new() }
}
