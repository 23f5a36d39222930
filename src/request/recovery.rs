use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::error::Error;
use crate::model::{Clue, Health, RecoveryPolicy, Trouble, VmRef, VmState};

/// A VM that is to be brought back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct RecoverRequest {
    /// Which VM.
    pub vm: VmRef,
    /// What may be done about it; with [`RecoveryPolicy::None`] it is only diagnosed.
    pub policy: RecoveryPolicy,
    /// The snapshot to put it back to, by name or UUID; `None` is the one on which it stands.
    pub snapshot: Option<String>,
    /// What somebody who looks after it has seen and its state does not tell.
    pub seen: Option<Trouble>,
}

/// What was wrong with a VM, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct RecoveryReport {
    /// The VM's name.
    pub vm: String,
    /// Its state when it was looked at.
    pub found: VmState,
    /// What is wrong; `None` if nothing is.
    pub trouble: Option<Trouble>,
    /// What points to the cause.
    pub clues: Vec<Clue>,
    /// The last lines of its log.
    pub last_lines: Vec<String>,
    /// What is free on the disk that holds it, in bytes.
    pub disk_free: Option<u64>,
    /// What was done, or would be.
    pub steps: Vec<RecoveryStep>,
    /// Whether anything was done.
    pub outcome: Outcome,
    /// Its state afterwards; `None` if nothing was done.
    pub state: Option<VmState>,
    /// What should be known, such as that a forward has another port now.
    pub notes: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// One step on the way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum RecoveryStep {
    /// Its process is ended without asking it.
    EmergencyStop,
    /// Its power is cut.
    PowerOff,
    /// Its saved state is thrown away.
    DiscardSavedState,
    /// It is put back to a snapshot.
    RestoreSnapshot,
    /// It is started.
    Start,
}

impl RecoveryStep {
    /// Returns its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmergencyStop => "emergency_stop",
            Self::PowerOff => "power_off",
            Self::DiscardSavedState => "discard_saved_state",
            Self::RestoreSnapshot => "restore_snapshot",
            Self::Start => "start",
        }
    }
}

/// How VMs are looked after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchPlan {
    /// What may be done about a VM that came to harm.
    pub policy: RecoveryPolicy,
    /// The snapshot to put it back to; `None` is the one on which it stands.
    pub snapshot: Option<String>,
    /// How often within the window.
    pub max_recoveries: usize,
    /// The window.
    pub window: Duration,
    /// What a VM that was switched off means.
    pub if_off: IfOff,
    /// The health checks that lead to a recovery.
    pub checks: Vec<String>,
    /// The health checks that are only told of.
    pub warnings: Vec<String>,
    /// How many looks in a row must find a VM unwell.
    pub failures: u32,
    /// How long a VM that was started may take to become well.
    pub grace: Duration,
    /// How long a screen may stay the same.
    pub frozen: Duration,
    /// What is run in the guest, and by whom.
    pub command: GuestCommand,
    /// Between two looks.
    pub interval: Duration,
    /// How long it goes on.
    pub until: WatchEnd,
}

/// A command that tells whether a guest is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestCommand {
    /// The command line.
    pub line: String,
    /// Who runs it.
    pub credentials: super::Credentials,
}

/// What a VM that was switched off means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IfOff {
    /// Nothing: somebody wanted it so.
    Leave,
    /// A failure: it is to run.
    Start,
}

/// When looking after VMs ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WatchEnd {
    /// After one look, without doing anything.
    OneLook,
    /// After this time.
    After(Duration),
    /// When it is canceled, or no VM is left to look after.
    Never,
}

/// Something that is told while VMs are looked after.
#[derive(Debug, Clone)]
pub struct WatchEvent {
    /// When.
    pub at: SystemTime,
    /// Of which VM, as it was named.
    pub vm: String,
    /// What.
    pub kind: WatchEventKind,
}

/// What is told while VMs are looked after.
#[derive(Debug, Clone)]
pub enum WatchEventKind {
    /// It is looked after from now on.
    Watching,
    /// Another process looks after it; it is only looked at until that ends.
    WatchedElsewhere {
        /// Who does.
        by: String,
    },
    /// It is in another state.
    State(VmState),
    /// A health check says something else than before.
    Health {
        /// Which check.
        check: String,
        /// What it says.
        health: Health,
        /// What it saw.
        evidence: String,
    },
    /// It came to harm, and nothing may be done about it.
    Harmed(Trouble),
    /// It is being brought back.
    Recovering {
        /// What is wrong.
        trouble: Trouble,
        /// How.
        policy: RecoveryPolicy,
        /// Which recovery of the window, from 1.
        number: usize,
        /// Of how many.
        limit: usize,
    },
    /// What would be run to bring it back: this is a rehearsal.
    Rehearsed(Vec<String>),
    /// It was brought back.
    Recovered(Box<RecoveryReport>),
    /// It could not be brought back this time.
    RecoveryFailed(Failed),
    /// Nothing more is tried.
    GaveUp(String),
}

/// A failure that can be told more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The code of its kind.
    pub code: &'static str,
    /// Its line.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl From<&Error> for Failed {
    fn from(error: &Error) -> Self {
        Self {
            code: error.kind().code(),
            message: error.message().to_owned(),
            hint: error.next_step().map(str::to_owned),
        }
    }
}

/// What looking after a VM came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// The VM, as it was named.
    pub vm: String,
    /// Its last state; `None` if it was never read.
    pub state: Option<VmState>,
    /// How it was at the end.
    pub standing: Standing,
    /// What the checks said last: name, health, evidence.
    pub checks: Vec<(String, Health, String)>,
    /// How often it was looked at.
    pub looks: u64,
    /// How often it was brought back.
    pub recoveries: u64,
}

/// How a VM is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Well, as far as anybody can tell.
    Well,
    /// Off, as somebody wanted it.
    Off,
    /// Not well; why.
    Unwell(String),
    /// Not well, and nothing more is tried; why.
    GivenUp(String),
}

impl Standing {
    /// Returns its word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Off => "off",
            Self::Unwell(_) => "unwell",
            Self::GivenUp(_) => "given_up",
        }
    }

    /// Returns why it is not well.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Well | Self::Off => None,
            Self::Unwell(why) | Self::GivenUp(why) => Some(why),
        }
    }
}
