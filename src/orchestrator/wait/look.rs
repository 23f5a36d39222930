//! One look whether it is so, and if not, what is in the way.

use std::time::Duration;

use super::awaited::Awaited;
use super::screen::Watched;
use crate::error::{Error, ErrorKind};
use crate::guest::banner;
use crate::model::{Freshness, Phase, Vm, VmRef, VmState};
use crate::orchestrator::VmOrchestrator;
use crate::orchestrator::ssh_door::ssh_endpoint;
use crate::request::WaitCondition;

/// How long one look for an SSH banner may take: guests without hardware virtualisation are slow.
const BANNER_LOOK: Duration = Duration::from_secs(10);

/// The run level at which the Guest Additions' services are up.
const ADDITIONS_UP: u32 = 2;

/// Why what a guest reported is not believed.
const STALE: &str = "it has reported nothing since its memory came back";

/// What one look found.
pub(super) enum Look {
    /// It is so.
    There(Box<Vm>),
    /// There is no such VM, and that is what was waited for.
    Gone,
    /// Not yet; what is in the way.
    NotYet(String),
}

impl VmOrchestrator {
    /// Looks once.
    pub(super) async fn look(
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
}

impl Look {
    /// Decides by what is missing.
    fn at(found: Vm, missing: Option<String>) -> Self {
        missing.map_or_else(|| Self::There(Box::new(found)), Self::NotYet)
    }
}
