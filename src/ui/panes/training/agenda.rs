//! The agenda: sessions by how they stand, those that are on first, then what comes, what was
//! and what is cancelled, each the nearest first, with a month named where it begins. Can be
//! narrowed down to the sessions of one programme.

use chrono::{Datelike, NaiveDate};
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::column::{Column, figure, text};
use crate::domain::kinds::session::Session;
use crate::domain::record::{Kind, RecordId, SessionId};
use crate::domain::value::Value;
use crate::i18n::{find, t, value, weekday, whole};
use crate::protocol::Row;
use crate::ui::command::Command;
use crate::ui::effect::Effect;
use crate::ui::job::Export;
use crate::ui::listing::ListPane;
use crate::ui::pane::View;
use crate::ui::widgets::list::RecordList;
use crate::ui::widgets::list_draw;
use crate::ui::widgets::pictures::bar;

pub const TAG: &str = "training.sessions";
/// A month and the days within it: `Nov 2026 Sen 16-20`.
const WHEN: u16 = 18;
/// How long the picture of the seats is, and from which width on there is room for it.
const SEATS: usize = 5;
const SEATS_FROM: u16 = 76;
/// From which width on there is room for the weekday before days of two months.
const WEEKDAYS_FROM: u16 = 60;

const LIST: ListPane = ListPane {
    columns: &[
        text("start", WHEN),
        text("programme", 0),
        figure("enrolled", 7),
        figure("jp", 4),
        figure("present", 5),
        text("provider", 12),
    ],
    known: &["end", "capacity", "cancelled", "state"],
    ways: &[Command::Import, Command::ListAdd, Command::Guide],
    ..ListPane::of(Kind::Sessions)
};

pub struct Agenda {
    pub list: RecordList,
    /// The programme it is narrowed down to.
    programme: Option<String>,
}

impl Agenda {
    pub fn new() -> Self {
        Self { list: const { &LIST }.list(TAG).grouped("state"), programme: None }
    }

    pub fn session(&self) -> Option<SessionId> {
        self.list.current().map(|id| SessionId(id.number))
    }

    /// As it is seen: both days, the seats, how each stands.
    pub fn export(&self) -> Export {
        let mut query = self.list.query();
        for (before, drawn) in [("start", "end"), ("enrolled", "capacity"), ("", "state")] {
            if !query.columns.iter().any(|name| name == drawn) {
                let at = query.columns.iter().position(|name| name == before);
                let at = at.map_or(query.columns.len(), |at| at + 1);
                query.columns.insert(at, drawn.to_string());
            }
        }
        self.list.marked_of(query)
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
        self.list.of = None;
        self.programme = None;
        vec![self.list.set_search(""), self.list.go_to(number)]
    }

    pub fn draw(&self, frame: &mut Frame, area: Rect, focused: bool, view: &View) {
        let cell =
            |at, row: &Row, column: &Column| written(&self.list, at, row, column, (area, view));
        list_draw::draw_written(frame, area, &self.list, focused, view, &cell);
    }
}

fn written(
    list: &RecordList,
    at: u32,
    row: &Row,
    column: &Column,
    (area, view): (Rect, &View),
) -> Option<String> {
    let cell = |name| list.cell_of(row, name);
    match column.name {
        "start" if column.width >= WHEN => {
            let (start, end) = days_of(row, list)?;
            let above = at.checked_sub(1).filter(|_| at > list.top());
            let above = above.and_then(|at| list.row_at(at));
            let above = above.filter(|above| list.group_of(above) == list.group_of(row));
            let above = above.and_then(|above| Some(days_of(above, list)?.0));
            Some(when((start, end), above, area.width >= WEEKDAYS_FROM))
        }
        "programme" => {
            let name = cell("programme").map(value)?;
            let (start, end) = days_of(row, list)?;
            let held = Session { start: Some(start), end: Some(end), ..Session::default() };
            if matches!(cell("cancelled"), Some(Value::Flag(true))) {
                Some(t!("training.cancelled_name", name = name).into_owned())
            } else if !held.holidays(&view.info.holidays).is_empty() {
                Some(t!("training.holiday_name", name = name).into_owned())
            } else {
                None
            }
        }
        "enrolled" => match (cell("enrolled"), cell("capacity")) {
            (Some(Value::Whole(enrolled)), Some(Value::Whole(capacity))) => {
                let over = if enrolled > capacity { "!" } else { "" };
                let seats = format!("{over}{}/{}", whole(*enrolled), whole(*capacity));
                let count = |number: i64| u32::try_from(number).unwrap_or(0);
                let bar = bar(count(*enrolled), count(*capacity), SEATS, view.glyphs);
                Some(if area.width < SEATS_FROM { seats } else { format!("{seats} {bar}") })
            }
            (Some(Value::Whole(enrolled)), _) if area.width >= SEATS_FROM => {
                Some(format!("{}{}", whole(*enrolled), " ".repeat(SEATS + 1)))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Its first and its last day.
fn days_of(row: &Row, list: &RecordList) -> Option<(NaiveDate, NaiveDate)> {
    let date = |name| match list.cell_of(row, name) {
        Some(Value::Date(date)) => Some(*date),
        _ => None,
    };
    let start = date("start")?;
    Some((start, date("end").unwrap_or(start)))
}

/// The days, behind their month where it is another than in the row above; days of two months
/// without their weekday where there is no room for it.
fn when((start, end): (NaiveDate, NaiveDate), above: Option<NaiveDate>, roomy: bool) -> String {
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
    } else if roomy {
        format!("{}-{} {}", start.day(), end.day(), month(end))
    } else {
        // The month of the last day needs the room of the weekday: seats stand behind it.
        return format!("{heading:<8} {}-{} {}", start.day(), end.day(), month(end));
    };
    format!("{heading:<8} {} {days}", weekday(start))
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
        let days = (start, end);
        assert_eq!(when(days, None, false), "Nov 2026 Sen 16-20");
        assert_eq!(when(days, Some(day("2025-11-02")), false), "Nov 2026 Sen 16-20");
        assert_eq!(when(days, Some(day("2026-11-02")), false), "         Sen 16-20");
        assert_eq!(when((start, start), None, false), "Nov 2026 Sen 16");
        let over = (day("2026-11-30"), day("2026-12-02"));
        assert_eq!(when(over, None, false), "Nov 2026 30-2 Des");
        assert_eq!(when(over, None, true), "Nov 2026 Sen 30-2 Des");
    }
}
