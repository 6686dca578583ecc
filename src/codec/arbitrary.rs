//! Records of every kind for property tests, by their field tables: any that the
//! constructors of the domain let through, whether or not an office would find them correct.

use chrono::{DateTime, NaiveDate, Utc};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use crate::domain::field::{Field, Shape};
use crate::domain::grade::Grade;
use crate::domain::kinds::enrolment::Presence;
use crate::domain::number::EmployeeNumber;
use crate::domain::points::Points;
use crate::domain::record::{Fields, Kind, Record};

/// A record of any kind.
pub fn record() -> impl Strategy<Value = Record> {
    select(Kind::ALL.to_vec()).prop_flat_map(of_kind)
}

/// A record of this kind.
pub fn of_kind(kind: Kind) -> BoxedStrategy<Record> {
    let fields: Vec<_> = kind.fields().iter().map(|field| value(kind, field)).collect();
    fields
        .prop_filter_map("a record", move |values| {
            let names = kind.fields().iter().map(|field| field.name.to_string());
            let fields: Fields = names.zip(values).filter(|(_, value)| !value.is_null()).collect();
            Record::from_fields(kind, &fields).ok()
        })
        .boxed()
}

/// What a field may hold, or nothing.
fn value(kind: Kind, field: &Field) -> BoxedStrategy<Json> {
    let any = match field.shape {
        Shape::Text | Shape::LongText => return text().prop_map(Json::from).boxed(),
        Shape::Number => return employee_number().prop_map(|number| json!(number)).boxed(),
        Shape::Flag => return any::<bool>().prop_map(Json::from).boxed(),
        Shape::Date => date().prop_map(|date| json!(date)).boxed(),
        Shape::Moment => moment().prop_map(|at| json!(at)).boxed(),
        Shape::Whole { min, max } => (min..=max.min(9_999)).prop_map(Json::from).boxed(),
        Shape::Points { max } => {
            (0..=max * 100).prop_map(|one| Points::of_hundredths(one).json()).boxed()
        }
        Shape::Level => (1_u8..=5).prop_map(|level| json!(level)).boxed(),
        Shape::Choice(codes) => select(codes).prop_map(Json::from).boxed(),
        Shape::Grade => {
            select(Grade::all().collect::<Vec<_>>()).prop_map(|grade| json!(grade)).boxed()
        }
        Shape::Reference(_) => number().prop_map(Json::from).boxed(),
        Shape::References(_) => {
            return prop::collection::btree_set(number(), 0..4).prop_map(|all| json!(all)).boxed();
        }
        Shape::List => return list(kind, field.name),
    };
    if field.required { any } else { option::of(any).prop_map(|value| json!(value)).boxed() }
}

/// What a list holds is in no table.
fn list(kind: Kind, field: &str) -> BoxedStrategy<Json> {
    match (kind, field) {
        (Kind::Competencies, "levels") => {
            let level = (text(), vec(text(), 0..3)).prop_map(
                |(description, indicators)| json!({"description": description, "indicators": indicators}),
            );
            vec(level, 0..6).prop_map(Json::from).boxed()
        }
        (Kind::Enrolments, "attendance") => {
            vec(option::of(select(Presence::CODES)), 0..8).prop_map(|days| json!(days)).boxed()
        }
        (Kind::Readings, "people") => {
            btree_map(number(), 1_u32..9, 0..4).prop_map(|people| json!(people)).boxed()
        }
        (Kind::Sheets, "scores") => {
            let score = (number(), option::of(1_u8..=5))
                .prop_map(|(competency, level)| json!({"competency": competency, "level": level}));
            vec(score, 0..6).prop_map(Json::from).boxed()
        }
        (kind, field) => panic!("what may stand in {kind} {field}?"),
    }
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
