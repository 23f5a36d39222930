use std::time::{Duration, Instant};

use crate::model::Priority;

/// A task's place in the order, fixed when it enters: the smallest is next.
///
/// The moment at which a task's patience ends orders all but the critical ones. So an urgent task
/// overtakes, a patient one is never overtaken for longer than its patience, and no timer has to
/// raise anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    band: Band,
    patient_until: Instant,
    sequence: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Band {
    Critical,
    Ordinary,
}

impl Rank {
    /// Ranks a task that entered at this time, as the one of this number.
    pub(super) fn new(priority: Priority, entered: Instant, sequence: u64) -> Self {
        let band = match priority {
            Priority::Critical => Band::Critical,
            Priority::High | Priority::Medium | Priority::Low => Band::Ordinary,
        };
        Self { band, patient_until: entered + patience(priority), sequence }
    }
}

/// Returns for how long a task of this priority lets later ones overtake it.
pub(super) fn patience(priority: Priority) -> Duration {
    Duration::from_secs(match priority {
        Priority::Critical => 0,
        Priority::High => 2,
        Priority::Medium => 30,
        Priority::Low => 5 * 60,
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Rank;
    use crate::model::Priority;

    #[test]
    fn the_urgent_overtake_until_patience_ends_and_equals_keep_their_order() {
        let start = Instant::now();
        let rank = |priority, secs, sequence| {
            Rank::new(priority, start + Duration::from_secs(secs), sequence)
        };
        let low = rank(Priority::Low, 0, 1);
        assert!(rank(Priority::Medium, 269, 2) < low);
        assert!(rank(Priority::Medium, 271, 3) > low);
        assert!(rank(Priority::High, 297, 4) < low);
        assert!(rank(Priority::High, 299, 5) > low);
        assert!(rank(Priority::Critical, 9999, 6) < low);
        assert!(low < rank(Priority::Low, 0, 7));
    }
}
