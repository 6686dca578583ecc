//! The table of commands: one line each.
//!
//! Adding a command is one line here and its title and doc in `src/i18n/commands.yml`.
//! The name is what keymap files use and stays once released. The commands that bring a
//! pane or a list to the front come from their own lines, in [`crate::ui::panes`].

use super::Context::{
    Confirm, Filter, Form, Global, List, Matrix, PaneEmployees, PaneHistory, PaneHome, PaneMatrix,
    PaneReports, PaneTraining, Picker, Text, View,
};
use super::{ActsOn, CommandDef, Group};

macro_rules! commands {
    ($($variant:ident $name:literal $group:ident $needs:ident
        [$($context:ident)*] $($property:ident)*;)*) => {
        /// A command, by identity. What is known about it is in its [`CommandDef`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command { $($variant,)* }

        /// Every command, in the order in which help shows them within their group.
        pub const COMMANDS: &[CommandDef] = &[$(
            CommandDef::new(
                Command::$variant, $name, Group::$group, ActsOn::$needs, &[$($context),*],
            )$(.$property())*,
        )*];
    };
}

macro_rules! with_places {
    (
        panes {$(
            $file:ident $go:ident $context:ident $name:literal $beneath:ident $new:expr;
        )*}
        lists {$($browse:ident $browse_name:literal $list:expr;)*}
    ) => {
        commands! {
            // identity       name                   heading   needs      tables           properties
            Quit              "app.quit"             Program   Nothing    [Global]         lasting;
            Cancel            "app.cancel"           Program   Nothing    [Global]         everywhere;
            Help              "app.help"             Program   Nothing    [Global]         everywhere lasting;
            Guide             "app.guide"            Program   Nothing    [Global]         everywhere;
            Undo              "app.undo"             Program   Nothing    [Global]         writing hint;
            Redo              "app.redo"             Program   Nothing    [Global]         writing;
            Palette           "app.palette"          Program   Nothing    [Global]         hint;
            Messages          "app.messages"         Program   Nothing    [Global];
            Export            "app.export"           Program   Nothing    [Global];
            Import            "app.import"           Program   Nothing    [Global]         writing;
            Settings          "app.settings"         Program   Nothing    [Global];
            Redraw            "app.redraw"           Program   Nothing    [Global]         everywhere;
            Suspend           "app.suspend"          Program   Nothing    [Global]         everywhere;

            $($go             $name                  Panes     Nothing    [Global];)*
            PaneNext          "pane.next"            Panes     Nothing    [Global];
            PanePrev          "pane.prev"            Panes     Nothing    [Global];
            AreaNext          "area.next"            Panes     Nothing    [Global Picker]         hint;
            AreaPrev          "area.prev"            Panes     Nothing    [Global Picker];

            $($browse         $browse_name           Reference Nothing    [Global];)*

            ListUp            "list.up"              Move      Nothing    [List];
            ListDown          "list.down"            Move      Nothing    [List];
            ListPageUp        "list.page_up"         Move      Nothing    [List];
            ListPageDown      "list.page_down"       Move      Nothing    [List];
            ListFirst         "list.first"           Move      Nothing    [List];
            ListLast          "list.last"            Move      Nothing    [List];
            ListLeft          "list.left"            Move      Nothing    [List];
            ListRight         "list.right"           Move      Nothing    [List];

            ListOpen          "list.open"            Record    Row        [List Matrix]    hint;
            ListEdit          "list.edit"            Record    Row        [List View]      writing hint;
            ListAdd           "list.add"             Record    Nothing    [List]           writing hint;
            ListDelete        "list.delete"          Record    Rows       [List]           destructive;
            Deactivate        "employees.deactivate" Record    Rows       [PaneEmployees]  destructive;
            Erase             "employees.erase"      Record    Row        [PaneEmployees]  destructive;
            ListBulkEdit      "list.bulk_edit"       Record    Marks      [List]           writing;
            ListHistory       "list.history"         Record    Row        [List Matrix];
            ListCopy          "list.copy"            Record    Row        [List Matrix];
            ListBack          "list.back"            Record    Nothing    [List Matrix]    lasting;

            ListMark          "list.mark"            Mark      Row        [List Matrix]    hint;
            ListMarkRange     "list.mark_range"      Mark      Row        [List Matrix];
            ListMarkAll       "list.mark_all"        Mark      Row        [List Matrix];
            ListUnmarkAll     "list.unmark_all"      Mark      Nothing    [List Matrix];

            ListFilter        "list.filter"          Find      Nothing    [List Matrix]    hint;
            ListFilterClear   "list.filter_clear"    Find      Nothing    [List Matrix];
            ListSort          "list.sort"            Find      Nothing    [List Matrix];
            ListColumns       "list.columns"         Find      Nothing    [List Matrix];
            ListViews         "list.views"           Find      Nothing    [List Matrix];
            FilterPresets     "filter.presets"       Find      Nothing    [List Matrix Filter];
            FilterComplete    "filter.complete"      Find      Nothing    [Filter];
            FilterKeep        "filter.keep"          Find      Nothing    [Filter]         lasting;
            FilterClear       "filter.clear"         Find      Nothing    [Filter]         lasting;

            MatrixUp          "matrix.up"            Matrix    Nothing    [Matrix];
            MatrixDown        "matrix.down"          Matrix    Nothing    [Matrix];
            MatrixLeft        "matrix.left"          Matrix    Nothing    [Matrix];
            MatrixRight       "matrix.right"         Matrix    Nothing    [Matrix];
            MatrixPageUp      "matrix.page_up"       Matrix    Nothing    [Matrix];
            MatrixPageDown    "matrix.page_down"     Matrix    Nothing    [Matrix];
            MatrixFirst       "matrix.first"         Matrix    Nothing    [Matrix];
            MatrixLast        "matrix.last"          Matrix    Nothing    [Matrix];
            MatrixRowStart    "matrix.row_start"     Matrix    Nothing    [Matrix];
            MatrixRowEnd      "matrix.row_end"       Matrix    Nothing    [Matrix];
            Rate1             "matrix.rate_1"        Matrix    Cell       [Matrix]         writing hint;
            Rate2             "matrix.rate_2"        Matrix    Cell       [Matrix]         writing;
            Rate3             "matrix.rate_3"        Matrix    Cell       [Matrix]         writing;
            Rate4             "matrix.rate_4"        Matrix    Cell       [Matrix]         writing;
            Rate5             "matrix.rate_5"        Matrix    Cell       [Matrix]         writing;
            MatrixRepeat      "matrix.repeat"        Matrix    Cell       [Matrix]         writing hint;
            MatrixClear       "matrix.clear"         Matrix    Cell       [Matrix]         writing;
            MatrixExplain     "matrix.explain"       Matrix    Cell       [Matrix PaneReports] hint;
            MatrixNextGap     "matrix.next_gap"      Matrix    Nothing    [Matrix]         hint;
            MatrixPrevGap     "matrix.prev_gap"      Matrix    Nothing    [Matrix];
            MatrixRater       "matrix.rater"         Matrix    Nothing    [PaneMatrix]     writing hint;
            MatrixUnit        "matrix.unit"          Matrix    Nothing    [PaneMatrix PaneEmployees PaneTraining PaneReports PaneHome] hint;
            MatrixGapsOnly    "matrix.gaps_only"     Matrix    Nothing    [PaneMatrix];
            MatrixCompetency  "matrix.competency"    Matrix    Cell       [PaneMatrix];
            MatrixGroup       "matrix.group"         Matrix    Nothing    [PaneMatrix];

            RecordTrend       "record.trend"         Report    Nothing    [List Matrix View];
            ReportParams      "report.params"        Report    Nothing    [PaneReports]    hint;
            ReportChart       "report.chart"         Report    Nothing    [PaneReports]    hint;
            ReportPrint       "report.print"         Report    Nothing    [List PaneReports PaneTraining PaneEmployees] hint;

            Enrol             "employees.enrol"      Training  Rows       [PaneEmployees PaneMatrix PaneHome]  writing hint;
            WhatIf            "employees.what_if"    Training  Nothing    [PaneEmployees PaneMatrix PaneTraining];
            TrainingEnrol     "training.enrol"       Training  Nothing    [PaneTraining]   writing hint;
            TrainingTick      "training.tick"        Training  Attendance [PaneTraining]   writing hint;
            TrainingPresent   "training.present"     Training  Attendance [PaneTraining]   writing;
            TrainingAbsent    "training.absent"      Training  Attendance [PaneTraining]   writing;
            TrainingExcused   "training.excused"     Training  Attendance [PaneTraining]   writing;
            TrainingClear     "training.clear"       Training  Attendance [PaneTraining]   writing;
            TrainingColumn    "training.column"      Training  Attendance [PaneTraining]   writing;
            TrainingRow       "training.row"         Training  Attendance [PaneTraining]   writing;
            TrainingHours     "training.hours"       Training  Row        [PaneTraining]   writing;
            TrainingSetAside  "training.set_aside"   Training  Rows       [PaneTraining]   writing;

            PersonHistory     "employees.history"    Record    Row        [PaneEmployees];
            PersonSuppose     "employees.suppose"    Record    Row        [PaneEmployees];
            PersonCopy        "employees.copy"       Record    Row        [PaneEmployees];
            PersonRequest     "employees.request"    Record    Row        [PaneEmployees]  writing;
            HistoryUndo       "history.undo"         Record    Row        [PaneHistory]    destructive hint;
            HistoryRecord     "history.record"       Record    Row        [PaneHistory]    hint;
            SignOff           "history.sign_off"     Record    Nothing    [PaneHistory]    hint;

            FormNext          "form.next"            Form      Nothing    [Form]           hint;
            FormPrev          "form.prev"            Form      Nothing    [Form];
            FormOptionNext    "form.option_next"     Form      Nothing    [Form]           hint;
            FormOptionPrev    "form.option_prev"     Form      Nothing    [Form];
            FormTick          "form.tick"            Form      Nothing    [Form];
            FormJump          "form.jump"            Form      Nothing    [Form]           hint;
            FormLookup        "form.lookup"          Form      Nothing    [Form]           hint;
            FormEditor        "form.editor"          Form      Nothing    [Form]           hint;
            FormSave          "form.save"            Form      Nothing    [Form]           writing lasting;
            FormCancel        "form.cancel"          Form      Nothing    [Form]           lasting;

            PickerUp          "picker.up"            Choose    Nothing    [Picker];
            PickerDown        "picker.down"          Choose    Nothing    [Picker];
            PickerPageUp      "picker.page_up"       Choose    Nothing    [Picker];
            PickerPageDown    "picker.page_down"     Choose    Nothing    [Picker];
            PickerFirst       "picker.first"         Choose    Nothing    [Picker];
            PickerLast        "picker.last"          Choose    Nothing    [Picker];
            PickerToggle      "picker.toggle"        Choose    Nothing    [Picker]         hint;
            PickerAccept      "picker.accept"        Choose    Nothing    [Picker]         lasting;
            PickerCancel      "picker.cancel"        Choose    Nothing    [Picker]         lasting;

            ViewUp            "view.up"              Read      Nothing    [View];
            ViewDown          "view.down"            Read      Nothing    [View];
            ViewPageUp        "view.page_up"         Read      Nothing    [View];
            ViewPageDown      "view.page_down"       Read      Nothing    [View]           hint;
            ViewFirst         "view.first"           Read      Nothing    [View];
            ViewLast          "view.last"            Read      Nothing    [View];
            ViewSave          "view.save"            Read      Nothing    [View]           hint;
            ViewClose         "view.close"           Read      Nothing    [View]           lasting;

            ConfirmYes        "confirm.yes"          Answer    Nothing    [Confirm]        lasting;
            ConfirmNo         "confirm.no"           Answer    Nothing    [Confirm]        lasting;
            ConfirmShow       "confirm.show"         Answer    Nothing    [Confirm]        lasting;

            TextLeft          "text.left"            Text      Nothing    [Text];
            TextRight         "text.right"           Text      Nothing    [Text];
            TextWordLeft      "text.word_left"       Text      Nothing    [Text];
            TextWordRight     "text.word_right"      Text      Nothing    [Text];
            TextHome          "text.home"            Text      Nothing    [Text];
            TextEnd           "text.end"             Text      Nothing    [Text];
            TextBackspace     "text.backspace"       Text      Nothing    [Text];
            TextDelete        "text.delete"          Text      Nothing    [Text];
            TextDeleteWord    "text.delete_word"     Text      Nothing    [Text];
            TextKillToEnd     "text.kill_to_end"     Text      Nothing    [Text];
            TextKillLine      "text.kill_line"       Text      Nothing    [Text];
        }

        impl Command {
            /// Whether it brings a pane to the front.
            pub const fn opens_pane(self) -> bool {
                matches!(self, $(Self::$go)|*)
            }
        }
    };
}

crate::ui::panes::each_place!(with_places);

impl Command {
    /// What is known about it.
    pub const fn def(self) -> &'static CommandDef {
        &COMMANDS[self as usize]
    }

    /// The level a rating command gives, 1 to 5.
    pub const fn level(self) -> Option<u8> {
        match self {
            Self::Rate1 => Some(1),
            Self::Rate2 => Some(2),
            Self::Rate3 => Some(3),
            Self::Rate4 => Some(4),
            Self::Rate5 => Some(5),
            _ => None,
        }
    }
}
