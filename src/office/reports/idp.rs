//! IDP: what each person's plan of a year says, line by line, beside the JP they earned in it
//! by such an activity; the foot adds up cost and JP, and the notes say how the plan divides
//! into classes, learning from others and learning at work.

use super::columns::{choice, date, number, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps, grounds};
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::kinds::plan_line::{Fund, LineStatus};
use crate::domain::learning::{Learning, LearningMix};
use crate::domain::record::{CompetencyId, Kind, PositionId, RecordId};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::office::views::planned::{done, earned};
use crate::office::views::row::RosterRow;
use crate::protocol::{Opens, Param, Remark, Sum, TableColumn};

pub(super) struct Idp;

impl Report for Idp {
    fn id(&self) -> &'static str {
        "idp"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::unit(), Param::year(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            text("competency", 8),
            whole("gap", 4),
            text("position", 14).hidden(),
            choice("activity", 16),
            whole("jp", 4).summed(Sum::Total),
            whole("jp_done", 6).summed(Sum::Total),
            whole("cost", 12).summed(Sum::Total),
            whole("month", 5).hidden(),
            text("provider", 14).hidden(),
            choice("fund", 8).hidden(),
            choice("status", 10),
            text("reason", 16).hidden(),
            date("closed_on").hidden(),
            whole("level_done", 5).hidden(),
        ]
    }

    fn rules(&self) -> &'static [&'static str] {
        &["learning"]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let year = source.asked.year;
        source.of_each(|row| {
            if !row.holds(Kind::IdpLines) {
                return Ok(Vec::new());
            }
            let pack = source.pack(row.number)?;
            let theirs = pack.of::<IdpLine>().filter(|(_, _, line)| line.year == year);
            let key = |number| ReportLine::Of(Key { number, owner: row.number });
            Ok(theirs.map(|(number, ..)| key(number)).collect())
        })
    }

    fn cells(&self, source: &Source, key: Key) -> Result<Vec<Value>, Trouble> {
        let Some(row) = source.person(key.owner) else { return Ok(Vec::new()) };
        let catalog = source.catalog();
        let pack = source.pack(key.owner)?;
        let Some(line) = pack.one::<IdpLine>(key.number) else { return Ok(Vec::new()) };
        let competency = catalog.competency(line.competency);
        let post = catalog.position(line.position).map(|post| post.title.as_str());
        let mut cells = vec![
            Value::text(row.nip.to_string()),
            Value::text(row.name()),
            source.unit_name(row.unit),
            Value::text(competency.map_or("", |one| one.code.as_str())),
            Value::whole(line.gap),
            Value::text(post.unwrap_or_default()),
        ];
        cells.extend(planned(line, done(catalog, &pack, line)));
        cells.extend([Value::date(line.closed_on), Value::whole(line.level_done.map(Level::get))]);
        Ok(cells)
    }

    fn explains(&self) -> bool {
        true
    }

    /// JP and level as they were frozen when the line was closed, else what has earned JP of it
    /// and where the person stands; the rest is as the plan says.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        column: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let ReportLine::Of(key) = line else { return Ok(Steps::new()) };
        match source.person(key.owner) {
            Some(row) => of_line(source, row, key.number, &column.key),
            None => Ok(Steps::new()),
        }
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let year = source.asked.year;
        let by = &source.rules().learning;
        let lines = source.of_each(|row| {
            if !row.holds(Kind::IdpLines) {
                return Ok(Vec::new());
            }
            let pack = source.pack(row.number)?;
            let theirs = pack.of::<IdpLine>().filter(|(_, _, line)| line.year == year);
            Ok(theirs.map(|(_, _, line)| share(by, line)).collect())
        });
        mix(by, lines.unwrap_or_default()).into_iter().collect()
    }

    fn opens(&self, key: Key) -> Option<Opens> {
        Some(Opens::Record(RecordId::new(Kind::IdpLines, key.number)))
    }
}

/// What a figure of a line rests on.
pub(super) fn of_line(
    source: &Source,
    row: &RosterRow,
    number: u32,
    column: &str,
) -> Result<Steps, Trouble> {
    let pack = source.pack(row.number)?;
    let Some(line) = pack.one::<IdpLine>(number) else { return Ok(Steps::new()) };
    let id = RecordId::new(Kind::IdpLines, number);
    let frozen = |steps: &mut Steps| {
        let said = Remark::new("frozen").with("date", Value::date(line.closed_on));
        steps.extend(line.closed.then_some((said, Some(id))));
    };
    let mut steps = Steps::new();
    match column {
        "jp_done" => {
            frozen(&mut steps);
            let found = earned(source.catalog(), &pack, line);
            steps.extend(grounds::of_earned(source, &pack, line.year, found));
        }
        "gap" | "level_done" | "competency" => {
            frozen(&mut steps);
            steps.push((Remark::new("as_planned"), Some(id)));
            let post = line.position.or(row.position);
            steps.extend(of_gap(source, row, post, line.competency)?);
        }
        _ => steps.push((Remark::new("as_planned"), Some(id))),
    }
    Ok(steps)
}

/// What somebody has of a competency, and what a post requires.
pub(super) fn of_gap(
    source: &Source,
    row: &RosterRow,
    post: Option<PositionId>,
    competency: CompetencyId,
) -> Result<Steps, Trouble> {
    let about = source.catalog().current(competency, None);
    let cells = source.levels_as(row, post)?.into_iter();
    let mut steps = Steps::new();
    for cell in cells.filter(|cell| cell.competency == about) {
        steps.extend(grounds::of_cell(source, row, post, cell)?);
    }
    Ok(steps)
}

/// A line from its activity to its reason, with the JP done of it.
pub(super) fn planned(line: &IdpLine, done: u32) -> [Value; 9] {
    let activity = Some(&line.activity).filter(|code| !code.is_empty());
    [
        Value::code(activity),
        Value::whole(line.jp),
        Value::Whole(done.into()),
        Value::whole(line.cost),
        Value::whole(line.month),
        Value::text(&line.provider),
        Value::code(line.fund.map(Fund::code)),
        Value::code(line.status.map(LineStatus::code)),
        Value::text(&line.reason),
    ]
}

/// Which of the three ways of learning a line is, and for how many JP.
pub(super) fn share(by: &LearningMix, line: &IdpLine) -> (Learning, i64) {
    (by.of(&line.activity), i64::from(line.jp.unwrap_or(0)))
}

/// How planned JP divide into the three ways of the guide; nothing where there are none.
pub(super) fn mix(
    by: &LearningMix,
    lines: impl IntoIterator<Item = (Learning, i64)>,
) -> Option<Remark> {
    let mut shares = [0_i64; 3];
    for (learning, jp) in lines {
        shares[match learning {
            Learning::Classes => 0,
            Learning::Others => 1,
            Learning::Work => 2,
        }] += jp;
    }
    let all: i64 = shares.iter().sum();
    let share = |at: usize| Value::Whole((shares[at] * 100 + all / 2) / all);
    let guide = format!("{}:{}:{}", by.classes, by.others, by.work);
    let said = || Remark::new("mix").with("classes", share(0)).with("guide", Value::text(guide));
    (all > 0).then(|| said().with("others", share(1)).with("work", share(2)))
}
