//! Names: what the office this process works with calls types of training and the ranks of
//! grades, where it has written names of its own. They stand in both languages.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use crate::domain::grade::Grade;
use crate::domain::rulebook::Rulebook;

/// By the code of a type, and by what [`of_grade`] makes of a grade.
type Names = BTreeMap<String, String>;

static NAMES: RwLock<Names> = RwLock::new(Names::new());

#[cfg(test)]
thread_local! {
    /// Tests share a process, not an office.
    static HERE: std::cell::RefCell<Names> = const { std::cell::RefCell::new(Names::new()) };
}

/// From now on what these rules give a name is called so.
pub fn call(rules: &Rulebook) {
    let shipped = Rulebook::shipped();
    let mut names = Names::new();
    for (own, known) in rules.training_types.iter().zip(shipped.training_types.iter()) {
        if own.name != known.name {
            names.insert(own.code.clone(), own.name.clone());
        }
    }
    for grade in Grade::all() {
        if let Some(title) = rules.grades.of(grade) {
            names.insert(of_grade(grade), title.to_string());
        }
    }
    #[cfg(test)]
    HERE.set(names);
    #[cfg(not(test))]
    {
        *NAMES.write().unwrap_or_else(PoisonError::into_inner) = names;
    }
}

/// What the office calls it itself.
pub(super) fn own_name(code: &str) -> Option<String> {
    #[cfg(test)]
    if let Some(name) = HERE.with_borrow(|names| names.get(code).cloned()) {
        return Some(name);
    }
    NAMES.read().unwrap_or_else(PoisonError::into_inner).get(code).cloned()
}

fn of_grade(grade: Grade) -> String {
    format!("pangkat {grade}")
}

/// A grade with the rank that goes with it: `III/a Penata Muda`.
pub fn grade(grade: Grade) -> String {
    let shipped = || Rulebook::shipped().grades.of(grade).map(str::to_string);
    match own_name(&of_grade(grade)).or_else(shipped) {
        Some(title) => format!("{grade} {title}"),
        None => grade.to_string(),
    }
}
