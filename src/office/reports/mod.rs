//! Reports: calculated tables. A report is one file here, one line in [`REPORTS`] and its
//! words in `i18n/reports.yml`; the command line, the screen and every exporter find it
//! through what it says of itself. `runner` applies rights, restriction, order and windows,
//! the same to all of them; a report reads the office through `source` alone, which gives
//! it nothing beyond the asker's reach.

mod activity;
mod akpk;
mod asked;
mod attendance;
mod certificates;
mod columns;
mod cycle;
mod dictionary;
mod fairness;
mod fit;
mod gap;
mod grounds;
mod hcdp;
mod headcount;
mod heatmap;
mod idp;
mod idp_sheet;
mod ipasn;
mod jp;
mod jp_months;
mod jp_sessions;
mod kept;
mod knowledge_loss;
mod matrix;
mod mentoring;
mod mentors;
mod need_people;
mod ninebox;
mod ninebox_moves;
mod profile;
mod retention;
mod runner;
mod skj;
mod source;
mod survey;
mod trend;
mod whatif;

use crate::domain::record::{EmployeeId, Kind, Record, RecordId};
use crate::domain::rulebook::Rulebook;
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::protocol::{Chart, Legal, Needs, Opens, Param, Remark, ReportInfo, TableColumn, Totals};
pub(in crate::office) use kept::KeptAnswers;
#[cfg(test)]
pub(in crate::office) use kept::worked_out;
use source::Source;

/// Every report there is, in the order in which they are listed.
const REPORTS: &[&dyn Report] = &[
    &headcount::Headcount,
    &jp::Jp,
    &jp_months::JpMonths,
    &jp_sessions::JpSessions,
    &matrix::Matrix,
    &gap::Gap,
    &heatmap::Heatmap,
    &trend::Trend,
    &fit::Fit,
    &knowledge_loss::KnowledgeLoss,
    &ninebox::NineBox,
    &ninebox_moves::NineBoxMoves,
    &ipasn::IpAsn,
    &whatif::WhatIf,
    &akpk::Akpk,
    &need_people::NeedPeople,
    &survey::Survey,
    &hcdp::Hcdp,
    &idp::Idp,
    &idp_sheet::IdpSheet,
    &mentors::Mentors,
    &mentoring::Mentoring,
    &dictionary::Dictionary,
    &skj::Skj,
    &retention::Retention,
    &certificates::Certificates,
    &attendance::Attendance,
    &profile::Profile,
    &cycle::Cycle,
    &fairness::Fairness,
];

/// The report of this name.
pub(in crate::office) fn find(id: &str) -> Option<&'static dyn Report> {
    REPORTS.iter().copied().find(|report| report.id() == id)
}

/// Whether it asks who has left.
pub(in crate::office) fn needs_who_left(id: &str) -> bool {
    find(id).is_some_and(Report::reads_who_left)
}

/// All of them, whoever may run them.
pub fn all_reports() -> Vec<ReportInfo> {
    REPORTS.iter().map(|report| report.info(Rulebook::shipped())).collect()
}

/// Where these tables come from.
fn legal(tables: &[&str], rules: &Rulebook) -> Vec<Legal> {
    tables.iter().flat_map(|name| rules.sources(name)).map(Legal::from).collect()
}

/// One row of a report before it is shown.
#[derive(Clone, Debug)]
pub(in crate::office) enum ReportLine {
    /// A person, or a record of theirs: its cells are worked out when they are shown.
    Of(Key),
    /// Worked out already: a group, a sum.
    Made(Box<Made>),
}

#[derive(Clone, Debug)]
pub(in crate::office) struct Made {
    /// Names the row as long as the question is the same.
    pub id: u64,
    pub cells: Vec<Value>,
    pub opens: Option<Opens>,
}

impl ReportLine {
    /// The line of a person.
    pub const fn of_person(number: u32) -> Self {
        Self::Of(Key { number, owner: 0 })
    }

    pub fn made(id: u64, cells: Vec<Value>, opens: Option<Opens>) -> Self {
        Self::Made(Box::new(Made { id, cells, opens }))
    }

    pub fn id(&self) -> u64 {
        match self {
            Self::Of(key) => u64::from(key.owner) << 32 | u64::from(key.number),
            Self::Made(made) => made.id,
        }
    }
}

/// What a cell rests on, step by step; a step may lead to the record it speaks of.
pub(in crate::office) type Steps = Vec<(Remark, Option<RecordId>)>;

/// What a report says of itself.
pub(in crate::office) trait Report: Sync {
    fn id(&self) -> &'static str;

    /// What is the same for every question.
    fn info(&self, rules: &Rulebook) -> ReportInfo {
        ReportInfo {
            id: self.id().into(),
            params: self.params_by(rules),
            columns: self.columns(),
            legal: legal(self.rules(), rules),
            chart: self.chart().is_some_and(|chart| chart.on_screen()),
            explains: self.explains(),
            begins: self.begins(),
        }
    }

    /// Who may run it.
    fn needs(&self) -> Needs {
        Needs::Reader
    }

    /// Whether it asks who has left, which takes reading the journal once.
    fn reads_who_left(&self) -> bool {
        false
    }

    /// What it takes, in the order in which a form asks for it.
    fn params(&self) -> Vec<Param> {
        vec![Param::unit(), Param::search()]
    }

    /// The same with what these rules add to choose from.
    fn params_by(&self, _rules: &Rulebook) -> Vec<Param> {
        self.params()
    }

    fn columns(&self) -> Vec<TableColumn>;

    /// Whether each line is a person's, by name, and says nothing that another person's records
    /// decide: then a change to one is a change to their line and the sums alone.
    fn lines_are_alone(&self) -> bool {
        false
    }

    /// All columns, where some depend on what is asked or on what the office holds.
    fn columns_for(&self, _: &Source) -> Vec<TableColumn> {
        self.columns()
    }

    /// The tables of rules its figures rest on.
    fn rules(&self) -> &'static [&'static str] {
        &[]
    }

    /// Its rows, in its own order.
    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble>;

    /// The cells of a [`ReportLine::Of`], in the order of the columns.
    fn cells(&self, _: &Source, _: Key) -> Result<Vec<Value>, Trouble> {
        Ok(Vec::new())
    }

    /// What the foot says of a column that is not simply added up.
    fn foot(&self, _: &Source, _: &[ReportLine], _: &TableColumn) -> Result<Value, Trouble> {
        Ok(Value::Empty)
    }

    /// What stands above the rows beside what was asked; words under `report.asked.<name>`.
    fn heading(&self, _: &Source) -> Result<Vec<(String, Value)>, Trouble> {
        Ok(Vec::new())
    }

    /// What a parameter was asked with, where its own text would not say it.
    fn named(&self, _: &Source, _param: &str) -> Option<Value> {
        None
    }

    fn notes(&self, _: &Source) -> Vec<Remark> {
        Vec::new()
    }

    /// What is drawn of its rows, on screen and in a workbook.
    fn chart(&self) -> Option<Chart> {
        None
    }

    /// What a workbook adds up over all rows and draws.
    fn totals(&self, _: &Source) -> Option<Totals> {
        None
    }

    /// What the sum of a column leads to: those counted in it. Where it leads nowhere the rows
    /// above are all there is.
    fn foot_opens(&self, _source: &Source, _column: &TableColumn) -> Option<Opens> {
        None
    }

    /// What a [`ReportLine::Of`] leads to; the line of a person to the person.
    fn opens(&self, key: Key) -> Option<Opens> {
        (key.owner == 0).then(|| Opens::Record(EmployeeId(key.number).into()))
    }

    /// The record an officer would make next from this line, as far as the line says it.
    fn begin(&self, _: &Source, _: &ReportLine) -> Result<Option<Record>, Trouble> {
        Ok(None)
    }

    /// Of which kind that is.
    fn begins(&self) -> Option<Kind> {
        None
    }

    fn explains(&self) -> bool {
        false
    }

    /// Where a cell of a line comes from.
    fn explain(&self, _: &Source, _: &ReportLine, _: &TableColumn) -> Result<Steps, Trouble> {
        Ok(Vec::new())
    }
}
