//! A VM goes on, stands still and goes off.

use std::fs;

use serde_json::json;

use super::arguments::{Accelerator, Beginning, DISK_NODE, MEMORY_NODE, arguments};
use super::definition::{Definition, Note, Tag};
use super::driver::QemuDriver;
use super::presence::{self, Presence};
use super::qmp::Conversation;
use super::refused;
use super::register::Held;
use super::{hostfwd, platform};
use crate::error::{Error, ErrorKind};
use crate::hypervisor::kept::check_discs;
use crate::model::{Display, Phase, StopMode, VmState, typed};
use crate::process::CommandLine;

impl QemuDriver {
    /// Powers a VM on, or gives it its memory back.
    pub(super) async fn power_on(&self, held: &mut Held, display: Display) -> Result<(), Error> {
        let state = held.state()?;
        if state.phase() != Phase::Offline {
            return Err(held.definition.refusal(&state, "be started again"));
        }
        check_discs(&held.definition.settings.discs, &held.definition.settings.name)?;
        let saved = match &held.definition.note {
            Note::Saved(tag) => Some(tag.clone()),
            Note::Off | Note::On | Note::Paused => None,
        };
        let beginning = saved.as_ref().map_or(Beginning::Boot, |_| Beginning::Wait);
        presence::forget(&held.place.pid())?;
        // QEMU leaves it behind, and would not listen where something is.
        fs::remove_file(held.place.socket()).ok();
        let begun = async {
            self.spawn(held, beginning, display).await?;
            let mut qemu = self.talk(held).await?;
            hostfwd::add_all(&mut qemu, &held.definition.settings.forwards).await?;
            if let Some(tag) = &saved {
                self.load(&mut qemu, &held.definition, tag).await?;
            }
            Ok(())
        };
        let begun = begun.await;
        if begun.is_err() {
            // What was begun only in part goes; a saved state stays.
            presence::end(&held.place.pid()).await?;
            return begun;
        }
        let before = held.definition.tags();
        self.note(held, Note::On)?;
        self.drop_unused(held, before).await
    }

    async fn spawn(
        &self,
        held: &Held,
        beginning: Beginning,
        display: Display,
    ) -> Result<(), Error> {
        let settings = &held.definition.settings;
        let best = if platform::has_kvm() { Accelerator::Kvm } else { Accelerator::Tcg };
        let accelerator =
            Accelerator::choose(settings.execution_engine, settings.hardware_acceleration, best);
        let program = self.programs.system.clone();
        let program = program.ok_or_else(|| refused::missing(super::SYSTEM))?;
        let line = CommandLine::write(program, self.deadlines.start)
            .args(arguments(&held.definition, &held.place, accelerator, beginning, display))
            .let_end();
        let ran = self.runner.run(&line).await;
        refused::by_program(super::SYSTEM, ran).map(drop).map_err(|error| match accelerator {
            Accelerator::Kvm => {
                error.or_hint("where KVM does not work, create VMs with `--engine recompiler`")
            }
            Accelerator::Tcg => error,
        })
    }

    async fn load(
        &self,
        qemu: &mut Conversation<platform::Stream>,
        it: &Definition,
        tag: &Tag,
    ) -> Result<(), Error> {
        let name = &it.settings.name;
        qemu.job("snapshot-load", state_of(it, tag)).await.map_err(|e| {
            let message = format!("the saved state of `{name}` cannot be read");
            Error::new(ErrorKind::SavedStateUnreadable, message)
                .about(name)
                .caused_by(e)
                .hint(format!("go back to a snapshot: `vm-cli snapshot list {}`", typed(name)))
        })?;
        qemu.call("cont", json!({})).await.map(drop)
    }

    /// Stops a VM.
    pub(super) async fn power_off(&self, held: &mut Held, mode: StopMode) -> Result<(), Error> {
        let state = held.state()?;
        let is_live = state.phase() == Phase::Live;
        match mode {
            StopMode::Acpi if state == VmState::Running => {
                self.talk(held).await?.call("system_powerdown", json!({})).await.map(drop)
            }
            StopMode::Acpi => Err(held.definition.refusal(&state, "get its power button pressed")),
            StopMode::PowerOff if is_live || state == VmState::Stuck => {
                presence::end(&held.place.pid()).await?;
                // Of one that was stuck, what was saved is still there.
                if is_live { self.note(held, Note::Off) } else { Ok(()) }
            }
            StopMode::PowerOff => Err(held.definition.refusal(&state, "be powered off")),
            StopMode::Save if is_live => self.save(held, &state).await,
            StopMode::Save => Err(held.definition.refusal(&state, "be saved")),
        }
    }

    async fn save(&self, held: &mut Held, state: &VmState) -> Result<(), Error> {
        let tag = Tag(format!("saved-{}", self.now()));
        let mut qemu = self.talk(held).await?;
        // Its guest must not get any further than what is saved.
        qemu.call("stop", json!({})).await?;
        if let Err(error) = qemu.job("snapshot-save", state_of(&held.definition, &tag)).await {
            if *state == VmState::Running {
                qemu.call("cont", json!({})).await.ok();
            }
            return Err(error);
        }
        self.note(held, Note::Saved(tag))?;
        presence::end(&held.place.pid()).await
    }

    /// Stops the CPUs of a VM.
    pub(super) async fn halt(&self, held: &mut Held) -> Result<(), Error> {
        held.expect(&VmState::Running, "be paused")?;
        self.talk(held).await?.call("stop", json!({})).await?;
        self.note(held, Note::Paused)
    }

    /// Lets a VM's CPUs go on.
    pub(super) async fn go_on(&self, held: &mut Held) -> Result<(), Error> {
        held.expect(&VmState::Paused, "be resumed")?;
        self.talk(held).await?.call("cont", json!({})).await?;
        self.note(held, Note::On)
    }

    /// Lets go of kept states that nothing refers to any more.
    pub(super) async fn drop_unused(&self, held: &Held, before: Vec<Tag>) -> Result<(), Error> {
        let needed = held.definition.tags();
        let is_live = matches!(held.presence()?, Presence::Alive(_));
        for tag in before.into_iter().filter(|tag| !needed.contains(tag)) {
            if is_live {
                let devices = nodes(&held.definition);
                let what = json!({"tag": tag.0, "devices": devices});
                self.talk(held).await?.job("snapshot-delete", what).await?;
            } else {
                self.drop_content(&held.definition, &held.place, &tag).await?;
            }
        }
        Ok(())
    }

    /// Notes what a VM is now.
    pub(super) fn note(&self, held: &mut Held, note: Note) -> Result<(), Error> {
        held.definition.note(note, self.now());
        held.keep()
    }
}

impl Held {
    /// Looks for its process.
    pub(super) fn presence(&self) -> Result<Presence, Error> {
        presence::look(&self.place.pid())
    }

    /// Returns its state.
    pub(super) fn state(&self) -> Result<VmState, Error> {
        Ok(self.definition.state(self.presence()?))
    }

    /// Refuses something in all states but one.
    pub(super) fn expect(&self, wanted: &VmState, what: &str) -> Result<(), Error> {
        let state = self.state()?;
        if state == *wanted { Ok(()) } else { Err(self.definition.refusal(&state, what)) }
    }

    /// Refuses something unless it is live.
    pub(super) fn expect_live(&self, what: &str) -> Result<(), Error> {
        let state = self.state()?;
        let is_live = state.phase() == Phase::Live;
        if is_live { Ok(()) } else { Err(self.definition.refusal(&state, what)) }
    }
}

/// Returns what a job must know to keep or bring back disks and memory.
pub(super) fn state_of(it: &Definition, tag: &Tag) -> serde_json::Value {
    json!({"tag": tag.0, "vmstate": MEMORY_NODE, "devices": nodes(it)})
}

fn nodes(it: &Definition) -> Vec<&'static str> {
    let disk = it.disk.as_ref().map(|_| DISK_NODE);
    [Some(MEMORY_NODE), disk].into_iter().flatten().collect()
}
