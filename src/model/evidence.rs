use std::net::IpAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::{Forward, VmState};

/// What was found of a VM when something did not come in time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Evidence {
    /// Its state.
    pub state: Option<VmState>,
    /// The addresses that its guest reports.
    pub addresses: Vec<IpAddr>,
    /// Its forwards.
    pub forwards: Vec<Forward>,
    /// The run level of its Guest Additions.
    pub run_level: Option<u32>,
    /// The last lines of its log.
    pub log: Vec<String>,
    /// A picture of its screen.
    pub screenshot: Option<PathBuf>,
}
