//! `kompeten man`: the officer's guide, the same text F1 opens; `--roff` the manual page.

use std::io::Write;

use unicode_width::UnicodeWidthStr;

use super::args::ManArgs;
use super::fault::{Exit, Failure};
use super::table::{LINE, wrap};
use super::{Context, keys, usage};
use crate::i18n::{self, t};

pub fn run(args: &ManArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    if args.roff {
        let mut page = Vec::new();
        clap_mangen::Man::new(usage::command()).render(&mut page)?;
        out.write_all(&page)?;
        return Ok(Exit::Done);
    }
    let (keymap, _) = keys::load(context.keymap.as_deref(), context.env);
    let mut lines = underlined(&t!("guide.title"), '=');
    for section in i18n::guide() {
        lines.push(String::new());
        lines.extend(underlined(&section.title, '-'));
        for line in wrap(keymap.fill(section.text.trim_end()).as_str(), LINE - 2) {
            lines.push(match line.strip_prefix("# ") {
                Some(heading) => format!("{heading}:"),
                None => line,
            });
        }
    }
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    Ok(Exit::Done)
}

fn underlined(heading: &str, with: char) -> Vec<String> {
    vec![heading.to_string(), std::iter::repeat_n(with, heading.width()).collect()]
}
