//! Copies of VMs. A linked one stands on a file in its original's folder that nobody writes: the
//! disk as it was at the snapshot, copied once for all that stand on it.

use std::path::PathBuf;

use async_trait::async_trait;

use super::definition::{Definition, Tag, tag};
use super::driver::QemuDriver;
use super::place;
use super::register::Held;
use crate::error::Error;
use crate::hypervisor::kept::refit;
use crate::hypervisor::{CloneContent, CloneOrder, Cloning, Refit};
use crate::model::{Phase, VmConfiguration, VmId, VmRef};

#[async_trait]
impl Cloning for QemuDriver {
    async fn clone_vm(&self, order: &CloneOrder) -> Result<(), Error> {
        let source = self.register.hold(&order.source).await?;
        let state = source.state()?;
        if state.phase() != Phase::Offline {
            return Err(source.definition.refusal(&state, "be copied"));
        }
        let content = Content::of(&source, &order.content)?;
        let settings = VmConfiguration {
            name: order.name.clone(),
            folder: order.folder.clone(),
            ..content.settings
        };
        let base = content.base;
        let Some(copy) = self.claim("clone", order.id, &settings, base.clone()).await? else {
            return Ok(());
        };
        self.make_memory(&copy.place).await?;
        let disks = source.definition.disk.as_ref().zip(copy.definition.disk.as_ref());
        let Some((from, to)) = disks else { return Ok(()) };
        let Some(base) = base else { return self.copy_disk(from, content.tag.as_ref(), to).await };
        if !base.is_file() {
            let beside = base.with_extension("new");
            self.copy_disk(from, content.tag.as_ref(), &beside).await?;
            std::fs::rename(&beside, &base)
                .map_err(|e| crate::error::making(format!("make `{}`", base.display()), e))?;
        }
        self.make_upon(&base, to).await
    }

    async fn undo_clone(&self, order: &CloneOrder) -> Result<(), Error> {
        self.unmake(order.id).await
    }

    async fn dependants(&self, vm: &VmRef) -> Vec<String> {
        let Ok(it) = self.register.find(vm) else { return Vec::new() };
        self.standing_on(it.id)
    }

    async fn refit(&self, vm: &VmRef, wanted: &Refit) -> Result<(), Error> {
        let mut held = self.register.hold(vm).await?;
        if self.notes("modify", &held.definition.settings.name, "") {
            return Ok(());
        }
        let state = held.state()?;
        if state.phase() != Phase::Offline {
            return Err(held.definition.refusal(&state, "be changed"));
        }
        refit(&mut held.definition.settings, wanted)?;
        held.keep()
    }
}

impl QemuDriver {
    /// Returns the names of the linked copies of a VM.
    pub(super) fn standing_on(&self, original: VmId) -> Vec<String> {
        let folder = self.register.place(original);
        let stands = |it: &Definition| {
            it.base.as_ref().is_some_and(|base| base.parent() == Some(folder.folder()))
        };
        let copies = self.register.definitions().unwrap_or_default();
        let mut names: Vec<String> =
            copies.iter().filter(|it| stands(it)).map(|it| it.settings.name.to_string()).collect();
        names.sort();
        names
    }

    /// Removes what a copy stood on, if nobody else stands on it.
    pub(super) async fn remove_base(&self, copy: &Definition) -> Result<(), Error> {
        let Some(base) = &copy.base else { return Ok(()) };
        let _all = self.register.hold_all().await?;
        let others = self.register.definitions()?;
        if others.iter().any(|it| it.id != copy.id && it.base.as_ref() == Some(base)) {
            return Ok(());
        }
        place::remove(base)?;
        place::remove(&base.with_extension("new"))
    }
}

/// What a copy begins with.
struct Content {
    settings: VmConfiguration,
    tag: Option<Tag>,
    base: Option<PathBuf>,
}

impl Content {
    fn of(source: &Held, wanted: &CloneContent) -> Result<Self, Error> {
        let it = &source.definition;
        let (snapshot, is_linked) = match wanted {
            CloneContent::Full(None) => {
                return Ok(Self { settings: it.settings.clone(), tag: None, base: None });
            }
            CloneContent::Full(Some(snapshot)) => (snapshot, false),
            CloneContent::Linked(snapshot) => (snapshot, true),
        };
        let point = it.snapshots.find(snapshot, &it.settings.name)?;
        let tag = tag(point);
        let base = (is_linked && it.disk.is_some()).then(|| source.place.base(&tag));
        Ok(Self { settings: point.settings.clone(), tag: Some(tag), base })
    }
}
