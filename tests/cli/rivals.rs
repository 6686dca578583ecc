//! The mistakes of other programs, each as the test that holds this one from making it, by
//! its number; and what an officer may key wrongly about assessment and plans: a message in
//! place, and nothing changes.

use serde_json::{Value as Json, json};

use super::office::{Office, Said, staffed};

const BUDI: &str = "199002012015121902";

fn rows(office: &Office, args: &[&str]) -> Vec<Json> {
    let said = office.run(&[args, &["--format", "json"]].concat()).expect(0).json();
    said["rows"].as_array().or(said.as_array()).expect("rows").clone()
}

fn of(rows: &[Json], nip: &str) -> Json {
    rows.iter().find(|row| row["nip"] == nip).unwrap_or_else(|| panic!("{rows:?}")).clone()
}

fn rate(office: &Office, fields: &[&str]) -> Said {
    let nip = format!("employee={BUDI}");
    office.run(&[&["add", "ratings", &nip, "source=asesor"], fields].concat())
}

#[test]
fn rivals_mistake_1_a_changed_post_wipes_no_rating() {
    let office = staffed();
    let before = rows(&office, &["list", "ratings"]);
    office.run(&["edit", "employees", BUDI, "position=Lurah"]).expect(0);
    assert_eq!(rows(&office, &["list", "ratings"]), before);
    let gap = of(&rows(&office, &["report", "gap"]), BUDI);
    assert_eq!((&gap["position"], gap["jpm"].is_null()), (&json!("Lurah"), false), "{gap}");
}

#[test]
fn rivals_mistake_2_a_surplus_hides_no_deficit() {
    let office = Office::new();
    let list =
        "NIP;Nama;Jabatan;Unit Kerja\n199002012015121902;Budi Contoh;Camat;Kecamatan Plaju\n";
    office.import("employees", &office.file("pegawai.csv", list)).expect(0);
    office.run(&["edit", "positions", "Camat", "job_level=administrator"]).expect(0);
    for (competency, level) in [("M.1", 5), ("M.2", 5), ("M.3", 1)] {
        let (code, level) = (format!("competency={competency}"), format!("level={level}"));
        rate(&office, &[&code, &level, "date=2026-03-02"]).expect(0);
    }
    let gap = of(&rows(&office, &["report", "gap"]), BUDI);
    let told = ["jpm", "jpm_capped", "category", "category_capped", "below", "worst_gap"];
    assert_eq!(
        told.map(|key| gap[key].clone()),
        [json!(122.22), json!(77.78), json!("O"), json!("KO"), json!(1), json!(-2)]
    );
}

#[test]
fn rivals_mistake_4_a_later_lower_rating_counts_and_the_earlier_one_does_not() {
    let office = staffed();
    rate(&office, &["competency=M.5", "level=4", "date=2026-03-02"]).expect(0);
    rate(&office, &["competency=M.5", "level=1", "date=2026-04-02"]).expect(0);
    // Written later, of an earlier day.
    rate(&office, &["competency=M.5", "level=5", "date=2025-04-02"]).expect(0);
    assert_eq!(of(&rows(&office, &["report", "matrix"]), BUDI)["M.5 actual"], 1);
    let then = rows(&office, &["report", "matrix", "--at", "2026-03-31"]);
    assert_eq!(of(&then, BUDI)["M.5 actual"], 4);
}

#[test]
fn rivals_mistake_7_a_post_with_people_or_standards_is_not_deleted() {
    let office = staffed();
    let wants = ["add", "standards", "position=Lurah", "competency=M.5", "level=3"];
    office.run(&[&wants[..], &["effective_from=2026-01-01"]].concat()).expect(0);
    let before = rows(&office, &["list", "standards"]);
    let why = [("positions", "Lurah", "masih dipakai"), ("competencies", "M.1", "bawaan program")];
    for (kind, name, why) in why {
        let refused = office.run(&["delete", kind, name, "--yes"]).expect(1);
        assert!(refused.err.contains(why), "{}", refused.err);
    }
    assert_eq!(rows(&office, &["list", "standards"]), before);
}

#[test]
fn rivals_mistake_10_what_was_chosen_by_hand_survives_when_needs_are_worked_out_anew() {
    let office = staffed();
    let line = ["year=2026", "competency=M.8", "level=3", "ground=penugasan", "people=7"];
    office.run(&[&["add", "plan_lines"], &line[..]].concat()).expect(0);
    let chosen = |office: &Office| {
        let rows = rows(office, &["report", "akpk", "--year", "2026"]);
        let planned = rows.into_iter().find(|row| row["code"] == "M.8" && row["level"] == 3);
        planned.map(|row| (row["planned"].clone(), row["ground"].clone()))
    };
    assert_eq!(chosen(&office), Some((json!(7), json!("penugasan"))));
    rate(&office, &["competency=M.8", "level=1", "date=2026-03-02"]).expect(0);
    office.run(&["edit", "employees", BUDI, "position=Lurah"]).expect(0);
    assert_eq!(chosen(&office), Some((json!(7), json!("penugasan"))));
}

/// A cycle about Budi with these raters, its sheets made and keyed, closed.
fn assessed(office: &Office, raters: &[(&str, &str)]) -> Vec<Json> {
    office.run(&["add", "cycles", "name=P", "competencies=M.1, M.2"]).expect(0);
    for (rater, group) in raters {
        let fields =
            [format!("employee={BUDI}"), format!("rater={rater}"), format!("group={group}")];
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        office.run(&[&["add", "raters", "cycle=P"], &fields[..]].concat()).expect(0);
    }
    office.run(&["cycle", "make", "P"]).expect(0);
    let sheets = office.run(&["cycle", "sheets", "P"]).expect(0).out;
    let codes = sheets.lines().filter_map(|line| line.split_once("Kode: "));
    let keyed = codes.map(|(_, code)| format!("{};3;4", code.trim()));
    let file: Vec<String> = ["Kode;M.1;M.2".to_string()].into_iter().chain(keyed).collect();
    // Everybody who is told to answer has a sheet, and every sheet is taken.
    let waiting = rows(office, &["cycle", "remind", "P"]);
    assert_eq!((file.len() - 1, waiting.len()), (raters.len(), raters.len()), "{sheets}");
    let file = office.file("isi.csv", file.join("\n"));
    office.run(&["cycle", "key", "P", file.to_str().expect("a path")]).expect(0);
    office.run(&["cycle", "close", "P"]).expect(0);
    rows(office, &["report", "cycle", "--cycle", "P"])
}

#[test]
fn rivals_mistake_15_of_two_raters_no_export_shows_what_their_group_said() {
    let office = staffed();
    let two = [("198001012005012901", "rekan"), ("199503012022211903", "rekan"), (BUDI, "diri")];
    for row in assessed(&office, &two) {
        for told in ["peer", "subordinate", "others", "result"] {
            assert!(row[told].is_null(), "{told}: {row}");
        }
    }
    let kept = office.run(&["export", "cycle_results", "-", "--format", "csv"]);
    assert!(!kept.out.contains("3,00") && !kept.out.contains("3.00"), "{}", kept.out);
}

#[test]
fn rivals_mistake_16_whoever_is_told_to_answer_has_a_sheet_that_is_taken() {
    let office = staffed();
    let raters = [(BUDI, "diri"), ("198001012005012901", "atasan")];
    assert!(!assessed(&office, &raters).is_empty());
}

#[test]
fn rivals_mistake_17_without_a_year_the_year_is_that_of_today() {
    let office = staffed();
    for report in ["jp", "akpk", "hcdp", "idp", "mentoring"] {
        let said = office.run(&["report", report, "--format", "json"]).expect(0).json();
        let today = said["at"].as_str().and_then(|day| day[..4].parse::<i64>().ok());
        assert_eq!(said["params"]["year"].as_i64(), today, "{report}: {}", said["params"]);
    }
}

#[test]
fn rivals_mistake_18_an_archived_competency_still_stands_in_old_reports() {
    let office = staffed();
    office.run(&["add", "competencies", "code=T.1", "name=Arsip", "group=teknis"]).expect(0);
    rate(&office, &["competency=T.1", "level=3", "date=2026-01-10"]).expect(0);
    office.run(&["edit", "competencies", "T.1", "archived=true"]).expect(0);
    let today = of(&rows(&office, &["report", "matrix"]), BUDI);
    assert_eq!(today.get("T.1 actual"), None, "{today}");
    let then = rows(&office, &["report", "matrix", "--at", "2026-01-31"]);
    assert_eq!(of(&then, BUDI)["T.1 actual"], 3);
    assert_eq!(rows(&office, &["list", "ratings", "--search", "T.1"]).len(), 1);
}

#[test]
fn a_rating_that_cannot_be_is_refused_where_it_is_wrong() {
    let office = staffed();
    let before = rows(&office, &["list", "ratings"]);
    for (fields, said) in [
        (["competency=M.5", "level=0", "date=2026-03-02"], "1 sampai 5"),
        (["competency=M.5", "level=6", "date=2026-03-02"], "1 sampai 5"),
        (["competency=M.5", "level=tiga", "date=2026-03-02"], "1 sampai 5"),
        (["competency=M.5", "level=3", "date=2999-03-02"], "belum tiba"),
        (["competency=M.5", "level=3", "date=1989-03-02"], "lahir"),
        (["competency=X.5", "level=3", "date=2026-03-02"], "tidak ditemukan"),
    ] {
        let refused = rate(&office, &fields).expect(1);
        assert!(refused.err.contains(said), "{fields:?}: {}", refused.err);
    }
    let list = format!(
        "nip,competency,level,source,rater,date\n\
         {BUDI},M.5,0,atasan,Lurah,2025-11-03\n{BUDI},M.5,6,atasan,Lurah,2025-11-03\n\
         {BUDI},M.5,tiga,atasan,Lurah,2025-11-03\n{BUDI},M.5,2,atasan,Lurah,2099-11-03\n\
         {BUDI},M.5,2,atasan,Lurah,1989-11-03\n199002012015121999,M.5,2,atasan,Lurah,2025-11-03\n\
         {BUDI},Z.9,2,atasan,Lurah,2025-11-03\n"
    );
    let report = office.import("ratings", &office.file("salah.csv", list)).expect(1).json();
    let reasons: Vec<&str> = report["rejected"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["reason"].as_str().expect("a reason"))
        .collect();
    assert_eq!(
        reasons,
        [
            "level_range",
            "level_range",
            "level_range",
            "date_future",
            "before_birth",
            "employee_unknown",
            "competency_unknown"
        ]
    );
    assert_eq!(rows(&office, &["list", "ratings"]), before);
}

#[test]
fn ratings_with_a_column_a_competency_come_in_and_each_wrong_one_is_named_in_its_column() {
    let office = staffed();
    let before = rows(&office, &["list", "ratings"]).len();
    let list = format!(
        "NIP;NAMA;TANGGAL;SUMBER;M.1 Integritas;Kerja Sama;ZZ-9\n\
         {BUDI};Budi;2026-03-02;asesor;3;2;\n{BUDI};Budi;2026-03-03;asesor;7;3;1\n"
    );
    let report = office.import("ratings", &office.file("lebar.csv", list)).expect(3).json();
    assert_eq!((report["rows"].clone(), report["added"].clone()), (5.into(), 3.into()), "{report}");
    let rejected = report["rejected"].as_array().expect("rows");
    let mut named: Vec<_> = rejected
        .iter()
        .map(|row| (row["column"].as_str().expect("a column"), row["reason"].as_str()))
        .collect();
    named.sort_unstable();
    let expected = [("M.1 Integritas", Some("level_range")), ("ZZ-9", Some("competency_unknown"))];
    assert_eq!(named, expected, "{report}");
    assert_eq!(rows(&office, &["list", "ratings"]).len(), before + 3);
    office.run(&["undo"]).expect(0);
    assert_eq!(rows(&office, &["list", "ratings"]).len(), before);
}

#[test]
fn what_is_refused_of_a_table_with_a_column_a_competency_is_corrected_and_comes_in() {
    let office = staffed();
    let head = "NIP;NAMA;Hari Uji;SUMBER;M.1 Standar;M.1 Nilai;M.2 Standar;M.2 Nilai";
    let list = format!(
        "{head}\n{BUDI};Budi;2026-03-02;asesor;4;3;4;7\n{BUDI};Budi;2026-03-03;asesor;4;9;4;8\n"
    );
    let (file, rejects) = (office.file("lebar.csv", list), office.path("tolak.csv"));
    let [list, to] = [&file, &rejects].map(|path| path.to_str().expect("a path"));
    let args = ["import", "ratings", list, "--map", "date=Hari Uji", "--rejects", to, "--json"];
    let report = office.run(&args).expect(3).json();
    assert_eq!((&report["added"], &report["rows"]), (&1.into(), &4.into()), "{report}");
    let written = std::fs::read_to_string(&rejects).expect("rejects");
    let lines: Vec<_> = written.lines().collect();
    assert_eq!(lines.len(), 3, "a row each: {written}");
    assert!(lines[0].contains("M.1 Nilai,M.2 Nilai"), "{written}");
    std::fs::write(&rejects, written.replace(",7,", ",2,").replace(",9,8,", ",3,2,"))
        .expect("corrected");
    let args = ["import", "ratings", to, "--map", "date=Hari Uji", "--json"];
    let report = office.run(&args).expect(0).json();
    assert_eq!((&report["added"], &report["unchanged"]), (&3.into(), &1.into()), "{report}");
}

#[test]
fn a_column_that_says_otherwise_of_the_same_is_refused_and_not_passed_over() {
    let office = staffed();
    let list = format!("NIP;TANGGAL;SUMBER;M.1;Integritas\n{BUDI};2026-03-02;asesor;3;2\n");
    let report = office.import("ratings", &office.file("lebar.csv", list)).expect(3).json();
    let rejected = &report["rejected"][0];
    assert_eq!((&report["added"], &rejected["reason"]), (&1.into(), &"says_otherwise".into()));
    let same = format!("NIP;TANGGAL;SUMBER;M.1;Integritas\n{BUDI};2026-03-04;asesor;3;3\n");
    let report = office.import("ratings", &office.file("sama.csv", same)).expect(0).json();
    assert_eq!((&report["added"], &report["unchanged"]), (&1.into(), &1.into()), "{report}");
}

#[test]
fn a_plan_for_a_year_that_is_over_is_refused_where_it_is_wrong() {
    let office = staffed();
    let nip = format!("employee={BUDI}");
    for args in [
        ["add", "plan_lines", "year=2020", "competency=M.8", "level=3", "ground=wajib"],
        ["add", "idp_lines", "year=2020", "competency=M.8", &nip, "activity=NKL02"],
    ] {
        let refused = office.run(&args).expect(1);
        assert!(refused.err.contains("sudah lewat"), "{}", refused.err);
    }
    assert!(rows(&office, &["list", "plan_lines"]).is_empty());
    assert!(rows(&office, &["list", "idp_lines"]).is_empty());
}

/// Nobody has to look up what the office knows: the gap a line is for, and the day it is closed.
#[test]
fn a_new_plan_line_says_its_gap_and_a_closed_one_its_day() {
    let office = staffed();
    let nip = format!("employee={BUDI}");
    rate(&office, &["competency=M.8", "level=1", "date=2026-03-02"]).expect(0);
    let line = ["year=2099", "competency=M.8", "activity=NKL02", "jp=4", "position=Lurah"];
    let wants = ["add", "standards", "position=Lurah", "competency=M.8", "level=3"];
    office.run(&[&wants[..], &["effective_from=2026-01-01", "--yes"]].concat()).expect(0);
    office.run(&[&["add", "idp_lines", &nip], &line[..]].concat()).expect(0);
    let held = || rows(&office, &["list", "idp_lines"])[0].clone();
    assert_eq!(held()["gap"], -2, "{}", held());
    let number = "1000";
    office.run(&["edit", "idp_lines", number, "gap=-1"]).expect(0);
    assert_eq!(held()["gap"], -1, "what is said by hand stays");
    office.run(&["edit", "idp_lines", number, "closed=true"]).expect(0);
    let day = office.run(&["report", "gap", "--format", "json"]).expect(0).json()["at"].clone();
    assert_eq!(held()["closed_on"], day, "{}", held());
    office.run(&["undo"]).expect(0);
    assert!(held()["closed_on"].is_null(), "{}", held());
}

#[test]
fn a_closed_plan_line_is_changed_by_no_form_list_or_undo_and_not_deleted() {
    let office = staffed();
    let nip = format!("employee={BUDI}");
    let line = ["year=2099", "competency=M.8", "activity=NKL02", "jp=4", "status=diterima"];
    office.run(&[&["add", "idp_lines", &nip], &line[..]].concat()).expect(0);
    office.run(&["edit", "idp_lines", "1000", "jp=5"]).expect(0);
    let seq = |office: &Office| rows(office, &["history"])[0]["seq"].to_string();
    let changed = seq(&office);
    office.run(&["edit", "idp_lines", "1000", "closed=true", "status=selesai"]).expect(0);
    let (frozen, newest) = (rows(&office, &["list", "idp_lines"]), seq(&office));
    office.run(&["edit", "idp_lines", "1000", "jp=40"]).expect(1);
    office.run(&["edit", "idp_lines", "1000", "jp_done=99", "level_done=5"]);
    let list = format!("nip;year;competency;activity;jp\n{BUDI};2099;M.8;NKL02;40\n");
    let report = office.import("idp", &office.file("idp.csv", list)).expect(1).json();
    assert_eq!(report["rejected"][0]["reason"], "plan_closed", "{report}");
    office.run(&["undo", &changed]).expect(1);
    office.run(&["delete", "idp_lines", "1000", "--yes"]).expect(1);
    assert_eq!((rows(&office, &["list", "idp_lines"]), seq(&office)), (frozen, newest));
}
