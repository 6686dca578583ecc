//! `kompeten demo`: an example office in a folder of its own, filled and then opened in
//! the screen. Nothing of the officer's own data is touched.

use super::args::DemoArgs;
use super::client::Client;
use super::fault::Failure;
use super::place::Example;
use super::say;
use crate::i18n::t;
use crate::jobs::{self, demo::Behind};
use crate::link::embedded::system_clock;

pub fn fill(args: &DemoArgs, officer: &str) -> Result<Example, Failure> {
    let example = match &args.keep {
        Some(folder) => Example::kept(folder)?,
        None => Example::fresh()?,
    };
    let behind = Behind::default();
    let mut client = Client::open_by(behind.clock(system_clock), example.folder(), officer)?;
    let today = client.info.today;
    jobs::demo::fill(&mut |request| client.ask(request), &behind, today)?;
    if args.keep.is_some() {
        say(&t!("demo.kept", folder = example.folder().display()));
    }
    Ok(example)
}
