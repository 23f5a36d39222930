//! When to try again: a policy that never sleeps. The queue waits.

use std::time::Duration;

use crate::error::TransientClass;

/// How often and how patiently a transient failure is tried again: exponential, factor 2, capped,
/// full jitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, the first included; at least 1.
    pub max_attempts: u32,
    /// The longest wait after the first attempt.
    pub base_delay: Duration,
    /// The longest wait after any attempt.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 8,
            base_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(5),
        }
    }
}

impl RetryPolicy {
    /// The policy of what is tried once.
    pub const ONCE: Self =
        Self { max_attempts: 1, base_delay: Duration::ZERO, max_delay: Duration::ZERO };

    /// Returns the policy for a class: what takes longer to pass is asked for less often, within
    /// the same cap.
    pub fn for_class(self, class: TransientClass) -> Self {
        let factor = match class {
            TransientClass::Lock | TransientClass::NotReady | TransientClass::Display => 1,
            TransientClass::File => 2,
            TransientClass::Service | TransientClass::Guest => 4,
            TransientClass::Ending => 10,
        };
        Self { base_delay: self.base_delay.saturating_mul(factor), ..self }
    }

    /// Returns how long to wait after the given attempt (counted from 1), or `None` if it was the
    /// last. `jitter` is in `0.0..=1.0` and spreads the wait over all of `0..=limit`.
    pub fn delay_after(&self, attempt: u32, jitter: f64) -> Option<Duration> {
        if attempt >= self.max_attempts {
            return None;
        }
        let doublings = attempt.saturating_sub(1).min(31);
        let limit = self.base_delay.saturating_mul(1 << doublings).min(self.max_delay);
        let share = if jitter.is_finite() { jitter.clamp(0.0, 1.0) } else { 1.0 };
        // Rounding may carry the longest of all durations beyond what one can hold.
        let wait = Duration::try_from_secs_f64(limit.as_secs_f64() * share).unwrap_or(limit);
        Some(wait.min(limit))
    }
}

/// Returns how long a class of transient failure is waited out in all before it counts as final
/// (source: the deadlines that existing drivers settled on, see the retry matrix in the tests).
pub fn patience(class: TransientClass) -> Duration {
    Duration::from_secs(match class {
        TransientClass::Lock => 60,
        TransientClass::Service | TransientClass::Guest | TransientClass::Ending => 30,
        TransientClass::NotReady | TransientClass::File => 15,
        TransientClass::Display => 10,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::RetryPolicy;
    use crate::error::TransientClass;

    #[test]
    fn waits_double_up_to_the_cap_and_end_with_the_last_attempt() {
        let policy = RetryPolicy { max_attempts: 5, ..RetryPolicy::default() };
        let waits: Vec<_> = (1..=5).map(|attempt| policy.delay_after(attempt, 1.0)).collect();
        let ms = |ms| Some(Duration::from_millis(ms));
        assert_eq!(waits, [ms(200), ms(400), ms(800), ms(1600), None]);
    }

    #[test]
    fn what_takes_longer_to_pass_is_asked_for_less_often() {
        let policy = RetryPolicy::default();
        let first = |class| policy.for_class(class).delay_after(1, 1.0);
        assert_eq!(first(TransientClass::Lock), Some(Duration::from_millis(200)));
        assert_eq!(first(TransientClass::Ending), Some(Duration::from_secs(2)));
        let patient = policy.for_class(TransientClass::Ending);
        assert_eq!(patient.delay_after(7, 1.0), Some(policy.max_delay));
    }

    #[test]
    fn the_longest_of_all_waits_is_no_accident() {
        let longest = Duration::MAX;
        let policy = RetryPolicy { max_attempts: 2, base_delay: longest, max_delay: longest };
        assert_eq!(policy.delay_after(1, 1.0), Some(longest));
        assert_eq!(RetryPolicy::ONCE.delay_after(1, 1.0), None);
    }

    proptest! {
        #[test]
        fn no_wait_is_above_the_cap(attempt in 0u32..100, jitter in -1.0f64..2.0) {
            let policy = RetryPolicy { max_attempts: u32::MAX, ..RetryPolicy::default() };
            prop_assert!(policy.delay_after(attempt, jitter).unwrap() <= policy.max_delay);
        }
    }
}
