//! How a person stands against the JP rule, in words and as a bar. A PNS has a floor to
//! reach, a PPPK a ceiling not to pass: the floor's bar ends in an arrow, the ceiling's in
//! a wall, and the words say the rest, so nothing hangs on colour. Where a rule was not
//! read in the law itself it says so. The numbers come from the rules in force.

use ratatui::style::Style;

use crate::domain::jp::{JpQuota, JpStanding};
use crate::domain::kinds::employee::EmploymentKind;
use crate::domain::rules::Source;
use crate::i18n::{t, whole};
use crate::ui::theme::{Glyphs, Theme};
use crate::ui::widgets::pictures;

/// `kurang 8`, `terpenuhi`, `boleh 12 lagi`, `lebih 6 !`.
pub fn words(standing: JpStanding) -> String {
    match standing {
        JpStanding::Below { missing } => t!("training.below", jp = whole(missing)),
        JpStanding::Reached => t!("training.reached"),
        JpStanding::Within { left } => t!("training.within", jp = whole(left)),
        JpStanding::Over { by } => t!("training.over", jp = whole(by)),
        JpStanding::NoRule => t!("training.no_rule"),
    }
    .into_owned()
}

pub const fn style(standing: JpStanding, theme: &Theme) -> Style {
    match standing {
        JpStanding::Below { .. } => theme.warning,
        JpStanding::Over { .. } => theme.error,
        JpStanding::Reached => theme.ok,
        JpStanding::Within { .. } | JpStanding::NoRule => theme.text,
    }
}

/// `######....> 20` towards the floor of a PNS, `######....| 24` below the ceiling of a
/// PPPK; `width` cells of bar. Nothing where there is no rule.
pub fn bar(
    quota: &JpQuota,
    kind: EmploymentKind,
    jp: u32,
    width: usize,
    glyphs: &Glyphs,
) -> String {
    let (end, aim) = match kind {
        EmploymentKind::Pns => (">", quota.pns_floor),
        EmploymentKind::Pppk | EmploymentKind::PppkPartTime => ("|", quota.pppk_ceiling),
        EmploymentKind::Other => return String::new(),
    };
    format!("{}{end} {aim}", pictures::bar(jp, aim, width, glyphs))
}

/// Both rules with where they come from, and whether that was verified.
pub fn rules_in_words(quota: &JpQuota) -> Vec<String> {
    vec![
        t!("training.rule_floor", jp = quota.pns_floor, basis = basis(&quota.pns_source))
            .into_owned(),
        ceiling_in_words(quota),
    ]
}

/// The ceiling of a PPPK with where it comes from.
pub fn ceiling_in_words(quota: &JpQuota) -> String {
    let basis = basis(&quota.pppk_source);
    t!("training.rule_ceiling", jp = quota.pppk_ceiling, basis = basis).into_owned()
}

fn basis(source: &Source) -> String {
    if source.verified {
        source.legal_basis.clone()
    } else {
        t!("training.unverified", basis = source.legal_basis).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rulebook::Rulebook;
    use crate::term::profile;

    fn bar_of(kind: EmploymentKind, jp: u32) -> String {
        bar(&Rulebook::shipped().jp_quota, kind, jp, 10, &Glyphs::of(profile::GlyphSet::Ascii))
    }

    #[test]
    fn the_bar_of_a_floor_and_of_a_ceiling_are_told_apart_without_colour() {
        assert_eq!(bar_of(EmploymentKind::Pns, 12), "######....> 20");
        assert_eq!(bar_of(EmploymentKind::Pppk, 12), "#####.....| 24");
        assert_eq!(bar_of(EmploymentKind::Pns, 0), "..........> 20");
        assert_eq!(bar_of(EmploymentKind::Pns, 1), "=.........> 20");
        assert_eq!(bar_of(EmploymentKind::Pns, 19), "#########=> 20");
        assert_eq!(bar_of(EmploymentKind::Pppk, u32::MAX), "##########| 24");
        assert_eq!(bar_of(EmploymentKind::Other, 12), "");
    }

    #[test]
    fn a_rule_that_was_not_read_in_the_law_says_so() {
        let rules = rules_in_words(&Rulebook::shipped().jp_quota);
        assert!(rules[0].contains("20") && !rules[0].contains("belum diverifikasi"), "{rules:?}");
        assert!(rules[1].contains("PerLAN 15/2020, belum diverifikasi"), "{rules:?}");
    }
}
