//! `kompeten list KIND`: what the lists of the screen hold, as a table, CSV or JSON.

use std::io::Write;

use super::args::ListArgs;
use super::client::Client;
use super::fault::{Exit, Failure};
use super::table::PlainTable;
use super::values::ListFormat;
use super::{Context, export, say};
use crate::domain::belongs::Owner;
use crate::domain::column::{Align, Column, is_year};
use crate::domain::jp::year_of;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{Kind, UnitId};
use crate::domain::value::Value;
use crate::domain::vocabulary::column_of;
use crate::exchange::{Destination, Format};
use crate::i18n::{self, t};
use crate::jobs::export::each_page;
use crate::protocol::{ListQuery, Page, SortKey};

/// Columns a person needs whole or not at all.
const WHOLE: &[&str] = &["nip", "start", "end", "date", "code", "competency"];
/// What a NIP takes in its groups.
const GROUPED_NIP: u16 = 21;

pub fn run(args: &ListArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let sort = sort_keys(args.kind, args.sort.as_deref().unwrap_or_default())?;
    let mut client = Client::open(context)?;
    for key in sort.iter().filter(|key| args.kind.column(&key.column).is_none()) {
        client.find(Kind::Competencies, &key.column)?;
    }
    let query = ListQuery {
        search: client.search(args.kind, &args.search),
        unit: unit_of(&mut client, args.kind, args.unit.as_deref())?,
        sort,
        ..ListQuery::all(args.kind)
    };
    let limit = args.limit.unwrap_or(u32::MAX);
    let format = match args.format {
        ListFormat::Table => return table(&mut client, &query, limit, out),
        ListFormat::Csv => Format::Csv,
        ListFormat::Json => Format::Json,
    };
    export::write(&mut client, &query, limit, &Destination::Stdout, format)?;
    Ok(Exit::Done)
}

/// The unit a list is narrowed down to; of what belongs to no unit there is nothing to
/// narrow down.
pub fn unit_of(
    client: &mut Client,
    kind: Kind,
    unit: Option<&str>,
) -> Result<Option<UnitId>, Failure> {
    if unit.is_some() && matches!(kind.belongs(), Owner::Office | Owner::Officer) {
        return Err(Failure::Usage(t!("usage.no_unit", kind = kind.name()).into_owned()));
    }
    client.unit(unit)
}

/// `grade,-name` as sort keys; a name that is no column is wrong usage.
pub fn sort_keys(kind: Kind, text: &str) -> Result<Vec<SortKey>, Failure> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| {
            let (column, descending) =
                name.strip_prefix('-').map_or((name, false), |name| (name, true));
            let known = |name: &str| kind.column(name).is_some();
            // Which competencies there are the office knows.
            let competency = kind == Kind::Employees && column.contains(char::is_numeric);
            let column = column_of(column, &known).or(competency.then(|| column.to_string()));
            let Some(column) = column else {
                let valid: Vec<_> = kind.columns().iter().map(|column| column.name).collect();
                let valid = valid.join(", ");
                let name = name.trim_start_matches('-');
                let text = t!("usage.no_such_column", name = name, valid = valid).into_owned();
                return Err(Failure::Usage(text));
            };
            Ok(SortKey { column, descending })
        })
        .collect()
}

fn table(
    client: &mut Client,
    query: &ListQuery,
    limit: u32,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let columns: Vec<&Column> = query.kind.columns().iter().filter(|c| c.shown).collect();
    let query = ListQuery {
        columns: columns.iter().map(|column| column.name.to_string()).collect(),
        ..query.clone()
    };
    let year = year_of(client.info.today);
    let mut table = PlainTable::new(
        columns.iter().map(|column| (heading(query.kind, column.name), column.align)),
    );
    for (place, column) in columns.iter().enumerate() {
        // A unit's code may be one of 36 characters that nobody reads, and its name is read.
        let worth_it = WHOLE.contains(&column.name) && query.kind != Kind::Units;
        if column.align == Align::Right || worth_it {
            table.keep_whole(place);
        }
    }
    let (mut matched, mut total) = (0, 0);
    each_page(&mut |request| client.ask(request), &query, limit, &mut |page: &Page| {
        (matched, total) = (page.matched, page.total);
        for row in &page.rows {
            let cells = columns.iter().zip(&row.cells);
            table.row(cells.map(|(column, cell)| shown(column, cell, year)).collect());
        }
        Ok::<(), Failure>(())
    })?;
    table.print(out)?;
    out.flush()?;
    let kind = i18n::kind(query.kind);
    let (matched, total) = (i18n::whole(matched), i18n::whole(total));
    say(&t!("cli.listed", matched = matched, total = total, kind = kind));
    Ok(Exit::Done)
}

/// What a table calls a column: its short heading, else what a form calls the field.
fn heading(kind: Kind, name: &str) -> String {
    i18n::find(&format!("column.{kind}.{name}"))
        .or_else(|| i18n::find(&format!("column.{name}")))
        .unwrap_or_else(|| i18n::field_of(kind, name))
}

/// A cell for a person: a NIP in groups where there is room, of the JP only this year's.
fn shown(column: &Column, cell: &Value, year: u16) -> String {
    match cell {
        Value::Text(text) if column.name == "nip" && column.width >= GROUPED_NIP => {
            EmployeeNumber::parse(text).map_or_else(|_| text.clone(), |nip| format!("{nip:#}"))
        }
        Value::Whole(number) if is_year(column.name) => number.to_string(),
        cell => cell.in_year(year).map_or_else(|| i18n::value(cell), i18n::whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sort_is_written_as_columns_with_a_minus_for_descending() {
        let keys = sort_keys(Kind::Employees, "grade,-name").unwrap();
        assert_eq!(keys.len(), 2);
        assert!(!keys[0].descending && keys[1].descending && keys[1].column == "name");
        assert!(matches!(sort_keys(Kind::Employees, "shoe"), Err(Failure::Usage(_))));
    }

    #[test]
    fn a_table_shows_this_years_jp_and_a_grouped_nip() {
        let years = Value::Years(vec![(2025, 40), (2026, 24)]);
        let column = |name| Kind::Employees.column(name).unwrap();
        assert_eq!(shown(column("jp"), &years, 2026), "24");
        assert_eq!(shown(column("jp"), &years, 2027), "0");
        let nip = Value::text("199001012015012001");
        assert_eq!(shown(column("nip"), &nip, 2026), "19900101 201501 2 001");
    }
}
