//! What a keymap may ask about the moment: the closed list of facts behind `when = "…"`.
//!
//! The screen collects them before every key. They describe the view only; nothing here
//! reads a record.

macro_rules! facts {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// Something that is true or not when a key is pressed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Fact { $($(#[$doc])* $variant,)* }

        impl Fact {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As written in a keymap file.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

facts! {
    /// At least one row is marked.
    Marked = "marked";
    /// Marking by range has begun and not ended.
    Ranging = "ranging";
    /// A filter hides rows.
    Filtered = "filtered";
    /// The list has no row to stand on.
    Empty = "empty";
    /// The detail beside or over the list is open.
    DetailOpen = "detail_open";
    /// The form has something unsaved.
    Dirty = "dirty";
    /// The cursor stands in the attendance grid.
    Attendance = "attendance";
    /// A question about many records has its count typed correctly.
    CountTyped = "count_typed";
    /// A question has a list behind it.
    Listed = "listed";
    /// The office is open for reading only.
    ReadOnly = "read_only";
}

impl Fact {
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fact| fact.name() == name)
    }
}

/// The facts that hold at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts(u16);

impl Facts {
    pub const NONE: Self = Self(0);

    #[must_use]
    pub const fn with(self, fact: Fact) -> Self {
        Self(self.0 | 1 << fact as u16)
    }

    /// Adds `fact` if `holds`.
    #[must_use]
    pub const fn when(self, fact: Fact, holds: bool) -> Self {
        if holds { self.with(fact) } else { self }
    }

    #[must_use]
    pub const fn without(self, fact: Fact) -> Self {
        Self(self.0 & !(1 << fact as u16))
    }

    pub const fn has(self, fact: Fact) -> bool {
        self.0 & (1 << fact as u16) != 0
    }
}

impl FromIterator<Fact> for Facts {
    fn from_iter<I: IntoIterator<Item = Fact>>(facts: I) -> Self {
        facts.into_iter().fold(Self::NONE, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_is_found_by_its_name_and_kept_apart_from_the_others() {
        for &fact in Fact::ALL {
            assert_eq!(Fact::named(fact.name()), Some(fact));
            let only = Facts::NONE.with(fact);
            assert!(Fact::ALL.iter().all(|&other| only.has(other) == (other == fact)));
        }
    }
}
