//! What the example asks of posts besides the nine: two technical competencies with the texts of
//! their levels, required of a few posts by their title, and rated there in both yearly rounds.

use chrono::{Days, NaiveDate};

use super::assess::ROUNDS;
use super::chance::Chance;
use super::people::Invented;
use super::{save, save_all, saved, step};
use crate::domain::kinds::competency::{Competency, CompetencyGroup, Level, LevelText};
use crate::domain::kinds::rating::{Rating, RatingSource};
use crate::domain::kinds::standard::Standard;
use crate::domain::record::{CompetencyId, EmployeeId, Kind, PositionId, Record};
use crate::jobs::{Asking, unexpected};
use crate::protocol::{Answer, Problem, Request};

struct Technical {
    code: &'static str,
    name: &'static str,
    field: &'static str,
    definition: &'static str,
    levels: [&'static str; 5],
    /// Of these posts this level is required.
    posts: &'static [(&'static str, u8)],
}

const ALL: [Technical; 2] = [
    Technical {
        code: "T.1",
        name: "Pelayanan administrasi kependudukan",
        field: "Administrasi Kependudukan",
        definition: "Melayani dokumen kependudukan dengan tepat dan dalam waktu yang dijanjikan.",
        levels: [
            "Menyebutkan dokumen kependudukan dan syaratnya",
            "Memeriksa berkas dan memasukkannya tanpa salah",
            "Menyelesaikan kasus yang berkasnya tidak lengkap",
            "Menyusun tata kerja pelayanan dan membimbing petugas",
            "Merancang pelayanan kependudukan bagi seluruh wilayah",
        ],
        posts: &[
            ("Kepala Seksi Pelayanan dan Kesejahteraan Sosial", 3),
            ("Analis Pelayanan", 3),
            ("Pengadministrasi Perizinan", 2),
        ],
    },
    Technical {
        code: "T.2",
        name: "Pengelolaan arsip dinamis",
        field: "Kearsipan",
        definition: "Menata arsip sehingga setiap berkas ditemukan, disusutkan, dan aman.",
        levels: [
            "Menyimpan berkas menurut klasifikasi",
            "Menemukan dan meminjamkan berkas dengan catatan",
            "Menyusutkan arsip menurut jadwal retensi",
            "Menyusun klasifikasi dan jadwal retensi unit",
            "Merancang sistem kearsipan instansi",
        ],
        posts: &[("Arsiparis Terampil", 3)],
    },
];

pub fn write(
    ask: &mut Asking,
    people: &[Invented],
    numbers: &[(String, EmployeeId)],
    today: NaiveDate,
) -> Result<(), Problem> {
    let mut chance = Chance::new(409_2022);
    for one in &ALL {
        let competency = CompetencyId(save(ask, one.code, dictionary(one).into())?);
        let mut standards = Vec::new();
        let mut ratings = Vec::new();
        for (title, level) in one.posts {
            let Answer::Record(Some(post)) = ask(Request::Find(Kind::Positions, (*title).into()))?
            else {
                return Err(unexpected());
            };
            standards.push(Record::from(Standard {
                position: Some(PositionId(post.id.number)),
                competency,
                level: Level::new(*level).unwrap_or_default(),
                effective_from: today.checked_sub_days(Days::new(500)),
                legal_basis: "Contoh: peta jabatan kantor".into(),
                ..Standard::default()
            }));
            let holders = people.iter().filter(|person| person.position.title == *title);
            for nip in holders.map(|person| person.employee.number.to_string()) {
                let Some((_, employee)) = numbers.iter().find(|(known, _)| *known == nip) else {
                    continue;
                };
                let now = (*level + 1).saturating_sub(chance.below(3) as u8).clamp(1, 5);
                let before = now.saturating_sub(u8::from(chance.percent(40))).max(1);
                ratings.extend(ROUNDS.into_iter().zip([before, now]).map(|(days, level)| Rating {
                    employee: *employee,
                    competency,
                    level: Level::new(level).unwrap_or_default(),
                    source: Some(RatingSource::Superior),
                    rater: "Atasan langsung".into(),
                    date: today.checked_sub_days(Days::new(days)),
                    method: "sederhana".into(),
                    ..Rating::default()
                }));
            }
        }
        save_all(ask, &format!("standards-{}", one.code), standards)?;
        let step = step(&format!("ratings-{}", one.code));
        saved(ask(Request::Rate { step, ratings })?)?;
    }
    Ok(())
}

fn dictionary(one: &Technical) -> Competency {
    let text = |text: &&str| LevelText { description: (*text).into(), indicators: Vec::new() };
    Competency {
        code: one.code.into(),
        name: one.name.into(),
        group: Some(CompetencyGroup::Teknis),
        parent: one.field.into(),
        definition: one.definition.into(),
        levels: one.levels.iter().map(text).collect(),
        ..Competency::default()
    }
}
