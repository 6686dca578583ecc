//! The standards as a grid: job levels, and posts with standards of their own, against the
//! competencies of the matrix. A digit sets what is required from today, after it was said
//! whom that moves: a row of today is added, one of today is changed, older ones stay. The
//! rows behind a cell and the plain list open over it. How it looks is [`draw`]'s business.

mod draw;
pub mod rows;

use ratatui::Frame;
use ratatui::layout::Rect;

use self::rows::{Rule, Standards, Whom};
use super::competencies;
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::officer::Role;
use crate::domain::kinds::standard::Standard;
use crate::domain::record::{Kind, Record, RecordId};
use crate::i18n::{choice, t};
use crate::protocol::{
    Answer, DraftRecord, ListQuery, MatrixCompetency, MatrixQuery, Moves, Notice, Request, Save,
    Stored, Tried,
};
use crate::ui::command::{Command, Context, Fact, Facts};
use crate::ui::effect::{Effect, Tag, step};
use crate::ui::listing::ListPane;
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::overlays::moves;
use crate::ui::overlays::records::Records;
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::panes;
use crate::ui::widgets::cursor::{Axis, walk};

pub const LIST: ListPane =
    ListPane { opens: |_| Box::<StandardsGrid>::default(), ..ListPane::of(Kind::Standards) };

const COLUMNS: &str = "standards.columns";
const MOVED: &str = "standards.moved";
const SURE: &str = "standards.sure";
const BEFORE: &str = "standards.before";
const SAVE: &str = "standards.save";
const OPEN: &str = "standards.open";

/// A level that was keyed and is not saved yet.
#[derive(Clone, Debug)]
struct Keyed {
    whom: Whom,
    competency: MatrixCompetency,
    level: Level,
    /// What is in force now.
    before: Option<Rule>,
    /// What is to be saved, once that is known.
    draft: Option<DraftRecord>,
}

#[derive(Default)]
pub struct StandardsGrid {
    competencies: Vec<MatrixCompetency>,
    standards: Standards,
    whom: Vec<Whom>,
    down: Axis,
    across: Axis,
    keyed: Option<Keyed>,
    /// Why this officer sets nothing here.
    refusal: Option<String>,
}

impl StandardsGrid {
    fn ask(&mut self) -> Vec<Effect> {
        let columns = Request::Matrix(MatrixQuery::default());
        vec![Effect::ask(COLUMNS, columns), self.standards.ask()]
    }

    fn here(&self) -> Option<(&Whom, &MatrixCompetency)> {
        let competency = self.competencies.get(self.across.at() as usize)?;
        Some((self.whom.get(self.down.at() as usize)?, competency))
    }

    fn fit(&mut self, area: Rect) {
        let (rows, columns) = draw::room(area, self.competencies.len());
        self.down.sees(rows);
        self.across.sees(columns);
        self.go(self.down.at(), self.across.at());
    }

    fn go(&mut self, down: u32, across: u32) {
        self.down.go(down, self.whom.len() as u32);
        self.across.go(across, self.competencies.len() as u32);
    }

    /// The rows have come: the cursor stays with whom it was on.
    fn arrange(&mut self) {
        let on = self.whom.get(self.down.at() as usize).cloned();
        self.whom = self.standards.whom();
        let at = on.and_then(|on| self.whom.iter().position(|whom| *whom == on));
        self.go(at.map_or(self.down.at(), |at| at as u32), self.across.at());
    }

    fn command(&mut self, command: Command, view: &View) -> Vec<Effect> {
        let (down, across) = (self.down.at(), self.across.at());
        if let Some(down) = walk(command, down, self.whom.len() as u32, self.down.shown()) {
            self.go(down, across);
            return Vec::new();
        }
        if let Some(level) = digit(command) {
            return self.key(level, view);
        }
        match command {
            Command::MatrixLeft => self.go(down, across.saturating_sub(1)),
            Command::MatrixRight => self.go(down, across + 1),
            Command::MatrixRowStart => self.go(down, 0),
            Command::MatrixRowEnd => self.go(down, u32::MAX),
            Command::ListOpen => return self.behind(),
            Command::MatrixExplain => {
                let page = |competency: &MatrixCompetency| {
                    Effect::open(OPEN, competencies::DictionaryPage::of(competency.id.into()))
                };
                return self.here().map(|(_, competency)| page(competency)).into_iter().collect();
            }
            Command::ListFilter => {
                return vec![Effect::open(OPEN, Records::new(panes::list_of(Kind::Standards)))];
            }
            Command::ListBack | Command::Cancel => return vec![Effect::Done(Outcome::Cancelled)],
            _ => {}
        }
        Vec::new()
    }

    /// All rows of this cell, older and later ones too.
    fn behind(&self) -> Vec<Effect> {
        let Some((whom, competency)) = self.here() else { return Vec::new() };
        let search = format!("{} {}", whom.search(), rows::search_of(&competency.code));
        let query = ListQuery { search, ..ListQuery::all(Kind::Standards) };
        let name = format!("{}, {}", self.standards.words(whom), competency.code);
        vec![Effect::open(OPEN, Records::found(&query, name))]
    }

    /// A digit: what would be saved, then whom it moves. Of a post the rest is taken from a
    /// row that it has.
    fn key(&mut self, level: Level, view: &View) -> Vec<Effect> {
        if self.keyed.is_some() || !self.standards.is_here() {
            return Vec::new();
        }
        let Some((whom, competency)) = self.here() else { return Vec::new() };
        let before = self.standards.at(whom, &competency.code, view.today).cloned();
        if before.as_ref().is_some_and(|rule| rule.level == level) {
            return vec![Effect::refuse(t!("standards.same", level = level))];
        }
        let (whom, competency) = (whom.clone(), competency.clone());
        let of_level = match &whom {
            Whom::Level(level) => Some(Standard { job_level: Some(*level), ..Standard::default() }),
            Whom::Post(_) => None,
        };
        let any = self.standards.any(&whom).map(|rule| rule.number);
        let keyed = Keyed { whom, competency, level, before, draft: None };
        match (of_level, any) {
            (Some(subject), _) => self.try_out(keyed, &subject, view),
            (None, Some(number)) => {
                self.keyed = Some(keyed);
                vec![Effect::ask(BEFORE, Request::Get(RecordId::new(Kind::Standards, number)))]
            }
            (None, None) => Vec::new(),
        }
    }

    /// Whom the level would move, set for the job level or post of `subject`.
    fn try_out(&mut self, keyed: Keyed, subject: &Standard, view: &View) -> Vec<Effect> {
        let draft = draft(&keyed, subject, view);
        self.keyed = Some(Keyed { draft: Some(draft.clone()), ..keyed });
        vec![Effect::ask(MOVED, Request::Moves(Tried::Save(vec![draft])))]
    }

    fn question(&self, moves: &Moves, view: &View) -> Option<Effect> {
        let keyed = self.keyed.as_ref()?;
        let before = keyed.before.as_ref().map(|rule| rule.level);
        let text = t!(
            "standards.ask",
            code = keyed.competency.code,
            whom = self.standards.words(&keyed.whom),
            before = before.map_or_else(|| "-".to_string(), |level| level.to_string()),
            level = keyed.level,
            date = crate::i18n::date(view.today)
        );
        Some(Effect::open(SURE, moves::question(&text, moves, &t!("standards.sure"))))
    }

    /// Yes was said.
    fn confirmed(&mut self) -> Vec<Effect> {
        let draft = self.keyed.take().and_then(|keyed| keyed.draft).into_iter();
        let save = |draft| Request::Save(Save { step: step(), drafts: vec![draft] });
        draft.map(|draft| Effect::ask(SAVE, save(draft))).collect()
    }

    fn answer(&mut self, tag: Tag, answer: Answer, view: &View) -> Vec<Effect> {
        match (tag.name, answer) {
            (COLUMNS, Answer::Matrix(matrix)) => {
                self.competencies = matrix.competencies;
                self.fit(view.area);
            }
            (MOVED, Answer::Moves(moves)) => {
                return self.question(&moves, view).into_iter().collect();
            }
            (BEFORE, Answer::Record(Some(stored))) => {
                if let (Some(keyed), Stored { record: Record::Standard(row), .. }) =
                    (self.keyed.take(), *stored)
                {
                    let subject = Standard { position: row.position, ..Standard::default() };
                    return self.try_out(keyed, &subject, view);
                }
            }
            (MOVED | SAVE, Answer::Conflict(conflict)) => {
                self.keyed = None;
                let mut effects = self.ask();
                effects.push(Effect::refuse(t!("shell.changed_meanwhile", by = conflict.by)));
                return effects;
            }
            (MOVED | BEFORE, _) => self.keyed = None,
            _ => {}
        }
        Vec::new()
    }
}

/// The level as a row of today, for the job level or post of `subject`: the one there is, or
/// a new one. Nobody has read it in a regulation.
fn draft(keyed: &Keyed, subject: &Standard, view: &View) -> DraftRecord {
    let todays = keyed.before.as_ref().filter(|rule| rule.from == Some(view.today));
    let record = Standard {
        competency: keyed.competency.id,
        level: keyed.level,
        effective_from: Some(view.today),
        legal_basis: todays.map(|rule| rule.basis.clone()).unwrap_or_default(),
        verified: false,
        ..subject.clone()
    };
    DraftRecord {
        id: todays.map(|rule| RecordId::new(Kind::Standards, rule.number)),
        base: todays.map(|rule| rule.rev).unwrap_or_default(),
        record: record.into(),
    }
}

fn digit(command: Command) -> Option<Level> {
    let digits = [Command::Rate1, Command::Rate2, Command::Rate3, Command::Rate4, Command::Rate5];
    let at = digits.iter().position(|digit| *digit == command)?;
    u8::try_from(at + 1).ok().and_then(Level::new)
}

/// Of the commands of a matrix those that mean something here.
fn is_known(command: Command) -> bool {
    let known = [
        Command::ListOpen,
        Command::ListBack,
        Command::ListFilter,
        Command::MatrixExplain,
        Command::MatrixLeft,
        Command::MatrixRight,
        Command::MatrixRowStart,
        Command::MatrixRowEnd,
    ];
    known.contains(&command) || walk(command, 0, 1, 1).is_some() || digit(command).is_some()
}

impl Overlay for StandardsGrid {
    fn id(&self) -> &'static str {
        Kind::Standards.name()
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Matrix]
    }

    fn facts(&self) -> Facts {
        Facts::NONE.when(Fact::Empty, self.here().is_none())
    }

    fn available(&self, command: Command) -> Availability {
        let of_grid = command.def().contexts.contains(&Context::Matrix);
        if of_grid && !is_known(command) {
            return Availability::No(t!("standards.not_here").into_owned());
        }
        let refusal = self.refusal.clone().filter(|_| digit(command).is_some());
        refusal.map_or(Availability::Yes, Availability::No)
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::Rate1 => HintWord::here(t!("standards.hint_set")),
            Command::ListOpen => HintWord::here(t!("standards.hint_rows")),
            Command::ListFilter => HintWord::here(t!("standards.hint_list")),
            Command::MatrixExplain => HintWord::here(t!("standards.hint_read")),
            command if is_known(command) => HintWord::Usual,
            command if command.def().contexts.contains(&Context::Matrix) => HintWord::Silent,
            _ => HintWord::Usual,
        }
    }

    fn waits(&self, command: Option<Command>, facts: Facts) -> bool {
        self.keyed.is_some() || command.is_some_and(|command| command.acts_on_rows(facts))
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        let role = view.info.role;
        let whole_office = role == Role::Admin && view.info.unit.is_none();
        self.refusal = (!whole_office)
            .then(|| t!("problem.needs_office_admin", role = choice(role.code())).into_owned());
        self.fit(view.area);
        match event {
            PaneEvent::Shown | PaneEvent::Notice(Notice::Changed { .. }) => self.ask(),
            PaneEvent::Answer(tag, Answer::Page(page)) if tag.name == rows::TAG => {
                let more = self.standards.take(tag, &page);
                self.arrange();
                more.into_iter().collect()
            }
            PaneEvent::Answer(tag, answer) => self.answer(tag, answer, view),
            PaneEvent::Outcome(tag, Outcome::Yes) if tag.name == SURE => self.confirmed(),
            PaneEvent::Outcome(tag, _) if tag.name == SURE => {
                self.keyed = None;
                Vec::new()
            }
            PaneEvent::Command(command) => self.command(command, view),
            PaneEvent::Text(c) if c.is_alphanumeric() => {
                vec![Effect::refuse(t!("matrix.not_a_level"))]
            }
            _ => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        draw::draw(frame, self, view);
    }
}
