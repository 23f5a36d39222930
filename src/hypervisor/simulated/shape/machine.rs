use serde::{Deserialize, Serialize};

use super::share::ShareShape;
use crate::hypervisor::kept::{ConfigurationShape, Point};
use crate::hypervisor::simulated::machine::Machine;
use crate::hypervisor::simulated::pointer::Desk;
use crate::hypervisor::simulated::power::{Power, SavedFile, Session};
use crate::hypervisor::simulated::snapshots::Snapshots;
use crate::model::{Invalid, Position, SnapshotId};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MachineShape {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    linked_to: Option<String>,
    power: PowerShape,
    settings: ConfigurationShape,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    snapshots: Vec<PointShape>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    current_snapshot: Option<String>,
    #[serde(default)]
    snapshots_taken: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    shares: Vec<ShareShape>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    typed: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pressed_at: Option<(u32, u32)>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    window_closed: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase", deny_unknown_fields)]
enum PowerShape {
    Off {
        since_ms: u64,
    },
    Saved {
        since_ms: u64,
        uptime_ms: u64,
        /// A rehearsal of a file that cannot be read.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        damaged: bool,
    },
    Aborted {
        since_ms: u64,
    },
    Stuck {
        since_ms: u64,
    },
    On {
        since_ms: u64,
        ran_before_ms: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        running_since_ms: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        button_uptime_ms: Option<u64>,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PointShape {
    id: String,
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    uptime_ms: Option<u64>,
    settings: ConfigurationShape,
}

impl From<&Machine> for MachineShape {
    fn from(machine: &Machine) -> Self {
        Self {
            id: machine.id.to_string(),
            linked_to: machine.original.as_ref().map(ToString::to_string),
            power: (&machine.power).into(),
            settings: (&machine.settings).into(),
            snapshots: machine.snapshots.all.iter().map(Into::into).collect(),
            current_snapshot: machine.snapshots.current.as_ref().map(ToString::to_string),
            snapshots_taken: machine.snapshots.taken,
            shares: machine.shares.iter().map(Into::into).collect(),
            typed: machine.typed.clone(),
            pressed_at: machine.desk.pressed.map(|at| (at.x, at.y)),
            window_closed: machine.desk.is_cleared,
        }
    }
}

impl TryFrom<MachineShape> for Machine {
    type Error = Invalid;

    fn try_from(shape: MachineShape) -> Result<Self, Invalid> {
        Ok(Self {
            id: shape.id.parse()?,
            original: shape.linked_to.map(|id| id.parse()).transpose()?,
            settings: shape.settings.try_into()?,
            power: shape.power.into(),
            snapshots: Snapshots {
                all: shape.snapshots.into_iter().map(Point::try_from).collect::<Result<_, _>>()?,
                current: shape.current_snapshot.map(SnapshotId),
                taken: shape.snapshots_taken,
            },
            shares: shape.shares.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            typed: shape.typed,
            desk: Desk {
                pressed: shape.pressed_at.map(|(x, y)| Position { x, y }),
                is_cleared: shape.window_closed,
            },
        })
    }
}

impl From<&Power> for PowerShape {
    fn from(power: &Power) -> Self {
        match power {
            Power::Off { since } => Self::Off { since_ms: *since },
            Power::Saved { since, uptime, file } => Self::Saved {
                since_ms: *since,
                uptime_ms: *uptime,
                damaged: *file == SavedFile::Damaged,
            },
            Power::Aborted { since } => Self::Aborted { since_ms: *since },
            Power::Stuck { since } => Self::Stuck { since_ms: *since },
            Power::On(session) => Self::On {
                since_ms: session.since,
                ran_before_ms: session.ran_before,
                running_since_ms: session.running_since,
                button_uptime_ms: session.button,
            },
        }
    }
}

impl From<PowerShape> for Power {
    fn from(shape: PowerShape) -> Self {
        match shape {
            PowerShape::Off { since_ms } => Self::Off { since: since_ms },
            PowerShape::Saved { since_ms, uptime_ms, damaged } => {
                let file = if damaged { SavedFile::Damaged } else { SavedFile::Whole };
                Self::Saved { since: since_ms, uptime: uptime_ms, file }
            }
            PowerShape::Aborted { since_ms } => Self::Aborted { since: since_ms },
            PowerShape::Stuck { since_ms } => Self::Stuck { since: since_ms },
            PowerShape::On { since_ms, ran_before_ms, running_since_ms, button_uptime_ms } => {
                Self::On(Session {
                    since: since_ms,
                    ran_before: ran_before_ms,
                    running_since: running_since_ms,
                    button: button_uptime_ms,
                })
            }
        }
    }
}

impl From<&Point<u64>> for PointShape {
    fn from(point: &Point<u64>) -> Self {
        Self {
            id: point.id.to_string(),
            name: point.name.to_string(),
            description: point.description.clone(),
            parent: point.parent.as_ref().map(ToString::to_string),
            uptime_ms: point.memory,
            settings: (&point.settings).into(),
        }
    }
}

impl TryFrom<PointShape> for Point<u64> {
    type Error = Invalid;

    fn try_from(shape: PointShape) -> Result<Self, Invalid> {
        Ok(Self {
            id: SnapshotId(shape.id),
            name: shape.name.parse()?,
            description: shape.description,
            parent: shape.parent.map(SnapshotId),
            memory: shape.uptime_ms,
            settings: shape.settings.try_into()?,
        })
    }
}
