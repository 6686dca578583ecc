//! Pane: one of the places an officer works in (employees, matrix, training).
//!
//! A pane keeps view state only: cursor, scroll, filter, marks. It never sees a key, never
//! does I/O; it is told what happened (`PaneEvent`), answers with what it wants done
//! (`Effect`) and draws itself. What it asked the office for comes back under its own tag.
//! It refreshes by record id, never by row number.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::command::{Command, Context, Fact, Facts};
use super::effect::{Begins, Effect, Marks, Tag, UnitScope};
use super::job::{Export, JobEvent};
use super::keymap::Keymap;
use super::memory::Memory;
use super::overlay::Outcome;
use super::theme::{Glyphs, Theme};
use crate::domain::kinds::officer::Role;
use crate::domain::record::{EmployeeId, Kind, RecordId, SessionId};
use crate::protocol::{Answer, Editor, Notice, OfficeInfo, ReportQuery};

/// What happens to a pane or an overlay.
#[derive(Debug)]
pub enum PaneEvent<'a> {
    /// A command of one of its contexts. A destructive one has been confirmed.
    Command(Command),
    /// A character for its text field.
    Text(char),
    Paste(&'a str),
    /// The office's answer to what was asked under this tag.
    Answer(Tag, Answer),
    /// An overlay (or editor) opened under this tag has ended.
    Outcome(Tag, Outcome),
    /// Something changed in the office. A pane behind is told once it comes to the front.
    Notice(&'a Notice),
    Job(&'a JobEvent),
    /// It came to the front, or the program has started.
    Shown,
    /// `View::area` is another one; ask for the rows that are missing.
    Resized,
    /// `View::unit` is another one; ask anew.
    Restricted,
    /// `View::drafts` is another number.
    Drafts,
    /// Nothing was pressed for a moment, and it had said that it [is moving](Pane::is_moving).
    Rested,
    /// These people are marked, and nobody else.
    Mark(&'a Marks),
    /// Put the cursor on this record (chosen in the palette).
    Show(RecordId),
    /// Show the attendance of this session.
    Attend(SessionId),
    /// Show what this search finds.
    Search(&'a str),
    /// Show this report as it is asked for.
    Report(&'a ReportQuery, Begins),
}

/// Whether a command can be given now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    Yes,
    /// No, and why, in the officer's language. Shown grey, and told when pressed.
    No(String),
}

/// What the hint line says of a command at this place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HintWord {
    /// The catalogue's word for it.
    Usual,
    /// This word: the command does something of its own here.
    Here(String),
    /// Nothing: not worth a place on the line here.
    Silent,
}

impl HintWord {
    /// The text under a key of the catalogue.
    pub fn here(text: impl Into<String>) -> Self {
        Self::Here(text.into())
    }
}

/// What is asked before a destructive command: No is the default, and over
/// [`super::overlays::confirm::TYPED_ABOVE`] records the count must be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// A whole sentence that names what it will touch.
    pub text: String,
    pub count: u32,
    /// Digits to type, of what can never be taken back.
    pub digits: Option<String>,
}

impl Question {
    pub fn new(text: impl Into<String>, count: u32) -> Self {
        Self { text: text.into(), count, digits: None }
    }
}

/// What a pane or an overlay may look at. Made anew for every update and every frame.
pub struct View<'a> {
    pub theme: &'a Theme,
    pub glyphs: &'a Glyphs,
    /// Where it stands on the screen, the same in `update` and `draw`. May be zero wide or high.
    pub area: Rect,
    /// Today, where the office is.
    pub today: NaiveDate,
    pub now: DateTime<Utc>,
    /// The office's time zone, for times shown.
    pub zone: FixedOffset,
    pub info: &'a OfficeInfo,
    pub read_only: bool,
    /// The unit all panes are restricted to.
    pub unit: Option<&'a UnitScope>,
    /// People marked in the employees pane.
    pub marked_people: &'a BTreeSet<u32>,
    /// What was chosen on the page before.
    pub along: &'a Along,
    pub keymap: &'a Keymap,
    /// Where files go unless another place is typed.
    pub folder: &'a std::path::Path,
    /// Who else has which record open in a form.
    pub editors: &'a [Editor],
    /// How many forms were not finished and wait to be taken up.
    pub drafts: usize,
    /// What is remembered for this officer from other sittings.
    pub memory: &'a Memory,
}

impl View<'_> {
    /// Who else has this record open in a form, by name; `None` when nobody has.
    pub fn who_edits(&self, id: Option<RecordId>) -> Option<String> {
        let here = self.editors.iter().filter(|editor| Some(editor.id) == id);
        let mut names: Vec<&str> = here.map(|editor| editor.officer.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

/// What goes along from page to page besides the unit and the marks.
#[derive(Clone, Debug, Default)]
pub struct Along {
    /// The person the officer was on last.
    pub person: Option<EmployeeId>,
    /// By what people are filtered.
    pub filter: String,
}

/// What is chosen on a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Selection<'a> {
    /// The person under the cursor.
    pub person: Option<EmployeeId>,
    pub filter: &'a str,
    /// How many are marked, with those of a range that has begun.
    pub marked: usize,
    /// Whether it is people of whom this is the choice, and every page's then.
    pub of_people: bool,
}

pub trait Pane {
    /// Stable name, as in `pane.<id>` and `guide.<id>` of the catalogue.
    fn id(&self) -> &'static str;

    /// The command that brings it to the front.
    fn go(&self) -> Command;

    /// Whether an officer in this role has something to do here. An auditor reads the history
    /// and nothing else.
    fn shown_to(&self, role: Role) -> bool {
        role != Role::Auditor
    }

    /// For the tab bar, in the officer's language.
    fn title(&self) -> String;

    /// Shown behind the title: `12/480`. Empty while unknown.
    fn counter(&self) -> String {
        String::new()
    }

    /// Innermost first, without `Global`. With [`Context::Text`] in front while a text field
    /// of it has the cursor.
    fn contexts(&self) -> &'static [Context];

    fn facts(&self) -> Facts;

    /// Whether there are areas to walk between.
    fn has_areas(&self) -> bool {
        false
    }

    /// Beyond what the registry says of needs and read-only, which the app has checked.
    fn available(&self, _command: Command) -> Availability {
        Availability::Yes
    }

    /// What the hint line calls a command here.
    fn hint(&self, command: Command) -> HintWord {
        usual_hint(command, self.facts())
    }

    /// What to ask before this destructive command.
    fn question(&self, _command: Command) -> Option<Question> {
        None
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect>;

    /// Whether something of it is to follow once its cursor rests.
    fn is_moving(&self) -> bool {
        false
    }

    /// Draws within `view.area`.
    fn draw(&self, frame: &mut Frame, view: &View);

    /// What is on screen, as filtered and sorted, for `Command::Export`.
    fn export(&self) -> Option<Export> {
        None
    }

    /// The record under the cursor, or the one that is open.
    fn looks_at(&self) -> Option<RecordId> {
        None
    }

    /// Whether faults of `Problem::Invalid` are shown by itself.
    fn shows_faults(&self) -> bool {
        false
    }

    /// What is chosen here; it goes along to the next page and stands in the crumb line.
    fn selection(&self) -> Selection<'_> {
        Selection { person: person_of(self.looks_at()), ..Selection::default() }
    }

    /// How many things `list.back` closes here before it leads back to where one came from.
    fn depth(&self, _view: &View) -> u8 {
        u8::from(self.facts().has(Fact::DetailOpen))
    }

    /// Whether `PaneEvent::Show` means something for this record.
    fn shows(&self, _id: RecordId) -> bool {
        false
    }
}

/// The person, where the record is one.
pub fn person_of(id: Option<RecordId>) -> Option<EmployeeId> {
    id.filter(|id| id.kind == Kind::Employees).map(|id| EmployeeId(id.number))
}

/// How a person has moved over the years.
pub fn trend_of(person: EmployeeId) -> Effect {
    Effect::trend(|query| query.own = vec![("person".into(), person.0.to_string())])
}

/// Of a pane: going back is worth a hint only from where it leads somewhere, and areas
/// where there are some.
pub fn usual_hint(command: Command, facts: Facts) -> HintWord {
    match command {
        Command::ListBack if !facts.has(Fact::DetailOpen) => HintWord::Silent,
        Command::AreaNext => HintWord::Silent,
        // Whom is said first.
        Command::Enrol if !facts.has(Fact::Marked) => HintWord::Silent,
        _ => HintWord::Usual,
    }
}
