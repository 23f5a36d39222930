//! Waiting for a level, never for an edge, always with a deadline.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use super::VmOrchestrator;
use super::plan::typed;
use super::tasks::Work;
use crate::error::{Error, ErrorKind};
use crate::guest::banner;
use crate::model::{Forward, Phase, Protocol, Vm, VmRef, VmState, VmTaskType};
use crate::request::{Changed, Outcome, WaitCondition};

/// The port of SSH servers.
pub(super) const SSH_PORT: u16 = 22;

/// The first and the longest pause between two looks.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));

/// How long one look for an SSH banner may take: guests without hardware virtualisation are slow.
const BANNER_LOOK: Duration = Duration::from_secs(10);

/// What one look found.
enum Look<T> {
    /// It is so.
    There(T),
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
        self.wait_for(vm, condition, timeout).await?;
        let state = Some(self.inspect(vm).await?.state);
        let took = begun.elapsed();
        Ok(Changed { vm: vm.to_string(), action: "wait", outcome: Outcome::Unchanged, state, took })
    }

    /// Waits until a condition holds.
    pub(super) async fn wait_for(
        &self,
        vm: &VmRef,
        condition: WaitCondition,
        timeout: Duration,
    ) -> Result<(), Error> {
        if self.rehearses() {
            return Ok(());
        }
        match condition {
            WaitCondition::Running => self
                .poll(vm, "to run", timeout, async |this: &Self| {
                    let state = this.inspect(vm).await?.state;
                    let running = state == VmState::Running;
                    Ok(if running { Look::There(()) } else { Look::NotYet(format!("it is {state}")) })
                })
                .await,
            WaitCondition::PowerOff => {
                self.wait_state(vm, Phase::Offline, timeout).await.map(|_| ())
            }
            WaitCondition::Ip => self
                .poll(vm, "to report an address", timeout, async |this: &Self| {
                    this.live(vm).await?;
                    Ok(match this.hypervisor().guest_address(vm).await? {
                        Some(_) => Look::There(()),
                        None => Look::NotYet("its Guest Additions have reported none".to_owned()),
                    })
                })
                .await,
            WaitCondition::Additions => self
                .poll(vm, "to have its Guest Additions up", timeout, async |this: &Self| {
                    let level = this.live(vm).await?.guest_additions.run_level;
                    let up = level >= 2;
                    Ok(if up { Look::There(()) } else { Look::NotYet(format!("run level {level}")) })
                })
                .await,
            WaitCondition::Ssh => self.wait_ssh(vm, timeout).await.map(|_| ()),
        }
    }

    /// Waits until a VM is in a phase, and returns its state.
    pub(super) async fn wait_state(
        &self,
        vm: &VmRef,
        phase: Phase,
        timeout: Duration,
    ) -> Result<VmState, Error> {
        let goal = if phase == Phase::Offline { "to go off" } else { "to change" };
        self.poll(vm, goal, timeout, async |this: &Self| {
            let state = this.inspect(vm).await?.state;
            let there = state.phase() == phase;
            Ok(if there { Look::There(state) } else { Look::NotYet(format!("it is {state}")) })
        })
        .await
    }

    /// Waits until a VM's SSH server shows its banner, and returns where it is reached.
    pub(super) async fn wait_ssh(
        &self,
        vm: &VmRef,
        timeout: Duration,
    ) -> Result<(Vm, SocketAddr), Error> {
        self.poll(vm, "to show its SSH banner", timeout, async |this: &Self| {
            let found = this.live(vm).await?;
            let Some(guest) = this.hypervisor().guest_commands() else {
                let address = ssh_address(&found)?;
                return Ok(match banner::wait_step(address, BANNER_LOOK).await {
                    Ok(_) => Look::There((found, address)),
                    Err(e) => Look::NotYet(e.to_string()),
                });
            };
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, SSH_PORT));
            Ok(match guest.run(vm, "true").await {
                Ok(_) => Look::There((found, address)),
                Err(e) => Look::NotYet(e.to_string()),
            })
        })
        .await
    }

    /// Reads a VM that must be live.
    async fn live(&self, vm: &VmRef) -> Result<Vm, Error> {
        let found = self.inspect(vm).await?;
        match found.state.phase() {
            Phase::Live | Phase::Changing => Ok(found),
            Phase::Offline | Phase::Broken => {
                let message = format!("`{vm}` is {}, not running", found.state);
                Err(Error::new(ErrorKind::InvalidState, message)
                    .about(vm)
                    .hint(format!("run `vm-cli start {}`", typed(vm.as_str()))))
            }
        }
    }

    /// Reads one VM.
    pub(super) async fn inspect(&self, vm: &VmRef) -> Result<Vm, Error> {
        let target = vm.clone();
        self.run(Work::on(vm, VmTaskType::Inspect), move |hypervisor, _| {
            let vm = target.clone();
            async move { hypervisor.inspect(&vm).await }
        })
        .await
    }

    /// Looks until something is there, with growing pauses, until the deadline.
    async fn poll<T>(
        &self,
        vm: &VmRef,
        what: &str,
        timeout: Duration,
        look: impl AsyncFn(&Self) -> Result<Look<T>, Error>,
    ) -> Result<T, Error> {
        let deadline = Instant::now() + timeout;
        let (mut pause, longest) = PAUSES;
        let mut canceled = self.canceled();
        loop {
            let missing = match look(self).await? {
                Look::There(value) => return Ok(value),
                Look::NotYet(missing) => missing,
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let waited = timeout.as_secs_f64();
                let message = format!("waited {waited:.0} s for `{vm}` {what}: {missing}");
                return Err(Error::new(ErrorKind::TimedOut, message).about(vm).hint(format!(
                    "look at `vm-cli status {0}` and `vm-cli screenshot {0}`, or give it more \
                     `--timeout`",
                    typed(vm.as_str())
                )));
            }
            tokio::select! {
                () = tokio::time::sleep(pause.min(left)) => {}
                _ = canceled.wait_for(|it| *it) => {
                    return Err(Error::new(ErrorKind::Canceled, "canceled").about(vm));
                }
            }
            pause = (pause * 2).min(longest);
        }
    }
}

/// Returns where a VM's SSH server is reached from the host.
pub(super) fn ssh_address(vm: &Vm) -> Result<SocketAddr, Error> {
    let leads_to_ssh = |f: &&Forward| f.protocol == Protocol::Tcp && f.guest_port == SSH_PORT;
    let forward = vm.forwards().find(leads_to_ssh).ok_or_else(|| {
        let message = format!("no forward leads to the SSH port of `{}`", vm.name);
        Error::new(ErrorKind::GuestUnreachable, message)
            .about(&vm.name)
            .hint("make the VM with `vm-cli create --ssh-port auto`")
    })?;
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let address = forward.host_address.filter(|a| !a.is_unspecified()).unwrap_or(loopback);
    Ok(SocketAddr::new(address, forward.host_port))
}
