//! `kompeten keys`: the keymap in force and where each binding came from.

use std::io::Write;
use std::path::PathBuf;

use super::args::KeysArgs;
use super::fault::{Exit, Failure};
use super::values::KeysFormat;
use super::{Context, Env, warn};
use crate::ui::keymap::{self, Keymap, KeysStyle, Preset, Warning};

pub fn run(args: &KeysArgs, context: &Context, out: &mut dyn Write) -> Result<Exit, Failure> {
    let (keymap, warnings) = load(context.keymap.as_deref(), context.env);
    for warning in &warnings {
        warn(&warning.message());
    }
    let format = match args.format {
        KeysFormat::Table => KeysStyle::Text,
        KeysFormat::Markdown => KeysStyle::Markdown,
    };
    writeln!(out, "{}", keymap.table(format).trim_end())?;
    Ok(Exit::Done)
}

/// Where an officer's own settings are.
pub fn own_folder(env: &Env) -> Option<PathBuf> {
    let set = |name: &str| env(name).filter(|text| !text.is_empty()).map(PathBuf::from);
    let config = set("XDG_CONFIG_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".config")));
    config.map(|config| config.join("kompeten"))
}

/// The keymap of an officer: `--keymap` names a preset or a file; below it stand the
/// host's file and the officer's own.
pub fn load(named: Option<&str>, env: &Env) -> (Keymap, Vec<Warning>) {
    let mut files = vec![PathBuf::from("/etc/kompeten/keymap.toml")];
    files.extend(own_folder(env).map(|own| own.join("keymap.toml")));
    match named.map(|name| (name, Preset::named(name))) {
        None => keymap::load(Preset::default(), &files, None),
        Some((_, Some(preset))) => keymap::load(preset, &files, None),
        Some((file, None)) => keymap::load(Preset::default(), &files, Some(file.as_ref())),
    }
}
