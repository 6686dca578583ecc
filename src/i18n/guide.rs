//! The officer's guide: its sections in their order, one for each place she can stand
//! at. A section is one entry of the catalogue; a line that begins with `# ` is a heading.

use super::find;

/// The sections by name, `guide.<name>` in the catalogue, in the order they are printed.
pub const GUIDE: &[&str] = &[
    "start",
    "employees",
    "matrix",
    "training",
    "form",
    "search",
    "import",
    "export",
    "history",
    "keys",
    "data",
    "rules",
];

/// What stands before a heading.
pub const HEADING: &str = "# ";

/// The whole guide in the officer's language, section by section.
pub fn guide() -> Vec<String> {
    GUIDE.iter().filter_map(|name| find(&format!("guide.{name}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_begins_with_a_heading_and_has_something_to_read() {
        let guide = guide();
        assert_eq!(guide.len(), GUIDE.len());
        for text in guide {
            let first = text.lines().next().unwrap_or_default();
            assert!(first.starts_with(HEADING) && first.chars().count() < 60, "{first}");
            assert!(text.len() > 200, "{first}");
        }
    }
}
