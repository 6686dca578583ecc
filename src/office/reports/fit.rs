//! Fit: who would do in a post, everybody measured against its standard, whoever lacks least
//! first. Advice: nobody is appointed by it, and whoever is not rated stands at the end
//! and not at nought.

use std::cmp::Reverse;

use super::columns::{choice, number, percent, text, whole};
use super::grounds::{self, percent as share};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::category::Purpose;
use crate::domain::gap::Figures;
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::protocol::{Param, Remark, TableColumn};

pub(super) struct Fit;

impl Report for Fit {
    fn id(&self) -> &'static str {
        "fit"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::position(true), Param::unit(), Param::at(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            text("position", 18),
            percent("jpm_capped", 8),
            percent("jpm", 7).hidden(),
            choice("category", 8).hidden(),
            whole("below", 6).shaded(When::Above(0), Tone::Warn),
            text("lacks", 18),
            whole("unrated", 8).shaded(When::Above(0), Tone::Quiet).hidden(),
        ]
    }

    fn rules(&self) -> &'static [&'static str] {
        &["categories"]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let mut ranked = source.of_each(|row| {
            // Whoever holds the post is no candidate for it.
            if row.position == source.asked.position {
                return Ok(None);
            }
            let cells = source.levels_as(row, source.asked.position)?;
            let lacks: u32 = cells
                .iter()
                .filter_map(|cell| cell.gap())
                .map(|gap| u32::from((-gap).max(0) as u8))
                .sum();
            let unrated =
                cells.iter().filter(|cell| cell.required.is_some() && cell.actual.is_none());
            let (unrated, figures) = (unrated.count(), Figures::of(cells.iter().copied()));
            let rank = (unrated, lacks, Reverse(figures.sum_actual));
            Ok(Some((rank, ReportLine::of_person(row.number))))
        })?;
        ranked.sort_by_key(|(rank, _)| *rank);
        Ok(ranked.into_iter().map(|(_, line)| line).collect())
    }

    fn cells(&self, source: &Source, key: Key) -> Result<Vec<Value>, Trouble> {
        let Some(row) = source.person(key.number) else { return Ok(Vec::new()) };
        let catalog = source.catalog();
        let cells = source.levels_as(row, source.asked.position)?;
        let figures = Figures::of(cells.iter().copied());
        let code = |id| catalog.competency(id).map_or("", |one| one.code.as_str());
        let lacks: Vec<String> = cells
            .iter()
            .filter_map(|cell| Some((code(cell.competency), cell.gap().filter(|gap| *gap < 0)?)))
            .map(|(code, gap)| format!("{code} {gap}"))
            .collect();
        let unrated = cells.iter().filter(|cell| cell.required.is_some() && cell.actual.is_none());
        let category = source.rules().categories.of(Purpose::Filling, figures);
        Ok(vec![
            Value::text(row.nip.to_string()),
            Value::text(row.name()),
            source.unit_name(row.unit),
            Value::text(catalog.position(row.position).map_or("", |post| post.title.as_str())),
            share(figures.jpm_capped()),
            share(figures.jpm()),
            category.map_or(Value::Empty, |one| Value::choice(one.code())),
            if figures.rated == 0 { Value::Empty } else { Value::Whole(figures.below.into()) },
            Value::text(lacks.join(", ")),
            Value::Whole(unrated.count() as i64),
        ])
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        [Remark::new("advice")].into_iter().chain(source.standards_note()).collect()
    }

    fn explains(&self) -> bool {
        true
    }

    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        _: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let Some(row) = source.of_line(line) else { return Ok(Vec::new()) };
        grounds::of_figures(source, row, source.asked.position)
    }
}
