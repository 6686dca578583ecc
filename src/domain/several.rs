//! Several: the records of one kind that a field refers to, each once, in the order chosen. A
//! field that took one before and takes several now reads the one as it was written.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IntoDeserializer, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::fault::{Fault, Reason};

/// The most a field refers to.
pub const SEVERAL_MAX: usize = 100;
/// Between the names of several.
pub const BETWEEN: char = ';';

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Several<T>(Vec<T>);

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: PartialEq> Several<T> {
    /// Each once; none where there are more than a field takes.
    pub fn of(all: impl IntoIterator<Item = T>) -> Option<Self> {
        let mut each = Vec::new();
        for one in all {
            if !each.contains(&one) {
                each.push(one);
            }
        }
        (each.len() <= SEVERAL_MAX).then_some(Self(each))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }
}

/// What is wrong with a field that refers to so many.
pub fn too_many(field: &str, count: usize) -> Option<Fault> {
    let over = count > SEVERAL_MAX;
    over.then(|| Fault::with(field, Reason::OutOfRange, format!("0–{SEVERAL_MAX}")))
}

/// The names in a text, as officers write them.
pub fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split(BETWEEN).map(str::trim).filter(|name| !name.is_empty())
}

impl<T: Serialize> Serialize for Several<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}

impl<'de, T: Deserialize<'de> + PartialEq> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let reads = Reads(PhantomData);
        if from.is_human_readable() {
            from.deserialize_any(reads)
        } else {
            from.deserialize_seq(reads)
        }
    }
}

/// A list, or one number as it stood before there were several.
struct Reads<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + PartialEq> Visitor<'de> for Reads<T> {
    type Value = Several<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "at most {SEVERAL_MAX} numbers, each once")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Several<T>, E> {
        Ok(Several(vec![T::deserialize(number.into_deserializer())?]))
    }

    fn visit_unit<E: Error>(self) -> Result<Several<T>, E> {
        Ok(Several::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Several<T>, A::Error> {
        let mut all: Vec<T> = Vec::new();
        while let Some(one) = list.next_element()? {
            if all.len() == SEVERAL_MAX || all.contains(&one) {
                return Err(A::Error::custom("too many, or one twice"));
            }
            all.push(one);
        }
        Ok(Several(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::UnitId;

    #[test]
    fn one_that_was_written_before_there_were_several_is_read_as_that_one() {
        let read = |text: &str| serde_json::from_str::<Several<UnitId>>(text);
        let units = |all: &[u32]| Several::of(all.iter().copied().map(UnitId)).expect("a few");
        assert_eq!(read("1004").expect("one"), units(&[1004]));
        assert_eq!(read("[1004,7]").expect("two"), units(&[1004, 7]));
        assert_eq!(read("null").expect("none"), units(&[]));
        assert_eq!(serde_json::to_string(&units(&[1004])).expect("text"), "[1004]");
        for wrong in ["[7,7]", "[-1]", "\"7\"", "[[7]]", "-7", "99999999999"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        let many = (0..=SEVERAL_MAX as u32).map(UnitId);
        assert_eq!(Several::of(many.clone()), None);
        let many = serde_json::to_string(&many.collect::<Vec<_>>()).expect("text");
        assert!(read(&many).is_err());
    }

    #[test]
    fn names_are_told_apart_by_semicolons() {
        let all: Vec<&str> = named(" Kelurahan A; Kelurahan B ;; ").collect();
        assert_eq!(all, ["Kelurahan A", "Kelurahan B"]);
    }
}
