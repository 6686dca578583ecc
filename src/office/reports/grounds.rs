//! What figures of a person rest on, step by step: of each competency the level, since when
//! and by whom, against which standard, and how the sums make the figure. The same for every
//! report that says something of a person's gap.

use super::Steps;
use super::source::Source;
use crate::domain::gap::{Cell, Figures};
use crate::domain::kinds::rating::{Rating, RatingSource};
use crate::domain::record::{Kind, PositionId, RecordId};
use crate::domain::rulebook::is_list;
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::{RosterRow, current_levels};
use crate::protocol::Remark;

/// The sums, then every competency that has a standard or a rating.
pub(super) fn of_figures(
    source: &Source,
    row: &RosterRow,
    position: Option<PositionId>,
) -> Result<Steps, Trouble> {
    let cells = source.levels_as(row, position)?;
    let mut steps = of_sums(Figures::of(cells.iter().copied()));
    for cell in &cells {
        steps.extend(of_cell(source, row, position, *cell)?);
    }
    Ok(steps)
}

/// How the sums make both figures; nothing where nothing is rated.
pub(super) fn of_sums(sums: Figures) -> Steps {
    if sums.rated == 0 {
        return Vec::new();
    }
    let sum = |code: &str, part: u32, share: Option<u32>| {
        let said = Remark::new(code)
            .with("actual", Value::Whole(part.into()))
            .with("required", Value::Whole(sums.sum_required.into()))
            .with("share", percent(share));
        (said, None)
    };
    vec![
        sum("ground_jpm", sums.sum_actual, sums.jpm()),
        sum("ground_capped", sums.sum_capped, sums.jpm_capped()),
        (Remark::new("ground_rounding"), None),
    ]
}

/// One competency: the level with its source and the standard; nothing where there is neither.
pub(super) fn of_cell(
    source: &Source,
    row: &RosterRow,
    position: Option<PositionId>,
    cell: Cell,
) -> Result<Steps, Trouble> {
    let catalog = source.catalog();
    let Some(competency) = catalog.competency(cell.competency) else { return Ok(Vec::new()) };
    let named = |code: &str| {
        Remark::new(code)
            .with("code", Value::text(&competency.code))
            .with("name", Value::text(&competency.name))
    };
    let mut steps = Vec::new();
    if let Some(required) = cell.required {
        let standards = catalog.required(position, source.asked.at);
        let standard = standards.iter().find(|one| one.competency == cell.competency);
        let id = standard.map(|one| RecordId::new(Kind::Standards, one.standard));
        let known = standard.and_then(|one| catalog.standards.get(&one.standard));
        let code = match known {
            Some((_, standard)) if standard.verified => "ground_required",
            _ => "ground_required_unverified",
        };
        let basis = known.map_or("", |(_, standard)| standard.legal_basis.as_str());
        let said = named(code).with("level", Value::Whole(required.into()));
        steps.push((said.with("basis", Value::text(basis)), id));
    }
    let pack = source.pack(row.number)?;
    match current_levels(catalog, &pack, Some(source.asked.at)).get(&cell.competency) {
        Some((number, rating)) => steps.push((
            rated(named("ground_rated"), rating),
            Some(RecordId::new(Kind::Ratings, *number)),
        )),
        None if cell.required.is_some() => steps.push((named("ground_unrated"), None)),
        None => {}
    }
    Ok(steps)
}

/// The tables of rules a figure rests on, as they hold on the day.
pub(super) fn of_rules(source: &Source, tables: &[&str]) -> Steps {
    let rules = tables.iter().filter_map(|table| source.catalog().rule(table, source.asked.at));
    let said = rules.map(|(id, rule)| {
        // Lists of words are read where they are kept: here they would hide the figures.
        let figures = rule.figures.split('\n').map(str::trim);
        let figures = figures.filter(|line| !is_list(line)).collect::<Vec<_>>().join("; ");
        let said = Remark::new("ground_rule").with("table", Value::choice(&rule.table));
        (said.with("figures", Value::text(figures)), Some(id))
    });
    said.collect()
}

fn rated(said: Remark, rating: &Rating) -> Remark {
    let by =
        rating.source.map_or(Value::Empty, |source: RatingSource| Value::choice(source.code()));
    said.with("level", Value::Whole(rating.level.get().into()))
        .with("by", by)
        .with("date", Value::date(rating.date))
}

/// Hundredths of a percent as a cell.
pub(super) fn percent(figure: Option<u32>) -> Value {
    figure.map_or(Value::Empty, |it| Value::Hundredths(it.into()))
}
