//! A day at an office, with one fault of the disk at any one thing that is asked of it:
//! single saves, several at once, imports small, large and given up, an undo, closing and
//! opening again, over several segments. Whatever strikes, the officer is told the truth,
//! what was called saved is there, nothing is there by half, and work goes on afterwards.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::ops::Range;

use kompeten::domain::record::Kind;
use kompeten::domain::value::Value;
use kompeten::journal::Means;
use kompeten::protocol::{Answer, ListQuery, Problem, Request};

use super::desk::{Desk, copy_folder, employee, own_folder};
use super::disk::TestDisk;

type People = BTreeSet<String>;

/// Rows of an import that is written to the journal in parts, the first of them made ready
/// while the last rows are planned.
const LARGE: u32 = 620;

/// An office at work on a disk that may fail.
struct Day<'a> {
    desk: Desk,
    disk: &'a TestDisk,
    /// The fault is the end of the machine.
    stops: bool,
    /// Everybody who was called saved.
    kept: People,
    /// Everybody before the latest step, for taking it back.
    before: People,
    /// What else may be found, where nobody could say.
    maybe: Vec<People>,
    refused: usize,
}

fn named(serials: impl IntoIterator<Item = u32>) -> People {
    serials.into_iter().map(|serial| employee(serial).name).collect()
}

fn people(desk: &mut Desk) -> People {
    let query = ListQuery { columns: vec!["name".into()], ..ListQuery::all(Kind::Employees) };
    let Answer::Page(page) = desk.ask(Request::List(query)) else { panic!("no page") };
    let name = |cell: &Value| match cell {
        Value::Text(name) => name.clone(),
        other => panic!("{other:?}"),
    };
    page.rows.iter().map(|row| name(&row.cells[0])).collect()
}

impl<'a> Day<'a> {
    fn new(disk: &'a TestDisk, stops: bool) -> Self {
        let (kept, before, maybe) = (People::new(), People::new(), Vec::new());
        let desk = Desk::closed();
        let mut day = Self { desk, disk, stops, kept, before, maybe, refused: 0 };
        day.open();
        day
    }

    fn open(&mut self) {
        let means = Means { segment_max: 40_000, ..self.disk.means() };
        self.desk.open_by(means).expect("an office");
        let there = people(&mut self.desk);
        if self.maybe.contains(&there) {
            self.kept = there;
        }
        self.maybe.clear();
    }

    /// Answers to what was asked for together, each with what it leads to.
    fn hear(&mut self, steps: Vec<(Answer, People)>) {
        let certain = self.maybe.is_empty();
        for (answer, after) in steps {
            match answer {
                Answer::Saved(_) | Answer::Imported(_) => {
                    self.before = std::mem::replace(&mut self.kept, after);
                }
                Answer::Refused(problem) => {
                    let nothing = self.kept.is_empty() && problem == Problem::NothingToUndo;
                    assert!(nothing || truthful(&problem), "{problem:?}");
                    // Where the machine stops nobody hears the refusal any more.
                    if certain && (self.stops || problem == Problem::SyncUnsure) {
                        self.maybe.push(after);
                    } else {
                        self.refused += 1;
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    }

    fn save(&mut self, serials: &[u32]) {
        let requests = serials.iter().map(|serial| self.desk.adding(employee(*serial))).collect();
        let answers = self.desk.ask_together(requests);
        let mut after = self.kept.clone();
        let steps = answers.into_iter().zip(serials).map(|(answer, serial)| {
            after.extend(named([*serial]));
            (answer, after.clone())
        });
        let steps = steps.collect();
        self.hear(steps);
    }

    fn import(&mut self, serials: Range<u32>) {
        let after = &self.kept | &named(serials.clone());
        let answer = match self.desk.import(serials.map(employee)) {
            Ok(imported) => Answer::Imported(imported),
            Err(problem) => Answer::Refused(problem),
        };
        self.hear(vec![(answer, after)]);
    }

    fn give_up_an_import(&mut self, serials: Range<u32>) {
        let begun = super::full_disk::begin(&mut self.desk, serials.map(employee));
        assert!(begun.as_ref().err().is_none_or(truthful), "{begun:?}");
        assert_eq!(self.desk.ask(Request::ImportCancel), Answer::Done);
    }

    fn undo(&mut self) {
        let after = self.before.clone();
        let answer = self.desk.undo();
        self.hear(vec![(answer, after)]);
    }
}

/// A problem that says what has happened to the disk, or that nothing can be written since.
fn truthful(problem: &Problem) -> bool {
    matches!(problem, Problem::DiskFull | Problem::SyncUnsure | Problem::Io(_))
}

/// The whole day, or until the machine stops. `early` is done after the second hour.
fn live(day: &mut Day, early: &mut dyn FnMut(&Desk)) {
    type Hour = fn(&mut Day);
    let hours: [Hour; 9] = [
        |day| day.save(&[1]),
        |day| day.save(&[11, 12, 13, 14]),
        |day| day.import(100..120),
        |day| day.import(1000..1000 + LARGE),
        |day| day.undo(),
        |day| {
            day.desk.close();
            day.open();
        },
        |day| day.save(&[21, 22, 23]),
        |day| day.give_up_an_import(2000..2000 + LARGE),
        |day| day.save(&[31]),
    ];
    for (count, hour) in hours.into_iter().enumerate() {
        hour(day);
        if day.stops && day.disk.struck() {
            return;
        }
        assert!(people(&mut day.desk) == day.kept, "the screen shows what was called saved");
        if count == 1 {
            early(&day.desk);
        }
    }
}

/// Opens it on a disk that works; everything stands and work goes on.
fn check(day: &mut Day, case: &str) {
    let info = day.desk.open();
    assert_eq!(info.read_only, None, "{case}");
    let there = people(&mut day.desk);
    let known = there == day.kept || day.maybe.contains(&there);
    assert!(known, "{case}: {} people, {} were saved", there.len(), day.kept.len());
    day.desk.verify();
    day.desk.save(employee(9));
    assert_eq!(people(&mut day.desk), &there | &named([9]), "{case}");
    day.desk.reopen();
    assert_eq!(people(&mut day.desk).len(), there.len() + 1, "{case}");
    day.desk.kill();
}

#[test]
fn an_error_at_any_one_thing_asked_of_the_disk_is_told_and_loses_nothing() {
    let (mut tried, mut refused, mut unsure) = (0, 0, 0);
    for (kind, times) in [
        (ErrorKind::StorageFull, 1),
        (ErrorKind::Other, 1),
        (ErrorKind::ReadOnlyFilesystem, u64::MAX),
    ] {
        for at in 1.. {
            let disk = TestDisk::default();
            disk.fail(at, times, kind);
            let mut day = Day::new(&disk, false);
            live(&mut day, &mut |_| {});
            let struck = disk.struck();
            day.desk.kill();
            check(&mut day, &format!("{kind:?} at {at}"));
            (refused, unsure) = (refused + day.refused, unsure + day.maybe.len());
            if !struck {
                assert_eq!((day.refused, day.kept.len()), (0, 29), "a whole day");
                break;
            }
            tried += 1;
        }
    }
    println!("faults: {tried} errors of the disk, {refused} refusals, {unsure} times unsure");
    assert!(refused > 0 && unsure > 0);
}

#[test]
fn a_power_cut_at_any_one_thing_asked_of_the_disk_leaves_an_office_to_work_in() {
    let mut cuts = 0;
    for seed in 0..4 {
        for at in 1.. {
            let disk = TestDisk::default();
            disk.fail(at, u64::MAX, ErrorKind::Other);
            let mut day = Day::new(&disk, true);
            let early = own_folder();
            live(&mut day, &mut |desk| copy_folder(&desk.store(), early.path()));
            let struck = disk.struck();
            day.desk.kill();
            disk.pull_the_plug_anyhow(seed * 1000 + at);
            // What the store had flushed by then is anything between nothing and all.
            match (seed + at) % 3 {
                0 => {}
                1 => drop(fs::remove_dir_all(day.desk.store())),
                _ => {
                    let _ = fs::remove_dir_all(day.desk.store());
                    copy_folder(early.path(), &day.desk.store());
                }
            }
            check(&mut day, &format!("seed {seed}, cut at {at}"));
            if !struck {
                break;
            }
            cuts += 1;
        }
    }
    println!("faults: {cuts} power cuts on a day at the office");
}
