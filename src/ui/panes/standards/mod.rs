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
use crate::i18n::{choice, t, whole};
use crate::protocol::{
    Answer, DraftRecord, ListQuery, MatrixCompetency, MatrixQuery, Notice, Request, Save, Stored,
};
use crate::ui::command::{Command, Context, Fact, Facts};
use crate::ui::effect::{Effect, Tag, step};
use crate::ui::listing::ListPane;
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::overlays::confirm::Confirm;
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
    /// Whom it moves, as far as they are counted.
    moved: u32,
    /// Of them those whose post has a standard of its own: searches still to be counted.
    except: Vec<String>,
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

    /// A digit: first whom it moves.
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
        let mut keyed = Keyed { whom, competency, level, before, moved: 0, except: Vec::new() };
        let all = moved(&keyed);
        keyed.except = self.except(&keyed, &all, view);
        self.keyed = Some(keyed);
        vec![Effect::ask(MOVED, count_of(all))]
    }

    /// Of those a job level moves, the people whose post has a standard of its own: they stay
    /// as they are. A search for each of these posts, since several may go by one title.
    fn except(&self, keyed: &Keyed, all: &str, view: &View) -> Vec<String> {
        if !matches!(keyed.whom, Whom::Level(_)) {
            return Vec::new();
        }
        let own = |whom: &&Whom| {
            let own = matches!(whom, Whom::Post(_));
            own && self.standards.at(whom, &keyed.competency.code, view.today).is_some()
        };
        let posts = self.whom.iter().filter(own);
        posts.map(|post| format!("{all} {}", post.search())).collect()
    }

    /// A count has come: the next one, or the question.
    fn counted(&mut self, people: u32, first: bool, view: &View) -> Vec<Effect> {
        let Some(keyed) = &mut self.keyed else { return Vec::new() };
        keyed.moved = if first { people } else { keyed.moved.saturating_sub(people) };
        if let Some(search) = keyed.except.pop().filter(|_| keyed.moved > 0) {
            return vec![Effect::ask(Tag::new(MOVED, 1), count_of(search))];
        }
        self.question(view).into_iter().collect()
    }

    fn question(&self, view: &View) -> Option<Effect> {
        let keyed = self.keyed.as_ref()?;
        let moved = keyed.moved;
        let before = keyed.before.as_ref().map(|rule| rule.level);
        let falls = before.is_none_or(|before| keyed.level > before);
        let text = t!(
            "standards.ask",
            code = keyed.competency.code,
            whom = self.standards.words(&keyed.whom),
            before = before.map_or_else(|| "-".to_string(), |level| level.to_string()),
            level = keyed.level,
            date = crate::i18n::date(view.today)
        );
        let who = match (moved, falls) {
            (0, _) => t!("standards.nobody"),
            (moved, true) => t!("standards.fall", count = whole(moved)),
            (moved, false) => t!("standards.rise", count = whole(moved)),
        };
        let text = format!("{text} {who} {}", t!("standards.sure"));
        Some(Effect::open(SURE, Confirm::ask(text)))
    }

    /// Yes was said: of a post the rest is taken from a row that it has.
    fn confirmed(&mut self, view: &View) -> Vec<Effect> {
        let Some(keyed) = self.keyed.take() else { return Vec::new() };
        let of_level = match &keyed.whom {
            Whom::Level(level) => Some(Standard { job_level: Some(*level), ..Standard::default() }),
            Whom::Post(_) => None,
        };
        match (of_level, self.standards.any(&keyed.whom)) {
            (Some(subject), _) => vec![save(&keyed, &subject, view)],
            (None, Some(rule)) => {
                let id = RecordId::new(Kind::Standards, rule.number);
                self.keyed = Some(keyed);
                vec![Effect::ask(BEFORE, Request::Get(id))]
            }
            (None, None) => Vec::new(),
        }
    }

    fn answer(&mut self, tag: Tag, answer: Answer, view: &View) -> Vec<Effect> {
        match (tag.name, answer) {
            (COLUMNS, Answer::Matrix(matrix)) => {
                self.competencies = matrix.competencies;
                self.fit(view.area);
            }
            (MOVED, Answer::Page(page)) => {
                return self.counted(page.matched, tag.number == 0, view);
            }
            (BEFORE, Answer::Record(Some(stored))) => {
                if let (Some(keyed), Stored { record: Record::Standard(row), .. }) =
                    (self.keyed.take(), *stored)
                {
                    let subject = Standard { position: row.position, ..Standard::default() };
                    return vec![save(&keyed, &subject, view)];
                }
            }
            (SAVE, Answer::Conflict(conflict)) => {
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

/// Who falls below this standard, or no longer does, as if nobody's post had its own.
fn moved(keyed: &Keyed) -> String {
    let code = keyed.competency.code.to_lowercase();
    let before = keyed.before.as_ref().map_or(0, |rule| rule.level.get());
    let (least, most) = (before.min(keyed.level.get()), before.max(keyed.level.get()));
    format!("status=aktif {} {code}>={least} {code}<{most}", keyed.whom.search())
}

/// How many people a search finds.
fn count_of(search: String) -> Request {
    let columns = vec!["name".into()];
    Request::List(ListQuery { search, columns, limit: 1, ..ListQuery::all(Kind::Employees) })
}

/// The level as a row of today, for the job level or post of `subject`: the one there is, or
/// a new one. Nobody has read it in a regulation.
fn save(keyed: &Keyed, subject: &Standard, view: &View) -> Effect {
    let todays = keyed.before.as_ref().filter(|rule| rule.from == Some(view.today));
    let record = Standard {
        competency: keyed.competency.id,
        level: keyed.level,
        effective_from: Some(view.today),
        legal_basis: todays.map(|rule| rule.basis.clone()).unwrap_or_default(),
        verified: false,
        ..subject.clone()
    };
    let draft = DraftRecord {
        id: todays.map(|rule| RecordId::new(Kind::Standards, rule.number)),
        base: todays.map(|rule| rule.rev).unwrap_or_default(),
        record: record.into(),
    };
    Effect::ask(SAVE, Request::Save(Save { step: step(), drafts: vec![draft] }))
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
            PaneEvent::Outcome(tag, Outcome::Yes) if tag.name == SURE => self.confirmed(view),
            PaneEvent::Outcome(tag, _) if tag.name == SURE => {
                self.keyed = None;
                Vec::new()
            }
            PaneEvent::Command(command) => self.command(command, view),
            PaneEvent::Text(c) if c.is_ascii_digit() => {
                vec![Effect::refuse(t!("matrix.not_a_level"))]
            }
            _ => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        draw::draw(frame, self, view);
    }
}
