//! The programmes: what is taught, of which type, how many JP, which competency it is
//! meant to raise. The line below the list says the one under the cursor in full.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::column::{Column, figure, text};
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::i18n::{choice, t, value, whole};
use crate::protocol::Row;
use crate::ui::command::Command;
use crate::ui::listing::ListPane;
use crate::ui::pane::View;
use crate::ui::widgets::frame::{put, wrap};
use crate::ui::widgets::list::RecordList;

pub const TAG: &str = "training.programmes";

/// Lines below the list.
const FOOT: u16 = 2;

const LIST: ListPane = ListPane {
    columns: &[
        text("name", 0),
        text("type", 12),
        figure("jp", 4),
        figure("sessions", 5),
        text("competency", 6),
        figure("target_level", 3),
        text("mandatory", 5),
        text("provider", 12),
    ],
    known: &["archived"],
    sorted: "name",
    ways: &[Command::Import, Command::ListAdd, Command::Guide],
    cell: written,
    ..ListPane::of(Kind::Programmes)
};

pub struct Programmes {
    pub list: RecordList,
}

impl Programmes {
    pub fn new() -> Self {
        Self { list: const { &LIST }.list(TAG) }
    }

    /// Where the list stands within `area`.
    pub fn place(area: Rect) -> Rect {
        let foot = if area.height > 6 { FOOT } else { 0 };
        Rect { height: area.height - foot, ..area }
    }

    /// The number and name of the programme under the cursor.
    pub fn current(&self) -> Option<(u32, String)> {
        let row = self.list.row()?;
        Some((row.number, self.list.cell("name").map(value).unwrap_or_default()))
    }

    /// Whether it is known that there is none at all.
    pub fn is_empty(&self) -> bool {
        self.list.total() == Some(0)
    }

    pub fn draw(&self, frame: &mut Frame, area: Rect, view: &View) {
        let place = Self::place(area);
        LIST.draw(frame, place, &self.list, true, view);
        let foot = Rect { y: place.bottom(), height: area.height - place.height, ..area };
        for (line, text) in wrap(&self.in_full(), usize::from(area.width)).iter().enumerate() {
            put(frame, foot, line as u16, text, view.theme.dim, view.glyphs);
        }
    }

    /// `Bimbingan Teknis, 24 JP, BKPSDM, meningkatkan Komunikasi ke level 3, wajib`
    fn in_full(&self) -> String {
        let cell = |name| self.list.cell(name).filter(|value| !value.is_empty());
        let text = |name| cell(name).map(value);
        let mut parts = Vec::new();
        if let Some(Value::Choice(code) | Value::Text(code)) = cell("type") {
            parts.push(choice(code));
        }
        if let Some(Value::Whole(jp)) = cell("jp") {
            parts.push(format!("{} JP", whole(*jp)));
        }
        parts.extend(text("provider"));
        match (text("competency"), text("target_level")) {
            (Some(competency), Some(level)) => {
                parts.push(
                    t!("training.raises_to", competency = competency, level = level).into_owned(),
                );
            }
            (Some(competency), None) => {
                parts.push(t!("training.raises", competency = competency).into_owned());
            }
            _ => {}
        }
        if matches!(cell("mandatory"), Some(Value::Flag(true))) {
            parts.push(t!("training.mandatory").into_owned());
        }
        parts.join(", ")
    }
}

fn written(list: &RecordList, _at: u32, row: &Row, column: &Column) -> Option<String> {
    let archived = matches!(list.cell_of(row, "archived"), Some(Value::Flag(true)));
    let name = (column.name == "name" && archived).then(|| list.cell_of(row, "name"))?;
    let name = name.map(value).unwrap_or_default();
    Some(t!("training.archived_name", name = name).into_owned())
}
