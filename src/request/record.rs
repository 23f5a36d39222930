use std::path::PathBuf;
use std::time::Duration;

use crate::model::VmRef;

/// A film of a VM's screen to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRequest {
    /// Of which VM.
    pub vm: VmRef,
    /// The file, WebM.
    pub to: PathBuf,
    /// How long.
    pub span: Duration,
}
