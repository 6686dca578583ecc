//! The file of a backup: what goes in comes out, nothing else is taken for one.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use super::*;
use crate::domain::change::{Change, Place, RequestId, Via};
use crate::domain::kinds::setting::Setting;
use crate::domain::record::{Kind, RecordId, Revision};
use crate::journal::{Journal, Means, NewEntry, segment_name};

fn at() -> DateTime<Utc> {
    "2026-11-22T03:15:00Z".parse().unwrap()
}

/// A journal of several segments.
fn journal(dir: &Path, steps: u32) -> Journal {
    let means = Means { segment_max: 2000, ahead: 0, ..Means::default() };
    let mut journal = Journal::open_with(dir, None, None, means).unwrap().journal;
    for step in 0..steps {
        let after = Setting { name: "office_name".into(), value: format!("Kantor {step}") };
        let id = RecordId::new(Kind::Settings, 1);
        let change = Change { id, base: Revision(0), after: Some(after.into()) };
        let entry = NewEntry {
            at: at(),
            by: "siti".into(),
            via: Via::Cli,
            req: RequestId(step.to_string()),
            undoes: None,
            erases: Vec::new(),
            reasons: Vec::new(),
            why: String::new(),
            changes: vec![change],
        };
        journal.stage(&entry).unwrap();
        journal.commit().unwrap();
    }
    journal
}

fn write(journal: &Journal, seal: &Seal, piece: u64) -> Result<Vec<u8>, BackupError> {
    let head = journal.head();
    let mut writer = BackupWriter::new(Vec::new(), seal, About::new(at(), "Kantor", head))?;
    let (mut from, mut segment) = (Place::default(), 0);
    while from < head.end {
        let stretch = journal.reader().stretch(from, head, piece).unwrap();
        if stretch.segment != segment {
            segment = stretch.segment;
            writer.segment(segment, stretch.length)?;
        }
        writer.bytes(&stretch.bytes)?;
        from = stretch.next;
    }
    writer.finish()
}

fn keys() -> (Seal, impl Fn() -> BackupKey) {
    let key = NewKey::make(at());
    let seal = Seal::to([&key.recipient]).unwrap();
    (seal, move || BackupKey::from_file(key.file()).unwrap())
}

fn restored(bytes: &[u8], key: BackupKey, to: &Path) -> Result<About, BackupError> {
    let reader = BackupReader::open(bytes, key)?;
    let about = reader.about().clone();
    reader.unpack(to, &mut |_| {})?;
    Ok(about)
}

/// What is inside, without encryption and compression.
fn plain(bytes: &[u8], key: BackupKey) -> Vec<u8> {
    let identities = key.identities();
    let sealed = age::Decryptor::new(bytes).unwrap();
    let opened = sealed.decrypt(identities.iter().map(AsRef::as_ref)).unwrap();
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(opened).read_to_end(&mut plain).unwrap();
    plain
}

/// As [`plain`], the other way.
fn sealed(plain: &[u8], seal: &Seal) -> Vec<u8> {
    let to = seal.encryptor().unwrap().wrap_output(Vec::new()).unwrap();
    let mut to = flate2::write::GzEncoder::new(to, flate2::Compression::fast());
    to.write_all(plain).unwrap();
    to.finish().unwrap().finish().unwrap()
}

#[test]
fn a_journal_of_several_segments_comes_out_as_it_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let (seal, key) = keys();
    let dir = folder.path().join("journal");
    let journal = journal(&dir, 30);
    assert!(journal.head().end.segment > 3);
    for piece in [13, 700, 1 << 20] {
        let bytes = write(&journal, &seal, piece).unwrap();
        let to = folder.path().join(format!("to-{piece}"));
        let about = restored(&bytes, key(), &to).unwrap();
        assert_eq!((about.head, about.at), (journal.head(), at()));
        for segment in 1..=journal.head().end.segment {
            let read = |dir: &Path| fs::read(dir.join(segment_name(segment))).unwrap();
            assert_eq!(read(&dir), read(&to));
        }
        assert_eq!(Journal::open(&to, None, None).unwrap().journal.head(), journal.head());
    }
}

#[test]
fn what_is_inside_is_an_archive_that_any_tar_opens() {
    let folder = tempfile::tempdir().unwrap();
    let (seal, key) = keys();
    let journal = journal(&folder.path().join("journal"), 12);
    let bytes = write(&journal, &seal, 500).unwrap();
    let file = folder.path().join("plain.tar");
    fs::write(&file, plain(&bytes, key())).unwrap();
    let output = std::process::Command::new("tar").arg("-tf").arg(&file).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    let names = String::from_utf8(output.stdout).unwrap();
    assert!(names.starts_with("kompeten.json\njournal/000001.jsonl\n"), "{names}");
}

#[test]
fn an_archive_that_was_tampered_with_under_the_right_key_is_no_backup() {
    let folder = tempfile::tempdir().unwrap();
    let (seal, key) = keys();
    let journal = journal(&folder.path().join("journal"), 12);
    let whole = plain(&write(&journal, &seal, 500).unwrap(), key());
    let mut count = 0;
    let mut try_one = |plain: &[u8]| {
        count += 1;
        let to = folder.path().join(format!("to-{count}"));
        restored(&sealed(plain, &seal), key(), &to).map(|_| ())
    };
    try_one(&whole).unwrap();
    assert!(matches!(try_one(b""), Err(BackupError::Damaged)));
    assert!(matches!(try_one(&[b'x'; 2000]), Err(BackupError::NotABackup)));
    for cut in [100, 600, 1024, 1100, 1536, whole.len() / 2, whole.len() - 1024] {
        assert!(matches!(try_one(&whole[..cut]), Err(BackupError::Damaged)), "{cut}");
    }
    let behind = [&whole[..], b"and more"].concat();
    assert!(matches!(try_one(&behind), Err(BackupError::Damaged)));
    // Another name; of the same letters, so that the sum is right.
    let at = whole.windows(8).position(|text| text == b"journal/").unwrap();
    let mut file = whole.clone();
    file[at..at + 8].copy_from_slice(b"/journal");
    assert!(matches!(try_one(&file), Err(BackupError::Damaged)));
    // Lines that are not those the head was made of.
    let mut altered = whole.clone();
    let at = whole.windows(8).position(|text| text == b"Kantor 5").unwrap();
    altered[at + 7] = b'7';
    assert!(matches!(try_one(&altered), Err(BackupError::Journal(_))));
    // A head that is not the one of the lines.
    let text = String::from_utf8_lossy(&whole).into_owned();
    let other = text.replacen("\"seq\": 12", "\"seq\": 11", 1);
    assert!(matches!(try_one(other.as_bytes()), Err(BackupError::Journal(_))));
    let newer = text.replacen("\"format\": 1", "\"format\": 2", 1);
    assert!(matches!(try_one(newer.as_bytes()), Err(BackupError::Newer(_))));
}

#[test]
fn a_backup_that_would_not_restore_is_never_finished() {
    let folder = tempfile::tempdir().unwrap();
    let (seal, _) = keys();
    let dir = folder.path().join("journal");
    let journal = journal(&dir, 12);
    let first = dir.join("000001.jsonl");
    let whole = fs::read(&first).unwrap();
    for at in (0..whole.len()).step_by(41) {
        let mut bent = whole.clone();
        bent[at] ^= 1;
        fs::write(&first, bent).unwrap();
        assert!(matches!(write(&journal, &seal, 300), Err(BackupError::Journal(_))), "{at}");
    }
    fs::write(&first, whole).unwrap();
    write(&journal, &seal, 300).unwrap();
    // One that ends early.
    let about = About::new(at(), "Kantor", journal.head());
    let writer = BackupWriter::new(Vec::new(), &seal, about).unwrap();
    assert!(matches!(writer.finish(), Err(BackupError::Journal(_))));
}

#[test]
fn a_passphrase_that_asks_for_more_memory_than_there_is_is_refused() {
    let mut recipient = age::scrypt::Recipient::new("kuda baterai staples".to_owned().into());
    recipient.set_work_factor(18);
    let encryptor =
        age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient));
    let mut to = encryptor.unwrap().wrap_output(Vec::new()).unwrap();
    to.write_all(b"x").unwrap();
    let bytes = to.finish().unwrap();
    let opened = BackupReader::open(&bytes[..], BackupKey::passphrase("kuda baterai staples"));
    assert!(matches!(opened.err(), Some(BackupError::TooMuchWork)));
}
