use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;

use crate::error::Error;
use crate::model::VmRef;

/// Films of a VM's first screen, as WebM.
#[async_trait]
pub trait Filming: std::fmt::Debug + Send + Sync {
    /// Begins to film, for this long at most in case nobody ends it.
    async fn begin(&self, vm: &VmRef, longest: Duration) -> Result<(), Error>;

    /// Ends it, and puts the film into a file.
    async fn end(&self, vm: &VmRef, file: &Path) -> Result<(), Error>;
}
