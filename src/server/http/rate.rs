use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many addresses are remembered; then those that have been quiet are forgotten.
const MOST: usize = 10_000;

/// How fast each address may ask: so many at once after a pause, so many a second in the long run.
#[derive(Debug)]
pub(super) struct Rate {
    per_second: u32,
    spent: Mutex<HashMap<IpAddr, Instant>>,
}

impl Rate {
    /// Allows so many requests a second.
    pub(super) fn new(per_second: u32) -> Self {
        Self { per_second: per_second.max(1), spent: Mutex::default() }
    }

    /// Returns whether one more request is allowed, and counts it if it is.
    ///
    /// Each request costs its share of a second; who has spent more than two seconds ahead of the
    /// clock has to wait.
    pub(super) fn allows(&self, who: IpAddr, now: Instant) -> bool {
        let cost = Duration::from_secs(1) / self.per_second;
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if MOST <= spent.len() {
            spent.retain(|_, until| now < *until);
        }
        let until = spent.get(&who).copied().unwrap_or(now).max(now) + cost;
        let allowed = until <= now + Duration::from_secs(2);
        if allowed {
            spent.insert(who, until);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::{Duration, Instant};

    use super::Rate;

    #[test]
    fn who_asks_too_fast_waits_and_nobody_else() {
        let (rate, now) = (Rate::new(10), Instant::now());
        let [one, other] = [1, 2].map(|it| IpAddr::from(Ipv4Addr::new(10, 0, 0, it)));
        let allowed = (0..100).filter(|_| rate.allows(one, now)).count();
        assert_eq!(allowed, 20);
        assert!(rate.allows(other, now));
        let later = now + Duration::from_secs(1);
        assert_eq!((0..100).filter(|_| rate.allows(one, later)).count(), 10);
    }
}
