//! A competency framework as Moodle writes it (`tool_lpimportcsv`): fourteen columns known by
//! their places, since titles are in the site's language. The first row is the framework, every
//! other one a node of a tree; what nothing stands under is a competency here, and what stands
//! above says its group and its field of government. Levels and indicators travel in the
//! description as a numbered list with lists in it.

use std::collections::HashMap;

use super::clean;
use super::competencies::{group_of, group_of_code};
use super::csv_out::CsvOut;
use super::sheet::SheetRow;
use super::target::{Destination, Target, WriteError};
use super::write::defused;
use crate::domain::intake::CompetencyRow;
use crate::domain::kinds::competency::{Competency, CompetencyGroup, Level, LevelText, fold_code};

/// The titles of an English site.
const TITLES: [&str; 14] = [
    "Parent ID number",
    "ID number",
    "Short name",
    "Description",
    "Description format",
    "Scale values",
    "Scale configuration",
    "Rule type (optional)",
    "Rule outcome (optional)",
    "Rule config (optional)",
    "Cross-referenced competency ID numbers",
    "Exported ID (optional)",
    "Is framework",
    "Taxonomy",
];
/// Where a row says that it is the framework.
const IS_FRAMEWORK: usize = 12;
/// Where a row says how its description is written.
const DESCRIPTION_FORMAT: usize = 4;
/// What Moodle cuts a number or a name to, in characters.
const NAME_MAX: usize = 100;
/// What levels are called there; Moodle asks for a scale.
const SCALE: &str = "1,2,3,4,5";
const SCALE_CONFIGURATION: &str = r#"[{"scaleid":"1"},{"id":1,"scaledefault":1,"proficient":1},{"id":5,"scaledefault":0,"proficient":1}]"#;
const TAXONOMY: &str = "domain,domain,competency,competency";
/// What parts the names of a path.
const PATH: &str = " / ";

/// The places of parent, number, short name, description and whether it is the framework, where
/// these rows are one: as many columns, and the first row below the titles says so alone.
pub(super) fn places(rows: &[SheetRow]) -> Option<[usize; 5]> {
    let said = |row: &SheetRow, place| clean::line(row.cell(place));
    let [head, first, ..] = rows else { return None };
    let wide = head.cells.len() == TITLES.len() || head.cells.len() + 1 == TITLES.len();
    let framework = said(first, IS_FRAMEWORK).is_some_and(|text| text == "1");
    let titled = said(head, IS_FRAMEWORK).is_some_and(|text| text.parse::<u8>().is_err());
    let format = said(first, DESCRIPTION_FORMAT).is_none_or(|text| text.parse::<u8>().is_ok());
    (wide && framework && titled && format).then_some([0, 1, 2, 3, IS_FRAMEWORK])
}

/// A row that is not the framework.
#[derive(Clone, Debug)]
pub(super) struct Node {
    line: u32,
    code: String,
    name: String,
    parent: String,
    definition: String,
    levels: Vec<LevelText>,
}

impl Node {
    pub fn new(line: u32, code: String, name: String, parent: String, described: &str) -> Self {
        let (definition, levels) = read(described);
        Self { line, code, name, parent, definition, levels }
    }
}

/// The rows of a framework so far.
#[derive(Default)]
pub(super) struct Framework {
    began: Vec<u32>,
    nodes: Vec<Node>,
}

impl Framework {
    pub fn begin(&mut self, line: u32) {
        self.began.push(line);
    }

    pub fn take(&mut self, node: Node) {
        self.nodes.push(node);
    }

    /// The competencies, each under the line it stands in. The rows above it count with the
    /// first of them.
    pub fn competencies(self) -> Vec<(u32, CompetencyRow)> {
        let mut above: HashMap<String, usize> = HashMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            above.entry(fold_code(&node.code)).or_insert(at);
        }
        let place = |node: &Node| {
            let parent = Some(fold_code(&node.parent)).filter(|parent| !parent.is_empty())?;
            above.get(&parent).copied()
        };
        let mut has_below = vec![false; self.nodes.len()];
        for at in self.nodes.iter().filter_map(place) {
            has_below[at] = true;
        }
        let mut counted = vec![false; self.nodes.len()];
        let mut rows = self.began.len() as u32;
        let mut found = Vec::new();
        for (node, _) in self.nodes.iter().zip(&has_below).filter(|(_, below)| !**below) {
            let mut path = Vec::new();
            let mut at = place(node);
            while let Some(parent) = at.filter(|_| path.len() < self.nodes.len()) {
                path.push(&self.nodes[parent]);
                rows += u32::from(!std::mem::replace(&mut counted[parent], true));
                at = place(&self.nodes[parent]);
            }
            let row = CompetencyRow { competency: competency(node, &path), rows: rows + 1 };
            rows = 0;
            found.push((node.line, row));
        }
        found
    }
}

/// A node as a competency; `path` is what it stands under, from below.
fn competency(node: &Node, path: &[&Node]) -> Competency {
    let named = |node: &&Node| group_of(&node.name).or_else(|| group_of(&node.code));
    let group = path.iter().find_map(named).or_else(|| group_of_code(&node.code));
    let fields = path.iter().rev().filter(|node| named(node).is_none());
    Competency {
        code: node.code.clone(),
        name: node.name.clone(),
        group,
        parent: fields.map(|node| node.name.as_str()).collect::<Vec<_>>().join(PATH),
        definition: node.definition.clone(),
        levels: node.levels.clone(),
        ..Competency::default()
    }
}

/// A description taken apart: what stands outside of lists is the definition, the items of the
/// numbered list are the levels, and the items of lists in them their indicators.
fn read(html: &str) -> (String, Vec<LevelText>) {
    let mut definition = String::new();
    let mut levels: Vec<LevelText> = Vec::new();
    let (mut depth, mut rest) = (0_usize, html);
    while !rest.is_empty() {
        let (text, tag, after) = next(rest);
        let into = match (depth, levels.last_mut()) {
            (2.., Some(level)) => level.indicators.last_mut(),
            (1, Some(level)) => Some(&mut level.description),
            _ => Some(&mut definition),
        };
        if let Some(into) = into {
            into.push_str(&plain(text));
        }
        match tag.as_str() {
            "ol" | "ul" => depth += 1,
            "/ol" | "/ul" => depth = depth.saturating_sub(1),
            "li" if depth == 1 && levels.len() < Level::MAX => levels.push(LevelText::default()),
            "li" if depth > 1 => {
                if let Some(level) = levels.last_mut() {
                    level.indicators.push(String::new());
                }
            }
            "p" | "/p" | "br" | "br/" | "div" | "/div" if depth == 0 => definition.push('\n'),
            _ => {}
        }
        rest = after;
    }
    for level in &mut levels {
        level.description = clean::squeezed(&level.description);
        level.indicators.iter_mut().for_each(|text| *text = clean::squeezed(text));
        level.indicators.retain(|text| !text.is_empty());
    }
    let lines = definition.lines().map(str::trim).filter(|line| !line.is_empty());
    (clean::squeezed(&lines.collect::<Vec<_>>().join("\n")), levels)
}

/// The text before the next tag, the tag's name, and what follows it. A sign that begins no tag
/// is text.
fn next(html: &str) -> (&str, String, &str) {
    let mut from = 0;
    while let Some(at) = html[from..].find('<').map(|at| from + at) {
        let tag = &html[at + 1..];
        if tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
            && let Some(end) = tag.find('>')
        {
            let name = tag[..end].split_whitespace().next().unwrap_or_default();
            return (&html[..at], name.to_ascii_lowercase(), &tag[end + 1..]);
        }
        from = at + 1;
    }
    (html, String::new(), "")
}

const ENTITIES: [(&str, &str); 6] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&nbsp;", " "),
    ("&amp;", "&"),
];

fn plain(text: &str) -> String {
    ENTITIES.iter().fold(text.to_string(), |text, (entity, sign)| text.replace(entity, sign))
}

fn marked(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// What a competency says as a description that [`read`] takes apart again.
fn described(competency: &Competency) -> String {
    let tagged = |tag: &str, inner: &str| ["<", tag, ">", inner, "</", tag, ">"].concat();
    let item = |inner: String| tagged("li", &inner);
    let list = |tag: &str, items: Vec<String>| {
        if items.is_empty() { String::new() } else { tagged(tag, &items.concat()) }
    };
    let lines = competency.definition.lines().filter(|line| !line.trim().is_empty());
    let definition = lines.map(|line| tagged("p", &marked(line.trim())));
    let level = |level: &LevelText| {
        let indicators = level.indicators.iter().map(|text| item(marked(text))).collect();
        item(marked(&level.description) + &list("ul", indicators))
    };
    let levels = competency.levels.iter().map(level).collect();
    definition.chain([list("ol", levels)]).collect()
}

fn cut(text: &str) -> String {
    text.chars().take(NAME_MAX).collect()
}

/// Writes competencies as a framework of that name; how many rows it has.
pub fn write(to: &Destination, name: &str, competencies: &[Competency]) -> Result<u64, WriteError> {
    let mut out = CsvOut::begin(Target::create(to)?, &TITLES)?;
    let mut rows = 0;
    let mut put = |parent: &str, id: &str, name: &str, about: &str, framework: bool| {
        let one = |text: &'static str| if framework { text } else { "" };
        let cells = [
            cut(parent),
            cut(id),
            cut(name),
            about.to_string(),
            "1".into(),
            one(SCALE).into(),
            one(SCALE_CONFIGURATION).into(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            one("1").into(),
            one(TAXONOMY).into(),
        ];
        rows += 1;
        let cells: Vec<_> = cells.iter().map(|cell| defused(cell).into_owned()).collect();
        out.cells(&cells)
    };
    put("", "kompeten", if name.is_empty() { "kompeten" } else { name }, "", true)?;
    let mut written: Vec<String> = Vec::new();
    for competency in competencies {
        let mut parent = String::new();
        let group = competency.group.map(CompetencyGroup::code);
        let path = competency.parent.split(PATH).filter(|name| !name.is_empty());
        for name in group.into_iter().chain(path) {
            let id = [parent.as_str(), name].join("/").trim_matches('/').to_string();
            if !written.contains(&id) {
                put(&parent, &id, name, "", false)?;
                written.push(id.clone());
            }
            parent = id;
        }
        put(&parent, &competency.code, &competency.name, &described(competency), false)?;
    }
    out.finish()?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arsip() -> Competency {
        let level = |text: &str, indicators: &[&str]| LevelText {
            description: text.into(),
            indicators: indicators.iter().map(ToString::to_string).collect(),
        };
        Competency {
            code: "T.AR.1".into(),
            name: "Pengelolaan Arsip".into(),
            group: Some(CompetencyGroup::Teknis),
            parent: "Kearsipan / Arsip dinamis".into(),
            definition: "Mengelola arsip < 10 tahun & sesudahnya\nmenurut jadwal".into(),
            levels: vec![level("Paham", &["menyebut", "menata"]), level("Dasar", &[])],
            ..Competency::default()
        }
    }

    #[test]
    fn a_description_carries_levels_and_indicators_there_and_back() {
        let arsip = arsip();
        let (definition, levels) = read(&described(&arsip));
        assert_eq!((definition, levels), (arsip.definition, arsip.levels));
        let (definition, levels) = read("Kurang dari 3 < 5, <b>tebal</b>&nbsp;&amp; jelas");
        assert_eq!((&*definition, levels.len()), ("Kurang dari 3 < 5, tebal & jelas", 0));
    }

    #[test]
    fn a_tree_says_group_and_field_and_only_its_ends_are_competencies() {
        let mut framework = Framework::default();
        framework.begin(2);
        for (line, code, name, parent) in [
            (3, "d1", "Teknis", ""),
            (4, "d2", "Kearsipan", "d1"),
            (5, "T.1", "Arsip aktif", "d2"),
            (6, "T.2", "Arsip inaktif", "d2"),
            (7, "x", "Lepas", "tidak-ada"),
        ] {
            framework.take(Node::new(line, code.into(), name.into(), parent.into(), ""));
        }
        let found = framework.competencies();
        let told: Vec<_> = found
            .iter()
            .map(|(line, row)| (*line, &*row.competency.code, &*row.competency.parent, row.rows))
            .collect();
        assert_eq!(told, [(5, "T.1", "Kearsipan", 4), (6, "T.2", "Kearsipan", 1), (7, "x", "", 1)]);
        assert_eq!(found[0].1.competency.group, Some(CompetencyGroup::Teknis));
    }
}
