//! Officers of different accounts at one office: who they are comes from the kernel, what
//! they may do from the office.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use kompeten::domain::kinds::employee::Employee;
use kompeten::domain::kinds::officer::{Officer, Role};
use kompeten::domain::kinds::unit::Unit;
use kompeten::domain::number::EmployeeNumber;
use kompeten::domain::record::UnitId;
use kompeten::protocol::Request;

use super::served::{Place, said};

/// Accounts of no name, on any machine.
pub const RINA: u32 = 40_001;
pub const STRANGER: u32 = 40_002;

#[test]
fn the_first_admin_is_named_when_the_server_starts_and_only_once() {
    let place = Place::new();
    for start in 0..2 {
        let mut server = place.start_with(&["--admin", "mila"]);
        let first = server.hear();
        if start == 0 {
            assert_eq!(first, "mila is now an admin of the whole office\n");
            assert!(server.hear().starts_with("Serving "));
        } else {
            assert!(first.starts_with("Serving "), "{first}");
        }
        server.stop();
    }
    let (out, _) = said(&place.in_folder(&["list", "officers", "--format", "csv"]), 0);
    assert!(out.lines().any(|line| line.starts_with("mila,admin,")), "{out}");
    let (out, _) = said(&place.in_folder(&["history", "--lang", "en"]), 0);
    assert!(out.contains("mila is now an admin"), "{out}");
}

#[test]
fn a_name_no_account_can_have_is_refused_and_the_server_does_not_start() {
    let place = Place::new();
    let (code, text) = place.start_with(&["--admin", "mila melani"]).end();
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("mila melani"), "{text}");
    said(&place.in_folder(&["list", "officers"]), 0);
}

/// The program as another account runs it; `None` where this process cannot become one.
pub fn as_user(place: &Place, program: &PathBuf, uid: u32, args: &[&str]) -> Option<Output> {
    let home = place.data().with_file_name(format!("home-{uid}"));
    fs::create_dir_all(&home).unwrap();
    chown(&home, Some(uid), Some(uid)).ok()?;
    let mut command = Command::new(program);
    command.env_clear().env("HOME", &home).env("KOMPETEN_SOCKET", place.socket());
    command.args(args).args(["--lang", "en"]).current_dir(&home).uid(uid).gid(uid);
    command.output().ok()
}

#[test]
fn another_account_sees_its_own_units_through_the_socket_and_a_stranger_nothing() {
    if !rustix::process::geteuid().is_root() {
        println!("skipped: only root can become other accounts");
        return;
    }
    let place = Place::new();
    let _server = place.serve();
    let open = |path: PathBuf, mode| fs::set_permissions(path, Permissions::from_mode(mode));
    let top = place.data().parent().unwrap().to_path_buf();
    open(top.clone(), 0o755).unwrap();
    open(place.socket().parent().unwrap().to_path_buf(), 0o755).unwrap();
    open(place.socket(), 0o666).unwrap();
    let program = top.join("kompeten");
    fs::copy(env!("CARGO_BIN_EXE_kompeten"), &program).unwrap();
    open(program.clone(), 0o755).unwrap();

    let mut owner = place.desk();
    let mut people = Vec::new();
    for (unit, name, nip) in [
        ("Kecamatan Plaju", "Mila Melani", "199001012015012001"),
        ("Kecamatan Ilir", "Olan Rahasia", "199001012015011002"),
    ] {
        let id = owner.add(Unit { name: unit.into(), ..Unit::default() });
        let unit = Some(UnitId(id.number));
        let number = EmployeeNumber::parse(nip).unwrap();
        owner.add(Employee { name: name.into(), number, unit, ..Employee::default() });
        people.push(unit);
    }
    let rina = owner.add(Officer {
        user: format!("uid {RINA}"),
        role: Role::Officer,
        unit: people[0],
        note: String::new(),
    });

    let run = |uid, args: &[&str]| as_user(&place, &program, uid, args);
    let list = ["list", "employees", "--format", "csv"];
    let Some(output) = run(RINA, &list) else {
        println!("skipped: this root may not become other accounts");
        return;
    };
    let (out, _) = said(&output, 0);
    assert!(out.contains("Mila Melani") && !out.contains("Rahasia"), "{out}");
    let run = |uid, args: &[&str]| run(uid, args).unwrap();
    let shown = run(RINA, &["show", "employees", "199001012015011002"]);
    let unknown = run(RINA, &["show", "employees", "199001012015011003"]);
    let (_, shown) = said(&shown, 1);
    let (_, unknown) = said(&unknown, 1);
    assert_eq!(shown.replace("1002", "1003"), unknown, "as if there were nobody");
    let rate = |nip: &str| {
        let employee = format!("employee={nip}");
        let said_of = ["competency=M.5", "level=2", "source=atasan", "date=2026-01-05"];
        run(RINA, &[&["add", "ratings", &employee], &said_of[..]].concat())
    };
    let (_, beyond) = said(&rate("199001012015011002"), 1);
    let (_, absent) = said(&rate("199001012015011003"), 1);
    assert_eq!(beyond, absent, "whoever is out of reach cannot be referred to either");
    assert!(beyond.contains("employee ("), "{beyond}");
    said(&rate("199001012015012001"), 0);
    let (out, _) = said(&run(RINA, &["history"]), 0);
    assert!(out.contains("Mila") && !out.contains("Rahasia"), "{out}");
    let (_, error) = said(&run(RINA, &["set", "office_name", "Kantor Rina"]), 1);
    assert!(error.contains("admin of the whole office"), "{error}");
    let (_, error) = said(&run(STRANGER, &list), 1);
    assert!(error.contains(&format!("uid {STRANGER}")), "{error}");
    assert!(error.contains("kompeten officers add"), "{error}");

    let rev = owner.get(rina).rev;
    let step = super::desk::step();
    super::desk::saved(owner.ask(Request::Delete { step, ids: vec![(rina, rev)] }));
    let (_, error) = said(&run(RINA, &list), 1);
    assert!(error.contains("not registered"), "{error}");
}
