//! What an officer does with the matrix and sees.

mod desk;
mod groups;

use std::collections::BTreeMap;

use self::desk::Desk;
use crate::domain::kinds::rating::RatingSource;
use crate::domain::record::UnitId;
use crate::term::profile::{Color, GlyphSet};
use crate::ui::command::Command;
use crate::ui::effect::UnitScope;
use crate::ui::job::Export;
use crate::ui::pane::{Availability, Pane, PaneEvent};

#[test]
fn the_grid_at_eighty_columns_reads_without_colour() {
    let mut desk = Desk::new(3, 9, 80, 21)
        .given(1001, &[5, 5, 1])
        .given(1002, &[3, 2, 4, 3, 3, 3, 3, 3, 4])
        .confirmed();
    desk.give_all(&[Command::MatrixRight, Command::MatrixRight]);
    desk.settle();
    insta::assert_snapshot!(desk.screen());
}

#[test]
fn a_small_screen_keeps_the_grid_and_what_is_being_recorded() {
    let mut desk = Desk::new(30, 30, 60, 12).given(1001, &[5, 5, 1]);
    desk.give_all(&[Command::MatrixRowEnd, Command::MatrixPageDown]);
    desk.settle();
    insta::assert_snapshot!(desk.screen());
}

#[test]
fn a_wide_screen_shows_the_posts() {
    let desk = Desk::new(2, 9, 120, 30).given(1001, &[3, 3, 3]);
    insta::assert_snapshot!(desk.screen());
}

#[test]
fn a_surplus_never_hides_a_deficit() {
    let mut desk = Desk::new(1, 9, 80, 21).given(1001, &[5, 5, 1]);
    let line = desk.line_of(1001);
    assert!(line.contains(" 1-2 ") && line.contains(">100") && line.contains("77,78"), "{line}");
    assert!(line.ends_with(" 1"), "one competency is below standard: {line}");
    desk.colours(Color::Ansi16, GlyphSet::Unicode);
    let terminal = desk.terminal();
    let buffer = terminal.backend().buffer();
    let red = |cell: &&ratatui::buffer::Cell| cell.fg == ratatui::style::Color::Red;
    let text: String =
        buffer.content.iter().filter(red).map(ratatui::buffer::Cell::symbol).collect();
    assert!(text.contains("1-2") && !text.contains("5+2"), "{text}");
}

#[test]
fn the_first_digit_shows_what_will_be_recorded_and_is_not_lost() {
    let mut desk = Desk::new(2, 9, 80, 21);
    desk.key("4");
    assert_eq!(desk.overlay(), Some("matrix.source"));
    assert!(desk.screen().contains("Level 4"), "{}", desk.screen());
    insta::assert_snapshot!(desk.screen());
    // Fingers that go on typing change nothing in the form.
    desk.type_text("35");
    desk.give(Command::FormSave);
    desk.settle();
    assert_eq!(desk.office.rated(1001, 1), Some(4));
    assert_eq!(desk.office.ratings.len(), 1);
    desk.key("3");
    assert_eq!(desk.overlay(), None);
    desk.settle();
    assert_eq!(desk.office.rated(1001, 2), Some(3));
}

#[test]
fn cancelling_the_first_form_records_nothing() {
    let mut desk = Desk::new(2, 9, 80, 21);
    desk.key("4");
    desk.give(Command::FormCancel);
    desk.settle();
    assert!(desk.office.ratings.is_empty());
    desk.give(Command::MatrixRater);
    desk.give(Command::FormSave);
    desk.settle();
    assert!(desk.office.ratings.is_empty(), "a cancelled digit does not come back");
}

#[test]
fn source_rater_date_and_method_stand_beside_every_level_keyed() {
    let mut desk = Desk::new(2, 9, 80, 21);
    desk.give(Command::MatrixRater);
    desk.type_text("as");
    desk.give(Command::FormNext);
    desk.type_text("Tim Asesor Kota");
    desk.give_all(&[Command::FormNext, Command::TextKillLine]);
    desk.type_text("1 Nov 2026");
    desk.give(Command::FormNext);
    desk.type_text("sedang");
    desk.give_all(&[Command::FormNext, Command::FormOptionNext, Command::FormSave]);
    assert_eq!(desk.overlay(), None);
    assert!(desk.screen().contains("Tim Asesor Kota, 1 Nov 2026"));
    desk.key("34");
    desk.settle();
    // Down the column, as chosen.
    assert_eq!((desk.office.rated(1001, 1), desk.office.rated(1002, 1)), (Some(3), Some(4)));
    let rating = &desk.office.ratings[0];
    assert_eq!(rating.source.map(RatingSource::code), Some("asesor"));
    assert_eq!((rating.rater.as_str(), rating.method.as_str()), ("Tim Asesor Kota", "sedang"));
    assert_eq!(rating.date.unwrap().to_string(), "2026-11-01");
}

#[test]
fn a_date_that_is_none_or_still_to_come_is_not_taken() {
    for (text, words) in [("31-02-2026", "31-02-2026"), ("22 Nov 2026", "setelah hari ini")] {
        let mut desk = Desk::new(1, 9, 80, 21);
        desk.give_all(&[Command::MatrixRater, Command::FormNext, Command::FormNext]);
        desk.give(Command::TextKillLine);
        desk.type_text(text);
        desk.give(Command::FormSave);
        assert_eq!(desk.overlay(), Some("matrix.source"), "{text}");
        assert!(desk.screen().contains(words), "{}", desk.screen());
    }
}

#[test]
fn a_digit_rates_and_moves_on_and_at_the_end_of_a_row_to_the_next_person() {
    let mut desk = Desk::new(2, 9, 80, 21).confirmed();
    desk.key("333333333");
    desk.settle();
    assert!((1..=9).all(|competency| desk.office.rated(1001, competency) == Some(3)));
    desk.key("2");
    desk.settle();
    assert_eq!(desk.office.rated(1002, 1), Some(2));
    assert!(desk.line_of(1002).contains("2-1 [?]"), "{}", desk.line_of(1002));
}

#[test]
fn fast_typing_loses_and_misplaces_nothing() {
    let mut desk = Desk::new(60, 9, 80, 21).confirmed();
    let digits: Vec<u8> = (0..60 * 9).map(|at| (at * 7 % 5 + 1) as u8).collect();
    for (at, digit) in digits.iter().enumerate() {
        desk.key(&digit.to_string());
        // The office is slow: it answers one question for every two digits.
        if at % 2 == 0 {
            desk.answer_one();
        }
    }
    desk.settle();
    for (at, digit) in digits.iter().enumerate() {
        let (person, competency) = (1001 + at as u32 / 9, at as u32 % 9 + 1);
        assert_eq!(desk.office.rated(person, competency), Some(*digit), "{person} {competency}");
    }
    assert_eq!(desk.office.asked["matrix.rate"], digits.len());
    assert!(
        desk.office.asked["matrix.window"] < digits.len(),
        "windows are asked for one at a time: {:?}",
        desk.office.asked
    );
    assert!(!desk.screen().contains('?'), "{}", desk.screen());
}

#[test]
fn a_level_is_pending_until_it_is_saved_and_then_stands_as_the_office_says() {
    let mut desk = Desk::new(1, 9, 80, 21).confirmed();
    desk.key("2");
    assert!(desk.line_of(1001).contains("2-1~"), "{}", desk.line_of(1001));
    desk.tell(PaneEvent::Rested);
    assert!(desk.screen().contains("menyimpan 1"), "{}", desk.screen());
    desk.settle();
    assert!(desk.line_of(1001).contains(" 2-1 "), "{}", desk.line_of(1001));
    assert!(!desk.screen().contains("menyimpan"));
}

#[test]
fn digits_that_follow_one_another_ask_for_the_sums_once_and_tell_of_the_cell_they_end_on() {
    let mut desk = Desk::new(1, 9, 80, 21).confirmed();
    let before = desk.office.asked["matrix.window"];
    for digit in ["2", "4", "3"] {
        desk.key(digit);
        desk.settle();
    }
    assert!(desk.line_of(1001).contains(" 2-1  4+1  3=  [?]"), "{}", desk.line_of(1001));
    assert!(desk.screen().contains("M.1 "), "{}", desk.screen());
    assert_eq!((desk.office.asked["matrix.window"], desk.pane.is_moving()), (before, true));
    desk.tell(PaneEvent::Rested);
    desk.settle();
    assert!(desk.screen().contains("Standar 3: Perilaku level 3 dari M.4"), "{}", desk.screen());
    assert_eq!((desk.office.asked["matrix.window"], desk.pane.is_moving()), (before + 1, false));
}

#[test]
fn a_second_digit_on_the_same_cell_supersedes_the_first() {
    let mut desk = Desk::new(1, 9, 80, 21).confirmed();
    desk.key("2");
    desk.give(Command::MatrixLeft);
    desk.key("4");
    assert!(desk.line_of(1001).contains("4+1~"));
    desk.settle();
    assert_eq!(desk.office.ratings.len(), 1, "one rating, corrected");
    assert_eq!(desk.office.rated(1001, 1), Some(4));
}

#[test]
fn a_refused_level_goes_back_to_what_stood_before_and_is_marked() {
    let mut desk = Desk::new(1, 9, 80, 21).given(1001, &[3]).confirmed();
    desk.office.full_disk = true;
    desk.key("5");
    assert!(desk.line_of(1001).contains("5+2~"));
    desk.settle();
    assert!(desk.line_of(1001).contains("3=!"), "{}", desk.line_of(1001));
    desk.office.full_disk = false;
    desk.give(Command::MatrixLeft);
    desk.key("5");
    desk.settle();
    assert!(desk.line_of(1001).contains(" 5+2 "), "{}", desk.line_of(1001));
}

#[test]
fn a_level_keyed_by_mistake_is_withdrawn_and_the_earlier_one_counts_again() {
    let mut desk = Desk::new(1, 9, 80, 21).given(1001, &[3]).confirmed();
    assert!(matches!(desk.pane.available(Command::MatrixClear), Availability::No(_)));
    desk.key("5");
    desk.give(Command::MatrixLeft);
    desk.key("4");
    desk.give(Command::MatrixLeft);
    desk.settle();
    assert_eq!(desk.pane.available(Command::MatrixClear), Availability::Yes);
    desk.give(Command::MatrixClear);
    desk.settle();
    assert_eq!(desk.office.rated(1001, 1), Some(3));
    assert!(desk.line_of(1001).contains("[3=]"), "{}", desk.line_of(1001));
}

#[test]
fn a_level_withdrawn_before_it_was_saved_is_taken_back_too() {
    let mut desk = Desk::new(1, 9, 80, 21).confirmed();
    desk.key("5");
    desk.give_all(&[Command::MatrixLeft, Command::MatrixClear]);
    assert!(desk.line_of(1001).contains("[?]"));
    desk.settle();
    assert_eq!(desk.office.rated(1001, 1), None);
    assert!(desk.line_of(1001).contains("[?]"), "{}", desk.line_of(1001));
}

#[test]
fn the_last_level_is_repeated() {
    let mut desk = Desk::new(1, 9, 80, 21).confirmed();
    assert!(matches!(desk.pane.available(Command::MatrixRepeat), Availability::No(_)));
    desk.key("4");
    desk.give_all(&[Command::MatrixRepeat, Command::MatrixRepeat]);
    desk.settle();
    assert_eq!((1..=3).map(|at| desk.office.rated(1001, at)).collect::<Vec<_>>(), [Some(4); 3]);
}

#[test]
fn the_last_cell_says_so_and_keeps_the_cursor() {
    let mut desk = Desk::new(1, 9, 80, 21).confirmed();
    desk.give(Command::MatrixRowEnd);
    desk.key("4");
    assert_eq!(desk.toasts, ["Ini sel terakhir"]);
    desk.settle();
    assert!(desk.line_of(1001).contains("[4]"));
}

#[test]
fn an_earlier_date_that_does_not_count_is_told() {
    let mut desk = Desk::new(1, 9, 80, 21).confirmed();
    desk.key("4");
    desk.settle();
    desk.give_all(&[Command::MatrixRater, Command::FormNext, Command::FormNext]);
    desk.give(Command::TextKillLine);
    desk.type_text("1 Nov 2026");
    desk.give_all(&[Command::FormSave, Command::MatrixLeft]);
    desk.key("2");
    desk.settle();
    desk.tell(PaneEvent::Rested);
    desk.settle();
    assert!(desk.line_of(1001).contains(" 4+1 "), "{}", desk.line_of(1001));
    assert!(desk.toasts.iter().any(|text| text.contains("level 4")), "{:?}", desk.toasts);
}

#[test]
fn the_grid_scrolls_both_ways() {
    let mut desk = Desk::new(500, 30, 80, 21);
    assert!(desk.screen().contains("(1-9 dari 30)"), "{}", desk.screen());
    desk.give_all(&[Command::MatrixRowEnd, Command::MatrixLast]);
    desk.settle();
    let screen = desk.screen();
    assert!(screen.contains("T.21"), "{screen}");
    assert!(screen.contains(">Pegawai 0500") && screen.contains("Pegawai 0485"), "{screen}");
    desk.give_all(&[Command::MatrixRowStart, Command::MatrixPageUp, Command::MatrixPageUp]);
    desk.settle();
    let screen = desk.screen();
    assert!(screen.contains("M.1") && screen.contains(">Pegawai 0470"), "{screen}");
    desk.give(Command::MatrixFirst);
    desk.settle();
    assert!(desk.screen().contains(">Pegawai 0001"));
}

#[test]
fn a_digit_for_a_row_that_is_not_here_yet_is_said_to_be_not_recorded() {
    let mut desk = Desk::new(500, 9, 80, 21).confirmed();
    desk.give(Command::MatrixLast);
    desk.key("3");
    assert_eq!(desk.toasts.len(), 1);
    desk.settle();
    assert!(desk.office.ratings.is_empty());
    desk.key("3");
    desk.settle();
    assert_eq!(desk.office.rated(1500, 1), Some(3));
}

#[test]
fn gaps_are_walked_also_beyond_the_rows_that_are_here() {
    let mut desk = Desk::new(3000, 9, 80, 21)
        .given(1002, &[3, 1, 3, 2])
        .given(3900, &[3, 3, 3, 1])
        .given(3901, &[2]);
    let mut seen = Vec::new();
    for _ in 0..4 {
        desk.give(Command::MatrixNextGap);
        desk.settle();
        let screen = desk.screen();
        seen.push(screen.lines().find(|line| line.starts_with('>')).unwrap().to_string());
    }
    assert!(seen[0].contains("0002") && seen[0].contains("[1-2]"), "{seen:?}");
    assert!(seen[1].contains("0002") && seen[1].contains("[2-1]"), "{seen:?}");
    assert!(seen[2].contains("2900") && seen[2].contains("[1-2]"), "{seen:?}");
    assert!(seen[3].contains("2901") && seen[3].contains("[2-1]"), "{seen:?}");
    desk.give(Command::MatrixNextGap);
    desk.settle();
    assert_eq!(desk.toasts.len(), 1, "there are no more");
    for expected in ["2900", "0002", "0002"] {
        desk.give(Command::MatrixPrevGap);
        desk.settle();
        assert!(desk.screen().contains(&format!(">Pegawai {expected}")), "{}", desk.screen());
    }
}

#[test]
fn moving_away_ends_the_search_for_a_gap() {
    let mut desk = Desk::new(3000, 9, 80, 21).given(3900, &[1]);
    desk.give_all(&[Command::MatrixNextGap, Command::MatrixDown]);
    desk.settle();
    assert!(desk.screen().contains(">Pegawai 0002"), "{}", desk.screen());
}

#[test]
fn typing_behind_the_slash_filters_people_live() {
    let mut desk = Desk::new(300, 9, 80, 21);
    desk.give(Command::ListFilter);
    desk.type_text("0123");
    // The answers to what is no longer typed are dropped.
    desk.settle();
    assert_eq!(desk.pane.counter(), "1/300");
    assert!(desk.screen().ends_with("/0123") && desk.screen().contains(">Pegawai 0123"));
    desk.give(Command::FilterKeep);
    let Some(Export::Report(query, ..)) = desk.pane.export() else { panic!("nothing to export") };
    assert_eq!(query.search, "0123");
    desk.give(Command::ListFilter);
    desk.give(Command::FilterClear);
    desk.settle();
    assert!(desk.screen().contains(">Pegawai 0123"), "{}", desk.screen());
    assert_eq!(desk.pane.counter(), "300");
}

#[test]
fn the_number_under_the_cursor_is_explained() {
    let mut desk = Desk::new(1, 9, 80, 24).given(1001, &[5, 5, 1]).confirmed();
    desk.give_all(&[Command::MatrixRight, Command::MatrixRight]);
    desk.key("2");
    desk.give_all(&[Command::MatrixLeft, Command::MatrixExplain]);
    desk.settle();
    assert_eq!(desk.overlay(), Some("matrix.explain"));
    insta::assert_snapshot!(desk.screen());
}

#[test]
fn an_explanation_that_comes_late_does_not_get_in_the_way() {
    let mut desk = Desk::new(1, 9, 80, 21);
    desk.give_all(&[Command::MatrixExplain, Command::MatrixRight]);
    desk.settle();
    assert_eq!(desk.overlay(), None);
}

#[test]
fn the_cursor_stays_on_its_person_when_rows_come_and_go() {
    let mut desk = Desk::new(300, 9, 80, 21);
    desk.give_all(&[Command::MatrixPageDown; 3]);
    desk.settle();
    assert!(desk.screen().contains(">Pegawai 0046"), "{}", desk.screen());
    let before = desk.screen().lines().position(|line| line.starts_with('>'));
    desk.office.insert(0, "Aaa");
    // The cursor moves on while the answer is on its way.
    desk.changed();
    desk.give(Command::MatrixUp);
    desk.settle();
    assert!(desk.screen().contains(">Pegawai 0045"), "{}", desk.screen());
    let after = desk.screen().lines().position(|line| line.starts_with('>'));
    assert_eq!(before.map(|line| line - 1), after, "nothing jumps on the screen");
}

#[test]
fn many_changes_at_once_are_asked_for_once_more() {
    let mut desk = Desk::new(30, 9, 80, 21);
    let before = desk.office.asked["matrix.window"];
    for _ in 0..50 {
        desk.changed();
    }
    desk.settle();
    assert_eq!(desk.office.asked["matrix.window"] - before, 2);
}

#[test]
fn a_level_keyed_elsewhere_brings_one_row() {
    let mut desk = Desk::new(300, 9, 80, 21).given(1002, &[4]).given(1002, &[5]);
    assert!(desk.office.carried.get() <= 1, "{}", desk.office.carried.get());
    assert!(desk.screen().contains("Pegawai 0002"), "{}", desk.screen());
    // Somebody new is in no answer yet: all of the window comes.
    desk.office.insert(0, "Aaa");
    desk.changed();
    desk.settle();
    desk.give(Command::MatrixFirst);
    desk.settle();
    assert!(desk.screen().contains("Aaa"), "{}", desk.screen());
}

#[test]
fn walking_the_grid_asks_for_each_text_once() {
    let mut desk = Desk::new(30, 9, 80, 21);
    for _ in 0..3 {
        for _ in 0..9 {
            desk.give(Command::MatrixRight);
            desk.settle();
        }
        desk.give(Command::MatrixRowStart);
        desk.settle();
    }
    assert_eq!(desk.office.asked["matrix.text"], 9);
    assert_eq!(desk.office.asked["matrix.window"], 1);
}

#[test]
fn a_unit_restricts_and_enter_opens_the_person() {
    let mut desk = Desk::new(3, 9, 80, 21);
    desk.restrict(Some(UnitScope { id: UnitId(7), label: "Kecamatan Plaju".into() }));
    desk.settle();
    desk.give_all(&[Command::MatrixDown, Command::ListOpen]);
    assert_eq!(desk.shown.iter().map(ToString::to_string).collect::<Vec<_>>(), ["employees/1002"]);
    desk.give(Command::MatrixUnit);
    assert_eq!(desk.overlay(), Some("lookup"), "the whole office stands first");
    desk.give(Command::PickerAccept);
    desk.settle();
    assert_eq!(desk.pane.window.unit, None);
}

#[test]
fn competencies_not_wanted_are_hidden_and_digits_pass_over_them() {
    let mut desk = Desk::new(1, 9, 80, 21).confirmed();
    desk.give(Command::ListColumns);
    desk.give_all(&[Command::PickerDown, Command::PickerToggle, Command::PickerAccept]);
    assert!(!desk.screen().contains("M.2"), "{}", desk.screen());
    desk.key("34");
    desk.settle();
    let rated: Vec<_> = (1..=3).map(|at| desk.office.rated(1001, at)).collect();
    assert_eq!(rated, [Some(3), None, Some(4)]);
}

#[test]
fn competencies_chosen_the_order_and_a_view_are_there_at_the_next_sitting() {
    let mut desk = Desk::new(3, 9, 80, 21);
    desk.give(Command::ListColumns);
    desk.give_all(&[Command::PickerDown, Command::PickerToggle, Command::PickerAccept]);
    desk.give(Command::ListSort);
    desk.settle();
    desk.give_all(&[Command::ListViews, Command::PickerAccept]);
    desk.type_in("Tanpa M.2");
    desk.give(Command::FormSave);
    desk.sit_anew();
    assert!(!desk.screen().contains("M.2"), "{}", desk.screen());
    let sort = |desk: &Desk| desk.pane.window.sort().map(|key| key.column.clone());
    assert_eq!(sort(&desk).as_deref(), Some("M.1"));
    desk.give(Command::ListColumns);
    desk.give_all(&[Command::PickerDown, Command::PickerToggle, Command::PickerAccept]);
    desk.give_all(&[Command::ListSort, Command::ListSort]);
    desk.settle();
    assert!(desk.screen().contains("M.2") && sort(&desk).is_none(), "{}", desk.screen());
    desk.give_all(&[Command::ListViews, Command::PickerAccept]);
    desk.settle();
    assert!(!desk.screen().contains("M.2"), "{}", desk.screen());
    assert_eq!(sort(&desk).as_deref(), Some("M.1"));
}

#[test]
fn an_office_without_people_says_so() {
    let mut desk = Desk::new(0, 9, 80, 21);
    assert!(desk.screen().contains("Belum ada pegawai aktif"), "{}", desk.screen());
    desk.key("3");
    desk.give_all(&[Command::MatrixLast, Command::MatrixExplain, Command::MatrixNextGap]);
    desk.settle();
    assert!(desk.office.ratings.is_empty());
}

#[test]
fn no_size_and_no_terminal_is_too_small_or_too_plain() {
    let mut desk = Desk::new(40, 30, 80, 21).given(1001, &[5, 1, 3]).confirmed();
    for (color, glyphs) in [(Color::Mono, GlyphSet::Ascii), (Color::Indexed, GlyphSet::Unicode)] {
        desk.colours(color, glyphs);
        for (width, height) in [(0, 0), (1, 1), (0, 5), (5, 0), (3, 2), (14, 4), (40, 9), (200, 60)]
        {
            desk.resize(width, height);
            desk.give_all(&[Command::MatrixRight, Command::MatrixPageDown, Command::MatrixRowEnd]);
            desk.key("2");
            desk.settle();
            desk.screen();
            desk.give(Command::MatrixRater);
            desk.screen();
            desk.cancel_overlay();
            desk.give(Command::ListFilter);
            desk.screen();
            desk.give(Command::FilterClear);
            desk.give(Command::MatrixExplain);
            desk.settle();
            desk.screen();
            desk.cancel_overlay();
        }
    }
}

#[test]
fn ascii_terminals_get_ascii_only() {
    let mut desk = Desk::new(40, 30, 80, 21).given(1001, &[5, 1, 3]);
    assert!(desk.screen().is_ascii(), "{}", desk.screen());
    desk.give(Command::MatrixRater);
    assert!(desk.screen().is_ascii(), "{}", desk.screen());
}

#[test]
fn keys_reach_the_grid_as_the_keymap_says() {
    let (mut desk, office) = desk::with_keys();
    desk.press("l 2");
    assert!(desk.screen().contains("Level 2"), "{}", desk.screen());
    desk.press("tab 'Camat Plaju 2' ctrl-s 1 2 . k h h n");
    let rated: Vec<_> = (1..=5).map(|at| office.borrow().rated(1001, at)).collect();
    assert_eq!(rated, [None, Some(2), Some(1), Some(2), Some(2)]);
    assert_eq!(office.borrow().ratings[0].rater, "Camat Plaju 2");
    // Without the line of hints, which is not the matrix's.
    let screen = desk.screen();
    let lines: Vec<&str> = screen.lines().collect();
    insta::assert_snapshot!(lines[..lines.len() - 1].join("\n"));
    desk.press("=");
    assert!(desk.screen().contains("Dasar hukum"), "{}", desk.screen());
    desk.press("esc x H");
    assert_eq!(office.borrow().rated(1001, 5), None);
}

#[test]
fn leaving_the_form_asks_before_something_typed_is_lost() {
    let (mut desk, office) = desk::with_keys();
    desk.press("r tab 'Camat' esc n");
    assert!(desk.screen().contains("Camat"), "no is the default: {}", desk.screen());
    desk.press("esc y r");
    assert!(!desk.screen().contains("Camat"), "{}", desk.screen());
    desk.press("esc 3 ctrl-s");
    assert_eq!(office.borrow().ratings[0].rater, "");
}

/// No answer and no change by others moves the cursor to another cell under the fingers,
/// and every level keyed is on the disk in the end.
#[test]
fn a_storm_of_keys_and_changes_puts_every_level_where_the_cursor_stood() {
    const MOVES: [Command; 12] = [
        Command::MatrixUp,
        Command::MatrixDown,
        Command::MatrixDown,
        Command::MatrixLeft,
        Command::MatrixRight,
        Command::MatrixRight,
        Command::MatrixPageUp,
        Command::MatrixPageDown,
        Command::MatrixFirst,
        Command::MatrixLast,
        Command::MatrixRowStart,
        Command::MatrixRowEnd,
    ];
    for seed in 1..=8_u64 {
        let mut state = seed;
        let mut dice = move |sides: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % sides
        };
        let mut desk = Desk::new(300, 12, 80, 21);
        for person in (1001..1300).step_by(9) {
            desk = desk.given(person, &[1, 2]);
        }
        desk = desk.confirmed();
        if seed % 2 == 1 {
            desk.give(Command::MatrixGapsOnly);
            desk.settle();
        }
        let mut expected = BTreeMap::new();
        for step in 0..400 {
            match dice(10) {
                0..4 => {
                    let digit = dice(5) as u8 + 1;
                    if let Some(place) = desk.pane.place() {
                        expected.insert(place, digit);
                    }
                    desk.key(&digit.to_string());
                }
                4..6 => desk.give(MOVES[dice(MOVES.len() as u64) as usize]),
                6 => {
                    desk.office.insert(dice(300) as usize, &format!("Baru {step}"));
                    desk.changed();
                }
                _ => {
                    let before = desk.pane.place();
                    desk.answer_one();
                    desk.answer_one();
                    let after = desk.pane.place();
                    assert!(before.is_none() || before == after, "seed {seed}, step {step}");
                }
            }
        }
        desk.settle();
        for (place, digit) in expected {
            let rated = desk.office.rated(place.employee.0, place.competency.0);
            assert_eq!(rated, Some(digit), "seed {seed}: {place:?}");
        }
        assert_eq!(desk.pane.ledger.waiting(), 0);
    }
}
