//! History: who did what and when in the whole office, narrowed down by person, kind,
//! officer and date behind `/`. A step opens to old and new values, leads to the records it
//! touched, and can be taken back. What a step looks like is `widgets::steps`, how it reads
//! in full `overlays::history`.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::domain::kinds::officer::Role;
use crate::domain::record::{Kind, RecordId};
use crate::i18n::{Sheet, called, find, t};
use crate::protocol::{Act, Answer, ChangeDetail, HistoryLine, Request};
use crate::ui::command::{Command, Context, Fact, Facts};
use crate::ui::effect::Effect;
use crate::ui::overlay::Outcome;
use crate::ui::overlays::history::{DETAILS_MAX, reading, undo_question};
use crate::ui::overlays::picker::Picker;
use crate::ui::overlays::reading::{Piece, ReadingBox};
use crate::ui::pane::{Availability, HintWord, Pane, PaneEvent, Question, Selection, View};
use crate::ui::widgets::Handled;
use crate::ui::widgets::filter::{Filter, Filtering};
use crate::ui::widgets::frame::put;
use crate::ui::widgets::steps::Steps;

const LINES: &str = "history.lines";
const DETAILS: &str = "history.details";
const RECORDS: &str = "history.records";
const WHICH: &str = "history.which";
const SIGN: &str = "history.sign_off";

/// Commands of lists that mean something in this one.
const LIST: [Command; 10] = [
    Command::ListUp,
    Command::ListDown,
    Command::ListPageUp,
    Command::ListPageDown,
    Command::ListFirst,
    Command::ListLast,
    Command::ListOpen,
    Command::ListBack,
    Command::ListFilter,
    Command::ListFilterClear,
];

pub struct HistoryPane {
    steps: Steps,
    filter: Filter,
    role: Role,
    /// The step whose changes have been asked for.
    opened: Option<HistoryLine>,
    /// The records to choose from.
    records: Vec<RecordId>,
}

impl Default for HistoryPane {
    fn default() -> Self {
        Self {
            steps: Steps::new(LINES),
            filter: Filter::default(),
            role: Role::default(),
            opened: None,
            records: Vec::new(),
        }
    }
}

impl HistoryPane {
    fn command(&mut self, command: Command) -> Vec<Effect> {
        if command == Command::SignOff {
            return vec![Effect::ask(SIGN, Request::Verify)];
        }
        let Some(line) = self.steps.line() else { return Vec::new() };
        let seq = line.seq;
        let tag = match command {
            Command::ListOpen => DETAILS,
            Command::HistoryRecord => RECORDS,
            Command::HistoryUndo => return vec![Effect::TakeBack(Box::new(line.clone()))],
            _ => return Vec::new(),
        };
        self.opened = Some(line.clone());
        vec![Effect::ask(tag, Request::Details { seq, limit: DETAILS_MAX, of: None })]
    }

    /// Leads to what a step touched; where that is more than one, asks which.
    fn go_to_record(&mut self, changes: &[ChangeDetail]) -> Vec<Effect> {
        let there = || changes.iter().filter(|change| change.act != Act::Deleted);
        self.records = there().map(|change| change.id).collect();
        match self.records[..] {
            [] => vec![Effect::refuse(t!("history.no_record"))],
            [id] => vec![show(id)],
            _ => {
                let items = there().map(|change| {
                    crate::i18n::named(
                        &crate::i18n::one(change.id.kind),
                        &called(change.id.kind, &change.label),
                    )
                });
                vec![Effect::open(WHICH, Picker::new(&t!("history.which"), items.collect()))]
            }
        }
    }

    /// Where the steps stand: below what is to be answered, above the filter's line and the
    /// one that helps with it.
    fn list_place(&self, view: &View) -> Rect {
        let (area, head) = (view.area, u16::from(view.info.requests.open > 0));
        let head = head.min(area.height);
        let height = area.height.saturating_sub(head + self.foot());
        Rect { y: area.y + head, height, ..area }
    }

    fn foot(&self) -> u16 {
        u16::from(self.filter.is_shown()) + u16::from(self.note().is_some())
    }

    /// What helps with the word being typed, or is wrong with the search.
    fn note(&self) -> Option<String> {
        if !self.filter.is_typing() {
            return self.steps.vague.then(|| t!("history.vague").into_owned());
        }
        let search = self.filter.search();
        let word = search.rsplit(char::is_whitespace).next().unwrap_or_default();
        let field = word.split([':', '=', '<', '>']).next().filter(|field| *field != word);
        let help = match field.map(str::to_lowercase).as_deref() {
            Some("jenis" | "kind") => "kind",
            Some("lewat" | "via") => "via",
            Some("sejak" | "sampai" | "tanggal" | "since" | "until" | "date") => "date",
            Some("pegawai" | "person" | "employee") => "person",
            Some("petugas" | "oleh" | "by" | "officer") => "by",
            _ if self.steps.vague => return Some(t!("history.vague").into_owned()),
            _ => return Some(t!("history.help").into_owned()),
        };
        find(&format!("history.help.{help}"))
    }
}

/// Where the record is looked at; a setting has no place of its own.
fn show(id: RecordId) -> Effect {
    match id.kind {
        Kind::Settings => Effect::Run(Command::Settings),
        _ => Effect::Show(id),
    }
}

/// The sheet to be signed, as it reads on the screen.
fn proof(sheet: &Sheet) -> ReadingBox {
    let mut pieces: Vec<Piece> = sheet
        .facts
        .iter()
        .map(|(label, value)| Piece::Pair(label.clone(), value.clone()))
        .collect();
    let proven = sheet.proven.replace('\n', " ");
    pieces.extend([Piece::Blank, Piece::Text(proven), Piece::Blank]);
    pieces.push(Piece::Heading(sheet.fingerprint.clone()));
    pieces.extend(sheet.groups.iter().cloned().map(Piece::Text));
    pieces.extend([Piece::Blank, Piece::Note(sheet.later.clone())]);
    pieces.push(Piece::Text(sheet.command.clone()));
    let name = t!("sheet.file_name").into_owned();
    ReadingBox::new("history", t!("sheet.overlay"), pieces).printed(name, sheet.text())
}

/// What is to be answered, and by when; counted down whenever it is drawn.
fn requests(view: &View) -> Option<(String, Style)> {
    let requests = view.info.requests;
    let left = (requests.next? - view.now).num_minutes();
    let text = t!("requests.open", count = requests.open, left = crate::i18n::left(left));
    let stack = [Context::PaneHistory, Context::List, Context::Global];
    let keys = view.keymap.keys_of(Command::GoCorrections, &stack, Facts::NONE);
    let text = keys.map_or_else(|| text.to_string(), |keys| format!("{text} ({keys})"));
    let style = if left < 24 * 60 { view.theme.warning } else { view.theme.text };
    Some((text, style))
}

impl Pane for HistoryPane {
    fn id(&self) -> &'static str {
        "history"
    }

    fn go(&self) -> Command {
        Command::GoHistory
    }

    fn shown_to(&self, _role: Role) -> bool {
        true
    }

    fn title(&self) -> String {
        t!("history.title").into_owned()
    }

    fn counter(&self) -> String {
        self.steps.count().map_or_else(String::new, |count| count.to_string())
    }

    fn contexts(&self) -> &'static [Context] {
        Context::PaneHistory.of_list(self.filter.is_typing())
    }

    fn facts(&self) -> Facts {
        Facts::NONE
            .when(Fact::Filtered, !self.filter.search().is_empty())
            .when(Fact::Empty, self.steps.is_empty())
    }

    fn available(&self, command: Command) -> Availability {
        let of_lists = command.def().contexts.contains(&Context::List);
        if of_lists && !LIST.contains(&command) {
            return Availability::No(t!("records.not_here").into_owned());
        }
        let why = match (command, self.role) {
            (Command::HistoryRecord, Role::Auditor) => Some(t!("history.no_records_for_you")),
            (Command::SignOff, Role::Officer | Role::Viewer) => {
                Some(t!("history.no_proof_for_you"))
            }
            _ => None,
        };
        if let Some(why) = why {
            return Availability::No(why.into_owned());
        }
        let question = self.steps.line().filter(|_| command == Command::HistoryUndo);
        match question.map(undo_question) {
            Some(Err(why)) => Availability::No(why),
            _ => Availability::Yes,
        }
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::ListBack | Command::AreaNext | Command::Undo => HintWord::Silent,
            _ => HintWord::Usual,
        }
    }

    /// A search that was brought here is no reason to stay when one goes back.
    fn selection(&self) -> Selection<'_> {
        Selection { filter: self.filter.search(), ..Selection::default() }
    }

    fn question(&self, command: Command) -> Option<Question> {
        let line = self.steps.line().filter(|_| command == Command::HistoryUndo)?;
        undo_question(line).ok()
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        self.role = view.info.role;
        match self.filter.update(&event, view.today, view.memory) {
            Filtering::Changed(_) | Filtering::Cleared => {
                let search = self.filter.search().to_string();
                return vec![self.steps.search(&search)];
            }
            Filtering::Does(effects) => return effects,
            Filtering::Same => return Vec::new(),
            Filtering::No => {}
        }
        match self.steps.update(event, self.list_place(view)) {
            Handled::Yes(mut effects) => {
                let found = u32::from(!self.steps.is_empty());
                effects.extend(self.filter.found(found));
                effects
            }
            Handled::No(PaneEvent::Command(command)) => self.command(command),
            Handled::No(PaneEvent::Search(text)) => {
                self.filter.set(text);
                vec![self.steps.search(text)]
            }
            Handled::No(PaneEvent::Answer(tag, Answer::Details(changes))) => {
                let Some(line) = self.opened.take() else { return Vec::new() };
                match tag.name {
                    RECORDS => self.go_to_record(&changes),
                    _ => vec![Effect::open("history.reading", reading(&line, &changes, view))],
                }
            }
            Handled::No(PaneEvent::Answer(_, Answer::Verified(verified))) => {
                let sheet = Sheet::of(view.info, &verified, view.now);
                vec![Effect::open("history.sheet", proof(&sheet))]
            }
            Handled::No(PaneEvent::Outcome(tag, Outcome::Picked(places))) if tag.name == WHICH => {
                let id = places.first().and_then(|place| self.records.get(*place));
                id.map(|id| show(*id)).into_iter().collect()
            }
            Handled::No(_) => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let area = view.area;
        let list = self.list_place(view);
        if let Some((text, style)) = requests(view).filter(|_| list.y > area.y) {
            put(frame, area, 0, &text, style, view.glyphs);
        }
        self.steps.draw(frame, list, view);
        let foot = Rect { y: list.bottom(), height: area.bottom() - list.bottom(), ..area };
        if let Some(note) = self.note() {
            put(frame, foot, 0, &note, view.theme.dim, view.glyphs);
        }
        if self.filter.is_shown() && foot.height > 0 {
            self.filter.draw(frame, Rect { y: foot.bottom() - 1, height: 1, ..foot }, view);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Verified;
    use crate::ui::panes;
    use crate::ui::testing::{Desk, Office, Setup, info};

    fn desk(role: Role, extra: impl FnMut(&Request) -> Option<Answer> + 'static) -> Desk {
        let mut info = info();
        info.role = role;
        let setup = Setup { info, ..Setup::default() };
        Desk::with(panes::all(), Office::new().extra(extra), setup)
    }

    fn tabs(desk: &Desk) -> String {
        desk.screen().lines().next().unwrap_or_default().to_string()
    }

    #[test]
    fn every_role_sees_the_panes_it_has_something_to_do_in() {
        for (role, shown, hidden) in [
            (Role::Admin, &["Pegawai", "Matriks", "Pelatihan", "Riwayat", "Petugas"][..], &[][..]),
            (Role::Officer, &["Pegawai", "Matriks", "Pelatihan", "Riwayat"], &["Petugas"]),
            (Role::Viewer, &["Pegawai", "Matriks", "Pelatihan", "Riwayat"], &["Petugas"]),
            (Role::Auditor, &["Riwayat", "Petugas"], &["Pegawai", "Matriks", "Pelatihan"]),
        ] {
            let desk = desk(role, |_| None);
            let tabs = tabs(&desk);
            assert!(shown.iter().all(|pane| tabs.contains(pane)), "{role:?}: {tabs}");
            assert!(!hidden.iter().any(|pane| tabs.contains(pane)), "{role:?}: {tabs}");
        }
    }

    #[test]
    fn an_auditor_proves_the_journal_and_is_led_nowhere_else() {
        let mut desk = desk(Role::Auditor, |request| match request {
            Request::Verify => Some(Answer::Verified(Verified {
                entries: 12,
                records: 1345,
                erased: 0,
                head: "0123456789abcdef".repeat(4),
            })),
            Request::List(query) if query.kind != Kind::Officers => {
                panic!("{:?} is not for an auditor", query.kind)
            }
            _ => None,
        });
        assert!(tabs(&desk).starts_with("[Riwayat"), "{}", desk.screen());
        desk.press("g e");
        assert_eq!(desk.bottom(), "! Halaman ini bukan untuk peran Anda");
        desk.press("] ]");
        assert!(tabs(&desk).starts_with("[Riwayat"), "round through the two panes");
        desk.press("p");
        let screen = desk.screen();
        for text in ["1.345", "01234567 89abcdef", "--against 12:0123456789abcdef"] {
            assert!(screen.contains(text), "{screen}");
        }
    }

    #[test]
    fn an_officer_leaves_proving_the_journal_to_admins_and_auditors() {
        let mut desk = desk(Role::Officer, |_| None);
        desk.press("g h");
        desk.press("p");
        assert_eq!(desk.bottom(), "! Hanya admin dan auditor yang memeriksa jurnal");
    }
}
