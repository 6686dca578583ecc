//! Dates: from a cell to a day, in all the ways offices write one. Day before month, as in
//! Indonesia, unless the column as a whole shows that a spreadsheet wrote it month first:
//! that is found out over all rows before the first is read, so that no two dates of one
//! column are read differently.

use chrono::{Datelike, NaiveDate};

use super::clean;
use super::error::FileError;
use super::sheet::{SheetCell, SheetRow};
use super::since;
use crate::domain::date::{bare, month_named};

/// A cell that holds something, but not this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// How the dates of a column are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    DayFirst,
    MonthFirst,
    /// Month first as text; what the spreadsheet took for dates it took day first.
    MonthFirstAsText,
    /// Both occur: only what can be read one way is read.
    Unclear,
}

/// A date, or none. Day before month; a time behind it is ignored.
pub fn date(cell: &SheetCell) -> Result<Option<NaiveDate>, Unreadable> {
    date_in(cell, Order::DayFirst)
}

/// A date of a column that is written in this order.
pub fn date_in(cell: &SheetCell, order: Order) -> Result<Option<NaiveDate>, Unreadable> {
    let found = match cell {
        SheetCell::Empty => return Ok(None),
        SheetCell::Number(serial) if *serial == 0.0 => return Ok(None),
        SheetCell::Date(date) if order == Order::MonthFirstAsText && date.day() <= 12 => None,
        SheetCell::Date(date) => Some(*date),
        SheetCell::Number(serial) => serial_date(*serial),
        SheetCell::Flag(_) => None,
        SheetCell::Text(_) => match clean::line(cell) {
            None => return Ok(None),
            Some(text) if text == "0" => return Ok(None),
            Some(text) => text_date(&text, order),
        },
    };
    match found {
        // Where spreadsheets begin to count: a zero that is shown as a date.
        Some(date) if date.year() == 1899 => Ok(None),
        Some(date) => Ok(Some(date)),
        None if is_day_zero(cell) => Ok(None),
        None => Err(Unreadable),
    }
}

/// Whether another order would have made another day of this cell.
pub fn is_ordered(cell: &SheetCell) -> bool {
    numeric(cell).is_some_and(|(first, second)| first != second)
}

/// What a column shows of how its dates are written.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    /// Dates that can only be day first, or only month first.
    day_first: usize,
    month_first: usize,
    /// That can be both; and of these, on the first of a month when read day first.
    both: usize,
    firsts: usize,
    /// What the spreadsheet itself takes for a date, and of these, after the twelfth.
    typed: usize,
    typed_late: usize,
    /// Cells that hold anything.
    filled: usize,
}

/// After so many dates of which none is month first, none will be.
const ENOUGH: usize = 200;

impl Evidence {
    fn see(&mut self, cell: &SheetCell) {
        self.filled += usize::from(clean::line(cell).is_some());
        if let SheetCell::Date(date) = cell {
            self.typed += 1;
            self.typed_late += usize::from(date.day() > 12);
        }
        match numeric(cell) {
            Some((13..=31, 1..=12)) => self.day_first += 1,
            Some((1..=12, 13..=31)) => self.month_first += 1,
            Some((first @ 1..=12, second @ 1..=12)) if first != second => {
                self.both += 1;
                self.firsts += usize::from(first == 1);
            }
            _ => {}
        }
    }

    const fn is_settled(&self) -> bool {
        self.filled >= ENOUGH && self.month_first == 0
    }

    /// One in ten is a slip, not another order. Most posts begin on the first of a month: a
    /// column of these is day first though no day in it is late enough to tell.
    fn order(self) -> Order {
        const SLIPS: usize = 10;
        let firsts = if self.firsts >= 5 && self.firsts * 2 > self.both { self.firsts } else { 0 };
        let (day, month) = (self.day_first + firsts, self.month_first);
        match (day, month) {
            (_, 0) => Order::DayFirst,
            _ if day >= month * SLIPS => Order::DayFirst,
            _ if day * SLIPS > month => Order::Unclear,
            _ if self.typed > 0 && self.typed_late == 0 => Order::MonthFirstAsText,
            _ => Order::MonthFirst,
        }
    }
}

/// How the dates of these columns are written, by column, over all rows below a line, or as
/// many of them as tell.
pub(super) fn orders(
    rows: impl Iterator<Item = Result<SheetRow, FileError>>,
    below: u32,
    columns: &[usize],
) -> Result<Vec<Order>, FileError> {
    let mut seen = vec![Evidence::default(); columns.iter().max().map_or(0, |last| last + 1)];
    for row in rows {
        let row = row?;
        if row.line <= below {
            continue;
        }
        for column in columns.iter().filter(|column| !row.comes_from_above(**column)) {
            seen[*column].see(row.cell(*column));
        }
        if columns.iter().all(|column| seen[*column].is_settled()) {
            break;
        }
    }
    Ok(seen.into_iter().map(Evidence::order).collect())
}

/// The first two of three numbers, the last of which is a year; also among other words.
fn numeric(cell: &SheetCell) -> Option<(u32, u32)> {
    let SheetCell::Text(_) = cell else { return None };
    let text = clean::line(cell)?;
    numbers(&bare(&text)).or_else(|| numbers(since::first(&text)?))
}

fn numbers(text: &str) -> Option<(u32, u32)> {
    let [first, second, year, ..] = parts(text)[..] else { return None };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let small = |text: &str| digits(text).then(|| text.parse().ok()).flatten();
    (first.len() <= 2 && second.len() <= 2 && year.len() == 4 && digits(year))
        .then(|| Some((small(first)?, small(second)?)))?
}

fn parts(text: &str) -> Vec<&str> {
    text.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()).collect()
}

/// `00/01/1900`, as a spreadsheet shows a zero.
fn is_day_zero(cell: &SheetCell) -> bool {
    let text = clean::line(cell).unwrap_or_default();
    matches!(
        parts(&text)[..],
        ["00" | "0", "01" | "1", "1900", ..]
            | ["1900", "01" | "1", "00" | "0", ..]
            | ["30" | "31", "12", "1899", ..]
            | ["1899", "12", "30" | "31", ..]
    )
}

/// Days since 1899-12-30, as spreadsheets count. Only 1927 to 2173: smaller figures are
/// years or counts that strayed into a date column.
fn serial_date(serial: f64) -> Option<NaiveDate> {
    if !(10_000.0..100_000.0).contains(&serial) {
        return None;
    }
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    epoch.checked_add_signed(chrono::Duration::days(serial as i64))
}

fn month(word: &str) -> Option<u32> {
    match word.parse() {
        Ok(number) => (word.len() <= 2).then_some(number),
        Err(_) => month_named(word),
    }
}

fn text_date(text: &str, order: Order) -> Option<NaiveDate> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.len() {
            5 => serial_date(text.parse().ok()?),
            8 => ymd(&text[..4], &text[4..6], &text[6..]),
            _ => None,
        };
    }
    let text = bare(text);
    // A time stands behind a `T` or behind the third part.
    let text = match text.split_once(['T', 't']) {
        Some((date, time)) if time.starts_with(|c: char| c.is_ascii_digit()) => date,
        _ => &text,
    };
    let parts = parts(text);
    let [first, second, third, time @ ..] = parts.as_slice() else { return None };
    if !time.iter().all(|part| is_time(part)) {
        return None;
    }
    let word = |text: &str| text.starts_with(char::is_alphabetic);
    if first.len() == 4 && !word(first) {
        return ymd(first, second, third);
    }
    if word(first) {
        return ymd(third, first, second);
    }
    if word(second) {
        return ymd(third, second, first);
    }
    match order {
        Order::DayFirst => ymd(third, second, first),
        Order::MonthFirst | Order::MonthFirstAsText => ymd(third, first, second),
        Order::Unclear => {
            let day_first = ymd(third, second, first);
            day_first.filter(|date| date.day() > 12 || date.day() == date.month())
        }
    }
}

/// `07:30:00`, `00.00` cut at its point, `WIB`, `AM`, `+0700`.
fn is_time(part: &str) -> bool {
    part.contains(':')
        || part.bytes().all(|b| b.is_ascii_digit())
        || part.starts_with('+')
        || matches!(
            part.to_uppercase().as_str(),
            "AM" | "PM" | "WIB" | "WITA" | "WIT" | "UTC" | "Z"
        )
}

fn ymd(year: &str, month_word: &str, day: &str) -> Option<NaiveDate> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if year.len() != 4 || !digits(year) || day.len() > 2 || !digits(day) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month(month_word)?, day.parse().ok()?)?;
    (1900..=2200).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> SheetCell {
        SheetCell::Text(text.into())
    }

    #[test]
    fn a_date_is_read_in_every_way_an_office_writes_it() {
        let day = NaiveDate::from_ymd_opt(1990, 8, 17);
        for written in [
            "17-08-1990",
            "17/08/1990",
            "17/8/1990",
            "17.08.1990",
            "1990-08-17",
            "1990/08/17",
            "17 Agustus 1990",
            "17 Agu 1990",
            "17-Aug-1990",
            "17 Ags 1990",
            "'17-08-1990",
            "17-08-1990 00:00:00",
            "1990-08-17T00:00:00Z",
            "1990-08-17 07:30:00.000 WIB",
            "33102",
            "17–08–1990",
            "17 — 8 — 1990",
            "Jum'at, 17 Agustus 1990",
            "Jumat/17-08-1990",
            "TMT 17-08-1990",
            "TMT. 17 Agustus 1990",
            "TMT: Friday, August 17, 1990",
            "Aug 17, 1990",
            "Tgl. 17/08/1990",
            "19900817",
        ] {
            assert_eq!(date(&cell(written)), Ok(day), "{written}");
        }
        assert_eq!(date(&SheetCell::Number(33102.0)), Ok(day));
        assert_eq!(date(&SheetCell::Number(33102.75)), Ok(day));
        for nothing in ["null", "0000-00-00", "0", "00/01/1900", "#N/A", "30/12/1899"] {
            assert_eq!(date(&cell(nothing)), Ok(None), "{nothing}");
        }
        assert_eq!(date(&SheetCell::Number(0.0)), Ok(None));
        for month in ["Januari", "Pebruari", "Mei", "Oktober", "Nopember", "Desember", "December"] {
            assert!(date(&cell(&format!("1 {month} 2020"))).unwrap().is_some(), "{month}");
        }
    }

    #[test]
    fn an_impossible_date_is_said_to_be_unreadable() {
        for written in [
            "31-02-1990",
            "17-13-1990",
            "1990",
            "17-08-90",
            "Palembang",
            "17 Bulan 1990",
            "01-01-0001",
            "12 17-08-1990",
            "17-08-1990 x",
        ] {
            assert_eq!(date(&cell(written)), Err(Unreadable), "{written}");
        }
        assert_eq!(date(&SheetCell::Number(1990.0)), Err(Unreadable));
        assert_eq!(date(&SheetCell::Number(f64::NAN)), Err(Unreadable));
    }

    fn order(cells: &[&str]) -> Order {
        let rows = (1..).zip(cells).map(|(line, text)| Ok(SheetRow::new(line, vec![cell(text)])));
        orders(rows, 0, &[0]).unwrap()[0]
    }

    #[test]
    fn a_column_has_one_order_which_all_of_it_decides() {
        assert_eq!(order(&["3/4/2019", "1/15/2019", "10/1/2019"]), Order::MonthFirst);
        assert_eq!(order(&["3/4/2019", "15/1/2019", "10/1/2019"]), Order::DayFirst);
        assert_eq!(order(&["3/4/2019", "10-01-2019", "2019-13-01"]), Order::DayFirst);
        assert_eq!(order(&["13/4/2019", "1/15/2019", "10/1/2019"]), Order::Unclear);
        let mut posts = ["01-04-2020", "01-10-2021"].repeat(10);
        posts.push("01-13-2020");
        assert_eq!(order(&posts), Order::DayFirst, "one slip among days that begin a month");
        for (written, order, day) in [
            ("3/4/2019", Order::MonthFirst, Some("2019-03-04")),
            ("15/1/2019", Order::MonthFirst, None),
            ("4 March 2019", Order::MonthFirst, Some("2019-03-04")),
            ("2019-03-04", Order::MonthFirst, Some("2019-03-04")),
            ("3/4/2019", Order::Unclear, None),
            ("3/3/2019", Order::Unclear, Some("2019-03-03")),
            ("23/4/2019", Order::Unclear, Some("2019-04-23")),
        ] {
            let read = date_in(&cell(written), order).ok().flatten();
            assert_eq!(read, day.and_then(|day| day.parse().ok()), "{written} {order:?}");
        }
        let typed = SheetCell::Date(NaiveDate::from_ymd_opt(2019, 1, 4).unwrap_or_default());
        let rows = [typed.clone(), cell("1/15/2019")];
        let rows = (1..).zip(rows).map(|(line, cell)| Ok(SheetRow::new(line, vec![cell])));
        assert_eq!(orders(rows, 0, &[0]).unwrap(), [Order::MonthFirstAsText]);
        assert_eq!(date_in(&typed, Order::MonthFirstAsText), Err(Unreadable));
    }
}
