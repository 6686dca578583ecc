//! Words of posts, units and trainings as officers shorten them, before anything is cut off.

/// Longer ones before what they begin with.
const WORDS: &[(&str, &str)] = &[
    ("Bimbingan Teknis", "Bimtek"),
    ("Kepala Sub Bagian", "Kasubbag"),
    ("Kepala Subbagian", "Kasubbag"),
    ("Kepala Seksi", "Kasi"),
    ("Kepala Bidang", "Kabid"),
    ("Kepala Bagian", "Kabag"),
    ("Kepala Dinas", "Kadis"),
    ("Kepala Urusan", "Kaur"),
    ("Sekretaris Kecamatan", "Sekcam"),
    ("Sekretaris Kelurahan", "Seklur"),
    ("Pengadministrasi", "Pengadm."),
    ("Penata Kelola", "Penata Kel."),
    ("Kelurahan", "Kel."),
    ("Kecamatan", "Kec."),
    ("Kabupaten", "Kab."),
    ("Pemerintah Kota", "Pemkot"),
    ("Pemerintahan", "Pemer."),
    ("Pemberdayaan", "Pembd."),
    ("Sekretariat", "Setr."),
    ("Sub Bagian", "Subbag"),
    ("Kepegawaian", "Kepeg."),
    ("Perencanaan", "Perenc."),
    ("Masyarakat", "Masy."),
    ("Kesejahteraan", "Kesej."),
    ("Ketenteraman", "Ketent."),
    ("Ketertiban", "Ketert."),
    ("Pelayanan", "Pelay."),
    ("Di atas ekspektasi", "Di atas"),
    ("Sesuai ekspektasi", "Sesuai"),
    ("Di bawah ekspektasi", "Di bawah"),
];

/// The same with its usual words shortened, whole words only.
pub fn shortened(text: &str) -> String {
    let mut short = text.to_string();
    for (word, shorter) in WORDS {
        let mut from = 0;
        while let Some(found) = short.get(from..).and_then(|rest| rest.find(word)) {
            let at = from + found;
            let (before, after) = (&short[..at], &short[at + word.len()..]);
            let whole = before.chars().next_back().is_none_or(|c| !c.is_alphanumeric())
                && after.chars().next().is_none_or(|c| !c.is_alphanumeric());
            from = at + word.len();
            if whole {
                from = at + shorter.len();
                short = format!("{before}{shorter}{after}");
            }
        }
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_words_are_short_and_others_stay() {
        assert_eq!(shortened("Kelurahan Plaju Ulu"), "Kel. Plaju Ulu");
        assert_eq!(shortened("Kepala Seksi Pemerintahan"), "Kasi Pemer.");
        assert_eq!(shortened("Pengadministrasi Umum"), "Pengadm. Umum");
        assert_eq!(shortened("Kelurahanan"), "Kelurahanan");
        assert_eq!(shortened("Kelurahan, Kelurahan Plaju Ulu"), "Kel., Kel. Plaju Ulu");
        assert_eq!(shortened("Lurah"), "Lurah");
    }
}
