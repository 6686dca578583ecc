//! A person as lists of staff write one in a cell: the name, with or without the NIP, and
//! below it whatever else the office keeps there (birth, Karpeg, old NIP, Plt.). Which line
//! is which is told by what stands in it.

use super::sheet::SheetCell;
use super::{clean, nip};

/// What one cell says of a person.
#[derive(Debug, PartialEq)]
pub(super) struct Person {
    pub name: Option<String>,
    /// The NIP, or what was meant for one.
    pub number: SheetCell,
}

/// Name and NIP out of one cell: `Budi, S.E. / 1990…`, `Budi⏎NIP. 1990…`.
pub(super) fn split(cell: &SheetCell) -> Person {
    let Some(text) = clean::lines(cell).filter(|_| matches!(cell, SheetCell::Text(_))) else {
        let number = if clean::line(cell).is_some() { cell.clone() } else { SheetCell::Empty };
        return Person { name: None, number };
    };
    let found = nip::find(&text).map(|(_, range)| range).or_else(|| nip::find_attempt(&text));
    let Some(range) = found else {
        return Person { name: name_in(&text, false), number: SheetCell::Empty };
    };
    let number = SheetCell::Text(text[range.clone()].trim().to_string());
    let rest = format!("{}\n{}", &text[..range.start], &text[range.end..]);
    Person { name: name_in(&rest, false), number }
}

/// The name in a cell that has only that, as a rule.
pub(super) fn name(cell: &SheetCell) -> Option<String> {
    let text = clean::lines(cell)?;
    let found = nip::find(&text).map(|(_, range)| range);
    let name = match found {
        Some(range) => name_in(&format!("{}\n{}", &text[..range.start], &text[range.end..]), true),
        None if text.contains('\n') => name_in(&text, true),
        None => clean::line(cell),
    };
    name.filter(|name| name.contains(char::is_alphabetic))
}

/// The first line that is a name, with the lines it goes on in: all of them where only the
/// name is kept, else those that bring its titles.
fn name_in(text: &str, alone: bool) -> Option<String> {
    let (mut name, mut goes_on) = (String::new(), false);
    for whole in text.split('\n').flat_map(|line| line.split(" / ")) {
        let piece = without_labels(whole);
        if piece.is_empty() || is_detail(piece) {
            if name.is_empty() || piece.is_empty() {
                continue;
            }
            break;
        }
        if name.is_empty() {
            name = piece.to_string();
        } else if alone || goes_on || begins_with_title(piece) {
            name = format!("{name}{} {piece}", if goes_on { "," } else { "" });
        } else {
            break;
        }
        goes_on = whole.trim_end().ends_with(',');
    }
    let name = clean::line(&SheetCell::Text(around(&name).to_string()))?;
    name.contains(char::is_alphabetic).then_some(name)
}

/// `S.E.`, `M.Si`, `Ph.D`: an abbreviation with a point inside.
fn begins_with_title(piece: &str) -> bool {
    let word = piece.split([' ', ',']).next().unwrap_or_default();
    word.trim_end_matches('.').contains('.') && word.len() <= 8
}

/// Without what separates a name from the rest.
fn around(text: &str) -> &str {
    let blank = |c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '/' | '-' | '–' | '*' | '•' | '|' | '\'')
    };
    let text = text.trim_matches(blank).trim_start_matches(')').trim_end_matches('(');
    let text = text.trim_matches(blank);
    if text.ends_with(')') && !text.contains('(') { text.trim_end_matches(')') } else { text }
}

/// Without `NIP.` behind the name, without `Nama :` or a running number before it.
fn without_labels(piece: &str) -> &str {
    let mut piece = around(piece);
    loop {
        let before = piece;
        let word =
            piece.rsplit(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap_or_default();
        if is_label(word) {
            piece = around(&piece[..piece.len() - word.len()]);
        }
        let ordinal = piece.trim_start_matches(|c: char| c.is_ascii_digit());
        if ordinal.len() < piece.len() && ordinal.starts_with(['.', ')']) {
            piece = around(&ordinal[1..]);
        }
        let named = piece.get(..4).filter(|word| word.eq_ignore_ascii_case("nama"));
        if named.is_some() && piece[4..].trim_start().starts_with(':') {
            piece = around(&piece[4..]);
        }
        if piece == before {
            return piece;
        }
    }
}

fn is_label(word: &str) -> bool {
    let word: String = word.chars().filter(|c| *c != '.').flat_map(char::to_lowercase).collect();
    matches!(word.as_str(), "nip" | "nipppk" | "nippppk")
}

/// Words a line begins with that says something else of the person.
const DETAILS: &[&str] = &[
    "karpeg",
    "kartu",
    "nip",
    "ni",
    "nrp",
    "nuptk",
    "nik",
    "npwp",
    "plt",
    "plh",
    "pj",
    "pjs",
    "ttl",
    "lahir",
    "tgl",
    "tanggal",
    "tempat",
    "tmt",
    "gol",
    "golongan",
    "pangkat",
    "agama",
    "hp",
    "telp",
    "usia",
    "umur",
    "pendidikan",
    "jabatan",
    "eselon",
    "seri",
    "no",
    "nomor",
    "status",
];

fn is_detail(piece: &str) -> bool {
    let year = piece.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= 4);
    let word: String = piece
        .chars()
        .skip_while(|c| !c.is_alphanumeric())
        .take_while(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    let enclosed = piece.starts_with('(') && piece.ends_with(')');
    year || enclosed || !piece.contains(char::is_alphabetic) || DETAILS.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIP: &str = "198502022010022901";

    fn cell(text: &str) -> SheetCell {
        SheetCell::Text(text.to_string())
    }

    #[test]
    fn a_cell_says_who_it_is_by_what_stands_in_each_line() {
        for (written, name) in [
            (
                "Rahmat Contoh, S.Sos.\nContoh, 02-03-1980\nNIP. 198502022010022901",
                "Rahmat Contoh, S.Sos.",
            ),
            ("Siti Contoh, S.E.\nNIP. 198502022010022901\nKarpeg. N 123456", "Siti Contoh, S.E."),
            ("Wahyu Contoh\n198502022010022901\n480123456", "Wahyu Contoh"),
            ("Wahyu Contoh\n480123456\n198502022010022901", "Wahyu Contoh"),
            ("dr. Kiki Contoh\nNIP. 198502022010022901\n(Plt.)", "dr. Kiki Contoh"),
            ("(Plt.)\ndr. Kiki Contoh\nNIP. 198502022010022901", "dr. Kiki Contoh"),
            ("Edi Contoh, S.T., NIP. 198502022010022901", "Edi Contoh, S.T."),
            ("198502022010022901 / Edi Contoh, S.T.", "Edi Contoh, S.T."),
            ("NIP 19850202 201002 2 901\nEdi Contoh", "Edi Contoh"),
            ("1. Edi Contoh\nNIP : 19850202-201002-2-901", "Edi Contoh"),
            ("Nama : Edi Contoh\nNIP : 198502022010022901", "Edi Contoh"),
            ("Edi Contoh (NIP 198502022010022901)", "Edi Contoh"),
            ("Edi Contoh (198502022010022901)", "Edi Contoh"),
            (
                "Drs. Edi Contoh,\nM.Si.\n198502022010022901\nPalembang, 2 Maret 1980",
                "Drs. Edi Contoh, M.Si.",
            ),
            ("Edi Contoh\nTTL: Plaju, 2 Maret 1980\nNI PPPK 198502022010022901", "Edi Contoh"),
            ("Edi Contoh-198502022010022901", "Edi Contoh"),
        ] {
            let found = split(&cell(written));
            assert_eq!(found.name.as_deref(), Some(name), "{written:?}");
            let SheetCell::Text(number) = &found.number else { panic!("{written:?}") };
            assert_eq!(nip::read(number).map(|n| n.to_string()), Ok(NIP.into()), "{written:?}");
        }
        assert_eq!(
            split(&cell("Tanpa Nomor")),
            Person { name: Some("Tanpa Nomor".into()), number: SheetCell::Empty }
        );
        assert_eq!(split(&cell("'198502022010022901")).name, None);
        assert_eq!(split(&cell("NIP. 198502022010022901")).name, None);
        let short = split(&cell("Budi / 19850202201002290"));
        assert_eq!(
            (short.name.as_deref(), short.number),
            (Some("Budi"), cell("19850202201002290"))
        );
    }

    #[test]
    fn a_name_over_two_lines_is_one_and_what_stands_below_it_is_none_of_it() {
        for (written, name) in [
            ("Rahmat\nContoh", Some("Rahmat Contoh")),
            ("Rahmat Contoh, S.Sos.\nContoh, 02-03-1980", Some("Rahmat Contoh, S.Sos.")),
            ("Rahmat Contoh (Plt.)", Some("Rahmat Contoh (Plt.)")),
            ("Rahmat Contoh\nNIP. 198502022010022901", Some("Rahmat Contoh")),
            ("0", None),
            ("4", None),
        ] {
            assert_eq!(super::name(&cell(written)).as_deref(), name, "{written:?}");
        }
    }
}
