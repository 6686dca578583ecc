//! An assessment cycle as it is opened: how far each unit has come, and what is done with it.
//! Before keying ends or it is closed it is said what that means. Sheets are keyed in a grid
//! of their own ([`grid`]), who has returned one is noted apart ([`ticks`]).

mod grid;
mod grid_draw;
mod ticks;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use self::grid::KeyGrid;
use self::ticks::WaitingRaters;
use crate::domain::column::text;
use crate::domain::kinds::cycle::Stage;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{CycleId, Kind, RecordId};
use crate::i18n::{choice, date, t, whole};
use crate::protocol::{
    Answer, CycleAct, CyclePage as Page, CycleUnit, ListQuery, Notice, ReportQuery, Request,
    SheetInfo, SheetsPage,
};
use crate::ui::command::{Command, Context};
use crate::ui::effect::{Begins, Effect, step};
use crate::ui::job::Export;
use crate::ui::listing::ListPane;
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::overlays::confirm::Confirm;
use crate::ui::overlays::export::ExportForm;
use crate::ui::overlays::form::FormOverlay;
use crate::ui::overlays::records::Records;
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::widgets::cursor::walk;
use crate::ui::widgets::frame::{boxed, padded, put};

pub const LIST: ListPane = ListPane {
    columns: &[
        text("name", 0),
        text("unit", 18),
        text("start", 11),
        text("end", 11),
        text("stage", 10),
    ],
    reads: Some(|id| Box::new(CycleView::of(id))),
    ..ListPane::of(Kind::Cycles)
};

const PAGE: &str = "cycle.page";
const ACT: &str = "cycle.act";
const OPEN: &str = "cycle.open";
const COLLECT: &str = "cycle.collect";
const CLOSE: &str = "cycle.close";
const SHEETS: &str = "cycle.sheets";
/// More sheets than these are written in the shell, where no screen holds them.
const PRINTED_MAX: u32 = 2_000;

/// What stands in the table of units: names, then counts.
const COUNT: u16 = 9;
/// Lines above and below the table.
const FRAME: u16 = 6;

/// What can be done here, in the order in which it is usually done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Propose,
    Raters,
    Make,
    Print,
    Key,
    Tick,
    Collect,
    Fairness,
    Close,
    Results,
    Edit,
}

impl Deed {
    const ALL: [Self; 11] = [
        Self::Propose,
        Self::Raters,
        Self::Make,
        Self::Print,
        Self::Key,
        Self::Tick,
        Self::Collect,
        Self::Fairness,
        Self::Close,
        Self::Results,
        Self::Edit,
    ];

    /// Whether it still means something at this stage.
    fn is_for(self, stage: Stage) -> bool {
        match self {
            Self::Propose | Self::Make | Self::Print | Self::Key | Self::Collect => {
                stage == Stage::Open
            }
            Self::Tick | Self::Close => stage != Stage::Closed,
            Self::Results => stage == Stage::Closed,
            Self::Fairness => stage != Stage::Open,
            Self::Raters | Self::Edit => true,
        }
    }

    fn words(self, stage: Stage) -> String {
        match self {
            Self::Raters if stage != Stage::Open => t!("cycle.do_raters_read"),
            Self::Propose => t!("cycle.do_propose"),
            Self::Raters => t!("cycle.do_raters"),
            Self::Make => t!("cycle.do_make"),
            Self::Print => t!("cycle.do_print"),
            Self::Key => t!("cycle.do_key"),
            Self::Tick => t!("cycle.do_tick"),
            Self::Collect => t!("cycle.do_collect"),
            Self::Fairness => t!("cycle.do_fairness"),
            Self::Close => t!("cycle.do_close"),
            Self::Results => t!("cycle.do_results"),
            Self::Edit => t!("cycle.do_edit"),
        }
        .into_owned()
    }
}

pub struct CycleView {
    id: RecordId,
    page: Option<Page>,
    at: usize,
    /// Blank sheets on their way to a file.
    printed: Vec<SheetInfo>,
    /// Sheets there are that were looked at for it.
    read: u32,
    ticks: WaitingRaters,
}

impl CycleView {
    pub fn of(id: RecordId) -> Self {
        Self {
            id,
            page: None,
            at: 0,
            printed: Vec::new(),
            read: 0,
            ticks: WaitingRaters::default(),
        }
    }

    fn cycle(&self) -> CycleId {
        CycleId(self.id.number)
    }

    /// What can be done at the stage it has come to.
    fn deeds(&self) -> Vec<Deed> {
        let Some(page) = &self.page else { return Vec::new() };
        let stage = page.cycle.stage();
        Deed::ALL.into_iter().filter(|deed| deed.is_for(stage)).collect()
    }

    /// The cursor stays with what it is on, or goes to what comes of it.
    fn show(&mut self, page: Page) {
        let on = self.deeds().get(self.at).copied();
        self.page = Some(page);
        let deeds = self.deeds();
        let place = |deed| deeds.iter().position(|one| *one == deed);
        self.at = on.and_then(place).or_else(|| place(on.map(|_| Deed::Results)?)).unwrap_or(0);
    }

    fn ask(&self) -> Vec<Effect> {
        vec![Effect::ask(PAGE, Request::Cycle(self.cycle()))]
    }

    fn act(&self, act: CycleAct) -> Vec<Effect> {
        let request = Request::Assess { step: step(), cycle: self.cycle(), act };
        vec![Effect::ask(ACT, request)]
    }

    /// Records of a kind that are this cycle's.
    fn records(&self, kind: Kind, page: &Page) -> Vec<Effect> {
        let query = ListQuery { of: Some(self.id), ..ListQuery::all(kind) };
        vec![Effect::open(OPEN, Records::found(&query, page.cycle.name.clone()))]
    }

    /// Why a deed means nothing now, if it does not.
    fn refusal(&self, deed: Deed, view: &View) -> Option<String> {
        let page = self.page.as_ref()?;
        let admin = view.info.role == Role::Admin && view.info.unit.is_none();
        match deed {
            Deed::Raters | Deed::Edit | Deed::Fairness | Deed::Results => return None,
            Deed::Print => {
                return (page.all.sheets > PRINTED_MAX)
                    .then(|| t!("cycle.too_many", most = whole(PRINTED_MAX)).into_owned());
            }
            _ => {}
        }
        (view.read_only || (!admin && !matches!(deed, Deed::Key | Deed::Tick))).then(|| {
            let role = choice(view.info.role.code());
            t!("problem.needs_office_admin", role = role).into_owned()
        })
    }

    fn carry_out(&mut self, deed: Deed, view: &View) -> Vec<Effect> {
        let Some(page) = self.page.clone() else { return Vec::new() };
        if let Some(why) = self.refusal(deed, view) {
            return vec![Effect::refuse(why)];
        }
        let all = &page.all;
        let ask = |tag, text: String| vec![Effect::open(tag, Confirm::ask(text))];
        let (keyed, sheets) = (whole(all.keyed), whole(all.sheets));
        match deed {
            Deed::Propose => self.act(CycleAct::Propose),
            Deed::Make => self.act(CycleAct::MakeSheets),
            Deed::Raters => self.records(Kind::Raters, &page),
            Deed::Results => self.records(Kind::CycleResults, &page),
            Deed::Fairness => {
                let own = vec![("cycle".to_string(), self.id.to_string())];
                let query = ReportQuery { own, ..ReportQuery::of("fairness") };
                vec![Effect::Report(Box::new(query), Begins::Table)]
            }
            Deed::Print => {
                (self.printed, self.read) = (Vec::new(), 0);
                vec![self.ask_sheets()]
            }
            Deed::Tick => self.ticks.begin(self.id),
            Deed::Key => vec![Effect::open(OPEN, KeyGrid::of(&page))],
            Deed::Edit => vec![Effect::open(OPEN, FormOverlay::open(self.id))],
            Deed::Collect => {
                ask(COLLECT, t!("cycle.ask_collect", keyed = keyed, sheets = sheets).into_owned())
            }
            Deed::Close => ask(
                CLOSE,
                t!("cycle.ask_close", keyed = keyed, sheets = sheets, least = page.cycle.minimum())
                    .into_owned(),
            ),
        }
    }

    fn ask_sheets(&self) -> Effect {
        let (cycle, offset) = (self.cycle(), self.read);
        Effect::ask(SHEETS, Request::Sheets { cycle, unit: None, offset })
    }

    /// More of the sheets; once all are here those not keyed yet go to a file.
    fn take(&mut self, sheets: SheetsPage, view: &View) -> Vec<Effect> {
        let Some(page) = &self.page else { return Vec::new() };
        let more = !sheets.sheets.is_empty();
        self.read += sheets.sheets.len() as u32;
        self.printed.extend(sheets.sheets.into_iter().filter(|sheet| !sheet.keyed));
        if more && self.read < sheets.total {
            return vec![self.ask_sheets()];
        }
        let blank = std::mem::take(&mut self.printed);
        if blank.is_empty() {
            return vec![Effect::refuse(t!("cycle.none_blank"))];
        }
        let (cycle, competencies) = (page.cycle.name.clone(), sheets.competencies);
        let what = Export::Blanks { cycle, competencies, sheets: blank };
        vec![Effect::open(OPEN, ExportForm::new(what, "", view))]
    }

    fn command(&mut self, command: Command, view: &View) -> Vec<Effect> {
        let deeds = self.deeds();
        let count = deeds.len() as u32;
        if let Some(at) = walk(command, self.at as u32, count, count) {
            self.at = at as usize;
            return Vec::new();
        }
        match command {
            Command::ListOpen => {
                return deeds
                    .get(self.at)
                    .map_or_else(Vec::new, |deed| self.carry_out(*deed, view));
            }
            Command::ListEdit => return self.carry_out(Deed::Edit, view),
            Command::ListMark => return self.carry_out(Deed::Tick, view),
            Command::ListBack | Command::Cancel => {
                return vec![Effect::Done(Outcome::Cancelled)];
            }
            _ => {}
        }
        Vec::new()
    }

    /// Whether a command of lists means something here.
    fn knows(&self, command: Command) -> bool {
        let known = [Command::ListOpen, Command::ListEdit, Command::ListBack];
        let ticks = command == Command::ListMark && self.deeds().contains(&Deed::Tick);
        ticks || known.contains(&command) || walk(command, 0, 1, 1).is_some()
    }
}

impl Overlay for CycleView {
    fn id(&self) -> &'static str {
        "cycle"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::List]
    }

    fn available(&self, command: Command) -> Availability {
        if command.def().contexts.contains(&Context::List) && !self.knows(command) {
            return Availability::No(t!("cycle.not_here").into_owned());
        }
        Availability::Yes
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::ListOpen => HintWord::here(t!("cycle.hint_do")),
            Command::ListMark if self.knows(command) => HintWord::here(t!("cycle.hint_tick")),
            Command::ListEdit | Command::AreaNext => HintWord::Silent,
            command if command.def().contexts.contains(&Context::List) && !self.knows(command) => {
                HintWord::Silent
            }
            _ => HintWord::Usual,
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Shown | PaneEvent::Notice(Notice::Changed { .. }) => self.ask(),
            PaneEvent::Answer(tag, Answer::Cycle(page)) if tag.name == PAGE => {
                self.show(*page);
                Vec::new()
            }
            PaneEvent::Answer(tag, Answer::Sheets(sheets)) if tag.name == SHEETS => {
                self.take(sheets, view)
            }
            PaneEvent::Answer(tag, Answer::Page(page)) if tag.name == ticks::RATERS => {
                self.ticks.take(page)
            }
            PaneEvent::Outcome(tag, Outcome::Picked(places)) if tag.name == ticks::TICK => {
                self.ticks.note(ACT, &places, view.today)
            }
            // It is not there any more.
            PaneEvent::Answer(tag, Answer::Refused(_)) if tag.name == PAGE => {
                vec![Effect::Done(Outcome::Cancelled)]
            }
            PaneEvent::Answer(tag, Answer::Saved(_)) if tag.name == ACT => self.ask(),
            PaneEvent::Outcome(tag, Outcome::Yes) if tag.name == COLLECT => {
                self.act(CycleAct::Collect)
            }
            PaneEvent::Outcome(tag, Outcome::Yes) if tag.name == CLOSE => self.act(CycleAct::Close),
            PaneEvent::Outcome(tag, _) if tag.name == OPEN => self.ask(),
            PaneEvent::Command(command) => self.command(command, view),
            _ => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let title = self.page.as_ref().map_or_else(String::new, |page| page.cycle.name.clone());
        let inner = boxed(frame, view.area, &title, view.theme, view.glyphs);
        let Some(page) = &self.page else {
            put(frame, inner, 0, &t!("cycle.loading"), view.theme.dim, view.glyphs);
            return;
        };
        put(frame, inner, 0, &about(page), view.theme.text, view.glyphs);
        let deeds = self.deeds();
        let room = inner.height.saturating_sub(FRAME + deeds.len() as u16);
        let units = draw_units(frame, Rect { y: inner.y + 2, ..inner }, page, room, view);
        let top = (2 + units + 1).min(inner.height);
        let below = Rect { y: inner.y + top, height: inner.height - top, ..inner };
        for (row, deed) in (0..).zip(deeds) {
            let here = usize::from(row) == self.at;
            let refused = self.refusal(deed, view).is_some();
            let style = match (here, refused) {
                (true, _) => view.theme.selected,
                (false, true) => view.theme.dim,
                (false, false) => view.theme.text,
            };
            let mark = if here { view.glyphs.cursor } else { " " };
            put(
                frame,
                below,
                row,
                &format!("{mark}{}", deed.words(page.cycle.stage())),
                style,
                view.glyphs,
            );
        }
    }
}

/// What it is about, in one line.
fn about(page: &Page) -> String {
    let cycle = &page.cycle;
    let mut parts = vec![choice(cycle.stage().code())];
    let days = [cycle.start, cycle.end].into_iter().flatten().map(date).collect::<Vec<_>>();
    parts.extend(Some(days.join(" – ")).filter(|days| !days.is_empty()));
    parts.push(t!("cycle.competencies", count = page.competencies.len()).into_owned());
    parts.push(t!("cycle.least", least = cycle.minimum()).into_owned());
    parts.join(", ")
}

/// Units with what is missing most first, and the sum; how many lines that took.
fn draw_units(frame: &mut Frame, area: Rect, page: &Page, room: u16, view: &View) -> u16 {
    let (theme, glyphs) = (view.theme, view.glyphs);
    let name = area.width.saturating_sub(5 * COUNT + 1);
    let line = |label: &str, counts: [String; 5]| {
        let mut text = padded(label, usize::from(name), false, glyphs.ellipsis);
        for count in counts {
            text.push_str(&padded(&count, usize::from(COUNT), true, glyphs.ellipsis));
        }
        text
    };
    let heads = CycleUnit::COUNTS
        .map(|one| crate::i18n::find(&format!("cycle.head_{one}")).unwrap_or_default());
    put(frame, area, 0, &line(&t!("cycle.head_unit"), heads), theme.heading, glyphs);
    let counts = |unit: &CycleUnit| unit.counts().map(whole);
    let mut units: Vec<&CycleUnit> = page.units.iter().collect();
    units.sort_by_key(|unit| std::cmp::Reverse(unit.sheets - unit.keyed.min(unit.sheets)));
    let shown = usize::from(room).min(units.len());
    for (row, unit) in (1..).zip(&units[..shown]) {
        put(frame, area, row, &line(&unit.name, counts(unit)), theme.text, glyphs);
    }
    let all = if shown < units.len() {
        t!("cycle.all_units", count = units.len())
    } else {
        t!("cycle.all")
    };
    let row = shown as u16 + 1;
    put(frame, area, row, &line(&all, counts(&page.all)), theme.accent, glyphs);
    row + 1
}
