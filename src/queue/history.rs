use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, FailedAttempt};

/// The failed attempts of one task.
#[derive(Debug, Default)]
pub(super) struct History {
    first: Option<Error>,
    /// When the first one failed where the task is stuck now.
    stuck_since: Option<Instant>,
    failed: Vec<FailedAttempt>,
}

impl History {
    /// Notes an attempt that failed, and how long is waited after it.
    pub(super) fn note(&mut self, error: Error, waited: Option<Duration>, now: Instant) {
        self.list(&error, waited);
        self.first.get_or_insert(error);
        self.stuck_since.get_or_insert(now);
    }

    /// Returns how long ago the first attempt failed since the task got as far as it is.
    pub(super) fn since_first(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.stuck_since.unwrap_or(now))
    }

    /// Notes that what was waited for has passed.
    pub(super) fn got_further(&mut self) {
        self.stuck_since = None;
    }

    /// Returns the last attempt that failed.
    pub(super) fn last(&self) -> Option<&FailedAttempt> {
        self.failed.last()
    }

    /// Turns into the failure of a task that this one, of its last attempt, ends. What would have
    /// passed is no reason any more when something came that does not: a VM that was locked at
    /// first, and is gone by now, is gone.
    pub(super) fn decided_by(mut self, last: Error, now: Instant) -> Error {
        let may_pass = |kind: ErrorKind| kind.transient().is_some();
        let passed = self.failed.first().is_some_and(|first| may_pass(first.kind));
        if passed && !may_pass(last.kind()) {
            self.list(&last, None);
            return self.attach_to(last);
        }
        self.note(last, None, now);
        self.into_error()
    }

    /// Turns into the failure of the task: the first one is the root cause, later ones are often
    /// only its consequences.
    pub(super) fn into_error(mut self) -> Error {
        match self.first.take() {
            Some(first) => self.attach_to(first),
            None => Error::new(ErrorKind::Internal, "a task failed without a failure"),
        }
    }

    /// Turns into the cause of an attempt that was cut off by this.
    pub(super) fn cut_off_by(mut self, error: Error) -> Error {
        self.list(&error, None);
        self.ended_by(error)
    }

    /// Turns into the cause of this, which ended the task between or beside its attempts.
    pub(super) fn ended_by(mut self, error: Error) -> Error {
        let error = match self.first.take() {
            Some(first) => error.caused_by(first),
            None => error,
        };
        self.attach_to(error)
    }

    fn list(&mut self, error: &Error, waited: Option<Duration>) {
        let message = error.message().to_owned();
        self.failed.push(FailedAttempt { kind: error.kind(), message, waited });
    }

    /// Attaches the list, unless the error alone says it all.
    fn attach_to(self, error: Error) -> Error {
        let was_repeated = self.failed.first().is_some_and(|first| first.waited.is_some());
        if was_repeated { error.after(self.failed) } else { error }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::History;
    use crate::error::{Error, ErrorKind};

    const SECOND: Duration = Duration::from_secs(1);

    fn tried_once(now: Instant) -> History {
        let mut history = History::default();
        history.note(Error::new(ErrorKind::Locked, "locked"), Some(SECOND), now);
        history
    }

    #[test]
    fn the_first_failure_is_the_root_cause_and_all_are_listed() {
        let now = Instant::now();
        let mut history = tried_once(now);
        history.note(Error::new(ErrorKind::NotReady, "not ready"), None, now + SECOND);
        assert_eq!(history.since_first(now + 2 * SECOND), 2 * SECOND);
        let error = history.into_error();
        assert_eq!(error.to_string(), "locked");
        let kinds = error.attempts().iter().map(|attempt| (attempt.kind, attempt.waited));
        let expected = [(ErrorKind::Locked, Some(SECOND)), (ErrorKind::NotReady, None)];
        assert!(kinds.eq(expected));
    }

    #[test]
    fn what_does_not_pass_decides_over_what_would_have_passed() {
        let now = Instant::now();
        let gone = || Error::new(ErrorKind::VmNotFound, "no `web`").caused_by("VBoxManage said so");
        let error = tried_once(now).decided_by(gone(), now);
        assert_eq!(error.kind(), ErrorKind::VmNotFound);
        assert_eq!(error.causes(), ["VBoxManage said so"]);
        assert_eq!(error.attempts().len(), 2);
        let again = Error::new(ErrorKind::NotReady, "not ready");
        assert_eq!(tried_once(now).decided_by(again, now).kind(), ErrorKind::Locked);
        let mut unknown = History::default();
        unknown.note(Error::new(ErrorKind::OutcomeUnknown, "who knows"), Some(SECOND), now);
        assert_eq!(unknown.decided_by(gone(), now).kind(), ErrorKind::OutcomeUnknown);
        let alone = History::default().decided_by(gone(), now);
        assert!(alone.kind() == ErrorKind::VmNotFound && alone.attempts().is_empty());
    }

    #[test]
    fn a_single_failure_is_returned_as_it_is() {
        let mut history = History::default();
        history.note(Error::new(ErrorKind::VmNotFound, "no `web`"), None, Instant::now());
        let error = history.into_error();
        assert_eq!(error.kind(), ErrorKind::VmNotFound);
        assert!(error.attempts().is_empty());
    }

    #[test]
    fn what_cuts_a_task_off_keeps_the_earlier_failure_as_its_cause() {
        let late = Error::new(ErrorKind::TimedOut, "late");
        let error = tried_once(Instant::now()).cut_off_by(late);
        assert_eq!(error.causes(), ["locked"]);
        assert_eq!(error.attempts().len(), 2);
        let canceled = Error::new(ErrorKind::Canceled, "canceled");
        assert_eq!(tried_once(Instant::now()).ended_by(canceled).attempts().len(), 1);
    }
}
