//! Names: what the office this process works with calls types of training, the ranks of
//! grades and sets of its own, where it has written names of its own. They stand in both languages.

use std::sync::{Arc, PoisonError, RwLock};

use crate::domain::grade::Grade;
use crate::domain::rulebook::Rulebook;

/// The office's rules; none before it has been asked for them.
static RULES: RwLock<Option<Arc<Rulebook>>> = RwLock::new(None);

#[cfg(test)]
thread_local! {
    /// Tests share a process, not an office.
    static HERE: std::cell::RefCell<Option<Arc<Rulebook>>> = const { std::cell::RefCell::new(None) };
}

/// From now on what these rules give a name is called so.
pub fn call(rules: &Rulebook) {
    let rules = Some(Arc::new(rules.clone()));
    #[cfg(test)]
    HERE.set(rules);
    #[cfg(not(test))]
    {
        *RULES.write().unwrap_or_else(PoisonError::into_inner) = rules;
    }
}

/// The rules things are called by.
pub(super) fn rules() -> Arc<Rulebook> {
    #[cfg(test)]
    if let Some(rules) = HERE.with_borrow(Option::clone) {
        return rules;
    }
    let rules = RULES.read().unwrap_or_else(PoisonError::into_inner).clone();
    rules.unwrap_or_else(|| Arc::clone(Rulebook::shipped()))
}

/// What the office calls it itself.
pub(super) fn own_name(code: &str) -> Option<String> {
    rules().own_name(code).map(str::to_string)
}

/// What the office calls what it has added itself: the words of the program stand over it.
pub(super) fn added_name(code: &str) -> Option<String> {
    rules().added_name(code).map(str::to_string)
}

/// A grade with the rank that goes with it: `III/a Penata Muda`.
pub fn grade(grade: Grade) -> String {
    match rules().grades.of(grade) {
        Some(title) => format!("{grade} {title}"),
        None => grade.to_string(),
    }
}

/// The grade that is meant: its label, or a rank by the office's name or the one that ships.
pub fn grade_named(text: &str) -> Option<Grade> {
    Grade::read(text, &rules().grades)
}
