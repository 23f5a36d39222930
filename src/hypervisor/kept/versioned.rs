//! Files that tell the version of their shape.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::model::Invalid;

/// Only the version, so that a newer file is told from a damaged one.
#[derive(Debug, Deserialize)]
struct VersionShape {
    version: u32,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub(in crate::hypervisor) enum ShapeError {
    /// It is not JSON, or not of its shape.
    #[error("it is damaged")]
    Json(#[from] serde_json::Error),
    /// A value in it is impossible.
    #[error("it is damaged: {0}")]
    Value(#[from] Invalid),
    /// Another version of vm-cli wrote it.
    #[error("it has version {found}, this vm-cli reads version {known}")]
    Version {
        /// The version that it has.
        found: u32,
        /// The only version that is read.
        known: u32,
    },
}

/// Reads the shape of a file that has this version.
pub(in crate::hypervisor) fn versioned<T: DeserializeOwned>(
    text: &[u8],
    known: u32,
) -> Result<T, ShapeError> {
    let VersionShape { version: found } = serde_json::from_slice(text)?;
    if found != known {
        return Err(ShapeError::Version { found, known });
    }
    Ok(serde_json::from_slice(text)?)
}
