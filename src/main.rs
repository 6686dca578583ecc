//! Arguments, mode, exit code; everything else is in the library.

use std::process::ExitCode;

use kompeten::cli::{self, Mode};

fn main() -> ExitCode {
    let env = |name: &str| std::env::var(name).ok();
    match cli::start(std::env::args_os(), &env) {
        Mode::Done(code) => code,
        Mode::Screen(_) => ExitCode::SUCCESS,
    }
}
