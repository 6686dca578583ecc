//! An office of many on a small machine: the real server, the real screens in terminals of
//! their own, everybody on one core and in 512 MB.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::machine::Small;
use super::screen::Screen;
use super::table::{Amount, Figure, Target};
use super::{Folder, bulk, machine, together};

const OFFICERS: usize = 40;
const MEMORY: u64 = 512 * 1024 * 1024;
const IDLE: Duration = Duration::from_secs(60);
/// Every pane, a page further, a search and a person.
const WALK: [&str; 8] = ["gm", "gt", "gj", "\x1b[6~", "/", "siti", "\r", "\r"];

/// The server on a small machine; killed when dropped.
struct Server(Child);

impl Server {
    fn start(small: &Small, folder: &Folder) -> Self {
        let words = small.start(env!("CARGO_BIN_EXE_kompeten"));
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(["serve", "--data"]).arg(&folder.data);
        command.arg("--socket").arg(folder.scratch.join("k.sock"));
        let mut child = command.stderr(Stdio::piped()).spawn().expect("a server");
        let mut said = String::new();
        let words = child.stderr.take().expect("its words");
        BufReader::new(words).read_line(&mut said).expect("words");
        Self(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

pub fn figures(folder: &Folder) -> Vec<Figure> {
    if folder.people != 20_000 {
        return Vec::new();
    }
    let mut figures = everybody(folder);
    figures.extend(saving(folder));
    figures
}

fn everybody(folder: &Folder) -> Vec<Figure> {
    let small = Small::new(MEMORY);
    println!("  {OFFICERS} officers: {}", small.how());
    // What was read at screens before these is written ten minutes later, which may be in the
    // minute that is looked at.
    let _ = fs::remove_file(folder.data.join("drafts/readings.json"));
    let server = Server::start(&small, folder);
    let pid = server.0.id();
    let words = small.start(env!("CARGO_BIN_EXE_kompeten"));
    let mut screens: Vec<Screen> =
        (0..OFFICERS).map(|_| Screen::started(&words, &folder.data)).collect();
    for screen in &screens {
        assert!(screen.first_frame().is_some(), "a screen without people");
    }
    for screen in &mut screens {
        for key in WALK {
            screen.key(key);
        }
    }
    let memory = machine::proportional(pid).unwrap_or(0);
    let resident = machine::resident(pid).unwrap_or(0);
    let pids: Vec<u32> = screens.iter().map(Screen::pid).collect();
    let most = |of: fn(u32) -> Option<u64>| {
        Amount::Bytes(pids.iter().filter_map(|pid| of(*pid)).max().unwrap_or(0))
    };
    let (client, client_resident) = (most(machine::proportional), most(machine::resident));
    thread::sleep(Duration::from_secs(2));
    let all = || pids.iter().map(|pid| machine::processor_time(*pid)).sum::<Duration>();
    let before = (machine::processor_time(pid), machine::switches(pid), all());
    thread::sleep(IDLE);
    let busy = machine::processor_time(pid).saturating_sub(before.0);
    let switches = machine::switches(pid) - before.1;
    let screens_busy = all().saturating_sub(before.2);
    let peak = small.peak();
    for screen in screens {
        screen.stop();
    }
    drop(server);
    let people = folder.people;
    let idle = IDLE.as_secs();
    let mut figures = vec![
        Figure::new(
            format!("server, {OFFICERS} officers: memory (PSS)"),
            people,
            Amount::Bytes(memory),
        )
        .target(Target::AtMost(Amount::mb(80))),
        Figure::new("  resident", people, Amount::Bytes(resident)),
        Figure::new("screen at a server: memory (PSS), largest", people, client)
            .target(Target::AtMost(Amount::mb(8))),
        Figure::new("  resident, largest", people, client_resident),
        Figure::new(format!("idle server, {idle} s: processor time"), people, Amount::Time(busy))
            .target(Target::AtMost(Amount::Time(Duration::ZERO))),
        Figure::new("  times a thread was switched to", people, Amount::Count(switches)),
        Figure::new(
            format!("  the {OFFICERS} screens: processor time"),
            people,
            Amount::Time(screens_busy),
        ),
    ];
    if let Some(peak) = peak {
        figures.push(Figure::new(
            "  most memory of all of it, with files",
            people,
            Amount::Bytes(peak),
        ));
    }
    figures
}

fn saving(folder: &Folder) -> Vec<Figure> {
    let words = bulk::on_one_core(&["together", &folder.data.to_string_lossy()]);
    let [alone, alone_rate, median, p99, rate, lookup, lookups] = words[..] else {
        panic!("{words:?}")
    };
    let micros = |micros| Amount::Time(Duration::from_micros(micros));
    let (people, writers) = (folder.people, together::WRITERS);
    let sync = together::SYNC;
    vec![
        Figure::new(
            format!("sync of {} ms, one writer: median save", sync.as_millis()),
            people,
            micros(alone),
        ),
        Figure::new("  saves a second", people, Amount::Count(alone_rate)),
        Figure::new(format!("{writers} writers at once: median save"), people, micros(median))
            .target(Target::AtMost(Amount::Time(sync * 2))),
        Figure::new("  99 of 100 within", people, micros(p99)),
        Figure::new("  saves a second", people, Amount::Count(rate))
            .target(Target::AtLeast(Amount::Count(alone_rate * 8))),
        Figure::new(
            format!("  meanwhile {lookups} look-ups: 99 of 100 within"),
            people,
            micros(lookup),
        )
        .target(Target::AtMost(Amount::ms(20))),
    ]
}
