//! How the matrix looks. A cell is its level, then the sign and size of the gap: `3=`,
//! `2-1`, `4+1`, `3` without a standard, `.` unrated; behind it `?` until the level is on
//! the disk and `!` where it was refused. The cursor stands in brackets. Nothing is told
//! by colour alone.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::keyed::KeyedState;
use super::layout::{BELOW, CELL, GUTTER, JPM, Layout};
use super::lines::MatrixLine;
use super::source::advance_words;
use super::{MatrixPane, Shown, side};
use crate::domain::gap::{Cell, Figures};
use crate::i18n::{choice, date, hundredths, shortened, t, whole};
use crate::protocol::{Matrix, MatrixGroup, MatrixRow};
use crate::ui::command::Command;
use crate::ui::pane::View;
use crate::ui::widgets::frame::{fit, fit_middle, padded, put, squeezed, wrap};
use crate::ui::widgets::{pictures, scrollbar, ways};

pub fn draw(frame: &mut Frame, pane: &MatrixPane, view: &View) {
    let layout = pane.layout(view.area);
    draw_sitting(frame, layout.sitting, pane, view);
    if let Some(matrix) = pane.window.matrix() {
        draw_unit(frame, layout.unit, matrix, pane, view);
        draw_focus(frame, layout.focus, matrix, &layout, pane, view);
        draw_header(frame, &layout, matrix, pane, view);
        draw_body(frame, &layout, matrix, pane, view);
        draw_totals(frame, &layout, matrix, pane, view);
        draw_person(frame, layout.person, pane, view);
        draw_text(frame, layout.text, pane, view);
        side::draw(frame, layout.side, pane, view);
    } else {
        put(frame, layout.body, 0, &t!("matrix.loading"), view.theme.dim, view.glyphs);
    }
    draw_filter(frame, layout.filter, pane, view);
}

/// A cell as it stands in the grid: at most four characters.
pub fn cell_text(shown: Shown) -> String {
    let mut text = match (shown.cell.actual, shown.cell.gap()) {
        // Nothing is asked there; else it is still to be rated.
        (None, _) if shown.cell.required.is_none() => ".".to_string(),
        (None, _) => "?".to_string(),
        (Some(actual), None) => actual.to_string(),
        (Some(actual), Some(0)) => format!("{actual}="),
        (Some(actual), Some(gap)) => format!("{actual}{gap:+}"),
    };
    match shown.progress {
        Some(KeyedState::Waiting) => text.push('~'),
        _ if shown.refused => text.push('!'),
        _ => {}
    }
    text
}

/// The official figure; above 100 only that it is, since it may hide a deficit.
pub fn jpm_text(figures: Figures) -> String {
    match figures.jpm() {
        None => String::new(),
        Some(jpm) if jpm > 10_000 => ">100".to_string(),
        Some(jpm) => hundredths(jpm),
    }
}

fn capped_text(figures: Figures) -> String {
    figures.jpm_capped().map_or_else(String::new, hundredths)
}

fn cell_style(cell: Cell, view: &View) -> Style {
    match cell.gap() {
        Some(gap) if gap < 0 => {
            let deep = usize::from(gap.unsigned_abs()).min(view.theme.heat.len()) - 1;
            view.theme.heat[deep].patch(view.theme.gap_below)
        }
        Some(gap) if gap > 0 => view.theme.gap_above,
        None if cell.actual.is_none() => view.theme.dim,
        _ => view.theme.text,
    }
}

/// Writes `text` into exactly `width` cells from column `x` of `line`, if it is inside.
fn write(frame: &mut Frame, line: Rect, x: u16, text: &str, width: u16, style: Style) {
    let room = line.width.saturating_sub(x).min(width);
    if line.height > 0 && room > 0 {
        frame.buffer_mut().set_stringn(line.x + x, line.y, text, usize::from(room), style);
    }
}

/// Writes a text at the left and one at the right, which is the first to give way.
fn put_both(frame: &mut Frame, line: Rect, left: (&str, Style), right: (&str, Style), view: &View) {
    put(frame, line, 0, left.0, left.1, view.glyphs);
    let (used, wanted) = (left.0.width() as u16 + 2, right.0.width() as u16);
    if used + wanted <= line.width {
        write(frame, line, line.width - wanted, right.0, wanted, right.1);
    }
}

fn draw_unit(frame: &mut Frame, line: Rect, matrix: &Matrix, pane: &MatrixPane, view: &View) {
    let dot = view.glyphs.dot;
    let unit = matrix.unit.as_deref().map_or_else(|| t!("matrix.whole_office"), Into::into);
    let people = t!("matrix.people", count = whole(matrix.matched));
    let left = format!("{unit} {dot} {} {dot} {people}", date(matrix.at));
    put(frame, line, 0, &left, view.theme.accent, view.glyphs);
    let waiting = pane.waiting();
    if waiting > 0 {
        let right = t!("matrix.waiting", count = waiting);
        put_both(frame, line, (&left, view.theme.accent), (&right, view.theme.warning), view);
    }
}

fn draw_sitting(frame: &mut Frame, line: Rect, pane: &MatrixPane, view: &View) {
    let sitting = pane.sitting.borrow();
    let rater = if sitting.rater.is_empty() { "-" } else { &sitting.rater };
    let text = t!(
        "matrix.sitting",
        dot = view.glyphs.dot,
        source = choice(sitting.source.code()),
        rater = rater,
        date = date(sitting.date.unwrap_or(view.today))
    );
    let advance = advance_words(sitting.advance);
    // Until the officer has said yes to it once, it says that it is only a proposal.
    let (style, right) = if sitting.confirmed {
        (view.theme.text, format!("{} {advance}", view.glyphs.arrow))
    } else {
        (view.theme.dim, t!("matrix.sitting_unconfirmed").into_owned())
    };
    put_both(frame, line, (&text, style), (&right, view.theme.dim), view);
}

fn draw_focus(
    frame: &mut Frame,
    line: Rect,
    matrix: &Matrix,
    layout: &Layout,
    pane: &MatrixPane,
    view: &View,
) {
    let column = pane.window.columns().get(pane.told_column()).copied();
    let competency = column.and_then(|at| matrix.competencies.get(at));
    let left = competency.map_or_else(String::new, |one| format!("{} {}", one.code, one.name));
    let mut right = Vec::new();
    if layout.unit.height == 0 {
        right.extend(short_head(pane, view));
    }
    if !matrix.standards_verified {
        right.push(if layout.unit.height == 0 {
            t!("matrix.standards_unverified_short").into_owned()
        } else {
            t!("matrix.standards_unverified").into_owned()
        });
    }
    let right = right.join(&format!(" {} ", view.glyphs.dot));
    // That the standards are not verified gives way to nothing.
    let room = usize::from(line.width).saturating_sub(right.width() + 2);
    let mut left = fit(&left, room, view.glyphs.ellipsis);
    let all = pane.window.columns().len();
    if all > layout.columns {
        let from = pane.window.left();
        let to = (from + layout.columns).min(all);
        let part = t!("matrix.of_columns", from = from + 1, to = to, all = all);
        if left.width() + part.width() + 2 <= room {
            left = format!("{left}  {part}");
        }
    }
    put_both(frame, line, (&left, view.theme.accent), (&right, view.theme.warning), view);
}

/// Of the head what cannot wait until there is room: that digits are on their way, and what is written beside a digit.
fn short_head(pane: &MatrixPane, view: &View) -> Vec<String> {
    let mut told = Vec::new();
    let waiting = pane.waiting();
    if waiting > 0 {
        told.push(t!("matrix.waiting", count = waiting).into_owned());
    }
    let sitting = pane.sitting.borrow();
    let day = date(sitting.date.unwrap_or(view.today));
    let mut source = choice(sitting.source.code());
    if !sitting.rater.is_empty() {
        source = format!("{source} {}", sitting.rater);
    }
    told.push(if sitting.confirmed {
        t!("matrix.sitting_short", source = source, date = day).into_owned()
    } else {
        t!("matrix.sitting_short_unconfirmed", source = source, date = day).into_owned()
    });
    told
}

fn draw_header(
    frame: &mut Frame,
    layout: &Layout,
    matrix: &Matrix,
    pane: &MatrixPane,
    view: &View,
) {
    let line = layout.header;
    let heading = view.theme.heading;
    let ellipsis = view.glyphs.ellipsis;
    write(
        frame,
        line,
        GUTTER,
        &fit(&t!("matrix.name"), layout.name.into(), ellipsis),
        layout.name,
        heading,
    );
    if layout.post > 0 {
        let post = fit(&t!("matrix.post"), layout.post.into(), ellipsis);
        write(frame, line, GUTTER + layout.name + 1, &post, layout.post, heading);
    }
    let columns = pane.window.columns();
    let shown = columns.iter().enumerate().skip(pane.window.left()).take(layout.columns);
    for (nth, (place, at)) in shown.enumerate() {
        let Some(competency) = matrix.competencies.get(*at) else { continue };
        let x = layout.cells() + nth as u16 * CELL;
        // By which one people are sorted, and who comes first.
        let sorted = pane.window.sort().filter(|sort| sort.column == competency.code);
        let sign = sorted.map_or("", |sort| if sort.descending { "v" } else { "^" });
        let code = fit(&format!("{}{sign}", competency.code), usize::from(CELL - 1), ellipsis);
        let style = if place == pane.told_column() { view.theme.accent } else { view.theme.dim };
        write(frame, line, x + 1, &code, CELL - 1, style);
    }
    if pane.window.left() > 0 {
        write(frame, line, layout.cells(), view.glyphs.left, 1, view.theme.accent);
    }
    let end = layout.cells() + layout.columns as u16 * CELL;
    if pane.window.left() + layout.columns < columns.len() {
        write(frame, line, end, view.glyphs.right, 1, view.theme.accent);
    }
    let words = [t!("matrix.jpm_capped"), t!("matrix.jpm"), t!("matrix.below")];
    draw_figures(frame, line, layout, words.each_ref().map(AsRef::as_ref), [view.theme.dim; 3]);
}

/// The figures at the right: the honest one, the official JPM, the count below.
fn draw_figures(
    frame: &mut Frame,
    line: Rect,
    layout: &Layout,
    texts: [&str; 3],
    styles: [Style; 3],
) {
    let mut x = layout.cells() + layout.columns as u16 * CELL;
    let widths = [
        if layout.show_jpm { JPM } else { 0 },
        if layout.show_jpm { JPM } else { 0 },
        if layout.show_below { BELOW } else { 0 },
    ];
    for ((text, style), width) in texts.iter().zip(styles).zip(widths) {
        if width > 0 {
            let text = padded(text, usize::from(width - 1), true, "~");
            write(frame, line, x + 1, &text, width - 1, style);
        }
        x += width;
    }
}

fn draw_body(frame: &mut Frame, layout: &Layout, matrix: &Matrix, pane: &MatrixPane, view: &View) {
    let body = layout.body;
    for nth in 0..body.height {
        let at = pane.window.top() + u32::from(nth);
        if at >= matrix.lines {
            break;
        }
        let line = Rect { y: body.y + nth, height: 1, ..body };
        match pane.window.line_at(at) {
            Some(MatrixLine::Person(row)) => draw_row(frame, line, layout, at, row, pane, view),
            Some(MatrixLine::Unit(group)) => draw_group(frame, line, layout, at, group, pane, view),
            None => write(frame, line, GUTTER, view.glyphs.ellipsis, 1, view.theme.dim),
        }
    }
    if matrix.matched == 0 {
        let inset = GUTTER.min(body.width);
        let inner = Rect { x: body.x + inset, width: body.width - inset, ..body };
        if matrix.total == 0 && view.unit.is_none() {
            let ways = [Command::Import, Command::GoEmployees, Command::Guide];
            ways::draw(frame, inner, &t!("matrix.nobody_yet"), &ways, view);
        } else {
            let text = match pane.filter.unknown() {
                _ if matrix.total == 0 => t!("matrix.nobody").into_owned(),
                Some(unknown) => unknown,
                None => t!("shell.list_none_found").into_owned(),
            };
            put(frame, inner, 0, &text, view.theme.dim, view.glyphs);
        }
    }
    let (top, total) = (pane.window.top(), matrix.lines);
    scrollbar::draw(frame.buffer_mut(), body, top, total, view.theme, view.glyphs);
}

fn draw_row(
    frame: &mut Frame,
    line: Rect,
    layout: &Layout,
    at: u32,
    row: &MatrixRow,
    pane: &MatrixPane,
    view: &View,
) {
    let here = at == pane.window.row_number();
    let is_marked = view.marked_people.contains(&row.employee.0);
    let (marker, style) = match (here, is_marked) {
        (true, _) => (view.glyphs.cursor, view.theme.accent),
        (false, true) => (view.glyphs.mark, view.theme.marked),
        _ => (" ", view.theme.text),
    };
    let ellipsis = view.glyphs.ellipsis;
    write(frame, line, 0, marker, GUTTER, style);
    let name = fit(&row.name, layout.name.into(), ellipsis);
    write(frame, line, GUTTER, &name, layout.name, style);
    if layout.post > 0 {
        let post = squeezed(&row.position, layout.post.into(), ellipsis);
        write(frame, line, GUTTER + layout.name + 1, &post, layout.post, view.theme.dim);
    }
    let columns = pane.window.columns();
    let shown = columns.iter().enumerate().skip(pane.window.left()).take(layout.columns);
    for (nth, (place, at)) in shown.enumerate() {
        let shown = pane.shown(row, *at);
        let text = cell_text(shown);
        let x = layout.cells() + nth as u16 * CELL;
        if here && place == pane.window.column_number() {
            let text = format!("[{:<4}", format!("{text}]"));
            write(frame, line, x, &text, CELL, view.theme.selected);
        } else {
            write(frame, line, x + 1, &text, CELL - 1, cell_style(shown.cell, view));
        }
    }
    let figures = pane.figures(row);
    let below = if figures.below == 0 { view.theme.dim } else { view.theme.gap_below };
    let above = if figures.jpm() > Some(10_000) { view.theme.gap_above } else { view.theme.text };
    let count = if figures.rated == 0 { String::new() } else { figures.below.to_string() };
    let texts = [capped_text(figures), jpm_text(figures), count];
    let styles = [view.theme.text, above, below];
    draw_figures(frame, line, layout, texts.each_ref().map(String::as_str), styles);
}

/// What a unit's people add up to: how many they are, how many of them are below standard in
/// each competency, and their JPM without surplus.
fn draw_group(
    frame: &mut Frame,
    line: Rect,
    layout: &Layout,
    at: u32,
    group: &MatrixGroup,
    pane: &MatrixPane,
    view: &View,
) {
    let here = at == pane.window.row_number();
    let style = if here { view.theme.accent } else { view.theme.heading };
    write(frame, line, 0, if here { view.glyphs.cursor } else { " " }, GUTTER, style);
    // The first cell begins with a blank of its own.
    let width = layout.cells() - GUTTER;
    write(frame, line, GUTTER, &unit_words(group, width.into(), view), width, style);
    let columns = pane.window.columns();
    let shown = columns.iter().enumerate().skip(pane.window.left()).take(layout.columns);
    for (nth, (place, at)) in shown.enumerate() {
        let below = group.below.get(*at).copied().unwrap_or_default();
        let text = short(below);
        let x = layout.cells() + nth as u16 * CELL;
        if here && place == pane.window.column_number() {
            let text = format!("[{:<4}", format!("{text}]"));
            write(frame, line, x, &text, CELL, view.theme.selected);
        } else {
            let style = pictures::shade(view.theme, below, group.people);
            let twin = pictures::twin(view.theme, below, group.people);
            let text = if text.width() < usize::from(CELL - 1) { text + twin } else { text };
            write(frame, line, x + 1, &text, CELL - 1, style);
        }
    }
    let texts = [capped_text(group.figures), String::new(), short(group.figures.below)];
    let texts = texts.each_ref().map(String::as_str);
    draw_figures(frame, line, layout, texts, [style; 3]);
}

/// The unit's name and how many people it has: before a name is cut its usual words are
/// shortened and the brackets go.
fn unit_words(group: &MatrixGroup, width: usize, view: &View) -> String {
    let people = whole(group.people);
    let no_unit = t!("matrix.no_unit").into_owned();
    let name = if group.unit.is_some() { shortened(&group.name) } else { no_unit };
    let words = format!("{name} ({people})");
    if words.width() <= width {
        return words;
    }
    let room = width.saturating_sub(people.width() + 1);
    format!("{} {people}", fit_middle(&name, room, view.glyphs.ellipsis))
}

/// A number of at most four cells.
fn short(number: u32) -> String {
    if number < 10_000 { number.to_string() } else { format!("{}k", number / 1000) }
}

/// Writes one figure of a competency.
type FigureText = fn(Figures) -> String;

/// The share of rated people who meet the standard, in percent.
fn met(figures: Figures) -> String {
    let met = figures.rated.saturating_sub(figures.below);
    (u64::from(met) * 100 / u64::from(figures.rated.max(1))).to_string()
}

/// The average level with one decimal, rounded half up.
fn average(figures: Figures) -> String {
    let rated = u64::from(figures.rated.max(1));
    let tenths = (u64::from(figures.sum_actual) * 20 + rated) / (rated * 2);
    let mut text = hundredths(i64::try_from(tenths * 10).unwrap_or_default());
    text.pop();
    text
}

fn draw_totals(
    frame: &mut Frame,
    layout: &Layout,
    matrix: &Matrix,
    pane: &MatrixPane,
    view: &View,
) {
    let all = matrix.figures;
    let right = [capped_text(all), jpm_text(all), short(all.below)];
    let lines: [(_, FigureText); 3] = [
        (t!("matrix.total_met"), met),
        (t!("matrix.total_average"), average),
        (t!("matrix.total_below"), |one| short(one.below)),
    ];
    let left_out = lines.len() - usize::from(layout.totals.height).min(lines.len());
    for ((label, figure), y) in lines.into_iter().skip(left_out).zip(layout.totals.y..) {
        let line = Rect { y, height: 1, ..layout.totals };
        let width = layout.cells() - GUTTER;
        let label = fit(&label, width.into(), view.glyphs.ellipsis);
        write(frame, line, GUTTER, &label, width, view.theme.dim);
        let columns = pane.window.columns();
        for (nth, at) in columns.iter().skip(pane.window.left()).take(layout.columns).enumerate() {
            let Some(one) = matrix.column_figures.get(*at).filter(|one| one.rated > 0) else {
                continue;
            };
            let x = layout.cells() + nth as u16 * CELL;
            write(frame, line, x + 1, &figure(*one), CELL - 1, view.theme.dim);
        }
    }
    // The figures of everybody stand in the last line, under those of each.
    let last = layout.totals.height.saturating_sub(1);
    let line =
        Rect { y: layout.totals.y + last, height: layout.totals.height.min(1), ..layout.totals };
    let right = right.each_ref().map(String::as_str);
    draw_figures(frame, line, layout, right, [view.theme.text; 3]);
}

/// With less room than this a post says nothing beside its name.
const POST_TOLD: usize = 8;

fn draw_person(frame: &mut Frame, line: Rect, pane: &MatrixPane, view: &View) {
    let Some(row) = pane.told_row() else { return };
    let figures = pane.figures(row);
    let right = person_told(figures, line.width, view);
    // Where there is room for one of them only, it is the name; the row has its figures.
    let room = usize::from(line.width).saturating_sub(right.width() + 2);
    let mut left = row.name.clone();
    let between = format!(" {} ", view.glyphs.dot);
    let beside = room.saturating_sub(left.width() + between.width());
    if !row.position.is_empty() && beside >= POST_TOLD.min(shortened(&row.position).width()) {
        let post = squeezed(&row.position, beside, view.glyphs.ellipsis);
        left = format!("{left}{between}{post}");
    } else if room >= 20 {
        left = squeezed(&left, room, view.glyphs.ellipsis);
    }
    put_both(frame, line, (&left, view.theme.text), (&right, view.theme.text), view);
}

/// What a person's levels add up to, with the category of each figure. Where a name would not
/// fit beside that, the categories alone, since the figures stand in the row.
fn person_told(figures: Figures, width: u16, view: &View) -> String {
    let both = figures.jpm().zip(figures.jpm_capped()).zip(side::categories(figures, view));
    let Some(((jpm, capped), (honest, official))) = both else {
        return t!("matrix.person_unrated").into_owned();
    };
    let whole = t!(
        "matrix.person_categories",
        jpm = hundredths(jpm),
        official = official,
        capped = hundredths(capped),
        honest = honest,
        below = figures.below,
        rated = figures.rated
    );
    if whole.width() + 22 <= usize::from(width) {
        return whole.into_owned();
    }
    t!("matrix.person_categories_short", official = official, honest = honest).into_owned()
}

fn draw_text(frame: &mut Frame, area: Rect, pane: &MatrixPane, view: &View) {
    let Some(text) = pane.level_text() else { return };
    let lines = wrap(&text, usize::from(area.width));
    let last = usize::from(area.height).saturating_sub(1);
    for (nth, line) in lines.iter().enumerate().take(last) {
        put(frame, area, nth as u16, line, view.theme.dim, view.glyphs);
    }
    let rest = lines.get(last..).unwrap_or_default().join(" ");
    put(frame, area, last as u16, &rest, view.theme.dim, view.glyphs);
}

fn draw_filter(frame: &mut Frame, line: Rect, pane: &MatrixPane, view: &View) {
    if line.is_empty() {
        return;
    }
    pane.filter.draw(frame, line, view);
}
