//! Filter: whether a record matches a search, and how two cells compare. A search over
//! people is compiled once (which units, which positions a word names, which competency a
//! code) and then costs a few comparisons a row.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::category::{Category, Purpose};
use crate::domain::date;
use crate::domain::gap::Figures;
use crate::domain::grade::Grade;
use crate::domain::jp::year_of;
use crate::domain::kinds::employee::{EmploymentKind, Status};
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{CompetencyId, Kind, UnitId, fold};
use crate::domain::search::{Clause, Op, Query, Term, figure, sound};
use crate::domain::value::Value;
use crate::domain::vocabulary::code_of;
use crate::office::read::list::Key;
use crate::office::rights::Reach;
use crate::office::views::columns::Column;
use crate::office::views::names::UnitSound;
use crate::office::views::number_set::NumberSet;
use crate::office::views::row::{self, RosterRow};
use crate::office::views::state::State;
use crate::store::StoreError;

enum Test {
    Word {
        text: String,
        digits: bool,
        positions: NumberSet,
        units: NumberSet,
    },
    Unit(NumberSet),
    Position(NumberSet),
    Name(Op, String),
    /// In hundredths, so that a figure with decimals can be compared too.
    Figure(fn(&RosterRow, u16) -> i64, Op, i64),
    Grade(Op, u8),
    /// Among the codes of a closed list; those it holds for.
    Kind(Vec<EmploymentKind>),
    Status(Vec<Status>),
    /// A level of a competency against another, or against what the post requires.
    Level(CompetencyId, Op, Wanted),
    /// Whether there is a level of it.
    NotRated(CompetencyId),
    /// A share of what the post requires, in hundredths of a percent.
    Jpm(fn(&Figures) -> u32, Op, i64),
    Category(Purpose, Vec<Category>),
    Day(fn(&RosterRow) -> Option<NaiveDate>, Op, Days),
    /// By the days of birth of everybody and the age limits of their posts.
    Retires(Arc<Column>, Op, Days),
    /// In what rows do not carry; for which of the column's values it holds.
    Column(Arc<Column>, Vec<bool>),
    /// Among these people, or not.
    Among(Arc<NumberSet>, [bool; 2]),
    /// Anything else is read cell by cell.
    Cell(Term),
}

enum Wanted {
    Level(u8),
    /// What the post requires.
    Standard,
}

/// The first and the last day that are meant.
type Days = (NaiveDate, NaiveDate);

/// A clause, compiled.
struct Tests {
    not: bool,
    any: Vec<Test>,
}

/// A search over people, compiled.
pub(in crate::office) struct Matcher {
    reach: Reach,
    scope: Option<NumberSet>,
    tests: Vec<Tests>,
    year: u16,
}

impl Matcher {
    pub fn new(
        state: &State,
        query: &Query,
        unit: Option<UnitId>,
        reach: &Reach,
    ) -> Result<Self, StoreError> {
        let scope = unit.map(|unit| NumberSet::of(state.catalog.below(unit)));
        let tests = query.clauses.iter().map(|clause| {
            let any = clause.any.iter().map(|term| Self::any_test(state, term));
            Ok(Tests { not: clause.not, any: any.collect::<Result<_, StoreError>>()? })
        });
        let tests = tests.collect::<Result<_, StoreError>>()?;
        Ok(Self { reach: reach.clone(), scope, tests, year: year_of(state.today) })
    }

    fn any_test(state: &State, term: &Term) -> Result<Test, StoreError> {
        let Term::Field { name, op, value } = term else { return Ok(Self::test(state, term)) };
        if let Some(column) = state.column(name)? {
            return Ok(Self::column_test(state, term, name, column));
        }
        if !matches!(name.as_str(), "age" | "retires") {
            return Ok(Self::test(state, term));
        }
        let Some(births) = state.column("birth_date")? else { return Ok(Test::Cell(term.clone())) };
        Ok(match (name.as_str(), date::span(value)) {
            ("retires", Some(days)) => Test::Retires(births, *op, days),
            ("age", _) => {
                let age = |value: &Value| match value {
                    Value::Date(birth) => Value::whole(state.today.years_since(*birth)),
                    _ => Value::Empty,
                };
                let (name, year) = (std::slice::from_ref(name), year_of(state.today));
                let held = births.values().iter();
                let held = held.map(|birth| holds(term, name, &[age(birth)], year)).collect();
                Test::Column(births, held)
            }
            _ => Test::Cell(term.clone()),
        })
    }

    fn column_test(state: &State, term: &Term, name: &String, column: Arc<Column>) -> Test {
        let (name, year) = (std::slice::from_ref(name), year_of(state.today));
        let held = |value: &Value| holds(term, name, std::slice::from_ref(value), year);
        let held = column.values().iter().map(held).collect();
        Test::Column(column, held)
    }

    fn test(state: &State, term: &Term) -> Test {
        let sounds = state.catalog.sounds();
        let positions = |test: &dyn Fn(&str) -> bool| {
            let hits = sounds.positions.iter().filter(|(_, title)| test(title));
            NumberSet::of(hits.map(|(number, _)| *number))
        };
        let units = |test: &dyn Fn(&str) -> bool, path: bool| {
            let named = |unit: &UnitSound| {
                (!path && test(&unit.name))
                    || test(&unit.path)
                    || unit.plain.as_deref().is_some_and(test)
            };
            let hits = sounds.units.iter().filter(|(_, unit)| named(unit));
            NumberSet::of(hits.map(|(number, _)| *number))
        };
        match term {
            Term::Word(word) => Test::Word {
                text: word.clone(),
                digits: word.bytes().all(|b| b.is_ascii_digit()),
                positions: positions(&|title| title.contains(word.as_str())),
                units: units(&|name| name.contains(word.as_str()), false),
            },
            Term::Field { name, op, value } => {
                let figure = |get: fn(&RosterRow, u16) -> i64| match figure(value) {
                    Some(figure) => Test::Figure(get, *op, hundredths(figure)),
                    None => Test::Cell(term.clone()),
                };
                let code = |code: &str| text_holds(*op, &sound(code), code_of(value));
                match (name.as_str(), Grade::parse(value)) {
                    ("unit" | "unit_path", _) => {
                        Test::Unit(units(&|path| text_holds(*op, path, value), *op == Op::Has))
                    }
                    ("position", _) => {
                        Test::Position(positions(&|title| text_holds(*op, title, value)))
                    }
                    ("name", _) => Test::Name(*op, value.clone()),
                    ("jp", _) => figure(|row, year| i64::from(row.jp_of(year)) * 100),
                    // Whoever was never there was so before any year.
                    ("trained", _) => figure(|row, _| {
                        row.years().map(|(year, _)| i64::from(year)).max().unwrap_or(0) * 100
                    }),
                    ("clashes", _) => {
                        let clashing = state.clashing_people();
                        let name = std::slice::from_ref(name);
                        let held = [false, true].map(|one| {
                            holds(term, name, &[Value::Flag(one)], year_of(state.today))
                        });
                        Test::Among(clashing, held)
                    }
                    ("below", _) => figure(|row, _| i64::from(row.below) * 100),
                    ("kind", _) => {
                        let kinds = EmploymentKind::ALL.iter().copied();
                        Test::Kind(kinds.filter(|kind| code(kind.code())).collect())
                    }
                    ("status", _) => {
                        let all = Status::ALL.iter().copied();
                        Test::Status(all.filter(|status| code(status.code())).collect())
                    }
                    ("grade", Some(grade)) if *op != Op::Has || value.contains('/') => {
                        let op = if *op == Op::Has { Op::Equals } else { *op };
                        Test::Grade(op, grade.id())
                    }
                    _ => Self::figure_test(state, term, name, *op, value),
                }
            }
        }
    }

    /// Of what a person's levels add up to.
    fn figure_test(state: &State, term: &Term, name: &str, op: Op, value: &str) -> Test {
        let other = || Test::Cell(term.clone());
        match name {
            "jpm" | "jpm_capped" => {
                let sum: fn(&Figures) -> u32 = match name {
                    "jpm" => |figures| figures.sum_actual,
                    _ => |figures| figures.sum_capped,
                };
                figure(value).map_or_else(other, |jpm| Test::Jpm(sum, op, hundredths(jpm)))
            }
            "category" => {
                let named = |category: &&Category| sound(category.code()) == value;
                let all = Category::ALL.iter();
                let named: Vec<Category> = all.filter(named).copied().collect();
                let purpose = named.first().map_or(Purpose::Mapping, |one| one.purpose());
                Test::Category(purpose, named)
            }
            "rated_on" | "expires" => {
                let day: fn(&RosterRow) -> Option<NaiveDate> = match name {
                    "expires" => |row| row.expires,
                    _ => |row| row.rated_on,
                };
                date::span(value).map_or_else(other, |days| Test::Day(day, op, days))
            }
            name if Kind::Employees.column(name).is_some() => other(),
            name => {
                let Some(competency) = state.catalog.competency_by_code(name) else {
                    return other();
                };
                let competency = state.catalog.current(competency, None);
                match value.parse() {
                    Ok(level) => Test::Level(competency, op, Wanted::Level(level)),
                    Err(_) if value == "?" => Test::NotRated(competency),
                    // As it is typed letter by letter.
                    Err(_) if "std".starts_with(value) || "standar".starts_with(value) => {
                        Test::Level(competency, op, Wanted::Standard)
                    }
                    Err(_) => other(),
                }
            }
        }
    }

    /// Whether people of this unit are asked for, as far as the asker's reach goes.
    pub fn in_scope(&self, unit: Option<UnitId>) -> bool {
        self.reach.has(unit)
            && self.scope.as_ref().is_none_or(|scope| scope.has(unit.map(|unit| unit.0)))
    }

    pub fn matches(&self, state: &State, row: &RosterRow) -> bool {
        let met = |tests: &Tests| {
            Clause::is_met(tests.not, &tests.any, |test| self.holds(state, row, test))
        };
        self.tests.iter().all(met)
    }

    fn holds(&self, state: &State, row: &RosterRow, test: &Test) -> bool {
        match test {
            Test::Word { text, digits, positions, units } => {
                // The cheapest first.
                positions.has(row.position.map(|position| position.0))
                    || units.has(row.unit.map(|unit| unit.0))
                    || row.name_holds(text)
                    || (*digits && number_contains(&row.nip, text))
            }
            Test::Unit(units) => units.has(row.unit.map(|unit| unit.0)),
            Test::Position(positions) => positions.has(row.position.map(|position| position.0)),
            Test::Name(Op::Has, value) => row.name_holds(value),
            Test::Name(op, value) => text_holds(*op, &row.folded(), value),
            Test::Figure(get, op, value) => number_holds(*op, get(row, self.year), *value),
            Test::Grade(op, id) => {
                row.grade != 0 && number_holds(*op, row.grade.into(), (*id).into())
            }
            Test::Kind(kinds) => kinds.contains(&row.kind),
            Test::Status(all) => all.contains(&row.status),
            Test::Column(column, held) => column.place(row.number).is_some_and(|place| held[place]),
            Test::Among(people, held) => held[usize::from(people.has(Some(row.number)))],
            Test::NotRated(competency) => row.level(*competency).is_none(),
            Test::Level(competency, op, wanted) => row.level(*competency).is_some_and(|level| {
                let required = || {
                    let required = state.catalog.required(row.position, state.today);
                    required.iter().find(|one| one.competency == *competency).map(|one| one.level)
                };
                let wanted = match wanted {
                    Wanted::Level(wanted) => Some(*wanted),
                    Wanted::Standard => required(),
                };
                wanted.is_some_and(|wanted| number_holds(*op, level.into(), wanted.into()))
            }),
            Test::Jpm(sum, op, wanted) => {
                let figures = row::figures(&state.catalog, row, state.today);
                let required = i64::from(figures.sum_required);
                // As it is, not as it is rounded.
                required > 0
                    && number_holds(*op, i64::from(sum(&figures)) * 10_000, *wanted * required)
            }
            Test::Category(purpose, named) => {
                let figures = row::figures(&state.catalog, row, state.today);
                let category = state.rules().categories.of(*purpose, figures);
                category.is_some_and(|category| named.contains(&category))
            }
            Test::Day(day, op, days) => day(row).is_some_and(|day| day_holds(*op, day, *days)),
            Test::Retires(births, op, days) => {
                let Some(Value::Date(birth)) = births.value(row.number) else { return false };
                let day = state.rules().retirement.day(*birth, state.catalog.level(row.position));
                day.is_some_and(|day| day_holds(*op, day, *days))
            }
            Test::Cell(term) => {
                let Term::Field { name, .. } = term else { return false };
                let key = Key { number: row.number, owner: 0 };
                let cell = state.cell(Kind::Employees, key, name, &self.reach).unwrap_or_default();
                holds(term, std::slice::from_ref(name), &[cell], self.year)
            }
        }
    }
}

/// Whether a day is, or is before or behind, those that are meant.
fn day_holds(op: Op, day: NaiveDate, (first, last): Days) -> bool {
    match op {
        Op::Has | Op::Equals => (first..=last).contains(&day),
        Op::Less => day < first,
        Op::LessOrEqual => day <= last,
        Op::Greater => day > last,
        Op::GreaterOrEqual => day >= first,
    }
}

fn hundredths(figure: f64) -> i64 {
    (figure * 100.0).round() as i64
}

/// Whether a number, written without blanks, holds these digits.
pub(in crate::office) fn number_contains(number: &EmployeeNumber, digits: &str) -> bool {
    let (EmployeeNumber::Pns(number) | EmployeeNumber::Pppk(number)) = number else {
        return number.to_string().contains(digits);
    };
    let mut text = [b'0'; 18];
    let mut left = number.get();
    for place in text.iter_mut().rev() {
        *place = b'0' + (left % 10) as u8;
        left /= 10;
    }
    text.windows(digits.len()).any(|window| window == digits.as_bytes())
}

/// Whether a term holds for a record given by its cells.
pub(in crate::office) fn holds(
    term: &Term,
    columns: &[String],
    cells: &[Value],
    year: u16,
) -> bool {
    match term {
        Term::Word(word) => cells.iter().any(|cell| sound(&plain(cell)).contains(word.as_str())),
        Term::Field { name, op, value } => {
            let Some(cell) = columns.iter().position(|c| c == name).and_then(|at| cells.get(at))
            else {
                return false;
            };
            let (typed, value) = (value.as_str(), code_of(value));
            if let (Some(number), Some(wanted)) = (as_number(cell, year), figure(value)) {
                return number_holds(*op, hundredths(number), hundredths(wanted));
            }
            if let (Value::Date(day), Some(days)) = (cell, date::span(value)) {
                return day_holds(*op, *day, days);
            }
            // What is not there is neither before nor behind anything.
            if cell.is_empty() && !matches!(op, Op::Has | Op::Equals) {
                return false;
            }
            // A word that means a code of one kind may be a code itself in another.
            let cell = sound(&plain(cell));
            text_holds(*op, &cell, value) || (typed != value && text_holds(*op, &cell, typed))
        }
    }
}

pub(in crate::office) fn text_holds(op: Op, text: &str, value: &str) -> bool {
    match op {
        Op::Has => text.contains(value),
        Op::Equals => text == value,
        Op::Less => text < value,
        Op::LessOrEqual => text <= value,
        Op::Greater => text > value,
        Op::GreaterOrEqual => text >= value,
    }
}

fn number_holds(op: Op, number: i64, value: i64) -> bool {
    match op {
        Op::Has | Op::Equals => number == value,
        Op::Less => number < value,
        Op::LessOrEqual => number <= value,
        Op::Greater => number > value,
        Op::GreaterOrEqual => number >= value,
    }
}

fn as_number(value: &Value, year: u16) -> Option<f64> {
    match value {
        Value::Whole(number) | Value::Left(number) => Some(*number as f64),
        Value::Hundredths(number) => Some(*number as f64 / 100.0),
        value => value.in_year(year).map(f64::from),
    }
}

/// A cell's text without any language.
fn plain(value: &Value) -> String {
    match value {
        Value::Empty | Value::Years(_) => String::new(),
        Value::Text(text) | Value::Choice(text) => text.clone(),
        Value::Whole(number) | Value::Left(number) => number.to_string(),
        Value::Hundredths(number) => format!("{}.{:02}", number / 100, number % 100),
        Value::Date(date) => date.to_string(),
        Value::Moment(at) => at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        Value::Flag(flag) => flag.to_string(),
    }
}

/// What a cell is sorted by: grades by id, numbers by size, text ignoring case.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::office) enum Rank {
    Empty,
    Number(f64),
    Date(chrono::NaiveDate),
    Text(String),
}

impl Rank {
    pub fn of(column: &str, value: &Value, year: u16) -> Self {
        match (as_number(value, year), value) {
            (Some(number), _) => Self::Number(number),
            (None, Value::Empty) => Self::Empty,
            (None, Value::Date(date)) => Self::Date(*date),
            (None, value) if column == "grade" => {
                let grade = Grade::parse(&plain(value));
                Self::Number(grade.map_or(0.0, |grade| grade.id().into()))
            }
            (None, value) => Self::Text(fold(&plain(value))),
        }
    }

    /// Order of two cells of a column; empty ones always last.
    pub fn compare(&self, other: &Self, descending: bool) -> Ordering {
        let order = match (self, other) {
            (Self::Empty, Self::Empty) => return Ordering::Equal,
            (Self::Empty, _) => return Ordering::Greater,
            (_, Self::Empty) => return Ordering::Less,
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            // A column holds one kind of value.
            _ => Ordering::Equal,
        };
        if descending { order.reverse() } else { order }
    }
}

/// The places of these cells in their order; equal ones share a place.
pub(in crate::office) fn places(ranks: &[Rank], descending: bool) -> Vec<u32> {
    let mut sorted: Vec<usize> = (0..ranks.len()).collect();
    sorted.sort_by(|a, b| ranks[*a].compare(&ranks[*b], descending));
    let mut places = vec![0; ranks.len()];
    let mut place = 0;
    for (before, at) in sorted.iter().zip(sorted.iter().skip(1)) {
        place += u32::from(ranks[*before].compare(&ranks[*at], descending) != Ordering::Equal);
        places[*at] = place;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_sort_by_rank_and_empty_cells_stand_last_either_way() {
        let rank = |t: &str| Rank::of("grade", &Value::text(t), 2026);
        let order = |a: &str, b: &str, down| rank(a).compare(&rank(b), down);
        assert_eq!(order("II/d", "III/a", false), Ordering::Less);
        assert_eq!(order("IV/a", "III/d", false), Ordering::Greater);
        assert_eq!(order("", "III/d", false), Ordering::Greater);
        assert_eq!(order("", "III/d", true), Ordering::Greater);
    }

    #[test]
    fn jp_of_this_year_is_what_a_figure_term_compares() {
        let cell = Value::Years(vec![(2025, 30), (2026, 12)]);
        let term = |op, value: &str| Term::Field { name: "jp".into(), op, value: value.into() };
        let columns = ["jp".to_string()];
        assert!(holds(&term(Op::Less, "20"), &columns, std::slice::from_ref(&cell), 2026));
        assert!(!holds(&term(Op::Less, "20"), &columns, &[cell], 2025));
    }
}
