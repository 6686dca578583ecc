//! Writing a list out: page after page from the office into a file of the officer's,
//! exactly as filtered and sorted. A file appears whole or not at all.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::{Asking, Progress, unexpected};
use crate::domain::record::{Kind, Record, RecordId};
use crate::domain::value::Value;
use crate::exchange::{
    Destination, Format, Frame, ReportFormat, TextSheet, TotalsWords, WriteError, Writer, framework,
};
use crate::i18n;
use crate::protocol::{
    Answer, ListQuery, OfficeInfo, Opens, PAGE_MAX, Page, Problem, ReportQuery, Request, Table,
    TableRow,
};

pub use crate::exchange::PAPER;

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportError {
    File(WriteError),
    Office(Problem),
    Cancelled,
}

impl From<Problem> for ExportError {
    fn from(problem: Problem) -> Self {
        Self::Office(problem)
    }
}

impl From<WriteError> for ExportError {
    fn from(error: WriteError) -> Self {
        Self::File(error)
    }
}

/// What stands in a file now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub rows: u64,
    /// How many there would have been without a limit.
    pub matched: u64,
    /// People the file does without, since their processing is restricted.
    pub restricted: u32,
}

/// Whom a list is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBy {
    /// Scripts: names of columns and codes, the same in every language.
    Scripts,
    /// An officer, in their language: JP of this year alone, as a number.
    Officer { year: u16 },
}

impl ReadBy {
    /// What a column is called.
    fn heading(self, kind: Kind, name: &str) -> String {
        match self {
            Self::Scripts => name.to_string(),
            Self::Officer { year } if name == "jp" && kind == Kind::Employees => {
                format!("{} {year}", i18n::field_of(kind, name))
            }
            Self::Officer { .. } => i18n::field_of(kind, name),
        }
    }

    /// What stands in a cell.
    fn cell(self, value: &Value) -> Cow<'_, Value> {
        let Self::Officer { year } = self else { return Cow::Borrowed(value) };
        match value {
            Value::Choice(_) | Value::Left(_) | Value::Moment(_) | Value::Flag(true) => {
                Cow::Owned(Value::text(i18n::value(value)))
            }
            Value::Flag(false) => Cow::Owned(Value::Empty),
            value => value
                .in_year(year)
                .map_or(Cow::Borrowed(value), |jp| Cow::Owned(Value::Whole(jp.into()))),
        }
    }
}

/// Which rows of a list are written.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// At most so many.
    pub limit: u32,
    /// Only these, where there are any.
    pub marked: &'a [u32],
}

impl Rows<'_> {
    pub const fn first(limit: u32) -> Self {
        Self { limit, marked: &[] }
    }
}

/// Writes what `query` finds, as far as it is among the rows.
/// The query's own offset and limit are not looked at; without columns it takes all.
pub fn list(
    ask: &mut Asking,
    query: &ListQuery,
    rows: Rows,
    to: &Destination,
    format: Format,
    read_by: ReadBy,
    progress: &Progress,
) -> Result<Written, ExportError> {
    let mut query = query.clone();
    if query.columns.is_empty() {
        query.columns = query.kind.usual_columns().map(|column| column.name.into()).collect();
    }
    let heads: Vec<String> =
        query.columns.iter().map(|name| read_by.heading(query.kind, name)).collect();
    let mut names: Vec<&str> = heads.iter().map(String::as_str).collect();
    // Scripts name a record by it; files for people do without.
    let with_id = format == Format::Json;
    names.extend(with_id.then_some("id"));
    let mut writer = match read_by {
        ReadBy::Scripts => Writer::create(to, format, query.kind.name(), &names)?,
        ReadBy::Officer { .. } => Writer::for_officer(to, format, &i18n::kind(query.kind), &names)?,
    };
    let Rows { limit, marked } = rows;
    let (mut written, mut matched, mut restricted) = (0, 0, 0);
    each_page(ask, &query, limit, &mut |page| {
        for row in page.rows.iter().filter(|row| marked.is_empty() || marked.contains(&row.number))
        {
            written += 1;
            let id = with_id.then(|| RecordId::new(query.kind, row.number).to_string());
            let id = id.map(Value::text);
            let cells: Vec<Cow<Value>> = row.cells.iter().map(|one| read_by.cell(one)).collect();
            writer.row(cells.iter().map(Cow::as_ref).chain(&id))?;
        }
        (matched, restricted) = (page.matched, page.restricted);
        let read = u64::from(page.offset) + page.rows.len() as u64;
        progress.at(read, page.matched.min(limit).into());
        if progress.cancelled() { Err(ExportError::Cancelled) } else { Ok(()) }
    })?;
    Ok(Written { rows: writer.finish()?, matched: matched.into(), restricted })
}

/// Writes the competencies a search finds as a framework of Moodle; how many they are.
pub fn framework(ask: &mut Asking, search: &str, to: &Destination) -> Result<u32, ExportError> {
    let Answer::Welcome(info) = ask(Request::Welcome)? else { return Err(unexpected().into()) };
    let columns = vec!["code".to_string()];
    let search = search.to_string();
    let query = ListQuery { search, columns, ..ListQuery::all(Kind::Competencies) };
    let mut numbers = Vec::new();
    each_page(ask, &query, u32::MAX, &mut |page| {
        numbers.extend(page.rows.iter().map(|row| row.number));
        Ok::<(), ExportError>(())
    })?;
    let mut competencies = Vec::new();
    for number in numbers {
        let Answer::Record(stored) = ask(Request::Get(RecordId::new(query.kind, number)))? else {
            return Err(unexpected().into());
        };
        if let Some(Record::Competency(one)) = stored.map(|stored| stored.record) {
            competencies.extend(Some(one).filter(|one| !one.archived));
        }
    }
    framework::write(to, &info.name, &competencies)?;
    Ok(competencies.len() as u32)
}

/// What of a report is seen, and by whom.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen<'a> {
    /// The columns chosen for a sheet; without any those of the report itself.
    pub columns: &'a [String],
    /// The people whose lines alone are written; without any all lines are.
    pub marked: &'a [u32],
    /// By an officer at a screen, who opens the file by a double click.
    pub by_officer: bool,
}

impl Seen<'_> {
    fn has(&self, row: &TableRow) -> bool {
        self.marked.is_empty()
            || matches!(&row.opens, Some(Opens::Record(id))
                if id.kind == Kind::Employees && self.marked.contains(&id.number))
    }
}

/// Writes the rows of a report, at most `limit`, with what stands around them. On a sheet to
/// be printed stand the columns that are seen.
pub fn report(
    ask: &mut Asking,
    query: &ReportQuery,
    limit: u32,
    seen: &Seen,
    to: &Destination,
    format: ReportFormat,
    progress: &Progress,
) -> Result<Written, ExportError> {
    let Answer::Welcome(info) = ask(Request::Welcome)? else { return Err(unexpected().into()) };
    let printed = i18n::report_printed(&info, Utc::now());
    let mut writer: Option<Writer> = None;
    let (mut restricted, mut matched) = (0, 0);
    each_report_page(ask, query, limit, &mut |page| {
        let writer = if let Some(writer) = &mut writer {
            writer
        } else {
            let paper = seen.by_officer && format == ReportFormat::Text;
            let shown = if paper { on_paper(page, seen.columns) } else { seen.columns.to_vec() };
            let mut frame = frame(page, limit, &shown, &info.name, printed.clone());
            frame.for_officer = seen.by_officer;
            // The total is of all.
            frame.foot = frame.foot.filter(|_| seen.marked.is_empty());
            writer.insert(Writer::framed(to, format, &frame)?)
        };
        (restricted, matched) = (page.restricted, page.matched);
        let mut rows = page.rows.iter().filter(|row| seen.has(row));
        rows.try_for_each(|row| writer.row(&row.cells))?;
        let done = u64::from(page.offset) + page.rows.len() as u64;
        progress.at(done, page.matched.min(limit).into());
        if progress.cancelled() { Err(ExportError::Cancelled) } else { Ok(()) }
    })?;
    let rows = writer.map_or(Ok(0), Writer::finish)?;
    Ok(Written { rows, matched: matched.into(), restricted })
}

/// A report whose rows are all here as a sheet of so many columns, to be looked at and, with
/// [`PAPER`] columns, to be printed.
pub fn on_sheet(
    table: &Table,
    shown: &[String],
    info: &OfficeInfo,
    now: DateTime<Utc>,
    width: usize,
) -> Vec<String> {
    let printed = i18n::report_printed(info, now);
    let shown = on_paper(table, shown);
    let sheet = TextSheet::new(&frame(table, u32::MAX, &shown, &info.name, printed), width);
    let mut lines = sheet.head();
    let rows = table.rows.iter().map(|row| row.cells.iter().collect::<Vec<_>>());
    lines.extend(rows.flat_map(|cells| sheet.row(&cells)));
    lines.extend(sheet.foot());
    lines
}

/// The columns of a sheet that an officer prints: those chosen, or else the report's own with
/// the number of whom a line is about, by which paper is held against other lists.
fn on_paper(table: &Table, shown: &[String]) -> Vec<String> {
    let hidden = table.columns.iter().any(|column| column.key == "nip" && !column.shown);
    if !shown.is_empty() || !hidden {
        return shown.to_vec();
    }
    let wanted = table.columns.iter().filter(|column| column.shown || column.key == "nip");
    wanted.map(|column| column.key.clone()).collect()
}

/// Page after page of a report, at most `limit` rows; the first is given even when it has
/// none.
pub fn each_report_page<E: From<Problem>>(
    ask: &mut Asking,
    query: &ReportQuery,
    limit: u32,
    each: &mut dyn FnMut(&Table) -> Result<(), E>,
) -> Result<(), E> {
    windows(limit, &mut |offset, limit| {
        let query = ReportQuery { offset, limit, anchor: None, ..query.clone() };
        let Answer::Table(page) = ask(Request::Report(query))? else {
            return Err(unexpected().into());
        };
        each(&page)?;
        Ok(Window { offset: page.offset, rows: page.rows.len() as u32, matched: page.matched })
    })
}

/// What one window gave: from where, how many rows, of how many in all.
struct Window {
    offset: u32,
    rows: u32,
    matched: u32,
}

/// Window after window until there is nothing more or `limit` rows have been given.
fn windows<E>(limit: u32, window: &mut dyn FnMut(u32, u32) -> Result<Window, E>) -> Result<(), E> {
    let (mut offset, mut left) = (0, limit);
    loop {
        let given = window(offset, left.min(PAGE_MAX))?;
        left = left.saturating_sub(given.rows);
        offset = given.offset + given.rows;
        if given.rows == 0 || left == 0 || offset >= given.matched {
            return Ok(());
        }
    }
}

/// Whether what was asked need not be said above the rows: the day is said on its own, and what
/// led to one session or person where the heading names them.
fn is_said(table: &Table, name: &str) -> bool {
    let told =
        |name: &str| table.params.iter().any(|(told, cell)| told == name && !cell.is_empty());
    match name {
        "at" => true,
        "session" => told("programme"),
        "search" => told("nip"),
        _ => false,
    }
}

/// A report's words, as a file carries them.
fn frame(table: &Table, limit: u32, shown: &[String], office: &str, printed: String) -> Frame {
    let id = table.report.as_str();
    let asked =
        table.params.iter().filter(|(name, value)| !value.is_empty() && !is_said(table, name));
    let asked = asked.filter_map(|(name, value)| {
        let value = i18n::report_asked_value(id, name, value);
        (!value.is_empty()).then(|| format!("{}: {value}", i18n::report_asked(name)))
    });
    let mut above: Vec<String> =
        Some(office.to_string()).filter(|name| !name.is_empty()).into_iter().collect();
    above.push(i18n::report_as_of(table.at));
    above.extend(asked);
    above.extend(table.legal.iter().map(i18n::report_legal));
    let mut columns = table.columns.clone();
    for column in columns.iter_mut().filter(|_| !shown.is_empty()) {
        column.shown = shown.contains(&column.key);
    }
    Frame {
        report: table.report.clone(),
        title: i18n::report_title(id),
        above,
        printed,
        at: table.at,
        params: table.params.clone(),
        columns,
        heads: table.columns.iter().map(|column| i18n::report_column(id, column)).collect(),
        foot: table.foot.clone(),
        total: i18n::report_total(),
        no_room: i18n::report_no_room(),
        notes: i18n::report_notes(table, limit),
        legal: table.legal.clone(),
        chart: table.chart.clone(),
        totals: table.totals.clone(),
        totals_words: TotalsWords {
            sheet: i18n::totals_word("sheet"),
            none: i18n::totals_word("none"),
            measured: i18n::totals_word("measured"),
            reached: i18n::totals_word("reached"),
            share: i18n::totals_word("share"),
        },
        restricted: table.restricted,
        for_officer: false,
        words: i18n::report_cell,
    }
}

/// Page after page of a list, at most `limit` rows. A list nobody is in gives one page.
pub fn each_page<E: From<Problem>>(
    ask: &mut Asking,
    query: &ListQuery,
    limit: u32,
    each: &mut dyn FnMut(&Page) -> Result<(), E>,
) -> Result<(), E> {
    windows(limit, &mut |offset, limit| {
        let query = ListQuery { offset, limit, anchor: None, ..query.clone() };
        let Answer::Page(page) = ask(Request::List(query))? else {
            return Err(unexpected().into());
        };
        each(&page)?;
        Ok(Window { offset: page.offset, rows: page.rows.len() as u32, matched: page.matched })
    })
}
