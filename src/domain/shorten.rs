//! Words of posts, units and trainings as officers shorten them, before anything is cut off;
//! and what a search means by such a short word, for what stands in a list is found by it.

use std::sync::LazyLock;

use super::search::sound;

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
    let mut short = String::with_capacity(text.len());
    let mut rest = text;
    let whole = |word: &str, rest: &str| {
        let after = rest.strip_prefix(word);
        after.is_some_and(|after| after.chars().next().is_none_or(|c| !c.is_alphanumeric()))
    };
    let mut within = false;
    while let Some(first) = rest.chars().next() {
        // All of them begin with a capital, and most of a text does not.
        let begins = !within && first.is_ascii_uppercase();
        let word = WORDS.iter().find(|(word, _)| begins && whole(word, rest));
        if let Some((word, shorter)) = word {
            short.push_str(shorter);
            rest = &rest[word.len()..];
        } else {
            short.push(first);
            rest = &rest[first.len_utf8()..];
        }
        within = word.is_none() && first.is_alphanumeric();
    }
    short
}

/// A short word as search compares it, and the words it stands for.
struct Short {
    short: String,
    long: Vec<String>,
}

/// The same words the other way round, those of several words first.
static SHORT: LazyLock<Vec<Short>> = LazyLock::new(|| {
    let mut all: Vec<Short> = Vec::new();
    let mut keep = |short: &str, long: &str| {
        let (short, long) = (sound(short.trim_end_matches('.')), sound(long));
        match all.iter_mut().find(|one| one.short == short) {
            Some(one) => one.long.push(long),
            None => all.push(Short { short, long: vec![long] }),
        }
    };
    for (long, short) in WORDS {
        keep(short, long);
    }
    // "Penata Kel." is found by "kel." too, which alone means another word.
    for (long, short) in WORDS.iter().filter(|(_, short)| short.contains(' ')) {
        let pairs = long.split(' ').zip(short.split(' '));
        let ends = pairs.filter(|(long, short)| long != short && short.ends_with('.'));
        ends.for_each(|(long, short)| keep(short, long));
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.short.split(' ').count()));
    all
});

/// Letters from which a word that is still being typed may become a short one.
const BEGUN_MIN: usize = 3;
/// What one word may mean beside itself.
const MEANT_MAX: usize = 8;

/// What is meant by a text of a search, as [`sound`] compares it, beside what it says: the
/// words its short words stand for. With `begun` its end may still be missing.
pub fn meant(typed: &str, begun: bool) -> Vec<String> {
    let mut full = vec![typed.to_string()];
    for Short { short, long } in &*SHORT {
        let put = |text: String| match place_of(&text, short) {
            Some((at, end)) => {
                let put = |long: &String| format!("{}{long}{}", &text[..at], &text[end..]);
                long.iter().map(put).collect()
            }
            None => vec![text],
        };
        full = full.into_iter().flat_map(put).take(MEANT_MAX).collect();
    }
    if begun && typed.len() >= BEGUN_MIN && typed.bytes().all(|byte| byte.is_ascii_lowercase()) {
        let becomes = SHORT.iter().filter(|one| one.short.starts_with(typed));
        full.extend(becomes.flat_map(|one| one.long.iter().cloned()));
    }
    // What holds the word as it was typed is found by it anyway.
    full.retain(|text| if begun { !text.contains(typed) } else { text != typed });
    full.sort_unstable();
    full.dedup();
    full.truncate(MEANT_MAX);
    full
}

/// Where a short word stands in a text as a whole one, with its point if it has one.
fn place_of(text: &str, short: &str) -> Option<(usize, usize)> {
    let whole = |at: usize| {
        let (before, after) = (&text[..at], &text[at + short.len()..]);
        before.chars().next_back().is_none_or(|c| !c.is_alphanumeric())
            && after.chars().next().is_none_or(|c| !c.is_alphanumeric())
    };
    let (at, _) = text.match_indices(short).find(|(at, _)| whole(*at))?;
    let end = at + short.len();
    Some((at, end + usize::from(text[end..].starts_with('.'))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One word after the other through the whole text.
    fn word_by_word(text: &str) -> String {
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

    proptest! {
        #[test]
        fn the_words_of_a_text_are_shortened_in_one_go(
            pieces in prop::collection::vec(
                prop_oneof![
                    prop::sample::select(WORDS).prop_map(|(word, _)| word),
                    prop::sample::select(WORDS).prop_map(|(_, short)| short),
                    prop::sample::select(
                        &["Kepala", "Sub", "Kota", "é", "Plaju", "di", "Kelola", "1"][..]),
                ],
                0..6,
            ),
            between in prop::sample::select(&[" ", "", "-", " / ", ". "][..]),
        ) {
            let text = pieces.join(between);
            prop_assert_eq!(shortened(&text), word_by_word(&text));
        }
    }

    #[test]
    fn what_a_list_shows_shortened_is_meant_by_its_short_word() {
        let meant = |text| meant(text, true);
        assert_eq!(meant("kasi"), ["kepala seksi"]);
        assert_eq!(meant("seklu"), ["sekretaris kelurahan"]);
        assert_eq!(meant("kel."), ["kelola", "kelurahan"]);
        assert_eq!(meant("kel. plaju"), ["kelola plaju", "kelurahan plaju"]);
        assert_eq!(meant("penata kel. data"), ["penata kelola data"]);
        assert_eq!(meant("kasi pemer. kec."), ["kepala seksi pemerintahan kecamatan"]);
        assert_eq!(meant("kasubbag"), ["kepala sub bagian", "kepala subbagian"]);
        for plain in ["siti", "kel", "pemer", "komunikasi", "", "."] {
            assert_eq!(meant(plain), [] as [&str; 0], "{plain}");
        }
        assert_eq!(super::meant("kec. plaju", false), ["kecamatan plaju"]);
        assert_eq!(super::meant("seklu", false), [] as [&str; 0]);
    }

    proptest::proptest! {
        #[test]
        fn any_typing_means_a_few_things(text in "[a-z. ]{0,40}|\\PC*") {
            proptest::prop_assert!(meant(&sound(&text), true).len() <= MEANT_MAX);
        }
    }

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
