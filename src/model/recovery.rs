use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Invalid;

/// What may be done about a VM that does not run as it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, Serialize)]
pub enum RecoveryPolicy {
    /// Nothing: it is only told.
    #[default]
    None,
    /// It is started again as it is; a saved state that cannot be read is thrown away.
    Restart,
    /// It is put back to a snapshot and started.
    RestoreSnapshot,
}

impl RecoveryPolicy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::None, Self::Restart, Self::RestoreSnapshot];

    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Restart => "restart",
            Self::RestoreSnapshot => "restore-snapshot",
        }
    }
}

impl fmt::Display for RecoveryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for RecoveryPolicy {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| {
            Invalid::new("policy", text, "is not one of none, restart, restore-snapshot")
        })
    }
}

/// Why a VM does not run as it should.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum Trouble {
    /// Its process died.
    Aborted,
    /// Its CPUs were stopped by an error inside (a guru meditation).
    Stuck,
    /// Its process does not answer.
    Silent,
    /// Its saved state cannot be read.
    SavedStateUnreadable,
    /// Its settings cannot be read.
    Inaccessible,
    /// It is off and should run.
    Off,
    /// It runs, but a health check says that it is not well.
    Unhealthy {
        /// Which check.
        check: String,
        /// What it saw.
        evidence: String,
    },
}

impl Trouble {
    /// Returns its word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Aborted => "aborted",
            Self::Stuck => "stuck",
            Self::Silent => "silent",
            Self::SavedStateUnreadable => "saved_state_unreadable",
            Self::Inaccessible => "inaccessible",
            Self::Off => "off",
            Self::Unhealthy { .. } => "unhealthy",
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Aborted => f.write_str("its process died"),
            Self::Stuck => f.write_str("its CPUs were stopped by an error (guru meditation)"),
            Self::Silent => f.write_str("its process does not answer"),
            Self::SavedStateUnreadable => f.write_str("its saved state cannot be read"),
            Self::Inaccessible => f.write_str("its settings cannot be read"),
            Self::Off => f.write_str("it is off"),
            Self::Unhealthy { check, evidence } => write!(f, "{check}: {evidence}"),
        }
    }
}

/// Something that the hypervisor noted of how a VM came to where it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Clue {
    /// What it points to.
    pub kind: ClueKind,
    /// What was noted, in the hypervisor's words.
    pub message: String,
}

/// What a [`Clue`] points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum ClueKind {
    /// The process ended without a word: it was killed, or it crashed.
    ProcessEnded,
    /// The guest did what no CPU can do.
    GuruMeditation,
    /// The saved state cannot be read.
    SavedState,
    /// A disk of the host is full.
    DiskFull,
    /// Powering on failed.
    PowerUp,
    /// Something went wrong while it ran.
    Runtime,
}

impl ClueKind {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProcessEnded => "process_ended",
            Self::GuruMeditation => "guru_meditation",
            Self::SavedState => "saved_state",
            Self::DiskFull => "disk_full",
            Self::PowerUp => "power_up",
            Self::Runtime => "runtime_error",
        }
    }
}

/// What a health check says of a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Health {
    /// It is well.
    Healthy,
    /// It is not.
    Unhealthy,
    /// The check cannot tell now.
    Unknown,
}

impl Health {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
