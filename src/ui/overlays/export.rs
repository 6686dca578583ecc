//! Writing what is on screen to a file, exactly as filtered and sorted. The ending of the
//! name says the format; Tab goes on with a path as in the file browser. Asks before it writes
//! over a file.

use std::path::{Path, PathBuf};

use ratatui::Frame;
use ratatui::layout::Rect;

use super::browser::{Browser, common_start};
use super::confirm::Confirm;
use crate::domain::record::EmployeeId;
use crate::domain::search::sound;
use crate::i18n::{self, problem, t, whole};
use crate::protocol::ReportQuery;
use crate::ui::command::{Command, Context};
use crate::ui::effect::Effect;
use crate::ui::job::{Export, ExportJob, Job, JobEnd, JobEvent, JobId};
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::toast::Toast;
use crate::ui::widgets::frame::{boxed, put};
use crate::ui::widgets::line::TextLine;

const OVERWRITE: &str = "export.overwrite";
const FOLDER: &str = "export.folder";
/// Names said where what is typed may go on in several ways.
const NAMES_TOLD: usize = 6;

pub struct ExportForm {
    what: Export,
    /// Of a sheet what it is.
    title: Option<String>,
    line: TextLine,
    running: Option<JobId>,
    done: u64,
    /// The folder that is read to go on with this path, as far as it was typed.
    completing: Option<(JobId, String)>,
}

impl ExportForm {
    /// Proposes a workbook named after the place and the day: a spreadsheet that opens a CSV
    /// rounds every NIP in it.
    pub fn new(what: Export, name: &str, view: &View) -> Self {
        let name = match &what {
            Export::Text { name, .. } => format!("{name}-{}.txt", view.today),
            Export::Blanks { .. } => format!("{}-{}.txt", t!("cycle.file"), view.today),
            Export::Report(query, ..) => {
                let name = i18n::report(&query.report).to_lowercase().replace(' ', "-");
                format!("{name}-{}.xlsx", view.today)
            }
            _ => format!("{}-{}.xlsx", file_name(name), view.today),
        };
        let path = view.folder.join(name);
        let line = TextLine::new(&path.to_string_lossy());
        Self { what, title: None, line, running: None, done: 0, completing: None }
    }

    /// Of a report as a sheet, all its columns as they are.
    pub fn sheet(query: ReportQuery, view: &View) -> Self {
        let title = Some(i18n::report(&query.report));
        Self { title, ..Self::new(Export::Report(query, Vec::new(), Vec::new()), "", view) }
    }

    /// Of everything about one person. The name of the file names nobody.
    pub fn person(person: EmployeeId, view: &View) -> Self {
        let path = view.folder.join(format!("{}-{}.txt", t!("copy.file"), view.today));
        let line = TextLine::new(&path.to_string_lossy());
        let what = Export::Person(person);
        Self { what, title: None, line, running: None, done: 0, completing: None }
    }

    /// How many are marked, and written alone.
    const fn marked(&self) -> usize {
        match &self.what {
            Export::List(_, marked) | Export::Report(_, _, marked) => marked.len(),
            Export::Text { .. } | Export::Blanks { .. } | Export::Person(_) => 0,
        }
    }

    const fn is_person(&self) -> bool {
        matches!(self.what, Export::Person(_))
    }

    fn start(&mut self, overwrite: bool) -> Vec<Effect> {
        let text = self.line.text().trim();
        if self.running.is_some() || text.is_empty() {
            return Vec::new();
        }
        let id = JobId::next();
        self.running = Some(id);
        let path = PathBuf::from(text);
        let job = ExportJob { path, what: self.what.clone(), overwrite };
        vec![Effect::Job(id, Job::Export(job))]
    }

    /// The folder it goes to, to choose another, or a file to be written over.
    fn browse(&self, view: &View) -> Vec<Effect> {
        let named = Path::new(self.line.text().trim());
        let folder = named.parent().map_or_else(PathBuf::new, Path::to_path_buf);
        vec![Effect::open(FOLDER, Browser::new(&rooted(folder, view), true))]
    }

    /// Reads the folder of what is typed, to go on with the name.
    fn complete(&mut self, view: &View) -> Vec<Effect> {
        let text = self.line.text().trim().to_string();
        let folder = text.rsplit_once('/').map_or_else(PathBuf::new, |(folder, _)| {
            if folder.is_empty() { PathBuf::from("/") } else { PathBuf::from(folder) }
        });
        let job = JobId::next();
        self.completing = Some((job, text));
        vec![Effect::Job(job, Job::Folder(rooted(folder, view)))]
    }

    /// Goes on with what was typed as far as everything begins the same that begins with it; of
    /// several it says which.
    fn completed(&mut self, end: &JobEnd) -> Vec<Effect> {
        let Some((_, text)) = self.completing.take() else { return Vec::new() };
        let list = match end {
            JobEnd::Folder(list) if text == self.line.text().trim() => list,
            JobEnd::File(why) => return vec![Effect::Toast(Toast::warning(why.clone()))],
            _ => return Vec::new(),
        };
        let at = text.rfind('/').map_or(0, |at| at + 1);
        let typed = sound(&text[at..]);
        let begins = list.entries.iter().filter(|entry| sound(&entry.name).starts_with(&typed));
        let mut names: Vec<&str> = begins.clone().map(|entry| entry.name.as_str()).collect();
        names.sort_unstable();
        let Some(first) = names.first().copied() else {
            return vec![Effect::refuse(t!("shell.list_none_found"))];
        };
        let is_folder = begins.clone().any(|entry| entry.is_folder && entry.name == first);
        let common = common_start(first, names.iter().copied());
        let further = common.chars().count() > text[at..].chars().count();
        if names.len() == 1 && is_folder {
            self.line.set(&format!("{}{first}/", &text[..at]));
        } else if further {
            self.line.set(&format!("{}{common}", &text[..at]));
        } else if names.len() > 1 {
            let told = names.iter().take(NAMES_TOLD).copied().collect::<Vec<_>>().join("  ");
            return vec![Effect::Toast(Toast::note(told))];
        }
        Vec::new()
    }

    /// Into this folder, by the name it has; or over this file.
    fn put_into(&mut self, path: &Path) {
        let name = Path::new(self.line.text().trim()).file_name().map(PathBuf::from);
        let path = match name {
            Some(name) if path.to_string_lossy().ends_with('/') => path.join(name),
            _ => path.to_path_buf(),
        };
        self.line.set(&path.to_string_lossy());
    }

    fn ended(&mut self, end: &JobEnd) -> Vec<Effect> {
        self.running = None;
        match end {
            JobEnd::Exported { path, rows, restricted } => {
                if self.is_person() {
                    let text = t!("copy.written", file = path.display());
                    let done = Effect::Done(Outcome::Path(path.clone()));
                    return vec![Effect::Toast(Toast::done(text)), done];
                }
                let rows = whole(i64::try_from(*rows).unwrap_or(i64::MAX));
                let whole = matches!(self.what, Export::Text { .. } | Export::Blanks { .. });
                let text = if whole {
                    t!("sheet.saved", path = path.display())
                } else {
                    t!("export.done", rows = rows, path = path.display())
                };
                let mut text = text.into_owned();
                if *restricted > 0 {
                    text = i18n::sentences(&[&text, &t!("export.restricted", count = restricted)]);
                }
                vec![Effect::Toast(Toast::done(text)), Effect::Done(Outcome::Path(path.clone()))]
            }
            JobEnd::Exists(path) => {
                let text = t!("export.overwrite", path = path.display());
                vec![Effect::open(OVERWRITE, Confirm::ask(text))]
            }
            JobEnd::File(why) => vec![Effect::Toast(Toast::error(why.clone()))],
            JobEnd::Refused(why) => vec![Effect::Toast(Toast::error(problem(why)))],
            JobEnd::Cancelled => vec![Effect::Done(Outcome::Cancelled)],
            JobEnd::Imported { .. }
            | JobEnd::OtherKind(_)
            | JobEnd::Columns { .. }
            | JobEnd::Folder(_)
            | JobEnd::Fault(_) => Vec::new(),
        }
    }
}

/// A folder as it is meant: what `~` stands for is for whoever lists the folders to say.
fn rooted(folder: PathBuf, view: &View) -> PathBuf {
    if folder.starts_with("~") { folder } else { view.folder.join(folder) }
}

/// What the officer calls the place, as a file's name: `unit-kerja`.
fn file_name(place: &str) -> String {
    let words = i18n::find(&format!("export.name.{place}"))
        .or_else(|| i18n::find(&format!("kind.{place}")))
        .unwrap_or_else(|| place.to_string());
    words.replace(' ', "-")
}

impl Overlay for ExportForm {
    fn id(&self) -> &'static str {
        "export"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Text, Context::Filter, Context::Form]
    }

    fn available(&self, command: Command) -> Availability {
        match command {
            Command::FormEditor | Command::FilterPresets => {
                Availability::No(t!("form.nothing_to_look_up").into_owned())
            }
            _ => Availability::Yes,
        }
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::FormLookup => HintWord::here(t!("import.hint_browse")),
            Command::FilterKeep => HintWord::here(t!("export.hint_save")),
            Command::FilterComplete => HintWord::here(t!("export.hint_complete")),
            Command::FilterClear => HintWord::here(t!("browse.hint_close")),
            Command::FilterPresets | Command::FormJump | Command::FormNext | Command::FormSave => {
                HintWord::Silent
            }
            _ => HintWord::Usual,
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Text(c) => {
                self.line.insert(c);
                Vec::new()
            }
            PaneEvent::Paste(text) => {
                self.line.paste(text);
                Vec::new()
            }
            PaneEvent::Command(Command::FormLookup) if self.running.is_none() => self.browse(view),
            PaneEvent::Outcome(tag, Outcome::Path(path)) if tag.name == FOLDER => {
                self.put_into(&path);
                Vec::new()
            }
            PaneEvent::Command(Command::FilterComplete) if self.running.is_none() => {
                self.complete(view)
            }
            PaneEvent::Command(Command::FormSave | Command::FormNext | Command::FilterKeep) => {
                self.start(false)
            }
            PaneEvent::Command(Command::FormCancel | Command::FilterClear | Command::Cancel) => {
                match self.running {
                    Some(job) => vec![Effect::CancelJob(job)],
                    None => vec![Effect::Done(Outcome::Cancelled)],
                }
            }
            PaneEvent::Command(command) => {
                self.line.command(command);
                Vec::new()
            }
            PaneEvent::Outcome(tag, Outcome::Yes) if tag.name == OVERWRITE => self.start(true),
            PaneEvent::Job(JobEvent::Finished { job: id, end })
                if self.completing.as_ref().is_some_and(|(job, _)| *job == *id) =>
            {
                self.completed(end)
            }
            PaneEvent::Job(event) if self.running == Some(event.job()) => match event {
                JobEvent::Progress { done, .. } => {
                    self.done = *done;
                    Vec::new()
                }
                JobEvent::Finished { end, .. } => self.ended(end),
                JobEvent::Preview { .. } => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let place = centred(view.area, 76, 6);
        let (title, path, note) = match self.what {
            Export::Text { .. } => (t!("sheet.save"), "".into(), t!("sheet.save_note")),
            Export::Blanks { .. } => {
                (t!("cycle.save_blanks"), t!("cycle.blanks_path"), t!("cycle.blanks_note"))
            }
            Export::Report(..) => {
                (t!("export.title"), t!("export.report_path"), t!("export.report_note"))
            }
            Export::Person(_) => {
                (t!("copy.export_title"), t!("copy.export_path"), t!("copy.export_note"))
            }
            Export::List(..) => (t!("export.title"), t!("export.path"), t!("export.note")),
        };
        let title = self.title.as_deref().unwrap_or(&title);
        let inner = boxed(frame, place, title, view.theme, view.glyphs);
        put(frame, inner, 0, &path, view.theme.dim, view.glyphs);
        if inner.height > 1 {
            let line = Rect { y: inner.y + 1, height: 1, ..inner };
            self.line.draw(frame, line, view.theme.selected, self.running.is_none());
        }
        let marked = self.marked();
        if marked > 0 {
            let text = t!("export.marked", count = whole(marked as i64));
            put(frame, inner, 2, &text, view.theme.accent, view.glyphs);
        }
        let note =
            if self.running.is_some() { t!("export.running", rows = self.done) } else { note };
        put(frame, inner, 3, &note, view.theme.dim, view.glyphs);
    }
}
