//! Reports from the command line: which there are, one of them in every format, and what is
//! asked wrongly.

use kompeten::exchange::sheet::{self, SheetCell};
use serde_json::Value as Json;

use super::office::{Office, STAFF};

fn office() -> Office {
    let office = Office::new();
    let staff = office.file("pegawai.csv", STAFF);
    office.import("employees", &staff).expect(0);
    office
}

/// Reports as the program lists them.
fn ids(office: &Office) -> Vec<String> {
    let list = office.run(&["report"]).expect(0);
    let lines = list.out.lines().skip(2).filter_map(|line| line.split_whitespace().next());
    lines.map(String::from).filter(|word| word.len() > 1).collect()
}

#[test]
fn every_report_is_listed_and_comes_in_every_format() {
    let office = office();
    office.run(&["add", "programmes", "name=Bimtek Coba", "type=KL10", "jp=10"]).expect(0);
    office
        .run(&["add", "sessions", "programme=Bimtek Coba", "start=2026-03-02", "end=2026-03-02"])
        .expect(0);
    let ids = ids(&office);
    assert!(ids.contains(&"headcount".to_string()) && ids.contains(&"jp".to_string()), "{ids:?}");
    for id in ids {
        // A report of a post asks for one, and one of a session.
        let asks: &[&str] = match id.as_str() {
            "fit" | "skj" => &["--position", "lurah"],
            "attendance" => &["--session", "1000"],
            _ => &[],
        };
        let run = |more: &[&str]| office.run(&[&["report", &id], asks, more].concat()).expect(0);
        run(&[]);
        let json = run(&["--format", "json"]).json();
        let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        for key in
            ["report", "at", "params", "columns", "rows", "foot", "notes", "legal", "restricted"]
        {
            assert!(keys.contains(&key), "{id} {key}: {keys:?}");
        }
        assert_eq!(json["report"], id);
        let columns: Vec<&str> = json["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["key"].as_str().unwrap())
            .collect();
        let csv = run(&["--format", "csv"]).out;
        assert_eq!(csv.lines().next().unwrap(), columns.join(","), "{id}");
        let text = run(&["--format", "text"]).out;
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{id}: {text}");
        let book = office.path("laporan.xlsx");
        let book = book.to_str().unwrap();
        run(&["--out", book]);
        assert!(std::fs::read(book).unwrap().starts_with(b"PK"), "{id}");
    }
}

/// The sheets of a workbook, each as its rows, and how many charts it has.
fn workbook(path: &std::path::Path) -> (Vec<Vec<Vec<SheetCell>>>, usize) {
    let mut book = sheet::open(path).unwrap();
    let sheets = 0..book.sheets().len();
    let rows = |at| book.open(at, 0).unwrap().map(|row| row.unwrap().cells).collect();
    let sheets = sheets.map(rows).collect();
    let parts = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let charts = parts
        .file_names()
        .filter(|name| name.as_ref().is_ok_and(|name| name.starts_with("xl/charts/chart")));
    let charts = charts.count();
    (sheets, charts)
}

#[test]
fn the_chart_in_a_workbook_draws_the_reports_own_figures() {
    let office = super::office::staffed();
    let json = |id: &str| office.run(&["report", id, "--format", "json"]).expect(0).json();
    let written = |id: &str| {
        let path = office.path(&format!("{id}.xlsx"));
        office.run(&["report", id, "--out", path.to_str().unwrap()]).expect(0);
        workbook(&path)
    };
    let number = |cell: &SheetCell| match cell {
        SheetCell::Number(number) => *number,
        other => panic!("{other:?}"),
    };

    let rows = json("gap")["rows"].as_array().unwrap().clone();
    let (sheets, charts) = written("gap");
    assert_eq!((sheets.len(), charts), (2, 1));
    for (column, key) in [(1, "category_capped"), (2, "category")] {
        let counted: Vec<f64> = sheets[1][1..].iter().map(|row| number(&row[column])).collect();
        let of = |code: Json| rows.iter().filter(|row| row[key] == code).count();
        let mut told: Vec<usize> = ["O", "CO", "KO"].map(|code| of(code.into())).to_vec();
        told.extend(Some(of(Json::Null)).filter(|none| *none > 0));
        assert_eq!(counted, told.iter().map(|count| *count as f64).collect::<Vec<_>>(), "{key}");
    }

    let rows = json("matrix")["rows"].as_array().unwrap().clone();
    let (sheets, charts) = written("matrix");
    assert_eq!(charts, 1);
    for row in &sheets[1][1..] {
        let SheetCell::Text(code) = &row[0] else { panic!("{row:?}") };
        let of = |row: &Json, part| row[format!("{code} {part}")].as_i64();
        let both = rows.iter().filter_map(|row| of(row, "actual").zip(of(row, "required")));
        let both: Vec<_> = both.collect();
        let reached = both.iter().filter(|(actual, required)| actual >= required).count();
        assert_eq!(row[1..3], [both.len(), reached].map(|it| SheetCell::Number(it as f64)));
        assert!((number(&row[3]) - 100.0 * reached as f64 / both.len() as f64).abs() < 0.01);
    }

    // Where the rows are the bars, they are; nothing is drawn of an office without any.
    for (id, drawn) in [("headcount", 1), ("heatmap", 1), ("jp", 2), ("ninebox-moves", 1)] {
        assert_eq!(written(id).1, drawn, "{id}");
    }
    assert_eq!(written("certificates").1, 0);
}

#[test]
fn people_are_counted_by_what_is_asked_and_shares_add_up() {
    let office = office();
    let of = |words: &[&str]| {
        let words = [&["report", "headcount", "--format", "json"], words].concat();
        office.run(&words).expect(0).json()
    };
    let all = of(&["--by", "sex"]);
    assert_eq!(all["foot"]["people"], 3);
    let groups: Vec<_> =
        all["rows"].as_array().unwrap().iter().map(|row| row["people"].as_u64().unwrap()).collect();
    assert_eq!(groups.iter().sum::<u64>(), 3);
    let sago = of(&["--by", "kind", "--unit", "Kelurahan Sago"]);
    assert_eq!(sago["foot"]["people"], 2);
    assert_eq!(sago["rows"][0], serde_json::json!({"group": "PNS", "people": 2, "share": 100.0}));
}

#[test]
fn a_years_jp_stands_beside_the_rule_with_its_basis() {
    let office = office();
    let report =
        office.run(&["report", "jp", "--year", "2026", "--format", "json"]).expect(0).json();
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 3);
    let ayu = rows.iter().find(|row| row["nip"] == "198001012005012901").unwrap();
    let expected =
        [("jp", 0.into()), ("floor", 20.into()), ("ceiling", Json::Null), ("missing", 20.into())];
    for (key, value) in expected {
        assert_eq!(ayu[key], value, "{key}");
    }
    assert_eq!((&ayu["standing"], &ayu["jp_2025"]), (&"below".into(), &0.into()));
    assert_eq!(report["legal"][1]["verified"], false, "what was not read in the law is said");
    let sorted = ["report", "jp", "--sort", "-name", "--limit", "1", "--format", "csv"];
    let sorted = office.run(&sorted).expect(0).out;
    assert!(sorted.lines().nth(1).unwrap().contains("Citra"), "{sorted}");
}

#[test]
fn a_file_goes_without_whoever_is_restricted_and_says_so() {
    let office = office();
    office.run(&["edit", "employees", "198001012005012901", "restricted=ya"]).expect(0);
    let json = office.run(&["report", "jp", "--format", "json"]).expect(0).json();
    assert_eq!((json["rows"].as_array().unwrap().len(), &json["restricted"]), (2, &1.into()));
}

#[test]
fn what_is_asked_wrongly_is_named_and_leaves_nothing() {
    let office = office();
    let folder = office.path("folder");
    std::fs::create_dir(&folder).unwrap();
    let folder = folder.to_str().unwrap();
    for (words, code, said) in [
        (vec!["report", "headcuont"], 2, "headcount"),
        (vec!["report", "jp", "--by", "unit"], 2, "by"),
        (vec!["report", "jp", "--sort", "shoe"], 2, "missing"),
        (vec!["report", "jp", "--sort", "missin"], 2, "maksudnya missing."),
        (vec!["report", "headcount", "--by", "shoe"], 2, "education"),
        (vec!["report", "headcount", "--by", "sexx"], 2, "maksudnya sex."),
        (vec!["report", "certificates", "--witin", "5"], 2, "maksudnya --within."),
        (vec!["report", "certificates", "--within", "soon"], 2, "within"),
        (vec!["report", "jp", "--year", "1"], 2, "1900"),
        (vec!["report", "jp", "--year", "x"], 2, "x"),
        (vec!["report", "jp", "--unit", "Mars"], 1, "Mars"),
        (vec!["report", "jp", "--out", folder], 1, "folder"),
        (vec!["report", "jp", "--format", "pdf"], 2, "text"),
    ] {
        let refused = office.run(&words).expect(code);
        assert!(refused.err.contains(said), "{words:?}: {}", refused.err);
        assert_eq!(refused.out, "", "{words:?}");
    }
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
    let unit = office.run(&["report", "jp", "--by", "unit"]).expect(2);
    assert!(!unit.err.contains("maksudnya"), "{}", unit.err);
    // However many are asked for, there are as many as there are.
    let many = ["report", "jp", "--limit", "1000000", "--format", "csv"];
    assert_eq!(office.run(&many).expect(0).out.lines().count(), 4);
}

/// What is asked of a day is worked out for it and says so; what cannot be is refused by name.
#[test]
fn a_report_takes_a_day_or_says_what_it_takes() {
    let office = office();
    for (words, at) in [
        (&["headcount", "--by", "age", "--at", "2040-01-01"][..], "2040-01-01"),
        (&["matrix", "--at", "2025-12-31"], "2025-12-31"),
        (&["certificates", "--at", "2030-06-30"], "2030-06-30"),
        (&["retention", "--at", "2030-06-30"], "2030-06-30"),
        (&["jp", "--at", "2025-06-30"], "2025-06-30"),
        (&["jp", "--year", "2024", "--at", "2025-06-30"], "2025-06-30"),
    ] {
        let asked = [&["report"], words, &["--format", "json"]].concat();
        let json = office.run(&asked).expect(0).json();
        assert_eq!((&json["at"], &json["params"]["at"]), (&at.into(), &at.into()), "{words:?}");
        let notes = json["notes"].to_string();
        assert!(notes.contains("Dihitung untuk"), "{words:?}: {notes}");
        let text = office.run(&[&["report"], words, &["--format", "text"]].concat()).expect(0).out;
        assert!(text.contains("Dihitung untuk") && text.contains("Dicetak"), "{text}");
    }
    let bands = ["report", "headcount", "--by", "age", "--at", "2044-01-01", "--format", "json"];
    let bands = office.run(&bands).expect(0).json();
    assert_eq!(bands["rows"][0]["group"], "46-50", "{bands}");
    for (words, said) in [
        (&["headcount", "--at", "2026-01-01"][..], "--at: hanya bersama --by age"),
        (&["headcount", "--by", "unit", "--at", "2026-01-01"], "--at: hanya bersama --by age"),
        (
            &["headcount", "--year", "2025"],
            "--year: tidak dipakai di sini; yang dipakai: --unit, --by, --at, --search",
        ),
        (
            &["matrix", "--year", "2025"],
            "--year: tidak dipakai di sini; yang dipakai: --unit, --at, --search",
        ),
        (&["retention", "--unit", "Kelurahan Sago"], "yang dipakai: --at"),
        (&["jp", "--year", "2026", "--at", "2025-06-30"], "1900–2025"),
        (&["matrix", "--at", "3000-01-01"], "1900–2200"),
    ] {
        for format in ["table", "json", "xlsx"] {
            let file = office.path("laporan");
            let to = ["--format", format, "--out", file.to_str().unwrap()];
            let refused = office.run(&[&["report"], words, &to].concat()).expect(2);
            assert!(refused.err.contains(said), "{words:?}: {}", refused.err);
            assert!(!file.exists(), "{words:?}");
        }
    }
}

/// The foot is of all rows however few are shown, and every format says of how many.
#[test]
fn where_rows_are_left_out_the_foot_is_of_all_and_it_is_said() {
    let office = office();
    let limited = |format: &str| {
        office.run(&["report", "headcount", "--by", "kind", "--limit", "1", "--format", format])
    };
    let said = "1 dari 2 baris; jumlah di bawah dihitung dari semua 2 baris.";
    let json = limited("json").expect(0).json();
    assert_eq!((json["rows"].as_array().unwrap().len(), &json["foot"]["people"]), (1, &3.into()));
    assert_eq!(json["notes"][0], said);
    assert!(limited("text").expect(0).out.contains("1 dari 2 baris; jumlah"));
    let table = limited("table").expect(0);
    assert!(table.err.contains(said) && table.out.contains('3'), "{}", table.err);
    // A file of bare rows has no place for a note.
    let csv = limited("csv").expect(0);
    assert!(csv.err.contains("1 dari 2 baris.") && csv.out.lines().count() == 2, "{}", csv.err);
    let book = office.path("laporan.xlsx");
    let file = ["report", "headcount", "--by", "kind", "--limit", "1", "--out"];
    office.run(&[&file[..], &[book.to_str().unwrap()]].concat()).expect(0);
    let mut book = zip::ZipArchive::new(std::fs::File::open(book).unwrap()).unwrap();
    let mut sheet = String::new();
    for at in 0..book.len() {
        let part = book.by_index(at).unwrap();
        sheet += &std::io::read_to_string(part).unwrap_or_default();
    }
    assert!(sheet.contains(said), "{sheet}");
    // All that there are is nothing to be said of.
    for words in [&["--limit", "2"][..], &[]] {
        let asked = ["report", "headcount", "--by", "kind", "--format", "json"];
        let json = office.run(&[&asked, words].concat()).expect(0).json();
        assert_eq!(json["notes"], serde_json::json!([]));
    }
    let none = ["report", "certificates", "--limit", "1", "--format", "text"];
    assert!(!office.run(&none).expect(0).out.contains(" dari "));
}

#[test]
fn the_old_commands_say_what_their_reports_say() {
    let office = super::office::staffed();
    let ask =
        |words: &[&str]| office.run(&[words, &["--format", "json"]].concat()).expect(0).json();
    for more in [&[][..], &["--at", "2025-11-02"], &["--search", "budi"]] {
        let matrix = ask(&[&["matrix"], more].concat());
        let report = ask(&[&["report", "matrix"], more].concat());
        let rows = matrix["rows"].as_array().unwrap();
        assert_eq!(rows.len(), report["rows"].as_array().unwrap().len());
        assert_eq!(matrix["at"], report["at"]);
        for (old, new) in rows.iter().zip(report["rows"].as_array().unwrap()) {
            for key in ["nip", "name", "position", "job_level", "jpm", "jpm_capped"] {
                assert_eq!(old[key], new[key], "{key}");
            }
            // The old one counts nothing of whoever nobody has rated; of them there is nothing to say.
            let below = new["below"].as_i64();
            assert_eq!(old["below"], below.unwrap_or(0));
            assert!(below.is_some() || new["jpm"].is_null());
            for cell in old["cells"].as_array().unwrap() {
                for part in ["required", "actual", "gap"] {
                    let code = cell["code"].as_str().unwrap();
                    assert_eq!(cell[part], new[format!("{code} {part}")], "{code}");
                }
            }
        }
    }
    office.run(&["set", "retention_years", "1"]).expect(0);
    let left = office.file("left.csv", "NIP,Nama,Status\n198001012005012901,Ayu,pensiun\n");
    office.import("employees", &left).expect(0);
    let then = ["report", "retention", "--at", "2100-01-01", "--format", "json"];
    assert_eq!(office.run(&then).expect(0).json()["rows"].as_array().unwrap().len(), 1);
    let now = office.run(&["retention", "--json"]).expect(0).json();
    assert_eq!(
        (&now["years"], &now["total"], &now["due"]),
        (&1.into(), &0.into(), &serde_json::json!([]))
    );
}
