//! Waiting for a level, never for an edge, always with a deadline.

use std::time::{Duration, Instant};

use super::VmOrchestrator;
use crate::error::{Error, ErrorKind};
use crate::guest::{Endpoint, banner};
use crate::model::{Forward, Phase, Protocol, Vm, VmRef, VmState, typed};
use crate::request::{Changed, Outcome, WaitCondition};

/// The port of SSH servers.
pub(super) const SSH_PORT: u16 = 22;

/// The first and the longest pause between two looks.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));

/// How long one look for an SSH banner may take: guests without hardware virtualisation are slow.
const BANNER_LOOK: Duration = Duration::from_secs(10);

/// The run level at which the Guest Additions' services are up.
const ADDITIONS_UP: u32 = 2;

/// What is waited for.
#[derive(Debug, Clone, Copy)]
enum Awaited {
    /// A state of this phase.
    Phase(Phase),
    /// A condition that a person can name.
    Condition(WaitCondition),
}

/// What one look found.
enum Look {
    /// It is so.
    There(Box<Vm>),
    /// Not yet; what is in the way.
    NotYet(String),
}

impl VmOrchestrator {
    /// Waits for a condition, as a request of its own.
    pub(super) async fn wait(
        &self,
        vm: &VmRef,
        condition: WaitCondition,
        timeout: Duration,
    ) -> Result<Changed, Error> {
        let begun = Instant::now();
        let found = self.wait_for(vm, condition, timeout).await?;
        let (state, outcome, took) =
            (found.map(|vm| vm.state), Outcome::Unchanged, begun.elapsed());
        let notes = Vec::new();
        Ok(Changed { vm: vm.to_string(), action: "wait", outcome, state, notes, took })
    }

    /// Waits until a condition holds; a rehearsal does not wait.
    pub(super) async fn wait_for(
        &self,
        vm: &VmRef,
        condition: WaitCondition,
        timeout: Duration,
    ) -> Result<Option<Vm>, Error> {
        if self.rehearses() {
            return Ok(None);
        }
        self.poll(vm, Awaited::Condition(condition), timeout).await.map(Some)
    }

    /// Waits until a VM is in a phase, and returns its state.
    pub(super) async fn wait_state(
        &self,
        vm: &VmRef,
        phase: Phase,
        timeout: Duration,
    ) -> Result<VmState, Error> {
        Ok(self.poll(vm, Awaited::Phase(phase), timeout).await?.state)
    }

    /// Waits until a VM's SSH server shows its banner, and returns the VM.
    pub(super) async fn wait_ssh(&self, vm: &VmRef, timeout: Duration) -> Result<Vm, Error> {
        self.poll(vm, Awaited::Condition(WaitCondition::Ssh), timeout).await
    }

    /// Looks once whether a condition holds. What cannot be seen does not.
    pub(super) async fn holds(&self, vm: &VmRef, condition: WaitCondition) -> bool {
        matches!(self.look(vm, Awaited::Condition(condition)).await, Ok(Look::There(_)))
    }

    /// Looks once.
    async fn look(&self, vm: &VmRef, awaited: Awaited) -> Result<Look, Error> {
        let condition = match awaited {
            Awaited::Phase(phase) => return self.look_at_state(vm, |s| s.phase() == phase).await,
            Awaited::Condition(condition) => condition,
        };
        match condition {
            WaitCondition::Running => self.look_at_state(vm, |s| *s == VmState::Running).await,
            WaitCondition::PowerOff => {
                self.look_at_state(vm, |s| s.phase() == Phase::Offline).await
            }
            WaitCondition::Ip => {
                let found = self.live(vm).await?;
                Ok(match self.guest_address(vm).await? {
                    Some(_) => Look::There(Box::new(found)),
                    None => Look::NotYet("its Guest Additions have reported none".to_owned()),
                })
            }
            WaitCondition::Additions => {
                let found = self.live(vm).await?;
                let level = found.guest_additions.run_level;
                let up = ADDITIONS_UP <= level;
                Ok(if up {
                    Look::There(Box::new(found))
                } else {
                    Look::NotYet(format!("run level {level}"))
                })
            }
            WaitCondition::Ssh => self.look_for_ssh(vm).await,
        }
    }

    async fn look_at_state(
        &self,
        vm: &VmRef,
        is_there: impl Fn(&VmState) -> bool + Send,
    ) -> Result<Look, Error> {
        let found = self.inspect(vm).await?;
        let missing = format!("it is {}", found.state);
        Ok(if is_there(&found.state) {
            Look::There(Box::new(found))
        } else {
            Look::NotYet(missing)
        })
    }

    async fn look_for_ssh(&self, vm: &VmRef) -> Result<Look, Error> {
        let found = self.live(vm).await?;
        let answer = match self.hypervisor().guest_commands() {
            Some(guest) => guest.run(vm, "true").await.map(|_| ()),
            None => banner::wait_step(&ssh_endpoint(&found)?, BANNER_LOOK).await.map(|_| ()),
        };
        Ok(match answer {
            Ok(()) => Look::There(Box::new(found)),
            Err(e) => Look::NotYet(e.to_string()),
        })
    }

    /// Reads a VM whose guest must be able to answer.
    async fn live(&self, vm: &VmRef) -> Result<Vm, Error> {
        let found = self.inspect(vm).await?;
        let remedy = match found.state.phase() {
            Phase::Live if found.state == VmState::Paused => "resume",
            Phase::Live | Phase::Changing => return Ok(found),
            Phase::Offline | Phase::Broken => "start",
        };
        let message = format!("`{vm}` is {}, not running", found.state);
        Err(Error::new(ErrorKind::InvalidState, message)
            .about(vm)
            .hint(format!("run `vm-cli {remedy} {}`", typed(vm))))
    }

    /// Looks until it is so, with growing pauses, until the deadline.
    async fn poll(&self, vm: &VmRef, awaited: Awaited, timeout: Duration) -> Result<Vm, Error> {
        let deadline = Instant::now() + timeout;
        let (mut pause, longest) = PAUSES;
        loop {
            let look = tokio::select! {
                biased;
                look = self.look(vm, awaited) => look?,
                // A guest that is silent must not hold up who wants to end.
                () = self.canceled() => return Err(canceled(vm)),
            };
            let missing = match look {
                Look::There(found) => return Ok(*found),
                Look::NotYet(missing) => missing,
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(late(vm, awaited, timeout, &missing));
            }
            tokio::select! {
                () = tokio::time::sleep(pause.min(left)) => {}
                () = self.canceled() => return Err(canceled(vm)),
            }
            pause = (pause * 2).min(longest);
        }
    }
}

impl Awaited {
    /// Returns what the VM should do, after "waited for it to".
    fn goal(self) -> &'static str {
        match self {
            Self::Phase(Phase::Offline) | Self::Condition(WaitCondition::PowerOff) => "go off",
            Self::Phase(Phase::Live) | Self::Condition(WaitCondition::Running) => "run",
            Self::Phase(Phase::Changing | Phase::Broken) => "change",
            Self::Condition(WaitCondition::Ip) => "report an address",
            Self::Condition(WaitCondition::Ssh) => "show its SSH banner",
            Self::Condition(WaitCondition::Additions) => "have its Guest Additions up",
        }
    }
}

fn canceled(vm: &VmRef) -> Error {
    Error::new(ErrorKind::Canceled, "canceled").about(vm)
}

fn late(vm: &VmRef, awaited: Awaited, timeout: Duration, missing: &str) -> Error {
    let (waited, goal) = (timeout.as_secs_f64(), awaited.goal());
    let message = format!("waited {waited:.0} s for `{vm}` to {goal}: {missing}");
    Error::new(ErrorKind::TimedOut, message).about(vm).hint(format!(
        "look at `vm-cli status {0}` and `vm-cli screenshot {0}`, or give it more `--timeout`",
        typed(vm)
    ))
}

/// Returns where a VM's SSH server is reached from the host.
pub(super) fn ssh_endpoint(vm: &Vm) -> Result<Endpoint, Error> {
    let leads_to_ssh = |f: &&Forward| f.protocol == Protocol::Tcp && f.guest_port == SSH_PORT;
    let forward = vm.forwards().find(leads_to_ssh).ok_or_else(|| {
        let message = format!("no forward leads to the SSH port of `{}`", vm.name);
        Error::new(ErrorKind::GuestUnreachable, message)
            .about(&vm.name)
            .hint("make the VM with `vm-cli create --ssh-port free`")
    })?;
    let address = forward.host_address.filter(|address| !address.is_unspecified());
    Ok(address.map_or_else(
        || Endpoint::local(forward.host_port),
        |address| Endpoint { host: address.to_string(), port: forward.host_port },
    ))
}
