//! What can be wrong with a value: one code a reason, the same in the screen, on the
//! command line, in JSON and in rejects files. The words for a person are in the
//! catalogue under `reason.<code>`; here there is no language.

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($name:ident = $code:literal),+ $(,)?) => {
        /// Why a value was refused, or what was noticed about it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason {
            $($name),+
        }

        impl Reason {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code scripts rely on; never changes with the language.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

reasons! {
    // People, in the order in which the first that applies is given (CLI contract).
    NameMissing = "name_missing",
    NipMissing = "nip_missing",
    NipDamaged = "nip_damaged",
    NipNotDigits = "nip_not_digits",
    NipLength = "nip_length",
    NipBirthDate = "nip_birth_date",
    NipKind = "nip_kind",
    NipSex = "nip_sex",
    DuplicateNip = "duplicate_nip",
    TooLong = "too_long",
    // Warnings that leave the field empty.
    GradeUnknown = "grade_unknown",
    DateUnreadable = "date_unreadable",
    UnitMissing = "unit_missing",
    SexUnknown = "sex_unknown",
    KindUnknown = "kind_unknown",
    // Warnings that keep the row whole.
    BirthDateDiffers = "birth_date_differs",
    SexDiffers = "sex_differs",
    GradeDiffers = "grade_differs",
    SinceDiffers = "since_differs",
    DateMonthFirst = "date_month_first",
    SecondValue = "second_value",
    // Ratings.
    EmployeeUnknown = "employee_unknown",
    Restricted = "restricted",
    CompetencyUnknown = "competency_unknown",
    LevelRange = "level_range",
    LevelOutOfRange = "level_out_of_range",
    DateFuture = "date_future",
    BeforeBirth = "before_birth",
    SourceUnknown = "source_unknown",
    CompetencyArchived = "competency_archived",
    CompetencyMerged = "competency_merged",
    // Trainings.
    DateOrder = "date_order",
    JpRange = "jp_range",
    TypeUnknown = "type_unknown",
    JpOverCeiling = "jp_over_ceiling",
    // Any list: what one row says and another does not.
    SaysOtherwise = "says_otherwise",
    // Judgements of a year.
    DuplicateYear = "duplicate_year",
    YearPast = "year_past",
    PlanClosed = "plan_closed",
    PredicateUnknown = "predicate_unknown",
    PredicateContradictsGrid = "predicate_contradicts_grid",
    // People of units beyond the officer's.
    OutOfReach = "out_of_reach",
    // Any record.
    Required = "required",
    NotAChoice = "not_a_choice",
    NotANumber = "not_a_number",
    OutOfRange = "out_of_range",
    AlreadyTaken = "already_taken",
    UnknownReference = "unknown_reference",
    CodeMissing = "code_missing",
    UnitLoop = "unit_loop",
    MergeLoop = "merge_loop",
    OwnMentor = "own_mentor",
    ControlCharacter = "control_character",
    NotAUser = "not_a_user",
    SetByActs = "set_by_acts",
    // Assessment cycles.
    OwnWord = "own_word",
    NoRaters = "no_raters",
    NotOpen = "not_open",
    CodeUnknown = "code_unknown",
    ToldBefore = "told_before",
    SheetUnknown = "sheet_unknown",
    SheetKeyed = "sheet_keyed",
    NothingKeyed = "nothing_keyed",
    ScoresMissing = "scores_missing",
    // Tables of rules.
    FigureUnreadable = "figure_unreadable",
    FigureUnknown = "figure_unknown",
    FigureTwice = "figure_twice",
    FigureRange = "figure_range",
    FigureSum = "figure_sum",
    FigureSame = "figure_same",
    FigureList = "figure_list",
    FigureName = "figure_name",
    // What is asked of a report.
    NotTaken = "not_taken",
    OnlyWith = "only_with",
}

/// A reason and the field it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub field: String,
    pub reason: Reason,
    /// A bound or limit the message names (`"500"`), never a person's data.
    pub detail: String,
}

impl Fault {
    pub fn new(field: &str, reason: Reason) -> Self {
        Self { field: field.to_string(), reason, detail: String::new() }
    }

    pub fn with(field: &str, reason: Reason, detail: impl std::fmt::Display) -> Self {
        Self { field: field.to_string(), reason, detail: format!("{detail}") }
    }
}
