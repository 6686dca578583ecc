//! Sheets of paper keyed back: one digit a competency, one sheet after the other in the order
//! in which they were printed, `/` and a code for any other; the last digit goes on to the
//! next sheet by itself. What is keyed is saved ten sheets at a time and on leaving, so that
//! the journal has them in the order of their codes; until then it is kept as a draft, as a
//! form is.

use ratatui::Frame;

use super::grid_draw;
use crate::domain::fault::Reason;
use crate::domain::kinds::sheet::CODE_LENGTH;
use crate::domain::record::{CycleId, Fields, Kind, Revision};
use crate::i18n::{reason, t};
use crate::protocol::{
    Answer, CycleAct, CyclePage, KeyedSheet, Problem, Request, SheetColumn, SheetInfo,
};
use crate::ui::command::{Command, Context};
use crate::ui::draft::Draft;
use crate::ui::effect::{Effect, step};
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::pane::{HintWord, PaneEvent, View};

const SHEETS: &str = "keying.sheets";
const SAVE: &str = "keying.save";
/// So many sheets are saved together.
const BATCH: usize = 10;

/// What the last key did.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Went on to this sheet by its last digit: Enter does so no second time.
    Moved,
    /// It was said that whoever leaves now goes without the sheet that is on.
    Warned,
    Other,
}

pub struct KeyGrid {
    cycle: CycleId,
    pub(super) name: String,
    pub(super) competencies: Vec<SheetColumn>,
    pub(super) sheets: Vec<SheetInfo>,
    loaded: bool,
    pub(super) at: usize,
    /// What has been typed of the sheet that is on.
    pub(super) levels: Vec<u8>,
    /// A code being typed.
    pub(super) code: Option<String>,
    pub(super) message: String,
    /// Keyed, and not on the disk yet.
    pub(super) pending: Vec<KeyedSheet>,
    /// On their way.
    sent: Vec<KeyedSheet>,
    leaving: bool,
    last: Last,
}

impl KeyGrid {
    pub fn of(page: &CyclePage) -> Self {
        let competencies = page.competencies.clone();
        Self { competencies, ..Self::named(page.id, page.cycle.name.clone()) }
    }

    /// Where an officer left off; `None` for the draft of something else.
    pub fn resume(draft: &Draft) -> Option<Self> {
        let cycle = draft.id.filter(|id| draft.kind == Kind::Sheets && id.kind == Kind::Cycles)?;
        let [(_, name), sheets @ ..] = &draft.texts[..] else { return None };
        let level = |c: char| c.to_digit(10).and_then(|level| u8::try_from(level).ok());
        let sheet = |(code, levels): &(String, String)| KeyedSheet {
            code: code.clone(),
            levels: levels.chars().filter_map(level).collect(),
        };
        let pending = sheets.iter().map(sheet).collect();
        Some(Self { pending, ..Self::named(CycleId(cycle.number), name.clone()) })
    }

    fn named(cycle: CycleId, name: String) -> Self {
        Self {
            cycle,
            name,
            competencies: Vec::new(),
            sheets: Vec::new(),
            loaded: false,
            at: 0,
            levels: Vec::new(),
            code: None,
            message: String::new(),
            pending: Vec::new(),
            sent: Vec::new(),
            leaving: false,
            last: Last::Other,
        }
    }

    fn ask(&self) -> Effect {
        let offset = self.sheets.len() as u32;
        Effect::ask(SHEETS, Request::Sheets { cycle: self.cycle, unit: None, offset })
    }

    pub(super) fn here(&self) -> Option<&SheetInfo> {
        self.sheets.get(self.at)
    }

    /// How many are keyed, of all.
    pub(super) fn done(&self) -> (usize, usize) {
        (self.sheets.iter().filter(|sheet| sheet.keyed).count(), self.sheets.len())
    }

    /// The next sheet that is not keyed, from this place on and around.
    fn next_from(&self, place: usize) -> Option<usize> {
        let blank = |at: &usize| !self.sheets[*at].keyed;
        (place..self.sheets.len()).chain(0..place.min(self.sheets.len())).find(blank)
    }

    fn go(&mut self, at: usize) {
        self.at = at;
        self.levels.clear();
        let keyed = self.here().is_some_and(|sheet| sheet.keyed);
        self.message = if keyed { reason(Reason::SheetKeyed, "") } else { String::new() };
    }

    fn draft_name(&self) -> String {
        format!("{}-{}", Kind::Sheets, self.cycle.0)
    }

    /// Everything is on the disk: nothing waits for another time.
    fn forget(&self) -> Effect {
        Effect::ForgetDraft(self.draft_name())
    }

    /// All sheets are known: those of a draft that were saved after all are let go of, and
    /// one that was filled in part is on again.
    fn take_up(&mut self) {
        self.loaded = true;
        let mut part = None;
        for one in std::mem::take(&mut self.pending) {
            let mut found = self.sheets.iter_mut().enumerate();
            let found = found.find(|(_, sheet)| sheet.code == one.code && !sheet.keyed);
            let Some((at, sheet)) = found else { continue };
            if one.levels.len() == self.competencies.len() {
                sheet.keyed = true;
                self.pending.push(one);
            } else {
                part = Some((at, one.levels));
            }
        }
        self.go(part.as_ref().map_or_else(|| self.next_from(0).unwrap_or(0), |(at, _)| *at));
        self.levels = part.map(|(_, levels)| levels).unwrap_or_default();
    }

    fn text(&mut self, c: char) -> Vec<Effect> {
        self.last = Last::Other;
        if let Some(code) = &mut self.code {
            if c.is_ascii_alphanumeric() && code.len() < CODE_LENGTH {
                code.push(c.to_ascii_uppercase());
            }
            if code.len() == CODE_LENGTH {
                self.jump();
            }
            return Vec::new();
        }
        self.message = match c {
            '/' if !self.levels.is_empty() => t!("keying.begun").into_owned(),
            '/' => {
                self.code = Some(String::new());
                String::new()
            }
            '1'..='5' if self.here().is_some_and(|sheet| sheet.keyed) => {
                reason(Reason::SheetKeyed, "")
            }
            '1'..='5' if self.levels.len() < self.competencies.len() => {
                self.levels.extend(c.to_digit(10).and_then(|level| u8::try_from(level).ok()));
                String::new()
            }
            _ => t!("keying.only_digits").into_owned(),
        };
        if self.levels.len() < self.competencies.len() || self.levels.is_empty() {
            return Vec::new();
        }
        let effects = self.accept();
        self.last = Last::Moved;
        effects
    }

    /// The last digit; of a fresh sheet that of the one before, while it is not sent.
    fn back(&mut self) {
        if self.levels.pop().is_some() {
            return;
        }
        let Some(last) = self.pending.pop() else { return };
        if let Some(at) = self.sheets.iter().position(|sheet| sheet.code == last.code) {
            self.sheets[at].keyed = false;
            self.go(at);
            self.levels = last.levels;
            self.levels.pop();
        }
    }

    /// To the sheet whose code was typed.
    fn jump(&mut self) {
        let Some(code) = self.code.take() else { return };
        match self.sheets.iter().position(|sheet| sheet.code == code) {
            Some(at) => self.go(at),
            None => self.message = format!("{code}: {}", reason(Reason::SheetUnknown, "")),
        }
    }

    /// The sheet is full: the next one.
    fn accept(&mut self) -> Vec<Effect> {
        if self.code.is_some() {
            self.jump();
            return Vec::new();
        }
        if std::mem::replace(&mut self.last, Last::Other) == Last::Moved {
            return Vec::new();
        }
        let Some(sheet) = self.sheets.get_mut(self.at).filter(|sheet| !sheet.keyed) else {
            if let Some(at) = self.next_from(self.at + 1) {
                self.go(at);
            }
            return Vec::new();
        };
        if self.levels.len() < self.competencies.len() {
            self.message = reason(Reason::ScoresMissing, "");
            return Vec::new();
        }
        sheet.keyed = true;
        let levels = std::mem::take(&mut self.levels);
        self.pending.push(KeyedSheet { code: sheet.code.clone(), levels });
        let Some(at) = self.next_from(self.at + 1) else {
            self.message = t!("keying.all_keyed").into_owned();
            return self.save();
        };
        self.go(at);
        if self.pending.len() >= BATCH { self.save() } else { Vec::new() }
    }

    fn save(&mut self) -> Vec<Effect> {
        if self.pending.is_empty() || !self.sent.is_empty() {
            return Vec::new();
        }
        self.sent = std::mem::take(&mut self.pending);
        let act = CycleAct::Key(self.sent.clone());
        vec![Effect::ask(SAVE, Request::Assess { step: step(), cycle: self.cycle, act })]
    }

    /// A sheet filled in part is left only when that was said.
    fn leave(&mut self) -> Vec<Effect> {
        if !self.levels.is_empty()
            && std::mem::replace(&mut self.last, Last::Warned) != Last::Warned
        {
            self.message = t!("keying.begun_leave").into_owned();
            return Vec::new();
        }
        self.leaving = true;
        self.levels.clear();
        let saving = self.save();
        if self.sent.is_empty() { self.done_with() } else { saving }
    }

    fn done_with(&self) -> Vec<Effect> {
        vec![self.forget(), Effect::Done(Outcome::Cancelled)]
    }

    /// What was sent has not been saved: those that are at fault are told and can be keyed
    /// again, the others wait to be saved.
    fn refused(&mut self, answer: Answer) -> Vec<Effect> {
        let sent = std::mem::take(&mut self.sent);
        let faults = match answer {
            Answer::Refused(Problem::Invalid(faults)) => faults,
            _ => Vec::new(),
        };
        let whole = faults.is_empty() || faults.iter().any(|(_, fault)| fault.field == "stage");
        let mut told = Vec::new();
        for (index, sheet) in (0..).zip(sent) {
            let fault = faults.iter().find(|(at, _)| *at == index).filter(|_| !whole);
            let Some((_, fault)) = fault else {
                self.pending.push(sheet);
                continue;
            };
            told.push(format!("{}: {}", sheet.code, reason(fault.reason, &fault.detail)));
            if fault.reason != Reason::SheetKeyed
                && let Some(known) = self.sheets.iter_mut().find(|one| one.code == sheet.code)
            {
                known.keyed = false;
            }
        }
        let leaving = std::mem::take(&mut self.leaving);
        if whole {
            self.message = t!("keying.not_saved", count = self.pending.len()).into_owned();
            // They wait as a draft for another time.
            let draft = self.draft().filter(|_| leaving);
            let left = draft.map(|draft| Effect::SaveDraft(Box::new(draft)));
            return left
                .into_iter()
                .flat_map(|kept| [kept, Effect::Done(Outcome::Cancelled)])
                .collect();
        }
        self.message = told.join("; ");
        self.save()
    }

    fn command(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::PickerAccept => return self.accept(),
            Command::PickerCancel | Command::Cancel if self.code.is_some() => self.code = None,
            Command::PickerCancel | Command::Cancel => return self.leave(),
            Command::TextBackspace => match &mut self.code {
                Some(code) => drop(code.pop()),
                None => self.back(),
            },
            Command::TextKillLine => self.levels.clear(),
            Command::PickerUp | Command::PickerDown if !self.levels.is_empty() => {
                self.message = t!("keying.begun").into_owned();
            }
            Command::PickerUp => self.go(self.at.saturating_sub(1)),
            Command::PickerDown => self.go((self.at + 1).min(self.sheets.len().max(1) - 1)),
            _ => {}
        }
        Vec::new()
    }
}

impl Overlay for KeyGrid {
    fn id(&self) -> &'static str {
        "keying"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Text, Context::Picker]
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::PickerAccept => HintWord::here(t!("keying.hint_next")),
            Command::PickerCancel => HintWord::here(t!("keying.hint_leave")),
            Command::PickerToggle | Command::AreaNext => HintWord::Silent,
            _ => HintWord::Usual,
        }
    }

    fn shows_faults(&self) -> bool {
        true
    }

    /// What is not on the disk yet, in the order of its codes as the journal will have it.
    fn draft(&self) -> Option<Draft> {
        let code = self.here().map(|sheet| sheet.code.clone()).unwrap_or_default();
        let part = Some(KeyedSheet { code, levels: self.levels.clone() });
        let part = part.filter(|part| !part.levels.is_empty());
        let waiting = self.pending.iter().chain(&self.sent).chain(&part);
        let digits = |levels: &[u8]| levels.iter().map(u8::to_string).collect::<String>();
        let mut sheets: Vec<_> =
            waiting.map(|sheet| (sheet.code.clone(), digits(&sheet.levels))).collect();
        sheets.sort();
        (!sheets.is_empty()).then(|| Draft {
            name: self.draft_name(),
            kind: Kind::Sheets,
            id: Some(self.cycle.into()),
            base: Revision(0),
            original: Fields::new(),
            texts: [("name".to_string(), self.name.clone())].into_iter().chain(sheets).collect(),
        })
    }

    fn update(&mut self, event: PaneEvent, _: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Shown if !self.loaded => vec![self.ask()],
            PaneEvent::Text(c) => self.text(c),
            // What comes faster than a hand types.
            PaneEvent::Paste(text) => {
                let mut effects = Vec::new();
                for c in text.chars() {
                    match c {
                        '\r' | '\n' => effects.extend(self.accept()),
                        c => effects.extend(self.text(c)),
                    }
                }
                effects
            }
            PaneEvent::Answer(tag, Answer::Sheets(page)) if tag.name == SHEETS => {
                self.competencies = page.competencies;
                let more = !page.sheets.is_empty();
                self.sheets.extend(page.sheets);
                if more && (self.sheets.len() as u32) < page.total {
                    return vec![self.ask()];
                }
                self.take_up();
                Vec::new()
            }
            PaneEvent::Answer(tag, Answer::Saved(_)) if tag.name == SAVE => {
                self.sent.clear();
                if self.pending.is_empty() && self.levels.is_empty() {
                    return if self.leaving { self.done_with() } else { vec![self.forget()] };
                }
                if self.leaving || self.pending.len() >= BATCH { self.save() } else { Vec::new() }
            }
            PaneEvent::Answer(tag, answer) if tag.name == SAVE => self.refused(answer),
            PaneEvent::Command(command) => self.command(command),
            _ => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        grid_draw::draw(frame, self, self.loaded, view);
    }
}
