//! What stands around the records: who holds the folder, who may read it, what stands in
//! the way. The officer gets a sentence and exit code 1, never a panic.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use super::desk::{Desk, employee, files, own_folder, program};

const NOBODY: u32 = 65534;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("there").permissions().mode() & 0o777
}

#[test]
fn a_second_process_is_told_who_has_the_office_and_what_to_do() {
    let mut desk = Desk::new();
    desk.save(employee(1));
    for command in [&["list", "employees"][..], &["verify"], &["undo"], &["rebuild"]] {
        let (code, said) = program(desk.data(), command);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("siti") && said.contains(&std::process::id().to_string()), "{said}");
        assert!(said.contains("Close it there"), "{said}");
        assert!(said.contains("since 21 Nov 2026 09:00)"), "on the clock of the office: {said}");
    }
    desk.close();
    let (code, said) = program(desk.data(), &["list", "employees"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_lock_left_by_a_killed_process_holds_nobody_up() {
    let mut desk = Desk::new();
    desk.close();
    fs::write(desk.data().join("lock"), "4711\nbudi\n2020-01-01 00:00 UTC\n").expect("written");
    let (code, said) = program(desk.data(), &["list", "employees"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn something_else_in_the_way_is_said_and_left_alone() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 5] = [
        ("the folder is a file", |data| {
            fs::remove_dir_all(data).expect("removed");
            fs::write(data, "mine").expect("written");
        }),
        ("the lock is a folder", |data| {
            fs::remove_file(data.join("lock")).expect("removed");
            fs::create_dir(data.join("lock")).expect("made");
        }),
        ("the journal is a file", |data| {
            fs::remove_dir_all(data.join("journal")).expect("removed");
            fs::write(data.join("journal"), "mine").expect("written");
        }),
        ("the folder leads nowhere", |data| {
            fs::remove_dir_all(data).expect("removed");
            std::os::unix::fs::symlink("nowhere/at/all", data).expect("linked");
        }),
        ("the lock leads into itself", |data| {
            fs::remove_file(data.join("lock")).expect("removed");
            std::os::unix::fs::symlink("lock", data.join("lock")).expect("linked");
        }),
    ];
    for (what, damage) in damages {
        let mut desk = Desk::new();
        desk.save(employee(1));
        desk.close();
        damage(desk.data());
        for command in [&["list", "employees"][..], &["verify"], &["set", "office_name", "X"]] {
            let (code, said) = program(desk.data(), command);
            assert_eq!(code, Some(1), "{what}: {said}");
            assert!(said.contains("kompeten: ") && !said.contains("panicked"), "{what}: {said}");
        }
    }
}

#[test]
fn a_journal_file_that_is_a_folder_leaves_the_records_to_be_read() {
    let mut desk = Desk::new();
    desk.save(employee(1));
    desk.close();
    fs::remove_file(desk.segment()).expect("removed");
    fs::create_dir(desk.segment()).expect("made");
    let (code, said) = program(desk.data(), &["list", "employees"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Pegawai 00001") && said.contains("000001.jsonl"), "{said}");
    let (code, said) = program(desk.data(), &["set", "office_name", "X"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(desk.segment().is_dir());
}

/// The program as somebody without rights; `None` where that cannot be tried.
fn as_nobody(data: &Path, args: &[&str]) -> Option<(Option<i32>, String)> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kompeten"));
    command.args(["--lang=en", "--data"]).arg(data).args(args);
    if rustix::process::getuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().ok()?;
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.code(), String::from_utf8(said).expect("text")))
}

fn give_to_nobody(path: &Path) {
    if rustix::process::getuid().is_root() {
        chown(path, Some(NOBODY), Some(NOBODY)).expect("given");
        if path.is_dir() {
            for entry in fs::read_dir(path).expect("a folder") {
                give_to_nobody(&entry.expect("an entry").path());
            }
        }
    }
}

#[test]
fn a_folder_that_may_not_be_written_or_read_is_said() {
    let mut tried = 0;
    for (what, part, rights) in [
        ("read-only folder", "", 0o500),
        ("closed folder", "", 0o000),
        ("closed journal", "journal", 0o000),
        ("closed segment", "journal/000001.jsonl", 0o000),
        ("closed lock", "lock", 0o000),
    ] {
        let mut desk = Desk::new();
        desk.save(employee(1));
        desk.close();
        give_to_nobody(desk.data());
        let above = desk.data().parent().expect("a folder");
        fs::set_permissions(above, Permissions::from_mode(0o755)).expect("opened");
        let path = desk.data().join(part);
        fs::set_permissions(&path, Permissions::from_mode(rights)).expect("closed");
        let said = as_nobody(desk.data(), &["set", "office_name", "X"]);
        fs::set_permissions(&path, Permissions::from_mode(0o700)).expect("opened");
        let Some((code, said)) = said else { continue };
        // The owner of a folder may open it for herself, and the program does.
        let mended = part.is_empty();
        if !(mended && code == Some(0)) {
            assert_eq!(code, Some(1), "{what}: {said}");
            assert!(said.contains("kompeten: ") && !said.contains("panicked"), "{what}: {said}");
        }
        tried += 1;
    }
    println!("faults: {tried} folders that may not be written or read");
}

#[test]
fn a_store_that_may_not_be_touched_is_put_aside_and_built_anew() {
    let mut desk = Desk::new();
    desk.save(employee(1));
    desk.close();
    give_to_nobody(desk.data());
    let above = desk.data().parent().expect("a folder");
    fs::set_permissions(above, Permissions::from_mode(0o755)).expect("opened");
    fs::set_permissions(desk.store(), Permissions::from_mode(0o000)).expect("closed");
    let Some((code, said)) = as_nobody(desk.data(), &["list", "employees"]) else {
        println!("faults: a store that may not be touched: not tried as this user");
        return;
    };
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Pegawai 00001"), "{said}");
}

#[test]
fn everything_in_the_folder_is_its_owners_alone_whatever_the_umask() {
    let home = own_folder();
    let data = home.path().join("data");
    let run = |command: &str| {
        let script = format!(
            "umask 000; exec {} --data {} {command}",
            env!("CARGO_BIN_EXE_kompeten"),
            data.display()
        );
        let output = Command::new("sh").arg("-c").arg(script).output().expect("a shell");
        assert!(output.status.success(), "{output:?}");
    };
    run("set office_name Plaju");
    fs::remove_dir_all(data.join("store")).expect("removed");
    run("rebuild");
    run("verify");
    let mut seen = 0;
    for entry in fs::read_dir(&data).expect("a folder") {
        let path = entry.expect("an entry").path();
        assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
        seen += 1;
    }
    for file in files(&data.join("journal")) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    assert_eq!(mode(&data), 0o700);
    assert!(seen >= 4, "{seen} parts");
}

#[test]
fn a_folder_others_could_look_into_is_closed_to_them_unless_it_is_not_ours_alone() {
    let home = own_folder();
    let (own, shared) = (home.path().join("own"), home.path().join("shared"));
    for folder in [&own, &shared] {
        fs::create_dir(folder).expect("made");
        fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("opened");
    }
    drop(File::create(shared.join("surat.txt")).expect("made"));
    for folder in [&own, &shared] {
        for _ in 0..2 {
            let (code, said) = program(folder, &["set", "office_name", "Plaju"]);
            assert_eq!(code, Some(0), "{said}");
        }
    }
    assert_eq!(mode(&own), 0o700);
    assert_eq!(mode(&shared), 0o755, "somebody's home or /tmp is not shut to its users");
    for part in ["journal", "store", "lock", "log"] {
        assert_eq!(mode(&shared.join(part)) & 0o077, 0, "{part}");
    }
}

/// Every path below a folder, with its owner and length.
fn inventory(folder: &Path) -> Vec<(std::path::PathBuf, u32, u64)> {
    use std::os::unix::fs::MetadataExt;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let there = fs::symlink_metadata(&path).expect("there");
        found.push((path.clone(), there.uid(), there.len()));
        if there.is_dir() {
            found.extend(inventory(&path));
        }
    }
    found.sort();
    found
}

#[test]
fn a_folder_of_another_user_is_refused_by_every_command_as_root_too() {
    if !rustix::process::getuid().is_root() {
        println!("faults: another user's folder: not tried as this user");
        return;
    }
    let mut desk = Desk::new();
    desk.save(employee(1));
    desk.close();
    give_to_nobody(desk.data());
    // A server of theirs is not believed either.
    fs::write(desk.data().join("lock"), "1\nbudi\n2026-11-21 02:00 UTC\n/tmp/milik-orang.sock\n")
        .expect("written");
    chown(desk.data().join("lock"), Some(NOBODY), Some(NOBODY)).expect("given");
    let before = inventory(desk.data());
    let out = own_folder();
    let file = |name: &str| out.path().join(name).display().to_string();
    fs::write(file("in.csv"), "NIP;NAMA\n199001012015011001;Mila\n").expect("written");
    let (list, person, key) = (file("out.csv"), file("copy.txt"), file("key"));
    let commands: [&[&str]; 19] = [
        &["list", "employees"],
        &["show", "employees", "1000"],
        &["import", "employees", &file("in.csv")],
        &["export", "employees", "--out", &list],
        &["set", "office_name", "X"],
        &["add", "units", "name=X"],
        &["matrix"],
        &["history"],
        &["report", "jp"],
        &["person", "export", "199001012015011001", "--out", &person],
        &["retention"],
        &["undo"],
        &["verify"],
        &["rebuild"],
        &["officers", "list"],
        &["quarantine"],
        &["backup", "--to", &list, "--recipient", "age1x"],
        &["restore", &file("in.csv"), "--identity", &key],
        &["serve"],
    ];
    let mut told = 0;
    for command in commands {
        let (code, said) = program(desk.data(), command);
        assert!(matches!(code, Some(1 | 2)), "{command:?}: {said}");
        let refused = said.contains("belongs to") && said.contains("runuser -u");
        told += u32::from(refused);
        let usage = code == Some(2) || command[0] == "backup";
        assert!(refused || usage, "{command:?}: {said}");
    }
    assert!(told >= 14, "{told} said whose it is");
    let (_, said) = program(desk.data(), &["doctor"]);
    assert!(said.contains("belongs to"), "{said}");
    assert_eq!(inventory(desk.data()), before, "nothing of it is touched");
}
