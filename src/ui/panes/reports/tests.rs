//! What an officer does with reports, from the key to the screen.

use super::*;
use crate::domain::column::Align;
use crate::domain::record::Kind;
use crate::domain::table::{
    Chart, ChartShape, ColumnKind, Legal, Shade, Sum, TableColumn, Tone, When,
};
use crate::domain::value::Value;
use crate::protocol::{
    CellExplanation, ListQuery, Opens, Param, ParamShape, Remark, SortKey, TableRow,
};
use crate::term::profile::{Color, GlyphSet};
use crate::ui::app::Deed;
use crate::ui::job::Job;
use crate::ui::panes;
use crate::ui::testing::{Desk, Office, Setup, info, today};

fn column(key: &str, kind: ColumnKind, align: Align, width: u16) -> TableColumn {
    TableColumn {
        key: key.into(),
        label: String::new(),
        kind,
        align,
        width,
        shown: true,
        personal: false,
        sum: Sum::Nothing,
        shades: Vec::new(),
        against: None,
    }
}

fn columns() -> Vec<TableColumn> {
    let few = Shade { when: When::Below(10), tone: Tone::Bad };
    vec![
        column("name", ColumnKind::Text, Align::Left, 0),
        TableColumn { shown: false, ..column("unit", ColumnKind::Text, Align::Left, 60) },
        TableColumn { shades: vec![few], ..column("people", ColumnKind::Whole, Align::Right, 8) },
    ]
}

fn param(name: &str, shape: ParamShape, default: &str) -> Param {
    Param { name: name.into(), shape, default: default.into(), required: false, only: None }
}

fn headcount() -> ReportInfo {
    ReportInfo {
        id: "headcount".into(),
        params: vec![
            param("unit", ParamShape::Unit, ""),
            param("by", ParamShape::Choice(vec!["unit".into(), "kind".into()]), "unit"),
            param("year", ParamShape::Year, ""),
            param("search", ParamShape::Text, ""),
        ],
        columns: columns(),
        legal: Vec::new(),
        chart: true,
        explains: true,
        begins: None,
    }
}

/// Rows 1 to `count`, each of so many people; every third leads to a list, the others to a
/// person of the same number.
fn table(query: &ReportQuery, count: u32) -> Answer {
    let descending = query.sort.first().is_some_and(|sort| sort.descending);
    let wanted = |number: &u32| query.search.is_empty() || number.to_string() == query.search;
    let mut numbers: Vec<u32> = (1..=count).filter(wanted).collect();
    if descending {
        numbers.reverse();
    }
    let row = |number: &u32| TableRow {
        id: (*number).into(),
        cells: vec![
            Value::text(format!("Baris {number}")),
            Value::text("Kelurahan"),
            Value::Whole((*number).into()),
        ],
        opens: Some(match number % 3 {
            0 => Opens::List(Box::new(ListQuery::all(Kind::Employees))),
            _ => Opens::Record(RecordId::new(Kind::Employees, *number)),
        }),
    };
    let anchor = query.anchor.and_then(|id| numbers.iter().position(|n| u64::from(*n) == id));
    let mut offset = query.offset as usize;
    if let Some(at) = anchor.filter(|at| !(offset..offset + query.limit as usize).contains(at)) {
        offset = at;
    }
    let rows = numbers.iter().skip(offset).take(query.limit as usize);
    Answer::Table(Box::new(Table {
        report: query.report.clone(),
        at: today(),
        params: vec![("by".into(), Value::choice("unit"))],
        matched: numbers.len() as u32,
        restricted: 2,
        offset: offset as u32,
        anchor: anchor.map(|at| at as u32),
        columns: columns(),
        rows: rows.map(row).collect(),
        foot_opens: Vec::new(),
        foot: Some(vec![
            Value::Empty,
            Value::Empty,
            Value::Whole(numbers.iter().map(|n| i64::from(*n)).sum()),
        ]),
        notes: vec![Remark::new("total")],
        legal: vec![Legal { basis: "PP 17/2020".into(), effective_from: None, verified: false }],
        chart: Some(Chart {
            only: None,
            shape: ChartShape::Bar,
            by: "name".into(),
            values: vec!["people".into()],
        }),
        totals: None,
    }))
}

fn office(count: u32) -> Office {
    Office::new()
        .with(
            Kind::Employees,
            2,
            r#"{"number":"198503152010012003","name":"Siti Aminah","kind":"PNS","status":"active"}"#,
        )
        .extra(move |request| match request {
            Request::Reports => Some(Answer::Reports(vec![headcount()])),
            Request::Report(query) => Some(table(query, count)),
            Request::ExplainCell { column, .. } => {
                let column = columns().into_iter().find(|it| it.key == *column)?;
                Some(Answer::CellExplained(Box::new(CellExplanation {
                    column,
                    value: Value::Whole(2),
                    lines: vec![(Remark::new("total"), None)],
                    legal: Vec::new(),
                })))
            }
            _ => None,
        })
}

fn desk_of(setup: Setup, count: u32) -> Desk {
    Desk::with(panes::all(), office(count), setup)
}

fn opened(count: u32) -> Desk {
    let mut desk = desk_of(Setup::default(), count);
    desk.press("g a enter");
    desk
}

fn queries(desk: &Desk) -> Vec<&ReportQuery> {
    desk.asked
        .iter()
        .filter_map(|request| match request {
            Request::Report(query) => Some(query),
            _ => None,
        })
        .collect()
}

#[test]
fn the_list_of_reports_comes_first_and_one_opens_with_its_foot_and_what_it_rests_on() {
    let mut desk = desk_of(Setup::default(), 5);
    desk.press("g a");
    let screen = desk.screen();
    assert!(screen.contains("Jumlah pegawai"), "{screen}");
    desk.press("enter");
    let screen = desk.screen();
    assert!(screen.contains("Jumlah pegawai | unit kerja"), "{screen}");
    assert!(desk.cursor_line().contains("[Baris 1"), "{screen}");
    assert!(screen.contains("1!!"), "too few stands out without colour: {screen}");
    assert!(screen.lines().any(|line| line.contains("Jumlah") && line.contains("15")), "{screen}");
    assert!(screen.contains("PP 17/2020") && screen.contains("belum"), "{screen}");
    assert!(screen.contains("Tanpa 2 pegawai"), "{screen}");
    desk.press("esc");
    assert!(desk.screen().contains("Laporan yang tersedia"), "{}", desk.screen());
}

#[test]
fn a_report_is_opened_by_its_name() {
    let mut desk = desk_of(Setup::default(), 5);
    desk.press(": 'jumlah pegawai' enter");
    assert!(desk.cursor_line().contains("Baris 1"), "{}", desk.screen());
}

#[test]
fn sorting_filtering_and_walking_keep_the_row() {
    let mut desk = opened(300);
    desk.press("end");
    assert!(desk.cursor_line().contains("Baris 300"), "{}", desk.screen());
    desk.press("s 'pegawai' enter");
    desk.press("s 'pegawai' enter");
    let sort = [SortKey { column: "people".into(), descending: true }];
    assert_eq!(queries(&desk).last().map(|query| &query.sort[..]), Some(&sort[..]));
    assert!(desk.cursor_line().contains("Baris 300"), "{}", desk.screen());
    desk.press("/ '17' enter");
    assert!(desk.cursor_line().contains("Baris 17"), "{}", desk.screen());
    desk.press("esc");
    assert!(desk.cursor_line().contains("Baris 300"), "{}", desk.screen());
}

#[test]
fn a_row_leads_to_its_record_and_esc_leads_back_to_it() {
    let mut desk = opened(5);
    desk.press("j enter");
    assert!(desk.screen().contains("[Pegawai"), "{}", desk.screen());
    desk.press("esc");
    assert!(desk.cursor_line().contains("Baris 2"), "{}", desk.screen());
    // A group leads to the list behind it, and from there on to a person and back.
    desk.press("j enter");
    assert!(desk.screen().contains("Siti Aminah"), "{}", desk.screen());
    desk.press("enter");
    assert!(desk.screen().contains("[Pegawai"), "{}", desk.screen());
    desk.press("esc");
    assert!(!desk.screen().contains("[Pegawai"), "{}", desk.screen());
    desk.press("esc");
    assert!(desk.cursor_line().contains("Baris 3"), "{}", desk.screen());
}

#[test]
fn a_change_elsewhere_is_shown_around_the_same_row() {
    let mut desk = opened(300);
    desk.press("end");
    let before = queries(&desk).len();
    let changed = Notice::Changed { seq: 9, ids: Vec::new(), many: true };
    desk.event(crate::protocol::Incoming::Notice(changed));
    let asked = queries(&desk);
    assert_eq!(asked.len(), before + 1, "once");
    assert_eq!(asked.last().and_then(|query| query.anchor), Some(300));
    assert!(desk.cursor_line().contains("Baris 300"), "{}", desk.screen());
}

#[test]
fn marks_are_people_marked_for_the_other_panes() {
    let mut desk = opened(5);
    desk.press("space");
    assert!(desk.cursor_line().contains("Baris 2"), "{}", desk.screen());
    assert!(desk.screen().contains("*1"), "{}", desk.screen());
    desk.press("V");
    assert!(desk.screen().contains("*4"), "one of five is a group: {}", desk.screen());
    desk.press("esc");
    assert!(!desk.screen().contains('*'), "{}", desk.screen());
    desk.press("j space");
    assert_eq!(desk.bottom(), "! Baris ini kelompok, bukan satu data");
}

#[test]
fn what_a_report_takes_is_set_in_a_small_form() {
    let mut desk = opened(5);
    desk.press("p");
    assert!(desk.screen().contains("Dikelompokkan menurut"), "{}", desk.screen());
    desk.press("right tab '20x6' ctrl-s");
    assert!(desk.screen().contains("bukan tahun"), "{}", desk.screen());
    desk.press("ctrl-u '2025' ctrl-s");
    let last = queries(&desk).last().copied().cloned().expect("a question");
    assert_eq!(last.year, Some(2025));
    assert_eq!(last.own, [("by".to_string(), "kind".to_string())]);
}

/// What a report takes only beside something else is said where it was typed.
#[test]
fn a_day_that_means_nothing_here_is_not_taken() {
    let day =
        Param { only: Some(("by".into(), "kind".into())), ..param("at", ParamShape::Date, "") };
    let info = ReportInfo { params: [headcount().params, vec![day]].concat(), ..headcount() };
    let office = Office::new().extra(move |request| match request {
        Request::Reports => Some(Answer::Reports(vec![info.clone()])),
        Request::Report(query) => Some(table(query, 5)),
        _ => None,
    });
    let mut desk = Desk::new(panes::all(), office);
    desk.press("g a enter p tab tab '1 jan 2027' ctrl-s");
    let screen = desk.screen();
    assert!(screen.contains("! Hanya dipakai dengan \"Dikelompokkan menurut: jenis"), "{screen}");
    desk.press("shift-tab shift-tab right ctrl-s");
    let last = queries(&desk).last().copied().cloned().expect("a question");
    assert_eq!(last.at, "2027-01-01".parse().ok());
}

#[test]
fn a_figure_is_explained() {
    let mut desk = opened(5);
    desk.press("right =");
    let screen = desk.screen();
    assert!(screen.contains("Pegawai: 2") && screen.contains("Baris 1"), "{screen}");
    desk.press("esc");
    assert!(desk.cursor_line().contains("Baris 1"));
}

#[test]
fn bars_are_drawn_with_their_figures_on_every_terminal() {
    let mut desk = opened(5);
    desk.press("b");
    let screen = desk.screen();
    assert!(
        screen.lines().any(
            |line| line.contains("Baris 5") && line.contains("##### 5") || line.contains("# 5")
        ),
        "{screen}"
    );
    assert!(screen.is_ascii(), "{screen}");
    desk.press("b");
    assert!(desk.cursor_line().contains("[Baris 1"), "{}", desk.screen());
}

#[test]
fn it_is_exported_as_it_stands_and_printed_whole() {
    let mut desk = opened(300);
    desk.press("/ '17' enter w");
    assert!(desk.screen().contains("jumlah-pegawai-2026-11-22.xlsx"), "{}", desk.screen());
    desk.press("enter");
    let exported = desk.deeds.iter().find_map(|deed| match deed {
        Deed::Job(_, Job::Export(job)) => Some(job.what.clone()),
        _ => None,
    });
    let Some(Export::Report(query, ..)) = exported else { panic!("{exported:?}") };
    assert_eq!((query.report.as_str(), query.search.as_str()), ("headcount", "17"));
    let mut desk = opened(300);
    desk.press("P G");
    let screen = desk.screen();
    assert!(screen.contains("45150") || screen.contains("45.150"), "the foot: {screen}");
    desk.press("g g");
    let screen = desk.screen();
    for said in ["JUMLAH PEGAWAI", "Dicetak 22 Nov 2026", "Kecamatan Plaju", "PP 17/2020", "1!!"] {
        assert!(screen.contains(said), "{said}: {screen}");
    }
    // Paper leaves the office as a file does.
    assert!(queries(&desk).last().is_some_and(|query| query.export));
    let mut desk = opened(5);
    desk.press("w ctrl-u 'laporan.txt' enter");
    let path = desk.deeds.iter().find_map(|deed| match deed {
        Deed::Job(_, Job::Export(job)) => Some(job.path.clone()),
        _ => None,
    });
    assert_eq!(path, Some("laporan.txt".into()));
}

#[test]
fn what_means_nothing_here_says_why() {
    let mut desk = opened(5);
    desk.press("a");
    assert!(desk.bottom().starts_with("! Laporan dihitung dari data"), "{}", desk.bottom());
    desk.press("esc /");
    assert_eq!(desk.bottom(), "! Buka dahulu sebuah laporan");
}

#[test]
fn an_office_that_refuses_says_so_in_the_pane() {
    let office = Office::new().extra(|request| match request {
        Request::Reports => Some(Answer::Reports(vec![headcount()])),
        Request::Report(_) => Some(Answer::Refused(crate::protocol::Problem::NotFound)),
        _ => None,
    });
    let mut desk = Desk::new(panes::all(), office);
    desk.press("g a enter esc enter");
    let said = crate::i18n::problem(&crate::protocol::Problem::NotFound);
    assert!(desk.screen().matches(said.as_str()).count() >= 1, "{}", desk.screen());
}

#[test]
fn no_size_breaks_it_and_a_wide_screen_shows_more() {
    for (width, height) in [(0, 0), (1, 1), (20, 5), (60, 15), (80, 24), (200, 60)] {
        let mut desk = desk_of(Setup { size: (width, height), ..Setup::default() }, 300);
        desk.press("g a enter end b b right = esc P esc p esc /");
        desk.resize(80, 24);
        desk.resize(width, height);
        desk.screen();
    }
    let mut desk = opened(5);
    assert!(!desk.screen().contains("Kelurahan"), "{}", desk.screen());
    desk.resize(120, 30);
    assert!(desk.screen().contains("Kelurahan"), "{}", desk.screen());
    desk.resize(60, 15);
    assert!(desk.cursor_line().contains("Baris 1") && desk.screen().contains("1!!"));
}

#[test]
fn a_terminal_with_colours_and_lines_shows_half_cells() {
    let setup = Setup { color: Color::Indexed, glyphs: GlyphSet::Unicode, ..Setup::default() };
    let mut desk = desk_of(setup, 5);
    desk.press("g a enter b");
    assert!(desk.screen().contains('█'), "{}", desk.screen());
}

#[test]
fn an_auditor_has_no_reports() {
    let mut info = info();
    info.role = crate::domain::kinds::officer::Role::Auditor;
    let mut desk = desk_of(Setup { info, ..Setup::default() }, 5);
    desk.press("g a");
    assert_eq!(desk.bottom(), "! Halaman ini bukan untuk peran Anda");
}
