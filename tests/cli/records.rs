//! Records from the command line: added, changed, deleted and taken back by the field table,
//! every kind alike; what is refused is named and changes nothing.

use chrono::{Datelike, Utc};
use serde_json::Value as Json;

use super::office::{Office, Said};

const NIP: &str = "199001012015012001";
/// Whoever a record names besides its own person.
const OTHER: &str = "199002022015022002";

/// An office with one of everything that others refer to.
fn office() -> Office {
    let office = Office::new();
    for words in [
        vec!["add", "units", "name=Kecamatan Coba"],
        vec!["add", "positions", "title=Lurah"],
        vec!["add", "employees", &format!("number={NIP}"), "name=Siti Coba", "unit=Kecamatan Coba"],
        vec!["add", "competencies", "code=T.1", "name=Kompetensi Coba"],
        vec!["add", "programmes", "name=Bimtek Coba", "type=KL10"],
        vec!["add", "cycles", "name=Periode Coba"],
        vec!["add", "sessions", "programme=Bimtek Coba", "start=2026-03-02", "end=4-3-2026"],
    ] {
        office.run(&words).expect(0);
    }
    office
}

/// What people call the record of each kind that [`office`] has.
fn called(kind: &str) -> &'static str {
    match kind {
        "units" => "Kecamatan Coba",
        "positions" => "Lurah",
        "employees" => NIP,
        "competencies" => "T.1",
        "programmes" => "Bimtek Coba",
        "sessions" => "1000",
        "cycles" => "Periode Coba",
        kind => panic!("{kind} are referred to: give the office one"),
    }
}

/// Something that fits a field.
fn fitting(field: &Json) -> String {
    match field["shape"].as_str().unwrap() {
        // Of the first table, the categories of JPM.
        "long_text" if field["name"] == "figures" => "filling.MS = 85".into(),
        "text" | "long_text" => "percobaan".into(),
        "number" => "198502022010021002".into(),
        "date" => "2026-01-05".into(),
        "moment" => "2026-01-05 08:00".into(),
        // Plans are not made for years gone by.
        "whole" if field["name"] == "year" => Utc::now().year().to_string(),
        "whole" | "level" | "points" => field["min"].to_string(),
        "flag" => "ya".into(),
        "choice" => field["choices"][0]["code"].as_str().unwrap().into(),
        "grade" => "III/c".into(),
        "reference" if field["name"] == "mentor" => OTHER.into(),
        "reference" => called(field["reference"].as_str().unwrap()).into(),
        shape => panic!("nothing fits {shape}"),
    }
}

fn schema(office: &Office) -> Vec<Json> {
    let kinds = office.run(&["kinds", "--format", "json"]).expect(0).json();
    kinds.as_array().unwrap().clone()
}

fn number_of(said: &Said) -> String {
    said.json()["id"].as_str().unwrap().split_once('/').unwrap().1.to_string()
}

/// Whatever kinds there are: one is added by its required fields, changed, shown, deleted,
/// and the deletion taken back.
#[test]
fn a_record_of_every_kind_goes_round() {
    let office = office();
    let other = format!("number={OTHER}");
    office.run(&["add", "employees", &other, "name=Sari Coba"]).expect(0);
    for kind in schema(&office) {
        let name = kind["name"].as_str().unwrap();
        let fields = kind["fields"].as_array().unwrap();
        if kind["kept_by_office"] == Json::Bool(true) {
            let said = fields.iter().filter(|field| field["required"] == Json::Bool(true));
            let said: Vec<String> =
                said.map(|f| format!("{}={}", f["name"].as_str().unwrap(), fitting(f))).collect();
            let mut words = vec!["add", name];
            words.extend(said.iter().map(String::as_str));
            let refused = office.run(&words).expect(1);
            assert!(refused.err.contains("kantor sendiri"), "{name}: {}", refused.err);
            continue;
        }
        // Settings are all there from the beginning.
        let number = if name == "settings" {
            "office_name".to_string()
        } else {
            // Of what may be said either way one is said.
            let either = |field: &&Json| {
                field["required"] == Json::Bool(true)
                    || (["standards", "qualifications"].contains(&name)
                        && field["name"] == "job_level")
            };
            let said: Vec<String> = fields
                .iter()
                .filter(either)
                .map(|f| format!("{}={}", f["name"].as_str().unwrap(), fitting(f)))
                .collect();
            let mut words = vec!["add", name];
            words.extend(said.iter().map(String::as_str));
            words.push("--json");
            number_of(&office.run(&words).expect(0))
        };
        let text = |field: &&Json| {
            let shape = field["shape"].as_str().unwrap();
            // Some texts are read as figures or codes.
            let read = ["figures", "competencies"].map(Json::from).contains(&field["name"]);
            matches!(shape, "text" | "long_text") && !read
        };
        let is_required = |field: &&Json| field["required"] == Json::Bool(true);
        if let Some(field) = fields.iter().filter(text).min_by_key(is_required) {
            let field = field["name"].as_str().unwrap();
            let said = format!("{field}=III.a");
            office.run(&["edit", name, &number, &said]).expect(0);
            if name == "settings" {
                let set = office.run(&["set", "office_name"]).expect(0);
                assert!(set.out.contains("III.a"), "{}", set.out);
                continue;
            }
            let shown = office.run(&["show", name, &number, "--format", "json"]).expect(0);
            assert!(shown.out.contains("III.a"), "{name} {field}: {}", shown.out);
        }
        let before = office.run(&["history", "--format", "json"]).expect(0).json();
        let asked = office.run(&["delete", name, &number]).expect(2);
        assert!(asked.err.contains(&format!("{name}/{number}")), "{}", asked.err);
        assert!(asked.err.contains("--yes") && asked.out.is_empty(), "{}", asked.err);
        let after = office.run(&["history", "--format", "json"]).expect(0).json();
        assert_eq!(before, after, "{name}: nothing goes without --yes");
        let gone = office.run(&["delete", name, &number, "--yes", "--json"]).expect(0).json();
        assert!(gone[0]["seq"].is_u64(), "{gone}");
        office.run(&["show", name, &number]).expect(1);
        office.run(&["undo"]).expect(0);
        office.run(&["show", name, &number]).expect(0);
    }
}

#[test]
fn what_does_not_fit_is_named_and_nothing_is_changed() {
    let office = office();
    let steps = office.journal_size();
    let rating = ["add", "ratings", "employee=199001012015012001", "competency=M.5"];
    for (more, code, said) in [
        (vec!["level=9", "source=atasan", "date=2026-01-05"], 1, "1 sampai 5"),
        (vec!["level=2", "source=tetangga", "date=2026-01-05"], 1, "asesor"),
        (vec!["level=2", "source=atasan", "date=31-02-2026"], 1, "17 Agu 2026"),
        (vec!["level=2", "source=atasan", "date=2126-01-05"], 1, "date (Tanggal)"),
        (vec!["level=2", "source=atasan", "date=2026-01-05", "rate=x"], 2, "rater"),
        (vec!["level=2", "level=3", "source=atasan"], 2, "level"),
        (vec!["level=2"], 1, "source (Sumber)"),
    ] {
        let words: Vec<&str> = rating.iter().copied().chain(more).collect();
        let refused = office.run(&words).expect(code);
        assert!(refused.err.contains(said), "{words:?}: {}", refused.err);
        assert_eq!(refused.out, "", "{words:?}");
    }
    // Somebody who is not here, and a competency that is not.
    let absent = ["add", "ratings", "employee=199909092020011009", "competency=T.9"];
    let more = ["level=2", "source=atasan", "date=2026-01-05"];
    let refused = office.run(&[&absent[..], &more[..]].concat()).expect(1);
    assert!(refused.err.contains("employee (") && refused.err.contains("competency ("));
    let unknown = office.run(&["add", "rating", "level=2"]).expect(2);
    assert!(unknown.err.contains("ratings"), "{}", unknown.err);
    for words in [
        ["edit", "employees", "199999992015012001", "name=X"],
        ["delete", "employees", "x", "--yes"],
    ] {
        office.run(&words).expect(1);
    }
    assert_eq!(office.journal_size(), steps);
}

#[test]
fn what_a_kind_consists_of_has_the_shape_scripts_rely_on() {
    let office = Office::new();
    let names = |list: &Json| -> Vec<String> {
        let names = list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap());
        names.map(str::to_string).collect()
    };
    let kind = office.run(&["kinds", "ratings", "--format", "json"]).expect(0).json();
    assert_eq!(
        (kind["name"].clone(), kind["belongs"].clone()),
        ("ratings".into(), "person".into())
    );
    assert_eq!(kind["kept_by_office"], Json::Bool(false));
    let fields = kind["fields"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap();
    assert_eq!(field("employee")["reference"], "employees");
    assert_eq!(field("employee")["erasure"], "kept");
    let level = field("level");
    let is = (&level["shape"], &level["min"], &level["max"], &level["required"]);
    assert_eq!(is, (&"level".into(), &1.into(), &5.into(), &true.into()));
    let mut sources = field("source")["choices"].as_array().unwrap().iter();
    assert!(sources.any(|choice| choice["code"] == "atasan" && choice["label"].is_string()));
    let key = ["employee", "competency", "source", "rater", "date", "method"];
    assert_eq!(kind["keys"], serde_json::json!([key]), "in the order of the fields");
    assert_eq!(field("evidence")["max_length"], 4000);
    for kind in schema(&office) {
        let is_personal = matches!(kind["belongs"].as_str().unwrap(), "person" | "somebody");
        for field in kind["fields"].as_array().unwrap() {
            let name = (&kind["name"], &field["name"]);
            assert!(matches!(field["privacy"].as_str(), Some("work" | "personal")), "{name:?}");
            assert!(!field["label"].as_str().unwrap().is_empty(), "{name:?}");
            assert_eq!(field["erasure"].is_string(), is_personal, "{name:?}");
        }
        let known = names(&kind["fields"]);
        for key in kind["keys"].as_array().unwrap() {
            let mut key = key.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
            assert!(key.all(|name| known.iter().any(|field| field == name)), "{}", kind["name"]);
        }
        assert!(!names(&kind["columns"]).is_empty() || kind["kept_by_office"] == true);
    }
    assert!(!office.data().exists(), "it takes no office");
}

#[test]
fn a_refusal_is_json_for_a_script_and_never_repeats_what_was_typed() {
    let office = office();
    let said = format!("employee={NIP}");
    let words = ["add", "ratings", &said, "competency=M.5", "level=rahasia", "--json"];
    let refused = office.run(&words).expect(1);
    let json = refused.json();
    assert_eq!((json["id"].clone(), json["seq"].clone()), (Json::Null, Json::Null));
    let fields: Vec<_> =
        json["rejected"].as_array().unwrap().iter().map(|row| row["field"].clone()).collect();
    assert_eq!(fields, ["level", "source", "date"]);
    assert!(!refused.out.contains("rahasia") && !refused.err.contains("rahasia"));
}

#[test]
fn many_come_in_a_line_each_and_the_bad_ones_are_named() {
    let office = office();
    let good = format!(
        r#"{{"employee":"{NIP}","competency":"M.1","level":3,"source":"diri","date":"2026-01-05"}}"#
    );
    let wrong = good.replace("\"level\":3", "\"level\":7");
    let lines = office.file("r.jsonl", format!("{good}\nbukan json\n{wrong}\n"));
    let words = ["add", "ratings", "--from", lines.to_str().unwrap(), "--json"];
    let json = office.run(&words).expect(3).json();
    assert_eq!((json["rows"].clone(), json["added"].clone()), (3.into(), 1.into()));
    let rejected: Vec<_> = json["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["line"].as_u64().unwrap(), row["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(rejected, [(2, "not_json"), (3, "level_range")]);
    let bad = office.file("bad.jsonl", "x\ny\n");
    office.run(&["add", "ratings", "--from", bad.to_str().unwrap(), "--json"]).expect(1);
    let none = office.path("none.jsonl");
    office.run(&["add", "ratings", "--from", none.to_str().unwrap()]).expect(1);
}

#[test]
fn a_field_is_emptied_by_saying_nothing_of_it() {
    let office = office();
    office.run(&["edit", "employees", NIP, "grade=III/c", "education=S-1"]).expect(0);
    office.run(&["edit", "employees", NIP, "education="]).expect(0);
    let list = office.run(&["list", "employees", "--format", "json"]).expect(0).json();
    assert_eq!(
        (list[0]["grade"].clone(), list[0]["education"].clone()),
        ("III/c".into(), Json::Null)
    );
}
