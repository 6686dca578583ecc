//! A go-between: passes everything between clients and a server on, until an import is to
//! be finished; there it cuts the line, once.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::thread;

use kompeten::link::frame::{ANSWER_MAX, REQUEST_MAX, frame, read};
use kompeten::protocol::{Incoming, Request, Ticket};

/// Where the line is cut, once.
#[derive(Clone, Copy, PartialEq)]
pub enum Cut {
    /// The request to finish never reaches the server.
    Before,
    /// The server has answered, and nobody hears it.
    After,
}

/// A greeting, from whom it comes to whom it is for.
fn pass_greeting(from: &mut impl Read, to: &mut impl Write) {
    let mut head = [0; 11];
    from.read_exact(&mut head).unwrap();
    let mut rest = vec![0; usize::from(head[10]) + 1];
    from.read_exact(&mut rest).unwrap();
    to.write_all(&[&head[..], &rest].concat()).unwrap();
}

/// Passes one conversation on; where it is to be `cut`, ends it there and says so.
fn pass_on(client: &UnixStream, server: &UnixStream, cut: Option<Cut>) -> bool {
    pass_greeting(&mut &*client, &mut &*server);
    pass_greeting(&mut &*server, &mut &*client);
    let end = || {
        let _ = client.shutdown(Shutdown::Both);
        let _ = server.shutdown(Shutdown::Both);
    };
    thread::scope(|scope| {
        let (told, finishing) = std::sync::mpsc::channel();
        scope.spawn(move || {
            let mut waited = None;
            while let Ok(incoming) = read::<Incoming>(&mut &*server, ANSWER_MAX) {
                waited = waited.or_else(|| finishing.try_recv().ok());
                if matches!(&incoming, Incoming::Reply(ticket, _) if waited == Some(*ticket)) {
                    break;
                }
                let bytes = frame(&incoming, ANSWER_MAX).unwrap();
                if (&*client).write_all(&bytes).is_err() {
                    break;
                }
            }
            end();
        });
        let mut dry = false;
        while let Ok(asked) = read::<(Ticket, Request)>(&mut &*client, REQUEST_MAX) {
            if let Request::ImportStart(start) = &asked.1 {
                dry = start.dry_run;
            }
            if let (Some(cut), Request::ImportFinish, false) = (cut, &asked.1, dry) {
                if cut == Cut::Before {
                    end();
                    return true;
                }
                told.send(asked.0).unwrap();
                (&*server).write_all(&frame(&asked, REQUEST_MAX).unwrap()).unwrap();
                // The end comes from the other direction.
                let _ = (&*client).read(&mut [0]);
                return true;
            }
            let _ = (&*server).write_all(&frame(&asked, REQUEST_MAX).unwrap());
        }
        end();
        false
    })
}

/// Stands at `path` between clients and the `server`; the first import that would be saved
/// is cut.
pub fn go_between(path: &Path, server: &Path, cut: Cut) {
    let listener = UnixListener::bind(path).unwrap();
    let server = server.to_path_buf();
    thread::spawn(move || {
        let mut cut = Some(cut);
        while let Ok((client, _)) = listener.accept() {
            let server = UnixStream::connect(&server).unwrap();
            if pass_on(&client, &server, cut) {
                cut = None;
            }
        }
    });
}
