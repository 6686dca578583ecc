//! How somebody, a unit or a competency has moved over the years, one key from where it stands.

use crate::protocol::Request;
use crate::ui::app::testing::Town;
use crate::ui::testing::Desk;

fn shows(desk: &Desk, words: &[&str]) {
    let screen = desk.screen();
    for word in words {
        assert!(screen.contains(word), "no {word}:\n{screen}");
    }
}

#[test]
fn a_persons_page_shows_the_years_as_a_chart_and_one_key_opens_it_in_full() {
    let town = Town::new();
    let mut desk = town.working((120, 40));
    desk.press("enter");
    shows(&desk, &["Dari tahun ke tahun", "Tanpa kelebihan", "C: grafik dari tahun ke tahun"]);
    desk.press("C");
    shows(&desk, &["Perkembangan per tahun", "Rata-rata level", "Tanpa kelebihan"]);
    desk.press("esc");
    shows(&desk, &["Dari tahun ke tahun"]);
}

#[test]
fn a_unit_and_a_competency_open_theirs_with_one_key_and_esc_leads_back() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    for (way, back) in [("g u", "Unit kerja"), ("g c", "Integritas"), ("g c enter", "Definisi")] {
        desk.press(way);
        shows(&desk, &[back]);
        desk.press("C");
        shows(&desk, &["Perkembangan per tahun"]);
        desk.press("esc");
        shows(&desk, &[back]);
        desk.press("esc esc");
    }
    desk.press("g m C");
    shows(&desk, &["Perkembangan per tahun"]);
    desk.press("esc g d l C");
    assert!(desk.app.said().is_some_and(|said| said.contains("pegawai, unit kerja")));
}

/// People are marked in one place, activities in another, and both are tried before anything is
/// saved.
#[test]
fn people_and_activities_that_are_marked_are_tried_together() {
    let town = Town::new();
    let mut desk = town.working((120, 40));
    desk.press("space space W");
    shows(&desk, &["Andaikan dilatih", "Kegiatan"]);
    desk.press("'KL03; KL10' ctrl-s");
    shows(&desk, &["2 pegawai yang ditandai", "->JP"]);
    desk.press("esc");
    desk.press("g t tab tab");
    shows(&desk, &["[Program]"]);
    desk.press("space space W");
    shows(&desk, &["Andaikan dilatih", "2 pegawai yang ditandai", "; "]);
    desk.press("esc");
    shows(&desk, &["[Program]"]);
}

/// An activity is found as it is typed, as in a form; several one after the other, and a price
/// behind each.
#[test]
fn the_activities_of_a_trial_are_looked_up_as_they_are_typed() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    desk.press("space space W 'pelayanan'");
    shows(&desk, &["program pelatihan: Pelatihan Pelayanan Prima", "jadwal pelatihan: Pelatihan"]);
    desk.press("enter");
    shows(&desk, &["1/4"]);
    desk.press("down enter");
    shows(&desk, &["Pelatihan Pelayanan Prima "]);
    desk.press("'= 1500000; sosialis' f4");
    shows(&desk, &["Sosialisasi Keterbukaan"]);
    desk.press("enter ctrl-s");
    let asked = |desk: &Desk| {
        let asked = desk.asked.iter().rev().find_map(|request| match request {
            Request::Report(query) if query.report == "whatif" => Some(query.own.clone()),
            _ => None,
        });
        asked.into_iter().flatten().find(|(name, _)| name == "activity").map(|(_, of)| of)
    };
    let activities = asked(&desk).expect("activities");
    let [session, other] = activities.split("; ").collect::<Vec<_>>()[..] else {
        panic!("{activities}")
    };
    assert!(session.starts_with("sessions/") && session.ends_with("= 1500000"), "{activities}");
    assert!(
        other.starts_with("NKL") || other.starts_with("KL") || other.starts_with("programmes/")
    );
    shows(&desk, &["1.500.000"]);
    // Opened again it says what was chosen by its name.
    desk.press("p");
    shows(&desk, &["Pelatihan Pelayanan Prima"]);
    desk.press("ctrl-s");
    assert_eq!(asked(&desk), Some(activities));
    desk.press("p ctrl-u 'tidakada'");
    shows(&desk, &["ctrl-s pakai"]);
    desk.press("ctrl-s");
    shows(&desk, &["tidakada"]);
}

#[test]
fn the_competency_a_trial_raises_is_chosen_from_the_dictionary_by_its_name() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    desk.press("space space W 'KL03' tab tab tab 'orientasi'");
    shows(&desk, &["kompetensi: M.4 Orientasi pada Hasil"]);
    desk.press("f4 enter ctrl-s");
    let asked = |desk: &Desk| {
        let asked = desk.asked.iter().rev().find_map(|request| match request {
            Request::Report(query) if query.report == "whatif" => Some(query.own.clone()),
            _ => None,
        });
        asked.into_iter().flatten().find(|(name, _)| name == "raises").map(|(_, of)| of)
    };
    assert_eq!(asked(&desk).as_deref(), Some("competencies/4"));
    desk.press("p");
    shows(&desk, &["M.4 Orientasi pada Hasil"]);
    // A code typed in full is as good.
    desk.press("tab tab tab ctrl-u 'M.5' ctrl-s");
    assert_eq!(asked(&desk).as_deref(), Some("M.5"));
}

/// A figure of the movement between boxes opens the people behind it, and Esc leads back.
#[test]
fn a_figure_of_the_movement_between_boxes_opens_its_people() {
    let town = Town::new();
    let mut desk = town.working((120, 40));
    desk.press(": 'perpindahan kotak' enter");
    shows(&desk, &["Perpindahan kotak talenta", "Kotak 9"]);
    desk.press("right right");
    let cursor = desk.cursor_line();
    desk.press("enter");
    shows(&desk, &["Sembilan kotak talenta", "kotak dahulu: 9", "kotak kini: 8"]);
    desk.press("esc");
    shows(&desk, &["Perpindahan kotak talenta"]);
    assert_eq!(desk.cursor_line(), cursor);
    desk.press("esc");
    assert!(!desk.screen().contains("Kotak 9"), "{}", desk.screen());
}
