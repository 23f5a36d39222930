use serde::Serialize;

use super::millis;
use super::path;
use super::vm::ForwardShape;
use crate::error::{Error, FailedAttempt};
use crate::model::Evidence;

#[derive(Debug, Serialize)]
pub(crate) struct FailureShape {
    code: &'static str,
    message: String,
    hint: Option<String>,
    vm: Option<String>,
    retryable: bool,
    causes: Vec<String>,
    attempts: Vec<AttemptShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceShape>,
}

#[derive(Debug, Serialize)]
struct EvidenceShape {
    state: Option<String>,
    addresses: Vec<String>,
    forwards: Vec<ForwardShape>,
    guest_additions_run_level: Option<u32>,
    log: Vec<String>,
    screenshot: Option<String>,
}

#[derive(Debug, Serialize)]
struct AttemptShape {
    code: &'static str,
    message: String,
    waited_ms: Option<u64>,
}

impl From<&Error> for FailureShape {
    fn from(error: &Error) -> Self {
        Self {
            code: error.kind().code(),
            message: error.message().to_owned(),
            hint: error.next_step().map(ToOwned::to_owned),
            vm: error.vm().map(ToOwned::to_owned),
            retryable: error.kind().transient().is_some(),
            causes: error.causes(),
            attempts: error.attempts().iter().map(AttemptShape::from).collect(),
            evidence: error.evidence().map(EvidenceShape::from),
        }
    }
}

impl From<&Evidence> for EvidenceShape {
    fn from(found: &Evidence) -> Self {
        Self {
            state: found.state.as_ref().map(ToString::to_string),
            addresses: found.addresses.iter().map(ToString::to_string).collect(),
            forwards: found.forwards.iter().map(ForwardShape::from).collect(),
            guest_additions_run_level: found.run_level,
            log: found.log.clone(),
            screenshot: found.screenshot.as_deref().map(path),
        }
    }
}

impl From<&FailedAttempt> for AttemptShape {
    fn from(attempt: &FailedAttempt) -> Self {
        Self {
            code: attempt.kind.code(),
            message: attempt.message.clone(),
            waited_ms: attempt.waited.map(millis),
        }
    }
}
