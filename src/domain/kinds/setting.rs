//! Office settings: one record a setting, so that each has its own history.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, text};
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{NaturalKey, Schema, fold};

/// A setting's name, what it may be and what it is unless set.
#[derive(Clone, Copy, Debug)]
pub struct SettingDef {
    pub name: &'static str,
    /// Record number: settings are built-in records, so an office needs no line for a default.
    pub number: u32,
    pub default: &'static str,
    /// Allowed values; empty means any text.
    pub choices: &'static [&'static str],
}

impl SettingDef {
    /// Whether it is one of the choices, where there are some.
    pub fn has(&self, code: &str) -> bool {
        self.choices.contains(&code)
    }
}

/// What officers write for a choice.
const SPELLINGS: &[(&str, &str)] = &[("ya", "yes"), ("tidak", "no")];

pub const OFFICE_NAME: &str = "office_name";
pub const TIME_ZONE: &str = "time_zone";
pub const ATTENDANCE_MIN: &str = "attendance_min";
pub const RETENTION_YEARS: &str = "retention_years";
pub const DAILY_MB: &str = "daily_mb";
pub const MENTORING_JP: &str = "mentoring_jp";

/// Every setting there is.
pub const SETTINGS: &[SettingDef] = &[
    SettingDef { name: OFFICE_NAME, number: 1, default: "", choices: &[] },
    SettingDef { name: TIME_ZONE, number: 2, default: "WIB", choices: &["WIB", "WITA", "WIT"] },
    // Share of days present that earns a session's JP, in percent. No rule was found: a setting.
    SettingDef { name: ATTENDANCE_MIN, number: 3, default: "80", choices: &[] },
    // Years after somebody has left. No law that was read says how many: the office's own
    // schedule (JRA) does, so there is none unless set.
    SettingDef { name: RETENTION_YEARS, number: 4, default: "", choices: &[] },
    // What one officer writes on a day, so that nobody fills the disk: some ten times what
    // bringing in twenty thousand people takes.
    SettingDef { name: DAILY_MB, number: 5, default: "500", choices: &[] },
    // Whether meetings of a mentoring count among a person's JP. The rule that says how many is
    // one agency's, so it counts only where the office says so.
    SettingDef { name: MENTORING_JP, number: 6, default: "no", choices: &["no", "yes"] },
];

/// How many years personal data is kept after somebody has left, 1 to 100; none when empty.
pub fn retention_years(value: &str) -> Option<u16> {
    value.trim().parse().ok().filter(|years| (1..=100).contains(years))
}

/// How many megabytes of journal an officer may write on a day, 1 to 100,000.
pub fn daily_mb(value: &str) -> Option<u32> {
    value.trim().parse().ok().filter(|megabytes| (1..=100_000).contains(megabytes))
}

/// Whether the setting of this number decides who earns JP.
pub fn decides_jp(number: u32) -> bool {
    let decides = |name: &str| matches!(name, ATTENDANCE_MIN | MENTORING_JP);
    SETTINGS.iter().any(|def| def.number == number && decides(def.name))
}

/// The offset of an Indonesian time zone by its name.
pub fn time_zone(name: &str) -> Option<FixedOffset> {
    let hours = match name {
        "WIB" => 7,
        "WITA" => 8,
        "WIT" => 9,
        _ => return None,
    };
    FixedOffset::east_opt(hours * 3600)
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Setting {
    pub name: String,
    pub value: String,
}

impl Setting {
    /// The choice that is meant, by its code or its word.
    fn chosen(&self) -> Option<&'static str> {
        let def = SETTINGS.iter().find(|def| def.name == self.name)?;
        let wanted = fold(&self.value);
        let word = SPELLINGS.iter().find(|(word, _)| *word == wanted);
        let code = word.map_or(wanted.as_str(), |(_, code)| *code);
        def.choices.iter().copied().find(|choice| fold(choice) == code)
    }
}

impl Schema for Setting {
    const BELONGS: Belongs<Self> = Belongs::Office;
    const HOME: Home = Home::Table;
    const WRITERS: Writers = Writers::OfficeAdmins;
    const CALLED: &'static [&'static str] = &["pengaturan"];
    const FIELDS: &'static [Field] =
        &[Field::new("name", Shape::Text).required(), Field::new("value", Shape::Text)];
    const COLUMNS: &'static [Column] = &[text("name", 16), text("value", 0)];

    fn label(&self) -> String {
        self.name.clone()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        vec![NaturalKey::new("name", &self.name)]
    }

    /// A choice may have been given by its word.
    fn stamp(&mut self, _now: DateTime<FixedOffset>) {
        if let Some(code) = self.chosen() {
            self.value = code.to_string();
        }
    }

    fn check(&self) -> Vec<Fault> {
        let Some(def) = SETTINGS.iter().find(|def| def.name == self.name) else {
            return vec![Fault::new("name", Reason::NotAChoice)];
        };
        if !def.choices.is_empty() && self.chosen().is_none() {
            return vec![Fault::with("value", Reason::NotAChoice, def.choices.join(", "))];
        }
        let percent = || self.value.parse::<u8>().is_ok_and(|n| (1..=100).contains(&n));
        if self.name == ATTENDANCE_MIN && !percent() {
            return vec![Fault::with("value", Reason::OutOfRange, "1–100")];
        }
        let years = || self.value.trim().is_empty() || retention_years(&self.value).is_some();
        if self.name == RETENTION_YEARS && !years() {
            return vec![Fault::with("value", Reason::OutOfRange, "1–100")];
        }
        if self.name == DAILY_MB && daily_mb(&self.value).is_none() {
            return vec![Fault::with("value", Reason::OutOfRange, "1–100000")];
        }
        Vec::new()
    }
}
