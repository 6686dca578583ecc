//! Cutting a journal off behind its last sound step, on explicit command only: what stands
//! behind is moved into a folder of its own, byte for byte, so that the journal can be
//! written again. Killed at any point, the journal is either as damaged as before, and can
//! be cut again, or sound.

use std::os::unix::fs::FileExt;
use std::path::Path;

use super::disk::open_plain;
use super::error::JournalError;
use super::line::peek_seq;
use super::open::Opened;
use super::segment::{self, BLOCK, Lines};
use crate::domain::change::{Head, Place};

/// What was moved away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Names of the files in the folder, in the journal's order.
    pub files: Vec<String>,
    pub lines: u64,
    pub bytes: u64,
    /// The highest step number any of the lines says it has; they are not proven.
    pub last_seq: Option<u64>,
}

impl Opened {
    /// How far the journal goes, and will go once it is cut.
    pub fn sound_until(&self) -> Head {
        self.journal.reader.head
    }

    /// Moves everything behind [`sound_until`](Self::sound_until) into `aside`, a folder of
    /// the same file system.
    pub fn cut_off(mut self, aside: &Path) -> Result<Cut, JournalError> {
        let dir = self.journal.reader.dir.clone();
        let end = self.journal.reader.head.end;
        let disk = &mut self.journal.means.disk;
        let mut cut = Cut::default();
        let tail = match end.segment {
            0 => None,
            number => {
                let file = open_plain(&segment::path(&dir, number), true)?;
                let length = segment::written(&file, file.metadata()?.len())?;
                (length > end.offset).then_some((file, length))
            }
        };
        if let Some((file, length)) = &tail {
            let name = format!("{:06}-{}.jsonl", end.segment, end.offset);
            let copy = disk.create(&aside.join(&name))?;
            let mut block = vec![0; BLOCK];
            let mut at = end.offset;
            while at < *length {
                let part = &mut block[..(*length - at).min(BLOCK as u64) as usize];
                file.read_exact_at(part, at)?;
                disk.write(&copy, at - end.offset, part)?;
                at += part.len() as u64;
            }
            disk.sync(&copy)?;
            cut.count(&dir, end, *length)?;
            cut.files.push(name);
        }
        let later = segment::list(&dir)?.into_iter().filter(|number| *number > end.segment);
        let later: Vec<u32> = later.collect();
        for number in &later {
            let place = Place { segment: *number, offset: 0 };
            // Something else than a file may stand there.
            if let Ok((_, length)) = segment::open(&dir, *number) {
                cut.count(&dir, place, length)?;
            }
            cut.files.push(segment::name(*number));
        }
        // The last first: what is left is never a journal that only seems whole.
        for number in later.iter().rev() {
            let name = segment::name(*number);
            disk.rename(&dir.join(&name), &aside.join(&name))?;
        }
        disk.sync_folder(aside)?;
        disk.sync_folder(&dir)?;
        if let Some((file, _)) = &tail {
            disk.truncate(file, end.offset)?;
            disk.sync(file)?;
        }
        Ok(cut)
    }
}

impl Cut {
    fn count(&mut self, dir: &Path, from: Place, length: u64) -> Result<(), JournalError> {
        self.bytes += length - from.offset;
        let (file, _) = segment::open(dir, from.segment)?;
        let mut lines = Lines::up_to(file, from.offset, length)?;
        loop {
            match lines.next() {
                Ok(Some(_)) => {
                    self.lines += 1;
                    self.last_seq = self.last_seq.max(peek_seq(lines.bytes()));
                }
                // What the disk does not give back is not counted, but moved.
                Ok(None) | Err(_) => return Ok(()),
            }
        }
    }
}
