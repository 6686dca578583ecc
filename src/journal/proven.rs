//! Proven: what was proven of the journal once and need not be again, as long as its files
//! look as they did. A segment that is written no more is known by its stamp for good; the
//! last one only from a close in order to the next opening.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::segment::{SegmentStamp, stamps};
use crate::domain::change::Head;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    pub(super) stamps: Vec<SegmentStamp>,
    /// The last step of the segments that are written no more.
    pub(super) sealed: Option<Head>,
    /// The last step of all, where the journal was closed in order.
    pub(super) closed: Option<Head>,
}

impl Proven {
    /// How far the journal in `dir` still is what was proven; and how far of it in segments
    /// that are written no more.
    pub fn stands(&self, dir: &Path) -> (Option<Head>, Option<Head>) {
        let now = stamps(dir);
        let as_then = |head: &Head| {
            let upto = |stamp: &&SegmentStamp| stamp.segment <= head.end.segment;
            self.stamps.iter().filter(upto).eq(now.iter().filter(upto))
        };
        let sealed = self.sealed.filter(as_then);
        let closed = self.closed.filter(|head| as_then(head) && now.len() == self.stamps.len());
        (closed.or(sealed), sealed)
    }
}
