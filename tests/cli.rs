//! The command line end to end, as CLI.md promises it to scripts: shapes, exit codes,
//! languages, and what an import leaves behind. Each test has an office of its own.

mod cli {
    mod contract;
    mod imports;
    pub mod office;
    mod samples;
}
