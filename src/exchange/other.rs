//! What a file is, where it is not what it is imported as: told by its headings, and by what
//! stands below them where headings alone do not tell. A rating names somebody, a competency
//! and a figure, in a row each or in a column a competency; a dictionary has one name for a
//! code. Only what is sure is said: what may be either is read as it is imported.

use std::collections::BTreeSet;

use super::clean;
use super::header::{NAME, NAME_AND_NIP, NIP, fold};
use super::heads::{Beginning, Fit, Part, fit_to};
use super::reader::{Reader, reader};
use super::row::holds_number;
use super::sheet::SheetRow;
use super::source::ReadOptions;
use super::strange::fits;
use crate::domain::intake::{Intake, IntakeDef, RowShape};
use crate::domain::kinds::competency::fold_code;
use crate::domain::rules::competency_names;

/// Fewer headings than this tell of no other import, unless they are all it needs.
const TELLING: usize = 3;
/// So many columns that are a competency each are a table of ratings.
const SPREAD: usize = 2;

/// The import a file is made for, if it is not this one.
pub(super) fn other(
    beginnings: &[Beginning],
    def: &IntakeDef,
    options: &ReadOptions,
    will_do: bool,
) -> Option<Intake> {
    let read = |intake: Intake| {
        let reader = reader(&intake.def(), &options.lexicon);
        fit_to(beginnings, &*reader, &[], (&[], &[])).ok()
    };
    let staff = read(Intake::Employees);
    let ratings = read(Intake::Ratings);
    let (staff, ratings) =
        (staff.as_ref().and_then(Fit::fullest), ratings.as_ref().and_then(Fit::fullest));
    if def.kind != Intake::Ratings.def().kind {
        let own = reader(def, &options.lexicon);
        let own = fit_to(beginnings, &*own, &[], (own.anchors(), &own.needed())).ok();
        let known = own.as_ref().and_then(Fit::fullest).map_or(0, |p| p.header.fields().len());
        let sheet = Sheet { beginnings, staff, ratings };
        if sheet.is_of_ratings(def, known, will_do) {
            return Some(Intake::Ratings);
        }
    }
    by_headings(beginnings, def, options, will_do, staff)
}

/// Whether these are ratings with a column a competency.
pub(super) fn is_spread_out(beginnings: &[Beginning], options: &ReadOptions) -> bool {
    let staff = reader(&Intake::Employees.def(), &options.lexicon);
    let staff = fit_to(beginnings, &*staff, &[], (&[], &[])).ok();
    let staff = staff.as_ref().and_then(Fit::fullest);
    let sheet = Sheet { beginnings, staff, ratings: None };
    staff.is_some_and(|part| sheet.spread(part) >= SPREAD)
}

/// The import these headings are made for: what it needs stands in columns this one would
/// throw away, and it needs much or knows more of them. Where this one will not do, whatever
/// it would throw away counts.
fn by_headings(
    beginnings: &[Beginning],
    def: &IntakeDef,
    options: &ReadOptions,
    will_do: bool,
    staff: Option<&Part>,
) -> Option<Intake> {
    let own = reader(def, &options.lexicon);
    // Also where something this import needs is missing, or what tells whom a row is about:
    // that may be all that is wrong.
    let anchors = if will_do { own.anchors() } else { &[] };
    let mine = fit_to(beginnings, &*own, &[], (anchors, &[])).ok();
    let mine = mine.as_ref().and_then(Fit::fullest);
    let known = mine.map_or(0, |part| part.header.fields().len());
    // Neither names of people nor their numbers stand in a list that is not about people.
    let numbered = staff.is_some_and(|part| part.header.place_of(NIP).is_some());
    let named = staff.and_then(|part| part.header.place_of(NAME));
    let about_people = is_of_people(&*own);
    let (mut found, mut most) = (None, 0);
    for intake in Intake::ALL.into_iter().filter(|intake| intake.def().kind != def.kind) {
        let other = reader(&intake.def(), &options.lexicon);
        let Ok(fit) = fit_to(beginnings, &*other, &[], (other.anchors(), &[])) else { continue };
        if !fits(&fit, beginnings, &intake.def(), &options.lexicon) {
            continue;
        }
        let Some(part) = fit.fullest() else { continue };
        let strange = numbered || named.is_some_and(|column| !part.header.keeps(column));
        if about_people && strange && !is_of_people(&*other) {
            continue;
        }
        // What every list of people has tells of none of them.
        let mut needed = other.needed();
        needed.retain(|group| !group.iter().any(|field| other.anchors().contains(field)));
        let column = |group: &&[usize]| group.iter().find_map(|field| part.header.column(*field));
        let there: Vec<usize> = needed.iter().filter_map(column).collect();
        let telling = if will_do { there.clone() } else { part.header.kept() };
        let thrown_away = mine.is_none_or(|mine| {
            (mine.sheet, mine.reading) != (part.sheet, part.reading)
                || telling.iter().any(|column| !mine.header.keeps(*column))
        });
        let fields = part.header.fields().len();
        let has_all = there.len() == needed.len();
        // A list that is not about people has to be known better than as one that is.
        let enough = will_do && (!about_people || is_of_people(&*other));
        let is_it = (has_all && needed.len() > 1 && (enough || fields > known))
            || (fields >= TELLING && fields > known && (has_all || there.len() > 1));
        if thrown_away && is_it && fields > most {
            (found, most) = (Some(intake), fields);
        }
    }
    found
}

fn is_of_people(reader: &dyn Reader) -> bool {
    reader.table().iter().any(|known| known.field == NIP)
}

/// The fullest sheet, as a list of staff and as one of ratings.
struct Sheet<'a> {
    beginnings: &'a [Beginning],
    staff: Option<&'a Part>,
    ratings: Option<&'a Part>,
}

impl Sheet<'_> {
    /// Whether its rows are ratings, though the import asked for knows so many of its columns
    /// and may do with them.
    fn is_of_ratings(&self, def: &IntakeDef, known: usize, will_do: bool) -> bool {
        let of_staff = def.format == RowShape::Staff;
        let Some(staff) = self.staff else { return false };
        let people: Vec<usize> = [NIP, NAME, NAME_AND_NIP]
            .into_iter()
            .filter_map(|field| staff.header.place_of(field))
            .collect();
        let spread = self.spread(staff);
        // Beside whom it is about, a table of ratings says little else of a person.
        if !people.is_empty()
            && spread >= SPREAD
            && (!of_staff || spread * 2 + people.len() >= known)
        {
            return true;
        }
        let Some(part) = self.ratings else { return false };
        let fields = part.header.fields().len();
        let more = fields > known || fields == known && (of_staff || !will_do);
        self.is_long(part, &people) && (more || of_staff && self.is_sure(part))
    }

    /// How many columns are a competency each, with figures below. Which one may stand in a
    /// second row of headings.
    fn spread(&self, part: &Part) -> usize {
        let below = part.rows(self.beginnings).next();
        let named = |column: usize, name: &str| {
            let below = below.and_then(|row| clean::line(row.cell(column)));
            is_competency(name) || below.is_some_and(|text| is_competency(&text))
        };
        let width = part.rows(self.beginnings).map(|row| row.cells.len()).max().unwrap_or_default();
        let name = |column: usize| part.header.names.get(column).map_or("", String::as_str);
        let columns = (0..width).filter(|column| {
            !part.header.keeps(*column)
                && named(*column, name(*column))
                && self.mostly(part, *column, is_figure)
        });
        columns.count()
    }

    /// Whether a row is somebody, a competency and a figure.
    fn is_long(&self, part: &Part, people: &[usize]) -> bool {
        let header = &part.header;
        let places = [header.place_of("competency"), header.place_of("level")];
        let [Some(competency), Some(level)] = places else { return false };
        let somebody: Vec<usize> = people.iter().copied().filter(|c| *c != competency).collect();
        let numbered =
            |column: &usize| part.rows(self.beginnings).any(|row| holds_number(row.cell(*column)));
        !somebody.is_empty()
            && self.mostly(part, competency, |text| !is_figure(text))
            && self.mostly(part, level, is_figure)
            && (somebody.iter().any(numbered)
                || somebody
                    .iter()
                    .all(|column| !is_one_to_one(part.rows(self.beginnings), *column, competency)))
    }

    /// Whether no list of staff says that of its people: what it calls competencies are some, or
    /// one person stands in several rows.
    fn is_sure(&self, part: &Part) -> bool {
        let Some(competency) = part.header.place_of("competency") else { return false };
        let number = part.header.place_of(NIP);
        let again = number.is_some_and(|column| {
            let mut seen = BTreeSet::new();
            let mut texts =
                part.rows(self.beginnings).filter_map(|row| clean::line(row.cell(column)));
            texts.any(|text| !seen.insert(text))
        });
        again || self.mostly(part, competency, is_competency)
    }

    /// Whether most cells of a column that say anything are so.
    fn mostly(&self, part: &Part, column: usize, is: impl Fn(&str) -> bool) -> bool {
        let texts = part.rows(self.beginnings).filter_map(|row| clean::line(row.cell(column)));
        let told: Vec<bool> = texts.map(|text| is(&text)).collect();
        let so = told.iter().filter(|so| **so).count();
        so > 0 && so * 3 >= told.len() * 2
    }
}

/// `3`, `2,5`, `85`, `Level 3`, `3 (Baik)`.
fn is_figure(text: &str) -> bool {
    let text = text.split('(').next().unwrap_or_default().to_lowercase();
    let figure = text.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, '.' | ' '));
    let word = text[..text.len() - figure.len()].trim_matches(['.', ' ']);
    let level = ["", "level", "lv", "lvl", "tingkat", "nilai", "skor"].contains(&word);
    let figure = figure.trim().replace(',', ".").parse::<f64>();
    level && figure.is_ok_and(|figure| (0.0..=100.0).contains(&figure))
}

/// Whether it names one of the nine, or has a code of the shape they have.
pub(super) fn is_competency(text: &str) -> bool {
    let folded = fold(text);
    let coded = |word: &str| {
        let code = fold_code(word);
        let figures = code.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let letters = &code[..code.len() - figures.len()];
        matches!(letters, "m" | "sk" | "t" | "mk" | "ms")
            && matches!(figures.len(), 1..=2)
            && figures.bytes().all(|b| b.is_ascii_digit())
    };
    let words: Vec<&str> =
        text.split([' ', ':', '(', ')', '/', '\n']).filter(|w| !w.is_empty()).collect();
    words.first().is_some_and(|word| coded(word))
        || words.last().is_some_and(|word| coded(word))
        || competency_names().iter().any(|name| folded.contains(&fold(name)))
}

/// Whether two columns say the same of a row: what stands in one goes with one text of the
/// other, but for slips.
pub(super) fn is_one_to_one<'a>(
    rows: impl IntoIterator<Item = &'a SheetRow>,
    one: usize,
    other: usize,
) -> bool {
    let (mut ones, mut others, mut pairs) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for row in rows {
        let text = |column: usize| clean::line(row.cell(column)).map(|text| fold(&text));
        let (Some(a), Some(b)) = (text(one), text(other)) else { continue };
        ones.insert(a.clone());
        others.insert(b.clone());
        pairs.insert((a, b));
    }
    pairs.len() * 2 <= ones.len().min(others.len()) * 3
}
