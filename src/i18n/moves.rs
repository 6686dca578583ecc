//! Whom a change of standards moves, in words: a sentence of how many, then category by
//! category, with as many names as are wanted.

use super::{choice, date, hundredths, t, whole};
use crate::domain::category::{Category, Purpose};
use crate::protocol::{CategoryMove, MovedPerson, Moves};

/// All of it, a sentence or a way from category to category each; with so many names of each
/// way.
pub fn moves(moves: &Moves, names: usize) -> Vec<String> {
    let mut said = Vec::new();
    match (moves.falls, moves.rises) {
        (0, 0) => said.push(t!("moves.nobody").into_owned()),
        (falls, rises) => {
            let falls = (falls > 0).then(|| t!("moves.falls", count = whole(falls)).into_owned());
            let rises = (rises > 0).then(|| t!("moves.rises", count = whole(rises)).into_owned());
            said.extend(falls.into_iter().chain(rises));
        }
    }
    if moves.categories.is_empty() {
        said.push(t!("moves.stays").into_owned());
    }
    for purpose in Purpose::ALL {
        let ways: Vec<_> = moves.categories.iter().filter(|one| one.purpose == *purpose).collect();
        if !ways.is_empty() {
            said.push(moved_purpose(*purpose));
            said.extend(ways.into_iter().map(|way| moved(way, names)));
        }
    }
    said.extend(moves.at.map(|at| t!("moves.at", date = date(at)).into_owned()));
    said
}

/// What moves between the categories of a purpose stands under this.
pub fn moved_purpose(purpose: Purpose) -> String {
    match purpose {
        Purpose::Mapping => t!("moves.mapping"),
        Purpose::Filling => t!("moves.filling"),
    }
    .into_owned()
}

/// From where to where.
pub fn moved_way(way: &CategoryMove) -> String {
    let category = |category: Option<Category>| {
        category.map_or_else(|| t!("moves.no_jpm").into_owned(), |one| choice(one.code()))
    };
    t!("moves.way", from = category(way.from), to = category(way.to)).into_owned()
}

fn moved(way: &CategoryMove, names: usize) -> String {
    let mut said: Vec<String> = way.people.iter().take(names).map(|one| one.name.clone()).collect();
    let more = (way.count as usize).saturating_sub(said.len());
    if more > 0 {
        said.push(t!("moves.more", count = whole(more as i64)).into_owned());
    }
    let (way, count) = (moved_way(way), whole(way.count));
    t!("moves.one", way = way, count = count, names = said.join(", ")).into_owned()
}

/// What becomes of one person's JPM.
pub fn moved_person(person: &MovedPerson) -> String {
    let jpm = |jpm: Option<u32>| jpm.map_or_else(|| "-".to_string(), hundredths);
    let (before, after) = (jpm(person.jpm.0), jpm(person.jpm.1));
    t!("moves.person", before = before, after = after, unit = person.unit).into_owned()
}
