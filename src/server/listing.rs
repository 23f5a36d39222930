use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::Error;
use crate::model::{VmId, VmSummary};
use crate::orchestrator::VmOrchestrator;

/// The VMs as they were at the last look, so that who asks often costs nothing.
#[derive(Debug, Default)]
pub(super) struct Listing {
    last: Mutex<Option<Look>>,
    /// How often something may have changed; a look that began before is worth nothing after.
    changes: AtomicU64,
}

#[derive(Debug)]
struct Look {
    at: Instant,
    changes: u64,
    vms: Vec<VmSummary>,
}

/// What was found, and how long ago.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) vms: Vec<VmSummary>,
    pub(super) age: Duration,
}

impl Listing {
    /// Returns what was found at most so long ago. Who asks while somebody looks waits for that
    /// look.
    pub(super) async fn within(
        &self,
        age: Duration,
        orchestrator: &VmOrchestrator,
    ) -> Result<Listed, Error> {
        let mut last = self.last.lock().await;
        let changes = self.changes.load(Ordering::Acquire);
        let fits = |it: &&Look| it.changes == changes && it.at.elapsed() <= age;
        if let Some(look) = last.as_ref().filter(fits) {
            return Ok(Listed { vms: look.vms.clone(), age: look.at.elapsed() });
        }
        let at = Instant::now();
        let vms = orchestrator.afresh().initialize().await?;
        *last = Some(Look { at, changes, vms: vms.clone() });
        Ok(Listed { vms, age: at.elapsed() })
    }

    /// Looks in any case.
    pub(super) async fn afresh(
        &self,
        orchestrator: &VmOrchestrator,
    ) -> Result<Vec<VmSummary>, Error> {
        self.outdate();
        self.within(Duration::ZERO, orchestrator).await.map(|it| it.vms)
    }

    /// Says that something may have changed.
    pub(super) fn outdate(&self) {
        self.changes.fetch_add(1, Ordering::Release);
    }

    /// Returns the name of a VM, or its UUID if it has none any more.
    pub(super) async fn name_of(&self, id: VmId, orchestrator: &VmOrchestrator) -> String {
        let known = self.within(Duration::from_mins(1), orchestrator).await;
        let known = known.map(|it| it.vms).unwrap_or_default();
        let found = known.into_iter().find(|it| it.id == id);
        found.map_or_else(|| id.to_string(), |it| it.name)
    }
}
