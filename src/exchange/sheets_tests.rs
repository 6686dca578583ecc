//! Files of several sheets, sheets with merged cells, and text that can be cut in several
//! ways: what is read, what is said not to be, and which line of which sheet a row is.

use std::fs::File;
use std::io::Write;

use rust_xlsxwriter::{Format, Workbook};
use zip::write::{SimpleFileOptions, ZipWriter};

use super::testing::{all, file, options, read, refused};
use super::{Destination, FileError, ReadOptions, Rejects, open};
use crate::domain::intake::{EmployeeRow, Intake, IntakeRow, RowData};

const NIPS: [&str; 4] =
    ["199001012015012001", "199001012015012002", "199001012015012003", "199001012015012004"];

fn people(rows: &[IntakeRow]) -> Vec<&EmployeeRow> {
    rows.iter()
        .map(|row| match &row.data {
            RowData::Employee(person) => &**person,
            _ => panic!("a person"),
        })
        .collect()
}

fn names(rows: &[IntakeRow]) -> Vec<&str> {
    people(rows).into_iter().map(|person| person.employee.name.as_str()).collect()
}

/// PNS and PPPK with columns of their own, a sheet of notes, an empty one and a hidden one.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let pns = book.add_worksheet().set_name("PNS").unwrap();
    pns.write(0, 0, "NIP").unwrap().write(0, 1, "NAMA").unwrap().write(0, 2, "GOL").unwrap();
    pns.write(1, 0, NIPS[0]).unwrap().write(1, 1, "Ani").unwrap().write(1, 2, "III/a").unwrap();
    pns.write(2, 0, "123").unwrap().write(2, 1, "Salah").unwrap();
    let notes = book.add_worksheet().set_name("Catatan").unwrap();
    notes.write(0, 0, "Diperbarui tiap bulan").unwrap();
    book.add_worksheet().set_name("Sheet3").unwrap();
    let hidden = book.add_worksheet().set_name("Lama").unwrap().set_hidden(true);
    hidden.write(0, 0, "NIP").unwrap().write(0, 1, "NAMA").unwrap();
    hidden.write(1, 0, NIPS[3]).unwrap().write(1, 1, "Rahasia").unwrap();
    let pppk = book.add_worksheet().set_name("PPPK").unwrap();
    pppk.write(0, 0, "DAFTAR PPPK").unwrap();
    pppk.write(2, 0, "NAMA").unwrap().write(2, 1, "NIP").unwrap().write(2, 2, "UNIT").unwrap();
    pppk.write(3, 0, "Tri").unwrap().write(3, 1, NIPS[1]).unwrap().write(3, 2, "Dinas").unwrap();
    pppk.write(4, 0, "Salah").unwrap().write(4, 1, "456").unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn every_sheet_with_the_headings_is_read_and_the_others_are_named() {
    let (source, chunk) = read(Intake::Employees, &workbook());
    assert_eq!(names(&chunk.rows), ["Ani", "Tri"]);
    let sheets = source.sheets();
    assert_eq!(sheets.read, ["PNS", "PPPK"]);
    assert_eq!(sheets.not_read, ["Catatan", "Lama"], "an empty sheet is nothing to name");
    let places: Vec<_> = refused(&chunk).iter().map(|(line, _)| sheets.place(*line)).collect();
    assert_eq!(places, [("PNS", 3), ("PPPK", 5)]);
    assert_eq!(sheets.place(chunk.rows[1].line), ("PPPK", 4));
}

#[test]
fn a_column_of_one_sheet_empties_nothing_in_another() {
    let (_folder, path) = file(&workbook());
    let mut source = open(Intake::Employees, &path, &options()).unwrap();
    let pns = source.next_chunk().unwrap().unwrap();
    assert_eq!(
        (names(&pns.rows), source.columns()),
        (vec!["Ani"], strings(&["number", "name", "grade"]))
    );
    let pppk = source.next_chunk().unwrap().unwrap();
    assert_eq!(
        (names(&pppk.rows), source.columns()),
        (vec!["Tri"], strings(&["number", "name", "unit"]))
    );
    assert!(source.next_chunk().unwrap().is_none());
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

#[test]
fn refused_rows_of_all_sheets_stand_under_one_head() {
    let (folder, path) = file(&workbook());
    let mut source = open(Intake::Employees, &path, &options()).unwrap();
    let out = folder.path().join("tolak.csv");
    let mut rejects = Rejects::create(&Destination::File(out.clone()), &source).unwrap();
    while let Some(chunk) = source.next_chunk().unwrap() {
        for (line, reason) in refused(&chunk) {
            rejects.add(&chunk, line, reason).unwrap();
            assert_eq!(source.called(&chunk, line), "Salah");
        }
    }
    rejects.finish(true).unwrap();
    let text = std::fs::read_to_string(out).unwrap();
    assert_eq!(text, "NIP,NAMA,GOL,UNIT,galat\n123,Salah,,,nip_length\n456,Salah,,,nip_length\n");
}

#[test]
fn a_sheet_that_is_named_is_read_alone_and_a_text_has_none() {
    let (_folder, path) = file(&workbook());
    let named = ReadOptions { sheet: Some("pppk".into()), ..options() };
    let mut source = open(Intake::Employees, &path, &named).unwrap();
    assert_eq!(names(&all(&mut source).unwrap().rows), ["Tri"]);
    assert_eq!(source.sheets().not_read, ["PNS", "Catatan", "Sheet3", "Lama"]);
    let (_folder, path) = file(b"nip;nama\n");
    let found = open(Intake::Employees, &path, &named).err();
    assert_eq!(found, Some(FileError::NoSheets));
}

#[test]
fn a_unit_merged_over_several_people_is_theirs_and_nobody_elses() {
    let mut book = Workbook::new();
    let list = book.add_worksheet();
    for (column, name) in (0..).zip(["NIP", "NAMA", "UNIT KERJA"]) {
        list.write(0, column, name).unwrap();
    }
    for (row, nip) in (1..).zip(NIPS) {
        list.write(row, 0, nip).unwrap().write(row, 1, format!("Orang {row}")).unwrap();
    }
    list.merge_range(1, 2, 3, 2, "Bidang A", &Format::new()).unwrap();
    let (_, chunk) = read(Intake::Employees, &book.save_to_buffer().unwrap());
    let units: Vec<_> = people(&chunk.rows).iter().map(|p| p.unit_path.join("/")).collect();
    assert_eq!(units, ["Bidang A", "Bidang A", "Bidang A", ""]);
}

/// A workbook of Excel 97: cells as rows of text, and ranges as (top, bottom, first, last).
fn old_workbook(rows: &[&[&str]], merged: &[[u16; 4]]) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    };
    let numbers =
        |numbers: &[u16]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>();
    let begin = |kind: u16| record(0x0809, &numbers(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let end = record(0x000a, &[]);
    let mut cells = Vec::new();
    for (row, texts) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*texts).filter(|(_, text)| !text.is_empty()) {
            let letters: Vec<u16> = text.encode_utf16().collect();
            let head = numbers(&[row, column, 0, letters.len() as u16]);
            cells.extend(record(0x0204, &[head, vec![1], numbers(&letters)].concat()));
        }
    }
    let ranges = [&[merged.len() as u16][..], &merged.concat()].concat();
    let sheet = [begin(0x0010), cells, record(0x00e5, &numbers(&ranges)), end.clone()].concat();
    let name = b"DUK";
    let start = begin(0x0005).len() + 4 + 8 + name.len() + end.len();
    let about = [&(start as u32).to_le_bytes()[..], &[0, 0, name.len() as u8, 0], name].concat();
    let mut stream = [begin(0x0005), record(0x0085, &about), end, sheet].concat();
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    in_container(&stream)
}

/// A stream called Workbook, alone in an OLE container.
fn in_container(stream: &[u8]) -> Vec<u8> {
    const FREE: u32 = u32::MAX;
    const END: u32 = u32::MAX - 1;
    const TABLE: u32 = u32::MAX - 2;
    let numbers =
        |numbers: &[u32]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<_>>();
    let sectors = (stream.len() / 512) as u32;
    let mut head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    head.resize(24, 0);
    head.extend([0x3e, 0, 3, 0, 0xfe, 0xff, 9, 0, 6, 0, 0, 0, 0, 0, 0, 0]);
    head.extend(numbers(&[0, 1, 1, 0, 4096, END, 0, END, 0, 0]));
    head.resize(512, 0xff);
    let mut table = vec![TABLE, END];
    table.extend((3..2 + sectors).chain([END]));
    table.resize(128, FREE);
    let entry = |name: &str, kind: u8, below: u32, start: u32, size: usize| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = entry.len() as u8 + 2;
        entry.resize(64, 0);
        entry.extend([length, 0, kind, 1]);
        entry.extend(numbers(&[FREE, FREE, below]));
        entry.resize(116, 0);
        entry.extend(numbers(&[start, size as u32, 0]));
        entry
    };
    let folder =
        [entry("Root Entry", 5, 1, END, 0), entry("Workbook", 2, FREE, 2, stream.len())].concat();
    let folder = [folder, vec![0; 256]].concat();
    [head, numbers(&table), folder, stream.to_vec()].concat()
}

#[test]
fn cells_merged_in_an_old_workbook_are_merged_here() {
    let rows: [&[&str]; 6] = [
        &["DAFTAR URUT KEPANGKATAN"],
        &["NAMA", "NIP", "JABATAN", "", "UNIT KERJA"],
        &["", "", "NAMA", "TMT", ""],
        &["Ani", NIPS[0], "Camat", "02-01-2021", "Bidang A"],
        &["Tri", NIPS[1], "Analis", "", ""],
        &["Eka", NIPS[2], "Arsiparis", "", ""],
    ];
    let merged =
        [[0, 0, 0, 4], [1, 2, 0, 0], [1, 2, 1, 1], [1, 1, 2, 3], [1, 2, 4, 4], [3, 4, 4, 4]];
    let (source, chunk) = read(Intake::Employees, &old_workbook(&rows, &merged));
    assert_eq!(names(&chunk.rows), ["Ani", "Tri", "Eka"]);
    let found = people(&chunk.rows);
    let units: Vec<_> = found.iter().map(|person| person.unit_path.join("/")).collect();
    assert_eq!(units, ["Bidang A", "Bidang A", ""]);
    let posts: Vec<_> =
        found.iter().filter_map(|p| p.position.as_ref()).map(|p| p.title.as_str()).collect();
    assert_eq!(posts, ["Camat", "Analis", "Arsiparis"]);
    assert_eq!(found[0].employee.position_since, "2021-01-02".parse().ok());
    assert_eq!(
        (source.ignored_columns(), source.sheets().read.clone()),
        (Vec::new(), strings(&["DUK"]))
    );
}

#[test]
fn cells_merged_in_libreoffice_are_merged_here() {
    let cell = |text: &str, merged: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"{merged}><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let person = |nip: &str, name: &str, unit: &str| {
        format!("<table:table-row>{}{}{unit}</table:table-row>", cell(nip, ""), cell(name, ""))
    };
    let covered = "<table:covered-table-cell/>";
    let down = " table:number-rows-spanned=\"2\" table:number-columns-spanned=\"1\"";
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\">\
         <office:body><office:spreadsheet><table:table table:name=\"Lain\"/>\
         <table:table table:name=\"Data\">\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>\
         <table:table-row>{}{}{}</table:table-row>{}{}{}</table:table></office:spreadsheet>\
         </office:body></office:document-content>",
        cell("NIP", ""),
        cell("NAMA", ""),
        cell("UNIT KERJA", ""),
        person(NIPS[0], "Ani", &cell("Bidang A", down)),
        person(NIPS[1], "Tri", covered),
        person(NIPS[2], "Eka", "<table:table-cell/>"),
    );
    let (_folder, path) = file(&[]);
    let mut zip = ZipWriter::new(File::create(&path).unwrap());
    let manifest = "<manifest:manifest \
        xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_str()),
        ("META-INF/manifest.xml", manifest),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let mut source = open(Intake::Employees, &path, &options()).unwrap();
    let chunk = all(&mut source).unwrap();
    let units: Vec<_> = people(&chunk.rows).iter().map(|p| p.unit_path.join("/")).collect();
    assert_eq!(units, ["Bidang A", "Bidang A", ""]);
    assert_eq!(chunk.rows[1].line, 5);
}

#[test]
fn the_headings_decide_what_cuts_a_line_into_cells() {
    let nip = NIPS[0];
    for (text, name) in [
        (
            format!("NIP;NAMA\n{nip};Pegawai, S.Kom., M.M.\n{};Dua, S.E., M.M.\n", NIPS[1]),
            "Pegawai, S.Kom., M.M.",
        ),
        (
            format!("DAFTAR; PEGAWAI; KAB; CONTOH; 2024\nNIP,NAMA\n{nip},\"A; B; C; D; E\"\n"),
            "A; B; C; D; E",
        ),
        (format!("NIP|NAMA\n{nip}|Ani, S.E.\n"), "Ani, S.E."),
        (format!("sep=;\r\nNIP;NAMA\r\n{nip};Ani, S.E.\r\n"), "Ani, S.E."),
        (format!("NIP;NAMA\r{nip};Ani, S.E.\r"), "Ani, S.E."),
        (format!("NIP, NAMA\n{nip}, \"Siti, S.E.\"\n"), "Siti, S.E."),
        (format!("\"NIP,NAMA\"\n\"{nip},\"\"Siti, S.E.\"\"\"\n"), "Siti, S.E."),
        (format!("\"NIP;NAMA\",,\n\"{nip};Siti, S.E.\",,\n"), "Siti, S.E."),
    ] {
        let (_, chunk) = read(Intake::Employees, text.as_bytes());
        assert_eq!(names(&chunk.rows).first(), Some(&name), "{text}");
    }
}

#[test]
fn a_file_of_another_kind_is_known_by_its_headings() {
    let nip = NIPS[0];
    let ratings = format!(
        "NIP;NAMA;KODE KOMPETENSI;LEVEL;TANGGAL;SUMBER\n{nip};Ani;M.1;3;2024-01-01;assessment\n"
    );
    let people = format!("NIP;NAMA;GOL;JABATAN\n{nip};Ani;III/a;Camat\n");
    let kind = |intake, text: &str| {
        let (_folder, path) = file(text.as_bytes());
        open(intake, &path, &options()).map(|_| ()).err()
    };
    let other = |kind| Some(FileError::OtherKind { kind });
    assert_eq!(kind(Intake::Employees, &ratings), other(Intake::Ratings));
    assert_eq!(kind(Intake::Ratings, &people), other(Intake::Employees));
    let without_source = ratings.replace(";SUMBER", "").replace(";assessment", "");
    assert_eq!(kind(Intake::Employees, &without_source), other(Intake::Ratings));
    let missing = kind(Intake::Ratings, &without_source);
    assert!(matches!(missing, Some(FileError::ColumnsMissing { .. })), "{missing:?}");
    for nobody in [
        "NAMA;KODE KOMPETENSI;LEVEL;TANGGAL;SUMBER\nAni;M.1;3;2024-01-01;assessment\n",
        "NO;NAMA PEGAWAI;UNIT KERJA;KODE;KOMPETENSI;LEVEL\n1;Ani;Dinas;M.1;Integritas;3\n",
    ] {
        let missing = kind(Intake::Ratings, nobody);
        let Some(FileError::ColumnsMissing { fields, candidates }) = missing else {
            panic!("{nobody}: {missing:?}")
        };
        assert!(fields[0].contains("nip"), "{fields:?}");
        assert!(candidates.iter().any(|name| name.starts_with("NAMA")), "{candidates:?}");
    }
    let dictionary = "KODE;KOMPETENSI;LEVEL;INDIKATOR\nM.1;Integritas;1;jujur\n";
    assert_eq!(kind(Intake::Ratings, dictionary), other(Intake::Competencies));
    assert_eq!(kind(Intake::Employees, dictionary), other(Intake::Competencies));
    let codes = format!("KODE;NAMA;NIP\n7;Ani;{nip}\n");
    assert_eq!(kind(Intake::Employees, &codes), None);
    assert_eq!(kind(Intake::Ratings, &ratings), None);
    assert_eq!(kind(Intake::Employees, &people), None);
}

/// What an import makes of a text: nothing amiss, or why not.
fn amiss(intake: Intake, text: &str) -> Option<FileError> {
    let (_folder, path) = file(text.as_bytes());
    open(intake, &path, &options()).map(|_| ()).err()
}

#[test]
fn ratings_in_whatever_words_are_not_taken_for_people() {
    let ratings = Some(FileError::OtherKind { kind: Intake::Ratings });
    let rows = |cells: [&str; 3]| -> String {
        let row = |(nip, cell): (&&str, &str)| format!("{nip};Ani;Camat;Dinas;III/a;{cell}\n");
        NIPS.iter().zip(cells).map(row).collect()
    };
    let heads = "NIP;NAMA;JABATAN;UNIT KERJA;GOL";
    for (more, cells) in [
        ("KOMPETENSI;NILAI", ["Integritas;3", "Kerja Sama;2", "Komunikasi;4"]),
        ("KODE;SKOR", ["M.1;3", "M.1;2", "M.1;4"]),
        ("Kode Kompetensi;Tingkat", ["M.1;3", "M.2;2", "SK.1;4"]),
        ("kode_kompetensi;skor", ["T.1;85", "T.2;70", "T.3;90"]),
        ("Nama Kompetensi;Level Kompetensi", ["Integritas;3", "Integritas;3", "Integritas;1"]),
        ("M.1;M.2", ["3;2", "4;3", "1;5"]),
        ("Integritas;Kerja Sama;Komunikasi;SK.1", ["3;2;4;3", "4;3;3;3", "1;5;2;2"]),
        ("M1 Integritas;SK1 (Perekat Bangsa);M-4", ["3;2;4", ";3;3", "1;;2"]),
        ("Aspek Kompetensi;Capaian Level", ["M.1;Level 3", "M.1;Level 2", "M.2;Level 4"]),
        ("Unsur Kompetensi;Skor", ["Integritas;3 (Baik)", "Komunikasi;2", "Integritas;4"]),
        ("MANAJERIAL 1 / M.1;M.2;M.3", ["3,0;2,5;4", "1;3;3", "1;2;2"]),
    ] {
        let text = format!("{heads};{more}\n{}", rows(cells));
        assert_eq!(amiss(Intake::Employees, &text), ratings, "{more}");
    }
    let under = format!(
        "NIP;NAMA;JABATAN;KOMPETENSI MANAJERIAL;;\n;;;Integritas;Kerja Sama;Komunikasi\n{}",
        NIPS.map(|nip| format!("{nip};Ani;Camat;3;2;4\n")).concat()
    );
    assert_eq!(amiss(Intake::Employees, &under), ratings, "headings over two rows");
    // A person in several rows, whatever the office calls its competencies.
    let again = format!(
        "NIP;NAMA;JABATAN;UNIT KERJA;KOMPETENSI;NILAI\n{nip};Ani;Camat;Dinas;Adminduk;3\n\
         {nip};Ani;Camat;Dinas;Perizinan;2\n",
        nip = NIPS[0]
    );
    assert_eq!(amiss(Intake::Employees, &again), ratings);
    // People with something that is called so, and with one figure besides, are people.
    for (more, cells) in [
        ("KOMPETENSI;NILAI SKP", ["Adminduk;90", "Perizinan;85", "Arsip;80"]),
        ("KOMPETENSI;NILAI", ["80;90", "70;85", "60;80"]),
        ("KODE;NILAI", ["A1;90", "A2;85", "A3;80"]),
        ("LEVEL;TINGKAT", ["S1;3", "S2;2", "SMA;1"]),
        ("M.1", ["3", "2", "1"]),
        ("Integritas", ["baik", "baik", "cukup"]),
    ] {
        let text = format!("{heads};{more}\n{}", rows(cells));
        assert_eq!(amiss(Intake::Employees, &text), None, "{more}");
    }
    // A certificate may name a competency and a mark.
    let certificates = format!(
        "NIP;NAMA SERTIFIKAT;KOMPETENSI;NILAI;TANGGAL TERBIT\n{};K3;Integritas;90;2026-01-02\n",
        NIPS[0]
    );
    assert_eq!(amiss(Intake::Certificates, &certificates), None);
    // So is a table with a column a competency, once it says of which day it is.
    let table = format!("NIP;NAMA;TANGGAL;SUMBER;M.1;M.2\n{};Ani;2026-01-02;asesor;3;2\n", NIPS[0]);
    assert_eq!(amiss(Intake::Ratings, &table), None);
    let text = format!(
        "NIP;KOMPETENSI;NILAI;SUMBER;TANGGAL\n{};Integritas;3;asesor;2026-01-02\n",
        NIPS[0]
    );
    assert_eq!(amiss(Intake::Ratings, &text), None);
}

#[test]
fn names_of_people_beside_codes_are_no_dictionary() {
    let both = [Intake::Employees, Intake::Competencies];
    let ratings = Some(FileError::OtherKind { kind: Intake::Ratings });
    for text in [
        "NAMA;KODE KOMPETENSI;LEVEL\nAni Contoh;M.1;3\nBudi Contoh;M.1;2\nTri Contoh;M.1;4\n",
        "NAMA;KODE KOMPETENSI;LEVEL\nAni Contoh, S.E.;M.1;3\nAni Contoh, S.E.;M.2;2\n",
        "NAMA PEGAWAI;KODE;NILAI\nAni;M.1;3\nBudi;M.1;2\nAni;M.2;1\nBudi;M.2;2\n",
        "NAMA;NIP;KODE KOMPETENSI;LEVEL\nAni;199001012015012001;M.1;3\n",
    ] {
        assert_eq!(
            both.map(|intake| amiss(intake, text)),
            [ratings.clone(), ratings.clone()],
            "{text}"
        );
    }
    // What may be either is asked for by the field and its column.
    for either in [
        "NAMA;KODE KOMPETENSI;LEVEL\nAni Contoh, S.E.;M.1;3\nBudi Contoh;M.2;4\n",
        "NAMA;KODE;NILAI;LEVEL\nAni;M.1;3;3\nBudi;M.2;4;3\n",
    ] {
        let missing = amiss(Intake::Competencies, either);
        assert!(matches!(missing, Some(FileError::ColumnsMissing { .. })), "{missing:?}");
    }
    let either = "NAMA;KODE KOMPETENSI;LEVEL\nAdminduk;T.1;3\nPerizinan;T.2;4\n";
    let Some(FileError::ColumnsMissing { fields, candidates }) =
        amiss(Intake::Competencies, either)
    else {
        panic!("asked for")
    };
    assert_eq!((fields, candidates), (strings(&["name"]), strings(&["NAMA"])));
    let missing = amiss(Intake::Employees, either);
    assert!(matches!(missing, Some(FileError::ColumnsMissing { .. })), "{missing:?}");
    let (_folder, path) = file(either.as_bytes());
    let map = vec![("name".to_string(), "NAMA".to_string())];
    assert!(open(Intake::Competencies, &path, &ReadOptions { map, ..options() }).is_ok());
    for dictionary in [
        "KODE KOMPETENSI;NAMA;LEVEL\nM.1;Integritas;1\nM.1;Integritas;2\nM.2;Kerja Sama;1\n",
        "KODE KOMPETENSI;NAMA;LEVEL;DESKRIPSI\nM.1;Integritas;1;jujur\n",
        "NAMA;KODE KOMPETENSI;LEVEL\nIntegritas;M.1;3\nKerja Sama;M.2;4\n",
        "KODE;NAMA KOMPETENSI;LEVEL\nM.1;Integritas;1\nM.2;Kerja Sama;1\n",
        "KODE;NAMA\nM.1;Integritas\nM.2;Kerja Sama\n",
    ] {
        assert_eq!(amiss(Intake::Competencies, dictionary), None, "{dictionary}");
    }
}
