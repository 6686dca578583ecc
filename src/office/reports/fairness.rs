//! Fairness: each sheet of a cycle beside the others of the same person, by its code: how
//! much higher or lower it scores, how far it tells competencies apart. It corrects nothing.
//! Only once no sheet is keyed any more, so that the next one cannot be told from two
//! tables; and of groups too small to be told of there is nothing, nor are they compared with.

use std::collections::BTreeMap;

use super::columns::{choice, number, percent, text, whole};
use super::cycle::{asked, named};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::cycle::{Flag, Tally, Veil, veil};
use crate::domain::kinds::cycle::{Cycle, RaterGroup, Stage};
use crate::domain::kinds::sheet::ScoreSheet;
use crate::domain::record::{EmployeeId, RecordId};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Needs, Opens, Param, Remark, TableColumn};

pub(super) struct Fairness;

impl Report for Fairness {
    fn id(&self) -> &'static str {
        "fairness"
    }

    fn needs(&self) -> Needs {
        Needs::Writer
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::cycle(), Param::unit(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            text("code", 8),
            number("nip").hidden(),
            text("name", 0),
            choice("group", 18),
            percent("difference", 8),
            whole("spread", 7),
            choice("flag", 12),
        ]
    }

    fn rules(&self) -> &'static [&'static str] {
        &["assessment"]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let told = asked(source).filter(|(_, cycle)| cycle.stage() != Stage::Open);
        let Some((id, cycle)) = told else { return Ok(Vec::new()) };
        let mut people: BTreeMap<u32, Vec<ScoreSheet>> = BTreeMap::new();
        for sheet in source.keyed_sheets(id)? {
            people.entry(sheet.employee.0).or_default().push(sheet);
        }
        let mut at = 0;
        source.of_each(|row| {
            let Some(sheets) = people.remove(&row.number) else { return Ok(Vec::new()) };
            let opens = Opens::Record(RecordId::from(EmployeeId(row.number)));
            let lines = of_person(source, cycle, row, sheets).into_iter().map(|cells| {
                at += 1;
                ReportLine::made(at, cells, Some(opens.clone()))
            });
            Ok(lines.collect())
        })
    }

    fn explains(&self) -> bool {
        true
    }

    /// How the figures are made; means of the others would tell more than they do.
    fn explain(&self, _: &Source, _: &ReportLine, column: &TableColumn) -> Result<Steps, Trouble> {
        let said = match column.key.as_str() {
            "difference" => vec![Remark::new("how_difference")],
            "spread" => vec![Remark::new("how_spread")],
            "flag" => {
                let both = [Remark::new("how_difference"), Remark::new("how_spread")];
                both.into_iter().chain([Remark::new("how_flag")]).collect()
            }
            _ => Vec::new(),
        };
        Ok(said.into_iter().map(|said| (said, None)).collect())
    }

    fn named(&self, source: &Source, param: &str) -> Option<Value> {
        named(source, param)
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        match asked(source) {
            None => vec![Remark::new("no_cycle")],
            Some((_, cycle)) if cycle.stage() == Stage::Open => {
                vec![Remark::new("not_collected")]
            }
            Some((_, cycle)) => {
                let least = Value::Whole(cycle.minimum().into());
                vec![Remark::new("corrects_nothing").with("least", least)]
            }
        }
    }
}

fn levels(sheet: &ScoreSheet) -> Vec<u8> {
    sheet.scores.iter().filter_map(|score| score.level.map(u8::from)).collect()
}

/// A row a sheet, by code, of those of which anything may be told.
fn of_person(
    source: &Source,
    cycle: &Cycle,
    row: &RosterRow,
    mut sheets: Vec<ScoreSheet>,
) -> Vec<Vec<Value>> {
    let count = |group| sheets.iter().filter(|sheet| sheet.group == Some(group)).count() as u32;
    let (peers, subordinates) = (count(RaterGroup::Peer), count(RaterGroup::Subordinate));
    let veil = veil(peers, subordinates, cycle.minimum().into());
    let veiled = |sheet: &ScoreSheet| {
        matches!(sheet.group, Some(RaterGroup::Peer | RaterGroup::Subordinate))
    };
    sheets.retain(|sheet| veil != Veil::Hidden || !veiled(sheet));
    sheets.sort_by(|a, b| a.code.cmp(&b.code));
    let rows = sheets.iter().enumerate().map(|(at, sheet)| {
        let apart = sheets.iter().enumerate().filter(|(place, _)| *place != at);
        let told = apart.filter(|(_, other)| other.group != Some(RaterGroup::Own));
        let others =
            told.fold(Tally::default(), |sum, (_, other)| sum.and(Tally::of(&levels(other))));
        let found = source.rules().assessment.fairness(&levels(sheet), others);
        let group = match sheet.group {
            Some(_) if veil == Veil::Together && veiled(sheet) => "gabungan",
            group => group.map_or("", RaterGroup::code),
        };
        vec![
            Value::text(&sheet.code),
            Value::text(row.nip.to_string()),
            Value::text(row.name()),
            Value::choice(group),
            found.difference.map_or(Value::Empty, Value::Hundredths),
            Value::Whole(found.spread.into()),
            found.flag.map_or(Value::Empty, |flag| Value::choice(Flag::code(flag))),
        ]
    });
    rows.collect()
}
