//! A list with what stands under its cursor beside it. Whichever has the cursor comes first:
//! a list that is walked has all the room it would have alone on a screen of 80 columns, so
//! that a wide screen cuts nothing that a narrow one shows.

use ratatui::layout::Rect;

/// What a list has alone, and the least that is worth standing beside it.
const LIST: u16 = 80;
const OTHER_LEAST: u16 = 36;
/// Blanks or a line between the two.
const APART: u16 = 2;
/// From this width on there is room for both.
pub const FROM: u16 = LIST + APART + OTHER_LEAST;

/// The places of the list and of the other; `percent` is the list's part while the other has
/// the cursor. `None` where there is room for one only.
pub fn split(area: Rect, on_list: bool, percent: u16) -> Option<(Rect, Rect)> {
    if area.width < FROM {
        return None;
    }
    let part = area.width / 20 * percent / 5;
    let left = if on_list { part.max(LIST) } else { part };
    let x = left + APART;
    let other = Rect { x: area.x + x, width: area.width - x, ..area };
    Some((Rect { width: left, ..area }, other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_walked_is_no_narrower_than_on_a_screen_of_its_own() {
        for width in 1..300 {
            let area = Rect { x: 3, y: 1, width, height: 20 };
            let Some((list, other)) = split(area, true, 45) else { continue };
            assert!(list.width >= LIST && other.width >= OTHER_LEAST, "{width}");
            assert_eq!((other.x, other.right()), (list.right() + APART, area.right()));
            let (list, other) = split(area, false, 45).expect("the same room");
            assert!(list.width < other.width, "{width}");
        }
    }
}
