//! Finding the header among a sheet's first rows: every row, with the rows above it that
//! may be its groups, is tried, and the reading that gives the most fields their column is
//! the one.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::clean;
use super::super::headings::{Alias, Heading, Rank};
use super::super::row::holds_number;
use super::stack::{self, is_data};
use super::{
    FileError, Header, NAME, NAME_AND_NIP, NIP, SEARCH_ROWS, SheetRow, Wanted, filled, fold,
    mapped_fields,
};

/// The most columns a message names.
const CANDIDATES_MAX: usize = 12;
/// So many different headings are looked at, from the top: a sheet of words in every cell
/// takes no longer. The widest known list has 69 columns.
const HEADINGS_MAX: usize = 2_000;
/// So much of a heading tells what it is.
const HEADING_MAX: usize = 200;

/// Finds the header among the first rows. The second figure is how many of them stand
/// above the list.
pub(in super::super) fn find(
    rows: &[SheetRow],
    wanted: &Wanted,
    map: &[(String, String)],
) -> Result<(Header, usize), FileError> {
    Finder::new(rows, wanted, map)?.find()
}

/// What [`find`] has looked at: headings, and how often one was held against a known one.
#[cfg(test)]
pub(in super::super) fn looked_at(
    rows: &[SheetRow],
    wanted: &Wanted,
) -> Result<(usize, usize), FileError> {
    let mut finder = Finder::new(rows, wanted, &[])?;
    let _ = finder.find();
    Ok((finder.known.len(), finder.compared))
}

/// The field and the place of every known heading, by its words and its letters.
fn by_word(aliases: &[Vec<Alias>]) -> HashMap<String, BTreeSet<(usize, usize)>> {
    let mut places: HashMap<String, BTreeSet<(usize, usize)>> = HashMap::new();
    for (field, aliases) in aliases.iter().enumerate() {
        for (at, alias) in aliases.iter().enumerate() {
            for word in alias.words().chain([alias.letters()]) {
                places.entry(word.clone()).or_default().insert((field, at));
            }
        }
    }
    places
}

struct Finder<'a> {
    rows: &'a [SheetRow],
    wanted: &'a Wanted<'a>,
    /// Of each field of the table.
    aliases: Vec<Vec<Alias>>,
    by_word: HashMap<String, BTreeSet<(usize, usize)>>,
    vocabulary: BTreeSet<String>,
    mapped: Vec<(usize, &'a str)>,
    /// The fields that headings fit, as far as they have been looked at.
    known: HashMap<Vec<String>, Vec<Fit>>,
    /// Of each row, whether a column holds anything there and whether a NIP.
    told: RefCell<HashMap<usize, Vec<(bool, bool)>>>,
    /// How often a heading was held against a known one.
    compared: usize,
}

/// A field that a heading fits, how well, and by which of its aliases.
#[derive(Clone, Copy)]
struct Fit {
    rank: Rank,
    field: usize,
    alias: usize,
}

/// A way to read the rows down to this one as the header.
struct Reading {
    last: usize,
    depth: usize,
    names: Vec<String>,
    columns: Vec<Option<usize>>,
    /// Fields found by their heading, not by the officer's word for their place.
    found: usize,
}

impl<'a> Finder<'a> {
    fn new(
        rows: &'a [SheetRow],
        wanted: &'a Wanted<'a>,
        map: &'a [(String, String)],
    ) -> Result<Self, FileError> {
        let mapped = mapped_fields(wanted.table, map)?;
        let aliases: Vec<Vec<Alias>> = wanted
            .table
            .iter()
            .map(|known| {
                let own = known.by_name.then_some(&known.field).into_iter();
                own.chain(known.aliases).map(|alias| Alias::of(alias)).collect()
            })
            .collect();
        let vocabulary = aliases.iter().flatten().flat_map(Alias::words).cloned().collect();
        let by_word = by_word(&aliases);
        let rows = &rows[..rows.len().min(SEARCH_ROWS)];
        let (known, told) = (HashMap::new(), RefCell::default());
        Ok(Self { rows, wanted, aliases, by_word, vocabulary, mapped, known, told, compared: 0 })
    }
}

impl Finder<'_> {
    fn find(&mut self) -> Result<(Header, usize), FileError> {
        let mut best: Option<Reading> = None;
        let mut lacking: Option<Reading> = None;
        for last in 0..self.rows.len() {
            // A row of data is a header only to an officer who says so.
            if is_data(&self.rows[last]) && self.mapped.iter().all(|(_, c)| place(c).is_some()) {
                continue;
            }
            let Some(reading) = self.reading(last) else { continue };
            let anchored = self.is_anchored(&reading);
            let into = if anchored && reading.found > 0 && self.missing(&reading).is_empty() {
                &mut best
            } else if (anchored || reading.found >= 2) && reading.found > 0 {
                &mut lacking
            } else {
                continue;
            };
            if into.as_ref().is_none_or(|best| reading.found > best.found) {
                *into = Some(reading);
            }
        }
        match (best, lacking) {
            (Some(reading), _) => Ok(self.header(reading)),
            (None, lacking) if self.is_mapped_by_place() => match lacking {
                Some(lacking) if !self.missing(&lacking).is_empty() => {
                    Err(self.columns_missing(&lacking))
                }
                _ => self.without_headings(),
            },
            (None, Some(reading)) => Err(self.columns_missing(&reading)),
            (None, None) => Err(self.no_header()),
        }
    }

    /// The deepest way to read these rows that loses no column a shallower one has to have.
    fn reading(&mut self, last: usize) -> Option<Reading> {
        let depth = stack::depth(self.rows, last, &self.vocabulary);
        let mut readings: Vec<Reading> =
            (1..=depth).rev().filter_map(|depth| self.read(last, depth)).collect();
        let lacks: Vec<bool> = readings
            .iter()
            .map(|reading| !self.is_anchored(reading) || !self.missing(reading).is_empty())
            .collect();
        let whole = lacks.iter().position(|lacks| !lacks);
        let place = whole.or_else(|| {
            let most = readings.iter().enumerate().max_by_key(|(_, reading)| reading.found);
            most.map(|(place, _)| place)
        })?;
        Some(readings.swap_remove(place))
    }

    fn read(&mut self, last: usize, depth: usize) -> Option<Reading> {
        let labels = stack::labels(&self.rows[last + 1 - depth..=last]);
        let names: Vec<String> = labels.iter().map(|stack| stack.join(" ")).collect();
        let mut columns = vec![None; self.wanted.table.len()];
        let mut taken = vec![false; names.len()];
        for (field, column) in &self.mapped {
            let found = self.mapped_column(column, &names, &labels)?;
            columns[*field] = Some(found);
            if let Some(taken) = taken.get_mut(found) {
                *taken = true;
            }
        }
        let mapped = columns.iter().flatten().count();
        let by_place = self.mapped.iter().filter(|(_, c)| self.place_within(c).is_some()).count();
        for (fit, column) in self.fits(&labels, last) {
            if columns[fit.field].is_none() && !taken[column] {
                columns[fit.field] = Some(column);
                taken[column] = true;
            }
        }
        self.name_with_number(&mut columns, last);
        let found = columns.iter().flatten().count() - by_place.min(mapped);
        Some(Reading { last, depth, names, columns, found })
    }

    /// Every field a column fits, the best first. What stands in a column confirms a NIP.
    fn fits(&mut self, labels: &[Vec<String>], last: usize) -> Vec<(Fit, usize)> {
        let mut fits = Vec::new();
        for (column, stack) in labels.iter().enumerate() {
            if stack.is_empty() {
                continue;
            }
            // A bare `TMT` is that of the column before it, as if that were its group.
            let before = column.checked_sub(1).map(|before| &labels[before]);
            let whole = match (stack.as_slice(), before) {
                ([only], Some(before)) if fold(only) == "tmt" => [before, &stack[..]].concat(),
                _ => stack.clone(),
            };
            for fit in self.fits_of(&whole) {
                let telling = matches!(self.wanted.table[fit.field].field, NIP | NAME_AND_NIP);
                let (filled, numbers) = if telling { self.numbers(column, last) } else { (0, 0) };
                let confirmed = numbers > 0 && numbers * 3 >= filled;
                match fit.rank {
                    rank if rank.is_guess() && telling && !confirmed => {}
                    rank if telling && filled > 0 && !confirmed => {
                        fits.push((Fit { rank: rank.last(), ..fit }, column));
                    }
                    _ => fits.push((fit, column)),
                }
            }
        }
        fits.sort_by_key(|(fit, column)| (fit.rank, fit.field, fit.alias, *column));
        fits
    }

    fn fits_of(&mut self, stack: &[String]) -> Vec<Fit> {
        if let Some(known) = self.known.get(stack) {
            return known.clone();
        }
        if self.known.len() >= HEADINGS_MAX {
            return Vec::new();
        }
        let cut = |label: &String| label.chars().take(HEADING_MAX).collect();
        let heading = Heading::of(&stack.iter().map(cut).collect::<Vec<String>>());
        // One that shares no word with a known heading is not the same.
        let mut near: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (field, alias) in heading.words().filter_map(|word| self.by_word.get(word)).flatten() {
            near.entry(*field).or_default().insert(*alias);
        }
        self.compared += near.values().map(BTreeSet::len).sum::<usize>();
        let fit = |(field, near): (usize, BTreeSet<usize>)| {
            let fit = heading.fits(&self.aliases[field], near);
            fit.map(|(rank, alias)| Fit { rank, field, alias })
        };
        let mut fits: Vec<Fit> = near.into_iter().filter_map(fit).collect();
        // Over a group and its sub-heading another one may only put things in order.
        if let ([outer, inner @ ..], true) = (stack, fits.is_empty())
            && inner.len() > 1
            && !Heading::of(std::slice::from_ref(outer)).is_foreign()
        {
            let inner = self.fits_of(inner).into_iter();
            fits = inner.map(|fit| Fit { rank: fit.rank.last(), ..fit }).collect();
        }
        // `Jabatan / Unit Kerja` holds two things, and is neither.
        if fits.iter().filter(|fit| Heading::is_alternative(fit.rank)).count() > 1 {
            fits.retain(|fit| !Heading::is_alternative(fit.rank));
        }
        self.known.insert(stack.to_vec(), fits.clone());
        fits
    }

    /// How many cells of a column below this row hold anything, and how many a NIP.
    fn numbers(&self, column: usize, last: usize) -> (usize, usize) {
        let mut told = self.told.borrow_mut();
        let tells = |row: &SheetRow| {
            let cell = row.cell(column);
            (clean::line(cell).is_some(), holds_number(cell))
        };
        let told = told.entry(column).or_insert_with(|| self.rows.iter().map(tells).collect());
        let below = || told.iter().skip(last + 1);
        (below().filter(|(filled, _)| *filled).count(), below().filter(|(_, nip)| *nip).count())
    }

    /// Where nothing is called a NIP and names have one in their cells, they are both.
    fn name_with_number(&self, columns: &mut [Option<usize>], last: usize) {
        let field = |name| self.wanted.table.iter().position(|known| known.field == name);
        let (Some(nip), Some(name), Some(both)) = (field(NIP), field(NAME), field(NAME_AND_NIP))
        else {
            return;
        };
        let Some(column) = columns[name] else { return };
        if columns[nip].is_none() && columns[both].is_none() {
            let (filled, numbers) = self.numbers(column, last);
            if numbers > 0 && numbers * 4 >= filled {
                columns[both] = columns[name].take();
            }
        }
    }

    /// A column as the officer names it: by its place, by its heading or by its sub-heading.
    fn mapped_column(
        &self,
        wanted: &str,
        names: &[String],
        labels: &[Vec<String>],
    ) -> Option<usize> {
        if let Some(place) = self.place_within(wanted) {
            return Some(place);
        }
        let exact = names.iter().position(|name| name.trim() == wanted.trim());
        let folded =
            || names.iter().position(|name| !name.is_empty() && fold(name) == fold(wanted));
        let lowest = || {
            labels.iter().position(|stack| stack.last().is_some_and(|s| fold(s) == fold(wanted)))
        };
        exact.or_else(folded).or_else(lowest)
    }

    /// The place of a column of this sheet; a larger number, a year say, is a heading.
    fn place_within(&self, wanted: &str) -> Option<usize> {
        place(wanted).filter(|place| *place < self.width())
    }

    fn width(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default()
    }

    fn is_mapped_by_place(&self) -> bool {
        let within = |(_, column): &(usize, &str)| self.place_within(column).is_some();
        !self.mapped.is_empty() && self.mapped.iter().all(within)
    }

    /// The groups of fields of which none has a column.
    fn missing(&self, reading: &Reading) -> Vec<String> {
        let lacking = |group: &&&[usize]| group.iter().all(|f| reading.columns[*f].is_none());
        self.wanted.needed.iter().filter(lacking).map(|group| self.names_of(group)).collect()
    }

    /// Whether it tells whom or what a row is about.
    fn is_anchored(&self, reading: &Reading) -> bool {
        let anchors = self.wanted.anchors;
        anchors.is_empty() || anchors.iter().any(|field| reading.columns[*field].is_some())
    }

    /// Fields any of which will do.
    fn names_of(&self, group: &[usize]) -> String {
        group.iter().map(|field| self.wanted.table[*field].field).collect::<Vec<_>>().join("|")
    }

    /// What a row right below the header says of its columns: it speaks of nobody, and
    /// in the words of headings.
    fn going_on(&self, reading: &Reading) -> Option<Vec<(usize, String)>> {
        let row = self.rows.get(reading.last + 1).filter(|row| !is_data(row))?;
        let own: Vec<(usize, String)> =
            filled(row).filter(|(column, _)| !row.comes_from_above(*column)).collect();
        let person = self.wanted.anchors.iter().filter_map(|field| reading.columns[*field]);
        let somebody = own.iter().any(|(column, _)| person.clone().any(|p| p == *column));
        let labels: Vec<String> = own.iter().map(|(_, text)| text.clone()).collect();
        (!somebody && Heading::speaks(&labels, &self.vocabulary)).then_some(own)
    }

    fn header(&self, reading: Reading) -> (Header, usize) {
        let going_on = self.going_on(&reading);
        let Reading { mut last, mut depth, mut names, columns, .. } = reading;
        names.resize(names.len().max(self.width()), String::new());
        if let Some(labels) = going_on {
            (last, depth) = (last + 1, depth + 1);
            for (column, label) in labels {
                names[column] = format!("{} {label}", names[column]).trim().to_string();
            }
        }
        for column in columns.iter().flatten() {
            // By place, over a column without a name.
            if names[*column].is_empty() {
                names[*column] = (column + 1).to_string();
            }
        }
        let folded = |row: &SheetRow| -> Vec<String> {
            row.cells.iter().map(|c| fold(&clean::line(c).unwrap_or_default())).collect()
        };
        let rows = self.rows[last + 1 - depth..=last].iter().map(folded).collect();
        let table = self.wanted.table.to_vec();
        let line = self.rows[last].line;
        (
            Header { line, names, rows, table, columns, spread: Vec::new(), orders: Vec::new() },
            last + 1,
        )
    }

    /// A list without headings, whose columns the officer has told by their place. Rows
    /// above the first with a number where the NIP stands are titles.
    fn without_headings(&self) -> Result<(Header, usize), FileError> {
        let mut columns = vec![None; self.wanted.table.len()];
        let mut names = vec![String::new(); self.width()];
        for (field, column) in &self.mapped {
            let Some(place) = self.place_within(column) else { continue };
            columns[*field] = Some(place);
            names[place] = (place + 1).to_string();
        }
        let reading = Reading { last: 0, depth: 0, names, columns, found: 0 };
        if !self.missing(&reading).is_empty() {
            return Err(self.columns_missing(&reading));
        }
        let nip = self.wanted.table.iter().position(|known| known.field == NIP);
        let first = nip.and_then(|nip| reading.columns[nip]).and_then(|column| {
            let digits = |row: &SheetRow| {
                let text = clean::line(row.cell(column)).unwrap_or_default();
                text.chars().filter(char::is_ascii_digit).count() >= 6
            };
            self.rows.iter().position(digits)
        });
        let Reading { names, columns, .. } = reading;
        let table = self.wanted.table.to_vec();
        let header = Header {
            line: 0,
            names,
            rows: Vec::new(),
            table,
            columns,
            spread: Vec::new(),
            orders: Vec::new(),
        };
        Ok((header, first.unwrap_or_default()))
    }

    /// What is missing, and the columns that may be it: those that hold NIPs or speak of
    /// them, else all that are nobody's.
    fn columns_missing(&self, reading: &Reading) -> FileError {
        let free = |column: &usize| !reading.columns.contains(&Some(*column));
        let name = |column: usize| match reading.names.get(column) {
            Some(name) if !name.is_empty() => name.chars().take(60).collect(),
            _ => (column + 1).to_string(),
        };
        let speaks = |column: &usize| {
            let name = fold(reading.names.get(*column).map_or("", String::as_str));
            ["nip", "induk", "identitas"].iter().any(|word| name.contains(word))
        };
        let holds = |column: &usize| self.numbers(*column, reading.last).1 > 0;
        let mut fields = self.missing(reading);
        // What tells whom or what a row is about, unless it is said already.
        let of_row = |group: &&&[usize]| group.iter().any(|f| self.wanted.anchors.contains(f));
        if fields.is_empty()
            || !self.is_anchored(reading) && !self.wanted.needed.iter().any(|g| of_row(&g))
        {
            fields.insert(0, self.names_of(self.wanted.anchors));
        }
        let width = self.width();
        let asked = fields.iter().any(|group| group.split('|').any(|field| field == NIP));
        let mut candidates: Vec<String> = (0..width)
            .filter(free)
            .filter(|column| asked && (holds(column) || speaks(column)))
            .map(name)
            .collect();
        if candidates.is_empty() {
            let named = |c: &usize| reading.names.get(*c).is_some_and(|name| !name.is_empty());
            candidates = (0..width).filter(free).filter(named).map(name).collect();
        }
        candidates.truncate(CANDIDATES_MAX);
        FileError::ColumnsMissing { fields, candidates }
    }

    /// Where a mapped column is missing everywhere, that is what is wrong.
    fn no_header(&mut self) -> FileError {
        let mut nearest = (0, Vec::new());
        let mapped = std::mem::take(&mut self.mapped);
        for last in 0..self.rows.len() {
            if is_data(&self.rows[last]) {
                continue;
            }
            let Some(Reading { names, found, .. }) = self.read(last, 1) else { continue };
            let named = names.iter().filter(|name| !name.is_empty()).count();
            let likeness = found * names.len().max(1) + named;
            if likeness > nearest.0 {
                nearest = (likeness, names);
            }
        }
        let known: Vec<String> = nearest.1.into_iter().filter(|name| !name.is_empty()).collect();
        let named = |column: &str| known.iter().any(|name| fold(name) == fold(column));
        match mapped.iter().find(|(_, column)| !named(column)) {
            Some((_, column)) => FileError::MapColumn { column: (*column).to_string(), known },
            None => FileError::NoHeader,
        }
    }
}

/// The place an officer counts from 1, counted from 0.
fn place(column: &str) -> Option<usize> {
    column.trim().parse::<usize>().ok()?.checked_sub(1)
}
