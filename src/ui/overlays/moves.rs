//! The question before a change of standards: whom it moves between categories, with the list
//! of them behind it.

use super::confirm::Confirm;
use super::reading::Piece;
use crate::i18n::{self, t};
use crate::protocol::{CategoryMove, MovedPerson, Moves};

/// Names that stand in the question itself, of each way.
const NAMES: usize = 2;

/// `about` says what is to be changed, `sure` what yes means.
pub fn question(about: &str, moves: &Moves, sure: &str) -> Confirm {
    let said = i18n::moves(moves, NAMES);
    let text = std::iter::once(about).chain(said.iter().map(String::as_str));
    let text = text.chain([sure]).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    let confirm = Confirm::ask(text);
    if moves.categories.is_empty() {
        return confirm;
    }
    confirm.listing(t!("moves.title").into_owned(), pieces(moves))
}

/// Everybody who moves, category by category.
fn pieces(moves: &Moves) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for way in &moves.categories {
        let purpose = i18n::moved_purpose(way.purpose);
        let heading = format!("{purpose} {} ({})", i18n::moved_way(way), i18n::whole(way.count));
        pieces.push(Piece::Heading(heading));
        pieces.extend(people(way));
        pieces.push(Piece::Blank);
    }
    pieces
}

fn people(way: &CategoryMove) -> Vec<Piece> {
    let pair = |one: &MovedPerson| Piece::Pair(one.name.clone(), i18n::moved_person(one));
    let mut pieces: Vec<Piece> = way.people.iter().map(pair).collect();
    let more = (way.count as usize).saturating_sub(way.people.len());
    if more > 0 {
        pieces.push(Piece::Note(t!("moves.more", count = i18n::whole(more as i64)).into_owned()));
    }
    pieces
}
