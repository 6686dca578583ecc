//! Which key gives which command: read from TOML layers, asked once per key press.
//!
//! [`load`](load()) lays the files of the host and the officer over a built-in preset;
//! [`Keymap::resolve`] answers what the keys pressed so far mean in the contexts on screen;
//! [`Keymap::hints`] and [`Keymap::table`] show the same bindings to people. Nothing here
//! carries a command out, and no pane ever sees a key.
mod check;
mod fault;
mod file;
mod fill;
pub mod key_text;
mod load;
mod resolve;
mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use fault::{KeymapFault, Warning};
pub use load::{Preset, load};
pub use resolve::{Next, Resolved};
pub use table::{Hint, KeysRow, KeysStyle};

use crate::term::key::Key;
use crate::ui::command::{Command, Context, Fact, Facts};

/// The bindings in force.
#[derive(Clone, Debug, Default)]
pub struct Keymap {
    tables: BTreeMap<Context, Table>,
    /// The layers these came from, lowest first.
    sources: Vec<Origin>,
}

type Table = BTreeMap<Vec<Key>, Binding>;

/// What one key sequence does in one context. Without rules it does nothing, and hides
/// what outer contexts bind to it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Binding {
    rules: Vec<Rule>,
    /// Index into [`Keymap::sources`].
    source: usize,
    line: usize,
}

/// One of a binding's ordered possibilities: the first whose fact holds is run.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    run: Vec<Command>,
    when: Option<Fact>,
}

/// Where a binding was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Preset(Preset),
    File(PathBuf),
}

impl Binding {
    /// What it runs under these facts, if anything.
    fn run(&self, facts: Facts) -> Option<&[Command]> {
        self.rules
            .iter()
            .find(|rule| rule.when.is_none_or(|fact| facts.has(fact)))
            .map(|rule| rule.run.as_slice())
    }

    fn mentions(&self, command: Command) -> bool {
        self.rules.iter().any(|rule| rule.run.contains(&command))
    }
}

impl Keymap {
    fn table_of(&self, context: Context) -> impl Iterator<Item = (&[Key], &Binding)> {
        self.tables.get(&context).into_iter().flatten().map(|(keys, b)| (keys.as_slice(), b))
    }
}
