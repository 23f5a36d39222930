use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::{StopMode, VmRef};

/// How a VM is to be stopped.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct StopRequest {
    /// Which VM.
    pub vm: VmRef,
    /// How.
    pub mode: StopMode,
    /// How long it may take to go off after the power button.
    pub timeout: Duration,
    /// What follows when it did not go off in time.
    pub then: WhenLate,
}

/// What follows when a guest does not go off in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum WhenLate {
    /// A failure that says what can be done.
    Fail,
    /// It is powered off.
    PowerOff,
}
