//! How wide the columns of a list are: the one rule for all of them. No column is cut while
//! another has more room than it needs; figures and headings are never cut; what cannot be
//! shown at all is a column of words, from the right, and never the first or the one that
//! takes the rest.

use std::collections::HashMap;

use unicode_width::UnicodeWidthStr;

use super::frame::fit;

/// Whether texts that are cut to so many cells would look alike though they are not: then
/// what tells them apart stands at their end, and it is the middle that goes.
pub fn ends_tell(texts: &[String], width: usize) -> bool {
    let mut seen: HashMap<String, &str> = HashMap::new();
    texts.iter().filter(|text| text.width() > width).any(|text| {
        let before = seen.insert(fit(text, width, ""), text);
        before.is_some_and(|before| before != text)
    })
}

/// What a column needs, in cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Want {
    /// Of what stands in it and its heading; less than this cuts something.
    pub content: u16,
    /// Of its heading alone: below this it is rather not shown.
    pub heading: u16,
    /// With its heading, and what it asks for where there is room.
    pub most: u16,
    pub gives: Gives,
}

/// How a column gives way where there is too little room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gives {
    /// Not at all: a figure, a number, the first column. Goes after every column of words.
    #[default]
    Nothing,
    /// Down to a few letters, and goes first.
    Words,
    /// Down to a few letters; it takes what is left over and stays.
    Rest,
}

/// What is left of words that give way, and of the column that takes the rest.
const WORDS_LEAST: u16 = 14;
const REST_LEAST: u16 = 12;
/// What the column that takes the rest keeps while there are words that give way.
const REST_KEEPS: u16 = 16;
/// What the column that takes the rest gets before others get more than their least.
const REST_FIRST: u16 = 20;

impl Want {
    fn least(self) -> u16 {
        match self.gives {
            Gives::Nothing => self.content,
            Gives::Words => self.content.min(WORDS_LEAST.max(self.heading)),
            Gives::Rest => self.most.min(REST_KEEPS.max(self.heading)),
        }
    }
}

/// The width of each column within `width` cells, a blank between two; `None` where it is
/// not shown.
pub fn share(width: u16, wants: &[Want]) -> Vec<Option<u16>> {
    let mut given: Vec<Option<u16>> = wants.iter().map(|want| Some(want.least())).collect();
    while spare(width, &given).is_none() {
        let mut shown = wants.iter().zip(&given).filter(|(_, cells)| cells.is_some());
        let words = shown.any(|(want, _)| want.gives == Gives::Words);
        let rest = wants.iter().position(|want| want.gives == Gives::Rest);
        let kept = rest.and_then(|at| given[at].as_mut()).filter(|cells| **cells > REST_LEAST);
        match kept {
            Some(cells) if !words => *cells = REST_LEAST,
            _ => {
                let Some(at) = goes(wants, &given) else { break };
                given[at] = None;
            }
        }
    }
    // One that is alone and still too wide is cut.
    if spare(width, &given).is_none() {
        return given.into_iter().map(|cells| cells.map(|cells| cells.min(width))).collect();
    }
    let rest_first = |want: &Want| match want.gives {
        Gives::Rest => want.most.min(REST_FIRST),
        _ => 0,
    };
    raise(width, wants, &mut given, rest_first);
    raise(width, wants, &mut given, |want| want.content);
    // Names further down may be longer than those that are here.
    raise(width, wants, &mut given, |want| if want.gives == Gives::Rest { REST_FIRST } else { 0 });
    raise(width, wants, &mut given, |want| want.most);
    let rest = wants.iter().position(|want| want.gives == Gives::Rest);
    let last = given.iter().rposition(Option::is_some);
    let left = spare(width, &given).unwrap_or(0);
    if let Some(cells) = rest.or(last).and_then(|at| given[at].as_mut()) {
        *cells += left;
    }
    given
}

/// What is left of the room; `None` where there is too little.
fn spare(width: u16, given: &[Option<u16>]) -> Option<u16> {
    let shown = || given.iter().flatten();
    let used = shown().map(|cells| u32::from(*cells) + 1).sum::<u32>().saturating_sub(1);
    u32::from(width).checked_sub(used).and_then(|left| u16::try_from(left).ok())
}

/// The column that goes next.
fn goes(wants: &[Want], given: &[Option<u16>]) -> Option<usize> {
    let shown = |gives: Gives| {
        (1..wants.len()).rev().find(|at| given[*at].is_some() && wants[*at].gives == gives)
    };
    shown(Gives::Words).or_else(|| shown(Gives::Nothing)).or_else(|| shown(Gives::Rest))
}

/// Gives what is left cell by cell to whoever has least of those below their `goal`.
fn raise(width: u16, wants: &[Want], given: &mut [Option<u16>], goal: impl Fn(&Want) -> u16) {
    for _ in 0..spare(width, given).unwrap_or(0) {
        let below = given.iter().enumerate().filter_map(|(at, cells)| Some((at, (*cells)?)));
        let next = below.filter(|(at, cells)| *cells < goal(&wants[*at])).min_by_key(|(_, c)| *c);
        let Some((at, cells)) = next else { return };
        given[at] = Some(cells + 1);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn want(content: u16, most: u16, gives: Gives) -> Want {
        Want { content, heading: 0, most, gives }
    }

    /// NIP, name, grade, post, JP, gap.
    const PEOPLE: [Want; 6] = [
        want(21, 21, Gives::Nothing),
        want(26, 26, Gives::Rest),
        want(5, 6, Gives::Words),
        want(30, 30, Gives::Words),
        want(4, 4, Gives::Nothing),
        want(2, 4, Gives::Nothing),
    ];

    #[test]
    fn figures_stay_and_words_give_way_at_every_width() {
        let at_80 = share(75, &PEOPLE);
        assert!(at_80.iter().all(Option::is_some), "{at_80:?}");
        let beside = share(61, &PEOPLE);
        assert_eq!(beside[3], None, "the post stands beside the list");
        assert!(beside[4].is_some() && beside[5].is_some() && beside[1] >= Some(20), "{beside:?}");
        let narrow = share(45, &PEOPLE);
        assert!(narrow[4].is_some() && narrow[5].is_some(), "{narrow:?}");
    }

    #[test]
    fn the_middle_goes_where_the_end_tells_more() {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let alike = texts(&["Bimtek Pengelolaan Arsip I", "Bimtek Pengelolaan Arsip II"]);
        assert!(ends_tell(&alike, 20));
        assert!(!ends_tell(&alike, 30), "nothing is cut");
        assert!(!ends_tell(&texts(&["Pelayanan Prima", "Workshop Arsip"]), 10));
        assert!(!ends_tell(&texts(&["Pelayanan Prima", "Pelayanan Prima"]), 10));
    }

    #[test]
    fn what_one_column_does_not_need_another_gets() {
        let roomy = share(60, &[want(5, 20, Gives::Nothing), want(50, 50, Gives::Words)]);
        assert_eq!(roomy, [Some(9), Some(50)]);
    }

    proptest! {
        #[test]
        fn no_column_is_cut_while_another_has_room_and_nothing_is_wider_than_the_list(
            width in 1_u16..200,
            wants in proptest::collection::vec((0_u16..60, 0_u16..20, 0_usize..3), 1..9),
        ) {
            let kinds = [Gives::Nothing, Gives::Words, Gives::Rest];
            let wants: Vec<Want> = wants
                .into_iter()
                .map(|(content, more, gives)| want(content, content + more, kinds[gives]))
                .collect();
            let given = share(width, &wants);
            prop_assert!(spare(width, &given).is_some(), "{given:?}");
            let cut = |(want, cells): (&Want, &Option<u16>)| cells.is_some_and(|c| c < want.content);
            let roomy = |(want, cells): (&Want, &Option<u16>)| {
                let asked = match want.gives {
                    Gives::Rest => want.content.max(REST_FIRST),
                    _ => want.content,
                };
                cells.is_some_and(|c| c > asked)
            };
            let pairs = || wants.iter().zip(&given);
            prop_assert!(!(pairs().any(cut) && pairs().any(roomy)), "{wants:?} {given:?}");
        }
    }
}
