//! A progress bar on stderr: only where a person sees it, and only once the work has
//! gone on for a second. Knows nothing of the work.

use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shorter work needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

pub struct Bar {
    seen: bool,
    since: Option<Instant>,
    drawn: Option<Drawn>,
}

/// A bar as it stands on the line, and what it was drawn for.
struct Drawn {
    bar: ProgressBar,
    label: String,
    total: u64,
}

impl Bar {
    pub fn new() -> Self {
        Self { seen: stderr().is_terminal(), since: None, drawn: None }
    }

    /// The work is at `done` of `total`; total is 0 while unknown.
    pub fn at(&mut self, label: &str, done: u64, total: u64) {
        let since = *self.since.get_or_insert_with(Instant::now);
        if !self.seen || since.elapsed() < PATIENCE {
            return;
        }
        match &self.drawn {
            Some(drawn) if drawn.label == label && drawn.total == total => {}
            _ => {
                self.wipe();
                self.drawn = Some(Drawn { bar: bar(label, total), label: label.into(), total });
            }
        }
        if let Some(drawn) = &self.drawn {
            drawn.bar.set_position(done);
        }
    }

    /// The work is over; the line is free again.
    pub fn clear(&mut self) {
        self.since = None;
        self.wipe();
    }

    fn wipe(&mut self) {
        if let Some(drawn) = self.drawn.take() {
            drawn.bar.finish_and_clear();
        }
    }
}

fn bar(label: &str, total: u64) -> ProgressBar {
    let length = (total > 0).then_some(total);
    let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
    let template = if total > 0 { "{msg} [{bar:30}] {percent}%" } else { "{msg} {pos}" };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.with_message(label.to_string())
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.wipe();
    }
}
