//! Whom a change of standards or bands moves between categories, said before it is saved: the
//! command that would move somebody says whom, and saves with `--yes`.

use chrono::NaiveDate;
use serde::Serialize;

use super::client::Client;
use super::fault::Failure;
use super::say;
use crate::domain::category::Category;
use crate::domain::record::{Kind, RecordId};
use crate::i18n::{self, t};
use crate::protocol::{Answer, MovedPerson, Moves, Request, Tried};

/// Names said of each way from category to category.
const NAMES: usize = 10;

#[derive(Serialize)]
pub struct MovesJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<NaiveDate>,
    falls: u32,
    rises: u32,
    categories: Vec<WayJson>,
}

#[derive(Serialize)]
struct WayJson {
    purpose: &'static str,
    from: Option<&'static str>,
    to: Option<&'static str>,
    count: u32,
    people: Vec<PersonJson>,
}

#[derive(Serialize)]
struct PersonJson {
    id: String,
    name: String,
    unit: String,
    /// In hundredths of a percent.
    jpm_before: Option<u32>,
    jpm_after: Option<u32>,
}

impl MovesJson {
    pub fn of(moves: &Moves) -> Self {
        let categories = moves.categories.iter().map(|way| WayJson {
            purpose: way.purpose.code(),
            from: way.from.map(Category::code),
            to: way.to.map(Category::code),
            count: way.count,
            people: way.people.iter().map(person).collect(),
        });
        let Moves { at, falls, rises, .. } = *moves;
        Self { at, falls, rises, categories: categories.collect() }
    }
}

fn person(person: &MovedPerson) -> PersonJson {
    PersonJson {
        id: RecordId::from(person.employee).to_string(),
        name: person.name.clone(),
        unit: person.unit.clone(),
        jpm_before: person.jpm.0,
        jpm_after: person.jpm.1,
    }
}

/// What a change does, line by line under a heading.
pub fn lines(moves: &Moves) -> Vec<String> {
    let said = i18n::moves(moves, NAMES).into_iter().map(|line| format!("  {line}"));
    std::iter::once(t!("moves.heading").into_owned()).chain(said).collect()
}

/// Says whom a change moves; where it moves somebody it may go on only with `--yes`. What
/// cannot be saved is left to the save to say.
pub fn told(client: &mut Client, kind: Kind, yes: bool, tried: Tried) -> Result<(), Failure> {
    if kind.moves_people() { told_of(client, yes, tried) } else { Ok(()) }
}

/// The same of what may move people.
pub fn told_of(client: &mut Client, yes: bool, tried: Tried) -> Result<(), Failure> {
    let Ok(Answer::Moves(moves)) = client.ask(Request::Moves(tried)) else { return Ok(()) };
    if moves.is_nothing() {
        return Ok(());
    }
    if !yes {
        return Err(not_meant(&moves));
    }
    for line in &lines(&moves) {
        say(line);
    }
    Ok(())
}

/// Why nothing is saved, and how it is.
pub fn not_meant(moves: &Moves) -> Failure {
    Failure::Usage(format!("{}\n{}", lines(moves).join("\n"), t!("moves.ask_yes")))
}
