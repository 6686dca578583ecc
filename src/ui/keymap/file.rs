//! One keymap file: TOML text into entries, or everything that is wrong with it.
//!
//! Judges each entry by itself; what only shows once the layers lie on each other is
//! judged in `check`.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::KeymapFault;
use super::key_text::{KeyFault, format_sequence, parse_sequence};
use super::{Binding, Rule};
use crate::domain::nearest::nearest;
use crate::term::key::{Key, KeyCode};
use crate::ui::command::{COMMANDS, Command, Context, Fact};

/// One line of a keymap file, understood.
#[derive(Clone, Debug)]
pub struct KeymapLine {
    pub context: Context,
    pub keys: Vec<Key>,
    pub binding: Binding,
}

/// A fault and the line it is on, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub line: usize,
    pub fault: KeymapFault,
}

/// All entries of `text`, the `source`-th layer, in the order they were written.
pub fn read(text: &str, source: usize) -> Result<Vec<KeymapLine>, Vec<Found>> {
    let mut reader = KeymapReader { text, source, entries: Vec::new(), found: Vec::new() };
    match DeTable::parse(text) {
        Ok(document) => reader.document(document.get_ref()),
        Err(error) => {
            let place = error.span().unwrap_or(0..0);
            reader.refuse(&place, KeymapFault::NotToml(error.message().to_owned()));
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

struct KeymapReader<'t> {
    text: &'t str,
    source: usize,
    entries: Vec<KeymapLine>,
    found: Vec<Found>,
}

impl KeymapReader<'_> {
    fn line(&self, place: &Range<usize>) -> usize {
        self.text
            .char_indices()
            .take_while(|(at, _)| *at < place.start)
            .filter(|(_, c)| *c == '\n')
            .count()
            + 1
    }

    fn refuse(&mut self, place: &Range<usize>, fault: KeymapFault) {
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
                _ => {
                    self.refuse(
                        &name.span(),
                        KeymapFault::OutsideTable(name.get_ref().to_string()),
                    );
                }
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
                _ => {
                    self.refuse(
                        &name.span(),
                        KeymapFault::OutsideTable(name.get_ref().to_string()),
                    );
                }
            }
        }
    }

    fn unknown_context(&mut self, name: String, place: &Range<usize>) {
        let nearest = nearest(&name, Context::ALL.iter().map(|context| context.name()));
        self.refuse(place, KeymapFault::UnknownContext { name, nearest });
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
                self.refuse(&place, KeymapFault::SameKey { key: text, other, line });
                continue;
            }
            let line = self.line(&place);
            spelled.push((keys.clone(), text.clone(), line));
            let Some(rules) = self.rules(context, &text, value) else { continue };
            if hasty(context, &keys, &rules) {
                self.refuse(&place, KeymapFault::HastyYes(text));
                continue;
            }
            let binding = Binding { rules, source: self.source, line };
            self.entries.push(KeymapLine { context, keys, binding });
        }
    }

    fn keys(&mut self, context: Context, text: &str, place: &Range<usize>) -> Option<Vec<Key>> {
        let fault = match parse_sequence(text) {
            Ok(keys) => {
                let typed = keys.first().is_some_and(|key| key.text().is_some());
                if context != Context::Text || !typed {
                    return Some(keys);
                }
                KeymapFault::Untypable(format_sequence(&keys[..1]))
            }
            Err(KeyFault::Unknown(key)) => KeymapFault::UnknownKey(key),
            Err(KeyFault::Length) => KeymapFault::SequenceLength(text.to_owned()),
            Err(KeyFault::Unsendable(key, why)) => KeymapFault::Unsendable { key, why },
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
                    self.refuse(&place, KeymapFault::NeverReached(key.to_owned()));
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
                    self.refuse(&name.span(), KeymapFault::NotABinding(key.to_owned()));
                    return None;
                }
            }
        }
        if rule.run.is_empty() {
            self.refuse(&value.span(), KeymapFault::NotABinding(key.to_owned()));
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
                    .map(|item| {
                        if let DeValue::String(name) = item.get_ref() {
                            return self.command(context, name, &item.span());
                        }
                        self.refuse(&item.span(), KeymapFault::NotABinding(key.to_owned()));
                        None
                    })
                    .collect();
                commands.into_iter().collect()
            }
            _ => {
                self.refuse(&value.span(), KeymapFault::NotABinding(key.to_owned()));
                None
            }
        }
    }

    fn command(&mut self, context: Context, name: &str, place: &Range<usize>) -> Option<Command> {
        let Some(command) = Command::named(name) else {
            // What would be right here comes before what would be right elsewhere.
            let here = COMMANDS.iter().filter(|def| context.takes(def.id));
            let nearest = nearest(name, here.chain(COMMANDS).map(|def| def.name));
            self.refuse(place, KeymapFault::UnknownCommand { name: name.to_owned(), nearest });
            return None;
        };
        if !context.takes(command) {
            self.refuse(place, KeymapFault::WrongContext { command, context });
            return None;
        }
        Some(command)
    }

    fn fact(&mut self, name: &str, place: &Range<usize>) -> Option<Fact> {
        let fact = Fact::named(name);
        if fact.is_none() {
            let nearest = nearest(name, Fact::ALL.iter().map(|fact| fact.name()));
            self.refuse(place, KeymapFault::UnknownFact { name: name.to_owned(), nearest });
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Line and message of everything wrong with `text`, in both languages.
    fn told(text: &str) -> Vec<(usize, String, String)> {
        let found = read(text, 0).err().unwrap_or_default();
        found
            .into_iter()
            .map(|Found { line, fault }| (line, fault.text_in("id"), fault.text_in("en")))
            .collect()
    }

    #[track_caller]
    fn refused(text: &str, line: usize, id: &str, en: &str) {
        assert_eq!(told(text), [(line, id.to_owned(), en.to_owned())]);
    }

    #[test]
    fn a_command_that_does_not_exist_is_named_with_the_nearest() {
        refused(
            "[list]\n\n\"j\" = \"lst.down\"",
            3,
            "Tidak ada perintah \"lst.down\". Mungkin maksudnya \"list.down\".",
            "There is no command \"lst.down\". Perhaps \"list.down\" is meant.",
        );
        refused(
            "[picker]\n\"ctrl-n\" = \"down\"",
            2,
            "Tidak ada perintah \"down\". Mungkin maksudnya \"picker.down\".",
            "There is no command \"down\". Perhaps \"picker.down\" is meant.",
        );
        refused(
            "[list]\n\"j\" = [\"list.up\",\n  \"qqqqqqqqqq\"]",
            3,
            "Tidak ada perintah \"qqqqqqqqqq\".",
            "There is no command \"qqqqqqqqqq\".",
        );
    }

    #[test]
    fn a_section_that_does_not_exist_is_named_with_the_nearest() {
        refused(
            "[lists]\n\"j\" = \"list.down\"",
            1,
            "Tidak ada bagian [lists]. Mungkin maksudnya [list].",
            "There is no section [lists]. Perhaps [list] is meant.",
        );
        refused(
            "\n[pane.employes]\n\"j\" = \"list.down\"",
            2,
            "Tidak ada bagian [pane.employes]. Mungkin maksudnya [pane.employees].",
            "There is no section [pane.employes]. Perhaps [pane.employees] is meant.",
        );
        refused(
            "\"q\" = \"app.quit\"",
            1,
            "\"q\" berada di luar bagian; tulis di bawah bagian seperti [list].",
            "\"q\" stands outside a section; write it under one such as [list].",
        );
        refused(
            "[pane]\n\"q\" = \"app.quit\"",
            2,
            "\"q\" berada di luar bagian; tulis di bawah bagian seperti [list].",
            "\"q\" stands outside a section; write it under one such as [list].",
        );
    }

    #[test]
    fn a_fact_that_does_not_exist_is_named_with_the_nearest() {
        refused(
            "[list]\n\"esc\" = [\n  { run = \"list.back\", when = \"markd\" },\n]",
            3,
            "Tidak ada keadaan \"markd\" untuk when. Mungkin maksudnya \"marked\".",
            "There is no fact \"markd\" for when. Perhaps \"marked\" is meant.",
        );
    }

    #[test]
    fn what_is_not_a_key_is_refused() {
        refused(
            "[list]\n\"g hyper-x\" = \"list.up\"",
            2,
            "\"hyper-x\" bukan tombol.",
            "\"hyper-x\" is not a key.",
        );
        refused(
            "[list]\n\"a b c d e\" = \"list.up\"",
            2,
            "\"a b c d e\" harus berisi satu sampai 4 tombol.",
            "\"a b c d e\" must have one to 4 keys.",
        );
    }

    #[test]
    fn a_key_that_never_arrives_is_refused_with_the_reason() {
        refused(
            "[form]\n\"ctrl-m\" = \"form.save\"",
            2,
            "\"ctrl-m\" tidak dapat dipakai: terminal mengirimnya sebagai enter.",
            "\"ctrl-m\" cannot be used: terminals send it as enter.",
        );
        refused(
            "[form]\n\"shift-enter\" = \"form.save\"",
            2,
            "\"shift-enter\" tidak dapat dipakai: terminal mengirimnya sebagai enter.",
            "\"shift-enter\" cannot be used: terminals send it as enter.",
        );
        refused(
            "[global]\n\"ctrl-1\" = \"app.help\"",
            2,
            "\"ctrl-1\" tidak dapat dipakai: kebanyakan terminal tidak mengirimnya.",
            "\"ctrl-1\" cannot be used: most terminals do not send it.",
        );
        refused(
            "[global]\n\"alt-[\" = \"app.help\"",
            2,
            "\"alt-[\" tidak dapat dipakai: begitulah awal kode tombol panah dan tombol fungsi.",
            "\"alt-[\" cannot be used: the codes of arrow and function keys begin like it.",
        );
    }

    #[test]
    fn the_same_key_under_two_spellings_is_refused() {
        refused(
            "[form]\n\"ctrl-S\" = \"form.save\"\n\"ctrl-s\" = \"form.cancel\"",
            3,
            "\"ctrl-s\" adalah tombol yang sama dengan \"ctrl-S\" pada baris 2.",
            "\"ctrl-s\" is the same key as \"ctrl-S\" on line 2.",
        );
    }

    #[test]
    fn a_command_in_a_place_where_it_means_nothing_is_refused() {
        refused(
            "[form]\n\"F6\" = \"list.open\"",
            2,
            "Perintah \"list.open\" tidak berlaku di [form]; tempatnya di [list], [matrix].",
            "The command \"list.open\" means nothing in [form]; it belongs in [list], [matrix].",
        );
    }

    #[test]
    fn a_letter_cannot_be_taken_from_text_fields() {
        refused(
            "[text]\n\"q\" = \"text.end\"",
            2,
            "\"q\" tidak dapat dipakai di [text]: huruf itu tidak dapat diketik lagi.",
            "\"q\" cannot be used in [text]: it could no longer be typed.",
        );
    }

    #[test]
    fn a_key_pressed_by_habit_cannot_answer_yes() {
        let (id, en) = (
            "\"enter\" tidak boleh menjawab ya: mudah tertekan tanpa sengaja.",
            "\"enter\" may not answer yes: it is too easily pressed by habit.",
        );
        refused("[confirm]\n\"enter\" = \"confirm.yes\"", 2, id, en);
        refused("[confirm]\n\"enter\" = [{ run = \"confirm.yes\", when = \"dirty\" }]", 2, id, en);
        assert_eq!(told("[confirm]\n\"Y\" = \"confirm.yes\""), []);
    }

    #[test]
    fn a_value_of_another_shape_is_refused() {
        let id = "Isi \"j\" harus nama perintah, daftar nama perintah, \
                  { run = \"…\", when = \"…\" }, atau \"none\".";
        let en = "The value of \"j\" must be a command, a list of commands, \
                  { run = \"…\", when = \"…\" } or \"none\".";
        for value in [
            "1",
            "true",
            "[]",
            "{}",
            "[[\"list.up\"]]",
            "{ when = \"marked\" }",
            "{ run = \"list.up\", unless = \"marked\" }",
            "{ run = \"list.up\", when = 3 }",
        ] {
            refused(&format!("[list]\n\"j\" = {value}"), 2, id, en);
        }
    }

    #[test]
    fn a_rule_that_can_never_be_reached_is_refused() {
        refused(
            "[list]\n\"j\" = [\n{ run = \"list.up\" },\n{ run = \"list.down\", when = \"marked\" }]",
            4,
            "Aturan \"j\" ini tidak pernah tercapai: aturan di depannya berlaku tanpa syarat.",
            "This rule of \"j\" is never reached: the one before it has no condition.",
        );
    }

    #[test]
    fn what_is_not_toml_is_refused_with_its_line() {
        let found = read("[list]\n\"j\" = \n", 0).err().unwrap_or_default();
        assert!(
            matches!(&found[..], [Found { line: 2, fault: KeymapFault::NotToml(_) }]),
            "{found:?}"
        );
        let twice = "[list]\n\"j\" = \"list.up\"\n\"j\" = \"list.down\"";
        let found = read(twice, 0).err().unwrap_or_default();
        assert!(
            matches!(&found[..], [Found { line: 3, fault: KeymapFault::NotToml(_) }]),
            "{found:?}"
        );
    }

    #[test]
    fn all_faults_of_a_file_are_told_in_the_order_of_their_lines() {
        let lines: Vec<_> = told("[list]\n\"zz\" = \"list.up\"\n\"k\" = \"x\"\n[nowhere]\n")
            .into_iter()
            .map(|(line, ..)| line)
            .collect();
        assert_eq!(lines, [2, 3, 4]);
    }

    #[test]
    fn the_four_ways_to_write_a_binding_are_understood() {
        let text = "[list]\n\
            \"a\" = \"list.up\"\n\
            \"b\" = [\"list.up\", \"list.down\"]\n\
            \"c\" = [{ run = \"list.up\", when = \"marked\" }, \"list.down\"]\n\
            \"d\" = \"none\"\n\
            \"e\" = { run = [\"list.up\", \"list.down\"], when = \"empty\" }";
        let entries = read(text, 7).expect("entries");
        let rules: Vec<_> = entries.iter().map(|entry| entry.binding.rules.as_slice()).collect();
        let rule = |run: &[Command], when| Rule { run: run.to_vec(), when };
        let (up, down) = (Command::ListUp, Command::ListDown);
        assert_eq!(rules[0], [rule(&[up], None)]);
        assert_eq!(rules[1], [rule(&[up, down], None)]);
        assert_eq!(rules[2], [rule(&[up], Some(Fact::Marked)), rule(&[down], None)]);
        assert_eq!(rules[3], []);
        assert_eq!(rules[4], [rule(&[up, down], Some(Fact::Empty))]);
        assert!(entries.iter().all(|entry| entry.binding.source == 7));
        assert_eq!(entries.iter().map(|entry| entry.binding.line).max(), Some(6));
    }
}
