//! A record's form: every field of its kind, made from the domain's table of fields. Knows
//! what is typed, what is wrong with it and where the cursor is; saving and looking up are
//! its overlay's.

mod ahead;
mod draw;
mod entry;
mod referring;

pub use ahead::TypeAhead;
pub use draw::{draw, height};
pub use entry::FormEntry;

use chrono::{NaiveDate, TimeDelta};
use serde_json::Value as Json;

use crate::domain::fault::Fault;
use crate::domain::field::{self, Field, SetBy, Shape, Time};
use crate::domain::jp::year_of;
use crate::domain::number::EmployeeNumber;
use crate::domain::record::{Fields, Kind, Record};
use crate::i18n::t;
use crate::ui::command::Command;
use crate::ui::pane::Availability;
use crate::ui::widgets::line::LineEdit;

/// Whether the field with the cursor can be ticked, which is all the space bar does in a form.
pub fn ticking(command: Command, is_flag: bool) -> Availability {
    if command == Command::FormTick && !is_flag {
        Availability::No(t!("form.nothing_to_tick").into_owned())
    } else {
        Availability::Yes
    }
}

pub struct Form {
    kind: Kind,
    entries: Vec<FormEntry>,
    focus: usize,
    /// In the order found; shown under their fields.
    faults: Vec<Fault>,
    /// What is wrong with what has been typed so far.
    said: Vec<Fault>,
    /// The cursor has just come to the field: what is typed now takes the place of the value.
    fresh: bool,
    /// Something was typed in the field since the cursor came to it.
    touched: bool,
    /// What the last day of a session was set to when its first day was.
    followed: Option<String>,
    /// What the text of a reference may mean, below the field it is typed in.
    offered: Vec<String>,
    /// Fields of the record that have no entry here.
    rest: Fields,
}

impl Form {
    pub fn new(kind: Kind, values: &Fields) -> Self {
        Self::of(kind, kind.fields().iter().filter(|field| field.set_by == SetBy::Hand), values)
    }

    /// A form of some of the fields; the others keep their values.
    pub fn only(kind: Kind, fields: &[&'static Field], values: &Fields) -> Self {
        Self::of(kind, fields.iter().copied(), values)
    }

    fn of(kind: Kind, fields: impl Iterator<Item = &'static Field>, values: &Fields) -> Self {
        let entries: Vec<_> =
            fields.map(|field| FormEntry::new(kind, field, values.get(field.name))).collect();
        let mut rest = values.clone();
        for entry in &entries {
            rest.remove(entry.field.name);
        }
        let focus = entries.iter().position(|entry| !entry.is_kept()).unwrap_or(0);
        let (faults, said, offered) = (Vec::new(), Vec::new(), Vec::new());
        let (fresh, touched, followed) = (false, false, None);
        Self { kind, entries, focus, faults, said, fresh, touched, followed, offered, rest }
    }

    /// Begins at what is told of the record, behind what says which it is.
    #[must_use]
    pub fn behind_key(mut self) -> Self {
        let told = |entry: &FormEntry| !entry.is_kept() && !entry.is_key();
        self.focus = self.entries.iter().position(told).unwrap_or(self.focus);
        self
    }

    /// Begins at the field behind this one.
    #[must_use]
    pub fn behind(mut self, field: &str) -> Self {
        let at = self.entries.iter().position(|entry| entry.field.name == field);
        self.focus = at.map_or(self.focus, |at| (at + 1).min(self.entries.len() - 1));
        self
    }

    /// Begins behind this field where it would begin in it.
    #[must_use]
    pub fn behind_known(self, field: &str) -> Self {
        let there = self.entries.get(self.focus).is_some_and(|entry| entry.field.name == field);
        if there { self.behind(field) } else { self }
    }

    /// What the text under the cursor may mean; it stands there until the cursor leaves.
    pub fn offer(&mut self, offered: Vec<String>) {
        self.offered = offered;
    }

    pub fn offered(&self) -> &[String] {
        &self.offered
    }

    /// Which day it is filled in.
    pub fn on(&mut self, today: NaiveDate) {
        for entry in &mut self.entries {
            entry.today = Some(today);
        }
    }

    /// What is planned or asked for begins with this year, where no other is known.
    pub fn begin_this_year(&mut self, today: NaiveDate) {
        let unknown = |entry: &&mut FormEntry| {
            entry.field.time == Time::ThisYearOn && entry.text().is_empty()
        };
        for entry in self.entries.iter_mut().filter(unknown) {
            entry.begin(&year_of(today).to_string());
        }
        // What is typed first takes its place.
        let here = self.entries.get(self.focus);
        self.fresh |= here.is_some_and(|entry| entry.field.time == Time::ThisYearOn);
    }

    pub const fn kind(&self) -> Kind {
        self.kind
    }

    pub fn entries(&self) -> &[FormEntry] {
        &self.entries
    }

    /// What the record holds beside the fields of the form.
    pub fn beside(&self, name: &str) -> Option<&str> {
        self.rest.get(name).and_then(Json::as_str)
    }

    pub const fn focus(&self) -> usize {
        self.focus
    }

    pub fn focused(&self) -> Option<&FormEntry> {
        self.entries.get(self.focus)
    }

    pub fn entry_mut(&mut self, at: usize) -> Option<&mut FormEntry> {
        self.entries.get_mut(at)
    }

    /// How many fields have something wrong said below them.
    pub fn fault_count(&self) -> usize {
        self.entries.iter().filter(|entry| self.fault_of(entry).is_some()).count()
    }

    pub fn is_changed(&self) -> bool {
        self.entries.iter().any(FormEntry::is_changed)
    }

    pub fn texts(&self) -> Vec<(String, String)> {
        self.entries.iter().map(|entry| (entry.field.name.to_string(), entry.text())).collect()
    }

    pub fn restore(&mut self, texts: &[(String, String)]) {
        for (name, text) in texts {
            if let Some(entry) = self.entries.iter_mut().find(|entry| entry.field.name == name) {
                entry.restore(text);
            }
        }
    }

    /// Shows what is wrong and puts the cursor on the first of it. Faults of fields that are
    /// not here are given back.
    pub fn set_faults(&mut self, faults: Vec<Fault>) -> Vec<Fault> {
        let known = |fault: &Fault| self.entries.iter().any(|e| e.field.name == fault.field);
        let (here, elsewhere): (Vec<_>, Vec<_>) = faults.into_iter().partition(known);
        let first = self.entries.iter().position(|entry| {
            !entry.is_kept() && here.iter().any(|fault| fault.field == entry.field.name)
        });
        self.focus = first.unwrap_or(self.focus);
        self.faults = here;
        self.fresh = false;
        elsewhere
    }

    pub fn fault_of(&self, entry: &FormEntry) -> Option<&Fault> {
        let mut faults = self.faults.iter().chain(&self.said);
        faults.find(|fault| fault.field == entry.field.name)
    }

    /// What can be said already of what was typed: nothing of what is still empty, and of
    /// another record nothing before it was looked for.
    fn say(&mut self) {
        let typed = |entry: &&FormEntry| {
            entry.is_changed() && !entry.text().trim().is_empty() && entry.unresolved().is_none()
        };
        let typed: Vec<_> = self.entries.iter().filter(typed).map(|e| e.field.name).collect();
        let (fields, faults) = self.values();
        let mut faults = field::record(self.kind, &fields, faults).err().unwrap_or_default();
        // How fields go together is plain before all of them are filled in.
        faults.extend(Record::from_fields(self.kind, &fields).map_or(Vec::new(), |r| r.check()));
        faults.retain(|fault| typed.contains(&fault.field.as_str()));
        let known = |at: usize| faults[..at].iter().any(|known| known.field == faults[at].field);
        let first = (0..faults.len()).filter(|at| !known(*at));
        self.said = first.map(|at| faults[at].clone()).collect();
    }

    /// The record as filled in, or everything that is wrong with it.
    pub fn record(&self) -> Result<Record, Vec<Fault>> {
        let (fields, faults) = self.values();
        field::record(self.kind, &fields, faults)
    }

    /// What is filled in, and what of it is no value.
    fn values(&self) -> (Fields, Vec<Fault>) {
        let mut fields = self.rest.clone();
        let mut faults = Vec::new();
        for entry in &self.entries {
            match entry.value() {
                Ok(Some(value)) => {
                    fields.insert(entry.field.name.to_string(), value);
                }
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            }
        }
        (fields, faults)
    }

    /// Moves the cursor; round at both ends.
    pub fn step(&mut self, forward: bool) {
        self.settle();
        (self.fresh, self.touched) = (true, false);
        let count = self.entries.len();
        for _ in 0..count {
            let step = if forward { 1 } else { count - 1 };
            self.focus = (self.focus + step) % count;
            if !self.focused().is_some_and(FormEntry::is_kept) {
                break;
            }
        }
    }

    /// Goes to the field at this place of all.
    pub fn go(&mut self, at: usize) {
        if self.entries.get(at).is_some_and(|entry| !entry.is_kept()) {
            self.settle();
            self.focus = at;
            (self.fresh, self.touched) = (true, false);
        }
    }

    /// What follows from the field the cursor is in, before it leaves or all of it is saved.
    pub fn settle(&mut self) {
        self.offered.clear();
        self.take_from_number();
        if let Some(entry) = self.entries.get_mut(self.focus) {
            entry.tidy();
            if entry.field.name == "start" && entry.is_changed() {
                self.end_follows();
            }
        }
        self.say();
    }

    /// A last day that nobody has chosen goes along with the first: as many days as there were.
    fn end_follows(&mut self) {
        let entry = |name: &str| self.entries.iter().position(|entry| entry.field.name == name);
        let (Some(start), Some(end)) = (entry("start"), entry("end")) else { return };
        let Some(day) = self.entries[start].date() else { return };
        let (until, days) = (&self.entries[end], self.entries[start].days_to(&self.entries[end]));
        let own = until.is_changed() && self.followed.as_deref() != Some(&until.text());
        if own && !until.text().is_empty() {
            return;
        }
        let last = day.checked_add_signed(days.max(TimeDelta::zero())).unwrap_or(day);
        let text = crate::i18n::date(last);
        self.entries[end].restore(&text);
        self.followed = Some(text);
    }

    /// Whether nothing was typed yet in the field the cursor has come to.
    pub const fn is_just_reached(&self) -> bool {
        !self.touched
    }

    /// Makes room for what is typed into a field the cursor has just come to.
    fn replace(&mut self) {
        self.touched = true;
        if std::mem::take(&mut self.fresh)
            && let Some(entry) = self.entries.get_mut(self.focus)
            && entry.takes_text()
        {
            entry.restore("");
        }
    }

    pub fn type_char(&mut self, c: char) -> LineEdit {
        self.replace();
        self.edit(|entry| entry.type_char(c))
    }

    pub fn paste(&mut self, text: &str) -> LineEdit {
        self.replace();
        self.edit(|entry| entry.paste(text))
    }

    pub fn command(&mut self, command: Command) -> LineEdit {
        (self.fresh, self.touched) = (false, true);
        match command {
            Command::FormOptionNext => self.edit(|entry| entry.turn(true)),
            Command::FormOptionPrev => self.edit(|entry| entry.turn(false)),
            Command::FormTick => self.edit(FormEntry::tick),
            command => self.edit(|entry| entry.command(command)),
        }
    }

    fn edit(&mut self, edit: impl FnOnce(&mut FormEntry) -> LineEdit) -> LineEdit {
        let Some(entry) = self.entries.get_mut(self.focus) else { return LineEdit::No };
        let done = edit(entry);
        if done == LineEdit::Changed {
            let name = entry.field.name;
            self.faults.retain(|fault| fault.field != name);
            self.say();
        }
        done
    }

    /// Puts today into a date field.
    pub fn put_date(&mut self, date: NaiveDate) {
        self.put(&crate::i18n::date(date));
    }

    /// Puts a text in the place of what stands in the field under the cursor.
    pub fn put(&mut self, text: &str) {
        if let Some(entry) = self.entries.get_mut(self.focus) {
            let name = entry.field.name;
            entry.restore(text);
            self.faults.retain(|fault| fault.field != name);
            self.say();
        }
    }

    /// What a NIP tells goes into the fields that are still empty.
    fn take_from_number(&mut self) {
        let Some(number) = self.entries.iter().find(|e| e.field.shape == Shape::Number) else {
            return;
        };
        if !number.is_changed() {
            return;
        }
        let Ok(Some(Json::String(text))) = number.value() else { return };
        let Ok(number) = EmployeeNumber::parse(&text) else { return };
        for (name, text) in number.tells() {
            let entry = self.entries.iter_mut().find(|entry| entry.field.name == name);
            // What the officer has chosen stays.
            let open = |entry: &&mut FormEntry| entry.text().is_empty() || !entry.is_changed();
            if let Some(entry) = entry.filter(open)
                && !number.agrees(name, &entry.text())
            {
                entry.restore(&text);
                entry.tidy();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(kind: Kind) -> Form {
        Form::new(kind, &Record::empty(kind).fields())
    }

    fn fill(form: &mut Form, name: &str, text: &str) {
        let at = form.entries.iter().position(|e| e.field.name == name).expect("a field");
        form.entries[at].restore(text);
    }

    #[test]
    fn an_empty_form_names_every_required_field_and_stands_on_the_first() {
        let mut form = form(Kind::Programmes);
        let faults = form.record().expect_err("incomplete");
        assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["name", "type"]);
        assert!(form.set_faults(faults).is_empty());
        assert_eq!(form.focused().map(|entry| entry.field.name), Some("name"));
    }

    #[test]
    fn a_required_level_is_not_silently_one() {
        let mut form = form(Kind::Standards);
        fill(&mut form, "level", "");
        let faults = form.record().expect_err("incomplete");
        assert!(faults.iter().any(|fault| fault.field == "level"), "{faults:?}");
    }

    #[test]
    fn a_record_survives_its_form_unchanged() {
        let fields: Fields = serde_json::from_str(
            r#"{"number":"199001012015031001","name":"Siti Aminah","kind":"PNS","status":"active",
            "grade":"III/a","position_since":"2020-02-01","service_years":5,"sex":"P","unit":7}"#,
        )
        .expect("fields");
        let mut form = Form::new(Kind::Employees, &fields);
        let unit = form.entries.iter().position(|e| e.field.name == "unit").expect("a field");
        form.entries[unit].name("Kelurahan Plaju Ulu");
        assert!(!form.is_changed());
        let record = form.record().expect("a record");
        assert_eq!(record.fields(), fields);
    }

    #[test]
    fn a_nip_fills_in_what_it_tells() {
        let mut form = form(Kind::Employees);
        fill(&mut form, "number", "199001012022211001");
        form.take_from_number();
        let text = |name| form.entries.iter().find(|e| e.field.name == name).map(FormEntry::text);
        assert_eq!(text("kind").as_deref(), Some("PPPK"));
        assert_eq!(text("sex").as_deref(), Some("L"));
        assert_eq!(text("birth_date").as_deref(), Some("1 Jan 1990"));
    }

    #[test]
    fn a_date_is_shown_in_words_once_the_cursor_has_left_it() {
        let mut form = form(Kind::Sessions);
        fill(&mut form, "start", "17-08-2026");
        form.focus = 1;
        form.step(true);
        assert_eq!(form.entries[1].shown(), "17 Agu 2026");
    }

    fn at(form: &mut Form, name: &str) {
        let place = form.entries.iter().position(|e| e.field.name == name).expect("a field");
        form.go(place);
    }

    fn type_in(form: &mut Form, text: &str) {
        for c in text.chars() {
            form.type_char(c);
        }
    }

    fn text(form: &Form, name: &str) -> String {
        form.entries.iter().find(|e| e.field.name == name).map(FormEntry::text).unwrap_or_default()
    }

    fn session() -> Form {
        let mut form = form(Kind::Sessions);
        form.on("2026-11-28".parse().expect("a day"));
        form
    }

    #[test]
    fn what_is_typed_after_tab_takes_the_place_of_the_value_and_home_or_end_edits_it() {
        let mut form = form(Kind::Programmes);
        fill(&mut form, "name", "Bimtek");
        at(&mut form, "name");
        type_in(&mut form, "Se");
        assert_eq!(text(&form, "name"), "Se");
        at(&mut form, "name");
        form.command(Command::TextEnd);
        type_in(&mut form, "minar");
        assert_eq!(text(&form, "name"), "Seminar");
    }

    #[test]
    fn a_short_date_is_the_next_one_and_the_last_day_follows_the_first() {
        let mut form = session();
        at(&mut form, "start");
        type_in(&mut form, "5/12");
        form.step(true);
        assert_eq!([text(&form, "start"), text(&form, "end")], ["5 Des 2026", "5 Des 2026"]);
        // It goes along until somebody chooses it.
        at(&mut form, "start");
        type_in(&mut form, "7/12");
        form.step(true);
        assert_eq!(text(&form, "end"), "7 Des 2026");
        type_in(&mut form, "9-12-26");
        at(&mut form, "start");
        type_in(&mut form, "8/12");
        form.step(true);
        assert_eq!(text(&form, "end"), "9 Des 2026");
    }

    #[test]
    fn a_session_that_is_moved_stays_as_long_as_it_was() {
        let fields: Fields =
            serde_json::from_str(r#"{"programme":7,"start":"2026-12-01","end":"2026-12-03"}"#)
                .expect("fields");
        let mut form = Form::new(Kind::Sessions, &fields).behind_key();
        form.on("2026-11-28".parse().expect("a day"));
        assert_eq!(form.focused().map(|entry| entry.field.name), Some("start"));
        at(&mut form, "start");
        type_in(&mut form, "8/12");
        form.settle();
        assert_eq!(text(&form, "end"), "10 Des 2026");
    }

    #[test]
    fn what_is_wrong_is_said_as_it_is_typed_and_of_what_is_empty_nothing() {
        let mut form = form(Kind::Employees);
        at(&mut form, "number");
        type_in(&mut form, "1990");
        assert_eq!(form.said.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["number"]);
        type_in(&mut form, "01012022211001");
        assert!(form.said.is_empty(), "{:?}", form.said);
    }

    #[test]
    fn staff_without_a_nip_get_a_local_number() {
        let mut form = form(Kind::Employees);
        fill(&mut form, "name", "Budi");
        fill(&mut form, "number", "K-12");
        assert!(form.record().is_err());
        fill(&mut form, "number", "#K-12");
        let record = form.record().expect("a record");
        assert_eq!(record.fields().get("number"), Some(&Json::from("#K-12")));
    }
}
