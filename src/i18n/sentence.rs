//! How words become sentences: a name that ends with a full stop (`M.Si.`) is not given
//! another, and a kind is not said twice (`jadwal pelatihan Pelatihan Dasar`). Every text
//! of the catalogue passes [`punctuated`] once its places are filled in.

use std::borrow::Cow;

/// One full stop where a filled-in text brought its own; `...` and `../x` stay.
pub fn punctuated(text: Cow<'_, str>) -> Cow<'_, str> {
    let ends = |rest: &str| rest.chars().next().is_none_or(|c| matches!(c, ' ' | '\n' | '"' | ')'));
    let is_double = |at: usize| {
        let (before, rest) = (&text[..at], &text[at + 2..]);
        !before.ends_with(['.', '/']) && !before.ends_with(' ') && ends(rest)
    };
    let doubled: Vec<usize> =
        text.match_indices("..").map(|(at, _)| at).filter(|at| is_double(*at)).collect();
    if doubled.is_empty() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for at in doubled {
        out.push_str(&text[from..=at]);
        from = at + 2;
    }
    Cow::Owned(out + &text[from..])
}

/// One sentence behind the other, each ended once; the last as it is.
pub fn sentences(parts: &[&str]) -> String {
    let mut said = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if !said.is_empty() {
            let ended = said.ends_with(['.', '!', '?', ':', '\u{2026}']);
            said.push_str(if ended { " " } else { ". " });
        }
        said.push_str(part);
    }
    said
}

/// `pegawai Siti Aminah`; words of the kind with which the name begins are said once:
/// `kegiatan Pelatihan Dasar`, `Unit Kerja Contoh`.
pub fn named(kind: &str, name: &str) -> String {
    let kind: Vec<&str> = kind.split(' ').collect();
    let words: Vec<String> = name.split(' ').map(str::to_lowercase).collect();
    let repeats = |from: &usize| {
        let said = &kind[*from..];
        words.len() >= said.len()
            && said.iter().zip(&words).all(|(said, word)| said.to_lowercase() == *word)
    };
    let said = (0..kind.len()).find(repeats).unwrap_or(kind.len());
    kind[..said].iter().copied().chain([name]).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_ends_with_a_full_stop_is_not_given_another() {
        for (text, said) in [
            ("Mengubah pegawai Siti, M.Si.. Tersimpan", "Mengubah pegawai Siti, M.Si. Tersimpan"),
            ("masih dipakai: Budi, S.E..", "masih dipakai: Budi, S.E."),
            ("Yang berlaku: \"M.Si..\"", "Yang berlaku: \"M.Si.\""),
            ("Menulis... 4 baris", "Menulis... 4 baris"),
            ("ditulis ke ../x.csv", "ditulis ke ../x.csv"),
            ("ditulis ke ..", "ditulis ke .."),
            ("a..b", "a..b"),
        ] {
            assert_eq!(punctuated(text.into()), said);
        }
        assert_eq!(
            sentences(&["Mengubah Siti, M.Si.", "Tersimpan"]),
            "Mengubah Siti, M.Si. Tersimpan"
        );
        assert_eq!(
            sentences(&["12 baris ditulis", "", "Tersimpan"]),
            "12 baris ditulis. Tersimpan"
        );
    }

    #[test]
    fn a_kind_is_not_said_twice() {
        for (kind, name, said) in [
            ("jadwal pelatihan", "Pelatihan Dasar", "jadwal Pelatihan Dasar"),
            ("unit kerja", "Unit Kerja Contoh", "Unit Kerja Contoh"),
            ("pegawai", "Siti", "pegawai Siti"),
            ("training", "Training", "Training"),
            ("program pelatihan", "Pelatih Unggul", "program pelatihan Pelatih Unggul"),
            ("standar", "", "standar "),
        ] {
            assert_eq!(named(kind, name), said);
        }
    }
}
