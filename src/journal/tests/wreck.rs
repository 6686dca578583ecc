//! What an office is told when somebody or something has been at its journal: the place of
//! the damage, and everything before it still there to be read.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{FileExt, symlink};
use std::path::PathBuf;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use sha2::{Digest, Sha256};

use super::super::*;
use super::faulty_disk::broken_disk;
use super::{Office, entry, forwards, newest_first, save, setting};

/// Five steps in one segment; the heads after each.
fn five_steps() -> (Office, Vec<Head>, Vec<u8>) {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    let mut heads = vec![Head::default()];
    for number in 1..=5 {
        let mut step = entry("s", vec![setting(number, "Kecamatan Ilir")]);
        step.why = "SK".into();
        heads.push(save(&mut journal, &step));
    }
    let bytes = fs::read(first(&office)).unwrap();
    (office, heads, bytes)
}

fn first(office: &Office) -> PathBuf {
    office.dir.join("000001.jsonl")
}

fn put(office: &Office, bytes: &[u8]) {
    fs::write(first(office), bytes).unwrap();
}

/// A journal that may be read as far as it is intact, and not written.
fn assert_read_only(opened: Opened, head: Head) {
    let mut journal = opened.journal;
    assert_eq!(journal.head(), head);
    let lines = forwards(&journal, None);
    assert_eq!(lines.last().map(Line::head).unwrap_or_default(), head);
    assert_eq!(newest_first(&journal, None).len(), lines.len());
    let step = entry("x", vec![]);
    assert!(matches!(journal.stage(&step), Err(JournalError::ReadOnly)));
    assert!(matches!(journal.begin_batch(step), Err(JournalError::ReadOnly)));
    assert!(matches!(journal.commit(), Err(JournalError::ReadOnly)));
    match (opened.damage, journal.verify(&mut |_, _| true)) {
        (Some(damage), Err(JournalError::Damaged(found))) => assert_eq!(damage, found),
        (None, Ok(_)) => {}
        (damage, verified) => panic!("{damage:?}, but verified {verified:?}"),
    }
}

fn assert_goes_on(opened: Opened, head: Head) {
    let Opened { mut journal, damage, locked, .. } = opened;
    assert_eq!(damage, None);
    assert!(locked.is_none());
    assert_eq!(journal.head(), head);
    assert_eq!(save(&mut journal, &entry("x", vec![setting(1, "x")])).seq, head.seq + 1);
}

#[test]
fn a_last_line_cut_anywhere_is_set_aside_if_the_store_has_not_applied_it() {
    let (office, heads, bytes) = five_steps();
    let start = heads[4].end.offset as usize;
    let mut tried = 0;
    for cut in start..bytes.len() {
        for trusted in [None, Some(heads[3]), Some(heads[4])] {
            put(&office, &bytes[..cut]);
            let opened = office.look(trusted, trusted.is_none(), SEGMENT_MAX);
            if cut == start {
                assert_eq!(opened.torn, None);
            } else {
                let name = opened.torn.as_ref().unwrap();
                assert!(name.starts_with(&format!("torn-000001-{start}")), "{name}");
                let path = office.dir.join(name);
                assert_eq!(fs::read(&path).unwrap(), bytes[start..cut]);
                fs::remove_file(path).unwrap();
            }
            assert_eq!(fs::read(first(&office)).unwrap(), bytes[..start]);
            assert_goes_on(opened, heads[4]);
            tried += 1;
        }
    }
    println!("faults: {tried} last lines of a journal cut");
}

#[test]
fn two_lines_torn_at_the_same_place_are_both_kept() {
    let (office, heads, bytes) = five_steps();
    for expected in ["", "-2", "-3"] {
        put(&office, &bytes[..bytes.len() - 1]);
        let torn = office.look(None, true, SEGMENT_MAX).torn.unwrap();
        assert_eq!(torn, format!("torn-000001-{}{expected}.txt", heads[4].end.offset));
    }
}

#[test]
fn a_journal_that_lost_what_the_store_has_applied_is_not_touched() {
    let (office, heads, bytes) = five_steps();
    let start = heads[4].end.offset as usize;
    for cut in start..bytes.len() {
        for full in [true, false] {
            put(&office, &bytes[..cut]);
            let opened = office.look(Some(heads[5]), full, SEGMENT_MAX);
            assert_eq!((opened.standing, &opened.torn), (Standing::Short, &None));
            let line = opened.damage.as_ref().map(|damage| damage.line);
            assert_eq!(line, (cut > start).then_some(5), "cut at {cut}");
            assert_read_only(opened, heads[4]);
            assert_eq!(fs::read(first(&office)).unwrap(), bytes[..cut]);
        }
    }
    fs::remove_dir_all(&office.dir).unwrap();
    let opened = office.look(Some(heads[5]), false, SEGMENT_MAX);
    assert_eq!(opened.standing, Standing::Short);
    assert_read_only(opened, Head::default());
    assert!(!office.dir.exists());
}

#[test]
fn a_store_that_applied_another_journal_is_told_apart() {
    let (office, heads, _) = five_steps();
    let strange = Head { hash: [7; 32], ..heads[3] };
    for full in [true, false] {
        let opened = office.look(Some(strange), full, SEGMENT_MAX);
        assert_eq!((opened.standing, &opened.damage), (Standing::Other, &None));
        assert_read_only(opened, heads[5]);
        let shifted = Place { offset: heads[3].end.offset + 1, ..heads[3].end };
        let opened = office.look(Some(Head { end: shifted, ..heads[3] }), full, SEGMENT_MAX);
        assert_eq!(opened.standing, Standing::Moved, "the same steps, but elsewhere");
    }
}

#[test]
fn one_changed_byte_is_damage_placed_at_its_line() {
    let (office, heads, bytes) = five_steps();
    let (start, end) = (heads[2].end.offset as usize, heads[3].end.offset as usize);
    let mut tried = 0;
    for at in start..end {
        for value in [bytes[at] ^ 1, bytes[at] ^ 0x20, bytes[at] ^ 0x80, b'\n', 0, b' '] {
            if value == bytes[at] {
                continue;
            }
            let mut wrecked = bytes.clone();
            wrecked[at] = value;
            put(&office, &wrecked);
            let opened = office.look(None, true, SEGMENT_MAX);
            let damage = opened.damage.clone().unwrap();
            assert_eq!((damage.file.as_str(), damage.line), ("000001.jsonl", 3), "byte {at}");
            assert_eq!(opened.torn, None);
            assert_read_only(opened, heads[2]);
            tried += 1;

            // Not looked at when the store vouches for it, but never handed out either.
            let journal = office.look(Some(heads[5]), false, SEGMENT_MAX).journal;
            let mut seen = 0;
            let replayed = journal.replay(None, &mut |_| {
                seen += 1;
                Ok(true)
            });
            let Err(JournalError::Damaged(found)) = replayed else { panic!("byte {at}") };
            assert_eq!((found, seen), (damage, 2));
            assert!(journal.read(heads[2].end).is_err());
            assert_eq!(journal.read(heads[3].end).unwrap().header.seq, 4);
        }
        assert!(fs::read_dir(&office.dir).unwrap().count() == 1);
    }
    println!("faults: {tried} changed bytes of a journal");
}

#[test]
fn one_changed_byte_in_the_last_line_is_torn_or_damage() {
    let (office, heads, bytes) = five_steps();
    for at in heads[4].end.offset as usize..bytes.len() {
        let mut wrecked = bytes.clone();
        wrecked[at] ^= 1;
        put(&office, &wrecked);
        let opened = office.look(Some(heads[5]), true, SEGMENT_MAX);
        assert_eq!(opened.damage.as_ref().unwrap().line, 5);
        assert_read_only(opened, heads[4]);
        let opened = office.look(Some(heads[4]), false, SEGMENT_MAX);
        // A line that says it is of another version is nobody's to cut off.
        if opened.damage.as_ref().is_some_and(|damage| damage.defect == Defect::Unknown) {
            assert_read_only(opened, heads[4]);
            continue;
        }
        fs::remove_file(office.dir.join(opened.torn.as_ref().unwrap())).unwrap();
        assert_goes_on(opened, heads[4]);
    }
}

#[test]
fn lines_taken_out_put_twice_or_swapped_are_damage() {
    let (office, heads, bytes) = five_steps();
    let line = |n: usize| &bytes[heads[n - 1].end.offset as usize..heads[n].end.offset as usize];
    for (order, head, placed) in [
        (vec![2, 3, 4, 5], 0, 1),
        (vec![1, 2, 4, 5], 2, 3),
        (vec![1, 2, 2, 3, 4, 5], 2, 3),
        (vec![1, 2, 4, 3, 5], 2, 3),
        (vec![1, 2, 3, 4, 5, 5], 5, 6),
        (vec![1, 2, 3, 5], 3, 4),
    ] {
        let wrecked: Vec<u8> = order.iter().flat_map(|n| line(*n).to_vec()).collect();
        put(&office, &wrecked);
        let opened = office.look(None, true, SEGMENT_MAX);
        assert_eq!(opened.damage.as_ref().unwrap().line, placed, "{order:?}");
        assert_read_only(opened, heads[head]);
        assert_eq!(fs::read(first(&office)).unwrap(), wrecked);
    }

    // The store vouches for the last step only, so the swap is met on the way back.
    let swapped: Vec<u8> = [1, 3, 2, 4, 5].iter().flat_map(|n| line(*n).to_vec()).collect();
    put(&office, &swapped);
    let journal = office.look(Some(heads[5]), false, SEGMENT_MAX).journal;
    let mut seen = 0;
    let read = journal.backwards(None, &mut |_| {
        seen += 1;
        Ok(true)
    });
    let Err(JournalError::Damaged(damage)) = read else { panic!("{read:?}") };
    assert_eq!((damage.line, damage.defect, seen), (3, Defect::Chain, 2));
}

/// One step, an import of three parts and nothing behind it; the head before the import.
fn an_import() -> (Office, Head, Head, Vec<u8>) {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    let before = save(&mut journal, &entry("a", vec![setting(1, "x")]));
    let mut import = entry("import", vec![]);
    import.why = "SK".into();
    journal.begin_batch(import).unwrap();
    for part in 0..3 {
        journal.part(&[setting(part, "y")]).unwrap();
    }
    let after = journal.commit_batch().unwrap();
    let bytes = fs::read(first(&office)).unwrap();
    (office, before, after, bytes)
}

#[test]
fn an_import_cut_anywhere_was_never_there() {
    let (office, before, after, bytes) = an_import();
    for cut in before.end.offset as usize..bytes.len() {
        for trusted in [None, Some(before)] {
            put(&office, &bytes[..cut]);
            let opened = office.look(trusted, trusted.is_none(), SEGMENT_MAX);
            assert_eq!(fs::read(first(&office)).unwrap(), bytes[..before.end.offset as usize]);
            let between = bytes[cut - 1] == b'\n';
            assert_eq!(opened.unfinished, between && cut > before.end.offset as usize);
            assert_eq!(opened.torn.is_some(), !between);
            if let Some(name) = &opened.torn {
                let path = office.dir.join(name);
                assert_eq!(fs::read(&path).unwrap(), bytes[before.end.offset as usize..cut]);
                fs::remove_file(path).unwrap();
            }
            assert_goes_on(opened, before);
        }
        put(&office, &bytes[..cut]);
        let opened = office.look(Some(after), false, SEGMENT_MAX);
        assert_eq!(opened.standing, Standing::Short);
        assert_read_only(opened, before);
        assert_eq!(fs::read(first(&office)).unwrap(), bytes[..cut]);
    }
}

#[test]
fn a_hole_a_power_cut_left_in_an_import_counts_only_if_it_was_committed() {
    let (office, before, _, bytes) = an_import();
    let ends: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').collect();
    for part in 0..3 {
        for wide in [ends[part] + 20..ends[part] + 60, ends[part] - 5..ends[part] + 30] {
            if wide.start < before.end.offset as usize {
                continue;
            }
            let mut holed = bytes.clone();
            holed[wide].fill(0);
            put(&office, &holed);
            let opened = office.look(None, true, SEGMENT_MAX);
            assert!(opened.damage.is_some());
            assert_read_only(opened, before);

            // Without the commit line nobody has been told that it was saved.
            put(&office, &holed[..=ends[3]]);
            let opened = office.look(None, true, SEGMENT_MAX);
            let torn = office.dir.join(opened.torn.as_ref().unwrap());
            assert_eq!(fs::read(&torn).unwrap(), holed[before.end.offset as usize..=ends[3]]);
            fs::remove_file(torn).unwrap();
            assert_goes_on(opened, before);
        }
    }
}

#[test]
fn a_bad_line_before_intact_steps_is_never_taken_for_torn() {
    let (office, heads, bytes) = five_steps();
    let mut wrecked = bytes.clone();
    wrecked[heads[3].end.offset as usize + 50] = 0;
    wrecked.truncate(bytes.len() - 7);
    put(&office, &wrecked);
    let opened = office.look(None, true, SEGMENT_MAX);
    assert_eq!(opened.damage.as_ref().unwrap().line, 4);
    assert_read_only(opened, heads[3]);
}

#[test]
fn a_missing_or_swapped_segment_is_named() {
    type Wreck = fn(&Office);
    let wreck: [(Wreck, &str); 7] = [
        (|office| fs::remove_file(office.dir.join("000001.jsonl")).unwrap(), "000001.jsonl"),
        (|office| fs::remove_file(office.dir.join("000003.jsonl")).unwrap(), "000003.jsonl"),
        (|office| fs::write(office.dir.join("000003.jsonl"), "").unwrap(), "000004.jsonl"),
        (
            |office| {
                fs::copy(office.dir.join("000002.jsonl"), office.dir.join("000003.jsonl")).unwrap();
            },
            "000003.jsonl",
        ),
        (
            |office| {
                fs::remove_file(office.dir.join("000003.jsonl")).unwrap();
                fs::create_dir(office.dir.join("000003.jsonl")).unwrap();
            },
            "000003.jsonl",
        ),
        (
            |office| {
                fs::remove_file(office.dir.join("000003.jsonl")).unwrap();
                symlink("000003.jsonl", office.dir.join("000003.jsonl")).unwrap();
            },
            "000003.jsonl",
        ),
        (
            |office| {
                let path = office.dir.join("000003.jsonl");
                fs::remove_file(&path).unwrap();
                mknodat(CWD, &path, FileType::Fifo, Mode::RUSR, 0).unwrap();
            },
            "000003.jsonl",
        ),
    ];
    for (wreck, file) in wreck {
        let office = Office::new();
        let mut journal = office.open(600);
        for number in 0..10 {
            save(&mut journal, &entry("s", vec![setting(number, "x")]));
        }
        let head = journal.head();
        assert_eq!(head.end.segment, 5);
        wreck(&office);
        for trusted in [None, Some(head)] {
            let opened = office.look(trusted, true, 600);
            let damage = opened.damage.clone().unwrap();
            assert_eq!((damage.file.as_str(), damage.line), (file, 1));
            let good = opened.journal.head();
            assert!(good.end.segment < 3);
            assert_read_only(opened, good);
        }
    }
}

#[test]
fn the_last_segment_gone_is_noticed_by_what_the_store_has_applied() {
    let office = Office::new();
    let mut journal = office.open(600);
    for number in 0..10 {
        save(&mut journal, &entry("s", vec![setting(number, "x")]));
    }
    let head = journal.head();
    fs::remove_file(office.dir.join("000005.jsonl")).unwrap();
    let opened = office.look(Some(head), false, 600);
    assert_eq!((opened.standing, opened.damage.clone()), (Standing::Short, None));
    let good = opened.journal.head();
    assert_read_only(opened, good);
}

#[test]
fn whatever_stands_in_the_journals_place_is_a_message_and_not_a_crash() {
    let office = Office::new();
    fs::write(&office.dir, "not a folder").unwrap();
    let Err(JournalError::Io(error)) = Journal::open(&office.dir, None, None) else { panic!() };
    assert_eq!(error.kind(), ErrorKind::NotADirectory);
    fs::remove_file(&office.dir).unwrap();

    symlink(&office.dir, &office.dir).unwrap();
    assert!(matches!(Journal::open(&office.dir, None, None), Err(JournalError::Io(_))));
    fs::remove_file(&office.dir).unwrap();

    fs::create_dir(&office.dir).unwrap();
    for name in ["000000.jsonl", "1.jsonl", "0000001.jsonl", "99999999999.jsonl", "x", "-1.jsonl"] {
        fs::write(office.dir.join(name), "not ours").unwrap();
    }
    assert_eq!(office.open(SEGMENT_MAX).head(), Head::default());

    let deep = format!("{{\"v\":1,\"seq\":1,\"changes\":{}", "[".repeat(100_000));
    let zeros = vec![0; 100_000];
    let garbage: [&[u8]; 8] = [
        b"\0",
        zeros.as_slice(),
        b"\xff\xfe\x00garbage",
        b"{}",
        b"{\"v\":1,",
        deep.as_bytes(),
        b"\n",
        b"[1,2,3]\n",
    ];
    for bytes in garbage {
        put(&office, bytes);
        let opened = office.look(None, true, SEGMENT_MAX);
        // Zeros alone were written ahead, and nobody misses them.
        assert_eq!(opened.torn.is_none(), bytes.iter().all(|byte| *byte == 0));
        if let Some(torn) = &opened.torn {
            assert_eq!(fs::read(office.dir.join(torn)).unwrap(), bytes);
        }
        assert_goes_on(opened, Head::default());
        put(&office, &[bytes, b"\n", bytes].concat());
        let opened = office.look(None, true, SEGMENT_MAX);
        // Zeros alone are what a power cut leaves of steps written in one go.
        assert_eq!(
            opened.damage.is_some(),
            bytes.iter().any(|byte| *byte != 0),
            "{:?}",
            opened.torn
        );
    }
}

#[test]
fn a_line_of_200_mb_is_damage_and_is_not_read_into_memory() {
    let (office, heads, _) = five_steps();
    let file = fs::OpenOptions::new().write(true).open(first(&office)).unwrap();
    file.write_all_at(b"x", (200 << 20) - 1).unwrap();
    let opened = office.look(None, true, SEGMENT_MAX);
    let damage = opened.damage.as_ref().unwrap();
    assert_eq!((damage.line, damage.defect), (6, Defect::TooLong));
    assert_read_only(opened, heads[5]);
    assert_eq!(file.metadata().unwrap().len(), 200 << 20);
}

#[test]
fn a_folder_nobody_may_write_to_can_still_be_read() {
    let (office, heads, bytes) = five_steps();
    put(&office, &bytes[..bytes.len() - 3]);
    let disk = broken_disk();
    let opened = Journal::open_with(&office.dir, None, None, disk).unwrap();
    assert!(opened.locked.is_some());
    assert_read_only(opened, heads[4]);
    assert_eq!(fs::read(first(&office)).unwrap().len(), bytes.len() - 3);
    assert_eq!(fs::read_dir(&office.dir).unwrap().count(), 1, "no half copy");
}

/// A line made by hand from the description of the format.
fn forge(header: &str, elements: &[(&str, bool)], prev: [u8; 32]) -> (String, [u8; 32]) {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap();
    let hex = |bytes: &[u8]| {
        bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect::<String>()
    };
    let mut hash = Sha256::new_with_prefix(header);
    let mut list = Vec::new();
    for (body, erased) in elements {
        let salt = [9; 16];
        let digest: [u8; 32] = Sha256::new_with_prefix(salt).chain_update(body).finalize().into();
        hash.update(digest);
        let rest = format!(",\"salt\":\"{}\",\"body\":{body}", hex(&salt));
        let rest = if *erased { "" } else { &rest };
        list.push(format!("{{\"digest\":\"{}\"{rest}}}", hex(&digest)));
    }
    let hash: [u8; 32] = hash.chain_update(prev).finalize().into();
    let (list, prev) = (list.join(","), hex(&prev));
    (
        format!("{header}\"changes\":[{list}],\"prev\":\"{prev}\",\"hash\":\"{}\"}}\n", hex(&hash)),
        hash,
    )
}

const HEADER: &str = "{\"v\":1,\"seq\":1,\"at\":\"2026-03-02T05:00:00Z\",\"by\":\"siti\",\"via\":\"cli\",\"req\":\"r\",";
const PUT: &str = "{\"id\":\"settings/1\",\"base\":0,\"put\":{\"name\":\"office_name\"}}";

#[test]
fn what_was_erased_as_the_law_requires_leaves_a_journal_that_proves_itself() {
    let office = Office::new();
    fs::create_dir(&office.dir).unwrap();
    let why = "{\"why\":\"SK\"}";
    let (whole, hash) = forge(HEADER, &[(PUT, false), (PUT, false), (why, false)], [0; 32]);
    let (erased, same) = forge(HEADER, &[(PUT, true), (PUT, false), (why, true)], [0; 32]);
    assert_eq!(hash, same);
    for (text, gone) in [(whole, 0), (erased, 2)] {
        put(&office, text.as_bytes());
        let journal = office.open(SEGMENT_MAX);
        let lines = forwards(&journal, None);
        assert_eq!(
            (lines[0].erased, lines[0].changes.len()),
            (gone, if gone == 0 { 2 } else { 1 })
        );
        assert_eq!(lines[0].why, if gone == 0 { "SK" } else { "" });
        assert_eq!(lines[0].changes[0], {
            let mut change = setting(1, "");
            change.base.0 = 0;
            change
        });
        assert_eq!(journal.verify(&mut |_, _| true).unwrap().0, 1);
    }
}

#[test]
fn an_intact_line_this_version_cannot_read_is_said_to_be_so_and_never_cut_off() {
    let office = Office::new();
    fs::create_dir(&office.dir).unwrap();
    let newer = HEADER.replace("\"v\":1", "\"v\":3");
    put(&office, forge(&newer, &[(PUT, false)], [0; 32]).0.as_bytes());
    let opened = office.look(None, true, SEGMENT_MAX);
    assert_eq!(opened.damage.as_ref().unwrap().defect, Defect::Unknown);
    assert_read_only(opened, Head::default());

    for header in [
        HEADER.replace("\"req\":", "\"mood\":1,\"req\":"),
        HEADER.replace("\"via\":\"cli\"", "\"via\":\"telepathy\""),
    ] {
        assert_ne!(header, HEADER);
        put(&office, forge(&header, &[(PUT, false)], [0; 32]).0.as_bytes());
        let opened = office.look(None, true, SEGMENT_MAX);
        assert_eq!(opened.damage.as_ref().unwrap().defect, Defect::Unknown);
        assert_read_only(opened, Head::default());
    }

    for body in [
        "{\"id\":\"horoscopes/1\",\"base\":0,\"put\":{}}",
        "{\"id\":\"ratings/1\",\"base\":0,\"put\":{\"level\":9}}",
        "{\"id\":\"ratings/1\",\"base\":0}",
        "{\"id\":\"ratings/1\",\"base\":0,\"delete\":false}",
        "{\"id\":\"ratings/1\",\"base\":0,\"delete\":true,\"mood\":1}",
        "{}",
    ] {
        put(&office, forge(HEADER, &[(body, false)], [0; 32]).0.as_bytes());
        let journal = office.open(SEGMENT_MAX);
        let replayed = journal.replay(None, &mut |_| Ok(true));
        let Err(JournalError::Damaged(damage)) = replayed else { panic!("{body}") };
        assert_eq!((damage.line, damage.defect), (1, Defect::Unknown));
    }
}

#[test]
fn a_line_bears_the_version_of_what_it_holds_and_no_other() {
    for (version, with, intact) in
        [("1", "", true), ("2", "\"with\":1,", true), ("2", "", false), ("1", "\"with\":1,", false)]
    {
        let office = Office::new();
        fs::create_dir(&office.dir).unwrap();
        let (first, hash) = forge(HEADER, &[(PUT, false)], [0; 32]);
        let second = HEADER.replace("\"v\":1,\"seq\":1", &format!("\"v\":{version},\"seq\":2"));
        let (second, _) = forge(&format!("{second}{with}"), &[(PUT, false)], hash);
        put(&office, format!("{first}{second}").as_bytes());
        let opened = office.look(None, true, SEGMENT_MAX);
        assert_eq!(opened.journal.head().seq, if intact { 2 } else { 1 }, "{version} {with}");
    }
}

#[test]
fn a_line_with_parts_out_of_order_is_damage_even_if_its_hashes_are_right() {
    let header = |batch: &str| {
        HEADER.replace("\"req\":\"r\",", &format!("\"req\":\"r\",\"batch\":{batch},"))
    };
    for batches in [
        &["{\"part\":2}"] as &[&str],
        &["{\"part\":0}"],
        &["{\"commit\":1}"],
        &["{\"part\":1}", "{\"part\":3}"],
        &["{\"part\":1}", "{\"part\":1}"],
        &["{\"part\":1}", "{\"commit\":2}"],
        &["{\"part\":1}", "{\"part\":4294967295}"],
    ] {
        let office = Office::new();
        fs::create_dir(&office.dir).unwrap();
        let (mut text, mut prev) = (String::new(), [0; 32]);
        for batch in batches {
            let (line, hash) = forge(&header(batch), &[(PUT, false)], prev);
            text += &line;
            prev = hash;
        }
        put(&office, text.as_bytes());
        let opened = office.look(None, true, SEGMENT_MAX);
        let damage = opened.damage.as_ref().unwrap();
        assert_eq!((damage.line, damage.defect), (batches.len() as u64, Defect::Sequence));
        assert_read_only(opened, Head::default());
        assert_eq!(fs::read_to_string(first(&office)).unwrap(), text);
    }
}

#[test]
fn a_step_spread_over_two_segments_is_damage() {
    let office = Office::new();
    fs::create_dir(&office.dir).unwrap();
    let batch = |batch: &str| HEADER.replace("\"req\"", &format!("\"batch\":{batch},\"req\""));
    let (part, hash) = forge(&batch("{\"part\":1}"), &[(PUT, false)], [0; 32]);
    let (commit, _) = forge(&batch("{\"commit\":1}"), &[], hash);
    put(&office, format!("{part}{commit}").as_bytes());
    assert_eq!(office.open(SEGMENT_MAX).head().seq, 1);
    put(&office, part.as_bytes());
    fs::write(office.dir.join("000002.jsonl"), commit).unwrap();
    let opened = office.look(None, true, SEGMENT_MAX);
    let damage = opened.damage.as_ref().unwrap();
    assert_eq!((damage.file.as_str(), damage.defect), ("000002.jsonl", Defect::Sequence));
    assert_read_only(opened, Head::default());
}
