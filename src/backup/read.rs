//! Reading a backup: opened with a key, then unpacked into a folder, proven on its way and
//! held to what it says of itself. Every byte counts: a file that is cut short or bent
//! anywhere is an error, and only names and kinds that a backup has are ever made.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use age::DecryptError;
use age::stream::StreamReader;
use flate2::bufread::GzDecoder;

use super::tar::{self, File};
use super::{ABOUT, ABOUT_MAX, About, BackupError, BackupKey, FORMAT};
use crate::journal::{Defect, Proof, segment_name};

/// How every file of age begins.
const AGE: &[u8] = b"age-encryption.org/v1\n";

pub struct BackupReader<R: Read> {
    from: GzDecoder<BufReader<StreamReader<BufReader<R>>>>,
    about: About,
}

impl<R: Read> BackupReader<R> {
    pub fn open(from: R, key: BackupKey) -> Result<Self, BackupError> {
        let mut from = BufReader::with_capacity(64 * 1024, from);
        if !from.fill_buf()?.starts_with(AGE) {
            return Err(BackupError::NotABackup);
        }
        let sealed = age::Decryptor::new_buffered(from).map_err(|error| match error {
            DecryptError::Io(error) => reading(error),
            _ => BackupError::Damaged,
        })?;
        match (&key, sealed.is_scrypt()) {
            (BackupKey::Secrets(_), true) => return Err(BackupError::NeedsPassphrase),
            (BackupKey::Passphrase(_), false) => return Err(BackupError::NeedsKey),
            _ => {}
        }
        let with_passphrase = matches!(key, BackupKey::Passphrase(_));
        let identities = key.identities();
        let opened = sealed.decrypt(identities.iter().map(AsRef::as_ref));
        let opened = opened.map_err(|error| match error {
            DecryptError::NoMatchingKeys
            | DecryptError::KeyDecryptionFailed
            | DecryptError::DecryptionFailed
                if with_passphrase =>
            {
                BackupError::WrongPassphrase
            }
            DecryptError::NoMatchingKeys => BackupError::WrongKey,
            DecryptError::ExcessiveWork { .. } => BackupError::TooMuchWork,
            DecryptError::Io(error) => reading(error),
            _ => BackupError::Damaged,
        })?;
        let mut opened = BufReader::with_capacity(64 * 1024, opened);
        // What cannot be decrypted is damaged; what can, but is something else, is no backup.
        opened.fill_buf().map_err(reading)?;
        let mut from = GzDecoder::new(opened);
        let about = about(&mut from)?;
        Ok(Self { from, about })
    }

    pub fn about(&self) -> &About {
        &self.about
    }

    /// Writes the journal into a new folder, on the disk when this returns. `progress`
    /// hears of bytes.
    pub fn unpack(
        mut self,
        journal: &Path,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(), BackupError> {
        DirBuilder::new().mode(0o700).create(journal)?;
        let (mut proof, mut segment, mut done) = (Proof::default(), 0, 0);
        let mut block = vec![0; 64 * 1024];
        while let Some(File { name, length }) = tar::read_header(&mut self.from).map_err(reading)? {
            segment += 1;
            let file_name = segment_name(segment);
            if name.strip_prefix("journal/") != Some(&file_name) {
                return Err(BackupError::Damaged);
            }
            proof.segment(segment)?;
            let path = journal.join(file_name);
            let mut file =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
            let mut left = length;
            while left > 0 {
                let part = &mut block[..left.min(64 * 1024) as usize];
                self.from.read_exact(part).map_err(reading)?;
                proof.bytes(part)?;
                file.write_all(part)?;
                left -= part.len() as u64;
                done += part.len() as u64;
                progress(done);
            }
            file.sync_all()?;
            skip(&mut self.from, length)?;
        }
        self.end()?;
        std::fs::File::open(journal)?.sync_all()?;
        if proof.head()? != self.about.head {
            return Err(proof.damage(Defect::Missing).into());
        }
        Ok(())
    }

    /// Nothing but empty blocks may follow; the sums of gzip and age stand behind them.
    fn end(&mut self) -> Result<(), BackupError> {
        let mut block = [0; tar::BLOCK];
        loop {
            match self.from.read(&mut block) {
                Ok(0) => return Ok(()),
                Ok(length) if block[..length].iter().all(|byte| *byte == 0) => {}
                Ok(_) => return Err(BackupError::Damaged),
                Err(error) => return Err(reading(error)),
            }
        }
    }
}

/// What stands first. Bytes that are something else were never a backup of ours.
fn about(from: &mut impl Read) -> Result<About, BackupError> {
    #[derive(serde::Deserialize)]
    struct Version {
        format: u32,
        program: String,
    }
    let strange = |error: io::Error| match error.kind() {
        // No gzip, or no tar.
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => BackupError::NotABackup,
        _ => reading(error),
    };
    let file = tar::read_header(from).map_err(strange)?;
    let length = match file {
        Some(file) if file.name == ABOUT && file.length <= ABOUT_MAX => file.length,
        _ => return Err(BackupError::NotABackup),
    };
    let mut text = vec![0; length as usize];
    from.read_exact(&mut text).map_err(reading)?;
    skip(from, length)?;
    // A later format may differ in all the rest.
    let version: Version = serde_json::from_slice(&text).map_err(|_| BackupError::NotABackup)?;
    if version.format > FORMAT {
        return Err(BackupError::Newer(version.program));
    }
    serde_json::from_slice(&text).map_err(|_| BackupError::NotABackup)
}

fn skip(from: &mut impl Read, length: u64) -> Result<(), BackupError> {
    let mut rest = [0; tar::BLOCK];
    from.read_exact(&mut rest[..tar::padding(length)]).map_err(reading)
}

/// A fault of the disk is one thing, bytes that are wrong or missing another.
fn reading(error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            BackupError::Damaged
        }
        _ => BackupError::Io(error),
    }
}
