//! The state file's wire shape, version 1, and the way to and from the [`World`].

mod fault;
mod machine;
mod share;

use serde::{Deserialize, Serialize};

use self::fault::FaultShape;
use self::machine::MachineShape;
use super::world::World;
use crate::hypervisor::kept::{ShapeError, versioned};

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

/// Reads a state file.
pub(super) fn read(text: &[u8]) -> Result<World, ShapeError> {
    let shape: WorldShape = versioned(text, VERSION)?;
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
