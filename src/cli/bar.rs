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
    drawn: Option<ProgressBar>,
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
        let bar = self.drawn.get_or_insert_with(|| {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        });
        let template = if total > 0 { "{msg} [{bar:30}] {percent}%" } else { "{msg} {pos}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(label.to_string());
        if total > 0 {
            bar.set_length(total);
        }
        bar.set_position(done);
    }

    /// The work is over; the line is free again.
    pub fn clear(&mut self) {
        self.since = None;
        if let Some(bar) = self.drawn.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}
