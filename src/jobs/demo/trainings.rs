//! The trainings of the example: programmes, sessions held this year and the year before, one
//! going on today and some to come, with who is enrolled and who came.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::chance::Chance;
use super::people::Invented;
use super::{save, saved, step};
use crate::domain::kinds::competency::Level;
use crate::domain::kinds::enrolment::Presence;
use crate::domain::kinds::programme::Programme;
use crate::domain::kinds::session::Session;
use crate::domain::record::{CompetencyId, EmployeeId, Kind, ProgrammeId, SessionId};
use crate::jobs::{Asking, unexpected};
use crate::protocol::{Answer, Problem, Request};

struct Course {
    name: &'static str,
    kind: &'static str,
    jp: u16,
    provider: &'static str,
    /// The competency it raises, and to which level.
    raises: Option<(&'static str, u8)>,
    mandatory: bool,
}

const fn course(
    name: &'static str,
    kind: &'static str,
    jp: u16,
    provider: &'static str,
    raises: Option<(&'static str, u8)>,
) -> Course {
    Course { name, kind, jp, provider, raises, mandatory: false }
}

const COURSES: [Course; 9] = [
    course("Pelatihan Pelayanan Prima", "KL03", 20, "BPSDM", Some(("M.5", 2))),
    course("Workshop Pengambilan Keputusan Berbasis Data", "KL07", 5, "BPSDM", Some(("M.8", 2))),
    course("Bimbingan Teknis Administrasi Kependudukan", "KL10", 16, "Disdukcapil", None),
    Course {
        mandatory: true,
        ..course("E-learning Nilai Dasar BerAKHLAK", "NKL03", 6, "LAN", Some(("M.1", 2)))
    },
    course("Sosialisasi Keterbukaan Informasi Publik", "KL11", 4, "Diskominfo", None),
    course("Pendampingan Senior dan Junior", "NKL02", 8, "Kecamatan", Some(("M.6", 2))),
    course("Seminar Perekat Bangsa", "KL06", 4, "Kesbangpol", Some(("SK.1", 3))),
    course("Pelatihan Orientasi pada Hasil", "KL02", 12, "BPSDM", Some(("M.4", 3))),
    course("Kelas Bulanan Kecamatan", "NKL10", 2, "Kecamatan", None),
];

/// Course, first day relative to today, days, which kecamatan (3 is all), seats. One of those to
/// come is on a day of another, to which some of its people go.
const SESSIONS: [(usize, i64, u64, usize, u16); 16] = [
    (3, -290, 2, 3, 60),
    (4, -250, 1, 0, 40),
    (0, -210, 3, 1, 30),
    (6, -170, 1, 3, 50),
    (2, -130, 2, 2, 30),
    (8, -95, 1, 0, 40),
    (1, -60, 1, 3, 40),
    (5, -45, 4, 1, 20),
    (7, -21, 2, 0, 30),
    (8, -7, 1, 2, 40),
    (0, -1, 3, 0, 25),
    (8, 6, 1, 1, 40),
    (1, 13, 1, 2, 30),
    (2, 27, 2, 0, 30),
    (7, 55, 2, 3, 40),
    (4, 28, 1, 0, 30),
];

/// The first day of the session to which more were sent than there are seats; others are filled
/// to two thirds.
const OVERBOOKED: i64 = 55;

/// The same of the year before.
const SESSIONS_BEFORE: [(usize, i64, u64, usize, u16); 6] = [
    (3, -365 - 140, 1, 3, 90),
    (0, -365 - 80, 3, 0, 40),
    (2, -365 - 50, 2, 1, 40),
    (6, -365 - 30, 1, 2, 40),
    (1, -365 - 20, 1, 3, 60),
    (7, -365 - 5, 2, 3, 60),
];

pub fn hold(
    ask: &mut Asking,
    people: &[Invented],
    numbers: &[(String, EmployeeId)],
    today: NaiveDate,
) -> Result<(), Problem> {
    let mut programmes = Vec::new();
    for (place, course) in COURSES.iter().enumerate() {
        let programme = programme(ask, course)?;
        programmes.push(ProgrammeId(save(ask, &format!("programme-{place}"), programme.into())?));
    }
    let now = SESSIONS.into_iter().zip(std::iter::repeat(true));
    let before = SESSIONS_BEFORE.into_iter().zip(std::iter::repeat(false));
    let (mut chance, mut chance_before) = (Chance::new(20), Chance::new(2_017));
    for (place, (held, of_now)) in now.chain(before).enumerate() {
        let (course, first, days, kecamatan, seats) = held;
        let chance = if of_now { &mut chance } else { &mut chance_before };
        let Some(start) = first_day(today, first, days) else { continue };
        let end = start.checked_add_days(Days::new(days - 1));
        let Some(programme) = programmes.get(course).copied() else { continue };
        let session = Session {
            programme,
            start: Some(start),
            end,
            provider: COURSES.get(course).map_or("", |course| course.provider).into(),
            place: ["Aula Plaju", "Aula Gayungan", "Aula Senapelan", "Daring"]
                .get(kecamatan)
                .map_or("", |place| *place)
                .into(),
            capacity: Some(seats),
            ..Session::default()
        };
        let session = SessionId(save(ask, &format!("session-{place}"), session.into())?);
        let wanted = if first == OVERBOOKED { seats + 3 } else { seats * 2 / 3 };
        let chosen = choose(people, numbers, kecamatan, wanted.into(), chance);
        let enrol = step(&format!("enrol-{place}"));
        let employees = chosen.clone();
        saved(ask(Request::EnrolAnyway { step: enrol, session, employees })?)?;
        let marks = marks(&chosen, today, start, days, chance);
        if !marks.is_empty() {
            let step = step(&format!("attend-{place}"));
            saved(ask(Request::Attend { step, session, marks })?)?;
        }
    }
    Ok(())
}

fn programme(ask: &mut Asking, course: &Course) -> Result<Programme, Problem> {
    let competency = match course.raises {
        Some((code, _)) => match ask(Request::Find(Kind::Competencies, code.into()))? {
            Answer::Record(Some(stored)) => Some(CompetencyId(stored.id.number)),
            _ => return Err(unexpected()),
        },
        None => None,
    };
    Ok(Programme {
        name: course.name.into(),
        r#type: course.kind.into(),
        jp: Some(course.jp),
        provider: course.provider.into(),
        competency,
        target_level: course.raises.and_then(|(_, level)| Level::new(level)),
        mandatory: course.mandatory,
        archived: false,
    })
}

fn shift(today: NaiveDate, days: i64) -> Option<NaiveDate> {
    let count = Days::new(days.unsigned_abs());
    if days < 0 { today.checked_sub_days(count) } else { today.checked_add_days(count) }
}

/// The first day of a session of so many days about then, all of them working days: one that is
/// over ends sooner, one to come begins later, and one under way stays so where it can.
fn first_day(today: NaiveDate, first: i64, days: u64) -> Option<NaiveDate> {
    let last = i64::try_from(days).ok()? - 1;
    let under_way = (-last..=0).contains(&first);
    let under_way = (-last..=0).rev().filter(|_| under_way).filter_map(|day| shift(today, day));
    let about =
        (0..7).filter_map(|more| shift(today, if first < 0 { first - more } else { first + more }));
    let asked = shift(today, first);
    asked.into_iter().chain(under_way).chain(about).find(|start| {
        let mut held = start.iter_days().take(days as usize);
        held.all(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    })
}

/// So many people of the kecamatan, as far as there are.
fn choose(
    people: &[Invented],
    numbers: &[(String, EmployeeId)],
    kecamatan: usize,
    wanted: usize,
    chance: &mut Chance,
) -> Vec<EmployeeId> {
    let mut able: Vec<EmployeeId> = people
        .iter()
        .filter(|person| kecamatan > 2 || person.kecamatan == kecamatan)
        .filter_map(|person| {
            let nip = person.employee.number.to_string();
            numbers.iter().find(|(number, _)| *number == nip).map(|(_, id)| *id)
        })
        .collect();
    let mut chosen = Vec::new();
    while chosen.len() < wanted && !able.is_empty() {
        chosen.push(able.swap_remove(chance.below(able.len())));
    }
    chosen
}

/// Marks of the days that are over; today's are still to be ticked.
fn marks(
    chosen: &[EmployeeId],
    today: NaiveDate,
    start: NaiveDate,
    days: u64,
    chance: &mut Chance,
) -> Vec<(EmployeeId, u16, Option<Presence>)> {
    let past = start.iter_days().take(days as usize).take_while(|day| *day < today).count();
    let mut marks = Vec::new();
    for person in chosen {
        for day in 0..past {
            let presence = match chance.below(100) {
                0..90 => Presence::Present,
                90..95 => Presence::Excused,
                _ => Presence::Absent,
            };
            marks.push((*person, day as u16, Some(presence)));
        }
    }
    marks
}
