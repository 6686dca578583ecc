//! What a parameter of a report may mean, found by the office letter by letter as in a form: a
//! few lines below the field, and a list to choose from. What was chosen goes by its name in
//! the field and by its record in the question; of several the last is still being typed.

use crate::domain::record::{Kind, RecordId, fold};
use crate::domain::several::BETWEEN;
use crate::i18n::{self, choice, label, t};
use crate::protocol::{Answer, Hit, ParamShape, Request};
use crate::ui::effect::{Effect, Tag};
use crate::ui::overlays::picker::Picker;
use crate::ui::widgets::line::TextLine;

/// What typed words may mean is asked under this, and what chosen records are called.
pub const FIND: &str = "reports.find";
pub const NAMES: &str = "reports.names";
/// Lines below the field.
const SHOWN: usize = 4;
/// Asked for of each kind.
const LIMIT: u32 = 12;
/// A price stands behind this, as in `Pelayanan Prima = 1500000`.
const PRICE: char = '=';

/// Something the words may mean.
#[derive(Clone)]
enum Meant {
    /// A code that has words of its own.
    Code(String),
    Record(Hit),
}

impl Meant {
    /// As it stands in the field, where `;` and `=` mean something else.
    fn name(&self) -> String {
        match self {
            Self::Code(code) => code.clone(),
            // Of one programme there are many sessions: the day tells them apart.
            Self::Record(hit) if hit.id.kind == Kind::Sessions => {
                let detail = i18n::detail(hit);
                let day = detail.split(',').next().unwrap_or_default();
                plain(&format!("{} {day}", label(&hit.label)))
            }
            Self::Record(hit) => plain(&label(&hit.label)),
        }
    }

    fn told(&self) -> String {
        match self {
            Self::Code(code) => format!("{code}  {}", choice(code)),
            Self::Record(hit) => {
                let detail = i18n::detail(hit);
                let apart = if detail.is_empty() { "" } else { "  " };
                format!("{}: {}{apart}{detail}", i18n::one(hit.id.kind), label(&hit.label))
            }
        }
    }
}

/// How a field is looked up.
pub struct Finding {
    codes: Vec<String>,
    kinds: Vec<Kind>,
    several: bool,
    /// Asked for by its title, not by its record.
    by_title: bool,
    /// Records by the names they have in the field.
    chosen: Vec<(String, RecordId)>,
    /// The part that is being typed, as it was asked about last.
    typed: String,
    asked: u32,
    /// What was found of each kind; none until the office has told.
    found: Vec<Option<Vec<Hit>>>,
    /// Records of the question that have no names yet.
    unnamed: Vec<RecordId>,
}

impl Finding {
    /// How a parameter of this shape is looked up, if it is; of several the records it has
    /// already are to be named.
    pub fn of(shape: &ParamShape, text: &str) -> Option<Self> {
        let (codes, kinds, several) = match shape {
            ParamShape::Several { codes, kinds } => (codes.clone(), kinds.clone(), true),
            ParamShape::Position => (Vec::new(), vec![Kind::Positions], false),
            ParamShape::One(kind) => (Vec::new(), vec![*kind], false),
            _ => return None,
        };
        let by_title = matches!(shape, ParamShape::Position);
        let parts = text.split(BETWEEN).filter(|_| !by_title);
        let unnamed = parts.filter_map(|part| name_of(part).parse().ok()).collect();
        let found = vec![None; kinds.len()];
        let (chosen, typed) = (Vec::new(), String::new());
        Some(Self { codes, kinds, several, by_title, chosen, typed, asked: 0, found, unnamed })
    }

    /// Asks what the records already meant are called.
    pub fn ask_names(&self) -> Option<Effect> {
        let ids = self.unnamed.clone();
        (!ids.is_empty()).then(|| Effect::ask(NAMES, Request::Labels(ids)))
    }

    /// They are called so.
    pub fn named(&mut self, answer: &Answer, line: &mut TextLine) {
        let Answer::Labels(labels) = answer else { return };
        for (id, said) in std::mem::take(&mut self.unnamed).into_iter().zip(labels) {
            let name = plain(&label(said));
            // Where two go by one name, numbers tell them apart.
            if self.chosen.iter().all(|(known, other)| *known != name || *other == id) {
                self.chosen.push((name, id));
            }
        }
        let called = |part: &str| {
            let number = name_of(part);
            let id = number.parse::<RecordId>().ok();
            match self.chosen.iter().find(|(_, known)| Some(*known) == id) {
                Some((name, _)) => part.trim().replacen(number, name, 1),
                None => part.trim().to_string(),
            }
        };
        let text = line.text().split(BETWEEN).map(called).collect::<Vec<_>>().join("; ");
        line.set(&text);
    }

    /// What is being typed and means nothing yet.
    fn part<'a>(&self, text: &'a str) -> &'a str {
        let last = if self.several { text.rsplit(BETWEEN).next() } else { Some(text) };
        let part = last.map_or("", name_of);
        let known = self.chosen.iter().any(|(name, _)| name == part)
            || self.codes.iter().any(|code| code.eq_ignore_ascii_case(part));
        if known { "" } else { part }
    }

    /// Asks about what is typed, unless it was asked about last.
    pub fn follow(&mut self, text: &str) -> Vec<Effect> {
        let part = self.part(text);
        if part == self.typed {
            return Vec::new();
        }
        self.typed = part.to_string();
        self.asked += 1;
        self.found = vec![None; self.kinds.len()];
        if self.typed.is_empty() {
            return Vec::new();
        }
        let ask = |(at, kind): (usize, &Kind)| {
            let number = self.number(at);
            let request = Request::Lookup { kind: *kind, text: self.typed.clone(), limit: LIMIT };
            Effect::ask(Tag::new(FIND, number), request)
        };
        self.kinds.iter().enumerate().map(ask).collect()
    }

    fn number(&self, at: usize) -> u32 {
        self.asked * self.kinds.len() as u32 + at as u32
    }

    /// What the office found; of what is no longer typed nothing.
    pub fn take(&mut self, number: u32, answer: &Answer) {
        let at = (0..self.kinds.len()).find(|at| self.number(*at) == number);
        if let (Some(at), Answer::Hits(hits)) = (at, answer) {
            self.found[at] = Some(hits.clone());
        }
    }

    /// Codes whose words hold what is typed, then what was found.
    fn all(&self) -> Vec<Meant> {
        let typed = fold(&self.typed);
        let says = |code: &&String| {
            !typed.is_empty()
                && (fold(code).contains(&typed) || fold(&choice(code)).contains(&typed))
        };
        let codes = self.codes.iter().filter(says).cloned().map(Meant::Code);
        let found = self.found.iter().flatten().flatten().cloned().map(Meant::Record);
        codes.chain(found).collect()
    }

    /// The lines below the field.
    pub fn lines(&self) -> Vec<String> {
        if self.typed.is_empty() {
            return Vec::new();
        }
        let all = self.all();
        let mut lines: Vec<String> = all.iter().take(SHOWN).map(Meant::told).collect();
        if all.len() > SHOWN {
            lines.push(t!("form.more_matches").into_owned());
        }
        if all.is_empty() && self.found.iter().all(Option::is_some) {
            lines.push(t!("form.no_match").into_owned());
        }
        lines
    }

    /// Whether one of several is to be chosen before going on: what is typed is none of them.
    pub fn is_open(&self) -> bool {
        let all = self.all();
        let same = |one: &Meant| fold(&one.name()) == fold(&self.typed);
        !all.is_empty() && !all.iter().any(same)
    }

    /// The list of what may be meant.
    pub fn picker(&self, title: &str) -> Option<Picker> {
        let items: Vec<String> = self.all().iter().map(Meant::told).collect();
        (!items.is_empty()).then(|| Picker::new(title, items))
    }

    /// Takes the one at this place of the list in place of what was typed for it.
    pub fn choose(&mut self, at: usize, line: &mut TextLine) {
        let Some(meant) = self.all().into_iter().nth(at) else { return };
        let name = meant.name();
        let text = line.text();
        let kept = if self.several { text.rfind(BETWEEN).map_or(0, |at| at + 1) } else { 0 };
        let before = text[..kept].trim_end();
        let blank = if before.is_empty() { "" } else { " " };
        line.set(&format!("{before}{blank}{name}"));
        if let Meant::Record(hit) = meant {
            self.chosen.retain(|(known, _)| *known != name);
            self.chosen.push((name, hit.id));
        }
        self.typed.clear();
        self.found = vec![None; self.kinds.len()];
    }

    /// As the office is asked: records that were chosen by themselves, the rest as typed.
    pub fn value(&self, text: &str) -> String {
        if self.by_title {
            return text.trim().to_string();
        }
        let part = |part: &str| {
            let name = name_of(part);
            match self.chosen.iter().find(|(known, _)| known == name) {
                Some((_, id)) => part.trim().replacen(name, &id.to_string(), 1),
                None => part.trim().to_string(),
            }
        };
        text.split(BETWEEN).map(part).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }
}

/// A name in a field where `;` and `=` mean something else.
fn plain(name: &str) -> String {
    name.replace([BETWEEN, PRICE], ",").trim().to_string()
}

/// What stands before a price.
fn name_of(part: &str) -> &str {
    part.split(PRICE).next().unwrap_or_default().trim()
}
