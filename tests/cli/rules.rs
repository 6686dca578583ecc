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
    assert_eq!(boxed(&office, "80-60"), 5);
    let wrong = office.run(&["report", "ninebox", "--set", "kota"]).expect(2);
    assert!(wrong.err.contains("80-60, 90-78, 81-61, simata"), "{}", wrong.err);
    let written = |figures: &str| {
        let figures = format!("figures={figures}");
        let basis = ["effective_from=2026-01-01", "legal_basis=Perwali 3/2026", "--yes"];
        office.run(&[&["add", "rules", "table=talent", &figures][..], &basis[..]].concat())
    };
    let nameless = written("kota.performance.high = 75").expect(1);
    assert!(nameless.err.contains("kota.name"), "{}", nameless.err);
    let named =
        "kota.name = Batas Kota Plaju; kota.performance.high = 75; kota.potential.high = 69";
    written(&format!("{named}; desa.name = Batas Desa")).expect(0);
    assert_eq!((boxed(&office, "80-60"), boxed(&office, "kota")), (5.into(), 9.into()));
    assert_eq!(boxed(&office, "desa"), 5, "as the first until it has figures");
    // By its code it is chosen, by its name it is told, with what it rests on.
    for report in ["ninebox", "ninebox-moves"] {
        let told =
            office.run(&["report", report, "--set", "kota", "--format", "text"]).expect(0).out;
        assert!(told.contains("Batas Kota Plaju") && told.contains("Perwali 3/2026"), "{told}");
        assert!(told.contains("belum dicocokkan"), "{told}");
    }
    let before = ["report", "ninebox", "--set", "kota", "--at", "2025-12-01"];
    office.run(&before).expect(2);
    office.run(&["undo"]).expect(0);
    office.run(&["report", "ninebox", "--set", "kota"]).expect(2);
    let figures = "figures=kantor-2.staff.atasan = 50; kantor-2.staff.bawahan = 35";
    let written =
        ["add", "rules", "table=assessment", figures, "legal_basis=Perwali 3/2026", "--yes"];
    office.run(&written).expect(0);
    office.run(&["add", "cycles", "name=Sendiri", "weights=kantor-2"]).expect(0);
    let figures = "figures=kantor-2.name = Bobot Kota; kantor-2.staff.atasan = 50";
    let written = ["table=assessment", figures, "effective_from=2026-01-01", "--yes"];
    let basis = "legal_basis=Perwali 3/2026";
    office.run(&[&["add", "rules", basis][..], &written[..]].concat()).expect(0);
    office.run(&["add", "cycles", "name=Bernama", "weights=bobot kota"]).expect(0);
    let listed = office.run(&["list", "cycles"]).expect(0).out;
    assert!(listed.contains("Bobot Kota"), "{listed}");
    office.run(&["add", "cycles", "name=Salah", "weights=kantor-3"]).expect(1);
}

/// Also the names of types of training and ranks, the hours of a correction request, and how
/// few sheets are told of.
#[test]
fn names_hours_and_the_fewest_sheets_are_the_offices_too() {
    let office = staffed();
    let own = |table: &str, figures: &str| {
        let (table, figures) = (format!("table={table}"), format!("figures={figures}"));
        let since = ["effective_from=2026-01-01", "legal_basis=Perwali 4/2026", "--yes"];
        office.run(&[&["add", "rules", &table, &figures][..], &since[..]].concat())
    };
    own("training_types", "KL10.name = Bimtek  Kota").expect(0);
    own("grades", "III/a.name = Penata Muda Kota").expect(0);
    own("personal_data", "answer_hours = 48").expect(0);
    own("assessment", "minimum = 4").expect(0);
    for (table, figures, said) in [
        ("training_types", "KL10.name = Workshop/Lokakarya", "dipakai dua kali"),
        ("training_types", "KL99.name = Apa", "KL99.name"),
        ("grades", "III/a.name =", "III/a.name"),
        ("personal_data", "answer_hours = 0", "1–8760"),
        ("assessment", "minimum = 2", "minimum: 3–20"),
        ("assessment", "minimum = 9; most = 5", "most: 9–20"),
    ] {
        let refused = own(table, figures).expect(1);
        assert!(refused.err.contains(said), "{table} {figures}: {}", refused.err);
    }
    office.run(&["add", "programmes", "name=Coba", "type=KL10", "jp=10"]).expect(0);
    let listed = office.run(&["list", "programmes"]).expect(0).out;
    assert!(listed.contains("Bimtek Kota"), "{listed}");
    let person = "employee=199002012015121902";
    let asked = ["subject=Nama", "wanted=Nama lain", "received=2026-01-05T03:00:00Z"];
    office.run(&[&["add", "corrections", person][..], &asked[..]].concat()).expect(0);
    let due = office.run(&["list", "corrections", "--format", "json"]).expect(0).out;
    assert!(due.contains("2026-01-07"), "{due}");
    let cycle = |name: &str| {
        office.run(&["add", "cycles", &format!("name={name}")]).expect(0);
        let cycles = office.run(&["list", "cycles", "--format", "json"]).expect(0).json();
        let mut cycles = cycles.as_array().expect("cycles").iter();
        cycles.find(|cycle| cycle["name"] == name).expect("the cycle")["minimum"].clone()
    };
    assert_eq!(cycle("Pertama"), 4);
    let few = office.run(&["add", "cycles", "name=Sedikit", "most=3"]).expect(1);
    assert!(few.err.contains("4–20"), "{}", few.err);
    let rules = office.run(&["list", "rules", "--format", "json"]);
    assert!(rules.expect(0).out.contains("minimum = 4"));
}
