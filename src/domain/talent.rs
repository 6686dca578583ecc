//! Talent (manajemen talenta): the nine boxes of performance and potential, by one of the
//! published sets of cut-offs, and SIMATA's formula.
//!
//! Source: `rules/talent.toml`, with its legal basis; figures are hundredths of a point of
//! 100, compared as they are.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::kinds::performance::Predicate;
use super::kinds::position::codes;
use super::rulebook::{Broken, RuleTable, adds_up, descending, named, rests_on, within};
use super::rules::Source;

codes! {
    /// Where somebody stands on one axis.
    Standing {
        High = "high",
        Middle = "middle",
        Low = "low",
    }
}

codes! {
    /// Where somebody went from one year to another, by the numbers of the boxes.
    Moved {
        Up = "up",
        Same = "same",
        Down = "down",
    }
}

impl Moved {
    pub fn from(before: u8, now: u8) -> Self {
        match now.cmp(&before) {
            Ordering::Greater => Self::Up,
            Ordering::Equal => Self::Same,
            Ordering::Less => Self::Down,
        }
    }
}

/// How many boxes there are; the ninth is the highest.
pub const BOXES: u8 = 9;

/// The sets that ship, as `talent.toml` has them; an office adds its own.
pub const SETS: &[&str] = &["80-60", "90-78", "81-61", "simata"];
/// How the codes of its own began before they had names.
const UNNAMED: &str = "kantor-";

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Talent {
    pub source: Source,
    predicates: BTreeMap<Predicate, u32>,
    sets: Vec<Set>,
    simata: Simata,
    boxes: Vec<Place>,
}

/// The cut-offs of both axes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Set {
    name: String,
    /// What the office calls one of its own.
    #[serde(default)]
    title: String,
    performance: Cut,
    potential: Cut,
    /// 1 where the second axis is SIMATA's sum, and not potential alone.
    #[serde(default)]
    formula: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Cut {
    high: u32,
    middle: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Simata {
    performance: u32,
    predicate: u32,
    awards: u32,
    competency: u32,
    potential: u32,
    qualification: u32,
    integrity: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Place {
    r#box: u32,
    performance: Standing,
    potential: Standing,
}

/// What SIMATA's axis of performance counts, and its parts, in percent.
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    pub performance: u32,
    pub predicate: u32,
    pub awards: u32,
}

impl Place {
    /// By where somebody stands on both axes, performance first.
    fn name(&self) -> String {
        format!("boxes.{}.{}", self.performance.code(), self.potential.code())
    }
}

impl Cut {
    const fn of(self, figure: u32) -> Standing {
        if figure >= self.high * 100 {
            Standing::High
        } else if figure >= self.middle * 100 {
            Standing::Middle
        } else {
            Standing::Low
        }
    }
}

impl Set {
    fn is_own(&self) -> bool {
        !SETS.contains(&self.name.as_str())
    }

    /// Whether the second axis is SIMATA's sum.
    pub const fn by_formula(&self) -> bool {
        self.formula > 0
    }

    pub const fn performance(&self, figure: u32) -> Standing {
        self.performance.of(figure)
    }

    pub const fn potential(&self, figure: u32) -> Standing {
        self.potential.of(figure)
    }
}

impl Talent {
    /// The set of this name.
    pub fn set(&self, name: &str) -> Option<&Set> {
        self.sets.iter().find(|set| set.name == name)
    }

    /// The codes of the office's own sets, and what it calls them.
    pub fn own_sets(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.sets.iter().filter(|set| set.is_own());
        own.map(|set| (set.name.as_str(), set.title.as_str()))
    }

    /// What a predicate counts.
    pub fn points(&self, predicate: Predicate) -> Option<u32> {
        self.predicates.get(&predicate).map(|points| points * 100)
    }

    /// The box of two standings, 1 to 9.
    pub fn place(&self, performance: Standing, potential: Standing) -> Option<u8> {
        let of = |place: &&Place| (place.performance, place.potential) == (performance, potential);
        u8::try_from(self.boxes.iter().find(of)?.r#box).ok()
    }

    /// SIMATA's axis of performance: the predicate, and awards with decrees of teams.
    pub fn simata_performance(&self, predicate: Option<u32>, awards: Option<u32>) -> Option<u32> {
        weighed(&[(predicate, self.simata.predicate), (awards, self.simata.awards)])
    }

    /// SIMATA's other axis.
    pub fn simata_talent(
        &self,
        competency: Option<u32>,
        potential: Option<u32>,
        qualification: Option<u32>,
        integrity: Option<u32>,
    ) -> Option<u32> {
        weighed(&[
            (competency, self.simata.competency),
            (potential, self.simata.potential),
            (qualification, self.simata.qualification),
            (integrity, self.simata.integrity),
        ])
    }

    /// What performance counts, and within it predicate and awards, in percent.
    pub const fn simata_shares(&self) -> Shares {
        let Simata { performance, predicate, awards, .. } = self.simata;
        Shares { performance, predicate, awards }
    }

    /// What each part of that axis counts, in percent.
    pub const fn simata_weights(&self) -> [(&'static str, u32); 4] {
        let Simata { competency, potential, qualification, integrity, .. } = self.simata;
        [
            ("competency", competency),
            ("potential", potential),
            ("qualification", qualification),
            ("integrity", integrity),
        ]
    }

    /// The two axes together.
    pub fn simata(&self, performance: Option<u32>, talent: Option<u32>) -> Option<u32> {
        let share = self.simata.performance;
        weighed(&[(performance, share), (talent, 100_u32.saturating_sub(share))])
    }
}

impl RuleTable for Talent {
    fn each(&mut self, see: &mut dyn FnMut(&str, &mut u32)) {
        for predicate in Predicate::ALL {
            if let Some(points) = self.predicates.get_mut(predicate) {
                see(&format!("predicates.{}", predicate.code()), points);
            }
        }
        for set in &mut self.sets {
            let axes = [("performance", &mut set.performance), ("potential", &mut set.potential)];
            for (axis, cut) in axes {
                see(&format!("{}.{axis}.high", set.name), &mut cut.high);
                see(&format!("{}.{axis}.middle", set.name), &mut cut.middle);
            }
            if set.is_own() {
                see(&format!("{}.formula", set.name), &mut set.formula);
            }
        }
        let simata = &mut self.simata;
        for (name, weight) in [
            ("performance", &mut simata.performance),
            ("predicate", &mut simata.predicate),
            ("awards", &mut simata.awards),
            ("competency", &mut simata.competency),
            ("potential", &mut simata.potential),
            ("qualification", &mut simata.qualification),
            ("integrity", &mut simata.integrity),
        ] {
            see(&format!("weights.{name}"), weight);
        }
        for place in &mut self.boxes {
            see(&place.name(), &mut place.r#box);
        }
    }

    fn each_name(&mut self, see: &mut dyn FnMut(&str, &mut String)) {
        for set in self.sets.iter_mut().filter(|set| set.is_own()) {
            see(&set.name, &mut set.title);
        }
    }

    fn add_set(&mut self, code: &str) -> bool {
        let Some(first) = self.sets.first() else { return false };
        let title = if code.starts_with(UNNAMED) { code.into() } else { String::new() };
        self.sets.push(Set { name: code.into(), title, formula: 0, ..first.clone() });
        true
    }

    fn holds(&self) -> Result<(), Broken> {
        named(self.own_sets().map(|(code, title)| (code.to_string(), title)))?;
        let name = |predicate: &Predicate| format!("predicates.{}", predicate.code());
        let named: Vec<_> =
            self.predicates.iter().map(|(one, points)| (name(one), *points)).collect();
        descending(named.iter().map(|(name, points)| (name.as_str(), *points)), 100, 0)?;
        for set in &self.sets {
            for (axis, cut) in [("performance", set.performance), ("potential", set.potential)] {
                let high = format!("{}.{axis}.high", set.name);
                let middle = format!("{}.{axis}.middle", set.name);
                descending([(&*high, cut.high), (&*middle, cut.middle)], 100, 1)?;
            }
            within(&format!("{}.formula", set.name), set.formula, 0, 1)?;
        }
        let mut numbers = BTreeSet::new();
        for place in &self.boxes {
            within(&place.name(), place.r#box, 1, BOXES.into())?;
            if !numbers.insert(place.r#box) {
                return Err(Broken::Same(format!("{}: {}", place.name(), place.r#box)));
            }
        }
        let simata = self.simata;
        within("weights.performance", simata.performance, 0, 100)?;
        adds_up(&["weights.predicate", "weights.awards"], &[simata.predicate, simata.awards], 100)?;
        adds_up(
            &[
                "weights.competency",
                "weights.potential",
                "weights.qualification",
                "weights.integrity",
            ],
            &[simata.competency, simata.potential, simata.qualification, simata.integrity],
            100,
        )
    }

    rests_on!(source);
}

/// A mean by weights over what there is: a part without a figure takes no part, and its
/// weight goes to the others. None where there is none.
fn weighed(parts: &[(Option<u32>, u32)]) -> Option<u32> {
    let there = parts.iter().filter_map(|(figure, weight)| Some(((*figure)?, *weight)));
    let (sum, weights) = there.fold((0_u64, 0_u64), |(sum, weights), (figure, weight)| {
        (sum + u64::from(figure) * u64::from(weight), weights + u64::from(weight))
    });
    u32::try_from((2 * sum + weights).checked_div(2 * weights)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::Rulebook;

    fn rules() -> &'static Talent {
        &Rulebook::shipped().talent
    }

    #[test]
    fn two_standings_make_one_of_nine_boxes() {
        use Standing::{High, Low, Middle};
        for (performance, boxes) in [(High, [4, 7, 9]), (Middle, [2, 5, 8]), (Low, [1, 3, 6])] {
            let found = [Low, Middle, High].map(|potential| rules().place(performance, potential));
            assert_eq!(found, boxes.map(Some), "{performance:?}");
        }
        assert!(!rules().source.verified);
    }

    #[test]
    fn every_set_there_is_to_choose_from_has_its_cut_offs() {
        for (name, potential) in [
            ("80-60", [(7_999, "middle"), (8_000, "high"), (5_999, "low"), (6_000, "middle")]),
            ("90-78", [(8_999, "middle"), (9_000, "high"), (7_799, "low"), (7_800, "middle")]),
            ("81-61", [(8_099, "middle"), (8_100, "high"), (6_099, "low"), (6_100, "middle")]),
            ("simata", [(7_999, "middle"), (8_000, "high"), (5_999, "low"), (6_000, "middle")]),
        ] {
            let set = rules().set(name).expect(name);
            for (figure, standing) in potential {
                assert_eq!(set.potential(figure).code(), standing, "{name} {figure}");
            }
            let of = |one: &Predicate| set.performance(rules().points(*one).unwrap_or(0)).code();
            let codes: Vec<_> = Predicate::ALL.iter().map(of).collect();
            assert_eq!(codes[0], "high", "{name}: sangat baik");
            assert_ne!(codes[1], "low", "{name}: baik");
            assert_eq!(codes[4], "low", "{name}: sangat kurang");
        }
        assert_eq!(SETS.iter().filter_map(|name| rules().set(name)).count(), SETS.len());
    }

    #[test]
    fn simata_makes_what_its_briefing_makes() {
        let performance = rules().simata_performance(Some(8_000), Some(5_000));
        assert_eq!(performance, Some(6_800));
        let talent = rules().simata_talent(Some(9_000), Some(7_000), Some(6_000), Some(10_000));
        assert_eq!(talent, Some(8_050));
        assert_eq!(rules().simata(performance, talent), Some(7_425));
        // What is not there is not nought.
        assert_eq!(rules().simata_performance(Some(8_000), None), Some(8_000));
        assert_eq!(rules().simata_talent(None, None, None, None), None);
    }
}
