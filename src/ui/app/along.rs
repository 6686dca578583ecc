//! From page to page: whom the officer is on, by what people are filtered and who is marked
//! go along, and Esc leads back to where one came from. What was brought to a page and is
//! still as it was brought is not lifted first; what was opened or chosen there since is.

use super::{App, AskedBy, Open, body};
use crate::domain::record::{Kind, RecordId};
use crate::domain::vocabulary::spoken;
use crate::i18n::{self, t};
use crate::protocol::{Notice, ReportQuery};
use crate::ui::command::{Command, Fact, Facts};
use crate::ui::effect::{Begins, Marks};
use crate::ui::pane::PaneEvent;
use crate::ui::panes;
use crate::ui::toast::Toast;

/// How many ways back are kept.
const BACK_MAX: usize = 16;

/// How a page stood when one came to it.
#[derive(Default)]
pub(super) struct Arrived {
    filter: String,
    marks: Marks,
    depth: u8,
}

/// A page one came from, and what stood over it.
pub(super) struct Back {
    pane: usize,
    overlays: Vec<Open>,
    arrived: Arrived,
    /// What people were filtered by before a search was brought to where one is now.
    filter: Option<String>,
}

impl App {
    /// Brings a page to the front as the officer asks for it.
    pub(super) fn go_to_pane(&mut self, at: usize) {
        self.bring(at, Vec::new(), None);
    }

    /// A record chosen in the palette: in the pane that keeps its kind, else in its form.
    pub(super) fn show_record(&mut self, id: RecordId) {
        self.overlays.clear();
        self.visit(PaneEvent::Show(id), id);
    }

    /// Leaves what is open here as it is and shows a record elsewhere.
    pub(super) fn visit(&mut self, brings: PaneEvent, id: RecordId) {
        let there = self.panes.iter().position(|pane| pane.shows(id));
        if let Some(at) = there.filter(|at| self.is_shown(*at)) {
            let overlays = std::mem::take(&mut self.overlays);
            self.bring(at, overlays, Some((brings, true)));
        } else if id.kind != Kind::Settings {
            self.open(AskedBy::App, "app".into(), panes::list_of(id.kind).opened(id));
        }
    }

    /// Leaves what is open here as it is and shows a report.
    pub(super) fn show_report(&mut self, query: &ReportQuery, begins: Begins) {
        let Some(at) = self.panes.iter().position(|pane| pane.go() == Command::GoReports) else {
            return;
        };
        let overlays = std::mem::take(&mut self.overlays);
        self.bring(at, overlays, Some((PaneEvent::Report(query, begins), true)));
    }

    /// From a pane one comes back to it; an overlay (the palette) is left for good.
    pub(super) fn search(&mut self, owner: AskedBy, pane: Command, text: &str) {
        let Some(at) = self.panes.iter().position(|it| it.go() == pane) else { return };
        let mut overlays = std::mem::take(&mut self.overlays);
        if !matches!(owner, AskedBy::Pane(_)) {
            overlays.clear();
        }
        let by_page = matches!(owner, AskedBy::Pane(_));
        // Of people it is said in the officer's own words, which they may go on with.
        let of_people = matches!(pane, Command::GoEmployees | Command::GoMatrix);
        let said = of_people.then(|| spoken(text, i18n::tongue()));
        let text = said.as_deref().unwrap_or(text);
        self.bring(at, overlays, Some((PaneEvent::Search(text), by_page)));
    }

    /// Shows a page with what is brought to it, and keeps the way back. What a page brought
    /// is left with it; what was asked for by name is closed first.
    fn bring(&mut self, at: usize, overlays: Vec<Open>, brings: Option<(PaneEvent, bool)>) {
        if !self.is_shown(at) {
            self.say(Toast::warning(t!("shell.not_your_pane")));
            return;
        }
        let pane = self.front;
        let brought = brings.as_ref().is_some_and(|(_, by_page)| *by_page);
        self.leave_pane();
        let searches = matches!(brings, Some((PaneEvent::Search(_), _)));
        let filter = searches.then(|| self.face.along.filter.clone());
        self.show_pane(at);
        if let Some((event, _)) = brings {
            self.tell(AskedBy::Pane(at), event);
        }
        if pane == at {
            return;
        }
        let here = self.arrived(brought);
        let arrived = std::mem::replace(&mut self.arrived, here);
        if self.back.len() == BACK_MAX {
            self.back.remove(0);
        }
        self.back.push(Back { pane, overlays, arrived, filter });
    }

    /// What the page in front has chosen goes along from now on; a range that was begun
    /// counts as marked.
    fn leave_pane(&mut self) {
        self.end_range();
        let Some(pane) = self.panes.get(self.front) else { return };
        let here = pane.selection();
        if here.person.is_some() {
            self.face.along.person = here.person;
        }
        if here.of_people {
            self.face.along.filter = here.filter.to_string();
        }
    }

    /// How the page in front stands; only what was brought counts as open from the start.
    fn arrived(&self, brought: bool) -> Arrived {
        let pane = self.panes.get(self.front);
        Arrived {
            filter: pane.map(|pane| pane.selection().filter.to_string()).unwrap_or_default(),
            marks: Marks::clone(&self.face.marked),
            depth: if brought { self.depth() } else { 0 },
        }
    }

    fn depth(&self) -> u8 {
        let view = self.face.view(body(self.size));
        self.panes.get(self.front).map_or(0, |pane| pane.depth(&view))
    }

    pub(super) fn show_pane(&mut self, at: usize) {
        self.front = at;
        if self.seen.insert(at) && self.face.unit.is_some() {
            self.tell(AskedBy::Pane(at), PaneEvent::Restricted);
        }
        self.tell(AskedBy::Pane(at), PaneEvent::Shown);
        if self.stale.remove(&at) {
            let seq = self.face.info.last_seq;
            let changed = Notice::Changed { seq, ids: Vec::new(), many: true };
            self.tell(AskedBy::Pane(at), PaneEvent::Notice(&changed));
        }
    }

    /// Back to where one came from; `false` if one did not, or something opened here since is
    /// to be closed first.
    pub(super) fn come_back(&mut self) -> bool {
        if !self.overlays.is_empty() || self.depth() > self.arrived.depth {
            return false;
        }
        let Some(back) = self.back.pop() else { return false };
        let lifted = back.filter.is_some()
            && self.panes.get(self.front).is_some_and(|pane| {
                let here = pane.selection();
                !here.of_people && !here.filter.is_empty() && here.filter == self.arrived.filter
            });
        if lifted {
            // Only to look at; whoever comes by name finds all of it.
            self.tell(AskedBy::Pane(self.front), PaneEvent::Search(""));
        }
        self.leave_pane();
        if let Some(filter) = back.filter {
            self.face.along.filter = filter;
        }
        self.show_pane(back.pane);
        self.arrived = back.arrived;
        self.overlays = back.overlays;
        let seq = self.face.info.last_seq;
        let changed = Notice::Changed { seq, ids: Vec::new(), many: true };
        for serial in self.serials() {
            self.tell(AskedBy::Overlay(serial), PaneEvent::Notice(&changed));
        }
        true
    }

    /// The facts that keys go by: what was brought here and is as it was brought is no reason
    /// to stay.
    pub(super) fn key_facts(&self) -> Facts {
        let mut facts = self.facts();
        let pane = self.panes.get(self.front).filter(|_| self.overlays.is_empty());
        let Some(pane) = pane.filter(|_| !self.back.is_empty()) else { return facts };
        let here = pane.selection();
        if !here.filter.is_empty() && here.filter == self.arrived.filter {
            facts = facts.without(Fact::Filtered);
        }
        if here.of_people && self.face.marked == self.arrived.marks {
            facts = facts.without(Fact::Marked);
        }
        facts
    }
}
