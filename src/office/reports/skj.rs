//! SKJ: the sheet of standards of one post, as it is printed: the competencies with level and what
//! the level means, then what else the post asks: education, training, experience, rank, each with
//! how much it matters. A post's own rows stand over those of its job level.

use super::columns::{choice, text, whole};
use super::source::Source;
use super::{Report, ReportLine};
use crate::domain::kinds::competency::CompetencyGroup;
use crate::domain::kinds::position::JobLevel;
use crate::domain::kinds::qualification::{Aspect, Importance, Qualification};
use crate::domain::record::{CompetencyId, Kind, RecordId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{Opens, Param, Remark, TableColumn};

pub(super) struct Skj;

impl Report for Skj {
    fn id(&self) -> &'static str {
        "skj"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::position(true), Param::at()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            choice("part", 22),
            text("item", 0),
            whole("level", 5),
            text("description", 0).hidden(),
            choice("importance", 10).shaded(When::Is("mutlak".into()), Tone::Warn),
            text("legal_basis", 18).hidden(),
        ]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let mut lines = competencies(source);
        lines.extend(qualifications(source));
        let line = |(id, (cells, opens)): (u64, (Vec<Value>, RecordId))| {
            ReportLine::made(id, cells, Some(Opens::Record(opens)))
        };
        Ok((1..).zip(lines).map(line).collect())
    }

    fn heading(&self, source: &Source) -> Result<Vec<(String, Value)>, Trouble> {
        let level = source.catalog().level(source.asked.position);
        let level = Value::code(level.map(JobLevel::code));
        Ok(vec![("job_level".to_string(), level)])
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let unread = source.catalog().qualifications.values().any(|(_, one)| !one.verified);
        let unread = unread.then(|| Remark::new("qualifications_unverified"));
        source.standards_note().into_iter().chain(unread).collect()
    }
}

/// The competencies the post requires, as the dictionary has them.
fn competencies(source: &Source) -> Vec<(Vec<Value>, RecordId)> {
    let catalog = source.catalog();
    let required = catalog.required(source.asked.position, source.asked.at);
    let row = |id: &CompetencyId| {
        let one = required.iter().find(|one| one.competency == *id)?;
        let competency = catalog.competency(*id)?;
        let text = competency.levels.get(usize::from(one.level.saturating_sub(1)));
        let standard = catalog.standards.get(&one.standard).map(|(_, standard)| standard);
        let group = competency.group.map(CompetencyGroup::code);
        let cells = vec![
            Value::code(group),
            Value::text(format!("{} {}", competency.code, competency.name)),
            Value::Whole(one.level.into()),
            Value::text(text.map_or("", |text| text.description.as_str())),
            Value::Empty,
            Value::text(standard.map_or("", |standard| standard.legal_basis.as_str())),
        ];
        Some((cells, RecordId::new(Kind::Standards, one.standard)))
    };
    source.competencies().iter().filter_map(row).collect()
}

/// What else it asks, in the order of the sheet: of each aspect the post's own rows, else those of
/// its job level.
fn qualifications(source: &Source) -> Vec<(Vec<Value>, RecordId)> {
    let (catalog, at) = (source.catalog(), source.asked.at);
    let level = catalog.level(source.asked.position);
    let in_force = |one: &Qualification| one.effective_from.is_none_or(|from| from <= at);
    let of = |aspect: Aspect, own: bool| {
        let meant = move |one: &Qualification| {
            let whose = if own {
                one.position.is_some() && one.position == source.asked.position
            } else {
                one.job_level.is_some() && one.job_level == level
            };
            whose && one.aspect == Some(aspect)
        };
        let rows = catalog.qualifications.iter();
        rows.filter(move |(_, (_, one))| meant(one) && in_force(one)).collect::<Vec<_>>()
    };
    let mut lines = Vec::new();
    for aspect in Aspect::ALL.iter().copied() {
        let own = of(aspect, true);
        let rows = if own.is_empty() { of(aspect, false) } else { own };
        for (number, (_, one)) in rows {
            let cells = vec![
                Value::choice(aspect.code()),
                Value::text(&one.requirement),
                Value::Empty,
                Value::Empty,
                Value::code(one.importance.map(Importance::code)),
                Value::text(&one.legal_basis),
            ];
            lines.push((cells, RecordId::new(Kind::Qualifications, *number)));
        }
    }
    lines
}
