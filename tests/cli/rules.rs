//! Tables of rules end to end: what ships is listed with its legal basis, the office's own
//! comes in from a file, counts from its day on, and goes with one undo.

use super::office::Office;

#[test]
fn an_offices_own_table_comes_in_from_a_file_and_goes_with_one_undo() {
    let office = Office::new();
    let held = |office: &Office| office.run(&["list", "rules", "--format", "json"]).expect(0).out;
    let shipped = held(&office);
    assert!(shipped.contains("filling.MS = 80") && shipped.contains("Peraturan BKN"), "{shipped}");
    let list = office.file(
        "aturan.csv",
        "Tabel;Angka;Berlaku mulai;Dasar hukum;Terverifikasi\n\
         kategori;filling.MS = 85, filling.MMS = 70;1 Jan 2026;Perwali 1/2026;ya\n\
         IP ASN;bands.rendah = 95;1 Jan 2026;Perwali 1/2026;ya\n\
         kategori;filling.ZZ = 1;1 Feb 2026;Perwali 1/2026;ya\n\
         ramalan;a = 1;1 Jan 2026;Perwali 1/2026;ya\n",
    );
    let report = office.import("rules", &list).expect(3).json();
    assert_eq!((report["added"].clone(), report["rows"].clone()), (1.into(), 4.into()), "{report}");
    let refused = report["rejected"].as_array().unwrap();
    let codes: Vec<_> = refused.iter().map(|row| row["reason"].as_str().unwrap()).collect();
    assert_eq!(codes, ["figure_range", "figure_unknown", "not_a_choice"], "{report}");
    assert!(held(&office).contains("filling.MS = 85"));
    office.run(&["undo"]).expect(0);
    assert_eq!(held(&office), shipped);
}
