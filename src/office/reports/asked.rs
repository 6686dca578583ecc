//! What was asked of a report, read and filled in: every parameter has its value or its
//! default, and nothing a report does not take is passed over in silence.

use chrono::NaiveDate;

use crate::domain::fault::{Fault, Reason};
use crate::domain::record::UnitId;
use crate::office::views::row::year_of;
use crate::protocol::{Param, ParamShape, ReportQuery};

/// Years JP and trainings can be asked of.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2200;
/// The most parameters and sort keys one question may bring.
const NAMED_MAX: usize = 32;

/// A report's parameters as they hold.
#[derive(Debug)]
pub(in crate::office) struct Asked {
    pub unit: Option<UnitId>,
    pub year: u16,
    /// The day the report holds for.
    pub at: NaiveDate,
    own: Vec<(String, String)>,
}

impl Asked {
    /// Reads the parameters of a question; what is wrong comes back field by field.
    pub fn of(params: &[Param], query: &ReportQuery, today: NaiveDate) -> Result<Self, Vec<Fault>> {
        let takes = |name: &str| params.iter().find(|param| param.name == name);
        let names = || params.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
        let mut faults = Vec::new();
        let given = [
            ("unit", query.unit.is_some()),
            ("year", query.year.is_some()),
            ("at", query.at.is_some()),
            ("search", !query.search.is_empty()),
        ];
        for (name, _) in given.iter().filter(|(name, given)| *given && takes(name).is_none()) {
            faults.push(Fault::with(name, Reason::NotAChoice, names()));
        }
        let year = query.year.unwrap_or_else(|| year_of(today));
        if !YEARS.contains(&year) {
            faults.push(Fault::with("year", Reason::OutOfRange, "1900–2200"));
        }
        if query.own.len().max(query.sort.len()) > NAMED_MAX {
            faults.push(Fault::with("sort", Reason::OutOfRange, NAMED_MAX));
        }
        let mut own: Vec<(String, String)> =
            params.iter().map(|param| (param.name.clone(), param.default.clone())).collect();
        for (name, value) in query.own.iter().take(NAMED_MAX) {
            let known = takes(name).filter(|_| given.iter().all(|(general, _)| general != name));
            match known.map(|param| fits(param, value)) {
                None => faults.push(Fault::with(name, Reason::NotAChoice, names())),
                Some(Err(fault)) => faults.push(fault),
                Some(Ok(())) => {
                    if let Some((_, own)) = own.iter_mut().find(|(own, _)| own == name) {
                        own.clone_from(value);
                    }
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self { unit: query.unit, year, at: query.at.unwrap_or(today), own })
    }

    /// The value of one of the report's own parameters, as written.
    pub fn text(&self, name: &str) -> &str {
        self.own.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    pub fn whole(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or_default()
    }
}

/// Whether a value has the shape its parameter wants.
fn fits(param: &Param, value: &str) -> Result<(), Fault> {
    let wrong = |reason, detail: String| Err(Fault::with(&param.name, reason, detail));
    match &param.shape {
        ParamShape::Choice(codes) if !codes.iter().any(|code| code == value) => {
            wrong(Reason::NotAChoice, codes.join(", "))
        }
        ParamShape::Whole { min, max } => match value.parse::<i64>() {
            Ok(number) if (*min..=*max).contains(&number) => Ok(()),
            Ok(_) => wrong(Reason::OutOfRange, format!("{min}–{max}")),
            Err(_) => wrong(Reason::NotANumber, String::new()),
        },
        ParamShape::Date if value.parse::<NaiveDate>().is_err() => {
            wrong(Reason::DateUnreadable, String::new())
        }
        _ => Ok(()),
    }
}
