//! The commands an officer can give: what each is called, needs and changes.
//!
//! One table ([`registry`]) feeds keymaps, palette, help, hint bar and the README's key
//! table. Whether a command asks before it acts is written there and nowhere else, so no
//! keymap can take a confirmation away. Nothing here knows keys, or carries a command out.
pub mod context;
pub mod fact;
mod registry;

pub use context::Context;
pub use fact::{Fact, Facts};
pub use registry::{COMMANDS, Command};

use rust_i18n::t;

/// What the program knows about one command.
#[derive(Clone, Copy, Debug)]
pub struct CommandDef {
    pub id: Command,
    /// As written in keymap files: `list.down`.
    pub name: &'static str,
    pub group: Group,
    pub needs: ActsOn,
    pub touch: Touch,
    /// Answers also while a form, question or other overlay covers the screen.
    pub everywhere: bool,
    /// Worth a place in the hint line; has a short label there.
    pub hint: bool,
    /// Stands at the end of the hint line however narrow it is: help and the ways out.
    pub lasting: bool,
    /// The keymap tables it belongs to.
    pub contexts: &'static [Context],
}

impl CommandDef {
    const fn new(
        id: Command,
        name: &'static str,
        group: Group,
        needs: ActsOn,
        contexts: &'static [Context],
    ) -> Self {
        Self {
            id,
            name,
            group,
            needs,
            touch: Touch::Nothing,
            everywhere: false,
            hint: false,
            lasting: false,
            contexts,
        }
    }

    /// Asks for a `y` first, always.
    pub const fn is_destructive(&self) -> bool {
        matches!(self.touch, Touch::Destroys)
    }

    /// Leads to a change of the office's records; refused while it is read-only.
    pub const fn writes(&self) -> bool {
        !matches!(self.touch, Touch::Nothing)
    }

    const fn destructive(mut self) -> Self {
        self.touch = Touch::Destroys;
        self
    }

    const fn writing(mut self) -> Self {
        self.touch = Touch::Writes;
        self
    }

    const fn everywhere(mut self) -> Self {
        self.everywhere = true;
        self
    }

    const fn hint(mut self) -> Self {
        self.hint = true;
        self
    }

    const fn lasting(mut self) -> Self {
        self.hint = true;
        self.lasting = true;
        self
    }
}

/// What a command does to the office's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    Nothing,
    Writes,
    /// Takes something away, so it asks first.
    Destroys,
}

/// Under which heading help shows a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    Program,
    Panes,
    Reference,
    Move,
    Record,
    Mark,
    Find,
    Matrix,
    Report,
    Training,
    Form,
    Choose,
    Read,
    Answer,
    Text,
}

impl Group {
    pub const ALL: [Self; 15] = [
        Self::Program,
        Self::Panes,
        Self::Reference,
        Self::Move,
        Self::Record,
        Self::Mark,
        Self::Find,
        Self::Matrix,
        Self::Report,
        Self::Training,
        Self::Form,
        Self::Choose,
        Self::Read,
        Self::Answer,
        Self::Text,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Panes => "panes",
            Self::Reference => "reference",
            Self::Move => "move",
            Self::Record => "record",
            Self::Mark => "mark",
            Self::Find => "find",
            Self::Matrix => "matrix",
            Self::Report => "report",
            Self::Training => "training",
            Self::Form => "form",
            Self::Choose => "choose",
            Self::Read => "read",
            Self::Answer => "answer",
            Self::Text => "text",
        }
    }

    /// The heading, in the officer's language.
    pub fn title(self) -> String {
        self.title_in(crate::i18n::language().code())
    }

    pub fn title_in(self, locale: &str) -> String {
        let key = format!("command_group.{}", self.name());
        t!(&key, locale = locale).into_owned()
    }
}

/// What must be under the cursor or marked before a command can act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActsOn {
    Nothing,
    /// A row under the cursor.
    Row,
    /// Marked rows, or else the row under the cursor.
    Rows,
    /// The same, where one usually has marked some.
    Marks,
    /// A cell under the cursor of the matrix.
    Cell,
    /// Rows of the attendance grid: marked, or else the one under the cursor.
    Attendance,
}

/// Why a command cannot act now. Shown when it is chosen all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    ReadOnly,
    NoRow,
    NothingMarked,
    NoCell,
    NotInAttendance,
}

impl Blocked {
    /// The reason, in the officer's language.
    pub fn reason(self) -> String {
        self.reason_in(crate::i18n::language().code())
    }

    pub fn reason_in(self, locale: &str) -> String {
        match self {
            Self::ReadOnly => t!("command_blocked.read_only", locale = locale),
            Self::NoRow => t!("command_blocked.no_row", locale = locale),
            Self::NothingMarked => t!("command_blocked.nothing_marked", locale = locale),
            Self::NoCell => t!("command_blocked.no_cell", locale = locale),
            Self::NotInAttendance => t!("command_blocked.not_in_attendance", locale = locale),
        }
        .into_owned()
    }
}

impl Command {
    pub fn named(name: &str) -> Option<Self> {
        COMMANDS.iter().find(|def| def.name == name).map(|def| def.id)
    }

    pub const fn name(self) -> &'static str {
        self.def().name
    }

    /// A few words, as in the palette: `Tambah data`.
    pub fn title(self) -> String {
        self.title_in(crate::i18n::language().code())
    }

    pub fn title_in(self, locale: &str) -> String {
        self.text("", locale).unwrap_or_else(|| self.name().to_owned())
    }

    /// A sentence or two, as in help.
    pub fn doc(self) -> String {
        self.doc_in(crate::i18n::language().code())
    }

    pub fn doc_in(self, locale: &str) -> String {
        self.text(".doc", locale).unwrap_or_default()
    }

    /// Other words by which the palette finds it, in both languages; may be empty.
    pub fn words(self) -> String {
        let words = ["id", "en"].map(|locale| self.text(".words", locale).unwrap_or_default());
        if words[0] == words[1] { words[0].clone() } else { words.join(" ").trim().to_owned() }
    }

    /// One word for the hint line.
    pub fn hint(self) -> String {
        self.hint_in(crate::i18n::language().code())
    }

    pub fn hint_in(self, locale: &str) -> String {
        self.text(".hint", locale).unwrap_or_else(|| self.title_in(locale))
    }

    /// Why it cannot act under these facts, if it cannot.
    pub fn blocked(self, facts: Facts) -> Option<Blocked> {
        let def = self.def();
        if def.writes() && facts.has(Fact::ReadOnly) {
            return Some(Blocked::ReadOnly);
        }
        let empty = facts.has(Fact::Empty);
        match def.needs {
            ActsOn::Rows if empty && !facts.has(Fact::Marked) => Some(Blocked::NoRow),
            ActsOn::Marks if empty && !facts.has(Fact::Marked) => Some(Blocked::NothingMarked),
            ActsOn::Cell if empty => Some(Blocked::NoCell),
            ActsOn::Attendance if !facts.has(Fact::Attendance) => Some(Blocked::NotInAttendance),
            ActsOn::Row | ActsOn::Attendance if empty => Some(Blocked::NoRow),
            _ => None,
        }
    }

    /// Whether it acts on rows that may be on their way. Cells and attendance mark what is
    /// not saved yet themselves; they wait only while nothing is there at all.
    pub fn acts_on_rows(self, facts: Facts) -> bool {
        match self.def().needs {
            ActsOn::Nothing => false,
            ActsOn::Row | ActsOn::Rows | ActsOn::Marks => true,
            ActsOn::Cell | ActsOn::Attendance => self.blocked(facts).is_some(),
        }
    }

    /// Whether it acts on what is chosen, so that a range of marks that was begun counts as
    /// ended here.
    pub fn ends_range(self) -> bool {
        let def = self.def();
        def.needs != ActsOn::Nothing && def.group != Group::Mark
    }

    /// Whether it takes something away or ends the work: never offered first.
    pub fn is_final(self) -> bool {
        self.def().is_destructive() || matches!(self, Self::Quit | Self::Suspend)
    }

    fn text(self, part: &str, locale: &str) -> Option<String> {
        let key = format!("command.{}{part}", self.name());
        let text = t!(&key, locale = locale);
        // The catalogue answers a key it lacks with the key itself behind the locale.
        (!text.ends_with(&key)).then(|| text.into_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn written(locale: &str, key: &str) -> bool {
        crate::_rust_i18n_backend().translate(locale, key).is_some_and(|text| !text.is_empty())
    }

    #[test]
    fn every_command_is_named_and_explained_in_both_languages() {
        for def in COMMANDS {
            for locale in ["id", "en"] {
                for part in ["", ".doc"] {
                    let key = format!("command.{}{part}", def.name);
                    assert!(written(locale, &key), "{key} is missing in {locale}");
                }
                let key = format!("command.{}.hint", def.name);
                assert_eq!(written(locale, &key), def.hint, "{key} in {locale}");
            }
        }
    }

    #[test]
    fn the_catalogue_explains_no_command_that_does_not_exist() {
        let backend = crate::_rust_i18n_backend();
        for locale in ["id", "en"] {
            let messages = backend.messages_for_locale(locale).unwrap_or_default();
            assert!(messages.len() > COMMANDS.len());
            for (key, _) in messages {
                let Some(rest) = key.strip_prefix("command.") else { continue };
                let name = ["", ".doc", ".words", ".hint"]
                    .iter()
                    .find_map(|part| rest.strip_suffix(part).and_then(Command::named));
                assert!(name.is_some(), "{key} belongs to no command");
            }
        }
    }

    #[test]
    fn no_two_commands_share_a_name_or_a_title() {
        let names: HashSet<_> = COMMANDS.iter().map(|def| def.name).collect();
        assert_eq!(names.len(), COMMANDS.len());
        for locale in ["id", "en"] {
            let mut seen = HashSet::new();
            for def in COMMANDS.iter().filter(|def| def.contexts.iter().all(|c| !c.is_modal())) {
                let title = def.id.title_in(locale);
                assert!(seen.insert(title.clone()), "{title} twice in {locale}");
            }
        }
    }

    #[test]
    fn a_command_is_found_by_its_name() {
        assert_eq!(Command::named("list.down"), Some(Command::ListDown));
        assert_eq!(Command::named("list.sideways"), None);
        assert_eq!(Command::ListDown.title_in("id"), "Ke bawah");
    }

    #[test]
    fn every_heading_and_every_reason_reads_in_both_languages() {
        for locale in ["id", "en"] {
            for group in Group::ALL {
                assert!(written(locale, &format!("command_group.{}", group.name())));
            }
        }
        assert_ne!(Blocked::NoRow.reason_in("id"), Blocked::NoRow.reason_in("en"));
    }

    #[test]
    fn deleting_deactivating_erasing_and_undoing_an_older_step_always_ask() {
        let asking: Vec<_> =
            COMMANDS.iter().filter(|def| def.is_destructive()).map(|def| def.id).collect();
        let expected =
            [Command::ListDelete, Command::Deactivate, Command::Erase, Command::HistoryUndo];
        assert_eq!(asking, expected);
        assert!(asking.iter().all(|command| command.def().writes()));
    }

    #[test]
    fn a_command_that_cannot_act_says_why() {
        let empty = Facts::NONE.with(Fact::Empty);
        assert_eq!(Command::ListEdit.blocked(empty), Some(Blocked::NoRow));
        assert_eq!(Command::ListEdit.blocked(Facts::NONE), None);
        assert_eq!(Command::ListBulkEdit.blocked(empty), Some(Blocked::NothingMarked));
        assert_eq!(Command::TrainingTick.blocked(Facts::NONE), Some(Blocked::NotInAttendance));
        assert_eq!(Command::TrainingTick.blocked(Facts::NONE.with(Fact::Attendance)), None);
        assert_eq!(Command::ListDelete.blocked(empty.with(Fact::Marked)), None);
        assert_eq!(
            Command::ListAdd.blocked(empty.with(Fact::ReadOnly)),
            Some(Blocked::ReadOnly),
            "an empty read-only office is refused for what can be changed least"
        );
    }
}
