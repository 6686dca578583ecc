//! A desk for tests of the matrix: a small office in memory that answers when told to, and
//! an officer who gives commands, types and looks at the screen.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::rc::Rc;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;

use super::super::MatrixPane;
use crate::domain::gap::{Cell, Figures};
use crate::domain::kinds::competency::{Competency, Level, LevelText};
use crate::domain::kinds::officer::Role;
use crate::domain::kinds::position::JobLevel;
use crate::domain::kinds::rating::Rating;
use crate::domain::kinds::standard::Standard;
use crate::domain::record::{CompetencyId, EmployeeId, Kind, Record, RecordId, Revision, UnitId};
use crate::domain::rulebook::Rulebook;
use crate::protocol::{
    Answer, Explanation, Matrix, MatrixCompetency, MatrixGroup, MatrixQuery, MatrixRow, Notice,
    OfficeInfo, Problem, Request, Saved, Stored, Summary,
};
use crate::term::profile;
use crate::ui::command::Command;
use crate::ui::effect::{Effect, Tag, UnitScope};
use crate::ui::keymap::{Keymap, Preset, load};
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::pane::{Pane, PaneEvent, View};
use crate::ui::testing;
use crate::ui::theme::{Glyphs, Theme};

/// Levels by person and competency.
type Levels = HashMap<(u32, u32), u8>;

pub struct Office {
    /// Number, name, post; in the order of names.
    people: Vec<(u32, String, String)>,
    codes: Vec<String>,
    required: u8,
    pub ratings: Vec<Rating>,
    /// What each entry replaced: the place in `ratings`, and the level there before.
    entries: BTreeMap<u64, (usize, Option<Level>)>,
    seq: u64,
    pub full_disk: bool,
    pub verified: bool,
    pub asked: BTreeMap<&'static str, usize>,
    /// Everybody's row as the answers gave it, by the entry they stood at.
    given: RefCell<BTreeMap<u64, Vec<MatrixRow>>>,
    /// How many rows the last answer carried.
    pub carried: std::cell::Cell<usize>,
}

impl Office {
    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
    }

    /// The current level, as the office would answer.
    pub fn rated(&self, person: u32, competency: u32) -> Option<u8> {
        self.levels().get(&(person, competency)).copied()
    }

    /// Every current level: by date, then by entry.
    fn levels(&self) -> Levels {
        let mut ratings: Vec<&Rating> = self.ratings.iter().filter(|r| r.date.is_some()).collect();
        ratings.sort_by_key(|rating| rating.date);
        let level = |one: &Rating| ((one.employee.0, one.competency.0), one.level.get());
        ratings.into_iter().map(level).collect()
    }

    fn matrix(&self, query: &MatrixQuery) -> Matrix {
        let levels = self.levels();
        let all: Vec<MatrixRow> = self.people.iter().map(|one| self.row(one, &levels)).collect();
        let total = all.len() as u32;
        let known = query
            .since
            .filter(|since| *since > 0)
            .and_then(|since| self.given.borrow().get(&since).cloned());
        self.given.borrow_mut().insert(self.seq, all.clone());
        let mut found: Vec<MatrixRow> = all
            .into_iter()
            .filter(|row| {
                query.search.split_whitespace().all(|word| match word {
                    word if word.ends_with("<std") => {
                        let code = word.trim_end_matches("<std").to_uppercase();
                        let at = self.codes.iter().position(|one| *one == code).expect("a code");
                        row.cells[at].gap().is_some_and(|gap| gap < 0)
                    }
                    word => row.name.to_lowercase().contains(&word.to_lowercase()),
                })
            })
            .collect();
        let groups = if query.grouped { grouped(&mut found) } else { Vec::new() };
        let column = |at: usize| Figures::of(found.iter().map(|row| row.cells[at]));
        let anchor = query.anchor.and_then(|number| {
            let person = found.iter().position(|row| row.employee.0 == number)? as u32;
            (0..u32::MAX).find(|line| *line + 1 == person + 1 + before(&groups, *line + 1))
        });
        let mut offset = query.offset;
        if let Some(at) = anchor.filter(|at| !(offset..offset + query.limit).contains(at)) {
            offset = at.saturating_sub(query.limit / 2);
        }
        let column_figures = (0..self.codes.len()).map(column).collect();
        let figures = Figures::of(found.iter().flat_map(|row| row.cells.clone()));
        let matched = found.len() as u32;
        let lines = matched + groups.len() as u32;
        let end = (offset + query.limit).min(lines);
        let people = offset - before(&groups, offset)..end - before(&groups, end);
        let mut rows = found[people.start as usize..people.end as usize].to_vec();
        let window = known.map(|known| {
            let all = rows.iter().map(|row| row.employee).collect();
            rows.retain(|row| !known.contains(row));
            all
        });
        self.carried.set(rows.len());
        Matrix {
            at: Self::today(),
            unit: query.unit.map(|_| "Kecamatan Plaju".to_string()),
            total,
            matched,
            lines,
            groups: groups.into_iter().filter(|one| (offset..end).contains(&one.line)).collect(),
            offset,
            anchor,
            competencies: self
                .codes
                .iter()
                .enumerate()
                .map(|(at, code)| MatrixCompetency {
                    id: CompetencyId(at as u32 + 1),
                    code: code.clone(),
                    name: self.competency(at).name,
                })
                .collect(),
            column_figures,
            figures,
            rows,
            seq: query.since.map_or(0, |_| self.seq),
            window,
            standards_verified: self.verified,
        }
    }

    /// Somebody new, as the row at this place.
    pub fn insert(&mut self, at: usize, name: &str) {
        let number = 9000 + self.people.len() as u32;
        self.people.insert(at, (number, name.into(), String::new()));
    }

    fn row(&self, (number, name, position): &(u32, String, String), levels: &Levels) -> MatrixRow {
        let employee = EmployeeId(*number);
        let cells: Vec<Cell> = (1..=self.codes.len() as u32)
            .map(|competency| Cell {
                competency: CompetencyId(competency),
                // The last competency has no standard.
                required: (competency < 9).then_some(self.required),
                actual: levels.get(&(employee.0, competency)).copied(),
            })
            .collect();
        MatrixRow {
            employee,
            nip: "199001012015031001".into(),
            name: name.clone(),
            position: position.clone(),
            job_level: Some(JobLevel::Administrator),
            figures: Figures::of(cells.iter().copied()),
            cells,
        }
    }

    fn competency(&self, at: usize) -> Competency {
        const NAMES: [&str; 3] = ["Integritas", "Kerja Sama", "Komunikasi"];
        let level = |level: u8| LevelText {
            description: format!("Perilaku level {level} dari {}", self.codes[at]),
            indicators: Vec::new(),
        };
        Competency {
            code: self.codes[at].clone(),
            name: NAMES.get(at).map_or_else(|| format!("Kompetensi {}", at + 1), |n| (*n).into()),
            levels: (1..=5).map(level).collect(),
            ..Competency::default()
        }
    }

    fn rate(&mut self, rating: &Rating) -> Answer {
        if self.full_disk {
            return Answer::Refused(Problem::DiskFull);
        }
        let same = |one: &Rating| Rating { level: rating.level, ..one.clone() } == *rating;
        let at = self.ratings.iter().position(same);
        let at = match at {
            Some(at) if self.ratings[at].level == rating.level => return saved(None),
            Some(at) => {
                self.seq += 1;
                self.entries.insert(self.seq, (at, Some(self.ratings[at].level)));
                self.ratings[at].level = rating.level;
                at
            }
            None => {
                self.seq += 1;
                self.ratings.push(rating.clone());
                self.entries.insert(self.seq, (self.ratings.len() - 1, None));
                self.ratings.len() - 1
            }
        };
        debug_assert!(at < self.ratings.len());
        saved(Some(self.seq))
    }

    fn undo(&mut self, seq: u64) -> Answer {
        let Some((at, before)) = self.entries.remove(&seq) else {
            return Answer::Refused(Problem::AlreadyUndone { seq });
        };
        self.seq += 1;
        match before {
            Some(level) => self.ratings[at].level = level,
            None => self.ratings[at].date = None,
        }
        saved(Some(self.seq))
    }

    fn explain(&self, employee: EmployeeId, competency: CompetencyId) -> Answer {
        let person = self.people.iter().find(|(number, ..)| *number == employee.0).unwrap();
        let row = self.row(person, &self.levels());
        let at = competency.0 as usize - 1;
        let standard = Standard {
            job_level: Some(JobLevel::Administrator),
            competency,
            level: Level::new(self.required).unwrap(),
            legal_basis: "PermenPANRB 38/2017".into(),
            ..Standard::default()
        };
        let stored =
            |record| Stored { id: RecordId::new(Kind::Ratings, 1), rev: Revision(1), record };
        let mine = |one: &&Rating| (one.employee, one.competency) == (employee, competency);
        Answer::Explained(Box::new(Explanation {
            unit: "Kelurahan Plaju Ulu".into(),
            jp: 12,
            competency: self.competency(at),
            cell: row.cells[at],
            standard: Some(stored(Record::Standard(standard))),
            position: row.position.clone(),
            ratings: self
                .ratings
                .iter()
                .rev()
                .filter(mine)
                .cloned()
                .map(Record::Rating)
                .map(stored)
                .collect(),
            figures: row.figures,
        }))
    }

    fn answer(&mut self, request: &Request) -> Answer {
        match request {
            Request::Matrix(query) => Answer::Matrix(Box::new(self.matrix(query))),
            Request::Rate { ratings, .. } => self.rate(&ratings[0]),
            Request::Undo { seq: Some(seq), .. } => self.undo(*seq),
            Request::Explain { employee, competency, .. } => self.explain(*employee, *competency),
            Request::Get(id) => {
                let record = Record::Competency(self.competency(id.number as usize - 1));
                Answer::Record(Some(Box::new(Stored { id: *id, rev: Revision(0), record })))
            }
            other => panic!("not asked for by a matrix: {other:?}"),
        }
    }
}

/// The whole screen with its keys, over an office that answers at once.
pub fn with_keys() -> (testing::Desk, Rc<RefCell<Office>>) {
    let office = Rc::new(RefCell::new(Desk::new(3, 9, 80, 21).office));
    let behind = Rc::clone(&office);
    let records = testing::Office::new().extra(move |request| match request {
        Request::Matrix(_)
        | Request::Rate { .. }
        | Request::Undo { .. }
        | Request::Explain { .. }
        | Request::Get(_) => Some(behind.borrow_mut().answer(request)),
        _ => None,
    });
    (testing::Desk::new(vec![Box::new(MatrixPane::default())], records), office)
}

/// How many lines of units stand before this one.
fn before(groups: &[MatrixGroup], line: u32) -> u32 {
    groups.iter().filter(|group| group.line < line).count() as u32
}

/// Three villages, and everybody in one of them by their number.
fn grouped(found: &mut [MatrixRow]) -> Vec<MatrixGroup> {
    let unit = |row: &MatrixRow| row.employee.0 % 3;
    found.sort_by_key(unit);
    let mut line = 0;
    let group = |people: &[MatrixRow]| {
        let columns = 0..people[0].cells.len();
        let figures = |at: usize| Figures::of(people.iter().map(|row| row.cells[at]));
        let columns: Vec<Figures> = columns.map(figures).collect();
        let group = MatrixGroup {
            line,
            unit: Some(UnitId(unit(&people[0]) + 1)),
            name: format!("Kelurahan {}", ["Ilir", "Ulu", "Tengah"][unit(&people[0]) as usize]),
            people: people.len() as u32,
            below: columns.iter().map(|column| column.below).collect(),
            figures: Figures::sum(&columns),
        };
        line += 1 + group.people;
        group
    };
    found.chunk_by(|one, next| unit(one) == unit(next)).map(group).collect()
}

fn saved(seq: Option<u64>) -> Answer {
    Answer::Saved(Saved { seq, ids: Vec::new(), count: 1, summary: Summary::default() })
}

struct Face {
    theme: Theme,
    glyphs: Glyphs,
    info: OfficeInfo,
    keymap: Keymap,
    marked: BTreeSet<u32>,
    along: crate::ui::pane::Along,
    memory: crate::ui::memory::Memory,
    unit: Option<UnitScope>,
    area: Rect,
}

impl Face {
    fn view(&self) -> View<'_> {
        View {
            theme: &self.theme,
            glyphs: &self.glyphs,
            area: self.area,
            today: Office::today(),
            now: DateTime::<Utc>::UNIX_EPOCH,
            zone: FixedOffset::east_opt(7 * 3600).unwrap(),
            info: &self.info,
            read_only: false,
            unit: self.unit.as_ref(),
            marked_people: &self.marked,
            along: &self.along,
            keymap: &self.keymap,
            folder: std::path::Path::new("/home/siti"),
            editors: &[],
            drafts: 0,
            memory: &self.memory,
        }
    }
}

pub struct Desk {
    pub pane: MatrixPane,
    pub office: Office,
    face: Face,
    /// Asked and not yet answered, in order.
    pub waiting: VecDeque<(Tag, Request)>,
    overlay: Option<(Tag, Box<dyn Overlay>)>,
    pub toasts: Vec<String>,
    pub shown: Vec<RecordId>,
}

impl Desk {
    /// `people` in an office of `competencies` that requires level 3 everywhere but in the
    /// ninth, shown on a body of this size.
    pub fn new(people: usize, competencies: usize, width: u16, height: u16) -> Self {
        let code = |at: usize| match at {
            0..8 => format!("M.{}", at + 1),
            8 => "SK.1".to_string(),
            at => format!("T.{}", at - 8),
        };
        let name = |at: usize| {
            let number = at as u32 + 1001;
            (number, format!("Pegawai {:04}", at + 1), "Lurah".to_string())
        };
        let office = Office {
            people: (0..people).map(name).collect(),
            codes: (0..competencies).map(code).collect(),
            required: 3,
            ratings: Vec::new(),
            entries: BTreeMap::new(),
            seq: 0,
            full_disk: false,
            verified: false,
            asked: BTreeMap::new(),
            given: RefCell::default(),
            carried: std::cell::Cell::default(),
        };
        let info = OfficeInfo {
            name: "Kecamatan Plaju".into(),
            officer: "siti".into(),
            today: Office::today(),
            utc_offset_hours: 7,
            employees: people as u32,
            last_seq: 0,
            read_only: None,
            mended: Vec::new(),
            attendance_min: 80,
            rules: Box::new(Rulebook::clone(Rulebook::shipped())),
            requests: crate::protocol::OpenRequests::default(),
            role: Role::Admin,
            unit: None,
            holidays: Vec::new(),
        };
        let face = Face {
            theme: Theme::of(profile::Color::Mono),
            glyphs: Glyphs::of(profile::GlyphSet::Ascii),
            info,
            keymap: load(Preset::Default, &[] as &[&str], None).0,
            marked: BTreeSet::new(),
            along: crate::ui::pane::Along::default(),
            memory: crate::ui::memory::Memory::default(),
            unit: None,
            area: Rect::new(0, 0, width, height),
        };
        let mut desk = Self {
            pane: MatrixPane::default(),
            office,
            face,
            waiting: VecDeque::new(),
            overlay: None,
            toasts: Vec::new(),
            shown: Vec::new(),
        };
        desk.tell(PaneEvent::Shown);
        desk.settle();
        desk
    }

    /// Somebody was rated before today's sitting.
    pub fn given(mut self, person: u32, levels: &[u8]) -> Self {
        for (at, level) in levels.iter().enumerate() {
            self.office.ratings.push(Rating {
                employee: EmployeeId(person),
                competency: CompetencyId(at as u32 + 1),
                level: Level::new(*level).unwrap(),
                rater: "Camat".into(),
                date: NaiveDate::from_ymd_opt(2026, 1, 5),
                ..Rating::default()
            });
        }
        self.changed();
        self.settle();
        self
    }

    /// The officer has said yes to source, rater and date.
    pub fn confirmed(mut self) -> Self {
        self.give(Command::MatrixRater);
        self.give(Command::FormSave);
        self
    }

    pub fn face_unit(&self) -> Option<String> {
        self.face.unit.as_ref().map(|unit| unit.label.clone())
    }

    pub fn changed(&mut self) {
        self.office.seq += 1;
        let notice = Notice::Changed { seq: self.office.seq, ids: Vec::new(), many: false };
        self.tell(PaneEvent::Notice(&notice));
    }

    pub fn tell(&mut self, event: PaneEvent) {
        let effects = self.pane.update(event, &self.face.view());
        self.carry(effects, false);
    }

    fn carry(&mut self, effects: Vec<Effect>, of_overlay: bool) {
        for effect in effects {
            match effect {
                Effect::Ask(tag, request) => {
                    *self.office.asked.entry(tag.name).or_default() += 1;
                    self.waiting.push_back((tag, *request));
                }
                Effect::Open(tag, overlay) => self.overlay = Some((tag, overlay)),
                Effect::Done(outcome) if of_overlay => {
                    let (tag, _) = self.overlay.take().unwrap();
                    self.tell(PaneEvent::Outcome(tag, outcome));
                }
                Effect::Toast(toast) => self.toasts.push(toast.text),
                Effect::Remember(memo) => {
                    self.face.memory.take(&memo);
                }
                Effect::Show(id) => self.shown.push(id),
                Effect::Restrict(unit) => {
                    self.face.unit = unit;
                    self.tell(PaneEvent::Restricted);
                }
                _ => {}
            }
        }
    }

    /// Gives a command to whoever is in front, if it is available.
    pub fn give(&mut self, command: Command) {
        self.give_event(PaneEvent::Command(command));
    }

    fn give_event(&mut self, event: PaneEvent) {
        if let Some((_, overlay)) = &mut self.overlay {
            let effects = overlay.update(event, &self.face.view());
            self.carry(effects, true);
        } else {
            self.tell(event);
        }
    }

    /// Another sitting of the same officer.
    pub fn sit_anew(&mut self) {
        self.pane = MatrixPane::default();
        self.tell(PaneEvent::Shown);
        self.settle();
    }

    /// Types into what is in front.
    pub fn type_in(&mut self, text: &str) {
        for c in text.chars() {
            self.give_event(PaneEvent::Text(c));
        }
    }

    pub fn give_all(&mut self, commands: &[Command]) {
        for command in commands {
            self.give(*command);
        }
    }

    /// Keys digits as fast as fingers go: nothing is answered in between.
    pub fn key(&mut self, digits: &str) {
        for digit in digits.chars() {
            self.give(Command::named(&format!("matrix.rate_{digit}")).unwrap());
        }
    }

    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.give_event(PaneEvent::Text(c));
        }
    }

    /// The office answers one question.
    pub fn answer_one(&mut self) -> bool {
        let Some((tag, request)) = self.waiting.pop_front() else { return false };
        let before = self.office.seq;
        let answer = self.office.answer(&request);
        self.tell(PaneEvent::Answer(tag, answer));
        if self.office.seq > before {
            let notice = Notice::Changed { seq: self.office.seq, ids: Vec::new(), many: false };
            self.tell(PaneEvent::Notice(&notice));
        }
        true
    }

    /// The office answers everything; a pane that never stops asking fails.
    pub fn settle(&mut self) {
        for _ in 0..10_000 {
            if !self.answer_one() {
                return;
            }
        }
        panic!("the matrix asks without end");
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.face.area = Rect::new(0, 0, width, height);
        self.tell(PaneEvent::Resized);
    }

    pub fn restrict(&mut self, unit: Option<UnitScope>) {
        self.face.unit = unit;
        self.tell(PaneEvent::Restricted);
    }

    pub fn mark(&mut self, person: u32) {
        self.face.marked.insert(person);
    }

    pub fn cancel_overlay(&mut self) {
        if let Some((tag, _)) = self.overlay.take() {
            self.tell(PaneEvent::Outcome(tag, Outcome::Cancelled));
        }
    }

    pub fn overlay(&self) -> Option<&'static str> {
        self.overlay.as_ref().map(|(_, overlay)| overlay.id())
    }

    pub fn colours(&mut self, color: profile::Color, glyphs: profile::GlyphSet) {
        (self.face.theme, self.face.glyphs) = (Theme::of(color), Glyphs::of(glyphs));
    }

    pub fn terminal(&self) -> Terminal<TestBackend> {
        let (width, height) = (self.face.area.width, self.face.area.height);
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| {
                let view = self.face.view();
                self.pane.draw(frame, &view);
                if let Some((_, overlay)) = &self.overlay {
                    overlay.draw(frame, &view);
                }
            })
            .unwrap();
        terminal
    }

    pub fn screen(&self) -> String {
        let terminal = self.terminal();
        let buffer = terminal.backend().buffer();
        let width = usize::from(buffer.area.width);
        if width == 0 {
            return String::new();
        }
        let line = |cells: &[ratatui::buffer::Cell]| {
            let text: String = cells.iter().map(ratatui::buffer::Cell::symbol).collect();
            text.trim_end().to_string()
        };
        buffer.content.chunks(width).map(line).collect::<Vec<_>>().join("\n")
    }

    /// The line of the screen that names this person in the grid.
    pub fn line_of(&self, person: u32) -> String {
        let name = format!("Pegawai {:04}", person - 1000);
        let screen = self.screen();
        screen.lines().find(|line| line.contains(&name)).unwrap_or_default().to_string()
    }
}
