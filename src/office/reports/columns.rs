//! How a report writes down its columns and parameters: a shape, a width, and what is
//! otherwise about it.

use crate::domain::column::Align;
use crate::domain::record::Kind;
use crate::protocol::{ColumnKind, Param, ParamShape, Shade, Sum, TableColumn, Tone, When};

/// What a NIP takes without its groups.
const NUMBER_WIDTH: u16 = 18;
const DATE_WIDTH: u16 = 11;

fn column(key: &str, kind: ColumnKind, align: Align, width: u16) -> TableColumn {
    TableColumn {
        key: key.into(),
        label: String::new(),
        kind,
        align,
        width,
        shown: true,
        personal: false,
        sum: Sum::Nothing,
        shades: Vec::new(),
        against: None,
    }
}

/// Text; a width of 0 takes what is left over.
pub(super) fn text(key: &str, width: u16) -> TableColumn {
    column(key, ColumnKind::Text, Align::Left, width)
}

/// A person's number: kept from those who may not carry it.
pub(super) fn number(key: &str) -> TableColumn {
    column(key, ColumnKind::Number, Align::Left, NUMBER_WIDTH).personal()
}

pub(super) fn choice(key: &str, width: u16) -> TableColumn {
    column(key, ColumnKind::Choice, Align::Left, width)
}

pub(super) fn whole(key: &str, width: u16) -> TableColumn {
    column(key, ColumnKind::Whole, Align::Right, width)
}

pub(super) fn percent(key: &str, width: u16) -> TableColumn {
    column(key, ColumnKind::Percent, Align::Right, width)
}

pub(super) fn date(key: &str) -> TableColumn {
    column(key, ColumnKind::Date, Align::Left, DATE_WIDTH)
}

impl TableColumn {
    /// Called so by the office's own records.
    pub(super) fn called(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    pub(super) fn personal(self) -> Self {
        Self { personal: true, ..self }
    }

    /// Not shown where there is room for 80 columns only.
    pub(super) fn hidden(self) -> Self {
        Self { shown: false, ..self }
    }

    pub(super) fn summed(self, sum: Sum) -> Self {
        Self { sum, ..self }
    }

    /// Its figures are held against those of another column.
    pub(super) fn held_against(self, key: impl Into<String>) -> Self {
        Self { against: Some(key.into()), ..self }
    }

    pub(super) fn shaded(mut self, when: When, tone: Tone) -> Self {
        self.shades.push(Shade { when, tone });
        self
    }
}

impl Param {
    fn new(name: &str, shape: ParamShape, default: &str) -> Self {
        Self { name: name.into(), shape, default: default.into(), required: false, only: None }
    }

    /// Taken only where another parameter has this value.
    pub(super) fn only_with(self, name: &str, code: &str) -> Self {
        Self { only: Some((name.into(), code.into())), ..self }
    }

    /// Today unless given. Of the day is what was written down with a day: levels, JP,
    /// certificates, ages; people stand in their units and posts of today.
    pub(super) fn at() -> Self {
        Self::new("at", ParamShape::Date, "")
    }

    pub(super) fn unit() -> Self {
        Self::new("unit", ParamShape::Unit, "")
    }

    pub(super) fn search() -> Self {
        Self::new("search", ParamShape::Text, "")
    }

    /// A post by its title; without one each person's own is meant, unless it is required.
    pub(super) fn position(required: bool) -> Self {
        Self { required, ..Self::new("position", ParamShape::Position, "") }
    }

    /// A session by its number.
    pub(super) fn session() -> Self {
        Self { required: true, ..Self::one("session", Kind::Sessions) }
    }

    /// What a person would type.
    pub(super) fn text(name: &str) -> Self {
        Self::new(name, ParamShape::Text, "")
    }

    /// A record of this kind, where one is meant.
    pub(super) fn one(name: &str, kind: Kind) -> Self {
        Self::new(name, ParamShape::One(kind), "")
    }

    /// Some of what the shape says, and what is meant unless asked.
    pub(super) fn several(name: &str, shape: ParamShape, default: &str) -> Self {
        Self::new(name, shape, default)
    }

    /// An assessment cycle by its number or name; the latest where none is said.
    pub(super) fn cycle() -> Self {
        Self::one("cycle", Kind::Cycles)
    }

    /// One person by the number of their record.
    pub(super) fn person() -> Self {
        Self::one("person", Kind::Employees)
    }

    /// Some people; with everybody meant where it is left empty.
    pub(super) fn people() -> Self {
        Self::new("people", ParamShape::People, "")
    }

    /// This year unless given.
    pub(super) fn year() -> Self {
        Self::new("year", ParamShape::Year, "")
    }

    pub(super) fn whole(name: &str, bounds: std::ops::RangeInclusive<i64>, default: i64) -> Self {
        let shape = ParamShape::Whole { min: *bounds.start(), max: *bounds.end() };
        Self::new(name, shape, &default.to_string())
    }

    /// One of these codes; the first unless asked otherwise.
    pub(super) fn choice(name: &str, codes: &[&str]) -> Self {
        let shape = ParamShape::Choice(codes.iter().map(ToString::to_string).collect());
        Self::new(name, shape, codes.first().copied().unwrap_or_default())
    }
}
