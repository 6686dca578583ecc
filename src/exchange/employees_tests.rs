use super::super::testing::{all, expected, options, read, read_with, refused, sample, warned};
use super::super::{Chunk, open};
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
