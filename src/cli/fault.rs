//! How a command ends: exit codes scripts rely on, and what is said on the way out.
//! 0 done, 1 failed and nothing changed, 2 wrong usage, 3 done in part.

use std::io;
use std::process::ExitCode;

use super::say;
use crate::i18n::{self, t};
use crate::protocol::Problem;

/// A command that came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// What has been said already tells that nothing was saved, or what is wrong.
    Failed,
    /// Some rows were refused, the good ones are saved.
    Part,
}

impl Exit {
    pub fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Part => 3,
        })
    }
}

/// A command that could not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// In the officer's language, with the way out.
    Failed(String),
    Usage(String),
    /// Whoever read our output has gone: nothing to say, nothing went wrong.
    ReaderGone,
}

impl Failure {
    /// Says what happened and gives the exit code.
    pub fn tell(&self) -> ExitCode {
        match self {
            Self::Failed(text) => {
                say(&format!("kompeten: {text}"));
                ExitCode::from(1)
            }
            Self::Usage(text) => {
                say(&format!("kompeten: {text}"));
                ExitCode::from(2)
            }
            Self::ReaderGone => ExitCode::SUCCESS,
        }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Failed(i18n::problem(&problem))
    }
}

/// Errors of writing the result.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::Failed(t!("problem.io", error = error).into_owned())
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}
