//! Finding one record by typing: a form's reference, the unit to restrict to, the session
//! to enrol into, of which the seats and whoever could not come stand beside it. The office
//! finds; answers to what is no longer typed are dropped. Ends with `Outcome::Hit`.

use chrono::{Datelike, NaiveDate};
use ratatui::Frame;
use ratatui::layout::{Margin, Rect};

use crate::domain::record::{EmployeeId, Kind};
use crate::domain::search::sound;
use crate::i18n::{detail, label, span, t, weekday, whole};
use crate::protocol::{Answer, Hit, Opening, Request};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::{Effect, Tag};
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::widgets::choosing::{Choice, Chooser, Chosen};
use crate::ui::widgets::frame::boxed;

const HITS: &str = "lookup.hits";
/// How many candidates are asked for.
const LIMIT: u32 = 50;
/// Cells it is wide; beside a session there is more to say.
const WIDE: u16 = 72;
const SESSIONS_WIDE: u16 = 78;

pub struct Lookup {
    kind: Kind,
    /// Those who are to be enrolled in the session that is sought.
    people: Option<Vec<EmployeeId>>,
    title: String,
    /// What stands before the first of them and means all; ends with `Outcome::Picked`.
    all: Option<String>,
    chooser: Chooser,
    hits: Vec<Hit>,
    /// What stands beside each of them in fewer words, where there are some.
    shorts: Vec<String>,
    /// The record the cursor begins on, until something is typed.
    begins: Option<u32>,
    asked: u32,
    answered: bool,
}

impl Lookup {
    pub fn new(kind: Kind, title: impl Into<String>) -> Self {
        Self {
            kind,
            people: None,
            title: title.into(),
            all: None,
            chooser: Chooser::default(),
            hits: Vec::new(),
            shorts: Vec::new(),
            begins: None,
            asked: 0,
            answered: false,
        }
    }

    /// Of the session in which these people are to be enrolled.
    pub fn session_for(people: Vec<EmployeeId>, title: impl Into<String>) -> Self {
        Self { people: Some(people), ..Self::new(Kind::Sessions, title) }
    }

    /// All of them can be chosen as well, by this name.
    #[must_use]
    pub fn or_all(mut self, name: impl Into<String>) -> Self {
        self.all = Some(name.into());
        self
    }

    /// Begins on this record, where it is among those found first.
    #[must_use]
    pub fn at(mut self, number: Option<u32>) -> Self {
        self.begins = number;
        self
    }

    /// The name of all of them, where what is typed finds it.
    fn all(&self) -> Option<&str> {
        let typed = sound(self.chooser.text());
        self.all.as_deref().filter(|all| sound(all).contains(&typed))
    }

    /// Those found, with all of them before.
    fn count(&self) -> usize {
        self.hits.len() + self.before()
    }

    /// What stands before those found: all of them, or nothing.
    fn before(&self) -> usize {
        usize::from(self.all().is_some())
    }

    /// The one found at this place; none is all of them.
    fn hit(&self, at: usize) -> Option<&Hit> {
        self.hits.get(at.checked_sub(self.before())?)
    }

    /// Begins with this typed.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.chooser.set_text(text);
        self
    }

    fn ask(&mut self) -> Vec<Effect> {
        self.asked += 1;
        let text = self.chooser.text().to_string();
        let request = match &self.people {
            Some(people) => Request::Openings { text, employees: people.clone(), limit: LIMIT },
            None => Request::Lookup { kind: self.kind, text, limit: LIMIT },
        };
        vec![Effect::ask(Tag::new(HITS, self.asked), request)]
    }

    fn found(&mut self, hits: Vec<Hit>, shorts: Vec<String>) {
        (self.hits, self.shorts) = (hits, shorts);
        let begins = self.begins.take().filter(|_| self.chooser.text().is_empty());
        let at = self.hits.iter().position(|hit| Some(hit.id.number) == begins);
        self.chooser.go(at.map_or(0, |at| at + self.before()));
        self.answered = true;
    }

    fn place(&self, screen: Rect) -> Rect {
        centred(screen, if self.people.is_some() { SESSIONS_WIDE } else { WIDE }, 18)
    }
}

impl Overlay for Lookup {
    fn id(&self) -> &'static str {
        "lookup"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Text, Context::Picker]
    }

    fn available(&self, command: Command) -> Availability {
        match command {
            Command::PickerToggle => Availability::No(t!("shell.one_only").into_owned()),
            _ => Availability::Yes,
        }
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::PickerToggle => HintWord::Silent,
            _ => HintWord::Usual,
        }
    }

    /// What is found first for all that was typed, not for a part of it.
    fn waits(&self, command: Option<Command>, _facts: Facts) -> bool {
        command == Some(Command::PickerAccept)
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Shown => return self.ask(),
            PaneEvent::Answer(tag, Answer::Hits(hits)) if tag == Tag::new(HITS, self.asked) => {
                self.found(hits, Vec::new());
            }
            PaneEvent::Answer(tag, Answer::Openings(open)) if tag == Tag::new(HITS, self.asked) => {
                let shorts = open.iter().map(|open| in_short(open, view.today)).collect();
                self.found(open.into_iter().map(offered).collect(), shorts);
            }
            PaneEvent::Command(Command::PickerAccept) => {
                return match self.hit(self.chooser.at()) {
                    Some(hit) => vec![Effect::Done(Outcome::Hit(hit.clone()))],
                    None if self.all().is_some() => vec![Effect::Done(Outcome::Picked(vec![0]))],
                    None => vec![Effect::refuse(t!("shell.list_none_found"))],
                };
            }
            PaneEvent::Command(Command::PickerCancel | Command::Cancel) => {
                return vec![Effect::Done(Outcome::Cancelled)];
            }
            event => {
                let inner = self.place(view.area).inner(Margin::new(1, 1));
                if self.chooser.update(&event, self.count(), inner) == Chosen::Typed {
                    return self.ask();
                }
            }
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let inner = boxed(frame, self.place(view.area), &self.title, view.theme, view.glyphs);
        let count = (self.count(), self.hits.len() >= LIMIT as usize);
        let item = |at: usize| {
            let all = || self.all().map(str::to_string).unwrap_or_default();
            let short = at.checked_sub(self.before()).and_then(|at| self.shorts.get(at));
            let short = short.cloned().unwrap_or_default();
            let (left, right) = self
                .hit(at)
                .map_or_else(|| (all(), String::new()), |hit| (label(&hit.label), detail(hit)));
            Choice { left, right, short, grey: false }
        };
        self.chooser.draw(frame, inner, "/", count, view, &item);
    }
}

/// `Jum 4 Des 2026 · 12/30 kursi · 3 bentrok`
fn offered(open: Opening) -> Hit {
    let when = open
        .start
        .map(|start| format!("{} {}", weekday(start), span(start, open.end.unwrap_or(start))));
    let detail = when.into_iter().chain(seats(&open)).collect::<Vec<_>>().join(" · ");
    Hit { id: open.session.into(), label: open.programme, detail }
}

/// The same in fewer words: `4 Des, 12/30 kursi, 3 bentrok`.
fn in_short(open: &Opening, today: NaiveDate) -> String {
    let year = format!(" {}", today.year());
    let when = open.start.map(|start| span(start, open.end.unwrap_or(start)));
    let when = when.map(|when| when.strip_suffix(&year).unwrap_or(&when).to_string());
    when.into_iter().chain(seats(open)).collect::<Vec<_>>().join(", ")
}

/// The seats of it, whoever could not come and who is in it already.
fn seats(open: &Opening) -> Vec<String> {
    let taken = whole(open.enrolled);
    let seats = match open.capacity {
        Some(seats) => t!("training.open_seats", taken = taken, seats = whole(seats)),
        None => t!("training.people", people = taken),
    };
    let some =
        |key: &str, count: u32| (count > 0).then(|| t!(key, count = whole(count)).into_owned());
    let parts = [
        Some(seats.into_owned()),
        some("training.open_clashes", open.clashing),
        some("training.open_already", open.already),
    ];
    parts.into_iter().flatten().collect()
}
