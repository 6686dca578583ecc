//! Whatever is done to the store's folder, the office opens and answers as before: the
//! store is made anew from the journal, unasked, and the officer is told once.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::desk::{Desk, copy_folder, employee, files, own_folder, saved, was_rebuilt};

type Damage<'a> = &'a dyn Fn(&Path);

/// Does the damage to copies of one office, one after the other.
fn after(damages: &[(&str, Damage)]) {
    let mut whole = Desk::filled();
    whole.close();
    whole.open();
    let before = whole.everything();
    whole.close();
    for (what, damage) in damages {
        let copy = own_folder();
        let data = copy.path().join("data");
        copy_folder(whole.data(), &data);
        damage(&data.join("store"));
        let mut desk = Desk::at(&data);
        let info = desk.open();
        assert!(was_rebuilt(&info), "{what}: {:?}", info.mended);
        assert_eq!(info.read_only, None, "{what}");
        assert_eq!(desk.everything(), before, "{what}");
        desk.verify();
        desk.save(super::desk::employee(50));
        let info = desk.reopen();
        assert_eq!(info.mended, [], "{what}: told once");
        let left: Vec<_> = fs::read_dir(&data)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
            .filter(|name| name.starts_with("store"))
            .collect();
        assert_eq!(left, ["store"], "{what}: nothing is left behind");
    }
    println!("faults: {} damages to a store that was closed", damages.len());
}

fn each_file(store: &Path, damage: impl Fn(&Path, u64)) {
    for path in files(store) {
        let length = fs::metadata(&path).expect("a file").len();
        damage(&path, length);
    }
}

fn noise(seed: u64) -> impl FnMut() -> u8 {
    let mut state = seed | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    }
}

#[test]
fn a_store_that_is_gone_is_made_again_unasked() {
    after(&[
        ("removed", &|store| fs::remove_dir_all(store).expect("removed")),
        ("without sled's folder", &|store| {
            fs::remove_dir_all(store.join("sled")).expect("removed");
        }),
        ("emptied", &|store| each_file(store, |path, _| fs::remove_file(path).expect("removed"))),
        ("files of no length", &|store| {
            each_file(store, |path, _| drop(File::create(path).expect("emptied")));
        }),
    ]);
}

#[test]
fn something_else_in_place_of_the_store_is_put_out_of_the_way() {
    after(&[
        ("a file", &|store| {
            fs::remove_dir_all(store).expect("removed");
            fs::write(store, "not a folder").expect("written");
        }),
        ("a file for sled's folder", &|store| {
            fs::remove_dir_all(store.join("sled")).expect("removed");
            fs::write(store.join("sled"), "not a folder").expect("written");
        }),
        ("a folder for its format", &|store| {
            fs::remove_file(store.join("format")).expect("removed");
            fs::create_dir(store.join("format")).expect("made");
        }),
        ("a folder for its mark", &|store| {
            fs::remove_file(store.join("clean")).expect("removed");
            fs::create_dir(store.join("clean")).expect("made");
        }),
        ("a link that leads nowhere", &|store| {
            fs::remove_dir_all(store).expect("removed");
            std::os::unix::fs::symlink("nowhere", store).expect("linked");
        }),
        ("the folder of somebody else", &|store| {
            fs::remove_dir_all(store).expect("removed");
            fs::create_dir(store).expect("made");
            fs::write(store.join("readme.txt"), "mine").expect("written");
        }),
        ("a store of another version", &|store| {
            fs::write(store.join("format"), "kompeten store 99\n").expect("written");
        }),
    ]);
}

#[test]
fn truncated_files_of_the_store_are_noticed() {
    after(&[
        ("halves", &|store| {
            each_file(&store.join("sled"), |path, length| {
                let file = File::options().write(true).open(path).expect("opened");
                file.set_len(length / 2).expect("cut");
            });
        }),
        ("one byte each", &|store| {
            each_file(&store.join("sled"), |path, _| fs::write(path, "x").expect("cut"));
        }),
        ("the first kilobyte", &|store| {
            each_file(&store.join("sled"), |path, length| {
                let file = File::options().write(true).open(path).expect("opened");
                file.set_len(length.min(1024)).expect("cut");
            });
        }),
    ]);
}

#[test]
fn noise_in_the_store_never_reaches_the_officer() {
    after(&[
        ("all noise", &|store| {
            each_file(&store.join("sled"), |path, length| {
                let bytes: Vec<u8> =
                    std::iter::repeat_with(noise(length)).take(length as usize).collect();
                fs::write(path, bytes).expect("written");
            });
        }),
        ("noise from the middle on", &|store| {
            each_file(&store.join("sled"), |path, length| {
                let rest = length - length / 2;
                let bytes: Vec<u8> = std::iter::repeat_with(noise(7)).take(rest as usize).collect();
                let file = File::options().write(true).open(path).expect("opened");
                file.write_all_at(&bytes, length / 2).expect("written");
            });
        }),
        ("zeros", &|store| {
            each_file(&store.join("sled"), |path, length| {
                fs::write(path, vec![0; length as usize]).expect("written");
            });
        }),
    ]);
}

/// A changed byte in what sled uses is found; one in what it has given up harms nothing.
#[test]
fn a_changed_byte_anywhere_in_the_store_changes_no_answer() {
    let mut whole = Desk::filled();
    whole.close();
    whole.open();
    let before = whole.everything();
    whole.close();
    let db = whole.store().join("sled/db");
    let bytes = fs::read(&db).expect("sled's file");
    let used: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
    let mut rebuilt = 0;
    let spots = 12;
    for spot in 0..spots {
        let copy = own_folder();
        let data = copy.path().join("data");
        copy_folder(whole.data(), &data);
        let mut damaged = bytes.clone();
        damaged[used[used.len() * spot / spots]] ^= 0x10;
        fs::write(data.join("store/sled/db"), damaged).expect("written");
        let mut desk = Desk::at(&data);
        rebuilt += usize::from(was_rebuilt(&desk.open()));
        assert_eq!(desk.everything(), before, "spot {spot}");
        desk.kill();
    }
    println!("faults: {spots} changed bytes of the store, {rebuilt} made it be built anew");
}

/// Somebody's hands, or a failing disk, under an office at work: what is saved goes to the
/// journal, and whatever sled makes of its files ends nobody's work.
#[test]
fn a_store_damaged_while_officers_work_ends_nobodys_work() {
    const KILL: fn(&mut Desk) = Desk::kill;
    const CLOSE: fn(&mut Desk) = Desk::close;
    let damages: [(&str, Damage); 7] = [
        ("cut to nothing", &|store| each_file(&store.join("sled"), |path, _| cut(path, 0))),
        ("cut to half", &|store| each_file(&store.join("sled"), |path, len| cut(path, len / 2))),
        ("zeros", &|store| each_file(&store.join("sled"), |path, len| fill(path, len, || 0))),
        ("noise", &|store| each_file(&store.join("sled"), |path, len| fill(path, len, noise(len)))),
        ("sled's files gone", &|store| {
            fs::remove_dir_all(store.join("sled")).expect("removed");
        }),
        ("all gone", &|store| fs::remove_dir_all(store).expect("removed")),
        ("put elsewhere", &|store| {
            fs::rename(store, store.with_extension("elsewhere")).expect("renamed");
        }),
    ];
    let (mut tried, mut rebuilt) = (0, 0);
    for (what, damage) in damages {
        for (many, end) in [(1, KILL), (1, CLOSE), (700, KILL), (700, CLOSE)] {
            let mut desk = Desk::filled();
            let people = desk.people();
            damage(&desk.store());
            assert_eq!(desk.people(), people, "{what}");
            saved(desk.try_save(employee(50)));
            desk.import((1000..1000 + many).map(employee)).expect("imported");
            assert_eq!(desk.people(), people + 1 + many, "{what}");
            saved(desk.undo());
            assert_eq!(desk.people(), people + 1, "{what}");
            end(&mut desk);
            rebuilt += usize::from(was_rebuilt(&desk.open()));
            desk.verify();
            let seen = desk.everything();
            desk.close();
            fs::remove_dir_all(desk.store()).expect("removed");
            desk.open();
            assert_eq!(desk.everything(), seen, "{what}");
            assert_eq!(desk.people(), people + 1, "{what}");
            tried += 1;
        }
    }
    println!("faults: {tried} damages to a store in use, built anew {rebuilt} times on opening");
}

/// After a kill a screen is opened before the store is proven: whatever became of it, what is
/// saved then is saved on one that holds what the journal says, and nothing else is shown.
#[test]
fn a_store_damaged_after_a_kill_is_mended_under_the_screen_that_shows_it() {
    let mut killed = Desk::filled();
    killed.rest();
    killed.kill();
    let at_work = |desk: &mut Desk| {
        desk.open_to_be_shown();
        desk.people();
        saved(desk.try_save(employee(50)));
        desk.verify();
        (desk.everything(), was_rebuilt(&desk.info()))
    };
    let copied = |damage: &dyn Fn(&Path)| {
        let copy = own_folder();
        let data = copy.path().join("data");
        copy_folder(killed.data(), &data);
        damage(&data.join("store"));
        (copy, Desk::at(&data))
    };
    let (_whole, mut desk) = copied(&|_| {});
    let (expected, rebuilt) = at_work(&mut desk);
    assert!(!rebuilt, "a kill is no damage");
    let bytes = fs::read(killed.store().join("sled/db")).expect("sled's file");
    let used: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] != 0).collect();
    let (mut tried, mut mended) = (0, 0);
    let mut after = |what: &str, damage: &dyn Fn(&Path)| {
        let (_copy, mut desk) = copied(damage);
        let (seen, rebuilt) = at_work(&mut desk);
        assert_eq!(seen, expected, "{what}");
        tried += 1;
        mended += u32::from(rebuilt);
        desk.kill();
        assert!(!was_rebuilt(&desk.open()), "{what}: mended once");
        assert_eq!(desk.everything(), expected, "{what}");
    };
    for spot in 0..24 {
        after(&format!("spot {spot}"), &|store| {
            let mut damaged = bytes.clone();
            damaged[used[used.len() * spot / 24]] ^= 0x10;
            fs::write(store.join("sled/db"), damaged).expect("written");
        });
    }
    after("cut to half", &|store| each_file(&store.join("sled"), |path, len| cut(path, len / 2)));
    after("zeros", &|store| each_file(&store.join("sled"), |path, len| fill(path, len, || 0)));
    after("noise", &|store| {
        each_file(&store.join("sled"), |path, len| fill(path, len, noise(len)));
    });
    after("gone", &|store| fs::remove_dir_all(store).expect("removed"));
    assert!(mended > 4, "the damages did damage");
    println!("faults: {tried} damages to a store after a kill, built anew {mended} times");
}

fn cut(path: &Path, length: u64) {
    File::options().write(true).open(path).expect("opened").set_len(length).expect("cut");
}

fn fill(path: &Path, length: u64, byte: impl FnMut() -> u8) {
    let bytes: Vec<u8> = std::iter::repeat_with(byte).take(length as usize).collect();
    let file = File::options().write(true).open(path).expect("opened");
    file.write_all_at(&bytes, 0).expect("written");
}
