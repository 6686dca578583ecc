//! The sheet for the paper file: what the journal was proven to be at one moment, with its
//! fingerprint and a line to sign. The screen and the command line show the same one.

use chrono::{DateTime, Utc};

use super::{date_time, t, whole};
use crate::protocol::{OfficeInfo, Verified};

/// Digits of the fingerprint that are enough to recognise it by.
pub const DIGITS_MIN: usize = 16;
/// The fingerprint is written in groups, so that it can be read aloud and compared.
const GROUP: usize = 8;
const GROUPS_A_LINE: usize = 4;

/// A sheet, part by part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub title: String,
    /// Label and value.
    pub facts: Vec<(String, String)>,
    pub proven: String,
    pub fingerprint: String,
    pub groups: Vec<String>,
    pub later: String,
    pub command: String,
    /// What is filled in by hand.
    pub signed: Vec<String>,
}

impl Sheet {
    pub fn of(info: &OfficeInfo, verified: &Verified, at: DateTime<Utc>) -> Self {
        let count = |number: u64| whole(i64::try_from(number).unwrap_or(i64::MAX));
        let fact = |label: std::borrow::Cow<str>, value: String| (label.into_owned(), value);
        let hours = info.utc_offset_hours;
        let start: String = verified.head.chars().take(DIGITS_MIN).collect();
        let of_all = [
            fact(t!("sheet.records"), count(verified.records)),
            fact(t!("sheet.erased"), count(verified.erased)),
        ];
        // Whoever sees a part of the office is not told how much there is in all.
        let of_all = of_all.into_iter().filter(|_| verified.records > 0);
        Self {
            title: t!("sheet.title").into_owned(),
            facts: [
                fact(
                    t!("sheet.office"),
                    if info.name.is_empty() { "-".into() } else { info.name.clone() },
                ),
                fact(t!("sheet.at"), format!("{} (UTC{hours:+})", date_time(at, hours))),
                fact(t!("sheet.by"), info.officer.clone()),
                fact(t!("sheet.steps"), count(verified.entries)),
            ]
            .into_iter()
            .chain(of_all)
            .collect(),
            proven: t!("sheet.proven").into_owned(),
            fingerprint: t!("sheet.fingerprint", seq = count(verified.entries)).into_owned(),
            groups: groups(&verified.head),
            later: t!("sheet.later", seq = count(verified.entries)).into_owned(),
            command: format!("kompeten verify --against {}:{start}", verified.entries),
            signed: [t!("sheet.name"), t!("sheet.day"), t!("sheet.signature")]
                .map(std::borrow::Cow::into_owned)
                .to_vec(),
        }
    }

    /// All of it as text to print.
    pub fn text(&self) -> String {
        let mut lines = vec![self.title.clone(), String::new()];
        let width = |labels: &mut dyn Iterator<Item = &String>| {
            labels.map(|label| label.chars().count()).max().unwrap_or(0)
        };
        let widest = width(&mut self.facts.iter().map(|(label, _)| label));
        lines.extend(self.facts.iter().map(|(label, value)| format!("{label:widest$}  {value}")));
        lines.extend([String::new(), self.proven.clone(), String::new()]);
        lines.extend([self.fingerprint.clone(), String::new()]);
        lines.extend(self.groups.iter().map(|line| format!("    {line}")));
        lines.extend([String::new(), self.later.clone(), String::new()]);
        lines.extend([format!("    {}", self.command), String::new()]);
        let widest = width(&mut self.signed.iter());
        for label in &self.signed {
            lines.extend([String::new(), format!("{label:widest$} : {}", "_".repeat(40))]);
        }
        lines.join("\n") + "\n"
    }
}

/// `a1b2c3d4 …`, four groups a line.
fn groups(hash: &str) -> Vec<String> {
    let digits: Vec<char> = hash.chars().collect();
    let groups: Vec<String> = digits.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.chunks(GROUPS_A_LINE).map(|line| line.join(" ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_written_in_groups_to_be_read_aloud() {
        let hash = "0123456789abcdef".repeat(4);
        let lines = groups(&hash);
        assert_eq!(lines, ["01234567 89abcdef 01234567 89abcdef"; 2]);
        assert!(groups("").is_empty());
    }
}
