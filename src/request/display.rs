use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Outcome, Secret};
use crate::model::RemoteProtocol;

/// What is to be done with a VM's remote display.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum DisplayAction {
    /// Switch it on.
    On {
        /// What its clients must know.
        password: Secret,
        /// What it is to speak; `None` is what VirtualBox has.
        protocol: Option<RemoteProtocol>,
    },
    /// Switch it off.
    Off,
    /// Tell where it is.
    Url,
}

/// Where a VM's remote display is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct DisplayReport {
    /// The VM as it was named.
    pub vm: String,
    /// Where it is, such as `vnc://127.0.0.1:5900`.
    pub url: String,
    /// Whether anything had to be done.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}
