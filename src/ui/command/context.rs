//! Where a key can mean something: the tables of a keymap file.
//!
//! The screen hands the resolver a stack of these, innermost first: overlay, then pane,
//! then list or matrix, then global. This file knows which contexts cover which others;
//! it does not know the keys bound in them. Those of panes come from the panes' own lines,
//! in [`crate::ui::panes`].

use crate::ui::command::Command;

macro_rules! with_places {
    (
        panes {$(
            $file:ident $go:ident $context:ident $name:literal $beneath:ident $new:expr;
        )*}
        lists {$($browse:ident $browse_name:literal $list:expr;)*}
    ) => {
        /// One table of a keymap file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Context {
            /// Beneath everything.
            Global,
            /// A list of records with a row under the cursor.
            List,
            /// The grid of people and competencies.
            Matrix,
            $($context,)*
            /// The line in which a filter is typed, above a list or the matrix.
            Filter,
            /// The fields of one record.
            Form,
            /// A list to choose from, over the screen: palette, columns, look-ups.
            Picker,
            /// Something to read, over the screen: help, guide, history, messages.
            View,
            /// A question to be answered with yes or no.
            Confirm,
            /// A field that takes text, innermost above a form, filter, picker or question.
            Text,
        }

        impl Context {
            /// In the order in which help and `kompeten keys` show them.
            pub const ALL: [Self; 9 + [$($name),*].len()] = [
                Self::Global,
                Self::List,
                Self::Matrix,
                $(Self::$context,)*
                Self::Filter,
                Self::Form,
                Self::Picker,
                Self::View,
                Self::Confirm,
                Self::Text,
            ];

            /// The table's name in a keymap file.
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Global => "global",
                    Self::List => "list",
                    Self::Matrix => "matrix",
                    $(Self::$context => $name,)*
                    Self::Filter => "filter",
                    Self::Form => "form",
                    Self::Picker => "picker",
                    Self::View => "view",
                    Self::Confirm => "confirm",
                    Self::Text => "text",
                }
            }

            /// The usual stack with this context innermost, as the screen passes it to the
            /// resolver. The screen puts an overlay's context in front of its pane's stack, and
            /// [`Context::Text`] in front of that while a text field has the cursor.
            pub const fn stack(self) -> &'static [Self] {
                match self {
                    Self::Global => &[Self::Global],
                    Self::List => &[Self::List, Self::Global],
                    Self::Matrix => &[Self::Matrix, Self::Global],
                    $(Self::$context => &[Self::$context, Self::$beneath, Self::Global],)*
                    Self::Filter => &[Self::Filter, Self::List, Self::Global],
                    Self::Form => &[Self::Form, Self::Global],
                    Self::Picker => &[Self::Picker, Self::Global],
                    Self::View => &[Self::View, Self::Global],
                    Self::Confirm => &[Self::Confirm, Self::Global],
                    Self::Text => &[Self::Text, Self::Global],
                }
            }

            /// The contexts of a list or a pane, innermost first and without `Global`;
            /// `filtering` while its filter line has the cursor.
            pub const fn of_list(self, filtering: bool) -> &'static [Self] {
                match (self, filtering) {
                    (Self::List, false) => &[Self::List],
                    (Self::List, true) => &[Self::Text, Self::Filter, Self::List],
                    $(
                        (Self::$context, false) => &[Self::$context, Self::$beneath],
                        (Self::$context, true) => {
                            &[Self::Text, Self::Filter, Self::$context, Self::$beneath]
                        }
                    )*
                    _ => &[],
                }
            }

            /// Of a pane: its stable name, and the command that brings it to the front.
            pub fn pane(self) -> Option<(&'static str, Command)> {
                match self {
                    $(Self::$context => Some((stringify!($file), Command::$go)),)*
                    _ => None,
                }
            }
        }
    };
}

crate::ui::panes::each_place!(with_places);

impl Context {
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|context| context.name() == name)
    }

    /// Whether it hides what lies beneath: of the outer contexts only commands that work
    /// everywhere still answer. So `u` in a form never undoes something behind it.
    pub const fn is_modal(self) -> bool {
        matches!(self, Self::Form | Self::Picker | Self::View | Self::Confirm)
    }

    /// Whether a text field can stand above it.
    pub const fn holds_text(self) -> bool {
        matches!(self, Self::Filter | Self::Form | Self::Picker | Self::Confirm)
    }

    /// Whether `command` means something when bound in this context's table.
    pub fn takes(self, command: Command) -> bool {
        let def = command.def();
        if def.everywhere || def.contexts.contains(&self) {
            return true;
        }
        let overlay = self.is_modal() || matches!(self, Self::Text | Self::Filter);
        !overlay && self.stack().iter().any(|under| def.contexts.contains(under))
    }

    /// The command that leads out of this context, which no keymap may take away.
    pub const fn way_out(self) -> Command {
        match self {
            Self::Filter => Command::FilterClear,
            Self::Form => Command::FormCancel,
            Self::Picker => Command::PickerCancel,
            Self::View => Command::ViewClose,
            Self::Confirm => Command::ConfirmNo,
            Self::Text => Command::Cancel,
            _ => Command::Quit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_found_by_its_name() {
        for context in Context::ALL {
            assert_eq!(Context::named(context.name()), Some(context));
        }
        assert_eq!(Context::named("panel"), None);
    }

    #[test]
    fn a_list_command_belongs_in_lists_and_panes_of_lists_only() {
        assert!(Context::List.takes(Command::ListAdd));
        assert!(Context::PaneEmployees.takes(Command::ListAdd));
        assert!(!Context::Global.takes(Command::ListAdd));
        assert!(!Context::Form.takes(Command::ListAdd));
        assert!(!Context::PaneMatrix.takes(Command::ListAdd));
    }

    #[test]
    fn an_overlay_takes_only_its_own_commands_and_those_that_work_everywhere() {
        assert!(Context::Form.takes(Command::FormSave));
        assert!(Context::Form.takes(Command::Guide));
        assert!(!Context::Form.takes(Command::Undo));
        assert!(Context::List.takes(Command::Undo));
    }
}
