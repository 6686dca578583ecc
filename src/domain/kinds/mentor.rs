//! Mentor (kesediaan membimbing): that a person is willing to guide others, in one competency or
//! in whatever they know better, how many at a time, and until when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::belongs::{Belongs, Home, Writers};
use crate::domain::column::{Column, figure, text};
use crate::domain::field::{Field, Shape};
use crate::domain::record::{CompetencyId, EmployeeId, Kind, NaturalKey, Schema};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mentor {
    pub employee: EmployeeId,
    /// Without one, in anything.
    pub competency: Option<CompetencyId>,
    /// How many people at a time.
    pub capacity: u8,
    /// The last day on which they are willing.
    #[serde(with = "crate::domain::day")]
    pub until: Option<NaiveDate>,
    pub note: String,
}

impl Mentor {
    /// Whether they are willing on that day, in that competency.
    pub fn is_willing(&self, competency: CompetencyId, on: NaiveDate) -> bool {
        self.competency.is_none_or(|own| own == competency)
            && self.until.is_none_or(|until| on <= until)
    }
}

impl Schema for Mentor {
    const BELONGS: Belongs<Self> = Belongs::Person(|mentor| mentor.employee);
    const HOME: Home = Home::WithPerson;
    const WRITERS: Writers = Writers::WithinReach;
    const CALLED: &'static [&'static str] = &["mentor", "kesediaan mentor"];
    const FIELDS: &'static [Field] = &[
        Field::new("employee", Shape::Reference(Kind::Employees)).required().kept(),
        Field::new("competency", Shape::Reference(Kind::Competencies)).kept(),
        Field::new("capacity", Shape::Whole { min: 1, max: 50 }).required().kept(),
        Field::new("until", Shape::Date),
        Field::new("note", Shape::Text),
    ];
    const COLUMNS: &'static [Column] = &[
        text("nip", 18).personal(),
        text("name", 0),
        text("unit", 18),
        text("competency", 8),
        figure("capacity", 9),
        text("until", 11),
        text("note", 18).hidden(),
    ];

    fn label(&self) -> String {
        self.capacity.to_string()
    }

    fn keys(&self) -> Vec<NaturalKey> {
        let competency = self.competency.map_or(0, |competency| competency.0);
        vec![NaturalKey::new("competency", format!("{}|{competency}", self.employee.0))]
    }
}
