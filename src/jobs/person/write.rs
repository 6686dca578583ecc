//! How a copy stands in a file: an object of parts for a program, headed lines for a person.

use std::io::Write;

use serde_json::{Map, Value as Json};

use super::{Item, Part, PersonCopy};
use crate::exchange::{Destination, Target, WriteError};
use crate::i18n::t;

/// Lines are broken here, so that they fit on paper as on a screen.
const WIDTH: usize = 78;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyForm {
    Text,
    Json,
}

impl CopyForm {
    /// The form a file's name asks for.
    pub fn of(to: &Destination) -> Option<Self> {
        let Destination::File(path) = to else { return None };
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "json" => Some(Self::Json),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }
}

/// Puts the copy in its place, whole or not at all, for its owner's eyes alone.
pub fn write(copy: &PersonCopy, form: CopyForm, to: &Destination) -> Result<(), WriteError> {
    let mut target = Target::create(to)?;
    let text = match form {
        CopyForm::Json => json(copy)?,
        CopyForm::Text => text(copy),
    };
    target.write_all(text.as_bytes())?;
    target.finish()
}

fn json(copy: &PersonCopy) -> Result<String, WriteError> {
    let object = |items: &Vec<Item>| {
        let fields = items.iter().map(|item| (item.name.clone(), item.value.clone()));
        Json::Object(fields.collect::<Map<_, _>>())
    };
    let part = |part: &Part| {
        let mut rows: Vec<Json> = part.rows.iter().map(object).collect();
        let value = if part.single { rows.pop().unwrap_or(Json::Null) } else { rows.into() };
        (part.name.to_string(), value)
    };
    let all: Map<String, Json> = copy.parts.iter().map(part).collect();
    let mut text = serde_json::to_string_pretty(&all)
        .map_err(|error| WriteError::Failed { detail: error.to_string() })?;
    text.push('\n');
    Ok(text)
}

fn text(copy: &PersonCopy) -> String {
    let mut lines = vec![t!("copy.title").into_owned()];
    for part in &copy.parts {
        lines.extend([
            String::new(),
            part.heading.clone(),
            "-".repeat(part.heading.chars().count()),
        ]);
        if part.rows.is_empty() {
            lines.push(t!("copy.none").into_owned());
        }
        for row in &part.rows {
            let said = row.iter().filter(|item| !item.text.is_empty());
            let said: Vec<String> =
                said.map(|item| format!("{}: {}", item.label, item.text)).collect();
            if part.single {
                lines.extend(said.iter().flat_map(|line| broken(line, "")));
            } else {
                lines.extend(broken(&said.join("; "), "- "));
            }
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// A text in lines of at most [`WIDTH`] characters, set in under its bullet.
fn broken(text: &str, bullet: &str) -> Vec<String> {
    let indent = "  ";
    let mut lines = Vec::new();
    let mut line = bullet.to_string();
    let mut begun = false;
    for paragraph in text.lines() {
        for word in paragraph.split_whitespace() {
            let long = line.chars().count() + 1 + word.chars().count() > WIDTH;
            if begun && long {
                lines.push(std::mem::replace(&mut line, indent.to_string()));
                begun = false;
            }
            if begun {
                line.push(' ');
            }
            // What a terminal would obey is no part of anybody's data.
            line.extend(word.chars().filter(|c| !c.is_control()));
            begun = true;
        }
        if begun {
            lines.push(std::mem::replace(&mut line, indent.to_string()));
            begun = false;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy() -> PersonCopy {
        let item = |name: &str, value: Json, text: &str| Item {
            name: name.into(),
            label: name.to_uppercase(),
            value,
            text: text.into(),
        };
        let name = item("name", "Mila".into(), "Mila");
        let note = item("note", "x".into(), &"kata ".repeat(40));
        PersonCopy {
            parts: vec![
                Part::single("record", vec![name]),
                Part::new("ratings", vec![vec![item("level", 3.into(), "3"), note]]),
                Part::new("corrections", Vec::new()),
            ],
        }
    }

    #[test]
    fn a_program_reads_objects_and_lists() {
        let read: Json = serde_json::from_str(&json(&copy()).unwrap()).unwrap();
        assert_eq!(read["record"]["name"], "Mila");
        assert_eq!(read["ratings"][0]["level"], 3);
        assert_eq!(read["corrections"], Json::Array(Vec::new()));
    }

    #[test]
    fn a_person_reads_lines_that_fit_on_paper() {
        let text = text(&copy());
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert!(text.contains("NAME: Mila") && text.contains("- LEVEL: 3; NOTE: kata"), "{text}");
        assert!(text.contains("\n  kata kata"), "{text}");
        assert!(text.contains("tidak ada"), "{text}");
    }

    #[test]
    fn the_ending_of_a_file_says_its_form() {
        let form = |name: &str| CopyForm::of(&Destination::File(name.into()));
        assert_eq!(form("mila.JSON"), Some(CopyForm::Json));
        assert_eq!(form("mila.txt"), Some(CopyForm::Text));
        assert_eq!(form("mila.pdf"), None);
        assert_eq!(CopyForm::of(&Destination::Stdout), None);
    }
}
