//! `kompeten cycle`: an assessment cycle from proposing raters to its closing. Which cycle is
//! meant is said by its name or number; it is made with `kompeten add cycles`.

use std::io::Write;

use serde_json::{Value as Json, json};

use super::client::{Client, step, tell_saved};
use super::cycle_args::{CycleArgs, CycleDo, KeyArgs, OfCycle, SheetsArgs, ShowCycle, TickArgs};
use super::export::write_failure;
use super::fault::{Exit, Failure};
use super::table::PlainTable;
use super::values::TableFormat;
use super::{Context, say};
use crate::domain::column::Align;
use crate::domain::fault::{Fault, Reason};
use crate::domain::record::{CycleId, Kind, Record, RecordId, UnitId};
use crate::domain::value::Value;
use crate::exchange::{Destination, FileError, read_sheets};
use crate::i18n::{self, t};
use crate::jobs::cycle_sheets::write_sheets;
use crate::protocol::{
    Answer, CycleAct, CyclePage, CycleUnit, KeyedSheet, ListQuery, PAGE_MAX, Problem, Request, Row,
    SheetsPage, SortKey,
};

pub fn run(args: &CycleArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut client = Client::open(context)?;
    match &args.act {
        CycleDo::Show(args) => show(&mut client, args, out),
        CycleDo::Propose(of) => act(&mut client, of, CycleAct::Propose),
        CycleDo::Make(of) => act(&mut client, of, CycleAct::MakeSheets),
        CycleDo::Collect(of) => act(&mut client, of, CycleAct::Collect),
        CycleDo::Close(of) => act(&mut client, of, CycleAct::Close),
        CycleDo::Sheets(args) => sheets(&mut client, args),
        CycleDo::Key(args) => key(&mut client, args, out),
        CycleDo::Tick(args) => tick(&mut client, args),
        CycleDo::Remind(args) => remind(&mut client, args, out),
    }
}

fn found(client: &mut Client, text: &str) -> Result<CycleId, Failure> {
    Ok(CycleId(client.find(Kind::Cycles, text)?.id.number))
}

fn page(client: &mut Client, cycle: CycleId) -> Result<CyclePage, Failure> {
    match client.ask(Request::Cycle(cycle))? {
        Answer::Cycle(page) => Ok(*page),
        _ => Err(Problem::Closed.into()),
    }
}

fn act(client: &mut Client, of: &OfCycle, act: CycleAct) -> Result<Exit, Failure> {
    let cycle = found(client, &of.cycle)?;
    let saved = client.save(Request::Assess { step: step(&of.why), cycle, act })?;
    tell_saved(&saved);
    Ok(Exit::Done)
}

/// How far it has come, by unit.
fn show(client: &mut Client, args: &ShowCycle, out: &mut dyn Write) -> Result<Exit, Failure> {
    let cycle = found(client, &args.cycle)?;
    let page = page(client, cycle)?;
    if args.shown.format == TableFormat::Json {
        let units = page.units.iter().map(|unit| {
            json!({"unit": unit.name, "people": unit.people, "raters": unit.raters,
                   "returned": unit.returned, "sheets": unit.sheets, "keyed": unit.keyed})
        });
        let codes: Vec<&str> = page.competencies.iter().map(|one| one.code.as_str()).collect();
        let json = json!({"id": RecordId::from(page.id), "name": page.cycle.name,
            "stage": page.cycle.stage().code(), "competencies": codes,
            "minimum": page.cycle.minimum(), "units": units.collect::<Json>()});
        writeln!(out, "{json}")?;
        return Ok(Exit::Done);
    }
    say(&t!(
        "cycle.about",
        name = page.cycle.name,
        stage = i18n::choice(page.cycle.stage().code()),
        count = page.competencies.len()
    ));
    let head = |name| i18n::find(&format!("cycle.head_{name}")).unwrap_or_default();
    let counts = CycleUnit::COUNTS.map(|name| (head(name), Align::Right));
    let mut table = PlainTable::new([(head("unit"), Align::Left)].into_iter().chain(counts));
    let all = CycleUnit { name: t!("cycle.all").into(), ..page.all.clone() };
    for unit in page.units.iter().chain([&all]) {
        let counts = unit.counts().into_iter().map(i18n::whole);
        table.row([unit.name.clone()].into_iter().chain(counts).collect());
    }
    table.print(out)?;
    Ok(Exit::Done)
}

fn all_sheets(
    client: &mut Client,
    cycle: CycleId,
    unit: Option<UnitId>,
) -> Result<SheetsPage, Failure> {
    let mut all = SheetsPage::default();
    loop {
        let offset = all.sheets.len() as u32;
        let Answer::Sheets(page) = client.ask(Request::Sheets { cycle, unit, offset })? else {
            return Err(Problem::Closed.into());
        };
        (all.competencies, all.total) = (page.competencies, page.total);
        let last = page.sheets.is_empty();
        all.sheets.extend(page.sheets);
        if last || all.sheets.len() as u32 >= all.total {
            return Ok(all);
        }
    }
}

/// The blank sheets, to be printed or filled in.
fn sheets(client: &mut Client, args: &SheetsArgs) -> Result<Exit, Failure> {
    let cycle = found(client, &args.cycle)?;
    let unit = client.unit(args.unit.as_deref())?;
    let name = page(client, cycle)?.cycle.name;
    let all = all_sheets(client, cycle, unit)?;
    if all.sheets.is_empty() {
        return Err(Failure::Failed(t!("cycle.no_sheets").into_owned()));
    }
    let blank: Vec<_> = all.sheets.into_iter().filter(|sheet| !sheet.keyed).collect();
    let to = args.out.as_deref().map_or(Destination::Stdout, Destination::from_arg);
    write_sheets(&to, &name, &all.competencies, &blank)
        .map_err(|error| write_failure(&error, &to))?;
    say(&t!("cycle.written", count = blank.len()));
    Ok(Exit::Done)
}

/// Filled sheets: the good ones are saved together, each of the others is told with its line.
fn key(client: &mut Client, args: &KeyArgs, out: &mut dyn Write) -> Result<Exit, Failure> {
    let cycle = found(client, &args.cycle)?;
    let asked = page(client, cycle)?.competencies;
    let asked: Vec<_> = asked.into_iter().map(|one| (one.code, one.name)).collect();
    let unread = |error: FileError| {
        let text = i18n::filled(&format!("file.{}", error.code()), &error.args());
        Failure::Failed(format!("{}: {text}", args.file.display()))
    };
    let Some(rows) = read_sheets(&args.file, &asked).map_err(unread)? else {
        let codes: Vec<&str> = asked.iter().map(|(code, _)| code.as_str()).collect();
        let text = t!("cycle.no_heading", codes = codes.join(", "));
        return Err(Failure::Failed(text.into_owned()));
    };
    let total = rows.len();
    let mut refused: Vec<(u32, String, Fault)> = Vec::new();
    let mut good: Vec<(u32, KeyedSheet)> = Vec::new();
    for (line, code, sheet) in rows {
        match sheet {
            Ok(levels) => good.push((line, KeyedSheet { code, levels })),
            Err(fault) => refused.push((line, code, fault)),
        }
    }
    let mut seq = None;
    while !good.is_empty() {
        let sheets = good.iter().map(|(_, sheet)| sheet.clone()).collect();
        let request = Request::Assess { step: step(&args.why), cycle, act: CycleAct::Key(sheets) };
        match client.ask(request) {
            Ok(Answer::Saved(saved)) => {
                tell_saved(&saved);
                seq = saved.seq;
                break;
            }
            // Those it names are left out, and the rest is tried again.
            Err(Problem::Invalid(faults)) if faults.iter().all(|(_, f)| of_a_sheet(f)) => {
                let mut at = 0;
                good.retain(|(line, sheet)| {
                    let fault = faults.iter().find(|(index, _)| *index == at);
                    at += 1;
                    refused
                        .extend(fault.map(|(_, fault)| (*line, sheet.code.clone(), fault.clone())));
                    fault.is_none()
                });
            }
            Ok(_) => return Err(Problem::Closed.into()),
            Err(problem) => return Err(problem.into()),
        }
    }
    refused.sort_by_key(|(line, ..)| *line);
    let message = |fault: &Fault| i18n::reason(fault.reason, &fault.detail);
    if args.json {
        let rejected = refused.iter().map(|(line, code, fault)| {
            json!({"line": line, "code": code, "column": fault.field,
                   "reason": fault.reason.code(), "message": message(fault)})
        });
        let json = json!({"rows": total, "accepted": good.len(),
            "rejected": rejected.collect::<Json>(), "seq": seq});
        writeln!(out, "{json}")?;
    } else {
        for (line, code, fault) in &refused {
            say(&t!("cycle.refused", line = line, code = code, why = message(fault)));
        }
        say(&t!("cycle.keyed", accepted = good.len(), rows = total));
    }
    Ok(match (refused.is_empty(), good.is_empty()) {
        (true, _) => Exit::Done,
        (false, true) => Exit::Failed,
        (false, false) => Exit::Part,
    })
}

fn of_a_sheet(fault: &Fault) -> bool {
    matches!(
        fault.reason,
        Reason::SheetUnknown
            | Reason::SheetKeyed
            | Reason::ScoresMissing
            | Reason::LevelRange
            | Reason::Restricted
    )
}

/// Raters of a cycle, those that have not answered first if only they are meant.
fn raters(client: &mut Client, of: RecordId, columns: &[&str]) -> Result<Vec<Row>, Failure> {
    let columns = columns.iter().map(ToString::to_string).collect();
    let sort = vec![SortKey { column: "rater".into(), descending: false }];
    let mut query = ListQuery { of: Some(of), columns, sort, ..ListQuery::all(Kind::Raters) };
    let mut all = Vec::new();
    loop {
        let Answer::Page(page) = client.ask(Request::List(query.clone()))? else {
            return Err(Problem::Closed.into());
        };
        let last = page.rows.is_empty();
        all.extend(page.rows);
        if last || all.len() as u32 >= page.matched {
            return Ok(all);
        }
        query.offset += PAGE_MAX.min(all.len() as u32 - query.offset);
    }
}

/// Who has returned a sheet about whom: ticked apart from the sheets.
fn tick(client: &mut Client, args: &TickArgs) -> Result<Exit, Failure> {
    let cycle = found(client, &args.cycle)?;
    let person = client.find(Kind::Employees, &args.person)?.id;
    let mut known = Vec::new();
    for row in raters(client, person, &["group"])? {
        let stored = client.get(RecordId::new(Kind::Raters, row.number))?;
        if let Some(Record::Rater(rater)) = stored.map(|stored| stored.record)
            && (rater.cycle, rater.employee.0) == (cycle, person.number)
        {
            known.push((rater.rater.0, row.number));
        }
    }
    let mut ids = Vec::new();
    for rater in &args.raters {
        let rater = client.find(Kind::Employees, rater)?.id.number;
        let none = || Failure::Failed(t!("cycle.no_such_rater").into_owned());
        let (_, number) = known.iter().rfind(|(who, _)| *who == rater).ok_or_else(none)?;
        ids.push(*number);
    }
    let value = if args.clear { String::new() } else { json!(client.info.today).to_string() };
    let field = "returned".to_string();
    let step = step("");
    let saved = client.save(Request::SetField { step, kind: Kind::Raters, ids, field, value })?;
    tell_saved(&saved);
    Ok(Exit::Done)
}

/// Who has not returned a sheet yet.
fn remind(client: &mut Client, args: &ShowCycle, out: &mut dyn Write) -> Result<Exit, Failure> {
    let cycle = found(client, &args.cycle)?;
    let rows = raters(client, cycle.into(), &["rater", "name", "unit", "group", "returned"])?;
    let waiting: Vec<Row> =
        rows.into_iter().filter(|row| row.cells.last().is_some_and(Value::is_empty)).collect();
    if args.shown.format == TableFormat::Json {
        let one = |row: &Row| {
            let text = |at: usize| match row.cells.get(at) {
                Some(Value::Text(text) | Value::Choice(text)) => json!(text),
                _ => Json::Null,
            };
            json!({"rater": text(0), "about": text(1), "group": text(3)})
        };
        writeln!(out, "{}", waiting.iter().map(one).collect::<Json>())?;
        return Ok(Exit::Done);
    }
    let heads = ["rater", "about", "relation"];
    let heads = heads.map(|name| i18n::find(&format!("cycle.head_{name}")).unwrap_or_default());
    let mut table = PlainTable::new(heads.map(|head| (head, Align::Left)));
    for row in &waiting {
        let cell = |at: usize| row.cells.get(at).map(i18n::value).unwrap_or_default();
        table.row(vec![cell(0), cell(1), cell(3)]);
    }
    table.print(out)?;
    say(&t!("cycle.waiting", count = waiting.len()));
    Ok(Exit::Done)
}
