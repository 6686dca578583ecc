//! Planned: what has come of one line of a person's development plan: the JP earned in its year by
//! such an activity about its competency, and the level they have; and the sessions held of a
//! line of the office's plan.

use chrono::{Datelike, NaiveDate};

use crate::domain::kinds::enrolment::Enrolment;
use crate::domain::kinds::idp_line::IdpLine;
use crate::domain::kinds::meeting::Meeting;
use crate::domain::kinds::plan_line::PlanLine;
use crate::domain::record::{Kind, PositionId, ProgrammeId, RecordId, SessionId};
use crate::office::views::catalog::Catalog;
use crate::office::views::row::current_levels;
use crate::store::Pack;

/// The activities that are meetings of two people: coaching and mentoring.
const IN_MEETINGS: [&str; 2] = ["NKL01", "NKL02"];

/// JP earned by such an activity about the competency.
fn jp_done(catalog: &Catalog, pack: &Pack, line: &IdpLine) -> u32 {
    earned(catalog, pack, line).into_iter().map(|(_, jp)| jp).sum()
}

/// The enrolments, and where it is held in meetings the meetings, that earned them.
pub(in crate::office) fn earned(
    catalog: &Catalog,
    pack: &Pack,
    line: &IdpLine,
) -> Vec<(RecordId, u32)> {
    let about = catalog.current(line.competency, None);
    let is_about = |of| catalog.current(of, None) == about;
    let in_sessions = pack.of::<Enrolment>().filter_map(|(number, _, enrolment)| {
        let session = catalog.session(enrolment.session)?;
        let programme = catalog.programme(session.programme)?;
        let same = programme.competency.is_some_and(is_about) && programme.r#type == line.activity;
        let earned = enrolment.earned(session, programme.jp, catalog.attendance_min());
        let id = RecordId::new(Kind::Enrolments, number);
        (same && session.year() == Some(line.year)).then_some((id, u32::from(earned)))
    });
    let mut all: Vec<(RecordId, u32)> = in_sessions.collect();
    if !IN_MEETINGS.contains(&line.activity.as_str()) {
        return all;
    }
    let mut met: Vec<(NaiveDate, u32, bool)> = pack
        .of::<Meeting>()
        .filter_map(|(number, _, met)| Some((met.date?, number, is_about(met.competency))))
        .filter(|(day, ..)| day.year() == i32::from(line.year))
        .collect();
    met.sort_unstable();
    let counted = met.iter().zip(catalog.meetings_count(met.iter().map(|(day, ..)| *day)));
    let about = counted.filter(|((.., about), _)| *about);
    let meeting = |number: u32| RecordId::new(Kind::Meetings, number);
    all.extend(about.filter_map(|((_, number, _), jp)| Some((meeting(*number), jp?))));
    all
}

/// JP done of a line: what was frozen when it was closed, else what is earned by now.
pub(in crate::office) fn done(catalog: &Catalog, pack: &Pack, line: &IdpLine) -> u32 {
    line.jp_done.map_or_else(|| jp_done(catalog, pack, line), u32::from)
}

/// How far the person is below what the post requires, of what a line is about; none where they
/// are not rated or nothing is required.
pub(in crate::office) fn gap(
    catalog: &Catalog,
    pack: &Pack,
    line: &IdpLine,
    post: Option<PositionId>,
    today: NaiveDate,
) -> Option<i8> {
    let about = catalog.current(line.competency, None);
    let required = catalog.required(post, today);
    let required = required.iter().find(|one| one.competency == about)?.level;
    let levels = current_levels(catalog, pack, None);
    let (_, rating) = levels.get(&about)?;
    i8::try_from(i16::from(rating.level.get()) - i16::from(required)).ok().map(|gap| gap.min(0))
}

/// What the office writes into a line that is being closed.
pub(in crate::office) fn freeze(catalog: &Catalog, pack: &Pack, line: &mut IdpLine) {
    line.jp_done = u16::try_from(jp_done(catalog, pack, line)).ok();
    let about = catalog.current(line.competency, line.closed_on);
    let levels = current_levels(catalog, pack, line.closed_on);
    line.level_done = levels.get(&about).map(|(_, rating)| rating.level);
}

impl Catalog {
    /// The sessions of a planned line: of its programme, or of any such activity about its
    /// competency, in its year.
    pub fn held_of<'a>(&'a self, line: &'a PlanLine) -> impl Iterator<Item = SessionId> + 'a {
        let about = self.current(line.competency, None);
        let fits = move |id: ProgrammeId| match line.programme {
            Some(programme) => programme == id,
            None => self.programme(id).is_some_and(|one| {
                one.competency.map(|of| self.current(of, None)) == Some(about)
                    && (line.activity.is_empty() || one.r#type == line.activity)
            }),
        };
        let sessions = self.sessions.iter().map(|(number, (_, session))| (number, session));
        let held = sessions.filter(move |(_, session)| {
            !session.cancelled && session.year() == Some(line.year) && fits(session.programme)
        });
        held.map(|(number, _)| SessionId(*number))
    }
}
