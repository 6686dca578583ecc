//! Referring: the line of a field that refers to other records, to one or to several with `;`
//! between them: what is typed, which records are meant, and what is still to be found.

use crate::domain::record::{Kind, RecordId};
use crate::domain::several::{BETWEEN, named};
use crate::ui::widgets::line::TextLine;

pub struct Referring {
    pub to: Kind,
    several: bool,
    pub line: TextLine,
    /// Those meant, with what each is called here; nothing until the office has told.
    chosen: Vec<(u32, String)>,
}

impl Referring {
    pub fn new(to: Kind, several: bool, line: TextLine, numbers: Vec<u32>) -> Self {
        let chosen = numbers.into_iter().map(|number| (number, String::new())).collect();
        Self { to, several, line, chosen }
    }

    /// What stands between the strokes, one thing of a field for one.
    fn parts(&self) -> Vec<&str> {
        let text = self.line.text();
        if self.several {
            named(text).collect()
        } else {
            Some(text).filter(|text| !text.trim().is_empty()).into_iter().collect()
        }
    }

    /// The numbers meant, each once; none while something typed is not found yet.
    pub fn numbers(&self) -> Option<Vec<u32>> {
        if self.chosen.iter().any(|(_, label)| label.is_empty()) && self.line.text().is_empty() {
            return Some(self.chosen.iter().map(|(number, _)| *number).collect());
        }
        let mut left: Vec<&(u32, String)> = self.chosen.iter().collect();
        let mut numbers: Vec<u32> = Vec::new();
        for part in self.parts() {
            // Units of one name are two all the same.
            let at = left.iter().position(|(_, label)| label == part);
            let one = at.map(|at| left.remove(at)).or_else(|| self.known(part))?;
            if !numbers.contains(&one.0) {
                numbers.push(one.0);
            }
        }
        Some(numbers)
    }

    fn known(&self, part: &str) -> Option<&(u32, String)> {
        self.chosen.iter().find(|(_, label)| label == part)
    }

    /// As a draft keeps it: numbers where all of it is found.
    pub fn text(&self) -> String {
        match self.numbers() {
            Some(numbers) if !numbers.is_empty() => {
                let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
                format!("={}", numbers.join(";"))
            }
            _ => self.line.text().to_string(),
        }
    }

    /// Puts back what a draft kept.
    pub fn restore(&mut self, text: &str) {
        let numbers = text.strip_prefix('=').map(|numbers| numbers.split(BETWEEN));
        let numbers: Option<Vec<u32>> =
            numbers.and_then(|numbers| numbers.map(|one| one.parse().ok()).collect());
        self.line.set(if numbers.is_some() { "" } else { text });
        let numbers = numbers.unwrap_or_default().into_iter();
        self.chosen = numbers.map(|number| (number, String::new())).collect();
    }

    /// The first it has no words for yet.
    pub fn unnamed(&self) -> Option<RecordId> {
        let unnamed = self.chosen.iter().find(|(_, label)| label.is_empty());
        unnamed.map(|(number, _)| RecordId::new(self.to, *number))
    }

    /// Words for the first that has none, once the office has told them; with all of them the
    /// line says them.
    pub fn name(&mut self, label: &str) {
        if !self.line.text().is_empty() {
            return;
        }
        let label = self.called(label);
        if let Some((_, words)) = self.chosen.iter_mut().find(|(_, words)| words.is_empty()) {
            *words = label;
        }
        if self.unnamed().is_none() {
            let all: Vec<&str> = self.chosen.iter().map(|(_, label)| label.as_str()).collect();
            let all = all.join("; ");
            self.line.set(&all);
        }
    }

    /// Among several a name says no semicolon.
    fn called(&self, label: &str) -> String {
        if self.several { label.trim().replace(BETWEEN, ",") } else { label.to_string() }
    }

    /// Takes a record: of several in place of what was typed for it, else behind the others.
    pub fn choose(&mut self, number: u32, label: &str) {
        let label = self.called(label);
        if !self.several {
            self.chosen = vec![(number, label.clone())];
            self.line.set(&label);
            return;
        }
        let mut parts: Vec<String> = self.parts().into_iter().map(String::from).collect();
        match parts.iter().rposition(|part| self.known(part).is_none()) {
            Some(at) => parts[at].clone_from(&label),
            None if self.chosen.iter().any(|(known, _)| *known == number) => {}
            None => parts.push(label.clone()),
        }
        self.chosen.retain(|(known, label)| *known != number && parts.contains(label));
        self.chosen.push((number, label));
        self.line.set(&parts.join("; "));
    }

    /// What was typed and not yet found among the records; of several the last, which is still
    /// being typed.
    pub fn unresolved(&self) -> Option<(Kind, &str)> {
        let part = self.parts().into_iter().rfind(|part| self.known(part).is_none())?;
        Some((self.to, part.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units() -> Referring {
        Referring::new(Kind::Units, true, TextLine::new(""), Vec::new())
    }

    #[test]
    fn several_are_chosen_one_after_the_other_and_taken_out_as_text() {
        let mut units = units();
        units.choose(7, "Kelurahan A");
        units.choose(8, "Kelurahan B");
        assert_eq!(units.line.text(), "Kelurahan A; Kelurahan B");
        assert_eq!((units.numbers(), units.text()), (Some(vec![7, 8]), "=7;8".into()));
        units.choose(8, "Kelurahan B");
        assert_eq!(units.numbers(), Some(vec![7, 8]), "each once");
        units.line.set("Kelurahan B; plaju");
        assert_eq!(units.unresolved(), Some((Kind::Units, "plaju")));
        assert_eq!((units.numbers(), units.text()), (None, "Kelurahan B; plaju".into()));
        units.choose(9, "Kecamatan Plaju");
        assert_eq!(units.line.text(), "Kelurahan B; Kecamatan Plaju");
        assert_eq!(units.numbers(), Some(vec![8, 9]));
    }

    #[test]
    fn two_of_one_name_are_two_and_a_draft_brings_both_back() {
        let mut units = units();
        units.restore("=7;8");
        assert_eq!(units.unnamed(), Some(RecordId::new(Kind::Units, 7)));
        assert_eq!(units.text(), "=7;8", "before their names have come");
        units.name("Sekretariat");
        assert_eq!(units.unnamed(), Some(RecordId::new(Kind::Units, 8)));
        units.name("Sekretariat");
        assert_eq!(units.line.text(), "Sekretariat; Sekretariat");
        assert_eq!(units.numbers(), Some(vec![7, 8]));
        units.line.set("Sekretariat");
        assert_eq!(units.numbers(), Some(vec![7]));
    }
}
