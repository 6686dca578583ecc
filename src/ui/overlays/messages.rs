//! The last messages, the newest at the end.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::reading::{Piece, ReadingBox};
use crate::i18n::{date_time, t};
use crate::ui::pane::View;
use crate::ui::toast::Toast;

pub fn of(messages: &VecDeque<(DateTime<Utc>, Toast)>, view: &View) -> ReadingBox {
    let hours = view.info.utc_offset_hours;
    let mut pieces: Vec<_> = messages
        .iter()
        .map(|(at, toast)| Piece::Pair(date_time(*at, hours), toast.line()))
        .collect();
    if pieces.is_empty() {
        pieces.push(Piece::Note(t!("shell.no_messages").into_owned()));
    }
    ReadingBox::new("messages", t!("shell.messages"), pieces).from_end()
}
