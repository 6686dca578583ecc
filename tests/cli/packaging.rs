//! What an administrator installs: the units run commands that exist, in the words the
//! README uses, on the folders and the socket the other files name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = "/usr/local/bin/kompeten ";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What ships, as it stands on the host it is installed on.
fn shipped() -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join("packaging")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    let on_host =
        |path: &PathBuf| Path::new("/").join(path.strip_prefix(root().join("packaging")).unwrap());
    found.iter().map(on_host).collect()
}

fn read(on_host: &str) -> String {
    fs::read_to_string(root().join("packaging").join(on_host.trim_start_matches('/'))).unwrap()
}

/// Whether the program takes these arguments; help is asked for, so nothing is done.
fn takes(line: &str) -> Result<(), String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kompeten"));
    command.args(line.split_whitespace()).arg("--help");
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(format!("{line}: {said}")) }
}

#[test]
fn the_units_run_commands_that_exist() {
    let units = shipped();
    let units = units.iter().filter(|path| path.extension().is_some_and(|of| of == "service"));
    let mut lines = 0;
    for unit in units {
        let text = read(unit.to_str().unwrap());
        for line in text.lines().filter_map(|line| line.strip_prefix("ExecStart=")) {
            let arguments = line.strip_prefix(PROGRAM).expect("the installed program");
            takes(arguments).unwrap();
            lines += 1;
        }
    }
    assert_eq!(lines, 2);
    assert!(takes("serve --no-such-option").is_err() && takes("no-such-command").is_err());
}

#[test]
fn the_files_name_the_same_folders_socket_and_groups() {
    let unit = read("/etc/systemd/system/kompeten.service");
    let backup = read("/etc/systemd/system/kompeten-backup.service");
    let data = "/var/lib/kompeten";
    let socket = "/run/kompeten/kompeten.sock";
    assert!(unit.contains(&format!("serve --data {data} --socket {socket}\n")));
    assert!(unit.contains("\nStateDirectory=kompeten\n"));
    assert!(unit.contains("\nRuntimeDirectory=kompeten\n"));
    assert!(backup.contains(&format!("backup --data {data} --to /var/backups/kompeten ")));
    assert!(read("/etc/tmpfiles.d/kompeten.conf").contains("d /var/backups/kompeten 0700 "));
    let settings: toml::Table = toml::from_str(&read("/etc/kompeten/config.toml")).unwrap();
    assert_eq!(settings["socket"].as_str(), Some(socket));
    let groups = read("/etc/sysusers.d/kompeten.conf");
    assert!(groups.contains("\nu kompeten ") && groups.contains("\ng kompeten-captive "));
    let sshd = read("/etc/ssh/sshd_config.d/kompeten.conf");
    assert!(sshd.contains("\nMatch Group kompeten-captive\n"));
    assert!(sshd.contains(&format!("KOMPETEN_CAPTIVE=1 {}\n", PROGRAM.trim_end())));
}

#[test]
fn the_readme_names_every_file_that_ships_and_no_other() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let shipped = shipped();
    for file in &shipped {
        assert!(readme.contains(&format!("`{}`", file.display())), "{}", file.display());
    }
    let named = readme.split('`').filter(|text| text.starts_with("/etc/"));
    let missing: Vec<_> = named.filter(|name| !shipped.iter().any(|at| at == *name)).collect();
    assert_eq!(missing, [""; 0]);
}
