use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How far a copy must have got since it was last told, in percent.
const STEP: u64 = 10;

/// It is told after so long, however far it got.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tells now and then how far a copy is. Pure: time comes in.
#[derive(Debug)]
pub(super) struct Progress {
    begun: Instant,
    told: Mutex<(Instant, u64)>,
}

impl Progress {
    pub(super) fn new(now: Instant) -> Self {
        Self { begun: now, told: Mutex::new((now, 0)) }
    }

    /// Returns what is worth telling, if anything is.
    pub(super) fn line(&self, done: u64, all: u64, now: Instant) -> Option<String> {
        let percent = done.saturating_mul(100).checked_div(all)?;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = told.1 + STEP <= percent || told.0 + PATIENCE <= now;
        if !is_due || done == 0 {
            return None;
        }
        *told = (now, percent);
        let seconds = now.saturating_duration_since(self.begun).as_secs().max(1);
        Some(format!("{percent}% of {}, {}/s", bytes(all), bytes(done / seconds)))
    }
}

/// Writes an amount of bytes in whole units.
fn bytes(amount: u64) -> String {
    match amount {
        0..10_000 => format!("{amount} B"),
        10_000..10_000_000 => format!("{} kB", amount / 1000),
        10_000_000.. => format!("{} MB", amount / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Progress;

    #[test]
    fn it_is_told_in_steps_and_when_it_takes_long() {
        let begun = Instant::now();
        let after = |seconds| begun + Duration::from_secs(seconds);
        let progress = Progress::new(begun);
        assert_eq!(progress.line(90, 1000, after(1)), None);
        let told = progress.line(100_000, 1_000_000, after(2));
        assert_eq!(told.as_deref(), Some("10% of 1000 kB, 50 kB/s"));
        assert_eq!(progress.line(110_000, 1_000_000, after(3)), None);
        let told = progress.line(120_000, 1_000_000, after(8));
        assert_eq!(told.as_deref(), Some("12% of 1000 kB, 15 kB/s"));
        assert_eq!(progress.line(0, 0, after(20)), None, "there is nothing to copy");
    }
}
