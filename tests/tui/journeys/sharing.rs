//! One office, more than one program.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::between::{Cut, go_between};
use crate::office::{DOWN, ENTER, ESC, Office, SAVE, UP};
use crate::pty::Exit;

/// A server on the office; killed when dropped.
pub struct Server(Child);

impl Server {
    pub fn on(office: &Office) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kompeten"));
        command.env_clear().envs(office.env(&[])).args(["serve", "--socket"]);
        command.arg(office.path("k.sock")).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a server");
        let mut said = String::new();
        BufReader::new(child.stderr.take().expect("its words"))
            .read_line(&mut said)
            .expect("words");
        assert!(said.starts_with("Melayani "), "{said}");
        Self(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_one_officer_saves_appears_on_the_others_screen_and_their_cursor_stays() {
    let office = Office::staffed();
    let _server = Server::on(&office);
    let mut ours = office.opened();
    let mut theirs = office.opened();
    theirs.send(DOWN);
    theirs.wait_row(&["›", "Budi Contoh"]);
    ours.wait_row(&["›", "Ayu Contoh"]);

    ours.press("e", "Ubah pegawai");
    ours.wait_row(&["Nama", "Ayu Contoh"]);
    ours.send("\x1b[HZulaikha ");
    ours.wait_row(&["Nama", "Zulaikha Ayu Contoh"]);
    ours.press(SAVE, "Tersimpan");
    // The renamed person now stands behind the one under their cursor.
    theirs.wait_for("Zulaikha");
    theirs.wait_row(&["›", "Budi Contoh"]);
    ours.press("u", "Mengurungkan");
    theirs.wait_gone("Zulaikha");
    theirs.wait_row(&["›", "Budi Contoh"]);
    ours.quit();
    theirs.quit();
}

#[test]
fn a_screen_whose_server_is_killed_says_so_keeps_what_is_typed_and_saves_it_with_the_next() {
    let office = Office::staffed();
    let server = Server::on(&office);
    let mut pty = office.opened();
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Ayu Contoh"]);
    pty.send(" Lestari");
    pty.wait_for("Ayu Contoh Lestari");
    drop(server);
    pty.wait_for("terputus");
    pty.wait_for("Ayu Contoh Lestari");
    // Saved while nobody answers, and once only.
    pty.send(SAVE);
    let _server = Server::on(&office);
    pty.wait_for("Tersimpan");
    pty.wait_row(&["›", "Ayu Contoh Lestari"]);
    pty.wait_gone("sambungan terputus");
    pty.quit();
    assert_eq!(office.history().len(), 3);
}

#[test]
fn who_comes_second_is_told_who_has_the_office_and_gets_in_once_they_leave() {
    let office = Office::staffed();
    let first = office.opened();
    let second = office.start(&[], &[], 80, 24);
    assert_eq!(second.wait_exit(), Exit::Code(1));
    let said = second.screen();
    assert!(said.contains("sedang dibuka oleh"), "{said}");
    assert!(said.contains(&first.pid().as_raw_nonzero().to_string()), "{said}");
    assert!(!second.is_alternate());
    // Neither did it do any harm to the first.
    let mut first = first;
    first.press("e", "Ubah pegawai");
    first.wait_row(&["Nama", "Ayu Contoh"]);
    first.send(" Lestari");
    first.press(SAVE, "Tersimpan");
    first.quit();

    let third = office.opened();
    third.wait_row(&["›", "Ayu Contoh Lestari"]);
    third.quit();
}

#[test]
fn an_office_opened_for_reading_only_says_so_and_saves_nothing() {
    let office = Office::staffed();
    let mut pty = office.opened_with(&["--read-only"], &[]);
    pty.wait_row(&["[Pegawai 3]", "hanya baca"]);
    for key in ["a", "e", "d", "u", "I"] {
        pty.press(key, "dibuka hanya untuk dibaca");
        pty.send("j");
        pty.wait_gone("dibuka hanya untuk dibaca");
    }
    pty.press("gm", "Matriks 3");
    // Whoever the list was left on.
    pty.wait_row(&["›", "Citra Contoh"]);
    pty.press("3", "dibuka hanya untuk dibaca");
    pty.quit();
    assert_eq!(office.history().len(), 2);
}

#[test]
fn who_has_a_record_open_is_shown_to_the_others_at_once_and_until_it_is_closed() {
    let office = Office::staffed();
    let server = Server::on(&office);
    let mut ours = office.opened();
    let mut theirs = office.opened();
    theirs.wait_row(&["›", "Ayu Contoh"]);
    ours.press("e", "Ubah pegawai");
    // Whoever looks at it sees it, and whoever looks at another does not.
    theirs.wait_for("sedang diubah ");
    theirs.send(DOWN);
    theirs.wait_row(&["›", "Budi Contoh"]);
    theirs.wait_gone("sedang diubah ");
    theirs.send(UP);
    theirs.wait_for("sedang diubah ");
    // Nobody is kept out, and both forms say so.
    theirs.press("e", "Sedang diubah juga oleh ");
    ours.wait_for("Sedang diubah juga oleh ");
    // One who comes later is told as well.
    let late = office.opened();
    late.wait_for("sedang diubah ");
    // With the line everything of it is lost, and told anew over the next one.
    drop(server);
    ours.wait_gone("Sedang diubah juga oleh ");
    let _server = Server::on(&office);
    ours.wait_for("Sedang diubah juga oleh ");
    ours.send(ESC);
    ours.wait_gone("Ubah pegawai");
    theirs.wait_gone("Sedang diubah juga oleh ");
    late.wait_for("sedang diubah ");
    theirs.hang_up();
    theirs.wait_exit();
    late.wait_gone("sedang diubah ");
    ours.quit();
    late.quit();
}

#[test]
fn an_officer_alone_is_told_of_nobody() {
    let office = Office::staffed();
    let mut pty = office.opened();
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Ayu Contoh"]);
    pty.send(ESC);
    pty.wait_gone("Ubah pegawai");
    assert!(!pty.has_written("sedang diubah") && !pty.has_written("Sedang diubah"));
    pty.quit();
}

/// Brings a file of one newcomer in over a line that is cut before the last word.
fn import_over_a_cut_line(cut: Cut, told: &str, people: &str, steps: usize) {
    let office = Office::staffed();
    let _server = Server::on(&office);
    let socket = office.path("between.sock");
    go_between(socket.as_ref(), office.path("k.sock").as_ref(), cut);
    let file = office.file("baru.csv", "NIP BARU;NAMA\n'199104052018011904;Dewi Contoh\n");
    let env = [("KOMPETEN_SOCKET", socket.as_str()), ("KOMPETEN_DATA", "")];
    let mut pty = office.opened_with(&[], &env);
    pty.press("I", "Impor berkas");
    pty.send(&file);
    pty.wait_for("berkas tersendiri");
    pty.press(SAVE, "[Baru 1]");
    pty.press(ENTER, "Simpan 1 baru");
    pty.send("y");
    // The question says how many are new as well.
    pty.wait_gone("Simpan 1 baru");
    pty.wait_for(told);
    pty.wait_gone("sambungan terputus");
    pty.send(ESC);
    pty.wait_for(people);
    pty.send(ESC);
    pty.quit();
    assert_eq!(office.history().len(), 2 + steps);
}

#[test]
fn an_import_that_was_saved_before_its_line_was_cut_is_told_as_saved() {
    import_over_a_cut_line(Cut::After, "1 baru", "Pegawai 4", 1);
}

#[test]
fn an_import_whose_line_was_cut_before_it_was_saved_is_told_as_not_saved() {
    import_over_a_cut_line(Cut::Before, "tidak ada yang disimpan", "Pegawai 3", 0);
}
