//! What reaches the guest as if a person sat before it.

use std::fmt::Debug;

use async_trait::async_trait;

use crate::error::Error;
use crate::keyboard::{KeyEvent, Secrecy};
use crate::model::{PointerReport, Size, VmRef};

/// Presses the guest's keys.
#[async_trait]
pub trait Keyboard: Debug + Send + Sync {
    /// How many movements one call takes at most: longer ones hold the VM for too long.
    fn longest(&self) -> usize;

    /// Moves keys, in this order, at a pace that the guest's keyboard keeps up with.
    async fn press(&self, vm: &VmRef, events: &[KeyEvent], secrecy: Secrecy) -> Result<(), Error>;
}

/// The guest's pointer.
#[async_trait]
pub trait Pointer: Debug + Send + Sync {
    /// Names the way on which the guest's pointer is reached, such as `vboxwebsrv`. Fails if there
    /// is none, and tells what to install.
    async fn way(&self, vm: &VmRef) -> Result<&'static str, Error>;

    /// Takes the pointer in hand, for a gesture.
    async fn take(&self, vm: &VmRef) -> Result<Box<dyn Hand>, Error>;
}

/// The pointer in hand: moves it, presses its buttons and turns its wheel.
#[async_trait]
pub trait Hand: Debug + Send {
    /// Returns the size of the screen on which the pointer is.
    async fn screen(&mut self) -> Result<Size, Error>;

    /// Tells the guest these reports, in this order. Fails if the guest would not understand where
    /// the pointer is.
    async fn point(&mut self, reports: &[PointerReport]) -> Result<(), Error>;

    /// Lets go of it. A hand that is dropped instead leaves nothing either, but costs more.
    async fn let_go(self: Box<Self>);
}
