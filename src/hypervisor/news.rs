use std::time::Duration;

use async_trait::async_trait;

use crate::error::Error;
use crate::model::VmRef;

/// Tells when a guest reports something.
#[async_trait]
pub trait News: std::fmt::Debug + Send + Sync {
    /// Returns when the guest has reported something new, or this long has passed. What it reports
    /// is to be read after that, and the VM may be gone.
    async fn next(&self, vm: &VmRef, at_most: Duration) -> Result<(), Error>;
}
