//! Work that ends otherwise than by `q`: the connection breaks, the host goes down, the
//! program is killed. What the screen called saved is saved; what was typed is offered again.

use crate::office::{ENTER, ESC, Office, SAVE, STAFF};
use crate::pty::{Exit, Pty, Signal};

/// A form for a new person, half filled in.
fn half_filled(office: &Office) -> Pty {
    let mut pty = office.opened();
    pty.press("a", "Tambah pegawai");
    pty.send("199001012015032001\tSri Wahyuni");
    pty.wait_row(&["Nama", "Sri Wahyuni"]);
    pty
}

/// The next start, where the draft is offered.
fn offered(office: &Office) -> Pty {
    let pty = office.start(&[], &[], 80, 24);
    pty.wait_for("belum selesai");
    pty
}

#[test]
fn a_form_cut_off_by_a_broken_line_is_gone_on_with_at_the_next_start() {
    let office = Office::new();
    let mut pty = half_filled(&office);
    pty.hang_up();
    assert!(matches!(pty.wait_exit(), Exit::Code(_)), "{:?}", pty.wait_exit());

    let mut pty = offered(&office);
    pty.press("y", "Tambah pegawai");
    pty.wait_row(&["NIP / nomor", "19900101 201503 2 001"]);
    pty.wait_row(&["Nama", "Sri Wahyuni"]);
    pty.press(SAVE, "Tersimpan");
    pty.go_to_employees(false);
    pty.wait_row(&["›", "Sri Wahyuni"]);
    pty.quit();
    assert_eq!(office.texts("employees", "name"), ["Sri Wahyuni"]);

    // Once saved it is not offered again.
    let pty = office.opened();
    pty.wait_row(&["›", "Sri Wahyuni"]);
    assert!(!pty.screen().contains("belum selesai"), "{}", pty.screen());
    pty.quit();
}

#[test]
fn a_draft_waits_until_it_is_wanted_and_can_be_thrown_away() {
    for signal in [Signal::TERM, Signal::HUP] {
        let office = Office::new();
        let pty = half_filled(&office);
        pty.signal(signal);
        assert!(matches!(pty.wait_exit(), Exit::Code(_)), "{:?}", pty.wait_exit());
        assert!(!pty.is_alternate());

        // Not now, says Enter: it is offered again.
        let mut pty = offered(&office);
        pty.send(ENTER);
        pty.wait_gone("belum selesai");
        pty.quit();
        let mut pty = offered(&office);
        pty.press("y", "Sri Wahyuni");
        pty.press(ESC, "Buang perubahan");
        pty.send("y");
        pty.wait_gone("Tambah pegawai");
        pty.quit();

        let pty = office.opened();
        assert!(!pty.screen().contains("belum selesai"), "{}", pty.screen());
        pty.quit();
        assert!(office.list("employees").is_empty());
    }
}

#[test]
fn an_edit_cut_off_goes_on_with_the_same_person() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Unit kerja", "Kelurahan Sago"]);
    pty.send(" Lestari");
    pty.wait_for("Ayu Contoh Lestari");
    pty.hang_up();
    pty.wait_exit();

    let mut pty = offered(&office);
    pty.press("y", "Ubah pegawai");
    pty.wait_for("Ayu Contoh Lestari");
    pty.wait_row(&["Unit kerja", "Kelurahan Sago"]);
    pty.press(SAVE, "Tersimpan");
    pty.go_to_employees(false);
    pty.wait_row(&["›", "Ayu Contoh Lestari"]);
    pty.quit();
    let names = office.texts("employees", "name");
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names.contains(&"Ayu Contoh Lestari".to_owned()), "{names:?}");
}

#[test]
fn a_draft_of_what_was_changed_meanwhile_shows_mine_theirs_and_before() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Ayu Contoh"]);
    pty.send(" Lestari");
    pty.wait_for("Ayu Contoh Lestari");
    pty.hang_up();
    pty.wait_exit();
    // Somebody else gets to her name and her grade first.
    let file = office.file("lain.csv", STAFF.replace("Ayu Contoh;III/c", "Ayu Kartini;III/d"));
    assert_eq!(office.run(&["import", "employees", &file]).code, 0);

    let mut pty = offered(&office);
    pty.press("y", "Ayu Contoh Lestari");
    pty.press(SAVE, "diubah orang lain");
    for (who, name) in
        [("semula", "Ayu Contoh"), ("tersimpan", "Ayu Kartini"), ("saya", "Ayu Contoh Lestari")]
    {
        pty.wait_row(&[who, name]);
    }
    pty.send(ENTER);
    pty.wait_row(&["Mengubah pegawai Ayu Contoh Lestari"]);
    pty.go_to_employees(false);
    pty.wait_row(&["›", "Ayu Contoh Lestari", "III/d"]);
    pty.quit();
    assert!(office.texts("employees", "grade").contains(&"III/d".to_owned()));
}

#[test]
fn what_the_screen_called_saved_is_there_after_a_kill() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.wait_row(&["›", "Ayu Contoh"]);
    for name in ["A.", "B.", "C."] {
        pty.press("e", "Ubah pegawai");
        pty.wait_row(&["Nama", "Ayu Contoh"]);
        pty.send(" ");
        pty.send(name);
        pty.press(SAVE, "Tersimpan");
        pty.wait_row(&["›", name]);
    }
    pty.signal(Signal::KILL);
    assert!(matches!(pty.wait_exit(), Exit::Killed(_)), "{:?}", pty.wait_exit());

    assert_eq!(office.run(&["verify"]).code, 0);
    let names = office.texts("employees", "name");
    assert!(names.contains(&"Ayu Contoh A. B. C.".to_owned()), "{names:?}");
    let pty = office.opened();
    pty.wait_row(&["›", "Ayu Contoh A. B. C."]);
    pty.quit();
}
