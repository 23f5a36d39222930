//! The wire shape of a VM's definition, version 1.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::definition::{Definition, Note, Tag};
use crate::hypervisor::kept::{ConfigurationShape, Point, Points, ShapeError, versioned};
use crate::model::{Invalid, SnapshotId};

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DefinitionShape {
    version: u32,
    id: String,
    settings: ConfigurationShape,
    disk: Option<PathBuf>,
    base: Option<PathBuf>,
    note: NoteShape,
    since_ms: u64,
    snapshots: Vec<PointShape>,
    current_snapshot: Option<String>,
    snapshots_taken: u64,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum NoteShape {
    Off,
    On,
    Paused,
    Saved { tag: String },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PointShape {
    id: String,
    name: String,
    description: String,
    parent: Option<String>,
    memory: Option<String>,
    settings: ConfigurationShape,
}

/// Reads a definition.
pub(super) fn read(text: &[u8]) -> Result<Definition, ShapeError> {
    let shape: DefinitionShape = versioned(text, VERSION)?;
    let points = shape.snapshots.into_iter().map(Point::try_from).collect::<Result<_, _>>()?;
    Ok(Definition {
        id: shape.id.parse()?,
        settings: shape.settings.try_into()?,
        disk: shape.disk,
        base: shape.base,
        note: match shape.note {
            NoteShape::Off => Note::Off,
            NoteShape::On => Note::On,
            NoteShape::Paused => Note::Paused,
            NoteShape::Saved { tag } => Note::Saved(Tag(tag)),
        },
        since_ms: shape.since_ms,
        snapshots: Points {
            all: points,
            current: shape.current_snapshot.map(SnapshotId),
            taken: shape.snapshots_taken,
        },
    })
}

/// Writes a definition.
pub(super) fn write(it: &Definition) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec_pretty(&DefinitionShape {
        version: VERSION,
        id: it.id.to_string(),
        settings: (&it.settings).into(),
        disk: it.disk.clone(),
        base: it.base.clone(),
        note: match &it.note {
            Note::Off => NoteShape::Off,
            Note::On => NoteShape::On,
            Note::Paused => NoteShape::Paused,
            Note::Saved(tag) => NoteShape::Saved { tag: tag.0.clone() },
        },
        since_ms: it.since_ms,
        snapshots: it.snapshots.all.iter().map(Into::into).collect(),
        current_snapshot: it.snapshots.current.as_ref().map(ToString::to_string),
        snapshots_taken: it.snapshots.taken,
    })
}

impl From<&Point<Tag>> for PointShape {
    fn from(point: &Point<Tag>) -> Self {
        Self {
            id: point.id.to_string(),
            name: point.name.to_string(),
            description: point.description.clone(),
            parent: point.parent.as_ref().map(ToString::to_string),
            memory: point.memory.as_ref().map(|tag| tag.0.clone()),
            settings: (&point.settings).into(),
        }
    }
}

impl TryFrom<PointShape> for Point<Tag> {
    type Error = Invalid;

    fn try_from(shape: PointShape) -> Result<Self, Invalid> {
        Ok(Self {
            id: SnapshotId(shape.id),
            name: shape.name.parse()?,
            description: shape.description,
            parent: shape.parent.map(SnapshotId),
            memory: shape.memory.map(Tag),
            settings: shape.settings.try_into()?,
        })
    }
}
