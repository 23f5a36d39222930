//! Folders of this host that guests can use.

use std::path::Path;
use std::time::Instant;

use super::VmOrchestrator;
use super::naming::nearest;
use super::tasks::Work;
use crate::error::{self, Error, ErrorKind};
use crate::hypervisor::{Hypervisor, Sharing, offered};
use crate::model::{
    Phase, ShareLifetime, ShareMount, ShareName, SharedFolder, Vm, VmRef, VmTaskType, typed,
};
use crate::request::{Changed, Outcome, Response, SharingAction};

impl VmOrchestrator {
    /// Does something with the folders that a guest can use.
    pub(super) async fn sharing(
        &self,
        vm: &VmRef,
        action: &SharingAction,
    ) -> Result<Response, Error> {
        let begun = Instant::now();
        let found = self.inspect(vm).await?;
        let folders = self.shared_folders(vm).await?;
        let (action, outcome, notes) = match action {
            SharingAction::List => return Ok(Response::Shares { vm: found.name, folders }),
            SharingAction::Add(wanted) => {
                let lifetime = lifetime(&found);
                let outcome = self.share(vm, &found, wanted, lifetime, &folders).await?;
                ("share-add", outcome, notes(wanted, lifetime))
            }
            SharingAction::Remove(name) => {
                self.unshare(vm, &found, name, &folders).await?;
                ("share-remove", Outcome::Changed, Vec::new())
            }
        };
        let (vm, state, took) = (vm.to_string(), Some(found.state), begun.elapsed());
        Ok(Response::Changed(Changed { vm, action, outcome, state, notes, took }))
    }

    async fn shared_folders(&self, vm: &VmRef) -> Result<Vec<SharedFolder>, Error> {
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Inspect), move |hypervisor, _| {
            let vm = target.clone();
            async move { sharing(hypervisor.as_ref())?.shared_folders(&vm).await }
        })
        .await
    }

    async fn share(
        &self,
        vm: &VmRef,
        found: &Vm,
        wanted: &SharedFolder,
        lifetime: ShareLifetime,
        there: &[SharedFolder],
    ) -> Result<Outcome, Error> {
        let host_path = whole(&wanted.host_path)?;
        let wanted = SharedFolder { host_path, lifetime, ..wanted.clone() };
        if let Some(twin) = there.iter().find(|it| it.name == wanted.name) {
            let twin = SharedFolder { lifetime, ..twin.clone() };
            if twin == wanted {
                return Ok(Outcome::Unchanged);
            }
            let (name, path) = (&wanted.name, twin.host_path.display());
            let message = format!("`{vm}` shares another folder as `{name}`: `{path}`");
            return Err(Error::new(ErrorKind::AlreadyExists, message).about(vm).hint(format!(
                "choose another `--as NAME`, or run `vm-cli share remove {} {name}`",
                typed(&found.name)
            )));
        }
        let target = vm.clone();
        // Trying again is fine: one that is there by then is told apart by its error.
        self.run(Work::on(vm, VmTaskType::Share), move |hypervisor, _| {
            let (vm, folder) = (target.clone(), wanted.clone());
            async move { sharing(hypervisor.as_ref())?.share(&vm, &folder).await }
        })
        .await?;
        Ok(Outcome::Changed)
    }

    async fn unshare(
        &self,
        vm: &VmRef,
        found: &Vm,
        name: &ShareName,
        there: &[SharedFolder],
    ) -> Result<(), Error> {
        let typed = typed(&found.name);
        let Some(folder) = there.iter().find(|it| it.name == *name) else {
            let names = there.iter().map(|it| it.name.as_str());
            let hint = match nearest(name.as_str(), names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("run `vm-cli share list {typed}`"),
            };
            let message = format!("`{vm}` shares nothing as `{name}`");
            return Err(Error::new(ErrorKind::NotFound, message).about(vm).hint(hint));
        };
        if folder.lifetime == ShareLifetime::Kept && lifetime(found) == ShareLifetime::UntilOff {
            let message =
                format!("`{name}` cannot be taken from `{vm}` while it is {}", found.state);
            return Err(Error::new(ErrorKind::InvalidState, message)
                .about(vm)
                .hint(format!("run `vm-cli stop {typed}` first")));
        }
        let (target, name, lifetime) = (vm.clone(), name.clone(), folder.lifetime);
        self.run(Work::on(vm, VmTaskType::Share), move |hypervisor, _| {
            let (vm, name) = (target.clone(), name.clone());
            async move { sharing(hypervisor.as_ref())?.unshare(&vm, &name, lifetime).await }
        })
        .await
    }
}

/// Returns how long a folder is there that a VM gets now.
fn lifetime(vm: &Vm) -> ShareLifetime {
    match vm.state.phase() {
        Phase::Live | Phase::Changing => ShareLifetime::UntilOff,
        Phase::Offline | Phase::Broken => ShareLifetime::Kept,
    }
}

/// Returns the whole path of a folder that is there.
fn whole(path: &Path) -> Result<std::path::PathBuf, Error> {
    let what = || format!("share `{}`", path.display());
    let metadata = std::fs::metadata(path).map_err(|e| error::io(what(), e))?;
    if !metadata.is_dir() {
        let message = format!("`{}` is no folder", path.display());
        return Err(Error::new(ErrorKind::Usage, message).hint("name a folder of this host"));
    }
    std::path::absolute(path).map_err(|e| error::io(what(), e))
}

/// Tells what the guest has still to do, and what will not last.
fn notes(wanted: &SharedFolder, lifetime: ShareLifetime) -> Vec<String> {
    let name = &wanted.name;
    let mount = match wanted.mount {
        ShareMount::Never => {
            Some(format!("mount it in a Linux guest by `mount -t vboxsf {name} FOLDER`"))
        }
        ShareMount::Anywhere | ShareMount::At(_) => None,
    };
    let end =
        (lifetime == ShareLifetime::UntilOff).then(|| "it lasts until the VM goes off".to_owned());
    end.into_iter().chain(mount).collect()
}

fn sharing(hypervisor: &dyn Hypervisor) -> Result<&dyn Sharing, Error> {
    offered(hypervisor, hypervisor.sharing(), "shares no folders")
}
