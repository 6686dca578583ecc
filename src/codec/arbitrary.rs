//! Records of every kind for property tests: any that the constructors of the domain let
//! through, whether or not an office would find them correct.

use chrono::{DateTime, NaiveDate, Utc};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::domain::grade::Grade;
use crate::domain::kinds::competency::{Competency, CompetencyGroup, Level, LevelText};
use crate::domain::kinds::correction::{Correction, CorrectionStatus};
use crate::domain::kinds::employee::{Employee, EmploymentKind, Status};
use crate::domain::kinds::officer::{Officer, Role};
use crate::domain::kinds::position::{JobLevel, Position, PositionKind};
use crate::domain::kinds::rating::{Rating, RatingSource};
use crate::domain::kinds::reading::Reading;
use crate::domain::kinds::setting::Setting;
use crate::domain::kinds::standard::Standard;
use crate::domain::kinds::training::{Enrolment, Presence, Programme, Session};
use crate::domain::kinds::unit::Unit;
use crate::domain::number::{EmployeeNumber, Sex};
use crate::domain::record::{
    CompetencyId, EmployeeId, Kind, PositionId, ProgrammeId, Record, SessionId, UnitId,
};

/// A record of any kind.
pub fn record() -> impl Strategy<Value = Record> {
    select(Kind::ALL.to_vec()).prop_flat_map(of_kind)
}

/// A record of this kind.
pub fn of_kind(kind: Kind) -> BoxedStrategy<Record> {
    match kind {
        Kind::Settings => {
            (text(), text()).prop_map(|(name, value)| Setting { name, value }.into()).boxed()
        }
        Kind::Units => unit().prop_map(Record::from).boxed(),
        Kind::Positions => position().prop_map(Record::from).boxed(),
        Kind::Competencies => competency().prop_map(Record::from).boxed(),
        Kind::Standards => standard().prop_map(Record::from).boxed(),
        Kind::Employees => employee().prop_map(Record::from).boxed(),
        Kind::Ratings => rating().prop_map(Record::from).boxed(),
        Kind::Programmes => programme().prop_map(Record::from).boxed(),
        Kind::Sessions => session().prop_map(Record::from).boxed(),
        Kind::Enrolments => enrolment().prop_map(Record::from).boxed(),
        Kind::Officers => officer().prop_map(Record::from).boxed(),
        Kind::Corrections => correction().prop_map(Record::from).boxed(),
        Kind::Readings => reading().prop_map(Record::from).boxed(),
    }
}

fn officer() -> impl Strategy<Value = Officer> {
    (text(), select(Role::ALL.to_vec()), option::of(number().prop_map(UnitId)), text())
        .prop_map(|(user, role, unit, note)| Officer { user, role, unit, note })
}

fn correction() -> impl Strategy<Value = Correction> {
    let moments = (option::of(moment()), option::of(moment()));
    let status = select(CorrectionStatus::ALL.to_vec());
    (number(), text(), text(), status, text(), moments).prop_map(
        |(employee, subject, wanted, status, answer, (received, closed))| Correction {
            employee: EmployeeId(employee),
            subject,
            wanted,
            received,
            status,
            answer,
            closed,
        },
    )
}

fn reading() -> impl Strategy<Value = Reading> {
    let people = proptest::collection::btree_map(number(), 1_u32..9, 0..4);
    (text(), option::of(date()), people, 0_u64..9_999, any::<bool>()).prop_map(
        |(officer, day, people, listed, adds)| Reading { officer, day, people, listed, adds },
    )
}

/// To the second, as forms and files have them.
fn moment() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..4_000_000_000)
        .prop_filter_map("a moment", |seconds| DateTime::from_timestamp(seconds, 0))
}

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,16}"
}

fn number() -> impl Strategy<Value = u32> {
    1_u32..2_000
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0_i32..30_000).prop_filter_map("a day of the calendar", |day| {
        NaiveDate::from_num_days_from_ce_opt(712_000 + day)
    })
}

fn level() -> impl Strategy<Value = Level> {
    (1_u8..=5).prop_filter_map("a level", Level::new)
}

fn employee_number() -> impl Strategy<Value = EmployeeNumber> {
    let nip = (1940_u32..2010, 1_u32..=12, 1_u32..=28, 1_u32..=12, 1_u32..=2, 1_u32..=999)
        .prop_map(|(year, month, day, joined, sex, serial)| {
            format!("{year:04}{month:02}{day:02}2015{joined:02}{sex}{serial:03}")
        });
    let local = "[A-Za-z0-9#/-]{1,12}";
    prop_oneof![
        nip.prop_filter_map("a NIP", |text| EmployeeNumber::parse(&text).ok()),
        local.prop_filter_map("a local number", |text| EmployeeNumber::local(&text).ok()),
        Just(EmployeeNumber::default()),
    ]
}

fn unit() -> impl Strategy<Value = Unit> {
    (text(), text(), option::of(number().prop_map(UnitId)), any::<bool>())
        .prop_map(|(name, code, parent, closed)| Unit { name, code, parent, closed })
}

fn position() -> impl Strategy<Value = Position> {
    (
        text(),
        option::of(select(PositionKind::ALL)),
        text(),
        option::of(select(JobLevel::ALL)),
        option::of(1_u8..=17),
    )
        .prop_map(|(title, kind, eselon, job_level, class)| Position {
            title,
            kind,
            eselon,
            job_level,
            class,
        })
}

fn competency() -> impl Strategy<Value = Competency> {
    let texts = (text(), prop::collection::vec(text(), 0..3))
        .prop_map(|(description, indicators)| LevelText { description, indicators });
    (
        text(),
        text(),
        option::of(select(CompetencyGroup::ALL)),
        text(),
        prop::collection::vec(texts, 0..6),
        text(),
        any::<bool>(),
    )
        .prop_map(|(code, name, group, definition, levels, legal_basis, archived)| {
            Competency { code, name, group, definition, levels, legal_basis, archived }
        })
}

fn standard() -> impl Strategy<Value = Standard> {
    (
        option::of(select(JobLevel::ALL)),
        option::of(number().prop_map(PositionId)),
        number().prop_map(CompetencyId),
        level(),
        option::of(date()),
        text(),
        any::<bool>(),
    )
        .prop_map(
            |(job_level, position, competency, level, effective_from, legal_basis, verified)| {
                Standard {
                    job_level,
                    position,
                    competency,
                    level,
                    effective_from,
                    legal_basis,
                    verified,
                }
            },
        )
}

fn employee() -> impl Strategy<Value = Employee> {
    let person = (
        employee_number(),
        text(),
        text(),
        text(),
        select(EmploymentKind::ALL),
        select(Status::ALL),
        option::of(date()),
        option::of(select(vec![Sex::Male, Sex::Female])),
    );
    let post = (
        option::of(number().prop_map(UnitId)),
        option::of(number().prop_map(PositionId)),
        option::of(date()),
        option::of(select(Grade::all().collect::<Vec<_>>())),
        option::of(date()),
        option::of(0_u8..60),
        option::of(0_u8..12),
        option::of(date()),
    );
    let rest = (text(), text(), text(), option::of(1940_u16..2100), text(), text(), any::<bool>());
    (person, post, rest).prop_map(|(person, post, rest)| Employee {
        number: person.0,
        name: person.1,
        front_title: person.2,
        back_title: person.3,
        kind: person.4,
        status: person.5,
        birth_date: person.6,
        sex: person.7,
        unit: post.0,
        position: post.1,
        position_since: post.2,
        grade: post.3,
        grade_since: post.4,
        service_years: post.5,
        service_months: post.6,
        cpns_since: post.7,
        legal_status: rest.0,
        education: rest.1,
        education_field: rest.2,
        graduation_year: rest.3,
        email: rest.4,
        pns_id: rest.5,
        restricted: rest.6,
    })
}

fn rating() -> impl Strategy<Value = Rating> {
    (
        number().prop_map(EmployeeId),
        number().prop_map(CompetencyId),
        level(),
        option::of(select(RatingSource::ALL)),
        text(),
        option::of(date()),
        text(),
        text(),
    )
        .prop_map(|(employee, competency, level, source, rater, date, method, evidence)| {
            Rating { employee, competency, level, source, rater, date, method, evidence }
        })
}

fn programme() -> impl Strategy<Value = Programme> {
    (
        text(),
        text(),
        option::of(0_u16..2000),
        text(),
        option::of(number().prop_map(CompetencyId)),
        option::of(level()),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(name, r#type, jp, provider, competency, target_level, mandatory, archived)| {
                Programme {
                    name,
                    r#type,
                    jp,
                    provider,
                    competency,
                    target_level,
                    mandatory,
                    archived,
                }
            },
        )
}

fn session() -> impl Strategy<Value = Session> {
    (
        number().prop_map(ProgrammeId),
        option::of(date()),
        option::of(date()),
        text(),
        text(),
        option::of(0_u16..2000),
        option::of(1_u16..10_000),
        any::<bool>(),
    )
        .prop_map(|(programme, start, end, provider, place, jp, capacity, cancelled)| {
            Session { programme, start, end, provider, place, jp, capacity, cancelled }
        })
}

fn enrolment() -> impl Strategy<Value = Enrolment> {
    (
        number().prop_map(SessionId),
        number().prop_map(EmployeeId),
        prop::collection::vec(option::of(select(Presence::ALL)), 0..8),
        option::of(0_u16..2000),
        text(),
    )
        .prop_map(|(session, employee, attendance, jp, note)| Enrolment {
            session,
            employee,
            attendance,
            jp,
            note,
        })
}
