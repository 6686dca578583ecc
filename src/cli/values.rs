//! What a value behind `kompeten` may be: kinds, formats, roles and assignments, read from
//! their text. A wrong one answers with the bare list of what may stand there; `usage` makes
//! a sentence of it.

use clap::ValueEnum;

use crate::domain::intake::Intake;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{Kind, RecordId};
use crate::exchange::ReportFormat;
use crate::i18n::Language;

/// A table for the eye, or a file's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportStyle {
    Table,
    File(ReportFormat),
}

pub(super) fn report_format(text: &str) -> Result<ReportStyle, String> {
    let names = || ["table"].into_iter().chain(ReportFormat::ALL.map(ReportFormat::name));
    match text {
        "table" => Ok(ReportStyle::Table),
        text => {
            text.parse().map(ReportStyle::File).map_err(|()| names().collect::<Vec<_>>().join(", "))
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    Csv,
    Xlsx,
    Json,
    /// Of competencies alone: Moodle's framework CSV.
    Moodle,
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

pub(super) fn language(text: &str) -> Result<Language, String> {
    let exact = Language::ALL.into_iter().find(|language| language.code() == text);
    exact.ok_or_else(|| "id, en".into())
}

pub(super) fn kind(text: &str) -> Result<Kind, String> {
    let names = || kinds().map(Kind::name).collect::<Vec<_>>().join(", ");
    kinds().find(|kind| kind.name() == text).ok_or_else(names)
}

/// Also settings, which are in the history as everything else.
pub(super) fn any_kind(text: &str) -> Result<Kind, String> {
    text.parse().map_err(|()| Kind::ALL.map(Kind::name).join(", "))
}

pub(super) fn role(text: &str) -> Result<Role, String> {
    Role::ALL.iter().copied().find(|role| role.code() == text).ok_or_else(|| Role::CODES.join(", "))
}

pub(super) fn intake(text: &str) -> Result<Intake, String> {
    let names = || Intake::ALL.map(Intake::name).join(", ");
    Intake::ALL.into_iter().find(|intake| intake.name() == text).ok_or_else(names)
}

pub(super) fn mapping(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, column)) if !field.trim().is_empty() && !column.trim().is_empty() => {
            Ok((field.trim().to_string(), column.trim().to_string()))
        }
        _ => Err("FIELD=COLUMN".into()),
    }
}

/// A field and its value; without a value it is emptied.
pub(super) fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.trim().is_empty() => {
            Ok((field.trim().to_string(), value.to_string()))
        }
        _ => Err("FIELD=VALUE".into()),
    }
}

/// `employees/1234`, or anything `show` would find behind the slash: `employees/1990…`.
pub(super) fn record(text: &str) -> Result<(Kind, String), String> {
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
