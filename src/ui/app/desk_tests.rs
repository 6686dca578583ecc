//! What an officer does from page to page in the example office, and how many keys and
//! questions it takes.

use crate::protocol::{Answer, MatrixQuery, Request, SortKey};
use crate::ui::app::testing::Town;
use crate::ui::command::{COMMANDS, Command};
use crate::ui::keymap::Preset;
use crate::ui::panes;
use crate::ui::testing::Desk;

fn tabs(desk: &Desk) -> String {
    desk.screen().lines().next().unwrap_or_default().to_string()
}

/// Whether each session that is offered says how many seats it has, uncut.
fn seats_are_read(screen: &str) -> bool {
    let told = |line: &&str| line.contains("kursi");
    let whole = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.windows(2).any(|pair| {
            let (taken, of) = pair[0].split_once('/').unwrap_or_default();
            pair[1].starts_with("kursi")
                && taken.parse::<u32>().is_ok()
                && of.parse::<u32>().is_ok()
        })
    };
    screen.lines().filter(told).count() > 0 && screen.lines().filter(told).all(whole)
}

#[test]
fn the_seats_of_each_session_are_read_uncut_on_a_small_screen() {
    let town = Town::on_the_day();
    let mut desk = town.working((80, 24));
    desk.press("V t");
    assert!(seats_are_read(&desk.screen()), "{}", desk.screen());
}

#[test]
fn marking_all_and_choosing_a_session_asks_once_with_all_that_is_known() {
    let town = Town::on_the_day();
    let mut desk = town.working((80, 24));
    let before = desk.written().len();
    desk.press("V t enter");
    let screen = desk.screen();
    assert!(screen.contains("Daftarkan 194 pegawai ke"), "{screen}");
    assert!(screen.contains("kursi") && screen.contains("Tetap daftarkan?"), "{screen}");
    desk.press("y");
    assert!(!desk.screen().contains("Tetap daftarkan?"), "asked once: {}", desk.screen());
    let last = desk.written().last().copied();
    assert!(matches!(last, Some(Request::EnrolAnyway { .. })), "{last:?}");
    assert_eq!(desk.written().len(), before + 2, "nothing was done before it was answered");
}

#[test]
fn marking_all_in_the_matrix_is_counted_at_once() {
    let town = Town::on_the_day();
    let mut desk = town.working((80, 24));
    desk.press("g m V");
    assert!(tabs(&desk).contains("194 ditandai"), "{}", tabs(&desk));
}

#[test]
fn esc_leads_from_the_history_of_a_person_back_to_the_person() {
    let town = Town::on_the_day();
    let mut desk = town.working((80, 24));
    desk.press("j j enter");
    let head = |desk: &Desk| desk.screen().lines().nth(1).unwrap_or_default().to_string();
    let who = head(&desk);
    desk.press("R");
    assert!(tabs(&desk).contains("[Riwayat"), "{}", desk.screen());
    desk.press("esc");
    assert!(tabs(&desk).contains("[Pegawai"), "{}", desk.screen());
    assert_eq!(head(&desk), who);
}

#[test]
fn no_letter_is_silent_on_any_page_or_list() {
    let town = Town::on_the_day();
    let pages = panes::all().into_iter().map(|pane| pane.go());
    let lists = COMMANDS.iter().map(|def| def.id);
    let lists = lists.filter(|command| panes::browsed(*command).is_some());
    let mut desk = town.reading(Preset::Default);
    for place in pages.chain(lists) {
        for key in ["f", "t"] {
            desk.order(place);
            let (screen, asked) = (desk.screen(), desk.asked.len());
            desk.press(key);
            let works =
                desk.app.said().is_some() || desk.asked.len() > asked || desk.screen() != screen;
            assert!(works, "{key} on {place:?} does nothing and says nothing\n{screen}");
        }
    }
}

#[test]
fn the_unit_in_force_is_where_choosing_another_begins() {
    let town = Town::on_the_day();
    let mut desk = town.working((80, 24));
    desk.press("f 'plaju ulu' enter f");
    let here = desk.screen().lines().any(|line| line.contains("> Kelurahan Plaju Ulu"));
    assert!(here, "{}", desk.screen());
}

#[test]
fn sorting_the_matrix_by_a_competency_begins_with_who_lacks_most_and_ends_with_the_unrated() {
    let town = Town::on_the_day();
    for descending in [false, true] {
        let query = MatrixQuery {
            unit: None,
            search: String::new(),
            sort: Some(SortKey { column: "M.5".into(), descending }),
            grouped: false,
            at: None,
            offset: 0,
            limit: 200,
            anchor: None,
            since: None,
        };
        let Answer::Matrix(matrix) = town.ask(Request::Matrix(query)) else { panic!("no matrix") };
        let at = matrix.competencies.iter().position(|one| one.code == "M.5").expect("M.5");
        let gaps: Vec<_> = matrix.rows.iter().map(|row| row.cells[at].gap()).collect();
        let rated: Vec<i8> = gaps.iter().filter_map(|gap| *gap).collect();
        assert!(rated.iter().any(|gap| *gap < 0) && rated.len() < gaps.len(), "{gaps:?}");
        assert!(gaps[..rated.len()].iter().all(Option::is_some), "not rated last: {gaps:?}");
        let mut sorted = rated.clone();
        sorted.sort_by_key(|gap| if descending { -*gap } else { *gap });
        assert_eq!(rated, sorted);
    }
}

#[test]
fn help_of_the_matrix_says_what_all_five_digits_do() {
    let town = Town::on_the_day();
    let mut desk = town.working((80, 24));
    desk.press("g m");
    desk.order(Command::Help);
    let screen = desk.screen();
    let usual = screen.lines().find(|line| line.contains("1-5")).unwrap_or_default();
    assert!(usual.contains("Beri level itu"), "{screen}");
}
