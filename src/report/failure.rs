use serde_json::json;

use super::cell::visible;
use super::document::{SCHEMA, value};
use super::dto::FailureShape;
use super::paint::Tone;
use super::{Format, Paint, human, json, yaml};
use crate::error::Error;

/// How much is told of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Detail {
    /// What programs get on standard output goes with one line.
    Line,
    /// What happened, why, and what to do next.
    Usual,
    /// Every attempt too.
    Full,
}

/// Renders a failure for people, several lines.
pub fn failure_lines(error: &Error, detail: Detail, paint: Paint) -> String {
    let line = |tone: Tone, label: &str, text: &str| {
        format!("{} {}\n", paint.tint(tone, label), visible(text))
    };
    let mut text = line(Tone::Bad, "error:", error.message());
    if detail == Detail::Line {
        return text;
    }
    for cause in error.causes() {
        for (number, part) in cause.trim_end().lines().enumerate() {
            let label = if number == 0 { "  because:" } else { "          " };
            text += &line(Tone::Dim, label, part);
        }
    }
    if detail == Detail::Full {
        for (number, attempt) in error.attempts().iter().enumerate() {
            let waited = attempt.waited.map_or_else(String::new, |waited| {
                format!(" (tried again after {})", human::duration(waited))
            });
            let told = format!("{}{waited}", attempt.message);
            text += &line(Tone::Dim, &format!("  attempt {}:", number + 1), &told);
        }
    }
    if let Some(hint) = error.next_step() {
        text += &line(Tone::Good, "  try:", hint);
    }
    text
}

/// Renders a failure for programs; `None` in formats for people.
pub fn failure_document(error: &Error, format: Format) -> Option<String> {
    let whole = json!({ "schema": SCHEMA, "error": value(&FailureShape::from(error)) });
    match format {
        Format::Json => Some(json::pretty(&whole)),
        Format::JsonLines => Some(format!("{whole}\n")),
        Format::Yaml => yaml::text(&whole).ok(),
        Format::Table | Format::Plain | Format::Csv | Format::Names | Format::Prometheus => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Detail, failure_document, failure_lines};
    use crate::error::{Error, ErrorKind, FailedAttempt};
    use crate::report::{Format, Paint};

    fn locked() -> Error {
        let attempt = FailedAttempt {
            kind: ErrorKind::Locked,
            message: "`web` is locked".to_owned(),
            waited: Some(Duration::from_millis(200)),
        };
        Error::new(ErrorKind::Locked, "`web` is locked")
            .about("web")
            .caused_by(Error::new(ErrorKind::ProgramFailed, "VBoxManage says no"))
            .hint("close its window")
            .after(vec![attempt])
    }

    #[test]
    fn people_get_what_why_and_the_next_step() {
        let usual = "error: `web` is locked\n  because: VBoxManage says no\n  \
                     try: close its window\n";
        assert_eq!(failure_lines(&locked(), Detail::Usual, Paint::None), usual);
        assert_eq!(failure_lines(&locked(), Detail::Line, Paint::None), "error: `web` is locked\n");
        let full = failure_lines(&locked(), Detail::Full, Paint::None);
        assert!(full.contains("  attempt 1: `web` is locked (tried again after 0.2 s)\n"));
    }

    #[test]
    fn programs_get_a_stable_shape() {
        let line = failure_document(&locked(), Format::JsonLines).expect("a shape");
        assert_eq!(
            line,
            "{\"schema\":1,\"error\":{\"code\":\"vm_locked\",\"message\":\"`web` is locked\",\
             \"hint\":\"close its window\",\"vm\":\"web\",\"retryable\":true,\
             \"causes\":[\"VBoxManage says no\"],\"attempts\":[{\"code\":\"vm_locked\",\
             \"message\":\"`web` is locked\",\"waited_ms\":200}]}}\n"
        );
        assert_eq!(failure_document(&locked(), Format::Table), None);
    }
}
