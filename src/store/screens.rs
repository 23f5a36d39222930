use std::path::PathBuf;
use std::time::SystemTime;

use rusqlite::OptionalExtension as _;
use rusqlite::params;

use super::Store;
use super::columns;
use super::columns::millis;
use crate::error::Error;
use crate::model::VmId;

/// The last picture of every VM's screen, for telling what changed since.
#[derive(Debug, Clone, Copy)]
pub struct Screens<'a>(pub(super) &'a Store);

/// The last picture of a VM's screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastScreen {
    /// The VM.
    pub vm: VmId,
    /// The hash of its content.
    pub hash: String,
    /// The file that holds it, when it was kept in one.
    pub file: Option<PathBuf>,
    /// The picture itself, when it is small enough to be kept here.
    pub picture: Option<Vec<u8>>,
    /// When it was taken.
    pub at: SystemTime,
}

impl Store {
    /// Returns the last pictures.
    pub fn screens(&self) -> Screens<'_> {
        Screens(self)
    }
}

impl Screens<'_> {
    /// Reads the last picture of a VM.
    pub fn last(&self, vm: VmId) -> Result<Option<LastScreen>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached("SELECT * FROM screens WHERE vm = ?1")?;
            let last = query.query_row([vm.to_string()], |row| {
                Ok(LastScreen {
                    vm: columns::parsed(row, "vm")?,
                    hash: row.get("hash")?,
                    file: row.get::<_, Option<String>>("file")?.map(PathBuf::from),
                    picture: row.get("picture")?,
                    at: columns::time(row, "at")?,
                })
            });
            Ok(last.optional()?)
        })
    }

    /// Keeps a picture in place of the VM's last one.
    pub fn put(&self, screen: &LastScreen) -> Result<(), Error> {
        self.0.write(|sql| {
            let file = screen.file.as_deref().map(columns::path_text).transpose()?;
            sql.execute(
                "REPLACE INTO screens (vm, hash, file, picture, at, world)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    screen.vm.to_string(),
                    screen.hash,
                    file,
                    screen.picture,
                    millis(screen.at),
                    self.0.world(),
                ],
            )?;
            Ok(())
        })
    }

    /// Reads of which VMs of this world there are pictures.
    pub fn vms_here(&self) -> Result<Vec<VmId>, Error> {
        self.0.read(|sql| {
            let mut query = sql.prepare_cached(
                "SELECT vm FROM screens WHERE ?1 = '' OR world IN ('', ?1) ORDER BY vm",
            )?;
            let found = query.query_map([self.0.world()], |row| columns::parsed(row, "vm"))?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Forgets the picture of a VM; none is fine.
    pub fn forget(&self, vm: VmId) -> Result<(), Error> {
        self.0.write(|sql| {
            sql.execute("DELETE FROM screens WHERE vm = ?1", [vm.to_string()])?;
            Ok(())
        })
    }
}
