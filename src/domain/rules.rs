//! Reference tables: versioned data, not constants. Each table in `rules/*.toml` says
//! its legal basis, since when it holds and whether it was verified in the law itself;
//! they make the records every fresh office is born with.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::kinds::competency::{Competency, CompetencyGroup, Level, LevelText};
use super::kinds::position::JobLevel;
use super::kinds::rule::ReferenceTable;
use super::kinds::setting::{SETTINGS, Setting};
use super::kinds::standard::Standard;
use super::record::{CompetencyId, Kind, Record, RecordId};
use super::rulebook::{Rulebook, TABLES};

/// Where a table comes from and how far it can be trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub legal_basis: String,
    pub effective_from: Option<NaiveDate>,
    /// Read in the law itself; `false` is said on screen.
    pub verified: bool,
}

#[derive(Debug, Deserialize)]
struct CompetencyTable {
    source: Source,
    competencies: Vec<CompetencyRow>,
}

#[derive(Debug, Deserialize)]
struct CompetencyRow {
    code: String,
    name: String,
    group: CompetencyGroup,
    definition: String,
    levels: [String; 5],
}

#[derive(Debug, Deserialize)]
struct StandardTable {
    source: Source,
    standards: Vec<StandardRow>,
}

#[derive(Debug, Deserialize)]
struct StandardRow {
    job_level: JobLevel,
    /// In the order of the competency table.
    levels: [u8; 9],
}

#[derive(Debug, Deserialize)]
struct HolidayTable {
    years: Vec<HolidayYear>,
}

#[derive(Debug, Deserialize)]
struct HolidayYear {
    year: i32,
    source: Source,
    national: BTreeMap<NaiveDate, String>,
    joint: BTreeMap<NaiveDate, String>,
}

/// A day on which offices are closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedDay {
    pub date: NaiveDate,
    pub name: String,
    /// Joint leave (cuti bersama); else a national holiday.
    pub joint: bool,
    /// Whether it was read in the decree itself.
    pub verified: bool,
}

/// The codes of `training_types.toml`, in its order; a test holds the two together.
pub const TRAINING_TYPES: &[&str] = &[
    "KL01", "KL02", "KL03", "KL04", "KL05", "KL06", "KL07", "KL08", "KL09", "KL10", "KL11", "KL12",
    "NKL01", "NKL02", "NKL03", "NKL04", "NKL05", "NKL06", "NKL07", "NKL08", "NKL09", "NKL10",
    "NKL11", "NKL12", "NKL13",
];

/// Reads a table that ships inside the program. A table that does not parse is a fault
/// of the build, caught by the tests; here it is simply empty.
pub(super) fn table<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    toml::from_str(text).ok()
}

/// What holiday or joint leave this day is by the table that ships, as far as there is one of
/// its year.
pub fn shipped_holiday(date: NaiveDate) -> Option<ClosedDay> {
    static TABLE: OnceLock<Vec<HolidayYear>> = OnceLock::new();
    let years = TABLE.get_or_init(|| {
        let text = include_str!("rules/holidays.toml");
        table::<HolidayTable>(text).map_or_else(Vec::new, |table| table.years)
    });
    let year = years.iter().find(|year| year.year == date.year())?;
    let of = |days: &'static BTreeMap<NaiveDate, String>, joint| {
        let name = days.get(&date)?.clone();
        Some(ClosedDay { date, name, joint, verified: year.source.verified })
    };
    of(&year.national, false).or_else(|| of(&year.joint, true))
}

/// The names of the nine competencies.
pub fn competency_names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        table::<CompetencyTable>(include_str!("rules/competencies.toml"))
            .map_or_else(Vec::new, |t| t.competencies.into_iter().map(|row| row.name).collect())
    })
}

/// The records a fresh office knows without a journal line: settings, the nine
/// competencies, the standards per job level, the tables of rules. Their numbers never change.
pub fn built_in() -> Vec<(RecordId, Record)> {
    let mut records: Vec<(RecordId, Record)> = SETTINGS
        .iter()
        .map(|def| {
            let setting = Setting { name: def.name.into(), value: def.default.into() };
            (RecordId::new(Kind::Settings, def.number), setting.into())
        })
        .collect();
    if let Some(table) = table::<CompetencyTable>(include_str!("rules/competencies.toml")) {
        let basis = table.source.legal_basis;
        records.extend(table.competencies.into_iter().zip(1..).map(|(row, number)| {
            let levels = row.levels.into_iter();
            let competency = Competency {
                code: row.code,
                name: row.name,
                group: Some(row.group),
                parent: String::new(),
                definition: row.definition,
                levels: levels
                    .map(|description| LevelText { description, indicators: Vec::new() })
                    .collect(),
                legal_basis: basis.clone(),
                archived: false,
                archived_on: None,
                merged_into: None,
            };
            (RecordId::new(Kind::Competencies, number), competency.into())
        }));
    }
    if let Some(table) = table::<StandardTable>(include_str!("rules/standards.toml")) {
        let source = table.source;
        let rows = table.standards.iter().flat_map(|row| {
            row.levels.iter().zip(1..).map(|(level, number)| (row.job_level, *level, number))
        });
        records.extend(rows.zip(1..).map(|((job_level, level, competency), number)| {
            let standard = Standard {
                job_level: Some(job_level),
                position: None,
                competency: CompetencyId(competency),
                level: Level::new(level).unwrap_or_default(),
                effective_from: source.effective_from,
                legal_basis: source.legal_basis.clone(),
                verified: source.verified,
            };
            (RecordId::new(Kind::Standards, number), standard.into())
        }));
    }
    let mut book = Rulebook::clone(Rulebook::shipped());
    records.extend(TABLES.iter().zip(1..).map(|(name, number)| {
        // Where several laws make one table, it was read in the law if it was in all of them.
        let sources = book.sources(name);
        let basis: Vec<_> = sources.iter().map(|source| source.legal_basis.as_str()).collect();
        let rule = ReferenceTable {
            table: (*name).into(),
            effective_from: sources.first().and_then(|source| source.effective_from),
            legal_basis: basis.join("; "),
            verified: sources.iter().all(|source| source.verified),
            figures: book.written(name),
        };
        (RecordId::new(Kind::Rules, number), rule.into())
    }));
    records
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::FIRST_OWN_NUMBER;

    #[test]
    fn every_table_that_ships_is_readable_and_complete() {
        let quota = &Rulebook::shipped().jp_quota;
        assert_eq!((quota.pns_floor, quota.pppk_ceiling), (20, 24));
        assert_eq!(Rulebook::shipped().personal_data.answer_hours, 72);
        let sources = Rulebook::shipped().sources("personal_data");
        assert_eq!(sources[0].legal_basis, "UU 27/2022 Pasal 30");
        let records = built_in();
        let count = |kind| records.iter().filter(|(id, _)| id.kind == kind).count();
        assert_eq!(count(Kind::Competencies), 9);
        assert_eq!(count(Kind::Standards), JobLevel::ALL.len() * 9);
        for (id, record) in &records {
            assert_eq!(record.check(), [], "{id}");
            assert!(id.number < FIRST_OWN_NUMBER);
        }
    }

    #[test]
    fn holidays_and_joint_leave_of_two_years_are_known_and_said_to_be_unverified() {
        let day = |text: &str| shipped_holiday(text.parse().expect("a day"));
        let found = day("2026-03-21").expect("Idulfitri");
        assert_eq!((&*found.name, found.joint, found.verified), ("Idulfitri 1447 H", false, false));
        assert!(day("2026-12-24").is_some_and(|found| found.joint));
        assert_eq!(day("2026-11-23"), None);
        let count = |year: i32, joint: bool| {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a day");
            let days = first.iter_days().take_while(|day| day.year() == year);
            days.filter_map(shipped_holiday).filter(|found| found.joint == joint).count()
        };
        assert_eq!((count(2026, false), count(2026, true)), (17, 8));
        assert_eq!((count(2027, false), count(2027, true)), (17, 0));
    }

    #[test]
    fn a_pengawas_needs_level_two_not_three() {
        let pengawas: Vec<_> = built_in()
            .into_iter()
            .filter_map(|(_, record)| match record {
                Record::Standard(s) if s.job_level == Some(JobLevel::Pengawas) => {
                    Some(s.level.get())
                }
                _ => None,
            })
            .collect();
        assert_eq!(pengawas, [2; 9]);
    }
}
