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
