//! Traces: by what a person is known outside their records, and the drafts in the data
//! folder in which any of it stands. A draft is a form somebody did not finish; it goes as a
//! whole. Drafts in officers' own folders are not within the office's reach.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::domain::change::Change;
use crate::domain::kinds::employee::Employee;
use crate::domain::record::Record;

/// What to look for, as it stands in JSON.
#[derive(Default)]
pub(in crate::office) struct Traces(BTreeSet<Vec<u8>>);

impl Traces {
    /// Notes by what the person of this change may be known.
    pub fn note(&mut self, change: &Change) {
        self.add(&change.id.to_string());
        if let Some(Record::Employee(employee)) = &change.after {
            let Employee { number, name, email, pns_id, .. } = employee;
            for word in [name, email, pns_id, &number.to_string(), &format!("{number:#}")] {
                self.add(word);
            }
        }
    }

    fn add(&mut self, word: &str) {
        // Inside its quotes, as a file of JSON spells it.
        let json = serde_json::Value::from(word).to_string();
        let inside = json.trim_matches('"').as_bytes();
        if !inside.is_empty() {
            self.0.insert(inside.to_vec());
        }
    }

    fn stand_in(&self, bytes: &[u8]) -> bool {
        self.0.iter().any(|word| bytes.windows(word.len()).any(|at| at == word.as_slice()))
    }

    /// Removes every draft in which any of it stands; returns once they are gone for good.
    pub fn remove_drafts(&self, folder: &Path) -> io::Result<()> {
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_file() && self.stand_in(&fs::read(entry.path())?) {
                fs::remove_file(entry.path())?;
            }
        }
        File::open(folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::number::EmployeeNumber;
    use crate::domain::record::{Kind, RecordId, Revision};

    #[test]
    fn drafts_about_the_person_go_and_those_of_others_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let employee = Employee {
            number: EmployeeNumber::parse("199001012015012001").expect("a NIP"),
            name: "Marzuki \"Uki\" Ali".into(),
            ..Employee::default()
        };
        let mut traces = Traces::default();
        let id = RecordId::new(Kind::Employees, 1234);
        traces.note(&Change { id, base: Revision(0), after: Some(employee.into()) });
        let draft = |name: &str, text: &str| fs::write(folder.path().join(name), text);
        draft("by-id.json", r#"{"id":"employees/1234"}"#).expect("written");
        draft("by-name.json", r#"["Marzuki \"Uki\" Ali"]"#).expect("written");
        draft("by-number.tmp", r#"["19900101 201501 2 001"]"#).expect("written");
        draft("of-siti.json", r#"{"id":"employees/1000","name":"Siti"}"#).expect("written");
        traces.remove_drafts(folder.path()).expect("removed");
        let left: Vec<_> = fs::read_dir(folder.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(left, ["of-siti.json"]);
        traces.remove_drafts(&folder.path().join("none")).expect("no folder is as good");
    }
}
