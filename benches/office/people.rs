//! The staff every figure is measured on: invented people with valid numbers, the same on
//! every run and for both sides. Person `index` is the same whatever the size of the
//! office, so that a larger one contains the smaller.

use chrono::NaiveDate;
use kompeten::domain::grade::Grade;
use kompeten::domain::intake::{EmployeeRow, PlainRow, TrainingRow};
use kompeten::domain::kinds::employee::{Employee, EmploymentKind};
use kompeten::domain::kinds::position::{Position, PositionKind};
use kompeten::domain::kinds::rating::RatingSource;
use kompeten::domain::number::{EmployeeNumber, Sex};
use kompeten::domain::value::Value;

/// The unit the matrix is measured on, and how many people it has.
pub const UNIT: &str = "Kecamatan Contoh Tengah";
pub const UNIT_PEOPLE: u32 = 655;

pub const CODES: [&str; 9] = ["M.1", "M.2", "M.3", "M.4", "M.5", "M.6", "M.7", "M.8", "SK.1"];

const CITY: &str = "Pemerintah Kota Contoh";
/// People of one dinas, and of one of its sub-units.
const OFFICE_PEOPLE: u32 = 400;
const OFFICE_UNITS: u32 = 20;

const FIRST: [&str; 40] = [
    "Adi", "Agus", "Ahmad", "Anggun", "Ayu", "Bayu", "Budi", "Bunga", "Citra", "Darma", "Dedi",
    "Dewi", "Dian", "Eka", "Eko", "Fajar", "Fitri", "Gilang", "Gita", "Hana", "Hendra", "Imam",
    "Indra", "Intan", "Joko", "Kartika", "Laras", "Made", "Maya", "Nanda", "Novi", "Putra",
    "Rahmat", "Ratna", "Rini", "Sari", "Siti", "Teguh", "Wahyu", "Yuni",
];
const MIDDLE: [&str; 25] = [
    "Adhi", "Alam", "Asmara", "Bakti", "Cahya", "Candra", "Daya", "Elok", "Gemilang", "Indah",
    "Jaya", "Karya", "Lintang", "Mulia", "Nur", "Permata", "Prima", "Puspa", "Raya", "Sakti",
    "Setia", "Tirta", "Utama", "Wira", "Yudha",
];
const LAST: [&str; 30] = [
    "Anggraini",
    "Aprilian",
    "Cahyono",
    "Firmansyah",
    "Gunawan",
    "Hakim",
    "Handayani",
    "Hartono",
    "Hidayat",
    "Iskandar",
    "Kurnia",
    "Kusuma",
    "Lubis",
    "Maharani",
    "Mulyadi",
    "Nasution",
    "Nugroho",
    "Pertiwi",
    "Pratama",
    "Purnama",
    "Rahayu",
    "Ramadhan",
    "Saputra",
    "Setiawan",
    "Siregar",
    "Suryani",
    "Syahputra",
    "Utami",
    "Wibowo",
    "Wijaya",
];
const FIELDS: [&str; 40] = [
    "Anggaran",
    "Arsip",
    "Aset",
    "Bangunan",
    "Bencana",
    "Data",
    "Ekonomi",
    "Energi",
    "Gizi",
    "Hukum",
    "Informasi",
    "Irigasi",
    "Jalan",
    "Jembatan",
    "Kehutanan",
    "Kearsipan",
    "Kebersihan",
    "Kepegawaian",
    "Kesehatan",
    "Keuangan",
    "Koperasi",
    "Kurikulum",
    "Lingkungan",
    "Pajak",
    "Pangan",
    "Pariwisata",
    "Pasar",
    "Pelayanan",
    "Pemerintahan",
    "Pendidikan",
    "Perencanaan",
    "Perikanan",
    "Perizinan",
    "Pertanahan",
    "Sosial",
    "Statistik",
    "Tata Ruang",
    "Teknologi",
    "Ternak",
    "Umum",
];

/// A figure drawn for a person, the same whenever it is drawn.
pub fn draw(index: u32, what: u32, of: u32) -> u32 {
    let mut state = (u64::from(index) << 32 | u64::from(what)).wrapping_add(0x9E37_79B9_7F4A_7C15);
    state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((state ^ (state >> 31)) % u64::from(of)) as u32
}

fn one<T: Copy>(index: u32, what: u32, from: &[T]) -> T {
    from[draw(index, what, from.len() as u32) as usize]
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

/// Whether this one is a PPPK.
fn contract(index: u32) -> bool {
    draw(index, 1, 100) < 18
}

/// The NIP or NI PPPK: birth date and serial count up together, so that no two are equal.
pub fn nip(index: u32) -> String {
    let born = birth_date(index);
    let serial = 1 + index / (35 * 336) % 999;
    let sex = 1 + draw(index, 2, 2);
    let joined = 2004 + draw(index, 3, 20);
    let month = if contract(index) { 21 } else { 1 + draw(index, 4, 12) };
    format!("{}{joined:04}{month:02}{sex}{serial:03}", born.format("%Y%m%d"))
}

fn birth_date(index: u32) -> NaiveDate {
    let day = index / 35 % 336;
    date(1966 + (index % 35) as i32, 1 + day / 28, 1 + day % 28)
}

pub fn name(index: u32) -> String {
    let (first, last) = (one(index, 5, &FIRST), one(index, 7, &LAST));
    format!("{first} {} {last}", one(index, 6, &MIDDLE))
}

/// Names of the units from the root down.
pub fn unit_path(index: u32) -> Vec<String> {
    let mut path = vec![CITY.to_string()];
    let sub = if index < UNIT_PEOPLE {
        path.push(UNIT.to_string());
        let sub = index % 8;
        (sub > 0).then(|| format!("Kelurahan Contoh {sub}"))
    } else {
        let office = (index - UNIT_PEOPLE) / OFFICE_PEOPLE + 1;
        path.push(format!("Dinas {} {office}", FIELDS[office as usize % FIELDS.len()]));
        let sub = index % OFFICE_UNITS;
        (sub > 0).then(|| format!("Seksi {} {office}.{sub}", FIELDS[sub as usize]))
    };
    path.extend(sub);
    path
}

pub fn position(index: u32) -> Position {
    let field = one(index, 8, &FIELDS);
    let (title, kind, eselon) = match draw(index, 9, 20) {
        0 => (format!("Kepala Bidang {field}"), PositionKind::Structural, "III.b"),
        1 | 2 => (format!("Kepala Seksi {field}"), PositionKind::Structural, "IV.a"),
        3..=5 => (format!("Analis {field} Ahli Pertama"), PositionKind::Functional, ""),
        6 | 7 => (format!("Analis {field} Ahli Muda"), PositionKind::Functional, ""),
        8..=10 => (format!("Pengelola {field}"), PositionKind::General, ""),
        11..=13 => (format!("Penyusun Laporan {field}"), PositionKind::General, ""),
        _ => (format!("Pengadministrasi {field}"), PositionKind::General, ""),
    };
    Position { title, kind: Some(kind), eselon: eselon.into(), ..Position::default() }
}

pub fn grade(index: u32) -> &'static str {
    if contract(index) {
        one(index, 10, &["V", "VII", "IX"])
    } else {
        one(index, 10, &["II/c", "II/d", "III/a", "III/b", "III/c", "III/d", "IV/a", "IV/b"])
    }
}

pub fn pns_id(index: u32) -> String {
    let part = |what, of| draw(index, what, of);
    let (a, b, c, d) = (part(11, u32::MAX), part(12, 65_536), part(13, 65_536), part(14, 65_536));
    format!("{a:08x}-{b:04x}-{c:04x}-{d:04x}-{index:012x}")
}

pub fn education(index: u32) -> (&'static str, &'static str, &'static str) {
    one(
        index,
        15,
        &[
            ("S-1/Sarjana", "S.E.", "S-1 Manajemen"),
            ("S-1/Sarjana", "S.Sos.", "S-1 Administrasi Negara"),
            ("S-1/Sarjana", "S.Pd.", "S-1 Pendidikan"),
            ("S-2", "S.H., M.Si.", "S-2 Administrasi Publik"),
            ("Diploma III/Sarjana Muda", "A.Md.", "D-III Kearsipan"),
            ("SLTA", "", "SMA IPS"),
        ],
    )
}

pub fn since(index: u32) -> NaiveDate {
    date(2015 + draw(index, 16, 10) as i32, 4, 1)
}

/// The person as an import of a staff list hands them to the office.
pub fn employee(index: u32) -> EmployeeRow {
    let pppk = contract(index);
    let (education, back_title, education_field) = education(index);
    let number = EmployeeNumber::parse(&nip(index)).expect("a NIP");
    let employee = Employee {
        sex: number.sex(),
        number,
        name: name(index),
        back_title: back_title.into(),
        kind: if pppk { EmploymentKind::Pppk } else { EmploymentKind::Pns },
        legal_status: if pppk { "PPPK Aktif" } else { "Aktif" }.into(),
        position_since: Some(since(index)),
        grade: Grade::parse(grade(index)),
        grade_since: Some(since(index)),
        service_years: Some(draw(index, 17, 30) as u8),
        service_months: Some(draw(index, 18, 12) as u8),
        education: education.into(),
        education_field: education_field.into(),
        graduation_year: Some(1990 + draw(index, 19, 30) as u16),
        birth_date: Some(birth_date(index)),
        email: format!("pegawai{index}@contoh.go.id"),
        pns_id: pns_id(index),
        ..Employee::default()
    };
    EmployeeRow {
        employee,
        unit_path: unit_path(index),
        unit_code: String::new(),
        position: Some(position(index)),
    }
}

pub fn is_woman(index: u32) -> bool {
    EmployeeNumber::parse(&nip(index)).is_ok_and(|number| number.sex() == Some(Sex::Female))
}

/// One rating: which competency, at what level, when.
#[derive(Clone, Copy)]
pub struct Rated {
    /// Place in [`CODES`].
    pub competency: usize,
    pub level: u8,
    pub date: NaiveDate,
}

/// Nine competencies, each rated last year and this year.
pub fn rated(index: u32) -> impl Iterator<Item = Rated> {
    [2025, 2026].into_iter().flat_map(move |year| {
        (0..CODES.len()).map(move |competency| Rated {
            competency,
            level: 1 + (draw(index, 100 + competency as u32, 3) + u32::from(year == 2026)) as u8,
            date: date(year, 6, 15),
        })
    })
}

pub const RATER: &str = "Tim Asesmen BKPSDM";
pub const METHOD: &str = "sederhana";

pub fn ratings(index: u32) -> Vec<PlainRow> {
    let number = EmployeeNumber::parse(&nip(index)).expect("a NIP");
    rated(index)
        .map(|rated| {
            PlainRow::default()
                .with("employee", Value::from(&number))
                .with("competency", Value::text(CODES[rated.competency]))
                .with("level", Value::Whole(rated.level.into()))
                .with("source", Value::choice(RatingSource::Assessor.code()))
                .with("rater", Value::text(RATER))
                .with("date", Value::Date(rated.date))
                .with("method", Value::text(METHOD))
        })
        .collect()
}

/// Two trainings of this year a person; sessions of about forty.
pub fn trainings(index: u32) -> Vec<TrainingRow> {
    let number = EmployeeNumber::parse(&nip(index)).expect("a NIP");
    (0..2)
        .map(|which| {
            let class = index / 40;
            let start = date(2026, 1 + class % 10, 1 + class / 10 % 20 + which);
            TrainingRow {
                number: number.clone(),
                name: format!("Pelatihan {} {}", FIELDS[class as usize % FIELDS.len()], which + 1),
                r#type: "KL04".into(),
                start,
                end: start + chrono::Days::new(2),
                provider: format!("BKPSDM Angkatan {}", class / 200 + 1),
                jp: 8 + 8 * which as u16,
            }
        })
        .collect()
}
