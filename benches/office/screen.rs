//! The real program in a real terminal: how soon it shows the people, what it weighs then,
//! what a keystroke costs, and that an idle one costs nothing.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::table::{Amount, Figure, Target, median, worst};
use super::{Folder, look, machine};

/// Columns and rows.
type Size = (u16, u16);
const USUAL: Size = (80, 24);
const LARGE: Size = (120, 40);
/// What follows a cursor at rest has come by then.
const REST: Duration = Duration::from_millis(400);
/// Nothing takes this long; a screen that does not come is none.
const PATIENCE: Duration = Duration::from_secs(20);
/// A burst of output is over when nothing has come for so long.
const QUIET: Duration = Duration::from_millis(60);
const STARTS: usize = 10;
/// Moves inside the page; then as many that scroll it.
const MOVES: usize = 15;
const DOWN: &str = "\x1b[B";
/// A key held for four seconds on a line of 9,600 baud, and what that hands on at once.
const HELD: Duration = Duration::from_secs(4);
const REPEAT: Duration = Duration::from_millis(33);
const SLOW: u32 = 960;
const HANDED_ON: usize = 32;
const IDLE: Duration = Duration::from_secs(10);
const PROVEN: Duration = Duration::from_secs(4);
/// What stands on home, in its first line and above its units, whatever lies over the rest.
const HOME: [&str; 3] = ["Pegawai", "JPM", "Di bawah std"];

#[derive(Default)]
struct Seen {
    terminal: vt100::Parser,
    written: u64,
    last: Option<Instant>,
    /// When the first full frame stood.
    full: Option<Instant>,
    ended: bool,
}

#[derive(Default)]
struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
    /// Bytes the line takes in a second; 0 while it takes whatever comes.
    rate: AtomicU32,
}

pub struct Screen {
    shared: Arc<Shared>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    started: Instant,
}

/// Home is there.
fn is_full(screen: &vt100::Screen) -> bool {
    let text = screen.contents();
    HOME.iter().all(|words| text.contains(words))
}

impl Screen {
    fn start(data: &Path) -> Self {
        Self::of_size(data, USUAL)
    }

    fn of_size(data: &Path, size: Size) -> Self {
        Self::run(&[env!("CARGO_BIN_EXE_kompeten").to_string()], data, size)
    }

    /// By these words, which end with the program.
    pub fn started(words: &[String], data: &Path) -> Self {
        Self::run(words, data, USUAL)
    }

    fn run(words: &[String], data: &Path, (columns, rows): Size) -> Self {
        let mut command = CommandBuilder::new(&words[0]);
        command.args(&words[1..]);
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("HOME", data.to_string_lossy().as_ref());
        command.args(["--data", &data.to_string_lossy()]);
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let shared = Arc::new(Shared::default());
        let at_least_one = |n| NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN);
        if let Ok(mut seen) = shared.seen.lock() {
            seen.terminal.set_size(at_least_one(rows), at_least_one(columns));
        }
        let mut output = pair.master.try_clone_reader().expect("its output");
        let shows = Arc::clone(&shared);
        thread::spawn(move || {
            let mut bytes = [0; 16 * 1024];
            loop {
                let rate = shows.rate.load(Ordering::Relaxed);
                let most = if rate == 0 { bytes.len() } else { HANDED_ON };
                let Ok(n @ 1..) = output.read(&mut bytes[..most]) else { break };
                if rate > 0 {
                    thread::sleep(Duration::from_secs(1) * n as u32 / rate);
                }
                let now = Instant::now();
                let Ok(mut seen) = shows.seen.lock() else { return };
                seen.terminal.process(&bytes[..n]);
                seen.written += n as u64;
                seen.last = Some(now);
                if seen.full.is_none() && is_full(seen.terminal.screen()) {
                    seen.full = Some(now);
                }
                drop(seen);
                shows.changed.notify_all();
            }
            if let Ok(mut seen) = shows.seen.lock() {
                seen.ended = true;
            }
            shows.changed.notify_all();
        });
        let writer = pair.master.take_writer().expect("its input");
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program runs");
        Self { shared, writer, child, _master: pair.master, started }
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().expect("a process")
    }

    /// Waits for what `ready` finds; `None` when it does not come.
    fn wait<T>(&self, ready: impl Fn(&Seen) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.shared.seen.lock().ok()?;
        loop {
            if let Some(found) = ready(&seen) {
                return Some(found);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || seen.ended {
                return None;
            }
            seen = self.shared.changed.wait_timeout(seen, left).ok()?.0;
        }
    }

    /// From the start of the process to its first full frame.
    pub fn first_frame(&self) -> Option<Duration> {
        self.wait(|seen| seen.full).map(|full| full - self.started)
    }

    /// Waits until nothing more comes; when the last byte came, and how many there were.
    fn quiet(&self) -> (Option<Instant>, u64) {
        loop {
            let (last, written) = self.now();
            thread::sleep(QUIET);
            if self.now() == (last, written) {
                return (last, written);
            }
        }
    }

    fn now(&self) -> (Option<Instant>, u64) {
        self.shared.seen.lock().map(|seen| (seen.last, seen.written)).unwrap_or_default()
    }

    /// Types one key; how long its last byte of output took, and how many came.
    pub fn key(&mut self, key: &str) -> (Duration, u64) {
        let (_, before) = self.quiet();
        let start = Instant::now();
        self.writer.write_all(key.as_bytes()).and_then(|()| self.writer.flush()).expect("typed");
        let mut end = self.quiet();
        if end.1 == before {
            // Slower than what counts as quiet.
            end = self.quiet();
        }
        (end.0.map_or(Duration::ZERO, |last| last.saturating_duration_since(start)), end.1 - before)
    }

    /// Types these one after the other; how many bytes the last of them brought.
    fn keys(&mut self, keys: &[&str]) -> u64 {
        keys.iter().map(|key| self.key(key).1).last().unwrap_or_default()
    }

    /// From home, whatever lies over it, to the list of people.
    fn show_people(&mut self) {
        self.keys(&["\x1b", "g", "p"]);
        self.rest();
    }

    /// What comes once nobody types.
    fn rest(&self) -> u64 {
        let before = self.now().1;
        thread::sleep(REST);
        self.quiet().1 - before
    }

    /// Holds a key on a slow line; how long after it was let go the last of it came.
    fn held(&mut self, key: &str) -> Duration {
        self.quiet();
        self.shared.rate.store(SLOW, Ordering::Relaxed);
        let start = Instant::now();
        while start.elapsed() < HELD {
            self.writer
                .write_all(key.as_bytes())
                .and_then(|()| self.writer.flush())
                .expect("typed");
            thread::sleep(REPEAT);
        }
        let let_go = Instant::now();
        // What comes once the key is known to be let go comes after a moment.
        self.rest();
        self.shared.rate.store(0, Ordering::Relaxed);
        let last = self.now().0.unwrap_or(let_go);
        last.saturating_duration_since(let_go)
    }

    /// As a power cut ends it, but for what the system still writes.
    fn kill(mut self) {
        // The child's own way would hang up first, and so be an end in order.
        let pid = self.pid().to_string();
        let killed = Command::new("kill").args(["-9", &pid]).status().expect("kill runs");
        assert!(killed.success());
        let _ = self.child.wait();
    }

    pub fn stop(mut self) {
        for key in ["\x1b", "\x1b", "q"] {
            let _ = self.writer.write_all(key.as_bytes());
            let _ = self.writer.flush();
            self.quiet();
        }
        let deadline = Instant::now() + Duration::from_secs(3);
        while self.child.try_wait().is_ok_and(|status| status.is_none()) {
            if Instant::now() > deadline {
                println!("  the screen did not end on q");
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

pub fn figures(folder: &Folder) -> Vec<Figure> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let screen = Screen::start(&folder.data);
        let Some(time) = screen.first_frame() else {
            println!("  the program does not show home: screen figures are left out");
            if std::env::var_os("BENCH_SCREEN").is_some()
                && let Ok(seen) = screen.shared.seen.lock()
            {
                println!("{}", seen.terminal.screen().contents());
            }
            screen.stop();
            return Vec::new();
        };
        starts.push(time);
        screen.stop();
    }
    let mut screen = Screen::start(&folder.data);
    screen.first_frame();
    screen.quiet();
    let pid = screen.pid();
    let memory = machine::resident(pid).unwrap_or(0);
    let own = machine::resident_own(pid).unwrap_or(0);
    screen.show_people();

    let mut move_down =
        |count: usize| -> Vec<u64> { (0..count).map(|_| screen.key(DOWN).1).collect() };
    let moved = move_down(MOVES);
    move_down(usize::from(USUAL.1));
    let scrolled = move_down(MOVES);
    let idle_from = machine::ticks(pid).unwrap_or(0);
    let busy_from = machine::processor_time(pid);
    thread::sleep(IDLE);
    let busy = machine::processor_time(pid).saturating_sub(busy_from);
    let idle = machine::ticks(pid).unwrap_or(0) - idle_from;

    let mut frames = Vec::new();
    screen.key("/");
    let mut typed = String::new();
    for search in look::keystrokes() {
        let key = if search.len() == 1 {
            // Another search: what was typed goes first.
            for _ in 0..typed.chars().count() {
                screen.key("\x7f");
            }
            search
        } else {
            &search[search.len() - 1..]
        };
        typed = search.to_string();
        frames.push(screen.key(key).0);
    }
    let after = machine::resident(pid).unwrap_or(0);
    screen.stop();

    let people = folder.people;
    let most = |ms| Target::AtMost(Amount::ms(ms));
    let mut figures = vec![
        Figure::new(
            "process start to first full frame, median",
            people,
            Amount::Time(median(starts)),
        )
        .target_at(20_000, most(40)),
        Figure::new("resident memory of the screen", people, Amount::Bytes(memory))
            .target_at(20_000, Target::AtMost(Amount::mb(24))),
        Figure::new("  of that not shared with files", people, Amount::Bytes(own)),
        Figure::new("  after 200 searches", people, Amount::Bytes(after)),
        Figure::new(
            "filter keystroke to frame, worst of 200",
            people,
            Amount::Time(worst(&frames)),
        )
        .target_at(20_000, most(8))
        .target_at(100_000, most(30)),
        Figure::new("filter keystroke to frame, median", people, Amount::Time(median(frames))),
        Figure::new(
            format!("bytes sent for a row move at 80x24, worst of {MOVES}"),
            people,
            Amount::Bytes(moved.into_iter().max().unwrap_or(0)),
        )
        .target(Target::AtMost(Amount::Bytes(300))),
        Figure::new(
            "  when the page scrolls",
            people,
            Amount::Bytes(scrolled.into_iter().max().unwrap_or(0)),
        )
        .target(Target::AtMost(Amount::Bytes(400))),
        Figure::new("idle screen, 10 s, processor ticks", people, Amount::Count(idle))
            .target(Target::AtMost(Amount::Count(0))),
        Figure::new("  processor time in those 10 s", people, Amount::Time(busy)),
    ];
    figures.extend(line(folder));
    figures.extend(killed(folder));
    figures
}

fn middle(mut bytes: Vec<u64>) -> u64 {
    bytes.sort_unstable();
    bytes.get(bytes.len() / 2).copied().unwrap_or(0)
}

/// What a slow line carries, beyond a row move at the usual size.
fn line(folder: &Folder) -> Vec<Figure> {
    let people = folder.people;
    let bytes = |work: &str, bytes: u64, most: u64| {
        Figure::new(work, people, Amount::Bytes(bytes)).target(Target::AtMost(Amount::Bytes(most)))
    };
    let mut screen = Screen::of_size(&folder.data, LARGE);
    screen.first_frame();
    screen.show_people();
    let moves: Vec<(u64, u64)> = (0..MOVES).map(|_| (screen.key(DOWN).1, screen.rest())).collect();
    let most = |of: fn(&(u64, u64)) -> u64| moves.iter().map(of).max().unwrap_or(0);
    for _ in 0..LARGE.1 {
        screen.key(DOWN);
    }
    let scrolled = (0..MOVES).map(|_| screen.key(DOWN).1).collect::<Vec<_>>();
    screen.rest();
    let prefix = screen.key("g").1;
    let matrix = screen.key("m").1;
    screen.rest();
    screen.stop();

    let mut screen = Screen::start(&folder.data);
    screen.first_frame();
    screen.show_people();
    screen.keys(&["g", "m"]);
    screen.rest();
    // The first one asks once what is to be kept with each.
    screen.keys(&["3", "\x13"]);
    screen.rest();
    let digits: Vec<u64> = ["2", "4", "1", "3"].iter().map(|digit| screen.key(digit).1).collect();
    screen.rest();
    screen.stop();

    let mut screen = Screen::start(&folder.data);
    screen.first_frame();
    screen.show_people();
    let held = Amount::Time(screen.held("j"));
    screen.stop();
    vec![
        bytes("  at 120x40, beside the person", most(|(moved, _)| *moved), 300),
        Figure::new("  the person, once it rests", people, Amount::Bytes(most(|(_, rest)| *rest))),
        bytes("  that scrolls there, one after the other", middle(scrolled), 400),
        bytes("  a prefix, within half a second", prefix, 0),
        bytes("  the matrix at 120x40", matrix, 8_000),
        bytes("  a digit in the matrix", digits.into_iter().max().unwrap_or(0), 150),
        Figure::new("9,600 baud, j held for 4 s: until the screen is right", people, held)
            .target(Target::AtMost(Amount::ms(2000))),
    ]
}

/// The start after the program was killed in the middle of its work.
fn killed(folder: &Folder) -> Vec<Figure> {
    let (mut starts, mut memory) = (Vec::new(), 0);
    for _ in 0..STARTS {
        let screen = Screen::start(&folder.data);
        screen.first_frame();
        screen.kill();
        let screen = Screen::start(&folder.data);
        starts.extend(screen.first_frame());
        screen.quiet();
        // The proof of the store begins when nobody has asked for a moment, and has ended then.
        thread::sleep(PROVEN);
        memory = memory.max(machine::resident(screen.pid()).unwrap_or(0));
        screen.stop();
    }
    let people = folder.people;
    vec![
        Figure::new("  after a kill, median", people, Amount::Time(median(starts)))
            .target_at(20_000, Target::AtMost(Amount::ms(150))),
        Figure::new("  memory then", people, Amount::Bytes(memory))
            .target_at(20_000, Target::AtMost(Amount::mb(24))),
    ]
}
