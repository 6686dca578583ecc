//! The command line: what scripts rely on. One file a subcommand; each asks the office
//! the same requests as the screen does, under the same rules, and never asks the person.
//!
//! stdout carries the result alone, everything else goes to stderr. Codes, JSON keys and
//! CSV headers never change with the language. Without a subcommand it opens the screen.

mod add;
mod args;
mod backup;
mod bar;
mod called;
mod client;
mod completions;
mod cycle;
mod cycle_args;
mod delete;
mod demo;
mod doctor;
mod edit;
mod erase;
mod export;
mod fault;
mod fields;
mod frugal;
mod history;
mod import;
mod journal;
mod keys;
mod kinds;
mod list;
mod log;
mod man;
mod matrix;
mod moves;
mod officers;
mod percent;
mod person;
mod place;
mod quarantine;
mod report;
mod restore;
mod retention;
mod rows;
mod screen;
mod secret;
mod serve;
mod set;
mod show;
mod sittings;
mod table;
mod undo;
mod usage;
mod values;

use std::ffi::OsString;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;

use crate::i18n::{self, Language, t};
use crate::link::embedded;
use crate::link::open::Address;
use args::{PersonCommand, Subcommands};
use fault::{Exit, Failure};
use place::Example;
pub use usage::command;

/// One environment variable by its name.
pub type Env<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// What the screen is opened with.
struct Opening {
    /// Where the office is; drafts and log are kept in `data` either way.
    address: Address,
    data: PathBuf,
    read_only: bool,
    /// Operating system's name of the officer at work.
    officer: String,
    /// `--keymap`: a preset's name or a file.
    keymap: Option<String>,
    /// A demonstration office that goes when the screen closes.
    example: Option<Example>,
}

/// What every subcommand works with.
struct Context<'a> {
    address: Address,
    data: PathBuf,
    read_only: bool,
    officer: String,
    keymap: Option<String>,
    env: &'a Env<'a>,
}

/// Reads the arguments and does what they say; without a subcommand, opens the screen.
pub fn start(args: impl IntoIterator<Item = OsString>, env: &Env) -> ExitCode {
    // Whatever a library makes, too, is for the officer's eyes alone.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let args: Vec<OsString> = args.into_iter().collect();
    i18n::speak(i18n::choose(language_among(&args), env));
    let cli = match usage::parse(&args) {
        Ok(cli) => cli,
        Err(wrong) => return answer_usage(&wrong.0, &wrong.1),
    };
    if let Some(flag) = cli.idle_flag() {
        return Failure::Usage(usage::idle(flag, &args, &usage::command())).tell();
    }
    let done = Context::new(&cli.common, env).and_then(|context| match cli.command {
        None => {
            if context.address == Address::Folder && embedded::is_left(&context.data) {
                frugal::become_frugal(frugal::SCREEN);
            }
            screen::sit(context.opening(None), env)
        }
        Some(Subcommands::Demo(demo)) => {
            let example = demo::fill(&demo, &context.officer)?;
            let opening = Opening {
                address: Address::Folder,
                data: example.folder().to_path_buf(),
                ..context.opening(Some(example))
            };
            screen::sit(opening, env)
        }
        Some(command) => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            let exit = run(&command, &context, &mut out)?;
            out.flush()?;
            Ok(exit)
        }
    });
    done.map_or_else(|failure| failure.tell(), Exit::code)
}

fn run(command: &Subcommands, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    match command {
        // The example is opened in the screen; `start` has seen to it.
        Subcommands::Demo(_) => Ok(Exit::Done),
        Subcommands::Import(args) => import::run(args, context, out),
        Subcommands::Export(args) => export::run(args, context),
        Subcommands::List(args) => list::run(args, context, out),
        Subcommands::Show(args) => show::run(args, context, out),
        Subcommands::Add(args) => add::run(args, context, out),
        Subcommands::Edit(args) => edit::run(args, context, out),
        Subcommands::Delete(args) => delete::run(args, context, out),
        Subcommands::Kinds(args) => kinds::run(args, out),
        Subcommands::Matrix(args) => matrix::run(args, context, out),
        Subcommands::History(args) => history::run(args, context, out),
        Subcommands::Person(args) => match &args.command {
            PersonCommand::Export(args) => person::export(args, context),
            PersonCommand::Erase(args) => erase::run(args, context, out),
        },
        Subcommands::Cycle(args) => cycle::run(args, context, out),
        Subcommands::Report(args) => report::run(args, context, out),
        Subcommands::Retention(args) => retention::run(args, context, out),
        Subcommands::Undo(args) => undo::run(args, context, out),
        Subcommands::Verify(args) => journal::verify(args, context, out),
        Subcommands::Rebuild => journal::rebuild(context, out),
        Subcommands::Backup(args) => backup::run(args, context, out),
        Subcommands::Restore(args) => restore::run(args, context, out),
        Subcommands::Officers(args) => officers::run(args, context, out),
        Subcommands::Sittings(args) => sittings::run(args, context, out),
        Subcommands::EraseReason(args) => erase::reason(args, context, out),
        Subcommands::Quarantine(args) => quarantine::run(args, context, out),
        Subcommands::Set(args) => set::run(args, context, out),
        Subcommands::Keys(args) => keys::run(args, context, out),
        Subcommands::Serve(args) => serve::run(args, context),
        Subcommands::Doctor => doctor::run(context, out),
        Subcommands::Completions(args) => completions::run(args, out),
        Subcommands::Man(args) => man::run(args, context, out),
    }
}

impl<'a> Context<'a> {
    fn new(common: &args::CommonArgs, env: &'a Env<'a>) -> Result<Self, Failure> {
        Ok(Self {
            address: place::address(common.data.as_deref(), env)?,
            data: place::data_folder(common.data.as_deref(), env)?,
            read_only: common.read_only,
            officer: crate::link::identity::own(),
            keymap: common.keymap.clone(),
            env,
        })
    }

    fn opening(&self, example: Option<Example>) -> Opening {
        Opening {
            address: self.address.clone(),
            data: self.data.clone(),
            read_only: self.read_only,
            officer: self.officer.clone(),
            keymap: self.keymap.clone(),
            example,
        }
    }
}

/// Help and version are answers; everything else is wrong usage.
fn answer_usage(error: &clap::Error, command: &clap::Command) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that went away early has what it wanted.
        let _ = error.print();
        return Exit::Done.code();
    }
    Failure::Usage(usage::explain(error, command)).tell()
}

/// `--lang` as it stands among the arguments: needed before they are parsed, so that
/// what is wrong with them can be said in the officer's language.
fn language_among(args: &[OsString]) -> Option<Language> {
    let texts: Vec<&str> = args.iter().map(|arg| arg.to_str().unwrap_or_default()).collect();
    let value = texts.iter().enumerate().find_map(|(at, text)| match *text {
        "--lang" => texts.get(at + 1).copied(),
        text => text.strip_prefix("--lang="),
    })?;
    Language::ALL.into_iter().find(|language| language.code() == value)
}

/// A word for the person at the terminal; never part of the result.
fn say(text: &str) {
    // Whoever reads the messages may have gone; what was asked for is done all the same.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Like `say`, marked as something to look at.
fn warn(text: &str) {
    say(&format!("{}: {text}", t!("cli.note")));
}
