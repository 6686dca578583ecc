//! IP ASN: each person's index of professionalism by its four dimensions, as of a day:
//! trainings of the years before it, the performance of the year before, the heaviest
//! sanction of five years. What is not known is empty, and the total is not called anything.

use chrono::NaiveDate;

use super::columns::{choice, number, percent, text};
use super::source::Source;
use super::{Report, ReportLine, Steps};
use crate::domain::ip_asn::{self, Band, CountsAs, Index, Trained};
use crate::domain::jp::year_of;
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::performance::{Performance, Predicate};
use crate::domain::kinds::sanction::{Sanction, Severity};
use crate::domain::record::{Kind, RecordId};
use crate::domain::table::{Tone, When};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Param, Remark, TableColumn, Totals};

pub(super) struct IpAsn;

impl Report for IpAsn {
    fn id(&self) -> &'static str {
        "ipasn"
    }

    fn params(&self) -> Vec<Param> {
        vec![Param::unit(), Param::at(), Param::search()]
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            percent("kualifikasi", 11),
            percent("kompetensi", 11),
            percent("kinerja", 8),
            // A sanction is a detail of the person, and so is what it takes from the index.
            percent("disiplin", 9).personal(),
            percent("total", 7).personal(),
            choice("category", 14).personal().shaded(When::Is("sangat_rendah".into()), Tone::Bad),
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
        let index = of_person(source, row, source.asked.at)?;
        let points = |tenths: u32| Value::Hundredths(i64::from(tenths) * 10);
        let known = |tenths: Option<u32>| tenths.map_or(Value::Empty, points);
        Ok(vec![
            Value::text(row.nip.to_string()),
            Value::text(row.name()),
            source.unit_name(row.unit),
            known(index.qualification),
            points(index.competency),
            known(index.performance),
            points(index.discipline),
            points(index.total()),
            source
                .rules()
                .ip_asn
                .band_of(index)
                .map_or(Value::Empty, |band| Value::choice(band.code())),
        ])
    }

    /// How many people are in each category.
    fn totals(&self, _: &Source) -> Option<Totals> {
        let order = Band::ALL.iter().rev().map(|band| Value::choice(band.code())).collect();
        Some(Totals::Values { columns: vec!["category".into()], order })
    }

    fn notes(&self, _: &Source) -> Vec<Remark> {
        vec![Remark::new("leadership"), Remark::new("incomplete")]
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
        let at = source.asked.at;
        let mut steps = Vec::new();
        let education = source.vital(row, "education")?;
        steps.push((Remark::new("of_education").with("education", education), None));
        for (counts, id, session, jp) in trainings(source, row, at)? {
            let code = match counts {
                CountsAs::Leadership => "of_leadership",
                CountsAs::Functional => "of_functional",
                CountsAs::Technical => "of_technical",
                CountsAs::Other => "of_other",
            };
            let said = Remark::new(code).with("training", Value::text(session));
            steps.push((said.with("jp", Value::Whole(jp.into())), Some(id)));
        }
        let year = year_of(at).saturating_sub(1);
        let of_year = |code: &str| Remark::new(code).with("year", Value::text(year.to_string()));
        steps.push(match performance(source, row, at)? {
            Some((id, predicate)) => {
                let predicate = Value::choice(predicate.code());
                (of_year("of_performance").with("predicate", predicate), Some(id))
            }
            None => (of_year("of_no_performance"), None),
        });
        // Whoever may not carry details is not told of sanctions by their grounds either.
        if source.carries_detail() {
            steps.push(match heaviest(source, row, at)? {
                Some((id, severity)) => {
                    let said = Remark::new("of_sanction");
                    (said.with("severity", Value::choice(severity.code())), Some(id))
                }
                None => (Remark::new("of_no_sanction"), None),
            });
        }
        Ok(steps)
    }
}

/// The four dimensions of a person by that day.
pub(super) fn of_person(source: &Source, row: &RosterRow, at: NaiveDate) -> Result<Index, Trouble> {
    of_person_with(source, row, at, &[])
}

/// The same if they also did activities of those types with so many JP.
pub(super) fn of_person_with(
    source: &Source,
    row: &RosterRow,
    at: NaiveDate,
    also: &[(&str, u32)],
) -> Result<Index, Trouble> {
    let rules = &source.rules().ip_asn;
    let qualification = match source.vital(row, "education")? {
        Value::Text(education) => rules.qualification(&education),
        _ => None,
    };
    let level = source.catalog().level(row.position);
    let mut trained = Trained::default();
    let done = trainings(source, row, at)?;
    let done = done.into_iter().map(|(counts, _, _, jp)| (counts, jp.into()));
    let also = also.iter().filter_map(|(code, jp)| Some((rules.counts_as(code, at)?.0, *jp)));
    for (counts, jp) in done.chain(also) {
        match counts {
            CountsAs::Technical => trained.technical_jp += jp,
            CountsAs::Other => trained.other = true,
            own => trained.own |= ip_asn::own_training(level) == Some(own),
        }
    }
    Ok(Index {
        qualification,
        competency: rules.competency(level, trained),
        performance: performance(source, row, at)?.and_then(|(_, one)| rules.performance(one)),
        discipline: rules.discipline(heaviest(source, row, at)?.map(|(_, severity)| severity)),
    })
}

/// Trainings that count by the day: what as, the session, its name, JP earned.
fn trainings(
    source: &Source,
    row: &RosterRow,
    at: NaiveDate,
) -> Result<Vec<(CountsAs, RecordId, String, u16)>, Trouble> {
    let catalog = source.catalog();
    let mut found = Vec::new();
    for (_, _, enrolment) in source.pack(row.number)?.of::<Enrolment>() {
        let Some(session) = catalog.session(enrolment.session) else { continue };
        let Some(programme) = catalog.programme(session.programme) else { continue };
        let Some(end) = session.last_day().filter(|end| *end <= at) else { continue };
        let Some((counts, since)) = source.rules().ip_asn.counts_as(&programme.r#type, at) else {
            continue;
        };
        let jp = enrolment.earned(session, programme.jp, catalog.attendance_min());
        if jp > 0 && since.is_none_or(|since| end > since) {
            found.push((counts, enrolment.session.into(), programme.name.clone(), jp));
        }
    }
    Ok(found)
}

/// How the year before that day was judged.
pub(super) fn performance(
    source: &Source,
    row: &RosterRow,
    at: NaiveDate,
) -> Result<Option<(RecordId, Predicate)>, Trouble> {
    if !row.holds(Kind::Performances) {
        return Ok(None);
    }
    let year = year_of(at).saturating_sub(1);
    let pack = source.pack(row.number)?;
    let mut judged = pack.of::<Performance>();
    let of_year = judged.find(|(_, _, one)| one.year == year);
    Ok(of_year.and_then(|(number, _, one)| {
        Some((RecordId::new(Kind::Performances, number), one.predicate?))
    }))
}

/// The heaviest sanction of the years that count.
fn heaviest(
    source: &Source,
    row: &RosterRow,
    at: NaiveDate,
) -> Result<Option<(RecordId, Severity)>, Trouble> {
    if !row.holds(Kind::Sanctions) {
        return Ok(None);
    }
    let first = source.rules().ip_asn.sanctions_since(at);
    let pack = source.pack(row.number)?;
    let counted = pack.of::<Sanction>().filter(|(_, _, one)| {
        // One that ended within the years counts as one that began within them.
        let last = one.until.or(one.since);
        one.since.is_some_and(|since| since <= at) && last > first
    });
    let heaviest = counted.max_by_key(|(number, _, one)| (one.severity, *number));
    Ok(heaviest
        .and_then(|(number, _, one)| Some((RecordId::new(Kind::Sanctions, number), one.severity?))))
}
