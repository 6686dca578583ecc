//! Whom a change of standards moves, said before it is saved: what is said comes true.

use super::gaps::{asked, column, office};
use super::*;
use crate::domain::category::{Category, Purpose};
use crate::domain::intake::PlainRow;
use crate::domain::kinds::competency::Competency;
use crate::domain::kinds::position::JobLevel;
use crate::domain::kinds::rule::ReferenceTable;
use crate::domain::kinds::standard::Standard;
use crate::office::Asker;
use crate::protocol::{Moves, Tried};

/// What a job level requires of a competency from a day on.
fn of_level(competency: u32, level: u8, from: &str) -> Standard {
    Standard {
        job_level: Some(JobLevel::Pengawas),
        competency: CompetencyId(competency),
        level: Level::new(level).expect("a level"),
        effective_from: from.parse().ok(),
        ..Standard::default()
    }
}

fn draft(standard: &Standard) -> DraftRecord {
    DraftRecord { id: None, base: Revision(0), record: standard.clone().into() }
}

impl Desk {
    /// The number of the last step.
    fn head(&self) -> u64 {
        self.office.as_ref().expect("an office").journal.head().seq
    }

    fn moves(&mut self, tried: Tried) -> Moves {
        match self.ask(Request::Moves(tried)) {
            Answer::Moves(moves) => *moves,
            other => panic!("{other:?}"),
        }
    }
}

/// Purpose, from, to, who.
type Told<'a> = (Purpose, Option<Category>, Option<Category>, Vec<&'a str>);

fn told(moves: &Moves) -> Vec<Told<'_>> {
    let ways = moves.categories.iter();
    let names = |way: &'_ crate::protocol::CategoryMove| way.people.len() as u32 == way.count;
    assert!(moves.categories.iter().all(names));
    ways.map(|way| {
        let names = way.people.iter().map(|one| one.name.as_str()).collect();
        (way.purpose, way.from, way.to, names)
    })
    .collect()
}

fn categories(desk: &mut Desk) -> Vec<Value> {
    column(&desk.table(asked("gap", &[])), "category")
}

#[test]
fn what_is_said_of_a_standard_in_both_directions_comes_true_when_it_is_saved() {
    let mut desk = office();
    let before = categories(&mut desk);
    let harder = of_level(1, 3, "2026-11-21");
    let moves = desk.moves(Tried::Save(vec![draft(&harder)]));
    assert_eq!((moves.falls, moves.rises, moves.at), (1, 0, None));
    let (optimal, fairly) = (Some(Category::Optimal), Some(Category::FairlyOptimal));
    // 80 of a hundred: for filling a post still qualified, and so not said.
    assert_eq!(told(&moves), [(Purpose::Mapping, optimal, fairly, vec!["Budi"])]);
    assert_eq!(moves.categories[0].people[0].jpm, (Some(10_000), Some(8_000)));
    assert_eq!(categories(&mut desk), before, "nothing is saved by asking");

    let id = desk.save(harder);
    assert_eq!(categories(&mut desk)[0], Value::code(fairly.map(Category::code)));
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(id)) else { panic!("no standard") };
    let moves = desk.moves(Tried::Delete(vec![(id, stored.rev)]));
    assert_eq!((moves.falls, moves.rises), (0, 1));
    assert_eq!(told(&moves), [(Purpose::Mapping, fairly, optimal, vec!["Budi"])]);

    let hardest = desk.moves(Tried::Save(vec![draft(&of_level(1, 4, "2026-11-20"))]));
    assert!(hardest.is_nothing(), "a later row is in force: {hardest:?}");
    let hardest = desk.moves(Tried::Save(vec![draft(&of_level(2, 4, "2026-11-21"))]));
    let purposes: Vec<_> = told(&hardest).into_iter().map(|(purpose, ..)| purpose).collect();
    assert_eq!(purposes, [Purpose::Mapping, Purpose::Filling]);
}

#[test]
fn what_comes_into_force_later_is_counted_as_of_that_day_and_a_post_of_its_own_stays() {
    let mut desk = office();
    let later = of_level(1, 3, "2027-01-01");
    let moves = desk.moves(Tried::Save(vec![draft(&later)]));
    assert_eq!(moves.at, "2027-01-01".parse().ok());
    assert_eq!(told(&moves).len(), 1);
    let own = Standard {
        job_level: None,
        position: Some(desk.post("Kepala Seksi")),
        ..of_level(1, 2, "2026-01-01")
    };
    desk.save(own);
    let moves = desk.moves(Tried::Save(vec![draft(&later)]));
    assert!(moves.is_nothing(), "{moves:?}");
}

#[test]
fn who_had_no_jpm_gets_a_category_with_the_first_standard_and_who_is_not_rated_gets_none() {
    let mut desk = office();
    let own = Competency { code: "T.1".into(), name: "Arsip".into(), ..Competency::default() };
    let own = desk.save(own).number;
    let first = draft(&of_level(own, 3, "2026-11-21"));
    let moves = desk.moves(Tried::Save(vec![first.clone()]));
    assert!(moves.is_nothing(), "nobody is rated in it: {moves:?}");
    // Cici has no other rating.
    saved(desk.rate(RecordId::new(Kind::Employees, 1002), own, 1, "2026-03-01"));
    let moves = desk.moves(Tried::Save(vec![first]));
    assert_eq!(moves.falls, 1);
    let ways: Vec<_> = moves.categories.iter().map(|way| (way.from, way.to)).collect();
    assert_eq!(ways, [(None, Some(Category::LessOptimal)), (None, Some(Category::LessQualified))]);
}

#[test]
fn a_list_of_standards_says_whom_it_moves_whether_it_is_only_looked_at_or_saved() {
    let mut desk = office();
    let row = PlainRow::default()
        .with("job_level", Value::choice("pengawas"))
        .with("competency", Value::text("M.1"))
        .with("level", Value::Whole(3))
        .with("effective_from", Value::Date("2026-11-21".parse().expect("a day")));
    for dry_run in [true, false] {
        let step = desk.step();
        let columns = ["job_level", "competency", "level", "effective_from"];
        let columns = columns.iter().map(ToString::to_string).collect();
        let start = ImportStart { step, intake: Intake::Standards, columns, dry_run };
        assert_eq!(desk.ask(Request::ImportStart(start)), Answer::Done);
        let rows = vec![IntakeRow { line: 2, data: RowData::Plain(row.clone()) }];
        assert!(matches!(desk.ask(Request::ImportRows(rows)), Answer::ImportRows(_)));
        let moves = desk.moves(Tried::Import);
        assert_eq!(told(&moves).len(), 1, "{dry_run} {moves:?}");
        assert!(matches!(desk.ask(Request::ImportFinish), Answer::Imported(_)));
    }
    assert_eq!(refused(desk.ask(Request::Moves(Tried::Import))), Problem::NotFound);
}

#[test]
fn nobody_waits_while_it_is_counted_and_only_standards_are_tried() {
    let mut desk = office();
    let request = Request::Moves(Tried::Save(vec![draft(&of_level(1, 3, "2026-11-21"))]));
    let office = desk.office.as_mut().expect("an office");
    assert!(office.needs_errand(&request));
    let asker = Asker::alone("siti");
    let errand = office.errand(&asker, &request).expect("an errand").expect("allowed");
    // Saved while the errand is out.
    desk.save(employee("Dodi", 9));
    let returned = errand.run(&mut |_, _, _| true);
    let office = desk.office.as_mut().expect("an office");
    assert!(matches!(office.take_up(returned), Answer::Moves(_)));

    // What a level means moves nobody, and stops no work of others.
    let told =
        Competency { name: "Kepemimpinan".into(), code: "KP.1".into(), ..Competency::default() };
    let told = DraftRecord { id: None, base: Revision(0), record: told.into() };
    let request = Request::Moves(Tried::Save(vec![told]));
    let verify = office.errand(&asker, &Request::Verify).expect("an errand").expect("allowed");
    let answer = office.errand(&asker, &request).expect("an answer").err().expect("no errand");
    assert!(matches!(answer, Answer::Moves(moves) if moves.is_nothing()));
    let returned = verify.run(&mut |_, _, _| true);
    let office = desk.office.as_mut().expect("an office");
    assert!(matches!(office.take_up(returned), Answer::Verified(_)));

    let person = DraftRecord { id: None, base: Revision(0), record: employee("Eka", 10).into() };
    let other = Request::Moves(Tried::Save(vec![person]));
    assert_eq!(refused(desk.ask(other)), Problem::NotFound);
    let wrong = Standard { job_level: None, ..of_level(1, 3, "2026-11-21") };
    let wrong = Request::Moves(Tried::Save(vec![draft(&wrong)]));
    assert!(matches!(refused(desk.ask(wrong)), Problem::Invalid(_)));
}

#[test]
fn an_undo_and_a_redo_of_standards_say_whom_they_move_and_other_steps_are_not_asked_of() {
    let mut desk = office();
    let (optimal, fairly) = (Some(Category::Optimal), Some(Category::FairlyOptimal));
    desk.save(of_level(1, 3, "2026-11-21"));
    let seq = desk.head();
    let moves = desk.moves(Tried::Undo(seq));
    assert_eq!(told(&moves), [(Purpose::Mapping, fairly, optimal, vec!["Budi"])]);
    let step = desk.step();
    let undone = saved(desk.ask(Request::Undo { step, seq: Some(seq) })).seq.expect("a step");
    let moves = desk.moves(Tried::Undo(undone));
    assert_eq!(told(&moves), [(Purpose::Mapping, optimal, fairly, vec!["Budi"])]);
    let again = desk.ask(Request::Moves(Tried::Undo(seq)));
    assert_eq!(refused(again), Problem::AlreadyUndone { seq }, "as of the undo itself");
    desk.save(employee("Dodi", 9));
    let seq = desk.head();
    assert_eq!(refused(desk.ask(Request::Moves(Tried::Undo(seq)))), Problem::NotFound);
}

#[test]
fn bands_of_the_offices_own_say_whom_they_move_and_other_tables_move_nobody() {
    let mut desk = office();
    let harder = of_level(1, 3, "2026-11-21");
    desk.save(harder);
    let rule = |table: &str, figures: &str, from: &str| DraftRecord {
        id: None,
        base: Revision(0),
        record: ReferenceTable {
            table: table.into(),
            figures: figures.into(),
            effective_from: from.parse().ok(),
            legal_basis: "Perwali 1/2026".into(),
            verified: false,
        }
        .into(),
    };
    // Budi is at 80.
    let lower = rule("categories", "mapping.O = 80\nmapping.CO = 70", "2026-11-21");
    let moves = desk.moves(Tried::Save(vec![lower.clone()]));
    let (optimal, fairly) = (Some(Category::Optimal), Some(Category::FairlyOptimal));
    assert_eq!(told(&moves), [(Purpose::Mapping, fairly, optimal, vec!["Budi"])]);
    assert_eq!((moves.falls, moves.rises), (0, 0), "the standard stays");
    assert_eq!(moves.categories[0].people[0].jpm, (Some(8_000), Some(8_000)));
    let DraftRecord { record, .. } = lower;
    let id = desk.save(record);
    assert_eq!(categories(&mut desk)[0], Value::code(optimal.map(Category::code)));
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(id)) else { panic!("no rule") };
    let moves = desk.moves(Tried::Delete(vec![(id, stored.rev)]));
    assert_eq!(told(&moves), [(Purpose::Mapping, optimal, fairly, vec!["Budi"])]);
    let dated = Tried::SetField {
        kind: Kind::Rules,
        ids: vec![id.number],
        field: "effective_from".into(),
        value: "\"2027-01-01\"".into(),
    };
    let moves = desk.moves(dated);
    assert_eq!(moves.at, "2027-01-01".parse().ok());
    assert!(moves.categories.is_empty(), "by then they hold either way: {moves:?}");
    let other = rule("retirement", "usual = 59", "2026-11-21");
    let moves = desk.moves(Tried::Save(vec![other]));
    assert!(moves.is_nothing(), "{moves:?}");
}

/// A competency as it stands, changed.
fn of_competency(
    desk: &mut Desk,
    number: u32,
    change: impl Fn(&mut Competency),
) -> Vec<DraftRecord> {
    let id = RecordId::new(Kind::Competencies, number);
    let Answer::Record(Some(stored)) = desk.ask(Request::Get(id)) else { panic!("none") };
    let Record::Competency(mut competency) = stored.record else { panic!("another kind") };
    change(&mut competency);
    vec![DraftRecord { id: Some(id), base: stored.rev, record: competency.into() }]
}

fn jpm(desk: &mut Desk) -> Vec<Value> {
    column(&desk.table(asked("gap", &[])), "jpm")
}

#[test]
fn who_is_moved_by_archiving_or_merging_a_competency_is_said_and_comes_true() {
    let mut desk = office();
    // Budi is below in what may be archived.
    desk.rate_all(&[(1001, 3, 1, "2026-02-10")]);
    let renamed = of_competency(&mut desk, 1, |one| one.name = "Kejujuran".into());
    assert!(desk.moves(Tried::Save(renamed)).is_nothing(), "a name moves nobody");
    let before = jpm(&mut desk);
    let seen = |moves: &Moves| -> Vec<(String, [Option<u32>; 2])> {
        let people = moves.categories.iter().flat_map(|way| &way.people);
        people.map(|one| (one.name.clone(), [one.jpm.0, one.jpm.1])).collect()
    };
    let mut any = 0;
    for number in 1..=9 {
        for into in [None, Some(CompetencyId(number % 9 + 1))] {
            let drafts = of_competency(&mut desk, number, |one| {
                one.archived = true;
                one.merged_into = into;
            });
            let said = desk.moves(Tried::Save(drafts.clone()));
            let names = column(&desk.table(asked("gap", &[])), "name");
            let step = desk.step();
            saved(desk.ask(Request::Save(Save { step, drafts })));
            let after = jpm(&mut desk);
            for (name, [was, is]) in seen(&said) {
                any += 1;
                let at = names.iter().position(|one| *one == Value::text(&name)).expect("known");
                let cell = |jpm: Option<u32>| {
                    jpm.map_or(Value::Empty, |jpm| Value::Hundredths(jpm.into()))
                };
                assert_eq!((&before[at], &after[at]), (&cell(was), &cell(is)), "{number} {into:?}");
            }
            let head = desk.head();
            let back = desk.moves(Tried::Undo(head));
            assert_eq!((back.falls, back.rises), (said.rises, said.falls), "{number} {into:?}");
            let step = desk.step();
            saved(desk.ask(Request::Undo { step, seq: Some(head) }));
        }
    }
    assert!(any > 0, "somebody is moved by one of them");
}
