//! The list of reports there are for the officer: what each is called and what it tells.

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::i18n::{report, report_about, t};
use crate::protocol::ReportInfo;
use crate::ui::command::Command;
use crate::ui::pane::View;
use crate::ui::widgets::cursor::{Axis, walk};
use crate::ui::widgets::frame::{padded, put, wrap};
use crate::ui::widgets::scrollbar;

/// The widest the name of a report gets.
const NAME_MAX: usize = 30;
/// The heading, and a blank line behind it.
const HEAD: u16 = 2;
/// Below the list: what the report under the cursor tells, in full.
const FOOT: u16 = 2;

#[derive(Default)]
pub struct Choosing {
    /// None before the office has told.
    reports: Option<Vec<ReportInfo>>,
    at: Axis,
    /// Asked for by its id before the list was here.
    wanted: Option<String>,
}

impl Choosing {
    pub const fn is_here(&self) -> bool {
        self.reports.is_some()
    }

    pub fn is_empty(&self) -> bool {
        self.reports.as_ref().is_none_or(Vec::is_empty)
    }

    /// Takes the list; gives the report that was asked for before.
    pub fn take(&mut self, reports: Vec<ReportInfo>) -> Option<ReportInfo> {
        self.at.go(self.at.at(), reports.len() as u32);
        self.reports = Some(reports);
        let wanted = self.wanted.take()?;
        self.named(&wanted)
    }

    /// The report of this id, with the cursor on it; remembered until the list is here.
    pub fn named(&mut self, id: &str) -> Option<ReportInfo> {
        let Some(reports) = &self.reports else {
            self.wanted = Some(id.to_string());
            return None;
        };
        let at = reports.iter().position(|info| info.id == id)?;
        self.at.go(at as u32, reports.len() as u32);
        reports.get(at).cloned()
    }

    /// Walks; gives the report that was opened.
    pub fn command(&mut self, command: Command, area: Rect) -> Option<ReportInfo> {
        let reports = self.reports.as_ref()?;
        let count = reports.len() as u32;
        self.at.sees(area.height.saturating_sub(HEAD + FOOT).into());
        if let Some(to) = walk(command, self.at.at(), count, self.at.shown()) {
            self.at.go(to, count);
        }
        let here = reports.get(self.at.at() as usize);
        here.filter(|_| command == Command::ListOpen).cloned()
    }

    pub fn draw(&self, frame: &mut Frame, view: &View) {
        let area = view.area;
        let Some(reports) = &self.reports else { return };
        if reports.is_empty() {
            for (row, line) in wrap(&t!("reports.none"), usize::from(area.width)).iter().enumerate()
            {
                put(frame, area, row as u16, line, view.theme.dim, view.glyphs);
            }
            return;
        }
        put(frame, area, 0, &t!("reports.choose"), view.theme.heading, view.glyphs);
        let head = HEAD.min(area.height);
        let foot = if area.height > 8 { FOOT } else { 0 };
        let body = Rect { y: area.y + head, height: area.height - head - foot, ..area };
        let foot = Rect { y: body.bottom(), height: foot, ..area };
        let here = reports.get(self.at.at() as usize);
        let about = here.map(|info| report_about(&info.id)).unwrap_or_default();
        for (row, line) in wrap(&about, usize::from(area.width)).iter().enumerate() {
            put(frame, foot, row as u16, line, view.theme.dim, view.glyphs);
        }
        let widest = reports.iter().map(|info| report(&info.id).width()).max().unwrap_or(0);
        let name = widest.min(NAME_MAX);
        // The list may have become shorter on the screen since the cursor moved.
        let shown = u32::from(body.height).max(1);
        let top = self.at.top().max((self.at.at() + 1).saturating_sub(shown));
        let rows = reports.iter().enumerate().skip(top as usize).take(usize::from(body.height));
        for (line, (at, info)) in rows.enumerate() {
            let here = at as u32 == self.at.at();
            let marker = if here { view.glyphs.cursor } else { " " };
            let called = padded(&report(&info.id), name, false, view.glyphs.ellipsis);
            let text = format!("{marker} {called}  {}", report_about(&info.id));
            let width = usize::from(body.width.saturating_sub(1));
            let text = padded(&text, width, false, view.glyphs.ellipsis);
            let style = if here { view.theme.selected } else { view.theme.text };
            put(frame, body, line as u16, &text, style, view.glyphs);
        }
        let total = reports.len() as u32;
        scrollbar::draw(frame.buffer_mut(), body, top, total, view.theme, view.glyphs);
    }
}
