use std::sync::Arc;

use tokio::task::JoinSet;

use super::guard::{Guard, Named};
use crate::config::Settings;
use crate::error::{Error, ErrorKind};
use crate::model::{VmRef, VmSummary};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::naming::{self, Meant};
use crate::request::{Credentials, GuestCommand, IfOff, WatchEnd, WatchEvent, WatchPlan, Watched};

/// Hears what is told while VMs are looked after.
pub trait EventSink: Send + Sync {
    /// Takes an event. Quickly: the VM waits.
    fn hear(&self, event: &WatchEvent);
}

/// Returns how VMs are looked after as it is configured, until it is canceled.
pub fn watch_plan(settings: &Settings) -> WatchPlan {
    let Settings { recovery, watch, .. } = settings;
    WatchPlan {
        policy: recovery.policy,
        snapshot: recovery.snapshot.clone(),
        max_recoveries: recovery.max_recoveries,
        window: recovery.window,
        if_off: IfOff::Leave,
        checks: watch.checks.clone(),
        warnings: watch.warnings.clone(),
        failures: watch.failures,
        grace: watch.grace,
        frozen: watch.frozen,
        command: GuestCommand { line: watch.command.clone(), credentials: Credentials::default() },
        interval: watch.interval,
        until: WatchEnd::Never,
    }
}

impl VmOrchestrator {
    /// Looks after VMs, each at its own pace, until the plan ends, all were given up, or it is
    /// canceled; that is no failure. A name that means no VM is one, before anything is done.
    pub async fn watch(
        &self,
        vms: &[VmRef],
        plan: WatchPlan,
        sink: Arc<dyn EventSink>,
    ) -> Result<Vec<Watched>, Error> {
        let named = self.named(vms).await?;
        let plan = Arc::new(plan);
        let mut guards = JoinSet::new();
        for (place, vm) in named.into_iter().enumerate() {
            let guard = Guard::new(self.clone(), vm, Arc::clone(&plan), Arc::clone(&sink))?;
            guards.spawn(async move { (place, guard.keep().await) });
        }
        let mut watched = Vec::new();
        while let Some(ended) = guards.join_next().await {
            let broken =
                |e| Error::new(ErrorKind::Internal, "looking after a VM broke off").caused_by(e);
            watched.push(ended.map_err(broken)?);
        }
        watched.sort_by_key(|(place, _)| *place);
        Ok(watched.into_iter().map(|(_, watched)| watched).collect())
    }

    /// Finds every VM, each once: a supervisor must not begin with a name that is misspelt.
    async fn named(&self, vms: &[VmRef]) -> Result<Vec<Named>, Error> {
        let listed = self.list().await?;
        let mut found: Vec<Named> = Vec::new();
        for vm in vms {
            let one = find(vm, &listed)?;
            if !found.iter().any(|known| known.id == one.id) {
                found.push(Named { id: one.id, name: one.name.clone() });
            }
        }
        Ok(found)
    }
}

fn find<'a>(vm: &VmRef, listed: &'a [VmSummary]) -> Result<&'a VmSummary, Error> {
    let is_it = |it: &&VmSummary| vm.as_id().map_or(it.name == vm.as_str(), |id| it.id == id);
    if let Some(found) = listed.iter().find(is_it) {
        return Ok(found);
    }
    let missing = || Error::new(ErrorKind::VmNotFound, format!("there is no VM `{vm}`")).about(vm);
    match naming::meant(vm, listed) {
        Meant::Vm(id) => listed.iter().find(|it| id.as_id() == Some(it.id)).ok_or_else(missing),
        Meant::Perhaps(near) => Err(naming::with_suggestion(missing(), Some(&near))),
        Meant::Nothing => Err(naming::with_suggestion(missing(), None)),
    }
}
