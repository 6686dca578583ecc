//! The header: which row of a sheet names the columns, and which column is which
//! field. Columns are found by name, never by place. A column that is no field is
//! ignored, and what stands in it is dropped as soon as its row has been read.

use super::clean;
use super::error::FileError;
use super::sheet::{Cell, SheetRow};

/// How many rows may stand above and in the header.
pub(super) const SEARCH_ROWS: usize = 30;

/// A field of an import, and the headers known for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    /// The name `--map` uses.
    pub field: &'static str,
    /// Whether that name is a header, too, the most telling of all.
    pub by_name: bool,
    /// The most telling first; with `*` at its end, any header that begins so.
    pub aliases: &'static [&'static str],
}

impl Known {
    /// The place of the first of these folded names that is this field's.
    fn place(&self, folded: &[String], taken: &[bool]) -> Option<usize> {
        let own = self.by_name.then_some(&self.field).into_iter();
        own.chain(self.aliases).find_map(|alias| {
            let (alias, begins) = (fold(alias), alias.ends_with('*'));
            folded.iter().zip(taken).position(|(name, taken)| {
                !taken && (*name == alias || begins && name.starts_with(&alias))
            })
        })
    }
}

/// The fields of one import as an enum, in the order of their table.
macro_rules! fields {
    ($vis:vis enum $name:ident { $($variant:ident $field:literal [$($alias:literal),* $(,)?]),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name { $($variant),+ }

        impl $name {
            $vis const TABLE: &'static [$crate::exchange::header::Known] = &[
                $($crate::exchange::header::Known {
                    field: $field,
                    by_name: false,
                    aliases: &[$($alias),*],
                }),+
            ];
        }

        impl From<$name> for usize {
            fn from(field: $name) -> usize {
                field as usize
            }
        }
    };
}
pub(super) use fields;

/// What an import asks of a header.
pub(super) struct Wanted<'a> {
    pub table: &'a [Known],
    /// A row without any of these is no header.
    pub anchors: &'a [usize],
    /// One of each group must have a column.
    pub needed: &'a [&'a [usize]],
}

/// A header understood.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub line: u32,
    /// As the file writes them, one a column; empty where a column has no name.
    pub names: Vec<String>,
    table: Vec<Known>,
    /// The column of each field of the table.
    columns: Vec<Option<usize>>,
}

/// A name without what offices write differently: case, blanks, `_ . / '` and the like.
pub(super) fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Finds the header among the first rows: the row that names the most fields.
/// The second figure is its place among them.
pub(super) fn find(
    rows: &[SheetRow],
    wanted: &Wanted,
    map: &[(String, String)],
) -> Result<(Header, usize), FileError> {
    let mapped = mapped_fields(wanted.table, map)?;
    let mut best: Option<(usize, Header, usize)> = None;
    let mut nearest: Option<(usize, Vec<String>)> = None;
    for (place, row) in rows.iter().take(SEARCH_ROWS).enumerate() {
        let above = place.checked_sub(1).map(|above| &rows[above]);
        let names = names(row, above);
        let likeness = likeness(&names, wanted.table);
        if likeness > nearest.as_ref().map_or(0, |(most, _)| *most) {
            nearest = Some((likeness, names.clone()));
        }
        let Some(columns) = columns(&names, wanted.table, &mapped) else { continue };
        let score = columns.iter().flatten().count();
        let anchored = wanted.anchors.iter().any(|field| columns[*field].is_some());
        if anchored && best.as_ref().is_none_or(|(most, ..)| score > *most) {
            let header = Header { line: row.line, names, table: wanted.table.to_vec(), columns };
            best = Some((score, header, place));
        }
    }
    let Some((_, header, place)) = best else {
        return Err(no_header(&mapped, nearest.map(|(_, names)| names).unwrap_or_default()));
    };
    let missing: Vec<String> = wanted
        .needed
        .iter()
        .filter(|group| group.iter().all(|field| header.columns[*field].is_none()))
        .map(|group| group.iter().map(|f| wanted.table[*f].field).collect::<Vec<_>>().join("|"))
        .collect();
    if missing.is_empty() {
        Ok((header, place))
    } else {
        Err(FileError::ColumnsMissing { fields: missing, candidates: header.ignored() })
    }
}

/// Field and folded column of each `--map`.
fn mapped_fields<'a>(
    table: &[Known],
    map: &'a [(String, String)],
) -> Result<Vec<(usize, &'a str)>, FileError> {
    map.iter()
        .map(|(field, column)| {
            let wanted = field.trim();
            table
                .iter()
                .position(|known| known.field == wanted)
                .map(|field| (field, column.as_str()))
                .ok_or_else(|| FileError::MapField {
                    field: field.clone(),
                    known: table.iter().map(|known| known.field.to_string()).collect(),
                })
        })
        .collect()
}

/// How much a row looks like a header. A row with long numbers is somebody's data,
/// which no message may show.
fn likeness(names: &[String], table: &[Known]) -> usize {
    let digits = |name: &String| name.chars().filter(char::is_ascii_digit).count();
    if names.iter().any(|name| digits(name) >= 6) {
        return 0;
    }
    let known = columns(names, table, &[]).map_or(0, |found| found.iter().flatten().count());
    known * names.len().max(1) + names.iter().filter(|name| !name.is_empty()).count()
}

/// Where a mapped column is missing everywhere, that is what is wrong.
fn no_header(mapped: &[(usize, &str)], names: Vec<String>) -> FileError {
    let known: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
    let missing =
        mapped.iter().find(|(_, column)| !known.iter().any(|name| fold(name) == fold(column)));
    match missing {
        Some((_, column)) => FileError::MapColumn { column: (*column).to_string(), known },
        None => FileError::NoHeader,
    }
}

/// The names in a row. Where a cell is empty the one above counts: headers of two rows
/// merge it downwards.
fn names(row: &SheetRow, above: Option<&SheetRow>) -> Vec<String> {
    let width = row.cells.len().max(above.map_or(0, |above| above.cells.len()));
    (0..width)
        .map(|column| {
            clean::line(row.cell(column))
                .or_else(|| above.and_then(|above| clean::line(above.cell(column))))
                .unwrap_or_default()
        })
        .collect()
}

/// The column of each field, or none when a mapped column is not in this row.
/// A column is one field's; of two columns with the same name the first counts.
fn columns(
    names: &[String],
    table: &[Known],
    mapped: &[(usize, &str)],
) -> Option<Vec<Option<usize>>> {
    let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
    let mut columns = vec![None; table.len()];
    let mut taken = vec![false; names.len()];
    for (field, column) in mapped {
        let exact = names.iter().position(|name| name.trim() == column.trim());
        let found = exact.or_else(|| folded.iter().position(|name| *name == fold(column)))?;
        columns[*field] = Some(found);
        taken[found] = true;
    }
    for (field, known) in table.iter().enumerate() {
        if columns[field].is_some() {
            continue;
        }
        let found = known.place(&folded, &taken);
        if let Some(found) = found {
            columns[field] = Some(found);
            taken[found] = true;
        }
    }
    Some(columns)
}

impl Header {
    /// The cell of this field in a row.
    pub fn cell<'a>(&self, row: &'a SheetRow, field: impl Into<usize>) -> &'a Cell {
        self.column(field).map_or(&Cell::Empty, |column| row.cell(column))
    }

    /// Where this field stands, counted from 0.
    pub fn column(&self, field: impl Into<usize>) -> Option<usize> {
        self.columns.get(field.into()).copied().flatten()
    }

    pub fn has(&self, field: impl Into<usize>) -> bool {
        self.column(field).is_some()
    }

    pub fn has_any<F: Into<usize> + Copy>(&self, fields: &[F]) -> bool {
        fields.iter().any(|field| self.has(*field))
    }

    /// The header of this field as the file writes it; the field's name without a column.
    pub fn name(&self, field: impl Into<usize>) -> &str {
        let field = field.into();
        self.column(field).map_or(self.table[field].field, |column| &self.names[column])
    }

    /// The column of the field of that name.
    pub fn place_of(&self, field: &str) -> Option<usize> {
        self.column(self.table.iter().position(|known| known.field == field)?)
    }

    /// The heading of the field of that name, if it has a column.
    pub fn named(&self, field: &str) -> Option<&str> {
        self.place_of(field).map(|column| self.names[column].as_str())
    }

    /// Gives a field the column with exactly this name, if it has none and the column is free.
    pub fn claim(&mut self, field: impl Into<usize>, name: &str) {
        let field = field.into();
        let found = self.names.iter().position(|other| other == name);
        if self.columns[field].is_none() && found.is_some_and(|column| !self.keeps(column)) {
            self.columns[field] = found;
        }
    }

    /// The field a column is.
    pub fn field_of(&self, column: usize) -> Option<&'static str> {
        let place = self.columns.iter().position(|found| *found == Some(column))?;
        self.table.get(place).map(|known| known.field)
    }

    /// Whether a column is a field's.
    pub fn keeps(&self, column: usize) -> bool {
        self.columns.contains(&Some(column))
    }

    /// The kept columns in the order of the file.
    pub fn kept(&self) -> Vec<usize> {
        (0..self.names.len()).filter(|column| self.keeps(*column)).collect()
    }

    /// The names of the columns that are nobody's.
    pub fn ignored(&self) -> Vec<String> {
        let named = self.names.iter().enumerate();
        named
            .filter(|(column, name)| !name.is_empty() && !self.keeps(*column))
            .map(|(_, name)| name.clone())
            .collect()
    }

    /// Names of the fields that have a column.
    pub fn fields(&self) -> Vec<String> {
        let fields = self.table.iter().zip(&self.columns);
        fields.filter(|(_, c)| c.is_some()).map(|(known, _)| known.field.to_string()).collect()
    }

    /// A row that is no data: empty but for a running number, the numbers of the columns
    /// (`1 2 3 …`), or the header again at the top of a page.
    pub fn is_furniture(&self, row: &SheetRow) -> bool {
        let filled = || {
            row.cells
                .iter()
                .enumerate()
                .filter_map(|(column, cell)| Some((column, clean::line(cell)?)))
        };
        let running = |column: usize| {
            self.names.get(column).is_some_and(|name| {
                !self.keeps(column)
                    && matches!(fold(name).as_str(), "no" | "nomor" | "nourut" | "nomorurut")
            })
        };
        if filled().all(|(column, _)| running(column)) {
            return true;
        }
        let ordinal = |text: &str| text.trim_matches(['(', ')', ' ']).parse::<u32>().ok();
        let numbers: Option<Vec<u32>> = filled().map(|(_, text)| ordinal(&text)).collect();
        if numbers.is_some_and(|numbers| {
            numbers.len() >= 3 && numbers[0] <= 2 && numbers.windows(2).all(|w| w[0] + 1 == w[1])
        }) {
            return true;
        }
        let mut again = filled().filter(|(column, _)| self.keeps(*column)).peekable();
        again.peek().is_some()
            && again.all(|(column, text)| fold(&text) == fold(&self.names[column]))
    }

    /// Drops what stands in columns that are nobody's.
    pub fn forget_ignored(&self, row: &mut SheetRow) {
        for (column, cell) in row.cells.iter_mut().enumerate() {
            if !self.keeps(column) {
                *cell = Cell::Empty;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fields! {
        enum Col {
            Number "nip" ["nipbaru", "nip"],
            Name "name" ["nama"],
            Local "local_number" ["localnumber"],
        }
    }

    const WANTED: Wanted =
        Wanted { table: Col::TABLE, anchors: &[0, 1], needed: &[&[Col::Number as usize, 2]] };

    fn row(line: u32, cells: &[&str]) -> SheetRow {
        let cell = |text: &&str| {
            if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_string()) }
        };
        SheetRow::new(line, cells.iter().map(cell).collect())
    }

    fn map(field: &str, column: &str) -> Vec<(String, String)> {
        vec![(field.to_string(), column.to_string())]
    }

    #[test]
    fn the_header_is_found_below_titles_and_however_it_is_written() {
        let rows = [
            row(1, &["DAFTAR NAMA PEGAWAI"]),
            row(3, &["No.", "N A M A", "N.I.P. ", "'Nip_Baru", "NIK"]),
            row(4, &["1", "Budi", "x", "y", "z"]),
        ];
        let (header, place) = find(&rows, &WANTED, &[]).unwrap();
        assert_eq!((header.line, place), (3, 1));
        assert_eq!(header.name(Col::Number), "Nip_Baru");
        assert_eq!(header.ignored(), ["No.", "N.I.P.", "NIK"]);
        assert_eq!(header.cell(&rows[2], Col::Name), &Cell::Text("Budi".into()));
    }

    #[test]
    fn a_header_of_two_rows_is_read_as_one() {
        let rows =
            [row(1, &["NAMA", "NOMOR"]), row(2, &["", "NIP", "KARPEG"]), row(3, &["a", "b"])];
        let (header, place) = find(&rows, &WANTED, &[]).unwrap();
        assert_eq!((header.line, place), (2, 1));
        assert!(header.has(Col::Name) && header.has(Col::Number));
    }

    #[test]
    fn of_two_columns_with_one_name_the_first_counts() {
        let rows = [row(1, &["NIP", "NAMA", "NAMA"])];
        let (header, _) = find(&rows, &WANTED, &[]).unwrap();
        assert_eq!(header.kept(), [0, 1]);
        assert_eq!(header.ignored(), ["NAMA"]);
    }

    #[test]
    fn the_officer_can_say_which_column_is_which() {
        let rows = [row(1, &["Kode", "NIP", "NAMA"])];
        let (header, _) = find(&rows, &WANTED, &map("local_number", "KODE")).unwrap();
        assert_eq!(header.name(Col::Local), "Kode");
        let (header, _) = find(&rows, &WANTED, &map("local_number", "nip")).unwrap();
        assert!(!header.has(Col::Number), "a column is one field's");
        assert!(matches!(
            find(&rows, &WANTED, &map("nama", "NIP")),
            Err(FileError::MapField { known, .. }) if known == ["nip", "name", "local_number"]
        ));
        assert!(matches!(
            find(&rows, &WANTED, &map("name", "Pegawai")),
            Err(FileError::MapColumn { known, .. }) if known == ["Kode", "NIP", "NAMA"]
        ));
    }

    #[test]
    fn a_sheet_without_a_header_or_without_a_needed_column_is_refused() {
        assert_eq!(find(&[row(1, &["a", "b"])], &WANTED, &[]).err(), Some(FileError::NoHeader));
        assert_eq!(
            find(&[row(1, &["NAMA", "b"])], &WANTED, &[]).err(),
            Some(FileError::ColumnsMissing {
                fields: vec!["nip|local_number".into()],
                candidates: vec!["b".into()],
            })
        );
    }

    #[test]
    fn rows_that_only_furnish_the_sheet_are_not_data() {
        let rows = [row(1, &["NO", "NIP", "NAMA", "KET"])];
        let (header, _) = find(&rows, &WANTED, &[]).unwrap();
        for furniture in [
            &["", "", ""][..],
            &["51", "", " ", "-"],
            &["1", "2", "3", "4"],
            &["(1)", "(2)", "(3)"],
            &["No", "NIP", "Nama"],
        ] {
            assert!(header.is_furniture(&row(2, furniture)), "{furniture:?}");
        }
        for data in [&["1", "2"][..], &["", "", "", "x"], &["1", "19", "Budi"]] {
            assert!(!header.is_furniture(&row(2, data)), "{data:?}");
        }
    }
}
