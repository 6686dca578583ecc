//! Need people: who stands behind a figure of the needs, one by one: who lacks a level for the
//! post held or one a plan prepares for, whose performance fell short, and who asked for what.

use super::akpk::{self, Lacking, Need};
use super::columns::{choice, number, text, whole};
use super::source::Source;
use super::{Report, ReportLine};
use crate::domain::kinds::need::Form;
use crate::domain::record::{EmployeeId, Kind, fold};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{Opens, Param, TableColumn};

pub(super) struct NeedPeople;

/// Who of them is meant.
pub(super) const WHO: &str = "who";
pub(super) const LACKING: &str = "lacking";
pub(super) const WEAK: &str = "weak";
pub(super) const FELL_SHORT: &str = "fell_short";
pub(super) const ASKED: &str = "asked";

impl Report for NeedPeople {
    fn id(&self) -> &'static str {
        "need-people"
    }

    fn params(&self) -> Vec<Param> {
        vec![
            Param::choice(WHO, &[LACKING, WEAK, FELL_SHORT, ASKED]),
            Param::one("competency", Kind::Competencies),
            Param::whole("to_level", 0..=5, 0),
            Param::text("topic").only_with(WHO, ASKED),
            Param::unit(),
            Param::year(),
            Param::at(),
            Param::search(),
        ]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            text("position", 16).hidden(),
            text("competency", 6),
            whole("actual", 4),
            whole("level", 5),
            text("aims", 16),
            choice("predicate", 12),
            text("topic", 16).hidden(),
            choice("form", 10).hidden(),
        ]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let mut lines = match source.asked.text(WHO) {
            ASKED => asking(source)?,
            FELL_SHORT => fell_short(source)?,
            who => lacking(source, who == WEAK)?,
        };
        lines.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        let lines = (0_u64..).zip(lines).map(|(nth, (_, person, cells))| {
            let opens = Opens::Record(EmployeeId(person).into());
            ReportLine::made(u64::from(person) << 16 | nth & 0xffff, cells, Some(opens))
        });
        Ok(lines.collect())
    }
}

/// Where a line stands, whose it is, and its cells.
type Line = ((String, u32, Need), u32, Vec<Value>);

/// The competency and level asked for; every one where none is named.
fn is_meant(source: &Source, (competency, level): Need) -> bool {
    let level_asked = source.asked.whole("to_level");
    let named = source.asked.text("competency").trim();
    (named.is_empty() || source.competency_asked("competency") == Some(competency))
        && (level_asked == 0 || level_asked == i64::from(level))
}

/// Who lacks it; of them perhaps those alone whose performance fell short.
fn lacking(source: &Source, weak_alone: bool) -> Result<Vec<Line>, Trouble> {
    let weak = akpk::weak(source)?;
    let needs = akpk::needs(source)?;
    let meant = needs.into_iter().filter(|(need, _)| is_meant(source, *need));
    let mut lines = Vec::new();
    for (need, people) in meant {
        for Lacking { person, actual, aims } in people {
            let predicate = weak.get(&person);
            if weak_alone && predicate.is_none() {
                continue;
            }
            let Some((place, mut cells)) = of_person(source, person, need) else { continue };
            cells[5] = Value::Whole(actual.into());
            cells[6] = Value::Whole(need.1.into());
            let aims = source.catalog().position(aims).map_or("", |post| post.title.as_str());
            cells[7] = Value::text(aims);
            cells[8] = Value::code(predicate.map(|one| one.code()));
            lines.push((place, person, cells));
        }
    }
    Ok(lines)
}

/// Whose performance fell short although they lack nothing.
fn fell_short(source: &Source) -> Result<Vec<Line>, Trouble> {
    let lacking = akpk::lacking(&akpk::needs(source)?);
    let weak = akpk::weak(source)?.into_iter().filter(|(person, _)| !lacking.contains(person));
    let lines = weak.filter_map(|(person, predicate)| {
        let (place, mut cells) = of_person(source, person, Need::default())?;
        cells[8] = Value::choice(predicate.code());
        Some((place, person, cells))
    });
    Ok(lines.collect())
}

/// Who asked for it in the survey: a competency, or a topic that is about none.
fn asking(source: &Source) -> Result<Vec<Line>, Trouble> {
    let wishes = akpk::wishes(source)?;
    let topic = fold(source.asked.text("topic").trim());
    let about = wishes.about.into_iter().filter(|(id, _)| {
        let named = source.asked.text("competency").trim();
        topic.is_empty() && (named.is_empty() || source.competency_asked("competency") == Some(*id))
    });
    let topics = wishes.topics.into_iter().filter(|(of, _)| {
        let any = topic.is_empty() && source.asked.text("competency").trim().is_empty();
        any || *of == topic
    });
    let all = about.map(|(id, wish)| ((id, 0), wish));
    let all = all.chain(topics.map(|(_, wish)| (Need::default(), wish)));
    let mut lines = Vec::new();
    for (need, wish) in all {
        for (person, topic, form) in wish.said {
            let Some((place, mut cells)) = of_person(source, person, need) else { continue };
            cells[9] = Value::text(topic);
            cells[10] = Value::code(form.map(Form::code));
            lines.push((place, person, cells));
        }
    }
    Ok(lines)
}

/// Where a person's line stands, and what it says of them and of the competency.
fn of_person(
    source: &Source,
    person: u32,
    need: Need,
) -> Option<((String, u32, Need), Vec<Value>)> {
    let row = source.person(person)?;
    let catalog = source.catalog();
    let mut cells = vec![Value::Empty; 11];
    cells[0] = Value::text(row.nip.to_string());
    cells[1] = Value::text(row.name());
    cells[2] = source.unit_name(row.unit);
    let post = catalog.position(row.position).map_or("", |post| post.title.as_str());
    cells[3] = Value::text(post);
    cells[4] = Value::text(catalog.competency(need.0).map_or("", |one| one.code.as_str()));
    Some(((row.folded().into_owned(), person, need), cells))
}
