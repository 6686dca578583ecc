//! The same work on every terminal an office still has, in both languages, at every size
//! and with every keymap.

use std::env;
use std::process;

use crate::office::{DOWN, ENTER, ESC, F4, Office, SAVE};
use crate::pty::{Exit, Pty};

/// A short day's work: find, edit, rate, leave.
fn work(pty: &mut Pty) {
    pty.send("/budi");
    pty.wait_for("budi");
    pty.wait_for("1/3");
    pty.send(ENTER);
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Budi Contoh"]);
    pty.send(" Wijaya");
    pty.press(SAVE, "Tersimpan");
    pty.send(ESC);
    pty.wait_for("Pegawai 3");
    pty.press("gm", "[Matriks");
    pty.wait_for("Ayu");
    pty.press("3", "Yang dicatat");
    pty.press(SAVE, "Tersimpan");
    pty.press("gt", "[Pelatihan");
    pty.press("ge", "[Pegawai 3");
}

fn done(office: &Office) {
    let names = office.texts("employees", "name");
    assert!(names.contains(&"Budi Contoh Wijaya".to_owned()), "{names:?}");
    assert_eq!(office.list("ratings").len(), 4);
    assert_eq!(office.run(&["verify"]).code, 0);
}

#[test]
fn a_days_work_on_every_terminal() {
    let terminals: [&[(&str, &str)]; 5] = [
        &[("TERM", "vt100"), ("NO_COLOR", "1")],
        &[("TERM", "screen")],
        &[("TERM", "linux")],
        &[("TERM", "dumb"), ("LC_ALL", "C")],
        &[("TERM", "tmux-256color"), ("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22")],
    ];
    for terminal in terminals {
        let office = Office::staffed();
        let mut pty = office.opened_with(&[], terminal);
        // Colour or not, she sees where she stands.
        pty.wait_row(&["Ayu Contoh"]);
        assert!(pty.is_reversed("Ayu Contoh"), "{terminal:?}");
        assert!(!pty.is_reversed("Budi Contoh"), "{terminal:?}");
        work(&mut pty);
        pty.quit();
        done(&office);
    }
}

#[test]
fn an_ascii_locale_is_sent_nothing_but_ascii() {
    let office = Office::staffed();
    let mut pty = office.opened_with(&[], &[("LC_ALL", "C"), ("LANG", "C")]);
    work(&mut pty);
    pty.press("gm", "[Matriks");
    pty.press("=", "Penilaian");
    pty.send(ESC);
    pty.press("?", "Tombol di sini");
    let output = pty.output();
    assert!(output.is_ascii(), "{:?}", String::from_utf8_lossy(&output));
    pty.send(ESC);
    pty.wait_gone("Tombol di sini");
    pty.quit();
}

/// What may follow the keys whose box is on the screen: the key, and what it does.
fn offered(screen: &str, keys: &str) -> Vec<(char, String)> {
    let head = format!("+- {keys} -");
    let rows = screen.lines().skip_while(|line| !line.contains(&head)).skip(1);
    let rows = rows.take_while(|line| !line.ends_with("--+"));
    let inside =
        |line: &str| Some(line.trim_end().strip_suffix('|')?.rsplit('|').next()?.to_owned());
    let rows = rows.filter_map(inside);
    rows.filter_map(|row| Some((row.chars().next()?, row[1..].trim().to_owned()))).collect()
}

/// Every page and list there is behind `g` and `g d`, as it stands on the screen.
fn pictures(office: &Office, env: &[(&str, &str)]) -> (Vec<(String, String)>, Vec<u8>) {
    let mut pty = office.opened_with(&[], env);
    let mut pictures = Vec::new();
    for keys in ["g", "g d"] {
        let pressed = keys.replace(' ', "");
        pty.send(&pressed);
        pty.wait_for(&format!("+- {keys} -"));
        let places = offered(&pty.screen(), keys);
        assert!(places.len() > 5, "{places:?}\n{}", pty.screen());
        pty.send(ESC);
        pty.wait_gone(&format!("+- {keys} -"));
        // The first row is no place, and `...` are more keys.
        for (key, name) in places.into_iter().filter(|(key, name)| *key != 'g' && name != "...") {
            pty.send(&pressed);
            pty.wait_for(&format!("+- {keys} -"));
            pty.send(key.to_string());
            pty.wait_gone(&format!("+- {keys} -"));
            let still = settled(&pty);
            pictures.push((name, still));
            pty.send(ESC);
            pty.press("ge", "[Pegawai");
        }
    }
    let bytes = pty.output();
    pty.quit();
    (pictures, bytes)
}

/// The screen once nothing on it changes any more.
fn settled(pty: &Pty) -> String {
    let mut last = (pty.written(), 0);
    crate::pty::until("a screen that rests", || {
        let written = pty.written();
        last = if written == last.0 { (written, last.1 + 1) } else { (written, 0) };
        last.1 > 100
    });
    pty.screen()
}

/// What a VT100 does not know, were it in these bytes: it would print it, or worse.
fn unknown_to_a_vt100(bytes: &[u8]) -> Option<String> {
    // The modes of later terminals, which it reads over as it should.
    const READ_OVER: [&str; 3] = ["?25", "?1049", "?2004"];
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split('\x1b');
    let plain = |text: &str| {
        text.chars().all(|c| c == '\n' || c == '\r' || (c.is_ascii() && !c.is_ascii_control()))
    };
    if !parts.next().is_some_and(plain) {
        return Some("text".into());
    }
    let unknown = |part: &str| {
        let Some(rest) = part.strip_prefix('[') else {
            return !(part.starts_with(['D', 'M']) && plain(&part[1..]));
        };
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (params, behind) = rest.split_at(end);
        let known = match behind.chars().next() {
            Some('A'..='D' | 'H' | 'J' | 'K' | 'r') => {
                params.chars().all(|c| c.is_ascii_digit() || c == ';')
            }
            Some('m') => params.split(';').all(|one| ["", "0", "1", "4", "5", "7"].contains(&one)),
            Some('h' | 'l') => READ_OVER.contains(&params),
            _ => false,
        };
        !(known && plain(&behind[1..]))
    };
    parts.find(|part| unknown(part)).map(|part| part.escape_debug().to_string())
}

#[test]
fn a_vt100_is_sent_only_what_it_knows_on_every_page_and_shows_the_picture_without_colours() {
    let office = Office::staffed();
    let (shown, bytes) = pictures(&office, &[("TERM", "vt100"), ("LANG", "id_ID.UTF-8")]);
    assert_eq!(unknown_to_a_vt100(&bytes), None);
    assert!(shown.len() > 20, "{}", shown.len());
    let plain = [("TERM", "xterm-256color"), ("NO_COLOR", "1"), ("LC_ALL", "C")];
    let (mono, _) = pictures(&office, &plain);
    for ((name, vt100), (other, mono)) in shown.iter().zip(&mono) {
        assert!(name == other && vt100 == mono, "{name}, {other}\n{vt100}\n{mono}");
        assert!(vt100.is_ascii(), "{name}\n{vt100}");
    }
}

#[test]
fn a_days_work_at_every_size() {
    for (cols, rows) in [(60, 15), (80, 24), (100, 30), (200, 60)] {
        let office = Office::staffed();
        let mut pty = office.start(&[], &[], cols, rows);
        pty.go_to_employees(false);
        pty.wait_row(&["›", "Ayu Contoh"]);
        work(&mut pty);
        pty.quit();
        done(&office);
    }
}

#[test]
fn beside_the_list_stands_the_person_where_there_is_room() {
    let office = Office::staffed();
    let mut pty = office.start(&[], &[], 120, 30);
    pty.go_to_employees(false);
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.wait_for("Lurah, Kel. Sago");
    pty.send(DOWN);
    pty.wait_row(&["›", "Budi Contoh"]);
    pty.wait_for("Pengadm. Umum, Kel. Sago");
    pty.quit();
}

#[test]
fn a_screen_too_small_says_so_and_what_was_typed_is_there_when_it_grows() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Ayu Contoh"]);
    for (cols, rows) in [(59, 14), (1, 1), (59, 24), (80, 14), (0, 0)] {
        pty.resize(cols, rows);
        pty.send("\x1b[C");
    }
    pty.resize(59, 14);
    pty.wait_for("Layar terlalu kecil: perlu 60x15");
    // Keys still work: she can go on typing, or leave.
    pty.send(" Lestari");
    pty.resize(80, 24);
    pty.wait_row(&["Nama", "Ayu Contoh Lestari"]);
    pty.press(SAVE, "Tersimpan");
    pty.resize(59, 14);
    pty.wait_for("Layar terlalu kecil");
    pty.quit();
}

#[test]
fn english_is_complete_from_list_to_question() {
    let office = Office::staffed();
    for (args, env) in [
        (&["--lang", "en"][..], ("TERM", "xterm")),
        (&[], ("KOMPETEN_LANG", "en")),
        (&[], ("LC_ALL", "en_US.UTF-8")),
    ] {
        let mut pty = office.start(args, &[env], 80, 24);
        pty.go_to_employees(false);
        pty.wait_for("[Employees 3]");
        pty.wait_row(&["›", "Ayu Contoh"]);
        pty.wait_for("quit");
        pty.press("e", "Edit employee");
        pty.wait_row(&["Name", "Ayu Contoh"]);
        pty.send("x");
        pty.wait_for("Ayu Contohx");
        pty.press(ESC, "Discard what is not saved?");
        pty.send("y");
        pty.wait_gone("Edit employee");
        pty.press("gm", "[Matrix 3]");
        pty.wait_for("below");
        pty.press("gt", "[Training");
        pty.wait_for("[Agenda]");
        pty.press("u", "Undid step");
        pty.press("\x12", "Redid step");
        pty.quit();
    }
}

#[test]
fn the_plain_keymap_needs_no_letters() {
    const F2: &str = "\x1bOQ";
    const F3: &str = "\x1bOR";
    const F6: &str = "\x1b[17~";
    const F7: &str = "\x1b[18~";
    const F10: &str = "\x1b[21~";
    const F12: &str = "\x1b[24~";
    let office = Office::staffed();
    let mut pty = office.opened_with(&["--keymap", "plain"], &[]);
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.send(DOWN);
    pty.wait_row(&["›", "Budi Contoh"]);
    pty.press(F2, "Ubah pegawai");
    pty.wait_row(&["Nama", "Budi Contoh"]);
    pty.send("\t Wijaya");
    pty.press(F10, "Tersimpan");
    pty.press(F7, "Mengurungkan");
    pty.wait_gone("Wijaya");
    pty.send(F3);
    pty.send("citra");
    pty.wait_for("1/3");
    pty.send(ESC);
    pty.wait_for("Pegawai 3");
    pty.press(F6, "[Matriks 3]");
    pty.press(F6, "[Pelatihan");
    // A letter does nothing here.
    pty.send("q");
    pty.press(F6, "[Laporan");
    pty.press(F6, "[Riwayat");
    pty.press(F6, "[Petugas");
    pty.press(F6, "[Beranda]");
    pty.press(F6, "[Pegawai 3]");
    pty.press("\x1b[2~", "Tambah pegawai");
    pty.press(F4, "ketik");
    pty.send(ESC);
    pty.wait_gone("Tambah pegawai");
    pty.send(F12);
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn the_vim_keymap_has_its_habits() {
    let office = Office::staffed();
    let mut pty = office.opened_with(&["--keymap", "vim"], &[]);
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.send("G");
    pty.wait_row(&["›", "Citra Contoh"]);
    pty.send("gg");
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.press("dd", "Hapus Ayu Contoh?");
    pty.send(ENTER);
    pty.wait_gone("Hapus Ayu Contoh?");
    pty.press("o", "Tambah pegawai");
    pty.send(ESC);
    pty.wait_gone("Tambah pegawai");
    pty.send("ZZ");
    assert_eq!(pty.wait_exit(), Exit::Code(0));
}

#[test]
fn a_keymap_that_cannot_be_read_is_said_and_the_screen_opens_all_the_same() {
    let office = Office::staffed();
    let file = office.file("keymap.toml", "[list]\n\"x\" = \"list.fly\"\n");
    let mut pty = office.start(&["--keymap", &file], &[], 80, 24);
    pty.wait_for("list.fly");
    pty.go_to_employees(false);
    pty.press("j", "›");
    pty.quit();
}

/// Set for the program that this test is when it runs in its own terminal.
const PANICS: &str = "KOMPETEN_TEST_PANICS";

#[test]
fn a_panic_gives_the_terminal_back_with_a_word_of_farewell() {
    if env::var_os(PANICS).is_some() {
        panic_on_screen();
    }
    let itself = env::current_exe().expect("this program");
    let name = "journeys::terminals::a_panic_gives_the_terminal_back_with_a_word_of_farewell";
    let args = ["--exact", name, "--nocapture", "--test-threads=1"];
    let pty = Pty::other(&itself, &args, &[(PANICS, "1")]);
    assert!(matches!(pty.wait_exit(), Exit::Code(1..)), "{:?}", pty.wait_exit());
    assert!(pty.has_written("kertas"), "the screen was there");
    assert!(!pty.is_alternate());
    let screen = pty.screen();
    assert!(screen.contains("sampai jumpa"), "{screen}");
    assert!(!screen.contains("rahasia"), "{screen}");
    assert!(pty.has_written("\x1b[?25h") && pty.has_written("\x1b[?2004l"));
}

fn panic_on_screen() -> ! {
    let profile = kompeten::term::profile::Profile::detect(&|_: &str| None);
    let screen = kompeten::term::screen::Screen::open(profile, || "sampai jumpa".into());
    let mut screen = screen.expect("a terminal");
    screen.draw(|frame| frame.render_widget("kertas", frame.area())).expect("drawn");
    let caught = std::panic::catch_unwind(|| panic!("rahasia {}", process::id()));
    // The test runner would print what it caught; the program ends here.
    process::exit(if caught.is_err() { 101 } else { 0 });
}
