//! Five lines for whoever is here for the first time, over the foot of the first page. They
//! are never in the way: any key takes them away and then does what it means, only Esc does
//! nothing else. The guide (F1) has them for good.

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::App;
use crate::i18n::t;
use crate::term::input::Input;
use crate::term::key::KeyCode;
use crate::ui::keymap::Keymap;
use crate::ui::memory::Memo;
use crate::ui::widgets::frame::{boxed, put};

/// The lines, with the keys of this officer.
pub(in crate::ui) fn lines(keymap: &Keymap) -> Vec<String> {
    keymap.fill(&t!("tour.lines")).lines().map(str::to_string).collect()
}

impl App {
    /// Only as long as nothing has been done and nothing is asked.
    fn is_touring(&self) -> bool {
        !self.face.memory.tour_seen() && self.overlays.is_empty()
    }

    /// Whether all that was pressed has come of it: the tour is over.
    pub(super) fn ends_tour(&mut self, input: &Input) -> bool {
        let typed = matches!(input, Input::Key(_) | Input::Paste(_) | Input::Burst(_));
        if !typed || !self.is_touring() {
            return false;
        }
        self.remember(Memo::TourSeen);
        matches!(input, Input::Key(key) if key.code == KeyCode::Esc && !key.alt)
    }

    pub(super) fn draw_tour(&self, frame: &mut Frame, area: Rect) {
        if !self.is_touring() {
            return;
        }
        let lines = lines(&self.face.keymap);
        let widest = lines.iter().map(|line| line.width()).max().unwrap_or(0) as u16;
        let (width, height) =
            ((widest + 4).min(area.width), (lines.len() as u16 + 2).min(area.height));
        let place =
            Rect { x: area.x + (area.width - width) / 2, y: area.bottom() - height, width, height };
        let inner = boxed(frame, place, &t!("tour.title"), &self.face.theme, &self.face.glyphs);
        let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
        for (row, line) in lines.iter().enumerate().take(usize::from(inner.height)) {
            put(frame, inner, row as u16, line, self.face.theme.text, &self.face.glyphs);
        }
    }
}
