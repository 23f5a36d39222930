use std::fmt::Debug;
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use crate::error::Error;
use crate::model::VmRef;

/// Discs in the drives of a VM.
#[async_trait]
pub trait Discs: Debug + Send + Sync {
    /// Returns the slot of a drive of a VM that was made for this system, counted from 0. Calls
    /// nothing.
    fn slot(&self, os_type: &str, drive: usize) -> String;

    /// Puts a disc into a drive of a VM that is live or off.
    async fn insert(&self, vm: &VmRef, slot: &str, disc: &Path) -> Result<(), Error>;

    /// Empties a drive of a VM that is live or off, even if its guest holds the disc.
    async fn eject(&self, vm: &VmRef, slot: &str) -> Result<(), Error>;

    /// Finds the disc of the Guest Additions, if one is installed.
    async fn additions(&self) -> Option<PathBuf>;
}
