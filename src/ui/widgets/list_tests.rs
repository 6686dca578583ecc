//! What an officer sees while answers come later than her keys.

use ratatui::layout::Rect;

use super::list::RecordList;
use crate::domain::record::{Kind, Revision};
use crate::domain::value::Value;
use crate::protocol::{Answer, Notice, Page, Request, Row};
use crate::ui::command::Command;
use crate::ui::effect::{Effect, Tag};
use crate::ui::memory::Memory;
use crate::ui::pane::PaneEvent;

const AREA: Rect = Rect { x: 0, y: 0, width: 80, height: 20 };

fn page(numbers: &[u32], anchor: Option<u32>) -> Answer {
    let row = |number: &u32| Row {
        number: *number,
        rev: Revision(1),
        cells: vec![Value::text(format!("P{number}"))],
    };
    Answer::Page(Page {
        total: numbers.len() as u32,
        matched: numbers.len() as u32,
        restricted: 0,
        offset: 0,
        anchor,
        columns: vec!["name".into()],
        rows: numbers.iter().map(row).collect(),
    })
}

fn tag_of(effects: &[Effect]) -> Tag {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::Ask(tag, request) if matches!(**request, Request::List(_)) => Some(*tag),
        _ => None,
    });
    asked.expect("a question")
}

fn update(list: &mut RecordList, event: PaneEvent) -> Vec<Effect> {
    match list.update(event, AREA, chrono::NaiveDate::default(), &Memory::default()) {
        super::Handled::Yes(effects) => effects,
        super::Handled::No(_) => Vec::new(),
    }
}

#[test]
fn a_late_answer_does_not_pull_the_cursor_back() {
    let mut list = RecordList::new(Kind::Employees, "list");
    let asked = update(&mut list, PaneEvent::Shown);
    update(&mut list, PaneEvent::Answer(tag_of(&asked), page(&[10, 11, 12], None)));
    let changed = Notice::Changed { seq: 1, ids: Vec::new(), many: true };
    let asked = update(&mut list, PaneEvent::Notice(&changed));
    update(&mut list, PaneEvent::Command(Command::ListDown));
    // Meanwhile somebody was added above.
    update(&mut list, PaneEvent::Answer(tag_of(&asked), page(&[9, 10, 11, 12], Some(1))));
    assert_eq!(list.row().map(|row| row.number), Some(11));
}

#[test]
fn the_cursor_keeps_its_record_when_the_list_changes_above_it() {
    let mut list = RecordList::new(Kind::Employees, "list");
    let asked = update(&mut list, PaneEvent::Shown);
    update(&mut list, PaneEvent::Answer(tag_of(&asked), page(&[10, 11, 12], None)));
    update(&mut list, PaneEvent::Command(Command::ListDown));
    let changed = Notice::Changed { seq: 1, ids: Vec::new(), many: true };
    let asked = update(&mut list, PaneEvent::Notice(&changed));
    update(&mut list, PaneEvent::Answer(tag_of(&asked), page(&[9, 10, 11, 12], Some(2))));
    assert_eq!(list.row().map(|row| row.number), Some(11));
}
