//! The durable save of one edit, by whoever waits for it and by a screen, taken in turns with
//! `SQLite`'s and with what the disk alone needs, so that all of them meet the same disk.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use kompeten::domain::record::{Kind, RecordId};
use kompeten::protocol::{Answer, Request};
use rusqlite::{Connection, params};

use super::ours::Ours;
use super::people::draw;
use super::table::{Amount, Figure, Target, median, worst};
use super::{Folder, sqlite};

const ROUNDS: u32 = 400;
const WARM_UP: u32 = 20;
/// Of `SQLite`'s time, and what may come on top of the bare append.
const WANTED: Target = Target::SqliteAndBare(0.8, Duration::from_micros(50));
/// About what one edit takes in the journal.
const LINE: usize = 1300;

pub fn figures(folder: &Folder) -> Vec<Figure> {
    let mut ours = Ours::open(&folder.data);
    let theirs = sqlite::open(folder.rival());
    let mut bare = append_to(&folder.scratch.join("bare"));
    let line = [b'x'; LINE];
    let run = std::process::id();
    let first = kompeten::domain::record::FIRST_OWN_NUMBER;
    let mut times: [Vec<Duration>; 4] = Default::default();
    for round in 0..WARM_UP + ROUNDS {
        // Not what an earlier run on the same folder wrote.
        let email = format!("surel{run}-{round}@contoh.go.id");
        let mut edit = |draws, email: &str, by: fn(&mut Ours, Request) -> (Duration, Answer)| {
            let person = draw(round, draws, folder.people);
            let stored = ours.get(RecordId::new(Kind::Employees, first + person));
            let edit = ours.edit(stored, |employee| employee.email = email.into());
            let (time, answer) = by(&mut ours, edit);
            assert!(matches!(&answer, Answer::Saved(saved) if saved.seq.is_some()), "{answer:?}");
            time
        };
        let time = edit(50, &email, Ours::timed);
        let from_afar = edit(51, &format!("layar-{email}"), Ours::timed_afar);

        let their_time = update(&theirs, draw(round, 50, folder.people) + 1, &email);

        let start = Instant::now();
        bare.write_all(&line).and_then(|()| bare.sync_data()).expect("appended");
        let bare_time = start.elapsed();

        if round >= WARM_UP {
            let all = [time, their_time, bare_time, from_afar];
            for (times, time) in times.iter_mut().zip(all) {
                times.push(time);
            }
        }
    }
    ours.close();
    let worsts = times.each_ref().map(|times| Amount::Time(worst(times)));
    let medians = times.map(|times| Amount::Time(median(times)));
    vec![
        Figure::new("durable save of one edit, median", folder.people, medians[0])
            .sqlite(medians[1])
            .bare(medians[2])
            .target(WANTED),
        Figure::new("durable save of one edit, worst", folder.people, worsts[0])
            .sqlite(worsts[1])
            .bare(worsts[2]),
        Figure::new("the same by a screen, median", folder.people, medians[3])
            .sqlite(medians[1])
            .bare(medians[2]),
        Figure::new("the same by a screen, worst", folder.people, worsts[3])
            .sqlite(worsts[1])
            .bare(worsts[2]),
    ]
}

/// An update in a transaction of its own, as `SQLite` makes it durable.
fn update(db: &Connection, person: u32, email: &str) -> Duration {
    let rev: i64 = db
        .query_row("SELECT rev FROM employees WHERE id = ?1", [person], |row| row.get(0))
        .expect("a revision");
    let start = Instant::now();
    let changed = db
        .prepare_cached(sqlite::UPDATE)
        .and_then(|mut update| update.execute(params![person, rev, email]))
        .expect("updated");
    let time = start.elapsed();
    assert_eq!(changed, 1);
    time
}

fn append_to(path: &Path) -> File {
    OpenOptions::new().append(true).create(true).open(path).expect("a file")
}
