//! IP ASN (indeks profesionalitas): what qualification, competency, performance and
//! discipline count, in tenths of a point, and what the total is called.
//!
//! Source: `rules/ip_asn.toml`, with its legal basis. The regulation's bands are whole
//! figures and leave holes between them; here 60.5 is over 60.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::kinds::performance::Predicate;
use super::kinds::position::{JobLevel, codes};
use super::kinds::sanction::Severity;
use super::rules::{Source, table};

codes! {
    /// What a total is called, the lowest first.
    Band {
        VeryLow = "sangat_rendah",
        Low = "rendah",
        Middle = "sedang",
        High = "tinggi",
        VeryHigh = "sangat_tinggi",
    }
}

/// What a training counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountsAs {
    Leadership,
    Functional,
    Technical,
    Other,
}

#[derive(Debug, Deserialize)]
struct Table {
    source: Source,
    qualifications: Vec<Qualification>,
    trainings: Trainings,
    competency: Weights,
    performance: BTreeMap<Predicate, u32>,
    discipline: Discipline,
    bands: Vec<Bound>,
}

#[derive(Debug, Deserialize)]
struct Qualification {
    tenths: u32,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Trainings {
    leadership: Vec<String>,
    functional: Vec<String>,
    technical: Vec<String>,
    others: Vec<String>,
    technical_jp: u32,
    technical_years: u32,
    others_years: u32,
}

#[derive(Debug, Deserialize)]
struct Weights {
    leading: Items,
    general: Items,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Items {
    own: u32,
    technical: u32,
    others: u32,
}

#[derive(Debug, Deserialize)]
struct Discipline {
    years: u32,
    never: u32,
    ringan: u32,
    sedang: u32,
    berat: u32,
}

#[derive(Debug, Deserialize)]
struct Bound {
    band: Band,
    up_to: u32,
}

fn known() -> Option<&'static Table> {
    static TABLE: OnceLock<Option<Table>> = OnceLock::new();
    TABLE.get_or_init(|| table(include_str!("rules/ip_asn.toml"))).as_ref()
}

/// Where the figures come from.
pub fn source() -> Option<&'static Source> {
    known().map(|table| &table.source)
}

/// What somebody has been trained in, by the day it is counted for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trained {
    /// The training of the post: leadership of managers, functional of functional posts.
    pub own: bool,
    /// JP of technical training of the last year.
    pub technical_jp: u32,
    /// A seminar, workshop, course or the like of the last two years.
    pub other: bool,
}

/// The four dimensions, in tenths; what is not known is not nought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Index {
    pub qualification: Option<u32>,
    pub competency: u32,
    pub performance: Option<u32>,
    pub discipline: u32,
}

impl Index {
    pub fn total(self) -> u32 {
        let known = [self.qualification, self.performance].into_iter().flatten();
        known.sum::<u32>() + self.competency + self.discipline
    }

    /// None while a dimension is not known: a total without it would be called too low.
    pub fn band(self) -> Option<Band> {
        self.qualification.and(self.performance)?;
        band(self.total())
    }
}

/// What a total in tenths is called.
pub fn band(tenths: u32) -> Option<Band> {
    let bands = &known()?.bands;
    let found = bands.iter().find(|bound| tenths <= bound.up_to * 10).or(bands.last());
    found.map(|bound| bound.band)
}

/// What an education counts, as it is written; none where it is not understood.
pub fn qualification(education: &str) -> Option<u32> {
    let lower = education.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let written = |phrase: &String| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).any(|part| part == phrase)
    };
    let found = known()?.qualifications.iter().find(|row| row.words.iter().any(written));
    found.map(|row| row.tenths)
}

/// What a type of training counts as, and since when it has to lie for that by that day.
pub fn counts_as(code: &str, by: NaiveDate) -> Option<(CountsAs, Option<NaiveDate>)> {
    let rules = &known()?.trainings;
    let within = |years: u32| by.checked_sub_months(Months::new(12 * years));
    let has = |codes: &[String]| codes.iter().any(|known| known == code);
    if has(&rules.leadership) {
        Some((CountsAs::Leadership, None))
    } else if has(&rules.functional) {
        Some((CountsAs::Functional, None))
    } else if has(&rules.technical) {
        Some((CountsAs::Technical, within(rules.technical_years)))
    } else if has(&rules.others) {
        Some((CountsAs::Other, within(rules.others_years)))
    } else {
        None
    }
}

/// Whether a post leads: then leadership or functional training is part of it.
pub const fn own_training(level: Option<JobLevel>) -> Option<CountsAs> {
    match level {
        Some(
            JobLevel::JptUtama
            | JobLevel::JptMadya
            | JobLevel::JptPratama
            | JobLevel::Administrator
            | JobLevel::Pengawas,
        ) => Some(CountsAs::Leadership),
        Some(JobLevel::Pelaksana) | None => None,
        Some(_) => Some(CountsAs::Functional),
    }
}

/// What trainings count in a post of that level.
pub fn competency(level: Option<JobLevel>, trained: Trained) -> u32 {
    let Some(rules) = known() else { return 0 };
    let leads = own_training(level).is_some();
    let items = if leads { rules.competency.leading } else { rules.competency.general };
    let counted = |has: bool, tenths: u32| if has { tenths } else { 0 };
    counted(trained.own && leads, items.own)
        + counted(trained.technical_jp >= rules.trainings.technical_jp, items.technical)
        + counted(trained.other, items.others)
}

pub fn performance(predicate: Predicate) -> Option<u32> {
    known()?.performance.get(&predicate).copied()
}

/// What the heaviest sanction of the years that count leaves.
pub fn discipline(heaviest: Option<Severity>) -> u32 {
    let Some(rules) = known().map(|rules| &rules.discipline) else { return 0 };
    match heaviest {
        None => rules.never,
        Some(Severity::Light) => rules.ringan,
        Some(Severity::Medium) => rules.sedang,
        Some(Severity::Heavy) => rules.berat,
    }
}

/// Since when a sanction counts by that day.
pub fn sanctions_since(by: NaiveDate) -> Option<NaiveDate> {
    by.checked_sub_months(Months::new(12 * known()?.discipline.years))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_education_counts_however_it_is_written() {
        for (written, tenths) in [
            ("S-3", 250),
            ("S-2/Magister", 200),
            ("S-1/Sarjana", 150),
            ("D-IV", 150),
            ("Diploma IV", 150),
            ("Diploma III/Sarjana Muda", 100),
            ("D3", 100),
            ("D-II", 50),
            ("D.I", 50),
            ("SLTA", 50),
            ("SMA Sederajat", 50),
            ("SLTP", 10),
            ("SD", 10),
        ] {
            assert_eq!(qualification(written), Some(tenths), "{written}");
        }
        assert_eq!(qualification("Kursus menjahit"), None);
    }

    #[test]
    fn each_kind_of_post_can_reach_forty_and_a_pelaksana_by_two_items() {
        let all = Trained { own: true, technical_jp: 20, other: true };
        let technical = Trained { technical_jp: 20, ..Trained::default() };
        let other = Trained { other: true, ..Trained::default() };
        let short = Trained { technical_jp: 19, ..Trained::default() };
        for (level, figures) in [
            (Some(JobLevel::Pengawas), [400, 150, 100, 0]),
            (Some(JobLevel::JfMuda), [400, 150, 100, 0]),
            (Some(JobLevel::Pelaksana), [400, 225, 175, 0]),
            (None, [400, 225, 175, 0]),
        ] {
            let found = [all, technical, other, short].map(|trained| competency(level, trained));
            assert_eq!(found, figures, "{level:?}");
        }
    }

    #[test]
    fn performance_discipline_and_bands_are_as_the_table_has_them() {
        let found: Vec<_> = Predicate::ALL.iter().filter_map(|one| performance(*one)).collect();
        assert_eq!(found, [300, 250, 150, 50, 10]);
        assert_eq!(discipline(None), 50);
        let found: Vec<_> = Severity::ALL.iter().map(|one| discipline(Some(*one))).collect();
        assert_eq!(found, [30, 20, 10]);
        for (tenths, called) in [
            (600, "sangat_rendah"),
            (605, "rendah"),
            (700, "rendah"),
            (701, "sedang"),
            (800, "sedang"),
            (805, "tinggi"),
            (900, "tinggi"),
            (905, "sangat_tinggi"),
            (1_000, "sangat_tinggi"),
        ] {
            assert_eq!(band(tenths).map(Band::code), Some(called), "{tenths}");
        }
        let unknown = Index { competency: 400, discipline: 50, ..Index::default() };
        assert_eq!((unknown.total(), unknown.band()), (450, None));
    }
}
