//! What only shows once the layers lie on each other: a key that is a command and a prefix,
//! a context one cannot leave.

use super::fault::Fault;
use super::file::{Entry, Found};
use super::key_text::format_sequence;
use super::resolve::Resolved;
use super::{Keymap, Table};
use crate::term::key::Key;
use crate::ui::command::{Context, Fact, Facts};

/// Everything wrong with `merged`, blamed on the `entries` that were laid over `below`.
pub fn check(below: &Keymap, merged: &Keymap, entries: &[Entry]) -> Vec<Found> {
    let mut found = prefixes(merged, entries);
    for context in Context::ALL {
        if let Some(stack) = no_way_out(merged, context) {
            let line = blame(below, &stack, context, entries);
            found.push(Found {
                line,
                fault: Fault::NoWayOut { context, command: context.way_out() },
            });
        }
    }
    found.sort_by_key(|found| found.line);
    found
}

/// Keys that run something and also begin longer sequences of the same context.
fn prefixes(merged: &Keymap, entries: &[Entry]) -> Vec<Found> {
    let mut found = Vec::new();
    for (&context, table) in &merged.tables {
        for (short, long) in clashes(table) {
            let newest = entries
                .iter()
                .filter(|entry| entry.context == context)
                .filter(|entry| entry.keys == *short || entry.keys == *long)
                .map(|entry| entry.binding.line)
                .max();
            found.push(Found {
                line: newest.unwrap_or(1),
                fault: Fault::CommandAndPrefix {
                    context,
                    key: format_sequence(short),
                    longer: format_sequence(long),
                },
            });
        }
    }
    found
}

fn clashes(table: &Table) -> Vec<(&Vec<Key>, &Vec<Key>)> {
    let bound: Vec<_> = table
        .iter()
        .filter(|(_, binding)| !binding.rules.is_empty())
        .map(|(keys, _)| keys)
        .collect();
    // Sorted by keys, whatever begins with a sequence stands right behind it.
    bound
        .windows(2)
        .filter(|pair| pair[1].starts_with(pair[0]))
        .map(|pair| (pair[0], pair[1]))
        .collect()
}

/// The stack in which `context` cannot be left, if there is one.
fn no_way_out(keymap: &Keymap, context: Context) -> Option<Vec<Context>> {
    let bare = context.stack().to_vec();
    let typing = context.holds_text().then(|| [&[Context::Text], context.stack()].concat());
    // A rule is chosen by one fact or by none, so these cover every combination.
    let moments =
        || [Facts::NONE].into_iter().chain(Fact::ALL.iter().map(|fact| Facts::NONE.with(*fact)));
    [Some(bare), typing].into_iter().flatten().find(|stack| {
        moments().any(|facts| keymap.bindings(context.way_out(), stack, facts).is_empty())
    })
}

/// The line that took the way out away.
fn blame(below: &Keymap, stack: &[Context], context: Context, entries: &[Entry]) -> usize {
    let ways = below.bindings(context.way_out(), stack, Facts::NONE);
    let here = || entries.iter().filter(|entry| stack.contains(&entry.context));
    here()
        .find(|entry| ways.iter().any(|way| way.starts_with(&entry.keys)))
        .or_else(|| here().next())
        .map_or(1, |entry| entry.binding.line)
}

impl Keymap {
    /// Whether pressing `keys` one after the other gives commands among which is `command`.
    pub(super) fn gives(
        &self,
        command: crate::ui::command::Command,
        stack: &[Context],
        facts: Facts,
        keys: &[Key],
    ) -> bool {
        let leads_there = (1..keys.len())
            .all(|n| matches!(self.resolve(stack, facts, &keys[..n]), Resolved::Prefix(_)));
        leads_there
            && matches!(
                self.resolve(stack, facts, keys),
                Resolved::Commands(commands) if commands.contains(&command)
            )
    }
}
