//! The blank sheets of an assessment cycle as files: a page of text a sheet to be filled in by
//! hand, or a workbook with a row a sheet.

use crate::exchange::{Destination, WriteError, write_blanks, write_text};
use crate::i18n::{self, choice, t};
use crate::protocol::{SheetColumn, SheetInfo};

/// What a sheet of paper holds in a line.
const LINE: usize = 80;

/// Writes the sheets: a workbook where the file is called one, else pages of text.
pub fn write_sheets(
    destination: &Destination,
    cycle: &str,
    competencies: &[SheetColumn],
    sheets: &[SheetInfo],
) -> Result<(), WriteError> {
    let is_book = matches!(destination, Destination::File(path)
        if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx")));
    if !is_book {
        return write_text(destination, &pages(cycle, competencies, sheets));
    }
    let heads = ["code", "name", "unit", "relation"];
    let heads = heads.map(|name| i18n::find(&format!("sheets.head_{name}")).unwrap_or_default());
    let columns = competencies.iter().map(|one| format!("{} {}", one.code, one.name));
    let columns: Vec<String> = columns.collect();
    let row = |sheet: &SheetInfo| {
        let relation = choice(sheet.group.code());
        vec![sheet.code.clone(), sheet.name.clone(), sheet.unit.clone(), relation]
    };
    write_blanks(destination, &heads, &columns, &sheets.iter().map(row).collect::<Vec<_>>())
}

/// All sheets as they are printed, a page each.
pub fn pages(cycle: &str, competencies: &[SheetColumn], sheets: &[SheetInfo]) -> String {
    let pages = sheets.iter().map(|sheet| page(cycle, competencies, sheet));
    pages.collect::<Vec<_>>().join("\u{c}\n")
}

/// One sheet as it is printed.
fn page(cycle: &str, competencies: &[SheetColumn], sheet: &SheetInfo) -> String {
    let title = t!("sheets.title").to_uppercase();
    let code = t!("sheets.code", code = sheet.code).into_owned();
    let gap = LINE.saturating_sub(title.chars().count() + code.chars().count()).max(1);
    let mut lines = vec![format!("{title}{}{code}", " ".repeat(gap)), cut(cycle, LINE)];
    lines.push(String::new());
    lines.push(cut(&t!("sheets.who", name = sheet.name, unit = sheet.unit), LINE));
    lines.push(cut(&t!("sheets.relation", relation = choice(sheet.group.code())), LINE));
    lines.extend([String::new(), t!("sheets.how").into_owned(), String::new()]);
    for competency in competencies {
        let name = cut(&format!("{:<6} {}", competency.code, competency.name), LINE - 10);
        let dots = ".".repeat(LINE - 8 - name.chars().count());
        lines.push(format!("{name} {dots} [   ]"));
    }
    lines.push(String::new());
    lines.join("\n") + "\n"
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kinds::cycle::RaterGroup;

    #[test]
    fn a_printed_sheet_fits_eighty_columns_and_names_no_rater() {
        let column = |code: &str, name: &str| SheetColumn { code: code.into(), name: name.into() };
        let asked = [column("M.1", "Integritas"), column("M.2", "Kerja Sama")];
        let sheet = SheetInfo {
            code: "ABC234".into(),
            name: "Ani, S.Sos.".into(),
            unit: "Kelurahan Plaju Ulu".into(),
            group: RaterGroup::Peer,
            keyed: false,
        };
        let page = page("Periode 2026", &asked, &sheet);
        assert!(page.lines().all(|line| line.chars().count() <= LINE), "{page}");
        assert!(page.contains("ABC234") && page.contains("M.2"), "{page}");
        assert_eq!(page.matches("[   ]").count(), 2);
    }
}
