//! Assessment cycles: raters from the tree of units, sheets under codes, keying, closing and
//! taking each of it back; and nobody, in whatever role and by whatever question, learns what
//! one rater said: two offices that differ only in that answer everything alike.

use std::fs;

use super::*;
use crate::domain::kinds::cycle::{Cycle, RaterGroup, Stage};
use crate::domain::kinds::cycle_result::CycleResult;
use crate::domain::kinds::officer::{Officer, Role};
use crate::domain::kinds::position::JobLevel;
use crate::domain::kinds::rater::Rater;
use crate::domain::kinds::unit::Unit;
use crate::domain::record::{CycleId, PositionId, UnitId};
use crate::exchange::Destination;
use crate::jobs::Progress;
use crate::jobs::person::{CopyForm, gather, write};
use crate::protocol::{CycleAct, CyclePage, KeyedSheet, SheetInfo};
use crate::store::values_read;

const EVERYBODY: [(&str, Role); 4] =
    [("adi", Role::Admin), ("oki", Role::Officer), ("vina", Role::Viewer), ("audi", Role::Auditor)];

/// An office with a head, staff, and a cycle about two competencies.
struct Round {
    desk: Desk,
    cycle: CycleId,
}

impl Round {
    fn new() -> Self {
        let mut desk = Desk::new();
        let root = desk.save(Unit { name: "Kecamatan Plaju".into(), ..Unit::default() });
        let root = UnitId(root.number);
        let below = Unit { name: "Kelurahan".into(), parent: Some(root), ..Unit::default() };
        let below = UnitId(desk.save(below).number);
        let mut post = |title: &str, level| {
            let level = Some(level);
            let post = Position { title: title.into(), job_level: level, ..Position::default() };
            PositionId(desk.save(post).number)
        };
        let camat = post("Camat", JobLevel::Administrator);
        let lurah = post("Lurah", JobLevel::Pengawas);
        let staff = post("Pengelola", JobLevel::Pelaksana);
        let mut serial = 0;
        for (name, unit, position) in [
            ("Cut", root, camat),
            ("Lutfi", below, lurah),
            ("Ani", below, staff),
            ("Budi", below, staff),
            ("Cici", below, staff),
            ("Dodi", below, staff),
        ] {
            serial += 1;
            let (unit, position) = (Some(unit), Some(position));
            desk.save(Employee { unit, position, ..employee(name, serial) });
        }
        for (user, role) in EVERYBODY {
            let unit = Some(root);
            desk.save(Officer { user: user.into(), role, unit, note: String::new() });
        }
        let (name, competencies) = ("Periode 2026".to_string(), "M.1, M.2".to_string());
        let cycle = desk.save(Cycle { name, competencies, ..Cycle::default() });
        Self { desk, cycle: CycleId(cycle.number) }
    }

    fn act(&mut self, act: CycleAct) -> Answer {
        let step = self.desk.step();
        self.desk.ask(Request::Assess { step, cycle: self.cycle, act })
    }

    /// With raters and blank sheets.
    fn begun() -> Self {
        let mut round = Self::new();
        saved(round.act(CycleAct::Propose));
        saved(round.act(CycleAct::MakeSheets));
        round
    }

    fn page(&mut self) -> CyclePage {
        match self.desk.ask(Request::Cycle(self.cycle)) {
            Answer::Cycle(page) => *page,
            other => panic!("{other:?}"),
        }
    }

    fn sheets(&mut self) -> Vec<SheetInfo> {
        match self.desk.ask(Request::Sheets { cycle: self.cycle, unit: None, offset: 0 }) {
            Answer::Sheets(page) => page.sheets,
            other => panic!("{other:?}"),
        }
    }

    fn codes(&mut self, name: &str, group: RaterGroup) -> Vec<String> {
        let of = |sheet: &SheetInfo| sheet.name == name && sheet.group == group;
        self.sheets().into_iter().filter(of).map(|sheet| sheet.code).collect()
    }

    fn key(&mut self, codes: &[String], levels: &[[u8; 2]]) -> Answer {
        let sheets = codes
            .iter()
            .zip(levels)
            .map(|(code, levels)| KeyedSheet { code: code.clone(), levels: levels.to_vec() });
        self.act(CycleAct::Key(sheets.collect()))
    }

    /// Every sheet with the same levels but those of one person's group.
    fn key_all_but(&mut self, name: &str, group: RaterGroup) {
        let others = self.sheets().into_iter().filter(|s| !(s.name == name && s.group == group));
        let codes: Vec<String> = others.map(|sheet| sheet.code).collect();
        let levels = vec![[3, 4]; codes.len()];
        saved(self.key(&codes, &levels));
    }

    fn rows<T>(&mut self, kind: Kind, of: impl Fn(Record) -> Option<T>) -> Vec<T> {
        let Answer::Ids(ids) = self.desk.ask(Request::Ids(ListQuery::all(kind))) else {
            panic!("no ids")
        };
        let stored = ids.into_iter().filter_map(|number| {
            match self.desk.ask(Request::Get(RecordId::new(kind, number))) {
                Answer::Record(stored) => stored.map(|stored| stored.record),
                other => panic!("{other:?}"),
            }
        });
        stored.filter_map(of).collect()
    }

    fn results(&mut self) -> Vec<CycleResult> {
        self.rows(Kind::CycleResults, |record| match record {
            Record::CycleResult(result) => Some(result),
            _ => None,
        })
    }

    /// The same office once more, on a copy of its folder.
    fn copied(&mut self) -> Self {
        self.desk.close();
        let folder = tempfile::tempdir().expect("a folder");
        copy(&self.desk.folder.path().join("data"), &folder.path().join("data"));
        let (asked, now) = (self.desk.asked, self.desk.now.clone());
        let mut desk = Desk { office: None, folder, asked, now };
        desk.open();
        self.desk.open();
        Self { desk, cycle: self.cycle }
    }

    fn ask_as(&mut self, user: &str, request: Request) -> Answer {
        let office = self.desk.office.as_mut().expect("an office");
        let owner = user == "siti";
        let asker = Asker { officer: user.into(), sitting: 1, owner, read_only: false };
        office
            .handle(vec![Ask { asker, ticket: Ticket(0), request }], &mut |_, _, _| {})
            .remove(0)
            .1
    }

    /// All that a role can ask of records, lists, files, reports and history, as answered.
    fn everything(&mut self, user: &str, reports: &[&str]) -> Vec<String> {
        let mut requests = vec![
            Request::Cycle(self.cycle),
            Request::Sheets { cycle: self.cycle, unit: None, offset: 0 },
            Request::Home { unit: None },
            Request::Matrix(MatrixQuery { limit: 99, ..MatrixQuery::default() }),
            Request::History(HistoryQuery { limit: 99, ..HistoryQuery::default() }),
        ];
        for kind in Kind::ALL {
            for export in [false, true] {
                requests.push(Request::List(ListQuery { export, ..ListQuery::all(kind) }));
            }
            requests.push(Request::Ids(ListQuery::all(kind)));
            requests.push(Request::Lookup { kind, text: String::new(), limit: 99 });
            let ids: Vec<RecordId> = (1000..1100).map(|n| RecordId::new(kind, n)).collect();
            requests.push(Request::Labels(ids.clone()));
            for id in ids {
                requests.push(Request::Get(id));
                let record = Some(id);
                let query = HistoryQuery { record, limit: 99, ..HistoryQuery::default() };
                requests.push(Request::History(query));
            }
        }
        for number in 1000..1006 {
            requests.push(Request::Person(EmployeeId(number)));
        }
        let last = self.desk.office.as_ref().expect("an office").journal.head().seq;
        for seq in 1..=last {
            requests.push(Request::Details { seq, limit: 500, of: None });
        }
        for report in reports {
            for export in [false, true] {
                let own = match *report {
                    "cycle" | "fairness" => vec![("cycle".into(), self.cycle.0.to_string())],
                    _ => Vec::new(),
                };
                let query = ReportQuery { own, export, ..ReportQuery::of(report) };
                requests.push(Request::Report(query));
            }
        }
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            let answer = self.ask_as(user, request.clone());
            answers.push(format!("{request:?}\n{answer:?}"));
        }
        answers
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("a file");
        let place = to.join(entry.file_name());
        match entry.file_type().expect("a type") {
            kind if kind.is_dir() => copy(&entry.path(), &place),
            kind if kind.is_file() => drop(fs::copy(entry.path(), &place).expect("a copy")),
            _ => {}
        }
    }
}

/// What everybody is answered in both offices is the same.
fn alike(one: &mut Round, other: &mut Round, reports: &[&str]) {
    for user in ["siti"].into_iter().chain(EVERYBODY.map(|(user, _)| user)) {
        let here = one.everything(user, reports);
        let there = other.everything(user, reports);
        for (here, there) in here.iter().zip(&there) {
            assert_eq!(here, there, "{user}");
        }
    }
}

const REPORTS: [&str; 5] = ["cycle", "gap", "heatmap", "matrix", "headcount"];

#[test]
fn raters_are_proposed_from_the_tree_and_corrections_stay() {
    let mut round = Round::new();
    saved(round.act(CycleAct::Propose));
    let raters = |round: &mut Round| {
        round.rows(Kind::Raters, |record| match record {
            Record::Rater(rater) => Some(rater),
            _ => None,
        })
    };
    let all = raters(&mut round);
    let of = |person: u32, group| {
        let theirs = all.iter().filter(|r| r.employee.0 == person && r.group == Some(group));
        let mut theirs: Vec<u32> = theirs.map(|rater| rater.rater.0).collect();
        theirs.sort_unstable();
        theirs
    };
    // The head of the district, the head of the village, and one of its staff.
    assert!(of(1000, RaterGroup::Superior).is_empty());
    assert_eq!(of(1000, RaterGroup::Subordinate), [1001]);
    assert_eq!(of(1001, RaterGroup::Superior), [1000]);
    assert_eq!(of(1001, RaterGroup::Subordinate), [1002, 1003, 1004, 1005]);
    assert_eq!(of(1002, RaterGroup::Superior), [1001]);
    assert_eq!(of(1002, RaterGroup::Peer), [1003, 1004, 1005]);
    assert_eq!(of(1002, RaterGroup::Own), [1002]);
    // One is taken off by hand: proposing again does not bring them back.
    let Answer::Ids(ids) = round.desk.ask(Request::Ids(ListQuery::all(Kind::Raters))) else {
        panic!("no ids")
    };
    let id = RecordId::new(Kind::Raters, ids[0]);
    let Answer::Record(Some(stored)) = round.desk.ask(Request::Get(id)) else { panic!("none") };
    let step = round.desk.step();
    saved(round.desk.ask(Request::Delete { step, ids: vec![(id, stored.rev)] }));
    assert_eq!(saved(round.act(CycleAct::Propose)).seq, None);
    assert_eq!(raters(&mut round).len(), all.len() - 1);
}

#[test]
fn a_cycle_is_proposed_keyed_and_closed_and_each_step_is_taken_back() {
    let mut round = Round::begun();
    let count = round.sheets().len() as u32;
    assert_eq!((round.page().all.sheets, round.page().all.keyed), (count, 0));
    let codes = round.codes("Ani", RaterGroup::Peer);
    assert_eq!(codes.len(), 3);
    saved(round.key(&codes, &[[5, 1], [4, 1], [3, 1]]));
    assert_eq!(round.page().all.keyed, 3);
    saved(round.desk.undo());
    assert_eq!(round.page().all.keyed, 0);
    saved(round.desk.redo());
    let own = round.codes("Ani", RaterGroup::Superior);
    saved(round.key(&own, &[[2, 2]]));
    saved(round.act(CycleAct::Close));
    assert_eq!(round.page().cycle.stage(), Stage::Closed);
    let results = round.results();
    // Superior 60 %, peers 40 %: 0.6 * 2 + 0.4 * 4, and 0.6 * 2 + 0.4 * 1.
    let figures: Vec<_> = results.iter().map(|r| (r.result, r.level.get(), r.peer)).collect();
    assert_eq!(figures, [(Some(280), 3, Some(400)), (Some(160), 2, Some(100))]);
    assert!(results.iter().all(|result| result.required.is_some()));
    let ratings = round.rows(Kind::Ratings, |record| match record {
        Record::Rating(rating) => Some(rating),
        _ => None,
    });
    let rating = ratings.first().expect("a rating");
    assert_eq!((rating.source, &*rating.method), (Some(RatingSource::Cycle), "360"));
    assert_eq!((&*rating.rater, rating.level.get()), ("Periode 2026", 3));
    saved(round.desk.undo());
    assert_eq!((round.results().len(), round.page().cycle.stage()), (0, Stage::Open));
}

/// Two closings that differ by one sheet would tell what it says.
#[test]
fn once_counted_no_sheet_is_keyed_or_taken_back_whatever_is_undone() {
    let mut round = Round::begun();
    let codes = round.codes("Ani", RaterGroup::Peer);
    saved(round.key(&codes[..2], &[[5, 5], [5, 5]]));
    let keyed = saved(round.key(&codes[2..], &[[1, 1]])).seq.expect("a step");
    for act in [CycleAct::Collect, CycleAct::Close] {
        saved(round.act(act));
        saved(round.desk.undo());
        let step = round.desk.step();
        let undone = round.desk.ask(Request::Undo { step, seq: Some(keyed) });
        let peers = round.codes("Budi", RaterGroup::Peer);
        for refused in [undone, round.key(&peers[..1], &[[1, 1]]), round.act(CycleAct::MakeSheets)]
        {
            match refused {
                Answer::Refused(Problem::Invalid(faults)) => {
                    assert_eq!(faults[0].1.reason, Reason::ToldBefore);
                }
                Answer::Saved(saved) => assert_eq!(saved.seq, None),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn what_is_keyed_wrongly_is_refused_in_place_and_nothing_changes() {
    let mut round = Round::new();
    let refused = |answer: Answer| match answer {
        Answer::Refused(Problem::Invalid(faults)) => faults[0].1.reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(round.act(CycleAct::MakeSheets)), Reason::NoRaters);
    assert_eq!(refused(round.act(CycleAct::Close)), Reason::NothingKeyed);
    saved(round.act(CycleAct::Propose));
    saved(round.act(CycleAct::MakeSheets));
    let codes = round.codes("Ani", RaterGroup::Peer);
    let unknown = ["ZZZZZZ".to_string()];
    assert_eq!(refused(round.key(&unknown, &[[3, 3]])), Reason::SheetUnknown);
    for level in [0, 6] {
        assert_eq!(refused(round.key(&codes[..1], &[[level, 3]])), Reason::LevelRange);
    }
    let one = KeyedSheet { code: codes[0].clone(), levels: vec![3] };
    assert_eq!(refused(round.act(CycleAct::Key(vec![one]))), Reason::ScoresMissing);
    let twice = [codes[0].clone(), codes[0].to_lowercase()];
    assert_eq!(refused(round.key(&twice, &[[3, 3], [4, 4]])), Reason::SheetKeyed);
    assert_eq!(round.page().all.keyed, 0);
    saved(round.key(&codes[..1], &[[3, 3]]));
    assert_eq!(refused(round.key(&codes[..1], &[[4, 4]])), Reason::SheetKeyed);
    // How far a cycle has come is not written by hand, nor is a sheet.
    let closed = round.desk.change(round.cycle.into(), |record| {
        let Record::Cycle(cycle) = record else { panic!("a cycle") };
        cycle.stage = Some(Stage::Closed);
    });
    assert_eq!(refused(closed), Reason::SetByActs);
    let by_hand = Rater {
        employee: EmployeeId(1002),
        cycle: round.cycle,
        group: Some(RaterGroup::Peer),
        rater: EmployeeId(1002),
        ..Rater::default()
    };
    let step = round.desk.step();
    let draft = DraftRecord { id: None, base: Revision(0), record: by_hand.into() };
    let answer = round.desk.ask(Request::Save(Save { step, drafts: vec![draft] }));
    assert_eq!(refused(answer), Reason::OwnWord);
}

/// While sheets are keyed nothing of what they say is answered: an office where one says 1
/// and one where it says 5 cannot be told apart, before and after it.
#[test]
fn before_closing_nobody_in_any_role_learns_what_a_sheet_says() {
    let mut one = Round::begun();
    one.key_all_but("Ani", RaterGroup::Peer);
    let codes = one.codes("Ani", RaterGroup::Peer);
    let mut other = one.copied();
    saved(one.key(&codes[..1], &[[1, 5]]));
    saved(other.key(&codes[..1], &[[5, 2]]));
    alike(&mut one, &mut other, &[&REPORTS[..], &["fairness"]].concat());
}

/// Once closed, which of a group said what still cannot be told: whoever knows all but two
/// of the sheets knows no more of those two than their sum.
#[test]
fn after_closing_nobody_in_any_role_learns_which_rater_said_what() {
    let mut one = Round::begun();
    one.key_all_but("Ani", RaterGroup::Peer);
    let codes = one.codes("Ani", RaterGroup::Peer);
    let mut other = one.copied();
    saved(one.key(&codes, &[[1, 5], [5, 1], [3, 3]]));
    saved(other.key(&codes, &[[5, 1], [1, 5], [3, 3]]));
    saved(one.act(CycleAct::Close));
    saved(other.act(CycleAct::Close));
    alike(&mut one, &mut other, &REPORTS);
}

/// Peers too few to be told of and subordinates too few: merged, then hidden.
#[test]
fn of_small_groups_neither_the_mean_nor_the_result_tells_one_apart() {
    let mut one = Round::begun();
    let peers = one.codes("Ani", RaterGroup::Peer);
    let superior = one.codes("Ani", RaterGroup::Superior);
    saved(one.key(&superior, &[[4, 4]]));
    let mut other = one.copied();
    saved(one.key(&peers[..2], &[[1, 1], [2, 2]]));
    saved(other.key(&peers[..2], &[[5, 5], [4, 4]]));
    saved(one.act(CycleAct::Collect));
    saved(other.act(CycleAct::Collect));
    alike(&mut one, &mut other, &[&REPORTS[..], &["fairness"]].concat());
    saved(one.act(CycleAct::Close));
    saved(other.act(CycleAct::Close));
    alike(&mut one, &mut other, &[&REPORTS[..], &["fairness"]].concat());
    assert_eq!(one.results().iter().map(|r| r.result).collect::<Vec<_>>(), [Some(400); 2]);
}

/// The code of a sheet is told to whoever keys it, never with what it says, nor by a history.
#[test]
fn no_list_history_or_label_names_a_sheet() {
    let mut round = Round::begun();
    let codes = round.codes("Ani", RaterGroup::Peer);
    let keyed = saved(round.key(&codes[..1], &[[1, 5]]));
    assert_eq!((keyed.ids.len(), &*keyed.summary.label), (0, ""));
    for user in ["siti"].into_iter().chain(EVERYBODY.map(|(user, _)| user)) {
        for answer in round.everything(user, &REPORTS) {
            let asked_for = answer.starts_with("Sheets");
            let named = codes.iter().any(|code| answer.contains(code.as_str()));
            assert!(asked_for || !named, "{user}: {answer}");
        }
    }
    assert_eq!(
        round.desk.ask(Request::List(ListQuery::all(Kind::Sheets))),
        Answer::Refused(Problem::KeptByOffice)
    );
}

#[test]
fn a_lenient_sheet_is_flagged_by_its_code_once_keying_has_ended() {
    let mut round = Round::begun();
    let codes = round.codes("Lutfi", RaterGroup::Subordinate);
    assert_eq!(codes.len(), 4);
    saved(round.key(&codes, &[[5, 4], [3, 3], [3, 3], [3, 3]]));
    let fairness = |round: &mut Round| {
        let own = vec![("cycle".to_string(), "periode 2026".to_string())];
        match round.desk.ask(Request::Report(ReportQuery { own, ..ReportQuery::of("fairness") })) {
            Answer::Table(table) => table.rows,
            other => panic!("{other:?}"),
        }
    };
    assert!(fairness(&mut round).is_empty());
    saved(round.act(CycleAct::Collect));
    let rows = fairness(&mut round);
    let flagged = rows.iter().find(|row| row.cells[0] == Value::text(&codes[0])).expect("a row");
    assert_eq!(flagged.cells[4], Value::Hundredths(150));
    assert_eq!(flagged.cells[6], Value::choice("longgar"));
    assert_eq!(rows.iter().filter(|row| row.cells[6] != Value::Empty).count(), 1);
}

/// What the office holds about somebody says that others rate them, and not who.
#[test]
fn a_copy_of_personal_data_names_no_rater_and_no_sheet() {
    let mut round = Round::begun();
    let codes = round.codes("Ani", RaterGroup::Peer);
    saved(round.key(&codes, &[[5, 1], [4, 1], [3, 1]]));
    saved(round.act(CycleAct::Close));
    let desk = &mut round.desk;
    let mut ask = |request| match desk.ask(request) {
        Answer::Refused(problem) => Err(problem),
        answer => Ok(answer),
    };
    let copy = gather(&mut ask, EmployeeId(1002), &Progress::silent()).expect("a copy");
    for form in [CopyForm::Json, CopyForm::Text] {
        let file = desk.folder.path().join("copy");
        fs::remove_file(&file).ok();
        write(&copy, form, &Destination::File(file.clone())).expect("written");
        let text = fs::read_to_string(&file).expect("read");
        assert!(text.contains("Periode 2026"), "{text}");
        let others = ["Lutfi", "Budi", "Cici", "Dodi"].into_iter();
        let mut named = others.chain(codes.iter().map(String::as_str));
        assert!(named.all(|name| !text.contains(name)), "{text}");
    }
}

/// Sheets are numbered and keyed in the order of codes drawn at random.
#[test]
fn a_batch_is_written_in_the_order_of_its_codes() {
    let mut round = Round::begun();
    let mut codes: Vec<String> = round.sheets().into_iter().map(|sheet| sheet.code).collect();
    codes.reverse();
    let levels = vec![[3, 3]; codes.len()];
    let seq = saved(round.key(&codes, &levels)).seq.expect("a step");
    let office = round.desk.office.as_mut().expect("an office");
    let line = office.journal.last_of(seq).expect("a line").expect("a line");
    let written: Vec<String> = line
        .changes
        .iter()
        .map(|change| match &change.after {
            Some(Record::ScoreSheet(sheet)) => sheet.code.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    codes.sort();
    assert_eq!(written, codes);
    assert!(line.changes.is_sorted_by_key(|change| change.id.number));
}

/// What a page costs is counted in values read: so many as there are sheets on it, whatever
/// other cycles there are.
#[test]
fn a_page_of_a_cycle_reads_its_own_sheets_and_nothing_of_the_other_cycles() {
    let mut round = Round::begun();
    let read = |round: &mut Round| {
        let before = values_read();
        round.page();
        let page = values_read() - before;
        let sheets = round.sheets().len() as u64;
        (page, sheets, values_read() - before - page)
    };
    // The first one who asks has the view made.
    round.page();
    let alone = read(&mut round);
    let (page, sheets, looked) = alone;
    assert!(page <= 1 && looked <= sheets + 1, "{alone:?}");
    let first = round.cycle;
    for year in ["2023", "2024", "2025"] {
        let cycle = round.desk.save(Cycle { name: year.into(), ..Cycle::default() });
        round.cycle = CycleId(cycle.number);
        saved(round.act(CycleAct::Propose));
        saved(round.act(CycleAct::MakeSheets));
        round.page();
    }
    round.cycle = first;
    assert_eq!(read(&mut round), alone);
    let office = round.desk.office.as_mut().expect("an office");
    assert_eq!(office.state.wrong().expect("read"), [""; 0]);
    // Keyed, ticked and taken back it is still what would be made anew.
    let codes = round.codes("Ani", RaterGroup::Peer);
    saved(round.key(&codes, &[[5, 1], [4, 1], [3, 1]]));
    let Answer::Ids(ids) = round.desk.ask(Request::Ids(ListQuery::all(Kind::Raters))) else {
        panic!("no ids")
    };
    let (step, value) = (round.desk.step(), "\"2026-02-05\"".to_string());
    let ids = vec![ids[0]];
    let (kind, field) = (Kind::Raters, "returned".to_string());
    saved(round.desk.ask(Request::SetField { step, kind, ids, field, value }));
    assert_eq!(round.page().all.returned, 1);
    saved(round.desk.undo());
    assert_eq!((round.page().all.returned, round.page().all.keyed), (0, 3));
    let office = round.desk.office.as_mut().expect("an office");
    assert_eq!(office.state.wrong().expect("read"), [""; 0]);
}

/// As root has it: the lines of the journal as they lie on the disk. A line that holds a sheet
/// names nobody but whom it is about, says nothing of raters, and has the sheets in the order
/// of codes drawn at random; who has returned one stands in lines of its own.
#[test]
fn the_journal_on_the_disk_has_no_rater_beside_a_sheet_and_no_order_that_tells() {
    let mut round = Round::begun();
    let mut codes = round.codes("Ani", RaterGroup::Peer);
    codes.reverse();
    saved(round.key(&codes, &[[5, 1], [4, 2], [3, 1]]));
    let Answer::Ids(ids) = round.desk.ask(Request::Ids(ListQuery::all(Kind::Raters))) else {
        panic!("no ids")
    };
    let (step, value) = (round.desk.step(), "\"2026-11-20\"".to_string());
    let (kind, field) = (Kind::Raters, "returned".to_string());
    saved(round.desk.ask(Request::SetField { step, kind, ids, field, value }));
    saved(round.act(CycleAct::Close));
    let people = round.rows(Kind::Employees, |record| match record {
        Record::Employee(person) => Some((person.name, person.number.to_string())),
        _ => None,
    });
    round.desk.close();
    let mut lines = Vec::new();
    gather_lines(&round.desk.folder.path().join("data").join("journal"), &mut lines);
    let of_sheets: Vec<&String> = lines.iter().filter(|line| line.contains("scores")).collect();
    assert_eq!(of_sheets.len(), 2, "made, and keyed");
    for line in of_sheets {
        for (name, nip) in &people {
            assert!(!line.contains(nip.as_str()) && !line.contains(name.as_str()), "{line}");
        }
        assert!(!line.contains("rater") && !line.contains("returned"), "{line}");
        let header = line.split("\"changes\"").next().expect("a header");
        assert!(codes.iter().all(|code| !header.contains(code.as_str())), "{header}");
        let places: Vec<&str> = line.split("\"code\":\"").skip(1).map(|rest| &rest[..6]).collect();
        assert!(places.len() >= 3 && places.is_sorted(), "{places:?}");
    }
    let ticked = lines.iter().filter(|line| line.contains("2026-11-20"));
    assert_eq!(ticked.filter(|line| line.contains("returned")).count(), 1);
}

fn gather_lines(folder: &Path, lines: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        if path.is_dir() {
            gather_lines(&path, lines);
        } else {
            let bytes = fs::read(&path).expect("a file");
            lines.extend(String::from_utf8_lossy(&bytes).lines().map(String::from));
        }
    }
}

#[test]
fn codes_of_a_cycle_may_be_parted_by_blanks_and_each_is_asked_once_however_often_it_is_named() {
    let mut round = Round::new();
    let id = RecordId::from(round.cycle);
    let mut asked = |codes: &str| {
        let codes = codes.to_string();
        let changed = round.desk.change(id, |record| {
            let Record::Cycle(cycle) = record else { panic!("a cycle") };
            cycle.competencies = codes;
        });
        match changed {
            Answer::Refused(Problem::Invalid(faults)) => Err(faults[0].1.detail.clone()),
            _ => Ok(round.page().competencies.into_iter().map(|one| one.code).collect::<Vec<_>>()),
        }
    };
    let both = || Ok(vec!["M.1".to_string(), "M.2".to_string()]);
    assert_eq!(asked("M.1 M.2"), both());
    assert_eq!(asked("M 1; m.02, M.1 M.1"), both());
    assert_eq!(asked("M.1 M.99"), Err("M.99".to_string()));
}
