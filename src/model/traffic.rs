use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What went through a VM's network cards and disks, in bytes: since it was started, or in a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Traffic {
    /// What came in by its network cards.
    pub received: u64,
    /// What went out by them.
    pub sent: u64,
    /// What was read from its disks.
    pub read: u64,
    /// What was written to them.
    pub written: u64,
}

impl Traffic {
    /// Returns what went through in a second, of what did since an earlier moment.
    pub fn each_second(self, earlier: Self, span: Duration) -> Self {
        let rate = |now: u64, then: u64| {
            let millis = span.as_millis().max(1);
            let bytes = u128::from(now.saturating_sub(then)) * 1000 / millis;
            u64::try_from(bytes).unwrap_or(u64::MAX)
        };
        Self {
            received: rate(self.received, earlier.received),
            sent: rate(self.sent, earlier.sent),
            read: rate(self.read, earlier.read),
            written: rate(self.written, earlier.written),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Traffic;

    #[test]
    fn a_rate_is_what_came_by_the_time_it_took() {
        let then = Traffic { received: 1000, sent: 0, read: 50, written: 7 };
        let now = Traffic { received: 4000, sent: 10, read: 50, written: 3 };
        let rate = now.each_second(then, Duration::from_millis(1500));
        // A counter that begins anew has counted nothing.
        assert_eq!(rate, Traffic { received: 2000, sent: 6, read: 0, written: 0 });
        assert_eq!(now.each_second(then, Duration::ZERO).received, 3_000_000);
    }
}
