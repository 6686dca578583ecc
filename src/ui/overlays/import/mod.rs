//! Bringing a file in: name it, see exactly what it would do, then save. The file is read
//! by a job with the officer's own rights; nothing is saved before she has seen the
//! preview, and the whole import is one step that one undo takes back.

mod columns;
mod preview;
mod working;

use std::path::{Path, PathBuf};

use ratatui::Frame;
use ratatui::layout::Rect;

use columns::{ColumnAct, ColumnList};
use preview::PreviewList;

use super::browser::Browser;
use super::confirm::Confirm;
use crate::domain::intake::Intake;
use crate::i18n::{self, problem, t, whole};
use crate::jobs::files::{is_table, undressed};
use crate::protocol::Imported;
use crate::ui::command::{Command, Context};
use crate::ui::effect::{Effect, Tag};
use crate::ui::job::{ImportJob, Job, JobEnd, JobEvent, JobId, Preview};
use crate::ui::memory::Memo;
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::toast::Toast;
use crate::ui::widgets::form::ticking;
use crate::ui::widgets::frame::{boxed, put};
use crate::ui::widgets::line::TextLine;

const SAVE: &str = "import.save";
/// Whether the file is read as what its headings say.
const KIND: &str = "import.kind";
/// Which field a column is, and what the file is read as.
const COLUMN: &str = "import.column";
const READ_AS: &str = "import.read_as";
const FILE: &str = "import.file";

pub struct Import {
    path: TextLine,
    /// Chosen by the officer; without one, the headings say it.
    intake: Option<Intake>,
    /// Whether refused rows are written to a file of their own when saving.
    rejects: bool,
    focus: Focus,
    state: ImportStage,
    /// The kind the headings say, while it is asked about.
    other: Option<Intake>,
    /// What the file was last read as, and which column is which field as far as was said.
    read_as: Option<Intake>,
    map: Vec<(String, String)>,
    /// The file that was said of.
    said_of: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Focus {
    Path,
    Intake,
    Rejects,
}

enum ImportStage {
    Asking,
    /// Reading (dry) or saving; how far.
    Working {
        job: JobId,
        dry: bool,
        done: u64,
        total: u64,
    },
    /// The officer says which column is which.
    Columns(ColumnList),
    Seen(PreviewList),
}

impl Default for Import {
    fn default() -> Self {
        Self::new()
    }
}

impl Import {
    pub fn new() -> Self {
        Self {
            path: TextLine::new(""),
            intake: None,
            rejects: true,
            focus: Focus::Path,
            state: ImportStage::Asking,
            other: None,
            read_as: None,
            map: Vec::new(),
            said_of: String::new(),
        }
    }

    /// Checks the file afresh; what was said of its columns holds, until another is named.
    fn check(&mut self, view: &View) -> Vec<Effect> {
        self.settle();
        self.start(true, view)
    }

    /// Of another file nothing has been said yet.
    fn settle(&mut self) {
        if self.said_of != self.path.text() || self.map.is_empty() {
            self.forget();
        }
        self.path.text().clone_into(&mut self.said_of);
    }

    fn forget(&mut self) {
        self.map.clear();
        self.read_as = None;
    }

    fn start(&mut self, dry: bool, view: &View) -> Vec<Effect> {
        self.start_with(dry, false, view)
    }

    /// Only asks for the columns with `columns`. Without a name of a file there is one to choose.
    fn start_with(&mut self, dry: bool, columns: bool, view: &View) -> Vec<Effect> {
        let text = self.path.text().trim();
        if text.is_empty() {
            return self.browse(view);
        }
        let rejects = (!dry && self.rejects).then(|| rejects_of(&undressed(text), view.folder));
        let job = JobId::next();
        self.state = ImportStage::Working { job, dry, done: 0, total: 0 };
        let (intake, map) = (self.read_as.or(self.intake), self.map.clone());
        let path = PathBuf::from(text);
        let work = ImportJob { path, intake, map, columns, dry_run: dry, rejects };
        vec![Effect::Job(job, Job::Import(work))]
    }

    /// The folder of the file that is named, to choose another; what is no whole name yet goes
    /// on there.
    fn browse(&self, view: &View) -> Vec<Effect> {
        let named = undressed(self.path.text());
        let text = named.to_string_lossy().into_owned();
        let (folder, begun) = text.rsplit_once('/').unwrap_or(("", &text));
        let folder =
            PathBuf::from(if text.starts_with('/') { format!("{folder}/") } else { folder.into() });
        // With nothing typed it begins where the last file was.
        let folder = if text.is_empty() { PathBuf::from(view.memory.folder()) } else { folder };
        let folder = if folder.starts_with("~") { folder } else { view.folder.join(folder) };
        let begun = if is_table(begun) { "" } else { begun };
        vec![Effect::open(FILE, Browser::new(&folder, false).typing(begun))]
    }

    /// Whether the beginning of a path is typed, or a folder, and no file.
    fn is_begun(&self) -> bool {
        let text = self.path.text().trim();
        let name = text.rsplit_once('/').map_or(text, |(_, name)| name);
        !text.is_empty() && (name.is_empty() || !name.contains('.'))
    }

    fn step_focus(&mut self, forward: bool) {
        self.focus = match (self.focus, forward) {
            (Focus::Path, true) | (Focus::Rejects, false) => Focus::Intake,
            (Focus::Intake, true) | (Focus::Path, false) => Focus::Rejects,
            (Focus::Rejects, true) | (Focus::Intake, false) => Focus::Path,
        };
    }

    fn turn(&mut self, forward: bool) {
        // Before the first is what the headings say.
        let count = Intake::ALL.len() + 1;
        let at = Intake::ALL.iter().position(|kind| Some(*kind) == self.intake);
        match self.focus {
            Focus::Intake => {
                let at = at.map_or(0, |at| at + 1) + if forward { 1 } else { count - 1 };
                self.intake = (at % count).checked_sub(1).map(|at| Intake::ALL[at]);
                self.forget();
            }
            Focus::Rejects => self.rejects = !self.rejects,
            Focus::Path => {}
        }
    }

    fn asking(&mut self, command: Command, view: &View) -> Vec<Effect> {
        match command {
            // Tab completes a path, as it does everywhere.
            Command::FormNext | Command::FormSave
                if self.focus == Focus::Path && self.is_begun() =>
            {
                return self.browse(view);
            }
            Command::FormNext if self.focus == Focus::Rejects => return self.check(view),
            Command::FormNext => self.step_focus(true),
            Command::FormPrev => self.step_focus(false),
            Command::FormOptionNext | Command::FormTick => self.turn(true),
            Command::FormOptionPrev => self.turn(false),
            Command::FormSave => return self.check(view),
            Command::FormLookup if self.focus == Focus::Path => return self.browse(view),
            Command::FormLookup => {
                // What the same file was last read as holds for its columns.
                if self.said_of != self.path.text() {
                    self.settle();
                }
                return self.start_with(true, true, view);
            }
            Command::FormCancel | Command::Cancel => return vec![Effect::Done(Outcome::Cancelled)],
            command => {
                self.path.command(command);
            }
        }
        Vec::new()
    }

    fn saying(&mut self, command: Command, view: &View) -> Vec<Effect> {
        let ImportStage::Columns(list) = &mut self.state else { return Vec::new() };
        match command {
            Command::PickerAccept => match list.act() {
                ColumnAct::Kind(kinds) => vec![Effect::open(READ_AS, kinds)],
                ColumnAct::Field(fields) => vec![Effect::open(COLUMN, fields)],
                ColumnAct::Check => {
                    (self.read_as, self.map) = (list.intake(), list.map());
                    self.start(true, view)
                }
            },
            Command::PickerCancel | Command::Cancel => {
                (self.read_as, self.map) = (list.intake(), list.map());
                self.state = ImportStage::Asking;
                Vec::new()
            }
            command => {
                list.update(&PaneEvent::Command(command), view.area);
                Vec::new()
            }
        }
    }

    fn seen(&mut self, command: Command, view: &View) -> Vec<Effect> {
        let ImportStage::Seen(list) = &mut self.state else { return Vec::new() };
        match command {
            Command::PickerAccept if list.is_of_columns() => self.start_with(true, true, view),
            Command::PickerAccept => {
                let counts = list.counts();
                if counts.added + counts.changed == 0 {
                    return vec![Effect::refuse(t!("import.nothing_to_save"))];
                }
                vec![Effect::open(SAVE, Confirm::ask(list.question()))]
            }
            // Back to where columns were said, if any were.
            Command::PickerCancel | Command::Cancel if !self.map.is_empty() => {
                self.start_with(true, true, view)
            }
            Command::PickerCancel | Command::Cancel => {
                self.state = ImportStage::Asking;
                Vec::new()
            }
            command => {
                list.command(command, view.area);
                Vec::new()
            }
        }
    }

    fn job(&mut self, event: &JobEvent) -> Vec<Effect> {
        let ImportStage::Working { job, dry, done, total } = &mut self.state else {
            return Vec::new();
        };
        if *job != event.job() {
            return Vec::new();
        }
        match event {
            JobEvent::Progress { done: now, total: all, .. } => {
                *done = *now;
                *total = *all;
                Vec::new()
            }
            JobEvent::Preview { preview, .. } if *dry => {
                let preview: Preview = (**preview).clone();
                (self.read_as, self.map) = (preview.intake, preview.map.clone());
                self.state = ImportStage::Seen(PreviewList::new(preview));
                let folder = self.path.text().trim().rsplit_once('/').map(|(folder, _)| folder);
                folder.map(Memo::folder).into_iter().map(Effect::Remember).collect()
            }
            JobEvent::Preview { .. } => Vec::new(),
            JobEvent::Finished { end, .. } => {
                let dry = *dry;
                self.ended(end, dry)
            }
        }
    }

    fn ended(&mut self, end: &JobEnd, dry: bool) -> Vec<Effect> {
        self.state = ImportStage::Asking;
        match end {
            JobEnd::Imported { counts, rejects } if !dry => {
                let mut text = done(counts);
                if let Some(path) = rejects {
                    text.push_str(&t!("import.rejects_in", path = path.display()));
                }
                vec![Effect::Toast(Toast::done(text)), Effect::Done(Outcome::Cancelled)]
            }
            JobEnd::Imported { .. }
            | JobEnd::Exported { .. }
            | JobEnd::Exists(_)
            | JobEnd::Folder(_) => Vec::new(),
            JobEnd::Cancelled => vec![Effect::Toast(Toast::note(t!("import.cancelled")))],
            JobEnd::Refused(why) => vec![Effect::Toast(Toast::error(problem(why)))],
            JobEnd::File(why) => vec![Effect::Toast(Toast::error(why.clone()))],
            JobEnd::OtherKind(kind) => {
                self.other = Some(*kind);
                let (other, asked) = (kind_word(*kind), read_word(self.read_as.or(self.intake)));
                let text = t!("import.other_kind", other = other, asked = asked);
                vec![Effect::open(KIND, Confirm::ask(text))]
            }
            JobEnd::Columns { columns, intake } => {
                let list = ColumnList::new(columns.clone(), *intake).having_said(&self.map);
                self.state = ImportStage::Columns(list);
                Vec::new()
            }
            JobEnd::Fault(fault) => {
                let reason = i18n::reason(fault.reason, &fault.detail);
                let text = format!("{}: {reason}", i18n::field(&fault.field));
                vec![Effect::Toast(Toast::error(text))]
            }
        }
    }

    fn answered(&mut self, tag: Tag, outcome: &Outcome, view: &View) -> Vec<Effect> {
        match (tag.name, outcome) {
            (SAVE, Outcome::Yes) => self.start(false, view),
            (KIND, Outcome::Yes) => {
                self.intake = self.other.take().or(self.intake);
                self.forget();
                self.check(view)
            }
            (COLUMN, Outcome::Picked(places)) => {
                if let (ImportStage::Columns(list), Some(place)) = (&mut self.state, places.first())
                {
                    list.chosen(*place);
                }
                Vec::new()
            }
            (READ_AS, Outcome::Picked(places)) => {
                if let (ImportStage::Columns(list), Some(place)) = (&mut self.state, places.first())
                {
                    list.read_as(*place);
                }
                Vec::new()
            }
            (FILE, Outcome::Path(path)) => {
                self.path.set(&path.to_string_lossy());
                self.check(view)
            }
            _ => Vec::new(),
        }
    }

    fn draw_asking(&self, frame: &mut Frame, view: &View) {
        let inner =
            boxed(frame, centred(view.area, 78, 11), &t!("import.title"), view.theme, view.glyphs);
        let mark = |focus| if self.focus == focus { view.glyphs.cursor } else { " " };
        let style = |focus| if self.focus == focus { view.theme.accent } else { view.theme.dim };
        let label = format!("{}{}", mark(Focus::Path), t!("import.path"));
        put(frame, inner, 0, &label, style(Focus::Path), view.glyphs);
        if inner.height > 1 && inner.width > 2 {
            let line = Rect { x: inner.x + 2, y: inner.y + 1, width: inner.width - 2, height: 1 };
            let focused = self.focus == Focus::Path;
            let style = if focused { view.theme.selected } else { view.theme.text };
            self.path.draw(frame, line, style, focused);
        }
        let words = read_word(self.intake);
        let turn = format!("{} {words} {}", view.glyphs.left, view.glyphs.right);
        let text = format!("{}{}  {turn}", mark(Focus::Intake), t!("import.intake"));
        put(frame, inner, 3, &text, style(Focus::Intake), view.glyphs);
        let tick = if self.rejects { "[x]" } else { "[ ]" };
        let text = format!("{}{tick} {}", mark(Focus::Rejects), t!("import.rejects"));
        put(frame, inner, 4, &text, style(Focus::Rejects), view.glyphs);
        put(frame, inner, 6, &t!("import.note"), view.theme.dim, view.glyphs);
    }
}

/// `pegawai.xlsx` -> `pegawai.ditolak.csv` in the officer's own folder: where the file came
/// from may be anybody's.
fn rejects_of(path: &Path, folder: &Path) -> PathBuf {
    let name = path.file_stem().map_or(path, Path::new);
    let name = name.to_string_lossy();
    folder.join(format!("{name}.{}.csv", t!("import.rejects_suffix")))
}

/// What the file is read as.
fn read_word(kind: Option<Intake>) -> String {
    kind.map_or_else(|| t!("import.intake_by_headings").into_owned(), kind_word)
}

fn kind_word(kind: Intake) -> String {
    i18n::find(&format!("import.intake.{}", kind.name())).unwrap_or_default()
}

fn done(counts: &Imported) -> String {
    t!(
        "import.done",
        added = whole(counts.added),
        changed = whole(counts.changed),
        unchanged = whole(counts.unchanged),
        refused = whole(counts.refused)
    )
    .into_owned()
}

impl Overlay for Import {
    fn id(&self) -> &'static str {
        "import"
    }

    fn contexts(&self) -> &'static [Context] {
        match (&self.state, self.focus) {
            (ImportStage::Asking, Focus::Path) => &[Context::Text, Context::Form],
            (ImportStage::Asking | ImportStage::Working { .. }, _) => &[Context::Form],
            (ImportStage::Columns(_) | ImportStage::Seen(_), _) => &[Context::Picker],
        }
    }

    fn available(&self, command: Command) -> Availability {
        let none = || Availability::No(t!("form.nothing_to_look_up").into_owned());
        match (&self.state, command) {
            (_, Command::FormEditor)
            | (ImportStage::Working { .. } | ImportStage::Seen(_), Command::FormLookup) => none(),
            (ImportStage::Asking, Command::FormLookup) if self.focus == Focus::Rejects => none(),
            (ImportStage::Columns(_), Command::PickerToggle) => {
                Availability::No(t!("shell.one_only").into_owned())
            }
            (ImportStage::Seen(_), Command::PickerToggle) => {
                Availability::No(t!("import.nothing_to_mark").into_owned())
            }
            (_, command) => ticking(command, self.focus == Focus::Rejects),
        }
    }

    fn has_areas(&self) -> bool {
        matches!(self.state, ImportStage::Seen(_))
    }

    fn hint(&self, command: Command) -> HintWord {
        match (&self.state, command) {
            (ImportStage::Asking, Command::FormSave) => HintWord::here(t!("import.hint_check")),
            (ImportStage::Asking, Command::FormLookup) => match self.focus {
                Focus::Path => HintWord::here(t!("import.hint_browse")),
                Focus::Intake => HintWord::here(t!("import.hint_columns")),
                Focus::Rejects => HintWord::Silent,
            },
            (ImportStage::Columns(_), Command::PickerAccept) => {
                HintWord::here(t!("import.hint_field"))
            }
            (ImportStage::Columns(_), Command::PickerCancel) => {
                HintWord::here(t!("import.hint_back"))
            }
            (ImportStage::Asking, Command::FormOptionNext) if self.focus != Focus::Path => {
                HintWord::Usual
            }
            (ImportStage::Asking, Command::FormNext) if self.focus == Focus::Rejects => {
                HintWord::Silent
            }
            (ImportStage::Asking, Command::FormNext)
            | (ImportStage::Asking | ImportStage::Working { .. }, Command::FormCancel) => {
                HintWord::Usual
            }
            (ImportStage::Seen(list), Command::PickerAccept) if list.is_of_columns() => {
                HintWord::here(t!("import.hint_columns"))
            }
            (ImportStage::Seen(_), Command::PickerAccept) => HintWord::here(t!("import.hint_save")),
            (ImportStage::Seen(_), Command::AreaNext) => HintWord::here(t!("import.hint_part")),
            (ImportStage::Seen(_), Command::PickerCancel) if !self.map.is_empty() => {
                HintWord::here(t!("import.hint_columns"))
            }
            (ImportStage::Seen(_), Command::PickerCancel) => HintWord::here(t!("import.hint_back")),
            (_, command) if command.def().contexts == [Context::Global] => HintWord::Usual,
            _ => HintWord::Silent,
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Text(c) if matches!(self.state, ImportStage::Asking) => {
                match self.focus {
                    Focus::Path => {
                        self.path.insert(c);
                    }
                    // Space ticks and turns nothing.
                    Focus::Intake if c == ' ' => {}
                    Focus::Intake | Focus::Rejects => self.turn(true),
                }
                Vec::new()
            }
            PaneEvent::Paste(text) if matches!(self.state, ImportStage::Asking) => {
                self.path.paste(text);
                Vec::new()
            }
            PaneEvent::Command(command) => match &self.state {
                ImportStage::Asking => self.asking(command, view),
                ImportStage::Working { job, .. } => match command {
                    Command::FormCancel | Command::Cancel => vec![Effect::CancelJob(*job)],
                    _ => Vec::new(),
                },
                ImportStage::Columns(_) => self.saying(command, view),
                ImportStage::Seen(_) => self.seen(command, view),
            },
            PaneEvent::Outcome(tag, outcome) => self.answered(tag, &outcome, view),
            PaneEvent::Job(event) => self.job(event),
            _ => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        match &self.state {
            ImportStage::Asking => self.draw_asking(frame, view),
            ImportStage::Columns(list) => list.draw(frame, view),
            ImportStage::Seen(list) => list.draw(frame, view),
            ImportStage::Working { dry, done, total, .. } => {
                working::draw(frame, view, *dry, (*done, *total));
            }
        }
    }
}
