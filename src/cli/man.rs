//! `kompeten man`: the officer's guide, the same text F1 opens; `--roff` the manual page.

use std::io::Write;

use super::args::Man;
use super::fault::{Exit, Failure};
use super::table::{LINE, wrap};
use super::usage;
use crate::i18n::{self, t};

pub fn run(args: &Man, out: &mut dyn Write) -> Result<Exit, Failure> {
    if args.roff {
        let mut page = Vec::new();
        clap_mangen::Man::new(usage::command()).render(&mut page)?;
        out.write_all(&page)?;
        return Ok(Exit::Done);
    }
    let title = t!("guide.title");
    writeln!(out, "{title}\n{}", "=".repeat(title.chars().count()))?;
    for section in i18n::guide() {
        writeln!(out, "\n{}\n{}", section.title, "-".repeat(section.title.chars().count()))?;
        for line in wrap(&section.text, LINE - 2) {
            match line.strip_prefix("# ") {
                Some(heading) => writeln!(out, "{heading}:")?,
                None => writeln!(out, "{line}")?,
            }
        }
    }
    Ok(Exit::Done)
}
