//! The cursor in something long of which only a window is here: a list, the matrix, the
//! attendance of a session, the steps of the history. It stands on a record, not on a row:
//! when other rows come, it goes where its record stands now, so that neither a late
//! answer nor somebody else's save moves it. It knows how many rows are in sight and keeps
//! its own among them. What is asked for, and when, is the business of who holds the rows.

use std::ops::Range;

use crate::domain::record::EmployeeId;
use crate::protocol::{AttendanceRow, HistoryLine, Row};
use crate::ui::command::Command;

/// A row that a cursor can stand on, told from the others by its key.
pub trait Keyed {
    type Key: Copy + PartialEq;

    fn key(&self) -> Self::Key;
}

impl Keyed for Row {
    type Key = u32;

    fn key(&self) -> u32 {
        self.number
    }
}

impl Keyed for AttendanceRow {
    type Key = EmployeeId;

    fn key(&self) -> EmployeeId {
        self.employee
    }
}

impl Keyed for HistoryLine {
    type Key = u64;

    fn key(&self) -> u64 {
        self.seq
    }
}

/// The rows that are here, of all there are.
pub struct Held<'a, R> {
    /// The place of the first that is here among all.
    pub offset: u32,
    pub total: u32,
    pub rows: &'a [R],
}

impl<'a, R: Keyed> Held<'a, R> {
    /// All of them are here.
    pub fn all(rows: &'a [R]) -> Self {
        Self { offset: 0, total: rows.len() as u32, rows }
    }

    /// The row at this place of all, if it is here.
    pub fn at(&self, row: u32) -> Option<&'a R> {
        self.rows.get(row.checked_sub(self.offset)? as usize)
    }

    /// Where the row with this key stands among all, if it is here.
    pub fn place_of(&self, key: R::Key) -> Option<u32> {
        let at = self.rows.iter().position(|row| row.key() == key)?;
        Some(self.offset + at as u32)
    }

    fn holds(&self, rows: &Range<u32>) -> bool {
        let end = self.offset + self.rows.len() as u32;
        rows.is_empty() || (self.offset <= rows.start && rows.end <= end)
    }
}

/// A place among so many, of which only some are in sight: the rows of a cursor, and the
/// columns of a grid.
#[derive(Clone, Copy, Debug, Default)]
pub struct Axis {
    at: u32,
    top: u32,
    shown: u32,
}

impl Axis {
    pub const fn at(self) -> u32 {
        self.at
    }

    /// The first in sight.
    pub const fn top(self) -> u32 {
        self.top
    }

    /// How many are in sight; at least one is taken to be.
    pub fn shown(self) -> u32 {
        self.shown.max(1)
    }

    /// So many fit from now on. Scrolls only with [`Self::scroll`].
    pub const fn sees(&mut self, shown: u32) {
        self.shown = shown;
    }

    pub fn go(&mut self, at: u32, total: u32) {
        self.at = at.min(total.saturating_sub(1));
        self.scroll(total);
    }

    /// Brings the place into sight, moving as little as it can, with nothing empty below.
    pub fn scroll(&mut self, total: u32) {
        let shown = self.shown();
        self.top = self.top.clamp(self.at.saturating_add(1).saturating_sub(shown), self.at);
        self.top = self.top.min(total.saturating_sub(shown));
    }
}

/// Where one stands in a window of rows.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<K> {
    rows: Axis,
    on: Option<K>,
    /// Where it stood before it was sent to the record it is on.
    before: Option<K>,
    /// Where it stood before anything was sought.
    left: Option<K>,
}

impl<K> Default for Cursor<K> {
    fn default() -> Self {
        Self { rows: Axis::default(), on: None, before: None, left: None }
    }
}

impl<K: Copy + PartialEq> Cursor<K> {
    pub const fn row(&self) -> u32 {
        self.rows.at
    }

    /// The place of the first row in sight.
    pub const fn top(&self) -> u32 {
        self.rows.top
    }

    pub fn shown(&self) -> u32 {
        self.rows.shown()
    }

    /// The record it stands on, or is to stand on once its row comes.
    pub const fn on(&self) -> Option<K> {
        self.on
    }

    /// So many rows fit from now on.
    pub const fn sees(&mut self, shown: u32) {
        self.rows.sees(shown);
    }

    pub fn scroll(&mut self, total: u32) {
        self.rows.scroll(total);
    }

    /// So many rows above come into sight, where the one it is on stays there.
    pub fn scroll_back(&mut self, rows: u32) {
        let top = self.rows.top.saturating_sub(rows);
        if self.rows.at < top.saturating_add(self.rows.shown()) {
            self.rows.top = top;
        }
    }

    /// Goes to this row, and with the record on it from now on.
    pub fn go<R: Keyed<Key = K>>(&mut self, row: u32, held: &Held<R>) {
        self.rows.go(row, held.total);
        let on = held.at(self.rows.at).map(Keyed::key);
        if on != self.on {
            self.before = None;
        }
        self.on = on;
    }

    /// Other rows have come: its record stands at `at` now, or else it keeps its row.
    pub fn settle<R: Keyed<Key = K>>(&mut self, at: Option<u32>, held: &Held<R>) {
        self.go(at.unwrap_or(self.rows.at), held);
    }

    /// The same, and the row under it keeps its place on the screen.
    pub fn settle_in_place<R: Keyed<Key = K>>(&mut self, at: Option<u32>, held: &Held<R>) {
        let above = self.rows.at.saturating_sub(self.rows.top);
        let row = at.unwrap_or(self.rows.at).min(held.total.saturating_sub(1));
        if row != self.rows.at {
            self.rows.top = row.saturating_sub(above);
        }
        self.go(row, held);
    }

    /// To stand on this record, which may not be here yet.
    pub fn seek(&mut self, key: K) {
        if self.on != Some(key) {
            self.before = self.on;
        }
        self.on = Some(key);
    }

    /// The record it is on is gone: back to the one it came from, if it was sent here. So
    /// what is undone leaves it where it was before.
    pub const fn fall_back(&mut self) -> bool {
        match self.before.take() {
            Some(before) => {
                self.on = Some(before);
                true
            }
            None => false,
        }
    }

    /// The same, at this row as far as is known.
    pub const fn seek_at(&mut self, key: K, row: u32) {
        self.on = Some(key);
        self.rows.at = row;
    }

    /// Back to the first row, with the record it stood on still to be found.
    pub const fn rewind(&mut self) {
        self.rows.at = 0;
        self.rows.top = 0;
    }

    /// To the first of what is sought now; with `first`, nothing was sought before.
    pub const fn seek_found(&mut self, first: bool) {
        if first {
            self.left = self.on;
        }
        self.begin();
    }

    /// Nothing is sought any more: on the record it is on, or where nothing was found back to
    /// the one it left.
    pub const fn come_back(&mut self) {
        if let (None, Some(left)) = (self.on, self.left) {
            self.on = Some(left);
        }
        self.left = None;
    }

    /// Back to the first row, whatever stands there.
    pub const fn begin(&mut self) {
        self.rewind();
        (self.on, self.before) = (None, None);
    }

    /// Whether rows that should be in sight are not here.
    pub fn misses<R: Keyed<Key = K>>(&self, held: &Held<R>) -> bool {
        let end = (self.rows.top + self.rows.shown).min(held.total);
        !held.holds(&(self.rows.top..end))
    }

    /// The rows in sight and a margin of at least `margin` on both sides: where to ask from,
    /// and for how many.
    pub fn around(&self, margin: u32) -> (u32, u32) {
        (self.rows.top.saturating_sub(margin), self.rows.shown + 2 * margin)
    }
}

/// Where a command takes a cursor at `row` among `count` rows, `page` of them to a page;
/// nothing for a command that does not walk.
pub fn walk(command: Command, row: u32, count: u32, page: u32) -> Option<u32> {
    let last = count.saturating_sub(1);
    let page = page.max(1);
    let to = match command {
        Command::ListUp | Command::MatrixUp | Command::PickerUp => row.saturating_sub(1),
        Command::ListDown | Command::MatrixDown | Command::PickerDown => row.saturating_add(1),
        Command::ListPageUp | Command::MatrixPageUp | Command::PickerPageUp => {
            row.saturating_sub(page)
        }
        Command::ListPageDown | Command::MatrixPageDown | Command::PickerPageDown => {
            row.saturating_add(page)
        }
        Command::ListFirst | Command::MatrixFirst | Command::PickerFirst => 0,
        Command::ListLast | Command::MatrixLast | Command::PickerLast => last,
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row of which only the key matters.
    struct Numbered(u32);

    impl Keyed for Numbered {
        type Key = u32;

        fn key(&self) -> u32 {
            self.0
        }
    }

    fn rows(numbers: impl IntoIterator<Item = u32>) -> Vec<Numbered> {
        numbers.into_iter().map(Numbered).collect()
    }

    #[test]
    fn a_command_walks_among_the_rows_and_never_beyond() {
        assert_eq!(walk(Command::PickerUp, 0, 3, 10), Some(0));
        assert_eq!(walk(Command::ListDown, 2, 3, 10), Some(2));
        assert_eq!(walk(Command::MatrixPageDown, 0, 30, 10), Some(10));
        assert_eq!(walk(Command::PickerPageUp, 15, 30, 10), Some(5));
        assert_eq!(walk(Command::ListLast, 0, 30, 10), Some(29));
        assert_eq!(walk(Command::PickerDown, 0, 0, 0), Some(0));
        assert_eq!(walk(Command::PickerAccept, 1, 3, 10), None);
    }

    #[test]
    fn it_stays_with_its_record_when_rows_come_above_it() {
        let before = rows(10..20);
        let mut cursor = Cursor::default();
        cursor.sees(4);
        cursor.go(5, &Held::all(&before));
        assert_eq!((cursor.on(), cursor.top()), (Some(15), 2));
        let after = rows(8..20);
        let held = Held::all(&after);
        cursor.settle_in_place(held.place_of(15), &held);
        assert_eq!((cursor.row(), cursor.on(), cursor.top()), (7, Some(15), 4));
    }

    #[test]
    fn a_record_that_went_leaves_it_in_its_row() {
        let before = rows(0..5);
        let mut cursor = Cursor::default();
        cursor.sees(10);
        cursor.go(4, &Held::all(&before));
        let after = rows(0..4);
        let held = Held::all(&after);
        cursor.settle(held.place_of(4), &held);
        assert_eq!((cursor.row(), cursor.on()), (3, Some(3)));
    }

    #[test]
    fn one_that_was_sent_to_a_record_that_is_gone_goes_back_where_it_came_from() {
        let all = rows(0..5);
        let mut cursor = Cursor::default();
        cursor.sees(10);
        cursor.go(1, &Held::all(&all));
        cursor.seek(4);
        assert!(cursor.fall_back());
        assert_eq!(cursor.on(), Some(1));
        assert!(!cursor.fall_back(), "once");
        cursor.seek(3);
        cursor.go(2, &Held::all(&all));
        assert!(!cursor.fall_back(), "the officer has moved on since");
    }

    #[test]
    fn rows_in_sight_that_are_not_here_are_missed() {
        let here = rows(40..60);
        let held = Held { offset: 40, total: 1000, rows: &here };
        let mut cursor = Cursor::default();
        cursor.sees(10);
        cursor.go(45, &held);
        assert!(cursor.misses(&held), "it scrolled no further up than it had to");
        cursor.go(55, &held);
        assert!(!cursor.misses(&held));
        assert_eq!(cursor.around(8), (38, 26));
        cursor.go(999, &held);
        assert_eq!((cursor.on(), cursor.misses(&held)), (None, true));
    }

    #[test]
    fn nothing_at_all_is_no_reason_to_panic() {
        let mut cursor = Cursor::<u32>::default();
        let none: [Numbered; 0] = [];
        cursor.go(7, &Held::all(&none));
        assert_eq!((cursor.row(), cursor.top(), cursor.on()), (0, 0, None));
        assert!(!cursor.misses(&Held::all(&none)));
    }
}
