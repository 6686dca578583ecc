//! What the text typed in a reference may mean, as the office finds it letter by letter: a few
//! lines below the field. Taking one is the look-up's business; here is only what is asked, and
//! that an answer to what is no longer typed is dropped.

use crate::domain::record::Kind;
use crate::i18n::{label, t};
use crate::protocol::{Hit, Request};
use crate::ui::effect::{Effect, Tag};

pub(super) const TAG: &str = "form.matches";

/// Lines below the field.
const SHOWN: usize = 4;

#[derive(Default)]
pub(super) struct Matches {
    asked: u32,
    text: String,
}

impl Matches {
    /// Asks about this text, unless it was asked about last.
    pub(super) fn follow(&mut self, typed: Option<(Kind, &str)>) -> Option<Effect> {
        let text = typed.map_or("", |(_, text)| text);
        if text == self.text {
            return None;
        }
        self.text = text.to_string();
        self.asked += 1;
        let (kind, text) = typed?;
        let limit = SHOWN as u32 + 1;
        let request = Request::Lookup { kind, text: text.to_string(), limit };
        Some(Effect::ask(Tag::new(TAG, self.asked), request))
    }

    /// The lines for what was found, if it is still what is typed.
    pub(super) fn take(&self, number: u32, hits: &[Hit]) -> Option<Vec<String>> {
        if number != self.asked {
            return None;
        }
        let told = |hit: &Hit| {
            let detail = label(&hit.detail);
            let apart = if detail.is_empty() { "" } else { "  " };
            format!("{}{apart}{detail}", label(&hit.label))
        };
        let mut lines: Vec<String> = hits.iter().take(SHOWN).map(told).collect();
        if hits.len() > SHOWN {
            lines.push(t!("form.more_matches").into_owned());
        }
        if hits.is_empty() {
            lines.push(t!("form.no_match").into_owned());
        }
        Some(lines)
    }
}
