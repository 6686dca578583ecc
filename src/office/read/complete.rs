//! Completion of a search while it is typed: which names and values may stand where the
//! cursor is, which word before a sign is no name, and which behind it no value. What a search
//! may name is what its officer may see, so nothing else is offered.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::category::Category;
use crate::domain::column::Align;
use crate::domain::date;
use crate::domain::field::Shape;
use crate::domain::grade::Grade;
use crate::domain::kinds::position::{JobLevel, PositionKind};
use crate::domain::kinds::session::SessionState;
use crate::domain::nearest::nearest;
use crate::domain::record::{Kind, UnitId};
use crate::domain::search::{Op, Query, Term, figure, piece, sound, split_at_sign};
use crate::domain::vocabulary::{Tongue, code_of, column_of};
use crate::office::read::filter::text_holds;
use crate::office::rights::Rights;
use crate::office::views::state::State;
use crate::protocol::{Completion, UnknownValue, UnknownWord, ValueWanted};

/// As many as fit beside what is typed.
const WORDS_MAX: usize = 8;
/// Values that are told where one is none.
const TOLD_MAX: usize = 6;
const FLAG: [&str; 2] = ["true", "false"];
/// Levels of a competency, what the post requires, and none.
const LEVELS: [&str; 7] = ["std", "1", "2", "3", "4", "5", "?"];

/// Of so many columns they are kept: a search is of two or three.
const OFFERS_MAX: usize = 4;

/// A value that may stand behind a name, and how it sounds.
struct Offer {
    value: String,
    sound: String,
}

/// What was offered last: of which column of a kind, in which tongue, of which version of the
/// small tables and within which reach.
pub(in crate::office) struct LastOffers {
    of: (Kind, Tongue, String, u64, Option<UnitId>),
    offers: Arc<[Offer]>,
}

impl State {
    pub fn complete(&self, kind: Kind, tongue: Tongue, text: &str, rights: &Rights) -> Completion {
        let from = piece(text);
        let typed = &text[from..];
        let known = |name: &str| self.carries_column(kind, rights, name);
        let words = match split_at_sign(typed) {
            Some((name, sign, value)) => match column_of(name, &known) {
                Some(column) => {
                    let lead = format!("{name}{sign}");
                    self.values(kind, &column, (tongue, value), rights, &lead)
                }
                _ => Vec::new(),
            },
            None if typed.is_empty() => Vec::new(),
            None => self.names(kind, tongue, &typed.to_lowercase(), rights),
        };
        let unknown = self.unknown(kind, tongue, text, rights);
        Completion { from: from as u32, words, unknown }
    }

    fn codes(&self, kind: Kind) -> Vec<String> {
        let people = kind == Kind::Employees;
        let competencies = people.then(|| self.catalog.columns()).into_iter().flatten();
        competencies.map(|(_, competency)| competency.code.to_lowercase()).collect()
    }

    /// Names that begin so, with the sign that follows most often.
    fn names(&self, kind: Kind, tongue: Tongue, typed: &str, rights: &Rights) -> Vec<String> {
        let columns = columns_named(kind, rights);
        // What says all by itself is whole; a name typed in full still wants its sign.
        let begins =
            |(name, whole): &(&str, bool)| name.starts_with(typed) && !(*whole && *name == typed);
        let sign = |name: &str| match column_of(name, &|name| columns.contains(&name)) {
            Some(column) if is_figure(kind, &column) => "<",
            _ => ":",
        };
        let word = |(name, whole): (&str, bool)| {
            if whole { name.to_string() } else { format!("{name}{}", sign(name)) }
        };
        let mut names: Vec<(&str, bool)> = tongue.names(&columns).filter(begins).collect();
        // One word for a column, and the one that is typed first.
        let mut seen = BTreeSet::new();
        names.retain(|(name, _)| {
            seen.insert(column_of(name, &|name| columns.contains(&name)).unwrap_or_default())
                || *name == typed
        });
        names.sort_by_key(|(name, _)| *name != typed);
        let mut words: Vec<String> = names.into_iter().map(word).collect();
        let codes = self.codes(kind).into_iter().filter(|code| code.starts_with(typed));
        words.extend(codes.map(|code| format!("{code}<")));
        words.truncate(WORDS_MAX);
        words
    }

    /// Values of a column that begin so, each with `lead` before it.
    fn values(
        &self,
        kind: Kind,
        column: &str,
        (tongue, typed): (Tongue, &str),
        rights: &Rights,
        lead: &str,
    ) -> Vec<String> {
        let typed = sound(typed.trim_start_matches('"'));
        let begins = |value: &str| {
            value != typed
                && (value.starts_with(&typed)
                    || value.split_whitespace().any(|word| word.starts_with(&typed)))
        };
        let values = self.values_of(kind, tongue, column, rights);
        let mut found: Vec<&Offer> = values.iter().filter(|offer| begins(&offer.sound)).collect();
        // What begins with it before what has a word that does.
        found.sort_by_key(|offer| !offer.sound.starts_with(&typed));
        found.dedup_by(|a, b| a.value == b.value);
        found.truncate(WORDS_MAX);
        found.iter().map(|offer| format!("{lead}{}", quoted(&offer.value))).collect()
    }

    /// The values of a column, and how they sound; of the columns asked for last they are
    /// kept from letter to letter.
    fn values_of(&self, kind: Kind, tongue: Tongue, column: &str, rights: &Rights) -> Arc<[Offer]> {
        let of = (kind, tongue, column.to_string(), self.tables, rights.reach.top());
        let mut lately = self.last_offers.borrow_mut();
        if let Some(last) = lately.iter().find(|last| last.of == of) {
            return Arc::clone(&last.offers);
        }
        let values = self.all_values_of(kind, tongue, column, rights).into_iter();
        let offers: Arc<[Offer]> =
            values.map(|value| Offer { sound: sound(&value), value }).collect();
        if !offers.is_empty() {
            lately.truncate(OFFERS_MAX - 1);
            lately.push_front(LastOffers { of, offers: Arc::clone(&offers) });
        }
        offers
    }

    fn all_values_of(
        &self,
        kind: Kind,
        tongue: Tongue,
        column: &str,
        rights: &Rights,
    ) -> Vec<String> {
        let catalog = &self.catalog;
        match wanted(self, kind, column) {
            Some(Wanted::Codes(codes)) => codes.iter().map(|code| tongue.value(code)).collect(),
            Some(Wanted::Level) => LEVELS.iter().map(ToString::to_string).collect(),
            Some(Wanted::Grade) => Grade::all().map(|grade| grade.to_string()).collect(),
            Some(Wanted::Unit) => {
                let seen = |number: u32| rights.reach.has(Some(UnitId(number)));
                let seen = catalog.units.iter().filter(|(number, _)| seen(**number));
                let mut names: Vec<String> = seen.map(|(_, (_, unit))| unit.name.clone()).collect();
                names.sort_unstable();
                names
            }
            Some(Wanted::Position) => {
                let titles = catalog.positions.values().map(|(_, position)| position.title.clone());
                let mut titles: Vec<String> = titles.collect();
                titles.sort_unstable();
                titles
            }
            Some(Wanted::Figure | Wanted::Day) | None => Vec::new(),
        }
    }

    /// The first word that is no name, or else the first that is no value of its name.
    fn unknown(
        &self,
        kind: Kind,
        tongue: Tongue,
        text: &str,
        rights: &Rights,
    ) -> Option<UnknownWord> {
        let known = |name: &str| self.carries_column(kind, rights, name);
        if let Some(name) = Query::parse(text, &known).unknown.into_iter().next() {
            let columns = columns_named(kind, rights);
            let codes = self.codes(kind);
            let all: Vec<&str> = tongue.names(&columns).map(|(name, _)| name).collect();
            let all = all.into_iter().chain(codes.iter().map(String::as_str));
            let nearest = nearest(&name, all).map(str::to_string);
            return Some(UnknownWord { nearest, name, value: None });
        }
        let terms = Query::typed(text, &known);
        let last = terms.len().checked_sub(1).filter(|_| piece(text) < text.len());
        let mut all = terms.iter().enumerate();
        all.find_map(|(at, meant)| self.no_value(kind, tongue, meant, last == Some(at), rights))
    }

    /// What is wrong with the value of a term, given as typed and as it may be meant.
    fn no_value(
        &self,
        kind: Kind,
        tongue: Tongue,
        meant: &[Term],
        typing: bool,
        rights: &Rights,
    ) -> Option<UnknownWord> {
        let Some(Term::Field { name, op, value }) = meant.first() else { return None };
        let wanted = wanted(self, kind, name).filter(|_| !value.is_empty())?;
        let values = self.values_of(kind, tongue, name, rights);
        let sounds = || values.iter().map(|offer| offer.sound.as_str());
        let begun = || typing && sounds().any(|known| known.starts_with(value.as_str()));
        let said = |term: &Term| match term {
            Term::Field { value, .. } => sounds().any(|known| known.contains(value.as_str())),
            Term::Word(_) => false,
        };
        let named = || self.named(kind, name, value).is_some();
        let sized = matches!(op, Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual);
        let is_known = match &wanted {
            Wanted::Figure => figure(value).is_some(),
            Wanted::Day => {
                let of_day = |c: char| c.is_ascii_digit() || matches!(c, '-' | '/');
                date::span(value).is_some() || (typing && value.chars().all(of_day))
            }
            Wanted::Level => {
                value.parse::<u8>().is_ok()
                    || value == "?"
                    || ["std", "standar"].iter().any(|word| word.starts_with(value.as_str()))
            }
            Wanted::Codes(codes) => {
                let code = code_of(value);
                let held = |of: &&str| match name.as_str() {
                    "category" => sound(of) == code,
                    _ => text_holds(*op, &sound(of), code) || text_holds(*op, &sound(of), value),
                };
                begun() || sized || codes.iter().any(held) || named()
            }
            Wanted::Grade => {
                Grade::parse(value).is_some() || named() || begun() || (!sized && said(&meant[0]))
            }
            Wanted::Unit if value.contains('/') => true,
            Wanted::Unit | Wanted::Position => sized || meant.iter().any(said),
        };
        if is_known {
            return None;
        }
        // A name is known by each of its words as well.
        let words = sounds().flat_map(str::split_whitespace);
        let near = nearest(value, sounds().chain(words));
        let wants = match wanted {
            Wanted::Figure => ValueWanted::Figure,
            Wanted::Day => ValueWanted::Day,
            Wanted::Unit | Wanted::Position => ValueWanted::Name,
            _ => {
                let told = values.iter().take(TOLD_MAX);
                ValueWanted::Word(told.map(|offer| offer.value.clone()).collect())
            }
        };
        Some(UnknownWord {
            name: tongue.column(name).to_string(),
            nearest: near.map(str::to_string),
            value: Some(UnknownValue { text: value.clone(), wants }),
        })
    }
}

/// What may stand behind a name; nothing is said of what holds any text.
enum Wanted {
    Codes(Vec<&'static str>),
    Figure,
    Day,
    Level,
    Grade,
    Unit,
    Position,
}

/// Days that are worked out and no field of the record.
const DAYS: [&str; 5] = ["rated_on", "expires", "retires", "start", "end"];

fn wanted(state: &State, kind: Kind, column: &str) -> Option<Wanted> {
    let people = kind == Kind::Employees;
    let shape = kind.field(column).map(|field| field.shape);
    Some(match (column, shape) {
        ("unit" | "unit_path", _) if people => Wanted::Unit,
        ("position", _) if people => Wanted::Position,
        ("grade", _) if people => Wanted::Grade,
        ("category", _) if people => Wanted::Codes(Category::CODES.to_vec()),
        ("job_level", _) => Wanted::Codes(JobLevel::CODES.to_vec()),
        ("position_kind", _) => Wanted::Codes(PositionKind::CODES.to_vec()),
        ("state", _) if kind == Kind::Sessions => Wanted::Codes(SessionState::CODES.to_vec()),
        ("unrated" | "clashes" | "overdue", _) | (_, Some(Shape::Flag)) => {
            Wanted::Codes(FLAG.to_vec())
        }
        (_, Some(Shape::Choice(codes))) => Wanted::Codes(codes.to_vec()),
        (_, Some(Shape::Date)) => Wanted::Day,
        (name, _) if DAYS.contains(&name) => Wanted::Day,
        (name, _) => match kind.column(name) {
            Some(column) if column.align == Align::Right => Wanted::Figure,
            None if state.catalog.competency_by_code(name).is_some() => Wanted::Level,
            _ => return None,
        },
    })
}

/// Which columns of this kind somebody may name.
fn columns_named(kind: Kind, rights: &Rights) -> Vec<&'static str> {
    let carried = |name: &&str| rights.carries(kind, name);
    kind.columns().iter().map(|column| column.name).filter(carried).collect()
}

/// Whether a column is asked about by size rather than by what is in it.
fn is_figure(kind: Kind, column: &str) -> bool {
    kind.column(column).is_some_and(|column| column.align == Align::Right) || column == "retires"
}

/// A value with blanks or commas is kept together.
fn quoted(value: &str) -> String {
    if value.contains([' ', ',']) { format!("\"{value}\"") } else { value.to_string() }
}
