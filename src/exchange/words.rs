//! The words offices use for closed lists (sex, kind of staff, status, kind of
//! position), read as the codes of the domain. Our own codes are words too; those of a
//! plain file stand with the field, and [`Rulebook::code_meant`](crate::domain::rulebook::Rulebook)
//! reads them.

use crate::domain::kinds::employee::{EmploymentKind, Status};
use crate::domain::kinds::position::PositionKind;
use crate::domain::number::{EmployeeNumber, Sex};

fn fold(text: &str) -> String {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Whether a text says that there is no day by which it ends.
pub(super) fn is_for_ever(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "seumur hidup",
        "selamanya",
        "selama hidup",
        "permanen",
        "tidak terbatas",
        "tanpa batas",
        "tanpa batas waktu",
        "tidak berbatas",
        "lifetime",
        "no expiry",
    ];
    WORDS.contains(&fold(text).as_str())
}

pub(super) fn sex(text: &str) -> Option<Sex> {
    match fold(text).as_str() {
        "l" | "m" | "1" | "pria" | "laki" | "laki laki" | "laki2" | "lk" | "lelaki" | "male"
        | "l laki laki" | "laki laki l" | "pria l" => Some(Sex::Male),
        "p" | "f" | "2" | "w" | "wanita" | "perempuan" | "pr" | "prp" | "female"
        | "p perempuan" | "perempuan p" | "wanita p" => Some(Sex::Female),
        _ => None,
    }
}

/// Whether a text says anything of the kind of staff.
pub(super) fn speaks_of_kind(text: &str) -> bool {
    const KINDS: &[&str] = &[
        "pns",
        "pppk",
        "p3k",
        "asn",
        "negeri sipil",
        "perjanjian kerja",
        "paruh waktu",
        "honor",
        "kontrak",
        "thl",
        "tks",
        "tkk",
        "ptt",
        "gtt",
        "lainnya",
        "bukan",
        "tidak tetap",
        "sukarela",
        "outsourcing",
        "magang",
        "tni",
        "polri",
        "prajurit",
    ];
    let text = fold(text);
    KINDS.iter().any(|kind| text.contains(kind))
}

/// Whether a text says that somebody is a PNS.
pub(super) fn says_pns(text: &str) -> bool {
    let text = fold(text);
    let none = ["non", "bukan", "pppk", "p3k", "honor"];
    let says = |word: &str| text.contains(word);
    (says("pns") || says("pegawai negeri sipil")) && !none.into_iter().any(says)
}

/// A word that says part-time; else what the number is; else whatever word there is.
pub(super) fn employment_kind(texts: &[&str], number: &EmployeeNumber) -> EmploymentKind {
    let texts: Vec<String> = texts.iter().map(|text| fold(text)).collect();
    let says = |word: &str| texts.iter().any(|text| text.contains(word));
    match number {
        EmployeeNumber::Pns(_) => EmploymentKind::Pns,
        _ if says("paruh waktu") => EmploymentKind::PppkPartTime,
        EmployeeNumber::Pppk(_) => EmploymentKind::Pppk,
        EmployeeNumber::Local(_) => {
            let none = says("non pns") || says("non asn") || says("bukan");
            if !none && (says("pppk") || says("p3k")) {
                EmploymentKind::Pppk
            } else if !none && says("pns") {
                EmploymentKind::Pns
            } else {
                EmploymentKind::Other
            }
        }
    }
}

/// Our own code, or kedudukan hukum in SIASN's words. Who is suspended for a time
/// (Pemberhentian Sementara) or prepares for retirement still works here.
pub(super) fn status(text: &str) -> Status {
    if let Some(status) = Status::from_code(text.trim()) {
        return status;
    }
    let text = fold(text);
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["sementara", "persiapan"]) {
        Status::Active
    } else if says(&["pensiun", "mencapai bup"]) {
        Status::Retired
    } else if says(&["pindah instansi", "mutasi keluar"]) {
        Status::Moved
    } else if says(&[
        "diberhentikan",
        "pemberhentian",
        "tidak aktif",
        "meninggal",
        "punah",
        "pembatalan nip",
    ]) {
        Status::Ended
    } else {
        Status::Active
    }
}

/// SIASN's code 1-4, its words, or our own code.
pub(super) fn position_kind(text: &str) -> Option<PositionKind> {
    if let Some(kind) = PositionKind::from_code(text.trim()) {
        return Some(kind);
    }
    let text = fold(text);
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match text.as_str() {
        "1" => Some(PositionKind::Structural),
        "2" | "jft" | "jf" => Some(PositionKind::Functional),
        "3" => Some(PositionKind::Dual),
        "4" | "jfu" => Some(PositionKind::General),
        _ if says(&["rangkap"]) || (says(&["struktural"]) && says(&["fungsional"])) => {
            Some(PositionKind::Dual)
        }
        _ if says(&["fungsional umum", "pelaksana"]) => Some(PositionKind::General),
        _ if says(&["fungsional"]) => Some(PositionKind::Functional),
        _ if says(&[
            "struktural",
            "pimpinan tinggi",
            "administrator",
            "pengawas",
            "manajerial",
        ]) =>
        {
            Some(PositionKind::Structural)
        }
        _ => None,
    }
}

pub(super) fn flag(text: &str) -> bool {
    matches!(fold(text).as_str(), "true" | "1" | "ya" | "y" | "yes" | "x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sex_is_read_in_every_spelling() {
        for text in ["M", "L", "Pria", "Laki-laki", "LAKI - LAKI", "1"] {
            assert_eq!(sex(text), Some(Sex::Male), "{text}");
        }
        for text in ["F", "P", "Wanita", "Perempuan", "2"] {
            assert_eq!(sex(text), Some(Sex::Female), "{text}");
        }
        assert_eq!(sex("?"), None);
    }

    #[test]
    fn the_kind_of_staff_follows_words_and_number() {
        let pns = EmployeeNumber::parse("199001012015012001").unwrap();
        let pppk = EmployeeNumber::parse("200012312024211001").unwrap();
        let local = EmployeeNumber::local("K-1").unwrap();
        for (texts, number, kind) in [
            (&["PNS Daerah Kab./Kota yang bekerja pada Kab./Kota"][..], &pns, EmploymentKind::Pns),
            (&["PPPK Paruh Waktu"], &pppk, EmploymentKind::PppkPartTime),
            (&["", "PPPK Paruh Waktu Aktif"], &pppk, EmploymentKind::PppkPartTime),
            (&["PPPK_PARUH_WAKTU"], &pppk, EmploymentKind::PppkPartTime),
            (&["PNS"], &pppk, EmploymentKind::Pppk),
            (&[], &pppk, EmploymentKind::Pppk),
            (&["Tenaga Non ASN / Non PNS"], &local, EmploymentKind::Other),
            (&["P3K"], &local, EmploymentKind::Pppk),
        ] {
            assert_eq!(employment_kind(texts, number), kind, "{texts:?}");
        }
    }

    #[test]
    fn the_legal_status_says_who_still_works_here() {
        for (text, want) in [
            ("Aktif", Status::Active),
            ("PPPK Aktif", Status::Active),
            ("Tugas Belajar", Status::Active),
            ("Masa Persiapan Pensiun", Status::Active),
            ("Pemberhentian Sementara", Status::Active),
            ("Pensiun", Status::Retired),
            ("Mencapai BUP", Status::Retired),
            ("Diberhentikan", Status::Ended),
            ("PPPK Tidak Aktif", Status::Ended),
            ("moved", Status::Moved),
        ] {
            assert_eq!(status(text), want, "{text}");
        }
    }

    #[test]
    fn the_kind_of_position_is_read_by_code_and_by_word() {
        for (text, want) in [
            ("1", PositionKind::Structural),
            ("Jabatan Struktural", PositionKind::Structural),
            ("Jabatan Fungsional Tertentu", PositionKind::Functional),
            ("Jabatan Fungsional Umum", PositionKind::General),
            ("Jabatan Rangkap (Struktural dan Fungsional)", PositionKind::Dual),
            ("PELAKSANA", PositionKind::General),
            ("functional", PositionKind::Functional),
        ] {
            assert_eq!(position_kind(text), Some(want), "{text}");
        }
        assert_eq!(position_kind("Jabatan"), None);
    }
}
