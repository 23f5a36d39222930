use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::View;
use crate::model::VmRef;

/// A picture that is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ScreenshotRequest {
    /// Of which VM.
    pub vm: VmRef,
    /// Where it goes.
    pub to: PictureTo,
    /// Whether it is analysed.
    pub analysis: Analysis,
    /// Which part of it is wanted, and how large.
    pub view: View,
}

/// Where a picture goes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub enum PictureTo {
    /// Into this file.
    File(PathBuf),
    /// Into the response, for the front end to write.
    Response,
    /// Into the response, unless the screen still shows the picture with this hash.
    ResponseUnless(String),
}

/// Whether a picture is analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Analysis {
    /// It is.
    Wanted,
    /// It is not.
    Skipped,
}
