//! What a killed process left: a VM of which only a part is there.

use std::collections::HashSet;
use std::path::Path;
use std::path::PathBuf;

use super::folder;
use super::manager::VirtualBoxManager;
use super::parse;
use super::settings_file;
use super::settings_file::Registry;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::io;
use crate::hypervisor::Dropped;
use crate::hypervisor::Hypervisor;
use crate::hypervisor::Remains;
use crate::model::VmId;
use crate::model::VmRef;
use crate::process::Running;

/// How VBoxManage's program is called on every host.
const PROGRAM: &str = "VBoxManage";

/// The identity of an import's VM is not known before it is there: the name is what marks it.
fn is_import(remains: &Remains) -> bool {
    remains.name.ends_with(&format!(".import-{}", remains.id))
}

impl VirtualBoxManager {
    /// Finds a registered VM by its name or identity in VirtualBox's own files.
    pub(super) async fn find_registered(&self, vm: &VmRef) -> Result<Option<VmId>, Error> {
        let Some(registry) = self.registry().await else {
            let listed = parse::list(&self.call(self.commands.list_vms(), None).await?);
            let is_meant =
                |id: VmId, name: &str| vm.as_id().map_or(name == vm.as_str(), |it| it == id);
            return Ok(listed.iter().find(|it| is_meant(it.id, &it.name)).map(|it| it.id));
        };
        if let Some(id) = vm.as_id() {
            return Ok(registry.machines.iter().any(|(it, _)| *it == id).then_some(id));
        }
        let is_meant = |file: &Path| {
            let xml = std::fs::read_to_string(file).unwrap_or_default();
            settings_file::machine(&xml).is_some_and(|it| it.name.as_deref() == Some(vm.as_str()))
        };
        Ok(registry.machines.iter().find(|(_, file)| is_meant(file)).map(|(id, _)| *id))
    }

    /// Removes the parts of a VM that are there: its entry, its disks, its folder.
    pub(super) async fn sweep(&self, remains: &Remains) -> Result<(), Error> {
        let settings = if let Some(file) = self.registered_settings(remains.id).await {
            file
        } else {
            let base = self.base_folder(remains.folder.as_deref()).await?;
            folder::settings_path_of(&base, &remains.name, remains.group.as_deref())
        };
        refuse_while_in_use(remains, &settings, self.options.settings_folder.as_deref())?;
        if is_import(remains) {
            return self.unmake_import(&remains.name, remains.folder.as_deref()).await;
        }
        if let Some(image) = &remains.image {
            // VirtualBox took it into its register to read it.
            self.drop_disk_entry(&image.to_string_lossy()).await?;
        }
        let is_ours = folder::is_of(&settings, remains.id);
        let Some(own) = settings.parent() else { return Ok(()) };
        if is_ours {
            // Whose they are stands in the settings file: they go before it does.
            self.drop_disks_below(own).await?;
            self.drop_disk(&folder::disk_path(&settings)).await?;
        }
        // The register tells without a call, which could fail in passing.
        let registry = self.registry().await;
        let is_known_gone = |it: Registry| it.machines.iter().all(|(id, _)| *id != remains.id);
        if !registry.is_some_and(is_known_gone) {
            match self.delete(&VmRef::from(remains.id)).await {
                Err(error) if error.kind() != ErrorKind::VmNotFound => return Err(error),
                Ok(()) | Err(_) => {}
            }
        }
        if is_ours {
            return folder::remove(&settings).map_err(|e| io("remove the folder of the VM", e));
        }
        // A folder that was made, and nothing in it: it goes only if it is empty.
        drop(std::fs::remove_dir(own));
        Ok(())
    }

    /// Removes what VirtualBox leaves of a VM that it deleted. A rehearsal deleted nothing.
    pub(super) fn sweep_copies(&self, settings: Option<&Path>) -> Result<(), Error> {
        match settings.filter(|_| !self.options.runner.rehearses()) {
            Some(file) => folder::remove_copies(file)
                .map_err(|e| io(format!("remove the folder of `{}`", file.display()), e)),
            None => Ok(()),
        }
    }

    /// Takes an entry out of the register if its settings file is gone.
    pub(super) async fn drop_entry(&self, id: VmId) -> Result<Dropped, Error> {
        match self.registered_settings(id).await {
            Some(file) if !file.exists() => {}
            Some(_) | None => return Ok(Dropped::Kept),
        }
        let vm = VmRef::from(id);
        match self.tell(self.commands.unregister_only(id), &vm).await {
            Err(error) if error.kind() != ErrorKind::VmNotFound => Err(error),
            Ok(()) | Err(_) => Ok(Dropped::Gone),
        }
    }

    /// Takes the disks that are below a folder out of the register, with their files, those that
    /// hold differences before those from which they differ.
    async fn drop_disks_below(&self, folder: &Path) -> Result<(), Error> {
        let listed = parse::disks(&self.call(self.commands.list_disks(), None).await?);
        let mut left: Vec<_> =
            listed.into_iter().filter(|disk| disk.file.starts_with(folder)).collect();
        while !left.is_empty() {
            let parents: HashSet<_> = left.iter().filter_map(|disk| disk.parent.clone()).collect();
            let (inner, leaves): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|disk| parents.contains(&disk.id));
            if leaves.is_empty() {
                return Ok(());
            }
            for disk in leaves {
                if disk.file.exists() {
                    self.drop_disk(&disk.file).await?;
                } else {
                    self.drop_disk_entry(&disk.id).await?;
                }
            }
            left = inner;
        }
        Ok(())
    }
}

/// Refuses while a VBoxManage works on the VM: it outlives the process that called it, and would
/// go on making what is removed.
fn refuse_while_in_use(
    remains: &Remains,
    settings: &Path,
    world: Option<&Path>,
) -> Result<(), Error> {
    let names = Names {
        id: remains.id.to_string(),
        name: &remains.name,
        folder: settings.parent().map(Path::to_owned),
    };
    let works = |it: &Running| is_of_world(it, world) && names.are_in(&it.arguments);
    if Running::of_program(PROGRAM).iter().any(works) {
        let message = format!("a VBoxManage still works on `{}`", remains.name);
        return Err(Error::new(ErrorKind::StillWorking, message)
            .about(&remains.name)
            .hint("try again when it has ended"));
    }
    Ok(())
}

/// Tells whether a VBoxManage can know our VMs: one that says that it has settings elsewhere does
/// not, though its VMs may have the same names.
fn is_of_world(call: &Running, world: Option<&Path>) -> bool {
    match (call.variable("VBOX_USER_HOME"), world) {
        (Some(theirs), Some(ours)) => Path::new(theirs) == ours,
        (None, _) | (_, None) => true,
    }
}

/// How a call can name a VM.
struct Names<'a> {
    id: String,
    name: &'a str,
    folder: Option<PathBuf>,
}

impl Names<'_> {
    fn are_in(&self, words: &[String]) -> bool {
        let in_folder =
            |word: &str| self.folder.as_ref().is_some_and(|it| Path::new(word).starts_with(it));
        words.iter().any(|word| *word == self.id || word == self.name || in_folder(word))
    }
}

#[cfg(test)]
#[path = "sweep_tests.rs"]
mod tests;
