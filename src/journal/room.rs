//! Room: how much the disk under the data folder still holds. Asked before every write, so
//! that a disk that fills up stops the journal before it stops the store: what is in the
//! journal is saved, and must also be seen.

use std::path::Path;

/// With less than this nothing is written any more, in bytes.
const LEAST: u64 = 2 << 20;

/// Whether the disk holds so many bytes more. One that does not tell is believed to.
pub fn is_there(folder: &Path, bytes: u64) -> bool {
    match rustix::fs::statvfs(folder) {
        Ok(disk) if disk.f_blocks > 0 => {
            disk.f_bavail.saturating_mul(disk.f_frsize) >= LEAST.saturating_add(bytes)
        }
        _ => true,
    }
}
