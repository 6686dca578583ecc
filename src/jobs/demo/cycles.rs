//! Two assessment cycles of the example: one of a kelurahan that was closed last year, and one
//! of another that is under way, with some of its sheets keyed.

use chrono::{Days, NaiveDate};

use super::chance::Chance;
use super::{saved, step};
use crate::domain::kinds::cycle::Cycle;
use crate::domain::record::{CycleId, Kind, RecordId, UnitId};
use crate::domain::several::Several;
use crate::jobs::{Asking, unexpected};
use crate::protocol::{Answer, CycleAct, KeyedSheet, ListQuery, Problem, Request};

/// Of a hundred sheets so many are back where the cycle is under way.
const BACK: usize = 40;

pub fn hold(ask: &mut Asking, today: NaiveDate) -> Result<(), Problem> {
    let ago = |days| today.checked_sub_days(Days::new(days));
    let mut chance = Chance::new(360_2026);
    for (name, unit, start, end, closed) in [
        ("Penilaian 360 tahun lalu", "Kelurahan Sago", ago(440), ago(410), true),
        (
            "Penilaian 360 berjalan",
            "Kelurahan Plaju Ilir",
            ago(20),
            today.checked_add_days(Days::new(6)),
            false,
        ),
    ] {
        let Answer::Record(Some(unit)) = ask(Request::FindUnit(unit.into()))? else {
            return Err(unexpected());
        };
        let cycle = Cycle {
            name: name.into(),
            start,
            end,
            units: Several::of([UnitId(unit.id.number)]).unwrap_or_default(),
            competencies: "M.1, M.2, M.3, M.5".into(),
            ..Cycle::default()
        };
        let cycle = CycleId(super::save(ask, name, cycle.into())?);
        let act = |ask: &mut Asking, word: &str, act| {
            let step = step(&format!("{name}-{word}"));
            saved(ask(Request::Assess { step, cycle, act })?)
        };
        act(ask, "propose", CycleAct::Propose)?;
        act(ask, "sheets", CycleAct::MakeSheets)?;
        let page = ask(Request::Sheets { cycle, unit: None, offset: 0 })?;
        let Answer::Sheets(page) = page else { return Err(unexpected()) };
        let asked = page.competencies.len();
        // Codes are drawn at random: levels go by person and group, where one sheet is as good
        // as another, so that the example is the same whenever it is made.
        let mut sheets = page.sheets;
        sheets.sort_by(|a, b| (&a.name, a.group, &a.code).cmp(&(&b.name, b.group, &b.code)));
        let back = sheets.into_iter().filter(|_| closed || chance.percent(BACK));
        let codes: Vec<String> = back.map(|sheet| sheet.code).collect();
        let keyed = codes.into_iter().map(|code| {
            let levels = (0..asked).map(|_| 2 + chance.below(3) as u8).collect();
            KeyedSheet { code, levels }
        });
        let keyed: Vec<KeyedSheet> = keyed.collect();
        let count = keyed.len();
        act(ask, "keyed", CycleAct::Key(keyed))?;
        // As many have returned a sheet as are keyed; who of them which is told nowhere.
        let of = Some(RecordId::from(cycle));
        let query = ListQuery { of, ..ListQuery::all(Kind::Raters) };
        let Answer::Ids(mut ids) = ask(Request::Ids(query))? else { return Err(unexpected()) };
        ids.sort_unstable();
        ids.truncate(count);
        let (kind, field) = (Kind::Raters, "returned".to_string());
        let value = serde_json::json!(end.filter(|end| *end < today).unwrap_or(today)).to_string();
        let step = step(&format!("{name}-ticked"));
        saved(ask(Request::SetField { step, kind, ids, field, value })?)?;
        if closed {
            act(ask, "closed", CycleAct::Close)?;
        }
    }
    Ok(())
}
