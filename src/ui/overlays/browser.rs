//! A folder to choose from: typing narrows it down, Tab completes, Enter opens a folder or
//! takes a file; at the beginning of the line Backspace and Left go to the folder above. What
//! may be looked into is for whoever lists the folders to say. Ends with `Outcome::Path`.

use std::path::{Path, PathBuf};

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};

use crate::domain::search::sound;
use crate::i18n::{self, t, whole};
use crate::jobs::files::{FolderEntry, FolderList, is_table};
use crate::ui::command::{Command, Context};
use crate::ui::effect::Effect;
use crate::ui::job::{Job, JobEnd, JobEvent, JobId};
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::toast::Toast;
use crate::ui::widgets::choosing::{Choice, Chooser, Chosen};
use crate::ui::widgets::frame::{boxed, put};

pub struct Browser {
    folder: FolderList,
    /// Where it begins, and then what was asked for.
    asked: PathBuf,
    job: Option<JobId>,
    chooser: Chooser,
    /// Places of the entries that the typed text finds, folders first.
    found: Vec<usize>,
    by_name: bool,
    /// Whether the folder itself may be taken, to write into.
    takes_folder: bool,
    /// The beginning of a name, typed before it opened.
    typed_before: Option<String>,
}

impl Browser {
    /// Begins in the folder of this path, or in it.
    pub fn new(path: &Path, takes_folder: bool) -> Self {
        Self {
            folder: FolderList::default(),
            asked: path.to_path_buf(),
            job: None,
            chooser: Chooser::default(),
            found: Vec::new(),
            by_name: false,
            takes_folder,
            typed_before: None,
        }
    }

    /// Begins with this part of a name typed.
    #[must_use]
    pub fn typing(mut self, text: &str) -> Self {
        self.typed_before = Some(text.to_string()).filter(|text| !text.is_empty());
        self
    }

    fn ask(&mut self, folder: PathBuf) -> Vec<Effect> {
        let job = JobId::next();
        self.asked.clone_from(&folder);
        self.job = Some(job);
        vec![Effect::Job(job, Job::Folder(folder))]
    }

    fn above(&mut self) -> Vec<Effect> {
        match self.folder.path.parent().map(Path::to_path_buf) {
            Some(above) => self.ask(above),
            None => Vec::new(),
        }
    }

    fn answered(&mut self, end: &JobEnd) -> Vec<Effect> {
        self.job = None;
        match end {
            JobEnd::Folder(list) => {
                let left = std::mem::replace(&mut self.folder, list.clone());
                if !self.takes_folder {
                    self.folder.entries.retain(|one| one.is_folder || is_table(&one.name));
                }
                // What was typed behind the name of the folder goes on within it.
                let rest = self.chooser.text().rsplit_once('/').map(|(_, rest)| rest.to_string());
                let rest = rest.or_else(|| self.typed_before.take()).unwrap_or_default();
                self.chooser = Chooser::default();
                self.chooser.set_text(&rest);
                self.narrow();
                // Back above, the cursor is where one came from.
                let name = left.path.file_name().map(|name| name.to_string_lossy());
                let from = rest.is_empty() && left.path.parent() == Some(&self.folder.path);
                if let Some(name) = name.filter(|_| from) {
                    let here = |at: &usize| self.folder.entries[*at].name == name;
                    let at = self.found.iter().position(here).map_or(0, |at| at + self.before());
                    self.chooser.go(at);
                }
                Vec::new()
            }
            JobEnd::File(why) => vec![Effect::Toast(Toast::warning(why.clone()))],
            _ => Vec::new(),
        }
    }

    fn narrow(&mut self) {
        let wanted = sound(self.chooser.text());
        let entries = &self.folder.entries;
        let fits = |at: &usize| sound(&entries[*at].name).contains(&wanted);
        let mut found: Vec<usize> = (0..entries.len()).filter(fits).collect();
        found.sort_by(|a, b| {
            let (a, b) = (&entries[*a], &entries[*b]);
            let order = b.is_folder.cmp(&a.is_folder);
            // They came the newest first.
            if self.by_name {
                order.then_with(|| sound(&a.name).cmp(&sound(&b.name)))
            } else {
                order
            }
        });
        self.found = found;
        self.chooser.go(0);
    }

    fn here(&self) -> Option<&FolderEntry> {
        self.entry(self.chooser.at())
    }

    /// Before the entries stands the folder itself, where it may be taken and nothing is typed.
    fn before(&self) -> usize {
        usize::from(self.takes_folder && self.chooser.text().is_empty())
    }

    fn is_at_folder(&self, line: usize) -> bool {
        line < self.before()
    }

    fn entry(&self, line: usize) -> Option<&FolderEntry> {
        let at = self.found.get(line.checked_sub(self.before())?)?;
        self.folder.entries.get(*at)
    }

    fn count(&self) -> usize {
        self.found.len() + self.before()
    }

    /// As far as all that is found begins the same; the whole name of the only one, and where
    /// that is a folder, into it.
    fn complete(&mut self) -> Vec<Effect> {
        let typed = sound(self.chooser.text());
        let names = self.found.iter().map(|at| self.folder.entries[*at].name.as_str());
        let names = names.filter(|name| sound(name).starts_with(&typed));
        let mut names = names.collect::<Vec<_>>().into_iter().peekable();
        let Some(first) = names.peek().copied().or_else(|| self.here().map(|e| e.name.as_str()))
        else {
            return Vec::new();
        };
        let first = first.to_string();
        let is_only = names.clone().count() < 2;
        let text = common_start(&first, names).to_string();
        if text.chars().count() > self.chooser.text().chars().count() {
            self.chooser.set_text(&text);
            self.narrow();
        }
        let entries = &self.folder.entries;
        if is_only && entries.iter().any(|entry| entry.is_folder && entry.name == first) {
            self.chooser.set_text("");
            return self.ask(self.folder.path.join(first));
        }
        Vec::new()
    }

    /// The folder that what is typed names, with what stands before its last stroke.
    fn named_folder(&self) -> Option<PathBuf> {
        let (folder, _) = self.chooser.text().rsplit_once('/')?;
        if folder.is_empty() {
            return Some(PathBuf::from("/"));
        }
        let folder = Path::new(folder);
        // What `~` stands for is for whoever lists the folders to say.
        Some(if folder.starts_with("~") { folder.into() } else { self.folder.path.join(folder) })
    }

    fn accept(&mut self) -> Vec<Effect> {
        let typed = self.chooser.text().trim().to_string();
        // A path that is typed or pasted is gone to.
        if let Some(folder) = self.named_folder() {
            return self.ask(folder);
        }
        if typed == ".." || typed.starts_with('~') {
            self.chooser.set_text("");
            let folder = if typed == ".." { self.folder.path.join(typed) } else { typed.into() };
            return self.ask(folder);
        }
        if self.is_at_folder(self.chooser.at()) {
            // With a stroke behind it, as folders are told from files.
            return vec![Effect::Done(Outcome::Path(self.folder.path.join("")))];
        }
        let Some(entry) = self.here() else {
            return vec![Effect::refuse(t!("shell.nothing_chosen"))];
        };
        let path = self.folder.path.join(&entry.name);
        if entry.is_folder { self.ask(path) } else { vec![Effect::Done(Outcome::Path(path))] }
    }

    fn command(&mut self, command: Command, view: &View) -> Vec<Effect> {
        match command {
            Command::FilterKeep | Command::PickerAccept => return self.accept(),
            Command::FilterClear | Command::PickerCancel | Command::Cancel => {
                return vec![Effect::Done(Outcome::Cancelled)];
            }
            Command::FilterComplete => return self.complete(),
            Command::FilterPresets => {
                self.by_name = !self.by_name;
                self.narrow();
            }
            Command::TextBackspace | Command::TextLeft if self.chooser.text().is_empty() => {
                return self.above();
            }
            command => return self.typed(&PaneEvent::Command(command), view),
        }
        Vec::new()
    }

    fn typed(&mut self, event: &PaneEvent, view: &View) -> Vec<Effect> {
        let inner = view.area.inner(Margin::new(1, 1));
        let list = Rect { height: inner.height.saturating_sub(2), ..inner };
        if self.chooser.update(event, self.count(), list) == Chosen::Typed {
            self.narrow();
            // A folder typed with its stroke is entered, and so is one that is pasted.
            let is_entered = match event {
                PaneEvent::Text(c) => *c == '/',
                PaneEvent::Paste(_) => true,
                _ => false,
            };
            if let Some(folder) = self.named_folder().filter(|_| is_entered) {
                return self.ask(folder);
            }
        }
        Vec::new()
    }

    fn item(&self, at: usize) -> Choice {
        if self.is_at_folder(at) {
            return Choice { left: t!("browse.this_folder").into(), ..Choice::default() };
        }
        let Some(entry) = self.entry(at) else { return Choice::default() };
        let day = entry.changed.map_or_else(String::new, |at| i18n::date(at.date_naive()));
        if entry.is_folder {
            return Choice { left: format!("{}/", entry.name), right: day, ..Choice::default() };
        }
        let right = format!("{}  {day:>11}", size(entry.bytes));
        Choice { left: entry.name.clone(), right, ..Choice::default() }
    }
}

/// As much of the first name as all of them begin with.
pub(super) fn common_start<'a>(first: &'a str, names: impl Iterator<Item = &'a str>) -> &'a str {
    let mut common = first.len();
    for name in names {
        let same = first.char_indices().zip(name.chars());
        let end = same.take_while(|((_, a), b)| a.to_lowercase().eq(b.to_lowercase()));
        common = common.min(end.last().map_or(0, |((at, a), _)| at + a.len_utf8()));
    }
    &first[..common]
}

/// `812 B`, `34 KB`, `1.200 KB`.
fn size(bytes: u64) -> String {
    let kilobytes = bytes.div_ceil(1_000);
    if bytes < 1_000 {
        format!("{bytes} B")
    } else {
        format!("{} KB", whole(i64::try_from(kilobytes).unwrap_or(i64::MAX)))
    }
}

impl Overlay for Browser {
    fn id(&self) -> &'static str {
        "browser"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Text, Context::Filter, Context::Picker]
    }

    fn available(&self, command: Command) -> Availability {
        match command {
            Command::PickerToggle => Availability::No(t!("shell.one_only").into_owned()),
            _ => Availability::Yes,
        }
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::FilterKeep => HintWord::here(t!("browse.hint_open")),
            // Said below the list.
            Command::FilterComplete | Command::FilterPresets => HintWord::Silent,
            Command::FilterClear => HintWord::here(t!("browse.hint_close")),
            command if command.def().contexts == [Context::Global] => HintWord::Usual,
            _ => HintWord::Silent,
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Shown if self.job.is_none() => self.ask(self.asked.clone()),
            PaneEvent::Command(command) => self.command(command, view),
            PaneEvent::Job(event) if self.job == Some(event.job()) => match event {
                JobEvent::Finished { end, .. } => self.answered(end),
                _ => Vec::new(),
            },
            event => self.typed(&event, view),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let title = if self.takes_folder { t!("browse.folder") } else { t!("browse.file") };
        let inner = boxed(frame, view.area, &title, view.theme, view.glyphs);
        let path = self.folder.path.to_string_lossy();
        // Of a long path the end tells more.
        let room = usize::from(inner.width);
        let cut = path.chars().count().saturating_sub(room.saturating_sub(1));
        let path = match cut {
            0 => path.into_owned(),
            cut => {
                format!("{}{}", view.glyphs.ellipsis, path.chars().skip(cut).collect::<String>())
            }
        };
        put(frame, inner, 0, &path, view.theme.dim, view.glyphs);
        let stack = self.contexts();
        let order = if self.by_name { t!("browse.hint_newest") } else { t!("browse.hint_name") };
        let ways = [
            (Command::FilterComplete, t!("browse.hint_complete")),
            (Command::FilterPresets, order),
            (Command::TextBackspace, t!("browse.hint_above")),
        ];
        let way = |(command, word): &(Command, _)| {
            let keys = view.keymap.keys_of(*command, stack, self.facts())?;
            Some(format!("{keys} {word}"))
        };
        let text = ways.iter().filter_map(way).collect::<Vec<_>>().join("  ");
        let foot = inner.height.saturating_sub(1);
        put(frame, inner, foot, &text, view.theme.dim, view.glyphs);
        let list = Rect { y: inner.y + 1, height: inner.height.saturating_sub(2), ..inner };
        let count = (self.count(), self.folder.more);
        self.chooser.draw(frame, list, "/", count, view, &|at| self.item(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn browser(names: &[(&str, bool)]) -> Browser {
        let mut browser = Browser::new(Path::new("/home/rina"), false);
        let entry = |(name, is_folder): &(&str, bool)| FolderEntry {
            name: (*name).to_string(),
            is_folder: *is_folder,
            bytes: 1_500,
            changed: None,
        };
        let entries = names.iter().map(entry).collect();
        let path = "/home/rina".into();
        browser.answered(&JobEnd::Folder(FolderList { path, entries, more: false }));
        browser
    }

    fn shown(browser: &Browser) -> Vec<&str> {
        browser.found.iter().map(|at| browser.folder.entries[*at].name.as_str()).collect()
    }

    #[test]
    fn folders_come_first_then_the_newest_or_by_name() {
        let mut browser = browser(&[("z.csv", false), ("b", true), ("Ab.csv", false)]);
        assert_eq!(shown(&browser), ["b", "z.csv", "Ab.csv"]);
        browser.by_name = true;
        browser.narrow();
        assert_eq!(shown(&browser), ["b", "Ab.csv", "z.csv"]);
        assert_eq!(browser.item(1).right.trim(), "2 KB");
    }

    #[test]
    fn tab_completes_as_far_as_names_agree() {
        let mut browser =
            browser(&[("Pegawai 2025.csv", false), ("pegawai 2026.csv", false), ("x", true)]);
        browser.chooser.set_text("peg");
        browser.narrow();
        browser.complete();
        assert_eq!(browser.chooser.text(), "Pegawai 202");
        assert!(browser.job.is_none());
        browser.chooser.set_text("pegawai 2026");
        browser.narrow();
        browser.complete();
        assert_eq!(browser.chooser.text(), "pegawai 2026.csv");
        let Some(Effect::Done(Outcome::Path(path))) = browser.accept().pop() else {
            panic!("a file")
        };
        assert_eq!(path, Path::new("/home/rina/pegawai 2026.csv"));
    }

    #[test]
    fn a_folder_typed_with_its_stroke_is_entered_and_the_rest_goes_on_within_it() {
        let asked = |effects: Vec<Effect>| match effects.as_slice() {
            [Effect::Job(_, Job::Folder(path))] => path.clone(),
            other => panic!("no folder asked for: {}", other.len()),
        };
        let inside = || {
            let entry = |name: &str| FolderEntry {
                name: name.into(),
                is_folder: false,
                bytes: 1,
                changed: None,
            };
            let entries = ["01.xlsx", "02.xlsx", "README.md"].map(entry).to_vec();
            JobEnd::Folder(FolderList { path: "/home/rina/cases".into(), entries, more: false })
        };
        let mut at = browser(&[("cases", true), ("x.csv", false), ("README.md", false)]);
        assert_eq!(shown(&at), ["cases", "x.csv"], "what cannot be imported is not offered");
        at.chooser.set_text("cases/01");
        assert_eq!(asked(at.accept()), Path::new("/home/rina/cases"));
        at.answered(&inside());
        assert_eq!((at.chooser.text(), shown(&at)), ("01", vec!["01.xlsx"]));
        // The only one that fits is completed, and entered.
        let mut at = browser(&[("cases", true), ("x.csv", false)]);
        at.chooser.set_text("ca");
        at.narrow();
        assert_eq!(asked(at.complete()), Path::new("/home/rina/cases"));
        at.answered(&inside());
        assert_eq!(shown(&at), ["01.xlsx", "02.xlsx"]);
        at.chooser.set_text("/srv/");
        assert_eq!(asked(at.accept()), Path::new("/srv"));
        at.chooser.set_text("~/data/p");
        assert_eq!(asked(at.accept()), Path::new("~/data"));
    }
}
