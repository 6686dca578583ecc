//! Lists out: rows of values into a file of one of three formats, row by row. Knows what
//! a value looks like in a file; not what it looks like on a screen, and not whose it is.

use std::borrow::Cow;
use std::str::FromStr;

use chrono::{DateTime, SecondsFormat, Utc};

use super::csv_out::CsvOut;
use super::frame::{Frame, ReportFormat};
use super::json_out::JsonOut;
use super::target::{Destination, Target, WriteError};
use super::text_out::TextOut;
use super::xlsx_out::XlsxOut;
use crate::domain::value::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
    Json,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Json];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    /// The format a file's name asks for.
    pub fn of(destination: &Destination) -> Option<Self> {
        match destination {
            Destination::File(path) => path.extension()?.to_str()?.to_lowercase().parse().ok(),
            Destination::Stdout => None,
        }
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or(())
    }
}

/// A list being written. Dropped without [`Writer::finish`], it leaves no file.
pub struct Writer {
    sink: Sink,
    columns: usize,
    rows: u64,
    /// Of a report for an officer's spreadsheet: which columns, and their words.
    seen: Option<(Vec<usize>, Box<Frame>)>,
}

enum Sink {
    Csv(Box<CsvOut>),
    Xlsx(Box<XlsxOut>),
    Json(JsonOut),
    Text(Box<TextOut>),
}

impl Writer {
    /// Begins a list: its title (a workbook's sheet) and the names of its columns.
    pub fn create(
        destination: &Destination,
        format: Format,
        title: &str,
        columns: &[&str],
    ) -> Result<Self, WriteError> {
        let target = Target::create(destination)?;
        let sink = match format {
            Format::Csv => Sink::Csv(Box::new(CsvOut::begin(target, columns)?)),
            Format::Xlsx => Sink::Xlsx(Box::new(XlsxOut::begin(target, title, columns)?)),
            Format::Json => Sink::Json(JsonOut::begin(target, columns)?),
        };
        Ok(Self { sink, columns: columns.len(), rows: 0, seen: None })
    }

    /// The same for an officer: what a spreadsheet opens by a double click.
    pub fn for_officer(
        destination: &Destination,
        format: Format,
        title: &str,
        columns: &[&str],
    ) -> Result<Self, WriteError> {
        if format != Format::Csv {
            return Self::create(destination, format, title, columns);
        }
        let target = Target::create(destination)?;
        let sink = Sink::Csv(Box::new(CsvOut::for_spreadsheet(target, columns)?));
        Ok(Self { sink, columns: columns.len(), rows: 0, seen: None })
    }

    /// Begins a report with all that stands around its rows.
    pub fn framed(
        destination: &Destination,
        format: ReportFormat,
        frame: &Frame,
    ) -> Result<Self, WriteError> {
        let target = Target::create(destination)?;
        if format == ReportFormat::Csv && frame.for_officer {
            let seen = frame.seen();
            let head = |at: &usize| frame.heads.get(*at).map_or("", String::as_str);
            let heads: Vec<&str> = seen.iter().map(head).collect();
            let sink = Sink::Csv(Box::new(CsvOut::for_spreadsheet(target, &heads)?));
            let seen = Some((seen, Box::new(frame.clone())));
            return Ok(Self { sink, columns: frame.columns.len(), rows: 0, seen });
        }
        let sink = match format {
            ReportFormat::Csv => Sink::Csv(Box::new(CsvOut::begin(target, &frame.keys())?)),
            ReportFormat::Xlsx => Sink::Xlsx(Box::new(XlsxOut::framed(target, frame)?)),
            ReportFormat::Json => Sink::Json(JsonOut::framed(target, frame)?),
            ReportFormat::Text => Sink::Text(Box::new(TextOut::begin(target, frame)?)),
        };
        Ok(Self { sink, columns: frame.columns.len(), rows: 0, seen: None })
    }

    /// Writes a row; values beyond the columns are left out, missing ones are empty.
    pub fn row<'a>(
        &mut self,
        values: impl IntoIterator<Item = &'a Value>,
    ) -> Result<(), WriteError> {
        let rest = std::iter::repeat(&Value::Empty);
        let values: Vec<&Value> = values.into_iter().chain(rest).take(self.columns).collect();
        self.rows += 1;
        if let (Sink::Csv(out), Some((seen, frame))) = (&mut self.sink, &self.seen) {
            let value = |at: &usize| values.get(*at).copied().unwrap_or(&Value::Empty);
            let cells: Vec<Value> = seen.iter().map(|at| frame.in_words(*at, value(at))).collect();
            return out.row(&cells.iter().collect::<Vec<_>>());
        }
        match &mut self.sink {
            Sink::Csv(out) => out.row(&values),
            Sink::Xlsx(out) => out.row(&values),
            Sink::Json(out) => out.row(&values),
            Sink::Text(out) => out.row(&values),
        }
    }

    /// Puts the file in its place; the answer is the number of rows.
    pub fn finish(self) -> Result<u64, WriteError> {
        match self.sink {
            Sink::Csv(out) => out.finish()?,
            Sink::Xlsx(out) => out.finish()?,
            Sink::Json(out) => out.finish()?,
            Sink::Text(out) => out.finish()?,
        }
        Ok(self.rows)
    }
}

/// A text no spreadsheet takes for a formula. Import strips exactly one apostrophe, so
/// a text that begins with one gets another.
pub(super) fn defused(text: &str) -> Cow<'_, str> {
    if matches!(text.as_bytes().first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Hundredths as a figure with a point: `87.50`.
pub(super) fn hundredths(figure: i64) -> String {
    let sign = if figure < 0 { "-" } else { "" };
    let figure = figure.unsigned_abs();
    format!("{sign}{}.{:02}", figure / 100, figure % 100)
}

/// A moment as scripts read it, in UTC: `2026-11-22T03:05:00Z`.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Counts by year as one text, `2026:24;2025:12`. Import does not read it: it is derived.
pub(super) fn years(years: &[(u16, u32)]) -> String {
    years.iter().map(|(year, count)| format!("{year}:{count}")).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::intake::{Intake, RowData};
    use crate::domain::record::Kind;
    use crate::exchange::sheet::{SheetCell, SheetRow};
    use crate::exchange::testing::{all, day, options};

    fn written(
        format: Format,
        columns: &[&str],
        rows: &[Vec<Value>],
    ) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("daftar");
        let destination = Destination::File(path.clone());
        let mut writer = Writer::create(&destination, format, "employees", columns).unwrap();
        for row in rows {
            writer.row(row).unwrap();
        }
        assert_eq!(writer.finish().unwrap(), rows.len() as u64);
        (folder, path)
    }

    fn text_of(format: Format, columns: &[&str], rows: &[Vec<Value>]) -> String {
        let (_folder, path) = written(format, columns, rows);
        std::fs::read_to_string(path).unwrap()
    }

    fn read_back(path: &std::path::Path) -> Vec<SheetRow> {
        let mut book = crate::exchange::sheet::open(path).unwrap();
        book.open(0, 0).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn every_value_has_one_way_to_stand_in_a_file() {
        let columns = ["nip", "name", "kind", "jpm", "gap", "date", "closed", "jp", "none"];
        let rows = [vec![
            Value::text("199001012015012001"),
            Value::text("=HYPERLINK(\"x\"), \u{201c}A\u{201d}"),
            Value::choice("PNS"),
            Value::Hundredths(-50),
            Value::Whole(-2),
            Value::Date(day("2026-11-21")),
            Value::Flag(false),
            Value::Years(vec![(2025, 12), (2026, 24)]),
        ]];
        assert_eq!(
            text_of(Format::Csv, &columns, &rows),
            "nip,name,kind,jpm,gap,date,closed,jp,none\n\
             199001012015012001,\"'=HYPERLINK(\"\"x\"\"), \u{201c}A\u{201d}\",PNS,-0.50,-2,2026-11-21,false,2025:12;2026:24,\n"
        );
        let json = text_of(Format::Json, &columns, &rows);
        assert!(json.contains("\"jpm\":-0.50"), "{json}");
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            json,
            serde_json::json!([{
                "nip": "199001012015012001", "name": "=HYPERLINK(\"x\"), \u{201c}A\u{201d}",
                "kind": "PNS", "jpm": -0.5, "gap": -2, "date": "2026-11-21", "closed": false,
                "jp": {"2025": 12, "2026": 24}, "none": null
            }])
        );
        let (_folder, path) = written(Format::Xlsx, &columns, &rows);
        let rows = read_back(&path);
        assert_eq!(rows[1].cells[0], SheetCell::Text("199001012015012001".into()));
        assert!(matches!(&rows[1].cells[1], SheetCell::Text(text) if text.starts_with("'=")));
        assert_eq!(rows[1].cells[3], SheetCell::Number(-0.5));
        assert_eq!(rows[1].cells[5], SheetCell::Date(day("2026-11-21")));
    }

    #[test]
    fn an_officers_csv_opens_by_a_double_click_with_every_digit_of_a_nip() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pegawai.csv");
        let to = Destination::File(path.clone());
        let mut writer =
            Writer::for_officer(&to, Format::Csv, "pegawai", &["NIP", "Nama", "JPM", "Tgl"])
                .unwrap();
        let row = [
            Value::text("199001012015012001"),
            Value::text("Siti; Aminah"),
            Value::Hundredths(8750),
            Value::Date(day("2026-08-17")),
        ];
        writer.row(&row).unwrap();
        writer.finish().unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "\u{feff}NIP;Nama;JPM;Tgl\n\"=\"\"199001012015012001\"\"\";\"Siti; Aminah\";87,50;17/08/2026\n"
        );
        // And comes in again as it went out.
        let rows = read_back(&path);
        assert_eq!(rows[1].cells[1], SheetCell::Text("Siti; Aminah".into()));
    }

    #[test]
    fn an_empty_list_is_still_a_list() {
        assert_eq!(text_of(Format::Json, &["nip"], &[]), "[]\n");
        assert_eq!(text_of(Format::Csv, &["nip", "name"], &[]), "nip,name\n");
    }

    /// The values of every employee column, with texts a spreadsheet would mistake.
    fn person(nip: &str, local: &str, name: &str) -> Vec<Value> {
        Kind::Employees
            .usual_columns()
            .map(|column| match column.name {
                "nip" => Value::text(nip),
                "local_number" => Value::text(local),
                "name" => Value::text(name),
                "kind" => Value::choice("PPPK_PARUH_WAKTU"),
                "status" => Value::choice("moved"),
                "grade" => Value::text("IX"),
                "position" => Value::text("@Analis; \"Muda\", Ahli"),
                "position_kind" => Value::choice("functional"),
                "eselon" => Value::text("IV.a"),
                "job_level" => Value::choice("jf_ahli_muda"),
                "unit_path" => Value::text("Kota / +Bagian / -Seksi"),
                "unit" => Value::text("-Seksi"),
                "sex" => Value::choice("P"),
                "jp" => Value::Years(vec![(2026, 24)]),
                "below" => Value::Whole(2),
                "service_years" => Value::Whole(5),
                "service_months" => Value::Whole(11),
                "graduation_year" => Value::Whole(2016),
                other if other.ends_with("_since") || other.ends_with("_date") => {
                    Value::Date(day("2001-02-03"))
                }
                other => Value::text(format!("={other}")),
            })
            .collect()
    }

    #[test]
    fn what_is_exported_comes_back_the_same() {
        let columns: Vec<&str> = Kind::Employees.usual_columns().map(|c| c.name).collect();
        let rows = [
            person("200012312024212001", "", "'Budi"),
            person("", "K-17", "=Ani\u{201d}, S.E."),
            person("", "0017", "Tri  Dua Spasi"),
        ];
        let mut read = Vec::new();
        for format in [Format::Csv, Format::Xlsx] {
            let (_folder, path) = written(format, &columns, &rows);
            let mut source = crate::exchange::open(Intake::Employees, &path, &options()).unwrap();
            assert_eq!(source.ignored_columns(), ["job_level", "jp", "below", "restricted"]);
            assert_eq!(source.columns().len() + 1, Kind::Employees.fields().len());
            let chunk = all(&mut source).unwrap();
            assert_eq!(chunk.refused, []);
            let people: Vec<_> = chunk.rows.into_iter().map(|row| row.data).collect();
            read.push(people);
        }
        assert_eq!(read[0], read[1], "CSV and XLSX say the same");
        let RowData::Employee(first) = &read[0][0] else { panic!("a person") };
        assert_eq!(first.employee.name, "'Budi");
        assert_eq!(first.employee.kind.code(), "PPPK_PARUH_WAKTU");
        assert_eq!(first.employee.status.code(), "moved");
        assert_eq!(first.employee.front_title, "=front_title");
        assert_eq!(first.employee.email, "=email");
        assert_eq!(first.employee.birth_date, Some(day("2001-02-03")));
        assert_eq!(first.unit_path, ["Kota", "+Bagian", "-Seksi"]);
        assert_eq!(first.position.as_ref().unwrap().title, "@Analis; \"Muda\", Ahli");
        assert_eq!(first.position.as_ref().unwrap().eselon, "IV.a");
        let numbers: Vec<String> = read[0]
            .iter()
            .filter_map(|row| match row {
                RowData::Employee(person) => Some(person.employee.number.to_string()),
                _ => None,
            })
            .collect();
        assert_eq!(numbers, ["200012312024212001", "K-17", "0017"]);
    }
}
