//! Pseudonym: what stays of a person once their personal data has to go (UU 27/2022), so
//! that counts, gaps and JP still add up. What becomes of each field stands in its kind's
//! field table; one added later goes unless somebody says there why it stays.
//!
//! Pseudonymous is not anonymous: whoever knew the unit may still guess who held a post.

use serde_json::Value as Json;

use super::belongs::Owner;
use super::field::{Erasure, Field, Shape};
use super::kinds::employee::{Employee, Status};
use super::number::EmployeeNumber;
use super::record::{EmployeeId, Record};

/// The record as it stands once its person is a pseudonym; `None` for a record that is not
/// theirs.
pub fn pseudonymised(person: EmployeeId, record: &Record) -> Option<Record> {
    let kind = record.kind();
    let theirs = match kind.belongs() {
        Owner::Somebody => true,
        _ => record.person() == Some(person),
    };
    if !theirs {
        return None;
    }
    let mut fields = record.fields();
    for field in kind.fields() {
        match field.erasure {
            Erasure::Kept => {}
            Erasure::Gone => drop(fields.remove(field.name)),
            Erasure::Dash => drop(fields.insert(field.name.into(), NOTHING.into())),
            Erasure::Pseudonym => drop(fields.insert(field.name.into(), pseudonym(person, field))),
        }
    }
    Record::from_fields(kind, &fields).ok()
}

/// Stands where words were.
const NOTHING: &str = "-";

fn pseudonym(person: EmployeeId, field: &Field) -> Json {
    match field.shape {
        Shape::Number => {
            let number = EmployeeNumber::local(&number_of(person)).unwrap_or_default();
            serde_json::to_value(number).unwrap_or_default()
        }
        _ => name_of(person).into(),
    }
}

/// Says which record it was and nothing of whom: the same in every language.
pub fn name_of(person: EmployeeId) -> String {
    format!("Pegawai {}", person.0)
}

fn number_of(person: EmployeeId) -> String {
    format!("anonim-{}", person.0)
}

/// Whether a person's data may be taken out: not while they work here, since the office
/// needs it for its task, unless its use has been restricted.
pub fn may_be_erased(employee: &Employee) -> bool {
    employee.status != Status::Active || employee.restricted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::field::Privacy;
    use crate::domain::kinds::competency::Level;
    use crate::domain::kinds::correction::{Correction, CorrectionStatus};
    use crate::domain::kinds::enrolment::{Enrolment, Presence};
    use crate::domain::kinds::rating::{Rating, RatingSource};
    use crate::domain::number::Sex;
    use crate::domain::record::{CompetencyId, Kind, SessionId, UnitId};

    const PERSON: EmployeeId = EmployeeId(1234);

    #[test]
    fn of_a_person_only_what_is_counted_stays() {
        let employee = Employee {
            number: EmployeeNumber::parse("199001012015012001").unwrap(),
            name: "Siti Aminah".into(),
            front_title: "Hj.".into(),
            back_title: "S.Kom.".into(),
            status: Status::Retired,
            legal_status: "Pensiun".into(),
            unit: Some(UnitId(1000)),
            service_years: Some(30),
            service_months: Some(7),
            education: "S-1/Sarjana".into(),
            education_field: "Informatika".into(),
            graduation_year: Some(1989),
            birth_date: "1966-01-01".parse().ok(),
            sex: Some(Sex::Female),
            email: "siti@palembang.go.id".into(),
            pns_id: "A8ACA7".into(),
            ..Employee::default()
        };
        let left = pseudonymised(PERSON, &employee.clone().into()).unwrap();
        let expected = Employee {
            number: EmployeeNumber::local("anonim-1234").unwrap(),
            name: "Pegawai 1234".into(),
            status: Status::Retired,
            unit: Some(UnitId(1000)),
            service_years: Some(30),
            education: "S-1/Sarjana".into(),
            sex: Some(Sex::Female),
            ..Employee::default()
        };
        assert_eq!(left, Record::from(expected));
        assert_eq!(left.check(), []);
        assert_eq!(pseudonymised(PERSON, &left), Some(left), "twice is the same");
    }

    #[test]
    fn a_level_and_an_attendance_stay_without_the_words() {
        let rating = Rating {
            employee: PERSON,
            competency: CompetencyId(1),
            level: Level::new(3).unwrap(),
            source: Some(RatingSource::Assessor),
            rater: "Budi".into(),
            date: "2026-03-02".parse().ok(),
            method: "wawancara Budi".into(),
            evidence: "Siti memimpin rapat".into(),
        };
        let left = Rating {
            rater: String::new(),
            method: String::new(),
            evidence: String::new(),
            ..rating.clone()
        };
        assert_eq!(pseudonymised(PERSON, &rating.into()), Some(left.into()));
        let enrolment = Enrolment {
            session: SessionId(1000),
            employee: PERSON,
            attendance: vec![Some(Presence::Present), None],
            jp: Some(8),
            note: "sertifikat Siti".into(),
        };
        let left = Enrolment { note: String::new(), ..enrolment.clone() };
        assert_eq!(pseudonymised(PERSON, &enrolment.into()), Some(left.into()));
    }

    #[test]
    fn that_a_request_was_answered_stays_without_its_words() {
        let request = Correction {
            employee: PERSON,
            subject: "Tanggal lahir Siti".into(),
            wanted: "1 Jan 1966".into(),
            received: "2026-11-20T03:30:00Z".parse().ok(),
            status: CorrectionStatus::Refused,
            answer: "Sesuai SK".into(),
            closed: "2026-11-20T05:30:00Z".parse().ok(),
        };
        let nothing = || NOTHING.to_string();
        let left = Correction {
            subject: nothing(),
            wanted: nothing(),
            answer: nothing(),
            ..request.clone()
        };
        let left = Record::from(left);
        assert_eq!(left.check(), []);
        assert_eq!(pseudonymised(PERSON, &request.into()), Some(left));
    }

    #[test]
    fn what_belongs_to_nobody_or_somebody_else_is_not_touched() {
        let other = Rating { employee: EmployeeId(1), ..Rating::default() };
        assert_eq!(pseudonymised(PERSON, &other.into()), None);
        assert_eq!(pseudonymised(PERSON, &Record::empty(Kind::Units)), None);
    }

    /// Sex is the one personal field that stays: figures by sex are asked of every office.
    #[test]
    fn no_field_that_stays_is_personal_but_sex() {
        for kind in Kind::ALL {
            for field in kind.fields().iter().filter(|field| field.erasure == Erasure::Kept) {
                let named = field.privacy == Privacy::Work || field.name == "sex";
                assert!(named, "{kind} {}", field.name);
            }
        }
    }
}
