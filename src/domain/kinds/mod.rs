//! The kinds of record an office keeps, one file each. What they have in common, and what
//! may be done with any of them, is beside this folder.

pub mod competency;
pub mod correction;
pub mod employee;
pub mod officer;
pub mod position;
pub mod rating;
pub mod reading;
pub mod setting;
pub mod standard;
pub mod training;
pub mod unit;
