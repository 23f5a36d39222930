use std::path::Path;
use std::path::PathBuf;
use std::time::SystemTime;

use rusqlite::Row;
use rusqlite::params;

use super::Owner;
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
    /// Its first group, which is a part of where its folder is.
    pub group: Option<String>,
    /// The process that began the phase.
    pub owner: Option<Owner>,
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
                "INSERT INTO vms (uuid, name, folder, phase, phase_since, created_at, world,
                     owner_pid, owner_started)
                 VALUES (?1, ?2, ?3, 'creating', ?4, ?4, ?5, ?6, ?7)",
                params![
                    id.to_string(),
                    name,
                    folder.map(columns::path_text).transpose()?,
                    millis(now),
                    self.0.world(),
                    pid(),
                    started(),
                ],
            )?;
            Ok(())
        })
    }

    /// Writes in which group a VM is going to be made: its folder will be in that of the group.
    pub fn note_group(&self, id: VmId, group: &str) -> Result<(), Error> {
        self.0.write(|sql| {
            let of_vm = params![id.to_string(), group];
            sql.execute("UPDATE vms SET vm_group = ?2 WHERE uuid = ?1", of_vm)?;
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

    /// Writes that a VM is going to be deleted, whoever made it. One that is half made stays so
    /// until it is gone.
    pub fn begin_delete(&self, id: VmId, name: &str, now: SystemTime) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute(
                "INSERT INTO vms (uuid, name, phase, phase_since, world, owner_pid, owner_started)
                 VALUES (?1, ?2, 'deleting', ?3, ?4, ?5, ?6)
                 ON CONFLICT (uuid) DO UPDATE SET name = ?2, phase_since = ?3,
                     phase = CASE phase WHEN 'creating' THEN phase ELSE 'deleting' END,
                     owner_pid = ?5, owner_started = ?6",
                params![id.to_string(), name, millis(now), self.0.world(), pid(), started()],
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

    /// Forgets a VM that is gone, with its port leases, its last picture and the template that it
    /// was: all or nothing, so that no lease outlives its VM.
    pub fn forget(&self, id: VmId) -> Result<(), Error> {
        self.0.write(|sql| {
            let id = id.to_string();
            sql.execute("DELETE FROM leases WHERE vm = ?1", [&id])?;
            sql.execute("DELETE FROM screens WHERE vm = ?1", [&id])?;
            sql.execute("DELETE FROM templates WHERE vm = ?1", [&id])?;
            sql.execute("DELETE FROM vms WHERE uuid = ?1", [&id])?;
            Ok(())
        })
    }

    /// Reads every VM that was made here or is being worked on, the oldest phase first.
    pub fn list(&self) -> Result<Vec<KnownVm>, Error> {
        self.query(
            "SELECT * FROM vms WHERE ?1 = '' OR world IN ('', ?1) ORDER BY phase_since, uuid",
        )
    }

    /// Reads the VMs whose making or deleting has not ended, the oldest first.
    pub fn list_unfinished(&self) -> Result<Vec<KnownVm>, Error> {
        self.query(
            "SELECT * FROM vms WHERE phase <> 'made' AND (?1 = '' OR world IN ('', ?1))
             ORDER BY phase_since, uuid",
        )
    }

    fn query(self, sql: &str) -> Result<Vec<KnownVm>, Error> {
        self.0.read(|connection| {
            let mut query = connection.prepare_cached(sql)?;
            let found = query.query_map([self.0.world()], read)?;
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
        group: row.get("vm_group")?,
        owner: columns::maybe_time(row, "owner_started")?
            .zip(row.get("owner_pid")?)
            .map(|(started, pid)| Owner { pid, started }),
    })
}

fn pid() -> Option<u32> {
    Owner::this_process().map(|this| this.pid)
}

fn started() -> Option<i64> {
    Owner::this_process().map(|this| millis(this.started))
}
