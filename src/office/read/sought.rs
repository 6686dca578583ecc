//! Sought: which entries a question to the history means. Words and dates are told from an
//! entry's own line; a person or a record is sought through the trails their records keep,
//! so that nobody's history has to be found by reading the whole journal.

use std::collections::BTreeSet;

use chrono::{FixedOffset, NaiveDate};

use crate::domain::belongs::{Home, Writers};
use crate::domain::change::Via;
use crate::domain::date::span;
use crate::domain::record::{EmployeeId, Kind, RecordId};
use crate::domain::search::{Op, Query, Term, sound};
use crate::domain::shorten::meant;
use crate::journal::Line;
use crate::office::read::filter::text_holds;
use crate::office::read::stretches::Gist;
use crate::office::rights::Rights;
use crate::office::views::state::State;
use crate::protocol::HistoryQuery;
use crate::store::{StoreError, Version};

/// A word that means more records than this is left out: it is still being typed.
const RECORDS_MAX: usize = 300;

/// What a search may name.
const NAMES: [&str; 7] = ["by", "person", "kind", "via", "date", "since", "until"];

/// The ways a change comes in, as the screen and as scripts call them.
const WAYS: [(&str, Via); 8] = [
    ("layar", Via::Tui),
    ("screen", Via::Tui),
    ("tui", Via::Tui),
    ("perintah", Via::Cli),
    ("cli", Via::Cli),
    ("impor", Via::Import),
    ("sistem", Via::Office),
    ("office", Via::Office),
];

/// Entries by their numbers.
type Entries = BTreeSet<u64>;

enum Test {
    By(Op, String),
    Via(Vec<Via>),
    /// In the officer's name, in the reason, or an entry of what bears the word.
    Word(String, Entries),
}

/// A question to the history, compiled.
pub(in crate::office) struct Sought {
    /// Only these entries; everything is looked through where nobody is named.
    pub entries: Option<Entries>,
    /// At least one of these is touched.
    kinds: Option<Vec<Kind>>,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    tests: Vec<Test>,
    zone: Option<FixedOffset>,
    pub vague: bool,
    /// The one person whose entries are sought, where it is one.
    pub person: Option<EmployeeId>,
}

impl Sought {
    pub fn new(state: &State, query: &HistoryQuery, rights: &Rights) -> Result<Self, StoreError> {
        let mut sought = Self {
            entries: None,
            kinds: query.kind.map(|kind| vec![kind]),
            first: query.since,
            last: query.until,
            tests: Vec::new(),
            zone: crate::domain::kinds::setting::time_zone(state.catalog.time_zone()),
            vague: false,
            person: query.person,
        };
        if let Some(by) = &query.by {
            sought.tests.push(Test::By(Op::Equals, sound(by)));
        }
        if let Some(record) = query.record {
            sought.only(state.store.trail(record)?.iter().map(|version| version.seq).collect());
        }
        if let Some(person) = query.person {
            sought.only(of_person(state, person)?);
        }
        for term in Query::plain(&query.search, &|name| NAMES.contains(&name)) {
            sought.add(state, rights, &term)?;
        }
        Ok(sought)
    }

    fn only(&mut self, entries: Entries) {
        self.entries = Some(match self.entries.take() {
            Some(others) => others.intersection(&entries).copied().collect(),
            None => entries,
        });
    }

    /// Narrows it down by one term; what is still being typed hides nothing.
    fn add(&mut self, state: &State, rights: &Rights, term: &Term) -> Result<(), StoreError> {
        let (name, op, value) = match term {
            Term::Word(word) => return self.add_word(state, rights, word),
            Term::Field { value, .. } if value.is_empty() => return Ok(()),
            Term::Field { name, op, value } => (name.as_str(), *op, value.as_str()),
        };
        match name {
            "by" => self.tests.push(Test::By(op, value.to_string())),
            "kind" => {
                let words = Kind::ALL.into_iter().flat_map(|kind| {
                    kind.called()
                        .iter()
                        .chain([&kind.name()])
                        .map(move |word| (*word, kind))
                        .collect::<Vec<_>>()
                });
                let named = words.filter(|(word, _)| word.starts_with(value));
                let named: Vec<Kind> = named.map(|(_, kind)| kind).collect();
                self.kinds = Some(match self.kinds.take() {
                    Some(others) => others.into_iter().filter(|k| named.contains(k)).collect(),
                    None => named,
                });
            }
            "via" => {
                let named = WAYS.iter().filter(|(word, _)| word.starts_with(value));
                self.tests.push(Test::Via(named.map(|(_, via)| *via).collect()));
            }
            "person" => {
                let people = people(state, rights, value);
                if people.len() > RECORDS_MAX {
                    self.vague = true;
                } else {
                    if let [person] = people[..] {
                        self.person = Some(person);
                    }
                    self.only(of_people(state, &people)?);
                }
            }
            name => {
                if let Some((first, last)) = span(value) {
                    self.add_days(name, op, first, last);
                }
            }
        }
        Ok(())
    }

    fn add_days(&mut self, name: &str, op: Op, first: NaiveDate, last: NaiveDate) {
        let from = match (name, op) {
            ("since", _) | ("date", Op::Has | Op::Equals | Op::GreaterOrEqual) => Some(first),
            ("date", Op::Greater) => last.succ_opt(),
            _ => None,
        };
        let to = match (name, op) {
            ("until", _) | ("date", Op::Has | Op::Equals | Op::LessOrEqual) => Some(last),
            ("date", Op::Less) => first.pred_opt(),
            _ => None,
        };
        self.first = self.first.max(from);
        self.last = match (self.last, to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    fn add_word(&mut self, state: &State, rights: &Rights, word: &str) -> Result<(), StoreError> {
        let people = people(state, rights, word);
        // Posts and units also by their short words.
        let words = meant(word, true).into_iter().chain([word.to_string()]);
        let named = words.flat_map(|word| records(state, rights, &word));
        let records: BTreeSet<RecordId> = named.collect();
        if people.len() + records.len() > RECORDS_MAX {
            self.vague = true;
            return Ok(());
        }
        let mut entries = of_people(state, &people)?;
        for record in records {
            entries.extend(state.store.trail(record)?.iter().map(|version| version.seq));
        }
        self.tests.push(Test::Word(word.to_string(), entries));
        Ok(())
    }

    /// Whether the entry is meant, as far as its last line tells; of its reason only what
    /// the asker may read.
    pub fn fits(&self, line: &Line, why: &str) -> bool {
        let day = self.day(line);
        self.first.is_none_or(|first| day >= first)
            && self.last.is_none_or(|last| day <= last)
            && self.tests.iter().all(|test| match test {
                Test::By(op, by) => text_holds(*op, &sound(&line.header.by), by),
                Test::Via(ways) => ways.contains(&line.header.via),
                Test::Word(word, entries) => {
                    entries.contains(&line.header.seq)
                        || sound(&line.header.by).contains(word.as_str())
                        || sound(why).contains(word.as_str())
                }
            })
    }

    /// Whether an entry of this stretch may be meant; a reason counts only for whoever reads
    /// it.
    pub fn may_be_in(&self, gist: &Gist, reasons: bool) -> bool {
        let days = gist.days();
        // The office may have moved to another time zone since.
        days.is_none_or(|(first, last)| {
            self.first.is_none_or(|day| last.succ_opt().is_none_or(|last| day <= last))
                && self.last.is_none_or(|day| first.pred_opt().is_none_or(|first| day >= first))
        }) && self.kinds.as_ref().is_none_or(|kinds| gist.may_touch(kinds))
            && self.tests.iter().all(|test| match test {
                Test::By(op, by) => gist.may_be_by(&|officer| text_holds(*op, officer, by)),
                Test::Via(ways) => gist.has_any(ways),
                Test::Word(word, entries) => {
                    !entries.is_empty()
                        || gist.may_be_by(&|officer| officer.contains(word.as_str()))
                        || (reasons && gist.may_say(word))
                }
            })
    }

    /// Whether an entry that touches these kinds is meant. One that touches none only took
    /// something out of others, or all it said has been taken out.
    pub fn fits_kinds(&self, line: &Line, touched: impl Iterator<Item = Kind>) -> bool {
        let mut touched = touched.peekable();
        if touched.peek().is_none() {
            return self.kinds.is_none() && line.header.via != Via::Office;
        }
        touched.any(|kind| match &self.kinds {
            Some(kinds) => kinds.contains(&kind),
            // What the office counts by itself is shown to those who ask for it.
            None => kind.writers() != Writers::Office || self.entries.is_some(),
        })
    }

    /// Whether nothing beyond this entry can be meant, walking back or forward.
    pub fn is_past(&self, line: &Line, forward: bool) -> bool {
        let day = self.day(line);
        if forward {
            self.last.is_some_and(|last| day > last)
        } else {
            self.first.is_some_and(|first| day < first)
        }
    }

    pub fn day(&self, line: &Line) -> NaiveDate {
        let at = line.header.at;
        self.zone.map_or_else(|| at.date_naive(), |zone| at.with_timezone(&zone).date_naive())
    }
}

/// Whose name or number holds this, of those within reach.
fn people(state: &State, rights: &Rights, text: &str) -> Vec<EmployeeId> {
    let digits: String = text.split(' ').collect();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let rows = state.roster.rows().iter().filter(|row| rights.reach.has(row.unit));
    let numbers = rights.reads_people();
    let meant = rows.filter(|row| {
        row.name_holds(text)
            || (numbers
                && is_number
                && crate::office::read::filter::number_contains(&row.nip, &digits))
            || (numbers && text.starts_with('#') && sound(&row.nip.to_string()).contains(text))
    });
    meant.map(crate::office::views::row::RosterRow::id).collect()
}

/// Reference data and officers whose name holds this, of those for these eyes.
fn records(state: &State, rights: &Rights, text: &str) -> Vec<RecordId> {
    let named =
        Kind::ALL.into_iter().filter(|kind| kind.home() == Home::Table && kind.has_a_name());
    let all = named.flat_map(|kind| {
        let numbers = state.catalog.numbers(kind).into_iter();
        numbers.map(move |number| RecordId::new(kind, number))
    });
    let holds = |id: &RecordId| {
        let record = state.catalog.get(*id);
        let seen = record.filter(|(_, record)| state.sees(rights, *id, record));
        seen.is_some_and(|(_, record)| sound(&record.label()).contains(text))
    };
    all.filter(holds).collect()
}

fn of_people(state: &State, people: &[EmployeeId]) -> Result<Entries, StoreError> {
    let mut entries = Entries::new();
    for person in people {
        entries.append(&mut of_person(state, *person)?);
    }
    Ok(entries)
}

/// Every entry that wrote their record or one that is theirs.
fn of_person(state: &State, person: EmployeeId) -> Result<Entries, StoreError> {
    Ok(versions_of(state, person)?.map(|version| version.seq).collect())
}

/// Every write of their record or of one that is theirs.
pub(in crate::office) fn versions_of(
    state: &State,
    person: EmployeeId,
) -> Result<impl Iterator<Item = Version>, StoreError> {
    let own = state.store.trail(person.into())?;
    Ok(own.into_iter().chain(state.store.pack_trail(person)?))
}
