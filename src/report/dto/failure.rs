use serde::Serialize;

use super::millis;
use crate::error::{Error, FailedAttempt};

#[derive(Debug, Serialize)]
pub(crate) struct FailureShape {
    code: &'static str,
    message: String,
    hint: Option<String>,
    vm: Option<String>,
    retryable: bool,
    causes: Vec<String>,
    attempts: Vec<AttemptShape>,
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
