//! Which sheets of a file an import reads, and how. The first rows of every sheet are looked
//! at in every way they can be cut into cells: what fits the import's own headings best is how
//! the file is meant. What is another import's sooner than this one's is told as such (see `other`).

use super::clean;
use super::error::FileError;
use super::header::{self, Header, SEARCH_ROWS, Wanted};
use super::other::{is_spread_out, other};
use super::reader::{Reader, reader};
use super::sheet::{Book, SheetRow};
use super::source::ReadOptions;
use super::spread::{COMPETENCY, LEVEL};
use super::strange::strange;
use crate::domain::intake::IntakeDef;
use crate::domain::record::Kind;

/// How many sheets are looked at; of more, the rest is named as not read.
const SHEETS_MAX: usize = 100;
/// How much text of one sheet is looked at for its headings.
const LOOKED_AT_MAX: usize = 4_000_000;
/// Columns that are looked at for headings; the widest known list has 69.
const COLUMNS_MAX: usize = 512;

/// What a reading makes of the first rows.
type Cut = Result<Vec<SheetRow>, FileError>;

/// The first rows of a sheet, in each way to read it that differs from the others.
pub(super) struct Beginning {
    sheet: usize,
    total: u64,
    readings: Vec<(usize, Cut)>,
}

/// A sheet that is read.
pub(super) struct Part {
    pub sheet: usize,
    pub reading: usize,
    pub header: Header,
    /// The last line of the head.
    pub head_ends: u32,
    /// How much there is to read, as far as is known.
    pub total: u64,
}

/// What an import makes of the sheets.
pub(super) struct Fit {
    pub parts: Vec<Part>,
    /// Sheets that hold something, and not what this import needs.
    pub not_read: Vec<usize>,
    /// Whether its columns are known by their places.
    pub is_placed: bool,
    /// What says most about why, where no sheet will do.
    error: FileError,
}

/// Looks at the sheets that may be read: the one named, or every visible one.
pub(super) fn look(
    book: &mut dyn Book,
    named: Option<&str>,
) -> Result<(Vec<Beginning>, Vec<usize>), FileError> {
    let (looked_at, left) = chosen(book, named)?;
    let mut beginnings = Vec::new();
    for sheet in looked_at {
        let mut beginning = Beginning { sheet, total: 0, readings: Vec::new() };
        for reading in 0..book.readings() {
            let mut open = book.open(sheet, reading)?;
            beginning.total = open.progress().1;
            let rows = first_rows(&mut *open);
            if beginning.readings.iter().all(|(_, known)| *known != rows) {
                beginning.readings.push((reading, rows));
            }
        }
        beginnings.push(beginning);
    }
    Ok((beginnings, left))
}

/// The sheets to look at, and those that are left out.
fn chosen(book: &dyn Book, named: Option<&str>) -> Result<(Vec<usize>, Vec<usize>), FileError> {
    let sheets = book.sheets();
    let all = 0..sheets.len();
    let Some(named) = named else {
        let visible = |at: &usize| !sheets[*at].hidden;
        let (mut looked_at, mut left): (Vec<usize>, Vec<usize>) = all.partition(visible);
        // Where none can be seen, all of them are as good.
        if looked_at.is_empty() {
            std::mem::swap(&mut looked_at, &mut left);
        }
        left.extend(looked_at.drain(looked_at.len().min(SHEETS_MAX)..));
        left.sort_unstable();
        return Ok((looked_at, left));
    };
    if sheets.iter().all(|sheet| sheet.name.is_empty()) {
        return Err(FileError::NoSheets);
    }
    let alike = |name: &str| name.trim().to_lowercase() == named.trim().to_lowercase();
    let found = all.clone().find(|at| sheets[*at].name == named);
    let found = found.or_else(|| all.clone().find(|at| alike(&sheets[*at].name)));
    let found = found.ok_or_else(|| {
        let visible = sheets.iter().filter(|sheet| !sheet.hidden);
        FileError::NoSuchSheet { names: visible.map(|sheet| sheet.name.clone()).collect() }
    })?;
    Ok((vec![found], all.filter(|at| *at != found).collect()))
}

fn first_rows(sheet: &mut dyn Iterator<Item = Result<SheetRow, FileError>>) -> Cut {
    let (mut rows, mut size) = (Vec::new(), 0);
    while rows.len() < SEARCH_ROWS
        && size < LOOKED_AT_MAX
        && let Some(row) = sheet.next()
    {
        let mut row = row?;
        row.cells.truncate(COLUMNS_MAX);
        size += row.cells.iter().map(|cell| clean::as_written(cell).len()).sum::<usize>();
        rows.push(row);
    }
    Ok(rows)
}

/// What an import makes of them.
pub(super) fn fit(
    beginnings: &[Beginning],
    reader: &dyn Reader,
    map: &[(String, String)],
) -> Result<Fit, FileError> {
    fit_to(beginnings, reader, map, (reader.anchors(), &reader.needed()))
}

pub(super) fn fit_to(
    beginnings: &[Beginning],
    reader: &dyn Reader,
    map: &[(String, String)],
    (anchors, needed): (&[usize], &[&[usize]]),
) -> Result<Fit, FileError> {
    let wanted = Wanted { table: reader.table(), anchors, needed };
    let mut fit =
        Fit { parts: Vec::new(), not_read: Vec::new(), is_placed: false, error: FileError::Empty };
    for beginning in beginnings {
        if let Some(part) = placed(beginning, reader).filter(|_| map.is_empty()) {
            fit.parts.push(part);
            fit.is_placed = true;
            continue;
        }
        let best = best(beginning, &wanted, map).and_then(|part| {
            let rows: Vec<&SheetRow> = part.rows(beginnings).collect();
            // Who says which column is which knows what stands in it.
            match reader.doubts(&part.header, &rows).filter(|_| map.is_empty()) {
                Some(field) => Err(doubted(&part.header, reader, field)),
                None => Ok(part),
            }
        });
        match best {
            Ok(mut part) => {
                reader.claim(&mut part.header);
                fit.parts.push(part);
            }
            Err(FileError::Empty) => {}
            Err(error) if telling(&error) >= DAMAGED => return Err(error),
            Err(error) => {
                fit.not_read.push(beginning.sheet);
                if telling(&error) > telling(&fit.error) {
                    fit.error = error;
                }
            }
        }
    }
    Ok(fit)
}

/// The reading of a file whose columns the import knows by their places.
fn placed(beginning: &Beginning, reader: &dyn Reader) -> Option<Part> {
    let (sheet, total) = (beginning.sheet, beginning.total);
    beginning.readings.iter().find_map(|(reading, rows)| {
        let header = reader.placed(rows.as_ref().ok()?)?;
        let head_ends = header.line;
        Some(Part { sheet, reading: *reading, header, head_ends, total })
    })
}

/// A field is missing whose column may hold something else: the officer has to say.
fn doubted(header: &Header, reader: &dyn Reader, field: usize) -> FileError {
    let fields = vec![reader.table()[field].field.to_string()];
    FileError::ColumnsMissing { fields, candidates: vec![header.name(field).to_string()] }
}

/// The reading whose headings are the most fields; the likeliest of those that are equal.
fn best(
    beginning: &Beginning,
    wanted: &Wanted,
    map: &[(String, String)],
) -> Result<Part, FileError> {
    let mut found = Err(FileError::NoHeader);
    let mut most = 0;
    for (reading, rows) in &beginning.readings {
        let head = match rows {
            Ok(rows) => head(rows, wanted, map),
            Err(error) => Err(error.clone()),
        };
        match (head, &found) {
            (Ok((header, head_ends)), _) if header.fields().len() > most => {
                most = header.fields().len();
                let (sheet, reading, total) = (beginning.sheet, *reading, beginning.total);
                found = Ok(Part { sheet, reading, header, head_ends, total });
            }
            // Nothing but delimiters, whatever else it may look like.
            (Err(FileError::Empty), _) => return Err(FileError::Empty),
            (Err(error), Err(known)) if telling(&error) > telling(known) => found = Err(error),
            _ => {}
        }
    }
    found
}

fn head(
    rows: &[SheetRow],
    wanted: &Wanted,
    map: &[(String, String)],
) -> Result<(Header, u32), FileError> {
    if rows.iter().all(|row| row.cells.iter().all(|cell| clean::line(cell).is_none())) {
        return Err(FileError::Empty);
    }
    let (header, above) = header::find(rows, wanted, map)?;
    let head_ends = above.checked_sub(1).and_then(|last| rows.get(last)).map_or(0, |row| row.line);
    Ok((header, head_ends))
}

/// From here on an error is not about headings: another sheet is no way out.
const DAMAGED: u8 = 4;

/// How much an error says when nothing will do.
const fn telling(error: &FileError) -> u8 {
    match error {
        FileError::Empty => 0,
        FileError::NoHeader => 1,
        FileError::MapColumn { .. } => 2,
        FileError::ColumnsMissing { .. } => 3,
        _ => DAMAGED,
    }
}

impl Fit {
    /// The parts; or why there are none, unless the headings are another import's.
    pub fn or_other(
        self,
        beginnings: &[Beginning],
        def: &IntakeDef,
        options: &ReadOptions,
    ) -> Result<Self, FileError> {
        // Who says which column is which knows what the file is; so does who knows the places.
        let mut own = reader(def, &options.lexicon);
        if beginnings.iter().any(|beginning| placed(beginning, &*own).is_some()) {
            return Ok(self);
        }
        if options.map.is_empty()
            && let Some(kind) = other(beginnings, def, options, !self.parts.is_empty())
        {
            return Err(FileError::OtherKind { kind });
        }
        if !self.parts.is_empty() {
            if options.map.is_empty() {
                let columns = strange(&self, beginnings, def, &mut *own);
                if !columns.is_empty() {
                    return Err(FileError::NotOfKind { columns });
                }
            }
            return Ok(self);
        }
        Err(if may_be_spread(def, options) && is_spread_out(beginnings, options) {
            FileError::SpreadOut
        } else {
            self.error
        })
    }

    /// The same where it can be nothing else.
    pub fn or_error(self) -> Result<Self, FileError> {
        if self.parts.is_empty() { Err(self.error) } else { Ok(self) }
    }

    /// The sheet with the most fields.
    pub fn fullest(&self) -> Option<&Part> {
        self.parts.iter().max_by_key(|part| part.header.fields().len())
    }
}

/// Whether an import may be of a table with a column a competency: unless the officer says in
/// which column the competency stands.
fn may_be_spread(def: &IntakeDef, options: &ReadOptions) -> bool {
    let said = |field: &str| options.map.iter().any(|(mapped, _)| mapped == field);
    def.kind == Kind::Ratings && !said(COMPETENCY) && !said(LEVEL)
}

impl Beginning {
    /// Its first rows, in each way to read them.
    pub fn cuts(&self) -> impl Iterator<Item = &[SheetRow]> {
        self.readings.iter().filter_map(|(_, cut)| cut.as_deref().ok())
    }
}

impl Part {
    /// The first rows of its list.
    pub fn rows<'a>(&self, beginnings: &'a [Beginning]) -> impl Iterator<Item = &'a SheetRow> {
        let (sheet, reading, ends) = (self.sheet, self.reading, self.head_ends);
        let beginning = beginnings.iter().find(|beginning| beginning.sheet == sheet);
        let cuts = beginning.into_iter().flat_map(|beginning| &beginning.readings);
        let rows =
            cuts.filter(move |(at, _)| *at == reading).filter_map(|(_, cut)| cut.as_ref().ok());
        rows.flatten().filter(move |row| row.line > ends)
    }
}
