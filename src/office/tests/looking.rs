//! Lists, matrix, attendance: what an officer is shown, and when it changes.

use super::*;
use crate::journal::counted;

#[test]
fn ratings_and_standards_make_a_matrix_and_a_post_change_never_touches_them() {
    let mut desk = Desk::new();
    let rows = vec![
        person_row("Mila", 1, &["Kota", "Kecamatan Plaju", "Kelurahan Plaju Ulu"], "Lurah"),
        person_row("Budi", 2, &["Kota", "Kecamatan Plaju"], "Kepala Seksi"),
    ];
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    let mila = RecordId::new(Kind::Employees, 1000);
    saved(desk.rate(mila, 1, 5, "2026-01-10"));
    saved(desk.rate(mila, 2, 1, "2026-01-10"));
    saved(desk.rate(mila, 2, 1, "2025-01-10"));
    let matrix = |desk: &mut Desk, at: Option<&str>| {
        let query = MatrixQuery {
            sort: None,
            grouped: false,
            unit: None,
            search: "mila".into(),
            at: at.and_then(|at| at.parse().ok()),
            offset: 0,
            limit: 10,
            anchor: None,
            since: None,
        };
        match desk.ask(Request::Matrix(query)) {
            Answer::Matrix(matrix) => *matrix,
            other => panic!("{other:?}"),
        }
    };
    let now = matrix(&mut desk, None);
    assert_eq!((now.total, now.matched), (2, 1));
    let row = &now.rows[0];
    assert_eq!(row.cells[0].gap(), Some(3));
    assert_eq!(row.cells[1].gap(), Some(-1));
    assert_eq!(row.cells[2].gap(), None);
    assert_eq!(row.figures.below, 1);
    assert!(!now.standards_verified);
    let then = matrix(&mut desk, Some("2025-12-31"));
    assert_eq!(then.rows[0].cells[0].actual, None);
    assert_eq!(then.rows[0].cells[1].actual, Some(1));

    saved(desk.change(mila, |record| {
        if let Record::Employee(e) = record {
            e.position = None;
        }
    }));
    let moved = matrix(&mut desk, None);
    assert_eq!(moved.rows[0].cells[0].actual, Some(5));
    assert_eq!(moved.rows[0].cells[0].required, None);
    assert_eq!(desk.names("gap>0"), [] as [&str; 0]);
    saved(desk.undo());
    assert_eq!(desk.names("gap>0"), ["Mila"]);
}

#[test]
fn a_second_digit_in_the_same_sitting_supersedes_the_first() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let first = saved(desk.rate(mila, 1, 2, "2026-11-21"));
    let second = saved(desk.rate(mila, 1, 4, "2026-11-21"));
    assert_eq!(first.ids, second.ids);
    assert_eq!(saved(desk.rate(mila, 1, 4, "2026-11-21")).seq, None);
    let problem = refused(desk.rate(mila, 1, 4, "2026-11-22"));
    assert!(matches!(problem, Problem::Invalid(f) if f[0].1.reason == Reason::DateFuture));
}

#[test]
fn ticking_attendance_changes_the_jp_of_the_year() {
    let mut desk = Desk::new();
    let pns = desk.save(employee("Mila", 1));
    let pppk = desk.save(Employee {
        name: "Rini".into(),
        number: EmployeeNumber::parse("199001012024212001").expect("an NI"),
        kind: EmploymentKind::Pppk,
        ..Employee::default()
    });
    let programme = desk.save(Programme {
        name: "Bimtek Adminduk".into(),
        r#type: "KL10".into(),
        jp: Some(30),
        ..Programme::default()
    });
    let session = desk.save(Session {
        programme: crate::domain::record::ProgrammeId(programme.number),
        start: "2026-11-10".parse().ok(),
        end: "2026-11-11".parse().ok(),
        ..Session::default()
    });
    let session = SessionId(session.number);
    let people = vec![EmployeeId(pns.number), EmployeeId(pppk.number)];
    let step = desk.step();
    let request = Request::Enrol { step, session, employees: people.clone() };
    assert_eq!(saved(desk.ask(request)).count, 2);
    let step = desk.step();
    let twice = Request::Enrol { step, session, employees: people.clone() };
    assert_eq!(saved(desk.ask(twice)).seq, None);
    for day in 0..2 {
        let marks = people.iter().map(|p| (*p, day, Some(Presence::Present))).collect();
        let step = desk.step();
        saved(desk.ask(Request::Attend { step, session, marks }));
    }
    let Answer::Attendance(attendance) = desk.ask(Request::Attendance(session)) else {
        panic!("no attendance")
    };
    assert_eq!(attendance.rows[0].earned, 30);
    assert_eq!(attendance.rows[0].standing, JpStanding::Reached);
    assert_eq!(attendance.rows[1].standing, JpStanding::Over { by: 6 });
    assert_eq!(desk.names("jp<20"), [] as [&str; 0]);
    let problem = {
        let step = desk.step();
        let ids = vec![(RecordId::from(session), Revision(4))];
        refused(desk.ask(Request::Delete { step, ids }))
    };
    assert!(matches!(problem, Problem::DependedOn { count: 2, .. }), "{problem:?}");
    saved(desk.undo());
    assert_eq!(desk.names("jp<20").len(), 2);
    desk.close();
    desk.open();
    assert_eq!(desk.names("jp<20").len(), 2);
    let step = desk.step();
    let request = Request::Unenrol { step, session, employees: people };
    assert_eq!(saved(desk.ask(request)).count, 2);
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)));
}

#[test]
fn the_list_sorts_by_grade_rank_and_keeps_the_cursor_by_record() {
    let mut desk = Desk::new();
    for (serial, grade) in ["II/d", "III/a", "IX", "IV/a"].iter().enumerate() {
        let mut person = employee(&format!("P{serial}"), serial as u32);
        person.grade = crate::domain::grade::Grade::parse(grade);
        desk.save(person);
    }
    let query = ListQuery {
        sort: vec![SortKey { column: "grade".into(), descending: true }],
        columns: vec!["grade".into()],
        limit: 2,
        anchor: Some(1000),
        ..ListQuery::all(Kind::Employees)
    };
    let Answer::Page(page) = desk.ask(Request::List(query)) else { panic!("no page") };
    assert_eq!(page.anchor, Some(3));
    assert!(page.rows.iter().any(|row| row.number == 1000));
    assert_eq!(desk.names("gol>=III/a gol<=IV/e"), ["P1", "P3"]);
}

#[test]
fn midnight_passes_while_the_office_is_open() {
    let mut desk = Desk::new();
    let today = |desk: &mut Desk| match desk.ask(Request::Welcome) {
        Answer::Welcome(info) => info.today.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(today(&mut desk), "2026-11-21");
    *desk.now.lock().expect("the time") = "2026-11-21T17:00:00Z".parse().expect("a time");
    assert_eq!(today(&mut desk), "2026-11-22", "midnight in WIB");
}

#[test]
fn the_order_of_names_is_right_after_every_edit_and_every_opening() {
    let mut desk = Desk::new();
    let budi = desk.save(employee("budi", 1));
    desk.save(employee("Ani", 2));
    desk.save(employee("Citra  É", 3));
    assert_eq!(desk.names(""), ["Ani", "budi", "Citra  É"]);
    desk.change(budi, |record| {
        if let Record::Employee(employee) = record {
            employee.name = "Zainal".into();
        }
    });
    assert_eq!(desk.names(""), ["Ani", "Citra  É", "Zainal"]);
    desk.close();
    desk.open();
    assert_eq!(desk.names(""), ["Ani", "Citra  É", "Zainal"]);
    saved(desk.undo());
    assert_eq!(desk.names(""), ["Ani", "budi", "Citra  É"]);
    assert_eq!(desk.names("citra é"), ["Citra  É"]);
    assert_eq!(desk.names("UD"), ["budi"]);
    let step = desk.step();
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(budi)) else { panic!("gone") };
    saved(desk.ask(Request::Delete { step, ids: vec![(budi, stored.rev)] }));
    assert_eq!(desk.names(""), ["Ani", "Citra  É"]);
    saved(desk.undo());
    desk.close();
    desk.open();
    assert_eq!(desk.names(""), ["Ani", "budi", "Citra  É"]);
}

#[test]
fn a_figure_still_being_typed_hides_nobody() {
    let mut desk = Desk::new();
    desk.save(employee("Ani", 1));
    assert_eq!(desk.names("jp<").len(), 1);
    assert_eq!(desk.names("jp<2").len(), 1);
    assert_eq!(desk.names("jp>2.5").len(), 0);
    assert_eq!(desk.names("status:aktif").len(), 1);
    assert_eq!(desk.names("status=pindah").len(), 0);
    assert_eq!(desk.names("jenis:pppk").len(), 0);
}

/// The entries a question to the history finds, newest first.
fn entries(desk: &mut Desk, query: HistoryQuery) -> Vec<u64> {
    let mut query = HistoryQuery { limit: 2, ..query };
    let mut entries = Vec::new();
    loop {
        let Answer::History(page) = desk.ask(Request::History(query.clone())) else {
            panic!("no history")
        };
        entries.extend(page.lines.iter().map(|line| line.seq));
        match page.next {
            Some(next) => query.before = Some(next),
            None => return entries,
        }
    }
}

fn found(desk: &mut Desk, search: &str) -> Vec<u64> {
    entries(desk, HistoryQuery { search: search.into(), ..HistoryQuery::default() })
}

#[test]
fn the_history_is_searched_by_person_kind_officer_date_and_word() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let budi = desk.save(employee("Budi", 2));
    let rate = |desk: &mut Desk, id: RecordId| saved(desk.rate(id, 1, 2, "2026-01-10"));
    let rated = rate(&mut desk, mila).ids[0];
    rate(&mut desk, budi);
    saved(desk.undo());
    *desk.now.lock().expect("the time") = "2026-12-01T18:00:00Z".parse().expect("a time");
    let step = desk.step();
    let ids = vec![(rated, Revision(3))];
    saved(desk.ask(Request::Delete { step, ids }));

    let person = |id: RecordId| HistoryQuery {
        person: Some(EmployeeId(id.number)),
        ..HistoryQuery::default()
    };
    assert_eq!(entries(&mut desk, person(mila)), [6, 3, 1], "a deleted rating is theirs still");
    assert_eq!(entries(&mut desk, person(budi)), [5, 4, 2]);
    let record = HistoryQuery { record: Some(mila), ..HistoryQuery::default() };
    assert_eq!(entries(&mut desk, record), [1]);
    for (search, expected) in [
        ("pegawai:mila", &[6, 3, 1][..]),
        ("person:mila jenis:penilaian", &[6, 3]),
        ("mila", &[6, 3, 1]),
        ("jenis:pegawai", &[2, 1]),
        ("kind:ratings", &[6, 5, 4, 3]),
        ("jenis:penil", &[6, 5, 4, 3]),
        ("jenis:xyz", &[]),
        // 18.00 UTC is the next day already where the office is.
        ("sejak:2-12-2026", &[6]),
        ("tanggal:2026-12", &[6]),
        ("tanggal<2026-12", &[5, 4, 3, 2, 1]),
        ("sampai:nov", &[6, 5, 4, 3, 2, 1]),
        ("sampai:2026-11", &[5, 4, 3, 2, 1]),
        ("petugas:zz", &[]),
        ("lewat:layar jenis:pegawai", &[2, 1]),
        ("lewat:impor", &[]),
        ("zzz", &[]),
        ("pegawai:", &[6, 5, 4, 3, 2, 1]),
    ] {
        assert_eq!(found(&mut desk, search), expected, "{search}");
    }
    let between = HistoryQuery {
        kind: Some(Kind::Ratings),
        since: "2026-11-21".parse().ok(),
        until: "2026-11-30".parse().ok(),
        ..HistoryQuery::default()
    };
    assert_eq!(entries(&mut desk, between), [5, 4, 3]);
}

#[test]
fn a_page_of_one_persons_history_reads_what_is_kept_with_them_once() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    for at in 0..30_u8 {
        let date = format!("2026-01-{:02}", at + 1);
        saved(desk.rate(mila, 1 + u32::from(at % 9), 1 + at % 4, &date));
    }
    let mut read = |limit| {
        let person = Some(EmployeeId(mila.number));
        let query = HistoryQuery { person, limit, ..HistoryQuery::default() };
        crate::store::decoded();
        let Answer::History(page) = desk.ask(Request::History(query)) else { panic!("no page") };
        assert_eq!(page.lines.len(), limit as usize);
        assert!(page.lines.iter().all(|line| line.own.len() == 1), "{:?}", page.lines);
        crate::store::decoded()
    };
    let (few, many) = (read(2), read(30));
    assert!(many <= few + 2, "{few} values read for two lines, {many} for thirty");
}

#[test]
fn the_history_is_walked_forward_from_its_beginning_and_says_what_was_taken_back() {
    let mut desk = Desk::new();
    for serial in 1..=5 {
        desk.save(employee(&format!("Nomor {serial}"), serial));
    }
    saved(desk.undo());
    saved(desk.redo());
    let mut page = |after, search: &str| {
        let query = HistoryQuery {
            after: Some(after),
            limit: 3,
            search: search.into(),
            ..HistoryQuery::default()
        };
        match desk.ask(Request::History(query)) {
            Answer::History(page) => page,
            other => panic!("{other:?}"),
        }
    };
    let lines = |page: &HistoryPage| page.lines.iter().map(|line| line.seq).collect::<Vec<_>>();
    let first = page(0, "");
    assert_eq!((lines(&first), first.next), (vec![3, 2, 1], Some(3)));
    let second = page(3, "");
    assert_eq!((lines(&second), second.next), (vec![6, 5, 4], Some(6)));
    let last = page(6, "");
    assert_eq!((lines(&last), last.next), (vec![7], None));
    assert_eq!(last.lines[0].undone_by, None);
    assert_eq!(second.lines[0].undone_by, Some(7), "the undo was taken back itself");
    assert_eq!(second.lines[1].undone_by, None, "what was redone stands");
    assert_eq!(lines(&page(0, "pegawai:\"nomor 5\"")), [7, 6, 5]);
}

/// How many lines of the journal are opened for an answer.
fn lines_opened(desk: &mut Desk, request: Request) -> (u64, Answer) {
    let before = counted::lines();
    let answer = desk.ask(request);
    (counted::lines() - before, answer)
}

#[test]
fn a_persons_history_costs_what_is_theirs_however_long_the_journal_is() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let budi = desk.save(employee("Budi", 2));
    let rename = |desk: &mut Desk, id: RecordId, name: String| {
        saved(desk.change(id, |record| {
            if let Record::Employee(e) = record {
                e.name = name;
            }
        }))
    };
    for round in 0..3 {
        rename(&mut desk, mila, format!("Mila {round}"));
        saved(desk.rate(mila, 1 + round, 3, "2026-01-10"));
    }
    let asked = |desk: &mut Desk| {
        let person = Some(EmployeeId(mila.number));
        let query = HistoryQuery { person, limit: 100, ..HistoryQuery::default() };
        let (opened, answer) = lines_opened(desk, Request::History(query));
        let Answer::History(page) = answer else { panic!("{answer:?}") };
        assert_eq!((page.lines.len(), page.next), (7, None));
        opened
    };
    asked(&mut desk);
    let short = asked(&mut desk);
    for round in 0..600 {
        rename(&mut desk, budi, format!("Budi {round}"));
    }
    assert_eq!(asked(&mut desk), short);
    desk.close();
    desk.open();
    // Nothing is remembered after an opening, and still only what is theirs is read.
    let opened = asked(&mut desk);
    assert!(opened <= 4 * 7, "{opened}");
}

#[test]
fn an_undo_without_a_number_looks_back_a_bounded_way() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    let by_others = |desk: &mut Desk, names: std::ops::Range<u32>| {
        for round in names {
            let Answer::Record(Some(stored)) = desk.ask(Request::Get(mila)) else { panic!() };
            let Record::Employee(mut record) = stored.record else { panic!() };
            record.name = format!("Mila {round}");
            let draft = DraftRecord { id: Some(mila), base: stored.rev, record: record.into() };
            let save = Save { step: desk.step(), drafts: vec![draft] };
            let mut ask = ask(round.into(), Request::Save(save));
            ask.asker = Asker::alone("budi");
            let office = desk.office.as_mut().expect("an open office");
            let (_, answer) = office.handle(vec![ask], &mut |_, _, _| {}).remove(0);
            saved(answer);
        }
    };
    by_others(&mut desk, 0..10);
    let step = desk.step();
    let (opened, answer) = lines_opened(&mut desk, Request::Undo { step, seq: None });
    assert!(matches!(refused(answer), Problem::ChangedSince(_)), "it is found");
    assert!(opened < 50, "{opened}");
    by_others(&mut desk, 10..1200);
    let step = desk.step();
    let (opened, answer) = lines_opened(&mut desk, Request::Undo { step, seq: None });
    assert_eq!(refused(answer), Problem::NothingToUndo);
    assert!(opened < 600, "{opened}");
}

#[test]
fn what_a_large_step_did_is_counted_a_stretch_an_answer() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 998));
    let rows: Vec<RowData> =
        (0..900).map(|at| person_row(&format!("Pegawai {at}"), at, &["Kota"], "Lurah")).collect();
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    saved(desk.rate(mila, 1, 3, "2026-01-10"));
    desk.close();
    desk.open();
    desk.office.as_mut().expect("an open office").surveys.most = 1;
    let query = ListQuery { search: "Pegawai 450".into(), ..ListQuery::all(Kind::Employees) };
    let Answer::Page(page) = desk.ask(Request::List(query)) else { panic!("no page") };
    let person = RecordId::new(Kind::Employees, page.rows[0].number);
    let (mut before, mut told, mut answers) = (None, Vec::new(), 0);
    loop {
        let query = HistoryQuery { before, limit: 100, ..HistoryQuery::default() };
        let (opened, answer) = lines_opened(&mut desk, Request::History(query));
        let Answer::History(page) = answer else { panic!("{answer:?}") };
        assert!(opened < 20, "{opened}");
        told.extend(page.lines.iter().map(|line| {
            let counts: u32 = line.summary.parts.iter().map(|(.., count)| count).sum();
            (line.seq, counts)
        }));
        answers += 1;
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(told, [(3, 1), (2, 902), (1, 1)]);
    assert!(answers >= 3, "{answers}");
    // And what it did to one person is read from the line that says so.
    let of = Some(EmployeeId(person.number));
    let asked = Request::Details { seq: 2, limit: 100, of };
    let (opened, answer) = lines_opened(&mut desk, asked);
    let Answer::Details(details) = answer else { panic!("{answer:?}") };
    assert_eq!((details.len(), details[0].id), (1, person));
    assert!(opened <= 2, "{opened}");
}

/// The entries a search of the whole history finds, and how many lines it opened.
fn whole_history(desk: &mut Desk, search: &str) -> (u64, Vec<u64>) {
    let (mut opened, mut found, mut before) = (0, Vec::new(), None);
    loop {
        let query =
            HistoryQuery { search: search.into(), before, limit: 100, ..HistoryQuery::default() };
        let (lines, answer) = lines_opened(desk, Request::History(query));
        let Answer::History(page) = answer else { panic!("{answer:?}") };
        opened += lines;
        found.extend(page.lines.iter().map(|line| line.seq));
        assert!(page.next.is_none_or(|next| before.is_none_or(|before| next < before)));
        match page.next {
            Some(next) => before = Some(next),
            None => return (opened, found),
        }
    }
}

#[test]
fn what_the_history_was_looked_through_for_once_is_passed_over_the_next_time() {
    let mut desk = Desk::new();
    let mila = desk.save(employee("Mila", 1));
    for round in 0..1600_u32 {
        let ratings = vec![Rating {
            employee: EmployeeId(mila.number),
            competency: CompetencyId(1 + round % 3),
            level: Level::new(1 + (round % 5) as u8).expect("a level"),
            source: Some(RatingSource::Superior),
            date: "2026-01-10".parse().ok(),
            ..Rating::default()
        }];
        let step = Step { why: format!("sebab {round}"), ..desk.step() };
        saved(desk.ask(Request::Rate { step, ratings }));
    }
    desk.save(crate::domain::kinds::unit::Unit { name: "Kota".into(), ..Default::default() });
    for search in [
        "by:siti",
        "by:budi",
        "kind:unit",
        "sebab",
        "\"sebab 77\"",
        "via:cli",
        "cari",
        "since:2031-01-01",
        "until:2020-01-01",
        "kind:rating by:siti",
        "by:siti \"sebab 1599\"",
    ] {
        desk.office.as_mut().expect("an open office").stretches.forget();
        let (_, anew) = whole_history(&mut desk, search);
        let (opened, again) = whole_history(&mut desk, search);
        assert_eq!(anew, again, "{search}");
        if anew.is_empty() {
            assert!(opened < 3 * 512, "{search}: {opened}");
        }
    }
}
