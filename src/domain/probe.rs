//! Probe: the fields of a record by name, without turning the rest of it into anything. What
//! the program does with any record by its field table (what is wrong with it, references,
//! cells, whom it names, its text in the journal) asks through here.

use std::ops::Range;

use serde::ser::{Error as _, Impossible, Serialize, SerializeStruct, Serializer};
use serde_json::{Error, Value as Json};

use super::said::{Said, say};

/// The values of those fields of a record that are wanted, in the order of its struct.
pub fn fields<T: Serialize>(
    record: &T,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<(&'static str, Json)> {
    let mut picked = Picked { wanted, found: Vec::new() };
    // A record is a struct with named fields; a test holds every kind to it.
    let _ = record.serialize(Walk { take: &mut picked });
    picked.found
}

/// The value of one field; `None` for one there is not.
pub fn field<T: Serialize>(record: &T, name: &str) -> Option<Json> {
    fields(record, &|field| field == name).pop().map(|(_, value)| value)
}

/// What those fields of a record say that are wanted, in the order of its struct; `None` for an
/// empty one.
pub fn each<T: Serialize>(
    record: &T,
    wanted: &dyn Fn(&str) -> bool,
    told: &mut dyn FnMut(&'static str, Option<Said<'_>>),
) {
    let _ = record.serialize(Walk { take: &mut Tell { wanted, told } });
}

/// Appends the fields as JSON by name, without the empty ones: the text of the map they make.
pub fn write<T: Serialize>(record: &T, out: &mut Vec<u8>) -> Result<(), Error> {
    let mut texts = Texts::default();
    record.serialize(Walk { take: &mut texts })?;
    let Texts { bytes, mut places } = texts;
    places.sort_unstable_by_key(|(name, _)| *name);
    out.push(b'{');
    for (at, (name, place)) in places.into_iter().enumerate() {
        out.extend_from_slice(if at == 0 { b"\"" } else { b",\"" });
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        out.extend_from_slice(&bytes[place]);
    }
    out.push(b'}');
    Ok(())
}

/// What is done with each field.
trait Take {
    fn take<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error>;
}

struct Picked<'a> {
    wanted: &'a dyn Fn(&str) -> bool,
    found: Vec<(&'static str, Json)>,
}

impl Take for Picked<'_> {
    fn take<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        if (self.wanted)(name) {
            self.found.push((name, serde_json::to_value(value)?));
        }
        Ok(())
    }
}

struct Tell<'a> {
    wanted: &'a dyn Fn(&str) -> bool,
    told: &'a mut dyn FnMut(&'static str, Option<Said<'_>>),
}

impl Take for Tell<'_> {
    fn take<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        if (self.wanted)(name) {
            say(value, &mut |said| (self.told)(name, said))?;
        }
        Ok(())
    }
}

/// The text of each field that is not empty, and where it stands.
#[derive(Default)]
struct Texts {
    bytes: Vec<u8>,
    places: Vec<(&'static str, Range<usize>)>,
}

impl Take for Texts {
    fn take<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let from = self.bytes.len();
        serde_json::to_writer(&mut self.bytes, value)?;
        match &self.bytes[from..] {
            b"null" | b"\"\"" | b"[]" | b"{}" | b"false" => self.bytes.truncate(from),
            text => {
                // What has names inside stands in their order.
                if matches!(text.first(), Some(b'[' | b'{')) {
                    self.bytes.truncate(from);
                    serde_json::to_writer(&mut self.bytes, &serde_json::to_value(value)?)?;
                }
                self.places.push((name, from..self.bytes.len()));
            }
        }
        Ok(())
    }
}

/// Goes through the fields of a record.
struct Walk<'a, T> {
    take: &'a mut T,
}

impl<T: Take> SerializeStruct for Walk<'_, T> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<V: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &V,
    ) -> Result<(), Error> {
        self.take.take(name, value)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

/// Anything but a struct is no record.
macro_rules! nothing_else {
    ($($method:ident($($argument:ty),*) -> $result:ty;)+) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$result, Error> {
            Err(Error::custom("not a record"))
        })+
    };
}

impl<T: Take> Serializer for Walk<'_, T> {
    type Ok = ();
    type Error = Error;
    type SerializeStruct = Self;
    type SerializeSeq = Impossible<(), Error>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    nothing_else! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_str(&str) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_some<V: Serialize + ?Sized>(self, _: &V) -> Result<(), Error> {
        Err(Error::custom("not a record"))
    }

    fn serialize_newtype_struct<V: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &V,
    ) -> Result<(), Error> {
        Err(Error::custom("not a record"))
    }

    fn serialize_newtype_variant<V: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &V,
    ) -> Result<(), Error> {
        Err(Error::custom("not a record"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::field;
    use crate::codec::arbitrary;
    use crate::domain::record::Record;

    proptest! {
        #[test]
        fn the_text_of_a_record_is_that_of_its_fields(record in arbitrary::record()) {
            let mut text = Vec::new();
            record.write_fields(&mut text).expect("a text");
            let fields = serde_json::to_string(&record.fields()).expect("a text");
            prop_assert_eq!(String::from_utf8(text).expect("a text"), fields);
        }

        #[test]
        fn what_is_wrong_with_a_record_is_wrong_with_its_fields(record in arbitrary::record()) {
            let of_fields = field::check(record.kind(), &record.fields());
            prop_assert_eq!(&record.check()[..of_fields.len()], &of_fields[..]);
            let empty = Record::empty(record.kind());
            let of_fields = field::check(empty.kind(), &empty.fields());
            prop_assert_eq!(&empty.check()[..of_fields.len()], &of_fields[..]);
        }
    }
}
