use std::fmt::Debug;

use async_trait::async_trait;

use crate::error::Error;
use crate::model::{ShareLifetime, ShareName, SharedFolder, VmRef};

/// Folders of the host that a VM's guest can use.
#[async_trait]
pub trait Sharing: Debug + Send + Sync {
    /// Returns those of a VM.
    async fn shared_folders(&self, vm: &VmRef) -> Result<Vec<SharedFolder>, Error>;

    /// Adds one: to a VM that is off one that is kept, to a live one another.
    async fn share(&self, vm: &VmRef, folder: &SharedFolder) -> Result<(), Error>;

    /// Takes one away, under the same condition.
    async fn unshare(
        &self,
        vm: &VmRef,
        name: &ShareName,
        lifetime: ShareLifetime,
    ) -> Result<(), Error>;
}
