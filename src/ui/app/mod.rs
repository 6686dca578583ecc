//! App: the screen as a whole. Takes one event, tells the pane or overlay it concerns,
//! carries out what they want of the screen and hands the rest on as `Deed`s. Draws.
//! No I/O, no clock of its own, no waiting.
//!
//! `keys` turns keys into commands, `ahead` lets what is typed ahead wait and keeps what was
//! not meant from doing anything, `along` goes from page to page and back, `back` takes
//! steps back, `effects` carries out what panes want, `office` takes replies and notices,
//! `presence` tells and hears who is at which record, `tour` greets whoever is here for the
//! first time, `draw` lays the screen out.

mod ahead;
mod along;
mod back;
#[cfg(test)]
mod cycles_tests;
#[cfg(test)]
mod desk_tests;
mod drafts;
mod draw;
mod effects;
#[cfg(test)]
mod everywhere_tests;
mod keys;
mod office;
mod presence;
#[cfg(test)]
mod remembering_tests;
#[cfg(test)]
mod standards_tests;
#[cfg(test)]
pub(in crate::ui) mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod totals_tests;
pub(in crate::ui) mod tour;
#[cfg(test)]
mod trend_tests;
#[cfg(test)]
mod unmeant_tests;
#[cfg(test)]
mod work_tests;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset, Utc};
use ratatui::layout::Rect;

use super::draft::Draft;
use super::effect::{Effect, Marks, Tag, UnitScope};
use super::event::Event;
use super::job::{Job, JobId};
use super::keymap::{Keymap, Next};
use super::memory::{Memo, Memory};
use super::overlay::{Outcome, Overlay};
use super::pane::{Along, Pane, PaneEvent, View};
use super::theme::{Glyphs, Theme};
use super::toast::Toast;
use crate::domain::change::RequestId;
use crate::domain::record::RecordId;
use crate::protocol::{Editor, OfficeInfo, Request, Ticket, Work};
use crate::term::input::{Heard, Input};
use crate::term::key::Key;
use crate::term::profile::Profile;

/// How many messages the list keeps.
const MESSAGES_MAX: usize = 200;
/// How many overlays may stand on each other.
const OVERLAYS_MAX: usize = 16;

/// Below this the screen only says that it is too small.
pub const SMALLEST: (u16, u16) = (60, 15);

/// What `run` has to do in the world.
#[derive(Debug, PartialEq)]
pub enum Deed {
    Send(Ticket, Box<Request>),
    Copy(String),
    /// Opens the officer's editor; answer with [`App::edited`].
    Editor(String),
    Job(JobId, Job),
    CancelJob(JobId),
    SaveDraft(Box<Draft>),
    ForgetDraft(String),
    Remember(Memo),
    Redraw,
    Suspend,
    Quit,
}

/// What an app is made of; everything that differs from run to run comes from outside.
pub struct Parts {
    pub panes: Vec<Box<dyn Pane>>,
    pub keymap: Keymap,
    pub profile: Profile,
    pub clock: Box<dyn Fn() -> DateTime<Utc>>,
    /// Never the same twice, also not in another run.
    pub request_ids: Box<dyn FnMut() -> RequestId>,
    pub info: OfficeInfo,
    pub size: (u16, u16),
    /// Where exports go unless another place is typed.
    pub folder: PathBuf,
    /// Forms that were not finished last time.
    pub drafts: Vec<Draft>,
    /// What is remembered for this officer.
    pub memory: Memory,
    /// The office goes when the screen closes.
    pub passing: bool,
}

/// A sequence of keys that stops for so long shows what may follow: whoever knows her way
/// needs no list of it.
const HESITATION: Duration = Duration::from_millis(500);
/// A cursor that stands for so long has come to rest.
pub(in crate::ui) const REST: Duration = Duration::from_millis(200);

/// Who asked or opened something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AskedBy {
    App,
    Pane(usize),
    /// By serial number: it may be gone when the answer comes.
    Overlay(u64),
}

struct Open {
    serial: u64,
    overlay: Box<dyn Overlay>,
    opener: AskedBy,
    tag: Tag,
    /// When it was first on the screen.
    drawn: Option<Instant>,
}

/// What panes may look at, kept apart so that they can be told while it is lent.
struct Face {
    theme: Theme,
    glyphs: Glyphs,
    keymap: Keymap,
    clock: Box<dyn Fn() -> DateTime<Utc>>,
    info: OfficeInfo,
    unit: Option<UnitScope>,
    marked: Marks,
    along: Along,
    folder: PathBuf,
    /// Who else has which record open.
    editors: Vec<Editor>,
    /// Forms that were not finished and wait to be taken up.
    drafts: Vec<Draft>,
    memory: Memory,
}

impl Face {
    fn view(&self, area: Rect) -> View<'_> {
        let now = (self.clock)();
        let zone = FixedOffset::east_opt(i32::from(self.info.utc_offset_hours) * 3600)
            .or_else(|| FixedOffset::east_opt(7 * 3600))
            .unwrap_or_else(|| chrono::Offset::fix(&Utc));
        View {
            theme: &self.theme,
            glyphs: &self.glyphs,
            area,
            today: now.with_timezone(&zone).date_naive(),
            now,
            zone,
            info: &self.info,
            read_only: self.info.is_closed(),
            unit: self.unit.as_ref(),
            marked_people: &self.marked,
            along: &self.along,
            keymap: &self.keymap,
            folder: &self.folder,
            editors: &self.editors,
            drafts: self.drafts.len(),
            memory: &self.memory,
        }
    }
}

pub struct App {
    face: Face,
    panes: Vec<Box<dyn Pane>>,
    /// Which panes have been shown: only they have something to refresh.
    seen: BTreeSet<usize>,
    /// Panes behind for which something has changed; told when they come to the front.
    stale: BTreeSet<usize>,
    front: usize,
    overlays: Vec<Open>,
    /// The pages one came from, the latest last, and how the one in front was come to.
    back: Vec<along::Back>,
    arrived: along::Arrived,
    serial: u64,
    size: (u16, u16),
    /// Keys of a sequence that is not complete yet, and what may follow.
    pending: Vec<Key>,
    next: Vec<Next>,
    /// Whether the officer has been waiting long enough to be shown what may follow.
    next_shown: bool,
    /// What was typed ahead of an answer.
    held: VecDeque<Heard>,
    asked: HashMap<Ticket, (AskedBy, Tag)>,
    ticket: u64,
    request_ids: Box<dyn FnMut() -> RequestId>,
    toast: Option<Toast>,
    /// The message before: it gives way to the next one at once where that is soon to come.
    read: Option<Toast>,
    /// The hints come back where a message was once nobody types: the next message may be
    /// under way.
    hints: Hints,
    messages: VecDeque<(DateTime<Utc>, Toast)>,
    progress: Option<(Work, u64, u64)>,
    /// The line to a shared office is lost and being looked for.
    lost: bool,
    /// The record the office was told this officer has open.
    editing: Option<RecordId>,
    jobs: Vec<(JobId, AskedBy)>,
    /// Who opened the editor, under which tag.
    editor: Option<(AskedBy, Tag)>,
    /// A destructive command that waits for its yes.
    awaiting: Option<super::command::Command>,
    /// An undo or a redo on its way.
    taking_back: Option<back::TakingBack>,
    /// ctrl-c was pressed with nothing to cancel.
    leaving: bool,
    deeds: Vec<Deed>,
    /// Those of the drafts that are still to be offered.
    offered: Vec<Draft>,
    at_stake: AtStake,
}

/// What the officer may press next, on the line at the bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hints {
    Shown,
    /// Once nobody types.
    Late,
}

/// What would go with the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AtStake {
    Nothing,
    /// An example office as it was made.
    Example,
    /// What was done in it.
    Work,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        crate::i18n::stand_at(parts.info.utc_offset_hours);
        crate::i18n::call(&parts.info.rules);
        let face = Face {
            theme: Theme::of(parts.profile.color),
            glyphs: Glyphs::of(parts.profile.glyphs),
            keymap: parts.keymap,
            clock: parts.clock,
            info: parts.info,
            unit: None,
            marked: Marks::default(),
            along: Along::default(),
            folder: parts.folder,
            editors: Vec::new(),
            drafts: parts.drafts.clone(),
            memory: parts.memory,
        };
        Self {
            face,
            panes: parts.panes,
            seen: BTreeSet::new(),
            stale: BTreeSet::new(),
            front: 0,
            overlays: Vec::new(),
            back: Vec::new(),
            arrived: along::Arrived::default(),
            serial: 0,
            size: parts.size,
            pending: Vec::new(),
            next: Vec::new(),
            next_shown: false,
            held: VecDeque::new(),
            asked: HashMap::new(),
            ticket: 0,
            request_ids: parts.request_ids,
            toast: None,
            read: None,
            hints: Hints::Shown,
            messages: VecDeque::new(),
            progress: None,
            lost: false,
            editing: None,
            jobs: Vec::new(),
            editor: None,
            awaiting: None,
            taking_back: None,
            leaving: false,
            deeds: Vec::new(),
            offered: parts.drafts,
            at_stake: if parts.passing { AtStake::Example } else { AtStake::Nothing },
        }
    }

    /// The first thing to call: shows the first pane, says what the office mended.
    pub fn start(&mut self) -> Vec<Deed> {
        self.say_requests();
        self.say_mended(0);
        if let Some(problem) = &self.face.info.read_only {
            self.say(Toast::warning(crate::i18n::problem(problem)));
        }
        self.show_pane((0..self.panes.len()).find(|at| self.is_shown(*at)).unwrap_or(0));
        self.offer_draft();
        self.take_deeds()
    }

    /// Says what the office has mended, but for what the officer has been told.
    fn say_mended(&mut self, told: usize) {
        let mended = self.face.info.mended.iter().skip(told).map(crate::i18n::mended);
        for text in mended.collect::<Vec<_>>() {
            self.say(Toast::note(text));
        }
    }

    pub fn update(&mut self, event: Event) -> Vec<Deed> {
        match event {
            Event::Input(heard) => self.input(heard),
            Event::Incoming(incoming) => {
                self.incoming(incoming);
                self.release();
            }
            Event::Job(event) => self.job(&event),
        }
        self.take_deeds()
    }

    /// What the editor left, or why it could not be used.
    pub fn edited(&mut self, text: Result<String, String>) -> Vec<Deed> {
        match (self.editor.take(), text) {
            (Some((owner, tag)), Ok(text)) => {
                self.tell(owner, PaneEvent::Outcome(tag, Outcome::Text(text)));
            }
            (_, Err(why)) => self.say(Toast::error(why)),
            (None, Ok(_)) => {}
        }
        self.take_deeds()
    }

    /// Something `run` tried and could not do.
    pub fn failed(&mut self, why: String) {
        self.say(Toast::error(why));
    }

    /// What stands on the screen now has been seen from this moment on.
    pub fn drawn(&mut self, at: Instant) {
        for open in &mut self.overlays {
            open.drawn.get_or_insert(at);
        }
    }

    /// How long nothing is to be pressed before [`rested`](Self::rested) is called; `None`
    /// where nothing waits for that.
    pub fn rests_after(&self) -> Option<Duration> {
        let hesitates = !self.next.is_empty() && !self.next_shown;
        if hesitates {
            Some(HESITATION)
        } else {
            (self.hints == Hints::Late || self.is_moving()).then_some(REST)
        }
    }

    /// The pane in front is to say more once its cursor rests.
    fn is_moving(&self) -> bool {
        // What lies over a pane is kept as it is typed before the pane goes on.
        let pane = self.panes.get(self.front).filter(|_| self.overlays.is_empty());
        pane.is_some_and(|pane| pane.is_moving())
    }

    /// Nothing was pressed for so long: shows what may follow a key, or what the cursor came
    /// to rest on.
    pub fn rested(&mut self) -> Vec<Deed> {
        if !self.next.is_empty() && !self.next_shown {
            self.next_shown = true;
        } else {
            self.hints = Hints::Shown;
            self.read = None;
            self.tell(AskedBy::Pane(self.front), PaneEvent::Rested);
        }
        self.take_deeds()
    }

    /// What would be lost if the line went dead now.
    pub fn draft(&self) -> Option<Draft> {
        self.overlays.iter().rev().find_map(|open| open.overlay.draft())
    }

    /// The message on the screen, in full.
    #[cfg(test)]
    pub(crate) fn said(&self) -> Option<String> {
        self.toast.as_ref().map(Toast::line)
    }

    fn take_deeds(&mut self) -> Vec<Deed> {
        self.tell_editing();
        std::mem::take(&mut self.deeds)
    }

    fn input(&mut self, heard: Heard) {
        if self.ends_tour(&heard.input) || self.queues(&heard) {
            return;
        }
        match heard.input {
            Input::Key(key) => self.key(key, heard.at),
            Input::Paste(text) => self.pasted(&text),
            Input::Burst(text) => self.burst(&text, heard.at),
            Input::Resize(width, height) => {
                self.size = (width, height);
                self.resized();
            }
            Input::Resumed => self.deeds.push(Deed::Redraw),
            Input::Hangup | Input::Terminate => {
                if let Some(draft) = self.draft() {
                    self.deeds.push(Deed::SaveDraft(Box::new(draft)));
                }
                self.deeds.push(Deed::Quit);
            }
        }
    }

    fn resized(&mut self) {
        for pane in self.seen.clone() {
            self.tell(AskedBy::Pane(pane), PaneEvent::Resized);
        }
        for serial in self.serials() {
            self.tell(AskedBy::Overlay(serial), PaneEvent::Resized);
        }
    }

    fn serials(&self) -> Vec<u64> {
        self.overlays.iter().map(|open| open.serial).collect()
    }

    /// Whoever is in front: the topmost overlay, else the pane.
    fn top(&self) -> AskedBy {
        self.overlays.last().map_or(AskedBy::Pane(self.front), |open| AskedBy::Overlay(open.serial))
    }

    /// Tells one of them something and carries out what it wants.
    fn tell(&mut self, owner: AskedBy, event: PaneEvent) {
        let effects = match owner {
            AskedBy::App => self.own_outcome(event),
            AskedBy::Pane(at) => {
                let view = self.face.view(body(self.size));
                self.panes.get_mut(at).map(|pane| pane.update(event, &view)).unwrap_or_default()
            }
            AskedBy::Overlay(serial) => {
                let view = self.face.view(stage(self.size));
                let open = self.overlays.iter_mut().find(|open| open.serial == serial);
                open.map(|open| open.overlay.update(event, &view)).unwrap_or_default()
            }
        };
        self.carry_all(owner, effects);
    }

    /// Whether the pane at this place is for the officer at work.
    fn is_shown(&self, at: usize) -> bool {
        self.panes.get(at).is_some_and(|pane| pane.shown_to(self.face.info.role))
    }

    fn say(&mut self, toast: Toast) {
        self.messages.push_back(((self.face.clock)(), toast.clone()));
        if self.messages.len() > MESSAGES_MAX {
            self.messages.pop_front();
        }
        self.toast = Some(toast);
        self.read = None;
    }

    fn open(&mut self, opener: AskedBy, tag: Tag, overlay: Box<dyn Overlay>) {
        if self.overlays.len() >= OVERLAYS_MAX {
            return;
        }
        self.serial += 1;
        let serial = self.serial;
        self.overlays.push(Open { serial, overlay, opener, tag, drawn: None });
        self.tell(AskedBy::Overlay(serial), PaneEvent::Shown);
    }

    fn ask(&mut self, owner: AskedBy, tag: Tag, request: Request) {
        let effect = Effect::Ask(tag, Box::new(request));
        self.carry(owner, effect);
    }
}

/// Where a pane stands: between the tab bar and the hint line.
fn body((width, height): (u16, u16)) -> Rect {
    Rect { x: 0, y: 1.min(height), width, height: height.saturating_sub(2) }
}

/// Where overlays stand: everything but the hint line.
fn stage((width, height): (u16, u16)) -> Rect {
    Rect { x: 0, y: 0, width, height: height.saturating_sub(1) }
}
