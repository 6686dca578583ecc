//! Everything by its name: commands of this place with their keys, reports, people, units,
//! programmes, positions. Fuzzy for commands and reports; records are the office's to find.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::domain::record::{Kind, UnitId};
use crate::domain::search::sound;
use crate::i18n::{self, t};
use crate::protocol::{Answer, Hit, Request};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::{Effect, Tag, UnitScope};
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::toast::Toast;
use crate::ui::widgets::cursor::walk;
use crate::ui::widgets::frame::{boxed, fit, padded, put};
use crate::ui::widgets::line::{Edit, TextLine};

const HITS: &str = "palette.hits";
const REPORTS: &str = "palette.reports";
/// Which records are looked for, and how many of each.
const KINDS: [(Kind, u32); 4] =
    [(Kind::Employees, 8), (Kind::Units, 4), (Kind::Programmes, 4), (Kind::Positions, 3)];
/// From how many characters on records are looked for.
const RECORDS_FROM: usize = 2;

/// A command that belongs to where the officer stands.
pub struct Offer {
    pub command: Command,
    pub keys: String,
    pub availability: Availability,
}

/// What is found by its own words.
enum Named {
    Command(Offer),
    /// By its id.
    Report(String),
}

impl Named {
    fn title(&self) -> String {
        match self {
            Self::Command(offer) => offer.command.title_in(i18n::language().code()),
            Self::Report(id) => t!("reports.palette", name = i18n::report(id)).into_owned(),
        }
    }

    /// Its title and other words; officers know many a word from other programs in the
    /// other language.
    fn words(&self) -> String {
        match self {
            Self::Command(offer) => {
                let titles = ["id", "en"].map(|locale| offer.command.title_in(locale)).join(" ");
                format!("{titles} {}", offer.command.words())
            }
            Self::Report(id) => format!("{} {id} {}", self.title(), i18n::report_about(id)),
        }
    }

    fn keys(&self) -> String {
        match self {
            Self::Command(offer) => offer.keys.clone(),
            Self::Report(_) => String::new(),
        }
    }

    fn is_grey(&self) -> bool {
        matches!(self, Self::Command(offer) if offer.availability != Availability::Yes)
    }
}

enum Item<'a> {
    Named(&'a Named),
    Record(&'a Hit),
}

pub struct Palette {
    named: Vec<Named>,
    line: TextLine,
    /// Places of those found by their own words, best first.
    found: Vec<usize>,
    /// How many of them hold what was typed as it stands, not with other letters between.
    plain: usize,
    /// As in [`KINDS`].
    hits: [Vec<Hit>; KINDS.len()],
    cursor: usize,
    asked: u32,
}

impl Palette {
    pub fn new(offers: Vec<Offer>) -> Self {
        let named: Vec<Named> = offers.into_iter().map(Named::Command).collect();
        let found: Vec<usize> = (0..named.len()).collect();
        let (line, plain) = (TextLine::new(""), found.len());
        Self { named, line, found, plain, hits: Default::default(), cursor: 0, asked: 0 }
    }

    fn items(&self) -> Vec<Item<'_>> {
        let command = |at: &usize| self.named.get(*at).map(Item::Named);
        let (plain, scattered) = self.found.split_at(self.plain.min(self.found.len()));
        // Who only belongs to what is named comes after what bears the name.
        let wanted = sound(self.line.text().trim());
        let hits = || self.hits.iter().flatten();
        let named = hits().filter(|hit| sound(&hit.label).contains(&wanted));
        let related = hits().filter(|hit| !sound(&hit.label).contains(&wanted));
        let records = named.chain(related).map(Item::Record);
        // A name stands before a command that only has its letters somewhere.
        let commands = plain.iter().filter_map(command);
        commands.chain(records).chain(scattered.iter().filter_map(command)).collect()
    }

    fn search(&mut self) -> Vec<Effect> {
        let text = self.line.text().trim().to_string();
        self.rank(&text);
        self.cursor = 0;
        self.asked += 1;
        if text.chars().count() < RECORDS_FROM {
            self.hits = Default::default();
            return Vec::new();
        }
        let ask = |(at, (kind, limit)): (usize, &(Kind, u32))| {
            let request = Request::Lookup { kind: *kind, text: text.clone(), limit: *limit };
            // One number tells both which question and which kind.
            Effect::ask(Tag::new(HITS, self.asked * KINDS.len() as u32 + at as u32), request)
        };
        KINDS.iter().enumerate().map(ask).collect()
    }

    /// Ranks commands and reports: what holds the words as typed before what has only the letters.
    fn rank(&mut self, text: &str) {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(text, CaseMatching::Ignore, Normalization::Smart);
        let wanted = sound(text);
        let mut buffer = Vec::new();
        let mut scored: Vec<(bool, u32, usize)> = self
            .named
            .iter()
            .enumerate()
            .filter_map(|(at, named)| {
                let (title, all) = (named.title(), named.words());
                let in_all = pattern.score(Utf32Str::new(&all, &mut buffer), &mut matcher)?;
                let in_title = pattern.score(Utf32Str::new(&title, &mut buffer), &mut matcher);
                let folded = sound(&all);
                let plain = wanted.split(' ').all(|word| folded.contains(word));
                if !plain && in_title.is_none() {
                    return None;
                }
                // A word of the title weighs more than one that only leads there.
                Some((!plain, u32::MAX - in_all - in_title.unwrap_or(0), at))
            })
            .collect();
        scored.sort_unstable();
        self.plain = scored.iter().filter(|(scattered, ..)| !scattered).count();
        self.found = scored.into_iter().map(|(.., at)| at).collect();
    }

    fn typed(&mut self, edit: Edit) -> Vec<Effect> {
        if edit == Edit::Changed { self.search() } else { Vec::new() }
    }

    fn accept(&self) -> Vec<Effect> {
        match self.items().get(self.cursor) {
            Some(Item::Named(Named::Report(id))) => {
                vec![Effect::Search(Command::GoReports, id.clone())]
            }
            Some(Item::Named(Named::Command(offer))) => match &offer.availability {
                Availability::Yes => vec![Effect::Run(offer.command)],
                Availability::No(why) => vec![Effect::refuse(why.clone())],
            },
            Some(Item::Record(hit)) if hit.id.kind == Kind::Units => {
                let label = hit.label.clone();
                let said = Toast::note(t!("shell.restricted", unit = label));
                let unit = UnitScope { id: UnitId(hit.id.number), label };
                vec![
                    Effect::Done(Outcome::Cancelled),
                    Effect::Restrict(Some(unit)),
                    Effect::Toast(said),
                ]
            }
            Some(Item::Record(hit)) => vec![Effect::Show(hit.id)],
            None => vec![Effect::refuse(t!("shell.list_none_found"))],
        }
    }

    fn place(screen: Rect) -> Rect {
        centred(screen, 76, 20)
    }
}

impl Overlay for Palette {
    fn id(&self) -> &'static str {
        "palette"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Text, Context::Picker]
    }

    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::PickerToggle => HintWord::Silent,
            _ => HintWord::Usual,
        }
    }

    /// What is found first for all that was typed, not for a part of it.
    fn waits(&self, command: Option<Command>, _facts: Facts) -> bool {
        command == Some(Command::PickerAccept)
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        let page = u32::from(Self::place(view.area).height.saturating_sub(3));
        if let PaneEvent::Command(command) = event
            && let Some(at) = walk(command, self.cursor as u32, self.items().len() as u32, page)
        {
            self.cursor = at as usize;
            return Vec::new();
        }
        match event {
            PaneEvent::Text(c) => {
                let edit = self.line.insert(c);
                return self.typed(edit);
            }
            PaneEvent::Paste(text) => {
                let edit = self.line.paste(text);
                return self.typed(edit);
            }
            PaneEvent::Shown => return vec![Effect::ask(REPORTS, Request::Reports)],
            PaneEvent::Answer(_, Answer::Reports(reports)) => {
                self.named.extend(reports.into_iter().map(|info| Named::Report(info.id)));
                // The cursor stays where it is; what was typed meanwhile finds them too.
                let text = self.line.text().trim().to_string();
                self.rank(&text);
            }
            PaneEvent::Answer(tag, Answer::Hits(hits)) => {
                let kinds = KINDS.len() as u32;
                let place = self.hits.get_mut((tag.number % kinds) as usize);
                if let Some(place) = place.filter(|_| tag.number / kinds == self.asked) {
                    *place = hits;
                }
            }
            PaneEvent::Command(command) => match command {
                Command::PickerAccept => return self.accept(),
                Command::PickerCancel | Command::Cancel => {
                    return vec![Effect::Done(Outcome::Cancelled)];
                }
                command => {
                    let edit = self.line.command(command);
                    return self.typed(edit);
                }
            },
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let place = Self::place(view.area);
        let inner = boxed(frame, place, &t!("shell.palette"), view.theme, view.glyphs);
        if inner.is_empty() {
            return;
        }
        frame.buffer_mut().set_string(inner.x, inner.y, ":", view.theme.accent);
        let line = Rect { x: inner.x + 1, width: inner.width - 1, height: 1, ..inner };
        self.line.draw(frame, line, view.theme.text, true);
        let list = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
        let rows = usize::from(list.height);
        let top = (self.cursor + 1).saturating_sub(rows);
        let width = usize::from(list.width);
        let items = self.items();
        for (row, (at, item)) in items.iter().enumerate().skip(top).take(rows).enumerate() {
            let here = at == self.cursor;
            let marker = if here { view.glyphs.cursor } else { " " };
            let (label, right, grey) = match item {
                Item::Named(named) => (named.title(), named.keys(), named.is_grey()),
                Item::Record(hit) => (i18n::label(&hit.label), i18n::label(&hit.detail), false),
            };
            let right = fit(&right, width / 2, view.glyphs.ellipsis);
            let room = width.saturating_sub(right.width() + 3);
            let label = padded(&label, room, false, view.glyphs.ellipsis);
            let style = match (here, grey) {
                (true, _) => view.theme.selected,
                (_, true) => view.theme.dim,
                _ => view.theme.text,
            };
            let text = padded(&format!("{marker} {label} {right}"), width, false, "");
            put(frame, list, row as u16, &text, style, view.glyphs);
        }
        if items.is_empty() {
            put(frame, list, 0, &t!("shell.list_none_found"), view.theme.dim, view.glyphs);
        }
    }
}
