//! For tests of the screen: a desk with an app on it and a small office behind it that
//! answers at once. Tests are key macros: start, keys, result.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::Value as Json;

use super::app::{App, Deed, Parts, REST};
use super::draft::Draft;
use super::event::Event;
use super::keymap::{Preset, key_text, load};
use super::memory::{Memo, Memory};
use super::pane::Pane;
use crate::domain::change::RequestId;
use crate::domain::field::Shape;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{Fields, Kind, Record, RecordId, Revision, fold};
use crate::domain::rulebook::Rulebook;
use crate::domain::value::Value;
use crate::protocol::{
    self, Act, Answer, HistoryPage, Hit, Incoming, ListQuery, Notice, OfficeInfo, OpenRequests,
    Page, Problem, Request, Row, Saved, Stored, Summary,
};
use crate::term::input::{Heard, Input};
use crate::term::key::Key;
use crate::term::profile::{Color, GlyphSet, Profile};

/// The day of every test.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day")
}

pub fn info() -> OfficeInfo {
    OfficeInfo {
        name: "Kecamatan Plaju".into(),
        officer: "rina".into(),
        today: today(),
        utc_offset_hours: 7,
        employees: 3,
        last_seq: 1,
        read_only: None,
        mended: Vec::new(),
        attendance_min: 80,
        requests: OpenRequests::default(),
        role: Role::Admin,
        unit: None,
        holidays: Vec::new(),
        rules: Box::new(Rulebook::clone(Rulebook::shipped())),
    }
}

/// Answers what the small office does not know.
pub type Extra = Box<dyn FnMut(&Request) -> Option<Answer>>;

/// Records in memory, and the simplest true answers about them.
pub struct Office {
    pub records: BTreeMap<(Kind, u32), (Revision, Record)>,
    pub extra: Extra,
    seq: u64,
}

impl Office {
    pub fn new() -> Self {
        Self { records: BTreeMap::new(), extra: Box::new(|_| None), seq: 1 }
    }

    /// Adds a record from its JSON.
    #[must_use]
    pub fn with(mut self, kind: Kind, number: u32, json: &str) -> Self {
        let fields: Fields = serde_json::from_str(json).expect("fields");
        let record = Record::from_fields(kind, &fields).expect("a record");
        self.records.insert((kind, number), (Revision(1), record));
        self
    }

    #[must_use]
    pub fn extra(mut self, extra: impl FnMut(&Request) -> Option<Answer> + 'static) -> Self {
        self.extra = Box::new(extra);
        self
    }

    fn found(&self, query: &ListQuery) -> Vec<(u32, Revision, &Record)> {
        let wanted = fold(&query.search);
        self.records
            .iter()
            .filter(|((kind, _), _)| *kind == query.kind)
            .filter(|(_, (_, record))| fold(&record.label()).contains(&wanted))
            .map(|((_, number), (rev, record))| (*number, *rev, record))
            .collect()
    }

    fn page(&self, query: &ListQuery) -> Page {
        let total = self.records.keys().filter(|(kind, _)| *kind == query.kind).count() as u32;
        let found = self.found(query);
        let anchor = query
            .anchor
            .and_then(|anchor| found.iter().position(|(number, ..)| *number == anchor))
            .map(|at| at as u32);
        let mut offset = query.offset.min(found.len() as u32);
        if let Some(at) = anchor.filter(|at| !(offset..offset + query.limit).contains(at)) {
            offset = at;
        }
        let rows = found.iter().skip(offset as usize).take(query.limit as usize);
        let rows = rows
            .map(|(number, rev, record)| Row {
                number: *number,
                rev: *rev,
                cells: query.columns.iter().map(|column| self.cell(record, column)).collect(),
            })
            .collect();
        let matched = found.len() as u32;
        Page { total, matched, restricted: 0, offset, anchor, columns: query.columns.clone(), rows }
    }

    fn cell(&self, record: &Record, column: &str) -> Value {
        let fields = record.fields();
        let name = if column == "nip" { "number" } else { column };
        let field = record.kind().field(name);
        let is_choice = field.is_some_and(|field| matches!(field.shape, Shape::Choice(_)));
        match fields.get(name) {
            Some(Json::String(code)) if is_choice => Value::choice(code.clone()),
            Some(Json::String(text)) => Value::text(text.as_str()),
            Some(Json::Bool(flag)) => Value::Flag(*flag),
            Some(Json::Number(number)) => {
                let number = number.as_i64().unwrap_or_default();
                let kind = match column {
                    "unit" | "parent" => Kind::Units,
                    "position" => Kind::Positions,
                    "programme" => Kind::Programmes,
                    _ => return Value::Whole(number),
                };
                let referred = self.records.get(&(kind, number as u32));
                referred.map_or(Value::Empty, |(_, record)| Value::text(record.label()))
            }
            _ => Value::Empty,
        }
    }

    fn put(&mut self, id: RecordId, record: Record) {
        self.seq += 1;
        self.records.insert((id.kind, id.number), (Revision(self.seq), record));
    }

    fn saved(&self, kind: Kind, act: Act, ids: Vec<RecordId>, label: String) -> Answer {
        let count = ids.len() as u32;
        let parts = vec![(kind, act, count)];
        let summary = Summary { parts, label, ..Summary::default() };
        Answer::Saved(Saved { seq: Some(self.seq), ids, count, summary })
    }

    pub fn answer(&mut self, request: &Request) -> Answer {
        if let Some(answer) = (self.extra)(request) {
            return answer;
        }
        match request {
            Request::Welcome => Answer::Welcome(Box::new(info())),
            Request::List(query) => Answer::Page(self.page(query)),
            Request::Ids(query) => {
                Answer::Ids(self.found(query).into_iter().map(|(number, ..)| number).collect())
            }
            Request::Labels(ids) => Answer::Labels(
                ids.iter()
                    .map(|id| {
                        let known = self.records.get(&(id.kind, id.number));
                        known.map_or_else(|| id.to_string(), |(_, record)| record.label())
                    })
                    .collect(),
            ),
            Request::Get(id) => {
                let found = self.records.get(&(id.kind, id.number)).cloned();
                Answer::Record(found.map(|(rev, record)| Box::new(Stored { id: *id, rev, record })))
            }
            Request::Lookup { kind, text, limit } => {
                let query = ListQuery { search: text.clone(), ..ListQuery::all(*kind) };
                let hits = self.found(&query).into_iter().take(*limit as usize);
                let hit = |(number, _, record): (u32, Revision, &Record)| Hit {
                    id: RecordId::new(*kind, number),
                    label: record.label(),
                    detail: format!("{kind}/{number}"),
                };
                Answer::Hits(hits.map(hit).collect())
            }
            Request::Openings { text, limit, .. } => {
                let query = ListQuery { search: text.clone(), ..ListQuery::all(Kind::Sessions) };
                let hits = self.found(&query).into_iter().take(*limit as usize);
                let open = |(number, _, record): (u32, Revision, &Record)| protocol::Opening {
                    session: crate::domain::record::SessionId(number),
                    programme: record.label(),
                    start: None,
                    end: None,
                    capacity: Some(30),
                    enrolled: 12,
                    already: 0,
                    clashing: 3,
                };
                Answer::Openings(hits.map(open).collect())
            }
            Request::Save(save) => {
                let draft = &save.drafts[0];
                let kind = draft.record.kind();
                let act = if draft.id.is_some() { Act::Changed } else { Act::Added };
                let id = draft.id.unwrap_or(RecordId::new(kind, 9000 + self.seq as u32));
                self.put(id, draft.record.clone());
                self.saved(kind, act, vec![id], draft.record.label())
            }
            Request::SetField { kind, ids, .. } => {
                self.seq += 1;
                let ids = ids.iter().map(|number| RecordId::new(*kind, *number)).collect();
                self.saved(*kind, Act::Changed, ids, String::new())
            }
            Request::Delete { ids, .. } => {
                for (id, _) in ids {
                    self.records.remove(&(id.kind, id.number));
                }
                let kind = ids[0].0.kind;
                self.saved(
                    kind,
                    Act::Deleted,
                    ids.iter().map(|(id, _)| *id).collect(),
                    String::new(),
                )
            }
            Request::Enrol { session, employees, .. } => {
                self.seq += 1;
                let ids = vec![(*session).into(); employees.len()];
                self.saved(Kind::Enrolments, Act::Added, ids, String::new())
            }
            Request::Undo { .. } => Answer::Refused(Problem::NothingToUndo),
            Request::Redo { .. } => Answer::Refused(Problem::NothingToRedo),
            Request::History(_) => Answer::History(HistoryPage::default()),
            Request::Reports => Answer::Reports(Vec::new()),
            _ => Answer::Refused(Problem::NotFound),
        }
    }
}

/// An officer's desk.
pub struct Desk {
    pub app: App,
    pub office: Office,
    /// Everything the office was asked, in order.
    pub asked: Vec<Request>,
    /// Everything else that was to be done in the world.
    pub deeds: Vec<Deed>,
    size: (u16, u16),
    /// When the next key is read; it passes without anybody waiting for it.
    now: Instant,
}

/// Longer than it takes to read a question.
const UNHURRIED: Duration = Duration::from_millis(400);

/// Read whenever the desk says.
impl From<Input> for Event {
    fn from(input: Input) -> Self {
        Self::Input(Heard { input, at: Instant::now() })
    }
}

/// How a desk differs from the usual one.
pub struct Setup {
    pub size: (u16, u16),
    pub color: Color,
    pub glyphs: GlyphSet,
    pub preset: Preset,
    pub info: OfficeInfo,
    pub drafts: Vec<Draft>,
    pub memory: Memory,
    pub passing: bool,
}

/// What is remembered for an officer who has been here before.
pub fn toured() -> Memory {
    let mut memory = Memory::default();
    memory.take(&Memo::TourSeen);
    memory
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            size: (80, 24),
            color: Color::Mono,
            glyphs: GlyphSet::Ascii,
            preset: Preset::Default,
            info: info(),
            drafts: Vec::new(),
            memory: toured(),
            passing: false,
        }
    }
}

impl Desk {
    pub fn new(panes: Vec<Box<dyn Pane>>, office: Office) -> Self {
        Self::with(panes, office, Setup::default())
    }

    pub fn with(panes: Vec<Box<dyn Pane>>, office: Office, setup: Setup) -> Self {
        let (keymap, warnings) = load::<&std::path::Path>(setup.preset, &[], None);
        assert!(warnings.is_empty(), "{warnings:?}");
        let now = DateTime::parse_from_rfc3339("2026-11-22T03:00:00Z").expect("a time").to_utc();
        let mut last = 0;
        let app = App::new(Parts {
            panes,
            keymap,
            profile: Profile {
                color: setup.color,
                glyphs: setup.glyphs,
                ssh: false,
                gnu_screen: false,
                clipboard: true,
            },
            clock: Box::new(move || now),
            request_ids: Box::new(move || {
                last += 1;
                RequestId(format!("test-{last}"))
            }),
            info: setup.info,
            size: setup.size,
            folder: "/home/rina".into(),
            drafts: setup.drafts,
            memory: setup.memory,
            passing: setup.passing,
        });
        let (asked, deeds, now) = (Vec::new(), Vec::new(), Instant::now());
        let mut desk = Self { app, office, asked, deeds, size: setup.size, now };
        let deeds = desk.app.start();
        desk.settle(deeds);
        desk
    }

    /// Answers everything the office is asked until nothing more comes of it.
    fn settle(&mut self, deeds: Vec<Deed>) {
        let mut waiting: VecDeque<Deed> = deeds.into();
        while let Some(deed) = waiting.pop_front() {
            match deed {
                Deed::Send(ticket, request) => {
                    let answer = self.office.answer(&request);
                    let saved = matches!(answer, Answer::Saved(_));
                    self.asked.push(*request);
                    let reply = Incoming::Reply(ticket, Box::new(answer));
                    waiting.extend(self.app.update(reply.into()));
                    if saved {
                        let notice = Notice::Changed { seq: 2, ids: Vec::new(), many: true };
                        waiting.extend(self.app.update(Incoming::Notice(notice).into()));
                    }
                }
                other => self.deeds.push(other),
            }
        }
    }

    /// What stands on the screen is looked at before it.
    pub fn event(&mut self, event: impl Into<Event>) {
        self.app.drawn(self.now);
        self.now += UNHURRIED;
        self.at_once(event);
    }

    /// The same without a moment between what was before and this.
    pub fn at_once(&mut self, event: impl Into<Event>) {
        let event = match event.into() {
            Event::Input(heard) => Event::Input(Heard { at: self.now, ..heard }),
            event => event,
        };
        let deeds = self.app.update(event);
        self.settle(deeds);
    }

    /// Answers what the app asked for without an event.
    pub fn settled(&mut self) {
        let deeds = self.app.update(Event::Input(Heard { input: Input::Resumed, at: self.now }));
        self.settle(deeds.into_iter().filter(|deed| *deed != Deed::Redraw).collect());
    }

    /// So much time passes with the screen as it is.
    pub fn waits(&mut self, time: Duration) {
        self.app.drawn(self.now);
        self.now += time;
    }

    /// Presses keys, written as in a keymap: `g e / enter`. A text in single quotes is typed
    /// letter by letter: `/ 'siti aminah' enter`.
    pub fn press(&mut self, keys: &str) {
        for key in typed(keys) {
            self.event(Input::Key(key));
        }
        self.rests();
    }

    /// Looks at what the cursor has come to.
    pub fn rests(&mut self) {
        if self.app.rests_after() == Some(REST) {
            let deeds = self.app.rested();
            self.settle(deeds);
        }
    }

    /// Presses all of them before the office has answered to any.
    pub fn burst(&mut self, keys: &str) {
        let at = self.now;
        let keys = typed(keys).into_iter().map(|key| Heard { input: Input::Key(key), at });
        let deeds = keys.flat_map(|key| self.app.update(key.into())).collect();
        self.settle(deeds);
    }

    pub fn resize(&mut self, width: u16, height: u16) {
        self.size = (width, height);
        self.event(Input::Resize(width, height));
    }

    /// What stands on the screen, without trailing blanks. The cursor's place is not shown.
    /// The screen with its colours.
    pub fn buffer(&self) -> ratatui::buffer::Buffer {
        let mut terminal =
            Terminal::new(TestBackend::new(self.size.0, self.size.1)).expect("a terminal");
        terminal.draw(|frame| self.app.draw(frame)).expect("drawn");
        terminal.backend().buffer().clone()
    }

    pub fn screen(&self) -> String {
        let buffer = self.buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let line: String = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    /// The message, in full, or else the hints.
    pub fn bottom(&self) -> String {
        if let Some(said) = self.app.said() {
            return said;
        }
        self.screen().trim_end().lines().last().unwrap_or_default().to_string()
    }

    /// The line of the row under the cursor.
    pub fn cursor_line(&self) -> String {
        let screen = self.screen();
        screen.lines().find(|line| line.starts_with('>')).unwrap_or_default().to_string()
    }

    /// Requests that write, in order.
    pub fn written(&self) -> Vec<&Request> {
        self.asked.iter().filter(|request| request.step().is_some()).collect()
    }
}

pub fn typed(keys: &str) -> Vec<Key> {
    let mut typed = Vec::new();
    for (at, part) in keys.split('\'').enumerate() {
        if at % 2 == 1 {
            typed.extend(part.chars().map(Key::char));
        } else {
            let parse = |key| key_text::parse(key).unwrap_or_else(|e| panic!("{key}: {e:?}"));
            typed.extend(part.split_whitespace().map(parse));
        }
    }
    typed
}
