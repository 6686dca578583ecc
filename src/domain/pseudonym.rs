//! Pseudonym: what stays of a person once their personal data has to go (UU 27/2022), so
//! that counts, gaps and JP still add up. Everything that is not named here goes; a field
//! added later goes unless somebody says here why it stays.
//!
//! Pseudonymous is not anonymous: whoever knew the unit may still guess who held a post.

use super::kinds::correction::Correction;
use super::kinds::employee::{Employee, Status};
use super::number::EmployeeNumber;
use super::record::{EmployeeId, Fields, Kind, Record};

/// The fields that stay, by kind.
pub const fn kept(kind: Kind) -> &'static [&'static str] {
    match kind {
        // Counts by kind of staff, unit, post, grade, length of service (whole years),
        // level of education and sex. Nothing that dates or names anything in a life.
        Kind::Employees => {
            &["kind", "status", "unit", "position", "grade", "service_years", "education", "sex"]
        }
        // Levels over time, and what sort of rater found them. Who it was, how and on what
        // evidence are words about a person.
        Kind::Ratings => &["employee", "competency", "level", "source", "date"],
        // JP by year, by the rule of attendance or as stated. Why it was stated is words.
        Kind::Enrolments => &["session", "employee", "attendance", "jp"],
        // That a request was answered, and in time. What it was about is words.
        Kind::Corrections => &["employee", "received", "status", "closed"],
        _ => &[],
    }
}

/// The record as it stands once its person is a pseudonym; `None` for a record that is not
/// kept for a person.
pub fn pseudonymised(person: EmployeeId, record: &Record) -> Option<Record> {
    let kind = record.kind();
    let mut fields: Fields = record.fields();
    fields.retain(|name, _| kept(kind).contains(&name.as_str()));
    match Record::from_fields(kind, fields).ok()? {
        Record::Employee(employee) => {
            let number = EmployeeNumber::local(&number_of(person)).ok()?;
            Some(Employee { number, name: name_of(person), ..employee }.into())
        }
        Record::Correction(request) if request.employee == person => {
            // A request must say something.
            let nothing = || NOTHING.to_string();
            let (subject, wanted, answer) = (nothing(), nothing(), nothing());
            Some(Correction { subject, wanted, answer, ..request }.into())
        }
        record if record.owner() == Some(person) => Some(record),
        _ => None,
    }
}

/// Stands where words were that cannot be empty.
const NOTHING: &str = "-";

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
    use crate::domain::kinds::correction::CorrectionStatus;
    use crate::domain::kinds::rating::{Rating, RatingSource};
    use crate::domain::kinds::training::{Enrolment, Presence};
    use crate::domain::number::Sex;
    use crate::domain::record::{CompetencyId, SessionId, UnitId};

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
    fn every_field_that_stays_is_one_there_is_and_none_but_sex_is_personal() {
        for kind in Kind::ALL {
            for name in kept(kind) {
                let field = kind.field(name).unwrap_or_else(|| panic!("{kind} {name}"));
                assert!(field.privacy == Privacy::Work || *name == "sex", "{name}");
            }
        }
    }
}
