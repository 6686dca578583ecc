//! Mentoring: who guides whom in what, how often they met in a year, the JP of those meetings by
//! the rule that only so many of a month count, how many stand over it, and what came of it.

use chrono::{Datelike, NaiveDate};

use super::columns::{choice, date, number, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::meeting::Meeting;
use crate::domain::kinds::mentoring::{Mentoring as Pair, Outcome};
use crate::domain::record::{Kind, Record, RecordId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::protocol::{Opens, Param, Remark, Sum, TableColumn};
use crate::store::Pack;

pub(super) struct Mentoring;

impl Report for Mentoring {
    fn id(&self) -> &'static str {
        "mentoring"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::unit(), Param::year(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            text("mentor", 18),
            text("code", 5),
            whole("start_level", 5).hidden(),
            whole("target_level", 6).hidden(),
            text("goal", 16).hidden(),
            date("start").hidden(),
            whole("meetings", 5).summed(Sum::Total),
            whole("minutes", 6).summed(Sum::Total).hidden(),
            whole("jp", 4).summed(Sum::Total),
            whole("over", 6).summed(Sum::Total).shaded(When::Above(0), Tone::Warn),
            date("latest").hidden(),
            text("next_step", 16).hidden(),
            choice("outcome", 12),
        ]
    }

    fn rules(&self) -> &'static [&'static str] {
        &["jp_conversion"]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let year = i32::from(source.asked.year);
        source.of_each(|row| {
            if !row.holds(Kind::Mentorings) {
                return Ok(Vec::new());
            }
            let pack = source.pack(row.number)?;
            let in_year = |pair: &Pair| {
                pair.start.is_none_or(|start| start.year() <= year)
                    && pair.end.is_none_or(|end| end.year() >= year)
            };
            let theirs = pack.of::<Pair>().filter(|(_, _, pair)| in_year(pair));
            let key = |number| ReportLine::Of(Key { number, owner: row.number });
            Ok(theirs.map(|(number, ..)| key(number)).collect())
        })
    }

    fn cells(&self, source: &Source, key: Key) -> Result<Vec<Value>, Trouble> {
        let Some(row) = source.person(key.owner) else { return Ok(Vec::new()) };
        let catalog = source.catalog();
        let pack = source.pack(key.owner)?;
        let Some(pair) = pack.one::<Pair>(key.number) else { return Ok(Vec::new()) };
        let held = held(source, &pack, pair, source.asked.year);
        let counted: Vec<u32> = held.iter().filter_map(|(_, jp)| *jp).collect();
        let latest = held.last().map(|(meeting, _)| *meeting);
        let minutes: i64 = held.iter().map(|(meeting, _)| i64::from(meeting.minutes)).sum();
        let competency = catalog.competency(pair.competency);
        Ok(vec![
            Value::text(row.nip.to_string()),
            Value::text(row.name()),
            source.unit_name(row.unit),
            source.named(pair.mentor.0),
            Value::text(competency.map_or("", |one| one.code.as_str())),
            Value::whole(pair.start_level.map(Level::get)),
            Value::whole(pair.target_level.map(Level::get)),
            Value::text(&pair.goal),
            Value::date(pair.start),
            Value::Whole(held.len() as i64),
            Value::Whole(minutes),
            Value::Whole(counted.iter().sum::<u32>().into()),
            Value::Whole((held.len() - counted.len()) as i64),
            Value::date(latest.and_then(|meeting| meeting.date)),
            Value::text(latest.map_or("", |meeting| meeting.next_step.as_str())),
            Value::code(pair.outcome.map(Outcome::code)),
        ])
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let rule = source.rules().jp_conversion.meetings;
        let said = Remark::new("limit").with("jp", Value::Whole(rule.jp.into()));
        vec![said.with("a_month", Value::Whole(rule.a_month.into()))]
    }

    fn opens(&self, key: Key) -> Option<Opens> {
        Some(Opens::Record(RecordId::new(Kind::Mentorings, key.number)))
    }

    fn begins(&self) -> Option<Kind> {
        Some(Kind::Meetings)
    }

    /// A meeting of the pair, today.
    fn begin(&self, source: &Source, line: &ReportLine) -> Result<Option<Record>, Trouble> {
        let ReportLine::Of(key) = line else { return Ok(None) };
        let pack = source.pack(key.owner)?;
        let meeting = pack.one::<Pair>(key.number).map(|pair| Meeting {
            employee: pair.employee,
            competency: pair.competency,
            date: Some(source.today()),
            ..Meeting::default()
        });
        Ok(meeting.map(Record::from))
    }

    fn explains(&self) -> bool {
        true
    }

    /// Each meeting, and whether it counts.
    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        _: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let ReportLine::Of(key) = line else { return Ok(Vec::new()) };
        let pack = source.pack(key.owner)?;
        let Some(pair) = pack.one::<Pair>(key.number) else { return Ok(Vec::new()) };
        let said =
            held(source, &pack, pair, source.asked.year).into_iter().map(|(meeting, counts)| {
                let said = Remark::new(if counts.is_some() { "met" } else { "met_over" });
                let said = said.with("date", Value::date(meeting.date));
                let said = said.with("minutes", Value::Whole(meeting.minutes.into()));
                (said.with("topic", Value::text(&meeting.topic)), None)
            });
        Ok(said.collect())
    }
}

/// The meetings of a pair in a year, by day, with the JP of each that counts. The limit of a
/// month is the person's, whoever guides them in what.
fn held<'a>(
    source: &Source,
    pack: &'a Pack,
    pair: &Pair,
    year: u16,
) -> Vec<(&'a Meeting, Option<u32>)> {
    let mut all: Vec<(NaiveDate, &Meeting)> = pack
        .of::<Meeting>()
        .filter_map(|(_, _, meeting)| Some((meeting.date?, meeting)))
        .filter(|(day, _)| day.year() == i32::from(year))
        .collect();
    all.sort_by_key(|(day, meeting)| (*day, meeting.competency.0));
    let counts = source.catalog().meetings_count(all.iter().map(|(day, _)| *day));
    let theirs = all.into_iter().zip(counts);
    let theirs = theirs.filter(|((day, meeting), _)| pair.has(meeting.competency, *day));
    theirs.map(|((_, meeting), counts)| (meeting, counts)).collect()
}
