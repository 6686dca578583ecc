//! Clients that mean harm or are broken: the server stays, and the others notice nothing.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

use kompeten::domain::record::Kind;
use kompeten::link::frame::{
    ANSWER_MAX, ProgramVersion, REQUEST_MAX, Welcome, Wish, frame, knock, read, welcomed,
};
use kompeten::protocol::{Answer, Incoming, ListQuery, Notice, Problem, Request, Ticket, Verified};

use super::desk::{Desk, adding, programme, saved, session};
use super::served::{PATIENCE, Place};

/// A greeting of any program that speaks our protocol: `byte` is a wish, or what a server
/// says to one.
pub fn greet(to: &mut impl Write, program: &str, byte: u8) {
    let mut bytes = b"kompeten".to_vec();
    bytes.extend(ProgramVersion::ours().protocol.to_be_bytes());
    bytes.push(u8::try_from(program.len()).unwrap());
    bytes.extend(program.as_bytes());
    bytes.push(byte);
    to.write_all(&bytes).unwrap();
}

fn connected(place: &Place) -> UnixStream {
    let stream = UnixStream::connect(place.socket()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

pub fn greeted(place: &Place) -> UnixStream {
    let mut stream = connected(place);
    knock(&mut stream, Wish::default()).unwrap();
    assert_eq!(welcomed(&mut stream).unwrap(), Some((ProgramVersion::ours(), Welcome::Come)));
    stream
}

/// Waits until the server has closed, taking whatever it still says.
fn is_shown_the_door(mut stream: UnixStream) {
    let mut bytes = [0; 4096];
    loop {
        match stream.read(&mut bytes) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return,
            Err(error) => panic!("still connected: {error}"),
        }
    }
}

/// Another officer's work goes on.
pub fn works(desk: &mut Desk, name: &str) {
    desk.add(programme(name));
    assert!(desk.count(Kind::Programmes) > 0);
}

#[test]
fn malformed_oversized_and_truncated_frames_end_only_their_own_connection() {
    let place = Place::new();
    let _server = place.serve();
    let mut honest = place.desk();
    let request = frame(&(Ticket(1), Request::Welcome), REQUEST_MAX).unwrap();
    let mut wrong: Vec<Vec<u8>> = vec![
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        vec![0xff; 4],
        vec![0xff; 100_000],
        vec![0, 0, 0, 0],
        vec![0, 0, 0, 1, 0xff],
        ((REQUEST_MAX + 1) as u32).to_be_bytes().to_vec(),
        [&request[..], &[0, 0, 0, 2, 0xfe, 0xfe]].concat(),
    ];
    // Every cut of a request, and every byte of it turned over.
    for at in 0..request.len() {
        wrong.push(request[..at].to_vec());
        let mut turned = request.clone();
        turned[at] ^= 0xff;
        wrong.push(turned);
    }
    let count = wrong.len();
    for bytes in wrong {
        let mut stream = greeted(&place);
        // A server that has closed early has said what it thinks of it.
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        is_shown_the_door(stream);
    }
    for bytes in [&b""[..], b"k", b"kompeten", b"kompeten\x00\x01\xff", b"SSH-2.0-OpenSSH_9\r\n"] {
        let mut stream = connected(&place);
        let _ = stream.write_all(bytes);
        let _ = stream.shutdown(Shutdown::Write);
        is_shown_the_door(stream);
    }
    println!("{count} wrong frames");
    works(&mut honest, "Diklat");
}

#[test]
fn a_replayed_save_is_answered_again_and_done_once() {
    let place = Place::new();
    let _server = place.serve();
    let mut honest = place.desk();
    let programme = honest.add(programme("Diklat"));
    let save = frame(&(Ticket(7), adding(session(programme))), REQUEST_MAX).unwrap();
    let mut seqs = Vec::new();
    for _ in 0..3 {
        let mut stream = greeted(&place);
        stream.write_all(&[&save[..], &save[..]].concat()).unwrap();
        let mut answers = 0;
        while answers < 2 {
            match read::<Incoming>(&mut stream, ANSWER_MAX).unwrap() {
                Incoming::Reply(Ticket(7), answer) => seqs.push(saved(*answer).seq),
                Incoming::Reply(..) => panic!("not what was asked"),
                Incoming::Notice(_) => continue,
            }
            answers += 1;
        }
    }
    assert_eq!(seqs, [Some(2); 6]);
    assert_eq!(honest.count(Kind::Sessions), 1);
}

#[test]
fn two_hundred_connections_that_say_nothing_keep_nobody_from_working() {
    let place = Place::new();
    let _server = place.serve();
    let mut honest = place.desk();
    let silent: Vec<_> = (0..200).map(|_| connected(&place)).collect();
    works(&mut honest, "Diklat");
    // Beyond what one user may have they are turned away at once, the others when they
    // have not said who they are for too long.
    let mut full = 0;
    for mut stream in silent {
        match welcomed(&mut stream) {
            Ok(Some((_, Welcome::Full))) => full += 1,
            Ok(said) => panic!("{said:?}"),
            Err(error) => assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "{error}"),
        }
    }
    println!("{full} of 200 turned away");
    assert!(full > 100, "{full}");
    // They have gone; whoever comes now is let in.
    works(&mut place.desk(), "Diklat Lain");
}

#[test]
fn one_who_asks_without_end_and_reads_nothing_slows_nobody() {
    let place = Place::new();
    let _server = place.serve();
    let mut honest = place.desk();
    for number in 0..200 {
        honest.send(adding(programme(&format!("Diklat {number}"))));
    }
    for _ in 0..200 {
        saved(honest.reply().1);
    }
    let greedy = greeted(&place);
    greedy.set_nonblocking(true).unwrap();
    let request = Request::List(ListQuery::all(Kind::Programmes));
    let bytes = frame(&(Ticket(1), request), REQUEST_MAX).unwrap();
    // Until the server takes no more from it.
    let mut asked = 0;
    let mut refused = 0;
    while refused < 100 {
        match (&greedy).write(&bytes) {
            Ok(written) if written == bytes.len() => asked += 1,
            Ok(_) => break,
            Err(_) => {
                refused += 1;
                works(&mut honest, &format!("Sela {refused}"));
            }
        }
    }
    println!("{asked} requests without reading");
    works(&mut honest, "Diklat Akhir");
}

#[test]
fn a_client_too_slow_for_the_notices_is_told_to_ask_again() {
    const SAVES: usize = 2000;
    let place = Place::new();
    let _server = place.serve();
    let mut slow = greeted(&place);
    let mut honest = place.desk();
    let programme = honest.add(programme("Diklat"));
    // One after the other: of those saved together everybody is told once.
    for _ in 0..SAVES {
        honest.add(session(programme));
    }
    let last = SAVES as u64 + 1;
    let (mut heard, mut again, mut latest) = (0, 0, 0);
    while latest < last {
        match read::<Incoming>(&mut slow, ANSWER_MAX).unwrap() {
            Incoming::Notice(Notice::Changed { seq, many, .. }) => {
                assert!(seq > latest, "{seq} after {latest}");
                (heard, again, latest) = (heard + 1, again + usize::from(many), seq);
            }
            other => panic!("{other:?}"),
        }
    }
    println!("{heard} notices of {SAVES} changes, {again} of them to ask again");
    assert!(again > 0 && heard < SAVES, "every notice was kept for one who reads none");
    // It is there again.
    let request = frame(&(Ticket(1), Request::Verify), REQUEST_MAX).unwrap();
    slow.write_all(&request).unwrap();
    loop {
        match read::<Incoming>(&mut slow, ANSWER_MAX).unwrap() {
            Incoming::Reply(_, answer) => {
                assert!(
                    matches!(*answer, Answer::Verified(Verified { entries, .. }) if entries == last),
                    "{answer:?}"
                );
                return;
            }
            Incoming::Notice(_) => {}
        }
    }
}

#[test]
fn a_client_of_another_version_learns_the_servers() {
    let place = Place::new();
    let _server = place.serve();
    let mut old = connected(&place);
    greet(&mut old, "0.0.1", 0);
    let said = welcomed(&mut old).unwrap();
    assert_eq!(said, Some((ProgramVersion::ours(), Welcome::OtherVersion)));
    is_shown_the_door(old);
}

/// A server's memory, at the most it has ever been, in bytes.
pub fn peak(server: &super::served::Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024
}

#[test]
fn however_much_one_user_sends_at_once_the_server_holds_little_of_it() {
    const CONNECTIONS: usize = 40;
    let place = Place::new();
    let server = place.serve();
    place.desk().add(programme("Diklat"));
    let before = peak(&server);
    // As long as a request may be; together 320 MB.
    let text = "x".repeat(REQUEST_MAX - 100);
    let bytes = frame(&(Ticket(1), Request::FindUnit(text)), REQUEST_MAX).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut stream = greeted(&place);
                stream.write_all(&bytes).unwrap();
                // It is read and refused: no text is so long.
                while let Ok(Incoming::Notice(_)) = read::<Incoming>(&mut stream, ANSWER_MAX) {}
            });
        }
    });
    let more = (peak(&server) - before) / 1_000_000;
    println!("{CONNECTIONS} requests of {} bytes at once: {more} MB more", bytes.len());
    assert!(more < 64, "{more} MB");
    works(&mut place.desk(), "Diklat Lain");
}

#[test]
fn a_request_that_is_begun_and_never_ends_is_given_up() {
    let place = Place::new();
    let _server = place.serve();
    let mut stream = greeted(&place);
    // It keeps its user's room for as long as it is waited for.
    stream.write_all(&(REQUEST_MAX as u32).to_be_bytes()).unwrap();
    let mut honest = place.desk();
    works(&mut honest, "Diklat");
    is_shown_the_door(stream);
}

#[test]
fn a_text_no_field_is_so_long_for_is_refused_before_it_is_sent_and_the_line_stands() {
    let place = Place::new();
    let _server = place.serve();
    let mut honest = place.desk();
    for length in [5_000, 1_000_000] {
        let answer = honest.ask(Request::FindUnit("x".repeat(length)));
        assert_eq!(answer, Answer::Refused(Problem::TooLong));
    }
    works(&mut honest, "Diklat");
    assert!(!honest.notices.iter().any(|notice| matches!(notice, Notice::LinkLost)));
}
