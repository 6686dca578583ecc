//! What was asked of a report, read and filled in: every parameter has its value or its
//! default, and nothing a report does not take is passed over in silence.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::fault::{Fault, Reason};
use crate::domain::jp::year_of;
use crate::domain::record::{Kind, PositionId, UnitId};
use crate::protocol::{Param, ParamShape, ReportQuery};

/// Years reports can be asked of.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2200;
/// The most parameters and sort keys one question may bring.
const NAMED_MAX: usize = 32;

/// A report's parameters as they hold.
#[derive(Clone, Debug)]
pub(in crate::office) struct Asked {
    pub unit: Option<UnitId>,
    pub year: u16,
    /// The day the report holds for.
    pub at: NaiveDate,
    /// The post meant by a title, where one was asked for.
    pub position: Option<PositionId>,
    /// Nobody but these, where some were asked for.
    pub people: Option<BTreeSet<u32>>,
    own: Vec<(String, String)>,
}

impl Asked {
    /// Reads the parameters of a question; what is wrong comes back field by field.
    pub fn of(params: &[Param], query: &ReportQuery, today: NaiveDate) -> Result<Self, Vec<Fault>> {
        if query.own.len().max(query.sort.len()) > NAMED_MAX {
            return Err(vec![Fault::with("sort", Reason::OutOfRange, NAMED_MAX)]);
        }
        let mut faults = not_taken(params, query);
        let own = own(params, query, &mut faults);
        let at = query.at.unwrap_or(today);
        let asked = Self {
            unit: query.unit,
            year: query.year.unwrap_or_else(|| year_of(at)),
            at,
            position: None,
            people: None,
            own,
        };
        faults.extend(asked.out_of_range(query));
        let alone = params.iter().filter(|param| is_given(query, &param.name));
        for param in alone.filter(|param| !asked.has(param)) {
            let with = param.only.as_ref().map(|(name, code)| format!("{name}={code}"));
            faults.push(Fault::with(&param.name, Reason::OnlyWith, with.unwrap_or_default()));
        }
        let left_out = |param: &&Param| param.required && asked.text(&param.name).trim().is_empty();
        let left_out = params.iter().filter(left_out);
        faults.extend(left_out.map(|param| Fault::new(&param.name, Reason::Required)));
        if faults.is_empty() { Ok(asked) } else { Err(faults) }
    }

    /// Nothing is said of a record that is not there: what a parameter names must be.
    pub fn with_records(
        self,
        params: &[Param],
        there: impl Fn(Kind, &str) -> bool,
    ) -> Result<Self, Vec<Fault>> {
        let gone = params.iter().filter(|param| {
            let ParamShape::One(kind) = param.shape else { return false };
            let text = self.text(&param.name).trim();
            !text.is_empty() && !there(kind, text)
        });
        let unknown = |param: &Param| Fault::new(&param.name, Reason::UnknownReference);
        let faults: Vec<Fault> = gone.map(unknown).collect();
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }

    /// A year that had not begun on the day asked for would be a table of noughts.
    fn out_of_range(&self, query: &ReportQuery) -> Option<Fault> {
        let within = |last: u16| format!("{}–{last}", YEARS.start());
        if !YEARS.contains(&year_of(self.at)) {
            return Some(Fault::with("at", Reason::OutOfRange, within(*YEARS.end())));
        }
        let last = query.at.map_or(*YEARS.end(), year_of);
        let fits = (*YEARS.start()..=last).contains(&self.year);
        (!fits).then(|| Fault::with("year", Reason::OutOfRange, within(last)))
    }

    /// Finds the post that a title means.
    pub fn with_position(
        mut self,
        params: &[Param],
        called: impl Fn(&str) -> Option<PositionId>,
    ) -> Result<Self, Vec<Fault>> {
        for param in params {
            if !matches!(param.shape, ParamShape::Position) {
                continue;
            }
            let title = self.text(&param.name).trim();
            let position = called(title);
            if !title.is_empty() && position.is_none() {
                return Err(vec![Fault::new(&param.name, Reason::UnknownReference)]);
            }
            self.position = position;
        }
        Ok(self)
    }

    /// Finds the people who are named.
    pub fn with_people(
        mut self,
        params: &[Param],
        called: impl Fn(&str) -> Option<u32>,
    ) -> Result<Self, Vec<Fault>> {
        for param in params.iter().filter(|param| matches!(param.shape, ParamShape::People)) {
            let named = self.text(&param.name).split([';', ',']).map(str::trim);
            let mut people = BTreeSet::new();
            for name in named.filter(|name| !name.is_empty()) {
                let Some(number) = called(name) else {
                    return Err(vec![Fault::with(&param.name, Reason::UnknownReference, name)]);
                };
                people.insert(number);
            }
            self.people = (!people.is_empty()).then_some(people);
        }
        Ok(self)
    }

    /// Finds the person whose NIP is written where the number of a record is asked for.
    pub fn with_person(mut self, called: impl Fn(&str) -> Option<u32>) -> Self {
        let written = self.own.iter_mut().find(|(name, _)| name == "person");
        if let Some((_, text)) = written.filter(|(_, text)| person_number(text.trim()).is_none())
            && let Some(number) = called(text.trim())
        {
            *text = number.to_string();
        }
        self
    }

    /// Whether a parameter means anything beside the others.
    pub fn has(&self, param: &Param) -> bool {
        param.only.as_ref().is_none_or(|(name, code)| self.text(name) == code)
    }

    /// The person a report of one is asked for, by the number of their record.
    pub fn person(&self) -> Option<u32> {
        person_number(self.text("person").trim())
    }

    /// The value of one of the report's own parameters, as written.
    pub fn text(&self, name: &str) -> &str {
        self.own.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }

    pub fn whole(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or_default()
    }
}

/// What has a place of its own in a question, and whether it was given.
fn shared(query: &ReportQuery) -> [(&'static str, bool); 4] {
    [
        ("unit", query.unit.is_some()),
        ("year", query.year.is_some()),
        ("at", query.at.is_some()),
        ("search", !query.search.is_empty()),
    ]
}

fn is_given(query: &ReportQuery, name: &str) -> bool {
    let own = query.own.iter().any(|(own, _)| own == name);
    own || shared(query).contains(&(name, true))
}

/// What the report does take, for whoever asked for something else.
fn names(params: &[Param]) -> String {
    params.iter().map(|param| param.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn not_taken(params: &[Param], query: &ReportQuery) -> Vec<Fault> {
    let taken = |name: &str| params.iter().any(|param| param.name == name);
    let given = shared(query).into_iter().filter(|(name, given)| *given && !taken(name));
    given.map(|(name, _)| Fault::with(name, Reason::NotTaken, names(params))).collect()
}

/// The report's own parameters, those not given by their defaults.
fn own(params: &[Param], query: &ReportQuery, faults: &mut Vec<Fault>) -> Vec<(String, String)> {
    let of_all = shared(query).map(|(name, _)| name);
    let mut own: Vec<(String, String)> =
        params.iter().map(|param| (param.name.clone(), param.default.clone())).collect();
    for (name, value) in &query.own {
        let known = params.iter().find(|param| param.name == *name);
        match known.filter(|_| !of_all.contains(&name.as_str())).map(|param| fits(param, value)) {
            None => faults.push(Fault::with(name, Reason::NotTaken, names(params))),
            Some(Err(fault)) => faults.push(fault),
            Some(Ok(())) => {
                if let Some((_, own)) = own.iter_mut().find(|(own, _)| own == name) {
                    own.clone_from(value);
                }
            }
        }
    }
    own
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

/// The number of a person's record, `employees/1000` or bare.
pub(super) fn person_number(text: &str) -> Option<u32> {
    text.strip_prefix("employees/").unwrap_or(text).parse().ok()
}
