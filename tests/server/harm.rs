//! What one user can do to a real server and to the others, measured: memory, files open,
//! log, and what the others get done meanwhile. Others are other accounts, which only root
//! can become; elsewhere these tests say that they were skipped.

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Output;
use std::time::Instant;

use kompeten::domain::kinds::officer::{Officer, Role};
use kompeten::domain::kinds::programme::Programme;
use kompeten::domain::record::{Kind, Revision};
use kompeten::link::frame::{ANSWER_MAX, REQUEST_MAX, frame, read};
use kompeten::protocol::{
    Answer, DraftRecord, Incoming, ListQuery, Notice, Request, Save, Sitting, Ticket,
};

use super::desk::{Desk, saved};
use super::hostile::{greeted, peak};
use super::rights::{RINA, STRANGER, as_user};
use super::served::{PATIENCE, Place, Server, said};

/// A server that other accounts reach, and the program as they run it.
struct Town {
    place: Place,
    server: Server,
    program: PathBuf,
}

impl Town {
    /// `None` where nobody can become another account.
    fn new() -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            println!("skipped: only root can become other accounts");
            return None;
        }
        let place = Place::new();
        let server = place.serve();
        let open = |path: PathBuf, mode| fs::set_permissions(path, Permissions::from_mode(mode));
        let top = place.data().parent().unwrap().to_path_buf();
        open(top.clone(), 0o755).unwrap();
        open(place.socket().parent().unwrap().to_path_buf(), 0o755).unwrap();
        open(place.socket(), 0o666).unwrap();
        let program = top.join("kompeten");
        fs::copy(env!("CARGO_BIN_EXE_kompeten"), &program).unwrap();
        open(program.clone(), 0o755).unwrap();
        let user = format!("uid {RINA}");
        place.desk().add(Officer { user, role: Role::Officer, unit: None, note: String::new() });
        Some(Self { place, server, program })
    }

    fn run(&self, uid: u32, args: &[&str]) -> Output {
        as_user(&self.place, &self.program, uid, args).expect("another account")
    }

    /// Rina saves something.
    fn works(&self, number: usize) {
        let name = format!("name=Diklat Rina {number}");
        let added = self.run(RINA, &["add", "programmes", &name, "type=KL10"]);
        said(&added, 0);
    }

    /// Files the server has open.
    fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.server.pid())).unwrap().count()
    }

    fn log(&self) -> u64 {
        let folder = fs::read_dir(self.place.data().join("log")).unwrap();
        folder.map(|file| file.unwrap().metadata().unwrap().len()).sum()
    }

    /// Waits until the server has no more files open than this.
    fn closes_down_to(&self, most: usize) {
        let began = Instant::now();
        while self.open_files() > most {
            assert!(began.elapsed() < PATIENCE, "{} files open, {most} before", self.open_files());
            std::thread::yield_now();
        }
    }
}

fn fill(desk: &mut Desk) {
    for chunk in 0..10 {
        let drafts = (0..100).map(|number| DraftRecord {
            id: None,
            base: Revision(0),
            record: Programme {
                name: format!("Diklat {chunk} {number}"),
                r#type: "KL10".into(),
                provider: "x".repeat(400),
                ..Programme::default()
            }
            .into(),
        });
        let save = Save { step: super::desk::step(), drafts: drafts.collect() };
        saved(desk.ask(Request::Save(save)));
    }
}

#[test]
fn sixty_connections_that_ask_and_read_nothing_take_little_and_another_officer_works() {
    let Some(town) = Town::new() else { return };
    fill(&mut town.place.desk());
    let before = peak(&town.server);
    let bytes =
        frame(&(Ticket(1), Request::List(ListQuery::all(Kind::Programmes))), REQUEST_MAX).unwrap();
    let mut greedy = Vec::new();
    for _ in 0..60 {
        let mut stream = greeted(&town.place);
        for _ in 0..8 {
            stream.write_all(&bytes).unwrap();
        }
        greedy.push(stream);
    }
    for number in 0..5 {
        town.works(number);
    }
    let more = (peak(&town.server) - before) / 1_000_000;
    println!("480 lists of half a megabyte asked for and not read: {more} MB more");
    assert!(more < 48, "{more} MB");
    // Whoever reads gets all of them.
    let mut pages = 0;
    for stream in &mut greedy {
        stream.set_nonblocking(true).unwrap();
    }
    let began = Instant::now();
    let mut gathered: Vec<Vec<u8>> = vec![Vec::new(); greedy.len()];
    while pages < 480 {
        assert!(began.elapsed() < 2 * PATIENCE, "{pages} of 480");
        pages = 0;
        for (stream, bytes) in greedy.iter_mut().zip(&mut gathered) {
            let _ = stream.read_to_end(bytes);
            pages += replies(bytes);
        }
    }
}

/// How many whole answers there are among these bytes.
fn replies(mut bytes: &[u8]) -> usize {
    let mut count = 0;
    while let Ok(incoming) = read::<Incoming>(&mut bytes, ANSWER_MAX) {
        count += usize::from(matches!(incoming, Incoming::Reply(..)));
    }
    count
}

#[test]
fn strangers_leave_no_seat_taken_no_file_open_and_little_in_the_log() {
    let Some(town) = Town::new() else { return };
    town.works(0);
    town.closes_down_to(town.open_files());
    let (files, log) = (town.open_files(), town.log());
    for _ in 0..15 {
        let (_, error) = said(&town.run(STRANGER, &["list", "employees"]), 1);
        assert!(error.contains("not registered"), "{error}");
    }
    for _ in 0..2000 {
        let mut stream = UnixStream::connect(town.place.socket()).unwrap();
        let _ = stream.write_all(b"GET / HTTP/1.1\r\n\r\n");
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read(&mut [0; 64]);
    }
    // No further connection is needed for it.
    town.closes_down_to(files);
    let grown = town.log() - log;
    println!("2015 strangers: {grown} bytes of log, {} files open as before", town.open_files());
    assert!(grown < 8 * 1024, "{grown}");
    town.works(1);
}

#[test]
fn an_admin_sees_who_is_there_and_ends_a_sitting() {
    let Some(town) = Town::new() else { return };
    let mut desk = town.place.desk();
    let sittings = |args: &[&str]| town.place.shared(&[&["sittings"], args].concat());
    let (out, _) = said(&sittings(&["list", "--format", "json"]), 0);
    let listed: Vec<serde_json::Value> = serde_json::from_str(&out).unwrap();
    assert_eq!(listed.len(), 2, "{out}");
    let theirs = listed.iter().find(|one| one["own"] == false).unwrap();
    let number = theirs["sitting"].to_string();
    let (out, _) = said(&sittings(&["--lang", "id"]), 0);
    assert!(out.contains("Petugas") && out.contains("(Anda)"), "{out}");
    // Nobody else may.
    let (_, error) = said(&town.run(RINA, &["sittings"]), 1);
    assert!(error.contains("admin of the whole office"), "{error}");
    said(&town.run(RINA, &["sittings", "end", &number]), 1);
    let Answer::Sittings(there) = desk.ask(Request::Sittings) else { panic!("no sittings") };
    assert!(there.iter().any(|one: &Sitting| one.own && one.number.to_string() == number));
    said(&sittings(&["end", "4711"]), 1);
    let (out, error) = said(&sittings(&["end", &number, "--json", "--lang", "en"]), 0);
    assert!(out.contains("\"ended\":true") && error.contains("officers remove"), "{out}{error}");
    desk.hear(|notice| matches!(notice, Notice::Ended { .. }));
    desk.hear(|notice| *notice == Notice::Closed);
    let (out, _) = said(&sittings(&["list", "--format", "json"]), 0);
    assert!(!out.contains(&format!("\"sitting\":{number},")), "{out}");
    town.works(0);
}

#[test]
fn whoever_is_taken_out_of_the_officers_gives_up_their_seat() {
    let Some(town) = Town::new() else { return };
    town.works(0);
    let user = format!("uid {RINA}");
    said(&town.place.shared(&["officers", "remove", &user]), 0);
    let (_, error) = said(&town.run(RINA, &["list", "programmes"]), 1);
    assert!(error.contains("not registered"), "{error}");
    said(&town.place.shared(&["officers", "add", &user, "--role", "viewer"]), 0);
    said(&town.run(RINA, &["list", "programmes"]), 0);
}
