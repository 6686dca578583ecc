//! The officer's guide: sections in their order, one for each place she can stand at.
//! A section's text is one entry of the catalogue; its first line is the title.

use super::find;

/// The sections by name, `guide.<name>` in the catalogue, in the order they are printed.
pub const GUIDE: &[&str] = &[
    "start",
    "home",
    "employees",
    "matrix",
    "training",
    "form",
    "search",
    "import",
    "export",
    "reports",
    "history",
    "corrections",
    "officers",
    "keys",
    "data",
    "rules",
];

/// One section of the guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub name: &'static str,
    pub title: String,
    /// Paragraphs; a line that starts set in stands as it is.
    pub text: String,
}

/// The whole guide in the officer's language.
pub fn guide() -> Vec<Section> {
    GUIDE.iter().filter_map(|name| section(name)).collect()
}

fn section(name: &'static str) -> Option<Section> {
    let text = find(&format!("guide.{name}"))?;
    let (title, text) = text.split_once('\n').unwrap_or((text.as_str(), ""));
    Some(Section {
        name,
        title: title.trim().to_string(),
        text: text.trim_matches('\n').to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_has_a_title_and_something_to_read() {
        let guide = guide();
        assert_eq!(guide.len(), GUIDE.len());
        for section in guide {
            assert!(section.title.chars().count() < 60, "{}", section.title);
            assert!(section.text.len() > 200, "{}", section.name);
        }
    }
}
