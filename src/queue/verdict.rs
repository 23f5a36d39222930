use std::time::Duration;

use super::{Probe, Repeat};
use crate::error::ErrorKind;
use crate::retry::{self, RetryPolicy};

/// How long a change whose outcome is unknown, and that did not happen, is tried again.
const UNKNOWN_PATIENCE: Duration = Duration::from_mins(1);

/// What becomes of a task after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It happened after all.
    Done,
    /// It is tried again after this time.
    Again {
        /// How long to wait.
        after: Duration,
    },
    /// It has failed for good.
    Failed,
}

/// A failed attempt, as the verdict needs to know it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failure {
    /// The kind of failure.
    pub(super) kind: ErrorKind,
    /// What was found out about its effect, if it was asked for.
    pub(super) probe: Option<Probe>,
    /// Which attempt, from 1.
    pub(super) attempt: u32,
    /// How long ago the first attempt of the task failed.
    pub(super) since_first: Duration,
    /// How much time the task has left; `None` is without limit.
    pub(super) left: Option<Duration>,
}

/// Returns whether it must be found out if a failed attempt had its effect.
pub(super) fn is_to_be_probed(kind: ErrorKind, repeat: Repeat) -> bool {
    repeat == Repeat::Probe && may_pass(kind)
}

/// Decides about a failed attempt: trying again needs a failure that may pass, and a permission.
/// `jitter` is in `0.0..=1.0`.
pub(super) fn judge(
    failure: &Failure,
    repeat: Repeat,
    policy: &RetryPolicy,
    jitter: f64,
) -> Verdict {
    if !may_pass(failure.kind) {
        return Verdict::Failed;
    }
    match (repeat, failure.probe) {
        (Repeat::Probe, Some(Probe::Happened)) => return Verdict::Done,
        (Repeat::Probe, Some(Probe::DidNotHappen)) => {}
        (Repeat::Safe, _) if failure.kind.transient().is_some() => {}
        (Repeat::Safe | Repeat::Never, _) | (Repeat::Probe, Some(Probe::Unknown) | None) => {
            return Verdict::Failed;
        }
    }
    let class = failure.kind.transient();
    let policy = class.map_or(*policy, |class| policy.for_class(class));
    let Some(after) = policy.delay_after(failure.attempt, jitter) else { return Verdict::Failed };
    let patience = class.map_or(UNKNOWN_PATIENCE, retry::patience);
    let is_too_late = failure.since_first.saturating_add(after) > patience
        || failure.left.is_some_and(|left| after >= left);
    if is_too_late { Verdict::Failed } else { Verdict::Again { after } }
}

/// Returns the kind of failure of a task whose deadline passed during an attempt; `None` if it
/// happened after all.
pub(super) fn judge_late(repeat: Repeat, probe: Option<Probe>) -> Option<ErrorKind> {
    match (repeat, probe) {
        (Repeat::Probe, Some(Probe::Happened)) => None,
        (Repeat::Safe, _) | (Repeat::Probe, Some(Probe::DidNotHappen)) => Some(ErrorKind::TimedOut),
        (Repeat::Never, _) | (Repeat::Probe, Some(Probe::Unknown) | None) => {
            Some(ErrorKind::OutcomeUnknown)
        }
    }
}

fn may_pass(kind: ErrorKind) -> bool {
    kind.transient().is_some() || kind == ErrorKind::OutcomeUnknown
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Failure, Verdict, is_to_be_probed, judge, judge_late};
    use crate::error::ErrorKind;
    use crate::queue::{Probe, Repeat};
    use crate::retry::RetryPolicy;

    const FIRST: Failure = Failure {
        kind: ErrorKind::Locked,
        probe: None,
        attempt: 1,
        since_first: Duration::ZERO,
        left: None,
    };

    fn verdict(failure: Failure, repeat: Repeat) -> Verdict {
        judge(&failure, repeat, &RetryPolicy::default(), 1.0)
    }

    const fn again(millis: u64) -> Verdict {
        Verdict::Again { after: Duration::from_millis(millis) }
    }

    #[test]
    fn trying_again_needs_a_failure_that_may_pass_and_a_permission() {
        use ErrorKind::{InvalidState, Locked, OutcomeUnknown};
        use Probe::{DidNotHappen, Happened, Unknown};
        for (kind, repeat, probe, expected) in [
            (Locked, Repeat::Safe, None, again(200)),
            (Locked, Repeat::Never, None, Verdict::Failed),
            (Locked, Repeat::Probe, None, Verdict::Failed),
            (Locked, Repeat::Probe, Some(Unknown), Verdict::Failed),
            (Locked, Repeat::Probe, Some(DidNotHappen), again(200)),
            (Locked, Repeat::Probe, Some(Happened), Verdict::Done),
            (OutcomeUnknown, Repeat::Safe, None, Verdict::Failed),
            (OutcomeUnknown, Repeat::Never, None, Verdict::Failed),
            (OutcomeUnknown, Repeat::Probe, Some(Unknown), Verdict::Failed),
            (OutcomeUnknown, Repeat::Probe, Some(DidNotHappen), again(200)),
            (OutcomeUnknown, Repeat::Probe, Some(Happened), Verdict::Done),
            (InvalidState, Repeat::Safe, None, Verdict::Failed),
            (InvalidState, Repeat::Probe, Some(Happened), Verdict::Failed),
        ] {
            let failure = Failure { kind, probe, ..FIRST };
            assert_eq!(verdict(failure, repeat), expected, "{kind:?} {repeat:?} {probe:?}");
        }
    }

    #[test]
    fn what_happened_is_done_even_after_the_last_attempt() {
        let last = Failure { attempt: 8, probe: Some(Probe::Happened), ..FIRST };
        assert_eq!(verdict(last, Repeat::Probe), Verdict::Done);
        assert_eq!(verdict(Failure { probe: None, ..last }, Repeat::Safe), Verdict::Failed);
    }

    #[test]
    fn no_wait_goes_beyond_the_deadline_or_the_patience_of_its_class() {
        let left = |millis| Failure { left: Some(Duration::from_millis(millis)), ..FIRST };
        assert_eq!(verdict(left(200), Repeat::Safe), Verdict::Failed);
        assert_eq!(verdict(left(201), Repeat::Safe), again(200));
        let since = |millis| Failure { since_first: Duration::from_millis(millis), ..FIRST };
        assert_eq!(verdict(since(59_800), Repeat::Safe), again(200));
        assert_eq!(verdict(since(59_801), Repeat::Safe), Verdict::Failed);
    }

    #[test]
    fn a_deadline_in_the_middle_of_a_change_leaves_the_outcome_unknown() {
        let unknown = Some(ErrorKind::OutcomeUnknown);
        assert_eq!(judge_late(Repeat::Safe, None), Some(ErrorKind::TimedOut));
        assert_eq!(judge_late(Repeat::Never, None), unknown);
        assert_eq!(judge_late(Repeat::Probe, Some(Probe::Unknown)), unknown);
        let did_not = Some(Probe::DidNotHappen);
        assert_eq!(judge_late(Repeat::Probe, did_not), Some(ErrorKind::TimedOut));
        assert_eq!(judge_late(Repeat::Probe, Some(Probe::Happened)), None);
    }

    #[test]
    fn only_what_may_be_tried_again_is_probed() {
        assert!(is_to_be_probed(ErrorKind::OutcomeUnknown, Repeat::Probe));
        assert!(!is_to_be_probed(ErrorKind::OutcomeUnknown, Repeat::Safe));
        assert!(!is_to_be_probed(ErrorKind::VmNotFound, Repeat::Probe));
    }

    proptest! {
        #[test]
        fn a_task_is_never_tried_more_often_than_its_policy_says(
            max_attempts in 0u32..20, jitter in 0.0f64..=1.0,
        ) {
            let policy = RetryPolicy { max_attempts, ..RetryPolicy::default() };
            let again = (1..=50).take_while(|attempt| {
                let failure = Failure { attempt: *attempt, ..FIRST };
                judge(&failure, Repeat::Safe, &policy, jitter) != Verdict::Failed
            });
            prop_assert_eq!(again.count(), usize::try_from(max_attempts.saturating_sub(1)).unwrap());
        }
    }
}
