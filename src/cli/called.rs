//! What stands behind a command's name, described only when it is that command that was
//! called: the flags of all of them take longer to put together than most have to do. Help,
//! completions and whoever is told what is wrong need all of them ([`all`]).

use std::cell::Cell;
use std::ops::Deref;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

thread_local! {
    static ALL: Cell<bool> = const { Cell::new(false) };
}

/// What `describe` makes has every command described in full.
pub fn all(describe: impl FnOnce() -> Command) -> Command {
    let before = ALL.replace(true);
    let command = describe();
    ALL.set(before);
    command
}

/// The arguments of one command.
#[derive(Debug)]
pub struct Called<T>(T);

impl<T> Deref for Called<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Args> Args for Called<T> {
    fn augment_args(command: Command) -> Command {
        if ALL.get() { T::augment_args(command) } else { command.defer(T::augment_args) }
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}

impl<T: FromArgMatches> FromArgMatches for Called<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
