//! What only shows once the layers lie on each other: a key that is a command and a prefix,
//! a context one cannot leave.

use super::fault::KeymapFault;
use super::file::{Found, KeymapLine};
use super::key_text::format_sequence;
use super::resolve::Resolved;
use super::{Keymap, Table};
use crate::term::key::Key;
use crate::ui::command::{Context, Fact, Facts};

/// Everything wrong with `merged`, blamed on the `entries` that were laid over `below`.
pub fn check(below: &Keymap, merged: &Keymap, entries: &[KeymapLine]) -> Vec<Found> {
    let mut found = prefixes(merged, entries);
    for context in Context::ALL {
        // Whoever cannot quit cannot quit from any pane; once is enough.
        let told = found.iter().any(|found| {
            matches!(found.fault, KeymapFault::NoWayOut { command, .. } if command == context.way_out())
        });
        if told {
            continue;
        }
        if let Some(stack) = no_way_out(merged, context) {
            let line = blame(below, &stack, context, entries);
            found.push(Found {
                line,
                fault: KeymapFault::NoWayOut { context, command: context.way_out() },
            });
        }
    }
    found.sort_by_key(|found| found.line);
    found
}

/// Keys that run something and also begin longer sequences of the same context.
fn prefixes(merged: &Keymap, entries: &[KeymapLine]) -> Vec<Found> {
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
                fault: KeymapFault::CommandAndPrefix {
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
fn blame(below: &Keymap, stack: &[Context], context: Context, entries: &[KeymapLine]) -> usize {
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use crate::ui::keymap::{Origin, Preset, load};

    /// Line and message of each warning when `text` is laid over the delivered keymap.
    fn told(text: &str) -> Vec<(Option<usize>, String, String)> {
        let mut keymap = load::<PathBuf>(Preset::Default, &[], None).0;
        let before = keymap.rows();
        let warnings = keymap.lay(text, Origin::File("mine.toml".into()));
        if !warnings.is_empty() {
            assert_eq!(keymap.rows(), before, "a bad file is skipped whole");
        }
        warnings
            .into_iter()
            .map(|warning| (warning.line, warning.fault.text_in("id"), warning.fault.text_in("en")))
            .collect()
    }

    #[track_caller]
    fn refused(text: &str, line: usize, id: &str, en: &str) {
        assert_eq!(told(text), [(Some(line), id.to_owned(), en.to_owned())]);
    }

    #[test]
    fn a_key_cannot_be_a_command_and_begin_others_in_one_context() {
        refused(
            "[list]\n\"g\" = \"list.first\"",
            2,
            "Di [list], \"g\" menjalankan perintah sekaligus mengawali \"g g\"; lepaskan salah \
             satunya dengan \"none\".",
            "In [list], \"g\" runs a command and also begins \"g g\"; unbind one of them with \
             \"none\".",
        );
        refused(
            "[list]\n\"z\" = \"list.up\"\n\"z z\" = \"list.first\"",
            3,
            "Di [list], \"z\" menjalankan perintah sekaligus mengawali \"z z\"; lepaskan salah \
             satunya dengan \"none\".",
            "In [list], \"z\" runs a command and also begins \"z z\"; unbind one of them with \
             \"none\".",
        );
    }

    #[test]
    fn a_prefix_may_be_freed_and_used_anew() {
        assert_eq!(told("[list]\n\"g g\" = \"none\"\n\"g\" = \"list.first\""), []);
        assert_eq!(told("[list]\n\"e\" = \"none\"\n\"e e\" = \"list.edit\""), []);
    }

    #[test]
    fn a_key_may_be_a_command_in_a_list_and_a_prefix_in_the_matrix() {
        assert_eq!(told("[list]\n\"z\" = \"list.up\"\n[matrix]\n\"z z\" = \"matrix.up\""), []);
    }

    #[test]
    fn no_context_may_lose_its_way_out() {
        refused(
            "[form]\n\"F6\" = \"form.save\"\n\"esc\" = \"none\"",
            3,
            "Di [form] tidak tersisa tombol untuk \"form.cancel\".",
            "In [form] no key is left for \"form.cancel\".",
        );
        refused(
            "[picker]\n\"esc\" = \"picker.up\"",
            2,
            "Di [picker] tidak tersisa tombol untuk \"picker.cancel\".",
            "In [picker] no key is left for \"picker.cancel\".",
        );
        refused(
            "[filter]\n\"esc\" = [{ run = \"filter.clear\", when = \"dirty\" }]",
            2,
            "Di [filter] tidak tersisa tombol untuk \"filter.clear\".",
            "In [filter] no key is left for \"filter.clear\".",
        );
        assert_eq!(told("[form]\n\"esc\" = \"none\"\n\"F3\" = \"form.cancel\""), []);
    }

    #[test]
    fn losing_quit_is_told_once() {
        refused(
            "[global]\n\"q\" = \"none\"",
            2,
            "Di [global] tidak tersisa tombol untuk \"app.quit\".",
            "In [global] no key is left for \"app.quit\".",
        );
        refused(
            "[pane.matrix]\n\"q\" = \"matrix.rater\"",
            2,
            "Di [pane.matrix] tidak tersisa tombol untuk \"app.quit\".",
            "In [pane.matrix] no key is left for \"app.quit\".",
        );
    }

    #[test]
    fn a_text_field_may_not_take_the_way_out_from_what_lies_beneath() {
        let lost: Vec<_> = told("[text]\n\"esc\" = \"text.kill_line\"").into_iter().collect();
        let tables: Vec<_> = lost.iter().map(|told| told.2.as_str()).collect();
        assert_eq!(lost.iter().map(|told| told.0).collect::<Vec<_>>(), [Some(2); 4]);
        assert!(tables.contains(&"In [form] no key is left for \"form.cancel\"."));
        refused(
            "[text]\n\"ctrl-c\" = \"none\"",
            2,
            "Di [text] tidak tersisa tombol untuk \"app.cancel\".",
            "In [text] no key is left for \"app.cancel\".",
        );
    }
}
