//! What happens to an office may not happen to its records: killed processes, damaged
//! folders, full and failing disks, hostile requests. What was called saved is there
//! afterwards, what was not is either there whole or not at all, and the officer is told.
//!
//! Nothing here waits for a time: a process is killed after so many acknowledged changes,
//! a disk fails at its n-th request.

// A desk stands on a disk here, again and again.
#![allow(clippy::similar_names)]

mod desk;
mod disk;
#[path = "../../src/journal/tests/sectors.rs"]
mod sectors;

mod day;
mod erase;
mod folder;
mod full_disk;
mod hostile;
mod hostile_beside;
mod hostile_cycles;
mod journal_damage;
mod kill;
mod model;
mod quarantine;
mod real_disk;
mod store_damage;
mod together;
