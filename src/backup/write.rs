//! Writing a backup: segments come as bytes, in order and in pieces of any size, and are
//! proven, compressed and encrypted on their way; memory stays bounded by one line. Ends
//! well only if the lines are exactly the journal that was announced.

use std::io::{BufWriter, Write};

use age::stream::StreamWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::tar::{self, File};
use super::{ABOUT, About, BackupError, Seal};
use crate::journal::{Defect, Proof, segment_name};

pub struct BackupWriter<W: Write> {
    to: GzEncoder<StreamWriter<BufWriter<W>>>,
    about: About,
    proof: Proof,
    /// Of the segment being written.
    length: u64,
    left: u64,
}

impl<W: Write> BackupWriter<W> {
    pub fn new(to: W, seal: &Seal, about: About) -> Result<Self, BackupError> {
        let sealed = match seal.encryptor() {
            // Buffered, so that the error of a full disk is the system's own.
            Ok(encryptor) => encryptor.wrap_output(BufWriter::with_capacity(64 * 1024, to))?,
            Err(age::EncryptError::Io(error)) => return Err(error.into()),
            // What else there is concerns kinds of recipients that are never made.
            Err(_) => return Err(BackupError::WrongKey),
        };
        let to = GzEncoder::new(sealed, Compression::default());
        let mut writer = Self { to, about, proof: Proof::default(), length: 0, left: 0 };
        let text = serde_json::to_vec_pretty(&writer.about).map_err(std::io::Error::from)?;
        writer.begin(ABOUT.into(), text.len() as u64)?;
        writer.to.write_all(&text)?;
        writer.left = 0;
        writer.pad()?;
        Ok(writer)
    }

    fn begin(&mut self, name: String, length: u64) -> Result<(), BackupError> {
        tar::write_header(&mut self.to, &File { name, length }, self.about.at.timestamp())?;
        (self.length, self.left) = (length, length);
        Ok(())
    }

    fn pad(&mut self) -> Result<(), BackupError> {
        if self.left > 0 {
            return Err(self.proof.damage(Defect::Missing).into());
        }
        Ok(self.to.write_all(&[0; tar::BLOCK][..tar::padding(self.length)])?)
    }

    /// The next segment begins, `length` bytes long.
    pub fn segment(&mut self, segment: u32, length: u64) -> Result<(), BackupError> {
        if self.proof.has_begun() {
            self.pad()?;
        }
        self.proof.segment(segment)?;
        self.begin(format!("journal/{}", segment_name(segment)), length)
    }

    /// More of the present segment.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        let length = bytes.len() as u64;
        let Some(left) = self.left.checked_sub(length) else {
            return Err(self.proof.damage(Defect::TooLong).into());
        };
        self.proof.bytes(bytes)?;
        self.to.write_all(bytes)?;
        self.left = left;
        Ok(())
    }

    /// Ends the file, once all of the journal is in it.
    pub fn finish(mut self) -> Result<W, BackupError> {
        self.pad()?;
        if self.proof.head()? != self.about.head {
            return Err(self.proof.damage(Defect::Missing).into());
        }
        tar::write_end(&mut self.to)?;
        let to = self.to.finish()?.finish()?;
        Ok(to.into_inner().map_err(std::io::IntoInnerError::into_error)?)
    }
}
