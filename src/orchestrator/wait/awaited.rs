use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::model::{Phase, VmRef, typed};
use crate::request::WaitCondition;

/// What is waited for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Awaited {
    /// A state of this phase.
    Phase(Phase),
    /// A condition that a person can name.
    Condition(WaitCondition),
}

impl Awaited {
    /// Returns whether the guest reports it by its Guest Additions.
    pub(super) fn is_reported(self) -> bool {
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

    /// Says that it was waited for in vain, and what is in the way.
    pub(super) fn late(self, vm: &VmRef, timeout: Duration, missing: &str) -> Error {
        let (waited, goal) = (timeout.as_secs_f64(), self.goal());
        let message = format!("waited {waited:.0} s for `{vm}` to {goal}: {missing}");
        Error::new(ErrorKind::TimedOut, message).about(vm).hint(format!(
            "look at `vm-cli status {0}` and `vm-cli screenshot {0}`, or give it more `--timeout`",
            typed(vm)
        ))
    }
}
