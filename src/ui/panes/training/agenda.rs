//! The agenda: sessions by date, with a month named where it begins. It opens on the next
//! session from today, past ones above. Can be narrowed down to the sessions of one
//! programme.

use chrono::{Datelike, NaiveDate};
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::column::{Align, Column};
use crate::domain::field::Privacy;
use crate::domain::record::{Kind, RecordId, SessionId};
use crate::domain::value::Value;
use crate::i18n::{find, t, value, whole};
use crate::protocol::{Answer, ListQuery, Request, Row, SortKey};
use crate::ui::command::Command;
use crate::ui::effect::Effect;
use crate::ui::listing::ListPane;
use crate::ui::pane::{PaneEvent, View};
use crate::ui::widgets::Handled;
use crate::ui::widgets::list::RecordList;

pub const TAG: &str = "training.sessions";
/// The question for the next session from today.
pub const NEXT: &str = "training.next";

/// A month and the days within it: `Nov 2026 16-20`.
const WHEN: u16 = 17;

const fn column(name: &'static str, width: u16, align: Align) -> Column {
    Column { name, align, width, shown: true, asked: false, privacy: Privacy::Work }
}

const LIST: ListPane = ListPane {
    columns: &[
        column("start", WHEN, Align::Left),
        column("programme", 0, Align::Left),
        column("enrolled", 7, Align::Right),
        column("jp", 4, Align::Right),
        column("present", 5, Align::Right),
        column("provider", 12, Align::Left),
    ],
    known: &["end", "capacity", "cancelled"],
    sorted: "start",
    ways: &[Command::Import, Command::ListAdd, Command::Guide],
    cell: written,
    ..ListPane::of(Kind::Sessions)
};

pub struct Agenda {
    pub list: RecordList,
    /// The programme it is narrowed down to.
    programme: Option<String>,
    /// Still on the way to the next session; whatever the officer does first ends that.
    pub arriving: bool,
}

impl Agenda {
    pub fn new() -> Self {
        Self { list: const { &LIST }.list(TAG), programme: None, arriving: true }
    }

    /// Asks for the session that comes next, to begin there.
    pub fn ask_next(view: &View) -> Effect {
        let query = ListQuery {
            search: format!("end>={}", view.today),
            sort: vec![SortKey { column: "start".into(), descending: false }],
            columns: vec!["start".into()],
            limit: 1,
            ..ListQuery::all(Kind::Sessions)
        };
        Effect::ask(NEXT, Request::List(query))
    }

    /// Goes to the next session; to the latest where none is to come.
    pub fn arrive(&mut self, answer: &Answer, area: Rect, today: NaiveDate) -> Vec<Effect> {
        let Answer::Page(page) = answer else { return Vec::new() };
        if !std::mem::take(&mut self.arriving) {
            return Vec::new();
        }
        if let Some(row) = page.rows.first() {
            return vec![self.list.go_to(row.number)];
        }
        match self.list.update(PaneEvent::Command(Command::ListLast), area, today) {
            Handled::Yes(effects) => effects,
            Handled::No(_) => Vec::new(),
        }
    }

    pub fn session(&self) -> Option<SessionId> {
        self.list.current().map(|id| SessionId(id.number))
    }

    /// `Pelatihan Dasar, 16-20 Nov 2026` of the session under the cursor.
    pub fn label(&self) -> String {
        let text = |name| self.list.cell(name).map(value).unwrap_or_default();
        let (start, end) = (self.list.cell("start"), self.list.cell("end"));
        let when = match (start, end) {
            (Some(Value::Date(start)), Some(Value::Date(end))) => crate::i18n::span(*start, *end),
            _ => text("start"),
        };
        format!("{}, {when}", text("programme"))
    }

    pub fn programme(&self) -> Option<&str> {
        self.programme.as_deref()
    }

    /// Only sessions of this programme from now on, or of all.
    pub fn narrow(&mut self, programme: Option<(u32, String)>) -> Effect {
        self.list.of = programme.as_ref().map(|(id, _)| RecordId::new(Kind::Programmes, *id));
        self.programme = programme.map(|(_, name)| name);
        self.list.ask(true)
    }

    /// The programme it is narrowed down to, for a new session's form.
    pub fn programme_number(&self) -> Option<u32> {
        self.list.of.map(|id| id.number)
    }

    /// Puts the cursor on this session, whatever hid it.
    pub fn show(&mut self, number: u32) -> Vec<Effect> {
        self.arriving = false;
        self.list.of = None;
        self.programme = None;
        vec![self.list.set_search(""), self.list.go_to(number)]
    }

    pub fn draw(&self, frame: &mut Frame, area: Rect, focused: bool, view: &View) {
        LIST.draw(frame, area, &self.list, focused, view);
    }
}

fn written(list: &RecordList, at: u32, row: &Row, column: &Column) -> Option<String> {
    let cell = |name| list.cell_of(row, name);
    match column.name {
        "start" if column.width >= WHEN => {
            let start = date_of(row, list)?;
            let end = match cell("end") {
                Some(Value::Date(end)) => *end,
                _ => start,
            };
            let above = at.checked_sub(1).filter(|_| at > list.top());
            let above = above.and_then(|at| date_of(list.row_at(at)?, list));
            Some(when(start, end, above))
        }
        "programme" if matches!(cell("cancelled"), Some(Value::Flag(true))) => {
            let name = cell("programme").map(value).unwrap_or_default();
            Some(t!("training.cancelled_name", name = name).into_owned())
        }
        "enrolled" => match (cell("enrolled"), cell("capacity")) {
            (Some(Value::Whole(enrolled)), Some(Value::Whole(capacity))) => {
                let over = if enrolled > capacity { "!" } else { "" };
                Some(format!("{over}{}/{}", whole(*enrolled), whole(*capacity)))
            }
            _ => None,
        },
        _ => None,
    }
}

fn date_of(row: &Row, list: &RecordList) -> Option<NaiveDate> {
    match list.cell_of(row, "start") {
        Some(Value::Date(date)) => Some(*date),
        _ => None,
    }
}

/// The days, behind their month where it is another than in the row above.
fn when(start: NaiveDate, end: NaiveDate, above: Option<NaiveDate>) -> String {
    let month =
        |date: NaiveDate| find(&format!("dates.month.{}", date.month())).unwrap_or_default();
    let same = |other: NaiveDate| (other.year(), other.month()) == (start.year(), start.month());
    let heading = if above.is_some_and(same) {
        String::new()
    } else {
        format!("{} {}", month(start), start.year())
    };
    let days = if end <= start {
        start.day().to_string()
    } else if same(end) {
        format!("{}-{}", start.day(), end.day())
    } else {
        format!("{}-{} {}", start.day(), end.day(), month(end))
    };
    format!("{heading:<8} {days}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn a_month_is_named_where_it_begins() {
        let (start, end) = (day("2026-11-16"), day("2026-11-20"));
        assert_eq!(when(start, end, None), "Nov 2026 16-20");
        assert_eq!(when(start, end, Some(day("2025-11-02"))), "Nov 2026 16-20");
        assert_eq!(when(start, end, Some(day("2026-11-02"))), "         16-20");
        assert_eq!(when(day("2026-11-30"), day("2026-12-02"), None), "Nov 2026 30-2 Des");
        assert_eq!(when(start, start, None), "Nov 2026 16");
    }
}
