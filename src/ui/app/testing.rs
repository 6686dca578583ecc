//! For tests: a desk in the example office as it is delivered, with the real office behind it.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tempfile::TempDir;

use crate::jobs::demo::{Behind, fill};
use crate::link::Link;
use crate::link::embedded::{self, Embedded, OpenOptions, system_clock};
use crate::protocol::{Answer, Incoming, OfficeInfo, Problem, Request, Ticket};
use crate::term::profile::{Color, GlyphSet};
use crate::ui::draft::Draft;
use crate::ui::keymap::Preset;
use crate::ui::panes;
use crate::ui::testing::{Desk, Office, Setup};

/// The example office in a folder of its own, asked one question at a time.
pub struct Town(Rc<RefCell<Asked>>);

struct Asked {
    office: Embedded,
    replies: Receiver<Incoming>,
    number: u64,
    _folder: TempDir,
}

impl Town {
    pub fn new() -> Self {
        Self::by(system_clock)
    }

    /// On the day on which every desk is sat at, so that it looks the same on every day.
    pub fn on_the_day() -> Self {
        Self::by(|| "2026-11-22T03:00:00Z".parse().expect("a time"))
    }

    fn by(clock: impl Fn() -> DateTime<Utc> + Send + 'static) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let options = OpenOptions {
            data: folder.path().join("data"),
            read_only: false,
            officer: "rina".into(),
            socket: None,
        };
        let (sender, replies) = channel();
        let behind = Behind::default();
        let clock = behind.clock(clock);
        let office = embedded::open_by(&options, clock, false, move |said| {
            drop(sender.send(said));
        });
        let office = office.map_err(|(error, _)| error).expect("opened");
        let asked = Asked { office, replies, number: 0, _folder: folder };
        let town = Self(Rc::new(RefCell::new(asked)));
        let today = town.info().today;
        fill(&mut |request| Ok(town.ask(request)), &behind, today).expect("filled");
        town
    }

    pub fn ask(&self, request: Request) -> Answer {
        let mut asked = self.0.borrow_mut();
        asked.number += 1;
        let ours = Ticket(asked.number);
        asked.office.ask(ours, request);
        loop {
            match asked.replies.recv_timeout(Duration::from_secs(60)).expect("an answer") {
                Incoming::Reply(ticket, answer) if ticket == ours => return *answer,
                _ => {}
            }
        }
    }

    fn info(&self) -> OfficeInfo {
        match self.ask(Request::Welcome) {
            Answer::Welcome(info) => *info,
            other => panic!("{other:?}"),
        }
    }

    /// A desk whose every write is refused; it stands in [`Desk::written`].
    pub fn reading(&self, preset: Preset) -> Desk {
        self.desk(Setup { preset, info: self.info(), ..Setup::default() }, false)
    }

    /// A desk to work at, on a screen of this size.
    pub fn working(&self, size: (u16, u16)) -> Desk {
        self.desk(Setup { size, info: self.info(), passing: true, ..Setup::default() }, true)
    }

    /// The next sitting, to which these are offered first.
    pub fn next(&self, drafts: Vec<Draft>) -> Desk {
        let setup = Setup { drafts, info: self.info(), passing: true, ..Setup::default() };
        Desk::with(panes::all(), self.office(true), setup)
    }

    /// The same on a terminal with these colours and characters.
    pub fn seen(&self, size: (u16, u16), color: Color, glyphs: GlyphSet) -> Desk {
        let setup = Setup { size, color, glyphs, info: self.info(), ..Setup::default() };
        self.desk(setup, false)
    }

    fn office(&self, writes: bool) -> Office {
        let town = Self(Rc::clone(&self.0));
        Office::new().extra(move |request| {
            if request.step().is_some() && !writes {
                return Some(Answer::Refused(Problem::ReadOnly));
            }
            Some(town.ask(request.clone()))
        })
    }

    fn desk(&self, setup: Setup, writes: bool) -> Desk {
        let plain = setup.preset == Preset::Plain;
        let mut desk = Desk::with(panes::all(), self.office(writes), setup);
        // From home to the people.
        desk.press(if plain { "F6" } else { "g e" });
        desk
    }
}
