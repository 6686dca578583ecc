//! A journal taken elsewhere stretch by stretch while it is written, and one cut off behind
//! its last sound step.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::super::segment::stamps;
use super::super::*;
use super::{Office, counted_salts, entry, forwards, save, setting};
use crate::domain::change::Place;

/// Small segments, an import among the steps.
fn filled(office: &Office, steps: u32) -> Journal {
    let mut journal = office.open(1200);
    for step in 0..steps {
        if step % 5 == 3 {
            journal.begin_batch(entry(&format!("i{step}"), vec![])).unwrap();
            for part in 0..4 {
                journal.part(&[setting(part, "x"), setting(part + 9, "y")]).unwrap();
            }
            journal.commit_batch().unwrap();
        } else {
            save(&mut journal, &entry(&format!("s{step}"), vec![setting(1, &step.to_string())]));
        }
    }
    journal
}

/// The whole journal as stretches of at most `most` bytes, proven on the way.
fn taken(
    journal: &mut Journal,
    most: u64,
    meanwhile: &mut dyn FnMut(&mut Journal),
) -> Vec<Stretch> {
    let head = journal.head();
    let (mut from, mut stretches, mut proof) = (Place::default(), Vec::new(), Proof::default());
    let mut segment = 0;
    while from < head.end {
        let stretch = journal.reader().stretch(from, head, most).unwrap();
        if stretch.segment != segment {
            segment = stretch.segment;
            proof.segment(segment).unwrap();
        }
        proof.bytes(&stretch.bytes).unwrap();
        from = stretch.next;
        stretches.push(stretch);
        meanwhile(journal);
    }
    assert_eq!(from, head.end);
    assert_eq!(proof.head(), Ok(head));
    stretches
}

#[test]
fn stretches_make_the_journal_as_it_was_when_the_first_was_taken() {
    for most in [1, 7, 100, 1200, 1 << 20] {
        let office = Office::new();
        let mut journal = filled(&office, 12);
        let before: Vec<_> = stamps(&office.dir);
        assert!(before.len() > 3, "{before:?}");
        let mut files: Vec<Vec<u8>> = Vec::new();
        for stamp in &before {
            files.push(fs::read(office.dir.join(segment_name(stamp.segment))).unwrap());
        }
        let mut count = 0;
        let stretches = taken(&mut journal, most, &mut |journal| {
            count += 1;
            if count % 50 == 1 {
                save(journal, &entry(&format!("more{count}"), vec![setting(2, "later")]));
            }
        });
        for (file, number) in files.iter().zip(1..) {
            let of_it = stretches.iter().filter(|stretch| stretch.segment == number);
            let copy: Vec<u8> = of_it.clone().flat_map(|stretch| stretch.bytes.clone()).collect();
            assert_eq!(copy, *file);
            assert!(of_it.clone().all(|stretch| stretch.length == file.len() as u64));
        }
        assert!(stretches.iter().all(|stretch| stretch.bytes.len() as u64 <= most));
    }
}

#[test]
fn what_is_not_in_the_journal_is_not_handed_out() {
    let office = Office::new();
    let mut journal = filled(&office, 3);
    let head = journal.head();
    let beyond = Head { end: Place { offset: head.end.offset + 1, ..head.end }, ..head };
    for (from, head) in [
        (Place::default(), beyond),
        (head.end, head),
        (Place { segment: 99, offset: 0 }, head),
        (Place { segment: 1, offset: 0 }, Head { end: Place { segment: 99, offset: 0 }, ..head }),
    ] {
        let refused = journal.reader().stretch(from, head, 100);
        assert!(matches!(refused, Err(JournalError::NotHere)), "{from:?}");
    }
    // Written and not committed is not there either.
    journal.begin_batch(entry("i", vec![])).unwrap();
    journal.part(&[setting(1, "x")]).unwrap();
    let last = Place { offset: 0, ..head.end };
    let stretch = journal.reader().stretch(last, head, 1 << 20).unwrap();
    assert_eq!((stretch.length, stretch.next), (head.end.offset, head.end));
    // An offset in nowhere gives nothing, and the next is further on.
    let nowhere = Place { segment: 1, offset: 1 << 40 };
    if let Ok(stretch) = journal.reader().stretch(nowhere, head, 100) {
        assert_eq!(stretch.bytes, [0; 0]);
    }
}

#[test]
fn a_bent_byte_anywhere_fails_the_proof() {
    let office = Office::new();
    filled(&office, 4);
    let whole = fs::read(office.dir.join("000001.jsonl")).unwrap();
    let prove = |bytes: &[u8]| {
        let mut proof = Proof::default();
        proof.segment(1)?;
        for piece in bytes.chunks(64) {
            proof.bytes(piece)?;
        }
        proof.head()
    };
    let head = prove(&whole).unwrap();
    for at in 0..whole.len() {
        let mut bent = whole.clone();
        bent[at] ^= 1;
        assert_ne!(prove(&bent).ok(), Some(head), "byte {at}");
        assert_ne!(prove(&whole[..at]).ok(), Some(head), "cut at {at}");
    }
    let mut proof = Proof::default();
    assert_eq!(proof.segment(2).unwrap_err().defect, Defect::Missing);
}

#[test]
fn a_journal_cut_off_goes_on_from_its_last_sound_step_and_the_rest_is_kept() {
    for damaged in 0..6 {
        let office = Office::new();
        let journal = filled(&office, 12);
        let lines = forwards(&journal, None);
        let all: u64 = stamps(&office.dir).iter().map(|stamp| stamp.len).sum();
        let steps: Vec<_> = lines.iter().filter(|line| line.is_last()).collect();
        let last = steps.len() as u64;
        drop(journal);
        // A hole of zeros where this step stands, as a power cut may leave it.
        let place = steps[damaged].place;
        let path = office.dir.join(segment_name(place.segment));
        let mut bytes = fs::read(&path).unwrap();
        bytes[place.offset as usize..][..150].fill(0);
        fs::write(&path, bytes).unwrap();

        let opened = office.look(None, true, 1200);
        assert!(opened.damage.is_some());
        let until = opened.sound_until();
        assert_eq!(until.seq, damaged as u64);
        let aside = office.dir.with_file_name("aside");
        fs::create_dir(&aside).unwrap();
        let cut = opened.cut_off(&aside).unwrap();
        assert_eq!(cut.last_seq, Some(last), "{cut:?}");
        let kept: u64 = stamps(&office.dir).iter().map(|stamp| stamp.len).sum();
        assert_eq!(kept + cut.bytes, all);
        let moved: u64 =
            cut.files.iter().map(|name| fs::metadata(aside.join(name)).unwrap().len()).sum();
        assert_eq!(moved, cut.bytes);
        let mut journal = office.open(1200);
        assert_eq!(journal.head(), until);
        assert_eq!(journal.verify(&mut |_, _| true).unwrap(), (until.seq, until, 0));
        save(&mut journal, &entry("again", vec![setting(1, "on")]));
        assert_eq!(office.open(1200).head().seq, until.seq + 1);
    }
}

/// Does what it is asked until the n-th request, and then nothing more.
struct Dies(u64);

impl Dies {
    fn ask(&mut self) -> io::Result<()> {
        self.0 = self.0.saturating_sub(1);
        if self.0 == 0 { Err(io::ErrorKind::Other.into()) } else { Ok(()) }
    }
}

impl Disk for Dies {
    fn create_folder(&mut self, path: &Path) -> io::Result<()> {
        self.ask().and_then(|()| OsDisk.create_folder(path))
    }
    fn create(&mut self, path: &Path) -> io::Result<File> {
        self.ask().and_then(|()| OsDisk.create(path))
    }
    fn write(&mut self, file: &File, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.ask().and_then(|()| OsDisk.write(file, at, bytes))
    }
    fn sync(&mut self, file: &File) -> io::Result<()> {
        self.ask().and_then(|()| OsDisk.sync(file))
    }
    fn sync_folder(&mut self, path: &Path) -> io::Result<()> {
        self.ask().and_then(|()| OsDisk.sync_folder(path))
    }
    fn truncate(&mut self, file: &File, length: u64) -> io::Result<()> {
        self.ask().and_then(|()| OsDisk.truncate(file, length))
    }
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.ask().and_then(|()| fs::rename(from, to))
    }
    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.ask().and_then(|()| OsDisk.remove(path))
    }
}

#[test]
fn a_cut_that_is_killed_anywhere_is_done_by_the_next_and_loses_no_byte() {
    let mut tried = 0;
    for dies_at in 1.. {
        let office = Office::new();
        drop(filled(&office, 14));
        let path = office.dir.join("000001.jsonl");
        let mut bytes = fs::read(&path).unwrap();
        let second = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        bytes[second + 100] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let (first, again) =
            (office.dir.with_file_name("first"), office.dir.with_file_name("again"));
        for folder in [&first, &again] {
            fs::create_dir(folder).unwrap();
        }
        let dying = Means {
            disk: Box::new(Dies(dies_at)),
            salts: counted_salts(),
            segment_max: 1200,
            ahead: 0,
        };
        let opened = Journal::open_with(&office.dir, None, None, dying).unwrap();
        let until = opened.sound_until();
        let done = opened.cut_off(&first).is_ok();
        if !done {
            // As damaged as before, until it is sound: never shorter than what is sound.
            let opened = office.look(None, true, 1200);
            assert_eq!(opened.sound_until(), until, "{dies_at}");
            if opened.damage.is_some() {
                opened.cut_off(&again).unwrap();
            }
        }
        let journal = office.open(1200);
        assert_eq!(journal.head(), until, "{dies_at}");
        // The damaged line and every later segment stand in one folder or the other.
        let aside = |name: &str| [&first, &again].map(|folder| folder.join(name)).into_iter();
        let tail = format!("000001-{}.jsonl", until.end.offset);
        let kept = &bytes[until.end.offset as usize..];
        assert!(aside(&tail).any(|file| fs::read(file).is_ok_and(|is| is == kept)), "{dies_at}");
        assert!(aside("000002.jsonl").any(|file| file.exists()), "{dies_at}");
        tried += 1;
        if done {
            break;
        }
    }
    println!("killed at {tried} places");
    assert!(tried > 5);
}
