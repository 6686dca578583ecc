//! Text out: a report as a sheet in plain characters, 80 columns for any printer or as many as
//! a screen has. Columns are as wide as they ask to be, whoever asks for what is left over
//! shares it; words that do not fit into their column go on below, and so do headings. Where not
//! all columns fit, they stand closer, figures go before words, and a heading with a word longer
//! than its figures is a number, told below. A column there is no room for even so is named
//! there too.

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
/// Lines a cell goes on for; of what is longer the middle of the last is left out.
const LINES_MAX: usize = 8;

/// A report's rows as lines of so many columns.
pub struct TextSheet {
    frame: Frame,
    width: usize,
    plan: Plan,
}

/// What stands where on a sheet.
struct Plan {
    /// Columns on the sheet with their widths.
    placed: Vec<(usize, usize)>,
    /// Blanks between them.
    gap: usize,
    /// Columns with a number for a heading, in the order of the numbers.
    numbered: Vec<usize>,
}

impl TextSheet {
    pub fn new(frame: &Frame, width: usize) -> Self {
        Self { frame: frame.clone(), width, plan: Plan::of(frame, width) }
    }

    /// What stands above the first row.
    pub fn head(&self) -> Vec<String> {
        let title = shortened(&self.frame.title.to_uppercase(), self.width);
        let inset = " ".repeat(self.width.saturating_sub(title.width()) / 2);
        let mut lines = vec![inset + &title];
        let above = self.frame.above.iter().chain([&self.frame.printed]);
        lines.extend(above.flat_map(|line| wrapped(line, self.width)));
        lines.push(String::new());
        let heads = self.set(&|at| match self.number_of(at) {
            Some(number) => number.to_string(),
            None => self.frame.heads.get(at).cloned().unwrap_or_default(),
        });
        lines.extend(heads);
        lines.push(self.rule());
        lines
    }

    /// A row, in as many lines as its longest cell takes.
    pub fn row(&self, values: &[&Value]) -> Vec<String> {
        self.set(&|at| self.figure(at, values.get(at).copied()))
    }

    /// What stands below the last row.
    pub fn foot(&self) -> Vec<String> {
        let mut lines = vec![self.rule()];
        if let Some(foot) = &self.frame.foot {
            let mut sums = self.set(&|at| self.cut(at, self.word(at, foot.get(at))));
            let first = self.plan.placed.first().and_then(|(at, _)| foot.get(*at));
            if let Some(line) = sums.first_mut().filter(|_| first.is_some_and(Value::is_empty)) {
                *line = self.totalled(line);
            }
            lines.append(&mut sums);
            lines.push(String::new());
        }
        let numbered = self.plan.numbered.iter().zip(1..);
        let told = numbered.filter_map(|(at, number)| {
            self.frame.heads.get(*at).map(|head| format!("{number} = {head}"))
        });
        let told: Vec<_> = told.collect();
        if !told.is_empty() {
            lines.extend(wrapped(&told.join(", "), self.width));
        }
        let missing = self.missing();
        if !missing.is_empty() {
            let text = format!("{} {}", self.frame.no_room, missing.join(", "));
            lines.extend(wrapped(&text, self.width));
        }
        lines.extend(self.frame.notes.iter().flat_map(|note| wrapped(note, self.width)));
        lines
    }

    /// The line of the sums with its name before the first of them, as far as there is room.
    fn totalled(&self, line: &str) -> String {
        let free = line.chars().take_while(|c| *c == ' ').count();
        let free = if line.is_empty() { self.width } else { free.saturating_sub(1) };
        let name = shortened(&self.frame.total, free.max(1));
        let rest: String = line.chars().skip(name.width()).collect();
        name + &rest
    }

    fn rule(&self) -> String {
        "-".repeat(self.width)
    }

    fn right(&self, at: usize) -> bool {
        self.frame.columns.get(at).is_some_and(|column| column.align == Align::Right)
    }

    fn width_of(&self, at: usize) -> Option<usize> {
        self.plan.placed.iter().find(|(place, _)| *place == at).map(|(_, width)| *width)
    }

    fn number_of(&self, at: usize) -> Option<usize> {
        self.plan.numbered.iter().position(|column| *column == at).map(|place| place + 1)
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

    /// Each column at its place, in as many lines as the longest takes.
    fn set(&self, cell: &dyn Fn(usize) -> String) -> Vec<String> {
        let placed = self.plan.placed.iter();
        let cells: Vec<_> = placed.map(|(at, width)| broken(&cell(*at), *width)).collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let set = |number: usize| {
            let mut line = String::new();
            for (place, ((at, width), cell)) in self.plan.placed.iter().zip(&cells).enumerate() {
                if place > 0 {
                    line.push_str(&" ".repeat(self.plan.gap));
                }
                let text = cell.get(number).map_or("", String::as_str);
                let blanks = " ".repeat(width.saturating_sub(text.width()));
                let (before, behind) =
                    if self.right(*at) { (&*blanks, "") } else { ("", &*blanks) };
                line.extend([before, text, behind]);
            }
            line.trim_end().to_string()
        };
        (0..lines).map(set).collect()
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
        self.lines(&self.sheet.row(values))
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

/// What a column takes without its heading: of figures also what its foot does.
fn bare(frame: &Frame, at: usize, column: &TableColumn) -> usize {
    let foot = frame.foot.as_ref().and_then(|foot| foot.get(at));
    let foot = foot.filter(|_| column.align == Align::Right);
    let wanted = if column.width == 0 { NARROWEST } else { usize::from(column.width) };
    wanted.max(foot.map_or(0, |foot| frame.cell(column, foot).width()))
}

/// What a column takes: of figures also what its heading does.
fn wanted(frame: &Frame, at: usize, column: &TableColumn) -> usize {
    let head = frame.heads.get(at).map_or(0, |head| longest_word(head).min(HEAD_MAX));
    let head = if column.align == Align::Right { head } else { 0 };
    bare(frame, at, column).max(head)
}

impl Plan {
    fn of(frame: &Frame, paper: usize) -> Self {
        let shown = frame.columns.iter().enumerate().filter(|(_, column)| column.shown);
        let columns: Vec<(usize, &TableColumn)> = shown.collect();
        let all = |(at, column): &(usize, &TableColumn)| (*at, wanted(frame, *at, column));
        let roomy = fitting(columns.iter().map(all), GAP, paper);
        let mut plan = if roomy.len() == columns.len() {
            Self { placed: roomy, gap: GAP, numbered: Vec::new() }
        } else {
            Self::close(frame, &columns, paper)
        };
        let taken: usize = plan.placed.iter().map(|(_, width)| width + plan.gap).sum();
        let left = (paper + plan.gap).saturating_sub(taken);
        let asks = |at: &usize| frame.columns.get(*at).is_some_and(|column| column.width == 0);
        let words = |at: &usize| frame.columns.get(*at).is_some_and(|one| one.align == Align::Left);
        // Where nobody asks for it, the widest words have it.
        let widest = plan.placed.iter().filter(|(at, _)| words(at)).max_by_key(|(_, width)| *width);
        let widest =
            widest.map(|(at, _)| *at).filter(|_| !plan.placed.iter().any(|(at, _)| asks(at)));
        let eager = |at: usize| asks(&at) || widest == Some(at);
        let sharing = plan.placed.iter().filter(|(at, _)| eager(*at)).count();
        for (_, width) in plan.placed.iter_mut().filter(|(at, _)| eager(*at)) {
            *width += left / sharing.max(1);
        }
        plan
    }

    /// Whom a row is about first, then its figures, then other words where there is room left.
    fn close(frame: &Frame, columns: &[(usize, &TableColumn)], paper: usize) -> Self {
        let (first, rest) = columns.split_at(columns.len().min(1));
        let weight = |column: &TableColumn| match (column.width, column.align) {
            (0, _) => 0,
            (_, Align::Right) => 1,
            (_, Align::Left) => 2,
        };
        let of = |wanted| rest.iter().filter(move |(_, column)| weight(column) == wanted);
        let (names, figures, words) = (of(0), of(1), of(2));
        let by_weight = first.iter().chain(names).chain(figures).chain(words);
        let narrow = |(at, column): &(usize, &TableColumn)| (*at, bare(frame, *at, column));
        let mut placed = fitting(by_weight.map(narrow), 1, paper);
        placed.sort_unstable();
        let too_long = |at: usize, width: usize| {
            let right = frame.columns.get(at).is_some_and(|column| column.align == Align::Right);
            let head = frame.heads.get(at).filter(|_| right).map_or(0, |head| longest_word(head));
            head.saturating_sub(width)
        };
        let taken: usize = placed.iter().map(|(_, width)| width + 1).sum();
        let mut left = (paper + 1).saturating_sub(taken);
        for (at, width) in &mut placed {
            let more = too_long(*at, *width);
            if more <= left {
                *width += more;
                left -= more;
            }
        }
        let is_long = |(at, width): &&(usize, usize)| too_long(*at, *width) > 0;
        let numbered = placed.iter().filter(is_long).map(|(at, _)| *at).collect();
        Self { placed, gap: 1, numbered }
    }
}

/// Those there is room for, taken in this order.
fn fitting(
    columns: impl Iterator<Item = (usize, usize)>,
    gap: usize,
    paper: usize,
) -> Vec<(usize, usize)> {
    let mut taken = 0;
    let mut placed = Vec::new();
    for (at, width) in columns {
        let width = width.min(paper);
        let more = width + if placed.is_empty() { 0 } else { gap };
        if taken + more <= paper {
            taken += more;
            placed.push((at, width));
        }
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

fn longest_word(text: &str) -> usize {
    text.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// A cell over as many lines as it takes; only a word longer than a line is broken.
fn broken(text: &str, width: usize) -> Vec<String> {
    if text.width() <= width {
        return vec![shortened(text, width)];
    }
    let mut lines = vec![String::new()];
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let mut word = word.to_string();
        let room = |lines: &[String]| {
            let taken = lines.last().map_or(0, |line| line.width());
            width.saturating_sub(if taken == 0 { 0 } else { taken + 1 })
        };
        if word.width() > room(&lines) && lines.last().is_some_and(|line| !line.is_empty()) {
            lines.push(String::new());
        }
        while word.width() > width {
            let (front, rest) = split_at(&word, width);
            lines.insert(lines.len() - 1, front);
            word = rest;
        }
        if let Some(line) = lines.last_mut().filter(|_| !word.is_empty()) {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
    }
    lines.retain(|line| !line.is_empty());
    if lines.len() > LINES_MAX {
        let rest = lines.split_off(LINES_MAX - 1).join(" ");
        lines.push(shortened(&rest, width));
    }
    lines
}

/// A word broken at the end of a line, with a hyphen between letters.
fn split_at(word: &str, width: usize) -> (String, String) {
    let letters: Vec<&str> = word.graphemes(true).collect();
    let letter =
        |at: usize| letters.get(at).is_some_and(|one| one.chars().all(char::is_alphabetic));
    let (mut used, mut taken) = (0, 0);
    while taken < letters.len() && used + letters[taken].width() <= width {
        used += letters[taken].width();
        taken += 1;
    }
    let hyphen = taken > 2 && letter(taken - 1) && letter(taken - 2);
    // Something goes on to the line even where nothing fits.
    let taken = if hyphen { taken - 1 } else { taken.max(1) };
    let (front, rest) = letters.split_at(taken);
    (front.concat() + if hyphen { "-" } else { "" }, rest.concat())
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
    fn what_does_not_fit_into_its_column_goes_on_below_and_only_long_words_are_broken() {
        assert_eq!(broken("Kelurahan Plaju Ulu", 12), ["Kelurahan", "Plaju Ulu"]);
        assert_eq!(broken("Kesenjangan", 8), ["Kesenja-", "ngan"]);
        assert_eq!(broken("kata 199001012015012001", 10), ["kata", "1990010120", "15012001"]);
        assert_eq!(broken("Sago", 12), ["Sago"]);
        assert_eq!(broken("ab", 1), ["a", "b"]);
        let long = broken(&"kata ".repeat(400), 10);
        assert_eq!(long.len(), LINES_MAX);
        assert!(long.iter().all(|line| line.width() <= 10), "{long:?}");
        assert!(long[LINES_MAX - 1].contains('~'), "{long:?}");
    }

    #[test]
    fn a_long_line_goes_on_below() {
        let lines = wrapped(&"kata ".repeat(40), PAPER);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.width() <= PAPER), "{lines:?}");
    }
}
