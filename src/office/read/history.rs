//! History: who changed what and when, read back from the journal. A line tells counts;
//! its details tell old and new values field by field. What was true before a change is
//! found through the trail each record keeps of its versions.

use std::collections::HashMap;

use crate::domain::belongs::Owner;
use crate::domain::change::Change;
use crate::domain::field::{Privacy, Shape, TEXT_MAX};
use crate::domain::record::{EmployeeId, Fields, Kind, Record, RecordId, Revision};
use crate::journal::Line;
use crate::office::Office;
use crate::office::read::label::act;
use crate::office::read::sought::Sought;
use crate::office::read::stretches::{self, Gist};
use crate::office::read::survey::Seen;
use crate::office::rights::{Reach, Rights};
use crate::office::trouble::Trouble;
use crate::protocol::{ChangeDetail, HistoryLine, HistoryPage, HistoryQuery};

/// The most lines one answer carries.
const LINES_MAX: u32 = 500;
/// The most entries one answer looks at, so that a search stalls nobody.
const LOOKED_MAX: u32 = 500;
/// The most fields-by-field changes one answer carries.
const DETAILS_MAX: u32 = 1000;
/// So many later versions of a record are asked whether they take an entry back: what does
/// stands near it.
const VERSIONS_MAX: usize = 500;
/// Entries of which it is remembered what they take back: a megabyte or two.
const UNDOES_MAX: usize = 50_000;
/// Changes that a line of one person's history tells.
const OWN_MAX: u32 = 3;
/// After so many entries in a row from beyond the days sought, all others are, too: a clock
/// that was wrong for a while stops no search.
const PAST_MAX: u32 = 200;

/// A reason as a line shows it: earlier programs took any, however long.
fn shown(why: String) -> String {
    match why.char_indices().nth(TEXT_MAX) {
        Some((end, _)) => format!("{}…", &why[..end]),
        None => why,
    }
}

/// A walk through the entries.
struct Seeking<'a> {
    sought: &'a Sought,
    limit: usize,
    forward: bool,
    /// Whether a reason may find an entry.
    reasons: bool,
    found: Vec<Line>,
    looked: u32,
    /// Entries in a row from beyond the days sought.
    past: u32,
    /// Where the next answer goes on.
    next: Option<u64>,
}

impl Seeking<'_> {
    /// Takes the line if it is meant; whether there is more to look at for this answer.
    fn goes_on_after(&mut self, line: Line) -> bool {
        self.past = if self.sought.is_past(&line, self.forward) { self.past + 1 } else { 0 };
        if self.past == PAST_MAX {
            self.next = None;
            return false;
        }
        self.looked += 1;
        self.next = Some(line.header.seq);
        let touched = || line.changes.iter().map(|change| change.id.kind);
        if self.sought.fits(&line, if self.reasons { &line.why } else { "" })
            && (line.header.batch.is_some() || self.sought.fits_kinds(&line, touched()))
        {
            self.found.push(line);
        }
        self.found.len() < self.limit && self.looked < 2 * LOOKED_MAX
    }
}

impl Office {
    /// Entries newest first, of those that touched anything within reach, as far as one
    /// answer looks.
    pub(in crate::office) fn history(
        &mut self,
        query: &HistoryQuery,
        rights: &Rights,
    ) -> Result<HistoryPage, Trouble> {
        self.with_trails(|office| office.history_page(query, rights))
    }

    fn history_page(
        &mut self,
        query: &HistoryQuery,
        rights: &Rights,
    ) -> Result<HistoryPage, Trouble> {
        for record in query.record.into_iter().chain(query.person.map(RecordId::from)) {
            if record.kind.is_sealed() || !self.witnesses(rights, record)? {
                return Ok(HistoryPage::default());
            }
        }
        let sought = Sought::new(&self.state, query, rights)?;
        let limit = query.limit.clamp(1, LINES_MAX) as usize;
        let (found, mut next) = self.seek(query, &sought, limit, rights)?;
        let mut lines = Vec::with_capacity(found.len());
        self.surveys.begin();
        for line in found {
            let seq = line.header.seq;
            let summary = match self.summary_seen(rights, &line)? {
                Seen::Some(summary) => summary,
                Seen::Nothing => continue,
                // What this one did is found out by the next answer, or the one after.
                Seen::NotYet => {
                    next = Some(if query.after.is_some() { seq - 1 } else { seq + 1 });
                    break;
                }
            };
            let hidden = summary.others;
            if hidden && !sought.fits(&line, "") {
                continue;
            }
            // Only the parts of a large step tell what it touched.
            if !sought.fits_kinds(&line, summary.parts.iter().map(|(kind, ..)| *kind)) {
                continue;
            }
            let own = match sought.person {
                Some(person) if rights.reads_people() => self.own(seq, person, rights)?,
                _ => Vec::new(),
            };
            lines.push(HistoryLine {
                seq,
                own,
                at: line.header.at,
                undone_by: self.undone_by(&line)?,
                by: line.header.by,
                via: line.header.via,
                why: if hidden { String::new() } else { shown(line.why) },
                summary,
            });
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.seq));
        Ok(HistoryPage { lines, next, vague: sought.vague })
    }

    /// Lines that are sought, and where to go on: back from `before`, or forward from `after`.
    fn seek(
        &mut self,
        query: &HistoryQuery,
        sought: &Sought,
        limit: usize,
        rights: &Rights,
    ) -> Result<(Vec<Line>, Option<u64>), Trouble> {
        let forward = query.after.is_some();
        // A reason that finds an entry would be told by finding it.
        let reasons = rights.reads_people();
        let mut seeking = Seeking {
            sought,
            limit,
            forward,
            reasons,
            found: Vec::new(),
            looked: 0,
            past: 0,
            next: None,
        };
        let (before, after) = (query.before.unwrap_or(u64::MAX), query.after.unwrap_or(0));
        let last = self.journal.head().seq;
        let numbers: Box<dyn Iterator<Item = u64>> = match (&sought.entries, query.after) {
            (Some(entries), None) => Box::new(entries.range(..before).rev().copied()),
            (Some(entries), Some(_)) => Box::new(entries.range(after.saturating_add(1)..).copied()),
            (None, Some(_)) => Box::new(after.saturating_add(1)..=last),
            (None, None) => {
                let knows = rights.reach.is_everywhere();
                self.seek_back(&mut seeking, before.min(last.saturating_add(1)), knows)?;
                return Ok((seeking.found, seeking.next));
            }
        };
        for number in numbers {
            let Some(line) = self.journal.last_of(number)? else { continue };
            if !seeking.goes_on_after(line) {
                return Ok((seeking.found, seeking.next));
            }
        }
        Ok((seeking.found, None))
    }

    /// Walks back from before entry `end`, a stretch at a time; with what it `knows` of them,
    /// past those that hold nothing of what is sought.
    fn seek_back(
        &mut self,
        seeking: &mut Seeking<'_>,
        mut end: u64,
        knows: bool,
    ) -> Result<(), Trouble> {
        while end > 1 {
            let stretch = (end - 1) / stretches::LENGTH;
            let first = stretch * stretches::LENGTH;
            let whole = knows && end == first + stretches::LENGTH;
            let gist = self.stretches.gist(stretch).filter(|_| whole);
            if gist.is_some_and(|gist| !seeking.sought.may_be_in(gist, seeking.reasons)) {
                end = first;
                continue;
            }
            let (mut gist, mut stopped) = (Gist::new(), false);
            let sought = seeking.sought;
            self.journal.entries_backwards(Some(end), &mut |line| {
                if line.header.seq < first {
                    return Ok(false);
                }
                if whole {
                    gist.add(&line, sought.day(&line));
                }
                stopped = !seeking.goes_on_after(line);
                Ok(!stopped)
            })?;
            if stopped {
                seeking.next = seeking.next.filter(|seq| *seq > 1);
                return Ok(());
            }
            if whole {
                self.stretches.learn(stretch, gist);
            }
            end = first;
            if seeking.looked >= LOOKED_MAX {
                seeking.next = Some(end).filter(|seq| *seq > 1);
                return Ok(());
            }
        }
        seeking.next = None;
        Ok(())
    }

    /// The entry that took this one back and still stands. Whatever takes an entry back
    /// writes each record it wrote, so the trail of one of them tells.
    pub(in crate::office) fn undone_by(&self, line: &Line) -> Result<Option<u64>, Trouble> {
        let seq = line.header.seq;
        let first = match line.changes.first() {
            Some(change) => Some(change.id),
            None if line.header.batch.is_none() => None,
            None => {
                let part = self.journal.first_of(seq)?;
                part.and_then(|part| part.changes.first().map(|change| change.id))
            }
        };
        let Some(id) = first else { return Ok(None) };
        let mut taken_back: HashMap<u64, u64> = HashMap::new();
        let trail = self.trail(id)?;
        let later = &trail[trail.partition_point(|version| version.seq <= seq)..];
        for version in later.iter().take(VERSIONS_MAX).rev() {
            if !taken_back.contains_key(&version.seq)
                && let Some(target) = self.header_undoes(version.seq)?
            {
                taken_back.insert(target, version.seq);
            }
        }
        Ok(taken_back.remove(&seq))
    }

    /// The entry that `seq` takes back, if it takes back any.
    pub(in crate::office) fn header_undoes(&self, seq: u64) -> Result<Option<u64>, Trouble> {
        if let Some(known) = self.undoes.borrow().get(&seq) {
            return Ok(*known);
        }
        let undoes = self.journal.last_of(seq)?.and_then(|line| line.header.undoes);
        let mut known = self.undoes.borrow_mut();
        if known.len() >= UNDOES_MAX {
            known.clear();
        }
        known.insert(seq, undoes);
        Ok(undoes)
    }

    /// Shown only to whoever sees all of it, in the words of their role.
    pub(in crate::office) fn label_of_change(
        &mut self,
        rights: &Rights,
        seq: u64,
        change: &Change,
    ) -> Result<String, Trouble> {
        let rights = Rights { reach: Reach::Everywhere, ..rights.clone() };
        if let Some(record) = &change.after {
            return Ok(self.state.label(&rights, record));
        }
        let before = self.before(change.id, seq)?;
        Ok(before
            .map_or_else(|| change.id.to_string(), |record| self.state.label(&rights, &record)))
    }

    /// Whether what a change replaced has been taken out as the law requires.
    pub(in crate::office) fn was_erased(
        &self,
        id: RecordId,
        base: Revision,
    ) -> Result<bool, Trouble> {
        let known = || self.trail(id);
        Ok(base != Revision(0) && !known()?.iter().any(|version| version.seq == base.0))
    }

    /// How a record stood before entry `seq` wrote it.
    pub(in crate::office) fn before(
        &mut self,
        id: RecordId,
        seq: u64,
    ) -> Result<Option<Record>, Trouble> {
        let trail = self.trail(id)?;
        let mut parts: Vec<Record> = Vec::new();
        let mut whole = self.state.catalog.built_in(id).cloned();
        for version in trail.iter().rev().filter(|version| version.seq < seq) {
            match self.version_at(id, *version)? {
                Some(part) if part.is_part() => parts.push(part),
                version => {
                    whole = version;
                    break;
                }
            }
        }
        Ok(parts.into_iter().rev().fold(whole, |before, part| Some(part.onto(before.as_ref()))))
    }

    /// How a record stood once entry `rev` had written it.
    pub(in crate::office) fn as_of(
        &mut self,
        id: RecordId,
        rev: Revision,
    ) -> Result<Option<Record>, Trouble> {
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

    /// What an entry was for one person, without anything personal, what somebody has put into
    /// words, or another person: whoever wants that opens it, and is counted as a reader.
    fn own(
        &mut self,
        seq: u64,
        person: EmployeeId,
        rights: &Rights,
    ) -> Result<Vec<ChangeDetail>, Trouble> {
        let mut details = self.details(seq, OWN_MAX, rights, Some(person))?;
        details.retain(|detail| !detail.id.kind.is_discreet());
        for detail in &mut details {
            let own = detail.id.kind == Kind::Employees;
            detail.hide(|field| field.privacy == Privacy::Work && is_plain(field.shape, own));
            // What a record is called may be one of its personal words.
            if detail.id.kind.fields().iter().any(|field| field.privacy != Privacy::Work) {
                detail.label.clear();
            }
        }
        Ok(details)
    }

    /// What one entry changed within reach, field by field.
    pub(in crate::office) fn details(
        &mut self,
        seq: u64,
        limit: u32,
        rights: &Rights,
        of: Option<EmployeeId>,
    ) -> Result<Vec<ChangeDetail>, Trouble> {
        let limit = limit.clamp(1, DETAILS_MAX) as usize;
        let changes = match of {
            Some(person) => self.changes_of(person, seq, limit, rights)?,
            None => self.changes_seen(seq, limit, rights)?,
        };
        let mut details = Vec::with_capacity(changes.len());
        for change in changes.into_iter().filter(|change| !change.id.kind.is_sealed()) {
            let before = self.before(change.id, seq)?;
            let erased = before.is_none() && self.was_erased(change.id, change.base)?;
            let after = change.after.clone().map(|record| record.onto(before.as_ref()));
            let fields = |record: Option<&Record>| record.map_or_else(Fields::new, Record::fields);
            let named = after.as_ref().or(before.as_ref());
            let label =
                named.map_or_else(|| change.id.to_string(), |r| self.state.label(rights, r));
            details.push(ChangeDetail {
                id: change.id,
                person: named.and_then(|record| record.whose(change.id)),
                label,
                act: act(&change),
                fields: self.state.differences(
                    rights,
                    change.id.kind,
                    &fields(before.as_ref()),
                    &fields(after.as_ref()),
                ),
                erased,
            });
        }
        Ok(details)
    }

    /// The first changes of an entry within reach. Of a large one only the lines are read that
    /// have any, once it is known which those are.
    fn changes_seen(
        &mut self,
        seq: u64,
        limit: usize,
        rights: &Rights,
    ) -> Result<Vec<Change>, Trouble> {
        if rights.is_whole() {
            return self.first_changes(seq, limit);
        }
        let Some(line) = self.journal.last_of(seq)? else { return Ok(Vec::new()) };
        self.surveys.begin_whole();
        let marks = self.marks(&line)?;
        let mut changes = Vec::new();
        for (place, marks) in marks.iter().flat_map(|marks| marks.iter()) {
            let covered = self.covered(rights, marks)?;
            if !covered.is_empty() {
                let of_line = self.journal.read(*place)?.changes.into_iter();
                changes.extend(of_line.filter(|change| covered.contains(&change.id)));
            }
            if changes.len() >= limit {
                changes.truncate(limit);
                break;
            }
        }
        Ok(changes)
    }

    fn first_changes(&self, seq: u64, limit: usize) -> Result<Vec<Change>, Trouble> {
        let (mut changes, mut from) = (Vec::new(), None);
        while changes.len() < limit
            && let Some(line) = self.journal.line_of(seq, from)?
        {
            changes.extend(line.changes);
            from = Some(line.end);
        }
        changes.truncate(limit);
        Ok(changes)
    }

    /// Those that touch a person, found by their trails: of a large step only the lines that
    /// speak of them are read.
    fn changes_of(
        &mut self,
        person: EmployeeId,
        seq: u64,
        limit: usize,
        rights: &Rights,
    ) -> Result<Vec<Change>, Trouble> {
        let mut changes = Vec::new();
        for place in self.places_of(person, seq)? {
            for change in self.journal.read(place)?.changes {
                if changes.len() < limit
                    && self.is_of(person, seq, &change)?
                    && self.witnesses_change(rights, seq, &change)?
                {
                    changes.push(change);
                }
            }
        }
        Ok(changes)
    }

    /// Whether a change touches this person: their record, or what is theirs.
    fn is_of(&mut self, person: EmployeeId, seq: u64, change: &Change) -> Result<bool, Trouble> {
        if change.id.kind.belongs() == Owner::Somebody {
            return Ok(change.id.number == person.0);
        }
        let theirs = |record: &Record| record.person() == Some(person);
        Ok(match &change.after {
            Some(record) => theirs(record),
            None if change.id.kind.belongs() == Owner::Person => {
                self.before(change.id, seq)?.is_some_and(|was| theirs(&was))
            }
            None => false,
        })
    }

    /// Who wrote entry `seq`.
    pub(in crate::office) fn author(&self, seq: u64) -> Result<String, Trouble> {
        Ok(self.journal.last_of(seq)?.map_or_else(String::new, |line| line.header.by))
    }

    /// Kinds in the order in which a restored set of records may be put back.
    pub(in crate::office) fn in_reference_order(changes: &mut [Change]) {
        let rank = |change: &Change| {
            let depth = change.id.kind.depth();
            // Deletions go from those who refer to those referred to.
            if change.after.is_none() { usize::MAX - depth } else { depth }
        };
        changes.sort_by_cached_key(rank);
    }
}

/// Whether a value may stand in a line of somebody's history: what is chosen, counted or dated,
/// and the words of their own record.
const fn is_plain(shape: Shape, own: bool) -> bool {
    match shape {
        Shape::Text | Shape::Number => own,
        Shape::LongText
        | Shape::Reference(Kind::Employees)
        | Shape::References(Kind::Employees) => false,
        _ => true,
    }
}
