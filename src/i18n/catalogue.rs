//! Checks of the catalogue itself: both languages complete, with the same placeholders,
//! and every text the code asks for is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::Language;
use crate::domain::fault::Reason;
use crate::domain::field::Shape;
use crate::domain::record::Kind;
use crate::protocol::ParamShape;

fn catalogue(language: Language) -> BTreeMap<String, String> {
    let messages = crate::_rust_i18n_backend().messages_for_locale(language.code());
    let messages = messages.expect("the language is in the catalogue");
    messages.into_iter().map(|(key, text)| (key.into_owned(), text.into_owned())).collect()
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    files
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("an entry of the source").path();
        if path.is_dir() {
            walk(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// The keys of `t!("…")` in a source file, as they stand there.
fn literal_keys(source: &str) -> Vec<&str> {
    let call = concat!("t", "!(");
    let calls = source.match_indices(call).filter(|(at, _)| {
        let before = source[..*at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    });
    calls
        .filter_map(|(at, _)| source[at + call.len()..].trim_start().strip_prefix('"'))
        .filter_map(|rest| rest.split_once('"').map(|(key, _)| key))
        .collect()
}

#[test]
fn every_text_stands_in_both_languages() {
    let (id, en) = (catalogue(Language::Indonesian), catalogue(Language::English));
    assert_eq!(id.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (key, text) in &id {
        assert!(!text.trim().is_empty() && !en[key].trim().is_empty(), "{key} is empty");
        assert_eq!(placeholders(text), placeholders(&en[key]), "placeholders of {key}");
    }
}

#[test]
fn every_text_the_code_asks_for_is_there() {
    let known = catalogue(Language::Indonesian);
    for path in sources().iter().filter(|path| path.extension().is_some_and(|ext| ext == "rs")) {
        // Examples in comments are not asked for.
        let source = fs::read_to_string(path).expect("a source file");
        let code: String = source
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| [line, "\n"])
            .collect();
        for key in literal_keys(&code) {
            assert!(known.contains_key(key), "{key} of {} is in no catalogue", path.display());
        }
    }
}

#[test]
fn every_reason_and_kind_has_its_words() {
    let known = catalogue(Language::Indonesian);
    for reason in Reason::ALL {
        assert!(known.contains_key(&format!("reason.{}", reason.code())), "{}", reason.code());
    }
    for kind in Kind::ALL {
        assert!(known.contains_key(&format!("kind.{kind}")), "{kind}");
        assert!(known.contains_key(&format!("kind_one.{kind}")), "{kind}");
    }
}

/// A field's words may be its kind's own; a choice's are those of its code.
#[test]
fn every_field_and_choice_of_every_kind_has_its_words() {
    let known = catalogue(Language::Indonesian);
    for kind in Kind::ALL {
        for field in kind.fields() {
            let (own, shared) =
                (format!("field.{kind}.{}", field.name), format!("field.{}", field.name));
            assert!(known.contains_key(&own) || known.contains_key(&shared), "{own}");
            let Shape::Choice(codes) = field.shape else { continue };
            for code in codes {
                assert!(known.contains_key(&format!("choice.{code}")), "{kind}: choice.{code}");
            }
        }
    }
}

#[test]
fn every_fault_of_a_file_has_its_words() {
    let known = catalogue(Language::Indonesian);
    let codes = [include_str!("../exchange/error.rs"), include_str!("../exchange/target.rs")]
        .into_iter()
        .filter_map(|source| source.split("pub const fn code").nth(1))
        .flat_map(|code| code.split("=> \"").skip(1).filter_map(|rest| rest.split_once('"')))
        .map(|(code, _)| code)
        .take_while(|code| !code.contains(' '));
    let missing: Vec<_> =
        codes.filter(|code| !known.contains_key(&format!("file.{code}"))).collect();
    assert_eq!(missing, [""; 0]);
}

/// Two areas that claim one key would overwrite each other unseen.
#[test]
fn no_key_is_written_twice() {
    let mut seen: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in sources().into_iter().filter(|path| path.extension().is_some_and(|e| e == "yml")) {
        let text = fs::read_to_string(&path).expect("a catalogue");
        let keys = text.lines().filter(|line| !line.starts_with([' ', '#', '_', '\t']));
        for key in
            keys.filter_map(|line| line.split_once(':').map(|(key, _)| key.trim_matches('"')))
        {
            if let Some(first) = seen.insert(key.to_string(), path.clone()) {
                panic!("{key} stands in {} and {}", first.display(), path.display());
            }
        }
    }
}

#[test]
fn every_file_of_the_catalogue_is_watched() {
    let list = include_str!("mod.rs");
    for path in sources().into_iter().filter(|path| path.extension().is_some_and(|e| e == "yml")) {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let line = format!("include_str!(\"{name}\")");
        assert!(list.contains(&line), "src/i18n/mod.rs does not watch {name}");
    }
}

#[test]
fn every_report_has_its_words() {
    let known = catalogue(Language::Indonesian);
    let mut missing = Vec::new();
    let mut want = |keys: &[String]| {
        if !keys.iter().any(|key| known.contains_key(key)) {
            missing.push(keys.join(" or "));
        }
    };
    for report in crate::link::all_reports() {
        let id = &report.id;
        want(&[format!("report.{id}.name")]);
        want(&[format!("report.{id}.about")]);
        for column in report.columns.iter().filter(|column| column.label.is_empty()) {
            let key = &column.key;
            want(&[
                format!("report.{id}.column.{key}"),
                format!("report.column.{key}"),
                format!("field.{key}"),
            ]);
        }
        for param in &report.params {
            let name = &param.name;
            want(&[format!("report.param.{name}")]);
            if let ParamShape::Choice(codes) = &param.shape {
                // A figure is its own word.
                for code in codes.iter().filter(|code| code.parse::<u32>().is_err()) {
                    want(&[format!("report.{id}.{name}.{code}"), format!("choice.{code}")]);
                }
            }
        }
        // What it says besides its cells.
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("src/office/reports/{}.rs", id.replace('-', "_")));
        let source = fs::read_to_string(file).expect("a report's own file");
        let remarks = source.split("Remark::new(\"").skip(1);
        for code in remarks.filter_map(|rest| rest.split_once('"').map(|(code, _)| code)) {
            want(&[format!("report.{id}.{code}"), format!("report.{code}")]);
        }
    }
    assert_eq!(missing, [""; 0]);
}
