//! What an import would do, row by row: added, changed field by field, refused and why,
//! kept with a remark. The mark key turns through these parts; unchanged rows are only
//! counted.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::domain::fault::Fault;
use crate::domain::record::Kind;
use crate::i18n::{self, t, whole};
use crate::link::protocol::{Imported, Verdict};
use crate::ui::command::Command;
use crate::ui::job::{Preview, PreviewRow};
use crate::ui::pane::View;
use crate::ui::widgets::frame::{boxed, put};
use crate::ui::widgets::scrollbar;
use crate::ui::words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Refused,
    Changed,
    Added,
    Remarked,
}

const PARTS: [Part; 4] = [Part::Refused, Part::Changed, Part::Added, Part::Remarked];

pub struct PreviewList {
    preview: Preview,
    part: usize,
    top: usize,
}

impl PreviewList {
    /// Begins with what needs looking at most.
    pub fn new(preview: Preview) -> Self {
        let mut list = Self { preview, part: 0, top: 0 };
        list.part = (0..PARTS.len()).find(|part| !list.lines(*part).is_empty()).unwrap_or(0);
        list
    }

    pub const fn counts(&self) -> &Imported {
        &self.preview.counts
    }

    /// How many lines show at a time.
    pub fn rows(stage: Rect) -> usize {
        usize::from(stage.height.saturating_sub(7))
    }

    pub fn command(&mut self, command: Command, rows: usize) {
        let last = self.lines(self.part).len().saturating_sub(rows);
        let page = rows.max(1);
        self.top = match command {
            Command::PickerUp => self.top.saturating_sub(1),
            Command::PickerDown => self.top + 1,
            Command::PickerPageUp => self.top.saturating_sub(page),
            Command::PickerPageDown => self.top + page,
            Command::PickerFirst => 0,
            Command::PickerLast => last,
            Command::PickerToggle => {
                self.part = (self.part + 1) % PARTS.len();
                self.top = 0;
                return;
            }
            _ => self.top,
        }
        .min(last);
    }

    /// The lines of a part; the first word says the row of the file.
    fn lines(&self, part: usize) -> Vec<String> {
        let part = PARTS[part % PARTS.len()];
        self.preview.rows.iter().flat_map(|row| lines_of(row, part)).collect()
    }

    fn tab(&self, part: Part) -> String {
        let counts = &self.preview.counts;
        match part {
            Part::Refused => format!("{} {}", t!("import.refused"), whole(counts.refused)),
            Part::Changed => format!("{} {}", t!("import.changed"), whole(counts.changed)),
            Part::Added => format!("{} {}", t!("import.added"), whole(counts.added)),
            Part::Remarked => {
                let rows = self.preview.rows.iter().map(|row| row.verdict.warnings.len());
                let count = rows.sum::<usize>() + counts.warnings.len();
                format!("{} {count}", t!("import.remarked"))
            }
        }
    }

    pub fn draw(&self, frame: &mut Frame, view: &View) {
        let inner = boxed(frame, view.area, &t!("import.preview"), view.theme, view.glyphs);
        if inner.height < 6 {
            return;
        }
        let counts = &self.preview.counts;
        let text = t!("import.unchanged", unchanged = whole(counts.unchanged));
        put(frame, inner, 0, &text, view.theme.dim, view.glyphs);
        let mut x = inner.x;
        for (at, part) in PARTS.into_iter().enumerate() {
            let text = format!(" {} ", self.tab(part));
            let here = at == self.part;
            let text = if here { format!("[{}]", text.trim()) } else { text };
            let style = if here { view.theme.tab } else { view.theme.dim };
            let room = usize::from(inner.right().saturating_sub(x));
            let (end, _) = frame.buffer_mut().set_stringn(x, inner.y + 1, &text, room, style);
            x = (end + 1).min(inner.right());
        }
        let list = Rect { y: inner.y + 3, height: inner.height - 5, ..inner };
        let lines = self.lines(self.part);
        for (row, line) in lines.iter().skip(self.top).take(usize::from(list.height)).enumerate() {
            put(frame, list, row as u16, line, view.theme.text, view.glyphs);
        }
        if lines.is_empty() {
            put(frame, list, 0, &t!("import.none"), view.theme.dim, view.glyphs);
        }
        let (total, top) = (lines.len() as u32, self.top as u32);
        scrollbar::draw(frame.buffer_mut(), list, top, total, view.theme, view.glyphs);
        let row = inner.height - 2;
        if !self.preview.ignored.is_empty() {
            let text = t!("import.ignored", columns = self.preview.ignored.join(", "));
            put(frame, inner, row, &text, view.theme.dim, view.glyphs);
        }
    }
}

fn lines_of(row: &PreviewRow, part: Part) -> Vec<String> {
    let line = t!("import.line", line = row.verdict.line).into_owned();
    match (part, &row.verdict.verdict) {
        (Part::Added, Verdict::Added { label }) => vec![format!("{line}  {label}")],
        (Part::Changed, Verdict::Changed { label, fields }) => {
            let head = format!("{line}  {label}");
            let changes = fields.iter().map(|change| {
                // Fields of people are those of every list that changes field by field.
                let before = words::stored(Kind::Employees, &change.field, &change.before);
                let after = words::stored(Kind::Employees, &change.field, &change.after);
                let field = words::field(Kind::Employees, &change.field);
                format!("      {field}: {before} -> {after}")
            });
            std::iter::once(head).chain(changes).collect()
        }
        (Part::Refused, Verdict::Refused(fault)) => vec![fault_line(&line, row, fault)],
        (Part::Remarked, _) => {
            row.verdict.warnings.iter().map(|fault| fault_line(&line, row, fault)).collect()
        }
        _ => Vec::new(),
    }
}

/// The row, the column as the file calls it, and the reason.
fn fault_line(line: &str, row: &PreviewRow, fault: &Fault) -> String {
    let column = if row.column.is_empty() { i18n::field(&fault.field) } else { row.column.clone() };
    format!("{line}  {column}: {}", i18n::reason(fault.reason, &fault.detail))
}
