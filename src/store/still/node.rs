//! One page of the tree: a leaf with keys and values, or one that leads on to others. It stays
//! the bytes it was read as, with what has changed in it behind them; only what is asked for is
//! taken out.

use std::cmp::Ordering;
use std::ops::Range;

use super::Doubt;
use super::bytes::Left;
use super::message::Message;
use crate::store::tree::Bytes;

/// Where something stands in the bytes of a page.
type Span = Range<usize>;

pub(super) struct Node {
    bytes: Vec<u8>,
    /// The first key it may hold, and the first it may not; nothing: there is no end.
    lo: Span,
    hi: Span,
    /// How many bytes of `lo` all its keys begin with; they are left out where they stand.
    prefix: usize,
    /// The page with the keys from `hi` on.
    next: Option<u64>,
    rows: Rows,
    /// A page below is being merged into its neighbour, or this one is.
    merging_child: Option<u64>,
    merging: bool,
}

/// By key, in order.
enum Rows {
    Leaf(Vec<(Span, Span)>),
    Index(Vec<(Span, u64)>),
}

/// Where a search goes on.
pub(super) enum Way {
    Page(u64),
    /// Here, if anywhere.
    Here,
}

impl Node {
    pub(super) fn read(message: Message) -> Result<Self, Doubt> {
        let mut left = message.page()?;
        let some = |page: u64| (page != 0).then_some(page);
        let next = some(left.number()?);
        let merging_child = some(left.number()?);
        let merging = left.byte()? != 0;
        let prefix = usize::from(left.byte()?);
        let end = message.bytes.len();
        let (lo, hi) = (span(&mut left, end)?, span(&mut left, end)?);
        let leads_on = match left.byte()? {
            0 => false,
            1 => true,
            _ => return Err(Doubt),
        };
        let count = usize::try_from(left.number()?).map_err(|_| Doubt)?;
        // Each is at least a byte long.
        if count > left.0.len() || prefix > lo.len() {
            return Err(Doubt);
        }
        let mut keys = Vec::with_capacity(count);
        for _ in 0..count {
            keys.push(span(&mut left, end)?);
        }
        let bytes = |span: &Span| &message.bytes[span.clone()];
        if !keys.is_sorted_by(|one, other| bytes(one) < bytes(other)) {
            return Err(Doubt);
        }
        // A page that ended where it begins could lead round in a circle.
        if !hi.is_empty() && bytes(&hi) <= bytes(&lo) {
            return Err(Doubt);
        }
        let rows = if leads_on {
            let rows = keys.into_iter().map(|key| Ok((key, left.number()?)));
            Rows::Index(rows.collect::<Result<_, Doubt>>()?)
        } else {
            let rows = keys.into_iter().map(|key| Ok((key, span(&mut left, end)?)));
            Rows::Leaf(rows.collect::<Result<_, Doubt>>()?)
        };
        if !left.is_empty() {
            return Err(Doubt);
        }
        let bytes = message.bytes;
        Ok(Self { bytes, lo, hi, prefix, next, rows, merging_child, merging })
    }

    /// What was written of it since.
    pub(super) fn change(&mut self, message: &Message) -> Result<(), Doubt> {
        let mut left = message.change()?;
        match (left.byte()?, &mut self.rows) {
            (0, Rows::Leaf(rows)) => {
                let (key, value) = (left.chunk()?, left.chunk()?);
                match find(&self.bytes, rows, key) {
                    Ok(at) => rows[at].1 = kept(&mut self.bytes, value),
                    Err(at) => {
                        let key = kept(&mut self.bytes, key);
                        rows.insert(at, (key, kept(&mut self.bytes, value)));
                    }
                }
            }
            (1, Rows::Leaf(rows)) => {
                if let Ok(at) = find(&self.bytes, rows, left.chunk()?) {
                    rows.remove(at);
                }
            }
            (2, Rows::Index(_)) => self.merging_child = Some(left.number()?),
            (3, Rows::Index(ways)) => {
                let merged = self.merging_child.take().ok_or(Doubt)?;
                let at = ways.iter().position(|(_, page)| *page == merged).ok_or(Doubt)?;
                ways.remove(at);
            }
            (4, _) => self.merging = true,
            _ => return Err(Doubt),
        }
        if left.is_empty() { Ok(()) } else { Err(Doubt) }
    }

    /// Itself, unless sled would first bring a merge to its end.
    pub(super) fn settled(self) -> Result<Self, Doubt> {
        if self.merging || self.merging_child.is_some() { Err(Doubt) } else { Ok(self) }
    }

    pub(super) fn leads_on(&self) -> bool {
        matches!(self.rows, Rows::Index(_))
    }

    fn lo(&self) -> &[u8] {
        &self.bytes[self.lo.clone()]
    }

    fn hi(&self) -> &[u8] {
        &self.bytes[self.hi.clone()]
    }

    /// What there is to say about this key here.
    pub(super) fn way(&self, key: &[u8]) -> Result<Way, Doubt> {
        if key < self.lo() {
            return Err(Doubt);
        }
        if !self.hi().is_empty() && key >= self.hi() {
            // Split, and the page above does not know yet.
            return Ok(Way::Page(self.next.ok_or(Doubt)?));
        }
        let Rows::Index(ways) = &self.rows else { return Ok(Way::Here) };
        let after = match find(&self.bytes, ways, self.short(key)?) {
            Ok(at) => at + 1,
            Err(at) => at,
        };
        let (_, page) = ways.get(after.wrapping_sub(1)).ok_or(Doubt)?;
        Ok(Way::Page(*page))
    }

    /// The page of the leaf behind this one, if there is one.
    pub(super) fn follows(&self) -> Result<Option<u64>, Doubt> {
        if self.hi().is_empty() { Ok(None) } else { self.next.ok_or(Doubt).map(Some) }
    }

    pub(super) fn begins_where(&self, other: &Self) -> bool {
        self.lo() == other.hi()
    }

    /// The value of a key of a leaf.
    pub(super) fn value(&self, key: &[u8]) -> Result<Option<Bytes>, Doubt> {
        let Rows::Leaf(rows) = &self.rows else { return Err(Doubt) };
        let at = find(&self.bytes, rows, self.short(key)?).ok();
        Ok(at.map(|at| Bytes::from(&self.bytes[rows[at].1.clone()])))
    }

    /// The place of the first row of a leaf that is not before this key.
    pub(super) fn place(&self, key: &[u8]) -> Result<usize, Doubt> {
        let Rows::Leaf(rows) = &self.rows else { return Err(Doubt) };
        let found = find(&self.bytes, rows, self.short(key)?);
        Ok(found.unwrap_or_else(|at| at))
    }

    /// The key and the value at this place of a leaf.
    pub(super) fn row(&self, at: usize) -> Result<Option<(Vec<u8>, Bytes)>, Doubt> {
        let Rows::Leaf(rows) = &self.rows else { return Err(Doubt) };
        Ok(rows.get(at).map(|(key, value)| {
            let key = [&self.lo()[..self.prefix], &self.bytes[key.clone()]].concat();
            (key, Bytes::from(&self.bytes[value.clone()]))
        }))
    }

    /// A key that may be here, without what all of them begin with.
    fn short<'a>(&self, key: &'a [u8]) -> Result<&'a [u8], Doubt> {
        key.strip_prefix(&self.lo()[..self.prefix]).ok_or(Doubt)
    }
}

fn find<T>(bytes: &[u8], rows: &[(Span, T)], key: &[u8]) -> Result<usize, usize> {
    rows.binary_search_by(|(other, _)| -> Ordering { bytes[other.clone()].cmp(key) })
}

/// Where a chunk stands in the bytes that end so.
fn span(left: &mut Left<'_>, end: usize) -> Result<Span, Doubt> {
    let length = left.chunk()?.len();
    let to = end - left.0.len();
    Ok(to - length..to)
}

/// Puts something behind the bytes of a page.
fn kept(bytes: &mut Vec<u8>, more: &[u8]) -> Span {
    let from = bytes.len();
    bytes.extend_from_slice(more);
    from..bytes.len()
}
