//! The matrix pane: people of a unit against the competencies, a digit a cell. A keyed
//! level shows at once and the cursor moves on at once; each digit is a request of its
//! own, so that nothing waits and nothing is lost. Which rows are here is [`window`]'s
//! business, what is on its way to the disk is [`keyed`]'s, how it looks is [`grid`]'s.

mod doing;
mod explain;
mod flow;
mod grid;
mod keyed;
mod layout;
mod lines;
mod remembered;
mod seek;
mod side;
mod source;
mod texts;
mod window;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use self::flow::Begun;
use self::keyed::{Advance, KeyedPlace, KeyedState, KeyedWith, Ledger};
use self::layout::Layout;
use self::remembered::Remembered;
use self::seek::Seek;
use self::side::Side;
use self::source::SourceForm;
use self::texts::Texts;
use self::window::{Window, WindowTaken};
use crate::domain::gap::{Cell, Figures};
use crate::domain::kinds::competency::Level;
use crate::domain::record::{CompetencyId, Kind, RecordId};
use crate::i18n::{t, whole};
use crate::protocol::{Answer, ListQuery, MatrixQuery, MatrixRow, Notice, ReportQuery, Request};
use crate::ui::command::{Command, Context, Fact, Facts};
use crate::ui::effect::{Effect, Marks, Tag, step};
use crate::ui::job::Export;
use crate::ui::overlay::Outcome;
use crate::ui::overlays::picker::Picker;
use crate::ui::overlays::units;
use crate::ui::pane::{Availability, Pane, PaneEvent, Selection, View};
use crate::ui::panes::enroller::Enroller;
use crate::ui::toast::Toast;
use crate::ui::widgets::filter::{Filter, Filtering};

const RATE: &str = "matrix.rate";
const WITHDRAW: &str = "matrix.withdraw";
const EXPLAIN: &str = "matrix.explain";
const SOURCE: &str = "matrix.source";
const COLUMNS: &str = "matrix.columns";
const ALL: &str = "matrix.all";
/// The matrix shows no others.
const ACTIVE: &str = "status:aktif";

/// A cell as it is shown: what the office says, with what was keyed on top.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub cell: Cell,
    pub progress: Option<KeyedState>,
    pub refused: bool,
}

#[derive(Default)]
pub struct MatrixPane {
    window: Window,
    ledger: Ledger,
    sitting: Rc<RefCell<KeyedWith>>,
    texts: Texts,
    side: Side,
    /// While digits follow one another, the cell whose words still stand.
    told: Option<Begun>,
    seek: Seek,
    filter: Filter,
    enrolling: Enroller,
    /// How many are marked, here or in the list of people.
    marked: usize,
    last_level: Option<Level>,
    /// Keyed before the officer had seen what would be written beside it.
    held: Option<Level>,
    explaining: Option<(u32, KeyedPlace)>,
    explained: u32,
    remembered: Remembered,
}

impl Pane for MatrixPane {
    fn id(&self) -> &'static str {
        "matrix"
    }

    fn go(&self) -> Command {
        Command::GoMatrix
    }

    fn title(&self) -> String {
        t!("matrix.title").into_owned()
    }

    fn counter(&self) -> String {
        let marked = match self.marked {
            0 => String::new(),
            count => format!(" *{count}"),
        };
        self.window.matrix().map_or_else(String::new, |matrix| {
            if matrix.matched == matrix.total {
                format!("{}{marked}", whole(matrix.total))
            } else {
                format!("{}/{}{marked}", whole(matrix.matched), whole(matrix.total))
            }
        })
    }

    fn contexts(&self) -> &'static [Context] {
        Context::PaneMatrix.of_list(self.filter.is_typing())
    }

    fn facts(&self) -> Facts {
        let filtered = !self.window.search().is_empty();
        let empty = self.window.total() == 0 || self.window.column().is_none();
        Facts::NONE
            .when(Fact::Filtered, filtered)
            .when(Fact::Empty, empty)
            .when(Fact::Marked, self.marked > 0)
    }

    fn available(&self, command: Command) -> Availability {
        let reason = match command {
            Command::ListMarkRange => t!("matrix.marks_elsewhere"),
            _ if self.on_unit() && self.of_person(command) => t!("matrix.line_of_unit"),
            Command::MatrixRepeat if self.last_level.is_none() => t!("matrix.nothing_to_repeat"),
            Command::MatrixClear if !self.can_withdraw() => t!("matrix.nothing_to_withdraw"),
            _ => return Availability::Yes,
        };
        Availability::No(reason.into_owned())
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        self.marked = view.marked_people.len();
        let rests = matches!(event, PaneEvent::Rested);
        self.recall(view.memory);
        let mut effects = self.fit(view.area);
        if !flow::goes_on(&event) {
            effects.extend(self.flowed());
        }
        if let Some(viewed) = self.viewed(&event, view.memory) {
            effects.extend(viewed);
            return effects;
        }
        if let Some(filtered) = self.filtered(&event, view) {
            effects.extend(filtered);
            effects.extend(self.fit(view.area));
            return effects;
        }
        effects.extend(match event {
            PaneEvent::Command(command) => {
                self.seek.stop();
                self.command(command, view)
            }
            PaneEvent::Answer(tag, answer) => self.answer(tag, answer, view),
            PaneEvent::Outcome(tag, outcome) => self.outcome(tag, outcome, view),
            PaneEvent::Notice(Notice::Changed { seq, ids, many }) => {
                let of_texts = ids.iter().any(|id| id.kind == Kind::Competencies);
                if *many || of_texts {
                    self.texts.forget();
                }
                self.side.forget();
                self.changed(*seq)
            }
            PaneEvent::Restricted => self.window.restrict(view.unit.map(|unit| unit.id)),
            PaneEvent::Shown => self.come(view),
            PaneEvent::Search(text) => {
                self.filter.set(text);
                self.window.set_search(text)
            }
            // Of digits those that are levels have been taken, of letters those that are commands.
            PaneEvent::Text(c) if c.is_alphanumeric() => {
                vec![Effect::refuse(t!("matrix.not_a_level"))]
            }
            _ => Vec::new(),
        });
        // Those it marks now are counted now: whether more is drawn before the next key is not
        // for the count to wait for.
        if let Some(marks) = effects.iter().rev().find_map(Effect::marks) {
            self.marked = marks.len();
        }
        self.find_columns();
        // What has come may have changed how many rows and columns fit.
        effects.extend(self.fit(view.area));
        if self.layout(view.area).text.height > 0 {
            effects.extend(self.texts.want(self.window.competency()));
        }
        effects.extend(self.follow(view, rests));
        effects
    }

    fn is_moving(&self) -> bool {
        self.side.moving || self.told.is_some()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        grid::draw(frame, self, view);
    }

    fn looks_at(&self) -> Option<RecordId> {
        self.window.row().map(|row| row.employee.into())
    }

    fn selection(&self) -> Selection<'_> {
        Selection {
            person: self.window.row().map(|row| row.employee),
            filter: self.window.search(),
            marked: self.marked,
            of_people: true,
        }
    }

    fn export(&self) -> Option<Export> {
        self.window.matrix()?;
        let MatrixQuery { unit, search, at, .. } = self.window.query();
        let query = ReportQuery { unit, at, search, ..ReportQuery::of("matrix") };
        Some(Export::Report(query, Vec::new(), Vec::new()))
    }
}

impl MatrixPane {
    pub fn new() -> Self {
        Self { filter: Filter::of(Kind::Employees), ..Self::default() }
    }

    fn layout(&self, area: Rect) -> Layout {
        let filtering = self.filter.is_typing() || !self.window.search().is_empty();
        let people = self.window.lines().1.iter().filter_map(lines::MatrixLine::person);
        let names = people.map(|row| row.name.width()).max().unwrap_or(0) as u16;
        Layout::of(area, self.window.columns().len(), names, filtering)
    }

    fn fit(&mut self, area: Rect) -> Vec<Effect> {
        let layout = self.layout(area);
        self.window.fit(layout.rows(), layout.columns)
    }

    /// A cell of a row with what was keyed for it on top.
    fn shown(&self, row: &MatrixRow, at: usize) -> Shown {
        let Some(cell) = row.cells.get(at).copied() else {
            let cell = Cell { competency: CompetencyId::default(), required: None, actual: None };
            return Shown { cell, progress: None, refused: false };
        };
        let place = KeyedPlace { employee: row.employee, competency: cell.competency };
        let refused = self.ledger.was_refused(place);
        match self.ledger.level(place) {
            Some((level, progress)) => {
                let cell = Cell { actual: Some(level.get()), ..cell };
                Shown { cell, progress: Some(progress), refused }
            }
            None => Shown { cell, progress: None, refused },
        }
    }

    /// The figures of a row with what was keyed in it.
    fn figures(&self, row: &MatrixRow) -> Figures {
        Figures::of((0..row.cells.len()).map(|at| self.shown(row, at).cell))
    }

    /// The cell under the cursor.
    fn place(&self) -> Option<KeyedPlace> {
        let (row, competency) = (self.window.row()?, self.window.competency()?);
        Some(KeyedPlace { employee: row.employee, competency })
    }

    fn can_withdraw(&self) -> bool {
        self.place().is_some_and(|place| self.ledger.can_withdraw(place))
    }

    fn command(&mut self, command: Command, view: &View) -> Vec<Effect> {
        if let Some(level) = command.level().and_then(Level::new) {
            return self.rate(level, view);
        }
        if command != Command::MatrixRepeat {
            let mut effects = self.flowed();
            effects.extend(self.other(command, view));
            return effects;
        }
        self.last_level.map_or_else(Vec::new, |level| self.rate(level, view))
    }

    fn other(&mut self, command: Command, view: &View) -> Vec<Effect> {
        match command {
            Command::MatrixUp => return self.window.move_rows(-1),
            Command::MatrixDown => return self.window.move_rows(1),
            Command::MatrixPageUp => return self.window.move_rows(-self.window.page()),
            Command::MatrixPageDown => return self.window.move_rows(self.window.page()),
            Command::MatrixFirst => return self.window.go_to_row(0),
            Command::MatrixLast => return self.window.go_to_row(u32::MAX),
            Command::MatrixLeft => self.window.move_columns(-1),
            Command::MatrixRight => self.window.move_columns(1),
            Command::MatrixRowStart => self.window.go_to_column(0),
            Command::MatrixRowEnd => self.window.go_to_column(usize::MAX),
            Command::MatrixClear => return self.withdraw(),
            // A unit's line has sums, which say themselves what they are.
            Command::MatrixExplain if self.on_unit() => return self.read_competency(),
            Command::MatrixExplain => return self.explain(),
            Command::MatrixCompetency => return self.read_competency(),
            Command::RecordTrend => return self.trend(),
            Command::WhatIf => return vec![Effect::what_if(self.chosen(view), &[])],
            Command::MatrixNextGap => return self.next_gap(true),
            Command::MatrixPrevGap => return self.next_gap(false),
            Command::MatrixRater => return vec![self.source_form(view)],
            Command::MatrixUnit => return vec![units::choice(view)],
            Command::MatrixGapsOnly => return self.turn_gaps(),
            Command::MatrixGroup => return self.turn_groups(),
            Command::ListSort => return self.turn_sort(),
            Command::Enrol => return self.enrol(view),
            Command::ListMark | Command::ListUnmarkAll => return self.mark(command, view),
            Command::ListMarkAll => {
                let MatrixQuery { unit, search, .. } = self.window.query();
                let search = format!("{search} {ACTIVE}");
                let query = ListQuery { search, unit, ..ListQuery::all(Kind::Employees) };
                return vec![Effect::ask(ALL, Request::Ids(query))];
            }
            Command::ListColumns => return self.column_picker(),
            Command::ListOpen => return self.open(),
            Command::ListHistory => return self.history(),
            Command::ListCopy => return self.copy(),
            _ => {}
        }
        Vec::new()
    }

    /// What the filter takes of an event, if it is the filter's.
    fn filtered(&mut self, event: &PaneEvent, view: &View) -> Option<Vec<Effect>> {
        Some(match self.filter.update(event, view.today, view.memory) {
            Filtering::Changed(completes) => {
                let mut effects = self.window.set_search(self.filter.search());
                effects.extend(completes);
                effects
            }
            Filtering::Cleared => self.window.refine(""),
            Filtering::Does(effects) => effects,
            Filtering::Same => Vec::new(),
            Filtering::No => return None,
        })
    }

    /// Rates the cell under the cursor and moves on, without waiting for anything.
    fn rate(&mut self, level: Level, view: &View) -> Vec<Effect> {
        if !self.sitting.borrow().confirmed {
            self.held = Some(level);
            return vec![self.source_form(view)];
        }
        let Some(place) = self.place() else {
            return vec![Effect::refuse(t!("matrix.row_not_here"))];
        };
        self.last_level = Some(level);
        self.flows();
        let number = self.ledger.key(place, level);
        let rating = self.sitting.borrow().rating(place, level, view.today);
        let request = Request::Rate { step: step(), ratings: vec![rating] };
        let mut effects = vec![Effect::ask(Tag::new(RATE, number), request)];
        effects.extend(self.move_on());
        effects
    }

    fn move_on(&mut self) -> Vec<Effect> {
        let last_column = self.window.columns().len().saturating_sub(1);
        let last_row = self.window.total().saturating_sub(1);
        let at_end = self.window.row_number() >= last_row;
        let advance = self.sitting.borrow().advance;
        match advance {
            Advance::Across if self.window.column_number() < last_column => {
                self.window.move_columns(1);
                Vec::new()
            }
            Advance::Across if !at_end => {
                self.window.go_to_column(0);
                self.window.next_person()
            }
            Advance::Down if !at_end => self.window.next_person(),
            Advance::Across => vec![Effect::Toast(Toast::note(t!("matrix.last_cell")))],
            Advance::Down => vec![Effect::Toast(Toast::note(t!("matrix.last_person")))],
        }
    }

    fn withdraw(&mut self) -> Vec<Effect> {
        let Some(place) = self.place() else { return Vec::new() };
        self.ledger.withdraw(place).into_iter().map(take_back).collect()
    }

    fn explain(&mut self) -> Vec<Effect> {
        let Some(place) = self.place() else { return Vec::new() };
        self.explained += 1;
        self.explaining = Some((self.explained, place));
        let KeyedPlace { employee, competency } = place;
        let request = Request::Explain { employee, competency, at: None };
        vec![Effect::ask(Tag::new(EXPLAIN, self.explained), request)]
    }

    fn source_form(&self, view: &View) -> Effect {
        Effect::open(SOURCE, SourceForm::new(&self.sitting, self.held, view.today))
    }

    fn column_picker(&self) -> Vec<Effect> {
        let Some(matrix) = self.window.matrix() else { return Vec::new() };
        let items = matrix.competencies.iter().map(|one| format!("{} {}", one.code, one.name));
        let picker = Picker::new(&t!("matrix.choose_columns"), items.collect())
            .ticked(self.window.columns().into_iter().collect());
        vec![Effect::open(COLUMNS, picker)]
    }

    fn answer(&mut self, tag: Tag, answer: Answer, view: &View) -> Vec<Effect> {
        match (tag.name, answer) {
            (window::TAG, Answer::Matrix(matrix)) => {
                match self.window.answer(tag.number, *matrix) {
                    WindowTaken::Shown { knows, mut effects } => {
                        effects.extend(self.settle(knows, view));
                        let found = self.window.matrix().map_or(0, |matrix| matrix.matched);
                        effects.extend(self.filter.found(found));
                        effects
                    }
                    WindowTaken::Not(effects) => effects,
                }
            }
            (window::TAG, _) => {
                self.window.refused(tag.number);
                Vec::new()
            }
            (RATE, Answer::Saved(saved)) => {
                let take_it_back = self.ledger.saved(tag.number, saved.seq).map(take_back);
                let mut effects: Vec<Effect> = take_it_back.into_iter().collect();
                effects.extend(saved.seq.map(|seq| self.changed(seq)).unwrap_or_default());
                effects
            }
            (RATE, _) => {
                self.ledger.refuse(tag.number);
                Vec::new()
            }
            (WITHDRAW, Answer::Saved(saved)) => {
                saved.seq.map(|seq| self.window.changed(seq)).unwrap_or_default()
            }
            (EXPLAIN, Answer::Explained(explanation)) => {
                // The officer may have gone on meanwhile; then nothing pops up over her.
                let asked = self.explaining.take_if(|(number, _)| *number == tag.number);
                let here = asked.is_some_and(|(_, place)| self.place() == Some(place));
                match self.window.row().filter(|_| here) {
                    Some(row) => {
                        vec![Effect::open(EXPLAIN, explain::reading(&row.name, &explanation))]
                    }
                    None => Vec::new(),
                }
            }
            (texts::TAG, answer) => {
                self.texts.answer(tag.number, answer);
                Vec::new()
            }
            (side::TAG, Answer::Explained(explanation)) => {
                self.beside(tag.number, explanation);
                Vec::new()
            }
            (seek::TAG, Answer::Matrix(matrix)) => self.sought(tag.number, *matrix),
            (ALL, Answer::Ids(people)) => {
                vec![Effect::Mark(people.into_iter().collect::<BTreeSet<_>>().into())]
            }
            (_, answer) => {
                let (mut effects, enrolled) =
                    self.enrolling.answered(tag, &answer).unwrap_or_default();
                effects.extend(enrolled.then(|| Effect::Mark(Marks::default())));
                effects
            }
        }
    }

    /// A level that is saved but does not show is explained: only with an earlier date can
    /// another rating stand over it.
    fn settle(&mut self, knows: u64, view: &View) -> Vec<Effect> {
        let settled = self.ledger.settle(knows);
        let dated_back = self.sitting.borrow().date.is_some_and(|date| date < view.today);
        let Some((place, level)) = settled.last().copied().filter(|_| dated_back) else {
            return Vec::new();
        };
        let mut people = self.window.lines().1.iter().filter_map(lines::MatrixLine::person);
        let row = people.find(|row| row.employee == place.employee);
        let cell = row.and_then(|row| row.cells.iter().find(|c| c.competency == place.competency));
        match cell.and_then(|cell| cell.actual) {
            Some(actual) if actual != level.get() => {
                let text = t!("matrix.newer_counts", level = level, actual = actual);
                vec![Effect::Toast(Toast::note(text))]
            }
            _ => Vec::new(),
        }
    }

    fn outcome(&mut self, tag: Tag, outcome: Outcome, view: &View) -> Vec<Effect> {
        if let Some(effects) = units::chosen(tag, &outcome) {
            return effects;
        }
        match (tag.name, outcome) {
            (SOURCE, Outcome::Yes) => {
                self.held.take().map_or_else(Vec::new, |level| self.rate(level, view))
            }
            (SOURCE, _) => {
                self.held = None;
                Vec::new()
            }
            (COLUMNS, Outcome::Picked(places)) => {
                self.window.choose_columns(&places);
                vec![self.remembers()]
            }
            (_, outcome) => self.enrolling.outcome(tag, &outcome).unwrap_or_default(),
        }
    }
}

fn take_back(entry: u64) -> Effect {
    Effect::ask(WITHDRAW, Request::Undo { step: step(), seq: Some(entry) })
}
