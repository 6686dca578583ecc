//! Officers: who may use this office, in which role and for which units. Seen by admins and
//! auditors, changed by admins; what each role may do is the office's to enforce. The list
//! and the form are the shared ones.

use ratatui::Frame;

use crate::domain::kinds::officer::Role;
use crate::domain::kinds::unit::PATH_SEPARATOR;
use crate::domain::record::{Kind, RecordId, Revision};
use crate::domain::value::Value;
use crate::i18n::t;
use crate::protocol::{Answer, Request};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::{Effect, step};
use crate::ui::job::Export;
use crate::ui::overlay::Outcome;
use crate::ui::overlays::form::FormOverlay;
use crate::ui::overlays::history::History;
use crate::ui::pane::{Availability, HintWord, Pane, PaneEvent, Question, View, usual_hint};
use crate::ui::widgets::Handled;
use crate::ui::widgets::list::RecordList;
use crate::ui::widgets::list_draw;

const ROWS: &str = "officers.rows";
const FORM: &str = "officers.form";
const DELETE: &str = "officers.delete";

pub struct Officers {
    list: RecordList,
    /// Who looks, and as what.
    user: String,
    role: Role,
}

impl Default for Officers {
    fn default() -> Self {
        let list = RecordList::new(Kind::Officers, ROWS);
        Self {
            list: list.filled_by(&[Command::ListAdd, Command::Guide]),
            user: String::new(),
            role: Role::default(),
        }
    }
}

impl Officers {
    /// What was chosen with its revisions; `None` when some of it is out of sight.
    fn chosen(&self) -> Option<Vec<(RecordId, Revision)>> {
        let with_revision =
            |number| Some((RecordId::new(Kind::Officers, number), self.list.revision(number)?));
        self.list.chosen().into_iter().map(with_revision).collect()
    }

    /// User and role of every row at hand, and whether it is chosen.
    fn rows(&self) -> Vec<(String, bool, bool)> {
        let chosen = self.list.chosen();
        let text = |value: Option<&Value>| match value {
            Some(Value::Text(text) | Value::Choice(text)) => text.clone(),
            _ => String::new(),
        };
        let rows = (0..self.list.matched()).filter_map(|at| self.list.row_at(at));
        rows.map(|row| {
            let user = text(self.list.cell_of(row, "user"));
            let is_admin = text(self.list.cell_of(row, "role")) == Role::Admin.code();
            (user, is_admin, chosen.contains(&row.number))
        })
        .collect()
    }

    fn deletion(&self) -> Option<Question> {
        let rows = self.rows();
        let gone: Vec<_> = rows.iter().filter(|(.., chosen)| *chosen).collect();
        let count = self.list.chosen().len() as u32;
        let who = match &gone[..] {
            [(user, ..)] if count == 1 => user.clone(),
            _ => crate::i18n::count(Kind::Officers, count),
        };
        let mut text = t!("officers.delete", who = who).into_owned();
        let mut add = |more: &str| {
            text.push(' ');
            text.push_str(more);
        };
        if gone.iter().any(|(user, ..)| *user == self.user) {
            add(&t!("officers.delete_self"));
        }
        let all_here = self.list.total() == Some(rows.len() as u32);
        let left = rows.iter().any(|(_, is_admin, chosen)| *is_admin && !chosen);
        if all_here && !left && gone.iter().any(|(_, is_admin, _)| *is_admin) {
            add(&t!("officers.delete_last"));
        }
        (count > 0).then_some(Question::new(text, count))
    }

    fn command(&mut self, command: Command) -> Vec<Effect> {
        let current = self.list.current();
        let of_row =
            |effect: &dyn Fn(RecordId) -> Effect| current.map(effect).into_iter().collect();
        match command {
            Command::ListOpen | Command::ListEdit => {
                of_row(&|id| Effect::open(FORM, FormOverlay::open(id)))
            }
            Command::ListAdd => vec![Effect::open(FORM, FormOverlay::add(Kind::Officers))],
            Command::ListDelete => match self.chosen() {
                Some(ids) => vec![Effect::ask(DELETE, Request::Delete { step: step(), ids })],
                None => Vec::new(),
            },
            Command::ListHistory => {
                let user = self.list.cell("user").map(crate::i18n::value).unwrap_or_default();
                of_row(&|id| Effect::open("officers.history", History::of(id, user.as_str())))
            }
            _ => Vec::new(),
        }
    }
}

impl Pane for Officers {
    fn id(&self) -> &'static str {
        "officers"
    }

    fn go(&self) -> Command {
        Command::GoOfficers
    }

    fn shown_to(&self, role: Role) -> bool {
        matches!(role, Role::Admin | Role::Auditor)
    }

    fn title(&self) -> String {
        t!("officers.title").into_owned()
    }

    fn counter(&self) -> String {
        self.list.counter()
    }

    fn contexts(&self) -> &'static [Context] {
        if self.list.is_filtering() {
            &[Context::Text, Context::Filter, Context::PaneOfficers, Context::List]
        } else {
            &[Context::PaneOfficers, Context::List]
        }
    }

    fn facts(&self) -> Facts {
        self.list.facts()
    }

    fn available(&self, command: Command) -> Availability {
        match command {
            Command::ListBulkEdit | Command::ListCopy => {
                Availability::No(t!("records.not_here").into_owned())
            }
            Command::ListOpen | Command::ListEdit | Command::ListAdd | Command::ListDelete
                if self.role != Role::Admin =>
            {
                Availability::No(t!("officers.only_admins").into_owned())
            }
            Command::ListDelete if self.chosen().is_none() => {
                Availability::No(t!("records.delete_in_sight").into_owned())
            }
            _ => Availability::Yes,
        }
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            // Opening is editing here.
            Command::ListOpen => HintWord::Silent,
            command => usual_hint(command, self.facts()),
        }
    }

    fn question(&self, command: Command) -> Option<Question> {
        self.deletion().filter(|_| command == Command::ListDelete)
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        self.user.clone_from(&view.info.officer);
        self.role = view.info.role;
        match event {
            PaneEvent::Show(id) => vec![self.list.reveal(id.number)],
            event => match self.list.update(event, view.area) {
                Handled::Yes(effects) => effects,
                Handled::No(PaneEvent::Command(command)) => self.command(command),
                Handled::No(PaneEvent::Answer(tag, Answer::Saved(_))) if tag.name == DELETE => {
                    self.list.unmark_all();
                    Vec::new()
                }
                Handled::No(PaneEvent::Outcome(tag, Outcome::Saved(saved))) if tag.name == FORM => {
                    let id = saved.ids.first().filter(|id| id.kind == Kind::Officers);
                    id.map(|id| self.list.reveal(id.number)).into_iter().collect()
                }
                Handled::No(_) => Vec::new(),
            },
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        list_draw::draw_written(frame, view.area, &self.list, true, view, &|_, row, column| {
            match self.list.cell_of(row, "unit").filter(|_| column.name == "unit")? {
                // The unit itself tells more than the top of its path.
                Value::Text(path) => path.rsplit(PATH_SEPARATOR).next().map(str::to_string),
                _ => Some(t!("officers.whole_office").into_owned()),
            }
        });
    }

    fn export(&self) -> Option<Export> {
        Some(Export::List(self.list.query()))
    }

    fn shows(&self, id: RecordId) -> bool {
        id.kind == Kind::Officers
    }
}
