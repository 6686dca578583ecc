//! Real small disks that are full, or that the system makes read-only under the office.
//! Mounted in a name space of their own, so that nothing is left behind; where that may
//! not be done it is said, and `full_disk` and `day` have tried the same with a pretended one.

use std::env;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use kompeten::domain::kinds::employee::Employee;
use kompeten::domain::value::Value;
use kompeten::exchange::{Destination, Format, WriteError, Writer};
use kompeten::protocol::{Answer, Imported, Problem, Request};

use super::desk::{Desk, employee, own_folder, program, refused, saved};
use super::full_disk::begin;

const OWN_MOUNTS: &str = "KOMPETEN_OWN_MOUNTS";

/// Whether this is a process with mounts of its own; otherwise the test is run again in one.
fn in_own_mounts(test: &str) -> bool {
    if env::var_os(OWN_MOUNTS).is_some() {
        return true;
    }
    // An ordinary user is let if they are root in a name space of their own.
    let ways: [&[&str]; 2] = [&["--mount"], &["--mount", "--map-root-user"]];
    let may = |way: &&&[&str]| done(Command::new("unshare").args(**way).arg("true"));
    let Some(way) = ways.iter().find(may) else {
        println!("faults: nothing can be mounted here: not tried");
        return false;
    };
    let output = Command::new("unshare")
        .args(*way)
        .arg(env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(OWN_MOUNTS, "1")
        .output()
        .expect("a process");
    let said = String::from_utf8_lossy(&output.stdout);
    let counts: Vec<&str> =
        said.lines().filter_map(|line| Some(&line[line.find("faults: ")?..])).collect();
    println!("{}", counts.join("\n"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(!counts.is_empty(), "not run: {said}");
    false
}

/// A folder on a small disk of its own; `None` where that may not be made.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new(size: &str) -> Option<Self> {
        let folder = own_folder();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes what has become free since it was filled.
    fn take_the_rest(&self) {
        let ballast = fs::File::options().append(true).open(self.path().join("ballast"));
        let mut ballast = ballast.expect("what fills it");
        while ballast.write_all(&[b'x'; 512]).is_ok() {}
    }

    /// Takes all the room there is, but so many bytes.
    fn fill(&self, left: usize) {
        let ballast = self.path().join("ballast");
        let mut size = 64 << 20;
        let mut bytes = Vec::new();
        while size >= 512 {
            bytes.resize(bytes.len() + size, b'x');
            if fs::write(&ballast, &bytes).is_err() {
                bytes.truncate(bytes.len() - size);
                size /= 2;
            }
        }
        bytes.truncate(bytes.len().saturating_sub(left));
        let _ = fs::write(&ballast, &bytes);
    }

    fn make_room(&self) {
        fs::remove_file(self.path().join("ballast")).expect("removed");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

/// A file system of its own that turns read-only under everybody when it meets an error;
/// `None` where none may be made.
struct FragileDisk {
    folder: tempfile::TempDir,
    boots: u32,
}

impl FragileDisk {
    fn new() -> Option<Self> {
        let disk = Self { folder: own_folder(), boots: 0 };
        std::fs::create_dir(disk.path()).expect("a folder");
        let image = File::create(disk.image()).expect("an image");
        image.set_len(48 << 20).expect("an image");
        let made = done(Command::new("mkfs.ext4").arg("-q").arg(disk.image()));
        (made && disk.mount()).then_some(disk)
    }

    fn image(&self) -> PathBuf {
        self.folder.path().join(format!("image-{}", self.boots))
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    fn mount(&self) -> bool {
        let options = ["-o", "loop,errors=remount-ro"];
        done(Command::new("mount").args(options).arg(self.image()).arg(self.path()))
    }

    /// What the system does when it finds the disk damaged.
    fn fail(&self) -> bool {
        let found = Command::new("findmnt").args(["-no", "SOURCE"]).arg(self.path()).output();
        let device = String::from_utf8(found.expect("findmnt").stdout).expect("text");
        let name = device.trim().rsplit('/').next().unwrap_or_default();
        fs::write(format!("/sys/fs/ext4/{name}/trigger_fs_error"), "1").is_ok()
    }

    /// What starting the machine again does: whatever had not reached the disk is gone.
    fn mend(&mut self) {
        let _ = done(Command::new("umount").arg("--lazy").arg(self.path()));
        let before = self.image();
        self.boots += 1;
        fs::copy(before, self.image()).expect("copied");
        assert!(self.mount());
    }
}

impl Drop for FragileDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}

fn done(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

#[test]
fn on_a_disk_that_turns_read_only_nothing_saved_is_lost_and_the_officer_is_told() {
    if !in_own_mounts(
        "real_disk::on_a_disk_that_turns_read_only_nothing_saved_is_lost_and_the_officer_is_told",
    ) {
        return;
    }
    let Some(mut disk) = FragileDisk::new() else {
        println!("faults: no file system can be made here: not tried");
        return;
    };
    let data = disk.path().join("data");
    let mut desk = Desk::at(&data);
    desk.open();
    desk.import((1..=100).map(employee)).expect("imported");
    let (mut kept, mut next, mut failures) = (100, 1000, 0);
    for doing in ["saves", "a group", "an import", "nothing"] {
        if doing == "an import" {
            begin(&mut desk, (5000..5900).map(employee)).expect("begun");
        }
        if !disk.fail() {
            println!("faults: a disk cannot be made to fail here: not tried");
            return;
        }
        failures += 1;
        let answers = match doing {
            "saves" => vec![desk.try_save(employee(next)), desk.try_save(employee(next + 1))],
            "a group" => {
                let group = (next..next + 5).map(|serial| desk.adding(employee(serial))).collect();
                desk.ask_together(group)
            }
            "an import" => vec![desk.ask(Request::ImportFinish), desk.try_save(employee(next))],
            _ => Vec::new(),
        };
        for answer in answers {
            let problem = refused(answer);
            assert!(
                matches!(problem, Problem::SyncUnsure | Problem::Io(_)),
                "{doing}: {problem:?}"
            );
        }
        assert_eq!(desk.people(), kept, "{doing}: what was saved can be read");
        // Opened anew it cannot be, and that is said.
        desk.close();
        let (code, said) = program(&data, &["list", "employees"]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("ead-only"), "{said}");
        disk.mend();
        let info = desk.open();
        assert_eq!(info.read_only, None, "{doing}");
        assert_eq!(info.employees, kept, "{doing}");
        saved(desk.try_save(employee(next + 10)));
        desk.verify();
        (kept, next) = (kept + 1, next + 20);
    }
    desk.close();
    println!("faults: {failures} times a disk really turned read-only, {kept} people kept");
}

/// Journal and store on the same full disk, as it is in an office.
#[test]
fn on_a_disk_that_is_really_full_the_office_can_be_read_and_goes_on_afterwards() {
    if !in_own_mounts(
        "real_disk::on_a_disk_that_is_really_full_the_office_can_be_read_and_goes_on_afterwards",
    ) {
        return;
    }
    let Some(disk) = SmallDisk::new("24m") else {
        println!("faults: no small disk can be made here: not tried");
        return;
    };
    let data = disk.path().join("data");
    let mut desk = Desk::at(&data);
    desk.open();
    desk.import((1..=300).map(employee)).expect("imported");
    let (mut kept, mut next) = (300, 300);
    for left in [0, 4096, 200_000, 2_300_000] {
        disk.fill(left);
        let mut full = false;
        while !full && next < 5000 {
            next += 1;
            match desk.try_save(employee(next)) {
                Answer::Saved(_) => kept += 1,
                Answer::Refused(problem) => {
                    assert_eq!(problem, Problem::DiskFull);
                    full = true;
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(full, "with {left} bytes left");
        let import = desk.import((20_000..22_000).map(employee));
        assert_eq!(import.err(), Some(Problem::DiskFull), "with {left} bytes left");
        assert_eq!(desk.people(), kept, "with {left} bytes left");
        // Opened anew while it is full: said so, if it cannot be.
        desk.close();
        match desk.try_open() {
            Ok(info) => {
                assert_eq!(info.employees, kept, "with {left} bytes left");
                // The store may have let go of room when it was closed.
                disk.take_the_rest();
                assert_eq!(desk.rename_any(), Answer::Refused(Problem::DiskFull));
                disk.make_room();
            }
            Err(error) => {
                assert!(error.is_full(), "{error:?}");
                let (code, said) = program(&data, &["list", "employees"]);
                assert_eq!(code, Some(1));
                assert!(said.contains("disk is full"), "{said}");
                disk.make_room();
                desk.open();
            }
        }
        next += 1;
        saved(desk.try_save(employee(next)));
        kept += 1;
        assert_eq!(desk.people(), kept);
        desk.verify();
    }
    desk.close();
    let info = desk.open();
    assert_eq!((info.read_only, info.employees), (None, kept));
    desk.verify();
    println!("faults: a disk really full 4 times, {kept} people kept");
}

/// There was room for the journal but not for the store: saved, and seen once there is.
#[test]
fn an_import_the_store_has_no_room_for_is_saved_and_shown_once_there_is() {
    if !in_own_mounts(
        "real_disk::an_import_the_store_has_no_room_for_is_saved_and_shown_once_there_is",
    ) {
        return;
    }
    let Some(disk) = SmallDisk::new("64m") else {
        println!("faults: no small disk can be made here: not tried");
        return;
    };
    let data = disk.path().join("data");
    let mut desk = Desk::at(&data);
    desk.open();
    desk.import((1..=300).map(employee)).expect("imported");
    // Long values, so that the store needs more than is always kept free.
    let long = |serial| Employee {
        education: "S".repeat(490),
        email: "e".repeat(490),
        ..employee(serial)
    };
    let mut shown_later = 0;
    for round in 0..2 {
        let people = desk.people();
        let first = 1000 + round * 2000;
        begin(&mut desk, (first..first + 2000).map(long)).expect("begun");
        // Room for the lines of the journal, which are written now, and for little more.
        disk.fill(2_400_000 + 2000 * 1_800);
        let answer = desk.ask(Request::ImportFinish);
        assert!(matches!(answer, Answer::Imported(Imported { added: 2000, .. })), "{answer:?}");
        let seen = desk.people();
        if seen == people {
            assert_eq!(refused(desk.try_save(employee(9000))), Problem::DiskFull, "behind");
            shown_later += 1;
        }
        disk.make_room();
        if round == 1 {
            desk.kill();
            desk.open();
        }
        assert_eq!(desk.people(), people + 2000, "all or nothing is seen");
        saved(desk.rename_any());
        desk.verify();
    }
    assert!(shown_later > 0, "the store had room after all");
    println!("faults: {shown_later} imports the store had no room for, shown later");
}

/// A workbook is written to a file of the library's first, which panics where it is full.
#[test]
fn a_workbook_that_finds_the_disk_full_says_so_and_leaves_nothing() {
    if !in_own_mounts("real_disk::a_workbook_that_finds_the_disk_full_says_so_and_leaves_nothing") {
        return;
    }
    let Some(disk) = SmallDisk::new("256k") else { return };
    let to = Destination::File(disk.path().join("daftar.xlsx"));
    let mut writer = Writer::create(&to, Format::Xlsx, "employees", &["nip"]).expect("room");
    let row = [Value::text("x".repeat(2000))];
    let end = (0..1000).find_map(|_| writer.row(&row).err());
    assert_eq!(end, Some(WriteError::DiskFull));
    drop(writer);
    assert_eq!(fs::read_dir(disk.path()).expect("a folder").count(), 0);
    println!("faults: a workbook on a full disk");
}
