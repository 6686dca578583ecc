//! The loop: sleeps on the one channel, takes everything that waits, draws once, carries
//! out what touches the world. No ticks: all that is ever timed is a pause, after which a
//! draft is written, or what the cursor rests on is shown.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::app::{App, Deed, Parts};
use super::draft::Draft;
use super::drafts;
use super::event::{EVENTS_MAX, Event};
use super::job::Jobs;
use super::keymap::Keymap;
use super::memory::file::MemoryFile;
use super::panes;
use crate::domain::change::RequestId;
use crate::i18n::t;
use crate::link::Link;
use crate::protocol::{Answer, Incoming, Notice, OfficeInfo, Problem, Request, Ticket};
use crate::term::clipboard::{self, NotCopied};
use crate::term::handover;
use crate::term::input::{Heard, Input};
use crate::term::key::Key;
use crate::term::pace::Pace;
use crate::term::profile::Profile;
use crate::term::reader::KeyReader;
use crate::term::screen::{Screen, ScreenError};

/// A pause in typing after which the draft is written.
const PAUSE: Duration = Duration::from_millis(1500);
/// A key that comes again so soon repeats by itself.
const REPEAT: Duration = Duration::from_millis(120);
/// Having come again so often it is held.
const HELD: u32 = 2;
/// What was asked for is mostly answered by then, and nobody sees the wait: one frame shows
/// the question and its answer.
const ANSWERED: Duration = Duration::from_millis(15);
/// The ticket of the first question, before there is an app to number them.
const WELCOME: Ticket = Ticket(0);

/// Everything a screen is run with.
pub struct Options {
    pub link: Box<dyn Link>,
    pub jobs: Box<dyn Jobs>,
    /// Both ends of [`super::event::channel`]; link and jobs hold further senders.
    pub events: (SyncSender<Event>, Receiver<Event>),
    pub profile: Profile,
    pub keymap: Keymap,
    /// What was wrong with keymap files, in the officer's language.
    pub warnings: Vec<String>,
    pub clock: Box<dyn Fn() -> DateTime<Utc>>,
    pub request_ids: Box<dyn FnMut() -> RequestId>,
    /// `<data>/drafts`.
    pub drafts: PathBuf,
    /// Where the screen remembers what is this officer's.
    pub memory: MemoryFile,
    /// Where exports go unless another place is typed.
    pub folder: PathBuf,
    /// `$VISUAL` or `$EDITOR`.
    pub editor: Option<String>,
    /// The program is all this officer may use: no shell, no editor.
    pub captive: bool,
    /// The office goes when the screen closes; leaving it asks first.
    pub passing: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Screen(#[from] ScreenError),
    #[error("the terminal cannot be read: {0}")]
    Reader(io::Error),
    /// The office could not be entered.
    #[error("the office refused: {0:?}")]
    Refused(Problem),
}

/// Runs the screen until the officer leaves or the line goes dead.
pub fn run(options: Options) -> Result<(), RunError> {
    let Options { link, jobs, events, profile, keymap, warnings, clock, request_ids, .. } = options;
    let (sender, receiver) = events;
    link.ask(WELCOME, Request::Welcome);
    let mut screen = Screen::open(profile, || t!("term.panicked").into_owned())?;
    let reader = KeyReader::start::<Event>(profile.esc_timeout(), screen.size(), sender)
        .map_err(RunError::Reader)?;
    let Some((info, early)) = welcome(&receiver, &mut screen)? else { return Ok(()) };
    let mut memory_file = options.memory;
    let (memory, unreadable) = memory_file.load();
    let app = App::new(Parts {
        panes: panes::all(),
        keymap,
        profile,
        clock,
        request_ids,
        info,
        size: screen.size(),
        folder: options.folder,
        drafts: drafts::load(&options.drafts),
        memory,
        passing: options.passing,
    });
    let mut running = Running {
        app,
        screen,
        reader,
        link,
        jobs,
        profile,
        drafts: options.drafts,
        memory: memory_file,
        editor: options.editor,
        captive: options.captive,
        pace: Pace::new(Instant::now()),
        asked: None,
        last_key: None,
        repeats: 0,
        kept: None,
        dismissed: None,
        over: false,
    };
    let deeds = running.app.start();
    for warning in warnings.into_iter().chain(unreadable) {
        running.app.failed(warning);
    }
    running.carry(deeds);
    for event in early {
        running.take(event);
    }
    running.work(&receiver)
}

/// Waits for the office to say who it is, showing how far it is with setting itself right.
/// What else happens meanwhile is kept for later; `None` when the officer has gone.
fn welcome(
    receiver: &Receiver<Event>,
    screen: &mut Screen,
) -> Result<Option<(OfficeInfo, Vec<Event>)>, RunError> {
    let mut early = Vec::new();
    loop {
        match receiver.recv() {
            Ok(Event::Incoming(Incoming::Reply(WELCOME, answer))) => match *answer {
                Answer::Welcome(info) => return Ok(Some((*info, early))),
                Answer::Refused(problem) => return Err(RunError::Refused(problem)),
                _ => return Err(RunError::Refused(Problem::Closed)),
            },
            Ok(Event::Incoming(Incoming::Notice(Notice::Progress { work, done, total }))) => {
                let text = format!("{} {done}/{total}", crate::i18n::work(work));
                screen.draw(|frame| frame.render_widget(text.as_str(), frame.area()))?;
            }
            Ok(Event::Incoming(Incoming::Notice(Notice::Closed))) => {
                return Err(RunError::Refused(Problem::Closed));
            }
            Ok(Event::Input(Heard { input: Input::Hangup | Input::Terminate, .. })) | Err(_) => {
                return Ok(None);
            }
            Ok(Event::Input(Heard { input: Input::Resize(width, height), .. })) => {
                screen.resize(width, height)?;
            }
            Ok(event) if early.len() < EVENTS_MAX => early.push(event),
            Ok(_) => {}
        }
    }
}

struct Running {
    app: App,
    /// Before the screen: it must have ended when the terminal is given back.
    reader: KeyReader,
    screen: Screen,
    link: Box<dyn Link>,
    jobs: Box<dyn Jobs>,
    profile: Profile,
    drafts: PathBuf,
    memory: MemoryFile,
    editor: Option<String>,
    captive: bool,
    pace: Pace,
    /// Since when something is asked for that no frame has shown yet, and how much of it is
    /// not answered.
    asked: Option<(Instant, u32)>,
    last_key: Option<(Key, Instant)>,
    /// So often the last key was the same as the one before, and came at once after it.
    repeats: u32,
    /// The draft as it stands on the disk.
    kept: Option<Draft>,
    /// Why the office wants to hear nothing more of this officer.
    dismissed: Option<Problem>,
    over: bool,
}

impl Running {
    fn work(&mut self, receiver: &Receiver<Event>) -> Result<(), RunError> {
        while !self.over {
            let pause = match self.repeats {
                0 => None,
                HELD.. => self.pace.waits_held(Instant::now()),
                // Two letters that are the same are typed as fast as any others.
                _ if self.app.has_field() => None,
                _ => self.pace.waits(Instant::now()),
            };
            let event = match (pause, self.answer(receiver)) {
                (_, Some(event)) => Some(event),
                (Some(pause), None) => self.released(receiver, pause),
                (None, None) if self.draw()?.is_none() => break,
                (None, None) if self.screen.owes() => self.released(receiver, REPEAT),
                (None, None) => self.wait(receiver),
            };
            let Some(event) = event else { continue };
            self.take(event);
            // Everything that waits is taken before the one frame that shows it all.
            for event in receiver.try_iter().take(EVENTS_MAX) {
                self.take(event);
            }
        }
        self.dismissed.take().map_or(Ok(()), |problem| Err(RunError::Refused(problem)))
    }

    /// What comes while something that was just asked for is not answered.
    fn answer(&mut self, receiver: &Receiver<Event>) -> Option<Event> {
        let (since, _) = self.asked.filter(|(_, open)| *open > 0)?;
        receiver.recv_timeout(ANSWERED.checked_sub(since.elapsed())?).ok()
    }

    /// The next event; `None` if typing has paused or nobody can send any more.
    fn wait(&mut self, receiver: &Receiver<Event>) -> Option<Event> {
        let draft = self.app.draft().filter(|draft| self.kept.as_ref() != Some(draft));
        let rests = self.app.rests_after();
        let event = match rests.or(draft.as_ref().map(|_| PAUSE)) {
            Some(pause) => receiver.recv_timeout(pause),
            None => receiver.recv().map_err(RecvTimeoutError::from),
        };
        match event {
            Ok(event) => return Some(event),
            Err(RecvTimeoutError::Timeout) if rests.is_some() => {
                let deeds = self.app.rested();
                self.carry(deeds);
            }
            Err(RecvTimeoutError::Timeout) => {
                if let Some(draft) = draft {
                    self.keep(draft);
                }
            }
            Err(RecvTimeoutError::Disconnected) => self.over = true,
        }
        None
    }

    /// Draws; `None` when the line is dead.
    fn draw(&mut self) -> Result<Option<()>, RunError> {
        let app = &self.app;
        let sent = self.screen.sent();
        self.asked = None;
        let held = self.repeats >= HELD;
        let room = if held { self.pace.room(Instant::now()) } else { usize::MAX };
        match self.screen.draw_within(room, |frame| app.draw(frame)) {
            Ok(()) => {
                self.pace.sent(self.screen.sent() - sent, Instant::now());
                // A question of which only a part stands there has not been read.
                if !self.screen.owes() {
                    self.app.drawn(Instant::now());
                }
                Ok(Some(()))
            }
            Err(ScreenError::HungUp) => {
                if let Some(draft) = self.app.draft() {
                    self.keep(draft);
                }
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn take(&mut self, event: Event) {
        if let Event::Input(Heard { input: Input::Resize(width, height), .. }) = event
            && self.screen.resize(width, height).is_err()
        {
            self.over = true;
        }
        if let Event::Input(Heard { input, at }) = &event {
            self.hear_repeat(input, *at);
        }
        if let (Event::Incoming(Incoming::Reply(..)), Some((_, open))) = (&event, &mut self.asked) {
            *open = open.saturating_sub(1);
        }
        self.hear_dismissal(&event);
        let deeds = self.app.update(event);
        self.carry(deeds);
        self.reader.field(self.app.has_field());
    }

    /// The next event while a key repeats; once none has come for so long, it was let go.
    fn released(&mut self, receiver: &Receiver<Event>, pause: Duration) -> Option<Event> {
        let event = receiver.recv_timeout(pause.min(REPEAT)).ok();
        let held = self.last_key.is_some_and(|(_, at)| at.elapsed() < REPEAT);
        // Whatever else comes meanwhile, a job's progress or news, holds no key.
        if !held && !matches!(event, Some(Event::Input(_))) {
            self.repeats = 0;
        }
        event
    }

    fn hear_repeat(&mut self, input: &Input, at: Instant) {
        let key = if let Input::Key(key) = input { Some((*key, at)) } else { None };
        let again = key.zip(self.last_key).is_some_and(|((key, at), (last, before))| {
            key == last && at.saturating_duration_since(before) < REPEAT
        });
        self.repeats = if again { self.repeats.saturating_add(1) } else { 0 };
        self.last_key = key;
    }

    /// Rights taken away end the sitting: what the screen shows is not for these eyes any
    /// more. What was typed is kept.
    fn hear_dismissal(&mut self, event: &Event) {
        let Event::Incoming(Incoming::Reply(_, answer)) = event else { return };
        if let Answer::Refused(problem @ Problem::NotAnOfficer { .. }) = &**answer {
            if let Some(draft) = self.app.draft() {
                self.keep(draft);
            }
            self.dismissed = Some(problem.clone());
            self.over = true;
        }
    }

    fn carry(&mut self, deeds: Vec<Deed>) {
        for deed in deeds {
            match deed {
                Deed::Send(ticket, request) => {
                    self.asked.get_or_insert_with(|| (Instant::now(), 0)).1 += 1;
                    self.link.ask(ticket, *request);
                }
                Deed::Copy(text) => match clipboard::sequence(&text, self.profile) {
                    Ok(sequence) => self.screen.send(&sequence),
                    Err(NotCopied::TooLong { .. }) => {
                        self.app.failed(t!("shell.copy_too_long").into_owned());
                    }
                    Err(NotCopied::NoClipboard) => {
                        self.app.failed(t!("shell.copy_nowhere").into_owned());
                    }
                },
                Deed::Editor(text) => {
                    let edited = self.edit(&text);
                    let deeds = self.app.edited(edited);
                    self.carry(deeds);
                }
                Deed::Job(id, job) => self.jobs.start(id, job),
                Deed::CancelJob(id) => self.jobs.cancel(id),
                Deed::SaveDraft(draft) => self.keep(*draft),
                Deed::ForgetDraft(name) => {
                    self.kept = None;
                    if let Err(error) = drafts::forget(&self.drafts, &name) {
                        let text = t!("shell.draft_unsaved", error = error.kind());
                        self.app.failed(text.into_owned());
                    }
                }
                Deed::Remember(memo) => {
                    if let Err(told) = self.memory.keep(&memo) {
                        self.app.failed(told);
                    }
                }
                Deed::Redraw => self.over |= self.screen.resume().is_err(),
                Deed::Suspend => {
                    let done = handover::suspend(&mut self.screen, &self.reader, self.captive);
                    if done.is_err() {
                        self.app.failed(t!("term.suspend_unavailable").into_owned());
                    }
                }
                Deed::Quit => self.over = true,
            }
        }
    }

    fn keep(&mut self, draft: Draft) {
        match drafts::save(&self.drafts, &draft) {
            Ok(()) => self.kept = Some(draft),
            Err(error) => {
                // Not tried again until something else is typed.
                self.kept = Some(draft);
                let text = t!("shell.draft_unsaved", error = error.kind());
                self.app.failed(text.into_owned());
            }
        }
    }

    /// Lends the terminal to the officer's editor. The text stands in a file of the drafts
    /// folder meanwhile, and nowhere afterwards.
    fn edit(&mut self, text: &str) -> Result<String, String> {
        let editor = self.editor.clone().filter(|_| !self.captive);
        let Some(editor) = editor else {
            return Err(t!("shell.editor_unavailable").into_owned());
        };
        let path = self.drafts.join(format!("edit-{}.txt", std::process::id()));
        let lent = drafts::write_private(&path, text.as_bytes()).and_then(|()| {
            // `EDITOR="vim -u NONE"` is usual.
            let mut words = editor.split_whitespace();
            let mut command = std::process::Command::new(words.next().unwrap_or_default());
            let work = || command.args(words).arg(&path).status();
            match handover::lend(&mut self.screen, &self.reader, work) {
                Ok(status) => status.map(drop),
                Err(_) => Err(io::ErrorKind::NotConnected.into()),
            }
        });
        let read = lent.and_then(|()| drafts::read_private(&path));
        let _ = std::fs::remove_file(&path);
        read.map_err(|error| t!("shell.no_editor", error = error.kind()).into_owned())
    }
}
