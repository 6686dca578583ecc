//! `kompeten` by itself: one officer's sitting. Puts the office, the screen and the jobs
//! between them together, and takes them apart in order when the officer leaves or the
//! line goes dead.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use super::client::{cannot_open, say_waiting};
use super::fault::{Exit, Failure};
use super::{Env, Opening, keys, say};
use crate::i18n::{self, t};
use crate::jobs::files::Files;
use crate::jobs::mappings::Mappings;
use crate::jobs::run::{Runner, Tools, Waiting};
use crate::link::embedded::{OpenOptions, system_clock};
use crate::link::open::{self, Patience};
use crate::link::request_id;
use crate::protocol::Incoming;
use crate::term::profile::Profile;
use crate::term::screen::ScreenError;
use crate::ui::event::{self, Event};
use crate::ui::keymap::Warning;
use crate::ui::memory::file::MemoryFile;
use crate::ui::run::{self, Options, RunError};

/// Opens the office and the screen and stays until the officer leaves. The error is what
/// to tell the officer once the terminal is theirs again.
pub(super) fn sit(opening: Opening, env: &Env) -> Result<Exit, Failure> {
    let Opening { address, data, read_only, officer, keymap, example } = opening;
    let (keymap, warnings) = keys::load(keymap.as_deref(), env);
    let (events, receiver) = event::channel();
    let waiting = Arc::new(Waiting::default());
    let options = OpenOptions { data: data.clone(), read_only, officer, socket: None };
    let mut patience = Patience { for_screen: true, at_most: None, waits: &mut say_waiting };
    let hears = sink(events.clone(), Arc::clone(&waiting));
    let office = open::open(&address, &options, &mut patience, hears)
        .map_err(|error| cannot_open(&error))?;
    let office = Arc::new(office);
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    let files = files(&set);
    let tools = Tools {
        office: Arc::clone(&office),
        waiting,
        files: files.clone(),
        mappings: Mappings::new(keys::own_config(env).map(|own| own.join("mappings.toml"))),
        request_ids: request_id,
        home: set("HOME").map(PathBuf::from),
    };
    let ended = run::run(Options {
        link: Box::new(office),
        jobs: Box::new(Runner::new(tools, events.clone())),
        events: (events, receiver),
        profile: Profile::detect(env),
        keymap,
        warnings: warnings.iter().map(Warning::message).collect(),
        clock: Box::new(system_clock),
        request_ids: Box::new(request_id),
        drafts: data.join("drafts"),
        memory: match example {
            Some(_) => MemoryFile::of_example(),
            None => MemoryFile::at(keys::own_config(env).map(|own| own.join("screen.json"))),
        },
        folder: files.folder,
        editor: set("VISUAL").or_else(|| set("EDITOR")),
        captive: files.captive,
        passing: example.as_ref().is_some_and(|example| !example.is_kept()),
    });
    if example.as_ref().is_some_and(|example| !example.is_kept()) {
        say(&t!("demo.gone"));
    }
    // The example's folder goes only once the office has let go of it.
    drop(example);
    ended.map(|()| Exit::Done).map_err(|error| Failure::Failed(told(&error)))
}

/// An account that is to have nothing but this program (`KOMPETEN_CAPTIVE`) has the files
/// of one folder: `KOMPETEN_FILES`, else its home.
fn files(set: &dyn Fn(&str) -> Option<String>) -> Files {
    if set("KOMPETEN_CAPTIVE").is_none() {
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        return Files { folder, captive: false };
    }
    let folder = set("KOMPETEN_FILES").or_else(|| set("HOME")).unwrap_or_default();
    Files { folder: PathBuf::from(folder), captive: true }
}

/// Why there was no screen, in the officer's language.
fn told(error: &RunError) -> String {
    match error {
        RunError::Screen(ScreenError::NotATerminal) => t!("desk.not_a_terminal").into_owned(),
        RunError::Screen(ScreenError::HungUp) => t!("desk.hung_up").into_owned(),
        RunError::Screen(ScreenError::Modes(error)) | RunError::Reader(error) => {
            t!("desk.terminal", error = error).into_owned()
        }
        RunError::Refused(problem) => i18n::problem(problem),
    }
}

/// Where the office's words go: to the job that asked, or to the screen.
fn sink(events: SyncSender<Event>, waiting: Arc<Waiting>) -> impl Fn(Incoming) + Send + 'static {
    move |incoming| {
        if let Some(incoming) = waiting.take(incoming) {
            // A screen that has closed needs no answer.
            let _ = events.send(Event::Incoming(incoming));
        }
    }
}
