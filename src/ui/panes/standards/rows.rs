//! The standards of the whole office as they are read from the list of them: page by page
//! until all are here, then by whom they are for and which competency they are of. Knows
//! no screen; which of the rows is in force is the domain's rule.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::kinds::competency::Level;
use crate::domain::kinds::position::JobLevel;
use crate::domain::kinds::standard::in_force;
use crate::domain::record::{Kind, Revision};
use crate::domain::value::Value;
use crate::i18n::choice;
use crate::protocol::{ListQuery, PAGE_MAX, Page, Request, Row};
use crate::ui::effect::{Effect, Tag};

pub const TAG: &str = "standards.rows";
/// Many times as many as an office has.
const ROWS_MAX: u32 = 10 * PAGE_MAX;
/// What [`parse`] reads, in this order.
const COLUMNS: [&str; 9] = [
    "job_level",
    "position",
    "eselon",
    "position_kind",
    "competency",
    "level",
    "effective_from",
    "legal_basis",
    "verified",
];

/// Whom a standard is for. Job levels come before posts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whom {
    Level(JobLevel),
    Post(Post),
}

/// A post: what tells it apart from others of its title stands with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Post {
    title: String,
    eselon: String,
    kind: String,
}

impl Whom {
    /// As it is searched for, in lists of people and of standards.
    pub fn search(&self) -> String {
        match self {
            Self::Level(level) => format!("jenjang={}", level.code()),
            Self::Post(Post { title, eselon, kind }) => {
                // Every eselon has a point in it.
                let eselon = match eselon.as_str() {
                    "" => "!eselon:.".to_string(),
                    eselon => format!("eselon={eselon}"),
                };
                let kind = Some(format!(" position_kind={kind}")).filter(|_| !kind.is_empty());
                format!("jabatan=\"{title}\" {eselon}{}", kind.unwrap_or_default())
            }
        }
    }
}

/// How standards of a competency are searched for.
pub fn search_of(code: &str) -> String {
    if code.contains(char::is_whitespace) {
        format!("kompetensi=\"{code}\"")
    } else {
        format!("kompetensi={code}")
    }
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub number: u32,
    pub rev: Revision,
    pub level: Level,
    pub from: Option<NaiveDate>,
    pub basis: String,
    pub verified: bool,
}

type Rules = BTreeMap<Whom, BTreeMap<String, Vec<Rule>>>;

#[derive(Debug, Default)]
pub struct Standards {
    /// By whom they are for and the code of the competency.
    rules: Rules,
    coming: Rules,
    search: String,
    number: u32,
    is_here: bool,
}

impl Standards {
    /// Only those this search finds.
    pub fn found_by(search: String) -> Self {
        Self { search, ..Self::default() }
    }

    /// Reads them anew.
    pub fn ask(&mut self) -> Effect {
        self.coming.clear();
        self.page(0)
    }

    fn page(&mut self, offset: u32) -> Effect {
        self.number += 1;
        let columns = COLUMNS.map(String::from).to_vec();
        let search = self.search.clone();
        let query = ListQuery { search, columns, offset, ..ListQuery::all(Kind::Standards) };
        Effect::ask(Tag::new(TAG, self.number), Request::List(query))
    }

    /// Takes a page; asks for the next one while there is one.
    pub fn take(&mut self, tag: Tag, page: &Page) -> Option<Effect> {
        if tag.number != self.number {
            return None;
        }
        for row in &page.rows {
            if let Some((whom, code, rule)) = parse(row) {
                self.coming.entry(whom).or_default().entry(code).or_default().push(rule);
            }
        }
        let read = page.offset + page.rows.len() as u32;
        if !page.rows.is_empty() && read < page.matched.min(ROWS_MAX) {
            return Some(self.page(read));
        }
        self.rules = std::mem::take(&mut self.coming);
        self.is_here = true;
        None
    }

    pub const fn is_here(&self) -> bool {
        self.is_here
    }

    /// Every job level, then the posts that have standards of their own.
    pub fn whom(&self) -> Vec<Whom> {
        let levels = JobLevel::ALL.iter().map(|level| Whom::Level(*level));
        let posts = self.rules.keys().filter(|whom| matches!(whom, Whom::Post(_)));
        levels.chain(posts.cloned()).collect()
    }

    /// Whom one is for; of posts of one title also what tells them apart.
    pub fn words(&self, whom: &Whom) -> String {
        let post = match whom {
            Whom::Level(level) => return choice(level.code()),
            Whom::Post(post) => post,
        };
        let same = |other: &&Whom| matches!(other, Whom::Post(other) if other.title == post.title);
        if self.rules.keys().filter(same).count() < 2 {
            return post.title.clone();
        }
        let kind = Some(choice(&post.kind)).filter(|_| !post.kind.is_empty());
        let parts = [Some(post.eselon.clone()).filter(|text| !text.is_empty()), kind];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            return post.title.clone();
        }
        format!("{} ({})", post.title, parts.join(", "))
    }

    /// What is in force on a day.
    pub fn at(&self, whom: &Whom, code: &str, day: NaiveDate) -> Option<&Rule> {
        let rules = self.rules.get(whom)?.get(code)?;
        in_force(rules, day, |rule| (rule.from, rule.number))
    }

    /// Any row of it, from which the rest of a new one is taken.
    pub fn any(&self, whom: &Whom) -> Option<&Rule> {
        self.rules.get(whom)?.values().flatten().next()
    }
}

fn parse(row: &Row) -> Option<(Whom, String, Rule)> {
    let [job_level, position, eselon, kind, competency, level, from, basis, verified] =
        row.cells.as_slice()
    else {
        return None;
    };
    let text = |value: &Value| match value {
        Value::Text(text) | Value::Choice(text) => text.clone(),
        _ => String::new(),
    };
    let post =
        || Whom::Post(Post { title: text(position), eselon: text(eselon), kind: text(kind) });
    let whom = JobLevel::from_code(&text(job_level)).map_or_else(post, Whom::Level);
    let Value::Whole(level) = level else { return None };
    let level = u8::try_from(*level).ok().and_then(Level::new)?;
    let from = match from {
        Value::Date(day) => Some(*day),
        _ => None,
    };
    let (number, rev, verified) = (row.number, row.rev, *verified == Value::Flag(true));
    let rule = Rule { number, rev, level, from, basis: text(basis), verified };
    Some((whom, text(competency), rule))
}
