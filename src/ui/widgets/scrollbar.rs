//! A scrollbar of plain characters, so that it shows on every terminal.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::theme::{Glyphs, Theme};

/// Draws one in the rightmost column of `area` when not everything fits.
pub fn draw(buffer: &mut Buffer, area: Rect, top: u32, total: u32, theme: &Theme, glyphs: &Glyphs) {
    let height = u32::from(area.height);
    if area.width == 0 || height == 0 || total <= height {
        return;
    }
    let x = area.right() - 1;
    let size = (height * height / total).clamp(1, height);
    let room = height - size;
    let hidden = total - height;
    let start = (u64::from(top.min(hidden)) * u64::from(room) / u64::from(hidden)) as u32;
    for row in 0..height {
        let inside = (start..start + size).contains(&row);
        let glyph = if inside { glyphs.scroll_thumb } else { glyphs.scroll_track };
        buffer.set_string(x, area.y + row as u16, glyph, theme.dim);
    }
}
