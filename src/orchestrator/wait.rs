//! Waiting for a level, never for an edge, always with a deadline.

use std::time::{Duration, Instant};

use super::VmOrchestrator;
use super::naming::Meant;
use super::wait_screen::Watched;
use crate::error::{Error, ErrorKind};
use crate::guest::{Endpoint, banner};
use crate::model::{Forward, Freshness, Phase, Protocol, Vm, VmRef, VmState, typed};
use crate::request::{Changed, Outcome, ScreenWatch, WaitCondition};

/// The port of SSH servers.
pub(super) const SSH_PORT: u16 = 22;

/// The first and the longest pause between two looks.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(1));

/// The longest pause that the guest itself can end by reporting something. A VM that goes away ends
/// none (measured on 7.2.22), so it is not much longer.
const NEWS: Duration = Duration::from_secs(2);

/// How long one look for an SSH banner may take: guests without hardware virtualisation are slow.
const BANNER_LOOK: Duration = Duration::from_secs(10);

/// The run level at which the Guest Additions' services are up.
const ADDITIONS_UP: u32 = 2;

/// Why what a guest reported is not believed.
const STALE: &str = "it has reported nothing since its memory came back";

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
    /// There is no such VM, and that is what was waited for.
    Gone,
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
        watch: &ScreenWatch,
    ) -> Result<Changed, Error> {
        let begun = Instant::now();
        let found = if self.rehearses() {
            None
        } else {
            self.await_condition(vm, condition, timeout, watch).await?
        };
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
        self.await_condition(vm, condition, timeout, &ScreenWatch::default()).await
    }

    /// Waits until a condition holds. Who waited in vain is told how the VM is.
    async fn await_condition(
        &self,
        vm: &VmRef,
        condition: WaitCondition,
        timeout: Duration,
        watch: &ScreenWatch,
    ) -> Result<Option<Vm>, Error> {
        let mut watched = Watched::new(watch).await?;
        let vm = &if condition == WaitCondition::Gone { self.really(vm).await } else { vm.clone() };
        let waited = self.poll(vm, Awaited::Condition(condition), timeout, &mut watched);
        // What waiting takes is not a part of every request.
        let found = Box::pin(waited).await;
        match found {
            Err(e) if e.kind() == ErrorKind::TimedOut => {
                Err(e.found(Box::pin(self.evidence(vm)).await))
            }
            decided => decided,
        }
    }

    /// Returns the VM that a name means: one that is not there by this name may be by another.
    async fn really(&self, vm: &VmRef) -> VmRef {
        match self.meant(vm).await {
            Meant::Vm(meant) => meant,
            Meant::Perhaps(_) | Meant::Nothing => vm.clone(),
        }
    }

    /// Waits until a VM is in a phase, and returns its state.
    pub(super) async fn wait_state(
        &self,
        vm: &VmRef,
        phase: Phase,
        timeout: Duration,
    ) -> Result<VmState, Error> {
        let mut watched = Watched::new(&ScreenWatch::default()).await?;
        let found = Box::pin(self.poll(vm, Awaited::Phase(phase), timeout, &mut watched)).await?;
        found.map(|vm| vm.state).ok_or_else(|| vanished(vm))
    }

    /// Waits until a VM's SSH server shows its banner, and returns the VM.
    pub(super) async fn wait_ssh(&self, vm: &VmRef, timeout: Duration) -> Result<Vm, Error> {
        let found = self.wait_for(vm, WaitCondition::Ssh, timeout).await?;
        found.ok_or_else(|| vanished(vm))
    }

    /// Looks once whether a condition holds. What cannot be seen does not.
    pub(super) async fn holds(&self, vm: &VmRef, condition: WaitCondition) -> bool {
        let Ok(mut watched) = Watched::new(&ScreenWatch::default()).await else { return false };
        let look = self.look(vm, Awaited::Condition(condition), &mut watched).await;
        matches!(look, Ok(Look::There(_) | Look::Gone))
    }

    /// Looks once.
    async fn look(
        &self,
        vm: &VmRef,
        awaited: Awaited,
        watched: &mut Watched,
    ) -> Result<Look, Error> {
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
                let facts = self.guest_facts(vm).await?;
                Ok(Look::at(
                    found,
                    match (facts.addresses.is_empty(), facts.freshness) {
                        (true, _) => Some("its Guest Additions have reported none".to_owned()),
                        (false, Freshness::Stale) => Some(STALE.to_owned()),
                        (false, Freshness::Fresh) => None,
                    },
                ))
            }
            WaitCondition::Additions => self.look_for_additions(vm).await,
            WaitCondition::Ssh => self.look_for_ssh(vm).await,
            WaitCondition::ScreenStable => {
                let found = self.live(vm).await?;
                Ok(Look::at(found, self.look_for_rest(vm, watched).await?))
            }
            WaitCondition::ScreenChanged => {
                let found = self.live(vm).await?;
                Ok(Look::at(found, self.look_for_change(vm, watched).await?))
            }
            WaitCondition::Text => {
                let found = self.live(vm).await?;
                Ok(Look::at(found, Box::pin(self.look_for_text(vm, watched)).await?))
            }
            WaitCondition::Gone => match self.inspect(vm).await {
                Ok(found) => Ok(Look::NotYet(format!("it is {}", found.state))),
                Err(e) if e.kind() == ErrorKind::VmNotFound => Ok(Look::Gone),
                Err(e) => Err(e),
            },
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

    /// The run level alone would not do: it comes back with a snapshot, before the services do.
    async fn look_for_additions(&self, vm: &VmRef) -> Result<Look, Error> {
        let found = self.live(vm).await?;
        let level = found.guest_additions.run_level;
        let missing = if level < ADDITIONS_UP {
            Some(format!("run level {level}"))
        } else {
            let is_stale = self.guest_facts(vm).await?.freshness == Freshness::Stale;
            is_stale.then(|| STALE.to_owned())
        };
        Ok(Look::at(found, missing))
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
    pub(super) async fn live(&self, vm: &VmRef) -> Result<Vm, Error> {
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
    async fn poll(
        &self,
        vm: &VmRef,
        awaited: Awaited,
        timeout: Duration,
        watched: &mut Watched,
    ) -> Result<Option<Vm>, Error> {
        let deadline = Instant::now() + timeout;
        let (mut pause, longest) = PAUSES;
        loop {
            let look = tokio::select! {
                biased;
                look = self.look(vm, awaited, watched) => look?,
                // A guest that is silent must not hold up who wants to end.
                () = self.canceled() => return Err(canceled(vm)),
            };
            let missing = match look {
                Look::There(found) => return Ok(Some(*found)),
                Look::Gone => return Ok(None),
                Look::NotYet(missing) => missing,
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(late(vm, awaited, timeout, &missing));
            }
            tokio::select! {
                () = self.pause(vm, awaited, pause, left) => {}
                () = self.canceled() => return Err(canceled(vm)),
            }
            pause = (pause * 2).min(longest);
        }
    }
}

impl VmOrchestrator {
    /// Waits between two looks; what a guest reports of itself ends that early.
    async fn pause(&self, vm: &VmRef, awaited: Awaited, pause: Duration, left: Duration) {
        let begun = Instant::now();
        let is_long = awaited.is_reported() && pause >= PAUSES.1;
        let pause = pause.min(left);
        let least = match self.hypervisor().news().filter(|_| is_long) {
            // One that comes back at once must not be asked without end.
            Some(news) => match news.next(vm, NEWS.min(left)).await {
                Ok(()) => PAUSES.0.min(left),
                Err(_) => pause,
            },
            None => pause,
        };
        tokio::time::sleep(least.saturating_sub(begun.elapsed())).await;
    }
}

impl Look {
    /// Decides by what is missing.
    fn at(found: Vm, missing: Option<String>) -> Self {
        missing.map_or_else(|| Self::There(Box::new(found)), Self::NotYet)
    }
}

impl Awaited {
    /// Returns whether the guest reports it by its Guest Additions.
    fn is_reported(self) -> bool {
        match self {
            Self::Condition(WaitCondition::Ip | WaitCondition::Additions) => true,
            Self::Phase(_)
            | Self::Condition(
                WaitCondition::Running
                | WaitCondition::PowerOff
                | WaitCondition::Ssh
                | WaitCondition::ScreenStable
                | WaitCondition::ScreenChanged
                | WaitCondition::Text
                | WaitCondition::Gone,
            ) => false,
        }
    }

    /// Returns what the VM should do, after "waited for it to".
    fn goal(self) -> &'static str {
        match self {
            Self::Phase(Phase::Offline) | Self::Condition(WaitCondition::PowerOff) => "go off",
            Self::Phase(Phase::Live) | Self::Condition(WaitCondition::Running) => "run",
            Self::Phase(Phase::Changing | Phase::Broken) => "change",
            Self::Condition(WaitCondition::Ip) => "report an address",
            Self::Condition(WaitCondition::Ssh) => "show its SSH banner",
            Self::Condition(WaitCondition::Additions) => "have its Guest Additions up",
            Self::Condition(WaitCondition::ScreenStable) => "show the same for a while",
            Self::Condition(WaitCondition::ScreenChanged) => "show something else",
            Self::Condition(WaitCondition::Text) => "say what is waited for",
            Self::Condition(WaitCondition::Gone) => "be deleted",
        }
    }
}

fn vanished(vm: &VmRef) -> Error {
    Error::new(ErrorKind::VmNotFound, format!("`{vm}` is gone")).about(vm)
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
