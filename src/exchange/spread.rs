//! Ratings with a column a competency: who it is about and when stand once in a row, and each
//! figure below a competency is a rating of its own. Which columns are competencies only the
//! headings tell; a code the office does not know is refused in its column, not passed over.

use super::header::{Header, Known};
use super::other::is_competency;
use super::plain::Plain;
use super::reader::{Read, Reader};
use super::sheet::SheetRow;
use super::source::Lexicon;
use super::{clean, row as cells};
use crate::domain::fault::Fault;
use crate::domain::intake::{IntakeDef, RowData};
use crate::domain::value::Value;

/// What a row of the other shape says in columns of their own.
pub(super) const COMPETENCY: &str = "competency";
pub(super) const LEVEL: &str = "level";
/// The most columns that are taken for competencies.
const COLUMNS_MAX: usize = 200;
/// The longest word that is taken for a code.
const CODE_MAX: usize = 16;
/// What a column says of a competency that is nobody's rating.
const NO_RATINGS: &[&str] = &[
    "standar",
    "standard",
    "std",
    "syarat",
    "persyaratan",
    "target",
    "wajib",
    "gap",
    "kesenjangan",
    "selisih",
    "jpm",
    "required",
    "persentase",
    "%",
];

pub(super) struct Spread(Plain);

impl Spread {
    pub fn new(def: &IntakeDef, lexicon: &Lexicon) -> Self {
        Self(Plain::without(def, lexicon, &[COMPETENCY, LEVEL]))
    }
}

/// The competency a heading means, if it is one: `M.2`, `M.2 Kerja Sama`, `Kerja Sama (M.2)`,
/// `Kerja Sama`, and a code of the office's own, `TKK-01`.
pub(super) fn competency(heading: &str) -> Option<String> {
    let heading = clean::squeezed(heading);
    let words = heading.split([' ', ':', '(', ')', '/', '\n']).filter(|word| !word.is_empty());
    let is_code = |word: &&str| {
        let has = |what: fn(&char) -> bool| word.chars().any(|c| what(&c));
        word.len() <= CODE_MAX && has(char::is_ascii_digit) && has(|c| c.is_alphabetic())
    };
    let code = words.clone().find(is_code).map(|code| code.trim_end_matches('.').to_string());
    // What stands before all else or behind it says what the column has: `Standar M.1`,
    // `M.1 Integritas Standar`; within a name it is a part of that.
    let no_rating = |word: &str| NO_RATINGS.contains(&word.to_lowercase().as_str());
    let mut said = words.clone().filter(|word| !is_code(word));
    if words.clone().next().is_some_and(no_rating) || said.next_back().is_some_and(no_rating) {
        return None;
    }
    // Other headings with figures in them are no codes: `Nilai 2025`.
    let alone = words.count() == 1;
    match code {
        Some(code) if alone || is_competency(&heading) => Some(code),
        _ => is_competency(&heading).then_some(heading),
    }
}

impl Reader for Spread {
    fn table(&self) -> &[Known] {
        self.0.table()
    }

    fn anchors(&self) -> &[usize] {
        self.0.anchors()
    }

    fn needed(&self) -> Vec<&[usize]> {
        self.0.needed()
    }

    fn dates(&self) -> Vec<usize> {
        self.0.dates()
    }

    fn claim(&self, header: &mut Header) {
        let columns = 0..header.names.len();
        let meant = |at: &usize| !header.keeps(*at) && competency(&header.names[*at]).is_some();
        let columns = columns.filter(meant).take(COLUMNS_MAX).collect();
        header.spread_over(columns);
    }

    fn columns(&self, header: &Header) -> Vec<String> {
        let mut columns = self.0.columns(header);
        columns.extend([COMPETENCY, LEVEL].map(str::to_string));
        columns
    }

    fn width(&self, header: &Header) -> usize {
        header.spread().len()
    }

    fn read(&mut self, header: &Header, row: &SheetRow) -> Result<Read, Fault> {
        let Read::Row(RowData::Plain(common), remarks) = self.0.read(header, row)? else {
            return Ok(Read::Rows(Vec::new(), Vec::new()));
        };
        let told = header.spread().iter().filter(|at| clean::line(row.cell(**at)).is_some());
        let ratings = told.map(|at| {
            let heading = &header.names[*at];
            let level = cells::level_of(row.cell(*at), heading)?;
            let mut rating = common.clone();
            rating.set(COMPETENCY, Value::text(competency(heading).unwrap_or_default()));
            rating.set(LEVEL, Value::Whole(level.get().into()));
            Ok(RowData::Plain(rating))
        });
        Ok(Read::Rows(ratings.collect(), remarks))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{all, file, options, refused};
    use super::super::{FileError, open};
    use super::*;
    use crate::domain::intake::Intake;

    #[test]
    fn a_heading_means_a_competency_by_its_code_or_its_name() {
        for (heading, meant) in [
            ("M.2", Some("M.2")),
            ("M.2  Kerja Sama", Some("M.2")),
            ("Kerja Sama (M.2)", Some("M.2")),
            ("Kerja  Sama", Some("Kerja Sama")),
            ("TKK-01", Some("TKK-01")),
            ("M.1 Nilai", Some("M.1")),
            ("M.1 Standar", None),
            ("Gap M.1", None),
            ("M.1 Integritas Nilai", Some("M.1")),
            ("M.1 Integritas Standar", None),
            ("Integritas (Standar)", None),
            ("Integritas Standar M.1", None),
            ("T.1 Penyusunan Standar Biaya", Some("T.1")),
            ("Nilai 2025", None),
            ("Rata-rata", None),
            ("NO", None),
        ] {
            assert_eq!(competency(heading).as_deref(), meant, "{heading}");
        }
    }

    #[test]
    fn each_figure_below_a_competency_is_a_rating_of_its_own() {
        let text = "NIP;NAMA;TANGGAL;SUMBER;M.1;Kerja Sama;TKK-01\n\
                    199001012015012001;Ani;2026-01-02;asesor;3;2;\n\
                    199001012015012002;Budi;2026-01-02;asesor;6;-;4\n\
                    salah;Tri;2026-01-02;asesor;3;3;3\n";
        let (_folder, path) = file(text.as_bytes());
        let mut source = open(Intake::Ratings, &path, &options()).expect("a table of ratings");
        let chunk = all(&mut source).expect("rows");
        let told: Vec<String> = chunk
            .rows
            .iter()
            .map(|row| {
                let RowData::Plain(plain) = &row.data else { panic!("{row:?}") };
                let said = |name| format!("{:?}", plain.value(name).cloned().unwrap_or_default());
                format!("{} {} {}", row.line, said(COMPETENCY), said(LEVEL))
            })
            .collect();
        let text = |code: &str| format!("{:?}", Value::text(code));
        let level = |level: i64| format!("{:?}", Value::Whole(level));
        let expected = [(2, "M.1", 3), (2, "Kerja Sama", 2), (3, "TKK-01", 4)];
        let expected =
            expected.map(|(line, code, figure)| format!("{line} {} {}", text(code), level(figure)));
        assert_eq!(told, expected);
        assert_eq!(refused(&chunk), [(3, "level_range"), (4, "employee_unknown")]);
        assert_eq!(chunk.refused[0].fault.field, "M.1", "in the column it stands in");
        assert_eq!(chunk.values, 5, "as many ratings as the file has, good and bad");
    }

    #[test]
    fn ratings_of_no_day_are_asked_for_their_date() {
        let (_folder, path) = file(b"NIP;NAMA;SUMBER;M.1;M.2\n199001012015012001;Ani;asesor;3;2\n");
        let Err(FileError::ColumnsMissing { fields, .. }) =
            open(Intake::Ratings, &path, &options())
        else {
            panic!("taken")
        };
        assert_eq!(fields, ["date"]);
    }
}
