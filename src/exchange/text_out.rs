//! Text out: a report as a sheet in plain characters, 80 columns for any printer or as many as
//! a screen has. Columns are as wide as they ask to be, whoever asks for what is left over
//! shares it; what does not fit into its column is cut in the middle, since the end often
//! tells more. A column there is no room for is named below.

use std::io::{BufWriter, Write};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::frame::Frame;
use super::target::{Target, WriteError};
use crate::domain::column::Align;
use crate::domain::table::{ColumnKind, TableColumn};
use crate::domain::value::Value;

/// What any printer has room for.
pub const PAPER: usize = 80;
const GAP: usize = 2;
/// What a column that takes what is left over has at least: a name that can be told.
const NARROWEST: usize = 18;
/// No column is widened for its heading beyond this.
const HEAD_MAX: usize = 12;

/// A report's rows as lines of so many columns.
pub struct TextSheet {
    frame: Frame,
    width: usize,
    /// Columns on the sheet with their widths.
    placed: Vec<(usize, usize)>,
}

impl TextSheet {
    pub fn new(frame: &Frame, width: usize) -> Self {
        Self { frame: frame.clone(), width, placed: place(frame, width) }
    }

    /// What stands above the first row.
    pub fn head(&self) -> Vec<String> {
        let title = shortened(&self.frame.title.to_uppercase(), self.width);
        let inset = " ".repeat(self.width.saturating_sub(title.width()) / 2);
        let mut lines = vec![inset + &title];
        let above = self.frame.above.iter().chain([&self.frame.printed]);
        lines.extend(above.flat_map(|line| wrapped(line, self.width)));
        lines.push(String::new());
        lines.push(self.set(&|at| self.frame.heads.get(at).cloned().unwrap_or_default()));
        lines.push(self.rule());
        lines
    }

    pub fn row(&self, values: &[&Value]) -> String {
        self.set(&|at| self.figure(at, values.get(at).copied()))
    }

    /// What stands below the last row.
    pub fn foot(&self) -> Vec<String> {
        let mut lines = vec![self.rule()];
        if let Some(foot) = &self.frame.foot {
            let first = self.placed.first().map(|(at, _)| *at);
            lines.push(self.set(&|at| match foot.get(at) {
                Some(Value::Empty) if first == Some(at) => self.frame.total.clone(),
                cell => self.cut(at, self.word(at, cell)),
            }));
            lines.push(String::new());
        }
        let missing = self.missing();
        if !missing.is_empty() {
            let text = format!("{} {}", self.frame.no_room, missing.join(", "));
            lines.extend(wrapped(&text, self.width));
        }
        lines.extend(self.frame.notes.iter().flat_map(|note| wrapped(note, self.width)));
        lines
    }

    fn rule(&self) -> String {
        "-".repeat(self.width)
    }

    fn right(&self, at: usize) -> bool {
        self.frame.columns.get(at).is_some_and(|column| column.align == Align::Right)
    }

    fn width_of(&self, at: usize) -> Option<usize> {
        self.placed.iter().find(|(place, _)| *place == at).map(|(_, width)| *width)
    }

    /// With its sign where it stands out, if there is room for it.
    fn figure(&self, at: usize, value: Option<&Value>) -> String {
        let word = self.word(at, value);
        let column = self.frame.columns.get(at);
        let sign = column.zip(value).map_or("", |(column, value)| column.sign(value));
        match self.width_of(at) {
            Some(width) if word.width() + sign.len() <= width => word + sign,
            _ => self.cut(at, word),
        }
    }

    /// A figure that does not fit is no figure: half of it would be another one.
    fn cut(&self, at: usize, word: String) -> String {
        match self.width_of(at) {
            Some(width) if self.right(at) && word.width() > width => "#".repeat(width),
            _ => word,
        }
    }

    fn word(&self, at: usize, value: Option<&Value>) -> String {
        match (self.frame.columns.get(at), value) {
            // A number in its groups takes more than the column has.
            (Some(column), Some(Value::Text(number))) if column.kind == ColumnKind::Number => {
                number.clone()
            }
            (Some(column), Some(value)) => self.frame.cell(column, value),
            _ => String::new(),
        }
    }

    /// A line with each column at its place.
    fn set(&self, cell: &dyn Fn(usize) -> String) -> String {
        let mut line = String::new();
        for (place, (at, width)) in self.placed.iter().enumerate() {
            if place > 0 {
                line.push_str(&" ".repeat(GAP));
            }
            let text = shortened(&cell(*at), *width);
            let blanks = " ".repeat(width.saturating_sub(text.width()));
            line.push_str(&if self.right(*at) { blanks + &text } else { text + &blanks });
        }
        line.trim_end().to_string()
    }

    /// The headings of the columns there was no room for.
    fn missing(&self) -> Vec<&str> {
        let columns = self.frame.columns.iter().zip(&self.frame.heads).enumerate();
        let missing =
            columns.filter(|(at, (column, _))| column.shown && self.width_of(*at).is_none());
        missing.map(|(_, (_, head))| head.as_str()).collect()
    }
}

pub(super) struct TextOut {
    out: BufWriter<Target>,
    sheet: TextSheet,
}

impl TextOut {
    pub fn begin(target: Target, frame: &Frame) -> Result<Self, WriteError> {
        let mut text = Self { out: BufWriter::new(target), sheet: TextSheet::new(frame, PAPER) };
        text.lines(&text.sheet.head())?;
        Ok(text)
    }

    pub fn row(&mut self, values: &[&Value]) -> Result<(), WriteError> {
        self.lines(&[self.sheet.row(values)])
    }

    fn lines(&mut self, lines: &[String]) -> Result<(), WriteError> {
        for line in lines {
            self.out.write_all(line.as_bytes())?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<(), WriteError> {
        self.lines(&self.sheet.foot())?;
        let target = self.out.into_inner().map_err(|error| WriteError::from(error.into_error()))?;
        target.finish()
    }
}

/// What a column takes: of figures also what its heading and its foot do.
fn wanted(frame: &Frame, at: usize, column: &TableColumn, paper: usize) -> usize {
    let wanted = if column.width == 0 { NARROWEST } else { usize::from(column.width) };
    let figures = if column.align == Align::Right {
        let head = frame.heads.get(at).map_or(0, |head| head.width().min(HEAD_MAX));
        let foot = frame.foot.as_ref().and_then(|foot| foot.get(at));
        head.max(foot.map_or(0, |foot| frame.cell(column, foot).width()))
    } else {
        0
    };
    wanted.max(figures).min(paper)
}

/// The columns there is room for, in their order, with their widths.
fn place(frame: &Frame, paper: usize) -> Vec<(usize, usize)> {
    let mut placed = Vec::new();
    let mut taken = 0;
    for (at, column) in frame.columns.iter().enumerate().filter(|(_, column)| column.shown) {
        let wanted = wanted(frame, at, column, paper);
        let more = wanted + if placed.is_empty() { 0 } else { GAP };
        if taken + more > paper {
            continue;
        }
        taken += more;
        placed.push((at, wanted));
    }
    let eager = |at: usize| frame.columns.get(at).is_some_and(|column| column.width == 0);
    let sharing = placed.iter().filter(|(at, _)| eager(*at)).count();
    let left = paper - taken;
    for (_, width) in placed.iter_mut().filter(|(at, _)| eager(*at)) {
        *width += left / sharing.max(1);
    }
    placed
}

/// Cut in the middle where it does not fit.
fn shortened(text: &str, width: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.width() <= width {
        return text;
    }
    let room = width.saturating_sub(1);
    let take = |letters: &mut dyn Iterator<Item = &str>, room: usize| {
        let mut used = 0;
        let fits = |letter: &&str| {
            used += letter.width();
            used <= room
        };
        letters.take_while(fits).map(str::to_string).collect::<Vec<_>>()
    };
    let behind = room / 3;
    let front = take(&mut text.graphemes(true), room - behind);
    let mut back = take(&mut text.graphemes(true).rev(), behind);
    back.reverse();
    format!("{}~{}", front.concat(), back.concat())
}

fn wrapped(text: &str, paper: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let word = shortened(word, paper);
        let full = lines
            .last()
            .is_some_and(|line| !line.is_empty() && line.width() + 1 + word.width() > paper);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_in_the_middle() {
        assert_eq!(shortened("Kelurahan Plaju Ulu", 12), "Keluraha~Ulu");
        assert_eq!(shortened("Sago", 12), "Sago");
        assert_eq!(shortened("Kelurahan", 1), "~");
    }

    #[test]
    fn a_long_line_goes_on_below() {
        let lines = wrapped(&"kata ".repeat(40), PAPER);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.width() <= PAPER), "{lines:?}");
    }
}
