//! Surveys: what a large step did, and whose records it touched, counted from its lines. A
//! step may be as long as an import, so one answer counts a stretch and the next goes on where
//! it ended; what has been counted is remembered.

use std::sync::Arc;

use crate::domain::change::{Change, Place};
use crate::journal::Line;
use crate::office::Office;
use crate::office::read::label::ActTally;
use crate::office::rights::Rights;
use crate::office::rights::witness::Mark;
use crate::office::trouble::Trouble;
use crate::protocol::Summary;

/// The most lines of large steps one answer reads to tell what they did.
const LINES_MAX: u32 = 20;
/// Counts under way; the one longest not gone on with is forgotten.
const UNDER_WAY_MAX: usize = 4;
/// Large steps whose records are remembered.
const MARKS_MAX: usize = 16;

/// What an asker sees of what an entry did.
pub(in crate::office) enum Seen {
    Some(Summary),
    /// Nothing of it is within reach.
    Nothing,
    /// It is not known yet; asking again finds out more.
    NotYet,
}

/// Whose records an entry touched, line by line, with where the line begins.
pub(in crate::office) type Marks = Arc<[(Place, Vec<Mark>)]>;

/// What is known of large steps.
pub(in crate::office) struct Surveys {
    under_way: Vec<Survey>,
    /// Whose records large steps touched.
    marks: Vec<(u64, Marks)>,
    /// Lines that may still be read for this answer, and for one.
    left: u32,
    pub most: u32,
}

impl Default for Surveys {
    fn default() -> Self {
        Self { under_way: Vec::new(), marks: Vec::new(), left: 0, most: LINES_MAX }
    }
}

/// A large step being counted.
struct Survey {
    seq: u64,
    /// Where it goes on; none at the beginning.
    next: Option<Place>,
    tally: ActTally,
    /// Whose records it touched, for those who see a part.
    marks: Option<Vec<(Place, Vec<Mark>)>>,
}

impl Surveys {
    /// Another answer begins.
    pub fn begin(&mut self) {
        self.left = self.most;
    }

    /// An answer that has to know.
    pub fn begin_whole(&mut self) {
        self.left = u32::MAX;
    }

    /// Lines stand elsewhere, and say other things.
    pub fn forget(&mut self) {
        (self.under_way, self.marks) = (Vec::new(), Vec::new());
    }
}

impl Office {
    /// What an entry did; `None` while that is not known.
    pub(in crate::office) fn summary_of(
        &mut self,
        rights: &Rights,
        line: &Line,
    ) -> Result<Option<Summary>, Trouble> {
        let seq = line.header.seq;
        let mut summary = if let Some(known) = self.summaries.get(&seq) {
            known.clone()
        } else if line.header.batch.is_some() {
            if !self.survey(line, false)? {
                return Ok(None);
            }
            self.summaries.get(&seq).cloned().unwrap_or_default()
        } else {
            let mut tally = ActTally::default();
            tally.add(&line.changes);
            tally.erased += line.erased as u32;
            let label = match &line.changes[..] {
                [only] => self.label_of_change(rights, seq, only)?,
                _ => String::new(),
            };
            tally.summary(line.header.undoes, label)
        };
        summary.via = Some(line.header.via);
        summary.erases = line.header.erases.len() as u32;
        summary.reason_of = line.header.reasons.first().copied();
        if let Some(target) = line.header.undoes {
            summary.redo = self.is_undo(target)?;
        }
        Ok(Some(summary))
    }

    /// Whose records an entry touched; `None` while that is not known.
    pub(in crate::office) fn marks(&mut self, line: &Line) -> Result<Option<Marks>, Trouble> {
        let seq = line.header.seq;
        if line.header.batch.is_none() {
            return Ok(Some([(line.place, self.marks_of(seq, &line.changes)?)].into()));
        }
        let known = |surveys: &Surveys| {
            let mut marks = surveys.marks.iter();
            marks.find(|(known, _)| *known == seq).map(|(_, marks)| Arc::clone(marks))
        };
        if known(&self.surveys).is_none() {
            self.survey(line, true)?;
        }
        Ok(known(&self.surveys))
    }

    fn marks_of(&mut self, seq: u64, changes: &[Change]) -> Result<Vec<Mark>, Trouble> {
        changes.iter().map(|change| self.mark(seq, change)).collect()
    }

    /// Goes on counting a large step; whether its end was reached.
    fn survey(&mut self, line: &Line, with_marks: bool) -> Result<bool, Trouble> {
        let seq = line.header.seq;
        let of_it = |one: &Survey| one.seq == seq && one.marks.is_some() == with_marks;
        let mut survey = match self.surveys.under_way.iter().position(of_it) {
            Some(at) => self.surveys.under_way.remove(at),
            None => Survey {
                seq,
                next: None,
                tally: ActTally::default(),
                marks: with_marks.then(Vec::new),
            },
        };
        while self.surveys.left > 0 {
            self.surveys.left -= 1;
            let part = self.journal.line_of(seq, survey.next)?;
            let ended = part.as_ref().is_none_or(Line::is_last);
            if let Some(part) = part {
                survey.tally.add(&part.changes);
                survey.tally.erased += part.erased as u32;
                if let Some(marks) = &mut survey.marks {
                    marks.push((part.place, self.marks_of(seq, &part.changes)?));
                }
                survey.next = Some(part.end);
            }
            if ended {
                let summary = survey.tally.summary(line.header.undoes, String::new());
                self.summaries.insert(seq, summary);
                if let Some(marks) = survey.marks {
                    if self.surveys.marks.len() >= MARKS_MAX {
                        self.surveys.marks.remove(0);
                    }
                    self.surveys.marks.push((seq, marks.into()));
                }
                return Ok(true);
            }
        }
        if self.surveys.under_way.len() >= UNDER_WAY_MAX {
            self.surveys.under_way.remove(0);
        }
        self.surveys.under_way.push(survey);
        Ok(false)
    }
}
