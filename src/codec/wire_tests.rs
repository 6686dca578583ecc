//! What crosses the wire or stands in a file is read through the constructor of its type:
//! a value that its type would not make is an error while it is read, as bytes and as
//! JSON, so that nothing can be written that cannot be read back.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{CodecError, arbitrary, decode, encode};
use crate::domain::belongs::{Home, Owner};
use crate::domain::field::Shape;
use crate::domain::grade::Grade;
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::correction::CorrectionStatus;
use crate::domain::kinds::employee::{EmploymentKind, Status};
use crate::domain::kinds::enrolment::Presence;
use crate::domain::number::{EmployeeNumber, LOCAL_MAX, Sex};
use crate::domain::record::{Kind, Record, RecordId};

/// None of these values, as they stand in JSON, is read as a `T`.
fn refuses_json<T: DeserializeOwned + std::fmt::Debug>(values: &[impl Serialize]) {
    let of = std::any::type_name::<T>();
    for value in values {
        let json = serde_json::to_value(value).expect("JSON");
        let read = serde_json::from_value::<T>(json.clone());
        assert!(read.is_err(), "{of}: {json} is read as {read:?}");
    }
}

/// None of these values, as they stand in bytes, is read as a `T`.
fn refuses_bytes<T: DeserializeOwned + std::fmt::Debug>(values: &[impl Serialize]) {
    let of = std::any::type_name::<T>();
    for (at, value) in values.iter().enumerate() {
        let bytes = encode(value).expect("bytes");
        let read = decode::<T>(&bytes);
        assert_eq!(read.expect_err(of), CodecError::Malformed, "{of}, value {at}");
    }
}

/// Neither, of what is written alike in both.
fn refuses<T: DeserializeOwned + std::fmt::Debug>(values: &[impl Serialize]) {
    refuses_json::<T>(values);
    refuses_bytes::<T>(values);
}

#[derive(Debug, PartialEq, Serialize, serde::Deserialize)]
struct Dated(#[serde(with = "crate::domain::day")] Option<chrono::NaiveDate>);

#[test]
fn a_day_is_read_back_from_bytes_and_from_json() {
    for day in [None, Some(chrono::NaiveDate::MIN), Some(chrono::NaiveDate::MAX)] {
        let bytes = encode(&Dated(day)).expect("bytes");
        assert_eq!(decode(&bytes), Ok(Dated(day)));
        let json = serde_json::to_string(&Dated(day)).expect("JSON");
        assert_eq!(serde_json::from_str::<Dated>(&json).expect("a day"), Dated(day), "{json}");
    }
}

#[test]
fn a_value_its_type_would_not_make_is_not_read() {
    let long = format!("#{}", "x".repeat(LOCAL_MAX + 1));
    refuses_json::<EmployeeNumber>(&[
        "11888872330676831505",
        "0",
        "000000000000000000",
        "199002302015012001",
        "199001012015132001",
        "199001012015013001",
        "199001012015012000",
        "#",
        "#  ",
        "#a\u{1b}b",
        "x",
        &long,
    ]);
    refuses_bytes::<EmployeeNumber>(&[
        (11_888_872_330_676_831_505_u64, ""),
        (1, ""),
        (199_002_302_015_012_001, ""),
        (199_001_012_015_132_001, ""),
        (199_001_012_015_013_001, ""),
        (199_001_012_015_012_000, ""),
        (199_001_012_015_012_001, "x"),
        (0, "  "),
        (0, "a\u{1b}b"),
        (0, &long),
    ]);
    refuses::<Level>(&[0_u8, 6, 255]);
    refuses_json::<Grade>(&["", "V/a", "I/e", "XVIII", "0", "119"]);
    refuses_bytes::<Grade>(&[0_u8, 10, 15, 100, 118, 255]);
    refuses_json::<Dated>(&[Some("2026-02-30"), Some("+262143-01-01"), Some("")]);
    refuses_bytes::<Dated>(&[Some(i32::MIN), Some(i32::MAX)]);
    refuses::<RecordId>(&["", "people/1", "units/", "units/-1", "units/4294967296", "units"]);
    refuses::<chrono::NaiveDate>(&["2026-02-30", "+262143-01-01", "-262144-01-01", "0", ""]);
    refuses::<chrono::DateTime<chrono::Utc>>(&["2026-02-30T00:00:00Z", "2026-01-01", ""]);
}

#[test]
fn a_code_that_is_not_of_the_list_is_not_read() {
    let far = [u32::MAX, 200];
    assert!(far.iter().all(|at| decode::<Kind>(&encode(at).expect("bytes")).is_err()));
    assert!(far.iter().all(|at| decode::<Status>(&encode(at).expect("bytes")).is_err()));
    assert!(far.iter().all(|at| decode::<Presence>(&encode(at).expect("bytes")).is_err()));
    let strange = || json!("x");
    assert!(serde_json::from_value::<Kind>(strange()).is_err());
    assert!(serde_json::from_value::<Sex>(strange()).is_err());
    assert!(serde_json::from_value::<EmploymentKind>(strange()).is_err());
    assert!(serde_json::from_value::<CorrectionStatus>(strange()).is_err());
}

/// The shapes in which a client may write the value of any field.
fn odd() -> impl Strategy<Value = serde_json::Value> {
    prop_oneof![
        any::<i64>().prop_map(|number| json!(number)),
        any::<u64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        any::<bool>().prop_map(|flag| json!(flag)),
        "\\PC{0,40}".prop_map(|text| json!(text)),
        "#?[0-9]{18,20}".prop_map(|text| json!(text)),
        "[+-]?[0-9]{1,6}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?"
            .prop_map(|text| json!(text)),
        "[ -~]{0,6}/[a-e]".prop_map(|text| json!(text)),
        proptest::collection::vec(any::<u8>(), 0..4).prop_map(|list| json!(list)),
        proptest::collection::btree_map("[0-9]{1,10}", any::<u32>(), 0..4)
            .prop_map(|map| json!(map)),
        Just(json!(null)),
        Just(json!({})),
    ]
}

/// A generator that leaves a field of some kind empty for ever would try nothing of it.
#[test]
fn values_are_tried_in_every_field_of_every_kind() {
    let mut runner = TestRunner::deterministic();
    for kind in Kind::ALL {
        let mut filled = BTreeSet::new();
        for _ in 0..200 {
            let record = arbitrary::of_kind(kind).new_tree(&mut runner).expect("one").current();
            assert_eq!(record.kind(), kind);
            filled.extend(record.fields().into_iter().map(|(name, _)| name));
        }
        let fields = kind.fields().iter().map(|field| field.name);
        let empty: Vec<_> = fields.filter(|name| !filled.contains(*name)).collect();
        assert_eq!(empty, [""; 0], "{kind}");
    }
}

/// Who can be named in a record by whom it cannot stand without is whose it is: otherwise
/// nothing of it would be kept from other districts, restricted or erased.
#[test]
fn what_cannot_stand_without_a_person_belongs_to_them_and_is_kept_with_them() {
    // What is sealed nobody is told at all.
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_sealed()) {
        let people = Shape::Reference(Kind::Employees);
        let names = kind.fields().iter().any(|field| field.required && field.shape == people);
        assert_eq!(names, kind.belongs() == Owner::Person, "{kind}");
        assert_eq!(names, kind.home() == Home::WithPerson, "{kind}");
    }
}

proptest! {
    /// Whatever stands in a field either makes no record, or one that the journal and the
    /// store give back as it was.
    #[test]
    fn a_field_with_anything_in_it_is_refused_or_written_as_it_is_read(
        record in arbitrary::record(), at in any::<prop::sample::Index>(), value in odd(),
    ) {
        let kind = record.kind();
        let field = kind.fields()[at.index(kind.fields().len())];
        let mut fields = record.fields();
        fields.insert(field.name.into(), value);
        let Ok(read) = Record::from_fields(kind, &fields) else { return Ok(()) };
        prop_assert_eq!(decode::<Record>(&encode(&read).unwrap()), Ok(read.clone()));
        let text = serde_json::to_string(&read.fields()).unwrap();
        let again = Record::from_fields(kind, &serde_json::from_str(&text).unwrap());
        prop_assert_eq!(again.ok(), Some(read), "{}", text);
    }
}
