//! Files brought in, cut off, brought in again and taken back.

use super::*;
use crate::domain::grade::Grade;
use crate::domain::record::{ProgrammeId, Schema as _};
use crate::office::write::import::{Imports, Waiting};
use crate::store::without_threads;

#[test]
fn an_import_is_one_step_and_the_same_file_again_changes_nothing() {
    let mut desk = Desk::new();
    let rows = || {
        (0..1200)
            .map(|n| {
                let year = 1960 + n / 900;
                let number = format!("{year}0101198001{}{:03}", 1 + n % 2, n % 900 + 1);
                let RowData::Employee(mut row) =
                    person_row(&format!("Pegawai {n:04}"), 1, &["Kota", "Dinas"], "Kepala Seksi")
                else {
                    panic!("a person")
                };
                row.employee.number = EmployeeNumber::parse(&number).expect("a NIP");
                RowData::Employee(row)
            })
            .collect::<Vec<_>>()
    };
    let (verdicts, answer) = desk.import(Intake::Employees, PEOPLE_COLUMNS, rows());
    assert_eq!(verdicts.len(), 1200);
    let Answer::Imported(imported) = answer else { panic!("{answer:?}") };
    assert_eq!((imported.accepted, imported.added, imported.seq), (1200, 1200, Some(1)));
    let (verdicts, answer) = desk.import(Intake::Employees, PEOPLE_COLUMNS, rows());
    assert_eq!(verdicts.len(), 0);
    let Answer::Imported(again) = answer else { panic!("{answer:?}") };
    assert_eq!((again.unchanged, again.seq), (1200, None));
    desk.kill();
    desk.open();
    assert_eq!(desk.names("unit:dinas").len(), 1000, "one page of them");
    let undone = saved(desk.undo());
    assert_eq!(undone.count, 1203, "people, two units and a position");
    assert_eq!(desk.names("").len(), 0);
    saved(desk.redo());
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(v) if v.records == 1203));
}

#[test]
fn an_import_cut_off_by_a_kill_leaves_nothing() {
    let mut desk = Desk::new();
    desk.save(employee("Mila", 900));
    let step = desk.step();
    let columns = PEOPLE_COLUMNS.iter().map(ToString::to_string).collect();
    let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
    desk.ask(Request::ImportStart(start));
    for chunk in 0..4u32 {
        let rows = (0..200)
            .map(|n| {
                let serial = chunk * 200 + n;
                let data = person_row(&format!("P {serial}"), serial, &["Kota"], "Kepala Seksi");
                IntakeRow { line: serial + 2, data }
            })
            .collect();
        desk.ask(Request::ImportRows(rows));
    }
    let step = desk.step();
    let draft = DraftRecord { id: None, base: Revision(0), record: employee("Budi", 901).into() };
    // Nobody waits for it.
    saved(desk.ask(Request::Save(Save { step, drafts: vec![draft] })));
    desk.kill();
    desk.open();
    assert_eq!(desk.names(""), ["Budi", "Mila"]);
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(v) if v.entries == 2));
}

#[test]
fn a_unit_moved_by_hand_is_found_again_by_the_next_import() {
    let mut desk = Desk::new();
    let rows = || vec![person_row("Mila", 1, &["Kota", "Kelurahan Plaju Ulu"], "Lurah")];
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows());
    let kecamatan = desk.save(crate::domain::kinds::unit::Unit {
        name: "Kecamatan Plaju".into(),
        parent: Some(crate::domain::record::UnitId(1000)),
        ..crate::domain::kinds::unit::Unit::default()
    });
    saved(desk.change(RecordId::new(Kind::Units, 1001), |record| {
        if let Record::Unit(unit) = record {
            unit.parent = Some(crate::domain::record::UnitId(kecamatan.number));
        }
    }));
    let (_, answer) = desk.import(Intake::Employees, PEOPLE_COLUMNS, rows());
    let Answer::Imported(again) = answer else { panic!("{answer:?}") };
    assert_eq!((again.unchanged, again.seq), (1, None));
}

#[test]
fn trainings_of_a_ledger_share_a_session_and_count_for_the_year_they_end() {
    let mut desk = Desk::new();
    desk.save(employee("Mila", 1));
    desk.save(employee("Budi", 2));
    let row = |serial: u32| {
        RowData::Training(Box::new(TrainingRow {
            number: nip(serial),
            name: "Bimtek".into(),
            r#type: "KL03".into(),
            start: "2025-12-30".parse().expect("a day"),
            end: "2026-01-02".parse().expect("a day"),
            provider: "BPSDM".into(),
            jp: 24,
        }))
    };
    let (verdicts, answer) =
        desk.import(Intake::Trainings, &[], vec![row(1), row(2), row(1), row(3)]);
    let Answer::Imported(imported) = answer else { panic!("{answer:?}") };
    assert_eq!((imported.accepted, imported.added, imported.refused), (3, 2, 1));
    assert!(matches!(&verdicts[2], Verdict::Refused(f) if f.reason == Reason::EmployeeUnknown));
    let Answer::Page(sessions) = desk.ask(Request::List(ListQuery::all(Kind::Sessions))) else {
        panic!("no page")
    };
    assert_eq!(sessions.total, 1);
    assert_eq!(desk.names("jp>=24").len(), 2);
}

#[test]
fn a_session_that_names_no_provider_has_that_of_its_programme_in_lists_and_for_a_ledger() {
    let mut desk = Desk::new();
    desk.save(employee("Mila", 1));
    let programme = Programme {
        name: "Bimtek".into(),
        r#type: "KL03".into(),
        jp: Some(24),
        provider: "BPSDM".into(),
        ..Programme::default()
    };
    let programme = ProgrammeId(desk.save(programme).number);
    let day = |text: &str| text.parse().ok();
    let (start, end) = (day("2026-01-05"), day("2026-01-06"));
    desk.save(Session { programme, start, end, ..Session::default() });
    let sessions = |desk: &mut Desk| {
        let columns = vec!["provider".to_string()];
        let query = ListQuery { columns, ..ListQuery::all(Kind::Sessions) };
        let Answer::Page(page) = desk.ask(Request::List(query)) else { panic!("no page") };
        page.rows.into_iter().flat_map(|row| row.cells).collect::<Vec<_>>()
    };
    assert_eq!(sessions(&mut desk), [Value::text("BPSDM")]);
    let row = TrainingRow {
        number: nip(1),
        name: "Bimtek".into(),
        r#type: "KL03".into(),
        start: start.expect("a day"),
        end: end.expect("a day"),
        provider: "BPSDM".into(),
        jp: 24,
    };
    let rows = vec![RowData::Training(Box::new(row))];
    let (_, answer) = desk.import(Intake::Trainings, &[], rows);
    let Answer::Imported(imported) = answer else { panic!("{answer:?}") };
    assert_eq!((imported.added, sessions(&mut desk).len()), (1, 1));
}

#[test]
fn people_gone_with_an_undone_import_do_not_come_back_on_the_next_opening() {
    let mut desk = Desk::new();
    let row = |serial: u32| person_row(&format!("Orang {serial}"), serial, &["Kota"], "Staf");
    desk.save(employee("Yang Tinggal", 999));
    // Enough for a large step, which is applied in bulk and packed in several chunks.
    desk.import(Intake::Employees, &["number", "name"], (1..=700).map(row).collect());
    desk.close();
    desk.open();
    assert_eq!(desk.names("").len(), 701);
    saved(desk.undo());
    desk.close();
    desk.open();
    assert_eq!(desk.names(""), ["Yang Tinggal"]);
}

#[test]
fn what_is_saved_while_an_import_is_under_way_stands_and_the_import_fits_it() {
    let mut desk = Desk::new();
    let columns = PEOPLE_COLUMNS.iter().map(ToString::to_string).collect();
    let step = desk.step();
    let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
    assert_eq!(desk.ask(Request::ImportStart(start)), Answer::Done);
    let hand_over = |desk: &mut Desk, serials: std::ops::Range<u32>| {
        let rows = serials
            .map(|serial| IntakeRow {
                line: serial + 2,
                data: person_row(&format!("P {serial}"), serial, &["Kota", "Bagian"], "Staf"),
            })
            .collect();
        let answer = desk.ask(Request::ImportRows(rows));
        assert!(matches!(answer, Answer::ImportRows(_)), "{answer:?}");
    };
    for chunk in 0..4 {
        hand_over(&mut desk, chunk * 150..(chunk + 1) * 150);
    }
    // Meanwhile one of them is added by hand, with the unit and the post the file names.
    let unit = desk.save(crate::domain::kinds::unit::Unit {
        name: "Kota".into(),
        ..crate::domain::kinds::unit::Unit::default()
    });
    let mila = desk.save(employee("Mila", 7));
    hand_over(&mut desk, 600..700);
    let Answer::Imported(imported) = desk.ask(Request::ImportFinish) else { panic!("not saved") };
    assert_eq!((imported.added, imported.changed, imported.refused), (699, 1, 0));
    assert_eq!(desk.names("").len(), 700);
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(mila)) else { panic!("gone") };
    assert!(matches!(&stored.record, Record::Employee(mila) if mila.name == "P 7"));
    let Answer::Page(units) = desk.ask(Request::List(ListQuery::all(Kind::Units))) else {
        panic!("no page")
    };
    assert_eq!(units.total, 2, "no second unit of the same name beside {unit}");
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(v) if v.entries == 3));
    saved(desk.undo());
    assert_eq!(desk.names(""), ["Mila"]);
}

#[test]
fn a_preview_calls_a_unit_that_is_not_there_yet_by_its_name() {
    let mut desk = Desk::new();
    let row = |serial: u32, unit: &str| {
        person_row(&format!("P {serial}"), serial, &["Kota", unit], "Staf")
    };
    desk.import(Intake::Employees, PEOPLE_COLUMNS, vec![row(1, "Lama"), row(2, "Lama")]);
    let rows = vec![row(1, "Bidang Baru"), row(2, "Bidang Baru")];
    let (verdicts, _) = desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    for verdict in verdicts {
        let Verdict::Changed { fields, .. } = verdict else { panic!("{verdict:?}") };
        let after: Vec<&str> = fields.iter().map(|change| change.after.as_str()).collect();
        assert_eq!(after, ["\"Bidang Baru\""]);
    }
}

#[test]
fn rows_of_a_sheet_without_a_column_leave_that_field_alone() {
    let mut desk = Desk::new();
    let row = |serial: u32| person_row(&format!("P {serial}"), serial, &["Kota"], "Staf");
    desk.import(Intake::Employees, PEOPLE_COLUMNS, vec![row(1), row(2)]);
    let step = desk.step();
    let columns = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let start = ImportStart {
        step,
        intake: Intake::Employees,
        columns: columns(&["number", "name", "unit"]),
        dry_run: false,
    };
    let bare = |serial: u32| person_row(&format!("P {serial}"), serial, &[], "");
    let sheet =
        |line: u32, serial: u32| Request::ImportRows(vec![IntakeRow { line, data: bare(serial) }]);
    desk.ask(Request::ImportStart(start));
    desk.ask(sheet(2, 1));
    assert_eq!(desk.ask(Request::ImportColumns(columns(&["number", "name"]))), Answer::Done);
    desk.ask(sheet(3, 2));
    let Answer::Imported(imported) = desk.ask(Request::ImportFinish) else { panic!("no import") };
    assert_eq!((imported.changed, imported.unchanged), (1, 1));
    assert_eq!(desk.names("unit:kota"), ["P 2"]);
}

/// Somebody of whom everything is known.
fn full_row(serial: u32) -> RowData {
    let (year, day) = (1980 + serial / 900, || "2019-04-01".parse().ok());
    let employee = Employee {
        number: EmployeeNumber::parse(&format!(
            "{year}0101201501{}{:03}",
            1 + serial % 2,
            serial % 900 + 1
        ))
        .expect("a NIP"),
        back_title: "S.STP., M.Si.".into(),
        legal_status: "Aktif".into(),
        position_since: day(),
        grade: Grade::parse("III/c"),
        grade_since: day(),
        service_years: Some(12),
        service_months: Some(11),
        cpns_since: day(),
        education: "S-1/Sarjana".into(),
        education_field: "Ilmu Pemerintahan".into(),
        graduation_year: Some(2012),
        birth_date: format!("{year}-01-01").parse().ok(),
        email: format!("pegawai{serial:06}@contoh.go.id"),
        pns_id: format!("A8ACA7F2F4B13912E040640A{serial:08}"),
        ..employee(&format!("Anggun Gemilang Ramadhan {serial:06}"), serial)
    };
    let title = format!("Analis Kepegawaian {}", serial % 40);
    let unit = format!("Bidang Pengembangan {}", serial % 20);
    let RowData::Employee(row) = person_row("", serial, &["Kota Contoh", "Dinas", &unit], &title)
    else {
        panic!("a person")
    };
    RowData::Employee(Box::new(EmployeeRow { employee, ..*row }))
}

impl Desk {
    /// Begins an import and hands everything over.
    fn hand_over(&mut self, rows: Vec<RowData>) {
        let columns = Employee::FIELDS.iter().map(|field| field.name.to_string()).collect();
        let step = self.step();
        let start = ImportStart { step, intake: Intake::Employees, columns, dry_run: false };
        assert_eq!(self.ask(Request::ImportStart(start)), Answer::Done);
        let rows = rows.into_iter().zip(2..).map(|(data, line)| IntakeRow { line, data });
        for rows in rows.collect::<Vec<_>>().chunks(200) {
            let Answer::ImportRows(told) = self.ask(Request::ImportRows(rows.to_vec())) else {
                panic!("not taken")
            };
            let refused = told.iter().find(|told| matches!(told.verdict, Verdict::Refused(_)));
            assert_eq!(refused, None);
        }
    }

    fn imports(&mut self) -> &mut Imports {
        &mut self.office.as_mut().expect("an office").imports
    }
}

#[test]
fn half_a_million_people_of_whom_everything_is_known_fit_into_one_import() {
    let mut desk = Desk::new();
    desk.hand_over((0..4000).map(full_row).collect());
    // Up to two parts of the people handed over last are not among the lines yet, and one not
    // among the parts.
    let Waiting { handed, parts, lines } = desk.imports().waiting()[0];
    let whole = Waiting {
        handed: handed * 500_000 / 4000,
        parts: parts * 500_000 / 3500,
        lines: lines * 500_000 / 3000,
    };
    assert!(!whole.is_too_much(), "{whole:?}");
    assert!(whole.to_be_written() < 500_000_000, "what an officer may write a day: {whole:?}");
    // Nothing waits without an end.
    for much in [
        Waiting { handed: 300 << 20, ..Waiting::default() },
        Waiting { parts: 300 << 20, ..Waiting::default() },
        Waiting { lines: 600 << 20, ..Waiting::default() },
    ] {
        assert!(much.is_too_much(), "{much:?}");
    }
}

#[test]
fn a_byte_the_disk_has_wrong_of_what_waits_is_told_and_nothing_is_saved() {
    let mut desk = Desk::new();
    let rows = || (0..1800).map(full_row).collect::<Vec<_>>();
    let (handed, parts, lines) = (0, 1, 2);
    for which in [handed, parts, lines] {
        // In the last value there is, at its end and among a line's digests, and in the first.
        for from_end in [1, 4000, u64::MAX] {
            desk.hand_over(rows());
            desk.imports().flip(which, from_end).expect("a file");
            if which == handed {
                // What was handed over is read again only where something was saved since.
                desk.save(unit_named(&format!("Unit {from_end}")));
            }
            let answer = desk.ask(Request::ImportFinish);
            assert!(matches!(answer, Answer::Refused(Problem::Io(_))), "{which}: {answer:?}");
            assert_eq!(desk.names("").len(), 0);
        }
    }
    assert!(matches!(desk.ask(Request::Verify), Answer::Verified(v) if v.entries == 3));
    // The office goes on, and the same file goes in.
    desk.hand_over(rows());
    let Answer::Imported(imported) = desk.ask(Request::ImportFinish) else { panic!("not saved") };
    assert_eq!((imported.added, imported.refused), (1800, 0));
}

fn unit_named(name: &str) -> crate::domain::kinds::unit::Unit {
    crate::domain::kinds::unit::Unit {
        name: name.into(),
        ..crate::domain::kinds::unit::Unit::default()
    }
}

#[test]
fn an_import_that_is_saved_is_shown_also_where_no_thread_can_be_had() {
    let mut desk = Desk::new();
    let (_, answer) = without_threads(|| {
        desk.import(Intake::Employees, PEOPLE_COLUMNS, (0..1200).map(full_row).collect())
    });
    let Answer::Imported(imported) = answer else { panic!("{answer:?}") };
    assert_eq!((imported.added, imported.seq), (1200, Some(1)));
    assert_eq!(desk.names("unit:dinas").len(), 1000, "one page of them");
    desk.kill();
    without_threads(|| desk.open());
    saved(without_threads(|| desk.undo()));
    assert_eq!(desk.names("").len(), 0);
}
