//! Everything by its name: commands of this place with their keys, reports, people, units,
//! programmes, positions. Fuzzy for commands and reports; records are the office's to find.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::Frame;
use ratatui::layout::{Margin, Rect};

use crate::domain::record::{Kind, UnitId};
use crate::domain::search::sound;
use crate::domain::shorten::meant;
use crate::i18n::{self, t};
use crate::protocol::{Answer, Hit, Request};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::effect::{Effect, Tag, UnitScope};
use crate::ui::overlay::{Outcome, Overlay, centred};
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};
use crate::ui::toast::Toast;
use crate::ui::widgets::choosing::{Choice, Chooser, Chosen};
use crate::ui::widgets::frame::boxed;

const HITS: &str = "palette.hits";
const REPORTS: &str = "palette.reports";
/// Which records are looked for, and how many of each.
const KINDS: [(Kind, u32); 4] =
    [(Kind::Employees, 8), (Kind::Units, 4), (Kind::Programmes, 4), (Kind::Positions, 3)];
/// From how many characters on what ends or takes away is taken to be asked for by its name;
/// before, it is never the first.
const NAMED_FROM: usize = 4;
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

    fn is_final(&self) -> bool {
        matches!(self, Self::Command(offer) if offer.command.is_final())
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
    chooser: Chooser,
    /// Places of those found by their own words, best first.
    found: Vec<usize>,
    /// How many of them hold what was typed as it stands, not with other letters between.
    plain: usize,
    /// As in [`KINDS`].
    hits: [Vec<Hit>; KINDS.len()],
    asked: u32,
}

impl Palette {
    pub fn new(offers: Vec<Offer>) -> Self {
        let named: Vec<Named> = offers.into_iter().map(Named::Command).collect();
        let mut found: Vec<usize> = (0..named.len()).collect();
        found.sort_by_key(|at| named[*at].is_final());
        let (chooser, plain) = (Chooser::default(), found.len());
        Self { named, chooser, found, plain, hits: Default::default(), asked: 0 }
    }

    /// The command that stands first once this is typed, if it is one.
    #[cfg(test)]
    pub(crate) fn first(&mut self, text: &str) -> Option<Command> {
        if !text.is_empty() {
            self.rank(text);
        }
        match self.items().first() {
            Some(Item::Named(Named::Command(offer))) => Some(offer.command),
            _ => None,
        }
    }

    fn items(&self) -> Vec<Item<'_>> {
        let command = |at: &usize| self.named.get(*at).map(Item::Named);
        let (plain, scattered) = self.found.split_at(self.plain.min(self.found.len()));
        // Who only belongs to what is named comes after what bears the name.
        let wanted = sound(self.chooser.text().trim());
        let hits = || self.hits.iter().flatten();
        let meant: Vec<String> = meant(&wanted, true).into_iter().chain([wanted]).collect();
        let bears = |hit: &&Hit| {
            let label = sound(&hit.label);
            meant.iter().any(|wanted| label.contains(wanted))
        };
        let named = hits().filter(bears);
        let related = hits().filter(|hit| !bears(hit));
        let records = named.chain(related).map(Item::Record);
        // A name stands before a command that only has its letters somewhere.
        let commands = plain.iter().filter_map(command);
        commands.chain(records).chain(scattered.iter().filter_map(command)).collect()
    }

    fn search(&mut self) -> Vec<Effect> {
        let text = self.chooser.text().trim().to_string();
        self.rank(&text);
        self.chooser.go(0);
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
        let short = text.chars().count() < NAMED_FROM;
        let mut buffer = Vec::new();
        let mut scored: Vec<(bool, bool, u32, usize)> = self
            .named
            .iter()
            .enumerate()
            .filter_map(|(at, named)| {
                let (title, all) = (named.title(), named.words());
                let in_all = pattern.score(Utf32Str::new(&all, &mut buffer), &mut matcher)?;
                let in_title = pattern.score(Utf32Str::new(&title, &mut buffer), &mut matcher);
                let folded = sound(&all);
                let holds =
                    |word| if short { folded.contains(word) } else { begins_a_word(&folded, word) };
                let plain = wanted.split(' ').all(holds);
                if !plain && in_title.is_none() {
                    return None;
                }
                // A word of the title weighs more than one that only leads there.
                let score = u32::MAX - in_all - in_title.unwrap_or(0);
                Some((!plain, short && named.is_final(), score, at))
            })
            .collect();
        scored.sort_unstable();
        // One letter that only leads to something final offers it last all the same.
        if short {
            scored.sort_by_key(|(_, is_final, ..)| *is_final);
        }
        self.plain = scored.iter().take_while(|(scattered, ..)| !scattered).count();
        self.found = scored.into_iter().map(|(.., at)| at).collect();
    }

    fn accept(&self) -> Vec<Effect> {
        match self.items().get(self.chooser.at()) {
            Some(Item::Named(Named::Report(id))) => {
                vec![Effect::Search(Command::GoReports, id.clone())]
            }
            Some(Item::Named(Named::Command(offer))) => match &offer.availability {
                Availability::Yes => vec![Effect::Run(offer.command)],
                Availability::No(why) => vec![Effect::refuse(why.clone())],
            },
            Some(Item::Record(hit)) if hit.id.kind == Kind::Units => {
                let label = hit.label.clone();
                let said = Toast::note(t!("shell.one_unit", unit = label));
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

/// Whether a word of the text begins so: `siti` is a person, not a part of `positions`.
fn begins_a_word(text: &str, word: &str) -> bool {
    let inside = |at: usize| text[..at].ends_with(char::is_alphanumeric);
    text.match_indices(word).any(|(at, _)| !inside(at))
}

impl Overlay for Palette {
    fn id(&self) -> &'static str {
        "palette"
    }

    fn contexts(&self) -> &'static [Context] {
        &[Context::Text, Context::Picker]
    }

    fn available(&self, command: Command) -> Availability {
        match command {
            Command::PickerToggle => Availability::No(t!("shell.one_only").into_owned()),
            _ => Availability::Yes,
        }
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
        match event {
            PaneEvent::Shown => return vec![Effect::ask(REPORTS, Request::Reports)],
            PaneEvent::Answer(_, Answer::Reports(reports)) => {
                self.named.extend(reports.into_iter().map(|info| Named::Report(info.id)));
                // The cursor stays where it is; what was typed meanwhile finds them too.
                let text = self.chooser.text().trim().to_string();
                self.rank(&text);
            }
            PaneEvent::Answer(tag, Answer::Hits(hits)) => {
                let kinds = KINDS.len() as u32;
                let place = self.hits.get_mut((tag.number % kinds) as usize);
                if let Some(place) = place.filter(|_| tag.number / kinds == self.asked) {
                    *place = hits;
                }
            }
            PaneEvent::Command(Command::PickerAccept) => return self.accept(),
            PaneEvent::Command(Command::PickerCancel | Command::Cancel) => {
                return vec![Effect::Done(Outcome::Cancelled)];
            }
            event => {
                let count = self.items().len();
                let inner = Self::place(view.area).inner(Margin::new(1, 1));
                if self.chooser.update(&event, count, inner) == Chosen::Typed {
                    return self.search();
                }
            }
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        let place = Self::place(view.area);
        let inner = boxed(frame, place, &t!("shell.palette"), view.theme, view.glyphs);
        let items = self.items();
        let item = |at: usize| match items.get(at) {
            Some(Item::Named(named)) => Choice {
                left: named.title(),
                right: named.keys(),
                grey: named.is_grey(),
                ..Choice::default()
            },
            Some(Item::Record(hit)) => Choice {
                left: i18n::label(&hit.label),
                right: i18n::detail(hit),
                ..Choice::default()
            },
            None => Choice::default(),
        };
        // So many were asked for; there may be more.
        let cut = self.hits.iter().zip(KINDS).any(|(hits, (_, limit))| hits.len() as u32 >= limit);
        self.chooser.draw(frame, inner, ":", (items.len(), cut), view, &item);
    }
}
