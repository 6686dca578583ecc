//! What if: how the JP, JPM and IP ASN of people would move, and what it would cost, if each of
//! them did an activity: of that type, of so many JP, at that price, bringing one competency up
//! to a level. A trial like the one against another post: nothing is written down.

use super::columns::{choice, number, percent, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps, grounds, ipasn};
use crate::domain::gap::{Cell, Figures};
use crate::domain::ip_asn::{Band, Index};
use crate::domain::jp::{JP_MAX, year_of};
use crate::domain::record::CompetencyId;
use crate::domain::rules::TRAINING_TYPES;
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Param, Remark, Sum, TableColumn};

pub(super) struct WhatIf;

/// The most one place at an activity may cost, in rupiah.
const COST_MAX: i64 = 1_000_000_000;

/// A person as they are, and as they would be.
struct Moved {
    jp: [u32; 2],
    jpm: [Option<u32>; 2],
    index: [Index; 2],
    /// From which level to which the competency goes, where it goes up.
    level: Option<(u8, u8)>,
}

impl Report for WhatIf {
    fn id(&self) -> &'static str {
        "whatif"
    }

    fn params(&self) -> Vec<Param> {
        vec![
            Param::unit(),
            Param::choice("activity", TRAINING_TYPES),
            Param::whole("jp", 1..=JP_MAX, 20),
            Param::whole("cost", 0..=COST_MAX, 0),
            Param::text("raises"),
            Param::whole("level", 0..=5, 0),
            Param::at(),
            Param::search(),
        ]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            whole("jp", 5).summed(Sum::Total),
            whole("jp_then", 5).summed(Sum::Total),
            percent("jpm", 7),
            percent("jpm_then", 7).shaded(When::Above(100), Tone::Warn),
            // What a sanction takes from the index is a detail of the person.
            percent("ipasn", 7).personal(),
            percent("ipasn_then", 7).personal(),
            choice("category", 14).personal().hidden(),
            choice("category_then", 14).personal().hidden(),
            whole("cost", 12).summed(Sum::Total),
        ]
    }

    fn rules(&self) -> &'static [&'static str] {
        &["ip_asn"]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        source.line_each()
    }

    fn cells(&self, source: &Source, key: Key) -> Result<Vec<Value>, Trouble> {
        let Some(row) = source.person(key.number) else { return Ok(Vec::new()) };
        let moved = moved(source, row)?;
        let points = |index: Index| Value::Hundredths(i64::from(index.total()) * 10);
        let band = |index: Index| source.rules().ip_asn.band_of(index).map(Band::code);
        Ok(vec![
            Value::text(row.nip.to_string()),
            Value::text(row.name()),
            source.unit_name(row.unit),
            Value::Whole(moved.jp[0].into()),
            Value::Whole(moved.jp[1].into()),
            grounds::percent(moved.jpm[0]),
            grounds::percent(moved.jpm[1]),
            points(moved.index[0]),
            points(moved.index[1]),
            Value::code(band(moved.index[0])),
            Value::code(band(moved.index[1])),
            Value::Whole(source.asked.whole("cost")),
        ])
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let mut notes = vec![Remark::new("trial")];
        let asked = source.asked.text("raises").trim();
        if !asked.is_empty() && raised(source).is_none() {
            notes.push(Remark::new("no_competency").with("code", Value::text(asked)));
        }
        notes
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
        let moved = moved(source, row)?;
        let said = Remark::new("of_activity")
            .with("activity", Value::choice(source.asked.text("activity")))
            .with("jp", Value::Whole(source.asked.whole("jp")));
        let mut steps = vec![(said, None)];
        let points = |index: Index| Value::Hundredths(i64::from(index.competency) * 10);
        let said = Remark::new("of_competency").with("before", points(moved.index[0]));
        steps.push((said.with("after", points(moved.index[1])), None));
        if let (Some((from, to)), Some(id)) = (moved.level, raised(source)) {
            let code = source.catalog().competency(id).map_or("", |one| one.code.as_str());
            let said = Remark::new("of_level").with("code", Value::text(code));
            let said = said.with("before", Value::Whole(from.into()));
            steps.push((said.with("after", Value::Whole(to.into())), None));
        }
        Ok(steps)
    }
}

/// The competency that is asked about.
fn raised(source: &Source) -> Option<CompetencyId> {
    let catalog = source.catalog();
    let found = catalog.competency_by_code(source.asked.text("raises"))?;
    Some(catalog.current(found, Some(source.asked.at)))
}

fn moved(source: &Source, row: &RosterRow) -> Result<Moved, Trouble> {
    let more = u32::try_from(source.asked.whole("jp")).unwrap_or(0);
    let at = source.asked.at;
    let years = source.jp(row)?;
    let jp = years.get(&year_of(source.asked.at)).copied().unwrap_or(0);
    let before = source.levels(row)?;
    let mut after = before.clone();
    let mut level = None;
    let about = raised(source);
    if let Some(cell) = after.iter_mut().find(|cell| Some(cell.competency) == about) {
        let asked = u8::try_from(source.asked.whole("level")).unwrap_or(0);
        // Without a level, up to what the post requires.
        let to = if asked > 0 { Some(asked) } else { cell.required };
        if let Some(to) = to.filter(|to| cell.actual.is_none_or(|actual| actual < *to)) {
            level = Some((cell.actual.unwrap_or(0), to));
            cell.actual = Some(to);
        }
    }
    let jpm = |cells: &[Cell]| Figures::of(cells.iter().copied()).jpm();
    let also = (source.asked.text("activity"), more);
    Ok(Moved {
        jp: [jp, jp + more],
        jpm: [jpm(&before), jpm(&after)],
        index: [
            ipasn::of_person(source, row, at)?,
            ipasn::of_person_with(source, row, at, &[also])?,
        ],
        level,
    })
}
