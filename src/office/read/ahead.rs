//! Ahead: what the next pages of a file need of people's full records. Records lie in the
//! order of their numbers and a list has another; read along the list, each costs the store
//! as much as all its neighbours. So a good part of them is read together as they lie, and
//! their cells are kept encoded until the file has had them: however long it is, the records
//! are gone through a few times, in memory that has a bound.

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::codec;
use crate::domain::value::Value;
use crate::office::read::list::Key;
use crate::office::views::columns;
use crate::office::views::state::State;
use crate::store::StoreError;

/// How often the records of a long list are gone through.
const TIMES: usize = 4;
/// People read together, at least: some two megabytes.
const TOGETHER_MIN: usize = 16_384;
/// What is kept of those read together, at most.
const BYTES_MAX: usize = 24 << 20;
/// How long it is kept for a file that does not go on.
const KEPT_FOR: TimeDelta = TimeDelta::minutes(1);

/// Of one file at a time; a second one meanwhile reads person by person.
pub(in crate::office) struct Ahead {
    keys: Arc<[Key]>,
    columns: Vec<String>,
    version: u64,
    asked: DateTime<Utc>,
    /// Where the file's next page begins.
    next: usize,
    /// So many people are read together.
    together: usize,
    /// Where what was read begins, and where the cells of each person from there on stand.
    from: usize,
    places: Vec<Range<u32>>,
    cells: Vec<u8>,
}

impl Ahead {
    fn holds(&self, page: &Range<usize>) -> bool {
        self.from <= page.start && page.end <= self.from + self.places.len()
    }
}

impl State {
    /// Makes ready what a page of a file needs of full records, if it is the one after the
    /// page given last. Says whether it is.
    pub fn read_ahead(
        &mut self,
        keys: &Arc<[Key]>,
        page: &Range<usize>,
        columns: &[String],
    ) -> Result<bool, StoreError> {
        self.read_ahead_within(keys, page, columns, BYTES_MAX)
    }

    pub fn read_ahead_within(
        &mut self,
        keys: &Arc<[Key]>,
        page: &Range<usize>,
        columns: &[String],
        bytes_max: usize,
    ) -> Result<bool, StoreError> {
        self.let_go_of_ahead();
        let columns: Vec<String> =
            columns.iter().filter(|name| columns::is_read(name)).cloned().collect();
        let mut ahead = match self.ahead.take() {
            Some(other) if other.columns != columns || other.keys != *keys => {
                self.ahead = Some(other);
                return Ok(false);
            }
            Some(ahead) => ahead,
            None if columns.is_empty() || page.end == keys.len() => return Ok(false),
            None => Ahead {
                keys: Arc::clone(keys),
                columns,
                version: self.version,
                asked: self.now,
                next: usize::MAX,
                together: (keys.len() / TIMES).max(TOGETHER_MIN),
                from: 0,
                places: Vec::new(),
                cells: Vec::new(),
            },
        };
        if ahead.next == page.start && !ahead.holds(page) {
            while !self.read_together(&mut ahead, page, bytes_max)? {
                ahead.together /= 2;
            }
        }
        (ahead.next, ahead.asked) = (page.end, self.now);
        let ready = ahead.holds(page);
        self.ahead = Some(ahead);
        Ok(ready)
    }

    /// Reads from where the page begins on; `false` if that was too much.
    fn read_together(
        &self,
        ahead: &mut Ahead,
        page: &Range<usize>,
        bytes_max: usize,
    ) -> Result<bool, StoreError> {
        let keys = &ahead.keys;
        let end = page.start.saturating_add(ahead.together).min(keys.len()).max(page.end);
        let mut as_they_lie: Vec<usize> = (page.start..end).collect();
        as_they_lie.sort_unstable_by_key(|at| keys[*at].number);
        ahead.from = page.start;
        ahead.places = vec![0..0; as_they_lie.len()];
        ahead.cells.clear();
        for at in as_they_lie {
            let person = self.record_of(keys[at].number)?;
            let cell = |name: &String| {
                person.as_ref().map_or(Value::Empty, |person| columns::cell(person, name))
            };
            let cells: Vec<Value> = ahead.columns.iter().map(cell).collect();
            let start = ahead.cells.len() as u32;
            codec::encode_into(&mut ahead.cells, &cells)?;
            ahead.places[at - page.start] = start..ahead.cells.len() as u32;
            if ahead.cells.len() > bytes_max && end > page.end {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The cells made ready of whoever is at this place of the list, in the order of columns.
    pub fn made_ready(&self, at: usize) -> Result<Option<Vec<Value>>, StoreError> {
        let Some(ahead) = &self.ahead else { return Ok(None) };
        let place = at.checked_sub(ahead.from).and_then(|at| ahead.places.get(at));
        let bytes = place.and_then(|to| ahead.cells.get(to.start as usize..to.end as usize));
        Ok(bytes.map(codec::decode).transpose()?)
    }

    /// What was read for a file that has had it, that does not go on, or that would be
    /// another file by now.
    pub fn let_go_of_ahead(&mut self) {
        let (now, version) = (self.now, self.version);
        self.ahead = self.ahead.take().filter(|ahead| {
            // A clock that was set back keeps nothing for longer.
            let lately = (TimeDelta::zero()..KEPT_FOR).contains(&(now - ahead.asked));
            lately && ahead.version == version && ahead.next < ahead.keys.len()
        });
    }

    /// How long until what was read ahead is let go of, if the file does not go on.
    pub fn ahead_for(&self) -> Option<TimeDelta> {
        self.ahead.as_ref().map(|ahead| KEPT_FOR - (self.now - ahead.asked))
    }
}
