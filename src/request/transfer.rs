use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Credentials, Via};
use crate::files::{Copied, CopyOptions};
use crate::model::VmRef;

/// Files to copy between this host and a guest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct TransferRequest {
    /// Which VM's guest.
    pub vm: VmRef,
    /// What goes where.
    pub route: Route,
    /// What folders mean, and what was copied before.
    pub options: CopyOptions,
    /// The way into the guest.
    pub via: Via,
    /// Who copies.
    pub credentials: Credentials,
    /// How long to wait until the guest can be reached.
    pub reach_within: Duration,
}

/// What goes where.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum Route {
    /// From this host into the guest.
    Into {
        /// Files and folders of this host.
        sources: Vec<PathBuf>,
        /// A path of the guest.
        target: String,
    },
    /// From the guest to this host.
    OutOf {
        /// Files and folders of the guest.
        sources: Vec<String>,
        /// A path of this host.
        target: PathBuf,
    },
}

/// What a copy came to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct TransferReport {
    /// The VM as it was named.
    pub vm: String,
    /// What went where.
    pub route: Route,
    /// The way that was gone; never [`Via::Auto`].
    pub via: Via,
    /// What was copied.
    pub copied: Copied,
    /// How long it took.
    pub took: Duration,
}
