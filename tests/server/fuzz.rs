//! Requests nobody would send, by the thousand: frames that are almost right, and right
//! frames that ask for nonsense of every kind the protocol knows.
//!
//! Each run tries the same seeds and one of its own, which a failure names.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::time::SystemTime;

use kompeten::codec::{self, CodecError};
use kompeten::domain::record::Kind;
use kompeten::link::frame::{ANSWER_MAX, FrameError, REQUEST_MAX, frame, knocked, read, welcomed};
use kompeten::protocol::{Answer, Incoming, ListQuery, Problem, Request, Ticket};

use super::hostile::{greeted, works};
use super::served::{Place, said};

/// Texts as they cross the wire that lead further into the program than noise does: the
/// ends of the calendar, numbers of people, fields, searches.
const TEXTS: &[&str] = &[
    "",
    "2026-01-01",
    "-262143-01-01",
    "+262142-12-31",
    "199002012015121902",
    "9999-12-31",
    "M.1",
    "Diklat",
    "name",
    "grade",
    "III/a",
    "employees/1",
    "programmes/1",
    "units/4294967295",
    "unit:x gap>0 jp<=",
    "\u{0}\u{202e}\u{301}",
];

/// More than the protocol has kinds of requests.
const KINDS_MAX: usize = 48;

struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn byte(&mut self) -> u8 {
        u8::try_from(self.throw(256)).unwrap()
    }

    /// Mostly small numbers, which are variants, options and lengths as well.
    fn piece(&mut self, bytes: &mut Vec<u8>) {
        match self.throw(10) {
            0..5 => bytes.push(u8::try_from(self.throw(3)).unwrap()),
            5 => bytes.push(u8::try_from(self.throw(60)).unwrap()),
            6 => bytes.push(self.byte()),
            7 => {
                // Numbers of two, four and eight bytes.
                let size = self.throw(3);
                bytes.push([251, 252, 253][size]);
                let fill = [0xff, 0x7f, 0x00, self.byte()][self.throw(4)];
                bytes.extend(vec![fill; 2 << size]);
            }
            _ => {
                let text = TEXTS[self.throw(TEXTS.len())];
                bytes.push(u8::try_from(text.len()).unwrap());
                bytes.extend(text.as_bytes());
            }
        }
    }

    fn noise(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for _ in 0..self.throw(40) {
            self.piece(&mut bytes);
        }
        bytes
    }

    /// A request as it might have been sent: noise, up to where it happens to be one. Of
    /// every kind about as many, however much has to be right in it.
    fn request(&mut self) -> (Ticket, Request) {
        if self.throw(10) == 0 {
            return self.list();
        }
        loop {
            let kind = u8::try_from(self.throw(KINDS_MAX)).unwrap();
            for _ in 0..300 {
                let mut bytes = vec![1, kind];
                bytes.extend(self.noise());
                // Too much of it is told from what is wrong.
                if codec::decode::<(Ticket, Request)>(&bytes) != Err(CodecError::Trailing) {
                    continue;
                }
                let found = (2..bytes.len()).find_map(|end| codec::decode(&bytes[..end]).ok());
                if let Some(asked) = found {
                    return asked;
                }
            }
        }
    }

    /// A list has too much in it for noise ever to be one.
    fn list(&mut self) -> (Ticket, Request) {
        loop {
            let query = ListQuery::all(Kind::ALL[self.throw(Kind::ALL.len())]);
            let mut bytes = codec::encode(&(Ticket(1), Request::List(query))).unwrap();
            for _ in 0..2 {
                let mut rest = bytes.split_off(2 + self.throw(bytes.len() - 2));
                self.piece(&mut bytes);
                bytes.extend(rest.drain(self.throw(2).min(rest.len())..));
            }
            if let Ok(asked) = codec::decode(&bytes) {
                return asked;
            }
        }
    }

    /// A frame that is none any more.
    fn spoilt(&mut self) -> Vec<u8> {
        let mut bytes = frame(&self.request(), REQUEST_MAX).unwrap();
        for _ in 0..=self.throw(3) {
            let at = self.throw(bytes.len());
            match self.throw(4) {
                0 => bytes[at] = self.byte(),
                1 => bytes.truncate(at.max(1)),
                2 => bytes.insert(at, self.byte()),
                _ => bytes[at] ^= 1 << self.throw(8),
            }
        }
        bytes
    }
}

fn seeds() -> [u64; 4] {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    [7919, 104_729, 1_299_709, now.as_nanos() as u64 | 1]
}

#[test]
fn noise_is_read_or_refused_and_what_is_read_is_written_as_it_was() {
    for seed in seeds() {
        let mut dice = Dice(seed);
        for _ in 0..300 {
            let (noise, spoilt, asked) = (dice.noise(), dice.spoilt(), dice.request());
            for bytes in [&noise, &spoilt] {
                let _ = read::<(Ticket, Request)>(&mut &bytes[..], REQUEST_MAX);
                let _ = knocked(&mut &bytes[..]);
                let _ = welcomed(&mut &bytes[..]);
                // What the other end would hear, if a server were not one of ours.
                let _ = read::<Incoming>(&mut &bytes[..], ANSWER_MAX);
                if let Ok(incoming) = codec::decode::<Incoming>(bytes) {
                    let again = codec::encode(&incoming).unwrap();
                    assert_eq!(codec::decode::<Incoming>(&again).unwrap(), incoming, "seed {seed}");
                }
            }
            let bytes = frame(&asked, REQUEST_MAX).unwrap();
            let again: (Ticket, Request) = read(&mut &bytes[..], REQUEST_MAX).unwrap();
            assert_eq!(again, asked, "seed {seed}");
        }
    }
}

#[test]
fn whatever_is_asked_is_answered_or_shown_the_door_and_the_others_go_on() {
    const ROUNDS: usize = 40;
    let place = Place::new();
    let server = place.serve();
    let (mut asked, mut refused, mut spoilt) = (0, 0, 0);
    for seed in seeds() {
        let mut dice = Dice(seed);
        for round in 0..ROUNDS {
            let context = format!("seed {seed}, round {round}");
            let mut stream = greeted(&place);
            // Whoever owns the office may end any sitting, this one and the honest one too.
            let ends = |asked: &(Ticket, Request)| matches!(asked.1, Request::EndSitting(_));
            let requests: Vec<_> =
                (0..dice.throw(8)).map(|_| dice.request()).filter(|asked| !ends(asked)).collect();
            let mut bytes = Vec::new();
            for request in &requests {
                bytes.extend(frame(request, REQUEST_MAX).unwrap());
            }
            let bad = dice.throw(2) == 0;
            if bad {
                bytes.extend(dice.spoilt());
            }
            stream.write_all(&bytes).unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
            let mut answers = 0;
            loop {
                match read::<Incoming>(&mut stream, ANSWER_MAX) {
                    Ok(Incoming::Reply(_, answer)) => {
                        answers += 1;
                        refused += usize::from(matches!(*answer, Answer::Refused(_)));
                        // A frame that was spoilt may still be one.
                        assert!(
                            *answer != Answer::Refused(Problem::Closed),
                            "{context}: the office ended at one of {requests:?}"
                        );
                    }
                    Ok(Incoming::Notice(_)) => {}
                    Err(FrameError::Closed) => break,
                    Err(error) => panic!("{context}: {error} after {requests:?}"),
                }
            }
            assert!(answers >= requests.len(), "{context}: {answers} answers to {requests:?}");
            asked += requests.len();
            spoilt += usize::from(bad);
            if round % 10 == 0 {
                works(&mut place.desk(), &format!("Diklat {seed} {round}"));
            }
        }
    }
    println!("{asked} strange requests, {refused} of them refused, {spoilt} spoilt frames");
    server.stop();
    said(&place.in_folder(&["verify"]), 0);
    said(&place.in_folder(&["rebuild"]), 0);
}

#[test]
fn half_a_request_from_fifty_connections_holds_up_nobody() {
    let place = Place::new();
    let _server = place.serve();
    let mut honest = place.desk();
    let mut half_open = Vec::new();
    for at in 0..50_usize {
        let mut stream = greeted(&place);
        // The longest request there may be is promised; of that a little comes.
        stream.write_all(&(REQUEST_MAX as u32).to_be_bytes()[..at % 5]).unwrap();
        stream.write_all(&vec![0; if at % 5 == 4 { at * 100 } else { 0 }]).unwrap();
        half_open.push(stream);
        works(&mut honest, &format!("Diklat {at}"));
    }
    assert_eq!(honest.count(Kind::Programmes), 50);
    for mut stream in half_open {
        stream.shutdown(Shutdown::Write).unwrap();
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    }
    works(&mut honest, "Diklat Akhir");
}
