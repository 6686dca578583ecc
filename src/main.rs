//! Arguments and exit code; everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    let env = |name: &str| std::env::var(name).ok();
    kompeten::cli::start(std::env::args_os(), &env)
}
