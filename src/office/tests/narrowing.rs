//! Narrowing: what a search finds letter by letter is what it finds when it is asked at once.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::office::read::narrow::Narrowing;

/// Words that are found in names, posts, units and numbers, whole and in part, and terms.
const WORDS: [&str; 24] = [
    "siti",
    "budi",
    "kasi",
    "kelurahan",
    "kel. plaju",
    "plaju ulu",
    "ma'ruf",
    "1990",
    "9001",
    "unit:plaju",
    "unit:\"dinas gizi\"",
    "unit=kota",
    "jabatan:seksi",
    "jabatan:kasi",
    "nama:siti",
    "gol>=iii/a",
    "jp<20",
    "gap>0",
    "!siti",
    "!unit:plaju,gizi",
    "siti,budi",
    "m.5<std",
    "belum-dinilai",
    "status:aktif",
];

fn office() -> Desk {
    let mut desk = Desk::new();
    let names = ["Siti Aminah", "Budi Santoso", "Ma’ruf Amin", "Rahayu Siti", "Kasim", "Agus 1990"];
    let units: [&[&str]; 5] = [
        &["Kota"],
        &["Kota", "Kecamatan Plaju"],
        &["Kota", "Kecamatan Plaju", "Kelurahan Plaju Ulu"],
        &["Kota", "Dinas Gizi"],
        &["Kota", "Dinas A / B"],
    ];
    let posts = ["Lurah", "Kepala Seksi", "Kasir Siti", "Analis Plaju"];
    let row = |at: usize| {
        let (name, unit) = (names[at % names.len()], units[at % units.len()]);
        person_row(name, at as u32, unit, posts[at % posts.len()])
    };
    desk.import(Intake::Employees, PEOPLE_COLUMNS, (0..70).map(row).collect());
    let rated =
        [(1000, 5, 1, "2026-01-10"), (1001, 5, 4, "2026-01-10"), (1007, 1, 2, "2025-01-10")];
    desk.rate_all(&rated);
    desk
}

impl Desk {
    fn finds(&mut self, search: &str) -> (u32, Vec<u32>) {
        let query = ListQuery { search: search.into(), ..ListQuery::all(Kind::Employees) };
        match self.ask(Request::List(query)) {
            Answer::Page(page) => (page.total, page.rows.iter().map(|row| row.number).collect()),
            other => panic!("{other:?}"),
        }
    }

    fn finds_at_once(&mut self, search: &str) -> (u32, Vec<u32>) {
        let state = &mut self.office.as_mut().expect("an office").state;
        let kept = std::mem::take(&mut state.narrowing);
        state.last_lists = [None, None];
        let found = self.finds(search);
        let state = &mut self.office.as_mut().expect("an office").state;
        state.narrowing = kept;
        state.last_lists = [None, None];
        found
    }
}

#[test]
fn a_search_typed_letter_by_letter_looks_at_fewer_and_fewer() {
    let mut desk = office();
    let all = desk.finds("");
    assert_eq!(all.0 as usize, all.1.len());
    let mut before = all.1;
    for end in 1..="siti amin".len() {
        let found = desk.finds(&"siti amin"[..end]);
        assert_eq!(found, desk.finds_at_once(&"siti amin"[..end]));
        assert!(found.1.len() <= before.len());
        before = found.1;
    }
    assert!(!before.is_empty());
    // Somebody of that name comes in between two letters.
    desk.finds("rahay");
    let rini = desk.save(employee("Rini Rahayu", 900));
    let found = desk.finds("rahayu");
    assert!(found.1.contains(&rini.number), "{found:?}");
    desk.office.as_mut().expect("an office").state.narrowing = Narrowing::default();
    assert_eq!(found, desk.finds_at_once("rahayu"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Typed, taken back, typed otherwise, put before what stands there.
    #[test]
    fn whatever_is_typed_and_taken_back_finds_what_it_would_at_once(
        acts in prop::collection::vec((select(&WORDS[..]), any::<u8>(), 0_usize..12), 1..8),
    ) {
        let mut desk = office();
        let mut typed = String::new();
        for (word, act, back) in acts {
            let mut keys = Vec::new();
            match act % 4 {
                0 => {
                    for _ in 0..back {
                        typed.pop();
                        keys.push(typed.clone());
                    }
                }
                1 => typed = format!("{word} {typed}"),
                2 => typed.clear(),
                _ => {}
            }
            let lead = if typed.is_empty() || act % 8 == 3 { "" } else { " " };
            for letter in lead.chars().chain(word.chars()) {
                typed.push(letter);
                keys.push(typed.clone());
            }
            for search in keys {
                let found = desk.finds(&search);
                prop_assert_eq!(found, desk.finds_at_once(&search), "{:?}", search);
            }
        }
    }
}
