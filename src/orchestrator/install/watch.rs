//! Looks at an installation until it has come to its end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::course::{Course, Deed, Sighting};
use super::record::{InstallFolder, Prompt, Unfinished};
use super::telling::Telling;
use crate::error::{Error, ErrorKind};
use crate::guest::HostKeys;
use crate::keyboard::{Chord, Layout, Secrecy};
use crate::model::{Phase, Vm, VmId, VmRef};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::errand::{Complaint, Errand};
use crate::request::{
    Credentials, Input, InstallPhase, InstallWatch, Keys, KeysRequest, Secret, WaitCondition,
};
use crate::screen;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a guest that shows its banner may take to let its user in.
const LOGIN: Duration = Duration::from_secs(10);

/// How long a key is held down.
const HELD: Duration = Duration::from_millis(20);

impl VmOrchestrator {
    /// Looks at an installation until its system is ready, and returns when each phase began.
    pub(super) async fn watch_install(
        &self,
        vm: &VmRef,
        id: VmId,
        unfinished: &Unfinished,
        watch: InstallWatch,
    ) -> Result<Vec<(InstallPhase, Duration)>, Error> {
        if self.rehearses() {
            return Ok(vec![(InstallPhase::Ready, Duration::ZERO)]);
        }
        // A simulated medium asks nothing.
        let prompt = if self.simulates() { Prompt::None } else { unfinished.prompt.clone() };
        let mut course = Course::new(prompt, watch);
        let telling = Telling::begin(self.events(), vm);
        let seen = tokio::select! {
            biased;
            () = self.canceled() => {
                let message = "canceled: the installation goes on in the VM";
                Err(Error::new(ErrorKind::Canceled, message).about(vm))
            }
            seen = self.follow_install(vm, id, unfinished, &mut course, &telling) => seen,
        };
        let seen = seen.map_err(|e| unfinished.with_next_step(e, vm));
        telling.end(seen)?;
        Ok(course.into_phases())
    }

    async fn follow_install(
        &self,
        vm: &VmRef,
        id: VmId,
        unfinished: &Unfinished,
        course: &mut Course,
        telling: &Telling<'_>,
    ) -> Result<(), Error> {
        let begun = Instant::now();
        let folder = InstallFolder::of(self.folders().state(), id);
        let credentials = Credentials {
            user: Some(unfinished.user.clone()),
            password: Some(Secret::new(folder.password()?)),
            identity: None,
        };
        telling.phase(course.phase());
        loop {
            let mut seen = self.sight(vm, unfinished).await?;
            if course.may_be_ready(begun.elapsed()) {
                seen.is_ready = Box::pin(self.is_ready(vm, id, unfinished, &credentials)).await;
            }
            let before = course.phase();
            let deed = course.see(begun.elapsed(), seen);
            if before != course.phase() {
                telling.phase(course.phase());
            }
            match deed {
                Deed::Wait => {}
                Deed::PressAnyKey => self.press_in_installer(vm, &[Press::Key("Space")]).await,
                Deed::Type(line) => {
                    self.press_in_installer(vm, &[Press::Text(&line), Press::Key("Enter")]).await;
                }
                Deed::End => return Ok(()),
                Deed::GiveUp => {
                    let why = given_up(vm, unfinished, course, begun.elapsed());
                    return Err(why.found(Box::pin(self.evidence(vm)).await));
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Looks once.
    async fn sight(&self, vm: &VmRef, unfinished: &Unfinished) -> Result<Sighting, Error> {
        let found = self.inspect(vm).await?;
        match found.state.phase() {
            Phase::Live | Phase::Changing => {}
            Phase::Offline | Phase::Broken => {
                let message =
                    format!("`{vm}` is {} before {} was installed", found.state, unfinished.system);
                return Err(Error::new(ErrorKind::InvalidState, message).about(vm));
            }
        }
        let resets = match self.hypervisor().aftercare() {
            Some(aftercare) => aftercare.resets(&found).await,
            None => 0,
        };
        // A screen that cannot be seen now, as during a reset, is dark.
        let picture = self.picture_now(vm).await.ok();
        let screen = picture.and_then(|png| screen::decode_png(&png).ok());
        Ok(Sighting { screen, disk: on_host(&found).await, resets, is_ready: false })
    }

    /// Looks whether the guest's user can log in and everything is installed.
    async fn is_ready(
        &self,
        vm: &VmRef,
        id: VmId,
        unfinished: &Unfinished,
        credentials: &Credentials,
    ) -> bool {
        if !self.holds(vm, WaitCondition::Ssh).await {
            return false;
        }
        let errand = Errand { vm, credentials, reach_within: LOGIN };
        let Some(ready) = unfinished.ready.as_deref() else { return false };
        // A simulated guest is ready when it answers.
        let command = if self.simulates() { "true" } else { ready };
        let sink = Arc::new(Complaint::default());
        match Box::pin(self.run_errand(errand, command.to_owned(), Input::Nothing, sink)).await {
            Ok(code) => code == 0,
            Err(e) => {
                tracing::debug!(%vm, "it is not ready: {e}");
                if e.kind() == ErrorKind::HostKeyChanged {
                    // The installer had an SSH server of its own.
                    HostKeys::new(self.folders().known_hosts()).forget(id).ok();
                }
                false
            }
        }
    }

    /// Presses keys; an installer that cannot be reached now is reached at the next look.
    async fn press_in_installer(&self, vm: &VmRef, presses: &[Press<'_>]) {
        for press in presses {
            let keys = match press {
                Press::Key(name) => match Chord::parse(name, Layout::Us) {
                    Ok(chord) => Keys::Chords { chords: vec![chord], hold: HELD },
                    Err(_) => return,
                },
                Press::Text(text) => Keys::Text {
                    text: Secret::new(*text),
                    secrecy: Secrecy::Open,
                    layout: Layout::Us,
                },
            };
            if let Err(e) = self.press(&KeysRequest { vm: vm.clone(), keys }).await {
                tracing::debug!(%vm, "no key was pressed: {e}");
            }
        }
    }
}

/// Says that an installation was given up.
fn given_up(vm: &VmRef, unfinished: &Unfinished, course: &Course, after: Duration) -> Error {
    let (system, phase, minutes) = (&unfinished.system, course.phase(), after.as_secs() / 60);
    let why = if course.is_late(after) {
        format!("{system} is not ready in `{vm}` after {minutes} min ({phase})")
    } else {
        format!("the installation of {system} in `{vm}` stands still ({phase})")
    };
    let logs = &unfinished.logs;
    Error::new(ErrorKind::TimedOut, why)
        .about(vm)
        .hint(format!("look at the picture, and in the guest at {logs}"))
}

/// What is pressed.
#[derive(Debug, Clone, Copy)]
enum Press<'a> {
    Key(&'static str),
    Text(&'a str),
}

/// Returns what a VM's disks take of the host, in bytes.
async fn on_host(vm: &Vm) -> u64 {
    let mut bytes = 0;
    for disk in &vm.disks {
        let end = disk.medium.rsplit('.').next().unwrap_or_default().to_lowercase();
        if ["iso", "viso"].contains(&end.as_str()) {
            continue;
        }
        bytes += tokio::fs::metadata(&disk.medium).await.map_or(0, |it| it.len());
    }
    bytes
}
