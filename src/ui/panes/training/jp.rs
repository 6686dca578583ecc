//! JP per person: who has how many in a year, and how that stands against the rule, which
//! is a floor for a PNS and a ceiling for a PPPK. Begins with those who have least. The
//! rules stand below with their legal basis, and whether that was verified.

use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::standing;
use crate::domain::column::{figure, text};
use crate::domain::kinds::employee::EmploymentKind;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::i18n::{t, whole};
use crate::protocol::Row;
use crate::ui::command::Command;
use crate::ui::listing::ListPane;
use crate::ui::pane::View;
use crate::ui::widgets::frame::put;
use crate::ui::widgets::list::RecordList;
use crate::ui::widgets::list_draw;

pub const TAG: &str = "training.people";

/// JP in figures, words, and a bar of so many cells with what it aims at.
const WORDS: usize = 13;
const BAR: usize = 8;
const STANDING: u16 = 4 + 1 + WORDS as u16 + 1 + BAR as u16 + 4;
/// How far back and ahead of this year one can look.
const YEARS: i32 = 10;

const LIST: ListPane = ListPane {
    columns: &[
        text("name", 0),
        text("kind", 6),
        // A figure: it does not give way to words where the screen is narrow.
        figure("jp", STANDING),
        text("unit", 18),
    ],
    known: &["kind"],
    sorted: "jp",
    // People come in elsewhere.
    ways: &[Command::Import, Command::GoEmployees],
    ..ListPane::of(Kind::Employees)
};

pub struct People {
    pub list: RecordList,
    /// Years from this year, so that it stays right over New Year.
    shift: i32,
}

impl People {
    pub fn new() -> Self {
        Self { list: const { &LIST }.list(TAG), shift: 0 }
    }

    pub fn year(&self, view: &View) -> i32 {
        view.today.year() + self.shift
    }

    /// The year before or after.
    pub fn turn(&mut self, years: i32) {
        self.shift = (self.shift + years).clamp(-YEARS, 1);
    }

    /// Where the list stands within `area`.
    pub fn place(area: Rect) -> Rect {
        let head = u16::from(area.height > 3);
        let foot = if area.height > 8 { 2 } else { 0 };
        Rect { y: area.y + head, height: area.height - head - foot, ..area }
    }

    pub fn draw(&self, frame: &mut Frame, area: Rect, view: &View) {
        let place = Self::place(area);
        let year = self.year(view);
        if place.y > area.y {
            let glyphs = view.glyphs;
            let mut head =
                t!("training.jp_of_year", year = year, left = glyphs.left, right = glyphs.right)
                    .into_owned();
            if self.shift != 0 && self.list.search().contains("jp") {
                head = format!("{head} {} {}", glyphs.dot, t!("training.filter_this_year"));
            }
            put(frame, area, 0, &head, view.theme.accent, glyphs);
        }
        list_draw::draw_written(frame, place, &self.list, true, view, &|_, row, column| {
            (column.name == "jp" && column.width >= STANDING)
                .then(|| self.standing(row, year, view))
        });
        let foot = Rect { y: place.bottom(), height: area.bottom() - place.bottom(), ..area };
        for (line, rule) in standing::rules_in_words(&view.info.rules.jp_quota).iter().enumerate() {
            put(frame, foot, line as u16, rule, view.theme.dim, view.glyphs);
        }
    }

    /// `  12 kurang 8   ####....> 20`
    fn standing(&self, row: &Row, year: i32, view: &View) -> String {
        let jp = self.jp(row, year);
        let Some(Value::Choice(code) | Value::Text(code)) = self.list.cell_of(row, "kind") else {
            return format!("{:>4}", whole(jp));
        };
        let kind = EmploymentKind::from_code(code).unwrap_or(EmploymentKind::Other);
        let quota = &view.info.rules.jp_quota;
        let bar = standing::bar(quota, kind, jp, BAR, view.glyphs);
        let words = standing::words(quota.standing(kind, jp));
        format!("{:>4} {words:<WORDS$} {bar:<width$}", whole(jp), width = BAR + 4)
    }

    fn jp(&self, row: &Row, year: i32) -> u32 {
        match self.list.cell_of(row, "jp") {
            // A single figure is of this year.
            Some(Value::Whole(jp)) if self.shift == 0 => u32::try_from(*jp).unwrap_or(0),
            cell => {
                let year = u16::try_from(year).unwrap_or_default();
                cell.and_then(|cell| cell.in_year(year)).unwrap_or(0)
            }
        }
    }
}
