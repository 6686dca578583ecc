//! The staff of the example: offices, posts, names, numbers. Posts and their classes
//! follow a real kecamatan's sheet (ASN.md 1.7), unit codes Kepmendagri 300.2.2-2430/2025.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use super::chance::Chance;
use crate::domain::grade::Grade;
use crate::domain::intake::EmployeeRow;
use crate::domain::kinds::employee::{Employee, EmploymentKind, Status};
use crate::domain::kinds::position::{JobLevel, Position, PositionKind};
use crate::domain::number::{EmployeeNumber, Sex};

/// One invented member of staff.
pub struct Invented {
    pub employee: Employee,
    pub position: Position,
    pub path: Vec<String>,
    pub code: String,
    /// Which of the three kecamatan, 0..=2.
    pub kecamatan: usize,
}

impl Invented {
    pub fn row(&self) -> Box<EmployeeRow> {
        Box::new(EmployeeRow {
            employee: self.employee.clone(),
            unit_path: self.path.clone(),
            unit_code: self.code.clone(),
            position: Some(self.position.clone()),
        })
    }

    pub fn level(&self) -> Option<JobLevel> {
        self.position.level()
    }
}

struct Kecamatan {
    city: &'static str,
    name: &'static str,
    code: &'static str,
    kelurahan: &'static [(&'static str, &'static str)],
}

const KECAMATAN: [Kecamatan; 3] = [
    Kecamatan {
        city: "Pemerintah Kota Palembang",
        name: "Kecamatan Plaju",
        code: "16.71.14",
        kelurahan: &[
            ("Kelurahan Plaju Ulu", "1001"),
            ("Kelurahan Plaju Darat", "1002"),
            ("Kelurahan Plaju Ilir", "1003"),
            ("Kelurahan Komperta", "1005"),
            ("Kelurahan Talangputri", "1006"),
            ("Kelurahan Talangbubuk", "1007"),
        ],
    },
    Kecamatan {
        city: "Pemerintah Kota Surabaya",
        name: "Kecamatan Gayungan",
        code: "35.78.22",
        kelurahan: &[
            ("Kelurahan Gayungan", "1001"),
            ("Kelurahan Menanggal", "1002"),
            ("Kelurahan Dukuh Menanggal", "1003"),
            ("Kelurahan Ketintang", "1004"),
        ],
    },
    Kecamatan {
        city: "Pemerintah Kota Pekanbaru",
        name: "Kecamatan Senapelan",
        code: "14.71.05",
        kelurahan: &[
            ("Kelurahan Padang Bulan", "1001"),
            ("Kelurahan Sago", "1002"),
            ("Kelurahan Kampung Baru", "1003"),
            ("Kelurahan Kampung Dalam", "1004"),
            ("Kelurahan Kampung Bandar", "1005"),
            ("Kelurahan Padang Terubuk", "1006"),
        ],
    },
];

/// A post and who usually holds it.
#[derive(Clone, Copy)]
struct Post {
    title: &'static str,
    kind: PositionKind,
    eselon: &'static str,
    class: u8,
    staff: EmploymentKind,
    grades: &'static [&'static str],
    education: Education,
}

#[derive(Clone, Copy, PartialEq)]
enum Education {
    Master,
    Bachelor,
    Diploma,
    School,
}

const fn post(
    title: &'static str,
    kind: PositionKind,
    eselon: &'static str,
    class: u8,
    grades: &'static [&'static str],
    education: Education,
) -> Post {
    Post { title, kind, eselon, class, staff: EmploymentKind::Pns, grades, education }
}

const fn contract(post: Post, grades: &'static [&'static str]) -> Post {
    Post { staff: EmploymentKind::Pppk, grades, ..post }
}

const fn clerk(title: &'static str, class: u8) -> Post {
    post(title, PositionKind::General, "", class, &["II/c", "II/d", "III/a"], Education::School)
}

const fn head(title: &'static str, eselon: &'static str) -> Post {
    post(title, PositionKind::Structural, eselon, 8, &["III/c", "III/d"], Education::Bachelor)
}

const OFFICE: [Post; 22] = [
    post("Camat", PositionKind::Structural, "III.a", 12, &["IV/a", "IV/b"], Education::Master),
    post(
        "Sekretaris Kecamatan",
        PositionKind::Structural,
        "III.b",
        11,
        &["III/d", "IV/a"],
        Education::Master,
    ),
    head("Kepala Seksi Pemerintahan", "IV.a"),
    head("Kepala Seksi Pembangunan", "IV.a"),
    head("Kepala Seksi Pelayanan dan Kesejahteraan Sosial", "IV.a"),
    head("Kepala Seksi Pemberdayaan Masyarakat", "IV.a"),
    head("Kepala Seksi Ketenteraman dan Ketertiban Umum", "IV.a"),
    head("Kepala Subbagian Perencanaan dan Keuangan", "IV.b"),
    head("Kepala Subbagian Umum dan Kepegawaian", "IV.b"),
    post(
        "Analis Pembangunan",
        PositionKind::General,
        "",
        7,
        &["III/a", "III/b"],
        Education::Bachelor,
    ),
    post(
        "Analis Pelayanan",
        PositionKind::General,
        "",
        7,
        &["III/a", "III/b"],
        Education::Bachelor,
    ),
    clerk("Pengadministrasi Umum", 5),
    clerk("Pengadministrasi Umum", 5),
    clerk("Pengadministrasi Keuangan", 5),
    clerk("Pengadministrasi Pemerintahan", 5),
    clerk("Pengadministrasi Pemerintahan", 5),
    clerk("Pengadministrasi Perizinan", 5),
    contract(clerk("Pengadministrasi Perizinan", 5), &["V"]),
    contract(
        post(
            "Pranata Komputer Ahli Pertama",
            PositionKind::Functional,
            "",
            8,
            &[],
            Education::Bachelor,
        ),
        &["IX"],
    ),
    contract(
        post("Arsiparis Terampil", PositionKind::Functional, "", 6, &[], Education::Diploma),
        &["VII"],
    ),
    clerk("Pengemudi", 3),
    clerk("Petugas Penggandaan", 3),
];

const VILLAGE: [Post; 8] = [
    head("Lurah", "IV.a"),
    head("Sekretaris Kelurahan", "IV.b"),
    head("Kepala Seksi Pemerintahan Kelurahan", "IV.b"),
    head("Kepala Seksi Ekonomi dan Pembangunan Kelurahan", "IV.b"),
    head("Kepala Seksi Ketenteraman dan Ketertiban Kelurahan", "IV.b"),
    clerk("Pengadministrasi Umum", 5),
    contract(clerk("Pengadministrasi Pemerintahan", 5), &["V"]),
    Post {
        staff: EmploymentKind::PppkPartTime,
        ..contract(clerk("Operator Layanan Operasional", 3), &["V"])
    },
];

const MEN: [&str; 28] = [
    "Adi", "Agus", "Ahmad", "Andika", "Arif", "Bayu", "Budi", "Darma", "Dedi", "Eko", "Fajar",
    "Gilang", "Hendra", "Imam", "Indra", "Joko", "Made", "Nanda", "Okta", "Putra", "Rahmat",
    "Rizal", "Satria", "Surya", "Teguh", "Wahyu", "Yoga", "Zainal",
];
const WOMEN: [&str; 28] = [
    "Anggun", "Ayu", "Bunga", "Citra", "Dewi", "Dian", "Eka", "Fitri", "Gita", "Hana", "Intan",
    "Juwita", "Kartika", "Laras", "Lestari", "Maya", "Mega", "Melati", "Nirmala", "Novi", "Puspa",
    "Ratna", "Rini", "Sari", "Siti", "Tari", "Wulan", "Yuni",
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
    "Ramadhan",
    "Rahayu",
    "Saputra",
    "Setiawan",
    "Siregar",
    "Suryani",
    "Syahputra",
    "Utami",
    "Wibowo",
    "Wijaya",
];
const BACHELOR: [(&str, &str); 5] = [
    ("S.Sos.", "Administrasi Negara"),
    ("S.E.", "Manajemen"),
    ("S.H.", "Ilmu Hukum"),
    ("S.AP.", "Administrasi Publik"),
    ("S.IP.", "Ilmu Pemerintahan"),
];

/// Everybody, office by office.
pub fn people(today: NaiveDate) -> Vec<Invented> {
    let mut maker = Maker { chance: Chance::new(20_261), today, numbers: HashSet::new(), made: 0 };
    let mut people = Vec::new();
    for (place, kecamatan) in KECAMATAN.iter().enumerate() {
        let path = vec![kecamatan.city.to_string(), kecamatan.name.to_string()];
        for post in &OFFICE {
            people.push(maker.person(post, &path, kecamatan.code, place));
        }
        for (name, code) in kecamatan.kelurahan {
            let path = [path.as_slice(), &[(*name).to_string()]].concat();
            let code = format!("{}.{code}", kecamatan.code);
            for post in &VILLAGE {
                people.push(maker.person(post, &path, &code, place));
            }
        }
    }
    people
}

struct Maker {
    chance: Chance,
    today: NaiveDate,
    numbers: HashSet<String>,
    made: usize,
}

impl Maker {
    fn person(&mut self, post: &Post, path: &[String], code: &str, kecamatan: usize) -> Invented {
        self.made += 1;
        let female = self.chance.percent(52);
        let sex = if female { Sex::Female } else { Sex::Male };
        let first = self.chance.one(if female { &WOMEN } else { &MEN }, "Contoh");
        let last = self.chance.one(&LAST, "Contoh");
        let (front_title, back_title, education, education_field) =
            self.schooling(post.education, sex);
        let started = self.started(post);
        let (number, birth_date) = self.number(post, started, sex);
        let grade = Grade::parse(self.chance.one(post.grades, ""));
        let since = |years: i32| NaiveDate::from_ymd_opt(self.today.year() - years, 4, 1);
        let served = self.today.year() - started;
        let position = Position {
            title: post.title.into(),
            kind: Some(post.kind),
            eselon: post.eselon.into(),
            job_level: None,
            class: Some(post.class),
        };
        let pppk = post.staff != EmploymentKind::Pns;
        let employee = Employee {
            number,
            name: format!("{first} {last}"),
            front_title,
            back_title,
            kind: post.staff,
            status: Status::Active,
            legal_status: if pppk { "PPPK Aktif" } else { "Aktif" }.into(),
            position_since: since(1 + served.clamp(1, 6) / 2),
            grade,
            grade_since: if pppk { None } else { since(1 + served.clamp(1, 4) / 2) },
            service_years: u8::try_from(served).ok(),
            service_months: Some(8),
            cpns_since: if pppk { None } else { NaiveDate::from_ymd_opt(started, 12, 1) },
            education,
            education_field,
            graduation_year: u16::try_from(started - 1).ok(),
            birth_date: Some(birth_date),
            sex: Some(sex),
            email: format!("pegawai{:03}@contoh.go.id", self.made),
            ..Employee::default()
        };
        Invented { employee, position, path: path.to_vec(), code: code.to_string(), kecamatan }
    }

    fn schooling(&mut self, education: Education, sex: Sex) -> (String, String, String, String) {
        let (title, field) = self.chance.one(&BACHELOR, ("S.Sos.", "Administrasi Negara"));
        let pilgrim = if sex == Sex::Female { "Hj." } else { "H." };
        let front = if self.chance.percent(30) { pilgrim } else { "" };
        let texts = match education {
            Education::Master => {
                let title = format!("{title}, M.Si.");
                return (front.into(), title, "S-2".into(), "Administrasi Publik".into());
            }
            Education::Bachelor => (title, "S-1/Sarjana", field),
            Education::Diploma => ("A.Md.", "Diploma III/Sarjana Muda", "Kearsipan"),
            Education::School => ("", "SLTA", "Ilmu Pengetahuan Sosial"),
        };
        (String::new(), texts.0.into(), texts.1.into(), texts.2.into())
    }

    /// The year the person began: heads have served longer.
    fn started(&mut self, post: &Post) -> i32 {
        let year = self.today.year();
        if post.staff == EmploymentKind::Pns {
            let least = if post.eselon.is_empty() { 4 } else { 12 };
            year - least - self.chance.below(12) as i32
        } else {
            year - 1 - self.chance.below(4) as i32
        }
    }

    /// A valid number nobody has: everybody is born on the first of a month and the
    /// serial runs from 901, so that it is seen at once that it is made up.
    fn number(&mut self, post: &Post, started: i32, sex: Sex) -> (EmployeeNumber, NaiveDate) {
        loop {
            let year = started - 23 - self.chance.below(6) as i32;
            let month = 1 + self.chance.below(12) as u32;
            let serial = 901 + self.made % 99;
            let appointed = match post.staff {
                EmploymentKind::Pns => "12",
                _ => "21",
            };
            let sex = if sex == Sex::Female { 2 } else { 1 };
            let text = format!("{year}{month:02}01{started}{appointed}{sex}{serial}");
            let Some(born) = NaiveDate::from_ymd_opt(year, month, 1) else { continue };
            if let Ok(number) = EmployeeNumber::parse(&text)
                && self.numbers.insert(text)
            {
                return (number, born);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::Record;

    fn everybody() -> Vec<Invented> {
        people(NaiveDate::from_ymd_opt(2026, 11, 21).unwrap())
    }

    #[test]
    fn everybody_in_the_example_would_pass_an_import() {
        let people = everybody();
        assert_eq!(people.len(), 3 * OFFICE.len() + 16 * VILLAGE.len());
        for person in &people {
            let faults = Record::from(person.employee.clone()).check();
            assert_eq!(faults, [], "{}", person.employee.name);
            assert!(person.level().is_some(), "{}", person.position.title);
            assert!(person.employee.grade.is_some() || person.employee.kind != EmploymentKind::Pns);
            assert_eq!(person.employee.number.birth_date(), person.employee.birth_date);
            assert_eq!(person.employee.number.sex(), person.employee.sex);
        }
    }

    #[test]
    fn no_two_have_one_number_and_the_example_is_always_the_same() {
        let numbers = || everybody().into_iter().map(|p| p.employee.number).collect::<Vec<_>>();
        let mut once = numbers();
        assert_eq!(once, numbers());
        once.sort();
        once.dedup();
        assert_eq!(once.len(), everybody().len());
    }
}
