//! What the store has not been given yet: an answer is the same before and after, whatever
//! was asked, and a power cut in between loses nothing that was called saved.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;

use super::kept::Act;
use super::*;
use crate::domain::record::UnitId;
use crate::journal::{Disk, Means, OsDisk};

/// Reports over what is current and over what was on a day.
const REPORTS: [&str; 4] = ["headcount", "jp", "matrix", "certificates"];

/// Everything one may ask about the office; `at` picks the records.
fn questions(desk: &mut Desk, at: u32) -> Vec<Request> {
    let mut all: Vec<Request> = Kind::ALL.map(|kind| Request::List(ListQuery::all(kind))).into();
    let people = ListQuery::all(Kind::Employees);
    for search in ["mila", "education:s-1", "gap>0 jp<20"] {
        all.push(Request::List(ListQuery { search: search.into(), ..people.clone() }));
    }
    let sort = vec![SortKey { column: "education".into(), descending: true }];
    all.push(Request::List(ListQuery { sort, ..people }));
    all.push(Request::FindUnit("Unit 1".into()));
    all.push(Request::Matrix(MatrixQuery { limit: 50, ..MatrixQuery::default() }));
    for report in REPORTS {
        let own = ReportQuery { limit: 50, ..ReportQuery::of(report) };
        all.push(Request::Report(ReportQuery { at: "2026-11-20".parse().ok(), ..own.clone() }));
        all.push(Request::Report(own));
    }
    let history = HistoryQuery { limit: 50, ..HistoryQuery::default() };
    for search in ["", "kind:ratings", "via:import", "mila"] {
        all.push(Request::History(HistoryQuery { search: search.into(), ..history.clone() }));
    }
    all.push(Request::Details { seq: u64::from(at), limit: 50, of: None });
    for kind in Kind::ALL {
        let Some(number) = desk.any(kind, at) else { continue };
        let id = RecordId::new(kind, number);
        all.extend([Request::Get(id), Request::Labels(vec![id])]);
        all.push(Request::Lookup { kind, text: "a".into(), limit: 20 });
        all.push(Request::Find(kind, "Unit 1".into()));
        all.push(Request::History(HistoryQuery { record: Some(id), ..history.clone() }));
    }
    if let Some(person) = desk.any(Kind::Employees, at).map(EmployeeId) {
        all.push(Request::Person(person));
        all.push(Request::History(HistoryQuery { person: Some(person), ..history }));
        let competency = CompetencyId(1 + at % 9);
        all.push(Request::Explain { employee: person, competency, at: None });
    }
    all.extend(desk.any(Kind::Sessions, at).map(|id| Request::Attendance(SessionId(id))));
    let unit = desk.any(Kind::Units, at).map(UnitId);
    all.push(Request::Matrix(MatrixQuery { unit, limit: 50, ..MatrixQuery::default() }));
    all
}

impl Desk {
    fn owes(&self) -> bool {
        self.office.as_ref().expect("an open office").state.store.owes()
    }

    fn settle(&self) {
        self.office.as_ref().expect("an open office").state.store.settle().expect("settled");
    }

    /// One thing of a day; now and then some are read in, or what was read in goes again.
    fn live(&mut self, act: Act) -> Option<Answer> {
        match act.0 % 12 {
            10 => {
                let rows =
                    (0..3).map(|n| person_row("Mila", 700 + (act.1 + n) % 20, &["Dinas"], "Lurah"));
                Some(self.import(Intake::Employees, PEOPLE_COLUMNS, rows.collect()).1)
            }
            11 => Some(self.undo()),
            _ => self.act(act),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    /// Two offices live the same days; the store of one is given everything at once.
    #[test]
    fn whatever_the_store_is_owed_is_answered_as_if_it_had_it(
        acts in prop::collection::vec((any::<u8>(), 0_u32..99, 0_u32..99, any::<u8>()), 4..16),
    ) {
        let (mut owing, mut settled) = (Desk::new(), Desk::new());
        owing.begin();
        settled.begin();
        for act in acts {
            let answer = owing.live(act);
            prop_assert_eq!(&answer, &settled.live(act), "{:?}", act);
            settled.settle();
            // What changed nothing owes nothing.
            let wrote = matches!(answer, Some(Answer::Saved(Saved { seq: Some(_), .. })));
            prop_assert!(owing.owes() || !wrote, "{:?}", act);
            let all = questions(&mut settled, act.1);
            // Numbers are given by how often was asked.
            owing.asked = settled.asked;
            // A walk over the store makes it settle: another question is the first each time.
            let first = act.2 as usize % all.len();
            for question in all[first..].iter().take(3) {
                let answer = owing.ask(question.clone());
                prop_assert_eq!(answer, settled.ask(question.clone()), "{:?}", question);
            }
        }
        let all = questions(&mut settled, 1);
        let before: Vec<Answer> = all.iter().map(|question| owing.ask(question.clone())).collect();
        owing.settle();
        for (question, before) in all.into_iter().zip(before) {
            prop_assert_eq!(&before, &owing.ask(question.clone()), "{:?}", question);
            prop_assert_eq!(&before, &settled.ask(question.clone()), "{:?}", question);
        }
        prop_assert!(matches!(owing.ask(Request::Verify), Answer::Verified(_)));
    }
}

/// A disk that takes so many things more, and then none.
struct Ends(Arc<AtomicU64>);

impl Ends {
    fn take(&self) -> io::Result<OsDisk> {
        let took =
            self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        took.map(|_| OsDisk).map_err(|_| io::ErrorKind::Other.into())
    }
}

impl Disk for Ends {
    fn create_folder(&mut self, path: &Path) -> io::Result<()> {
        self.take()?.create_folder(path)
    }

    fn create(&mut self, path: &Path) -> io::Result<File> {
        self.take()?.create(path)
    }

    fn write(&mut self, file: &File, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.take()?.write(file, at, bytes)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        self.take()?.sync(file)
    }

    fn sync_folder(&mut self, path: &Path) -> io::Result<()> {
        self.take()?.sync_folder(path)
    }

    fn truncate(&mut self, file: &File, length: u64) -> io::Result<()> {
        self.take()?.truncate(file, length)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.take()?.rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.take()?.remove(path)
    }
}

/// A day of saves with nothing settled, until the disk is gone; who was called saved.
fn until_it_ends(desk: &mut Desk) -> (Vec<String>, bool) {
    let mut saved: Vec<String> = Vec::new();
    for serial in 1..=5 {
        let name = format!("Mila {serial}");
        let step = desk.step();
        let record = employee(&name, serial).into();
        let drafts = vec![DraftRecord { id: None, base: Revision(0), record }];
        match desk.ask(Request::Save(Save { step, drafts })) {
            Answer::Saved(_) => saved.push(name),
            Answer::Refused(_) => return (saved, true),
            other => panic!("{other:?}"),
        }
        assert!(desk.owes(), "{serial}");
        assert_eq!(desk.names("mila"), saved);
    }
    (saved, false)
}

#[test]
fn a_power_cut_while_the_store_is_owed_something_loses_nothing_saved() {
    let mut behind = 0;
    for things in 0.. {
        let mut desk = Desk::new();
        desk.close();
        let left = Arc::new(AtomicU64::new(u64::MAX));
        let means = Means { disk: Box::new(Ends(left.clone())), ahead: 4096, ..Means::default() };
        let now = desk.now.clone();
        let clock = Box::new(move || *now.lock().expect("the time"));
        let options = options(desk.folder.path());
        let office = Office::open_with(&options, clock, means, &mut |_, _, _| {});
        desk.office = Some(office.expect("an office"));
        left.store(things, Ordering::Relaxed);
        let (saved, ended) = until_it_ends(&mut desk);
        behind += u32::from(desk.owes());
        desk.kill();
        desk.open();
        let there = desk.names("mila");
        assert!(there.starts_with(&saved) && there.len() <= saved.len() + 1, "{things}: {there:?}");
        assert!(matches!(desk.ask(Request::Verify), Answer::Verified(_)), "{things}");
        desk.save(employee("Budi", 90));
        if !ended {
            break;
        }
    }
    println!("faults: {behind} power cuts while the store was behind");
    assert!(behind > 5, "{behind}");
}
