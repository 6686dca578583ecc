//! An officer at work in the example office: marks, undo, histories, lists longer than their
//! place, and leaving.

use super::Deed;
use super::testing::Town;
use crate::domain::record::{EmployeeId, Kind};
use crate::domain::value::Value;
use crate::protocol::{Answer, HistoryQuery, ListQuery, PersonTraining, ReportQuery, Request};
use crate::term::input::Input;
use crate::ui::job::{Export, Job};
use crate::ui::testing::Desk;

const SIZE: (u16, u16) = (80, 24);

/// The number in the tab of the pane in front, as in `[Pegawai 70 *3]`.
fn counted(desk: &Desk, before: char) -> usize {
    let screen = desk.screen();
    let tab = screen.split(['[', ']']).nth(1).expect("a tab");
    let number = tab.split(' ').find_map(|word| match before {
        '*' => word.strip_prefix('*'),
        _ => Some(word).filter(|word| word.starts_with(|c: char| c.is_ascii_digit())),
    });
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[test]
fn an_undo_of_more_than_twenty_asks_for_the_count_and_names_redo() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    let people = counted(&desk, ' ');
    assert!(people > 20);
    desk.press(&format!("V E 'golongan' enter 'III/b' ctrl-s '{people}' enter"));
    let written = desk.written().len();
    desk.press("u");
    let screen = desk.screen();
    assert!(screen.contains("ctrl-r mengulang"), "{screen}");
    // Whoever had that grade already was not changed.
    let typed = screen.split("Ketik ").nth(1).and_then(|rest| rest.split(' ').next());
    let touched: u32 = typed.and_then(|count| count.parse().ok()).expect("a count is asked for");
    assert!(touched > 20, "{screen}");
    desk.press("y enter");
    assert_eq!(desk.written().len(), written, "a habit of the fingers is no answer");
    desk.press(&format!("u '{touched}' enter"));
    assert!(matches!(desk.written().last(), Some(Request::Undo { seq: Some(_), .. })));
    assert!(desk.bottom().contains("ctrl-r mengulang"), "{}", desk.bottom());
    desk.press("ctrl-r");
    assert!(desk.screen().contains(&format!("Ketik {touched}")), "{}", desk.screen());
    desk.press(&format!("'{touched}' enter"));
    assert!(desk.bottom().starts_with("Mengulang"), "{}", desk.bottom());
}

#[test]
fn two_undos_in_a_row_take_back_two_steps_however_fast() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("e end 'x' ctrl-s j e end 'y' ctrl-s");
    desk.burst("u u");
    let undone: Vec<_> = desk
        .written()
        .into_iter()
        .filter_map(|request| match request {
            Request::Undo { seq, .. } => *seq,
            _ => None,
        })
        .collect();
    assert_eq!(undone.len(), 2, "{}", desk.bottom());
    assert_eq!(undone[0], undone[1] + 1);
}

#[test]
fn an_added_person_who_is_undone_leaves_the_cursor_where_it_was_and_nobody_open() {
    for size in [SIZE, (120, 40)] {
        let town = Town::new();
        let mut desk = town.working(size);
        desk.press("j j j");
        let here = |desk: &Desk| desk.cursor_line().chars().take(40).collect::<String>();
        let before = here(&desk);
        desk.press("a '#TES-1' tab 'Zz Percobaan' ctrl-s");
        assert!(desk.cursor_line().contains("Zz Percobaan"), "{}", desk.screen());
        desk.press("enter u");
        assert_eq!(here(&desk), before, "{}", desk.screen());
        assert!(desk.bottom().starts_with("Mengurungkan"), "{}", desk.bottom());
    }
}

#[test]
fn a_range_that_is_not_ended_counts_with_all_it_spans() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    let people = counted(&desk, ' ');
    desk.press("v j j");
    assert_eq!(counted(&desk, '*'), 3, "{}", desk.screen());
    desk.press("E");
    assert!(desk.screen().contains("untuk 3 pegawai"), "{}", desk.screen());
    desk.press("esc esc");
    // To rows that are not at hand: they are fetched first.
    desk.press("g g v G E");
    assert!(desk.screen().contains(&format!("untuk {people} pegawai")), "{}", desk.screen());
    desk.press("esc esc g g v j g t");
    desk.press("+");
    assert!(desk.screen().contains("2 pegawai yang ditandai"), "{}", desk.screen());
}

#[test]
fn a_name_that_ends_with_a_full_stop_is_saved_in_one_sentence() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("e end ' M.Si.' ctrl-s");
    let said = desk.bottom();
    assert!(said.contains("M.Si. Tersimpan") && !said.contains(".."), "{said}");
}

#[test]
fn a_person_has_one_history_whichever_key_asks_for_it() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("H");
    let Some(Request::History(by_key)) = last_history(&desk) else { panic!("not asked") };
    desk.press("esc R");
    let Some(Request::History(by_search)) = last_history(&desk) else { panic!("not asked") };
    let steps = |query: &HistoryQuery| match town.ask(Request::History(query.clone())) {
        Answer::History(page) => page.lines.iter().map(|line| line.seq).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert!(by_key.person.is_some() && steps(&by_key).len() > 2, "with what is theirs");
    assert_eq!(steps(&by_key), steps(&by_search));
}

fn last_history(desk: &Desk) -> Option<Request> {
    let asked = desk.asked.iter().rev();
    asked.clone().find(|request| matches!(request, Request::History(_))).cloned()
}

#[test]
fn a_choice_longer_than_its_place_says_so_and_end_leads_to_its_end() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("f");
    let screen = desk.screen();
    let count = screen.lines().find_map(|line| line.split("1/").nth(1)?.split(' ').next());
    let count = count.expect("a count").to_string();
    assert!(screen.contains("#|"), "no scroll bar: {screen}");
    desk.press("end");
    assert!(desk.screen().contains(&format!("{count}/{count}")), "{}", desk.screen());
    desk.press("home");
    assert!(desk.screen().contains(&format!(" 1/{count}")), "{}", desk.screen());
    for key in [":", "S", "?", "g u"] {
        let mut desk = town.working(SIZE);
        desk.press(key);
        assert!(desk.screen().contains("#|"), "{key}: {}", desk.screen());
    }
    // Of people the palette asks for the first alone, and says that there are others.
    let mut desk = town.working(SIZE);
    desk.press(": 'and'");
    let screen = desk.screen();
    let count = screen.lines().find_map(|line| line.split(" 1/").nth(1)).unwrap_or_default();
    assert!(count.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('+'), "{screen}");
}

#[test]
fn at_every_width_the_figures_of_people_and_sessions_are_whole() {
    let town = Town::new();
    for width in [60, 80, 100, 120, 160] {
        let mut desk = town.working((width, 40));
        let heading = desk.screen().lines().nth(1).expect("a heading").to_string();
        assert!(heading.contains("JP") && heading.contains("Kurang"), "{width}: {heading}");
        desk.press("g t");
        let screen = desk.screen();
        let seats = |line: &&str| line.contains("/30") || line.contains("/40");
        assert!(screen.lines().any(|line| seats(&line)), "{width}: {screen}");
        assert!(!screen.contains("/3~") && !screen.contains("/~"), "{width}: {screen}");
    }
}

#[test]
fn a_paste_too_long_for_its_field_is_refused_whole_and_said() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("a");
    desk.event(Input::Paste("9".repeat(41)));
    assert!(desk.screen().contains("paling banyak 40 huruf"), "{}", desk.screen());
    desk.press("'1'");
    assert!(!desk.screen().contains("99"), "no half of it is there: {}", desk.screen());
}

#[test]
fn leaving_the_example_asks_once_something_was_done_in_it_and_names_how_to_keep_one() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("q");
    assert_eq!(desk.deeds.last(), Some(&Deed::Quit), "nothing is lost");
    desk.deeds.clear();
    desk.press("e end 'x' ctrl-s q");
    assert!(desk.deeds.iter().all(|deed| *deed != Deed::Quit));
    assert!(desk.screen().contains("--keep"), "{}", desk.screen());
    desk.press("n ctrl-c ctrl-c");
    assert!(desk.deeds.iter().all(|deed| *deed != Deed::Quit));
    desk.press("y");
    assert_eq!(desk.deeds.last(), Some(&Deed::Quit));
}

#[test]
fn a_figure_that_does_not_apply_yet_is_no_zero() {
    let town = Town::new();
    let Answer::Welcome(info) = town.ask(Request::Welcome) else { panic!("no welcome") };
    let query = ListQuery {
        columns: ["start", "end", "enrolled", "present"].map(String::from).to_vec(),
        ..ListQuery::all(Kind::Sessions)
    };
    let Answer::Page(page) = town.ask(Request::List(query)) else { panic!("no list") };
    let (mut to_come, mut running) = (0, 0);
    for row in &page.rows {
        let [Value::Date(start), Value::Date(end), _, present] = &row.cells[..] else { continue };
        let nothing = matches!(present, Value::Empty | Value::Whole(1..));
        if *start > info.today {
            to_come += 1;
            assert_eq!(*present, Value::Empty, "nobody can have come to {start}");
        } else if *end >= info.today {
            running += 1;
            assert!(nothing, "{start} to {end}: {present:?}");
        }
    }
    assert!(to_come > 0 && running > 0, "{to_come} {running}");

    let mut desk = town.working((120, 70));
    desk.press("g t shift-tab");
    assert!(!desk.screen().contains("saringan"), "nothing is filtered: {}", desk.screen());
    let expecting =
        (1000..1400).find_map(|number| match town.ask(Request::Person(EmployeeId(number))) {
            Answer::Person(person) => {
                let waits = |training: &PersonTraining| training.start > Some(info.today);
                let number = person.stored.record.fields().get("number")?.as_str()?.to_string();
                person.trainings.iter().any(waits).then_some(number)
            }
            _ => None,
        });
    let number = expecting.expect("somebody has a training to come");
    desk.press(&format!(": '{number}' enter"));
    let screen = desk.screen();
    // A session that is over and earned nothing is a true zero.
    assert!(screen.contains("(akan"), "(akan datang), perhaps over two lines: {number}: {screen}");
}

#[test]
fn a_question_names_the_keys_that_answer_it_and_no_other_does_anything() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("d");
    assert!(desk.screen().contains("y = ya   n, Esc, Enter = tidak"), "{}", desk.screen());
    desk.press("x j q space u");
    assert!(desk.screen().contains("= tidak") && desk.written().is_empty(), "{}", desk.screen());
    desk.press("n");
    assert!(!desk.screen().contains("= tidak"), "{}", desk.screen());
}

#[test]
fn a_slash_in_a_field_just_reached_leads_to_another_and_within_a_text_is_one() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("a / 'gelar belakang' enter");
    assert!(desk.screen().contains(">Gelar belakang"), "{}", desk.screen());
    assert!(desk.bottom().contains("F3 isian"), "{}", desk.bottom());
    desk.press("'S.E./M.M.'");
    assert!(desk.screen().contains("S.E./M.M."), "{}", desk.screen());
    desk.press("tab /");
    assert!(desk.screen().contains("Ke isian"), "{}", desk.screen());
}

#[test]
fn what_a_reference_may_mean_stands_below_it_while_it_is_typed() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("a F3 'unit' enter 'kelurahan'");
    let screen = desk.screen();
    let offered = screen.lines().filter(|line| line.contains("Kel")).count();
    assert!(offered >= 3, "{screen}");
    assert!(screen.contains("dan lainnya") || offered < 6, "{screen}");
    desk.press("'xyz'");
    assert!(desk.screen().contains("belum ada yang cocok"), "{}", desk.screen());
    desk.press("ctrl-u");
    assert!(!desk.screen().contains("belum ada yang cocok"), "{}", desk.screen());
}

#[test]
fn what_is_still_to_be_found_is_settled_before_another_field_is_gone_to() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("a F3 'unit' enter 'kelurahan' F3");
    assert!(!desk.screen().contains("Ke isian"), "{}", desk.screen());
    // The list stands over the field it is of; what is taken there is that field's.
    desk.press("enter");
    assert!(desk.screen().contains("Ke isian"), "{}", desk.screen());
    desk.press("'golongan' enter");
    assert!(!desk.screen().contains("kelurahan"), "{}", desk.screen());
}

#[test]
fn space_ticks_and_types_in_a_form_and_turns_no_option() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("a F3 'status' enter");
    desk.press("space space");
    assert!(desk.screen().contains("< aktif >"), "{}", desk.screen());
    assert!(desk.bottom().contains("Spasi hanya mencentang"), "{}", desk.bottom());
    desk.press("right");
    assert!(!desk.screen().contains("< aktif >"), "{}", desk.screen());
    desk.press("F3 'dibatasi' enter space");
    assert!(desk.screen().contains("[x]"), "{}", desk.screen());
}

#[test]
fn a_session_of_a_programme_that_is_not_there_yet_asks_for_the_programme_on_the_way() {
    let town = Town::new();
    let mut desk = town.working(SIZE);
    desk.press("g t a 'Batik Tulis Warga' tab");
    assert!(desk.screen().contains("Tambah program pelatihan"), "{}", desk.screen());
    desk.press("'b' tab '8' ctrl-s");
    assert!(desk.screen().contains("Tambah jadwal pelatihan"), "{}", desk.screen());
    assert!(desk.screen().contains("Batik Tulis Warga"), "{}", desk.screen());
    desk.press("'2027-01-05' ctrl-s");
    let kinds = desk.written().into_iter().filter_map(|request| match request {
        Request::Save(save) => Some(save.drafts[0].record.kind()),
        _ => None,
    });
    assert_eq!(kinds.collect::<Vec<_>>(), [Kind::Programmes, Kind::Sessions]);
}

/// The report that was last sent to be written.
fn printed(desk: &Desk) -> ReportQuery {
    let mut reports = desk.deeds.iter().rev().filter_map(|deed| match deed {
        Deed::Job(_, Job::Export(job)) => match &job.what {
            Export::Report(query, ..) => Some(query.clone()),
            _ => None,
        },
        _ => None,
    });
    reports.next().expect("something is printed")
}

#[test]
fn a_person_and_the_hours_of_a_unit_are_printed_from_where_they_stand() {
    let town = Town::new();
    for keys in ["P ctrl-s", "enter P ctrl-s"] {
        let mut desk = town.working(SIZE);
        desk.press(keys.trim_end_matches("ctrl-s"));
        // The question says which sheet it is.
        assert!(desk.screen().contains("Profil pegawai"), "{}", desk.screen());
        desk.press("ctrl-s");
        let query = printed(&desk);
        assert_eq!(query.report, "profile");
        let Answer::Table(table) = town.ask(Request::Report(query)) else { panic!("a table") };
        assert!(table.matched > 0 && table.notes.is_empty(), "one person: {:?}", table.notes);
    }
    let mut desk = town.working(SIZE);
    desk.press("g u j P ctrl-s");
    let query = printed(&desk);
    assert_eq!((query.report.as_str(), query.unit.is_some()), ("jp", true));
    assert!(crate::i18n::report_title("jp").starts_with("Rekapitulasi JP"));
    let mut desk = town.working(SIZE);
    desk.press("g j P");
    assert!(desk.bottom().contains("tidak mempunyai lembar"), "{}", desk.bottom());
}
