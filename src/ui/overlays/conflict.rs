//! Somebody else saved the record first. Field by field: what the officer began from, what
//! stands now, what she wants; for each she keeps hers or takes theirs. Nothing is won
//! silently. Level texts are settled level by level: those that only one of them changed are
//! brought together, and asked are those that both did. Ends with `Outcome::Settled`, or goes
//! back to the form.

use std::collections::HashMap;

use ratatui::Frame;
use ratatui::layout::Rect;

use serde_json::Value as Json;

use crate::domain::field::{Field, Shape, numbers};
use crate::domain::kinds::competency::LevelText;
use crate::domain::record::{Fields, Record, RecordId};
use crate::i18n::t;
use crate::protocol::{Answer, Conflict, Request, Stored};
use crate::ui::command::{Command, Context};
use crate::ui::effect::Effect;
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{HintWord, PaneEvent, View};
use crate::ui::widgets::frame::{boxed, padded, put};
use crate::ui::widgets::scrollbar;
use crate::ui::words;

const NAME: &str = "conflict.name";

pub struct ConflictView {
    conflict: Conflict,
    base: Fields,
    theirs: Fields,
    mine: Fields,
    /// Lists brought together part by part, by the name of their field.
    joined: Fields,
    /// Fields in which the three are not one, and parts that both changed.
    differing: Vec<Choice>,
    cursor: usize,
    /// Words for records referred to.
    names: HashMap<RecordId, String>,
    wanted: Vec<RecordId>,
}

struct Choice {
    field: &'static Field,
    /// Which of its parts: a level of a competency.
    part: Option<usize>,
    mine: bool,
}

impl ConflictView {
    pub fn new(conflict: Conflict) -> Self {
        let base = conflict.base.as_ref().map(Record::fields).unwrap_or_default();
        let theirs = conflict.theirs.as_ref().map(|t| t.record.fields()).unwrap_or_default();
        let mine = conflict.mine.fields();
        let fields = conflict.id.kind.fields().iter();
        let (mut differing, mut joined) = (Vec::new(), Fields::new());
        for field in fields.filter(|field| mine.get(field.name) != theirs.get(field.name)) {
            let of = |fields: &Fields| fields.get(field.name).cloned();
            if conflict.theirs.is_some()
                && let Some((list, asked)) = brought_together([of(&base), of(&theirs), of(&mine)])
            {
                joined.insert(field.name.to_string(), Json::Array(list));
                let asked = asked.into_iter();
                differing.extend(asked.map(|at| Choice { field, part: Some(at), mine: true }));
                continue;
            }
            // Where only one side changed, that side is what both want.
            let mine = mine.get(field.name) != base.get(field.name);
            differing.push(Choice { field, part: None, mine });
        }
        let mut view = Self {
            conflict,
            base,
            theirs,
            mine,
            joined,
            differing,
            cursor: 0,
            names: HashMap::new(),
            wanted: Vec::new(),
        };
        view.wanted = view.references();
        view
    }

    fn references(&self) -> Vec<RecordId> {
        let mut wanted = Vec::new();
        for choice in &self.differing {
            let Some(to) = choice.field.shape.refers_to() else { continue };
            for fields in [&self.base, &self.theirs, &self.mine] {
                for number in fields.get(choice.field.name).into_iter().flat_map(numbers) {
                    let id = RecordId::new(to, number);
                    if !wanted.contains(&id) {
                        wanted.push(id);
                    }
                }
            }
        }
        wanted
    }

    fn text(&self, fields: &Fields, choice: &Choice) -> String {
        let field = choice.field;
        let Some(value) = fields.get(field.name) else { return String::new() };
        if let Some(to) = field.shape.refers_to() {
            let name = |number| self.names.get(&RecordId::new(to, number)).map(String::as_str);
            let names: Option<Vec<&str>> = numbers(value).map(name).collect();
            if let Some(names) = names.filter(|names| !names.is_empty()) {
                return names.join("; ");
            }
        }
        if field.shape == Shape::List
            && value.as_array().is_some_and(|all| all.iter().any(Json::is_object))
        {
            // Many texts stand under one name: the first the three differ in.
            let part = choice.part.map_or_else(String::new, |at| format!("/{at}"));
            let all = [&self.base, &self.theirs, &self.mine];
            let all = all.map(|of| of.get(field.name).and_then(|list| list.pointer(&part)));
            let path = first_difference(all).map(|path| part + &path);
            let text = path.as_deref().and_then(|path| value.pointer(path)).and_then(Json::as_str);
            return text.unwrap_or_default().to_string();
        }
        words::stored(self.conflict.id.kind, field.name, &value.to_string())
    }

    /// Theirs, with what was brought together, and mine where mine was chosen.
    fn settled(&self) -> Option<(Box<Record>, Option<Box<Stored>>)> {
        let mut fields =
            if self.conflict.theirs.is_some() { &self.theirs } else { &self.mine }.clone();
        fields.extend(self.joined.clone());
        for choice in &self.differing {
            let name = choice.field.name;
            let chosen = if choice.mine { &self.mine } else { &self.theirs }.get(name);
            match choice.part {
                Some(at) => {
                    let chosen = chosen.and_then(|list| list.get(at)).cloned();
                    let list = fields.get_mut(name).and_then(Json::as_array_mut);
                    if let (Some(place), Some(chosen)) = (list.and_then(|l| l.get_mut(at)), chosen)
                    {
                        *place = chosen;
                    }
                }
                None if !choice.mine => {}
                None => match chosen {
                    Some(value) => {
                        fields.insert(name.to_string(), value.clone());
                    }
                    None => {
                        fields.remove(name);
                    }
                },
            }
        }
        let record = Record::from_fields(self.conflict.id.kind, &fields).ok()?;
        Some((Box::new(record), self.conflict.theirs.clone().map(Box::new)))
    }

    fn settle(&self) -> Vec<Effect> {
        match self.settled() {
            Some((record, on)) => vec![Effect::Done(Outcome::Settled { record, on })],
            None => vec![Effect::refuse(t!("conflict.does_not_fit"))],
        }
    }

    /// What it comes to where there is nothing to choose, and who the other one was.
    pub fn without_asking(&self) -> Option<(Outcome, String)> {
        let (record, on) = self.settled().filter(|_| self.differing.is_empty())?;
        Some((Outcome::Settled { record, on }, self.conflict.by.clone()))
    }

    fn step(&mut self, by: isize) {
        let last = self.differing.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    fn toggle(&mut self) {
        if let Some(choice) = self.differing.get_mut(self.cursor) {
            choice.mine = !choice.mine;
        }
        self.step(1);
    }
}

/// Lists of parts (the texts of levels), as they were, as they are and as they are wanted, brought
/// together: of each part what the one of the two wants who changed it. With it, the parts that
/// both changed, each in another way.
fn brought_together(all: [Option<Json>; 3]) -> Option<(Vec<Json>, Vec<usize>)> {
    let lists =
        all.map(|list| list.map_or_else(|| Some(Vec::new()), |list| list.as_array().cloned()));
    let [Some(mut base), Some(mut theirs), Some(mut mine)] = lists else { return None };
    if !base.iter().chain(&theirs).chain(&mine).all(Json::is_object) {
        return None;
    }
    // A level nobody has written of yet is an empty one.
    let empty = serde_json::to_value(LevelText::default()).ok()?;
    let count = base.len().max(theirs.len()).max(mine.len());
    for list in [&mut base, &mut theirs, &mut mine] {
        list.resize(count, empty.clone());
    }
    let mut asked = Vec::new();
    let parts = base.into_iter().zip(theirs).zip(mine).enumerate();
    let joined = parts.map(|(at, ((base, theirs), mine))| {
        if mine == base {
            return theirs;
        }
        if theirs != base && theirs != mine {
            asked.push(at);
        }
        mine
    });
    let joined: Vec<Json> = joined.collect();
    (count > 0).then_some((joined, asked))
}

/// Where in lists and objects of one form the first text stands that is not the same in all.
fn first_difference(all: [Option<&Json>; 3]) -> Option<String> {
    if all.iter().all(|one| *one == all[0]) {
        return None;
    }
    let items = all.iter().filter_map(|one| one.and_then(Json::as_array)).map(Vec::len).max();
    let mut steps: Vec<String> = (0..items.unwrap_or_default()).map(|at| at.to_string()).collect();
    let objects = all.iter().filter_map(|one| one.and_then(Json::as_object));
    objects.for_each(|object| steps.extend(object.keys().cloned()));
    let below = steps.iter().find_map(|step| {
        let path = format!("/{step}");
        let below = first_difference(all.map(|one| one.and_then(|one| one.pointer(&path))))?;
        Some(path + &below)
    });
    Some(below.unwrap_or_default())
}

impl Overlay for ConflictView {
    fn id(&self) -> &'static str {
        "conflict"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Picker]
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::PickerAccept => HintWord::here(t!("conflict.hint_save")),
            Command::PickerToggle => HintWord::here(t!("conflict.hint_switch")),
            Command::PickerCancel => HintWord::here(t!("conflict.hint_back")),
            _ => HintWord::Usual,
        }
    }

    fn asks(&self) -> bool {
        true
    }

    fn update(&mut self, event: PaneEvent, _view: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Shown => {
                return vec![Effect::ask(NAME, Request::Labels(self.wanted.clone()))];
            }
            PaneEvent::Answer(_, Answer::Labels(labels)) => {
                self.names.extend(self.wanted.iter().copied().zip(labels));
            }
            PaneEvent::Command(command) => match command {
                Command::PickerUp => self.step(-1),
                Command::PickerDown => self.step(1),
                Command::PickerFirst => self.cursor = 0,
                Command::PickerLast => self.step(isize::MAX),
                Command::PickerToggle => self.toggle(),
                Command::PickerAccept => return self.settle(),
                Command::PickerCancel | Command::Cancel => {
                    return vec![Effect::Done(Outcome::Cancelled)];
                }
                _ => {}
            },
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let height = (self.differing.len() * 4 + 5).min(usize::from(view.area.height)) as u16;
        let place = centred(view.area, 84, height.max(8));
        let inner = boxed(frame, place, &t!("conflict.title"), view.theme, view.glyphs);
        let head = if self.conflict.theirs.is_some() {
            t!("conflict.changed_by", by = self.conflict.by)
        } else {
            t!("conflict.deleted_by", by = self.conflict.by)
        };
        put(frame, inner, 0, &head, view.theme.warning, view.glyphs);
        if inner.height < 3 {
            return;
        }
        let list = Rect { y: inner.y + 2, height: inner.height - 2, ..inner };
        let shown = usize::from(list.height / 4).max(1);
        let top = (self.cursor + 1).saturating_sub(shown);
        for (place, (at, choice)) in
            self.differing.iter().enumerate().skip(top).take(shown).enumerate()
        {
            let row = place as u16 * 4;
            let here = at == self.cursor;
            let marker = if here { view.glyphs.cursor } else { " " };
            let label = words::field(self.conflict.id.kind, choice.field.name);
            let label = match choice.part {
                Some(at) => t!("conflict.part", field = label, level = at + 1).into_owned(),
                None => label,
            };
            let style = if here { view.theme.selected } else { view.theme.accent };
            let width = usize::from(list.width);
            let label = padded(&format!("{marker} {label}"), width, false, view.glyphs.ellipsis);
            put(frame, list, row, &label, style, view.glyphs);
            let lines = [
                (" ", t!("conflict.base"), &self.base),
                (if choice.mine { " " } else { "x" }, t!("conflict.theirs"), &self.theirs),
                (if choice.mine { "x" } else { " " }, t!("conflict.mine"), &self.mine),
            ];
            for (line, (tick, name, fields)) in lines.into_iter().enumerate() {
                let name = padded(&name, 14, false, view.glyphs.ellipsis);
                let tick = if line == 0 { "   ".to_string() } else { format!("[{tick}]") };
                let text = format!("  {tick} {name} {}", self.text(fields, choice));
                let style = if line == 0 { view.theme.dim } else { view.theme.text };
                put(frame, list, row + 1 + line as u16, &text, style, view.glyphs);
            }
        }
        let (total, top) = (self.differing.len() as u32 * 4, top as u32 * 4);
        scrollbar::draw(frame.buffer_mut(), list, top, total, view.theme, view.glyphs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_that_only_one_changed_are_brought_together_and_asked_are_those_both_did() {
        let levels = |texts: [&str; 3]| {
            let one = |text: &str| serde_json::json!({"description": text, "indicators": []});
            Some(Json::Array(texts.into_iter().map(one).collect()))
        };
        let base = ["a", "b", "c"];
        for (theirs, mine, joined, asked) in [
            (["A", "b", "c"], ["a", "B", "c"], ["A", "B", "c"], vec![]),
            (["A", "b", "c"], ["A", "B", "c"], ["A", "B", "c"], vec![]),
            (["A", "b", "C"], ["a", "B", "X"], ["A", "B", "X"], vec![2]),
        ] {
            let found = brought_together([levels(base), levels(theirs), levels(mine)]);
            let (list, which) = found.expect("lists of levels");
            assert_eq!((Some(Json::Array(list)), which), (levels(joined), asked));
        }
        // Where there was nothing before, each wrote of another level.
        let found = brought_together([None, levels(["A", "", ""]), levels(["", "", "C"])]);
        let (list, which) = found.expect("lists of levels");
        assert_eq!((Some(Json::Array(list)), which), (levels(["A", "", "C"]), Vec::new()));
        let texts = || Some(serde_json::json!(["present"]));
        assert_eq!(brought_together([texts(), texts(), texts()]), None);
    }

    #[test]
    fn of_texts_under_one_name_the_first_that_differs_is_told() {
        let levels = |second: &str| {
            serde_json::json!([
                {"meaning": "Mampu", "indicators": ["a", "b"]},
                {"meaning": "Cakap", "indicators": ["c", second]},
            ])
        };
        let (base, theirs, mine) = (levels("d"), levels("e"), levels("d"));
        let all = [Some(&base), Some(&theirs), Some(&mine)];
        assert_eq!(first_difference(all).as_deref(), Some("/1/indicators/1"));
        assert_eq!(first_difference([Some(&base); 3]), None);
        let shorter = serde_json::json!([{"meaning": "Mampu", "indicators": ["a", "b"]}]);
        let all = [Some(&base), Some(&shorter), Some(&base)];
        assert_eq!(first_difference(all).as_deref(), Some("/1/indicators/0"));
        assert_eq!(first_difference([None, Some(&base), None]).as_deref(), Some("/0/indicators/0"));
    }
}
