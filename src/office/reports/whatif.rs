//! What if: how the JP, JPM and IP ASN of people would move, and what it would cost, if each of
//! them did some activities: of that type, of so many JP, at that price, each bringing a
//! competency up to a level. A trial like the one against another post: nothing is written down.

use super::columns::{choice, number, percent, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps, activity, grounds, ipasn};
use crate::domain::gap::{Cell, Figures};
use crate::domain::ip_asn::{Band, Index};
use crate::domain::jp::{JP_MAX, year_of};
use crate::domain::record::{CompetencyId, Kind};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Opens, Param, Remark, Sum, TableColumn};

pub(super) struct WhatIf;

/// A person as they are, and as they would be.
struct Moved {
    jp: [u32; 2],
    jpm: [Option<u32>; 2],
    index: [Index; 2],
    /// The competencies that go up, each from which level to which.
    levels: Vec<(CompetencyId, u8, u8)>,
    cost: i64,
}

impl Report for WhatIf {
    fn id(&self) -> &'static str {
        "whatif"
    }

    fn params(&self) -> Vec<Param> {
        vec![
            Param::unit(),
            Param::people(),
            activity::param(),
            Param::whole("jp", 1..=JP_MAX, 20),
            Param::whole("cost", 0..=activity::COST_MAX, 0),
            Param::one("raises", Kind::Competencies),
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

    fn foot_opens(&self, source: &Source, _: &TableColumn) -> Option<Opens> {
        source.people_asked("")
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        source.activities()?;
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
            Value::Whole(moved.cost),
        ])
    }

    fn named(&self, source: &Source, param: &str) -> Option<Value> {
        let tried = source.activities().ok()?;
        // What is counted, not what is asked of activities that say it themselves.
        match param {
            activity::NAMED => {}
            "jp" => return Some(Value::Whole(tried.iter().map(|one| i64::from(one.jp)).sum())),
            "cost" => return Some(Value::Whole(tried.iter().map(|one| one.cost).sum())),
            _ => return None,
        }
        if let [one] = tried {
            return Some(one.name.clone());
        }
        let names = tried.iter().map(|one| match &one.name {
            Value::Text(name) => name.clone(),
            _ => one.code.clone(),
        });
        Some(Value::text(names.collect::<Vec<_>>().join("; ")))
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let mut notes = vec![Remark::new("trial")];
        let asked = source.asked.text("raises").trim();
        if !asked.is_empty() && activity::raised(source).is_none() {
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
        let mut steps = Steps::new();
        for one in source.activities()? {
            let said = Remark::new("of_activity").with("activity", one.name.clone());
            let said = said.with("jp", Value::Whole(one.jp.into()));
            steps.push((said.with("cost", Value::Whole(one.cost)), one.id));
        }
        let points = |index: Index| Value::Hundredths(i64::from(index.competency) * 10);
        let said = Remark::new("of_competency").with("before", points(moved.index[0]));
        steps.push((said.with("after", points(moved.index[1])), None));
        for (competency, from, to) in moved.levels {
            let code = source.catalog().competency(competency).map_or("", |one| one.code.as_str());
            let said = Remark::new("of_level").with("code", Value::text(code));
            let said = said.with("before", Value::Whole(from.into()));
            steps.push((said.with("after", Value::Whole(to.into())), None));
        }
        Ok(steps)
    }
}

fn moved(source: &Source, row: &RosterRow) -> Result<Moved, Trouble> {
    let at = source.asked.at;
    let activities = source.activities()?;
    let more: u32 = activities.iter().map(|one| one.jp).sum();
    let years = source.jp(row)?;
    let jp = years.get(&year_of(at)).copied().unwrap_or(0);
    let before = source.levels(row)?;
    let mut after = before.clone();
    for (about, asked) in activities.iter().filter_map(|one| one.raises) {
        let Some(cell) = after.iter_mut().find(|cell| cell.competency == about) else { continue };
        // Without a level, up to what the post requires.
        let to = asked.or(cell.required);
        cell.actual = cell.actual.max(to);
    }
    let rose = before.iter().zip(&after).filter(|(before, after)| before.actual != after.actual);
    let levels = rose.map(|(before, after)| {
        (after.competency, before.actual.unwrap_or(0), after.actual.unwrap_or(0))
    });
    let levels = levels.collect();
    let jpm = |cells: &[Cell]| Figures::of(cells.iter().copied()).jpm();
    let also: Vec<_> = activities.iter().map(|one| (one.code.as_str(), one.jp)).collect();
    Ok(Moved {
        jp: [jp, jp + more],
        jpm: [jpm(&before), jpm(&after)],
        index: [ipasn::of_person(source, row, at)?, ipasn::of_person_with(source, row, at, &also)?],
        levels,
        cost: activities.iter().map(|one| one.cost).sum(),
    })
}
