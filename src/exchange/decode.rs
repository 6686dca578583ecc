//! Text of a file as UTF-8, whatever encoding it was saved in: UTF-8 and UTF-16 with
//! their marks, plain UTF-8, else Windows-1252. Streams; holds one block at a time.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, Encoding, UTF_8, WINDOWS_1252};

use super::error::FileError;

const BLOCK: usize = 64 * 1024;

/// The bytes of a text file, decoded block by block.
pub(super) struct Text {
    file: File,
    decoder: Decoder,
    raw: Vec<u8>,
    block: String,
    at: usize,
    /// Bytes of the file read so far.
    pub(super) read: u64,
    finished: bool,
}

impl Text {
    /// Begins at the first byte of the file.
    pub(super) fn open(mut file: File, encoding: &'static Encoding) -> Result<Self, FileError> {
        file.seek(SeekFrom::Start(0))?;
        let mut text = Self {
            file,
            // Removes the mark of this encoding and takes no other for one.
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; BLOCK],
            block: String::new(),
            at: 0,
            read: 0,
            finished: false,
        };
        text.fill()?;
        Ok(text)
    }

    /// What is decoded and not yet taken: the beginning of the file, right after opening.
    pub(super) fn ahead(&self) -> &str {
        self.block.get(self.at..).unwrap_or_default()
    }

    /// The next byte of UTF-8, without taking it.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, FileError> {
        while self.at >= self.block.len() {
            if self.finished {
                return Ok(None);
            }
            self.fill()?;
        }
        Ok(self.block.as_bytes().get(self.at).copied())
    }

    /// The next byte of UTF-8.
    pub(super) fn next(&mut self) -> Result<Option<u8>, FileError> {
        let byte = self.peek()?;
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }

    /// All that is left.
    pub(super) fn rest(mut self) -> Result<String, FileError> {
        let mut rest = String::new();
        while self.peek()?.is_some() {
            rest.push_str(self.ahead());
            self.at = self.block.len();
        }
        Ok(rest)
    }

    fn fill(&mut self) -> Result<(), FileError> {
        let count = read_block(&mut self.file, &mut self.raw)?;
        let last = count < self.raw.len();
        self.read += count as u64;
        self.block.clear();
        self.at = 0;
        let room = self.decoder.max_utf8_buffer_length(count).unwrap_or(count * 3);
        self.block.reserve(room);
        let _ = self.decoder.decode_to_string(&self.raw[..count], &mut self.block, last);
        self.finished = last;
        Ok(())
    }
}

/// As many bytes as there are, up to the block's length.
fn read_block(file: &mut File, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match file.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Tells the encoding; a file that is no text is `UnknownFormat`. Reads the whole file once
/// where there is no mark: one byte far down decides between UTF-8 and Windows-1252.
pub(super) fn encoding_of(file: &mut File) -> Result<&'static Encoding, FileError> {
    let mut block = vec![0; BLOCK];
    let mut held = 0;
    let mut utf8 = true;
    let mut first = true;
    loop {
        let count = held + read_block(file, &mut block[held..])?;
        let bytes = &block[..count];
        if first {
            if let Some((encoding, _)) = Encoding::for_bom(bytes) {
                return Ok(encoding);
            }
            if mostly_control(bytes) {
                return Err(FileError::UnknownFormat);
            }
            first = false;
        }
        if bytes.contains(&0) {
            return Err(FileError::UnknownFormat);
        }
        let last = count < block.len();
        let rest = match std::str::from_utf8(bytes) {
            Ok(_) => count,
            // A character cut by the end of the block is seen whole in the next one.
            Err(error) if error.error_len().is_none() && !last => error.valid_up_to(),
            Err(_) => {
                utf8 = false;
                count
            }
        };
        if last {
            return Ok(if utf8 { UTF_8 } else { WINDOWS_1252 });
        }
        block.copy_within(rest..count, 0);
        held = count - rest;
    }
}

/// More than one control character in a hundred: no text a person wrote.
fn mostly_control(bytes: &[u8]) -> bool {
    let control =
        bytes.iter().filter(|b| **b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c)).count();
    bytes.contains(&0) || control * 100 > bytes.len()
}
