//! Servers that start, stop and find what others left.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::thread;

use kompeten::domain::record::Kind;
use kompeten::link::frame::{ProgramVersion, Wish, knocked};
use kompeten::protocol::{Answer, Notice};

use super::desk::{adding, programme, session};
use super::served::{Place, Server, is_there, said};

#[test]
fn of_servers_started_together_one_wins_and_the_others_say_why() {
    let place = Place::new();
    let (mut starts, mut kills) = (0, 0);
    for round in 0..16 {
        // Two to four of them, some a little later than the others.
        let mut servers = Vec::new();
        for _ in 0..2 + round % 3 {
            servers.push(place.start());
            busy(round * 3_000);
        }
        starts += servers.len();
        let lines: Vec<String> = servers.iter_mut().map(Server::hear).collect();
        let won = |line: &String| line.starts_with("Serving ");
        assert_eq!(lines.iter().filter(|line| won(line)).count(), 1, "{lines:?}");
        let winner = servers.swap_remove(lines.iter().position(won).unwrap());
        place.desk().count(Kind::Programmes);
        for (loser, line) in servers.into_iter().zip(lines.iter().filter(|line| !won(line))) {
            assert!(line.contains("has this office open"), "{line}");
            assert_eq!(loser.end().0, Some(1));
        }
        // The losers have not touched the winner's socket.
        place.desk().add(programme(&format!("Diklat {round}")));
        if round % 2 == 0 {
            winner.stop();
        } else {
            // Killed: the next ones meet a socket that nobody listens to.
            drop(winner);
            kills += 1;
        }
    }
    let server = place.serve();
    assert_eq!(place.desk().count(Kind::Programmes), 16);
    server.stop();
    println!("faults: {starts} servers started in 16 races, {kills} winners killed");
}

/// Lets other processes run on for a while that is never the same.
fn busy(turns: u32) {
    for _ in 0..turns {
        std::hint::spin_loop();
    }
    thread::yield_now();
}

#[test]
fn a_server_told_to_stop_while_it_starts_leaves_an_office_to_start_again() {
    let place = Place::new();
    let (mut orderly, mut early) = (0, 0);
    for round in 0..40 {
        let server = place.start();
        busy(round * 40_000);
        server.tell_to_stop();
        match server.end() {
            (Some(0), _) => orderly += 1,
            // Before it could listen to signals; nothing had been opened yet.
            (None, said) => {
                assert_eq!(said, "");
                early += 1;
            }
            (code, said) => panic!("{code:?}: {said}"),
        }
        assert!(!is_there(&place.socket()), "round {round}");
    }
    let server = place.serve();
    place.desk().add(programme("Diklat"));
    server.stop();
    said(&place.in_folder(&["verify"]), 0);
    println!("faults: 40 stops while starting, {early} before signals are heard, {orderly} after");
}

#[test]
fn a_socket_left_by_a_killed_server_is_in_nobodys_way() {
    let place = Place::new();
    let mut server = place.serve();
    place.desk().add(programme("Diklat"));
    server.kill();
    assert!(is_there(&place.socket()));
    let (out, _) = said(&place.in_folder(&["list", "programmes", "--format", "csv"]), 0);
    assert!(out.contains("Diklat"), "{out}");
    let server = place.serve();
    assert_eq!(place.desk().count(Kind::Programmes), 1);
    let mode = fs::metadata(place.socket()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    server.stop();
    assert!(!is_there(&place.socket()));
}

#[test]
fn another_file_at_the_sockets_place_is_left_alone() {
    let place = Place::new();
    fs::create_dir_all(place.socket().parent().unwrap()).unwrap();
    fs::write(place.socket(), "penting").unwrap();
    let (code, said) = place.start().end();
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(fs::read_to_string(place.socket()).unwrap(), "penting");
}

#[test]
fn a_server_told_to_stop_finishes_what_it_accepted_and_the_next_one_goes_on() {
    const SAVES: u32 = 300;
    let place = Place::new();
    let server = place.serve();
    let mut desk = place.desk();
    let programme = desk.add(programme("Diklat"));
    for _ in 0..SAVES {
        desk.send(adding(session(programme)));
    }
    let mut answered = 0;
    let mut take = |(_, answer): (_, Answer)| {
        assert!(matches!(answer, Answer::Saved(_)), "{answer:?}");
        answered += 1;
        answered
    };
    take(desk.reply());
    server.tell_to_stop();
    let (code, told) = server.end();
    assert_eq!(code, Some(0), "{told}");
    let server = place.serve();
    while take(desk.reply()) < SAVES {}
    assert!(desk.notices.contains(&Notice::LinkLost) && desk.notices.contains(&Notice::LinkBack));
    let resync = |notice: &Notice| matches!(notice, Notice::Changed { many: true, .. });
    desk.hear(resync);
    assert_eq!(desk.count(Kind::Sessions), SAVES);
    drop(desk);
    server.stop();
}

#[test]
fn a_shared_office_is_waited_for_and_never_opened_privately() {
    let place = Place::new();
    fs::create_dir_all(place.socket().parent().unwrap()).unwrap();
    let mut command = place.command(&["list", "programmes", "--lang", "en"]);
    command.env("KOMPETEN_SOCKET", place.socket()).env("KOMPETEN_DATA", place.data());
    let mut waiting = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut says = std::io::BufReader::new(waiting.stderr.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut says, &mut line).unwrap();
    assert!(line.starts_with("Waiting for the office server"), "{line}");
    assert!(!place.data().exists());
    let _server = place.serve();
    assert!(waiting.wait().unwrap().success());
}

#[test]
fn a_server_of_another_version_is_named_with_what_to_do() {
    let place = Place::new();
    fs::create_dir_all(place.socket().parent().unwrap()).unwrap();
    let listener = UnixListener::bind(place.socket()).unwrap();
    for (program, advice) in [("99.0.0", "too old"), ("0.0.1", "restart")] {
        let listener = listener.try_clone().unwrap();
        let other = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let (version, wish) = knocked(&mut stream).unwrap().unwrap();
            assert_eq!((version, wish), (ProgramVersion::ours(), Wish { read_only: false }));
            super::hostile::greet(&mut stream, program, 2);
        });
        let (_, err) = said(&place.shared(&["list", "programmes", "--lang", "en"]), 1);
        assert!(err.contains(program) && err.contains(advice), "{err}");
        other.join().unwrap();
    }
}
