//! Only: of a value one field is wanted. All text but that field's is passed over instead of
//! copied, and what its struct has behind it is not read at all. Everything else comes as it
//! stands, for only reading it tells how long it is.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, SeqAccess, VariantAccess, Visitor};

/// Something that reads, or that is read, and the field that is wanted.
pub(super) struct Only<'f, T> {
    inner: T,
    field: &'f str,
    /// The fields of the struct that is read, if it is one.
    fields: &'static [&'static str],
}

impl<'f, T> Only<'f, T> {
    pub(super) fn of(inner: T, field: &'f str) -> Self {
        Self { inner, field, fields: &[] }
    }
}

macro_rules! as_it_stands {
    ($($method:ident($($arg:ident: $type:ty),*);)+) => {
        $(fn $method<V: Visitor<'de>>(self, $($arg: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method($($arg,)* visitor)
        })+
    };
}

macro_rules! looked_into {
    ($($method:ident($($arg:ident: $type:ty),*);)+) => {
        $(fn $method<V: Visitor<'de>>(self, $($arg: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method($($arg,)* Only::of(visitor, self.field))
        })+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Only<'_, D> {
    type Error = D::Error;

    as_it_stands! {
        deserialize_any();
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_map();
        deserialize_identifier();
        deserialize_ignored_any();
    }

    looked_into! {
        deserialize_option();
        deserialize_newtype_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_str(Blank(visitor))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_str(Blank(visitor))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let visitor = Only { inner: visitor, field: self.field, fields };
        self.inner.deserialize_struct(name, fields, visitor)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Only<'_, V> {
    type Value = V::Value;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(to)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Only::of(from, self.field))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(Only::of(from, self.field))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, from: A) -> Result<V::Value, A::Error> {
        let wanted = self.fields.iter().position(|name| *name == self.field);
        self.inner.visit_seq(Elements { from, field: self.field, wanted, at: 0 })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, from: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(Only::of(from, self.field))
    }
}

/// The elements of a sequence; of a struct that has the wanted field none behind it.
struct Elements<'f, A> {
    from: A,
    field: &'f str,
    wanted: Option<usize>,
    at: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let at = self.at;
        self.at += 1;
        match self.wanted {
            Some(wanted) if at > wanted => Ok(None),
            Some(wanted) if at == wanted => self.from.next_element_seed(seed),
            _ => self.from.next_element_seed(Only::of(seed, self.field)),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.from.size_hint()
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Only<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Only::of(from, self.field))
    }
}

impl<'de, 'f, A: EnumAccess<'de>> EnumAccess<'de> for Only<'f, A> {
    type Error = A::Error;
    type Variant = Only<'f, A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let (which, variant) = self.inner.variant_seed(seed)?;
        Ok((which, Only::of(variant, self.field)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Only<'_, A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.inner.newtype_variant_seed(Only::of(seed, self.field))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.inner.tuple_variant(len, Only::of(visitor, self.field))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        let visitor = Only { inner: visitor, field: self.field, fields };
        self.inner.struct_variant(fields, visitor)
    }
}

/// Text that is passed over: whoever asked for it gets none.
struct Blank<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Blank<V> {
    type Value = V::Value;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(to)
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<V::Value, E> {
        self.0.visit_string(String::new())
    }
}
