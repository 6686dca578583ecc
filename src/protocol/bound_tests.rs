//! Walks the type of a request, whatever is added to it: with a text in any place longer than
//! any may be, it is refused; so is a list without end.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

use super::Request;

#[derive(Debug)]
struct Wrong;

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("wrong")
    }
}

impl std::error::Error for Wrong {}

impl serde::de::Error for Wrong {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// What some types want to read as a text.
const FORMS: &[&str] = &[
    "a",
    "2026-01-05",
    "0123456789abcdef0123456789abcdef",
    "199001012015011002",
    "2026-01-05T00:00:00Z",
    "employees/1000",
    "employees",
    "#X",
];

/// A value that says whatever is asked of it.
#[derive(Default)]
struct Walk {
    /// Which variant each enum takes, in the order of meeting them.
    choices: Vec<u32>,
    met: usize,
    /// Which form each text takes.
    forms: Vec<usize>,
    texts: usize,
    lists: usize,
    /// The text that is too long, or the list.
    long_text: Option<usize>,
    long_list: Option<usize>,
    depth: usize,
    variants: BTreeSet<(&'static str, &'static str)>,
}

struct Walker<'a>(&'a RefCell<Walk>);

impl<'a> Walker<'a> {
    fn again(&self) -> Walker<'a> {
        Walker(self.0)
    }

    fn text(&self) -> String {
        let mut walk = self.0.borrow_mut();
        let place = walk.texts;
        walk.texts += 1;
        if walk.long_text == Some(place) {
            return "x".repeat(100_000);
        }
        if walk.forms.len() <= place {
            walk.forms.push(0);
        }
        FORMS[walk.forms[place]].to_string()
    }
}

impl<'de> Deserializer<'de> for Walker<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Wrong> {
        Err(Wrong::custom("what is it?"))
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_bool<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_bool(true)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_u8(1)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_u16(1)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_u32(1)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_u64(199_001_012_015_011_002)
    }

    fn deserialize_i8<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_i8(1)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_i32(1)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_i64(1)
    }

    fn deserialize_str<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_string(self.text())
    }

    fn deserialize_string<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_string(self.text())
    }

    fn deserialize_option<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        if self.0.borrow().depth > 12 { v.visit_none() } else { v.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        v: V,
    ) -> Result<V::Value, Wrong> {
        v.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        let mut walk = self.0.borrow_mut();
        let place = walk.lists;
        walk.lists += 1;
        let long = walk.long_list == Some(place);
        drop(walk);
        let left = if long { 1_000_000 } else { 1 };
        v.visit_seq(Items { walker: self, left, taken: 0 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, left: usize, v: V) -> Result<V::Value, Wrong> {
        v.visit_seq(Items { walker: self, left, taken: 0 })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        v: V,
    ) -> Result<V::Value, Wrong> {
        v.visit_seq(Items { walker: self, left: fields.len(), taken: 0 })
    }

    fn deserialize_map<V: Visitor<'de>>(self, v: V) -> Result<V::Value, Wrong> {
        v.visit_map(Items { walker: self, left: 1, taken: 0 })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        v: V,
    ) -> Result<V::Value, Wrong> {
        let mut walk = self.0.borrow_mut();
        let choice = walk.choices[walk.met % walk.choices.len()] as usize % variants.len();
        walk.met += 1;
        walk.variants.insert((name, variants[choice]));
        drop(walk);
        v.visit_enum(Variant { walker: self, choice })
    }

    forward_to_deserialize_any! {
        i16 i128 u128 f32 f64 char bytes byte_buf unit_struct tuple_struct identifier ignored_any
    }
}

struct Items<'a> {
    walker: Walker<'a>,
    left: usize,
    taken: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        self.taken += 1;
        let walk = self.walker.0;
        if self.taken > 2 && self.left > 100 {
            // Each of a long list is like the first: counted, but not told of.
            let (texts, lists, met) = {
                let walk = walk.borrow();
                (walk.texts, walk.lists, walk.met)
            };
            let value = seed.deserialize(self.walker.again()).map(Some);
            let mut walk = walk.borrow_mut();
            (walk.texts, walk.lists, walk.met) = (texts, lists, met);
            return value;
        }
        walk.borrow_mut().depth += 1;
        let value = seed.deserialize(self.walker.again()).map(Some);
        walk.borrow_mut().depth -= 1;
        value
    }
}

impl<'de> MapAccess<'de> for Items<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        self.next_element_seed(seed)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self.walker.again())
    }
}

struct Variant<'a> {
    walker: Walker<'a>,
    choice: usize,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Wrong;
    type Variant = Walker<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Walker<'a>), Wrong> {
        let index = serde::de::value::U64Deserializer::<Wrong>::new(self.choice as u64);
        Ok((seed.deserialize(index)?, self.walker))
    }
}

impl<'de> VariantAccess<'de> for Walker<'_> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, left: usize, v: V) -> Result<V::Value, Wrong> {
        v.visit_seq(Items { walker: self, left, taken: 0 })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        v: V,
    ) -> Result<V::Value, Wrong> {
        v.visit_seq(Items { walker: self, left: fields.len(), taken: 0 })
    }
}

fn walked(walk: Walk) -> (Result<Request, Wrong>, Walk) {
    let walk = RefCell::new(walk);
    let read = Request::deserialize(Walker(&walk));
    (read, walk.into_inner())
}

/// A request that is read, with the forms its texts take; `None` where none was found.
fn readable(choices: &[u32]) -> Option<Walk> {
    let mut forms: Vec<usize> = Vec::new();
    for _ in 0..400 {
        let (read, walk) =
            walked(Walk { choices: choices.to_vec(), forms: forms.clone(), ..Walk::default() });
        if read.is_ok() {
            return Some(walk);
        }
        // The last text that was read is the one that was wrong.
        forms = walk.forms;
        forms.truncate(walk.texts);
        loop {
            let last = forms.last_mut()?;
            *last += 1;
            if *last < FORMS.len() {
                break;
            }
            forms.pop();
        }
    }
    None
}

#[test]
fn a_text_longer_than_any_is_refused_wherever_it_stands_in_a_request() {
    let mut seed = 7_u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as u32
    };
    let (mut texts, mut lists, mut tries) = (0, 0, 0);
    let mut met = BTreeSet::new();
    for variant in 0..60 {
        for _ in 0..40 {
            tries += 1;
            let mut choices = vec![variant];
            choices.extend((0..11).map(|_| random()));
            let Some(sound) = readable(&choices) else { continue };
            met.extend(sound.variants.iter().copied());
            for place in 0..sound.texts {
                let long = Walk {
                    choices: choices.clone(),
                    forms: sound.forms.clone(),
                    long_text: Some(place),
                    ..Walk::default()
                };
                let (read, _) = walked(long);
                assert!(read.is_err(), "text {place} of {read:?}");
                texts += 1;
            }
        }
        let choices = [vec![variant], vec![1; 11]].concat();
        let Some(sound) = readable(&choices) else { continue };
        for place in 0..sound.lists {
            let long = Walk {
                choices: choices.clone(),
                forms: sound.forms.clone(),
                long_list: Some(place),
                ..Walk::default()
            };
            let (read, _) = walked(long);
            let name = format!("{read:?}").chars().take(60).collect::<String>();
            assert!(read.is_err(), "list {place} of {name}");
            lists += 1;
        }
    }
    println!(
        "{texts} texts and {lists} lists too long in {tries} requests, {} variants",
        met.len()
    );
    let requests = met.iter().filter(|(name, _)| *name == "Request").count();
    assert!(requests >= 37, "{requests} kinds of request were walked");
    assert!(texts > 500, "{texts}");
}
