use super::super::reader::reader;
use super::super::sheet::Merge;
use super::super::testing::options;
use super::*;
use crate::domain::intake::Intake;

fields! {
    enum Col {
        Number "nip" ["nip baru", "nip", "nomor nip", "nip *"],
        Name "name" ["nama"],
        Local "local_number" ["local number"],
    }
}

const WANTED: Wanted =
    Wanted { table: Col::TABLE, anchors: &[0, 1], needed: &[&[Col::Number as usize, 2]] };

fn row(line: u32, cells: &[&str]) -> SheetRow {
    let cell = |text: &&str| {
        if text.is_empty() { SheetCell::Empty } else { SheetCell::Text((*text).to_string()) }
    };
    SheetRow::new(line, cells.iter().map(cell).collect())
}

fn map(field: &str, column: &str) -> Vec<(String, String)> {
    vec![(field.to_string(), column.to_string())]
}

#[test]
fn the_header_is_found_below_titles_and_however_it_is_written() {
    let rows = [
        row(1, &["DAFTAR NAMA PEGAWAI"]),
        row(3, &["No.", "N A M A", "N.I.P. ", "'Nip_Baru", "NIK"]),
        row(4, &["1", "Budi", "x", "y", "z"]),
    ];
    let (header, above) = find(&rows, &WANTED, &[]).unwrap();
    assert_eq!((header.line, above), (3, 2));
    assert_eq!(header.name(Col::Number), "Nip_Baru");
    assert_eq!(header.ignored(), ["No.", "N.I.P.", "NIK"]);
    assert_eq!(header.cell(&rows[2], Col::Name), &SheetCell::Text("Budi".into()));
}

#[test]
fn a_header_of_two_rows_is_read_as_one() {
    let rows = [row(1, &["NAMA", "NOMOR"]), row(2, &["", "NIP", "KARPEG"]), row(3, &["a", "b"])];
    let (header, above) = find(&rows, &WANTED, &[]).unwrap();
    assert_eq!((header.line, above), (2, 2));
    assert!(header.has(Col::Name) && header.has(Col::Number));
}

#[test]
fn headings_of_a_second_line_of_each_person_are_no_person() {
    for below in [&["", "", "", "TMT", "TMT"][..], &["", "", "", "TMT", ""]] {
        let rows = [
            row(1, &["NO", "NAMA", "NIP", "GOL", "JABATAN"]),
            row(2, below),
            row(3, &["1", "Ani", "198502022010022901", "III/a", "Lurah"]),
            row(4, &["", "", "", "01-04-2020", "02-01-2021"]),
        ];
        let (header, above) = staff_mapped(&rows, &[]).unwrap();
        let fields = ["name", "nip", "grade", "position"];
        assert_eq!((above, places(&header, &fields)), (2, [1, 2, 3, 4].map(Some).to_vec()));
        assert!(header.speaks_of_since(3) && !header.speaks_of_since(1));
    }
}

#[test]
fn a_group_over_groups_that_only_puts_things_in_order_hides_none_of_them() {
    let rows = |outer: &str| {
        [
            merged(1, &["NAMA", "NIP", outer, "", "", ""], &[(2, 5)]),
            merged(2, &["", "", "PANGKAT", "", "JABATAN", ""], &[(2, 3), (4, 5)]),
            row(3, &["", "", "GOL", "TMT", "NAMA", "TMT"]),
            row(4, &["Ani", "198502022010022901", "III/a", "01-04-2020", "Lurah", "02-01-2021"]),
        ]
    };
    let fields = ["grade", "grade_since", "position", "position_since"];
    for outer in ["DATA KEPEGAWAIAN", "KONDISI TERKINI", "POSISI"] {
        let (header, above) = staff_mapped(&rows(outer), &[]).unwrap();
        assert_eq!(
            (above, places(&header, &fields)),
            (3, [2, 3, 4, 5].map(Some).to_vec()),
            "{outer}"
        );
    }
    for outer in ["RIWAYAT", "DATA ATASAN", "USULAN MUTASI"] {
        let (header, _) = staff_mapped(&rows(outer), &[]).unwrap();
        assert_eq!(places(&header, &fields), [None; 4], "{outer}");
    }
}

#[test]
fn of_two_columns_with_one_name_the_first_counts() {
    let rows = [row(1, &["NIP", "NAMA", "NAMA"])];
    let (header, _) = find(&rows, &WANTED, &[]).unwrap();
    assert_eq!(header.kept(), [0, 1]);
    assert_eq!(header.ignored(), ["NAMA"]);
}

#[test]
fn the_officer_can_say_which_column_is_which() {
    let rows = [row(1, &["Kode", "NIP", "NAMA"])];
    let (header, _) = find(&rows, &WANTED, &map("local_number", "KODE")).unwrap();
    assert_eq!(header.name(Col::Local), "Kode");
    let (header, _) = find(&rows, &WANTED, &map("local_number", "nip")).unwrap();
    assert!(!header.has(Col::Number), "a column is one field's");
    assert!(matches!(
        find(&rows, &WANTED, &map("nama", "NIP")),
        Err(FileError::MapField { known, .. }) if known == ["nip", "name", "local_number"]
    ));
    assert!(matches!(
        find(&rows, &WANTED, &map("name", "Pegawai")),
        Err(FileError::MapColumn { known, .. }) if known == ["Kode", "NIP", "NAMA"]
    ));
}

#[test]
fn a_sheet_without_a_header_or_without_a_needed_column_is_refused() {
    assert_eq!(find(&[row(1, &["a", "b"])], &WANTED, &[]).err(), Some(FileError::NoHeader));
    assert_eq!(
        find(&[row(1, &["NAMA", "b"])], &WANTED, &[]).err(),
        Some(FileError::ColumnsMissing {
            fields: vec!["nip|local_number".into()],
            candidates: vec!["b".into()]
        })
    );
}

/// A row with cells merged sideways over these columns.
fn merged(line: u32, cells: &[&str], over: &[(usize, usize)]) -> SheetRow {
    let merges = over.iter().map(|(first, last)| Merge { first: *first, last: *last, top: line });
    SheetRow { merges: merges.collect(), ..row(line, cells) }
}

fn staff(rows: &[SheetRow]) -> Header {
    staff_mapped(rows, &[]).unwrap().0
}

fn staff_mapped(rows: &[SheetRow], map: &[(&str, &str)]) -> Result<(Header, usize), FileError> {
    let def = Intake::Employees.def();
    let reader = reader(&def, &options().lexicon);
    let needed = reader.needed();
    let wanted = Wanted { table: reader.table(), anchors: reader.anchors(), needed: &needed };
    let map: Vec<_> = map.iter().map(|(f, c)| (f.to_string(), c.to_string())).collect();
    find(rows, &wanted, &map)
}

fn places(header: &Header, fields: &[&str]) -> Vec<Option<usize>> {
    fields.iter().map(|field| header.place_of(field)).collect()
}

const PERSON: &[&str] =
    &["1", "Siti", "198502022010022901", "III/d", "01-04-2020", "Camat", "02-01-2021"];

#[test]
fn a_group_reaches_over_its_sub_headings_whether_it_is_merged_or_not() {
    let over = ["NO", "NAMA", "NIP", "PANGKAT", "", "JABATAN", ""];
    let below = ["", "", "", "GOL", "TMT", "NAMA", "TMT"];
    let fields = ["name", "nip", "grade", "grade_since", "position", "position_since"];
    for above in [row(5, &over), merged(5, &over, &[(3, 4), (5, 6)])] {
        let rows = [row(1, &["DAFTAR URUT KEPANGKATAN"]), above, row(6, &below), row(7, PERSON)];
        let header = staff(&rows);
        assert_eq!(places(&header, &fields), [1, 2, 3, 4, 5, 6].map(Some));
        assert_eq!(header.names[4..6], ["PANGKAT TMT", "JABATAN NAMA"]);
        assert!(header.is_repeated(&rows[1]) && header.is_repeated(&rows[2]));
        assert_eq!(header.ignored(), ["NO"]);
    }
    // The same filled downwards, as a workbook hands it over.
    let rows = [
        merged(5, &over, &[(0, 0), (1, 1), (2, 2), (3, 4), (5, 6)]),
        row(6, &["NO", "NAMA", "NIP", "GOL", "TMT", "NAMA", "TMT"]),
        row(7, PERSON),
    ];
    assert_eq!(places(&staff(&rows), &fields), [1, 2, 3, 4, 5, 6].map(Some));
}

#[test]
fn a_bare_sub_heading_below_a_group_is_never_a_person() {
    // Whoever only has posts and courses with names has no name.
    let rows = [
        row(1, &["NIP", "JABATAN", "", "DIKLAT", ""]),
        row(2, &["", "NAMA", "TMT", "NAMA", "TAHUN"]),
        row(3, &["198502022010022901", "Camat", "01-04-2020", "PIM III", "2015"]),
    ];
    let header = staff(&rows);
    let fields = ["nip", "name", "position", "position_since", "grade_since"];
    assert_eq!(places(&header, &fields), [Some(0), None, Some(1), Some(2), None]);
    assert_eq!(header.ignored(), ["DIKLAT NAMA", "DIKLAT TAHUN"]);
}

#[test]
fn three_rows_are_one_header_and_a_title_right_above_is_none() {
    let rows = [
        row(1, &["IDENTITAS", "", "DATA JABATAN", "", ""]),
        row(2, &["NAMA", "NIP", "JABATAN", "", "ESELON"]),
        row(3, &["", "", "NAMA", "TMT", ""]),
        row(4, &["Siti", "198502022010022901", "Camat", "02-01-2021", "III.a"]),
    ];
    let fields = ["name", "nip", "position", "position_since", "eselon"];
    assert_eq!(places(&staff(&rows), &fields), [0, 1, 2, 3, 4].map(Some));
    for title in [&["DINAS CONTOH", "", "Tahun 2025"][..], &["", "DAFTAR PEGAWAI"], &["Lampiran I"]]
    {
        let rows = [
            row(1, title),
            row(2, &["NIP", "NAMA", "JABATAN"]),
            row(3, &["198502022010022901", "Siti", "Camat"]),
        ];
        let header = staff(&rows);
        assert_eq!(places(&header, &["nip", "name", "position"]), [0, 1, 2].map(Some), "{title:?}");
        assert_eq!(header.names, ["NIP", "NAMA", "JABATAN"]);
    }
}

#[test]
fn what_stands_in_a_column_tells_which_of_two_is_the_nip() {
    let rows = [
        row(1, &["NIP", "NIP Pegawai (18 digit)", "NAMA"]),
        row(2, &["480123456", "198502022010022901", "Siti"]),
        row(3, &["480123457", "198503032010031902", "Budi"]),
    ];
    assert_eq!(places(&staff(&rows), &["nip"]), [Some(1)]);
    let rows = [row(1, &["NIP Sementara", "NAMA"]), row(2, &["198502022010022901", "Siti"])];
    assert_eq!(places(&staff(&rows), &["nip"]), [Some(0)], "its cells say so");
    let rows = [
        row(1, &["NO", "NAMA", "JABATAN"]),
        row(2, &["1", "Siti\nNIP. 198502022010022901", "Camat"]),
    ];
    assert_eq!(places(&staff(&rows), &["name", "name_and_nip"]), [None, Some(1)]);
}

#[test]
fn without_a_nip_the_columns_that_may_be_it_are_named_once() {
    for (heading, candidate) in [
        ("NIP ATASAN", "NIP ATASAN"),
        ("Kode", "Kode"),
        ("", "2"),
        ("Nomor Identitas", "Nomor Identitas"),
    ] {
        let rows = [
            row(1, &["NO", heading, "NAMA", "KET"]),
            row(2, &["1", "198502022010022901", "Siti", ""]),
        ];
        let FileError::ColumnsMissing { fields, candidates } =
            staff_mapped(&rows, &[]).err().unwrap()
        else {
            panic!("{heading}");
        };
        assert_eq!(fields, ["nip|name_and_nip|local_number"]);
        assert_eq!(candidates, [candidate]);
    }
}

#[test]
fn a_list_without_headings_is_mapped_by_place() {
    let rows = [
        row(1, &["DAFTAR PEGAWAI"]),
        row(2, &["Urut", "Nomor", "Orang"]),
        row(3, &["1", "198502022010022901", "Siti"]),
        row(4, &["2", "198503032010031902", "Budi"]),
    ];
    let by_place = [("nip", "2"), ("name", "3")];
    let (header, above) = staff_mapped(&rows, &by_place).unwrap();
    assert_eq!((header.line, above), (0, 2), "titles stand above the first number");
    assert_eq!(places(&header, &["nip", "name"]), [Some(1), Some(2)]);
    assert_eq!((header.name(0_usize), header.ignored()), ("2", Vec::new()));
    let (header, above) = staff_mapped(&rows[2..], &by_place).unwrap();
    assert_eq!((header.line, above), (0, 0));
    // Where there are headings a place counts among them.
    let rows =
        [row(1, &["Kode", "NAMA", "JABATAN"]), row(2, &["198502022010022901", "Siti", "Camat"])];
    let (header, above) = staff_mapped(&rows, &[("nip", "1")]).unwrap();
    assert_eq!((header.line, above, header.name(0_usize)), (1, 1, "Kode"));
    assert!(matches!(
        staff_mapped(&rows, &[("nip", "9")]),
        Err(FileError::MapColumn { column, .. }) if column == "9"
    ));
}

/// Thirty rows of words in a hundred columns, as no list has them.
fn wide(word: impl Fn(usize, usize) -> String) -> Vec<SheetRow> {
    let cells = |row: usize| (0..100).map(|at| SheetCell::Text(word(row, at))).collect();
    (0..30).map(|row| SheetRow::new(row as u32 + 1, cells(row))).collect()
}

#[test]
fn a_sheet_of_nothing_but_headings_is_looked_at_no_further_than_a_wide_list() {
    let letters = |number: usize| -> String {
        let digit = |place: u32| char::from(b'a' + (number / 26_usize.pow(place) % 26) as u8);
        (0..4).map(digit).collect()
    };
    let speaking = wide(|row, at| format!("NAMA JABATAN {}", letters(row * 1000 + at)));
    let long = wide(|row, at| format!("{} nip/gol ", letters(row * 100 + at)).repeat(40));
    let reader = reader(&Intake::Employees.def(), &options().lexicon);
    let needed = reader.needed();
    let wanted = Wanted { table: reader.table(), anchors: reader.anchors(), needed: &needed };
    for rows in [&speaking, &long] {
        let (headings, compared) = finder::looked_at(rows, &wanted).unwrap();
        assert!(headings == 2000, "{headings}");
        assert!(compared <= headings * 80, "{compared} of {headings}");
    }
}
