//! Agents: who they are, which VMs they have for themselves, what they share.

use std::time::{Duration, SystemTime};

use super::VmOrchestrator;
use crate::error::{Error, ErrorKind};
use crate::model::VmId;
use crate::store::{Agent, Shared, VmLease};

/// The longest that a VM can be taken for.
const LONGEST: Duration = Duration::from_hours(1);

impl VmOrchestrator {
    /// Notes what an agent says it is.
    pub fn register_agent(
        &self,
        name: &str,
        kind: &str,
        capabilities: &[String],
    ) -> Result<(), Error> {
        let (name, kind) = (name.to_owned(), kind.to_owned());
        let (capabilities, seen_at) = (capabilities.to_vec(), self.now());
        self.store()?.agents().register(&Agent { name, kind, capabilities, seen_at })
    }

    /// Reads every agent that has said what it is.
    pub fn agents(&self) -> Result<Vec<Agent>, Error> {
        self.store()?.agents().list()
    }

    /// Takes a VM for an agent, or keeps it longer.
    pub fn take_lease(&self, vm: VmId, holder: &str, time: Duration) -> Result<VmLease, Error> {
        if time.is_zero() || LONGEST < time {
            let message = "a VM is taken for a second to an hour";
            return Err(Error::new(ErrorKind::Usage, message).hint("take it again before that"));
        }
        let now = self.now();
        let until = now.checked_add(time).unwrap_or(now);
        let lease = VmLease { vm, holder: holder.to_owned(), until };
        if self.store()?.agents().take(&lease, now)? {
            return Ok(lease);
        }
        Err(self.held(vm)?)
    }

    /// Gives a VM back that an agent has.
    pub fn give_lease_back(&self, vm: VmId, holder: &str) -> Result<(), Error> {
        if self.store()?.agents().give_back(vm, holder)? {
            return Ok(());
        }
        let message = format!("`{holder}` does not have this VM for itself");
        Err(Error::new(ErrorKind::InvalidState, message).about(vm))
    }

    /// Reads which VMs agents have for themselves.
    pub fn vm_leases(&self) -> Result<Vec<VmLease>, Error> {
        self.store()?.agents().leases(self.now())
    }

    /// Refuses who wants to use a VM's guest that another has for itself.
    pub fn check_lease(&self, vm: VmId, who: &str) -> Result<(), Error> {
        let leases = self.vm_leases()?;
        let foreign = leases.iter().any(|it| it.vm == vm && it.holder != who);
        if foreign { Err(self.held(vm)?) } else { Ok(()) }
    }

    fn held(&self, vm: VmId) -> Result<Error, Error> {
        let now = self.now();
        let leases = self.vm_leases()?;
        let (holder, left) =
            leases.iter().find(|it| it.vm == vm).map_or(("another agent", Duration::ZERO), |it| {
                (it.holder.as_str(), it.until.duration_since(now).unwrap_or_default())
            });
        let message = format!("`{holder}` has this VM for {} more seconds", left.as_secs());
        Ok(Error::new(ErrorKind::Locked, message)
            .about(vm)
            .hint("wait until it is given back; `agent_list` tells who has what"))
    }

    /// Reads a value that agents share.
    pub fn shared(&self, key: &str) -> Result<Option<Shared>, Error> {
        self.store()?.agents().shared(key)
    }

    /// Sets a value that agents share, if it has this version still; 0 is one that is not there.
    /// Returns its new version.
    pub fn set_shared(&self, key: &str, value: &str, version: u64) -> Result<u64, Error> {
        if self.store()?.agents().share(key, value, version)? {
            return Ok(version + 1);
        }
        let message = format!("`{key}` has not the version {version} any more");
        Err(Error::new(ErrorKind::InvalidState, message)
            .hint("read it with `state_get`, and decide again"))
    }

    /// Returns since when agents may not use guests.
    pub fn agents_paused_since(&self) -> Result<Option<SystemTime>, Error> {
        self.store()?.agents().paused_since()
    }

    /// Forbids agents to use guests, until they are resumed.
    pub fn pause_agents(&self) -> Result<(), Error> {
        self.audited("agents-pause", || self.store()?.agents().pause(self.now()))
    }

    /// Lets agents use guests again.
    pub fn resume_agents(&self) -> Result<(), Error> {
        self.audited("agents-resume", || self.store()?.agents().resume())
    }

    fn audited(&self, action: &str, work: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
        let line = self.begin_audit_of(action, None);
        let done = work();
        self.end_audit(line, done.as_ref().err());
        done
    }
}
