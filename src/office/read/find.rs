//! Finding one record by what a person calls it, and candidates for what is being typed.

use std::collections::BTreeSet;

use crate::domain::kinds::competency::fold_code;
use crate::domain::kinds::employee::number_key;
use crate::domain::kinds::session::Session;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{EmployeeId, Kind, RecordId, SessionId, UnitId, fold};
use crate::domain::search::sound;
use crate::domain::shorten::meant;
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::rights::Rights;
use crate::office::views::state::State;
use crate::protocol::{Hit, ListQuery, Opening, Problem, SortKey, Stored};
use crate::store::StoreError;

use crate::office::trouble::Trouble;

/// The most candidates one answer carries.
const HITS_MAX: u32 = 200;

impl State {
    /// The record a person means: its number, a NIP in any spelling, a code, a path, or the
    /// only one of exactly that name.
    pub fn find_one(
        &self,
        kind: Kind,
        text: &str,
        rights: &Rights,
    ) -> Result<Option<Box<Stored>>, Trouble> {
        let found = self.meant(kind, text, rights)?;
        Ok(found.map(|stored| Box::new(rights.only_named(stored))))
    }

    fn meant(&self, kind: Kind, text: &str, rights: &Rights) -> Result<Option<Stored>, Trouble> {
        let text = text.trim().trim_start_matches(&format!("{kind}/"));
        // One out of reach is looked for on as one who is not there. A number that finds
        // somebody would be told by finding them.
        if kind == Kind::Employees
            && let Some(number) = self.employee_by_number(text)?
            && rights.reads_people()
            && self.reaches(rights, number)
        {
            return Ok(self.seen(rights, RecordId::new(kind, number))?);
        }
        if kind == Kind::Units && text.parse::<u32>().is_err() {
            return self.find_unit(text, rights);
        }
        if kind == Kind::Competencies
            && let Some(id) = self.catalog.competency_by_code(text)
        {
            return Ok(self.seen(rights, id.into())?);
        }
        if let Ok(number) = text.parse::<u32>()
            && let Some(stored) = self.seen(rights, RecordId::new(kind, number))?
        {
            return Ok(Some(stored));
        }
        let (wanted, heard) = (fold(text), sound(text));
        let mut named = Vec::new();
        if kind == Kind::Employees {
            let within = self.roster.rows().iter().filter(|row| rights.reach.has(row.unit));
            named.extend(within.filter(|row| row.folded() == heard).map(|row| row.number));
        } else {
            for number in self.catalog.numbers(kind) {
                let id = RecordId::new(kind, number);
                let record = self.catalog.get(id).map(|(_, record)| record);
                let seen = record.filter(|record| self.sees(rights, id, record));
                if seen.is_some_and(|record| fold(&record.label()) == wanted) {
                    named.push(number);
                }
            }
        }
        match named.as_slice() {
            [only] => Ok(self.seen(rights, RecordId::new(kind, *only))?),
            _ => Ok(None),
        }
    }

    /// The person who has this number. While the roster is not read, the store is asked.
    pub fn numbered(&self, number: &EmployeeNumber) -> Result<Option<u32>, StoreError> {
        if matches!(number, EmployeeNumber::Local(_)) || !self.roster.knows_numbers() {
            let key = fold(&number_key(number));
            return self.store.by_key(Kind::Employees, "number", &key);
        }
        Ok(self.roster.with_nip(number))
    }

    fn employee_by_number(&self, text: &str) -> Result<Option<u32>, StoreError> {
        if let Ok(number) = EmployeeNumber::parse(text) {
            return self.numbered(&number);
        }
        if let Ok(local) = EmployeeNumber::local(text)
            && let Some(found) = self.numbered(&local)?
        {
            return Ok(Some(found));
        }
        self.store.by_key(Kind::Employees, "pns_id", &fold(text))
    }

    /// The unit a person means; several of one name are an error that lists their paths.
    pub fn find_unit(&self, text: &str, rights: &Rights) -> Result<Option<Stored>, Trouble> {
        let found = self.catalog.find_units(text, &|unit| rights.reach.shows(unit));
        match found.as_slice() {
            [] => Ok(None),
            [only] => Ok(self.seen(rights, (*only).into())?),
            several => {
                let paths = several.iter().map(|unit| self.catalog.unit_path_text(Some(*unit)));
                Err(Problem::AmbiguousUnit(paths.map(|path| path.to_string()).collect()).into())
            }
        }
    }

    /// Candidates for what is being typed: those that begin with it first.
    pub fn lookup(
        &mut self,
        kind: Kind,
        text: &str,
        limit: u32,
        rights: &Rights,
    ) -> Result<Vec<Hit>, StoreError> {
        let limit = limit.min(HITS_MAX) as usize;
        let sort = agenda_first(kind);
        let mut search = quoted(text);
        if kind == Kind::Employees && !rights.reads_people() {
            // A number that finds somebody would be told by finding them.
            let named = search.split_whitespace().map(|word| format!("name:{word}"));
            search = named.collect::<Vec<_>>().join(" ");
        }
        // What is archived is found in its list, and not offered for anything.
        if kind.field("archived").is_some() {
            search.push_str(" archived=false");
        }
        let query = ListQuery { search, sort, ..ListQuery::all(kind) };
        let numbers = self.ids(&query, rights)?;
        let wanted = sound(text);
        let meant = meant(&wanted, true);
        let mut hits = Vec::new();
        for number in numbers.into_iter().take(limit * 20) {
            hits.push(self.hit(kind, number, rights)?);
        }
        let rank = |hit: &Hit| {
            let label = sound(&hit.label);
            let code = fold_code(&label).starts_with(&fold_code(&wanted)) && !wanted.is_empty();
            match () {
                () if label.starts_with(&wanted) || code => 0,
                () if meant.iter().any(|long| label.starts_with(long)) => 0,
                () if label.contains(&wanted) => 1,
                () => 2,
            }
        };
        hits.sort_by_cached_key(rank);
        hits.truncate(limit);
        Ok(hits)
    }

    /// The sessions in which these people can be enrolled, as an agenda lists them: how many of
    /// its seats are taken and how many of them could not be there. As everywhere, nobody
    /// beyond the asker's reach is counted.
    pub fn openings(
        &mut self,
        text: &str,
        employees: &[EmployeeId],
        limit: u32,
        rights: &Rights,
    ) -> Result<Vec<Opening>, StoreError> {
        let search = quoted(text);
        let sort = agenda_first(Kind::Sessions);
        let query = ListQuery { search, sort, ..ListQuery::all(Kind::Sessions) };
        let numbers = self.ids(&query, rights)?;
        let people: BTreeSet<u32> = employees
            .iter()
            .map(|person| person.0)
            .filter(|person| self.reaches(rights, *person))
            .collect();
        // In which sessions any of them is.
        let taken: Vec<(u32, &Session, BTreeSet<u32>)> = self
            .catalog
            .sessions
            .iter()
            .map(|(number, (_, session))| {
                let theirs = self.roster.roll(SessionId(*number));
                (*number, session, theirs.filter(|person| people.contains(person)).collect())
            })
            .filter(|(.., theirs): &(_, _, BTreeSet<u32>)| !theirs.is_empty())
            .collect();
        let opening = |number: u32| {
            let held = self.catalog.session(SessionId(number)).filter(|held| !held.cancelled)?;
            let already = taken.iter().find(|(other, ..)| *other == number);
            let already = already.map_or(0, |(.., theirs)| theirs.len());
            let elsewhere = taken.iter().filter(|(other, ..)| *other != number);
            let clashing: BTreeSet<u32> = elsewhere
                .filter(|(_, other, _)| other.meets(held))
                .flat_map(|(.., theirs)| theirs.iter().copied())
                .collect();
            Some(Opening {
                session: SessionId(number),
                programme: self.label_of(rights, held.programme.into()),
                start: held.start,
                end: held.end,
                capacity: held.capacity,
                enrolled: self.enrolled(SessionId(number), &rights.reach).count() as u32,
                already: already as u32,
                clashing: clashing.len() as u32,
            })
        };
        Ok(numbers.into_iter().filter_map(opening).take(limit.min(HITS_MAX) as usize).collect())
    }

    /// What to call a record, and what tells it from others of that name.
    fn hit(&self, kind: Kind, number: u32, rights: &Rights) -> Result<Hit, StoreError> {
        let id = RecordId::new(kind, number);
        if kind == Kind::Employees {
            let row = self.roster.get(number);
            let label =
                row.map_or_else(String::new, crate::office::views::row::RosterRow::full_name);
            let detail = row.map_or_else(String::new, |row| {
                let position = self.catalog.position(row.position).map(|p| p.title.as_str());
                let position = position.unwrap_or("");
                if rights.reads_people() {
                    format!("{} · {position}", row.nip)
                } else {
                    position.to_string()
                }
            });
            return Ok(Hit { id, label, detail });
        }
        let key = Key { number, owner: 0 };
        let cell = |column: &str| -> Result<String, StoreError> {
            Ok(match self.cell(kind, key, column, &rights.reach)? {
                Value::Text(text) | Value::Choice(text) => text,
                Value::Date(date) => date.to_string(),
                Value::Whole(number) => number.to_string(),
                _ => String::new(),
            })
        };
        let detail = match kind {
            Kind::Units => {
                let unit = self.catalog.unit(Some(UnitId(number)));
                self.catalog.unit_path_text(unit.and_then(|unit| unit.parent)).to_string()
            }
            Kind::Positions => {
                let parts = [cell("job_level")?, cell("eselon")?];
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
            }
            Kind::Programmes => cell("type")?,
            Kind::Sessions => {
                let parts = [cell("start")?, cell("provider")?];
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
            }
            _ => String::new(),
        };
        let label = match kind {
            Kind::Sessions => cell("programme")?,
            _ => self.label_of(rights, id),
        };
        Ok(Hit { id, label, detail })
    }
}

/// Sessions begin with what is on and what comes: people are enrolled in those.
fn agenda_first(kind: Kind) -> Vec<SortKey> {
    let state = SortKey { column: "state".into(), descending: false };
    if kind == Kind::Sessions { vec![state] } else { Vec::new() }
}

/// Words only: what is typed into a lookup is never read as a term.
fn quoted(text: &str) -> String {
    text.replace([':', '=', '<', '>', '"', ',', '!'], " ")
}
