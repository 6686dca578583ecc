//! `kompeten person export NIP`: everything the office holds about one person, for handing
//! to them, to a file of the officer's own or to standard output.

use std::path::Path;

use super::args::PersonExportArgs;
use super::client::Client;
use super::export::{failure_of, write_failure};
use super::fault::{Exit, Failure};
use super::values::TextFormat;
use super::{Context, say};
use crate::domain::record::{EmployeeId, Kind};
use crate::exchange::Destination;
use crate::i18n::t;
use crate::jobs::Progress;
use crate::jobs::person::{self, CopyForm};

pub fn export(args: &PersonExportArgs, context: &Context) -> Result<Exit, Failure> {
    let to = Destination::from_arg(args.out.as_deref().unwrap_or_else(|| Path::new("-")));
    let form = match args.format {
        Some(TextFormat::Text) => CopyForm::Text,
        Some(TextFormat::Json) => CopyForm::Json,
        None => CopyForm::of(&to).unwrap_or(CopyForm::Text),
    };
    if let Destination::File(file) = &to
        && file.is_file()
        && !args.overwrite
    {
        let text = t!("copy.exists", file = file.display());
        return Err(Failure::Failed(text.into_owned()));
    }
    let mut client = Client::open(context)?;
    let stored = client.find(Kind::Employees, &args.nip)?;
    let (bar, watch) = (client.bar(), client.bar());
    let progress = Progress::new(move |done, total| {
        if let Ok(mut bar) = watch.lock() {
            bar.at(&t!("copy.gathering"), done, total);
        }
    });
    let id = EmployeeId(stored.id.number);
    let copy = person::gather(&mut |request| client.ask(request), id, &progress);
    if let Ok(mut bar) = bar.lock() {
        bar.clear();
    }
    let copy = copy.map_err(|error| failure_of(&error, &to))?;
    person::write(&copy, form, &to).map_err(|error| write_failure(&error, &to))?;
    if let Destination::File(file) = &to {
        say(&t!("copy.written", file = file.display()));
    }
    Ok(Exit::Done)
}
