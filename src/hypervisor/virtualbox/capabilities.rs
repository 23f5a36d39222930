//! What VirtualBox can do beyond running VMs: snapshots, pictures, forwards.

use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use async_trait::async_trait;

use super::freeze::Freeze;
use super::manager::VirtualBoxManager;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::io;
use crate::hypervisor::Console;
use crate::hypervisor::Forwarding;
use crate::hypervisor::Snapshots;
use crate::hypervisor::no_monitor;
use crate::model::Forward;
use crate::model::Monitor;
use crate::model::SnapshotId;
use crate::model::SnapshotName;
use crate::model::VmRef;

/// Counts the pictures of this process, so that no two share a file.
static PICTURES: AtomicU64 = AtomicU64::new(0);

#[async_trait]
impl Snapshots for VirtualBoxManager {
    async fn take(&self, vm: &VmRef, name: &SnapshotName, text: &str) -> Result<(), Error> {
        let line = self.commands.take_snapshot(vm, name, text);
        match self.freeze(vm).await {
            Freeze::Safe => self.tell(line, vm).await,
            Freeze::Deadly => self.take_awake(line, vm).await,
        }
    }

    async fn restore(&self, vm: &VmRef, snapshot: &SnapshotId) -> Result<(), Error> {
        self.tell(self.commands.restore_snapshot(vm, snapshot), vm).await
    }

    async fn delete(&self, vm: &VmRef, snapshot: &SnapshotId) -> Result<(), Error> {
        self.tell(self.commands.delete_snapshot(vm, snapshot), vm).await
    }
}

#[async_trait]
impl Console for VirtualBoxManager {
    async fn screenshot(&self, vm: &VmRef, monitor: Monitor) -> Result<Vec<u8>, Error> {
        let scratch = &self.options.scratch;
        let made = tokio::fs::create_dir_all(scratch).await;
        made.map_err(|e| io(format!("make the folder `{}`", scratch.display()), e))?;
        let number = PICTURES.fetch_add(1, Ordering::Relaxed);
        let file = scratch.join(format!("screen-{}-{number}.png", std::process::id()));
        let file = Temporary(file);
        let line = self.commands.screenshot(vm, monitor, &file.0);
        let taken = self.tell(line, vm).await;
        // VirtualBox only says that there is nothing of that name.
        let is_missing = |e: &Error| e.kind() == ErrorKind::NotFound;
        taken.map_err(|e| if is_missing(&e) { no_monitor(vm, monitor).caused_by(e) } else { e })?;
        let read = tokio::fs::read(&file.0).await;
        read.map_err(|e| io(format!("read the picture `{}`", file.0.display()), e).about(vm))
    }
}

#[async_trait]
impl Forwarding for VirtualBoxManager {
    /// A VM that is off gets the rule into its settings.
    async fn add(&self, vm: &VmRef, forward: &Forward) -> Result<(), Error> {
        match self.tell(self.commands.add_live_forward(vm, forward), vm).await {
            Err(error) if error.kind() == ErrorKind::InvalidState => {
                self.tell(self.commands.add_forward(vm, forward), vm).await
            }
            done => done,
        }
    }

    async fn remove(&self, vm: &VmRef, name: &str) -> Result<(), Error> {
        match self.tell(self.commands.remove_live_forward(vm, name), vm).await {
            Err(error) if error.kind() == ErrorKind::InvalidState => {
                self.tell(self.commands.remove_forward(vm, name), vm).await
            }
            done => done,
        }
    }
}

/// A file that goes away however its use ends, be it by cancellation.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // It may never have been made.
        let _gone = std::fs::remove_file(&self.0);
    }
}
