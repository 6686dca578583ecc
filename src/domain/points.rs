//! Points: a figure with at most two decimals, kept as a whole number of hundredths and never as
//! a float, so that what decides a category is exactly what was written. A whole figure is a
//! number in JSON, as it always was; one with decimals is a text (`"77.5"`).

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

/// The most whole points a text may say.
const WHOLE_MAX: u32 = 10_000_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(u32);

impl Points {
    pub const fn of_hundredths(hundredths: u32) -> Self {
        Self(hundredths)
    }

    pub const fn hundredths(self) -> u32 {
        self.0
    }

    /// `81`, `77,5`, `77.25`; nothing with more decimals, a sign or other words.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, decimals) = text.trim().split_once([',', '.']).unwrap_or((text.trim(), "0"));
        if decimals.is_empty() {
            return None;
        }
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty();
        // Noughts at the end say nothing more.
        let decimals = if decimals.len() > 2 { decimals.trim_end_matches('0') } else { decimals };
        let decimals = if decimals.is_empty() { "0" } else { decimals };
        if !digits(whole) || !digits(decimals) || decimals.len() > 2 {
            return None;
        }
        let whole: u32 = whole.parse().ok().filter(|whole| *whole <= WHOLE_MAX)?;
        let tens: u32 = decimals.parse().ok()?;
        let hundredths = if decimals.len() == 1 { tens * 10 } else { tens };
        Some(Self(whole * 100 + hundredths))
    }

    /// What a JSON value says.
    pub fn of_json(value: &Json) -> Option<Self> {
        match value {
            Json::Number(number) => Self::parse(&number.to_string()),
            Json::String(text) => Self::parse(text),
            _ => None,
        }
    }

    pub fn json(self) -> Json {
        if self.0.is_multiple_of(100) { (self.0 / 100).into() } else { self.to_string().into() }
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{whole}"),
            (rest, 0) => write!(f, "{whole}.{}", rest / 10),
            (rest, _) => write!(f, "{whole}.{rest:02}"),
        }
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        if !to.is_human_readable() {
            to.serialize_u32(self.0)
        } else if self.0.is_multiple_of(100) {
            to.serialize_u32(self.0 / 100)
        } else {
            to.collect_str(self)
        }
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if from.is_human_readable() {
            from.deserialize_any(Read)
        } else {
            u32::deserialize(from).map(Self)
        }
    }
}

struct Read;

impl Visitor<'_> for Read {
    type Value = Points;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a figure with at most two decimals")
    }

    fn visit_u64<E: Error>(self, whole: u64) -> Result<Points, E> {
        let wrong = || E::invalid_value(Unexpected::Unsigned(whole), &self);
        Points::parse(&whole.to_string()).ok_or_else(wrong)
    }

    fn visit_i64<E: Error>(self, whole: i64) -> Result<Points, E> {
        let wrong = || E::invalid_value(Unexpected::Signed(whole), &self);
        Points::parse(&whole.to_string()).ok_or_else(wrong)
    }

    /// As a script may write it: the shortest text that means this figure is what was meant.
    fn visit_f64<E: Error>(self, figure: f64) -> Result<Points, E> {
        let wrong = || E::invalid_value(Unexpected::Float(figure), &self);
        Points::parse(&figure.to_string()).ok_or_else(wrong)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Points, E> {
        Points::parse(text).ok_or_else(|| E::custom("no figure with at most two decimals"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_exactly_what_was_written() {
        for (text, hundredths, shown) in [
            ("81", 8100, "81"),
            ("77,5", 7750, "77.5"),
            ("77.25", 7725, "77.25"),
            ("67,99", 6799, "67.99"),
            ("68,00", 6800, "68"),
            ("0,05", 5, "0.05"),
            ("77,500", 7750, "77.5"),
        ] {
            let points = Points::parse(text).expect(text);
            assert_eq!((points.hundredths(), &*points.to_string()), (hundredths, shown), "{text}");
            let json = serde_json::to_value(points).expect("JSON");
            assert_eq!(json, points.json(), "{text}");
            assert_eq!(serde_json::from_value::<Points>(json).ok(), Some(points), "{text}");
            let bytes = crate::codec::encode(&points).expect("bytes");
            assert_eq!(crate::codec::decode::<Points>(&bytes), Ok(points), "{text}");
        }
        for text in ["", "77,555", "-1", "1e2", "77,", "abc", "99999999999", "7 7"] {
            assert_eq!(Points::parse(text), None, "{text}");
        }
        assert_eq!(Points::of_json(&Json::from(77.5)), Points::parse("77.5"));
    }
}
