//! `kompeten matrix`: the report `matrix` in the shape scripts have relied on before there
//! were reports, and as a table with the level and the sign of the gap in one cell. Who is
//! in it, and what each has, is the report's alone.

use std::collections::HashMap;
use std::io::Write;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use super::args::MatrixArgs as Args;
use super::client::Client;
use super::export::{say_restricted, write_failure};
use super::fault::{Exit, Failure};
use super::percent::percent;
use super::table::PlainTable;
use super::values::ListFormat;
use super::{Context, say};
use crate::domain::column::Align;
use crate::domain::record::{Kind, Record};
use crate::domain::value::Value;
use crate::exchange::{Destination, Format, Writer};
use crate::i18n::{self, t};
use crate::jobs::export::{each_page, each_report_page};
use crate::protocol::{ListQuery, Problem, ReportQuery, Table as Page};

#[derive(Serialize)]
struct CellJson<'a> {
    code: &'a str,
    required: Option<i64>,
    actual: Option<i64>,
    gap: Option<i64>,
}

#[derive(Serialize)]
struct RowJson<'a> {
    nip: &'a str,
    name: &'a str,
    position: &'a str,
    job_level: Option<&'a str>,
    cells: Vec<CellJson<'a>>,
    jpm: Option<Box<RawValue>>,
    jpm_capped: Option<Box<RawValue>>,
    below: i64,
}

const PERSON: [&str; 4] = ["nip", "name", "position", "job_level"];
/// What the report has of each competency, behind its code.
const PARTS: [&str; 3] = ["required", "actual", "gap"];
const FIGURES: [&str; 3] = ["jpm", "jpm_capped", "below"];

pub fn run(args: &Args, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let query = ReportQuery {
        unit: client.unit(args.unit.as_deref())?,
        search: client.search(Kind::Employees, &args.search),
        at: args.at,
        // What is not for a terminal is for a file.
        export: args.format != ListFormat::Table,
        ..ReportQuery::of("matrix")
    };
    match args.format {
        ListFormat::Table => table(&mut client, &query, out)?,
        ListFormat::Json => json(&mut client, &query, out)?,
        ListFormat::Csv => csv(&mut client, &query)?,
    }
    Ok(Exit::Done)
}

/// Where in the report's columns stands what this command shows.
struct Places {
    person: [usize; PERSON.len()],
    /// Code, and its [`PARTS`].
    competencies: Vec<(String, [usize; PARTS.len()])>,
    figures: [usize; FIGURES.len()],
}

impl Places {
    fn of(page: &Page) -> Self {
        let at = |key: &str| {
            page.columns.iter().position(|column| column.key == key).unwrap_or(usize::MAX)
        };
        let codes = page.columns.iter().filter_map(|column| column.key.strip_suffix(" actual"));
        let parts = |code: &str| PARTS.map(|part| at(&format!("{code} {part}")));
        Self {
            person: PERSON.map(at),
            competencies: codes.map(|code| (code.to_string(), parts(code))).collect(),
            figures: FIGURES.map(at),
        }
    }

    /// All of them, in the order scripts have relied on.
    fn all(&self) -> impl Iterator<Item = usize> {
        let parts = self.competencies.iter().flat_map(|(_, parts)| parts);
        self.person.iter().chain(parts).chain(&self.figures).copied()
    }

    fn row<'a>(&'a self, cells: &'a [Value]) -> RowJson<'a> {
        let at = |place: usize| cells.get(place).unwrap_or(&Value::Empty);
        let text = |place: usize| match at(place) {
            Value::Text(text) | Value::Choice(text) => Some(text.as_str()),
            _ => None,
        };
        let number = |place: usize| match at(place) {
            Value::Whole(number) | Value::Hundredths(number) => Some(*number),
            _ => None,
        };
        let share = |place| percent(number(place).and_then(|share| u32::try_from(share).ok()));
        let [nip, name, position, job_level] = self.person.map(text);
        let [jpm, jpm_capped, below] = self.figures;
        let cell = |(code, parts): &'a (String, [usize; 3])| {
            let [required, actual, gap] = parts.map(number);
            CellJson { code, required, actual, gap }
        };
        RowJson {
            nip: nip.unwrap_or_default(),
            name: name.unwrap_or_default(),
            position: position.unwrap_or_default(),
            job_level,
            cells: self.competencies.iter().map(cell).collect(),
            jpm: share(jpm),
            jpm_capped: share(jpm_capped),
            below: number(below).unwrap_or(0),
        }
    }
}

/// The report page by page, with where its columns stand.
fn each<E: From<Problem>>(
    client: &mut Client,
    query: &ReportQuery,
    each: &mut dyn FnMut(&Places, &Page) -> Result<(), E>,
) -> Result<(), E> {
    let mut places = None;
    each_report_page(&mut |request| client.ask(request), query, u32::MAX, &mut |page| {
        each(places.get_or_insert_with(|| Places::of(page)), page)
    })
}

/// What the unit asked for is called.
fn unit_of(client: &mut Client, query: &ReportQuery) -> Result<Option<String>, Failure> {
    let Some(unit) = query.unit else { return Ok(None) };
    match client.get(unit.into())?.map(|stored| stored.record) {
        Some(Record::Unit(unit)) => Ok(Some(unit.name)),
        _ => Ok(None),
    }
}

/// What the competencies are called, by their codes.
fn names(client: &mut Client) -> Result<HashMap<String, String>, Failure> {
    let columns = ["code", "name"].map(String::from).to_vec();
    let query = ListQuery { columns, ..ListQuery::all(Kind::Competencies) };
    let mut names = HashMap::new();
    each_page(&mut |request| client.ask(request), &query, u32::MAX, &mut |page| {
        names.extend(page.rows.iter().filter_map(|row| match &row.cells[..] {
            [Value::Text(code), Value::Text(name)] => Some((code.clone(), name.clone())),
            _ => None,
        }));
        Ok::<(), Failure>(())
    })?;
    Ok(names)
}

fn json(client: &mut Client, query: &ReportQuery, out: &mut dyn Write) -> Result<(), Failure> {
    let (unit, names) = (unit_of(client, query)?, names(client)?);
    let mut rows = 0_u64;
    let mut restricted = 0;
    each(client, query, &mut |places, page| {
        if page.offset == 0 {
            restricted = page.restricted;
            let competency = |(code, _): &'_ (String, _)| {
                let name = names.get(code).cloned().unwrap_or_default();
                json!({"code": code, "name": name})
            };
            let competencies: Json = places.competencies.iter().map(competency).collect();
            writeln!(
                out,
                r#"{{"unit":{},"at":"{}","competencies":{competencies},"rows":["#,
                json!(unit),
                page.at
            )?;
        }
        for row in &page.rows {
            if rows > 0 {
                out.write_all(b",\n")?;
            }
            rows += 1;
            serde_json::to_writer(&mut *out, &places.row(&row.cells))?;
        }
        Ok::<(), Failure>(())
    })?;
    out.write_all(b"]}\n")?;
    say_restricted(restricted);
    Ok(())
}

fn csv(client: &mut Client, query: &ReportQuery) -> Result<(), Failure> {
    let to = Destination::Stdout;
    let mut writer: Option<Writer> = None;
    let mut restricted = 0;
    each(client, query, &mut |places, page| {
        restricted = page.restricted;
        let failed = |error| write_failure(&error, &to);
        let writer = if let Some(writer) = &mut writer {
            writer
        } else {
            let heads = places.all().filter_map(|at| page.columns.get(at));
            let heads: Vec<&str> = heads.map(|column| column.key.as_str()).collect();
            writer.insert(Writer::create(&to, Format::Csv, "matrix", &heads).map_err(failed)?)
        };
        page.rows.iter().try_for_each(|row| {
            let cells = places.all().filter_map(|at| row.cells.get(at));
            writer.row(cells).map_err(failed)
        })
    })?;
    if let Some(writer) = writer {
        writer.finish().map_err(|error| write_failure(&error, &to))?;
    }
    say_restricted(restricted);
    Ok(())
}

/// Level and sign of the gap, as on screen: `2-` is below standard, `3+` above it.
fn table(client: &mut Client, query: &ReportQuery, out: &mut dyn Write) -> Result<(), Failure> {
    let unit = unit_of(client, query)?.unwrap_or_else(|| t!("cli.whole_office").into_owned());
    let mut table: Option<PlainTable> = None;
    let mut foot = String::new();
    each(client, query, &mut |places, page| {
        let table = table.get_or_insert_with(|| {
            let codes = places.competencies.iter().map(|(code, _)| (code.clone(), Align::Left));
            let name = (t!("matrix_table.name").into_owned(), Align::Left);
            let figures = ["matrix_table.jpm", "matrix_table.below"];
            let figures = figures.map(|key| (t!(key).into_owned(), Align::Right));
            PlainTable::new(std::iter::once(name).chain(codes).chain(figures))
        });
        for row in &page.rows {
            let jpm = row.cells.get(places.figures[0]).map_or_else(String::new, i18n::value);
            let row = places.row(&row.cells);
            let mut cells = vec![row.name.to_string()];
            cells.extend(row.cells.iter().map(level));
            cells.extend([jpm, row.below.to_string()]);
            table.row(cells);
        }
        let (people, at) = (i18n::whole(page.matched), i18n::date(page.at));
        foot = t!("cli.matrix_of", people = people, unit = unit, at = at).into_owned();
        Ok::<(), Failure>(())
    })?;
    if let Some(table) = table {
        table.print(out)?;
    }
    out.flush()?;
    say(&foot);
    say(&t!("cli.matrix_legend"));
    Ok(())
}

fn level(cell: &CellJson) -> String {
    let sign = match cell.gap {
        Some(gap) if gap < 0 => "-",
        Some(gap) if gap > 0 => "+",
        _ => "",
    };
    cell.actual.map_or_else(|| ".".to_string(), |level| format!("{level}{sign}"))
}
