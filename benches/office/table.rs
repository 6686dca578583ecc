//! The figures as a table: ours, `SQLite`'s, the ratio, and whether the target is met; and
//! how those measured at several sizes grow.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
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
    /// At most so many times `SQLite`'s.
    Sqlite(f64),
    /// That, and at most the bare append and this much more.
    SqliteAndBare(f64, Duration),
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

    /// What is to be reached with so many people.
    pub fn target_at(self, people: u32, target: Target) -> Self {
        if self.people == Some(people) { self.target(target) } else { self }
    }

    fn reached(&self) -> Option<bool> {
        let ours = self.ours.size();
        let sqlite = |times: f64| self.sqlite.map(|other| ours <= other.size() * times);
        match self.target {
            Target::None => None,
            Target::AtMost(most) => Some(ours <= most.size()),
            Target::AtLeast(least) => Some(ours >= least.size()),
            Target::Sqlite(times) => sqlite(times),
            Target::SqliteAndBare(times, more) => {
                let bare = self.bare.map(|bare| ours <= bare.size() + more.as_secs_f64());
                Some(sqlite(times)? && bare?)
            }
        }
    }

    fn target_text(&self) -> String {
        match self.target {
            Target::None => String::new(),
            Target::AtMost(most) => format!("<= {most}"),
            Target::AtLeast(least) => format!(">= {least}"),
            Target::Sqlite(times) => format!("<= {times} x SQLite"),
            Target::SqliteAndBare(times, more) => {
                format!("<= {times} x SQLite, <= bare + {}", Time(more))
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
    let mut rows = vec![HEAD.map(str::to_string).to_vec()];
    rows.extend(figures.iter().map(|figure| figure.cells().to_vec()));
    print_rows(&rows, 1..=5);
}

/// A cost that grows faster than this power of its data is a wall: a sort grows by some
/// hundredths more than its data, and what no longer fits the processor's caches by a tenth.
const WALL: f64 = 1.2;
/// Nobody feels less, and a busy machine alone makes as much of nothing.
const FELT: Duration = Duration::from_millis(10);

/// One cost at several sizes.
struct Grown<'a> {
    work: &'a str,
    at: BTreeMap<u32, Amount>,
}

impl Grown<'_> {
    fn is_wall(&self) -> bool {
        let felt = |cost: &Amount| !matches!(cost, Time(time) if *time < FELT);
        self.exponent() > WALL && self.at.values().next_back().is_some_and(felt)
    }

    /// The power of its data it grows with: the slope of least squares, both as logarithms.
    fn exponent(&self) -> f64 {
        let ln = |value: f64| value.max(f64::MIN_POSITIVE).ln();
        let points: Vec<(f64, f64)> =
            self.at.iter().map(|(size, cost)| (ln(f64::from(*size)), ln(cost.size()))).collect();
        let mean =
            |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
        let (mean_x, mean_y) = (mean(|(x, _)| *x), mean(|(_, y)| *y));
        let (rise, run) = points.iter().fold((0.0, 0.0), |(rise, run), (x, y)| {
            (rise + (x - mean_x) * (y - mean_y), run + (x - mean_x).powi(2))
        });
        rise / run
    }
}

/// Of all that was measured at several sizes, in the order of the first size. A part, which
/// is indented, belongs to the work before it.
fn grown(figures: &[Figure]) -> Vec<Grown<'_>> {
    let mut order: Vec<(&str, Grown<'_>)> = Vec::new();
    let mut whole = "";
    for figure in figures {
        if !figure.work.starts_with(' ') {
            whole = &figure.work;
        }
        let Some(people) = figure.people.filter(|_| !matches!(figure.ours, Count(_))) else {
            continue;
        };
        let same = |(of, grown): &&mut (&str, Grown<'_>)| {
            (*of, grown.work) == (whole, figure.work.as_str())
        };
        if let Some((_, grown)) = order.iter_mut().find(same) {
            grown.at.insert(people, figure.ours);
        } else {
            let at = BTreeMap::from([(people, figure.ours)]);
            order.push((whole, Grown { work: &figure.work, at }));
        }
    }
    let all = order.into_iter().map(|(_, grown)| grown);
    all.filter(|grown| grown.at.len() > 1).collect()
}

/// Prints what each work cost at each size, and how fast that grows.
pub fn print_growth(figures: &[Figure]) {
    let all = grown(figures);
    let sizes: BTreeSet<u32> = all.iter().flat_map(|grown| grown.at.keys().copied()).collect();
    if sizes.is_empty() {
        return;
    }
    let mut head = vec!["work, at so many people".to_string()];
    head.extend(sizes.iter().map(u32::to_string));
    head.extend(["exponent", "a wall"].map(str::to_string));
    let mut rows = vec![head];
    for grown in &all {
        let mut row = vec![grown.work.to_string()];
        let cost = |size| grown.at.get(size).map_or_else(String::new, Amount::to_string);
        row.extend(sizes.iter().map(cost));
        let wall = if grown.is_wall() { "YES" } else { "no" };
        row.extend([format!("{:.2}", grown.exponent()), wall.to_string()]);
        rows.push(row);
    }
    println!();
    print_rows(&rows, 1..=sizes.len() + 1);
}

/// Prints a Markdown table, its head first; columns of numbers stand to the right.
fn print_rows(rows: &[Vec<String>], numbers: RangeInclusive<usize>) {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<usize> = (0..columns).filter_map(width).collect();
    for (at, row) in rows.iter().enumerate() {
        let mut text = String::from("|");
        for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let cell = if numbers.contains(&index) {
                format!(" {cell:>width$} |")
            } else {
                format!(" {cell:<width$} |")
            };
            text.push_str(&cell);
        }
        println!("{text}");
        if at == 0 {
            let lines: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
            println!("|{}|", lines.join("|"));
        }
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
