use super::paint::Tone;
use crate::model::{Phase, Severity, VmState};

/// A piece of text for people. Control characters are escaped: names come from other tools, and a
/// terminal would obey them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) tone: Tone,
}

impl Cell {
    pub(super) fn new(text: impl AsRef<str>) -> Self {
        Self { text: visible(text.as_ref()), tone: Tone::Normal }
    }

    pub(super) fn toned(tone: Tone, text: impl AsRef<str>) -> Self {
        Self { tone, ..Self::new(text) }
    }

    /// Shows `-` for what is not known.
    pub(super) fn maybe(text: Option<impl AsRef<str>>) -> Self {
        text.map_or_else(|| Self::toned(Tone::Dim, "-"), Self::new)
    }

    pub(super) fn state(state: &VmState) -> Self {
        let tone = match state.phase() {
            Phase::Offline => Tone::Dim,
            Phase::Live => Tone::Good,
            Phase::Changing => Tone::Warn,
            Phase::Broken => Tone::Bad,
        };
        Self::toned(tone, state.to_string())
    }

    pub(super) fn severity(severity: Severity) -> Self {
        let tone = match severity {
            Severity::Fine => Tone::Good,
            Severity::Advice => Tone::Warn,
            Severity::Problem => Tone::Bad,
        };
        Self::toned(tone, severity.to_string())
    }
}

/// Escapes control characters.
pub(super) fn visible(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    let shown = |c: char| -> String {
        if c.is_control() { c.escape_default().collect() } else { c.to_string() }
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn a_name_cannot_command_the_terminal() {
        assert_eq!(visible("a\u{1b}[2Jb\nc"), r"a\u{1b}[2Jb\nc");
        assert_eq!(visible("Grüße"), "Grüße");
    }
}
