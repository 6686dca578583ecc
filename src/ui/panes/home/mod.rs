//! Home: the first page. Figures, what is to be done, units against competencies, the JP of
//! the year, what is held next. Every figure is a door: Enter opens the list behind it, Esc
//! there leads back. The office computes all of it ([`crate::protocol::HomePage`]); here is the
//! cursor and how it is laid out.

mod draw;
mod layout;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use ratatui::Frame;

use self::layout::{Layout, Spot, Thing};
use crate::domain::record::{Kind, RecordId, UnitId};
use crate::i18n::{self, Language, t};
use crate::protocol::{
    Answer, Door, HomePage, ListQuery, Notice, ReportQuery, Request, Task, Urgency,
};
use crate::ui::command::{Command, Context, Fact, Facts};
use crate::ui::effect::{Effect, Tag};
use crate::ui::job::Export;
use crate::ui::overlays::records::Records;
use crate::ui::overlays::units;
use crate::ui::pane::{Availability, HintWord, Pane, PaneEvent, View, usual_hint};
use crate::ui::panes::enroller::Enroller;
use crate::ui::widgets::cursor::walk;
use crate::ui::widgets::ways;

const HOME: &str = "home.home";
const WHOM: &str = "home.whom";
/// However much others change, it is asked for no oftener.
const FRESH_FOR: TimeDelta = TimeDelta::seconds(2);
/// How the first people come in.
const WAYS: &[Command] = &[Command::Import, Command::GoEmployees, Command::Guide];
/// Figures in the first line: people, JPM, below standard, JP.
const FIGURES: usize = 4;

#[derive(Default)]
pub struct HomePane {
    home: Option<Box<HomePage>>,
    asked: u32,
    asked_at: Option<DateTime<Utc>>,
    /// Of which it tells.
    unit: Option<UnitId>,
    /// Something has changed since.
    stale: bool,
    /// Among the lines one can stand on, and which figure of that line.
    line: usize,
    column: usize,
    enrolling: Enroller,
}

impl HomePane {
    fn ask(&mut self, view: &View) -> Effect {
        self.asked += 1;
        self.asked_at = Some(view.now);
        self.stale = false;
        self.unit = view.unit.map(|unit| unit.id);
        Effect::ask(Tag::new(HOME, self.asked), Request::Home { unit: self.unit })
    }

    /// Asks anew where something has changed, but not again and again while others work.
    fn freshen(&mut self, view: &View) -> Vec<Effect> {
        let fresh = self.asked_at.is_some_and(|at| view.now - at < FRESH_FOR);
        if self.stale && !fresh { vec![self.ask(view)] } else { Vec::new() }
    }

    fn show(&mut self, home: Box<HomePage>, view: &View) {
        let on = self.thing();
        let first = self.home.is_none();
        self.home = Some(home);
        self.count_drafts(view);
        // What is to be done before what is so.
        if first {
            self.line = usize::from(self.spots().len() > 1);
        }
        self.go_to(on);
    }

    /// What the cursor is on, however many lines come to stand above it.
    fn thing(&self) -> Option<Thing> {
        Some(Thing::of(self.home.as_deref()?, self.spot()?))
    }

    /// The cursor stays with that, or where it is.
    fn go_to(&mut self, thing: Option<Thing>) {
        let (Some(home), spots) = (self.home.as_deref(), self.spots()) else { return };
        let at =
            thing.and_then(|thing| spots.iter().position(|spot| Thing::of(home, *spot) == thing));
        self.line = at.unwrap_or(self.line).min(spots.len().saturating_sub(1));
    }

    /// Forms that were not finished are the officer's own: no office knows of them.
    fn count_drafts(&mut self, view: &View) {
        let on = self.thing();
        let Some(home) = &mut self.home else { return };
        let ours = |task: &Task| task.opens == Door::Drafts;
        let count = u32::try_from(view.drafts).unwrap_or(u32::MAX);
        if home.tasks.iter().find(|task| ours(task)).map_or(0, |task| task.count) == count {
            return;
        }
        home.tasks.retain(|task| !ours(task));
        if count > 0 {
            home.tasks.push(Task::new("drafts", Urgency::Now, count, Door::Drafts));
            home.tasks.sort_by_key(|task| (task.urgency, Reverse(task.count)));
        }
        self.go_to(on);
    }

    fn spots(&self) -> Vec<Spot> {
        self.home.as_deref().map(layout::spots).unwrap_or_default()
    }

    fn spot(&self) -> Option<Spot> {
        self.spots().get(self.line).copied()
    }

    /// How many figures there are beside each other where the cursor is.
    fn width(&self) -> usize {
        let Some(home) = &self.home else { return 1 };
        match self.spot() {
            Some(Spot::Figures) => FIGURES,
            // The name, the competencies, the JPM, the JP.
            Some(Spot::Unit(_)) => home.competencies.len() + 3,
            Some(Spot::Months) => home.months.len(),
            _ => 1,
        }
    }

    fn command(&mut self, command: Command, view: &View) -> Vec<Effect> {
        let lines = self.spots().len();
        let page = u32::from(view.area.height / 2);
        if let Some(line) = walk(command, self.line as u32, lines as u32, page) {
            let before = self.spot();
            self.line = line as usize;
            // A column of the units is none of anything else.
            let units = |spot| matches!(spot, Some(Spot::Unit(_)));
            if before != self.spot() && !(units(before) && units(self.spot())) {
                self.column = self.first_column(view);
            }
            return Vec::new();
        }
        match command {
            Command::ListLeft => self.column = self.here().saturating_sub(1),
            Command::ListRight => self.column = (self.here() + 1).min(self.width() - 1),
            Command::ListOpen => return self.open(view).into_iter().collect(),
            Command::Enrol => return vec![self.ask_whom(view)],
            Command::AreaNext => self.go_to_part(1, view),
            Command::AreaPrev => self.go_to_part(-1, view),
            Command::MatrixUnit => return vec![units::choice(view)],
            _ => {}
        }
        Vec::new()
    }

    /// Where the cursor comes to stand in a line: of the months on the one that is on.
    fn first_column(&self, view: &View) -> usize {
        if self.spot() == Some(Spot::Months) { view.today.month0() as usize } else { 0 }
    }

    /// The figure the cursor is on; a line has fewer than the one it came from.
    fn here(&self) -> usize {
        self.column.min(self.width() - 1)
    }

    /// The people behind the figure are to be enrolled: who they are is asked first.
    fn ask_whom(&self, view: &View) -> Effect {
        match self.open(view) {
            Some(Effect::Search(Command::GoEmployees, search)) => {
                let query = ListQuery { search, ..ListQuery::all(Kind::Employees) };
                Effect::ask(WHOM, Request::Ids(query))
            }
            _ => Effect::refuse(t!("home.nobody_behind")),
        }
    }

    /// To the first line of the next part (tasks, units, months, sessions), or of the one before.
    fn go_to_part(&mut self, by: isize, view: &View) {
        let spots = self.spots();
        let part = |spot: &Spot| match spot {
            Spot::Figures => 0,
            Spot::Task(_) => 1,
            Spot::Unit(_) | Spot::Worst => 2,
            Spot::Months => 3,
            Spot::Session(_) => 4,
        };
        let mut parts: Vec<u8> = spots.iter().map(part).collect();
        let Some(here) = parts.get(self.line).copied() else { return };
        parts.dedup();
        let at = parts.iter().position(|one| *one == here).unwrap_or(0) as isize;
        let to = parts[(at + by).rem_euclid(parts.len() as isize) as usize];
        self.line = spots.iter().position(|spot| part(spot) == to).unwrap_or(0);
        self.column = self.first_column(view);
    }

    fn open(&self, view: &View) -> Option<Effect> {
        let home = self.home.as_deref()?;
        let people = |search: String| Effect::Search(Command::GoEmployees, search);
        let floor = format!("jp<{} jenis=pns status:aktif", view.info.rules.jp_quota.pns_floor);
        Some(match self.spot()? {
            Spot::Figures => match self.here() {
                0 => people("status:aktif".into()),
                1 => Effect::Search(Command::GoMatrix, String::new()),
                2 => people("gap>0 status:aktif".into()),
                _ => people(floor),
            },
            Spot::Task(at) => match &home.tasks.get(at)?.opens {
                Door::People(search) => people(search.clone()),
                Door::Corrections => Effect::Run(Command::GoCorrections),
                Door::List(kind, search) => {
                    let search = search.clone();
                    let query = ListQuery { search, unit: self.unit, ..ListQuery::all(*kind) };
                    Effect::open("home.found", Records::found(&query, i18n::kind(*kind)))
                }
                Door::Drafts => Effect::Drafts,
                Door::Cycle(id) => Effect::Visit((*id).into()),
                Door::Session(id) => Effect::Attend(*id),
            },
            Spot::Unit(at) => {
                let unit = home.units.get(at)?;
                let last = home.competencies.len() + 1;
                people(match self.here() {
                    0 => format!("{} status:aktif", unit.search),
                    column if column < last => {
                        let code = home.competencies.get(column - 1)?.code.to_lowercase();
                        format!("{code}<std {} status:aktif", unit.search)
                    }
                    column if column == last => format!("gap>0 {} status:aktif", unit.search),
                    _ => format!("{floor} {}", unit.search),
                })
            }
            Spot::Worst => {
                let (at, _) = layout::worst(home)?;
                people(format!("{}<std status:aktif", home.competencies[at].code.to_lowercase()))
            }
            Spot::Months => {
                let month = home.at.with_day(1)?.with_month(self.here() as u32 + 1)?;
                let end = if i18n::language() == Language::English { "end" } else { "selesai" };
                let search = format!("{end}:{}", month.format("%Y-%m"));
                let query = ListQuery { search, ..ListQuery::all(Kind::Sessions) };
                Effect::open("home.found", Records::found(&query, i18n::kind(Kind::Sessions)))
            }
            Spot::Session(at) => {
                Effect::Visit(RecordId::new(Kind::Sessions, home.sessions.get(at)?.id.0))
            }
        })
    }
}

impl Pane for HomePane {
    fn id(&self) -> &'static str {
        "home"
    }

    fn go(&self) -> Command {
        Command::GoHome
    }

    fn title(&self) -> String {
        t!("home.title").into_owned()
    }

    fn contexts(&self) -> &'static [Context] {
        Context::PaneHome.of_list(false)
    }

    fn facts(&self) -> Facts {
        Facts::NONE.when(Fact::Empty, self.home.is_none())
    }

    fn has_areas(&self) -> bool {
        true
    }

    /// On the months those; else the units with how many are below the standard. Either as the
    /// report of it has them.
    fn export(&self) -> Option<Export> {
        let report = if self.spot() == Some(Spot::Months) { "jp-months" } else { "heatmap" };
        let query = ReportQuery { unit: self.unit, ..ReportQuery::of(report) };
        self.home.as_ref().map(|_| Export::Report(query, Vec::new(), Vec::new()))
    }

    fn available(&self, command: Command) -> Availability {
        let walks = walk(command, 0, 1, 1).is_some();
        let own = matches!(
            command,
            Command::ListLeft
                | Command::ListRight
                | Command::ListOpen
                | Command::ListBack
                | Command::MatrixUnit
        );
        let of_lists = command.def().contexts.contains(&Context::List);
        if of_lists && !walks && !own {
            return Availability::No(t!("home.in_its_list").into_owned());
        }
        Availability::Yes
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::ListFilter | Command::ListEdit | Command::ListAdd | Command::ListMark => {
                HintWord::Silent
            }
            Command::Palette => HintWord::here(t!("home.find")),
            Command::Enrol if matches!(self.spot(), Some(Spot::Unit(_) | Spot::Worst)) => {
                HintWord::Usual
            }
            command => usual_hint(command, self.facts()),
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        if let PaneEvent::Answer(tag, Answer::Home(home)) = event {
            if tag == Tag::new(HOME, self.asked) {
                self.show(home, view);
            }
            return Vec::new();
        }
        self.count_drafts(view);
        match event {
            PaneEvent::Command(command) => self.command(command, view),
            PaneEvent::Answer(tag, Answer::Ids(people)) if tag.name == WHOM => {
                vec![self.enrolling.begin(people, "")]
            }
            PaneEvent::Answer(tag, answer) => {
                self.enrolling.answered(tag, &answer).unwrap_or_default().0
            }
            PaneEvent::Notice(Notice::Changed { .. }) => {
                self.stale = true;
                self.freshen(view)
            }
            PaneEvent::Rested => self.freshen(view),
            PaneEvent::Shown | PaneEvent::Restricted => vec![self.ask(view)],
            PaneEvent::Outcome(tag, outcome) => {
                let enrols = || self.enrolling.outcome(tag, &outcome);
                units::chosen(tag, &outcome).or_else(enrols).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    fn is_moving(&self) -> bool {
        self.stale
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let Some(home) = self.home.as_deref() else { return };
        if home.people == 0 && home.units.is_empty() && view.unit.is_none() {
            ways::draw(frame, view.area, &t!("home.nobody"), WAYS, view);
            return;
        }
        let layout = Layout::of(home, view.area.height, self.line);
        draw::Drawing { home, layout: &layout, here: (self.spot(), self.here()), view }
            .draw(frame, view.area);
    }
}
