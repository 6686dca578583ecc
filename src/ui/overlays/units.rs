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

/// What follows from an outcome of the choice; none if it is not one.
pub fn chosen(tag: Tag, outcome: &Outcome) -> Option<Vec<Effect>> {
    match (tag.name, outcome) {
        (UNIT, Outcome::Hit(hit)) => {
            let unit = UnitScope { id: UnitId(hit.id.number), label: hit.label.clone() };
            Some(vec![Effect::Restrict(Some(unit))])
        }
        (UNIT_OR_ALL, Outcome::Picked(places)) => Some(match places.first() {
            Some(0) => vec![Effect::Restrict(None)],
            _ => vec![lookup()],
        }),
        _ => None,
    }
}
