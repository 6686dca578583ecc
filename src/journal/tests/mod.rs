//! What an office relies on while nothing goes wrong: what was saved is read back, in
//! order, forwards and backwards, over any number of segments. What happens when something
//! does go wrong is in `faults` and `wreck`.

#![allow(clippy::unwrap_used)]

mod any;
mod copies;
mod erase;
mod faults;
mod faulty_disk;
mod power;
mod sectors;
mod wreck;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeZone, Utc};
use tempfile::TempDir;

use super::*;
use crate::domain::change::{CHANGES_MAX, Change, RequestId, Via};
use crate::domain::kinds::setting::Setting;
use crate::domain::record::{Kind, RecordId, Revision};

pub(super) fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 5, 0, 0).unwrap()
}

pub(super) fn setting(number: u32, value: &str) -> Change {
    let after = Setting { name: "office_name".into(), value: value.into() };
    let id = RecordId::new(Kind::Settings, number);
    Change { id, base: Revision(0), after: Some(after.into()) }
}

pub(super) fn entry(req: &str, changes: Vec<Change>) -> NewEntry {
    NewEntry {
        at: noon(),
        by: "siti".into(),
        via: Via::Tui,
        req: RequestId(req.into()),
        undoes: None,
        why: String::new(),
        changes,
        erases: vec![],
        reasons: vec![],
    }
}

/// Salts 0, 1, 2… so that a line is the same every time.
pub(super) fn counted_salts() -> Salts {
    let mut next = 0_u128;
    Box::new(move || {
        next += 1;
        Ok((next - 1).to_be_bytes())
    })
}

pub(super) fn means(segment_max: u64) -> Means {
    Means { salts: counted_salts(), segment_max, ahead: 0, ..Means::default() }
}

pub(super) struct Office {
    _root: TempDir,
    pub dir: PathBuf,
}

impl Office {
    pub(super) fn new() -> Self {
        // In memory where there is such a place: thousands of offices are opened and wrecked.
        let root = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let dir = root.path().join("journal");
        Self { _root: root, dir }
    }

    /// Opens what must be in order.
    pub(super) fn open(&self, segment_max: u64) -> Journal {
        let opened = self.look(None, true, segment_max);
        assert_eq!(opened.damage, None);
        assert_eq!(opened.torn, None);
        assert!(opened.locked.is_none());
        opened.journal
    }

    pub(super) fn look(&self, trusted: Option<Head>, full: bool, segment_max: u64) -> Opened {
        Journal::open_with(&self.dir, trusted, trusted.filter(|_| !full), means(segment_max))
            .unwrap()
    }
}

pub(super) fn save(journal: &mut Journal, entry: &NewEntry) -> Head {
    journal.stage(entry).unwrap();
    journal.commit().unwrap()
}

pub(super) fn forwards(journal: &Journal, from: Option<Head>) -> Vec<Line> {
    let mut lines = Vec::new();
    journal
        .replay(from, &mut |line| {
            lines.push(line);
            Ok(true)
        })
        .unwrap();
    lines
}

pub(super) fn newest_first(journal: &Journal, before: Option<u64>) -> Vec<Line> {
    let mut lines = Vec::new();
    journal
        .backwards(before, &mut |line| {
            lines.push(line);
            Ok(true)
        })
        .unwrap();
    lines
}

fn segment_names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_fresh_office_has_an_empty_journal_and_no_folder() {
    let office = Office::new();
    let journal = office.open(SEGMENT_MAX);
    assert_eq!(journal.head(), Head::default());
    assert!(forwards(&journal, None).is_empty());
    assert!(newest_first(&journal, None).is_empty());
    assert_eq!(journal.find(1).unwrap(), None);
    assert_eq!(journal.verify(&mut |_, _| true).unwrap(), (0, Head::default(), 0));
    assert!(journal.stamps().is_empty());
    assert!(!office.dir.exists());
}

#[test]
fn a_step_that_would_be_read_otherwise_is_refused_and_nothing_of_it_is_kept() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    save(&mut journal, &entry("a", vec![setting(1, "x")]));
    // A record under the name of another kind.
    let mut astray = setting(1, "y");
    astray.id = RecordId::new(Kind::Units, 1);
    let both = entry("b", vec![setting(2, "y"), astray.clone()]);
    assert!(matches!(journal.stage(&both), Err(JournalError::NotAsWritten)));
    journal.begin_batch(entry("c", vec![setting(3, "y")])).unwrap();
    assert!(matches!(journal.part(&[astray]), Err(JournalError::NotAsWritten)));
    journal.cancel_batch().unwrap();
    save(&mut journal, &entry("d", vec![setting(4, "z")]));
    let lines = forwards(&office.open(SEGMENT_MAX), None);
    let reqs: Vec<_> = lines.iter().map(|line| line.header.req.0.as_str()).collect();
    assert_eq!(reqs, ["a", "d"]);
}

#[test]
fn what_was_saved_is_read_back_after_reopening() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    let mut first = entry("a", vec![setting(1, "Kota Palembang"), setting(2, "WIB")]);
    first.why = "Perda \"5\"\n2026 \u{2028} é".into();
    let delete = Change { id: RecordId::new(Kind::Settings, 1), base: Revision(1), after: None };
    let second = NewEntry { undoes: Some(1), via: Via::Cli, ..entry("b", vec![delete]) };
    let staged = [journal.stage(&first).unwrap(), journal.stage(&second).unwrap()];
    let head = journal.commit().unwrap();
    assert_eq!(journal.head(), head);
    assert_eq!(head.seq, 2);

    let journal = office.open(SEGMENT_MAX);
    assert_eq!(journal.head(), head);
    let lines = forwards(&journal, None);
    assert_eq!(lines.len(), 2);
    for (line, (entry, staged)) in lines.iter().zip([(&first, staged[0]), (&second, staged[1])]) {
        assert_eq!((line.header.seq, line.place), (staged.seq, staged.place));
        assert_eq!((line.header.at, &line.header.by), (entry.at, &entry.by));
        assert_eq!((line.header.via, line.header.undoes), (entry.via, entry.undoes));
        assert_eq!((&line.why, &line.changes), (&entry.why, &entry.changes));
        assert_eq!(&journal.read(line.place).unwrap(), line);
        assert_eq!(journal.find(line.header.seq).unwrap(), Some(vec![line.place]));
        assert!(line.is_last());
    }
    assert_eq!(lines[1].head(), head);
    assert_eq!(forwards(&journal, Some(lines[0].head())), lines[1..]);
    assert!(forwards(&journal, Some(head)).is_empty());
    assert_eq!(journal.verify(&mut |_, _| true).unwrap(), (2, head, 0));
}

#[test]
fn a_line_looks_as_it_always_has() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    let mut step = entry("r-1", vec![setting(1, "Kota Palembang")]);
    let id = RecordId::new(Kind::Units, 1000);
    step.changes.push(Change { id, base: Revision(7), after: None });
    step.why = "SK 12/2026".into();
    step.undoes = Some(3);
    save(&mut journal, &step);
    let written = fs::read_to_string(office.dir.join("000001.jsonl")).unwrap();
    assert_eq!(written, GOLDEN);
}

// The hashes were checked with another program from the description in `line`.
const GOLDEN: &str = concat!(
    r#"{"v":1,"seq":1,"at":"2026-03-02T05:00:00Z","by":"siti","via":"tui","req":"r-1","undoes":3,"#,
    r#""changes":[{"digest":"2f295e889d1a0553b15768b25a815bfea0d3fdb736e02219ae0c78f787228e14","salt":"00000000000000000000000000000000","body":{"id":"settings/1","base":0,"put":{"name":"office_name","value":"Kota Palembang"}}},"#,
    r#"{"digest":"ff98653c82d78ef859e66dc71c2df232e8d1c8c6a77e66c5ef986dae8c208468","salt":"00000000000000000000000000000001","body":{"id":"units/1000","base":7,"delete":true}},"#,
    r#"{"digest":"8043f2b8090bd9ef7314a3327f9327231efce3d2e643aed9bf73e95f8f13afb5","salt":"00000000000000000000000000000002","body":{"why":"SK 12/2026"}}"#,
    r#"],"prev":"0000000000000000000000000000000000000000000000000000000000000000","hash":"3a251fe223739b94ec4025a3360ff584b462a2e6c7d10c1df932a516126916f3"}"#,
    "\n",
);

#[test]
fn only_the_owner_may_look_into_the_journal() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::new();
    save(&mut office.open(SEGMENT_MAX), &entry("a", vec![setting(1, "x")]));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&office.dir), 0o700);
    assert_eq!(mode(&office.dir.join("000001.jsonl")), 0o600);
}

#[test]
fn steps_dropped_before_their_commit_leave_no_trace() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    let head = save(&mut journal, &entry("a", vec![setting(1, "x")]));
    journal.stage(&entry("b", vec![setting(1, "y")])).unwrap();
    journal.discard();
    assert_eq!(journal.commit().unwrap(), head);
    assert_eq!(save(&mut journal, &entry("c", vec![setting(1, "z")])).seq, 2);
    assert_eq!(forwards(&office.open(SEGMENT_MAX), None)[1].header.req.0, "c");
}

#[test]
fn an_import_is_one_step_that_comes_part_by_part() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    let mut import = entry("import", vec![]);
    import.why = "Data awal".into();
    assert_eq!(journal.begin_batch(import).unwrap(), 1);
    let mut places = Vec::new();
    for part in 0..3 {
        places.push(journal.part(&[setting(part, "a"), setting(part + 10, "b")]).unwrap());
        assert_eq!(journal.head().seq, 0);
        assert!(forwards(&journal, None).is_empty(), "readers see the old state");
        assert_eq!(journal.read(places[0]).unwrap().changes.len(), 2);
    }
    assert!(matches!(journal.stage(&entry("x", vec![])), Err(JournalError::Busy)));
    assert!(matches!(journal.commit(), Err(JournalError::Busy)));
    let head = journal.commit_batch().unwrap();
    assert_eq!(head.seq, 1);
    let next = save(&mut journal, &entry("after", vec![setting(1, "c")]));
    assert_eq!(next.seq, 2);

    let journal = office.open(SEGMENT_MAX);
    let lines = forwards(&journal, None);
    let last: Vec<_> = lines.iter().map(Line::is_last).collect();
    assert_eq!(last, [false, false, false, true, true]);
    assert_eq!(lines[2].header.batch, Some(Batch::Part(3)));
    assert_eq!(lines[3].header.batch, Some(Batch::Commit(3)));
    assert_eq!((lines[3].why.as_str(), lines[3].changes.len()), ("Data awal", 0));
    assert_eq!(lines[3].head(), head);
    places.push(lines[3].place);
    assert_eq!(journal.find(1).unwrap(), Some(places));
    let mut entries = Vec::new();
    journal
        .entries_backwards(None, &mut |line| {
            entries.push((line.header.seq, line.header.batch));
            Ok(true)
        })
        .unwrap();
    assert_eq!(entries, [(2, None), (1, Some(Batch::Commit(3)))]);
    assert_eq!(journal.verify(&mut |_, _| true).unwrap().0, 2);
}

#[test]
fn a_cancelled_import_was_never_there() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    let head = save(&mut journal, &entry("a", vec![setting(1, "x")]));
    let stamp = journal.stamps()[0].len;
    journal.begin_batch(entry("import", vec![])).unwrap();
    journal.part(&[setting(2, "y")]).unwrap();
    journal.cancel_batch().unwrap();
    assert!(matches!(journal.part(&[]), Err(JournalError::NoBatch)));
    assert_eq!(journal.stamps()[0].len, stamp);
    assert_eq!(journal.head(), head);
    assert_eq!(save(&mut journal, &entry("b", vec![setting(1, "z")])).seq, 2);
    assert_eq!(forwards(&office.open(SEGMENT_MAX), None).len(), 2);
}

#[test]
fn an_import_left_unfinished_is_cut_off_when_the_office_opens_again() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    let head = save(&mut journal, &entry("a", vec![setting(1, "x")]));
    journal.begin_batch(entry("import", vec![])).unwrap();
    journal.part(&[setting(2, "y")]).unwrap();
    drop(journal);
    for trusted in [None, Some(head)] {
        let opened = office.look(trusted, trusted.is_none(), SEGMENT_MAX);
        assert_eq!(opened.unfinished, trusted.is_none(), "cut off the first time");
        assert_eq!((opened.torn, opened.damage), (None, None));
        assert_eq!(opened.journal.head(), head);
        assert_eq!(opened.journal.stamps()[0].len, head.end.offset);
    }
}

#[test]
fn more_than_an_entry_holds_is_refused_and_leaves_no_trace() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    let many = vec![setting(1, "x"); CHANGES_MAX + 1];
    assert!(matches!(journal.stage(&entry("a", many.clone())), Err(JournalError::TooLarge)));
    let long = entry(&"r".repeat(70_000), vec![]);
    assert!(matches!(journal.stage(&long), Err(JournalError::TooLarge)));
    assert_eq!(journal.commit().unwrap(), Head::default());
    journal.begin_batch(entry("b", vec![])).unwrap();
    assert!(matches!(journal.part(&many), Err(JournalError::TooLarge)));
    journal.part(&many[1..]).unwrap();
    journal.commit_batch().unwrap();
    let lines = forwards(&office.open(SEGMENT_MAX), None);
    assert_eq!(lines.iter().map(|line| line.changes.len()).collect::<Vec<_>>(), [CHANGES_MAX, 0]);
}

#[test]
fn segments_close_between_steps_and_read_as_one_journal() {
    let office = Office::new();
    let mut journal = office.open(2000);
    for number in 0..20 {
        save(&mut journal, &entry("s", vec![setting(number, "x")]));
        if number % 7 == 3 {
            journal.begin_batch(entry("import", vec![])).unwrap();
            for part in 0..12 {
                journal.part(&[setting(part, "import")]).unwrap();
            }
            journal.commit_batch().unwrap();
        }
    }
    let head = journal.head();
    assert_eq!(head.seq, 23);
    let names = segment_names(&office.dir);
    assert!(names.len() > 5, "{names:?}");
    assert_eq!(names[0], "000001.jsonl");

    let journal = office.open(2000);
    let lines = forwards(&journal, None);
    assert_eq!(lines.len(), 20 + 3 * 13);
    for line in &lines {
        assert_eq!(&journal.read(line.place).unwrap(), line);
        let places = journal.find(line.header.seq).unwrap().unwrap();
        assert!(places.contains(&line.place));
        assert!(places.iter().all(|place| place.segment == line.place.segment));
        if line.is_last() {
            let rest: Vec<_> =
                lines.iter().filter(|l| l.header.seq > line.header.seq).cloned().collect();
            assert_eq!(forwards(&journal, Some(line.head())), rest);
            let opened = office.look(Some(line.head()), false, 2000);
            assert_eq!((opened.standing, opened.journal.head()), (Standing::Continues, head));
        }
    }
    for before in 0..=25 {
        let mut expected: Vec<_> =
            lines.iter().filter(|line| line.header.seq < before).cloned().collect();
        expected.reverse();
        assert_eq!(newest_first(&journal, Some(before)), expected, "before {before}");
    }
    let (mut last, mut called) = (0, 0);
    journal
        .verify(&mut |done, total| {
            assert!(done >= last && done <= total);
            (last, called) = (done, called + 1);
            true
        })
        .unwrap();
}

#[test]
fn an_entry_is_found_among_long_lines_and_short_ones() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    for seq in 0..40_u32 {
        let size = if seq % 5 == 0 { 150_000 } else { 10 };
        save(&mut journal, &entry("s", vec![setting(seq, &"x".repeat(size))]));
        if seq % 10 == 9 {
            journal.begin_batch(entry("import", vec![])).unwrap();
            for _ in 0..5 {
                journal.part(&[setting(seq, &"y".repeat(40_000))]).unwrap();
            }
            journal.commit_batch().unwrap();
        }
    }
    let mut places: BTreeMap<u64, Vec<Place>> = BTreeMap::new();
    for line in forwards(&journal, None) {
        places.entry(line.header.seq).or_default().push(line.place);
    }
    for seq in 1..=journal.head().seq {
        assert_eq!(journal.find(seq).unwrap(), places.get(&seq).cloned(), "entry {seq}");
    }
    assert_eq!(journal.find(0).unwrap(), None);
    assert_eq!(journal.find(journal.head().seq + 1).unwrap(), None);
}

#[test]
fn reading_stops_when_the_officer_has_seen_enough() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    for _ in 0..10 {
        save(&mut journal, &entry("s", vec![setting(1, "x")]));
    }
    let mut seen = 0;
    let mut three = |_| {
        seen += 1;
        Ok(seen % 3 != 0)
    };
    journal.replay(None, &mut three).unwrap();
    journal.backwards(None, &mut three).unwrap();
    journal.entries_backwards(None, &mut three).unwrap();
    assert_eq!(seen, 9);
}

#[test]
fn a_history_being_read_does_not_see_what_is_saved_meanwhile() {
    let office = Office::new();
    let mut journal = office.open(SEGMENT_MAX);
    save(&mut journal, &entry("a", vec![setting(1, "x")]));
    let reader = journal.reader();
    save(&mut journal, &entry("b", vec![setting(1, "y")]));
    let mut seen = Vec::new();
    let read = std::thread::spawn(move || {
        reader.backwards(None, &mut |line| {
            seen.push(line.header.req.0);
            Ok(true)
        })?;
        Ok::<_, JournalError>(seen)
    });
    assert_eq!(read.join().unwrap().unwrap(), ["a"]);
}
