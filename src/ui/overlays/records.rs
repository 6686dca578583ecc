//! The records of any kind as a list over the screen, made from the kind's columns and
//! fields: units, positions, competencies, standards, settings. Open and edit are the
//! form; deleting asks. Nothing in here knows what a kind means.

use ratatui::Frame;

use super::form::FormOverlay;
use super::history::History;
use crate::domain::column::{Align, Column};
use crate::domain::field::Privacy;
use crate::domain::kinds::unit::PATH_SEPARATOR;
use crate::domain::record::{Kind, RecordId};
use crate::i18n::{self, t};
use crate::protocol::{Answer, Request, Row};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::{Effect, step};
use crate::ui::job::Export;
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::pane::{Availability, PaneEvent, Question, View};
use crate::ui::widgets::Handled;
use crate::ui::widgets::frame::boxed;
use crate::ui::widgets::list::RecordList;
use crate::ui::widgets::list_draw;
use crate::ui::words::capitalised;

/// Deeper units are not set in further: their names need the room.
const DEPTH_MAX: usize = 6;

const ROWS: &str = "records.rows";
const FORM: &str = "records.form";
const DELETE: &str = "records.delete";

/// Settings go by words longer than their names.
const SETTINGS: &[Column] = &[column("name", 36, Align::Left), column("value", 0, Align::Left)];
/// The tree says what stands below what, so the parent's column leaves its room to the names.
const UNITS: &[Column] = &[
    column("name", 0, Align::Left),
    column("code", 16, Align::Left),
    column("people", 8, Align::Right),
];

const fn column(name: &'static str, width: u16, align: Align) -> Column {
    Column { name, align, width, shown: true, privacy: Privacy::Work }
}

pub struct Records {
    list: RecordList,
}

impl Records {
    pub fn new(kind: Kind) -> Self {
        let list = RecordList::new(kind, ROWS).filled_by(&[Command::ListAdd, Command::Guide]);
        let list = match kind {
            Kind::Settings => list.showing(SETTINGS),
            Kind::Units => list.showing(UNITS).knowing(&["path"]),
            _ => list,
        };
        Self { list }
    }

    fn form(&self) -> Vec<Effect> {
        self.list
            .current()
            .map(|id| Effect::open(FORM, FormOverlay::open(id)))
            .into_iter()
            .collect()
    }

    /// What is to be deleted, if the revision of all of it is known.
    fn chosen(&self) -> Option<Vec<(RecordId, crate::domain::record::Revision)>> {
        let kind = self.list.kind();
        let with_revision =
            |number| Some((RecordId::new(kind, number), self.list.revision(number)?));
        self.list.chosen().into_iter().map(with_revision).collect()
    }

    fn command(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::ListOpen | Command::ListEdit => self.form(),
            Command::ListAdd => vec![Effect::open(FORM, FormOverlay::add(self.list.kind()))],
            Command::ListDelete => match self.chosen() {
                Some(ids) => vec![Effect::ask(DELETE, Request::Delete { step: step(), ids })],
                None => Vec::new(),
            },
            Command::ListHistory => {
                let id = self.list.current();
                id.map(|id| Effect::open("records.history", History::of(id, self.label())))
                    .into_iter()
                    .collect()
            }
            Command::ListBack | Command::Cancel => vec![Effect::Done(Outcome::Cancelled)],
            _ => Vec::new(),
        }
    }

    /// A unit's name set in by how deep it stands, while the list is in the tree's order.
    fn set_in(&self, row: &Row) -> Option<String> {
        if self.list.kind() != Kind::Units || !self.list.sort_keys().is_empty() {
            return None;
        }
        let path = i18n::value(self.list.cell_of(row, "path")?);
        let depth = path.matches(PATH_SEPARATOR).count().min(DEPTH_MAX);
        let name = i18n::value(self.list.cell_of(row, "name")?);
        Some(format!("{}{name}", "  ".repeat(depth)))
    }

    /// What the row under the cursor is called: its first cell with words in it.
    fn label(&self) -> String {
        let row = self.list.row();
        let words = row.map(|row| row.cells.iter().map(i18n::value).find(|text| !text.is_empty()));
        words.flatten().unwrap_or_default()
    }
}

impl Overlay for Records {
    fn id(&self) -> &'static str {
        self.list.kind().name()
    }

    fn contexts(&self) -> &'static [Context] {
        if self.list.is_filtering() {
            &[Context::Text, Context::Filter, Context::List]
        } else {
            &[Context::List]
        }
    }

    fn facts(&self) -> Facts {
        self.list.facts()
    }

    fn available(&self, command: Command) -> Availability {
        let settings = self.list.kind() == Kind::Settings;
        match command {
            Command::ListAdd | Command::ListDelete if settings => {
                Availability::No(t!("records.fixed").into_owned())
            }
            Command::ListDelete if self.chosen().is_none() => {
                Availability::No(t!("records.delete_in_sight").into_owned())
            }
            Command::ListBulkEdit | Command::ListCopy => {
                Availability::No(t!("records.not_here").into_owned())
            }
            _ => Availability::Yes,
        }
    }

    fn question(&self, command: Command) -> Option<Question> {
        let count = self.list.chosen().len() as u32;
        let what = match count {
            1 if self.list.marks().is_empty() => {
                format!("{} {}", i18n::kind(self.list.kind()), self.label())
            }
            count => i18n::count(self.list.kind(), count),
        };
        (command == Command::ListDelete && count > 0)
            .then(|| Question::new(t!("records.delete", what = what), count))
    }

    fn export(&self) -> Option<Export> {
        Some(Export::List(self.list.query()))
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        // Only an open filter makes ctrl-c mean the filter.
        let inside = inside(view);
        match self.list.update(event, inside) {
            Handled::Yes(effects) => effects,
            Handled::No(PaneEvent::Command(command)) => self.command(command),
            Handled::No(PaneEvent::Answer(tag, Answer::Saved(_))) if tag.name == DELETE => {
                self.list.unmark_all();
                Vec::new()
            }
            Handled::No(PaneEvent::Outcome(tag, Outcome::Saved(saved))) if tag.name == FORM => {
                let id = saved.ids.first().filter(|id| id.kind == self.list.kind());
                id.map(|id| self.list.go_to(id.number)).into_iter().collect()
            }
            Handled::No(_) => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let mut title =
            format!("{} {}", capitalised(&i18n::kind(self.list.kind())), self.list.counter());
        if let Some(who) = view.who_edits(self.list.current()) {
            title = format!("{title} {} {}", view.glyphs.dot, t!("shell.edited_by", who = who));
        }
        let inner = boxed(frame, view.area, title.trim(), view.theme, view.glyphs);
        list_draw::draw_written(frame, inner, &self.list, true, view, &|_, row, column| {
            (column.name == "name").then(|| self.set_in(row)).flatten()
        });
    }
}

/// Where the list stands: the stage without its box.
fn inside(view: &View) -> ratatui::layout::Rect {
    view.area.inner(ratatui::layout::Margin::new(1, 1))
}
