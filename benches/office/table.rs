//! The figures as a table: ours, `SQLite`'s, the ratio, and whether the target is met.

use std::time::Duration;

/// One measured amount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    Time(Duration),
    Bytes(u64),
    Count(u64),
}

use Amount::{Bytes, Count, Time};

impl Amount {
    pub fn ms(ms: u64) -> Self {
        Time(Duration::from_millis(ms))
    }

    pub fn mb(mb: u64) -> Self {
        Bytes(mb * 1_000_000)
    }

    fn size(self) -> f64 {
        match self {
            Time(time) => time.as_secs_f64(),
            Bytes(n) | Count(n) => n as f64,
        }
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = match self {
            Time(time) if time.as_secs_f64() >= 1.0 => format!("{:.2} s", time.as_secs_f64()),
            Time(time) => format!("{:.3} ms", time.as_secs_f64() * 1e3),
            Bytes(n) if *n >= 100_000 => format!("{:.1} MB", *n as f64 / 1e6),
            Bytes(n) => format!("{n} B"),
            Count(n) => n.to_string(),
        };
        f.pad(&text)
    }
}

/// What was to be reached.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// Shown for knowing only.
    None,
    AtMost(Amount),
    AtLeast(Amount),
    Sqlite,
    /// At most `SQLite`'s, and at most the bare append and this much more.
    SqliteAndBare(Duration),
}

pub struct Figure {
    pub work: String,
    pub people: Option<u32>,
    pub ours: Amount,
    pub sqlite: Option<Amount>,
    pub bare: Option<Amount>,
    pub target: Target,
}

impl Figure {
    pub fn new(work: impl Into<String>, people: u32, ours: Amount) -> Self {
        let (sqlite, bare, target) = (None, None, Target::None);
        Self {
            work: work.into(),
            people: (people > 0).then_some(people),
            ours,
            sqlite,
            bare,
            target,
        }
    }

    pub fn sqlite(self, amount: Amount) -> Self {
        Self { sqlite: Some(amount), ..self }
    }

    pub fn bare(self, amount: Amount) -> Self {
        Self { bare: Some(amount), ..self }
    }

    pub fn target(self, target: Target) -> Self {
        Self { target, ..self }
    }

    fn reached(&self) -> Option<bool> {
        let ours = self.ours.size();
        let sqlite = || self.sqlite.map(|other| ours <= other.size());
        match self.target {
            Target::None => None,
            Target::AtMost(most) => Some(ours <= most.size()),
            Target::AtLeast(least) => Some(ours >= least.size()),
            Target::Sqlite => sqlite(),
            Target::SqliteAndBare(more) => {
                let bare = self.bare.map(|bare| ours <= bare.size() + more.as_secs_f64());
                Some(sqlite()? && bare?)
            }
        }
    }

    fn target_text(&self) -> String {
        match self.target {
            Target::None => String::new(),
            Target::AtMost(most) => format!("<= {most}"),
            Target::AtLeast(least) => format!(">= {least}"),
            Target::Sqlite => "<= SQLite".into(),
            Target::SqliteAndBare(more) => {
                format!("<= SQLite, <= bare + {}", Time(more))
            }
        }
    }

    fn cells(&self) -> [String; 8] {
        let text = |amount: Option<Amount>| amount.map_or_else(String::new, |a| a.to_string());
        let ratio = self.sqlite.map_or_else(String::new, |other| {
            format!("{:.2}", self.ours.size() / other.size().max(f64::MIN_POSITIVE))
        });
        let reached = match self.reached() {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "",
        };
        [
            self.work.clone(),
            self.people.map_or_else(String::new, |people| people.to_string()),
            self.ours.to_string(),
            text(self.sqlite),
            ratio,
            text(self.bare),
            self.target_text(),
            reached.to_string(),
        ]
    }
}

const HEAD: [&str; 8] =
    ["work", "people", "kompeten", "SQLite", "ratio", "bare append", "to reach", "reached"];

/// Prints the figures as a Markdown table.
pub fn print(figures: &[Figure]) {
    let rows: Vec<[String; 8]> = figures.iter().map(Figure::cells).collect();
    let mut widths = HEAD.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: &[String; 8]| {
        let mut text = String::from("|");
        for (index, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let cell = if (1..=5).contains(&index) {
                format!(" {cell:>width$} |")
            } else {
                format!(" {cell:<width$} |")
            };
            text.push_str(&cell);
        }
        println!("{text}");
    };
    line(&HEAD.map(str::to_string));
    println!("|{}|", widths.map(|width| "-".repeat(width + 2)).join("|"));
    for row in &rows {
        line(row);
    }
}

/// The middle one.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

pub fn worst(times: &[Duration]) -> Duration {
    times.iter().copied().max().unwrap_or_default()
}
