//! HCDP: the development plan of the office, year by year, in the heads offices use for plan and
//! realisation: every planned line beside the sessions that were held of it and the people they
//! trained, and below them what was held without being planned. A plan of several years is read
//! as its yearly slices.

use std::collections::BTreeMap;

use super::akpk::{self, needs};
use super::columns::{choice, date, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::kinds::competency::{CompetencyGroup, Level};
use crate::domain::kinds::plan_line::{Fund, Ground, LineStatus, PlanLine};
use crate::domain::kinds::programme::Programme;
use crate::domain::kinds::session::Session;
use crate::domain::record::{CompetencyId, Kind, ProgrammeId, RecordId, SessionId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{Chart, ChartShape, Opens, Param, Remark, Sum, TableColumn};

pub(super) struct Hcdp;

/// What was held of a line, or of a programme nobody planned.
#[derive(Default)]
struct Held {
    sessions: i64,
    people: i64,
    jp: i64,
    first: Option<chrono::NaiveDate>,
    /// Each session with the people it trained and their JP.
    each: Vec<(SessionId, i64, i64)>,
}

/// A line of the plan with what was held of it.
struct Planned<'a> {
    number: u32,
    line: &'a PlanLine,
    held: Held,
}

/// How far a line has come true.
#[derive(Clone, Copy)]
enum Realised {
    Not,
    Partly,
    Whole,
    Unplanned,
}

impl Realised {
    const fn code(self) -> &'static str {
        match self {
            Self::Not => "not_held",
            Self::Partly => "partly",
            Self::Whole => "held",
            Self::Unplanned => "unplanned",
        }
    }

    fn of(planned: Option<u16>, held: &Held) -> Self {
        match held.sessions {
            0 => Self::Not,
            _ if planned.is_some_and(|planned| held.people < i64::from(planned)) => Self::Partly,
            _ => Self::Whole,
        }
    }
}

/// The last year of its slices.
fn last_year(source: &Source) -> u16 {
    source.asked.year.saturating_add(source.asked.whole("slices") as u16 - 1)
}

impl Report for Hcdp {
    fn id(&self) -> &'static str {
        "hcdp"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::unit(), Param::year(), Param::whole("slices", 1..=10, 1), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            whole("year", 4),
            choice("kind", 10).hidden(),
            text("code", 5),
            text("competency", 0),
            whole("level", 5).hidden(),
            whole("gap", 4),
            choice("activity", 8).hidden(),
            text("cluster", 14).hidden(),
            text("material", 16),
            whole("jp", 4).hidden(),
            whole("planned", 7).summed(Sum::Total),
            whole("cost", 12).summed(Sum::Total).hidden(),
            whole("month", 5).hidden(),
            text("provider", 14).hidden(),
            choice("fund", 8).hidden(),
            choice("ground", 11).hidden(),
            text("analysis", 18).hidden(),
            choice("status", 10).hidden(),
            whole("sessions", 5).hidden(),
            whole("trained", 7).summed(Sum::Total),
            whole("jp_held", 7).summed(Sum::Total).hidden(),
            date("held_on").hidden(),
            choice("realised", 11)
                .shaded(When::Is("not_held".into()), Tone::Warn)
                .shaded(When::Is("held".into()), Tone::Good),
        ]
    }

    fn foot_opens(&self, source: &Source, column: &TableColumn) -> Option<Opens> {
        let planned = matches!(column.key.as_str(), "planned" | "cost");
        planned.then(|| akpk::lines_of(source.asked.year..=last_year(source)))
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let first = source.asked.year;
        let last = last_year(source);
        let needs = needs(source)?;
        let mut lines = Vec::new();
        for year in first..=last {
            let (planned, sessions) = planned_in(source, year);
            for Planned { number, line, held } in planned {
                let need = (source.catalog().current(line.competency, None), line.level.get());
                let gap = needs.get(&need).map_or(0, Vec::len) as i64;
                let opens = Opens::Record(RecordId::new(Kind::PlanLines, number));
                let cells = planned_cells(source, line, gap, &held);
                lines.push(ReportLine::made(number.into(), cells, Some(opens)));
            }
            lines.extend(unplanned(source, year, sessions));
        }
        Ok(lines)
    }

    fn explains(&self) -> bool {
        true
    }

    /// The sessions that were held of it; who is below the level; the rest is as planned.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        column: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let ReportLine::Made(made) = line else { return Ok(Steps::new()) };
        let (Some(Value::Whole(year)), Some(Opens::Record(of))) = (made.cells.first(), &made.opens)
        else {
            return Ok(Steps::new());
        };
        let year = u16::try_from(*year).unwrap_or_default();
        let realised = ["sessions", "trained", "jp_held", "held_on", "realised"];
        if !realised.contains(&column.key.as_str()) {
            let gap = made.cells.get(5).filter(|_| column.key == "gap").cloned();
            let level = made.cells.get(4).cloned().unwrap_or_default();
            let said = match gap {
                Some(people) => Remark::new("of_gap").with("people", people).with("level", level),
                None => Remark::new("as_planned"),
            };
            return Ok(vec![(said, Some(*of))]);
        }
        let (planned, sessions) = planned_in(source, year);
        let held = match of.kind {
            Kind::PlanLines => planned.into_iter().find(|one| one.number == of.number),
            _ => None,
        };
        let each = if let Some(Planned { held, .. }) = held {
            held.each
        } else {
            let mut held = Held::default();
            let same = |session: &Session| session.programme.0 == of.number;
            for (id, session) in sessions.into_iter().filter(|(_, session)| same(session)) {
                held.take(source, id, session);
            }
            held.each
        };
        let mut steps = Steps::new();
        for (id, people, jp) in each {
            let session = source.catalog().session(id);
            let programme = session.and_then(|one| source.catalog().programme(one.programme));
            let said = Remark::new("of_session")
                .with("name", Value::text(programme.map_or("", |one| one.name.as_str())))
                .with("date", Value::date(session.and_then(|one| one.start)))
                .with("people", Value::Whole(people));
            steps.push((said.with("jp", Value::Whole(jp)), Some(id.into())));
        }
        if steps.is_empty() {
            steps.push((Remark::new("no_session"), Some(*of)));
        }
        Ok(steps)
    }

    /// How many were planned for, and how many came.
    fn chart(&self) -> Option<Chart> {
        let values = ["planned", "trained"].map(String::from).to_vec();
        Some(Chart { shape: ChartShape::Bar, by: "competency".into(), values, only: None })
    }

    fn notes(&self, _: &Source) -> Vec<Remark> {
        vec![Remark::new("heads")]
    }
}

/// The lines of a year in their order, each with what was held of it, and the sessions held of
/// none.
fn planned_in<'a>(
    source: &Source<'a>,
    year: u16,
) -> (Vec<Planned<'a>>, BTreeMap<SessionId, &'a Session>) {
    let mut sessions = held_in(source, year);
    let mut planned: Vec<_> = source.catalog().plan_lines.iter().collect();
    planned.retain(|(_, (_, line))| line.year == year);
    let code = |line: &PlanLine| source.catalog().competency(line.competency);
    planned.sort_by_cached_key(|(number, (_, line))| {
        (line.month.unwrap_or(13), code(line).map(|one| one.code.clone()), **number)
    });
    let held = |(number, (_, line)): (&u32, &'a (_, PlanLine))| {
        let held = held_of(source, line, &mut sessions);
        Planned { number: *number, line, held }
    };
    let planned = planned.into_iter().map(held).collect();
    (planned, sessions)
}

/// The sessions of a year that have ended.
fn held_in<'a>(source: &Source<'a>, year: u16) -> BTreeMap<SessionId, &'a Session> {
    let sessions = source.catalog().sessions.iter();
    let held = sessions.filter(|(_, (_, session))| {
        let over = session.last_day().is_some_and(|day| day <= source.today());
        over && !session.cancelled && session.year() == Some(year)
    });
    held.map(|(number, (_, session))| (SessionId(*number), session)).collect()
}

/// What was held of a line. What has been counted for one line is gone for the next.
fn held_of(source: &Source, line: &PlanLine, sessions: &mut BTreeMap<SessionId, &Session>) -> Held {
    let mut held = Held::default();
    if line.status == Some(LineStatus::Refused) {
        return held;
    }
    for id in source.catalog().held_of(line) {
        if let Some(session) = sessions.remove(&id) {
            held.take(source, id, session);
        }
    }
    held
}

impl Held {
    fn take(&mut self, source: &Source, id: SessionId, session: &Session) {
        let people = source.trained(id, session);
        let programme = source.catalog().programme(session.programme);
        let jp = session.jp.or(programme.and_then(|one| one.jp)).unwrap_or(0);
        self.sessions += 1;
        self.people += people;
        self.jp += people * i64::from(jp);
        self.each.push((id, people, people * i64::from(jp)));
        self.first = self.first.into_iter().chain(session.start).min();
    }
}

/// What a competency is called, and what it stands under.
fn about(source: &Source, id: Option<CompetencyId>) -> [Value; 4] {
    let known = id.and_then(|id| source.catalog().competency(id));
    let group = known.and_then(|one| one.group).map(CompetencyGroup::code);
    let cluster = known.map_or("", |one| one.parent.as_str());
    [
        Value::code(group),
        Value::text(known.map_or("", |one| one.code.as_str())),
        Value::text(known.map_or("", |one| one.name.as_str())),
        Value::text(cluster),
    ]
}

fn planned_cells(source: &Source, line: &PlanLine, gap: i64, held: &Held) -> Vec<Value> {
    let programme = line.programme.and_then(|id| source.catalog().programme(id));
    let [kind, competency_code, name, cluster] = about(source, Some(line.competency));
    let activity = Some(line.activity.as_str()).filter(|code| !code.is_empty());
    let activity = activity.or(programme.map(|one| one.r#type.as_str()));
    let provider = Some(line.provider.as_str()).filter(|name| !name.is_empty());
    let provider = provider.or(programme.map(|one| one.provider.as_str()));
    let mut cells = vec![
        Value::Whole(line.year.into()),
        kind,
        competency_code,
        name,
        Value::Whole(line.level.get().into()),
        Value::Whole(gap),
        Value::code(activity),
        cluster,
        Value::text(programme.map_or("", |one| one.name.as_str())),
        Value::whole(line.jp.or(programme.and_then(|one| one.jp))),
        Value::whole(line.people),
        Value::whole(line.cost),
        Value::whole(line.month),
        Value::text(provider.unwrap_or_default()),
        Value::code(line.fund.map(Fund::code)),
        Value::code(line.ground.map(Ground::code)),
        Value::text(&line.effect),
        Value::code(line.status.map(LineStatus::code)),
    ];
    cells.extend(held_cells(held, Realised::of(line.people, held)));
    cells
}

fn held_cells(held: &Held, realised: Realised) -> [Value; 5] {
    [
        Value::Whole(held.sessions),
        Value::Whole(held.people),
        Value::Whole(held.jp),
        Value::date(held.first),
        Value::choice(realised.code()),
    ]
}

/// What was held in a year and stands in no line, by programme.
fn unplanned(
    source: &Source,
    year: u16,
    sessions: BTreeMap<SessionId, &Session>,
) -> Vec<ReportLine> {
    let mut programmes: BTreeMap<ProgrammeId, (Held, &str)> = BTreeMap::new();
    for (id, session) in sessions {
        let (held, provider) = programmes.entry(session.programme).or_default();
        held.take(source, id, session);
        if provider.is_empty() {
            *provider = &session.provider;
        }
    }
    let row = |(id, (held, provider)): (ProgrammeId, (Held, &str))| {
        let programme: &Programme = source.catalog().programme(id)?;
        let [kind, competency_code, name, cluster] = about(source, programme.competency);
        let provider = if provider.is_empty() { &*programme.provider } else { provider };
        let mut cells = vec![Value::Whole(year.into()), kind, competency_code, name];
        cells.extend([Value::whole(programme.target_level.map(Level::get))]);
        cells.extend([Value::Empty, Value::choice(&programme.r#type), cluster]);
        cells.extend([Value::text(&programme.name), Value::whole(programme.jp)]);
        cells.extend([Value::Empty, Value::Empty, Value::Empty, Value::text(provider)]);
        cells.extend([Value::Empty, Value::Empty, Value::Empty, Value::Empty]);
        cells.extend(held_cells(&held, Realised::Unplanned));
        let opens = Opens::Record(RecordId::new(Kind::Programmes, id.0));
        let number = 1 << 63 | u64::from(year) << 32 | u64::from(id.0);
        Some(ReportLine::made(number, cells, Some(opens)))
    };
    programmes.into_iter().filter_map(row).collect()
}
