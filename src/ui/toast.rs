//! One line that says what just happened. It stays until the next key or the next one;
//! the message list keeps the last of them.

/// How much a toast matters. Never told by colour alone: errors and warnings begin with `!`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Done,
    Note,
    Warning,
    Error,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    pub weight: Weight,
    pub text: String,
}

impl Toast {
    /// As one line, with the `!` of what went wrong.
    pub fn line(&self) -> String {
        let mark = match self.weight {
            Weight::Done | Weight::Note => "",
            Weight::Warning | Weight::Error => "! ",
        };
        format!("{mark}{}", self.text.replace('\n', " "))
    }

    pub fn done(text: impl Into<String>) -> Self {
        Self { weight: Weight::Done, text: text.into() }
    }

    pub fn note(text: impl Into<String>) -> Self {
        Self { weight: Weight::Note, text: text.into() }
    }

    pub fn warning(text: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, text: text.into() }
    }

    pub fn error(text: impl Into<String>) -> Self {
        Self { weight: Weight::Error, text: text.into() }
    }
}
