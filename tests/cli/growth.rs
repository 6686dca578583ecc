//! Growing people end to end: mentors, pairs and their meetings, the survey of needs beside the
//! computed ones, plan and realisation year by year, and the sheet of a post.

use serde_json::Value as Json;

use super::office::{Office, staffed};

const AYU: &str = "198001012005012901";
const BUDI: &str = "199002012015121902";

fn rows(office: &Office, args: &[&str]) -> Vec<Json> {
    let said = office.run(&[args, &["--format", "json"]].concat()).expect(0).json();
    said["rows"].as_array().or(said.as_array()).expect("rows").clone()
}

fn add(office: &Office, kind: &str, fields: &[&str]) {
    office.run(&[&["add", kind], fields].concat()).expect(0);
}

/// The three people, of whom Budi is a level short in M.8 and Ayu two above that.
fn office() -> Office {
    let office = staffed();
    office.run(&["edit", "positions", "Pengadministrasi Umum", "job_level=pengawas"]).expect(0);
    let ratings = format!(
        "nip,competency,level,source,rater,date\n\
         {AYU},M.8,4,asesor,Pusdiklat,2026-02-02\n{BUDI},M.8,1,uji kompetensi,Pusdiklat,2026-02-02\n"
    );
    office.import("ratings", &office.file("nilai.csv", ratings)).expect(0);
    office
}

#[test]
fn a_mentor_is_willing_a_level_above_the_need_and_has_room() {
    let office = office();
    assert_eq!(rows(&office, &["report", "mentors"]), Vec::<Json>::new(), "nobody is willing");
    add(&office, "mentors", &[&format!("employee={AYU}"), "capacity=1"]);
    let found = rows(&office, &["report", "mentors"]);
    assert_eq!(found.len(), 1, "{found:?}");
    let first = &found[0];
    assert_eq!(
        (&first["name"], &first["code"], &first["actual"], &first["needed"]),
        (&"Budi Contoh".into(), &"M.8".into(), &1.into(), &2.into())
    );
    assert_eq!(
        (&first["mentor"], &first["mentor_level"], &first["free"], &first["distance"]),
        (&"Ayu Contoh".into(), &4.into(), &1.into(), &0.into())
    );
    assert_eq!(rows(&office, &["report", "mentors", "--competency", "M.1"]).len(), 0);
    // As high as the need is not above it.
    office
        .run(&[
            "add",
            "ratings",
            &format!("employee={AYU}"),
            "competency=M.8",
            "level=2",
            "source=asesor",
            "date=2026-03-03",
        ])
        .expect(0);
    assert_eq!(rows(&office, &["report", "mentors"]).len(), 0);
    office.run(&["undo"]).expect(0);
    // Whoever guides as many as they would is full.
    add(
        &office,
        "mentorings",
        &[
            &format!("employee={BUDI}"),
            &format!("mentor={AYU}"),
            "competency=M.8",
            "start=2026-03-01",
        ],
    );
    assert_eq!(rows(&office, &["report", "mentors"]).len(), 0);
}

#[test]
fn five_meetings_in_march_and_one_in_april_are_six_jp_and_three_over_the_limit() {
    let office = office();
    add(
        &office,
        "mentorings",
        &[
            &format!("employee={BUDI}"),
            &format!("mentor={AYU}"),
            "competency=M.8",
            "target_level=2",
            "goal=Berani memutuskan",
            "start=2026-03-01",
        ],
    );
    for day in ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30", "2026-04-06"]
    {
        add(
            &office,
            "meetings",
            &[
                &format!("employee={BUDI}"),
                "competency=M.8",
                &format!("date={day}"),
                "minutes=60",
                "topic=Kasus loket",
                "next_step=Dicatat",
            ],
        );
    }
    let pairs = rows(&office, &["report", "mentoring", "--year", "2026"]);
    assert_eq!(
        (&pairs[0]["mentor"], &pairs[0]["meetings"], &pairs[0]["jp"], &pairs[0]["over"]),
        (&"Ayu Contoh".into(), &6.into(), &6.into(), &3.into())
    );
    let jp = |office: &Office| {
        let list = rows(office, &["list", "employees", "--search", "Budi"]);
        list[0]["jp"]["2026"].clone()
    };
    assert_eq!(jp(&office), Json::Null, "one agency's rule counts only where the office says so");
    office.run(&["set", "mentoring_jp", "yes"]).expect(0);
    assert_eq!(jp(&office), 6);
    office.run(&["edit", "mentorings", "1000", "outcome=tercapai", "end=2026-05-01"]).expect(0);
    assert_eq!(rows(&office, &["report", "mentoring", "--year", "2026"])[0]["outcome"], "tercapai");
    let own = office.run(&[
        "add",
        "mentorings",
        &format!("employee={BUDI}"),
        &format!("mentor={BUDI}"),
        "competency=M.8",
        "start=2026-03-01",
    ]);
    assert_ne!(own.code, 0, "nobody is their own mentor");
    let again = office.run(&[
        "add",
        "meetings",
        &format!("employee={BUDI}"),
        "competency=M.8",
        "date=2026-04-06",
        "minutes=30",
        "topic=Lagi",
    ]);
    assert_ne!(again.code, 0, "one a day");
    office.run(&["verify"]).expect(0);
}

#[test]
fn the_survey_stands_beside_the_computed_need() {
    let office = office();
    let survey = format!(
        "NIP;Tahun;Topik Pelatihan;Kode Kompetensi;Bentuk\n\
         {BUDI};2026;Berani   memutuskan;M.8;e-learning\n\
         {AYU};2026;Bahasa  isyarat;;klasikal\n\
         {AYU};2026;Menulis laporan;M.3;dukun\n\
         {AYU};2020;Terlambat;M.3;daring\n\
         199001012015012999;2026;Tidak ada;M.3;daring\n\
         {AYU};2026;;M.3;daring\n"
    );
    let report = office.import("needs", &office.file("survei.csv", survey)).expect(3).json();
    assert_eq!(report["added"], 2, "{report}");
    let why: Vec<_> =
        report["rejected"].as_array().unwrap().iter().map(|r| r["reason"].clone()).collect();
    assert_eq!(why, ["not_a_choice", "year_past", "employee_unknown", "required"]);
    let said = report["rejected"][0]["message"].as_str().unwrap_or_default().to_string();
    assert!(said.contains("tatap_muka, daring"), "what there is to choose from: {said}");
    let needs = rows(&office, &["report", "akpk", "--year", "2026"]);
    let of = |key: &str, value: &str| {
        needs.iter().find(|row| row[key] == value).unwrap_or_else(|| panic!("{value}: {needs:?}"))
    };
    let computed = of("code", "M.8");
    assert_eq!(
        (&computed["people"], &computed["asked"], &computed["form"]),
        (&1.into(), &1.into(), &"daring".into())
    );
    let besides = of("competency", "Bahasa isyarat");
    assert_eq!(
        (&besides["people"], &besides["asked"], &besides["form"]),
        (&0.into(), &1.into(), &"tatap_muka".into())
    );
    let again = office.import("needs", &office.path("survei.csv")).expect(3).json();
    assert_eq!(again["added"], 0, "the same again is nothing new");
    office.run(&["undo"]).expect(0);
    assert_eq!(rows(&office, &["list", "needs"]).len(), 0);
}

#[test]
fn the_survey_goes_out_with_the_gaps_beside_it_and_comes_back_filled_in() {
    let office = office();
    let sheet = |format: &str, name: &str| {
        let file = office.path(name).display().to_string();
        let args = ["report", "survey", "--year", "2099", "--format", format, "--out", &file];
        office.run(&args).expect(0);
        office.path(name)
    };
    let csv = sheet("csv", "survei.csv");
    let text = std::fs::read_to_string(&csv).expect("written");
    let budi = text.lines().find(|line| line.contains(BUDI)).expect("a line of Budi");
    assert!(budi.contains("M.8-1") && budi.ends_with(",2099,,,,"), "{budi}");
    let answered = budi.replace(",2099,,,,", ",2099,Berani memutuskan,M.8,daring,");
    std::fs::write(&csv, text.replace(budi, &answered)).expect("written");
    let report = office.import("needs", &csv).expect(3).json();
    assert_eq!(
        (&report["added"], report["rejected"][0]["column"].as_str()),
        (&1.into(), Some("topic"))
    );
    let told = rows(&office, &["report", "survey", "--year", "2099"]);
    let of = |nip: &str| told.iter().find(|row| row["nip"] == nip).expect("a row").clone();
    assert_eq!(
        (&of(BUDI)["topic"], &of(BUDI)["form"]),
        (&"Berani memutuskan".into(), &"daring".into())
    );
    assert_eq!(of(AYU)["topic"], Json::Null, "still to be asked");
    // As a workbook it comes back by its own headings: the same again is nothing new.
    let report = office.import("needs", &sheet("xlsx", "survei.xlsx")).expect(3).json();
    assert_eq!((&report["added"], &report["unchanged"]), (&0.into(), &1.into()), "{report}");
    let paper =
        office.run(&["report", "survey", "--year", "2099", "--format", "text"]).expect(0).out;
    assert!(paper.lines().all(|line| line.chars().count() <= 80), "{paper}");
    assert!(paper.contains("Berani memutuskan"), "{paper}");
}

#[test]
fn plan_and_realisation_stand_year_by_year() {
    let office = office();
    add(&office, "programmes", &["name=Keputusan cepat", "type=KL10", "jp=8", "competency=M.8"]);
    add(&office, "programmes", &["name=Dadakan", "type=KL07", "jp=4", "competency=M.1"]);
    for (programme, day) in [("Keputusan cepat", "2026-03-02"), ("Dadakan", "2026-04-02")] {
        add(
            &office,
            "sessions",
            &[&format!("programme={programme}"), &format!("start={day}"), &format!("end={day}")],
        );
    }
    for year in ["2026", "2027"] {
        add(
            &office,
            "plan_lines",
            &[
                &format!("year={year}"),
                "competency=M.8",
                "level=2",
                "ground=kesenjangan",
                "programme=Keputusan cepat",
                "people=2",
                "cost=1000000",
                "month=3",
            ],
        );
    }
    let one = rows(&office, &["report", "hcdp", "--year", "2026"]);
    let told: Vec<_> =
        one.iter().map(|row| (row["material"].clone(), row["realised"].clone())).collect();
    assert_eq!(
        told,
        [("Keputusan cepat".into(), "partly".into()), ("Dadakan".into(), "unplanned".into())]
    );
    assert_eq!(
        (&one[0]["gap"], &one[0]["planned"], &one[0]["sessions"]),
        (&1.into(), &2.into(), &1.into())
    );
    let slices = rows(&office, &["report", "hcdp", "--year", "2026", "--slices", "2"]);
    let told: Vec<_> =
        slices.iter().map(|row| (row["year"].clone(), row["realised"].clone())).collect();
    assert_eq!(told[2], (2027.into(), "not_held".into()), "{told:?}");
}

#[test]
fn the_sheet_of_a_post_has_its_levels_and_what_it_asks_besides() {
    let office = office();
    for (whom, aspect, text, matters) in [
        ("job_level=pengawas", "jenjang_pendidikan", "Diploma III", "mutlak"),
        ("job_level=pengawas", "pengalaman_kerja", "Pelaksana 4 tahun", "penting"),
        ("position=Lurah", "pengalaman_kerja", "Sekretaris 2 tahun", "perlu"),
    ] {
        let fields = [
            whom,
            &format!("aspect={aspect}"),
            &format!("requirement={text}"),
            &format!("importance={matters}"),
        ];
        add(&office, "qualifications", &fields);
    }
    office.run(&["edit", "positions", "Lurah", "job_level=pengawas"]).expect(0);
    let sheet = rows(&office, &["report", "skj", "--position", "Lurah"]);
    assert_eq!(sheet.iter().filter(|row| row["part"] == "manajerial").count(), 8);
    let asked: Vec<_> = sheet
        .iter()
        .filter(|row| row["importance"] != Json::Null)
        .map(|row| (row["item"].clone(), row["importance"].clone()))
        .collect();
    assert_eq!(
        asked,
        [("Diploma III".into(), "mutlak".into()), ("Sekretaris 2 tahun".into(), "perlu".into())],
        "a post's own row stands over its level's"
    );
    let text =
        office.run(&["report", "skj", "--position", "Lurah", "--format", "text"]).expect(0).out;
    assert!(text.contains("Mutlak") && text.contains("Pengalaman kerja"), "{text}");
    let both = office.run(&["add", "qualifications", "aspect=pangkat", "requirement=III/c"]);
    assert_ne!(both.code, 0, "of a post or of a level");
}

#[test]
fn a_plan_line_that_is_closed_keeps_what_had_come_of_it_by_then() {
    let office = office();
    let nip = format!("employee={BUDI}");
    add(
        &office,
        "idp_lines",
        &[
            &nip,
            "year=2026",
            "competency=M.8",
            "gap=-1",
            "activity=NKL02",
            "jp=4",
            "month=6",
            "status=diterima",
        ],
    );
    for day in ["2026-03-02", "2026-03-09", "2026-03-16"] {
        add(
            &office,
            "meetings",
            &[&nip, "competency=M.8", &format!("date={day}"), "minutes=60", "topic=Kasus"],
        );
    }
    let line = |office: &Office| rows(office, &["report", "idp", "--year", "2026"])[0].clone();
    assert_eq!((&line(&office)["jp"], &line(&office)["jp_done"]), (&4.into(), &4.into()));
    office
        .run(&[
            "edit",
            "idp_lines",
            "1000",
            "closed=true",
            "closed_on=2026-04-30",
            "status=selesai",
        ])
        .expect(0);
    add(
        &office,
        "meetings",
        &[&nip, "competency=M.8", "date=2026-04-06", "minutes=60", "topic=Susulan"],
    );
    office
        .run(&[
            "add",
            "ratings",
            &nip,
            "competency=M.8",
            "level=3",
            "source=atasan",
            "date=2026-06-01",
        ])
        .expect(0);
    let closed = line(&office);
    assert_eq!(
        (&closed["jp_done"], &closed["level_done"], &closed["closed_on"]),
        (&4.into(), &1.into(), &"2026-04-30".into()),
        "what came later is not in it"
    );
    for field in ["jp=40", "jp_done=99", "status=ditolak"] {
        let said = office.run(&["edit", "idp_lines", "1000", field]);
        assert!(said.code != 0 || field == "jp_done=99", "{field}: {}", said.err);
    }
    assert_eq!(line(&office)["jp_done"], 4, "nobody writes it by hand");
    office.run(&["edit", "idp_lines", "1000", "closed=false"]).expect(0);
    let open = line(&office);
    assert_eq!((&open["jp_done"], &open["level_done"]), (&6.into(), &Json::Null));
    office.run(&["verify"]).expect(0);
}

#[test]
fn the_sheet_of_a_plan_is_of_one_person_and_says_what_no_line_covers() {
    let office = office();
    add(
        &office,
        "idp_lines",
        &[
            &format!("employee={BUDI}"),
            "year=2026",
            "competency=M.8",
            "gap=-1",
            "activity=NKL12",
            "jp=20",
        ],
    );
    let none = office.run(&["report", "idp-sheet", "--format", "json"]).expect(0).json();
    assert_eq!(none["rows"], Json::Array(Vec::new()), "of several people it tells nothing");
    let sheet = rows(&office, &["report", "idp-sheet", "--search", "budi", "--year", "2026"]);
    assert_eq!((sheet.len(), &sheet[0]["activity"]), (1, &"NKL12".into()), "{sheet:?}");
    // Towards a post that asks more: what is short of it and stands in no line.
    office.run(&["edit", "positions", "Lurah", "job_level=administrator"]).expect(0);
    let toward = rows(
        &office,
        &["report", "idp-sheet", "--search", "budi", "--year", "2026", "--position", "Lurah"],
    );
    let short: Vec<_> = toward.iter().filter(|row| row["status"] == "unplanned").collect();
    assert_eq!((short.len(), &short[0]["gap"]), (1, &(-1).into()), "M.1 has 2 of 3: {toward:?}");
    let text = office.run(&[
        "report",
        "idp-sheet",
        "--search",
        "budi",
        "--year",
        "2026",
        "--format",
        "text",
    ]);
    let text = text.expect(0).out;
    assert!(
        text.contains("Budi Contoh") && text.contains("100% belajar di tempat kerja"),
        "{text}"
    );
    assert!(text.contains("Atasan langsung"), "{text}");
}

#[test]
fn needs_count_the_post_a_plan_aims_at_and_whose_performance_fell_short() {
    let office = office();
    let in_year = |office: &Office, year: &str, code: &str, level: u8| {
        let asked = ["report", "akpk", "--year", year, "--class_min", "2"];
        let found = rows(office, &asked);
        found.into_iter().find(|row| row["code"] == code && row["level"] == level)
    };
    let of = |office: &Office, code: &str, level: u8| in_year(office, "2026", code, level);
    let held = of(&office, "M.8", 2).expect("below the post held");
    assert_eq!((&held["people"], &held["classes"]), (&1.into(), &0.into()), "too few for a class");
    assert_eq!(of(&office, "M.8", 3), None);
    add(&office, "positions", &["title=Kepala Bagian", "job_level=administrator"]);
    for year in ["2027", "2026"] {
        let (person, year) = (format!("employee={BUDI}"), format!("year={year}"));
        let plan = [&*person, &*year, "competency=M.8", "activity=NKL02"];
        assert_eq!(of(&office, "M.8", 3), None, "a plan of another year is that year's need");
        add(&office, "idp_lines", &[&plan[..], &["position=Kepala Bagian"]].concat());
    }
    assert!(in_year(&office, "2027", "M.8", 3).is_some());
    let next = of(&office, "M.8", 3).expect("below the post aimed at");
    assert_eq!((&next["people"], &next["ground"]), (&1.into(), &"kesenjangan".into()));

    for (nip, predicate) in [(BUDI, "butuh_perbaikan"), (AYU, "kurang")] {
        let fields = [&*format!("employee={nip}"), "year=2025", &format!("predicate={predicate}")];
        let judged = ["result=below_expectation", "conduct=meets_expectation"];
        add(&office, "performances", &[&fields[..], &judged[..]].concat());
    }
    assert_eq!(of(&office, "M.8", 2).expect("the same")["weak"], 1);
    let all = rows(&office, &["report", "akpk", "--year", "2026"]);
    let alone = all.iter().find(|row| row["ground"] == "kinerja").expect("no gap, yet short");
    assert_eq!((&alone["people"], &alone["weak"]), (&1.into(), &1.into()), "{all:?}");
    let line = ["year=2026", "competency=M.8", "level=2", "ground=kinerja"];
    let fits = "curriculum=Kurikulum LAN pelatihan pengambilan keputusan";
    add(&office, "plan_lines", &[&line[..], &[fits]].concat());
    let planned = of(&office, "M.8", 2).expect("planned");
    assert_eq!(planned["curriculum"], "Kurikulum LAN pelatihan pengambilan keputusan");
    assert_eq!(planned["ground"], "kinerja");
}
