//! Choosing the unit all panes show. The whole office stands first: it lifts the
//! restriction.

use super::lookup::Lookup;
use crate::domain::record::{Kind, UnitId};
use crate::i18n::t;
use crate::ui::effect::{Effect, Tag, UnitScope};
use crate::ui::overlay::Outcome;
use crate::ui::pane::View;
use crate::ui::toast::Toast;

const UNIT: &str = "units.unit";

/// Opens the choice; its outcomes are for [`chosen`]; it begins on the unit that is in force.
pub fn choice(view: &View) -> Effect {
    let all = t!("matrix.whole_office");
    let lookup = Lookup::new(Kind::Units, t!("shell.unit")).or_all(all);
    Effect::open(UNIT, lookup.at(view.unit.map(|unit| unit.id.0)))
}

/// What follows from an outcome of the choice; none if it is not one.
pub fn chosen(tag: Tag, outcome: &Outcome) -> Option<Vec<Effect>> {
    if tag.name != UNIT {
        return None;
    }
    let (unit, said) = match outcome {
        Outcome::Hit(hit) => {
            let unit = UnitScope { id: UnitId(hit.id.number), label: hit.label.clone() };
            (Some(unit), t!("shell.one_unit", unit = hit.label))
        }
        Outcome::Picked(_) => (None, t!("shell.all_units")),
        _ => return None,
    };
    Some(vec![Effect::Restrict(unit), Effect::Toast(Toast::note(said))])
}
