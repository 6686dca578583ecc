//! The history on the command line, and the head of the journal on paper.

use std::fs;

use serde_json::Value as Json;

use super::office::{Office, staffed};

const AYU: &str = "198001012005012901";

fn seqs(office: &Office, more: &[&str]) -> Vec<u64> {
    let args = [&["history", "--format", "json"], more].concat();
    let lines = office.run(&args).expect(0).json();
    let lines = lines.as_array().expect("a list").clone();
    lines.iter().map(|line| line["seq"].as_u64().expect("a number")).collect()
}

#[test]
fn the_history_is_narrowed_down_by_person_kind_officer_day_and_words() {
    let office = staffed();
    office.run(&["set", "office_name", "Kecamatan Senapelan"]).expect(0);
    assert_eq!(seqs(&office, &[]), [3, 2, 1]);
    assert_eq!(seqs(&office, &["--person", AYU]), [2, 1]);
    // Nobody has rated Citra.
    assert_eq!(seqs(&office, &["--person", "199503012022211903"]), [1]);
    assert_eq!(seqs(&office, &["--record", &format!("employees/{AYU}")]), [1]);
    assert_eq!(seqs(&office, &["--kind", "ratings"]), [2]);
    assert_eq!(seqs(&office, &["--kind", "settings"]), [3]);
    assert_eq!(seqs(&office, &["--until", "2020-01-01"]), [0; 0]);
    assert_eq!(seqs(&office, &["--since", "2020-01-01", "--until", "2999-01-01"]), [3, 2, 1]);
    assert_eq!(seqs(&office, &["--by", "nobody"]), [0; 0]);
    assert_eq!(seqs(&office, &["--search", "pegawai:budi jenis:penilaian"]), [2]);
    assert_eq!(seqs(&office, &["--search", "by:nobody"]), [0; 0]);
    assert_eq!(seqs(&office, &["--limit", "2"]), [3, 2]);
    let said = office.run(&["history", "--kind", "shoes"]).expect(2);
    assert!(said.err.contains("ratings"), "{}", said.err);
    office.run(&["history", "--person", "199999999999999999"]).expect(1);
}

#[test]
fn a_head_signed_on_paper_is_found_in_its_place_as_long_as_nothing_was_altered() {
    let office = staffed();
    office.run(&["set", "office_name", "Kecamatan Senapelan"]).expect(0);
    let head = office.run(&["verify"]).expect(0).out.lines().nth(1).expect("a head").to_string();
    let sheet = office.run(&["verify", "--sign-off"]).expect(0).out;
    assert!(sheet.contains("Kecamatan Senapelan") && sheet.contains("Tanda tangan"), "{sheet}");
    assert!(sheet.contains(&format!("--against 3:{}", &head[..16])), "{sheet}");
    assert!(sheet.contains(&format!("{} {}", &head[..8], &head[8..16])), "{sheet}");
    assert!(sheet.lines().all(|line| line.chars().count() <= 80), "{sheet}");

    // The office works on; what was signed stands.
    office.run(&["set", "office_name", "Kecamatan Plaju"]).expect(0);
    for signed in [
        format!("3:{}", &head[..16]),
        format!("3: {} {}", &head[..8], head[8..32].to_uppercase()),
        head.clone(),
    ] {
        let said = office.run(&["verify", "--against", &signed]).expect(0);
        assert!(said.err.contains("langkah 3"), "{}", said.err);
    }
    office.run(&["verify", "--against", &format!("2:{head}")]).expect(1);
    office.run(&["verify", "--against", "not a hash"]).expect(2);
    staffed().run(&["verify", "--against", &format!("3:{head}")]).expect(1);

    let path = office.path("lembar.txt");
    let args = ["verify", "--sign-off", "--lang", "en", "--out", path.to_str().expect("a path")];
    assert_eq!(office.run(&args).expect(0).out, "");
    let sheet = fs::read_to_string(&path).expect("the sheet");
    assert!(sheet.contains("Signature") && sheet.contains("Kecamatan Plaju"), "{sheet}");
    office.run(&["verify", "--out", "x"]).expect(2);
}

#[test]
fn an_officer_is_added_once_changed_and_removed() {
    let office = staffed();
    let add = |more: &[&str]| office.run(&[&["officers", "add", "siti"], more].concat());
    let said = add(&["--role", "viewer", "--unit", "Kelurahan Sago", "--json"]).expect(0);
    let told = said.json();
    assert_eq!(told["seq"], 3);
    assert_eq!((&told["role"], &told["unit"]), (&Json::from("viewer"), &"Kelurahan Sago".into()));
    let said = add(&["--role", "viewer"]).expect(0);
    assert!(said.err.contains("Tidak ada yang berubah"), "{}", said.err);
    let said = add(&["--role", "officer", "--note", "Siti Aminah"]).expect(0);
    assert!(said.err.contains("Peran: pembaca -> petugas"), "{}", said.err);
    assert!(!said.err.contains("Unit"), "what is not named stays: {}", said.err);
    let said = add(&["--role", "officer", "--unit", ""]).expect(0);
    assert!(said.err.contains("Kelurahan Sago -> seluruh kantor"), "{}", said.err);

    let list = office.run(&["officers", "list", "--format", "json"]).expect(0).json();
    assert_eq!(list[0]["user"], "siti");
    assert_eq!((&list[0]["unit"], &list[0]["note"]), (&Json::Null, &"Siti Aminah".into()));
    assert!(office.run(&["officers"]).expect(0).out.contains("petugas"));
    let csv = office.run(&["officers", "list", "--format", "csv"]).expect(0).out;
    assert!(csv.contains("user,role,unit,note"), "{csv}");

    add(&["--role", "boss"]).expect(2);
    add(&["--role", "viewer", "--unit", "Kelurahan Mana"]).expect(1);
    office.run(&["officers", "add", "si ti", "--role", "viewer"]).expect(1);
    office.run(&["officers", "remove", "joko"]).expect(1);
    let said = office.run(&["officers", "remove", "siti", "--json"]).expect(0).json();
    assert_eq!(said["seq"], 6);
    let list = office.run(&["officers", "list", "--format", "json"]).expect(0).json();
    assert_eq!(list.as_array().map(Vec::len), Some(0));
    assert_eq!(seqs(&office, &["--kind", "officers"]), [6, 5, 4, 3]);
}

/// The journal with an end that was never finished.
fn torn(office: &Office) {
    let file = office.data().join("journal/000001.jsonl");
    let mut text = fs::read(&file).expect("the journal");
    text.extend(br#"{"v":1,"seq":3,"at":"2026-"#);
    fs::write(file, text).expect("written");
}

#[test]
fn that_no_saved_change_is_lost_is_said_only_where_it_is_known() {
    let lost = "Tidak ada perubahan tersimpan yang hilang";
    let unsure = "Apakah perubahan terakhir tersimpan, periksa di riwayat";
    // The store knows every step that was shown as saved.
    let office = staffed();
    torn(&office);
    let said = office.run(&["list", "employees"]).expect(0).err;
    assert!(said.contains(lost) && !said.contains(unsure), "{said}");
    let said = office.run(&["list", "employees"]).expect(0).err;
    assert!(!said.contains(lost), "said once: {said}");
    // Without a store nobody does.
    let office = staffed();
    torn(&office);
    fs::remove_dir_all(office.data().join("store")).expect("removed");
    let said = office.run(&["list", "employees"]).expect(0).err;
    assert!(said.contains(unsure) && !said.contains(lost), "{said}");
    assert_eq!(seqs(&office, &[]), [2, 1]);
}
