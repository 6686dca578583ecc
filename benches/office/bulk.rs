//! Large work: a staff list of 20,000 rows imported and taken back; an office opened, closed
//! in order before or killed. Each in a process of its own, whose memory is measured with it.

use std::fs;
use std::io::read_to_string;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::table::{Amount, Figure, Target, median};
use super::{Folder, machine, workbook};

const RUNS: usize = 3;
const OPENINGS: usize = 10;
const KILLS: usize = 5;

/// A run of a program on a work of its own.
pub struct Ran {
    pub time: Duration,
    pub peak: u64,
    words: Vec<u64>,
}

/// This program, on one of the works of [`super::child`].
fn child(words: &[&str]) -> Ran {
    let program = std::env::current_exe().expect("a program");
    let mut command = Command::new(program);
    command.arg("--child").args(words).stdout(Stdio::piped());
    ran(command)
}

/// The program as it is shipped, on this data folder; what it prints goes nowhere, what it
/// complains of is shown.
pub fn program(data: &Path, words: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kompeten"));
    command.args(words).arg("--data").arg(data).stdout(Stdio::null());
    ran(command)
}

/// One person of `SQLite`'s by a process that does nothing else.
pub fn sqlite_by_nip(database: &Path, nip: &str) -> Duration {
    child(&["sqlite-nip", &database.to_string_lossy(), nip]).time
}

/// What a run of this program on one core prints; where it may be, before all other work
/// of the machine.
pub fn on_one_core(words: &[&str]) -> Vec<u64> {
    let first = ["chrt", "-f", "10"];
    let may = Command::new(first[0]).args(&first[1..]).arg("true").status();
    let mut command = Command::new("env");
    if may.is_ok_and(|status| status.success()) {
        command.args(first);
    }
    command.args(["taskset", "-c", "0"]).arg(std::env::current_exe().expect("a program"));
    command.arg("--child").args(words).stdout(Stdio::piped());
    ran(command).words
}

fn ran(mut command: Command) -> Ran {
    let start = Instant::now();
    let mut child = command.spawn().expect("started");
    let output = child.stdout.take();
    let (time, peak, status) = machine::wait(child, start);
    let text = output.map_or_else(String::new, |output| read_to_string(output).expect("text"));
    assert!(status.success(), "{command:?}: {status}\n{text}");
    let words = text.split_whitespace().map_while(|word| word.parse().ok()).collect();
    Ran { time, peak, words }
}

pub fn import(scratch: &Path, rows: u32) -> Vec<Figure> {
    let file = scratch.join("staff.xlsx");
    workbook::write(&file, rows);
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    let (mut my_peak, mut their_peak) = (0, 0);
    let mut undo = None;
    for run in 0..RUNS {
        let data = scratch.join(format!("import-{run}"));
        let _ = fs::remove_dir_all(&data);
        let done = program(&data, &["import", "employees", &file.to_string_lossy()]);
        mine.push(done.time);
        my_peak = my_peak.max(done.peak);
        let database = scratch.join(format!("import-{run}.sqlite"));
        let _ = fs::remove_file(&database);
        let done = child(&["sqlite-import", &database.to_string_lossy(), &file.to_string_lossy()]);
        theirs.push(done.time);
        their_peak = their_peak.max(done.peak);
        if undo.is_none() {
            undo = Some(child(&["undo", &data.to_string_lossy()]));
        }
        let _ = fs::remove_dir_all(&data);
        let _ = fs::remove_file(&database);
    }
    let _ = fs::remove_file(&file);
    let work = format!("import {rows} rows x 69 columns");
    let mut figures = vec![
        Figure::new(&work, 0, Amount::Time(median(mine)))
            .sqlite(Amount::Time(median(theirs)))
            .target(Target::AtMost(Amount::ms(4000))),
        Figure::new("  peak memory of the process", 0, Amount::Bytes(my_peak))
            .sqlite(Amount::Bytes(their_peak))
            .target(Target::AtMost(Amount::mb(96))),
    ];
    if let Some(Ran { peak, words, .. }) = undo
        && let [_, micros] = words.as_slice()
    {
        figures.push(Figure::new(
            "undo of that import",
            0,
            Amount::Time(Duration::from_micros(*micros)),
        ));
        figures.push(Figure::new("  peak memory of the process", 0, Amount::Bytes(peak)));
    }
    figures
}

/// An office opened and listed by a process of its own: closed in order before, and killed.
pub fn open(folder: &Folder) -> Vec<Figure> {
    let data = folder.data.to_string_lossy();
    let mut figures = opened(folder, "cleanly closed before", OPENINGS, &|| ());
    figures.extend(opened(folder, "killed before", KILLS, &|| drop(child(&["kill", &data]))));
    // In order again for whoever comes next.
    child(&["open", &data]);
    figures
}

fn opened(folder: &Folder, how: &str, times: usize, before: &dyn Fn()) -> Vec<Figure> {
    let (mut opened, mut listed) = (Vec::new(), Vec::new());
    let (mut resident, mut own, mut peaks) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..times {
        before();
        let Ran { words, peak, .. } = child(&["open", &folder.data.to_string_lossy()]);
        let [open, list, rss, anonymous, _] = words.as_slice() else { panic!("{words:?}") };
        opened.push(Duration::from_micros(*open));
        listed.push(Duration::from_micros(*list));
        resident.push(*rss);
        own.push(*anonymous);
        peaks.push(peak);
    }
    let most = |values: &[u64]| Amount::Bytes(values.iter().copied().max().unwrap_or(0));
    let people = folder.people;
    vec![
        Figure::new(format!("office opened, {how}"), people, Amount::Time(median(opened))),
        Figure::new("  and its first page read", people, Amount::Time(median(listed))),
        Figure::new("  memory resident then", people, most(&resident)),
        Figure::new("  of that not shared with files", people, most(&own)),
        Figure::new("  peak memory of the process", people, most(&peaks)),
    ]
}
