//! The figures: what an officer waits for, measured on the shipped path against `SQLite` on
//! the same work in the same run. By hand, never a test:
//!
//! ```text
//! cargo bench --features sqlite                      all sizes, some minutes
//! cargo bench --features sqlite -- --quick           5,000 people only
//! cargo bench --features sqlite -- --only save,filter --people 20000
//! ```
//!
//! `--only` takes `open screen filter dear lookup matrix exports save sharing import size`; `--keep`
//! leaves the filled folders for a next run with `--keep`.

mod bulk;
mod child;
mod look;
mod machine;
mod ours;
mod people;
mod save;
mod screen;
mod sharing;
mod sqlite;
mod table;
mod together;
mod workbook;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use table::{Amount, Figure, Target};

const SIZES: [u32; 3] = [5_000, 20_000, 100_000];
const IMPORTED: u32 = 20_000;
/// Rows of a quick import: too few for the figure to be the one to reach.
const IMPORTED_QUICK: u32 = 5_000;

/// The same people on both sides.
pub struct Folder {
    pub people: u32,
    /// Our data folder.
    pub data: PathBuf,
    pub sqlite: PathBuf,
    /// For everything else, on the same file system.
    pub scratch: PathBuf,
}

impl Folder {
    fn filled(root: &Path, people: u32, keep: bool) -> Self {
        let scratch = root.join(people.to_string());
        let data = scratch.join("data");
        let sqlite = scratch.join("people.sqlite");
        let done = scratch.join("filled");
        if !(keep && done.exists()) {
            let _ = fs::remove_dir_all(&scratch);
            fs::create_dir_all(&scratch).expect("a folder");
            let start = Instant::now();
            ours::fill(&data, people);
            let ours = start.elapsed();
            let start = Instant::now();
            sqlite::fill(&sqlite, people);
            println!(
                "  {people} people with ratings and trainings put in: {:.1} s, SQLite {:.1} s \
                 (one transaction); on disk {:.1} MB of journal, {:.1} MB of store, SQLite {:.1} MB",
                ours.as_secs_f64(),
                start.elapsed().as_secs_f64(),
                megabytes(&data.join("journal")),
                megabytes(&data.join("store")),
                megabytes(&sqlite),
            );
            fs::write(&done, "").expect("written");
        }
        Self { people, data, sqlite, scratch }
    }
}

fn megabytes(path: &Path) -> f64 {
    fn bytes(path: &Path) -> u64 {
        match fs::read_dir(path) {
            Ok(entries) => entries.flatten().map(|entry| bytes(&entry.path())).sum(),
            Err(_) => fs::metadata(path).map_or(0, |meta| meta.len()),
        }
    }
    bytes(path) as f64 / 1e6
}

#[derive(Default)]
struct Asked {
    quick: bool,
    keep: bool,
    only: Vec<String>,
    people: Option<u32>,
}

impl Asked {
    fn wants(&self, work: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == work)
    }

    fn of(arguments: &[String]) -> Self {
        let mut asked = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().cloned().unwrap_or_default();
            match argument.as_str() {
                "--quick" => asked.quick = true,
                "--keep" => asked.keep = true,
                "--only" => asked.only = value().split(',').map(str::to_string).collect(),
                "--people" => asked.people = value().parse().ok(),
                // What cargo itself passes on.
                "--bench" => {}
                other => panic!("unknown: {other}; see the head of benches/office/main.rs"),
            }
        }
        asked
    }
}

/// Measures one kind of work on a filled folder.
type Work = fn(&Folder) -> Vec<Figure>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((first, words)) = arguments.split_first()
        && first == "--child"
    {
        return child::run(words);
    }
    let asked = Asked::of(&arguments);
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("office-figures");
    fs::create_dir_all(&root).expect("a folder");
    for (name, value) in machine::facts(&root) {
        println!("{name:>12}: {value}");
    }

    let mut figures = Vec::new();
    let sizes: Vec<u32> = match (asked.people, asked.quick) {
        (Some(people), _) => vec![people],
        (None, true) => vec![SIZES[0]],
        (None, false) => SIZES.to_vec(),
    };
    if asked.wants("import") {
        let rows = if asked.quick { IMPORTED_QUICK } else { IMPORTED };
        figures.extend(told(bulk::import(&root, rows)));
    }
    let works: [(&str, Work); 9] = [
        ("open", bulk::open),
        ("screen", screen::figures),
        ("filter", look::filter),
        ("dear", look::dear),
        ("lookup", look::lookup),
        ("matrix", look::matrix),
        ("exports", look::exports),
        // Last: these change the office.
        ("save", save::figures),
        ("sharing", sharing::figures),
    ];
    if works.iter().any(|(name, _)| asked.wants(name)) {
        for people in sizes {
            let folder = Folder::filled(&root, people, asked.keep);
            for (name, work) in works {
                if asked.wants(name) {
                    figures.extend(told(work(&folder)));
                }
            }
            if !asked.keep {
                let _ = fs::remove_dir_all(&folder.scratch);
            }
        }
    }
    if asked.wants("size") {
        figures.push(size());
    }
    println!();
    table::print(&figures);
}

/// Says what was measured at once, so that a long run shows where it is.
fn told(figures: Vec<Figure>) -> Vec<Figure> {
    for figure in &figures {
        let people = figure.people.map_or_else(String::new, |people| format!("{people}: "));
        println!("  {people}{}: {}", figure.work, figure.ours);
    }
    figures
}

fn size() -> Figure {
    let program = Path::new(env!("CARGO_BIN_EXE_kompeten"));
    let bytes = fs::metadata(program).map_or(0, |meta| meta.len());
    Figure::new("release binary, stripped", 0, Amount::Bytes(bytes))
        .target(Target::AtMost(Amount::mb(8)))
}
