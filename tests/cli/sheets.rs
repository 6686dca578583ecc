//! Files as other programs make them: several sheets, pages called `.xls`, a list of another
//! kind; names and units as people write them, found and brought back.

use serde_json::json;

use super::office::{Office, staffed};

/// Excel's XML of 2003 with two lists, a sheet of notes and a hidden one.
const BOOK: &str = r#"<?xml version="1.0"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
  xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">
 <Worksheet ss:Name="PNS"><Table>
  <Row><Cell><Data ss:Type="String">NIP</Data></Cell><Cell><Data ss:Type="String">NAMA</Data></Cell><Cell><Data ss:Type="String">UNIT KERJA</Data></Cell></Row>
  <Row><Cell><Data ss:Type="String">199001012015012001</Data></Cell><Cell><Data ss:Type="String">Ani Contoh</Data></Cell><Cell ss:MergeDown="1"><Data ss:Type="String">Bidang A</Data></Cell></Row>
  <Row><Cell><Data ss:Type="String">199001012015012002</Data></Cell><Cell><Data ss:Type="String">Budi Contoh</Data></Cell></Row>
 </Table></Worksheet>
 <Worksheet ss:Name="Catatan"><Table><Row><Cell><Data ss:Type="String">Diperbarui tiap bulan</Data></Cell></Row></Table></Worksheet>
 <Worksheet ss:Name="PPPK"><Table>
  <Row ss:Index="3"><Cell><Data ss:Type="String">NAMA</Data></Cell><Cell><Data ss:Type="String">NIP</Data></Cell></Row>
  <Row><Cell><Data ss:Type="String">Tri Contoh</Data></Cell><Cell><Data ss:Type="String">123</Data></Cell></Row>
 </Table></Worksheet>
 <Worksheet ss:Name="Lama"><Table/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet>
</Workbook>"#;

#[test]
fn every_sheet_is_read_or_named_and_a_refusal_says_its_sheet() {
    let office = Office::new();
    let book = office.file("pegawai.xls", BOOK);
    let said = office.import("employees", &book).expect(3);
    let report = said.json();
    assert_eq!((&report["rows"], &report["accepted"]), (&json!(3), &json!(2)), "{report}");
    assert_eq!(report["rejected"][0]["sheet"], "PPPK");
    assert_eq!(report["rejected"][0]["line"], 4);
    assert_eq!(report["sheets_read"], json!(["PNS", "PPPK"]));
    assert_eq!(report["sheets_not_read"], json!(["Catatan", "Lama"]));
    assert!(said.err.contains("Catatan, Lama"), "{}", said.err);
    let people = office.run(&["list", "employees", "--format", "json"]).expect(0).json();
    let units: Vec<_> = people.as_array().unwrap().iter().map(|row| &row["unit"]).collect();
    assert_eq!(units, ["Bidang A", "Bidang A"], "a merged cell is everybody's it lies beside");
    let one =
        office.run(&["import", "employees", book.to_str().unwrap(), "--sheet", "PNS", "--json"]);
    let report = one.expect(0).json();
    assert_eq!(report["sheet"], "PNS");
    assert_eq!(report["sheets_not_read"], json!(["Catatan", "PPPK", "Lama"]));
}

#[test]
fn a_sheet_of_a_text_is_said_not_to_be() {
    let office = Office::new();
    let list = office.file("pegawai.csv", "NIP;NAMA\n199001012015012001;Ani\n");
    let said =
        office.run(&["import", "employees", list.to_str().unwrap(), "--sheet", "PNS", "--json"]);
    assert_eq!(said.expect(1).json()["error"]["code"], "no_sheets");
}

#[test]
fn a_page_that_is_called_a_workbook_is_read() {
    let office = Office::new();
    let page = "<style>td{color:red}</style><table border=1>\
        <tr><th>NO<th>NIP<th>NAMA&nbsp;LENGKAP<th>UNIT KERJA</tr>\
        <tr><td>1<td>199001012015012001<td>Ani Contoh,<br>S.E.<td rowspan=2>Dinas A &amp; B</tr>\
        <tr><td>2<td>199001012015012002<td>Budi Contoh</tr></table>";
    let file = office.file("pegawai.xls", page);
    let report = office.import("employees", &file).expect(0).json();
    assert_eq!(report["accepted"], 2, "{report}");
    let people = office.run(&["list", "employees", "--format", "json"]).expect(0).json();
    assert_eq!(people[1]["unit"], "Dinas A & B", "{people}");
}

#[test]
fn a_list_of_ratings_is_not_taken_for_people() {
    let office = staffed();
    let file = office.file(
        "nilai.csv",
        "NIP;NAMA;KODE KOMPETENSI;LEVEL;TANGGAL;SUMBER\n\
         199001012015012001;Ani;M.1;3;2024-01-01;assessment\n",
    );
    let said = office.import("employees", &file).expect(1);
    let report = said.json();
    assert_eq!(report["error"]["code"], "other_kind");
    assert_eq!(report["rejected"], json!([]), "one message, not one a row");
    assert!(said.err.contains("kompeten import ratings"), "{}", said.err);
}

#[test]
fn a_dropped_file_is_found_where_only_it_can_be_meant() {
    let office = Office::new();
    let file = office.file("data pegawai.csv", "NIP;NAMA\n199001012015012001;Ani\n");
    let path = file.to_str().unwrap();
    for dropped in [
        path.replace(' ', "\\ "),
        format!("'{path}'"),
        format!("file://{}", path.replace(' ', "%20")),
    ] {
        let said = office.run(&["import", "employees", &dropped, "--json", "--dry-run"]);
        assert_eq!(said.expect(0).json()["accepted"], 1, "{dropped}");
    }
}

#[test]
fn a_name_is_found_however_its_apostrophe_and_accents_are_written() {
    let office = Office::new();
    let list = "NIP;NAMA\n199001012015012001;Ma’ruf Contoh\n199001012015012002;Nur'aini Contoh\n\
        199001012015012003;Renée Contoh\n199001012015012004;Renee Contoh\n";
    let file = office.file("pegawai.csv", list);
    office.import("employees", &file).expect(0);
    for (search, count) in [
        ("ma'ruf", 1),
        ("maruf", 1),
        ("nur‘aini", 1),
        ("NUR´AINI", 1),
        ("name:maʼruf", 1),
        ("renee", 2),
        ("Renée", 2),
    ] {
        let said = office.run(&["list", "employees", "--search", search, "--format", "json"]);
        let found = said.expect(0).json();
        assert_eq!(found.as_array().map(Vec::len), Some(count), "{search}");
    }
}

#[test]
fn a_unit_with_a_stroke_in_its_name_is_the_same_unit_in_another_office() {
    let list = "NIP BARU;NAMA;INSTANSI KERJA NAMA;SATUAN KERJA KERJA NAMA;UNOR NAMA\n\
        199001012015012001;Ani;Pemkab;Puskesmas A / UPT;Seksi B\n\
        199001012015012002;Budi;Pemkab;Puskesmas A;UPT\n";
    let paths = |office: &Office| {
        let units = office.run(&["list", "units", "--format", "json"]);
        let units = units.expect(0).json();
        let mut paths: Vec<String> =
            units.as_array().unwrap().iter().map(|row| row["path"].to_string()).collect();
        paths.sort();
        paths
    };
    let (first, second) = (Office::new(), Office::new());
    first.import("employees", &first.file("pegawai.csv", list)).expect(0);
    let export = first.path("ekspor.csv");
    first.run(&["export", "employees", export.to_str().unwrap()]).expect(0);
    second.import("employees", &export).expect(0);
    let mut known = paths(&first);
    assert_eq!(paths(&second), known);
    known.dedup();
    assert_eq!(known.len(), 5, "{known:?}");
}
