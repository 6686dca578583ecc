//! Arguments, mode, exit code; everything else is in the library.

use std::process::ExitCode;

use kompeten::cli::{self, Mode};
use kompeten::desk;

fn main() -> ExitCode {
    let env = |name: &str| std::env::var(name).ok();
    match cli::start(std::env::args_os(), &env) {
        Mode::Done(code) => code,
        Mode::Screen(opening) => match desk::sit(opening, &env) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => failure.tell(),
        },
    }
}
