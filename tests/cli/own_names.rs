//! What an office calls types of training and ranks by rules of its own, from the officer's side:
//! an imported file, a typed command and a search take the name in force, the shipped name and
//! the code, and nothing else. So do words for what came of a mentoring.

use super::office::{Office, staffed};

const BUDI: &str = "199002012015121902";

/// An office that calls workshops clinics, and the rank of III/b after its own.
fn named() -> Office {
    let office = staffed();
    let since = ["effective_from=2026-01-01", "legal_basis=Perwali 4/2026", "--yes"];
    for (table, figures) in [
        ("table=training_types", "figures=KL07.name = Klinik Kompetensi; KL08.name = Seminar"),
        ("table=grades", "figures=III/b.name = Penata Madya"),
    ] {
        office.run(&[&["add", "rules", table, figures][..], &since[..]].concat()).expect(0);
    }
    office
}

fn types(office: &Office) -> Vec<(String, String)> {
    let listed = office.run(&["list", "programmes", "--format", "json"]).expect(0).json();
    let text = |of: &serde_json::Value| of.as_str().unwrap_or_default().to_string();
    let mut all: Vec<_> = listed.as_array().expect("a list").iter().collect();
    all.sort_by_key(|one| text(&one["name"]));
    all.into_iter().map(|one| (text(&one["name"]), text(&one["type"]))).collect()
}

#[test]
fn a_ledger_takes_the_offices_name_of_a_type_the_shipped_one_and_the_code() {
    let office = named();
    let line = |name: &str, kind: &str| format!("1-2-2026;2-2-2026;{name};BKPSDM;10;{BUDI};{kind}");
    let lines = [
        line("a", "Klinik  kompetensi"),
        line("b", "Workshop/Lokakarya"),
        line("c", "lokakarya"),
        line("d", "KL 7"),
        // The office's word counts before the shipped one.
        line("e", "Seminar"),
        line("f", "Klinik Gigi"),
    ];
    let head = "Tanggal Mulai;Tanggal Selesai;Nama Kegiatan;Penyelenggara Kegiatan;Total Jam Pelajaran;NIP Peserta;Kode Jenis Pengembangan";
    let file = office.file("s20jp.csv", format!("{head}\n{}\n", lines.join("\n")));
    let report = office.import("trainings", &file).expect(3).json();
    assert_eq!(report["rejected"][0]["reason"], "type_unknown", "{report}");
    let found = types(&office);
    let found: Vec<_> = found.iter().map(|(name, kind)| (&**name, &**kind)).collect();
    assert_eq!(found, [("a", "KL07"), ("b", "KL07"), ("c", "KL07"), ("d", "KL07"), ("e", "KL08")]);
    office.run(&["undo"]).expect(0);
    assert_eq!(types(&office), []);
}

#[test]
fn a_development_plan_takes_them_too_and_so_does_what_the_office_exports() {
    let office = named();
    let plan = "NIP;TAHUN;KOMPETENSI;JENIS PENGEMBANGAN;JUMLAH JP\n";
    let line = |competency: &str, kind: &str| format!("{BUDI};2026;{competency};{kind};10\n");
    let lines = [
        line("M.1", "KLINIK KOMPETENSI"),
        line("M.2", "Lokakarya"),
        line("M.3", "nkl 2"),
        line("M.4", "C2"),
        line("M.5", "Rapat"),
    ];
    let file = office.file("idp.csv", format!("{plan}{}", lines.concat()));
    let report = office.import("idp", &file).expect(3).json();
    assert_eq!(report["rejected"].as_array().map(Vec::len), Some(1), "{report}");
    let listed = |office: &Office| {
        let lines = office.run(&["list", "idp_lines", "--format", "json"]).expect(0).json();
        let kinds = lines.as_array().expect("a list").iter().map(|line| line["activity"].clone());
        let mut kinds: Vec<_> = kinds.collect();
        kinds.sort_by_key(ToString::to_string);
        kinds
    };
    assert_eq!(listed(&office), ["KL07", "KL07", "NKL02", "NKL02"]);
    // A workbook says it in the office's words, and they are understood again.
    let sheet = office.path("idp.xlsx");
    let sheet = sheet.to_str().expect("a path");
    office.run(&["export", "idp_lines", sheet]).expect(0);
    office.run(&["undo"]).expect(0);
    let again = office.import("idp", sheet.as_ref()).expect(0).json();
    assert_eq!(again["added"], 4, "{again}");
    assert_eq!(listed(&office), ["KL07", "KL07", "NKL02", "NKL02"]);
}

#[test]
fn a_staff_list_takes_the_offices_rank_the_shipped_one_and_the_grade() {
    let office = named();
    let grade = |office: &Office| {
        let found = ["list", "employees", "--search", BUDI, "--format", "json"];
        office.run(&found).expect(0).json()[0]["grade"].clone()
    };
    for (gol, rank, wanted) in [
        ("", "Penata Madya", "III/b"),
        ("III/d", "", "III/d"),
        ("", "Penata Muda Tk. I", "III/b"),
        ("III/b", "Penata Madya", "III/b"),
    ] {
        let text = format!("NIP;NAMA;GOLONGAN;PANGKAT\n{BUDI};Budi Contoh;{gol};{rank}\n");
        let report = office.import("employees", &office.file("daftar.csv", text)).expect(0).json();
        assert_eq!(report["warnings"].as_array().map(Vec::len), Some(0), "{gol} {rank}: {report}");
        assert_eq!(grade(&office), wanted, "{gol} {rank}");
    }
    // A rank of another grade is told of.
    let text = format!("NIP;NAMA;GOLONGAN;PANGKAT\n{BUDI};Budi Contoh;III/c;Penata Madya\n");
    let report = office.import("employees", &office.file("daftar.csv", text)).expect(0).json();
    assert_eq!(report["warnings"][0]["reason"], "grade_differs", "{report}");
}

#[test]
fn typing_takes_them_and_searching_finds_by_them() {
    let office = named();
    for (name, kind) in
        [("a", "type=klinik kompetensi"), ("b", "type=Workshop"), ("c", "type=kl07")]
    {
        office.run(&["add", "programmes", &format!("name={name}"), kind, "jp=4"]).expect(0);
    }
    let refused = office.run(&["add", "programmes", "name=d", "type=klinik", "jp=4"]).expect(1);
    assert!(refused.err.contains("KL07 (Klinik Kompetensi)"), "{}", refused.err);
    let found = |kind: &str, search: &str| {
        let said = office.run(&["list", kind, "--search", search, "--format", "json"]).expect(0);
        said.json().as_array().map_or(0, Vec::len)
    };
    for search in ["jenis:\"klinik kompetensi\"", "type:KL07", "jenis:workshop", "jenis=lokakarya"]
    {
        assert_eq!(found("programmes", search), 3, "{search}");
    }
    assert_eq!(found("programmes", "jenis:seminar"), 0);
    office.run(&["edit", "employees", BUDI, "grade=penata madya"]).expect(0);
    for search in ["gol:\"penata madya\"", "pangkat gol:III/b", "gol:\"Penata Muda Tk. I\""] {
        let search = search.trim_start_matches("pangkat ");
        assert_eq!(found("employees", search), 1, "{search}");
    }
    assert_eq!(found("employees", "gol:penata"), 1, "the one of III/c");
    let tried = |activity| office.run(&["report", "whatif", "--activity", activity, "--jp", "5"]);
    tried("klinik kompetensi").expect(0);
    tried("Workshop").expect(0);
    tried("klinik gigi").expect(2);
}

/// As the program called it before, in either language, beside the codes.
#[test]
fn what_came_of_a_mentoring_is_taken_in_every_word_it_ever_had() {
    let office = staffed();
    let pair = ["mentor=198001012005012901", "competency=M.1"];
    let who = format!("employee={BUDI}");
    for (at, (word, code)) in [
        ("tercapai sebagian", "sebagian"),
        ("terpenuhi sebagian", "sebagian"),
        ("Partly reached", "sebagian"),
        ("sebagian", "sebagian"),
        ("tercapai", "tercapai"),
        ("terpenuhi", "tercapai"),
        ("reached", "tercapai"),
        ("belum tercapai", "belum_tercapai"),
        ("belum terpenuhi", "belum_tercapai"),
        ("not reached", "belum_tercapai"),
        ("belum_tercapai", "belum_tercapai"),
        ("dihentikan", "dihentikan"),
        ("stopped", "dihentikan"),
    ]
    .into_iter()
    .enumerate()
    {
        let (start, outcome) = (format!("start=2025-01-{:02}", at + 1), format!("outcome={word}"));
        let typed =
            [&["add", "mentorings", &who][..], &pair[..], &[&*start, &*outcome][..]].concat();
        office.run(&typed).expect(0);
        let listed = office.run(&["list", "mentorings", "--format", "json"]).expect(0).json();
        let mut all = listed.as_array().expect("a list").iter();
        let day = start.trim_start_matches("start=");
        let one = all.find(|one| one["start"] == day).unwrap_or_else(|| panic!("{listed}"));
        assert_eq!(one["outcome"], code, "{word}");
    }
    let outcome = ["outcome=tercapai semua", "start=2025-02-20"];
    office.run(&[&["add", "mentorings", &who][..], &pair[..], &outcome[..]].concat()).expect(1);
}
