//! `kompeten completions SHELL`: completions for the officer's shell.

use std::io::Write;

use super::args::CompletionsArgs;
use super::fault::{Exit, Failure};
use super::usage;

pub fn run(args: &CompletionsArgs, out: &mut dyn Write) -> Result<Exit, Failure> {
    // Made in memory: the generator panics when it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut usage::command(), "kompeten", &mut script);
    out.write_all(&script)?;
    Ok(Exit::Done)
}
