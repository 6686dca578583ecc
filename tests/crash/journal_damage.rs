//! Damage to the truth itself. An end that was never acknowledged is set aside; anything
//! else leaves the office readable, closed to writing, and says where.

use std::fs;
use std::path::Path;

use kompeten::journal::Means;
use kompeten::protocol::{Mended, Problem, Request};

use super::desk::{
    Desk, copy_folder, employee, lines, own_folder, program, refused, saved, was_rebuilt,
};

/// `people` saved one by one, and the office closed in order.
fn office(people: u32) -> Desk {
    let mut desk = Desk::new();
    for serial in 1..=people {
        desk.save(employee(serial));
    }
    desk.close();
    desk
}

fn copied(from: &Desk, to: &Path, store: bool) -> Desk {
    let _ = fs::remove_dir_all(to);
    copy_folder(from.data(), to);
    if !store {
        fs::remove_dir_all(to.join("store")).expect("removed");
    }
    Desk::at(to)
}

#[test]
fn a_last_line_cut_anywhere_is_set_aside_when_nobody_was_told_of_it() {
    // The store as it was before the last line was written.
    let mut desk = office(3);
    let before = own_folder();
    copy_folder(&desk.store(), &before.path().join("store"));
    desk.open();
    desk.save(employee(4));
    desk.close();
    let whole = fs::read(desk.segment()).expect("the journal");
    let last = lines(&desk.segment()).pop().expect("a line").len();
    let kept = whole.len() - last;
    let place = own_folder();
    let data = place.path().join("data");
    let mut cuts = 0;
    for length in kept..whole.len() {
        let mut torn = copied(&desk, &data, false);
        copy_folder(&before.path().join("store"), &torn.store());
        fs::write(torn.segment(), &whole[..length]).expect("cut");
        let info = torn.open();
        assert_eq!((info.read_only, info.employees), (None, 3), "{length}");
        let told: Vec<_> =
            info.mended.iter().filter(|m| matches!(m, Mended::TornLine { .. })).collect();
        if length == kept {
            assert_eq!(told.len(), 0, "nothing was torn");
        } else {
            let [Mended::TornLine { file, .. }] = told[..] else { panic!("{length}: {told:?}") };
            let aside = fs::read(torn.journal().join(file)).expect("what was set aside");
            assert_eq!(aside, whole[kept..length], "{length}");
        }
        // Opening again, and saving, once in a while: a hundred syncs cost their time.
        if length % 64 == 0 || length + 1 == whole.len() {
            torn.save(employee(5));
            assert_eq!(torn.reopen().mended, [], "{length}: told once");
            torn.verify();
        }
        torn.kill();
        cuts += 1;
    }
    println!("faults: {cuts} last lines cut before anybody was told");
}

#[test]
fn a_last_line_cut_after_it_was_shown_is_never_built_over() {
    let desk = office(3);
    let whole = fs::read(desk.segment()).expect("the journal");
    let last = lines(&desk.segment()).pop().expect("a line").len();
    let kept = whole.len() - last;
    let place = own_folder();
    let data = place.path().join("data");
    let mut cuts = 0;
    for length in (kept..whole.len()).step_by(7).chain([whole.len() - 1]) {
        let mut cut = copied(&desk, &data, true);
        fs::write(cut.segment(), &whole[..length]).expect("cut");
        for _ in 0..2 {
            let info = cut.open();
            let problem = info.read_only.clone().expect("read only");
            match &problem {
                Problem::JournalShort { store: 3, journal: 2 } => {}
                Problem::Damaged { file, line: 3 } if file == "000001.jsonl" => {}
                other => panic!("{length}: {other:?}"),
            }
            assert!(!was_rebuilt(&info), "{length}");
            assert_eq!(cut.people(), 3, "{length}: still to be seen");
            assert_eq!(refused(cut.try_save(employee(9))), problem, "{length}");
            let rebuild = cut.ask(Request::Rebuild);
            assert_eq!(refused(rebuild), problem, "{length}: not even when asked to");
            assert_eq!(cut.people(), 3, "{length}");
            cut.close();
        }
        assert_eq!(fs::read(cut.segment()).expect("the journal"), whole[..length], "untouched");
        // The journal from the backup, and all is well.
        fs::write(cut.segment(), &whole).expect("restored");
        let info = cut.open();
        assert_eq!((info.read_only, info.employees), (None, 3), "{length}");
        cut.verify();
        cut.kill();
        cuts += 1;
    }
    println!("faults: {cuts} last lines cut after they were shown");
}

#[test]
fn a_changed_byte_in_the_middle_is_named_and_nothing_is_written_any_more() {
    let desk = office(5);
    let whole = fs::read(desk.segment()).expect("the journal");
    let lines = lines(&desk.segment());
    let place = own_folder();
    let data = place.path().join("data");
    let mut flips = 0;
    for store in [true, false] {
        for line in 0..4 {
            let start: usize = lines[..line].iter().map(Vec::len).sum();
            // In the header, in the values, in the hash, and the line's end itself.
            let length = lines[line].len();
            for at in [2, length / 2, length - 20, length - 1] {
                if !store && (line, at) == (3, length - 1) {
                    // Two lines made one that was never finished: set aside, not lost.
                    continue;
                }
                let mut flipped = copied(&desk, &data, store);
                let mut bytes = whole.clone();
                bytes[start + at] ^= 1;
                fs::write(flipped.segment(), &bytes).expect("written");
                let named = Problem::Damaged { file: "000001.jsonl".into(), line: line as u64 + 1 };
                // Also after it was closed in order: nobody forgets a damage.
                for opening in 0..2 {
                    let info = flipped.open();
                    let what = format!("line {line} byte {at} opening {opening} store {store}");
                    assert_eq!(info.read_only.as_ref(), Some(&named), "{what}");
                    assert_eq!(flipped.people(), if store { 5 } else { line as u32 }, "{what}");
                    assert_eq!(refused(flipped.try_save(employee(9))), named, "{what}");
                    flipped.close();
                }
                assert_eq!(fs::read(flipped.segment()).expect("the journal"), bytes);
                flips += 1;
            }
        }
    }
    println!("faults: {flips} changed bytes of the journal of an office");
}

#[test]
fn verify_names_a_changed_byte_and_fails() {
    let mut desk = Desk::filled();
    desk.close();
    let mut bytes = fs::read(desk.segment()).expect("the journal");
    let second = lines(&desk.segment())[0].len();
    bytes[second + 200] ^= 1;
    fs::write(desk.segment(), &bytes).expect("written");
    for _ in 0..2 {
        let (code, said) = program(desk.data(), &["verify"]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("000001.jsonl") && said.contains("line 2"), "{said}");
        assert_eq!(said.matches("line 2").count(), 1, "said once: {said}");
    }
    let (code, said) = program(desk.data(), &["list", "employees"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Mila Melani"), "{said}");
    let (code, said) = program(desk.data(), &["set", "office_name", "Kecamatan Plaju"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("line 2"), "{said}");
    let (code, said) = program(desk.data(), &["rebuild"]);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(fs::read(desk.segment()).expect("the journal"), bytes, "untouched");
}

#[test]
fn damage_that_appears_while_the_office_is_open_is_not_forgotten_by_the_next_opening() {
    let mut desk = Desk::filled();
    let mut bytes = fs::read(desk.segment()).expect("the journal");
    bytes[300] ^= 1;
    fs::write(desk.segment(), &bytes).expect("written");
    let problem = refused(desk.ask(Request::Verify));
    assert!(matches!(problem, Problem::Damaged { line: 1, .. }), "{problem:?}");
    assert_eq!(refused(desk.try_save(employee(30))), problem);
    let info = desk.reopen();
    assert_eq!(info.read_only, Some(problem));
}

#[test]
fn a_line_of_a_newer_program_is_not_taken_for_damage_to_be_cut_off() {
    let desk = office(3);
    let place = own_folder();
    let data = place.path().join("data");
    let whole = lines(&desk.segment());
    for line in [1, 2] {
        let mut newer = copied(&desk, &data, false);
        let mut changed = whole.clone();
        changed[line].splice(..7, *b"{\"v\":3,");
        let bytes = changed.concat();
        fs::write(newer.segment(), &bytes).expect("written");
        let (code, said) = program(newer.data(), &["set", "office_name", "Kecamatan Plaju"]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("newer version"), "{said}");
        assert!(said.contains(&format!("line {}", line + 1)), "{said}");
        let info = newer.open();
        assert!(info.read_only.is_some());
        assert_eq!(info.employees, line as u32);
        newer.close();
        assert_eq!(fs::read(newer.segment()).expect("the journal"), bytes, "untouched");
    }
}

#[test]
fn a_missing_segment_is_named() {
    let mut desk = office(3);
    fs::rename(desk.segment(), desk.journal().join("000002.jsonl")).expect("renamed");
    let info = desk.open();
    assert!(
        matches!(&info.read_only, Some(Problem::Damaged { file, .. }) if file == "000001.jsonl"),
        "{:?}",
        info.read_only
    );
    assert_eq!(desk.people(), 3);
}

#[test]
fn a_journal_that_is_gone_leaves_what_the_store_knows_to_be_read() {
    let mut desk = office(3);
    fs::remove_dir_all(desk.journal()).expect("removed");
    for _ in 0..2 {
        let info = desk.open();
        assert_eq!(info.read_only, Some(Problem::JournalShort { store: 3, journal: 0 }));
        assert_eq!(desk.people(), 3);
        assert!(matches!(refused(desk.try_save(employee(9))), Problem::JournalShort { .. }));
        let (code, said) = {
            desk.close();
            program(desk.data(), &["verify"])
        };
        assert_eq!(code, Some(1), "{said}");
        assert!(
            !said.contains("kompeten rebuild"),
            "the last trace is not to be built over: {said}"
        );
        desk.close();
    }
}

#[test]
fn the_journal_of_another_office_is_not_mixed_with_this_ones_store() {
    let mut desk = office(3);
    let mut other = Desk::new();
    for serial in 20..25 {
        other.save(employee(serial));
    }
    other.close();
    fs::copy(other.segment(), desk.segment()).expect("copied");
    let info = desk.open();
    assert!(matches!(info.read_only, Some(Problem::JournalShort { .. })), "{:?}", info.read_only);
    assert_eq!(desk.people(), 3);
    desk.close();
    // Whoever means it takes the store away.
    fs::remove_dir_all(desk.store()).expect("removed");
    let info = desk.open();
    assert_eq!((info.read_only, info.employees), (None, 5));
    saved(desk.try_save(employee(9)));
    desk.verify();
    assert_eq!(desk.people(), 6);
}

#[test]
fn after_a_kill_only_the_segment_that_was_being_written_is_proven_again() {
    let small = || Means { segment_max: 3000, ..Means::default() };
    let mut desk = Desk::new();
    desk.close();
    desk.open_by(small()).expect("an office");
    for serial in 1..=30 {
        desk.save(employee(serial));
    }
    desk.rest();
    desk.save(employee(31));
    desk.kill();
    assert!(desk.journal().join("000005.jsonl").exists(), "several segments");

    // A byte of the first is another one; the file looks as if nobody had touched it.
    let first = desk.segment();
    let as_left = fs::metadata(&first).and_then(|meta| meta.modified()).expect("a time");
    let mut bytes = fs::read(&first).expect("the journal");
    bytes[200] ^= 1;
    fs::write(&first, bytes).expect("altered");
    let file = fs::OpenOptions::new().append(true).open(&first).expect("a file");
    file.set_modified(as_left).expect("a time");
    let info = desk.open_by(small()).expect("an office");
    assert_eq!((info.read_only, info.employees), (None, 31), "it was not read");

    // Touched, it is read again, and a proof reads it always.
    desk.kill();
    file.set_modified(as_left + std::time::Duration::from_secs(1)).expect("a time");
    let info = desk.open_by(small()).expect("an office");
    assert!(matches!(info.read_only, Some(Problem::Damaged { .. })), "{info:?}");
}
