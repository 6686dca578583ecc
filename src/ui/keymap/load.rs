//! Layers: a built-in preset, the host's file, the officer's file, merged key by key.
//!
//! A file with any fault is skipped whole and said so; the program starts all the same
//! with what lies below it. An absent file is no fault, unless the officer named it.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use super::check::check;
use super::fault::{KeymapFault, Warning};
use super::file::{Found, KeymapLine, read};
use super::{Keymap, Origin};

/// Far above any keymap, far below what would be slow to read.
const MOST_BYTES: u64 = 256 * 1024;

/// How many faults of one file are told.
const MOST_FAULTS: usize = 20;

/// The keymaps that come with the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    #[default]
    Default,
    /// Arrows and function keys; letters only where something is typed or answered.
    Plain,
    Vim,
}

impl Preset {
    pub const ALL: [Self; 3] = [Self::Default, Self::Plain, Self::Vim];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Plain => "plain",
            Self::Vim => "vim",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Default => include_str!("../../../keymaps/default.toml"),
            Self::Plain => include_str!("../../../keymaps/plain.toml"),
            Self::Vim => include_str!("../../../keymaps/vim.toml"),
        }
    }
}

/// The keymap of `preset` with `files` laid over it, lowest first, and `named` on top: a file
/// the officer asked for, whose absence is worth a word.
pub fn load<P: AsRef<Path>>(
    preset: Preset,
    files: &[P],
    named: Option<&Path>,
) -> (Keymap, Vec<Warning>) {
    let mut keymap = Keymap::default();
    let mut warnings = keymap.lay(preset.text(), Origin::Preset(preset));
    for (path, wanted) in
        files.iter().map(|path| (path.as_ref(), false)).chain(named.map(|path| (path, true)))
    {
        match text_of(path) {
            Ok(Some(text)) => warnings.extend(keymap.lay(&text, Origin::File(path.to_owned()))),
            Ok(None) if !wanted => {}
            Ok(None) => warnings.push(whole(path, KeymapFault::Missing)),
            Err(fault) => warnings.push(whole(path, fault)),
        }
    }
    (keymap, warnings)
}

fn whole(path: &Path, fault: KeymapFault) -> Warning {
    Warning { file: path.to_owned(), line: None, fault }
}

/// The text of a keymap file; none if there is no such file.
fn text_of(path: &Path) -> Result<Option<String>, KeymapFault> {
    let unreadable = |error: &std::io::Error| KeymapFault::Unreadable(error.kind().to_string());
    match path.metadata() {
        // Opening a pipe would wait for someone to write into it.
        Ok(found) if !found.is_file() => {
            let kind =
                if found.is_dir() { ErrorKind::IsADirectory } else { ErrorKind::InvalidInput };
            return Err(KeymapFault::Unreadable(kind.to_string()));
        }
        Ok(_) => {}
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(&error)),
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(KeymapFault::TooLarge);
    }
    String::from_utf8(bytes).map(Some).map_err(|_| KeymapFault::NotText)
}

impl Keymap {
    /// Lays one file's text over what is there, whole or not at all.
    pub(super) fn lay(&mut self, text: &str, source: Origin) -> Vec<Warning> {
        let laid = read(text, self.sources.len()).and_then(|entries| {
            let merged = self.with(&entries);
            let found = check(self, &merged, &entries);
            if found.is_empty() { Ok(merged) } else { Err(found) }
        });
        match laid {
            Ok(merged) => {
                *self = merged;
                self.sources.push(source);
                Vec::new()
            }
            Err(found) => warnings(&source, found),
        }
    }

    fn with(&self, entries: &[KeymapLine]) -> Self {
        let mut merged = self.clone();
        // What is unbound goes first, so that a file may clear a prefix and use it anew.
        for entry in entries.iter().filter(|entry| entry.binding.rules.is_empty()) {
            let table = merged.tables.entry(entry.context).or_default();
            table.retain(|keys, _| !keys.starts_with(&entry.keys));
            table.insert(entry.keys.clone(), entry.binding.clone());
        }
        for entry in entries.iter().filter(|entry| !entry.binding.rules.is_empty()) {
            let table = merged.tables.entry(entry.context).or_default();
            table.retain(|keys, old| {
                !(old.rules.is_empty() && entry.keys.starts_with(keys) && *keys != entry.keys)
            });
            table.insert(entry.keys.clone(), entry.binding.clone());
        }
        merged
    }
}

fn warnings(source: &Origin, mut found: Vec<Found>) -> Vec<Warning> {
    let file = match source {
        Origin::File(path) => path.clone(),
        Origin::Preset(preset) => Path::new("keymaps").join(preset.name()).with_extension("toml"),
    };
    let more = found.len().saturating_sub(MOST_FAULTS);
    found.truncate(MOST_FAULTS);
    let mut told: Vec<_> = found
        .into_iter()
        .map(|Found { line, fault }| Warning { file: file.clone(), line: Some(line), fault })
        .collect();
    if more > 0 {
        told.push(whole(&file, KeymapFault::AndMore(more)));
    }
    told
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;
    use crate::term::key::{Key, KeyCode};
    use crate::ui::command::{COMMANDS, Command, Context, Facts};
    use crate::ui::keymap::Resolved;
    use crate::ui::keymap::key_text::parse_sequence;

    fn preset(preset: Preset) -> Keymap {
        let (keymap, warnings) = load::<PathBuf>(preset, &[], None);
        assert_eq!(warnings, [], "{}", preset.name());
        keymap
    }

    fn pressed(keymap: &Keymap, context: Context, text: &str) -> Resolved {
        let keys = parse_sequence(text).expect("keys");
        keymap.resolve(context.stack(), Facts::NONE, &keys)
    }

    fn one(command: Command) -> Resolved {
        Resolved::Commands(vec![command])
    }

    #[test]
    fn every_delivered_keymap_is_without_fault() {
        for each in Preset::ALL {
            assert!(!preset(each).rows().is_empty());
            assert_eq!(Preset::named(each.name()), Some(each));
        }
        assert_eq!(Preset::named("emacs"), None);
    }

    #[test]
    fn every_command_can_be_given_with_every_delivered_keymap() {
        for each in Preset::ALL {
            let rows = preset(each).rows();
            let bound = |command| rows.iter().any(|row| row.commands.contains(&command));
            assert!(bound(Command::Palette));
            for def in COMMANDS.iter().filter(|def| !bound(def.id)) {
                // The palette lists what acts on lists, panes and the program; beneath an
                // overlay it is not to be had. Erasing a word is a comfort.
                let listed = !def.contexts.iter().any(|context| {
                    context.is_modal() || matches!(context, Context::Text | Context::Filter)
                });
                let comfort = def.contexts == [Context::Text];
                assert!(
                    each == Preset::Plain && (listed || comfort),
                    "{} has no key in {}",
                    def.name,
                    each.name()
                );
            }
        }
    }

    #[test]
    fn the_space_bar_marks_and_ticks_and_goes_nowhere() {
        let ticks = [Command::ListMark, Command::TrainingTick, Command::PickerToggle];
        for each in Preset::ALL {
            for row in preset(each).rows().iter().filter(|row| row.keys == ["space"]) {
                let other = row.commands.iter().find(|command| !ticks.contains(command));
                assert_eq!(other, None, "{}", each.name());
            }
        }
    }

    #[test]
    fn no_delivered_key_is_taken_by_terminals_and_multiplexers() {
        for each in Preset::ALL {
            for table in preset(each).tables.values() {
                for key in table.keys().flatten() {
                    assert!(!key.alt, "{key:?} in {}", each.name());
                    assert!(*key != Key::ctrl('a') && *key != Key::ctrl('b'), "{}", each.name());
                }
            }
        }
    }

    #[test]
    fn the_plain_keymap_needs_no_letters_but_to_answer() {
        for (context, table) in &preset(Preset::Plain).tables {
            for key in table.keys().flatten() {
                let letter =
                    matches!(key.code, KeyCode::Char(c) if c != ' ' && !c.is_ascii_digit());
                let cancel = *key == Key::ctrl('c');
                assert!(!letter || cancel || *context == Context::Confirm, "{key:?}");
            }
        }
    }

    #[test]
    fn digits_never_change_panes() {
        for each in Preset::ALL {
            let keymap = preset(each);
            for (context, table) in &keymap.tables {
                for (keys, binding) in table {
                    let digit =
                        keys.iter().any(|key| key.text().is_some_and(|c| c.is_ascii_digit()));
                    let turns = binding.rules.iter().flat_map(|rule| &rule.run).any(|command| {
                        command.name().starts_with("pane.") || command.name().starts_with("browse.")
                    });
                    assert!(!(digit && turns), "{context:?} {keys:?}");
                }
            }
            for level in 1..=5 {
                let Resolved::Commands(run) =
                    pressed(&keymap, Context::PaneMatrix, &level.to_string())
                else {
                    panic!("{level} does not rate in {}", each.name());
                };
                assert_eq!(run[0].level(), Some(level));
            }
        }
    }

    #[test]
    fn only_y_answers_yes_to_a_question() {
        for each in Preset::ALL {
            let keymap = preset(each);
            let yes = keymap.bindings(Command::ConfirmYes, Context::Confirm.stack(), Facts::NONE);
            assert_eq!(yes, [[Key::char('y')]]);
        }
    }

    #[test]
    fn no_two_dangerous_keys_lie_side_by_side() {
        let rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
        let place = |key: Key| {
            let c = key.text()?.to_ascii_lowercase();
            rows.iter().enumerate().find_map(|(y, row)| Some((row.find(c)?, y)))
        };
        for each in Preset::ALL {
            let keymap = preset(each);
            let dangerous: Vec<_> = keymap
                .tables
                .values()
                .flatten()
                .filter(|(_, binding)| {
                    COMMANDS.iter().any(|def| def.is_destructive() && binding.mentions(def.id))
                })
                .filter_map(|(keys, _)| keys.first().copied())
                .filter_map(place)
                .collect();
            for (n, one) in dangerous.iter().enumerate() {
                for other in &dangerous[n + 1..] {
                    let apart = one.0.abs_diff(other.0) > 1 || one.1.abs_diff(other.1) > 1;
                    assert!(one == other || apart, "{one:?} {other:?} in {}", each.name());
                }
            }
        }
    }

    #[test]
    fn the_officers_file_lies_over_the_hosts_and_that_over_the_preset() {
        let folder = tempfile::tempdir().expect("folder");
        let [host, own, absent] =
            ["host.toml", "own.toml", "absent.toml"].map(|name| folder.path().join(name));
        std::fs::write(&host, "[list]\n\"F7\" = \"list.first\"\n\"F8\" = \"list.last\"")
            .expect("write");
        std::fs::write(&own, "[list]\n\"f7\" = \"list.up\"").expect("write");
        let (keymap, warnings) = load(Preset::Default, &[host.clone(), absent, own.clone()], None);
        assert_eq!(warnings, []);
        assert_eq!(pressed(&keymap, Context::List, "F7"), one(Command::ListUp));
        assert_eq!(pressed(&keymap, Context::List, "F8"), one(Command::ListLast));
        assert_eq!(pressed(&keymap, Context::List, "j"), one(Command::ListDown));
        let origin = |key: &str| {
            let rows = keymap.rows_of(Context::List);
            rows.into_iter().find(|row| row.keys.iter().any(|k| k == key)).map(|row| row.source)
        };
        assert_eq!(origin("F7"), Some(Origin::File(own)));
        assert_eq!(origin("F8"), Some(Origin::File(host)));
        assert_eq!(origin("j"), Some(Origin::Preset(Preset::Default)));
    }

    #[test]
    fn a_bad_file_is_skipped_whole_and_the_program_starts_all_the_same() {
        let folder = tempfile::tempdir().expect("folder");
        let [bad, good] = ["bad.toml", "good.toml"].map(|name| folder.path().join(name));
        std::fs::write(&bad, "[list]\n\"F7\" = \"list.up\"\n\"F8\" = \"lst.down\"\n")
            .expect("write");
        std::fs::write(&good, "[list]\n\"F9\" = \"list.up\"").expect("write");
        let (keymap, warnings) = load(Preset::Default, &[bad.clone(), good], None);
        assert_eq!(warnings.len(), 1);
        assert_eq!(
            warnings[0].message_in("id"),
            format!(
                "{}, baris 3: Tidak ada perintah \"lst.down\". Mungkin maksudnya \"list.down\". \
                 Berkas ini dilewati.",
                bad.display()
            )
        );
        assert_eq!(
            warnings[0].message_in("en"),
            format!(
                "{}, line 3: There is no command \"lst.down\". Perhaps \"list.down\" is meant. \
                 This file is skipped.",
                bad.display()
            )
        );
        assert_eq!(pressed(&keymap, Context::List, "F7"), Resolved::Unbound);
        assert_eq!(pressed(&keymap, Context::List, "F9"), one(Command::ListUp));
        assert_eq!(pressed(&keymap, Context::List, "q"), one(Command::Quit));
    }

    #[test]
    fn a_file_that_is_no_text_too_large_or_a_folder_is_named_and_skipped() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("keymap.toml");
        let fault = |path: &Path| {
            let (keymap, warnings) = load(Preset::Default, &[path], None);
            assert_eq!(pressed(&keymap, Context::List, "q"), one(Command::Quit));
            warnings.into_iter().map(|warning| (warning.line, warning.fault)).collect::<Vec<_>>()
        };
        std::fs::write(&path, [0xff, 0xfe, 0x00]).expect("write");
        assert_eq!(fault(&path), [(None, KeymapFault::NotText)]);
        std::fs::write(&path, " ".repeat(300 * 1024)).expect("write");
        assert_eq!(fault(&path), [(None, KeymapFault::TooLarge)]);
        assert!(matches!(fault(folder.path())[..], [(None, KeymapFault::Unreadable(_))]));
        std::fs::write(&path, "").expect("write");
        assert_eq!(fault(&path), []);
    }

    #[test]
    fn a_keymap_the_officer_names_must_be_there() {
        let missing = Path::new("/nowhere/keymap.toml");
        let (_, warnings) = load::<PathBuf>(Preset::Default, &[], Some(missing));
        assert_eq!(
            warnings.iter().map(|warning| warning.message_in("en")).collect::<Vec<_>>(),
            ["/nowhere/keymap.toml: There is no such file. This file is skipped."]
        );
        let (_, warnings) = load(Preset::Default, &[missing], None);
        assert_eq!(warnings, []);
    }

    #[test]
    fn a_file_full_of_faults_tells_the_first_twenty() {
        let mut keymap = preset(Preset::Default);
        let lines: Vec<_> = (1..=30).map(|n| format!("\"hyper-{n}\" = \"list.up\"")).collect();
        let told =
            keymap.lay(&format!("[list]\n{}", lines.join("\n")), Origin::File("mine.toml".into()));
        assert_eq!(told.len(), 21);
        assert_eq!(told[20].fault, KeymapFault::AndMore(10));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_a_file_holds_the_keymap_stays_one_that_can_be_left(
            lines in proptest::collection::vec(
                ("(esc|q|y|n|enter|ctrl-c|g|g g|g x|ctrl-i|\\PC{0,3})",
                 "(none|app.quit|form.cancel|confirm.no|list.up|picker.cancel|\\PC{0,5})",
                 proptest::sample::select(Context::ALL.to_vec())),
                0..6,
            )
        ) {
            let mut keymap = preset(Preset::Default);
            for (key, value, context) in lines {
                let text = format!("[{}]\n{key:?} = {value:?}", context.name());
                keymap.lay(&text, Origin::File("mine.toml".into()));
            }
            for context in Context::ALL {
                let ways = keymap.bindings(context.way_out(), context.stack(), Facts::NONE);
                prop_assert!(!ways.is_empty(), "{context:?}");
            }
        }
    }
}
