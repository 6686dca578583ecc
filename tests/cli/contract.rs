//! Lists, matrix, history, undo, settings, exit codes and languages.

use std::io::Read;
use std::process::Stdio;

use serde_json::json;

use super::office::{Office, STAFF, staffed};

#[test]
fn an_absent_office_is_an_empty_one() {
    let office = Office::new();
    let said = office.run(&["list", "employees", "--format", "json"]).expect(0);
    assert_eq!(said.out, "[]\n");
    office.run(&["verify"]).expect(0);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(office.data()).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_list_has_the_shape_scripts_rely_on() {
    let office = staffed();
    let list = office.run(&["list", "employees", "--format", "json"]).expect(0).json();
    let ayu = &list[0];
    for key in [
        "nip",
        "name",
        "front_title",
        "back_title",
        "kind",
        "grade",
        "position",
        "job_level",
        "unit",
        "birth_date",
        "sex",
        "education",
        "status",
        "jp",
    ] {
        assert!(ayu.get(key).is_some(), "{key} of {ayu}");
    }
    assert_eq!(ayu["nip"], "198001012005012901");
    assert_eq!(ayu["grade"], "III/c");
    assert_eq!(ayu["kind"], "PNS");
    assert_eq!(ayu["job_level"], "pengawas");
    assert_eq!(ayu["birth_date"], "1980-01-01");
    assert_eq!(ayu["sex"], "P");
    assert_eq!(ayu["jp"], json!({}));
    assert_eq!(list[2]["kind"], "PPPK");
}

#[test]
fn a_list_is_filtered_sorted_and_cut_as_asked() {
    let office = staffed();
    let names = |args: &[&str]| {
        let list = office.run(&[&["list", "employees", "--format", "json"], args].concat());
        let list = list.expect(0).json();
        let rows = list.as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(&["--sort", "-name", "--limit", "2"]), ["Citra Contoh", "Budi Contoh"]);
    assert_eq!(names(&["--search", "budi"]), ["Budi Contoh"]);
    assert_eq!(names(&["--search", "gap>0"]), ["Ayu Contoh"]);
    assert_eq!(names(&["--unit", "Kelurahan Sago"]), ["Ayu Contoh", "Budi Contoh"]);
    assert_eq!(names(&["--unit", "kecamatan senapelan"]).len(), 3);
    assert_eq!(names(&["--limit", "0"]), [""; 0]);
}

#[test]
fn csv_headers_are_the_json_keys_in_every_language() {
    let office = staffed();
    let heads = ["id", "en"].map(|language| {
        let args = ["--lang", language, "list", "employees", "--format", "csv"];
        let said = office.run(&args).expect(0);
        said.out.lines().next().unwrap().to_string()
    });
    assert_eq!(heads[0], heads[1]);
    assert!(heads[0].starts_with("nip,name,front_title,back_title,kind,grade,position,job_level"));
}

#[test]
fn a_name_that_fits_several_units_lists_their_paths() {
    let office = Office::new();
    let twice = STAFF.to_string()
        + "'198001012005012904;Dewi Contoh;III/c;Jabatan Struktural;Lurah;Kelurahan Sago;Kecamatan Lain;1\n";
    let staff = office.file("staff.csv", twice);
    office.import("employees", &staff).expect(0);
    let said = office.run(&["list", "employees", "--unit", "Kelurahan Sago"]).expect(1);
    assert!(said.err.contains("Kecamatan Senapelan / Kelurahan Sago"), "{}", said.err);
    assert!(said.err.contains("Kecamatan Lain / Kelurahan Sago"), "{}", said.err);
    assert_eq!(said.out, "");
    let path = "Kecamatan Lain / Kelurahan Sago";
    let list = office.run(&["list", "employees", "--unit", path, "--format", "json"]).expect(0);
    assert_eq!(list.json()[0]["name"], "Dewi Contoh");
    let said = office.run(&["list", "employees", "--unit", "Sago Raya"]).expect(1);
    assert!(said.err.contains("Sago Raya"), "{}", said.err);
}

#[test]
fn the_matrix_has_the_shape_scripts_rely_on() {
    let office = staffed();
    let args = ["matrix", "--unit", "Kelurahan Sago", "--at", "2025-12-31", "--format", "json"];
    let said = office.run(&args).expect(0);
    let matrix = said.json();
    assert_eq!(matrix["at"], "2025-12-31");
    assert_eq!(matrix["competencies"][0], json!({"code": "M.1", "name": "Integritas"}));
    let ayu = &matrix["rows"][0];
    assert_eq!(ayu["nip"], "198001012005012901");
    assert_eq!(ayu["cells"][0], json!({"code": "M.1", "required": 2, "actual": 2, "gap": 0}));
    assert_eq!(ayu["cells"][7], json!({"code": "M.8", "required": 2, "actual": 1, "gap": -1}));
    assert_eq!(ayu["cells"][1], json!({"code": "M.2", "required": 2, "actual": null, "gap": null}));
    assert_eq!((&ayu["jpm"], &ayu["below"]), (&json!(75.0), &json!(1)));
    // A pelaksana with more than is asked: the surplus shows, and is capped beside it.
    let budi = &matrix["rows"][1];
    assert_eq!((&budi["jpm"], &budi["jpm_capped"]), (&json!(200.0), &json!(100.0)));
    assert!(said.out.contains("\"jpm\":75.00"), "two decimals: {}", said.out);
    // Before anybody was rated nobody has a figure.
    let before = office.run(&["matrix", "--at", "2025-01-01", "--format", "json"]).json();
    assert_eq!(before["rows"][0]["jpm"], json!(null));
    let csv = office.run(&["matrix", "--format", "csv"]).expect(0);
    assert!(csv.out.starts_with("nip,name,position,job_level,M.1 required,M.1 actual,M.1 gap,"));
}

#[test]
fn who_changed_what_is_in_the_history_and_an_undo_is_too() {
    let office = staffed();
    office.run(&["set", "time_zone", "WIT"]).expect(0);
    office.run(&["undo", "3"]).expect(0);
    assert_eq!(office.run(&["set", "time_zone"]).expect(0).out, "WIB\n");
    let history = office.run(&["history", "--format", "json"]).expect(0).json();
    assert_eq!(history.as_array().map(Vec::len), Some(4));
    assert_eq!((&history[0]["seq"], &history[0]["undoes"]), (&json!(4), &json!(3)));
    assert_eq!(history[1]["undone_by"], 4);
    assert_eq!(history[3]["via"], "import");
    assert!(history[0]["by"].as_str().is_some_and(|by| !by.is_empty()));
    let of = ["history", "--record", "employees/198001012005012901", "--format", "json"];
    let of = office.run(&of).expect(0).json();
    assert_eq!(of[0]["records"][0]["act"], "added", "{of}");
    let none = office.run(&["history", "--since", "2999-01-01", "--format", "json"]).expect(0);
    assert_eq!(none.json(), json!([]));
    let limited = office.run(&["history", "--limit", "1", "--format", "json"]).json();
    assert_eq!(limited.as_array().map(Vec::len), Some(1));
}

#[test]
fn an_import_others_depend_on_is_not_undone() {
    let office = staffed();
    let said = office.run(&["undo", "1"]).expect(1);
    assert!(said.err.contains("kompeten:"), "{}", said.err);
    let list = office.run(&["list", "employees", "--format", "json"]).json();
    assert_eq!(list.as_array().map(Vec::len), Some(3));
    // Without a number the latest goes first, then the one before it.
    office.run(&["undo"]).expect(0);
    office.run(&["undo"]).expect(0);
    office.run(&["undo"]).expect(1);
    let list = office.run(&["list", "employees", "--format", "json"]).json();
    assert_eq!(list, json!([]));
}

#[test]
fn a_person_is_shown_with_gaps_jp_and_history() {
    let office = staffed();
    let args = ["show", "employees", "198001012005012901", "--format", "json", "--history"];
    let person = office.run(&args).expect(0).json();
    assert_eq!(person["record"]["name"], "Ayu Contoh");
    assert_eq!(person["job_level"], "pengawas");
    assert_eq!((&person["jpm"], &person["below"]), (&json!(75.0), &json!(1)));
    assert_eq!(person["history"].as_array().map(Vec::len), Some(1), "{person}");
    let text = office.run(&["show", "employees", "198001012005012901"]).expect(0).out;
    assert!(text.contains("19800101 200501 2 901") && text.contains("Kelurahan Sago"), "{text}");
    office.run(&["show", "employees", "199912312024121999"]).expect(1);
}

#[test]
fn settings_are_shown_changed_and_checked() {
    let office = Office::new();
    assert!(office.run(&["set"]).expect(0).out.contains("time_zone"));
    office.run(&["set", "office_name", "Kecamatan Plaju"]).expect(0);
    assert_eq!(office.run(&["set", "office_name"]).expect(0).out, "Kecamatan Plaju\n");
    office.run(&["set", "time_zone", "CET"]).expect(1);
    office.run(&["set", "colour", "red"]).expect(2);
}

#[test]
fn a_second_program_is_told_who_has_the_office_open() {
    let office = staffed();
    let lock = std::fs::File::open(office.data().join("lock")).unwrap();
    lock.lock().unwrap();
    let said = office.run(&["list", "employees"]).expect(1);
    assert!(said.err.contains("sedang dibuka oleh"), "{}", said.err);
    assert_eq!(said.out, "");
    let report = office.import("employees", &office.file("s.csv", STAFF)).expect(1).json();
    assert_eq!(report["error"]["code"], "office");
    drop(lock);
    office.run(&["list", "employees"]).expect(0);
}

#[test]
fn read_only_reads_and_refuses_to_write() {
    let office = staffed();
    office.run(&["--read-only", "list", "employees"]).expect(0);
    let said = office.run(&["--read-only", "set", "time_zone", "WIT"]).expect(1);
    assert!(said.err.contains("--read-only"), "{}", said.err);
    office.run(&["undo", "--read-only"]).expect(1);
}

#[test]
fn wrong_usage_is_said_in_the_officers_language() {
    let office = Office::new();
    let wrong: [&[&str]; 9] = [
        &["imprt"],
        &["list"],
        &["list", "people"],
        &["list", "employees", "--sort", "shoe"],
        &["list", "employees", "--limit", "many"],
        &["matrix", "--at", "2026-13-01"],
        &["history", "--record", "nobody"],
        &["import", "units", "x.csv"],
        &["--lang", "fr", "list", "employees"],
    ];
    for args in wrong {
        let said = office.run(args).expect(2);
        assert_eq!(said.out, "", "{args:?}");
        assert!(said.err.starts_with("kompeten: "), "{}", said.err);
        assert!(!said.err.contains("error:"), "{}", said.err);
    }
    let english = office.run(&["--lang", "en", "imprt"]).expect(2);
    assert!(english.err.contains("There is no command \"imprt\""), "{}", english.err);
    let indonesian = office.run(&["imprt"]).expect(2);
    assert!(indonesian.err.contains("Tidak ada perintah"), "{}", indonesian.err);
}

#[test]
fn an_option_that_would_do_nothing_is_an_error_with_every_command() {
    let office = Office::new();
    for args in [
        &["demo", "--data", "x"][..],
        &["--data", "x", "kinds"],
        &["kinds", "--read-only"],
        &["keys", "--data", "x"],
        &["keys", "--read-only"],
        &["completions", "bash", "--keymap", "vim"],
        &["man", "--data", "x"],
        &["man", "--roff", "--keymap", "vim"],
        &["list", "employees", "--keymap", "vim"],
        &["import", "employees", "x.csv", "--keymap", "vim"],
        &["restore", "x.age", "--read-only"],
        &["backup", "--new-key", "x", "--recipient", "age1x"],
    ] {
        let said = office.run(args).expect(2);
        let flag = args.iter().rfind(|arg| arg.starts_with("--")).expect("a flag");
        assert!(said.err.contains(flag), "{args:?}: {}", said.err);
    }
    assert!(!office.path("x").exists() && !office.data().exists(), "nothing was begun");
}

#[test]
fn the_language_follows_flag_then_environment() {
    let office = Office::new();
    let title = |key: &str, value: &str, args: &[&str]| {
        let output = office.command().env(key, value).args(args).output().unwrap();
        String::from_utf8(output.stdout).unwrap().lines().next().unwrap_or_default().to_string()
    };
    assert!(title("X", "", &["man"]).contains("Panduan"));
    assert!(title("LANG", "en_US.UTF-8", &["man"]).contains("guide"));
    assert!(title("KOMPETEN_LANG", "en", &["man"]).contains("guide"));
    assert!(title("KOMPETEN_LANG", "en", &["man", "--lang", "id"]).contains("Panduan"));
}

#[test]
fn help_completions_and_manual_come_without_an_office() {
    let office = Office::new();
    assert!(office.run(&["--help"]).expect(0).out.contains("Pemakaian:"));
    assert!(office.run(&["--lang", "en", "--help"]).expect(0).out.contains("Usage:"));
    assert!(office.run(&["--version"]).expect(0).out.starts_with("kompeten "));
    for shell in ["bash", "zsh", "fish"] {
        assert!(office.run(&["completions", shell]).expect(0).out.contains("kompeten"));
    }
    assert!(office.run(&["man", "--roff"]).expect(0).out.contains(".TH kompeten"));
    assert!(office.run(&["keys"]).expect(0).out.contains("app.quit"));
    office.run(&["doctor"]).expect(0);
    assert!(!office.data().exists());
}

#[test]
fn a_workbook_may_go_down_a_pipe() {
    let office = staffed();
    let args = ["export", "employees", "-", "--format", "xlsx"];
    let output = office.command().args(args).output().unwrap();
    assert!(output.status.success());
    assert!(output.stdout.starts_with(b"PK"));
}

#[test]
fn doctor_says_where_everything_is_and_names_no_one_else() {
    let office = staffed();
    let said = office.run(&["doctor"]).expect(0);
    assert!(said.out.contains(&office.data().display().to_string()), "{}", said.out);
    assert!(said.out.contains(env!("CARGO_PKG_VERSION")));
    assert!(!said.out.contains("Contoh"));
    for label in ["Versi kompeten", "Petugas", "Folder data", "Berkas log"] {
        assert!(said.out.contains(label), "{label}: {}", said.out);
    }
}

#[test]
fn the_store_is_built_anew_and_verifies() {
    let office = staffed();
    let before = office.run(&["list", "employees", "--format", "json"]).out;
    std::fs::remove_dir_all(office.data().join("store")).unwrap();
    let said = office.run(&["list", "employees", "--format", "json"]).expect(0);
    assert_eq!(said.out, before);
    assert!(said.err.contains("dibangun ulang"), "{}", said.err);
    office.run(&["rebuild"]).expect(0);
    office.run(&["verify"]).expect(0);
    assert_eq!(office.run(&["list", "employees", "--format", "json"]).out, before);
}

#[test]
fn a_copy_of_the_journal_is_the_whole_office() {
    let office = staffed();
    let before = office.run(&["list", "employees", "--format", "json"]).expect(0).out;
    let restored = Office::new();
    let journal = restored.data().join("journal");
    std::fs::create_dir_all(&journal).unwrap();
    for entry in std::fs::read_dir(office.data().join("journal")).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), journal.join(entry.file_name())).unwrap();
    }
    let list = restored.run(&["list", "employees", "--format", "json"]).expect(0);
    assert_eq!(list.out, before);
    restored.run(&["verify"]).expect(0);
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let office = staffed();
    for args in [&["man"][..], &["list", "employees", "--format", "csv"], &["keys"]] {
        let mut child = office
            .command()
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert!(!err.contains("panic") && !err.contains("kompeten:"), "{args:?}: {err}");
        assert!(child.wait().unwrap().success(), "{args:?}");
    }
}

#[test]
fn messages_nobody_reads_do_not_stop_what_was_asked() {
    let office = Office::new();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let status = office
        .command()
        .args(["set", "office_name", "Kecamatan Plaju"])
        .stderr(writer)
        .status()
        .expect("the program runs");
    assert_eq!(status.code(), Some(0));
    let said = office.run(&["set", "office_name"]).expect(0);
    assert_eq!(said.out, "Kecamatan Plaju\n");
}

#[test]
fn a_step_or_a_record_that_cannot_be_meant_says_how_to_find_it() {
    let office = staffed();
    let said = office.run(&["undo", "99"]).expect(1);
    assert!(said.err.contains("langkah 99") && said.err.contains("history"), "{}", said.err);
    let said = office.run(&["history", "--record", "employees"]).expect(2);
    assert!(said.err.contains("employees/1973"), "{}", said.err);
}
