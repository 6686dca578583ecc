//! Offices of earlier versions, kept as they were (`tests/golden/<version>`), open in this
//! one and say what they said then. `tests/golden/README.md` tells how one is added.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kompeten::domain::kinds::competency::{Competency, CompetencyGroup, Level};
use kompeten::domain::kinds::employee::{Employee, EmploymentKind};
use kompeten::domain::kinds::enrolment::Presence;
use kompeten::domain::kinds::position::{JobLevel, Position};
use kompeten::domain::kinds::programme::Programme;
use kompeten::domain::kinds::rating::{Rating, RatingSource};
use kompeten::domain::kinds::session::Session;
use kompeten::domain::kinds::setting::Setting;
use kompeten::domain::kinds::standard::Standard;
use kompeten::domain::kinds::unit::Unit;
use kompeten::domain::number::EmployeeNumber;
use kompeten::domain::record::{
    CompetencyId, EmployeeId, Kind, PositionId, ProgrammeId, Record, RecordId, SessionId, UnitId,
};
use kompeten::protocol::{Answer, DraftRecord, Request, Save};
use serde_json::Value as Json;

#[allow(dead_code, reason = "the other tests use the rest")]
#[path = "crash/desk.rs"]
mod desk;

use desk::{Desk, copy_folder, own_folder, program, saved};

/// Everything an office says of its records, and how it is asked. Evaluated on one day, so
/// that it says the same on every other.
fn questions() -> Vec<(String, Vec<String>)> {
    let words = |text: &str| text.split(' ').map(String::from).collect::<Vec<_>>();
    let listed = |kind: &Kind| *kind != Kind::Settings && !kind.is_sealed();
    let kinds = Kind::ALL.into_iter().filter(listed);
    let mut questions: Vec<_> = kinds
        .map(|kind| (kind.name().to_string(), words(&format!("export {kind} - --format json"))))
        .collect();
    questions.push(("history".into(), words("history --limit 1000 --format json")));
    questions.push(("matrix".into(), words("matrix --at 2026-11-21 --format json")));
    questions
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn answer(data: &Path, question: &[String]) -> Json {
    let question: Vec<&str> = question.iter().map(String::as_str).collect();
    let (code, said) = program(data, &question);
    assert_eq!(code, Some(0), "{question:?}: {said}");
    let start = said.find(['[', '{']).expect("JSON");
    let mut values = serde_json::Deserializer::from_str(&said[start..]).into_iter();
    values.next().expect("a value").expect("JSON")
}

/// Kinds that are filled before an office writes anything: what it has not written is not
/// kept, for later versions know more of it.
const BUILT_IN: [&str; 2] = ["competencies", "standards"];

fn ids(rows: &Json) -> BTreeSet<&str> {
    rows.as_array().into_iter().flatten().filter_map(|row| row["id"].as_str()).collect()
}

/// Of rows that have an id, those that are wanted.
fn keep_only(rows: &mut Json, mut wanted: impl FnMut(&str) -> bool) {
    if let Json::Array(rows) = rows {
        rows.retain(|row| row["id"].as_str().is_none_or(&mut wanted));
    }
}

/// Whether all that was said then is said now; more may be said now.
fn same(then: &Json, now: &Json) -> Result<(), String> {
    match (then, now) {
        (Json::Object(then), Json::Object(now)) => then.iter().try_for_each(|(key, value)| {
            let found = now.get(key).ok_or_else(|| format!("{key} is gone"))?;
            same(value, found).map_err(|error| format!("{key}: {error}"))
        }),
        (Json::Array(then), Json::Array(now)) if then.len() == now.len() => {
            then.iter().zip(now).zip(1..).try_for_each(|((then, now), number)| {
                same(then, now).map_err(|error| format!("{number}: {error}"))
            })
        }
        (then, now) if then == now => Ok(()),
        (then, now) => Err(format!("{then} became {now}")),
    }
}

#[test]
fn offices_of_earlier_versions_open_and_say_what_they_said() {
    let mut versions = BTreeSet::new();
    for entry in fs::read_dir(folder()).expect("a folder") {
        let golden = entry.expect("an entry").path();
        if !golden.is_dir() {
            continue;
        }
        let version = golden.file_name().expect("a name").to_string_lossy().into_owned();
        let place = own_folder();
        let data = place.path().join("data");
        copy_folder(&golden.join("journal"), &data.join("journal"));
        let (code, said) = program(&data, &["verify"]);
        assert_eq!(code, Some(0), "{version}: {said}");
        let mut asked = 0;
        for (name, question) in questions() {
            let Ok(then) = fs::read_to_string(golden.join(format!("{name}.json"))) else {
                continue;
            };
            let then: Json = serde_json::from_str(&then).expect("JSON");
            let mut now = answer(&data, &question);
            keep_only(&mut now, |id| ids(&then).contains(id) || !BUILT_IN.contains(&&*name));
            if let Err(error) = same(&then, &now) {
                panic!("{version} {name}: {error}");
            }
            asked += 1;
        }
        assert!(asked >= 11, "{version}: {asked}");
        // It is worked on as any other: an old step is taken back, and new ones stand.
        let history =
            answer(&data, &["history", "--limit", "1", "--format", "json"].map(String::from));
        let last = history[0]["seq"].to_string();
        let journal = data.join("journal/000001.jsonl");
        let before = fs::read(&journal).expect("the journal");
        for command in
            [&["undo", &last][..], &["set", "office_name", "Kecamatan Baru"], &["verify"]]
        {
            let (code, said) = program(&data, command);
            assert_eq!(code, Some(0), "{version} {command:?}: {said}");
        }
        let after = fs::read(&journal).expect("the journal");
        assert!(after.len() > before.len() && after.starts_with(&before), "{version}");
        versions.insert(version);
    }
    assert!(versions.contains("0.1.0"), "{versions:?}");
}

#[test]
fn what_is_no_longer_said_or_said_otherwise_is_found() {
    let json = |text: &str| serde_json::from_str::<Json>(text).expect("JSON");
    let then = json(r#"[{"nip":"1","jp":{"2025":3}}]"#);
    assert_eq!(same(&then, &json(r#"[{"nip":"1","jp":{"2025":3},"more":1}]"#)), Ok(()));
    for other in ["[]", r#"[{"nip":"1"}]"#, r#"[{"nip":"1","jp":{"2025":4}}]"#] {
        assert!(same(&then, &json(other)).is_err(), "{other}");
    }
}

/// Makes the office of this version: every kind of record, an import in parts, steps taken
/// back and done again, a deletion. All of it invented.
#[test]
#[ignore = "run once at a release, see tests/golden/README.md"]
fn make_the_office_of_this_version() {
    let golden = folder().join(env!("CARGO_PKG_VERSION"));
    assert!(!golden.exists(), "{} stands; a golden office is never made again", golden.display());
    let mut desk = Desk::new();
    fill(&mut desk);
    desk.verify();
    desk.close();
    fs::create_dir_all(&golden).expect("made");
    copy_folder(&desk.journal(), &golden.join("journal"));
    for (name, question) in questions() {
        let mut said = answer(desk.data(), &question);
        if BUILT_IN.contains(&&*name) {
            desk.open();
            keep_only(&mut said, |id| desk.revision(id.parse().expect("an id")).0 > 0);
            desk.close();
        }
        // A row a line, so that a change can be read.
        let text = said.to_string().replace("},{\"", "},\n{\"");
        fs::write(golden.join(format!("{name}.json")), text + "\n").expect("written");
    }
}

fn fill(desk: &mut Desk) {
    let name = Setting { name: "office_name".into(), value: "Kecamatan Contoh".into() };
    put(desk, RecordId::new(Kind::Settings, 1), name);
    let people = staff(desk);
    assess(desk, people);
    train(desk, people);
    // Made by mistake, and taken away.
    let wrong = desk.save(Unit { name: "Kelurahan Keliru".into(), ..Unit::default() });
    let ids = vec![(wrong, desk.revision(wrong))];
    let step = desk.step();
    saved(desk.ask(Request::Delete { step, ids }));
    // What is built in, in this office's own version.
    let ninth = RecordId::new(Kind::Competencies, 9);
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(ninth)) else { panic!("not there") };
    let Record::Competency(built_in) = stored.record else { panic!("not a competency") };
    put(desk, ninth, Competency { definition: "Menurut kantor ini".into(), ..built_in });
}

/// Saves over a record that is there.
fn put(desk: &mut Desk, id: RecordId, record: impl Into<Record>) {
    let draft = DraftRecord { id: Some(id), base: desk.revision(id), record: record.into() };
    let step = desk.step();
    saved(desk.ask(Request::Save(Save { step, drafts: vec![draft] })));
}

fn staff(desk: &mut Desk) -> [EmployeeId; 3] {
    let camat = desk.save(Unit { name: "Kecamatan Contoh".into(), ..Unit::default() });
    let lurah = desk.save(Unit {
        name: "Kelurahan Melati".into(),
        code: "12.01".into(),
        parent: Some(UnitId(camat.number)),
        ..Unit::default()
    });
    let head = desk.save(Position { title: "Lurah".into(), ..Position::default() });
    let clerk = desk.save(Position {
        title: "Pengadministrasi Umum".into(),
        job_level: Some(JobLevel::ALL[0]),
        ..Position::default()
    });
    let number = |text: &str| EmployeeNumber::parse(text).expect("a number");
    let ayu = desk.save(Employee {
        name: "Ayu Contoh".into(),
        number: number("198001012005012901"),
        unit: Some(UnitId(lurah.number)),
        position: Some(PositionId(head.number)),
        birth_date: "1980-01-01".parse().ok(),
        education: "S-1".into(),
        ..Employee::default()
    });
    let budi = desk.save(Employee {
        name: "Budi, \"=Contoh\"\u{e9}".into(),
        number: number("199503012022211903"),
        kind: EmploymentKind::Pppk,
        unit: Some(UnitId(camat.number)),
        position: Some(PositionId(clerk.number)),
        ..Employee::default()
    });
    let citra = desk.save(Employee {
        name: "Citra Contoh".into(),
        number: EmployeeNumber::local("THL-7").expect("a number"),
        unit: Some(UnitId(camat.number)),
        ..Employee::default()
    });
    saved(desk.rename(citra, "Citra Contoh Lestari"));
    [ayu, budi, citra].map(|id| EmployeeId(id.number))
}

fn assess(desk: &mut Desk, [ayu, budi, _]: [EmployeeId; 3]) {
    let own = desk.save(Competency {
        code: "T.1".into(),
        name: "Pelayanan Adminduk".into(),
        group: Some(CompetencyGroup::Teknis),
        ..Competency::default()
    });
    desk.save(Standard {
        job_level: Some(JobLevel::ALL[0]),
        competency: CompetencyId(own.number),
        level: Level::new(3).expect("a level"),
        effective_from: "2025-01-01".parse().ok(),
        legal_basis: "Keputusan Camat Contoh 1/2025".into(),
        ..Standard::default()
    });
    let person = RecordId::new(Kind::Employees, ayu.0);
    saved(desk.rate(person, 1, 4, "2025-06-01"));
    saved(desk.rate(person, 1, 2, "2025-12-01"));
    saved(desk.undo());
    saved(desk.redo());
    // More than one line of the journal holds: a step in parts.
    let ratings = (0..520_u32).map(|count| Rating {
        employee: [ayu, budi][count as usize % 2],
        competency: CompetencyId(count / 2 % 9 + 1),
        level: Level::new((count / 7 % 5 + 1) as u8).expect("a level"),
        source: Some(RatingSource::Peer),
        rater: format!("Rekan {}", count / 18),
        date: "2026-02-03".parse().ok(),
        ..Rating::default()
    });
    let request = Request::Rate { step: desk.step(), ratings: ratings.collect() };
    saved(desk.ask(request));
}

fn train(desk: &mut Desk, employees: [EmployeeId; 3]) {
    let programme = desk.save(Programme {
        name: "Bimtek Adminduk".into(),
        r#type: "KL10".into(),
        jp: Some(30),
        ..Programme::default()
    });
    let session = desk.save(Session {
        programme: ProgrammeId(programme.number),
        start: "2025-11-10".parse().ok(),
        end: "2025-11-11".parse().ok(),
        place: "Aula".into(),
        ..Session::default()
    });
    let session = SessionId(session.number);
    let step = desk.step();
    saved(desk.ask(Request::Enrol { step, session, employees: employees.to_vec() }));
    let present = Some(Presence::Present);
    let marks = vec![
        (employees[0], 0, present),
        (employees[0], 1, present),
        (employees[1], 0, Some(Presence::Absent)),
    ];
    let step = desk.step();
    saved(desk.ask(Request::Attend { step, session, marks }));
    let step = desk.step();
    saved(desk.ask(Request::Unenrol { step, session, employees: vec![employees[2]] }));
}
