//! The office's clock: which moment and which day it is where the office stands, and what a new
//! day changes.

use chrono::FixedOffset;

use super::{DateTime, NaiveDate, State, Utc, Views, setting};

impl State {
    /// The day at that moment, in the office's time zone.
    pub fn date_of(&self, now: DateTime<Utc>) -> NaiveDate {
        self.here(now).date_naive()
    }

    fn here(&self, now: DateTime<Utc>) -> DateTime<FixedOffset> {
        let zone = setting::time_zone(self.catalog.time_zone());
        zone.map_or_else(|| now.fixed_offset(), |zone| now.with_timezone(&zone))
    }

    /// The moment by the office's own clock.
    pub fn now_here(&self) -> DateTime<FixedOffset> {
        self.here(self.now)
    }

    /// Sets today; a standard that came into force overnight changes the gaps.
    pub fn set_now(&mut self, now: DateTime<Utc>) {
        self.now = now;
        self.let_go_of_ahead();
        self.today = self.date_of(now);
        self.turn_of_day();
    }

    pub(super) fn turn_of_day(&mut self) {
        if self.roster.day == self.today {
            return;
        }
        let changed = self.catalog.standards_change_between(self.roster.day, self.today);
        self.roster.day = self.today;
        if changed {
            let everyone: Vec<u32> = self.roster.rows().iter().map(|row| row.number).collect();
            for number in everyone {
                self.recount(number);
            }
        }
        self.views = Views::default();
        self.recent.forget(self.store.applied().seq);
        self.version += 1;
        self.tables += 1;
    }
}
