//! A staff list of 69 columns as SIASN exports it (ASN.md 10), made on the fly. What an
//! import must ignore is filled as well: it is most of the bytes.

use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::people;

const HEADER: [&str; 69] = [
    "PNS ID",
    "NIP BARU",
    "NIP LAMA",
    "NAMA",
    "GELAR DEPAN",
    "GELAR BELAKANG",
    "TEMPAT LAHIR ID",
    "TEMPAT LAHIR NAMA",
    "TANGGAL LAHIR",
    "JENIS KELAMIN",
    "AGAMA ID",
    "AGAMA NAMA",
    "JENIS KAWIN ID",
    "JENIS KAWIN NAMA",
    "NIK",
    "NOMOR HP",
    "EMAIL",
    "EMAIL GOV",
    "ALAMAT",
    "NPWP NOMOR",
    "BPJS",
    "JENIS PEGAWAI ID",
    "JENIS PEGAWAI NAMA",
    "KEDUDUKAN HUKUM ID",
    "KEDUDUKAN HUKUM NAMA",
    "STATUS CPNS PNS",
    "KARTU ASN VIRTUAL",
    "NOMOR SK CPNS",
    "TANGGAL SK CPNS",
    "TMT CPNS",
    "NOMOR SK PNS",
    "TANGGAL SK PNS",
    "TMT PNS",
    "GOL AWAL ID",
    "GOL AWAL NAMA",
    "GOL AKHIR ID",
    "GOL AKHIR NAMA",
    "TMT GOLONGAN",
    "MK TAHUN",
    "MK BULAN",
    "JENIS JABATAN ID",
    "JENIS JABATAN NAMA",
    "JABATAN ID",
    "JABATAN NAMA",
    "TMT JABATAN",
    "TINGKAT PENDIDIKAN ID",
    "TINGKAT PENDIDIKAN NAMA",
    "PENDIDIKAN ID",
    "PENDIDIKAN NAMA",
    "TAHUN LULUS",
    "KPKN ID",
    "KPKN NAMA",
    "LOKASI KERJA ID",
    "LOKASI KERJA NAMA",
    "UNOR ID",
    "UNOR NAMA",
    "INSTANSI INDUK ID",
    "INSTANSI INDUK NAMA",
    "INSTANSI KERJA ID",
    "INSTANSI KERJA NAMA",
    "SATUAN KERJA INDUK ID",
    "SATUAN KERJA INDUK NAMA",
    "SATUAN KERJA KERJA ID",
    "SATUAN KERJA KERJA NAMA",
    "IS VALID NIK",
    "NAMA SEKOLAH",
    "FLAG IKD",
    "ESELON ID",
    "ESELON NAMA",
];

/// Writes a list of the first `count` people.
pub fn write(path: &Path, count: u32) {
    let mut book = Workbook::new();
    let date = Format::new().set_num_format("dd-mm-yyyy");
    let sheet = book.add_worksheet_with_constant_memory().expect("a sheet");
    for (column, name) in (0..).zip(HEADER) {
        sheet.write_string(0, column, name).expect("written");
    }
    for index in 0..count {
        row(sheet, index, &date);
    }
    book.save(path).expect("the workbook is written");
}

fn row(sheet: &mut Worksheet, index: u32, date: &Format) {
    let line = index + 1;
    let (education, title, field) = people::education(index);
    let path = people::unit_path(index);
    let post = people::position(index);
    let pppk = people::employee(index).employee.kind.code() != "PNS";
    let born = people::nip(index);
    let day = |text: &str| {
        let part = |range: std::ops::Range<usize>| text[range].parse::<u16>().unwrap_or(1);
        ExcelDateTime::from_ymd(part(0..4), part(4..6) as u8, part(6..8) as u8).expect("a date")
    };
    let kind = match post.kind.map(kompeten::domain::kinds::position::PositionKind::code) {
        Some("structural") => ("1", "Jabatan Struktural"),
        Some("functional") => ("2", "Jabatan Fungsional Tertentu"),
        _ => ("4", "Jabatan Fungsional Umum"),
    };
    let nik = format!("9999{index:012}");
    let texts: &[(&str, &str)] = &[
        ("PNS ID", &people::pns_id(index)),
        ("NIP BARU", &people::nip(index)),
        ("NAMA", &people::name(index)),
        ("GELAR BELAKANG", title),
        ("TEMPAT LAHIR NAMA", "Kota Contoh"),
        ("JENIS KELAMIN", if people::is_woman(index) { "F" } else { "M" }),
        ("AGAMA ID", "1"),
        ("AGAMA NAMA", "tidak disimpan"),
        ("JENIS KAWIN NAMA", "tidak disimpan"),
        ("NIK", &nik),
        ("NOMOR HP", &format!("08{index:010}")),
        ("EMAIL", &format!("pribadi{index}@contoh.example")),
        ("EMAIL GOV", &format!("pegawai{index}@contoh.go.id")),
        ("ALAMAT", &format!("Jalan Contoh Nomor {index}, Kelurahan Contoh, Kota Contoh")),
        ("NPWP NOMOR", &format!("NPWP{nik}")),
        ("BPJS", &format!("BPJS{nik}")),
        ("JENIS PEGAWAI NAMA", if pppk { "PPPK" } else { "PNS Daerah Kab./Kota" }),
        ("KEDUDUKAN HUKUM ID", "01"),
        ("KEDUDUKAN HUKUM NAMA", if pppk { "PPPK Aktif" } else { "Aktif" }),
        ("STATUS CPNS PNS", "P"),
        ("NOMOR SK CPNS", &format!("813/{index}/BKPSDM")),
        ("NOMOR SK PNS", &format!("821/{index}/BKPSDM")),
        ("GOL AKHIR NAMA", people::grade(index)),
        ("MK TAHUN", &people::draw(index, 17, 30).to_string()),
        ("MK BULAN", &people::draw(index, 18, 12).to_string()),
        ("JENIS JABATAN ID", kind.0),
        ("JENIS JABATAN NAMA", kind.1),
        ("JABATAN NAMA", &post.title),
        ("TINGKAT PENDIDIKAN NAMA", education),
        ("PENDIDIKAN NAMA", field),
        ("TAHUN LULUS", &(1990 + people::draw(index, 19, 30)).to_string()),
        ("KPKN NAMA", "KPPN Contoh"),
        ("LOKASI KERJA NAMA", "Kota Contoh"),
        ("UNOR NAMA", path.last().map_or("", String::as_str)),
        ("INSTANSI INDUK NAMA", &path[0]),
        ("INSTANSI KERJA NAMA", &path[0]),
        ("SATUAN KERJA INDUK NAMA", &path[1]),
        ("SATUAN KERJA KERJA NAMA", &path[1]),
        ("IS VALID NIK", "true"),
        ("NAMA SEKOLAH", "Universitas Contoh"),
        ("ESELON NAMA", if post.eselon.is_empty() { "NON" } else { &post.eselon }),
    ];
    let since = people::since(index).format("%Y%m%d").to_string();
    let dates = [
        ("TANGGAL LAHIR", day(&born)),
        ("TMT CPNS", day(&since)),
        ("TMT PNS", day(&since)),
        ("TMT GOLONGAN", day(&since)),
        ("TMT JABATAN", day(&since)),
    ];
    for (column, name) in (0..).zip(HEADER) {
        if let Some((_, text)) = texts.iter().find(|(header, _)| *header == name) {
            if !text.is_empty() {
                sheet.write_string(line, column, *text).expect("written");
            }
        } else if let Some((_, day)) = dates.iter().find(|(header, _)| *header == name) {
            sheet.write_datetime_with_format(line, column, day, date).expect("written");
        }
    }
}
