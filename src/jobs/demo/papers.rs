//! What people of the example show and ask: certificates, some of which have expired and some
//! soon will, and requests that what the office holds of them be set right.

use chrono::{Days, NaiveDate, NaiveTime};

use super::people::Invented;
use super::save_all;
use crate::domain::kinds::certificate::Certificate;
use crate::domain::kinds::correction::{Correction, CorrectionStatus};
use crate::domain::record::{EmployeeId, Record};
use crate::jobs::Asking;
use crate::protocol::Problem;

/// What it is called, who issues it, and for how many years it is valid; 0 for always.
const NAMES: [(&str, &str, u64); 4] = [
    ("Sertifikat kompetensi pengadaan barang/jasa level 1", "LKPP", 2),
    ("Sertifikat pertolongan pertama", "PMI", 3),
    ("Sertifikat pelayanan publik", "BPSDM", 2),
    ("Sertifikat pengelolaan arsip", "ANRI", 0),
];

/// Days from today to the last day of those that end: three have, four soon will.
const ENDS: [i64; 11] = [-140, -45, -12, 9, 26, 48, 80, 150, 230, 320, 600];

pub fn write(
    ask: &mut Asking,
    people: &[Invented],
    numbers: &[(String, EmployeeId)],
    today: NaiveDate,
) -> Result<(), Problem> {
    let of = |person: &Invented| {
        let nip = person.employee.number.to_string();
        numbers.iter().find(|(known, _)| *known == nip).map(|(_, id)| *id)
    };
    let ids: Vec<EmployeeId> = people.iter().filter_map(of).collect();
    save_all(ask, "certificates", certificates(&ids, today))?;
    save_all(ask, "corrections", corrections(&ids, today))
}

fn certificates(ids: &[EmployeeId], today: NaiveDate) -> Vec<Record> {
    let mut ends = ENDS.into_iter();
    let one = |(at, employee): (usize, &EmployeeId)| {
        let (name, by, years) = NAMES.get(at % NAMES.len()).copied().unwrap_or_default();
        let until = (years > 0).then(|| shift(today, ends.next()?)).flatten();
        let issued = match until {
            Some(until) => until.checked_sub_days(Days::new(365 * years)),
            None => today.checked_sub_days(Days::new(700 + 30 * at as u64)),
        };
        Record::from(Certificate {
            employee: *employee,
            name: name.into(),
            number: format!("CONTOH-{:04}", at + 1),
            issuer: by.into(),
            issued,
            valid_until: until,
            programme: None,
        })
    };
    // Of every four the last never ends.
    ids.iter().skip(3).step_by(12).take(ENDS.len() * 4 / 3).enumerate().map(one).collect()
}

fn shift(today: NaiveDate, days: i64) -> Option<NaiveDate> {
    let count = Days::new(days.unsigned_abs());
    if days < 0 { today.checked_sub_days(count) } else { today.checked_add_days(count) }
}

/// Two wait for an answer, one of them not for long; one was answered.
fn corrections(ids: &[EmployeeId], today: NaiveDate) -> Vec<Record> {
    let at = |days: u64| {
        let day = today.checked_sub_days(Days::new(days))?;
        Some(day.and_time(NaiveTime::from_hms_opt(2, 0, 0)?).and_utc())
    };
    let asked = |person: usize, subject: &str, wanted: &str, days: u64| Correction {
        employee: ids.get(person).copied().unwrap_or_default(),
        subject: subject.into(),
        wanted: wanted.into(),
        received: at(days),
        ..Correction::default()
    };
    let answered = Correction {
        status: CorrectionStatus::Done,
        answer: "Sudah dibetulkan menurut ijazah.".into(),
        closed: at(29),
        ..asked(60, "Gelar belakang", "S.AP. menurut ijazah tahun 2019", 30)
    };
    let open = [
        asked(21, "Pangkat dan golongan", "III/b sejak April tahun ini menurut SK", 2),
        asked(90, "Pelatihan bulan lalu", "Hadir dua hari, tercatat satu hari", 1),
    ];
    open.into_iter().chain([answered]).map(Record::from).collect()
}
