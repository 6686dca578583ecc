//! Finding one's way back: the lines of an entry by its number, and lines newest first.
//! Numbers only grow along the journal, so a number is found by halving; what is probed on
//! the way is not proven, what is handed out is.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::error::{Defect, JournalError};
use super::line::{Batch, Hash, LINE_MAX, Line, peek_seq, prove};
use super::reader::JournalReader;
use super::segment::{self, BLOCK, Lines, Raw};
use crate::domain::change::Place;

/// One segment, open for looking about in.
struct Tape {
    segment: u32,
    file: File,
    /// Where its last committed line ends.
    length: u64,
}

impl JournalReader {
    /// Where the lines of entry `seq` begin: one, or the parts of a large step and its commit.
    pub fn find(&self, seq: u64) -> Result<Option<Vec<Place>>, JournalError> {
        if seq == 0 || seq > self.head.seq {
            return Ok(None);
        }
        let first = self.first_line(seq)?;
        let tape = self.tape(first.segment)?;
        let mut lines = Lines::new(tape.file, first.offset)?;
        let mut places = Vec::new();
        while lines.at < tape.length {
            let place = Place { segment: first.segment, offset: lines.at };
            if lines.next()? != Some(Raw::Whole) || peek_seq(lines.bytes()) != Some(seq) {
                break;
            }
            places.push(place);
        }
        Ok((!places.is_empty()).then_some(places))
    }

    /// The line with which entry `seq` is complete: the commit of a large step.
    pub fn last_of(&self, seq: u64) -> Result<Option<Line>, JournalError> {
        let mut last = None;
        if (1..=self.head.seq).contains(&seq) {
            self.entries_backwards(Some(seq.saturating_add(1)), &mut |line| {
                last = Some(line);
                Ok(false)
            })?;
        }
        Ok(last.filter(|line| line.header.seq == seq))
    }

    /// The first line of entry `seq`: its only one, or the first part of a large step.
    pub fn first_of(&self, seq: u64) -> Result<Option<Line>, JournalError> {
        if !(1..=self.head.seq).contains(&seq) {
            return Ok(None);
        }
        let line = self.read(self.first_line(seq)?)?;
        Ok(Some(line).filter(|line| line.header.seq == seq))
    }

    /// The first line of entry `seq`, or the one at `from` if it is of the same.
    pub fn line_of(&self, seq: u64, from: Option<Place>) -> Result<Option<Line>, JournalError> {
        let Some(place) = from else { return self.first_of(seq) };
        if place.offset >= self.tape(place.segment)?.length {
            return Ok(None);
        }
        let line = self.read(place)?;
        Ok(Some(line).filter(|line| line.header.seq == seq))
    }

    /// Committed lines before entry `before` (or the end), newest first, until `each` says
    /// `false`: the commit of a large step, then its parts from the last to the first.
    pub fn backwards(
        &self,
        before: Option<u64>,
        each: &mut dyn FnMut(Line) -> Result<bool, JournalError>,
    ) -> Result<(), JournalError> {
        self.back(before, false, each)
    }

    /// One line an entry, newest first: as `backwards`, but of a large step only its commit.
    pub fn entries_backwards(
        &self,
        before: Option<u64>,
        each: &mut dyn FnMut(Line) -> Result<bool, JournalError>,
    ) -> Result<(), JournalError> {
        self.back(before, true, each)
    }

    fn back(
        &self,
        before: Option<u64>,
        skip_parts: bool,
        each: &mut dyn FnMut(Line) -> Result<bool, JournalError>,
    ) -> Result<(), JournalError> {
        let mut end = match before {
            Some(seq) if seq <= self.head.seq => self.first_line(seq)?,
            _ => self.head.end,
        };
        let mut tape: Option<Tape> = None;
        let mut expected: Option<Hash> = None;
        while end.segment > 0 {
            let current = match tape.take() {
                Some(tape) if tape.segment == end.segment => tape,
                _ => self.tape(end.segment)?,
            };
            if end.offset == 0 {
                let segment = end.segment - 1;
                let offset = if segment == 0 { 0 } else { self.tape(segment)?.length };
                end = Place { segment, offset };
                continue;
            }
            let line = self.line_ending(&current, end.offset)?;
            if expected.is_some_and(|hash| hash != line.hash) {
                return Err(self.damaged(line.place, Defect::Chain));
            }
            (end, expected) = (line.place, Some(line.prev));
            if skip_parts && matches!(line.header.batch, Some(Batch::Commit(1..))) {
                (end, expected) = (self.first_line(line.header.seq)?, None);
            }
            tape = Some(current);
            if !each(line)? {
                break;
            }
        }
        Ok(())
    }

    fn tape(&self, segment: u32) -> Result<Tape, JournalError> {
        let (file, length) = segment::open(self.dir(), segment)?;
        let length = if segment == self.head.end.segment {
            self.head.end.offset.min(length)
        } else {
            length
        };
        Ok(Tape { segment, file, length })
    }

    /// The line that ends at `end`, which is not the start of the segment.
    pub(super) fn line_before(&self, end: Place) -> Result<Line, JournalError> {
        let (file, length) = segment::open(self.dir(), end.segment)?;
        if end.offset == 0 || end.offset > length {
            return Err(JournalError::NotHere);
        }
        self.line_ending(&Tape { segment: end.segment, file, length }, end.offset)
    }

    fn line_ending(&self, tape: &Tape, end: u64) -> Result<Line, JournalError> {
        #[cfg(test)]
        super::reader::counted::one();
        if end > tape.length {
            let place = Place { segment: tape.segment, offset: tape.length };
            return Err(self.damaged(place, Defect::Missing));
        }
        let start = line_start(&tape.file, end)?;
        let place = Place { segment: tape.segment, offset: start };
        let length = usize::try_from(end - start).unwrap_or(usize::MAX);
        if length > LINE_MAX {
            return Err(self.damaged(place, Defect::TooLong));
        }
        let mut bytes = vec![0; length];
        tape.file.read_exact_at(&mut bytes, start)?;
        if bytes.pop() != Some(b'\n') {
            return Err(self.damaged(place, Defect::Garbled));
        }
        prove(&bytes)
            .and_then(|sealed| sealed.open(place, Place { segment: tape.segment, offset: end }))
            .map_err(|defect| self.damaged(place, defect))
    }

    /// Where the first line numbered `seq` or higher begins.
    fn first_line(&self, seq: u64) -> Result<Place, JournalError> {
        let (mut low, mut high) = (1, self.head.end.segment.max(1));
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.seq_at(&self.tape(middle)?, 0)? <= seq {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        let offset = self.first_line_in(&self.tape(low)?, seq)?;
        Ok(Place { segment: low, offset })
    }

    fn first_line_in(&self, tape: &Tape, seq: u64) -> Result<u64, JournalError> {
        // Lines beginning in low..high have not been ruled out; the answer is one of them or `found`.
        let (mut low, mut high, mut found) = (0, tape.length, tape.length);
        while high - low > BLOCK as u64 {
            let middle = low + (high - low) / 2;
            let start = next_start(&tape.file, middle, high)?;
            if start >= high {
                high = middle + 1;
            } else if self.seq_at(tape, start)? >= seq {
                (high, found) = (middle + 1, start);
            } else {
                low = start;
            }
        }
        while low < high {
            if self.seq_at(tape, low)? >= seq {
                return Ok(low);
            }
            low = next_start(&tape.file, low, tape.length)?;
        }
        Ok(found)
    }

    fn seq_at(&self, tape: &Tape, offset: u64) -> Result<u64, JournalError> {
        let mut start = [0; 48];
        let length = read_up_to(&tape.file, &mut start, offset)?;
        peek_seq(&start[..length])
            .ok_or_else(|| self.damaged(Place { segment: tape.segment, offset }, Defect::Garbled))
    }
}

/// The first line start after `from`, or `limit`.
fn next_start(file: &File, from: u64, limit: u64) -> io::Result<u64> {
    let mut block = vec![0; 4 << 10];
    let mut at = from;
    while at < limit {
        let length = read_up_to(file, &mut block, at)?;
        if length == 0 {
            break;
        }
        if let Some(feed) = block[..length].iter().position(|byte| *byte == b'\n') {
            return Ok((at + feed as u64 + 1).min(limit));
        }
        at += length as u64;
        block.resize(BLOCK, 0);
    }
    Ok(limit)
}

/// Where the line begins that ends, line feed included, at `end`.
fn line_start(file: &File, end: u64) -> io::Result<u64> {
    let mut block = vec![0; 4 << 10];
    let mut high = end.saturating_sub(1);
    while high > 0 {
        let low = high.saturating_sub(block.len() as u64);
        let part = &mut block[..(high - low) as usize];
        file.read_exact_at(part, low)?;
        if let Some(feed) = part.iter().rposition(|byte| *byte == b'\n') {
            return Ok(low + feed as u64 + 1);
        }
        if end - low > LINE_MAX as u64 {
            return Ok(low);
        }
        high = low;
        block.resize(BLOCK, 0);
    }
    Ok(0)
}

fn read_up_to(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match file.read_at(&mut buffer[length..], at + length as u64) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::fs;

    use super::*;
    use crate::domain::change::Head;

    /// Halving lands on the very start of a line here.
    #[test]
    fn an_entry_is_found_where_lines_are_all_of_one_length() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut text = String::new();
        for seq in 1..=512 {
            let start = format!("{{\"v\":1,\"seq\":{seq},");
            writeln!(text, "{start:1023}").expect("a string");
        }
        fs::write(dir.path().join("000001.jsonl"), &text).expect("written");
        let end = Place { segment: 1, offset: text.len() as u64 };
        let head = Head { seq: 512, hash: [0; 32], end };
        let reader = JournalReader { dir: dir.path().to_path_buf(), head, damage: None };
        for seq in 1..=512 {
            let place = Place { segment: 1, offset: (seq - 1) * 1024 };
            assert_eq!(reader.find(seq).expect("read"), Some(vec![place]));
        }
    }
}
