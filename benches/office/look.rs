//! Looking: the filter, a person by NIP, a unit's matrix — asked of the office itself and
//! through the link of the screen.

use std::time::{Duration, Instant};

use kompeten::domain::record::{Kind, UnitId};
use kompeten::office::{Ask, Asker, Office, system_clock};
use kompeten::protocol::{Answer, ListQuery, MatrixQuery, Request, SortKey, Ticket};

use super::ours::{self, Ours};
use super::table::{Amount, Figure, Target, median, worst};
use super::{Folder, people, sqlite};

/// Rows of a page, as the list asks for them.
pub const PAGE: u32 = 100;
/// Columns of people at 80 columns and a little more.
const COLUMNS: [&str; 7] = ["nip", "name", "grade", "position", "unit", "jp", "below"];
const KEYSTROKES: usize = 200;
const LOOKUPS: u32 = 2000;
const MATRICES: u32 = 30;

/// What an officer types behind `/`, one key after the other.
const TYPED: [&str; 10] = [
    "siti wira gunawan",
    "1985",
    "kepala seksi arsip",
    "unit:\"dinas gizi\" analis",
    "jp<20",
    "gap>0 jabatan:pengelola",
    "kelurahan contoh 3",
    "rahayu",
    "status:active wibowo",
    "zzzz tidak ada",
];

/// Every keystroke leaves a search; these are all of them.
pub fn keystrokes() -> impl Iterator<Item = &'static str> {
    let typed = TYPED.iter().flat_map(|text| (1..=text.len()).map(move |end| &text[..end]));
    typed.cycle().take(KEYSTROKES)
}

pub fn list(search: &str) -> Request {
    Request::List(ListQuery {
        search: search.to_string(),
        columns: COLUMNS.map(str::to_string).to_vec(),
        limit: PAGE,
        ..ListQuery::all(Kind::Employees)
    })
}

pub fn filter(folder: &Folder) -> Vec<Figure> {
    let mut office = Ours::open(&folder.data);
    let db = sqlite::open(&folder.sqlite);
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    office.ask(list(""));
    sqlite::page(&db, "");
    for search in keystrokes() {
        let (time, answer) = office.timed(list(search));
        mine.push((time, search));
        let Answer::Page(page) = answer else { panic!("{answer:?}") };
        let start = Instant::now();
        let (matched, shown) = sqlite::page(&db, search);
        theirs.push(start.elapsed());
        // The same work is the same answer; a field term reads a unit's whole path.
        let same = (page.matched, page.rows.len()) == (matched, shown);
        assert!(
            same || search.contains([':', '<', '>']),
            "{search:?}: {} / {matched}",
            page.matched
        );
    }
    office.close();
    let (_, search) = mine.iter().max_by_key(|(time, _)| *time).copied().unwrap_or_default();
    let mine: Vec<Duration> = mine.into_iter().map(|(time, _)| time).collect();
    vec![
        Figure::new(
            format!("filter keystroke to page, worst of {KEYSTROKES} ({search:?})"),
            folder.people,
            Amount::Time(worst(&mine)),
        )
        .sqlite(Amount::Time(worst(&theirs))),
        Figure::new("filter keystroke to page, median", folder.people, Amount::Time(median(mine)))
            .sqlite(Amount::Time(median(theirs))),
    ]
}

/// Searches and orders over columns that are on no screen unless asked for, and the matrix
/// of everybody: what costs the most of all that can be asked.
pub fn dear(folder: &Folder) -> Vec<Figure> {
    let mut office = Ours::open(&folder.data);
    let mut figures = Vec::new();
    let mut one = |work: &str, request: Request| {
        let (time, answer) = office.timed(request);
        assert!(matches!(answer, Answer::Page(_) | Answer::Matrix(_)), "{answer:?}");
        figures.push(Figure::new(work, folder.people, Amount::Time(time)));
    };
    one("search pendidikan:s-2", list("pendidikan:s-2"));
    one("search birth_date<1970-01-01", list("birth_date<1970-01-01"));
    for column in ["grade", "unit_path", "education"] {
        let Request::List(query) = list("") else { continue };
        let sort = vec![SortKey { column: column.into(), descending: false }];
        one(&format!("sort by {column}"), Request::List(ListQuery { sort, ..query }));
    }
    for kind in [Kind::Units, Kind::Positions, Kind::Sessions] {
        let query = ListQuery { search: "a".into(), limit: PAGE, ..ListQuery::all(kind) };
        one(&format!("search a in {kind}"), Request::List(query));
    }
    let all = MatrixQuery {
        unit: None,
        search: String::new(),
        at: None,
        offset: 0,
        limit: PAGE,
        anchor: None,
        since: None,
    };
    one("matrix of everybody, first page", Request::Matrix(all));
    office.close();
    figures
}

/// The office without a link, as the link's thread has it.
struct Bare(Office);

impl Bare {
    fn open(folder: &Folder) -> Self {
        let opened =
            Office::open(&ours::options(&folder.data), Box::new(system_clock), &mut |_, _, _| {});
        Self(opened.expect("the office opens"))
    }

    fn timed(&mut self, request: Request) -> (Duration, Answer) {
        let ask = Ask { asker: Asker::alone("bench"), ticket: Ticket(1), request };
        let start = Instant::now();
        let answers = self.0.handle(vec![ask], &mut |_, _, _| {});
        let time = start.elapsed();
        (time, answers.into_iter().next().expect("an answer").1)
    }
}

pub fn lookup(folder: &Folder) -> Vec<Figure> {
    let mut bare = Bare::open(folder);
    let db = sqlite::open(&folder.sqlite);
    let nip = |round: u32| people::nip(people::draw(round, 60, folder.people));
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..LOOKUPS {
        let nip = nip(round);
        let (time, answer) = bare.timed(Request::Find(Kind::Employees, nip.clone()));
        assert!(matches!(answer, Answer::Record(Some(_))), "{answer:?}");
        mine.push(time);
        let start = Instant::now();
        let found = sqlite::by_nip(&db, &nip);
        theirs.push(start.elapsed());
        assert!(found.is_some());
    }
    bare.0.close();
    let (mut linked, mut behind) = (Vec::new(), Vec::new());
    let mut office = Ours::open(&folder.data);
    let other = sqlite::Behind::new(&folder.sqlite);
    for round in 0..LOOKUPS {
        let nip = nip(round);
        linked.push(office.timed(Request::Find(Kind::Employees, nip.clone())).0);
        let start = Instant::now();
        let found = other.by_nip(&nip);
        behind.push(start.elapsed());
        assert!(found.is_some());
    }
    office.close();
    let figure = |work: &str, mine, theirs| {
        Figure::new(work, folder.people, Amount::Time(median(mine)))
            .sqlite(Amount::Time(median(theirs)))
            .target(Target::Sqlite)
    };
    vec![
        figure("lookup by NIP, median", mine, theirs),
        figure("lookup by NIP through a channel, median", linked, behind),
    ]
}

pub fn matrix(folder: &Folder) -> Vec<Figure> {
    let mut office = Ours::open(&folder.data);
    let db = sqlite::open(&folder.sqlite);
    let unit = office.unit();
    let (mut mine, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..MATRICES {
        let (time, answer) = office.timed(whole_matrix(unit));
        mine.push(time);
        let Answer::Matrix(matrix) = answer else { panic!("{answer:?}") };
        assert_eq!(matrix.rows.len(), people::UNIT_PEOPLE as usize);
        let start = Instant::now();
        let rows = sqlite::matrix(&db);
        theirs.push(start.elapsed());
        assert_eq!(rows, people::UNIT_PEOPLE as usize);
    }
    office.close();
    let work = format!("matrix of a {}-person unit, median", people::UNIT_PEOPLE);
    vec![
        Figure::new(work, folder.people, Amount::Time(median(mine)))
            .sqlite(Amount::Time(median(theirs)))
            .target(Target::Sqlite),
    ]
}

pub fn whole_matrix(unit: UnitId) -> Request {
    Request::Matrix(MatrixQuery {
        unit: Some(unit),
        search: String::new(),
        at: None,
        offset: 0,
        limit: kompeten::protocol::PAGE_MAX,
        anchor: None,
        since: None,
    })
}
