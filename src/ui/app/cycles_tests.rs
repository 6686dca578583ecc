//! An assessment cycle on the screen of the example office: opened, keyed and closed.

use crate::domain::kinds::cycle::RaterGroup;
use crate::domain::record::{Fields, Kind, Record, RecordId, Revision};
use crate::protocol::{
    Answer, CycleAct, KeyedSheet, Request, Saved, SheetColumn, SheetInfo, SheetsPage, Summary,
};
use crate::term::input::Input;
use crate::ui::app::Deed;
use crate::ui::app::testing::Town;
use crate::ui::draft::Draft;
use crate::ui::job::{Export, Job};
use crate::ui::panes;
use crate::ui::testing::{Desk, Office, Setup};

/// The cycle that is under way, opened.
fn opened(town: &Town) -> Desk {
    let mut desk = town.working((80, 24));
    desk.press("g d a");
    let screen = desk.screen();
    let at = screen.lines().filter(|line| line.contains("Penilaian 360"));
    let lines: Vec<String> = at.map(str::to_string).collect();
    assert_eq!(lines.len(), 2, "{screen}");
    if !lines[0].contains("berjalan") {
        desk.press("j");
    }
    desk.press("enter");
    desk
}

/// The list of what can be done, at the keying.
fn keying(desk: &mut Desk) {
    desk.press("down down down down enter");
    assert!(desk.screen().contains("Isi lembar"), "{}", desk.screen());
}

/// How many sheets are keyed and wait, as the line below says it.
fn sum(desk: &Desk) -> (u32, u32) {
    let screen = desk.screen();
    let line = screen.lines().find(|line| line.contains("belum disimpan"));
    let line = line.unwrap_or_else(|| panic!("no sum:\n{screen}")).to_string();
    let numbers: Vec<u32> =
        line.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok()).collect();
    (numbers[0], numbers[2])
}

#[test]
fn the_page_of_a_cycle_shows_how_far_it_has_come_and_what_can_be_done() {
    let town = Town::new();
    let desk = opened(&town);
    let screen = desk.screen();
    for word in ["Penilaian 360 berjalan", "terbuka", "Plaju Ilir", "Tutup periode", "Isi lembar"] {
        assert!(screen.contains(word), "no {word}:\n{screen}");
    }
}

#[test]
fn sheets_are_keyed_a_digit_a_cell_and_saved_in_batches_and_on_leaving() {
    let town = Town::new();
    let mut desk = opened(&town);
    keying(&mut desk);
    let (before, _) = sum(&desk);
    for wrong in ["0", "6", "x"] {
        desk.press(wrong);
        assert!(desk.screen().contains("angka 1 sampai 5"), "{}", desk.screen());
    }
    desk.press("enter");
    assert!(desk.screen().contains("setiap kompetensi"), "{}", desk.screen());
    // As many keys as competencies, and Enter for the next sheet.
    for sheet in 1..=12 {
        desk.press("3 4 2 5 enter");
        let waits = if sheet < 10 { sheet } else { sheet - 10 };
        assert_eq!(sum(&desk), (before + sheet, waits), "{}", desk.screen());
    }
    desk.press("esc");
    let screen = desk.screen();
    assert!(screen.contains("Tutup periode"), "{screen}");
    keying_again(&mut desk, before + 12);
}

#[test]
fn a_sheet_is_not_left_half_keyed_without_a_word_and_a_full_one_is_saved_on_leaving() {
    let town = Town::new();
    let mut desk = opened(&town);
    keying(&mut desk);
    let (before, _) = sum(&desk);
    desk.press("3 3 /");
    assert!(desk.screen().contains("terisi sebagian"), "{}", desk.screen());
    desk.press("esc");
    assert!(desk.screen().contains("Esc sekali lagi"), "{}", desk.screen());
    desk.press("3 3 esc");
    assert!(desk.screen().contains("Tutup periode"), "{}", desk.screen());
    keying_again(&mut desk, before + 1);
    desk.press("3 esc esc");
    keying_again(&mut desk, before + 1);
}

fn keying_again(desk: &mut Desk, keyed: u32) {
    desk.press("enter");
    assert_eq!(sum(desk), (keyed, 0), "{}", desk.screen());
}

/// As many digits as competencies and nothing more: the last one goes on by itself.
#[test]
fn the_last_digit_goes_on_to_the_next_sheet_and_backspace_comes_back_to_it() {
    let town = Town::new();
    let mut desk = opened(&town);
    keying(&mut desk);
    let (before, _) = sum(&desk);
    desk.press("3 4 2 5 1 1 1 1");
    assert_eq!(sum(&desk), (before + 2, 2), "{}", desk.screen());
    desk.press("backspace");
    assert_eq!(sum(&desk), (before + 1, 1), "{}", desk.screen());
    assert_eq!(desk.screen().matches("[1]").count(), 3, "{}", desk.screen());
    desk.press("2 esc");
    keying_again(&mut desk, before + 2);
}

#[test]
fn a_torn_line_loses_no_keyed_sheet_and_the_next_sitting_goes_on_where_it_was() {
    let town = Town::new();
    let mut desk = opened(&town);
    keying(&mut desk);
    let (before, _) = sum(&desk);
    desk.press("3 4 2 5 1 1 1 1 2 2");
    desk.event(Input::Hangup);
    let draft = desk.deeds.iter().find_map(|deed| match deed {
        Deed::SaveDraft(draft) => Some((**draft).clone()),
        _ => None,
    });
    let drafts = vec![draft.expect("a draft")];
    let mut next = town.next(drafts);
    assert!(next.screen().contains("belum selesai"), "{}", next.screen());
    next.press("y");
    assert_eq!(sum(&next), (before + 2, 2), "{}", next.screen());
    assert_eq!(next.screen().matches("[2]").count(), 2, "{}", next.screen());
    next.press("2 2 esc");
    assert!(next.deeds.iter().any(|deed| matches!(deed, Deed::ForgetDraft(_))));
    next.press("g d a");
    assert!(next.screen().contains("Penilaian 360"), "{}", next.screen());
}

#[test]
fn who_has_returned_a_sheet_is_ticked_with_a_key_of_its_own() {
    let town = Town::new();
    let mut desk = opened(&town);
    let back = |desk: &Desk| {
        let screen = desk.screen();
        let line = screen.lines().find(|line| line.contains("Semua")).expect("a sum").to_string();
        let words: Vec<u32> = line.split_whitespace().filter_map(|one| one.parse().ok()).collect();
        words[2]
    };
    let before = back(&desk);
    assert!(before > 0, "{}", desk.screen());
    desk.press("space");
    assert!(desk.screen().contains("mengembalikan lembar hari ini"), "{}", desk.screen());
    desk.press("space space enter");
    assert_eq!(back(&desk), before + 2, "{}", desk.screen());
    desk.press("u");
}

#[test]
fn a_sheet_is_found_by_its_code_and_one_that_is_keyed_says_so() {
    let town = Town::new();
    let mut desk = opened(&town);
    keying(&mut desk);
    let screen = desk.screen();
    let line = screen.lines().find(|line| line.contains("Lembar ")).expect("a sheet").to_string();
    let code = line.split("Lembar ").nth(1).and_then(|rest| rest.split(':').next());
    let code = code.expect("a code").to_string();
    desk.press("3 3 3 3 enter");
    let typed: Vec<String> = code.to_lowercase().chars().map(String::from).collect();
    desk.press(&format!("/ {}", typed.join(" ")));
    let screen = desk.screen();
    assert!(screen.contains(&code) && screen.contains("sudah diisi"), "{screen}");
    desk.press("4");
    assert!(desk.screen().contains("sudah diisi"), "{}", desk.screen());
    desk.press("/ z z z z z z");
    assert!(desk.screen().contains("tidak ada lembar"), "{}", desk.screen());
}

#[test]
fn before_a_cycle_is_closed_it_is_said_what_that_does_and_undo_takes_it_back() {
    let town = Town::new();
    let mut desk = opened(&town);
    desk.press("down down down down down down down enter");
    let screen = desk.screen();
    assert!(screen.contains("dibekukan") && screen.contains("digabung"), "{screen}");
    desk.press("n");
    assert!(desk.screen().contains("terbuka"), "{}", desk.screen());
    desk.press("enter y");
    assert!(desk.screen().contains("ditutup"), "{}", desk.screen());
    let screen = desk.screen();
    assert!(!screen.contains("Usulkan") && !screen.contains("Tutup periode"), "{screen}");
    desk.press("enter");
    assert!(desk.screen().contains("M.1"), "results:\n{}", desk.screen());
    desk.press("esc esc");
    assert!(desk.screen().contains("ditutup"), "the list:\n{}", desk.screen());
    // Forty results and ratings, and the cycle.
    desk.press("esc u 4 1 enter g d a");
    let screen = desk.screen();
    let line = screen.lines().find(|line| line.contains("berjalan"));
    assert!(line.is_some_and(|line| line.contains("terbuka")), "{screen}");
}

#[test]
fn once_no_sheet_is_keyed_any_more_their_fairness_opens_from_the_page_of_the_cycle() {
    let town = Town::new();
    let mut desk = opened(&town);
    assert!(!desk.screen().contains("Lihat kewajaran"), "{}", desk.screen());
    desk.press("down down down down down down enter y");
    assert!(desk.screen().contains("terkumpul"), "{}", desk.screen());
    let screen = desk.screen();
    let above = |one: &str| screen.lines().position(|line| line.contains(one));
    let steps = above("Lihat kewajaran").zip(above("Lihat penilai")).map(|(to, from)| to - from);
    for _ in 0..steps.unwrap_or_else(|| panic!("{screen}")) {
        desk.press("down");
    }
    desk.press("enter");
    let screen = desk.screen();
    assert!(screen.contains("Kewajaran lembar") && screen.contains("Selisih"), "{screen}");
    desk.press("esc");
    assert!(desk.screen().contains("terkumpul"), "{}", desk.screen());
}

#[test]
fn blank_sheets_go_to_a_text_or_a_workbook_and_to_nothing_else() {
    let town = Town::new();
    let mut desk = opened(&town);
    desk.press("down down down enter");
    let screen = desk.screen();
    assert!(screen.contains(".txt atau .xlsx") && !screen.contains("ditandatangani"), "{screen}");
    desk.press("ctrl-s");
    let written = desk.deeds.iter().find_map(|deed| match deed {
        Deed::Job(_, Job::Export(job)) => Some(job.clone()),
        _ => None,
    });
    let job = written.unwrap_or_else(|| panic!("nothing is written:\n{}", desk.screen()));
    assert!(job.path.to_string_lossy().ends_with(".txt"), "{:?}", job.path);
    assert!(matches!(job.what, Export::Blanks { .. }));
}

#[test]
fn several_units_of_a_cycle_are_typed_with_semicolons_or_chosen_one_after_the_other() {
    let town = Town::new();
    let mut desk = town.working((80, 24));
    desk.press("g d a a");
    desk.press("'Periode dua kelurahan'");
    desk.press("tab tab tab");
    desk.press("'Kelurahan Sago; Kelurahan Plaju Ilir'");
    desk.press("ctrl-s");
    let units = |desk: &Desk| {
        let saved = desk.written().into_iter().filter_map(|request| match request {
            Request::Save(save) => Some(save.drafts[0].record.clone()),
            _ => None,
        });
        match saved.collect::<Vec<_>>().last() {
            Some(Record::Cycle(cycle)) => cycle.units.iter().count(),
            other => panic!("{other:?}\n{}", desk.screen()),
        }
    };
    assert_eq!(units(&desk), 2, "{}", desk.screen());
    assert!(desk.screen().contains("Periode dua kelurahan"), "{}", desk.screen());
}

/// The measure: 100 sheets of 9 in 15 minutes are a second a key, since there are no more.
#[test]
fn a_hundred_sheets_of_nine_take_nine_hundred_keys_and_seven_for_each_that_lies_out_of_order() {
    let column = |at| SheetColumn { code: format!("M.{at}"), name: "Kompetensi".into() };
    let sheet = |at| SheetInfo {
        code: format!("K{at:05}"),
        name: "Budi Contoh".into(),
        unit: "Kelurahan Sago".into(),
        group: RaterGroup::Peer,
        keyed: false,
    };
    let page = SheetsPage {
        competencies: (1..=9).map(column).collect(),
        sheets: (0..100).map(sheet).collect(),
        total: 100,
    };
    let office = Office::new().extra(move |request| match request {
        Request::Sheets { .. } => Some(Answer::Sheets(page.clone())),
        Request::Assess { .. } => Some(Answer::Saved(Saved {
            seq: Some(1),
            ids: Vec::new(),
            count: 0,
            summary: Summary::default(),
        })),
        _ => None,
    });
    let draft = Draft {
        name: "sheets-1000".into(),
        kind: Kind::Sheets,
        id: Some(RecordId::new(Kind::Cycles, 1000)),
        base: Revision(0),
        original: Fields::new(),
        texts: vec![("name".into(), "Periode".into())],
    };
    let setup = Setup { drafts: vec![draft], ..Setup::default() };
    let mut desk = Desk::with(panes::all(), office, setup);
    desk.press("y");
    let keyed = |desk: &Desk| -> Vec<KeyedSheet> {
        let acts = desk.written().into_iter().filter_map(|request| match request {
            Request::Assess { act: CycleAct::Key(sheets), .. } => Some(sheets.clone()),
            _ => None,
        });
        acts.flatten().collect()
    };
    // The last but one lies on top of the heap.
    let mut keys = "/ K 0 0 0 9 8 4 4 4 4 4 4 4 4 4 / K 0 0 0 0 0".split(' ').collect::<Vec<_>>();
    keys.extend(std::iter::repeat_n("3", 9 * 99));
    for key in &keys {
        desk.press(key);
    }
    let sheets = keyed(&desk);
    assert_eq!((sheets.len(), keys.len()), (100, 9 * 100 + 2 * 7), "{}", desk.screen());
    for KeyedSheet { code, levels } in sheets {
        assert_eq!(levels, [if code == "K00098" { 4 } else { 3 }; 9], "{code}");
    }
}
