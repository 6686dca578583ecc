//! What was not meant does nothing, in every place and with every delivered keymap: text that
//! is pasted where keys are commands, keys pressed before a question could be read, the
//! first entry of the palette. Behind the desk stands the example office, for reading only.

use std::time::Duration;

use super::testing::Town;
use super::{AskedBy, Deed};
use crate::term::input::Input;
use crate::ui::command::{ActsOn, COMMANDS, Command, Context, Group};
use crate::ui::keymap::Preset;
use crate::ui::overlays::palette::Palette;
use crate::ui::panes;
use crate::ui::testing::Desk;

/// What people paste, and what would do harm if its letters were keys.
const PASTES: [&str; 6] = [
    "Widyastuti, S.E.",
    "198502022010022901",
    "budi.dwi@example.go.id",
    "Dwi Yudha\nUdin Budi\nYayuk Dewi\n",
    "1\t2\t3\t4\n5\t4\t3\t2\n",
    "dyuxX12345+bpcRJyMLy\ny\n23\ny",
];

/// Every pane, the areas of the training pane one by one: the command that leads there, and
/// how often to go on to the next area.
fn places() -> impl Iterator<Item = (Command, usize)> {
    panes::all().into_iter().flat_map(|pane| {
        let areas = if pane.go() == Command::GoTraining { 4 } else { 1 };
        (0..areas).map(move |area| (pane.go(), area))
    })
}

impl Desk {
    /// As if its key had been pressed.
    fn give(&mut self, command: Command) {
        self.waits(Duration::from_secs(1));
        self.app.toast = None;
        self.app.command(command);
        self.settled();
    }

    fn go(&mut self, (pane, area): (Command, usize)) {
        self.app.overlays.clear();
        if self.app.stack().contains(&Context::Filter) {
            self.give(Command::FilterClear);
        }
        self.give(pane);
        for _ in 0..area {
            self.give(Command::AreaNext);
        }
        self.give(Command::ListUnmarkAll);
    }

    fn paste(&mut self, text: &str) {
        self.event(Input::Burst(text.into()));
        self.at_once(Input::Burst(text.into()));
        self.event(Input::Paste(text.into()));
    }
}

fn paste_everywhere(preset: Preset) {
    let town = Town::new();
    let mut desk = town.reading(preset);
    // Digits rate from here on.
    desk.go((Command::GoMatrix, 0));
    desk.give(Command::MatrixRater);
    desk.give(Command::FormSave);
    for place in places() {
        desk.go(place);
        let offered: Vec<Command> = desk.app.offers().iter().map(|offer| offer.command).collect();
        for command in offered.into_iter().filter(|command| *command != Command::Quit) {
            desk.go(place);
            desk.give(command);
            let before = desk.written().len();
            for text in PASTES {
                desk.paste(text);
                let wrote = &desk.written()[before..];
                assert!(wrote.is_empty(), "{place:?} {command:?} {text:?}: {wrote:?}");
            }
        }
    }
    let left: Vec<_> = desk.deeds.iter().filter(|deed| matches!(deed, Deed::Quit)).collect();
    assert!(left.is_empty(), "a paste ended the program");
}

#[test]
fn a_paste_without_brackets_writes_nothing_anywhere_with_the_default_keymap() {
    paste_everywhere(Preset::Default);
}

#[test]
fn a_paste_without_brackets_writes_nothing_anywhere_with_the_plain_keymap() {
    paste_everywhere(Preset::Plain);
}

#[test]
fn a_paste_without_brackets_writes_nothing_anywhere_with_the_vim_keymap() {
    paste_everywhere(Preset::Vim);
}

#[test]
fn the_palette_offers_nothing_first_that_ends_or_takes_away_in_any_place_or_keymap() {
    let town = Town::new();
    for preset in Preset::ALL {
        let mut desk = town.reading(preset);
        for place in places() {
            desk.go(place);
            let mut palette = Palette::new(desk.app.offers());
            let first = palette.first("").expect("something is offered");
            assert!(!first.is_final(), "{place:?} {}: {first:?}", preset.name());
            for typed in 'a'..='z' {
                let first = palette.first(&typed.to_string());
                assert!(first.is_none_or(|first| !first.is_final()), "{typed}: {first:?}");
            }
        }
    }
}

/// What may do nothing to be seen, and why.
fn may_be_silent(command: Command) -> bool {
    match command {
        // The cursor may stand at the end already; there may be nothing to leave or to lift.
        // Of a whole new frame the test sees nothing.
        Command::ListBack
        | Command::ListUnmarkAll
        | Command::ListFilterClear
        | Command::Redraw
        | Command::Suspend
        | Command::Cancel
        | Command::Quit
        | Command::MatrixUp
        | Command::MatrixLeft
        | Command::MatrixPageUp
        | Command::MatrixFirst
        | Command::MatrixRowStart
        | Command::PickerUp
        | Command::PickerPageUp
        | Command::PickerFirst
        | Command::ViewUp
        | Command::ViewPageUp
        | Command::ViewFirst => true,
        // The pane that is in front already.
        command if command.opens_pane() => true,
        command => matches!(command.def().group, Group::Move | Group::Text),
    }
}

/// What stands over the employees pane once one of these was given.
const OVER: [Command; 14] = [
    Command::GoUnits,
    Command::GoPositions,
    Command::GoCompetencies,
    Command::GoStandards,
    Command::GoCorrections,
    Command::Settings,
    Command::Palette,
    Command::Help,
    Command::ListAdd,
    Command::ListEdit,
    Command::ListDelete,
    Command::ListHistory,
    Command::ListColumns,
    Command::MatrixUnit,
];

#[test]
fn keys_listed_for_a_place_work_there_or_say_why_not() {
    let town = Town::new();
    let mut dumb = Vec::new();
    for preset in Preset::ALL {
        let mut desk = town.reading(preset);
        let over = OVER.map(|opens| ((Command::GoEmployees, 0), Some(opens)));
        for (place, opens) in places().map(|place| (place, None)).chain(over) {
            let come = |desk: &mut Desk| {
                desk.go(place);
                if let Some(opens) = opens {
                    desk.give(opens);
                }
            };
            come(&mut desk);
            for command in listed(&desk) {
                come(&mut desk);
                let before = (desk.screen(), desk.asked.len(), desk.deeds.len());
                desk.give(command);
                let after = (desk.screen(), desk.asked.len(), desk.deeds.len());
                let said = desk.app.said().is_some();
                if !said && before == after {
                    dumb.push((preset.name(), place, opens, command));
                }
            }
        }
    }
    assert_eq!(dumb, [], "pressed, and nothing happens");
}

/// The commands that help lists where the desk stands and that a key gives now.
fn listed(desk: &Desk) -> Vec<Command> {
    let (stack, facts) = (desk.app.stack(), desk.app.facts());
    let mut listed: Vec<Command> = COMMANDS
        .iter()
        .filter(|def| desk.app.face.keymap.keys_of(def.id, &stack, facts).is_some())
        .map(|def| def.id)
        .filter(|command| !may_be_silent(*command))
        .collect();
    listed.sort_by_key(|command| command.def().needs != ActsOn::Nothing);
    listed
}

#[test]
fn a_question_takes_no_key_read_before_it_could_be_read() {
    let town = Town::new();
    let mut desk = town.reading(Preset::Default);
    desk.press("d");
    assert!(!desk.app.overlays.is_empty());
    for wait in [0, 149] {
        desk.waits(Duration::from_millis(wait));
        desk.at_once(Input::Key(crate::term::key::Key::char('y')));
        assert!(desk.written().is_empty(), "answered after {wait} ms");
    }
    desk.waits(Duration::from_millis(1));
    desk.at_once(Input::Key(crate::term::key::Key::char('y')));
    assert_eq!(desk.written().len(), 1, "150 ms after it was drawn it is answered");
    // Never drawn, it is not answered however late.
    desk.press("d");
    desk.app.overlays.last_mut().expect("the question").drawn = None;
    desk.at_once(Input::Key(crate::term::key::Key::char('y')));
    assert_eq!(desk.written().len(), 1);
    let top = desk.app.top();
    assert!(matches!(top, AskedBy::Overlay(_)));
}
