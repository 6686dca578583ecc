//! What HR means: records, rules, calculations. No I/O, no clock, no screen, no store.
//!
//! `kinds` are the kinds of record, one file each, and their registry; `record` is what all of
//! them have in common, `field` their shapes, `belongs` whose they are, `fault` what can be
//! wrong with a value, `change` what can be done to a record. The rest is one concept a file.

pub mod belongs;
pub mod bound;
pub mod category;
pub mod caught;
pub mod change;
pub mod column;
pub mod cycle;
pub mod date;
pub mod day;
pub mod diff;
pub mod fault;
pub mod field;
pub mod gap;
pub mod gap_class;
pub mod grade;
pub mod id;
pub mod intake;
pub mod ip_asn;
pub mod jp;
pub mod kinds;
pub mod learning;
pub mod mentoring;
pub mod names;
pub mod nearest;
pub mod number;
pub mod own_sets;
pub mod personal_data;
pub mod points;
pub mod probe;
pub mod pseudonym;
pub mod record;
pub mod retirement;
pub mod rule_text;
pub mod rulebook;
pub mod rules;
pub mod said;
pub mod search;
pub mod several;
pub mod shorten;
pub mod table;
pub mod talent;
pub mod value;
pub mod vocabulary;
