//! Reports from the command line: which there are, one of them in every format, and what is
//! asked wrongly.

use serde_json::Value as Json;

use super::office::{Office, STAFF};

fn office() -> Office {
    let office = Office::new();
    let staff = office.file("pegawai.csv", STAFF);
    office.import("employees", &staff).expect(0);
    office
}

/// Reports as the program lists them.
fn ids(office: &Office) -> Vec<String> {
    let list = office.run(&["report"]).expect(0);
    let lines = list.out.lines().skip(2).filter_map(|line| line.split_whitespace().next());
    lines.map(String::from).filter(|word| word.len() > 1).collect()
}

#[test]
fn every_report_is_listed_and_comes_in_every_format() {
    let office = office();
    let ids = ids(&office);
    assert!(ids.contains(&"headcount".to_string()) && ids.contains(&"jp".to_string()), "{ids:?}");
    for id in ids {
        office.run(&["report", &id]).expect(0);
        let json = office.run(&["report", &id, "--format", "json"]).expect(0).json();
        let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        for key in
            ["report", "at", "params", "columns", "rows", "foot", "notes", "legal", "restricted"]
        {
            assert!(keys.contains(&key), "{id} {key}: {keys:?}");
        }
        assert_eq!(json["report"], id);
        let columns: Vec<&str> = json["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["key"].as_str().unwrap())
            .collect();
        let csv = office.run(&["report", &id, "--format", "csv"]).expect(0).out;
        assert_eq!(csv.lines().next().unwrap(), columns.join(","), "{id}");
        let text = office.run(&["report", &id, "--format", "text"]).expect(0).out;
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{id}: {text}");
        let book = office.path("laporan.xlsx");
        let book = book.to_str().unwrap();
        office.run(&["report", &id, "--out", book]).expect(0);
        assert!(std::fs::read(book).unwrap().starts_with(b"PK"), "{id}");
    }
}

#[test]
fn people_are_counted_by_what_is_asked_and_shares_add_up() {
    let office = office();
    let of = |words: &[&str]| {
        let words = [&["report", "headcount", "--format", "json"], words].concat();
        office.run(&words).expect(0).json()
    };
    let all = of(&["--by", "sex"]);
    assert_eq!(all["foot"]["people"], 3);
    let groups: Vec<_> =
        all["rows"].as_array().unwrap().iter().map(|row| row["people"].as_u64().unwrap()).collect();
    assert_eq!(groups.iter().sum::<u64>(), 3);
    let sago = of(&["--by", "kind", "--unit", "Kelurahan Sago"]);
    assert_eq!(sago["foot"]["people"], 2);
    assert_eq!(sago["rows"][0], serde_json::json!({"group": "PNS", "people": 2, "share": 100.0}));
}

#[test]
fn a_years_jp_stands_beside_the_rule_with_its_basis() {
    let office = office();
    let report =
        office.run(&["report", "jp", "--year", "2026", "--format", "json"]).expect(0).json();
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    let ayu = rows.iter().find(|row| row["nip"] == "198001012005012901").unwrap();
    let expected =
        [("jp", 0.into()), ("floor", 20.into()), ("ceiling", Json::Null), ("missing", 20.into())];
    for (key, value) in expected {
        assert_eq!(ayu[key], value, "{key}");
    }
    assert_eq!((&ayu["standing"], &ayu["jp_2025"]), (&"below".into(), &0.into()));
    assert_eq!(report["legal"][1]["verified"], false, "what was not read in the law is said");
    let sorted = ["report", "jp", "--sort", "-name", "--limit", "1", "--format", "csv"];
    let sorted = office.run(&sorted).expect(0).out;
    assert!(sorted.lines().nth(1).unwrap().contains("Citra"), "{sorted}");
}

#[test]
fn a_file_goes_without_whoever_is_restricted_and_says_so() {
    let office = office();
    office.run(&["edit", "employees", "198001012005012901", "restricted=ya"]).expect(0);
    let json = office.run(&["report", "jp", "--format", "json"]).expect(0).json();
    assert_eq!((json["rows"].as_array().unwrap().len(), &json["restricted"]), (2, &1.into()));
}

#[test]
fn what_is_asked_wrongly_is_named_and_leaves_nothing() {
    let office = office();
    let folder = office.path("folder");
    std::fs::create_dir(&folder).unwrap();
    let folder = folder.to_str().unwrap();
    for (words, code, said) in [
        (vec!["report", "headcuont"], 2, "headcount"),
        (vec!["report", "jp", "--by", "unit"], 2, "by"),
        (vec!["report", "jp", "--sort", "shoe"], 2, "missing"),
        (vec!["report", "jp", "--sort", "missin"], 2, "maksudnya missing."),
        (vec!["report", "headcount", "--by", "shoe"], 2, "education"),
        (vec!["report", "headcount", "--by", "sexx"], 2, "maksudnya sex."),
        (vec!["report", "certificates", "--witin", "5"], 2, "maksudnya --within."),
        (vec!["report", "certificates", "--within", "soon"], 2, "within"),
        (vec!["report", "jp", "--year", "1"], 2, "1900"),
        (vec!["report", "jp", "--year", "x"], 2, "x"),
        (vec!["report", "jp", "--unit", "Mars"], 1, "Mars"),
        (vec!["report", "jp", "--out", folder], 1, "folder"),
        (vec!["report", "jp", "--format", "pdf"], 2, "text"),
    ] {
        let refused = office.run(&words).expect(code);
        assert!(refused.err.contains(said), "{words:?}: {}", refused.err);
        assert_eq!(refused.out, "", "{words:?}");
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    let unit = office.run(&["report", "jp", "--by", "unit"]).expect(2);
    assert!(!unit.err.contains("maksudnya"), "{}", unit.err);
    // However many are asked for, there are as many as there are.
    let many = ["report", "jp", "--limit", "1000000", "--format", "csv"];
    assert_eq!(office.run(&many).expect(0).out.lines().count(), 4);
}
