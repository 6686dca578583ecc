//! Probe: single fields of a record by name, without turning the rest of it into anything.
//! What the program does with any record by its field table (references, cells, whom it
//! names) asks through here.

use serde::ser::{Error as _, Impossible, Serialize, SerializeStruct, Serializer};
use serde_json::{Error, Value as Json};

/// The values of those fields of a record that are wanted, in the order of its struct.
pub fn fields<T: Serialize>(
    record: &T,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<(&'static str, Json)> {
    // A record is a struct with named fields; a test holds every kind to it.
    record.serialize(Probe { wanted, found: Vec::new() }).unwrap_or_default()
}

/// The value of one field; `None` for one there is not.
pub fn field<T: Serialize>(record: &T, name: &str) -> Option<Json> {
    fields(record, &|field| field == name).pop().map(|(_, value)| value)
}

struct Probe<'a> {
    wanted: &'a dyn Fn(&str) -> bool,
    found: Vec<(&'static str, Json)>,
}

type Found = Vec<(&'static str, Json)>;

impl SerializeStruct for Probe<'_> {
    type Ok = Found;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        if (self.wanted)(name) {
            self.found.push((name, serde_json::to_value(value)?));
        }
        Ok(())
    }

    fn end(self) -> Result<Found, Error> {
        Ok(self.found)
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

impl Serializer for Probe<'_> {
    type Ok = Found;
    type Error = Error;
    type SerializeStruct = Self;
    type SerializeSeq = Impossible<Found, Error>;
    type SerializeTuple = Impossible<Found, Error>;
    type SerializeTupleStruct = Impossible<Found, Error>;
    type SerializeTupleVariant = Impossible<Found, Error>;
    type SerializeMap = Impossible<Found, Error>;
    type SerializeStructVariant = Impossible<Found, Error>;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    nothing_else! {
        serialize_bool(bool) -> Found;
        serialize_i8(i8) -> Found;
        serialize_i16(i16) -> Found;
        serialize_i32(i32) -> Found;
        serialize_i64(i64) -> Found;
        serialize_u8(u8) -> Found;
        serialize_u16(u16) -> Found;
        serialize_u32(u32) -> Found;
        serialize_u64(u64) -> Found;
        serialize_f32(f32) -> Found;
        serialize_f64(f64) -> Found;
        serialize_char(char) -> Found;
        serialize_str(&str) -> Found;
        serialize_bytes(&[u8]) -> Found;
        serialize_none() -> Found;
        serialize_unit() -> Found;
        serialize_unit_struct(&'static str) -> Found;
        serialize_unit_variant(&'static str, u32, &'static str) -> Found;
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<Found, Error> {
        Err(Error::custom("not a record"))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<Found, Error> {
        Err(Error::custom("not a record"))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Found, Error> {
        Err(Error::custom("not a record"))
    }
}
