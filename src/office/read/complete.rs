//! Completion of a search while it is typed: which names and values may stand where the
//! cursor is, and which word before a sign is no name. What a search may name is what its
//! officer may see, so nothing else is offered.

use std::collections::BTreeSet;

use crate::domain::category::Category;
use crate::domain::field::Shape;
use crate::domain::grade::Grade;
use crate::domain::nearest::nearest;
use crate::domain::record::{Kind, UnitId};
use crate::domain::search::{Query, column_of, names_of, piece, sound, split_at_sign};
use crate::office::rights::Rights;
use crate::office::views::state::State;
use crate::protocol::{Completion, UnknownName};

/// As many as fit beside what is typed.
const WORDS_MAX: usize = 8;
/// Levels of a competency, what the post requires, and none.
const LEVELS: [&str; 7] = ["std", "1", "2", "3", "4", "5", "?"];

impl State {
    pub fn complete(&self, kind: Kind, text: &str, rights: &Rights) -> Completion {
        let from = piece(text);
        let typed = &text[from..];
        let known = |name: &str| self.carries_column(kind, rights, name);
        let words = match split_at_sign(typed) {
            Some((name, sign, value)) => match column_of(name, &known) {
                Some(column) => self.values(kind, &column, value, rights, &format!("{name}{sign}")),
                _ => Vec::new(),
            },
            None if typed.is_empty() => Vec::new(),
            None => self.names(kind, &typed.to_lowercase(), rights),
        };
        let unknown = Query::parse(text, &known).unknown.into_iter().next();
        Completion {
            from: from as u32,
            words,
            unknown: unknown.map(|name| self.unknown(kind, name, rights)),
        }
    }

    fn codes(&self, kind: Kind) -> Vec<String> {
        let people = kind == Kind::Employees;
        let competencies = people.then(|| self.catalog.columns()).into_iter().flatten();
        competencies.map(|(_, competency)| competency.code.to_lowercase()).collect()
    }

    /// Names that begin so, with the sign that follows most often.
    fn names(&self, kind: Kind, typed: &str, rights: &Rights) -> Vec<String> {
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
        let mut names: Vec<(&str, bool)> = names_of(&columns).filter(begins).collect();
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
        typed: &str,
        rights: &Rights,
        lead: &str,
    ) -> Vec<String> {
        let typed = sound(typed.trim_start_matches('"'));
        let begins = |value: &str| {
            let value = sound(value);
            value != typed
                && (value.starts_with(&typed)
                    || value.split_whitespace().any(|word| word.starts_with(&typed)))
        };
        let mut found: Vec<String> = self.values_of(kind, column, rights);
        found.retain(|value| begins(value));
        // What begins with it before what has a word that does.
        found.sort_by_cached_key(|value| !sound(value).starts_with(&typed));
        found.dedup();
        found.truncate(WORDS_MAX);
        found.iter().map(|value| format!("{lead}{}", quoted(value))).collect()
    }

    fn values_of(&self, kind: Kind, column: &str, rights: &Rights) -> Vec<String> {
        let catalog = &self.catalog;
        let text = |value: &&str| (*value).to_string();
        match column {
            "unit" | "unit_path" => {
                let seen = catalog
                    .units
                    .iter()
                    .filter(|(number, _)| rights.reach.has(Some(UnitId(**number))));
                let mut names: Vec<String> = seen.map(|(_, (_, unit))| unit.name.clone()).collect();
                names.sort_unstable();
                names
            }
            "position" => {
                let titles = catalog.positions.values().map(|(_, position)| position.title.clone());
                let mut titles: Vec<String> = titles.collect();
                titles.sort_unstable();
                titles
            }
            "grade" => Grade::all().map(|grade| grade.to_string()).collect(),
            "category" => Category::CODES.iter().map(|code| code.to_lowercase()).collect(),
            name => match kind.field(name).map(|field| field.shape) {
                Some(Shape::Choice(codes)) => codes.iter().map(text).collect(),
                None if catalog.competency_by_code(name).is_some() => {
                    LEVELS.iter().map(text).collect()
                }
                _ => Vec::new(),
            },
        }
    }

    fn unknown(&self, kind: Kind, name: String, rights: &Rights) -> UnknownName {
        let columns = columns_named(kind, rights);
        let codes = self.codes(kind);
        let known = names_of(&columns).map(|(name, _)| name);
        let nearest = nearest(&name, known.chain(codes.iter().map(String::as_str)));
        UnknownName { nearest: nearest.map(str::to_string), name }
    }
}

/// Which columns of this kind somebody may name.
fn columns_named(kind: Kind, rights: &Rights) -> Vec<&'static str> {
    let carried = |name: &&str| rights.carries(kind, name);
    kind.columns().iter().map(|column| column.name).filter(carried).collect()
}

/// Whether a column is asked about by size rather than by what is in it.
fn is_figure(kind: Kind, column: &str) -> bool {
    let right = crate::domain::column::Align::Right;
    kind.column(column).is_some_and(|column| column.align == right) || column == "retires"
}

/// A value with blanks or commas is kept together.
fn quoted(value: &str) -> String {
    if value.contains([' ', ',']) { format!("\"{value}\"") } else { value.to_string() }
}
