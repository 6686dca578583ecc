//! Walking the rows of a box: where a picker's command takes the cursor. The boxes keep
//! their rows and their cursor; this knows only how many there are.

use crate::ui::command::Command;

/// Where the cursor goes among `count` rows of which `page` are in sight; nothing for a
/// command that does not walk.
pub fn walk(command: Command, cursor: usize, count: usize, page: usize) -> Option<usize> {
    let (last, page) = (count.saturating_sub(1), page.max(1));
    let to = match command {
        Command::PickerUp => cursor.saturating_sub(1),
        Command::PickerDown => cursor.saturating_add(1),
        Command::PickerPageUp => cursor.saturating_sub(page),
        Command::PickerPageDown => cursor.saturating_add(page),
        Command::PickerFirst => 0,
        Command::PickerLast => last,
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_among_the_rows() {
        assert_eq!(walk(Command::PickerUp, 0, 3, 10), Some(0));
        assert_eq!(walk(Command::PickerDown, 2, 3, 10), Some(2));
        assert_eq!(walk(Command::PickerPageDown, 0, 30, 10), Some(10));
        assert_eq!(walk(Command::PickerPageUp, 15, 30, 10), Some(5));
        assert_eq!(walk(Command::PickerLast, 0, 30, 10), Some(29));
        assert_eq!(walk(Command::PickerDown, 0, 0, 0), Some(0));
        assert_eq!(walk(Command::PickerAccept, 1, 3, 10), None);
    }
}
