//! The registry: every kind of record an office keeps, one file and one line each. All
//! that the program does with a kind follows from this line and from what the kind's own
//! file says of it (see `record::Schema`); nothing else lists the kinds.

pub mod certificate;
pub mod competency;
pub mod correction;
pub mod cycle;
pub mod cycle_result;
pub mod employee;
pub mod enrolment;
pub mod holiday;
pub mod idp_line;
pub mod meeting;
pub mod mentor;
pub mod mentoring;
pub mod need;
pub mod officer;
pub mod performance;
pub mod plan_line;
pub mod position;
pub mod potential;
pub mod programme;
pub mod qualification;
pub mod rater;
pub mod rating;
pub mod reading;
pub mod rule;
pub mod sanction;
pub mod session;
pub mod setting;
pub mod sheet;
pub mod standard;
pub mod unit;

/// Hands the registry to a macro. A line is the kind, its name in code, journal, files and
/// on the command line, the record, and the byte that stands for it in the store. A byte is
/// never given to another kind; a new kind goes to the end.
macro_rules! registry {
    ($($expand:ident)::+) => {
        $($expand)::+! {
            Settings settings setting::Setting = 1;
            Units units unit::Unit = 2;
            Positions positions position::Position = 3;
            Competencies competencies competency::Competency = 4;
            Standards standards standard::Standard = 5;
            Employees employees employee::Employee = 6;
            Ratings ratings rating::Rating = 7;
            Programmes programmes programme::Programme = 8;
            Sessions sessions session::Session = 9;
            Enrolments enrolments enrolment::Enrolment = 10;
            Officers officers officer::Officer = 11;
            Corrections corrections correction::Correction = 12;
            Readings readings reading::Reading = 13;
            Certificates certificates certificate::Certificate = 14;
            Performances performances performance::Performance = 15;
            Potentials potentials potential::Potential = 16;
            Sanctions sanctions sanction::Sanction = 17;
            PlanLines plan_lines plan_line::PlanLine = 18;
            IdpLines idp_lines idp_line::IdpLine = 19;
            Holidays holidays holiday::Holiday = 20;
            Cycles cycles cycle::Cycle = 21;
            Raters raters rater::Rater = 22;
            Sheets sheets sheet::ScoreSheet = 23;
            CycleResults cycle_results cycle_result::CycleResult = 24;
            Rules rules rule::ReferenceTable = 25;
            Mentors mentors mentor::Mentor = 26;
            Mentorings mentorings mentoring::Mentoring = 27;
            Meetings meetings meeting::Meeting = 28;
            Needs needs need::Need = 29;
            Qualifications qualifications qualification::Qualification = 30;
        }
    };
}
pub(crate) use registry;
