//! The bindings as people read them: hint line, help, `kompeten keys`, the README's table.
//!
//! Everything comes from the keymap in force, so none of it can go stale.

use rust_i18n::t;
use unicode_width::UnicodeWidthStr;

use super::key_text::{format_sequence, spoken};
use super::{Binding, Keymap, Origin};
use crate::term::key::Key;
use crate::ui::command::{COMMANDS, Command, Context, Fact, Facts};

/// One entry of the hint line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    pub command: Command,
    /// The first key that gives it here and now.
    pub keys: String,
}

/// What the keys of one context do: those with the same effect and origin together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeysRow {
    pub context: Context,
    pub keys: Vec<String>,
    /// Run one after the other; empty for keys that were unbound on purpose.
    pub commands: Vec<Command>,
    pub when: Option<Fact>,
    pub source: Origin,
}

/// How [`Keymap::table`] is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysStyle {
    /// Columns of text, with the origin of each binding.
    Text,
    /// Markdown, one table for each context, as in the README.
    Markdown,
}

impl Keymap {
    /// What the hint line may offer, most specific context first, and what belongs elsewhere
    /// and only answers here, too, behind the rest. Only what would act now.
    pub fn hints(&self, stack: &[Context], facts: Facts) -> Vec<Hint> {
        let place = |command: Command| {
            let contexts = command.def().contexts;
            let place = stack.iter().position(|context| contexts.contains(context))?;
            let own = contexts.first() == stack.get(place);
            Some((command != Command::AreaNext, !own, place))
        };
        let mut offered: Vec<_> = COMMANDS
            .iter()
            .filter(|def| def.hint && def.id.blocked(facts).is_none())
            .filter_map(|def| Some((place(def.id)?, def.id)))
            .collect();
        offered.sort_by_key(|(place, _)| *place);
        offered
            .into_iter()
            .filter_map(|(_, command)| {
                let mut keys = self.keys_of(command, stack, facts)?;
                // The five levels are one thing to an officer.
                if command == Command::Rate1
                    && let Some(last) = self.keys_of(Command::Rate5, stack, facts)
                {
                    keys = format!("{keys}-{last}");
                }
                Some(Hint { command, keys })
            })
            .collect()
    }

    /// The first keys that give a command here and now, for a hint or a message.
    pub fn keys_of(&self, command: Command, stack: &[Context], facts: Facts) -> Option<String> {
        self.bindings(command, stack, facts).first().map(|keys| spoken(keys))
    }

    /// Every binding by context; within it the context's own commands before those it shares,
    /// in the registry's order.
    pub fn rows(&self) -> Vec<KeysRow> {
        Context::ALL.into_iter().flat_map(|context| self.rows_of(context)).collect()
    }

    /// The bindings of one context.
    pub fn rows_of(&self, context: Context) -> Vec<KeysRow> {
        let mut bound: Vec<(&[Key], &Binding)> = self.table_of(context).collect();
        bound.sort_by_key(|(_, binding)| (std::cmp::Reverse(binding.source), binding.line));
        let mut rows: Vec<KeysRow> = Vec::new();
        for (keys, binding) in bound {
            let keys = format_sequence(keys);
            let Some(source) = self.sources.get(binding.source) else { continue };
            let rules: Vec<(&[Command], Option<Fact>)> = if binding.rules.is_empty() {
                vec![(&[], None)]
            } else {
                binding.rules.iter().map(|rule| (rule.run.as_slice(), rule.when)).collect()
            };
            for (commands, when) in rules {
                let same = rows.iter_mut().find(|row| {
                    row.commands == commands && row.when == when && row.source == *source
                });
                match same {
                    Some(row) if row.keys.contains(&keys) => {}
                    Some(row) => row.keys.push(keys.clone()),
                    None => rows.push(KeysRow {
                        context,
                        keys: vec![keys.clone()],
                        commands: commands.to_vec(),
                        when,
                        source: source.clone(),
                    }),
                }
            }
        }
        rows.sort_by_key(|row| {
            let first = row.commands.first().copied();
            let shared =
                first.is_some_and(|command| command.def().contexts.first() != Some(&context));
            (first.is_none(), shared, first, row.when)
        });
        rows
    }

    /// Every binding as text in the officer's language.
    pub fn table(&self, format: KeysStyle) -> String {
        self.table_in(format, crate::i18n::language().code())
    }

    pub fn table_in(&self, format: KeysStyle, locale: &str) -> String {
        match format {
            KeysStyle::Text => text(&self.rows(), locale),
            KeysStyle::Markdown => markdown(&self.rows(), locale),
        }
    }
}

impl KeysRow {
    /// What the keys do, with the condition if there is one.
    pub fn title_in(&self, locale: &str) -> String {
        if self.commands.is_empty() {
            return t!("keymap.table.nothing", locale = locale).into_owned();
        }
        let titles: Vec<_> = self.commands.iter().map(|command| command.title_in(locale)).collect();
        let title = titles.join(", ");
        let Some(fact) = self.when else { return title };
        let key = format!("keymap.when.{}", fact.name());
        format!("{title} ({})", t!(&key, locale = locale))
    }
}

impl Context {
    /// What officers call this place.
    pub fn title_in(self, locale: &str) -> String {
        let key = format!("keymap.context.{}", self.name());
        t!(&key, locale = locale).into_owned()
    }
}

impl Origin {
    /// Where a binding was written, for people.
    pub fn title_in(&self, locale: &str) -> String {
        match self {
            Self::Preset(preset) => {
                t!("keymap.source.preset", locale = locale, name = preset.name()).into_owned()
            }
            Self::File(path) => path.display().to_string(),
        }
    }
}

fn text(rows: &[KeysRow], locale: &str) -> String {
    let head =
        ["context", "keys", "action", "command", "origin"].map(|column| heading(column, locale));
    let body = rows.iter().map(|row| {
        let names: Vec<_> = row.commands.iter().map(|command| command.name()).collect();
        [
            row.context.name().to_owned(),
            row.keys.join(", "),
            row.title_in(locale),
            if names.is_empty() { "none".to_owned() } else { names.join(", ") },
            row.source.title_in(locale),
        ]
    });
    let lines: Vec<[String; 5]> = std::iter::once(head).chain(body).collect();
    let widths: [usize; 5] =
        std::array::from_fn(|n| lines.iter().map(|line| line[n].width()).max().unwrap_or(0));
    let mut out = String::new();
    for line in &lines {
        let mut written = String::new();
        for (cell, width) in line.iter().zip(widths) {
            written.push_str(cell);
            written.push_str(&" ".repeat(width - cell.width() + 2));
        }
        out.push_str(written.trim_end());
        out.push('\n');
    }
    out
}

fn markdown(rows: &[KeysRow], locale: &str) -> String {
    let [keys, action] = ["keys", "action"].map(|column| heading(column, locale));
    let tables = rows.chunk_by(|one, other| one.context == other.context).map(|part| {
        let context = part[0].context;
        let head = [
            format!("**{}** (`[{}]`)", context.title_in(locale), context.name()),
            String::new(),
            format!("| {keys} | {action} |"),
            "|---|---|".to_owned(),
        ];
        let body = part.iter().map(|row| {
            let keys: Vec<_> = row.keys.iter().map(|key| code(key)).collect();
            format!("| {} | {} |", keys.join(" "), row.title_in(locale))
        });
        head.into_iter().chain(body).map(|line| line + "\n").collect::<String>()
    });
    tables.collect::<Vec<_>>().join("\n")
}

fn heading(column: &str, locale: &str) -> String {
    let key = format!("keymap.table.{column}");
    t!(&key, locale = locale).into_owned()
}

/// A key as Markdown code in a table cell.
fn code(key: &str) -> String {
    let key = key.replace('|', "\\|");
    if key.contains('`') { format!("`` {key} ``") } else { format!("`{key}`") }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::ui::keymap::{Preset, load};

    fn laid(text: &str) -> Keymap {
        let mut keymap = load::<PathBuf>(Preset::Default, &[], None).0;
        assert_eq!(keymap.lay(text, Origin::File("/home/sri/keymap.toml".into())), []);
        keymap
    }

    #[test]
    fn the_table_names_context_keys_command_and_origin() {
        let keymap = laid("[list]\n\"F7\" = \"list.down\"\n\"y\" = \"none\"");
        let table = keymap.table_in(KeysStyle::Text, "id");
        let line = |needles: &[&str]| {
            table.lines().any(|line| needles.iter().all(|needle| line.contains(needle)))
        };
        assert!(table.starts_with("Bagian"));
        assert!(line(&["list ", "F7", "Ke bawah", "list.down", "/home/sri/keymap.toml"]));
        assert!(line(&["list ", "down, j", "Ke bawah", "bawaan (default)"]));
        assert!(line(&["list ", " y ", "(dilepas)", "none", "/home/sri/keymap.toml"]));
        assert!(line(&["esc", "Lepas semua tanda (bila ada yang ditandai)"]));
        assert!(table.lines().all(|line| line == line.trim_end()));
    }

    #[test]
    fn the_readme_table_is_markdown_with_every_bound_command() {
        let keymap = laid("[global]\n\"|\" = \"app.redraw\"\n\"`\" = \"app.suspend\"");
        let table = keymap.table_in(KeysStyle::Markdown, "en");
        assert!(
            table
                .starts_with("**Everywhere** (`[global]`)\n\n| Keys | What they do |\n|---|---|\n")
        );
        assert!(table.contains("| `down` `j` | Down |"));
        assert!(table.contains("`\\|`"), "a bar would end the cell");
        assert!(table.contains("`` ` ``"));
        let unmentioned = COMMANDS.iter().find(|def| {
            keymap.rows().iter().any(|row| row.commands.contains(&def.id))
                && !table.contains(&def.id.title_in("en"))
        });
        assert!(unmentioned.is_none(), "{unmentioned:?}");
    }

    #[test]
    fn every_context_fact_and_heading_reads_in_both_languages() {
        let backend = crate::_rust_i18n_backend();
        for locale in ["id", "en"] {
            let contexts = Context::ALL.iter().map(|c| format!("keymap.context.{}", c.name()));
            let facts = Fact::ALL.iter().map(|fact| format!("keymap.when.{}", fact.name()));
            for key in contexts.chain(facts) {
                assert!(backend.translate(locale, &key).is_some(), "{key} in {locale}");
            }
        }
    }

    #[test]
    fn the_hint_line_offers_what_would_act_here_and_now() {
        let keymap = laid("");
        let offered = |stack: &[Context], facts| -> Vec<(Command, String)> {
            keymap.hints(stack, facts).into_iter().map(|hint| (hint.command, hint.keys)).collect()
        };
        let list = offered(Context::PaneEmployees.stack(), Facts::NONE);
        assert!(list.contains(&(Command::ListAdd, "a".to_owned())));
        assert!(list.contains(&(Command::Help, "?".to_owned())));
        let empty = offered(Context::PaneEmployees.stack(), Facts::NONE.with(Fact::Empty));
        assert!(empty.iter().all(|(command, _)| *command != Command::ListOpen));
        let reading = offered(Context::PaneEmployees.stack(), Facts::NONE.with(Fact::ReadOnly));
        assert!(reading.iter().all(|(command, _)| !command.def().writes()));
        let field = offered(&[Context::Text, Context::Form, Context::Global], Facts::NONE);
        assert_eq!(
            field.iter().map(|(command, _)| *command).collect::<Vec<_>>(),
            [
                Command::FormNext,
                Command::FormJump,
                Command::FormLookup,
                Command::FormEditor,
                Command::FormSave,
                Command::FormCancel
            ]
        );
    }
}
