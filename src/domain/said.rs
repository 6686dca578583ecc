//! Said: what one field says, as it stands in a record or in JSON, looked at without making a
//! value of it.

use serde::ser::{Impossible, Serialize, Serializer};
use serde_json::Value as Json;

/// A text, a whole number, or whatever else there is.
#[derive(Clone, Copy, Debug)]
pub enum Said<'a> {
    Text(&'a str),
    Whole(i64),
    Json(&'a Json),
}

impl<'a> Said<'a> {
    /// What a JSON value says, be it nothing.
    pub fn of(value: &'a Json) -> Self {
        match value {
            Json::String(text) => Self::Text(text),
            Json::Number(number) => number.as_i64().map_or(Self::Json(value), Self::Whole),
            _ => Self::Json(value),
        }
    }

    pub fn text(self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub fn whole(self) -> Option<i64> {
        if let Self::Whole(whole) = self { Some(whole) } else { None }
    }
}

/// Tells what a value says; `None` for an empty one.
pub fn say<T: Serialize + ?Sized>(
    value: &T,
    told: &mut dyn FnMut(Option<Said<'_>>),
) -> Result<(), serde_json::Error> {
    if value.serialize(One { told }).is_err() {
        let json = serde_json::to_value(value)?;
        told((!is_empty(&json)).then(|| Said::of(&json)));
    }
    Ok(())
}

/// Whether a field that holds this says nothing.
pub fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(map) => map.is_empty(),
        Json::Bool(flag) => !flag,
        Json::Number(_) => false,
    }
}

/// A value that is one text or number; of anything else nothing is told.
struct One<'a> {
    told: &'a mut dyn FnMut(Option<Said<'_>>),
}

#[derive(Debug, thiserror::Error)]
#[error("more than one text or number")]
struct More;

impl serde::ser::Error for More {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self
    }
}

macro_rules! wholes {
    ($($method:ident $whole:ty;)+) => {
        $(fn $method(self, value: $whole) -> Result<(), More> {
            (self.told)(Some(Said::Whole(i64::try_from(value).map_err(|_| More)?)));
            Ok(())
        })+
    };
}

macro_rules! more {
    ($($method:ident($($argument:ty),*) -> $result:ty;)+) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$result, More> {
            Err(More)
        })+
    };
}

impl Serializer for One<'_> {
    type Ok = ();
    type Error = More;
    type SerializeSeq = Impossible<(), More>;
    type SerializeTuple = Impossible<(), More>;
    type SerializeTupleStruct = Impossible<(), More>;
    type SerializeTupleVariant = Impossible<(), More>;
    type SerializeMap = Impossible<(), More>;
    type SerializeStruct = Impossible<(), More>;
    type SerializeStructVariant = Impossible<(), More>;

    fn serialize_str(self, text: &str) -> Result<(), More> {
        (self.told)((!text.is_empty()).then_some(Said::Text(text)));
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        code: &'static str,
    ) -> Result<(), More> {
        self.serialize_str(code)
    }

    fn serialize_none(self) -> Result<(), More> {
        (self.told)(None);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), More> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), More> {
        value.serialize(self)
    }

    wholes! {
        serialize_i8 i8;
        serialize_i16 i16;
        serialize_i32 i32;
        serialize_i64 i64;
        serialize_u8 u8;
        serialize_u16 u16;
        serialize_u32 u32;
        serialize_u64 u64;
    }

    more! {
        serialize_bool(bool) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), More> {
        Err(More)
    }
}
