//! Presence: tells the office which record this officer has open in a form, and hears of
//! the others. Nobody is kept from anything by it.

use super::{App, Deed};
use crate::protocol::{Editor, Request, Ticket};

impl App {
    /// Tells the office when the record open in a form is another one. No answer is
    /// waited for.
    pub(super) fn tell_editing(&mut self) {
        let now = self.overlays.iter().rev().find_map(|open| open.overlay.edits());
        if now != self.editing {
            self.editing = now;
            self.ticket += 1;
            let request = Box::new(Request::Editing(now));
            self.deeds.push(Deed::Send(Ticket(self.ticket), request));
        }
    }

    pub(super) fn hear_editors(&mut self, editors: &[Editor]) {
        self.face.editors = editors.to_vec();
    }

    /// Over another line everything is told and heard anew.
    pub(super) fn forget_editors(&mut self) {
        self.face.editors.clear();
        self.editing = None;
    }
}
