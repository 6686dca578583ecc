//! Work whose time and memory are measured on a process of its own: this program, called
//! again with `--child WORK …`. What it prints is read by its parent.

use std::fs;
use std::path::Path;
use std::time::Instant;

use kompeten::domain::intake::{Intake, RowData};
use kompeten::domain::record::{FIRST_OWN_NUMBER, Kind, RecordId};
use kompeten::domain::rulebook::Rulebook;
use kompeten::exchange::{self, Lexicon, ReadOptions};
use kompeten::protocol::{Answer, Request};

use super::ours::Ours;
use super::{look, machine, sqlite, together};

/// Does the work these words name.
pub fn run(words: &[String]) {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["sqlite-import", database, file] => sqlite_import(Path::new(database), Path::new(file)),
        ["sqlite-nip", database, nip] => {
            let found = sqlite::by_nip(&sqlite::open(Path::new(database)), nip);
            assert!(found.is_some(), "nobody");
        }
        ["undo", data] => undo(Path::new(data)),
        ["together", data] => together::run(Path::new(data)),
        ["open", data] => open(Path::new(data)),
        ["kill", data] => kill(Path::new(data)),
        _ => panic!("no such work: {words:?}"),
    }
}

fn options() -> ReadOptions {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date");
    let rules = std::sync::Arc::clone(Rulebook::shipped());
    let lexicon = Lexicon { today, rules, words: |_| Vec::new() };
    ReadOptions { map: Vec::new(), sheet: None, lexicon }
}

/// The reader of the program, into `SQLite` in one transaction.
fn sqlite_import(database: &Path, file: &Path) {
    let mut db = sqlite::create(database);
    let all = db.transaction().expect("begun");
    let mut intake = sqlite::Intake::default();
    let mut source = exchange::open(Intake::Employees, file, &options()).expect("the file opens");
    let mut added = 0;
    while let Some(chunk) = source.next_chunk().expect("rows") {
        for row in chunk.rows {
            if let RowData::Employee(row) = row.data {
                intake.put(&all, &row);
                added += 1;
            }
        }
    }
    all.commit().expect("committed");
    println!("{added}");
}

fn undo(data: &Path) {
    let mut office = Ours::open(data);
    let step = office.step();
    let (time, answer) = office.timed(Request::Undo { step, seq: Some(1) });
    let Answer::Saved(saved) = answer else { panic!("{answer:?}") };
    println!("{} {}", saved.count, time.as_micros());
    office.close();
}

/// Opens the office and shows the first page, as the screen does.
fn open(data: &Path) {
    let start = Instant::now();
    let mut office = Ours::open(data);
    let opened = start.elapsed();
    let answer = office.ask(look::list(""));
    let listed = start.elapsed();
    let Answer::Page(page) = answer else { panic!("{answer:?}") };
    let pid = std::process::id();
    println!(
        "{} {} {} {} {}",
        opened.as_micros(),
        listed.as_micros(),
        machine::resident(pid).unwrap_or(0),
        machine::resident_own(pid).unwrap_or(0),
        page.total
    );
    if std::env::var_os("BENCH_SMAPS").is_some() {
        println!("{}", fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default());
    }
    office.close();
}

/// Opens the office, saves and ends as if killed: nothing is closed.
fn kill(data: &Path) {
    let mut office = Ours::open(data);
    let stored = office.get(RecordId::new(Kind::Employees, FIRST_OWN_NUMBER));
    let email = format!("surel{}@contoh.go.id", stored.rev.0);
    let edit = office.edit(stored, |employee| employee.email = email);
    let answer = office.ask(edit);
    assert!(matches!(answer, Answer::Saved(_)), "{answer:?}");
    std::process::exit(0);
}
