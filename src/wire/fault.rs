use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, FailedAttempt};
use crate::model::Evidence;

/// A failure that travels.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Fault {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    vm: Option<String>,
    causes: Vec<String>,
    attempts: Vec<FailedAttempt>,
    given_up: bool,
    evidence: Option<Evidence>,
}

impl From<&Error> for Fault {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind(),
            message: error.message().to_owned(),
            hint: error.next_step().map(ToOwned::to_owned),
            vm: error.vm().map(ToOwned::to_owned),
            causes: error.causes(),
            attempts: error.attempts().to_vec(),
            given_up: error.is_given_up(),
            evidence: error.evidence().cloned(),
        }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let mut error = Self::new(fault.kind, fault.message).after(fault.attempts);
        error = fault.hint.into_iter().fold(error, Self::hint);
        error = fault.vm.into_iter().fold(error, Self::about);
        error = fault.evidence.into_iter().fold(error, Self::found);
        if fault.given_up {
            error = error.given_up();
        }
        // The deepest cause is inside the others.
        let causes = fault.causes.into_iter().rev();
        let cause = causes.fold(None, |inner: Option<Self>, message| {
            let cause = Self::new(fault.kind, message);
            Some(inner.into_iter().fold(cause, Self::caused_by))
        });
        cause.into_iter().fold(error, Self::caused_by)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Fault;
    use crate::error::{Error, ErrorKind, FailedAttempt};
    use crate::model::Evidence;

    #[test]
    fn a_failure_arrives_with_all_that_is_told_of_it() {
        let deep = Error::new(ErrorKind::Io, "the disk is slow");
        let cause = Error::new(ErrorKind::ProgramFailed, "VBoxManage says no").caused_by(deep);
        let attempt = FailedAttempt {
            kind: ErrorKind::Locked,
            message: "`web` is locked".to_owned(),
            waited: Some(Duration::from_millis(200)),
        };
        let error = Error::new(ErrorKind::Locked, "`web` is locked")
            .hint("close its window")
            .about("web")
            .caused_by(cause)
            .after(vec![attempt])
            .found(Evidence { run_level: Some(2), ..Evidence::default() })
            .given_up();
        let text = serde_json::to_string(&Fault::from(&error)).unwrap();
        let arrived = Error::from(serde_json::from_str::<Fault>(&text).unwrap());
        assert_eq!(arrived.kind(), error.kind());
        assert_eq!(arrived.message(), error.message());
        assert_eq!(arrived.next_step(), error.next_step());
        assert_eq!(arrived.vm(), error.vm());
        assert_eq!(arrived.attempts(), error.attempts());
        assert_eq!(arrived.evidence(), error.evidence());
        assert!(arrived.is_given_up());
        assert_eq!(arrived.causes(), ["VBoxManage says no", "the disk is slow"]);
    }
}
