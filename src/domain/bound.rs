//! Bound: what a text or a list may hold that comes from outside. A limit stands beside the
//! field it is of, as how it is deserialised, so that nothing longer ever becomes a value:
//! `#[serde(deserialize_with = "bound::text::<_, LINE>")]`.

use serde::de::{Deserialize, Deserializer, Error};

use super::change::{RequestId, Via};
use super::record::Record;

/// A word of the program's own: a column, a report, a parameter. In bytes, as all of these.
pub const WORD: usize = 256;
/// A line somebody types: a search, a name, a path, a reason.
pub const LINE: usize = 4_000;
/// The longest text there is, as JSON spells it.
pub const TEXT: usize = 32_000;

fn within<E: Error>(length: usize, limit: usize) -> Result<(), E> {
    if length <= limit {
        return Ok(());
    }
    Err(E::custom(format_args!("{length} where {limit} is the most")))
}

pub fn text<'de, D: Deserializer<'de>, const MAX: usize>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    within(text.len(), MAX)?;
    Ok(text)
}

pub fn text_if_any<'de, D: Deserializer<'de>, const MAX: usize>(
    from: D,
) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    within(text.as_ref().map_or(0, String::len), MAX)?;
    Ok(text)
}

/// At most `COUNT` texts of at most `MAX` bytes each.
pub fn texts<'de, D: Deserializer<'de>, const COUNT: usize, const MAX: usize>(
    from: D,
) -> Result<Vec<String>, D::Error> {
    let texts: Vec<String> = list::<D, String, COUNT>(from)?;
    within(texts.iter().map(String::len).max().unwrap_or(0), MAX)?;
    Ok(texts)
}

/// Names and what they are said to be.
pub fn pairs<'de, D: Deserializer<'de>, const COUNT: usize, const MAX: usize>(
    from: D,
) -> Result<Vec<(String, String)>, D::Error> {
    let pairs: Vec<(String, String)> = list::<D, _, COUNT>(from)?;
    let longest = pairs.iter().map(|(name, text)| name.len().max(text.len())).max();
    within(longest.unwrap_or(0), MAX)?;
    Ok(pairs)
}

pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>, const COUNT: usize>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    let list = Vec::<T>::deserialize(from)?;
    within(list.len(), COUNT)?;
    Ok(list)
}

/// A record, or what is one: how long each field may be its kind says, and the office field
/// by field; here it is seen to that none is beyond all of them.
pub fn record<'de, D: Deserializer<'de>, R: Deserialize<'de> + Clone + Into<Record>>(
    from: D,
) -> Result<R, D::Error> {
    let record = R::deserialize(from)?;
    let fields = record.clone().into().fields();
    within(fields.values().map(longest).max().unwrap_or(0), TEXT)?;
    Ok(record)
}

pub fn record_if_any<'de, D: Deserializer<'de>, R: Deserialize<'de> + Clone + Into<Record>>(
    from: D,
) -> Result<Option<R>, D::Error> {
    let record = Option::<R>::deserialize(from)?;
    let fields = record.clone().map(|record| record.into().fields()).unwrap_or_default();
    within(fields.values().map(longest).max().unwrap_or(0), TEXT)?;
    Ok(record)
}

/// The longest text in a value, or how many a list has where that is more.
fn longest(value: &serde_json::Value) -> usize {
    use serde_json::Value as Json;
    match value {
        Json::String(text) => text.len(),
        Json::Array(list) => list.iter().map(longest).max().unwrap_or(0).max(list.len()),
        Json::Object(fields) => fields.values().map(longest).max().unwrap_or(0),
        _ => 0,
    }
}

/// As a client makes it.
pub fn request_id<'de, D: Deserializer<'de>>(from: D) -> Result<RequestId, D::Error> {
    let id = RequestId::deserialize(from)?;
    if id.is_whole() { Ok(id) } else { Err(D::Error::custom("no request id")) }
}

/// What the office does by itself nobody else has done.
pub fn via<'de, D: Deserializer<'de>>(from: D) -> Result<Via, D::Error> {
    match Via::deserialize(from)? {
        Via::Office => Err(D::Error::custom("not by the office")),
        via => Ok(via),
    }
}
