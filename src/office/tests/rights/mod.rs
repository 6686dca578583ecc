//! Who may do what: a small town of two districts, and officers of every role in one of
//! them. `matrix` asks everything as everybody, `changing` and `telling` are what officers
//! meet with, `leaving` what an answer gives and how it is counted, `reach` that what is out
//! of reach is as what is not there, `reports` the same of calculated tables, `leaks` asks at random and looks for
//! what nobody may see.

mod changing;
mod leaks;
mod leaving;
mod matrix;
mod reach;
mod reports;
mod telling;

use super::*;
use crate::domain::kinds::correction::Correction;
use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::officer::{Officer, Role};
use crate::domain::kinds::unit::Unit;
use crate::domain::record::{PositionId, ProgrammeId, UnitId};
use crate::protocol::{Needs, Notice, ParamShape, ReportQuery};

/// Stands in everything that only the other district's records hold.
const SECRET: &str = "Rahasia-7731";

/// A person, and everything of theirs a request can name.
#[derive(Clone)]
struct Target {
    person: RecordId,
    nip: String,
    name: String,
    rating: RecordId,
    enrolment: RecordId,
    session: SessionId,
    /// An entry that changed this person alone.
    seq: u64,
}

/// An office with two districts below one root.
struct Town {
    desk: Desk,
    root: UnitId,
    /// The district of the officers below, a village in it, and the other district.
    plaju: UnitId,
    village: UnitId,
    ilir: UnitId,
    programme: ProgrammeId,
    inside: Target,
    outside: Target,
    /// Works in no unit.
    nowhere: RecordId,
}

/// Whose rights are tried: the owner of the folder, then officers by their user names.
const EVERYBODY: [&str; 7] = ["siti", "ani", "adi", "oki", "vina", "audi", "zed"];

fn asker(user: &str) -> Asker {
    Asker { officer: user.into(), sitting: 1, owner: user == "siti", read_only: false }
}

impl Town {
    fn new() -> Self {
        let mut desk = Desk::new();
        let mut unit = |name: &str, parent: Option<UnitId>| {
            let unit = Unit { name: name.into(), parent, ..Unit::default() };
            UnitId(desk.save(unit).number)
        };
        let root = unit("Pemerintah Kota", None);
        let plaju = unit("Kecamatan Plaju", Some(root));
        let village = unit("Kelurahan Plaju Ulu", Some(plaju));
        let ilir = unit("Kecamatan Ilir", Some(root));
        for (user, role, unit, note) in [
            ("ani", Role::Admin, None, SECRET),
            ("adi", Role::Admin, Some(plaju), ""),
            ("oki", Role::Officer, Some(plaju), ""),
            ("vina", Role::Viewer, Some(plaju), ""),
            ("audi", Role::Auditor, Some(plaju), ""),
            ("olga", Role::Officer, Some(ilir), SECRET),
            ("oma", Role::Officer, None, SECRET),
        ] {
            desk.save(Officer { user: user.into(), role, unit, note: note.into() });
        }
        let programme = desk.save(Programme {
            name: "Pelayanan Prima".into(),
            r#type: "KL10".into(),
            ..Programme::default()
        });
        let programme = ProgrammeId(programme.number);
        let mut session = |day: &str| {
            let (start, end) = (day.parse().ok(), day.parse().ok());
            let session = Session { programme, start, end, ..Session::default() };
            SessionId(desk.save(session).number)
        };
        let sessions = [session("2026-11-10"), session("2026-11-12")];
        let inside = target(&mut desk, "Mila Melani", 1, village, sessions[0], "milik");
        let name = format!("Olan {SECRET}");
        let outside = target(&mut desk, &name, 2, ilir, sessions[1], SECRET);
        for (whose, mark) in [(&inside, "milik"), (&outside, SECRET)] {
            desk.save(Correction {
                employee: EmployeeId(whose.person.number),
                subject: format!("Gelar {mark}"),
                wanted: format!("Seharusnya {mark}"),
                ..Correction::default()
            });
        }
        let nowhere = desk.save(Employee {
            email: format!("{SECRET}@plaju.go.id"),
            ..employee(&format!("Tanpa Unit {SECRET}"), 3)
        });
        Self { desk, root, plaju, village, ilir, programme, inside, outside, nowhere }
    }

    fn ask_as(&mut self, user: &str, request: Request) -> Answer {
        let office = self.desk.office.as_mut().expect("an office");
        let ask = Ask { asker: asker(user), ticket: Ticket(0), request };
        office.handle(vec![ask], &mut |_, _, _| {}).remove(0).1
    }

    /// What somebody is told of everything since the last time.
    fn told(&mut self, users: &[&str]) -> Vec<Vec<Notice>> {
        let office = self.desk.office.as_mut().expect("an office");
        let news = office.news();
        let of = |user: &&str| {
            let asker = asker(user);
            office.told(&news, &asker)
        };
        users.iter().map(of).collect()
    }

    fn stored(&mut self, id: RecordId) -> crate::protocol::Stored {
        match self.desk.ask(Request::Get(id)) {
            Answer::Record(Some(stored)) => *stored,
            other => panic!("{id}: {other:?}"),
        }
    }

    fn save_as(&mut self, user: &str, id: Option<RecordId>, record: impl Into<Record>) -> Answer {
        let base = id.map_or(Revision(0), |id| self.stored(id).rev);
        let drafts = vec![DraftRecord { id, base, record: record.into() }];
        let step = self.desk.step();
        self.ask_as(user, Request::Save(Save { step, drafts }))
    }

    fn change_as(&mut self, user: &str, id: RecordId, change: impl FnOnce(&mut Record)) -> Answer {
        let mut record = self.stored(id).record;
        change(&mut record);
        self.save_as(user, Some(id), record)
    }

    fn page_as(&mut self, user: &str, query: ListQuery) -> crate::protocol::Page {
        match self.ask_as(user, Request::List(query)) {
            Answer::Page(page) => page,
            other => panic!("{other:?}"),
        }
    }

    fn history_as(&mut self, user: &str) -> Vec<crate::protocol::HistoryLine> {
        let query = HistoryQuery { limit: 100, ..HistoryQuery::default() };
        match self.ask_as(user, Request::History(query)) {
            Answer::History(page) => page.lines,
            other => panic!("{other:?}"),
        }
    }
}

/// A person of a unit with a rating and an enrolment; `mark` stands in whatever takes text.
fn target(
    desk: &mut Desk,
    name: &str,
    serial: u32,
    unit: UnitId,
    session: SessionId,
    mark: &str,
) -> Target {
    let person = desk.save(Employee { unit: Some(unit), ..employee(name, serial) });
    let step = desk.step();
    let rating = Rating {
        rater: mark.into(),
        evidence: mark.into(),
        ..rating_of(EmployeeId(person.number), 2)
    };
    let rating = saved(desk.ask(Request::Rate { step, ratings: vec![rating] })).ids[0];
    let employee = EmployeeId(person.number);
    let enrolment =
        desk.save(Enrolment { session, employee, note: mark.into(), ..Enrolment::default() });
    let changed = desk.change(person, |record| {
        let Record::Employee(employee) = record else { panic!("a person") };
        employee.email = format!("{mark}@plaju.go.id");
        employee.pns_id = format!("{mark}-id");
        employee.education = mark.into();
    });
    let seq = saved(changed).seq.expect("a change");
    let nip = nip(serial).to_string();
    Target { person, nip, name: name.into(), rating, enrolment, session, seq }
}

fn rating_of(employee: EmployeeId, level: u8) -> Rating {
    Rating {
        employee,
        competency: CompetencyId(1),
        level: Level::new(level).expect("a level"),
        source: Some(RatingSource::Superior),
        date: "2026-11-01".parse().ok(),
        ..Rating::default()
    }
}

fn of_person(record: &mut Record) -> &mut Employee {
    match record {
        Record::Employee(employee) => employee,
        other => panic!("{other:?}"),
    }
}
