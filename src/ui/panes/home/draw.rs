//! How home looks.

use chrono::Datelike;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::layout::{Layout, Spot, worst};
use crate::domain::category::{Category, Purpose};
use crate::i18n::{self, find, hundredths, t, whole};
use crate::protocol::{HomePage, HomeSession, HomeUnit, Task, Urgency};
use crate::ui::pane::View;
use crate::ui::widgets::frame::{fit, padded, put};
use crate::ui::widgets::pictures::{bar, columns, shade};

/// The marker before a line.
const GUTTER: u16 = 1;
const NAME: usize = 18;
const PEOPLE: usize = 5;
const CELL: usize = 4;
const JPM: usize = 7;
/// A month of the picture; on a wide screen a broader one.
const MONTH: usize = 4;
const MONTH_WIDE: usize = 6;
const MONTHS_FROM: u16 = 110;
/// Of the bar of those who have their JP.
const BAR: usize = 20;
/// Before the first month.
const LEAD: usize = 6;
const SHARE: usize = 5;
const WIDE: u16 = 100;
/// Of a unit's line what is neither its name nor a competency nor the bar.
const FIXED: usize = GUTTER as usize + PEOPLE + JPM + SHARE + 2;

#[derive(Clone, Copy)]
pub(super) struct Drawing<'a> {
    pub home: &'a HomePage,
    pub layout: &'a Layout,
    /// Where the cursor is, and on which figure of that line.
    pub here: (Option<Spot>, usize),
    pub view: &'a View<'a>,
}

/// The lines from here on.
struct Pen {
    area: Rect,
    row: u16,
}

impl Drawing<'_> {
    pub fn draw(&self, frame: &mut Frame, area: Rect) {
        let mut pen = Pen { area, row: 0 };
        self.figures(frame, &mut pen);
        self.tasks(frame, &mut pen);
        self.units(frame, &mut pen);
        self.months(frame, &mut pen);
        self.sessions(frame, &mut pen);
    }

    fn line(&self, frame: &mut Frame, pen: &mut Pen, text: &str, style: Style) {
        put(frame, pen.area, pen.row, text, style, self.view.glyphs);
        pen.row += 1;
    }

    /// Writes pieces beside each other; the one under the cursor is marked.
    fn pieces(&self, frame: &mut Frame, pen: &mut Pen, spot: Spot, pieces: &[(String, Style)]) {
        let (theme, glyphs) = (self.view.theme, self.view.glyphs);
        let here = self.here.0 == Some(spot);
        let marker = if here { glyphs.cursor } else { " " };
        put(frame, pen.area, pen.row, marker, theme.accent, glyphs);
        let mut x = GUTTER;
        for (at, (text, style)) in pieces.iter().enumerate() {
            let rest = Rect {
                x: pen.area.x + x.min(pen.area.width),
                width: pen.area.width.saturating_sub(x),
                ..pen.area
            };
            let style = if here && at == self.here.1 { theme.selected } else { *style };
            put(frame, rest, pen.row, text, style, glyphs);
            x = x.saturating_add(u16::try_from(text.width()).unwrap_or(u16::MAX));
        }
        pen.row += 1;
    }

    fn figures(&self, frame: &mut Frame, pen: &mut Pen) {
        let home = self.home;
        let theme = self.view.theme;
        let people = t!("home.people", count = whole(home.people)).into_owned();
        let jpm = match home.figures.jpm() {
            Some(jpm) => {
                let capped = home.figures.jpm_capped().unwrap_or(jpm);
                let category = home.category.clone().unwrap_or_default();
                let honest =
                    self.view.info.rules.categories.of_capped(Purpose::Mapping, home.figures);
                let honest = honest.map(Category::code).unwrap_or_default();
                let (jpm, capped) = (one_decimal(jpm), one_decimal(capped));
                let (honest, official) = (format!("{capped} ({honest})"), jpm);
                if pen.area.width >= WIDE {
                    let official = format!("{official} ({category})");
                    t!("home.jpm", honest = honest, official = official).into_owned()
                } else {
                    t!("home.jpm_short", honest = honest, official = official).into_owned()
                }
            }
            None => t!("home.no_jpm").into_owned(),
        };
        let below = t!("home.below", count = whole(home.below)).into_owned();
        let (reached, all) = home.floor;
        let floor = t!("home.floor", reached = whole(reached), all = whole(all));
        let apart = "  ";
        let told = [&people, &jpm, &below, &*floor].map(|text| text.width() + apart.len());
        let room = usize::from(pen.area.width.saturating_sub(GUTTER));
        let room = room.saturating_sub(told.iter().sum::<usize>());
        let width = if pen.area.width >= WIDE { 20 } else { 10 };
        let floor = format!("{floor} {}", bar(reached, all, width.min(room), self.view.glyphs));
        let style = |bad: bool| if bad { theme.gap_below } else { theme.text };
        self.pieces(
            frame,
            pen,
            Spot::Figures,
            &[
                (people + apart, theme.accent),
                (jpm + apart, theme.text),
                (below + apart, style(home.below > 0)),
                (floor, theme.text),
            ],
        );
    }

    fn tasks(&self, frame: &mut Frame, pen: &mut Pen) {
        let theme = self.view.theme;
        let hidden = self.home.tasks.len() - self.layout.tasks.len();
        let heading = if hidden > 0 {
            t!("home.to_do_more", count = hidden).into_owned()
        } else {
            t!("home.to_do").into_owned()
        };
        let today = self.view.today;
        let today = format!("{} {}", i18n::weekday(today), i18n::date(today));
        let x = pen.area.width.saturating_sub(today.width() as u16 + 1);
        if usize::from(x) > heading.width() + 1 {
            let rest = Rect { x: pen.area.x + x, width: pen.area.width - x, ..pen.area };
            put(frame, rest, pen.row, &today, theme.dim, self.view.glyphs);
        }
        self.line(frame, pen, &heading, theme.heading);
        if self.home.tasks.is_empty() {
            self.line(frame, pen, &format!(" {}", t!("home.nothing_to_do")), theme.ok);
        }
        for at in self.layout.tasks.clone() {
            let task = &self.home.tasks[at];
            let (sign, style) = match task.urgency {
                Urgency::Late => ("!!", theme.error),
                Urgency::Now => (" !", theme.warning),
                Urgency::Soon => ("  ", theme.text),
            };
            let (words, detail) = words(task);
            let text = format!("{sign}{:>6}  ", whole(task.count));
            self.pieces(
                frame,
                pen,
                Spot::Task(at),
                &[(text + &words, style), (format!("  {detail}"), theme.dim)],
            );
        }
    }

    /// Which competencies fit, with the one under the cursor among them.
    fn shown(&self, width: u16) -> std::ops::Range<usize> {
        // The last heading is whole, whatever stands before it.
        let rest = t!("home.units_rest").width().saturating_sub(SHARE + 1);
        let fixed = FIXED + NAME + rest;
        let fit =
            (usize::from(width).saturating_sub(fixed) / CELL).min(self.home.competencies.len());
        let here = match self.here {
            (Some(Spot::Unit(_)), column) => column.saturating_sub(1),
            _ => 0,
        };
        let last = self.home.competencies.len().saturating_sub(fit);
        let start = (here + 1).saturating_sub(fit).min(last);
        start..start + fit
    }

    /// What the unit in this line is called.
    fn name(unit: &HomeUnit) -> String {
        let name = i18n::shortened(&unit.name);
        if unit.own { t!("home.own_unit", name = name).into_owned() } else { name }
    }

    /// How wide the names of the units are: what the figures and the bar leave of the line.
    fn names(&self, width: u16, shown: usize) -> usize {
        let spare = usize::from(width).saturating_sub(FIXED + NAME + shown * CELL + BAR);
        let longest = self.home.units.iter().map(|unit| Self::name(unit).width()).max();
        longest.unwrap_or(0).clamp(NAME, NAME + spare)
    }

    fn units(&self, frame: &mut Frame, pen: &mut Pen) {
        let theme = self.view.theme;
        let shown = self.shown(pen.area.width);
        let names = self.names(pen.area.width, shown.len());
        let codes = self.home.competencies[shown.clone()].iter();
        let codes: Vec<String> = codes.map(|one| format!("{:>CELL$}", short(&one.code))).collect();
        let codes = codes.concat();
        let hidden = self.home.units.len().saturating_sub(self.layout.units.len());
        let name = if hidden > 0 {
            t!("home.units_more", count = hidden).into_owned()
        } else {
            t!("home.units").into_owned()
        };
        let name = padded(&format!(" {name}"), usize::from(GUTTER) + names + PEOPLE, false, "~");
        let rest = t!("home.units_rest");
        let jpm = t!("matrix.jpm_capped");
        let jpm = format!("{:>JPM$}", fit(&jpm, JPM, ""));
        self.line(frame, pen, &format!("{name}{codes}{jpm} {rest}"), theme.heading);
        for at in self.layout.units.clone() {
            self.unit(frame, pen, at, &self.home.units[at], shown.clone());
        }
        let Some((at, people)) = worst(self.home) else { return };
        let competency = &self.home.competencies[at];
        let text =
            t!("home.worst", code = competency.code, name = competency.name, count = whole(people));
        self.pieces(frame, pen, Spot::Worst, &[(text.into_owned(), theme.accent)]);
    }

    fn unit(
        &self,
        frame: &mut Frame,
        pen: &mut Pen,
        at: usize,
        unit: &HomeUnit,
        shown: std::ops::Range<usize>,
    ) {
        let (theme, glyphs) = (self.view.theme, self.view.glyphs);
        let names = self.names(pen.area.width, shown.len());
        let name = padded(&Self::name(unit), names, false, glyphs.ellipsis);
        let mut pieces = vec![(format!("{name}{:>PEOPLE$}", whole(unit.people)), theme.text)];
        // What is out of sight takes its place in the count of figures, not on the screen.
        for (column, below) in unit.below.iter().enumerate() {
            if !shown.contains(&column) {
                pieces.push((String::new(), theme.text));
                continue;
            }
            let cursor = self.here == (Some(Spot::Unit(at)), column + 1);
            let text = match (cursor, below) {
                (true, below) => format!("{:>CELL$}", format!("[{below}]")),
                (false, below) => format!("{below:>CELL$}"),
            };
            pieces.push((text, shade(theme, *below, unit.people)));
        }
        // Without surplus, as its heading says.
        let jpm = unit.figures.jpm_capped().map_or_else(|| "?".into(), one_decimal);
        pieces.push((format!("{jpm:>JPM$}"), theme.text));
        let (reached, all) = unit.floor;
        let used: usize = pieces.iter().map(|(text, _)| text.width()).sum();
        let room =
            usize::from(pen.area.width).saturating_sub(used + usize::from(GUTTER) + SHARE + 1);
        let share = (reached * 100).checked_div(all).map(|share| format!("{share}%"));
        let bar = bar(reached, all, room.min(BAR), glyphs);
        pieces.push((format!(" {bar}{:>SHARE$}", share.unwrap_or_default()), theme.text));
        self.pieces(frame, pen, Spot::Unit(at), &pieces);
    }

    fn months(&self, frame: &mut Frame, pen: &mut Pen) {
        let home = self.home;
        let theme = self.view.theme;
        let per_head = |jp: u32| {
            let share = (u64::from(jp) * 100).checked_div(u64::from(home.people)).unwrap_or(0);
            one_decimal(u32::try_from(share).unwrap_or(u32::MAX))
        };
        let year = home.at.year();
        let wide = if pen.area.width >= MONTHS_FROM { MONTH_WIDE } else { MONTH };
        let name = |month: usize| find(&format!("dates.month.{month}")).unwrap_or_default();
        let here = self.here.1 + 1;
        let on = self.here.0 == Some(Spot::Months);
        let told = match home.months.get(self.here.1).filter(|_| on) {
            Some(jp) => t!("home.jp_month", month = name(here), year = year, jp = whole(*jp)),
            None => t!(
                "home.jp_year",
                year = year,
                average = per_head(home.jp),
                before = year - 1,
                average_before = per_head(home.jp_before)
            ),
        };
        let lead = padded(&format!(" {}", t!("home.jp")), LEAD, false, "~");
        let picture =
            columns(&home.months, wide, usize::from(self.layout.months), self.view.glyphs);
        for (row, line) in picture.iter().enumerate() {
            let last = row + 1 == picture.len();
            let (lead, told) = if last { (lead.as_str(), &*told) } else { ("", "") };
            let text = format!("{lead:<LEAD$}{line} {told}");
            self.line(frame, pen, &text, theme.text);
        }
        let blank = (" ".repeat(LEAD - usize::from(GUTTER)), theme.dim);
        // What is under the cursor is the name, not the blanks behind it.
        let months = (1..=home.months.len()).flat_map(|month| {
            let name = fit(&name(month), wide - 1, "");
            let apart = " ".repeat(wide - name.width());
            [(name, theme.dim), (apart, theme.dim)]
        });
        let pieces: Vec<_> = std::iter::once(blank).chain(months).collect();
        let drawing = Self { here: (self.here.0, 2 * here - 1), ..*self };
        drawing.pieces(frame, pen, Spot::Months, &pieces);
    }

    fn sessions(&self, frame: &mut Frame, pen: &mut Pen) {
        if self.home.sessions.is_empty() {
            self.line(frame, pen, &format!(" {}", t!("home.no_sessions")), self.view.theme.dim);
        }
        for at in self.layout.sessions.clone() {
            let (text, style) = self.session(&self.home.sessions[at]);
            let lead =
                if at == self.layout.sessions.start { t!("home.sessions") } else { "".into() };
            let lead = padded(&lead, 7, false, "~");
            self.pieces(frame, pen, Spot::Session(at), &[(format!("{lead}{text}"), style)]);
        }
    }

    fn session(&self, session: &HomeSession) -> (String, Style) {
        let theme = self.view.theme;
        let when = match (session.start, session.end) {
            (Some(start), Some(end)) if end > start => {
                format!("{} {}", i18n::weekday(start), i18n::span(start, end))
            }
            (Some(start), _) => format!("{} {}", i18n::weekday(start), i18n::date(start)),
            _ => String::new(),
        };
        let over = session.capacity.is_some_and(|seats| session.enrolled > seats.into());
        let seats = session.capacity.map_or_else(
            || whole(session.enrolled),
            |seats| format!("{}/{}", whole(session.enrolled), whole(seats)),
        );
        let style = if over { theme.warning } else { theme.text };
        (format!("{when:<20} {}  {}{seats}", session.name, if over { "!" } else { "" }), style)
    }
}

/// What a task is called, and what is said besides.
fn words(task: &Task) -> (String, String) {
    let filled = |key: String| {
        let text = find(&key).unwrap_or_default();
        task.with.iter().fold(text, |text, (name, value)| {
            text.replace(&format!("%{{{name}}}"), &i18n::value(value))
        })
    };
    (filled(format!("task.{}", task.what)), filled(format!("task.{}.detail", task.what)))
}

/// `88,6` of hundredths.
fn one_decimal(of: u32) -> String {
    let tenths = i64::from(of / 10 + u32::from(of % 10 >= 5));
    let text = hundredths(tenths * 10);
    text.strip_suffix('0').unwrap_or(&text).to_string()
}

/// `M1` of `M.1`: there is little room.
fn short(code: &str) -> String {
    let code: String = code.chars().filter(|c| *c != '.').collect();
    fit(&code, CELL - 1, "~")
}
