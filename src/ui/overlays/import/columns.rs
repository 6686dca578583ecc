//! Saying which column is which: the headings of a file, unknown ones first, each with the
//! field it is. What must not be missing is named until it is there. Knows what every import
//! makes of the headings, so that the kind can be changed on the spot.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};

use crate::domain::intake::Intake;
use crate::i18n::{self, t};
use crate::ui::job::{ColumnHeading, Columns};
use crate::ui::overlays::picker::Picker;
use crate::ui::pane::{PaneEvent, View};
use crate::ui::widgets::choosing::{Choice, Chooser};
use crate::ui::widgets::frame::{boxed, put, wrap};

/// What Enter means where the cursor is.
pub enum ColumnAct {
    /// Choose what the file is, or the field of a column.
    Kind(Picker),
    Field(Picker),
    /// Read the file with what was said.
    Check,
}

/// Before the headings stand the kind of the file and the way on.
const BEFORE: usize = 2;

pub struct ColumnList {
    all: Vec<Columns>,
    at: usize,
    /// Places of the headings as they are listed.
    order: Vec<usize>,
    /// Field and place of the heading, as the officer has said.
    said: Vec<(String, usize)>,
    chooser: Chooser,
    /// Nothing tells what the file is.
    unknown: bool,
}

impl ColumnList {
    /// Begins with this import, else with the one that knows the most headings.
    pub fn new(all: Vec<Columns>, intake: Option<Intake>) -> Self {
        let most = all.iter().map(Columns::known).max();
        let wanted = |one: &Columns| match intake {
            Some(intake) => one.intake == intake,
            None => Some(one.known()) == most,
        };
        let at = all.iter().position(wanted).unwrap_or(0);
        let (order, said, chooser) = (Vec::new(), Vec::new(), Chooser::default());
        let mut list = Self { all, at, order, said, chooser, unknown: intake.is_none() };
        list.begin();
        list
    }

    fn begin(&mut self) {
        let headings = self.headings();
        let mut order: Vec<usize> = (0..headings.len()).collect();
        order.sort_by_key(|at| headings[*at].field.is_some());
        self.order = order;
        self.said.clear();
        self.chooser = Chooser::default();
        // What is none of the known kinds is asked about first.
        let asked = self.unknown || !self.strange().is_empty();
        let ready = if self.missing().is_empty() { BEFORE - 1 } else { BEFORE };
        self.chooser.go(if asked { 0 } else { ready });
    }

    /// With what was said of the columns before.
    pub fn having_said(mut self, map: &[(String, String)]) -> Self {
        let place = |column: &str| self.headings().iter().position(|one| one.column == column);
        let known =
            |field: &String| self.all.get(self.at).is_some_and(|a| a.fields.contains(field));
        let said = map.iter().filter(|(field, _)| known(field));
        self.said = said.filter_map(|(f, column)| Some((f.clone(), place(column)?))).collect();
        self
    }

    /// Headings that tell that the file is something else.
    fn strange(&self) -> &[String] {
        self.all.get(self.at).map_or(&[], |one| &one.strange)
    }

    pub fn intake(&self) -> Option<Intake> {
        self.all.get(self.at).map(|one| one.intake)
    }

    /// The file is read as another import.
    pub fn read_as(&mut self, place: usize) {
        self.unknown = false;
        if place < self.all.len() && place != self.at {
            self.at = place;
            self.begin();
        }
    }

    pub fn act(&self) -> ColumnAct {
        match (self.chooser.at(), self.choices()) {
            (0, _) => ColumnAct::Kind(self.kinds()),
            (_, Some(choices)) => ColumnAct::Field(choices),
            _ => ColumnAct::Check,
        }
    }

    /// The imports there are to choose from.
    fn kinds(&self) -> Picker {
        let words = self.all.iter().map(|one| super::kind_word(one.intake)).collect();
        Picker::new(&t!("import.kind_line"), words).at(self.at)
    }

    fn headings(&self) -> &[ColumnHeading] {
        self.all.get(self.at).map_or(&[], |one| &one.headings)
    }

    /// The heading under the cursor.
    fn here(&self) -> Option<usize> {
        self.order.get(self.chooser.at().checked_sub(BEFORE)?).copied()
    }

    /// The field a heading is: as was said, else as it says itself.
    fn field_of(&self, heading: usize) -> Option<&str> {
        let said = self.said.iter().find(|(_, at)| *at == heading);
        let own = || self.headings().get(heading)?.field.as_deref();
        let taken = |field: &str| self.said.iter().any(|(said, _)| said == field);
        said.map(|(field, _)| field.as_str()).or_else(|| own().filter(|field| !taken(field)))
    }

    fn has(&self, field: &str) -> bool {
        (0..self.headings().len()).any(|heading| self.field_of(heading) == Some(field))
    }

    /// Groups of fields of which none has a column yet.
    fn missing(&self) -> Vec<&[String]> {
        self.missing_of(|one| &one.needed)
    }

    fn missing_of(&self, of: impl Fn(&Columns) -> &Vec<Vec<String>>) -> Vec<&[String]> {
        let needed: &[Vec<String>] = match self.all.get(self.at) {
            Some(one) => of(one),
            None => &[],
        };
        let lacks = |group: &&[String]| !group.is_empty() && !group.iter().any(|f| self.has(f));
        let groups: Vec<&[String]> = needed.iter().map(Vec::as_slice).filter(lacks).collect();
        // Of two of which one is within the other, the smaller says both.
        let within = |one: &[String], other: &[String]| one.iter().all(|f| other.contains(f));
        let said = |at: usize, group: &[String]| {
            groups.iter().enumerate().any(|(other_at, other)| {
                other_at != at
                    && within(other, group)
                    && (other.len() < group.len() || other_at < at)
            })
        };
        let kept = groups.iter().enumerate().filter(|(at, group)| !said(*at, group));
        kept.map(|(_, group)| *group).collect()
    }

    /// Fields a column may be, what is missing first.
    fn fields(&self) -> Vec<String> {
        let missing = self.missing().concat();
        let all = self.all.get(self.at).map_or(&[][..], |one| &one.fields);
        let rest = all.iter().filter(|field| !missing.contains(field));
        missing.iter().chain(rest).cloned().collect()
    }

    /// The fields to choose from for the column under the cursor; the last is none of them.
    fn choices(&self) -> Option<Picker> {
        let heading = self.headings().get(self.here()?)?;
        let mut words: Vec<String> = self.fields().iter().map(|field| self.word(field)).collect();
        words.push(t!("import.column_as_said").into_owned());
        Some(Picker::new(&t!("import.which_field", column = heading.text), words))
    }

    /// The column under the cursor is the field of that place.
    pub fn chosen(&mut self, place: usize) {
        let Some(heading) = self.here() else { return };
        let field = self.fields().into_iter().nth(place);
        self.said.retain(|(said, at)| *at != heading && Some(said) != field.as_ref());
        self.said.extend(field.map(|field| (field, heading)));
        // On to the next that nobody knows; after the last of them the file can be read.
        let next = self.chooser.at() + 1;
        let unknown = self.order.get(next - BEFORE).is_some_and(|at| self.field_of(*at).is_none());
        let done = self.missing().is_empty() && !unknown;
        self.chooser.go(if done { BEFORE - 1 } else { next.min(self.count() - 1) });
    }

    /// Field and column of each that was said.
    pub fn map(&self) -> Vec<(String, String)> {
        let column = |at: &usize| self.headings().get(*at).map(|one| one.column.clone());
        // Who looks at a strange file and has it read says all of its columns.
        let vouched = (0..self.headings().len()).filter(|_| !self.strange().is_empty());
        let vouched = vouched.filter_map(|at| Some((self.field_of(at)?.to_string(), at)));
        let said = self.said.iter().cloned();
        let mut map: Vec<(String, String)> = Vec::new();
        for (field, at) in said.chain(vouched) {
            if let Some(column) = column(&at).filter(|_| map.iter().all(|(of, _)| *of != field)) {
                map.push((field, column));
            }
        }
        map
    }

    fn count(&self) -> usize {
        self.order.len() + BEFORE
    }

    fn word(&self, field: &str) -> String {
        let kind = self.intake().map(|intake| intake.def().kind);
        kind.map_or_else(|| i18n::field(field), |kind| i18n::field_of(kind, field))
    }

    pub fn update(&mut self, event: &PaneEvent, stage: Rect) {
        let list = Self::place(stage.inner(Margin::new(1, 1)));
        self.chooser.update(event, self.count(), list);
    }

    fn place(inside: Rect) -> Rect {
        Rect { y: inside.y + 3, height: inside.height.saturating_sub(3), ..inside }
    }

    pub fn draw(&self, frame: &mut Frame, view: &View) {
        let kind = self.intake().map(super::kind_word).unwrap_or_default();
        let title = t!("import.columns_title", kind = kind);
        let inner = boxed(frame, view.area, &title, view.theme, view.glyphs);
        if inner.height < 5 {
            return;
        }
        let any = |group: &[String]| {
            let words: Vec<String> = group.iter().map(|field| self.word(field)).collect();
            match words.as_slice() {
                [one] => one.clone(),
                words => t!("import.one_of", fields = words.join(" / ")).into_owned(),
            }
        };
        let missing: Vec<String> = self.missing().into_iter().map(any).collect();
        let for_new = self.missing_of(|one| &one.for_new);
        let (text, style) = if self.unknown {
            (t!("import.kind_unknown").into_owned(), view.theme.warning)
        } else if !self.strange().is_empty() {
            let columns = self.strange().join(", ");
            (t!("import.kind_strange", kind = kind, columns = columns).into(), view.theme.warning)
        } else if !missing.is_empty() {
            let fields = missing.join("; ");
            (t!("import.columns_missing", fields = fields).into_owned(), view.theme.warning)
        } else if !for_new.is_empty() {
            let fields = for_new.into_iter().map(any).collect::<Vec<_>>().join("; ");
            (t!("import.columns_for_new", fields = fields).into_owned(), view.theme.warning)
        } else {
            (t!("import.columns_enough").into_owned(), view.theme.dim)
        };
        for (row, line) in wrap(&text, usize::from(inner.width)).iter().take(2).enumerate() {
            put(frame, inner, row as u16, line, style, view.glyphs);
        }
        let item = |at: usize| {
            if at == 0 {
                return Choice {
                    left: t!("import.kind_line").into(),
                    right: kind.clone(),
                    ..Choice::default()
                };
            }
            let Some(heading) = at.checked_sub(BEFORE).and_then(|at| self.order.get(at)) else {
                return Choice { left: t!("import.check_line").into(), ..Choice::default() };
            };
            let text = self.headings().get(*heading).map_or("", |one| one.text.as_str());
            let field = self.field_of(*heading);
            let right = field.map_or_else(|| "?".to_string(), |field| self.word(field));
            Choice { left: text.to_string(), right, ..Choice::default() }
        };
        self.chooser.draw_list(frame, Self::place(inner), self.count(), view, &item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> ColumnList {
        let heading = |text: &str, field: Option<&str>| ColumnHeading {
            text: text.into(),
            column: text.into(),
            field: field.map(ToString::to_string),
        };
        let columns = Columns {
            intake: Intake::Employees,
            headings: vec![
                heading("Jabatan", Some("position")),
                heading("Orang Ke", None),
                heading("Sebutan", None),
            ],
            fields: ["position", "nip", "name"].map(ToString::to_string).to_vec(),
            needed: vec![vec!["nip".into()], vec!["name".into()]],
            strange: Vec::new(),
            for_new: Vec::new(),
        };
        ColumnList::new(vec![columns], Some(Intake::Employees))
    }

    #[test]
    fn what_seems_to_be_something_else_is_asked_about_and_taken_only_with_its_columns_said() {
        let mut all = list().all;
        all[0].strange = vec!["Sebutan".into()];
        let list = ColumnList::new(all.clone(), Some(Intake::Employees));
        assert_eq!(list.chooser.at(), 0, "the cursor is where the kind is chosen");
        assert_eq!(list.map(), [("position".to_string(), "Jabatan".to_string())]);
        all[0].strange.clear();
        assert_eq!(ColumnList::new(all, None).chooser.at(), 0);
    }

    #[test]
    fn what_was_said_of_columns_is_there_when_they_are_looked_at_again() {
        let mut first = list();
        first.chosen(0);
        let again = list().having_said(&first.map());
        assert_eq!(again.map(), [("nip".to_string(), "Orang Ke".to_string())]);
        assert_eq!(again.missing().len(), 1);
    }

    #[test]
    fn unknown_headings_come_first_and_what_is_missing_is_offered_first() {
        let mut list = list();
        assert_eq!((list.order.clone(), list.missing().len()), (vec![1, 2, 0], 2));
        assert_eq!(list.fields(), ["nip", "name", "position"]);
        list.chosen(0);
        assert_eq!(list.chooser.at(), BEFORE + 1);
        assert_eq!(list.fields(), ["name", "position", "nip"].map(String::from).to_vec());
        list.chosen(0);
        assert!(list.missing().is_empty());
        let said = |field: &str, column: &str| (field.to_string(), column.to_string());
        assert_eq!(list.map(), [said("nip", "Orang Ke"), said("name", "Sebutan")]);
        // Said of another column, it is taken from the first; and it can be taken back.
        list.chooser.go(BEFORE);
        let name = list.fields().iter().position(|field| field == "name").unwrap();
        list.chosen(name);
        assert_eq!(list.map(), [said("name", "Orang Ke")]);
        list.chooser.go(BEFORE);
        list.chosen(3);
        assert_eq!(list.map(), []);
    }
}
