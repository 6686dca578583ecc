//! Names: what the ranks (pangkat) of grades and the types of training are called, as tables of
//! rules: an office that is told by its region to call one otherwise writes its own.
//!
//! Sources: `rules/grades.toml` and `rules/training_types.toml`, with their legal basis.

use serde::{Deserialize, Serialize};

use super::grade::Grade;
use super::rulebook::{Broken, RuleTable, named, rests_on};
use super::rules::Source;

/// The ranks of PNS.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GradeTitles {
    source: Source,
    grades: Vec<GradeTitle>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct GradeTitle {
    /// Of SIASN.
    id: u8,
    title: String,
}

impl GradeTitles {
    /// The rank that goes with a PNS grade; classes of PPPK have none.
    pub fn of(&self, grade: Grade) -> Option<&str> {
        self.each_title().find(|(id, _)| *id == grade.id()).map(|(_, title)| title)
    }

    pub(super) fn each_title(&self) -> impl Iterator<Item = (u8, &str)> {
        self.grades.iter().map(|row| (row.id, row.title.as_str()))
    }
}

/// What figures of a grade's rank are named by.
fn label(id: u8) -> String {
    Grade::from_id(id).map(|grade| grade.to_string()).unwrap_or_default()
}

impl RuleTable for GradeTitles {
    fn each(&mut self, _: &mut dyn FnMut(&str, &mut u32)) {}

    fn each_name(&mut self, see: &mut dyn FnMut(&str, &mut String)) {
        for row in &mut self.grades {
            see(&label(row.id), &mut row.title);
        }
    }

    fn holds(&self) -> Result<(), Broken> {
        named(self.grades.iter().map(|row| (label(row.id), row.title.as_str())))
    }

    rests_on!(source);
}

/// The types of training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TrainingTypes {
    source: Source,
    types: Vec<TrainingType>,
}

/// A type of training: its code, and what it is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingType {
    pub code: String,
    pub name: String,
    /// What lists call it besides.
    #[serde(default)]
    also: Vec<String>,
}

impl TrainingType {
    /// Whether a list means this one: by its name, by one of those in it, or by what it is
    /// called besides, however it is spaced and hyphened.
    pub fn is_called(&self, text: &str) -> bool {
        let bare = |name: &str| -> String {
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let wanted = bare(text);
        let names = self.name.split('/').chain([self.name.as_str()]);
        let mut names = names.chain(self.also.iter().map(String::as_str));
        !wanted.is_empty() && names.any(|name| bare(name) == wanted)
    }
}

impl TrainingTypes {
    pub fn iter(&self) -> impl Iterator<Item = &TrainingType> {
        self.types.iter()
    }
}

impl RuleTable for TrainingTypes {
    fn each(&mut self, _: &mut dyn FnMut(&str, &mut u32)) {}

    fn each_name(&mut self, see: &mut dyn FnMut(&str, &mut String)) {
        for row in &mut self.types {
            see(&row.code, &mut row.name);
        }
    }

    fn holds(&self) -> Result<(), Broken> {
        named(self.types.iter().map(|row| (row.code.clone(), row.name.as_str())))
    }

    rests_on!(source);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::Rulebook;
    use crate::domain::rules::TRAINING_TYPES;

    #[test]
    fn every_grade_of_pns_has_a_rank_and_every_type_of_training_a_name() {
        let book = Rulebook::shipped();
        let ranks = Grade::all().filter(|grade| book.grades.of(*grade).is_some()).count();
        assert_eq!((ranks, book.grades.grades.len()), (17, 17));
        let codes: Vec<_> = book.training_types.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, TRAINING_TYPES);
    }
}
