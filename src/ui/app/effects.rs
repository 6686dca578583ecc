//! Carries out what a pane or an overlay wants: what concerns the screen here, the rest
//! as deeds for `run`.

use super::{App, AskedBy, Deed};
use crate::domain::record::{Kind, RecordId};
use crate::i18n::t;
use crate::protocol::Ticket;
use crate::ui::effect::Effect;
use crate::ui::memory::Memo;
use crate::ui::overlay::Outcome;
use crate::ui::pane::PaneEvent;

/// A copy longer than this is refused; a file can always be written instead.
pub const COPY_MAX: usize = 4096;

impl App {
    pub(super) fn carry_all(&mut self, owner: AskedBy, effects: Vec<Effect>) {
        for effect in effects {
            self.carry(owner, effect);
        }
    }

    pub(super) fn carry(&mut self, owner: AskedBy, effect: Effect) {
        match effect {
            Effect::Ask(tag, mut request) => {
                self.ticket += 1;
                let ticket = Ticket(self.ticket);
                if let Some(step) = request.step_mut().filter(|step| step.req.0.is_empty()) {
                    step.req = (self.request_ids)();
                }
                self.asked.insert(ticket, (owner, tag));
                self.deeds.push(Deed::Send(ticket, request));
            }
            Effect::Open(tag, overlay) => self.open(owner, tag, overlay),
            Effect::Done(outcome) => self.done(owner, outcome),
            Effect::Run(command) => {
                self.close(owner);
                self.command(command);
            }
            Effect::Show(id) => self.show_record(id),
            Effect::Visit(id) => self.visit(PaneEvent::Show(id), id),
            Effect::Attend(id) => self.visit(PaneEvent::Attend(id), id.into()),
            Effect::Search(pane, text) => self.search(owner, pane, &text),
            Effect::Report(query, begins) => self.show_report(&query, begins),
            Effect::TakeBack(line) => self.take_back_step(&line),
            Effect::Restrict(unit) => self.restrict(unit),
            Effect::Mark(marks) => {
                if let Some(at) =
                    self.panes.iter().position(|pane| pane.shows(RecordId::new(Kind::Employees, 0)))
                {
                    self.tell(AskedBy::Pane(at), PaneEvent::Mark(&marks));
                }
            }
            Effect::MarkedPeople(marks) => self.face.marked = marks,
            Effect::Toast(toast) => self.say(toast),
            Effect::Copy(text) if text.len() > COPY_MAX => {
                self.failed(t!("shell.copy_too_long").into_owned());
            }
            Effect::Copy(text) => self.deeds.push(Deed::Copy(text)),
            Effect::Editor { tag, text } => {
                self.editor = Some((owner, tag));
                self.deeds.push(Deed::Editor(text));
            }
            Effect::Job(id, job) => {
                self.jobs.push((id, owner));
                self.deeds.push(Deed::Job(id, job));
            }
            Effect::CancelJob(id) => self.deeds.push(Deed::CancelJob(id)),
            Effect::SaveDraft(draft) => {
                self.keep_draft(&draft);
                self.deeds.push(Deed::SaveDraft(draft));
            }
            Effect::ForgetDraft(name) => {
                self.forget_draft(&name);
                self.deeds.push(Deed::ForgetDraft(name));
            }
            Effect::Drafts => self.choose_draft(),
            Effect::Remember(memo) => self.remember(memo),
            Effect::Redraw => self.deeds.push(Deed::Redraw),
            Effect::Suspend => self.deeds.push(Deed::Suspend),
            Effect::Quit => self.deeds.push(Deed::Quit),
        }
    }

    /// What is remembered already need not be written again.
    pub(super) fn remember(&mut self, memo: Memo) {
        if self.face.memory.take(&memo) {
            self.deeds.push(Deed::Remember(memo));
        }
    }

    /// Takes an overlay away and says who had opened it.
    fn close(&mut self, owner: AskedBy) -> Option<(AskedBy, crate::ui::effect::Tag)> {
        let AskedBy::Overlay(serial) = owner else { return None };
        let at = self.overlays.iter().position(|open| open.serial == serial)?;
        // What it had opened itself goes with it.
        let open = self.overlays.drain(at..).next()?;
        Some((open.opener, open.tag))
    }

    fn done(&mut self, owner: AskedBy, outcome: Outcome) {
        if let Some((opener, tag)) = self.close(owner) {
            self.tell(opener, PaneEvent::Outcome(tag, outcome));
        }
    }

    fn restrict(&mut self, unit: Option<crate::ui::effect::UnitScope>) {
        if self.face.unit == unit {
            return;
        }
        self.face.unit = unit;
        for pane in self.seen.clone() {
            self.tell(AskedBy::Pane(pane), PaneEvent::Restricted);
        }
    }
}
