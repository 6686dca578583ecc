//! The one form a script reads that serde has not: a percentage with two decimals.

use serde_json::value::RawValue;

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
}
