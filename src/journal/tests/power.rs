//! Power cuts on any office's day: of what was written since the disk last confirmed, any
//! sectors survive. What was acknowledged stands, nothing stands by half, and the officers
//! go on working.

use std::fs;

use super::super::line::prove;
use super::super::*;
use super::faults::{Told, check, import};
use super::faulty_disk::{Fault, FaultyDisk, REACHES, Remains};
use super::sectors::Dice;
use super::{Office, entry, save, setting};
use crate::domain::change::Change;

/// A day of single steps, of many at once, of imports and of ones given up, until the disk
/// has been asked for `requests` things. Returns what was told and every head on the way.
fn any_day(
    office: &Office,
    disk: &FaultyDisk,
    requests: u64,
    dice: &mut Dice,
) -> (Told, Vec<Head>) {
    let (mut told, mut heads) = (Told::default(), Vec::new());
    let dead = || disk.state().dead;
    let changes = |dice: &mut Dice| -> Vec<Change> {
        let longest = [20, 300, 1400][dice.below(3) as usize];
        let value = "x".repeat(dice.below(longest) as usize);
        (0..=dice.below(2)).map(|number| setting(number as u32, &value)).collect()
    };
    let mut journal = Journal::open_with(&office.dir, None, None, disk.means()).unwrap().journal;
    for round in 0.. {
        if dead() || disk.state().requests >= requests {
            break;
        }
        let req = |n: u64| format!("{round}-{n}");
        match dice.below(10) {
            0 => {
                let parts: Vec<_> = (0..dice.below(5)).map(|_| changes(dice)).collect();
                let count = parts.iter().map(Vec::len).sum();
                let result = import(&mut journal, &req(0), &parts);
                heads.extend(result.as_ref().ok());
                told.hear(&[(&req(0), count)], &result, dead());
            }
            1 => {
                let given_up = journal
                    .begin_batch(entry(&req(0), changes(dice)))
                    .and_then(|_| journal.part(&changes(dice)))
                    .and_then(|_| journal.cancel_batch());
                if let Err(error) = given_up {
                    told.hear(&[], &Err(error), dead());
                }
            }
            2 if !heads.is_empty() => {
                drop(journal);
                let trusted = Some(heads[dice.below(heads.len() as u64) as usize]);
                let opened = Journal::open_with(&office.dir, trusted, trusted, disk.means());
                journal = opened.unwrap().journal;
            }
            chosen => {
                let count = if chosen < 5 { 1 } else { 2 + dice.below(7) };
                let mut staged = Vec::new();
                let mut steps = Vec::new();
                let mut group = Ok(());
                for n in 0..count {
                    let changes = changes(dice);
                    steps.push((req(n), changes.len()));
                    group = group.and_then(|()| {
                        staged.push(journal.stage(&entry(&req(n), changes))?.head);
                        Ok(())
                    });
                }
                let result = group.and_then(|()| journal.commit());
                if result.is_ok() {
                    heads.extend(staged);
                }
                let steps: Vec<_> = steps.iter().map(|(req, n)| (req.as_str(), *n)).collect();
                told.hear(&steps, &result, dead());
            }
        }
    }
    (told, heads)
}

#[test]
fn a_power_cut_on_any_day_loses_nothing_saved_and_the_office_goes_on() {
    let (mut torn, mut holed) = (0, 0);
    let cuts = 6_000;
    for seed in 0..cuts {
        let mut dice = Dice::new(seed);
        let at = 1 + dice.below(40);
        let reach = REACHES[dice.below(4) as usize];
        let office = Office::new();
        let cut = Fault::PowerCut(reach, Remains::Sectors(seed));
        let disk = FaultyDisk::new(cut, at, &office.dir);
        disk.state().ahead = [0, 700, 4000][dice.below(3) as usize];
        let (told, heads) = any_day(&office, &disk, at, &mut dice);
        disk.pull_the_plug(&office.dir);

        // The store has applied what it had flushed: anything up to the last saved step.
        let some = |dice: &mut Dice| heads[dice.below(heads.len() as u64) as usize];
        let trusted = (!heads.is_empty() && dice.chance(70)).then(|| some(&mut dice));
        check(&office, &told, trusted, &format!("seed {seed}: {reach:?} at request {at}"));
        for file in fs::read_dir(&office.dir).into_iter().flatten() {
            let file = file.unwrap();
            if file.file_name().to_string_lossy().starts_with("torn-") {
                let left = fs::read(file.path()).unwrap();
                torn += 1;
                holed += u32::from(left.split(|byte| *byte == b'\n').any(|l| prove(l).is_ok()));
            }
        }
    }
    println!(
        "faults: {cuts} power cuts, {torn} tore the last write, {holed} of them left a hole \
         before an intact line"
    );
    assert!(torn > 500 && holed > 100);
}

/// Two steps alone, then four written in one go.
fn six_steps() -> (Office, Vec<Head>, Vec<u8>) {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    let mut heads = vec![Head::default()];
    let long = "x".repeat(2000);
    for number in 1..=2 {
        heads.push(save(&mut journal, &entry("alone", vec![setting(number, &long)])));
    }
    for number in 3..=6 {
        heads.push(journal.stage(&entry("group", vec![setting(number, &long)])).unwrap().head);
    }
    journal.commit().unwrap();
    let bytes = fs::read(office.dir.join("000001.jsonl")).unwrap();
    (office, heads, bytes)
}

#[test]
fn steps_written_in_one_go_name_the_first_of_them() {
    let (office, _, bytes) = six_steps();
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let start = if at < 3 { "{\"v\":1,\"seq\":" } else { "{\"v\":2,\"seq\":" };
        assert!(line.starts_with(start), "{line}");
        assert_eq!(line.contains(",\"with\":3,\"changes\":["), at >= 3, "{line}");
    }
    let journal = office.open(SEGMENT_MAX);
    for seq in 1..=6 {
        assert_eq!(journal.find(seq).unwrap().map(|places| places.len()), Some(1));
    }
}

#[test]
fn a_hole_in_a_last_write_is_torn_only_if_nobody_can_have_been_told() {
    let (office, heads, bytes) = six_steps();
    // The last whole sector of the line is lost; its header and its line feed survive.
    let lost = |line: usize| {
        let end = heads[line].end.offset as usize / 512 * 512;
        end - 512..end
    };
    for line in 1..=6 {
        for applied in 0..line {
            let mut holed = bytes.clone();
            holed[lost(line)].fill(0);
            fs::write(office.dir.join("000001.jsonl"), &holed).unwrap();
            let trusted = Some(heads[applied]).filter(|_| applied > 0);
            let opened = office.look(trusted, true, SEGMENT_MAX);
            // The first two were confirmed before the rest was written; so were all four
            // if the store has applied one of them.
            let told = line <= 2 || (applied >= 3);
            assert_eq!(opened.damage.is_some(), told, "line {line}, applied {applied}");
            assert_eq!(opened.torn.is_some(), !told, "line {line}, applied {applied}");
            assert_eq!(opened.journal.head(), heads[line - 1]);
            if let Some(name) = opened.torn {
                fs::remove_file(office.dir.join(name)).unwrap();
            }
        }
    }
}

#[test]
fn a_line_altered_in_a_last_write_is_damage_and_not_a_hole() {
    let (office, heads, bytes) = six_steps();
    for line in 1..6 {
        let mut altered = bytes.clone();
        altered[heads[line].end.offset as usize - 600] ^= 1;
        fs::write(office.dir.join("000001.jsonl"), &altered).unwrap();
        let opened = office.look(None, true, SEGMENT_MAX);
        assert_eq!(opened.damage.map(|damage| damage.line), Some(line as u64));
    }
}

#[test]
fn lines_altered_here_and_there_are_damage_even_where_they_are_the_last() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    let heads: Vec<Head> =
        (1..=3).map(|n| save(&mut journal, &entry("alone", vec![setting(n, "x")]))).collect();
    let path = office.dir.join("000001.jsonl");
    let mut bytes = fs::read(&path).unwrap();
    for line in [1, 2] {
        bytes[heads[line].end.offset as usize - 20] ^= 1;
    }
    fs::write(&path, &bytes).unwrap();
    let opened = office.look(None, true, SEGMENT_MAX);
    assert_eq!(opened.damage.map(|damage| damage.line), Some(2));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn zeros_written_ahead_are_no_part_of_the_journal_and_go_when_it_closes() {
    let office = Office::new();
    let ahead = || Means { ahead: 5000, ..super::means(SEGMENT_MAX) };
    let open = || Journal::open_with(&office.dir, None, None, ahead()).unwrap();
    let path = office.dir.join("000001.jsonl");
    let length = || fs::metadata(&path).unwrap().len();

    let mut journal = open().journal;
    for number in 1..=30 {
        let head = save(&mut journal, &entry("one", vec![setting(number, "x")]));
        assert!(length() >= head.end.offset);
    }
    // Killed, it is found as it was left.
    let head = journal.head();
    assert!(length() > head.end.offset);
    drop(journal);
    let opened = open();
    assert_eq!((opened.damage, opened.torn, opened.unfinished), (None, None, false));
    let mut journal = opened.journal;
    assert_eq!(journal.head(), head);
    assert_eq!(length(), head.end.offset);

    let head = save(&mut journal, &entry("one", vec![setting(1, "y")]));
    assert!(length() > head.end.offset);
    journal.close();
    assert_eq!(length(), head.end.offset);

    // Where steps stand behind them, zeros are a hole.
    let mut bytes = fs::read(&path).unwrap();
    bytes[head.end.offset as usize / 2..][..600].fill(0);
    bytes.extend([0; 5000]);
    fs::write(&path, &bytes).unwrap();
    assert!(open().damage.is_some());
}
