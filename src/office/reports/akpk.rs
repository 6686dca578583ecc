//! AKPK: what an office needs in a year: gaps to the standard of the post held and of the post a
//! plan prepares for, grouped by competency and level into classes, and what has been planned. A
//! line somebody planned stands as it was written, also where no need is left; what is mandatory
//! comes first, then the more people. Beside it stands how many of them fell short in performance
//! and how many asked for it in the survey; below, who fell short and lacks nothing, and what was
//! asked for besides.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{choice, text, whole};
use super::need_people::{self, NeedPeople, WHO};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::gap::Cell;
use crate::domain::jp::year_of;
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::need::{Form, Need as Asked};
use crate::domain::kinds::performance::Predicate;
use crate::domain::kinds::plan_line::{Fund, Ground, LineStatus, PlanLine};
use crate::domain::kinds::programme::Programme;
use crate::domain::record::{CompetencyId, Kind, PositionId, ProgrammeId, Record, RecordId, fold};
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{Chart, ChartShape, ListQuery, Opens, Param, Remark, Sum, TableColumn};

pub(super) struct Akpk;

/// A competency, and the level people are to come to.
pub(super) type Need = (CompetencyId, u8);

impl Report for Akpk {
    fn id(&self) -> &'static str {
        "akpk"
    }

    fn params(&self) -> Vec<Param> {
        vec![
            Param::unit(),
            Param::year(),
            Param::whole("class_max", 1..=500, 30),
            Param::whole("class_min", 1..=500, 1),
            Param::at(),
            Param::search(),
        ]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            text("code", 6),
            text("competency", 0),
            choice("kind", 10).hidden(),
            whole("level", 5),
            whole("people", 6).summed(Sum::Total),
            whole("asked", 6),
            choice("form", 10).hidden(),
            whole("classes", 6).summed(Sum::Total),
            whole("weak", 6).hidden(),
            choice("ground", 11),
            text("programme", 18),
            choice("activity", 8).hidden(),
            whole("jp", 4).hidden(),
            text("provider", 14).hidden(),
            whole("month", 5).hidden(),
            whole("planned", 8).summed(Sum::Total),
            whole("cost", 12).summed(Sum::Total).hidden(),
            choice("fund", 8).hidden(),
            text("indicator", 16).hidden(),
            text("effect", 16).hidden(),
            text("curriculum", 16).hidden(),
            choice("status", 10).hidden(),
        ]
    }

    fn foot_opens(&self, source: &Source, column: &TableColumn) -> Option<Opens> {
        match column.key.as_str() {
            "people" => Some(behind(&[(WHO, need_people::LACKING)], &[])),
            "planned" | "cost" => Some(lines_of(source.asked.year..=source.asked.year)),
            _ => None,
        }
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let needs = needs(source)?;
        let weak = weak(source)?;
        let mut planned = planned(source);
        let mut rows = Vec::new();
        for (need, people) in &needs {
            let short = people.iter().filter(|one| weak.contains_key(&one.person)).count();
            let people = [people.len() as i64, short as i64];
            let lines = planned.remove(need).unwrap_or_default();
            if lines.is_empty() {
                rows.push((*need, people, None));
            }
            rows.extend(lines.into_iter().map(|line| (*need, people, Some(line))));
        }
        for (need, lines) in planned {
            rows.extend(lines.into_iter().map(|line| (need, [0; 2], Some(line))));
        }
        let mut lines = Vec::new();
        let mut wishes = wishes(source)?;
        for (need, people, line) in rows {
            let wish = wishes.about.get_mut(&need.0);
            let Some(row) = row(source, need, people, line, wish.as_deref()) else {
                continue;
            };
            if let Some(wish) = wish {
                wish.shown = true;
            }
            lines.push(row);
        }
        lines.sort_by(|(a, _), (b, _)| a.cmp(b));
        let lines = lines.into_iter().map(|(_, line)| line);
        let lines = lines.chain(fell_short(&needs, &weak));
        Ok(lines.chain(wishes.left(source)).collect())
    }

    /// How many lack each competency, and for how many it is planned.
    fn chart(&self) -> Option<Chart> {
        let values = ["people", "planned"].map(String::from).to_vec();
        Some(Chart { shape: ChartShape::Bar, by: "competency".into(), values, only: None })
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let [least, most] = limits(source).map(Value::Whole);
        let note = Remark::new("grouped").with("least", least).with("most", most);
        [note].into_iter().chain(source.standards_note()).collect()
    }

    fn begins(&self) -> Option<Kind> {
        Some(Kind::PlanLines)
    }

    /// A line of the plan for the need; of one that is planned another class.
    fn begin(&self, source: &Source, line: &ReportLine) -> Result<Option<Record>, Trouble> {
        let (competency, level) = need_of(line.id());
        let Some(level) = Level::new(level) else { return Ok(None) };
        let ReportLine::Made(made) = line else { return Ok(None) };
        let people = made.cells.get(4).and_then(|cell| match cell {
            Value::Whole(people) => u16::try_from(*people).ok().filter(|people| *people > 0),
            _ => None,
        });
        let programme = offered(source, competency, level.get());
        let plan = PlanLine {
            year: source.asked.year.max(year_of(source.today())),
            competency,
            level,
            ground: Some(Ground::Gap),
            programme: programme.map(|(id, _)| id),
            people,
            ..PlanLine::default()
        };
        Ok(Some(plan.into()))
    }

    fn explains(&self) -> bool {
        true
    }

    /// Who needs it, and who asks for it.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        _: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let weak = weak(source)?;
        let judged = |number: u32| {
            let (year, predicate) = (judged_year(source), weak.get(&number)?);
            let name = Value::text(source.person(number)?.full_name());
            let said = Remark::new("fell_short").with("name", name);
            let said = said.with("year", Value::text(year.to_string()));
            let said = said.with("predicate", Value::choice(predicate.code()));
            Some((said, Some(RecordId::new(Kind::Employees, number))))
        };
        if line.id() == FELL_SHORT {
            let lacking = lacking(&needs(source)?);
            return Ok(weak
                .keys()
                .filter(|one| !lacking.contains(one))
                .filter_map(|one| judged(*one))
                .collect());
        }
        let need = need_of(line.id());
        let people = needs(source)?.remove(&need).unwrap_or_default();
        let asked = wishes(source)?.about.remove(&need.0).unwrap_or_default();
        let wanted = asked.said.into_iter().filter_map(|(number, topic, form)| {
            let name = Value::text(source.person(number)?.full_name());
            let said = Remark::new("asks").with("name", name).with("topic", Value::text(topic));
            let form = form.map(Form::code).map_or(Value::text("-"), Value::choice);
            let id = RecordId::new(Kind::Employees, number);
            Some((said.with("form", form), Some(id)))
        });
        let short = people.iter().filter_map(|one| judged(one.person)).collect::<Vec<_>>();
        let said = people.into_iter().filter_map(|one| {
            let name = Value::text(source.person(one.person)?.full_name());
            let said = match source.catalog().position(one.aims) {
                Some(post) => Remark::new("needs_for").with("post", Value::text(&post.title)),
                None => Remark::new("needs"),
            };
            let said = said.with("name", name).with("actual", Value::Whole(one.actual.into()));
            let said = said.with("required", Value::Whole(need.1.into()));
            Some((said, Some(RecordId::new(Kind::Employees, one.person))))
        });
        Ok(said.chain(short).chain(wanted).collect())
    }
}

/// The row of those whose performance fell short.
const FELL_SHORT: u64 = 1 << 62;

/// The place of a need in the number of its row.
fn id_of((competency, level): Need) -> u64 {
    u64::from(competency.0) << 32 | u64::from(level) << 24
}

fn need_of(id: u64) -> Need {
    (CompetencyId((id >> 32) as u32), (id >> 24) as u8)
}

/// Who is below a level, what they have, and the post they are prepared for where it is that
/// which asks for it.
pub(super) struct Lacking {
    pub person: u32,
    pub actual: u8,
    pub aims: Option<PositionId>,
}

/// Of each competency and level, who is below it by the post held or one a plan prepares for.
pub(super) fn needs(source: &Source) -> Result<BTreeMap<Need, Vec<Lacking>>, Trouble> {
    let mut needs: BTreeMap<Need, Vec<Lacking>> = BTreeMap::new();
    let aims = source.owed()?.aims(source.asked.year);
    let below = |cell: Cell| {
        let (actual, required) = (cell.actual?, cell.required?);
        (actual < required).then_some(((cell.competency, required), actual))
    };
    let found = source.of_each(|row| {
        let person = row.number;
        let held = source.levels(row)?.into_iter().filter_map(below);
        let one = |(need, actual), aims| (need, Lacking { person, actual, aims });
        let mut all: Vec<(Need, Lacking)> = held.map(|found| one(found, None)).collect();
        let next = aims.get(&person).into_iter().flatten();
        for post in next.filter(|post| row.position != Some(**post)) {
            let next = source.levels_as(row, Some(*post))?.into_iter().filter_map(below);
            for found in next {
                if all.iter().all(|(need, _)| *need != found.0) {
                    all.push(one(found, Some(*post)));
                }
            }
        }
        Ok(all)
    })?;
    for (need, one) in found {
        needs.entry(need).or_default().push(one);
    }
    Ok(needs)
}

/// Everybody who lacks something.
pub(super) fn lacking(needs: &BTreeMap<Need, Vec<Lacking>>) -> BTreeSet<u32> {
    needs.values().flatten().map(|one| one.person).collect()
}

/// The year whose performance counts: the one before the day asked for.
fn judged_year(source: &Source) -> u16 {
    year_of(source.asked.at).saturating_sub(1)
}

/// Whose performance of that year fell short, and as what it was judged.
pub(super) fn weak(source: &Source) -> Result<BTreeMap<u32, Predicate>, Trouble> {
    let (owed, year) = (source.owed()?, judged_year(source));
    let found = source.of_each(|row| {
        let predicate = owed.predicate(row.number, year).filter(|one| one.falls_short());
        Ok(predicate.map(|predicate| (row.number, predicate)))
    })?;
    Ok(found.into_iter().collect())
}

/// A row of those whose performance fell short although they lack nothing: what they need no
/// standard tells.
fn fell_short(
    needs: &BTreeMap<Need, Vec<Lacking>>,
    weak: &BTreeMap<u32, Predicate>,
) -> Option<ReportLine> {
    let lacking = lacking(needs);
    let people = weak.keys().filter(|person| !lacking.contains(person)).count() as i64;
    let mut cells = vec![Value::Empty; 10];
    cells[1] = Value::choice("fell_short");
    (cells[4], cells[8]) = (Value::Whole(people), Value::Whole(people));
    cells[9] = Value::choice(Ground::Performance.code());
    let opens = behind(&[(WHO, need_people::FELL_SHORT)], &[]);
    (people > 0).then(|| ReportLine::made(FELL_SHORT, cells, Some(opens)))
}

/// The fewest and the most people of a class.
fn limits(source: &Source) -> [i64; 2] {
    ["class_min", "class_max"].map(|name| source.asked.whole(name).max(1))
}

/// So many classes; fewer people than make one learn in another way.
fn classes(people: i64, [least, most]: [i64; 2]) -> i64 {
    if people < least.min(most) { 0 } else { (people + most - 1) / most }
}

/// What has been planned for the year.
fn planned<'a>(source: &Source<'a>) -> BTreeMap<Need, Vec<(u32, &'a PlanLine)>> {
    let mut planned: BTreeMap<Need, Vec<(u32, &PlanLine)>> = BTreeMap::new();
    let year = source.asked.year;
    for (number, (_, line)) in &source.catalog().plan_lines {
        if line.year == year && line.status != Some(LineStatus::Refused) {
            let need = (source.catalog().current(line.competency, None), line.level.get());
            planned.entry(need).or_default().push((*number, line));
        }
    }
    planned
}

/// A row with its place in the order.
fn row(
    source: &Source,
    (competency, level): Need,
    [people, weak]: [i64; 2],
    line: Option<(u32, &PlanLine)>,
    wish: Option<&Wish>,
) -> Option<(impl Ord + use<>, ReportLine)> {
    let catalog = source.catalog();
    let known = catalog.competency(competency)?;
    let written = line.map(|(_, line)| line);
    let programme: Option<&Programme> = match written {
        Some(line) => line.programme.and_then(|id| catalog.programme(id)),
        None => offered(source, competency, level).map(|(_, programme)| programme),
    };
    let mandatory = programme.is_some_and(|programme| programme.mandatory);
    let ground = match written.and_then(|line| line.ground) {
        Some(ground) => ground,
        None if mandatory => Ground::Mandatory,
        None => Ground::Gap,
    };
    let seats = written.and_then(|line| line.people).map(i64::from);
    let classes = classes(seats.unwrap_or(people), limits(source));
    let text = |own: Option<&str>, other: Option<&str>| {
        Value::text(own.filter(|own| !own.is_empty()).or(other).unwrap_or_default())
    };
    let activity = written.map(|line| line.activity.as_str()).filter(|code| !code.is_empty());
    let activity = activity.or(programme.map(|programme| programme.r#type.as_str()));
    let cells = vec![
        Value::text(&known.code),
        Value::text(&known.name),
        Value::code(known.group.map(crate::domain::kinds::competency::CompetencyGroup::code)),
        Value::Whole(level.into()),
        Value::Whole(people),
        Value::whole(wish.map(|wish| wish.said.len() as i64)),
        Value::code(wish.and_then(Wish::form).map(Form::code)),
        Value::Whole(classes),
        Value::Whole(weak),
        Value::choice(ground.code()),
        Value::text(programme.map_or("", |programme| programme.name.as_str())),
        Value::code(activity),
        Value::whole(written.and_then(|line| line.jp).or(programme.and_then(|one| one.jp))),
        text(
            written.map(|line| line.provider.as_str()),
            programme.map(|programme| programme.provider.as_str()),
        ),
        Value::whole(written.and_then(|line| line.month)),
        Value::whole(seats),
        Value::whole(written.and_then(|line| line.cost)),
        Value::code(written.and_then(|line| line.fund).map(Fund::code)),
        text(written.map(|line| line.indicator.as_str()), None),
        text(written.map(|line| line.effect.as_str()), None),
        text(written.map(|line| line.curriculum.as_str()), None),
        Value::code(written.and_then(|line| line.status).map(LineStatus::code)),
    ];
    let id = id_of((competency, level));
    let opens = match line {
        Some((number, _)) => Opens::Record(RecordId::new(Kind::PlanLines, number)),
        None => of_need(&known.code, level),
    };
    let number = line.map_or(0, |(number, _)| number);
    let place = (!mandatory, -people, known.code.clone(), level, number);
    // A line's number fits: an office plans less than sixteen million of them.
    let id = id | u64::from(number & 0xff_ffff);
    Some((place, ReportLine::made(id, cells, Some(opens))))
}

/// What the survey says of one competency or one topic.
#[derive(Default)]
pub(super) struct Wish {
    /// Who asks, for what and in which form.
    pub said: Vec<(u32, String, Option<Form>)>,
    /// It stands beside a need that was worked out.
    shown: bool,
}

impl Wish {
    /// The form most people would rather have; of those equally wanted the first.
    fn form(&self) -> Option<Form> {
        let mut counts: BTreeMap<Form, usize> = BTreeMap::new();
        for form in self.said.iter().filter_map(|(.., form)| *form) {
            *counts.entry(form).or_default() += 1;
        }
        let most = counts.values().max().copied()?;
        counts.into_iter().find(|(_, count)| *count == most).map(|(form, _)| form)
    }
}

/// The survey of a year: by competency, and topics that are about none that is known.
#[derive(Default)]
pub(super) struct Wishes {
    pub about: BTreeMap<CompetencyId, Wish>,
    pub topics: BTreeMap<String, Wish>,
}

pub(super) fn wishes(source: &Source) -> Result<Wishes, Trouble> {
    let (year, catalog) = (source.asked.year, source.catalog());
    let said = source.of_each(|row| {
        let mut said = Vec::new();
        if row.holds(Kind::Needs) {
            let pack = source.pack(row.number)?;
            let theirs = pack.of::<Asked>().filter(|(_, _, need)| need.year == Some(year));
            said.extend(theirs.map(|(_, _, need)| (row.number, need.clone())));
        }
        Ok(said)
    })?;
    let mut wishes = Wishes::default();
    for (number, need) in said {
        let wish = match need.competency {
            Some(of) => wishes.about.entry(catalog.current(of, None)).or_default(),
            None => wishes.topics.entry(fold(&need.topic)).or_default(),
        };
        wish.said.push((number, need.topic, need.form));
    }
    Ok(wishes)
}

impl Wishes {
    /// What is asked for and no need was found of: it stands below the needs.
    fn left(self, source: &Source) -> Vec<ReportLine> {
        let catalog = source.catalog();
        let row = |id: u64, code: &str, name: &str, wish: &Wish| {
            let mut cells = vec![Value::Empty; 9];
            (cells[0], cells[1]) = (Value::text(code), Value::text(name));
            cells[4] = Value::Whole(0);
            cells[5] = Value::Whole(wish.said.len() as i64);
            cells[6] = Value::code(wish.form().map(Form::code));
            let of = if code.is_empty() { ("topic", name) } else { ("competency", code) };
            ReportLine::made(id, cells, Some(behind(&[(WHO, need_people::ASKED), of], &[])))
        };
        let about = self.about.iter().filter(|(_, wish)| !wish.shown);
        let about = about.filter_map(|(id, wish)| {
            let known = catalog.competency(*id)?;
            Some(row(u64::from(id.0) << 32, &known.code, &known.name, wish))
        });
        let topics = (0_u64..).zip(self.topics.values());
        let topics = topics.map(|(at, wish)| {
            let name = wish.said.first().map_or("", |(_, topic, _)| topic.as_str());
            row(1 << 63 | at, "", name, wish)
        });
        about.chain(topics).collect()
    }
}

/// The programme that brings people to the level, the mandatory one first.
fn offered<'a>(
    source: &Source<'a>,
    competency: CompetencyId,
    level: u8,
) -> Option<(ProgrammeId, &'a Programme)> {
    let catalog = source.catalog();
    let programmes = catalog.programmes.iter();
    let programmes = programmes.map(|(number, (_, programme))| (ProgrammeId(*number), programme));
    let fits = |(_, programme): &(ProgrammeId, &Programme)| {
        programme.competency.map(|of| catalog.current(of, None)) == Some(competency)
            && !programme.archived
            && programme.target_level.is_none_or(|target| target.get() >= level)
    };
    programmes.filter(fits).min_by_key(|(_, programme)| !programme.mandatory)
}

/// The lines planned for these years as a list.
pub(super) fn lines_of(years: std::ops::RangeInclusive<u16>) -> Opens {
    let search = format!("year>={} year<={}", years.start(), years.end());
    Opens::List(Box::new(ListQuery { search, ..ListQuery::all(Kind::PlanLines) }))
}

/// The people behind a need: who lacks it, who of them fell short, and who asked for it.
fn of_need(code: &str, level: u8) -> Opens {
    let who = [("weak", (WHO, need_people::WEAK)), ("asked", (WHO, need_people::ASKED))];
    behind(&[("competency", code), ("to_level", &level.to_string())], &who)
}

/// The people themselves.
fn behind(own: &[(&str, &str)], by_column: &[(&str, (&str, &str))]) -> Opens {
    let pair = |(name, value): (&str, &str)| (name.to_string(), value.to_string());
    Opens::Report {
        id: NeedPeople.id().into(),
        own: own.iter().copied().map(pair).collect(),
        by_column: by_column.iter().map(|(key, own)| (key.to_string(), pair(*own))).collect(),
    }
}
