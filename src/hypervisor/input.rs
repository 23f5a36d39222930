//! What reaches the guest as if a person sat before it.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::error::Error;
use crate::keyboard::{KeyEvent, Secrecy};
use crate::model::VmRef;

/// Presses the guest's keys.
#[async_trait]
pub trait Keyboard: Debug + Send + Sync {
    /// How many movements one call takes at most: longer ones hold the VM for too long.
    fn longest(&self) -> usize;

    /// Moves keys, in this order, at a pace that the guest's keyboard keeps up with.
    async fn press(&self, vm: &VmRef, events: &[KeyEvent], secrecy: Secrecy) -> Result<(), Error>;
}
