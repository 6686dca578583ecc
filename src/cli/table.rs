//! Tables of text for a person: columns as wide as their widest cell, cut to fit the
//! line where they must be. Width is measured as a terminal shows it, not in bytes.

use std::io::{self, Write};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::column::Align;

/// The line a table fits into.
pub const LINE: usize = 80;
/// Between two columns.
const GAP: usize = 2;
/// No column is cut below this.
const NARROWEST: usize = 6;

pub struct PlainTable {
    heads: Vec<String>,
    aligns: Vec<Align>,
    rows: Vec<Vec<String>>,
    indent: usize,
    /// Columns that are worth nothing when cut: numbers, dates.
    whole: Vec<usize>,
}

impl PlainTable {
    pub fn new(columns: impl IntoIterator<Item = (String, Align)>) -> Self {
        let (heads, aligns) = columns.into_iter().unzip();
        Self { heads, aligns, rows: Vec::new(), indent: 0, whole: Vec::new() }
    }

    /// Without a head, set in by this many cells.
    pub fn plain(aligns: &[Align], indent: usize) -> Self {
        let (heads, rows, whole) = (Vec::new(), Vec::new(), Vec::new());
        Self { heads, aligns: aligns.to_vec(), rows, indent, whole }
    }

    /// Never cuts this column, counted from 0.
    pub fn keep_whole(&mut self, column: usize) {
        self.whole.push(column);
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells.into_iter().map(|cell| one_line(&cell)).collect());
    }

    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let widths = self.widths();
        if !self.heads.is_empty() {
            self.line(out, &self.heads, &widths)?;
            let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
            self.line(out, &rule, &widths)?;
        }
        self.rows.iter().try_for_each(|row| self.line(out, row, &widths))
    }

    /// The widest columns give way first until the line fits.
    fn widths(&self) -> Vec<usize> {
        let mut widths = vec![0; self.aligns.len()];
        for row in self.rows.iter().chain([&self.heads]) {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let room = LINE.saturating_sub(self.indent + GAP * widths.len().saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            let may_shrink = widths.iter_mut().enumerate();
            let may_shrink = may_shrink.filter(|(place, _)| !self.whole.contains(place));
            match may_shrink.map(|(_, width)| width).max() {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
        }
        widths
    }

    fn line(&self, out: &mut dyn Write, cells: &[String], widths: &[usize]) -> io::Result<()> {
        let mut line = " ".repeat(self.indent);
        for ((place, cell), (width, align)) in
            cells.iter().enumerate().zip(widths.iter().zip(&self.aligns))
        {
            if place > 0 {
                line.push_str(&" ".repeat(GAP));
            }
            let cell = fit(cell, *width);
            let blank = " ".repeat(width.saturating_sub(cell.width()));
            match align {
                Align::Left => line.extend([cell.as_str(), &blank]),
                Align::Right => line.extend([blank.as_str(), &cell]),
            }
        }
        writeln!(out, "{}", line.trim_end())
    }
}

/// A text cut to `width` cells, with `~` where something is missing.
pub fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    let mut cut = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        if used + grapheme.width() + 1 > width {
            break;
        }
        used += grapheme.width();
        cut.push_str(grapheme);
    }
    cut.push('~');
    cut
}

/// A text broken at blanks into lines of at most `width` cells; a line that starts set
/// in keeps its indent.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        // What fits stands as it was written, columns of an example included.
        if paragraph.width() <= width {
            lines.push(paragraph.trim_end().to_string());
            continue;
        }
        let indent: String = paragraph.chars().take_while(|c| *c == ' ').collect();
        let mut line = indent.clone();
        for word in paragraph.split_whitespace() {
            let fresh = line.trim().is_empty();
            if !fresh && line.width() + 1 + word.width() > width {
                lines.push(std::mem::replace(&mut line, indent.clone()));
            } else if !fresh {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line.trim_end().to_string());
    }
    lines
}

/// Control characters and line breaks would tear the table.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(table: &PlainTable) -> String {
        let mut out = Vec::new();
        table.print(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_fits_eighty_columns_whatever_it_holds() {
        let heads = ["NIP", "Nama", "Jabatan", "JP"].map(|head| (head.to_string(), Align::Left));
        let mut table = PlainTable::new(heads);
        table.row(vec!["1".repeat(21), "你好".repeat(40), "x\ny".repeat(60), "24".into()]);
        for line in printed(&table).lines() {
            assert!(line.width() <= LINE, "{line}");
        }
        assert_eq!(printed(&table).lines().count(), 3);
    }

    #[test]
    fn a_nip_is_never_cut() {
        let mut table =
            PlainTable::new(["NIP", "Nama"].map(|head| (head.to_string(), Align::Left)));
        table.keep_whole(0);
        table.row(vec!["1".repeat(40), "x".repeat(60)]);
        assert!(printed(&table).contains(&"1".repeat(40)));
    }

    #[test]
    fn figures_stand_at_the_right() {
        let mut table = PlainTable::plain(&[Align::Left, Align::Right], 2);
        table.row(vec!["Diterima".into(), "49".into()]);
        table.row(vec!["Ditolak".into(), "7".into()]);
        assert_eq!(printed(&table), "  Diterima  49\n  Ditolak    7\n");
    }

    #[test]
    fn a_cut_text_says_so_and_never_splits_a_character() {
        assert_eq!(fit("Mila Melani", 6), "Mila ~");
        assert_eq!(fit("你好吗", 4), "你~");
        assert_eq!(fit("Mila", 4), "Mila");
    }

    #[test]
    fn long_texts_break_at_blanks() {
        assert_eq!(wrap("satu dua tiga", 8), ["satu dua", "tiga"]);
        assert_eq!(wrap("  satu dua\n\nx", 7), ["  satu", "  dua", "", "x"]);
        assert_eq!(wrap("  a   b", 20), ["  a   b"]);
    }
}
