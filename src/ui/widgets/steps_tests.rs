//! The history's window over an office of many steps.

use ratatui::layout::Rect;

use super::Handled;
use super::steps::Steps;
use crate::domain::change::Via;
use crate::protocol::{Answer, HistoryLine, HistoryPage, HistoryQuery, Notice, Request, Summary};
use crate::ui::command::Command;
use crate::ui::effect::Effect;
use crate::ui::pane::PaneEvent;

const AREA: Rect = Rect { x: 0, y: 0, width: 80, height: 21 };

/// A desk with the steps on it and an office that looks at fifty entries an answer.
struct Desk {
    steps: Steps,
    /// What each entry takes back.
    entries: Vec<Option<u64>>,
    answers: u32,
}

impl Desk {
    fn new(entries: u64) -> Self {
        let entries = vec![None; entries as usize];
        let mut desk = Self { steps: Steps::new("steps"), entries, answers: 0 };
        desk.tell(PaneEvent::Shown);
        desk
    }

    fn line(&self, seq: u64) -> HistoryLine {
        let undoes = self.entries[seq as usize - 1];
        let later = self.entries.iter().rposition(|target| *target == Some(seq));
        HistoryLine {
            seq,
            at: chrono::DateTime::default(),
            by: "siti".into(),
            via: Via::Tui,
            why: String::new(),
            summary: Summary { undoes, ..Summary::default() },
            own: Vec::new(),
            undone_by: later.map(|at| at as u64 + 1),
        }
    }

    /// Entries whose number the search divides; every one without a search.
    fn answer(&self, query: &HistoryQuery) -> HistoryPage {
        let last = self.entries.len() as u64;
        let step: u64 = query.search.parse().unwrap_or(1);
        let all: Vec<u64> = match query.after {
            Some(after) => (after + 1..=last).collect(),
            None => (1..query.before.unwrap_or(last + 1).min(last + 1)).rev().collect(),
        };
        let looked: Vec<u64> = all.iter().copied().take(50).collect();
        let found = looked.iter().filter(|seq| *seq % step == 0);
        let mut lines: Vec<_> = found.map(|seq| self.line(*seq)).collect();
        lines.truncate(query.limit as usize);
        lines.sort_by_key(|line| std::cmp::Reverse(line.seq));
        let next = looked.last().copied().filter(|_| looked.len() < all.len());
        HistoryPage { lines, next, vague: false }
    }

    fn tell(&mut self, event: PaneEvent) {
        let Handled::Yes(effects) = self.steps.update(event, AREA) else { panic!("not taken") };
        self.carry(effects);
    }

    fn carry(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let Effect::Ask(tag, request) = effect else { panic!("something else") };
            let Request::History(query) = *request else { panic!("{request:?}") };
            self.answers += 1;
            let page = self.answer(&query);
            self.tell(PaneEvent::Answer(tag, Answer::History(page)));
        }
    }

    fn press(&mut self, command: Command, times: usize) -> u64 {
        for _ in 0..times {
            self.tell(PaneEvent::Command(command));
        }
        self.here()
    }

    fn here(&self) -> u64 {
        self.steps.line().expect("a step").seq
    }

    fn saved(&mut self, undoes: Option<u64>) {
        self.entries.push(undoes);
        let seq = self.entries.len() as u64;
        self.tell(PaneEvent::Notice(&Notice::Changed { seq, ids: Vec::new(), many: false }));
    }
}

#[test]
fn a_long_history_is_walked_to_its_end_and_back_without_being_held() {
    let mut desk = Desk::new(3000);
    assert_eq!(desk.here(), 3000);
    for expected in (1..3000).rev() {
        assert_eq!(desk.press(Command::ListDown, 1), expected);
        assert!(desk.steps.held() <= 400, "{}", desk.steps.held());
    }
    assert_eq!(desk.press(Command::ListDown, 3), 1);
    for expected in 2..=3000 {
        assert_eq!(desk.press(Command::ListUp, 1), expected);
        assert!(desk.steps.held() <= 400, "{}", desk.steps.held());
    }
    assert!(desk.answers < 200, "{}", desk.answers);
}

#[test]
fn the_oldest_and_the_newest_step_are_a_key_away() {
    let mut desk = Desk::new(3000);
    assert_eq!(desk.press(Command::ListLast, 1), 1);
    assert_eq!(desk.press(Command::ListUp, 1), 2);
    assert_eq!(desk.press(Command::ListPageUp, 10), 202);
    assert_eq!(desk.press(Command::ListFirst, 1), 3000);
    assert!(desk.answers < 12, "{}", desk.answers);
}

#[test]
fn a_search_goes_on_until_the_screen_is_full_or_nothing_is_left() {
    let mut desk = Desk::new(3000);
    let effect = desk.steps.search("700");
    desk.carry(vec![effect]);
    assert_eq!((desk.here(), desk.steps.count()), (2800, Some(4)));
    assert_eq!(desk.press(Command::ListDown, 9), 700);
}

#[test]
fn the_cursor_stays_on_its_step_while_others_save_and_what_is_undone_is_marked() {
    let mut desk = Desk::new(500);
    assert_eq!(desk.press(Command::ListDown, 5), 495);
    desk.saved(Some(495));
    assert_eq!(desk.here(), 495);
    assert_eq!(desk.steps.line().and_then(|line| line.undone_by), Some(501));
    // Taken back itself, the undo marks nothing any more.
    desk.entries[500] = Some(495);
    desk.saved(Some(501));
    assert_eq!(desk.here(), 495);
    assert_eq!(desk.press(Command::ListUp, 7), 502);
}
