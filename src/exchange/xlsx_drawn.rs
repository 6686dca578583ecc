//! What is drawn in a workbook of a report: shades of cells, a chart of its rows, and a chart
//! of what is added up over all of them, whose figures stand on a sheet of their own.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Chart as XlsxChart, ChartDataLabel, ChartType, ConditionalFormatFormula, Format, Workbook,
    Worksheet, row_col_to_cell,
};

use super::frame::Frame;
use super::target::WriteError;
use super::write::defused;
use super::xlsx_out::{failed, sheet_name};
use crate::domain::table::{Chart, ChartShape, Tone, Totals, When};
use crate::domain::value::Value;

/// More bars than these nobody can read, and the library keeps every one in memory.
const ROWS_MAX: u32 = 1_000;
/// Rows a chart covers beside the table, with one to spare.
const CHART_ROWS: u32 = 16;
/// The sheet of the rows.
const ROWS: usize = 0;

/// What of the rows is drawn, gathered as they are written.
#[derive(Default)]
pub(super) struct Drawn {
    /// The first and the last row of the chart.
    rows: Option<(u32, u32)>,
    sums: Sums,
}

#[derive(Default)]
enum Sums {
    #[default]
    Nothing,
    /// A row each value in words, a count each column.
    Values {
        places: Vec<usize>,
        rows: Vec<(String, Vec<u32>)>,
        at: BTreeMap<String, usize>,
    },
    Reached(Vec<Held>),
}

/// A column, the one it is held against, and how many rows have both and reach it.
struct Held {
    column: usize,
    against: usize,
    measured: u32,
    reached: u32,
}

impl Drawn {
    pub fn of(frame: &Frame) -> Self {
        Self { rows: None, sums: Sums::of(frame) }
    }

    pub fn row(&mut self, frame: &Frame, row: u32, values: &[&Value]) {
        let cell = |key: &str| frame.place(key).and_then(|at| values.get(at).copied());
        if frame.chart.as_ref().is_some_and(|chart| chart.draws(cell)) {
            self.rows = Some((self.rows.map_or(row, |(first, _)| first), row));
        }
        self.sums.row(frame, values);
    }

    /// The charts, beside the rows.
    pub fn close(&self, book: &mut Workbook, frame: &Frame, head: u32) -> Result<(), WriteError> {
        let beside = frame.columns.len() as u16 + 1;
        let mut below = head;
        let rows = self.rows.filter(|(first, last)| last - first < ROWS_MAX);
        if let Some((chart, rows)) = frame.chart.as_ref().zip(rows) {
            let sheet = book.worksheet_from_index(ROWS).map_err(failed)?;
            if let Some(drawn) = of_rows(&sheet.name(), frame, chart, head, rows) {
                sheet.insert_chart(below, beside, &drawn).map_err(failed)?;
                below += CHART_ROWS;
            }
        }
        if let Some(drawn) = self.sums.write(book, frame)? {
            let sheet = book.worksheet_from_index(ROWS).map_err(failed)?;
            sheet.insert_chart(below, beside, &drawn).map_err(failed)?;
        }
        Ok(())
    }
}

impl Sums {
    fn of(frame: &Frame) -> Self {
        match &frame.totals {
            None => Self::Nothing,
            Some(Totals::Values { columns, order }) => {
                let places: Vec<usize> =
                    columns.iter().filter_map(|key| frame.place(key)).collect();
                let mut sums =
                    Self::Values { places: places.clone(), rows: Vec::new(), at: BTreeMap::new() };
                for value in order.iter().filter(|_| !places.is_empty()) {
                    sums.count(frame, places[0], value, None);
                }
                sums
            }
            Some(Totals::Reached) => {
                let columns = frame.columns.iter().enumerate();
                let held = columns.filter_map(|(column, one)| {
                    let against = frame.place(one.against.as_ref()?)?;
                    Some(Held { column, against, measured: 0, reached: 0 })
                });
                Self::Reached(held.collect())
            }
        }
    }

    fn row(&mut self, frame: &Frame, values: &[&Value]) {
        let value = |at: usize| values.get(at).copied().unwrap_or(&Value::Empty);
        match self {
            Self::Nothing => {}
            Self::Values { places, .. } => {
                for (nth, at) in places.clone().into_iter().enumerate() {
                    self.count(frame, at, value(at), Some(nth));
                }
            }
            Self::Reached(columns) => {
                for one in columns {
                    let pair = (value(one.column), value(one.against));
                    if let (Value::Whole(actual), Value::Whole(required)) = pair {
                        one.measured += 1;
                        one.reached += u32::from(actual >= required);
                    }
                }
            }
        }
    }

    /// Makes room for a value and counts it in the `nth` column, if in any. What comes
    /// beyond what a chart can show is not drawn.
    fn count(&mut self, frame: &Frame, column: usize, value: &Value, nth: Option<usize>) {
        let Self::Values { places, rows, at } = self else { return };
        let words = match (value, frame.columns.get(column)) {
            (Value::Empty, _) | (_, None) => String::new(),
            (value, Some(column)) => frame.cell(column, value),
        };
        let known = at.get(&words).copied();
        if known.is_none() && rows.len() >= ROWS_MAX as usize {
            return;
        }
        let place = known.unwrap_or_else(|| {
            rows.push((words.clone(), vec![0; places.len()]));
            at.insert(words, rows.len() - 1);
            rows.len() - 1
        });
        if let Some(count) = nth.and_then(|nth| rows.get_mut(place)?.1.get_mut(nth)) {
            *count += 1;
        }
    }

    /// The sheet of the sums, and the chart of it; neither where there is nothing to draw.
    fn write(&self, book: &mut Workbook, frame: &Frame) -> Result<Option<XlsxChart>, WriteError> {
        let words = &frame.totals_words;
        let head = |at: usize| frame.heads.get(at).cloned().unwrap_or_default();
        let (heads, mut rows, drawn): (Vec<String>, Vec<(String, Vec<f64>)>, _) = match self {
            Self::Nothing => return Ok(None),
            Self::Values { places, rows, .. } => {
                let mut heads = vec![places.first().map_or_else(String::new, |at| head(*at))];
                match places.as_slice() {
                    [_] => heads.push(frame.total.clone()),
                    places => heads.extend(places.iter().map(|at| head(*at))),
                }
                let figures = |counts: &[u32]| counts.iter().map(|it| f64::from(*it)).collect();
                let rows = rows.iter().map(|(name, counts)| (name.clone(), figures(counts)));
                (heads, rows.collect(), 1..=places.len() as u16)
            }
            Self::Reached(columns) => {
                let heads = [&frame.total, &words.measured, &words.reached, &words.share];
                let mut heads: Vec<String> = heads.map(Clone::clone).to_vec();
                heads[0].clear();
                let row = |one: &Held| {
                    let [measured, reached] = [one.measured, one.reached].map(f64::from);
                    let share = (reached * 10_000.0 / measured).round() / 100.0;
                    (head(one.column), vec![measured, reached, share])
                };
                let measured = columns.iter().filter(|one| one.measured > 0);
                (heads, measured.map(row).collect(), 3..=3)
            }
        };
        if rows
            .iter()
            .all(|(name, figures)| name.is_empty() || figures.iter().all(|figure| *figure == 0.0))
        {
            return Ok(None);
        }
        // Those without a value stand last.
        rows.sort_by_key(|(name, _)| name.is_empty());
        let name = sheet_name(&words.sheet);
        // Kept in memory, so that the chart brings its figures along.
        let sheet = book.add_worksheet();
        sheet.set_name(&name).map_err(failed)?;
        let bold = Format::new().set_bold();
        for (at, head) in (0..).zip(&heads) {
            sheet.set_column_width(at, if at == 0 { 32 } else { 20 }).map_err(failed)?;
            sheet.write_string_with_format(0, at, &*defused(head), &bold).map_err(failed)?;
        }
        for (row, (label, figures)) in (1..).zip(&rows) {
            let label = if label.is_empty() { &words.none } else { label };
            sheet.write_string(row, 0, &*defused(label)).map_err(failed)?;
            for (at, figure) in (1..).zip(figures) {
                sheet.write_number(row, at, *figure).map_err(failed)?;
            }
        }
        let last = rows.len() as u32;
        let mut chart = XlsxChart::new(ChartType::Column);
        for at in drawn.clone() {
            chart
                .add_series()
                .set_name((name.as_str(), 0, at))
                .set_categories((name.as_str(), 1, 0, last, 0))
                .set_values((name.as_str(), 1, at, last, at))
                .set_data_label(ChartDataLabel::new().show_value());
        }
        match self {
            Self::Reached(_) => {
                chart.y_axis().set_min(0).set_max(100);
                chart.title().set_name(&format!("{}: {}", frame.title, words.share));
                chart.legend().set_hidden();
            }
            _ if drawn.len() == 1 => {
                chart.title().set_name(&format!("{}: {}", frame.title, heads[0]));
                chart.legend().set_hidden();
            }
            _ => {
                chart.title().set_name(&frame.title);
            }
        }
        Ok(Some(chart))
    }
}

/// Cells that stand out, from row `first` to `last`.
pub(super) fn shade(
    sheet: &mut Worksheet,
    frame: &Frame,
    first: u32,
    last: u32,
) -> Result<(), WriteError> {
    for (at, column) in (0..).zip(&frame.columns) {
        let cell = row_col_to_cell(first, at);
        // An empty cell counts as 0 and a text as more than any number.
        let mut rules: Vec<(String, Tone)> = Vec::new();
        for shade in &column.shades {
            let rule = match &shade.when {
                When::Below(bound) => format!("AND(ISNUMBER({cell}),{cell}<{bound})"),
                When::Above(bound) => format!("AND(ISNUMBER({cell}),{cell}>{bound})"),
                When::Is(code) => {
                    let words = frame.cell(column, &Value::Choice(code.clone()));
                    format!("{cell}=\"{}\"", defused(&words).replace('"', "\"\""))
                }
            };
            rules.push((rule, shade.tone));
        }
        if let Some(other) = column.against.as_ref().and_then(|key| frame.place(key)) {
            let other = row_col_to_cell(first, other as u16);
            let heat = [("<-1", Tone::Bad), ("<0", Tone::Warn), (">=0", Tone::Good)];
            rules.extend(heat.map(|(is, tone)| {
                let both = format!("ISNUMBER({cell}),ISNUMBER({other})");
                (format!("AND({both},{cell}-{other}{is})"), tone)
            }));
        }
        for (rule, tone) in rules {
            let format = Format::new().set_background_color(colour(tone));
            let rule = ConditionalFormatFormula::new()
                .set_rule(rule.as_str())
                .set_format(format)
                .set_stop_if_true(true);
            sheet.add_conditional_format(first, at, last, at, &rule).map_err(failed)?;
        }
    }
    Ok(())
}

/// The chart of the rows from the first to the last that it draws.
fn of_rows(
    name: &str,
    frame: &Frame,
    chart: &Chart,
    head: u32,
    (first, last): (u32, u32),
) -> Option<XlsxChart> {
    let place = |key: &str| u16::try_from(frame.place(key)?).ok();
    let mut drawn = XlsxChart::new(match chart.shape {
        ChartShape::Bar => ChartType::Bar,
        ChartShape::Column => ChartType::Column,
        ChartShape::Line => ChartType::Line,
        ChartShape::Stacked => ChartType::BarStacked,
    });
    let by = place(&chart.by)?;
    for at in chart.values.iter().filter_map(|key| place(key)) {
        drawn
            .add_series()
            .set_name((name, head, at))
            .set_categories((name, first, by, last, by))
            .set_values((name, first, at, last, at));
    }
    drawn.title().set_name(&frame.title);
    Some(drawn)
}

const fn colour(tone: Tone) -> u32 {
    match tone {
        Tone::Good => 0x00E2_EFDA,
        Tone::Warn => 0x00FF_F2CC,
        Tone::Bad => 0x00F8_CBAD,
        Tone::Quiet => 0x00ED_EDED,
    }
}
