//! Help and usage errors in the officer's language. clap knows the shape of the command
//! line; the words come from the catalogue: `help.<command>` for a command and
//! `help.<command>.<flag>`, else `help.flag.<flag>`, for what stands behind it.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory, FromArgMatches, Parser};

use super::args::{Cli, Subcommands};
use super::called;
use super::values::kinds;
use crate::domain::intake::Intake;
use crate::domain::nearest::nearest;
use crate::domain::record::Kind;
use crate::i18n::{self, find, t};

/// The name of the whole in the catalogue.
const ROOT: &str = "kompeten";

/// The command line with its help in the officer's language.
pub fn command() -> Command {
    let mut command = dress(called::all(Cli::command), ROOT);
    command.build();
    say_usage(command)
}

/// What was asked for. The words of the help, a third of a megabyte, are put together only for
/// those who need them: whoever asks for them, or is told what is wrong.
pub fn parse(args: &[OsString]) -> Result<Cli, Box<(clap::Error, Command)>> {
    Cli::try_parse_from(args).or_else(|_| {
        let command = command();
        let matches = command.clone().try_get_matches_from(args);
        let parsed = matches.and_then(|matches| Cli::from_arg_matches(&matches));
        parsed.map_err(|error| Box::new((error, command)))
    })
}

/// Its own words in the lines that show how a command is written; the library has only
/// English ones.
fn say_usage(mut command: Command) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.split_once(": ").map_or(usage.as_str(), |(_, usage)| usage);
    let usage = usage.replace("[OPTIONS]", &format!("[{}]", t!("help.options_word")));
    let names: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_string()).collect();
    let command = command.override_usage(usage);
    names.into_iter().fold(command, |command, name| command.mut_subcommand(&name, say_usage))
}

fn dress(command: Command, name: &str) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
        t!("help.usage")
    );
    let command = command
        .about(find(&format!("help.{name}")).unwrap_or_default())
        .help_template(template)
        .subcommand_help_heading(i18n::fixed("help.commands"))
        .subcommand_value_name(i18n::fixed("help.command_word"))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .arg(
            clap::Arg::new("help")
                .short('h')
                .long("help")
                .action(clap::ArgAction::Help)
                .help_heading(i18n::fixed("help.flags"))
                .help(t!("help.flag.help").into_owned()),
        );
    let command = if name == ROOT {
        command.disable_version_flag(true).arg(
            clap::Arg::new("version")
                .short('V')
                .long("version")
                .action(clap::ArgAction::Version)
                .help_heading(i18n::fixed("help.flags"))
                .help(t!("help.flag.version").into_owned()),
        )
    } else {
        command
    };
    let ids: Vec<_> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
    let command = ids.into_iter().zip(0..).fold(command, |command, (id, place)| {
        command.mut_arg(&id, |arg| {
            // A command's own flags before those every command takes.
            let order = if arg.is_global_set() { place + 100 } else { place };
            let arg = arg.display_order(order);
            let heading = if arg.is_positional() { "help.arguments" } else { "help.flags" };
            let words = find(&format!("help.{name}.{id}"))
                .or_else(|| among(name, &id))
                .or_else(|| find(&format!("help.flag.{id}")));
            let own = || arg.get_help().map(ToString::to_string);
            let words = words.or_else(own).unwrap_or_default();
            arg.help(words).help_heading(i18n::fixed(heading))
        })
    });
    let names: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_string()).collect();
    names.into_iter().fold(command, |command, sub| {
        let path = if name == ROOT { sub.clone() } else { format!("{name}.{sub}") };
        command.mut_subcommand(&sub, |sub| dress(sub, &path))
    })
}

/// What may stand for a kind, as the registries have it; the names are the same in every
/// language.
fn among(command: &str, argument: &str) -> Option<String> {
    let names: Vec<_> = match (command, argument) {
        ("import", "kind") => Intake::ALL.map(Intake::name).to_vec(),
        (_, "kind") => kinds().map(Kind::name).collect(),
        _ => return None,
    };
    Some(names.join(" "))
}

/// A usage error: what is wrong, how it is written, where to read more.
pub fn explain(error: &clap::Error, command: &Command) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(value) => value.to_string(),
        None => String::new(),
    };
    let argument = text(ContextKind::InvalidArg);
    let value = text(ContextKind::InvalidValue);
    let other = text(ContextKind::PriorArg);
    let mut near = None;
    let mut message = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            t!("usage.no_such_command", name = text(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument if !argument.starts_with('-') => {
            t!("usage.word_too_many", name = argument)
        }
        ErrorKind::UnknownArgument => t!("usage.no_such_flag", name = argument),
        ErrorKind::InvalidValue if value.is_empty() => t!("usage.value_missing", name = argument),
        ErrorKind::ValueValidation if argument.contains("<DATE>") => {
            t!("usage.date_wrong", name = argument, value = value)
        }
        ErrorKind::ValueValidation if argument.contains("<KIND/ID>") => {
            t!("usage.record_wrong", name = argument, value = value)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let valid = match text(ContextKind::ValidValue) {
                valid if valid.is_empty() => own_reason(error),
                valid => valid,
            };
            if valid.is_empty() {
                t!("usage.value_wrong", name = argument, value = value)
            } else {
                let near_to = nearest(&value, valid.split(", ")).map(str::to_string);
                near = by_its_word(&argument, &value).or(near_to);
                t!("usage.value_not_among", name = argument, value = value, valid = valid)
            }
        }
        ErrorKind::MissingRequiredArgument => {
            t!("usage.missing", names = argument.replace(">...", ">"))
        }
        ErrorKind::ArgumentConflict if other != argument && !other.is_empty() => {
            t!("usage.not_together", name = argument, other = other)
        }
        ErrorKind::ArgumentConflict => t!("usage.twice", name = argument),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            t!("usage.value_missing", name = argument)
        }
        _ => return error.to_string(),
    }
    .into_owned();
    let suggested = [text(ContextKind::SuggestedArg), text(ContextKind::SuggestedSubcommand)];
    for near in suggested.into_iter().chain(near).filter(|near| !near.is_empty()) {
        message.push(' ');
        message.push_str(&t!("usage.nearest", near = near));
    }
    let name = command.get_name();
    format!("{message}\n{}", t!("usage.read_help", name = name))
}

impl Cli {
    /// A flag of every mode that was given and would do nothing here: an error, so that nobody
    /// believes that it did.
    pub fn idle_flag(&self) -> Option<&'static str> {
        let (data, keymap, read_only) = match &self.command {
            None | Some(Subcommands::Doctor) => (true, true, true),
            // A folder of its own, named by `--keep`.
            Some(Subcommands::Demo(_)) => (false, true, true),
            Some(Subcommands::Keys(_)) => (false, true, false),
            Some(Subcommands::Man(man)) => (false, !man.roff, false),
            Some(Subcommands::Kinds(_) | Subcommands::Completions(_)) => (false, false, false),
            Some(Subcommands::Restore(_)) => (true, false, false),
            Some(
                Subcommands::Import(_)
                | Subcommands::Export(_)
                | Subcommands::List(_)
                | Subcommands::Show(_)
                | Subcommands::Add(_)
                | Subcommands::Edit(_)
                | Subcommands::Delete(_)
                | Subcommands::Matrix(_)
                | Subcommands::History(_)
                | Subcommands::Person(_)
                | Subcommands::Retention(_)
                | Subcommands::Cycle(_)
                | Subcommands::Report(_)
                | Subcommands::Undo(_)
                | Subcommands::Verify(_)
                | Subcommands::Rebuild
                | Subcommands::Backup(_)
                | Subcommands::Officers(_)
                | Subcommands::Sittings(_)
                | Subcommands::EraseReason(_)
                | Subcommands::Quarantine(_)
                | Subcommands::Set(_)
                | Subcommands::Serve(_),
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

/// A flag that does nothing behind this command.
pub fn idle(flag: &str, args: &[OsString], command: &Command) -> String {
    let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    let mut words = args.iter().filter_map(|arg| arg.to_str());
    let name = words.find(|word| names.contains(word)).unwrap_or_default();
    let name = format!("{} {name}", command.get_name());
    let message = t!("usage.idle", flag = flag, name = name);
    format!("{message}\n{}", t!("usage.read_help", name = name))
}

/// The kind that is called so in the officer's language: `pegawai` is `employees`.
fn by_its_word(argument: &str, value: &str) -> Option<String> {
    let is_it = |kind: &Kind| {
        i18n::kind(*kind).eq_ignore_ascii_case(value)
            || i18n::one(*kind).eq_ignore_ascii_case(value)
    };
    let kind = kinds().find(is_it).filter(|_| argument.contains("KIND"))?;
    Some(kind.name().to_string())
}

/// What our own value parsers list as valid stands in the error's source.
fn own_reason(error: &clap::Error) -> String {
    use std::error::Error;
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    if let Some((_, range)) = source.split_once(" is not in ") {
        return range.replace("..=", "–");
    }
    // Library errors (a date, a number) are English sentences; ours are bare lists.
    if source.contains(", ") || source.contains('=') || source.contains('/') {
        source
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn every_command_and_flag_has_its_words() {
        fn check(command: &Command) {
            let name = command.get_name();
            assert!(command.get_about().is_some_and(|text| !text.to_string().is_empty()), "{name}");
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(!help.is_empty(), "help of {name} {}", arg.get_id());
            }
            command.get_subcommands().for_each(check);
        }
        check(&command());
    }

    #[test]
    fn the_help_of_an_import_names_every_kind_of_file() {
        let command = command();
        let import = command.find_subcommand("import").unwrap();
        let kind = import.get_arguments().find(|arg| arg.get_id() == "kind").unwrap();
        let help = kind.get_help().unwrap().to_string();
        assert_eq!(help.split(' ').collect::<Vec<_>>(), Intake::ALL.map(Intake::name));
    }

    fn said(args: &[&str]) -> String {
        let args = ["kompeten"].iter().chain(args);
        explain(&command().try_get_matches_from(args).unwrap_err(), &command())
    }

    #[test]
    fn a_figure_out_of_its_bounds_is_told_the_bounds_without_a_word_of_english() {
        let text = said(&["report", "jp", "--year", "99999"]);
        assert!(text.contains("1–9999") && !text.contains("not in"), "{text}");
    }

    #[test]
    fn a_word_too_many_is_no_flag_and_a_kind_may_be_named_by_its_word() {
        let text = said(&["show", "employees", "1", "2"]);
        assert!(text.contains("\"2\"") && !text.contains("pilihan \"2\""), "{text}");
        assert!(said(&["list", "pegawai"]).contains("Mungkin maksudnya employees"));
        let text = said(&["add", "ratings"]);
        assert!(text.contains("<FIELD=VALUE>.") && !text.contains("..."), "{text}");
    }

    #[test]
    fn a_wrong_word_is_answered_in_indonesian_with_the_nearest() {
        let error = command().try_get_matches_from(["kompeten", "imprt"]).unwrap_err();
        let text = explain(&error, &command());
        assert!(text.contains("imprt") && text.contains("import"), "{text}");
        let error = command().try_get_matches_from(["kompeten", "list", "people"]).unwrap_err();
        let text = explain(&error, &command());
        assert!(text.contains("people") && text.contains("employees"), "{text}");
    }
}
