//! What a report may read: the people within the asker's reach, of the unit and the search
//! that were asked for, and their records. Whoever is out of reach is not there; whoever's
//! processing is restricted is left out of a file and counted; a personal detail the
//! asker's role may not carry is empty.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::ReportLine;
use super::activity::{self, Activity};
use super::asked::Asked;
use crate::domain::field::Privacy;
use crate::domain::gap::Cell;
use crate::domain::jp::JpByYear;
use crate::domain::kinds::session::Session;
use crate::domain::kinds::sheet::ScoreSheet;
use crate::domain::record::{
    CompetencyId, CycleId, EmployeeId, Kind, PositionId, RecordId, SessionId, UnitId,
};
use crate::domain::rulebook::Rulebook;
use crate::domain::value::Value;
use crate::office::read::filter::Matcher;
use crate::office::rights::Rights;
use crate::office::trouble::Trouble;
use crate::office::views::catalog::Catalog;
use crate::office::views::owed::Owed;
use crate::office::views::row::{RosterRow, jp_by_year};
use crate::office::views::state::State;
use crate::protocol::{ListQuery, Opens, Remark, ReportQuery};
use crate::store::Pack;

pub(in crate::office) struct Source<'a> {
    pub asked: Asked,
    /// The search as typed, for lists a row opens.
    pub search: &'a str,
    state: &'a State,
    rights: &'a Rights,
    order: &'a [u32],
    matcher: Matcher,
    export: bool,
    /// The matrix's columns, once they have been asked for.
    competencies: OnceCell<Vec<CompetencyId>>,
    rules: OnceCell<Arc<Rulebook>>,
    /// The activities of a trial, once they have been looked up.
    activities: OnceCell<Vec<Activity>>,
    /// Who was left out since their processing is restricted.
    restricted: RefCell<BTreeSet<u32>>,
}

/// The competency of a code or a record, `competencies/5`.
pub(super) fn competency_called(catalog: &Catalog, text: &str) -> Option<CompetencyId> {
    let record = text.parse::<RecordId>().ok().filter(|id| id.kind == Kind::Competencies);
    let known = record.map(|id| CompetencyId(id.number));
    let known = known.filter(|id| catalog.competency(*id).is_some());
    known.or_else(|| catalog.competency_by_code(text))
}

impl<'a> Source<'a> {
    /// `order` is the roster's, by name.
    pub(super) fn new(
        state: &'a State,
        rights: &'a Rights,
        order: &'a [u32],
        query: &'a ReportQuery,
        asked: Asked,
    ) -> Result<Self, Trouble> {
        let search = state.query(Kind::Employees, &query.search, rights);
        let matcher = Matcher::new(state, &search, asked.unit, &rights.reach)?;
        Ok(Self {
            asked,
            search: &query.search,
            state,
            rights,
            order,
            matcher,
            export: query.export,
            competencies: OnceCell::new(),
            rules: OnceCell::new(),
            activities: OnceCell::new(),
            restricted: RefCell::default(),
        })
    }

    /// What a report says of each of those who work here, by name. Of somebody a file goes
    /// without it says nothing; they are counted where there was something to say.
    pub fn of_each<T, Said: IntoIterator<Item = T>>(
        &self,
        mut say: impl FnMut(&'a RosterRow) -> Result<Said, Trouble>,
    ) -> Result<Vec<T>, Trouble> {
        let rows = self.state.roster.rows();
        let asked = |row: &RosterRow| self.asks_about(row);
        // Along the rows as they lie in memory, then along the order.
        let found: Vec<bool> = rows.iter().map(asked).collect();
        let order = self.order.iter().map(|at| *at as usize);
        let mut all = Vec::new();
        for row in order.filter(|at| found[*at]).map(|at| &rows[at]) {
            let mut said = say(row)?.into_iter().peekable();
            if said.peek().is_some() && !self.left_out(row) {
                all.extend(said);
            }
        }
        Ok(all)
    }

    fn asks_about(&self, row: &RosterRow) -> bool {
        row.is_active()
            && self.asked.people.as_ref().is_none_or(|asked| asked.contains(&row.number))
            && self.matcher.in_scope(row.unit)
            && self.matcher.matches(self.state, row)
    }

    /// Whether somebody is among those asked about.
    pub(super) fn is_asked(&self, number: u32) -> bool {
        self.state.roster.get(number).is_some_and(|row| self.asks_about(row))
    }

    /// Whether a person's line stands where their name does.
    pub(super) fn in_order(&self, lines: &[ReportLine], at: usize) -> bool {
        let row = |at: usize| self.of_line(lines.get(at)?);
        let Some(here) = row(at) else { return false };
        let before = at.checked_sub(1).and_then(row);
        before.is_none_or(|before| before.cmp_by_name(here).is_lt())
            && row(at + 1).is_none_or(|after| here.cmp_by_name(after).is_lt())
    }

    /// A line of each of them.
    pub fn line_each(&self) -> Result<Vec<ReportLine>, Trouble> {
        self.of_each(|row| Ok([ReportLine::of_person(row.number)]))
    }

    /// Those who were asked about as a list, as far as more holds for them; nothing where a list
    /// cannot say who they are.
    pub fn people_asked(&self, more: &str) -> Option<Opens> {
        if self.asked.people.is_some() {
            return None;
        }
        let search = ["status=active", more, self.search].map(str::trim);
        let search = search.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let (search, unit) = (search.join(" "), self.asked.unit);
        Some(Opens::List(Box::new(ListQuery { search, unit, ..ListQuery::all(Kind::Employees) })))
    }

    /// Whether it is asked about today.
    pub fn is_of_today(&self) -> bool {
        self.asked.at == self.state.today
    }

    /// The person a line is of.
    pub fn of_line(&self, line: &ReportLine) -> Option<&'a RosterRow> {
        let ReportLine::Of(key) = line else { return None };
        self.person(key.number)
    }

    /// What a unit is called.
    pub fn unit_name(&self, unit: Option<UnitId>) -> Value {
        self.catalog().unit(unit).map_or(Value::Empty, |unit| Value::text(&unit.name))
    }

    /// The same of everybody within reach who works here, whoever was asked about.
    pub fn everybody<T, Said: IntoIterator<Item = T>>(
        &self,
        mut say: impl FnMut(&'a RosterRow) -> Result<Said, Trouble>,
    ) -> Result<Vec<T>, Trouble> {
        let mut all = Vec::new();
        for row in self.state.roster.rows() {
            let asked = row.is_active() && self.rights.reach.has(row.unit);
            if asked && !(self.export && row.restricted) {
                all.extend(say(row)?);
            }
        }
        Ok(all)
    }

    /// What somebody a row speaks of besides its own person is called; of whoever is out of
    /// reach, or a file goes without, nothing.
    pub fn named(&self, number: u32) -> Value {
        let row = self.person(number).filter(|row| !(self.export && row.restricted));
        row.map_or(Value::Empty, |row| Value::text(row.name()))
    }

    /// How many of those who were in a session and are within reach have earned its JP.
    pub fn trained(&self, id: SessionId, session: &Session) -> i64 {
        let jp = self.catalog().programme(session.programme).and_then(|programme| programme.jp);
        let least = self.catalog().attendance_min();
        let roll = self.state.roster.turnout(id).iter();
        let earned = roll.filter(|(person, turnout)| {
            self.person(*person).is_some() && turnout.earned(session, jp, least) > 0
        });
        earned.count() as i64
    }

    /// Sessions that were not called off.
    pub fn held(&self) -> impl Iterator<Item = (SessionId, &'a Session)> {
        let all = self.state.catalog.sessions.iter();
        let held = all.filter(|(_, (_, session))| !session.cancelled);
        held.map(|(number, (_, session))| (SessionId(*number), session))
    }

    /// How many of those asked about have earned JP in a session, and how many JP.
    pub fn earned_in(&self, id: SessionId, session: &Session) -> (u32, u32) {
        let jp = self.catalog().programme(session.programme).and_then(|programme| programme.jp);
        let least = self.catalog().attendance_min();
        let (mut people, mut sum) = (0, 0);
        for (person, turnout) in self.state.roster.turnout(id) {
            let earned = u32::from(turnout.earned(session, jp, least));
            let row =
                self.state.roster.get(*person).filter(|row| earned > 0 && self.asks_about(row));
            if row.is_some_and(|row| !self.left_out(row)) {
                people += 1;
                sum += earned;
            }
        }
        (people, sum)
    }

    /// The office's rule in years, and whose data has by then been kept that long: due when,
    /// gone since when, who; the longest due first.
    pub fn kept_long_enough(&self) -> (Option<u16>, Vec<(NaiveDate, NaiveDate, EmployeeId)>) {
        let (years, mut due) = self.state.retention_due(self.asked.at);
        due.retain(|(_, _, id)| !self.person(id.0).is_some_and(|row| self.left_out(row)));
        (years, due)
    }

    /// Whether a file goes without this person, who is counted then.
    fn left_out(&self, row: &RosterRow) -> bool {
        let left_out = self.export && row.restricted;
        if left_out {
            self.restricted.borrow_mut().insert(row.number);
        }
        left_out
    }

    pub(super) fn restricted(&self) -> u32 {
        self.restricted.borrow().len() as u32
    }

    /// One of them.
    pub fn person(&self, number: u32) -> Option<&'a RosterRow> {
        let row = self.state.roster.get(number)?;
        self.rights.reach.has(row.unit).then_some(row)
    }

    /// What stands in a column of a person's record; empty where the asker may not carry it.
    pub fn vital(&self, row: &RosterRow, column: &str) -> Result<Value, Trouble> {
        if !self.rights.carries(Kind::Employees, column) {
            return Ok(Value::Empty);
        }
        let column = self.state.column(column)?;
        Ok(column.and_then(|column| column.value(row.number).cloned()).unwrap_or_default())
    }

    /// Whether the asker may have personal details.
    pub fn carries_detail(&self) -> bool {
        self.rights.carries_class("", Privacy::Personal)
    }

    /// Who is enrolled in a session, within reach or not: for asking of somebody who is.
    pub fn roll(&self, session: SessionId) -> BTreeSet<u32> {
        self.state.roster.roll(session).collect()
    }

    /// The keyed sheets of a cycle, of people within reach.
    pub fn keyed_sheets(&self, id: CycleId) -> Result<Vec<ScoreSheet>, Trouble> {
        let sheets = self.state.sheets_of(id)?.into_iter().map(|held| held.sheet);
        let within = |sheet: &ScoreSheet| self.person(sheet.employee.0).is_some();
        Ok(sheets.filter(|sheet| sheet.is_keyed() && within(sheet)).collect())
    }

    /// What a person owns; nothing of somebody out of reach.
    pub fn pack(&self, number: u32) -> Result<Arc<Pack>, Trouble> {
        match self.person(number) {
            Some(row) => Ok(self.state.pack(EmployeeId(row.number))?),
            None => Ok(Arc::default()),
        }
    }

    /// The competencies of the matrix, not archived on the day asked for, in their order.
    pub fn competencies(&self) -> &[CompetencyId] {
        self.competencies.get_or_init(|| {
            let columns = self.state.catalog.columns_on(self.asked.at);
            columns.iter().map(|(id, _)| *id).collect()
        })
    }

    /// What a person had, and what their post required, on the day asked for.
    pub fn levels(&self, row: &RosterRow) -> Result<Vec<Cell>, Trouble> {
        self.levels_as(row, row.position)
    }

    /// The same against the standard of another post.
    pub fn levels_as(
        &self,
        row: &RosterRow,
        position: Option<PositionId>,
    ) -> Result<Vec<Cell>, Trouble> {
        Ok(self.state.cells_as(row, self.competencies(), position, self.asked.at)?)
    }

    /// What a person had and their post required on each of these days.
    pub fn levels_on(
        &self,
        row: &RosterRow,
        days: &[NaiveDate],
    ) -> Result<Vec<Vec<Cell>>, Trouble> {
        let on = |day: &NaiveDate| {
            Ok(self.state.cells_as(row, self.competencies(), row.position, *day)?)
        };
        days.iter().map(on).collect()
    }

    /// Whether a report of one person, if it was asked for one, is of this one.
    pub fn means(&self, row: &RosterRow) -> bool {
        self.asked.text("person").trim().is_empty() || self.asked.person() == Some(row.number)
    }

    /// Plans of people, and how their performance was judged.
    pub fn owed(&self) -> Result<&'a Owed, Trouble> {
        Ok(self.state.owed()?)
    }

    /// The competency that a parameter names, by its code or as `competencies/5`.
    pub fn competency_asked(&self, name: &str) -> Option<CompetencyId> {
        competency_called(self.catalog(), self.asked.text(name).trim())
    }

    /// Said where some standard was not read in the regulation.
    pub fn standards_note(&self) -> Option<Remark> {
        let unread = self.catalog().standards.values().any(|(_, standard)| !standard.verified);
        unread.then(|| Remark::new("standards_unverified"))
    }

    /// JP by year, of a day gone by as far as it had been earned by then.
    pub fn jp(&self, row: &RosterRow) -> Result<JpByYear, Trouble> {
        if self.asked.at >= self.state.today {
            return Ok(row.years().collect());
        }
        let pack = self.pack(row.number)?;
        Ok(jp_by_year(&self.state.catalog, &pack, Some(self.asked.at)))
    }

    /// The office's reference data, which everybody may know.
    pub fn catalog(&self) -> &'a Catalog {
        &self.state.catalog
    }

    /// The rules of the day asked for.
    pub fn rules(&self) -> &Rulebook {
        self.rules.get_or_init(|| self.state.catalog.rules(self.asked.at))
    }

    /// The activities of a trial; looked up once for all who are asked about.
    pub fn activities(&self) -> Result<&[Activity], Trouble> {
        if let Some(known) = self.activities.get() {
            return Ok(known);
        }
        let found = activity::asked_for(self)?;
        Ok(self.activities.get_or_init(|| found))
    }

    pub fn today(&self) -> NaiveDate {
        self.state.today
    }

    /// The number above a sheet of one person, for whoever may have it.
    pub(super) fn number(&self, row: &RosterRow) -> Value {
        if self.carries("nip", true) { Value::text(row.nip.to_string()) } else { Value::Empty }
    }

    /// Whether the asker may have what stands in a column.
    pub(super) fn carries(&self, key: &str, personal: bool) -> bool {
        let privacy = if personal { Privacy::Personal } else { Privacy::Work };
        self.rights.carries_class(key, privacy)
    }
}
