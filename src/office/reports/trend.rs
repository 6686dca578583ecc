//! Trend: how the levels of a person, a unit or the office have moved, year by year, in all
//! competencies or in one. Of each year what was recorded by its last day against what was
//! required on that day; people stand in their units and posts of today, which the foot says.

use chrono::NaiveDate;

use super::columns::{percent, whole};
use super::grounds::{self, percent as share};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::gap::{Cell, Figures};
use crate::domain::jp::{JpByYear, year_of};
use crate::domain::record::Kind;
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{Chart, ChartShape, Param, Remark, TableColumn};

pub(super) struct Trend;

/// What the people asked about add up to on the last day of a year.
#[derive(Clone, Copy)]
struct Year {
    number: u16,
    day: NaiveDate,
    people: u32,
    rated: u32,
    /// People below standard in at least one competency.
    below: u32,
    levels: Figures,
    jp: u64,
}

impl Report for Trend {
    fn id(&self) -> &'static str {
        "trend"
    }

    fn params(&self) -> Vec<Param> {
        vec![
            Param::unit(),
            Param::one("competency", Kind::Competencies),
            Param::person(),
            Param::whole("span", 2..=15, 5),
            Param::at(),
            Param::search(),
        ]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            whole("year", 6),
            whole("people", 8).hidden(),
            whole("rated", 8),
            percent("mean_level", 10),
            percent("jpm", 9).shaded(When::Above(100), Tone::Warn),
            percent("jpm_capped", 10),
            whole("below", 7).shaded(When::Above(0), Tone::Warn),
            whole("jp", 8),
            percent("jp_each", 9),
        ]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let years = years(source)?;
        // Before anything is recorded of them nothing is known, which is no nought.
        let begun = years.iter().position(|year| year.rated > 0 || year.jp > 0);
        let begun = begun.and_then(|at| years.get(at)).map_or(u16::MAX, |year| year.number);
        let line = |year: Year| {
            let known = year.number >= begun;
            let people = u64::from(year.people);
            let jp_each = (year.jp * 200 + people).checked_div(2 * people);
            let levels = year.levels;
            let rated =
                |value: i64| if year.rated == 0 { Value::Empty } else { Value::Whole(value) };
            let cells = vec![
                Value::Whole(year.number.into()),
                Value::Whole(year.people.into()),
                Value::Whole(year.rated.into()),
                share(levels.mean_level()),
                share(levels.jpm()),
                share(levels.jpm_capped()),
                rated(year.below.into()),
                if known { Value::Whole(year.jp as i64) } else { Value::Empty },
                jp_each
                    .filter(|_| known)
                    .map_or(Value::Empty, |each| Value::Hundredths(each as i64)),
            ];
            ReportLine::made(year.number.into(), cells, None)
        };
        Ok(years.into_iter().map(line).collect())
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let notes = [Remark::new("posts_of_today"), Remark::new("no_data_no_nought")];
        notes.into_iter().chain(source.standards_note()).collect()
    }

    fn chart(&self) -> Option<Chart> {
        let values = ["mean_level", "jpm_capped", "jp_each"].map(String::from).to_vec();
        Some(Chart { shape: ChartShape::Line, by: "year".into(), values, only: None })
    }

    fn explains(&self) -> bool {
        true
    }

    /// The sums of the year.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        _: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let years = years(source)?;
        let of = years.into_iter().find(|year| u64::from(year.number) == line.id());
        let Some(Year { day, people, rated, levels, .. }) = of else { return Ok(Vec::new()) };
        let counted = Remark::new("counted")
            .with("rated", Value::Whole(rated.into()))
            .with("people", Value::Whole(people.into()))
            .with("date", Value::date(Some(day)));
        let mut steps = vec![(counted, None)];
        steps.extend(grounds::of_sums(levels));
        Ok(steps)
    }
}

/// The years asked for, the first first; of the last one what is known on the day asked for.
fn years(source: &Source) -> Result<Vec<Year>, Trouble> {
    let at = source.asked.at;
    let last = year_of(at);
    let count = u16::try_from(source.asked.whole("span")).unwrap_or(1);
    let empty = |year: u16| {
        let end = NaiveDate::from_ymd_opt(year.into(), 12, 31)?;
        let (people, rated, below, jp) = (0, 0, 0, 0);
        Some(Year {
            number: year,
            day: end.min(at),
            people,
            rated,
            below,
            levels: Figures::default(),
            jp,
        })
    };
    let first = last.saturating_sub(count.saturating_sub(1));
    let mut years: Vec<Year> = (first..=last).filter_map(empty).collect();
    let asked = source.asked.text("competency").trim();
    let only = source.competency_asked("competency");
    if !asked.is_empty() && only.is_none() {
        return Ok(Vec::new());
    }
    let only = only.map(|id| source.catalog().current(id, None));
    let days: Vec<NaiveDate> = years.iter().map(|year| year.day).collect();
    let said = source.of_each(|row| {
        if !source.means(row) {
            return Ok(None);
        }
        let jp = source.jp(row)?;
        let cells = source.levels_on(row, &days)?;
        let figures = cells.into_iter().map(|cells| {
            let meant = |cell: &Cell| only.is_none_or(|id| id == cell.competency);
            Figures::of(cells.into_iter().filter(meant))
        });
        Ok(Some((figures.collect::<Vec<_>>(), jp)))
    })?;
    for (figures, jp) in said {
        for (year, figures) in years.iter_mut().zip(figures) {
            year.add(figures, &jp);
        }
    }
    Ok(years)
}

impl Year {
    fn add(&mut self, figures: Figures, jp: &JpByYear) {
        self.people += 1;
        self.rated += u32::from(figures.rated > 0);
        self.below += u32::from(figures.below > 0);
        self.levels += figures;
        self.jp += u64::from(jp.get(&self.number).copied().unwrap_or(0));
    }
}
