use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::Error;
use crate::model::{Display, Scope};
use crate::request::{IfLive, Request, SnapshotAction};
use crate::server::answer::Answer;
use crate::server::desk::Desk;
use crate::server::method::Method;

/// List a VM's snapshots, a tree.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct List {
    /// The VM: its name or UUID.
    vm: String,
}

impl Method for List {
    const NAME: &'static str = "snapshot_list";
    const SCOPE: Scope = Scope::Observe;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let (vm, action) = (self.vm.parse()?, SnapshotAction::List);
        desk.tell(Request::Snapshot { vm, action }).await
    }
}

/// Take a snapshot of a VM, its memory too if it runs. It goes on running.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Take {
    /// The VM: its name or UUID.
    vm: String,
    /// The snapshot's name.
    name: String,
    /// What it is for.
    #[serde(default)]
    description: String,
}

impl Method for Take {
    const NAME: &'static str = "snapshot_take";
    const SCOPE: Scope = Scope::Lifecycle;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let (vm, name) = (self.vm.parse()?, self.name.parse()?);
        let action = SnapshotAction::Take { name, description: self.description };
        desk.tell(Request::Snapshot { vm, action }).await
    }
}

/// Put a VM back to a snapshot and start it from there: it goes on at the moment of the snapshot.
/// What the VM is now is lost, and its UUID has to be repeated.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Restore {
    /// The VM: its name or UUID.
    vm: String,
    /// The snapshot: its name or UUID.
    snapshot: String,
    /// The VM's UUID once more, as `vm_status` tells it.
    confirm: String,
    /// Whether it is left off instead of started.
    #[serde(default)]
    leave_off: bool,
}

impl Method for Restore {
    const NAME: &'static str = "snapshot_restore";
    const SCOPE: Scope = Scope::Destroy;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let vm = self.vm.parse()?;
        desk.confirm(&vm, &self.confirm).await?;
        let action = SnapshotAction::Restore {
            snapshot: self.snapshot.parse()?,
            if_live: IfLive::PowerOff,
            start: (!self.leave_off).then_some(Display::Headless),
        };
        desk.tell(Request::Snapshot { vm, action }).await
    }
}

/// Delete a snapshot. The VM stays as it is; its UUID has to be repeated.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::server) struct Delete {
    /// The VM: its name or UUID.
    vm: String,
    /// The snapshot: its name or UUID.
    snapshot: String,
    /// The VM's UUID once more, as `vm_status` tells it.
    confirm: String,
}

impl Method for Delete {
    const NAME: &'static str = "snapshot_delete";
    const SCOPE: Scope = Scope::Destroy;

    async fn answer(self, desk: &Desk) -> Result<Answer, Error> {
        let vm = self.vm.parse()?;
        desk.confirm(&vm, &self.confirm).await?;
        let action = SnapshotAction::Delete { snapshot: self.snapshot.parse()? };
        desk.tell(Request::Snapshot { vm, action }).await
    }
}
