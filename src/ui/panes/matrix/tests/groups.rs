//! The matrix by units, the gaps of one competency, and what stands beside it on a wide screen.

use super::*;

#[test]
fn marked_people_are_marked_here_too() {
    let mut desk = Desk::new(3, 9, 80, 21);
    desk.mark(1002);
    assert!(desk.screen().contains("*Pegawai 0002"), "{}", desk.screen());
}

#[test]
fn pressing_the_key_of_gaps_again_takes_its_word_out_and_leaves_the_others() {
    let mut desk = Desk::new(9, 9, 80, 21).given(1003, &[1]).given(1005, &[3, 1]);
    desk.give(Command::ListFilter);
    desk.type_text("Pegawai");
    desk.give(Command::FilterKeep);
    desk.give(Command::MatrixGapsOnly);
    desk.settle();
    assert_eq!(desk.pane.selection().filter, "Pegawai m.1<std");
    assert_eq!(desk.pane.counter(), "1/9");
    desk.give(Command::MatrixRight);
    desk.give_all(&[Command::MatrixLeft, Command::MatrixGapsOnly]);
    desk.settle();
    assert_eq!(desk.pane.selection().filter, "Pegawai");
    assert_eq!(desk.pane.counter(), "9");
}

#[test]
fn the_key_of_gaps_leaves_quotes_whole_and_says_when_the_filter_would_be_too_long() {
    let mut desk = Desk::new(9, 9, 80, 21);
    let search = |desk: &Desk| desk.pane.selection().filter.to_string();
    desk.give(Command::ListFilter);
    desk.type_in("unit:\"plaju  ulu m.1<std\"");
    desk.give(Command::FilterKeep);
    desk.give(Command::MatrixGapsOnly);
    assert_eq!(search(&desk), "unit:\"plaju  ulu m.1<std\" m.1<std");
    desk.give(Command::MatrixGapsOnly);
    assert_eq!(search(&desk), "unit:\"plaju  ulu m.1<std\"");
    let long = "a".repeat(500);
    desk.tell(PaneEvent::Search(&long));
    desk.give(Command::MatrixGapsOnly);
    assert_eq!(search(&desk), long);
    assert!(desk.toasts.iter().any(|said| said.contains("500 huruf")), "{:?}", desk.toasts);
}

#[test]
fn the_competency_of_a_column_is_read_in_the_dictionary_from_any_line() {
    let mut desk = villages(80, 21);
    desk.give(Command::MatrixCompetency);
    assert_eq!(desk.overlay(), Some("competency"));
    desk.cancel_overlay();
    desk.give(Command::MatrixFirst);
    assert_eq!(desk.pane.available(Command::MatrixExplain), Availability::Yes);
    desk.give(Command::MatrixExplain);
    assert_eq!(desk.overlay(), Some("competency"));
}

#[test]
fn people_stand_by_units_again_in_the_next_sitting() {
    let mut desk = villages(80, 21);
    desk.sit_anew();
    assert!(desk.screen().contains("Kel. Ulu (3)"), "{}", desk.screen());
    desk.give(Command::MatrixGroup);
    desk.settle();
    desk.sit_anew();
    assert!(!desk.screen().contains("Kel. Ulu (3)"), "{}", desk.screen());
}

#[test]
fn at_eighty_columns_both_categories_of_the_person_are_told_the_honest_one_first() {
    let desk = Desk::new(1, 9, 80, 21).given(1001, &[5, 5, 1]);
    let screen = desk.screen();
    let told = "tanpa kelebihan: Kurang optimal, JPM: Optimal (!)";
    assert!(screen.contains("Pegawai 0001 | Lurah") && screen.contains(told), "{screen}");
}

/// Nine people in three villages, some below standard.
fn villages(width: u16, height: u16) -> Desk {
    let mut desk = Desk::new(9, 9, width, height)
        .given(1001, &[3, 2, 4])
        .given(1003, &[1, 3, 3])
        .given(1005, &[2, 2])
        .given(1006, &[1])
        .confirmed();
    desk.give(Command::MatrixGroup);
    desk.settle();
    desk
}

#[test]
fn people_stand_under_their_units_with_the_sums_of_each() {
    let mut desk = villages(80, 21);
    insta::assert_snapshot!("grouped_80x21", desk.screen());
    desk.give(Command::MatrixFirst);
    insta::assert_snapshot!("grouped_on_unit_80x21", desk.screen());
    desk.colours(Color::Mono, GlyphSet::Ascii);
    assert!(desk.screen().is_ascii(), "{}", desk.screen());
    desk.give(Command::MatrixGroup);
    desk.settle();
    assert!(!desk.screen().contains("Kelurahan"), "{}", desk.screen());
}

#[test]
fn enter_on_the_line_of_a_unit_narrows_to_it_and_no_digit_is_for_a_unit() {
    let mut desk = villages(80, 21);
    desk.give(Command::MatrixFirst);
    assert_ne!(desk.pane.available(Command::Rate3), Availability::Yes);
    assert_eq!(desk.pane.available(Command::ListOpen), Availability::Yes);
    desk.key("3");
    desk.settle();
    assert!(desk.office.ratings.iter().all(|rating| rating.rater == "Camat"), "nothing is rated");
    desk.give(Command::ListOpen);
    assert_eq!(desk.face_unit().as_deref(), Some("Kelurahan Ilir"));
}

#[test]
fn digits_go_over_the_line_of_a_unit_to_the_next_person() {
    let mut desk = villages(80, 21);
    desk.give_all(&[Command::MatrixFirst, Command::MatrixDown]);
    desk.give_all(&[Command::MatrixDown, Command::MatrixDown, Command::MatrixRowEnd]);
    desk.key("23");
    desk.settle();
    // The last of one village (1008 is of another), then the first of the next.
    assert_eq!(desk.office.rated(1008, 9).or(desk.office.rated(1009, 9)), Some(2));
    let first = desk.office.ratings.last().expect("a rating");
    assert_eq!((first.competency.0, first.level.get()), (1, 3));
}

#[test]
fn a_large_grouped_matrix_is_walked_from_end_to_end() {
    let mut desk = Desk::new(300, 9, 80, 21).given(1299, &[1]);
    desk.give(Command::MatrixGroup);
    desk.settle();
    desk.give(Command::MatrixLast);
    desk.settle();
    let screen = desk.screen();
    assert!(screen.contains(">Pegawai 0298"), "{screen}");
    desk.give(Command::MatrixFirst);
    desk.settle();
    assert!(desk.screen().contains(">Kel. Il"), "{}", desk.screen());
    desk.give(Command::MatrixNextGap);
    desk.settle();
    assert!(desk.screen().contains(">Pegawai 0299"), "{}", desk.screen());
}

#[test]
fn a_wide_screen_tells_of_the_cell_under_the_cursor_once_it_rests() {
    let mut desk = Desk::new(40, 9, 120, 38).given(1001, &[2, 5, 3]);
    let asked = |desk: &Desk| desk.office.asked.get("matrix.side").copied().unwrap_or_default();
    assert_eq!((asked(&desk), desk.pane.is_moving()), (0, true));
    desk.tell(PaneEvent::Rested);
    desk.settle();
    assert_eq!((asked(&desk), desk.pane.is_moving()), (1, false));
    insta::assert_snapshot!("beside_120x38", desk.screen());
    desk.give_all(&[Command::MatrixDown, Command::MatrixDown, Command::MatrixRight]);
    assert_eq!(asked(&desk), 1, "whoever is only passed is not read");
    desk.tell(PaneEvent::Rested);
    desk.settle();
    assert_eq!(asked(&desk), 2);
    desk.tell(PaneEvent::Rested);
    assert_eq!(asked(&desk), 2);
    desk.changed();
    desk.settle();
    desk.tell(PaneEvent::Rested);
    assert_eq!(asked(&desk), 3, "it may be otherwise now");
    desk.colours(Color::Mono, GlyphSet::Ascii);
    assert!(desk.screen().is_ascii(), "{}", desk.screen());
}

#[test]
fn groups_are_seen_on_a_wide_screen_too() {
    let mut desk = villages(120, 38);
    desk.tell(PaneEvent::Rested);
    desk.settle();
    insta::assert_snapshot!("grouped_120x38", desk.screen());
}

#[test]
fn only_people_with_gaps_are_shown_and_one_whose_last_gap_closes_stays_under_the_fingers() {
    let mut desk = Desk::new(9, 9, 80, 21)
        .given(1003, &[1])
        .given(1005, &[2, 2])
        .given(1007, &[2])
        .confirmed();
    desk.give(Command::MatrixGapsOnly);
    desk.settle();
    assert_eq!(desk.pane.counter(), "3/9");
    assert_eq!(desk.pane.selection().filter, "m.1<std");
    // The first digit closes the only gap; the second must still be for the same person.
    desk.key("3");
    desk.settle();
    assert!(desk.screen().contains(">Pegawai 0003"), "{}", desk.screen());
    desk.key("4");
    desk.settle();
    assert_eq!(desk.office.rated(1003, 2), Some(4));
    assert_eq!(desk.office.rated(1005, 2), Some(2));
    desk.give(Command::MatrixDown);
    desk.settle();
    assert!(desk.screen().contains(">Pegawai 0005"), "{}", desk.screen());
    assert!(!desk.screen().contains("Pegawai 0003"), "{}", desk.screen());
    desk.give(Command::ListFilterClear);
    desk.settle();
    assert_eq!(desk.pane.counter(), "9");
    assert!(desk.screen().contains(">Pegawai 0005"), "the cursor is still on the same person");
}
