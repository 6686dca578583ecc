//! From bytes to `Input`, however the network tore them.
//!
//! A state machine without clock or terminal: it frames the bytes into characters, escape
//! sequences and pastes, and says by `pending()` what it waits for. Its owner decides how
//! long to wait and then calls `timeout()`. Whatever arrives, its memory is bounded and a
//! key is never more than one timeout away from being read again.

use super::input::Input;
use super::key::{Key, KeyCode};
use super::pasted::Pasted;
use super::translate;

/// Longest escape sequence kept; a longer one is read to its end and dropped.
const SEQUENCE_MAX: usize = 64;
/// Longest OSC, DCS or APC string skipped before the bytes are taken for keys again.
const STRING_MAX: usize = 4096;

/// What the parser waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    Nothing,
    /// A lone ESC: the Esc key, or the first byte of something.
    Escape,
    /// The rest of a sequence or of a character; nobody's finger is waiting for this.
    Sequence,
    /// The end marker of a paste.
    Paste,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ParseState {
    Ground,
    /// A character of several bytes; how many are still to come.
    Character {
        missing: u8,
        alt: bool,
    },
    Escape,
    Csi,
    /// `ESC [ [`: the function keys of the Linux console.
    LinuxFunction,
    /// `ESC [ M`: three bytes of an old mouse report, dropped.
    Mouse {
        missing: u8,
    },
    Ss3,
    /// OSC, DCS, APC, PM or SOS, dropped; how much was skipped and whether ESC was last.
    Skipped {
        length: usize,
        escape: bool,
        opener: u8,
    },
    Paste,
}

/// Bytes in, `Input` out.
#[derive(Debug)]
pub struct Parser {
    state: ParseState,
    buffer: Vec<u8>,
    pasted: Pasted,
}

impl Default for Parser {
    fn default() -> Self {
        Self { state: ParseState::Ground, buffer: Vec::new(), pasted: Pasted::default() }
    }
}

impl Parser {
    /// Reads the bytes and returns what is complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        let mut inputs = Vec::new();
        for &byte in bytes {
            self.byte(byte, &mut inputs);
        }
        inputs
    }

    /// Nothing more came in time: settles what is pending.
    pub fn timeout(&mut self) -> Vec<Input> {
        let mut inputs = Vec::new();
        match self.state {
            ParseState::Escape => inputs.push(Input::Key(Key::plain(KeyCode::Esc))),
            ParseState::Csi if self.buffer.len() == 2 => inputs.push(alt('[')),
            ParseState::Ss3 => inputs.push(alt('O')),
            ParseState::Skipped { length: 0, opener, .. } => inputs.push(alt(opener as char)),
            ParseState::Paste => inputs.extend(self.pasted.take()),
            _ => {}
        }
        self.rest();
        inputs
    }

    pub fn pending(&self) -> Pending {
        match self.state {
            ParseState::Ground => Pending::Nothing,
            ParseState::Escape => Pending::Escape,
            ParseState::Paste => Pending::Paste,
            _ => Pending::Sequence,
        }
    }

    fn rest(&mut self) {
        self.state = ParseState::Ground;
        self.buffer.clear();
    }

    fn byte(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        match self.state {
            ParseState::Ground => self.ground(byte, false, inputs),
            ParseState::Character { missing, alt } => self.character(byte, missing, alt, inputs),
            ParseState::Escape => self.escape(byte, inputs),
            ParseState::Csi => self.csi(byte, inputs),
            ParseState::LinuxFunction | ParseState::Ss3 => self.last(byte, inputs),
            ParseState::Mouse { missing: 1 } => self.rest(),
            ParseState::Mouse { missing } => {
                self.state = ParseState::Mouse { missing: missing - 1 }
            }
            ParseState::Skipped { length, escape, opener } => {
                self.skipped(byte, length, escape, opener, inputs);
            }
            ParseState::Paste => self.paste(byte, inputs),
        }
    }

    fn ground(&mut self, byte: u8, alt: bool, inputs: &mut Vec<Input>) {
        let missing = match byte {
            0x1b => {
                self.keep(byte);
                self.state = ParseState::Escape;
                return;
            }
            0x00..=0x1f | 0x7f => {
                inputs.extend(translate::control(byte).map(|key| Input::Key(Key { alt, ..key })));
                return;
            }
            0x20..=0x7e => {
                inputs.push(Input::Key(Key { alt, ..Key::char(byte as char) }));
                return;
            }
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            // Never begins a character: noise, or the tail of one that was cut.
            _ => return,
        };
        self.keep(byte);
        self.state = ParseState::Character { missing, alt };
    }

    fn character(&mut self, byte: u8, missing: u8, alt: bool, inputs: &mut Vec<Input>) {
        if byte & 0xc0 != 0x80 {
            return self.again(byte, inputs);
        }
        self.keep(byte);
        if missing > 1 {
            self.state = ParseState::Character { missing: missing - 1, alt };
            return;
        }
        // C1 controls are no text either.
        let c = std::str::from_utf8(&self.buffer).ok().and_then(|s| s.chars().next());
        inputs
            .extend(c.filter(|c| !c.is_control()).map(|c| Input::Key(Key { alt, ..Key::char(c) })));
        self.rest();
    }

    fn escape(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        match byte {
            b'[' => {
                self.keep(byte);
                self.state = ParseState::Csi;
            }
            b'O' => {
                self.keep(byte);
                self.state = ParseState::Ss3;
            }
            b']' | b'P' | b'_' | b'^' | b'X' => {
                self.state = ParseState::Skipped { length: 0, escape: false, opener: byte };
            }
            // Esc, then something else: on a slow line both come in one packet.
            0x1b => inputs.push(Input::Key(Key::plain(KeyCode::Esc))),
            _ => {
                self.rest();
                self.ground(byte, true, inputs);
            }
        }
    }

    fn csi(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        let first = self.buffer.len() == 2;
        match byte {
            b'[' if first => {
                self.keep(byte);
                self.state = ParseState::LinuxFunction;
            }
            b'M' if first => self.state = ParseState::Mouse { missing: 3 },
            0x20..=0x3f => self.keep(byte),
            0x40..=0x7e => self.last(byte, inputs),
            _ => self.again(byte, inputs),
        }
    }

    fn last(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        if !matches!(byte, 0x20..=0x7e) {
            return self.again(byte, inputs);
        }
        self.keep(byte);
        if self.buffer == b"\x1b[200~" {
            self.rest();
            self.state = ParseState::Paste;
            return;
        }
        if self.buffer.len() < SEQUENCE_MAX {
            inputs.extend(translate::sequence(&self.buffer).map(Input::Key));
        }
        self.rest();
    }

    fn skipped(
        &mut self,
        byte: u8,
        length: usize,
        escape: bool,
        opener: u8,
        inputs: &mut Vec<Input>,
    ) {
        match byte {
            b'\\' if escape => self.rest(),
            0x07 => self.rest(),
            _ if escape => {
                // ESC without its backslash: the string was cut, a new sequence begins.
                self.rest();
                self.ground(0x1b, false, inputs);
                self.byte(byte, inputs);
            }
            0x1b => self.state = ParseState::Skipped { length: length + 1, escape: true, opener },
            // Enter and ctrl-c end a string that its sender forgot to end.
            0x00..=0x1f => self.again(byte, inputs),
            _ if length >= STRING_MAX => self.again(byte, inputs),
            _ => self.state = ParseState::Skipped { length: length + 1, escape: false, opener },
        }
    }

    fn paste(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        if self.pasted.is_ended_by(byte) {
            inputs.extend(self.pasted.take());
            self.rest();
        }
    }

    /// The byte cannot belong to what was begun: drop that and read the byte on its own.
    fn again(&mut self, byte: u8, inputs: &mut Vec<Input>) {
        self.rest();
        self.ground(byte, false, inputs);
    }

    fn keep(&mut self, byte: u8) {
        if self.buffer.len() < SEQUENCE_MAX {
            self.buffer.push(byte);
        }
    }
}

fn alt(c: char) -> Input {
    Input::Key(Key { alt: true, ..Key::char(c) })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn keys(codes: &[KeyCode]) -> Vec<Input> {
        codes.iter().map(|&code| Input::Key(Key::plain(code))).collect()
    }

    fn typed(text: &str) -> Vec<Input> {
        text.chars().map(|c| Input::Key(Key::char(c))).collect()
    }

    #[test]
    fn an_arrow_torn_by_the_network_is_still_an_arrow() {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(b"\x1b"), []);
        assert_eq!(parser.pending(), Pending::Escape);
        assert_eq!(parser.feed(b"["), []);
        assert_eq!(parser.pending(), Pending::Sequence);
        assert_eq!(parser.feed(b"B"), keys(&[KeyCode::Down]));
        assert_eq!(parser.pending(), Pending::Nothing);
    }

    #[test]
    fn esc_alone_is_esc_after_the_wait_and_not_before() {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(b"\x1b"), []);
        assert_eq!(parser.timeout(), keys(&[KeyCode::Esc]));
        assert_eq!(parser.pending(), Pending::Nothing);
        assert_eq!(parser.timeout(), []);
    }

    #[test]
    fn after_an_escape_sequence_that_never_ended_the_next_key_counts() {
        for begun in ["\x1b[", "\x1bO", "\x1b[1;", "\x1b]11;rgb", "\x1bP", "\x1b_G", "\x1b[M ", "é"]
        {
            let mut parser = Parser::default();
            let cut = begun.len() - usize::from(begun == "é");
            parser.feed(&begun.as_bytes()[..cut]);
            assert_ne!(parser.pending(), Pending::Nothing, "{begun:?}");
            parser.timeout();
            assert_eq!(parser.feed(b"j"), typed("j"), "{begun:?}");
        }
    }

    #[test]
    fn an_osc_that_never_ends_does_not_swallow_the_day() {
        let mut parser = Parser::default();
        parser.feed(b"\x1b]52;");
        assert_eq!(parser.feed(b"\x03"), [Input::Key(Key::ctrl('c'))]);
        parser.feed(b"\x1b]52;");
        let rest = parser.feed(&[b'x'; STRING_MAX + 10]);
        assert!(!rest.is_empty());
        assert!(rest.len() <= 16);
    }

    #[test]
    fn answers_of_the_terminal_are_not_typed_into_a_form() {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(b"\x1b]11;rgb:0000/0000/0000\x1b\\"), []);
        assert_eq!(parser.feed(b"\x1b]11;rgb:0000/0000/0000\x07"), []);
        assert_eq!(parser.feed(b"\x1b[?64;1;2c\x1b[24;80R\x1b[I\x1b[O\x1bP1$r0m\x1b\\"), []);
        assert_eq!(parser.feed(b"\x1b[<0;10;10M\x1b[M !!"), []);
        assert_eq!(parser.feed(b"a"), typed("a"));
    }

    #[test]
    fn alt_is_escape_and_a_key_at_once() {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(b"\x1bx"), [alt('x')]);
        assert_eq!(parser.feed("\x1bé".as_bytes()), [alt('é')]);
        let enter = Key { alt: true, ..Key::plain(KeyCode::Enter) };
        assert_eq!(parser.feed(b"\x1b\r"), [Input::Key(enter)]);
        parser.feed(b"\x1b[");
        assert_eq!(parser.timeout(), [alt('[')]);
        parser.feed(b"\x1b]");
        assert_eq!(parser.timeout(), [alt(']')]);
    }

    #[test]
    fn esc_and_an_arrow_in_one_packet_are_both_pressed() {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(b"\x1b\x1b[B"), keys(&[KeyCode::Esc, KeyCode::Down]));
        assert_eq!(parser.feed(b"\x1b\x1b"), keys(&[KeyCode::Esc]));
        assert_eq!(parser.timeout(), keys(&[KeyCode::Esc]));
    }

    #[test]
    fn a_name_split_inside_a_letter_arrives_whole() {
        let mut parser = Parser::default();
        let mut inputs = Vec::new();
        for byte in "Désirée 张".bytes() {
            inputs.extend(parser.feed(&[byte]));
        }
        assert_eq!(inputs, typed("Désirée 张"));
    }

    #[test]
    fn capitals_carry_no_shift() {
        assert_eq!(Parser::default().feed(b"G"), typed("G"));
    }

    #[test]
    fn a_paste_arrives_as_one_text_however_it_is_split() {
        let bytes = b"\x1b[200~Siti\r\nAminah\rq\x1b[20\x1b[201~j";
        let whole = Parser::default().feed(bytes);
        let mut parser = Parser::default();
        let split: Vec<_> = bytes.iter().flat_map(|b| parser.feed(&[*b])).collect();
        assert_eq!(whole, split);
        assert_eq!(whole[0], Input::Paste("Siti\nAminah\nq[20".into()));
        assert_eq!(whole[1..], typed("j"));
    }

    #[test]
    fn a_paste_without_an_end_is_delivered_after_the_wait() {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(b"\x1b[200~Siti\x1b[20"), []);
        assert_eq!(parser.pending(), Pending::Paste);
        assert_eq!(parser.timeout(), [Input::Paste("Siti".into())]);
        assert_eq!(parser.feed(b"\x1b[201~q"), typed("q"));
    }

    /// Bytes a terminal may send, mixed with any others.
    fn traffic() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            vec(any::<u8>(), 0..8),
            prop::sample::select(vec![
                "\x1b",
                "\x1b[",
                "\x1b[200~",
                "\x1b[201~",
                "\x1b]0;",
                "\x1bP",
                "\x1b\\",
                "\x1bO",
                "\x1b[1;5",
                "\x1b[[",
                "\x1b[M",
                "\x1b[<",
                "\x1b[97;2u",
                "é",
                "\r",
                "~",
                "A",
                "\x1b[999999999999;1~",
                "\x1b[>q",
                "\x1b[?u",
                "\x1b[;",
            ])
            .prop_map(|s| s.as_bytes().to_vec()),
        ];
        vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_read_the_same_and_never_grow(
            bytes in traffic(),
            cuts in vec(0usize..200, 0..8),
        ) {
            let whole = Parser::default().feed(&bytes);
            let mut cuts: Vec<_> = cuts.into_iter().map(|c| c.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let mut parser = Parser::default();
            let mut pieces = Vec::new();
            for ends in cuts.windows(2) {
                pieces.extend(parser.feed(&bytes[ends[0]..ends[1]]));
                prop_assert!(parser.buffer.len() <= SEQUENCE_MAX);
            }
            prop_assert_eq!(whole, pieces);
        }

        #[test]
        fn after_any_bytes_and_a_wait_the_next_key_counts(bytes in traffic()) {
            let mut parser = Parser::default();
            parser.feed(&bytes);
            parser.timeout();
            prop_assert_eq!(parser.pending(), Pending::Nothing);
            prop_assert_eq!(parser.feed(b"j"), typed("j"));
        }
    }
}
