//! The figures: what an officer waits for, measured on the shipped path against `SQLite` on
//! the same work in the same run. By hand, never a test:
//!
//! ```text
//! cargo bench --features sqlite                      all sizes, some minutes
//! cargo bench --features sqlite -- --quick           5,000 people only
//! cargo bench --features sqlite -- --only save,filter --people 20000
//! cargo bench --features sqlite -- --only growth --people 20000,500000,1000000
//! ```
//!
//! `--only` takes `fill open screen filter dear lookup matrix exports gaps save sharing import size whole`,
//! and `growth` for all of those that show how costs grow with their data; `--keep` leaves the
//! filled folders for a next run with `--keep`.

mod bulk;
mod child;
mod gaps;
mod growth;
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
use std::time::{Duration, Instant};

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
    sqlite: PathBuf,
    /// For everything else, on the same file system.
    pub scratch: PathBuf,
}

impl Folder {
    fn filled(root: &Path, people: u32, keep: bool) -> Self {
        let scratch = root.join(people.to_string());
        let data = scratch.join("data");
        let sqlite = scratch.join("people.sqlite");
        let folder = Self { people, data, sqlite, scratch };
        let done = folder.scratch.join("filled");
        if !(keep && done.exists()) {
            let _ = fs::remove_dir_all(&folder.scratch);
            fs::create_dir_all(&folder.scratch).expect("a folder");
            let start = Instant::now();
            ours::fill(&folder.data, people);
            let time = start.elapsed().as_micros().to_string();
            fs::write(&done, time).expect("written");
        }
        folder
    }

    /// The same people in `SQLite`, put in when they are first asked for.
    fn rival(&self) -> &Path {
        let done = self.scratch.join("filled-sqlite");
        if !done.exists() {
            let start = Instant::now();
            sqlite::fill(&self.sqlite, self.people);
            let time = start.elapsed().as_micros().to_string();
            fs::write(&done, time).expect("written");
        }
        &self.sqlite
    }
}

/// What putting everybody in with ratings and trainings took; `SQLite` in one transaction.
fn put_in(folder: &Folder) -> Vec<Figure> {
    folder.rival();
    let took = |name: &str| {
        let text = fs::read_to_string(folder.scratch.join(name)).unwrap_or_default();
        Amount::Time(Duration::from_micros(text.parse().unwrap_or_default()))
    };
    let disk = |work: &str, ours| Figure::new(work, folder.people, Amount::Bytes(ours));
    vec![
        Figure::new("people with ratings and trainings put in", folder.people, took("filled"))
            .sqlite(took("filled-sqlite"))
            .target(Target::Sqlite(5.0)),
        disk("  on disk: journal", bytes(&folder.data.join("journal"))),
        disk("  on disk: store", bytes(&folder.data.join("store")))
            .sqlite(Amount::Bytes(bytes(&folder.sqlite))),
    ]
}

fn bytes(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| bytes(&entry.path())).sum(),
        Err(_) => fs::metadata(path).map_or(0, |meta| meta.len()),
    }
}

#[derive(Default)]
struct Asked {
    quick: bool,
    keep: bool,
    only: Vec<String>,
    people: Vec<u32>,
}

impl Asked {
    fn wants(&self, work: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == work)
    }

    fn wants_of(&self, work: &(&str, Work, Shows)) -> bool {
        self.wants(work.0) || (matches!(work.2, Shows::Growth) && self.wants("growth"))
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
                "--people" => {
                    let sizes = value();
                    let sizes = sizes.split(',').map(|size| size.parse().expect("a number"));
                    asked.people = sizes.collect();
                }
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

/// What the figures of a work are for.
#[derive(Clone, Copy)]
enum Shows {
    /// How long an officer waits.
    Waits,
    /// That too, and how it grows.
    Growth,
}

const WORKS: [(&str, Work, Shows); 12] = [
    ("fill", put_in, Shows::Growth),
    ("open", bulk::open, Shows::Growth),
    ("screen", screen::figures, Shows::Waits),
    ("filter", look::filter, Shows::Waits),
    ("dear", look::dear, Shows::Growth),
    ("lookup", look::lookup, Shows::Waits),
    ("matrix", look::matrix, Shows::Waits),
    ("exports", look::exports, Shows::Growth),
    // Last: these change the office.
    ("gaps", gaps::figures, Shows::Growth),
    ("save", save::figures, Shows::Waits),
    ("sharing", sharing::figures, Shows::Waits),
    ("whole", growth::figures, Shows::Growth),
];

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
    let sizes = match (asked.people.is_empty(), asked.quick) {
        (false, _) => asked.people.clone(),
        (true, true) => vec![SIZES[0]],
        (true, false) => SIZES.to_vec(),
    };
    if asked.wants("import") {
        let rows = if asked.quick { IMPORTED_QUICK } else { IMPORTED };
        figures.extend(told(bulk::import(&root, rows)));
    }
    let works: Vec<_> = WORKS.iter().filter(|work| asked.wants_of(work)).collect();
    if !works.is_empty() {
        for people in sizes {
            let folder = Folder::filled(&root, people, asked.keep);
            for (_, work, _) in &works {
                figures.extend(told(work(&folder)));
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
    table::print_growth(&figures);
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
