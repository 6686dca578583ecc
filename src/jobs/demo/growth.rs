//! What the example says of growing people: a technical competency that is no longer rated, who is
//! willing to mentor and a few pairs with their meetings, a survey of needs, the plan of this year
//! and the next, and what posts ask besides competencies.

use chrono::{Datelike, Days, NaiveDate};

use super::chance::Chance;
use super::people::Invented;
use super::{save, save_all};
use crate::domain::kinds::competency::{Competency, CompetencyGroup, Level};
use crate::domain::kinds::meeting::Meeting;
use crate::domain::kinds::mentor::Mentor;
use crate::domain::kinds::mentoring::{Mentoring, Outcome};
use crate::domain::kinds::need::{Form, Need};
use crate::domain::kinds::plan_line::{Fund, Ground, LineStatus, PlanLine};
use crate::domain::kinds::position::JobLevel;
use crate::domain::kinds::qualification::{Aspect, Importance, Qualification};
use crate::domain::record::{CompetencyId, EmployeeId, Record};
use crate::jobs::Asking;
use crate::protocol::Problem;

/// M.4, M.6 and M.8: where the example falls short most.
const WEAK: [u32; 3] = [4, 6, 8];

/// Everybody with their record number.
pub fn ids<'a>(
    people: &'a [Invented],
    numbers: &[(String, EmployeeId)],
) -> Vec<(&'a Invented, EmployeeId)> {
    let of = |person: &Invented| {
        let nip = person.employee.number.to_string();
        numbers.iter().find(|(known, _)| *known == nip).map(|(_, id)| *id)
    };
    people.iter().filter_map(|person| Some((person, of(person)?))).collect()
}

/// Writes all of it.
pub fn write(
    ask: &mut Asking,
    ids: &[(&Invented, EmployeeId)],
    today: NaiveDate,
) -> Result<(), Problem> {
    save(ask, "archived", archived(today).into())?;
    let mentors = mentors(ids, today);
    save_all(ask, "mentors", mentors.iter().cloned().map(Record::from).collect())?;
    save_all(ask, "mentorings", pairs(ids, &mentors, today))?;
    save_all(ask, "needs", needs(ids, today))?;
    save_all(ask, "plan", plan(today))?;
    save_all(ask, "qualifications", qualifications())
}

fn archived(today: NaiveDate) -> Competency {
    Competency {
        code: "T.0".into(),
        name: "Pengetikan dan kearsipan manual".into(),
        group: Some(CompetencyGroup::Teknis),
        parent: "Kearsipan".into(),
        definition: "Mengetik naskah dinas dan menata arsip kertas.".into(),
        archived: true,
        archived_on: today.checked_sub_days(Days::new(120)),
        ..Competency::default()
    }
}

/// Whoever leads something is willing, for two or three.
fn mentors(ids: &[(&Invented, EmployeeId)], today: NaiveDate) -> Vec<Mentor> {
    let leads = |person: &Invented| {
        matches!(person.level(), Some(JobLevel::Administrator | JobLevel::Pengawas))
    };
    let willing = ids.iter().filter(|(person, _)| leads(person)).step_by(2);
    let of = |(_, employee): &(&Invented, EmployeeId)| Mentor {
        employee: *employee,
        competency: None,
        capacity: 2 + (employee.0 % 2) as u8,
        until: today.checked_add_days(Days::new(400)),
        note: String::new(),
    };
    willing.map(of).collect()
}

/// A pair for each of the first mentors, with meetings since the spring: one of them met more
/// often in a month than counts.
fn pairs(ids: &[(&Invented, EmployeeId)], mentors: &[Mentor], today: NaiveDate) -> Vec<Record> {
    let mut records = Vec::new();
    let juniors = ids.iter().filter(|(person, _)| person.level() == Some(JobLevel::Pelaksana));
    for (at, (mentor, (_, employee))) in mentors.iter().zip(juniors).take(6).enumerate() {
        let competency = CompetencyId(WEAK[at % WEAK.len()]);
        let start = today.checked_sub_days(Days::new(150));
        records.push(Record::from(Mentoring {
            employee: *employee,
            mentor: mentor.employee,
            competency,
            start_level: Level::new(1),
            target_level: Level::new(2),
            goal: "Menyelesaikan pengaduan warga tanpa menunggu atasan".into(),
            start,
            ..Mentoring::default()
        }));
        let often =
            if at == 0 { [140, 137, 134, 131, 128, 100] } else { [140, 110, 80, 50, 40, 20] };
        for days in often {
            let date = today.checked_sub_days(Days::new(days));
            records.push(Record::from(Meeting {
                employee: *employee,
                competency,
                date,
                minutes: 60,
                topic: "Membahas kasus di loket".into(),
                tried: "Menangani satu kasus sendiri".into(),
                next_step: "Menulis langkahnya sebagai catatan".into(),
            }));
        }
    }
    records.extend(pairs_before(ids, mentors, today));
    records
}

/// Two pairs of the year before, with what came of them.
fn pairs_before(
    ids: &[(&Invented, EmployeeId)],
    mentors: &[Mentor],
    today: NaiveDate,
) -> Vec<Record> {
    let ago = |days| today.checked_sub_days(Days::new(days));
    let juniors = ids.iter().filter(|(person, _)| person.level() == Some(JobLevel::Pelaksana));
    let outcomes = [Outcome::Reached, Outcome::Partly];
    let mut records = Vec::new();
    for ((mentor, (_, employee)), outcome) in mentors.iter().zip(juniors.skip(6)).zip(outcomes) {
        let competency = CompetencyId(WEAK[2]);
        records.push(Record::from(Mentoring {
            employee: *employee,
            mentor: mentor.employee,
            competency,
            start_level: Level::new(1),
            target_level: Level::new(2),
            goal: "Memutuskan sendiri perkara yang berulang".into(),
            start: ago(520),
            end: ago(380),
            outcome: Some(outcome),
            ..Mentoring::default()
        }));
        records.extend([510, 470, 430, 395].map(|days| {
            Record::from(Meeting {
                employee: *employee,
                competency,
                date: ago(days),
                minutes: 45,
                topic: "Menimbang satu perkara bersama".into(),
                tried: "Memutuskan, lalu melaporkan".into(),
                next_step: "Mencatat alasan setiap putusan".into(),
            })
        }));
    }
    records
}

/// What every sixth asks to learn this year, and some already for the next.
fn needs(ids: &[(&Invented, EmployeeId)], today: NaiveDate) -> Vec<Record> {
    let mut chance = Chance::new(20_2025);
    let year = u16::try_from(today.year()).unwrap_or(0);
    let this = ids.iter().step_by(6).map(|one| (one, year));
    let next = ids.iter().skip(2).step_by(15).map(|one| (one, year + 1));
    this.chain(next).map(|((_, employee), year)| need(*employee, year, &mut chance)).collect()
}

/// What every eighth asked for the year before.
pub fn needs_before(ids: &[(&Invented, EmployeeId)], year: u16) -> Vec<Record> {
    let mut chance = Chance::new(20_2024);
    let asked = ids.iter().skip(4).step_by(8);
    asked.map(|(_, employee)| need(*employee, year, &mut chance)).collect()
}

fn need(employee: EmployeeId, year: u16, chance: &mut Chance) -> Record {
    let topics = [
        ("Mengambil keputusan di lapangan", Some(CompetencyId(8))),
        ("Pelayanan publik yang ramah", Some(CompetencyId(5))),
        ("Mengolah data kependudukan dengan lembar kerja", None),
    ];
    let forms = [Form::Classroom, Form::Blended, Form::Mentoring];
    let (topic, competency) = topics[chance.below(topics.len())];
    Record::from(Need {
        employee,
        year: Some(year),
        topic: topic.into(),
        competency,
        form: Some(forms[chance.below(forms.len())]),
        note: String::new(),
    })
}

/// A line this year and one in each of the two to come.
fn plan(today: NaiveDate) -> Vec<Record> {
    let year = u16::try_from(today.year()).unwrap_or(0);
    let of = |(ahead, competency)| line(year + ahead, competency, "KL10", LineStatus::Accepted);
    let lines = [(0, 8), (1, 4), (2, 6)].map(of);
    lines
        .map(|line| {
            let ground = if line.year == year { Ground::Gap } else { Ground::Citizens };
            Record::from(PlanLine { ground: Some(ground), ..line })
        })
        .to_vec()
}

/// A line of the office's plan, on the ground of gaps.
pub fn line(year: u16, competency: u32, activity: &str, status: LineStatus) -> PlanLine {
    PlanLine {
        year,
        competency: CompetencyId(competency),
        level: Level::new(2).unwrap_or_default(),
        ground: Some(Ground::Gap),
        activity: activity.into(),
        provider: "BKPSDM".into(),
        people: Some(30),
        month: Some(6),
        jp: Some(20),
        cost: Some(45_000_000),
        fund: Some(Fund::Region),
        indicator: "Pengaduan yang selesai pada hari yang sama".into(),
        effect: "Unsur U6 survei kepuasan naik".into(),
        status: Some(status),
        ..PlanLine::default()
    }
}

fn qualifications() -> Vec<Record> {
    use Aspect::{Education, Experience, Managerial, Technical};
    use Importance::{Absolute, Important, Useful};
    let rows = [
        (JobLevel::Administrator, Education, "Sarjana (S-1) atau Diploma IV", Absolute),
        (JobLevel::Administrator, Managerial, "Pelatihan Kepemimpinan Administrator", Important),
        (JobLevel::Administrator, Experience, "Jabatan pengawas paling singkat 3 tahun", Absolute),
        (JobLevel::Pengawas, Education, "Diploma III", Absolute),
        (JobLevel::Pengawas, Managerial, "Pelatihan Kepemimpinan Pengawas", Important),
        (JobLevel::Pengawas, Technical, "Pelayanan administrasi kependudukan", Useful),
        (JobLevel::Pengawas, Experience, "Jabatan pelaksana paling singkat 4 tahun", Absolute),
    ];
    let record = |(level, aspect, requirement, importance): (_, _, &str, _)| {
        Record::from(Qualification {
            job_level: Some(level),
            aspect: Some(aspect),
            requirement: requirement.into(),
            importance: Some(importance),
            legal_basis: "Contoh kantor".into(),
            ..Qualification::default()
        })
    };
    rows.map(record).to_vec()
}
