//! An account that has nothing but kompeten, with the settings for sshd as they ship: one
//! office behind a server, no shell, no editor, no file beyond the officer's own folder.

use std::fs;
use std::path::Path;

use crate::office::{ENTER, ESC, Office, SAVE};
use crate::pty::{Exit, Pty};
use crate::sshd::Sshd;

use super::sharing::Server;

const SHIPPED: &str = include_str!("../../../packaging/etc/ssh/sshd_config.d/kompeten.conf");

/// The shipped settings for whoever runs the test, with the program under test, on a host
/// that is generous to everybody else.
fn sshd(office: &Office) -> Option<Sshd> {
    let own = kompeten::link::identity::own();
    let shipped = replaced(SHIPPED, "Match Group kompeten-captive", &format!("Match User {own}"));
    let shipped = replaced(&shipped, "/usr/local/bin/kompeten", env!("CARGO_BIN_EXE_kompeten"));
    let mut env = vec!["EDITOR=/bin/sh".to_owned(), "LANG=C.UTF-8".to_owned()];
    env.extend(office.env(&[]).iter().map(|(name, value)| format!("{name}={value}")));
    let host = "AcceptEnv *\nAllowTcpForwarding yes\nSubsystem sftp internal-sftp";
    Sshd::start(&format!("{host}\nSetEnv {}\n{shipped}", env.join(" ")))
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in the shipped settings");
    text.replace(from, to)
}

fn logged_in(sshd: &Sshd, command: &[&str]) -> Pty {
    let mut pty = sshd.login(command);
    pty.go_to_employees(false);
    pty.wait_for("[Pegawai 3]");
    pty.wait_row(&["›", "Ayu Contoh"]);
    pty
}

#[test]
fn a_captive_officer_works_and_finds_no_way_to_a_shell() {
    const F5: &str = "\x1b[15~";
    let office = Office::staffed();
    let _server = Server::on(&office);
    let Some(sshd) = sshd(&office) else { return };
    // Asked for or not, there is no shell.
    for command in [&[][..], &["/bin/sh"], &["exec", "/bin/bash", "-i"]] {
        let mut pty = logged_in(&sshd, command);
        pty.press("\x1a", "Tidak dapat dijeda");
        pty.press("e", "Ubah pegawai");
        pty.wait_row(&["Nama", "Ayu Contoh"]);
        pty.press(F5, "Penyunting teks tidak tersedia");
        pty.send(" L.");
        pty.press(SAVE, "Tersimpan");
        pty.press("u", "Mengurungkan");
        // No key of a terminal leads behind the program: it never stops or dies of one.
        pty.send("\x1c\x1a\x03");
        pty.wait_row(&["›", "Ayu Contoh"]);
        pty.send("q");
        assert_eq!(pty.wait_exit(), Exit::Code(0));
        assert!(!pty.is_alternate());
    }
    assert_eq!(office.history().len(), 2 + 6);
}

#[test]
fn a_command_a_copy_or_a_tunnel_of_a_captive_officer_gets_nothing_but_kompeten() {
    let office = Office::staffed();
    let _server = Server::on(&office);
    let Some(sshd) = sshd(&office) else { return };
    let secret = office.file("rahasia.txt", "rahasia");
    let (copy, made) = (office.path("salinan.txt"), office.path("dibuat"));

    let said = sshd.run(&[], &[&format!("cat {secret}; touch {made}")]);
    assert_eq!(said.status.code(), Some(1));
    assert!(said.stdout.is_empty(), "{}", String::from_utf8_lossy(&said.stdout));
    let told = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(told.contains("memerlukan terminal"), "{told}");
    assert!(!sshd.run(&["-s"], &["sftp"]).status.success());

    let account = Sshd::account();
    let [from, to] = [&secret, &made].map(|file| format!("{account}:{file}"));
    for (program, args) in
        [("scp", vec![&from, &copy]), ("scp", vec![&secret, &to]), ("sftp", vec![&from, &copy])]
    {
        let args: Vec<&str> = args.into_iter().map(String::as_str).collect();
        assert!(!sshd.copy(program, &args).status.success(), "{program} {args:?}");
    }

    // Into the host's own network: to sshd itself, which would greet.
    let tunnel = sshd.run(&["-W", &sshd.address()], &[]);
    assert!(!tunnel.status.success() && tunnel.stdout.is_empty(), "{tunnel:?}");

    for file in [copy, made] {
        assert!(!Path::new(&file).exists(), "{file}");
    }
    assert_eq!(office.history().len(), 2);
}

#[test]
fn the_environment_of_a_captive_officers_computer_changes_nothing() {
    let office = Office::staffed();
    let _server = Server::on(&office);
    let Some(sshd) = sshd(&office) else { return };
    let other = office.path("lain");
    let set = format!("SetEnv=KOMPETEN_DATA={other} KOMPETEN_CAPTIVE= KOMPETEN_SOCKET={other}");
    let mut pty = sshd.login_with(&["-o", &set], &[]);
    pty.go_to_employees(false);
    pty.wait_for("[Pegawai 3]");
    pty.press("\x1a", "Tidak dapat dijeda");
    pty.quit();
    assert!(!Path::new(&other).exists());
}

#[test]
fn a_captive_officers_lists_go_to_their_own_folder_and_nowhere_else() {
    let office = Office::staffed();
    let _server = Server::on(&office);
    let Some(sshd) = sshd(&office) else { return };
    let elsewhere = tempfile::tempdir().expect("a folder");
    let outside = elsewhere.path().join("pegawai.csv").display().to_string();
    let rc = office.file(".bashrc", "milik sendiri");
    let mut pty = logged_in(&sshd, &[]);
    for path in [&outside, &rc, "../pegawai.csv"] {
        pty.press("w", "Ekspor daftar ini");
        pty.send("\x15");
        pty.send(path);
        pty.send(ENTER);
        pty.wait_for("hanya berkas dalam");
        pty.send(ESC);
        pty.wait_gone("Ekspor daftar ini");
    }
    assert!(!Path::new(&outside).exists());
    assert_eq!(fs::read_to_string(&rc).expect("the file"), "milik sendiri");

    pty.press("I", "Impor berkas");
    pty.send("/etc/passwd");
    pty.press(SAVE, "hanya berkas dalam");
    pty.send(ESC);
    pty.wait_gone("hanya berkas dalam");
    pty.send(ESC);
    pty.wait_gone("Impor berkas");

    pty.press("w", "Ekspor daftar ini");
    pty.send("\x15");
    pty.send("pegawai.csv");
    pty.send(ENTER);
    pty.wait_for("3 baris ditulis");
    assert!(fs::read_to_string(office.path("pegawai.csv")).expect("the file").contains("Ayu"));
    pty.quit();
}
