use super::super::testing::{all, expected, options, read, read_with, refused, sample, warned};
use super::super::{Chunk, SourceFile, open};
use super::*;
use crate::domain::intake::{Intake, RowData};
use crate::domain::kinds::employee::{EmploymentKind, Status};
use crate::domain::kinds::position::PositionKind;

const NIP: &str = "199001012015012001";
const PPPK: &str = "200012312024211001";

fn people(chunk: &Chunk) -> Vec<&EmployeeRow> {
    chunk
        .rows
        .iter()
        .filter_map(|row| match &row.data {
            RowData::Employee(person) => Some(&**person),
            _ => None,
        })
        .collect()
}

fn import(text: &str) -> Chunk {
    read(Intake::Employees, text.as_bytes()).1
}

#[test]
fn the_sample_staff_files_are_read_as_expected() {
    for name in ["siasn_kecamatan_plaju.csv", "siasn_kota_5000.xlsx"] {
        let Some(path) = sample(name) else { continue };
        let want = expected(&path);
        let mut source = open(Intake::Employees, &path, &options()).unwrap();
        let chunk = all(&mut source).unwrap();
        assert_eq!(u64::from(chunk.lines_read), want["rows"].as_u64().unwrap(), "{name}");
        assert_eq!(chunk.rows.len() as u64, want["accepted"].as_u64().unwrap(), "{name}");
        let mut rejected: Vec<(u32, String)> = want["rejected"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(line, reason)| (line.parse().unwrap(), reason.as_str().unwrap().to_string()))
            .collect();
        rejected.sort();
        let found: Vec<_> =
            refused(&chunk).into_iter().map(|(line, r)| (line, r.to_string())).collect();
        assert_eq!(found, rejected, "{name}");
        let everything = format!("{chunk:?}");
        for secret in want["must_not_be_stored"].as_array().unwrap() {
            assert!(!everything.contains(secret.as_str().unwrap()), "{name}: {secret}");
        }
        assert!(!everything.contains("contoh.example"), "private e-mail");
        for column in ["NIK", "EMAIL", "AGAMA NAMA", "ALAMAT"] {
            assert!(source.ignored_columns().iter().any(|ignored| ignored == column));
        }
        let people = people(&chunk);
        let mila = people.iter().find(|p| p.employee.name == "MILA MELANI").unwrap();
        assert_eq!(mila.employee.back_title, "S.Kom.");
        assert_eq!(mila.employee.grade.unwrap().to_string(), "III/d");
        assert_eq!(mila.employee.grade_since, "2023-10-01".parse().ok());
        assert_eq!(mila.employee.birth_date, "1985-10-08".parse().ok());
        assert_eq!(
            (mila.employee.service_years, mila.employee.service_months),
            (Some(13), Some(9))
        );
        assert_eq!(mila.employee.graduation_year, Some(2008));
        assert_eq!(mila.unit_path, ["Pemerintah Kota Contoh", "Kecamatan Plaju"]);
        assert_eq!(mila.unit_code, "08ea7945-4394-911e-7276-b3d12a19b709");
        let post = mila.position.as_ref().unwrap();
        assert_eq!(
            (post.title.as_str(), post.kind, post.eselon.as_str()),
            ("Sekretaris Kecamatan", Some(PositionKind::Structural), "III.b")
        );
        let kinds = |kind| people.iter().filter(|p| p.employee.kind == kind).count();
        assert!(kinds(EmploymentKind::Pppk) > 0 && kinds(EmploymentKind::PppkPartTime) > 0);
        assert!(people.iter().any(|p| p.unit_path.len() == 3), "{name}");
    }
}

#[test]
fn the_first_reason_in_order_is_the_one_given() {
    let chunk = import(&format!(
        "NAMA;NIP BARU;TMT GOLONGAN\n\
         ;1;x\n\
         Budi;;\n\
         Budi;1,98609E+17;\n\
         Budi;19900101201501200A;\n\
         Budi;19900101;\n\
         Budi;199013012015012001;\n\
         Budi;199001012015992001;\n\
         Budi;199001012015013001;\n\
         {long};{NIP};\n\
         Budi;{NIP};31-02-2020\n\
         Ani;{NIP};\n",
        long = "x".repeat(501)
    ));
    assert_eq!(
        refused(&chunk),
        [
            (2, "name_missing"),
            (3, "nip_missing"),
            (4, "nip_damaged"),
            (5, "nip_not_digits"),
            (6, "nip_length"),
            (7, "nip_birth_date"),
            (8, "nip_kind"),
            (9, "nip_sex"),
            (10, "too_long"),
            (12, "duplicate_nip"),
        ]
    );
    assert_eq!(warned(&chunk), [(11, "date_unreadable")]);
    assert_eq!(chunk.warnings[0].fault.field, "TMT GOLONGAN");
    assert_eq!(people(&chunk)[0].employee.grade_since, None);
}

#[test]
fn warnings_leave_the_field_empty_or_the_row_whole() {
    let chunk = import(&format!(
        "NIP;NAMA;GOL;UNIT KERJA;TANGGAL LAHIR;JENIS KELAMIN;MK TAHUN\n\
         {NIP};Ani;V/z;;02-01-1990;L;99\n"
    ));
    assert_eq!(
        warned(&chunk),
        [
            (2, "grade_unknown"),
            (2, "out_of_range"),
            (2, "birth_date_differs"),
            (2, "sex_differs"),
            (2, "unit_missing"),
        ]
    );
    let ani = people(&chunk)[0];
    assert_eq!((ani.employee.grade, ani.unit_path.len()), (None, 0));
    assert_eq!(ani.employee.birth_date, "1990-01-02".parse().ok());
    assert_eq!(ani.employee.sex, Some(Sex::Male));
}

#[test]
fn a_number_that_is_no_nip_is_taken_only_from_its_own_column() {
    let text = format!("NIP;NAMA;nomor_lokal\n;Budi;K-17\n123;Ani;K-18\n{NIP};Tri;K-19\n");
    let (source, chunk) = read(Intake::Employees, text.as_bytes());
    assert_eq!(refused(&chunk), [(3, "nip_length")]);
    let numbers: Vec<_> = people(&chunk).iter().map(|p| p.employee.number.to_string()).collect();
    assert_eq!(numbers, ["K-17", NIP]);
    assert!(source.ignored_columns().is_empty());

    let options = super::super::ReadOptions {
        map: vec![("local_number".into(), "No. Pegawai".into())],
        ..options()
    };
    let (_, chunk) = read_with(Intake::Employees, b"Nama;No. Pegawai\nBudi;77\nAni;77\n", &options);
    assert_eq!(refused(&chunk), [(3, "duplicate_nip")]);
}

#[test]
fn a_duk_with_name_and_nip_in_one_cell_is_read() {
    let chunk = import(
        "DAFTAR URUT KEPANGKATAN;;;;;;;\n\
         NO;NAMA / NIP;PANGKAT / GOL. RUANG;TMT PANGKAT;JABATAN;TMT JABATAN;PENDIDIKAN;TANGGAL LAHIR (dd-mm-yyyy)\n\
         1;2;3;4;5;6;7;8\n\
         1;\"Drs. BUDI, M.Si\nNIP. 19900101 201501 2 001\";Penata / (III.c);01-04-2020;Camat;1 Jan 2020;S-2;01-01-1990\n\
         2;Tri Wahyuni / 200012312024211001;IX;;Guru Ahli Pertama;;S-1;31/12/2000\n\
         3;Tanpa Nomor;;;;;;\n\
         4;'199001012015012002;;;;;;\n\
         5;;;;;;;\n",
    );
    let people = people(&chunk);
    assert_eq!(people[0].employee.name, "Drs. BUDI, M.Si");
    assert_eq!(people[0].employee.number.to_string(), NIP);
    assert_eq!(people[0].employee.grade.unwrap().to_string(), "III/c");
    assert_eq!(people[0].employee.sex, Some(Sex::Female), "from the number: there is no column");
    assert_eq!(people[1].employee.name, "Tri Wahyuni");
    assert_eq!(people[1].employee.kind, EmploymentKind::Pppk);
    assert_eq!(refused(&chunk), [(7, "nip_missing"), (8, "name_missing")]);
    assert_eq!(chunk.lines_read, 4, "numbers of columns and a running number alone are no rows");
}

#[test]
fn the_other_sheets_of_the_field_are_known_without_a_map() {
    let simpeg = format!(
        "NO,NAMA,NIP LAMA,NIP BARU,FORMATTED NIP,GOLRU,PANGKAT,TMT GOLRU,SATKER,JABATAN,TMT JABATAN,THN,BLN,PENDIDIKAN TERAKHIR,THN PENDIDIKAN,JENIS PENDIDIKAN,TGL LAHIR,TMT PENSIUN,KET\n\
         1,Budi,130000000,{NIP},19900101 201501 2 001,III/a,Penata Muda,2019-04-01,Kecamatan Plaju,Camat,2020-01-01,4,6,S-1,2012,Hukum,1990-01-01,2048-02-01,\n"
    );
    let (source, chunk) = read(Intake::Employees, simpeg.as_bytes());
    let budi = people(&chunk)[0];
    assert_eq!((refused(&chunk).len(), warned(&chunk).len()), (0, 0));
    assert_eq!(budi.employee.service_years, Some(4));
    assert_eq!(budi.employee.graduation_year, Some(2012));
    assert_eq!(budi.employee.education_field, "Hukum");
    assert_eq!(budi.unit_path, ["Kecamatan Plaju"]);
    assert_eq!(source.ignored_columns(), ["NO", "NIP LAMA", "FORMATTED NIP", "TMT PENSIUN", "KET"]);
    assert!(!source.columns().contains(&"sex".to_string()));

    let kemnaker = format!(
        "No;Jabatan Sesuai Kepmen 202 Tahun 2024;Grade/Kelas Jabatan;Jumlah ABK;Jumlah Existing;Nama Pemangku;Kriteria ASN;NIP;Pangkat Golongan;TMT;Pendidikan Terakhir;Jenis Kelamin;Keterangan Formasi (ABK-Existing);Keternangan Penempatan;Keterangan Penugasan Tambahan;Keterangan Perubahan;Jenis Jabatan;Unit Kerja\n\
         1;Analis Kebijakan Ahli Muda;9;1;1;Tri;PPPK Paruh Waktu;{PPPK};IX;01/03/2024;S-1;Perempuan;0;;;;Fungsional;Biro Umum\n"
    );
    let chunk = import(&kemnaker);
    let tri = people(&chunk)[0];
    assert_eq!(tri.employee.kind, EmploymentKind::PppkPartTime);
    assert_eq!(tri.position.as_ref().unwrap().title, "Analis Kebijakan Ahli Muda");
    assert_eq!(tri.position.as_ref().unwrap().kind, Some(PositionKind::Functional));
    assert_eq!(tri.employee.grade_since, "2024-03-01".parse().ok());

    let streamlit = format!(
        "NAMA,NIP,GELAR DEPAN,JENIS KELAMIN,EMAIL,JENIS PEGAWAI,KEDUDUKAN HUKUM,GOL AKHIR,MK TAHUN,JENIS JABATAN,NAMA JABATAN,TINGKAT PENDIDIKAN,NAMA PENDIDIKAN,NAMA UNOR,UNOR INDUK\n\
         Ani,{NIP},Hj.,WANITA,a@b.c,PNS,Pensiun,III/a,4,Jabatan Fungsional Umum,Pengelola Data,S-1,Hukum,Seksi Umum,Kecamatan Plaju\n"
    );
    let chunk = import(&streamlit);
    let ani = people(&chunk)[0];
    assert_eq!(ani.unit_path, ["Kecamatan Plaju", "Seksi Umum"]);
    assert_eq!((ani.employee.status, ani.employee.email.as_str()), (Status::Retired, ""));

    let api = format!(
        "nipBaru,nama,gelarDepan,tglLahir,jenisKelamin,kedudukanPnsNama,tkPendidikanTerakhir,pendidikanTerakhirNama,instansiKerjaNama,satuanKerjaKerjaNama,unorId,unorNama,jenisJabatan,jabatanNama,tmtJabatan,golRuangAkhir,eselon\n\
         {NIP},Ani,,01-01-1990,F,Aktif,S-1,Hukum,Kota,Kecamatan Plaju,u1,KECAMATAN PLAJU,STRUKTURAL,Camat,01-02-2024,III/d,III.a\n"
    );
    let chunk = import(&api);
    assert_eq!(people(&chunk)[0].unit_path, ["Kota", "Kecamatan Plaju"]);

    let underscores = format!(
        "pns_id,nip_baru,nama,gol_akhir_nama,unor_nama,email,email_gov\nx,{NIP},Ani,III/b,Seksi,private@x,kantor@go.id\n"
    );
    let chunk = import(&underscores);
    assert_eq!(people(&chunk)[0].employee.email, "kantor@go.id");
}

#[test]
fn our_own_export_is_read_back() {
    let text = format!(
        "nip,name,kind,position,job_level,unit,status,jp,below,unit_path,pns_id,local_number,legal_status,position_kind,eselon,email\n\
         {PPPK},Tri,LAINNYA,Guru,jf_ahli_utama,Seksi,moved,2026:24,2,Kota / Kecamatan / Seksi,id-1,,PPPK Aktif,functional,,tri@go.id\n\
         K-1,Budi,LAINNYA,,,,active,,,,,,,,,\n\
         ,Cici,LAINNYA,,,,active,,,Kota,,K-2,,,,\n"
    );
    let (source, chunk) = read(Intake::Employees, text.as_bytes());
    assert_eq!(refused(&chunk), [(3, "nip_not_digits")]);
    let tri = people(&chunk)[0];
    assert_eq!((tri.employee.kind, tri.employee.status), (EmploymentKind::Other, Status::Moved));
    assert_eq!(tri.employee.email, "tri@go.id");
    assert_eq!(tri.unit_path, ["Kota", "Kecamatan", "Seksi"]);
    assert_eq!(tri.position.as_ref().unwrap().job_level, None);
    assert_eq!(people(&chunk)[1].employee.number.to_string(), "K-2");
    assert_eq!(source.ignored_columns(), ["job_level", "jp", "below"]);
}

#[test]
fn a_file_without_a_column_leaves_that_field_alone() {
    let (source, chunk) = read(Intake::Employees, format!("NIP;GOL\n{NIP};III/b\n").as_bytes());
    assert_eq!(source.columns(), ["number", "grade"]);
    assert_eq!(chunk.rows.len(), 1);
}

/// The one person of a list with a column under this heading.
fn with_column(heading: &str, cell: &str) -> (SourceFile, Chunk) {
    read(
        Intake::Employees,
        format!("NIP;NAMA;{heading}\n{NIP};Siti Contoh;\"{cell}\"\n").as_bytes(),
    )
}

#[test]
fn a_column_is_known_however_an_office_words_its_heading() {
    for heading in [
        "NIP/NI PPPK",
        "NIP / NIPPPK",
        "NIP Pegawai",
        "nip_pegawai",
        "NIP (18 digit)",
        "NIP/NRK",
        "No. Induk Pegawai",
        "Nomor Induk Pegawai (NIP)",
        "Nomor Induk Pegawai/Karyawan (NIP/NIK)",
        "NIP PNS",
        "NIP ASN",
        "NIP *)",
        "nipPegawai",
        "NIP Pegawai Negeri Sipil",
        "NI PPPK",
        "Nomor Identitas Pegawai (NIP)",
        "NIP Sementara",
    ] {
        let text = format!("{heading};NAMA\n{NIP};Siti Contoh\n");
        let (source, chunk) = read(Intake::Employees, text.as_bytes());
        assert_eq!((chunk.rows.len(), source.ignored_columns().len()), (1, 0), "{heading}");
    }
    for heading in [
        "Nama Lengkap dan Gelar",
        "NAMA LENGKAP (DENGAN GELAR)",
        "Nama dan Gelar",
        "NAMA PNS/PPPK",
        "Nama Pegawai (Gelar)",
        "Nama Lengkap Pegawai",
        "nama_pegawai",
        "namaPegawai",
        "NAMA *",
        "Nama Pegawai ASN beserta Gelar",
    ] {
        let chunk = import(&format!("NIP;{heading}\n{NIP};Siti Contoh\n"));
        assert_eq!(people(&chunk)[0].employee.name, "Siti Contoh", "{heading}");
    }
}

#[test]
fn what_stands_below_a_heading_comes_in_whatever_the_heading_says_besides() {
    type Said = fn(&EmployeeRow) -> String;
    let unit: Said = |row| row.unit_path.join(" / ");
    let post: Said = |row| row.position.as_ref().map(|p| p.title.clone()).unwrap_or_default();
    let grade: Said = |row| row.employee.grade.map(|g| g.to_string()).unwrap_or_default();
    let born: Said = |row| row.employee.birth_date.map(|d| d.to_string()).unwrap_or_default();
    let sex: Said = |row| row.employee.sex.map(|s| s.code().to_string()).unwrap_or_default();
    let since: Said = |row| row.employee.position_since.map(|d| d.to_string()).unwrap_or_default();
    for (headings, cell, said, want) in [
        (
            &[
                "Nama Unit Kerja",
                "Unit Kerja / OPD",
                "SKPD/Unit Kerja",
                "NAMA OPD",
                "Unit Kerja *",
                "OPD (Unit Kerja)",
                "Unit Kerja Sekarang",
            ][..],
            "Dinas Contoh",
            unit,
            "Dinas Contoh",
        ),
        (
            &[
                "JABATAN TERAKHIR",
                "JABATAN SEKARANG",
                "Jabatan (SK Terakhir)",
                "Nama Jabatan Terakhir",
                "jabatan_pegawai",
            ],
            "Camat",
            post,
            "Camat",
        ),
        (
            &[
                "Golongan Terakhir",
                "Golongan Ruang Terakhir",
                "Gol. Terakhir",
                "GOL/RUANG",
                "Pangkat/Gol. Ruang Terakhir",
                "Gol (Ruang)",
            ],
            "III/c",
            grade,
            "III/c",
        ),
        (&["Gender", "Jenis Kelamin (L/P)", "L/P", "kelamin_pegawai", "JK (L/P)"], "P", sex, "P"),
        (
            &[
                "Tanggal Lahir (dd/mm/yyyy) *",
                "tgl_lahir_pegawai",
                "Tgl. Lahir",
                "Tgl/Bln/Thn Lahir",
            ],
            "01-01-1990",
            born,
            "1990-01-01",
        ),
        (&["TMT Jabatan Terakhir", "TMT JABATAN (dd-mm-yyyy)"], "02-01-2021", since, "2021-01-02"),
    ] {
        for heading in headings {
            let (source, chunk) = with_column(heading, cell);
            assert_eq!(
                (said(people(&chunk)[0]), warned(&chunk).len()),
                (want.to_string(), 0),
                "{heading}"
            );
            assert!(source.ignored_columns().is_empty(), "{heading}");
        }
    }
}

#[test]
fn a_column_of_another_person_or_time_stays_ignored() {
    for heading in [
        "NIP LAMA",
        "NIP ATASAN",
        "NIP PENILAI",
        "NAMA SEKOLAH",
        "NAMA ATASAN",
        "UNIT KERJA LAMA",
        "NIP (Atasan Langsung)",
        "NIP/Nama Atasan",
        "JABATAN LAMA",
        "Jabatan Pejabat Penilai",
        "NAMA IBU KANDUNG",
        "Nama Kepala Dinas",
        "NAMA DIKLAT",
        "Nama Suami/Istri",
        "GOL AWAL NAMA",
        "Tanggal Lahir Anak",
        "Unit Kerja Asal",
        "Jabatan / Unit Kerja",
        "Tempat/Tgl Lahir",
        "TMT PNS",
        "TMT PENSIUN",
        "TAHUN",
        "Pendidikan Ibu",
        "Nama Bank",
    ] {
        let (source, chunk) = with_column(heading, "198501012010011001");
        assert_eq!(source.ignored_columns(), [heading]);
        assert_eq!((chunk.rows.len(), warned(&chunk).len()), (1, 0), "{heading}");
        assert_eq!(people(&chunk)[0].employee.number.to_string(), NIP);
    }
}

#[test]
fn a_duk_over_two_heading_rows_loses_nothing() {
    let (source, chunk) = read(
        Intake::Employees,
        format!(
            "DAFTAR URUT KEPANGKATAN;;;;;;;;;;;;;;\n\
             NO URUT;NAMA / NIP;PANGKAT;;JABATAN;;;MASA KERJA;;LATIHAN JABATAN;;PENDIDIKAN;;;KET\n\
             ;;GOL;TMT;NAMA;ESELON;TMT;THN;BLN;NAMA;JML JAM;NAMA;LULUS;TINGKAT;\n\
             1;2;3;4;5;6;7;8;9;10;11;12;13;14;15\n\
             1;\"Ani Contoh, S.E.\nNIP. {NIP}\nPalembang, 01-01-1990\";III/b;01-04-2020;Lurah;IV.a;02-01-2021;10;3;PIM IV;285;Manajemen;2012;S1;\n"
        )
        .as_bytes(),
    );
    let person = people(&chunk)[0];
    let ani = &person.employee;
    assert_eq!((refused(&chunk), warned(&chunk)), (Vec::new(), Vec::new()));
    assert_eq!((ani.name.as_str(), ani.number.to_string().as_str()), ("Ani Contoh, S.E.", NIP));
    assert_eq!(ani.grade.unwrap().to_string(), "III/b");
    assert_eq!(ani.grade_since, "2020-04-01".parse().ok());
    assert_eq!(person.position.as_ref().unwrap().title, "Lurah");
    assert_eq!(person.position.as_ref().unwrap().eselon, "IV.a");
    assert_eq!(ani.position_since, "2021-01-02".parse().ok());
    assert_eq!((ani.service_years, ani.service_months), (Some(10), Some(3)));
    assert_eq!((ani.education.as_str(), ani.education_field.as_str()), ("S1", "Manajemen"));
    assert_eq!(ani.graduation_year, Some(2012));
    assert_eq!(
        source.ignored_columns(),
        ["NO URUT", "LATIHAN JABATAN NAMA", "LATIHAN JABATAN JML JAM", "KET"]
    );
}

#[test]
fn a_grade_among_words_is_that_grade_and_half_a_grade_is_none() {
    for (number, cell, grade, warning) in [
        (NIP, "III/d Penata Tk. I", "III/d", None),
        (NIP, "IV/a Pembina", "IV/a", None),
        (NIP, "III/c TMT 01-04-2020", "III/c", None),
        (NIP, "III/c, 01/04/2020", "III/c", None),
        (NIP, "3/c", "III/c", None),
        (NIP, "Pengatur - II / c", "II/c", None),
        (NIP, "III/d Pembina", "III/d", Some("grade_differs")),
        (NIP, "III", "", Some("grade_unknown")),
        (NIP, "Golongan IV", "", Some("grade_unknown")),
        (NIP, "III/c III/d", "", Some("grade_unknown")),
        (NIP, "9", "", Some("grade_unknown")),
        (PPPK, "9", "IX", None),
        (PPPK, "III", "III", None),
        (PPPK, "Golongan IX", "IX", None),
        (PPPK, "IX (Sembilan)", "IX", None),
    ] {
        let chunk = import(&format!("NIP;NAMA;PANGKAT/GOL\n{number};Siti;\"{cell}\"\n"));
        let found = people(&chunk)[0].employee.grade.map(|g| g.to_string()).unwrap_or_default();
        let warned: Vec<_> = warned(&chunk).into_iter().map(|(_, reason)| reason).collect();
        assert_eq!((found.as_str(), warned), (grade, warning.into_iter().collect()), "{cell}");
    }
    let chunk = import(&format!("NIP;NAMA;GOL;PANGKAT\n{NIP};Siti;III/c;Pembina\n"));
    assert_eq!(warned(&chunk), [(2, "grade_differs")]);
    assert_eq!(chunk.warnings[0].fault.field, "PANGKAT");
    for cell in ["III/d (01-10-2019)", "III/d\n01-10-2019", "III/d, 1 Oktober 2019"] {
        let chunk = import(&format!("NIP;NAMA;GOL / TMT\n{NIP};Siti;\"{cell}\"\n"));
        let ani = &people(&chunk)[0].employee;
        assert_eq!(ani.grade_since, "2019-10-01".parse().ok(), "{cell}");
        assert_eq!(ani.grade.map(|g| g.to_string()).as_deref(), Some("III/d"), "{cell}");
    }
    // Who is called a PNS has no class of PPPK; who is not is what the file says.
    for (kind, grade, warning) in
        [("PNS", "", Some("grade_unknown")), ("PPPK", "IX", None), ("", "IX", None)]
    {
        let chunk = import(&format!("NIP;NAMA;GOL;JENIS PEGAWAI\n{NIP};Siti;Golongan IX;{kind}\n"));
        let found = people(&chunk)[0].employee.grade.map(|g| g.to_string()).unwrap_or_default();
        let warned: Vec<_> = warned(&chunk).into_iter().map(|(_, reason)| reason).collect();
        assert_eq!((found.as_str(), warned), (grade, warning.into_iter().collect()), "{kind}");
    }
}

#[test]
fn a_sex_or_a_kind_of_staff_that_is_not_understood_is_said() {
    let chunk = import(&format!(
        "NIP;NAMA;JENIS KELAMIN;JENIS PEGAWAI\n{NIP};Ani;X;Luar Biasa\n{PPPK};Tri;-;PPPK Paruh Waktu\n"
    ));
    assert_eq!(warned(&chunk), [(2, "kind_unknown"), (2, "sex_unknown")]);
    assert_eq!(people(&chunk)[0].employee.sex, None);
}

#[test]
fn what_programs_leave_in_cells_is_nobody_and_nothing() {
    let chunk = import(&format!(
        "NIP;NAMA;JABATAN;UNIT KERJA;GOLONGAN;TMT JABATAN\n\
         {NIP};#N/A;Analis;Dinas Contoh;III/a;2019-04-01\n\
         ={quoted};Siti \u{200b}Contoh;#REF!;#NAME?;Err:502;0000-00-00\n\
         #VALUE!;Wahyu;Analis;Dinas Contoh;III/a;00-00-0000\n\
         NIP. 19850505 201005 1 904,;Edi\u{ad} Contoh;Analis;Dinas\u{2009}Contoh\u{202c};III/a;TMT 1–4–2019\n",
        quoted = "\"198503032010031902\""
    ));
    assert_eq!(refused(&chunk), [(2, "name_missing"), (4, "nip_missing")]);
    assert_eq!(warned(&chunk), [(3, "unit_missing")]);
    let people = people(&chunk);
    assert_eq!((people[0].employee.name.as_str(), &people[0].position), ("Siti Contoh", &None));
    assert_eq!(
        (people[1].employee.name.as_str(), &*people[1].unit_path),
        ("Edi Contoh", &["Dinas Contoh".to_string()][..])
    );
    assert_eq!(people[1].employee.position_since, "2019-04-01".parse().ok());
}

#[test]
fn dates_of_one_column_are_all_read_in_one_order() {
    let list = |dates: &[&str]| {
        let rows = dates
            .iter()
            .enumerate()
            .map(|(at, date)| format!("19850202201002{}90{at};Siti;{date}\n", 1 + at % 2));
        import(&format!("NIP;NAMA;TMT JABATAN\n{}", rows.collect::<String>()))
    };
    let read = |chunk: &Chunk| -> Vec<String> {
        let since = |row: &&EmployeeRow| row.employee.position_since;
        people(chunk)
            .iter()
            .map(since)
            .map(|d| d.map(|d| d.to_string()).unwrap_or_default())
            .collect()
    };
    let chunk = list(&["1/15/2019", "4/1/2019", "3/4/2019", "5/5/2019"]);
    assert_eq!(read(&chunk), ["2019-01-15", "2019-04-01", "2019-03-04", "2019-05-05"]);
    assert_eq!(warned(&chunk), [2, 3, 4].map(|line| (line, "date_month_first")));
    let chunk = list(&["15/1/2019", "4/1/2019", "12/31/2019", "3/4/2019"]);
    assert_eq!(read(&chunk), ["2019-01-15", "", "", ""], "both orders: only what is certain");
    assert_eq!(warned(&chunk), [3, 4, 5].map(|line| (line, "date_unreadable")));
    let chunk = list(&["15/1/2019", "4/1/2019", "3/4/2019"]);
    assert_eq!(read(&chunk), ["2019-01-15", "2019-01-04", "2019-04-03"]);
}

#[test]
fn a_list_without_headings_is_read_by_place() {
    let map = vec![("nip".to_string(), "2".to_string()), ("name".to_string(), "3".to_string())];
    let options = super::super::ReadOptions { map, ..options() };
    let text = format!("1;{NIP};Siti Contoh\n2;198503032010031902;Budi Contoh\n3;123;Tri\n");
    let (source, chunk) = read_with(Intake::Employees, text.as_bytes(), &options);
    assert_eq!((chunk.lines_read, refused(&chunk)), (3, vec![(3, "nip_length")]));
    assert_eq!((source.header_line(), chunk.refused[0].fault.field.as_str()), (0, "2"));
    assert_eq!(people(&chunk)[0].employee.name, "Siti Contoh");
    // The same in any other import.
    let map = ["nip=1", "competency=2", "level=3", "source=4", "date=5"]
        .map(|pair| pair.split_once('=').map(|(f, c)| (f.to_string(), c.to_string())).unwrap());
    let options = super::super::ReadOptions { map: map.into(), ..options };
    let text = format!("{NIP};M.1;3;asesor;Rabu, 02-01-2026\n{PPPK};M.1;3;asesor;0000-00-00\n");
    let (_, chunk) = read_with(Intake::Ratings, text.as_bytes(), &options);
    assert_eq!((chunk.rows.len(), refused(&chunk)), (1, vec![(2, "date_unreadable")]));
}

#[test]
fn a_bare_tmt_is_that_of_the_column_before_it() {
    for (headings, grade_since, position_since) in [
        ("JABATAN;TMT;GOL;TMT", "2020-04-01", "2021-01-02"),
        ("JABATAN;TMT JABATAN;Gol. Ruang;TMT", "2020-04-01", "2021-01-02"),
        ("KET;TMT;Pangkat/Gol;TMT", "2020-04-01", ""),
    ] {
        let chunk =
            import(&format!("NIP;NAMA;{headings}\n{NIP};Ani;Camat;02-01-2021;III/d;01-04-2020\n"));
        let ani = &people(&chunk)[0].employee;
        assert_eq!(ani.grade_since, grade_since.parse().ok(), "{headings}");
        assert_eq!(ani.position_since, position_since.parse().ok(), "{headings}");
    }
}

#[test]
fn a_day_in_the_cell_of_a_post_is_its_tmt_whatever_the_heading_says() {
    let said = |list: String| {
        let chunk = import(&list);
        let one = people(&chunk)[0];
        let since = one.employee.position_since.map(|day| day.to_string()).unwrap_or_default();
        let title = one.position.as_ref().map(|post| post.title.clone()).unwrap_or_default();
        (title, since, warned(&chunk).into_iter().map(|(_, reason)| reason).collect::<Vec<_>>())
    };
    let of = |title: &str, since: &str, warned: &[&'static str]| {
        (title.to_string(), since.to_string(), warned.to_vec())
    };
    for heading in ["JABATAN", "NAMA JABATAN", "JABATAN / TMT", "Jabatan Terakhir"] {
        for cell in ["Camat\nTMT 02-01-2021", "Camat (TMT 2 Januari 2021)", "Camat, 02-01-2021"] {
            let list = format!("NIP;NAMA;{heading}\n{NIP};Ani;\"{cell}\"\n");
            assert_eq!(said(list), of("Camat", "2021-01-02", &[]), "{heading}: {cell}");
        }
    }
    // Another column says it first; what it leaves open, the cell says.
    let own = |day: &str| {
        format!("NIP;NAMA;JABATAN;TMT JABATAN\n{NIP};Ani;Camat (TMT 02-01-2021);{day}\n")
    };
    assert_eq!(said(own("")), of("Camat", "2021-01-02", &[]));
    assert_eq!(said(own("02-01-2021")), of("Camat", "2021-01-02", &[]));
    assert_eq!(said(own("03-01-2021")), of("Camat", "2021-01-03", &["since_differs"]));
    // A day there is not is said to be none, and stays where it can be seen.
    let none = format!("NIP;NAMA;JABATAN\n{NIP};Ani;Camat TMT 31-02-2021\n");
    assert_eq!(said(none), of("Camat TMT 31-02-2021", "", &["date_unreadable"]));
    // One order for a column, also there.
    let list = format!(
        "NIP;NAMA;JABATAN\n{NIP};Ani;Camat (2/1/2021)\n\
         198503032010031902;Budi;Lurah (1/15/2019)\n"
    );
    assert_eq!(said(list), of("Camat", "2021-02-01", &["date_month_first", "date_month_first"]));
    for list in ["GOL\n{};Ani;III/c TMT 01-04-2020", "PANGKAT;GOL\n{};Ani;Penata, 01-04-2020;III/c"]
    {
        let chunk = import(&format!("NIP;NAMA;{}\n", list.replace("{}", NIP)));
        assert_eq!(people(&chunk)[0].employee.grade_since, "2020-04-01".parse().ok(), "{list}");
    }
}
