use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Credentials;
use crate::model::VmRef;

/// A guest's clock to be compared with the host's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ClockRequest {
    /// Of which VM.
    pub vm: VmRef,
    /// Who asks in the guest, and sets its clock.
    pub credentials: Credentials,
    /// What to do about a clock that is wrong.
    pub repair: ClockRepair,
    /// How long to wait until the guest can be reached.
    pub reach_within: Duration,
}

/// What to do about a clock that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum ClockRepair {
    /// Nothing: it is only told.
    Tell,
    /// It is set to the host's time.
    Set,
}

/// How a guest's clock stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ClockReport {
    /// The VM as it was named.
    pub vm: String,
    /// How far it is ahead of the host's, in milliseconds; negative is behind.
    pub drift_ms: i64,
    /// How far it was ahead before it was set; `None` if it was not.
    pub before_ms: Option<i64>,
    /// How long it took.
    pub took: Duration,
}
