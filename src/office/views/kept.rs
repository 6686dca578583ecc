//! What is derived from all people or all records and kept by difference: a committed entry
//! hands every view what stood before and what stands after, so that a save costs what it
//! changes. A view is made when it is first asked for; one line here is all that makes
//! another one. What is kept must always equal what is made anew: one test holds them all.

use std::cell::OnceCell;

use chrono::NaiveDate;

use crate::domain::record::{Record, RecordId};
use crate::office::views::catalog::Catalog;
use crate::office::views::columns::Columns;
use crate::office::views::figures::LevelFigures;
use crate::office::views::headcount::Posts;
use crate::office::views::late::LateRoster;
use crate::office::views::owed::Owed;
use crate::office::views::requests::Requests;
use crate::office::views::rounds::Rounds;
use crate::office::views::row::RosterRow;
use crate::office::views::standing::Standings;
use crate::store::{Store, StoreError};

/// What views are made from.
pub(in crate::office) struct Source<'a> {
    pub store: &'a Store,
    pub catalog: &'a Catalog,
    pub roster: &'a LateRoster,
    pub today: NaiveDate,
}

/// A person's row as it stands with this catalogue on this day.
#[derive(Clone, Copy)]
pub(in crate::office) struct Seen<'a> {
    pub catalog: &'a Catalog,
    pub row: &'a RosterRow,
    pub today: NaiveDate,
}

/// Something derived.
pub(in crate::office) trait View: Sized + PartialEq {
    fn rebuild(source: &Source) -> Result<Self, StoreError>;

    /// What this one would be if it were made anew.
    #[cfg(test)]
    fn anew(&self, source: &Source) -> Result<Self, StoreError> {
        Self::rebuild(source)
    }

    /// A person's row comes, or goes; one that changes goes as it was and comes as it is.
    fn person(&mut self, _seen: Seen<'_>, _comes: bool) {}

    /// A record has changed.
    fn record(&mut self, _id: RecordId, _before: Option<&Record>, _after: Option<&Record>) {}
}

macro_rules! views {
    ($($(#[$says:meta])* $name:ident: $view:ty),+ $(,)?) => {
        /// All views; empty until asked for.
        #[derive(Default)]
        pub(in crate::office) struct Views {
            $($name: OnceCell<$view>),+
        }

        impl Views {
            $(
                $(#[$says])*
                pub fn $name(&self, source: &Source) -> Result<&$view, StoreError> {
                    if let Some(view) = self.$name.get() {
                        return Ok(view);
                    }
                    let view = <$view>::rebuild(source)?;
                    Ok(self.$name.get_or_init(|| view))
                }
            )+

            /// Whether anything would hear of a change.
            pub fn any(&self) -> bool {
                false $(|| self.$name.get().is_some())+
            }

            pub fn person(&mut self, seen: Seen<'_>, comes: bool) {
                $(if let Some(view) = self.$name.get_mut() { view.person(seen, comes); })+
            }

            pub fn record(&mut self, id: RecordId, before: Option<&Record>, after: Option<&Record>) {
                $(if let Some(view) = self.$name.get_mut() { view.record(id, before, after); })+
            }

            /// The views that are not what would be made anew, made where they were not.
            #[cfg(test)]
            pub fn wrong(&self, source: &Source) -> Result<Vec<&'static str>, StoreError> {
                let mut wrong = Vec::new();
                $(if *self.$name(source)? != self.$name(source)?.anew(source)? {
                    wrong.push(stringify!($name));
                })+
                Ok(wrong)
            }
        }
    };
}

views! {
    /// People by unit and position.
    posts: Posts,
    /// Levels against standards by unit and competency.
    figures: LevelFigures,
    /// How people stand this year by unit.
    standing: Standings,
    /// Correction requests that wait for an answer.
    requests: Requests,
    /// Who is rated in each assessment cycle, and which sheets there are.
    rounds: Rounds,
    /// Open lines of plans, and years judged.
    owed: Owed,
    /// What is asked of people that rows do not carry.
    columns: Columns,
}
