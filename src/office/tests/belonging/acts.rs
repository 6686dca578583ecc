//! What is done to a person's records by a request of its own (rated, enrolled, ticked), and
//! what takes it back: refused to another district as if the person were not there, and to
//! everybody while the person is restricted.

use super::*;

const NOBODY: EmployeeId = EmployeeId(77_777);

/// What a name says of each such request.
type Acts = Vec<(&'static str, Request)>;

impl Districts {
    fn session(&mut self) -> SessionId {
        SessionId(self.one_of(Kind::Sessions))
    }

    fn acts(&mut self, of: EmployeeId) -> Acts {
        let session = self.session();
        let Record::Rating(rating) = self.record_of(Kind::Ratings, of) else { panic!("a rating") };
        let mut step = || self.desk.step();
        let employees = vec![of];
        let enrol = Request::Enrol { step: step(), session, employees: employees.clone() };
        let marks = vec![(of, 0, Some(Presence::Present))];
        vec![
            ("rate", Request::Rate { step: step(), ratings: vec![rating] }),
            ("enrol", enrol),
            ("attend", Request::Attend { step: step(), session, marks }),
            ("unenrol", Request::Unenrol { step: step(), session, employees }),
        ]
    }

    /// Every record of a person, and the person.
    fn of_people(&mut self) -> Vec<Stored> {
        let mut all = Vec::new();
        for kind in kinds().chain([Kind::Employees]) {
            let Answer::Ids(numbers) = self.desk.ask(Request::Ids(ListQuery::all(kind))) else {
                panic!("{kind} is not listed")
            };
            let ids = numbers.into_iter().map(|number| RecordId::new(kind, number));
            all.extend(ids.map(|id| self.stored(id)));
        }
        all
    }
}

/// An answer without the number of who was asked about.
fn of_nobody(answer: &Answer, person: EmployeeId) -> String {
    format!("{answer:?}").replace(&person.0.to_string(), &NOBODY.0.to_string())
}

#[test]
fn another_district_rates_enrols_and_ticks_nobody() {
    let mut districts = Districts::new();
    let person = districts.person;
    for kind in [Kind::Enrolments, Kind::Ratings] {
        districts.add(kind);
    }
    let before = districts.of_people();
    let mut wrong = Vec::new();
    for user in Role::ALL.iter().map(|role| user(*role, "there")) {
        let (there, absent) = (districts.acts(person), districts.acts(NOBODY));
        for ((what, there), (_, absent)) in there.into_iter().zip(absent) {
            let found = districts.ask_as(&user, there);
            let expected = districts.ask_as(&user, absent);
            if of_nobody(&found, person) != of_nobody(&expected, person) {
                wrong.push(format!("{user} {what}: {found:?}, not {expected:?}"));
            }
            if matches!(found, Answer::Saved(Saved { seq: Some(_), .. })) {
                wrong.push(format!("{user} {what}: {found:?}"));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert_eq!(districts.of_people(), before);
}

#[test]
fn those_who_write_in_the_district_do() {
    for role in Role::ALL {
        let mut districts = Districts::new();
        let user = user(*role, "here");
        let person = districts.person;
        for (what, request) in districts.acts(person) {
            let answer = districts.ask_as(&user, request);
            let may = matches!(role, Role::Admin | Role::Officer);
            match answer {
                Answer::Saved(Saved { seq: Some(_), .. }) if may => {}
                Answer::Refused(Problem::NotAllowed { .. }) if !may => {}
                other => panic!("{user} {what}: {other:?}"),
            }
        }
    }
}

#[test]
fn nobody_is_rated_enrolled_or_ticked_while_restricted() {
    for user in ["siti".to_string(), user(Role::Admin, "here"), user(Role::Officer, "here")] {
        let mut districts = Districts::new();
        let person = districts.person;
        districts.add(Kind::Enrolments);
        districts.restrict(true);
        let before = districts.of_people();
        for (what, request) in districts.acts(person) {
            match districts.ask_as(&user, request) {
                Answer::Refused(Problem::Restricted { count: 1, .. }) => {}
                // Enrolled already: nothing to be done, so nothing was.
                Answer::Saved(Saved { seq: None, .. }) if what == "enrol" => {}
                other => panic!("{user} {what}: {other:?}"),
            }
        }
        assert_eq!(districts.of_people(), before, "{user}");
        let mut districts = Districts::new();
        districts.restrict(true);
        let enrol = districts.acts(person).remove(1).1;
        let answer = districts.ask_as(&user, enrol);
        assert!(matches!(answer, Answer::Refused(Problem::Restricted { .. })), "{answer:?}");
    }
}

/// A step of one district is to another one nobody's: as far as it may know of it at all.
#[test]
fn another_district_takes_back_no_step_of_this_one() {
    let mut wrong = Vec::new();
    for kind in kinds() {
        let (mut with, mut lacking) = (Districts::new(), Districts::new());
        let id = with.add(kind);
        lacking.desk.save(employee("Tanpa Unit", 3));
        let (stored, seq) = (with.stored(id), with.stored(id).rev.0);
        for user in Role::ALL.iter().map(|role| user(*role, "there")) {
            for seq in [Some(seq), None] {
                let (step, same) = (with.desk.step(), lacking.desk.step());
                let found = with.ask_as(&user, Request::Undo { step, seq });
                let expected = lacking.ask_as(&user, Request::Undo { step: same, seq });
                if found != expected || matches!(found, Answer::Saved(_)) {
                    wrong.push(format!("{user} {kind}: {found:?}, not {expected:?}"));
                }
            }
        }
        assert_eq!(with.stored(id), stored, "{kind}");
        // Who may, does.
        let step = with.desk.step();
        let inside = user(Role::Admin, "here");
        saved(with.ask_as(&inside, Request::Undo { step, seq: Some(seq) }));
    }
    assert_eq!(wrong, [""; 0]);
}
