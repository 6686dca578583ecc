//! What an officer chose is there again at the next sitting, and the first sitting is greeted.

use super::Deed;
use crate::domain::record::Kind;
use crate::protocol::Request;
use crate::ui::memory::Memory;
use crate::ui::panes::employees::Employees;
use crate::ui::testing::{Desk, Office, Setup};

/// Another sitting, with what the ones before remembered.
fn sitting(memory: Memory) -> Desk {
    let setup = Setup { memory, size: (100, 24), ..Setup::default() };
    let person = |number: &str, name: &str| {
        format!(r#"{{"number":"{number}","name":"{name}","kind":"LAINNYA","status":"active"}}"#)
    };
    let office = Office::new()
        .with(Kind::Employees, 1004, &person("#K-5", "Siti Aminah"))
        .with(Kind::Employees, 1005, &person("#K-6", "Budi Santoso"))
        .with(Kind::Employees, 1006, &person("#K-7", "Mila Kartika"));
    Desk::with(vec![Box::new(Employees::new())], office, setup)
}

fn remembered(desk: &Desk) -> Memory {
    desk.app.face.memory.clone()
}

fn written(desk: &Desk) -> usize {
    desk.deeds.iter().filter(|deed| matches!(deed, Deed::Remember(_))).count()
}

fn asked_last(desk: &Desk) -> (String, Vec<String>, Vec<String>) {
    let list = desk.asked.iter().rev().find_map(|request| match request {
        Request::List(query) => Some(query.clone()),
        _ => None,
    });
    let query = list.expect("a list");
    let sort = query.sort.into_iter().map(|key| key.column).collect();
    (query.search, sort, query.columns)
}

#[test]
fn up_in_an_empty_filter_brings_back_the_last_searches_and_down_leads_out_again() {
    let mut desk = sitting(crate::ui::testing::toured());
    desk.press("/ 'siti' enter / ctrl-u 'budi' enter esc");
    assert_eq!(written(&desk), 2);
    let mut desk = sitting(remembered(&desk));
    desk.press("/");
    assert!(desk.screen().contains("Panah atas: budi"), "{}", desk.screen());
    desk.press("up");
    assert_eq!(asked_last(&desk).0, "budi");
    desk.press("up up");
    assert_eq!(asked_last(&desk).0, "siti");
    desk.press("down");
    assert_eq!(asked_last(&desk).0, "budi");
    desk.press("down");
    assert_eq!(asked_last(&desk).0, "");
    desk.press("up enter");
    assert_eq!(written(&desk), 0, "it is the last one already");
    // What was typed is not thrown away: there the arrows walk.
    desk.press("esc / 'a' up");
    assert_eq!(asked_last(&desk).0, "a");
    // Under the usual ones.
    desk.press("esc F2 'terakhir' enter");
    assert_eq!(asked_last(&desk).0, "budi");
}

#[test]
fn a_search_that_finds_nobody_is_not_kept_and_esc_is_back_on_the_person_it_left() {
    let mut desk = sitting(crate::ui::testing::toured());
    desk.press("j");
    let on = desk.cursor_line();
    desk.press("/ 'zzz' enter");
    assert!(desk.screen().contains("Tidak ada yang cocok"), "{}", desk.screen());
    assert_eq!(written(&desk), 0);
    desk.press("esc");
    assert_eq!(desk.cursor_line(), on);
    desk.press("/ 'budi' enter esc");
    assert_eq!(written(&desk), 1);
    assert!(desk.cursor_line().contains("Budi"), "{}", desk.screen());
}

#[test]
fn a_value_that_is_none_is_told_instead_of_nothing_found() {
    let value = crate::protocol::UnknownValue {
        text: "x".into(),
        wants: crate::protocol::ValueWanted::Figure,
    };
    let office = Office::new()
        .with(Kind::Employees, 1004, r##"{"number":"#K-5","name":"Siti","kind":"LAINNYA"}"##)
        .extra(move |request| match request {
            Request::Complete { text, .. } if text.contains("umur>x") => {
                let unknown = crate::protocol::UnknownWord {
                    name: "umur".into(),
                    value: Some(value.clone()),
                    nearest: None,
                };
                let unknown = Some(unknown);
                Some(crate::protocol::Answer::Completed(crate::protocol::Completion {
                    unknown,
                    ..crate::protocol::Completion::default()
                }))
            }
            _ => None,
        });
    let mut desk = Desk::with(vec![Box::new(Employees::new())], office, Setup::default());
    desk.press("/ 'umur>x' enter");
    let told = "umur ditulis dengan angka, bukan \"x\"";
    assert_eq!(desk.screen().matches(told).count(), 2, "{}", desk.screen());
    assert!(!desk.screen().contains("Tidak ada yang cocok"), "{}", desk.screen());
}

#[test]
fn columns_and_order_are_as_they_were_left_and_what_is_unknown_is_passed_over() {
    let mut desk = sitting(crate::ui::testing::toured());
    desk.press("s 'gol' enter");
    desk.press("S");
    desk.press("'gol' space enter");
    let (_, sort, columns) = asked_last(&desk);
    assert_eq!(written(&desk), 2);
    let desk = sitting(remembered(&desk));
    assert_eq!(asked_last(&desk).1, sort);
    assert_eq!(asked_last(&desk).2, columns);
    assert_eq!(written(&desk), 0, "nothing was changed");
    let foreign = serde_json::json!({"tour_seen": true, "places": {"employees.people/employees": {
        "look": {"sort": [{"column": "shoe_size", "descending": true}], "columns": ["shoe_size"]}}}});
    let desk = sitting(serde_json::from_value(foreign).expect("a memory"));
    assert_eq!(asked_last(&desk).1, [""; 0]);
    assert!(asked_last(&desk).2.contains(&"name".to_string()));
}

#[test]
fn a_competency_is_chosen_as_a_column_and_an_order_and_is_there_again_until_it_is_archived() {
    let with = |memory: Memory, archived: bool| {
        let of = |code: &str, archived: bool| {
            let of = serde_json::json!({"code": code, "name": "Publik", "archived": archived});
            of.to_string()
        };
        let office = Office::new()
            .with(Kind::Competencies, 1, &of("M.5", archived))
            .with(Kind::Competencies, 2, &of("M.4", false))
            .with(Kind::Employees, 1004, r##"{"number":"#K-5","name":"Siti","kind":"LAINNYA"}"##);
        let setup = Setup { memory, size: (80, 24), ..Setup::default() };
        Desk::with(vec![Box::new(Employees::new())], office, setup)
    };
    let mut desk = with(crate::ui::testing::toured(), false);
    desk.press("S 'm.5' space enter");
    desk.press("s 'm.5' enter");
    let (_, sort, columns) = asked_last(&desk);
    assert_eq!(sort, ["M.5"]);
    assert!(columns.contains(&"M.5".to_string()), "{columns:?}");
    assert!(desk.screen().contains("M.5"), "{}", desk.screen());
    let again = with(remembered(&desk), false);
    assert_eq!(asked_last(&again).1, sort);
    assert_eq!(asked_last(&again).2, columns);
    let archived = with(remembered(&desk), true);
    assert_eq!(asked_last(&archived).1, [""; 0]);
    assert!(!asked_last(&archived).2.contains(&"M.5".to_string()));
    assert!(asked_last(&archived).2.contains(&"name".to_string()));
}

#[test]
fn a_view_is_saved_opened_renamed_replaced_and_deleted_by_name() {
    let mut desk = sitting(crate::ui::testing::toured());
    desk.press("/ 'siti' enter s 'gol' enter");
    desk.press("T enter 'Kurang M.5' enter");
    assert!(desk.bottom().contains("Tampilan \"Kurang M.5\" disimpan"), "{}", desk.bottom());
    let (_, sort, _) = asked_last(&desk);
    let mut desk = sitting(remembered(&desk));
    desk.press("s 'nama' enter");
    desk.press("T");
    insta::assert_snapshot!(desk.screen());
    desk.press("enter");
    assert_eq!(asked_last(&desk).0, "siti");
    assert_eq!(asked_last(&desk).1, sort);
    // Under the same name it is another one now.
    desk.press("/ ctrl-u 'budi' enter");
    desk.press("T 'simpan' enter 'Kurang M.5' enter");
    assert!(desk.bottom().contains("diganti"), "{}", desk.bottom());
    desk.press("T 'ganti' enter enter ctrl-u 'Budi' enter");
    assert!(desk.bottom().contains("Sekarang bernama \"Budi\""), "{}", desk.bottom());
    desk.press("esc T enter");
    assert_eq!(asked_last(&desk).0, "budi");
    desk.press("T 'hapus' enter enter");
    assert!(desk.bottom().contains("Tampilan \"Budi\" dihapus"), "{}", desk.bottom());
    desk.press("T");
    assert!(!desk.screen().contains("Budi  /"), "{}", desk.screen());
    // Nothing is saved without a name.
    desk.press("enter enter");
    assert!(desk.bottom().contains("Nama belum diisi"), "{}", desk.bottom());
}

#[test]
fn what_is_typed_over_a_filter_in_force_replaces_it_and_a_blank_or_end_goes_on_with_it() {
    let mut desk = sitting(crate::ui::testing::toured());
    desk.press("/ 'siti' enter /");
    assert!(desk.screen().contains("mengetik mengganti"), "{}", desk.screen());
    desk.press("'budi' enter");
    assert_eq!(asked_last(&desk).0, "budi");
    desk.press("/ space 's' enter");
    assert_eq!(asked_last(&desk).0, "budi s");
    desk.press("/ end 'a' enter");
    assert_eq!(asked_last(&desk).0, "budi sa");
    desk.press("/ backspace enter");
    assert_eq!(asked_last(&desk).0, "budi s");
}

#[test]
fn the_tour_is_shown_once_esc_closes_it_and_any_other_key_acts() {
    let mut desk = sitting(Memory::default());
    assert!(desk.screen().contains("Selamat datang"), "{}", desk.screen());
    insta::assert_snapshot!(desk.screen());
    desk.press("esc");
    assert!(!desk.screen().contains("Selamat datang"));
    assert_eq!(desk.deeds, [Deed::Remember(crate::ui::memory::Memo::TourSeen)]);
    assert!(!sitting(remembered(&desk)).screen().contains("Selamat datang"));
    // Found again in the guide.
    desk.press("F1 end");
    assert!(desk.screen().contains("Hari pertama"), "{}", desk.screen());

    let mut desk = sitting(Memory::default());
    desk.press("/ 'mila'");
    assert_eq!(asked_last(&desk).0, "mila");
    let mut desk = sitting(Memory::default());
    desk.press("q");
    assert!(desk.deeds.contains(&Deed::Quit));
}
