//! A competency as it is read: what it is, what each of its levels means and by what it is
//! recognised, who has to have which, and where it has been used. Editing is
//! the form, as of everything; it begins at the level texts.

use chrono::NaiveDate;
use ratatui::Frame;

use super::standards::rows::{self, Standards};
use crate::domain::kinds::competency::{Competency, CompetencyGroup};
use crate::domain::record::{Kind, Record, RecordId};
use crate::domain::value::Value;
use crate::i18n::{choice, date, field_of, report_column, t, value};
use crate::protocol::{Answer, Notice, ReportQuery, Request, Table};
use crate::ui::command::{Command, Context};
use crate::ui::effect::Effect;
use crate::ui::listing::ListPane;
use crate::ui::overlay::{Outcome, Overlay};
use crate::ui::overlays::form::FormOverlay;
use crate::ui::overlays::reading::{Piece, ReadingBox};
use crate::ui::pane::{Availability, HintWord, PaneEvent, View};

pub const LIST: ListPane = ListPane {
    reads: Some(|id| Box::new(DictionaryPage::of(id))),
    known: &["code"],
    trends: Some(|list, _| trend(list.cell("code").map(value).unwrap_or_default())),
    ..ListPane::of(Kind::Competencies)
};

/// How people's levels in a competency have moved over the years.
pub fn trend(code: String) -> Effect {
    Effect::trend(|query| query.own = vec![("competency".into(), code)])
}

const ID: &str = "competency";
const RECORD: &str = "competency.record";
const USED: &str = "competency.used";
const FORM: &str = "competency.form";

pub struct DictionaryPage {
    id: RecordId,
    competency: Option<Competency>,
    standards: Standards,
    /// Where it has been used, once that is known.
    used: Option<Vec<(String, Value)>>,
    text: ReadingBox,
}

impl DictionaryPage {
    pub fn of(id: RecordId) -> Self {
        let text = ReadingBox::new(ID, "", vec![Piece::Note(t!("competency.loading").into())]);
        Self { id, competency: None, standards: Standards::default(), used: None, text }
    }

    fn ask(&self) -> Vec<Effect> {
        vec![Effect::ask(RECORD, Request::Get(self.id))]
    }

    fn take(&mut self, answer: Answer, today: NaiveDate) -> Vec<Effect> {
        let Answer::Record(Some(stored)) = answer else {
            return vec![Effect::Done(Outcome::Cancelled)];
        };
        let Record::Competency(competency) = stored.record else { return Vec::new() };
        self.standards = Standards::found_by(rows::search_of(&competency.code));
        let own = vec![("code".to_string(), competency.code.clone())];
        let used = ReportQuery { own, ..ReportQuery::of("dictionary") };
        self.competency = Some(competency);
        self.write(today);
        vec![self.standards.ask(), Effect::ask(USED, Request::Report(used))]
    }

    fn write(&mut self, today: NaiveDate) {
        let Some(competency) = &self.competency else { return };
        let title = format!("{} {}", competency.code, competency.name);
        let mut pieces = about(competency);
        levels(&mut pieces, competency);
        if self.standards.is_here() {
            required(&mut pieces, &competency.code, &self.standards, today);
        }
        if let Some(used) = self.used.as_ref().filter(|used| !used.is_empty()) {
            pieces.extend([Piece::Blank, Piece::Heading(t!("competency.used").into_owned())]);
            pieces.extend(used.iter().map(|(name, figure)| pair(name, value(figure))));
        }
        self.text.rewrite(title, pieces);
    }
}

fn pair(label: impl Into<String>, text: impl Into<String>) -> Piece {
    Piece::Pair(label.into(), text.into())
}

fn about(competency: &Competency) -> Vec<Piece> {
    let group = competency.group.map(CompetencyGroup::code).map(choice).unwrap_or_default();
    let told = [
        ("group", &group),
        ("parent", &competency.parent),
        ("definition", &competency.definition),
        ("legal_basis", &competency.legal_basis),
    ];
    let told = told.into_iter().filter(|(_, text)| !text.is_empty());
    let mut pieces: Vec<Piece> =
        told.map(|(name, text)| pair(field_of(Kind::Competencies, name), text)).collect();
    if competency.archived {
        pieces.push(Piece::Note(t!("competency.archived").into_owned()));
    }
    pieces
}

fn levels(pieces: &mut Vec<Piece>, competency: &Competency) {
    pieces.extend([Piece::Blank, Piece::Heading(t!("competency.levels").into_owned())]);
    let written = |text: &&String| !text.trim().is_empty();
    for (level, text) in (1..).zip(&competency.levels) {
        pieces.push(pair(t!("matrix.level", level = level), text.description.trim()));
        let indicators = text.indicators.iter().filter(written);
        pieces.extend(indicators.map(|indicator| pair("", format!("- {}", indicator.trim()))));
    }
    if competency.levels.is_empty() {
        pieces.push(Piece::Note(t!("competency.no_levels").into_owned()));
    }
}

/// What the report of the dictionary says of where this one has been used.
fn used(table: &Table) -> Vec<(String, Value)> {
    let Some(row) = table.rows.first() else { return Vec::new() };
    let told = ["ratings", "people", "latest", "standards", "programmes", "plans", "merged_into"];
    let columns = table.columns.iter().zip(&row.cells);
    let told = columns.filter(|(column, cell)| {
        told.contains(&column.key.as_str()) && !matches!(cell, Value::Empty | Value::Whole(0))
    });
    told.map(|(column, cell)| (report_column(&table.report, column), cell.clone())).collect()
}

/// Who has to have which level, and since when.
fn required(pieces: &mut Vec<Piece>, code: &str, standards: &Standards, today: NaiveDate) {
    pieces.extend([Piece::Blank, Piece::Heading(t!("competency.required").into_owned())]);
    let before = pieces.len();
    for whom in standards.whom() {
        let Some(rule) = standards.at(&whom, code, today) else { continue };
        let mut text = t!("standards.level", level = rule.level).into_owned();
        if let Some(from) = rule.from {
            text = format!("{text}, {}", t!("matrix.in_force_from", date = date(from)));
        }
        if !rule.verified {
            text = format!("{text} {}", t!("matrix.standards_unverified_short"));
        }
        pieces.push(pair(standards.words(&whom), text));
    }
    if pieces.len() == before {
        pieces.push(Piece::Note(t!("competency.required_of_nobody").into_owned()));
    }
}

impl Overlay for DictionaryPage {
    fn id(&self) -> &'static str {
        ID
    }

    fn contexts(&self) -> &'static [Context] {
        self.text.contexts()
    }

    fn available(&self, command: Command) -> Availability {
        let here = [Command::RecordTrend, Command::ListEdit];
        if here.contains(&command) && self.competency.is_some() {
            return Availability::Yes;
        }
        self.text.available(command)
    }

    /// What it is read for is not changed in most readings.
    fn hint(&self, command: Command) -> HintWord {
        match command {
            Command::ListEdit => HintWord::Usual,
            command => self.text.hint(command),
        }
    }

    fn update(&mut self, event: PaneEvent, view: &View) -> Vec<Effect> {
        match event {
            PaneEvent::Shown | PaneEvent::Notice(Notice::Changed { .. }) => self.ask(),
            PaneEvent::Answer(tag, answer) if tag.name == RECORD => self.take(answer, view.today),
            PaneEvent::Answer(tag, Answer::Page(page)) if tag.name == rows::TAG => {
                let more = self.standards.take(tag, &page);
                self.write(view.today);
                more.into_iter().collect()
            }
            PaneEvent::Answer(tag, Answer::Table(table)) if tag.name == USED => {
                self.used = Some(used(&table));
                self.write(view.today);
                Vec::new()
            }
            PaneEvent::Command(Command::ListEdit) => {
                vec![Effect::open(FORM, FormOverlay::open(self.id).at("levels"))]
            }
            PaneEvent::Command(Command::RecordTrend) => {
                let code = self.competency.iter().map(|competency| competency.code.clone());
                code.map(trend).collect()
            }
            event => self.text.update(event, view),
        }
    }

    fn draw(&self, frame: &mut Frame, view: &View) {
        self.text.draw(frame, view);
    }
}
