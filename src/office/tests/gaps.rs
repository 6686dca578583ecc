//! What reports say of gaps: honest figures, the grounds of a number, who fits a post, units
//! against competencies, and what a unit would lose.

use super::*;
use crate::domain::record::UnitId;
use crate::protocol::{Opens, ReportQuery, Table};

/// Mila is far above in two and two short in a third, as the standard of an administrator
/// is 3; Budi is as required; Cici is not rated.
fn office() -> Desk {
    let mut desk = Desk::new();
    let rows = vec![
        person_row("Mila", 1, &["Kota", "Kecamatan Plaju"], "Camat"),
        person_row("Budi", 2, &["Kota", "Kecamatan Plaju"], "Kepala Seksi"),
        person_row("Cici", 3, &["Kota", "Kecamatan Gayungan"], "Kepala Seksi"),
    ];
    desk.import(Intake::Employees, PEOPLE_COLUMNS, rows);
    // The rows of a file say the eselon of a lurah.
    let Answer::Page(posts) = desk.ask(Request::List(ListQuery::all(Kind::Positions))) else {
        panic!("no posts")
    };
    for post in posts.rows {
        saved(desk.change(RecordId::new(Kind::Positions, post.number), |record| {
            let Record::Position(post) = record else { panic!("a post") };
            if post.title == "Camat" {
                post.eselon = "III.a".into();
            }
        }));
    }
    desk.rate_all(&[
        (1000, 1, 5, "2026-01-10"),
        (1000, 2, 5, "2026-01-10"),
        (1000, 3, 1, "2026-01-10"),
        (1001, 1, 2, "2026-02-10"),
        (1001, 2, 2, "2026-02-10"),
    ]);
    desk
}

fn asked(id: &str, own: &[(&str, &str)]) -> ReportQuery {
    let own = own.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    ReportQuery { own, ..ReportQuery::of(id) }
}

impl Desk {
    fn table(&mut self, query: ReportQuery) -> Table {
        match self.ask(Request::Report(query)) {
            Answer::Table(table) => *table,
            other => panic!("{other:?}"),
        }
    }
}

impl Desk {
    fn unit_of(&mut self, person: u32) -> Option<UnitId> {
        match self.ask(Request::Get(RecordId::new(Kind::Employees, person))) {
            Answer::Record(Some(stored)) => match stored.record {
                Record::Employee(person) => person.unit,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }
}

fn column(table: &Table, key: &str) -> Vec<Value> {
    let at = table.columns.iter().position(|column| column.key == key).expect("a column");
    table.rows.iter().map(|row| row.cells[at].clone()).collect()
}

#[test]
fn a_surplus_hides_no_deficit_and_both_categories_stand_side_by_side() {
    let mut desk = office();
    let table = desk.table(asked("gap", &[]));
    let keys: Vec<&str> = table.columns.iter().map(|column| column.key.as_str()).collect();
    assert_eq!(
        keys.join(","),
        "nip,name,unit,position,jpm,jpm_capped,ikk,ikk_class,category,category_capped,below,worst_gap"
    );
    // By name: Budi, Cici, Mila.
    let mila: Vec<Value> = table.rows[2].cells[4..].to_vec();
    let expected = [
        Value::Hundredths(12_222),
        Value::Hundredths(7_778),
        Value::Hundredths(0),
        Value::choice("none"),
        Value::choice("O"),
        Value::choice("KO"),
        Value::Whole(1),
        Value::Whole(-2),
    ];
    assert_eq!(mila, expected);
    assert!(table.rows[1].cells[4..].iter().all(Value::is_empty), "nobody has rated Cici");
    assert!(table.legal.iter().all(|legal| !legal.verified), "said on every sheet");
    let filling = desk.table(asked("gap", &[("purpose", "filling")]));
    assert_eq!(column(&filling, "category")[2], Value::choice("MS"));
    assert_eq!(column(&filling, "category_capped")[2], Value::choice("MMS"));
}

#[test]
fn a_gap_is_told_against_a_post_that_is_aimed_at() {
    let mut desk = office();
    let own = column(&desk.table(asked("gap", &[])), "jpm");
    let camat = desk.table(asked("gap", &[("position", " camat ")]));
    assert_eq!(own[0], Value::Hundredths(10_000));
    assert_eq!(column(&camat, "jpm")[0], Value::Hundredths(6_667));
    assert_eq!(column(&camat, "ikk_class")[0], Value::choice("medium"));
    for (report, title) in [("gap", "Tidak ada"), ("fit", "Tidak ada"), ("fit", "")] {
        let refused = refused(desk.ask(Request::Report(asked(report, &[("position", title)]))));
        let Problem::Invalid(faults) = refused else { panic!("{refused:?}") };
        assert_eq!(faults[0].1.field, "position", "{report} {title}");
    }
}

#[test]
fn every_figure_says_what_it_rests_on() {
    let mut desk = office();
    let row = desk.table(asked("gap", &[])).rows[2].id;
    for (report, column) in [("gap", "jpm"), ("matrix", "jpm_capped"), ("matrix", "M.3 actual")] {
        let query = asked(report, &[]);
        let answer = desk.ask(Request::ExplainCell { query, row, column: column.into() });
        let Answer::CellExplained(told) = answer else { panic!("{answer:?}") };
        let codes: Vec<&str> = told.lines.iter().map(|(said, _)| said.code.as_str()).collect();
        assert!(codes.contains(&"ground_rated"), "{codes:?}");
        assert!(codes.contains(&"ground_required_unverified"), "{codes:?}");
        assert_eq!(codes.contains(&"ground_jpm"), column != "M.3 actual", "{codes:?}");
        let leads = told.lines.iter().any(|(_, id)| id.is_some_and(|id| id.kind == Kind::Ratings));
        assert!(leads, "{column}");
    }
}

#[test]
fn who_fits_a_post_is_ranked_by_what_they_lack_and_the_unrated_come_last() {
    let mut desk = office();
    let table = desk.table(asked("fit", &[("position", "Kepala Seksi")]));
    assert_eq!(column(&table, "name"), [Value::text("Mila")], "its holders are no candidates");
    let table = desk.table(asked("fit", &[("position", "Camat")]));
    assert_eq!(column(&table, "name"), [Value::text("Budi"), Value::text("Cici")]);
    assert_eq!(column(&table, "lacks")[0], Value::text("M.1 -1, M.2 -1"));
    assert_eq!(column(&table, "below"), [Value::Whole(2), Value::Empty]);
}

#[test]
fn the_heatmap_counts_what_its_search_finds() {
    let mut desk = office();
    let table = desk.table(asked("heatmap", &[]));
    for row in &table.rows {
        let Some(Opens::List(list)) = row.opens.clone() else { panic!("a door") };
        for (column, cell) in table.columns.iter().zip(&row.cells).skip(6) {
            let search = format!("{} {}<std", list.search, column.key.to_lowercase());
            let found = desk.names(&search).len() as i64;
            assert_eq!(if cell.is_empty() { 0 } else { found }, found, "{search}");
            assert!(cell.is_empty() || *cell == Value::Whole(found), "{search}: {cell:?}");
        }
        assert_eq!(row.cells[1], Value::Whole(desk.names(&list.search).len() as i64));
    }
    assert_eq!(table.rows.len(), 2);
}

#[test]
fn what_one_person_alone_knows_is_told_before_they_retire() {
    let mut desk = office();
    let budi = RecordId::new(Kind::Employees, 1001);
    saved(desk.change(budi, |record| {
        let Record::Employee(person) = record else { panic!("a person") };
        person.birth_date = "1970-05-17".parse().ok();
    }));
    let plaju = desk.unit_of(1001);
    let of_plaju =
        |own: &[(&str, &str)]| ReportQuery { unit: plaju, ..asked("knowledge-loss", own) };
    let table = desk.table(of_plaju(&[("holders", "1"), ("years", "2")]));
    let of = |table: &Table, code: &str| {
        let at = column(table, "code").iter().position(|cell| *cell == Value::text(code));
        table.rows[at.expect("a row")].clone()
    };
    assert!(!column(&table, "code").contains(&Value::text("M.1")), "two of Plaju hold M.1");
    let row = of(&table, "M.3");
    assert_eq!(row.cells[4..7], [Value::Whole(0), Value::Whole(0), Value::Whole(0)]);
    let all = desk.table(of_plaju(&[("years", "2")]));
    let row = of(&all, "M.1");
    assert_eq!(row.cells[3..7], [2, 2, 1, 1].map(Value::Whole));
    let asked = Request::ExplainCell {
        query: of_plaju(&[("years", "2")]),
        row: row.id,
        column: "retiring".into(),
    };
    let Answer::CellExplained(told) = desk.ask(asked) else { panic!("no grounds") };
    assert_eq!(told.lines.len(), 2);
}

/// Archived, it is offered for no new rating, and what was written of it is still reported.
#[test]
fn an_archived_competency_is_offered_for_nothing_and_stands_in_old_reports() {
    let mut desk = office();
    let offered = |desk: &mut Desk| {
        let (kind, text) = (Kind::Competencies, "M.1".to_string());
        match desk.ask(Request::Lookup { kind, text, limit: 9 }) {
            Answer::Hits(hits) => hits.iter().any(|hit| hit.id.number == 1),
            other => panic!("{other:?}"),
        }
    };
    assert!(offered(&mut desk));
    saved(desk.change(RecordId::new(Kind::Competencies, 1), |record| {
        let Record::Competency(competency) = record else { panic!("a competency") };
        competency.archived = true;
        competency.archived_on = "2026-11-20".parse().ok();
    }));
    assert!(!offered(&mut desk));
    let at = "2026-03-01".parse().ok();
    let then = desk.table(ReportQuery { at, ..asked("matrix", &[]) });
    assert_eq!(column(&then, "M.1 actual")[0], Value::Whole(2));
    let today = desk.table(asked("matrix", &[]));
    assert!(today.columns.iter().all(|column| column.key != "M.1 actual"));
}
