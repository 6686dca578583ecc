//! `kompeten man`: the officer's guide, the same text F1 opens; `--roff` the manual page.

use std::io::Write;

use unicode_width::UnicodeWidthStr;

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
    let mut lines = underlined(&t!("guide.title"), '=');
    for line in i18n::guide().iter().flat_map(|section| section.trim_end().lines().chain([""])) {
        match line.strip_prefix(i18n::HEADING) {
            Some(heading) => {
                blank(&mut lines);
                lines.extend(underlined(heading, '-'));
            }
            // The blank line the screen shows below a heading is its rule here.
            None if line.is_empty() => {
                if lines.last().is_some_and(|line| !line.starts_with("--")) {
                    blank(&mut lines);
                }
            }
            None => lines.extend(wrap(line, LINE - 2)),
        }
    }
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(Exit::Done)
}

fn underlined(heading: &str, with: char) -> Vec<String> {
    vec![heading.to_string(), std::iter::repeat_n(with, heading.width()).collect()]
}

/// One blank line, never two.
fn blank(lines: &mut Vec<String>) {
    if lines.last().is_some_and(|line| !line.is_empty()) {
        lines.push(String::new());
    }
}
