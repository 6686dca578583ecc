//! The language of searches: what an officer asks about people by competency, JPM, age and
//! year, and how a search goes on while it is typed.

use super::*;
use crate::domain::vocabulary::Tongue;
use crate::protocol::{Completion, UnknownValue, UnknownWord, ValueWanted};

/// Mila stands above in one competency and below in another, Budi as required, Cici is not
/// rated, and Dedi has reached more than his post requires.
fn office() -> Desk {
    let mut desk = Desk::new();
    let rows = vec![
        person_row("Mila", 1, &["Kota", "Kecamatan Plaju", "Kelurahan Plaju Ulu"], "Lurah"),
        person_row("Budi", 2, &["Kota", "Kecamatan Plaju"], "Kepala Seksi"),
        person_row("Cici", 3, &["Kota", "Kecamatan Gayungan"], "Kepala Seksi"),
        person_row("Dedi", 4, &["Kota", "Kecamatan Gayungan"], "Kepala Urusan"),
    ];
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    desk.rate_all(&[
        (1000, 1, 5, "2026-01-10"),
        (1000, 5, 1, "2025-03-10"),
        (1001, 1, 2, "2026-02-10"),
        (1001, 5, 2, "2024-02-10"),
        (1003, 5, 4, "2023-02-10"),
    ]);
    desk
}

#[test]
fn people_are_found_by_their_levels_jpm_category_and_years() {
    let mut desk = office();
    let cases: &[(&str, &[&str])] = &[
        ("m.5<std", &["Mila"]),
        ("M5<2", &["Mila"]),
        ("m.5>=std", &["Budi", "Dedi"]),
        ("m.5>=2", &["Budi", "Dedi"]),
        ("m.5=?", &["Cici"]),
        ("m.5<std,m.1<3", &["Budi", "Mila"]),
        ("!m.5<std", &["Budi", "Cici", "Dedi"]),
        ("belum-dinilai", &["Cici"]),
        ("!belum-dinilai", &["Budi", "Dedi", "Mila"]),
        ("jpm>100", &["Dedi", "Mila"]),
        ("jpm-tanpa-kelebihan<77,5", &["Mila"]),
        ("kategori:o", &["Budi", "Dedi", "Mila"]),
        ("kategori:ko,co", &[]),
        ("kategori:ms", &["Budi", "Dedi", "Mila"]),
        ("dinilai<2026", &["Dedi"]),
        ("dinilai:2026", &["Budi", "Mila"]),
        ("dinilai>=1-2-2026", &["Budi"]),
        ("unit:\"plaju ulu\",gayungan", &["Cici", "Dedi", "Mila"]),
        ("!unit:plaju kepala", &["Cici", "Dedi"]),
        ("m.5<", &["Budi", "Cici", "Dedi", "Mila"]),
        ("!jp<", &["Budi", "Cici", "Dedi", "Mila"]),
        ("tahun-pelatihan<2024", &["Budi", "Cici", "Dedi", "Mila"]),
    ];
    for (search, found) in cases {
        assert_eq!(desk.names(search), *found, "{search}");
    }
}

#[test]
fn people_are_found_and_sorted_by_age_and_the_year_they_retire() {
    let mut desk = Desk::new();
    for (name, serial, birth) in
        [("Ani", 1, "1969-05-17"), ("Beni", 2, "1990-01-01"), ("Cahya", 3, "1970-12-31")]
    {
        let birth_date = birth.parse().ok();
        desk.save(Employee { birth_date, ..employee(name, serial) });
    }
    desk.save(Employee { birth_date: None, ..employee("Dina", 4) });
    assert_eq!(desk.names("umur>55"), ["Ani"]);
    assert_eq!(desk.names("pensiun<2028"), ["Ani"]);
    assert_eq!(desk.names("pensiun<2030"), ["Ani", "Cahya"]);
    assert_eq!(desk.names("!pensiun<2030"), ["Beni", "Dina"]);
    let sorted = |desk: &mut Desk, column: &str| {
        let sort = vec![SortKey { column: column.into(), descending: false }];
        let columns = vec!["name".to_string(), column.to_string()];
        match desk.ask(Request::List(ListQuery {
            sort,
            columns,
            ..ListQuery::all(Kind::Employees)
        })) {
            Answer::Page(page) => page.rows.into_iter().map(|row| row.cells).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    let by_age = sorted(&mut desk, "age");
    let names: Vec<_> = by_age.iter().map(|cells| cells[0].clone()).collect();
    assert_eq!(names, ["Beni", "Cahya", "Ani", "Dina"].map(Value::text));
    let retires = sorted(&mut desk, "retires");
    assert_eq!(retires[0], [Value::text("Ani"), Value::date("2027-06-01".parse().ok())]);
}

#[test]
fn the_levels_of_a_competency_are_a_column_to_sort_by() {
    let mut desk = office();
    let sort = vec![SortKey { column: "m.5".into(), descending: true }];
    let columns = vec!["name".to_string(), "m.5".to_string()];
    let query = ListQuery { sort, columns, ..ListQuery::all(Kind::Employees) };
    let Answer::Page(page) = desk.ask(Request::List(query)) else { panic!("no page") };
    assert_eq!(page.columns, ["name", "m.5"]);
    let first: Vec<_> = page.rows.iter().map(|row| row.cells[0].clone()).collect();
    assert_eq!(first, ["Dedi", "Budi", "Mila", "Cici"].map(Value::text));
}

fn complete(desk: &mut Desk, kind: Kind, tongue: Tongue, text: &str) -> Completion {
    match desk.ask(Request::Complete { kind, tongue, text: text.into() }) {
        Answer::Completed(completion) => completion,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_search_is_completed_as_it_is_typed_and_a_word_that_is_no_name_is_told() {
    let mut desk = office();
    let mut complete = |text: &str| complete(&mut desk, Kind::Employees, Tongue::Indonesian, text);
    let words = |completion: Completion| completion.words;
    assert_eq!(words(complete("kat"))[0], "kategori:");
    assert_eq!(words(complete("mila m.5"))[0], "m.5<");
    // A name typed in full still wants its sign, and no column is offered twice.
    assert_eq!(words(complete("kategori")), ["kategori:"]);
    assert_eq!(words(complete("jp")), ["jp<", "jpm-tanpa-kelebihan<", "jpm<"]);
    assert_eq!(words(complete("m.5<"))[0], "m.5<std");
    assert_eq!(words(complete("unit:ga")), ["unit:\"Kecamatan Gayungan\""]);
    assert_eq!(words(complete("kategori:c")), ["kategori:co"]);
    assert_eq!(words(complete("bel"))[0], "belum-dinilai");
    let typed = complete("mila !jpm<80,bel");
    assert_eq!(
        (typed.from, typed.words),
        (13, vec!["belum-dinilai".to_string(), "below<".to_string()])
    );
    assert_eq!(
        complete("jmp<80").unknown,
        Some(UnknownWord { name: "jmp".into(), nearest: Some("jpm".into()), value: None })
    );
    assert_eq!(complete("mila").unknown, None);
}

#[test]
fn a_search_is_completed_in_the_words_of_the_screen() {
    let mut desk = office();
    let mut words = |tongue, text: &str| complete(&mut desk, Kind::Employees, tongue, text).words;
    assert_eq!(words(Tongue::English, "bel"), ["below<", "belum-dinilai"]);
    assert_eq!(words(Tongue::English, "ag"), ["age<"]);
    assert_eq!(words(Tongue::English, "status:a"), ["status:active"]);
    assert_eq!(words(Tongue::Indonesian, "status:a"), ["status:aktif"]);
    assert_eq!(words(Tongue::Indonesian, "um"), ["umur<"]);
}

#[test]
fn a_value_that_is_none_is_told_with_the_nearest_or_with_what_can_stand_there() {
    let mut desk = office();
    let mut unknown = |text: &str| {
        let word = complete(&mut desk, Kind::Employees, Tongue::Indonesian, text).unknown?;
        let UnknownValue { text, wants } = word.value?;
        Some((word.name, text, wants, word.nearest))
    };
    let (name, text, wants, nearest) = unknown("kategori:xx").expect("no category");
    assert_eq!((&*name, &*text, nearest), ("kategori", "xx", None));
    assert!(
        matches!(&wants, ValueWanted::Word(words) if words.contains(&"ko".into())),
        "{wants:?}"
    );
    assert_eq!(unknown("umur>x").expect("no age").2, ValueWanted::Figure);
    assert_eq!(unknown("pensiun<besok").expect("no day").2, ValueWanted::Day);
    assert_eq!(unknown("status:aktip").expect("no status").3.as_deref(), Some("aktif"));
    assert_eq!(unknown("jp<20 m.5<stt").expect("no level").3.as_deref(), Some("std"));
    assert_eq!(unknown("status:aktif,foo ").expect("no status").1, "foo");
    assert_eq!(unknown("unit:gayungen").expect("no unit").3.as_deref(), Some("gayungan"));
    // Half of one is none only once nothing more is typed.
    assert_eq!(unknown("status:akt"), None);
    assert!(unknown("status:akt ").is_some());
    assert_eq!(unknown("pensiun<203"), None);
    assert!(unknown("pensiun<203 ").is_some());
    for right in [
        "status:aktif,pindah m.5<std,m.5:? gol>=III/a kategori:ko jpm<77,5 belum-dinilai",
        "umur>55 pensiun<2030 dinilai:2026-03 jenis:pppk unit:\"kec. gayungan\" jabatan:kasi",
        "status:active kind=pns grade:iii dibatasi !status:pindah jp>=0 m.5=2 jenjang:pengawas",
    ] {
        assert_eq!(unknown(&format!("{right} ")), None, "{right}");
    }
}
