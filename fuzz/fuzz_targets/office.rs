//! What a hostile officer asks of an office: any request the protocol can carry is
//! answered. One office for the whole run, in memory where the machine has it, so that a
//! request also meets what earlier ones left behind.

#![no_main]

use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, OnceLock};

use kompeten::codec;
use kompeten::link::Link;
use kompeten::link::embedded::{self, Embedded, OpenOptions};
use kompeten::protocol::{Answer, Incoming, Problem, Request, Ticket};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

struct Desk {
    office: Embedded,
    incoming: Receiver<Incoming>,
    _folder: TempDir,
}

fn desk() -> &'static Mutex<Desk> {
    static DESK: OnceLock<Mutex<Desk>> = OnceLock::new();
    DESK.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.into() } else { std::env::temp_dir() };
        let folder = tempfile::tempdir_in(base).expect("a folder");
        let data = folder.path().join("data");
        let options = OpenOptions { data, read_only: false, officer: "fuzz".into(), socket: None };
        let (sender, incoming) = sync_channel(4096);
        let office = embedded::open(&options, move |said| drop(sender.send(said)));
        let office = office.expect("an office");
        Mutex::new(Desk { office, incoming, _folder: folder })
    })
}

fuzz_target!(|bytes: &[u8]| {
    let Ok((_, request)) = codec::decode::<(Ticket, Request)>(bytes) else { return };
    // They take longer with every step and have nothing in them to get wrong.
    if matches!(request, Request::Verify | Request::Rebuild) {
        return;
    }
    let desk = desk().lock().expect("no panic before");
    desk.office.ask(Ticket(1), request);
    loop {
        match desk.incoming.recv().expect("an open office") {
            Incoming::Reply(_, answer) => {
                assert!(*answer != Answer::Refused(Problem::Closed));
                codec::encode(&answer).expect("an answer that can be sent");
                return;
            }
            Incoming::Notice(_) => {}
        }
    }
});
