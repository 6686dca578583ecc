//! What a trial supposes people did: one activity or several, each a type of training by its
//! code, a programme by its name, or a programme or session by its record. What an activity does
//! not say of itself (JP, cost, which competency it raises to what) is asked for beside it.

use super::source::Source;
use crate::domain::fault::{Fault, Reason};
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::programme::Programme;
use crate::domain::record::{CompetencyId, Kind, ProgrammeId, RecordId, SessionId, fold};
use crate::domain::rules::TRAINING_TYPES;
use crate::domain::value::Value;
use crate::office::trouble::Trouble;
use crate::protocol::{Param, ParamShape, Problem};

/// The parameter that names them.
pub(super) const NAMED: &str = "activity";
/// So many at once.
const MOST: usize = 20;
/// The most one place at an activity may cost, in rupiah.
pub(super) const COST_MAX: i64 = 1_000_000_000;

/// One of the types unless it is said.
pub(super) fn param() -> Param {
    let codes = TRAINING_TYPES.iter().map(ToString::to_string).collect();
    let kinds = vec![Kind::Programmes, Kind::Sessions];
    Param::several(NAMED, ParamShape::Several { codes, kinds }, TRAINING_TYPES[0])
}

#[derive(Clone, Debug)]
pub(in crate::office) struct Activity {
    pub name: Value,
    pub id: Option<RecordId>,
    /// Its type (`training_types.toml`).
    pub code: String,
    pub jp: u32,
    pub cost: i64,
    /// Which competency it raises, to a level or to what the post requires.
    pub raises: Option<(CompetencyId, Option<u8>)>,
}

/// All that are asked for: `KL03; Pelayanan Prima = 1500000; sessions/1000`.
pub(super) fn asked_for(source: &Source) -> Result<Vec<Activity>, Trouble> {
    let named = source.asked.text(NAMED).split(';').map(str::trim);
    let named: Vec<&str> = named.filter(|name| !name.is_empty()).collect();
    if named.is_empty() || named.len() > MOST {
        return Err(wrong(Reason::OutOfRange, format!("1–{MOST}")));
    }
    named.into_iter().map(|name| one(source, name)).collect()
}

/// The competency that is asked about beside them.
pub(super) fn raised(source: &Source) -> Option<CompetencyId> {
    let catalog = source.catalog();
    let found = source.competency_asked("raises")?;
    Some(catalog.current(found, Some(source.asked.at)))
}

fn one(source: &Source, text: &str) -> Result<Activity, Trouble> {
    let (name, cost) = match text.split_once('=') {
        Some((name, cost)) => (name.trim(), Some(cost.trim())),
        None => (text, None),
    };
    let cost = match cost {
        Some(cost) => rupiah(cost).ok_or_else(|| wrong(Reason::NotANumber, cost.to_string()))?,
        None => source.asked.whole("cost"),
    };
    let catalog = source.catalog();
    let level = u8::try_from(source.asked.whole("level")).ok().filter(|level| *level > 0);
    let jp = u32::try_from(source.asked.whole("jp")).unwrap_or(0);
    let asked = raised(source).map(|of| (of, level));
    let of_type = |code: &'static str| {
        let (name, code) = (Value::choice(code), code.to_string());
        Activity { name, id: None, code, jp, cost, raises: asked }
    };
    if let Some(code) = TRAINING_TYPES.iter().find(|code| code.eq_ignore_ascii_case(name)) {
        return Ok(of_type(code));
    }
    let of = |id: RecordId, programme: &Programme, own: Option<u16>| {
        let raises = programme.competency.map(|of| {
            let of = catalog.current(of, Some(source.asked.at));
            (of, programme.target_level.map(Level::get))
        });
        Activity {
            name: Value::text(&programme.name),
            id: Some(id),
            code: programme.r#type.clone(),
            jp: own.or(programme.jp).map_or(jp, u32::from),
            cost,
            raises: raises.or(asked),
        }
    };
    let found = match name.parse::<RecordId>() {
        Ok(id) if id.kind == Kind::Sessions => catalog
            .session(SessionId(id.number))
            .and_then(|session| Some(of(id, catalog.programme(session.programme)?, session.jp))),
        Ok(id) if id.kind == Kind::Programmes => {
            catalog.programme(ProgrammeId(id.number)).map(|programme| of(id, programme, None))
        }
        _ => {
            let (wanted, mut all) = (fold(name), catalog.programmes.iter());
            let named = all.find(|(_, (_, programme))| fold(&programme.name) == wanted);
            let named = named.map(|(number, (_, programme))| {
                of(RecordId::new(Kind::Programmes, *number), programme, None)
            });
            named.or_else(|| source.rules().training_type(name).map(of_type))
        }
    };
    found.ok_or_else(|| wrong(Reason::UnknownReference, name.to_string()))
}

/// `1500000` or `1.500.000`.
fn rupiah(text: &str) -> Option<i64> {
    let cost: i64 = text.replace('.', "").parse().ok()?;
    (0..=COST_MAX).contains(&cost).then_some(cost)
}

fn wrong(reason: Reason, detail: String) -> Trouble {
    Problem::Invalid(vec![(0, Fault::with(NAMED, reason, detail))]).into()
}
