//! Quota: how much of the journal each officer has written today, where the office is. Beyond
//! what a setting allows nothing more of theirs is taken until tomorrow, so that nobody
//! fills the disk; who may do what, and the setting itself, can always be changed. Counted
//! in memory: whoever can restart the office can fill its disk in other ways.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::domain::change::Change;
use crate::domain::kinds::setting;
use crate::domain::record::Kind;
use crate::office::Office;
use crate::protocol::Problem;

const MEGABYTE: u64 = 1_000_000;

#[derive(Default)]
pub(in crate::office) struct Quota {
    day: NaiveDate,
    written: HashMap<Arc<str>, u64>,
}

impl Office {
    /// Whether an officer may still write so much.
    pub(in crate::office) fn has_quota(&mut self, user: &str, bytes: u64) -> Result<(), Problem> {
        let setting = self.state.catalog.setting(setting::DAILY_MB);
        let megabytes = setting::daily_mb(setting).unwrap_or(u32::MAX);
        if self.quota.day != self.state.today {
            self.quota = Quota { day: self.state.today, written: HashMap::new() };
        }
        let written = self.quota.written.get(user).copied().unwrap_or_default();
        if written.saturating_add(bytes) < u64::from(megabytes) * MEGABYTE {
            return Ok(());
        }
        Err(Problem::Quota { megabytes })
    }

    /// The same of changes, which count once they are written. One request may go beyond it.
    pub(in crate::office) fn has_quota_for(
        &mut self,
        user: &str,
        changes: &[Change],
    ) -> Result<(), Problem> {
        let free = |change: &Change| matches!(change.id.kind, Kind::Settings | Kind::Officers);
        if changes.iter().all(free) { Ok(()) } else { self.has_quota(user, 0) }
    }

    /// An officer has written so much.
    pub(in crate::office) fn has_written(&mut self, user: &Arc<str>, bytes: u64) {
        *self.quota.written.entry(Arc::clone(user)).or_default() += bytes;
    }
}
