//! History: who changed what and when, read back from the journal. A line tells counts;
//! its details tell old and new values field by field. What was true before a change is
//! found through the trail each record keeps of its versions.

use std::collections::{HashMap, HashSet};

use super::Office;
use super::label::{Tally, act};
use super::trouble::Trouble;
use crate::domain::change::Change;
use crate::domain::record::{Fields, Kind, Record, RecordId, Revision};
use crate::journal::{Batch, Line};
use crate::link::protocol::{ChangeDetail, HistoryLine, HistoryQuery, Summary};

/// The most lines one answer carries.
const LINES_MAX: u32 = 500;
/// The most fields-by-field changes one answer carries.
const DETAILS_MAX: u32 = 1000;

impl Office {
    /// Entries newest first.
    pub(super) fn history(&mut self, query: &HistoryQuery) -> Result<Vec<HistoryLine>, Trouble> {
        let limit = query.limit.clamp(1, LINES_MAX) as usize;
        let only: Option<HashSet<u64>> = match query.record {
            Some(record) => Some(self.state.store.trail(record)?.iter().map(|v| v.seq).collect()),
            None => None,
        };
        let zone = crate::domain::setting::time_zone(self.state.catalog.time_zone());
        let mut taken_back: HashMap<u64, u64> = HashMap::new();
        let mut lines: Vec<Line> = Vec::new();
        let mut undone: Vec<Option<u64>> = Vec::new();
        self.journal.entries_backwards(None, &mut |line| {
            let seq = line.header.seq;
            let undone_by = taken_back.get(&seq).copied();
            if let (Some(target), None) = (line.header.undoes, undone_by) {
                taken_back.insert(target, seq);
            }
            let day = zone.map_or_else(
                || line.header.at.date_naive(),
                |zone| line.header.at.with_timezone(&zone).date_naive(),
            );
            if query.since.is_some_and(|since| day < since) {
                return Ok(false);
            }
            let wanted = query.before.is_none_or(|before| seq < before)
                && query.by.as_ref().is_none_or(|by| line.header.by == *by)
                && only.as_ref().is_none_or(|only| only.contains(&seq));
            if wanted {
                lines.push(line);
                undone.push(undone_by);
            }
            Ok(lines.len() < limit)
        })?;
        let mut history = Vec::with_capacity(lines.len());
        for (line, undone_by) in lines.into_iter().zip(undone) {
            history.push(HistoryLine {
                seq: line.header.seq,
                at: line.header.at,
                by: line.header.by.clone(),
                via: line.header.via,
                why: line.why.clone(),
                summary: self.summary_of(&line)?,
                undone_by,
            });
        }
        Ok(history)
    }

    /// What an entry did; counts of large ones are remembered.
    pub(super) fn summary_of(&mut self, line: &Line) -> Result<Summary, Trouble> {
        let seq = line.header.seq;
        let mut summary = if let Some(known) = self.summaries.get(&seq) {
            known.clone()
        } else {
            let mut tally = Tally::default();
            let mut only: Option<Change> = None;
            self.each_part(line, &mut |part| {
                tally.add(&part.changes);
                tally.erased += part.erased as u32;
                only = part.changes.first().cloned().or(only.take());
                Ok(())
            })?;
            let label = match only {
                Some(change) if tally.count == 1 => self.label_of_change(seq, &change)?,
                _ => String::new(),
            };
            let summary = tally.summary(line.header.undoes, label);
            if matches!(line.header.batch, Some(Batch::Commit(_))) {
                self.summaries.insert(seq, summary.clone());
            }
            summary
        };
        summary.via = Some(line.header.via);
        summary.erases = line.header.erases.len() as u32;
        if let Some(target) = line.header.undoes {
            summary.redo = self.is_undo(target)?;
        }
        Ok(summary)
    }

    /// The entry that `seq` takes back, if it takes back any.
    pub(super) fn header_undoes(&self, seq: u64) -> Result<Option<u64>, Trouble> {
        if let Some(known) = self.undoes.borrow().get(&seq) {
            return Ok(*known);
        }
        let places = self.journal.find(seq)?.unwrap_or_default();
        let undoes = match places.last() {
            Some(place) => self.journal.read(*place)?.header.undoes,
            None => None,
        };
        self.undoes.borrow_mut().insert(seq, undoes);
        Ok(undoes)
    }

    /// The lines of an entry, the parts of a large one in order.
    pub(super) fn each_part(
        &self,
        line: &Line,
        each: &mut dyn FnMut(&Line) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        if line.header.batch.is_none() {
            return each(line);
        }
        for place in self.journal.find(line.header.seq)?.unwrap_or_default() {
            each(&self.journal.read(place)?)?;
        }
        Ok(())
    }

    fn label_of_change(&mut self, seq: u64, change: &Change) -> Result<String, Trouble> {
        if let Some(record) = &change.after {
            return Ok(self.state.label(record));
        }
        let before = self.before(change.id, seq)?;
        Ok(before.map_or_else(|| change.id.to_string(), |record| self.state.label(&record)))
    }

    /// How a record stood before entry `seq` wrote it.
    pub(super) fn before(&mut self, id: RecordId, seq: u64) -> Result<Option<Record>, Trouble> {
        let trail = self.state.store.trail(id)?;
        let version = trail.iter().rev().find(|version| version.seq < seq);
        match version {
            Some(version) => self.version_at(id, *version),
            None => Ok(self.state.catalog.built_in(id).cloned()),
        }
    }

    /// How a record stood once entry `rev` had written it.
    pub(super) fn as_of(&mut self, id: RecordId, rev: Revision) -> Result<Option<Record>, Trouble> {
        self.before(id, rev.0.saturating_add(1))
    }

    fn version_at(
        &mut self,
        id: RecordId,
        version: crate::store::Version,
    ) -> Result<Option<Record>, Trouble> {
        // Versions of many records often stand on one line: keep the last one read.
        if self.last_line.as_ref().is_none_or(|line| line.place != version.place) {
            self.last_line = Some(self.journal.read(version.place)?);
        }
        let line = self.last_line.as_ref();
        let change = line.and_then(|line| line.changes.iter().find(|change| change.id == id));
        let after = change.and_then(|change| change.after.clone());
        Ok(after.or_else(|| self.state.catalog.built_in(id).cloned()))
    }

    /// What one entry changed, field by field.
    pub(super) fn details(&mut self, seq: u64, limit: u32) -> Result<Vec<ChangeDetail>, Trouble> {
        let limit = limit.clamp(1, DETAILS_MAX) as usize;
        let mut changes = Vec::new();
        for place in self.journal.find(seq)?.unwrap_or_default() {
            let line = self.journal.read(place)?;
            changes.extend(line.changes);
            if changes.len() >= limit {
                break;
            }
        }
        changes.truncate(limit);
        let mut details = Vec::with_capacity(changes.len());
        for change in changes {
            let before = self.before(change.id, seq)?;
            let erased = before.is_none() && change.base != Revision(0);
            let fields = |record: Option<&Record>| record.map_or_else(Fields::new, Record::fields);
            let named = change.after.as_ref().or(before.as_ref());
            let label = named.map_or_else(|| change.id.to_string(), |r| self.state.label(r));
            details.push(ChangeDetail {
                id: change.id,
                label,
                act: act(&change),
                fields: self.state.differences(
                    change.id.kind,
                    &fields(before.as_ref()),
                    &fields(change.after.as_ref()),
                ),
                erased,
            });
        }
        Ok(details)
    }

    /// Who wrote entry `seq`.
    pub(super) fn author(&self, seq: u64) -> Result<String, Trouble> {
        let places = self.journal.find(seq)?.unwrap_or_default();
        match places.last() {
            Some(place) => Ok(self.journal.read(*place)?.header.by),
            None => Ok(String::new()),
        }
    }

    /// Kinds in the order in which a restored set of records may be put back.
    pub(super) fn in_reference_order(changes: &mut [Change]) {
        let rank = |change: &Change| {
            let position = Kind::ALL.iter().position(|kind| *kind == change.id.kind).unwrap_or(0);
            // Deletions go from those who refer to those referred to.
            if change.after.is_none() { 100 - position } else { position }
        };
        changes.sort_by_key(rank);
    }
}
