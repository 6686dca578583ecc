//! Leaving: the one place where an answer leaves the office. Here it is counted whose
//! personal details it gives, and what a role may not have in bulk is taken out of it. Both
//! go through every kind of answer there is: a new one does not compile until it is said
//! what it gives.

use std::collections::BTreeSet;

use crate::domain::belongs::Owner;
use crate::domain::field::{Field, Privacy};
use crate::domain::kinds::employee;
use crate::domain::kinds::officer::Role;
use crate::domain::record::{EmployeeId, Kind, Record, RecordId};
use crate::office::Office;
use crate::office::asker::Asker;
use crate::office::rights::Rights;
use crate::protocol::{
    Answer, ChangeDetail, Conflict, Hit, Needs, Page, Problem, Request, Table, TableColumn,
    Verdict, Verified,
};

/// What of a request has to be known to tell what its answer gives.
#[derive(Default)]
pub(in crate::office) struct AskedFor {
    list: Option<Kind>,
    person: Option<EmployeeId>,
    ids: Vec<RecordId>,
}

impl AskedFor {
    pub fn of(request: &Request) -> Self {
        let nothing = Self::default();
        match request {
            Request::List(query) => Self { list: Some(query.kind), ..nothing },
            Request::Explain { employee, .. } => Self { person: Some(*employee), ..nothing },
            Request::Labels(ids) => Self { ids: ids.clone(), ..nothing },
            _ => nothing,
        }
    }
}

/// What an answer gives of personal details.
#[derive(Debug, Default, PartialEq)]
pub(in crate::office) struct Given {
    /// Whose record, or a record of theirs, it gives whole.
    pub people: BTreeSet<EmployeeId>,
    /// Rows that tell personal details besides the number.
    pub rows: u64,
}

impl Given {
    pub fn is_nothing(&self) -> bool {
        self.people.is_empty() && self.rows == 0
    }

    fn person(person: Option<EmployeeId>) -> Self {
        Self { people: person.into_iter().collect(), rows: 0 }
    }

    fn rows(rows: usize) -> Self {
        Self { people: BTreeSet::new(), rows: rows as u64 }
    }

    fn of(asked: &AskedFor, importing: Option<Kind>, answer: &Answer) -> Self {
        match answer {
            Answer::Person(person) => Self::person(Some(EmployeeId(person.stored.id.number))),
            Answer::Record(stored) => {
                Self::person(stored.as_ref().and_then(|stored| stored.record.whose(stored.id)))
            }
            Answer::Explained(explained) => {
                let told = !explained.ratings.is_empty();
                Self::person(asked.person.filter(|_| told))
            }
            Answer::Conflict(conflict) => Self::person(of_conflict(conflict)),
            Answer::Details(details) => {
                let people = details.iter().filter_map(|detail| detail.person);
                Self { people: people.collect(), rows: 0 }
            }
            Answer::Hits(hits) => Self::rows(hits.iter().filter(|hit| is_of_people(hit)).count()),
            Answer::Labels(labels) => {
                // Of what is kept with a person a label says what it is.
                let told = |(id, label): &(&RecordId, &String)| {
                    id.kind.belongs() == Owner::Person && **label != id.to_string()
                };
                Self::rows(asked.ids.iter().zip(labels).filter(told).count())
            }
            Answer::Page(page) => Self::rows(asked.list.map_or(0, |kind| rows(kind, page))),
            Answer::Table(table) => Self::rows(table_rows(table)),
            Answer::CellExplained(cell) => Self::rows(usize::from(cell.column.personal)),
            Answer::ImportRows(verdicts) => {
                let personal = importing.is_some_and(|kind| kind.belongs().is_personal());
                let tells = |verdict: &Verdict| matches!(verdict, Verdict::Changed { .. });
                let told = verdicts.iter().filter(|one| personal && tells(&one.verdict));
                Self::rows(told.count())
            }
            Answer::Refused(Problem::DependedOn { labels, .. }) => Self::rows(labels.len()),
            // Work data beside a number that tells namesakes apart, as in a list; names,
            // numbers of records, counts, and what is nobody's; the journal itself goes to
            // those alone who own its files.
            Answer::Matrix(_)
            | Answer::Home(_)
            | Answer::Attendance(_)
            | Answer::Cycle(_)
            | Answer::Sheets(_)
            | Answer::Moves(_)
            | Answer::Welcome(_)
            | Answer::Ids(_)
            | Answer::Openings(_)
            | Answer::Completed(_)
            | Answer::Reports(_)
            | Answer::Begun(_)
            | Answer::Saved(_)
            | Answer::Asks(_)
            | Answer::History(_)
            | Answer::Imported(_)
            | Answer::Verified(_)
            | Answer::Found(_)
            | Answer::Journal(_)
            | Answer::Sittings(_)
            | Answer::Done
            | Answer::Refused(_) => Self::default(),
        }
    }
}

fn of_conflict(conflict: &Conflict) -> Option<EmployeeId> {
    let theirs = conflict.theirs.as_ref().map(|stored| &stored.record);
    theirs.or(conflict.base.as_ref()).and_then(|record| record.whose(conflict.id))
}

/// A candidate says a person's number, or what is kept with them.
fn is_of_people(hit: &Hit) -> bool {
    hit.id.kind.belongs().is_personal() && !hit.detail.is_empty()
}

fn rows(kind: Kind, page: &Page) -> usize {
    // A number identifies; what it is asked together with tells.
    let tells = |name: &str| {
        let personal = kind.column(name).is_some_and(|column| column.privacy == Privacy::Personal);
        personal && !matches!(name, "nip" | "local_number")
    };
    if page.columns.iter().any(|name| tells(name)) { page.rows.len() } else { 0 }
}

/// The same of a report.
fn table_rows(table: &Table) -> usize {
    let tells = |column: &TableColumn| column.personal && column.key != "nip";
    if table.columns.iter().any(tells) { table.rows.len() } else { 0 }
}

impl Office {
    /// An answer as its asker gets it, counted.
    pub(in crate::office) fn leave(
        &mut self,
        asker: &Asker,
        request: &AskedFor,
        answer: Answer,
    ) -> Answer {
        let answer = match self.state.rights(asker) {
            Some(rights) => as_allowed(&rights, answer),
            None => answer,
        };
        let mut given = Given::of(request, self.importing(asker), &answer);
        given.people.extend(self.state.met.take());
        if !given.is_nothing() {
            self.count_reading(asker, &given);
        }
        answer
    }
}

/// What of an answer the role may have.
fn as_allowed(rights: &Rights, answer: Answer) -> Answer {
    match (rights.role, answer) {
        // Numbers of the whole office are for those who see all of it.
        (_, Answer::Verified(verified)) if !rights.reach.is_everywhere() => {
            Answer::Verified(Verified { records: 0, erased: 0, ..verified })
        }
        (Role::Auditor, answer) => for_auditor(rights, answer),
        // As in lists: of one person all of it, of many no personal details at once.
        (Role::Viewer, Answer::Details(mut details)) => {
            let people: BTreeSet<_> = details.iter().filter_map(|detail| detail.person).collect();
            if people.len() > 1 {
                let may = |_, field: &Field| field.privacy != Privacy::Personal;
                for detail in &mut details {
                    hide(detail, &may);
                }
            }
            Answer::Details(details)
        }
        (_, answer) => answer,
    }
}

/// All an auditor is given: who did what kind of thing to whom on which day, by name.
fn for_auditor(rights: &Rights, answer: Answer) -> Answer {
    match answer {
        Answer::Hits(mut hits) => {
            hits.iter_mut().filter(|hit| hit.id.kind.belongs().is_personal()).for_each(|hit| {
                hit.detail.clear();
            });
            Answer::Hits(hits)
        }
        Answer::History(mut page) => {
            for line in &mut page.lines {
                line.why.clear();
                line.own.clear();
            }
            Answer::History(page)
        }
        Answer::Details(mut details) => {
            for detail in &mut details {
                hide(detail, &says_who);
            }
            Answer::Details(details)
        }
        Answer::Record(stored) => {
            let named = stored.map(|stored| Box::new(rights.only_named(*stored)));
            Answer::Record(named.filter(|stored| {
                matches!(stored.record, Record::Employee(_))
                    || !stored.id.kind.belongs().is_personal()
            }))
        }
        // The lists are those of officers and of readings; a label names without values.
        Answer::Welcome(_)
        | Answer::Page(_)
        | Answer::Ids(_)
        | Answer::Openings(_)
        | Answer::Completed(_)
        | Answer::Labels(_)
        | Answer::Reports(_)
        | Answer::Verified(_)
        | Answer::Found(_)
        | Answer::Done
        | Answer::Refused(_) => answer,
        Answer::Person(_)
        | Answer::Matrix(_)
        | Answer::Home(_)
        | Answer::Explained(_)
        | Answer::Attendance(_)
        | Answer::Cycle(_)
        | Answer::Sheets(_)
        | Answer::Table(_)
        | Answer::CellExplained(_)
        | Answer::Moves(_)
        | Answer::Begun(_)
        | Answer::Saved(_)
        | Answer::Conflict(_)
        | Answer::Asks(_)
        | Answer::ImportRows(_)
        | Answer::Imported(_)
        | Answer::Journal(_)
        | Answer::Sittings(_) => Answer::Refused(rights.not_allowed(Needs::Reader)),
    }
}

/// Whether a field of what belongs to a person only says who that is.
fn says_who(kind: Kind, field: &Field) -> bool {
    match kind.belongs() {
        Owner::Somebody => employee::NAMES.contains(&field.name),
        Owner::Person => field.shape.refers_to().is_some_and(|to| to.belongs() == Owner::Somebody),
        Owner::Office | Owner::Unit | Owner::Officer => true,
    }
}

/// Leaves of a change only that a field differs, where the asker may not have how.
fn hide(detail: &mut ChangeDetail, may: &dyn Fn(Kind, &Field) -> bool) {
    let kind = detail.id.kind;
    detail.hide(|field| may(kind, field));
}
