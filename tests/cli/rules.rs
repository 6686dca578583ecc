//! Tables of rules end to end: what ships is listed with its legal basis, the office's own
//! comes in from a file, counts from its day on, and goes with one undo.

use super::office::{Office, staffed};

#[test]
fn an_offices_own_table_comes_in_from_a_file_and_goes_with_one_undo() {
    let office = Office::new();
    let held = |office: &Office| office.run(&["list", "rules", "--format", "json"]).expect(0).out;
    let shipped = held(&office);
    assert!(shipped.contains("filling.MS = 80") && shipped.contains("Peraturan BKN"), "{shipped}");
    let list = office.file(
        "aturan.csv",
        "Tabel;Angka;Berlaku mulai;Dasar hukum;Terverifikasi\n\
         kategori;filling.MS = 85, filling.MMS = 70;1 Jan 2026;Perwali 1/2026;ya\n\
         IP ASN;bands.rendah = 95;1 Jan 2026;Perwali 1/2026;ya\n\
         kategori;filling.ZZ = 1;1 Feb 2026;Perwali 1/2026;ya\n\
         ramalan;a = 1;1 Jan 2026;Perwali 1/2026;ya\n",
    );
    let report = office.import("rules", &list).expect(3).json();
    assert_eq!((report["added"].clone(), report["rows"].clone()), (1.into(), 4.into()), "{report}");
    let refused = report["rejected"].as_array().unwrap();
    let codes: Vec<_> = refused.iter().map(|row| row["reason"].as_str().unwrap()).collect();
    assert_eq!(codes, ["figure_range", "figure_unknown", "not_a_choice"], "{report}");
    assert!(held(&office).contains("filling.MS = 85"));
    office.run(&["undo"]).expect(0);
    assert_eq!(held(&office), shipped);
}

#[test]
fn sets_of_the_offices_own_count_by_the_figures_it_gives_them() {
    let office = staffed();
    let (nip, day) = ("199002012015121902", "date=2026-01-10");
    let judged =
        ["year=2025", "result=meets_expectation", "conduct=meets_expectation", "predicate=baik"];
    let person = format!("employee={nip}");
    office.run(&[&["add", "performances", &person][..], &judged[..]].concat()).expect(0);
    office.run(&["add", "potentials", &person, "score=70", day]).expect(0);
    let boxed = |office: &Office, set: &str| {
        let asked = ["report", "ninebox", "--set", set, "--search", nip, "--format", "json"];
        let told = office.run(&asked).expect(0).json();
        told["rows"][0]["box"].clone()
    };
    assert_eq!((boxed(&office, "80-60"), boxed(&office, "kantor-1")), (5.into(), 5.into()));
    let figures = "figures=kantor-1.performance.high = 75; kantor-1.potential.high = 69";
    let written = ["add", "rules", "table=talent", figures, "legal_basis=Perwali 3/2026", "--yes"];
    office.run(&written).expect(0);
    assert_eq!((boxed(&office, "80-60"), boxed(&office, "kantor-1")), (5.into(), 9.into()));
    assert_eq!(boxed(&office, "kantor-2"), 5);
    let figures = "figures=kantor-2.staff.atasan = 50; kantor-2.staff.bawahan = 35";
    let written =
        ["add", "rules", "table=assessment", figures, "legal_basis=Perwali 3/2026", "--yes"];
    office.run(&written).expect(0);
    office.run(&["add", "cycles", "name=Sendiri", "weights=kantor-2"]).expect(0);
    office.run(&["add", "cycles", "name=Salah", "weights=kantor-3"]).expect(1);
}
