//! Nine boxes: each person by performance and potential, by one of the published sets of
//! cut-offs, with what is recommended for the box, and where they were some years before by the
//! same cut-offs. Whoever lacks a figure is in none.

use chrono::{Months, NaiveDate};

use super::columns::{choice, number, percent, text, whole};
use super::source::Source;
use super::{Report, ReportLine, Steps, ipasn};
use crate::domain::gap::Figures;
use crate::domain::kinds::performance::{Performance, Predicate};
use crate::domain::kinds::potential::Potential;
use crate::domain::points::Points;
use crate::domain::record::{Kind, RecordId};
use crate::domain::rulebook::Rulebook;
use crate::domain::talent::{self, Moved, Set, Standing};
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::trouble::Trouble;
use crate::office::views::row::RosterRow;
use crate::protocol::{Param, ParamShape, Remark, TableColumn, Totals};

pub(super) struct NineBox;

/// The parameter that says by which cut-offs.
const SET: &str = "set";
/// Only those who were in this box, and those who are in it now.
pub(super) const WAS: &str = "was";
pub(super) const NOW: &str = "now";
const IN_BOX: [&str; 11] = ["any", "9", "8", "7", "6", "5", "4", "3", "2", "1", "none"];

/// What asks for every box.
pub(super) fn anywhere() -> String {
    IN_BOX[0].to_string()
}

/// What a box is asked for by; 0 for none.
pub(super) fn code(number: u8) -> String {
    if number == 0 { "none".to_string() } else { number.to_string() }
}

/// Where a person stands on both axes, in hundredths of a point, and what that rests on.
pub(super) struct Placed {
    predicate: Option<(RecordId, Predicate)>,
    potential: Option<(RecordId, u32)>,
    figures: [Option<u32>; 2],
    /// What awards count, where they are scored.
    awards: Option<u32>,
    standings: [Option<Standing>; 2],
}

impl Placed {
    pub(super) fn number(&self, source: &Source) -> Option<u8> {
        source.rules().talent.place(self.standings[0]?, self.standings[1]?)
    }

    /// What the place rests on, step by step.
    fn steps(&self, source: &Source) -> Steps {
        let figure =
            |at: usize| self.figures[at].map_or(Value::Empty, |it| Value::Hundredths(it.into()));
        let mut steps = Steps::new();
        steps.push(match self.predicate {
            Some((id, one)) => {
                let said = Remark::new("of_predicate").with("predicate", Value::choice(one.code()));
                let points = source.rules().talent.points(one);
                let points = points.map_or(Value::Empty, |it| Value::Hundredths(it.into()));
                (said.with("points", points), Some(id))
            }
            None => (Remark::new("of_no_predicate"), None),
        });
        steps.push(match self.potential {
            Some((id, points)) => {
                let points = Value::Hundredths(points.into());
                (Remark::new("of_potential").with("points", points), Some(id))
            }
            None => (Remark::new("of_no_potential"), None),
        });
        if set(source).is_some_and(Set::by_formula) {
            let share = source.rules().talent.simata_shares();
            let scored = |code| Remark::new(code).with("points", figure(0));
            let said = match self.awards {
                Some(awards) => {
                    scored("of_awards").with("awards", Value::Hundredths(awards.into()))
                }
                None => scored("of_no_awards"),
            };
            let said = said.with("predicate", Value::Whole(share.predicate.into()));
            steps.push((said.with("share", Value::Whole(share.awards.into())), None));
            let said = Remark::new("of_simata").with("points", figure(1));
            let weights = source.rules().talent.simata_weights();
            let said = weights
                .into_iter()
                .fold(said, |said, (part, weight)| said.with(part, Value::Whole(weight.into())));
            steps.push((said, None));
        }
        if let Some(value) = self.value(source) {
            let performance = source.rules().talent.simata_shares().performance;
            let said = Remark::new("of_talent").with("points", Value::Hundredths(value.into()));
            let said = said.with("performance", Value::Whole(performance.into()));
            let other = 100_u32.saturating_sub(performance);
            steps.push((said.with("potential", Value::Whole(other.into())), None));
        }
        steps
    }

    /// Both axes as one figure.
    fn value(&self, source: &Source) -> Option<u32> {
        let [performance, potential] = self.figures;
        source.rules().talent.simata(Some(performance?), Some(potential?))
    }
}

impl Report for NineBox {
    fn id(&self) -> &'static str {
        "ninebox"
    }

    fn params(&self) -> Vec<Param> {
        let [set, back] = params();
        let [was, now] = [WAS, NOW].map(|name| Param::choice(name, &IN_BOX));
        vec![Param::unit(), set, back, was, now, Param::at(), Param::search()]
    }

    fn params_by(&self, rules: &Rulebook) -> Vec<Param> {
        with_own_sets(self.params(), rules)
    }

    fn columns(&self) -> Vec<TableColumn> {
        vec![
            number("nip").hidden(),
            text("name", 0),
            text("unit", 14).hidden(),
            choice("predicate", 15),
            choice("performance", 8),
            percent("performance_points", 9).hidden(),
            choice("potential", 8),
            percent("potential_points", 9).hidden(),
            percent("talent", 9).hidden(),
            whole("box", 5),
            whole("box_before", 6),
            choice("moved", 8).hidden(),
            choice("recommendation", 26),
        ]
    }

    fn rules(&self) -> &'static [&'static str] {
        &["talent"]
    }

    fn lines(&self, source: &Source) -> Result<Vec<ReportLine>, Trouble> {
        let [was, now] = [WAS, NOW].map(|name| source.asked.text(name));
        let is_in = |row: &RosterRow, wanted: &str, at: NaiveDate| {
            if wanted == IN_BOX[0] {
                return Ok(true);
            }
            let number = placed(source, row, at)?.number(source);
            Ok::<_, Trouble>(code(number.unwrap_or(0)) == wanted)
        };
        if [was, now] == [IN_BOX[0]; 2] {
            return source.line_each();
        }
        let then = before(source);
        source.of_each(|row| {
            let found = is_in(row, now, source.asked.at)? && is_in(row, was, then)?;
            Ok(found.then(|| ReportLine::of_person(row.number)))
        })
    }

    fn cells(&self, source: &Source, key: Key) -> Result<Vec<Value>, Trouble> {
        let Some(row) = source.person(key.number) else { return Ok(Vec::new()) };
        let placed = placed(source, row, source.asked.at)?;
        let standing =
            |at: usize| placed.standings[at].map_or(Value::Empty, |one| Value::choice(one.code()));
        let points = |at: usize| {
            placed.figures[at].map_or(Value::Empty, |figure| Value::Hundredths(figure.into()))
        };
        let number = placed.number(source);
        let before = self::placed(source, row, before(source))?.number(source);
        let moved = before.zip(number).map(|(before, number)| Moved::from(before, number).code());
        Ok(vec![
            Value::text(row.nip.to_string()),
            Value::text(row.name()),
            source.unit_name(row.unit),
            placed.predicate.map_or(Value::Empty, |(_, one)| Value::choice(one.code())),
            standing(0),
            points(0),
            standing(1),
            points(1),
            placed.value(source).map_or(Value::Empty, |value| Value::Hundredths(value.into())),
            Value::whole(number),
            Value::whole(before),
            Value::code(moved),
            number.map_or(Value::Empty, |number| Value::choice(format!("box_{number}"))),
        ])
    }

    /// How many people are in each box, and how many were.
    fn totals(&self, _: &Source) -> Option<Totals> {
        Some(Totals::Values {
            columns: ["box", "box_before"].map(String::from).to_vec(),
            order: (1..=talent::BOXES).rev().map(|number| Value::Whole(number.into())).collect(),
        })
    }

    fn notes(&self, source: &Source) -> Vec<Remark> {
        let before = Remark::new("before").with("date", Value::Date(before(source)));
        vec![Remark::new("sets_differ"), before]
    }

    fn explains(&self) -> bool {
        true
    }

    fn explain(
        &self,
        source: &Source,
        line: &ReportLine,
        column: &TableColumn,
    ) -> Result<Steps, Trouble> {
        let Some(row) = source.of_line(line) else { return Ok(Vec::new()) };
        of_move(source, row, matches!(column.key.as_str(), "box_before" | "moved"))
    }
}

/// By which cut-offs, and how many years before is compared with.
pub(super) fn params() -> [Param; 2] {
    [Param::choice(SET, talent::SETS), Param::whole("back", 1..=10, 1)]
}

/// The same with the office's own sets to choose from.
pub(super) fn with_own_sets(mut params: Vec<Param>, rules: &Rulebook) -> Vec<Param> {
    for param in params.iter_mut().filter(|param| param.name == SET) {
        if let ParamShape::Choice(codes) = &mut param.shape {
            codes.extend(rules.talent.own_sets().map(|(code, _)| code.to_string()));
        }
    }
    params
}

/// The day some years before the one asked for.
pub(super) fn before(source: &Source) -> NaiveDate {
    let back = u32::try_from(source.asked.whole("back")).unwrap_or(1);
    let at = source.asked.at;
    at.checked_sub_months(Months::new(12 * back)).unwrap_or(at)
}

/// What a person's place rests on, and with it what the place of before does.
pub(super) fn of_move(source: &Source, row: &RosterRow, both: bool) -> Result<Steps, Trouble> {
    let mut steps = placed(source, row, source.asked.at)?.steps(source);
    if both {
        let day = before(source);
        steps.push((Remark::new("of_before").with("date", Value::Date(day)), None));
        steps.extend(placed(source, row, day)?.steps(source));
    }
    Ok(steps)
}

fn set<'a>(source: &'a Source) -> Option<&'a Set> {
    source.rules().talent.set(source.asked.text(SET))
}

/// Where a person stood on a day, by the rules of the day asked for.
pub(super) fn placed(source: &Source, row: &RosterRow, at: NaiveDate) -> Result<Placed, Trouble> {
    let talent = &source.rules().talent;
    let predicate = ipasn::performance(source, row, at)?;
    let potential = potential(source, row, at)?;
    let performance = predicate.and_then(|(_, one)| talent.points(one));
    let found = potential.map(|(_, points)| points);
    let set = set(source);
    let awards = match predicate {
        Some((id, _)) if set.is_some_and(Set::by_formula) => {
            let pack = source.pack(row.number)?;
            pack.one::<Performance>(id.number).and_then(|one| one.awards)
        }
        _ => None,
    };
    let awards = awards.map(Points::hundredths);
    let figures = match set {
        Some(set) if set.by_formula() => [talent.simata_performance(performance, awards), {
            let index = ipasn::of_person(source, row, at)?;
            let figures = Figures::of(source.levels_on(row, &[at])?.into_iter().flatten());
            // The index counts 25 for the highest education and 5 for a clean record.
            let qualification = index.qualification.map(|tenths| tenths * 40);
            let integrity = source.carries_detail().then_some(index.discipline * 200);
            let jpm = figures.jpm_capped();
            found.and(talent.simata_talent(jpm, found, qualification, integrity))
        }],
        _ => [performance, found],
    };
    let standing = |figure: Option<u32>, of: fn(&Set, u32) -> Standing| Some(of(set?, figure?));
    let standings = [standing(figures[0], Set::performance), standing(figures[1], Set::potential)];
    Ok(Placed { predicate, potential, figures, awards, standings })
}

/// The latest potential by a day, in hundredths of a point.
fn potential(
    source: &Source,
    row: &RosterRow,
    at: NaiveDate,
) -> Result<Option<(RecordId, u32)>, Trouble> {
    if !row.holds(Kind::Potentials) {
        return Ok(None);
    }
    let pack = source.pack(row.number)?;
    let by_then = |one: &Potential| one.date.is_some_and(|date| date <= at);
    let found = pack.of::<Potential>().filter(|(_, _, one)| by_then(one));
    let latest = found.max_by_key(|(number, _, one)| (one.date, *number));
    Ok(latest
        .map(|(number, _, one)| (RecordId::new(Kind::Potentials, number), one.score.hundredths())))
}
