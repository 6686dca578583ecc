//! `kompeten doctor`: what this program found around it, for whoever is asked to help:
//! terminal, data folder, who has it open, log file, versions. Says nothing of people.

use std::io::Write;

use super::client::Client;
use super::fault::{Exit, Failure};
use super::table::PlainTable;
use super::{Context, keys, log};
use crate::domain::column::Align;
use crate::i18n::{self, t};
use crate::link::open::Address;
use crate::term::profile::{Color, GlyphSet, Profile};

pub fn run(context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let mut table = PlainTable::plain(&[Align::Left, Align::Left], 0);
    let mut row = |label: String, value: String| table.row(vec![label, value]);
    row(t!("doctor.version").into_owned(), env!("CARGO_PKG_VERSION").into());
    row(t!("doctor.officer").into_owned(), context.officer.clone());
    row(t!("doctor.language").into_owned(), i18n::language().code().into());
    row(t!("doctor.terminal").into_owned(), terminal(context));
    let (_, warnings) = keys::load(context.keymap.as_deref(), context.env);
    row(t!("doctor.keymap").into_owned(), context.keymap.clone().unwrap_or("default".into()));
    for warning in &warnings {
        row(String::new(), warning.message());
    }
    row(t!("doctor.data").into_owned(), context.data.display().to_string());
    if let Address::Shared(socket) = &context.address {
        row(t!("doctor.server").into_owned(), socket.display().to_string());
    }
    // To look is not to found an office.
    let shared = matches!(context.address, Address::Shared(_));
    let office = (shared || context.data.is_dir()).then(|| Client::open(context));
    match office {
        None => row(t!("doctor.state").into_owned(), t!("doctor.absent").into_owned()),
        Some(Ok(client)) => {
            let info = &client.info;
            let read_only = info.read_only.as_ref();
            let state = read_only.map_or_else(|| t!("doctor.writable").into_owned(), i18n::problem);
            row(t!("doctor.office").into_owned(), info.name.clone());
            row(t!("doctor.employees").into_owned(), i18n::whole(info.employees));
            row(t!("doctor.steps").into_owned(), info.last_seq.to_string());
            row(t!("doctor.state").into_owned(), state);
        }
        Some(Err(Failure::Failed(text))) => row(t!("doctor.state").into_owned(), text),
        Some(Err(failure)) => return Err(failure),
    }
    row(t!("doctor.log").into_owned(), log::file_of(&context.data).display().to_string());
    // A path or a problem that is cut off helps nobody, nor does a word that says what it is.
    table.keep_whole(0);
    table.keep_whole(1);
    table.print(out)?;
    Ok(Exit::Done)
}

fn terminal(context: &Context) -> String {
    let profile = Profile::detect(context.env);
    let color = match profile.color {
        Color::Mono => t!("doctor.mono"),
        Color::Ansi16 => t!("doctor.ansi16"),
        Color::Indexed => t!("doctor.indexed"),
    };
    let glyphs = match profile.glyphs {
        GlyphSet::Unicode => "Unicode",
        GlyphSet::Ascii => "ASCII",
    };
    let name = (context.env)("TERM").unwrap_or_default();
    let ssh = if profile.ssh { ", SSH" } else { "" };
    format!("{name}: {color}, {glyphs}{ssh}")
}
