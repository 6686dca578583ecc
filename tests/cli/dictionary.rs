//! The dictionary end to end: it comes in as offices and Moodle have it, goes out for Moodle,
//! and a competency that is renamed, merged or archived takes nothing with it.

use serde_json::Value as Json;

use super::office::{Office, staffed};
use super::sample::{expected, sample};

fn rows(office: &Office, args: &[&str]) -> Vec<Json> {
    let said = office.run(&[args, &["--format", "json"]].concat()).expect(0).json();
    said["rows"].as_array().or(said.as_array()).expect("rows").clone()
}

fn row<'a>(rows: &'a [Json], key: &str, value: &str) -> &'a Json {
    rows.iter().find(|row| row[key] == value).unwrap_or_else(|| panic!("{value}: {rows:?}"))
}

fn rejected(report: &Json) -> Vec<(u64, String)> {
    let rows = report["rejected"].as_array().expect("rows");
    let of = |row: &Json| {
        (row["line"].as_u64().expect("a line"), row["reason"].as_str().expect("why").to_string())
    };
    rows.iter().map(of).collect()
}

#[test]
fn the_samples_of_a_dictionary_and_its_standards_come_in_as_expected() {
    let Some(official) = sample("kamus_kompetensi.tsv") else { return };
    let Some(technical) = sample("kamus_teknis_plaju.csv") else { return };
    let Some(standards) = sample("standar_plaju.csv") else { return };
    let office = Office::new();
    let report = office.import("competencies", &official).expect(0).json();
    assert_eq!((&report["rows"], &report["accepted"]), (&136.into(), &136.into()), "{report}");
    let report = office.import("competencies", &technical).expect(0).json();
    assert_eq!((&report["rows"], &report["accepted"]), (&40.into(), &40.into()), "{report}");
    let dictionary = rows(&office, &["report", "dictionary"]);
    assert_eq!(dictionary.len(), 17);
    assert!(dictionary.iter().all(|row| row["levels"] == 5), "{dictionary:?}");
    assert_eq!(dictionary.iter().filter(|row| row["group"] == "teknis").count(), 8);

    let want = expected(&standards);
    let report = office.import("standards", &standards).expect(3).json();
    assert_eq!((&report["rows"], &report["accepted"]), (&want["rows"], &want["accepted"]));
    let wrong: Vec<(u64, String)> = rejected(&report);
    let mut wanted: Vec<(u64, String)> = want["rejected"]
        .as_object()
        .expect("rows")
        .iter()
        .map(|(line, why)| (line.parse().expect("a line"), why.as_str().expect("why").to_string()))
        .collect();
    wanted.sort();
    assert_eq!(wrong, wanted);
    let own = rows(&office, &["list", "standards", "--search", "Contoh kantor"]);
    let in_force = own.iter().filter(|row| row["effective_from"].as_str() < Some("2027"));
    assert_eq!(Json::from(in_force.count()), want["in_force_2026"]);

    // A word of an indicator finds its competency, however it is blanked.
    let found =
        rows(&office, &["list", "competencies", "--search", "\"sesuai  dengan   perkataan\""]);
    assert_eq!((found.len(), &found[0]["code"]), (1, &Json::from("M.1")));
}

const FRAMEWORK: &str = "\
\u{feff}Nomor ID induk,Nomor ID,Nama singkat,Deskripsi,Format deskripsi,Nilai skala,Konfigurasi skala,Jenis aturan,Hasil aturan,Konfigurasi aturan,Rujukan silang,ID ekspor,Adalah kerangka,Taksonomi\n\
,kerangka,Kerangka kota,,1,\"Paham,Dasar\",\"[{\"\"scaleid\"\":\"\"2\"\"}]\",,,null,,,1,\"domain,competency\"\n\
,teknis,Teknis,,1,,,,,null,,,,\n\
teknis,u-arsip,Kearsipan,,1,,,,,null,,,,\n\
u-arsip,T.AR.1,Arsip  dinamis,<p>Menata   arsip &amp; surat</p>,1,,,,,null,T.AR.2%2C,,,\n\
u-arsip,T.AR.2,Arsip statis,,1,,,,,null,,,,\n\
u-arsip,,Tanpa nomor,,1,,,,,null,,,,\n\
,M.1,Integritas,<ol><li>Bertindak<ul><li>berkata jujur</li></ul></li></ol>,1,,,,,null,,,,\n";

#[test]
fn a_framework_of_moodle_comes_in_by_place_and_goes_out_again() {
    let office = Office::new();
    let file = office.file("kerangka.csv", FRAMEWORK);
    let report = office.import("competencies", &file).expect(3).json();
    assert_eq!(report["rows"], 7, "{report}");
    assert_eq!(rejected(&report), [(7, "code_missing".to_string())]);
    assert_eq!(report["accepted"], 6, "{report}");
    let listed = rows(&office, &["list", "competencies"]);
    let dynamic = row(&listed, "code", "T.AR.1");
    assert_eq!(
        (&dynamic["name"], &dynamic["group"], &dynamic["parent"], &dynamic["definition"]),
        (
            &"Arsip dinamis".into(),
            &"teknis".into(),
            &"Kearsipan".into(),
            &"Menata arsip & surat".into()
        )
    );
    assert_eq!(rows(&office, &["list", "competencies", "--search", "jujur"]).len(), 1);

    let out = office.path("keluar.csv");
    let out = out.to_str().expect("a path");
    office.run(&["export", "competencies", out, "--format", "moodle"]).expect(0);
    let text = std::fs::read_to_string(out).expect("a file");
    assert!(text.lines().all(|line| !line.is_empty()), "{text}");
    assert!(text.starts_with("Parent ID number,ID number,Short name,Description,"), "{text}");
    assert!(text.contains("\nteknis/Kearsipan,T.AR.1,Arsip dinamis,"), "{text}");
    // What went out says nothing new; in another office it says all of it.
    let again = office.import("competencies", std::path::Path::new(out)).expect(0).json();
    assert_eq!((&again["added"], &again["changed"]), (&0.into(), &0.into()), "{again}");
    let other = Office::new();
    let there = other.import("competencies", std::path::Path::new(out)).expect(0).json();
    assert_eq!(rejected(&there), [], "{there}");
    assert_eq!(rows(&other, &["list", "competencies"]), listed);
    office.run(&["export", "ratings", out, "--format", "moodle"]).expect(2);
}

#[test]
fn doubled_blanks_of_a_copied_table_are_one_on_the_way_in_and_in_a_search() {
    let office = Office::new();
    let list = "kode;induk;kompetensi;jenis;level;uraian_level;indikator\n\
        T.9;Urusan  Pangan;Pelayanan   Terpadu;teknis;1;Mampu   melayani  warga;Menyapa  lebih dulu\n";
    office.import("competencies", &office.file("kamus.csv", list)).expect(0);
    let found = rows(&office, &["list", "competencies", "--search", "\"pelayanan    terpadu\""]);
    assert_eq!(
        (&found[0]["name"], &found[0]["parent"]),
        (&"Pelayanan Terpadu".into(), &"Urusan Pangan".into())
    );
    assert_eq!(
        rows(&office, &["list", "competencies", "--search", "\"melayani  warga\""]).len(),
        1
    );
    assert_eq!(rows(&office, &["list", "competencies", "--search", "\"menyapa lebih\""]).len(), 1);
}

#[test]
fn renamed_merged_or_archived_it_takes_no_rating_and_no_old_report_with_it() {
    let office = staffed();
    office.run(&["add", "competencies", "code=T.1", "name=Arsip lama", "group=teknis"]).expect(0);
    let rating = "nip,competency,level,source,rater,date\n\
        198001012005012901,T.1,4,tes,Pusdiklat,2025-12-01\n";
    office.import("ratings", &office.file("arsip.csv", rating)).expect(0);
    let ratings = rows(&office, &["list", "ratings"]);
    assert_eq!(ratings.len(), 4);

    // Renamed: every rating still counts for it.
    office.run(&["edit", "competencies", "T.1", "name=Kearsipan"]).expect(0);
    let matrix = rows(&office, &["report", "matrix"]);
    let ayu = |rows: &[Json]| row(rows, "name", "Ayu Contoh").clone();
    assert_eq!((&ayu(&matrix)["T.1 actual"], &ayu(&matrix)["M.1 actual"]), (&4.into(), &2.into()));

    // Merged: the matrix of today has the other one alone, with the later rating.
    office.run(&["edit", "competencies", "T.1", "merged_into=M.1", "--yes"]).expect(0);
    let matrix = rows(&office, &["report", "matrix"]);
    assert_eq!((ayu(&matrix).get("T.1 actual"), &ayu(&matrix)["M.1 actual"]), (None, &4.into()));
    let then = rows(&office, &["report", "matrix", "--at", "2025-12-31"]);
    assert_eq!((&ayu(&then)["T.1 actual"], &ayu(&then)["M.1 actual"]), (&4.into(), &2.into()));
    assert_eq!(rows(&office, &["list", "ratings"]), ratings, "nothing moves in what was written");
    let used = rows(&office, &["report", "dictionary", "--code", "t1"]);
    assert_eq!(
        (&used[0]["state"], &used[0]["merged_into"], &used[0]["ratings"]),
        (&"merged".into(), &"M.1".into(), &1.into())
    );
    let loops = office.run(&["edit", "competencies", "M.1", "merged_into=T.1"]);
    assert_ne!(loops.code, 0, "{}", loops.out);
    let gone = office.run(&["delete", "competencies", "T.1", "--yes"]);
    assert_ne!(gone.code, 0, "what is used is not deleted");

    // Taken back, both stand as before; archived, its ratings are not lost either.
    office.run(&["undo", "--yes"]).expect(0);
    let matrix = rows(&office, &["report", "matrix"]);
    assert_eq!((&ayu(&matrix)["T.1 actual"], &ayu(&matrix)["M.1 actual"]), (&4.into(), &2.into()));
    office.run(&["edit", "competencies", "T.1", "archived=true", "--yes"]).expect(0);
    assert_eq!(ayu(&rows(&office, &["report", "matrix"])).get("T.1 actual"), None);
    let then = rows(&office, &["report", "matrix", "--at", "2025-12-31"]);
    assert_eq!(ayu(&then)["T.1 actual"], 4);
    let used = rows(&office, &["report", "dictionary", "--code", "T.1"]);
    assert_eq!((&used[0]["state"], &used[0]["people"]), (&"archived".into(), &1.into()));
    office.run(&["verify"]).expect(0);
}
