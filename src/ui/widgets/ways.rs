//! Where nothing stands yet: what there is none of, and below it the commands that bring
//! something in, with their keys in the keymap in force. A command without a key of its
//! own is reached through the palette, so its line says the palette's.

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::i18n::{language, t};
use crate::ui::command::{Command, Context, Facts};
use crate::ui::pane::View;
use crate::ui::widgets::frame::put;

/// Where the commands are given from: any list.
const STACK: &[Context] = &[Context::List, Context::Global];

pub fn draw(frame: &mut Frame, area: Rect, nothing: &str, ways: &[Command], view: &View) {
    put(frame, area, 0, nothing, view.theme.text, view.glyphs);
    let lines = lines(ways, view);
    let widest = lines.iter().map(|(keys, _)| keys.width()).max().unwrap_or(0);
    for (row, (keys, title)) in lines.iter().enumerate() {
        let row = row as u16 + 2;
        put(frame, area, row, &format!("{keys:<widest$}"), view.theme.accent, view.glyphs);
        let inset = (widest as u16 + 2).min(area.width);
        let rest = Rect { x: area.x + inset, width: area.width - inset, ..area };
        put(frame, rest, row, title, view.theme.text, view.glyphs);
    }
}

/// Keys and what they do, of those that can be done here.
fn lines(ways: &[Command], view: &View) -> Vec<(String, String)> {
    let can = ways.iter().filter(|way| !(view.read_only && way.def().writes()));
    can.filter_map(|way| {
        let title = way.title_in(language().code());
        let keys = |command| view.keymap.keys_of(command, STACK, Facts::NONE);
        match keys(*way) {
            Some(keys) => Some((keys, title)),
            None => Some((keys(Command::Palette)?, t!("shell.by_name", name = title).into_owned())),
        }
    })
    .collect()
}
