//! The command line end to end, as CLI.md promises it to scripts: shapes, exit codes,
//! languages, and what an import leaves behind. Each test has an office of its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cli {
    mod backup;
    mod bad_input;
    mod certificates;
    mod contract;
    mod cycles;
    mod dictionary;
    mod erase;
    mod example;
    mod growth;
    mod history;
    mod holidays;
    mod imports;
    pub mod office;
    mod options;
    mod own_names;
    mod packaging;
    mod personal;
    mod records;
    mod report;
    mod rivals;
    mod rules;
    pub mod sample;
    mod samples;
    mod sessions;
    mod sheets;
    mod talent;
}
