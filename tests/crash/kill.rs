//! Processes killed in the middle of their work. The victim is this very program, run
//! again with a folder to work in: it says on its output what the office has called
//! saved, and is killed after so many of these.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::channel;

use kompeten::domain::record::Kind;
use kompeten::link::Link;
use kompeten::link::embedded::{self, OpenOptions};
use kompeten::protocol::{Answer, Incoming, Request, Ticket};

use super::desk::{Desk, employee, own_folder, saved, was_rebuilt};

const FOLDER: &str = "KOMPETEN_CRASH_FOLDER";
const WORK: &str = "KOMPETEN_CRASH_WORK";
const FIRST: &str = "KOMPETEN_CRASH_FIRST";

/// Rows of an import that is written to the journal in parts.
const LARGE: u32 = 1500;
const SMALL: u32 = 30;

/// Not a test of its own: what a victim does until it is killed.
#[test]
fn a_victim_at_work() {
    let (Ok(folder), Ok(work)) = (env::var(FOLDER), env::var(WORK)) else { return };
    let first = env::var(FIRST).expect("a number").parse().expect("a number");
    let (sender, incoming) = channel();
    let options =
        OpenOptions { data: folder.into(), read_only: false, officer: "siti".into(), socket: None };
    let link = embedded::open(&options, move |message| {
        let _ = sender.send(message);
    })
    .expect("an office");
    let mut desk = Desk::at(Path::new("-"));
    let mut requests = (first..).map(|serial| match work.as_str() {
        "saves" => vec![desk.adding(employee(serial))],
        _ => import(&mut desk, serial, if work == "small" { SMALL } else { LARGE }),
    });
    let out = std::io::stdout();
    say(&mut out.lock(), "ready");
    let mut ticket = 0;
    // Several wait together, so that the kill finds a group half done.
    let ahead = if work == "saves" { 8 } else { 1 };
    let mut waiting = 0;
    loop {
        while waiting < ahead {
            for request in requests.next().expect("no end") {
                ticket += 1;
                waiting += 1;
                link.ask(Ticket(ticket), request);
            }
        }
        let Ok(Incoming::Reply(_, answer)) = incoming.recv() else { continue };
        waiting -= 1;
        match *answer {
            Answer::Saved(saved) => {
                say(&mut out.lock(), &format!("saved {}", saved.seq.expect("a change")));
            }
            Answer::Imported(imported) => {
                say(&mut out.lock(), &format!("saved {}", imported.seq.expect("a change")));
            }
            Answer::ImportRows(_) => say(&mut out.lock(), "rows"),
            Answer::Done => {}
            other => panic!("{other:?}"),
        }
    }
}

fn say(out: &mut impl Write, words: &str) {
    writeln!(out, "> {words}").expect("somebody listens");
    out.flush().expect("somebody listens");
}

/// The requests of one import of `rows` people nobody has imported yet.
fn import(desk: &mut Desk, serial: u32, rows: u32) -> Vec<Request> {
    use kompeten::domain::intake::Intake;
    use kompeten::protocol::ImportStart;
    let columns = vec!["number".into(), "name".into()];
    let step = desk.step();
    let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
    let people: Vec<_> =
        (serial * rows..(serial + 1) * rows).map(employee).zip(2..).map(super::desk::row).collect();
    let mut requests = vec![Request::ImportStart(start)];
    requests.extend(people.chunks(200).map(|chunk| Request::ImportRows(chunk.to_vec())));
    requests.push(Request::ImportFinish);
    requests
}

/// A victim at work; killed at the latest when dropped.
struct Victim {
    child: Child,
    says: BufReader<ChildStdout>,
    /// The last entry it called saved.
    saved: u64,
}

impl Victim {
    fn begin(folder: &Path, work: &str, first: u64) -> Self {
        let mut child = Command::new(env::current_exe().expect("this program"))
            .args(["--exact", "kill::a_victim_at_work", "--nocapture", "--test-threads=1"])
            .env(FOLDER, folder)
            .env(WORK, work)
            .env(FIRST, first.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let says = BufReader::new(child.stdout.take().expect("its output"));
        let mut victim = Self { child, says, saved: 0 };
        while victim.hear() != "ready" {}
        victim
    }

    /// The next thing it says.
    fn hear(&mut self) -> String {
        loop {
            let mut line = String::new();
            let read = self.says.read_line(&mut line).expect("its output");
            assert!(read > 0, "the victim ended by itself");
            // Behind the name of the test, which the test runner prints without a line's end.
            let Some((_, words)) = line.split_once("> ") else { continue };
            let words = words.trim_end().to_string();
            if let Some(seq) = words.strip_prefix("saved ") {
                self.saved = seq.parse().expect("a number");
            }
            return words;
        }
    }

    fn hear_until(&mut self, words: &str, times: usize) {
        let mut heard = 0;
        while heard < times {
            heard += usize::from(self.hear().starts_with(words));
        }
    }

    /// Kills it and returns the last entry it had called saved, also with its last breath.
    fn kill(mut self) -> u64 {
        self.child.kill().expect("killed");
        self.child.wait().expect("dead");
        let mut rest = String::new();
        while self.says.read_line(&mut rest).expect("its output") > 0 {
            let whole = rest.ends_with('\n');
            if let Some((_, seq)) = rest.split_once("> saved ").filter(|_| whole) {
                self.saved = seq.trim_end().parse().expect("a number");
            }
            rest.clear();
        }
        self.saved
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn an_office_killed_while_saving_has_everything_it_called_saved() {
    let mut desk = Desk::closed();
    let (mut acknowledged, mut beyond, mut rebuilt) = (0, 0, 0);
    let rounds = 12;
    for round in 0..rounds {
        let info = desk.open();
        let before = info.last_seq;
        desk.close();
        let mut victim = Victim::begin(desk.data(), "saves", before + 1);
        victim.hear_until("saved", 1 + round * 7 % 23);
        let told = victim.kill();
        let info = desk.open();
        rebuilt += usize::from(was_rebuilt(&info));
        assert_eq!(info.read_only, None);
        assert!(info.last_seq >= told, "{} of {told} are there", info.last_seq);
        assert_eq!(u64::from(info.employees), info.last_seq, "one person an entry");
        desk.verify();
        acknowledged += told - before;
        beyond += info.last_seq - told;
        desk.close();
    }
    desk.open();
    for seq in (1..=acknowledged + beyond).step_by(17) {
        let found = desk.ask(Request::Find(Kind::Employees, nip(seq)));
        assert!(matches!(found, Answer::Record(Some(_))), "entry {seq}: {found:?}");
    }
    println!(
        "faults: {rounds} kills while saving, {acknowledged} changes acknowledged, {beyond} kept beyond those, \
         {rebuilt} stores built anew"
    );
}

fn nip(serial: u64) -> String {
    employee(serial as u32).number.to_string()
}

#[test]
fn an_import_that_was_killed_is_there_whole_or_not_at_all() {
    let mut desk = Desk::closed();
    desk.open();
    let (mut imports, mut unfinished) = (0, 0);
    // In small imports the kill falls between two, in large ones among the parts.
    let moments: [(&str, &str, usize); 8] = [
        ("small", "saved", 1),
        ("large", "rows", 1),
        ("large", "rows", 3),
        ("large", "rows", 5),
        ("large", "rows", 7),
        ("large", "rows", 8),
        ("large", "saved", 1),
        ("small", "saved", 4),
    ];
    let mut people = 0;
    // Nobody is imported twice: the first of the next small import, and of the next large one.
    let mut next = [14 * u64::from(LARGE / SMALL), 0];
    for (work, heard, times) in moments {
        let rows = if work == "small" { SMALL } else { LARGE };
        let before = desk.info().last_seq;
        desk.close();
        let next = &mut next[usize::from(work == "large")];
        let mut victim = Victim::begin(desk.data(), work, *next);
        victim.hear_until(heard, times);
        let told = victim.kill().max(before);
        let info = desk.open();
        assert_eq!(info.read_only, None);
        assert!(info.last_seq >= told, "{work} {heard} {times}");
        let there = info.last_seq - before;
        people += there as u32 * rows;
        assert_eq!(info.employees, people, "{work} {heard} {times}: whole imports only");
        desk.verify();
        imports += there;
        unfinished += u32::from(there == told - before);
        *next += there;
        if let Answer::Saved(undone) = desk.undo() {
            assert!([SMALL, LARGE].contains(&undone.count), "an import is one step");
            saved(desk.redo());
        }
    }
    println!(
        "faults: {} kills while importing, {imports} imports there, {unfinished} times nothing of the one under way",
        moments.len()
    );
}

/// The program itself, as a script runs it.
#[test]
fn the_program_killed_while_importing_leaves_a_sound_office() {
    let home = own_folder();
    let data = home.path().join("data");
    let file = home.path().join("pegawai.csv");
    let rows = (1..=2000).map(|serial| format!("{};Pegawai {serial}", employee(serial).number));
    let lines: Vec<_> = std::iter::once("NIP;NAMA".into()).chain(rows).collect();
    std::fs::write(&file, lines.join("\n")).expect("a file");
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kompeten"));
        command.arg("--data").arg(&data).args(["import", "employees"]).arg(&file);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let segment = data.join("journal/000001.jsonl");
    let mut finished = 0;
    let kills = 6;
    for kill in 0..kills {
        let mut child = run().spawn().expect("the program");
        // Killed once the journal has grown to so many bytes, or at the end.
        let wanted = kill * 150_000;
        let ended = loop {
            if let Some(status) = child.try_wait().expect("a process") {
                break status.success();
            }
            if std::fs::metadata(&segment).is_ok_and(|found| found.len() >= wanted) {
                break false;
            }
            std::thread::yield_now();
        };
        let _ = child.kill();
        child.wait().expect("dead");
        let mut desk = Desk::at(&data);
        let info = desk.open();
        assert_eq!(info.read_only, None);
        assert!([0, 2000].contains(&info.employees), "{} people", info.employees);
        assert!(!ended || info.employees == 2000);
        desk.verify();
        desk.close();
        finished += u32::from(info.employees > 0);
        if info.employees > 0 {
            std::fs::remove_dir_all(&data).expect("removed");
        }
    }
    assert!(run().status().expect("the program").success());
    let mut desk = Desk::at(&data);
    assert_eq!(desk.open().employees, 2000);
    println!(
        "faults: {kills} kills of an import by a script, {finished} times the import was already there"
    );
}

/// `kill -9` also when the office is being opened and mended.
#[test]
fn an_office_killed_while_it_is_being_mended_is_mended_the_next_time() {
    let mut desk = Desk::closed();
    desk.open();
    desk.import((1..=1200).map(employee)).expect("imported");
    let before = desk.everything().len();
    desk.close();
    let kills = 5;
    for kill in 0..kills {
        let _ = std::fs::remove_dir_all(desk.store());
        let mut child = Command::new(env!("CARGO_BIN_EXE_kompeten"))
            .arg("--data")
            .arg(desk.data())
            .args(["list", "employees", "--format", "json"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program");
        // Once so much of the new store is there.
        let db = desk.store().join("sled/db");
        while child.try_wait().expect("a process").is_none()
            && std::fs::metadata(&db).map_or(0, |found| found.len()) < kill * 200_000
        {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().expect("dead");
        let info = desk.open();
        assert_eq!((info.read_only.clone(), info.employees), (None, 1200));
        desk.verify();
        desk.close();
    }
    desk.open();
    assert_eq!(desk.everything().len(), before);
    println!("faults: {kills} kills while the store was built anew");
}
