//! A line cut in the middle of an import: by a go-between that passes everything on until
//! the import is to be finished.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::thread;

use kompeten::link::frame::{ANSWER_MAX, REQUEST_MAX, frame, read};
use kompeten::link::protocol::{Incoming, Request, Ticket};

use super::served::{Place, said};

/// Where the line is cut, once.
#[derive(Clone, Copy, PartialEq)]
enum Cut {
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
        while let Ok(asked) = read::<(Ticket, Request)>(&mut &*client, REQUEST_MAX) {
            if let (Some(cut), Request::ImportFinish) = (cut, &asked.1) {
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

/// Stands between the clients and the server of `place`; the first import's line is cut.
fn go_between(place: &Place, cut: Cut) -> PathBuf {
    let path = place.socket().with_file_name("between.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let server = place.socket();
    thread::spawn(move || {
        let mut cut = Some(cut);
        while let Ok((client, _)) = listener.accept() {
            let server = UnixStream::connect(&server).unwrap();
            if pass_on(&client, &server, cut) {
                cut = None;
            }
        }
    });
    path
}

fn staff(place: &Place) -> PathBuf {
    let file = place.data().with_file_name("staff.csv");
    let rows = "NIP BARU;NAMA\n'198001012005012901;Ayu\n'199002012015121902;Budi\n'1;Salah\n";
    std::fs::write(&file, rows).unwrap();
    file
}

fn import(place: &Place, socket: &Path, file: &Path) -> std::process::Output {
    let file = file.to_str().unwrap();
    let args = ["import", "employees", file, "--json", "--lang", "en"];
    place.command(&args).env("KOMPETEN_SOCKET", socket).output().unwrap()
}

fn steps(place: &Place) -> usize {
    let (out, _) = said(&place.shared(&["history", "--format", "json"]), 0);
    let steps: serde_json::Value = serde_json::from_str(&out).unwrap();
    steps.as_array().unwrap().len()
}

#[test]
fn an_import_whose_line_is_cut_after_it_was_saved_is_reported_as_saved() {
    let place = Place::new();
    let _server = place.serve();
    let file = staff(&place);
    let output = import(&place, &go_between(&place, Cut::After), &file);
    let err = String::from_utf8_lossy(&output.stderr);
    let out = String::from_utf8_lossy(&output.stdout);
    assert!(err.contains("connection to the office server is lost"), "{err}");
    let told: serde_json::Value =
        serde_json::from_str(&out).unwrap_or_else(|e| panic!("{e}: {out}{err}"));
    assert_eq!((&told["added"], &told["seq"]), (&2.into(), &1.into()), "{out}");
    assert_eq!(steps(&place), 1);
    // Nothing is left of it that keeps another from importing.
    let (out, _) = said(&import(&place, &place.socket(), &file), output.status.code().unwrap());
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["unchanged"], 2, "{out}");
}

#[test]
fn an_import_whose_line_is_cut_before_it_was_saved_is_reported_as_not_saved() {
    let place = Place::new();
    let _server = place.serve();
    let file = staff(&place);
    let output = import(&place, &go_between(&place, Cut::Before), &file);
    let (_, err) = said(&output, 1);
    assert!(err.contains("nothing was saved"), "{err}");
    assert_eq!(steps(&place), 0);
    let (out, _) = {
        let again = import(&place, &place.socket(), &file);
        let code = again.status.code().unwrap();
        said(&again, code)
    };
    assert!(out.contains("\"added\": 2") || out.contains("\"added\":2"), "{out}");
    assert_eq!(steps(&place), 1);
}
