//! What can be wrong with a keymap file, and how it is said.
//!
//! A fault carries what the officer wrote and, where there is one, the nearest thing that
//! would have been right. A [`Warning`] adds file and line.

use std::path::PathBuf;

use rust_i18n::t;

use super::key_text::{MAX_SEQUENCE, Unsendable, format};
use crate::ui::command::{Command, Context};

/// A keymap file that was skipped, and one reason why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub file: PathBuf,
    /// Counted from 1; none when the file could not be read at all.
    pub line: Option<usize>,
    pub fault: KeymapFault,
}

/// One thing wrong with a keymap file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeymapFault {
    /// The officer named a file that is not there.
    Missing,
    /// The system's reason.
    Unreadable(String),
    NotText,
    TooLarge,
    /// The parser's reason.
    NotToml(String),
    UnknownContext {
        name: String,
        nearest: Option<&'static str>,
    },
    OutsideTable(String),
    UnknownCommand {
        name: String,
        nearest: Option<&'static str>,
    },
    WrongContext {
        command: Command,
        context: Context,
    },
    UnknownFact {
        name: String,
        nearest: Option<&'static str>,
    },
    UnknownKey(String),
    SequenceLength(String),
    Unsendable {
        key: String,
        why: Unsendable,
    },
    /// The value is none of the shapes a binding may have.
    NotABinding(String),
    /// A rule after one without a fact.
    NeverReached(String),
    /// The same key, written in two ways.
    SameKey {
        key: String,
        other: String,
        line: usize,
    },
    /// A key that is a command and begins longer ones in the same context.
    CommandAndPrefix {
        context: Context,
        key: String,
        longer: String,
    },
    /// A character that could no longer be typed.
    Untypable(String),
    /// `yes` on a key that is pressed without thinking.
    HastyYes(String),
    NoWayOut {
        context: Context,
        command: Command,
    },
    /// More than is worth listing.
    AndMore(usize),
}

impl Warning {
    /// The whole message, in the officer's language.
    pub fn message(&self) -> String {
        self.message_in(crate::i18n::language().code())
    }

    pub fn message_in(&self, locale: &str) -> String {
        let file = self.file.display();
        let fault = self.fault.text_in(locale);
        let text = if let Some(line) = self.line {
            t!("keymap.warning.line", locale = locale, file = file, line = line, fault = fault)
        } else {
            t!("keymap.warning.file", locale = locale, file = file, fault = fault)
        };
        text.into_owned()
    }
}

impl KeymapFault {
    /// What is wrong, without the place.
    pub fn text_in(&self, locale: &str) -> String {
        match self {
            Self::Missing => t!("keymap.fault.missing", locale = locale),
            Self::Unreadable(reason) => {
                t!("keymap.fault.unreadable", locale = locale, reason = reason)
            }
            Self::NotText => t!("keymap.fault.not_text", locale = locale),
            Self::TooLarge => t!("keymap.fault.too_large", locale = locale),
            Self::NotToml(reason) => {
                t!("keymap.fault.not_toml", locale = locale, reason = reason)
            }
            Self::UnknownContext { name, nearest } => suggested(
                t!("keymap.fault.unknown_context", locale = locale, name = name),
                nearest.map(|near| format!("[{near}]")),
                locale,
            ),
            Self::OutsideTable(key) => {
                t!("keymap.fault.outside_table", locale = locale, key = key)
            }
            Self::UnknownCommand { name, nearest } => suggested(
                t!("keymap.fault.unknown_command", locale = locale, name = name),
                nearest.map(|near| format!("\"{near}\"")),
                locale,
            ),
            Self::WrongContext { command, context } => t!(
                "keymap.fault.wrong_context",
                locale = locale,
                command = command.name(),
                context = context.name(),
                homes = homes(*command)
            ),
            Self::UnknownFact { name, nearest } => suggested(
                t!("keymap.fault.unknown_fact", locale = locale, name = name),
                nearest.map(|near| format!("\"{near}\"")),
                locale,
            ),
            Self::UnknownKey(key) => t!("keymap.fault.unknown_key", locale = locale, key = key),
            Self::SequenceLength(key) => {
                t!("keymap.fault.sequence_length", locale = locale, key = key, most = MAX_SEQUENCE)
            }
            Self::Unsendable { key, why } => unsendable(key, *why, locale).into(),
            Self::NotABinding(key) => t!("keymap.fault.not_a_binding", locale = locale, key = key),
            Self::NeverReached(key) => t!("keymap.fault.never_reached", locale = locale, key = key),
            Self::SameKey { key, other, line } => {
                t!("keymap.fault.same_key", locale = locale, key = key, other = other, line = line)
            }
            Self::CommandAndPrefix { context, key, longer } => t!(
                "keymap.fault.command_and_prefix",
                locale = locale,
                context = context.name(),
                key = key,
                longer = longer
            ),
            Self::Untypable(key) => t!("keymap.fault.untypable", locale = locale, key = key),
            Self::HastyYes(key) => t!("keymap.fault.hasty_yes", locale = locale, key = key),
            Self::NoWayOut { context, command } => t!(
                "keymap.fault.no_way_out",
                locale = locale,
                context = context.name(),
                command = command.name()
            ),
            Self::AndMore(count) => t!("keymap.fault.and_more", locale = locale, count = count),
        }
        .into_owned()
    }
}

fn suggested<'a>(
    text: std::borrow::Cow<'a, str>,
    nearest: Option<String>,
    locale: &str,
) -> std::borrow::Cow<'a, str> {
    match nearest {
        Some(near) => {
            format!("{text} {}", t!("keymap.fault.nearest", locale = locale, near = near)).into()
        }
        None => text,
    }
}

fn unsendable(key: &str, why: Unsendable, locale: &str) -> String {
    match why {
        Unsendable::ArrivesAs(other) => {
            t!("keymap.fault.arrives_as", locale = locale, key = key, other = format(other))
        }
        Unsendable::NoCode => t!("keymap.fault.no_code", locale = locale, key = key),
        Unsendable::StartsOthers => t!("keymap.fault.starts_others", locale = locale, key = key),
    }
    .into_owned()
}

fn homes(command: Command) -> String {
    let tables: Vec<_> =
        command.def().contexts.iter().map(|context| format!("[{}]", context.name())).collect();
    tables.join(", ")
}
