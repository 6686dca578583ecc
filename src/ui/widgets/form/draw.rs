//! How a form looks: one field a line, label and value, and under a field what is wrong
//! with it. Scrolls so that the field with the cursor is in sight.

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::{Form, FormEntry};
use chrono::Datelike;

use crate::domain::field::Shape;
use crate::domain::kinds::holiday::Holiday;
use crate::domain::kinds::session::Session;
use crate::domain::record::Kind;
use crate::domain::rules::ClosedDay;
use crate::i18n;
use crate::ui::pane::View;
use crate::ui::widgets::frame::{fit, put, squeezed, wrap};
use crate::ui::widgets::scrollbar;

/// The widest a label may be.
const LABEL_MAX: usize = 26;

enum Line<'a> {
    Field(usize, &'a FormEntry),
    Fault(String),
    Help(String),
    /// What is typed may mean this.
    Offered(&'a str),
}

pub fn draw(frame: &mut Frame, area: Rect, form: &Form, view: &View) {
    if area.is_empty() {
        return;
    }
    let labels: Vec<String> = form.entries().iter().map(FormEntry::label).collect();
    let label_width = label_width(&labels, area.width);
    let inset = (label_width as u16 + 2).min(area.width);
    let own = &view.info.holidays;
    let lines = lines(form, room(label_width, area.width), own);
    let here =
        lines.iter().position(|line| matches!(line, Line::Field(at, _) if *at == form.focus()));
    let height = usize::from(area.height);
    // What is said below it is to be in sight too.
    let said = |line: &&Line| !matches!(line, Line::Field(..));
    let wanted = here.map_or(0, |at| {
        let below = lines.iter().skip(at + 1);
        at + 1 + below.take_while(said).count()
    });
    let top = wanted.saturating_sub(height).min(lines.len().saturating_sub(height));
    let top = top.min(here.unwrap_or(0));
    for (row, line) in lines.iter().skip(top).take(height).enumerate() {
        let row = row as u16;
        match line {
            Line::Fault(text) => {
                let place = Rect { x: area.x + inset, width: area.width - inset, ..area };
                put(frame, place, row, text, view.theme.error, view.glyphs);
            }
            Line::Offered(text) => {
                let place = Rect { x: area.x + inset, width: area.width - inset, ..area };
                let text = squeezed(text, usize::from(place.width), view.glyphs.ellipsis);
                put(frame, place, row, &text, view.theme.dim, view.glyphs);
            }
            Line::Help(text) => {
                let place = Rect { x: area.x + inset, width: area.width - inset, ..area };
                put(frame, place, row, text, view.theme.dim, view.glyphs);
            }
            Line::Field(at, entry) => {
                let place = Rect { y: area.y + row, height: 1, ..area };
                let focused = *at == form.focus();
                draw_entry(frame, place, entry, &labels[*at], label_width, focused, view);
            }
        }
    }
    let total = lines.len() as u32;
    scrollbar::draw(frame.buffer_mut(), area, top as u32, total, view.theme, view.glyphs);
}

/// How many lines it takes at most, whichever field has the cursor.
pub fn height(form: &Form, width: u16, own: &[Holiday]) -> u16 {
    let labels: Vec<String> = form.entries().iter().map(FormEntry::label).collect();
    let room = room(label_width(&labels, width), width);
    let helps = form.entries().iter().filter_map(|entry| help(form, entry, own));
    let helps = helps.map(|help| wrap(&help, room).len()).max().unwrap_or(0);
    let below = helps.max(form.offered().len());
    (form.entries().len() + below + form.fault_count()) as u16
}

fn label_width(labels: &[String], width: u16) -> usize {
    let widest = labels.iter().map(|label| label.width()).max().unwrap_or(0);
    (widest + 2).min(LABEL_MAX).min(usize::from(width) / 2)
}

/// What is left for a value; the last column is the scrollbar's.
fn room(label_width: usize, width: u16) -> usize {
    usize::from(width).saturating_sub(label_width + 3).max(1)
}

/// Fields, and what is said below them broken into lines of `width` cells.
fn lines<'a>(form: &'a Form, width: usize, own: &[Holiday]) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for (at, entry) in form.entries().iter().enumerate() {
        lines.push(Line::Field(at, entry));
        if let Some(fault) = form.fault_of(entry) {
            let text = format!("! {}", i18n::reason(fault.reason, &fault.detail));
            lines.extend(wrap(&text, width).into_iter().map(Line::Fault));
        } else if at == form.focus() && !form.offered().is_empty() {
            lines.extend(form.offered().iter().map(|text| Line::Offered(text)));
        } else if at == form.focus()
            && let Some(help) = help(form, entry, own)
        {
            lines.extend(wrap(&help, width).into_iter().map(Line::Help));
        }
    }
    lines
}

/// What helps with the field under the cursor. A setting's value is helped with by its name.
fn help(form: &Form, entry: &FormEntry, own: &[Holiday]) -> Option<String> {
    if entry.kind == Kind::Settings {
        let name = form.beside("name")?;
        return i18n::find(&format!("setting_help.{name}"));
    }
    let closed = holidays(form, entry, own);
    let said = match (entry.date(), &closed[..]) {
        (Some(date), [day]) if day.date == date => {
            [None, Some(format!("{} {}", i18n::weekday(date), i18n::holidays(&closed)))]
        }
        _ => [echo(entry), (!closed.is_empty()).then(|| i18n::holidays(&closed))],
    };
    let said = said.into_iter().chain([days(form, entry)]);
    // Once a day is understood, how it is written is plain.
    let help = entry.help().filter(|_| entry.date().is_none());
    said.chain([help]).flatten().reduce(|a, b| format!("{a}. {b}"))
}

/// The day that was understood: `Sab 5 Des 2026, akhir pekan`.
fn echo(entry: &FormEntry) -> Option<String> {
    let date = entry.date()?;
    let day = format!("{} {}", i18n::weekday(date), i18n::date(date));
    let weekend = date.weekday().number_from_monday() > 5;
    Some(if weekend { format!("{day}, {}", i18n::t!("form.weekend")) } else { day })
}

/// The days that are a holiday or joint leave: of a session all of its days, else this one.
fn holidays(form: &Form, entry: &FormEntry, own: &[Holiday]) -> Vec<ClosedDay> {
    let one = entry.date();
    let session = session(form).filter(|_| entry.field.shape == Shape::Date);
    let session = session.or(one.map(|_| Session { start: one, end: one, ..Session::default() }));
    session.map(|session| session.holidays(own)).unwrap_or_default()
}

/// The days of the session that is being filled in.
fn session(form: &Form) -> Option<Session> {
    let date = |name: &str| form.entries().iter().find(|e| e.field.name == name)?.date();
    let (start, end) = (date("start"), date("end"));
    let start = start.or(end).filter(|_| form.kind() == Kind::Sessions)?;
    Some(Session { start: Some(start), end, ..Session::default() })
}

/// How many days the JP is for.
fn days(form: &Form, entry: &FormEntry) -> Option<String> {
    let session = session(form).filter(|_| entry.field.name == "jp")?;
    Some(i18n::t!("form.days", count = session.days()).into_owned())
}

fn draw_entry(
    frame: &mut Frame,
    area: Rect,
    entry: &FormEntry,
    label: &str,
    label_width: usize,
    focused: bool,
    view: &View,
) {
    let marker = if focused { view.glyphs.cursor } else { " " };
    let star = if entry.field.required { "*" } else { " " };
    let label = fit(label, label_width.saturating_sub(2), view.glyphs.ellipsis);
    let style = if focused { view.theme.accent } else { view.theme.dim };
    put(frame, area, 0, &format!("{marker}{label}{star}"), style, view.glyphs);
    let inset = (label_width as u16 + 2).min(area.width);
    // The last column is the scrollbar's.
    let width = area.width.saturating_sub(inset + 1);
    let value = Rect { x: area.x + inset, width, ..area };
    match entry.line() {
        Some(line) if focused => line.draw(frame, value, view.theme.selected, true),
        _ => {
            let style = if focused { view.theme.selected } else { view.theme.text };
            let text = if focused && entry.turns() {
                let shown = entry.shown();
                let shown = if shown.is_empty() { i18n::t!("form.choose").into() } else { shown };
                format!("{} {shown} {}", view.glyphs.left, view.glyphs.right)
            } else {
                entry.shown().replace('\n', " ")
            };
            put(frame, value, 0, &text, style, view.glyphs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::Record;
    use crate::i18n::{Language, speaking};

    #[test]
    fn no_label_of_a_form_is_cut_at_eighty_columns_in_either_language() {
        for language in Language::ALL {
            speaking(language, || {
                for kind in Kind::ALL.iter().copied().filter(|kind| !kind.is_sealed()) {
                    let form = Form::new(kind, &Record::empty(kind).fields());
                    let labels: Vec<String> = form.entries().iter().map(FormEntry::label).collect();
                    let room = label_width(&labels, 78) - 1;
                    let cut: Vec<&String> =
                        labels.iter().filter(|label| label.width() > room).collect();
                    assert!(cut.is_empty(), "{kind}: {cut:?}");
                }
            });
        }
    }
}
