//! What reports say of gaps: honest figures, the grounds of a number, who fits a post, units
//! against competencies, and what a unit would lose.

use super::*;
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::kinds::mentor::Mentor;
use crate::domain::kinds::rule::ReferenceTable;
use crate::domain::record::{PositionId, UnitId};
use crate::protocol::{Opens, ReportQuery, Table};

/// Mila is far above in two and two short in a third, as the standard of an administrator
/// is 3; Budi is as required; Cici is not rated.
pub(super) fn office() -> Desk {
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

pub(super) fn asked(id: &str, own: &[(&str, &str)]) -> ReportQuery {
    let own = own.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    ReportQuery { own, ..ReportQuery::of(id) }
}

impl Desk {
    pub(super) fn table(&mut self, query: ReportQuery) -> Table {
        match self.ask(Request::Report(query)) {
            Answer::Table(table) => *table,
            other => panic!("{other:?}"),
        }
    }
}

impl Desk {
    pub(super) fn post(&mut self, title: &str) -> PositionId {
        match self.ask(Request::Find(Kind::Positions, title.into())) {
            Answer::Record(Some(stored)) => PositionId(stored.id.number),
            other => panic!("{other:?}"),
        }
    }

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

pub(super) fn column(table: &Table, key: &str) -> Vec<Value> {
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
    assert_eq!(row.cells[4..7], [0, 0, 0].map(Value::Whole));
    let all = desk.table(of_plaju(&[("years", "2")]));
    let row = of(&all, "M.1");
    assert_eq!(row.cells[3..8], [2, 2, 1, 0, 1].map(Value::Whole));
    let asked = Request::ExplainCell {
        query: of_plaju(&[("years", "2")]),
        row: row.id,
        column: "retiring".into(),
    };
    let Answer::CellExplained(told) = desk.ask(asked) else { panic!("no grounds") };
    let holders = told.lines.iter().filter(|(said, _)| said.code.starts_with("holder"));
    assert_eq!(holders.count(), 2);
}

#[test]
fn the_offices_own_bands_count_from_their_day_are_told_with_the_figure_and_go_with_one_undo() {
    let mut desk = office();
    let filling =
        |at: &str| ReportQuery { at: at.parse().ok(), ..asked("gap", &[("purpose", "filling")]) };
    let today = "2026-11-21";
    let before = desk.table(filling(today));
    let bands = ReferenceTable {
        table: "categories".into(),
        figures: "filling.MS = 85\nfilling.MMS = 78".into(),
        effective_from: "2026-03-01".parse().ok(),
        legal_basis: "Peraturan Wali Kota 1/2026".into(),
        verified: true,
    };
    let kept =
        ReferenceTable { figures: "filling.MS = 78 filling.MMS = 78".into(), ..bands.clone() };
    let step = desk.step();
    let draft = DraftRecord { id: None, base: Revision(0), record: kept.into() };
    let answer = desk.ask(Request::Save(Save { step, drafts: vec![draft] }));
    let Problem::Invalid(faults) = refused(answer) else { panic!("kept") };
    assert_eq!((&*faults[0].1.field, faults[0].1.reason), ("figures", Reason::FigureRange));
    desk.save(bands);
    // 77.78 is MMS by the bands that ship, and KMS by these.
    for (at, category, basis) in [
        ("2026-02-28", "MMS", "Peraturan BKN 26/2019"),
        (today, "KMS", "Peraturan Wali Kota 1/2026"),
    ] {
        let table = desk.table(filling(at));
        assert_eq!(column(&table, "category_capped")[2], Value::choice(category), "{at}");
        assert!(table.legal[0].basis.starts_with(basis), "{:?}", table.legal);
        let (row, column) = (table.rows[2].id, "category_capped".into());
        let Answer::CellExplained(told) =
            desk.ask(Request::ExplainCell { query: filling(at), row, column })
        else {
            panic!("no grounds")
        };
        assert!(told.legal[0].basis.starts_with(basis), "{:?}", told.legal);
        let rules = told.lines.iter().filter(|(said, _)| said.code == "ground_rule");
        assert!(rules.clone().all(|(_, id)| id.is_some_and(|id| id.kind == Kind::Rules)));
        assert_eq!(rules.count(), 2, "of categories and of classes");
    }
    saved(desk.undo());
    assert_eq!(desk.table(filling(today)), before);
}

#[test]
fn a_floor_of_the_offices_own_counts_in_every_standing() {
    let mut desk = office();
    let missing = |desk: &mut Desk| column(&desk.table(asked("jp", &[])), "missing");
    assert_eq!(missing(&mut desk), [20, 20, 20].map(Value::Whole));
    let home = |desk: &mut Desk| match desk.ask(Request::Home { unit: None }) {
        Answer::Home(home) => {
            home.tasks.iter().any(|task| task.with.contains(&("floor".into(), Value::Whole(24))))
        }
        other => panic!("{other:?}"),
    };
    assert!(!home(&mut desk));
    desk.save(ReferenceTable {
        table: "jp_quota".into(),
        figures: "pns_floor = 24".into(),
        legal_basis: "Peraturan Wali Kota 2/2026".into(),
        ..ReferenceTable::default()
    });
    assert_eq!(missing(&mut desk), [24, 24, 24].map(Value::Whole));
    assert!(home(&mut desk));
}

#[test]
fn what_if_they_did_an_activity_is_told_and_nothing_is_written_down() {
    let mut desk = office();
    let own = [("activity", "KL03"), ("jp", "20"), ("cost", "1500000"), ("raises", "M.3")];
    let seq = desk.office.as_ref().expect("an office").state.store.applied().seq;
    let table = desk.table(asked("whatif", &own));
    let of = |key: &str| column(&table, key)[2].clone();
    assert_eq!((of("jp"), of("jp_then")), (Value::Whole(0), Value::Whole(20)));
    // 11 of 9, then 13 of 9, as the third goes from 1 to the standard of 3.
    assert_eq!(of("jpm"), Value::Hundredths(12_222));
    assert_eq!(of("jpm_then"), Value::Hundredths(14_444));
    // A post of the managers: 15 of technical training, and 5 of a clean record before.
    assert_eq!((of("ipasn"), of("ipasn_then")), (Value::Hundredths(500), Value::Hundredths(2_000)));
    let foot = table.foot.clone().expect("a foot");
    assert_eq!(foot.last(), Some(&Value::Whole(4_500_000)));
    assert_eq!(desk.office.as_ref().expect("an office").state.store.applied().seq, seq);
    let again = desk.table(asked("gap", &[]));
    assert_eq!(column(&again, "jpm")[2], Value::Hundredths(12_222));
    let short = desk.table(asked("whatif", &[("activity", "KL03"), ("jp", "19")]));
    assert_eq!(column(&short, "ipasn_then")[2], Value::Hundredths(500), "under twenty JP");
}

#[test]
fn a_row_of_gaps_is_the_beginning_of_a_line_of_that_persons_plan() {
    let mut desk = office();
    let rows = desk.table(asked("gap", &[])).rows;
    let begun = |desk: &mut Desk, row: u64| match desk
        .ask(Request::Begin { query: asked("gap", &[]), row })
    {
        Answer::Begun(begun) => begun.map(|record| *record),
        other => panic!("{other:?}"),
    };
    // The third, who is two short in one, by the number of their record.
    let Some(Record::IdpLine(line)) = begun(&mut desk, rows[2].id) else { panic!("no line") };
    assert_eq!((line.employee, line.competency), (EmployeeId(1000), CompetencyId(3)));
    assert_eq!((line.gap, line.year), (Some(-2), 2026));
    assert_eq!(begun(&mut desk, rows[0].id), None, "nothing is lacking");
    assert_eq!(begun(&mut desk, u64::MAX), None, "there is no such row");
    let Answer::Begun(None) = desk.ask(Request::Begin { query: asked("headcount", &[]), row: 1 })
    else {
        panic!("of a group there is nothing to begin")
    };
}

#[test]
fn several_activities_of_marked_people_are_tried_at_once_and_an_unknown_one_is_named() {
    let mut desk = office();
    desk.save(Programme {
        name: "Pelayanan Prima".into(),
        r#type: "KL10".into(),
        jp: Some(8),
        competency: Some(CompetencyId(3)),
        target_level: Level::new(2),
        ..Programme::default()
    });
    let third = desk.table(asked("gap", &[])).rows[2].id.to_string();
    let activities = "KL03 = 1.500.000; pelayanan prima";
    let own = [("people", &*third), ("activity", activities), ("jp", "20"), ("cost", "100000")];
    let table = desk.table(asked("whatif", &own));
    assert_eq!(table.rows.len(), 1, "nobody but whoever is marked");
    let of = |key: &str| column(&table, key)[0].clone();
    // What the programme says of itself counts before what is asked for beside it.
    assert_eq!(of("jp_then"), Value::Whole(28));
    assert_eq!(of("cost"), Value::Whole(1_600_000));
    // 11 of 9, then 12 of 9, as the programme brings the third from 1 to 2.
    assert_eq!((of("jpm"), of("jpm_then")), (Value::Hundredths(12_222), Value::Hundredths(13_333)));
    let query = asked("whatif", &own);
    let row = table.rows[0].id;
    let asked_of = Request::ExplainCell { query, row, column: "jpm_then".into() };
    let Answer::CellExplained(told) = desk.ask(asked_of) else { panic!("no grounds") };
    let said: Vec<&str> = told.lines.iter().map(|(remark, _)| remark.code.as_str()).collect();
    assert_eq!(said[..4], ["of_activity", "of_activity", "of_competency", "of_level"]);

    for (name, value, reason) in [
        ("activity", "Pelatihan Yang Tidak Ada", Reason::UnknownReference),
        ("activity", "KL03 = banyak", Reason::NotANumber),
        ("activity", ";", Reason::OutOfRange),
        ("people", "199001012015012999", Reason::UnknownReference),
    ] {
        let answer = desk.ask(Request::Report(asked("whatif", &[(name, value)])));
        let Answer::Refused(Problem::Invalid(faults)) = answer else { panic!("{answer:?}") };
        assert_eq!((&*faults[0].1.field, faults[0].1.reason), (name, reason), "{value}");
    }
}

#[test]
fn whoever_is_prepared_for_another_post_is_told_of_before_they_move() {
    let mut desk = office();
    let post = desk.post("Camat");
    desk.save(IdpLine {
        employee: EmployeeId(1001),
        year: 2027,
        competency: CompetencyId(1),
        position: Some(post),
        activity: "KL10".into(),
        ..IdpLine::default()
    });
    let unit = desk.unit_of(1001);
    let mut row = |years: &str| {
        let query = ReportQuery { unit, ..asked("knowledge-loss", &[("years", years)]) };
        let table = desk.table(query.clone());
        let at = column(&table, "code").iter().position(|cell| *cell == Value::text("M.1"));
        let row = table.rows[at.expect("a row")].clone();
        let asked = Request::ExplainCell { query, row: row.id, column: "moving".into() };
        let Answer::CellExplained(told) = desk.ask(asked) else { panic!("no grounds") };
        let moves = told.lines.iter().any(|(said, _)| said.code == "holder_moves");
        (row.cells[5..8].to_vec(), moves)
    };
    assert_eq!(row("2"), ([0, 1, 1].map(Value::Whole).to_vec(), true));
    assert_eq!(row("0").0, [0, 0, 2].map(Value::Whole), "the year after is not this year");
}

#[test]
fn the_trend_of_a_person_and_a_unit_is_told_year_by_year() {
    let mut desk = office();
    desk.rate_all(&[(1001, 1, 1, "2024-03-01"), (1001, 1, 3, "2025-06-01")]);
    let budi =
        desk.table(asked("trend", &[("person", "1001"), ("span", "3"), ("competency", "M.1")]));
    assert_eq!(column(&budi, "year"), [2024, 2025, 2026].map(Value::Whole));
    assert_eq!(column(&budi, "mean_level"), [100, 300, 200].map(Value::Hundredths));
    assert_eq!(budi.chart.as_ref().map(|chart| chart.by.as_str()), Some("year"));
    let gaps = desk.table(asked("gap", &[]));
    let named = column(&gaps, "name").into_iter().zip(column(&gaps, "nip"));
    let nip =
        named.filter(|(name, _)| *name == Value::text("Budi")).find_map(|(_, nip)| match nip {
            Value::Text(nip) => Some(nip),
            _ => None,
        });
    let nip = nip.expect("Budi's number");
    let same =
        desk.table(asked("trend", &[("person", &nip), ("span", "3"), ("competency", "M.1")]));
    assert_eq!(same.rows, budi.rows, "by the NIP as by the number of the record");
    let all = desk.table(asked("trend", &[("span", "2")]));
    assert_eq!(column(&all, "rated"), [1, 2].map(Value::Whole), "Mila was not rated before");
    assert_eq!(column(&all, "people"), [3, 3].map(Value::Whole));
    let asked_of = Request::ExplainCell {
        query: asked("trend", &[("span", "2")]),
        row: all.rows[1].id,
        column: "jpm".into(),
    };
    let Answer::CellExplained(told) = desk.ask(asked_of) else { panic!("no grounds") };
    assert_eq!(told.lines[0].0.code, "counted");
    let none = desk.ask(Request::Report(asked("trend", &[("competency", "no such")])));
    let Problem::Invalid(faults) = refused(none) else { panic!("another problem") };
    assert_eq!(faults[0].1.reason, Reason::UnknownReference);
}

#[test]
fn why_somebody_is_proposed_as_a_mentor_is_told() {
    let mut desk = office();
    desk.rate_all(&[(1001, 3, 5, "2026-02-10")]);
    desk.save(Mentor { employee: EmployeeId(1001), capacity: 2, ..Mentor::default() });
    let query = asked("mentors", &[("competency", "M.3")]);
    let table = desk.table(query.clone());
    assert_eq!(column(&table, "name"), [Value::text("Mila")]);
    let asked = Request::ExplainCell { query, row: table.rows[0].id, column: "free".into() };
    let Answer::CellExplained(told) = desk.ask(asked) else { panic!("no grounds") };
    let said: Vec<&str> = told.lines.iter().map(|(said, _)| said.code.as_str()).collect();
    let needed = "ground_required_unverified";
    assert_eq!(said, [needed, "ground_rated", "of_mentor", "ground_rated", "room", "near"]);
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

/// Every figure of the needs opens the people counted in it, nobody else, also where a plan that
/// aims at another post asks for them; a plan of a later year is that year's need.
#[test]
fn behind_each_figure_of_the_needs_stand_exactly_the_people_counted() {
    let mut desk = office();
    let post = desk.post("Camat");
    let aim = |year| IdpLine {
        employee: EmployeeId(1001),
        year,
        competency: CompetencyId(1),
        position: Some(post),
        activity: "KL10".into(),
        ..IdpLine::default()
    };
    desk.save(aim(2027));
    let total = |table: &Table| -> i64 {
        let people = column(table, "people");
        people.iter().map(|cell| if let Value::Whole(people) = cell { *people } else { 0 }).sum()
    };
    let later = desk.table(asked("akpk", &[]));
    desk.save(aim(2026));
    let akpk = desk.table(asked("akpk", &[]));
    assert!(total(&later) < total(&akpk), "a need of 2027 is none of 2026");
    let mut doors = 0;
    for row in &akpk.rows {
        let Some(Opens::Report { id, own, by_column }) = &row.opens else { panic!("{row:?}") };
        for figure in ["people", "weak", "asked"] {
            let of_column = by_column.iter().filter(|(key, _)| key == figure).map(|(_, own)| own);
            let own = own.iter().chain(of_column).cloned().collect();
            let behind = desk.table(ReportQuery { own, ..ReportQuery::of(id) });
            let at = akpk.columns.iter().position(|column| column.key == figure).expect("known");
            let counted = if let Value::Whole(counted) = row.cells[at] { counted } else { 0 };
            assert_eq!(i64::from(behind.matched), counted, "{figure} {row:?}");
            doors += counted;
        }
    }
    assert!(doors > 0);
}
