//! What may be written behind `kompeten`: subcommands, flags and their values. Only the
//! shape stands here; the words of the help are in the catalogue (`usage`).

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::domain::intake::Intake;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{Kind, RecordId};
use crate::exchange::ReportFormat;
use crate::i18n::Language;

#[derive(Debug, Parser)]
#[command(name = "kompeten", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Flags every mode takes.
#[derive(Clone, Debug, Args)]
pub struct Common {
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
pub enum Command {
    Demo(Demo),
    Import(Import),
    Export(Export),
    List(List),
    Show(Show),
    Add(Add),
    Edit(Edit),
    Delete(Delete),
    Kinds(Kinds),
    Matrix(Matrix),
    History(History),
    Person(Person),
    Retention(Retention),
    Report(Report),
    Undo(Undo),
    Verify(Verify),
    Rebuild,
    Backup(Backup),
    Restore(Restore),
    Officers(Officers),
    Sittings(Sittings),
    EraseReason(EraseReason),
    Quarantine(Quarantine),
    Set(Set),
    Keys(Keys),
    Serve(Serve),
    Doctor,
    Completions(Completions),
    Man(Man),
}

impl Cli {
    /// A flag of every mode that was given and would do nothing here: an error, so that nobody
    /// believes that it did.
    pub const fn idle_flag(&self) -> Option<&'static str> {
        let (data, keymap, read_only) = match &self.command {
            None | Some(Command::Doctor) => (true, true, true),
            // A folder of its own, named by `--keep`.
            Some(Command::Demo(_)) => (false, true, true),
            Some(Command::Keys(_)) => (false, true, false),
            Some(Command::Man(man)) => (false, !man.roff, false),
            Some(Command::Kinds(_) | Command::Completions(_)) => (false, false, false),
            Some(Command::Restore(_)) => (true, false, false),
            Some(
                Command::Import(_)
                | Command::Export(_)
                | Command::List(_)
                | Command::Show(_)
                | Command::Add(_)
                | Command::Edit(_)
                | Command::Delete(_)
                | Command::Matrix(_)
                | Command::History(_)
                | Command::Person(_)
                | Command::Retention(_)
                | Command::Report(_)
                | Command::Undo(_)
                | Command::Verify(_)
                | Command::Rebuild
                | Command::Backup(_)
                | Command::Officers(_)
                | Command::Sittings(_)
                | Command::EraseReason(_)
                | Command::Quarantine(_)
                | Command::Set(_)
                | Command::Serve(_),
            ) => (true, false, true),
        };
        match (&self.common.data, &self.common.keymap, self.common.read_only) {
            (Some(_), ..) if !data => Some("--data"),
            (_, Some(_), _) if !keymap => Some("--keymap"),
            (.., true) if !read_only => Some("--read-only"),
            _ => None,
        }
    }
}

#[derive(Debug, Args)]
pub struct Demo {
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Import {
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
pub struct Export {
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
pub struct List {
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
pub struct Show {
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
pub struct Add {
    #[arg(value_name = "KIND", value_parser = any_kind)]
    pub kind: Kind,
    #[arg(value_name = "FIELD=VALUE", value_parser = assignment, required_unless_present = "from")]
    pub values: Vec<(String, String)>,
    #[arg(long, value_name = "FILE|-", conflicts_with = "values")]
    pub from: Option<PathBuf>,
    #[arg(long)]
    pub yes: bool,
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub why: String,
}

#[derive(Debug, Args)]
pub struct Edit {
    #[arg(value_name = "KIND", value_parser = any_kind)]
    pub kind: Kind,
    #[arg(value_name = "ID")]
    pub id: String,
    #[arg(value_name = "FIELD=VALUE", value_parser = assignment, required = true)]
    pub values: Vec<(String, String)>,
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub why: String,
}

#[derive(Debug, Args)]
pub struct Delete {
    #[arg(value_name = "KIND", value_parser = any_kind)]
    pub kind: Kind,
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
    #[arg(long)]
    pub yes: bool,
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub why: String,
}

/// How what is told is shown.
#[derive(Debug, Args)]
pub struct Shown {
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
pub struct Kinds {
    #[arg(value_name = "KIND", value_parser = any_kind)]
    pub kind: Option<Kind>,
    #[command(flatten)]
    pub shown: Shown,
}

#[derive(Debug, Args)]
pub struct Matrix {
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
pub struct History {
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
    pub shown: Shown,
}

#[derive(Debug, Args)]
#[command(disable_help_subcommand = true)]
pub struct Person {
    #[command(subcommand)]
    pub command: PersonCommand,
}

#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    Export(PersonExport),
    Erase(PersonErase),
}

#[derive(Debug, Args)]
pub struct PersonExport {
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
pub struct PersonErase {
    #[arg(value_name = "NIP")]
    pub nip: String,
    #[arg(long)]
    pub yes: bool,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub why: String,
}

#[derive(Debug, Args)]
pub struct Report {
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    #[arg(long, value_name = "UNIT", requires = "id")]
    pub unit: Option<String>,
    #[arg(long, value_name = "YEAR", requires = "id")]
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

/// A table for the eye, or a file's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportStyle {
    Table,
    File(ReportFormat),
}

fn report_format(text: &str) -> Result<ReportStyle, String> {
    let names = || ["table"].into_iter().chain(ReportFormat::ALL.map(ReportFormat::name));
    match text {
        "table" => Ok(ReportStyle::Table),
        text => {
            text.parse().map(ReportStyle::File).map_err(|()| names().collect::<Vec<_>>().join(", "))
        }
    }
}

#[derive(Debug, Args)]
pub struct Retention {
    #[arg(long)]
    pub apply: bool,
    #[arg(long, requires = "apply")]
    pub yes: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Undo {
    #[arg(value_name = "SEQ")]
    pub seq: Option<u64>,
}

#[derive(Debug, Args)]
pub struct Backup {
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
pub struct Restore {
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
pub struct Verify {
    #[arg(long)]
    pub sign_off: bool,
    #[arg(long, value_name = "FILE", requires = "sign_off")]
    pub out: Option<PathBuf>,
    #[arg(long, value_name = "SEQ:HASH")]
    pub against: Option<String>,
}

#[derive(Debug, Args)]
pub struct Officers {
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
pub struct Sittings {
    #[command(subcommand)]
    pub act: Option<SittingsDo>,
}

#[derive(Debug, Subcommand)]
pub enum SittingsDo {
    List(Shown),
    End(EndSitting),
}

#[derive(Debug, Args)]
pub struct EndSitting {
    #[arg(value_name = "SITTING")]
    pub sitting: u64,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct EraseReason {
    #[arg(value_name = "STEP")]
    pub seq: u64,
    #[arg(long)]
    pub yes: bool,
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub why: String,
}

#[derive(Debug, Args)]
pub struct Quarantine {
    #[arg(long)]
    pub yes: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Set {
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    #[arg(value_name = "VALUE")]
    pub value: Option<String>,
}

#[derive(Debug, Args)]
pub struct Keys {
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
pub struct Serve {
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,
    #[arg(long, value_name = "USER")]
    pub admin: Option<String>,
}

#[derive(Debug, Args)]
pub struct Completions {
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub struct Man {
    #[arg(long)]
    pub roff: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    Csv,
    Xlsx,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Table,
    Csv,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    Table,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KeysFormat {
    Table,
    Markdown,
}

/// The kinds a script may list; settings have a command of their own.
pub fn kinds() -> impl Iterator<Item = Kind> {
    Kind::ALL.into_iter().filter(|kind| *kind != Kind::Settings)
}

fn language(text: &str) -> Result<Language, String> {
    let exact = Language::ALL.into_iter().find(|language| language.code() == text);
    exact.ok_or_else(|| "id, en".into())
}

fn kind(text: &str) -> Result<Kind, String> {
    let names = || kinds().map(Kind::name).collect::<Vec<_>>().join(", ");
    kinds().find(|kind| kind.name() == text).ok_or_else(names)
}

/// Also settings, which are in the history as everything else.
fn any_kind(text: &str) -> Result<Kind, String> {
    text.parse().map_err(|()| Kind::ALL.map(Kind::name).join(", "))
}

fn role(text: &str) -> Result<Role, String> {
    Role::ALL.iter().copied().find(|role| role.code() == text).ok_or_else(|| Role::CODES.join(", "))
}

fn intake(text: &str) -> Result<Intake, String> {
    let names = || Intake::ALL.map(Intake::name).join(", ");
    Intake::ALL.into_iter().find(|intake| intake.name() == text).ok_or_else(names)
}

fn mapping(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, column)) if !field.trim().is_empty() && !column.trim().is_empty() => {
            Ok((field.trim().to_string(), column.trim().to_string()))
        }
        _ => Err("FIELD=COLUMN".into()),
    }
}

/// A field and its value; without a value it is emptied.
fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.trim().is_empty() => {
            Ok((field.trim().to_string(), value.to_string()))
        }
        _ => Err("FIELD=VALUE".into()),
    }
}

/// `employees/1234`, or anything `show` would find behind the slash: `employees/1990…`.
fn record(text: &str) -> Result<(Kind, String), String> {
    match text.split_once('/') {
        Some((kind_name, id)) if !id.trim().is_empty() => {
            let every = kind_name.parse().map_err(|()| "KIND/ID".to_string());
            every.map(|kind| (kind, id.trim().to_string()))
        }
        _ => Err("KIND/ID".into()),
    }
}

/// The record number behind a kind, when the text is one.
pub fn number(kind: Kind, text: &str) -> Option<RecordId> {
    text.parse().ok().map(|number| RecordId::new(kind, number))
}
