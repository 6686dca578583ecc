//! What cannot be meant is refused with a message that names the thing, and nothing is changed
//! by it: levels, days, people, competencies, cycles, sheets and years that are not possible.

use serde_json::Value as Json;

use super::office::{Office, STAFF};

const AYU: &str = "198001012005012901";

fn office() -> Office {
    let office = Office::new();
    office.import("employees", &office.file("pegawai.csv", STAFF)).expect(0);
    office
}

/// How many steps the journal has.
fn steps(office: &Office) -> usize {
    let list = office.run(&["history", "--format", "json"]).expect(0).json();
    list.as_array().map_or(0, Vec::len)
}

/// Refused with these words, as a command that failed or was used wrongly, and nothing is
/// changed by it.
fn refused(office: &Office, args: &[&str], words: &str) {
    let before = steps(office);
    let said = office.run(args);
    assert!(matches!(said.code, 1 | 2), "{args:?}: {} {}", said.code, said.out);
    assert!(said.err.contains(words), "{args:?}: no \"{words}\" in {}", said.err);
    assert_eq!(steps(office), before, "{args:?}");
}

fn rating<'a>(level: &'a str, date: &'a str) -> [&'a str; 7] {
    [
        "add",
        "ratings",
        "employee=198001012005012901",
        "competency=M.1",
        level,
        "source=atasan",
        date,
    ]
}

#[test]
fn a_level_that_is_none_is_refused_and_the_ratings_stay() {
    let office = office();
    for level in ["level=0", "level=6", "level=tiga", "level=2,5", "level=-1"] {
        refused(&office, &rating(level, "date=2026-01-10"), "level");
    }
    let csv = "nip,competency,level,source,date\n\
        198001012005012901,M.1,0,atasan,2025-11-03\n\
        198001012005012901,M.2,6,atasan,2025-11-03\n\
        198001012005012901,M.3,tiga,atasan,2025-11-03\n\
        198001012005012901,M.4,3,atasan,2025-11-03\n";
    let report = office.import("ratings", &office.file("nilai.csv", csv)).expect(3).json();
    let rejected = report["rejected"].as_array().expect("rows");
    let lines: Vec<&Json> = rejected.iter().map(|row| &row["line"]).collect();
    assert_eq!(lines, [&Json::from(2), &Json::from(3), &Json::from(4)], "{report}");
    assert_eq!(report["accepted"], Json::from(1), "the good row is not lost: {report}");
}

#[test]
fn a_rating_before_birth_or_in_the_future_is_refused() {
    let office = office();
    // The NIP says 1980.
    refused(&office, &rating("level=3", "date=1979-12-31"), "lahir");
    refused(&office, &rating("level=3", "date=2199-01-01"), "belum tiba");
    assert!(office.run(&["list", "ratings", "--format", "json"]).expect(0).out.trim() == "[]");
}

#[test]
fn an_unknown_number_or_competency_is_named() {
    let office = office();
    let unknown = ["add", "ratings", "employee=199912312020121999", "competency=M.1", "level=2"];
    refused(&office, &unknown, "employee (Pegawai): tidak ditemukan");
    let employee = format!("employee={AYU}");
    refused(
        &office,
        &["add", "ratings", &employee, "competency=X.99", "level=2"],
        "tidak ditemukan",
    );
    refused(&office, &["report", "whatif", "--people", "199912312020121999"], "people");
    let cycle = ["add", "cycles", "name=P", "competencies=M.1, X.99"];
    refused(&office, &cycle, "X.99");
}

/// A sheet that is keyed twice is told of where sheets are keyed (`cycles`).
#[test]
fn a_cycle_without_raters_makes_no_sheets() {
    let office = office();
    office.run(&["add", "cycles", "name=P", "competencies=M.1"]).expect(0);
    refused(&office, &["cycle", "make", "P"], "belum punya penilai");
}

#[test]
fn a_plan_for_a_year_gone_by_is_refused() {
    let office = office();
    let line =
        ["add", "plan_lines", "year=2020", "competency=M.1", "level=2", "ground=kesenjangan"];
    refused(&office, &line, "lewat");
    let employee = format!("employee={AYU}");
    let own = ["add", "idp_lines", &employee, "year=2020", "competency=M.1", "activity=KL10"];
    refused(&office, &own, "lewat");
}

#[test]
fn a_file_called_as_one_that_cannot_be_written_is_refused_and_nothing_is_written() {
    let office = office();
    for name in ["jp.pdf", "jp.xls", "jp.DOCX"] {
        let path = office.path(name);
        let file = path.to_str().expect("a path");
        refused(&office, &["report", "jp", "--out", file], "csv, xlsx, json, txt");
        refused(&office, &["export", "employees", file], "csv, xlsx, json");
        assert!(!path.exists(), "{file}");
        // Whoever says which format it is may call it what they like.
        office.run(&["export", "employees", file, "--format", "csv"]).expect(0);
    }
}

#[test]
fn a_parameter_of_a_report_is_called_as_it_is_written_with_what_was_written() {
    let office = office();
    refused(&office, &["report", "fit"], "--position: wajib diisi");
    refused(&office, &["report", "fit", "--position", "Antah"], "--position \"Antah\": tidak");
    refused(&office, &["report", "attendance"], "--session: wajib diisi");
    for [report, name] in [
        ["attendance", "session"],
        ["trend", "person"],
        ["trend", "competency"],
        ["cycle", "cycle"],
    ] {
        let (param, said) = (format!("--{name}"), format!("--{name} \"9\": tidak ditemukan"));
        refused(&office, &["report", report, &param, "9"], &said);
    }
}
