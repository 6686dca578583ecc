use std::collections::BTreeMap;

use super::*;
use crate::domain::gap::{Cell, Figures};
use crate::domain::jp::JpStanding;
use crate::domain::record::{CompetencyId, Record};
use crate::protocol::{
    Conflict, Course, EnrolQuestion, NextSession, Person, PersonTraining, Problem, Stored,
};
use crate::term::profile::{Color, GlyphSet};
use crate::ui::app::Deed;
use crate::ui::testing::{Desk, Office, Setup, today};

pub fn office() -> Office {
    Office::new()
        .with(Kind::Units, 1001, r#"{"name":"Kecamatan Plaju"}"#)
        .with(Kind::Units, 1002, r#"{"name":"Kelurahan Plaju Ulu","parent":1001}"#)
        .with(Kind::Positions, 1003, r#"{"title":"Lurah","eselon":"IV.a"}"#)
        .with(Kind::Competencies, 1, r#"{"code":"M1","name":"Integritas"}"#)
        .with(Kind::Competencies, 2, r#"{"code":"M2","name":"Kerja Sama"}"#)
        .with(
            Kind::Employees,
            1004,
            r#"{"number":"198503152010012003","name":"Siti Aminah","kind":"PNS","status":"active",
            "back_title":"S.Sos.","grade":"III/c","unit":1002,"position":1003,"sex":"P",
            "birth_date":"1985-03-15","position_since":"2021-08-17"}"#,
        )
        .with(
            Kind::Employees,
            1005,
            r#"{"number":"197812012005011002","name":"Budi Santoso","kind":"PNS","status":"active",
            "grade":"IV/a","unit":1001}"#,
        )
        .with(
            Kind::Employees,
            1006,
            r##"{"number":"#K-7","name":"Mila Kartika","kind":"LAINNYA","status":"active"}"##,
        )
}

pub fn siti(stored: Stored) -> Person {
    let cell = |competency, required, actual| Cell {
        competency: CompetencyId(competency),
        required,
        actual,
    };
    let cells = vec![cell(1, Some(3), Some(2)), cell(2, Some(3), None)];
    Person {
        stored,
        unit_path: vec!["Kecamatan Plaju".into(), "Kelurahan Plaju Ulu".into()],
        position: Some(crate::domain::kinds::position::Position {
            title: "Lurah".into(),
            eselon: "IV.a".into(),
            ..Default::default()
        }),
        figures: Figures::of(cells.iter().copied()),
        cells,
        jp: BTreeMap::from([(2025, 22), (2026, 12)]),
        standing: JpStanding::Below { missing: 8 },
        trainings: vec![PersonTraining {
            session: crate::domain::record::SessionId(1009),
            programme: "Pelayanan Publik".into(),
            start: Some(today()),
            end: Some(today()),
            jp: 12,
            cancelled: false,
        }],
        years: Vec::new(),
        courses: vec![Course {
            competency: CompetencyId(1),
            id: crate::domain::record::ProgrammeId(900),
            programme: "Bimtek Integritas".into(),
            next: Some(NextSession {
                session: crate::domain::record::SessionId(1010),
                start: "2026-12-11".parse().expect("a day"),
                free: Some(10),
                enrolled: false,
            }),
        }],
    }
}

/// An office that knows whole persons.
pub fn with_persons() -> Office {
    let people = office().records;
    office().extra(move |request| match request {
        Request::Person(id) => {
            let (rev, record) = people.get(&(Kind::Employees, id.0))?.clone();
            Some(Answer::Person(Box::new(siti(Stored { id: (*id).into(), rev, record }))))
        }
        _ => None,
    })
}

pub fn desk() -> Desk {
    Desk::new(vec![Box::new(Employees::new())], with_persons())
}

fn saved_employee(desk: &Desk) -> &crate::domain::kinds::employee::Employee {
    match desk.written().last() {
        Some(Request::Save(save)) => match &save.drafts[0].record {
            Record::Employee(employee) => employee,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_list_stands_at_once_with_the_cursor_on_the_first_person() {
    insta::assert_snapshot!(desk().screen());
}

#[test]
fn an_office_without_people_says_how_to_begin() {
    let desk = Desk::new(vec![Box::new(Employees::new())], Office::new());
    for line in ["Belum ada pegawai.", "I   Impor berkas", "a   Tambah", "F1  Buku panduan"] {
        assert!(desk.screen().contains(line), "{line}\n{}", desk.screen());
    }
}

#[test]
fn enter_shows_the_whole_person_and_esc_the_list_again() {
    let mut desk = desk();
    desk.press("enter");
    insta::assert_snapshot!(desk.screen());
    desk.press("esc");
    assert!(desk.cursor_line().contains("Siti Aminah"));
}

#[test]
fn on_a_wide_screen_the_person_stands_beside_the_list_and_follows_the_cursor() {
    let setup = Setup { size: (120, 24), glyphs: GlyphSet::Unicode, ..Setup::default() };
    let mut desk = Desk::with(vec![Box::new(Employees::new())], with_persons(), setup);
    desk.press("j");
    let persons = desk.asked.iter().filter(|r| matches!(r, Request::Person(_))).count();
    assert_eq!(persons, 2);
    insta::assert_snapshot!(desk.screen());
}

#[test]
fn a_filter_narrows_with_every_letter_enter_keeps_it_and_esc_clears_it() {
    let mut desk = desk();
    desk.press("/ 'mil'");
    assert!(desk.screen().starts_with("[Pegawai 1/3]"), "{}", desk.screen());
    desk.press("enter j");
    assert!(desk.cursor_line().contains("Mila"));
    desk.press("esc");
    assert!(desk.screen().starts_with("[Pegawai 3]"));
    assert!(desk.cursor_line().contains("Mila"), "the cursor stays on the person");
}

#[test]
fn the_arrows_walk_what_is_found_while_the_filter_is_typed() {
    let mut desk = desk();
    desk.press("/ 'a' down");
    assert!(desk.cursor_line().contains("Budi"), "{}", desk.screen());
    desk.press("'r'");
    assert!(desk.screen().contains("/ar"), "{}", desk.screen());
}

#[test]
fn letters_in_the_filter_are_never_commands() {
    let mut desk = desk();
    desk.press("/ 'qd'");
    assert!(desk.deeds.is_empty() && desk.written().is_empty());
    assert!(desk.screen().contains("Tidak ada yang cocok"));
    desk.press("ctrl-c");
    assert!(desk.screen().starts_with("[Pegawai 3]"));
}

#[test]
fn the_form_shows_every_field_and_saves_what_was_changed() {
    let mut desk = desk();
    desk.press("e");
    insta::assert_snapshot!(desk.screen());
    desk.press("tab shift-tab 'Siti Aminah Putri' ctrl-s");
    assert_eq!(saved_employee(&desk).name, "Siti Aminah Putri");
    assert_eq!(saved_employee(&desk).unit.map(|unit| unit.0), Some(1002), "the rest is untouched");
    assert!(desk.bottom().starts_with("Mengubah pegawai Siti Aminah Putri"), "{}", desk.bottom());
}

#[test]
fn a_wrong_form_is_not_saved_and_says_what_is_wrong_under_the_field() {
    let mut desk = desk();
    desk.press("a '12345' tab 'Rudi' F10");
    assert!(desk.written().is_empty());
    insta::assert_snapshot!(desk.screen());
}

#[test]
fn a_person_is_added_by_keyboard_alone_with_unit_and_date_typed() {
    let mut desk = desk();
    // Number, name, two titles, kind, status, legal status, unit, position, since.
    desk.press("a '199001012022211001' tab 'Rudi' tab tab tab tab tab tab");
    desk.press("'plaju ulu' tab tab '17-08-2026' ctrl-s");
    let rudi = saved_employee(&desk);
    assert_eq!(rudi.unit.map(|unit| unit.0), Some(1002));
    assert_eq!(rudi.position_since.map(|day| day.to_string()).as_deref(), Some("2026-08-17"));
    assert_eq!(rudi.kind.code(), "PPPK");
    assert_eq!(rudi.sex.map(crate::domain::number::Sex::code), Some("L"));
    assert!(desk.cursor_line().contains("Rudi"), "the cursor stands on the new person");
}

#[test]
fn esc_on_a_changed_form_asks_and_no_is_the_default() {
    let mut desk = desk();
    desk.press("e 'x' esc");
    assert!(desk.screen().contains("Buang perubahan"));
    desk.press("enter");
    assert!(desk.screen().contains("Ubah pegawai"), "still in the form");
    desk.press("esc y");
    assert!(!desk.screen().contains("Ubah pegawai"));
    assert!(desk.written().is_empty());
    assert!(desk.deeds.contains(&Deed::ForgetDraft("employees-1004".into())));
}

#[test]
fn what_the_office_refuses_is_shown_at_its_field_and_nothing_typed_is_lost() {
    let office = with_persons();
    let mut desk = Desk::new(vec![Box::new(Employees::new())], office);
    desk.office.extra = Box::new(|request| match request {
        Request::Save(_) => {
            let fault = crate::domain::fault::Fault::new(
                "number",
                crate::domain::fault::Reason::DuplicateNip,
            );
            Some(Answer::Refused(Problem::Invalid(vec![(0, fault)])))
        }
        _ => None,
    });
    desk.press("e 'x' ctrl-s");
    let screen = desk.screen();
    assert!(screen.contains("! NIP sudah dipakai"), "{screen}");
    assert!(screen.contains("Siti Aminahx"), "{screen}");
}

#[test]
fn what_the_office_asks_back_is_asked_and_then_saved_as_it_was_meant() {
    let mut desk = desk();
    desk.office.extra = Box::new(|request| match request {
        Request::Save(_) => Some(Answer::Asks(Box::new(EnrolQuestion {
            people: 1,
            capacity: Some(1),
            over: 1,
            clashes: Vec::new(),
            clashing: 0,
        }))),
        _ => None,
    });
    desk.press("e 'x' ctrl-s");
    assert!(desk.screen().contains("kursi"), "{}", desk.screen());
    desk.press("n ctrl-s");
    assert!(desk.screen().contains("kursi"), "{}", desk.screen());
    assert!(desk.written().iter().all(|request| matches!(request, Request::Save(_))));
    desk.press("y");
    assert!(matches!(desk.written().last(), Some(Request::SaveAnyway(_))));
}

#[test]
fn a_conflict_shows_mine_theirs_and_base_and_saves_what_was_chosen() {
    let mut desk = desk();
    let (_, record) = desk.office.records[&(Kind::Employees, 1004)].clone();
    let with = |field: &str, value: &str| {
        let mut fields = record.fields();
        fields.insert(field.into(), value.into());
        Record::from_fields(Kind::Employees, &fields).expect("a record")
    };
    let theirs = with("education", "S-2");
    let id = RecordId::new(Kind::Employees, 1004);
    let stored = Stored { id, rev: crate::domain::record::Revision(7), record: theirs };
    let base = record.clone();
    let mut first = true;
    desk.office.extra = Box::new(move |request| match request {
        Request::Save(save) if std::mem::take(&mut first) => {
            Some(Answer::Conflict(Box::new(Conflict {
                id,
                theirs: Some(stored.clone()),
                base: Some(base.clone()),
                mine: save.drafts[0].record.clone(),
                by: "joko".into(),
            })))
        }
        _ => None,
    });
    desk.press("e ctrl-u 'Siti A.' ctrl-s");
    insta::assert_snapshot!(desk.screen());
    desk.press("enter");
    let saved = saved_employee(&desk);
    assert_eq!((saved.name.as_str(), saved.education.as_str()), ("Siti A.", "S-2"));
    match desk.written().last() {
        Some(Request::Save(save)) => assert_eq!(save.drafts[0].base.0, 7),
        other => panic!("{other:?}"),
    }
}

#[test]
fn marked_people_get_one_field_set_and_the_question_says_how_many() {
    let mut desk = desk();
    desk.press("space space E 'pendidikan' enter");
    desk.press("'S-1' ctrl-s");
    assert!(desk.screen().contains("untuk 2 pegawai?"), "{}", desk.screen());
    desk.press("y");
    match desk.written()[..] {
        [Request::SetField { ids, field, value, .. }] => {
            assert_eq!(
                (&ids[..], field.as_str(), value.as_str()),
                (&[1004, 1005][..], "education", "\"S-1\"")
            );
        }
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn without_marks_one_field_of_the_person_under_the_cursor_is_changed_with_five_keys() {
    let mut desk = desk();
    desk.press("E 'pendidikan' enter 'S-1' ctrl-s");
    match desk.written()[..] {
        [Request::SetField { ids, field, .. }] => {
            assert_eq!((&ids[..], field.as_str()), (&[1004][..], "education"));
        }
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn deactivating_asks_then_asks_how_and_sets_the_status() {
    let mut desk = desk();
    desk.press("M");
    assert!(desk.screen().contains("Nonaktifkan Siti Aminah?"), "{}", desk.screen());
    desk.press("y 'pensiun' enter");
    match desk.written()[..] {
        [Request::SetField { ids, field, value, .. }] => {
            assert_eq!(
                (&ids[..], field.as_str(), value.as_str()),
                (&[1004][..], "status", "\"retired\"")
            );
        }
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn erasing_asks_for_the_persons_own_number_and_only_of_those_who_have_left() {
    let mut desk = desk();
    desk.press(": 'hapus data pri' enter");
    assert!(desk.screen().contains("Masih aktif"), "{}", desk.screen());
    let left = office().with(
        Kind::Employees,
        1004,
        r#"{"number":"198503152010012003","name":"Siti Aminah","kind":"PNS","status":"retired"}"#,
    );
    let mut desk = Desk::new(vec![Box::new(Employees::new())], left);
    desk.press("/ 'siti' enter : 'hapus data pri' enter");
    let asked = desk.screen();
    for said in ["Pegawai 1004", "diurungkan.", "Ketik 198503152010012003"] {
        assert!(asked.contains(said), "{said}: {asked}");
    }
    desk.press("y enter");
    assert!(desk.written().is_empty(), "a habit of the fingers is no answer");
    desk.press(": 'hapus data pri' enter '19850315 201001 2 003' enter");
    match desk.written()[..] {
        [Request::Erase { people, .. }] => assert_eq!(people[..], [EmployeeId(1004)]),
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn deleting_is_answered_by_y_alone() {
    let mut desk = desk();
    desk.press("d enter d n d esc");
    assert!(desk.written().is_empty());
    desk.press("d y");
    assert!(matches!(desk.written()[..], [Request::Delete { .. }]));
    assert!(desk.screen().starts_with("[Pegawai 2]"), "{}", desk.screen());
}

#[test]
fn over_twenty_people_the_count_must_be_typed() {
    let mut office = with_persons();
    for number in 2000..2030 {
        office = office.with(
            Kind::Employees,
            number,
            &format!(r##"{{"number":"#N-{number}","name":"Orang {number}","kind":"LAINNYA","status":"active"}}"##),
        );
    }
    let mut desk = Desk::new(vec![Box::new(Employees::new())], office);
    desk.press("V M 'y' enter");
    assert!(desk.written().is_empty(), "a habit of the fingers is no answer");
    desk.press("M '33' enter");
    assert!(desk.screen().contains("33 pegawai menjadi"), "{}", desk.screen());
}

#[test]
fn marking_moves_on_a_range_marks_what_lies_between_and_esc_takes_marks_away() {
    let mut desk = desk();
    desk.press("space");
    assert!(desk.cursor_line().contains("Budi"));
    assert!(desk.screen().starts_with("[Pegawai 3 *1]"));
    desk.press("v j v");
    assert!(desk.screen().starts_with("[Pegawai 3 *3]"), "{}", desk.screen());
    desk.press("esc");
    assert!(desk.screen().starts_with("[Pegawai 3]"), "{}", desk.screen());
}

#[test]
fn copying_a_nip_says_that_it_went_to_the_terminal() {
    let mut desk = desk();
    desk.press("y");
    assert!(desk.deeds.contains(&Deed::Copy("198503152010012003".into())));
    assert_eq!(desk.bottom(), "NIP dikirim ke terminal");
}

#[test]
fn marked_people_are_enrolled_in_a_session_found_by_typing() {
    let office = with_persons()
        .with(Kind::Programmes, 1010, r#"{"name":"Pelayanan Publik","type":"KL03"}"#)
        .with(
            Kind::Sessions,
            1011,
            r#"{"programme":1010,"start":"2026-12-01","end":"2026-12-02"}"#,
        );
    let mut desk = Desk::new(vec![Box::new(Employees::new())], office);
    desk.press("space space t '2026-12' enter");
    match desk.written()[..] {
        [Request::Enrol { session, employees, .. }] => {
            assert_eq!((session.0, employees.len()), (1011, 2));
        }
        ref other => panic!("{other:?}"),
    }
    assert!(desk.screen().starts_with("[Pegawai 3]"), "marks are gone: {}", desk.screen());
}

#[test]
fn after_a_change_elsewhere_the_cursor_stays_on_the_person() {
    let mut desk = desk();
    desk.press("j j");
    assert!(desk.cursor_line().contains("Mila"));
    desk.office = std::mem::replace(&mut desk.office, Office::new()).with(
        Kind::Employees,
        500,
        r##"{"number":"#A","name":"Aan","kind":"LAINNYA","status":"active"}"##,
    );
    let notice = Notice::Changed { seq: 3, ids: Vec::new(), many: true };
    desk.event(crate::protocol::Incoming::Notice(notice));
    assert!(desk.cursor_line().contains("Mila"), "{}", desk.screen());
}

#[test]
fn sort_and_columns_are_chosen_from_lists_and_go_into_the_query() {
    let mut desk = desk();
    desk.press("s 'nama' enter s 'nama' enter");
    let sort = |desk: &Desk| {
        desk.asked.iter().rev().find_map(|request| match request {
            Request::List(query) if query.kind == Kind::Employees => Some(query.clone()),
            _ => None,
        })
    };
    let query = sort(&desk).expect("a query");
    assert_eq!((query.sort[0].column.as_str(), query.sort[0].descending), ("name", true));
    desk.press("S 'surel' space enter");
    let query = sort(&desk).expect("a query");
    assert!(query.columns.contains(&"email".to_string()));
    assert!(desk.screen().contains("Nama"));
}

#[test]
fn every_size_and_profile_draws_without_harm() {
    for size in [(0, 0), (1, 1), (2, 2), (60, 15), (80, 24), (200, 60)] {
        for (color, glyphs) in [
            (Color::Mono, GlyphSet::Ascii),
            (Color::Ansi16, GlyphSet::Unicode),
            (Color::Indexed, GlyphSet::Unicode),
        ] {
            let setup = Setup { size, color, glyphs, ..Setup::default() };
            let mut desk = Desk::with(vec![Box::new(Employees::new())], with_persons(), setup);
            for keys in [
                "enter", "esc", "e", "esc", "/ 'x'", "esc", "S", "esc", ":", "esc", "?", "esc", "g",
            ] {
                desk.press(keys);
                desk.screen();
                desk.resize(1, 1);
                desk.screen();
                desk.resize(size.0, size.1);
            }
        }
    }
}

mod anything {
    use proptest::prelude::*;

    use super::*;
    use crate::ui::keymap::Preset;

    const KEYS: &[&str] = &[
        "enter",
        "esc",
        "tab",
        "shift-tab",
        "up",
        "down",
        "left",
        "right",
        "pgup",
        "pgdn",
        "home",
        "end",
        "del",
        "ins",
        "backspace",
        "space",
        "/",
        ":",
        "?",
        "a",
        "b",
        "d",
        "e",
        "E",
        "f",
        "g",
        "G",
        "h",
        "H",
        "I",
        "j",
        "m",
        "M",
        "n",
        "p",
        "s",
        "S",
        "t",
        "u",
        "v",
        "V",
        "w",
        "x",
        "y",
        "1",
        "5",
        "9",
        "[",
        "]",
        "+",
        ",",
        ".",
        "F1",
        "F2",
        "F3",
        "F4",
        "F5",
        "F6",
        "F7",
        "F8",
        "F9",
        "F10",
        "F12",
        "ctrl-c",
        "ctrl-d",
        "ctrl-k",
        "ctrl-l",
        "ctrl-r",
        "ctrl-s",
        "ctrl-t",
        "ctrl-u",
        "ctrl-w",
        "ctrl-z",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn whatever_is_pressed_at_whatever_size_the_screen_stands(
            preset in prop::sample::select(Preset::ALL.to_vec()),
            strokes in prop::collection::vec((prop::sample::select(KEYS), 0u16..9), 1..120),
        ) {
            let setup = Setup { preset, ..Setup::default() };
            let mut desk = Desk::with(vec![Box::new(Employees::new())], with_persons(), setup);
            for (key, size) in strokes {
                desk.press(key);
                match size {
                    0 => desk.resize(1, 1),
                    1 => desk.resize(60, 15),
                    2 => desk.resize(120, 40),
                    3 => desk.resize(0, 3),
                    _ => {}
                }
                desk.screen();
            }
        }
    }
}
