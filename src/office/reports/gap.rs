//! Gap: what each person has against what the post held requires, or another post that is
//! aimed at: JPM and JPM without surplus side by side, IKK and its class, the category of the
//! purpose, how many lie below and the worst of them.

use super::columns::{choice, number, percent, text, whole};
use super::grounds::{self, percent as share};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::category::{Category, Purpose};
use crate::domain::gap::{Cell, Figures};
use crate::domain::gap_class::GapClass;
use crate::domain::jp::year_of;
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::record::{EmployeeId, Kind, Record};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::protocol::{Opens, Param, Remark, Sum, TableColumn, Totals};

pub(super) struct Gap;

impl Report for Gap {
    fn id(&self) -> &'static str {
        "gap"
    }

    fn params(&self) -> Vec<Param> {
        vec![
            Param::unit(),
            Param::choice("purpose", Purpose::CODES),
            Param::position(false),
            Param::at(),
            Param::search(),
        ]
    }

    fn lines_are_alone(&self) -> bool {
        true
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            text("position", 18).hidden(),
            percent("jpm", 7).shaded(When::Above(100), Tone::Warn),
            percent("jpm_capped", 8),
            percent("ikk", 6).hidden(),
            choice("ikk_class", 8),
            choice("category", 14).hidden(),
            choice("category_capped", 14).hidden(),
            whole("below", 6).summed(Sum::Total).shaded(When::Above(0), Tone::Warn),
            whole("worst_gap", 8)
                .shaded(When::Below(-1), Tone::Bad)
                .shaded(When::Below(0), Tone::Warn),
        ]
    }

    fn rules(&self) -> &'static [&'static str] {
        &["categories", "gap_classes"]
    }

    fn foot_opens(&self, source: &Source, column: &TableColumn) -> Option<Opens> {
        // Against another post, or on another day, a list does not know who is below.
        let known = source.asked.position.is_none() && source.is_of_today();
        source.people_asked(if known && column.key == "below" { "below>0" } else { "" })
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        source.line_each()
    }

    fn cells(&self, source: &Source, key: Key) -> Result<Vec<Value>, Trouble> {
        let Some(row) = source.person(key.number) else { return Ok(Vec::new()) };
        let catalog = source.catalog();
        let position = source.asked.position.or(row.position);
        let cells = source.levels_as(row, position)?;
        let purpose = Purpose::from_code(source.asked.text("purpose")).unwrap_or(Purpose::Mapping);
        let rules = source.rules();
        let figures = Figures::of(cells.iter().copied());
        let title = catalog.position(position).map_or("", |position| position.title.as_str());
        Ok(vec![
            Value::text(row.nip.to_string()),
            Value::text(row.name()),
            source.unit_name(row.unit),
            Value::text(title),
            share(figures.jpm()),
            share(figures.jpm_capped()),
            share(figures.ikk()),
            Value::code(rules.gap_classes.of(figures).map(GapClass::code)),
            Value::code(rules.categories.of(purpose, figures).map(Category::code)),
            Value::code(rules.categories.of_capped(purpose, figures).map(Category::code)),
            // Of whoever nobody has rated, none is not a finding.
            if figures.rated == 0 { Value::Empty } else { Value::Whole(figures.below.into()) },
            Value::whole(worst(&cells)),
        ])
    }

    /// How many people are in each category of the purpose.
    fn totals(&self, source: &Source) -> Option<Totals> {
        let purpose = Purpose::from_code(source.asked.text("purpose")).unwrap_or(Purpose::Mapping);
        let of_purpose = Category::ALL.iter().filter(|one| one.purpose() == purpose);
        Some(Totals::Values {
            columns: ["category_capped", "category"].map(String::from).to_vec(),
            order: of_purpose.map(|one| Value::choice(one.code())).collect(),
        })
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        source.standards_note().into_iter().collect()
    }

    fn begins(&self) -> Option<Kind> {
        Some(Kind::IdpLines)
    }

    /// A line of the person's development plan for the worst gap.
    fn begin(&self, source: &Source, line: &ReportLine) -> Result<Option<Record>, Trouble> {
        let Some(row) = source.of_line(line) else { return Ok(None) };
        let cells = source.levels_as(row, source.asked.position.or(row.position))?;
        let lacking = cells.iter().filter_map(|cell| Some((cell.gap()?, cell.competency)));
        let lacking = lacking.filter(|(gap, _)| *gap < 0).min_by_key(|(gap, _)| *gap);
        let Some((gap, competency)) = lacking else { return Ok(None) };
        let plan = IdpLine {
            employee: EmployeeId(row.number),
            year: year_of(source.today()),
            competency,
            gap: Some(gap),
            position: source.asked.position.filter(|aimed| Some(*aimed) != row.position),
            ..IdpLine::default()
        };
        Ok(Some(plan.into()))
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
        grounds::of_figures(source, row, source.asked.position.or(row.position))
    }
}

/// The most a person lacks in one competency; 0 where nothing is lacking.
fn worst(cells: &[Cell]) -> Option<i8> {
    cells.iter().filter_map(|cell| cell.gap()).min().map(|worst| worst.min(0))
}
