//! Dictionary: every competency, archived ones too, as the tree has them, and where each has
//! been used: ratings of people within reach, standards, programmes, plans. Nothing of that goes
//! when one is archived, renamed or merged.

use std::collections::BTreeMap;

use super::columns::{choice, date, text, whole};
use super::source::Source;
use super::{Report, ReportLine};
use crate::domain::kinds::competency::{Competency, CompetencyGroup};
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::kinds::rating::Rating;
use crate::domain::record::{CompetencyId, Kind, RecordId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{Opens, Param, Remark, TableColumn};

pub(super) struct Dictionary;

/// What one competency has been used for.
#[derive(Clone, Copy, Default)]
struct Uses {
    ratings: i64,
    people: i64,
    latest: Option<chrono::NaiveDate>,
    plans: i64,
}

impl Report for Dictionary {
    fn id(&self) -> &'static str {
        "dictionary"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::one("code", Kind::Competencies), Param::unit()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            choice("group", 10),
            text("parent", 14),
            text("code", 8),
            text("competency", 0),
            choice("state", 10)
                .shaded(When::Is("archived".into()), Tone::Quiet)
                .shaded(When::Is("merged".into()), Tone::Quiet),
            text("merged_into", 8).hidden(),
            date("archived_on").hidden(),
            whole("levels", 5).hidden(),
            whole("ratings", 9),
            whole("people", 7).hidden(),
            date("latest").hidden(),
            whole("standards", 8),
            whole("programmes", 8).hidden(),
            whole("plans", 8).hidden(),
        ]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let uses = uses(source)?;
        let asked = source.asked.text("code").trim();
        let only = source.competency_asked("code");
        let catalog = source.catalog();
        let mut all = catalog.columns();
        let archived = |(number, (_, row)): (&u32, &'_ (_, Competency))| {
            row.archived.then_some(CompetencyId(*number))
        };
        for id in catalog.competencies.iter().filter_map(archived) {
            all.extend(catalog.competency(id).map(|row| (id, row)));
        }
        all.retain(|(id, _)| asked.is_empty() || only == Some(*id));
        let line = |(id, row): (CompetencyId, &Competency)| {
            let opens = Opens::Record(RecordId::from(id));
            let cells = cells(source, id, row, uses.get(&id).copied().unwrap_or_default());
            ReportLine::made(id.0.into(), cells, Some(opens))
        };
        Ok(all.into_iter().map(line).collect())
    }

    fn notes(&self, _: &Source) -> Vec<Remark> {
        vec![Remark::new("whole")]
    }
}

/// What people within reach have of each.
fn uses(source: &Source) -> Result<BTreeMap<CompetencyId, Uses>, Trouble> {
    let mut uses: BTreeMap<CompetencyId, Uses> = BTreeMap::new();
    let theirs = source.of_each(|row| {
        let mut mine: BTreeMap<CompetencyId, Uses> = BTreeMap::new();
        if row.holds(Kind::Ratings) || row.holds(Kind::IdpLines) {
            let pack = source.pack(row.number)?;
            for (_, _, rating) in pack.of::<Rating>() {
                let of = mine.entry(rating.competency).or_default();
                (of.ratings, of.people) = (of.ratings + 1, 1);
                of.latest = of.latest.max(rating.date);
            }
            for (_, _, line) in pack.of::<IdpLine>() {
                mine.entry(line.competency).or_default().plans += 1;
            }
        }
        Ok(mine)
    })?;
    for (competency, one) in theirs {
        let of = uses.entry(competency).or_default();
        of.ratings += one.ratings;
        of.people += one.people;
        of.plans += one.plans;
        of.latest = of.latest.max(one.latest);
    }
    for (_, line) in source.catalog().plan_lines.values() {
        uses.entry(line.competency).or_default().plans += 1;
    }
    Ok(uses)
}

fn cells(source: &Source, id: CompetencyId, row: &Competency, uses: Uses) -> Vec<Value> {
    let catalog = source.catalog();
    let into = row.merged_into.and_then(|into| catalog.competency(into));
    let state = match (row.archived, into) {
        (true, Some(_)) => "merged",
        (true, None) => "archived",
        _ => "in_use",
    };
    let standards = catalog.standards.values().filter(|(_, one)| one.competency == id);
    let programmes = catalog.programmes.values().filter(|(_, one)| one.competency == Some(id));
    vec![
        Value::code(row.group.map(CompetencyGroup::code)),
        Value::text(&row.parent),
        Value::text(&row.code),
        Value::text(&row.name),
        Value::choice(state),
        Value::text(into.map_or("", |into| into.code.as_str())),
        Value::date(row.archived_on),
        Value::Whole(row.levels.iter().filter(|level| !level.description.is_empty()).count() as i64),
        Value::Whole(uses.ratings),
        Value::Whole(uses.people),
        Value::date(uses.latest),
        Value::Whole(standards.count() as i64),
        Value::Whole(programmes.count() as i64),
        Value::Whole(uses.plans),
    ]
}
