use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::VmRef;

/// A film of a VM's screen to be made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct RecordRequest {
    /// Of which VM.
    pub vm: VmRef,
    /// The file, WebM.
    pub to: PathBuf,
    /// How long.
    pub span: Duration,
}
