//! `kompeten serve`: keeps an office open for every officer of this host, until it is told
//! to stop by SIGTERM, SIGINT or the end of its terminal.

use std::os::fd::AsFd;
use std::sync::{Arc, Mutex};

use super::args::ServeArgs;
use super::bar::Bar;
use super::fault::{Exit, Failure};
use super::{Context, client, frugal, log, place, say};
use crate::domain::kinds::officer::{Officer, Role};
use crate::domain::record::{Kind, Record, Revision};
use crate::i18n::{self, t};
use crate::link::embedded::OpenOptions;
use crate::link::server::{self, Limits, ServeError, Server};
use crate::protocol::{Answer, DraftRecord, Problem, Request, Save};
use crate::term::signal::{Arrived, Signals};

pub fn run(args: &ServeArgs, context: &Context) -> Result<Exit, Failure> {
    frugal::become_frugal(frugal::SERVER);
    // Before the office is opened: a stop that comes early is carried out afterwards.
    let signals = Signals::register()?;
    place::not_others(&context.data)?;
    log::begin(&context.data);
    let socket = args.socket.clone().unwrap_or_else(|| server::usual(&context.data));
    let socket = std::path::absolute(socket)?;
    let options = OpenOptions {
        data: context.data.clone(),
        read_only: context.read_only,
        officer: context.officer.clone(),
        socket: Some(socket.clone()),
    };
    let bar = Arc::new(Mutex::new(Bar::new()));
    let shown = Arc::clone(&bar);
    let opened = Server::open(&options, Limits::default(), &mut |work, done, total| {
        if let Ok(mut bar) = shown.lock() {
            bar.at(&i18n::work(work), done, total);
        }
    });
    if let Ok(mut bar) = bar.lock() {
        bar.clear();
    }
    let server = opened.map_err(told)?;
    // A new folder has only now been made.
    log::begin(&context.data);
    if let Some(user) = &args.admin
        && let Err(problem) = appoint(&server, user)
    {
        server.stop().map_err(told)?;
        let why = i18n::problem(&problem);
        return Err(Failure::Failed(t!("serve.no_admin", user = user, why = why).into_owned()));
    }
    let data = context.data.display();
    say(&t!("serve.begun", data = data, socket = socket.display()));
    let mut over = || {
        let ends = |signal: &Arrived| matches!(signal, Arrived::Terminate | Arrived::Hangup);
        signals.take().iter().any(ends)
    };
    server.run(signals.as_fd(), &mut over).map_err(told)?;
    say(&t!("serve.ended"));
    Ok(Exit::Done)
}

/// Makes somebody an admin of the whole office who is none yet: the first one of a new
/// office, or one who may let the others in again.
fn appoint(server: &Server, user: &str) -> Result<(), Problem> {
    let ask = |request| match server.ask(request) {
        Answer::Refused(problem) => Err(problem),
        answer => Ok(answer),
    };
    let find = Request::Find(Kind::Officers, user.to_string());
    let Answer::Record(found) = ask(find)? else { return Err(Problem::Closed) };
    let (mut id, mut base, mut note) = (None, Revision(0), String::new());
    if let Some(stored) = found
        && let Record::Officer(officer) = stored.record
        && officer.user == user
    {
        if officer.role == Role::Admin && officer.unit.is_none() {
            return Ok(());
        }
        (id, base, note) = (Some(stored.id), stored.rev, officer.note);
    }
    let officer = Officer { user: user.to_string(), role: Role::Admin, unit: None, note };
    let drafts = vec![DraftRecord { id, base, record: officer.into() }];
    let step = client::step(&t!("serve.appointed", user = user));
    ask(Request::Save(Save { step, drafts }))?;
    say(&t!("serve.appointed", user = user));
    Ok(())
}

fn told(error: ServeError) -> Failure {
    match error {
        ServeError::Office(error) => client::office_shut(&error),
        ServeError::Socket { socket, error } => Failure::Failed(
            t!("serve.no_socket", socket = socket.display(), error = error).into_owned(),
        ),
        ServeError::Io(error) => error.into(),
        ServeError::OfficeEnded => Failure::Failed(t!("serve.office_ended").into_owned()),
    }
}
