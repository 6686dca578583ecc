//! Requests about assessment cycles that no screen would ever send, for the generator of
//! hostile ones: cycles of any shape, acts out of turn, sheets nobody has, pages beyond all.

use kompeten::domain::kinds::cycle::{Cycle, RaterGroup, Stage};
use kompeten::domain::kinds::cycle_result::CycleResult;
use kompeten::domain::kinds::rater::Rater;
use kompeten::domain::kinds::sheet::{Score, ScoreSheet};
use kompeten::domain::record::{CompetencyId, CycleId, EmployeeId, Record, Revision, UnitId};
use kompeten::domain::several::Several;
use kompeten::protocol::{CycleAct, DraftRecord, KeyedSheet, Request, Save};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::hostile::{count, date, level, number, step, text};

fn group() -> impl Strategy<Value = Option<RaterGroup>> {
    option::of(select(RaterGroup::ALL.to_vec()))
}

fn cycle() -> impl Strategy<Value = Cycle> {
    let words = (text(), prop_oneof![Just(String::new()), Just("M.1, M.2".into()), text()], text());
    let days = (option::of(date()), option::of(date()));
    let rest = (vec(number(), 0..4), option::of(any::<u8>()), option::of(any::<u8>()));
    let stage = prop_oneof![9 => Just(None), 1 => option::of(select(Stage::ALL.to_vec()))];
    (words, days, rest, stage).prop_map(
        |((name, competencies, weights), (start, end), (units, minimum, most), stage)| Cycle {
            name,
            start,
            end,
            units: Several::of(units.into_iter().map(UnitId)).expect("a few"),
            competencies,
            weights,
            minimum,
            most,
            stage,
        },
    )
}

/// One that an office takes.
fn plain() -> impl Strategy<Value = Cycle> {
    "[a-z]{1,8}".prop_map(|name| Cycle { name, ..Cycle::default() })
}

pub fn record() -> BoxedStrategy<Record> {
    let rater = (number(), number(), group(), number(), option::of(date())).prop_map(
        |(employee, cycle, group, rater, returned)| Rater {
            employee: EmployeeId(employee),
            cycle: CycleId(cycle),
            group,
            rater: EmployeeId(rater),
            returned,
            note: String::new(),
        },
    );
    let score = (number(), option::of(level()))
        .prop_map(|(competency, level)| Score { competency: CompetencyId(competency), level });
    let sheet = (text(), number(), number(), group(), vec(score, 0..4)).prop_map(
        |(code, cycle, employee, group, scores)| ScoreSheet {
            code,
            cycle: CycleId(cycle),
            employee: EmployeeId(employee),
            group,
            scores,
        },
    );
    let result = (number(), number(), number(), option::of(any::<u16>()), level()).prop_map(
        |(employee, cycle, competency, result, level)| CycleResult {
            employee: EmployeeId(employee),
            cycle: CycleId(cycle),
            competency: CompetencyId(competency),
            result,
            level,
            ..CycleResult::default()
        },
    );
    prop_oneof![
        4 => plain().prop_map(Record::from),
        2 => cycle().prop_map(Record::from),
        3 => rater.prop_map(Record::from),
        1 => sheet.prop_map(Record::from),
        1 => result.prop_map(Record::from),
    ]
    .boxed()
}

pub fn act() -> BoxedStrategy<Request> {
    let keyed = (text(), vec(any::<u8>(), 0..31));
    let keyed = keyed.prop_map(|(code, levels)| KeyedSheet { code, levels });
    let act = prop_oneof![
        3 => Just(CycleAct::Propose),
        3 => Just(CycleAct::MakeSheets),
        2 => vec(keyed, 0..4).prop_map(CycleAct::Key),
        1 => Just(CycleAct::Collect),
        1 => Just(CycleAct::Close),
    ];
    // Some stand, so that there is something to act upon.
    let begun = (step(), plain()).prop_map(|(step, cycle)| {
        let draft = DraftRecord { id: None, base: Revision(0), record: cycle.into() };
        Request::Save(Save { step, drafts: vec![draft] })
    });
    let acted = (step(), number(), act).prop_map(|(step, cycle, act)| Request::Assess {
        step,
        cycle: CycleId(cycle),
        act,
    });
    prop_oneof![1 => begun, 2 => acted].boxed()
}

pub fn page() -> BoxedStrategy<Request> {
    prop_oneof![
        number().prop_map(|cycle| Request::Cycle(CycleId(cycle))),
        (number(), option::of(number()), count()).prop_map(|(cycle, unit, offset)| {
            Request::Sheets { cycle: CycleId(cycle), unit: unit.map(UnitId), offset }
        }),
    ]
    .boxed()
}
