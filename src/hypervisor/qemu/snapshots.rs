use async_trait::async_trait;

use super::definition::{Note, Tag, tag};
use super::driver::QemuDriver;
use super::power::state_of;
use crate::error::Error;
use crate::hypervisor::Snapshots;
use crate::model::{Phase, SnapshotId, SnapshotName, VmRef};

#[async_trait]
impl Snapshots for QemuDriver {
    async fn take(&self, vm: &VmRef, name: &SnapshotName, text: &str) -> Result<(), Error> {
        let mut held = self.register.hold(vm).await?;
        if self.notes("snapshot-take", &held.definition.settings.name, name.as_str()) {
            return Ok(());
        }
        let state = held.state()?;
        let it = &held.definition;
        let new = Tag::from(&it.snapshots.next(it.id));
        let memory = match (state.phase(), &it.note) {
            (Phase::Live, _) => {
                let mut qemu = self.talk(&held).await?;
                qemu.job("snapshot-save", state_of(it, &new)).await?;
                Some(new)
            }
            // Disks and memory are kept already.
            (Phase::Offline, Note::Saved(saved)) => Some(saved.clone()),
            (Phase::Offline, Note::Off | Note::On | Note::Paused) => {
                self.keep_content(it, &held.place, &new).await?;
                None
            }
            (Phase::Changing | Phase::Broken, _) => {
                return Err(it.refusal(&state, "get a snapshot"));
            }
        };
        let it = &mut held.definition;
        it.snapshots.take(it.id, name, text, &it.settings, memory);
        held.keep()
    }

    async fn restore(&self, vm: &VmRef, snapshot: &SnapshotId) -> Result<(), Error> {
        let mut held = self.register.hold(vm).await?;
        let it = &held.definition;
        let name = it.settings.name.clone();
        let point = it.snapshots.find(snapshot, &name)?.clone();
        if self.notes("snapshot-restore", &name, &snapshot.0) {
            return Ok(());
        }
        let state = held.state()?;
        if state.phase() != Phase::Offline {
            return Err(it.refusal(&state, "be put back to a snapshot"));
        }
        self.restore_content(it, &held.place, &tag(&point)).await?;
        super::presence::forget(&held.place.pid())?;
        let before = held.definition.tags();
        let it = &mut held.definition;
        // Another VM may have the name that it had then.
        it.settings = point.settings;
        it.settings.name = name;
        it.snapshots.current = Some(point.id);
        self.note(&mut held, point.memory.map_or(Note::Off, Note::Saved))?;
        self.drop_unused(&held, before).await
    }

    async fn delete(&self, vm: &VmRef, snapshot: &SnapshotId) -> Result<(), Error> {
        let mut held = self.register.hold(vm).await?;
        let name = held.definition.settings.name.clone();
        held.definition.snapshots.check_deletion(snapshot, &name)?;
        if self.notes("snapshot-delete", &name, &snapshot.0) {
            return Ok(());
        }
        let before = held.definition.tags();
        held.definition.snapshots.delete(snapshot, &name)?;
        // What is kept of it must not be gone while it is still listed.
        held.keep()?;
        self.drop_unused(&held, before).await
    }
}
