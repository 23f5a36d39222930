//! From an ISO to a system that is ready: the machine and the answers are made, the installation
//! is seen to its end, and what it needed is put away.
//!
//! ```text
//!  ISO ─► GuestOs ─┬─ machine() ─► CreateRequest ─► create
//!                  └─ answers() ─► InstallFolder ─► discs      start ─► watch ─► finish
//!                                                                    (Course)
//! ```

mod course;
mod finish;
mod make;
mod record;
mod resources;
mod telling;
mod watch;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::VmOrchestrator;
use crate::error::{Error, ErrorKind};
use crate::model::{Display, Phase, Vm, VmId, VmRef, VmState, typed};
use crate::request::{
    AfterMaking, Creation, FinishRequest, InstallPhase, InstallReport, InstallRequest,
    InstallWatch, PasswordOrigin, Secret,
};
use make::Made;
use record::{InstallFolder, PasswordStay, Unfinished};

/// The snapshot that is taken at the end.
const CLEAN: &str = "clean";

impl VmOrchestrator {
    /// Makes a VM that installs itself, and sees to it as far as that is wanted.
    pub(super) async fn install(&self, asked: &InstallRequest) -> Result<InstallReport, Error> {
        let begun = Instant::now();
        let Made { mut creation, unfinished } = self.make_installing(asked).await?;
        let vm: VmRef = creation.name.parse()?;
        let phases = match asked.then {
            AfterMaking::Nothing => Vec::new(),
            AfterMaking::Start(display) => {
                let started = self.start_installing(&vm, display, &unfinished).await?;
                creation.notes.extend(started);
                creation.state = VmState::Running;
                vec![(InstallPhase::Booting, begun.elapsed())]
            }
            AfterMaking::Finish(display, watch) => {
                let started = self.start_installing(&vm, display, &unfinished).await?;
                creation.notes.extend(started);
                creation.state = VmState::Running;
                let before = begun.elapsed();
                let phases = self.see_through(&vm, creation.id, &unfinished, watch).await?;
                phases.into_iter().map(|(phase, at)| (phase, before + at)).collect()
            }
        };
        creation.took = begun.elapsed();
        let told = match asked.password {
            PasswordOrigin::Given => None,
            PasswordOrigin::MadeUp => Some(Secret::new(asked.answers.password.reveal())),
        };
        Ok(self.report(creation, &unfinished, phases, told))
    }

    /// Sees an installation to its end that was begun before.
    pub(super) async fn finish_install(
        &self,
        asked: &FinishRequest,
    ) -> Result<InstallReport, Error> {
        let begun = Instant::now();
        let vm = &asked.vm;
        let found = self.inspect(vm).await?;
        let folder = self.install_folder(found.id);
        let unfinished = folder.read()?.ok_or_else(|| {
            let message = format!("`{vm}` has no installation to go on with");
            Error::new(ErrorKind::InvalidState, message)
                .about(vm)
                .hint("one that has come to its end needs nothing more: use `vm-cli start`")
        })?;
        let mut notes = Vec::new();
        if found.state.phase() == Phase::Offline {
            notes = self.start_installing(vm, asked.display, &unfinished).await?;
        }
        let phases = self.see_through(vm, found.id, &unfinished, asked.watch).await?;
        let told = match unfinished.password {
            PasswordStay::Removed => None,
            PasswordStay::Kept if self.rehearses() => None,
            PasswordStay::Kept => Some(Secret::new(folder.password()?)),
        };
        let creation = taken_up(found, notes, begun.elapsed());
        Ok(self.report(creation, &unfinished, phases, told))
    }

    /// Forgets an installation whose VM is gone.
    pub(super) fn forget_installation(&self, vm: VmId) {
        if let Err(e) = self.install_folder(vm).remove() {
            tracing::warn!("what was kept of the installation of {vm} could not be removed: {e}");
        }
    }

    /// Returns the folder of the disc that tells a copied guest who it is; it goes with its VM.
    pub(super) fn seed_folder(&self, vm: VmId) -> PathBuf {
        self.install_folder(vm).answers()
    }

    fn install_folder(&self, vm: VmId) -> InstallFolder {
        InstallFolder::of(self.folders().state(), vm)
    }

    /// Powers on a VM that installs itself.
    async fn start_installing(
        &self,
        vm: &VmRef,
        display: Display,
        unfinished: &Unfinished,
    ) -> Result<Vec<String>, Error> {
        match self.start_from_off(vm, display, None).await {
            Ok(started) => Ok(started.notes),
            Err(e) => Err(unfinished.with_next_step(e, vm)),
        }
    }

    /// Watches an installation, and puts away what it needed.
    async fn see_through(
        &self,
        vm: &VmRef,
        id: VmId,
        unfinished: &Unfinished,
        watch: InstallWatch,
    ) -> Result<Vec<(InstallPhase, Duration)>, Error> {
        let phases = Box::pin(self.watch_install(vm, id, unfinished, watch)).await?;
        self.put_away(vm, id, unfinished).await?;
        Ok(phases)
    }

    fn report(
        &self,
        vm: Creation,
        unfinished: &Unfinished,
        seen: Vec<(InstallPhase, Duration)>,
        password: Option<Secret>,
    ) -> InstallReport {
        let phase = seen.last().map_or(InstallPhase::Made, |(phase, _)| *phase);
        let mut phases = vec![(InstallPhase::Made, Duration::ZERO)];
        phases.extend(seen);
        let name = typed(&vm.name);
        let folder = self.install_folder(vm.id);
        let is_ready = phase == InstallPhase::Ready;
        let password_file = (!is_ready || unfinished.password == PasswordStay::Kept)
            .then(|| folder.password_file());
        let next = if is_ready {
            let login = match &password_file {
                Some(file) => format!(" --password-file {}", typed(file.display())),
                None => String::new(),
            };
            vec![
                format!("vm-cli shell {name} --username {}{login}", typed(&unfinished.user)),
                format!("vm-cli screenshot {name}"),
                format!("vm-cli rollback {name} {CLEAN}"),
            ]
        } else {
            vec![unfinished.command_for(&name)]
        };
        let snapshot = is_ready.then(|| CLEAN.to_owned());
        let (system, user) = (unfinished.system.clone(), unfinished.user.clone());
        InstallReport { vm, system, phase, phases, user, password, password_file, snapshot, next }
    }
}

impl Unfinished {
    /// Returns the command that goes on with it.
    fn command_for(&self, name: &str) -> String {
        format!("vm-cli {} {name} --resume", self.command)
    }

    /// Adds to a failure how to go on when it is mended.
    fn with_next_step(&self, failure: Error, vm: &VmRef) -> Error {
        let on = self.next_step(vm);
        let hint = match failure.next_step() {
            Some(first) => format!("{first}; then {on}"),
            None => on,
        };
        failure.hint(hint)
    }

    /// Says how to go on, or to give it up.
    fn next_step(&self, vm: &VmRef) -> String {
        let name = typed(vm);
        let on = self.command_for(&name);
        format!("go on with `{on}`, or undo it with `vm-cli delete {name} --force`")
    }
}

/// Describes a VM whose installation was taken up again.
fn taken_up(found: Vm, notes: Vec<String>, took: Duration) -> Creation {
    Creation {
        forwards: found.forwards().cloned().collect(),
        name: found.name,
        id: found.id,
        state: VmState::Running,
        remote_display_port: found.remote_display_port,
        notes,
        took,
    }
}
