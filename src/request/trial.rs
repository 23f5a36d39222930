use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{ExecRequest, ScreenReport, TransferReport};
use crate::model::SnapshotName;

/// A command to run from a snapshot, to which the VM is put back whatever comes of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct RunRequest {
    /// The command, and in which VM.
    pub exec: ExecRequest,
    /// From which snapshot; `None` is the one on which the VM stands.
    pub from: Option<SnapshotName>,
    /// What is brought from the guest when the command has ended.
    pub collect: Vec<Collect>,
    /// Where a picture of the screen goes when the command has ended.
    pub screenshot: Option<PathBuf>,
}

/// A file or a folder to bring from a guest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Collect {
    /// The path in the guest.
    pub from: String,
    /// Where it goes on this host.
    pub to: PathBuf,
}

/// What came of a command that was run from a snapshot.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct RanReport {
    /// The VM as it was named.
    pub vm: String,
    /// The guest's exit code.
    pub exit_code: i32,
    /// How long it took until the guest ran from the snapshot.
    pub resumed_in: Duration,
    /// How long the command took, and to reach the guest.
    pub took: Duration,
    /// How long it took to put the VM back.
    pub put_back_in: Duration,
    /// What was brought from the guest.
    pub collected: Vec<TransferReport>,
    /// The screen when the command had ended.
    pub screen: Option<ScreenReport>,
}
