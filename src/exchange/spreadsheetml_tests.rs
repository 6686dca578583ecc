//! Excel's XML of 2003 as programs write it, with gaps and merged cells.

use super::super::error::FileError;
use super::super::sheet::{self, Merge, SheetCell, SheetRow};
use super::super::testing::{day, file};

const BOOK: &str = "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n\
    <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
    xmlns:x=\"urn:schemas-microsoft-com:office:excel\" \
    xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
    <Styles><Style ss:ID=\"s1\"/></Styles>";

type Sheets = Vec<(String, bool, Vec<SheetRow>)>;

fn sheets(rest: &str) -> Result<Sheets, FileError> {
    let (_folder, path) = file(format!("{BOOK}{rest}").as_bytes());
    let mut book = sheet::open(&path)?;
    let names = book.sheets().to_vec();
    let mut sheets = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        sheets.push((name.name, name.hidden, book.open(at, 0)?.collect::<Result<_, _>>()?));
    }
    Ok(sheets)
}

fn text(text: &str) -> SheetCell {
    SheetCell::Text(text.into())
}

#[test]
fn cells_stand_where_they_say_and_reach_as_far_as_they_say() {
    let found = sheets(
        "<Worksheet ss:Name=\"PNS &amp; PPPK\"><Table><Row ss:Index=\"3\">\
         <Cell ss:MergeDown=\"1\"><Data ss:Type=\"String\">NIP</Data></Cell>\
         <Cell ss:MergeAcross=\"1\"><Data ss:Type=\"String\">JABATAN</Data></Cell>\
         <Cell ss:Index=\"6\"><Data ss:Type=\"String\">UNIT</Data></Cell></Row>\
         <Row><Cell ss:Index=\"2\"><Data ss:Type=\"String\">NAMA</Data></Cell>\
         <Cell><ss:Data ss:Type=\"String\" xmlns=\"http://www.w3.org/TR/REC-html40\"><B>T</B>MT</ss:Data>\
         <Comment><ss:Data>bukan ini</ss:Data></Comment></Cell></Row>\
         <Row ss:Span=\"2\"/><Row><Cell><Data ss:Type=\"Number\">12.5</Data></Cell>\
         <Cell><Data ss:Type=\"DateTime\">2020-04-01T00:00:00.000</Data></Cell>\
         <Cell><Data ss:Type=\"Error\">#N/A</Data></Cell><Cell/>\
         <Cell><Data ss:Type=\"String\">Tom&#233; &lt;x&gt;&#10;<![CDATA[a<b]]></Data></Cell></Row>\
         </Table></Worksheet>\
         <Worksheet ss:Name=\"Kode\"><Table/><WorksheetOptions><Visible>SheetHidden</Visible>\
         </WorksheetOptions></Worksheet></Workbook>",
    )
    .unwrap();
    let (name, hidden, rows) = &found[0];
    assert_eq!((name.as_str(), *hidden), ("PNS & PPPK", false));
    assert!(found[1].1, "a hidden sheet says so");
    let lines: Vec<u32> = rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [3, 4, 8]);
    assert_eq!(rows[0].cell(5), &text("UNIT"));
    assert_eq!(rows[0].merge(2), Some(&Merge { first: 1, last: 2, top: 3 }));
    assert_eq!(rows[1].cells, [text("NIP"), text("NAMA"), text("TMT")]);
    assert_eq!(
        rows[2].cells,
        [
            SheetCell::Number(12.5),
            SheetCell::Date(day("2020-04-01")),
            text("#N/A"),
            SheetCell::Empty,
            text("Tomé <x>\na<b")
        ]
    );
}

#[test]
fn xml_that_is_cut_off_or_says_nonsense_is_broken_or_rows() {
    let whole = "<Worksheet ss:Name=\"A\"><Table><Row><Cell><Data ss:Type=\"String\">NIP</Data>\
        </Cell></Row></Table></Worksheet></Workbook>";
    for length in 0..whole.len() {
        assert_eq!(sheets(&whole[..length]).err(), Some(FileError::Broken), "{length}");
    }
    for (from, to) in [
        ("<Row>", "<Row ss:Index=\"4294967295\">"),
        ("<Row>", "<Row ss:Index=\"-1\" ss:Span=\"4294967295\">"),
        (
            "<Cell>",
            "<Cell ss:Index=\"0\" ss:MergeAcross=\"4294967295\" ss:MergeDown=\"4294967295\">",
        ),
        ("<Cell>", "<Cell ss:Index=\"4294967295\">"),
        ("<Table>", ""),
        ("String\">NIP", "Number\">1e999"),
    ] {
        let _ = sheets(&whole.replacen(from, to, 1));
    }
}
