//! What holds on every page there is, whichever are added: the pages come from their own
//! list, the office behind them is the example.

use crate::domain::record::EmployeeId;
use crate::ui::app::testing::Town;
use crate::ui::command::{COMMANDS, Command, Context, Group};
use crate::ui::keymap::Preset;
use crate::ui::pane::Availability;
use crate::ui::panes;
use crate::ui::testing::Desk;
use crate::ui::widgets::cursor::walk;

/// The commands that lead to the pages, in the order of the tabs.
fn pages() -> Vec<Command> {
    panes::all().iter().map(|pane| pane.go()).collect()
}

/// The commands that open a list over a page.
fn lists() -> impl Iterator<Item = Command> {
    COMMANDS.iter().filter(|def| def.name.starts_with("browse.")).map(|def| def.id)
}

impl Desk {
    /// Gives a command as if its key had been pressed, and lets the office answer.
    pub(in crate::ui) fn order(&mut self, command: Command) {
        self.app.command(command);
        self.settled();
        self.rests();
    }

    fn here(&self) -> Command {
        self.app.panes[self.app.front].go()
    }

    fn person(&self) -> Option<EmployeeId> {
        self.app.panes[self.app.front].selection().person
    }
}

/// What leads nowhere where there is nothing to go to, or lifts what is not there.
fn may_do_nothing(command: Command) -> bool {
    let sideways = [
        Command::MatrixLeft,
        Command::MatrixRight,
        Command::MatrixRowStart,
        Command::MatrixRowEnd,
        Command::ListBack,
        Command::ListUnmarkAll,
        Command::ListFilterClear,
    ];
    walk(command, 0, 1, 1).is_some()
        || command.def().group == Group::Move
        || sideways.contains(&command)
}

#[test]
fn every_key_of_a_page_and_of_a_list_works_there_or_says_why_not() {
    let town = Town::new();
    // Of the lists those of plans and of a year: all of them are one overlay.
    let lists = [Command::GoPlanLines, Command::GoIdpLines, Command::GoPerformances];
    for page in pages().into_iter().chain(lists) {
        let mut desk = town.reading(Preset::Default);
        desk.order(page);
        let mut own = desk.app.stack();
        own.retain(|context| *context != Context::Global);
        let listed = desk.app.offers().into_iter().filter(|offer| {
            let contexts = offer.command.def().contexts;
            !offer.keys.is_empty() && contexts.iter().any(|context| own.contains(context))
        });
        for offer in listed.collect::<Vec<_>>() {
            let mut desk = town.reading(Preset::Default);
            desk.order(page);
            let (asked, deeds) = (desk.asked.len(), desk.deeds.len());
            let screen = desk.screen();
            desk.order(offer.command);
            if let Availability::No(why) = offer.availability {
                assert!(desk.app.said().is_some_and(|said| said.contains(&why)), "{page:?}: {why}");
                continue;
            }
            let works = desk.asked.len() > asked
                || desk.deeds.len() > deeds
                || desk.app.said().is_some()
                || desk.screen() != screen;
            assert!(
                works || may_do_nothing(offer.command),
                "{:?} on {page:?} does nothing and says nothing\n{screen}",
                offer.command
            );
        }
    }
}

#[test]
fn lists_of_what_belongs_to_people_follow_the_unit_in_force_and_say_so() {
    let town = Town::new();
    let mut desk = town.reading(Preset::Default);
    let listed = |desk: &Desk| desk.screen().lines().next().unwrap_or_default().to_string();
    desk.press("g d k");
    let all = listed(&desk);
    desk.press("esc f 'plaju ulu' enter g d k");
    let of_unit = listed(&desk);
    assert!(of_unit.contains(": Kel. Plaju Ulu "), "{of_unit}");
    assert_ne!(all.split_whitespace().nth(2), of_unit.split_whitespace().last(), "{all}");
    // What belongs to the office is the office's.
    desk.press("esc g d l");
    assert!(!listed(&desk).contains("Plaju Ulu"), "{}", listed(&desk));
}

#[test]
fn esc_leads_back_from_every_page_with_the_cursor_on_the_same_person() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    desk.press("j j j");
    let person = desk.person();
    assert!(person.is_some(), "{}", desk.screen());
    for page in pages() {
        desk.order(page);
        if desk.here() == Command::GoEmployees {
            continue;
        }
        desk.press("esc");
        assert_eq!(desk.here(), Command::GoEmployees, "from {page:?}\n{}", desk.screen());
        assert_eq!(desk.person(), person, "from {page:?}\n{}", desk.screen());
    }
}

#[test]
fn what_is_chosen_survives_every_change_of_page() {
    let town = Town::new();
    let mut desk = town.working((120, 40));
    desk.press("f 'plaju ulu' enter / 'gap>0' enter space space j");
    let (person, unit) = (desk.person(), desk.app.face.unit.clone());
    let marks = desk.app.face.marked.clone();
    assert!(person.is_some() && unit.is_some() && marks.len() == 2, "{}", desk.screen());
    for page in pages() {
        desk.order(page);
        let here = desk.app.panes[desk.app.front].selection();
        if here.of_people {
            assert_eq!(here.filter, "gap>0", "{page:?}");
            assert_eq!(here.person, person, "{page:?}\n{}", desk.screen());
            assert_eq!(here.marked, 2, "{page:?}");
            let tabs = desk.screen().lines().next().unwrap_or_default().to_string();
            assert!(tabs.ends_with("Kel. Plaju Ulu > kurang>0 > 2 ditandai"), "{page:?}: {tabs}");
        }
        assert_eq!((&desk.app.face.unit, &desk.app.face.marked), (&unit, &marks), "{page:?}");
    }
}

/// What stands between the tabs and the hints, apart where a line from top to bottom parts it.
fn beside(screen: &str) -> Vec<Vec<String>> {
    let lines: Vec<Vec<char>> = screen.lines().map(|line| line.chars().collect()).collect();
    let body = &lines[1..lines.len() - 1];
    let width = body.iter().map(Vec::len).max().unwrap_or(0);
    let parts = |x: &usize| {
        let line = body.iter().filter(|row| row.get(*x) == Some(&'|')).count();
        *x + 1 < width && line + 2 > body.len()
    };
    let at = (0..width).find(parts);
    let side = |from: usize, to: usize| {
        let rows = body.iter().map(|row| row.iter().skip(from).take(to - from).collect::<String>());
        rows.map(|row| row.trim_end().to_string()).filter(|row| !row.is_empty()).collect()
    };
    match at {
        Some(at) => vec![side(0, at), side(at + 1, width)],
        None => vec![side(0, width)],
    }
}

/// The widest strip of blanks that goes through all of these lines.
fn spare(lines: &[String]) -> usize {
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let cells: Vec<Vec<char>> = lines.iter().map(|line| line.chars().collect()).collect();
    let blank = |x: usize| cells.iter().all(|line| line.get(x).is_none_or(|cell| *cell == ' '));
    let (mut widest, mut here) = (0, 0);
    for x in 0..width {
        here = if blank(x) { here + 1 } else { 0 };
        widest = widest.max(here);
    }
    widest
}

#[test]
fn no_column_of_any_page_is_cut_while_there_is_width_to_spare() {
    let town = Town::new();
    for size in [(80, 24), (100, 30), (120, 40), (160, 40)] {
        let mut desk = town.working(size);
        for page in pages() {
            desk.order(page);
            let screen = desk.screen();
            for rows in beside(&screen) {
                let cut = rows.iter().any(|row| row.contains('~'));
                assert!(!cut || spare(&rows) < 3, "{page:?} at {size:?}\n{screen}");
            }
        }
    }
}

#[test]
fn a_wide_screen_cuts_nothing_that_a_narrow_one_shows() {
    let town = Town::new();
    let all: Vec<Command> = pages().into_iter().chain(lists()).collect();
    // Where the cursor is, row by row. What stands beside it comes second; what the matrix tells
    // of its cell stands there without a line between.
    let rows = |width: u16, page| {
        let mut desk = town.working((width, 24));
        desk.order(page);
        let screen = desk.screen();
        let told = if page == Command::GoMatrix && width >= 120 { 34 } else { 0 };
        let front = beside(&screen).into_iter().find(|rows| !rows.is_empty()).unwrap_or_default();
        let cells = usize::from(width) - told;
        let rows = front.into_iter().map(|row| row.chars().take(cells).collect::<String>());
        (rows.collect::<Vec<_>>(), screen)
    };
    let named = |row: &str| row.trim_start_matches(['>', ' ']).chars().take(12).collect::<String>();
    for page in all {
        let (narrow, before) = rows(80, page);
        let known: Vec<String> = narrow.iter().map(|row| named(row)).collect();
        let cut = |rows: &[String]| {
            let shared = rows.iter().filter(|row| known.contains(&named(row)));
            shared.map(|row| row.matches('~').count()).sum::<usize>()
        };
        for width in [100, 120, 160] {
            let (wide, screen) = rows(width, page);
            assert!(cut(&wide) <= cut(&narrow), "{page:?} at {width}\n{before}\n{screen}");
        }
    }
}

/// What the tab line says at its end.
fn crumbs(desk: &Desk) -> String {
    desk.screen().lines().next().unwrap_or_default().to_string()
}

#[test]
fn the_tab_line_says_what_is_in_force_and_counts_a_range_that_is_being_marked() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    assert!(!crumbs(&desk).contains(" > "), "{}", crumbs(&desk));
    desk.press("/ 'm.5<std' enter v j j");
    assert!(crumbs(&desk).ends_with("kurang M.5 > 3 ditandai"), "{}", crumbs(&desk));
    desk.press("g m");
    assert!(crumbs(&desk).contains("[Matriks"), "the tab in front is seen: {}", crumbs(&desk));
    assert!(crumbs(&desk).ends_with("kurang M.5 > 3 ditandai"), "{}", crumbs(&desk));
}

#[test]
fn whoever_is_in_the_attendance_is_found_in_the_list_and_in_the_attendance_again() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    desk.press("g t enter j j j");
    let person = desk.person();
    assert!(person.is_some(), "{}", desk.screen());
    desk.press("g e");
    assert_eq!(desk.person(), person, "{}", desk.screen());
    desk.press("g m");
    assert_eq!(desk.person(), person, "{}", desk.screen());
    desk.press("j k g t");
    assert_eq!(desk.person(), person, "{}", desk.screen());
}

#[test]
fn what_a_figure_of_home_opened_is_left_with_esc_and_filters_nothing_after_it() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    desk.press("g b enter");
    for down in 1..20 {
        if desk.here() == Command::GoEmployees {
            break;
        }
        desk.press(&format!("esc esc g b {} enter", "j ".repeat(down)));
    }
    assert_eq!(desk.here(), Command::GoEmployees, "{}", desk.screen());
    let given = desk.app.panes[desk.app.front].selection().filter.to_string();
    assert!(!given.is_empty(), "{}", desk.screen());
    // On to the matrix and back, with the search as it was.
    desk.press("g m");
    assert_eq!(desk.app.panes[desk.app.front].selection().filter, given);
    desk.press("esc esc");
    assert_eq!(desk.here(), Command::GoHome, "{}", desk.screen());
    desk.press("g e");
    assert_eq!(desk.app.panes[desk.app.front].selection().filter, "", "{}", desk.screen());
}

#[test]
fn a_unit_is_chosen_with_a_key_wherever_people_are_shown_in_every_keymap() {
    let town = Town::new();
    for preset in Preset::ALL {
        for page in pages() {
            let mut desk = town.reading(preset);
            desk.order(page);
            let people = desk.app.panes[desk.app.front].selection().of_people;
            let of_people = [Command::GoHome, Command::GoTraining, Command::GoReports];
            if !people && !of_people.contains(&page) {
                continue;
            }
            desk.press(if preset == Preset::Plain { "ctrl-up" } else { "f" });
            // Sessions are the whole office's: there it is said where a unit is chosen.
            let said = desk.app.said().is_some_and(|said| said.contains("unit dipilih di bagian"));
            let screen = desk.screen();
            assert!(said || screen.contains("> Seluruh kantor"), "{page:?}\n{screen}");
        }
    }
}

#[test]
fn the_whole_office_stands_first_wherever_a_unit_is_chosen() {
    let town = Town::new();
    for page in pages() {
        let mut desk = town.reading(Preset::Default);
        desk.press("f 'plaju ulu' enter");
        desk.order(page);
        let chooses = desk.app.offers().into_iter().any(|offer| {
            offer.command == Command::MatrixUnit && offer.availability == Availability::Yes
        });
        if chooses {
            desk.order(Command::MatrixUnit);
            // It begins on the unit in force; the whole office stands above all of them.
            desk.order(Command::PickerFirst);
            assert!(desk.screen().contains("> Seluruh kantor"), "{page:?}\n{}", desk.screen());
            desk.press("enter");
            assert_eq!(desk.app.face.unit, None, "{page:?}");
        }
    }
}

#[test]
fn what_is_no_level_is_said_to_be_none_and_moves_and_rates_nothing() {
    let town = Town::new();
    for (page, opens) in [("g m", "Matriks"), ("g s", "Standar")] {
        let mut desk = town.working((80, 24));
        desk.press(page);
        desk.press("right right");
        let before = desk.screen();
        assert!(before.contains(opens), "{before}");
        for wrong in ["0", "6", "7", "8", "9", "z"] {
            desk.press(wrong);
            assert!(desk.bottom().contains("angka 1 sampai 5"), "{wrong}: {}", desk.bottom());
            let above =
                |screen: &str| screen.lines().take(20).map(str::to_string).collect::<Vec<_>>();
            assert_eq!(above(&desk.screen()), above(&before), "{wrong}");
        }
        assert!(desk.written().is_empty(), "{page}");
    }
}
