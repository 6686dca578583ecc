//! Pages as local programs export them, and pages made to hurt.

use super::super::sheet::{self, SheetCell, SheetRow};
use super::super::testing::file;
use super::*;

fn sheets(page: &str) -> Result<Vec<(String, Vec<SheetRow>)>, FileError> {
    let (_folder, path) = file(page.as_bytes());
    let mut book = sheet::open(&path)?;
    let names: Vec<String> = book.sheets().iter().map(|sheet| sheet.name.clone()).collect();
    let mut sheets = Vec::new();
    for (at, name) in names.into_iter().enumerate() {
        sheets.push((name, book.open(at, 0)?.collect::<Result<_, _>>()?));
    }
    Ok(sheets)
}

fn rows(page: &str) -> Vec<(u32, Vec<String>)> {
    let text = |cell: &SheetCell| match cell {
        SheetCell::Text(text) => text.clone(),
        _ => String::new(),
    };
    let sheets = sheets(page).unwrap();
    assert_eq!(sheets.len(), 1, "{sheets:?}");
    let rows = sheets[0].1.iter();
    rows.map(|row| (row.line, row.cells.iter().map(text).collect())).collect()
}

fn row(line: u32, cells: &[&str]) -> (u32, Vec<String>) {
    (line, cells.iter().map(ToString::to_string).collect())
}

#[test]
fn a_table_that_begins_with_a_style_is_read_as_a_browser_shows_it() {
    let page = "<style>td { mso-number-format:\"\\@\" } </style>\r\n\
        <h3>DAFTAR &lt;PEGAWAI&gt;</h3><TABLE border=1>\
        <thead><tr><th>NIP<th>NAMA&nbsp;\n  LENGKAP<td>UNIT</tr></thead>\
        <tbody><tr><td>'1985</td><td> Siti&nbsp;Contoh,<br>S.E. <td><p>Dinas A &amp; B</p></td></tr>\
        <!-- <tr><td>bukan</td></tr> --></tbody></TABLE><script>document.write('<table>')</script>";
    assert_eq!(
        rows(page),
        [
            row(1, &["NIP", "NAMA LENGKAP", "UNIT"]),
            row(2, &["'1985", "Siti Contoh,\nS.E.", "Dinas A & B"]),
        ]
    );
}

#[test]
fn cells_that_reach_over_others_are_merged_cells() {
    let page = "<meta charset=utf-8><table>\
        <tr><th rowspan=2>NAMA</th><th colspan=\"2\">JABATAN</th><th rowspan=2>UNIT</th></tr>\
        <tr><th>NAMA</th><th>TMT</th></tr>\
        <tr><td>Ani<td>Camat<td>2020<td rowspan=2>Bidang A</tr>\
        <tr><td>Tri<td>Analis<td>2021</tr>\
        <tr><td>Eka<td>Ahli<td>2022<td></tr></table>";
    let found = rows(page);
    assert_eq!(found[1], row(2, &["NAMA", "NAMA", "TMT", "UNIT"]));
    assert_eq!(found[3], row(4, &["Tri", "Analis", "2021", "Bidang A"]));
    assert_eq!(found[4], row(5, &["Eka", "Ahli", "2022"]));
    let sheets = sheets(page).unwrap();
    let head = &sheets[0].1[0];
    assert_eq!(head.merge(2).map(|merge| (merge.first, merge.last)), Some((1, 2)));
    assert!(sheets[0].1[1].comes_from_above(0));
}

#[test]
fn a_table_in_a_cell_is_what_stands_there_and_a_frame_is_no_sheet() {
    let page = "<html><body><table><tr><td>\
        <table><tr><td>KABUPATEN CONTOH</td></tr></table>\
        <table><tr><th>NIP</th><th>NAMA</th></tr>\
        <tr><td>1</td><td><table><tr><td>Siti</td></tr><tr><td>S.E.</td></tr></table></td></tr>\
        </table></td></tr></table></body></html>";
    assert_eq!(rows(page), [row(3, &["NIP", "NAMA"]), row(4, &["1", "Siti\nS.E."])]);
}

#[test]
fn several_lists_of_a_page_are_sheets_by_their_captions_or_their_places() {
    let list = "<tr><td>NIP</td><td>NAMA</td></tr><tr><td>1</td><td>A</td></tr></table>";
    let page =
        format!("<table><caption> PNS </caption>{list}<table><tr><td>x</table><table>{list}");
    let names: Vec<String> = sheets(&page).unwrap().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["PNS", "#2"]);
}

#[test]
fn a_page_without_a_table_or_cut_off_within_one_is_no_list() {
    for page in ["<html><body>Masuk dahulu</body></html>", "<p>x", "%PDF-1.7 <table>", "{\\rtf1 x"]
    {
        assert_eq!(sheets(page).err(), Some(FileError::UnknownFormat), "{page}");
    }
    let page = "<table><tr><td>NIP</td><td>NAMA</td></tr><tr><td>1</td><td>Ani</td></tr>";
    assert_eq!(sheets(page).err(), Some(FileError::Broken));
    assert_eq!(sheets("MIME-Version: 1.0\n<table").err(), Some(FileError::UnknownFormat));
}

#[test]
fn tags_in_tags_and_cells_that_reach_everywhere_take_neither_time_nor_room() {
    let deep = "<table><tr><td>".repeat(200_000);
    assert_eq!(sheets(&deep).err(), Some(FileError::Broken));
    let list = "<table><tr><td>NIP</td><td>NAMA</td></tr><tr><td>1</td><td>A</td></tr></table>";
    let divs = format!("{}{list}", "<div><b>".repeat(200_000));
    assert_eq!(rows(&divs).len(), 2);
    let wide = "<tr><td colspan=999999999 rowspan=999999999>x</td><td>y</td></tr>".repeat(3_000);
    assert!(sheets(&format!("<table>{wide}</table>")).unwrap()[0].1.len() < 4_000);
    let many = "<tr><td>x<td>x<td>x<td>x".repeat(600_000);
    assert_eq!(sheets(&format!("<table>{many}</table>")).err(), Some(FileError::TooManyCells));
    let long = format!("<table><tr><td>{}</td><td>b</td></tr></table>", "x".repeat(9_000_000));
    assert!(rows(&long)[0].1[0].len() <= 32_767);
}
