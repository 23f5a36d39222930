//! Making a VM for a system that installs itself. What cannot be is refused before anything is
//! made.

use std::path::{Path, PathBuf};

use tokio::task::JoinError;
use uuid::Uuid;

use super::record::{InstallFolder, PasswordStay, Unfinished};
use super::resources::wanted;
use crate::disk_image;
use crate::error::{Error, ErrorKind};
use crate::guest_os::{self, AnswerMedia, Delivery, GuestOs, Machine, SystemWish};
use crate::hypervisor::{UnattendedOrder, offered};
use crate::iso::{self, Content};
use crate::model::{DiskImage, Gibibytes, VmId, VmRef, VmTaskType};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::provision::Fittings;
use crate::orchestrator::tasks::Work;
use crate::request::{
    CreateRequest, Creation, IfLive, IfMissing, InstallEngine, InstallRequest, Medium,
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
        let (source, system) = self.source(asked).await?;
        system.terms().check(asked.license)?;
        let machine = system.machine();
        let create = wanted(&asked.create, &machine, &system.name(), source.disk_size())?;
        let mut noted = unfinished(asked, system.as_ref());
        let id = VmId::from_random(fastrand::u128(..));
        let mut made = match (asked.engine, &source) {
            (InstallEngine::Hypervisor, Source::Iso(iso)) => {
                self.make_unattended(id, (asked, &create), &machine, iso, &mut noted).await?
            }
            (InstallEngine::Answers, _) | (InstallEngine::Hypervisor, Source::Image(_)) => {
                let media = system.answers(&asked.answers)?;
                self.make_answered(id, (asked, &create), &machine, (&source, &media), &mut noted)
                    .await?
            }
        };
        made.notes.extend(system.concessions());
        Ok(Made { creation: made, unfinished: noted })
    }

    /// Finds what the system comes from, and which one it is.
    async fn source(&self, asked: &InstallRequest) -> Result<(Source, Box<dyn GuestOs>), Error> {
        match &asked.medium {
            Medium::Iso(file) => {
                let iso = self.find_iso(file)?;
                let content = inspected(&iso).await?;
                let system = guest_os::choose(&asked.system, content, asked.create.memory)?;
                Ok((Source::Iso(iso), system))
            }
            Medium::DiskImage(file) => {
                let system = guest_os::choose_of_image(&asked.system)?;
                let file = self.in_iso_folder(file);
                let read = tokio::task::spawn_blocking(move || disk_image::examine_file(&file));
                Ok((Source::Image(unbroken(read.await)??), system))
            }
        }
    }

    /// Makes a VM whose installer reads answers of ours.
    async fn make_answered(
        &self,
        id: VmId,
        (asked, create): (&InstallRequest, &CreateRequest),
        machine: &Machine,
        (source, media): (&Source, &AnswerMedia),
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
        let (iso, image) = match source {
            Source::Iso(iso) => (Some(iso.as_path()), None),
            Source::Image(image) => (None, Some(image.clone())),
        };
        let installer = match media.delivery {
            Delivery::SecondDisc(_) => iso.map(Path::to_path_buf),
            Delivery::WithinMedium(_) => None,
        };
        let mut discs: Vec<PathBuf> = installer.into_iter().chain([viso]).collect();
        discs.extend(self.additions_disc(&asked.system).await);
        unfinished.slots = self.slots(machine, discs.len());
        let write = || {
            media.write(&answers, iso, Uuid::from_u128(fastrand::u128(..)))?;
            self.keep_going(&folder, asked, unfinished)?;
            Ok(Fittings { disk_image: image, ..fittings(machine, discs) })
        };
        self.create_fitted(id, create, write).await
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
        let mut creation = self.create_fitted(id, create, keep).await?;
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
    Ok(unbroken(read)??.content)
}

fn unbroken<T>(read: Result<T, JoinError>) -> Result<T, Error> {
    read.map_err(|e| Error::new(ErrorKind::Internal, "a file was not read").caused_by(e))
}

/// Where a system comes from, as it was found.
#[derive(Debug)]
enum Source {
    /// A disc, absolute.
    Iso(PathBuf),
    /// A disk.
    Image(DiskImage),
}

impl Source {
    /// Returns how large its disk is at least.
    fn disk_size(&self) -> Option<Gibibytes> {
        match self {
            Self::Iso(_) => None,
            Self::Image(image) => Some(Gibibytes(image.size.div_ceil(1 << 30))),
        }
    }
}

fn fittings(machine: &Machine, discs: Vec<PathBuf>) -> Fittings {
    Fittings {
        disk_image: None,
        discs,
        tpm: Some(machine.tpm),
        secure_boot: Some(machine.secure_boot),
        video_memory: Some(machine.video_memory),
    }
}
