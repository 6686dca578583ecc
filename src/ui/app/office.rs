//! What comes from the office: replies go to whoever asked, notices to everybody. What
//! every officer must be told (saved, refused, read-only) is said here, once.

use super::{App, Owner};
use crate::domain::record::{Kind, RecordId};
use crate::i18n::{problem, summary, t};
use crate::link::protocol::{Answer, Incoming, Notice, Problem, Request, Saved};
use crate::ui::command::Command;
use crate::ui::pane::PaneEvent;
use crate::ui::toast::Toast;
use crate::ui::words::capitalised;

impl App {
    pub(super) fn incoming(&mut self, incoming: Incoming) {
        match incoming {
            Incoming::Reply(ticket, answer) => {
                let Some((owner, tag)) = self.asked.remove(&ticket) else { return };
                self.say_answer(owner, &answer);
                if let Answer::Welcome(info) = *answer {
                    self.face.info = *info;
                    if !self.is_shown(self.front) {
                        self.step_pane(1);
                    }
                } else {
                    self.tell(owner, PaneEvent::Answer(tag, *answer));
                }
            }
            Incoming::Notice(notice) => self.notice(&notice),
        }
    }

    fn say_answer(&mut self, owner: Owner, answer: &Answer) {
        match answer {
            Answer::Saved(saved) => {
                let text = self.saved_text(saved);
                self.say(Toast::done(text));
            }
            Answer::Refused(Problem::Invalid(_)) if self.shows_faults(owner) => {}
            Answer::Refused(refused) => self.say(Toast::error(problem(refused))),
            Answer::Conflict(conflict) if !matches!(owner, Owner::Overlay(_)) => {
                self.say(Toast::warning(t!("shell.changed_meanwhile", by = conflict.by)));
            }
            _ => {}
        }
    }

    fn shows_faults(&self, owner: Owner) -> bool {
        self.overlays
            .iter()
            .any(|open| owner == Owner::Overlay(open.serial) && open.overlay.shows_faults())
    }

    /// Names the step, and the key that takes it back.
    fn saved_text(&self, saved: &Saved) -> String {
        let done = capitalised(&summary(&saved.summary));
        let lasting = saved.summary.undoes.is_some() || saved.summary.erases > 0;
        if saved.seq.is_none() || lasting {
            return done;
        }
        let stack = [crate::ui::command::Context::Global];
        match self.face.keymap.keys_of(Command::Undo, &stack, self.facts()) {
            Some(keys) => t!("shell.saved", done = done, keys = keys).into_owned(),
            None => done,
        }
    }

    fn notice(&mut self, notice: &Notice) {
        match notice {
            Notice::Changed { ids, many, .. } => {
                self.progress = None;
                // The office's name and time zone stand on the screen; so does what one may do.
                let ours = |id: &RecordId| matches!(id.kind, Kind::Settings | Kind::Officers);
                if *many || ids.iter().any(ours) {
                    self.ask(Owner::App, "welcome".into(), Request::Welcome);
                }
            }
            Notice::Editing(editors) => {
                self.hear_editors(editors);
                return;
            }
            Notice::Progress { work, done, total } => {
                let over = *total > 0 && done >= total;
                self.progress = (!over).then_some((*work, *done, *total));
                return;
            }
            Notice::ReadOnly(why) => {
                self.face.info.read_only = Some(why.clone());
                self.say(Toast::error(problem(why)));
            }
            Notice::LinkLost => {
                self.lost = true;
                self.forget_editors();
                self.progress = None;
                self.say(Toast::error(t!("shell.link_lost").into_owned()));
                return;
            }
            Notice::LinkBack => {
                self.lost = false;
                self.say(Toast::done(t!("shell.link_back").into_owned()));
                return;
            }
            Notice::Closed => {
                self.lost = false;
                self.face.info.read_only = Some(Problem::Closed);
                self.asked.clear();
                self.say(Toast::error(problem(&Problem::Closed)));
            }
        }
        let changed = matches!(notice, Notice::Changed { .. });
        for pane in self.seen.clone() {
            // A save must not cost the windows of panes that nobody sees.
            if changed && pane != self.front {
                self.stale.insert(pane);
            } else {
                self.tell(Owner::Pane(pane), PaneEvent::Notice(notice));
            }
        }
        for serial in self.serials() {
            self.tell(Owner::Overlay(serial), PaneEvent::Notice(notice));
        }
    }
}
