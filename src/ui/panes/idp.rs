//! The lines of development plans: from any of them their person's sheet of that year is
//! printed.

use crate::domain::record::{Kind, RecordId};
use crate::domain::value::Value;
use crate::i18n::value;
use crate::protocol::ReportQuery;
use crate::ui::listing::ListPane;
use crate::ui::widgets::list::RecordList;

pub const LIST: ListPane = ListPane {
    known: &["nip", "name", "year"],
    prints: Some(sheet),
    ..ListPane::of(Kind::IdpLines)
};

/// By number; by name where there is none.
fn sheet(list: &RecordList, _line: RecordId) -> ReportQuery {
    let said = |column| list.cell(column).map(value).filter(|text| !text.is_empty());
    let search = said("nip").or_else(|| said("name")).unwrap_or_default();
    let year = match list.cell("year") {
        Some(Value::Whole(year)) => u16::try_from(*year).ok(),
        _ => None,
    };
    ReportQuery { year, search, ..ReportQuery::of("idp-sheet") }
}
