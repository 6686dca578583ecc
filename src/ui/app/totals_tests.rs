//! The totals of reports in the example office: the cursor goes below the last row, and Enter
//! there opens those who are counted or says that nothing is behind it.

use crate::domain::record::Kind;
use crate::protocol::{Answer, ListQuery, Opens, ReportQuery, Request, Table};
use crate::ui::app::testing::Town;

fn table(town: &Town, id: &str) -> Option<Table> {
    let asked = ReportQuery { limit: 500, ..ReportQuery::of(id) };
    match town.ask(Request::Report(asked)) {
        Answer::Table(table) => Some(*table),
        _ => None,
    }
}

fn count(town: &Town, query: &ListQuery) -> u32 {
    match town.ask(Request::List(query.clone())) {
        Answer::Page(page) => page.matched,
        other => panic!("{other:?}"),
    }
}

fn total(table: &Table, key: &str) -> (i64, Opens) {
    let at = table.columns.iter().position(|column| column.key == key).expect("the column");
    let foot = table.foot.as_ref().expect("a foot");
    let crate::domain::value::Value::Whole(sum) = foot[at] else { panic!("{foot:?}") };
    (sum, table.foot_opens[at].clone().expect("a list behind it"))
}

#[test]
fn a_total_of_people_leads_to_as_many_people() {
    let town = Town::new();
    for (report, key) in [("headcount", "people"), ("heatmap", "people"), ("heatmap", "M.5")] {
        let table = table(&town, report).expect("a table");
        let (sum, opens) = total(&table, key);
        let Opens::List(query) = opens else { panic!("{opens:?}") };
        assert_eq!(
            (query.kind, i64::from(count(&town, &query))),
            (Kind::Employees, sum),
            "{report}"
        );
    }
    // Here each of them counts for more than one.
    let table = table(&town, "gap").expect("a table");
    let (sum, opens) = total(&table, "below");
    let Opens::List(query) = opens else { panic!("{opens:?}") };
    let people = i64::from(count(&town, &query));
    assert!(0 < people && people <= sum, "{people} {sum}");
}

/// Wherever there is a total, of whichever report: by its own definition, or in plain words.
#[test]
fn enter_on_any_total_opens_those_counted_or_says_that_there_is_no_list() {
    let town = Town::new();
    let Answer::Reports(reports) = town.ask(Request::Reports) else { panic!("reports") };
    let mut seen = 0;
    for (at, info) in reports.iter().enumerate() {
        let Some(table) = table(&town, &info.id) else { continue };
        if table.foot.is_none() || table.matched == 0 {
            continue;
        }
        let mut desk = town.working((120, 40));
        desk.press(&format!("g a{} enter G j", " j".repeat(at)));
        seen += 1;
        let mut leads = 0;
        for column in &table.columns {
            let line = desk.cursor_line();
            assert!(line.contains("Jumlah"), "{} {}: {}", info.id, column.key, desk.screen());
            desk.press("enter");
            let screen = desk.screen();
            if !screen.contains("tidak ada daftar lain") {
                assert!(desk.cursor_line() != line, "{} {}: {screen}", info.id, column.key);
                leads += 1;
                desk.press("esc");
            }
            desk.press("right");
        }
        let led = table.foot_opens.iter().any(Option::is_some);
        assert_eq!(led, leads > 0, "{}", info.id);
        // It is no row: nothing is explained, begun or marked there, and up leads back.
        desk.press("=");
        assert!(desk.cursor_line().contains("Jumlah"), "{}", desk.screen());
        desk.press("up");
        assert!(!desk.cursor_line().contains("Jumlah"), "{}", desk.screen());
    }
    assert!(seen > 8, "{seen}");
}
