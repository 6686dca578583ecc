//! Holidays end to end: they come in from a list with their kind, stand in place of the table
//! that ships, and go again with one undo.

use super::office::Office;
use super::sample::sample;

const LIST: &str = "\
tanggal,jenis,nama\n\
2026-12-24,government,Cuti Bersama Natal\n\
25 Des 2026,Libur Nasional,Hari Raya Natal\n\
31/12/2026,Cuti Bersama,Malam Tahun Baru\n\
bukan tanggal,public,Rusak\n\
2026-08-17,entah,Kemerdekaan\n";

#[test]
fn holidays_come_in_with_their_kind_and_go_with_one_undo() {
    let office = Office::new();
    let list = office.file("libur.csv", LIST);
    let report = office.import("holidays", &list).expect(3).json();
    assert_eq!((report["added"].clone(), report["rows"].clone()), (3.into(), 5.into()));
    let lines = report["rejected"].as_array().unwrap();
    let lines: Vec<_> = lines.iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [5, 6]);
    let held = office.run(&["list", "holidays", "--format", "json"]).expect(0).out;
    assert!(held.contains("Hari Raya Natal") && held.contains("joint"), "{held}");

    // The same list again, the other way around, changes nothing.
    let other = "NAMA HARI LIBUR;TGL;KET\nHari Raya Natal;25-12-2026;x\n";
    let again = office.import("holidays", &office.file("lagi.csv", other)).expect(0).json();
    assert_eq!(again["added"], 0);
    let again = office.import("holidays", &list).expect(3).json();
    assert_eq!(again["added"], 0, "{again}");

    office.run(&["undo"]).expect(0);
    let held = office.run(&["list", "holidays", "--format", "json"]).expect(0).out;
    assert!(!held.contains("Natal"), "{held}");
}

#[test]
fn the_list_of_four_years_comes_in_whole() {
    let Some(list) = sample("libur_indonesia_2024_2027.csv") else { return };
    let office = Office::new();
    let report = office.import("holidays", &list).expect(0).json();
    assert_eq!(report["added"], 108, "{report}");
}
