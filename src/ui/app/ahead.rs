//! Typing ahead: over a slow line several keys arrive at once, and an officer who knows
//! her way does not look up after each. A key that would act on a row, a candidate or a
//! form whose answer is still under way waits for that answer, and what is typed after it
//! waits behind it, so that keys mean the same however fast they come. Esc and a key that
//! come together look like that key with Alt; where Alt means nothing they are two keys.

use super::App;
use crate::term::input::Input;
use crate::term::key::{Key, KeyCode};
use crate::ui::command::Command;
use crate::ui::keymap::Resolved;

/// Far more than fingers are ahead of a disk; beyond it keys are dropped.
const HELD_MAX: usize = 1024;

impl App {
    /// Puts a key or a paste behind what waits already, if anything does. ctrl-c takes back
    /// what was typed ahead instead.
    pub(super) fn queues(&mut self, input: &Input) -> bool {
        let pasted_too_early = matches!(input, Input::Paste(_)) && self.must_wait(None);
        if self.held.is_empty() && !pasted_too_early {
            return false;
        }
        if let Input::Key(key) = input
            && self.cancels(*key)
        {
            self.held.clear();
            return false;
        }
        if self.held.len() < HELD_MAX {
            self.held.push_back(input.clone());
        }
        true
    }

    fn cancels(&self, key: Key) -> bool {
        let resolved = self.face.keymap.resolve(&self.stack(), self.facts(), &[key]);
        matches!(resolved, Resolved::Commands(commands) if commands == [Command::Cancel])
    }

    /// Keeps the keys just typed if what they mean has to wait.
    pub(super) fn holds(&mut self, resolved: &Resolved) -> bool {
        let wait = match resolved {
            Resolved::Prefix(_) => false,
            Resolved::Commands(commands) => commands.iter().any(|it| self.must_wait(Some(*it))),
            Resolved::Text(_) | Resolved::Unbound => self.must_wait(None),
        };
        if wait {
            self.held.extend(self.pending.drain(..).map(Input::Key));
        }
        wait
    }

    /// Esc and a key that arrived as one. A question that Esc brings up is not answered by a
    /// key pressed before it was seen.
    pub(super) fn escape_and(&mut self, key: Key, escape: bool) {
        let open = self.overlays.len();
        if escape {
            self.key(Key::plain(KeyCode::Esc));
        }
        if self.overlays.len() <= open {
            self.input(Input::Key(Key { alt: false, ..key }));
        }
    }

    /// Whether what it would act on is still to come. `None` is text.
    fn must_wait(&self, command: Option<Command>) -> bool {
        let facts = self.facts();
        let acts = match self.overlays.last() {
            Some(open) => open.overlay.waits(command, facts),
            None => command.is_some_and(|command| command.acts_on_rows(facts)),
        };
        let top = self.top();
        acts && self.asked.values().any(|(owner, _)| *owner == top)
    }

    /// Takes up what waited, as far as it need not wait again.
    pub(super) fn release(&mut self) {
        let mut waiting = std::mem::take(&mut self.held);
        while let Some(input) = waiting.pop_front() {
            self.input(input);
            if !self.held.is_empty() {
                self.held.append(&mut waiting);
            }
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
        assert_eq!(desk.bottom(), "Semua panel dibatasi pada Kelurahan Sago");
        desk.burst(": 'kecamatan plaju' enter");
        assert_eq!(desk.bottom(), "Semua panel dibatasi pada Kecamatan Plaju");
    }

    #[test]
    fn keys_behind_a_save_are_for_what_stands_after_it() {
        let mut desk = desk();
        desk.burst("e tab 'h' ctrl-s j e tab 'o' ctrl-s a");
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
        desk.burst("/ 'budi' enter e tab 'x' ctrl-s ctrl-c");
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
        assert_eq!(desk.deeds, [crate::ui::app::Deed::Quit]);
    }

    #[test]
    fn a_question_is_not_answered_by_a_key_that_came_with_the_esc_before_it() {
        let mut desk = desk();
        desk.press("e tab 'x' alt-y");
        assert!(desk.screen().contains("Buang perubahan"), "{}", desk.screen());
    }
}
