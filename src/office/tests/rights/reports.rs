//! Reports as everybody is given them: of people within reach alone, without what a role may
//! not carry, a file without whoever is restricted, and what is read of whom counted. What
//! was found for one asker is never another's, and pages make up the whole.

use chrono::TimeDelta;

use super::*;
use crate::domain::fault::Fault;
use crate::domain::kinds::certificate::Certificate;
use crate::domain::number::Sex;
use crate::protocol::{PAGE_MAX, Table};

fn query(id: &str) -> ReportQuery {
    ReportQuery::of(id)
}

fn sorted(id: &str, column: &str) -> ReportQuery {
    let sort = vec![SortKey { column: column.into(), descending: true }];
    ReportQuery { sort, ..query(id) }
}

fn by(code: &str) -> ReportQuery {
    ReportQuery { own: vec![("by".into(), code.into())], ..query("headcount") }
}

impl Town {
    fn table_as(&mut self, user: &str, query: ReportQuery) -> Table {
        match self.ask_as(user, Request::Report(query)) {
            Answer::Table(table) => *table,
            other => panic!("{other:?}"),
        }
    }

    fn certify(&mut self, person: RecordId, number: &str) {
        self.desk.save(Certificate {
            employee: EmployeeId(person.number),
            name: "Bendahara".into(),
            number: number.into(),
            issued: "2026-07-01".parse().ok(),
            valid_until: "2026-12-01".parse().ok(),
            ..Certificate::default()
        });
    }

    fn restrict(&mut self, person: RecordId) {
        saved(self.desk.change(person, |record| of_person(record).restricted = true));
    }
}

fn column(table: &Table, key: &str) -> Vec<Value> {
    let at = table.columns.iter().position(|column| column.key == key).expect("a column");
    table.rows.iter().map(|row| row.cells[at].clone()).collect()
}

fn faults(answer: Answer) -> Vec<Fault> {
    match refused(answer) {
        Problem::Invalid(faults) => faults.into_iter().map(|(_, fault)| fault).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_report_is_of_the_people_within_reach() {
    let mut town = Town::new();
    for id in ["jp", "matrix"] {
        for (user, people) in [("siti", 3), ("oma", 3), ("oki", 1), ("olga", 1), ("oki", 1)] {
            assert_eq!(town.table_as(user, query(id)).matched, people, "{id} {user}");
        }
        let names = column(&town.table_as("oki", query(id)), "name");
        assert_eq!(names, [Value::text("Mila Melani")], "{id}");
    }
    // A unit beyond is one there is not; so is a report.
    for unit in [town.ilir, town.root, UnitId(9000)] {
        let asked = ReportQuery { unit: Some(unit), ..query("jp") };
        assert_eq!(refused(town.ask_as("oki", Request::Report(asked))), Problem::NotFound);
    }
    assert_eq!(refused(town.ask_as("oki", Request::Report(query("jpp")))), Problem::NotFound);
}

#[test]
fn what_a_role_may_not_carry_is_neither_shown_nor_counted_nor_sorted_by() {
    let mut town = Town::new();
    let second = town.desk.save(Employee {
        unit: Some(town.village),
        status: Status::Active,
        ..employee("Zahra", 4)
    });
    let first = town.inside.person;
    town.certify(first, "A-1");
    town.certify(second, "B-2");
    let numbers = |table: &Table| column(table, "number");
    let asked = || sorted("certificates", "number");
    let told = town.table_as("oki", asked());
    assert_eq!(numbers(&told), [Value::text("B-2"), Value::text("A-1")]);
    // The same question right after, by somebody of the same units.
    let told = town.table_as("vina", asked());
    assert_eq!(numbers(&told), [Value::Empty, Value::Empty]);
    assert_eq!(column(&told, "name")[0], Value::text("Mila Melani"), "as if not sorted");
    assert!(!format!("{told:?}").contains("B-2"));
    let row = told.rows[1].id;
    let request = Request::ExplainCell { query: asked(), row, column: "number".into() };
    assert!(!format!("{:?}", town.ask_as("vina", request)).contains("B-2"));

    for (person, sex) in [(first, Sex::Female), (second, Sex::Male)] {
        saved(town.desk.change(person, |record| {
            let person = of_person(record);
            person.sex = Some(sex);
            person.birth_date = "1990-01-01".parse().ok();
        }));
    }
    let of_officer = town.table_as("oki", by("sex"));
    assert_eq!(of_officer.rows.len(), 2, "{of_officer:?}");
    let of_viewer = town.table_as("vina", by("sex"));
    assert_eq!(column(&of_viewer, "group"), [Value::Empty]);
    assert_ne!(column(&town.table_as("oki", by("age")), "group"), [Value::Empty]);
    assert_eq!(column(&town.table_as("vina", by("age")), "group"), [Value::Empty]);
}

#[test]
fn a_file_goes_without_whoever_is_restricted_and_counts_them_once() {
    let mut town = Town::new();
    let (person, elsewhere) = (town.inside.person, town.outside.person);
    town.certify(person, "A-1");
    town.restrict(person);
    town.restrict(elsewhere);
    for id in ["jp", "matrix", "headcount", "certificates", "gap", "ninebox", "ipasn", "heatmap"] {
        let shown = town.table_as("oki", query(id));
        assert_eq!((shown.matched, shown.restricted), (1, 0), "{id} on screen");
        let file = town.table_as("oki", ReportQuery { export: true, ..query(id) });
        assert_eq!((file.matched, file.restricted), (0, 1), "{id} in a file");
    }
    // Whoever has nothing to be named for is not counted either.
    let without = Employee { unit: Some(town.village), ..employee("Zahra", 4) };
    let without = town.desk.save(without);
    town.restrict(without);
    for (id, people) in [("certificates", 1), ("jp", 2)] {
        let file = town.table_as("oki", ReportQuery { export: true, ..query(id) });
        assert_eq!((file.matched, file.restricted), (0, people), "{id}");
    }
    // Whoever has left is in neither, and not counted.
    let left = town.nowhere;
    saved(town.desk.change(left, |record| of_person(record).status = Status::Retired));
    town.restrict(left);
    let file = town.table_as("oma", ReportQuery { export: true, ..query("jp") });
    assert_eq!((file.matched, file.restricted), (0, 3));
}

fn file_of(query: ReportQuery) -> ReportQuery {
    ReportQuery { export: true, ..query }
}

#[test]
fn a_sheet_of_one_person_or_of_a_session_is_of_those_within_reach_and_not_restricted() {
    let mut town = Town::new();
    let (inside, outside) = (town.inside.person, town.outside.person);
    let session = town.inside.session;
    let employee = EmployeeId(outside.number);
    town.desk.save(Enrolment { session, employee, ..Enrolment::default() });
    let of = |id: &str, name: &str, number: u32| ReportQuery {
        own: vec![(name.to_string(), number.to_string())],
        ..query(id)
    };
    let attendance = || of("attendance", "session", session.0);
    let profile = |person: RecordId| of("profile", "person", person.number);
    // Below those who take part there are empty lines, for whoever comes besides.
    let listed = |table: &Table| {
        let names = column(table, "name").into_iter();
        names.filter(|name| !name.is_empty()).collect::<Vec<_>>()
    };
    assert_eq!(listed(&town.table_as("siti", attendance())).len(), 2);
    let mila = vec![Value::text("Mila Melani")];
    assert_eq!(listed(&town.table_as("oki", attendance())), mila);
    assert!(town.table_as("oki", profile(inside)).matched > 0);
    // Somebody beyond is nobody, by number and by name.
    let refuses = |town: &mut Town, asked| refused(town.ask_as("oki", Request::Report(asked)));
    let nobody = refuses(&mut town, profile(RecordId::new(Kind::Employees, 9000)));
    for asked in [profile(outside), file_of(profile(outside))] {
        assert_eq!(refuses(&mut town, asked), nobody);
    }
    let named = |name: &str| ReportQuery { search: name.into(), ..query("profile") };
    let nobody = town.table_as("oki", named("Tidak Ada"));
    let outside_name = town.outside.name.clone();
    let table = town.table_as("oki", named(&outside_name));
    assert_eq!((table.matched, &table.notes), (0, &nobody.notes));
    assert!(table.rows.is_empty() && !format!("{:?}", table.rows).contains(SECRET));
    town.restrict(inside);
    town.restrict(outside);
    assert_eq!(listed(&town.table_as("oki", attendance())), mila, "on screen");
    let table = town.table_as("oki", file_of(attendance()));
    assert_eq!((listed(&table).len(), table.restricted), (0, 1));
    assert!(town.table_as("oki", profile(inside)).matched > 0, "on screen");
    let table = town.table_as("oki", file_of(profile(inside)));
    assert_eq!((table.matched, table.restricted), (0, 1));
}

#[test]
fn who_is_due_to_be_erased_is_for_an_admin_of_the_whole_office() {
    let mut town = Town::new();
    for user in ["adi", "oki", "vina", "audi", "oma"] {
        let problem = refused(town.ask_as(user, Request::Report(query("retention"))));
        assert!(matches!(problem, Problem::NotAllowed { .. }), "{user}: {problem:?}");
        let Answer::Reports(reports) = town.ask_as(user, Request::Reports) else { panic!() };
        assert!(reports.iter().all(|report| report.id != "retention"), "{user}");
    }
    let gone = [town.inside.person, town.outside.person];
    for person in gone {
        saved(town.desk.change(person, |record| of_person(record).status = Status::Retired));
    }
    town.restrict(gone[0]);
    saved(town.desk.change(RecordId::new(Kind::Settings, 4), |record| {
        let Record::Setting(setting) = record else { panic!("a setting") };
        setting.value = "10".into();
    }));
    *town.desk.now.lock().expect("the time") = "2036-11-22T02:00:00Z".parse().expect("a time");
    let shown = town.table_as("ani", query("retention"));
    assert_eq!((shown.matched, shown.restricted), (2, 0));
    let file = town.table_as("ani", ReportQuery { export: true, ..query("retention") });
    assert_eq!((file.matched, file.restricted), (1, 1));
    assert_eq!(column(&file, "name"), [Value::text(&town.outside.name)]);
}

#[test]
fn rows_with_personal_columns_are_counted_as_read() {
    let mut town = Town::new();
    town.certify(town.inside.person, "A-1");
    let listed = |town: &mut Town| {
        *town.desk.now.lock().expect("the time") += TimeDelta::minutes(10);
        town.desk.office.as_mut().expect("an office").wake();
        let columns = ["officer", "listed"].map(String::from).to_vec();
        let query = ListQuery { columns, ..ListQuery::all(Kind::Readings) };
        let page = town.page_as("siti", query);
        let row = page.rows.into_iter().find(|row| row.cells[0] == Value::text("oki"));
        row.map_or(Value::Whole(0), |row| row.cells[1].clone())
    };
    // A number alone tells namesakes apart.
    town.table_as("oki", query("jp"));
    assert_eq!(listed(&mut town), Value::Whole(0));
    town.table_as("oki", query("certificates"));
    assert_eq!(listed(&mut town), Value::Whole(1));
}

#[test]
fn pages_make_up_the_whole_and_a_change_is_seen_by_the_next() {
    let mut town = Town::new();
    for serial in 4..12 {
        let village = Some(town.village);
        town.desk.save(Employee { unit: village, ..employee(&format!("Staf {serial}"), serial) });
    }
    let whole = town.table_as("oki", sorted("jp", "name"));
    assert_eq!((whole.rows.len(), whole.matched), (9, 9));
    let mut paged = Vec::new();
    while paged.len() < 9 {
        let offset = paged.len() as u32;
        let page = ReportQuery { offset, limit: 4, ..sorted("jp", "name") };
        let page = town.table_as("oki", page);
        assert_eq!((page.offset, page.matched, &page.foot), (offset, 9, &whole.foot));
        paged.extend(page.rows);
    }
    assert_eq!(paged, whole.rows);
    let anchored = ReportQuery { anchor: Some(whole.rows[7].id), limit: 2, ..sorted("jp", "name") };
    let anchored = town.table_as("oki", anchored);
    assert_eq!(anchored.anchor, Some(7));
    assert!(anchored.rows.contains(&whole.rows[7]));

    town.desk.save(Employee { unit: Some(town.village), ..employee("Zulu", 13) });
    let after = town.table_as("oki", sorted("jp", "name"));
    assert_eq!((after.matched, &column(&after, "name")[0]), (10, &Value::text("Zulu")));
    let beyond = ReportQuery { offset: 1_000_000, limit: u32::MAX, ..query("jp") };
    let beyond = town.table_as("oki", beyond);
    assert!(beyond.rows.is_empty() && beyond.matched == 10);
    let much = town.table_as("oki", ReportQuery { limit: u32::MAX, ..query("jp") });
    assert!(much.rows.len() as u32 <= PAGE_MAX);
}

#[test]
fn what_is_asked_wrongly_is_named_field_by_field() {
    let mut town = Town::new();
    let own = |name: &str, value: &str| vec![(name.to_string(), value.to_string())];
    let day = |text: &str| text.parse().ok();
    let many = (0..40).map(|at| (format!("x{at}"), String::new())).collect();
    for (query, field, reason) in [
        (ReportQuery { year: Some(2026), ..query("headcount") }, "year", Reason::NotTaken),
        (ReportQuery { year: Some(1), ..query("jp") }, "year", Reason::OutOfRange),
        (ReportQuery { own: own("by", "unit"), ..query("jp") }, "by", Reason::NotTaken),
        (ReportQuery { at: day("2026-01-01"), ..by("unit") }, "at", Reason::OnlyWith),
        (ReportQuery { at: day("2026-01-01"), ..query("headcount") }, "at", Reason::OnlyWith),
        (ReportQuery { at: day("+262142-01-01"), ..query("matrix") }, "at", Reason::OutOfRange),
        (
            ReportQuery { at: day("2025-06-30"), year: Some(2026), ..query("jp") },
            "year",
            Reason::OutOfRange,
        ),
        (by("shoe"), "by", Reason::NotAChoice),
        (sorted("jp", "shoe"), "shoe", Reason::NotAChoice),
        (
            ReportQuery { own: own("within", "soon"), ..query("certificates") },
            "within",
            Reason::NotANumber,
        ),
        (
            ReportQuery { own: own("within", "-1"), ..query("certificates") },
            "within",
            Reason::OutOfRange,
        ),
        (ReportQuery { own: many, ..query("jp") }, "sort", Reason::OutOfRange),
    ] {
        let faults = faults(town.ask_as("oki", Request::Report(query.clone())));
        assert_eq!((&*faults[0].field, faults[0].reason), (field, reason), "{query:?}");
        assert!(faults.len() <= 33, "{query:?}");
    }
}

#[test]
fn a_report_of_another_day_says_what_stood_on_it() {
    let mut town = Town::new();
    let person = town.inside.person;
    saved(town.desk.change(person, |record| {
        of_person(record).birth_date = "2000-06-30".parse().ok();
    }));
    let at = |day: &str, query: ReportQuery| ReportQuery { at: day.parse().ok(), ..query };
    for (day, band) in [("2026-06-29", "0-25"), ("2026-06-30", "26-30"), ("2056-06-30", "56-60")] {
        let table = town.table_as("oki", at(day, by("age")));
        assert_eq!(column(&table, "group")[0], Value::choice(band), "{day}");
        assert_eq!(table.at.to_string(), day);
        assert!(table.params.contains(&("at".into(), Value::date(day.parse().ok()))));
        assert_eq!(table.notes.last().map(|note| &*note.code), Some("of_another_day"));
    }
    assert!(town.table_as("oki", by("kind")).params.contains(&("at".into(), Value::Empty)));

    town.certify(person, "A-1");
    for (day, state, left) in [
        ("2026-08-01", "valid", 122),
        ("2026-11-30", "expiring", 1),
        ("2026-12-01", "expiring", 0),
        ("2026-12-02", "expired", -1),
    ] {
        let table = town.table_as("oki", at(day, query("certificates")));
        assert_eq!(column(&table, "state"), [Value::choice(state)], "{day}");
        assert_eq!(column(&table, "days_left"), [Value::Whole(left)], "{day}");
    }

    let before = town.table_as("oki", at("2026-06-30", query("certificates")));
    assert_eq!(before.matched, 0, "not issued yet");

    for day in ["2020-01-01", "2026-11-20", "2026-11-21", "2026-11-22", "2027-01-01"] {
        let report = town.table_as("oki", at(day, query("matrix")));
        let competencies = report.columns.iter().filter(|it| it.key.ends_with(" actual")).count();
        let pane = MatrixQuery { at: day.parse().ok(), limit: 99, ..MatrixQuery::default() };
        let Answer::Matrix(pane) = town.ask_as("oki", Request::Matrix(pane)) else { panic!() };
        assert_eq!(pane.competencies.len(), competencies);
        for (row, seen) in report.rows.iter().zip(&pane.rows) {
            let levels = row.cells[8..].chunks(3).map(|parts| parts[0].clone());
            let expected = seen.cells.iter().map(|cell| Value::whole(cell.actual));
            assert_eq!(levels.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{day}");
        }
    }
}

#[test]
fn jp_of_a_day_gone_by_is_what_had_been_earned_by_then() {
    let mut town = Town::new();
    let person = EmployeeId(town.inside.person.number);
    let row = |name: &str, start: &str, end: &str, jp| {
        RowData::Training(Box::new(TrainingRow {
            number: nip(1),
            name: name.into(),
            r#type: "KL03".into(),
            start: start.parse().expect("a day"),
            end: end.parse().expect("a day"),
            provider: "BPSDM".into(),
            jp,
        }))
    };
    let number = town.desk.ask(Request::Get(person.into()));
    let rows = vec![
        row("Bimtek", "2025-03-03", "2025-03-04", 8),
        row("Diklat", "2026-02-02", "2026-02-06", 30),
        row("Seminar", "2026-09-01", "2026-09-01", 4),
    ];
    let (_, answer) = town.desk.import(Intake::Trainings, &[], rows);
    let Answer::Imported(imported) = answer else { panic!("{answer:?}") };
    assert_eq!(imported.refused, 0, "{number:?}");
    let of = |town: &mut Town, day: Option<&str>| {
        let at = day.map(|day| day.parse().expect("a day"));
        let table = town.table_as("oki", ReportQuery { at, ..query("jp") });
        let sum = table.foot.as_ref().expect("a foot")[4].clone();
        assert_eq!(column(&table, "jp").into_iter().max_by_key(|v| format!("{v:?}")), Some(sum));
        let before = table.columns.iter().find(|it| it.key.starts_with("jp_")).expect("a year");
        let before = (before.key.clone(), column(&table, &before.key)[0].clone());
        (column(&table, "jp")[0].clone(), before)
    };
    let told = |jp, key: &str, before| (Value::Whole(jp), (key.to_string(), Value::Whole(before)));
    assert_eq!(of(&mut town, None), told(34, "jp_2025", 8));
    assert_eq!(of(&mut town, Some("2026-11-21")), told(34, "jp_2025", 8));
    assert_eq!(of(&mut town, Some("2026-08-31")), told(30, "jp_2025", 8));
    assert_eq!(of(&mut town, Some("2026-02-05")), told(0, "jp_2025", 8));
    assert_eq!(of(&mut town, Some("2025-12-31")), told(8, "jp_2024", 0));
}

/// Whatever is asked, and whatever a client makes of a question no form would send: a table
/// or the reason why not, and never more rows than a page has.
#[test]
fn no_question_to_a_report_however_odd_stops_the_office() {
    use proptest::prelude::*;
    use proptest::sample::select;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let ids = ["headcount", "jp", "matrix", "retention", "certificates", "", "jp\u{0}"];
    let words =
        ["", "by", "at", "within", "year", "nip", "jp_2025", "M.1 gap", "age", "-1", "\u{202e}"];
    let days =
        [None, None, None, None, Some("-262143-01-01"), Some("0000-01-01"), Some("1999-02-28")];
    let days =
        [&days[..], &[Some("2026-11-21"), Some("2100-12-31"), Some("+262142-12-31")]].concat();
    let word = || select(words.to_vec()).prop_map(String::from);
    let edge = || prop_oneof![0_u32..12, select(vec![u32::MAX, 999, 1000, 1001])];
    let year = prop::option::weighted(0.2, select(vec![0, 1899, 1900, 2026, 2200, u16::MAX]));
    let few = || prop_oneof![3 => Just(0..1_usize), 1 => Just(1..4)];
    let own = few().prop_flat_map(move |many| prop::collection::vec((word(), word()), many));
    let sort = few().prop_flat_map(move |many| {
        prop::collection::vec((select(words.to_vec()).prop_map(String::from), any::<bool>()), many)
    });
    let unit = prop::option::weighted(0.3, prop_oneof![1000_u32..1006, Just(u32::MAX)]);
    let search = prop_oneof![2 => Just(String::new()), 1 => select(vec!["a", "name:", "\"", ">"])
        .prop_map(String::from)];
    let named = (select(ids.to_vec()), unit, year, select(days), search, own, sort);
    let window = (edge(), edge(), prop::option::of(any::<u64>()), any::<bool>());
    let asked = (named, window).prop_map(
        |((id, unit, year, at, search, own, sort), (offset, limit, anchor, export))| {
            let key = |(column, descending)| SortKey { column, descending };
            ReportQuery {
                unit: unit.map(UnitId),
                year,
                at: at.and_then(|at| at.parse().ok()),
                search,
                own,
                sort: sort.into_iter().map(key).collect(),
                offset,
                limit,
                anchor,
                export,
                ..query(id)
            }
        },
    );
    let mut town = Town::new();
    town.certify(town.inside.person, "A-1");
    let (mut runner, mut answered) = (TestRunner::default(), 0);
    for at in 0..1_500 {
        let query = asked.new_tree(&mut runner).expect("a question").current();
        let user = EVERYBODY[at % EVERYBODY.len()];
        match town.ask_as(user, Request::Report(query.clone())) {
            Answer::Table(table) => {
                answered += 1;
                assert!(table.rows.len() as u32 <= query.limit.min(PAGE_MAX), "{query:?}");
                assert!(table.offset <= table.matched, "{query:?}");
                assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
                let (row, column) = (query.anchor.unwrap_or(0), "name".to_string());
                town.ask_as(user, Request::ExplainCell { query, row, column });
            }
            Answer::Refused(_) => {}
            other => panic!("{query:?}: {other:?}"),
        }
    }
    assert!(answered > 30, "{answered} tables prove little");
}

#[test]
fn the_sums_of_units_are_of_the_people_within_reach() {
    let mut town = Town::new();
    let path = |town: &Town, unit| match unit {
        unit if unit == town.village => "Pemerintah Kota / Kecamatan Plaju / Kelurahan Plaju Ulu",
        unit if unit == town.ilir => "Pemerintah Kota / Kecamatan Ilir",
        other => panic!("nobody is in {other:?}"),
    };
    for user in EVERYBODY {
        let query = MatrixQuery { grouped: true, limit: 99, ..MatrixQuery::default() };
        let answer = town.ask_as(user, Request::Matrix(query));
        let Answer::Matrix(matrix) = answer else { continue };
        let people: u32 = matrix.groups.iter().map(|group| group.people).sum();
        assert_eq!(people, matrix.matched, "{user}");
        for group in matrix.groups {
            let Some(unit) = group.unit else { continue };
            let mine = format!("unit=\"{}\" status:aktif", path(&town, unit));
            for (below, one) in group.below.iter().zip(&matrix.competencies) {
                let search = format!("{mine} {}<std", one.code);
                let query = ListQuery { search, ..ListQuery::all(Kind::Employees) };
                assert_eq!(*below, town.page_as(user, query).matched, "{user} {}", one.code);
            }
            let query = ListQuery { search: mine, ..ListQuery::all(Kind::Employees) };
            assert_eq!(group.people, town.page_as(user, query).matched, "{user}");
        }
    }
}
