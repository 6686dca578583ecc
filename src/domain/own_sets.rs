//! Own sets: what an office adds to a table of rules that is made of sets, by a code and a name.
//! A new one is as the first that ships until its figures are written.

use std::collections::BTreeSet;

use super::rule_text;
use super::rulebook::{RuleTable, Rulebook};

/// The longest code of a set, and how many an office may add to a table.
const CODE_MAX: usize = 20;
const SETS_MAX: usize = 12;

/// Takes in the sets that are written of and do not ship: `kota.name = Batas Kota`,
/// `kota.potential.high = 85`.
pub(super) fn add<'a>(table: &mut dyn RuleTable, written: impl Iterator<Item = &'a String>) {
    let mut known = BTreeSet::new();
    table.each(&mut |name, _| {
        known.insert(set_of(name).to_string());
    });
    let most = known.len() + SETS_MAX;
    for name in written {
        let code = set_of(name);
        if is_code(code) && !known.contains(code) && known.len() < most && table.add_set(code) {
            known.insert(code.to_string());
        }
    }
}

/// The set a line is about.
pub fn set_of(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// What a set may be called by: letters, digits and hyphens, not digits alone.
fn is_code(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=CODE_MAX).contains(&text.len())
        && text.chars().all(fits)
        && text.chars().any(|c| c.is_ascii_alphabetic())
}

/// Whether an office may add sets of its own to a table.
pub fn are_taken_by(table: &str) -> bool {
    let mut book = Rulebook::clone(Rulebook::shipped());
    book.table_mut(table).is_some_and(|table| table.add_set("x"))
}

/// The line that adds a set to a table's text, of `kota = Batas Kota` as an officer types it;
/// none where that is no code and name, or the code is taken.
pub fn added(table: &str, figures: &str, typed: &str) -> Option<String> {
    let (code, name) = typed.split_once(['=', ':'])?;
    let (code, name) = (code.trim(), name.trim());
    let lines = Rulebook::lines(table, figures).ok()?;
    let taken = lines.iter().any(|line| set_of(&line.name) == code);
    let line = rule_text::naming(code, name);
    // What parts lines from each other may not stand in a name.
    let is_read = Rulebook::lines(table, &format!("{figures}\n{line}"))
        .is_ok_and(|lines| lines.iter().any(|one| set_of(&one.name) == code && one.value == name));
    (is_code(code) && !name.is_empty() && !taken && is_read).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::{Fault, Reason};
    use crate::domain::kinds::rule::ReferenceTable;
    use crate::domain::rulebook::TABLES;
    use crate::domain::talent::Standing;

    fn talent(figures: &str) -> ReferenceTable {
        ReferenceTable::written("talent", figures)
    }

    #[test]
    fn a_set_that_is_named_counts_by_its_own_figures_and_else_as_the_first() {
        let own = talent("kota.name = Batas  Kota\nkota.potential.high = 95");
        assert_eq!(Rulebook::fault(&own), None);
        let book = Rulebook::with([&own]);
        let sets: Vec<_> = book.talent.own_sets().collect();
        assert_eq!(sets, [("kota", "Batas Kota")]);
        let (own, first) = (book.talent.set("kota"), book.talent.set("80-60"));
        let (own, first) = (own.expect("the own"), first.expect("the first"));
        assert_eq!(
            (own.potential(9_400), first.potential(9_400)),
            (Standing::Middle, Standing::High)
        );
        assert_eq!(own.performance(9_000), first.performance(9_000));
        assert_eq!(Rulebook::shipped().talent.set("kota"), None);
        // It is written as it is read.
        let written = talent(&book.figures("talent"));
        assert_eq!(
            Rulebook::with([&written]).talent,
            Rulebook::with([&talent(&written.figures)]).talent
        );
        assert!(written.figures.contains("kota.name = Batas Kota"));
    }

    #[test]
    fn what_is_no_set_is_refused_with_what_is_wrong() {
        for (figures, reason, detail) in [
            ("kota.potential.high = 95", Reason::FigureName, "kota.name"),
            ("kota.name = 80-60\nkota.zodiac = 1", Reason::FigureUnknown, "kota.zodiac"),
            ("wieghts.predicate = 60", Reason::FigureUnknown, "wieghts.predicate"),
            ("ko_ta.name = Batas", Reason::FigureUnknown, "ko_ta.name"),
            ("80-60.name = Batas", Reason::FigureUnknown, "80-60.name"),
            ("kota.name = A\ndesa.name = a", Reason::FigureSame, "desa.name: a"),
            (
                "kota.name = A\nkota.potential.high = 60",
                Reason::FigureRange,
                "kota.potential.middle: 1–59",
            ),
            ("kota.name = A\nkota.formula = 2", Reason::FigureRange, "kota.formula: 0–1"),
        ] {
            let fault = Rulebook::fault(&talent(figures));
            assert_eq!(fault, Some(Fault::with("figures", reason, detail)), "{figures}");
        }
        let many: Vec<String> =
            (0..=SETS_MAX).map(|at| format!("s{at}.name = Nama {at}")).collect();
        assert_eq!(Rulebook::fault(&talent(&many[1..].join("\n"))), None);
        assert!(Rulebook::fault(&talent(&many.join("\n"))).is_some());
    }

    #[test]
    fn an_officer_adds_a_set_by_code_and_name() {
        let line = |typed| added("talent", "kota.name = Batas Kota", typed);
        assert_eq!(line("desa = Batas Desa").as_deref(), Some("desa.name = Batas Desa"));
        for typed in [
            "desa",
            "= Batas",
            "desa =",
            "kota = Lain",
            "90-78 = Lain",
            "de sa = Lain",
            "boxes = A",
            "9 = Sembilan",
            "desa = Batas; Desa",
        ] {
            assert_eq!(line(typed), None, "{typed}");
        }
        let takes: Vec<_> = TABLES.iter().filter(|table| are_taken_by(table)).collect();
        assert_eq!(takes, [&"talent"]);
    }
}
