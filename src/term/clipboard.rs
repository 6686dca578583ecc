//! Copying to the officer's own clipboard, through the terminal (OSC 52).
//!
//! The terminal never says whether it took the text, so all that may be told is "sent to the
//! terminal". What may be copied at all is not decided here.

use super::profile::Profile;

/// More than this and common terminals drop the sequence without a word. Bytes.
pub const MAX: usize = 4096;
/// GNU screen passes strings on in pieces of at most 256 bytes.
const SCREEN_PIECE: usize = 200;

/// Why nothing is copied; a file is the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCopied {
    #[error("text of {bytes} bytes is longer than the {MAX} a terminal takes")]
    TooLong { bytes: usize },
    #[error("the terminal has no clipboard")]
    NoClipboard,
}

/// The bytes that put `text` on the clipboard.
pub fn sequence(text: &str, profile: Profile) -> Result<String, NotCopied> {
    if !profile.clipboard {
        return Err(NotCopied::NoClipboard);
    }
    if text.len() > MAX {
        return Err(NotCopied::TooLong { bytes: text.len() });
    }
    let copy = format!("\x1b]52;c;{}\x07", base64(text.as_bytes()));
    if !profile.gnu_screen {
        return Ok(copy);
    }
    let mut wrapped = String::new();
    for piece in copy.as_bytes().chunks(SCREEN_PIECE) {
        wrapped.push_str("\x1bP");
        wrapped.extend(piece.iter().map(|&byte| byte as char));
        wrapped.push_str("\x1b\\");
    }
    Ok(wrapped)
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, &byte| bits << 8 | u32::from(byte))
            << (8 * (3 - group.len()));
        for place in 0..4 {
            if place <= group.len() {
                text.push(ALPHABET[(bits >> (18 - 6 * place) & 63) as usize] as char);
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(gnu_screen: bool) -> Profile {
        Profile { gnu_screen, clipboard: true, ..Profile::detect(&|_| None) }
    }

    #[test]
    fn base64_is_the_one_of_rfc_4648() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xff, 0xfe, 0xfd, 0xfc]), "//79/A==");
    }

    #[test]
    fn a_copied_line_is_one_sequence() {
        assert_eq!(sequence("foo", profile(false)).as_deref(), Ok("\x1b]52;c;Zm9v\x07"));
    }

    #[test]
    fn more_than_a_terminal_takes_is_refused() {
        assert!(sequence(&"x".repeat(MAX), profile(false)).is_ok());
        let refused = sequence(&"x".repeat(MAX + 1), profile(false));
        assert_eq!(refused, Err(NotCopied::TooLong { bytes: MAX + 1 }));
    }

    #[test]
    fn a_vt100_is_sent_nothing_that_it_would_print() {
        let vt100 = Profile::detect(&|name| (name == "TERM").then(|| "vt100".into()));
        assert_eq!(sequence("foo", vt100), Err(NotCopied::NoClipboard));
    }

    #[test]
    fn gnu_screen_gets_it_in_pieces_it_passes_on() {
        let plain = sequence(&"x".repeat(500), profile(false)).expect("short enough");
        let wrapped = sequence(&"x".repeat(500), profile(true)).expect("short enough");
        let pieces: Vec<_> = wrapped.split("\x1bP").skip(1).collect();
        assert!(pieces.len() > 1);
        let joined: String =
            pieces.iter().map(|p| p.strip_suffix("\x1b\\").expect("an end")).collect();
        assert_eq!(joined, plain);
    }
}
