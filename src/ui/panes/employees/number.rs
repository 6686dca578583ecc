//! What hangs on a person's number: copying it, printing who bears it, and erasing them.

use super::Employees;
use crate::domain::field::Privacy;
use crate::domain::kinds::employee::Status;
use crate::domain::record::{EmployeeId, Kind};
use crate::domain::value::Value;
use crate::i18n::{self, t};
use crate::protocol::ReportQuery;
use crate::ui::effect::Effect;
use crate::ui::overlays::export::ExportForm;
use crate::ui::pane::{Question, View};
use crate::ui::toast::Toast;

impl Employees {
    pub(super) fn number(&self) -> String {
        match self.list.cell("nip") {
            Some(Value::Text(number)) => number.clone(),
            _ => self.detail.number(),
        }
    }

    /// Only as an explicit command; the terminal may be watched or logged.
    pub(super) fn copy(&self, view: &View) -> Vec<Effect> {
        let privacy = Kind::Employees.column("nip").map_or(Privacy::Personal, |nip| nip.privacy);
        if !view.info.role.carries(privacy) {
            let role = i18n::choice(view.info.role.code());
            return vec![Effect::refuse(t!("employees.not_copied", role = role))];
        }
        let number = self.number();
        if number.is_empty() {
            return vec![Effect::refuse(t!("employees.no_number"))];
        }
        vec![Effect::Copy(number), Effect::Toast(Toast::note(t!("employees.copied")))]
    }

    /// The profile of the person under the cursor, as a sheet.
    pub(super) fn print(&self, view: &View) -> Vec<Effect> {
        let Some(id) = self.list.current() else {
            return vec![Effect::refuse(t!("records.nothing_to_print"))];
        };
        let own = vec![("person".to_string(), id.number.to_string())];
        let query = ReportQuery { own, ..ReportQuery::of("profile") };
        vec![Effect::open("employees.print", ExportForm::sheet(query, view))]
    }

    /// What goes for good is named, and the person's own number typed.
    pub(super) fn erase_question(&self) -> Option<Question> {
        let id = EmployeeId(self.list.current()?.number);
        let number: String = self.number().chars().filter(|c| !c.is_whitespace()).collect();
        let is_nip = number.len() > 8 && number.bytes().all(|byte| byte.is_ascii_digit());
        let who = i18n::label(&format!("{} · {number}", self.label()));
        let digits = if is_nip { number } else { id.0.to_string() };
        Some(Question { digits: Some(digits), ..Question::new(i18n::erasure(&who, id), 1) })
    }

    /// Whether the person under the cursor is seen to work here.
    pub(super) fn works_here(&self) -> bool {
        let status = self.list.cell("status");
        let active = matches!(status, Some(Value::Choice(code)) if *code == Status::Active.code());
        active && !matches!(self.list.cell("restricted"), Some(Value::Flag(true)))
    }
}
