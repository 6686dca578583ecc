//! `kompeten matrix`: what is required and what is there, person by competency, with
//! JPM raw and capped and the number below standard.

use std::io::Write;

use serde::Serialize;
use serde_json::value::RawValue;

use super::args::{ListFormat, Matrix as Args};
use super::client::Client;
use super::export::{failure_of, say_restricted};
use super::fault::{Exit, Failure};
use super::percent::percent;
use super::table::Table;
use super::{Context, say};
use crate::domain::column::Align;
use crate::exchange::{Destination, Format};
use crate::i18n::{self, t};
use crate::jobs::Progress;
use crate::jobs::export::{self, each_matrix_page};
use crate::protocol::{Matrix, MatrixQuery, MatrixRow, PAGE_MAX};

#[derive(Serialize)]
struct CompetencyJson<'a> {
    code: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct CellJson<'a> {
    code: &'a str,
    required: Option<u8>,
    actual: Option<u8>,
    gap: Option<i8>,
}

#[derive(Serialize)]
struct RowJson<'a> {
    nip: &'a str,
    name: &'a str,
    position: &'a str,
    job_level: Option<&'static str>,
    cells: Vec<CellJson<'a>>,
    jpm: Option<Box<RawValue>>,
    jpm_capped: Option<Box<RawValue>>,
    below: u32,
}

pub fn run(args: &Args, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    let query = MatrixQuery {
        unit: client.unit(args.unit.as_deref())?,
        search: args.search.clone(),
        at: args.at,
        offset: 0,
        limit: PAGE_MAX,
        anchor: None,
        // What is not for a terminal is for a file.
        export: args.format != ListFormat::Table,
        since: None,
    };
    match args.format {
        ListFormat::Table => table(&mut client, &query, out)?,
        ListFormat::Json => json(&mut client, &query, out)?,
        ListFormat::Csv => {
            let ask = &mut |request| client.ask(request);
            let to = Destination::Stdout;
            let written = export::matrix(ask, &query, &to, Format::Csv, &Progress::silent())
                .map_err(|error| failure_of(&error, &to))?;
            say_restricted(written.restricted);
        }
    }
    Ok(Exit::Done)
}

fn json(client: &mut Client, query: &MatrixQuery, out: &mut dyn Write) -> Result<(), Failure> {
    let mut begun = false;
    let mut first = true;
    let mut restricted = 0;
    each_matrix_page(&mut |request| client.ask(request), query, &mut |page| {
        if !begun {
            begun = true;
            restricted = page.restricted;
            let competencies: Vec<_> = page
                .competencies
                .iter()
                .map(|c| CompetencyJson { code: &c.code, name: &c.name })
                .collect();
            writeln!(
                out,
                r#"{{"unit":{},"at":{},"competencies":{},"rows":["#,
                serde_json::to_string(&page.unit)?,
                serde_json::to_string(&page.at)?,
                serde_json::to_string(&competencies)?
            )?;
        }
        for row in &page.rows {
            if !first {
                out.write_all(b",\n")?;
            }
            first = false;
            serde_json::to_writer(&mut *out, &row_json(page, row))?;
        }
        Ok::<(), Failure>(())
    })?;
    out.write_all(b"]}\n")?;
    say_restricted(restricted);
    Ok(())
}

fn row_json<'a>(page: &'a Matrix, row: &'a MatrixRow) -> RowJson<'a> {
    let cells = page.competencies.iter().zip(&row.cells).map(|(competency, cell)| CellJson {
        code: &competency.code,
        required: cell.required,
        actual: cell.actual,
        gap: cell.gap(),
    });
    RowJson {
        nip: &row.nip,
        name: &row.name,
        position: &row.position,
        job_level: row.job_level.map(crate::domain::kinds::position::JobLevel::code),
        cells: cells.collect(),
        jpm: percent(row.figures.jpm()),
        jpm_capped: percent(row.figures.jpm_capped()),
        below: row.figures.below,
    }
}

/// Level and sign of the gap, as on screen: `2-` is below standard, `3+` above it.
fn table(client: &mut Client, query: &MatrixQuery, out: &mut dyn Write) -> Result<(), Failure> {
    let mut table: Option<Table> = None;
    let mut foot = String::new();
    each_matrix_page(&mut |request| client.ask(request), query, &mut |page| {
        let table = table.get_or_insert_with(|| {
            let codes = page.competencies.iter().map(|c| (c.code.clone(), Align::Left));
            let name = (t!("matrix_table.name").into_owned(), Align::Left);
            let figures = ["matrix_table.jpm", "matrix_table.below"];
            let figures = figures.map(|key| (t!(key).into_owned(), Align::Right));
            Table::new(std::iter::once(name).chain(codes).chain(figures))
        });
        for row in &page.rows {
            let mut cells = vec![row.name.clone()];
            cells.extend(row.cells.iter().map(|cell| {
                let sign = match cell.gap() {
                    Some(gap) if gap < 0 => "-",
                    Some(gap) if gap > 0 => "+",
                    _ => "",
                };
                cell.actual.map_or_else(|| ".".to_string(), |level| format!("{level}{sign}"))
            }));
            cells.push(row.figures.jpm().map_or_else(String::new, i18n::hundredths));
            cells.push(row.figures.below.to_string());
            table.row(cells);
        }
        foot = t!(
            "cli.matrix_of",
            people = i18n::whole(page.matched),
            unit = page.unit.clone().unwrap_or_else(|| t!("cli.whole_office").into_owned()),
            at = i18n::date(page.at)
        )
        .into_owned();
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
