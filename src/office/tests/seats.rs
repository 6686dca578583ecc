//! Sessions and time: nobody has attended or earned what is still to come, where the office
//! is; more people than seats, and people in two places at once, are asked about.

use super::*;
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::record::ProgrammeId;
use crate::protocol::EnrolQuestion;

impl Desk {
    fn session_of(&mut self, days: (&str, &str), capacity: Option<u16>) -> SessionId {
        let programme = Programme {
            name: format!("Bimtek {}", days.0),
            r#type: "KL10".into(),
            jp: Some(12),
            ..Programme::default()
        };
        let programme = ProgrammeId(self.save(programme).number);
        let (start, end) = (days.0.parse().ok(), days.1.parse().ok());
        let session = Session { programme, start, end, capacity, ..Session::default() };
        SessionId(self.save(session).number)
    }

    fn people(&mut self, count: u32) -> Vec<EmployeeId> {
        let person = |serial| self.save(employee(&format!("Orang {serial}"), serial)).number;
        (1..=count).map(person).map(EmployeeId).collect()
    }

    fn enrol(&mut self, session: SessionId, employees: &[EmployeeId]) -> Answer {
        let (step, employees) = (self.step(), employees.to_vec());
        self.ask(Request::Enrol { step, session, employees })
    }

    fn mark(&mut self, session: SessionId, person: EmployeeId, day: u16) -> Answer {
        let marks = vec![(person, day, Some(Presence::Present))];
        let step = self.step();
        self.ask(Request::Attend { step, session, marks })
    }
}

fn question(answer: Answer) -> EnrolQuestion {
    match answer {
        Answer::Asks(question) => *question,
        other => panic!("not asked: {other:?}"),
    }
}

fn fault(answer: Answer) -> (String, Reason) {
    match refused(answer) {
        Problem::Invalid(faults) => (faults[0].1.field.clone(), faults[0].1.reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nobody_has_attended_a_day_that_is_still_to_come_where_the_office_is() {
    let mut desk = Desk::new();
    let session = desk.session_of(("2026-11-20", "2026-11-23"), None);
    let person = desk.people(1)[0];
    saved(desk.enrol(session, &[person]));
    for day in [0, 1] {
        saved(desk.mark(session, person, day));
    }
    let future = ("attendance".to_string(), Reason::DateFuture);
    assert_eq!(fault(desk.mark(session, person, 2)), future);
    // Taking a mark away is no claim.
    let step = desk.step();
    let marks = vec![(person, 3, None)];
    saved(desk.ask(Request::Attend { step, session, marks }));
    // Still the 21st in UTC, the 22nd in Jakarta.
    *desk.now.lock().expect("the time") = "2026-11-21T17:30:00Z".parse().expect("a time");
    saved(desk.mark(session, person, 2));
    assert_eq!(fault(desk.mark(session, person, 3)), future);
}

#[test]
fn nobody_has_earned_what_is_not_over_by_hand_by_field_or_from_a_file() {
    let mut desk = Desk::new();
    let coming = desk.session_of(("2026-12-01", "2026-12-02"), None);
    let over = desk.session_of(("2026-11-02", "2026-11-03"), None);
    let people = desk.people(3);
    let future = |field: &str| (field.to_string(), Reason::DateFuture);
    let enrolment = |session, employee| Enrolment { session, employee, ..Enrolment::default() };
    let mut save = |record: Enrolment| {
        let step = desk.step();
        let draft = DraftRecord { id: None, base: Revision(0), record: record.into() };
        desk.ask(Request::Save(Save { step, drafts: vec![draft] }))
    };
    let present = vec![None, Some(Presence::Present)];
    let stated = Enrolment { jp: Some(12), ..enrolment(coming, people[0]) };
    assert_eq!(fault(save(stated)), future("jp"));
    let ticked = Enrolment { attendance: present, ..enrolment(coming, people[0]) };
    assert_eq!(fault(save(ticked)), future("attendance"));
    let id = saved(save(enrolment(coming, people[0]))).ids[0];
    saved(save(Enrolment { jp: Some(12), ..enrolment(over, people[1]) }));
    let step = desk.step();
    let set = |field: &str, value: &str| Request::SetField {
        step: step.clone(),
        kind: Kind::Enrolments,
        ids: vec![id.number],
        field: field.into(),
        value: value.into(),
    };
    assert_eq!(fault(desk.ask(set("jp", "12"))), future("jp"));
    // A session with attendance is not moved to where it cannot have been.
    let moved = desk.change(over.into(), |record| {
        let Record::Session(session) = record else { panic!("a session") };
        session.end = "2026-12-03".parse().ok();
    });
    assert_eq!(fault(moved), future("end"));
    let row = TrainingRow {
        number: nip(3),
        name: "Bimtek 2026-12-01".into(),
        r#type: "KL10".into(),
        start: "2026-12-01".parse().expect("a day"),
        end: "2026-12-02".parse().expect("a day"),
        provider: String::new(),
        jp: 12,
    };
    let rows = vec![RowData::Training(Box::new(row))];
    let (verdicts, _) = desk.import(Intake::Trainings, &[], rows);
    let Verdict::Refused(fault) = &verdicts[0] else { panic!("{verdicts:?}") };
    assert_eq!((fault.field.as_str(), fault.reason), ("end", Reason::DateFuture));
}

#[test]
fn more_people_than_seats_are_asked_about_with_their_number_and_enrolled_if_it_is_meant() {
    let mut desk = Desk::new();
    let session = desk.session_of(("2026-12-01", "2026-12-02"), Some(3));
    let people = desk.people(5);
    saved(desk.enrol(session, &people[..2]));
    let asked = question(desk.enrol(session, &people[1..]));
    assert_eq!((asked.people, asked.capacity, asked.over, asked.clashing), (3, Some(3), 2, 0));
    let record = Enrolment { session, employee: people[4], ..Enrolment::default() };
    let draft = DraftRecord { id: None, base: Revision(0), record: record.into() };
    saved(desk.enrol(session, &people[2..3]));
    let step = desk.step();
    let save = Save { step, drafts: vec![draft] };
    assert_eq!(question(desk.ask(Request::Save(save.clone()))).over, 1);
    assert_eq!(saved(desk.ask(Request::SaveAnyway(save))).count, 1);
    let step = desk.step();
    let employees = vec![people[3]];
    assert_eq!(saved(desk.ask(Request::EnrolAnyway { step, session, employees })).count, 1);
}

#[test]
fn somebody_who_is_in_another_session_that_day_is_named_before() {
    let mut desk = Desk::new();
    let first = desk.session_of(("2026-12-01", "2026-12-03"), None);
    let second = desk.session_of(("2026-12-03", "2026-12-04"), None);
    let later = desk.session_of(("2026-12-05", "2026-12-06"), None);
    let people = desk.people(2);
    saved(desk.enrol(first, &people[..1]));
    saved(desk.enrol(later, &people));
    let asked = question(desk.enrol(second, &people));
    assert_eq!((asked.over, asked.clashing, asked.clashes.len()), (0, 1, 1));
    assert_eq!(asked.clashes[0].label, "Orang 1 · Bimtek 2026-12-01");
    saved(desk.change(first.into(), |record| {
        let Record::Session(session) = record else { panic!("a session") };
        session.cancelled = true;
    }));
    saved(desk.enrol(second, &people));
}

#[test]
fn whoever_is_moved_to_another_session_is_asked_about_as_one_who_is_enrolled() {
    let mut desk = Desk::new();
    let full = desk.session_of(("2026-12-01", "2026-12-02"), Some(1));
    let open = desk.session_of(("2026-12-02", "2026-12-03"), None);
    let people = desk.people(2);
    saved(desk.enrol(full, &people[..1]));
    let moved = saved(desk.enrol(open, &people[1..])).ids[0];
    let to = |session: SessionId| {
        move |record: &mut Record| {
            let Record::Enrolment(row) = record else { panic!("an enrolment") };
            row.session = session;
        }
    };
    let asked = question(desk.change(moved, to(full)));
    assert_eq!((asked.people, asked.capacity, asked.over), (1, Some(1), 1));
    assert_eq!(asked.clashing, 0, "the session that is left is no other place");
    // What stays in its session is asked about no more, however full that is.
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(moved)) else { panic!("nobody") };
    let mut record = stored.record;
    to(full)(&mut record);
    let draft = DraftRecord { id: Some(moved), base: stored.rev, record };
    let save = Save { step: desk.step(), drafts: vec![draft] };
    saved(desk.ask(Request::SaveAnyway(save)));
    saved(desk.change(moved, |record| {
        let Record::Enrolment(row) = record else { panic!("an enrolment") };
        row.note = "Sertifikat".into();
    }));
    let third = desk.session_of(("2026-11-30", "2026-12-01"), None);
    let asked = question(desk.enrol(third, &people[1..]));
    assert_eq!((asked.over, asked.clashing), (0, 1));
}

#[test]
fn an_opening_says_its_seats_and_who_of_those_people_cannot_be_there() {
    let mut desk = Desk::new();
    let people = desk.people(4);
    let past = desk.session_of(("2026-03-02", "2026-03-03"), None);
    let coming = desk.session_of(("2026-12-04", "2026-12-05"), Some(3));
    let same_time = desk.session_of(("2026-12-05", "2026-12-07"), Some(30));
    saved(desk.enrol(coming, &people[..2]));
    let ask = |text: &str, employees: &[EmployeeId]| Request::Openings {
        text: text.into(),
        employees: employees.to_vec(),
        limit: 9,
    };
    let Answer::Openings(open) = desk.ask(ask("", &people[1..])) else { panic!("openings") };
    let told: Vec<_> = open
        .iter()
        .map(|one| (one.session, one.enrolled, one.capacity, one.already, one.clashing))
        .collect();
    let expected =
        [(coming, 2, Some(3), 1, 0), (same_time, 0, Some(30), 0, 1), (past, 0, None, 0, 0)];
    assert_eq!(told, expected);
    assert_eq!(open[0].programme, "Bimtek 2026-12-04");
    let Answer::Openings(open) = desk.ask(ask("2026-12-07", &people)) else { panic!("openings") };
    assert_eq!(open.iter().map(|one| one.session).collect::<Vec<_>>(), [same_time]);
}
