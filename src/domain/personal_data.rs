//! Personal data: within how many hours the office answers whoever asks that what it holds about
//! them be set right.
//!
//! Source: `rules/personal_data.toml`, with its legal basis.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::rulebook::{Broken, RuleTable, rests_on, within};
use super::rules::Source;

/// What people may ask of whoever holds data about them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PersonalData {
    /// Hours within which a request is answered.
    pub answer_hours: u32,
    source: Source,
}

impl PersonalData {
    /// By when a request received then is to be answered.
    pub fn deadline(&self, received: DateTime<Utc>) -> Option<DateTime<Utc>> {
        received.checked_add_signed(TimeDelta::hours(self.answer_hours.into()))
    }
}

impl RuleTable for PersonalData {
    fn each(&mut self, see: &mut dyn FnMut(&str, &mut u32)) {
        see("answer_hours", &mut self.answer_hours);
    }

    fn holds(&self) -> Result<(), Broken> {
        within("answer_hours", self.answer_hours, 1, 8760)
    }

    rests_on!(source);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::Rulebook;

    #[test]
    fn three_times_twenty_four_hours_are_left_from_the_moment_it_was_received() {
        let moment = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        let due = Rulebook::shipped().personal_data.deadline(moment("2026-11-20T03:30:00Z"));
        assert_eq!(due, Some(moment("2026-11-23T03:30:00Z")));
    }
}
