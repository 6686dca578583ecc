//! `kompeten serve`: keeps an office open for every officer of this host, until it is told
//! to stop by SIGTERM, SIGINT or the end of its terminal.

use std::os::fd::AsFd;
use std::sync::{Arc, Mutex};

use super::args::Serve;
use super::bar::Bar;
use super::fault::{Exit, Failure};
use super::{Context, client, log, say};
use crate::i18n::{self, t};
use crate::link::embedded::OpenOptions;
use crate::link::server::{self, Limits, ServeError, Server};
use crate::term::signal::{Arrived, Signals};

pub fn run(args: &Serve, context: &Context) -> Result<Exit, Failure> {
    super::frugal::become_frugal();
    // Before the office is opened: a stop that comes early is carried out afterwards.
    let signals = Signals::register()?;
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
