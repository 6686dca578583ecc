//! Performance, potential and sanctions end to end: they come in from lists, and the nine
//! boxes and the index of professionalism follow from them.

use serde_json::Value as Json;

use super::office::{Office, STAFF};
use super::sample::{expected, sample};

const SKP: &str = "\
nipBaru;tahun;hasilKinerja;hasilKinerjaNilai;perilakuKerja;PerilakuKerjaNilai;kuadranKinerja;KuadranKinerjaNilai;statusPenilai\n\
'198001012005012901;2025;DIATAS ESPEKTASI;1;Di Atas Ekspektasi;1;SANGAT BAIK;1;ASN\n\
'199002012015121902;2025;SESUAI EKSPEKTASI;2;SESUAI ESPEKTASI;2;SANGAT BAIK;1;ASN\n\
'199002012015121902;2025;SESUAI EKSPEKTASI;2;SESUAI ESPEKTASI;2;Baik;2;ASN\n\
'199503012022211903;2025;LUAR BIASA;9;SESUAI ESPEKTASI;2;ISTIMEWA;9;ASN\n\
'197001012005012999;2025;SESUAI ESPEKTASI;2;SESUAI ESPEKTASI;2;BAIK;2;ASN\n";

const POTENTIAL: &str = "\
NIP;Nilai Potensi;Tanggal;Asesor\n\
198001012005012901;81;10-03-2026;BKN\n\
199002012015121902;59;10-03-2026;BKN\n\
199503012022211903;120;10-03-2026;BKN\n\
199503012022211903;77,555;10-03-2026;BKN\n\
199503012022211903;77,5;10-03-2026;BKN\n";

const SANCTIONS: &str = "\
NIP;Tingkat Hukuman;Jenis Hukuman;TMT Hukuman;Nomor SK\n\
199002012015121902;S;Penundaan kenaikan pangkat;01-02-2024;SK-1\n";

fn rejected(report: &Json) -> Vec<(u64, &str)> {
    let rows = report["rejected"].as_array().expect("rows");
    let said = |row: &'_ Json| row["line"].as_u64().expect("a line");
    rows.iter().map(|row| (said(row), row["reason"].as_str().expect("a reason"))).collect()
}

fn rows(office: &Office, report: &[&str]) -> Vec<Json> {
    let args = [&["report"], report, &["--format", "json"]].concat();
    office.run(&args).expect(0).json()["rows"].as_array().expect("rows").clone()
}

fn list(office: &Office, kind: &str) -> Vec<Json> {
    let said = office.run(&["list", kind, "--format", "json"]).expect(0).json();
    said["rows"].as_array().or(said.as_array()).expect("rows").clone()
}

#[test]
fn a_years_performance_and_potential_make_boxes_and_the_index() {
    let office = Office::new();
    office.import("employees", &office.file("pegawai.csv", STAFF)).expect(0);
    let skp = office.file("skp.csv", SKP);
    let report = office.import("performance", &skp).expect(3).json();
    assert_eq!((report["added"].clone(), report["rows"].clone()), (2.into(), 5.into()));
    assert_eq!(
        rejected(&report),
        [(4, "duplicate_year"), (5, "predicate_unknown"), (6, "employee_unknown")]
    );
    let warned = &report["warnings"][0];
    assert_eq!(
        (warned["line"].as_u64(), warned["reason"].as_str()),
        (Some(3), Some("predicate_contradicts_grid"))
    );
    let potential = office.file("potensi.csv", POTENTIAL);
    let report = office.import("potential", &potential).expect(3).json();
    assert_eq!(rejected(&report), [(4, "out_of_range"), (5, "not_a_number")]);
    let kept = list(&office, "potentials");
    let exact = kept.iter().find(|row| row["score"] == 77.5);
    assert!(exact.is_some(), "decimals stay as they were written: {kept:?}");
    office.import("discipline", &office.file("hukdis.csv", SANCTIONS)).expect(0);

    let boxes = rows(&office, &["ninebox"]);
    let told: Vec<_> = boxes.iter().map(|row| (&row["name"], &row["box"])).collect();
    assert_eq!(told[0].1, &Json::from(9), "{told:?}");
    assert_eq!(told[1].1, &Json::from(4), "{told:?}");
    assert_eq!(told[2].1, &Json::Null, "whoever lacks a figure is in no box");
    let other = rows(&office, &["ninebox", "--set", "90-78"]);
    assert_eq!(other[0]["box"], Json::from(7), "by another agency's cut-offs");

    let index = rows(&office, &["ipasn"]);
    assert_eq!(index[0]["kinerja"], Json::from(30.0));
    assert_eq!(index[0]["disiplin"], Json::from(5.0));
    assert_eq!(index[1]["disiplin"], Json::from(2.0));
    assert_eq!(index[0]["category"], Json::Null, "no education, no category");
    office.run(&["undo"]).expect(0);
    assert_eq!(rows(&office, &["ipasn"])[1]["disiplin"], Json::from(5.0));
}

const TWO_YEARS: &str = "\
NIP;Tahun;Hasil Kerja;Perilaku;Predikat\n\
198001012005012901;2024;sesuai ekspektasi;sesuai ekspektasi;baik\n\
198001012005012901;2025;di atas ekspektasi;di atas ekspektasi;sangat baik\n\
199002012015121902;2024;sesuai ekspektasi;sesuai ekspektasi;baik\n\
199002012015121902;2025;sesuai ekspektasi;sesuai ekspektasi;baik\n";

const TWO_POTENTIALS: &str = "\
NIP;Nilai Potensi;Tanggal;Asesor\n\
198001012005012901;65;10-03-2025;BKN\n\
198001012005012901;81;10-03-2026;BKN\n\
199002012015121902;85;10-03-2025;BKN\n\
199002012015121902;59;10-03-2026;BKN\n";

#[test]
fn where_people_were_a_year_before_stands_beside_where_they_are_and_moves_are_counted() {
    let office = Office::new();
    office.import("employees", &office.file("pegawai.csv", STAFF)).expect(0);
    office.import("performance", &office.file("skp.csv", TWO_YEARS)).expect(0);
    office.import("potential", &office.file("potensi.csv", TWO_POTENTIALS)).expect(0);

    let at = ["--at", "2026-06-01"];
    let boxes = rows(&office, &[&["ninebox"][..], &at].concat());
    let told: Vec<_> =
        boxes.iter().map(|row| (&row["box_before"], &row["box"], &row["moved"])).collect();
    assert_eq!(told[0], (&5.into(), &9.into(), &"up".into()), "{boxes:?}");
    assert_eq!(told[1], (&8.into(), &2.into(), &"down".into()));
    assert_eq!(told[2], (&Json::Null, &Json::Null, &Json::Null), "in no box, on neither day");
    // A year nobody assessed says nothing, and is no lower box.
    let back = rows(&office, &[&["ninebox", "--back", "2"][..], &at].concat());
    assert_eq!((&back[0]["box_before"], &back[0]["moved"]), (&Json::Null, &Json::Null));

    let moves = rows(&office, &[&["ninebox-moves"][..], &at].concat());
    assert_eq!(moves.len(), 10, "nine boxes and none");
    let from = |code: &str| moves.iter().find(|row| row["box_before"] == code).expect(code);
    assert_eq!((&from("box_5")["to_9"], &from("box_5")["people"]), (&1.into(), &1.into()));
    assert_eq!(from("box_8")["to_2"], Json::from(1));
    assert_eq!(from("none")["to_none"], Json::from(1));
    // The people behind a figure.
    let fell = rows(&office, &[&["ninebox", "--was", "8", "--now", "2"][..], &at].concat());
    assert_eq!((fell.len(), &fell[0]["nip"]), (1, &boxes[1]["nip"]));
    let nowhere = rows(&office, &[&["ninebox", "--now", "none"][..], &at].concat());
    assert_eq!((nowhere.len(), &nowhere[0]["nip"]), (1, &boxes[2]["nip"]));
    let all: i64 = moves.iter().filter_map(|row| row["people"].as_i64()).sum();
    assert_eq!(all, 3, "everybody once");
    for format in ["csv", "text", "json"] {
        let args = ["report", "ninebox-moves", "--at", "2026-06-01", "--format", format];
        assert!(!office.run(&args).expect(0).out.is_empty(), "{format}");
    }
    office.run(&["report", "ninebox-moves", "--back", "11"]).expect(2);
}

/// However a spreadsheet writes it: with a mark in front, other ends of lines, another
/// separator, headings in capitals or with blanks, a decimal behind a code, doubled blanks.
#[test]
fn the_sample_of_performance_comes_in_as_expected_however_it_is_spelt() {
    let Some(staff) = sample("siasn_kecamatan_plaju.csv") else { return };
    let Some(skp) = sample("performance_plaju_2025.csv") else { return };
    let want = expected(&skp);
    let text = std::fs::read_to_string(&skp).expect("a file");
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let (head, body) = text.split_once('\n').expect("headings");
    let spelt = [
        text.clone(),
        format!("\u{feff}{text}"),
        text.replace('\n', "\r\n"),
        text.replace(';', "\t"),
        format!("{}\n{body}", head.to_uppercase()),
        format!("{}\n{body}", head.replace("Kinerja", " Kinerja")),
        format!("{head}\n{}", body.replace(";2;", ";2,0;")),
        format!("{head}\n{}", body.replace(' ', "  ")),
    ];
    for (at, text) in spelt.iter().enumerate() {
        let office = Office::new();
        office.import("employees", &staff).expect(3);
        let report = office.import("performance", &office.file("skp.csv", text)).expect(3).json();
        let counts = (&report["rows"], &report["accepted"]);
        assert_eq!(counts, (&want["rows"], &want["accepted"]), "{at}: {report}");
        for (line, reason) in rejected(&report) {
            assert_eq!(want["rejected"][line.to_string()], reason, "{at}");
        }
        let warned = &report["warnings"][0];
        assert_eq!(want["warnings"][warned["line"].to_string()], warned["reason"], "{at}");
    }
}

const STANDARDS: &str = "\
kode_jabatan;jabatan;jenjang;kode_kompetensi;kompetensi;jenis;level;bobot;dasar_hukum;berlaku_mulai\n\
JA-01;Camat;administrator;M.1;Integritas;manajerial;4;1;Contoh kantor;2026-01-01\n\
JA-01;Camat;administrator;M.1;Integritas;manajerial;5;1;Contoh kantor;2099-01-01\n\
JA-01;Camat;administrator;M.2;Kerja Sama;manajerial;6;1;Contoh kantor;2026-01-01\n\
JA-02;Analis Baru;;X.99;Tidak ada;teknis;3;1;Contoh kantor;2026-01-01\n\
;;pengawas;M.3;Komunikasi;manajerial;3;1;Contoh kantor;2026-01-01\n";

#[test]
fn standards_come_in_for_posts_and_job_levels_and_one_undo_takes_them_back() {
    let office = Office::new();
    let before = list(&office, "standards").len();
    let report =
        office.import("standards", &office.file("standar.csv", STANDARDS)).expect(3).json();
    assert_eq!(rejected(&report), [(4, "level_out_of_range"), (5, "competency_unknown")]);
    assert_eq!(report["added"], Json::from(3));
    let posts = list(&office, "positions");
    assert_eq!(posts.len(), 1, "the post is made once: {posts:?}");
    assert_eq!(posts[0]["title"], "Camat");
    assert_eq!(list(&office, "standards").len(), before + 3);
    office.run(&["undo"]).expect(0);
    assert_eq!(list(&office, "standards").len(), before);
    assert_eq!(list(&office, "positions").len(), 0);
}

#[test]
fn before_a_standard_is_saved_it_is_said_who_moves_between_categories() {
    let office = Office::new();
    let people =
        "NIP;Nama;Jabatan;Unit Kerja\n199002012015121902;Budi Contoh;Camat;Kecamatan Plaju\n";
    office.import("employees", &office.file("pegawai.csv", people)).expect(0);
    office.run(&["edit", "positions", "Camat", "job_level=administrator"]).expect(0);
    let rating = ["employee=199002012015121902", "competency=M.1", "level=3", "source=asesor"];
    office.run(&[&["add", "ratings"], &rating[..], &["date=2026-03-02"]].concat()).expect(0);
    let before = list(&office, "standards").len();

    let row = ["job_level=administrator", "competency=M.1", "level=4", "effective_from=2026-06-01"];
    let harder = [&["add", "standards"], &row[..]].concat();
    let asked = office.run(&harder).expect(2);
    for said in
        ["1 pegawai menjadi di bawah", "Optimal -> Kurang optimal: 1 (Budi Contoh)", "--yes"]
    {
        assert!(asked.err.contains(said), "{said}: {}", asked.err);
    }
    assert_eq!(list(&office, "standards").len(), before);
    let file = office.file("standar.csv", STANDARDS);
    let file = file.to_str().expect("a path");
    let dry = office.run(&["import", "standards", file, "--dry-run", "--json"]).expect(3).json();
    // As of the day from which the last of the rows is in force.
    assert_eq!(dry["moves"]["at"], "2099-01-01");
    let way = &dry["moves"]["categories"][0];
    assert_eq!((&way["from"], &way["to"]), (&Json::from("O"), &Json::from("KO")));
    assert_eq!(way["people"][0]["name"], "Budi Contoh");
    let told = office.run(&["import", "standards", file, "--dry-run"]).expect(3);
    assert!(told.out.contains("Optimal -> Kurang optimal: 1 (Budi Contoh)"), "{}", told.out);

    let saved = office.run(&[&harder[..], &["--yes"]].concat()).expect(0);
    assert!(saved.err.contains("Budi Contoh"), "{}", saved.err);
    let number = saved.out.trim().rsplit('/').next().expect("a number").to_string();
    let asked = office.run(&["delete", "standards", &number]).expect(2);
    assert!(asked.err.contains("Kurang optimal -> Optimal: 1 (Budi Contoh)"), "{}", asked.err);
    // Nobody moves: nothing is asked.
    let other = ["job_level=jf_mahir", "competency=M.2", "level=5", "effective_from=2026-06-01"];
    office.run(&[&["add", "standards"], &other[..]].concat()).expect(0);

    let before = list(&office, "standards").len();
    let asked = office.run(&["import", "standards", file]).expect(2);
    for said in ["1 (Budi Contoh)", "2099", "--yes"] {
        assert!(asked.err.contains(said), "{said}: {}", asked.err);
    }
    assert_eq!(list(&office, "standards").len(), before, "nothing of it is saved");
    let saved = office.run(&["import", "standards", file, "--yes", "--json"]).expect(3).json();
    assert_eq!(saved["moves"]["categories"][0]["people"][0]["name"], "Budi Contoh");
    assert_eq!(list(&office, "standards").len(), before + 3);
    for undo in [vec!["undo"], vec!["undo", saved["seq"].to_string().leak()]] {
        let asked = office.run(&undo).expect(2);
        assert!(asked.err.contains("1 (Budi Contoh)"), "{}", asked.err);
    }
    assert_eq!(list(&office, "standards").len(), before + 3);
    let undone = office.run(&["undo", "--yes"]).expect(0);
    assert!(undone.err.contains("1 (Budi Contoh)"), "{}", undone.err);
    assert_eq!(list(&office, "standards").len(), before);
    let rule = ["table=categories", "figures=filling.MS = 75", "legal_basis=Perwali 1/2026"];
    let bands = [&["add", "rules"], &rule[..]].concat();
    let asked = office.run(&bands).expect(2);
    assert!(asked.err.contains("1 (Budi Contoh)"), "{}", asked.err);
    office.run(&[&bands[..], &["--yes"]].concat()).expect(0);
    let list = office.file("aturan.csv", "Tabel;Angka;Dasar hukum\npensiun;usual = 59;Perwali\n");
    office.run(&["import", "rules", list.to_str().expect("a path")]).expect(0);
    let people = office.file("pegawai.csv", people);
    office.run(&["import", "employees", people.to_str().expect("a path"), "--yes"]).expect(2);
}

#[test]
fn awards_count_in_the_formula_of_simata_where_they_are_scored() {
    let office = Office::new();
    office.import("employees", &office.file("pegawai.csv", STAFF)).expect(0);
    let skp = "NIP;Tahun;Predikat;Nilai Penghargaan\n\
               198001012005012901;2025;Baik;50\n\
               199002012015121902;2025;Baik;\n\
               199503012022211903;2025;Baik;101\n";
    let report = office.import("performance", &office.file("skp.csv", skp)).expect(3).json();
    assert_eq!(rejected(&report), [(4, "out_of_range")]);
    let boxes = rows(&office, &["ninebox", "--set", "simata"]);
    let points = |at: usize| boxes[at]["performance_points"].as_f64();
    assert_eq!(
        (points(0), points(1)),
        (Some(68.0), Some(80.0)),
        "what is not scored is not nought"
    );
    assert_eq!(rows(&office, &["ninebox"])[0]["performance_points"].as_f64(), Some(80.0));
}
