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
                "REPLACE INTO screens (vm, hash, file, picture, at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    screen.vm.to_string(),
                    screen.hash,
                    file,
                    screen.picture,
                    millis(screen.at),
                ],
            )?;
            Ok(())
        })
    }
}
