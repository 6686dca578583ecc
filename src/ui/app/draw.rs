//! Lays the screen out: tab bar, pane, overlays, which-key box, and one line at the
//! bottom that is the last message or else the hints for what can be done here.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Clear;
use unicode_width::UnicodeWidthStr;

use super::{App, Hints, SMALLEST, body, stage};
use crate::i18n::{self, t, whole, work};
use crate::ui::command::Command;
use crate::ui::keymap::key_text::spoken;
use crate::ui::pane::{Availability, HintWord, Pane};
use crate::ui::toast::Weight;
use crate::ui::widgets::frame::{boxed, fit, fit_middle, put, wrap};
use crate::ui::words;

/// Less of a tab tells nothing.
const TAB_LEAST: usize = 4;
/// Cells between two hints.
const HINT_GAP: usize = 2;
/// The most lines a message takes.
const TOAST_LINES: u16 = 3;

impl App {
    pub fn draw(&self, frame: &mut Frame) {
        let screen = frame.area();
        if screen.is_empty() {
            return;
        }
        if screen.width < SMALLEST.0 || screen.height < SMALLEST.1 {
            self.draw_too_small(frame, screen);
            return;
        }
        let size = (screen.width, screen.height);
        self.draw_tabs(frame, Rect { height: 1, ..screen });
        if let Some(pane) = self.panes.get(self.front) {
            pane.draw(frame, &self.face.view(body(size)));
        }
        self.draw_tour(frame, stage(size));
        let view = self.face.view(stage(size));
        for open in &self.overlays {
            open.overlay.draw(frame, &view);
        }
        if self.next_shown && !self.next.is_empty() {
            self.draw_next_keys(frame, stage(size));
        }
        self.draw_bottom(frame, Rect { y: screen.bottom() - 1, height: 1, ..screen });
    }

    fn draw_too_small(&self, frame: &mut Frame, screen: Rect) {
        let (width, height) = SMALLEST;
        let text = t!("shell.too_small", width = width, height = height);
        for (row, line) in wrap(&text, usize::from(screen.width)).iter().enumerate() {
            put(frame, screen, row as u16, line, self.face.theme.text, &self.face.glyphs);
        }
    }

    /// Tabs with their counters on the left, the office on the right. What it is doing, and why
    /// nothing can be written, is told before all tabs are.
    fn draw_tabs(&self, frame: &mut Frame, area: Rect) {
        let theme = &self.face.theme;
        let mut x = area.x;
        let told = self.told();
        let kept = match u16::try_from(told.width()).unwrap_or(u16::MAX) {
            0 => 0,
            width => width.saturating_add(1).min(area.width / 2),
        };
        let tabs_end = area.right() - kept;
        for (here, text) in self.tabs(usize::from(tabs_end - area.x)) {
            let room = usize::from(tabs_end.saturating_sub(x));
            if room < TAB_LEAST {
                break;
            }
            let text = fit(&text, room, self.face.glyphs.ellipsis);
            let style = if here { theme.tab } else { theme.dim };
            let (end, _) = frame.buffer_mut().set_stringn(x, area.y, &text, room, style);
            x = (end + 1).min(area.right());
        }
        let room = usize::from(area.right().saturating_sub(x));
        let cut = if told.is_empty() { fit } else { fit_middle };
        let text = cut(&self.office_line(told), room, self.face.glyphs.ellipsis);
        let start = area.right() - text.width() as u16;
        frame.buffer_mut().set_string(start, area.y, text, theme.dim);
    }

    /// The tabs, and which of them is in front; where not all fit into `room`, the first are
    /// left out for the one in front.
    fn tabs(&self, room: usize) -> Vec<(bool, String)> {
        let shown = self.panes.iter().enumerate().filter(|(at, _)| self.is_shown(*at));
        let tab = |at: usize, pane: &dyn Pane| {
            let here = at == self.front;
            let counter = if here { pane.counter() } else { String::new() };
            let gap = if counter.is_empty() { "" } else { " " };
            let text = format!("{}{gap}{counter}", pane.title());
            (here, if here { format!("[{text}]") } else { format!(" {text}") })
        };
        let mut tabs: Vec<(bool, String)> =
            shown.map(|(at, pane)| tab(at, pane.as_ref())).collect();
        let width = |tabs: &[(bool, String)]| -> usize {
            let to = tabs.iter().position(|(here, _)| *here).unwrap_or(0);
            tabs.iter().take(to + 1).map(|(_, text)| text.width() + 1).sum()
        };
        while tabs.first().is_some_and(|(here, _)| !here) && width(&tabs) > room + 1 {
            tabs.remove(0);
        }
        tabs
    }

    /// What is in force on this page: the unit, by what it is filtered, how many are marked.
    fn crumbs(&self) -> String {
        let unit = self.face.unit.as_ref().map(|unit| i18n::shortened(&unit.label));
        let here = self.panes.get(self.front).map(|pane| pane.selection()).unwrap_or_default();
        let marked =
            (here.marked > 0).then(|| t!("shell.marked", count = here.marked).into_owned());
        let filter = words::filtered(here.filter);
        let crumbs = unit.into_iter().chain(filter).chain(marked);
        crumbs.collect::<Vec<_>>().join(" > ")
    }

    /// What goes on, why nothing can be written, and what is in force.
    fn told(&self) -> String {
        let mut parts = Vec::new();
        if let Some((doing, done, total)) = self.progress {
            let done = whole(i64::try_from(done).unwrap_or(i64::MAX));
            parts.push(match i64::try_from(total) {
                Ok(total) if total > 0 => format!("{} {done}/{}", work(doing), whole(total)),
                _ => format!("{} {done}", work(doing)),
            });
        }
        if self.lost {
            parts.push(format!("! {}", t!("shell.lost")));
        }
        let looks_at = self.panes.get(self.front).and_then(|pane| pane.looks_at());
        if let Some(who) = self.face.view(body(self.size)).who_edits(looks_at) {
            parts.push(t!("shell.edited_by", who = who).into_owned());
        }
        if self.face.info.is_closed() {
            parts.push(format!("! {}", t!("shell.read_only")));
        }
        parts.extend(Some(self.crumbs()).filter(|crumbs| !crumbs.is_empty()));
        parts.join(&format!(" {} ", self.face.glyphs.dot))
    }

    fn office_line(&self, told: String) -> String {
        if !self.crumbs().is_empty() || self.face.info.name.is_empty() {
            return told;
        }
        let name = i18n::shortened(&self.face.info.name);
        if told.is_empty() { name } else { format!("{told} {} {name}", self.face.glyphs.dot) }
    }

    fn draw_bottom(&self, frame: &mut Frame, area: Rect) {
        let theme = &self.face.theme;
        let width = usize::from(area.width);
        let read = self.read.as_ref().filter(|_| self.is_moving());
        if let Some(toast) = self.toast.as_ref().or(read) {
            let style = match toast.weight {
                Weight::Done => theme.ok,
                Weight::Note => theme.text,
                Weight::Warning => theme.warning,
                Weight::Error => theme.error,
            };
            // A long message stands over the last lines of what is behind it.
            let lines = wrap(&toast.line(), width);
            let count = (lines.len() as u16).clamp(1, TOAST_LINES).min(area.y + 1);
            let place = Rect { y: area.y + 1 - count, height: count, ..area };
            frame.render_widget(Clear, place);
            for (row, line) in lines.iter().take(usize::from(count)).enumerate() {
                put(frame, place, row as u16, line, style, &self.face.glyphs);
            }
            return;
        }
        if self.hints == Hints::Shown || !self.overlays.is_empty() {
            self.draw_hints(frame, area);
        }
    }

    /// Help and the ways out keep their place at the end; the others take what room is left.
    fn draw_hints(&self, frame: &mut Frame, area: Rect) {
        let theme = &self.face.theme;
        let mut room = usize::from(area.width) + HINT_GAP;
        let hints = self.hints();
        let mut shown: Vec<&(Command, String, String)> = Vec::new();
        for lasting in [true, false] {
            let width = |(_, keys, label): &(Command, String, String)| {
                keys.width() + 1 + label.width() + HINT_GAP
            };
            let wanted = hints.iter().filter(|(command, ..)| command.def().lasting == lasting);
            let fitting = wanted.take_while(|hint| {
                let fits = width(hint) <= room;
                room = if fits { room - width(hint) } else { 0 };
                fits
            });
            let fitting: Vec<_> = fitting.collect();
            shown.splice(0..0, fitting);
        }
        let mut x = area.x;
        for (_, keys, label) in shown {
            let room = usize::from(area.right().saturating_sub(x));
            let buffer = frame.buffer_mut();
            let (after, _) = buffer.set_stringn(x, area.y, keys, room, theme.accent);
            let room = usize::from(area.right().saturating_sub(after + 1));
            let (after, _) = buffer.set_stringn(after + 1, area.y, label, room, theme.dim);
            x = after + HINT_GAP as u16;
        }
    }

    /// What the line at the bottom can offer here, in order: command, keys and word.
    pub(super) fn hints(&self) -> Vec<(Command, String, String)> {
        let offered = self.face.keymap.hints(&self.stack(), self.key_facts()).into_iter();
        offered
            .filter(|hint| self.available(hint.command) == Availability::Yes)
            .filter_map(|hint| {
                let word = match self.overlays.last() {
                    Some(open) => open.overlay.hint(hint.command),
                    None => self.panes.get(self.front)?.hint(hint.command),
                };
                let usual = || hint.command.hint_in(crate::i18n::language().code());
                match word {
                    HintWord::Usual => Some((hint.command, hint.keys, usual())),
                    HintWord::Here(word) => Some((hint.command, hint.keys, word)),
                    HintWord::Silent => None,
                }
            })
            .collect()
    }

    /// The box of what may follow the keys already pressed.
    fn draw_next_keys(&self, frame: &mut Frame, area: Rect) {
        let lines: Vec<(String, String)> = self
            .next
            .iter()
            .map(|next| {
                let titles: Vec<_> = next
                    .commands
                    .iter()
                    .map(|command| command.title_in(crate::i18n::language().code()))
                    .collect();
                let title = if titles.is_empty() { "...".into() } else { titles.join(", ") };
                (spoken(&[next.key]), title)
            })
            .collect();
        let keys = lines.iter().map(|(key, _)| key.width()).max().unwrap_or(0);
        let titles = lines.iter().map(|(_, title)| title.width()).max().unwrap_or(0);
        // What does not fit below each other stands beside it: none of them is left out.
        let rows = usize::from(area.height.saturating_sub(2)).max(1);
        let columns = lines.len().div_ceil(rows).max(1);
        let rows = lines.len().div_ceil(columns);
        let column =
            ((keys + titles + 4) as u16).min(area.width.saturating_sub(2) / columns as u16);
        let width = (column * columns as u16 + 2).min(area.width);
        let height = (rows as u16 + 2).min(area.height);
        let place = Rect { x: area.right() - width, y: area.bottom() - height, width, height };
        let inner =
            boxed(frame, place, &spoken(&self.pending), &self.face.theme, &self.face.glyphs);
        for (at, (key, title)) in lines.iter().enumerate() {
            let (across, row) = ((at / rows) as u16, (at % rows) as u16);
            let cell = Rect { x: inner.x + across * column, width: column, ..inner };
            let key = format!("{key:>keys$}  ");
            put(frame, cell, row, &key, self.face.theme.accent, &self.face.glyphs);
            let used = (key.width() as u16).min(cell.width);
            let rest =
                Rect { x: cell.x + used, width: cell.width.saturating_sub(used + 1), ..cell };
            put(frame, rest, row, title, self.face.theme.text, &self.face.glyphs);
        }
    }
}
