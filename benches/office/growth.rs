//! What a whole office costs as it grows: proven, built anew, backed up, restored, written
//! out, read in and taken back; and a history of as many steps as there are people. How fast
//! these costs grow, and all others measured at several sizes, `table::print_growth` tells.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use kompeten::protocol::{Answer, HistoryQuery, Request};

use super::ours::{self, Ours};
use super::table::{Amount, Figure};
use super::{Folder, bulk, look};

/// Rows read in from one file: of a million people more would name more units than one import
/// takes. Of more people there are more files.
const IMPORT_MAX: usize = 100_000;

/// What a work took, or a part of it, by name.
type Costs = Vec<(&'static str, Amount)>;

/// How a work is done.
type Work = fn(&Place) -> Costs;

/// Works in their order: what one leaves, the next may need.
const WORKS: [(&str, Work); 10] = [
    ("verify", |place| program(&place.data, &["verify"])),
    ("rebuild", |place| program(&place.data, &["rebuild"])),
    ("backup", backup),
    ("restore", |place| {
        let words = ["restore", &place.path("all.age"), "--identity", &place.path("key")];
        program(&place.own("restored"), &words)
    }),
    ("list written to a file", |place| {
        program(&place.data, &["export", "employees", &place.path("all.csv")])
    }),
    ("import of that file", |place| {
        let parts = parts(&place.own("all.csv"));
        let words = parts.iter().map(|part| vec!["import", "employees", part.as_str()]);
        programs(&place.own("imported"), words)
    }),
    ("undo of that import", |place| {
        let imports = (place.people as usize).div_ceil(IMPORT_MAX);
        programs(&place.own("imported"), vec![vec!["undo"]; imports])
    }),
    ("people saved one by one", |place| {
        let start = Instant::now();
        ours::save_each(&place.own("steps"), place.people);
        vec![("", Amount::Time(start.elapsed()))]
    }),
    ("history of as many steps, a filter that finds nothing", |place| {
        let mut office = Ours::open(&place.own("steps"));
        let costs =
            ["", "  once more"].map(|when| (when, Amount::Time(finds_nothing(&mut office))));
        office.close();
        costs.into()
    }),
    ("history of as many steps, all of it as JSON", |place| {
        program(&place.own("steps"), &["history", "--format", "json"])
    }),
];

pub fn figures(folder: &Folder) -> Vec<Figure> {
    let place = Place::new(folder);
    let mut figures = Vec::new();
    for (work, done) in WORKS {
        // Hours went by before: one work that cannot be done must not take the rest along.
        let costs = std::panic::catch_unwind(|| done(&place)).unwrap_or_else(|_| {
            eprintln!("{}: {work}: not done, see above", folder.people);
            Costs::new()
        });
        for (part, amount) in costs {
            let name = if part.is_empty() { work } else { part };
            let figure = Figure::new(name, folder.people, amount);
            eprintln!("  {}: {name}: {}", folder.people, figure.ours);
            figures.push(figure);
        }
    }
    let _ = fs::remove_dir_all(&place.scratch);
    figures
}

/// The filled office, and a folder for what comes of it.
struct Place {
    people: u32,
    data: PathBuf,
    scratch: PathBuf,
}

impl Place {
    fn new(folder: &Folder) -> Self {
        let scratch = folder.scratch.join("growth");
        let _ = fs::remove_dir_all(&scratch);
        fs::create_dir_all(&scratch).expect("a folder");
        Self { people: folder.people, data: folder.data.clone(), scratch }
    }

    /// An office beside the filled one.
    fn own(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    fn path(&self, name: &str) -> String {
        self.own(name).to_string_lossy().into_owned()
    }
}

fn program(data: &Path, words: &[&str]) -> Costs {
    programs(data, [words.to_vec()])
}

fn backup(place: &Place) -> Costs {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kompeten"));
    let made = command.args(["backup", "--new-key", &place.path("key")]).output().expect("a key");
    let recipient = String::from_utf8_lossy(&made.stdout);
    let recipient = recipient.split_whitespace().find(|word| word.starts_with("age1"));
    let recipient = recipient.expect("a recipient");
    program(&place.data, &["backup", &place.path("all.age"), "--recipient", recipient])
}

/// The file in parts that one import takes, each with the heading.
fn parts(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).expect("the list");
    let (heading, rows) = text.split_once('\n').expect("a heading");
    let rows: Vec<&str> = rows.lines().collect();
    let parts = rows.chunks(IMPORT_MAX).enumerate().map(|(at, rows)| {
        let part = file.with_extension(format!("{at}.csv"));
        fs::write(&part, [heading, &rows.join("\n")].join("\n")).expect("written");
        part.to_string_lossy().into_owned()
    });
    parts.collect()
}

/// One run of the program after another: what they took together, the most memory one held.
fn programs<'a>(data: &Path, runs: impl IntoIterator<Item = Vec<&'a str>>) -> Costs {
    let (mut time, mut peak) = (Duration::ZERO, 0);
    for words in runs {
        let ran = bulk::program(data, &words);
        time += ran.time;
        peak = peak.max(ran.peak);
    }
    vec![("", Amount::Time(time)), ("  peak memory of the process", Amount::Bytes(peak))]
}

/// A search of the whole history, page after page as the screen asks for them.
fn finds_nothing(office: &mut Ours) -> Duration {
    let start = Instant::now();
    let mut query =
        HistoryQuery { search: "via:undo".into(), limit: look::PAGE, ..HistoryQuery::default() };
    loop {
        let answer = office.ask(Request::History(query.clone()));
        let Answer::History(page) = answer else { panic!("{answer:?}") };
        assert!(page.lines.is_empty(), "{page:?}");
        query.before = page.next;
        if page.next.is_none() {
            return start.elapsed();
        }
    }
}
