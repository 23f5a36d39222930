use std::path::PathBuf;

use super::describe;
use super::moment::{Moment, millis};
use super::pointer::Desk;
use super::power::{Power, SavedFile, Session};
use super::snapshots::Snapshots;
use crate::error::{Error, ErrorKind};
use crate::hypervisor::kept::{add_forward, refusal, remove_forward};
use crate::model::{
    Forward, ShareLifetime, SharedFolder, StopMode, VmConfiguration, VmId, VmState, typed,
};

/// A simulated VM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Machine {
    /// Its identity.
    pub(super) id: VmId,
    /// The VM on whose disk it stands, if it is a linked clone.
    pub(super) original: Option<VmId>,
    /// Its settings.
    pub(super) settings: VmConfiguration,
    /// Whether it is on.
    pub(super) power: Power,
    /// Its snapshots.
    pub(super) snapshots: Snapshots,
    /// The folders that it shares; what ends with its process may be of an earlier one.
    pub(super) shares: Vec<SharedFolder>,
    /// What was typed into its guest since the last Enter.
    pub(super) typed: String,
    /// What its pointer has done.
    pub(super) desk: Desk,
}

impl Machine {
    /// Makes a VM that is off.
    pub(super) fn new(id: VmId, settings: VmConfiguration, now: Moment) -> Self {
        let power = Power::Off { since: now.ms };
        let (original, snapshots, shares, typed, desk) = Default::default();
        Self { id, original, settings, power, snapshots, shares, typed, desk }
    }

    /// Powers it on, or resumes its saved state.
    pub(super) fn start(&mut self, now: Moment) -> Result<(), Error> {
        let uptime = match &self.power {
            Power::Off { .. } | Power::Aborted { .. } => 0,
            Power::Saved { uptime, file: SavedFile::Whole, .. } => *uptime,
            Power::Saved { file: SavedFile::Damaged, .. } => return Err(self.unreadable()),
            Power::On(_) | Power::Stuck { .. } => return Err(self.refusal("be started again")),
        };
        if uptime == 0 {
            self.desk = Desk::default();
        }
        self.shares.retain(|it| it.lifetime == ShareLifetime::Kept);
        self.power = Power::On(Session::begin(now, uptime));
        Ok(())
    }

    /// Stops it.
    pub(super) fn stop(&mut self, mode: StopMode, now: Moment) -> Result<(), Error> {
        match mode {
            StopMode::Acpi => {
                let session = self.running("get its power button pressed")?;
                session.button = Some(session.button.unwrap_or(session.uptime(now)));
            }
            StopMode::PowerOff => {
                if !matches!(self.power, Power::Stuck { .. }) {
                    self.live("be powered off")?;
                }
                self.power = Power::Off { since: now.ms };
            }
            StopMode::Save => {
                let uptime = self.live("be saved")?.uptime(now);
                self.power = Power::Saved { since: now.ms, uptime, file: SavedFile::Whole };
            }
        }
        Ok(())
    }

    /// Stops its CPUs.
    pub(super) fn pause(&mut self, now: Moment) -> Result<(), Error> {
        self.running("be paused")?.pause(now);
        Ok(())
    }

    /// Lets it go on.
    pub(super) fn resume(&mut self, now: Moment) -> Result<(), Error> {
        let state = self.power.state();
        let refusal = self.refusal("be resumed");
        match &mut self.power {
            Power::On(session) if state == VmState::Paused => session.resume(now),
            Power::On(_)
            | Power::Off { .. }
            | Power::Saved { .. }
            | Power::Aborted { .. }
            | Power::Stuck { .. } => return Err(refusal),
        }
        Ok(())
    }

    /// Resets it. VirtualBox does not reset a paused VM either.
    pub(super) fn reset(&mut self, now: Moment) -> Result<(), Error> {
        *self.running("be reset")? = Session::begin(now, 0);
        self.desk = Desk::default();
        Ok(())
    }

    /// Adds a forward, live or off.
    pub(super) fn add_forward(&mut self, forward: Forward) -> Result<(), Error> {
        self.not_saved("get a forward")?;
        add_forward(&mut self.settings, forward)
    }

    /// Removes a forward, live or off.
    pub(super) fn remove_forward(&mut self, name: &str) -> Result<(), Error> {
        self.not_saved("lose a forward")?;
        remove_forward(&mut self.settings, name).map(drop)
    }

    /// Puts a disc into a drive; an empty path is none.
    pub(super) fn put_in_drive(&mut self, slot: &str, wanted: PathBuf) -> Result<(), Error> {
        self.not_saved("change a disc")?;
        let drives = (1..).map(describe::drive);
        let disc = drives.zip(&mut self.settings.discs).find(|(drive, _)| drive == slot);
        let Some((_, disc)) = disc else {
            let message = format!("`{}` has no drive `{slot}`", self.settings.name);
            return Err(Error::new(ErrorKind::NotFound, message));
        };
        *disc = wanted;
        Ok(())
    }

    /// Returns how long the guest has run if it is live.
    pub(super) fn guest_uptime(&mut self, what: &str, now: Moment) -> Result<u64, Error> {
        Ok(self.live(what)?.uptime(now))
    }

    /// Returns the run level of the guest: 0 booting, 2 userland, 3 desktop.
    pub(super) fn run_level(&self, now: Moment) -> u32 {
        match &self.power {
            Power::Off { .. }
            | Power::Saved { .. }
            | Power::Aborted { .. }
            | Power::Stuck { .. } => 0,
            Power::On(session) => {
                let uptime = session.uptime(now);
                match () {
                    () if uptime >= millis(now.pace.desktop) => 3,
                    () if uptime >= millis(now.pace.userland) => 2,
                    () => 0,
                }
            }
        }
    }

    /// VirtualBox changes no settings of a VM whose memory is saved.
    fn not_saved(&self, what: &str) -> Result<(), Error> {
        match &self.power {
            Power::Saved { .. } => Err(self.refusal(what)),
            Power::Off { .. } | Power::Aborted { .. } | Power::Stuck { .. } | Power::On(_) => {
                Ok(())
            }
        }
    }

    /// Throws its saved state away.
    pub(super) fn discard(&mut self, now: Moment) -> Result<(), Error> {
        match &self.power {
            Power::Saved { .. } => {
                self.power = Power::Off { since: now.ms };
                Ok(())
            }
            Power::Off { .. } | Power::Aborted { .. } | Power::Stuck { .. } | Power::On(_) => {
                Err(self.refusal("lose a saved state"))
            }
        }
    }

    /// Ends what holds it, as an emergency stop does.
    pub(super) fn end_process(&mut self, now: Moment) {
        if matches!(self.power, Power::On(_) | Power::Stuck { .. }) {
            self.power = Power::Aborted { since: now.ms };
        }
    }

    fn unreadable(&self) -> Error {
        let name = &self.settings.name;
        let message = format!("the saved state of `{name}` cannot be read");
        let typed = typed(name);
        Error::new(ErrorKind::SavedStateUnreadable, message).about(name).hint(format!(
            "run `vm-cli recover {typed} --policy restart`: it throws the saved state away and \
             starts the VM afresh"
        ))
    }

    fn live(&mut self, what: &str) -> Result<&mut Session, Error> {
        let refusal = self.refusal(what);
        match &mut self.power {
            Power::On(session) => Ok(session),
            Power::Off { .. }
            | Power::Saved { .. }
            | Power::Aborted { .. }
            | Power::Stuck { .. } => Err(refusal),
        }
    }

    /// Returns its session if its CPUs run.
    pub(super) fn running(&mut self, what: &str) -> Result<&mut Session, Error> {
        let refusal = self.refusal(what);
        let session = self.live(what)?;
        if session.running_since.is_some() { Ok(session) } else { Err(refusal) }
    }

    /// Fails unless its guest is up and listens.
    pub(super) fn listening(&mut self, now: Moment) -> Result<(), Error> {
        self.running("reach its guest")?;
        if 2 <= self.run_level(now) {
            return Ok(());
        }
        let name = &self.settings.name;
        let message = format!("the guest of `{name}` is still booting");
        Err(Error::new(ErrorKind::GuestNotReady, message)
            .hint(format!("run `vm-cli wait {} additions`", typed(name)))
            .about(name))
    }

    /// Builds the refusal of something that its state does not allow.
    pub(super) fn refusal(&self, what: &str) -> Error {
        refusal(&self.settings.name, &self.power.state(), what)
    }
}
