//! A person's rights: the copy of everything about them, restriction, and who has read.

use std::os::unix::fs::PermissionsExt;
use std::sync::mpsc::channel;

use kompeten::domain::change::{RequestId, Via};
use kompeten::domain::record::Kind;
use kompeten::link::Link;
use kompeten::link::embedded::{self, OpenOptions};
use kompeten::protocol::{Answer, Incoming, Request, Step, Ticket};

use super::office::{Office, staffed};

const AYU: &str = "198001012005012901";

const RATINGS: &str = "\
nip,competency,level,source,rater,date,evidence\n\
198001012005012901,M.2,3,rekan,Budi Contoh,2025-11-04,suka menolong\n\
198001012005012901,M.3,4,asesor,PT Asesmen,2025-11-05,wawancara\n\
199002012015121902,M.2,4,rekan,Citra Contoh,2025-11-04,teliti\n";

/// What only the screen does, asked of the office directly.
fn ask(office: &Office, request: Request) -> Answer {
    let options =
        OpenOptions { data: office.data(), read_only: false, officer: "siti".into(), socket: None };
    let (sender, receiver) = channel();
    let link = embedded::open(&options, move |incoming| {
        let _ = sender.send(incoming);
    });
    let link = link.expect("an office");
    link.ask(Ticket(1), request);
    loop {
        match receiver.recv().expect("an answer") {
            Incoming::Reply(_, answer) => {
                link.close();
                return *answer;
            }
            Incoming::Notice(_) => {}
        }
    }
}

fn restrict(office: &Office, restricted: bool) {
    let Answer::Record(Some(ayu)) = ask(office, Request::Find(Kind::Employees, AYU.into())) else {
        panic!("no such person")
    };
    let answer = ask(
        office,
        Request::SetField {
            step: Step {
                req: RequestId(format!("restrict-{restricted}")),
                via: Via::Tui,
                why: String::new(),
            },
            kind: Kind::Employees,
            ids: vec![ayu.id.number],
            field: "restricted".into(),
            value: if restricted { "true".into() } else { String::new() },
        },
    );
    assert!(matches!(answer, Answer::Saved(_)), "{answer:?}");
}

#[test]
fn a_person_gets_a_copy_of_everything_without_what_is_others() {
    let office = staffed();
    let more = office.file("more.csv", RATINGS);
    office.import("ratings", &more).expect(0);
    let copy = office.run(&["person", "export", AYU, "--format", "json"]).expect(0).json();
    assert_eq!(copy["record"]["number"], AYU);
    assert_eq!(copy["record"]["unit_path"], "Kecamatan Senapelan / Kelurahan Sago");
    assert_eq!(copy["competencies"][0]["code"], "M.1");
    let rating = |source: &str| {
        let ratings = copy["ratings"].as_array().unwrap();
        ratings.iter().find(|rating| rating["source"] == source).unwrap().clone()
    };
    assert_eq!(rating("rekan")["level"], 3);
    assert_eq!(rating("rekan").get("rater"), None, "a colleague is not named");
    assert_eq!(rating("rekan").get("evidence"), None);
    assert_eq!(rating("asesor")["rater"], "PT Asesmen", "an assessor rates in office");
    assert_eq!(rating("asesor")["evidence"], "wawancara");
    assert_eq!(copy["certificates"], serde_json::json!([]), "a table also where it is empty");
    let history = copy["history"].as_array().unwrap();
    assert_eq!(history.len(), 3, "{history:?}");
    assert_eq!(history[2]["records"][0]["act"], "added");

    let text = office.run(&["person", "export", AYU]).expect(0).out;
    for said in ["SALINAN DATA PRIBADI", "Ayu Contoh", "19800101 200501 2 901", "Lurah", "rekan"] {
        assert!(text.contains(said), "{said} in {text}");
    }
    let whole = format!("{copy} {text}");
    for hidden in ["Budi Contoh", "suka menolong", "Citra", "teliti", "Camat,", "\"Camat\""] {
        assert!(!whole.contains(hidden), "{hidden} in {whole}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

#[test]
fn the_copy_is_for_its_owners_eyes_and_written_over_nothing() {
    let office = staffed();
    let file = office.path("ayu.json");
    let path = file.to_str().unwrap();
    office.run(&["person", "export", AYU, "--out", path]).expect(0);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let copy: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&file).unwrap()).expect("JSON by its ending");
    assert_eq!(copy["record"]["name"], "Ayu Contoh");

    std::fs::write(&file, "milik orang lain").unwrap();
    let said = office.run(&["person", "export", AYU, "--out", path]).expect(1);
    assert!(said.err.contains("--overwrite"), "{}", said.err);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "milik orang lain");
    office.run(&["person", "export", AYU, "--out", path, "--overwrite"]).expect(0);
    assert_ne!(std::fs::read_to_string(&file).unwrap(), "milik orang lain");

    let said = office.run(&["person", "export", "nobody"]).expect(1);
    assert!(said.err.contains("nobody"), "{}", said.err);
    office.run(&["person"]).expect(2);
}

#[test]
fn a_restricted_person_stays_out_of_files_and_imports_but_gets_their_copy() {
    let office = staffed();
    restrict(&office, true);
    let said = office.run(&["export", "employees", "-", "--format", "json"]).expect(0);
    assert_eq!(said.json().as_array().unwrap().len(), 2);
    assert!(!said.out.contains("Ayu"), "{}", said.out);
    assert!(said.err.contains("1 orang dibatasi tidak ikut"), "{}", said.err);
    let said = office.run(&["matrix", "--format", "csv"]).expect(0);
    assert!(!said.out.contains("Ayu") && said.err.contains("1 orang dibatasi"), "{}", said.err);
    let listed = office.run(&["list", "employees", "--search", "restricted:ya"]).expect(0);
    assert!(listed.out.contains("Ayu"), "a list still finds them: {}", listed.out);

    let more = office.file("more.csv", RATINGS);
    let said = office.import("ratings", &more).expect(3).json();
    let codes = said["rejected"].to_string();
    assert!(codes.contains("\"restricted\""), "{said}");
    let copy = office.run(&["person", "export", AYU, "--format", "json"]).expect(0).json();
    assert_eq!(copy["record"]["restricted"], true);

    restrict(&office, false);
    office.import("ratings", &more).expect(0);
}

#[test]
fn showing_people_in_a_loop_writes_no_line_and_names_nobody() {
    let office = staffed();
    let lines = || office.run(&["history", "--format", "json"]).expect(0).json();
    let before = lines().as_array().unwrap().len();
    let size = office.journal_size();
    for _ in 0..3 {
        office.run(&["show", "employees", AYU]).expect(0);
    }
    assert_eq!(office.journal_size(), size, "what was read waits for ten minutes");
    assert_eq!(lines().as_array().unwrap().len(), before);
    let waiting = std::fs::read_to_string(office.data().join("drafts/readings.json")).unwrap();
    assert!(!waiting.contains(AYU) && !waiting.contains("Ayu"), "{waiting}");
    office.run(&["list", "readings"]).expect(0);
    office.run(&["verify"]).expect(0);
}
