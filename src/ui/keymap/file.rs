//! One keymap file: TOML text into entries, or everything that is wrong with it.
//!
//! Judges each entry by itself; what only shows once the layers lie on each other is
//! judged in `check`.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, nearest};
use super::key_text::{KeyFault, format_sequence, parse_sequence};
use super::{Binding, Rule};
use crate::term::key::{Key, KeyCode};
use crate::ui::command::{COMMANDS, Command, Context, Fact};

/// One line of a keymap file, understood.
#[derive(Clone, Debug)]
pub struct Entry {
    pub context: Context,
    pub keys: Vec<Key>,
    pub binding: Binding,
}

/// A fault and the line it is on, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub line: usize,
    pub fault: Fault,
}

/// All entries of `text`, the `source`-th layer, in the order they were written.
pub fn read(text: &str, source: usize) -> Result<Vec<Entry>, Vec<Found>> {
    let mut reader = Reader { text, source, entries: Vec::new(), found: Vec::new() };
    match DeTable::parse(text) {
        Ok(document) => reader.document(document.get_ref()),
        Err(error) => {
            let place = error.span().unwrap_or(0..0);
            reader.refuse(&place, Fault::NotToml(error.message().to_owned()));
        }
    }
    if reader.found.is_empty() {
        reader.entries.sort_by_key(|entry| entry.binding.line);
        Ok(reader.entries)
    } else {
        reader.found.sort_by_key(|found| found.line);
        Err(reader.found)
    }
}

struct Reader<'t> {
    text: &'t str,
    source: usize,
    entries: Vec<Entry>,
    found: Vec<Found>,
}

impl Reader<'_> {
    fn line(&self, place: &Range<usize>) -> usize {
        let before = &self.text.as_bytes()[..place.start.min(self.text.len())];
        before.iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn refuse(&mut self, place: &Range<usize>, fault: Fault) {
        let line = self.line(place);
        self.found.push(Found { line, fault });
    }

    fn document(&mut self, document: &DeTable<'_>) {
        for (name, value) in document {
            match value.get_ref() {
                DeValue::Table(table) => match Context::named(name.get_ref()) {
                    Some(context) => self.table(context, table),
                    None => self.nested(name.get_ref(), &name.span(), table),
                },
                _ => self.refuse(&name.span(), Fault::OutsideTable(name.get_ref().to_string())),
            }
        }
    }

    /// `[pane.employees]` arrives as a table in a table.
    fn nested(&mut self, outer: &str, place: &Range<usize>, tables: &DeTable<'_>) {
        let prefix = format!("{outer}.");
        let known = Context::ALL.iter().any(|context| context.name().starts_with(&prefix));
        let tables_only = tables.iter().all(|(_, value)| value.get_ref().is_table());
        if !known && (!tables_only || tables.is_empty()) {
            return self.unknown_context(outer.to_owned(), place);
        }
        for (name, value) in tables {
            let full = format!("{outer}.{}", name.get_ref());
            match (value.get_ref(), Context::named(&full)) {
                (DeValue::Table(table), Some(context)) => self.table(context, table),
                (DeValue::Table(_), None) => self.unknown_context(full, &name.span()),
                _ => self.refuse(&name.span(), Fault::OutsideTable(name.get_ref().to_string())),
            }
        }
    }

    fn unknown_context(&mut self, name: String, place: &Range<usize>) {
        let nearest = nearest(&name, Context::ALL.iter().map(|context| context.name()));
        self.refuse(place, Fault::UnknownContext { name, nearest });
    }

    fn table(&mut self, context: Context, table: &DeTable<'_>) {
        // The parser keeps keys by name; the file's order decides which spelling came first.
        let mut rows: Vec<_> = table.iter().collect();
        rows.sort_by_key(|(key, _)| key.span().start);
        let mut spelled: Vec<(Vec<Key>, String, usize)> = Vec::new();
        for (key, value) in rows {
            let (place, text) = (key.span(), key.get_ref().to_string());
            let Some(keys) = self.keys(context, &text, &place) else { continue };
            if let Some((_, other, line)) = spelled.iter().find(|(same, ..)| *same == keys) {
                let (other, line) = (other.clone(), *line);
                self.refuse(&place, Fault::SameKey { key: text, other, line });
                continue;
            }
            let line = self.line(&place);
            spelled.push((keys.clone(), text.clone(), line));
            let Some(rules) = self.rules(context, &text, value) else { continue };
            if hasty(context, &keys, &rules) {
                self.refuse(&place, Fault::HastyYes(text));
                continue;
            }
            let binding = Binding { rules, source: self.source, line };
            self.entries.push(Entry { context, keys, binding });
        }
    }

    fn keys(&mut self, context: Context, text: &str, place: &Range<usize>) -> Option<Vec<Key>> {
        let fault = match parse_sequence(text) {
            Ok(keys) => {
                let typed = keys.first().is_some_and(|key| key.text().is_some());
                if context != Context::Text || !typed {
                    return Some(keys);
                }
                Fault::Untypable(format_sequence(&keys[..1]))
            }
            Err(KeyFault::Unknown(key)) => Fault::UnknownKey(key),
            Err(KeyFault::Length) => Fault::SequenceLength(text.to_owned()),
            Err(KeyFault::Unsendable(key, why)) => Fault::Unsendable { key, why },
        };
        self.refuse(place, fault);
        None
    }

    /// A command, several, ordered rules, or `"none"`, which is no rule at all.
    fn rules(
        &mut self,
        context: Context,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Vec<Rule>> {
        match value.get_ref() {
            DeValue::String(name) if name == "none" => Some(Vec::new()),
            DeValue::Array(items) if items.iter().any(|item| item.get_ref().is_table()) => {
                let rules: Vec<_> =
                    items.iter().map(|item| self.rule(context, key, item)).collect();
                let rules = rules.into_iter().collect::<Option<Vec<_>>>()?;
                let last = rules.len() - 1;
                if let Some(at) = rules.iter().position(|rule| rule.when.is_none())
                    && at < last
                {
                    let place = items.get(at + 1).map_or(value.span(), Spanned::span);
                    self.refuse(&place, Fault::NeverReached(key.to_owned()));
                    return None;
                }
                Some(rules)
            }
            _ => self.rule(context, key, value).map(|rule| vec![rule]),
        }
    }

    fn rule(&mut self, context: Context, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Rule> {
        let DeValue::Table(fields) = value.get_ref() else {
            return self.run(context, key, value).map(|run| Rule { run, when: None });
        };
        let mut rule = Rule { run: Vec::new(), when: None };
        for (name, value) in fields {
            match (name.get_ref().as_ref(), value.get_ref()) {
                ("run", _) => rule.run = self.run(context, key, value)?,
                ("when", DeValue::String(fact)) => {
                    rule.when = Some(self.fact(fact, &value.span())?);
                }
                _ => {
                    self.refuse(&name.span(), Fault::NotABinding(key.to_owned()));
                    return None;
                }
            }
        }
        if rule.run.is_empty() {
            self.refuse(&value.span(), Fault::NotABinding(key.to_owned()));
            return None;
        }
        Some(rule)
    }

    fn run(
        &mut self,
        context: Context,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Vec<Command>> {
        match value.get_ref() {
            DeValue::String(name) => Some(vec![self.command(context, name, &value.span())?]),
            DeValue::Array(items) if !items.is_empty() => {
                let commands: Vec<_> = items
                    .iter()
                    .map(|item| match item.get_ref() {
                        DeValue::String(name) => self.command(context, name, &item.span()),
                        _ => {
                            self.refuse(&item.span(), Fault::NotABinding(key.to_owned()));
                            None
                        }
                    })
                    .collect();
                commands.into_iter().collect()
            }
            _ => {
                self.refuse(&value.span(), Fault::NotABinding(key.to_owned()));
                None
            }
        }
    }

    fn command(&mut self, context: Context, name: &str, place: &Range<usize>) -> Option<Command> {
        let Some(command) = Command::named(name) else {
            // What would be right here comes before what would be right elsewhere.
            let here = COMMANDS.iter().filter(|def| context.takes(def.id));
            let nearest = nearest(name, here.chain(COMMANDS).map(|def| def.name));
            self.refuse(place, Fault::UnknownCommand { name: name.to_owned(), nearest });
            return None;
        };
        if !context.takes(command) {
            self.refuse(place, Fault::WrongContext { command, context });
            return None;
        }
        Some(command)
    }

    fn fact(&mut self, name: &str, place: &Range<usize>) -> Option<Fact> {
        let fact = Fact::named(name);
        if fact.is_none() {
            let nearest = nearest(name, Fact::ALL.iter().map(|fact| fact.name()));
            self.refuse(place, Fault::UnknownFact { name: name.to_owned(), nearest });
        }
        fact
    }
}

/// Whether a destructive question could be answered yes without meaning to.
fn hasty(context: Context, keys: &[Key], rules: &[Rule]) -> bool {
    let by_habit = matches!(keys, [key] if matches!(key.code, KeyCode::Enter | KeyCode::Char(' ')));
    let yes = |rule: &Rule| {
        rule.run.contains(&Command::ConfirmYes) && rule.when != Some(Fact::CountTyped)
    };
    context == Context::Confirm && by_habit && rules.iter().any(yes)
}
