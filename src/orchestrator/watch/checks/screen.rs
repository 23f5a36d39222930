use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;

use crate::error::Error;
use crate::metrics::{Checkup, VmHealthCheck};
use crate::model::{Vm, VmRef};
use crate::orchestrator::VmOrchestrator;
use crate::screen;

/// Whether the screen has changed lately. An idle guest's may rightly stand still: who knows of
/// something that moves on it, such as a clock, asks for this.
#[derive(Debug)]
pub(super) struct Screen {
    orchestrator: VmOrchestrator,
    frozen: Duration,
    last: Mutex<Option<Still>>,
}

/// A picture, and since when it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Still {
    hash: String,
    since: SystemTime,
}

impl Screen {
    pub(super) fn new(orchestrator: VmOrchestrator, frozen: Duration) -> Self {
        Self { orchestrator, frozen, last: Mutex::default() }
    }
}

#[async_trait]
impl VmHealthCheck for Screen {
    async fn check(&self, vm: &Vm) -> Result<Checkup, Error> {
        let png = self.orchestrator.picture(&VmRef::from(vm.id)).await?;
        let hash = screen::content_hash(&screen::decode_png(&png)?);
        let now = self.orchestrator.now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (still, found) = judge(last.take(), hash, now, self.frozen);
        *last = Some(still);
        Ok(found)
    }
}

fn judge(last: Option<Still>, hash: String, now: SystemTime, frozen: Duration) -> (Still, Checkup) {
    let Some(last) = last.filter(|last| last.hash == hash) else {
        return (Still { hash, since: now }, Checkup::healthy("its screen changed"));
    };
    let stands = now.duration_since(last.since).unwrap_or_default();
    let evidence = format!("its screen has not changed for {} s", stands.as_secs());
    let found = if frozen <= stands {
        Checkup::unhealthy(evidence)
    } else {
        // The same words every time: nothing has happened yet.
        Checkup::healthy("its screen changed lately")
    };
    (last, found)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::judge;
    use crate::model::Health::{Healthy, Unhealthy};

    #[test]
    fn a_screen_is_frozen_when_it_stood_still_for_long_enough_and_one_change_ends_that() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let frozen = Duration::from_mins(1);
        let mut last = None;
        let mut health = Vec::new();
        for (second, hash) in [(0, "a"), (59, "a"), (60, "a"), (70, "a"), (80, "b"), (139, "b")] {
            let (still, found) = judge(last.take(), hash.to_owned(), at(second), frozen);
            last = Some(still);
            health.push(found.health);
        }
        assert_eq!(health, [Healthy, Healthy, Unhealthy, Unhealthy, Healthy, Healthy]);
    }
}
