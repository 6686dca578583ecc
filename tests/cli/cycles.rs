//! An assessment cycle end to end on the command line: raters, sheets on paper and back from a
//! file, ticks apart from them, reminders, fairness, closing, results.

use serde_json::Value as Json;

use super::office::{Office, STAFF};

fn json(office: &Office, args: &[&str]) -> Json {
    office.run(args).expect(0).json()
}

/// The codes of the sheets in printed pages, each with the line that says as whom.
fn codes(pages: &str) -> Vec<(String, String)> {
    let mut codes = Vec::new();
    for page in pages.split('\u{c}') {
        let line = |word: &str| page.lines().find(|line| line.contains(word)).unwrap_or_default();
        let code = line("Kode:").rsplit(' ').next().unwrap_or_default().to_string();
        codes.push((code, line("Anda sebagai").to_string()));
    }
    codes
}

#[test]
fn a_cycle_goes_from_its_raters_to_its_results() {
    let office = Office::new();
    office.import("employees", &office.file("pegawai.csv", STAFF)).expect(0);
    let people = json(&office, &["list", "employees", "--format", "json"]);
    let nip = |at: usize| people[at]["nip"].as_str().expect("a NIP").to_string();
    office.run(&["add", "cycles", "name=Periode 2026", "competencies=M.1, M.2"]).expect(0);
    let refused = office.run(&["cycle", "make", "Periode 2026"]).expect(1);
    assert!(refused.err.contains("belum punya penilai"), "{}", refused.err);
    for (rater, group) in [(0, "diri"), (1, "atasan"), (2, "rekan")] {
        let fields = [
            format!("employee={}", nip(0)),
            "cycle=Periode 2026".to_string(),
            format!("rater={}", nip(rater)),
            format!("group={group}"),
        ];
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        office.run(&[&["add", "raters"], &fields[..]].concat()).expect(0);
    }
    office.run(&["cycle", "make", "Periode 2026"]).expect(0);
    let pages = office.run(&["cycle", "sheets", "Periode 2026"]).expect(0).out;
    assert!(pages.lines().all(|line| line.chars().count() <= 80), "{pages}");
    let sheets = codes(&pages);
    assert_eq!(sheets.len(), 3, "{pages}");
    let book = office.path("lembar.xlsx");
    let path = book.to_str().expect("a path");
    office.run(&["cycle", "sheets", "Periode 2026", "--out", path]).expect(0);
    assert!(book.exists());

    // One sheet is keyed twice, one is unknown, one has a 6: the others are saved.
    let head = "Kode;M.1 Integritas;M.2".to_string();
    let good = sheets.iter().map(|(code, _)| format!("{code};3;4"));
    let wrong = [(&*sheets[0].0, "5;5"), ("ZZZZZZ", "3;3"), (&*sheets[1].0, "6;3")];
    let wrong = wrong.map(|(code, levels)| format!("{code};{levels}"));
    let rows: Vec<String> = [head].into_iter().chain(good).chain(wrong).collect();
    let file = office.file("isi.csv", rows.join("\n"));
    let file = file.to_str().expect("a path");
    let report = office.run(&["cycle", "key", "Periode 2026", file, "--json"]).expect(3).json();
    let reasons: Vec<_> = report["rejected"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["line"].as_u64(), row["reason"].as_str()))
        .collect();
    assert_eq!(report["accepted"], Json::from(3), "{report}");
    assert_eq!(
        reasons,
        [
            (Some(5), Some("sheet_keyed")),
            (Some(6), Some("sheet_unknown")),
            (Some(7), Some("level_range"))
        ]
    );
    let again = office.run(&["cycle", "key", "Periode 2026", file]).expect(1);
    assert!(again.err.contains("sudah diisi"), "{}", again.err);

    // Who has answered is ticked apart.
    let waiting = json(&office, &["cycle", "remind", "Periode 2026", "--format", "json"]);
    assert_eq!(waiting.as_array().expect("rows").len(), 3);
    office.run(&["cycle", "tick", "Periode 2026", &nip(0), &nip(1)]).expect(0);
    let waiting = json(&office, &["cycle", "remind", "Periode 2026", "--format", "json"]);
    assert_eq!(waiting.as_array().expect("rows").len(), 2);
    let nobody = office.run(&["cycle", "tick", "Periode 2026", "199901012022011999", &nip(1)]);
    nobody.expect(1);
    let shown = json(&office, &["cycle", "show", "Periode 2026", "--format", "json"]);
    let unit = &shown["units"][0];
    assert_eq!((unit["sheets"].as_u64(), unit["keyed"].as_u64()), (Some(3), Some(3)), "{shown}");
    assert_eq!(unit["returned"], Json::from(1));

    let report = |id: &str| {
        let args = ["report", id, "--cycle", "Periode 2026", "--format", "json"];
        json(&office, &args)["rows"].as_array().expect("rows").clone()
    };
    assert!(report("fairness").is_empty(), "nothing before keying has ended");
    office.run(&["cycle", "collect", "Periode 2026"]).expect(0);
    // One peer is too few to be told of, and the superior has nobody to be compared with.
    let told: Vec<_> = report("fairness").iter().map(|row| row["group"].clone()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(!told.contains(&Json::from("rekan")), "{told:?}");
    office.run(&["cycle", "close", "Periode 2026"]).expect(0);
    let rows = report("cycle");
    let results: Vec<_> = rows.iter().map(|row| (&row["result"], &row["peer"])).collect();
    assert_eq!(results, [(&Json::from(3.0), &Json::Null), (&Json::from(4.0), &Json::Null)]);
    let ratings = json(&office, &["list", "ratings", "--format", "json"]);
    let rating = &ratings[0];
    assert_eq!((&rating["source"], &rating["method"]), (&"periode".into(), &"360".into()));

    // What a sheet says is in no list, export or history.
    for args in [
        &["list", "sheets"][..],
        &["export", "sheets", "-", "--format", "csv"],
        &["show", "sheets", "1000"],
    ] {
        assert_eq!(office.run(args).code, 1, "{args:?}");
    }
    let history = office.run(&["history", "--format", "json"]).expect(0).out;
    assert!(sheets.iter().all(|(code, _)| !history.contains(code)), "{history}");
    // Keying goes on no more, whatever is taken back.
    office.run(&["undo"]).expect(0);
    office.run(&["undo"]).expect(0);
    let late = office.run(&["undo"]);
    let said = format!("{}{}", late.err, late.out);
    assert!(late.code == 0 || said.contains("pernah dihitung"), "{said}");
}

#[test]
fn a_cycle_covers_several_units_named_with_semicolons() {
    let office = Office::new();
    office.import("employees", &office.file("pegawai.csv", STAFF)).expect(0);
    for name in ["Kelurahan Satu", "Kelurahan Dua"] {
        office.run(&["add", "units", &format!("name={name}")]).expect(0);
    }
    let two = "unit=Kelurahan Satu; Kelurahan Dua;";
    office.run(&["add", "cycles", "name=Periode 2026", two]).expect(0);
    let listed = json(&office, &["list", "cycles", "--format", "json"]);
    assert_eq!(listed[0]["unit"], "Kelurahan Satu; Kelurahan Dua");
    let shown = office.run(&["show", "cycles", "Periode 2026"]).expect(0).out;
    assert!(shown.contains("Kelurahan Satu; Kelurahan Dua"), "{shown}");
    let wrong = ["edit", "cycles", "Periode 2026", "unit=Kelurahan Satu; Kelurahan Sepuluh"];
    let refused = office.run(&wrong).expect(1);
    assert!(refused.err.contains("unit ("), "{}", refused.err);
    office.run(&["edit", "cycles", "Periode 2026", "unit=Kelurahan Dua"]).expect(0);
    let rows =
        office.file("periode.jsonl", r#"{"name":"B","unit":["Kelurahan Dua","Kelurahan Satu"]}"#);
    office.run(&["add", "cycles", "--from", rows.to_str().expect("a path")]).expect(0);
    let listed = json(&office, &["list", "cycles", "--format", "json"]);
    let units: Vec<&Json> =
        listed.as_array().expect("rows").iter().map(|row| &row["unit"]).collect();
    assert!(units.contains(&&Json::from("Kelurahan Dua; Kelurahan Satu")), "{units:?}");
    let kinds = json(&office, &["kinds", "cycles", "--format", "json"]);
    let fields = kinds["fields"].as_array().expect("fields");
    let unit = fields.iter().find(|field| field["name"] == "unit").expect("a field");
    assert_eq!((&unit["shape"], &unit["most"]), (&Json::from("references"), &Json::from(100)));
}

#[test]
fn raters_come_in_from_the_list_the_office_has_written_and_bad_rows_are_named() {
    let office = Office::new();
    office.import("employees", &office.file("pegawai.csv", STAFF)).expect(0);
    let people = json(&office, &["list", "employees", "--format", "json"]);
    let nip = |at: usize| people[at]["nip"].as_str().expect("a NIP").to_string();
    let name = people[1]["name"].as_str().expect("a name");
    office.run(&["add", "cycles", "name=Periode 2026", "competencies=M.1, M.2"]).expect(0);
    let list = format!(
        "NIP;Periode;Hubungan;NIP Penilai;Penilai\n\
         {0};Periode 2026;atasan;{1};\n\
         {1};Periode 2026;diri;;{name}\n\
         {0};Periode 2026;rekan;199001012015011999;\n\
         {0};Periode 2099;rekan;{1};\n\
         {0};Periode 2026;saudara;{1};\n\
         {0};Periode 2026;rekan;{0};\n",
        nip(0),
        nip(1)
    );
    let report = office.import("raters", &office.file("penilai.csv", list)).expect(3).json();
    assert_eq!(report["added"], 2, "{report}");
    let rejected = report["rejected"].as_array().expect("rows");
    let named: Vec<_> =
        rejected.iter().map(|row| (row["line"].clone(), row["column"].as_str())).collect();
    let columns = ["Penilai", "Periode", "Hubungan", "Hubungan"];
    let expected: Vec<_> = (4..8).zip(columns).map(|(line, at)| (line.into(), Some(at))).collect();
    assert_eq!(named, expected, "{report}");
    let raters = json(&office, &["list", "raters", "--format", "json"]);
    let out = office.path("penilai-keluar.csv");
    office.run(&["export", "raters", out.to_str().expect("a path")]).expect(0);
    let written = std::fs::read_to_string(&out).expect("a list");
    assert!(written.contains(&nip(1)) && written.contains(name), "{written}");
    let again = office.import("raters", &out).expect(0).json();
    assert_eq!(
        (again["unchanged"].clone(), again["added"].clone()),
        (2.into(), 0.into()),
        "{again}"
    );
    // A sheet comes back while the list is worked on elsewhere.
    let rater = raters[0]["id"].as_str().expect("an id");
    office.run(&["edit", "raters", rater, "returned=2026-03-02"]).expect(0);
    let again = office.import("raters", &out).expect(0).json();
    assert_eq!((&again["unchanged"], &again["changed"]), (&2.into(), &0.into()), "{again}");
    let group = office.run(&["edit", "raters", rater, "group=rekan"]);
    assert!(group.expect(1).err.contains("lembar ini sudah diisi"));
    office.run(&["edit", "raters", rater, "returned="]).expect(0);
    let book = office.path("penilai.xlsx");
    office.run(&["export", "raters", book.to_str().expect("a path")]).expect(0);
    let again = office.import("raters", &book).expect(0).json();
    assert_eq!(again["unchanged"], 2, "{again}");
    assert_eq!(json(&office, &["list", "raters", "--format", "json"]), raters);
}
