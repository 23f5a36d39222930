use serde_json::{Value, json};

use super::cell::visible;
use super::document::{SCHEMA, value};
use super::dto::FailureShape;
use super::paint::Tone;
use super::{Format, Paint, human, json, yaml};
use crate::error::Error;
use crate::model::Evidence;

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
    for (label, told) in error.evidence().map(evidence).unwrap_or_default() {
        text += &line(Tone::Dim, &format!("  {label}:"), &told);
    }
    if let Some(hint) = error.next_step() {
        text += &line(Tone::Good, "  try:", hint);
    }
    text
}

/// Returns what was found of a VM, each with its label.
fn evidence(found: &Evidence) -> Vec<(&'static str, String)> {
    let joined = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join(", "));
    let mut told = Vec::new();
    let mut add = |label, text: Option<String>| told.extend(text.map(|text| (label, text)));
    add("state", found.state.as_ref().map(ToString::to_string));
    add("addresses", joined(found.addresses.iter().map(ToString::to_string).collect()));
    add("forwards", joined(found.forwards.iter().map(ToString::to_string).collect()));
    add("guest additions", found.run_level.map(|level| format!("run level {level}")));
    for line in &found.log {
        add("log", Some(line.clone()));
    }
    add("screen", found.screenshot.as_ref().map(|file| file.display().to_string()));
    told
}

/// Returns a failure as one value: what JSON shows of it.
pub fn failure_value(error: &Error) -> Value {
    json!({ "schema": SCHEMA, "error": value(&FailureShape::from(error)) })
}

/// Renders a failure for programs; `None` in formats for people.
pub fn failure_document(error: &Error, format: Format) -> Option<String> {
    let whole = failure_value(error);
    match format {
        Format::Json => Some(json::pretty(&whole)),
        Format::JsonLines => Some(format!("{whole}\n")),
        Format::Yaml => yaml::text(&whole).ok(),
        Format::Table
        | Format::Plain
        | Format::Csv
        | Format::Names
        | Format::Prometheus
        | Format::Tree => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Detail, failure_document, failure_lines};
    use crate::error::{Error, ErrorKind, FailedAttempt};
    use crate::model::{Evidence, VmState};
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
    fn what_was_found_of_the_vm_is_told_to_people_and_programs() {
        let found = Evidence {
            state: Some(VmState::Running),
            addresses: vec![[10, 0, 2, 15].into()],
            forwards: Vec::new(),
            run_level: Some(0),
            log: vec!["00:00:01 one".to_owned(), "00:00:02 two".to_owned()],
            screenshot: Some("/state/web.png".into()),
        };
        let late = Error::new(ErrorKind::TimedOut, "waited 1 s").hint("look").found(found);
        assert_eq!(
            failure_lines(&late, Detail::Usual, Paint::None),
            "error: waited 1 s\n  state: running\n  addresses: 10.0.2.15\n  guest additions: \
             run level 0\n  log: 00:00:01 one\n  log: 00:00:02 two\n  screen: /state/web.png\n  \
             try: look\n"
        );
        let line = failure_document(&late, Format::JsonLines).expect("a shape");
        let shape: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        let evidence = &shape["error"]["evidence"];
        assert_eq!(evidence["state"], "running");
        assert_eq!(evidence["guest_additions_run_level"], 0);
        assert_eq!(evidence["log"][1], "00:00:02 two");
        assert_eq!(evidence["screenshot"], "/state/web.png");
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
