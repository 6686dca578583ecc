//! The matrix by units: every sum is what its search finds, on every page, for whoever asks.

use super::*;
use crate::domain::gap::Figures;
use crate::protocol::{Matrix, MatrixQuery};

fn matrix(desk: &mut Desk, query: MatrixQuery) -> Matrix {
    match desk.ask(Request::Matrix(query)) {
        Answer::Matrix(matrix) => *matrix,
        other => panic!("{other:?}"),
    }
}

fn grouped(search: &str, offset: u32, limit: u32) -> MatrixQuery {
    let search = search.into();
    MatrixQuery { grouped: true, search, offset, limit, ..MatrixQuery::default() }
}

/// Each sum beside what its search finds, and each page beside the whole.
fn sums_agree(desk: &mut Desk, search: &str) -> Matrix {
    let all = matrix(desk, grouped(search, 0, 99));
    assert_eq!(all.groups.iter().map(|group| group.people).sum::<u32>(), all.matched);
    assert_eq!(all.lines, all.matched + all.groups.len() as u32);
    for group in &all.groups {
        let unit = match &*group.name {
            "Kecamatan Plaju" => "Kecamatan Plaju".to_string(),
            name => format!("Kecamatan Plaju / {name}"),
        };
        let mine = format!("{search} unit=\"{unit}\" status:aktif");
        assert_eq!(group.people as usize, desk.names(&mine).len(), "{mine}");
        for (below, one) in group.below.iter().zip(&all.competencies) {
            let mine = format!("{mine} {}<std", one.code);
            assert_eq!(*below as usize, desk.names(&mine).len(), "{mine}");
        }
        let from = (group.line
            - all.groups.iter().filter(|one| one.line < group.line).count() as u32)
            as usize;
        let people = &all.rows[from..from + group.people as usize];
        assert_eq!(group.figures, Figures::sum(people.iter().map(|row| &row.figures)));
    }
    for offset in 0..all.lines {
        for limit in 1..4 {
            let page = matrix(desk, grouped(search, offset, limit));
            let end = (offset + limit).min(all.lines);
            let inside = |line: u32| (offset..end).contains(&line);
            let here = all.groups.iter().filter(|group| inside(group.line));
            assert!(page.groups.iter().eq(here), "{offset} {limit}");
            assert_eq!(page.rows.len() + page.groups.len(), (end - offset) as usize);
        }
    }
    for row in &all.rows {
        let anchor = Some(row.employee.0);
        let page = matrix(desk, MatrixQuery { anchor, ..grouped(search, 0, 1) });
        assert!(page.rows.iter().chain(&page.rows).any(|one| one.employee == row.employee));
        assert!(page.anchor.is_some_and(|line| line >= page.offset));
    }
    all
}

fn town() -> Desk {
    let mut desk = Desk::new();
    let office: &[&str] = &["Kecamatan Plaju"];
    let ulu: &[&str] = &["Kecamatan Plaju", "Kelurahan Plaju Ulu"];
    let ilir: &[&str] = &["Kecamatan Plaju", "Kelurahan Plaju Ilir"];
    let rows = vec![
        person_row("Ani", 1, ulu, "Kepala Seksi"),
        person_row("Budi", 2, office, "Lurah"),
        person_row("Cici", 3, ilir, "Kepala Seksi"),
        person_row("Dedi", 4, ulu, "Lurah"),
        person_row("Eka", 5, ilir, "Kepala Seksi"),
    ];
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    desk.rate_all(&[
        (1000, 1, 1, "2026-01-10"),
        (1001, 5, 1, "2026-03-10"),
        (1002, 5, 1, "2026-03-10"),
        (1003, 5, 2, "2024-02-10"),
        (1003, 8, 5, "2024-02-10"),
    ]);
    desk
}

#[test]
fn every_sum_of_a_unit_is_what_its_search_finds_whatever_is_asked() {
    let mut desk = town();
    let all = sums_agree(&mut desk, "");
    let names: Vec<&str> = all.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!(names, ["Kecamatan Plaju", "Kelurahan Plaju Ilir", "Kelurahan Plaju Ulu"]);
    let people: Vec<&str> = all.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(people, ["Budi", "Cici", "Eka", "Ani", "Dedi"]);
    assert_eq!(sums_agree(&mut desk, "m.5<std").groups.len(), 2);
    assert!(sums_agree(&mut desk, "tidak-ada").groups.is_empty());
    saved(desk.rate(RecordId::new(Kind::Employees, 1002), 5, 4, "2026-04-10"));
    sums_agree(&mut desk, "");
    // Of another day the ratings themselves are read; then as of today there is the same.
    let at = "2026-01-31".parse().ok();
    let then = matrix(&mut desk, MatrixQuery { at, ..grouped("", 0, 99) });
    assert_eq!(then.groups.iter().map(|group| group.figures.rated).sum::<u32>(), 3);
    let one = matrix(&mut desk, MatrixQuery { grouped: false, ..grouped("", 0, 99) });
    let sum = matrix(&mut desk, grouped("", 0, 99));
    assert_eq!((one.figures, one.column_figures), (sum.figures, sum.column_figures));
    assert_eq!((one.lines, one.groups.len()), (one.matched, 0));
}
