//! Sheets of paper keyed back: one digit a competency, Enter for the next sheet in the order
//! in which they were printed, `/` and a code for any other. What is keyed is saved ten sheets
//! at a time and on leaving, so that the journal has them in the order of their codes.

use ratatui::Frame;

use super::grid_draw;
use crate::domain::fault::Reason;
use crate::domain::kinds::sheet::CODE_LENGTH;
use crate::domain::record::CycleId;
use crate::i18n::{reason, t};
use crate::protocol::{
    Answer, CycleAct, CyclePage, KeyedSheet, Problem, Request, SheetColumn, SheetInfo,
};
use crate::ui::command::{Command, Context};
use crate::ui::effect::{Effect, step};
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::pane::{HintWord, PaneEvent, View};

const SHEETS: &str = "keying.sheets";
const SAVE: &str = "keying.save";
/// So many sheets are saved together.
const BATCH: usize = 10;

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
    /// It was said that whoever leaves now goes without the sheet that is on.
    warned: bool,
}

impl KeyGrid {
    pub fn of(page: &CyclePage) -> Self {
        Self {
            cycle: page.id,
            name: page.cycle.name.clone(),
            competencies: page.competencies.clone(),
            sheets: Vec::new(),
            loaded: false,
            at: 0,
            levels: Vec::new(),
            code: None,
            message: String::new(),
            pending: Vec::new(),
            sent: Vec::new(),
            leaving: false,
            warned: false,
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

    fn text(&mut self, c: char) {
        self.warned = false;
        if let Some(code) = &mut self.code {
            if c.is_ascii_alphanumeric() && code.len() < CODE_LENGTH {
                code.push(c.to_ascii_uppercase());
            }
            if code.len() == CODE_LENGTH {
                self.jump();
            }
            return;
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
            '1'..='5' => t!("keying.full").into_owned(),
            _ => t!("keying.only_digits").into_owned(),
        };
    }

    /// To the sheet whose code was typed.
    fn jump(&mut self) {
        let Some(code) = self.code.take() else { return };
        match self.sheets.iter().position(|sheet| sheet.code == code) {
            Some(at) => self.go(at),
            None => self.message = format!("{code}: {}", reason(Reason::SheetUnknown, "")),
        }
    }

    fn is_full(&self) -> bool {
        !self.levels.is_empty() && self.levels.len() == self.competencies.len()
    }

    /// The sheet is full: the next one.
    fn accept(&mut self) -> Vec<Effect> {
        if self.code.is_some() {
            self.jump();
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

    /// A full sheet goes along; one filled in part is left only when that was said.
    fn leave(&mut self) -> Vec<Effect> {
        if self.is_full() {
            let saving = self.accept();
            if !saving.is_empty() {
                self.leaving = true;
                return saving;
            }
        } else if !self.levels.is_empty() && !std::mem::replace(&mut self.warned, true) {
            self.message = t!("keying.begun_leave").into_owned();
            return Vec::new();
        }
        self.leaving = true;
        let saving = self.save();
        if self.sent.is_empty() { vec![Effect::Done(Outcome::Cancelled)] } else { saving }
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
            // Whoever leaves again goes without them.
            if leaving {
                self.pending.clear();
            }
            return Vec::new();
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
                None => drop(self.levels.pop()),
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

    fn update(&mut self, event: PaneEvent, _: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Shown if !self.loaded => vec![self.ask()],
            PaneEvent::Text(c) => {
                self.text(c);
                Vec::new()
            }
            // What comes faster than a hand types.
            PaneEvent::Paste(text) => {
                let mut effects = Vec::new();
                for c in text.chars() {
                    match c {
                        '\r' | '\n' => effects.extend(self.accept()),
                        c => self.text(c),
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
                self.loaded = true;
                self.go(self.next_from(0).unwrap_or(0));
                Vec::new()
            }
            PaneEvent::Answer(tag, Answer::Saved(_)) if tag.name == SAVE => {
                self.sent.clear();
                if self.leaving && self.pending.is_empty() {
                    return vec![Effect::Done(Outcome::Cancelled)];
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
