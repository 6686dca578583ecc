//! The one way a report is run: who may, which unit, which rows in which order, the foot
//! over all of them, and the window that was asked for. What a question found is kept
//! (`kept`), so that the next page costs its own cells alone.

use std::sync::Arc;

use super::asked::{Asked, person_number};
use super::kept::{Found, Sums};
use super::source::{Source, competency_called};
use super::{REPORTS, Report, ReportLine, cycle, grounds};
use crate::domain::fault::{Fault, Reason};
use crate::domain::jp::year_of;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{Kind, Record, RecordId};
use crate::domain::value::Value;
use crate::office::Office;
use crate::office::read::filter::{Rank, places};
use crate::office::rights::Rights;
use crate::office::trouble::Trouble;
use crate::protocol::{
    CellExplanation, Opens, PAGE_MAX, Param, ParamShape, Problem, Remark, ReportInfo, ReportQuery,
    Sum, Table, TableColumn, TableRow,
};

impl Office {
    /// The reports there are for the asker.
    pub(in crate::office) fn reports(&self, rights: &Rights) -> Vec<ReportInfo> {
        let allowed = REPORTS.iter().filter(|report| rights.meets(report.needs()));
        let rules = self.state.rules();
        allowed.map(|report| report.info(&rules)).collect()
    }

    /// A window of a report.
    pub(in crate::office) fn report(
        &mut self,
        query: &ReportQuery,
        rights: &Rights,
    ) -> Result<Table, Trouble> {
        let report = super::find(&query.report).ok_or(Problem::NotFound)?;
        let asked = self.asked(report, query, rights)?;
        let found = self.find_lines(report, query, rights)?;
        let lines = &found.lines;
        let matched = lines.len() as u32;
        let place = |id| lines.iter().position(|line| line.id() == id).map(|at| at as u32);
        let anchor = query.anchor.and_then(place);
        let limit = query.limit.min(PAGE_MAX);
        let mut offset = query.offset.min(matched);
        if let Some(anchor) = anchor
            && !(offset..offset.saturating_add(limit)).contains(&anchor)
        {
            offset = anchor.saturating_sub(limit / 2);
        }
        let taken = report.params_by(&self.state.catalog.rules(asked.at));
        let mut params = self.filled_in(&taken, query, &asked, rights);
        params.extend(found.heading.iter().cloned());
        let at = asked.at;
        let source = self.source(query, rights, &[], asked)?;
        for (name, value) in &mut params {
            if let Some(named) = report.named(&source, name) {
                *value = named;
            }
        }
        let mut rows = Vec::with_capacity(limit.min(matched) as usize);
        for line in lines.iter().skip(offset as usize).take(limit as usize) {
            rows.push(TableRow {
                id: line.id(),
                cells: cells_of(report, &source, &found.columns, line)?,
                opens: match line {
                    ReportLine::Of(key) => report.opens(*key),
                    ReportLine::Made(made) => made.opens.clone(),
                },
            });
        }
        Ok(Table {
            report: query.report.clone(),
            at,
            params,
            matched,
            restricted: found.restricted,
            offset,
            anchor,
            columns: found.columns.clone(),
            rows,
            foot: found.foot.clone(),
            foot_opens: match &found.foot {
                Some(_) => {
                    let columns = found.columns.iter();
                    columns.map(|column| foot_opens(report, &source, column)).collect()
                }
                None => Vec::new(),
            },
            notes: found.notes.clone(),
            legal: super::legal(report.rules(), &self.state.catalog.rules(at)),
            chart: report.chart(),
            totals: report.totals(&source),
        })
    }

    /// Where a cell of a report comes from; nothing where there is no such cell.
    pub(in crate::office) fn explain_cell(
        &mut self,
        query: &ReportQuery,
        row: u64,
        column: &str,
        rights: &Rights,
    ) -> Result<Option<CellExplanation>, Trouble> {
        let Some(of) = self.row_of(query, row, rights)? else { return Ok(None) };
        let columns = &of.found.columns;
        let Some(at) = columns.iter().position(|known| known.key == column) else {
            return Ok(None);
        };
        let (report, line) = (of.report, &of.found.lines[of.at]);
        let source = self.source(query, rights, &of.order, of.asked)?;
        let mut cells = cells_of(report, &source, columns, line)?;
        let column = columns[at].clone();
        let kept = !source.carries(&column.key, column.personal);
        let mut lines = if kept { Vec::new() } else { report.explain(&source, line, &column)? };
        if !kept {
            lines.extend(grounds::of_rules(&source, report.rules()));
        }
        let value = cells.swap_remove(at);
        let legal = super::legal(report.rules(), source.rules());
        Ok(Some(CellExplanation { column, value, lines, legal }))
    }

    /// The record an officer would make next from a row of a report.
    pub(in crate::office) fn begin(
        &mut self,
        query: &ReportQuery,
        row: u64,
        rights: &Rights,
    ) -> Result<Option<Box<Record>>, Trouble> {
        let Some(of) = self.row_of(query, row, rights)? else { return Ok(None) };
        let source = self.source(query, rights, &of.order, of.asked)?;
        Ok(of.report.begin(&source, &of.found.lines[of.at])?.map(Box::new))
    }

    /// A row of a report by its number, with what it takes to ask the report about it.
    fn row_of(
        &mut self,
        query: &ReportQuery,
        row: u64,
        rights: &Rights,
    ) -> Result<Option<RowOf>, Trouble> {
        let report = super::find(&query.report).ok_or(Problem::NotFound)?;
        let asked = self.asked(report, query, rights)?;
        let found = self.find_lines(report, query, rights)?;
        let at = found.lines.iter().position(|line| line.id() == row);
        let order = self.state.roster.by_name().to_vec();
        Ok(at.map(|at| RowOf { report, asked, found, at, order }))
    }

    /// The parameters as they hold. A unit out of reach is one that does not exist.
    fn asked(
        &self,
        report: &dyn Report,
        query: &ReportQuery,
        rights: &Rights,
    ) -> Result<Asked, Trouble> {
        let invalid = |faults: Vec<Fault>| {
            Problem::Invalid(faults.into_iter().map(|fault| (0, fault)).collect())
        };
        let at = query.at.unwrap_or(self.state.today);
        let params = report.params_by(&self.state.catalog.rules(at));
        let asked = Asked::of(&params, query, self.state.today)
            .and_then(|asked| asked.with_position(&params, |t| self.state.catalog.post_called(t)))
            .and_then(|asked| asked.with_people(&params, |name| self.called(name, rights)))
            .map(|asked| asked.with_person(|name| self.called(name, rights)))
            .and_then(|asked| asked.with_records(&params, |kind, t| self.is_there(kind, t, rights)))
            .map_err(invalid)?;
        let there = |unit| self.state.catalog.unit(unit).is_some() && rights.reach.has(unit);
        if asked.unit.is_some() && !there(asked.unit) {
            return Err(Problem::NotFound.into());
        }
        Ok(asked)
    }

    /// Whether a parameter that names one record names one there is, for the asker.
    fn is_there(&self, kind: Kind, text: &str, rights: &Rights) -> bool {
        let catalog = &self.state.catalog;
        let numbered = |prefix: &str| {
            let number = text.strip_prefix(prefix).unwrap_or(text).parse().ok();
            number.is_some_and(|number| catalog.get(RecordId::new(kind, number)).is_some())
        };
        match kind {
            Kind::Employees => self.called(text, rights).is_some(),
            Kind::Competencies => competency_called(catalog, text).is_some(),
            Kind::Cycles => numbered("cycles/") || cycle::called(catalog, text).is_some(),
            kind => numbered(&format!("{kind}/")),
        }
    }

    /// The person of a NIP or a record's number, within reach.
    fn called(&self, name: &str, rights: &Rights) -> Option<u32> {
        let nip = EmployeeNumber::parse(name).ok();
        let by_nip = nip.and_then(|nip| self.state.numbered(&nip).ok().flatten());
        let number = by_nip.or_else(|| person_number(name));
        let row = number.and_then(|number| self.state.roster.get(number));
        row.filter(|row| rights.reach.has(row.unit)).map(|row| row.number)
    }

    pub(super) fn source<'a>(
        &'a self,
        query: &'a ReportQuery,
        rights: &'a Rights,
        order: &'a [u32],
        asked: Asked,
    ) -> Result<Source<'a>, Trouble> {
        Source::new(&self.state, rights, order, query, asked)
    }

    /// Everything the question finds, in its order.
    fn find_lines(
        &mut self,
        report: &dyn Report,
        query: &ReportQuery,
        rights: &Rights,
    ) -> Result<Arc<Found>, Trouble> {
        let same = ReportQuery { offset: 0, limit: 0, anchor: None, ..query.clone() };
        if let Some(found) = self.reports.get(&same, self.state.version, rights) {
            return Ok(found);
        }
        let asked = self.asked(report, query, rights)?;
        if let Some(found) = self.followed(report, &same, rights, &asked)? {
            return Ok(found);
        }
        if report.reads_who_left() {
            self.know_who_left()?;
        }
        let order: Vec<u32> = self.state.roster.by_name().to_vec();
        let source = self.source(&same, rights, &order, asked)?;
        let columns = report.columns_for(&source);
        let unknown =
            |key: &&crate::protocol::SortKey| columns.iter().all(|column| column.key != key.column);
        if let Some(key) = same.sort.iter().find(unknown) {
            let keys: Vec<_> = columns.iter().map(|column| column.key.as_str()).collect();
            let fault = Fault::with(&key.column, Reason::NotAChoice, keys.join(", "));
            return Err(Problem::Invalid(vec![(0, fault)]).into());
        }
        let lines = report.lines(&source)?;
        let Ordered { lines, foot, sums } = ordered(report, &source, &columns, lines, &same)?;
        let heading = report.heading(&source)?;
        let mut notes = report.notes(&source);
        let (at, today) = (source.asked.at, source.today());
        if at != today {
            let remark = Remark::new("of_another_day").with("at", Value::Date(at));
            notes.push(remark.with("today", Value::Date(today)));
        }
        let restricted = source.restricted();
        let found = Arc::new(Found {
            version: self.state.version,
            tables: self.state.tables,
            seq: self.state.store.applied().seq,
            top: rights.reach.top(),
            role: rights.role,
            columns,
            heading,
            lines,
            foot,
            sums,
            notes,
            restricted,
            query: same,
        });
        self.reports.put(Arc::clone(&found));
        Ok(found)
    }

    /// The parameters as the answer names them.
    fn filled_in(
        &self,
        params: &[Param],
        query: &ReportQuery,
        asked: &Asked,
        rights: &Rights,
    ) -> Vec<(String, Value)> {
        let value = |param: &Param| match (&param.shape, param.name.as_str()) {
            (_, "unit") if asked.unit.is_some() => {
                Value::text(&*self.state.catalog.unit_path_text(asked.unit))
            }
            (_, "year") => Value::Whole(asked.year.into()),
            (_, "search") => Value::text(&query.search),
            (_, "at") if asked.has(param) => Value::Date(asked.at),
            (_, "unit" | "at") => Value::Empty,
            (_, "person") => {
                let row = asked.person().and_then(|number| self.state.roster.get(number));
                let row = row.filter(|row| rights.reach.has(row.unit));
                row.map_or(Value::text(asked.text("person")), |row| Value::text(row.name()))
            }
            (ParamShape::People, _) => {
                Value::whole(asked.people.as_ref().map(|people| people.len() as u32))
            }
            (ParamShape::Whole { .. }, name) => Value::Whole(asked.whole(name)),
            (ParamShape::Choice(_), name) => Value::choice(asked.text(name)),
            (ParamShape::One(_), name) => {
                let text = asked.text(name);
                let called = |id| self.state.label_of(rights, id);
                Value::text(text.trim().parse().map_or_else(|()| text.to_string(), called))
            }
            (_, name) => Value::text(asked.text(name)),
        };
        params.iter().map(|param| (param.name.clone(), value(param))).collect()
    }
}

/// The cells of a line; what the asker may not carry stays empty.
pub(super) fn cells_of(
    report: &dyn Report,
    source: &Source,
    columns: &[TableColumn],
    line: &ReportLine,
) -> Result<Vec<Value>, Trouble> {
    #[cfg(test)]
    super::kept::WORKED_OUT.set(super::kept::WORKED_OUT.get() + 1);
    let mut cells = match line {
        ReportLine::Of(key) => report.cells(source, *key)?,
        ReportLine::Made(made) => made.cells.clone(),
    };
    cells.resize(columns.len(), Value::Empty);
    for (cell, column) in cells.iter_mut().zip(columns) {
        if !source.carries(&column.key, column.personal) {
            *cell = Value::Empty;
        }
    }
    Ok(cells)
}

/// The lines as they are to be sorted, and the foot: one pass over all cells, and none where
/// neither asks for it.
fn ordered(
    report: &dyn Report,
    source: &Source,
    columns: &[TableColumn],
    lines: Vec<ReportLine>,
    query: &ReportQuery,
) -> Result<Ordered, Trouble> {
    let place = |name: &str| columns.iter().position(|column| column.key == name);
    // An order tells what is in a column as well as its cells do.
    let carried = |at: &usize| source.carries(&columns[*at].key, columns[*at].personal);
    let sort: Vec<(usize, bool)> = query
        .sort
        .iter()
        .filter_map(|key| place(&key.column).filter(carried).map(|at| (at, key.descending)))
        .collect();
    let mut sums = Sums::new(report, columns, lines.len());
    let mut ranks: Vec<Vec<Rank>> = sort.iter().map(|_| Vec::new()).collect();
    if !sort.is_empty() || columns.iter().any(|column| column.sum == Sum::Total) {
        let year = year_of(source.today());
        for line in &lines {
            let cells = cells_of(report, source, columns, line)?;
            sums.add(columns, &cells);
            for (ranks, (at, _)) in ranks.iter_mut().zip(&sort) {
                ranks.push(Rank::of(&columns[*at].key, &cells[*at], year));
            }
        }
    }
    let foot = foot_of(report, source, columns, &lines, &sums.all)?;
    let mut order: Vec<usize> = (0..lines.len()).collect();
    for (ranks, (_, descending)) in ranks.iter().zip(&sort).rev() {
        let places = places(ranks, *descending);
        order.sort_by_key(|at| places[*at]);
    }
    let mut lines: Vec<Option<ReportLine>> = lines.into_iter().map(Some).collect();
    let lines = order.into_iter().filter_map(|at| lines[at].take()).collect();
    Ok(Ordered { lines, foot, sums })
}

/// A row of a report.
struct RowOf {
    report: &'static dyn Report,
    asked: Asked,
    found: Arc<Found>,
    /// Its place among the lines.
    at: usize,
    /// The order of names.
    order: Vec<u32>,
}

/// The lines in their order, and what they add up to.
struct Ordered {
    lines: Vec<ReportLine>,
    foot: Option<Vec<Value>>,
    sums: Sums,
}

/// What a figure of the foot leads to.
fn foot_opens(report: &dyn Report, source: &Source, column: &TableColumn) -> Option<Opens> {
    if column.sum == Sum::Nothing { None } else { report.foot_opens(source, column) }
}

pub(super) fn foot_of(
    report: &dyn Report,
    source: &Source,
    columns: &[TableColumn],
    lines: &[ReportLine],
    sums: &[i64],
) -> Result<Option<Vec<Value>>, Trouble> {
    if columns.iter().all(|column| column.sum == Sum::Nothing) {
        return Ok(None);
    }
    let mut foot = Vec::with_capacity(columns.len());
    for (column, sum) in columns.iter().zip(sums) {
        foot.push(match column.sum {
            Sum::Nothing => Value::Empty,
            Sum::Own => report.foot(source, lines, column)?,
            Sum::Total if column.kind == crate::protocol::ColumnKind::Percent => {
                Value::Hundredths(*sum)
            }
            Sum::Total => Value::Whole(*sum),
        });
    }
    Ok(Some(foot))
}
