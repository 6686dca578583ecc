//! What may be written behind `kompeten`: subcommands and flags. Only the shape stands here;
//! values are read in `values`, and the words of the help are in the catalogue (`usage`).

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};

use super::called::Called;
use super::cycle_args::CycleArgs;
use super::sittings::SittingsArgs;
use super::values::{
    FileFormat, KeysFormat, ListFormat, ReportStyle, TableFormat, TextFormat, any_kind, assignment,
    intake, kind, language, mapping, record, report_format, role,
};
use crate::domain::intake::Intake;
use crate::domain::kinds::officer::Role;
use crate::domain::record::Kind;
use crate::i18n::Language;

#[derive(Debug, Parser)]
#[command(name = "kompeten", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub common: CommonArgs,
    #[command(subcommand)]
    pub command: Option<Subcommands>,
}

/// Flags every mode takes.
#[derive(Clone, Debug, Args)]
pub struct CommonArgs {
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    #[arg(long, global = true, value_name = "id|en", value_parser = language)]
    pub lang: Option<Language>,
    #[arg(long, global = true, value_name = "default|plain|vim|FILE")]
    pub keymap: Option<String>,
    #[arg(long, global = true)]
    pub read_only: bool,
}

#[derive(Debug, Subcommand)]
pub enum Subcommands {
    Demo(Called<DemoArgs>),
    Import(Called<ImportArgs>),
    Export(Called<ExportArgs>),
    List(Called<ListArgs>),
    Show(Called<ShowArgs>),
    Add(Called<AddArgs>),
    Edit(Called<EditArgs>),
    Delete(Called<DeleteArgs>),
    Kinds(Called<KindsArgs>),
    Matrix(Called<MatrixArgs>),
    History(Called<HistoryArgs>),
    Person(Called<PersonArgs>),
    Retention(Called<RetentionArgs>),
    Report(Called<ReportArgs>),
    Cycle(Called<CycleArgs>),
    Undo(Called<UndoArgs>),
    Verify(Called<VerifyArgs>),
    Rebuild,
    Backup(Called<BackupArgs>),
    Restore(Called<RestoreArgs>),
    Officers(Called<OfficersArgs>),
    Sittings(Called<SittingsArgs>),
    EraseReason(Called<EraseReasonArgs>),
    Quarantine(Called<QuarantineArgs>),
    Set(Called<SetArgs>),
    Keys(Called<KeysArgs>),
    Serve(Called<ServeArgs>),
    Doctor,
    Completions(Called<CompletionsArgs>),
    Man(Called<ManArgs>),
}

#[derive(Debug, Args)]
pub struct DemoArgs {
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    #[arg(value_name = "KIND", value_parser = intake)]
    pub kind: Intake,
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = mapping)]
    pub map: Vec<(String, String)>,
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    #[arg(long, conflicts_with = "dry_run")]
    pub yes: bool,
    #[arg(long)]
    pub json: bool,
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true,
        conflicts_with = "dry_run"
    )]
    pub why: String,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    #[arg(value_name = "KIND", value_parser = kind)]
    pub kind: Kind,
    #[arg(value_name = "FILE|-")]
    pub file: PathBuf,
    #[arg(long, value_name = "csv|xlsx|json", value_enum, hide_possible_values = true)]
    pub format: Option<FileFormat>,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub search: String,
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    #[arg(value_name = "KIND", value_parser = kind)]
    pub kind: Kind,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub search: String,
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    #[arg(long, value_name = "FIELD[,-FIELD]", allow_hyphen_values = true)]
    pub sort: Option<String>,
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
    #[arg(
        long,
        value_name = "table|csv|json",
        value_enum,
        default_value = "table",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub format: ListFormat,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    #[arg(value_name = "KIND", value_parser = kind)]
    pub kind: Kind,
    #[arg(value_name = "ID")]
    pub id: String,
    #[arg(
        long,
        value_name = "text|json",
        value_enum,
        default_value = "text",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub format: TextFormat,
    #[arg(long)]
    pub history: bool,
}

#[derive(Debug, Args)]
pub struct ChangeArgs {
    #[arg(long)]
    pub yes: bool,
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub why: String,
}

#[derive(Debug, Args)]
pub struct AddArgs {
    #[arg(value_name = "KIND", value_parser = any_kind)]
    pub kind: Kind,
    #[arg(value_name = "FIELD=VALUE", value_parser = assignment, required_unless_present = "from")]
    pub values: Vec<(String, String)>,
    #[arg(long, value_name = "FILE|-", conflicts_with = "values")]
    pub from: Option<PathBuf>,
    #[command(flatten)]
    pub change: ChangeArgs,
}

#[derive(Debug, Args)]
pub struct EditArgs {
    #[arg(value_name = "KIND", value_parser = any_kind)]
    pub kind: Kind,
    #[arg(value_name = "ID")]
    pub id: String,
    #[arg(value_name = "FIELD=VALUE", value_parser = assignment, required = true)]
    pub values: Vec<(String, String)>,
    #[command(flatten)]
    pub change: ChangeArgs,
}

#[derive(Debug, Args)]
pub struct DeleteArgs {
    #[arg(value_name = "KIND", value_parser = any_kind)]
    pub kind: Kind,
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
    #[command(flatten)]
    pub change: ChangeArgs,
}

/// How what is told is shown.
#[derive(Debug, Args)]
pub struct ShownArgs {
    #[arg(
        long,
        value_name = "table|json",
        value_enum,
        default_value = "table",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub format: TableFormat,
}

#[derive(Debug, Args)]
pub struct KindsArgs {
    #[arg(value_name = "KIND", value_parser = any_kind)]
    pub kind: Option<Kind>,
    #[command(flatten)]
    pub shown: ShownArgs,
}

#[derive(Debug, Args)]
pub struct MatrixArgs {
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub search: String,
    #[arg(long, value_name = "DATE")]
    pub at: Option<NaiveDate>,
    #[arg(
        long,
        value_name = "table|csv|json",
        value_enum,
        default_value = "table",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub format: ListFormat,
}

#[derive(Debug, Args)]
pub struct HistoryArgs {
    #[arg(long, value_name = "KIND/ID", value_parser = record)]
    pub record: Option<(Kind, String)>,
    #[arg(long, value_name = "NIP")]
    pub person: Option<String>,
    #[arg(long, value_name = "KIND", value_parser = any_kind)]
    pub kind: Option<Kind>,
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
    #[arg(long, value_name = "DATE")]
    pub since: Option<NaiveDate>,
    #[arg(long, value_name = "DATE")]
    pub until: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub search: String,
    #[arg(long, value_name = "N")]
    pub limit: Option<u32>,
    #[command(flatten)]
    pub shown: ShownArgs,
}

#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub struct PersonArgs {
    #[command(subcommand)]
    pub command: PersonCommand,
}

#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    Export(PersonExportArgs),
    Erase(PersonEraseArgs),
}

#[derive(Debug, Args)]
pub struct PersonExportArgs {
    #[arg(value_name = "NIP")]
    pub nip: String,
    #[arg(long, value_name = "FILE|-")]
    pub out: Option<PathBuf>,
    #[arg(long, value_name = "text|json", value_enum, hide_possible_values = true)]
    pub format: Option<TextFormat>,
    #[arg(long, requires = "out")]
    pub overwrite: bool,
}

#[derive(Debug, Args)]
pub struct PersonEraseArgs {
    #[arg(value_name = "NIP")]
    pub nip: String,
    #[arg(long)]
    pub yes: bool,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub why: String,
}

#[derive(Debug, Args)]
pub struct ReportArgs {
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    #[arg(long, value_name = "UNIT", requires = "id")]
    pub unit: Option<String>,
    #[arg(
        long,
        value_name = "YEAR",
        requires = "id",
        value_parser = clap::value_parser!(u16).range(1..=9999)
    )]
    pub year: Option<u16>,
    #[arg(long, value_name = "DATE", requires = "id")]
    pub at: Option<NaiveDate>,
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "",
        hide_default_value = true,
        requires = "id"
    )]
    pub search: String,
    #[arg(long, value_name = "FIELD[,-FIELD]", allow_hyphen_values = true, requires = "id")]
    pub sort: Option<String>,
    #[arg(long, value_name = "N", requires = "id")]
    pub limit: Option<u32>,
    #[arg(
        long,
        value_name = "table|csv|xlsx|json|text",
        value_parser = report_format,
        requires = "id"
    )]
    pub format: Option<ReportStyle>,
    #[arg(long, value_name = "FILE", requires = "id")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub own: super::report::Own,
}

#[derive(Debug, Args)]
pub struct RetentionArgs {
    #[arg(long)]
    pub apply: bool,
    #[arg(long, requires = "apply")]
    pub yes: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct UndoArgs {
    #[arg(value_name = "SEQ")]
    pub seq: Option<u64>,
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct BackupArgs {
    #[arg(value_name = "FILE|-", required_unless_present_any = ["to", "new_key"])]
    pub file: Option<PathBuf>,
    #[arg(long, value_name = "DIR", conflicts_with = "file")]
    pub to: Option<PathBuf>,
    // Beside a file the library takes `--to` for asked too much, and asks for it no more.
    #[arg(
        long,
        value_name = "N",
        requires = "to",
        conflicts_with = "file",
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub keep: Option<u32>,
    #[arg(long, value_name = "age1…")]
    pub recipient: Vec<String>,
    #[arg(long, value_name = "FILE")]
    pub recipients_file: Vec<PathBuf>,
    #[arg(long, value_name = "FILE", conflicts_with_all = ["recipient", "recipients_file"])]
    pub passphrase_file: Option<PathBuf>,
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all =
            ["file", "to", "json", "recipient", "recipients_file", "passphrase_file"]
    )]
    pub new_key: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct RestoreArgs {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    pub identity: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[arg(long)]
    pub sign_off: bool,
    #[arg(long, value_name = "FILE", requires = "sign_off")]
    pub out: Option<PathBuf>,
    #[arg(long, value_name = "SEQ:HASH")]
    pub against: Option<String>,
}

#[derive(Debug, Args)]
pub struct OfficersArgs {
    #[command(subcommand)]
    pub act: Option<OfficersDo>,
}

#[derive(Debug, Subcommand)]
pub enum OfficersDo {
    List {
        #[arg(
            long,
            value_name = "table|csv|json",
            value_enum,
            default_value = "table",
            hide_possible_values = true,
            hide_default_value = true
        )]
        format: ListFormat,
    },
    Add(AddOfficer),
    Remove(RemoveOfficer),
}

#[derive(Debug, Args)]
pub struct AddOfficer {
    #[arg(value_name = "USER")]
    pub user: String,
    #[arg(long, value_name = "ROLE", value_parser = role)]
    pub role: Role,
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct RemoveOfficer {
    #[arg(value_name = "USER")]
    pub user: String,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct EraseReasonArgs {
    #[arg(value_name = "STEP")]
    pub seq: u64,
    #[arg(long)]
    pub yes: bool,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub why: String,
}

#[derive(Debug, Args)]
pub struct QuarantineArgs {
    #[arg(long)]
    pub yes: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct SetArgs {
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    #[arg(value_name = "VALUE")]
    pub value: Option<String>,
}

#[derive(Debug, Args)]
pub struct KeysArgs {
    #[arg(
        long,
        value_name = "table|markdown",
        value_enum,
        default_value = "table",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub format: KeysFormat,
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,
    #[arg(long, value_name = "USER")]
    pub admin: Option<String>,
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub struct ManArgs {
    #[arg(long)]
    pub roff: bool,
}
