//! Terms: what a search of a kind of record may name, and what its words mean here: the names the
//! office gives to types of training and ranks stand for their codes.

use crate::domain::field::Shape;
use crate::domain::grade::Grade;
use crate::domain::record::Kind;
use crate::domain::rules::TRAINING_TYPES;
use crate::domain::search::{Op, Query, Term, sound};
use crate::office::rights::Rights;
use crate::office::views::state::State;
use crate::protocol::{ListQuery, SortKey};

impl State {
    /// A search of this kind, as this officer may ask it.
    pub fn query(&self, kind: Kind, search: &str, rights: &Rights) -> Query {
        let mut query = Query::parse(search, &|name| self.carries_column(kind, rights, name));
        let terms = query.clauses.iter_mut().flat_map(|clause| &mut clause.any);
        terms.for_each(|term| self.understand(kind, term));
        query
    }

    /// A name the office gives to a code or a grade, or that it has as it ships, means the code
    /// or grade and nothing else.
    fn understand(&self, kind: Kind, term: &mut Term) {
        let Term::Field { name, op: op @ (Op::Has | Op::Equals), value } = term else { return };
        if let Some(named) = self.named(kind, name, value) {
            (*op, *value) = (Op::Equals, named);
        }
    }

    /// What is meant by a name, as search compares it.
    pub fn named(&self, kind: Kind, column: &str, value: &str) -> Option<String> {
        let rules = self.rules();
        match kind.field(column).map(|field| field.shape)? {
            Shape::Choice(codes) if codes == TRAINING_TYPES => {
                rules.training_type(value).map(sound)
            }
            Shape::Grade => {
                let grade = Grade::of_title(value, &rules.grades)?;
                Some(sound(&grade.to_string()))
            }
            _ => None,
        }
    }

    /// Whether there is such a column: of people each competency is one, by its code.
    pub(super) fn has_column(&self, kind: Kind, column: &str) -> bool {
        kind.column(column).is_some()
            || (kind == Kind::Employees && self.catalog.competency_by_code(column).is_some())
    }

    /// Columns that may be asked about: those whose cells are not kept from the asker.
    pub fn carries_column(&self, kind: Kind, rights: &Rights, column: &str) -> bool {
        rights.carries(kind, column) && self.has_column(kind, column)
    }

    /// Of an order what may be asked about.
    pub fn carried_sort(&self, kind: Kind, sort: &[SortKey], rights: &Rights) -> Vec<SortKey> {
        let carried = |key: &&SortKey| self.carries_column(kind, rights, &key.column);
        sort.iter().filter(carried).cloned().collect()
    }

    /// Columns a search or an order looks at. A word is sought in all of them but in counts of
    /// other records, which nobody means by a word and which cost the most.
    pub(super) fn columns_looked_at(
        &self,
        query: &ListQuery,
        search: &Query,
        rights: &Rights,
    ) -> Vec<String> {
        const COUNTS: [&str; 4] = ["people", "sessions", "enrolled", "present"];
        let words = search.terms().any(|term| matches!(term, Term::Word(_)));
        let named = |name: &str| {
            query.sort.iter().any(|key| key.column == name)
                || search
                    .terms()
                    .any(|term| matches!(term, Term::Field { name: n, .. } if n == name))
        };
        let looked_at = |name: &&str| {
            self.carries_column(query.kind, rights, name)
                && (named(name) || (words && !COUNTS.contains(name)))
        };
        let columns = query.kind.columns().iter().map(|column| column.name);
        columns.filter(looked_at).map(str::to_string).collect()
    }
}
