//! What a person reads: the catalogue of words in Indonesian and English, which of the
//! two an officer gets, and how dates, numbers, reasons and problems are written.
//!
//! The words stand in `*.yml` beside this file, one file an area, both languages side
//! by side, and are compiled in. Codes, JSON keys and CSV headers are no words: they
//! never come from here. Knows the domain and the protocol, no screen and no file.

use std::sync::atomic::{AtomicBool, AtomicI8, Ordering};

mod figures;
mod guide;
mod moves;
mod names;
mod reports;
mod sentence;
mod sheet;
mod stored;
mod typed;
mod words;

#[cfg(test)]
mod catalogue;

pub use crate::domain::shorten::shortened;
pub use figures::{
    date, date_time, hundredths, left, moment, read_moment, span, value, weekday, whole,
};
pub use guide::{GUIDE, Section, guide};
pub use moves::{moved_person, moved_purpose, moved_way, moves};
pub use names::{call, grade, grade_named};
pub use reports::{
    report, report_about, report_as_of, report_asked, report_asked_value, report_cell,
    report_choice, report_column, report_legal, report_no_room, report_notes, report_param,
    report_printed, report_remark, report_title, report_total, totals_word,
};
pub use sentence::{named, punctuated, sentences};
pub use sheet::{DIGITS_MIN, Sheet};
pub use stored::{field_of, grouped, stored};
pub use typed::{expected, typed, words_for};
pub use words::{
    called, choice, count, detail, ended, enrol_question, erasure, faults, field, figure, gathered,
    holidays, kind, label, mended, one, other_words, own_changes, problem, reason, short_choice,
    summary, tongue, unknown_word, work,
};

/// The words under a key, in the officer's language: `t!("term.too_small")`,
/// `t!("work.done", count = 3)`. The key of a literal must be in the catalogue.
macro_rules! t {
    ($($all:tt)*) => {
        $crate::i18n::punctuated(
            crate::_rust_i18n_t!($($all)*, locale = $crate::i18n::language().code())
        )
    };
}
pub(crate) use t;

/// The catalogue is read when the crate is compiled. Naming its files here makes a
/// changed file a reason to compile again; a test holds this list and the folder together.
mod watched {
    const _: &str = include_str!("backup.yml");
    const _: &str = include_str!("certificates.yml");
    const _: &str = include_str!("choices.yml");
    const _: &str = include_str!("cli.yml");
    const _: &str = include_str!("commands.yml");
    const _: &str = include_str!("cycles.yml");
    const _: &str = include_str!("dates.yml");
    const _: &str = include_str!("desk.yml");
    const _: &str = include_str!("employees.yml");
    const _: &str = include_str!("erasure.yml");
    const _: &str = include_str!("fields.yml");
    const _: &str = include_str!("files.yml");
    const _: &str = include_str!("guide.yml");
    const _: &str = include_str!("help.yml");
    const _: &str = include_str!("history.yml");
    const _: &str = include_str!("holidays.yml");
    const _: &str = include_str!("home.yml");
    const _: &str = include_str!("keymap.yml");
    const _: &str = include_str!("matrix.yml");
    const _: &str = include_str!("memory.yml");
    const _: &str = include_str!("mentoring.yml");
    const _: &str = include_str!("moves.yml");
    const _: &str = include_str!("officers.yml");
    const _: &str = include_str!("personal.yml");
    const _: &str = include_str!("problems.yml");
    const _: &str = include_str!("reasons.yml");
    const _: &str = include_str!("reports.yml");
    const _: &str = include_str!("report_pane.yml");
    const _: &str = include_str!("rules.yml");
    const _: &str = include_str!("shell.yml");
    const _: &str = include_str!("planning.yml");
    const _: &str = include_str!("standards.yml");
    const _: &str = include_str!("talent.yml");
    const _: &str = include_str!("term.yml");
    const _: &str = include_str!("training.yml");
}

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    Indonesian,
    English,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Indonesian, Self::English];

    /// The code of `--lang` and of the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Indonesian => "id",
            Self::English => "en",
        }
    }

    /// `id`, `en`, or a locale that begins with one of them (`en_GB.UTF-8`).
    pub fn from_locale(text: &str) -> Option<Self> {
        let tongue = text.split(['_', '-', '.', '@']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(tongue))
    }
}

/// The language of an officer: the flag, else `KOMPETEN_LANG`, else English where the
/// system's locale begins with `en`, else Indonesian.
pub fn choose(flag: Option<Language>, env: &dyn Fn(&str) -> Option<String>) -> Language {
    let set = |name: &str| env(name).filter(|text| !text.is_empty());
    flag.or_else(|| set("KOMPETEN_LANG").and_then(|text| Language::from_locale(&text)))
        .or_else(|| {
            // The first of the three that is set is the one that counts.
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set)?;
            Language::from_locale(&locale)
        })
        .unwrap_or_default()
}

/// Whether this process speaks English; one officer, one process, one language.
static ENGLISH: AtomicBool = AtomicBool::new(false);

/// From now on this process speaks that language.
pub fn speak(language: Language) {
    ENGLISH.store(language == Language::English, Ordering::Relaxed);
}

/// Does something in another language, in this thread alone.
#[cfg(test)]
pub fn speaking<T>(language: Language, what: impl FnOnce() -> T) -> T {
    HERE.set(Some(language));
    let done = what();
    HERE.set(None);
    done
}

#[cfg(test)]
thread_local! {
    /// What this thread of the tests speaks, if it is not what the process does.
    static HERE: std::cell::Cell<Option<Language>> = const { std::cell::Cell::new(None) };
}

/// The language this process speaks: Indonesian unless told otherwise.
pub fn language() -> Language {
    #[cfg(test)]
    if let Some(language) = HERE.get() {
        return language;
    }
    if ENGLISH.load(Ordering::Relaxed) { Language::English } else { Language::Indonesian }
}

/// Hours east of UTC where the office is that this process works with: WIB unless told.
static ZONE_HOURS: AtomicI8 = AtomicI8::new(7);

/// From now on moments are shown and read as clocks go where the office is.
pub fn stand_at(utc_offset_hours: i8) {
    ZONE_HOURS.store(utc_offset_hours, Ordering::Relaxed);
}

fn zone_hours() -> i8 {
    ZONE_HOURS.load(Ordering::Relaxed)
}

/// The text under a key put together at run time with its placeholders filled; the key
/// itself where the catalogue has no such text.
pub fn filled(key: &str, args: &[(&str, String)]) -> String {
    let text = find(key).unwrap_or_else(|| key.to_string());
    let (names, values): (Vec<_>, Vec<_>) = args.iter().cloned().unzip();
    punctuated(rust_i18n::replace_patterns(&text, &names, &values).into()).into_owned()
}

/// A text without placeholders that stays as it is while the program runs; empty where
/// the catalogue has no such text.
pub fn fixed(key: &str) -> &'static str {
    match crate::_rust_i18n_backend().translate(language().code(), key) {
        Some(std::borrow::Cow::Borrowed(text)) => text,
        _ => "",
    }
}

/// The text under a key put together at run time, if the catalogue has it.
pub fn find(key: &str) -> Option<String> {
    crate::_rust_i18n_try_translate(language().code(), key).map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language_of(flag: Option<Language>, env: &[(&str, &str)]) -> Language {
        choose(flag, &|name| {
            env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_string())
        })
    }

    #[test]
    fn an_officer_reads_indonesian_unless_the_system_speaks_english() {
        use Language::{English as En, Indonesian as Id};
        for (env, expected) in [
            (&[][..], Id),
            (&[("LANG", "C.UTF-8")], Id),
            (&[("LANG", "id_ID.UTF-8")], Id),
            (&[("LANG", "en_US.UTF-8")], En),
            (&[("LC_MESSAGES", "en_GB"), ("LANG", "id_ID")], En),
            (&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")], Id),
            (&[("LC_ALL", ""), ("LANG", "en")], En),
            (&[("KOMPETEN_LANG", "id"), ("LANG", "en_US.UTF-8")], Id),
            (&[("KOMPETEN_LANG", "fr"), ("LANG", "en_US.UTF-8")], En),
        ] {
            assert_eq!(language_of(None, env), expected, "{env:?}");
        }
    }

    #[test]
    fn the_flag_stands_over_everything() {
        let env = [("KOMPETEN_LANG", "en"), ("LC_ALL", "en_US")];
        assert_eq!(language_of(Some(Language::Indonesian), &env), Language::Indonesian);
    }
}
