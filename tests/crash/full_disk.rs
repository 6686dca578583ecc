//! Full disks, failing disks, power cuts, all of them pretended: what could not be saved is said not to be, what
//! was called saved is there, and the office goes on as soon as the disk does.

use std::fs;
use std::io::ErrorKind;

use kompeten::domain::intake::Intake;
use kompeten::domain::kinds::employee::Employee;
use kompeten::protocol::{Answer, ImportStart, Problem, Request};

use super::desk::{Desk, employee, refusal, refused, saved};
use super::disk::TestDisk;

/// An office whose journal stands on a test disk.
fn on(disk: &TestDisk) -> Desk {
    let mut desk = Desk::closed();
    desk.open_by(disk.means()).expect("an office");
    desk
}

#[test]
fn a_save_on_a_full_disk_is_refused_and_works_again_once_there_is_room() {
    let disk = TestDisk::default();
    let mut desk = on(&disk);
    let mila = desk.save(employee(1));
    disk.fail(1, 1, ErrorKind::StorageFull);
    assert_eq!(refused(desk.rename(mila, "Mila")), Problem::DiskFull);
    disk.fail(1, 1, ErrorKind::StorageFull);
    assert_eq!(refused(desk.try_save(employee(2))), Problem::DiskFull);
    assert_eq!(desk.people(), 1, "still to be read");
    disk.mend();
    saved(desk.try_save(employee(2)));
    saved(desk.rename(mila, "Mila"));
    desk.verify();
}

#[test]
fn an_import_on_a_full_disk_leaves_nothing_and_can_be_done_again() {
    let disk = TestDisk::default();
    let mut desk = on(&disk);
    desk.save(employee(5000));
    for rows in [40, 1600] {
        let mut refusals = 0;
        for at in 1.. {
            disk.fail(at, 1, ErrorKind::StorageFull);
            let before = desk.people();
            match desk.import((rows..2 * rows).map(employee)) {
                Err(Problem::DiskFull) => {
                    refusals += 1;
                    assert_eq!(desk.people(), before);
                    saved(desk.rename_any());
                }
                Err(Problem::SyncUnsure) => {
                    // Only the sync itself leaves it open.
                    desk.kill();
                    desk.open_by(disk.means()).expect("an office");
                    let now = desk.people();
                    assert!(now == before || now == before + rows, "{now}");
                    if now > before {
                        saved(desk.undo());
                    }
                }
                Err(other) => panic!("{other:?}"),
                Ok(imported) => {
                    assert_eq!(imported.added, rows);
                    break;
                }
            }
            disk.mend();
        }
        disk.mend();
        assert!(refusals > 0);
        println!("faults: an import of {rows} rows on a disk full at {refusals} places");
        desk.verify();
        saved(desk.undo());
    }
    desk.close();
    desk.open();
    desk.verify();
}

#[test]
fn the_undo_of_a_large_import_on_a_full_disk_says_so_and_can_be_done_again() {
    let disk = TestDisk::default();
    let mut desk = on(&disk);
    desk.import((1..=1200).map(employee)).expect("imported");
    for at in 1..=3 {
        disk.fail(at, 1, ErrorKind::StorageFull);
        assert_eq!(refused(desk.undo()), Problem::DiskFull, "part {at}");
        disk.mend();
        assert_eq!(desk.people(), 1200);
        saved(desk.rename_any());
        saved(desk.undo());
    }
    saved(desk.undo());
    assert_eq!(desk.people(), 0);
    desk.verify();
}

/// One error at the n-th request, for every n, and what the officer does meanwhile.
#[test]
fn an_error_of_the_disk_anywhere_loses_nothing_that_was_called_saved() {
    let kinds = [ErrorKind::StorageFull, ErrorKind::Other, ErrorKind::PermissionDenied];
    let (mut places, mut refusals, mut unsure) = (0, 0, 0);
    for kind in kinds {
        for times in [1, 2, u64::MAX] {
            for at in 1.. {
                let disk = TestDisk::default();
                disk.fail(at, times, kind);
                let mut desk = on(&disk);
                let (mut kept, mut open) = (0, Vec::new());
                for serial in 1..=4 {
                    match desk.try_save(employee(serial)) {
                        Answer::Saved(_) => kept += 1,
                        Answer::Refused(Problem::SyncUnsure) => open.push(serial),
                        Answer::Refused(_) => refusals += 1,
                        other => panic!("{other:?}"),
                    }
                    if open.is_empty() {
                        assert_eq!(desk.people(), kept, "{kind:?} at {at}");
                    }
                }
                let enough = disk.requests() < at;
                desk.kill();
                // The officer opens it again on a disk that works.
                let info = desk.open();
                assert_eq!(info.read_only, None, "{kind:?} at {at}");
                let there = info.employees;
                assert!(there >= kept, "{there} of {kept}: {kind:?} at {at}");
                assert!(there <= kept + u32::from(!open.is_empty()), "{kind:?} at {at}");
                desk.save(employee(9));
                desk.verify();
                places += 1;
                unsure += usize::from(!open.is_empty());
                if enough {
                    break;
                }
            }
        }
    }
    println!("faults: {places} errors of the disk, {refusals} refusals, {unsure} times unsure");
}

#[test]
fn a_power_cut_leaves_what_was_called_saved() {
    let mut cuts = 0;
    for count in 0..12 {
        let disk = TestDisk::default();
        let mut desk = on(&disk);
        for serial in 1..=count {
            desk.save(employee(serial));
        }
        // An import under way at that moment.
        if count % 3 == 0 {
            begin(&mut desk, (3000..3900).map(employee)).expect("begun");
        }
        desk.kill();
        disk.pull_the_plug();
        for store in [true, false] {
            if !store {
                fs::remove_dir_all(desk.store()).expect("removed");
            }
            let info = desk.open();
            assert_eq!((info.read_only, info.employees), (None, count));
            desk.verify();
            desk.close();
        }
        cuts += 1;
    }
    println!("faults: {cuts} power cuts that left only what was synced");
}

/// An import of which all but the end has been done.
pub fn begin(desk: &mut Desk, people: impl Iterator<Item = Employee>) -> Result<(), Problem> {
    let step = desk.step();
    let columns = ["number", "name", "education", "email"].map(String::from).to_vec();
    let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
    refusal(desk.ask(Request::ImportStart(start)))?;
    let rows: Vec<_> = people.zip(2..).map(super::desk::row).collect();
    for chunk in rows.chunks(200) {
        refusal(desk.ask(Request::ImportRows(chunk.to_vec())))?;
    }
    Ok(())
}
