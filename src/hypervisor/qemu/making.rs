//! VMs that come and go.

use std::path::PathBuf;

use super::definition::{Definition, Note};
use super::driver::QemuDriver;
use super::presence;
use super::register::{self, Held};
use super::{images, platform};
use crate::error;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::kept::{Points, check_discs, check_forward, taken};
use crate::model::{
    Firmware, Mebibytes, Nic, Phase, ProcessPriority, Switch, VmConfiguration, VmId, VmRef,
};

/// How many discs fit beside the disk: the chipset has six ports.
const DISCS: usize = 5;

impl QemuDriver {
    /// Makes a VM.
    pub(super) async fn make(&self, id: VmId, wanted: &VmConfiguration) -> Result<(), Error> {
        check(wanted)?;
        let Some(new) = self.claim("create", id, wanted, None).await? else { return Ok(()) };
        self.make_memory(&new.place).await?;
        match (new.definition.disk.as_ref().zip(wanted.disk), &wanted.disk_image) {
            (Some((file, size)), None) => self.make_disk(file, size).await,
            (Some((file, size)), Some(image)) => self.fill_disk(file, size, image).await,
            (None, _) => Ok(()),
        }
    }

    /// Takes a name and an identity, and makes the folders. The definition comes before all else,
    /// so that whatever is made is known. `None` if that is only rehearsed.
    pub(super) async fn claim(
        &self,
        verb: &str,
        id: VmId,
        wanted: &VmConfiguration,
        base: Option<PathBuf>,
    ) -> Result<Option<Held>, Error> {
        let _all = self.register.hold_all().await?;
        let list = self.register.list()?;
        if list.iter().any(|it| it.id == id || it.name == wanted.name.as_str()) {
            return Err(taken(&wanted.name));
        }
        check_discs(&wanted.discs, &wanted.name)?;
        let place = self.register.place(id);
        let disk = wanted.disk.map(|_| self.disk_of(id, wanted));
        if let Some(disk) = &disk {
            images::check_free(disk)?;
        }
        if self.notes(verb, &wanted.name, "") {
            return Ok(None);
        }
        let making = |path: &std::path::Path| {
            let made = platform::make_private_folder(path);
            made.map_err(|e| error::making(format!("make the folder `{}`", path.display()), e))
        };
        making(place.folder())?;
        if let Some(folder) = disk.as_ref().and_then(|disk| disk.parent()) {
            making(folder)?;
        }
        let definition = Definition {
            id,
            settings: wanted.clone(),
            disk,
            base,
            note: Note::Off,
            since_ms: self.now(),
            snapshots: Points::default(),
        };
        register::write(&place, &definition)?;
        self.register.hold(&VmRef::from(id)).await.map(Some)
    }

    /// Removes a VM, or what is left of it; with none there is nothing to do.
    pub(super) async fn unmake(&self, id: VmId) -> Result<(), Error> {
        let held = match self.register.hold(&VmRef::from(id)).await {
            Err(error) if error.kind() == ErrorKind::VmNotFound => return Ok(()),
            held => held?,
        };
        let state = held.definition.state(presence::look(&held.place.pid())?);
        if state.phase() != Phase::Offline {
            return Err(held.definition.refusal(&state, "be deleted"));
        }
        let copies = self.standing_on(id);
        if !copies.is_empty() {
            let message = format!(
                "`{}` cannot be deleted: linked clones need it: {}",
                held.definition.settings.name,
                copies.join(", ")
            );
            return Err(Error::new(ErrorKind::InvalidState, message).hint("delete them first"));
        }
        if self.notes("delete", &held.definition.settings.name, "") {
            return Ok(());
        }
        images::remove_disk(&held.definition)?;
        self.remove_base(&held.definition).await?;
        let folder = held.place.folder();
        // The definition goes first of what is in there: without it, there is no VM.
        std::fs::remove_file(held.place.definition())
            .and_then(|()| std::fs::remove_dir_all(folder))
            .map_err(|e| error::io(format!("remove `{}`", folder.display()), e))
    }

    fn disk_of(&self, id: VmId, wanted: &VmConfiguration) -> PathBuf {
        let place = self.register.place(id);
        let own = wanted.folder.as_ref().map(|folder| folder.join(wanted.name.as_str()));
        let folder = own.unwrap_or_else(|| place.folder().to_owned());
        folder.join(format!("{}.qcow2", wanted.name))
    }
}

/// Refuses settings that cannot be had here.
fn check(wanted: &VmConfiguration) -> Result<(), Error> {
    let nic = match wanted.nic {
        Nic::None | Nic::Nat => false,
        Nic::Bridged(_) | Nic::HostOnly(_) | Nic::Internal(_) | Nic::NatNetwork(_) => true,
    };
    let lacking = [
        (wanted.firmware == Firmware::Efi, "UEFI", "choose `--firmware bios`"),
        (wanted.tpm == Switch::On, "a TPM", "leave `--tpm` off"),
        (wanted.secure_boot == Switch::On, "Secure Boot", "leave `--secure-boot` off"),
        (wanted.accelerate_3d == Switch::On, "3D acceleration", "leave it off"),
        (nic, "this kind of network", "choose `--nic nat` or `--nic none`"),
        (wanted.remote_display.is_some(), "a remote display", "leave it off"),
        (wanted.balloon != Mebibytes(0), "a memory balloon", "leave it off"),
        (
            wanted.process_priority != ProcessPriority::Default,
            "a priority of its own",
            "set `performance.cpu_priority` to `default`",
        ),
        (wanted.discs.len() > DISCS, "so many discs", "name five at most"),
    ];
    if let Some((_, what, hint)) = lacking.into_iter().find(|(is_wanted, ..)| *is_wanted) {
        let message = format!("vm-cli cannot give a VM on QEMU {what}");
        return Err(Error::new(ErrorKind::Unsupported, message).hint(hint).about(&wanted.name));
    }
    for (place, forward) in wanted.forwards.iter().enumerate() {
        check_forward(wanted.forwards.get(..place).unwrap_or_default(), forward)?;
    }
    Ok(())
}
