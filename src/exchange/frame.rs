//! Frame: what stands around the rows of a report in a file: its title, whom and when it is
//! of, what it rests on, the words of its columns, its foot and notes. All of it in words
//! already; a file for scripts takes the keys and leaves the words.

use std::str::FromStr;

use chrono::NaiveDate;

use super::target::Destination;

use crate::domain::table::{Chart, Legal, TableColumn, Totals};
use crate::domain::value::Value;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    Csv,
    Xlsx,
    Json,
    /// A sheet of 80 columns, to be printed.
    Text,
}

impl ReportFormat {
    pub const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::Json, Self::Text];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
            Self::Text => "text",
        }
    }

    /// The format a file's name asks for.
    pub fn of(destination: &Destination) -> Option<Self> {
        let Destination::File(path) = destination else { return None };
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "txt" => Some(Self::Text),
            name => name.parse().ok(),
        }
    }
}

impl FromStr for ReportFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or(())
    }
}

#[derive(Clone, Debug)]
pub struct Frame {
    /// The report's id.
    pub report: String,
    pub title: String,
    /// Office, unit, day, what was asked and what it rests on, a line each.
    pub above: Vec<String>,
    /// When and by whom, on a sheet that is printed.
    pub printed: String,
    /// The day it holds for.
    pub at: NaiveDate,
    pub params: Vec<(String, Value)>,
    pub columns: Vec<TableColumn>,
    /// The columns' words.
    pub heads: Vec<String>,
    /// In the order of the columns; its words begin with `total`.
    pub foot: Option<Vec<Value>>,
    pub total: String,
    /// Stands before the names of the columns a printed sheet has no room for.
    pub no_room: String,
    pub notes: Vec<String>,
    pub legal: Vec<Legal>,
    pub chart: Option<Chart>,
    pub totals: Option<Totals>,
    pub totals_words: TotalsWords,
    /// People left out since their processing is restricted.
    pub restricted: u32,
    /// For an officer's spreadsheet: what a CSV says it says in words.
    pub for_officer: bool,
    /// A cell of this report in words.
    pub words: fn(&str, &TableColumn, &Value) -> String,
}

/// What the sheet of sums behind a chart is called, and its columns.
#[derive(Clone, Debug, Default)]
pub struct TotalsWords {
    pub sheet: String,
    /// How many rows have no value.
    pub none: String,
    pub measured: String,
    pub reached: String,
    pub share: String,
}

impl Frame {
    pub fn cell(&self, column: &TableColumn, cell: &Value) -> String {
        (self.words)(&self.report, column, cell)
    }

    /// The columns an officer's CSV has: those seen, and the number of whom a line is about.
    pub fn seen(&self) -> Vec<usize> {
        let seen = |column: &TableColumn| column.shown || column.key == "nip";
        let columns = self.columns.iter().enumerate().filter(|(_, column)| seen(column));
        columns.map(|(at, _)| at).collect()
    }

    /// A cell as an officer's spreadsheet takes it: words for codes, figures and days as such.
    pub fn in_words(&self, at: usize, cell: &Value) -> Value {
        match (self.columns.get(at), cell) {
            (
                Some(column),
                Value::Choice(_) | Value::Left(_) | Value::Moment(_) | Value::Flag(_),
            ) => Value::text(self.cell(column, cell)),
            _ => cell.clone(),
        }
    }

    pub fn place(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    pub fn keys(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.key.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::column::Align;
    use crate::domain::table::{ChartShape, ColumnKind, Shade, Sum, Tone, When};
    use crate::exchange::sheet::SheetCell;
    use crate::exchange::{Writer, sheet};

    fn column(key: &str, kind: ColumnKind, width: u16) -> TableColumn {
        let when = When::Below(20);
        TableColumn {
            key: key.into(),
            label: String::new(),
            kind,
            align: if kind == ColumnKind::Whole { Align::Right } else { Align::Left },
            width,
            shown: true,
            personal: false,
            sum: Sum::Nothing,
            shades: vec![Shade { when, tone: Tone::Warn }],
            against: None,
        }
    }

    fn frame() -> Frame {
        Frame {
            report: "jp".into(),
            title: "JP tahun ini".into(),
            above: vec!["Kecamatan Plaju".into(), "=1+1".into()],
            printed: "Dicetak oleh siti".into(),
            at: NaiveDate::from_ymd_opt(2026, 11, 28).unwrap(),
            params: vec![("year".into(), Value::Whole(2026))],
            columns: vec![
                column("nip", ColumnKind::Number, 18),
                column("name", ColumnKind::Text, 0),
                column("jp", ColumnKind::Whole, 5),
            ],
            heads: ["NIP", "Nama", "JP"].map(String::from).to_vec(),
            foot: Some(vec![Value::Empty, Value::Empty, Value::Whole(24)]),
            total: "Jumlah".into(),
            no_room: "Tidak muat:".into(),
            notes: vec!["Catatan".into()],
            legal: Vec::new(),
            chart: Some(Chart {
                shape: ChartShape::Bar,
                by: "name".into(),
                values: vec!["jp".into()],
                only: None,
            }),
            totals: None,
            totals_words: TotalsWords::default(),
            restricted: 1,
            for_officer: false,
            words: |_, _, cell| match cell {
                Value::Text(text) | Value::Choice(text) => text.clone(),
                Value::Whole(number) => number.to_string(),
                _ => String::new(),
            },
        }
    }

    /// What stands in a sheet of a workbook.
    fn rows_of(path: &std::path::Path, at: usize) -> Vec<Vec<SheetCell>> {
        let mut book = sheet::open(path).unwrap();
        book.open(at, 0).unwrap().map(|row| row.unwrap().cells).collect()
    }

    fn written(format: ReportFormat) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("laporan");
        let to = Destination::File(path.clone());
        let mut writer = Writer::framed(&to, format, &frame()).unwrap();
        let name = "Siti Nurhaliza Putri Rahmawati binti Abdullah dari Kelurahan Talangputri";
        let row = [Value::text("199001012015012001"), Value::text(name), Value::Whole(24)];
        writer.row(&row).unwrap();
        writer.finish().unwrap();
        (folder, path)
    }

    #[test]
    fn a_workbook_bears_title_and_basis_above_its_heads_and_a_nip_as_text() {
        let (_folder, path) = written(ReportFormat::Xlsx);
        let rows: Vec<_> =
            sheet::open(&path).unwrap().open(0, 0).unwrap().map(Result::unwrap).collect();
        let texts: Vec<String> = rows
            .iter()
            .map(|row| match &row.cells[0] {
                SheetCell::Text(text) => text.clone(),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(
            texts,
            [
                "JP tahun ini",
                "Kecamatan Plaju",
                "'=1+1",
                "NIP",
                "199001012015012001",
                "Jumlah",
                "Catatan"
            ]
        );
        assert_eq!(rows[4].cells[2], SheetCell::Number(24.0));
    }

    #[test]
    fn a_printed_sheet_has_eighty_columns_and_all_of_a_long_name() {
        let (_folder, path) = written(ReportFormat::Text);
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let words = "Siti Nurhaliza Putri Rahmawati binti Abdullah dari Kelurahan Talangputri";
        assert!(words.split(' ').all(|word| text.contains(word)) && !text.contains('~'), "{text}");
        assert!(text.contains("Jumlah") && text.contains("Dicetak oleh siti"), "{text}");
    }

    #[test]
    fn an_officers_csv_of_a_report_has_words_and_figures_and_each_number_as_text() {
        let mut frame = Frame { for_officer: true, ..frame() };
        frame.columns[0].shown = false;
        frame.columns.push(TableColumn { shown: false, ..column("unseen", ColumnKind::Text, 5) });
        frame.heads.push("Tidak tampak".into());
        let row = [
            Value::text("199001012015012001"),
            Value::choice("Siti; Aminah"),
            Value::Hundredths(2450),
            Value::text("x"),
        ];
        let text = String::from_utf8(filed(&frame, ReportFormat::Csv, &row)).unwrap();
        assert_eq!(
            text,
            "\u{feff}NIP;Nama;JP\n\"=\"\"199001012015012001\"\"\";\"Siti; Aminah\";24,50\n"
        );
        let frame = Frame { for_officer: false, ..frame };
        let text = String::from_utf8(filed(&frame, ReportFormat::Csv, &row)).unwrap();
        assert!(text.starts_with("nip,name,jp,unseen\n199001012015012001,Siti; Aminah,24.50,x"));
    }

    #[test]
    fn a_chart_of_some_rows_draws_those_alone() {
        let mut of_some = frame();
        of_some.columns[1].kind = ColumnKind::Text;
        let only = Some(("name".to_string(), "jp".to_string()));
        of_some.chart = of_some.chart.map(|chart| Chart { only, ..chart });
        let folder = tempfile::tempdir().unwrap();
        let to = Destination::File(folder.path().join("profil.xlsx"));
        let mut writer = Writer::framed(&to, ReportFormat::Xlsx, &of_some).unwrap();
        for code in ["competency", "jp", "jp", "training"] {
            writer.row(&[Value::text("1"), Value::choice(code), Value::Whole(3)]).unwrap();
        }
        writer.finish().unwrap();
        let book = std::fs::read(folder.path().join("profil.xlsx")).unwrap();
        let chart = part(&book, "xl/charts/chart1.xml");
        assert!(chart.contains("$C$7:$C$8"), "{chart}");
    }

    #[test]
    fn what_the_rows_add_up_to_stands_on_a_sheet_of_its_own_and_is_drawn() {
        let mut frame = Frame { chart: None, foot: None, ..frame() };
        frame.totals_words.sheet = "Angka grafik".into();
        frame.totals_words.none = "(tanpa nilai)".into();
        frame.totals = Some(Totals::Values {
            columns: vec!["jp".into()],
            order: [9, 8].map(Value::Whole).to_vec(),
        });
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kotak.xlsx");
        let to = Destination::File(path.clone());
        let mut writer = Writer::framed(&to, ReportFormat::Xlsx, &frame).unwrap();
        let boxes = [Value::Whole(8), Value::Empty, Value::Whole(7), Value::Whole(8)];
        for value in boxes {
            writer.row(&[Value::text("1"), Value::text("Siti"), value]).unwrap();
        }
        writer.finish().unwrap();
        let said = |words: &str| SheetCell::Text(words.into());
        let sums = [("9", 0.0), ("8", 2.0), ("7", 1.0), ("(tanpa nilai)", 1.0)]
            .map(|(name, count)| vec![said(name), SheetCell::Number(count)]);
        assert_eq!(rows_of(&path, 1)[0], [said("JP"), said("Jumlah")]);
        assert_eq!(rows_of(&path, 1)[1..], sums);
        let chart = part(&std::fs::read(&path).unwrap(), "xl/charts/chart1.xml");
        assert!(chart.contains("'Angka grafik'!$B$2:$B$5"), "{chart}");
        assert!(chart.contains("<c:v>(tanpa nilai)</c:v>"), "its bars are named: {chart}");
        frame.totals = Some(Totals::Values { columns: vec!["jp".into()], order: Vec::new() });
        let book = filed(&frame, ReportFormat::Xlsx, &[Value::Empty, Value::Empty, Value::Empty]);
        let names = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
        assert!(!names.file_names().any(|name| name.unwrap().contains("chart")), "nothing to draw");
    }

    #[test]
    fn a_level_below_its_standard_is_shaded_and_the_share_that_reaches_it_is_drawn() {
        let mut frame = Frame { chart: None, foot: None, ..frame() };
        let level = column("M.1 actual", ColumnKind::Whole, 3);
        let against = Some("M.1 required".to_string());
        frame.columns.push(TableColumn { shades: Vec::new(), against, ..level });
        frame.columns.push(column("M.1 required", ColumnKind::Whole, 3));
        frame.heads.extend(["M.1", "M.1 std"].map(String::from));
        frame.totals = Some(Totals::Reached);
        frame.totals_words.share = "Memenuhi (%)".into();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("matriks.xlsx");
        let to = Destination::File(path.clone());
        let mut writer = Writer::framed(&to, ReportFormat::Xlsx, &frame).unwrap();
        for (level, standard) in [(Some(2), 3), (Some(3), 3), (Some(4), 3), (None, 3)] {
            let row = [Value::Empty, Value::text("Siti"), Value::Empty];
            let level = [Value::whole(level), Value::Whole(standard)];
            writer.row(row.iter().chain(&level)).unwrap();
        }
        writer.finish().unwrap();
        let numbers = [3.0, 2.0, 66.67].map(SheetCell::Number);
        let row = [&[SheetCell::Text("M.1".into())], &numbers[..]].concat();
        assert_eq!(rows_of(&path, 1)[1], row);
        let book = std::fs::read(&path).unwrap();
        let sheet = part(&book, "xl/worksheets/sheet1.xml");
        assert!(sheet.contains("AND(ISNUMBER(D6),ISNUMBER(E6),D6-E6&lt;0)"), "{sheet}");
        let chart = part(&book, "xl/charts/chart1.xml");
        assert!(chart.contains("$D$2<") && chart.contains("Memenuhi (%)"), "{chart}");
    }

    #[test]
    fn on_paper_a_number_that_stands_out_says_so() {
        let row = |jp| [Value::text("1"), Value::text("Siti"), Value::Whole(jp)];
        let text = |jp| String::from_utf8(filed(&frame(), ReportFormat::Text, &row(jp))).unwrap();
        assert!(text(19).contains(" 19!\n"), "{}", text(19));
        assert!(text(20).contains(" 20\n"), "{}", text(20));
        assert!(text(-123_456).contains("######") || text(-123_456).contains("#####"));
    }

    fn filed(frame: &Frame, format: ReportFormat, row: &[Value]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("laporan");
        let mut writer = Writer::framed(&Destination::File(path.clone()), format, frame).unwrap();
        writer.row(row).unwrap();
        writer.finish().unwrap();
        std::fs::read(path).unwrap()
    }

    fn part(book: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
        std::io::read_to_string(archive.by_name(name).unwrap()).unwrap()
    }

    #[test]
    fn a_workbook_is_set_up_to_be_read_and_printed() {
        let row = [Value::text("199001012015012001"), Value::text("Siti"), Value::Whole(24)];
        let book = filed(&frame(), ReportFormat::Xlsx, &row);
        let sheet = part(&book, "xl/worksheets/sheet1.xml");
        for set in ["ySplit=\"5\"", "state=\"frozen\"", "paperSize=\"9\"", "fitToHeight=\"0\""] {
            assert!(sheet.contains(set), "{set}: {sheet}");
        }
        assert!(sheet.contains("&amp;P / &amp;N") && !sheet.contains("landscape"), "{sheet}");
        let names = part(&book, "xl/workbook.xml");
        assert!(names.contains("_xlnm.Print_Titles") && names.contains("$5:$5"), "{names}");
        let chart = part(&book, "xl/charts/chart1.xml");
        assert!(chart.contains("$B$6") && chart.contains("$C$6"), "{chart}");

        let mut wide = frame();
        for at in 0..8 {
            wide.columns.push(column(&format!("c{at}"), ColumnKind::Text, 20));
            wide.heads.push(format!("C{at}"));
        }
        let book = filed(&wide, ReportFormat::Xlsx, &row);
        assert!(part(&book, "xl/worksheets/sheet1.xml").contains("orientation=\"landscape\""));
    }

    /// A spreadsheet takes an empty cell for 0 and finds a word within a longer one.
    #[test]
    fn only_what_a_shade_means_is_shaded() {
        let mut frame = frame();
        let is = When::Is("berlaku \"x\"".into());
        frame.columns[1].shades = vec![Shade { when: is, tone: Tone::Bad }];
        let book = filed(&frame, ReportFormat::Xlsx, &[Value::Empty, Value::Empty, Value::Empty]);
        let sheet = part(&book, "xl/worksheets/sheet1.xml");
        assert!(sheet.contains("AND(ISNUMBER(C6),C6&lt;20)"), "{sheet}");
        assert!(sheet.contains("B6=\"berlaku \"\"x\"\"\""), "{sheet}");
        assert!(!sheet.contains("containsText"), "{sheet}");
    }

    #[test]
    fn no_text_becomes_a_formula() {
        let nasty = ["=1+1", "+1", "-1", "@x"];
        for text in nasty {
            let row = [Value::text("1"), Value::text(text), Value::Whole(-1)];
            let mut frame = frame();
            (frame.title, frame.notes, frame.heads[1]) =
                (text.into(), vec![text.into()], text.into());
            let sheet = part(&filed(&frame, ReportFormat::Xlsx, &row), "xl/worksheets/sheet1.xml");
            assert!(!sheet.contains("<f>"), "{sheet}");
            assert_eq!(
                sheet.matches(&format!(">'{text}<")).count(),
                4 + usize::from(text == "=1+1")
            );
            assert!(sheet.contains("<v>-1</v>"), "a number stays one: {sheet}");
            let csv = String::from_utf8(filed(&frame, ReportFormat::Csv, &row)).unwrap();
            assert!(csv.contains(&format!("1,'{text},-1")), "{csv}");
        }
    }

    #[test]
    fn a_sheet_names_what_it_has_no_room_for_and_halves_no_figure() {
        let mut frame = frame();
        for at in 0..20 {
            frame.columns.push(column(&format!("c{at}"), ColumnKind::Whole, 6));
            frame.heads.push(format!("Kol {at}"));
        }
        frame.foot = Some(vec![Value::Empty, Value::Empty, Value::Whole(123_456_789)]);
        let name = Value::text("\u{6f22}\u{5b57}".repeat(30));
        let mut row = vec![Value::text("199001012015012001"), name, Value::Whole(24)];
        row.resize(frame.columns.len(), Value::Whole(1_234_567));
        let text = String::from_utf8(filed(&frame, ReportFormat::Text, &row)).unwrap();
        for line in text.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
        }
        assert!(text.contains("123456789") && text.contains("######"), "{text}");
        assert!(!text.contains("1~"), "{text}");
        assert!(text.contains("Tidak muat: Kol ") && text.contains("Kol 19"), "{text}");
    }

    #[test]
    fn a_sheet_numbers_long_headings_where_figures_would_not_fit_below_them() {
        let mut frame = frame();
        for at in 1..=9 {
            frame.columns.push(column(&format!("level{at}"), ColumnKind::Whole, 3));
            frame.heads.push(format!("Teknis.{at}"));
        }
        frame.foot = None;
        let mut row = vec![Value::text("199001012015012001"), Value::text("Siti")];
        row.resize(frame.columns.len(), Value::Whole(4));
        let text = String::from_utf8(filed(&frame, ReportFormat::Text, &row)).unwrap();
        let head = text.lines().find(|line| line.starts_with("NIP")).unwrap();
        assert!(head.ends_with("JP   1   2   3   4   5   6   7   8   9"), "{text}");
        assert!(
            text.contains("1 = Teknis.1, 2 = Teknis.2") && !text.contains("Tidak muat"),
            "{text}"
        );
    }

    #[test]
    fn a_failing_disk_is_named_in_every_format() {
        let to = Destination::File("/dev/full".into());
        for format in ReportFormat::ALL {
            let written = Writer::framed(&to, format, &frame()).and_then(|mut writer| {
                writer.row(&[Value::text("1")])?;
                writer.finish()
            });
            assert_eq!(written, Err(crate::exchange::WriteError::DiskFull), "{format:?}");
        }
    }

    #[test]
    fn a_chart_that_nobody_could_read_is_not_drawn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("laporan");
        let to = Destination::File(path.clone());
        let mut writer = Writer::framed(&to, ReportFormat::Xlsx, &frame()).unwrap();
        for number in 0..1_001 {
            writer.row(&[Value::Empty, Value::text("Siti"), Value::Whole(number)]).unwrap();
        }
        assert_eq!(writer.finish(), Ok(1_001));
        let book = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
        assert!(!book.file_names().any(|name| name.unwrap().contains("chart")));
    }
}
