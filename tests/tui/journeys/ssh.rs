//! Over a real SSH connection, as officers come: the three panes, and a line that breaks in
//! the middle of a form.

use crate::office::{ENTER, ESC, Office, SAVE};
use crate::pty::{Pty, Signal, wait_ended};
use crate::sshd::Sshd;

use super::rating::matrix_of_sago;
use super::training::{add_programme, add_session};

/// An sshd whose sessions find this office and nothing of the account's own home.
fn sshd(office: &Office) -> Option<Sshd> {
    let env: Vec<String> =
        office.env(&[("LANG", "C.UTF-8")]).iter().map(|(k, v)| format!("{k}={v}")).collect();
    Sshd::start(&format!("SetEnv {}", env.join(" ")))
}

/// The screen over SSH, once its list stands.
fn logged_in(sshd: &Sshd) -> Pty {
    let mut pty = sshd.login(&[env!("CARGO_BIN_EXE_kompeten")]);
    pty.go_to_employees(false);
    pty
}

#[test]
fn an_officer_logs_in_and_works_in_all_three_panes() {
    let office = Office::staffed();
    let Some(sshd) = sshd(&office) else { return };
    let mut pty = logged_in(&sshd);

    // Found, opened, changed, saved.
    pty.filter("budi", "1/3");
    pty.wait_row(&["›", "Budi Contoh"]);
    pty.press(ENTER, "Pengembangan");
    pty.press("e", "Ubah pegawai");
    pty.wait_row(&["Nama", "Budi Contoh"]);
    pty.send(" Santoso");
    pty.press(SAVE, "Tersimpan");
    pty.wait_for("Budi Contoh Santoso");
    pty.send(ESC);
    pty.wait_row(&["›", "Budi Contoh Santoso"]);
    pty.quit();

    // The next login: rated, and a training from nothing to JP.
    let mut pty = logged_in(&sshd);
    matrix_of_sago(&mut pty);
    pty.send("3");
    pty.wait_for("Yang dicatat pada setiap level");
    pty.press(SAVE, "Tersimpan");
    pty.wait_row(&["Ayu Contoh", "3+1"]);

    pty.press("gt", "[Agenda]");
    pty.send("\t\t");
    pty.wait_for("[Program]");
    add_programme(&mut pty, "Pelayanan Prima", "20");
    pty.send("\t\t");
    pty.wait_for("[Agenda]");
    add_session(&mut pty, "Pelayanan Prima");
    pty.press("+", "Tambah peserta");
    pty.send("199002012015121902");
    pty.wait_for("Budi Contoh Santoso");
    pty.wait_gone("Ayu Contoh");
    pty.send(ENTER);
    pty.wait_for("Tersimpan");
    pty.send(ENTER);
    pty.wait_row(&["›", "Budi Contoh", "[.]"]);
    pty.send("x");
    pty.wait_row(&["Budi Contoh", "20", "terpenuhi"]);
    pty.quit();

    assert!(office.texts("employees", "name").contains(&"Budi Contoh Santoso".to_owned()));
    assert_eq!(office.list("ratings").len(), 4);
    assert_eq!(office.list("enrolments")[0]["jp"], 20);
    assert_eq!(office.run(&["verify"]).code, 0);
}

#[test]
fn a_form_cut_off_with_the_connection_is_offered_at_the_next_login() {
    let office = Office::staffed();
    let Some(sshd) = sshd(&office) else { return };
    // The officer's window is closed, their computer dies, the host loses the line.
    for name in ["Jendela", "Komputer", "Saluran"] {
        let mut pty = logged_in(&sshd);
        let program = sshd.wait_program();
        pty.press("a", "Tambah pegawai");
        pty.send("\tSri ");
        pty.send(name);
        pty.wait_row(&["Nama", &format!("Sri {name}")]);
        match name {
            "Jendela" => pty.hang_up(),
            "Komputer" => pty.signal(Signal::KILL),
            _ => sshd.drop_connections(),
        }
        wait_ended(program);

        let mut pty = sshd.login(&[env!("CARGO_BIN_EXE_kompeten")]);
        pty.wait_for("belum selesai");
        pty.press("y", "Tambah pegawai");
        pty.wait_row(&["Nama", &format!("Sri {name}")]);
        pty.press(ESC, "Buang perubahan");
        pty.send("y");
        pty.wait_gone("Tambah pegawai");
        pty.quit();
    }
    assert_eq!(office.list("employees").len(), 3);
}
