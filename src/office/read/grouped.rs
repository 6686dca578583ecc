//! The groups of a matrix: people by the path of their unit, and a line with the unit's sums
//! above each unit's people. They are made with the whole of a matrix; a page only counts how
//! many such lines stand before it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::domain::gap::Figures;
use crate::domain::record::UnitId;
use crate::office::views::state::State;
use crate::protocol::MatrixGroup;

/// What the people of each unit add up to, in the order of the competencies; none of which
/// nobody is rated.
pub(super) type Sums = HashMap<Option<UnitId>, Vec<Figures>>;

/// Each with the line it stands in, the first line first.
#[derive(Default)]
pub(super) struct Groups(Vec<MatrixGroup>);

impl Groups {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How many of their lines stand before this one.
    fn before(&self, line: usize) -> usize {
        self.0.partition_point(|group| (group.line as usize) < line)
    }

    /// Who stands in these lines, by their places among those found.
    pub fn people(&self, lines: &Range<usize>) -> Range<usize> {
        lines.start - self.before(lines.start)..lines.end - self.before(lines.end)
    }

    pub fn shown(&self, lines: &Range<usize>) -> Vec<MatrixGroup> {
        self.0[self.before(lines.start)..self.before(lines.end)].to_vec()
    }

    /// In which line somebody at this place among those found stands.
    pub fn line_of(&self, person: usize) -> usize {
        let people = self.0.iter().scan(0, |before, group| {
            let first = *before;
            *before += group.people as usize;
            Some(first)
        });
        person + people.take_while(|first| *first <= person).count()
    }
}

impl State {
    /// Puts those found in the order of their units, keeping their order within each.
    pub(super) fn group(&self, found: &mut [u32], sums: &Sums, columns: usize) -> Groups {
        let rows = self.roster.rows();
        let unit_of = |place: &u32| rows[*place as usize].unit;
        let mut paths: HashMap<Option<UnitId>, Arc<str>> = HashMap::new();
        for place in found.iter() {
            let unit = unit_of(place);
            paths.entry(unit).or_insert_with(|| self.catalog.unit_path_text(unit));
        }
        let mut units: Vec<_> = paths.into_iter().collect();
        units.sort_by(|(one, of_one), (other, of_other)| {
            (of_one, one.map(|unit| unit.0)).cmp(&(of_other, other.map(|unit| unit.0)))
        });
        let ranks: HashMap<Option<UnitId>, usize> =
            units.iter().enumerate().map(|(rank, (unit, _))| (*unit, rank)).collect();
        found.sort_by_key(|place| ranks.get(&unit_of(place)).copied());
        let nobody = vec![Figures::default(); columns];
        let mut line = 0;
        let groups = found.chunk_by(|one, next| unit_of(one) == unit_of(next)).map(|people| {
            let unit = people.first().and_then(unit_of);
            let figures = sums.get(&unit).unwrap_or(&nobody);
            let group = MatrixGroup {
                line,
                unit,
                name: self.catalog.unit(unit).map_or_else(String::new, |row| row.name.clone()),
                people: people.len() as u32,
                below: figures.iter().map(|column| column.below).collect(),
                figures: Figures::sum(figures),
            };
            line += 1 + group.people;
            group
        });
        Groups(groups.collect())
    }
}
