//! Certificates end to end: they come in from a list, are reported with the expired first,
//! and go again with one undo.

use super::office::{Office, STAFF};

const LIST: &str = "\
NIP;Nama Sertifikat;Nomor Sertifikat;Penerbit;Tanggal Terbit;Berlaku Sampai;Program\n\
198001012005012901;Ahli K3;K3-1;Kemnaker;02-03-2020;02-03-2023;\n\
199002012015121902;Barang dan Jasa;PBJ-7;LKPP;2020-01-05;31/12/2099;\n\
199503012022211903;Bendahara;B-9;LAN;05-01-2026;;\n\
197001012005012999;Asing;X;LAN;05-01-2026;;\n\
198001012005012901;Besok;Y;LAN;05-01-2099;;\n";

#[test]
fn certificates_come_in_from_a_list_and_the_expired_are_named_first() {
    let office = Office::new();
    office.import("employees", &office.file("pegawai.csv", STAFF)).expect(0);
    let list = office.file("sertifikat.csv", LIST);
    let report = office.import("certificates", &list).expect(3).json();
    assert_eq!((report["added"].clone(), report["rows"].clone()), (3.into(), 5.into()));
    let rejected: Vec<_> = report["rejected"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["line"].as_u64().unwrap(), row["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(rejected, [(5, "employee_unknown"), (6, "date_future")]);

    let again = office.import("certificates", &list).expect(3).json();
    assert_eq!(
        (again["unchanged"].clone(), again["seq"].clone()),
        (3.into(), serde_json::Value::Null)
    );

    let report = ["report", "certificates", "--within", "30", "--format", "json"];
    let report = office.run(&report).expect(0).json();
    let rows = report["rows"].as_array().unwrap();
    let told: Vec<_> =
        rows.iter().map(|row| (row["certificate"].as_str(), row["state"].as_str())).collect();
    assert_eq!(
        told,
        [
            (Some("Ahli K3"), Some("expired")),
            (Some("Barang dan Jasa"), Some("valid")),
            (Some("Bendahara"), Some("valid")),
        ]
    );
    assert_eq!(
        (&rows[0]["nip"], &rows[0]["number"]),
        (&"198001012005012901".into(), &"K3-1".into())
    );
    assert!(rows[0]["days_left"].as_i64().unwrap() < 0 && rows[2]["days_left"].is_null());

    let copy = ["person", "export", "198001012005012901", "--format", "json"];
    let copy = office.run(&copy).expect(0).json();
    assert_eq!(copy["certificates"][0]["number"], "K3-1", "in the person's copy, too");

    office.run(&["undo"]).expect(0);
    let report = office.run(&["report", "certificates", "--format", "json"]).expect(0).json();
    assert_eq!(report["rows"].as_array().unwrap().len(), 0);
}
