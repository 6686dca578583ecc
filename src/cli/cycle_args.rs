//! What may be written behind `kompeten cycle`: the acts of an assessment cycle, each with the
//! name or number of the cycle it is about. As in `args`, only the shape stands here.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::args::ShownArgs;

#[derive(Debug, Args)]
pub struct CycleArgs {
    #[command(subcommand)]
    pub act: CycleDo,
}

#[derive(Debug, Subcommand)]
pub enum CycleDo {
    Show(ShowCycle),
    Propose(OfCycle),
    Make(OfCycle),
    Sheets(SheetsArgs),
    Key(KeyArgs),
    Tick(TickArgs),
    Remind(ShowCycle),
    Collect(OfCycle),
    Close(OfCycle),
}

#[derive(Debug, Args)]
pub struct OfCycle {
    #[arg(value_name = "CYCLE")]
    pub cycle: String,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub why: String,
}

#[derive(Debug, Args)]
pub struct ShowCycle {
    #[arg(value_name = "CYCLE")]
    pub cycle: String,
    #[command(flatten)]
    pub shown: ShownArgs,
}

#[derive(Debug, Args)]
pub struct SheetsArgs {
    #[arg(value_name = "CYCLE")]
    pub cycle: String,
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    #[arg(long, value_name = "FILE|-")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct KeyArgs {
    #[arg(value_name = "CYCLE")]
    pub cycle: String,
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub why: String,
}

#[derive(Debug, Args)]
pub struct TickArgs {
    #[arg(value_name = "CYCLE")]
    pub cycle: String,
    #[arg(value_name = "NIP")]
    pub person: String,
    #[arg(value_name = "NIP", required = true)]
    pub raters: Vec<String>,
    #[arg(long)]
    pub clear: bool,
}
