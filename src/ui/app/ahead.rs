//! Typing ahead: over a slow line several keys arrive at once, and an officer who knows
//! her way does not look up after each. A key that would act on a row, a candidate or a
//! form whose answer is still under way waits for that answer, and what is typed after it
//! waits behind it, so that keys mean the same however fast they come. Esc and a key that
//! come together look like that key with Alt; where Alt means nothing they are two keys.
//!
//! Keys that were not meant do nothing: a text that came all at once is for a field, and
//! where there is none it is left alone and said; a question takes no key that was pressed
//! before it could be read.

use std::time::{Duration, Instant};

use super::App;
use crate::i18n::t;
use crate::term::input::{Heard, Input};
use crate::term::key::{Key, KeyCode};
use crate::ui::command::{Command, Context};
use crate::ui::keymap::Resolved;
use crate::ui::pane::PaneEvent;
use crate::ui::toast::Toast;

/// Far more than fingers are ahead of a disk; beyond it keys are dropped.
const HELD_MAX: usize = 1024;
/// Nobody reads a question and answers it sooner.
const READ_TIME: Duration = Duration::from_millis(150);

impl App {
    /// Puts a key or a text behind what waits already, if anything does. ctrl-c takes back
    /// what was typed ahead instead.
    pub(super) fn queues(&mut self, heard: &Heard) -> bool {
        let text = matches!(heard.input, Input::Paste(_) | Input::Burst(_));
        let too_early = text && self.must_wait(None);
        if !(text || matches!(heard.input, Input::Key(_))) || (self.held.is_empty() && !too_early) {
            return false;
        }
        if let Input::Key(key) = heard.input
            && self.cancels(key)
        {
            self.held.clear();
            return false;
        }
        if self.held.len() < HELD_MAX {
            self.held.push_back(heard.clone());
        }
        true
    }

    fn cancels(&self, key: Key) -> bool {
        let resolved = self.face.keymap.resolve(&self.stack(), self.facts(), &[key]);
        matches!(resolved, Resolved::Commands(commands) if commands == [Command::Cancel])
    }

    /// Keeps the keys just typed if what they mean has to wait.
    pub(super) fn holds(&mut self, resolved: &Resolved, at: Instant) -> bool {
        let wait = match resolved {
            Resolved::Prefix(_) => false,
            Resolved::Commands(commands) => commands.iter().any(|it| self.must_wait(Some(*it))),
            Resolved::Text(_) | Resolved::Unbound => self.must_wait(None),
        };
        if wait {
            let keys = self.pending.drain(..);
            self.held.extend(keys.map(|key| Heard { input: Input::Key(key), at }));
        }
        wait
    }

    /// Esc and a key that arrived as one.
    pub(super) fn escape_and(&mut self, key: Key, escape: bool, at: Instant) {
        if escape {
            self.key(Key::plain(KeyCode::Esc), at);
        }
        self.input(Heard { input: Input::Key(Key { alt: false, ..key }), at });
    }

    /// Whether what it would act on is still to come. `None` is text.
    pub(super) fn must_wait(&self, command: Option<Command>) -> bool {
        let facts = self.facts();
        let acts = match self.overlays.last() {
            Some(open) => open.overlay.waits(command, facts),
            None => command.is_some_and(|command| command.acts_on_rows(facts)),
        };
        let top = self.top();
        let asked = acts && self.asked.values().any(|(owner, _)| *owner == top);
        asked || command.is_some_and(|command| self.takes_back_still(command))
    }

    /// Takes up what waited, as far as it need not wait again.
    pub(super) fn release(&mut self) {
        let mut waiting = std::mem::take(&mut self.held);
        while let Some(heard) = waiting.pop_front() {
            self.input(heard);
            if !self.held.is_empty() {
                self.held.append(&mut waiting);
            }
        }
    }

    /// Whether what stands in front is a question that nobody can have read when this key
    /// was pressed.
    pub(super) fn is_unread(&self, at: Instant) -> bool {
        let asks = self.overlays.last().filter(|open| open.overlay.asks());
        asks.is_some_and(|open| {
            open.drawn.is_none_or(|drawn| at.saturating_duration_since(drawn) < READ_TIME)
        })
    }

    /// Whether letters go into a field, whoever sent them: a paste and fingers mean the same.
    pub fn has_field(&self) -> bool {
        let stack = self.stack();
        stack.first() == Some(&Context::Text) && !stack.contains(&Context::Confirm)
    }

    /// A text for the field with the cursor.
    pub(super) fn pasted(&mut self, text: &str) {
        self.pending.clear();
        self.next.clear();
        match self.stack().first() {
            Some(Context::Text | Context::Form) => {
                self.toast = None;
                self.tell(self.top(), PaneEvent::Paste(text));
            }
            _ => self.leave_alone(),
        }
    }

    /// What came too fast for fingers: text where text is taken, and in a form Enter and Tab
    /// lead from field to field as they do when typed; nowhere a command.
    pub(super) fn burst(&mut self, text: &str, at: Instant) {
        self.pending.clear();
        self.next.clear();
        if let Some((key, rest)) = self.for_a_line(text) {
            self.key(key, at);
            return self.burst(rest, at);
        }
        let mut left = text;
        while let Some(first) = left.chars().next() {
            let enters = first == '\n' && self.chooses_for_a_form();
            if !(self.in_form() || enters) {
                break;
            }
            let words = left.split(['\n', '\t']).next().unwrap_or_default();
            if !words.is_empty() {
                self.input(Heard { input: Input::Paste(words.to_string()), at });
            }
            let rest = &left[words.len()..];
            if !rest.is_empty() {
                let key = if rest.starts_with('\t') { KeyCode::Tab } else { KeyCode::Enter };
                self.input(Heard { input: Input::Key(Key::plain(key)), at });
            }
            left = rest.get(1..).unwrap_or_default();
        }
        if left.len() == text.len() {
            self.line(left, at);
        } else if !left.is_empty() {
            self.leave_alone();
        }
    }

    /// A choice for a form's field writes nothing: Enter before any text takes it.
    fn chooses_for_a_form(&self) -> bool {
        let beneath = self.overlays.iter().rev().nth(1);
        let of_form = |open: &super::Open| open.overlay.contexts().contains(&Context::Form);
        beneath.is_some_and(of_form) && self.stack().contains(&Context::Picker)
    }

    /// For a line that takes text: the Enter behind it is one, those within are blanks. A
    /// filter takes the first line, and what comes behind is for nobody.
    fn line(&mut self, text: &str, at: Instant) {
        let stack = self.stack();
        let takes = stack.first() == Some(&Context::Text) && !stack.contains(&Context::Confirm);
        let (words, rest) = match text.split_once('\n') {
            Some((first, rest)) if stack.contains(&Context::Filter) => (Some(first), rest),
            _ => (text.strip_suffix('\n'), ""),
        };
        let Some(words) = words.filter(|_| takes) else { return self.pasted(text) };
        if !words.is_empty() {
            self.pasted(words);
        }
        self.input(Heard { input: Input::Key(Key::plain(KeyCode::Enter)), at });
        if !rest.is_empty() {
            self.leave_alone();
        }
    }

    /// The key that opens a line for text, and the text for it, where both come in one go.
    fn for_a_line<'a>(&self, text: &'a str) -> Option<(Key, &'a str)> {
        let stack = self.stack();
        let first = text.chars().next().map(Key::char)?;
        let opens = [Command::ListFilter, Command::Palette];
        match self.face.keymap.resolve(&stack, self.facts(), &[first]) {
            Resolved::Commands(run) if run.len() == 1 && opens.contains(&run[0]) => {
                Some((first, text.split_at(first.text()?.len_utf8()).1))
            }
            _ => None,
        }
    }

    fn in_form(&self) -> bool {
        self.stack().iter().take(2).any(|context| *context == Context::Form)
    }

    fn leave_alone(&mut self) {
        let keys = self.face.keymap.keys_of(Command::ListFilter, &self.stack(), self.facts());
        let said = Toast::note(match keys {
            Some(keys) => t!("shell.left_alone_search", keys = keys),
            None => t!("shell.left_alone"),
        });
        // A long text comes in many pieces and is told of once.
        if self.toast.as_ref() != Some(&said) {
            self.say(said);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::record::Kind;
    use crate::protocol::Request;
    use crate::ui::panes::employees::Employees;
    use crate::ui::testing::{Desk, Office};

    fn desk() -> Desk {
        let person = |number: &str, name: &str| {
            format!(r#"{{"number":"{number}","name":"{name}","kind":"PNS","status":"active"}}"#)
        };
        let office = Office::new()
            .with(Kind::Units, 1001, r#"{"name":"Kecamatan Plaju","code":"16.71"}"#)
            .with(Kind::Units, 1002, r#"{"name":"Kelurahan Sago","code":"16.72"}"#)
            .with(Kind::Employees, 1004, &person("198503152010012003", "Siti Aminah"))
            .with(Kind::Employees, 1005, &person("197812012005011002", "Budi Santoso"));
        Desk::new(vec![Box::new(Employees::new())], office)
    }

    #[test]
    fn edit_typed_behind_a_filter_opens_whom_the_filter_finds() {
        let mut desk = desk();
        desk.burst("/ 'budi' enter e");
        assert!(desk.screen().contains("Nama*             Budi Santoso"), "{}", desk.screen());
    }

    #[test]
    fn a_choice_typed_behind_its_name_takes_what_that_name_finds() {
        let mut desk = desk();
        desk.burst("f 'sago' enter");
        assert_eq!(desk.bottom(), "Semua halaman kini menampilkan Kelurahan Sago");
        desk.burst(": 'kecamatan plaju' enter");
        assert_eq!(desk.bottom(), "Semua halaman kini menampilkan Kecamatan Plaju");
    }

    #[test]
    fn keys_behind_a_save_are_for_what_stands_after_it() {
        let mut desk = desk();
        desk.burst("e 'h' ctrl-s j e 'o' ctrl-s a");
        let saved: Vec<_> = desk.written().into_iter().map(name).collect();
        assert_eq!(saved, ["Siti Aminahh", "Budi Santosoo"]);
        assert!(desk.screen().contains("Tambah pegawai"), "{}", desk.screen());
    }

    fn name(request: &Request) -> String {
        match request {
            Request::Save(save) => save.drafts[0].record.label(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn text_behind_a_reference_goes_to_the_next_field() {
        let mut desk = desk();
        desk.burst("a tab tab tab tab tab tab tab 'sago' tab");
        desk.burst("shift-tab end ' ' backspace tab tab '1-2-2020'");
        assert!(desk.screen().contains("Unit kerja        Kelurahan Sago"), "{}", desk.screen());
        assert!(desk.screen().contains("TMT jabatan       1-2-2020"), "{}", desk.screen());
    }

    #[test]
    fn ctrl_c_takes_back_what_was_typed_ahead() {
        let mut desk = desk();
        desk.burst("/ 'budi' enter e 'x' ctrl-s ctrl-c");
        assert!(!desk.screen().contains("Ubah pegawai"), "{}", desk.screen());
        assert!(desk.written().is_empty(), "{:?}", desk.written());
    }

    #[test]
    fn esc_and_the_next_key_in_one_packet_are_both_taken() {
        let mut desk = desk();
        desk.press("/ 'budi' enter");
        assert!(!desk.screen().contains("Siti"), "{}", desk.screen());
        desk.press("alt-G");
        assert!(desk.screen().contains("Siti"), "{}", desk.screen());
        desk.press("alt-e");
        assert!(desk.screen().contains("Ubah pegawai"), "{}", desk.screen());
        desk.press("alt-g alt-q");
        assert_eq!(desk.deeds.last(), Some(&crate::ui::app::Deed::Quit));
    }

    #[test]
    fn a_question_is_not_answered_by_a_key_that_came_with_the_esc_before_it() {
        let mut desk = desk();
        desk.press("e 'x' alt-y");
        assert!(desk.screen().contains("Buang perubahan"), "{}", desk.screen());
    }
}
