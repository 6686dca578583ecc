//! The panes in the order of the tab bar, and the lists of reference records: one line
//! each. Tabs, go-commands, tables of the keymap, palette, help, hints and the tests that
//! hold for every pane come from these lines. A new pane is its file, its line, and its
//! words: `command.<name>` and `keymap.context.<name>` of the catalogue, where wanted
//! `guide.<file>`, and a key in `keymaps/`.

mod competencies;
pub mod cycles;
pub mod employees;
pub mod enroller;
#[cfg(test)]
mod every_tests;
pub mod history;
pub mod home;
mod idp;
mod listed;
pub mod matrix;
pub mod officers;
pub mod reports;
mod standards;
pub mod training;
mod units;

use std::sync::LazyLock;

use super::command::Command;
use super::listing::ListPane;
use super::pane::Pane;
use crate::domain::record::Kind;

/// Hands the lines to a macro, which makes its part of them.
macro_rules! each_place {
    ($with:ident) => {
        $with! {
            panes {
                // file    command     context       name             beneath  the pane, new
                home       GoHome      PaneHome      "pane.home"      List     home::HomePane::default();
                employees  GoEmployees PaneEmployees "pane.employees" List     employees::Employees::new();
                matrix     GoMatrix    PaneMatrix    "pane.matrix"    Matrix   matrix::MatrixPane::new();
                training   GoTraining  PaneTraining  "pane.training"  List     training::Training::new();
                reports    GoReports   PaneReports   "pane.reports"   List     reports::ReportsPane::default();
                history    GoHistory   PaneHistory   "pane.history"   List     history::HistoryPane::default();
                officers   GoOfficers  PaneOfficers  "pane.officers"  List     officers::pane();
            }
            lists {
                // command      name                   the list
                GoUnits         "browse.units"         units::UNITS;
                GoPositions     "browse.positions"     ListPane::of(Kind::Positions);
                GoCompetencies  "browse.competencies"  competencies::LIST;
                GoStandards     "browse.standards"     standards::LIST;
                GoCorrections   "browse.corrections"   ListPane::of(Kind::Corrections);
                GoCertificates  "browse.certificates"  ListPane::of(Kind::Certificates);
                GoCycles        "browse.cycles"        cycles::LIST;
                GoPlanLines     "browse.plan_lines"    ListPane::of(Kind::PlanLines);
                GoIdpLines      "browse.idp_lines"     idp::LIST;
                GoPerformances  "browse.performances"  ListPane::of(Kind::Performances);
                GoPotentials    "browse.potentials"    ListPane::of(Kind::Potentials);
                GoSanctions     "browse.sanctions"     ListPane::of(Kind::Sanctions);
                GoMentors       "browse.mentors"       ListPane::of(Kind::Mentors);
                GoMentorings    "browse.mentorings"    ListPane::of(Kind::Mentorings);
                GoMeetings      "browse.meetings"      ListPane::of(Kind::Meetings);
                GoNeeds         "browse.needs"         ListPane::of(Kind::Needs);
                GoQualifications "browse.qualifications" units::QUALIFICATIONS;
                GoRules         "browse.rules"         units::RULES;
                GoHolidays      "browse.holidays"      ListPane::of(Kind::Holidays);
            }
        }
    };
}
pub(crate) use each_place;

macro_rules! with_places {
    (
        panes {$(
            $file:ident $go:ident $context:ident $name:literal $beneath:ident $new:expr;
        )*}
        lists {$($browse:ident $browse_name:literal $list:expr;)*}
    ) => {
        /// Every pane, new.
        pub fn all() -> Vec<Box<dyn Pane>> {
            vec![$(Box::new($new),)*]
        }

        /// The list that a command of the whole program opens over the pane, if it is one.
        pub const fn browsed(command: Command) -> Option<&'static ListPane> {
            match command {
                $(Command::$browse => Some(const { &$list }),)*
                Command::Settings => Some(const { &units::SETTINGS }),
                _ => None,
            }
        }

        /// How the records of a kind are listed where no pane is made for it.
        pub fn list_of(kind: Kind) -> &'static ListPane {
            static USUAL: LazyLock<Vec<ListPane>> =
                LazyLock::new(|| Kind::ALL.iter().map(|kind| ListPane::of(*kind)).collect());
            let own = [const { &employees::LIST } $(, const { &$list })*];
            let usual = || USUAL.iter().find(|list| list.kind == kind);
            let found = own.into_iter().find(|list| list.kind == kind).or_else(usual);
            found.unwrap_or(const { &employees::LIST })
        }
    };
}
each_place!(with_places);
