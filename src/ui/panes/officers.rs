//! Officers: who may use this office, in which role and for which units. Seen by admins and
//! auditors, changed by admins; what each role may do is the office's to enforce.

use super::listed::Listed;
use crate::domain::column::Column;
use crate::domain::kinds::officer::Role;
use crate::domain::kinds::unit::path_names;
use crate::domain::record::Kind;
use crate::domain::value::Value;
use crate::i18n::t;
use crate::protocol::Row;
use crate::ui::command::{Command, Context};
use crate::ui::listing::{ListPane, Listing};
use crate::ui::widgets::list::RecordList;

const OFFICERS: ListPane =
    ListPane { cell: unit, why_not, deletion, ..ListPane::of(Kind::Officers) };

pub fn pane() -> Listed {
    Listed::new(Context::PaneOfficers, &[Role::Admin, Role::Auditor], const { &OFFICERS })
}

/// The unit itself tells more than the top of its path.
fn unit(list: &RecordList, _at: u32, row: &Row, column: &Column) -> Option<String> {
    match list.cell_of(row, "unit").filter(|_| column.name == "unit")? {
        Value::Text(path) => path_names(path).pop(),
        _ => Some(t!("officers.whole_office").into_owned()),
    }
}

fn why_not(listing: &Listing, command: Command) -> Option<String> {
    let changes = matches!(
        command,
        Command::ListOpen | Command::ListEdit | Command::ListAdd | Command::ListDelete
    );
    (changes && listing.role != Role::Admin).then(|| t!("officers.only_admins").into_owned())
}

/// Says also what the list would be without those who go.
fn deletion(listing: &Listing) -> String {
    let rows = rows(&listing.list);
    let gone: Vec<_> = rows.iter().filter(|(.., chosen)| *chosen).collect();
    let count = listing.list.chosen().len() as u32;
    let who = match &gone[..] {
        [(user, ..)] if count == 1 => user.clone(),
        _ => crate::i18n::count(Kind::Officers, count),
    };
    let mut text = t!("officers.delete", who = who).into_owned();
    let mut add = |more: &str| {
        text.push(' ');
        text.push_str(more);
    };
    if gone.iter().any(|(user, ..)| *user == listing.user) {
        add(&t!("officers.delete_self"));
    }
    let all_here = listing.list.total() == Some(rows.len() as u32);
    let left = rows.iter().any(|(_, is_admin, chosen)| *is_admin && !chosen);
    if all_here && !left && gone.iter().any(|(_, is_admin, _)| *is_admin) {
        add(&t!("officers.delete_last"));
    }
    text
}

/// User of every row at hand, whether they are an admin, and whether they are chosen.
fn rows(list: &RecordList) -> Vec<(String, bool, bool)> {
    let chosen = list.chosen();
    let text = |value: Option<&Value>| match value {
        Some(Value::Text(text) | Value::Choice(text)) => text.clone(),
        _ => String::new(),
    };
    let rows = (0..list.matched()).filter_map(|at| list.row_at(at));
    rows.map(|row| {
        let user = text(list.cell_of(row, "user"));
        let is_admin = text(list.cell_of(row, "role")) == Role::Admin.code();
        (user, is_admin, chosen.contains(&row.number))
    })
    .collect()
}
