//! The steps of the history, newest first, in windows: some hundred lines around the cursor
//! and never the whole journal. The cursor stands on a step, not on a row: after any change
//! the window is asked for anew around it. One answer of the office may look only so far
//! back; where the screen is not full yet the search goes on by itself.

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::Handled;
use super::cursor::{Cursor, Held, walk};
use super::frame::{padded, put};
use super::scrollbar;
use crate::domain::change::Via;
use crate::domain::record::{EmployeeId, Kind, RecordId};
use crate::i18n::{date_time, own_changes, summary, t, whole};
use crate::protocol::{Answer, HistoryLine, HistoryPage, HistoryQuery, Notice, PAGE_MAX, Request};
use crate::ui::command::Command;
use crate::ui::effect::{Effect, Tag};
use crate::ui::pane::{PaneEvent, View};

/// Lines asked for at once.
const PAGE: u32 = 100;
/// Lines held; beyond it the far end is let go.
const WINDOW: usize = 400;
/// `17 Agu 2026 14.05`, the officer at the most, the way.
const AT: usize = 17;
const BY: usize = 10;
const VIA: usize = 8;
/// From this width on it is shown how a step came in.
const WIDE: u16 = 100;

/// The question under way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// The newest, whatever was there before.
    Newest,
    Oldest,
    /// What follows the window at either end.
    Older,
    Newer,
    /// The window itself, since something has changed.
    Again,
}

pub struct Steps {
    tag: &'static str,
    /// Of one record; of a person with all that is theirs.
    record: Option<RecordId>,
    search: String,
    lines: Vec<HistoryLine>,
    cursor: Cursor<u64>,
    /// Where to go on at the newer and the older end; `None` where nothing is left.
    newer: Option<u64>,
    older: Option<u64>,
    asked: u32,
    waiting: Option<Asked>,
    /// A change was told of while a question was under way.
    stale: bool,
    pub vague: bool,
    answered: bool,
}

impl Steps {
    /// `tag` is the name under which its pages are asked for.
    pub fn new(tag: &'static str) -> Self {
        Self {
            tag,
            record: None,
            search: String::new(),
            lines: Vec::new(),
            cursor: Cursor::default(),
            newer: None,
            older: None,
            asked: 0,
            waiting: None,
            stale: false,
            vague: false,
            answered: false,
        }
    }

    /// Of what happened to this record.
    pub fn of(tag: &'static str, record: RecordId) -> Self {
        Self { record: Some(record), ..Self::new(tag) }
    }

    /// The step under the cursor.
    pub fn line(&self) -> Option<&HistoryLine> {
        self.lines.get(self.cursor.row() as usize)
    }

    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many there are, once that is known: nothing is left at either end.
    pub fn count(&self) -> Option<usize> {
        (self.answered && self.newer.is_none() && self.older.is_none()).then_some(self.lines.len())
    }

    /// How many lines are held in memory.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.lines.len()
    }

    /// Shows what this search finds.
    pub fn search(&mut self, text: &str) -> Effect {
        self.search = text.to_string();
        self.lines.clear();
        self.cursor.begin();
        (self.newer, self.older) = (None, None);
        self.ask(Asked::Newest)
    }

    fn ask(&mut self, what: Asked) -> Effect {
        self.asked += 1;
        self.waiting = Some(what);
        let first = self.lines.first().map(|line| line.seq.saturating_add(1));
        let (before, after, limit) = match what {
            Asked::Newest => (None, None, PAGE),
            Asked::Oldest => (None, Some(0), PAGE),
            Asked::Older => (self.older, None, PAGE),
            Asked::Newer => (None, self.newer, PAGE),
            Asked::Again => {
                self.stale = false;
                let limit = (self.lines.len() as u32).clamp(PAGE, PAGE_MAX);
                (self.newer.and(first), None, limit)
            }
        };
        let person = self.record.filter(|record| record.kind == Kind::Employees);
        let query = HistoryQuery {
            record: self.record.filter(|_| person.is_none()),
            person: person.map(|record| EmployeeId(record.number)),
            search: self.search.clone(),
            before,
            after,
            limit,
            ..HistoryQuery::default()
        };
        Effect::ask(Tag::new(self.tag, self.asked), Request::History(query))
    }

    /// Takes moving, its own answers and notices of changes. `area` is where it is drawn.
    pub fn update<'a>(&mut self, event: PaneEvent<'a>, area: Rect) -> Handled<'a> {
        self.cursor.sees(u32::from(area.height.saturating_sub(1)).max(1));
        match event {
            PaneEvent::Command(command) => {
                if !self.walks(command) {
                    return Handled::No(event);
                }
                if command == Command::ListFirst || command == Command::PickerFirst {
                    if self.newer.is_some() {
                        let search = self.search.clone();
                        return Handled::Yes(vec![self.search(&search)]);
                    }
                } else if (command == Command::ListLast || command == Command::PickerLast)
                    && self.older.is_some()
                {
                    return Handled::Yes(vec![self.ask(Asked::Oldest)]);
                }
            }
            PaneEvent::Answer(tag, answer) if tag.name == self.tag => {
                if let (Some(what), Answer::History(page)) = (self.waiting, answer)
                    && tag.number == self.asked
                {
                    self.waiting = None;
                    self.take(what, page);
                }
            }
            PaneEvent::Notice(Notice::Changed { .. }) if self.answered => self.stale = true,
            PaneEvent::Shown if !self.answered => {
                return Handled::Yes(vec![self.ask(Asked::Newest)]);
            }
            PaneEvent::Resized => {}
            other => return Handled::No(other),
        }
        self.cursor.scroll(self.lines.len() as u32);
        Handled::Yes(self.fill())
    }

    /// Moves the cursor, if the command is one that does.
    fn walks(&mut self, command: Command) -> bool {
        let (row, page) = (self.cursor.row(), self.cursor.shown());
        let Some(row) = walk(command, row, self.lines.len() as u32, page) else { return false };
        self.cursor.go(row, &Held::all(&self.lines));
        true
    }

    fn take(&mut self, what: Asked, page: HistoryPage) {
        let here = self.line().map(|line| line.seq);
        let at_top = self.cursor.top() == 0 && self.newer.is_none();
        self.vague = page.vague;
        self.answered = true;
        match what {
            Asked::Newest | Asked::Oldest => {
                self.lines = page.lines;
                let forward = what == Asked::Oldest;
                (self.newer, self.older) =
                    if forward { (page.next, None) } else { (None, page.next) };
            }
            Asked::Older => {
                self.lines.extend(page.lines);
                self.older = page.next;
                let over = self.lines.len().saturating_sub(WINDOW);
                if over > 0 {
                    self.lines.drain(..over);
                    self.newer = self.lines.first().map(|line| line.seq);
                }
            }
            Asked::Newer => {
                self.lines.splice(0..0, page.lines);
                self.newer = page.next;
                if self.lines.len() > WINDOW {
                    self.lines.truncate(WINDOW);
                    self.older = self.lines.last().map(|line| line.seq);
                }
            }
            Asked::Again => self.renew(page),
        }
        self.mark_undone();
        let held = Held::all(&self.lines);
        match (what, here) {
            (Asked::Oldest, _) => self.cursor.go(u32::MAX, &held),
            (Asked::Newest, _) | (_, None) => self.cursor.go(0, &held),
            (_, Some(seq)) => {
                let at = Some(self.lines.partition_point(|line| line.seq > seq) as u32);
                // What comes in at the top is seen, unless the officer is further down.
                if at_top {
                    self.cursor.settle(at, &held);
                } else {
                    self.cursor.settle_in_place(at, &held);
                }
            }
        }
    }

    /// Puts the window as it stands now in the place of the one as it was.
    fn renew(&mut self, page: HistoryPage) {
        let until = page.next.unwrap_or(0);
        let joins = self.lines.first().is_some_and(|line| line.seq >= until);
        let mut kept = std::mem::replace(&mut self.lines, page.lines);
        kept.retain(|line| line.seq < until);
        if page.next.is_none() || !joins || kept.is_empty() {
            self.older = page.next;
        } else {
            self.lines.append(&mut kept);
        }
        self.lines.truncate(WINDOW);
    }

    /// What an entry of the window took back is marked, also where the mark came later.
    fn mark_undone(&mut self) {
        for at in (0..self.lines.len()).rev() {
            let line = &self.lines[at];
            let Some(target) = line.summary.undoes else { continue };
            let by = line.undone_by.is_none().then_some(line.seq);
            let found = self.lines.binary_search_by(|line| target.cmp(&line.seq));
            if let Some(line) = found.ok().and_then(|at| self.lines.get_mut(at)) {
                line.undone_by = by;
            }
        }
    }

    /// Asks for lines that are soon to be in sight and are not here.
    fn fill(&mut self) -> Vec<Effect> {
        if self.waiting.is_some() {
            return Vec::new();
        }
        let (top, rows) = (self.cursor.top() as usize, self.cursor.shown() as usize);
        let what = if self.stale {
            Asked::Again
        } else if self.older.is_some() && top + 2 * rows > self.lines.len() {
            Asked::Older
        } else if self.newer.is_some() && top < rows {
            Asked::Newer
        } else {
            return Vec::new();
        };
        vec![self.ask(what)]
    }

    pub fn draw(&self, frame: &mut Frame, area: Rect, view: &View) {
        if area.is_empty() {
            return;
        }
        let by = t!("history.column.by");
        // Names take what they need of their room; what was done takes the rest.
        let names = self.lines.iter().map(|line| line.by.width()).chain([by.width()]);
        let by_width = names.max().unwrap_or(BY).min(BY);
        let numbers = self.lines.iter().map(|line| line.seq.to_string().width());
        let seq_width = numbers.max().unwrap_or(0).max(t!("history.column.seq").width());
        let widths = (seq_width, by_width);
        let heading = row(
            &t!("history.column.seq"),
            &[&t!("history.column.at"), &by, &t!("history.column.via")],
            &t!("history.column.what"),
            widths,
            view,
        );
        put(frame, area, 0, &format!("  {heading}"), view.theme.heading, view.glyphs);
        let body = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let rows = usize::from(body.height);
        // The last column is the scrollbar's.
        let width = usize::from(body.width.saturating_sub(1));
        let top = self.cursor.top() as usize;
        let shown = self.lines.iter().enumerate().skip(top).take(rows);
        for (y, (at, line)) in shown.enumerate() {
            let here = at == self.cursor.row() as usize;
            let marker = if here { view.glyphs.cursor } else { " " };
            let text = format!("{marker} {}", written(line, widths, view));
            let text = padded(&text, width, false, view.glyphs.ellipsis);
            let style = match (here, line.undone_by) {
                (true, _) => view.theme.selected,
                (_, Some(_)) => view.theme.dim,
                _ => view.theme.text,
            };
            put(frame, body, y as u16, &text, style, view.glyphs);
        }
        let beyond = u32::from(self.older.is_some());
        let (total, from) = (self.lines.len() as u32 + beyond, top as u32);
        scrollbar::draw(frame.buffer_mut(), body, from, total, view.theme, view.glyphs);
        let end = self.lines.len().saturating_sub(top) as u16;
        if let Some(said) = self.said() {
            put(frame, body, end, &format!("  {said}"), view.theme.dim, view.glyphs);
        }
    }

    /// What stands below the last line, where there is room.
    fn said(&self) -> Option<String> {
        match (self.older, self.waiting) {
            (Some(seq), _) => {
                let seq = whole(i64::try_from(seq).unwrap_or(i64::MAX));
                Some(t!("history.searching", seq = seq).into_owned())
            }
            (None, None) if self.lines.is_empty() && self.answered => {
                Some(if self.search.is_empty() {
                    t!("history.none").into_owned()
                } else {
                    t!("shell.list_none_found").into_owned()
                })
            }
            _ => None,
        }
    }
}

fn written(line: &HistoryLine, widths: (usize, usize), view: &View) -> String {
    let via = way(line.via);
    let at = date_time(line.at, view.info.utc_offset_hours);
    let back = line.summary.undoes.is_some();
    let own = Some(own_changes(&line.own)).filter(|own| !own.is_empty() && !back);
    let what = own.unwrap_or_else(|| summary(&line.summary));
    let what = match line.undone_by {
        Some(seq) => format!("{} {what}", t!("history.undone", seq = seq)),
        None => what,
    };
    row(&line.seq.to_string(), &[&at, &line.by, &via], &what, widths, view)
}

/// How a step came in, in a word.
pub fn way(via: Via) -> std::borrow::Cow<'static, str> {
    match via {
        Via::Tui => t!("history.via.tui"),
        Via::Cli => t!("history.via.cli"),
        Via::Import => t!("history.via.import"),
        Via::Office => t!("history.via.office"),
    }
}

/// Number, time, officer and, where there is room, way in their columns, and what was done
/// behind them.
fn row(
    seq: &str,
    columns: &[&str; 3],
    what: &str,
    (number, by): (usize, usize),
    view: &View,
) -> String {
    let mut text = padded(seq, number, true, view.glyphs.ellipsis) + " ";
    let shown = if view.area.width < WIDE { 2 } else { 3 };
    for (column, width) in columns.iter().zip([AT, by, VIA]).take(shown) {
        text.push_str(&padded(column, width, false, view.glyphs.ellipsis));
        text.push(' ');
    }
    text + what
}
