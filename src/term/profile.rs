//! What this terminal can show, from the environment the officer came with.
//!
//! Nothing is asked of the terminal itself: an answer over a slow line would come late and
//! be typed into a form. Owns no colours; the theme picks by profile, by role.

use std::time::Duration;

/// How many colours may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// Bold, underline and reverse only.
    Mono,
    /// The sixteen named colours.
    Ansi16,
    /// The 256 of `38;5;n` as well.
    Indexed,
}

/// Which characters lines and marks are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlyphSet {
    Unicode,
    Ascii,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    pub color: Color,
    pub glyphs: GlyphSet,
    /// The officer is on the other end of an SSH connection.
    pub ssh: bool,
    /// GNU screen on this host stands between us and the terminal.
    pub gnu_screen: bool,
    /// It passes over a sequence that it does not know; an old one prints it.
    pub clipboard: bool,
}

impl Profile {
    /// `env` looks up one environment variable.
    pub fn detect(env: &dyn Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_else(|| "dumb".into());
        let ssh = set("SSH_CONNECTION").is_some() || set("SSH_TTY").is_some();
        Self {
            color: color(&term, set("NO_COLOR").is_some(), set("COLORTERM").as_deref()),
            glyphs: glyphs(&term, &set),
            ssh,
            gnu_screen: set("STY").is_some(),
            clipboard: !is_mono(&term),
        }
    }

    /// How long a lone ESC may still become an arrow key.
    pub const fn esc_timeout(self) -> Duration {
        Duration::from_millis(if self.ssh { 100 } else { 50 })
    }
}

/// Terminals that show escape sequences for colour as blinking or as garbage.
fn is_mono(term: &str) -> bool {
    term.starts_with("vt") || matches!(term, "dumb" | "ansi" | "unknown") || term.ends_with("-mono")
}

fn color(term: &str, no_color: bool, colorterm: Option<&str>) -> Color {
    const INDEXED: [&str; 6] = ["256color", "direct", "kitty", "alacritty", "foot", "wezterm"];
    if no_color || is_mono(term) {
        Color::Mono
    } else if INDEXED.iter().any(|name| term.contains(name))
        || matches!(colorterm, Some("truecolor" | "24bit"))
    {
        Color::Indexed
    } else {
        Color::Ansi16
    }
}

fn glyphs(term: &str, set: &dyn Fn(&str) -> Option<String>) -> GlyphSet {
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
    let utf8 = locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    // The Linux console has a font of at most 512 glyphs, most often without lines.
    if utf8 && !is_mono(term) && term != "linux" { GlyphSet::Unicode } else { GlyphSet::Ascii }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(vars: &[(&str, &str)]) -> Profile {
        Profile::detect(&|name| {
            vars.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).into())
        })
    }

    #[test]
    fn colours_follow_the_terminal() {
        for (term, color) in [
            ("vt100", Color::Mono),
            ("vt220", Color::Mono),
            ("dumb", Color::Mono),
            ("ansi", Color::Mono),
            ("linux", Color::Ansi16),
            ("screen", Color::Ansi16),
            ("xterm", Color::Ansi16),
            ("putty", Color::Ansi16),
            ("xterm-256color", Color::Indexed),
            ("tmux-256color", Color::Indexed),
            ("xterm-kitty", Color::Indexed),
        ] {
            assert_eq!(detect(&[("TERM", term)]).color, color, "{term}");
        }
        assert_eq!(detect(&[]).color, Color::Mono);
        assert_eq!(detect(&[("TERM", "xterm"), ("COLORTERM", "truecolor")]).color, Color::Indexed);
        assert_eq!(detect(&[("TERM", "vt100"), ("COLORTERM", "truecolor")]).color, Color::Mono);
    }

    #[test]
    fn no_color_means_none_and_empty_means_unset() {
        let with = |value| detect(&[("TERM", "xterm-256color"), ("NO_COLOR", value)]).color;
        assert_eq!(with("1"), Color::Mono);
        assert_eq!(with(""), Color::Indexed);
    }

    #[test]
    fn lines_are_drawn_with_what_the_locale_and_the_font_have() {
        let with = |vars: &[(&str, &str)]| detect(vars).glyphs;
        assert_eq!(with(&[("TERM", "xterm"), ("LANG", "id_ID.UTF-8")]), GlyphSet::Unicode);
        assert_eq!(with(&[("TERM", "xterm"), ("LANG", "C.utf8")]), GlyphSet::Unicode);
        assert_eq!(with(&[("TERM", "xterm"), ("LANG", "C")]), GlyphSet::Ascii);
        assert_eq!(with(&[("TERM", "xterm")]), GlyphSet::Ascii);
        assert_eq!(
            with(&[("TERM", "xterm"), ("LC_ALL", "C"), ("LANG", "id_ID.UTF-8")]),
            GlyphSet::Ascii
        );
        assert_eq!(
            with(&[("TERM", "xterm"), ("LC_CTYPE", "C.UTF-8"), ("LANG", "C")]),
            GlyphSet::Unicode
        );
        assert_eq!(with(&[("TERM", "linux"), ("LANG", "id_ID.UTF-8")]), GlyphSet::Ascii);
        assert_eq!(with(&[("TERM", "vt100"), ("LANG", "id_ID.UTF-8")]), GlyphSet::Ascii);
    }

    #[test]
    fn esc_waits_longer_over_ssh() {
        assert_eq!(detect(&[]).esc_timeout().as_millis(), 50);
        let ssh = detect(&[("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")]);
        assert_eq!(ssh.esc_timeout().as_millis(), 100);
    }
}
