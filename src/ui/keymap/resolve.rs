//! What the keys pressed so far mean, innermost context first.
//!
//! Pure: the same stack, facts and keys always give the same answer, and nothing is
//! remembered here between two keys; the screen keeps those that are pending.

use super::key_text::normal;
use super::{Binding, Keymap};
use crate::term::key::Key;
use crate::ui::command::{Command, Context, Facts};

/// The meaning of the keys pressed so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// Run these, in this order.
    Commands(Vec<Command>),
    /// More keys are awaited: these are possible, for the which-key box.
    Prefix(Vec<Next>),
    /// A character for the text field.
    Text(char),
    /// Means nothing here.
    Unbound,
}

/// One key that may follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    pub key: Key,
    /// What it runs; empty if yet more keys follow.
    pub commands: Vec<Command>,
}

impl Keymap {
    /// Resolves `keys`, all those pressed since the last command. `stack` is innermost first.
    pub fn resolve(&self, stack: &[Context], facts: Facts, keys: &[Key]) -> Resolved {
        let keys: Vec<Key> = keys.iter().map(|key| normal(*key)).collect();
        let Some(first) = keys.first() else { return Resolved::Unbound };
        let mut next: Vec<Next> = Vec::new();
        let mut hidden: Vec<Key> = Vec::new();
        let mut covered = false;
        for &context in stack {
            if context == Context::Text && covered {
                continue;
            }
            match self.exactly(context, &keys) {
                _ if !next.is_empty() => {}
                Some(binding) if binding.rules.is_empty() && !covered => break,
                Some(binding) => {
                    let run = binding.run(facts).filter(|run| reaches(run, covered));
                    if let Some(run) = run {
                        return Resolved::Commands(run.to_vec());
                    }
                }
                None => {}
            }
            self.following(context, &keys, facts, covered, &mut next, &mut hidden);
            if context == Context::Text
                && let Some(c) = first.text()
            {
                // A printable key is text, whatever lies beneath has bound to it.
                return if keys.len() == 1 { Resolved::Text(c) } else { Resolved::Unbound };
            }
            covered |= context.is_modal();
        }
        if next.is_empty() { Resolved::Unbound } else { Resolved::Prefix(next) }
    }

    /// The sequences that give `command` in this stack at this moment, the officer's own
    /// before the preset's, then in the order in which they were written.
    pub fn bindings(&self, command: Command, stack: &[Context], facts: Facts) -> Vec<&[Key]> {
        let mut found: Vec<(&[Key], &Binding)> = stack
            .iter()
            .flat_map(|context| self.table_of(*context))
            .filter(|(keys, binding)| {
                binding.mentions(command) && self.gives(command, stack, facts, keys)
            })
            .collect();
        found.sort_by_key(|(_, binding)| (std::cmp::Reverse(binding.source), binding.line));
        let mut keys: Vec<&[Key]> = Vec::new();
        for (sequence, _) in found {
            if !keys.contains(&sequence) {
                keys.push(sequence);
            }
        }
        keys
    }

    fn exactly(&self, context: Context, keys: &[Key]) -> Option<&Binding> {
        self.tables.get(&context)?.get(keys)
    }

    /// Adds the keys that may follow `keys` in `context` to those of inner contexts.
    fn following(
        &self,
        context: Context,
        keys: &[Key],
        facts: Facts,
        covered: bool,
        next: &mut Vec<Next>,
        hidden: &mut Vec<Key>,
    ) {
        let Some(table) = self.tables.get(&context) else { return };
        let longer = table
            .range(keys.to_vec()..)
            .take_while(|(bound, _)| bound.starts_with(keys))
            .filter(|(bound, _)| bound.len() > keys.len());
        for (bound, binding) in longer {
            let key = bound[keys.len()];
            let last = bound.len() == keys.len() + 1;
            if binding.rules.is_empty() {
                if last && !covered {
                    hidden.push(key);
                }
                continue;
            }
            let known = hidden.contains(&key) || next.iter().any(|next| next.key == key);
            let run = binding.run(facts).filter(|run| reaches(run, covered));
            if let (false, Some(run)) = (known, run) {
                let commands = if last { run.to_vec() } else { Vec::new() };
                next.push(Next { key, commands });
            }
        }
    }
}

/// Whether commands answer from beneath an overlay, if there is one.
fn reaches(run: &[Command], covered: bool) -> bool {
    !covered || run.iter().all(|command| command.def().everywhere)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::ui::command::{Command, Fact};
    use crate::ui::keymap::key_text::parse_sequence;
    use crate::ui::keymap::{Origin, Preset, load};

    fn keys(text: &str) -> Vec<Key> {
        parse_sequence(text).expect("keys")
    }

    fn delivered() -> Keymap {
        load::<PathBuf>(Preset::Default, &[], None).0
    }

    fn with(text: &str) -> Keymap {
        let mut keymap = delivered();
        let warnings = keymap.lay(text, Origin::File("mine.toml".into()));
        assert_eq!(warnings, []);
        keymap
    }

    fn pressed(stack: &[Context], text: &str) -> Resolved {
        delivered().resolve(stack, Facts::NONE, &keys(text))
    }

    fn one(command: Command) -> Resolved {
        Resolved::Commands(vec![command])
    }

    const EMPLOYEES: &[Context] = Context::PaneEmployees.stack();
    const MATRIX: &[Context] = Context::PaneMatrix.stack();
    const TRAINING: &[Context] = Context::PaneTraining.stack();
    const FIELD: &[Context] =
        &[Context::Text, Context::Form, Context::PaneEmployees, Context::List, Context::Global];

    #[test]
    fn a_key_means_what_the_innermost_context_says() {
        assert_eq!(pressed(EMPLOYEES, "j"), one(Command::ListDown));
        assert_eq!(pressed(MATRIX, "j"), one(Command::MatrixDown));
        assert_eq!(pressed(EMPLOYEES, "q"), one(Command::Quit));
        assert_eq!(pressed(EMPLOYEES, "~"), Resolved::Unbound);
        assert_eq!(pressed(EMPLOYEES, "g ~"), Resolved::Unbound);
        assert_eq!(delivered().resolve(EMPLOYEES, Facts::NONE, &[]), Resolved::Unbound);
    }

    #[test]
    fn digits_rate_in_the_matrix_and_do_nothing_elsewhere() {
        for (digit, command) in
            [("1", Command::Rate1), ("3", Command::Rate3), ("5", Command::Rate5)]
        {
            assert_eq!(pressed(MATRIX, digit), one(command));
            assert_eq!(pressed(EMPLOYEES, digit), Resolved::Unbound);
        }
    }

    #[test]
    fn after_a_prefix_the_keys_of_all_contexts_beneath_are_offered() {
        let Resolved::Prefix(next) = pressed(EMPLOYEES, "g") else { panic!("no prefix") };
        let offered = |c| next.iter().find(|next| next.key == Key::char(c));
        assert_eq!(offered('g').map(|n| n.commands.clone()), Some(vec![Command::ListFirst]));
        assert_eq!(offered('e').map(|n| n.commands.clone()), Some(vec![Command::GoEmployees]));
        assert_eq!(pressed(EMPLOYEES, "g g"), one(Command::ListFirst));
        assert_eq!(pressed(EMPLOYEES, "g t"), one(Command::GoTraining));
    }

    #[test]
    fn letters_in_a_text_field_are_text_even_if_commands_lie_beneath() {
        for c in "qdu?gJ/1 :é".chars() {
            let typed = delivered().resolve(FIELD, Facts::NONE, &[Key::char(c)]);
            assert_eq!(typed, Resolved::Text(c));
        }
    }

    #[test]
    fn keys_that_are_not_text_reach_through_a_text_field_to_its_form() {
        assert_eq!(pressed(FIELD, "tab"), one(Command::FormNext));
        assert_eq!(pressed(FIELD, "ctrl-s"), one(Command::FormSave));
        assert_eq!(pressed(FIELD, "esc"), one(Command::FormCancel));
        assert_eq!(pressed(FIELD, "left"), one(Command::TextLeft));
        assert_eq!(pressed(FIELD, "ctrl-c"), one(Command::Cancel));
        let filter = [Context::Text, Context::Filter, Context::List, Context::Global];
        assert_eq!(pressed(&filter, "enter"), one(Command::FilterKeep));
        assert_eq!(pressed(&filter, "down"), one(Command::ListDown));
        assert_eq!(pressed(&filter, "j"), Resolved::Text('j'));
    }

    #[test]
    fn behind_a_form_or_a_question_nothing_happens() {
        let form = [Context::Form, Context::PaneEmployees, Context::List, Context::Global];
        for text in ["u", "d", "q", "g", "g e", "ctrl-r", "w", "]"] {
            assert_eq!(pressed(&form, text), Resolved::Unbound, "{text}");
        }
        assert_eq!(pressed(&form, "F1"), one(Command::Guide));
        assert_eq!(pressed(&form, "?"), one(Command::Help));
        let asked = [&[Context::Confirm], FIELD].concat();
        assert_eq!(pressed(&asked, "y"), one(Command::ConfirmYes));
        assert_eq!(pressed(&asked, "x"), Resolved::Unbound, "typed into the field behind");
        assert_eq!(pressed(&asked, "ctrl-s"), Resolved::Unbound, "saved behind the question");
    }

    #[test]
    fn enter_answers_no_unless_the_count_has_been_typed() {
        let keymap = delivered();
        let asked = [Context::Text, Context::Confirm, Context::Global];
        let answer = |facts| keymap.resolve(&asked, facts, &keys("enter"));
        assert_eq!(answer(Facts::NONE), one(Command::ConfirmNo));
        assert_eq!(answer(Facts::NONE.with(Fact::CountTyped)), one(Command::ConfirmYes));
        assert_eq!(pressed(&[Context::Confirm, Context::Global], "space"), Resolved::Unbound);
    }

    #[test]
    fn the_first_rule_whose_fact_holds_decides_and_without_one_the_outer_context_does() {
        let keymap = delivered();
        let esc = |facts| keymap.resolve(EMPLOYEES, facts, &keys("esc"));
        let marked = Facts::NONE.with(Fact::Marked);
        assert_eq!(esc(Facts::NONE), one(Command::ListBack));
        assert_eq!(esc(marked), one(Command::ListUnmarkAll));
        assert_eq!(esc(marked.with(Fact::DetailOpen)), one(Command::ListBack));
        assert_eq!(esc(Facts::NONE.with(Fact::Filtered)), one(Command::ListFilterClear));
        let space = |facts| keymap.resolve(TRAINING, facts, &keys("space"));
        assert_eq!(space(Facts::NONE), one(Command::ListMark));
        assert_eq!(space(Facts::NONE.with(Fact::Attendance)), one(Command::TrainingTick));
    }

    #[test]
    fn several_commands_run_in_the_order_written() {
        let keymap = with("[list]\n\"F6\" = [\"list.unmark_all\", \"list.first\"]");
        assert_eq!(
            keymap.resolve(EMPLOYEES, Facts::NONE, &keys("F6")),
            Resolved::Commands(vec![Command::ListUnmarkAll, Command::ListFirst])
        );
    }

    #[test]
    fn a_key_that_is_unbound_in_a_context_does_nothing_there_and_works_elsewhere() {
        let keymap = with("[list]\n\"u\" = \"none\"\n\"g e\" = \"none\"");
        let pressed = |stack, text| keymap.resolve(stack, Facts::NONE, &keys(text));
        assert_eq!(pressed(EMPLOYEES, "u"), Resolved::Unbound);
        assert_eq!(pressed(MATRIX, "u"), one(Command::Undo));
        assert_eq!(pressed(EMPLOYEES, "g e"), Resolved::Unbound);
        let Resolved::Prefix(next) = pressed(EMPLOYEES, "g") else { panic!("no prefix") };
        assert!(next.iter().all(|next| next.key != Key::char('e')));
        assert!(next.iter().any(|next| next.key == Key::char('m')));
    }

    #[test]
    fn unbinding_a_prefix_unbinds_all_that_begins_with_it() {
        let keymap = with("[list]\n\"g\" = \"none\"");
        let pressed = |stack, text| keymap.resolve(stack, Facts::NONE, &keys(text));
        assert_eq!(pressed(EMPLOYEES, "g"), Resolved::Unbound);
        assert!(matches!(pressed(MATRIX, "g"), Resolved::Prefix(_)));
        let keymap = with("[list]\n\"g\" = \"none\"\n\"g x\" = \"list.last\"");
        let Resolved::Prefix(next) = keymap.resolve(EMPLOYEES, Facts::NONE, &keys("g")) else {
            panic!("no prefix")
        };
        assert!(next.iter().any(|next| next.key == Key::char('x')));
        assert!(next.iter().all(|next| next.key != Key::char('g')), "g g came back");
    }

    #[test]
    fn a_prefix_within_hides_a_command_on_the_same_key_without() {
        let keymap = with("[global]\n\"z\" = \"app.redraw\"\n[list]\n\"z z\" = \"list.last\"");
        let pressed = |stack, text| keymap.resolve(stack, Facts::NONE, &keys(text));
        assert!(matches!(pressed(EMPLOYEES, "z"), Resolved::Prefix(_)));
        assert_eq!(pressed(EMPLOYEES, "z z"), one(Command::ListLast));
        assert_eq!(pressed(MATRIX, "z"), one(Command::Redraw));
    }

    #[test]
    fn a_sequence_of_three_keys_says_at_each_step_that_more_follow() {
        let keymap = with("[global]\n\"z a b\" = \"app.redraw\"");
        let step = |text| keymap.resolve(EMPLOYEES, Facts::NONE, &keys(text));
        assert_eq!(
            step("z"),
            Resolved::Prefix(vec![Next { key: Key::char('a'), commands: vec![] }])
        );
        assert_eq!(
            step("z a"),
            Resolved::Prefix(vec![Next { key: Key::char('b'), commands: vec![Command::Redraw] }])
        );
        assert_eq!(step("z a b"), one(Command::Redraw));
    }

    #[test]
    fn hints_show_only_keys_that_work_here_and_now() {
        let keymap = delivered();
        let shown = |command, stack| -> Vec<String> {
            keymap
                .bindings(command, stack, Facts::NONE)
                .iter()
                .map(|keys| crate::ui::keymap::key_text::format_sequence(keys))
                .collect()
        };
        assert_eq!(shown(Command::ListDown, EMPLOYEES), ["down", "j"]);
        assert_eq!(shown(Command::ListDown, MATRIX), [""; 0]);
        assert_eq!(shown(Command::Help, EMPLOYEES), ["?"]);
        assert_eq!(shown(Command::Help, FIELD), [""; 0], "? is text in a field");
        assert_eq!(shown(Command::GoMatrix, EMPLOYEES), ["g m"]);
        // In training, Tab is free but x ticks instead of what lists might bind to it.
        assert_eq!(shown(Command::TrainingTick, TRAINING), ["x"]);
    }

    #[test]
    fn the_officers_own_key_is_shown_before_the_delivered_one() {
        let keymap = with("[list]\n\"F7\" = \"list.down\"");
        let shown = keymap.bindings(Command::ListDown, EMPLOYEES, Facts::NONE);
        assert_eq!(shown.first(), Some(&keys("F7").as_slice()));
        assert_eq!(shown.len(), 3);
    }
}
