use std::fmt::Debug;

use async_trait::async_trait;

use crate::error::Error;
use crate::model::{Clue, Vm, VmRef};

/// What helps a VM that came to harm. Nothing that only looks takes the VM's lock.
#[async_trait]
pub trait Aftercare: Debug + Send + Sync {
    /// Reads what was noted of how a VM came to where it is.
    async fn traces(&self, vm: &Vm) -> Traces;

    /// Tells how often a VM was reset since its power-on.
    async fn resets(&self, vm: &Vm) -> usize;

    /// Tells whether the guest's heart beats.
    async fn heartbeat(&self, vm: &Vm) -> Heartbeat;

    /// Throws the saved state of a VM away: it is off then.
    async fn discard_saved_state(&self, vm: &VmRef) -> Result<(), Error>;
}

/// What was noted of how a VM came to where it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traces {
    /// What points to a cause.
    pub clues: Vec<Clue>,
    /// The last lines of its log.
    pub last_lines: Vec<String>,
}

/// What the guest's own sign of life says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Heartbeat {
    /// It comes.
    Beats,
    /// It came, and comes no more.
    Stopped,
    /// It never came: nothing in the guest sends it, or not yet.
    None,
}
