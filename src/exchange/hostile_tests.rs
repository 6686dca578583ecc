//! Files as they should not be: cut, mangled, bombs, pipes. Whatever the bytes, the
//! answer is rows or an error, and it comes soon.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};
use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::sheet::SheetCell;
use super::testing::{all, day, file, options, refused, warned};
use super::{FileError, ReadOptions, open, sheet};
use crate::domain::intake::{Intake, RowData};

const NIP: &str = "199001012015012001";

/// A workbook as an office saves it: a cover, a hidden sheet, then the list.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    book.add_worksheet().set_name("Sampul").unwrap().write(0, 0, "Daftar pegawai").unwrap();
    let hidden = book.add_worksheet().set_name("Lama").unwrap().set_hidden(true);
    hidden.write(0, 0, "NIP").unwrap().write(1, 0, "rahasia").unwrap();
    let list = book.add_worksheet().set_name("Data Utama").unwrap();
    for (column, name) in (0..).zip(["NIP BARU", "NAMA", "TMT GOLONGAN", "GOL AKHIR NAMA", "NIK"]) {
        list.write(2, column, name).unwrap();
    }
    list.write(3, 0, NIP).unwrap().write(3, 1, "Ani").unwrap();
    list.write_number_with_format(3, 2, 45_000.0, &date).unwrap();
    list.write(3, 3, "III/a").unwrap();
    list.write(5, 0, 199_001_012_015_012_001_f64).unwrap().write(5, 1, "Budi").unwrap();
    list.write(6, 0, "200012312024211001").unwrap().write(6, 1, "Tri").unwrap();
    list.write_number_with_format(6, 2, 1e12, &date).unwrap();
    list.write(6, 3, 9).unwrap();
    book.save_to_buffer().unwrap()
}

fn import(path: &Path) -> Result<usize, FileError> {
    let mut source = open(Intake::Employees, path, &options())?;
    all(&mut source).map(|chunk| chunk.rows.len())
}

fn import_bytes(bytes: &[u8]) -> Result<usize, FileError> {
    let (_folder, path) = file(bytes);
    import(&path)
}

#[test]
fn of_a_workbook_with_a_cover_the_sheet_with_the_headings_is_read() {
    let (_folder, path) = file(&workbook());
    let mut source = open(Intake::Employees, &path, &options()).unwrap();
    assert_eq!(source.header_line(), 3);
    let chunk = all(&mut source).unwrap();
    assert_eq!(refused(&chunk), [(6, "nip_damaged")]);
    assert_eq!(warned(&chunk), [(7, "date_unreadable")]);
    let RowData::Employee(ani) = &chunk.rows[0].data else { panic!("a person") };
    assert_eq!(chunk.rows[0].line, 4);
    assert_eq!(ani.employee.grade_since, Some(day("2023-03-15")));
    let RowData::Employee(tri) = &chunk.rows[1].data else { panic!("a person") };
    assert_eq!(tri.employee.grade.unwrap().to_string(), "IX");
    assert_eq!(source.progress(), (7, 7));
    assert_eq!(source.sheets().read, ["Data Utama"]);
    assert_eq!(source.sheets().not_read, ["Sampul", "Lama"], "hidden ones are named, too");
}

#[test]
fn a_sheet_is_named_by_the_officer_or_the_others_are_listed() {
    let (_folder, path) = file(&workbook());
    let named = |name: &str| {
        let options = ReadOptions { sheet: Some(name.into()), ..options() };
        open(Intake::Employees, &path, &options).map(|source| source.header_line())
    };
    assert_eq!(named("data utama "), Ok(3));
    assert_eq!(named("Lama"), Ok(1), "a hidden sheet is read when it is named");
    assert_eq!(named("Sampul"), Err(FileError::NoHeader));
    assert_eq!(
        named("Lain"),
        Err(FileError::NoSuchSheet { names: vec!["Sampul".into(), "Data Utama".into()] })
    );
}

#[test]
fn what_is_no_file_of_rows_is_named_for_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert_eq!(import(&at("tidak-ada")), Err(FileError::NotFound));
    assert_eq!(import(folder.path()), Err(FileError::NotARegularFile));
    assert_eq!(import(Path::new("/dev/null")), Err(FileError::NotARegularFile));
    rustix::fs::mkfifoat(rustix::fs::CWD, at("pipa"), rustix::fs::Mode::RWXU).unwrap();
    assert_eq!(import(&at("pipa")), Err(FileError::NotARegularFile));
    assert_eq!(import_bytes(b""), Err(FileError::Empty));
    assert_eq!(import_bytes(b"\xef\xbb\xbf\r\n;;\r\n"), Err(FileError::Empty));
    assert_eq!(import_bytes(b"a;b\n1;2\n"), Err(FileError::NoHeader));
    assert_eq!(import_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Err(FileError::UnknownFormat));
    let mut encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    encrypted.resize(600_000, 0xff);
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(import_bytes(&encrypted), Err(FileError::Encrypted));
    let sparse = at("jarang");
    File::create(&sparse).unwrap().set_len(200_000_000).unwrap();
    assert_eq!(import(&sparse), Err(FileError::UnknownFormat));
    let large = at("besar");
    let mut out = File::create(&large).unwrap();
    out.write_all(b"nip;nama\n").unwrap();
    out.set_len(600_000_000).unwrap();
    assert!(matches!(import(&large), Err(FileError::TooLarge { .. })));
    let old = at("lama.xls");
    let mut out = File::create(&old).unwrap();
    out.write_all(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").unwrap();
    out.set_len(30_000_000).unwrap();
    assert!(matches!(import(&old), Err(FileError::TooLarge { .. })));
}

#[test]
fn a_workbook_cut_anywhere_is_broken_and_never_half_an_import() {
    let whole = workbook();
    let (_folder, path) = file(&whole);
    for length in (1..whole.len()).rev().step_by(3) {
        let out = File::options().write(true).open(&path).unwrap();
        out.set_len(length as u64).unwrap();
        assert!(import(&path).is_err(), "{length}");
    }
}

#[test]
fn a_sheet_of_libreoffice_is_read_with_its_dates_and_lines() {
    let cell = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let header: String = ["NIP", "NAMA", "TMT CPNS"].into_iter().map(cell).collect();
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\">\
         <office:body><office:spreadsheet><table:table table:name=\"Data\">\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>\
         <table:table-row>{header}</table:table-row>\
         <table:table-row>{}{}<table:table-cell office:value-type=\"date\" \
         office:date-value=\"2015-01-01\"><text:p>01/01/15</text:p></table:table-cell>\
         </table:table-row></table:table></office:spreadsheet></office:body>\
         </office:document-content>",
        cell(NIP),
        cell("Ani")
    );
    let (_folder, path) = file(&[]);
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_str()),
        (
            "META-INF/manifest.xml",
            "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>",
        ),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let mut source = open(Intake::Employees, &path, &options()).unwrap();
    let chunk = all(&mut source).unwrap();
    assert_eq!((source.header_line(), chunk.rows[0].line), (3, 4));
    let RowData::Employee(ani) = &chunk.rows[0].data else { panic!("a person") };
    assert_eq!(ani.employee.cpns_since, Some(day("2015-01-01")));
}

/// The workbook with some of its parts rewritten.
fn rewritten(whole: &[u8], change: impl Fn(&str, Vec<u8>) -> Vec<u8>) -> (TempDir, PathBuf) {
    let (folder, path) = file(&[]);
    let mut from = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
    let mut to = ZipWriter::new(File::create(&path).unwrap());
    for index in 0..from.len() {
        let mut entry = from.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        to.start_file(&*name, SimpleFileOptions::default()).unwrap();
        to.write_all(&change(&name, bytes)).unwrap();
    }
    to.finish().unwrap();
    (folder, path)
}

#[test]
fn a_sheet_that_says_nonsense_is_an_error_or_rows() {
    let whole = workbook();
    for (from, to) in [
        ("<v>0</v>", "<v>99999</v>"),
        ("<v>0</v>", "<v>-1</v>"),
        ("<v>0</v>", "<v>x</v>"),
        ("t=\"s\"", "t=\"q\""),
        ("s=\"1\"", "s=\"777777\""),
        ("r=\"A4\"", "r=\"ZZZZZZZZZZZZ99999999999999\""),
        ("r=\"A4\"", "r=\"XFD1048576\""),
        ("r=\"A4\"", "r=\"4A\""),
        ("r=\"A4\"", "r=\"\""),
        ("<row r=\"4\"", "<row r=\"99999999999\""),
        ("<row r=\"4\"", "<row r=\"0\""),
        ("ref=\"A3:", "ref=\"XFD1048576:"),
        ("<v>45000</v>", "<v>1e400</v>"),
        ("<v>45000</v>", "<v>NaN</v>"),
        ("</sheetData>", ""),
        ("</row>", ""),
        ("<sheetData>", "<sheetData><![CDATA[<row>]]>"),
    ] {
        let (_folder, path) = rewritten(&whole, |_, bytes| {
            String::from_utf8(bytes).unwrap().replace(from, to).into_bytes()
        });
        let _ = import(&path);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_mangled_workbook_is_an_error_or_rows(
        part in 0usize..8, at in any::<proptest::sample::Index>(), with in "[<>&\"/a0]{0,4}",
        cut in 0usize..6,
    ) {
        let whole = workbook();
        let parts = ["sheet3.xml", "sheet3.xml", "sharedStrings.xml", "styles.xml", "workbook.xml",
            "workbook.xml.rels", "[Content_Types].xml", "_rels/.rels"];
        let (_folder, path) = rewritten(&whole, |name, mut bytes| {
            if name.ends_with(parts[part]) {
                let from = at.index(bytes.len());
                let to = (from + cut).min(bytes.len());
                bytes.splice(from..to, with.bytes());
            }
            bytes
        });
        let _ = import(&path);
    }

    #[test]
    fn any_bytes_are_an_error_or_rows(
        start in prop_oneof![
            Just(&b""[..]), Just(&b"PK\x03\x04"[..]), Just(&b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"[..]),
            Just(&b"\xff\xfe"[..]), Just(&b"nip;nama\n"[..]), Just(&b"\"nip;nama\"\n\""[..]),
            Just(&b"<table><tr><td>NIP<td>NAMA<tr>"[..]),
            Just(&b"<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet>"[..]),
        ],
        rest in proptest::collection::vec(any::<u8>(), 0..2000),
    ) {
        let _ = import_bytes(&[start, &rest].concat());
    }

    #[test]
    fn any_tags_are_an_error_or_rows(
        tags in proptest::collection::vec(prop_oneof![
            Just("<table>"), Just("</table>"), Just("<tr>"), Just("</tr>"), Just("<td>"),
            Just("<td rowspan=0 colspan=3>"), Just("<th rowspan=2>"), Just("</td>"), Just("NIP"),
            Just("NAMA"), Just("199001012015012001"), Just("<caption>"), Just("<style>"),
            Just("&nbsp;"), Just("<br>"), Just("<!--"), Just("-->"), Just("<tbody>"), Just("</p>"),
        ], 0..80),
    ) {
        let _ = import_bytes(format!("<table>{}", tags.concat()).as_bytes());
        let _ = import_bytes(format!("<p>{}</table>", tags.concat()).as_bytes());
    }
}

proptest! {
    // Each of them looks at twenty rows.
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_cells_are_read_or_refused(
        rows in proptest::collection::vec(("\\PC{0,20}", "\\PC{0,20}", "[0-9/-]{0,12}"), 0..20),
    ) {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(["nip", "nama", "tgl lahir"]).unwrap();
        for (nip, name, date) in &rows {
            csv.write_record([nip, name, date]).unwrap();
        }
        let _ = import_bytes(&csv.into_inner().unwrap());
    }
}

#[test]
fn an_import_given_up_halfway_leaves_nobody_waiting() {
    let mut book = Workbook::new();
    let list = book.add_worksheet();
    list.write(0, 0, "NIP").unwrap();
    for row in 1..2000 {
        list.write(row, 0, NIP).unwrap();
    }
    let (_folder, path) = file(&book.save_to_buffer().unwrap());
    let mut book = sheet::open(&path).unwrap();
    let mut rows = book.open(0, 0).unwrap();
    assert_eq!(rows.next().unwrap().unwrap().cells, [SheetCell::Text("NIP".into())]);
    drop((rows, book));
    let mut source = open(Intake::Employees, &path, &options()).unwrap();
    assert_eq!(source.next_chunk().unwrap().unwrap().lines_read, 200);
}

#[test]
fn an_unreadable_file_is_not_said_to_be_missing() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = file(b"nip;nama\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // The superuser reads everything.
    if File::open(&path).is_err() {
        assert!(matches!(import(&path), Err(FileError::Unreadable { .. })));
    }
}
