use std::time::SystemTime;

use rusqlite::Row;
use rusqlite::params;

use super::Owner;
use super::Store;
use super::columns;
use super::columns::millis;
use crate::error::Error;
use crate::error::ErrorKind;
use crate::model::SnapshotId;
use crate::model::VmId;
use crate::request::Renewal;

/// The VMs that others are made from.
///
/// One is noted before its snapshot is taken and completed afterwards, so that whatever a crash
/// leaves half done is found.
#[derive(Debug, Clone, Copy)]
pub struct Templates<'a>(pub(super) &'a Store);

/// A template, or one that is being saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownTemplate {
    /// Its name.
    pub name: String,
    /// The VM that it is.
    pub vm: VmId,
    /// The snapshot that others begin with; `None` while it is being saved.
    pub snapshot: Option<SnapshotId>,
    /// The operating system, as the hypervisor names it.
    pub os: String,
    /// How VMs made from it become themselves.
    pub renewal: Renewal,
    /// When it was saved.
    pub saved_at: SystemTime,
    /// The process that saves it, or did.
    pub owner: Option<Owner>,
}

const RENEWALS: [(&str, Renewal); 2] =
    [("none", Renewal::None), ("cloud-init", Renewal::CloudInit)];

impl Store {
    /// Returns the templates.
    pub fn templates(&self) -> Templates<'_> {
        Templates(self)
    }
}

impl Templates<'_> {
    /// Writes that a VM is going to be a template. Each name, and each VM, is one template only.
    pub fn begin(&self, wanted: &KnownTemplate) -> Result<(), Error> {
        let added = self.0.write(|sql| {
            Ok(sql.execute(
                "INSERT OR IGNORE INTO templates
                     (world, name, vm, os, renewal, saved_at, owner_pid, owner_started)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    self.0.world(),
                    wanted.name,
                    wanted.vm.to_string(),
                    wanted.os,
                    wanted.renewal.as_str(),
                    millis(wanted.saved_at),
                    wanted.owner.map(|owner| owner.pid),
                    wanted.owner.map(|owner| millis(owner.started)),
                ],
            )?)
        })?;
        if added == 1 {
            return Ok(());
        }
        let all = self.list()?;
        let message = match all.iter().find(|it| it.vm == wanted.vm) {
            Some(same) => format!("the VM is the template `{}` already", same.name),
            None => format!("there is a template `{}` already", wanted.name),
        };
        Err(Error::new(ErrorKind::AlreadyExists, message)
            .hint("see `vm-cli template list`; `--as NAME` gives another name"))
    }

    /// Writes from which snapshot others are made.
    pub fn finish(&self, name: &str, snapshot: &SnapshotId) -> Result<(), Error> {
        self.0.write(|sql| {
            let values = params![self.0.world(), name, snapshot.0];
            let set = "UPDATE templates SET snapshot = ?3 WHERE world = ?1 AND name = ?2";
            sql.execute(set, values)?;
            Ok(())
        })
    }

    /// Forgets one.
    pub fn forget(&self, name: &str) -> Result<(), Error> {
        self.0.write(|sql| {
            let of_it = params![self.0.world(), name];
            sql.execute("DELETE FROM templates WHERE world = ?1 AND name = ?2", of_it)?;
            Ok(())
        })
    }

    /// Reads every one, by name.
    pub fn list(&self) -> Result<Vec<KnownTemplate>, Error> {
        self.0.read(|sql| {
            let mut query =
                sql.prepare_cached("SELECT * FROM templates WHERE world = ?1 ORDER BY name")?;
            let found = query.query_map([self.0.world()], read)?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<KnownTemplate> {
    Ok(KnownTemplate {
        name: row.get("name")?,
        vm: columns::parsed(row, "vm")?,
        snapshot: row.get::<_, Option<String>>("snapshot")?.map(SnapshotId),
        os: row.get("os")?,
        renewal: columns::one_of(row, "renewal", &RENEWALS)?,
        saved_at: columns::time(row, "saved_at")?,
        owner: columns::maybe_time(row, "owner_started")?
            .zip(row.get("owner_pid")?)
            .map(|(started, pid)| Owner { pid, started }),
    })
}
