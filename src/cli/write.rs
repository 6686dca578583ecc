//! The forms a script reads: JSON values and CSV cells of what a list holds. Dates are
//! ISO, numbers have a point, codes are codes; the language plays no part.

use serde::Serialize;
use serde::ser::SerializeMap;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::domain::value::Value;

/// A cell as JSON.
pub fn json(value: &Value) -> Json {
    match value {
        Value::Empty => Json::Null,
        Value::Text(text) | Value::Choice(text) => Json::from(text.as_str()),
        Value::Whole(number) => Json::from(*number),
        Value::Hundredths(number) => Json::from(*number as f64 / 100.0),
        Value::Date(date) => Json::from(date.to_string()),
        Value::Flag(flag) => Json::from(*flag),
        Value::Years(years) => {
            years.iter().map(|(year, count)| (year.to_string(), Json::from(*count))).collect()
        }
    }
}

/// A row as a JSON object whose keys stand in the order of the columns.
pub struct RowJson<'a> {
    pub columns: &'a [String],
    pub cells: &'a [Value],
    pub id: String,
}

impl Serialize for RowJson<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len() + 1))?;
        for (column, cell) in self.columns.iter().zip(self.cells) {
            // JP by year is a map even when there is none yet.
            if matches!(cell, Value::Empty) && column == "jp" && self.by_year() {
                map.serialize_entry(column, &serde_json::Map::new())?;
            } else {
                map.serialize_entry(column, &json(cell))?;
            }
        }
        map.serialize_entry("id", &self.id)?;
        map.end()
    }
}

impl RowJson<'_> {
    fn by_year(&self) -> bool {
        self.id.starts_with("employees/")
    }
}

/// A percentage in hundredths as a JSON number with two decimals; null when there is none.
pub fn percent(hundredths: Option<u32>) -> Option<Box<RawValue>> {
    let number = hundredths?;
    RawValue::from_string(format!("{}.{:02}", number / 100, number % 100)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_carry_two_decimals() {
        assert_eq!(percent(Some(8750)).unwrap().get(), "87.50");
        assert_eq!(percent(Some(10_000)).unwrap().get(), "100.00");
        assert!(percent(None).is_none());
    }

    #[test]
    fn a_row_keeps_its_columns_order_and_an_empty_jp_is_a_map() {
        let columns = ["nip", "jp"].map(String::from);
        let row = RowJson {
            columns: &columns,
            cells: &[Value::text("1"), Value::Empty],
            id: "employees/1000".into(),
        };
        let text = serde_json::to_string(&row).unwrap();
        assert_eq!(text, r#"{"nip":"1","jp":{},"id":"employees/1000"}"#);
    }
}
