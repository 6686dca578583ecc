//! What is derived is kept, and what is kept costs what it changes: how much a day of
//! readings writes, how often one save reads the store.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::domain::kinds::correction::Correction;
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::kinds::performance::{Performance, Predicate};
use crate::domain::kinds::standard::Standard;
use crate::domain::kinds::unit::Unit;
use crate::domain::record::{PositionId, ProgrammeId, UnitId};

/// Bytes of all files of the journal.
fn journal_bytes(desk: &Desk) -> u64 {
    let files = std::fs::read_dir(desk.folder.path().join("data/journal")).expect("a journal");
    files.map(|file| file.and_then(|file| file.metadata()).map_or(0, |data| data.len())).sum()
}

fn person(number: usize) -> RowData {
    person_row(&format!("Orang {number}"), number as u32, &["Dinas"], "Analis")
}

#[test]
fn a_day_of_readings_writes_what_is_new() {
    const PEOPLE: u32 = 300;
    const LINES: u32 = 48;
    let mut desk = Desk::new();
    desk.import(Intake::Employees, PEOPLE_COLUMNS, (1..=PEOPLE as usize).map(person).collect());
    let ids: Vec<u32> = match desk.ask(Request::Ids(ListQuery::all(Kind::Employees))) {
        Answer::Ids(ids) => ids,
        other => panic!("{other:?}"),
    };
    assert_eq!(ids.len() as u32, PEOPLE);
    let before = journal_bytes(&desk);
    for line in 0..LINES {
        let from = (line * PEOPLE / LINES) as usize..((line + 1) * PEOPLE / LINES) as usize;
        for id in &ids[from] {
            assert!(matches!(desk.ask(Request::Person(EmployeeId(*id))), Answer::Person(_)));
        }
        *desk.now.lock().expect("the time") += chrono::TimeDelta::minutes(10);
        desk.office.as_mut().expect("an office").wake();
    }
    let day = journal_bytes(&desk) - before;
    println!("40 officers, {PEOPLE} people a day: {} MB a year", day * 40 * 250 / 1_000_000);
    let rows = ListQuery {
        columns: ["people", "total"].map(String::from).to_vec(),
        ..ListQuery::all(Kind::Readings)
    };
    let Answer::Page(page) = desk.ask(Request::List(rows)) else { panic!("no page") };
    assert_eq!(page.rows.len(), 1, "one row an officer and day");
    assert_eq!(page.rows[0].cells, [Value::Whole(PEOPLE.into()), Value::Whole(PEOPLE.into())]);
    // A line costs its header and some ten bytes a person; nothing of the lines before it.
    assert!(day < u64::from(LINES) * 500 + u64::from(PEOPLE) * 12, "{day} bytes");
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)));
}

/// A day in the office, by numbers: what is done, and to which of those there are.
pub(super) type Act = (u8, u32, u32, u8);

impl Desk {
    /// The records of a kind, those with a number of the office's own.
    fn all(&mut self, kind: Kind) -> Vec<u32> {
        match self.ask(Request::Ids(ListQuery::all(kind))) {
            Answer::Ids(ids) => ids.into_iter().filter(|id| *id >= 1000).collect(),
            Answer::Refused(_) if kind.is_sealed() => Vec::new(),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn any(&mut self, kind: Kind, at: u32) -> Option<u32> {
        let all = self.all(kind);
        let at = at as usize;
        all.get(at.checked_rem(all.len())?).copied()
    }

    fn put(&mut self, id: Option<RecordId>, base: Revision, record: Record) -> Answer {
        let step = self.step();
        self.ask(Request::Save(Save { step, drafts: vec![DraftRecord { id, base, record }] }))
    }

    fn add(&mut self, record: impl Into<Record>) -> Answer {
        self.put(None, Revision(0), record.into())
    }

    fn set(&mut self, id: RecordId, field: &str, value: &impl serde::Serialize) -> Answer {
        let value = serde_json::to_string(value).expect("JSON");
        let (step, field) = (self.step(), field.to_string());
        self.ask(Request::SetField { step, kind: id.kind, ids: vec![id.number], field, value })
    }

    /// Does one thing; much of it is refused, as it would be.
    pub(super) fn act(&mut self, (what, a, b, c): Act) -> Option<Answer> {
        match what % 24 {
            0..=8 => self.act_on_people((what % 24, a, b, c)),
            9..=17 => self.act_on_tables((what % 24, a, b, c)),
            _ => self.act_otherwise((what % 24, a, b, c)),
        }
    }

    fn act_on_people(&mut self, (what, a, b, c): Act) -> Option<Answer> {
        let level = Level::new(1 + c % 5)?;
        Some(match what {
            0 | 1 => {
                let unit = self.any(Kind::Units, a).map(UnitId);
                let position = self.any(Kind::Positions, b).map(PositionId);
                self.asked += 1;
                let serial = self.asked as u32;
                self.add(Employee { unit, position, ..employee("Mila", serial) })
            }
            2 | 3 => {
                let person = RecordId::new(Kind::Employees, self.any(Kind::Employees, a)?);
                match c % 5 {
                    2 => self.set(person, "education", &["S-1", "S-2"][b as usize % 2]),
                    0 => self.set(person, "status", &["active", "retired"][b as usize % 2]),
                    1 => {
                        let position = self.any(Kind::Positions, b)?;
                        self.set(person, "position", &position)
                    }
                    _ => {
                        let unit = self.any(Kind::Units, b)?;
                        self.set(person, "unit", &unit)
                    }
                }
            }
            4 => {
                let employee = EmployeeId(self.any(Kind::Employees, a)?);
                let year = 2026 + u16::from(c % 2);
                if c % 3 == 0 {
                    let predicate = Some(Predicate::Good);
                    self.add(Performance { employee, year, predicate, ..Performance::default() })
                } else {
                    let (competency, activity) = (CompetencyId(1 + b % 9), "KL10".into());
                    self.add(IdpLine { employee, year, competency, activity, ..IdpLine::default() })
                }
            }
            _ => {
                let person = self.any(Kind::Employees, a)?;
                let step = self.step();
                let rating = Rating {
                    employee: EmployeeId(person),
                    competency: CompetencyId(1 + b % 9),
                    level,
                    source: Some(RatingSource::Superior),
                    date: chrono::NaiveDate::from_ymd_opt(2026, 11, 1 + u32::from(c % 3)),
                    ..Rating::default()
                };
                self.ask(Request::Rate { step, ratings: vec![rating] })
            }
        })
    }

    fn act_on_tables(&mut self, (what, a, b, c): Act) -> Option<Answer> {
        let level = Level::new(1 + c % 5)?;
        let day = |from: u32| chrono::NaiveDate::from_ymd_opt(2026, 10 + from % 3, 1 + a % 27);
        Some(match what {
            9 => {
                let parent = self.any(Kind::Units, a).map(UnitId);
                self.add(Unit { name: format!("Unit {b}"), parent, ..Unit::default() })
            }
            10 => {
                let unit = RecordId::new(Kind::Units, self.any(Kind::Units, a)?);
                let parent = self.any(Kind::Units, b)?;
                self.set(unit, "parent", &parent)
            }
            11 => self.add(Position {
                title: format!("Jabatan {a}"),
                kind: Some(PositionKind::Structural),
                eselon: ["II.a", "III.a", "IV.a"][b as usize % 3].into(),
                ..Position::default()
            }),
            12 => {
                let position = RecordId::new(Kind::Positions, self.any(Kind::Positions, a)?);
                self.set(position, "eselon", &["II.a", "III.a", "IV.a"][b as usize % 3])
            }
            13 => {
                let position = self.any(Kind::Positions, a)?;
                let level_of = c % 2 == 0;
                let job_level =
                    crate::domain::kinds::position::JobLevel::ALL.get(b as usize % 6).copied();
                self.add(Standard {
                    job_level: job_level.filter(|_| level_of),
                    position: Some(PositionId(position)).filter(|_| !level_of),
                    competency: CompetencyId(1 + b % 9),
                    level,
                    effective_from: day(b),
                    ..Standard::default()
                })
            }
            14 => {
                let competency = RecordId::new(Kind::Competencies, 1 + a % 9);
                match c % 4 {
                    // Into itself, or round in a ring, it is refused.
                    0 => self.set(competency, "merged_into", &(1 + b % 9)),
                    1 => self.set(competency, "merged_into", &()),
                    archived => self.set(competency, "archived", &(archived == 2)),
                }
            }
            15 => {
                let value = if c % 2 == 0 { "50" } else { "100" };
                let id = RecordId::new(Kind::Settings, 1 + a % 3);
                self.set(id, "value", &value)
            }
            16 => {
                let name = format!("Diklat {a}");
                let kind = "KL01".to_string();
                self.add(Programme { name, r#type: kind, jp: Some(20), ..Programme::default() })
            }
            _ => {
                let programme = ProgrammeId(self.any(Kind::Programmes, a)?);
                let start = chrono::NaiveDate::from_ymd_opt(2026, 1 + b % 12, 3);
                let end = start.map(|start| start + chrono::TimeDelta::days(i64::from(c % 4)));
                self.add(Session { programme, start, end, ..Session::default() })
            }
        })
    }

    fn act_otherwise(&mut self, (what, a, b, c): Act) -> Option<Answer> {
        Some(match what {
            18 | 19 => {
                let session = SessionId(self.any(Kind::Sessions, a)?);
                let employees = vec![EmployeeId(self.any(Kind::Employees, b)?)];
                let step = self.step();
                match c % 4 {
                    0 => self.ask(Request::Unenrol { step, session, employees }),
                    1 => {
                        let marks = vec![(employees[0], 0, Some(Presence::Present))];
                        self.ask(Request::Attend { step, session, marks })
                    }
                    _ => self.ask(Request::Enrol { step, session, employees }),
                }
            }
            20 => {
                let kind = Kind::ALL[c as usize % Kind::ALL.len()];
                if kind.is_sealed() {
                    return None;
                }
                let id = RecordId::new(kind, self.any(kind, a)?);
                let Answer::Record(Some(stored)) = self.ask(Request::Get(id)) else { return None };
                let step = self.step();
                self.ask(Request::Delete { step, ids: vec![(id, stored.rev)] })
            }
            21 => {
                *self.now.lock().expect("the time") += chrono::TimeDelta::days(i64::from(c % 40));
                return None;
            }
            22 => {
                let person = EmployeeId(self.any(Kind::Employees, a)?);
                match self.any(Kind::Corrections, b).filter(|_| c % 2 == 0) {
                    Some(open) => {
                        let id = RecordId::new(Kind::Corrections, open);
                        self.set(id, "status", &["open", "done", "refused"][b as usize % 3])
                    }
                    None => self.add(Correction {
                        employee: person,
                        subject: "Nama".into(),
                        wanted: "Mila".into(),
                        ..Correction::default()
                    }),
                }
            }
            _ if c % 3 == 0 => self.redo(),
            _ => self.undo(),
        })
    }

    /// A small office with one of each.
    pub(super) fn begin(&mut self) {
        for what in [9, 9, 11, 0, 0, 16, 17, 18, 4, 22, 13] {
            let answer = self.act((what, 0, what.into(), 2));
            assert!(matches!(answer, Some(Answer::Saved(_))), "{what}: {answer:?}");
        }
    }

    fn is_kept_right(&mut self) -> Vec<&'static str> {
        let office = self.office.as_mut().expect("an open office");
        let mut wrong = office.state.wrong().expect("a store that can be read");
        if !office.left_is_right() {
            wrong.push("left");
        }
        wrong
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_every_view_is_what_would_be_made_anew(
        acts in prop::collection::vec((any::<u8>(), 0_u32..99, 0_u32..99, any::<u8>()), 5..40),
    ) {
        let mut desk = Desk::new();
        desk.begin();
        prop_assert!(desk.is_kept_right().is_empty(), "at first");
        for act in acts {
            let answer = desk.act(act);
            let wrong = desk.is_kept_right();
            prop_assert!(wrong.is_empty(), "{act:?} {wrong:?} {answer:?}");
        }
    }
}

#[test]
fn a_large_import_shows_by_what_it_touches() {
    let mut desk = Desk::new();
    desk.begin();
    assert!(desk.is_kept_right().is_empty());
    let rows: Vec<RowData> = (1..=900).map(person).collect();
    let (verdicts, answer) = desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    assert_eq!(verdicts.len(), 900);
    let Answer::Imported(Imported { seq: Some(seq), .. }) = answer else { panic!("{answer:?}") };
    assert!(desk.is_kept_right().is_empty());
    let step = desk.step();
    let undone = saved(desk.ask(Request::Undo { step, seq: Some(seq) }));
    assert!(undone.count > 900, "{undone:?}");
    assert!(desk.is_kept_right().is_empty());
    saved(desk.redo());
    assert!(desk.is_kept_right().is_empty());
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)));
}

#[test]
fn an_open_matrix_is_given_the_rows_that_changed() {
    let mut desk = Desk::new();
    let people: Vec<RecordId> =
        (1..=9).map(|n| desk.save(employee(&format!("Orang {n}"), n))).collect();
    let ask = |desk: &mut Desk, since| {
        let query = MatrixQuery { limit: 5, since: Some(since), ..MatrixQuery::default() };
        match desk.ask(Request::Matrix(query)) {
            Answer::Matrix(matrix) => *matrix,
            other => panic!("{other:?}"),
        }
    };
    let whole = ask(&mut desk, 0);
    assert_eq!((whole.rows.len(), whole.window.clone()), (5, None));
    saved(desk.rate(people[2], 1, 3, "2026-11-20"));
    saved(desk.rate(people[8], 1, 3, "2026-11-20"));
    let changed = ask(&mut desk, whole.seq);
    let window: Vec<EmployeeId> = people[..5].iter().map(|id| EmployeeId(id.number)).collect();
    assert_eq!(changed.window, Some(window));
    assert_eq!(changed.rows.len(), 1, "one of the two is in the window");
    assert_eq!(changed.rows[0].employee.0, people[2].number);
    assert_eq!(changed.rows[0].cells[0].actual, Some(3));
    assert_eq!(ask(&mut desk, changed.seq).rows, [], "nothing since");
    // Another day, and nobody knows what of it still holds.
    *desk.now.lock().expect("the time") += chrono::TimeDelta::days(1);
    assert_eq!(ask(&mut desk, changed.seq).window, None);
}

#[test]
fn a_save_decodes_what_it_changes() {
    let mut desk = Desk::new();
    desk.begin();
    let mila = desk.save(employee("Mila", 1));
    assert!(desk.is_kept_right().is_empty(), "every view is made");
    let session = SessionId(desk.any(Kind::Sessions, 0).expect("a session"));
    let mut counted = |what: &str, most: u32, act: &mut dyn FnMut(&mut Desk) -> Answer| {
        crate::store::decoded();
        let answer = act(&mut desk);
        let times = crate::store::decoded();
        assert!(matches!(answer, Answer::Saved(_)), "{what}: {answer:?}");
        assert!(times <= most, "{what}: {times} values decoded");
    };
    counted("a new rating", 4, &mut |desk| desk.rate(mila, 1, 3, "2026-11-20"));
    counted("a rating superseded", 4, &mut |desk| desk.rate(mila, 1, 4, "2026-11-20"));
    counted("a person moved", 2, &mut |desk| {
        let unit = desk.any(Kind::Units, 0);
        desk.set(mila, "unit", &unit)
    });
    counted("a person added", 1, &mut |desk| desk.add(employee("Budi", 2)));
    counted("somebody enrolled", 5, &mut |desk| {
        let (step, employees) = (desk.step(), vec![EmployeeId(mila.number)]);
        desk.ask(Request::Enrol { step, session, employees })
    });
    counted("attendance", 4, &mut |desk| {
        let (step, marks) =
            (desk.step(), vec![(EmployeeId(mila.number), 0, Some(Presence::Present))]);
        desk.ask(Request::Attend { step, session, marks })
    });
    counted("a setting", 1, &mut |desk| {
        desk.set(RecordId::new(Kind::Settings, 1), "value", &"Kota")
    });
}

/// What is proven is compared value by value, not record by record: of a person's ratings
/// each would read all.
#[test]
fn a_proof_reads_no_more_for_more_ratings_of_the_same_people() {
    const PEOPLE: u32 = 30;
    let mut desk = Desk::new();
    let rows = (1..=PEOPLE).map(|n| person_row(&format!("Pegawai {n}"), n, &["Kota"], "Lurah"));
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows.collect());
    let people = desk.all(Kind::Employees);
    let count = |desk: &mut Desk| {
        crate::store::decoded();
        assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)));
        crate::store::decoded()
    };
    let rate = |desk: &mut Desk, competencies: std::ops::RangeInclusive<u32>| {
        for competency in competencies {
            for person in &people {
                let person = RecordId::new(Kind::Employees, *person);
                saved(desk.rate(person, competency, 3, "2026-11-02"));
            }
        }
    };
    rate(&mut desk, 1..=1);
    let few = count(&mut desk);
    rate(&mut desk, 2..=9);
    let many = count(&mut desk);
    assert!(many < few + PEOPLE, "{few} values read, {many} with nine times the ratings");
}

/// Head counts by age and years of JP rest on what is kept; only of a day gone by are the
/// records of each person read, once for all pages.
#[test]
fn a_report_asked_again_after_a_save_reads_nobody_anew() {
    let mut desk = Desk::new();
    let rows = (1..=60).map(|n| person_row(&format!("Pegawai {n}"), n, &["Kota"], "Lurah"));
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows.collect());
    let by = |code: &str| {
        let own = vec![("by".to_string(), code.to_string())];
        ReportQuery { own, limit: 10, ..ReportQuery::of("headcount") }
    };
    let of = |id: &str| ReportQuery { limit: 10, ..ReportQuery::of(id) };
    let at = |day: &str, id: &str| ReportQuery { at: day.parse().ok(), ..of(id) };
    let count = |desk: &mut Desk, query: &ReportQuery| {
        crate::store::decoded();
        let answer = desk.ask(Request::Report(query.clone()));
        assert!(matches!(answer, Answer::Table(_)), "{answer:?}");
        crate::store::decoded()
    };
    for (added, (query, first, later)) in (0..).zip([
        (by("age"), true, false),
        (by("sex"), true, false),
        (by("education"), true, false),
        (by("unit"), false, false),
        (of("jp"), false, false),
        (of("matrix"), false, false),
        (of("certificates"), false, false),
        (at("2026-11-20", "jp"), true, true),
        (at("2026-11-20", "matrix"), true, true),
    ]) {
        let everybody = |read: bool| if read { 60 + added } else { 0 };
        let next = ReportQuery { offset: 10, ..query.clone() };
        assert!(count(&mut desk, &query) <= everybody(first), "{query:?}");
        assert!(count(&mut desk, &next) <= 10, "{query:?}: the next page");
        let serial = 900 + desk.asked as u32 % 90;
        desk.save(employee("Baru", serial));
        assert!(count(&mut desk, &query) <= everybody(later) + 1, "{query:?}: after a save");
    }
}

/// How many are in a session and how many came stands in its roll.
#[test]
fn a_page_of_sessions_reads_nobody_who_is_in_them() {
    let mut desk = Desk::new();
    let employees: Vec<EmployeeId> = (1..=20)
        .map(|n| EmployeeId(desk.save(employee(&format!("Orang {n}"), n)).number))
        .collect();
    let programme = desk.save(Programme {
        name: "Bimtek Arsip".into(),
        r#type: "KL10".into(),
        jp: Some(20),
        ..Programme::default()
    });
    let session = desk.save(Session {
        programme: ProgrammeId(programme.number),
        start: "2026-11-10".parse().ok(),
        end: "2026-11-11".parse().ok(),
        ..Session::default()
    });
    let id = SessionId(session.number);
    let step = desk.step();
    let people = employees.clone();
    saved(desk.ask(Request::Enrol { step, session: id, employees: people }));
    let counts = |desk: &mut Desk| {
        let columns = ["enrolled", "present"].map(String::from).to_vec();
        let query = ListQuery { columns, ..ListQuery::all(Kind::Sessions) };
        crate::store::decoded();
        let Answer::Page(page) = desk.ask(Request::List(query)) else { panic!("no page") };
        assert_eq!(crate::store::decoded(), 0, "records read");
        match page.rows[0].cells.as_slice() {
            [Value::Whole(enrolled), Value::Whole(present)] => (*enrolled, *present),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(counts(&mut desk), (20, 0));
    for (day, who) in [(0, 0..12), (1, 0..7)] {
        let marks = employees[who].iter().map(|id| (*id, day, Some(Presence::Present))).collect();
        let step = desk.step();
        saved(desk.ask(Request::Attend { step, session: id, marks }));
    }
    assert_eq!(counts(&mut desk), (20, 7), "eighty percent of two days are two");
    saved(desk.set(RecordId::new(Kind::Settings, 3), "value", &"50"));
    assert_eq!(counts(&mut desk), (20, 12));
    desk.close();
    desk.open();
    assert_eq!(counts(&mut desk), (20, 12), "as it was packed");
    saved(desk.undo());
    let step = desk.step();
    let leaves = vec![employees[0]];
    saved(desk.ask(Request::Unenrol { step, session: id, employees: leaves }));
    assert_eq!(counts(&mut desk), (19, 6));
    saved(desk.set(session, "end", &"2026-11-30"));
    assert_eq!(counts(&mut desk), (19, 11), "who came so far");
    assert!(desk.is_kept_right().is_empty());
}

#[test]
fn a_search_in_what_no_list_shows_reads_everybody_once() {
    const PEOPLE: u32 = 40;
    let mut desk = Desk::new();
    desk.import(Intake::Employees, PEOPLE_COLUMNS, (1..=PEOPLE as usize).map(person).collect());
    let read = |desk: &mut Desk, search: &str, sort: &str| {
        let sort = vec![SortKey { column: sort.into(), descending: true }];
        let columns = vec!["name".into()];
        let query =
            ListQuery { search: search.into(), columns, sort, ..ListQuery::all(Kind::Employees) };
        crate::store::decoded();
        let Answer::Page(page) = desk.ask(Request::List(query)) else { panic!("no page") };
        (crate::store::decoded(), page.rows.iter().map(|row| row.number).collect::<Vec<_>>())
    };
    assert_eq!(read(&mut desk, "pendidikan:s-2", "name"), (PEOPLE, vec![]));
    let person = |number| RecordId::new(Kind::Employees, number);
    saved(desk.set(person(1003), "education", &"S-2/Magister"));
    saved(desk.set(person(1007), "education", &"S-1/Sarjana"));
    assert_eq!(read(&mut desk, "pendidikan:s-2", "name"), (0, vec![1003]));
    let (times, order) = read(&mut desk, "", "education");
    assert_eq!((times, &order[..2]), (0, &[1003, 1007][..]));
    saved(desk.undo());
    assert_eq!(read(&mut desk, "pendidikan>s", "name"), (0, vec![1003]));
    // What nobody has asked for in a while takes no memory.
    let wakes = |desk: &mut Desk| desk.office.as_ref().expect("an office").wakes_in();
    assert!(wakes(&mut desk).is_some());
    *desk.now.lock().expect("the time") += chrono::TimeDelta::minutes(11);
    desk.office.as_mut().expect("an office").wake();
    assert_eq!(wakes(&mut desk), None);
    assert_eq!(read(&mut desk, "pendidikan:s-1", "name"), (PEOPLE, vec![]));
    // Nor does the fourth one of all that may be asked for.
    for search in ["email:a", "birth_date:1990", "legal_status:aktif"] {
        read(&mut desk, search, "name");
    }
    assert!(read(&mut desk, "pendidikan:s-3", "name").0 > 0);
}

/// Who is in a file is found once, whatever else its pages look at.
#[test]
fn writing_everybody_out_reads_each_of_them_once_however_many_there_are() {
    for people in [60_u32, 120] {
        let mut desk = Desk::new();
        desk.import(Intake::Employees, PEOPLE_COLUMNS, (1..=people as usize).map(person).collect());
        saved(desk.set(RecordId::new(Kind::Employees, 1004), "restricted", &true));
        let list = ListQuery { export: true, limit: 10, ..ListQuery::all(Kind::Employees) };
        let (mut rows, mut found) = (0, BTreeSet::new());
        crate::store::decoded();
        while rows < people - 1 {
            let query = ListQuery { offset: rows, ..list.clone() };
            let Answer::Page(page) = desk.ask(Request::List(query)) else { panic!("no page") };
            assert_eq!((page.matched, page.restricted), (people - 1, 1));
            rows += page.rows.len() as u32;
            let kept = &desk.office.as_ref().expect("an office").state.last_lists[1];
            found.insert(kept.as_ref().map(|kept| Arc::as_ptr(&kept.found.keys).cast::<()>()));
        }
        assert_eq!((crate::store::decoded(), found.len()), (people - 1, 1));
        let matrix = ReportQuery { export: true, limit: 10, ..ReportQuery::of("matrix") };
        let mut rows = 0;
        while rows < people - 1 {
            let query = ReportQuery { offset: rows, ..matrix.clone() };
            let Answer::Table(page) = desk.ask(Request::Report(query)) else { panic!("no page") };
            rows += page.rows.len() as u32;
        }
        assert_eq!(crate::store::decoded(), 0);
    }
}
