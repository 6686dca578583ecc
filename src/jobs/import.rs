//! Bringing a file into the office: read in chunks with the officer's own rights, handed
//! to the office, counted. All of it is one step, or nothing is saved.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::job::PreviewRow;
use super::{Asking, Progress, unexpected};
use crate::domain::fault::Fault;
use crate::domain::intake::{Intake, RowFault};
use crate::domain::rulebook::Rulebook;
use crate::exchange::{
    self, Chunk, Destination, FileError, Lexicon, ReadOptions, Rejects, Sheets, SourceFile,
    WriteError,
};
use crate::i18n;
use crate::protocol::{
    Answer, ImportStart, Imported, Moves, OfficeInfo, Problem, Request, RowVerdict, Step, Tried,
    Verdict,
};

/// Between two tries to learn what became of an import while one is running.
const AGAIN: Duration = Duration::from_millis(200);

/// What is to be imported, and how.
#[derive(Clone, Debug)]
pub struct ImportPlan {
    pub intake: Intake,
    pub file: PathBuf,
    /// Field and column, as in `--map nip=Kolom`.
    pub map: Vec<(String, String)>,
    pub sheet: Option<String>,
    /// Count and compare only.
    pub dry_run: bool,
    /// Also where it moves people between categories.
    pub sure: bool,
    /// Where refused rows go, with an error column.
    pub rejects: Option<PathBuf>,
    /// That file is written even where nothing is refused: scripts look for it.
    pub even_empty: bool,
    /// How many rows of a preview are kept.
    pub preview: usize,
    pub step: Step,
    pub lexicon: Lexicon,
}

/// By what files of this office are understood.
pub fn lexicon(office: &OfficeInfo) -> Lexicon {
    let rules = Arc::new(Rulebook::clone(&office.rules));
    Lexicon { today: office.today, rules, words: i18n::words_for }
}

/// How it went. Rows that were refused or remarked upon stand in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportReport {
    /// Rows of the file with anything in them, below the header.
    pub rows: u32,
    /// `refused` counts what the file and what the office refused.
    pub counts: Imported,
    pub rejected: Vec<RowFault>,
    pub warnings: Vec<RowFault>,
    pub kept_columns: Vec<String>,
    pub ignored_columns: Vec<String>,
    /// The first rows that would be added, changed, refused or warned of.
    pub preview: Vec<PreviewRow>,
    /// Which sheet and line a row's figure means, and the sheets that were not read.
    pub sheets: Sheets,
    /// Whom it moves between categories, of what decides in which people are.
    pub moves: Option<Moves>,
}

/// Why nothing was imported.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportError {
    File(FileError),
    /// The file for the refused rows cannot be written.
    Rejects(WriteError),
    Office(Problem),
    Cancelled,
    /// It moves people between categories, and nobody said that it may.
    Moves(Box<Moves>),
}

impl From<Problem> for ImportError {
    fn from(problem: Problem) -> Self {
        Self::Office(problem)
    }
}

/// Runs an import to its end; after an error nothing of it is saved.
pub fn import(
    ask: &mut Asking,
    plan: &ImportPlan,
    progress: &Progress,
) -> Result<ImportReport, ImportError> {
    let options = ReadOptions {
        map: plan.map.clone(),
        sheet: plan.sheet.clone(),
        lexicon: plan.lexicon.clone(),
    };
    let mut source =
        exchange::open(plan.intake, &plan.file, &options).map_err(ImportError::File)?;
    let columns = source.columns();
    let start = ImportStart {
        step: plan.step.clone(),
        intake: plan.intake,
        columns: columns.clone(),
        dry_run: plan.dry_run,
    };
    ask(Request::ImportStart(start.clone()))?;
    let sent = Imported::default();
    let read = Run { ask, plan, start, columns, progress, sent }.run(&mut source);
    if read.is_err() {
        // The office forgets what it was handed; that it cannot answer changes nothing.
        let _ = ask(Request::ImportCancel);
    }
    read
}

/// A remark of the office under the heading the officer's file has for the field.
fn named(source: &SourceFile, line: u32, mut fault: Fault) -> RowFault {
    fault.field = source.heading_of(line, &fault);
    RowFault { line, fault }
}

/// One import under way.
struct Run<'a, 'b> {
    ask: &'a mut Asking<'b>,
    plan: &'a ImportPlan,
    start: ImportStart,
    /// Those of the rows handed over last.
    columns: Vec<String>,
    progress: &'a Progress,
    /// What the office said of the rows it was handed.
    sent: Imported,
}

impl Run<'_, '_> {
    fn run(&mut self, source: &mut SourceFile) -> Result<ImportReport, ImportError> {
        let mut report = ImportReport {
            kept_columns: source.kept_columns(),
            ignored_columns: source.ignored_columns(),
            ..ImportReport::default()
        };
        let mut rejects = match &self.plan.rejects {
            Some(path) => {
                let to = Destination::File(path.clone());
                Some(Rejects::create(&to, source).map_err(ImportError::Rejects)?)
            }
            None => None,
        };
        while let Some(chunk) = source.next_chunk().map_err(ImportError::File)? {
            if self.progress.cancelled() {
                return Err(ImportError::Cancelled);
            }
            self.hand_over(chunk, source, &mut report, rejects.as_mut())?;
            let (done, total) = source.progress();
            self.progress.at(done, total);
        }
        if self.progress.cancelled() {
            return Err(ImportError::Cancelled);
        }
        if let (Some(rejects), Some(path)) = (rejects, &self.plan.rejects) {
            // An older one would be taken for this one's.
            let wanted = self.plan.even_empty || path.exists();
            rejects.finish(wanted).map_err(ImportError::Rejects)?;
        }
        if self.plan.intake.def().kind.moves_people() {
            let Answer::Moves(moves) = (self.ask)(Request::Moves(Tried::Import))? else {
                return Err(unexpected().into());
            };
            if !self.plan.dry_run && !self.plan.sure && !moves.is_nothing() {
                return Err(ImportError::Moves(moves));
            }
            report.moves = Some(*moves).filter(|moves| !moves.is_nothing());
        }
        let counts = match (self.ask)(Request::ImportFinish) {
            Ok(Answer::Imported(counts)) => counts,
            Err(Problem::LinkLost) if !self.plan.dry_run => self.settle()?,
            Err(problem) => return Err(problem.into()),
            Ok(_) => return Err(unexpected().into()),
        };
        let late = counts.warnings.iter().cloned();
        report.warnings.extend(late.map(|warning| named(source, warning.line, warning.fault)));
        // Most rows are refused by the file itself; the office never sees those.
        let refused = counts.refused + report.counts.refused;
        report.counts = Imported { refused, ..counts };
        report.sheets = source.sheets().clone();
        report.rejected.sort_by_key(|fault| fault.line);
        report.warnings.sort_by_key(|fault| fault.line);
        Ok(report)
    }

    /// The line was lost before the office's last word: whether it had saved is asked over
    /// the next one, by the same request.
    fn settle(&mut self) -> Result<Imported, ImportError> {
        loop {
            match (self.ask)(Request::ImportStart(self.start.clone())) {
                Ok(Answer::Imported(Imported { seq, .. })) => {
                    return Ok(Imported { seq, ..std::mem::take(&mut self.sent) });
                }
                // Begun anew: it had not been saved.
                Ok(_) => return Err(Problem::LinkLost.into()),
                // It may be this very one, which the server has not given up yet.
                Err(Problem::ImportRunning) => thread::sleep(AGAIN),
                Err(Problem::LinkLost) => {}
                Err(problem) => return Err(problem.into()),
            }
        }
    }

    /// Counts as the office does what it said of these rows.
    fn count(&mut self, mut rows: HashMap<u32, Vec<u32>>, verdicts: &[RowVerdict]) {
        let sent = &mut self.sent;
        for RowVerdict { line, verdict, .. } in verdicts {
            let many = rows.get_mut(line).and_then(Vec::pop).unwrap_or(0);
            match verdict {
                Verdict::Added { .. } => sent.added += many,
                Verdict::Changed { .. } => sent.changed += many,
                Verdict::Unchanged => sent.unchanged += many,
                Verdict::Refused(_) => sent.refused += many,
            }
        }
        // Of rows that changed nothing nothing is said.
        sent.unchanged += rows.into_values().flatten().sum::<u32>();
        sent.accepted = sent.added + sent.changed + sent.unchanged;
    }

    fn hand_over(
        &mut self,
        mut chunk: Chunk,
        source: &SourceFile,
        report: &mut ImportReport,
        rejects: Option<&mut Rejects>,
    ) -> Result<(), ImportError> {
        report.rows += chunk.values;
        let rows = std::mem::take(&mut chunk.rows);
        let verdicts = if rows.is_empty() {
            Vec::new()
        } else {
            let columns = source.columns();
            if columns != self.columns {
                (self.ask)(Request::ImportColumns(columns.clone()))?;
                self.columns = columns;
            }
            let mut many: HashMap<u32, Vec<u32>> = HashMap::new();
            for row in &rows {
                many.entry(row.line).or_default().push(row.data.rows());
            }
            let Answer::ImportRows(verdicts) = (self.ask)(Request::ImportRows(rows))? else {
                return Err(unexpected().into());
            };
            self.count(many, &verdicts);
            verdicts
        };
        let mut refused = std::mem::take(&mut chunk.refused);
        report.counts.refused += refused.len() as u32;
        for verdict in &verdicts {
            match &verdict.verdict {
                Verdict::Refused(fault) => refused.push(named(source, verdict.line, fault.clone())),
                _ => report.warnings.extend(
                    verdict.warnings.iter().map(|fault| named(source, verdict.line, fault.clone())),
                ),
            }
        }
        // Of a row of several things some are refused here, some by the office.
        refused.sort_by_key(|fault| fault.line);
        // A remark on a row of which nothing is taken would only distract from why it is not.
        let stands = |row: &RowVerdict| !matches!(row.verdict, Verdict::Refused(_));
        let taken = |line: u32| {
            !refused.iter().any(|fault| fault.line == line)
                || verdicts.iter().any(|row| row.line == line && stands(row))
        };
        let warnings = chunk.warnings.iter().filter(|warning| taken(warning.line));
        report.warnings.extend(warnings.cloned());
        if let Some(rejects) = rejects {
            // A row of several things is written down once, with what is wrong with the first.
            let mut last = None;
            for RowFault { line, fault } in &refused {
                if last.replace(*line) == Some(*line) {
                    continue;
                }
                let error = i18n::reason(fault.reason, &fault.detail);
                rejects.add(&chunk, *line, &error).map_err(ImportError::Rejects)?;
            }
        }
        self.preview(&chunk, source, &refused, verdicts, report);
        report.rejected.extend(refused);
        Ok(())
    }

    /// The rows of a preview, in the order of the file.
    fn preview(
        &self,
        chunk: &Chunk,
        source: &SourceFile,
        refused: &[RowFault],
        verdicts: Vec<RowVerdict>,
        report: &mut ImportReport,
    ) {
        let room = self.plan.preview.saturating_sub(report.preview.len());
        if room == 0 {
            return;
        }
        let mut rows: Vec<RowVerdict> = verdicts
            .into_iter()
            .filter(|row| !matches!(row.verdict, Verdict::Refused(_)))
            .collect();
        for warning in &chunk.warnings {
            match rows.iter_mut().find(|row| row.line == warning.line) {
                Some(row) => row.warnings.push(warning.fault.clone()),
                // Rows that change nothing are not told of; their remarks are.
                None if !refused.iter().any(|fault| fault.line == warning.line) => {
                    rows.push(RowVerdict {
                        line: warning.line,
                        verdict: Verdict::Unchanged,
                        warnings: vec![warning.fault.clone()],
                    });
                }
                None => {}
            }
        }
        rows.extend(refused.iter().map(|refused| RowVerdict {
            line: refused.line,
            verdict: Verdict::Refused(refused.fault.clone()),
            warnings: Vec::new(),
        }));
        rows.sort_by_key(|row| row.line);
        rows.truncate(room);
        report.preview.extend(rows.into_iter().map(|verdict| {
            let column = match (&verdict.verdict, verdict.warnings.first()) {
                (Verdict::Refused(fault), _) | (_, Some(fault)) => fault.field.clone(),
                _ => String::new(),
            };
            PreviewRow { column, called: source.called(chunk, verdict.line), verdict }
        }));
    }
}
