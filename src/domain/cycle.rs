//! Cycle: how the sheets of a 360 degree assessment become one result, what of it may be told
//! so that nobody's sheet shows in it, and how fair each sheet is beside the others.
//!
//! Source: `rules/cycle.toml`, with its legal basis. Figures are hundredths of a level.

use serde::{Deserialize, Serialize};

use super::kinds::competency::Level;
use super::kinds::cycle::RaterGroup;
use super::rulebook::{Broken, RuleTable, Rulebook, named, rests_on, within};
use super::rules::Source;

/// How the codes of those begin that are the office's own to write and name.
const OWN: &str = "kantor-";

/// The sets an office may choose from, as `cycle.toml` has them; the last are its own to write.
pub const SETS: &[&str] = &["berakhlak", "sama", "kantor-1", "kantor-2"];

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CycleRules {
    pub source: Source,
    minimum: u32,
    most: u32,
    leniency: u32,
    sets: Vec<WeightSet>,
}

/// What each group counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    diri: u32,
    atasan: u32,
    rekan: u32,
    bawahan: u32,
}

impl Weights {
    pub const fn of(self, group: RaterGroup) -> u32 {
        match group {
            RaterGroup::Own => self.diri,
            RaterGroup::Superior => self.atasan,
            RaterGroup::Peer => self.rekan,
            RaterGroup::Subordinate => self.bawahan,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Missing {
    group: RaterGroup,
    staff: Weights,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightSet {
    name: String,
    /// What the office calls one of its own.
    #[serde(default)]
    title: String,
    staff: Weights,
    alone: Weights,
    #[serde(default)]
    missing: Vec<Missing>,
}

/// Fewer sheets than this are never told of, whatever an office sets.
pub fn minimum() -> u8 {
    Rulebook::shipped().assessment.minimum()
}

/// So many of a group are proposed where neither the cycle nor the office says otherwise.
pub fn most() -> u8 {
    Rulebook::shipped().assessment.most()
}

/// The most an office may set of either.
pub const SHEETS_MAX: u8 = 20;

impl CycleRules {
    /// What a cycle gets that does not say how few sheets of a group are told of.
    pub fn minimum(&self) -> u8 {
        u8::try_from(self.minimum).unwrap_or(SHEETS_MAX)
    }

    /// The same of how many of a group are proposed.
    pub fn most(&self) -> u8 {
        u8::try_from(self.most).unwrap_or(SHEETS_MAX)
    }

    /// The set of this name; the first where a cycle names none.
    pub fn set(&self, name: &str) -> Option<&WeightSet> {
        self.sets.iter().find(|set| set.name == name).or_else(|| self.sets.first())
    }

    /// The codes of the office's own sets, and what it calls them.
    pub fn own_sets(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.sets.iter().filter(|set| set.name.starts_with(OWN));
        own.map(|set| (set.name.as_str(), set.title.as_str()))
    }

    /// `scores` beside those of the `others`, added up.
    pub fn fairness(&self, scores: &[u8], others: Tally) -> Fairness {
        fairness(scores, others, self.leniency.into())
    }
}

impl RuleTable for CycleRules {
    fn each(&mut self, see: &mut dyn FnMut(&str, &mut u32)) {
        see("leniency", &mut self.leniency);
        see("minimum", &mut self.minimum);
        see("most", &mut self.most);
        for set in &mut self.sets {
            set.staff.each(&format!("{}.staff", set.name), see);
            set.alone.each(&format!("{}.alone", set.name), see);
            for row in &mut set.missing {
                row.staff.each(&format!("{}.missing.{}", set.name, row.group.code()), see);
            }
        }
    }

    fn each_name(&mut self, see: &mut dyn FnMut(&str, &mut String)) {
        for set in self.sets.iter_mut().filter(|set| set.name.starts_with(OWN)) {
            see(&set.name, &mut set.title);
        }
    }

    /// Somebody's word counts in every row, and nobody's that is missing.
    fn holds(&self) -> Result<(), Broken> {
        named(self.own_sets().map(|(code, title)| (code.to_string(), title)))?;
        within("leniency", self.leniency, 1, 400)?;
        // Fewer than three would tell who said what.
        within("minimum", self.minimum, 3, SHEETS_MAX.into())?;
        within("most", self.most, self.minimum, SHEETS_MAX.into())?;
        for set in &self.sets {
            set.staff.hold(&format!("{}.staff", set.name))?;
            set.alone.hold(&format!("{}.alone", set.name))?;
            for row in &set.missing {
                let name = format!("{}.missing.{}", set.name, row.group.code());
                row.staff.hold(&name)?;
                within(&format!("{name}.{}", row.group.code()), row.staff.of(row.group), 0, 0)?;
            }
        }
        Ok(())
    }

    rests_on!(source);
}

impl Weights {
    fn each(&mut self, name: &str, see: &mut dyn FnMut(&str, &mut u32)) {
        see(&format!("{name}.diri"), &mut self.diri);
        see(&format!("{name}.atasan"), &mut self.atasan);
        see(&format!("{name}.rekan"), &mut self.rekan);
        see(&format!("{name}.bawahan"), &mut self.bawahan);
    }

    fn hold(self, name: &str) -> Result<(), Broken> {
        for group in RaterGroup::ALL {
            within(&format!("{name}.{}", group.code()), self.of(*group), 0, 100)?;
        }
        let others = self.atasan + self.rekan + self.bawahan;
        within(&format!("{name}.atasan + rekan + bawahan"), others, 1, 300)
    }
}

impl WeightSet {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the groups that are there count; all of a group that is missing goes to the others.
    pub fn weights(&self, staff: bool, present: &[RaterGroup]) -> Weights {
        if !staff {
            return self.alone;
        }
        let counted = [RaterGroup::Superior, RaterGroup::Peer, RaterGroup::Subordinate];
        let mut gone = counted.into_iter().filter(|group| !present.contains(group));
        match (gone.next(), gone.next()) {
            (Some(group), None) => {
                let row = self.missing.iter().find(|row| row.group == group);
                row.map_or(self.staff, |row| row.staff)
            }
            _ => self.staff,
        }
    }
}

/// Scores that were added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub sum: u32,
    pub count: u32,
}

impl Tally {
    pub fn of(scores: &[u8]) -> Self {
        let sum = scores.iter().map(|score| u32::from(*score)).sum();
        Self { sum, count: u32::try_from(scores.len()).unwrap_or(u32::MAX) }
    }

    pub fn add(&mut self, score: u32) {
        self.sum += score;
        self.count += 1;
    }

    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { sum: self.sum + other.sum, count: self.count + other.count }
    }

    /// In millionths.
    fn mean(self) -> Option<u64> {
        (u64::from(self.sum) * 1_000_000).checked_div(self.count.into())
    }
}

/// What may be told of one person and competency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub own: Option<u16>,
    pub superior: Option<u16>,
    pub peer: Option<u16>,
    pub subordinate: Option<u16>,
    /// Peers and subordinates together, where one of the groups is too small to be told alone.
    pub others: Option<u16>,
    pub result: Option<u16>,
}

/// How peers and subordinates may be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Veil {
    /// Each by itself, where there is any.
    Apart,
    /// Only both together.
    Together,
    /// Not at all: together they are too few.
    Hidden,
}

/// By how many sheets there are of peers and of subordinates.
pub const fn veil(peers: u32, subordinates: u32, minimum: u32) -> Veil {
    let apart = (peers == 0 || peers >= minimum) && (subordinates == 0 || subordinates >= minimum);
    if apart {
        Veil::Apart
    } else if peers + subordinates >= minimum {
        Veil::Together
    } else {
        Veil::Hidden
    }
}

/// The result of the sheets of one person for one competency, by `RaterGroup::ALL`'s order.
/// Groups that may only be told together also count together, and those hidden not at all:
/// else the result less the superior's word would give them away.
pub fn result(set: &WeightSet, staff: bool, minimum: u8, tallies: [Tally; 4]) -> Told {
    let [own, superior, peer, subordinate] = tallies;
    let veil = veil(peer.count, subordinate.count, minimum.into());
    let none = Tally::default();
    let (peer, subordinate) = if veil == Veil::Hidden { (none, none) } else { (peer, subordinate) };
    let present: Vec<RaterGroup> = RaterGroup::ALL
        .iter()
        .copied()
        .zip([own, superior, peer, subordinate])
        .filter(|(_, tally)| tally.count > 0)
        .map(|(group, _)| group)
        .collect();
    let weights = set.weights(staff, &present);
    let weight = |group| u64::from(weights.of(group));
    let together = weight(RaterGroup::Peer) + weight(RaterGroup::Subordinate);
    let merged = peer.and(subordinate);
    let parts = if veil == Veil::Together {
        vec![(together, merged)]
    } else {
        vec![(weight(RaterGroup::Peer), peer), (weight(RaterGroup::Subordinate), subordinate)]
    };
    let all = [(weight(RaterGroup::Own), own), (weight(RaterGroup::Superior), superior)];
    let counted = all.into_iter().chain(parts).filter_map(|(w, tally)| Some((w, tally.mean()?)));
    let (sum, whole) = counted.fold((0, 0), |(sum, whole), (w, mean)| (sum + w * mean, whole + w));
    let apart = |tally: Tally| (veil == Veil::Apart).then(|| hundredths(tally.mean()?)).flatten();
    Told {
        own: own.mean().and_then(hundredths),
        superior: superior.mean().and_then(hundredths),
        peer: apart(peer),
        subordinate: apart(subordinate),
        others: (veil == Veil::Together).then(|| hundredths(merged.mean()?)).flatten(),
        result: sum.checked_div(whole).and_then(hundredths),
    }
}

/// Of millionths, halves upwards.
fn hundredths(millionths: u64) -> Option<u16> {
    u16::try_from((millionths + 5_000) / 10_000).ok()
}

/// The level nearest to a result, halves upwards.
pub fn level(result: u16) -> Option<Level> {
    let nearest = (u32::from(result) + 50) / 100;
    Level::new(u8::try_from(nearest.clamp(1, 5)).ok()?)
}

/// How one sheet stands beside the others of the same person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fairness {
    /// Its mean less the others', in hundredths; one's own word counts for nobody else.
    pub difference: Option<i64>,
    /// Its highest score less its lowest.
    pub spread: u8,
    pub flag: Option<Flag>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    Lenient,
    Severe,
    /// One level for everything.
    Halo,
}

impl Flag {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lenient => "longgar",
            Self::Severe => "ketat",
            Self::Halo => "seragam",
        }
    }
}

/// Competencies from which on one level for all of them is worth a flag.
const HALO_FROM: usize = 4;

/// The same where means that far apart are worth a flag.
fn fairness(scores: &[u8], others: Tally, far: i64) -> Fairness {
    let own = Tally::of(scores);
    let mean = |tally: Tally| tally.mean().and_then(|mean| i64::try_from(mean).ok());
    let difference = mean(own).zip(mean(others)).map(|(own, others)| {
        let apart = own - others;
        (apart.abs() + 5_000) / 10_000 * apart.signum()
    });
    let range = scores.iter().max().zip(scores.iter().min());
    let spread = range.map_or(0, |(most, least)| most - least);
    let flag = match difference {
        Some(apart) if apart >= far => Some(Flag::Lenient),
        Some(apart) if apart <= -far => Some(Flag::Severe),
        _ if spread == 0 && scores.len() >= HALO_FROM => Some(Flag::Halo),
        _ => None,
    };
    Fairness { difference, spread, flag }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> &'static CycleRules {
        &Rulebook::shipped().assessment
    }

    fn tally(scores: &[u8]) -> Tally {
        Tally::of(scores)
    }

    /// The means of superior, peers and subordinates, each of as many sheets as may be told.
    fn of(staff: bool, means: [Option<u8>; 3]) -> Option<u16> {
        let set = rules().set("berakhlak").expect("a set");
        let group = |mean: Option<u8>, count: usize| {
            mean.map_or_else(Tally::default, |mean| tally(&vec![mean; count]))
        };
        let [superior, peer, subordinate] = means;
        let tallies = [Tally::default(), group(superior, 1), group(peer, 3), group(subordinate, 4)];
        result(set, staff, 3, tallies).result
    }

    #[test]
    fn every_set_there_is_can_be_chosen() {
        for name in SETS {
            assert_eq!(rules().set(name).expect("a set").name, *name);
        }
        assert_eq!(rules().sets.len(), SETS.len());
        assert_eq!((minimum(), most()), (3, 5));
    }

    #[test]
    fn the_published_weights_of_every_missing_group_row_by_row() {
        // With staff: 60/15/25, 0/40/60, 70/0/30, 80/20/0, and the rest for the last one.
        let with = |means| of(true, means);
        assert_eq!(with([Some(5), Some(3), Some(2)]), Some(395));
        assert_eq!(with([None, Some(3), Some(2)]), Some(240));
        assert_eq!(with([Some(5), None, Some(2)]), Some(410));
        assert_eq!(with([Some(5), Some(3), None]), Some(460));
        assert_eq!(with([Some(5), None, None]), Some(500));
        assert_eq!(with([None, Some(3), None]), Some(300));
        assert_eq!(with([None, None, Some(2)]), Some(200));
        assert_eq!(with([None, None, None]), None);
        // Without: 60/40, 0/100, 100/0.
        let alone = |superior, peer| of(false, [superior, peer, None]);
        assert_eq!(alone(Some(5), Some(3)), Some(420));
        assert_eq!(alone(None, Some(3)), Some(300));
        assert_eq!(alone(Some(5), None), Some(500));
    }

    #[test]
    fn a_group_without_score_is_no_nought_while_its_weight_stays_80_not_48() {
        assert_eq!(of(false, [Some(80), None, None]), Some(8000));
    }

    #[test]
    fn groups_that_are_too_small_are_merged_or_hidden_and_count_as_they_are_told() {
        let set = rules().set("berakhlak").expect("a set");
        let told = |peers: &[u8], subordinates: &[u8]| {
            let tallies = [tally(&[5]), tally(&[4]), tally(peers), tally(subordinates)];
            result(set, true, 3, tallies)
        };
        let apart = told(&[3, 3, 3], &[2, 2, 2]);
        assert_eq!((apart.peer, apart.subordinate, apart.others), (Some(300), Some(200), None));
        assert_eq!(apart.own, Some(500), "it is told, and counts nothing");
        let merged = told(&[3, 3, 3], &[1]);
        assert_eq!((merged.peer, merged.subordinate, merged.others), (None, None, Some(250)));
        // 60 % of 4 and 40 % of the merged mean.
        assert_eq!(merged.result, Some(340));
        let hidden = told(&[3], &[1]);
        assert_eq!((hidden.peer, hidden.subordinate, hidden.others), (None, None, None));
        assert_eq!(hidden.result, Some(400), "the superior's word alone");
    }

    /// Whoever knows the superior's word and everything told works back to no group that is
    /// not told by itself.
    #[test]
    fn what_is_told_is_the_same_whichever_of_merged_sheets_said_what() {
        let set = rules().set("berakhlak").expect("a set");
        let told = |peers: &[u8], subordinates: &[u8]| {
            result(set, true, 3, [Tally::default(), tally(&[4]), tally(peers), tally(subordinates)])
        };
        assert_eq!(told(&[3, 3, 3], &[1]), told(&[1, 3, 3], &[3]));
        assert_eq!(told(&[5, 1], &[2]), told(&[2, 1], &[5]));
        assert_eq!(told(&[5], &[1]), told(&[1], &[5]));
    }

    #[test]
    fn the_level_is_the_nearest_halves_upwards() {
        let levels = [100, 149, 150, 249, 250, 449, 450, 500].map(|one| level(one).map(Level::get));
        assert_eq!(levels, [1, 1, 2, 2, 3, 4, 5, 5].map(Some));
    }

    #[test]
    fn a_lenient_a_severe_and_a_uniform_sheet_are_flagged_with_numbers() {
        let others = tally(&[3, 3, 3, 3, 2, 2, 4, 4]);
        let lenient = rules().fairness(&[5, 4, 4, 5], others);
        assert_eq!((lenient.difference, lenient.flag), (Some(150), Some(Flag::Lenient)));
        let severe = rules().fairness(&[1, 2, 2, 1], others);
        assert_eq!((severe.difference, severe.flag), (Some(-150), Some(Flag::Severe)));
        let halo = rules().fairness(&[3, 3, 3, 3], others);
        assert_eq!((halo.spread, halo.flag), (0, Some(Flag::Halo)));
        assert_eq!(rules().fairness(&[3, 4, 3, 2], others).flag, None);
    }
}
