//! Choosing the unit all panes are restricted to. Once restricted, the way back to everybody
//! stands first.

use super::lookup::Lookup;
use super::picker::Picker;
use crate::domain::record::{Kind, UnitId};
use crate::i18n::t;
use crate::ui::effect::{Effect, Tag, UnitScope};
use crate::ui::overlay::Outcome;
use crate::ui::pane::View;

const UNIT: &str = "units.unit";
const UNIT_OR_ALL: &str = "units.unit_or_all";

/// Opens the choice; its outcomes are for [`chosen`].
pub fn choice(view: &View) -> Effect {
    if view.unit.is_none() {
        return lookup();
    }
    let items =
        vec![t!("matrix.whole_office").into_owned(), t!("matrix.another_unit").into_owned()];
    Effect::open(UNIT_OR_ALL, Picker::new(&t!("matrix.choose_unit"), items))
}

fn lookup() -> Effect {
    Effect::open(UNIT, Lookup::new(Kind::Units, t!("matrix.choose_unit")))
}

/// What follows from an outcome of the choice; hands back what is not one.
pub fn chosen(tag: Tag, outcome: Outcome) -> Result<Vec<Effect>, Outcome> {
    match (tag.name, outcome) {
        (UNIT, Outcome::Hit(hit)) => {
            let unit = UnitScope { id: UnitId(hit.id.number), label: hit.label };
            Ok(vec![Effect::Restrict(Some(unit))])
        }
        (UNIT_OR_ALL, Outcome::Picked(places)) if places.first() == Some(&0) => {
            Ok(vec![Effect::Restrict(None)])
        }
        (UNIT_OR_ALL, Outcome::Picked(_)) => Ok(vec![lookup()]),
        (_, outcome) => Err(outcome),
    }
}
