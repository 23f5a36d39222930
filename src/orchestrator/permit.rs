//! Whether an agent may use a guest: asked before, and again and again while it does.

use super::VmOrchestrator;
use crate::error::{Error, ErrorKind};
use crate::model::{VmId, VmRef};

/// The right to use one guest, as long as it holds.
#[derive(Debug)]
pub(super) struct Permit(Option<Asked>);

#[derive(Debug)]
struct Asked {
    orchestrator: VmOrchestrator,
    vm: VmRef,
    /// Whose lease it is, if he has the VM for himself.
    lease: Option<(VmId, String)>,
    who: String,
}

impl VmOrchestrator {
    /// Lets an agent use a guest, unless agents are paused or another has the VM for himself. A
    /// person at a terminal is no agent.
    pub(super) async fn use_guest(&self, vm: &VmRef) -> Result<Permit, Error> {
        let Some(asker) = &self.asker else { return Ok(Permit(None)) };
        let who = asker.caller.who.clone();
        self.refuse_while_paused(vm)?;
        let mut lease = None;
        if !self.vm_leases()?.is_empty() {
            let id = match self.hypervisor().identify(vm) {
                Some(id) => id,
                None => self.inspect(vm).await?.id,
            };
            self.check_lease(id, &who)?;
            let is_his = self.vm_leases()?.iter().any(|it| it.vm == id && it.holder == who);
            lease = is_his.then(|| (id, who.clone()));
        }
        Ok(Permit(Some(Asked { orchestrator: self.clone(), vm: vm.clone(), lease, who })))
    }

    /// Refuses an agent's use of a guest while agents are paused.
    pub(crate) fn refuse_while_paused(&self, vm: &VmRef) -> Result<(), Error> {
        if self.agents_paused_since()?.is_none() {
            return Ok(());
        }
        let message = "agents are paused: nobody uses a guest through the server";
        Err(Error::new(ErrorKind::PermissionDenied, message)
            .about(vm)
            .hint("`agents_resume` lets them go on"))
    }
}

impl Permit {
    /// Fails if the right is gone: agents were paused, the lease is over, or another has the VM.
    pub(super) fn check(&self) -> Result<(), Error> {
        let Some(Asked { orchestrator, vm, lease, who }) = &self.0 else { return Ok(()) };
        orchestrator.refuse_while_paused(vm)?;
        let leases = orchestrator.vm_leases()?;
        if let Some((id, holder)) = lease {
            if leases.iter().any(|it| it.vm == *id && it.holder == *holder) {
                return Ok(());
            }
            let message = "the time for which this agent had the VM is over";
            // It does not come back by waiting.
            return Err(Error::new(ErrorKind::Locked, message)
                .about(vm)
                .given_up()
                .hint("take it again with `lease_take`, and look at the screen first"));
        }
        let id = orchestrator.hypervisor().identify(vm);
        match id.filter(|id| leases.iter().any(|it| it.vm == *id && it.holder != *who)) {
            Some(id) => orchestrator.check_lease(id, who).map_err(Error::given_up),
            None => Ok(()),
        }
    }
}
