//! Imports with fixtures of our own: what comes in, what is refused, what stays out.

use std::fs;

use serde_json::json;

use super::office::{Office, STAFF, staffed};

#[test]
fn an_officer_sees_what_came_in_and_takes_it_back_with_one_undo() {
    let office = Office::new();
    let staff = office.file("staff.csv", STAFF);
    let report = office.import("employees", &staff).expect(0).json();
    assert_eq!(report["rows"], 3);
    assert_eq!(report["accepted"], 3);
    assert_eq!(report["added"], 3);
    assert_eq!(report["changed"], 0);
    assert_eq!(report["unchanged"], 0);
    assert_eq!(report["rejected"], json!([]));
    assert_eq!(report["seq"], 1);
    assert_eq!(report["ignored_columns"], json!(["NIK"]));
    office.run(&["undo"]).expect(0);
    let left = office.run(&["list", "employees", "--format", "json"]).expect(0).json();
    assert_eq!(left, json!([]));
    // What is built in is not undone.
    let competencies = office.run(&["list", "competencies", "--format", "json"]).json();
    assert_eq!(competencies.as_array().map(Vec::len), Some(9));
}

#[test]
fn the_same_file_again_changes_nothing_and_writes_nothing() {
    let office = staffed();
    let staff = office.file("staff.csv", STAFF);
    let before = office.journal_size();
    let report = office.import("employees", &staff).expect(0).json();
    assert_eq!(report["unchanged"], 3);
    assert_eq!(report["seq"], json!(null));
    assert_eq!(office.journal_size(), before);
}

#[test]
fn an_export_that_is_imported_again_changes_nothing() {
    let office = staffed();
    let before = office.journal_size();
    for format in ["csv", "xlsx"] {
        let path = office.path(&format!("export.{format}"));
        let file = path.to_str().unwrap();
        office.run(&["export", "employees", file]).expect(0);
        let report = office.import("employees", &path).expect(0).json();
        assert_eq!(report["unchanged"], 3, "{format}: {report}");
        assert_eq!(report["seq"], json!(null), "{format}");
    }
    let path = office.path("ratings-out.csv");
    office.run(&["export", "ratings", path.to_str().unwrap()]).expect(0);
    let report = office.import("ratings", &path).expect(0).json();
    assert_eq!(report["unchanged"], 3, "{report}");
    let path = office.path("competencies-out.csv");
    office.run(&["export", "competencies", path.to_str().unwrap()]).expect(0);
    let report = office.import("competencies", &path).expect(0).json();
    assert_eq!((&report["unchanged"], &report["seq"]), (&json!(9), &json!(null)), "{report}");
    assert_eq!(office.journal_size(), before);
}

#[test]
fn good_rows_are_saved_and_bad_ones_go_to_a_file_that_can_be_mended() {
    let office = Office::new();
    let broken = STAFF.replace("199002012015121902", "19900201201512190");
    let staff = office.file("staff.csv", broken);
    let rejects = office.path("rejects.csv");
    let said = office
        .run(&[
            "import",
            "employees",
            staff.to_str().unwrap(),
            "--json",
            "--rejects",
            rejects.to_str().unwrap(),
        ])
        .expect(3);
    let report = said.json();
    assert_eq!(report["accepted"], 2);
    assert_eq!(report["rejected"][0]["line"], 3);
    assert_eq!(report["rejected"][0]["column"], "NIP BARU");
    assert_eq!(report["rejected"][0]["reason"], "nip_length");
    let text = fs::read_to_string(&rejects).unwrap();
    assert!(text.contains("Budi Contoh") && text.contains("18 angka"), "{text}");
    assert!(!text.contains("9999000001100002"), "a NIK in the rejects: {text}");
    let mended = text.replace("'19900201201512190", "'199002012015121902");
    let mended = office.file("rejects.csv", mended);
    let report = office.import("employees", &mended).expect(0).json();
    assert_eq!(report["added"], 1);
}

#[test]
fn what_an_office_does_not_keep_stands_nowhere_in_its_folder() {
    let office = Office::new();
    let staff = office.file("staff.csv", STAFF.replace("'198001012005012901", "'1980"));
    office.import("employees", &staff).expect(3);
    for nik in ["9999000001100001", "9999000001100002", "9999000001100003"] {
        assert!(!office.holds(nik), "{nik} is stored");
    }
    // The scan does find what is kept.
    assert!(office.holds("Budi Contoh"));
}

#[test]
fn the_log_names_nobody() {
    let office = staffed();
    let log = fs::read_to_string(office.data().join("log/kompeten.log")).unwrap();
    assert!(log.contains("start"));
    for text in ["Contoh", "198001012005012901"] {
        assert!(!log.contains(text), "{text} in {log}");
    }
}

#[test]
fn a_dry_run_counts_and_saves_nothing() {
    let office = Office::new();
    let staff = office.file("staff.csv", STAFF);
    let file = staff.to_str().unwrap();
    let report = office.run(&["import", "employees", file, "--dry-run", "--json"]).expect(0).json();
    assert_eq!((&report["added"], &report["seq"]), (&json!(3), &json!(null)));
    let list = office.run(&["list", "employees", "--format", "json"]).expect(0).json();
    assert_eq!(list, json!([]));
}

#[test]
fn a_list_of_staff_without_nip_comes_in_by_mapping() {
    let office = Office::new();
    let staff = office.file("thl.csv", "Nomor,Orang\nTHL-01,Dewi Contoh\nTHL-02,Eko Contoh\n");
    let file = staff.to_str().unwrap();
    let args = ["--map", "local_number=Nomor", "--map", "name=Orang", "--json"];
    let report = office.run(&[&["import", "employees", file], &args[..]].concat()).expect(0).json();
    assert_eq!(report["added"], 2, "{report}");
    let list = office.run(&["list", "employees", "--format", "json"]).json();
    assert_eq!(list[0]["local_number"], "THL-01");
    assert_eq!(list[0]["nip"], json!(null));
    // A field there is not, and a column there is not, are wrong usage.
    office.run(&["import", "employees", file, "--map", "shoe=Nomor"]).expect(2);
    office.run(&["import", "employees", file, "--map", "name=Nama Orang"]).expect(2);
    office.run(&["import", "employees", file, "--map", "name"]).expect(2);
}

#[test]
fn a_file_that_cannot_be_read_is_named_and_nothing_is_lost() {
    let office = staffed();
    let before = office.journal_size();
    let cases: [(&str, &[u8], &str); 6] = [
        ("empty.csv", b"", "empty"),
        ("noise.bin", &[0, 159, 146, 150, 255, 0, 1, 2], "unknown_format"),
        ("no-header.csv", b"a,b\n1,2\n", "no_header"),
        ("half.xlsx", b"PK\x03\x04half", "broken"),
        ("quote.csv", b"nip,name\n1,\"Ayu\n2,Budi\n", "quote_open"),
        ("text.txt", b"<html><body>sign in</body></html>", "unknown_format"),
    ];
    for (name, content, code) in cases {
        let path = office.file(name, content);
        let said = office.import("employees", &path).expect(1);
        let report = said.json();
        assert_eq!(report["error"]["code"], code, "{name}: {report}");
        assert_eq!((&report["rows"], &report["seq"]), (&json!(0), &json!(null)), "{name}");
        assert!(said.err.contains(name), "{}", said.err);
    }
    let folder = office.path("data");
    let report = office.import("employees", &folder).expect(1).json();
    assert_eq!(report["error"]["code"], "not_a_regular_file");
    let report = office.import("employees", &office.path("absent.csv")).expect(1).json();
    assert_eq!(report["error"]["code"], "not_found");
    assert_eq!(office.journal_size(), before);
}

#[test]
fn a_file_whose_every_row_is_refused_fails_and_still_says_why() {
    let office = Office::new();
    let path = office.file("staff.csv", "nip,name\n123,Ayu Contoh\n456,Budi Contoh\n");
    let report = office.import("employees", &path).expect(1).json();
    assert_eq!((&report["rows"], &report["accepted"]), (&json!(2), &json!(0)));
    assert_eq!(report["rejected"][1]["reason"], "nip_length");
    assert_eq!(report["seq"], json!(null));
}

#[test]
fn an_officer_reads_a_calm_table() {
    let office = Office::new();
    let staff = office.file("staff.csv", STAFF.replace("'198001012005012901", "'1980"));
    let said = office.run(&["import", "employees", staff.to_str().unwrap()]).expect(3);
    assert!(said.out.contains("NIP BARU: NIP harus 18 angka\n    baris 2\n"), "{}", said.out);
    assert!(said.err.contains("kompeten undo 1"), "{}", said.err);
    for line in said.out.lines().filter(|line| !line.contains('/')) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn nobody_else_on_the_machine_can_read_a_file_or_enter_a_folder_of_the_office() {
    use std::os::unix::fs::PermissionsExt;
    fn open_to_others(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let mode = fs::metadata(&path).expect("there").permissions().mode();
            if mode & 0o077 != 0 {
                found.push(path.clone());
            }
            if path.is_dir() {
                open_to_others(&path, found);
            }
        }
    }
    let office = staffed();
    let mut found = Vec::new();
    open_to_others(&office.data(), &mut found);
    assert_eq!(found, [] as [std::path::PathBuf; 0]);
}

#[test]
fn a_list_without_a_nip_column_is_refused_once_with_what_may_be_it() {
    let office = Office::new();
    let staff = office.file(
        "staff.csv",
        "NO;Nomor Identitas;NAMA;NIP ATASAN\n1;198001012005012901;Ayu Contoh;198001012005012902\n",
    );
    let said = office.import("employees", &staff).expect(1);
    let report = said.json();
    assert_eq!(report["error"]["code"], "columns_missing");
    assert_eq!(report["rejected"], json!([]));
    let message = report["error"]["message"].as_str().unwrap();
    assert!(message.contains("Nomor Identitas") && message.contains("--map"), "{message}");
    assert!(!message.contains("Ayu"), "{message}");
    let args = ["import", "employees", staff.to_str().unwrap(), "--json", "--map"];
    let by_place = office.run(&[&args[..], &["nip=2"]].concat()).expect(0).json();
    assert_eq!(by_place["added"], 1);
    assert_eq!(by_place["ignored_columns"], json!(["NO", "NIP ATASAN"]));
}

#[test]
fn lists_without_headings_come_in_by_place_whatever_they_bring() {
    let office = Office::new();
    let import = |kind: &str, name: &str, text: &str, map: &[&str]| {
        let file = office.file(name, text);
        let mut args = vec!["import", kind, file.to_str().unwrap(), "--json"];
        args.extend(map.iter().flat_map(|pair| ["--map", pair]));
        office.run(&args).expect(0).json()
    };
    let staff = "1;198001012005012901;Ayu Contoh\n2;199002012015121902;Budi Contoh\n";
    assert_eq!(import("employees", "s.csv", staff, &["nip=2", "name=3"])["added"], 2);
    let ratings = "198001012005012901;M.1;2;atasan;2025-11-03\n";
    let map = ["nip=1", "competency=2", "level=3", "source=4", "date=5"];
    assert_eq!(import("ratings", "r.csv", ratings, &map)["added"], 1);
}

#[test]
fn of_staff_without_a_nip_the_way_in_is_said_and_the_reason_is_one_of_the_contract() {
    let office = Office::new();
    let staff = office
        .file("staff.csv", "NIP;NAMA;Nomor\n198001012005012901;Ayu Contoh;1\n;Budi Honorer;K-2\n");
    let report = office.import("employees", &staff).expect(3).json();
    assert_eq!(report["rejected"][0]["reason"], "nip_missing");
    let message = report["rejected"][0]["message"].as_str().unwrap();
    assert!(message.contains("--map local_number"), "{message}");
    let args = ["import", "employees", staff.to_str().unwrap(), "--json", "--map"];
    office.run(&[&args[..], &["local_number=Nomor"]].concat()).expect(0);
    // Somebody new without a column for names.
    let numbers = office.file("numbers.csv", "NIP;GOL\n199503012022211903;IX\n");
    let report = office.import("employees", &numbers).expect(1).json();
    assert_eq!(report["rejected"][0]["reason"], "name_missing");
}

#[test]
fn a_staff_list_as_offices_print_it_comes_in_whole() {
    let office = Office::new();
    let staff = office.file(
        "duk.csv",
        "DAFTAR URUT KEPANGKATAN;;;;;;\n\
         KECAMATAN CONTOH;;;;;;\n\
         NO;NAMA / NIP;PANGKAT;;JABATAN;;UNIT KERJA\n\
         ;;GOL;TMT;NAMA;TMT;\n\
         1;2;3;4;5;6;7\n\
         SEKRETARIAT;;;;;;\n\
         1;\"Ayu Contoh, S.E.\";Penata Tk. I III/d;01-04-2020;Sekretaris Camat;TMT 02–01–2021;Kecamatan Contoh\n\
         ;NIP. 19800101 200501 2 901;;;;;\n\
         2;\"Budi Contoh\nContoh, 01-02-1990\nNIP. 199002012015121902\nKarpeg. N 123456\";II/c;#N/A;Pengadministrasi;0000-00-00;#REF!\n\
         JUMLAH;2 orang;;;;;\n\
         ;;;;\"Contoh, 2 Januari 2026\";;\n\
         ;;;;Camat;;\n\
         ;;;;Drs. Contoh;;\n\
         ;;;;NIP. 197001011995011901;;\n",
    );
    let report = office.import("employees", &staff).expect(0).json();
    assert_eq!((&report["rows"], &report["accepted"]), (&json!(2), &json!(2)), "{report}");
    assert_eq!(report["warnings"][0]["reason"], "unit_missing", "{report}");
    let list = office.run(&["list", "employees", "--format", "json"]).expect(0).json();
    let field = |name: &str| -> Vec<String> {
        let rows = list.as_array().unwrap().iter();
        rows.map(|row| row[name].as_str().unwrap_or_default().to_string()).collect()
    };
    assert_eq!(field("name"), ["Ayu Contoh, S.E.", "Budi Contoh"]);
    assert_eq!(field("grade"), ["III/d", "II/c"]);
    assert_eq!(field("position"), ["Sekretaris Camat", "Pengadministrasi"]);
    assert!(!office.holds("Karpeg") && !office.holds("197001011995011901"));
}

#[test]
fn rows_of_one_training_come_in_as_one_session_however_they_are_written() {
    const HEAD: &str = "NIP;Nama Kegiatan;Kode Pengembangan;Tanggal Mulai;Tanggal Selesai;Penyelenggara;Jumlah JP\n";
    let office = staffed();
    let ledger = format!(
        "{HEAD}198001012005012901;Bimtek Adminduk - Angkatan 1;KL10;04-05-2026;05-05-2026;BKPSDM Kota;10\n\
         199002012015121902;BIMTEK  Adminduk – Angkatan 1;kl 10;4 Mei 2026;2026-05-05;bkpsdm  kota;10\n\
         199503012022211903;Bimtek Adminduk-Angkatan 1;KL10;04/05/2026;5 Mei 2026;BKPSDM Kota.;8\n\
         198001012005012901;Bimtek Adminduk - Angkatan 2;KL10;04-05-2026;05-05-2026;BKPSDM Kota;10\n"
    );
    let file = office.file("jp.csv", ledger);
    let report = office.import("trainings", &file).expect(0).json();
    assert_eq!(report["added"], 4, "{report}");
    assert_eq!(report["gathered"], json!({ "rows": 3, "sessions": 1 }));
    let count = |kind| {
        let rows = office.run(&["list", kind, "--format", "json"]).expect(0).json();
        rows.as_array().map(Vec::len)
    };
    assert_eq!(
        (count("programmes"), count("sessions"), count("enrolments")),
        (Some(2), Some(2), Some(4))
    );
    let again = office.import("trainings", &file).expect(0).json();
    assert_eq!((&again["unchanged"], &again["seq"]), (&json!(4), &json!(null)));
}

#[test]
fn a_ledger_whose_rows_stand_one_by_one_already_doubles_nobody() {
    let office = staffed();
    office.run(&["add", "programmes", "name=Bimtek - Adminduk", "type=KL10"]).expect(0);
    let programme = office.run(&["add", "programmes", "name=Bimtek – Adminduk", "type=KL10"]);
    programme.expect(0);
    for (number, nip) in [(1000, "198001012005012901"), (1001, "199002012015121902")] {
        let programme = format!("programme={number}");
        let days = ["start=2026-05-04", "end=2026-05-05", "provider=BKPSDM"];
        office.run(&[&["add", "sessions", &programme][..], &days].concat()).expect(0);
        let (session, person) = (format!("session={number}"), format!("employee={nip}"));
        office.run(&["add", "enrolments", &session, &person, "jp=10"]).expect(0);
    }
    let file = office.file(
        "jp.csv",
        "NIP;Nama Kegiatan;Kode Pengembangan;Tanggal Mulai;Tanggal Selesai;Penyelenggara;JP\n\
         198001012005012901;Bimtek Adminduk;KL10;04-05-2026;05-05-2026;BKPSDM;10\n\
         199002012015121902;Bimtek Adminduk;KL10;04-05-2026;05-05-2026;BKPSDM;10\n\
         199503012022211903;Bimtek Adminduk;KL10;04-05-2026;05-05-2026;BKPSDM;10\n",
    );
    let report = office.import("trainings", &file).expect(0).json();
    assert_eq!((&report["added"], &report["unchanged"]), (&json!(1), &json!(2)), "{report}");
    let again = office.import("trainings", &file).expect(0).json();
    assert_eq!((&again["unchanged"], &again["seq"]), (&json!(3), &json!(null)));
}

#[test]
fn a_type_of_training_in_words_and_a_certificate_for_life_are_read() {
    let office = staffed();
    let ledger = office.file(
        "diklat.csv",
        "NIP;NAMA PELATIHAN;TANGGAL MULAI;TANGGAL SELESAI;JP;JENIS\n\
         198001012005012901;Arsip;5/1/2026;6/1/2026;8;Bimtek\n\
         198001012005012901;Pelayanan;7/1/2026;8/1/2026;8;Rapat\n",
    );
    let report = office.import("trainings", &ledger).expect(3).json();
    assert_eq!(report["rejected"][0]["line"], 3, "{report}");
    let sessions = office.run(&["list", "sessions", "--format", "json"]).expect(0).json();
    assert_eq!(sessions[0]["type"], "KL10", "{sessions}");
    let list = office.file(
        "sertifikat.csv",
        "NIP;NAMA SERTIFIKAT;BERLAKU SAMPAI\n198001012005012901;PBJ;Seumur Hidup\n",
    );
    office.import("certificates", &list).expect(0);
    let kept = office.run(&["list", "certificates", "--format", "json"]).expect(0).json();
    assert_eq!(kept[0]["valid_until"], serde_json::Value::Null, "{kept}");
}
