//! Rulebook: the tables of rules as they hold on a day, each as it ships or as the office has
//! brought it in from a day on. A table says once what its figures are called and in which
//! order and bounds they stand ([`RuleTable`]); forms, imports, explanations and calculations
//! follow from the one line it has in the list below.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::category::Categories;
use super::cycle::CycleRules;
use super::fault::{Fault, Reason};
use super::gap_class::GapClasses;
use super::ip_asn::IpAsn;
use super::jp::JpQuota;
use super::kinds::rule::ReferenceTable;
use super::learning::LearningMix;
use super::mentoring::Conversion;
use super::names::{GradeTitles, TrainingTypes};
use super::own_sets;
use super::personal_data::PersonalData;
use super::retirement::Retirement;
use super::rule_text::{IS, LIST, NAME, WORDS, Written, shortened};
use super::rules::{Source, table};
use super::talent::Talent;

/// What of a table may be otherwise in an office: its whole figures, its lists of words, and
/// where it comes from.
pub trait RuleTable {
    /// Every figure with its name, in the order in which they are read.
    fn each(&mut self, see: &mut dyn FnMut(&str, &mut u32));

    /// Every list of words with its name, in the order in which they are read.
    fn each_list(&mut self, _: &mut dyn FnMut(&str, &mut Vec<String>)) {}

    /// Every name that is given to something, by what it is given to, in the order in which they
    /// are read.
    fn each_name(&mut self, _: &mut dyn FnMut(&str, &mut String)) {}

    /// Takes in a set of the office's own by its code, as the first one is; whether it did.
    fn add_set(&mut self, _code: &str) -> bool {
        false
    }

    /// The first figure, list or name that does not fit the others.
    fn holds(&self) -> Result<(), Broken>;

    fn sources(&self) -> Vec<&Source>;

    fn rest_on(&mut self, source: Source);
}

/// What a table says of where it comes from, kept in these of its own fields.
macro_rules! rests_on {
    ($($source:ident),+) => {
        fn sources(&self) -> Vec<&$crate::domain::rules::Source> {
            let mut sources = vec![$(&self.$source),+];
            sources.dedup();
            sources
        }

        fn rest_on(&mut self, source: $crate::domain::rules::Source) {
            $(self.$source.clone_from(&source);)+
        }
    };
}

pub(in crate::domain) use rests_on;

/// What does not fit: a figure that has to lie within bounds, or some that have to add up.
#[derive(Debug, PartialEq, Eq)]
pub enum Broken {
    Range(String),
    Sum(String),
    /// What may stand once stands twice.
    Same(String),
    /// A list is empty, too long, or holds what means nothing there.
    List(String),
    /// There is no name, or a long one.
    Name(String),
}

/// The longest list of words, and the longest word in one.
const LIST_MAX: usize = 60;
const WORD_MAX: usize = 60;

/// Whether lists hold something, nothing too long, and no word twice, in the same list or in
/// another.
pub fn distinct<'a>(lists: impl IntoIterator<Item = (String, &'a [String])>) -> Result<(), Broken> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (name, words) in lists {
        let long = |word: &String| word.chars().count() > WORD_MAX;
        if words.is_empty() || words.len() > LIST_MAX || words.iter().any(long) {
            return Err(Broken::List(name));
        }
        if let Some(twice) = words.iter().find(|word| !seen.insert(word.as_str())) {
            return Err(Broken::Same(format!("{name}: {twice}")));
        }
    }
    Ok(())
}

/// Whether names are there, none too long, and none given twice.
pub fn named<'a>(names: impl IntoIterator<Item = (String, &'a str)>) -> Result<(), Broken> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for (of, name) in names {
        if name.is_empty() || name.chars().count() > WORD_MAX {
            return Err(Broken::Name(format!("{of}{NAME}")));
        }
        if !seen.insert(name.to_lowercase()) {
            return Err(Broken::Same(format!("{of}{NAME}: {name}")));
        }
    }
    Ok(())
}

/// Whether a figure lies within bounds, both included.
pub fn within(name: &str, figure: u32, low: u32, high: u32) -> Result<(), Broken> {
    if (low..=high).contains(&figure) {
        return Ok(());
    }
    Err(Broken::Range(format!("{name}: {low}–{high}")))
}

/// Whether each is less than the one before; the first at most `most`, the last at least `least`.
pub fn descending<'a>(
    figures: impl IntoIterator<Item = (&'a str, u32)>,
    most: u32,
    least: u32,
) -> Result<(), Broken> {
    let mut high = most;
    for (name, figure) in figures {
        within(name, figure, least, high)?;
        high = figure.saturating_sub(1);
    }
    Ok(())
}

/// Whether figures add up to that.
pub fn adds_up(names: &[&str], figures: &[u32], to: u32) -> Result<(), Broken> {
    let sum = figures.iter().fold(0, |sum: u32, figure| sum.saturating_add(*figure));
    if sum == to {
        return Ok(());
    }
    Err(Broken::Sum(format!("{} = {to}", names.join(" + "))))
}

macro_rules! tables {
    ($($(#[$says:meta])* $name:ident: $table:ty = $file:literal;)+) => {
        /// The tables an office may replace, by the name they have in code and files.
        pub const TABLES: &[&str] = &[$(stringify!($name)),+];

        /// All of them as they hold on a day.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct Rulebook {
            $($(#[$says])* pub $name: $table),+
        }

        impl Rulebook {
            fn read() -> Self {
                Self { $($name: table(include_str!($file)).unwrap_or_default()),+ }
            }

            fn table(&self, name: &str) -> Option<&dyn RuleTable> {
                match name {
                    $(stringify!($name) => Some(&self.$name),)+
                    _ => None,
                }
            }

            /// Takes one table from another book.
            fn put(&mut self, name: &str, from: Self) {
                match name {
                    $(stringify!($name) => self.$name = from.$name,)+
                    _ => {}
                }
            }

            pub(super) fn table_mut(&mut self, name: &str) -> Option<&mut dyn RuleTable> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)+
                    _ => None,
                }
            }
        }
    };
}

tables! {
    /// What a JPM amounts to.
    categories: Categories = "rules/categories.toml";
    gap_classes: GapClasses = "rules/gap_classes.toml";
    retirement: Retirement = "rules/retirement.toml";
    jp_quota: JpQuota = "rules/jp_quota.toml";
    /// JP of meetings.
    jp_conversion: Conversion = "rules/jp_conversion.toml";
    talent: Talent = "rules/talent.toml";
    ip_asn: IpAsn = "rules/ip_asn.toml";
    /// Of assessments in cycles.
    assessment: CycleRules = "rules/cycle.toml";
    learning: LearningMix = "rules/learning.toml";
    personal_data: PersonalData = "rules/personal_data.toml";
    grades: GradeTitles = "rules/grades.toml";
    training_types: TrainingTypes = "rules/training_types.toml";
}

impl Rulebook {
    /// As the program ships.
    pub fn shipped() -> &'static Arc<Self> {
        static SHIPPED: OnceLock<Arc<Rulebook>> = OnceLock::new();
        SHIPPED.get_or_init(|| Arc::new(Self::read()))
    }

    /// The same with the office's own tables in their places.
    pub fn with<'a>(own: impl IntoIterator<Item = &'a ReferenceTable>) -> Self {
        let mut book = Self::clone(Self::shipped());
        for rule in own {
            // A record that does not hold is never kept; it would change nothing.
            let _ = book.take(rule);
        }
        book
    }

    /// Where a table comes from.
    pub fn sources(&self, name: &str) -> Vec<&Source> {
        self.table(name).map_or_else(Vec::new, RuleTable::sources)
    }

    /// The figures of a table as a record writes them: a line each.
    pub fn figures(&self, name: &str) -> String {
        self.clone().written(name)
    }

    /// The same of a book that may be touched for it.
    pub(super) fn written(&mut self, name: &str) -> String {
        let mut lines = Vec::new();
        if let Some(table) = self.table_mut(name) {
            table.each(&mut |name, figure| lines.push(format!("{name}{IS}{figure}")));
            table.each_list(&mut |name, words| {
                lines.push(format!("{name}{LIST}{IS}{}", words.join(WORDS)));
            });
            table.each_name(&mut |of, name| lines.push(format!("{of}{NAME}{IS}{name}")));
        }
        lines.join("\n")
    }

    /// Takes a table as a record has it; figures it does not name stay as they ship.
    fn take(&mut self, rule: &ReferenceTable) -> Result<(), Fault> {
        let Written { mut lists, mut names, mut figures } = Written::read(&rule.figures)?;
        let mut book = Self::clone(Self::shipped());
        let Some(table) = book.table_mut(&rule.table) else {
            return Err(Fault::new("table", Reason::NotAChoice));
        };
        let written = figures.iter().map(|(name, _)| name).chain(names.iter().map(|(of, _)| of));
        own_sets::add(table, written);
        table.each(&mut |name, figure| fill(&mut figures, name, figure));
        none_left(&figures, "")?;
        table.each_list(&mut |name, words| fill(&mut lists, name, words));
        none_left(&lists, LIST)?;
        table.each_name(&mut |of, name| fill(&mut names, of, name));
        none_left(&names, NAME)?;
        table.holds().map_err(|broken| match broken {
            Broken::Range(said) => Fault::with("figures", Reason::FigureRange, said),
            Broken::Sum(said) => Fault::with("figures", Reason::FigureSum, said),
            Broken::Same(said) => Fault::with("figures", Reason::FigureSame, said),
            Broken::List(said) => Fault::with("figures", Reason::FigureList, said),
            Broken::Name(said) => Fault::with("figures", Reason::FigureName, said),
        })?;
        table.rest_on(Source {
            legal_basis: rule.legal_basis.clone(),
            effective_from: rule.effective_from,
            verified: rule.verified,
        });
        self.put(&rule.table, book);
        Ok(())
    }

    /// The lines of a table: what stands there where a record's figures say so, and what ships.
    /// Figures of other names are passed over; what cannot be read is a fault.
    pub fn lines(name: &str, figures: &str) -> Result<Vec<RuleLine>, Fault> {
        let Written { lists, names, figures } = Written::read(figures)?;
        let names = names.into_iter().map(|(of, name)| (of + NAME, name));
        let lists = lists.into_iter().map(|(name, words)| (name + LIST, words.join(WORDS)));
        let figures = figures.into_iter().map(|(name, figure)| (name, figure.to_string()));
        let own: Vec<_> = figures.chain(lists).chain(names).collect();
        let mut book = Self::clone(Self::shipped());
        if let Some(table) = book.table_mut(name) {
            own_sets::add(table, own.iter().map(|(name, _)| name));
        }
        let shipped = book.figures(name);
        let lines = shipped.lines().filter_map(|line| line.split_once(IS));
        let lines = lines.map(|(name, shipped)| {
            // Words are read in small letters; codes that ship are not written so.
            let differs = |own: &str| name.ends_with(NAME) || !own.eq_ignore_ascii_case(shipped);
            let own = own.iter().find(|(named, own)| named == name && differs(own));
            let value = own.map_or(shipped, |(_, value)| value).to_string();
            RuleLine { name: name.to_string(), value, shipped: shipped.to_string() }
        });
        Ok(lines.collect())
    }

    /// What is wrong with a record.
    pub fn fault(rule: &ReferenceTable) -> Option<Fault> {
        Self::default().take(rule).err()
    }
}

/// Gives a value what is written of it, if anything is.
fn fill<T>(written: &mut Vec<(String, T)>, name: &str, value: &mut T) {
    if let Some(at) = written.iter().position(|(named, _)| named == name) {
        *value = written.remove(at).1;
    }
}

/// Whether all that was written is something of the table; `mark` tells what it is.
fn none_left<T>(written: &[(String, T)], mark: &str) -> Result<(), Fault> {
    let Some((name, _)) = written.first() else { return Ok(()) };
    let name = shortened(&format!("{name}{mark}"));
    Err(Fault::with("figures", Reason::FigureUnknown, name))
}

/// A figure or a list of words of a table, as a record writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleLine {
    pub name: String,
    pub value: String,
    pub shipped: String,
}

impl RuleLine {
    pub fn is_list(&self) -> bool {
        self.name.ends_with(LIST)
    }

    /// Whether it is a line of this set.
    pub fn is_of(&self, set: &str) -> bool {
        own_sets::set_of(&self.name) == set
    }

    /// Something's name; neither a list nor a figure.
    pub fn is_name(&self) -> bool {
        self.name.ends_with(NAME)
    }
}

impl fmt::Display for RuleLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{IS}{}", self.name, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::category::Purpose;
    use crate::domain::gap::Figures;
    use crate::domain::kinds::employee::EmploymentKind;
    use crate::domain::record::Record;

    fn rule(table: &str, figures: &str) -> ReferenceTable {
        ReferenceTable { verified: true, ..ReferenceTable::written(table, figures) }
    }

    #[test]
    fn every_table_that_ships_holds_and_is_written_as_it_is_read() {
        for name in TABLES {
            let written = Rulebook::shipped().figures(name);
            assert!(!written.is_empty(), "{name}");
            let own = rule(name, &written);
            assert_eq!(Record::from(own.clone()).check(), [], "{name}");
            assert_eq!(Rulebook::with([&own]).figures(name), written, "{name}");
        }
    }

    #[test]
    fn the_lines_of_a_table_tell_what_the_office_wrote_and_what_ships() {
        let lines = Rulebook::lines("categories", "filling.MS = 85; zodiac = 3").expect("read");
        let said: Vec<String> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(said[3..5], ["filling.MS = 85", "filling.MMS = 68"]);
        assert_eq!((lines[3].value.as_str(), lines[3].shipped.as_str()), ("85", "80"));
        let fault = Rulebook::lines("categories", "filling.MS").expect_err("no figure");
        assert_eq!(fault.reason, Reason::FigureUnreadable);
        for name in TABLES {
            let shipped = Rulebook::shipped().figures(name);
            let lines = Rulebook::lines(name, &shipped).expect("read");
            let said: Vec<String> = lines.iter().map(ToString::to_string).collect();
            assert_eq!(said.join("\n"), shipped, "{name}");
        }
    }

    #[test]
    fn what_the_office_writes_counts_and_all_else_stays_as_it_ships() {
        let book = Rulebook::with([
            &rule("categories", "filling.MS = 85; filling.MMS=70"),
            &rule("jp_quota", "pns_floor: 24"),
        ]);
        let figures = Figures { sum_actual: 82, sum_required: 100, ..Figures::default() };
        let of = |book: &Rulebook, purpose| book.categories.of(purpose, figures).unwrap().code();
        assert_eq!(of(Rulebook::shipped(), Purpose::Filling), "MS");
        assert_eq!(of(&book, Purpose::Filling), "MMS");
        assert_eq!(of(&book, Purpose::Mapping), "CO");
        assert_eq!(book.jp_quota.pppk_ceiling, 24);
        let standing = book.jp_quota.standing(EmploymentKind::Pns, 20);
        assert_eq!(standing, crate::domain::jp::JpStanding::Below { missing: 4 });
        let sources = book.sources("categories");
        assert!(sources.len() == 1 && sources[0].verified, "{sources:?}");
        assert_eq!(book.sources("talent"), Rulebook::shipped().sources("talent"));
    }

    /// The numbers of the boxes differ between agencies, and so do the words of an education.
    #[test]
    fn an_office_numbers_the_boxes_and_words_the_lists_its_own_way() {
        use crate::domain::ip_asn::CountsAs;
        use crate::domain::talent::Standing::{High, Low};
        let book = Rulebook::with([
            &rule("talent", "boxes.low.high = 3; boxes.low.middle = 6"),
            &rule(
                "ip_asn",
                "qualification.s1.words = S 1 | s1 | sarjana | strata  satu\n\
                 trainings.leadership.words = kl01, KL09\n\
                 trainings.others.words = KL06 | KL07 | KL08 | KL11 | NKL12\n\
                 qualification.s2 = 210",
            ),
        ]);
        assert_eq!(book.talent.place(Low, High), Some(3));
        assert_eq!(Rulebook::shipped().talent.place(Low, High), Some(6));
        assert_eq!(book.ip_asn.qualification("Strata Satu Hukum"), Some(150));
        assert_eq!(Rulebook::shipped().ip_asn.qualification("Strata Satu Hukum"), None);
        assert_eq!(book.ip_asn.qualification("Magister"), Some(210));
        let by = chrono::NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day");
        let counts = |book: &Rulebook| book.ip_asn.counts_as("KL09", by).map(|(counts, _)| counts);
        assert_eq!(counts(&book), Some(CountsAs::Leadership));
        assert_eq!(counts(Rulebook::shipped()), Some(CountsAs::Other));
    }

    #[test]
    fn figures_that_do_not_fit_each_other_are_refused_with_their_bounds() {
        for (table, figures, reason, detail) in [
            ("categories", "filling.MS", Reason::FigureUnreadable, "filling.MS"),
            ("categories", "filling.MS = delapan", Reason::FigureUnreadable, "filling.MS"),
            ("categories", "filling.MS = -1", Reason::FigureUnreadable, "filling.MS"),
            ("categories", "filling.XX = 80", Reason::FigureUnknown, "filling.XX"),
            ("categories", "filling.MS=80 filling.MS=81", Reason::FigureTwice, "filling.MS"),
            ("categories", "filling.MMS = 80", Reason::FigureRange, "filling.MMS: 1–79"),
            ("categories", "filling.KMS = 5", Reason::FigureRange, "filling.KMS: 0–0"),
            ("gap_classes", "medium = 60", Reason::FigureRange, "medium: 1–49"),
            ("retirement", "pengawas = 17", Reason::FigureRange, "pengawas: 45–75"),
            ("jp_quota", "pns_floor = 0", Reason::FigureRange, "pns_floor: 1–1000"),
            ("jp_conversion", "meetings.a_month=40", Reason::FigureRange, "meetings.a_month: 1–31"),
            (
                "talent",
                "80-60.potential.middle = 80",
                Reason::FigureRange,
                "80-60.potential.middle: 1–79",
            ),
            (
                "talent",
                "weights.predicate = 70",
                Reason::FigureSum,
                "weights.predicate + weights.awards = 100",
            ),
            ("ip_asn", "bands.rendah = 55", Reason::FigureRange, "bands.rendah: 61–100"),
            (
                "ip_asn",
                "bands.sangat_tinggi = 95",
                Reason::FigureRange,
                "bands.sangat_tinggi: 100–100",
            ),
            (
                "ip_asn",
                "competency.general.own = 1",
                Reason::FigureSum,
                "competency.general.own + competency.general.technical + competency.general.others = 400",
            ),
            (
                "assessment",
                "berakhlak.missing.rekan.rekan = 5",
                Reason::FigureRange,
                "berakhlak.missing.rekan.rekan: 0–0",
            ),
            ("assessment", "leniency = 0", Reason::FigureRange, "leniency: 1–400"),
            ("talent", "boxes.high.high = 10", Reason::FigureRange, "boxes.high.high: 1–9"),
            ("talent", "boxes.high.high = 8", Reason::FigureSame, "boxes.middle.high: 8"),
            ("ip_asn", "qualification.s1.words =", Reason::FigureList, "qualification.s1.words"),
            (
                "ip_asn",
                "qualification.s1.words = sarjana | magister",
                Reason::FigureSame,
                "qualification.s1.words: magister",
            ),
            (
                "ip_asn",
                "qualification.xx.words = a",
                Reason::FigureUnknown,
                "qualification.xx.words",
            ),
            (
                "ip_asn",
                "trainings.leadership.words = KL99",
                Reason::FigureList,
                "trainings.leadership.words: KL99",
            ),
            (
                "ip_asn",
                "trainings.leadership.words = KL02",
                Reason::FigureSame,
                "trainings.technical.words: KL02",
            ),
        ] {
            let faults = Record::from(rule(table, figures)).check();
            assert_eq!(faults, [Fault::with("figures", reason, detail)], "{table} {figures}");
        }
        let faults = Record::from(rule("zodiac", "a = 1")).check();
        assert!(faults.iter().all(|fault| fault.field == "table"), "{faults:?}");
    }
}
