//! Competency dictionaries: a row an indicator (or a level, or a whole competency),
//! gathered into one record a competency. A dictionary is small: it is read to its end
//! before the first competency is handed over, so that rows may stand in any order. A
//! competency framework of Moodle is a dictionary, too (see `framework`).

use std::collections::HashSet;

use super::clean;
use super::framework::{self, Framework};
use super::header::{Header, Known, fields, fold};
use super::other::{is_competency, is_one_to_one};
use super::reader::{Read, Reader};
use super::row::{holds_number, level};
use super::sheet::SheetRow;
use super::words;
use crate::domain::fault::{Fault, Reason};
use crate::domain::field::{LONG_TEXT_MAX, TEXT_MAX};
use crate::domain::intake::{CompetencyRow, IntakeRow, RowData};
use crate::domain::kinds::competency::{Competency, CompetencyGroup, Level, LevelText, fold_code};
use crate::domain::search::letters;

/// The most rows of a dictionary.
const ROWS_MAX: u32 = 50_000;

fields! {
    enum Col {
        Code "code" ["code", "kode", "kode kompetensi"],
        Name "name" ["name", "kompetensi", "nama kompetensi", "nama"],
        Group "group" ["group", "jenis", "jenis kompetensi", "kelompok"],
        Parent "parent" ["parent", "induk", "bidang", "urusan", "bidang urusan", "rumpun"],
        Definition "definition" ["definition", "definisi"],
        Level "level" ["level", "level kompetensi"],
        LevelText "level_text" ["deskripsi level", "uraian level", "deskripsi"],
        Indicator "indicator" ["indikator perilaku", "indikator"],
        LegalBasis "legal_basis" ["legal basis", "dasar hukum"],
        Archived "archived" ["archived", "diarsipkan"],
        Framework "framework" [],
    }
}

/// The fields of the record that the file has a column for.
fn columns(header: &Header) -> Vec<String> {
    [
        ("code", Col::Code),
        ("name", Col::Name),
        ("group", Col::Group),
        ("parent", Col::Parent),
        ("definition", Col::Definition),
        ("levels", if header.has(Col::Framework) { Col::Definition } else { Col::Level }),
        ("legal_basis", Col::LegalBasis),
        ("archived", Col::Archived),
    ]
    .into_iter()
    .filter(|(_, column)| header.has(*column))
    .map(|(field, _)| field.to_string())
    .collect()
}

/// What has been gathered so far, in the order in which the codes appeared.
#[derive(Default)]
pub(super) struct Dictionary {
    gathered: Vec<(u32, CompetencyRow)>,
    framework: Framework,
}

impl Reader for Dictionary {
    fn table(&self) -> &[Known] {
        Col::TABLE
    }

    fn anchors(&self) -> &[usize] {
        &[Col::Code as usize]
    }

    fn needed(&self) -> Vec<&[usize]> {
        vec![&[Col::Name as usize]]
    }

    fn placed(&self, rows: &[SheetRow]) -> Option<Header> {
        let places = framework::places(rows)?;
        let fields = [Col::Parent, Col::Code, Col::Name, Col::Definition, Col::Framework];
        let places: Vec<_> = fields.map(usize::from).into_iter().zip(places).collect();
        Some(Header::placed(Col::TABLE, rows.first()?, &places))
    }

    /// A name that is not the competency's: somebody's number stands beside it, a code has
    /// many names, or what stands there are codes themselves. A name, a code and a level alone may be either, unless a code comes again or
    /// the names are those of competencies.
    fn doubts(&self, header: &Header, rows: &[&SheetRow]) -> Option<usize> {
        let (code, name) = (header.column(Col::Code)?, header.column(Col::Name)?);
        let numbered = rows.iter().any(|row| {
            let mut others = row.cells.iter().enumerate().filter(|(at, _)| !header.keeps(*at));
            others.any(|(_, cell)| holds_number(cell))
        });
        let texts = [Col::Definition, Col::LevelText, Col::Indicator, Col::Group, Col::LegalBasis];
        let of_competency = |column: Col| fold(header.name(column)).contains("kompetensi");
        let bare = header.has(Col::Level) && !header.has_any(&texts) && !of_competency(Col::Name);
        let again = || {
            let codes = rows.iter().filter_map(|row| clean::line(row.cell(code)));
            let mut seen = HashSet::new();
            codes.map(|text| fold_code(&text)).any(|text| !seen.insert(text))
        };
        let mut names = rows.iter().filter_map(|row| clean::line(row.cell(name)));
        let told = rows.iter().filter_map(|row| clean::line(row.cell(name)));
        let (coded, all) =
            told.fold((0, 0), |(coded, all), text| (coded + usize::from(is_codes(&text)), all + 1));
        let doubted = numbered
            || coded * 2 > all
            || !is_one_to_one(rows.iter().copied(), code, name)
            || bare && names.any(|name| !is_competency(&name)) && !again();
        doubted.then_some(Col::Name as usize)
    }

    fn columns(&self, header: &Header) -> Vec<String> {
        columns(header)
    }

    fn rows_max(&self) -> Option<u32> {
        Some(ROWS_MAX)
    }

    fn read(&mut self, header: &Header, row: &SheetRow) -> Result<Read, Fault> {
        let text = |column: Col| clean::line(header.cell(row, column)).unwrap_or_default();
        let long = |column: Col| {
            clean::squeezed(&clean::lines(header.cell(row, column)).unwrap_or_default())
        };
        let refuse = |column: Col, reason: Reason| Fault::new(header.name(column), reason);
        let (code, name) = (text(Col::Code), text(Col::Name));
        if header.has(Col::Framework) && !text(Col::Framework).is_empty() {
            self.framework.begin(row.line);
            return Ok(Read::Into(row.line));
        }
        if code.is_empty() {
            return Err(refuse(Col::Code, Reason::CodeMissing));
        }
        if name.is_empty() {
            return Err(refuse(Col::Name, Reason::NameMissing));
        }
        let has_level = clean::line(header.cell(row, Col::Level)).is_some();
        let level = if has_level { Some(level(header, row, Col::Level)?) } else { None };
        for (column, max) in [
            (Col::Code, TEXT_MAX),
            (Col::Name, TEXT_MAX),
            (Col::LegalBasis, TEXT_MAX),
            (Col::Definition, LONG_TEXT_MAX),
            (Col::LevelText, LONG_TEXT_MAX),
            (Col::Indicator, LONG_TEXT_MAX),
        ] {
            if long(column).chars().count() > max {
                return Err(Fault::with(header.name(column), Reason::TooLong, max));
            }
        }
        let (group, parent) = stands(&text(Col::Group), &text(Col::Parent), &code);
        if header.has(Col::Framework) {
            let described = long(Col::Definition);
            let node = framework::Node::new(row.line, code, name, text(Col::Parent), &described);
            self.framework.take(node);
            return Ok(Read::Into(row.line));
        }
        let (line, gathered) = self.entry(row.line, &code);
        gathered.rows += 1;
        let competency = &mut gathered.competency;
        if competency.name.is_empty() {
            competency.code = code;
            competency.name = name;
            competency.group = group;
            competency.parent = parent;
            competency.archived = words::flag(&text(Col::Archived));
        }
        fill(&mut competency.definition, || long(Col::Definition));
        fill(&mut competency.legal_basis, || text(Col::LegalBasis));
        if let Some(level) = level {
            take_level(&mut competency.levels, level, long(Col::LevelText), long(Col::Indicator));
        }
        Ok(Read::Into(line))
    }

    /// Every competency gathered, under the line it began in.
    fn finish(&mut self) -> Vec<IntakeRow> {
        let gathered = std::mem::take(&mut self.gathered).into_iter();
        gathered
            .chain(std::mem::take(&mut self.framework).competencies())
            .map(|(line, row)| IntakeRow { line, data: RowData::Competency(Box::new(row)) })
            .collect()
    }
}

/// Whether it is one code or several, `M.1|M.2`, and no name.
fn is_codes(text: &str) -> bool {
    let mut parts = text.split(['|', ',', ';', '/']).map(str::trim).filter(|p| !p.is_empty());
    let coded = |part: &str| {
        part.len() <= 10
            && part.bytes().any(|b| b.is_ascii_digit())
            && part.bytes().any(|b| b.is_ascii_alphabetic())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
    };
    parts.all(coded)
}

impl Dictionary {
    fn entry(&mut self, line: u32, code: &str) -> (u32, &mut CompetencyRow) {
        let wanted = fold_code(code);
        // The rows of one competency mostly follow each other: search from behind.
        let found =
            self.gathered.iter().rposition(|(_, row)| fold_code(&row.competency.code) == wanted);
        let place = found.unwrap_or_else(|| {
            let empty = CompetencyRow { competency: Competency::default(), rows: 0 };
            self.gathered.push((line, empty));
            self.gathered.len() - 1
        });
        let (line, row) = &mut self.gathered[place];
        (*line, row)
    }
}

fn fill(field: &mut String, text: impl FnOnce() -> String) {
    if field.is_empty() {
        *field = text();
    }
}

fn take_level(levels: &mut Vec<LevelText>, level: Level, text: String, indicator: String) {
    levels.resize(Level::MAX, LevelText::default());
    let Some(level) = levels.get_mut(usize::from(level.get()) - 1) else { return };
    fill(&mut level.description, || text);
    if !indicator.is_empty() && !level.indicators.contains(&indicator) {
        level.indicators.push(indicator);
    }
}

/// The group that a word or the beginning of a code stands for.
pub(super) fn group_of(text: &str) -> Option<CompetencyGroup> {
    match letters(text).as_str() {
        "manajerial" | "m" | "managerial" => Some(CompetencyGroup::Manajerial),
        "sosiokultural" | "sosialkultural" | "sk" | "sociocultural" => {
            Some(CompetencyGroup::Sosiokultural)
        }
        "teknis" | "t" | "technical" => Some(CompetencyGroup::Teknis),
        _ => None,
    }
}

/// The group a code begins with.
pub(super) fn group_of_code(code: &str) -> Option<CompetencyGroup> {
    let code = fold_code(code);
    group_of(code.trim_end_matches(|c: char| c.is_ascii_digit()))
}

/// In which group it stands and under what there: what the file says, else what the code begins
/// with. What it stands under may be the group itself.
fn stands(group: &str, parent: &str, code: &str) -> (Option<CompetencyGroup>, String) {
    let above = group_of(parent);
    let group = group_of(group).or(above).or_else(|| group_of_code(code));
    (group, if above.is_some() { String::new() } else { parent.to_string() })
}

#[cfg(test)]
mod tests {
    use super::super::open;
    use super::super::testing::{all, options, read as import, refused, sample};
    use super::*;
    use crate::domain::intake::{Intake, RowData};

    fn competencies(chunk: &super::super::Chunk) -> Vec<&CompetencyRow> {
        chunk
            .rows
            .iter()
            .map(|row| match &row.data {
                RowData::Competency(row) => &**row,
                other => panic!("not a competency: {other:?}"),
            })
            .collect()
    }

    #[test]
    fn the_official_dictionary_becomes_nine_competencies_of_five_levels() {
        let Some(path) = sample("kamus_kompetensi.tsv") else { return };
        let mut source = open(Intake::Competencies, &path, &options()).unwrap();
        let chunk = all(&mut source).unwrap();
        assert_eq!((chunk.lines_read, chunk.refused.len()), (136, 0));
        let found = competencies(&chunk);
        assert_eq!(found.len(), 9);
        assert_eq!(found.iter().map(|row| row.rows).sum::<u32>(), 136);
        let indicators = found
            .iter()
            .flat_map(|row| &row.competency.levels)
            .map(|level| level.indicators.len())
            .sum::<usize>();
        assert!(indicators >= 130, "{indicators}");
        for row in found {
            assert_eq!(row.competency.levels.len(), 5);
            assert!(row.competency.group.is_some());
            assert!(row.competency.levels.iter().all(|level| !level.description.is_empty()));
        }
        assert_eq!(source.columns(), ["code", "name", "levels"]);
        assert_eq!(source.ignored_columns(), ["no_indikator"]);
    }

    #[test]
    fn rows_in_any_order_are_one_competency_and_a_bad_row_is_refused_alone() {
        let (_, chunk) = import(
            Intake::Competencies,
            b"kode;kompetensi;jenis;level;uraian_level;indikator\n\
              T.1;Adminduk;Teknis;2;Dua;a\n\
              M.01;Integritas;;1;Satu;b\n\
              T1;Adminduk;Teknis;1;Satu;c\n\
              T.1;Adminduk;Teknis;2;Dua;d\n\
              T.1;Adminduk;Teknis;6;Enam;e\n\
              ;Tanpa kode;;1;;\n\
              T.2;;;1;;\n",
        );
        assert_eq!(refused(&chunk), [(6, "level_range"), (7, "code_missing"), (8, "name_missing")]);
        assert_eq!(chunk.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3]);
        let found = competencies(&chunk);
        assert_eq!((found[0].rows, found[0].competency.levels[1].indicators.len()), (3, 2));
        assert_eq!(found[1].competency.group, Some(CompetencyGroup::Manajerial));
    }

    #[test]
    fn a_list_without_levels_leaves_the_texts_alone() {
        let (source, chunk) = import(
            Intake::Competencies,
            b"code,name,group,definition,legal_basis,archived\nM.1,Integritas,manajerial,Jujur,X,true\n",
        );
        assert!(!source.columns().contains(&"levels".to_string()));
        let row = competencies(&chunk)[0];
        assert!(row.competency.archived && row.competency.levels.is_empty());
    }
}
