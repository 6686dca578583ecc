//! sled's files, read as they lie, without sled. Opening sled reads its table of all pages,
//! starts its threads and writes to its files; one who only looks something up needs a few
//! pages. So a store that sled opened and closed again without a change in between is read
//! here, until somebody writes to it (`tree`).
//!
//! Nothing here writes. What is read has to bear the checksum sled gave it, and to be what the
//! place it was read from says; anything else is a [`Doubt`], and sled itself is asked. The
//! format is that of sled 0.34, which `Cargo.toml` names exactly.

mod bytes;
mod message;
mod node;
mod pages;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::tree::Bytes;
use message::Log;
use node::{Node, Way};
use pages::Pages;

/// What was read is not what was expected. Says nothing of what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Doubt;

/// The page that says where trees begin.
const META: u64 = 0;
/// What sled calls the one tree everything is in.
const TREE: &[u8] = b"__sled__default";
/// Pages on the way to a leaf; a tree that leads in a circle ends here.
const STEPS_MAX: u32 = 1000;

/// The files of a closed sled.
pub(super) struct Still {
    log: Log,
    pages: Pages,
    root: u64,
    known: Mutex<Known>,
}

/// What was read and is likely to be asked for again.
#[derive(Default)]
struct Known {
    /// Pages that only lead on: every search goes through some of them.
    ways: HashMap<u64, Arc<Node>>,
    /// What was asked for last often has what is asked for next beside it.
    leaf: Option<(u64, Arc<Node>)>,
}

impl Still {
    /// `dir` is sled's own.
    pub(super) fn open(dir: &Path) -> Result<Self, Doubt> {
        let log = Log::open(dir)?;
        let pages = Pages::read(dir)?;
        // What sled wrote after it made its table of pages is in no table.
        log.ends_at(pages.end())?;
        let root = root(&log, &pages)?;
        Ok(Self { log, pages, root, known: Mutex::default() })
    }

    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Bytes>, Doubt> {
        self.leaf(key)?.value(key)
    }

    /// The leaf that holds this key, if any does.
    fn leaf(&self, key: &[u8]) -> Result<Arc<Node>, Doubt> {
        let mut page = self.root;
        for _ in 0..STEPS_MAX {
            let node = self.node(page)?;
            match node.way(key)? {
                Way::Page(next) => page = next,
                Way::Here => return Ok(node),
            }
        }
        Err(Doubt)
    }

    fn node(&self, page: u64) -> Result<Arc<Node>, Doubt> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let known = known();
            let leaf = known.leaf.as_ref().filter(|(at, _)| *at == page).map(|(_, leaf)| leaf);
            if let Some(node) = known.ways.get(&page).or(leaf) {
                return Ok(Arc::clone(node));
            }
        }
        let mut parts = self.pages.parts(page)?;
        let base = parts.next().ok_or(Doubt)??;
        let mut node = Node::read(self.log.read(page, &base)?)?;
        for part in parts {
            node.change(&self.log.read(page, &part?)?)?;
        }
        let node = Arc::new(node.settled()?);
        if node.leads_on() {
            known().ways.insert(page, Arc::clone(&node));
        } else {
            known().leaf = Some((page, Arc::clone(&node)));
        }
        Ok(node)
    }
}

/// Where the one tree begins.
fn root(log: &Log, pages: &Pages) -> Result<u64, Doubt> {
    let mut parts = pages.parts(META)?;
    let message = log.read(META, &parts.next().ok_or(Doubt)??)?;
    if parts.next().is_some() {
        return Err(Doubt);
    }
    let mut names = message.meta()?;
    while !names.is_empty() {
        let (name, page) = (names.chunk()?, names.number()?);
        if name == TREE {
            return Ok(page);
        }
    }
    Err(Doubt)
}

/// A walk over keys in their order.
pub(super) struct Walk {
    /// What is left to go through.
    from: Bound<Vec<u8>>,
    to: Bound<Vec<u8>>,
    leaf: Option<(Arc<Node>, usize)>,
}

impl Walk {
    pub(super) fn new(from: Bound<Vec<u8>>, to: Bound<Vec<u8>>) -> Self {
        Self { from, to, leaf: None }
    }

    /// What has not been given yet, for sled to go on with.
    pub(super) fn rest(&self) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
        (self.from.clone(), self.to.clone())
    }

    pub(super) fn next(&mut self, still: &Still) -> Result<Option<(Bytes, Bytes)>, Doubt> {
        loop {
            let (leaf, at) = match self.leaf.take() {
                Some(leaf) => leaf,
                None => self.first(still)?,
            };
            if let Some((key, value)) = leaf.row(at)? {
                let over = match &self.to {
                    Bound::Included(to) => key > *to,
                    Bound::Excluded(to) => key >= *to,
                    Bound::Unbounded => false,
                };
                if over {
                    return Ok(None);
                }
                let row = (Bytes::from(key.as_slice()), value);
                self.from = Bound::Excluded(key);
                self.leaf = Some((leaf, at + 1));
                return Ok(Some(row));
            }
            let Some(page) = leaf.follows()? else { return Ok(None) };
            let next = still.node(page)?;
            if !next.begins_where(&leaf) {
                return Err(Doubt);
            }
            self.leaf = Some((next, 0));
        }
    }

    fn first(&self, still: &Still) -> Result<(Arc<Node>, usize), Doubt> {
        let (key, given): (&[u8], _) = match &self.from {
            Bound::Included(key) => (key, false),
            Bound::Excluded(key) => (key, true),
            Bound::Unbounded => (&[], false),
        };
        let leaf = still.leaf(key)?;
        let at = leaf.place(key)?;
        let is_it = leaf.row(at)?.is_some_and(|(other, _)| other == key);
        Ok((leaf, at + usize::from(given && is_it)))
    }
}
