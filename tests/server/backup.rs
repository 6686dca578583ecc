//! What an administrator's timers do while officers work: backups and exports.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use kompeten::domain::change::{Head, Place};
use kompeten::domain::record::Kind;
use kompeten::link::open::Address;
use kompeten::protocol::{Answer, Problem, Request};
use serde_json::Value as Json;

use super::desk::{Desk, programme};
use super::served::{Place as Office, said};

fn recipient(office: &Office, key: &Path) -> String {
    let output = office.command(&["backup", "--new-key"]).arg(key).output().unwrap();
    said(&output, 0).0.trim().to_string()
}

fn steps(journal: &[u8]) -> u64 {
    journal.split(|byte| *byte == b'\n').count() as u64 - 1
}

#[test]
fn a_backup_while_four_officers_write_is_a_sound_beginning_of_what_they_wrote() {
    let office = Office::new();
    let server = office.serve();
    let key = office.data().with_file_name("key.txt");
    let recipient = recipient(&office, &key);
    let written = AtomicBool::new(false);
    let mut backups = Vec::new();
    thread::scope(|scope| {
        for officer in 0..4 {
            let (office, written) = (&office, &written);
            scope.spawn(move || {
                let mut desk = office.desk();
                for count in 0..120 {
                    desk.add(programme(&format!("Diklat {officer} {count}")));
                    written.store(count > 5, Ordering::Relaxed);
                }
            });
        }
        while !written.load(Ordering::Relaxed) {
            thread::yield_now();
        }
        // Over the socket and through the data folder alike.
        for round in 0..4 {
            let file = office.data().with_file_name(format!("{round}.age"));
            let mut command = office.command(&["backup", "--json", "--recipient", &recipient]);
            command.arg(&file);
            if round % 2 == 0 {
                command.env("KOMPETEN_SOCKET", office.socket());
            } else {
                command.arg("--data").arg(office.data());
            }
            let (out, _) = said(&command.output().unwrap(), 0);
            let result: Json = serde_json::from_str(&out).unwrap();
            backups.push((file, result["seq"].as_u64().unwrap(), result["head"].clone()));
        }
    });
    let journal = |data: &Path| fs::read(data.join("journal/000001.jsonl")).unwrap();
    server.stop();
    let whole = journal(&office.data());
    assert_eq!(steps(&whole), 480);
    for (file, seq, head) in &backups {
        let to = file.with_extension("restored");
        let output = office
            .command(&["restore", "--identity"])
            .args([&key, file])
            .arg("--data")
            .arg(&to)
            .output()
            .unwrap();
        said(&output, 0);
        let part = journal(&to);
        assert_eq!(part, whole[..part.len()], "a beginning");
        assert_eq!(steps(&part), *seq);
        let output = office.command(&["verify", "--data"]).arg(&to).output().unwrap();
        let (out, _) = said(&output, 0);
        assert!(out.contains(head.as_str().unwrap()), "{out}");
        let mut desk = Desk::open(&Address::Folder, &to, false);
        assert_eq!(u64::from(desk.count(Kind::Programmes)), *seq);
    }
    println!(
        "backups up to {:?} of 480",
        backups.iter().map(|backup| backup.1).collect::<Vec<_>>()
    );
}

#[test]
fn an_export_by_a_timer_works_while_officers_have_the_office_open() {
    let office = Office::new();
    let _server = office.serve();
    let (mut siti, mut budi) = (office.desk(), office.desk());
    siti.add(programme("Diklat Dasar"));
    for (round, shared) in [true, false, true].into_iter().enumerate() {
        budi.add(programme(&format!("Diklat {round}")));
        let file = office.data().with_file_name(format!("{round}.csv"));
        let args = ["export", "programmes", file.to_str().unwrap()];
        let output = if shared { office.shared(&args) } else { office.in_folder(&args) };
        said(&output, 0);
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text.lines().count(), round + 3, "{text}");
        assert!(text.contains("Diklat Dasar"), "{text}");
    }
    assert_eq!(siti.count(Kind::Programmes), 4);
}

#[test]
fn parts_nobody_can_have_are_refused_and_close_nothing() {
    let office = Office::new();
    let _server = office.serve();
    let mut desk = office.desk();
    let empty = desk.ask(Request::Backup { from: Place::default(), head: None });
    assert!(matches!(&empty, Answer::Journal(part) if part.bytes.is_empty()), "{empty:?}");
    desk.add(programme("Diklat"));
    let Answer::Journal(part) = desk.ask(Request::Backup { from: Place::default(), head: None })
    else {
        panic!("no part")
    };
    assert_eq!((part.next, part.head.seq), (part.head.end, 1));
    let end = part.head.end;
    let far = Place { segment: u32::MAX, offset: u64::MAX };
    let beyond = Place { offset: end.offset + 1, ..end };
    for (from, head) in [
        (end, part.head),
        (far, part.head),
        (far, Head { end: far, ..part.head }),
        (Place::default(), Head { end: beyond, ..part.head }),
        (Place::default(), Head { end: far, ..part.head }),
        (Place { segment: 1, offset: u64::MAX }, Head { end: far, ..part.head }),
    ] {
        let answer = desk.ask(Request::Backup { from, head: Some(head) });
        assert_eq!(answer, Answer::Refused(Problem::NotFound), "{from:?} {head:?}");
    }
    desk.add(programme("Diklat lagi"));
}
