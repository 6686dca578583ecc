//! An office that was killed: its roster was packed before the last entries, and is brought up
//! to them when it is opened again.

use proptest::prelude::*;

use super::kept::Act;
use super::*;
use crate::domain::kinds::enrolment::Enrolment;

impl Desk {
    fn killed_and_opened(&mut self) -> Vec<&'static str> {
        self.kill();
        self.open();
        self.at_hand().state.wrong().expect("a store that can be read")
    }

    fn closed_and_opened(&mut self) {
        self.close();
        self.open();
    }

    fn at_hand(&mut self) -> &mut Office {
        self.office.as_mut().expect("an office")
    }

    /// So many people, closed in order and opened again.
    fn with_people(many: u32) -> (Self, Vec<RecordId>) {
        let mut desk = Self::new();
        let people = 1..=many;
        let people = people.map(|n| desk.save(employee(&format!("Orang {n:02}"), n))).collect();
        desk.closed_and_opened();
        (desk, people)
    }

    fn renamed(&mut self, person: RecordId, name: &str) {
        saved(self.change(person, |record| {
            let Record::Employee(person) = record else { panic!("a person") };
            person.name = name.into();
        }));
    }

    /// How many values of the store were decoded to open it.
    fn decoded_to_open(&mut self) -> u32 {
        self.kill();
        crate::store::decoded();
        self.open();
        crate::store::decoded()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    #[test]
    fn after_a_kill_the_roster_is_what_would_be_made_anew(
        acts in prop::collection::vec(
            prop::collection::vec((any::<u8>(), 0_u32..99, 0_u32..99, any::<u8>()), 1..8), 1..6),
    ) {
        let mut desk = Desk::new();
        desk.begin();
        desk.closed_and_opened();
        for acts in acts as Vec<Vec<Act>> {
            for act in &acts {
                desk.act(*act);
            }
            let wrong = desk.killed_and_opened();
            prop_assert!(wrong.is_empty(), "{acts:?} {wrong:?}");
            let mut sorted = desk.names("");
            sorted.sort();
            prop_assert_eq!(desk.names(""), sorted);
            if acts.len() % 2 == 0 {
                desk.closed_and_opened();
            }
        }
        prop_assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)));
    }
}

#[test]
fn after_a_kill_only_those_are_read_whom_somebody_saved() {
    let (mut few, _) = Desk::with_people(5);
    few.save(employee("Baru", 90));
    let of_few = few.decoded_to_open();
    let (mut many, people) = Desk::with_people(60);
    many.save(employee("Baru", 90));
    assert_eq!(many.decoded_to_open(), of_few);
    many.renamed(people[3], "Zainal");
    saved(many.rate(people[7], 1, 3, "2026-11-20"));
    assert!(many.decoded_to_open() < of_few + 20);
    assert_eq!(many.killed_and_opened(), Vec::<&str>::new());
    let names = many.names("");
    assert_eq!((names.len(), names[0].as_str(), names[60].as_str()), (61, "Baru", "Zainal"));
}

#[test]
fn a_record_that_went_to_somebody_else_is_with_them_alone_after_a_kill() {
    let (mut desk, people) = Desk::with_people(4);
    saved(desk.rate(people[0], 1, 3, "2026-11-20"));
    let programme =
        desk.save(Programme { name: "A".into(), r#type: "KL10".into(), ..Programme::default() });
    let session = desk.save(Session {
        programme: crate::domain::record::ProgrammeId(programme.number),
        start: "2026-11-02".parse().ok(),
        end: "2026-11-03".parse().ok(),
        ..Session::default()
    });
    let session = SessionId(session.number);
    let employee = EmployeeId(people[0].number);
    let enrolled = desk.save(Enrolment { session, employee, ..Enrolment::default() });
    desk.closed_and_opened();
    let whom = EmployeeId(people[2].number);
    saved(desk.change(enrolled, |record| {
        let Record::Enrolment(row) = record else { panic!("an enrolment") };
        row.employee = whom;
    }));
    let pack = desk.at_hand().state.store.pack(EmployeeId(people[0].number)).expect("read");
    let rating = pack.rows.iter().map(|(id, ..)| *id).find(|id| id.kind == Kind::Ratings);
    saved(desk.change(rating.expect("a rating"), |record| {
        let Record::Rating(row) = record else { panic!("a rating") };
        row.employee = whom;
    }));
    assert_eq!(desk.killed_and_opened(), Vec::<&str>::new());
    let roster = &desk.at_hand().state.roster;
    assert_eq!(roster.roll(session).collect::<Vec<_>>(), [people[2].number]);
    assert!(!roster.get(people[0].number).expect("there").holds(Kind::Ratings));
}

#[test]
fn a_roster_that_was_being_packed_when_the_office_was_killed_is_not_taken() {
    let (mut desk, people) = Desk::with_people(4);
    desk.renamed(people[0], "Zainal");
    let office = desk.at_hand();
    let (head, state) = (office.state.store.applied(), &mut office.state);
    let (roster, store) = (&mut state.roster, &mut state.store);
    let mut left = 2;
    let packed = roster.pack(head, &mut |chunk, bytes| {
        if left == 0 {
            return Err(crate::store::StoreError::Full);
        }
        left -= 1;
        store.put_list(chunk, bytes)
    });
    assert!(packed.is_err(), "half of it is written");
    store.flush().expect("written");
    assert_eq!(desk.killed_and_opened(), Vec::<&str>::new());
    assert_eq!(desk.names(""), ["Orang 02", "Orang 03", "Orang 04", "Zainal"]);
}

#[test]
fn what_moves_everybody_has_everybody_read_after_a_kill() {
    let (mut desk, people) = Desk::with_people(4);
    saved(desk.rate(people[1], 1, 3, "2026-11-20"));
    desk.closed_and_opened();
    saved(desk.change(RecordId::new(Kind::Competencies, 1), |record| {
        let Record::Competency(row) = record else { panic!("a competency") };
        row.archived_on = "2026-01-01".parse().ok();
    }));
    assert_eq!(desk.killed_and_opened(), Vec::<&str>::new());
}
