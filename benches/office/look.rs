//! Looking: the filter, a person by NIP, a unit's matrix — asked of the office itself and
//! through the link of the screen.

use std::time::{Duration, Instant};

use kompeten::domain::kinds::competency::Level;
use kompeten::domain::kinds::rating::{Rating, RatingSource};
use kompeten::domain::record::{Kind, UnitId};
use kompeten::office::{Ask, Asker, Office, system_clock};
use kompeten::protocol::{Answer, ListQuery, MatrixQuery, Request, SortKey, Ticket};

use super::ours::{self, Ours};
use super::table::{Amount, Figure, Target, median, worst};
use super::{Folder, bulk, people, sqlite};

/// Rows of a page, as the list asks for them.
pub const PAGE: u32 = 100;
/// Columns of people at 80 columns and a little more.
const COLUMNS: [&str; 7] = ["nip", "name", "grade", "position", "unit", "jp", "below"];
const KEYSTROKES: usize = 200;
const LOOKUPS: u32 = 2000;
const MATRICES: u32 = 30;
const SHELLS: u32 = 9;

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
    let db = sqlite::open(folder.rival());
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
        // The same work is the same answer, and those of a unit below one that is called so.
        assert!(
            page.matched >= matched && page.rows.len() >= shown,
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
/// of everybody: what costs the most of all that can be asked. Asked for the first time since
/// the office was opened, and once more as the next key would.
pub fn dear(folder: &Folder) -> Vec<Figure> {
    let mut office = Ours::open(&folder.data);
    let mut figures = Vec::new();
    let mut one = |office: &mut Ours, work: &str, most: Option<u64>, request: Request| {
        let (time, answer) = office.timed(request);
        let target = most.map_or(Target::None, |ms| Target::AtMost(Amount::ms(ms)));
        let figure = Figure::new(work, folder.people, Amount::Time(time));
        figures.push(figure.target_at(20_000, target));
        answer
    };
    let by = |column: &str, descending| ListQuery {
        columns: COLUMNS.map(str::to_string).to_vec(),
        limit: PAGE,
        sort: vec![SortKey { column: column.into(), descending }],
        ..ListQuery::all(Kind::Employees)
    };
    one(&mut office, "first page of the list", None, list(""));
    let (search, sort) = (Some(15), Some(10));
    for (work, typed) in [
        ("search pendidikan:s-2", "pendidikan:s-2"),
        ("search pendidikan:s-1, once more", "pendidikan:s-1"),
        ("search birth_date<1970-01-01", "birth_date<1970-01-01"),
        ("search birth_date<1970-02-01, once more", "birth_date<1970-02-01"),
    ] {
        one(&mut office, work, search, list(typed));
    }
    for column in ["grade", "unit_path", "graduation_year", "education"] {
        let work = format!("sort by {column}");
        one(&mut office, &work, sort, Request::List(by(column, false)));
    }
    one(&mut office, "sort by education, once more", sort, Request::List(by("education", true)));
    for kind in [Kind::Units, Kind::Positions, Kind::Sessions] {
        let query = ListQuery { search: "a".into(), limit: PAGE, ..ListQuery::all(kind) };
        one(&mut office, &format!("search a in {kind}"), search, Request::List(query));
    }
    let all = MatrixQuery { limit: PAGE, since: Some(0), ..MatrixQuery::default() };
    let whole = Request::Matrix(all.clone());
    let first = one(&mut office, "matrix of everybody, first page", Some(8), whole.clone());
    let Answer::Matrix(first) = first else { panic!("{first:?}") };
    let searched = MatrixQuery { search: "analis".into(), ..all.clone() };
    one(&mut office, "matrix of everybody, searched", None, Request::Matrix(searched));
    one(&mut office, "matrix of everybody, again", None, whole);
    for (work, most, typed) in [
        ("search m.5<std", 15, "m.5<std"),
        ("search jpm<80", 15, "jpm<80"),
        ("search kategori:ko unit:a", 15, "kategori:ko unit:a"),
    ] {
        one(&mut office, work, Some(most), list(typed));
    }
    let home = Request::Home { unit: None };
    one(&mut office, "home of everybody, first", None, home.clone());
    let rating = Rating {
        employee: first.rows[0].employee,
        competency: first.competencies[0].id,
        level: Level::new(3).expect("a level"),
        source: Some(RatingSource::Superior),
        date: Some(first.at),
        ..Rating::default()
    };
    let step = office.step();
    one(&mut office, "a digit in it", None, Request::Rate { step, ratings: vec![rating] });
    let next = MatrixQuery { since: Some(first.seq), ..all };
    let next = Request::Matrix(next);
    let after = one(&mut office, "matrix of everybody, after a digit", Some(2), next);
    assert!(matches!(after, Answer::Matrix(_)), "{after:?}");
    one(&mut office, "home of everybody, after a digit", Some(5), home.clone());
    one(&mut office, "home of everybody, again", Some(5), home);
    office.close();
    figures
}

/// Everything written out for other programs, by the program itself.
pub fn exports(folder: &Folder) -> Vec<Figure> {
    let most = |ms| Target::AtMost(Amount::ms(ms));
    let mut figures = Vec::new();
    for words in [
        &["list", "employees", "--limit", "1", "--format", "csv"][..],
        &["list", "employees", "--format", "csv"],
        &["matrix", "--format", "csv"],
    ] {
        let ran = bulk::program(&folder.data, words);
        let figure = |work: &str, amount| Figure::new(work, folder.people, amount);
        let time = figure(&words.join(" "), Amount::Time(ran.time)).target_at(100_000, most(2000));
        figures.push(time.target_at(500_000, most(10_000)));
        figures.push(figure("  peak memory of the process", Amount::Bytes(ran.peak)));
    }
    figures.extend(from_the_shell(folder));
    figures
}

/// One person by NIP, by a process that does nothing else.
fn from_the_shell(folder: &Folder) -> Vec<Figure> {
    let nips = (0..SHELLS).map(|round| people::nip(people::draw(round, 61, folder.people)));
    let (mine, theirs): (Vec<_>, Vec<_>) = nips
        .map(|nip| {
            let ours = bulk::program(&folder.data, &["show", "employees", &nip]);
            (ours.time, bulk::sqlite_by_nip(folder.rival(), &nip))
        })
        .unzip();
    vec![
        Figure::new("one NIP from the shell, median", folder.people, Amount::Time(median(mine)))
            .sqlite(Amount::Time(median(theirs)))
            .target(Target::Sqlite(3.0)),
    ]
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
    let db = sqlite::open(folder.rival());
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
    let (mut linked, mut afar, mut behind) = (Vec::new(), Vec::new(), Vec::new());
    let mut office = Ours::open(&folder.data);
    let other = sqlite::Behind::new(folder.rival());
    for round in 0..LOOKUPS {
        let find = Request::Find(Kind::Employees, nip(round));
        linked.push(office.timed(find).0);
    }
    for round in 0..LOOKUPS {
        let nip = nip(round);
        afar.push(office.timed_afar(Request::Find(Kind::Employees, nip.clone())).0);
        let start = Instant::now();
        let found = other.by_nip(&nip);
        behind.push(start.elapsed());
        assert!(found.is_some());
    }
    office.close();
    let figure = |work: &str, mine, theirs, times| {
        Figure::new(work, folder.people, Amount::Time(median(mine)))
            .sqlite(Amount::Time(median(theirs)))
            .target(Target::Sqlite(times))
    };
    vec![
        figure("lookup by NIP, median", mine, theirs.clone(), 0.6),
        figure("lookup by NIP through the link, median", linked, theirs, 1.0),
        figure("the same by a screen, both through a channel", afar, behind, 1.0),
    ]
}

pub fn matrix(folder: &Folder) -> Vec<Figure> {
    let mut office = Ours::open(&folder.data);
    let db = sqlite::open(folder.rival());
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
            .target(Target::Sqlite(1.0)),
    ]
}

pub fn whole_matrix(unit: UnitId) -> Request {
    Request::Matrix(MatrixQuery {
        grouped: false,
        sort: None,
        unit: Some(unit),
        search: String::new(),
        at: None,
        offset: 0,
        limit: kompeten::protocol::PAGE_MAX,
        anchor: None,
        since: None,
    })
}
