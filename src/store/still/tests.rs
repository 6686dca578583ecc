//! Whether sled's files are read as sled reads them.

use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::store::marks;
use crate::store::tests::Dice;
use crate::store::tree::Tree;

fn key(dice: &mut Dice) -> Vec<u8> {
    let part = [2, 3, 0xF0, 0xFF][dice.roll(4) as usize];
    let number = dice.roll(1000) as u32;
    [&[part][..], &number.to_be_bytes()].concat()
}

fn value(dice: &mut Dice) -> Vec<u8> {
    let length = match dice.roll(1000) {
        0..50 => dice.roll(9000),
        _ => dice.roll(80),
    };
    vec![dice.roll(256) as u8; length as usize]
}

type Row = (Vec<u8>, Vec<u8>);
type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// A tree with a history of puts and removals, line by line and many at once, closed.
fn used(dir: &Path, dice: &mut Dice) -> Rows {
    let mut rows = Rows::new();
    let tree = Tree::open(dir, "boot", false).unwrap();
    for _ in 0..4 {
        let grows = dice.roll(3) > 0;
        for _ in 0..600 {
            let at = key(dice);
            if dice.roll(4) == 0 || !grows {
                tree.remove(&at).unwrap();
                rows.remove(&at);
            } else {
                let put = value(dice);
                tree.insert(&at, put.clone()).unwrap();
                rows.insert(at, put);
            }
        }
        let together: Vec<_> = (0..100).map(|_| (key(dice), Some(value(dice)))).collect();
        rows.extend(together.iter().cloned().filter_map(|(key, value)| Some((key, value?))));
        tree.write_together(together.into_iter()).unwrap();
        tree.flush().unwrap();
    }
    // Too much for sled's log.
    let (at, put) = (key(dice), vec![7; 200_000]);
    tree.insert(&at, put.clone()).unwrap();
    rows.insert(at, put);
    tree.close().unwrap();
    rows
}

/// Opened and closed once more, so that sled has written its table of pages down.
fn settled(dir: &Path) {
    Tree::open(dir, "boot", false).unwrap().close().unwrap();
}

fn walked(still: &Still, from: &[u8], to: &[u8]) -> Result<Vec<Row>, Doubt> {
    let (from, to) = (Bound::Included(from.to_vec()), Bound::Excluded(to.to_vec()));
    let (mut walk, mut all) = (Walk::new(from, to), Vec::new());
    while let Some((key, value)) = walk.next(still)? {
        all.push((key.to_vec(), value.to_vec()));
    }
    Ok(all)
}

#[test]
fn what_lies_in_the_files_is_what_was_put_there() {
    for seed in 1..=4 {
        let home = tempfile::tempdir().unwrap();
        let dice = &mut Dice(0x9E37_79B9_7F4A_7C15 + seed);
        let rows = used(home.path(), dice);
        settled(home.path());
        let still = Still::open(&marks::sled_dir(home.path())).unwrap();
        for (key, value) in &rows {
            assert_eq!(still.get(key).unwrap().as_deref(), Some(value.as_slice()));
        }
        for key in std::iter::repeat_with(|| key(dice)).take(500) {
            assert_eq!(still.get(&key).unwrap().as_deref(), rows.get(&key).map(Vec::as_slice));
        }
        assert_eq!(still.get(&[]), Ok(None));
        for _ in 0..20 {
            let (mut from, mut to) = (key(dice), key(dice));
            if from > to {
                std::mem::swap(&mut from, &mut to);
            }
            let between: Vec<_> = rows
                .range(from.clone()..to.clone())
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            assert_eq!(walked(&still, &from, &to).unwrap(), between);
        }
        let (mut walk, mut all) = (Walk::new(Bound::Unbounded, Bound::Unbounded), Rows::new());
        while let Some((key, value)) = walk.next(&still).unwrap() {
            all.insert(key.to_vec(), value.to_vec());
        }
        assert_eq!(all, rows);
    }
}

#[test]
fn files_that_sled_has_written_to_since_it_opened_them_are_in_doubt() {
    let home = tempfile::tempdir().unwrap();
    let dir = marks::sled_dir(home.path());
    used(home.path(), &mut Dice(7));
    assert_eq!(Still::open(&dir).err(), Some(Doubt), "no table of all that was written");
    settled(home.path());
    assert!(Still::open(&dir).is_ok());
    let tree = Tree::open(home.path(), "boot", false).unwrap();
    tree.insert(&[9], vec![9]).unwrap();
    tree.close().unwrap();
    assert_eq!(Still::open(&dir).err(), Some(Doubt));
    settled(home.path());
    assert_eq!(Still::open(&dir).unwrap().get(&[9]).unwrap().as_deref(), Some(&[9][..]));
    assert_eq!(Still::open(&home.path().join("elsewhere")).err(), Some(Doubt));
}

#[test]
fn a_byte_that_is_another_raises_a_doubt_or_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let dir = marks::sled_dir(home.path());
    let dice = &mut Dice(11);
    let rows = used(home.path(), dice);
    settled(home.path());
    let files: Vec<_> = fs::read_dir(&dir)
        .unwrap()
        .chain(fs::read_dir(dir.join("blobs")).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    assert!(files.len() > 3, "a blob among them");
    let mut doubts = 0;
    for round in 0..200 {
        let file = &files[round % files.len()];
        let sound = fs::read(file).unwrap();
        let mut bytes = sound.clone();
        if round % 10 == 0 {
            bytes.truncate(dice.roll(sound.len() as u64) as usize);
        } else {
            let at = dice.roll(sound.len() as u64) as usize;
            bytes[at] ^= 1 << dice.roll(8);
        }
        fs::write(file, bytes).unwrap();
        let read = Still::open(&dir).and_then(|still| walked(&still, &[], &[0xFF; 9]));
        match read {
            Ok(all) => assert_eq!(all.into_iter().collect::<Rows>(), rows, "{file:?}"),
            Err(Doubt) => doubts += 1,
        }
        fs::write(file, sound).unwrap();
    }
    println!("faults: 200 damages to files read without sled: {doubts} raised a doubt");
    assert!(doubts > 100, "{doubts}");
}
