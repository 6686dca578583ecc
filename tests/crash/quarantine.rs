//! The way out of damage: a journal cut off behind its last sound step, on command. What
//! is cut off is kept and named; what stands is sound, and is written to again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use kompeten::protocol::{Problem, Request};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::desk::{Desk, copy_folder, employee, files, lines, own_folder, program, saved};

/// Five people saved one by one, and the office closed.
fn office() -> Desk {
    let mut desk = Desk::new();
    for serial in 1..=5 {
        desk.save(employee(serial));
    }
    desk.close();
    desk
}

fn quarantine(data: &Path) -> Json {
    let (code, said) = program(data, &["quarantine", "--yes", "--json"]);
    assert_eq!(code, Some(0), "{said}");
    let json = said.lines().find(|line| line.starts_with('{')).expect("a result");
    serde_json::from_str(json).expect("JSON")
}

/// The office opens to be written, proves itself, and says so to the command line too.
fn goes_on(desk: &mut Desk, people: u32) {
    let info = desk.open();
    assert_eq!((info.read_only, info.employees), (None, people));
    saved(desk.try_save(employee(50)));
    desk.verify();
    desk.close();
    let (code, said) = program(desk.data(), &["verify"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn whatever_line_is_damaged_the_office_goes_on_from_the_one_before() {
    let desk = office();
    let whole = lines(&desk.segment());
    let place = own_folder();
    let data = place.path().join("data");
    for with_store in [true, false] {
        for line in 0..4 {
            let what = format!("line {} store {with_store}", line + 1);
            let _ = fs::remove_dir_all(&data);
            copy_folder(desk.data(), &data);
            if !with_store {
                fs::remove_dir_all(data.join("store")).expect("removed");
            }
            let mut damaged = whole.clone();
            // A hole, as a power cut may leave it.
            damaged[line][40..120].fill(0);
            let mut other = Desk::at(&data);
            fs::write(other.segment(), damaged.concat()).expect("written");
            let info = other.open();
            assert!(matches!(info.read_only, Some(Problem::Damaged { .. })), "{what}");
            other.close();

            let (code, said) = program(&data, &["list", "employees"]);
            assert_eq!(code, Some(0), "{said}");
            assert!(said.contains("kompeten quarantine") && said.contains("kompeten restore"));
            let result = quarantine(&data);
            assert_eq!(result["kept"], line, "{what}");
            assert_eq!(result["lost_until"], 5, "{what}");
            assert_eq!(result["lines"], 5 - line, "{what}");
            assert_eq!(result["damage"], serde_json::json!(["000001.jsonl", line + 1]), "{what}");
            let folder = Path::new(result["folder"].as_str().expect("a folder"));
            let aside = files(folder);
            let rest = aside.iter().find(|file| file.extension().is_some_and(|e| e == "jsonl"));
            let kept = fs::read(rest.expect("what was cut off")).expect("read");
            assert_eq!(kept, damaged[line..].concat(), "{what}");
            assert_eq!(result["bytes"], kept.len(), "{what}");
            // The store knew more than is left: it is kept too, and the office has a new one.
            assert_eq!(folder.join("store").is_dir(), with_store, "{what}");
            for file in aside.iter().filter(|file| file.parent() == Some(folder)) {
                let mode = fs::metadata(file).expect("there").permissions().mode();
                assert_eq!(mode & 0o077, 0, "{}", file.display());
            }
            assert_eq!(fs::metadata(folder).expect("there").permissions().mode() & 0o777, 0o700);
            goes_on(&mut other, line as u32);
            let (code, said) = program(&data, &["quarantine", "--yes"]);
            assert_eq!(code, Some(1), "{said}");
            assert!(said.contains("not damaged"), "{said}");
        }
    }
}

#[test]
fn a_journal_shorter_than_what_was_acknowledged_is_gone_on_from_when_that_is_meant() {
    let mut desk = office();
    let whole = lines(&desk.segment());
    fs::write(desk.segment(), whole[..3].concat()).expect("cut");
    let info = desk.open();
    assert_eq!(info.read_only, Some(Problem::JournalShort { store: 5, journal: 3 }));
    desk.close();
    let result = quarantine(desk.data());
    assert_eq!((&result["kept"], &result["lost_until"]), (&3.into(), &5.into()));
    assert_eq!((&result["lines"], &result["damage"]), (&0.into(), &Json::Null));
    assert_eq!(result["files"], serde_json::json!(["store"]));
    goes_on(&mut desk, 3);

    // And when there is no journal at all.
    let mut desk = office();
    fs::remove_dir_all(desk.journal()).expect("removed");
    assert_eq!(quarantine(desk.data())["kept"], 0);
    goes_on(&mut desk, 0);
}

#[test]
fn later_segments_and_what_is_no_file_are_moved_as_well() {
    // The first segment is gone: nothing can be proven.
    let mut desk = office();
    fs::rename(desk.segment(), desk.journal().join("000002.jsonl")).expect("renamed");
    let result = quarantine(desk.data());
    assert_eq!(result["files"], serde_json::json!(["000002.jsonl", "store"]));
    assert_eq!(result["lines"], 5);
    goes_on(&mut desk, 0);

    let mut desk = office();
    fs::create_dir(desk.journal().join("000002.jsonl")).expect("made");
    let result = quarantine(desk.data());
    assert_eq!((&result["kept"], &result["lost_until"]), (&5.into(), &5.into()));
    assert_eq!(result["files"], serde_json::json!(["000002.jsonl"]));
    goes_on(&mut desk, 5);
}

#[test]
fn a_sound_office_is_left_alone_and_nothing_is_done_unless_it_is_meant() {
    let desk = office();
    let before: Vec<_> = files(&desk.journal()).iter().map(fs::read).map(Result::unwrap).collect();
    let (code, said) = program(desk.data(), &["quarantine"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--yes") && said.contains("kompeten restore"), "{said}");
    let (code, said) = program(desk.data(), &["quarantine", "--yes"]);
    assert_eq!(code, Some(1), "{said}");
    let (code, _) = program(desk.data(), &["quarantine", "--yes", "--read-only"]);
    assert_eq!(code, Some(1));
    let after: Vec<_> = files(&desk.journal()).iter().map(fs::read).map(Result::unwrap).collect();
    assert_eq!(before, after);
    assert!(!desk.data().join("quarantine").exists());
    let nowhere = desk.data().with_file_name("nowhere");
    assert_eq!(program(&nowhere, &["quarantine", "--yes"]).0, Some(1));
    assert!(!nowhere.exists());
}

#[test]
fn an_office_somebody_has_open_is_not_cut_under_their_hands() {
    let mut desk = office();
    desk.open();
    let (code, said) = program(desk.data(), &["quarantine", "--yes"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("Close it there"), "{said}");
    saved(desk.try_save(employee(9)));
}

/// What a later version may write: a kind unknown today, a field unknown today.
const OF_TOMORROW: [(&str, &str); 2] =
    [("employees/", "horoscopes/"), ("\"put\":{", "\"put\":{\"blood_group\":\"O\",")];

/// A line as a later version may write it, whole and proven.
fn of_tomorrow(line: &[u8], (word, instead): (&str, &str)) -> Vec<u8> {
    let text = String::from_utf8(line.to_vec()).expect("text").replace(word, instead);
    let hex = |bytes: &[u8]| {
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect::<String>()
    };
    let unhex = |text: &str| -> Vec<u8> {
        let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
        (0..text.len()).step_by(2).map(byte).collect()
    };
    let after = |key: &str| text.find(key).expect("the key") + key.len();
    let (digest_at, salt_at) = (after("\"digest\":\""), after("\"salt\":\""));
    let (body_at, prev_at) = (after("\"body\":"), after("\"prev\":\""));
    let body_end = text.rfind("}],\"prev\"").expect("the end");
    let salt = unhex(&text[salt_at..salt_at + 32]);
    let digest = Sha256::new_with_prefix(salt).chain_update(&text[body_at..body_end]).finalize();
    let prev = unhex(&text[prev_at..prev_at + 64]);
    let head = &text[..text.find("\"changes\":[").expect("changes")];
    let hash = Sha256::new_with_prefix(head).chain_update(digest).chain_update(prev).finalize();
    let hash_at = after("\"hash\":\"");
    let mut new = text.clone();
    new.replace_range(hash_at..hash_at + 64, &hex(&hash));
    new.replace_range(digest_at..digest_at + 64, &hex(&digest));
    new.into_bytes()
}

#[test]
fn what_a_newer_program_wrote_is_refused_in_words_and_never_cut_off() {
    let desk = office();
    let tried = OF_TOMORROW.iter().flat_map(|words| [(words, true), (words, false)]);
    for (words, with_store) in tried {
        let mut newer = lines(&desk.segment());
        newer[4] = of_tomorrow(&newer[4], *words);
        let bytes = newer.concat();
        let place = own_folder();
        let data = place.path().join("data");
        copy_folder(desk.data(), &data);
        let other = Desk::at(&data);
        fs::write(other.segment(), &bytes).expect("written");
        if with_store {
            // As this version left it before the newer one came.
            let mut before = Desk::at(&data);
            fs::write(other.segment(), newer[..4].concat()).expect("cut");
            fs::remove_dir_all(other.store()).expect("removed");
            before.open();
            before.close();
            fs::write(other.segment(), &bytes).expect("written");
        } else {
            fs::remove_dir_all(other.store()).expect("removed");
        }
        let commands: [&[&str]; 3] =
            [&["list", "employees"], &["verify"], &["set", "office_name", "X"]];
        for command in commands {
            let (code, said) = program(&data, command);
            assert_eq!(code, Some(1), "{command:?}: {said}");
            assert!(said.contains("newer version of kompeten"), "{command:?}: {said}");
            assert!(said.contains("line 5"), "{command:?}: {said}");
        }
        let (code, said) = program(&data, &["quarantine", "--yes"]);
        assert_eq!(code, Some(1), "{said}");
        assert_eq!(fs::read(other.segment()).expect("the journal"), bytes, "untouched");
        assert!(!data.join("quarantine").exists());
    }
}

#[test]
fn a_line_of_a_newer_format_is_not_cut_off_either() {
    let mut desk = office();
    let mut newer = lines(&desk.segment());
    newer[4].splice(..7, *b"{\"v\":3,");
    fs::write(desk.segment(), newer.concat()).expect("written");
    fs::remove_dir_all(desk.store()).expect("removed");
    let (code, said) = program(desk.data(), &["quarantine", "--yes"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("newer version"), "{said}");
    assert_eq!(fs::read(desk.segment()).expect("the journal"), newer.concat());
    let info = desk.open();
    assert!(matches!(info.read_only, Some(Problem::Newer { line: 5, .. })));
    assert!(matches!(desk.ask(Request::Verify), kompeten::protocol::Answer::Refused(_)));
}
