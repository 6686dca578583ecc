//! Texts that name keys: `<app.undo>` in the guide becomes the keys that give the command
//! in the keymap in force, so that no text teaches keys an officer does not have.

use rust_i18n::t;

use super::Keymap;
use super::key_text::spoken;
use crate::i18n::language;
use crate::ui::command::Command;

impl Keymap {
    /// The text with each `<command>` replaced by its keys; anything else in angle brackets
    /// stays as it is.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            let (before, from) = rest.split_at(at);
            filled.push_str(before);
            let named = from[1..].split_once('>');
            let command = named.and_then(|(name, after)| Some((Command::named(name)?, after)));
            if let Some((command, after)) = command {
                filled.push_str(&self.taught(command));
                rest = after;
            } else {
                filled.push('<');
                rest = &from[1..];
            }
        }
        filled + rest
    }

    /// The first keys a command is bound to anywhere; by name from the palette without any.
    fn taught(&self, command: Command) -> String {
        let bound = |command: Command| {
            let contexts = command.def().contexts.iter();
            let mut found = contexts.flat_map(|context| {
                let table = self.table_of(*context);
                table.filter(|(_, binding)| binding.mentions(command))
            });
            let first = found.by_ref().min_by_key(|(keys, binding)| {
                // A plain key before a sequence written on the same line of another table.
                (std::cmp::Reverse(binding.source), keys.len() > 1, binding.line)
            });
            first.map(|(keys, _)| spoken(keys))
        };
        let language = language().code();
        let title = command.title_in(language);
        bound(command).unwrap_or_else(|| match bound(Command::Palette) {
            Some(keys) => {
                t!("keymap.by_palette", locale = language, keys = keys, name = title).into_owned()
            }
            None => title,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::i18n::{GUIDE, guide};
    use crate::ui::keymap::{Preset, load};

    fn delivered(preset: Preset) -> Keymap {
        load::<PathBuf>(preset, &[], None).0
    }

    #[test]
    fn a_text_names_the_keys_of_the_keymap_in_force() {
        let text = "Tekan <app.undo>; jp<20 dan <nama> tetap. <app.import>";
        let default = delivered(Preset::Default).fill(text);
        assert_eq!(default, "Tekan u; jp<20 dan <nama> tetap. I");
        let plain = delivered(Preset::Plain).fill(text);
        assert!(plain.starts_with("Tekan F7;") && plain.contains("F9"), "{plain}");
    }

    #[test]
    fn the_guide_names_no_command_that_does_not_exist() {
        let keymap = delivered(Preset::Default);
        let sections = guide();
        assert_eq!(sections.len(), GUIDE.len());
        for section in sections {
            let filled = keymap.fill(&section.text);
            let left = filled.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
            let unknown: Vec<_> = left
                .map(|(name, _)| name)
                .filter(|name| name.contains('.') && !name.contains(' '))
                .collect();
            assert_eq!(unknown, [""; 0], "{}", section.name);
        }
    }
}
