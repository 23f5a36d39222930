use std::time::{Duration, SystemTime};

/// How long simulated guests take, counted from their power-on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Until the screen has a mode.
    pub display: Duration,
    /// Until commands can be run.
    pub userland: Duration,
    /// Until the desktop is there.
    pub desktop: Duration,
    /// From the power button to off.
    pub shutdown: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            display: Duration::from_millis(200),
            userland: Duration::from_secs(1),
            desktop: Duration::from_secs(2),
            shutdown: Duration::from_secs(1),
        }
    }
}

/// The moment of a call, and the pace at which guests live.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Milliseconds since 1970.
    pub(super) ms: u64,
    /// How long guests take.
    pub(super) pace: Pace,
}

impl Moment {
    /// Reads a clock's answer; one before 1970 counts as 1970.
    pub(super) fn new(time: SystemTime, pace: Pace) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { ms: millis(since), pace }
    }
}

/// Returns a span in milliseconds, saturating.
pub(super) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
