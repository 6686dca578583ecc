//! A workbook's container, weighed before anything else opens it: what the entries
//! really unpack to, how long their longest piece is, and how many strings they claim.
//! A file that would fill the memory is refused here, whatever its directory says.

use std::fs::File;
use std::io::{BufReader, Read};

use zip::ZipArchive;

use super::error::FileError;
use super::merged::RANGES_MAX;

/// All entries together, and a sheet alone: it is streamed.
const UNPACKED_MAX: u64 = 1_000_000_000;
/// Shared strings are held in memory while a sheet is read.
const STRINGS_MAX: u64 = 64_000_000;
/// Every other part that is read whole (styles, relations, the list of sheets).
const PART_MAX: u64 = 16_000_000;
/// The longest tag or text: a cell holds at most 32,767 characters.
const TOKEN_MAX: usize = 4_000_000;
/// `<si/>`: no shared string is shorter.
const STRING_MIN: u64 = 5;
const ENTRIES_MAX: usize = 10_000;

/// What the container holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Xlsx,
    Ods,
}

/// A container that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weighed {
    pub container: Container,
    /// Whether sheets of an XLSX have merged cells: those stand behind all the others.
    pub merged: bool,
}

/// Tells what is inside and refuses what would not fit.
pub(super) fn weigh(file: &File) -> Result<Weighed, FileError> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|_| FileError::Broken)?;
    if archive.len() > ENTRIES_MAX {
        return Err(FileError::UnknownFormat);
    }
    let container = container(&archive)?;
    let (mut total, mut merges) = (0_u64, 0);
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| FileError::Broken)?;
        total = total.saturating_add(entry.size());
        if total > UNPACKED_MAX {
            return Err(FileError::UnpacksTooLarge { limit: UNPACKED_MAX });
        }
        let name = entry.name().map_err(|_| FileError::Broken)?.to_ascii_lowercase();
        if matches!(name.rsplit('.').next(), Some("xml" | "rels")) {
            let limit = limit_of(&name, container);
            let scale = Scale::read(&mut entry, limit)?;
            if scale.strings > scale.bytes / STRING_MIN {
                return Err(FileError::Broken);
            }
            merges += scale.merges;
        }
    }
    if merges > RANGES_MAX {
        return Err(FileError::TooManyCells);
    }
    Ok(Weighed { container, merged: merges > 0 })
}

fn limit_of(name: &str, container: Container) -> u64 {
    if name.ends_with("sharedstrings.xml") {
        STRINGS_MAX
    } else if name.contains("/worksheets/") || name.contains("/pivotcache/") {
        UNPACKED_MAX
    } else if container == Container::Ods && name == "content.xml" {
        super::workbook::UNPACKED_WHOLE_MAX
    } else {
        PART_MAX
    }
}

fn container(archive: &ZipArchive<BufReader<&File>>) -> Result<Container, FileError> {
    let mut found = None;
    for name in archive.file_names_raw() {
        match name {
            b"content.xml" => return Ok(Container::Ods),
            b"xl/workbook.bin" => return Err(FileError::UnknownFormat),
            _ if name.starts_with(b"xl/") || name.starts_with(b"/xl/") => {
                found = Some(Container::Xlsx);
            }
            _ => {}
        }
    }
    found.ok_or(FileError::UnknownFormat)
}

/// What an entry really holds.
struct Scale {
    bytes: u64,
    /// The highest `uniqueCount` it claims: memory is set aside for that many.
    strings: u64,
    /// How many merged ranges it names.
    merges: usize,
}

impl Scale {
    fn read(entry: &mut impl Read, limit: u64) -> Result<Self, FileError> {
        const CLAIM: &[u8] = b"uniqueCount";
        const MERGE: &[u8] = b"mergeCell ";
        /// Room for the claim and its figure across two blocks.
        const OVERLAP: usize = 64;
        let mut block = vec![0; 64 * 1024];
        let mut held = 0;
        let mut scale = Self { bytes: 0, strings: 0, merges: 0 };
        let mut token = Token::default();
        loop {
            let count = match entry.read(&mut block[held..]) {
                Ok(0) => return Ok(scale),
                Ok(count) => count,
                // Also a checksum that does not fit: the file is damaged.
                Err(_) => return Err(FileError::Broken),
            };
            scale.bytes += count as u64;
            if scale.bytes > limit {
                return Err(FileError::UnpacksTooLarge { limit });
            }
            let filled = held + count;
            if !token.within(&block[held..filled]) {
                return Err(FileError::UnpacksTooLarge { limit: TOKEN_MAX as u64 });
            }
            let mut rest = &block[..filled];
            while let Some(at) = find(rest, CLAIM) {
                rest = &rest[at + CLAIM.len()..];
                scale.strings = scale.strings.max(figure(rest));
            }
            // One across two blocks may be counted twice: this is a limit, not a figure.
            let mut rest = &block[..filled];
            while let Some(at) = find(rest, MERGE) {
                rest = &rest[at + MERGE.len()..];
                scale.merges += 1;
            }
            let keep = filled.min(OVERLAP);
            block.copy_within(filled - keep..filled, 0);
            held = keep;
        }
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = text.get(from..)?.iter().position(|byte| *byte == first) {
        if text[from + at..].starts_with(wanted) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// The figure behind ` = "`, as much of it as is there.
fn figure(text: &[u8]) -> u64 {
    text.iter()
        .skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\''))
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0_u64, |sum, byte| sum.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
}

/// How long the piece of XML is that a parser would hold at once.
#[derive(Default)]
struct Token {
    length: usize,
    /// Inside `<!…`, where `<` begins nothing new.
    special: bool,
    last: [u8; 2],
}

impl Token {
    fn within(&mut self, bytes: &[u8]) -> bool {
        for &byte in bytes {
            self.length += 1;
            let ends_special = byte == b'>' && matches!(&self.last, b"--" | b"]]");
            if self.special {
                self.special = !ends_special;
            } else if byte == b'<' {
                self.length = 0;
            } else if byte == b'!' && self.last[1] == b'<' {
                self.special = true;
            }
            if self.length > TOKEN_MAX {
                return false;
            }
            self.last = [self.last[1], byte];
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    fn zip(entries: &[(&str, &[&[u8]])]) -> File {
        let mut zip = ZipWriter::new(tempfile::tempfile().unwrap());
        for (name, pieces) in entries {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            for piece in *pieces {
                zip.write_all(piece).unwrap();
            }
        }
        zip.finish().unwrap()
    }

    #[test]
    fn a_bomb_is_refused_before_it_unpacks_into_memory() {
        let block = vec![b' '; 1_000_000];
        for (name, blocks) in [("xl/styles.xml", 17), ("xl/worksheets/sheet1.xml", 5)] {
            let found = weigh(&zip(&[(name, &vec![&block[..]; blocks])]));
            assert!(matches!(found, Err(FileError::UnpacksTooLarge { .. })), "{name}");
        }
        assert_eq!(limit_of("xl/sharedstrings.xml", Container::Xlsx), STRINGS_MAX);
    }

    #[test]
    fn a_sheet_of_many_small_pieces_may_be_large() {
        let block = b"<c><v>1</v></c>".repeat(60_000);
        assert_eq!(
            weigh(&zip(&[("xl/worksheets/sheet1.xml", &[&block[..]; 6])])),
            Ok(Weighed { container: Container::Xlsx, merged: false })
        );
        let comment = [&b"<!--"[..], &block, b"-->"].concat();
        let bomb = [&b"<!--"[..], &block.repeat(6), b"-->"].concat();
        assert_eq!(
            weigh(&zip(&[("xl/worksheets/sheet1.xml", &[&comment[..]; 6])])),
            Ok(Weighed { container: Container::Xlsx, merged: false })
        );
        assert!(weigh(&zip(&[("xl/worksheets/sheet1.xml", &[&bomb])])).is_err());
    }

    #[test]
    fn merged_cells_are_noticed_and_no_more_of_them_than_a_sheet_has() {
        let merge = b"<mergeCell ref=\"A1:A2\"/>";
        let found = weigh(&zip(&[("xl/worksheets/sheet1.xml", &[&merge[..]])]));
        assert_eq!(found, Ok(Weighed { container: Container::Xlsx, merged: true }));
        let many = merge.repeat(RANGES_MAX + 1);
        let found = weigh(&zip(&[("xl/worksheets/sheet1.xml", &[&many[..]])]));
        assert_eq!(found, Err(FileError::TooManyCells));
    }

    #[test]
    fn strings_that_are_only_claimed_take_no_memory() {
        for claim in ["<sst uniqueCount=\"99999999999\"/>", "<sst uniqueCount = '5000'/>"] {
            let found = weigh(&zip(&[("xl/sharedStrings.xml", &[claim.as_bytes()])]));
            assert_eq!(found, Err(FileError::Broken), "{claim}");
        }
        let honest = "<sst uniqueCount=\"2\"><si><t>a</t></si><si><t>b</t></si></sst>";
        assert!(weigh(&zip(&[("xl/sharedStrings.xml", &[honest.as_bytes()])])).is_ok());
    }

    #[test]
    fn a_document_or_an_archive_is_no_workbook() {
        for name in ["word/document.xml", "siasn.csv", "xl/workbook.bin"] {
            assert_eq!(weigh(&zip(&[(name, &[b"x"])])), Err(FileError::UnknownFormat));
        }
    }
}
