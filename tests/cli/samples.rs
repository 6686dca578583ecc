//! The sample files and what is expected of them.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use super::office::Office;
use super::sample::{expected, sample};

/// Imports a sample and holds the outcome against what is expected of it.
fn import(office: &Office, kind: &str, sample: &Path) -> Json {
    let expected = expected(sample);
    let report = office.import(kind, sample).expect(3).json();
    assert_eq!(report["rows"], expected["rows"]);
    assert_eq!(report["accepted"], expected["accepted"]);
    let rejected: BTreeMap<String, Json> = report["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["line"].to_string(), row["reason"].clone()))
        .collect();
    let wanted: BTreeMap<String, Json> =
        serde_json::from_value(expected["rejected"].clone()).unwrap();
    assert_eq!(rejected, wanted);
    let lines: Vec<_> =
        report["rejected"].as_array().unwrap().iter().map(|row| row["line"].as_u64()).collect();
    assert!(lines.is_sorted());
    for text in expected["must_not_be_stored"].as_array().into_iter().flatten() {
        let text = text.as_str().unwrap();
        assert!(!office.holds(text), "{text} is stored");
    }
    expected
}

#[test]
fn the_plaju_samples_come_in_as_expected_and_go_back_again() {
    let Some(staff) = sample("siasn_kecamatan_plaju.csv") else { return };
    let Some(dictionary) = sample("kamus_kompetensi.tsv") else { return };
    let Some(ratings) = sample("penilaian_plaju.csv") else { return };
    let Some(trainings) = sample("s20jp_plaju_2026.csv") else { return };
    let office = Office::new();
    import(&office, "employees", &staff);
    office.import("competencies", &dictionary).expect(0);
    import(&office, "ratings", &ratings);
    let expected = import(&office, "trainings", &trainings);

    let list = office.run(&["list", "employees", "--format", "json"]).expect(0).json();
    let jp: BTreeMap<String, Json> = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| !row["jp"]["2026"].is_null())
        .map(|row| (row["nip"].as_str().unwrap().to_string(), row["jp"]["2026"].clone()))
        .collect();
    let wanted: BTreeMap<String, Json> =
        serde_json::from_value(expected["jp_2026"].clone()).unwrap();
    assert_eq!(jp, wanted);

    // Everything again changes nothing; so does what was exported.
    let before = office.journal_size();
    for (kind, file) in [("employees", staff), ("ratings", ratings), ("trainings", trainings)] {
        let report = office.import(kind, &file).expect(3).json();
        assert_eq!(report["seq"], Json::Null, "{kind}: {report}");
    }
    let path = office.path("staff.csv");
    office.run(&["export", "employees", path.to_str().unwrap()]).expect(0);
    let report = office.import("employees", &path).expect(0).json();
    assert_eq!((&report["unchanged"], &report["seq"]), (&Json::from(49), &Json::Null), "{report}");
    assert_eq!(office.journal_size(), before);

    office.run(&["verify"]).expect(0);
    for _ in 0..4 {
        office.run(&["undo"]).expect(0);
    }
    let left = office.run(&["list", "employees", "--format", "json"]).expect(0).json();
    assert_eq!(left, Json::Array(Vec::new()));
    office.run(&["verify"]).expect(0);
}

#[test]
fn a_city_of_five_thousand_comes_in_as_expected() {
    let Some(city) = sample("siasn_kota_5000.xlsx") else { return };
    let office = Office::new();
    import(&office, "employees", &city);
    office.run(&["undo"]).expect(0);
    office.run(&["verify"]).expect(0);
}
