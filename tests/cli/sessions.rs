//! Sessions from the command line: seats, two places at once, holidays, and days to come.

use super::office::Office;

const NIPS: [&str; 2] = ["199001012015012001", "199001012015011002"];

fn office() -> Office {
    let office = Office::new();
    for (nip, name) in NIPS.into_iter().zip(["Siti Coba", "Budi Coba"]) {
        office
            .run(&["add", "employees", &format!("number={nip}"), &format!("name={name}")])
            .expect(0);
    }
    office.run(&["add", "programmes", "name=Bimtek Coba", "type=KL10"]).expect(0);
    office
}

fn enrol(office: &Office, session: &str, nip: &str, more: &[&str]) -> super::office::Said {
    let (session, person) = (format!("session={session}"), format!("employee={nip}"));
    office.run(&[&["add", "enrolments", session.as_str(), person.as_str()], more].concat())
}

#[test]
fn more_people_than_seats_are_enrolled_only_if_it_is_meant() {
    let office = office();
    let add = ["add", "sessions", "programme=Bimtek Coba", "start=2026-03-02", "end=2026-03-03"];
    office.run(&[&add[..], &["capacity=1"]].concat()).expect(0);
    enrol(&office, "1000", NIPS[0], &[]).expect(0);
    let said = enrol(&office, "1000", NIPS[1], &[]).expect(2);
    let text = said.err;
    assert!(text.contains('1') && text.contains("--yes"), "{text}");
    enrol(&office, "1000", NIPS[1], &["--yes"]).expect(0);
    // Somebody who is elsewhere that day.
    office
        .run(&["add", "sessions", "programme=Bimtek Coba", "start=2026-03-03", "end=2026-03-04"])
        .expect(0);
    let said = enrol(&office, "1001", NIPS[0], &[]).expect(2);
    assert!(said.err.contains("Siti Coba"), "{}", said.err);
    enrol(&office, "1001", NIPS[0], &["--yes"]).expect(0);
    // Nor is anybody moved to where there is no seat unless it is meant.
    office
        .run(&["add", "sessions", "programme=Bimtek Coba", "start=2026-05-04", "end=2026-05-05"])
        .expect(0);
    office.run(&["edit", "enrolments", "1001", "session=1002"]).expect(0);
    let moved = ["edit", "enrolments", "1001", "session=1000"];
    let said = office.run(&moved).expect(2);
    assert!(said.err.contains("--yes"), "{}", said.err);
    office.run(&[&moved[..], &["--yes"]].concat()).expect(0);
}

#[test]
fn an_attendance_list_is_printed_with_its_heading_names_and_lines_to_sign() {
    let office = office();
    let add = ["add", "sessions", "programme=Bimtek Coba", "start=2026-03-02", "end=2026-03-03"];
    office.run(&[&add[..], &["place=Aula", "provider=BKPSDM"]].concat()).expect(0);
    enrol(&office, "1000", NIPS[0], &[]).expect(0);
    let report = ["report", "attendance", "--session", "1000", "--format"];
    let sheet = office.path("hadir.txt");
    let to = ["text", "--out", sheet.to_str().expect("a path")];
    office.run(&[&report[..], &to].concat()).expect(0);
    let text = std::fs::read_to_string(&sheet).expect("a sheet");
    for said in ["DAFTAR HADIR", "Bimtek Coba", "Aula", "BKPSDM", "Siti Coba", "2/3", "3/3", "...."]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("Budi Coba") && text.lines().all(|line| line.chars().count() <= 80));
    let told = office.run(&[&report[..], &["json"]].concat()).expect(0).json();
    let rows = told["rows"].as_array().expect("rows");
    assert_eq!((rows.len(), rows[0]["nip"].as_str()), (6, Some(NIPS[0])), "and five to add to");
    let book = office.path("hadir.xlsx");
    let to = ["xlsx", "--out", book.to_str().expect("a path")];
    office.run(&[&report[..], &to].concat()).expect(0);
    assert!(std::fs::read(&book).expect("a book").starts_with(b"PK"));
    let nothing = office.run(&["report", "attendance", "--session", "9"]).expect(2);
    assert!(nothing.err.contains("--session") && nothing.err.contains("tidak ditemukan"));
    let left_out = office.run(&["report", "attendance"]).expect(2);
    assert!(left_out.err.contains("--session: wajib diisi"), "{}", left_out.err);
}

#[test]
fn a_profile_is_of_one_person_with_training_and_jp() {
    let office = office();
    let add = ["add", "sessions", "programme=Bimtek Coba", "start=2026-03-02", "end=2026-03-03"];
    office.run(&add).expect(0);
    enrol(&office, "1000", NIPS[0], &["jp=12", "note=sertifikat"]).expect(0);
    let profile = ["report", "profile", "--search", NIPS[0], "--format", "text"];
    let text = office.run(&profile).expect(0).out;
    for said in ["PROFIL PEGAWAI", "Siti Coba", "JPM tanpa kelebihan", "Bimtek Coba", "12"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let all = office.run(&["report", "profile", "--format", "json"]).expect(0).json();
    assert_eq!(all["rows"], serde_json::json!([]), "of two people it tells of neither");
}

#[test]
fn a_session_on_joint_leave_says_so() {
    let office = office();
    let said = office
        .run(&["add", "sessions", "programme=Bimtek Coba", "start=2026-03-17", "end=2026-03-18"])
        .expect(0);
    assert!(said.err.contains("Nyepi"), "{}", said.err);
    let said = office
        .run(&["add", "sessions", "programme=Bimtek Coba", "start=2026-03-02", "end=2026-03-03"])
        .expect(0);
    assert!(!said.err.contains("Nyepi"), "{}", said.err);
}
