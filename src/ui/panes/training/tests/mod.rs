//! What the officer does in the training pane, key by key, with a small office behind it
//! that keeps sessions, who is in them, and the JP they earn by the real rules.

mod office;

use std::cell::RefCell;
use std::rc::Rc;

use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};

use self::office::{Lessons, desk, desk_of};
use super::Training;
use super::grid::{self, Grid};
use crate::domain::kinds::enrolment::Presence;
use crate::domain::record::{Kind, Record, Revision, SessionId};
use crate::protocol::{Answer, Problem, Request};
use crate::term::profile::{Color, GlyphSet};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::{Effect, Tag};
use crate::ui::keymap::Keymap;
use crate::ui::pane::{Pane, PaneEvent, View};
use crate::ui::testing::{Desk, Office, Setup, info, today};
use crate::ui::theme::Theme;

/// Stands in for the employees pane, with these people marked.
struct Marking(Vec<u32>);

impl Pane for Marking {
    fn id(&self) -> &'static str {
        "marking"
    }

    fn go(&self) -> Command {
        Command::GoEmployees
    }

    fn title(&self) -> String {
        String::new()
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::List]
    }

    fn facts(&self) -> Facts {
        Facts::NONE
    }

    fn update(&mut self, _: PaneEvent, _: &View) -> Vec<Effect> {
        vec![Effect::MarkedPeople(Rc::new(self.0.iter().copied().collect()))]
    }

    fn draw(&self, _: &mut Frame, _: &View) {}
}

fn line_of<'a>(screen: &'a str, text: &str) -> &'a str {
    screen.lines().find(|line| line.contains(text)).unwrap_or_default()
}

#[test]
fn the_agenda_opens_on_what_is_on_or_comes_next_and_heads_each_state() {
    let mut lessons = Lessons::of_plaju();
    lessons.add(15, 2, "2026-11-21", "2026-11-22", 4);
    lessons.add(16, 2, "2026-12-25", "2026-12-26", 4);
    lessons.sessions.get_mut(&11).expect("a session").cancelled = true;
    let (mut desk, _) = desk_of(lessons, Setup::default());
    assert!(desk.cursor_line().contains("Nov 2026 Sab 21-22"), "{}", desk.screen());
    let screen = desk.screen();
    let places = [
        "\nBerjalan",
        "Sab 21-22",
        "\nAkan datang",
        "Sen 23-25",
        "Des 2026 Sel 1",
        "Jum 25-26",
        "\nSudah lewat",
        "Nov 2026 Sel 10",
        "\nDibatalkan",
        "Mar 2026 Sen 2-4",
    ]
    .map(|text| screen.find(text).unwrap_or_else(|| panic!("{text}: {screen}")));
    assert!(places.is_sorted(), "{screen}");
    assert!(line_of(&screen, "Sen 23-25").contains("3/4 ###+."), "{screen}");
    assert!(line_of(&screen, "Jum 25-26").contains("(libur) Sosialisasi"), "{screen}");
    insta::assert_snapshot!("agenda", screen);
    // In another order there are no states to head.
    desk.press("s 'program' enter");
    assert!(!desk.screen().contains("\nBerjalan"), "{}", desk.screen());
}

#[test]
fn a_long_agenda_keeps_the_cursor_in_sight_below_its_heads() {
    let mut lessons = Lessons::of_plaju();
    for number in 0..40 {
        let day = format!("2026-{:02}-{:02}", 9 + number / 20, 1 + number % 20);
        lessons.add(100 + number, 2, &day, &day, 2);
    }
    let (mut desk, _) = desk_of(lessons, Setup { size: (60, 15), ..Setup::default() });
    for _ in 0..44 {
        assert!(!desk.cursor_line().is_empty(), "{}", desk.screen());
        desk.press("down");
    }
    assert!(desk.cursor_line().contains("Mar 2026 Sen 2-4"), "{}", desk.screen());
    assert!(desk.screen().contains("\nSudah lewat"), "{}", desk.screen());
    desk.press("home");
    assert!(desk.cursor_line().contains("Sen 23-25"), "{}", desk.screen());
}

#[test]
fn with_nothing_to_come_the_agenda_opens_on_the_latest() {
    let mut lessons = Lessons::of_plaju();
    lessons.sessions.retain(|number, _| *number < 13);
    let (desk, _) = desk_of(lessons, Setup::default());
    assert!(desk.cursor_line().contains("Nov 2026 Sel 10"), "{}", desk.screen());
}

#[test]
fn a_tick_marks_the_day_and_moves_to_the_next_person() {
    let (mut desk, shared) = desk();
    desk.press("enter space space b");
    assert_eq!(
        [1001, 1002, 1003].map(|who| shared.borrow().enrolments[&(13, who)].attendance.clone()),
        [
            vec![Some(Presence::Present)],
            vec![Some(Presence::Present)],
            vec![Some(Presence::Absent)]
        ]
    );
    let screen = desk.screen();
    assert!(line_of(&screen, "Ahmad").contains(" v  .  . "), "{screen}");
    assert!(desk.cursor_line().contains("Citra") && desk.cursor_line().contains("[x]"));
    assert!(screen.contains("23 Nov 2026: hadir 2 dari 3"), "{screen}");
    // Ticked again, a mark turns.
    desk.press("up up space up i up del");
    assert_eq!(shared.borrow().enrolments[&(13, 1001)].attendance, [None]);
    desk.press("right space");
    assert_eq!(
        shared.borrow().enrolments[&(13, 1002)].attendance,
        [Some(Presence::Present), Some(Presence::Present)]
    );
}

#[test]
fn the_jp_of_a_person_is_seen_to_change_once_enough_days_are_ticked() {
    let (mut desk, _) = desk();
    desk.press("enter x right");
    assert!(line_of(&desk.screen(), "Ahmad").contains("12 kurang 8"));
    // Every day that is still open, for the one under the cursor.
    desk.press("up R");
    let screen = desk.screen();
    assert!(line_of(&screen, "Ahmad").contains("v  v  v    20    32 terpenuhi"), "{screen}");
    assert!(desk.cursor_line().contains("Budi"));
}

#[test]
fn a_pppk_over_the_ceiling_is_told_apart_from_a_pns_over_the_floor() {
    let (mut desk, _) = desk();
    desk.press("enter V R");
    let screen = desk.screen();
    assert!(line_of(&screen, "Ahmad").contains("32 terpenuhi"), "{screen}");
    assert!(line_of(&screen, "Budi").contains("26 lebih 2 !"), "{screen}");
    assert!(screen.contains("PerLAN 15/2020, belum diverifikasi"), "{screen}");
    assert!(screen.contains("Hadir >= 80% hari: JP penuh (aturan kantor, bukan peraturan)"));
}

#[test]
fn a_column_leaves_what_was_noted_and_is_one_step() {
    let (mut desk, shared) = desk();
    desk.press("enter b X");
    let absent = |who| shared.borrow().enrolments[&(13, who)].attendance[0];
    assert_eq!(absent(1001), Some(Presence::Absent));
    assert_eq!(absent(1003), Some(Presence::Present));
    assert_eq!(desk.written().len(), 2);
    desk.press("X");
    assert_eq!(desk.written().len(), 2);
    assert!(desk.bottom().contains("Semua peserta sudah dicatat"), "{}", desk.screen());
}

#[test]
fn marked_people_are_ticked_together_and_the_marks_are_lifted() {
    let (mut desk, _) = desk();
    desk.press("enter v down v");
    assert!(desk.screen().contains("[Pelatihan 3 *2]"), "{}", desk.screen());
    desk.press("p");
    assert!(desk.screen().contains("[Pelatihan 3]"), "{}", desk.screen());
    match desk.written().as_slice() {
        [Request::Attend { marks, .. }] => assert_eq!(marks.len(), 2),
        other => panic!("{other:?}"),
    }
}

#[test]
fn enter_in_the_grid_offers_what_can_be_done() {
    let (mut desk, shared) = desk();
    desk.press("enter enter 'izin' enter");
    assert_eq!(shared.borrow().enrolments[&(13, 1001)].attendance, [Some(Presence::Excused)]);
    desk.press("enter 'keluarkan' enter");
    assert!(desk.screen().contains("Keluarkan Budi Santoso dari Bimtek"), "{}", desk.screen());
    desk.press("n");
    assert_eq!(desk.written().len(), 1);
}

#[test]
fn a_person_is_enrolled_by_name_and_taken_out_after_a_question() {
    let (mut desk, shared) = desk();
    desk.press("enter + 'dewi' enter");
    assert!(shared.borrow().enrolments.contains_key(&(13, 1004)));
    assert!(desk.screen().contains("Peserta 4 dari 4 kursi"), "{}", desk.screen());
    desk.press("G d");
    assert!(desk.screen().contains("Keluarkan Dewi Anggraini"), "{}", desk.screen());
    desk.press("n");
    assert!(shared.borrow().enrolments.contains_key(&(13, 1004)));
    desk.press("d y");
    assert!(!shared.borrow().enrolments.contains_key(&(13, 1004)));
    assert!(!desk.screen().contains("Dewi"));
}

#[test]
fn the_marked_people_are_enrolled_and_too_few_seats_are_said_but_not_refused() {
    let shared = Rc::new(RefCell::new(Lessons::of_plaju()));
    shared.borrow_mut().sessions.get_mut(&13).expect("a session").capacity = Some(3);
    let behind = Rc::clone(&shared);
    let office = Office::new().extra(move |request| behind.borrow_mut().answer(request));
    let panes: Vec<Box<dyn Pane>> =
        vec![Box::new(Marking(vec![1001, 1004])), Box::new(Training::new())];
    let mut desk = Desk::new(panes, office);
    desk.press("g t +");
    assert!(desk.screen().contains("2 pegawai yang ditandai"), "{}", desk.screen());
    assert!(desk.screen().contains("3 dari 3 kursi terisi"), "{}", desk.screen());
    desk.press("enter");
    // One of the two is in it already.
    let question = "1 dari 1 orang ini tidak mendapat kursi (kapasitas 3). Tetap daftarkan?";
    assert!(flowing(&desk.screen()).contains(question), "{}", desk.screen());
    desk.press("y enter");
    assert!(shared.borrow().enrolments.contains_key(&(13, 1004)));
    assert!(desk.screen().contains("! Peserta 4 dari 3 kursi, lebih 1"), "{}", desk.screen());
}

/// What stands on the screen as one text, whatever lines it is broken into.
fn flowing(screen: &str) -> String {
    let words = screen.split(|c: char| c.is_whitespace() || "|+-".contains(c));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_session_on_a_holiday_says_so_while_its_dates_are_typed() {
    let (mut desk, _) = desk();
    desk.press("a");
    let programme = desk.screen();
    assert!(programme.contains("Mulai"), "{programme}");
    desk.press("tab '2026-12-23'");
    assert!(!desk.screen().contains("libur"), "{}", desk.screen());
    desk.press("tab '2026-12-25'");
    let screen = flowing(&desk.screen());
    assert!(screen.contains("24 Des 2026 cuti bersama"), "{screen}");
    assert!(screen.contains("25 Des 2026 hari libur nasional"), "{screen}");
    assert!(screen.contains("belum diperiksa"), "{screen}");
    // Of one day the date is said once.
    desk.press("shift-tab '2026-12-25'");
    let screen = flowing(&desk.screen());
    assert!(screen.contains("Jum 25 Des 2026 hari libur nasional"), "{screen}");
}

#[test]
fn a_short_date_is_echoed_the_end_follows_and_what_is_wrong_is_said_at_once() {
    let (mut desk, _) = desk();
    desk.press("a tab '5/12'");
    let screen = desk.screen();
    assert!(screen.contains("Sab 5 Des 2026, akhir pekan"), "{screen}");
    desk.press("tab");
    assert!(line_of(&desk.screen(), "Selesai").contains("5 Des 2026"), "{}", desk.screen());
    desk.press("'4/12'");
    assert!(line_of(&desk.screen(), "! ").contains("mulai"), "{}", desk.screen());
    insta::assert_snapshot!("session_form", desk.screen());
    desk.press("F3 'kapasitas' enter '3o'");
    assert!(flowing(&desk.screen()).contains("! "), "{}", desk.screen());
    assert!(desk.written().is_empty());
}

#[test]
fn a_session_of_a_programme_begins_at_its_first_day_since_the_programme_is_known() {
    let (mut desk, _) = desk();
    desk.press("tab tab + '2026-12-05'");
    let screen = desk.screen();
    assert!(line_of(&screen, "Mulai").contains("2026-12-05"), "{screen}");
    assert!(!line_of(&screen, "Program*").contains("2026"), "{screen}");
}

#[test]
fn a_session_with_people_is_not_deleted_and_an_empty_one_is() {
    let (mut desk, shared) = desk();
    desk.press("d y");
    assert!(desk.bottom().contains("Ahmad Fauzi"), "{}", desk.screen());
    assert!(shared.borrow().sessions.contains_key(&13));
    desk.press("down d y");
    assert!(!shared.borrow().sessions.contains_key(&14));
}

#[test]
fn a_cancelled_session_says_so_earns_nothing_and_can_be_restored() {
    let (mut desk, _) = desk();
    desk.press("enter R esc c");
    assert!(desk.screen().contains("Batalkan Bimtek"), "{}", desk.screen());
    assert!(desk.screen().contains("3 orang"), "{}", desk.screen());
    desk.press("n");
    assert!(!desk.cursor_line().contains("(batal)"), "{}", desk.screen());
    desk.press("c y");
    assert!(desk.bottom().contains("dibatalkan"), "{}", desk.screen());
    assert!(desk.cursor_line().contains("(batal) Bimtek"), "{}", desk.screen());
    desk.press("enter");
    assert!(desk.screen().contains("DIBATALKAN"), "{}", desk.screen());
    assert!(line_of(&desk.screen(), "Ahmad").contains("12 kurang 8"), "{}", desk.screen());
    desk.press("c");
    assert!(line_of(&desk.screen(), "Ahmad").contains("32 terpenuhi"), "{}", desk.screen());
}

#[test]
fn a_programme_and_then_its_session_are_added_in_an_office_without_any() {
    let (mut desk, shared) = desk_of(Lessons::default(), Setup::default());
    desk.press("a 'Bimtek Arsip' tab 'KL10' ctrl-s");
    assert_eq!(shared.borrow().programmes.len(), 1, "{}", desk.screen());
    desk.press("'2026-12-07' tab '2026-12-08' ctrl-s");
    assert_eq!(shared.borrow().sessions.len(), 1, "{}", desk.screen());
    assert!(desk.cursor_line().contains("Des 2026 Sen 7-8"), "{}", desk.screen());
}

#[test]
fn a_programme_narrows_the_agenda_down_and_esc_widens_it() {
    let (mut desk, _) = desk();
    desk.press("tab tab down enter");
    let screen = desk.screen();
    assert!(screen.contains("[Agenda]") && screen.contains("hanya program: Sosialisasi SPBE"));
    assert!(!screen.contains("Bimtek"), "{screen}");
    desk.press("esc");
    assert!(desk.screen().contains("Bimtek"));
}

#[test]
fn who_is_short_of_jp_is_seen_by_year_and_enrolled_from_there() {
    let (mut desk, shared) = desk();
    desk.press("shift-tab");
    let screen = desk.screen();
    assert!(line_of(&screen, "Ahmad").contains("12 kurang 8      ####+...> 20"), "{screen}");
    assert!(line_of(&screen, "Budi").contains("6 boleh 18 lagi ##......| 24"), "{screen}");
    assert!(screen.contains("PerLAN 15/2020, belum diverifikasi"), "{screen}");
    desk.press("left");
    assert!(desk.screen().contains("JP tahun 2025"), "{}", desk.screen());
    assert!(line_of(&desk.screen(), "Budi").contains("30 lebih 6 !     ########| 24"));
    desk.press("right / 'jp<20' enter");
    let asked = desk.asked.iter().rev().find_map(|request| match request {
        Request::List(query) if query.kind == Kind::Employees => Some(query.search.clone()),
        _ => None,
    });
    assert_eq!(asked.as_deref(), Some("jp<20"));
    desk.press("esc");
    desk.office.records.insert(
        (Kind::Sessions, 14),
        (Revision(1), Record::Session(shared.borrow().sessions[&14].clone())),
    );
    desk.press("space + enter");
    assert!(shared.borrow().enrolments.contains_key(&(14, 1001)), "{}", desk.screen());
    assert!(
        desk.screen().contains("[Kehadiran]") && desk.screen().contains("Sosialisasi SPBE, 1 Des")
    );
}

#[test]
fn the_jp_of_a_certificate_is_stated_in_the_enrolments_own_form() {
    let (mut desk, _) = desk();
    desk.press("enter down J");
    let got = desk.asked.iter().find_map(|request| match request {
        Request::Get(id) if id.kind == Kind::Enrolments => Some(id.number),
        _ => None,
    });
    assert_eq!(got, Some(1));
}

#[test]
fn commands_that_mean_nothing_here_say_why() {
    let (mut desk, _) = desk();
    desk.press("x");
    assert!(desk.bottom().starts_with("! "), "{}", desk.screen());
    desk.press("enter /");
    assert!(desk.bottom().contains("Tidak berlaku di Kehadiran"), "{}", desk.screen());
    desk.press("shift-tab shift-tab a");
    assert!(desk.bottom().contains("halaman Pegawai"), "{}", desk.screen());
    assert!(desk.written().is_empty());
}

#[test]
fn agenda_and_attendance_stand_side_by_side_where_there_is_room() {
    let (mut desk, _) = desk_of(Lessons::of_plaju(), Setup { size: (120, 24), ..Setup::default() });
    let screen = desk.screen();
    assert!(screen.contains("23-25") && screen.contains("Ahmad Fauzi"), "{screen}");
    desk.press("down");
    assert!(desk.screen().contains("Sosialisasi SPBE, 1 Des 2026, 4 JP"), "{}", desk.screen());
    assert!(!desk.screen().contains("Ahmad Fauzi"));
    desk.press("shift-tab");
    assert!(desk.screen().contains("\n>  Ahmad Fauzi"), "{}", desk.screen());
}

const GRID: Rect = Rect { x: 0, y: 0, width: 80, height: 20 };

/// A grid on session 13 and the office behind it, to be answered by hand.
fn slow() -> (Grid, Lessons) {
    let lessons = Lessons::of_plaju();
    let mut grid = Grid::default();
    let asked = grid.follow(Some(SessionId(13)));
    assert_eq!(asked.len(), 1);
    let answer = lessons.attendance(SessionId(13));
    assert!(grid.answered(Tag::new(grid::TAG, 1), answer, today(), GRID).is_empty());
    (grid, lessons)
}

fn marks_of(grid: &Grid, day: usize) -> Vec<Option<Presence>> {
    grid.rows().iter().map(|row| grid.mark_at(row, day)).collect()
}

#[test]
fn ticking_faster_than_the_office_answers_loses_nothing() {
    let present = Some(Presence::Present);
    let (mut grid, mut lessons) = slow();
    let mut sent = Vec::new();
    for _ in 0..3 {
        sent.extend(grid.command(Command::TrainingPresent, GRID).expect("the grid's own"));
    }
    assert_eq!(marks_of(&grid, 0), [present; 3]);
    assert!(grid.rows().iter().all(|row| grid.unconfirmed(row, 0)));
    assert_eq!(grid.row(), 2);
    let requests: Vec<(Tag, Request)> = sent
        .into_iter()
        .map(|effect| match effect {
            Effect::Ask(tag, request) => (tag, *request),
            _ => panic!("only requests"),
        })
        .collect();
    assert_eq!(requests.len(), 3);
    // The first is saved; what the office shows then has one mark, the screen all three.
    let saved = lessons.answer(&requests[0].1).expect("an answer");
    let asked = grid.tick_answered(requests[0].0, &saved);
    assert_eq!(asked.len(), 1);
    let answer = lessons.attendance(SessionId(13));
    grid.answered(Tag::new(grid::TAG, 2), answer, today(), GRID);
    assert_eq!(marks_of(&grid, 0), [present; 3]);
    assert!(!grid.unconfirmed(&grid.rows()[0], 0) && grid.unconfirmed(&grid.rows()[1], 0));
    // The second is refused: its mark goes, the others stay.
    grid.tick_answered(requests[1].0, &Answer::Refused(Problem::DiskFull));
    assert_eq!(marks_of(&grid, 0), [present, None, present]);
    // The third is saved while a question is open: its answer may be of before.
    let stale = lessons.attendance(SessionId(13));
    let saved = lessons.answer(&requests[2].1).expect("an answer");
    assert!(grid.tick_answered(requests[2].0, &saved).is_empty());
    let again = grid.answered(Tag::new(grid::TAG, 3), stale, today(), GRID);
    assert_eq!(again.len(), 1, "one more question for what changed meanwhile");
    assert_eq!(marks_of(&grid, 0), [present, None, present]);
    let answer = lessons.attendance(SessionId(13));
    grid.answered(Tag::new(grid::TAG, 4), answer, today(), GRID);
    assert_eq!(marks_of(&grid, 0), [present, None, present]);
}

#[test]
fn the_cursor_stays_on_the_person_when_others_come_and_go() {
    let (mut grid, mut lessons) = slow();
    grid.command(Command::ListLast, GRID);
    assert_eq!(grid.here().expect("a row").name, "Citra Lestari");
    lessons.enrolments.remove(&(13, 1001));
    grid.ask();
    let answer = lessons.attendance(SessionId(13));
    grid.answered(Tag::new(grid::TAG, 2), answer, today(), GRID);
    assert_eq!(grid.here().expect("a row").name, "Citra Lestari");
    assert_eq!(grid.row(), 1);
}

#[test]
fn walking_fast_through_the_agenda_asks_one_question_at_a_time() {
    let (mut grid, lessons) = slow();
    assert_eq!(grid.follow(Some(SessionId(12))).len(), 1);
    assert!(grid.follow(Some(SessionId(11))).is_empty());
    assert!(grid.follow(Some(SessionId(14))).is_empty());
    let stale = lessons.attendance(SessionId(12));
    assert_eq!(grid.answered(Tag::new(grid::TAG, 2), stale, today(), GRID).len(), 1);
    assert!(grid.attendance().is_none());
    let answer = lessons.attendance(SessionId(14));
    grid.answered(Tag::new(grid::TAG, 3), answer, today(), GRID);
    assert_eq!(grid.attendance().expect("shown").programme, "Sosialisasi SPBE");
}

#[test]
fn a_long_session_scrolls_sideways_and_every_size_is_drawn() {
    let mut lessons = Lessons::of_plaju();
    lessons.add(13, 1, "2026-11-01", "2026-12-15", 100);
    let setup = Setup {
        size: (60, 15),
        glyphs: GlyphSet::Unicode,
        color: Color::Ansi16,
        ..Setup::default()
    };
    let (mut desk, _) = desk_of(lessons, setup);
    desk.press("enter");
    // It runs today, so it opens on today.
    assert!(desk.screen().contains("22 Nov 2026: hadir 0 dari 3"), "{}", desk.screen());
    assert!(line_of(&desk.screen(), "›  Ahmad").contains("[.]"), "{}", desk.screen());
    desk.press("space");
    assert!(line_of(&desk.screen(), "Ahmad").contains('✓'), "{}", desk.screen());
    for size in
        [(60, 15), (61, 16), (80, 24), (99, 30), (100, 15), (200, 60), (59, 14), (1, 1), (0, 0)]
    {
        desk.resize(size.0, size.1);
        for _ in 0..4 {
            desk.press("tab down right");
            desk.screen();
        }
    }
}

#[test]
fn no_place_is_too_small_to_be_drawn_in() {
    let (theme, glyphs) = (Theme::of(Color::Mono), crate::ui::theme::Glyphs::of(GlyphSet::Ascii));
    let (info, keymap, nobody) = (info(), Keymap::default(), std::collections::BTreeSet::new());
    let along = crate::ui::pane::Along::default();
    let memory = crate::ui::memory::Memory::default();
    let lessons = Lessons::of_plaju();
    for (width, height) in
        (0..=34).flat_map(|width| (0..=12).map(move |height| (width * 4, height)))
    {
        let view = View {
            theme: &theme,
            glyphs: &glyphs,
            area: Rect { x: 0, y: 0, width, height },
            today: today(),
            now: chrono::DateTime::UNIX_EPOCH,
            zone: chrono::FixedOffset::east_opt(0).expect("a zone"),
            info: &info,
            read_only: false,
            unit: None,
            marked_people: &nobody,
            along: &along,
            keymap: &keymap,
            folder: std::path::Path::new("/"),
            editors: &[],
            drafts: 0,
            memory: &memory,
        };
        let mut pane = Training::new();
        answer_all(&mut pane, PaneEvent::Shown, &lessons, &view);
        for command in [Command::ListOpen, Command::ListRight, Command::AreaNext, Command::AreaNext]
        {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a terminal");
            terminal.draw(|frame| pane.draw(frame, &view)).expect("drawn");
            answer_all(&mut pane, PaneEvent::Command(command), &lessons, &view);
            answer_all(&mut pane, PaneEvent::Resized, &lessons, &view);
        }
    }
}

fn answer_all(pane: &mut Training, event: PaneEvent, lessons: &Lessons, view: &View) {
    let mut waiting = pane.update(event, view);
    while let Some(effect) = waiting.pop() {
        let Effect::Ask(tag, request) = effect else { continue };
        let answer = match *request {
            Request::List(query) => Answer::Page(lessons.page(&query)),
            Request::Attendance(session) => lessons.attendance(session),
            _ => continue,
        };
        waiting.extend(pane.update(PaneEvent::Answer(tag, answer), view));
    }
}

#[test]
fn a_session_deleted_by_another_officer_is_no_longer_shown_as_if_it_stood() {
    let (mut grid, _) = slow();
    grid.ask();
    let effects =
        grid.answered(Tag::new(grid::TAG, 2), Answer::Refused(Problem::NotFound), today(), GRID);
    assert!(effects.is_empty() && grid.attendance().is_none() && grid.is_refused());
}

#[test]
fn the_guide_opens_at_training() {
    let (mut desk, _) = desk();
    desk.press("F1");
    assert!(desk.screen().contains("Empat bagian"), "{}", desk.screen());
}
