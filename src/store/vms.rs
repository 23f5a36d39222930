use std::path::Path;
use std::path::PathBuf;
use std::time::SystemTime;

use rusqlite::Row;
use rusqlite::params;

use super::Store;
use super::columns;
use super::columns::millis;
use crate::error::Error;
use crate::model::VmId;

/// The VMs that were made here, and the intents of making and deleting one.
///
/// An intent is written before the first step and changed after the last, so whatever a crash
/// leaves half done is found by [`Vms::list_unfinished`]. Whether its process still works on it is
/// told by the VM's lock, not here.
#[derive(Debug, Clone, Copy)]
pub struct Vms<'a>(pub(super) &'a Store);

/// A VM that was made, or is being made or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownVm {
    /// Its identity.
    pub id: VmId,
    /// Its name then.
    pub name: String,
    /// The folder that was made for it, or is to be made.
    pub folder: Option<PathBuf>,
    /// What is being done with it.
    pub phase: VmPhase,
    /// Since when.
    pub phase_since: SystemTime,
    /// When it was begun; `None` if it was not made here.
    pub created_at: Option<SystemTime>,
}

/// What is being done with a VM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VmPhase {
    /// It is being made: what is there of it is to be undone after a crash.
    Creating,
    /// Nothing: it was made.
    Made,
    /// It is being deleted: what is left of it is to be removed after a crash.
    Deleting,
}

const PHASES: [(&str, VmPhase); 3] =
    [("creating", VmPhase::Creating), ("made", VmPhase::Made), ("deleting", VmPhase::Deleting)];

impl Store {
    /// Returns the VMs that were made here.
    pub fn vms(&self) -> Vms<'_> {
        Vms(self)
    }
}

impl Vms<'_> {
    /// Writes that a VM is going to be made.
    pub fn begin_create(
        &self,
        id: VmId,
        name: &str,
        folder: Option<&Path>,
        now: SystemTime,
    ) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "INSERT INTO vms (uuid, name, folder, phase, phase_since, created_at)
                 VALUES (?1, ?2, ?3, 'creating', ?4, ?4)",
                params![
                    id.to_string(),
                    name,
                    folder.map(columns::path_text).transpose()?,
                    millis(now)
                ],
            )?;
            Ok(())
        })
    }

    /// Writes that a VM was made.
    pub fn finish_create(&self, id: VmId, now: SystemTime) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "UPDATE vms SET phase = 'made', phase_since = ?2 WHERE uuid = ?1",
                params![id.to_string(), millis(now)],
            )?;
            Ok(())
        })
    }

    /// Writes that a VM has another name.
    pub fn rename(&self, id: VmId, name: &str) -> Result<(), Error> {
        self.0.write(|sql| {
            let id = id.to_string();
            sql.execute("UPDATE vms SET name = ?2 WHERE uuid = ?1", params![id, name])?;
            Ok(())
        })
    }

    /// Writes that a VM is going to be deleted, whoever made it.
    pub fn begin_delete(&self, id: VmId, name: &str, now: SystemTime) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "INSERT INTO vms (uuid, name, phase, phase_since) VALUES (?1, ?2, 'deleting', ?3)
                 ON CONFLICT (uuid) DO UPDATE SET phase = 'deleting', phase_since = ?3",
                params![id.to_string(), name, millis(now)],
            )?;
            Ok(())
        })
    }

    /// Writes that a VM stays after all.
    pub fn cancel_delete(&self, id: VmId, now: SystemTime) -> Result<(), Error> {
        self.0.write(|sql| {
            let id = id.to_string();
            sql.execute("DELETE FROM vms WHERE uuid = ?1 AND created_at IS NULL", [&id])?;
            sql.execute(
                "UPDATE vms SET phase = 'made', phase_since = ?2
                 WHERE uuid = ?1 AND phase = 'deleting'",
                params![id, millis(now)],
            )?;
            Ok(())
        })
    }

    /// Forgets a VM that is gone, with its port leases and its last picture: all or nothing, so
    /// that no lease outlives its VM.
    pub fn forget(&self, id: VmId) -> Result<(), Error> {
        self.0.write(|sql| {
            let id = id.to_string();
            sql.execute("DELETE FROM leases WHERE vm = ?1", [&id])?;
            sql.execute("DELETE FROM screens WHERE vm = ?1", [&id])?;
            sql.execute("DELETE FROM vms WHERE uuid = ?1", [&id])?;
            Ok(())
        })
    }

    /// Reads every VM that was made here or is being worked on, the oldest phase first.
    pub fn list(&self) -> Result<Vec<KnownVm>, Error> {
        self.query("SELECT * FROM vms ORDER BY phase_since, uuid")
    }

    /// Reads the VMs whose making or deleting has not ended, the oldest first.
    pub fn list_unfinished(&self) -> Result<Vec<KnownVm>, Error> {
        self.query("SELECT * FROM vms WHERE phase <> 'made' ORDER BY phase_since, uuid")
    }

    fn query(self, sql: &str) -> Result<Vec<KnownVm>, Error> {
        self.0.read(|connection| {
            let mut query = connection.prepare_cached(sql)?;
            let found = query.query_map([], read)?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<KnownVm> {
    Ok(KnownVm {
        id: columns::parsed(row, "uuid")?,
        name: row.get("name")?,
        folder: row.get::<_, Option<String>>("folder")?.map(PathBuf::from),
        phase: columns::one_of(row, "phase", &PHASES)?,
        phase_since: columns::time(row, "phase_since")?,
        created_at: columns::maybe_time(row, "created_at")?,
    })
}
