//! How somebody, a unit or a competency has moved over the years, one key from where it stands.

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
