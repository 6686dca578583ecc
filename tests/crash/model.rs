//! Any sequence of what an officer can do, against a model that keeps the office in a few
//! maps: after every step the same answer, after every opening a proven office, and in
//! the end everything can be taken back to the empty office.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use kompeten::domain::kinds::enrolment::Presence;
use kompeten::domain::kinds::programme::Programme;
use kompeten::domain::kinds::session::Session;
use kompeten::domain::record::{EmployeeId, Kind, ProgrammeId, RecordId, SessionId};
use kompeten::protocol::{Answer, ListQuery, Problem, Request};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::desk::{Desk, employee, saved};

const PEOPLE: usize = 4;

#[derive(Clone, Debug)]
enum Act {
    Add(usize),
    Rename(usize, u8),
    Delete(usize),
    Rate(usize, u32, u8, u32),
    AddSession,
    DeleteSession,
    Enrol(BTreeSet<usize>),
    Unenrol(BTreeSet<usize>),
    Attend(usize, u16, bool),
    Import(u32),
    Undo,
    Redo,
    Reopen,
    Kill,
    LoseStore,
}

fn act() -> impl Strategy<Value = Act> {
    let person = 0..PEOPLE;
    let people = proptest::collection::btree_set(0..PEOPLE, 1..=PEOPLE);
    prop_oneof![
        4 => person.clone().prop_map(Act::Add),
        3 => (person.clone(), 0_u8..4).prop_map(|(person, name)| Act::Rename(person, name)),
        2 => person.clone().prop_map(Act::Delete),
        5 => (person.clone(), 1_u32..3, 1_u8..=5, 1_u32..4)
            .prop_map(|(person, competency, level, day)| Act::Rate(person, competency, level, day)),
        2 => Just(Act::AddSession),
        1 => Just(Act::DeleteSession),
        3 => people.clone().prop_map(Act::Enrol),
        1 => people.prop_map(Act::Unenrol),
        3 => (person, 0_u16..2, any::<bool>())
            .prop_map(|(person, day, came)| Act::Attend(person, day, came)),
        1 => (1_u32..4).prop_map(Act::Import),
        6 => Just(Act::Undo),
        4 => Just(Act::Redo),
        1 => Just(Act::Reopen),
        1 => Just(Act::Kill),
        1 => Just(Act::LoseStore),
    ]
}

/// What an office is, as far as these acts go.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model {
    people: BTreeMap<usize, Person>,
    session: Option<SessionId>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Person {
    name: String,
    /// Level by competency and day.
    ratings: BTreeMap<(u32, u32), u8>,
    marks: Option<[Option<Presence>; 2]>,
}

impl Person {
    fn level(&self, competency: u32) -> Option<u8> {
        let of = self.ratings.range((competency, 0)..(competency + 1, 0));
        of.last().map(|(_, level)| *level)
    }
}

/// The office and what it should be.
struct Both {
    desk: Desk,
    now: Model,
    /// What to go back to, latest last; and what to go forward to.
    before: Vec<Model>,
    after: Vec<Model>,
    /// Where records are; a number is never used again, so one is kept through undo and redo.
    ids: BTreeMap<usize, RecordId>,
    programme: Option<RecordId>,
    steps: usize,
}

impl Both {
    fn new() -> Self {
        Self {
            desk: Desk::new(),
            now: Model::default(),
            before: Vec::new(),
            after: Vec::new(),
            ids: BTreeMap::new(),
            programme: None,
            steps: 0,
        }
    }

    fn becomes(&mut self, next: Model) {
        if next != self.now {
            self.before.push(std::mem::replace(&mut self.now, next));
            self.after.clear();
            self.steps += 1;
        }
    }

    fn find(&mut self, person: usize) -> RecordId {
        let number = employee(person as u32).number.to_string();
        match self.desk.ask(Request::Find(Kind::Employees, number)) {
            Answer::Record(Some(stored)) => stored.id,
            other => panic!("{other:?}"),
        }
    }

    fn act(&mut self, act: &Act) {
        let mut next = self.now.clone();
        match act {
            Act::Add(person) => {
                let answer = self.desk.try_save(employee(*person as u32));
                if next.people.contains_key(person) {
                    assert!(matches!(answer, Answer::Refused(Problem::Invalid(_))), "{answer:?}");
                } else {
                    self.ids.insert(*person, saved(answer).ids[0]);
                    let name = employee(*person as u32).name;
                    next.people.insert(*person, Person { name, ..Person::default() });
                }
            }
            Act::Rename(person, name) => {
                let Some(model) = next.people.get_mut(person) else { return };
                model.name = format!("Nama {name}");
                let name = model.name.clone();
                let id = self.find(*person);
                let changed = next != self.now;
                assert_eq!(saved(self.desk.rename(id, &name)).seq.is_some(), changed);
            }
            Act::Delete(person) => {
                let Some(model) = next.people.get(person) else { return };
                let hangs_on = !model.ratings.is_empty() || model.marks.is_some();
                let id = self.find(*person);
                let ids = vec![(id, self.desk.revision(id))];
                let step = self.desk.step();
                let answer = self.desk.ask(Request::Delete { step, ids });
                if hangs_on {
                    assert!(
                        matches!(answer, Answer::Refused(Problem::HasHistory { .. })),
                        "{answer:?}"
                    );
                } else {
                    saved(answer);
                    next.people.remove(person);
                }
            }
            Act::Rate(person, competency, level, day) => {
                let Some(model) = next.people.get_mut(person) else { return };
                model.ratings.insert((*competency, *day), *level);
                let id = self.find(*person);
                let changed = next != self.now;
                let date = format!("2026-01-{day:02}");
                let answer = self.desk.rate(id, *competency, *level, &date);
                assert_eq!(saved(answer).seq.is_some(), changed);
            }
            Act::AddSession
            | Act::DeleteSession
            | Act::Enrol(_)
            | Act::Unenrol(_)
            | Act::Attend(..) => {
                if !self.train(act, &mut next) {
                    return;
                }
            }
            Act::Import(round) => {
                let rows = (0..PEOPLE).map(|person| kompeten::domain::kinds::employee::Employee {
                    name: format!("Impor {round}"),
                    ..employee(person as u32)
                });
                for person in 0..PEOPLE {
                    next.people.entry(person).or_default().name = format!("Impor {round}");
                }
                let changed = next != self.now;
                let imported = self.desk.import(rows).expect("imported");
                assert_eq!(imported.seq.is_some(), changed);
            }
            Act::Undo => return self.undo(),
            Act::Redo => return self.redo(),
            Act::Reopen => drop(self.desk.reopen()),
            Act::Kill => {
                self.desk.kill();
                self.desk.open();
            }
            Act::LoseStore => {
                self.desk.close();
                fs::remove_dir_all(self.desk.store()).expect("removed");
                self.desk.open();
            }
        }
        if matches!(act, Act::Reopen | Act::Kill | Act::LoseStore) {
            self.desk.verify();
        }
        self.becomes(next);
    }

    /// Everything about sessions; whether anything could be asked.
    fn train(&mut self, act: &Act, next: &mut Model) -> bool {
        match act {
            Act::AddSession => {
                if next.session.is_some() {
                    return false;
                }
                next.session = Some(self.add_session());
            }
            Act::DeleteSession => {
                let Some(session) = next.session else { return false };
                let id = RecordId::from(session);
                let ids = vec![(id, self.desk.revision(id))];
                let step = self.desk.step();
                let answer = self.desk.ask(Request::Delete { step, ids });
                if next.people.values().any(|person| person.marks.is_some()) {
                    assert!(
                        matches!(answer, Answer::Refused(Problem::DependedOn { .. })),
                        "{answer:?}"
                    );
                } else {
                    saved(answer);
                    next.session = None;
                }
            }
            Act::Enrol(people) | Act::Unenrol(people) => {
                let Some(session) = next.session else { return false };
                let out = matches!(act, Act::Unenrol(_));
                let mut employees = Vec::new();
                for person in people {
                    let Some(model) = next.people.get_mut(person) else { continue };
                    if out {
                        model.marks = None;
                    } else if model.marks.is_none() {
                        model.marks = Some([None; 2]);
                    }
                    employees.push(EmployeeId(self.find(*person).number));
                }
                let step = self.desk.step();
                let request = if out {
                    Request::Unenrol { step, session, employees }
                } else {
                    Request::Enrol { step, session, employees }
                };
                let changed = *next != self.now;
                assert_eq!(saved(self.desk.ask(request)).seq.is_some(), changed);
            }
            Act::Attend(person, day, came) => {
                let Some(marks) = next.people.get_mut(person).and_then(|p| p.marks.as_mut()) else {
                    return false;
                };
                let mark = came.then_some(Presence::Present);
                marks[usize::from(*day)] = mark;
                let id = EmployeeId(self.find(*person).number);
                let session = next.session.expect("a session");
                let step = self.desk.step();
                let marks = vec![(id, *day, mark)];
                let changed = *next != self.now;
                let answer = self.desk.ask(Request::Attend { step, session, marks });
                assert_eq!(saved(answer).seq.is_some(), changed);
            }
            _ => return false,
        }
        true
    }

    /// A programme is one step, its session another; the model knows both as one state each.
    fn add_session(&mut self) -> SessionId {
        if let Some(id) = self.programme
            && matches!(self.desk.ask(Request::Get(id)), Answer::Record(Some(_)))
        {
            return self.session_of(id);
        }
        let programme = self.desk.save(Programme {
            name: "Bimtek".into(),
            r#type: "KL10".into(),
            jp: Some(10),
            ..Programme::default()
        });
        self.programme = Some(programme);
        // Taking the programme back changes nothing the model knows.
        self.before.push(self.now.clone());
        self.after.clear();
        self.steps += 1;
        self.session_of(programme)
    }

    fn session_of(&mut self, programme: RecordId) -> SessionId {
        let session = self.desk.save(Session {
            programme: ProgrammeId(programme.number),
            start: "2026-11-10".parse().ok(),
            end: "2026-11-11".parse().ok(),
            ..Session::default()
        });
        SessionId(session.number)
    }

    fn undo(&mut self) {
        let answer = self.desk.undo();
        match self.before.pop() {
            Some(before) => {
                saved(answer);
                self.after.push(std::mem::replace(&mut self.now, before));
            }
            None => assert_eq!(answer, Answer::Refused(Problem::NothingToUndo)),
        }
    }

    fn redo(&mut self) {
        let answer = self.desk.redo();
        match self.after.pop() {
            Some(after) => {
                assert!(saved(answer).summary.redo);
                self.before.push(std::mem::replace(&mut self.now, after));
            }
            None => assert_eq!(answer, Answer::Refused(Problem::NothingToRedo)),
        }
    }

    /// The office, asked.
    fn seen(&mut self) -> Model {
        let mut seen = Model::default();
        let Answer::Ids(sessions) = self.desk.ask(Request::Ids(ListQuery::all(Kind::Sessions)))
        else {
            panic!("no ids")
        };
        assert!(sessions.len() <= 1);
        seen.session = sessions.first().map(|number| SessionId(*number));
        let attendance =
            seen.session.map(|session| match self.desk.ask(Request::Attendance(session)) {
                Answer::Attendance(attendance) => attendance.rows,
                other => panic!("{other:?}"),
            });
        let Answer::Ids(numbers) = self.desk.ask(Request::Ids(ListQuery::all(Kind::Employees)))
        else {
            panic!("no ids")
        };
        for number in numbers {
            let Answer::Person(person) = self.desk.ask(Request::Person(EmployeeId(number))) else {
                panic!("nobody")
            };
            let kompeten::domain::record::Record::Employee(record) = &person.stored.record else {
                panic!("not a person")
            };
            let serial = (0..PEOPLE)
                .find(|serial| employee(*serial as u32).number == record.number)
                .expect("one of these");
            let marks = attendance.iter().flatten().find(|row| row.employee.0 == number);
            let ratings = [1, 2]
                .into_iter()
                .zip(&person.cells)
                .filter_map(|(competency, cell)| Some(((competency, 0), cell.actual?)));
            seen.people.insert(
                serial,
                Person {
                    name: record.name.clone(),
                    ratings: ratings.collect(),
                    marks: marks.map(|row| [row.marks[0], row.marks[1]]),
                },
            );
        }
        seen
    }

    /// The model as it shows: of the ratings only the current levels.
    fn shown(&self) -> Model {
        let mut shown = self.now.clone();
        for person in shown.people.values_mut() {
            let levels = [1, 2].into_iter().filter_map(|c| Some(((c, 0), person.level(c)?)));
            person.ratings = levels.collect();
        }
        shown
    }
}

#[test]
fn whatever_an_officer_does_the_office_is_as_it_should_be_and_all_can_be_taken_back() {
    let mut runner = TestRunner::new(Config {
        cases: 20,
        max_shrink_iters: 60,
        failure_persistence: None,
        ..Config::default()
    });
    let (acts_done, steps) = (Cell::new(0), Cell::new(0));
    let result = runner.run(&proptest::collection::vec(act(), 10..80), |acts| {
        let mut both = Both::new();
        for act in &acts {
            both.act(act);
            let seen = both.seen();
            prop_assert_eq!(&seen, &both.shown(), "after {:?}", act);
        }
        acts_done.set(acts_done.get() + acts.len());
        steps.set(steps.get() + both.steps);
        both.desk.kill();
        both.desk.open();
        both.desk.verify();
        while !both.before.is_empty() {
            both.undo();
            let seen = both.seen();
            prop_assert_eq!(&seen, &both.shown());
        }
        prop_assert_eq!(both.desk.undo(), Answer::Refused(Problem::NothingToUndo));
        prop_assert_eq!(both.seen(), Model::default());
        both.desk.verify();
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    println!("{} acts, {} changes", acts_done.get(), steps.get());
}
