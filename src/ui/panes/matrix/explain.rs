//! Where a number of the matrix comes from, in words: the level reached and what it means,
//! the standard with its legal basis, the gap, the ratings behind the level latest first,
//! and the person's JPM with the sums it is made of.

use crate::domain::gap::Figures;
use crate::domain::kinds::competency::LevelText;
use crate::domain::kinds::rating::{Rating, RatingSource};
use crate::domain::kinds::standard::Standard;
use crate::domain::record::Record;
use crate::i18n::{choice, date, hundredths, t};
use crate::protocol::{Explanation, Stored};
use crate::ui::overlays::reading::{Piece, ReadingBox};

/// The text about a cell of this person.
pub fn reading(name: &str, explanation: &Explanation) -> ReadingBox {
    let competency = &explanation.competency;
    let title = format!("{} {}: {name}", competency.code, competency.name);
    let mut pieces = Vec::new();
    level(&mut pieces, explanation);
    pieces.push(Piece::Blank);
    ratings(&mut pieces, &explanation.ratings);
    pieces.push(Piece::Blank);
    figures(&mut pieces, explanation.figures);
    ReadingBox::new("matrix.explain", title, pieces)
}

fn pair(label: impl Into<String>, text: impl Into<String>) -> Piece {
    Piece::Pair(label.into(), text.into())
}

fn meaning(levels: &[LevelText], level: u8) -> String {
    let text = usize::from(level).checked_sub(1).and_then(|at| levels.get(at));
    match text.map(|text| text.description.trim()).filter(|text| !text.is_empty()) {
        Some(text) => format!("{level}: {text}"),
        None => level.to_string(),
    }
}

fn level(pieces: &mut Vec<Piece>, explanation: &Explanation) {
    let cell = explanation.cell;
    let levels = &explanation.competency.levels;
    let actual =
        cell.actual.map_or_else(|| t!("matrix.unrated").into(), |level| meaning(levels, level));
    let required = cell
        .required
        .map_or_else(|| t!("matrix.no_standard").into(), |level| meaning(levels, level));
    pieces.push(pair(t!("matrix.actual"), actual));
    pieces.push(pair(t!("matrix.required"), required));
    if let Some(Stored { record: Record::Standard(standard), .. }) = &explanation.standard {
        pieces.push(pair("", standard_words(standard, &explanation.position)));
        if !standard.legal_basis.is_empty() {
            pieces.push(pair(t!("matrix.legal_basis"), &*standard.legal_basis));
        }
        let verified = if standard.verified {
            t!("matrix.standard_verified")
        } else {
            t!("matrix.standard_unverified")
        };
        pieces.push(pair("", verified));
    }
    let gap = match (cell.actual, cell.required, cell.gap()) {
        (Some(actual), Some(required), Some(gap)) => {
            let words = match gap {
                0 => t!("matrix.gap_none"),
                gap if gap < 0 => t!("matrix.gap_below"),
                _ => t!("matrix.gap_above"),
            };
            let sign = if gap == 0 { String::from("0") } else { format!("{gap:+}") };
            format!("{actual} - {required} = {sign}, {words}")
        }
        _ => t!("matrix.gap_unknown").into_owned(),
    };
    pieces.push(pair(t!("matrix.gap"), gap));
}

fn standard_words(standard: &Standard, position: &str) -> String {
    let mut words = match standard.job_level {
        Some(level) => t!("matrix.standard_of_level", level = choice(level.code())).into_owned(),
        None => t!("matrix.standard_of_position", position = position).into_owned(),
    };
    if let Some(from) = standard.effective_from {
        words.push_str(", ");
        words.push_str(&t!("matrix.in_force_from", date = date(from)));
    }
    words
}

fn ratings(pieces: &mut Vec<Piece>, ratings: &[Stored]) {
    pieces.push(Piece::Heading(t!("matrix.ratings").into_owned()));
    for (nth, stored) in ratings.iter().enumerate() {
        if let Record::Rating(rating) = &stored.record {
            let label = t!("matrix.level", level = rating.level);
            let mut text = rating_words(rating);
            if nth == 0 {
                text.push_str(&t!("matrix.rating_counts"));
            }
            pieces.push(pair(label, text));
            if !rating.evidence.is_empty() {
                pieces.push(pair("", t!("matrix.evidence", text = rating.evidence)));
            }
        }
    }
    if ratings.is_empty() {
        pieces.push(Piece::Note(t!("matrix.no_ratings").into_owned()));
    }
}

fn rating_words(rating: &Rating) -> String {
    let source = rating.source.map(RatingSource::code).map(choice);
    let parts =
        [rating.date.map(date), source, Some(rating.rater.clone()), Some(rating.method.clone())];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

fn figures(pieces: &mut Vec<Piece>, figures: Figures) {
    pieces.push(Piece::Heading(t!("matrix.jpm_of_person").into_owned()));
    let (Some(jpm), Some(capped)) = (figures.jpm(), figures.jpm_capped()) else {
        pieces.push(Piece::Note(t!("matrix.person_unrated").into_owned()));
        return;
    };
    let required = figures.sum_required;
    let sum = |actual: u32, percent: u32| {
        format!("{actual} / {required} x 100 = {}", hundredths(percent))
    };
    pieces.push(pair(t!("matrix.jpm_capped_long"), sum(figures.sum_capped, capped)));
    pieces.push(pair("", t!("matrix.jpm_capped_formula")));
    pieces.push(pair(t!("matrix.jpm"), sum(figures.sum_actual, jpm)));
    pieces.push(pair("", t!("matrix.jpm_formula")));
    let below = t!("matrix.below_of", below = figures.below, rated = figures.rated);
    pieces.push(pair(t!("matrix.below_long"), below));
    if jpm > 10_000 && figures.below > 0 {
        pieces.push(pair("", t!("matrix.surplus_hides")));
    }
}
