//! Officers who save at the same time, over the real socket, with a disk whose sync takes
//! as long as a modest one's: how long a save takes, how many there are in a second, and
//! how long others wait who only look something up. Its own process, on one core.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use kompeten::domain::change::{RequestId, Via};
use kompeten::domain::record::{FIRST_OWN_NUMBER, Kind, Record, RecordId};
use kompeten::journal::{Disk, Means, OsDisk};
use kompeten::link::Link;
use kompeten::link::frame::Wish;
use kompeten::link::server::{Limits, Server};
use kompeten::link::socket::{self, Socket};
use kompeten::protocol::{Answer, DraftRecord, Incoming, Request, Save, Step, Ticket};

use super::table::median;
use super::{look, ours, people};

/// What a sync takes.
pub const SYNC: Duration = Duration::from_millis(5);
pub const WRITERS: u32 = 20;
const LOOKERS: u32 = 3;
/// Whom they open and look up: of the first so many.
const PEOPLE: u32 = 5000;
const LASTS: Duration = Duration::from_secs(6);
/// Between two look-ups of one officer: they come all the time, but not without end.
const PAUSE: Duration = Duration::from_millis(10);

/// The disk of this machine, with a sync as slow as wanted.
struct SlowDisk;

impl Disk for SlowDisk {
    fn create_folder(&mut self, path: &Path) -> io::Result<()> {
        OsDisk.create_folder(path)
    }

    fn create(&mut self, path: &Path) -> io::Result<File> {
        OsDisk.create(path)
    }

    fn write(&mut self, file: &File, at: u64, bytes: &[u8]) -> io::Result<()> {
        OsDisk.write(file, at, bytes)
    }

    fn sync(&mut self, _: &File) -> io::Result<()> {
        thread::sleep(SYNC);
        Ok(())
    }

    fn sync_folder(&mut self, path: &Path) -> io::Result<()> {
        OsDisk.sync_folder(path)
    }

    fn truncate(&mut self, file: &File, length: u64) -> io::Result<()> {
        OsDisk.truncate(file, length)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        OsDisk.rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        OsDisk.remove(path)
    }
}

/// One officer over the socket.
struct Desk {
    link: Socket,
    incoming: Receiver<Incoming>,
    ticket: u64,
}

impl Desk {
    fn at(path: &Path) -> Self {
        let (sender, incoming) = channel();
        let server = socket::call(path, Wish::default()).expect("a server");
        let link = socket::open(path, Wish::default(), server, move |message| {
            let _ = sender.send(message);
        });
        Self { link, incoming, ticket: 0 }
    }

    fn ask(&mut self, request: Request) -> Answer {
        self.ticket += 1;
        let ticket = Ticket(self.ticket);
        self.link.ask(ticket, request);
        loop {
            match self.incoming.recv().expect("an answer") {
                Incoming::Reply(to, answer) if to == ticket => return *answer,
                _ => {}
            }
        }
    }
}

/// Opens one person after the other and changes them; how long each save took.
fn write(path: &Path, number: u32, over: &AtomicBool) -> Vec<Duration> {
    let mut desk = Desk::at(path);
    let run = std::process::id();
    let mut times = Vec::new();
    for person in (number..).step_by(WRITERS as usize).map(|person| person % PEOPLE) {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let id = RecordId::new(Kind::Employees, FIRST_OWN_NUMBER + person);
        let Answer::Record(Some(stored)) = desk.ask(Request::Get(id)) else { panic!("no person") };
        let Record::Employee(mut employee) = stored.record else { panic!("not a person") };
        employee.email = format!("bersama{run}-{}@contoh.go.id", stored.rev.0);
        let name = (u128::from(stored.rev.0) << 64) ^ (u128::from(person) << 32) ^ u128::from(run);
        let req = RequestId::of(name.to_be_bytes());
        let step = Step { req, via: Via::Tui, why: String::new() };
        let drafts = vec![DraftRecord { id: Some(id), base: stored.rev, record: employee.into() }];
        let start = Instant::now();
        let answer = desk.ask(Request::Save(Save { step, drafts }));
        times.push(start.elapsed());
        assert!(matches!(answer, Answer::Saved(_)), "{answer:?}");
    }
    times
}

/// By NIP, in a form, and a page of a search, in turns; how long each took.
fn look_up(path: &Path, number: u32, over: &AtomicBool) -> Vec<Duration> {
    let mut desk = Desk::at(path);
    let mut times = Vec::new();
    for round in 0.. {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let nip = people::nip(people::draw(round, 70 + number, PEOPLE));
        let request = match round % 3 {
            0 => Request::Find(Kind::Employees, nip),
            1 => Request::Lookup { kind: Kind::Positions, text: "kepala".into(), limit: 8 },
            _ => look::list("siti wira"),
        };
        let start = Instant::now();
        let answer = desk.ask(request);
        times.push(start.elapsed());
        assert!(!matches!(answer, Answer::Refused(_)), "{answer:?}");
        thread::sleep(PAUSE);
    }
    times
}

struct Ran {
    saves: Vec<Duration>,
    lookups: Vec<Duration>,
    took: Duration,
}

fn ran(path: &Path, writers: u32, lookers: u32) -> Ran {
    let over = AtomicBool::new(false);
    let start = Instant::now();
    thread::scope(|scope| {
        let over = &over;
        let saves: Vec<_> =
            (0..writers).map(|number| scope.spawn(move || write(path, number, over))).collect();
        let lookups: Vec<_> =
            (0..lookers).map(|number| scope.spawn(move || look_up(path, number, over))).collect();
        thread::sleep(LASTS);
        over.store(true, Ordering::Relaxed);
        let all = |threads: Vec<thread::ScopedJoinHandle<'_, Vec<Duration>>>| {
            threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
        };
        Ran { saves: all(saves), lookups: all(lookups), took: start.elapsed() }
    })
}

/// Of so many the one that 99 of 100 do not exceed.
fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() * 99 / 100).copied().unwrap_or_default()
}

/// Prints in microseconds and saves a second: the median save of one writer and how many
/// it had, the same of all together, and the slowest but a hundredth of the look-ups.
pub fn run(data: &Path) {
    let path = data.with_file_name("together.sock");
    let options =
        kompeten::link::embedded::OpenOptions { socket: Some(path.clone()), ..ours::options(data) };
    let means = Means { disk: Box::new(SlowDisk), ..Means::default() };
    let server = Server::open_with(&options, means, Limits::default(), &mut |_, _, _| {})
        .expect("the server opens");
    let (woken, stop) = std::os::unix::net::UnixStream::pair().expect("a pair");
    let serving = thread::spawn(move || {
        use std::os::fd::AsFd;
        server.run(woken.as_fd(), &mut || true).expect("the server ends");
    });
    let alone = ran(&path, 1, 0);
    let together = ran(&path, WRITERS, LOOKERS);
    drop(stop);
    serving.join().expect("no panic");
    let rate = |ran: &Ran| (ran.saves.len() as f64 / ran.took.as_secs_f64()) as u64;
    println!(
        "{} {} {} {} {} {} {}",
        median(alone.saves.clone()).as_micros(),
        rate(&alone),
        median(together.saves.clone()).as_micros(),
        p99(together.saves.clone()).as_micros(),
        rate(&together),
        p99(together.lookups.clone()).as_micros(),
        together.lookups.len(),
    );
}
