//! A cat on the keyboard: whatever is pressed in whatever order, the program neither
//! panics nor hangs, and the office stays whole.

use crate::office::{Office, crowd};
use crate::pty::{Exit, Pty, Signal};

/// What a keyboard sends, all of it; `q` and ctrl-c seldom enough to get anywhere.
const KEYS: &[&str] = &[
    "a",
    "b",
    "c",
    "d",
    "e",
    "f",
    "g",
    "h",
    "i",
    "j",
    "k",
    "l",
    "m",
    "n",
    "o",
    "p",
    "r",
    "s",
    "t",
    "u",
    "v",
    "w",
    "x",
    "y",
    "z",
    "E",
    "F",
    "G",
    "H",
    "I",
    "J",
    "M",
    "N",
    "R",
    "S",
    "V",
    "X",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "9",
    " ",
    "/",
    ":",
    "?",
    ".",
    "=",
    ",",
    "[",
    "]",
    "+",
    "$",
    "\r",
    "\t",
    "\x7f",
    "\x13",
    "\x12",
    "\x15",
    "\x17",
    "\x0c",
    "\x1b",
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[H",
    "\x1b[F",
    "\x1b[5~",
    "\x1b[6~",
    "\x1b[2~",
    "\x1b[3~",
    "\x1b[Z",
    "\x1bOP",
    "\x1bOS",
    "\x1b[15~",
    "\x1b[21~",
    "é",
    "\u{0301}",
    "漢",
    "\x00",
    "\x1b[200~tempel\nan\x1b[201~",
    "ge",
    "gm",
    "gt",
    "gu",
    "gp",
    "g,",
    "gh",
    "gs",
    "gc",
    "j",
    "\x1b[B",
    "\r",
    "\r",
    "\x1b",
    "\x1b",
];

/// Not random, so that a failure comes again.
struct Cat(u64);

impl Cat {
    fn paw(&mut self, of: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % of
    }
}

/// Presses this many keys; starts the program again where one of them ended it.
fn walk(office: &Office, seed: u64, keys: usize) {
    let mut cat = Cat(seed);
    let mut pressed = Vec::new();
    let mut pty = office.opened();
    for at in 0..keys {
        let key = KEYS[cat.paw(KEYS.len())];
        pressed.push(key);
        if !pty.send_if_up(key) {
            ended(&pty, &pressed);
            pty = office.start(&[], &[], 80, 24);
            // A form that was cut off may be offered over it.
            pty.wait_for("awai ");
            pressed.clear();
        } else if at % 50 == 49 {
            pty.resize(40 + cat.paw(100) as u16, 10 + cat.paw(40) as u16);
        }
    }
    // Whoever still listens goes when told to.
    pty.signal(Signal::TERM);
    ended(&pty, &pressed);
}

fn ended(pty: &Pty, pressed: &[&str]) {
    assert_eq!(pty.wait_exit(), Exit::Code(0), "after {pressed:?}");
    assert!(!pty.has_written("panicked"), "after {pressed:?}: {}", pty.screen());
    assert!(!pty.is_alternate());
}

#[test]
fn a_cat_on_the_keyboard_breaks_nothing() {
    for seed in 1..=3 {
        let office = Office::with(&crowd(8), "");
        walk(&office, seed * 7919, 400);
        assert_eq!(office.run(&["verify"]).code, 0, "seed {seed}");
        assert_eq!(office.run(&["rebuild"]).code, 0, "seed {seed}");
    }
}
