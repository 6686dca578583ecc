//! The other side: the same people in `SQLite`, as somebody who knows `SQLite` would keep
//! them. WAL, `synchronous=FULL`, prepared statements, an index for every look-up made.

use std::collections::HashMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use kompeten::domain::intake::EmployeeRow;
use kompeten::domain::record::Record;
use kompeten::domain::rules;
use kompeten::domain::search::{Op, Query, Term};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params, params_from_iter};

use super::people;

const SCHEMA: &str = "
CREATE TABLE units (id INTEGER PRIMARY KEY, name TEXT NOT NULL, parent INTEGER REFERENCES units);
CREATE INDEX units_parent ON units (parent);
CREATE TABLE positions (id INTEGER PRIMARY KEY, title TEXT NOT NULL, kind TEXT, eselon TEXT,
  job_level TEXT);
CREATE TABLE competencies (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE standards (job_level TEXT, competency INTEGER, level INTEGER,
  PRIMARY KEY (job_level, competency)) WITHOUT ROWID;
CREATE TABLE employees (id INTEGER PRIMARY KEY, rev INTEGER NOT NULL, nip TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL COLLATE NOCASE, front_title TEXT, back_title TEXT, kind TEXT, status TEXT,
  legal_status TEXT, unit INTEGER REFERENCES units, position INTEGER REFERENCES positions,
  position_since TEXT, grade INTEGER, grade_since TEXT, service_years INTEGER,
  service_months INTEGER, cpns_since TEXT, education TEXT, education_field TEXT,
  graduation_year INTEGER, birth_date TEXT, sex TEXT, email TEXT, pns_id TEXT UNIQUE);
CREATE INDEX employees_name ON employees (name, id);
CREATE INDEX employees_unit ON employees (unit);
CREATE TABLE ratings (id INTEGER PRIMARY KEY, employee INTEGER NOT NULL, competency INTEGER NOT NULL,
  level INTEGER NOT NULL, source TEXT, rater TEXT, date TEXT, method TEXT);
CREATE INDEX ratings_current ON ratings (employee, competency, date, id, level);
CREATE TABLE sessions (id INTEGER PRIMARY KEY, name TEXT, start TEXT, end TEXT, provider TEXT,
  UNIQUE (name, start, end, provider));
CREATE TABLE enrolments (id INTEGER PRIMARY KEY, session INTEGER NOT NULL,
  employee INTEGER NOT NULL, year INTEGER, jp INTEGER);
CREATE INDEX enrolments_employee ON enrolments (employee, year, jp);
";

pub const UPDATE: &str =
    "UPDATE employees SET rev = rev + 1, email = ?3 WHERE id = ?1 AND rev = ?2";
pub const BY_NIP: &str = "SELECT * FROM employees WHERE nip = ?1";

/// Every person of a unit against every competency: required, and the latest rating.
pub const MATRIX: &str = "
WITH RECURSIVE below (id) AS (
  SELECT id FROM units WHERE name = ?1
  UNION SELECT units.id FROM units JOIN below ON units.parent = below.id)
SELECT e.id, e.nip, e.name, p.title, p.job_level, c.id, s.level,
  (SELECT r.level FROM ratings r WHERE r.employee = e.id AND r.competency = c.id
   ORDER BY r.date DESC, r.id DESC LIMIT 1)
FROM employees e JOIN below b ON b.id = e.unit
  LEFT JOIN positions p ON p.id = e.position
  CROSS JOIN competencies c
  LEFT JOIN standards s ON s.job_level = p.job_level AND s.competency = c.id
WHERE e.status = 'active' ORDER BY e.name, e.id, c.id";

/// Of everybody: the JPM, the one without surplus, how many lie below and the worst gap.
const GAPS: &str = "
WITH now AS (SELECT e.id AS id, s.level AS required,
  (SELECT r.level FROM ratings r WHERE r.employee = e.id AND r.competency = s.competency
   ORDER BY r.date DESC, r.id DESC LIMIT 1) AS actual
FROM employees e JOIN positions p ON p.id = e.position
  JOIN standards s ON s.job_level = p.job_level
WHERE e.status = 'active')
SELECT id, avg(100.0 * actual / required), avg(100.0 * min(actual, required) / required),
  sum(actual < required), min(actual - required)
FROM now WHERE actual IS NOT NULL GROUP BY id";

pub fn open(file: &Path) -> Connection {
    let db = Connection::open(file).expect("SQLite opens");
    db.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    db.pragma_update(None, "synchronous", "FULL").expect("FULL");
    db
}

/// A fresh database with the reference tables.
pub fn create(file: &Path) -> Connection {
    let db = open(file);
    db.execute_batch(SCHEMA).expect("the schema");
    for (id, record) in rules::built_in() {
        match record {
            Record::Competency(row) => {
                db.execute(
                    "INSERT INTO competencies VALUES (?1, ?2, ?3)",
                    params![id.number, row.code, row.name],
                )
                .expect("a competency");
            }
            Record::Standard(row) => {
                db.execute(
                    "INSERT OR REPLACE INTO standards VALUES (?1, ?2, ?3)",
                    params![
                        row.job_level.map(kompeten::domain::kinds::position::JobLevel::code),
                        row.competency.0,
                        row.level.get()
                    ],
                )
                .expect("a standard");
            }
            _ => {}
        }
    }
    db
}

/// Puts staff rows in; units and positions are found by name or made.
#[derive(Default)]
pub struct Intake {
    units: HashMap<(u32, String), u32>,
    positions: HashMap<String, u32>,
}

impl Intake {
    pub fn put(&mut self, db: &Connection, row: &EmployeeRow) {
        let mut parent: Option<u32> = None;
        for name in &row.unit_path {
            let next = self.units.len() as u32 + 1;
            let key = (parent.unwrap_or(0), name.to_lowercase());
            let unit = *self.units.entry(key).or_insert_with(|| {
                db.prepare_cached("INSERT INTO units VALUES (?1, ?2, ?3)")
                    .and_then(|mut insert| insert.execute(params![next, name, parent]))
                    .expect("a unit");
                next
            });
            parent = Some(unit);
        }
        let position = row.position.as_ref().map(|post| {
            let kind = post.kind.map_or("", |kind| kind.code());
            let next = self.positions.len() as u32 + 1;
            let key = format!("{}|{kind}|{}", post.title.to_lowercase(), post.eselon);
            *self.positions.entry(key).or_insert_with(|| {
                let level = post.level().map(kompeten::domain::kinds::position::JobLevel::code);
                db.prepare_cached("INSERT INTO positions VALUES (?1, ?2, ?3, ?4, ?5)")
                    .and_then(|mut insert| {
                        insert.execute(params![next, post.title, kind, post.eselon, level])
                    })
                    .expect("a position");
                next
            })
        });
        let e = &row.employee;
        let date = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string());
        db.prepare_cached(
            "INSERT INTO employees VALUES (NULL, 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, \
             ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
        )
        .and_then(|mut insert| {
            insert.execute(params![
                e.number.to_string(),
                e.name,
                e.front_title,
                e.back_title,
                e.kind.code(),
                e.status.code(),
                e.legal_status,
                parent,
                position,
                date(e.position_since),
                e.grade.map(kompeten::domain::grade::Grade::id),
                date(e.grade_since),
                e.service_years,
                e.service_months,
                date(e.cpns_since),
                e.education,
                e.education_field,
                e.graduation_year,
                date(e.birth_date),
                e.sex.map(kompeten::domain::number::Sex::code),
                e.email,
                (!e.pns_id.is_empty()).then_some(&e.pns_id),
            ])
        })
        .expect("a person");
    }
}

/// The same people, ratings and trainings as [`super::ours::fill`].
pub fn fill(file: &Path, count: u32) {
    let mut db = create(file);
    let codes: HashMap<String, u32> = {
        let mut all = db.prepare("SELECT code, id FROM competencies").expect("prepared");
        let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("codes");
        rows.map(|row| row.expect("a code")).collect()
    };
    let all = db.transaction().expect("begun");
    let mut intake = Intake::default();
    for index in 0..count {
        intake.put(&all, &people::employee(index));
    }
    let mut sessions: HashMap<String, u32> = HashMap::new();
    for index in 0..count {
        let id = index + 1;
        for rated in people::rated(index) {
            all.prepare_cached(
                "INSERT INTO ratings VALUES (NULL, ?1, ?2, ?3, 'asesor', ?4, ?5, ?6)",
            )
            .and_then(|mut insert| {
                insert.execute(params![
                    id,
                    codes[people::CODES[rated.competency]],
                    rated.level,
                    people::RATER,
                    rated.date.to_string(),
                    people::METHOD
                ])
            })
            .expect("a rating");
        }
        for row in people::trainings(index) {
            let key = format!("{}|{}|{}|{}", row.name, row.start, row.end, row.provider);
            let next = sessions.len() as u32 + 1;
            let session = *sessions.entry(key).or_insert_with(|| {
                all.prepare_cached("INSERT INTO sessions VALUES (?1, ?2, ?3, ?4, ?5)")
                    .and_then(|mut insert| {
                        let (start, end) = (row.start.to_string(), row.end.to_string());
                        insert.execute(params![next, row.name, start, end, row.provider])
                    })
                    .expect("a session");
                next
            });
            all.prepare_cached("INSERT INTO enrolments VALUES (NULL, ?1, ?2, 2026, ?3)")
                .and_then(|mut insert| insert.execute(params![session, id, row.jp]))
                .expect("an enrolment");
        }
    }
    all.commit().expect("committed");
    db.execute_batch("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);").expect("analysed");
}

/// A page of the list as the screen shows it, and how many match in all.
pub fn page(db: &Connection, search: &str) -> (u32, usize) {
    const JP: &str = "(SELECT coalesce(sum(n.jp), 0) FROM enrolments n WHERE n.employee = e.id AND n.year = 2026)";
    const BELOW: &str = "(SELECT count(*) FROM standards s WHERE s.job_level = p.job_level AND \
        s.level > (SELECT r.level FROM ratings r WHERE r.employee = e.id AND \
        r.competency = s.competency ORDER BY r.date DESC, r.id DESC LIMIT 1))";
    let columns = kompeten::domain::record::Kind::Employees;
    let query = Query::parse(search, &|name| columns.column(name).is_some());
    let mut wheres = vec!["1".to_string()];
    let mut values: Vec<Sql> = Vec::new();
    for term in query.terms() {
        let like = |text: &str| Sql::Text(format!("%{text}%"));
        match term {
            Term::Word(word) => {
                values.push(like(word));
                let at = values.len();
                let digits = word.bytes().all(|b| b.is_ascii_digit());
                let nip = if digits { format!("OR e.nip LIKE ?{at}") } else { String::new() };
                wheres.push(format!(
                    "(e.name LIKE ?{at} {nip} OR p.title LIKE ?{at} OR u.name LIKE ?{at})"
                ));
            }
            Term::Field { name, op, value } => {
                let (expression, number) = match name.as_str() {
                    "jp" => (JP, true),
                    "below" => (BELOW, true),
                    "position" => ("p.title", false),
                    "unit" => ("u.name", false),
                    "status" => ("e.status", false),
                    _ => ("e.name", false),
                };
                let sign = match op {
                    Op::Has if number => "=",
                    Op::Has => "LIKE",
                    Op::Equals => "=",
                    Op::Less => "<",
                    Op::LessOrEqual => "<=",
                    Op::Greater => ">",
                    Op::GreaterOrEqual => ">=",
                };
                values.push(match (number, op) {
                    (true, _) => Sql::Integer(value.parse().unwrap_or(-1)),
                    (false, Op::Has) => like(value),
                    (false, _) => Sql::Text(value.clone()),
                });
                wheres.push(format!("{expression} {sign} ?{}", values.len()));
            }
        }
    }
    let from = "FROM employees e LEFT JOIN positions p ON p.id = e.position \
                LEFT JOIN units u ON u.id = e.unit";
    let wheres = wheres.join(" AND ");
    let count = format!("SELECT count(*) {from} WHERE {wheres}");
    let matched = db
        .prepare_cached(&count)
        .and_then(|mut count| count.query_row(params_from_iter(&values), |row| row.get(0)))
        .expect("counted");
    let page = format!(
        "SELECT e.id, e.rev, e.nip, e.name, e.grade, p.title, u.name, {JP}, {BELOW} {from} \
         WHERE {wheres} ORDER BY e.name, e.id LIMIT {}",
        super::look::PAGE
    );
    let mut page = db.prepare_cached(&page).expect("prepared");
    let mut rows = page.query(params_from_iter(&values)).expect("queried");
    let mut shown = 0;
    while let Some(row) = rows.next().expect("a row") {
        let cells: (u32, i64, String, String) =
            (row.get(0), row.get(1), row.get(2), row.get(3)).into_cells();
        let rest: (Option<u8>, Option<String>, Option<String>, u32, u32) =
            (row.get(4), row.get(5), row.get(6), row.get(7), row.get(8)).into_cells();
        std::hint::black_box((cells, rest));
        shown += 1;
    }
    (matched, shown)
}

/// Takes the cells of a row out of their results.
trait IntoCells {
    type Cells;
    fn into_cells(self) -> Self::Cells;
}

macro_rules! into_cells {
    ($($name:ident $at:tt),+) => {
        impl<$($name),+> IntoCells for ($(rusqlite::Result<$name>,)+) {
            type Cells = ($($name,)+);
            fn into_cells(self) -> Self::Cells {
                ($(self.$at.expect("a cell"),)+)
            }
        }
    };
}
into_cells!(A 0, B 1, C 2, D 3);
into_cells!(A 0, B 1, C 2, D 3, E 4);

/// Every column of the person with this NIP.
pub fn by_nip(db: &Connection, nip: &str) -> Option<Vec<Sql>> {
    let mut select = db.prepare_cached(BY_NIP).expect("prepared");
    let width = select.column_count();
    let mut rows = select.query([nip]).expect("queried");
    let row = rows.next().expect("a row")?;
    Some((0..width).map(|at| row.get(at).expect("a cell")).collect())
}

/// What each of them lacks; of how many that is known.
pub fn gaps(db: &Connection) -> usize {
    let mut select = db.prepare_cached(GAPS).expect("prepared");
    let rows = select
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)));
    let rows: Vec<(u32, f64, f64, u32, i32)> =
        rows.expect("queried").collect::<Result<_, _>>().expect("rows");
    std::hint::black_box(rows).len()
}

pub fn matrix(db: &Connection) -> usize {
    let mut select = db.prepare_cached(MATRIX).expect("prepared");
    let mut rows = select.query([people::UNIT]).expect("queried");
    let (mut people, mut last) = (Vec::new(), 0);
    while let Some(row) = rows.next().expect("a row") {
        let id: u32 = row.get(0).expect("an id");
        if id != last {
            last = id;
            let cells: (String, String, Option<String>, Option<String>) =
                (row.get(1), row.get(2), row.get(3), row.get(4)).into_cells();
            people.push((cells, Vec::new()));
        }
        let cell: (u32, Option<u8>, Option<u8>) = (
            row.get(5).expect("a competency"),
            row.get(6).expect("a level"),
            row.get(7).expect("a level"),
        );
        if let Some((_, cells)) = people.last_mut() {
            cells.push(cell);
        }
    }
    std::hint::black_box(people).len()
}

/// `SQLite` on a thread of its own behind a channel, as a screen would have to keep it.
pub struct Behind {
    sender: Option<SyncSender<String>>,
    answers: Receiver<Option<Vec<Sql>>>,
    thread: Option<JoinHandle<()>>,
}

impl Behind {
    pub fn new(file: &Path) -> Self {
        let (sender, asked) = sync_channel::<String>(256);
        let (told, answers) = std::sync::mpsc::channel();
        let db = open(file);
        let thread = thread::spawn(move || {
            while let Ok(nip) = asked.recv() {
                let _ = told.send(by_nip(&db, &nip));
            }
        });
        Self { sender: Some(sender), answers, thread: Some(thread) }
    }

    pub fn by_nip(&self, nip: &str) -> Option<Vec<Sql>> {
        self.sender.as_ref()?.send(nip.to_string()).ok()?;
        self.answers.recv().ok()?
    }
}

impl Drop for Behind {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
