//! A person whose data has to go: gone from every file, while all that is counted and
//! everybody else stand as they stood.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::domain::kinds::correction::Correction;
use crate::protocol::{HistoryLine, Matrix, Verified};

/// Stands in every word about the person who is to be forgotten.
const MARKER: &str = "Marzuki";

impl Desk {
    fn erase(&mut self, people: &[RecordId]) -> Answer {
        let step = self.step();
        let people = people.iter().map(|id| EmployeeId(id.number)).collect();
        self.ask(Request::Erase { step, people })
    }

    fn because(&mut self, why: &str, drafts: Vec<DraftRecord>) -> Saved {
        let step = Step { why: why.into(), ..self.step() };
        saved(self.ask(Request::Save(Save { step, drafts })))
    }

    fn verified(&mut self) -> Verified {
        match self.ask(Request::Verify) {
            Answer::Verified(verified) => verified,
            other => panic!("{other:?}"),
        }
    }

    fn matrix(&mut self) -> Matrix {
        let query = MatrixQuery {
            sort: None,
            grouped: false,
            unit: None,
            search: String::new(),
            at: None,
            offset: 0,
            limit: 1000,
            anchor: None,
            since: None,
        };
        match self.ask(Request::Matrix(query)) {
            Answer::Matrix(matrix) => *matrix,
            other => panic!("{other:?}"),
        }
    }

    /// Every row of a kind with every column.
    fn rows(&mut self, kind: Kind) -> Rows {
        match self.ask(Request::List(ListQuery::all(kind))) {
            Answer::Page(page) => {
                page.rows.into_iter().map(|row| (row.number, row.cells)).collect()
            }
            Answer::Refused(_) if kind.is_sealed() => Rows::default(),
            other => panic!("{other:?}"),
        }
    }

    fn lines(&mut self) -> Vec<HistoryLine> {
        let query = HistoryQuery { limit: 500, ..HistoryQuery::default() };
        match self.ask(Request::History(query)) {
            Answer::History(page) => page.lines,
            other => panic!("{other:?}"),
        }
    }

    /// Where the marker stands in the data folder, in any file.
    fn found(&self) -> Vec<String> {
        let mut found = Vec::new();
        look(&self.folder.path().join("data"), &mut found);
        found
    }

    fn write_draft(&self, name: &str, text: &str) {
        let folder = self.folder.path().join("data/drafts");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(name), text).expect("written");
    }
}

fn look(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            look(&path, found);
        } else {
            let bytes = fs::read(&path).expect("read");
            for word in [MARKER, MARKER_NIP] {
                if bytes.windows(word.len()).any(|at| at == word.as_bytes()) {
                    found.push(format!("{}: {word}", path.display()));
                }
            }
        }
    }
}

const MARKER_NIP: &str = "196505051990031777";

fn marzuki() -> Employee {
    Employee {
        number: EmployeeNumber::parse(MARKER_NIP).expect("a NIP"),
        name: format!("{MARKER} Ali"),
        front_title: format!("Drs. ({MARKER})"),
        email: format!("{MARKER}@palembang.go.id"),
        pns_id: format!("{MARKER}-1"),
        education_field: format!("{MARKER} Sipil"),
        ..Employee::default()
    }
}

/// Marzuki's years at the office, retired at the end; and Siti's.
fn years(desk: &mut Desk) -> (RecordId, RecordId) {
    let new = |record: Record| DraftRecord { id: None, base: Revision(0), record };
    let both = vec![new(marzuki().into()), new(employee("Siti", 1).into())];
    let saved = desk.because("Pindahan Marzuki", both);
    let (person, siti) = (saved.ids[0], saved.ids[1]);
    desk.rate(person, 1, 3, "2025-02-01");
    desk.rate(siti, 1, 2, "2025-02-01");
    let programme = desk.save(Programme {
        name: "Pelayanan Prima".into(),
        r#type: "KL01".into(),
        jp: Some(12),
        ..Programme::default()
    });
    let session = desk.save(Session {
        programme: crate::domain::record::ProgrammeId(programme.number),
        start: "2026-03-02".parse().ok(),
        end: "2026-03-02".parse().ok(),
        ..Session::default()
    });
    let (step, session) = (desk.step(), SessionId(session.number));
    let employees = vec![EmployeeId(person.number), EmployeeId(siti.number)];
    super::saved(desk.ask(Request::Enrol { step, session, employees }));
    let step = desk.step();
    let marks = vec![(EmployeeId(person.number), 0, Some(Presence::Present))];
    super::saved(desk.ask(Request::Attend { step, session, marks }));
    let request = Correction {
        employee: EmployeeId(person.number),
        subject: "Gelar Marzuki".into(),
        wanted: "Drs. Marzuki".into(),
        ..Correction::default()
    };
    desk.save(request);
    for change in ["evidence", "rater"] {
        let rating = desk.rows(Kind::Ratings)[0].0;
        desk.change(RecordId::new(Kind::Ratings, rating), |record| {
            if let Record::Rating(rating) = record {
                rating.employee = EmployeeId(person.number);
                rating.evidence = format!("{change} {MARKER}");
                rating.rater = format!("Atasan {MARKER}");
            }
        });
    }
    let rows: Vec<_> = (0..600)
        .map(|serial| match serial {
            300 => RowData::Employee(Box::new(EmployeeRow {
                employee: Employee { name: format!("H. {MARKER}"), ..marzuki() },
                unit_path: vec!["Kecamatan".into()],
                unit_code: String::new(),
                position: None,
            })),
            serial => person_row(&format!("Pegawai {serial:03}"), serial + 10, &["Kota"], "Lurah"),
        })
        .collect();
    let imported = desk.import(Intake::Employees, PEOPLE_COLUMNS, rows).1;
    assert!(matches!(imported, Answer::Imported(_)));
    super::saved(desk.change(person, |record| {
        if let Record::Employee(employee) = record {
            employee.status = Status::Retired;
        }
    }));
    (person, siti)
}

/// Numbers and cells of a list.
type Rows = Vec<(u32, Vec<Value>)>;

/// What everybody else's rows say.
fn others(desk: &mut Desk, person: RecordId) -> Vec<(Kind, Rows)> {
    let nip = Value::text(MARKER_NIP);
    let pseudonym = Value::text(format!("anonim-{}", person.number));
    Kind::ALL
        .into_iter()
        .map(|kind| {
            let mut rows = desk.rows(kind);
            rows.retain(|(number, cells)| {
                let theirs = cells.contains(&nip) || cells.contains(&pseudonym);
                !theirs && RecordId::new(kind, *number) != person && kind != Kind::Corrections
            });
            (kind, rows)
        })
        .collect()
}

#[test]
fn a_retired_person_is_forgotten_and_all_that_is_counted_stands() {
    let mut desk = Desk::new();
    let (person, siti) = years(&mut desk);
    desk.write_draft("employees-new.json", "{\"texts\":[[\"name\",\"Marzuki Ali\"]]}");
    desk.write_draft("units-new.json", "{\"texts\":[[\"name\",\"Kota\"]]}");
    assert!(!desk.found().is_empty());
    let Answer::Person(before) = desk.ask(Request::Person(EmployeeId(person.number))) else {
        panic!("no person")
    };
    let (stood, matrix) = (others(&mut desk, person), desk.matrix());
    let proof = desk.verified();

    let done = saved(desk.erase(&[person]));
    assert_eq!(done.summary.erases, 1);
    assert_eq!(desk.found(), Vec::<String>::new());
    assert!(desk.folder.path().join("data/drafts/units-new.json").exists());

    for again in 0..3 {
        let Answer::Person(after) = desk.ask(Request::Person(EmployeeId(person.number))) else {
            panic!("no person")
        };
        assert_eq!(after.stored.record.label(), format!("Pegawai {}", person.number));
        assert_eq!((&after.cells, &after.figures), (&before.cells, &before.figures));
        assert_eq!((&after.jp, &after.trainings), (&before.jp, &before.trainings));
        assert_eq!(after.jp.get(&2026), Some(&12), "he was there");
        assert_eq!(others(&mut desk, person), stood, "{again}");
        assert_eq!(desk.matrix(), matrix, "those who work here are untouched");
        let verified = desk.verified();
        assert_eq!(verified.records, proof.records);
        assert_eq!(verified.entries, proof.entries + 1);
        assert!(verified.erased > 8, "{}", verified.erased);
        match again {
            0 => {
                desk.close();
                assert_eq!(desk.found(), Vec::<String>::new());
                desk.open();
            }
            _ => assert_eq!(desk.ask(Request::Rebuild), Answer::Done),
        }
    }
    // The NIP says nothing of anybody now, and may be given again.
    let again = desk.save(marzuki());
    assert!(again.number > siti.number);
}

#[test]
fn whoever_works_here_is_not_erased_unless_their_data_is_restricted() {
    let mut desk = Desk::new();
    let id = desk.save(employee("Siti", 1));
    let before = desk.lines().len();
    assert_eq!(refused(desk.erase(&[id])), Problem::StillActive { label: "Siti".into() });
    let nobody = RecordId::new(Kind::Employees, 4321);
    assert_eq!(refused(desk.erase(&[nobody])), Problem::NotFound);
    assert_eq!(refused(desk.erase(&[])), Problem::NotFound);
    assert_eq!(desk.lines().len(), before, "nothing was written");
    saved(desk.change(id, |record| {
        if let Record::Employee(employee) = record {
            employee.restricted = true;
        }
    }));
    saved(desk.erase(&[id]));
    assert_eq!(desk.names(""), [format!("Pegawai {}", id.number)]);
}

#[test]
fn nothing_that_was_erased_can_be_taken_back() {
    let mut desk = Desk::new();
    let (person, _) = years(&mut desk);
    let rating = desk.rows(Kind::Ratings).len();
    assert_eq!(rating, 2);
    let step = desk.step();
    let spare = desk.save(employee("Budi", 700));
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(spare)) else { panic!("no record") };
    saved(desk.ask(Request::Delete { step, ids: vec![(spare, stored.rev)] }));
    let last = desk.lines()[0].seq;
    let erased = saved(desk.erase(&[person, spare])).seq.expect("an entry");
    assert_eq!(erased, last + 1);
    let mut refused_steps = 0;
    for seq in 1..=erased {
        let step = desk.step();
        match desk.ask(Request::Undo { step, seq: Some(seq) }) {
            Answer::Refused(Problem::Erased { seq: of }) => {
                assert_eq!(of, seq);
                refused_steps += 1;
            }
            Answer::Refused(_) => {}
            Answer::Saved(_) => saved(desk.undo_of_undo()).seq.map(drop).expect("redone"),
            other => panic!("{seq}: {other:?}"),
        }
    }
    assert!(refused_steps >= 6, "{refused_steps}");
    assert_eq!(refused(desk.undo_seq(erased)), Problem::Erased { seq: erased });
    assert_eq!(refused(desk.undo_seq(last)), Problem::Erased { seq: last }, "a deletion");
    assert_eq!(desk.found(), Vec::<String>::new());
    desk.verified();
}

impl Desk {
    fn undo_seq(&mut self, seq: u64) -> Answer {
        let step = self.step();
        self.ask(Request::Undo { step, seq: Some(seq) })
    }

    fn undo_of_undo(&mut self) -> Answer {
        self.redo()
    }
}

#[test]
fn the_history_says_what_is_gone_and_who_took_it_out_without_a_name() {
    let mut desk = Desk::new();
    let (person, _) = years(&mut desk);
    let step = Step { why: "Masa simpan habis".into(), ..desk.step() };
    let people = vec![EmployeeId(person.number)];
    saved(desk.ask(Request::Erase { step, people }));
    let lines = desk.lines();
    assert_eq!((lines[0].summary.erases, lines[0].by.as_str()), (1, "siti"));
    assert_eq!(lines[0].why, "Masa simpan habis");
    let first = lines.last().expect("the first entry");
    assert_eq!((first.summary.erased, first.why.as_str()), (2, ""), "the record and the reason");
    assert_eq!(first.summary.parts.len(), 1, "Siti's record is still told");
    for line in &lines {
        let Answer::Details(changes) =
            desk.ask(Request::Details { seq: line.seq, limit: 1000, of: None })
        else {
            panic!("no details")
        };
        for detail in changes.iter().filter(|_| line.summary.erases > 0) {
            assert!(detail.erased, "what stood before is gone");
        }
    }
    let query = HistoryQuery { record: Some(person), limit: 9, ..HistoryQuery::default() };
    let Answer::History(page) = desk.ask(Request::History(query)) else { panic!("no history") };
    assert_eq!(page.lines.len(), 1, "only the entry that erased tells whose it is");
}

#[test]
fn a_request_asked_twice_erases_once() {
    let mut desk = Desk::new();
    let (person, _) = years(&mut desk);
    let request = Request::Erase { step: desk.step(), people: vec![EmployeeId(person.number)] };
    let first = saved(desk.ask(request.clone()));
    let again = saved(desk.ask(request));
    assert_eq!((first.seq, first.summary.erases), (again.seq, again.summary.erases));
}

#[test]
fn whoever_left_long_ago_is_due_by_the_rule_of_the_office() {
    let mut desk = Desk::new();
    let (person, _) = years(&mut desk);
    let asked = ReportQuery::of("retention");
    let retention = |desk: &mut Desk| match desk.ask(Request::Report(asked.clone())) {
        Answer::Table(retention) => *retention,
        other => panic!("{other:?}"),
    };
    let none = retention(&mut desk);
    assert_eq!((none.matched, &*none.notes[0].code), (0, "no_rule"), "no rule, nobody due");
    let setting = RecordId::new(Kind::Settings, 4);
    saved(desk.change(setting, |record| {
        if let Record::Setting(setting) = record {
            setting.value = "10".into();
        }
    }));
    assert_eq!(retention(&mut desk).matched, 0);
    // Who will be is known before.
    let day = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day");
    for (at, due) in [("2036-11-20", 0), ("2036-11-21", 1)] {
        let query = ReportQuery { at: Some(day(at)), ..asked.clone() };
        let Answer::Table(then) = desk.ask(Request::Report(query)) else { panic!("no table") };
        assert_eq!((then.matched, then.at), (due, day(at)));
        assert_eq!(then.notes.last().map(|note| &*note.code), Some("of_another_day"));
    }
    *desk.now.lock().expect("the time") = "2036-11-22T02:00:00Z".parse().expect("a time");
    let found = retention(&mut desk);
    assert_eq!(found.notes[0].args, [("years".to_string(), Value::Whole(10))]);
    assert_eq!((found.matched, found.rows[0].id), (1, person.number.into()));
    let (since, due) = (Value::Date(day("2026-11-21")), Value::Date(day("2036-11-21")));
    assert_eq!(found.rows[0].cells[3..], [since, due]);
    saved(desk.erase(&[person]));
    assert_eq!(retention(&mut desk).matched, 0, "done");
}

#[test]
fn a_copy_begun_before_an_erasure_is_not_finished_after_it() {
    let mut desk = Desk::new();
    let (person, _) = years(&mut desk);
    let from = crate::domain::change::Place::default();
    let Answer::Journal(part) = desk.ask(Request::Backup { from, head: None }) else {
        panic!("no journal")
    };
    saved(desk.erase(&[person]));
    let on = Request::Backup { from, head: Some(part.head) };
    assert_eq!(refused(desk.ask(on)), Problem::Overtaken);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn whatever_was_done_to_a_person_no_word_of_it_is_left(
        steps in prop::collection::vec((0..7_u8, 0..3_usize, 1..6_u8), 1..25),
    ) {
        let mut desk = Desk::new();
        let mut people = vec![desk.save(marzuki())];
        for (serial, name) in [(1, "Siti"), (2, "Budi")] {
            people.push(desk.save(employee(name, serial)));
        }
        for (what, whom, level) in steps {
            let id = people[whom];
            let word = if whom == 0 { MARKER } else { "lain" };
            let stands = matches!(desk.ask(Request::Get(id)), Answer::Record(Some(_)));
            match what {
                // Undo may have taken the person away again.
                0..=3 if !stands => {}
                0 | 1 => {
                    desk.change(id, |record| {
                        if let Record::Employee(employee) = record {
                            employee.back_title = format!("{word} {level}");
                        }
                    });
                }
                2 | 3 => {
                    let step = Step { why: format!("uji {word}"), ..desk.step() };
                    let rating = Rating {
                        employee: EmployeeId(id.number),
                        competency: CompetencyId(u32::from(level)),
                        level: Level::new(level).expect("a level"),
                        source: Some(RatingSource::Peer),
                        date: "2026-02-03".parse().ok(),
                        evidence: format!("{word} {level}"),
                        ..Rating::default()
                    };
                    desk.ask(Request::Rate { step, ratings: vec![rating] });
                }
                4 => drop(desk.undo()),
                5 => drop(desk.redo()),
                _ => {
                    let rows = desk.rows(Kind::Ratings);
                    if let Some((number, _)) = rows.get(usize::from(level)) {
                        let id = RecordId::new(Kind::Ratings, *number);
                        let Answer::Record(Some(stored)) = desk.ask(Request::Get(id)) else {
                            panic!("no record")
                        };
                        let step = Step { why: format!("salah {MARKER}"), ..desk.step() };
                        // Only a reason given for his own records goes with them.
                        let of_his = matches!(
                            &stored.record,
                            Record::Rating(rating) if rating.employee.0 == people[0].number
                        );
                        if of_his {
                            desk.ask(Request::Delete { step, ids: vec![(id, stored.rev)] });
                        }
                    }
                }
            }
        }
        let Answer::Record(there) = desk.ask(Request::Get(people[0])) else { panic!("no answer") };
        if there.is_some() {
            desk.change(people[0], |record| {
                if let Record::Employee(employee) = record {
                    employee.status = Status::Ended;
                }
            });
        }
        let stood = others(&mut desk, people[0]);
        saved(desk.erase(&people[..1]));
        prop_assert_eq!(desk.found(), Vec::<String>::new());
        prop_assert_eq!(others(&mut desk, people[0]), stood.clone());
        desk.verified();
        desk.kill();
        desk.open();
        prop_assert_eq!(others(&mut desk, people[0]), stood);
        desk.verified();
        prop_assert_eq!(desk.found(), Vec::<String>::new());
    }
}

#[test]
fn the_reason_of_one_step_goes_and_the_step_and_the_chain_stay() {
    let mut desk = Desk::new();
    let id = desk.save(employee("Mila", 1));
    let mut stored = match desk.ask(Request::Get(id)) {
        Answer::Record(Some(stored)) => *stored,
        other => panic!("{other:?}"),
    };
    let Record::Employee(person) = &mut stored.record else { panic!("a person") };
    person.education = "S-2".into();
    let step = Step { why: "kata tetangganya".into(), ..desk.step() };
    let drafts = vec![DraftRecord { id: Some(id), base: stored.rev, record: stored.record }];
    let seq = saved(desk.ask(Request::Save(Save { step, drafts }))).seq.expect("a step");
    let before = desk.verified();
    let on_disk = |desk: &Desk| {
        let folder = desk.folder.path().join("data/journal");
        let files = std::fs::read_dir(folder).expect("a journal");
        let text = files.map(|file| std::fs::read(file.expect("a file").path()).expect("read"));
        text.flatten().collect::<Vec<u8>>().windows(9).any(|at| at == b"tetangga\x6e")
    };
    assert!(on_disk(&desk));
    let step = Step { why: "menyebut orang lain".into(), ..desk.step() };
    let done = saved(desk.ask(Request::EraseReason { step, seq }));
    assert_eq!(done.summary.reason_of, Some(seq));
    assert!(!on_disk(&desk), "it is gone from the file");
    let find = Request::FindHead { seq: Some(seq), hash: before.head };
    assert_eq!(desk.ask(find), Answer::Found(Some(seq)), "the chain is the same");
    desk.verified();
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(id)) else { panic!("nobody") };
    let Record::Employee(person) = &stored.record else { panic!("a person") };
    assert_eq!(person.education, "S-2", "what it did stays");
    let Answer::History(page) =
        desk.ask(Request::History(HistoryQuery { limit: 9, ..HistoryQuery::default() }))
    else {
        panic!("no history")
    };
    let told: Vec<_> =
        page.lines.iter().map(|line| (line.why.as_str(), line.summary.reason_of)).collect();
    assert_eq!(told[..2], [("menyebut orang lain", Some(seq)), ("", None)]);
    // Also after a kill, and there is nothing to take out twice.
    desk.kill();
    desk.open();
    let step = desk.step();
    assert_eq!(refused(desk.ask(Request::EraseReason { step, seq })), Problem::NoReason { seq });
    let step = desk.step();
    let absent = refused(desk.ask(Request::EraseReason { step, seq: 99 }));
    assert_eq!(absent, Problem::NoSuchStep { seq: 99 });
}

#[test]
fn the_reason_of_a_large_imported_step_goes_as_well() {
    let mut desk = Desk::new();
    let rows = |desk: &mut Desk, step: Step, serials: std::ops::Range<u32>| {
        let columns = PEOPLE_COLUMNS.iter().map(ToString::to_string).collect();
        let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
        assert_eq!(desk.ask(Request::ImportStart(start)), Answer::Done);
        let rows: Vec<IntakeRow> = serials
            .map(|at| IntakeRow {
                line: at + 2,
                data: person_row(&format!("Pegawai {at}"), at, &["Kota"], "Lurah"),
            })
            .collect();
        for chunk in rows.chunks(200) {
            desk.ask(Request::ImportRows(chunk.to_vec()));
        }
        let Answer::Imported(done) = desk.ask(Request::ImportFinish) else { panic!("no import") };
        done.seq.expect("a step")
    };
    let step = Step { why: "daftar dari tetangganya".into(), ..desk.step() };
    let seq = rows(&mut desk, step, 0..900);
    let after = desk.save(employee("Mila", 998));
    let before = desk.verified();
    let on_disk = |desk: &Desk| {
        let files = std::fs::read_dir(desk.folder.path().join("data/journal")).expect("a journal");
        let text = files.map(|file| std::fs::read(file.expect("a file").path()).expect("read"));
        text.flatten().collect::<Vec<u8>>().windows(9).any(|at| at == b"tetanggan")
    };
    assert!(on_disk(&desk));
    let step = desk.step();
    saved(desk.ask(Request::EraseReason { step, seq }));
    assert!(!on_disk(&desk), "it is gone from the file");
    let find = Request::FindHead { seq: Some(before.entries), hash: before.head };
    assert_eq!(desk.ask(find), Answer::Found(Some(before.entries)), "the chain is the same");
    desk.verified();
    assert!(matches!(desk.ask(Request::Get(after)), Answer::Record(Some(_))));
    assert_eq!(desk.names("pegawai").len(), 900, "what it did stays");
    let step = desk.step();
    assert_eq!(refused(desk.ask(Request::EraseReason { step, seq })), Problem::NoReason { seq });
}
