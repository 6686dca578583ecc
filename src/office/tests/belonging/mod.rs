//! Whose a record is, tried on every kind that belongs to a person: kinds are found through
//! the registry and records made from their field tables, so that a new kind is tried with
//! all the others or fails loudly. Every text of a record is a secret of its kind and field.
//!
//! `reach` asks from another district, `acts` rates, enrols and takes back, `intake` brings
//! files in, `kept` restricts and erases, `told` looks at copy, history and readings, `held`
//! deletes what records refer to.

mod acts;
mod held;
mod intake;
mod kept;
mod reach;
mod told;

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::*;
use crate::domain::belongs::Writers;
use crate::domain::field::{Erasure, Field, Shape, Time};
use crate::domain::kinds::competency::Competency;
use crate::domain::kinds::cycle::Cycle;
use crate::domain::kinds::officer::{Officer, Role};
use crate::domain::kinds::unit::Unit;
use crate::domain::record::{FIRST_OWN_NUMBER, Fields, ProgrammeId, UnitId};
use crate::protocol::{Notice, Stored};

/// Stands in every text of a person's records, and nowhere else.
const MARK: &str = "RAHASIA";

/// What stands in this field of a record of this kind.
fn secret(kind: Kind, field: &Field) -> String {
    format!("{MARK}-{kind}-{}", field.name)
}

/// The kinds that belong to a person and are written by hand; what is done with a cycle is
/// tried where cycles are.
fn kinds() -> impl Iterator<Item = Kind> {
    Kind::of_people().filter(|kind| kind.writers() != Writers::Acts)
}

/// Whether a field carries a secret: a text, unless it stays of an erased person and so may
/// be in none.
fn is_secret(field: &Field) -> bool {
    matches!(field.shape, Shape::Text | Shape::LongText) && field.erasure != Erasure::Kept
}

/// Whether a field names somebody else than the person the record belongs to. Of a cycle's
/// raters it is the person: what others say of them is told in no copy.
fn is_other(kind: Kind, field: &Field) -> bool {
    if kind == Kind::Raters {
        return false;
    }
    let people = |field: &&Field| field.shape == Shape::Reference(Kind::Employees);
    kind.fields().iter().find(people).is_some_and(|own| own.name != field.name)
}

/// The secrets in a record of this kind.
fn secrets(kind: Kind) -> Vec<String> {
    let texts = kind.fields().iter().filter(|field| is_secret(field));
    texts.map(|field| secret(kind, field)).collect()
}

/// Two districts below one root, an officer of every role in each, and somebody in the
/// first whose records are looked for.
struct Districts {
    desk: Desk,
    here: UnitId,
    there: UnitId,
    person: EmployeeId,
}

/// An officer's user name.
fn user(role: Role, place: &str) -> String {
    format!("{}_{place}", role.code())
}

fn asker(user: &str) -> Asker {
    Asker { officer: user.into(), sitting: 1, owner: user == "siti", read_only: false }
}

impl Districts {
    fn new() -> Self {
        let mut desk = Desk::new();
        let mut unit = |name: &str, parent: Option<UnitId>| {
            UnitId(desk.save(Unit { name: name.into(), parent, ..Unit::default() }).number)
        };
        let root = unit("Kota", None);
        let (here, there) = (unit("Sini", Some(root)), unit("Sana", Some(root)));
        for (unit, place) in [(here, "here"), (there, "there")] {
            for role in Role::ALL {
                let (user, unit) = (user(*role, place), Some(unit));
                desk.save(Officer { user, role: *role, unit, note: String::new() });
            }
        }
        let programme = desk.save(Programme {
            name: "Pelayanan Prima".into(),
            r#type: "KL10".into(),
            ..Programme::default()
        });
        let (start, end) = ("2026-11-10".parse().ok(), "2026-11-10".parse().ok());
        let programme = ProgrammeId(programme.number);
        desk.save(Session { programme, start, end, ..Session::default() });
        desk.save(Position { title: "Lurah".into(), ..Position::default() });
        let (code, name) = ("T.99".into(), "Arsip".into());
        desk.save(Competency { code, name, ..Competency::default() });
        desk.save(Cycle { name: "Periode".into(), ..Cycle::default() });
        let person = desk.save(Employee { unit: Some(here), ..employee("Mila", 1) });
        // Somebody on either side, so that no list is empty before the records come.
        desk.save(Employee { unit: Some(there), ..employee("Budi", 2) });
        desk.save(Employee { unit: Some(here), ..employee("Sari", 9) });
        Self { desk, here, there, person: EmployeeId(person.number) }
    }

    fn ask_as(&mut self, user: &str, request: Request) -> Answer {
        let office = self.desk.office.as_mut().expect("an office");
        let ask = Ask { asker: asker(user), ticket: Ticket(0), request };
        office.handle(vec![ask], &mut |_, _, _| {}).remove(0).1
    }

    /// What these officers are told of everything since the last time.
    fn told(&mut self, users: &[String]) -> Vec<Vec<Notice>> {
        let office = self.desk.office.as_mut().expect("an office");
        let news = office.news();
        users.iter().map(|user| office.told(&news, &asker(user))).collect()
    }

    fn stored(&mut self, id: RecordId) -> Stored {
        match self.desk.ask(Request::Get(id)) {
            Answer::Record(Some(stored)) => *stored,
            other => panic!("{id}: {other:?}"),
        }
    }

    /// A record of this kind with every field filled, of this person.
    fn record_of(&mut self, kind: Kind, person: EmployeeId) -> Record {
        let mut fields = Fields::new();
        // Of two fields of which one says nothing beside the other, one is filled.
        let yields = Intake::ALL.iter().map(|intake| intake.def()).filter(|def| def.kind == kind);
        let yields: Vec<_> = yields.filter_map(|def| def.yields).map(|(field, _)| field).collect();
        for field in kind.fields().iter().filter(|field| !yields.contains(&field.name)) {
            if let Some(value) = self.value(kind, field, person) {
                fields.insert(field.name.into(), value);
            }
        }
        Record::from_fields(kind, &fields)
            .unwrap_or_else(|error| panic!("{kind} cannot be made from its fields: {error}"))
    }

    /// By the field's shape: a kind with rules of its own that this does not meet is refused
    /// when it is added, by name.
    fn value(&mut self, kind: Kind, field: &Field, person: EmployeeId) -> Option<Json> {
        Some(match field.shape {
            _ if is_secret(field) => json!(secret(kind, field)),
            // Not any words: figures of the table.
            Shape::LongText if kind == Kind::Rules => json!("filling.MS = 85"),
            Shape::Text | Shape::LongText => json!("Tetap"),
            Shape::Number => json!("199001012015011001"),
            Shape::Date => json!("2026-11-10"),
            Shape::Moment => json!("2026-11-20T03:00:00Z"),
            Shape::Whole { .. } if field.time == Time::ThisYearOn => json!(2026),
            Shape::Whole { min, max } => json!(1.clamp(min, max)),
            Shape::Points { .. } => json!(1),
            Shape::Level => json!(3),
            Shape::Choice(codes) => json!(codes[0]),
            Shape::Grade => json!("III/a"),
            Shape::Reference(Kind::Employees) if is_other(kind, field) => json!(self.mate()),
            Shape::Reference(Kind::Employees) => json!(person.0),
            Shape::Reference(other) => json!(self.one_of(other)),
            Shape::References(other) => json!([self.one_of(other)]),
            Shape::Flag | Shape::List => return None,
        })
    }

    /// Somebody else of the same district.
    fn mate(&mut self) -> u32 {
        let query = ListQuery { search: "name:Sari".into(), ..ListQuery::all(Kind::Employees) };
        match self.desk.ask(Request::Ids(query)) {
            Answer::Ids(ids) if !ids.is_empty() => ids[0],
            other => panic!("{other:?}"),
        }
    }

    /// A record of this kind there is, not one the office started with.
    fn one_of(&mut self, kind: Kind) -> u32 {
        match self.desk.ask(Request::Ids(ListQuery::all(kind))) {
            Answer::Ids(ids) => ids.into_iter().max().filter(|number| *number >= FIRST_OWN_NUMBER),
            other => panic!("{other:?}"),
        }
        .unwrap_or_else(|| panic!("there is none of {kind} to refer to"))
    }

    fn save_as(&mut self, user: &str, id: Option<RecordId>, record: Record) -> Answer {
        let base = id.map_or(Revision(0), |id| self.stored(id).rev);
        let drafts = vec![DraftRecord { id, base, record }];
        let step = self.desk.step();
        self.ask_as(user, Request::Save(Save { step, drafts }))
    }

    fn delete_as(&mut self, user: &str, id: RecordId) -> Answer {
        let base = self.stored(id).rev;
        let step = self.desk.step();
        self.ask_as(user, Request::Delete { step, ids: vec![(id, base)] })
    }

    /// Adds one of this kind to the person, as the admin of their district.
    fn add(&mut self, kind: Kind) -> RecordId {
        let record = self.record_of(kind, self.person);
        match self.save_as(&user(Role::Admin, "here"), None, record) {
            Answer::Saved(saved) => saved.ids[0],
            other => panic!("{kind} is not added: {other:?}"),
        }
    }

    /// Another text in the first field that takes one, or the next choice, level or number.
    fn edited(&mut self, id: RecordId) -> Record {
        let record = self.stored(id).record;
        for field in id.kind.fields() {
            let mut fields = record.fields();
            let value = match field.shape {
                _ if is_secret(field) => json!(format!("{} 2", secret(id.kind, field))),
                Shape::Level => json!(4),
                _ => continue,
            };
            fields.insert(field.name.into(), value);
            return Record::from_fields(id.kind, &fields).expect("a record");
        }
        panic!("{} has no field to change", id.kind)
    }

    fn change_person(&mut self, change: impl FnOnce(&mut Employee)) -> Answer {
        self.desk.change(self.person.into(), |record| {
            let Record::Employee(employee) = record else { panic!("a person") };
            change(employee);
        })
    }

    fn restrict(&mut self, restricted: bool) {
        saved(self.change_person(|employee| employee.restricted = restricted));
    }
}

fn names(answer: &impl Serialize, word: &str) -> bool {
    serde_json::to_string(answer).expect("JSON").contains(word)
}

/// Whether an answer carries a secret or names the record.
fn gives_away(answer: &impl Serialize, id: RecordId) -> bool {
    names(answer, MARK) || names(answer, &format!("\"{id}\""))
}

#[test]
fn there_are_kinds_that_belong_to_a_person_and_each_carries_a_secret() {
    assert!(kinds().count() >= 3);
    for kind in kinds() {
        assert!(!secrets(kind).is_empty(), "{kind} has no text to plant a secret in");
    }
}

/// What looks for a secret finds one where there is one.
#[test]
fn an_answer_that_tells_is_seen_to_tell() {
    let mut districts = Districts::new();
    for kind in kinds() {
        let id = districts.add(kind);
        let inside = user(Role::Officer, "here");
        for request in [Request::Get(id), Request::List(ListQuery::all(kind))] {
            let answer = districts.ask_as(&inside, request);
            assert!(gives_away(&answer, id), "{kind}: {answer:?}");
        }
        assert!(!gives_away(&Answer::Done, id));
        assert!(gives_away(&Notice::Changed { seq: 1, ids: vec![id], many: false }, id));
        let stored = districts.stored(id);
        for secret in secrets(kind) {
            assert!(names(&stored, &secret), "{secret} was not kept");
        }
    }
}
