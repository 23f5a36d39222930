//! The state file's wire shape, version 1, and the way to and from the [`World`].

mod fault;
mod machine;
mod share;

use serde::{Deserialize, Serialize};

use self::fault::FaultShape;
use self::machine::MachineShape;
use super::world::World;
use crate::model::Invalid;

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorldShape {
    version: u32,
    #[serde(default)]
    vms: Vec<MachineShape>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    faults: Vec<FaultShape>,
}

/// Only the version, so that a newer file is told from a damaged one.
#[derive(Debug, Deserialize)]
struct VersionShape {
    version: u32,
}

/// Why a state file cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ShapeError {
    /// It is not JSON, or not of this shape.
    #[error("it is damaged")]
    Json(#[from] serde_json::Error),
    /// A value in it is impossible.
    #[error("it is damaged: {0}")]
    Value(#[from] Invalid),
    /// Another version of vm-cli wrote it.
    #[error("it has version {0}, this vm-cli reads version {VERSION}")]
    Version(u32),
}

/// Reads a state file.
pub(super) fn read(text: &[u8]) -> Result<World, ShapeError> {
    let VersionShape { version } = serde_json::from_slice(text)?;
    if version != VERSION {
        return Err(ShapeError::Version(version));
    }
    let shape: WorldShape = serde_json::from_slice(text)?;
    let machines = shape.vms.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
    let faults = shape.faults.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
    Ok(World { machines, faults })
}

/// Writes a state file.
pub(super) fn write(world: &World) -> Result<Vec<u8>, serde_json::Error> {
    let shape = WorldShape {
        version: VERSION,
        vms: world.machines.iter().map(Into::into).collect(),
        faults: world.faults.iter().map(Into::into).collect(),
    };
    serde_json::to_vec_pretty(&shape)
}

#[cfg(test)]
mod tests;
