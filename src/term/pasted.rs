//! A paste in brackets while it comes in: its bytes up to the end marker, in bounded memory,
//! and the text they are. Where it begins and how long to wait for its end is the parser's
//! business.

use std::mem;

use super::input::Input;

/// Longest paste delivered; the rest of a longer one is dropped up to its end marker. No
/// field takes as much, so that one is refused there and said.
pub const PASTE_MAX: usize = 1 << 20;
const END: &[u8] = b"\x1b[201~";

#[derive(Debug, Default)]
pub(super) struct Pasted {
    bytes: Vec<u8>,
    /// How many bytes of [`END`] were seen last, and where they began.
    end_seen: usize,
    end_at: usize,
}

impl Pasted {
    /// Takes a byte; whether it was the last of the end marker.
    pub fn is_ended_by(&mut self, byte: u8) -> bool {
        if byte == END[self.end_seen] {
            if self.end_seen == 0 {
                self.end_at = self.bytes.len();
            }
            self.end_seen += 1;
        } else if byte == END[0] {
            self.end_seen = 1;
            self.end_at = self.bytes.len();
        } else {
            self.end_seen = 0;
        }
        if self.end_seen == END.len() {
            return true;
        }
        if self.bytes.len() < PASTE_MAX {
            self.bytes.push(byte);
        }
        false
    }

    /// The text so far, if there is any, and nothing kept of it.
    pub fn take(&mut self) -> Option<Input> {
        let mut paste = mem::take(self);
        if paste.end_seen > 0 {
            paste.bytes.truncate(paste.end_at);
        }
        let text = text(&paste.bytes);
        (!text.is_empty()).then_some(Input::Paste(text))
    }
}

/// Terminals send a line end of a paste as `\r`; what else controls a terminal is no text.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|&c| matches!(c, '\n' | '\t') || !c.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::key::Key;
    use crate::term::parse::Parser;

    #[test]
    fn a_paste_larger_than_any_field_is_cut_and_the_keys_after_it_count() {
        let mut parser = Parser::default();
        parser.feed(b"\x1b[200~");
        for _ in 0..=PASTE_MAX / 1024 {
            assert_eq!(parser.feed(&[b'9'; 1024]), []);
        }
        let inputs = parser.feed(b"\x1b[201~q");
        assert!(matches!(&inputs[0], Input::Paste(text) if text.len() == PASTE_MAX));
        assert_eq!(inputs[1..], [Input::Key(Key::char('q'))]);
    }
}
