//! IP ASN (indeks profesionalitas): what qualification, competency, performance and
//! discipline count, in tenths of a point, and what the total is called.
//!
//! Source: `rules/ip_asn.toml`, with its legal basis. The regulation's bands are whole
//! figures and leave holes between them; here 60.5 is over 60.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::kinds::performance::Predicate;
use super::kinds::position::{JobLevel, codes};
use super::kinds::sanction::Severity;
use super::rulebook::{Broken, RuleTable, adds_up, descending, distinct, rests_on, within};
use super::rules::{Source, TRAINING_TYPES};

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

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IpAsn {
    pub source: Source,
    qualifications: Vec<Qualification>,
    trainings: Trainings,
    competency: Weights,
    performance: BTreeMap<Predicate, u32>,
    discipline: Discipline,
    bands: Vec<Bound>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Qualification {
    /// What its figures are called, whatever words it is written with.
    name: String,
    tenths: u32,
    words: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Trainings {
    leadership: Vec<String>,
    functional: Vec<String>,
    technical: Vec<String>,
    others: Vec<String>,
    technical_jp: u32,
    technical_years: u32,
    others_years: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Weights {
    leading: Items,
    general: Items,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Items {
    own: u32,
    technical: u32,
    others: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Discipline {
    years: u32,
    never: u32,
    ringan: u32,
    sedang: u32,
    berat: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Bound {
    band: Band,
    up_to: u32,
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

impl Trainings {
    fn lists(&self) -> [(&'static str, &Vec<String>); 4] {
        [
            ("leadership", &self.leadership),
            ("functional", &self.functional),
            ("technical", &self.technical),
            ("others", &self.others),
        ]
    }
}

impl Index {
    pub fn total(self) -> u32 {
        let known = [self.qualification, self.performance].into_iter().flatten();
        known.sum::<u32>() + self.competency + self.discipline
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

impl IpAsn {
    /// What an index is called; none while a dimension is not known: a total without it would be
    /// called too low.
    pub fn band_of(&self, index: Index) -> Option<Band> {
        index.qualification.and(index.performance)?;
        self.band(index.total())
    }

    /// What a total in tenths is called.
    fn band(&self, tenths: u32) -> Option<Band> {
        let found = self.bands.iter().find(|bound| tenths <= bound.up_to * 10);
        found.or(self.bands.last()).map(|bound| bound.band)
    }

    /// What an education counts, as it is written; none where it is not understood.
    pub fn qualification(&self, education: &str) -> Option<u32> {
        let lower = education.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let written = |phrase: &String| {
            let phrase: Vec<&str> = phrase.split(' ').collect();
            words.windows(phrase.len()).any(|part| part == phrase)
        };
        let found = self.qualifications.iter().find(|row| row.words.iter().any(written));
        found.map(|row| row.tenths)
    }

    /// What a type of training counts as, and since when it has to lie for that by that day.
    pub fn counts_as(&self, code: &str, by: NaiveDate) -> Option<(CountsAs, Option<NaiveDate>)> {
        let rules = &self.trainings;
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

    /// What trainings count in a post of that level.
    pub fn competency(&self, level: Option<JobLevel>, trained: Trained) -> u32 {
        let leads = own_training(level).is_some();
        let items = if leads { self.competency.leading } else { self.competency.general };
        let counted = |has: bool, tenths: u32| if has { tenths } else { 0 };
        counted(trained.own && leads, items.own)
            + counted(trained.technical_jp >= self.trainings.technical_jp, items.technical)
            + counted(trained.other, items.others)
    }

    pub fn performance(&self, predicate: Predicate) -> Option<u32> {
        self.performance.get(&predicate).copied()
    }

    /// What the heaviest sanction of the years that count leaves.
    pub const fn discipline(&self, heaviest: Option<Severity>) -> u32 {
        let rules = &self.discipline;
        match heaviest {
            None => rules.never,
            Some(Severity::Light) => rules.ringan,
            Some(Severity::Medium) => rules.sedang,
            Some(Severity::Heavy) => rules.berat,
        }
    }

    /// Since when a sanction counts by that day.
    pub fn sanctions_since(&self, by: NaiveDate) -> Option<NaiveDate> {
        by.checked_sub_months(Months::new(12 * self.discipline.years))
    }
}

/// What is added up to 100 points: in tenths, the most of each dimension.
const MOST: [u32; 4] = [250, 400, 300, 50];

impl RuleTable for IpAsn {
    fn each(&mut self, see: &mut dyn FnMut(&str, &mut u32)) {
        for row in &mut self.qualifications {
            see(&format!("qualification.{}", row.name), &mut row.tenths);
        }
        let trainings = &mut self.trainings;
        see("trainings.technical_jp", &mut trainings.technical_jp);
        see("trainings.technical_years", &mut trainings.technical_years);
        see("trainings.others_years", &mut trainings.others_years);
        let [leading, general] = [&mut self.competency.leading, &mut self.competency.general];
        for (posts, items) in [("leading", leading), ("general", general)] {
            see(&format!("competency.{posts}.own"), &mut items.own);
            see(&format!("competency.{posts}.technical"), &mut items.technical);
            see(&format!("competency.{posts}.others"), &mut items.others);
        }
        for predicate in Predicate::ALL {
            if let Some(tenths) = self.performance.get_mut(predicate) {
                see(&format!("performance.{}", predicate.code()), tenths);
            }
        }
        let discipline = &mut self.discipline;
        see("discipline.years", &mut discipline.years);
        see("discipline.never", &mut discipline.never);
        see("discipline.ringan", &mut discipline.ringan);
        see("discipline.sedang", &mut discipline.sedang);
        see("discipline.berat", &mut discipline.berat);
        for bound in &mut self.bands {
            see(&format!("bands.{}", bound.band.code()), &mut bound.up_to);
        }
    }

    fn each_list(&mut self, see: &mut dyn FnMut(&str, &mut Vec<String>)) {
        for row in &mut self.qualifications {
            see(&format!("qualification.{}", row.name), &mut row.words);
        }
        let trainings = &mut self.trainings;
        for (name, codes) in [
            ("leadership", &mut trainings.leadership),
            ("functional", &mut trainings.functional),
            ("technical", &mut trainings.technical),
            ("others", &mut trainings.others),
        ] {
            see(&format!("trainings.{name}"), codes);
            // Codes are written in capitals.
            for code in codes {
                code.make_ascii_uppercase();
            }
        }
    }

    fn holds(&self) -> Result<(), Broken> {
        for row in &self.qualifications {
            within(&format!("qualification.{}", row.name), row.tenths, 0, MOST[0])?;
        }
        let words = self.qualifications.iter();
        distinct(words.map(|row| (format!("qualification.{}.words", row.name), &*row.words)))?;
        let lists = self
            .trainings
            .lists()
            .map(|(name, codes)| (format!("trainings.{name}.words"), codes.as_slice()));
        distinct(lists.clone())?;
        for (name, codes) in lists {
            if let Some(code) = codes.iter().find(|code| !TRAINING_TYPES.contains(&code.as_str())) {
                return Err(Broken::List(format!("{name}: {code}")));
            }
        }
        within("trainings.technical_jp", self.trainings.technical_jp, 1, 1000)?;
        within("trainings.technical_years", self.trainings.technical_years, 1, 10)?;
        within("trainings.others_years", self.trainings.others_years, 1, 10)?;
        for (posts, items) in
            [("leading", self.competency.leading), ("general", self.competency.general)]
        {
            let names = ["own", "technical", "others"].map(|it| format!("competency.{posts}.{it}"));
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            adds_up(&names, &[items.own, items.technical, items.others], MOST[1])?;
        }
        let name = |predicate: &Predicate| format!("performance.{}", predicate.code());
        let named: Vec<_> =
            self.performance.iter().map(|(one, tenths)| (name(one), *tenths)).collect();
        descending(named.iter().map(|(name, tenths)| (name.as_str(), *tenths)), MOST[2], 0)?;
        let kept = &self.discipline;
        within("discipline.years", kept.years, 1, 10)?;
        let steps = [
            ("discipline.never", kept.never),
            ("discipline.ringan", kept.ringan),
            ("discipline.sedang", kept.sedang),
            ("discipline.berat", kept.berat),
        ];
        descending(steps, MOST[3], 0)?;
        let mut low = 1;
        let last = self.bands.len().saturating_sub(1);
        for (at, bound) in self.bands.iter().enumerate() {
            let low_here = if at == last { 100 } else { low };
            within(&format!("bands.{}", bound.band.code()), bound.up_to, low_here, 100)?;
            low = bound.up_to + 1;
        }
        Ok(())
    }

    rests_on!(source);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::Rulebook;

    fn rules() -> &'static IpAsn {
        &Rulebook::shipped().ip_asn
    }

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
            assert_eq!(rules().qualification(written), Some(tenths), "{written}");
        }
        assert_eq!(rules().qualification("Kursus menjahit"), None);
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
            let found =
                [all, technical, other, short].map(|trained| rules().competency(level, trained));
            assert_eq!(found, figures, "{level:?}");
        }
    }

    #[test]
    fn performance_discipline_and_bands_are_as_the_table_has_them() {
        let found: Vec<_> =
            Predicate::ALL.iter().filter_map(|one| rules().performance(*one)).collect();
        assert_eq!(found, [300, 250, 150, 50, 10]);
        assert_eq!(rules().discipline(None), 50);
        let found: Vec<_> =
            Severity::ALL.iter().map(|one| rules().discipline(Some(*one))).collect();
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
            assert_eq!(rules().band(tenths).map(Band::code), Some(called), "{tenths}");
        }
        let unknown = Index { competency: 400, discipline: 50, ..Index::default() };
        assert_eq!((unknown.total(), rules().band_of(unknown)), (450, None));
    }
}
