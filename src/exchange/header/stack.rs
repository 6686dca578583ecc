//! The rows above a header's last one that belong to it: a group stands over its
//! sub-headings, by the range it is merged over or by the empty cells up to the next group.

use std::collections::BTreeSet;

use super::super::clean;
use super::super::headings::Heading;
use super::super::sheet::{SheetCell, SheetRow};
use super::{filled, fold};

/// A group, a group below it, and the sub-headings.
const DEPTH_MAX: usize = 3;

/// How many rows that end with this one may be one header.
pub(super) fn depth(rows: &[SheetRow], last: usize, vocabulary: &BTreeSet<String>) -> usize {
    let groups = rows[..=last]
        .windows(2)
        .rev()
        .take(DEPTH_MAX - 1)
        .take_while(|pair| is_group(&pair[0], &pair[1], vocabulary));
    1 + groups.count()
}

/// A row right above that names groups. A title stands alone in its row, or over everything.
fn is_group(above: &SheetRow, below: &SheetRow, vocabulary: &BTreeSet<String>) -> bool {
    if above.line + 1 != below.line || is_data(above) {
        return false;
    }
    let columns: Vec<usize> = filled(below).map(|(column, _)| column).collect();
    let (Some(first), Some(last)) = (columns.first(), columns.last()) else { return false };
    let over_all = |column: usize| {
        above
            .merge(column)
            .is_some_and(|m| m.last > m.first && m.first <= *first && m.last >= *last)
    };
    let labels: Vec<String> =
        filled(above).filter(|(column, _)| !over_all(*column)).map(|(_, text)| text).collect();
    // Something stands over an empty cell: a heading that goes on downwards, and no title.
    let goes_on = filled(above)
        .any(|(column, _)| column <= *last && clean::line(below.cell(column)).is_none());
    let partly = above.merges.iter().any(|m| m.last > m.first && !over_all(m.first));
    match labels.len() {
        0 => false,
        2.. if partly || goes_on => true,
        1 | 2 => Heading::speaks(&labels, vocabulary),
        _ => true,
    }
}

/// A row with somebody's data in it, which is no heading and which no message may show.
pub(in super::super) fn is_data(row: &SheetRow) -> bool {
    let run = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default()
    };
    let data = |cell: &SheetCell| match cell {
        SheetCell::Date(_) => true,
        SheetCell::Text(text) => {
            run(text) >= 6
                || text.starts_with(|c: char| c.is_ascii_digit())
                    && matches!(clean::date(cell), Ok(Some(_)))
        }
        _ => false,
    };
    let numbers = |cell: &SheetCell| matches!(cell, SheetCell::Number(_) | SheetCell::Empty);
    row.cells.iter().any(data) || row.cells.iter().all(numbers)
}

/// What stands over each column, from the group down.
pub(super) fn labels(rows: &[SheetRow]) -> Vec<Vec<String>> {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let texts: Vec<Vec<Option<String>>> = rows
        .iter()
        .map(|row| (0..width).map(|column| clean::line(row.cell(column))).collect())
        .collect();
    let mut stacks: Vec<Vec<String>> = vec![Vec::new(); width];
    for (place, row) in rows.iter().enumerate() {
        let spread = if place + 1 < rows.len() {
            spread(row, &texts[..place], &texts[place], &texts[place + 1..])
        } else {
            texts[place].clone()
        };
        for (stack, text) in stacks.iter_mut().zip(spread) {
            // What is merged downwards stands in each of its rows.
            let known = |text: &String| stack.last().is_some_and(|last| fold(last) == fold(text));
            if let Some(text) = text.filter(|text| !known(text)) {
                stack.push(text);
            }
        }
    }
    stacks
}

/// A row of groups with each group over all of its columns.
fn spread(
    row: &SheetRow,
    above: &[Vec<Option<String>>],
    own: &[Option<String>],
    below: &[Vec<Option<String>>],
) -> Vec<Option<String>> {
    let mut spread = own.to_vec();
    if row.merges.iter().any(|merge| merge.last > merge.first) {
        for merge in &row.merges {
            let label = own.get(merge.first).cloned().flatten();
            for below in spread.iter_mut().take(merge.last + 1).skip(merge.first + 1) {
                below.clone_from(&label);
            }
        }
        return spread;
    }
    let sub = |column: usize| below.iter().any(|row| row[column].is_some());
    let begins = |column: usize| above.iter().any(|row| row[column].is_some());
    let mut group = None;
    for column in 0..own.len() {
        if own[column].is_some() {
            group = own[column].clone().filter(|_| sub(column));
        } else if !sub(column) || begins(column) {
            group = None;
        } else {
            spread[column].clone_from(&group);
        }
    }
    spread
}
