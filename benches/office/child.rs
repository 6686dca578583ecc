//! Work whose time and memory are measured on a process of its own: this program, called
//! again with `--child WORK …`. What it prints is read by its parent.

use std::fs;
use std::path::Path;
use std::time::Instant;

use kompeten::domain::intake::{Intake, RowData};
use kompeten::exchange::{self, ReadOptions};
use kompeten::protocol::{Answer, ImportStart, Request};

use super::ours::Ours;
use super::{look, machine, sqlite, together};

/// Does the work these words name.
pub fn run(words: &[String]) {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["import", data, file] => import(Path::new(data), Path::new(file)),
        ["sqlite-import", database, file] => sqlite_import(Path::new(database), Path::new(file)),
        ["undo", data] => undo(Path::new(data)),
        ["together", data] => together::run(Path::new(data)),
        ["open", data] => open(Path::new(data)),
        _ => panic!("no such work: {words:?}"),
    }
}

fn options() -> ReadOptions {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date");
    ReadOptions { map: Vec::new(), sheet: None, today }
}

fn import(data: &Path, file: &Path) {
    let mut office = Ours::open(data);
    let mut source = exchange::open(Intake::Employees, file, &options()).expect("the file opens");
    let step = office.step();
    let columns = source.columns();
    let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
    assert_eq!(office.ask(Request::ImportStart(start)), Answer::Done);
    while let Some(chunk) = source.next_chunk().expect("rows") {
        assert!(chunk.refused.is_empty(), "{:?}", chunk.refused);
        office.ask(Request::ImportRows(chunk.rows));
    }
    let answer = office.ask(Request::ImportFinish);
    let Answer::Imported(imported) = answer else { panic!("{answer:?}") };
    println!("{}", imported.added);
    office.close();
}

/// The same reader, into `SQLite` in one transaction.
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
