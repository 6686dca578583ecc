//! Frame: what stands around the rows of a report in a file: its title, whom and when it is
//! of, what it rests on, the words of its columns, its foot and notes. All of it in words
//! already; a file for scripts takes the keys and leaves the words.

use std::str::FromStr;

use chrono::NaiveDate;

use super::target::Destination;

use crate::domain::table::{Chart, Legal, TableColumn};
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
    /// The day it holds for.
    pub at: NaiveDate,
    pub params: Vec<(String, Value)>,
    pub columns: Vec<TableColumn>,
    /// The columns' words.
    pub heads: Vec<String>,
    /// In the order of the columns; its words begin with `total`.
    pub foot: Option<Vec<Value>>,
    pub total: String,
    pub notes: Vec<String>,
    pub legal: Vec<Legal>,
    pub chart: Option<Chart>,
    /// People left out since their processing is restricted.
    pub restricted: u32,
    /// A cell of this report in words.
    pub words: fn(&str, &TableColumn, &Value) -> String,
}

impl Frame {
    pub fn cell(&self, column: &TableColumn, cell: &Value) -> String {
        (self.words)(&self.report, column, cell)
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
    use crate::exchange::sheet::Cell;
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
        }
    }

    fn frame() -> Frame {
        Frame {
            report: "jp".into(),
            title: "JP tahun ini".into(),
            above: vec!["Kecamatan Plaju".into(), "=1+1".into()],
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
            notes: vec!["Catatan".into()],
            legal: Vec::new(),
            chart: Some(Chart {
                shape: ChartShape::Bar,
                by: "name".into(),
                values: vec!["jp".into()],
            }),
            restricted: 1,
            words: |_, _, cell| match cell {
                Value::Text(text) | Value::Choice(text) => text.clone(),
                Value::Whole(number) => number.to_string(),
                _ => String::new(),
            },
        }
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
        let rows: Vec<_> = sheet::open(&path, None).unwrap().map(Result::unwrap).collect();
        let texts: Vec<String> = rows
            .iter()
            .map(|row| match &row.cells[0] {
                Cell::Text(text) => text.clone(),
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
        assert_eq!(rows[4].cells[2], Cell::Number(24.0));
    }

    #[test]
    fn a_printed_sheet_has_eighty_columns_and_keeps_the_end_of_a_long_name() {
        let (_folder, path) = written(ReportFormat::Text);
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains('~') && text.contains("Talangputri"), "{text}");
        assert!(text.contains("Jumlah"), "{text}");
    }
}
