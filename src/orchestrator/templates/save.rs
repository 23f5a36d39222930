//! A VM becomes a template, or is none any more.

use std::time::Instant;

use crate::error::{Error, ErrorKind};
use crate::model::{SnapshotId, TemplateName, Vm, VmRef, VmState, VmTaskType, typed};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::snapshots;
use crate::orchestrator::tasks::Work;
use crate::request::{Changed, Outcome, Renewal};
use crate::store::{KnownTemplate, Owner};

/// The snapshot that others begin with.
const SNAPSHOT: &str = "vm-cli-template";

impl VmOrchestrator {
    /// Makes a VM a template: all of it or nothing.
    pub(super) async fn save_template(
        &self,
        vm: &VmRef,
        name: Option<&TemplateName>,
        renewal: Renewal,
    ) -> Result<Changed, Error> {
        let begun = Instant::now();
        self.await_made(vm).await?;
        let found = self.inspect(vm).await?;
        check_off(&found)?;
        let name = match name {
            Some(name) => name.clone(),
            None => found.name.parse()?,
        };
        let wanted = KnownTemplate {
            name: name.to_string(),
            vm: found.id,
            snapshot: None,
            os: found.os.clone(),
            renewal,
            saved_at: self.now(),
            owner: Owner::this_process(),
        };
        if !self.rehearses() {
            // What a crash left of one is not in the way of the next.
            for known in self.known_templates()?.iter().filter(|it| is_abandoned(it)) {
                self.unsave(known).await?;
            }
            self.store()?.templates().begin(&wanted)?;
        }
        if let Err(failure) = self.take_for(&wanted).await {
            return Err(self.undo_save(&wanted, failure).await);
        }
        Ok(Changed {
            vm: found.name,
            action: "template-save",
            outcome: Outcome::Changed,
            state: None,
            notes: vec![format!(
                "make VMs of it: `vm-cli create NAME --template {}`",
                typed(name.as_str())
            )],
            took: begun.elapsed(),
        })
    }

    /// Takes the snapshot of a template, and completes what is noted of it.
    async fn take_for(&self, wanted: &KnownTemplate) -> Result<(), Error> {
        let vm = VmRef::from(wanted.vm);
        let text = format!("the template `{}`", wanted.name);
        self.take(&vm, SNAPSHOT.parse()?, text).await?;
        if self.rehearses() {
            return Ok(());
        }
        let now = self.inspect(&vm).await?;
        // Somebody could have started it before it was noted.
        check_off(&now)?;
        let taken = snapshots::current(&now)?;
        self.store()?.templates().finish(&wanted.name, &taken)
    }

    /// Removes what a failed or canceled save left, and returns the failure.
    async fn undo_save(&self, wanted: &KnownTemplate, failure: Error) -> Error {
        if self.rehearses() {
            return failure;
        }
        // Ctrl-C ends the saving, not this.
        match Box::pin(self.afresh().unsave(wanted)).await {
            Ok(()) => failure,
            Err(also) => {
                failure.hint(format!("what was made so far stays ({also}): run `vm-cli gc`"))
            }
        }
    }

    /// Removes the snapshot of a template, and what is noted of it; the VM stays.
    pub(in crate::orchestrator) async fn unsave(&self, known: &KnownTemplate) -> Result<(), Error> {
        let vm = VmRef::from(known.vm);
        for snapshot in self.snapshots_of(known).await? {
            let (target, snapshot) = (vm.clone(), snapshot.clone());
            self.run(Work::on(&vm, VmTaskType::SnapshotDelete), move |hypervisor, _| {
                let (vm, snapshot) = (target.clone(), snapshot.clone());
                async move {
                    match snapshots::capability(hypervisor.as_ref())?.delete(&vm, &snapshot).await {
                        Err(e) if e.kind() == ErrorKind::SnapshotNotFound => Ok(()),
                        decided => decided,
                    }
                }
            })
            .await?;
        }
        if self.rehearses() {
            return Ok(());
        }
        self.store()?.templates().forget(&known.name)
    }

    /// Returns the snapshots of a template that are there.
    async fn snapshots_of(&self, known: &KnownTemplate) -> Result<Vec<SnapshotId>, Error> {
        let found = match self.inspect(&VmRef::from(known.vm)).await {
            Err(e) if e.kind() == ErrorKind::VmNotFound => return Ok(Vec::new()),
            found => found?,
        };
        let is_its_own = |it: &crate::model::Snapshot| match &known.snapshot {
            Some(id) => it.id == *id,
            // A VM is one template at a time: whatever is called so was taken for this one.
            None => it.name == SNAPSHOT,
        };
        let nodes = found.snapshots.nodes().iter();
        Ok(nodes.filter(|it| is_its_own(it)).map(|it| it.id.clone()).collect())
    }
}

/// Returns whether the process is gone that was saving a template.
pub(in crate::orchestrator) fn is_abandoned(known: &KnownTemplate) -> bool {
    known.snapshot.is_none() && !known.owner.is_some_and(|owner| owner.is_alive())
}

/// Refuses a VM whose memory its clones would share, or whose disk is not at rest.
fn check_off(vm: &Vm) -> Result<(), Error> {
    if vm.state == VmState::PoweredOff {
        return Ok(());
    }
    let message = format!("cannot make `{}` a template: it is {}", vm.name, vm.state);
    let hint = format!("shut it down first: `vm-cli stop {}`", typed(&vm.name));
    Err(Error::new(ErrorKind::InvalidState, message).about(&vm.name).hint(hint))
}
