use serde::Serialize;
use serde_json::{Value, json};

use super::{millis, moment};
use crate::model::{Clue, Health, Trouble};
use crate::report::document::{SCHEMA, value};
use crate::request::{Outcome, RecoveryReport, WatchEvent, WatchEventKind, Watched};

/// What was wrong with a VM, and what was done about it.
#[derive(Debug, Serialize)]
pub(crate) struct RecoveryItem {
    vm: String,
    action: &'static str,
    changed: bool,
    /// The state afterwards, or as it was found if nothing was done.
    state: String,
    found_state: String,
    trouble: Option<&'static str>,
    message: Option<String>,
    clues: Vec<ClueShape>,
    log: Vec<String>,
    disk_free_bytes: Option<u64>,
    steps: Vec<&'static str>,
    notes: Vec<String>,
    took_ms: u64,
}

#[derive(Debug, Serialize)]
struct ClueShape {
    kind: &'static str,
    message: String,
}

impl From<&RecoveryReport> for RecoveryItem {
    fn from(report: &RecoveryReport) -> Self {
        let clue =
            |clue: &Clue| ClueShape { kind: clue.kind.as_str(), message: clue.message.clone() };
        Self {
            vm: report.vm.clone(),
            action: "recover",
            changed: report.outcome == Outcome::Changed,
            state: report.state.as_ref().unwrap_or(&report.found).to_string(),
            found_state: report.found.to_string(),
            trouble: report.trouble.as_ref().map(Trouble::as_str),
            message: report.trouble.as_ref().map(ToString::to_string),
            clues: report.clues.iter().map(clue).collect(),
            log: report.last_lines.clone(),
            disk_free_bytes: report.disk_free,
            steps: report.steps.iter().map(|step| step.as_str()).collect(),
            notes: report.notes.clone(),
            took_ms: millis(report.took),
        }
    }
}

/// What looking after a VM came to.
#[derive(Debug, Serialize)]
pub(crate) struct WatchedItem {
    vm: String,
    state: Option<String>,
    standing: &'static str,
    why: Option<String>,
    checks: Vec<CheckShape>,
    looks: u64,
    recoveries: u64,
}

#[derive(Debug, Serialize)]
struct CheckShape {
    name: String,
    health: &'static str,
    evidence: String,
}

impl From<&Watched> for WatchedItem {
    fn from(watched: &Watched) -> Self {
        let check = |(name, health, evidence): &(String, Health, String)| CheckShape {
            name: name.clone(),
            health: health.as_str(),
            evidence: evidence.clone(),
        };
        Self {
            vm: watched.vm.clone(),
            state: watched.state.as_ref().map(ToString::to_string),
            standing: watched.standing.as_str(),
            why: watched.standing.why().map(str::to_owned),
            checks: watched.checks.iter().map(check).collect(),
            looks: watched.looks,
            recoveries: watched.recoveries,
        }
    }
}

/// One event of `watch`; what an event does not tell of is null.
#[derive(Debug, Serialize)]
struct EventShape {
    schema: u32,
    event: &'static str,
    at: String,
    vm: String,
    message: String,
    state: Option<String>,
    check: Option<String>,
    health: Option<&'static str>,
    trouble: Option<&'static str>,
    policy: Option<&'static str>,
    number: Option<usize>,
    limit: Option<usize>,
    steps: Option<Value>,
    recovery: Option<RecoveryItem>,
    error: Option<Value>,
}

/// Returns the object that programs read of an event.
pub(in crate::report) fn event(event: &WatchEvent, message: String) -> Value {
    let mut shape = EventShape {
        schema: SCHEMA,
        event: word(&event.kind),
        at: moment(event.at),
        vm: event.vm.clone(),
        message,
        state: None,
        check: None,
        health: None,
        trouble: None,
        policy: None,
        number: None,
        limit: None,
        steps: None,
        recovery: None,
        error: None,
    };
    match &event.kind {
        WatchEventKind::Watching
        | WatchEventKind::WatchedElsewhere { .. }
        | WatchEventKind::GaveUp(_) => {}
        WatchEventKind::State(state) => shape.state = Some(state.to_string()),
        WatchEventKind::Health { check, health, .. } => {
            shape.check = Some(check.clone());
            shape.health = Some(health.as_str());
        }
        WatchEventKind::Harmed(trouble) => shape.trouble = Some(trouble.as_str()),
        WatchEventKind::Recovering { trouble, policy, number, limit } => {
            shape.trouble = Some(trouble.as_str());
            shape.policy = Some(policy.as_str());
            shape.number = Some(*number);
            shape.limit = Some(*limit);
        }
        WatchEventKind::Recovered(report) => {
            shape.trouble = report.trouble.as_ref().map(Trouble::as_str);
            shape.recovery = Some(RecoveryItem::from(report.as_ref()));
        }
        WatchEventKind::Rehearsed(steps) => shape.steps = Some(json!(steps)),
        WatchEventKind::RecoveryFailed(failed) => {
            shape.error = Some(json!({
                "code": failed.code, "message": failed.message, "hint": failed.hint
            }));
        }
    }
    value(&shape)
}

fn word(kind: &WatchEventKind) -> &'static str {
    match kind {
        WatchEventKind::Watching => "watching",
        WatchEventKind::WatchedElsewhere { .. } => "watched_elsewhere",
        WatchEventKind::State(_) => "state",
        WatchEventKind::Health { .. } => "health",
        WatchEventKind::Harmed(_) => "harmed",
        WatchEventKind::Recovering { .. } => "recovering",
        WatchEventKind::Recovered(_) => "recovered",
        WatchEventKind::Rehearsed(_) => "rehearsed",
        WatchEventKind::RecoveryFailed(_) => "recovery_failed",
        WatchEventKind::GaveUp(_) => "gave_up",
    }
}
