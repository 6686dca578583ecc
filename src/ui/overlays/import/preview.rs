//! What an import would do: rows added, changed field by field, refused and kept with a
//! remark. What is wrong is said once, with the rows and names below it. The mark key turns
//! through these parts; unchanged rows are only counted.

use std::collections::HashMap;

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use unicode_width::UnicodeWidthStr;

use crate::domain::category::Purpose;
use crate::domain::fault::Fault;
use crate::domain::intake::RowShape;
use crate::domain::record::Kind;
use crate::i18n::{self, t, whole};
use crate::protocol::{Imported, Verdict};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::job::{Preview, PreviewRow};
use crate::ui::pane::View;
use crate::ui::widgets::frame::{boxed, put, wrap};
use crate::ui::widgets::scrollbar;
use crate::ui::words;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Refused,
    Changed,
    Added,
    Remarked,
    /// Who changes category by it.
    Moved,
    /// Columns of the file that are kept nowhere.
    Ignored,
}

const PARTS: [Part; 6] =
    [Part::Refused, Part::Moved, Part::Changed, Part::Added, Part::Remarked, Part::Ignored];

/// Names of each way from category to category.
const NAMES: usize = 20;

/// Wide enough that no line is broken.
const WIDE: u16 = u16::MAX;

pub struct PreviewList {
    preview: Preview,
    part: usize,
    top: usize,
}

impl PreviewList {
    /// Begins with what needs looking at most.
    pub fn new(preview: Preview) -> Self {
        let mut list = Self { preview, part: 0, top: 0 };
        list.part = (0..PARTS.len()).find(|part| !list.lines(*part, WIDE).is_empty()).unwrap_or(0);
        list
    }

    pub const fn counts(&self) -> &Imported {
        &self.preview.counts
    }

    /// Whether the columns that are left out are shown, of which one can say what they are.
    pub fn is_of_columns(&self) -> bool {
        PARTS[self.part] == Part::Ignored && !self.preview.ignored.is_empty()
    }

    /// Whether to save it, in no more words than there is to say.
    pub fn question(&self) -> String {
        let counts = self.counts();
        let new = t!("import.question_new", count = whole(counts.added));
        let changed = t!("import.question_changed", count = whole(counts.changed));
        let what = match (counts.added, counts.changed) {
            (_, 0) => new,
            (0, _) => changed,
            _ => t!("import.question_both", new = new, changed = changed),
        };
        let mut text = t!("import.question", what = what).into_owned();
        if counts.refused > 0 {
            let refused = t!("import.question_refused", count = whole(counts.refused));
            text = i18n::sentences(&[&text, &refused]);
        }
        text
    }

    /// The parts there are; whom it moves is told of what moves people alone.
    fn parts(&self) -> impl Iterator<Item = (usize, Part)> {
        let moves = self.preview.moves.is_some();
        PARTS.into_iter().enumerate().filter(move |(_, part)| *part != Part::Moved || moves)
    }

    /// Where the lines stand.
    fn place(inside: Rect) -> Rect {
        Rect { y: inside.y + 3, height: inside.height.saturating_sub(3), ..inside }
    }

    pub fn command(&mut self, command: Command, stage: Rect) {
        let place = Self::place(stage.inner(Margin::new(1, 1)));
        let rows = usize::from(place.height);
        let last = self.lines(self.part, place.width).len().saturating_sub(rows);
        let page = rows.max(1);
        self.top = match command {
            Command::PickerUp => self.top.saturating_sub(1),
            Command::PickerDown => self.top + 1,
            Command::PickerPageUp => self.top.saturating_sub(page),
            Command::PickerPageDown => self.top + page,
            Command::PickerFirst => 0,
            Command::PickerLast => last,
            Command::AreaNext | Command::AreaPrev => {
                let parts: Vec<usize> = self.parts().map(|(at, _)| at).collect();
                let here = parts.iter().position(|at| *at == self.part).unwrap_or(0);
                let by = if command == Command::AreaNext { 1 } else { parts.len() - 1 };
                self.part = parts[(here + by) % parts.len()];
                self.top = 0;
                return;
            }
            _ => self.top,
        }
        .min(last);
    }

    /// The lines of a part, as they fit; the first word says the row of the file.
    fn lines(&self, part: usize, width: u16) -> Vec<String> {
        // The last column is the scrollbar's.
        let width = usize::from(width.saturating_sub(1));
        match PARTS[part % PARTS.len()] {
            Part::Ignored if self.preview.ignored.is_empty() => Vec::new(),
            Part::Ignored => {
                let mut lines = wrap(&self.preview.ignored.join(", "), width);
                lines.extend(wrap(&t!("import.ignored_more"), width));
                lines
            }
            Part::Refused => {
                let mut lines = self.grouped(refusal, width);
                let shown = self.preview.rows.iter().filter(|row| !refusal(row).is_empty());
                let hidden = self.preview.counts.refused.saturating_sub(shown.count() as u32);
                if hidden > 0 {
                    lines.extend(wrap(&t!("import.more_refused", count = whole(hidden)), width));
                }
                lines
            }
            Part::Moved => {
                let moves = self.preview.moves.iter();
                let said = moves.flat_map(|moves| i18n::moves(moves, NAMES));
                said.flat_map(|line| wrap(&line, width)).collect()
            }
            Part::Remarked => self.grouped(|row| &row.verdict.warnings, width),
            part => {
                let lines = self.preview.rows.iter().flat_map(|row| self.lines_of(row, part));
                lines.flat_map(|(line, text)| hanging(&line, &text, width)).collect()
            }
        }
    }

    /// What is said of rows, each thing once, and below it of which rows.
    fn grouped<'a>(
        &'a self,
        said: impl Fn(&'a PreviewRow) -> &'a [Fault],
        width: usize,
    ) -> Vec<String> {
        let mut groups: Vec<(String, Vec<&PreviewRow>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for row in &self.preview.rows {
            for fault in said(row) {
                let text = self.fault_text(row, fault);
                let place = *places.entry(text.clone()).or_insert_with(|| {
                    groups.push((text, Vec::new()));
                    groups.len() - 1
                });
                groups[place].1.push(row);
            }
        }
        let mut lines = Vec::new();
        for (text, rows) in groups {
            let text = match rows.len() {
                1 => text,
                many => t!("import.many", text = text, count = whole(many as i64)).into_owned(),
            };
            lines.extend(wrap(&text, width));
            let of =
                |row: &PreviewRow| hanging(&format!("  {}", self.line_of(row)), &row.called, width);
            lines.extend(rows.into_iter().flat_map(of));
        }
        lines
    }

    /// The column as the file calls it, else the field's word, and the reason.
    fn fault_text(&self, row: &PreviewRow, fault: &Fault) -> String {
        let preview = &self.preview;
        let of_file = [&preview.kept, &preview.ignored].iter().any(|c| c.contains(&row.column));
        let word = |field: &str| {
            preview.intake.map_or_else(
                || i18n::field(field),
                |intake| i18n::field_of(intake.def().kind, field),
            )
        };
        let column = match row.column.as_str() {
            "" => word(&fault.field),
            column if of_file => column.to_string(),
            field => word(field),
        };
        format!("{column}: {}", i18n::reason(fault.reason, &fault.detail))
    }

    /// What a row is called: as its record is, or as the file says it of what is about nobody.
    fn name_of(&self, row: &PreviewRow, label: &str) -> String {
        let about_somebody = self.preview.intake.is_none_or(|intake| {
            let def = intake.def();
            def.format != RowShape::Plain || def.person().is_some()
        });
        if about_somebody || row.called.is_empty() { label.into() } else { row.called.clone() }
    }

    /// Where a row stands in the file.
    fn line_of(&self, row: &PreviewRow) -> String {
        let sheets = &self.preview.sheets;
        let (sheet, line) = sheets.place(row.verdict.line);
        if sheets.read.len() > 1 {
            t!("import.sheet_line", sheet = sheet, line = line).into_owned()
        } else {
            t!("import.line", line = line).into_owned()
        }
    }

    /// The row of the file and what becomes of it.
    fn lines_of(&self, row: &PreviewRow, part: Part) -> Vec<(String, String)> {
        match (part, &row.verdict.verdict) {
            (Part::Added, Verdict::Added { label }) => {
                vec![(self.line_of(row), self.name_of(row, label))]
            }
            (Part::Changed, Verdict::Changed { label, fields }) => {
                let changes = fields.iter().map(|change| {
                    // Fields of people are those of every list that changes field by field.
                    let before = words::stored(Kind::Employees, &change.field, &change.before);
                    let after = words::stored(Kind::Employees, &change.field, &change.after);
                    let field = words::field(Kind::Employees, &change.field);
                    let change = words::from_to(&before, &after);
                    ("    ".to_string(), format!("{field}: {change}"))
                });
                std::iter::once((self.line_of(row), self.name_of(row, label)))
                    .chain(changes)
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// The sheets, where there is something to say of them, those left out first; else the rows
    /// that are gathered.
    fn sheets(&self) -> Option<(String, bool)> {
        let sheets = &self.preview.sheets;
        if !sheets.not_read.is_empty() {
            let count = whole(sheets.not_read.len() as i64);
            let names = sheets.not_read.join(", ");
            return Some((t!("import.sheets_not_read", count = count, names = names).into(), true));
        }
        if let Some(text) = i18n::gathered(&self.preview.counts) {
            return Some((text, false));
        }
        let several = sheets.read.len() > 1;
        several.then(|| (t!("import.sheets_read", names = sheets.read.join(", ")).into(), false))
    }

    /// That columns are taken as was once said of such headings, and how to say it otherwise.
    fn recalled(&self, view: &View) -> Option<String> {
        let kind = self.preview.intake.filter(|_| self.preview.recalled)?.def().kind;
        let stack = [Context::Picker];
        let key = view.keymap.keys_of(Command::PickerCancel, &stack, Facts::default());
        let said = self.preview.map.iter();
        let said =
            said.map(|(field, column)| format!("{column} = {}", i18n::field_of(kind, field)));
        let columns = said.collect::<Vec<_>>().join(", ");
        let key = key.unwrap_or_default();
        Some(t!("import.recalled", key = key, columns = columns).into_owned())
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
            Part::Moved => {
                let ways = self.preview.moves.iter().flat_map(|moves| &moves.categories);
                let mapping = ways.filter(|way| way.purpose == Purpose::Mapping);
                let count: u32 = mapping.map(|way| way.count).sum();
                format!("{} {}", t!("import.moved"), whole(count))
            }
            Part::Ignored => format!("{} {}", t!("import.ignored"), self.preview.ignored.len()),
        }
    }

    pub fn draw(&self, frame: &mut Frame, view: &View) {
        let mut title = t!("import.preview").into_owned();
        if let Some(kind) = self.preview.intake {
            title = format!("{title}: {}", super::kind_word(kind));
        }
        let inner = boxed(frame, view.area, &title, view.theme, view.glyphs);
        if inner.height < 6 {
            return;
        }
        let counts = &self.preview.counts;
        let rows = counts.added + counts.changed + counts.unchanged + counts.refused;
        let text = t!("import.read", rows = whole(rows), unchanged = whole(counts.unchanged));
        put(frame, inner, 0, &text, view.theme.dim, view.glyphs);
        let mut x = inner.x;
        for (at, part) in self.parts() {
            let text = format!(" {} ", self.tab(part));
            let here = at == self.part;
            let text = if here { format!("[{}]", text.trim()) } else { text };
            let style = if here { view.theme.tab } else { view.theme.dim };
            let room = usize::from(inner.right().saturating_sub(x));
            let (end, _) = frame.buffer_mut().set_stringn(x, inner.y + 1, &text, room, style);
            x = (end + 1).min(inner.right());
        }
        if let Some((text, left_out)) = self.sheets().filter(|(_, left)| *left) {
            let style = if left_out { view.theme.warning } else { view.theme.dim };
            put(frame, inner, 2, &text, style, view.glyphs);
        } else if let Some(text) = self.recalled(view) {
            put(frame, inner, 2, &text, view.theme.warning, view.glyphs);
        } else if let Some((text, left_out)) = self.sheets() {
            let style = if left_out { view.theme.warning } else { view.theme.dim };
            put(frame, inner, 2, &text, style, view.glyphs);
        }
        let list = Self::place(inner);
        let lines = self.lines(self.part, list.width);
        for (row, line) in lines.iter().skip(self.top).take(usize::from(list.height)).enumerate() {
            put(frame, list, row as u16, line, view.theme.text, view.glyphs);
        }
        if lines.is_empty() {
            put(frame, list, 0, &t!("import.none"), view.theme.dim, view.glyphs);
        }
        let (total, top) = (lines.len() as u32, self.top as u32);
        scrollbar::draw(frame.buffer_mut(), list, top, total, view.theme, view.glyphs);
    }
}

/// A line behind the row it is about, broken where it does not fit.
fn hanging(line: &str, text: &str, width: usize) -> Vec<String> {
    let inset = line.width() + 2;
    let parts = wrap(text, width.saturating_sub(inset).max(20));
    let lines = parts.into_iter().enumerate().map(|(at, part)| {
        let left = if at == 0 { line } else { "" };
        format!("{left}{}{part}", " ".repeat(inset - left.width()))
    });
    lines.collect()
}

fn refusal(row: &PreviewRow) -> &[Fault] {
    match &row.verdict.verdict {
        Verdict::Refused(fault) => std::slice::from_ref(fault),
        _ => &[],
    }
}
