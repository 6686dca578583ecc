//! What an answer gives where it leaves the office: whose details it tells is counted
//! whatever was asked, a viewer carries nobody's away by the history, and an auditor gets
//! names and nothing else.

use chrono::TimeDelta;

use super::*;
use crate::domain::kinds::certificate::Certificate;

impl Town {
    /// How many people and rows somebody has read today.
    fn read_by(&mut self, user: &str) -> (i64, i64) {
        *self.desk.now.lock().expect("the time") += TimeDelta::minutes(10);
        self.desk.office.as_mut().expect("an office").wake();
        let columns = ["officer", "people", "listed"].map(String::from).to_vec();
        let page = self.page_as("siti", ListQuery { columns, ..ListQuery::all(Kind::Readings) });
        let row = page.rows.into_iter().find(|row| row.cells[0] == Value::text(user));
        let whole = |value: &Value| match value {
            Value::Whole(number) => *number,
            other => panic!("{other:?}"),
        };
        row.map_or((0, 0), |row| (whole(&row.cells[1]), whole(&row.cells[2])))
    }

    /// Staff of the village in one entry.
    fn import_staff(&mut self, count: u32) -> u64 {
        let village = self.village;
        let drafts = (0..count).map(|serial| {
            let person = Employee {
                unit: Some(village),
                email: format!("staf{serial}@plaju.go.id"),
                ..employee(&format!("Staf {serial}"), 100 + serial)
            };
            DraftRecord { id: None, base: Revision(0), record: person.into() }
        });
        let drafts = drafts.collect();
        let step = self.desk.step();
        saved(self.desk.ask(Request::Save(Save { step, drafts }))).seq.expect("an entry")
    }

    fn details_as(&mut self, user: &str, seq: u64) -> Vec<crate::protocol::ChangeDetail> {
        match self.ask_as(user, Request::Details { seq, limit: 1000, of: None }) {
            Answer::Details(details) => details,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn seventy_records_in_the_details_of_one_step_are_seventy_readings_and_no_viewers() {
    let mut town = Town::new();
    let seq = town.import_staff(70);
    let seen = town.details_as("vina", seq);
    assert_eq!(seen.len(), 70);
    let hidden = |details: &[crate::protocol::ChangeDetail], name: &str| {
        details.iter().flat_map(|one| &one.fields).filter(|f| f.field == name && f.hidden).count()
    };
    assert_eq!((hidden(&seen, "email"), hidden(&seen, "number")), (70, 70));
    assert_eq!(hidden(&seen, "unit"), 0);
    assert_eq!(town.read_by("vina"), (70, 0));
    let seen = town.details_as("oki", seq);
    assert_eq!(hidden(&seen, "email"), 0);
    assert_eq!(town.read_by("oki"), (70, 0));
    // Of one person a viewer is shown all, as when they open them.
    let seq = town.inside.seq;
    assert_eq!(hidden(&town.details_as("vina", seq), "email"), 0);
    assert_eq!(town.read_by("vina"), (71, 0));
}

#[test]
fn whoever_is_answered_by_a_conflict_has_read_the_person() {
    let mut town = Town::new();
    let mila = town.inside.person;
    let mut mine = town.stored(mila);
    saved(town.change_as("siti", mila, |record| of_person(record).education.push('I')));
    of_person(&mut mine.record).education = "S-2".into();
    let drafts = vec![DraftRecord { id: Some(mila), base: mine.rev, record: mine.record }];
    let step = town.desk.step();
    let stale = town.ask_as("oki", Request::Save(Save { step, drafts }));
    assert!(matches!(stale, Answer::Conflict(_)), "{stale:?}");
    assert_eq!(town.read_by("oki"), (1, 0));
}

#[test]
fn every_answer_that_tells_of_people_is_counted() {
    let mut town = Town::new();
    let mila = EmployeeId(town.inside.person.number);
    let certificate = town.desk.save(Certificate {
        employee: mila,
        name: "Bendahara".into(),
        ..Certificate::default()
    });
    let (rating, competency) = (town.inside.rating, CompetencyId(1));
    let lookup = Request::Lookup { kind: Kind::Employees, text: "mila".into(), limit: 9 };
    let table = Request::Report(ReportQuery::of("certificates"));
    let explain = Request::Explain { employee: mila, competency, at: None };
    for (request, given) in [
        (Request::Person(mila), (1, 0)),
        (Request::Get(rating), (1, 0)),
        (explain, (1, 0)),
        (Request::Details { seq: town.inside.seq, limit: 9, of: None }, (1, 0)),
        (lookup, (0, 1)),
        (Request::Labels(vec![rating, certificate, RecordId::new(Kind::Ratings, 9000)]), (0, 2)),
        (table, (0, 1)),
        (Request::Find(Kind::Units, "Kecamatan Plaju".into()), (0, 0)),
        (Request::List(ListQuery::all(Kind::Units)), (0, 0)),
    ] {
        let before = town.read_by("oki");
        // The same person again at once would be the same reading.
        town.ask_as("oki", Request::Labels(vec![rating, rating]));
        town.ask_as("vina", Request::Person(mila));
        let answer = town.ask_as("oki", request.clone());
        assert!(!matches!(answer, Answer::Refused(_)), "{answer:?}");
        let after = town.read_by("oki");
        let people = i64::from(before.0 == 0 && given.0 > 0);
        assert_eq!((after.0 - before.0, after.1 - before.1), (people, given.1 + 2), "{request:?}");
    }
}

#[test]
fn an_auditor_is_given_names_kinds_days_and_who_and_nothing_else() {
    let mut town = Town::new();
    let (mila, seq) = (town.inside.person, town.inside.seq);
    let post = town.desk.save(Position { title: "Lurah milik".into(), ..Position::default() });
    let step = Step { why: "karena milik".into(), ..town.desk.step() };
    let mut record = town.stored(mila);
    of_person(&mut record.record).position = Some(crate::domain::record::PositionId(post.number));
    let draft = DraftRecord { id: Some(mila), base: record.rev, record: record.record };
    saved(town.desk.ask(Request::Save(Save { step, drafts: vec![draft] })));
    town.desk.save(Certificate {
        employee: EmployeeId(mila.number),
        name: "Sertifikat milik".into(),
        ..Certificate::default()
    });
    let Answer::Welcome(info) = town.desk.ask(Request::Welcome) else { panic!("no office") };
    let ids = |kind| (1000..1016).map(move |number| RecordId::new(kind, number));
    let people = Kind::ALL.into_iter().filter(|kind| kind.belongs().is_personal());
    let theirs: Vec<RecordId> = people.flat_map(ids).collect();
    let lookup =
        |text: &str| Request::Lookup { kind: Kind::Employees, text: text.into(), limit: 9 };
    let mut asked = vec![Request::Labels(theirs.clone()), lookup("mila"), lookup("lurah")];
    asked.extend(theirs.into_iter().map(Request::Get));
    asked.extend((1..=info.last_seq).map(|seq| Request::Details { seq, limit: 99, of: None }));
    for search in ["", "mila", "milik", "person:mila", "kind:ratings"] {
        let query = HistoryQuery { search: search.into(), limit: 99, ..HistoryQuery::default() };
        asked.push(Request::History(query));
    }
    let nip = town.inside.nip.clone();
    asked.push(Request::Find(Kind::Employees, nip.clone()));
    asked.push(Request::Find(Kind::Employees, "Mila Melani".into()));
    let mut named = 0;
    for request in asked {
        let answer = town.ask_as("audi", request.clone());
        let text = serde_json::to_string(&answer).expect("JSON");
        // Reference data is nobody's.
        let text = text.replace("Lurah milik", "");
        assert!(!text.contains("milik") && !text.contains(&nip), "{request:?}\n{text}");
        assert!(!text.contains(" = 2"), "a level: {request:?}\n{text}");
        named += usize::from(text.contains("Mila Melani"));
    }
    assert!(named > 5, "of whom it was is told: {named}");
    let fields = town.details_as("audi", seq).remove(0).fields;
    assert!(fields.len() > 2 && fields.iter().all(|field| field.hidden), "{fields:?}");
}
