//! A list of the records of one kind by definition: which columns it begins with, how a
//! cell is written, what is refused, what is asked before a deletion, how a record is read.
//! Editing is the form of the kind, history and deletion the same everywhere. A definition is a
//! [`ListPane`]; a [`Listing`] is one at work, in a pane (`panes::listed`) or over one
//! (`overlays::records`). Nothing here knows what a kind means.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::command::{Command, Fact, Facts};
use super::effect::{Effect, step};
use super::job::Export;
use super::overlay::{Outcome, Overlay};
use super::overlays::export::ExportForm;
use super::overlays::form::FormOverlay;
use super::overlays::history::History;
use super::overlays::moves;
use super::overlays::records::Records;
use super::pane::{Availability, PaneEvent, Question, View};
use super::panes;
use super::widgets::Handled;
use super::widgets::list::RecordList;
use super::widgets::list_draw;
use super::words::capitalised;
use crate::domain::belongs::Owner;
use crate::domain::column::Column;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{Kind, RecordId};
use crate::i18n::{self, t};
use crate::protocol::{Answer, ListQuery, Moves, ReportQuery, Request, Row, Tried};

const ROWS: &str = "records.rows";
const FORM: &str = "records.form";
const DELETE: &str = "records.delete";
/// Whom a deletion moves.
const MOVED: &str = "records.moved";
const HISTORY: &str = "records.history";
const PRINT: &str = "records.print";

/// How a cell that means something is written and looks; `None` leaves it as it is.
type Look = fn(&RecordList, &Row, &Column, &View) -> Option<(String, Style)>;

/// How a column is headed that says more than its name; `None` leaves it.
type Headed = fn(&Column, &View) -> Option<String>;

/// How a record has moved over the years.
type Trends = fn(&RecordList, RecordId) -> Effect;

/// A list, as it is defined: `ListPane { columns: …, ..ListPane::of(kind) }`.
pub struct ListPane {
    pub kind: Kind,
    /// It begins with these; empty is the kind's own.
    pub columns: &'static [Column],
    /// Asked for beside those shown, for `cell` and `foot`.
    pub known: &'static [&'static str],
    /// It begins sorted by this column, the least first; empty is the kind's own order.
    pub sorted: &'static str,
    /// How the first record comes in, told while there is none.
    pub ways: &'static [Command],
    /// What stands in a cell instead of its value; the number is the row's place in the list.
    pub cell: fn(&RecordList, u32, &Row, &Column) -> Option<String>,
    /// A cell that means something: its words, and how they look.
    pub look: Look,
    pub headed: Headed,
    /// Why a command means nothing here, if it does not.
    pub why_not: fn(&Listing, Command) -> Option<String>,
    /// What to ask before the chosen records go.
    pub deletion: fn(&Listing) -> String,
    /// How a record is read where opening is not yet editing it.
    pub reads: Option<fn(RecordId) -> Box<dyn Overlay>>,
    /// The report that is the printed sheet of the record under the cursor, if there is one.
    pub prints: Option<fn(&RecordList, RecordId) -> ReportQuery>,
    /// The report of how the record under the cursor has moved over the years, if there is one.
    pub trends: Option<Trends>,
    /// What its command opens: the list itself, or what shows the same in another shape.
    pub opens: fn(&'static Self) -> Box<dyn Overlay>,
}

impl ListPane {
    /// With nothing of its own.
    pub const fn of(kind: Kind) -> Self {
        Self {
            kind,
            columns: &[],
            known: &[],
            sorted: "",
            ways: &[Command::ListAdd, Command::Guide],
            cell: |_, _, _, _| None,
            look: |_, _, _, _| None,
            headed: |_, _| None,
            why_not: |_, _| None,
            deletion: Listing::usual_deletion,
            reads: None,
            prints: None,
            trends: None,
            opens: |list| Box::new(Records::new(list)),
        }
    }

    /// A record as it is opened: to be read, where there is a page for that, or its form.
    pub fn opened(&self, id: RecordId) -> Box<dyn Overlay> {
        self.reads.map_or_else(|| Box::new(FormOverlay::open(id)) as _, |reads| reads(id))
    }

    /// The list itself; `tag` is the name under which its pages are asked for.
    pub fn list(&'static self, tag: &'static str) -> RecordList {
        let mut list = RecordList::new(self.kind, tag).knowing(self.known).filled_by(self.ways);
        if !self.columns.is_empty() {
            list = list.showing(self.columns);
        }
        if self.sorted.is_empty() { list } else { list.sorted(self.sorted) }
    }

    /// Draws the list with its cells as they are written here.
    pub fn draw(
        &self,
        frame: &mut Frame,
        area: Rect,
        list: &RecordList,
        focused: bool,
        view: &View,
    ) {
        let written = |at: u32, row: &Row, column: &Column| (self.cell)(list, at, row, column);
        let look = |row: &Row, column: &Column| (self.look)(list, row, column, view);
        let headed = |column: &Column| (self.headed)(column, view);
        list_draw::draw_looking(frame, area, list, focused, view, (&written, &look, &headed));
    }
}

/// A list of what a query found.
struct Found {
    name: String,
    search: String,
}

/// A list at work.
pub struct Listing {
    def: &'static ListPane,
    pub list: RecordList,
    /// What a query found, of which only this much is the officer's own doing: records open
    /// where they are kept, and leaving does not first lift the filter.
    found: Option<Found>,
    /// The unit in force, where records belong to people.
    unit: Option<String>,
    /// Who looks, and as what.
    pub user: String,
    pub role: Role,
}

impl Listing {
    pub fn new(def: &'static ListPane) -> Self {
        let list = def.list(ROWS);
        let (user, role) = (String::new(), Role::default());
        Self { def, list, found: None, unit: None, user, role }
    }

    /// What a query finds, under a name of its own.
    pub fn found(query: &ListQuery, name: String) -> Self {
        let mut listing = Self::new(panes::list_of(query.kind));
        listing.list.narrow(query);
        listing.found = Some(Found { name, search: query.search.clone() });
        listing
    }

    /// What belongs to people is of the people of the unit in force, as on every page; the
    /// records of one record are all of them.
    fn restrict(&mut self, view: &View) {
        let unit =
            view.unit.filter(|_| self.kind().belongs() == Owner::Person && self.list.of.is_none());
        self.unit = unit.map(|unit| unit.label.clone());
        self.list.within(unit.map(|unit| unit.id));
    }

    /// What it is called: the kind, and of what was found the name.
    pub fn title(&self) -> String {
        let kind = capitalised(&i18n::kind(self.kind()));
        let name = self.found.as_ref().filter(|found| capitalised(&found.name) != kind);
        let unit = self.unit.as_deref().map(i18n::shortened);
        let said = name.map(|found| found.name.clone()).into_iter().chain(unit);
        let said = said.collect::<Vec<_>>().join(", ");
        let said = if said.is_empty() { said } else { format!(": {said}") };
        format!("{kind}{said} {}", self.list.counter())
    }

    pub fn facts(&self) -> Facts {
        let given = self.found.as_ref().is_some_and(|found| found.search == self.list.search());
        let facts = self.list.facts();
        if given { facts.without(Fact::Filtered) } else { facts }
    }

    pub const fn kind(&self) -> Kind {
        self.def.kind
    }

    fn command(&mut self, command: Command) -> Vec<Effect> {
        let current = self.list.current();
        let effect = match command {
            Command::ListOpen if self.found.is_some() => current.map(Effect::Visit),
            Command::ListOpen => current.map(|id| Effect::Open(FORM.into(), self.def.opened(id))),
            Command::ListEdit => current.map(|id| Effect::open(FORM, FormOverlay::open(id))),
            Command::ListAdd => Some(Effect::open(FORM, FormOverlay::add(self.kind()))),
            Command::ListDelete => self.list.deletable().map(|ids| {
                if self.kind().moves_people() {
                    return Effect::ask(MOVED, Request::Moves(Tried::Delete(ids)));
                }
                Effect::ask(DELETE, Request::Delete { step: step(), ids })
            }),
            Command::ListHistory => {
                current.map(|id| Effect::open(HISTORY, History::of(id, self.label())))
            }
            _ => None,
        };
        effect.into_iter().collect()
    }

    /// Deletes, once it was said whom that moves between categories.
    fn delete(&self) -> Vec<Effect> {
        let ids = self.list.deletable().into_iter();
        ids.map(|ids| Effect::ask(DELETE, Request::Delete { step: step(), ids })).collect()
    }

    fn moved(&self, moves: &Moves) -> Vec<Effect> {
        if moves.is_nothing() {
            return self.delete();
        }
        let ask = moves::question("", moves, &(self.def.deletion)(self));
        vec![Effect::open(MOVED, ask)]
    }

    fn print(&self, view: &View) -> Vec<Effect> {
        let printed = self.def.prints.zip(self.list.current());
        let query = printed.map(|(prints, id)| prints(&self.list, id));
        query.map(|query| Effect::open(PRINT, ExportForm::sheet(query, view))).into_iter().collect()
    }

    /// The record's own, or that of the person it is kept with.
    fn trend(&self) -> Option<Effect> {
        self.def.trends.zip(self.list.current()).map(|(trends, id)| trends(&self.list, id))
    }

    /// What the row under the cursor is called: its first cell with words in it.
    fn label(&self) -> String {
        let row = self.list.row();
        let words = row.map(|row| row.cells.iter().map(i18n::value).find(|text| !text.is_empty()));
        words.flatten().unwrap_or_default()
    }

    pub fn available(&self, command: Command) -> Availability {
        let why = match command {
            Command::ListBulkEdit | Command::ListCopy => Some(t!("records.not_here").into_owned()),
            Command::ReportPrint if self.def.prints.is_none() => {
                Some(t!("records.no_sheet").into_owned())
            }
            Command::RecordTrend if self.trend().is_none() => {
                Some(t!("records.no_trend").into_owned())
            }
            Command::ReportPrint if self.list.current().is_none() => {
                Some(t!("records.nothing_to_print").into_owned())
            }
            command => (self.def.why_not)(self, command),
        };
        let out_of_sight = || {
            let some = command == Command::ListDelete && self.list.deletable().is_none();
            some.then(|| t!("records.delete_in_sight").into_owned())
        };
        why.or_else(out_of_sight).map_or(Availability::Yes, Availability::No)
    }

    pub fn question(&self, command: Command) -> Option<Question> {
        let count = self.list.chosen().len() as u32;
        (command == Command::ListDelete && count > 0)
            .then(|| Question::new((self.def.deletion)(self), count))
    }

    fn usual_deletion(&self) -> String {
        let what = match self.list.chosen().len() as u32 {
            1 if self.list.marks().is_empty() => {
                i18n::named(&i18n::one(self.kind()), &self.label())
            }
            count => i18n::count(self.kind(), count),
        };
        t!("records.delete", what = what).into_owned()
    }

    pub fn export(&self) -> Export {
        self.list.export()
    }

    /// `area` is where the list will be drawn. Hands back what is not a list's business.
    pub fn update<'a>(&mut self, event: PaneEvent<'a>, area: Rect, view: &View) -> Handled<'a> {
        self.user.clone_from(&view.info.officer);
        self.role = view.info.role;
        if matches!(event, PaneEvent::Shown) {
            self.restrict(view);
        }
        let effects = match self.list.update(event, area, view.today, view.memory) {
            Handled::Yes(effects) => effects,
            Handled::No(PaneEvent::Command(Command::ListBack | Command::Cancel)) => {
                return Handled::No(PaneEvent::Command(Command::ListBack));
            }
            Handled::No(PaneEvent::Command(Command::ReportPrint)) => self.print(view),
            Handled::No(PaneEvent::Command(Command::RecordTrend)) => {
                self.trend().into_iter().collect()
            }
            Handled::No(PaneEvent::Command(command)) => self.command(command),
            Handled::No(PaneEvent::Answer(tag, Answer::Saved(_))) if tag.name == DELETE => {
                self.list.unmark_all();
                Vec::new()
            }
            Handled::No(PaneEvent::Answer(tag, Answer::Moves(moves))) if tag.name == MOVED => {
                self.moved(&moves)
            }
            Handled::No(PaneEvent::Outcome(tag, Outcome::Yes)) if tag.name == MOVED => {
                self.delete()
            }
            Handled::No(PaneEvent::Outcome(tag, Outcome::Saved(saved))) if tag.name == FORM => {
                let id = saved.ids.first().filter(|id| id.kind == self.kind());
                id.map(|id| self.list.reveal(id.number)).into_iter().collect()
            }
            Handled::No(PaneEvent::Show(id)) => vec![self.list.reveal(id.number)],
            Handled::No(event) => return Handled::No(event),
        };
        Handled::Yes(effects)
    }

    pub fn draw(&self, frame: &mut Frame, area: Rect, view: &View) {
        self.def.draw(frame, area, &self.list, true, view);
    }
}
