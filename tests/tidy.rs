//! The house's own rules: which floor may name which, what stands at the top level, how
//! a file is made. A rule that stands in the way is argued and changed here, not evaded.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each floor and the floors it may name, itself aside (see `src/lib.rs`).
const FLOORS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("codec", &["domain"]),
    ("journal", &["domain"]),
    ("store", &["domain", "codec"]),
    ("exchange", &["domain"]),
    // Lines of the journal, proven, as a file to keep elsewhere.
    ("backup", &["domain", "journal"]),
    // What is asked and answered: the same words in one process and over a socket.
    ("protocol", &["domain"]),
    ("office", &["domain", "codec", "journal", "store", "protocol"]),
    // Embedded: the office runs behind the link, in this very process.
    ("link", &["domain", "codec", "office", "protocol"]),
    ("i18n", &["domain", "protocol"]),
    ("jobs", &["backup", "domain", "exchange", "i18n", "link", "protocol"]),
    ("term", &["i18n"]),
    ("ui", &["domain", "i18n", "jobs", "link", "protocol", "term"]),
    // Puts office and screen together for one officer's sitting; `keys` prints the keymap,
    // `doctor` what the terminal can show.
    ("cli", &["backup", "domain", "exchange", "i18n", "jobs", "link", "protocol", "term", "ui"]),
];

/// Crates that only these floors may name.
const CRATES: &[(&str, &[&str])] = &[
    ("sled", &["store"]),
    // What a disk gets wrong, in sled's files and in what an import has waiting.
    ("crc32fast", &["store", "office"]),
    ("bincode", &["codec"]),
    ("crossterm", &["term"]),
    ("termina", &["term"]),
    ("ratatui", &["term", "ui"]),
    // Terminal, files that must be on the disk, and who is at work.
    ("rustix", &["term", "link", "journal", "exchange", "cli"]),
    ("signal_hook", &["term"]),
    ("calamine", &["exchange"]),
    ("csv", &["exchange"]),
    ("encoding_rs", &["exchange"]),
    ("html5gum", &["exchange"]),
    ("quick_xml", &["exchange"]),
    ("rust_xlsxwriter", &["exchange"]),
    ("zip", &["exchange"]),
    ("age", &["backup"]),
    ("flate2", &["backup"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["cli"]),
    ("tracing_subscriber", &["cli"]),
    ("nucleo_matcher", &["domain", "ui"]),
    ("tui_input", &["ui"]),
    ("sha2", &["journal", "store"]),
];

/// What the domain knows nothing of: files, clocks, processes.
const NOT_IN_DOMAIN: &[&str] = &[
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::env",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "println!",
    "tracing::",
];

/// What stops a program where an officer should read a message.
const PANICS: &[&str] = &[
    ".unwrap()",
    ".expect(",
    "panic!(",
    "unreachable!(",
    "todo!(",
    "unimplemented!(",
    "dbg!(",
    "std::process::exit",
];

/// Public types that share a name all the same, with the reason.
const SHARED_NAMES: &[(&str, &str)] = &[];

/// A file longer than this has a second idea in it.
const LINES_MAX: usize = 530;
/// Tests may try one idea in many ways.
const TEST_LINES_MAX: usize = 640;

/// Everything that may stand at the top level.
const TOP_LEVEL: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "LICENSE",
    "README.md",
    "src",
    "keymaps",
    "tests",
    "benches",
    "packaging",
    "target",
    "rustfmt.toml",
    "clippy.toml",
];

/// A source file: its path below `src`, and its code without tests and comments.
struct Source {
    path: String,
    text: String,
    code: String,
}

impl Source {
    /// The folder below `src` it belongs to; files at the root are their own.
    fn floor(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap_or_default()
    }

    fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.contains("/tests/")
            || name.ends_with("_tests.rs")
            || matches!(name, "tests.rs" | "testing.rs" | "catalogue.rs" | "arbitrary.rs")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|of| of == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source file");
        let path = path.strip_prefix(&src).expect("below src").display().to_string();
        Source { path, code: code_of(&text), text }
    };
    files(&src, "rs").into_iter().map(read).collect()
}

/// Without the tests at its end, and without comments.
fn code_of(text: &str) -> String {
    let tests = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..tests].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The names that follow `prefix` in the code: `crate::x` gives x.
fn names_behind<'a>(code: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    code.match_indices(prefix)
        .map(|(at, _)| {
            let rest = &code[at + prefix.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            &rest[..end]
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// Whether the code names a crate: `sled::…`, but neither `crate::x::sled::` nor `a_sled::`.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

#[test]
fn a_floor_names_only_the_floors_below_it() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        let floor = source.floor();
        if floor == "main" || floor == "lib" {
            continue;
        }
        let Some((_, below)) = FLOORS.iter().find(|(name, _)| *name == floor) else {
            wrong.push(format!("{}: no such floor", source.path));
            continue;
        };
        if source.code.contains("crate::{") {
            wrong.push(format!("{}: one floor a line, so that it can be read", source.path));
        }
        for name in names_behind(&source.code, "crate::") {
            let known = FLOORS.iter().any(|(floor, _)| *floor == name);
            if known && name != floor && !below.contains(&name) {
                wrong.push(format!("{} names {name}", source.path));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_crate_is_named_only_where_it_belongs() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        for (name, floors) in CRATES {
            if names_crate(&source.code, name) && !floors.contains(&source.floor()) {
                wrong.push(format!("{} names {name}", source.path));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn the_domain_knows_no_file_clock_or_process() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.floor() == "domain") {
        for name in NOT_IN_DOMAIN.iter().filter(|name| source.code.contains(*name)) {
            wrong.push(format!("{} uses {name}", source.path));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// A tuple whose field is private has a constructor, which reading must not go round.
fn read_past_its_constructor(code: &str) -> Vec<&str> {
    let behind_derive = |(at, _)| {
        let (before, rest) = code.split_at(at);
        let item = rest.split([';', '{']).next().unwrap_or_default();
        let head = before.rsplit("\n\n").next().unwrap_or_default();
        let private = item.contains('(') && !item.contains("(pub ");
        let name = item["pub struct ".len()..].split('(').next().unwrap_or_default();
        (private && head.contains("Deserialize") && !head.contains("try_from")).then_some(name)
    };
    code.match_indices("pub struct ").filter_map(behind_derive).collect()
}

#[test]
fn a_value_of_the_domain_is_read_through_its_constructor() {
    for source in sources().iter().filter(|source| source.floor() == "domain") {
        let past = read_past_its_constructor(&source.code);
        assert!(past.is_empty(), "{}: {past:?} derive Deserialize without try_from", source.path);
    }
}

/// Who may see and change what, who is told, what a restriction holds and what is erased
/// follow from whose a record is: a kind added tomorrow is covered without a word here.
#[test]
fn whose_a_record_is_decides_and_not_its_kind() {
    let decides = |path: &str| path.starts_with("office/rights/") || path == "office/care/erase.rs";
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| decides(&source.path)) {
        for name in names_behind(&source.code, "Kind::") {
            if name.starts_with(char::is_uppercase) && name != "ALL" {
                wrong.push(format!("{} names the kind {name}", source.path));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn nothing_panics_outside_tests() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test()) {
        for (line, text) in source.code.lines().enumerate() {
            for name in PANICS.iter().filter(|name| text.contains(*name)) {
                wrong.push(format!("{} near line {}: {name}", source.path, line + 1));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// Only the command line speaks on its own; everything else answers or logs.
#[test]
fn only_the_command_line_prints() {
    let prints = ["println!(", "print!("];
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|source| !source.is_test() && !matches!(source.floor(), "cli" | "main"))
        .filter(|source| prints.iter().any(|name| source.code.contains(name)))
        .map(|source| source.path)
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_file_says_what_it_owns_and_is_one_idea() {
    let mut wrong = Vec::new();
    for source in sources() {
        // Tests that stand in a file of their own say so in the file they belong to.
        if !source.text.starts_with("//!") && !source.is_test() {
            wrong.push(format!("{} has no module doc", source.path));
        }
        let lines = source.text.lines().count();
        let most = if source.is_test() { TEST_LINES_MAX } else { LINES_MAX };
        if lines > most {
            wrong.push(format!("{} has {lines} lines", source.path));
        }
        for mark in ["TODO", "FIXME", "XXX"].iter().filter(|mark| source.text.contains(*mark)) {
            wrong.push(format!("{} has a {mark}", source.path));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// The names of the types a file shows to the whole crate.
fn public_types(code: &str) -> Vec<&str> {
    let name = |line| {
        let rest = str::strip_prefix(line, "pub ")?;
        let (word, rest) = rest.split_once(' ')?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        matches!(word, "struct" | "enum" | "trait" | "type").then_some(&rest[..end])
    };
    code.lines().map(str::trim_start).filter_map(name).filter(|name| !name.is_empty()).collect()
}

/// One concept, one name: whoever reads a type's name need not ask which of them is meant.
#[test]
fn no_two_public_types_share_a_name() {
    let sources = sources();
    let mut homes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for source in sources.iter().filter(|source| !source.is_test()) {
        for name in public_types(&source.code) {
            homes.entry(name).or_default().insert(&source.path);
        }
    }
    homes.retain(|_, homes| homes.len() > 1);
    let allowed = |name: &&str| SHARED_NAMES.iter().any(|(shared, _)| shared == name);
    let wrong: Vec<_> = homes.iter().filter(|(name, _)| !allowed(name)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let stale = SHARED_NAMES.iter().filter(|(name, _)| !homes.contains_key(name)).count();
    assert_eq!(stale, 0, "a name on the list is no longer shared");
}

#[test]
fn main_only_chooses_what_to_do() {
    let main = fs::read_to_string(root().join("src/main.rs")).expect("main.rs");
    assert!(main.lines().count() < 80);
}

#[test]
fn nothing_unexpected_stands_at_the_top_level() {
    let entries = fs::read_dir(root()).expect("the repository");
    let wrong: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && !TOP_LEVEL.contains(&name.as_str()))
        .collect();
    assert_eq!(wrong, [""; 0]);
}

/// The README's key table is what `kompeten keys` says of the keys as delivered.
#[test]
fn the_readme_shows_the_keys_as_they_are() {
    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let (_, behind) = readme.split_once("<!-- keys -->").expect("the mark before the table");
    let (table, _) = behind.split_once("<!-- /keys -->").expect("the mark behind the table");
    let home = tempfile::tempdir().expect("a folder");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_kompeten"))
        .env_clear()
        .env("HOME", home.path())
        .args(["keys", "--format", "markdown", "--lang", "en"])
        .output()
        .expect("the program runs");
    let keys = String::from_utf8(output.stdout).expect("UTF-8");
    if table.trim() == keys.trim() {
        return;
    }
    if std::env::var_os("UPDATE_README").is_some() {
        let fresh = readme.replace(table, &format!("\n{}\n\n", keys.trim()));
        fs::write(root().join("README.md"), fresh).expect("README.md can be written");
        return;
    }
    panic!("the key table is stale: UPDATE_README=1 cargo test --test tidy");
}

#[test]
fn ci_runs_the_tests_the_readme_names() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("a file");
    assert!(read("README.md").contains("Run the tests:\n\n```sh\ncargo test\n```"));
    assert!(read(".ci/run").lines().any(|line| line == "cargo test"));
}

#[test]
fn the_rules_of_this_file_can_be_broken() {
    assert!(names_crate("use sled::Db;", "sled"));
    assert!(names_crate("let x = ratatui::init();", "ratatui"));
    assert!(!names_crate("use super::csv::Reader;", "csv"));
    let types =
        "pub struct Level(u8);\n    pub enum Role { A }\npub(super) struct Row;\nstruct Own;";
    assert_eq!(public_types(types), ["Level", "Role"]);
    assert!(names_behind("use crate::store::Store;", "crate::").contains("store"));
    let level = "#[derive(Deserialize)]\npub struct Level(u8);\n";
    assert_eq!(read_past_its_constructor(level), ["Level"]);
    let level = "#[derive(Deserialize)]\n#[serde(try_from = \"u8\")]\npub struct Level(u8);\n";
    assert!(read_past_its_constructor(level).is_empty());
    assert_eq!(code_of("a\n// crate::b\n#[cfg(test)]\nmod tests {\nc\n}\n"), "a\n");
}
