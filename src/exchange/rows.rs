//! Which rows of a sheet are rows of its list. Titles of sections, totals, the numbers of
//! the columns, zeros of empty references and the signature below are none; a person who
//! takes two rows, the NIP below the name, is one. What is in doubt stays a row, so that it
//! is refused where the officer sees it.

use super::error::FileError;
use super::furniture::{
    begins_signature, is_labelled, is_numbering, is_section, is_total, is_total_text, is_zero,
};
use super::header::{Header, NAME, NAME_AND_NIP, NIP, filled};
use super::sheet::{SheetCell, SheetRow};
use super::{clean, dates, person};

/// A row with more in it than this is no title, and no line of a signature.
const SPARSE: usize = 2;
/// So many digits are meant for a NIP, whatever else they are.
const LONG: usize = 9;

/// The rows of a list, one after the other.
#[derive(Default)]
pub(super) struct Rows {
    /// Read, and perhaps not whole yet.
    held: Option<SheetRow>,
    /// Below the place and date of a signature.
    signed: bool,
    /// The row before was only text.
    text: bool,
}

impl Rows {
    /// The next row, from the sheet's rows.
    pub fn next(
        &mut self,
        header: &Header,
        more: &mut dyn FnMut() -> Result<Option<SheetRow>, FileError>,
    ) -> Result<Option<SheetRow>, FileError> {
        loop {
            let Some(row) = more()? else { return Ok(self.held.take()) };
            if !header.lists_people() {
                if !self.is_none(header, &row) {
                    return Ok(Some(row));
                }
                continue;
            }
            match self.held.take() {
                Some(held) if continues(header, &held, &row) => {
                    self.held = Some(joined(header, held, &row));
                }
                held if self.is_none_below(header, &row, held.as_ref()) => self.held = held,
                held => {
                    self.held = Some(row);
                    if held.is_some() {
                        return Ok(held);
                    }
                }
            }
        }
    }

    fn is_none(&mut self, header: &Header, row: &SheetRow) -> bool {
        self.is_none_below(header, row, None)
    }

    fn is_none_below(&mut self, header: &Header, row: &SheetRow, held: Option<&SheetRow>) -> bool {
        let who = Who::of(header, row);
        // Most rows are somebody's, and are looked at no further.
        if who.as_ref().is_some_and(|who| who.is_whole() && who.digits >= LONG) {
            (self.signed, self.text) = (false, false);
            return false;
        }
        let own = |column: &usize| !header.is_running(*column);
        let texts: Vec<String> =
            filled(row).filter(|(column, _)| own(column)).map(|(_, text)| text).collect();
        let number = filled(row).find(|(column, _)| header.is_running(*column));
        // `I` or `A` counts sections, not people.
        let arabic = |text: &str| text.contains(|c: char| c.is_ascii_digit());
        let numbered = number.as_ref().is_some_and(|(_, text)| arabic(text));
        let lettered = number.is_some() && !numbered;
        if header.is_repeated(row) {
            self.signed = false;
            return true;
        }
        // What stands below the headings in parentheses explains them.
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
        let note = |text: &String| text.starts_with('(') && text.ends_with(')') && digits(text) < 6;
        if texts.iter().all(|text| is_zero(text)) || is_numbering(row) || texts.iter().all(note) {
            return true;
        }
        let Some(who) = who else { return false };
        // Its figure may stand where the NIP does.
        let named = || who.name.as_deref().is_some_and(is_total_text);
        let sum = who.digits < LONG && (is_total(row) || named());
        if who.is_whole() && !sum {
            (self.signed, self.text) = (false, false);
            return false;
        }
        let waiting =
            held.is_some_and(|held| Who::of(header, held).is_some_and(|w| w.wants_number()));
        let sparse = texts.len() <= SPARSE && (!numbered || who.is_nobody()) && !who.local;
        // A name speaks for itself, whatever post stands beside it.
        let says = |what: fn(&str) -> bool| match &who.name {
            _ if who.has_number() => false,
            Some(name) => what(name),
            None => texts.iter().any(|text| what(text)),
        };
        if sparse && !waiting && says(begins_signature) {
            self.signed = true;
            return true;
        }
        let dropped = who.people && who.is_nobody()
            || sum
            || sparse && lettered && !who.has_number()
            || sparse && !numbered && (self.signed || says(is_section))
            || sparse && self.text && who.name.is_none() && texts.iter().all(|t| is_labelled(t));
        self.text = dropped && !waiting;
        dropped
    }
}

/// Whom a row speaks of, as far as its cells tell.
struct Who {
    people: bool,
    /// Whether there is a column for names.
    named: bool,
    name: Option<String>,
    /// How many digits stand where the NIP does, if they may be meant for one.
    digits: usize,
    local: bool,
}

impl Who {
    /// None in a list that is not about people.
    fn of(header: &Header, row: &SheetRow) -> Option<Self> {
        let people = header.lists_people();
        let cell = |field: &str| header.place_of(field).map(|column| row.cell(column));
        let both = cell(NAME_AND_NIP).filter(|_| people).map(person::split);
        let (name, number) = both.map_or((None, SheetCell::Empty), |both| (both.name, both.number));
        let name = cell(NAME).filter(|_| people).and_then(person::name).or(name);
        let local = cell("local_number").is_some_and(|cell| clean::line(cell).is_some());
        let digits = digits_of_number(cell(NIP).unwrap_or(&number));
        let known = people || header.place_of(NIP).is_some();
        let named = people && (cell(NAME).is_some() || cell(NAME_AND_NIP).is_some());
        known.then_some(Self { people, named, name, digits, local })
    }

    const fn has_number(&self) -> bool {
        self.digits > 0
    }

    fn is_nobody(&self) -> bool {
        self.name.is_none() && !self.has_number() && !self.local
    }

    fn is_whole(&self) -> bool {
        (self.name.is_some() || !self.named) && self.has_number()
    }

    fn wants_number(&self) -> bool {
        self.name.is_some() && !self.has_number() && !self.local
    }
}

/// Of the title of a section that begins in the first column, and of a zero, none.
fn digits_of_number(cell: &SheetCell) -> usize {
    let text = clean::line(cell).unwrap_or_default();
    let count = text.chars().filter(char::is_ascii_digit).count();
    let other = || is_section(&text) || is_total_text(&text) || begins_signature(&text);
    if is_zero(&text) || count < LONG && other() { 0 } else { count }
}

/// Whether a row only goes on with the person of the row above: a cell that is merged over
/// both says so, or what the one lacks and the other has.
fn continues(header: &Header, held: &SheetRow, row: &SheetRow) -> bool {
    let column = |field: &str| header.place_of(field);
    let person = [column(NAME), column(NAME_AND_NIP), column(NIP)];
    if person.iter().flatten().any(|column| row.comes_from_above(*column)) {
        return true;
    }
    let Some(both) = column(NAME_AND_NIP) else { return false };
    let (one, other) = (person::split(held.cell(both)), person::split(row.cell(both)));
    let has = |cell: &SheetCell| *cell != SheetCell::Empty;
    let below =
        one.name.is_some() && !has(&one.number) && other.name.is_none() && has(&other.number);
    let above =
        one.name.is_none() && has(&one.number) && other.name.is_some() && !has(&other.number);
    if !(below || above) {
        return false;
    }
    let counted = |row: &SheetRow| filled(row).any(|(column, _)| header.is_running(column));
    // A name and a NIP with nothing beside them are a signature sooner than a person.
    let bare = filled(held).all(|(column, _)| column == both) && header.kept().len() > 1;
    let counts = (0..header.names.len()).any(|column| header.is_running(column));
    let new = |(column, text): (usize, String)| {
        column != both
            && !row.comes_from_above(column)
            && clean::line(held.cell(column)) != Some(text)
            && (header.is_running(column) || !(counts && counted(held)))
    };
    !bare && !filled(row).any(new)
}

/// Two rows as one, under the line of the first. What the second says besides, where a
/// column holds one thing, is left out, and known to be.
fn joined(header: &Header, mut held: SheetRow, row: &SheetRow) -> SheetRow {
    if held.cells.len() < row.cells.len() {
        held.cells.resize(row.cells.len(), SheetCell::Empty);
    }
    for (column, cell) in row.cells.iter().enumerate() {
        if row.comes_from_above(column) || clean::line(cell).is_none() {
            continue;
        }
        let above = &mut held.cells[column];
        match (&*above, cell) {
            _ if clean::line(above).is_none() => *above = cell.clone(),
            _ if clean::line(above) == clean::line(cell) => {}
            (SheetCell::Text(one), SheetCell::Text(_) | SheetCell::Date(_))
                if goes_below(header, column, cell) =>
            {
                *above = SheetCell::Text(format!("{one}\n{}", clean::as_written(cell)));
            }
            _ if header.keeps(column) && !held.left_out.contains(&column) => {
                held.left_out.push(column);
            }
            _ => {}
        }
    }
    held
}

/// Whether a field is read line by line, so that what stands below belongs to it: a name and
/// its NIP, a rank and its label, and the day either or a post began.
fn goes_below(header: &Header, column: usize, cell: &SheetCell) -> bool {
    match header.field_of(column) {
        Some(NAME | NAME_AND_NIP | NIP | "grade" | "rank") => true,
        Some("position") => is_day(cell),
        _ => false,
    }
}

fn is_day(cell: &SheetCell) -> bool {
    matches!(dates::date(cell), Ok(Some(_)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{read, refused};
    use crate::domain::intake::Intake;

    #[test]
    fn rows_that_only_furnish_the_sheet_are_no_rows() {
        let list = "NO;NIP;NAMA;JABATAN\n\
             1;2;3;4\n\
             (1);(2);(3);(4)\n\
             ;;;\n\
             51;; ;-\n\
             ;(18 digit);(dengan gelar);(terakhir)\n\
             I;;Umum dan Kepegawaian;\n\
             No;NIP;Nama;Jabatan\n\
             0;0;0;0\n\
             ;0;-;0,00\n\
             BIDANG PERENCANAAN;;;\n\
             ;SEKSI 1;;\n\
             ;;A. KELOMPOK PNS;\n\
             1;198502022010022901;Siti Contoh;Analis\n\
             ;;;(kosong)\n\
             JUMLAH;;1;\n\
             ;Total: 1 orang;;\n\
             ;;Jumlah Pegawai;1\n\
             ;25;JUMLAH;\n\
             ;1.204;Total pegawai;\n\
             ;;;Contoh, 2 Januari 2026\n\
             ;;Kepala Badan;\n\
             ;;Drs. Contoh;\n\
             ;;Pembina Tk. I;\n\
             ;;NIP. 198501072010011960;\n\
             ;NIP. 198501072010011960;;\n";
        let (_, chunk) = read(Intake::Employees, list.as_bytes());
        assert_eq!((chunk.lines_read, chunk.rows.len(), refused(&chunk).len()), (1, 1, 0));
    }

    #[test]
    fn a_name_without_a_nip_and_a_nip_without_a_name_stay_refused() {
        let list = "NO;NIP;NAMA;JABATAN\n\
             1;;Siti Contoh;\n\
             ;;Budi Contoh;Analis\n\
             3;198502022010022901;;Analis\n\
             ;198502022010022901;;\n\
             ;NIP. 198502022010022901;0;\n\
             6;K-17;Tri Contoh;Analis\n\
             7;0;Edi Contoh;Analis\n";
        let (_, chunk) = read(Intake::Employees, list.as_bytes());
        assert_eq!(
            refused(&chunk),
            [
                (2, "nip_missing"),
                (3, "nip_missing"),
                (4, "name_missing"),
                (5, "name_missing"),
                (6, "name_missing"),
                (7, "nip_not_digits"),
                (8, "nip_missing"),
            ]
        );
    }

    #[test]
    fn a_signature_is_one_wherever_it_stands_and_the_next_page_goes_on_below() {
        for day in [
            "Contoh, 2 Januari 2026",
            "Contoh,      Januari 2026",
            "Mengetahui,",
            "a.n. Bupati Contoh",
        ] {
            let list = format!(
                "NIP;NAMA;GOL\n\
                 198502022010022901;Siti Contoh;III/a\n\
                 ;\"{day}\";\n;Sekretaris;\n;Drs. Contoh;\n;NIP. 198501072010011960;\n\
                 NIP;NAMA;GOL\n\
                 198503032010031902;Budi Contoh;III/b\n\
                 ;Tanpa Nomor;III/c\n"
            );
            let (_, chunk) = read(Intake::Employees, list.as_bytes());
            assert_eq!((chunk.lines_read, chunk.rows.len()), (3, 2), "{day}");
            assert_eq!(refused(&chunk), [(9, "nip_missing")], "{day}");
        }
    }

    #[test]
    fn a_person_over_two_or_three_rows_is_one_under_the_line_of_the_first() {
        for list in [
            "NO;NAMA / NIP;GOL;JABATAN\n\
             1;Rahmat Contoh, S.Sos.;IV/b;Camat\n;NIP. 198502022010022901;;\n\
             2;Siti Contoh;III/d;Analis\n;198503032010031902;;\n",
            "NO;NAMA;PANGKAT;JABATAN\n;NIP;GOL;\n\
             1;Rahmat Contoh, S.Sos.;Pembina Tk. I;Camat\n;NIP. 198502022010022901;IV/b;\n\
             2;Siti Contoh;Penata Tk. I;Analis\n;198503032010031902;III/d;\n",
            "NAMA / NIP;GOL;JABATAN\n\
             Rahmat Contoh, S.Sos.;IV/b;Camat\n\"Contoh, 02-02-1985\";;\nNIP. 198502022010022901;;\n\
             Siti Contoh;III/d;Analis\n\"Contoh, 03-03-1985\";;\nNIP. 198503032010031902;;\n",
            "NIP / NAMA;GOL;JABATAN\n\
             198502022010022901;IV/b;Camat\n\"Rahmat Contoh, S.Sos.\";;\n\
             198503032010031902;III/d;Analis\nSiti Contoh;;\n",
        ] {
            let (_, chunk) = read(Intake::Employees, list.as_bytes());
            assert_eq!(refused(&chunk), [], "{list}");
            assert_eq!(chunk.lines_read, 2, "{list}");
            let found: Vec<(String, String, String)> = chunk
                .rows
                .iter()
                .map(|row| match &row.data {
                    crate::domain::intake::RowData::Employee(person) => (
                        person.employee.name.clone(),
                        person.employee.number.to_string(),
                        person.employee.grade.map(|grade| grade.to_string()).unwrap_or_default(),
                    ),
                    other => panic!("{other:?}"),
                })
                .collect();
            let want = |name: &str, nip: &str, grade: &str| {
                (name.to_string(), nip.to_string(), grade.to_string())
            };
            assert_eq!(
                found,
                [
                    want("Rahmat Contoh, S.Sos.", "198502022010022901", "IV/b"),
                    want("Siti Contoh", "198503032010031902", "III/d"),
                ],
                "{list}"
            );
        }
    }

    #[test]
    fn what_the_second_row_of_a_person_says_besides_is_never_glued_to_the_first() {
        let list = "NO;NAMA / NIP;GOL / TMT;JABATAN / TMT;PENDIDIKAN\n\
             1;Rahmat Contoh, S.Sos.;IV/b;Camat;S1\n\
             ;NIP. 198502022010022901;01-04-2020;02-01-2021;SLTA\n\
             2;Siti Contoh;III/d;Analis;S1\n;198503032010031902;;;S1\n";
        let (source, chunk) = read(Intake::Employees, list.as_bytes());
        assert_eq!(refused(&chunk), []);
        let said: Vec<_> = chunk
            .warnings
            .iter()
            .map(|row| (row.line, row.fault.field.as_str(), row.fault.reason.code()))
            .collect();
        assert_eq!(said, [(2, "PENDIDIKAN", "second_value")]);
        let columns = source.columns();
        for field in ["grade_since", "position_since"] {
            assert!(columns.iter().any(|column| column == field), "{columns:?}");
        }
        let crate::domain::intake::RowData::Employee(person) = &chunk.rows[0].data else {
            panic!("a person")
        };
        let days = [person.employee.grade_since, person.employee.position_since];
        assert_eq!(days.map(|day| day.unwrap().to_string()), ["2020-04-01", "2021-01-02"]);
        assert_eq!(person.employee.grade.map(|g| g.to_string()).as_deref(), Some("IV/b"));
        assert_eq!(person.position.as_ref().map(|p| p.title.as_str()), Some("Camat"));
        assert_eq!(person.employee.education, "S1");

        // A day needs no heading that speaks of it; another post is said to be left out.
        let list = "NO;NAMA / NIP;GOL;JABATAN\n\
             1;Rahmat Contoh, S.Sos.;IV/b;Camat\n;NIP. 198502022010022901;01-04-2020;Lurah\n";
        let (_, chunk) = read(Intake::Employees, list.as_bytes());
        let said: Vec<_> = chunk.warnings.iter().map(|row| row.fault.field.as_str()).collect();
        assert_eq!(said, ["JABATAN"]);
        let crate::domain::intake::RowData::Employee(person) = &chunk.rows[0].data else {
            panic!("a person")
        };
        assert_eq!(person.employee.grade_since, "2020-04-01".parse().ok());
    }

    #[test]
    fn a_file_of_ratings_has_totals_and_signatures_too() {
        let list = "nip;kode_kompetensi;level;sumber;tanggal\n\
             198502022010022901;M.1;3;asesor;2026-01-02\n\
             x;M.1;3;asesor;2026-01-02\n\
             JUMLAH;;1;;\n\
             0;0;0;0;0\n\
             ;;;\"Contoh, 2 Januari 2026\";\n\
             ;;;NIP. 198501072010011960;\n";
        let (_, chunk) = read(Intake::Ratings, list.as_bytes());
        assert_eq!((chunk.lines_read, chunk.rows.len()), (2, 1));
        assert_eq!(refused(&chunk), [(3, "employee_unknown")]);
    }
}
