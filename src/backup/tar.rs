//! The blocks of a tar archive (POSIX ustar), as far as a backup needs them: plain files
//! one after the other. Knows nothing of what stands in them.

use std::io::{self, Read, Write};

pub const BLOCK: usize = 512;

/// A file in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub length: u64,
}

const NAME: std::ops::Range<usize> = 0..100;
const LENGTH: std::ops::Range<usize> = 124..136;
const SUM: std::ops::Range<usize> = 148..156;
const KIND: usize = 156;
const MAGIC: std::ops::Range<usize> = 257..262;

/// How many bytes fill up the last block of a file.
pub fn padding(length: u64) -> usize {
    (BLOCK - (length % BLOCK as u64) as usize) % BLOCK
}

/// The block a file begins with: readable by its owner, of nobody in particular.
pub fn write_header(to: &mut impl Write, file: &File, mtime: i64) -> io::Result<()> {
    let mut block = [0; BLOCK];
    let mut put =
        |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    // Eleven octal digits: 8 GB.
    if file.name.len() >= NAME.len() || file.length >> 33 > 0 {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    put(0, &file.name);
    put(100, "0000600\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{:011o}\0", file.length));
    put(136, &format!("{:011o}\0", mtime.clamp(0, 0o77_777_777_777)));
    put(SUM.start, "        ");
    put(KIND, "0");
    put(MAGIC.start, "ustar\0");
    put(263, "00");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[SUM].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    to.write_all(&block)
}

/// Two empty blocks end an archive.
pub fn write_end(to: &mut impl Write) -> io::Result<()> {
    to.write_all(&[0; 2 * BLOCK])
}

/// The next file; `None` at the end of the archive. Whatever is not a plain file is
/// `InvalidData`.
pub fn read_header(from: &mut impl Read) -> io::Result<Option<File>> {
    let mut block = [0; BLOCK];
    from.read_exact(&mut block)?;
    if block.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    parse(&block).map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn parse(block: &[u8; BLOCK]) -> Option<File> {
    let spaces = u32::from(b' ') * SUM.len() as u32;
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let written: u32 = block[SUM].iter().map(|byte| u32::from(*byte)).sum();
    if &block[MAGIC] != b"ustar"
        || !matches!(block[KIND], b'0' | 0)
        || octal(&block[SUM])? != u64::from(sum - written + spaces)
    {
        return None;
    }
    let name = block[NAME].split(|byte| *byte == 0).next()?;
    let name = std::str::from_utf8(name).ok()?.to_string();
    Some(File { name, length: octal(&block[LENGTH])? })
}

fn octal(digits: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(digits).ok()?.trim_matches([' ', '\0']);
    u64::from_str_radix(text, 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_as_it_was_written_and_no_bent_one_is() {
        let file = File { name: "journal/000001.jsonl".into(), length: 7 << 30 };
        let mut bytes = Vec::new();
        write_header(&mut bytes, &file, 1_795_000_000).unwrap();
        assert_eq!(bytes.len(), BLOCK);
        assert_eq!(read_header(&mut &bytes[..]).unwrap(), Some(file));
        for at in 0..BLOCK {
            let mut bent = bytes.clone();
            bent[at] ^= 4;
            assert!(read_header(&mut &bent[..]).is_err(), "byte {at}");
        }
        assert_eq!(read_header(&mut &[0; BLOCK][..]).unwrap(), None);
        assert!(read_header(&mut &bytes[..100]).is_err());
        let large = File { name: "x".into(), length: 1 << 33 };
        assert!(write_header(&mut Vec::new(), &large, 0).is_err());
        assert_eq!([0, 1, 511, 512, 513].map(padding), [0, 511, 1, 0, 511]);
    }
}
