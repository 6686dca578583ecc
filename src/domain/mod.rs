//! What HR means: records, rules, calculations. No I/O, no clock, no screen, no store.
//!
//! One concept, one file. `record` is what all kinds have in common, `field` their
//! shapes, `fault` what can be wrong with a value, `change` what can be done to a record.

pub mod change;
pub mod column;
pub mod competency;
pub mod correction;
pub mod date;
pub mod employee;
pub mod fault;
pub mod field;
pub mod gap;
pub mod grade;
pub mod intake;
pub mod number;
pub mod officer;
pub mod position;
pub mod pseudonym;
pub mod rating;
pub mod reading;
pub mod record;
pub mod rules;
pub mod search;
pub mod setting;
pub mod standard;
pub mod training;
pub mod unit;
pub mod value;
