//! Erasing personal data from the command line: what is said before, what is left after.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::office::{Office, Said, staffed};

const NIP: &str = "198001012005012901";

/// Every file below that holds this.
fn holding(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else if fs::read(&path).unwrap().windows(text.len()).any(|at| at == text.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Ayu has retired.
fn office() -> Office {
    let office = staffed();
    let file = office.file("left.csv", format!("NIP,Nama,Status\n{NIP},Ayu Lestari,pensiun\n"));
    office.import("employees", &file).expect(0);
    office
}

fn erase(office: &Office, more: &[&str]) -> Said {
    office.run(&[&["person", "erase", NIP], more].concat())
}

#[test]
fn a_person_is_erased_only_when_it_is_meant_and_then_for_good() {
    let office = office();
    let matrix = |office: &Office| office.run(&["matrix", "--format", "csv"]).expect(0).out;
    let (before, head) = (matrix(&office), office.run(&["verify"]).expect(0).out);
    let said = erase(&office, &[]).expect(2);
    assert!(said.err.contains("Tidak dapat diurungkan") && said.err.contains("Cadangan"));
    assert!(said.err.contains("jenis kelamin"), "what stays: {}", said.err);
    assert_eq!(office.run(&["verify"]).expect(0).out, head, "nothing was done");

    let said = erase(&office, &["--yes", "--why", "Masa simpan habis"]).expect(0);
    let seq = said.out.trim().to_string();
    assert_eq!(holding(&office.data(), NIP), Vec::<String>::new());
    assert_eq!(holding(&office.data(), "Ayu"), Vec::<String>::new());
    let list = office.run(&["list", "employees", "--search", "Pegawai", "--format", "json"]);
    let list = list.expect(0).json();
    assert_eq!(list.as_array().map(Vec::len), Some(1), "{list}");
    assert_eq!(matrix(&office), before, "those who work here are not touched");
    let verified = office.run(&["verify"]).expect(0);
    assert!(verified.err.contains("sudah dihapus sesuai ketentuan"), "{}", verified.err);

    let history = office.run(&["history", "--format", "json"]).expect(0).json();
    assert_eq!(history[0]["seq"].to_string(), seq);
    assert_eq!(
        (&history[0]["erases"], &history[0]["why"]),
        (&json!(1), &json!("Masa simpan habis"))
    );
    assert!(history[1]["erased"].as_u64() > Some(0), "{history}");
    for seq in [seq.as_str(), "1"] {
        let refused = office.run(&["undo", seq]).expect(1);
        assert!(refused.err.contains("tidak ada lagi"), "{}", refused.err);
    }
    erase(&office, &["--yes"]).expect(1);
}

#[test]
fn somebody_who_works_here_is_not_erased() {
    let office = staffed();
    let said = erase(&office, &["--yes"]).expect(1);
    assert!(said.err.contains("masih aktif"), "{}", said.err);
    office.run(&["person", "erase", "4321", "--yes"]).expect(1);
    office.run(&["--read-only", "person", "erase", NIP, "--yes"]).expect(1);
}

#[test]
fn nobody_is_due_before_the_office_has_set_a_rule() {
    let office = office();
    let said = office.run(&["retention", "--json"]).expect(0);
    assert_eq!(said.json()["years"], json!(null));
    assert!(said.err.contains("retention_years"), "{}", said.err);
    office.run(&["set", "retention_years", "0"]).expect(1);
    office.run(&["set", "retention_years", "10"]).expect(0);
    let said = office.run(&["retention", "--json"]).expect(0);
    assert_eq!(
        (&said.json()["total"], &said.json()["verified_in_law"]),
        (&json!(0), &json!(false))
    );
    assert!(said.err.contains("belum diperiksa pada peraturan"), "{}", said.err);
    office.run(&["retention", "--apply"]).expect(2);
    let said = office.run(&["retention", "--apply", "--yes", "--json"]).expect(0);
    assert_eq!(said.json(), json!({"erased": 0, "steps": []}));
}

#[test]
fn the_reason_of_a_step_is_taken_out_and_the_history_says_who_did_it() {
    let office = staffed();
    let reason = "Keluhan tetangga";
    office.run(&["edit", "employees", NIP, "education=S-2", "--why", reason]).expect(0);
    let history = |office: &Office| {
        office.run(&["history", "--format", "json"]).expect(0).json().as_array().cloned().unwrap()
    };
    let seq = history(&office)[0]["seq"].to_string();
    let head = office.run(&["verify"]).expect(0).out.trim().to_string();
    let journal = office.data().join("journal");
    assert!(!holding(&journal, reason).is_empty());

    let said = office.run(&["erase-reason", &seq]).expect(2);
    assert!(said.err.contains("--yes"), "{}", said.err);
    assert!(!holding(&journal, reason).is_empty(), "nothing was done");
    office.run(&["--read-only", "erase-reason", &seq, "--yes"]).expect(1);

    let said = office.run(&["erase-reason", &seq, "--yes", "--why", "Diminta"]).expect(0);
    assert_eq!(holding(&office.data(), reason), Vec::<String>::new());
    let told = history(&office);
    assert_eq!(told[0]["seq"].to_string(), said.out.trim());
    assert_eq!((&told[0]["reason_of"], &told[0]["why"]), (&told[1]["seq"], &json!("Diminta")));
    assert_eq!((&told[0]["by"], &told[0]["via"]), (&told[1]["by"], &json!("cli")));
    assert_eq!((&told[1]["why"], &told[1]["erased"]), (&json!(""), &json!(1)));
    let english = office.run(&["--lang", "en", "history"]).expect(0).out;
    assert!(english.contains(&format!("erased the reason of step {seq}")), "{english}");
    let list = office.run(&["show", "employees", NIP, "--format", "json"]).expect(0);
    assert!(list.out.contains("S-2"), "what the step did stays: {}", list.out);
    office.run(&["verify", "--against", head.lines().last().unwrap()]).expect(0);

    let said = office.run(&["erase-reason", &seq, "--yes"]).expect(1);
    assert!(said.err.contains("tidak memuat alasan"), "{}", said.err);
    let said = office.run(&["erase-reason", "999", "--yes"]).expect(1);
    assert!(said.err.contains("Tidak ada langkah 999"), "{}", said.err);
    office.run(&["undo", &seq]).expect(1);
}
