//! Large work: a staff list of 20,000 rows imported and taken back; an office opened.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::table::{Amount, Figure, Target, median};
use super::{Folder, machine, workbook};

const RUNS: usize = 3;
const OPENINGS: usize = 10;

/// A run of this program on a work of its own.
struct Ran {
    time: Duration,
    peak: u64,
    words: Vec<u64>,
}

fn child(words: &[&str]) -> Ran {
    let program = std::env::current_exe().expect("a program");
    let mut command = Command::new(program);
    command.arg("--child").args(words);
    ran(command)
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
    command.arg("--child").args(words);
    ran(command).words
}

fn ran(mut command: Command) -> Ran {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn().expect("started");
    let output = child.stdout.take().expect("its output");
    let (time, peak, status) = machine::wait(child, start);
    let text = std::io::read_to_string(output).expect("text");
    assert!(status.success(), "{command:?}: {status}\n{text}");
    let words = text.split_whitespace().map_while(|word| word.parse().ok()).collect();
    Ran { time, peak, words }
}

/// Whether the program itself can import yet.
fn can_import(program: &Path) -> bool {
    let help = Command::new(program).args(["import", "--help"]).output();
    help.is_ok_and(|output| output.status.success() && !output.stdout.is_empty())
}

pub fn import(scratch: &Path, rows: u32) -> Vec<Figure> {
    let file = scratch.join("staff.xlsx");
    workbook::write(&file, rows);
    let program = Path::new(env!("CARGO_BIN_EXE_kompeten"));
    let by_command = can_import(program);
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    let (mut my_peak, mut their_peak) = (0, 0);
    let mut undo = None;
    for run in 0..RUNS {
        let data = scratch.join(format!("import-{run}"));
        let _ = fs::remove_dir_all(&data);
        let done = if by_command {
            let mut command = Command::new(program);
            command.arg("--data").arg(&data).args(["import", "employees"]).arg(&file).arg("--json");
            command.stderr(Stdio::null());
            ran(command)
        } else {
            let done = child(&["import", &data.to_string_lossy(), &file.to_string_lossy()]);
            assert_eq!(done.words, [u64::from(rows)]);
            done
        };
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
    let how = if by_command { "kompeten import" } else { "by the library" };
    let work = format!("import {rows} rows x 69 columns ({how})");
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

/// An office closed cleanly, opened and listed by a process of its own.
pub fn open(folder: &Folder) -> Vec<Figure> {
    let mut opened = Vec::new();
    let mut listed = Vec::new();
    let mut resident = Vec::new();
    let mut own = Vec::new();
    for _ in 0..OPENINGS {
        let Ran { words, .. } = child(&["open", &folder.data.to_string_lossy()]);
        let [open, list, rss, anonymous, _] = words.as_slice() else { panic!("{words:?}") };
        opened.push(Duration::from_micros(*open));
        listed.push(Duration::from_micros(*list));
        resident.push(*rss);
        own.push(*anonymous);
    }
    let most = |values: &[u64]| Amount::Bytes(values.iter().copied().max().unwrap_or(0));
    let people = folder.people;
    vec![
        Figure::new("office opened, cleanly closed before", people, Amount::Time(median(opened))),
        Figure::new("  and its first page read", people, Amount::Time(median(listed))),
        Figure::new("  memory resident then", people, most(&resident)),
        Figure::new("  of that not shared with files", people, most(&own)),
    ]
}
