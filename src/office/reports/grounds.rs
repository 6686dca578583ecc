//! What figures of a person rest on, step by step: of each competency the level, since when
//! and by whom, against which standard, and how the sums make the figure. The same for every
//! report that says something of a person's gap.

use super::Steps;
use super::source::Source;
use crate::domain::gap::{Cell, Figures};
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::meeting::Meeting;
use crate::domain::kinds::rating::{Rating, RatingSource};
use crate::domain::record::{Kind, PositionId, RecordId};
use crate::domain::rule_text::is_words;
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::office::views::row::{RosterRow, current_levels, each_jp};
use crate::protocol::Remark;
use crate::store::Pack;

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

/// What earned JP in a year: each enrolment and each meeting.
pub(super) fn of_jp(source: &Source, row: &RosterRow, year: u16) -> Result<Steps, Trouble> {
    let pack = source.pack(row.number)?;
    let mut found: Vec<(RecordId, u32)> = Vec::new();
    each_jp(source.catalog(), &pack, Some(source.asked.at), &mut |id, of, jp| {
        found.extend((of == year).then_some((id, jp)));
    });
    Ok(of_earned(source, &pack, year, found))
}

/// Enrolments and meetings with the JP that each earned; where there are none that is said.
pub(super) fn of_earned(
    source: &Source,
    pack: &Pack,
    year: u16,
    found: impl IntoIterator<Item = (RecordId, u32)>,
) -> Steps {
    let catalog = source.catalog();
    let mut steps = Steps::new();
    for (id, jp) in found.into_iter().filter(|(_, jp)| *jp > 0) {
        let enrolment = pack.one::<Enrolment>(id.number).filter(|_| id.kind == Kind::Enrolments);
        let session = enrolment.and_then(|one| catalog.session(one.session));
        let programme = session.and_then(|one| catalog.programme(one.programme));
        let said = match (session, pack.one::<Meeting>(id.number)) {
            (Some(session), _) => Remark::new("ground_session")
                .with("name", Value::text(programme.map_or("", |one| one.name.as_str())))
                .with("date", Value::date(session.start)),
            (None, Some(meeting)) => {
                Remark::new("ground_meeting").with("date", Value::date(meeting.date))
            }
            (None, None) => continue,
        };
        steps.push((said.with("jp", Value::Whole(jp.into())), Some(id)));
    }
    if steps.is_empty() {
        let said = Remark::new("ground_no_jp").with("year", Value::text(year.to_string()));
        steps.push((said, None));
    }
    steps
}

/// The tables of rules a figure rests on, as they hold on the day.
pub(super) fn of_rules(source: &Source, tables: &[&str]) -> Steps {
    let rules = tables.iter().filter_map(|table| source.catalog().rule(table, source.asked.at));
    let said = rules.map(|(id, rule)| {
        // Lists of words and names are read where they are kept: here they would hide the figures.
        let figures = rule.figures.split('\n').map(str::trim);
        let figures = figures.filter(|line| !is_words(line)).collect::<Vec<_>>().join("; ");
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
