//! What HR means: records, rules, calculations. No I/O, no clock, no screen, no store.
//!
//! One concept, one file. `record` is what all kinds have in common, `field` their
//! shapes, `fault` what can be wrong with a value, `change` what can be done to a record.

pub mod change;
pub mod column;
pub mod date;
pub mod fault;
pub mod field;
pub mod gap;
pub mod grade;
pub mod intake;
pub mod kinds;
pub mod number;
pub mod pseudonym;
pub mod record;
pub mod rules;
pub mod search;
pub mod table;
pub mod value;
