//! What comes from the office: replies go to whoever asked, notices to everybody. What
//! every officer must be told (saved, refused, read-only) is said here, once.

use super::{App, AskedBy, AtStake};
use crate::domain::record::Kind;
use crate::i18n::{self, problem, t};
use crate::protocol::{Answer, Incoming, Notice, Problem, Request, Saved};
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
                    i18n::stand_at(info.utc_offset_hours);
                    i18n::call(&info.rules);
                    let known = self.face.info.mended.len();
                    self.face.info = *info;
                    self.say_mended(known);
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

    /// Requests of people that are late or soon will be.
    pub(super) fn say_requests(&mut self) {
        let requests = self.face.info.requests;
        if requests.late + requests.soon > 0 {
            let text = t!("requests.due", late = requests.late, soon = requests.soon);
            let stack = [crate::ui::command::Context::Global];
            let keys = self.face.keymap.keys_of(Command::GoCorrections, &stack, self.facts());
            self.say(Toast::warning(match keys {
                Some(keys) => format!("{text} ({keys})"),
                None => text.into_owned(),
            }));
        }
    }

    fn say_answer(&mut self, owner: AskedBy, answer: &Answer) {
        if let Answer::Verified(_) | Answer::Table(_) | Answer::Refused(_) = answer {
            // Whatever it took long over has come to its end.
            self.progress = None;
        }
        match answer {
            Answer::Saved(saved) => {
                if saved.seq.is_some() && self.at_stake == AtStake::Example {
                    self.at_stake = AtStake::Work;
                }
                let text = self.saved_text(saved);
                self.say(Toast::done(text));
            }
            Answer::Refused(Problem::Invalid(_)) if self.shows_faults(owner) => {}
            Answer::Refused(refused) => self.say(Toast::error(problem(refused))),
            Answer::Conflict(conflict) if !matches!(owner, AskedBy::Overlay(_)) => {
                self.say(Toast::warning(t!("shell.changed_meanwhile", by = conflict.by)));
            }
            _ => {}
        }
    }

    fn shows_faults(&self, owner: AskedBy) -> bool {
        if let AskedBy::Pane(at) = owner {
            return self.panes.get(at).is_some_and(|pane| pane.shows_faults());
        }
        self.overlays
            .iter()
            .any(|open| owner == AskedBy::Overlay(open.serial) && open.overlay.shows_faults())
    }

    /// Names the step, and the key that takes it back; of what was taken back, the key that
    /// does it again.
    fn saved_text(&self, saved: &Saved) -> String {
        let summary = &saved.summary;
        let done = capitalised(&i18n::summary(summary));
        if saved.seq.is_none() || summary.erases > 0 {
            return done;
        }
        let stack = [crate::ui::command::Context::Global];
        let keys = |command| self.face.keymap.keys_of(command, &stack, self.facts());
        let how = match (summary.undoes, summary.redo) {
            (Some(_), false) => keys(Command::Redo).map(|keys| t!("shell.undone", keys = keys)),
            _ => keys(Command::Undo).map(|keys| t!("shell.saved", keys = keys)),
        };
        i18n::sentences(&[&done, &how.unwrap_or_default()])
    }

    fn notice(&mut self, notice: &Notice) {
        match notice {
            Notice::Changed { ids, many, .. } => {
                self.progress = None;
                // The office's name and time zone stand on the screen, what one may do, and what
                // is to be answered.
                let told = [Kind::Settings, Kind::Officers, Kind::Corrections];
                if *many || ids.iter().any(|id| told.contains(&id.kind)) {
                    self.ask(AskedBy::App, "welcome".into(), Request::Welcome);
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
            Notice::Ended { by } => {
                self.say(Toast::error(crate::i18n::ended(by)));
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
                self.tell(AskedBy::Pane(pane), PaneEvent::Notice(notice));
            }
        }
        for serial in self.serials() {
            self.tell(AskedBy::Overlay(serial), PaneEvent::Notice(notice));
        }
    }
}
