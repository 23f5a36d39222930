//! Making a VM, and unmaking what was left half made.

use std::path::Path;
use std::path::PathBuf;

use super::confirm;
use super::error;
use super::folder;
use super::manager::VirtualBoxManager;
use super::parse;
use super::settings_file;
use super::settings_file::Registry;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::error::io;
use crate::hypervisor::Hypervisor;
use crate::hypervisor::Progress;
use crate::model::DiskFormat;
use crate::model::DiskImage;
use crate::model::Gibibytes;
use crate::model::Switch;
use crate::model::VmConfiguration;
use crate::model::VmId;
use crate::model::VmRef;
use crate::process::CommandLine;
use crate::process::Sign;

/// What makes a firmware boot only what Microsoft's keys signed, in this order. The VM is off.
const SECURE_BOOT: [&[&str]; 4] = [
    &["inituefivarstore"],
    &["enrollmssignatures"],
    &["enrollorclpk"],
    &["secureboot", "--enable"],
];

impl VirtualBoxManager {
    /// Makes a VM in five calls: register, one merged `modifyvm`, controller, disk, attach. A disc
    /// costs a sixth (and no controller means two): nothing but `storageattach` puts one in; Secure
    /// Boot costs four.
    ///
    /// What was done before is not done again.
    pub(super) async fn make(
        &self,
        id: VmId,
        wanted: &VmConfiguration,
        made: &Progress,
    ) -> Result<(), Error> {
        let vm = VmRef::from(&wanted.name);
        self.remember(id, wanted.name.as_str());
        let mut printed = String::new();
        let register = async {
            let mut line = self.commands.create_vm(id, wanted);
            if let Some(folder) = &self.options.settings_folder {
                let register = folder.join(settings_file::REGISTRY);
                line = line.seen_by(Sign::Mentioned(register, format!("{{{id}}}")));
            }
            printed = self.call(line, Some(&vm)).await?;
            Ok(())
        };
        made.step(0, register).await?;
        let settings = match parse::created_settings_file(&printed) {
            Some(file) => PathBuf::from(file),
            // It says so always, but for a rehearsal, where nothing is said; and it said so before.
            None => match self.registered_settings(id).await {
                Some(file) => file,
                None => self.predicted_settings(wanted).await?,
            },
        };
        let on_its_settings = |line: CommandLine| {
            // Every call writes them once, at its end.
            self.tell(line.seen_by(Sign::Rewritten(settings.clone())), &vm)
        };
        made.step(1, on_its_settings(self.commands.configure(id, wanted))).await?;
        if wanted.disk.is_some() || !wanted.discs.is_empty() {
            made.step(2, on_its_settings(self.commands.add_bus(id, wanted))).await?;
        }
        if let Some(size) = wanted.disk {
            let file = folder::disk_path(&settings);
            let image = wanted.disk_image.as_ref();
            made.step(3, self.fill_disk(&vm, &file, size, image)).await?;
            let attach = self.commands.attach_disk(id, &wanted.os_type, &file);
            made.step(4, on_its_settings(attach)).await?;
            confirm::confirm_disk(&vm, &settings)?;
        }
        for (drive, disc) in wanted.discs.iter().enumerate() {
            let attach = self.commands.attach_disc(id, &wanted.os_type, drive, disc);
            made.step(5 + drive, on_its_settings(attach)).await?;
        }
        if wanted.secure_boot == Switch::On {
            for (nth, verb) in SECURE_BOOT.into_iter().enumerate() {
                let remember = self.tell(self.commands.firmware_memory(id, verb), &vm);
                made.step(5 + wanted.discs.len() + nth, remember).await?;
            }
        }
        Ok(())
    }

    /// Makes a disk: an empty one, or one that begins with an image, which is only read.
    async fn fill_disk(
        &self,
        vm: &VmRef,
        file: &Path,
        size: Gibibytes,
        image: Option<&DiskImage>,
    ) -> Result<(), Error> {
        let Some(image) = image else {
            return self.tell(self.commands.create_disk(file, size), vm).await;
        };
        let copied = self.tell(self.commands.copy_disk(image, file), vm).await;
        if image.format != DiskFormat::Raw {
            // To read it, VirtualBox takes it into its register. It stays there if another VM
            // has it.
            self.call(self.commands.close_disk(&image.file.to_string_lossy()), None).await.ok();
        }
        copied?;
        if image.size < size.mebibytes().bytes() {
            self.tell(self.commands.grow_disk(file, size), vm).await?;
        }
        Ok(())
    }

    /// Removes what a creation left. A VM of the same name with another identity is not touched.
    ///
    /// May break off and be begun again: whose the disk is stands in the settings file, so the disk
    /// goes before the settings do.
    pub(super) async fn unmake(&self, id: VmId, wanted: &VmConfiguration) -> Result<(), Error> {
        let settings = match self.registered_settings(id).await {
            Some(file) => file,
            None => self.predicted_settings(wanted).await?,
        };
        let is_ours = folder::is_of(&settings, id);
        if is_ours {
            self.drop_disk(&folder::disk_path(&settings)).await?;
        }
        match self.delete(&VmRef::from(id)).await {
            Err(error) if error.kind() != ErrorKind::VmNotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        if !is_ours {
            return Ok(());
        }
        folder::remove(&settings).map_err(|error| io("remove the folder of the VM", error))
    }

    /// Deletes a disk that was made but never attached; one that is attached goes with its VM, and
    /// half of one with its folder.
    pub(super) async fn drop_disk(&self, file: &Path) -> Result<(), Error> {
        if !file.exists() {
            // A canceled `createmedium` removes its file and leaves its entry in the register.
            return self.drop_disk_entry(&file.to_string_lossy()).await;
        }
        match self.call(self.commands.delete_disk(file), None).await {
            Err(error) if !is_none_of_its_own(error.kind()) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Takes a disk whose file is gone out of the register; one that is attached goes with its VM.
    pub(super) async fn drop_disk_entry(&self, id: &str) -> Result<(), Error> {
        match self.call(self.commands.close_disk(id), None).await {
            Err(error) if !is_none_of_its_own(error.kind()) => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Returns where the registry says that a VM's settings are.
    pub(super) async fn registered_settings(&self, id: VmId) -> Option<PathBuf> {
        let registry = self.registry().await?;
        registry.machines.into_iter().find(|(it, _)| *it == id).map(|(_, file)| file)
    }

    /// Returns where `createvm` puts the settings.
    async fn predicted_settings(&self, wanted: &VmConfiguration) -> Result<PathBuf, Error> {
        let base = self.base_folder(wanted.folder.as_deref()).await?;
        Ok(folder::settings_path(&base, wanted))
    }

    /// Returns the folder under which VMs are made: the wanted one, or VirtualBox's own.
    pub(super) async fn base_folder(&self, wanted: Option<&Path>) -> Result<PathBuf, Error> {
        if let Some(folder) = wanted {
            return Ok(folder.to_owned());
        }
        let known = self.registry().await.and_then(|registry| registry.machine_folder);
        if let Some(folder) = known {
            return Ok(folder);
        }
        let printed = self.call(self.commands.system_properties(), None).await?;
        let folder = parse::default_machine_folder(&printed);
        folder.map(PathBuf::from).ok_or_else(|| error::unparseable("names no folder for VMs"))
    }

    pub(super) async fn registry(&self) -> Option<Registry> {
        let folder = self.options.settings_folder.as_ref()?;
        let xml = tokio::fs::read_to_string(folder.join(settings_file::REGISTRY)).await.ok()?;
        Some(settings_file::registry(&xml, folder))
    }
}

/// Whether there is no disk for VirtualBox to delete: none at all, one that is attached, or a file
/// that did not become one.
fn is_none_of_its_own(kind: ErrorKind) -> bool {
    use ErrorKind::{FileNotFound, InvalidState, NotFound, Usage};
    matches!(kind, NotFound | FileNotFound | InvalidState | Usage)
}

#[cfg(test)]
#[path = "create_tests.rs"]
mod tests;
