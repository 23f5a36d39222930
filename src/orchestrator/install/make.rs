//! Making a VM for a system that installs itself. What cannot be is refused before anything is
//! made.

use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::record::{InstallFolder, PasswordStay, Unfinished};
use crate::error::{Error, ErrorKind};
use crate::guest_os::{self, AnswerMedia, Delivery, GuestOs, Machine, SystemWish};
use crate::hypervisor::{UnattendedOrder, offered};
use crate::iso::{self, Content};
use crate::model::{Gibibytes, VmId, VmRef, VmTaskType};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::provision::Fittings;
use crate::orchestrator::tasks::Work;
use crate::request::{
    CreateRequest, Creation, DiskWish, IfLive, IfMissing, InstallEngine, InstallRequest,
    PasswordOrigin,
};

/// A VM that is ready to install itself.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) creation: Creation,
    pub(super) unfinished: Unfinished,
}

impl VmOrchestrator {
    /// Makes a VM with everything that its installer needs.
    pub(super) async fn make_installing(&self, asked: &InstallRequest) -> Result<Made, Error> {
        let iso = self.find_iso(asked.create.iso.as_deref())?.ok_or_else(|| {
            Error::new(ErrorKind::Usage, "no ISO is named").hint("name one: `--iso-path FILE`")
        })?;
        let content = inspected(&iso).await?;
        let system = guest_os::choose(&asked.system, content, asked.create.memory)?;
        system.terms().check(asked.license)?;
        let machine = system.machine();
        let create = wanted(&asked.create, &machine, &system.name())?;
        let mut noted = unfinished(asked, system.as_ref());
        let id = VmId::from_random(fastrand::u128(..));
        let mut made = match asked.engine {
            InstallEngine::Answers => {
                let media = system.answers(&asked.answers)?;
                self.make_answered(id, (asked, &create), &machine, (&iso, &media), &mut noted)
                    .await?
            }
            InstallEngine::Hypervisor => {
                self.make_unattended(id, (asked, &create), &machine, &iso, &mut noted).await?
            }
        };
        made.notes.extend(system.concessions());
        Ok(Made { creation: made, unfinished: noted })
    }

    /// Makes a VM whose installer reads answers of ours.
    async fn make_answered(
        &self,
        id: VmId,
        (asked, create): (&InstallRequest, &CreateRequest),
        machine: &Machine,
        (iso, media): (&Path, &AnswerMedia),
        unfinished: &mut Unfinished,
    ) -> Result<Creation, Error> {
        let folder = self.install_folder(id);
        let answers = if self.rehearses() {
            let folder = self.folders().state().join("rehearsals").join(asked.create.name.as_str());
            self.note(format!("write the answers into `{}`", folder.display()));
            // What an earlier rehearsal left there is of no use any more.
            std::fs::remove_dir_all(&folder).ok();
            folder
        } else {
            folder.answers()
        };
        let viso = media.places(&answers).viso;
        let mut discs = match media.delivery {
            Delivery::SecondDisc(_) => vec![iso.to_path_buf(), viso],
            Delivery::WithinMedium(_) => vec![viso],
        };
        discs.extend(self.additions_disc(&asked.system).await);
        unfinished.slots = self.slots(machine, discs.len());
        let write = || {
            media.write(&answers, Some(iso), Uuid::from_u128(fastrand::u128(..)))?;
            self.keep_going(&folder, asked, unfinished)?;
            Ok(fittings(machine, discs))
        };
        let without_iso = CreateRequest { iso: None, ..create.clone() };
        self.create_fitted(id, &without_iso, write).await
    }

    /// Makes a VM whose installer the hypervisor answers.
    async fn make_unattended(
        &self,
        id: VmId,
        (asked, create): (&InstallRequest, &CreateRequest),
        machine: &Machine,
        iso: &Path,
        unfinished: &mut Unfinished,
    ) -> Result<Creation, Error> {
        let lacks = "has no unattended installation of its own: leave out `--engine`";
        offered(self.hypervisor().as_ref(), self.hypervisor().unattended(), lacks)?;
        let folder = self.install_folder(id);
        // It adds a disc of its own.
        unfinished.slots = self.slots(machine, 2);
        let keep = || {
            self.keep_going(&folder, asked, unfinished)?;
            Ok(fittings(machine, vec![iso.to_path_buf()]))
        };
        let without_iso = CreateRequest { iso: None, ..create.clone() };
        let mut creation = self.create_fitted(id, &without_iso, keep).await?;
        let order = UnattendedOrder {
            iso: iso.to_path_buf(),
            user: asked.answers.user.to_string(),
            password_file: folder.password_file(),
            host_name: asked.answers.host_name.to_string(),
            locale: asked.answers.locale.to_string().replace('-', "_"),
            time_zone: asked.answers.time_zone.as_str().to_owned(),
        };
        let vm = VmRef::from(&asked.create.name);
        let prepared = self.prepare(&vm, order).await;
        if let Err(e) = prepared {
            // Ctrl-C ends the preparation, not this.
            let undone = self.afresh();
            Box::pin(undone.delete(&vm, IfMissing::Succeed, IfLive::PowerOff)).await?;
            return Err(e);
        }
        let note = "its own answers install no SSH server: look at its screen to see the end";
        creation.notes.push(note.to_owned());
        Ok(creation)
    }

    async fn prepare(&self, vm: &VmRef, order: UnattendedOrder) -> Result<(), Error> {
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Install).once(), move |hypervisor, _| {
            let (vm, order) = (target.clone(), order.clone());
            async move {
                let hypervisor = hypervisor.as_ref();
                let lacks = "has no unattended installation of its own";
                offered(hypervisor, hypervisor.unattended(), lacks)?.prepare(&vm, &order).await
            }
        })
        .await
    }

    /// Keeps what it takes to go on.
    fn keep_going(
        &self,
        folder: &InstallFolder,
        asked: &InstallRequest,
        unfinished: &Unfinished,
    ) -> Result<(), Error> {
        if self.rehearses() {
            return Ok(());
        }
        folder.keep_password(asked.answers.password.reveal())?;
        folder.write(unfinished)
    }

    /// Finds the disc of the Guest Additions for a system that needs one.
    async fn additions_disc(&self, system: &SystemWish) -> Option<PathBuf> {
        match system {
            SystemWish::Windows(_) => self.hypervisor().discs()?.additions().await,
            SystemWish::Linux(_) => None,
        }
    }

    /// Returns the slots of so many drives.
    fn slots(&self, machine: &Machine, drives: usize) -> Vec<String> {
        let Some(discs) = self.hypervisor().discs() else { return Vec::new() };
        (0..drives).map(|drive| discs.slot(&machine.os_type, drive)).collect()
    }
}

/// Notes how to go on with what is asked.
fn unfinished(asked: &InstallRequest, system: &dyn GuestOs) -> Unfinished {
    let command = match asked.system {
        SystemWish::Windows(_) => "create-windows",
        SystemWish::Linux(_) => "create-linux",
    };
    let password = match asked.password {
        PasswordOrigin::Given => PasswordStay::Removed,
        PasswordOrigin::MadeUp => PasswordStay::Kept,
    };
    Unfinished { password, ..Unfinished::of(system, command, asked.answers.user.as_str()) }
}

/// Finds out what an ISO installs.
async fn inspected(iso: &Path) -> Result<Content, Error> {
    let file = iso.to_path_buf();
    let read = tokio::task::spawn_blocking(move || iso::inspect_file(&file)).await;
    let read =
        read.map_err(|e| Error::new(ErrorKind::Internal, "an ISO was not read").caused_by(e));
    Ok(read??.content)
}

fn fittings(machine: &Machine, discs: Vec<PathBuf>) -> Fittings {
    Fittings {
        discs,
        tpm: Some(machine.tpm),
        secure_boot: Some(machine.secure_boot),
        video_memory: Some(machine.video_memory),
    }
}

/// Fills in what was not said of a machine; refuses what its system could not be installed on.
fn wanted(asked: &CreateRequest, machine: &Machine, system: &str) -> Result<CreateRequest, Error> {
    let (good, least) = (machine.good, machine.least);
    let too_small = |what: String, hint: String| {
        Err(Error::new(ErrorKind::Usage, format!("{system} does not install with {what}"))
            .hint(hint))
    };
    let memory = asked.memory.unwrap_or(good.memory);
    if memory < least.memory {
        let hint = format!("give it `--memory {}` or more", least.memory.0);
        return too_small(format!("{memory} of memory"), hint);
    }
    let disk = match asked.disk {
        None => good.disk,
        Some(DiskWish::Size(size)) if least.disk <= size => size,
        Some(DiskWish::Size(Gibibytes(size))) => {
            let hint =
                format!("give it `--disk {}` or more: it grows as it is filled", least.disk.0);
            return too_small(format!("a disk of {size} GiB"), hint);
        }
        Some(DiskWish::None) => {
            return too_small("no disk".to_owned(), "leave out `--no-disk`".to_owned());
        }
    };
    let cpus = asked.cpus.unwrap_or(good.cpus);
    if cpus < least.cpus {
        let hint = format!("give it `--cpus {}` or more", least.cpus);
        return too_small(format!("{cpus} CPU"), hint);
    }
    Ok(CreateRequest {
        memory: Some(memory),
        disk: Some(DiskWish::Size(disk)),
        cpus: Some(cpus),
        os_type: Some(machine.os_type.clone()),
        firmware: Some(machine.firmware),
        graphics: asked.graphics.or(Some(machine.graphics)),
        ..asked.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::wanted;
    use crate::guest_os::{CloudImage, GuestOs};
    use crate::model::{Gibibytes, Mebibytes};
    use crate::request::{CreateRequest, DiskWish};

    #[test]
    fn what_is_not_said_the_system_decides_and_too_little_is_refused() {
        let machine = CloudImage.machine();
        let asked = CreateRequest::new("web".parse().unwrap());
        let made = wanted(&asked, &machine, "x").unwrap();
        assert_eq!(made.memory, Some(machine.good.memory));
        assert_eq!(made.disk, Some(DiskWish::Size(machine.good.disk)));
        let said = CreateRequest { memory: Some(Mebibytes(64)), ..asked.clone() };
        assert_eq!(wanted(&said, &machine, "x").unwrap().memory, Some(Mebibytes(64)));
        for little in [
            CreateRequest { memory: Some(Mebibytes(32)), ..asked.clone() },
            CreateRequest { disk: Some(DiskWish::None), ..asked.clone() },
            CreateRequest { disk: Some(DiskWish::Size(Gibibytes(0))), ..asked.clone() },
            CreateRequest { cpus: Some(0), ..asked },
        ] {
            let refusal = wanted(&little, &machine, "X").unwrap_err();
            assert!(refusal.message().starts_with("X does not install with"), "{refusal}");
        }
    }
}
